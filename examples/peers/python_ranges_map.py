"""ranges.RangeDict (distribution python-ranges): disjoint, ranges grouped by equal value."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version as version_of

from common import BASIC, HOOKS, WALK, Walks, span
from ranges import Range, RangeDict

from rangelist.oracle.spec import Line, Row


class Ranges:
    capabilities = (*HOOKS, *(word for word in BASIC if word != "remove"), "overlapping")
    version = version_of("python-ranges")

    def __init__(self, header: Line) -> None:
        self.dict = RangeDict()

    def rows(self) -> Iterator[Row]:
        for sets, value in self.dict.items():
            for one in sets:
                for part in one.ranges():
                    yield part.start, part.end, value

    def dump(self) -> list[Row]:
        return sorted(self.rows())

    def set(self, start: int, stop: int, value: str) -> Row | None:
        span(start, stop)
        self.dict[Range(start, stop)] = value
        return self.at(start)

    def overlapping(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        if start is not None and stop is not None:
            if stop < start:
                span(start, stop)
            if start == stop:
                return []
        rows = self.dump()
        if not rows:
            return []
        low = rows[0][0] if start is None else start
        high = rows[-1][1] if stop is None else stop
        if not low < high:
            return []
        wanted = Range(low, high)
        return [row for row in rows if not Range(row[0], row[1]).isdisjoint(wanted)]

    def clear(self) -> None:
        self.dict.clear()

    def len(self) -> int:
        return len(self.dump())

    def at(self, key: int) -> Row | None:
        if key not in self.dict:
            return None
        part = self.dict.getrange(key)
        return part.start, part.end, self.dict[key]


class RangesWalk(Walks, Ranges):
    capabilities = (*Ranges.capabilities, *WALK)

    def __init__(self, header: Line) -> None:
        Ranges.__init__(self, header)
        Walks.__init__(self)

    rows = Ranges.rows
