"""What the reader pointed at, as a line: from one place on the board to another.

    span     from one key to another          point    a key
    node     the node at a key                border   where two nodes touch, nearest to a key
    edge     the nearest end of a node, to a key
    carry    the node at a key, as far as the pointer went
    push     the key space at a key, as far as the pointer went

A pointer gives places between keys, the keyboard gives keys; both come here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor
from typing import Final

from .script import KEYS, OPS, Line, ScriptError
from .world import Shape

__all__ = ["line_of"]

Shapes = Sequence[Shape]


def line_of(op: str, begin: float, end: float, shapes: Shapes, more: Line) -> Line:
    """Return the line of a gesture; `more` are the fields that no gesture gives.

    Raises: ScriptError, if there is nothing such at that place.

    Example:
        >>> line_of("set", 11.8, 4.1, [], {"value": "a"})
        {'op': 'set', 'start': 4, 'stop': 12, 'value': 'a'}
    """
    if op not in OPS:
        raise ScriptError(f"op is {op!r}, want one of {', '.join(OPS)}")
    known = {*OPS[op].required, *OPS[op].optional}
    kept = {name: value for name, value in more.items() if name in known - KEYS}
    return {"op": op, **GESTURES[OPS[op].gesture](begin, end, shapes), **kept}


def span(begin: float, end: float, shapes: Shapes) -> Line:
    return {"start": round(min(begin, end)), "stop": round(max(begin, end))}


def point(begin: float, end: float, shapes: Shapes) -> Line:
    return {"at": round(end)}


def node(begin: float, end: float, shapes: Shapes) -> Line:
    node_at(end, shapes)
    return {"at": floor(end)}


def border(begin: float, end: float, shapes: Shapes) -> Line:
    pairs = zip(shapes, shapes[1:], strict=False)
    keys = [right.start for left, right in pairs if left.stop == right.start]
    if not keys:
        raise ScriptError("no two nodes touch here, want a border between two")
    return {"at": min(keys, key=lambda key: abs(key - end))}


def edge(begin: float, end: float, shapes: Shapes) -> Line:
    ends = [(abs(key - begin), name, shape) for shape in shapes
            for name, key in (("start", shape.start), ("stop", shape.stop))]  # fmt: skip
    if not ends:
        raise ScriptError("no node is here, want one whose border can move")
    # Of two ends at one place, that of the node which the pointer moves into shrinks.
    nearest = min(away for away, _, _ in ends)
    near = [(name, shape) for away, name, shape in ends if away == nearest]
    wanted = "stop" if end < begin else "start"
    name, shape = next((one for one in near if one[0] == wanted), near[0])
    return {"at": shape.start, name: round(end)}


def carry(begin: float, end: float, shapes: Shapes) -> Line:
    shape = node_at(begin, shapes)
    to = shape.start + round(end - begin)
    return {"start": shape.start, "stop": shape.stop, "to": to}


def push(begin: float, end: float, shapes: Shapes) -> Line:
    at, to = round(begin), round(end)
    return {"at": min(at, to), "by": to - at}


def nothing(begin: float, end: float, shapes: Shapes) -> Line:
    return {}


def node_at(key: float, shapes: Shapes) -> Shape:
    found = [shape for shape in shapes if shape.start <= key < shape.stop]
    if not found:
        raise ScriptError(f"no node covers {floor(key)}, want one that does")
    return found[-1]


GESTURES: Final[dict[str, Callable[[float, float, Shapes], Line]]] = {
    "span": span,
    "point": point,
    "node": node,
    "border": border,
    "edge": edge,
    "carry": carry,
    "push": push,
    "none": nothing,
}
