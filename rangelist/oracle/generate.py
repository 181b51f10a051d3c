"""Random traces that every language can make too: the mapping from numbers to lines.

`rnd` is the SplitMix64 of prng.py, started with the seed; `below(n)` takes one number from it and
`pick(list)` is `list[below(len(list))]`.  Exactly the draws named here are made, in this order.

    universe     keys 0 .. 47 (`SPACE` = 48), values "a" .. "d", cursors "A" .. "D"
    before all   A: E forward, B: E reverse, C: C forward, D: E forward in the window [12, 36)
    each op      k = below(100); the first row of `TABLE` whose running sum exceeds k names it
    span         start = point(), width = 1 + below(8), stop = start + width
    point()      below(48).  With near-cursor, `edges` being both ends of the extents that A, B, C
                 and D delivered last (who delivered nothing is left out): if edges is not empty
                 and below(4) is not 0, it is pick(edges) + below(3) - 1 instead, but at least 0
    value        pick("abcd")
    fields       are drawn in the order in which `MAPPING` of this file lists them

`edges` is known to whoever answers the lines, therefore near-cursor traces are made with an oracle.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Final

from rangelist.oracle.models import tuples
from rangelist.oracle.prng import SplitMix64
from rangelist.oracle.session import Session
from rangelist.oracle.spec import LAWS_VERSION, TRACE_VERSION, Line
from rangelist.oracle.tuples import Tuples

__all__ = ["PUBLISHED", "generate", "hash_of", "text_of"]

SPACE = 48
VALUES = "abcd"
CURSORS = "ABCD"

# name, weight out of 100
TABLE = (
    ("set", 22),
    ("remove", 10),
    ("next", 25),
    ("split", 7),
    ("merge", 6),
    ("fill", 3),
    ("add", 3),
    ("update", 3),
    ("insert", 3),
    ("replace", 3),
    ("resize", 3),
    ("discard", 2),
    ("prev", 3),
    ("at", 3),
    ("coalesce", 1),
    ("move", 1),
    ("shift", 1),
    ("clear", 1),
)

Point = Callable[[], int]


class Draw:
    """One random field after the other."""

    def __init__(self, rnd: SplitMix64, edges: Callable[[], list[int]]) -> None:
        self.rnd = rnd
        self.edges = edges

    def point(self) -> str:
        rnd = self.rnd
        edges = self.edges()
        if edges and rnd.below(4):
            return str(max(0, rnd.choice(edges) + rnd.below(3) - 1))
        return str(rnd.below(SPACE))

    def span(self) -> Line:
        start = self.point()
        return {"start": start, "stop": str(int(start) + 1 + self.rnd.below(8))}

    def value(self) -> Line:
        return {"value": self.rnd.choice(VALUES)}

    def cursor(self) -> Line:
        return {"c": self.rnd.choice(CURSORS)}

    def keep(self) -> Line:
        return {"keep": self.rnd.choice(("left", "right"))}

    def way_back(self) -> Line:
        return {"c": self.rnd.choice("ABD")}


# What each operation draws, in this order.
MAPPING: dict[str, Callable[[Draw], Line]] = {
    "set": lambda d: d.span() | d.value(),
    "insert": lambda d: d.span() | d.value(),
    "fill": lambda d: d.span() | d.value(),
    "add": lambda d: d.span() | d.value(),
    "update": lambda d: {"fn": d.rnd.choice(("put", "join", "drop"))} | d.span() | d.value(),
    "remove": lambda d: d.span(),
    "split": lambda d: {"at": d.point()} | d.keep(),
    "merge": lambda d: near(d.point()) | d.keep(),
    "replace": lambda d: {"at": d.point()} | d.value(),
    "resize": lambda d: {"at": d.point()} | d.span(),
    "discard": lambda d: {"at": d.point()},
    "move": lambda d: d.span() | {"to": d.point()},
    "shift": lambda d: {"at": d.point(), "by": str(d.rnd.below(9) - 4)},
    "coalesce": lambda d: d.span(),
    "clear": lambda d: {},
    "at": lambda d: {"key": d.point()},
    "next": Draw.cursor,
    "prev": Draw.way_back,
}


def near(at: str) -> Line:
    """Two keys left and right of a border."""
    return {"left": str(int(at) - 1), "right": at}


def opening(seed: int, coalesce: str) -> list[Line]:
    header = {
        "trace": TRACE_VERSION,
        "id": f"gen-{seed}",
        "laws": LAWS_VERSION,
        "coalesce": coalesce,
    }
    cursors: list[Line] = [
        {"op": "cursor", "c": "A"},
        {"op": "cursor", "c": "B", "reverse": True},
        {"op": "cursor", "c": "C", "walk": "C"},
        {"op": "cursor", "c": "D", "start": "12", "stop": "36"},
    ]
    return [header, *cursors]


def generate(
    seed: int, ops: int, *, near_cursor: bool = False, coalesce: str = "equal"
) -> Iterator[Line]:
    """Yield a header, four cursors and `ops` random operations."""
    rnd = SplitMix64(seed)
    session = Session(tuples)
    lines = opening(seed, coalesce)
    for line in lines:
        session.reply(line)
        yield line

    def edges() -> list[int]:
        model = session.model
        if not near_cursor or not isinstance(model, Tuples):
            return []
        places = (model.places[c] for c in CURSORS)
        return [end for place in places for end in (place.a, place.b) if end is not None]

    draw = Draw(rnd, edges)
    names = [name for name, weight in TABLE for _ in range(weight)]
    for _ in range(ops):
        op = names[rnd.below(100)]
        line = {"op": op} | MAPPING[op](draw)
        if near_cursor:
            session.reply(line)
        yield line


def text_of(line: Line) -> str:
    """Return the line in its one canonical form: no spaces, keys in the order they were made."""
    return json.dumps(line, separators=(",", ":"), ensure_ascii=False)


def hash_of(seed: int, ops: int = 1000, *, near_cursor: bool = False) -> str:
    """Return the SHA-256 of the trace as text, each line ended by a newline."""
    digest = hashlib.sha256()
    for line in generate(seed, ops, near_cursor=near_cursor):
        digest.update((text_of(line) + "\n").encode())
    return digest.hexdigest()


# (seed, near-cursor) -> hash of 1000 operations.
PUBLISHED: Final = {
    (0, False): "ae09d0ad38760b84c282706effd49b889c4b032ce489dc98e8ec10c706782c52",
    (0, True): "27860f65fabb46b1183d5fe33f6a45c4694635a978482dc25280cc09c699220f",
    (1, False): "88e334665046efa72dd25c4226089b58e006563db12d302c310c02fb0557b56d",
    (1, True): "bc65dd98d5e4cd27dcb8592b7b2c6c3330df87e306208584f592bfa15e7b985f",
    (2, False): "1a4b2e8586b9995b1a7859043bd9f0d6633cd73b4f0f2260c31a8c7f52154c6e",
    (2, True): "7b4a4443cfb4e9bbf9ee0f453f61d23b605c6cc480b1af735b86c5abbf628ea6",
    (3, False): "1be618c525f5005851c0cb44dcf6b9e0f75cce11087924d2d9f48f1f8a9e7b35",
    (3, True): "844ea681a70a5ce759af29eef300110306598b963f7ab3b3b7bb950caa4cad34",
    (4, False): "cc865ba2424925fa1b7cba1fa864c5a938f0f99ddc27eb907d9dbd25298de89c",
    (4, True): "8d788487f89a3c4673013d6cb8b1bd8f48a234a83669aec5e15a77e7d2e7b3bb",
}
