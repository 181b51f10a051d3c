"""Random traces that every language can make too: the mapping from numbers to lines.

The random numbers are those of SplitMix64; all sums and products are mod 2**64.

    state = seed
    next       state = state + 0x9E3779B97F4A7C15
               z = state
               z = (z xor z >> 30) * 0xBF58476D1CE4E5B9
               z = (z xor z >> 27) * 0x94D049BB133111EB
               z = z xor z >> 31
    below(n)   next mod n
    pick(list) list[below(len(list))]

Exactly the draws named here are made, in this order.

    universe   keys 0 .. 47 (`SPACE` = 48), values "a" .. "d", cursors "A" .. "D"
    before all A: E forward, B: E reverse, C: C forward, D: E forward in the window [12, 36)
    each op    k = below(100), the sum of the weights; the first row of `TABLE` whose running sum
               exceeds k names it
    span       start = point(), width = 1 + below(8), stop = start + width
    point()    below(48).  With near-cursor, `edges` being both ends of the extents that A, B, C
               and D delivered last (one that delivered nothing is left out): if edges is not empty
               and below(4) is not 0, it is pick(edges) + below(3) - 1 instead, but at least 0
    value      pick("abcd")
    fields     are drawn in the order in which `MAPPING` of this file lists them

`edges` is known to the side that answers the lines, so near-cursor traces are made with an oracle.

A *mixed* trace differs in six things, which follow from its seed: the operations are drawn from
`MIXED`; a width is below(9), so spans may be empty; values are "a", "b", "c" and "!"; the keys of a
merge are 1 + below(3) apart, not 1; every second seed is near the cursors; and the hooks of the
header change (`mixed_header`).  If only some operations and hooks are claimed, it is drawn from
those alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from rangelist.oracle.session import Session, text_of, tuples
from rangelist.oracle.spec import CAPABILITIES, HOOKS, LAWS_VERSION, TRACE_VERSION, Line
from rangelist.oracle.trace import Trace
from rangelist.oracle.tuples import Tuples

__all__ = ["PUBLISHED", "SplitMix64", "digest_of", "generate", "hash_of", "mixed"]

T = TypeVar("T")
MASK = (1 << 64) - 1


class SplitMix64:
    """A stream of 64-bit numbers.

    Example:
        >>> SplitMix64(1234567).next()
        6457827717110365317
    """

    def __init__(self, seed: int) -> None:
        self.state = seed & MASK

    def next(self) -> int:
        """Return the next number, 0 <= number < 2**64."""
        self.state = z = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, n: int) -> int:
        """Return `next() mod n`."""
        return self.next() % n

    def choice(self, items: Sequence[T]) -> T:
        """Return `items[below(len(items))]`."""
        return items[self.below(len(items))]


SPACE = 48
VALUES = "abcd"
CURSORS = "ABCD"

# How often each operation is drawn, of 100.
TABLE: Final = {
    "set": 22, "remove": 10, "next": 25, "split": 7, "merge": 6, "fill": 3, "add": 3, "update": 3,
    "insert": 3, "replace": 3, "resize": 3, "discard": 2, "prev": 3, "at": 3, "coalesce": 1,
    "move": 1, "shift": 1, "clear": 1,
}  # fmt: skip
MIXED: Final = {
    "set": 16, "remove": 8, "insert": 7, "next": 14, "split": 5, "merge": 4, "fill": 4, "add": 4,
    "coalesce": 4, "update": 3, "replace": 3, "resize": 3, "discard": 2, "move": 1, "shift": 1,
    "clear": 1, "prev": 2, "current": 2, "drain": 1, "seek": 1, "reset": 1, "dump": 2, "len": 1,
    "at": 1, "locate": 1, "floor": 1, "higher": 1, "covers": 1, "find_gap": 4, "overlapping": 1,
    "gaps": 1, "tiles": 1, "slice": 1,
}  # fmt: skip


class Draw:
    """One random field after the other."""

    def __init__(self, rnd: SplitMix64, edges: Callable[[], list[int]], least: int) -> None:
        self.rnd = rnd
        self.edges = edges
        self.least = least  # the smallest width

    def fields(self, op: str) -> Line:
        """Draw the fields of an operation, in the order of `MAPPING`."""
        return {name: text for word in MAPPING[op] for name, text in self.field(word).items()}

    def field(self, word: str) -> Line:
        if word in CHOSEN:
            name, choices = CHOSEN[word]
            return {name: self.rnd.choice(choices)}
        if word in ("at", "to", "key"):
            return {word: self.point()}
        drawn: Line = getattr(self, word)()
        return drawn

    def point(self) -> str:
        rnd = self.rnd
        edges = self.edges()
        if edges and rnd.below(4):
            return str(max(0, rnd.choice(edges) + rnd.below(3) - 1))
        return str(rnd.below(SPACE))

    def span(self) -> Line:
        start = self.point()
        width = self.least + self.rnd.below(9 - self.least)
        return {"start": start, "stop": str(int(start) + width)}

    def neighbours(self) -> Line:
        """Two keys left and right of a border."""
        right = int(self.point())
        apart = 1 if self.least else 1 + self.rnd.below(3)
        return {"left": str(right - apart), "right": str(right)}

    def value(self) -> Line:
        return {"value": self.rnd.choice(VALUES if self.least else "abc!")}

    def by(self) -> Line:
        return {"by": str(self.rnd.below(9) - 4)}

    def size(self) -> Line:
        return {"size": str(self.rnd.below(4))}


# Fields that are one of a few words.
CHOSEN: Final[dict[str, tuple[str, Sequence[str]]]] = {
    "fn": ("fn", ("put", "join", "drop")),
    "keep": ("keep", ("left", "right")),
    "fit": ("fit", ("first", "last", "best", "worst")),
    "c": ("c", CURSORS),
    "two-way": ("c", "ABD"),
}

# What each operation draws, in this order.
MAPPING: Final = {
    op: fields.split()
    for ops, fields in (
        ("set insert fill add", "span value"),
        ("update", "fn span value"),
        ("remove coalesce covers overlapping gaps tiles slice", "span"),
        ("split", "at keep"),
        ("merge", "neighbours keep"),
        ("replace", "at value"),
        ("resize", "at span"),
        ("discard", "at"),
        ("move", "span to"),
        ("shift", "at by"),
        ("clear dump len", ""),
        ("at locate floor higher", "key"),
        ("next drain", "c"),
        ("prev current reset", "two-way"),
        ("seek", "two-way key"),
        ("find_gap", "size span fit"),
    )
    for op in ops.split()
}


CURSOR_LINES: Final[list[Line]] = [
    {"op": "cursor", "c": "A"},
    {"op": "cursor", "c": "B", "reverse": True},
    {"op": "cursor", "c": "C", "walk": "C"},
    {"op": "cursor", "c": "D", "start": "12", "stop": "36"},
]


def generate(
    seed: int, ops: int, *, near_cursor: bool = False, coalesce: str = "equal"
) -> Iterator[Line]:
    """Yield a header, four cursors and `ops` random operations."""
    # The version of the laws is part of the published hashes; these lines mean the same in 1.1.
    header = {"trace": TRACE_VERSION, "id": f"gen-{seed}", "laws": "1.0", "coalesce": coalesce}
    yield from drawn(seed, ops, header, TABLE, 1, near_cursor)


def mixed(seed: int, ops: int, claims: frozenset[str] = CAPABILITIES) -> Trace:
    """Return the mixed trace of a seed, made of what is claimed."""
    table = {op: weight for op, weight in MIXED.items() if op in claims}
    near = seed % 2 == 0
    header, *lines = drawn(seed, ops if table else 0, mixed_header(seed, claims), table, 0, near)
    return Trace.of(header, lines)


def mixed_header(seed: int, claims: frozenset[str]) -> Line:
    """Return the header: two of four traces join equals, half have other hooks, where claimed."""
    header: Line = {"trace": TRACE_VERSION, "id": f"mixed/{seed}", "laws": LAWS_VERSION}
    for hook, values in HOOKS.items():
        able = [value for value in values if f"{hook}={value}" in claims] or list(values)
        if hook == "coalesce":
            way = ("equal", "equal", "never", "always")[seed % 4]
            header[hook] = way if way in able else able[0]
        else:
            header[hook] = able[seed // 8 % len(able)] if seed % 8 > 3 else able[0]
    return header


def drawn(
    seed: int,
    ops: int,
    header: Line,
    table: Mapping[str, int],
    least: int,
    near_cursor: bool,
) -> Iterator[Line]:
    """Yield a header, four cursors and random operations of a table."""
    session = Session(tuples)
    for line in (header, *CURSOR_LINES):
        session.reply(line)
        yield line

    def edges() -> list[int]:
        model = session.model
        if not near_cursor or not isinstance(model, Tuples):
            return []
        places = (model.places[c] for c in CURSORS)
        return [end for place in places for end in (place.a, place.b) if end is not None]

    draw = Draw(SplitMix64(seed), edges, least)
    names = [name for name, weight in table.items() for _ in range(weight)]
    for _ in range(ops):
        op = draw.rnd.choice(names)
        line = {"op": op, **draw.fields(op)}
        if near_cursor:
            session.reply(line)
        yield line


def hash_of(seed: int, ops: int = 1000, *, near_cursor: bool = False) -> str:
    """Return the SHA-256 of a trace."""
    return digest_of(generate(seed, ops, near_cursor=near_cursor))


def digest_of(lines: Iterable[Line]) -> str:
    """Return the SHA-256 of lines as text, each ended by a newline."""
    digest = hashlib.sha256()
    for line in lines:
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
