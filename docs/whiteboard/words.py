"""An edit in words: which merge case it is, what became of each node, the steps it is made of.

The cases are those of docs/systems.md: where a new range lies between P and N, and which part of
an area M changes, each with what it merged with.

    new range      PPP****NNN        left, right, both, none
    part of M      MMMM^^^^MMMM      interior, low edge, high edge, all of it
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from rangelist import Edit

from .world import Done, Shape, World

__all__ = ["Fate", "case_of", "fates_of", "frames_of"]

WRITES: Final = frozenset({"set", "insert", "fill", "add", "transform", "replace"})

NEW: Final = {
    (False, False): "none: a new range that nothing joins",
    (True, False): "1 left: P grows over the new range",
    (False, True): "2 right: N grows over the new range",
    (True, True): "3 both: P, the new range and N become one",
}
PART: Final = {
    "interior": {(False, False): "4 interior: M is cut in three"},
    "all": {
        (False, False): "5 in place: all of M changes, nothing joins",
        (True, False): "8 left full: P takes all of M",
        (False, True): "10 right full: N takes all of M",
        (True, True): "11 both: P, M and N become one",
    },
    "low": {
        (False, False): "6 low edge: M is cut, nothing joins",
        (True, False): "7 left part: P takes the head of M",
    },
    "high": {
        (False, False): "6 high edge: M is cut, nothing joins",
        (False, True): "9 right part: N takes the tail of M",
    },
}


def case_of(done: Done) -> str:
    """Name the merge case of a write over one span; empty for what is no such case.

    Example:
        >>> from whiteboard.world import World
        >>> world = World({"rules": "EQUAL", "items": [[0, 8, "p"], [16, 24, "n"]]})
        >>> case_of(world.play({"op": "set", "start": 8, "stop": 12, "value": "p"}))
        '1 left: P grows over the new range'
    """
    if done.edit is None or done.line["op"] not in WRITES:
        return ""
    at = done.line.get("at")
    whole = next((x for x in done.before if at is not None and x.start <= at < x.stop), None)
    start = whole.start if whole else done.line["start"]
    stop = whole.stop if whole else done.line["stop"]
    under = [shape for shape in done.before if shape.start < stop and start < shape.stop]
    holder = next((x for x in done.after if x.start <= start and stop <= x.stop), None)
    if holder is None:
        return ""
    merged = holder.start < start, stop < holder.stop
    if not under:
        return NEW[merged]
    if len(under) > 1 or start < under[0].start or under[0].stop < stop:
        return f"over {len(under)} nodes{joined(merged)}"
    return PART[part(under[0], start, stop)].get(merged, f"inside one node{joined(merged)}")


def part(middle: Shape, start: int, stop: int) -> str:
    """Name the part of a node that a span inside it is."""
    if middle.start == start:
        return "all" if middle.stop == stop else "low"
    return "high" if middle.stop == stop else "interior"


def joined(merged: tuple[bool, bool]) -> str:
    sides = [side for side, yes in zip(("left", "right"), merged, strict=True) if yes]
    return f", merged {' and '.join(sides)}" if sides else ""


# ---- what became of each node --------------------------------------------------------------------


class Fate(NamedTuple):
    """What became of one node, for the page."""

    id: int
    kind: str
    before: Shape | None
    after: Shape | None
    into: int | None
    says: str


def fates_of(edit: Edit[int, Any], world: World) -> list[Fate]:
    """Return what became of each node that was or is there, in key order."""
    return [fate_of(fate, world) for fate in edit.fates]


def fate_of(fate: Any, world: World) -> Fate:
    number = world.id(fate.node)
    before = None if fate.before is None else Shape(number, *world.told(fate.before))
    after = None if fate.after is None else Shape(number, *world.told(fate.after))
    into = None if fate.into is None else world.id(fate.into)
    return Fate(number, fate.kind, before, after, into, said(fate.kind, before, after, into))


def said(kind: str, before: Shape | None, after: Shape | None, into: int | None) -> str:
    """Say a fate in a few words.

    Example:
        >>> said("changed", Shape(1, 0, 8, "a"), Shape(1, 0, 12, "a"), None)
        'grows to [0, 12)'
    """
    if kind == "merged":
        return f"merges into #{into} and is gone"
    if kind == "removed":
        return "is gone"
    if kind == "new":
        return f"is new: {span(after)}"
    words: list[str] = []
    if before and after and (before.start, before.stop) != (after.start, after.stop):
        grew = after.start <= before.start and before.stop <= after.stop
        shrank = before.start <= after.start and after.stop <= before.stop
        verb = "grows to" if grew else "shrinks to" if shrank else "moves to"
        words.append(f"{verb} {span(after)}")
    if before and after and before.text != after.text:
        words.append(f"takes the value {after.text}")
    return " and ".join(words) or "stays as it is"


def span(shape: Shape | None) -> str:
    return "nothing" if shape is None else f"[{shape.start}, {shape.stop})"


# ---- the primitive steps -------------------------------------------------------------------------


class Frame(NamedTuple):
    """All nodes after one primitive step, which of them it made, and the step in words."""

    says: str
    pieces: list[tuple[int, int, str]]
    made: list[tuple[int, int, str]]


def frames_of(before: Sequence[Shape], edit: Edit[int, Any], world: World) -> list[Frame]:
    """Return the picture before the first step and after each step."""
    now = [(shape.start, shape.stop, shape.text) for shape in before]
    frames = [Frame("before the first step", list(now), [])]
    for step in edit.steps:
        gone, made = [[world.told(x) for x in pieces] for pieces in (step.before, step.after)]
        for piece in gone:
            now.remove(piece)
        now = sorted([*now, *made], key=lambda piece: piece[:2])
        frames.append(Frame(step_in_words(step.kind, gone, made), list(now), made))
    return frames


def step_in_words(
    kind: str, gone: list[tuple[int, int, str]], made: list[tuple[int, int, str]]
) -> str:
    """Say a step.

    Example:
        >>> step_in_words("split", [(0, 8, "a")], [(0, 4, "a"), (4, 8, "a")])
        'split [0, 8)=a into [0, 4)=a and [4, 8)=a'
    """
    first = " and ".join(f"[{start}, {stop})={text}" for start, stop, text in gone)
    second = " and ".join(f"[{start}, {stop})={text}" for start, stop, text in made)
    return f"{kind} {first or second}" + (f" into {second}" if first and second else "")
