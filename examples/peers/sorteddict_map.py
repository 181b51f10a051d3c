"""A range map as one writes it on sortedcontainers.SortedDict: start -> (stop, value).

The library stores points; cutting and joining are the writer's.  So what is tested here is the
recipe, and in `SortedWalk` the library's iteration below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version as version_of

from common import BASIC, HOOKS, WALK, Walks, span
from sortedcontainers import SortedDict

from rangelist.oracle.spec import Line, Row


class Sorted:
    capabilities = (*HOOKS, *BASIC, "floor", "higher", "first", "last")
    version = version_of("sortedcontainers")

    def __init__(self, header: Line) -> None:
        self.spans: SortedDict = SortedDict()

    def rows(self) -> Iterator[Row]:
        for start, (stop, value) in self.spans.items():
            yield start, stop, value

    def dump(self) -> list[Row]:
        return list(self.rows())

    def row(self, i: int) -> Row | None:
        if not 0 <= i < len(self.spans):
            return None
        start, (stop, value) = self.spans.peekitem(i)
        return start, stop, value

    def cut(self, at: int) -> None:
        row = self.at(at)
        if row is not None and row[0] < at:
            self.spans[row[0]] = at, row[2]
            self.spans[at] = row[1], row[2]

    def join(self, at: int) -> None:
        left = self.row(self.spans.bisect_left(at) - 1)
        if left is not None and left[1] == at and at in self.spans:
            stop, value = self.spans[at]
            if value == left[2]:
                del self.spans[at]
                self.spans[left[0]] = stop, value

    def set(self, start: int, stop: int, value: str) -> Row | None:
        self.remove(start, stop)
        self.spans[start] = stop, value
        self.join(start)
        self.join(stop)
        return self.at(start)

    def remove(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        if start is not None and stop is not None:
            span(start, stop)
        if not self.spans:
            return []
        start = self.spans.peekitem(0)[0] if start is None else start
        stop = self.spans.peekitem(-1)[1][0] if stop is None else stop
        self.cut(start)
        self.cut(stop)
        gone = [
            (key, *self.spans[key]) for key in list(self.spans.irange(start, stop, (True, False)))
        ]
        for key, _, _ in gone:
            del self.spans[key]
        return gone

    def clear(self) -> None:
        self.spans.clear()

    def len(self) -> int:
        return len(self.spans)

    def at(self, key: int) -> Row | None:
        row = self.floor(key)
        return row if row is not None and key < row[1] else None

    def floor(self, key: int) -> Row | None:
        return self.row(self.spans.bisect_right(key) - 1)

    def higher(self, key: int) -> Row | None:
        return self.row(self.spans.bisect_right(key))

    def first(self) -> Row | None:
        return self.row(0)

    def last(self) -> Row | None:
        return self.row(len(self.spans) - 1)


class SortedWalk(Walks, Sorted):
    capabilities = (*Sorted.capabilities, *WALK)

    def __init__(self, header: Line) -> None:
        Sorted.__init__(self, header)
        Walks.__init__(self)

    rows = Sorted.rows
