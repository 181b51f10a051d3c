"""collections_extended.RangeMap: disjoint, equal values joined where they touch."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version as version_of

from collections_extended import RangeMap
from common import BASIC, HOOKS, WALK, Walks, span

from rangelist.oracle.spec import Line, Row


class Extended:
    capabilities = (*HOOKS, *BASIC, "slice", "overlapping")
    version = version_of("collections-extended")

    def __init__(self, header: Line) -> None:
        self.map = RangeMap()

    def rows(self) -> Iterator[Row]:
        for start, stop, value in self.map.ranges():  # noqa: UP028 - what it gives is no tuple
            yield start, stop, value

    def dump(self) -> list[Row]:
        return list(self.rows())

    def set(self, start: int, stop: int, value: str) -> Row | None:
        span(start, stop)
        self.map.set(value, start, stop)
        return self.at(start)

    def remove(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        if start is not None and stop is not None:
            span(start, stop)
        gone = self.slice(start, stop)
        self.map.empty(start, stop)
        return gone

    def slice(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        if start is not None and stop is not None:
            if stop < start:
                span(start, stop)
            if start == stop:
                return []
        return [(low, high, value) for low, high, value in self.map.get_range(start, stop).ranges()]

    def overlapping(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        return [row for row in map(self.at, (low for low, _, _ in self.slice(start, stop))) if row]

    def clear(self) -> None:
        self.map.clear()

    def len(self) -> int:
        return len(self.map)

    def at(self, key: int) -> Row | None:
        for low, high, value in self.map.ranges():
            if low <= key < high:
                return low, high, value
        return None


class ExtendedWalk(Walks, Extended):
    capabilities = (*Extended.capabilities, *WALK)

    def __init__(self, header: Line) -> None:
        Extended.__init__(self, header)
        Walks.__init__(self)

    rows = Extended.rows
