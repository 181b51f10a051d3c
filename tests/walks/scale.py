"""Long walks that change the list all the way, with every key comparison counted."""

from __future__ import annotations

from math import log2

from rangelist.node import Node
from rangelist.policy import NEVER
from rangelist.ranges import RangeList


class Key(int):
    """An int that counts how often it is compared."""

    count = 0

    def __lt__(self, other):
        Key.count += 1
        return int.__lt__(self, other)


def long_list(n, length=1):
    """Return n touching nodes of that length, all of one value, made without comparing."""
    keys = [Key(i * length) for i in range(n + 1)]
    rl = RangeList(policy=NEVER)
    rl._chain.fill([Node(start, stop, "a") for start, stop in zip(keys, keys[1:], strict=False)])
    Key.count = 0
    return rl


def delete_behind(rl):
    """The SortedList trap: elements behind the walk go, and it skips as many ahead."""
    seen = 0
    for node in rl:
        seen += 1
        if node.prev is not None:
            rl.delete(node.prev)
    return seen


def delete_ahead(rl):
    """What goes is the successor that a look-ahead would hold."""
    seen = 0
    for node in rl:
        seen += 1
        if node.next is not None:
            rl.delete(node.next)
    return seen


def absorb_the_next(rl):
    """The delivered node dies into its successor, which survives."""
    seen = 0
    for node in rl:
        seen += 1
        if node.next is not None:
            rl.merge(node, node.next, keep="right")
    return seen


def absorb_backwards(rl):
    """Walk backwards; each node dies into the one before it, which grows over the anchor."""
    seen = 0
    for node in rl.walk(reverse=True):
        seen += 1
        if node.prev is not None:
            rl.merge(node.prev, node, keep="left")
    return seen


def merge_all_into_one(rl):
    """One step that eats the whole list."""
    seen = 0
    for node in rl:
        seen += 1
        while node.next is not None:
            node = rl.merge(node, node.next, keep="right")
    return seen


def chunk_into_ten(rl):
    """Cut a unit off the current node, ten times; let go of what is done to save memory."""
    seen = 0
    for node in rl:
        seen += 1
        if node.stop - node.start > 1:
            rl.split(Key(node.start + 1))
        if seen % 1000 == 0:
            rl.remove(None, node.start)
    return seen


# What it does, how long the nodes are, how many deliveries and nodes there are for n of them.
SCENARIOS = {
    delete_behind: (1, lambda n: n, lambda n: 1),
    delete_ahead: (1, lambda n: n // 2, lambda n: n // 2),
    absorb_the_next: (1, lambda n: n // 2, lambda n: n // 2),
    absorb_backwards: (1, lambda n: n // 2, lambda n: n // 2),
    merge_all_into_one: (1, lambda n: 1, lambda n: 1),
    chunk_into_ten: (10, lambda n: 10 * n, lambda n: 1),
}


def run(scenario, n, factor):
    """Run one; insist on its result, and on factor · n · log2(n) comparisons at most."""
    length, deliveries, left = SCENARIOS[scenario]
    rl = long_list(n, length)
    assert scenario(rl) == deliveries(n)
    counted = Key.count
    assert len(rl) == left(n)
    bound = factor * length * n * log2(n * length)
    assert counted <= bound, f"{counted} comparisons, {counted / n / length / log2(n):.2f} n log n"
    return counted
