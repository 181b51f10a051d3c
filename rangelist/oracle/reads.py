"""What can be asked of a sorted list of rows without changing it.

The dense oracle answers the same questions point by point.
"""

from __future__ import annotations

from rangelist.oracle.place import Row
from rangelist.oracle.spec import Refusal

__all__ = ["Reads"]

Span = tuple[int | None, int | None]


class Reads:
    """Questions; a window whose end is `None` ends where the list ends."""

    def rows_now(self) -> list[Row]:
        raise NotImplementedError  # each model has its own

    def ends(self, start: int | None, stop: int | None) -> tuple[int, int] | None:
        """Return the window in numbers, `None` if it is empty."""
        rows = self.rows_now()
        if start is not None and stop is not None and not start < stop:
            raise Refusal("EmptySpan")
        if not rows and (start is None or stop is None):
            return None
        low = rows[0][0] if start is None else start
        high = rows[-1][1] if stop is None else stop
        return (low, high) if low < high else None

    def window(self, start: int | None, stop: int | None) -> tuple[int, int]:
        """Return the window of a read, which may be empty; (0, 0) stands for nothing at all."""
        if start is not None and start == stop:
            return 0, 0
        return self.ends(start, stop) or (0, 0)

    def borders(self, start: int | None, stop: int | None) -> range:
        """Return the keys in the closed window: one key is a window here."""
        if start is not None and start == stop:
            return range(start, start + 1)
        low, high = self.ends(start, stop) or (0, -1)
        return range(low, high + 1)

    def dump(self) -> list[Row]:
        return list(self.rows_now())

    def len(self) -> int:
        return len(self.rows_now())

    def at(self, key: int) -> Row | None:
        return next((row for row in self.rows_now() if row[0] <= key < row[1]), None)

    def locate(self, key: int) -> Row | Span:
        rows = self.rows_now()
        below = [row[1] for row in rows if row[1] <= key]
        above = [row[0] for row in rows if key < row[0]]
        return self.at(key) or (max(below, default=None), min(above, default=None))

    def overlapping(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        low, high = self.window(start, stop)
        return [row for row in self.rows_now() if row[0] < high and low < row[1]]

    def clipped(self, low: int, high: int) -> list[Row]:
        return [(max(a, low), min(b, high), v) for a, b, v in self.overlapping(low, high)]

    def tiles(self, start: int | None = None, stop: int | None = None) -> list[Row | Span]:
        low, high = self.window(start, stop)
        out: list[Row | Span] = []
        for row in self.clipped(low, high):
            if low < row[0]:
                out.append((low, row[0]))
            out.append(row)
            low = row[1]
        return [*out, (low, high)] if low < high else out

    def gaps(self, start: int | None = None, stop: int | None = None) -> list[tuple[int, int]]:
        low, high = self.window(start, stop)
        edges = [low, *(end for row in self.clipped(low, high) for end in row[:2]), high]
        return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]

    def covers(self, start: int, stop: int) -> bool:
        return not self.gaps(start, stop)

    def first(self) -> Row | None:
        return next(iter(self.rows_now()), None)

    def last(self) -> Row | None:
        return next(reversed(self.rows_now()), None)

    def floor(self, key: int) -> Row | None:
        return next((row for row in reversed(self.rows_now()) if row[0] <= key), None)

    def ceiling(self, key: int) -> Row | None:
        return next((row for row in self.rows_now() if row[0] >= key), None)

    def lower(self, key: int) -> Row | None:
        return next((row for row in reversed(self.rows_now()) if row[0] < key), None)

    def higher(self, key: int) -> Row | None:
        return next((row for row in self.rows_now() if row[0] > key), None)

    def find_gap(
        self,
        size: int,
        start: int | None = None,
        stop: int | None = None,
        align: int = 1,
        offset: int = 0,
        fit: str = "first",
    ) -> tuple[int, int] | None:
        """Return a free span of that size whose start is offset modulo align."""
        if size < 1:
            raise Refusal("EmptySpan")
        fitting: list[tuple[int, int, int]] = []
        for low, high in self.gaps(start, stop):
            place = low + (offset - low) % align
            if place + size <= high:
                fitting.append((high - low, place, high))
        if not fitting:
            return None
        if fit == "last":
            _, place, high = fitting[-1]
            place += (high - size - place) // align * align
        elif fit == "best":
            place = min(fitting, key=lambda item: item[0])[1]
        else:
            place = (max(fitting, key=lambda item: item[0]) if fit == "worst" else fitting[0])[1]
        return place, place + size
