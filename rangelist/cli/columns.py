"""The items of a group as columns: whole numbers take 8 bytes each, and are merged without a loop.

    lines   ->  collect   ->   a Columns for each group   ->   covered   ->   a stream

Columns travel between processes as they are.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, compress, islice, repeat
from operator import ge, gt
from typing import Any

from rangelist.formats import Record
from rangelist.formats.kinds import Key
from rangelist.node import Piece

__all__ = ["Collected", "Columns", "collect"]

Item = tuple[Key, Key, Any]
Column = Any  # an array of whole numbers, or a list of keys


class Columns:
    """Items in the order in which they were read; to iterate gives them as tuples."""

    __slots__ = ("starts", "stops", "values")

    def __init__(self) -> None:
        self.starts: Column = array("q")
        self.stops: Column = array("q")
        self.values: list[Any] = []

    def __iter__(self) -> Iterator[Item]:
        return zip(self.starts, self.stops, self.values, strict=True)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def whole(self) -> bool:
        """Whether all keys are whole numbers of at most 64 bits."""
        return isinstance(self.starts, array)

    def widen(self) -> None:
        """Make room for keys of any kind, and forget half an item."""
        count = len(self)
        self.starts, self.stops = list(self.starts[:count]), list(self.stops[:count])

    def extend(self, later: Columns) -> None:
        """Append the items of a later part of the input."""
        if self.whole is not later.whole:
            self.widen()
            later.widen()
        self.starts += later.starts
        self.stops += later.stops
        self.values += later.values

    def covered(self, *, touching: bool) -> Iterator[Piece[Key, Any]]:
        """Yield what `job.covered` gives for the sorted items; for whole numbers only.

            starts   0   3         10       the third start lies behind the second stop:
            stops          5    8       12  what has begun has ended, so a span ends at 8

        Starts and stops are sorted each for itself: it does not matter which belong together.
        """
        starts, stops = sorted(self.starts), sorted(self.stops)
        free = list(map(gt if touching else ge, islice(starts, 1, None), stops))
        begins = chain(starts[:1], compress(islice(starts, 1, None), free))
        ends = chain(compress(stops, free), stops[-1:])
        return map(Piece, begins, ends, repeat(None))


Collected = defaultdict[str, Columns]


def collect(records: Iterable[Record], groups: Collected) -> None:
    """Append records to the columns of their groups.

    Cost: 24 bytes a record, where keys are whole numbers and there are no values.
    """
    for group, start, stop, value in records:
        columns = groups[group]
        try:
            columns.starts.append(start)
            columns.stops.append(stop)
        except (OverflowError, TypeError):  # an IPv6 address, a date
            columns.widen()
            columns.starts.append(start)
            columns.stops.append(stop)
        columns.values.append(value)
