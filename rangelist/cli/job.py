"""The main job, on streams: merge what belongs together, then tell gaps, overlaps, differences.

A stream is sorted pieces of one group; groups are separate lists.

    columns of any order   ->  gathered   in memory   ->  (group, items)
    records by start       ->  grouped    streamed    ->  (group, items)
    items                  ->  merged                 ->  a stream
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import groupby
from operator import itemgetter
from typing import Any

from rangelist.algebra import difference, intersection, union
from rangelist.cli.columns import Collected, Columns, Item
from rangelist.errors import OverlapError
from rangelist.formats import Record, UnreadableError
from rangelist.formats.kinds import Key
from rangelist.node import Piece
from rangelist.policy import EQUAL, NEVER, Policy
from rangelist.ranges import RangeList
from rangelist.stream import coalesce_sorted

__all__ = [
    "OPERATIONS",
    "Groups",
    "Merge",
    "Pairs",
    "Stream",
    "gathered",
    "grouped",
    "overlaps",
    "paired",
]

Stream = Iterator[Piece[Key, Any]]
Groups = Iterator[tuple[str, Iterable[Item]]]
Pairs = Iterator[tuple[str, Iterable[Item], Iterable[Item]]]

OPERATIONS = {"union": union, "intersection": intersection, "difference": difference}


def gathered(groups: Collected) -> Groups:
    """Yield the groups in the order of their names, and let go of each."""
    for group in sorted(groups):
        yield group, groups.pop(group)


def grouped(records: Iterable[Record]) -> Groups:
    """Yield the groups as they come; holds nothing."""
    for group, items in groupby(records, key=itemgetter(0)):
        yield group, (record[1:] for record in items)


@dataclass(frozen=True)
class Merge:
    """How items become a stream."""

    by_value: bool
    touching: bool = True
    distance: Any = None
    ordered: bool = False

    def __call__(self, items: Iterable[Item]) -> Stream:
        stream = self._by_value(items) if self.by_value else self._by_place(items)
        return stream if self.distance is None else bridged(stream, self.distance)

    def _by_place(self, items: Iterable[Item]) -> Stream:
        if isinstance(items, Columns) and items.whole:
            return items.covered(touching=self.touching)
        return covered(items if self.ordered else in_order(items), touching=self.touching)

    def _by_value(self, items: Iterable[Item]) -> Stream:
        policy: Policy[Any, Any] = EQUAL if self.touching else NEVER
        if self.ordered:
            return streamed(items, policy)
        built = RangeList[Any, Any].build(items, policy=policy)
        return (Piece(node.start, node.stop, node.value) for node in built)


def streamed(items: Iterable[Item], policy: Policy[Any, Any]) -> Stream:
    """Merge equal values in constant memory; which of two different ones wins is not known then.

    Raises: UnreadableError, where different values overlap.
    """
    try:
        yield from coalesce_sorted(items, policy)
    except OverlapError as error:
        why = "with --sorted only equal values may overlap (without it the later line wins)"
        raise UnreadableError(f"{error}; {why}") from error


def in_order(items: Iterable[Item]) -> list[Item]:
    """Sort by start; values are not compared, they may have no order."""
    return sorted(items, key=itemgetter(0))


def covered(items: Iterable[Item], *, touching: bool = True) -> Stream:
    """Yield the covered spans of items in order of start, whatever their values are.

        [-----)   [---)[--)
           [----)
        [-------) [-------)      touching
        [-------) [---)[--)      or not

    Cost: O(1) an item.
    """
    todo = iter(items)
    begin, end, _ = next(todo, (None, None, None))
    if begin is None:
        return
    for start, stop, _ in todo:
        if end < start or (start == end and not touching):
            yield Piece(begin, end, None)
            begin, end = start, stop
        elif end < stop:
            end = stop
    yield Piece(begin, end, None)


def bridged(stream: Stream, distance: Any) -> Stream:
    """Join neighbours of equal value that are at most `distance` apart; the gap is swallowed."""
    held = next(stream, None)
    if held is None:
        return
    for piece in stream:
        if piece.value == held.value and piece.start - held.stop <= distance:
            held = Piece(held.start, piece.stop, held.value)
        else:
            yield held
            held = piece
    yield held


def overlaps(items: Iterable[Item]) -> Stream:
    """Yield what at least two items in order of start cover; the value is how many do.

        [-----)
           [----)
           [-2)

    Cost: O(log d) an item, and O(d) memory, for d items over one key.
    """
    return coalesce_sorted(piece for piece in depths(items) if piece.value > 1)


def depths(items: Iterable[Item]) -> Stream:
    """Yield how many items lie over each stretch between two borders."""
    stops: list[Key] = []
    at: Key = None
    for start, stop, _ in items:
        while stops and not start < stops[0]:
            at = yield from _until(at, stops[0], len(stops))
            heappop(stops)
        if stops:
            yield from _until(at, start, len(stops))
        at = start
        heappush(stops, stop)
    while stops:
        at = yield from _until(at, stops[0], len(stops))
        heappop(stops)


def _until(start: Key, stop: Key, depth: int) -> Generator[Piece[Key, int], None, Key]:
    if start < stop:
        yield Piece(start, stop, depth)
    return stop


def paired(left: Groups, right: Groups) -> Pairs:
    """Yield the groups of both, in the order of their names; nothing for one that is missing."""
    ours, theirs = next(left, None), next(right, None)
    while ours is not None and theirs is not None:
        if ours[0] < theirs[0]:
            yield *ours, ()
            ours = next(left, None)
        elif theirs[0] < ours[0]:
            yield theirs[0], (), theirs[1]
            theirs = next(right, None)
        else:
            yield *ours, theirs[1]
            ours, theirs = next(left, None), next(right, None)
    while ours is not None:
        yield *ours, ()
        ours = next(left, None)
    while theirs is not None:
        yield theirs[0], (), theirs[1]
        theirs = next(right, None)
