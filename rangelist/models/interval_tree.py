"""The interval tree of Linux: intervals that overlap and repeat, and the spans they leave.

What is special: ends are inclusive; nothing is cut, joined or refused; results come by start,
equal starts by insertion; a *span iterator* alternates between maximal used stretches and holes and
can be sent ahead; iommufd lays two trees over each other and keeps areas that may not overlap and
are only removed whole.  It is a `RangeBag`, which has no hooks.  A reversed interval (start > last)
is stored by the kernel without a look: it matches what reaches from its last to its start, so it is
kept apart, where it can do no harm to spans.  Source: Linux 6.12 `lib/interval_tree.c`,
`include/linux/interval_tree_generic.h`, `drivers/iommu/iommufd/io_pagetable.c`.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from typing import Generic, NamedTuple

from rangelist.bag import RangeBag
from rangelist.keys import V
from rangelist.models.refused import MAX, RefusedError
from rangelist.node import Node

__all__ = ["Entry", "IntervalTree", "Span", "SpanIterator", "double_spans"]


class Entry(Generic[V]):
    """An interval in a tree, `start` … `last` inclusive: the handle to remove it by."""

    __slots__ = ("last", "node", "order", "start", "value")

    def __init__(self, start: int, last: int, value: V, order: int) -> None:
        self.start = start
        self.last = last
        self.value = value
        self.order = order  # the how-manieth it is
        self.node: Node[int, Entry[V]] | None = None

    def meets(self, start: int, last: int) -> bool:
        """Tell whether the kernel would find it: one question, also when something is reversed."""
        return self.start <= last and start <= self.last

    def __repr__(self) -> str:
        return f"<entry {self.start} … {self.last} = {self.value!r}>"


class Span(NamedTuple):
    """A stretch `start` … `last`: `used` 0 is a hole, 1 is used; of two trees 2 is the second."""

    start: int
    last: int
    used: int


class IntervalTree(Generic[V]):
    """Intervals of 0 … 2⁶⁴-1 that may overlap.

    Example:
        >>> tree: IntervalTree[str] = IntervalTree()
        >>> a, b = tree.insert(0, 50, "a"), tree.insert(40, 60, "b")
        >>> list(tree.overlapping(45, 45))
        [<entry 0 … 50 = 'a'>, <entry 40 … 60 = 'b'>]
        >>> list(tree.spans(10, 70))
        [Span(start=10, last=60, used=1), Span(start=61, last=70, used=0)]
    """

    def __init__(self) -> None:
        self.bag: RangeBag[int, Entry[V]] = RangeBag()
        self.reversed: RangeBag[int, Entry[V]] = RangeBag()
        self._count = 0

    def insert(self, start: int, last: int, value: V) -> Entry[V]:
        """Add an interval; duplicates are welcome."""
        self._count += 1
        entry = Entry(start, last, value, self._count)
        if start <= last:
            entry.node = self.bag.add(start, last + 1, entry)
        else:
            entry.node = self.reversed.add(last, start + 1, entry)
        return entry

    def remove(self, entry: Entry[V]) -> None:
        """Take that very interval out."""
        assert entry.node is not None
        (self.bag if entry.start <= entry.last else self.reversed).delete(entry.node)

    def overlapping(self, start: int, last: int) -> Iterator[Entry[V]]:
        """Yield what shares an index with start … last, by start, equal starts by insertion."""
        low, high = min(start, last), max(start, last) + 1
        found = meeting(self.bag, low, high, start, last)
        if not self.reversed:
            return found
        odd = sorted(meeting(self.reversed, low, high, start, last), key=by_start)
        return merge(found, odd, key=by_start)

    def iter_first(self, start: int, last: int) -> Entry[V] | None:
        """Return the first interval that shares an index with start … last."""
        return next(self.overlapping(start, last), None)

    def iter_next(self, entry: Entry[V], start: int, last: int) -> Entry[V] | None:
        """Return the one after `entry`, for the same question; in a loop use `overlapping`."""
        # What starts behind the question's start meets it, if it starts in time.
        plain = start <= entry.start <= last and not self.reversed
        rest = self.overlapping(entry.start if plain else start, last)
        return next((other for other in rest if by_start(entry) < by_start(other)), None)

    def spans(self, start: int, last: int) -> Iterator[Span]:
        """Yield used stretches and holes, in turn, that cover start … last exactly."""
        for low, high, used in self.bag.spans(start, last + 1):
            yield Span(low, high - 1, int(used))

    def span_iter(self, start: int, last: int) -> SpanIterator[V]:
        """Return an iterator over the spans that can be sent ahead."""
        return SpanIterator(self, start, last)

    # ---- what iommufd adds ----------------------------------------------------------------------

    def map_exclusive(self, start: int, last: int, value: V) -> Entry[V]:
        """Add an area; EEXIST if it shares an index with another one."""
        other = self.iter_first(start, last)
        if other is not None:
            raise RefusedError("EEXIST", f"{start} … {last} meets {other!r}")
        return self.insert(start, last, value)

    def unmap_contained(self, start: int, last: int) -> int:
        """Remove all areas inside start … last; return how many indices they had.

        ENOENT if there is none, or if one lies only partly inside: then nothing is removed.  The
        whole domain may be empty.
        """
        inside = list(self.overlapping(start, last))
        if not inside and (start, last) != (0, MAX):
            raise RefusedError("ENOENT", f"no area in {start} … {last}")
        for entry in inside:
            if entry.start < start or last < entry.last:
                raise RefusedError("ENOENT", f"{entry!r} is only partly in {start} … {last}")
        for entry in inside:
            self.remove(entry)
        return sum(entry.last - entry.start + 1 for entry in inside)


def meeting(
    bag: RangeBag[int, Entry[V]], low: int, high: int, start: int, last: int
) -> Iterator[Entry[V]]:
    """Yield the entries of a bag between low and high that meet start … last."""
    return (node.value for node in bag.overlapping(low, high) if node.value.meets(start, last))


def by_start(entry: Entry[V]) -> tuple[int, int]:
    """Return the sort key of an entry."""
    return entry.start, entry.order


class SpanIterator(Generic[V]):
    """Go from span to span, or ahead to an index; `span` is `None` when it is done.

    It looks its place up anew in each step, so the tree may change meanwhile.

    Example:
        >>> tree: IntervalTree[str] = IntervalTree()
        >>> _ = tree.insert(10, 20, "a")
        >>> it = tree.span_iter(0, 100)
        >>> it.span, it.next()
        (Span(start=0, last=9, used=0), Span(start=10, last=20, used=1))
        >>> it.advance(50)
        Span(start=50, last=100, used=0)
    """

    def __init__(self, tree: IntervalTree[V], start: int, last: int) -> None:
        self.tree = tree
        self.last = last
        self.span = next(tree.spans(start, last), None)

    def next(self) -> Span | None:
        """Go to the span after this one."""
        return None if self.span is None else self.advance(self.span.last + 1)

    def advance(self, index: int) -> Span | None:
        """Go to the span at an index, which begins there; beyond the end it is done for good."""
        if self.span is not None:
            self.span = None if index > self.last else next(self.tree.spans(index, self.last))
        return self.span


def double_spans(
    one: IntervalTree[V], two: IntervalTree[V], start: int, last: int
) -> Iterator[Span]:
    """Yield the spans of two trees laid over each other; where both are used, the first counts.

    Example:
        >>> one: IntervalTree[str] = IntervalTree()
        >>> two: IntervalTree[str] = IntervalTree()
        >>> _, _ = one.insert(10, 19, "a"), two.insert(15, 29, "b")
        >>> [tuple(span) for span in double_spans(one, two, 0, 39)]
        [(0, 9, 0), (10, 19, 1), (20, 29, 2), (30, 39, 0)]
    """
    above, below = one.span_iter(start, last), two.span_iter(start, last)
    while above.span is not None and below.span is not None:
        if above.span.used:
            span = above.span
        else:
            end = min(above.span.last, below.span.last)
            span = Span(above.span.start, end, 2 * below.span.used)
        yield span
        above.advance(span.last + 1)
        below.advance(span.last + 1)
