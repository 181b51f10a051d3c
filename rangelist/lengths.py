"""The lengths of the gaps of each block, kept up to date entry by entry.

    block     ..[-a-]....[-b-][-c-]..[-d-]
    row        2      4       0      2          the gap before each node belongs to it
"""

from __future__ import annotations

from bisect import bisect_left, insort_left
from itertools import islice
from typing import Any

from rangelist.bounds import NEG_INF
from rangelist.chain import Chain
from rangelist.keys import K, V, distance
from rangelist.node import Node
from rangelist.summary import Peaks

__all__ = ["Lengths", "lengths_in", "measure", "repair"]


class Lengths:
    """The length of the gap before each node of a block; -∞ before the list's head.

    row       2  4  0  2        in the order of the nodes
    ordered   0  2  2  4        the shortest first, without -∞

    A search asks a tree over the row.  A change shifts the row below it, so the tree is dropped,
    and laid again when walks along the row have cost as much as that.
    """

    __slots__ = ("_peaks", "_walked", "ordered", "row")

    def __init__(self, row: list[Any]) -> None:
        self.row = row
        self.ordered: list[Any] = sorted(length for length in row if length is not NEG_INF)
        self._peaks: Peaks[Any] | None = Peaks(row)
        self._walked = 0

    def longest(self) -> Any:
        """Return the longest length."""
        return self.ordered[-1] if self.ordered else NEG_INF

    def tightest(self, size: Any) -> Any:
        """Return the shortest length that is not less than the size; there is one."""
        return self.ordered[bisect_left(self.ordered, size)]

    def first(self, at: int, size: Any) -> int:
        """Return the first place from `at` on with a gap of the size, -1 if none has."""
        row, peaks = self.row, self._tree()
        if peaks is not None:
            return peaks.first(at, size)
        for i, length in enumerate(islice(row, at, None), at):
            if not length < size:
                self._walked += i - at
                return i
        self._walked += len(row) - at
        return -1

    def last(self, at: int, size: Any) -> int:
        """Return the last such place up to `at`."""
        row, peaks = self.row, self._tree()
        if peaks is not None:
            return peaks.last(at, size)
        begin = at
        while at >= 0 and row[at] < size:
            at -= 1
        self._walked += begin - at
        return at

    def _tree(self) -> Peaks[Any] | None:
        """Return the tree, if there is one or it is worth while by now."""
        if self._peaks is None and self._walked > len(self.row):
            self._peaks = Peaks(self.row)
        return self._peaks

    def repair(self, nodes: list[Node[Any, Any]], changes: list[tuple[int, int]]) -> bool:
        """Bring the lengths of a block up to date with its nodes; False if they do not fit."""
        row = self.row
        self._peaks, self._walked = None, 0
        places: list[int] = []  # of which the lengths are out of date; changes shift them, too
        for i, by in changes:
            if by > 0:
                row.insert(i, NEG_INF)
                places = [at + (at >= i) for at in places]
            elif by < 0 and i < len(row):
                self._exchange(i, NEG_INF)
                del row[i]
                places = [at - (at > i) for at in places]
            places += (i,) if by < 0 else (i, i + 1)
        if len(row) != len(nodes):
            return False
        for at in places:
            if at < len(nodes):
                node = nodes[at]
                left = node._prev
                self._exchange(at, NEG_INF if left is None else distance(left._stop, node._start))
        return True

    def _exchange(self, at: int, length: Any) -> None:
        """Put another length in the place of one."""
        old = self.row[at]
        self.row[at] = length
        if old is not NEG_INF:
            del self.ordered[bisect_left(self.ordered, old)]
        if length is not NEG_INF:
            insort_left(self.ordered, length)


def repair(
    chain: Chain[K, V], b: int, lengths: Lengths, changes: list[tuple[int, int]]
) -> Any | None:
    """Bring the lengths of a block up to date; return the longest, `None` if they do not fit."""
    return lengths.longest() if lengths.repair(chain.nodes[b], changes) else None


def measure(chain: Chain[K, V], b: int) -> tuple[Any, Lengths]:
    """Return the length of the longest gap of a block, and the lengths of all."""
    lengths = Lengths(lengths_in(chain, b))
    return lengths.longest(), lengths


def lengths_in(chain: Chain[K, V], b: int) -> list[Any]:
    """Return the length of the gap before each node of a block."""
    nodes = chain.nodes[b]
    starts: list[Any] = chain.starts[b]
    stops: list[Any] = [node._stop for node in nodes]
    left = nodes[0]._prev
    row: list[Any] = []
    if left is None:
        row.append(NEG_INF)
        starts = starts[1:]
    else:
        stops.insert(0, left._stop)
    try:
        row += [start - stop for start, stop in zip(starts, stops, strict=False)]
    except (TypeError, OverflowError):  # addresses; `distance` names what has no difference
        row += [distance(stop, start) for start, stop in zip(starts, stops, strict=False)]
    return row
