"""The second oracle, completed: writes that name an interval, or carry points elsewhere."""

from __future__ import annotations

from rangelist.oracle.dense_spans import DenseSpans, span
from rangelist.oracle.place import Row
from rangelist.oracle.spec import Refusal

__all__ = ["Dense"]


class Dense(DenseSpans):
    """One entry per covered point."""

    def whole(self, key: int) -> Row:
        if (row := self.at(key)) is None:
            raise Refusal("Missing")
        return row

    def split(self, at: int, keep: str = "left") -> Row | None:
        if at not in self.cells or self.name(at - 1) != self.name(at):
            return None
        self.cut(at)
        return self.at(at)

    def merge(
        self, left: int, right: int, value: str | None = None, keep: str = "left"
    ) -> Row | None:
        low, high = self.whole(left), self.whole(right)
        if low[1] != high[0]:
            raise Refusal("NotTouching")
        self.paint(
            range(low[0], high[1]), self.hooks.merge(low[2], high[2]) if value is None else value
        )
        return self.at(left)

    def replace(self, at: int, value: str) -> Row | None:
        start, stop, _ = self.whole(at)
        self.rewrite([(start, stop, value)])
        return self.at(start)

    def resize(self, at: int, start: int | None = None, stop: int | None = None) -> Row | None:
        old = self.whole(at)
        new = old[0] if start is None else start, old[1] if stop is None else stop
        span(*new)
        way = range(min(old[0], new[0]), max(old[1], new[1]))
        if any(self.name(point) not in (None, self.name(at)) for point in way):
            raise Refusal("Overlap")
        self.cut(*(at for at in new if old[0] < at < old[1]))
        value = self.cells.get(max(new[0], old[0]), (0, old[2]))[1]
        for point in range(*old[:2]):
            del self.cells[point]
        self.rewrite([(*new, value)])
        return self.at(new[0])

    def slice(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        low, high = self.window(start, stop)
        kept = dict(self.cells)
        if low < high:
            self.cut(low, high)
        found = self.inside(low, high)
        self.cells = kept
        return found

    def discard(self, at: int) -> Row:
        gone = self.whole(at)
        for point in range(*gone[:2]):
            del self.cells[point]
        return gone

    # ---- writes that carry points elsewhere ----

    def move(self, start: int, stop: int, to: int, overwrite: bool = False) -> None:
        span(start, stop)
        kept = dict(self.cells)
        self.cut(start, stop)
        taken = {
            point + to - start: self.cells.pop(point)
            for point in range(start, stop)
            if point in self.cells
        }
        try:
            if overwrite:
                self.remove(to, to + stop - start)
            elif any(point in self.cells for point in range(to, to + stop - start)):
                raise Refusal("Overlap")
        except Refusal:
            self.cells = kept
            raise
        self.cells |= taken
        self.join(p for p in range(to, to + stop - start + 1) if p in taken or p - 1 in taken)

    def shift(self, at: int, by: int) -> None:
        if by == 0:
            return
        gone = at - by if by < 0 else at
        self.cut(at, gone)
        cells = {p: cell for p, cell in self.cells.items() if p < at}
        cells |= {p + by: cell for p, cell in self.cells.items() if p >= gone}
        self.cells = cells
        self.join([at] if by < 0 else [])
