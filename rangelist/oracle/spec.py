"""What a trace may say: the operations, their fields, the errors, and what each line needs.

    {"op": "set", "start": "20", "stop": "28", "value": "c"}     ->  {"ok": ["20", "28", "c"]}

Every operation is *total*: in every state it gives a result or one of `ERRORS`, and with an error
nothing has changed.  So any sub-sequence of a trace is a trace, and shrinking is leaving lines out.

A capability is a word: the name of an operation, or `name=value`.  What a line needs follows from
the line and from the hooks of its header (`needs`); there is no list to keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

__all__ = [
    "BAG",
    "CAPABILITIES",
    "CHOICES",
    "DIALECTS",
    "ERRORS",
    "HEADER",
    "HOOKS",
    "KEY_TYPES",
    "LAWS_VERSION",
    "LISTS",
    "OPS",
    "QUESTIONS",
    "SHOWN_BY",
    "TRACE_VERSION",
    "WALKS",
    "WRITES",
    "Line",
    "Op",
    "Refusal",
    "Row",
    "hook_words",
    "needs",
    "one_way",
]

TRACE_VERSION: Final = 1  # the form of the lines
LAWS_VERSION: Final = "1.1"  # what the operations and the walks mean

Line = dict[str, Any]  # one JSON object


class Row(NamedTuple):
    """A piece of a list: a span and its value."""

    start: int
    stop: int
    value: Any


ERRORS: Final = {
    "EmptySpan": "a span is not start < stop, or a window is reversed",
    "Overlap": "space that had to be free is taken",
    "Gap": "space that had to be covered has a hole",
    "NotTouching": "the two nodes to merge are not neighbours that touch",
    "Missing": "no node covers the key",
    "Refused": "a hook raised",
    "NoCursor": "no cursor of that name was made",
    "OneWay": "this walk has no way back and no place that could be set or asked for",
    "BadLine": "the line is not one of this format",
}


class Refusal(Exception):  # noqa: N818 - it is an answer, not a mistake
    """An operation that answers with one of the error names."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def words_in(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Op(NamedTuple):
    """An operation: what it needs, what it takes, whether it can change the list."""

    writes: bool
    required: tuple[str, ...]
    optional: tuple[str, ...]
    says: str


def _op(writes: bool, fields: str, says: str) -> Op:
    """Read a field list such as `start stop value?`."""
    words = fields.split()
    required = tuple(word for word in words if word[-1] != "?")
    return Op(writes, required, tuple(word[:-1] for word in words if word[-1] == "?"), says)


OPS: Final[Mapping[str, Op]] = {
    # ---- writes
    "set": _op(True, "start stop value", "overwrite; the piece that now holds the span"),
    "insert": _op(True, "start stop value", "only into free space; the piece that now holds it"),
    "fill": _op(True, "start stop value", "only the gaps; how many pieces were written"),
    "add": _op(True, "start stop value", "gaps get value, the rest overlap(old, value); how many"),
    "update": _op(True, "fn start? stop? value? gaps?", "put, join or drop each piece; how many"),
    "remove": _op(True, "start? stop?", "punch a hole; the pieces that were there"),
    "split": _op(True, "at keep?", "cut the node that strictly contains at; the right one or null"),
    "merge": _op(True, "left right value? keep?", "join the touching nodes that cover two keys"),
    "replace": _op(True, "at value", "give the node that covers at a value; the piece it is in"),
    "resize": _op(True, "at start? stop?", "move borders of the node that covers at; its piece"),
    "discard": _op(True, "at", "remove the node that covers at; its piece"),
    "move": _op(True, "start stop to overwrite?", "cut the span out, put it at to; null"),
    "shift": _op(True, "at by", "insert or delete key space at at; null"),
    "coalesce": _op(True, "start? stop?", "merge whatever may be merged; how many merges"),
    "clear": _op(True, "", "remove everything; null"),
    # ---- reads
    "dump": _op(False, "", "all pieces"),
    "len": _op(False, "", "how many nodes"),
    "at": _op(False, "key", "the piece that covers key, or null"),
    "locate": _op(False, "key", "the piece or the gap that covers key; null for an infinite end"),
    "overlapping": _op(False, "start? stop?", "the whole pieces that meet the window"),
    "gaps": _op(False, "start? stop?", "the gaps in the window"),
    "tiles": _op(False, "start? stop?", "pieces and gaps, clipped, that cover the window exactly"),
    "slice": _op(False, "start? stop?", "the pieces in the window, cut by the split hook"),
    "first": _op(False, "", "the first piece or null"),
    "last": _op(False, "", "the last piece or null"),
    "floor": _op(False, "key", "the last piece with start <= key"),
    "ceiling": _op(False, "key", "the first piece with start >= key"),
    "lower": _op(False, "key", "the last piece with start < key"),
    "higher": _op(False, "key", "the first piece with start > key"),
    "covers": _op(False, "start stop", "whether no point of the window is bare"),
    "find_gap": _op(False, "size start? stop? align? offset? fit?", "a free span of that size"),
    # ---- walks
    "cursor": _op(False, "c reverse? walk? start? stop? sticky? horizon?", "make cursor c; null"),
    "next": _op(False, "c", "one step in the direction of c: a piece, or null"),
    "prev": _op(False, "c", "one step back"),
    "drain": _op(False, "c", "every step until null, as a list"),
    "current": _op(False, "c", "[piece that covers the anchor or null, [status words]]"),
    "seek": _op(
        False,
        "c key",
        "stand at key: what reaches beyond it is ahead, what began before it behind",
    ),
    "reset": _op(False, "c", "stand before the first again; null"),
    "fork": _op(False, "c to", "copy the coordinates of c to a new cursor, as JSON would; null"),
    # ---- the bag: intervals that may overlap, beside the list
    "bag.add": _op(True, "start stop value", "null"),
    "bag.discard": _op(True, "start stop value", "remove the first that is equal"),
    "bag.overlapping": _op(False, "start? stop?", "by start, then in order of insertion"),
    "bag.at": _op(False, "key", "the same, for one key"),
    "bag.spans": _op(False, "start? stop?", "used and hole, alternating: [start, stop, used]"),
    "bag.flatten": _op(
        False, "", "a list: each in order of insertion set, or with an overlap hook added"
    ),
}

WRITES: Final = frozenset(op for op, shape in OPS.items() if shape.writes)
WALKS: Final = frozenset({"next", "prev", "drain", "current"})
QUESTIONS: Final = OPS.keys() - WRITES - {"cursor", "seek", "reset", "fork"}  # which answer null
SHOWN_BY: Final = {op: "bag.overlapping" if op[:4] == "bag." else "dump" for op in WRITES}

# Header fields that choose a hook, and their values; the first is the default.
HOOKS: Final[Mapping[str, tuple[str, ...]]] = {
    "coalesce": ("equal", "never", "always"),
    "merge": ("left", "right", "join"),
    "split": ("copy", "mark", "refuse"),
    "overlap": ("new", "old", "join", "refuse"),
}

# Fields of a line with values that need support of their own; the first is the default.
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "walk": ("E", "C"),
    "keep": ("left", "right"),
    "horizon": ("open", "fixed"),
    "fit": ("first", "last", "best", "worst"),
    "fn": ("put", "join", "drop"),
    "gaps": ("skip", "raise"),
}

# What the bag does with an interval that it holds already (keep both, or one), and in which order
# it names intervals of one start: as they were inserted, or by their stops.
BAG: Final[Mapping[str, tuple[str, ...]]] = {"bag": ("many", "set"), "order": ("inserted", "stop")}

# All header fields with a closed list of values.
HEADER: Final[Mapping[str, tuple[str, ...]]] = {**HOOKS, **BAG}

# Key types with ends, and the lowest and highest key of each.
KEY_TYPES: Final[Mapping[str, tuple[int, int]]] = {
    f"{sign}{bits}": (0, 2**bits - 1)
    if sign == "uint"
    else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    for sign in ("int", "uint")
    for bits in (8, 16, 32, 64)
}

# Words that say how an implementation differs; each trace is translated for it (dialect.py).
DIALECTS: Final = frozenset(
    {"void", "values=one", "ends=closed", "bag=set", "order=stop", "order=any"}
    | {f"key={name}" for name in KEY_TYPES}
)

# Need not be claimed: an implementation that has cursors at all goes forward, keeps left.
FREE: Final = frozenset({"keep=left", "horizon=open", "fn=put", "gaps=skip"})

CAPABILITIES: Final = (
    frozenset({*OPS, "walk=E", "walk=C", "window", "sticky", "resumable", "reverse"})
    | {f"{name}={word}" for name, words in {**HOOKS, **CHOICES}.items() for word in words}
) - FREE
LISTS: Final = frozenset(word for word in CAPABILITIES if not word.startswith("bag."))

# Which operations ask which hooks.
CUTS: Final = words_in("set fill add update remove split resize move shift slice tiles bag.flatten")
JOINS: Final = words_in("set insert fill add update replace resize move shift coalesce bag.flatten")
ASKED_BY: Final = {
    "coalesce": JOINS,
    "merge": JOINS | {"merge"},
    "split": CUTS,
    "overlap": frozenset({"add", "bag.flatten"}),
}

Words = tuple[str, ...]  # the word of each hook, in the order of HOOKS


def hook_words(header: Line) -> Words:
    """Return the words of a header's hooks."""
    return tuple([f"{hook}={header.get(hook, known[0])}" for hook, known in HOOKS.items()])


DEFAULT_WORDS: Final = hook_words({})


@lru_cache(maxsize=4096)
def plain_needs(op: str, words: Words) -> frozenset[str]:
    """Return what an operation needs, however its optional fields are put."""
    asked = {hook: word for hook, word in zip(HOOKS, words, strict=True) if op in ASKED_BY[hook]}
    if asked.get("coalesce") == "coalesce=never":
        del asked["merge"]  # what is never joined has no merged value
    return frozenset({op, *asked.values()})


def needs(line: Line, words: Words = DEFAULT_WORDS) -> frozenset[str]:
    """Return the capabilities that a line asks for, below a header with these hooks.

    Example:
        >>> sorted(needs({"op": "cursor", "c": "A", "reverse": True, "stop": "9"}))
        ['cursor', 'resumable', 'reverse', 'walk=E', 'window']
        >>> sorted(needs({"op": "insert", "start": "0", "stop": "1", "value": "a"}))
        ['coalesce=equal', 'insert', 'merge=left']
    """
    found = plain_needs(line["op"], words)
    chosen = {f"{name}={line[name]}" for name in CHOICES if name in line}
    if line["op"] == "cursor":
        chosen |= {flag for flag in ("reverse", "sticky") if line.get(flag)}
        chosen |= {"window"} if "start" in line or "stop" in line else set()
        chosen |= set() if one_way(line) else {"resumable"}
        chosen |= {words[2]} if line.get("walk") == "C" else {"walk=E"}  # what is clipped is cut
    return found | chosen - FREE if chosen else found


def one_way(line: Line) -> bool:
    """Tell whether a cursor line makes an iterator: no way back, and its end is final."""
    fixed = line.get("horizon") == "fixed"
    return bool(line.get("sticky")) or line.get("walk") == "C" or fixed
