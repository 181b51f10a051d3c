"""The three jobs of README.md, as pictures in a terminal.

    python examples/three_jobs.py
"""

from rangelist import NEVER, Edit, Policy, RangeBag, RangeList
from rangelist.display import lanes
from rangelist.draw import Picture

WIDTH = 80


def build_up() -> None:
    """Add intervals that overlap; the hook counts how many lie over each other."""
    print("1. Build up from overlapping intervals: the hook `overlap` counts them.\n")
    reads = [(0, 8), (4, 12), (6, 8), (12, 14)]
    depth: Policy[int, int] = Policy(overlap=lambda old, new: old + new)
    counted: RangeList[int, int] = RangeList(policy=depth)
    for start, stop in reads:
        counted.add(start, stop, 1)
    print(Picture([*lanes("reads", RangeBag(reads)), ("depth", counted)]).text(WIDTH))


def walk() -> None:
    """Merge and split below a walk; show where it stands after each step."""
    print("\n2. Walk it, and merge and split on the way: at most 8 at a time.\n")
    jobs = RangeList([(0, 6, "read"), (6, 10, "read"), (10, 26, "write")], policy=NEVER)
    before = list(jobs.sweep())
    said: list[str] = []
    for node in jobs:
        said.append(f"[{node.start}, {node.stop})")
        while node.next and node.next.start == node.stop and node.next.value == node.value:
            node = jobs.merge(node, node.next)
            said[-1] += f", merged to [{node.start}, {node.stop})"
        if node.stop - node.start > 8:
            jobs.split(node.start + 8)
            said[-1] += f", split at {node.start + 8}"
    print(Picture([("before", before), ("after", jobs)]).text(WIDTH))
    print("\ndelivered: " + "; ".join(said))


def memory_map() -> None:
    """Write the missing part of a file: its offset goes on from one neighbour to the other."""
    print("\n3. Keep a memory map: two mappings are one if the offset in the file goes on.\n")
    mapping: Policy[int, int] = Policy(
        same=lambda left, right: left.value + (left.stop - left.start) == right.value,
        split=lambda whole, at: (whole.value, whole.value + (at - whole.start)),
    )
    memory = RangeList([(100, 150, 0), (150, 160, 7), (160, 300, 60)], policy=mapping)
    edits: list[Edit[int, int]] = []
    memory.subscribe(edits.append)
    memory[150:160] = 50
    print(edits[0].picture().text(WIDTH))


if __name__ == "__main__":
    build_up()
    walk()
    memory_map()
