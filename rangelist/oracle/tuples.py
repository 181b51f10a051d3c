"""The first oracle: the list is a sorted list of rows.  Read it as the specification.

Every write works on a copy of the rows and stores it as its last act; whatever raises before that
has changed nothing.  A write cuts, puts, and then looks at each border it wrote, left first.

A node has no identity here: a key that it covers stands for it, and `keep`, which says which one
survives, changes nothing that could be seen.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from rangelist.oracle.hooks import DEFAULTS, Hooks
from rangelist.oracle.model import DROP, FIRST, Model, Place, span
from rangelist.oracle.spec import Refusal, Row

__all__ = ["Tuples"]

START, STOP = itemgetter(0), itemgetter(1)


class Tuples(Model):
    """Disjoint rows (start, stop, value) in order."""

    def __init__(self, hooks: Hooks = DEFAULTS, bag: Sequence[str] = FIRST) -> None:
        super().__init__(hooks, bag)
        self.rows: list[Row] = []

    def rows_now(self) -> list[Row]:
        return self.rows

    def at(self, key: int) -> Row | None:
        i = bisect_right(self.rows, key, key=STOP)
        return self.rows[i] if i < len(self.rows) and self.rows[i].start <= key else None

    # ---- the three acts: cut, put, look at the borders -------------------------------------------

    def cut(self, rows: list[Row], at: int) -> int:
        """Make a border at `at`, if a row strictly contains it; return how many rows lie before."""
        i = bisect_right(rows, at, key=STOP)
        if i == len(rows) or rows[i].start >= at:
            return i
        row = rows[i]
        low, high = self.hooks.split(row, at)
        rows[i : i + 1] = Row(row.start, at, low), Row(at, row.stop, high)
        return i + 1

    def clip(self, row: Row, start: int, stop: int) -> Row:
        if row.start < start:
            row = Row(start, row.stop, self.hooks.split(row, start)[1])
        if stop < row.stop:
            row = Row(row.start, stop, self.hooks.split(row, stop)[0])
        return row

    def carve(self, start: int, stop: int) -> tuple[list[Row], int, int]:
        """Return a copy of the rows, cut at both ends of a span, and which rows lie inside."""
        rows = self.rows.copy()
        low = self.cut(rows, start)
        return rows, low, self.cut(rows, stop)

    def look(self, rows: list[Row], borders: Iterable[int]) -> int:
        """Merge where two rows touch at a border and are the same, from left to right; store."""
        merges = 0
        for at in borders:
            i = bisect_left(rows, at, key=START)
            if not 0 < i < len(rows):
                continue
            left, right = rows[i - 1], rows[i]
            if left.stop == at == right.start and self.hooks.same(left, right):
                rows[i - 1 : i + 1] = [Row(left.start, right.stop, self.hooks.merge(left, right))]
                merges += 1
        self.rows = rows
        return merges

    def put(self, rows: list[Row], made: list[Row]) -> int:
        """Put rows into space that is free; each looks at its two borders."""
        for row in made:
            rows.insert(bisect_left(rows, row.start, key=START), row)
        self.look(rows, sorted({end for row in made for end in row[:2]}))
        return len(made)

    def newcomer(self, start: int, stop: int, value: Any) -> dict[int, Any]:
        """Return the value of a newcomer from each border on where a node begins or ends in it."""
        rest, values = Row(start, stop, value), dict[int, Any]()
        ends = {end for row in self.overlapping(start, stop) for end in row[:2]}
        for at in sorted(end for end in ends if start < end < stop):
            values[rest.start], high = self.hooks.split(rest, at)
            rest = Row(at, stop, high)
        return values | {rest.start: rest.value}

    # ---- writes of spans -------------------------------------------------------------------------

    def set(self, start: int, stop: int, value: Any) -> Row | None:
        span(start, stop)
        whole = self.at(start)
        if whole is not None and stop <= whole.stop and self.says_nothing_new(whole, value):
            return whole
        rows, low, high = self.carve(start, stop)
        rows[low:high] = [Row(start, stop, value)]
        self.look(rows, (start, stop))
        return self.at(start)

    def insert(self, start: int, stop: int, value: Any) -> Row | None:
        span(start, stop)
        if self.overlapping(start, stop):
            raise Refusal("Overlap")
        self.put(self.rows.copy(), [Row(start, stop, value)])
        return self.at(start)

    def fill(self, start: int, stop: int, value: Any) -> int:
        span(start, stop)
        new = self.newcomer(start, stop, value)
        return self.put(self.rows.copy(), [Row(a, b, new[a]) for a, b in self.gaps(start, stop)])

    def add(self, start: int, stop: int, value: Any) -> int:
        span(start, stop)
        rows, low, high = self.carve(start, stop)
        new = self.newcomer(start, stop, value)
        overlap = self.hooks.overlap
        made = [Row(a, b, overlap(old, new[a])) for a, b, old in rows[low:high]]
        del rows[low:high]
        return self.put(rows, made + [Row(a, b, new[a]) for a, b in self.gaps(start, stop)])

    def transform(
        self,
        fn: Callable[[Row], Any],
        start: int | None = None,
        stop: int | None = None,
        gaps: str = "skip",
    ) -> int:
        if (ends := self.ends(start, stop)) is None:
            return 0
        if gaps == "raise" and self.gaps(*ends):
            raise Refusal("Gap")
        rows, low, high = self.carve(*ends)
        answers = [(row, fn(row)) for row in rows[low:high]]
        rows[low:high] = []
        self.put(rows, [Row(a, b, new) for (a, b, _), new in answers if new is not DROP])
        return len(answers)

    def remove(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        if (ends := self.ends(start, stop)) is None:
            return []
        rows, low, high = self.carve(*ends)
        gone = rows[low:high]
        del rows[low:high]
        self.rows = rows
        return gone

    def coalesce(self, start: int | None = None, stop: int | None = None) -> int:
        low, high = self.closed(start, stop)
        return self.look(self.rows.copy(), [a for a, _, _ in self.rows if low <= a <= high])

    def clear(self) -> None:
        self.rows = []

    def move(self, start: int, stop: int, to: int, overwrite: bool = False) -> None:
        span(start, stop)
        by, end = to - start, to + stop - start
        kept = self.rows
        moved = [Row(a + by, b + by, value) for a, b, value in self.remove(start, stop)]
        try:
            if overwrite:
                self.remove(to, end)
            elif self.overlapping(to, end):
                raise Refusal("Overlap")
            self.put(self.rows.copy(), moved)
        except BaseException:
            self.rows = kept
            raise

    def shift(self, at: int, by: int) -> None:
        if by == 0:
            return
        rows, low, high = self.carve(at, at if by > 0 else at - by)
        behind = [Row(a + by, b + by, value) for a, b, value in rows[high:]]
        self.look(rows[:low] + behind, [at] if by < 0 else [])

    # ---- writes of the node that covers a key ----------------------------------------------------

    def split(self, at: int, keep: str = "left") -> Row | None:
        whole = self.at(at)
        if whole is None or whole.start == at:
            return None
        self.rows, _, _ = self.carve(at, at)
        return self.at(at)

    def merge(self, left: int, right: int, value: Any = None, keep: str = "left") -> Row | None:
        low, high = self.whole(left), self.whole(right)
        if low.stop != high.start:
            raise Refusal("NotTouching")
        made = Row(low.start, high.stop, self.hooks.merge(low, high) if value is None else value)
        self.rows = [made if row == low else row for row in self.rows if row != high]
        return made

    def replace(self, at: int, value: Any) -> Row | None:
        old = self.whole(at)
        self.put([row for row in self.rows if row != old], [Row(old.start, old.stop, value)])
        return self.at(at)

    def resize(self, at: int, start: int | None = None, stop: int | None = None) -> Row | None:
        old = self.whole(at)
        a, b = old.start if start is None else start, old.stop if stop is None else stop
        span(a, b)
        rest = [row for row in self.rows if row != old]
        # A node cannot jump over its neighbour either.
        low, high = min(old.start, a), max(old.stop, b)
        if any(low < row.stop and row.start < high for row in rest):
            raise Refusal("Overlap")
        value = old.value
        if a < old.stop and old.start < b:  # what falls off is cut off
            value = self.clip(old, a, b).value
        self.put(rest, [Row(a, b, value)])
        return self.at(a)

    def discard(self, at: int) -> Row:
        gone = self.whole(at)
        self.rows = [row for row in self.rows if row != gone]
        return gone

    # ---- walks -----------------------------------------------------------------------------------
    # Starts and stops are the clipped ones.  What was delivered last lies in the window, so a row
    # that straddles an end of the window counts only where an edge may lie beyond that end.

    def row(self, i: int, place: Place) -> Row | None:
        """Return a row, if there is one and the window shows something of it."""
        if not 0 <= i < len(self.rows):
            return None
        start, stop = place.clip(*self.rows[i][:2])
        return self.rows[i] if start < stop else None

    def cover(self, place: Place) -> Row | None:
        if place.a is None or place.b is None:
            return None
        return self.at(place.a if place.up else place.b - 1)

    def beyond(self, place: Place, up: bool, edge: int | None) -> Row | None:
        """Return the first row with stop > edge; downwards the last one with start < edge."""
        lo, hi = place.lo, place.hi
        if up:
            if edge is None or (lo is not None and edge < lo):
                edge = lo
            if edge is not None and hi is not None and edge >= hi:
                return None
            return self.row(0 if edge is None else bisect_right(self.rows, edge, key=STOP), place)
        if edge is None or (hi is not None and hi < edge):
            edge = hi
        if edge is not None and lo is not None and edge <= lo:
            return None
        n = len(self.rows) if edge is None else bisect_left(self.rows, edge, key=START)
        return self.row(n - 1, place)

    def step(self, place: Place, up: bool) -> Row | None:
        a, b = place.a, place.b
        if a is None or b is None:
            # Before the first: everything lies ahead, nothing behind; or where a seek sent it.
            nothing = place.at is None and up == place.reverse
            return None if nothing else self.beyond(place, up, place.at)
        alive = self.cover(place)
        if up != place.up:  # turned round, L19
            return alive or self.beyond(place, up, a if up else b)
        if up:  # the first with start >= edge
            return self.row(bisect_left(self.rows, a + 1 if alive else b, key=START), place)
        return self.row(bisect_right(self.rows, b - 1 if alive else a, key=STOP) - 1, place)

    def sweep_step(self, place: Place) -> Row | None:
        up = not place.reverse
        passed = place.b if up else place.a  # the frontier
        row = self.beyond(place, up, passed)
        if row is None:
            return None
        start, stop = place.clip(row.start, row.stop)
        if passed is not None:
            start, stop = (max(start, passed), stop) if up else (start, min(stop, passed))
        return self.clip(row, start, stop)
