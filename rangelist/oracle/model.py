"""What both models share: windows, questions that sorted rows answer, cursors, and the bag.

What a list *is* and how it changes is written twice, once in rows and once in points; so is what a
walk delivers next.  Here is only what follows from that.

    Place = direction, window, last delivered extent [a, b), heading of that delivery
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from rangelist.oracle.hooks import DEFAULTS, Hooks, newer
from rangelist.oracle.spec import BAG, Refusal, Row

__all__ = ["DROP", "Model", "Place", "span"]

Span = tuple[int | None, int | None]

FIRST = tuple(values[0] for values in BAG.values())  # the default rules of the bag
DROP: Any = object()  # what `transform` is told to remove a piece


def span(start: int, stop: int) -> None:
    """Refuse what is not start < stop."""
    if not start < stop:
        raise Refusal("EmptySpan")


@dataclass(slots=True)
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
    value: Any = None  # what was delivered there, for the status
    at: int | None = None  # where a seek sent it, while nothing was delivered since
    over: bool = False

    def clip(self, start: int, stop: int) -> tuple[int, int]:
        """Return the part of [start, stop) in the window; start >= stop if there is none."""
        if self.lo is not None and start < self.lo:
            start = self.lo
        if self.hi is not None and self.hi < stop:
            stop = self.hi
        return start, stop


class Model:
    """A list, the cursors over it, and a bag beside it."""

    def __init__(self, hooks: Hooks = DEFAULTS, bag: Sequence[str] = FIRST) -> None:
        self.hooks = hooks
        self.unique = "set" in bag  # it takes no interval twice
        self.order = itemgetter(0, 1) if "stop" in bag else itemgetter(0)
        self.places: dict[str, Place] = {}
        self.bag: list[Row] = []

    if TYPE_CHECKING:  # what each model says in its own terms

        def rows_now(self) -> list[Row]: ...
        def at(self, key: int) -> Row | None: ...
        def clip(self, row: Row, start: int, stop: int) -> Row: ...  # cut by the hook
        def set(self, start: int, stop: int, value: Any) -> Row | None: ...
        def add(self, start: int, stop: int, value: Any) -> int: ...
        def transform(
            self, fn: Callable[[Row], Any], start: int | None, stop: int | None, gaps: str
        ) -> int: ...

        # What a walk delivers next is a function of the rows *now* and of the place alone (L1).
        def step(self, place: Place, up: bool) -> Row | None: ...
        def sweep_step(self, place: Place) -> Row | None: ...
        # The row over the anchor: `a` after a step up, the last point before `b` else.
        def cover(self, place: Place) -> Row | None: ...

    def says_nothing_new(self, row: Row, value: Any) -> bool:
        """Tell whether a value set inside a row changes nothing: sameness is equality, no more."""
        return self.hooks[:3] == DEFAULTS[:3] and bool(row.value == value)

    # ---- windows; an end that is `None` is where the list ends

    def ends(self, start: int | None, stop: int | None) -> tuple[int, int] | None:
        """Return the window of a write in numbers, `None` if there is nothing in it."""
        if start is not None and stop is not None:
            span(start, stop)
            return start, stop
        rows = self.rows_now()
        if not rows:
            return None
        low = rows[0].start if start is None else start
        high = rows[-1].stop if stop is None else stop
        return (low, high) if low < high else None

    def window(self, start: int | None, stop: int | None) -> tuple[int, int]:
        """Return the window of a read, which may be empty; (0, 0) stands for nothing at all."""
        if start is not None and start == stop:
            return 0, 0
        return self.ends(start, stop) or (0, 0)

    def closed(self, start: int | None, stop: int | None) -> tuple[int, int]:
        """Return the first and the last key of a closed window: one key is a window here."""
        if start is not None and start == stop:
            return start, start
        return self.ends(start, stop) or (0, -1)

    # ---- questions

    def dump(self) -> list[Row]:
        return list(self.rows_now())

    def len(self) -> int:
        return len(self.rows_now())

    def whole(self, key: int) -> Row:
        """Return the row that covers a key, which has to be there."""
        if (row := self.at(key)) is None:
            raise Refusal("Missing")
        return row

    def locate(self, key: int) -> Row | Span:
        rows = self.rows_now()
        below = [row.stop for row in rows if row.stop <= key]
        above = [row.start for row in rows if key < row.start]
        return self.at(key) or (max(below, default=None), min(above, default=None))

    def overlapping(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        low, high = self.window(start, stop)
        return [row for row in self.rows_now() if row.start < high and low < row.stop]

    def slice(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        low, high = self.window(start, stop)
        return [self.clip(row, low, high) for row in self.overlapping(low, high)]

    def gaps(self, start: int | None = None, stop: int | None = None) -> list[tuple[int, int]]:
        low, high = self.window(start, stop)
        found: list[tuple[int, int]] = []
        for row in self.overlapping(low, high):
            if low < row.start:
                found.append((low, row.start))
            low = row.stop
        return [*found, (low, high)] if low < high else found

    def tiles(self, start: int | None = None, stop: int | None = None) -> list[Row | Span]:
        both: list[Any] = [*self.slice(start, stop), *self.gaps(start, stop)]
        return sorted(both, key=itemgetter(0))

    def covers(self, start: int, stop: int) -> bool:
        return not self.gaps(start, stop)

    def first(self) -> Row | None:
        return next(iter(self.rows_now()), None)

    def last(self) -> Row | None:
        return next(reversed(self.rows_now()), None)

    def floor(self, key: int) -> Row | None:
        return next((row for row in reversed(self.rows_now()) if row.start <= key), None)

    def ceiling(self, key: int) -> Row | None:
        return next((row for row in self.rows_now() if row.start >= key), None)

    def lower(self, key: int) -> Row | None:
        return self.floor(key - 1)

    def higher(self, key: int) -> Row | None:
        return self.ceiling(key + 1)

    def find_gap(
        self,
        size: int,
        start: int | None = None,
        stop: int | None = None,
        align: int = 1,
        offset: int = 0,
        fit: str = "first",
    ) -> tuple[int, int] | None:
        """Return a free span of that size with a start that is offset modulo align."""
        if size < 1:
            raise Refusal("EmptySpan")
        aligned = [(a, b, a + (offset - a) % align) for a, b in self.gaps(start, stop)]
        fitting = [(b - a, b, place) for a, b, place in aligned if place + size <= b]
        if not fitting:
            return None
        if fit == "last":
            _, b, place = fitting[-1]
            place += (b - size - place) // align * align
        else:
            by_length = {"first": 0, "best": 1, "worst": -1}[fit]
            place = min(fitting, key=lambda gap: gap[0] * by_length)[2]  # of equals the first
        return place, place + size

    def update(
        self,
        fn: str,
        start: int | None = None,
        stop: int | None = None,
        value: str = "",
        gaps: str = "skip",
    ) -> int:
        """Transform in the words of a trace."""
        made: dict[str, Callable[[Row], Any]] = {
            "put": lambda row: value,
            "join": lambda row: row.value + value,
            "drop": lambda row: DROP,
        }
        return self.transform(made[fn], start, stop, gaps)

    # ---- cursors

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
        if horizon == "fixed":  # let the walk end where the list ends now (L16)
            rows = self.rows_now()
            place.over = not rows
            if rows and reverse:
                place.lo, _ = place.clip(rows[0].start, rows[-1].stop)
            elif rows:
                _, place.hi = place.clip(rows[0].start, rows[-1].stop)
        self.places[c] = place

    def place(self, c: str) -> Place:
        if c not in self.places:
            raise Refusal("NoCursor")
        return self.places[c]

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
        place.a, place.b = place.clip(row.start, row.stop)
        place.up, place.value = up, row.value
        return row

    def next(self, c: str) -> Row | None:
        place = self.place(c)
        return self.advance(place, not place.reverse)

    def prev(self, c: str) -> Row | None:
        place = self.two_way(c)
        return self.advance(place, place.reverse)

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
        start, stop = place.clip(row.start, row.stop)
        words = {
            "moved-left-edge": start != place.a,
            "moved-right-edge": stop != place.b,
            "new-value": place.value is not None and row.value != place.value,
        }
        return row, [word for word, true in words.items() if true]

    # ---- the bag: intervals that may overlap and repeat, in the order in which they came

    def bag_add(self, start: int, stop: int, value: Any) -> None:
        span(start, stop)
        row = Row(start, stop, value)
        if not (self.unique and row in self.bag):
            self.bag.append(row)

    def bag_discard(self, start: int, stop: int, value: Any) -> None:
        span(start, stop)
        if (start, stop, value) not in self.bag:
            raise Refusal("Missing")
        self.bag.remove(Row(start, stop, value))  # the first of equal ones

    def bag_window(self, start: int | None, stop: int | None) -> tuple[int, int]:
        if start is not None and stop is not None and stop < start:
            raise Refusal("EmptySpan")
        if not self.bag and (start is None or stop is None):
            return 0, 0
        low = min((row.start for row in self.bag), default=0) if start is None else start
        high = max((row.stop for row in self.bag), default=0) if stop is None else stop
        return low, high

    def bag_overlapping(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        low, high = self.bag_window(start, stop)
        # sorted() is stable, so of equal ones the one inserted first comes first.
        in_order = sorted(self.bag, key=self.order)
        return [row for row in in_order if low < high and row.start < high and low < row.stop]

    def bag_at(self, key: int) -> list[Row]:
        return self.bag_overlapping(key, key + 1)

    def bag_spans(
        self, start: int | None = None, stop: int | None = None
    ) -> list[tuple[int, int, bool]]:
        low, high = self.bag_window(start, stop)
        out: list[tuple[int, int, bool]] = []
        edges = {low, high, *(end for row in self.bag for end in row[:2] if low < end < high)}
        for a, b in zip(sorted(edges), sorted(edges)[1:], strict=False):
            used = bool(self.bag_overlapping(a, b))
            if out and out[-1][2] == used:
                out[-1] = (out[-1][0], b, used)
            elif low < high:
                out.append((a, b, used))
        return out

    def bag_flatten(self) -> list[Row]:
        flat = type(self)(self.hooks)
        for row in self.bag:
            # Without a hook for what meets, the later one is laid over the earlier one.
            write = flat.set if self.hooks.overlap is newer else flat.add
            write(*row)
        return flat.dump()
