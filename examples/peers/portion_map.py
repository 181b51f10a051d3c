"""portion.IntervalDict: disjoint, equal values joined; all spans of one value share one key."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version as version_of

import portion
from common import BASIC, HOOKS, WALK, Walks, span

from rangelist.oracle.spec import Line, Row


class Portion:
    capabilities = (*HOOKS, *BASIC, "slice", "first", "last", "covers")
    version = version_of("portion")

    def __init__(self, header: Line) -> None:
        self.dict = portion.IntervalDict()

    def rows(self) -> Iterator[Row]:
        for interval, value in self.dict.items():
            for part in interval:
                yield part.lower, part.upper, value

    def dump(self) -> list[Row]:
        return sorted(self.rows())

    def set(self, start: int, stop: int, value: str) -> Row | None:
        span(start, stop)
        self.dict[portion.closedopen(start, stop)] = value
        return self.at(start)

    def remove(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        gone = self.slice(start, stop)
        if start is not None and stop is not None:
            span(start, stop)
        for low, high, _ in gone:
            del self.dict[portion.closedopen(low, high)]
        return gone

    def slice(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        if start is not None and stop is not None and stop < start:
            span(start, stop)
        low = -portion.inf if start is None else start
        high = portion.inf if stop is None else stop
        part = Portion({})
        part.dict = self.dict[portion.closedopen(low, high)]
        return part.dump()

    def clear(self) -> None:
        self.dict.clear()

    def len(self) -> int:
        return len(self.dump())

    def at(self, key: int) -> Row | None:
        value = self.dict.get(key)
        if value is None:
            return None
        part = next(part for part in self.dict.find(value) if key in part)
        return part.lower, part.upper, value

    def first(self) -> Row | None:
        return self.at(self.dict.domain().lower) if self.dict else None

    def last(self) -> Row | None:
        return self.dump()[-1] if self.dict else None

    def covers(self, start: int, stop: int) -> bool:
        if stop < start:
            span(start, stop)
        return portion.closedopen(start, stop) in self.dict.domain()


class PortionWalk(Walks, Portion):
    capabilities = (*Portion.capabilities, *WALK)

    def __init__(self, header: Line) -> None:
        Portion.__init__(self, header)
        Walks.__init__(self)

    rows = Portion.rows
