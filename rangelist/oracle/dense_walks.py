"""Reads and walks of the second oracle, in terms of single points.

Forward, an interval *begins* at a point whose left neighbour has another name; backward it *ends*
at a point whose right neighbour has.  Points outside the window do not exist for a walk.
"""

from __future__ import annotations

from rangelist.oracle.place import Cursors, Place, Row
from rangelist.oracle.reads import Reads

__all__ = ["DenseWalks"]

Cell = tuple[int, str]  # the name of the interval, its value


class DenseWalks(Reads, Cursors):
    """Questions to a table of points."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: dict[int, Cell] = {}

    def name(self, point: int) -> int | None:
        cell = self.cells.get(point)
        return None if cell is None else cell[0]

    def points_of(self, point: int) -> list[int]:
        """Return all points of the interval that covers `point`."""
        name = self.name(point)
        return [p for p, cell in self.cells.items() if cell[0] == name]

    # ---- reads -----------------------------------------------------------------------------------

    def at(self, key: int) -> Row | None:
        if key not in self.cells:
            return None
        points = self.points_of(key)
        return min(points), max(points) + 1, self.cells[key][1]

    def rows_now(self) -> list[Row]:
        return self.runs(sorted(self.cells))

    def runs(self, points: list[int]) -> list[Row]:
        """Return what these points are, one row for each interval among them."""
        out: list[Row] = []
        for point in points:
            if out and out[-1][1] == point and self.name(point - 1) == self.name(point):
                out[-1] = (out[-1][0], point + 1, out[-1][2])
            else:
                out.append((point, point + 1, self.cells[point][1]))
        return out

    def inside(self, start: int, stop: int) -> list[Row]:
        return self.runs([point for point in range(start, stop) if point in self.cells])

    def gaps(self, start: int | None = None, stop: int | None = None) -> list[tuple[int, int]]:
        out: list[tuple[int, int]] = []
        for point in range(*self.window(start, stop)):
            if point in self.cells:
                continue
            if out and out[-1][1] == point:
                out[-1] = (out[-1][0], point + 1)
            else:
                out.append((point, point + 1))
        return out

    def covers(self, start: int, stop: int) -> bool:
        return all(point in self.cells for point in range(*self.window(start, stop)))

    # ---- walks -----------------------------------------------------------------------------------

    def view(self, place: Place) -> list[int]:
        """Return the covered points of the window, in order."""
        lo, hi = place.lo, place.hi
        return sorted(p for p in self.cells if (lo is None or lo <= p) and (hi is None or p < hi))

    def cover(self, place: Place) -> Row | None:
        if place.a is None or place.b is None:
            return None
        anchor = place.a if place.up else place.b - 1
        return self.at(anchor) if anchor in self.view(place) else None

    def step(self, place: Place, up: bool) -> Row | None:
        points = self.view(place)
        if place.a is None or place.b is None:
            if place.at is None and up == place.reverse:
                return None
            ahead = [
                p for p in points if place.at is None or (p >= place.at if up else p < place.at)
            ]
            return self.at(ahead[0] if up else ahead[-1]) if ahead else None
        alive = self.cover(place)
        if up != place.up:
            ahead = [p for p in points if (p >= place.a if up else p < place.b)]
            return alive or (self.at(ahead[0] if up else ahead[-1]) if ahead else None)
        if up:
            first = place.a + 1 if alive else place.b
            ahead = [p for p in points if p >= first and self.begins(p, points)]
        else:
            last = place.b - 1 if alive else place.a
            ahead = [p for p in points if p < last and self.ends_at(p, points)]
        return self.at(ahead[0] if up else ahead[-1]) if ahead else None

    def begins(self, point: int, points: list[int]) -> bool:
        return point - 1 not in points or self.name(point - 1) != self.name(point)

    def ends_at(self, point: int, points: list[int]) -> bool:
        return point + 1 not in points or self.name(point + 1) != self.name(point)

    def sweep_step(self, place: Place) -> Row | None:
        """Deliver the first interval of the points that are not yet passed."""
        if place.reverse:
            left = [p for p in self.view(place) if place.a is None or p < place.a]
            return self.runs(left)[-1] if left else None
        left = [p for p in self.view(place) if place.b is None or p >= place.b]
        return self.runs(left)[0] if left else None
