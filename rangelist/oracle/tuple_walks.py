"""The walks of the first oracle: R-anchor and coverage, in terms of rows and their borders.

Each function is the whole law L1: a pure function of the rows *now* and the place.
"""

from __future__ import annotations

from rangelist.oracle.place import Cursors, Place, Row

__all__ = ["TupleWalks"]


class TupleWalks(Cursors):
    """Answers from an O(n) scan of the rows, clipped to the window."""

    def cover(self, place: Place) -> Row | None:
        """Return the row that covers the anchor: `a` after a step up, the point before `b` else."""
        a, b = place.a, place.b
        if a is None or b is None:
            return None
        for row in self.rows_now():
            start, stop = place.clip(row[0], row[1])
            if (start <= a < stop) if place.up else (start < b <= stop):
                return row
        return None

    def step(self, place: Place, up: bool) -> Row | None:
        """Return what the element walk delivers next, whole."""
        a, b = place.a, place.b
        if a is None or b is None:
            # Before the first: everything lies ahead, nothing behind; or where a seek sent it.
            if place.at is None and up == place.reverse:
                return None
            return self.first_beyond(place, place.at) if up else self.last_below(place, place.at)
        alive = self.cover(place)
        if up != place.up:  # turned round, L19
            if alive is not None:
                return alive
            return self.first_beyond(place, a) if up else self.last_below(place, b)
        if up:
            return self.first_from(place, a + 1 if alive else b)
        return self.last_before(place, b - 1 if alive else a)

    def sweep_step(self, place: Place) -> Row | None:
        """Return what the coverage walk delivers next: the first span behind the frontier."""
        up = not place.reverse
        row = self.first_beyond(place, place.b) if up else self.last_below(place, place.a)
        if row is None:
            return None
        start, stop = place.clip(row[0], row[1])
        if up and place.b is not None:
            start = max(start, place.b)
        if not up and place.a is not None:
            stop = min(stop, place.a)
        return start, stop, row[2]

    # ---- four questions about the clipped rows ---------------------------------------------------

    def first_from(self, place: Place, edge: int | None) -> Row | None:
        """First row with start >= edge."""
        for row in self.rows_now():
            start, stop = place.clip(row[0], row[1])
            if start < stop and (edge is None or start >= edge):
                return row
        return None

    def first_beyond(self, place: Place, edge: int | None) -> Row | None:
        """First row with stop > edge."""
        for row in self.rows_now():
            start, stop = place.clip(row[0], row[1])
            if start < stop and (edge is None or stop > edge):
                return row
        return None

    def last_before(self, place: Place, edge: int | None) -> Row | None:
        """Last row with stop <= edge."""
        for row in reversed(self.rows_now()):
            start, stop = place.clip(row[0], row[1])
            if start < stop and (edge is None or stop <= edge):
                return row
        return None

    def last_below(self, place: Place, edge: int | None) -> Row | None:
        """Last row with start < edge."""
        for row in reversed(self.rows_now()):
            start, stop = place.clip(row[0], row[1])
            if start < stop and (edge is None or start < edge):
                return row
        return None
