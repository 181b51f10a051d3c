"""The lengths of the gaps of each block, kept up to date entry by entry.

    block     ..[-a-]....[-b-][-c-]..[-d-]
    row        2      4       0      2          the gap before each node belongs to it
"""

from __future__ import annotations

from bisect import bisect_left, insort_left
from typing import Any

from rangelist.bounds import NEG_INF
from rangelist.chain import Chain
from rangelist.keys import K, V, distance
from rangelist.node import Node
from rangelist.summary import Peaks

__all__ = ["Lengths", "lengths_in", "measure", "repair"]


class Lengths:
    """The length of the gap before each node of a block; -∞ before the list's head.

    A search asks the tree `peaks`.  A change shifts the row below it, so the tree is dropped, and
    laid again when walks along the row have cost as much as that.
    """

    __slots__ = ("_ordered", "_peaks", "_walked", "longest", "row")

    def __init__(self, row: list[Any]) -> None:
        self.row = row
        self._peaks: Peaks[Any] | None = Peaks(row)
        self._walked = 0
        self.longest: Any = self._peaks.levels[-1][0]
        self._ordered: list[Any] | None = None

    def tightest(self, size: Any) -> Any:
        """Return the shortest length that is not less than the size; there is one."""
        if self._ordered is None:
            self._ordered = sorted(length for length in self.row if length is not NEG_INF)
        return self._ordered[bisect_left(self._ordered, size)]

    def first(self, at: int, size: Any) -> int:
        """Return the first place from `at` on with a gap of the size, -1 if none has."""
        row, peaks = self.row, self._peaks
        if peaks is None and self._walked > len(row):
            peaks = self._peaks = Peaks(row)
        if peaks is not None:
            return peaks.first(at, size)
        for i in range(at, len(row)):
            if not row[i] < size:
                self._walked += i - at
                return i
        self._walked += len(row) - at
        return -1

    def last(self, at: int, size: Any) -> int:
        """Return the last such place up to `at`."""
        row, peaks = self.row, self._peaks
        if peaks is None and self._walked > len(row):
            peaks = self._peaks = Peaks(row)
        if peaks is not None:
            return peaks.last(at, size)
        begin = at
        while at >= 0 and row[at] < size:
            at -= 1
        self._walked += begin - at
        return at

    def drop_tree(self) -> None:
        """Drop the tree, because the row has changed."""
        self._peaks = None
        self._walked = 0

    def exchange(self, i: int, length: Any) -> None:
        """Put another length in the place of one."""
        old, self.row[i] = self.row[i], length
        self.drop(old)
        if self.longest is not None and not length < self.longest:
            self.longest = length
        if self._ordered is not None and length is not NEG_INF:
            insort_left(self._ordered, length)

    def drop(self, length: Any) -> None:
        """Forget a length that has left the row; `None`: one that was still to be put in."""
        if length is None:
            return
        if self.longest is not None and not length < self.longest:
            self.longest = None  # it may have been the only one as long
        ordered = self._ordered
        if ordered is not None and length is not NEG_INF:
            at = bisect_left(ordered, length)
            del ordered[at]


def largest_of(row: list[Any]) -> Any:
    """Return the largest value of a row."""
    best = row[0]
    for value in row:
        if best < value:  # noqa: PLR1730 - max would ask `>`
            best = value
    return best


def repair(
    chain: Chain[K, V], b: int, lengths: Lengths, changes: list[tuple[int, int]]
) -> Any | None:
    """Bring the lengths of a block up to date; return the longest, `None` if they do not fit."""
    nodes = chain.nodes[b]
    places = shifted(lengths, changes)
    if len(lengths.row) != len(nodes):
        return None
    for at in places:
        if at < len(nodes):
            lengths.exchange(at, length_before(nodes[at]))
    if lengths.longest is None:
        lengths.longest = largest_of(lengths.row)
    return lengths.longest


def shifted(lengths: Lengths, changes: list[tuple[int, int]]) -> list[int]:
    """Let entries come and go as the nodes did; return the places whose lengths are out of date.

    Each change shifts the places noted before it.
    """
    row = lengths.row
    lengths.drop_tree()
    places: list[int] = []
    for i, by in changes:
        if by > 0:
            row.insert(i, None)
            places = [at + (at >= i) for at in places]
        elif by < 0 and i < len(row):
            lengths.drop(row.pop(i))
            places = [at - (at > i) for at in places]
        places += (i,) if by < 0 else (i, i + 1)
    return places


def length_before(node: Node[K, V]) -> Any:
    """Return the length of the gap before a node."""
    left = node._prev
    return NEG_INF if left is None else distance(left._stop, node._start)


def measure(chain: Chain[K, V], b: int) -> tuple[Any, Lengths]:
    """Return the length of the longest gap of a block, and the lengths of all."""
    lengths = Lengths(lengths_in(chain, b))
    return lengths.longest, lengths


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
