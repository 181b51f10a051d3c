"""The first oracle, completed: writes that name a node, and those that carry rows elsewhere.

A node has no identity here: a key that it covers stands for it, and `keep`, which says who
survives, changes nothing that could be seen.
"""

from __future__ import annotations

from rangelist.oracle.place import Row
from rangelist.oracle.spec import Refusal
from rangelist.oracle.tuple_spans import TupleSpans, span

__all__ = ["Tuples"]


class Tuples(TupleSpans):
    """Disjoint rows (start, stop, value) in order."""

    def node(self, key: int) -> Row:
        row = self.at(key)
        if row is None:
            raise Refusal("Missing")
        return row

    def split(self, at: int, keep: str = "left") -> Row | None:
        whole = self.at(at)
        if whole is None or whole[0] == at:
            return None
        self.rows = self.cut(self.rows, at)
        return self.at(at)

    def merge(
        self, left: int, right: int, value: str | None = None, keep: str = "left"
    ) -> Row | None:
        low, high = self.node(left), self.node(right)
        if low[1] != high[0]:
            raise Refusal("NotTouching")
        whole = (low[0], high[1], self.hooks.merge(low[2], high[2]) if value is None else value)
        self.rows = [whole if row == low else row for row in self.rows if row != high]
        return whole

    def replace(self, at: int, value: str) -> Row | None:
        return self.put(self.node(at), (*self.node(at)[:2], value))

    def resize(self, at: int, start: int | None = None, stop: int | None = None) -> Row | None:
        old = self.node(at)
        a, b = old[0] if start is None else start, old[1] if stop is None else stop
        span(a, b)
        value = old[2]
        if old[0] < a < old[1]:  # what falls off is cut off
            value = self.hooks.split(value)[1]
        if old[0] < b < old[1]:
            value = self.hooks.split(value)[0]
        return self.put(old, (a, b, value))

    def put(self, old: Row, new: Row) -> Row | None:
        rest = [row for row in self.rows if row != old]
        # A node cannot jump over its neighbour either.
        low, high = min(old[0], new[0]), max(old[1], new[1])
        if any(low < row[1] and row[0] < high for row in rest):
            raise Refusal("Overlap")
        self.settle(sorted([*rest, new]), new[:2])
        return self.at(new[0])

    def slice(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        low, high = self.window(start, stop)
        return self.carve(low, high)[1] if low < high else []

    def discard(self, at: int) -> Row:
        gone = self.node(at)
        self.rows = [row for row in self.rows if row != gone]
        return gone

    # ---- writes that carry rows elsewhere ----

    def move(self, start: int, stop: int, to: int, overwrite: bool = False) -> None:
        span(start, stop)
        by = to - start
        before, inside, behind = self.carve(start, stop)
        moved = [(a + by, b + by, value) for a, b, value in inside]
        rest = before + behind
        if overwrite:
            there = TupleSpans(self.hooks)
            there.rows = rest
            there.remove(to, stop + by)
            rest = there.rows
        elif any(to < row[1] and row[0] < stop + by for row in rest):
            raise Refusal("Overlap")
        self.settle(sorted(rest + moved), [end for row in moved for end in row[:2]])

    def shift(self, at: int, by: int) -> None:
        if by == 0:
            return
        gone = at - by if by < 0 else at
        before, _, behind = self.carve(at, gone)
        self.settle(
            before + [(a + by, b + by, value) for a, b, value in behind], [at] if by < 0 else []
        )
