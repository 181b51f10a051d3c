"""Where a walk stands, as plain data, and the cursor operations that are the same for every oracle.

    Place = direction, window, last delivered extent [a, b), heading of that delivery

An oracle adds one function, `step(place, up)`: what is delivered next, from the contents *now* (law
L1).  It is written twice, once in terms of tuples and once in terms of points.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rangelist.oracle.spec import Refusal

__all__ = ["Cursors", "Place", "Row"]

Row = tuple[int, int, str]  # start, stop, value


@dataclass
class Place:
    """The whole memory of a walk.  It holds coordinates and nothing else."""

    reverse: bool
    coverage: bool  # a sweep: the C walk
    sticky: bool  # a Python iterator: once exhausted, always exhausted
    lo: int | None
    hi: int | None
    a: int | None = None  # the extent last delivered, clipped to the window
    b: int | None = None
    up: bool = True  # the heading of the last delivery
    value: str | None = None  # what was delivered there, for the status
    at: int | None = None  # where a seek sent it, while nothing was delivered since
    over: bool = False

    def clip(self, start: int, stop: int) -> tuple[int, int]:
        """Return the part of [start, stop) in the window; start >= stop if there is none."""
        if self.lo is not None and start < self.lo:
            start = self.lo
        if self.hi is not None and self.hi < stop:
            stop = self.hi
        return start, stop


class Cursors:
    """The registers of a trace and the operations on them."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}

    def rows_now(self) -> list[Row]:
        raise NotImplementedError  # each model has its own

    def step(self, place: Place, up: bool) -> Row | None:
        raise NotImplementedError  # each model has its own

    def sweep_step(self, place: Place) -> Row | None:
        raise NotImplementedError  # each model has its own

    def cover(self, place: Place) -> Row | None:
        raise NotImplementedError  # each model has its own

    def cursor(
        self,
        c: str,
        reverse: bool = False,
        walk: str = "E",
        start: int | None = None,
        stop: int | None = None,
        sticky: bool = False,
        horizon: str = "open",
    ) -> None:
        if start is not None and stop is not None and stop < start:
            raise Refusal("EmptySpan")
        one_way = sticky or walk == "C" or horizon == "fixed"
        place = Place(reverse, walk == "C", one_way, start, stop)
        if horizon == "fixed":
            self.freeze(place)
        self.places[c] = place

    def freeze(self, place: Place) -> None:
        """Let the walk end where the list ends now (L16)."""
        rows = self.rows_now()
        if not rows:
            place.over = True
        elif place.reverse:
            place.lo = max(rows[0][0], rows[0][0] if place.lo is None else place.lo)
        else:
            place.hi = min(rows[-1][1], rows[-1][1] if place.hi is None else place.hi)

    def place(self, c: str) -> Place:
        if c not in self.places:
            raise Refusal("NoCursor")
        return self.places[c]

    def next(self, c: str) -> Row | None:
        place = self.place(c)
        return self.advance(place, not place.reverse)

    def prev(self, c: str) -> Row | None:
        place = self.two_way(c)
        return self.advance(place, place.reverse)

    def two_way(self, c: str) -> Place:
        place = self.place(c)
        if place.sticky:
            raise Refusal("OneWay")
        return place

    def advance(self, place: Place, up: bool) -> Row | None:
        """Deliver the next row and stand on it; at the end, stay."""
        if place.over:
            return None
        row = self.sweep_step(place) if place.coverage else self.step(place, up)
        if row is None:
            place.over = place.sticky
            return None
        place.a, place.b = place.clip(row[0], row[1])
        place.up, place.value = up, row[2]
        return row

    def drain(self, c: str) -> list[Row]:
        rows: list[Row] = []
        place = self.place(c)
        while (row := self.advance(place, not place.reverse)) is not None:
            rows.append(row)
        return rows

    def reset(self, c: str) -> None:
        place = self.two_way(c)
        place.a = place.b = place.at = None

    def seek(self, c: str, key: int) -> None:
        self.reset(c)
        self.place(c).at = key

    def fork(self, c: str, to: str) -> None:
        # What travels is coordinates: the copy does not know the value that was delivered.
        self.places[to] = replace(self.two_way(c), value=None)

    def current(self, c: str) -> tuple[Row | None, list[str]]:
        place = self.two_way(c)
        row = self.cover(place)
        if row is None:
            return None, ["gone"]
        start, stop = place.clip(row[0], row[1])
        words = {
            "moved-left-edge": start != place.a,
            "moved-right-edge": stop != place.b,
            "new-value": place.value is not None and row[2] != place.value,
        }
        return row, [word for word, true in words.items() if true]
