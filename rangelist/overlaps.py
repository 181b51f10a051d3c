"""The chain of a bag: overlapping nodes in order of start and age, and which of them reach a key.

    nodes    [--a--]      [---b---]         in order of start, then of insertion; a node is known by
               [--c--][d]           [e]     (start, number)
    stops         a  c  d         b   e     and over them the furthest of each few (summary.py)

An overlapping node starts before `stop` (bisect) and ends after `start` (the tree skips nodes that
end too early).  So a long interval is one result like any other, and hides nothing.

A walk goes on behind the last node delivered, at the first one that is there by then.  Reading
leaves no trace in the bag.  While a step compares keys, a comparison that changes the bag is
refused; if another thread changes it, the step is done again.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Generator, Iterable, Sequence
from typing import Any, ClassVar, Generic, NamedTuple, Self

from rangelist.chain import Chain, get_ident
from rangelist.directory import LIMIT, Notes
from rangelist.door import PLAIN
from rangelist.ends import Ends
from rangelist.errors import ReentrancyError
from rangelist.keys import COMPARE_ERRORS, K, V, check_key, check_order, explain_key, is_nan
from rangelist.node import Node
from rangelist.record import Change, Merge, Shape
from rangelist.summary import Peaks, Summary

__all__ = ["BagChain", "BagNode", "Span", "number_of"]


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


def number_of(node: Any) -> int:
    """Return the number of a node; nodes of a bag have one."""
    number: int = node._number
    return number


def number_of_first(block: list[Any]) -> int:
    """Return the number of a block's first node."""
    return number_of(block[0])


def measure(chain: Chain[K, V], b: int) -> tuple[K, Peaks[K]]:
    """Return the furthest stop of a block, and the peaks of its stops."""
    peaks: Peaks[K] = Peaks([node._stop for node in chain.nodes[b]])
    return peaks.levels[-1][0], peaks


class BagChain(Chain[K, V]):
    """A chain of nodes that may overlap, with the furthest stops, which the first query makes."""

    __slots__ = ("added", "ends", "reader", "summary", "writes")

    overlapping: ClassVar[bool] = True

    def __init__(self, limit: int = LIMIT) -> None:
        super().__init__(limit)
        self.summary: Summary[K, V, Peaks[K]] | None = None
        self.added = 0  # the number of the next node
        self.reader = 0  # a thread that compares keys for a query now
        self.writes = 0  # how many
        self.ends: list[Ends[K]] = []  # all stops in order, once they were counted; one at most

    def __enter__(self) -> Self:
        """Begin a write; see `Chain.__enter__`."""
        if self.reader and self.reader == get_ident():
            raise ReentrancyError(
                "keys of this bag are being compared, want no comparison that changes it"
            )
        super().__enter__()
        return self

    # ---- places, by start and number ----------------------------------------------------------

    def place_behind(self, start: K, number: int) -> tuple[int, int]:
        """Return the place behind all nodes up to (start, number); it may be the end of a block.

        A thousand equal starts make it no slower: among them the numbers are in order.

        Cost: about 2 log2(n) comparisons.
        """
        low = bisect_left(self.firsts, start)
        high = bisect_right(self.firsts, start, low)
        b = bisect_right(self.nodes, number, low, high, key=number_of_first) - 1
        if b < 0:
            return 0, 0
        low = bisect_left(self.starts[b], start)
        high = bisect_right(self.starts[b], start, low)
        return b, bisect_right(self.nodes[b], number, low, high, key=number_of)

    def place_before(self, key: K | None, closed: bool) -> tuple[int, int]:
        """Return the place of the last node with `start < key`, if `closed` also `start == key`.

        Without one it is (-1, -1).
        """
        bisect = bisect_right if closed else bisect_left
        b = (len(self.firsts) if key is None else bisect(self.firsts, key)) - 1
        if b < 0:
            return -1, -1
        starts = self.starts[b]
        return b, (len(starts) if key is None else bisect(starts, key)) - 1

    def place(self, node: Node[K, V]) -> tuple[int, int]:
        """Return the place of a node of this bag; its number finds it among equal starts."""
        b, i = self.place_behind(node._start, number_of(node))
        return (b, i - 1) if i and self.nodes[b][i - 1] is node else self.place_of(node)

    # ---- writes, which tell the ends what they change ------------------------------------------

    # The chain is named, because `super()` would take a tenth of an `add`.

    def insert_at(
        self,
        b: int,
        i: int,
        left: Node[K, V] | None,
        right: Node[K, V] | None,
        node: Node[K, V],
        case: str,
        edge: Shape[K, V] | None = None,
    ) -> None:
        """Put one node in; see `Chain.insert_at`."""
        assert edge is None  # nothing cuts a node of a bag
        self.writes += 1
        kept = self.noted_ends((), (node._stop,)) if self.ends else None
        Chain.insert_at(self, b, i, left, right, node, case)  # pyright: ignore[reportUnknownMemberType]
        if kept:
            kept[0].writes = self.writes
            self.ends = kept

    def delete_at(self, b: int, i: int, case: str) -> None:
        """Take one node out; see `Chain.delete_at`."""
        self.writes += 1
        kept = self.noted_ends((self.nodes[b][i]._stop,), ()) if self.ends else None
        Chain.delete_at(self, b, i, case)  # pyright: ignore[reportUnknownMemberType]
        if kept:
            kept[0].writes = self.writes
            self.ends = kept

    def splice(
        self,
        b: int,
        i: int,
        left: Node[K, V] | None,
        old: Sequence[Node[K, V]],
        new: Sequence[Shape[K, V]],
        absorbed: Sequence[Merge[K, V]],
        case: str,
        edge: Shape[K, V] | None = None,
        released: Sequence[Merge[K, V]] = (),
    ) -> None:
        """Exchange a run of nodes; see `Chain.splice`."""
        self.writes += 1
        kept = None
        if self.ends:
            kept = self.noted_ends([node._stop for node in old], [shape[2] for shape in new])
        Chain.splice(  # pyright: ignore[reportUnknownMemberType]
            self, b, i, left, old, new, absorbed, case, edge, released
        )
        if kept:
            kept[0].writes = self.writes
            self.ends = kept

    def noted_ends(self, going: Iterable[K], coming: Iterable[K]) -> list[Ends[K]] | None:
        """Note in the ends what the write that begins will do, and return them.

        The bag has none until the caller puts them back, which allocates nothing.  So they are
        forgotten if the write fails, or if another thread counts meanwhile.
        """
        kept, self.ends = self.ends, []
        known = bool(kept) and kept[0].writes == self.writes - 1
        return kept if known and kept[0].note(going, coming) else None

    # ---- replay -------------------------------------------------------------------------------

    def met(self, change: Change[K, V]) -> tuple[int, int, list[Node[K, V]]]:
        """Return the nodes that stand for those that a change takes out, and where they begin."""
        first = (change.old or change.new)[0]
        b, i = self.place_behind(first[1], number_of(first[0]) - 1)
        _, node = self.around(b, i)
        run: list[Node[K, V]] = []
        for shape in change.old:
            if node is None or number_of(node) != number_of(shape[0]):
                break
            run.append(node)
            node = node._next
        if not change.old and node is not None and number_of(node) == number_of(first[0]):
            run.append(node)  # what is to come is there already
        return (*self.advance(b, i, 0), run)

    def made(self, shape: Shape[K, V]) -> Node[K, V]:
        """Return a new node of the same age."""
        number = number_of(shape[0])
        self.added = max(self.added, number + 1)
        return BagNode(*shape[1:], number)

    # ---- questions ----------------------------------------------------------------------------

    def check_ends(self, start: K | None, stop: K | None) -> bool:
        """Refuse at once what a walk would fail at later; tell whether the window has room."""
        self.check_window(start, stop)
        if start is None or stop is None:
            return True
        if self.head is not None:
            check_order(start, self.head._start)
        return bool(start < stop)

    def check_one(self, key: K) -> None:
        """Refuse a key that cannot stand among those of the bag."""
        head = self.head
        if head is not None:
            try:
                _ = key < head._start
            except COMPARE_ERRORS as error:
                raise explain_key(error, key, head._start) from error
        if type(key) not in PLAIN or is_nan(key):
            check_key(key, self)

    def refreshed(self) -> Summary[K, V, Peaks[K]]:
        """Return the summary as it has to be now."""
        if self.summary is None:
            self.summary = Summary(self, measure)
        self.summary.refresh()
        return self.summary

    def steady(self, notes: Notes | None) -> bool:
        """Tell whether nothing changed since these were the notes for the summary, and none."""
        return notes is not None and self.stale is notes and not notes.blocks

    # ---- walks --------------------------------------------------------------------------------

    def chain_forward(self) -> Generator[Node[K, V], None, None]:
        """Yield all nodes."""
        node = self.head
        while node is not None:
            yield node
            node = node._next if node._home is self else self.beside(node, True)

    def chain_backward(self) -> Generator[Node[K, V], None, None]:
        """Yield all nodes, last one first."""
        node = self.tail
        while node is not None:
            yield node
            node = node._prev if node._home is self else self.beside(node, False)

    def beside(self, node: Node[K, V], behind: bool) -> Node[K, V] | None:
        """Return the node behind, or before, the place of one that is gone."""
        self.reader = get_ident()
        try:
            number = number_of(node)
            b, i = self.place_behind(node._start, number if behind else number - 1)
        finally:
            self.reader = 0
        left, right = self.around(b, i)
        return right if behind else left

    def forward(self, lo: K, hi: K | None, closed: bool) -> Generator[Node[K, V], None, None]:
        """Yield those that end behind lo and start before hi; `closed`: or just there."""
        b, i, last, end = -1, 0, -1, -1  # the next place to look at, and the last one
        summary = self.refreshed()
        notes: Notes | None = None
        node: Node[K, V] | None = None
        while True:
            self.reader = get_ident()
            try:
                if not self.steady(notes):  # also the first time
                    summary = self.refreshed()
                    notes = self.stale
                    last, end = self.place_before(hi, closed)
                    b, i = -1, 0
                    if node is not None:
                        b, i = self.place_behind(node._start, number_of(node))
                if b < 0 or b > last or i >= len(self.nodes[b]) or not lo < self.nodes[b][i]._stop:
                    # (Asked first, because as often as not the neighbour is the next one.)
                    b, i = next_place(summary, b, i, lo)
                found = self.nodes[b][i] if 0 <= b <= last and (b < last or i <= end) else None
            except (IndexError, KeyError):  # another thread has changed the directory
                if self.steady(notes):
                    raise
                notes = found = None
            finally:
                self.reader = 0
            if not self.steady(notes):
                continue
            if found is None:
                return
            node = found
            i += 1
            yield node

    def backward(self, lo: K, hi: K | None) -> Generator[Node[K, V], None, None]:
        """Yield those that end behind lo and start before hi, last one first."""
        b, i = -1, -1
        summary = self.refreshed()
        notes: Notes | None = None
        node: Node[K, V] | None = None
        while True:
            self.reader = get_ident()
            try:
                if not self.steady(notes):  # also the first time
                    summary = self.refreshed()
                    notes = self.stale
                    b, i = self.place_before(hi, False)
                    if node is not None:  # which may have moved out of the window
                        there, at = self.place_behind(node._start, number_of(node) - 1)
                        b, i = min((b, i), (there, at - 1))
                b, i = place_back(summary, self, b, i, lo)
                found = self.nodes[b][i] if i >= 0 else None
            except (IndexError, KeyError):
                if self.steady(notes):
                    raise
                notes = found = None
            finally:
                self.reader = 0
            if not self.steady(notes):
                continue
            if found is None:
                return
            node = found
            i -= 1
            yield node

    # ---- used and hole, how many ----------------------------------------------------------------

    def spans(self, lo: K | None, hi: K | None) -> Generator[Span[K], None, None]:
        """Yield used spans and holes that cover the window; what lies before lo is done."""
        if lo is None and self.head is not None:
            lo = self.head._start
        while lo is not None:
            span = self.next_span(lo, hi)
            if span is None:
                return
            yield span
            lo = span.stop

    def next_span(self, lo: K, hi: K | None) -> Span[K] | None:
        """Return the span that begins at lo, `None` if the window ends there."""
        if hi is not None and not lo < hi:
            return None
        first = next(self.forward(lo, None, False), None)
        if first is None:
            return None if hi is None else Span(lo, hi, False)
        start, end = first._start, first._stop
        if lo < start:
            return Span(lo, hi if hi is not None and hi < start else start, False)
        # The span goes on as long as a node reaches beyond its end and starts before it, or there.
        while hi is None or end < hi:
            following = next(self.forward(end, end, True), None)
            if following is None:
                break
            end = following._stop
        return Span(lo, hi if hi is not None and hi < end else end, True)

    def furthest(self) -> K | None:
        """Return the furthest stop, `None` if there is no node."""
        if self.head is None:
            return None
        self.reader = get_ident()
        try:
            stop: K = self.refreshed().peaks.levels[-1][0]
            return stop
        finally:
            self.reader = 0

    def count(self, start: K, stop: K | None) -> int:
        """Return the number of nodes that overlap [start, stop): start before it, less stop by it.

        Cost: O(log n), and O(log n) for each node that came or went since the last count.
        """
        self.reader = get_ident()
        try:
            ends = self.settled_ends()
            before = self.size if stop is None else self.rank(stop)
            found = before - ends.upto(start)
        finally:
            self.reader = 0
        self.ends = [ends]
        return found

    def settled_ends(self) -> Ends[K]:
        """Return all stops in order as they are now; the caller puts them back.

        A thread that counts while another one does finds none, and sorts the stops for itself.
        """
        writes = self.writes
        kept, self.ends = self.ends, []
        try:
            ends = kept.pop()  # by one thread alone
        except IndexError:
            ends = None
        if ends is None or ends.writes != writes:
            ends = Ends([node._stop for block in self.nodes for node in block], writes)
        ends.settle()
        return ends


def next_place(summary: Summary[K, V, Peaks[K]], b: int, i: int, key: K) -> tuple[int, int]:
    """Return the first place from (b, i) on of a node with `key < stop`, or (-1, -1).

    Where b is -1 the tree over the blocks says where to begin.

    Cost: O(log d) comparisons, d nodes further on.
    """
    if b < len(summary.details):
        i = -1 if b < 0 else summary.details[b].first(i, key, True)
        if i >= 0:
            return b, i
        b = summary.peaks.first(b + 1, key, True)
        if b >= 0:
            return b, summary.details[b].first(0, key, True)
    return -1, -1


def place_back(
    summary: Summary[K, V, Peaks[K]], chain: Chain[K, V], b: int, i: int, key: K
) -> tuple[int, int]:
    """Return the last place up to (b, i) of a node with `key < stop`; i is -1 if there is none."""
    if i >= 0:
        i = summary.details[b].last(i, key, True)
    if i < 0:
        b = summary.peaks.last(b - 1, key, True)
        if b >= 0:
            i = summary.details[b].last(len(chain.nodes[b]) - 1, key, True)
    return b, i
