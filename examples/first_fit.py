"""A first-fit allocator: the lowest free place that is large enough, and nothing to tidy up.

Most allocators keep free blocks in lists and join neighbours when one is freed.  Here free space is
what no node covers, so it is joined by itself, and `find_gap` searches it without visiting it all.
A block is a node: its handle stays the same when it grows, shrinks or is moved.

    python examples/first_fit.py
"""

import random

from rangelist import NEVER, Node, RangeList

Block = Node[int, str]


class Arena:
    """A piece of memory that blocks are cut from."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.blocks: RangeList[int, str] = RangeList(policy=NEVER)  # neighbours stay two blocks

    def allocate(self, size: int, name: str = "", *, align: int = 1) -> Block:
        """Return a new block at the lowest place where it fits.  Raises MemoryError."""
        place = self.blocks.find_gap(size, 0, self.size, align=align)
        if place is None:
            raise MemoryError(f"no {size} free bytes in one piece, {self.free()} in all")
        return self.blocks.insert(place.start, place.stop, name)

    def release(self, block: Block) -> None:
        """Free a block."""
        self.blocks.delete(block)

    def resize(self, block: Block, size: int) -> None:
        """Let a block grow or shrink: in place if there is room, else elsewhere."""
        stop = block.start + size
        room = self.size if block.next is None else block.next.start
        if stop <= room:
            self.blocks.resize(block, stop=stop)
            return
        place = self.blocks.find_gap(size, 0, self.size)
        if place is None:
            raise MemoryError(f"no {size} free bytes in one piece, {self.free()} in all")
        self.blocks.move(block.start, block.stop, place.start)
        self.blocks.resize(block, stop=place.start + size)

    def compact(self) -> int:
        """Move all blocks down until nothing is free between them; return how many moved."""
        moved, low = 0, 0
        for block in self.blocks.walk():
            if low < block.start:
                self.blocks.move(block.start, block.stop, low)
                moved += 1
            low = block.stop
        return moved

    def free(self) -> int:
        """Return how many bytes are free."""
        return sum(stop - start for start, stop in self.blocks.gaps(0, self.size))

    def largest(self) -> int:
        """Return the size of the largest free piece."""
        return max((stop - start for start, stop in self.blocks.gaps(0, self.size)), default=0)


def main() -> None:
    """Allocate and free at random until memory is in pieces; then compact it."""
    rng = random.Random(1)
    arena = Arena(1 << 16)
    blocks: list[Block] = []
    while True:
        if blocks and rng.random() < 0.45:
            arena.release(blocks.pop(rng.randrange(len(blocks))))
            continue
        try:
            blocks.append(arena.allocate(rng.choice([16, 48, 200, 1000]), align=16))
        except MemoryError as error:
            print(f"{len(blocks)} blocks, then: {error}")
            break
    print(f"the largest free piece has {arena.largest()} bytes")
    moved = arena.compact()
    print(f"after moving {moved} blocks it has {arena.largest()}")
    assert all(block.alive for block in blocks)


if __name__ == "__main__":
    main()
