"""The second oracle: the list is a table, point -> owner, so that it is right by looking at it.

Two neighbouring points are in the same interval exactly if they have the same owner, and the owner
*is* the interval: its identity, its value, and the owner it was merged into.  There are no spans in
the table, so nothing can be wrong about them.  Slow and obvious, for small keys.

A write that names an interval takes a key it covers, or its owner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from rangelist.oracle.hooks import DEFAULTS, Hooks
from rangelist.oracle.model import DROP, FIRST, Model, Place, span
from rangelist.oracle.spec import Refusal, Row

__all__ = ["Dense", "Owner"]

P = ParamSpec("P")
T = TypeVar("T")

# What an owner is in the present write.  Of two that merge the one that was more there survives.
NEW, WRITTEN, KEPT = 0, 1, 2


class Owner:
    """An interval: its value, and what it was merged into."""

    __slots__ = ("heir", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        self.heir: Owner | None = None


def whole_or_nothing(
    write: Callable[Concatenate[Dense, P], T],
) -> Callable[Concatenate[Dense, P], T]:
    """Let a write leave everything as it was if it raises: go back to a copy."""

    @wraps(write)
    def call(self: Dense, /, *args: P.args, **options: P.kwargs) -> T:
        cells = dict(self.cells)
        were = [(owner, owner.value, owner.heir) for owner in self.owners]
        self.rank, self.was = {}, {self.cells[row.start]: row for row in self.rows_now()}
        try:
            return write(self, *args, **options)
        except BaseException:
            self.cells, self.owners = cells, {owner for owner, _, _ in were}
            for owner, value, heir in were:
                owner.value, owner.heir = value, heir
            raise

    return call


class Dense(Model):
    """One owner per covered point."""

    def __init__(self, hooks: Hooks = DEFAULTS, bag: Sequence[str] = FIRST) -> None:
        super().__init__(hooks, bag)
        self.cells: dict[int, Owner] = {}
        self.owners: set[Owner] = set()  # all that ever were
        self.rank: dict[Owner, int] = {}  # NEW and WRITTEN ones; the others are KEPT
        self.was: dict[Owner, Row] = {}  # the rows before the present write

    # ---- what is there ---------------------------------------------------------------------------

    def runs(self, points: Iterable[int]) -> list[Row]:
        """Return what these points are, one row for each interval among them."""
        out: list[Row] = []
        last = None
        for point in sorted(points):
            owner = self.cells[point]
            if owner is last and out[-1].stop == point:
                out[-1] = Row(out[-1].start, point + 1, owner.value)
            else:
                out.append(Row(point, point + 1, owner.value))
            last = owner
        return out

    def rows_now(self) -> list[Row]:
        return self.runs(self.cells)

    def inside(self, start: int, stop: int) -> list[Row]:
        return self.runs(point for point in range(start, stop) if point in self.cells)

    def points_of(self, owner: Owner) -> list[int]:
        return [point for point, other in self.cells.items() if other is owner]

    def row_of(self, owner: Owner) -> Row:
        """Return what an owner is now; a dead one is missing."""
        if not (points := self.points_of(owner)):
            raise Refusal("Missing")
        return Row(min(points), max(points) + 1, owner.value)

    def owner_of(self, named: int | Owner) -> Owner:
        """Return the owner that is meant."""
        owner = named if isinstance(named, Owner) else self.cells.get(named)
        if owner is None:
            raise Refusal("Missing")
        return owner

    def at(self, key: int) -> Row | None:
        return self.row_of(self.cells[key]) if key in self.cells else None

    def gaps(self, start: int | None = None, stop: int | None = None) -> list[tuple[int, int]]:
        bare = [point for point in range(*self.window(start, stop)) if point not in self.cells]
        begins = [point for point in bare if point - 1 not in bare]
        ends = [point + 1 for point in bare if point + 1 not in bare]
        return list(zip(begins, ends, strict=True))

    def covers(self, start: int, stop: int) -> bool:
        return all(point in self.cells for point in range(*self.window(start, stop)))

    def clip(self, row: Row, start: int, stop: int) -> Row:
        """Return the part of a row in [start, stop): cut the interval, look, and put it back."""
        parts = Dense(self.hooks)
        parts.paint(row.start, row.stop, Owner(row.value))
        parts.cut(start, stop)
        return parts.row_of(parts.cells[max(row.start, start)])

    # ---- paint, cut, look at the borders ---------------------------------------------------------

    def paint(self, start: int, stop: int, owner: Owner, rank: int = NEW) -> None:
        self.owners.add(owner)
        self.rank[owner] = rank
        for point in range(start, stop):
            self.cells[point] = owner

    def erase(self, start: int, stop: int) -> None:
        for point in range(start, stop):
            self.cells.pop(point, None)

    def cut(self, start: int, stop: int) -> None:
        """Cut what lies across a border of the span; the part outside stays the one it was."""
        self.cut_one(start, keep_left=True)
        # The part inside of one that was cut at `start` already is new, and keeps that.
        self.cut_one(stop, keep_left=self.rank.get(self.cells.get(stop - 1, NOBODY)) == NEW)

    def cut_one(self, at: int, keep_left: bool) -> None:
        owner = self.cells.get(at)
        if owner is None or self.cells.get(at - 1) is not owner:
            return
        row = self.row_of(owner)
        low, high = self.hooks.split(row, at)
        owner.value = low if keep_left else high
        if keep_left:
            self.paint(at, row.stop, Owner(high))
        else:
            self.paint(row.start, at, Owner(low))

    def look(self, borders: Iterable[int]) -> int:
        """Merge across each border, from left to right, where both sides are the same."""
        merges = 0
        for at in sorted(set(borders)):
            low, high = self.cells.get(at - 1), self.cells.get(at)
            if low is None or high is None or low is high:
                continue
            left, right = self.row_of(low), self.row_of(high)
            if not self.hooks.same(left, right):
                continue
            ranks = self.rank.get(low, KEPT), self.rank.get(high, KEPT)
            survivor, loser = (high, low) if ranks[0] < ranks[1] else (low, high)
            if min(ranks) != NEW and not self.hooks.yields(self.was[loser]):
                continue
            self.join(low, high, survivor, self.hooks.merge(left, right))
            merges += 1
        return merges

    def join(self, low: Owner, high: Owner, survivor: Owner, value: Any) -> None:
        (high if survivor is low else low).heir = survivor
        survivor.value = value
        for point in self.points_of(low) + self.points_of(high):
            self.cells[point] = survivor

    def rewrite(self, row: Row, value: Any) -> None:
        """Give an interval another value."""
        owner = self.cells[row.start]
        owner.value = value
        self.rank.setdefault(owner, WRITTEN)

    def look_around(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self.look(end for row in rows for end in row[:2])

    # ---- writes of spans -------------------------------------------------------------------------

    @whole_or_nothing
    def set(self, start: int, stop: int, value: Any) -> Row | None:
        span(start, stop)
        inside = {self.cells.get(point) for point in range(start, stop)}
        if len(inside) == 1 and (old := self.at(start)) and self.says_nothing_new(old, value):
            return old
        self.cut(start, stop)
        self.paint(start, stop, Owner(value))
        self.look((start, stop))
        return self.at(start)

    @whole_or_nothing
    def insert(self, start: int, stop: int, value: Any) -> Row | None:
        span(start, stop)
        if self.inside(start, stop):
            raise Refusal("Overlap")
        self.paint(start, stop, Owner(value))
        self.look((start, stop))
        return self.at(start)

    def newcomer(self, start: int, stop: int, value: Any) -> Dense:
        """Return a table of nothing but a newcomer, cut where an interval begins or ends in it."""
        table = Dense(self.hooks)
        table.paint(start, stop, Owner(value))
        for at in range(start + 1, stop):
            if self.cells.get(at - 1) is not self.cells.get(at):
                table.cut_one(at, keep_left=True)
        return table

    @whole_or_nothing
    def fill(self, start: int, stop: int, value: Any) -> int:
        span(start, stop)
        holes = self.gaps(start, stop)
        new = self.newcomer(start, stop, value)
        for low, high in holes:
            self.paint(low, high, Owner(new.cells[low].value))
        self.look_around(holes)
        return len(holes)

    @whole_or_nothing
    def add(self, start: int, stop: int, value: Any) -> int:
        span(start, stop)
        self.cut(start, stop)
        rows, holes = self.inside(start, stop), self.gaps(start, stop)
        new = self.newcomer(start, stop, value)
        mixed = [self.hooks.overlap(row.value, new.cells[row.start].value) for row in rows]
        for row, made in zip(rows, mixed, strict=True):
            self.rewrite(row, made)
        for low, high in holes:
            self.paint(low, high, Owner(new.cells[low].value))
        self.look_around([*rows, *holes])
        return len(rows) + len(holes)

    @whole_or_nothing
    def transform(
        self,
        fn: Callable[[Row], Any],
        start: int | None = None,
        stop: int | None = None,
        gaps: str = "skip",
    ) -> int:
        if (ends := self.ends(start, stop)) is None:
            return 0
        if gaps == "raise" and not self.covers(*ends):
            raise Refusal("Gap")
        self.cut(*ends)
        answers = [(row, fn(row)) for row in self.inside(*ends)]
        for row, answer in answers:
            if answer is DROP:
                self.erase(row.start, row.stop)
            else:
                self.rewrite(row, answer)
        self.look_around(row for row, answer in answers if answer is not DROP)
        return len(answers)

    @whole_or_nothing
    def remove(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        ends = self.ends(start, stop)
        return [] if ends is None else self.lift(*ends)

    def lift(self, start: int, stop: int) -> list[Row]:
        self.cut(start, stop)
        taken = self.inside(start, stop)
        self.erase(start, stop)
        return taken

    @whole_or_nothing
    def move(self, start: int, stop: int, to: int, overwrite: bool = False) -> None:
        span(start, stop)
        by, end = to - start, to + stop - start
        self.cut(start, stop)
        taken = {point: self.cells[point] for point in range(start, stop) if point in self.cells}
        rows = {self.cells[row.start]: row for row in self.inside(start, stop)}
        self.erase(start, stop)
        ranks = {owner: self.rank.get(owner, WRITTEN) for owner in rows}
        if overwrite:
            self.lift(to, end)
        elif self.inside(to, end):
            raise Refusal("Overlap")
        self.rank, self.was = ranks, rows | {self.cells[row.start]: row for row in self.rows_now()}
        self.cells |= {point + by: owner for point, owner in taken.items()}
        self.look_around(self.inside(to, end))

    @whole_or_nothing
    def shift(self, at: int, by: int) -> None:
        if by > 0:
            self.cut_one(at, keep_left=True)
        elif by < 0:
            self.lift(at, at - by)
        self.cells = {p + by if p >= at else p: owner for p, owner in self.cells.items()}
        self.look([at] if by < 0 else [])

    @whole_or_nothing
    def coalesce(self, start: int | None = None, stop: int | None = None) -> int:
        low, high = self.closed(start, stop)
        return self.look(range(low, high + 1))

    @whole_or_nothing
    def clear(self) -> None:
        self.cells = {}

    # ---- writes of one interval ------------------------------------------------------------------

    @whole_or_nothing
    def split(self, at: int, keep: str = "left") -> Row | None:
        if at not in self.cells or self.cells.get(at - 1) is not self.cells[at]:
            return None
        self.cut_one(at, keep_left=keep == "left")
        return self.at(at)

    @whole_or_nothing
    def merge(
        self, left: int | Owner, right: int | Owner, value: Any = None, keep: str = "left"
    ) -> Row | None:
        low, high = self.owner_of(left), self.owner_of(right)
        one, two = self.row_of(low), self.row_of(high)
        if one.stop != two.start:
            raise Refusal("NotTouching")
        made = self.hooks.merge(one, two) if value is None else value
        self.join(low, high, low if keep == "left" else high, made)
        return self.at(one.start)

    @whole_or_nothing
    def replace(self, at: int | Owner, value: Any) -> Row | None:
        row = self.row_of(self.owner_of(at))
        self.rewrite(row, value)
        self.look(row[:2])
        return self.at(row.start)

    @whole_or_nothing
    def resize(
        self, at: int | Owner, start: int | None = None, stop: int | None = None
    ) -> Row | None:
        owner = self.owner_of(at)
        old = self.row_of(owner)
        a, b = old.start if start is None else start, old.stop if stop is None else stop
        span(a, b)
        way = range(min(old.start, a), max(old.stop, b))
        if any(self.cells.get(point, owner) is not owner for point in way):
            raise Refusal("Overlap")
        cut = [max(a, old.start), min(b, old.stop)]
        value = self.clip(old, *cut).value if cut[0] < cut[1] else old.value
        self.erase(old.start, old.stop)
        owner.value = value
        self.paint(a, b, owner, WRITTEN)
        self.look((a, b))
        return self.at(a)

    @whole_or_nothing
    def discard(self, at: int | Owner) -> Row:
        row = self.row_of(self.owner_of(at))
        self.erase(row.start, row.stop)
        return row

    # ---- walks -----------------------------------------------------------------------------------
    # Forward, an interval begins at a point whose left neighbour has another owner; backward it
    # ends at a point whose right neighbour has.  Points outside the window do not exist for a walk.

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
            return self.next_of(points, up, place.at)
        alive = self.cover(place)
        if up != place.up:
            return alive or self.next_of(points, up, place.a if up else place.b)
        if up:
            begins = [p for p in points if not self.joined(p - 1, p, points)]
            return self.next_of(begins, up, place.a + 1 if alive else place.b)
        stops = [p for p in points if not self.joined(p, p + 1, points)]
        return self.next_of(stops, up, place.b - 1 if alive else place.a)

    def next_of(self, points: list[int], up: bool, edge: int | None) -> Row | None:
        """Return the interval of the first of the points from `edge` on, or the last before it."""
        ahead = [p for p in points if edge is None or (p >= edge if up else p < edge)]
        return self.at(ahead[0] if up else ahead[-1]) if ahead else None

    def joined(self, low: int, high: int, points: list[int]) -> bool:
        return low in points and high in points and self.cells[low] is self.cells[high]

    def sweep_step(self, place: Place) -> Row | None:
        """Deliver the first interval of the points that are not yet passed, cut by the hook."""
        if place.reverse:
            left = [p for p in self.view(place) if place.a is None or p < place.a]
        else:
            left = [p for p in self.view(place) if place.b is None or p >= place.b]
        if not left:
            return None
        start, stop, _ = self.runs(left)[-1 if place.reverse else 0]
        return self.clip(self.row_of(self.cells[start]), start, stop)


NOBODY = Owner(None)
