"""The second oracle: the list is a table, point -> (name of the interval, value).

There are no spans in it, so nothing can be wrong about them.  Slow and obvious, for small keys.
"""

from __future__ import annotations

from collections.abc import Iterable

from rangelist.oracle.bag import Bag
from rangelist.oracle.dense_walks import DenseWalks
from rangelist.oracle.hooks import Hooks
from rangelist.oracle.place import Row
from rangelist.oracle.spec import Refusal

__all__ = ["DenseSpans", "span"]


class DenseSpans(DenseWalks, Bag):
    """One entry per covered point."""

    def __init__(self, hooks: Hooks) -> None:
        DenseWalks.__init__(self)
        Bag.__init__(self, lambda: type(self)(hooks))
        self.hooks = hooks
        self.names = 0

    # ---- paint, cut, join ------------------------------------------------------------------------

    def paint(self, points: Iterable[int], value: str) -> None:
        self.names += 1
        for point in points:
            self.cells[point] = self.names, value

    def cut(self, *borders: int) -> None:
        """Give what is right of each border a name of its own; a refusal leaves all as it was."""
        kept = dict(self.cells)
        for at in borders:
            if self.name(at) is not None and self.name(at - 1) == self.name(at):
                whole = self.points_of(at)
                try:
                    low, high = self.hooks.split(self.cells[at][1])
                except Refusal:
                    self.cells = kept
                    raise
                self.paint([p for p in whole if p < at], low)
                self.paint([p for p in whole if p >= at], high)

    def join(self, borders: Iterable[int]) -> int:
        """Merge across each border, from left to right, where both sides are the same."""
        merges = 0
        for at in sorted(set(borders)):
            if self.is_border(at) and self.hooks.same(self.cells[at - 1][1], self.cells[at][1]):
                value = self.hooks.merge(self.cells[at - 1][1], self.cells[at][1])
                self.paint(self.points_of(at - 1) + self.points_of(at), value)
                merges += 1
        return merges

    def is_border(self, at: int) -> bool:
        left, right = self.name(at - 1), self.name(at)
        return left is not None and right is not None and left != right

    def rewrite(self, parts: list[Row]) -> int:
        """Paint each part as an interval of its own, then look at the borders of all of them."""
        for start, stop, value in parts:
            self.paint(range(start, stop), value)
        self.join(end for part in parts for end in part[:2])
        return len(parts)

    # ---- writes by span --------------------------------------------------------------------------

    def set(self, start: int, stop: int, value: str) -> Row | None:
        span(start, stop)
        if not self.is_said_already(start, stop, value):
            self.cut(start, stop)
            self.rewrite([(start, stop, value)])
        return self.at(start)

    def is_said_already(self, start: int, stop: int, value: str) -> bool:
        if len({self.name(point) for point in range(start, stop)}) > 1 or start not in self.cells:
            return False
        old = self.cells[start][1]
        whole = self.points_of(start)
        if start - 1 in whole:
            return self.hooks.same(old, value)
        return self.hooks.same(value, old) and (stop in whole or self.hooks.same(old, value))

    def insert(self, start: int, stop: int, value: str) -> Row | None:
        span(start, stop)
        if any(point in self.cells for point in range(start, stop)):
            raise Refusal("Overlap")
        self.rewrite([(start, stop, value)])
        return self.at(start)

    def fill(self, start: int, stop: int, value: str) -> int:
        span(start, stop)
        return self.rewrite([(a, b, value) for a, b in self.gaps(start, stop)])

    def add(self, start: int, stop: int, value: str) -> int:
        span(start, stop)
        kept = dict(self.cells)
        self.cut(start, stop)
        try:
            covered = [
                (a, b, self.hooks.overlap(old, value)) for a, b, old in self.inside(start, stop)
            ]
        except Refusal:
            self.cells = kept
            raise
        return self.rewrite(sorted(covered + [(*gap, value) for gap in self.gaps(start, stop)]))

    def update(
        self,
        fn: str,
        start: int | None = None,
        stop: int | None = None,
        value: str = "",
        gaps: str = "skip",
    ) -> int:
        if (ends := self.ends(start, stop)) is None:
            return 0
        if gaps == "raise" and any(point not in self.cells for point in range(*ends)):
            raise Refusal("Gap")
        self.cut(*ends)
        parts = self.inside(*ends)
        if fn == "drop":
            return len(self.remove(*ends))
        return self.rewrite([(a, b, old + value if fn == "join" else value) for a, b, old in parts])

    def remove(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        if (ends := self.ends(start, stop)) is None:
            return []
        self.cut(*ends)
        gone = self.inside(*ends)
        for point in range(*ends):
            self.cells.pop(point, None)
        return gone

    def coalesce(self, start: int | None = None, stop: int | None = None) -> int:
        return self.join(self.borders(start, stop))

    def clear(self) -> None:
        self.cells = {}


def span(start: int, stop: int) -> None:
    """Refuse what is not start < stop."""
    if not start < stop:
        raise Refusal("EmptySpan")
