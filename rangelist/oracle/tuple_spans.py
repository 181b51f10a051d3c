"""The first oracle: the list is a sorted list of tuples.  Read it as the specification.

Every write makes a new list of rows and stores it as its last act; whatever raises before that has
changed nothing.  A write cuts, writes, and then looks at each border it wrote, left first.
"""

from __future__ import annotations

from collections.abc import Container

from rangelist.oracle.bag import Bag
from rangelist.oracle.hooks import Hooks
from rangelist.oracle.place import Row
from rangelist.oracle.reads import Reads
from rangelist.oracle.spec import Refusal
from rangelist.oracle.tuple_walks import TupleWalks

__all__ = ["TupleSpans", "span"]


class TupleSpans(Reads, TupleWalks, Bag):
    """Disjoint rows (start, stop, value) in order."""

    def __init__(self, hooks: Hooks) -> None:
        TupleWalks.__init__(self)
        Bag.__init__(self, lambda: type(self)(hooks))
        self.hooks = hooks
        self.rows: list[Row] = []

    def rows_now(self) -> list[Row]:
        return self.rows

    # ---- the three acts ------------------------------------------------------------------------

    def cut(self, rows: list[Row], at: int) -> list[Row]:
        """Return rows with a border at `at`: the row that strictly contains it becomes two."""
        for i, (start, stop, value) in enumerate(rows):
            if start < at < stop:
                low, high = self.hooks.split(value)
                return [*rows[:i], (start, at, low), (at, stop, high), *rows[i + 1 :]]
        return rows

    def carve(self, start: int, stop: int) -> tuple[list[Row], list[Row], list[Row]]:
        """Return the rows before, inside and behind the span, cut at its ends."""
        rows = self.cut(self.cut(self.rows, start), stop)
        before = [row for row in rows if row[1] <= start]
        behind = [row for row in rows if stop <= row[0]]
        return before, rows[len(before) : len(rows) - len(behind)], behind

    def settle(self, rows: list[Row], borders: Container[int]) -> int:
        """Store rows, merged where they touch at a border and are the same; say how often."""
        merges, out = 0, list[Row]()
        for row in rows:
            if out and out[-1][1] == row[0] and row[0] in borders:
                left = out[-1]
                if self.hooks.same(left[2], row[2]):
                    out[-1] = (left[0], row[1], self.hooks.merge(left[2], row[2]))
                    merges += 1
                    continue
            out.append(row)
        self.rows = out
        return merges

    def write(self, start: int, stop: int, made: list[Row]) -> int:
        """Put `made` where the span was; every row of it looks at its two borders."""
        before, _, behind = self.carve(start, stop)
        self.settle(before + made + behind, [end for row in made for end in row[:2]])
        return len(made)

    # ---- writes by span ------------------------------------------------------------------------

    def set(self, start: int, stop: int, value: str) -> Row | None:
        span(start, stop)
        whole = self.at(start)
        if whole is None or whole[1] < stop or not self.says_nothing_new(whole, start, stop, value):
            self.write(start, stop, [(start, stop, value)])
        return self.at(start)

    def says_nothing_new(self, whole: Row, start: int, stop: int, value: str) -> bool:
        """Tell whether writing inside one row would only cut it and join it again."""
        same, old = self.hooks.same, whole[2]
        if whole[0] < start:  # asked as the cut would be
            return same(old, value)
        return same(value, old) and (stop < whole[1] or same(old, value))

    def insert(self, start: int, stop: int, value: str) -> Row | None:
        span(start, stop)
        if self.overlapping(start, stop):
            raise Refusal("Overlap")
        self.write(start, stop, [(start, stop, value)])
        return self.at(start)

    def fill(self, start: int, stop: int, value: str) -> int:
        span(start, stop)
        made = [(a, b, value) for a, b in self.gaps(start, stop)]
        self.settle(sorted(self.rows + made), [end for row in made for end in row[:2]])
        return len(made)

    def add(self, start: int, stop: int, value: str) -> int:
        span(start, stop)
        inside = self.carve(start, stop)[1]
        made = [(a, b, self.hooks.overlap(old, value)) for a, b, old in inside]
        return self.write(
            start, stop, sorted(made + [(*gap, value) for gap in self.gaps(start, stop)])
        )

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
        if gaps == "raise" and self.gaps(*ends):
            raise Refusal("Gap")
        inside = self.carve(*ends)[1]
        made = [(a, b, old + value if fn == "join" else value) for a, b, old in inside]
        self.write(*ends, made if fn != "drop" else [])
        return len(made)

    def remove(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        if (ends := self.ends(start, stop)) is None:
            return []
        before, inside, behind = self.carve(*ends)
        self.rows = before + behind
        return inside

    def coalesce(self, start: int | None = None, stop: int | None = None) -> int:
        return self.settle(self.rows, self.borders(start, stop))

    def clear(self) -> None:
        self.rows = []


def span(start: int, stop: int) -> None:
    """Refuse what is not start < stop."""
    if not start < stop:
        raise Refusal("EmptySpan")
