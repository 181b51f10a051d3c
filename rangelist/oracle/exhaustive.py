"""The exhaustive cases: every list over a few points, every operation, every place of a cursor.

They are built from what is claimed: with the first claimed value of each hook, by `set` or else by
`insert`, `fill` or `add`, and every operation that is claimed is asked.

    every list           of disjoint pieces over 0 .. points, touching or not, valued a, b, c, …;
                         and every one without touching pieces, all valued a
    every operation      `operations(points)`; with depth D every sequence of D of them
    every place          before the first, on each piece, behind the last: four cursors (E and C,
                         forward and reverse) that have all made k steps, and one that turns round;
                         an operation that is refused is asked only before the first
    then                 the contents, what is current, and all that each cursor still delivers

An id says what its case is: `x4/a0-2.b2-3/1/split.1.left` needs no other document.  Where a default
hook is not claimed, the name of the one that is stands in it: `x4-never/…`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, product
from typing import NamedTuple

from rangelist.oracle.dialect import Dialect
from rangelist.oracle.model import Place
from rangelist.oracle.session import Session, line_of, over, text_of, tuples
from rangelist.oracle.spec import (
    CAPABILITIES,
    CHOICES,
    HOOKS,
    LAWS_VERSION,
    TRACE_VERSION,
    Line,
    Row,
)
from rangelist.oracle.trace import Trace
from rangelist.oracle.tuples import Tuples

__all__ = ["bags", "exhaustive", "lists", "operations", "over"]

Done = tuple[Line, ...]  # what is done to a list: one operation, or a few


# ---- lists and operations over a few points ------------------------------------------------------


def lists(points: int) -> Iterator[list[Row]]:
    """Yield every list of disjoint pieces over [0, points), the empty one first."""
    for shape in product(".[-", repeat=points):
        if ".-" in "." + "".join(shape):
            continue  # nothing to continue there
        rows: list[Row] = []
        for point, mark in enumerate(shape):
            if mark == "[":
                rows.append(Row(point, point + 1, "abcdefgh"[len(rows)]))
            elif mark == "-":
                rows[-1] = rows[-1]._replace(stop=point + 1)
        yield rows


def lists_of_one_value(points: int) -> Iterator[list[Row]]:
    """Yield every list without touching pieces, all valued a."""
    for rows in lists(points):
        if all(left.stop < right.start for left, right in zip(rows, rows[1:], strict=False)):
            yield [row._replace(value="a") for row in rows]


def operations(points: int) -> list[Done]:
    """Return every single operation over these points, and the few that come in a row."""
    return [*((line,) for line in single_operations(points)), *operations_in_a_row(points)]


def single_operations(points: int) -> list[Line]:
    """Return every write, each with all that its fields can say about a border."""
    end, keys = points, range(points + 1)
    every = [f"{a} {b}" for a in keys for b in keys if a < b]
    some = [f"0 {end}", f"1 {max(2, end - 1)}"]
    none = ["1 1", f"{end} 0"]  # an empty span, and a reversed one
    keeps = ("keep=left", "keep=right")
    said = [
        *(f"set {span} {value}" for value in "az" for span in every),
        *(f"insert {span} a" for span in every),
        *(f"{op} {span} {value}" for op in ("fill", "add") for value in "az" for span in some),
        *(f"update {fn} {span} a" for fn in ("put", "join", "drop") for span in some),
        *(f"update put {span} a gaps=raise" for span in some),
        *(f"remove {span}" for span in every),
        *(f"split {at} {keep}" for at in keys[1:-1] for keep in keeps),
        *(f"merge {at - 1} {at} {rest}" for at in keys[1:-1] for rest in (*keeps, "value=q")),
        *(f"merge {at - 1} {at + 1}" for at in keys[1:-1]),
        *(f"replace {at} a" for at in keys[:-1]),
        *(f"resize {at} stop={at + width}" for at in keys[:-1] for width in (1, 2)),
        *(f"resize {at} start={at - 1}" for at in keys[:-1]),
        *(f"resize {at} 0 {end}" for at in keys[:-1]),
        *(f"discard {at}" for at in keys[:-1]),
        *(f"move 0 1 {to}" for to in keys[1:]),
        *(f"move {some[1]} {to} overwrite=true" for to in (0, end)),
        *(f"shift 1 {by}" for by in (1, -1, -2)),
        *(f"coalesce {span}" for span in (some[0], none[1])),
        "clear",
        *(
            f"{op} {span} a"
            for op in ("set", "insert", "fill", "add", "update put")
            for span in none
        ),
        *(f"{op} {span}" for op in ("remove", "resize 1") for span in none),
        *(f"move {span} {end}" for span in none),
    ]
    return [line_of(words) for words in said]


def operations_in_a_row(points: int) -> list[Done]:
    """Return what needs two writes: only a split leaves touching nodes that may be joined again."""
    said = [f"split 1; split 2; coalesce 0 {points}"]
    for at in range(1, points):
        windows = [(0, points), (at, at), (0, at - 1), (at + 1, points)]
        said += [f"split {at}; coalesce {low} {high}" for low, high in windows if low <= high]
        said += [f"split {at}; set {at - 1} {at} a", f"split {at}; fill 0 {points} a"]
    return [tuple(line_of(words) for words in row.split(";")) for row in said]


def telling(done: Done, rows: list[Row]) -> bool:
    """Tell whether a line says something else than another one: a node is named by its start."""
    line = done[0]
    if line["op"] in ("replace", "resize", "discard"):
        return any(row.start == int(line["at"]) for row in rows)
    if line["op"] not in ("split", "merge") or (len(done) == 1 and line.get("keep") == "left"):
        return True
    if line["op"] == "split":
        return any(row.start < int(line["at"]) < row.stop for row in rows)
    at = int(line["right"])
    if int(line["left"]) < at - 1:  # across a gap, or from one to the next but one
        return any(row.start == at for row in rows)
    return {at} <= {row.start for row in rows} & {row.stop for row in rows}


def questions(points: int) -> list[Line]:
    """Return every read, over every key and every window."""
    keys = range(-1, points + 2)
    spans = [f"start={a} stop={b}" for a in keys[1:-1] for b in keys[1:-1] if a < b]
    closed = [*spans, "start=1 stop=1", f"start={points} stop=0"]
    windows = ["", "start=1", "stop=1", *closed]
    lookups = ("at", "locate", "floor", "ceiling", "lower", "higher")
    walks = ("", "reverse=true", "walk=C", "walk=C reverse=true")
    sizes = ("0", "1", "2", "3", "1 align=2 offset=1", "2 align=2", "1 align=3 offset=2")
    ends = (f"start=0 stop={points}", f"start=1 stop={max(2, points - 1)}")
    fits = [f"{size} {span} fit={fit}" for size in sizes for span in ends for fit in CHOICES["fit"]]
    said = [
        *("dump", "len", "first", "last"),
        *(f"{op} {key}" for op in lookups for key in keys),
        *(
            f"{op} {window}"
            for op in ("overlapping", "gaps", "tiles", "slice")
            for window in windows
        ),
        *(f"covers {window}" for window in closed),
        *(f"find_gap {fit}" for fit in fits),
    ]
    for walk, window in product(walks, windows):
        said += [f"cursor W {walk} {window}", "drain W"]
    return [line_of(words) for words in said]


# ---- the cases -----------------------------------------------------------------------------------


CURSORS = [
    line_of(f"cursor {words}")
    for words in ("A", "B reverse=true", "C walk=C", "D walk=C reverse=true")
]


class Claimed:
    """What can be said to an implementation, and the header under which it is said."""

    def __init__(self, claims: frozenset[str], prefix: str) -> None:
        self.dialect = Dialect(claims)
        self.header: Line = {"trace": TRACE_VERSION, **self.dialect.bag}
        for hook, values in HOOKS.items():
            able = [value for value in values if f"{hook}={value}" in claims]
            if able and able[0] != values[0]:
                self.header[hook] = able[0]
                prefix += f"-{able[0]}"
        self.prefix = prefix

    def model(self) -> Tuples:
        return tuples(self.header)

    def able(self, lines: Sequence[Line]) -> list[Line]:
        """Return the lines that are claimed, as they are said."""
        picked = self.dialect.picked(Trace.of(self.header, lines))
        assert not isinstance(picked, str)  # without a `want` any line may be left out
        return picked.trace.lines

    def done(self, every: Sequence[Done]) -> list[Done]:
        """Return what can be done, the same only once."""
        both = [(tuple(self.able(lines)), lines) for lines in every]
        whole = [able for able, lines in both if len(able) == len(lines)]
        return list({text_of({"": able}): able for able in whole}.values())

    def build(self, rows: list[Row]) -> list[Line]:
        """Return how a list is built, with the first operation that is claimed."""
        if not rows:
            return self.able([line_of("clear")])
        for op in ("set", "insert", "fill", "add"):
            if lines := self.able([line_of(f"{op} {a} {b} {value}") for a, b, value in rows]):
                return lines
        return []

    def trace(self, name: str, lines: list[Line], wants: Iterable[Line | None]) -> Trace:
        header = {"id": f"{self.prefix}/{name}", "laws": LAWS_VERSION, "partial": True}
        return Trace(self.header | header, lines, [*wants])


def exhaustive(
    points: int = 4, depth: int = 1, claims: frozenset[str] = CAPABILITIES
) -> Iterator[Trace]:
    """Yield every case that can be made of what is claimed, with what is right."""
    claimed = Claimed(claims, f"x{points}")
    every = [(line,) for line in single_operations(points)] if depth > 1 else operations(points)
    every = claimed.done(every)
    asked = claimed.able(questions(points))
    seen: set[str] = set()
    for rows in chain(lists(points), lists_of_one_value(points)):
        if claimed.dialect.one_value:
            rows = [row._replace(value="a") for row in rows]
        name = ".".join(f"{value}{start}-{stop}" for start, stop, value in rows) or "empty"
        model = claimed.model()
        build = claimed.build(rows)
        built = [over(model).reply(line) for line in build]
        if model.rows != rows or name in seen:
            continue  # it cannot be built, or was
        seen.add(name)
        if asked:
            wants = [over(model).reply(line) for line in asked]
            yield claimed.trace(f"{name}/reads", build + asked, [*built, *wants])
        able = [done for done in every if depth > 1 or telling(done, rows)]
        steps = product(able, repeat=depth)
        yield from changes(claimed, name, rows, (build, built), steps)


class Stand(NamedTuple):
    """Cursors that have made so many steps: how they came there, and where that is."""

    lines: list[Line]
    wants: list[Line]
    places: dict[str, Place]


def stands(claimed: Claimed, rows: list[Row]) -> list[Stand]:
    """Return where cursors can stand: before the first, on each, behind the last."""
    cursors = claimed.able(CURSORS)
    found: list[Stand] = []
    for k in range(len(rows) + 2 if cursors else 1):
        model = claimed.model()
        model.rows = rows
        steps = [line_of(f"next {line['c']}") for line in cursors for _ in range(k)]
        lines = cursors + claimed.able(steps)
        found.append(Stand(lines, [over(model).reply(line) for line in lines], model.places))
    return found


def changes(
    claimed: Claimed,
    name: str,
    rows: list[Row],
    build: tuple[list[Line], list[Line]],
    every: Iterable[Sequence[Done]],
) -> Iterator[Trace]:
    """Yield the cases of one list: everything that is done, from every place."""
    model = claimed.model()
    reply = over(model).reply
    places = stands(claimed, rows)
    names = [line["c"] for line in places[0].lines if line["op"] == "cursor"]
    drains = [line_of(f"drain {c}") for c in names]
    turn = [line_of("current A"), *drains, line_of("prev A")] if "A" in names else drains
    after, dump = claimed.able(turn), claimed.able([line_of("dump")])
    once = claimed.able([line_of("len"), line_of("first"), line_of("last")])
    seen: dict[tuple[int, tuple[Row, ...]], list[Line]] = {}  # what comes then
    for steps in every:
        lines = [line for done in steps for line in done]
        words = "+".join(".".join(map(str, line.values())) for line in lines)
        model.rows, model.places = rows, {}
        done = list(map(reply, lines))
        now = tuple(model.rows)
        refused = all("err" in said for said in done)
        for k, stand in enumerate(places[:1] if refused else places):
            tail = dump + after if k else dump + after + once
            if (k, now) not in seen:
                model.places = {c: replace(at) for c, at in stand.places.items()}
                seen[k, now] = list(map(reply, tail))
            asked = [*build[0], *stand.lines, *lines, *tail]
            wants = [*build[1], *stand.wants, *done, *seen[k, now]]
            yield claimed.trace(f"{name}/{k}/{words}", asked, wants)


def bags(claims: frozenset[str] = CAPABILITIES, points: int = 3) -> Iterator[Trace]:
    """Yield every bag of up to two intervals over a few points, changed in every way, and read."""
    claimed = Claimed(claims, f"bag{points}")
    spans = [f"{a} {b}" for a in range(points) for b in range(a + 1, points + 1)]
    adds = [line_of(f"bag.add {span} a") for span in (*spans, "1 1", "2 0")]
    changes = claimed.able(adds + [line | {"op": "bag.discard"} for line in adds])
    windows = (
        "",
        "start=1",
        "stop=1",
        "start=1 stop=1",
        f"start=0 stop={points}",
        "start=1 stop=2",
    )
    reads = ["bag.flatten", *(f"bag.at {key}" for key in range(-1, points + 1))]
    reads += [f"{op} {window}" for op in ("bag.overlapping", "bag.spans") for window in windows]
    asked = claimed.able([line_of(words) for words in reads])
    if "bag.add" not in claims or not asked:
        return
    reply = Session(tuples).reply
    for before in chain.from_iterable(product(spans, repeat=n) for n in range(3)):
        said = [
            line_of(f"bag.add {span} {value}") for span, value in zip(before, "ab", strict=False)
        ]
        held = claimed.able(said)
        name = ".".join(f"{line['value']}{line['start']}-{line['stop']}" for line in held)
        for change in changes:
            words = ".".join(map(str, change.values()))
            lines = [*held, change, *asked]
            reply(claimed.header)
            yield claimed.trace(f"{name or 'empty'}/{words}", lines, map(reply, lines))
