"""Who reaches how far: the walks and questions of a bag, over its chain and index.

    nodes    [--a--]      [---b---]         in order of start, then of insertion; a node is known by
               [--c--][d]           [e]     (start, number)
    stops         a  c  d         b   e     and over them the furthest of each few (summary.py)

Who overlaps [start, stop) starts before `stop`: that the order says.  And ends behind `start`: the
tree of furthest stops passes by all that end too early, over blocks and inside each.  So a long
interval costs what it is, one result, and hides nothing.

A walk goes on behind the last node delivered, at the first one that is there by then.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any, Generic, NamedTuple

from rangelist.index import Index
from rangelist.keys import K, V, check_window, explain_key, explain_nan, is_nan
from rangelist.node import Node
from rangelist.summary import Peaks, Summary

__all__ = ["BagNode", "Reach", "Span", "number_of", "place_behind"]


class Span(NamedTuple, Generic[K]):
    """A span that intervals cover without a hole, or (`used` is false) a hole.

    Example:
        >>> Span(8, 10, used=False) == (8, 10, False)
        True
    """

    start: K
    stop: K
    used: bool


class BagNode(Node[K, V]):
    """A node of a bag.  It also knows its number, because starts may be equal."""

    __slots__ = ("_number",)

    _number: int

    def __init__(self, start: K, stop: K, value: V, number: int) -> None:
        super().__init__(start, stop, value)
        self._number = number


# ---- places, by start and number -----------------------------------------------------------------


def number_of(node: Any) -> int:
    """Return the number of a node; nodes of a bag have one."""
    number: int = node._number
    return number


def number_of_first(block: list[Any]) -> int:
    """Return the number of a block's first node."""
    return number_of(block[0])


def place_behind(index: Index[K, V], start: K, number: int) -> tuple[int, int]:
    """Return the place behind all nodes up to (start, number); it may be the end of a block.

    A thousand equal starts make it no slower: among them the numbers are in order.

    Cost: about 2 log2(n) comparisons.
    """
    low = bisect_left(index.firsts, start)
    high = bisect_right(index.firsts, start, low)
    b = bisect_right(index.nodes, number, low, high, key=number_of_first) - 1
    if b < 0:
        return 0, 0
    low = bisect_left(index.starts[b], start)
    high = bisect_right(index.starts[b], start, low)
    return b, bisect_right(index.nodes[b], number, low, high, key=number_of)


def place_before(index: Index[K, V], key: K | None, closed: bool) -> tuple[int, int]:
    """Return the place of the last node with `start < key` (`closed`: <=), (-1, -1) if none is."""
    bisect = bisect_right if closed else bisect_left
    b = (len(index.firsts) if key is None else bisect(index.firsts, key)) - 1
    if b < 0:
        return -1, -1
    starts = index.starts[b]
    return b, (len(starts) if key is None else bisect(starts, key)) - 1


def node_at(index: Index[K, V], b: int, i: int) -> Node[K, V] | None:
    """Return the node at a place, which may be the end of a block; `None` behind the last."""
    if b < len(index.nodes) and i == len(index.nodes[b]):
        b, i = b + 1, 0
    return index.nodes[b][i] if b < len(index.nodes) else None


def measure(index: Index[K, V], b: int) -> tuple[K, Peaks[K]]:
    """Return the furthest stop of a block, and the peaks of its stops."""
    peaks: Peaks[K] = Peaks([node._stop for node in index.nodes[b]])
    return peaks.levels[-1][0], peaks


class Reach(Generic[K, V]):
    """The index of a bag, and over it the furthest stops, which the first query makes.

    edits    counts the changes, so that a walk knows whether its place still holds
    busy     keys are being compared: who wants to change the bag now is a comparison
    """

    __slots__ = ("busy", "edits", "index", "summary")

    def __init__(self) -> None:
        self.index: Index[K, V] = Index()
        self.summary: Summary[K, V, Peaks[K]] | None = None
        self.edits = 0
        self.busy = False

    # ---- questions: nobody may change the bag while keys are compared for one -------------------

    def check_window(self, start: K | None, stop: K | None) -> bool:
        """Refuse at once what a walk would stumble over later; tell whether there is room in it."""
        busy = self.busy
        self.busy = True
        try:
            check_window(start, stop)
            for key in (start, stop):
                if key is not None:
                    self.check_key(key)
                    if start is not None and stop is not None:
                        return start < stop  # as good as the first, if they can be compared
            return True
        finally:
            self.busy = busy

    def check_key(self, key: K) -> None:
        """Refuse a key that is NaN, or of another order than the bag's."""
        busy = self.busy
        self.busy = True
        try:
            head = self.index.head
            if head is not None:
                try:
                    _ = key < head._start
                except (TypeError, ArithmeticError) as error:
                    raise explain_key(error, key, head._start) from error
            if is_nan(key):
                raise explain_nan(key)
        finally:
            self.busy = busy

    def place_behind(self, start: K, number: int) -> tuple[int, int]:
        """Return the place behind all nodes up to (start, number)."""
        busy = self.busy
        self.busy = True
        try:
            return place_behind(self.index, start, number)
        finally:
            self.busy = busy

    def kept(self) -> Summary[K, V, Peaks[K]]:
        """Return the summary, which may be out of date."""
        if self.summary is None:
            self.summary = Summary(self.index, measure)
        return self.summary

    def refreshed(self) -> Summary[K, V, Peaks[K]]:
        """Return the summary as it has to be now."""
        summary = self.kept()
        summary.refresh()
        return summary

    # ---- walks --------------------------------------------------------------------------------

    def chain_forward(self) -> Iterator[Node[K, V]]:
        """Yield all nodes."""
        index = self.index
        node = index.head
        while node is not None:
            yield node
            if node._home is index:
                node = node._next
            else:
                b, i = self.place_behind(node._start, number_of(node))
                node = node_at(index, b, i)

    def chain_backward(self) -> Iterator[Node[K, V]]:
        """Yield all nodes, last one first."""
        index = self.index
        node = index.tail
        while node is not None:
            yield node
            if node._home is index:
                node = node._prev
            else:
                b, i = self.place_behind(node._start, number_of(node) - 1)
                node = index.nodes[b][i - 1] if i else None

    def forward(self, lo: K, hi: K | None, closed: bool) -> Iterator[Node[K, V]]:
        """Yield those that end behind lo and start before hi; `closed`: or just there."""
        index, summary = self.index, self.kept()
        b, i, last, end = -1, 0, -1, -1  # the next place to look at, and the last one
        edits = -1
        node: Node[K, V] | None = None
        while True:
            busy = self.busy
            self.busy = True
            try:
                if edits != self.edits:  # also the first time
                    edits = self.edits
                    summary.refresh()
                    last, end = place_before(index, hi, closed)
                    if node is not None:
                        b, i = place_behind(index, node._start, number_of(node))
                if (
                    b < 0
                    or b > last
                    or i >= len(index.nodes[b])
                    or not lo < index.nodes[b][i]._stop
                ):
                    # (Asked first, because as often as not the neighbour is the next one.)
                    b, i = self.next_place(b, i, lo)
            finally:
                self.busy = busy
            if i < 0 or b > last or (b == last and i > end):
                return
            node = index.nodes[b][i]
            i += 1
            yield node

    def backward(self, lo: K, hi: K | None) -> Iterator[Node[K, V]]:
        """Yield those that end behind lo and start before hi, last one first."""
        index, summary = self.index, self.kept()
        b, i = -1, -1
        edits = -1
        node: Node[K, V] | None = None
        while True:
            busy = self.busy
            self.busy = True
            try:
                if edits != self.edits:  # also the first time
                    edits = self.edits
                    summary.refresh()
                    if node is None:
                        b, i = place_before(index, hi, False)
                    else:
                        b, i = place_behind(index, node._start, number_of(node) - 1)
                        i -= 1
                if i >= 0:
                    i = summary.details[b].last(i, lo, True)
                if i < 0:
                    b = summary.peaks.last(b - 1, lo, True)
                    if b >= 0:
                        i = summary.details[b].last(len(index.nodes[b]) - 1, lo, True)
            finally:
                self.busy = busy
            if i < 0:
                return
            node = index.nodes[b][i]
            i -= 1
            yield node

    # ---- used and hole ------------------------------------------------------------------------

    def spans(self, lo: K | None, hi: K | None) -> Iterator[Span[K]]:
        """Yield used spans and holes that cover the window; what lies before lo is done."""
        if lo is None and self.index.head is not None:
            lo = self.index.head._start
        while lo is not None:
            span = self.next_span(lo, hi)
            if span is None:
                return
            yield span
            lo = span.stop

    def next_span(self, lo: K, hi: K | None) -> Span[K] | None:
        """Return what begins at lo, `None` if the window ends there."""
        busy = self.busy
        self.busy = True
        try:
            if hi is not None and not lo < hi:
                return None
            b, i = self.next_place(-1, 0, lo)
            if b < 0:
                return None if hi is None else Span(lo, hi, False)
            end = self.index.starts[b][i]
            used = not lo < end
            if used:
                end = self.carried(b, i, hi)
            return Span(lo, hi if hi is not None and hi < end else end, used)
        finally:
            self.busy = busy

    def carried(self, b: int, i: int, hi: K | None) -> K:
        """Return how far a used span goes, from the node at (b, i) on; hi is far enough."""
        index = self.index
        end = index.nodes[b][i]._stop
        while hi is None or end < hi:
            b, i = self.next_place(b, i + 1, end)
            if b < 0 or end < index.starts[b][i]:
                break
            end = index.nodes[b][i]._stop
        return end

    def next_place(self, b: int, i: int, key: K) -> tuple[int, int]:
        """Return the first place from (b, i) on of a node with `key < stop`, or (-1, -1).

        Where b is -1 the tree over the blocks says where to begin.

        Cost: O(log d) comparisons, d nodes further on.
        """
        summary = self.refreshed()
        if b < len(summary.details):
            i = -1 if b < 0 else summary.details[b].first(i, key, True)
            if i >= 0:
                return b, i
            b = summary.peaks.first(b + 1, key, True)
            if b >= 0:
                return b, summary.details[b].first(0, key, True)
        return -1, -1
