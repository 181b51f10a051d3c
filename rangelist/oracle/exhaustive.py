"""The exhaustive corpus: every list over a few points, every place of a cursor, every operation.

    every list           of disjoint pieces over 0 .. points, touching or not, valued a, b, c, …
    every place          before the first, on each piece, behind the last: four cursors (E and C,
                         forward and reverse) that have all made k steps, and one that turns round
    every operation      `operations(points)`; with depth D every sequence of D of them
    then                 the contents, what is current, and all that each cursor still delivers

An id says what its case is: `x4/a0-2.b2-3/1/split.1` needs no other document.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from itertools import product

from rangelist.oracle.hooks import hooks_of
from rangelist.oracle.place import Row
from rangelist.oracle.session import Session
from rangelist.oracle.spec import LAWS_VERSION, TRACE_VERSION, Line
from rangelist.oracle.trace import Trace
from rangelist.oracle.tuples import Tuples

__all__ = ["exhaustive", "lists", "operations"]

CURSORS: list[Line] = [
    {"op": "cursor", "c": "A"},
    {"op": "cursor", "c": "B", "reverse": True},
    {"op": "cursor", "c": "C", "walk": "C"},
    {"op": "cursor", "c": "D", "walk": "C", "reverse": True},
]
AFTER: list[Line] = [
    {"op": "dump"},
    {"op": "current", "c": "A"},
    *({"op": "drain", "c": line["c"]} for line in CURSORS),
    {"op": "prev", "c": "A"},
]


def lists(points: int) -> Iterator[list[Row]]:
    """Yield every list of disjoint pieces over [0, points), the empty one first."""
    for shape in product(".[-", repeat=points):
        if any(
            mark == "-" and before == "."
            for before, mark in zip((".", *shape), shape, strict=False)
        ):
            continue  # nothing to continue there
        rows: list[Row] = []
        for point, mark in enumerate(shape):
            if mark == "[":
                rows.append((point, point + 1, "abcdefgh"[len(rows)]))
            elif mark == "-":
                rows[-1] = (rows[-1][0], point + 1, rows[-1][2])
        yield rows


def operations(points: int) -> list[Line]:
    """Return every single operation over these points."""
    keys = range(points + 1)
    spans = [{"start": str(a), "stop": str(b)} for a in keys for b in keys if a < b]
    ops: list[Line] = [{"op": "set", **span, "value": value} for value in "az" for span in spans]
    ops += [{"op": "remove", **span} for span in spans]
    ops += [
        {"op": "split", "at": str(at), "keep": keep}
        for at in keys[1:-1]
        for keep in ("left", "right")
    ]
    ops += [
        {"op": "merge", "left": str(at - 1), "right": str(at), "keep": keep}
        for at in keys[1:-1]
        for keep in ("left", "right")
    ]
    ops += [{"op": "replace", "at": str(at), "value": "a"} for at in keys[:-1]]
    ops += [{"op": "resize", "at": str(at), "stop": str(at + 1)} for at in keys[:-1]]
    ops += [{"op": "resize", "at": str(at), "start": "0", "stop": str(points)} for at in keys[:-1]]
    ops += [{"op": "discard", "at": str(at)} for at in keys[:-1]]
    ops += [{"op": "fill", "start": "0", "stop": str(points), "value": value} for value in "az"]
    ops += [{"op": "move", "start": "0", "stop": "1", "to": str(to)} for to in keys[1:]]
    ops += [{"op": "shift", "at": "1", "by": by} for by in ("1", "-1")]
    return [*ops, {"op": "clear"}]


def telling(line: Line, rows: list[Row]) -> bool:
    """Tell whether a line says something else than another one: a node is named by its start."""
    if line["op"] in ("replace", "resize", "discard"):
        return any(row[0] == int(line["at"]) for row in rows)
    if line["op"] in ("split", "merge"):
        at = int(line["at"] if line["op"] == "split" else line["right"])
        whole = any(row[0] < at < row[1] for row in rows)
        cut = any(row[0] == at for row in rows) and any(row[1] == at for row in rows)
        return line["keep"] == "left" or (whole if line["op"] == "split" else cut)
    return True


def exhaustive(points: int = 4, depth: int = 1) -> Iterator[Trace]:
    """Yield every case, with its `want`s."""
    every = operations(points)
    for rows in lists(points):
        ops = [line for line in every if depth > 1 or telling(line, rows)]
        for k in range(len(rows) + 2):
            model = Tuples(hooks_of({}))
            session = over(model)
            name = ".".join(f"{value}{start}-{stop}" for start, stop, value in rows) or "empty"
            start = [{"op": "set", "start": str(a), "stop": str(b), "value": v} for a, b, v in rows]
            steps = [{"op": "next", "c": line["c"]} for line in CURSORS for _ in range(k)]
            before = [line | {"want": session.reply(line)} for line in start + CURSORS + steps]
            for done in product(ops, repeat=depth):
                yield case(f"x{points}/{name}/{k}/", before, done, model)


def over(model: Tuples) -> Session:
    return Session(lambda header: model)


def case(prefix: str, before: list[Line], done: tuple[Line, ...], stand: Tuples) -> Trace:
    """Return one case; `stand` is the oracle as it is before the operations, and stays so."""
    model = copy(stand)
    model.places = {c: copy(place) for c, place in stand.places.items()}
    session = over(model)
    lines = [line | {"want": session.reply(line)} for line in (*done, *AFTER)]
    words = "+".join(".".join(map(str, line.values())) for line in done)
    header = {"trace": TRACE_VERSION, "id": prefix + words, "laws": LAWS_VERSION, "partial": True}
    return Trace(header, before + lines)
