"""Every small case there is: lists, places of a walk, windows, operations.

    case      0-2a 2-4b | move 0 1 3 | walk reverse [1, 3) after 1
              the list    the change   the walk that has made one step before it

A list, one change, and all walks over it at once: walks are independent (L17), so thousands of
them can stand in the same list while it changes, and each is compared with its own law.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import combinations, islice, product
from operator import attrgetter
from typing import Any, NamedTuple

from rangelist.algebra import DROP
from rangelist.cursor import Status
from rangelist.errors import RangeListError
from rangelist.policy import EQUAL, NEVER
from rangelist.ranges import RangeList
from walks import model
from walks.model import Extent, Refused, Row, Rows, Window, owed

WIDEST = EQUAL.replace(overlap=max)  # the policy of all lists here: `add` keeps the larger value
ENOUGH = 20  # more than any walk here delivers: a wrong one may never end
triple = attrgetter("start", "stop", "value")


# ---- lists --------------------------------------------------------------------------------------


def lists(points: int) -> Iterator[Rows]:
    """Yield every list over [0, points): values all different, or each a or b, the first a."""
    for shape in product(".[-", repeat=points):
        text = "".join(shape)
        if text.startswith("-") or ".-" in text:
            continue  # nothing to continue there
        spans: list[Extent] = []
        for point, mark in enumerate(shape):
            if mark == "[":
                spans.append((point, point + 1))
            elif mark == "-":
                spans[-1] = (spans[-1][0], point + 1)
        words = {"a" + "".join(rest) for rest in product("ab", repeat=max(0, len(spans) - 1))}
        for word in sorted(words | {"abcd"[: len(spans)]}):
            yield tuple((*span, v) for span, v in zip(spans, word, strict=False))


def windows(points: int) -> list[Window]:
    """Return every window over [0, points), and the open ones."""
    return [(None, None), *combinations(range(points + 1), 2), (1, None), (None, points - 1)]


# ---- operations ---------------------------------------------------------------------------------


class Op(NamedTuple):
    """One change: its name, its arguments, and which node it keeps where there is a choice."""

    name: str
    args: tuple[Any, ...]
    keep: str = ""

    def __str__(self) -> str:
        words = (self.name, *self.args, *([f"keep {self.keep}"] if self.keep else []))
        return " ".join("-" if word is None else str(word) for word in words)

    def wanted(self, rows: Rows) -> Rows:
        """Return what the model makes of the rows; a refused change changes nothing."""
        try:
            return tuple(sorted(getattr(model, self.name)(rows, *self.args)))
        except Refused:
            return rows

    def carry_out(self, rl: RangeList[int, str]) -> None:
        """Do it to a list; a refused change must be refused in the library's own words."""
        before = tuple(map(triple, rl))
        try:
            if self.keep:
                VERBS[self.name](rl, *self.args, keep=self.keep)
            else:
                VERBS[self.name](rl, *self.args)
        except RangeListError:
            try:
                getattr(model, self.name)(before, *self.args)
            except Refused:
                return
            raise


def by_handle(rl: RangeList[int, str], key: int) -> Any:
    """Return the node at a key; where there is none, that is the refusal."""
    node = rl.at(key)
    if node is None:
        raise RangeListError(f"no node at {key}")
    return node


def merge(rl: RangeList[int, str], at: int, v: str | None = None, *, keep: str) -> None:
    left, right = by_handle(rl, at - 1), by_handle(rl, at)
    if v is None:
        rl.merge(left, right, keep=keep)
    else:
        rl.merge(left, right, v, keep=keep)


VERBS: dict[str, Callable[..., Any]] = {
    "set": lambda rl, lo, hi, v: rl.set(lo, hi, v),
    "set_never": lambda rl, lo, hi, v: rl.set(lo, hi, v, policy=NEVER),
    "insert": lambda rl, lo, hi, v: rl.insert(lo, hi, v),
    "fill": lambda rl, lo, hi, v: rl.fill(lo, hi, v),
    "add": lambda rl, lo, hi, v: rl.add(lo, hi, v),
    "update": lambda rl, lo, hi, v: rl.transform(lambda _: DROP if v is None else v, lo, hi),
    "remove": lambda rl, lo, hi: rl.remove(lo, hi),
    "split": lambda rl, at, keep: rl.split(at, keep=keep),
    "merge": merge,
    "replace": lambda rl, key, v: rl.replace(by_handle(rl, key), v),
    "resize": lambda rl, key, lo, hi: rl.resize(by_handle(rl, key), lo, hi),
    "discard": lambda rl, key: rl.delete(by_handle(rl, key)),
    "move": lambda rl, lo, hi, to, over: rl.move(lo, hi, to, overwrite=over),
    "shift": lambda rl, at, by: rl.shift(at, by),
    "coalesce": lambda rl, lo, hi: rl.coalesce(lo, hi),
    "clear": lambda rl: rl.clear(),
}


def operations(points: int) -> Iterator[Op]:
    """Yield every single operation over [0, points)."""
    keys = range(points + 1)
    spans = list(combinations(keys, 2))
    for span in spans:
        for v in "abz":
            for name in ("set", "set_never", "insert", "fill", "add"):
                yield Op(name, (*span, v))
        for v in ("a", "z", None):
            yield Op("update", (*span, v))
        yield Op("remove", span)
        yield Op("coalesce", span)
        for at in keys[:-1]:
            yield Op("resize", (at, *span))
        for to in range(points + 2 - (span[1] - span[0])):
            yield Op("move", (*span, to, False))
            yield Op("move", (*span, to, True))
    for keep in ("left", "right"):
        for at in keys[1:-1]:
            yield Op("split", (at,), keep)
            yield Op("merge", (at,), keep)
            yield Op("merge", (at, "z"), keep)
    for at in keys[:-1]:
        yield Op("replace", (at, "a"))
        yield Op("replace", (at, "z"))
        yield Op("discard", (at,))
    for at, by in product(keys, (-2, -1, 1, 2)):
        yield Op("shift", (at, by))
    yield Op("clear", ())


# ---- walks --------------------------------------------------------------------------------------


class Station(NamedTuple):
    """A walk that has made some steps: `extent` was delivered last, clipped to the window."""

    kind: str
    window: Window
    reverse: bool
    steps: int
    extent: Extent | None
    over: bool  # it has been told that there is no more

    def __str__(self) -> str:
        lo, hi = ("" if key is None else key for key in self.window)
        way = " reverse" if self.reverse else ""
        return f"{self.kind}{way} [{lo}, {hi}) after {self.steps}{' and the end' * self.over}"


LAWS = {
    "walk": model.element_walk,
    "sweep": model.coverage_walk,
    "cursor": model.element_walk,
    "turned cursor": model.turn_back,
}


@cache
def rest(kind: str, rows: Rows, window: Window, reverse: bool, extent: Extent | None) -> list[Row]:
    """Return what a walk still has to deliver, by its law."""
    return owed(LAWS[kind], rows, window, reverse, extent)


@cache
def stations(rows: Rows, window: Window, reverse: bool, kind: str) -> list[Station]:
    """Return every place where a walk over these rows can stand."""
    first = "cursor" if kind == "turned cursor" else kind
    extents = [
        model.clip((row,), window)[0][:2] for row in rest(first, rows, window, reverse, None)
    ]
    places = [None, *extents]
    out = [Station(kind, window, reverse, i, e, False) for i, e in enumerate(places)]
    return [*out, Station(kind, window, reverse, len(extents), places[-1], True)]


Opener = Callable[[RangeList[int, str], Window, bool], Iterator[Any]]


def open_walk(rl: RangeList[int, str], window: Window, reverse: bool) -> Iterator[Any]:
    """Begin the E walk of the library."""
    return rl.walk(*window, reverse=reverse)


def open_sweep(rl: RangeList[int, str], window: Window, reverse: bool) -> Iterator[Any]:
    """Begin the C walk of the library."""
    return rl.sweep(*window, reverse=reverse)


class Broken(AssertionError):
    """A case in which a walk, or the list itself, is not what the model says."""


def build(rows: Rows, make: Callable[[], RangeList[int, str]]) -> RangeList[int, str]:
    """Return a list of exactly these rows, also where equal values touch."""
    rl = make()
    for s, e, v in rows:
        rl.set(s, e, v, policy=NEVER)
    return rl


def plain() -> RangeList[int, str]:
    """Return an empty list of the library's own class."""
    return RangeList(policy=WIDEST)


def begun(opener: Opener, rl: RangeList[int, str], at: Station) -> Iterator[Any]:
    """Return a walk that stands where the station says."""
    walk = opener(rl, at.window, at.reverse)
    for _ in range(at.steps):
        next(walk)
    if at.over and next(walk, None) is not None:
        raise Broken(f"{at}: does not end")
    return walk


def try_walks(
    rows: Rows,
    op: Op,
    places: list[Station],
    opener: Opener,
    make: Callable[[], RangeList[int, str]] = plain,
) -> int:
    """Change one list under many walks; compare what each still delivers; return how many."""
    rl = build(rows, make)
    walks = [begun(opener, rl, at) for at in places]
    after = changed(rl, rows, op)
    for at, walk in zip(places, walks, strict=True):
        # The Python iterator is sticky (L18): told that there is no more, it stays so.
        want = [] if at.over else rest(at.kind, after, at.window, at.reverse, at.extent)
        got = list(map(triple, islice(walk, ENOUGH)))
        if got != want:
            raise Broken(f"{show(rows)} | {op} | {at}: delivers {show(got)}, owes {show(want)}")
    return len(places)


def changed(rl: RangeList[int, str], rows: Rows, op: Op) -> Rows:
    """Carry an operation out; compare the contents; prove the structure (A6.16)."""
    after = op.wanted(rows)
    before = rl.copy()
    op.carry_out(rl)
    got = tuple(map(triple, islice(rl, ENOUGH)))
    if got != after:
        raise Broken(f"{show(rows)} | {op}: holds {show(got)}, should hold {show(after)}")
    if (rl == before) != (rows == after):
        raise Broken(f"{show(rows)} | {op}: == says the contrary")
    rl.check()
    return after


def try_cursors(
    rows: Rows,
    op: Op,
    places: list[Station],
    make: Callable[[], RangeList[int, str]] = plain,
) -> int:
    """The same for cursors: what is current, what has become of it, and what comes next."""
    rl = build(rows, make)
    cursors = []
    for at in places:
        cursor = rl.cursor(*at.window, reverse=at.reverse)
        for _ in range(at.steps + at.over):
            cursor.next()
        cursors.append(cursor)
    after = changed(rl, rows, op)
    for at, cursor in zip(places, cursors, strict=True):
        turned = at.kind == "turned cursor"
        step = cursor.prev if turned else cursor.next
        seen = (cursor.extent, cursor.current and triple(cursor.current), cursor.status)
        got = [triple(node) for node in islice(iter(step, None), ENOUGH)]
        want = rest(at.kind, after, at.window, at.reverse, at.extent)
        if got != want or seen != standing(rows, after, at):
            told = f"delivers {show(got)}, owes {show(want)}; sees {seen}"
            raise Broken(f"{show(rows)} | {op} | {at}: {told}")
    return len(places)


@cache
def standing(rows: Rows, after: Rows, at: Station) -> tuple[Extent | None, Row | None, Status]:
    """Return extent, current and status of a cursor that stood there before the change."""
    over = owed(model.current, after, at.window, at.reverse, at.extent)
    if not over or at.extent is None:
        return at.extent, None, Status.GONE
    was = owed(model.current, rows, at.window, at.reverse, at.extent)[0]
    start, stop, _ = model.clip((over[0],), at.window)[0]
    status = Status.SAME
    if start != at.extent[0]:
        status |= Status.MOVED_LEFT_EDGE
    if stop != at.extent[1]:
        status |= Status.MOVED_RIGHT_EDGE
    if over[0][2] != was[2]:
        status |= Status.NEW_VALUE
    return at.extent, over[0], status


def show(rows: Iterable[Row]) -> str:
    """Return rows as the name of a case."""
    return " ".join(f"{s}-{e}{v}" for s, e, v in rows) or "nothing"
