"""All stops of a bag in order, so that intervals are counted without a look at each.

    blocks    [ 4, 7, 9 | 12, 12, 30 ]      sorted, in blocks, as the starts in a directory
    firsts              [ 12         ]   of each block but the first, which alone may be empty
    before    [ 0       | 3          | 6 ]  how many stops are in the blocks before

A write of the bag only notes which stops come and go; the next count puts them into the blocks.
"""

from __future__ import annotations

from bisect import bisect_right, insort_right
from collections.abc import Iterable
from itertools import accumulate, chain
from typing import Final, Generic

from rangelist.keys import K

__all__ = ["Ends"]

# Stops of a new block; one of twice as many is cut in two.
HALF: Final = 512


class Ends(Generic[K]):
    """The stops of a bag as so many writes left it, and those that later writes have noted.

    Cost: O(n log n) comparisons at first; O(log n) for each stop that comes or goes.
    """

    __slots__ = ("before", "blocks", "coming", "firsts", "going", "writes")

    def __init__(self, stops: list[K], writes: int) -> None:
        stops.sort()
        self.blocks = [stops[low : low + HALF] for low in range(0, len(stops), HALF)] or [[]]
        self.coming: list[K] = []
        self.going: list[K] = []
        self.writes = writes
        self.firsts = [block[0] for block in self.blocks[1:]]
        self.before = list(accumulate(map(len, self.blocks), initial=0))

    def note(self, going: Iterable[K], coming: Iterable[K]) -> bool:
        """Note what a write takes out and puts in; False if sorting anew costs less by now."""
        self.going += going
        self.coming += coming
        return len(self.going) + len(self.coming) <= HALF + self.before[-1] // 4

    def settle(self) -> None:
        """Put in what was noted; after an error these ends are worth nothing."""
        if not (self.coming or self.going):
            return
        blocks, firsts = self.blocks, self.firsts
        for stop in self.coming:
            b = bisect_right(firsts, stop)
            block = blocks[b]
            insort_right(block, stop)
            if len(block) > 2 * HALF:
                blocks[b : b + 1] = [block[:HALF], block[HALF:]]
                firsts.insert(b, block[HALF])
        for stop in self.going:  # after those that come, so that each of them is there
            b = bisect_right(firsts, stop)
            block = blocks[b]
            i = bisect_right(block, stop) - 1
            del block[i]
            if i == 0 and b and block:
                firsts[b - 1] = block[0]
            elif i == 0 and b:
                del blocks[b], firsts[b - 1]
        self.coming, self.going = [], []
        self.before = list(accumulate(map(len, blocks), initial=0))

    def upto(self, key: K) -> int:
        """Return how many stops are not behind a key."""
        b = bisect_right(self.firsts, key)
        return self.before[b] + bisect_right(self.blocks[b], key)

    def in_order(self) -> list[K]:
        """Return all stops in order."""
        return list(chain.from_iterable(self.blocks))
