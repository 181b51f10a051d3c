"""A table everybody has: the categories of all characters, one `set` a character, in any order.

Here the basic plane; all 1,114,112 code points are for `make test-long`.
"""

from __future__ import annotations

from itertools import groupby
from random import Random
from unicodedata import category

from rangelist import RangeList


def runs(stop: int) -> list[tuple[int, int, str]]:
    """What unicodedata itself says, as runs of one category."""
    found = []
    for name, group in groupby(range(stop), lambda cp: category(chr(cp))):
        points = list(group)
        found.append((points[0], points[-1] + 1, name))
    return found


def build_shuffled(stop: int, seed: int) -> RangeList[int, str]:
    """One `set(cp, cp + 1, category)` each, in shuffled order."""
    order = list(range(stop))
    Random(seed).shuffle(order)
    rl: RangeList[int, str] = RangeList()
    for cp in order:
        rl.set(cp, cp + 1, category(chr(cp)))
    return rl


def test_the_basic_plane_set_in_shuffled_order_gives_the_runs_of_unicodedata():
    """65,536 writes that merge left, right, both, or not."""
    rl = build_shuffled(0x10000, seed=1)

    rl.check()
    assert [tuple(node) for node in rl] == runs(0x10000)
    assert rl.is_canonical()
