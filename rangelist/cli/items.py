"""The items of a group in columns: whole numbers take 8 bytes each, and are merged without a loop.

    blocks   ->  gather        in memory   ->  Items of each group
    blocks   ->  in_groups     streamed    ->  a Flow of chunks for each group

Items travel between processes as they are.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, repeat
from operator import itemgetter
from typing import Any

from rangelist.formats import Source, UnreadableError
from rangelist.formats.base import Block, parts_of
from rangelist.formats.kinds import Key

__all__ = ["Chunk", "Flow", "Gathered", "Item", "Items", "Sorted", "gather", "in_groups", "natural"]

Item = tuple[Key, Key, Any]
Chunk = tuple[Any, Any, Any]  # starts in order, stops, rests
Sorted = tuple[Any, Any, Chunk]  # a section, a group of it, and some of its rows


class Flow:
    """Items that come in chunks, sorted by start; they can be read once."""

    points: tuple[Key, ...] = ()

    def __init__(self, chunks: Iterable[Chunk] = ()) -> None:
        self._chunks = chunks

    def clipped(self, start: Key, stop: Key) -> Flow:
        """Return what lies in a window; `None` is no limit."""
        return Flow(clip(chunk, start, stop) for chunk in self._chunks)

    def chunks(self) -> Iterable[Chunk]:
        """Return starts in order, and the stops."""
        return self._chunks

    def rows(self) -> Iterator[Item]:
        """Give the items by start."""
        for chunk in self._chunks:
            yield from rows_of(*chunk)


class Items:
    """Items in the order in which they were read."""

    __slots__ = ("_small", "points", "rests", "starts", "stops")

    def __init__(self) -> None:
        self._small = True  # whether all keys are whole numbers of at most 64 bits
        self.starts: Any = array("q")
        self.stops: Any = array("q")
        self.rests: list[Any] | None = None
        self.points: list[Key] = []  # features of length zero that were widened

    def add(self, starts: Any, stops: Any, rests: list[Any] | None) -> None:
        """Append items.

        Cost: 16 bytes an item where keys are whole numbers and nothing else is kept.
        """
        try:
            if self._small:
                starts, stops = array("q", starts), array("q", stops)
        except (OverflowError, TypeError):  # an IPv6 address, a date
            self.starts, self.stops, self._small = list(self.starts), list(self.stops), False
        self.starts.extend(starts)
        self.stops.extend(stops)
        if rests is not None:
            self.rests = rests if self.rests is None else self.rests + rests

    def extend(self, later: Items) -> None:
        """Append the items of a later part of the input."""
        self.add(later.starts, later.stops, later.rests)
        self.points += later.points

    def clipped(self, start: Key, stop: Key) -> Items:
        """Return what lies in a window; `None` is no limit."""
        kept = Items()
        kept.add(*clip((self.starts, self.stops, self.rests), start, stop))
        kept.points = self.points
        return kept

    def rows(self) -> Iterator[Item]:
        """Give the items in the order in which they were read."""
        return rows_of(self.starts, self.stops, self.rests)

    def in_order(self) -> list[Item]:
        """Return the items by start, then in the order in which they were read."""
        return sorted(self.rows(), key=itemgetter(0))

    def chunks(self) -> Iterable[Chunk]:
        """Return starts and stops, sorted each for itself.

            starts   0   3         10       the third start lies behind the second stop:
            stops          5    8       12  what has begun has ended, so a span ends at 8

        Where only points count, it does not matter which of them belong together.
        """
        return [(sorted(self.starts), sorted(self.stops), None)]


Gathered = defaultdict[Any, Items]


def rows_of(starts: Any, stops: Any, rests: Any) -> Iterator[Item]:
    """Give the rows of columns."""
    return zip(starts, stops, repeat(None) if rests is None else rests)  # noqa: B905  some are endless


def clip(chunk: Chunk, start: Key, stop: Key) -> Chunk:
    """Cut columns at the ends of a window, and leave out what is outside."""
    kept = [
        (a if start is None or start < a else start, b if stop is None or b < stop else stop, rest)
        for a, b, rest in rows_of(*chunk)
        if (stop is None or a < stop) and (start is None or start < b)
    ]
    starts, stops, rests = ([row[i] for row in kept] for i in range(3))
    return starts, stops, None if chunk[2] is None else rests


def gather(block: Block, groups: Gathered) -> None:
    """Append the rows of a block to the items of their groups."""
    if block.uniform and block.groups:
        groups[block.groups[0]].add(block.starts, block.stops, block.rests)
    else:
        rows: dict[Any, list[int]] = defaultdict(list)
        for row, group in enumerate(block.groups):
            rows[group].append(row)
        columns = (block.starts, block.stops, block.rests)
        for group, some in rows.items():
            starts, stops, rests = (c and list(map(c.__getitem__, some)) for c in columns)
            groups[group].add(starts, stops, rests)
    for group, point in block.points:
        groups[group].points.append(point)


def natural(group: Any) -> Any:
    """Return what orders groups as people count: chr2 before chr10."""
    runs = (groupby(cell, str.isdecimal) for cell in parts_of(group))
    return [[_rank("".join(part)) for _, part in run] for run in runs]


def _rank(part: str) -> tuple[bool, int, str, str]:
    """Return what orders digits by their number, before all else; they may be very many."""
    digits = part.lstrip("0") if part.isdecimal() else ""
    return not part.isdecimal(), len(digits), digits, part


def in_groups(
    blocks: Iterable[Block], source: Source, order: Callable[[Any], Any] | None, *, leading: bool
) -> Iterator[Sorted]:
    """Yield the rows of sorted blocks as chunks of one group each.

    What the format itself keeps apart are the sections; they are sorted by start.  With an order,
    they have to be in that order; else in one piece each.  Where only the options make groups
    (not `leading`), all is one section, and sorted are the groups.

    Raises: UnreadableError at the first row that is not sorted.
    """
    last: Any = None
    ends: dict[Any, Key] = {}  # the last start
    for block in blocks:
        row = 0
        for group, size in _sizes(block):
            section, end = parts_of(group)[0] if leading else "", row + size
            starts = block.starts[row:end]
            if section != last:
                if section in ends or (order and ends and order(section) < order(last)):
                    how = "in the order of their names" if order else "in one piece each"
                    what = f"group {section!r} after {last!r}, want groups {how}"
                    raise _unsorted(source, block.line_of(row), what)
                last = section
            key = section if leading else group
            before = [ends[key], *starts] if key in ends else starts
            if before != sorted(before):
                steps = enumerate(zip(before, before[1:], strict=False))
                found, (left, right) = next(step for step in steps if step[1][1] < step[1][0])
                line = block.line_of(row + found + (key not in ends))
                raise _unsorted(source, line, f"start {right!r} after {left!r}")
            ends[key] = starts[-1]
            rests = block.rests and block.rests[row:end]
            yield section, group, (starts, block.stops[row:end], rests)
            row = end


def _sizes(block: Block) -> list[tuple[Any, int]]:
    groups = block.groups
    if block.uniform:
        return [(groups[0], len(groups))]
    return [(group, sum(1 for _ in run)) for group, run in groupby(groups)]


def _unsorted(source: Source, number: int, what: str) -> UnreadableError:
    return UnreadableError(f"{source.name}:{number}: not sorted: {what}")
