"""The menu: every merge case of docs/systems.md, and every law of walks, as a script.

A scene is loaded with its setting carried out; what it is about are the lines that follow, to be
stepped through.  `delivers` says what each walk delivers in these lines; tests hold it against
what the library does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from .script import Line, Script, check_script

__all__ = ["SCENES", "Scene"]


class Scene(NamedTuple):
    """A script with a name, a group of the menu, and what to look for."""

    id: str
    group: str
    title: str
    note: str
    script: Script
    delivers: Mapping[str, list[tuple[int, int] | None]] = {}


Items = list[tuple[int, int, str]]


def scene(
    name: str,
    group: str,
    title: str,
    note: str,
    items: Items,
    setting: list[Line],
    lines: list[Line],
    delivers: dict[str, list[tuple[int, int] | None]] | None = None,
    **header: Any,
) -> Scene:
    """Return a scene whose setting is carried out and whose lines are to come."""
    head = {"rules": "EQUAL", "items": items, "title": title, "note": note, **header}
    form = {"header": head, "lines": [*setting, *lines], "at": len(setting)}
    return Scene(name, group, title, note, check_script(form), delivers or {})


def write(op: str, start: int, stop: int, value: str | None = None, **more: Any) -> Line:
    line = {"op": op, "start": start, "stop": stop, **more}
    return line if value is None else {**line, "value": value}


def point(op: str, at: int, **more: Any) -> Line:
    return {"op": op, "at": at, **more}


def begin(name: str = "A", kind: str = "cursor", steps: int = 0, **more: Any) -> list[Line]:
    """Begin a walk and let it deliver so many."""
    return [{"op": "walk", "name": name, "kind": kind, **more}, *forward(name, steps)]


def forward(name: str = "A", steps: int = 1) -> list[Line]:
    return [{"op": "next", "name": name}] * steps


def back(name: str = "A", steps: int = 1) -> list[Line]:
    return [{"op": "prev", "name": name}] * steps


# ---- merge cases ---------------------------------------------------------------------------------

FRESH: Final = "Merge: a new range"
PART: Final = "Merge: part of an area M changes"
PINNED: Final = "Merge: a pinned area is not deleted"


def fresh(
    name: str, title: str, note: str, p: str, n: str, start: int, stop: int, value: str
) -> Scene:
    """P and N with free space between them, and a range written there."""
    return scene(
        f"new-{name}", FRESH, title, note, [(0, 8, p), (16, 24, n)], [],
        [write("set", start, stop, value)], names=["P", "N"],
    )  # fmt: skip


def part(name: str, title: str, note: str, p: str, n: str, start: int, stop: int, value: str,
         group: str = PART, **header: Any) -> Scene:  # fmt: skip
    """P, M and N, touching, and a part of M that changes."""
    return scene(
        f"part-{name}", group, title, note, [(0, 8, p), (8, 20, "m"), (20, 28, n)], [],
        [write("transform", start, stop, value)], names=["P", "M", "N"], **header,
    )  # fmt: skip


def pinned(start: int) -> dict[str, str]:
    code = f"def yields(node):\n    return node.start != {start}\n"
    return {"rules": "HOOKS", "hooks": code}


CASES: Final = [
    fresh("none", "none", "Nothing touches what is alike, so a node is made.", "p", "n", 10, 14, "x"),
    fresh("left", "1 left", "P is what the new range is to be: P grows.", "p", "n", 8, 12, "p"),
    fresh("right", "2 right", "N is what the new range is to be: N grows.", "p", "n", 12, 16, "n"),
    fresh("both", "3 both", "P and N are alike: P takes all, N is gone.", "a", "a", 8, 16, "a"),
    part("interior", "4 interior", "M is cut in three.", "p", "n", 12, 16, "x"),
    part("in-place", "5 in place", "All of M changes, and is like neither neighbour.", "p", "n", 8, 20, "x"),
    part("low-edge", "6 low edge", "The head of M changes: one cut.", "p", "n", 8, 12, "x"),
    part("high-edge", "6 high edge", "The tail of M changes: one cut.", "p", "n", 16, 20, "x"),
    part("left-part", "7 left part", "The head of M becomes like P: P grows, M shrinks.", "p", "n", 8, 12, "p"),
    part("left-full", "8 left full", "All of M becomes like P: P grows, M is gone.", "p", "n", 8, 20, "p"),
    part("right-part", "9 right part", "The tail of M becomes like N: N grows, M shrinks.", "p", "n", 16, 20, "n"),
    part("right-full", "10 right full", "All of M becomes like N: N grows, M is gone.", "p", "n", 8, 20, "n"),
    part("both", "11 both", "P, M and N become one: P takes all.", "a", "a", 8, 20, "a"),
    part("n-pinned", "both, N pinned", "The hook `yields` keeps N, so only P takes M.",
         "a", "a", 8, 20, "a", PINNED, **pinned(20)),
    part("m-pinned", "both, M pinned", "The hook `yields` keeps M, so nothing merges.",
         "a", "a", 8, 20, "a", PINNED, **pinned(8)),
]  # fmt: skip


# ---- laws ----------------------------------------------------------------------------------------

LAWS: Final = "Walks: the 21 laws"
TENS: Final[Items] = [(0, 8, "a"), (10, 18, "b"), (20, 28, "c"), (30, 38, "d"), (40, 48, "e")]


def law(
    name: str,
    title: str,
    note: str,
    items: Items,
    setting: list[Line],
    lines: list[Line],
    delivers: dict[str, list[tuple[int, int] | None]],
    **header: Any,
) -> Scene:
    return scene(name, LAWS, title, note, items, setting, lines, delivers, **header)


GROW: Final = [write("set", 10, 12, "z"), write("set", 14, 16, "z"), write("set", 18, 20, "z")]

RULES_OF_WALKS: Final = [
    law(
        "L1", "L1 contents and place alone", "The current one is removed and put in again, as a new "
        "node. How the contents came about does not matter: 30-38 is next.",
        TENS[:4], begin(steps=3), [write("remove", 20, 28), write("set", 20, 28, "c"), *forward()],
        {"A": [(30, 38)]},
    ),
    law(
        "L2", "L2 late binding", "The value of what comes next is that at the moment of delivery.",
        TENS[:4], begin(steps=3), [write("set", 30, 38, "y"), *forward()], {"A": [(30, 38)]},
    ),
    law(
        "L3", "L3 strict progress", "What is inserted behind does not push the current one before "
        "the walk again.",
        TENS[:4], begin(steps=3), [write("insert", 18, 20, "z"), *forward()], {"A": [(30, 38)]},
    ),
    law(
        "L4", "L4 no loss", "The current one goes; what lies ahead is still delivered.",
        TENS, begin(steps=3), [write("remove", 20, 28), *forward(steps=2)],
        {"A": [(30, 38), (40, 48)]},
    ),
    law(
        "L5", "L5 removed ahead is not delivered", "The next one is removed before the walk is there.",
        TENS, begin(steps=3), [write("remove", 30, 38), *forward()], {"A": [(40, 48)]},
    ),
    law(
        "L6", "L6 inserted ahead is, behind is not", "Both new ones touch the current one.",
        [TENS[1], TENS[2], TENS[4]], begin(steps=2),
        [write("insert", 28, 30, "z"), write("insert", 18, 20, "z"), *forward(steps=2)],
        {"A": [(28, 30), (40, 48)]},
    ),
    law(
        "L7", "L7 death of the current", "Its head is erased, so nothing covers 20: all of 20-28 "
        "counts as done, and the rest of it is not delivered.",
        TENS[:4], begin(steps=3), [write("remove", 20, 22), *forward()], {"A": [(30, 38)]},
    ),
    law(
        "L8", "L8 the current absorbs the next", "What was absorbed is not delivered; a sweep "
        "delivers its points, for it has not been there.",
        [(20, 28, "c"), (28, 38, "d"), (40, 48, "e")], [*begin(steps=1), *begin("S", "sweep", 1)],
        [point("merge", 28), *forward(), *forward("S")], {"A": [(40, 48)], "S": [(28, 38)]},
    ),
    law(
        "L9", "L9 absorbed from the left", "The one before takes the current one; nothing is "
        "delivered again.",
        [(10, 20, "b"), (20, 28, "c"), (30, 38, "d")], begin(steps=2),
        [point("merge", 20), *forward()], {"A": [(30, 38)]},
    ),
    law(
        "L10", "L10 any survivor", "The merge keeps the right node, the split keeps the right node: "
        "the walk is the same as with the left ones.",
        [(20, 28, "c"), (28, 38, "d"), (40, 48, "e")], begin(steps=1),
        [point("merge", 28, keep="right"), point("split", 24, keep="right"), *forward(steps=2)],
        {"A": [(24, 38), (40, 48)]},
    ),
    law(
        "L11", "L11 split of the current", "The tail is delivered next, again and again; a sweep was "
        "there already.",
        TENS[2:4], [*begin(steps=1), *begin("S", "sweep", 1)],
        [point("split", 24), *forward(), point("split", 26), *forward(), *forward("S")],
        {"A": [(24, 28), (26, 28)], "S": [(30, 38)]},
    ),
    law(
        "L12", "L12 the shape at arrival counts", "A pair merged ahead comes once; a node split "
        "ahead comes in pieces.",
        [(0, 8, "a"), (20, 28, "c"), (28, 38, "d"), (40, 48, "e")], begin(steps=1),
        [point("merge", 28), point("split", 44), *forward(steps=3)],
        {"A": [(20, 38), (40, 44), (44, 48)]},
    ),
    law(
        "L13", "L13 a sweep covers each point once", "One behind grows over the current one and "
        "what is ahead. The walk is at its end; the sweep delivers the part it has not covered.",
        TENS[1:4], [*begin(steps=2), *begin("S", "sweep", 2)],
        [write("remove", 20, 28), write("set", 10, 38, "b"), *forward(), *forward("S")],
        {"A": [None], "S": [(28, 38)]},
    ),
    law(
        "L14", "L14 backwards", "A reverse walk; compare with the mirror image.",
        TENS[:3], begin(steps=1, reverse=True),
        [write("insert", 18, 20, "z"), *forward(steps=3)], {"A": [(18, 20), (10, 18), (0, 8)]},
    ),
    law(
        "L14-mirror", "L14 its mirror image", "Each key is 30 minus that of the scene before, and "
        "the walk goes forwards.",
        [(2, 10, "c"), (12, 20, "b"), (22, 30, "a")], begin(steps=1),
        [write("insert", 10, 12, "z"), *forward(steps=3)], {"A": [(10, 12), (12, 20), (22, 30)]},
    ),
    law(
        "L15", "L15 a window is a clip", "The window is 9 to 20. Cutting 5-12 outside the window, or "
        "at its edge, changes nothing.",
        [(5, 12, "a"), (14, 16, "b")], begin(steps=1, start=9, stop=20),
        [point("split", 7), point("split", 9), *forward()], {"A": [(14, 16)]},
    ),
    law(
        "L16", "L16 termination", "Each step appends another one. With a fixed horizon the walk ends "
        "where the list ended when the walk began.",
        [(0, 4, "a"), (6, 8, "b")], begin(kind="walk", horizon="fixed"),
        [line for grow in GROW for line in (*forward(), grow)], {"A": [(0, 4), (6, 8), None]},
    ),
    law(
        "L17", "L17 independent walks", "A has delivered 20-28, B comes from the other end. A merges "
        "what B is about to deliver: B gets it merged, once.",
        [(20, 28, "c"), (28, 38, "d"), (40, 48, "e")],
        [*begin(steps=1), *begin("B", "cursor", 1, reverse=True)],
        [point("merge", 28), *forward(), *forward("B")], {"A": [(40, 48)], "B": [(20, 38)]},
    ),
    law(
        "L18", "L18 exhaustion", "Both are at the end, and one more appears. The iterator stays "
        "exhausted, the cursor goes on.",
        [TENS[4]], [*begin("W", "walk", 2), *begin(steps=2)],
        [write("set", 50, 58, "f"), *forward("W"), *forward()], {"W": [None], "A": [(50, 58)]},
    ),
    law(
        "L19", "L19 turning round", "prev right after next gives what covers the anchor now: the "
        "head of what was split.",
        TENS, begin(steps=3), [point("split", 24), *back(steps=2)], {"A": [(20, 24), (10, 18)]},
    ),
    law(
        "L20", "L20 atomic", "The hook `split` refuses the cut: the list and the walk are as if it "
        "had never been asked.",
        TENS[:4], begin(steps=3), [write("set", 22, 24, "z"), *forward()], {"A": [(30, 38)]},
        rules="HOOKS", hooks="def split(node, at):\n    raise ValueError('no cut here')\n",
    ),
    law(
        "L21", "L21 threads", "A shared list: each call and each step is one turn under the lock, so "
        "what two threads A and B get is what these turns give in some order. This is one.",
        TENS[:4], [*begin("A", "cursor", 1), *begin("B", "cursor", 1)],
        [write("set", 10, 14, "a"), *forward("B"), point("split", 12), *forward("A"), *forward("B")],
        {"A": [(10, 12)], "B": [(10, 14), (12, 14)]}, rules="SHARED",
    ),
]  # fmt: skip

SYSTEMS: Final = [
    scene(
        "vma-offset", "Systems", "memory areas: the offset goes on",
        "Two parts of one file. Between them the missing pages are mapped: all becomes one, for the "
        "offsets go on. Then try lib@9.",
        [(0, 4, "r lib@0"), (8, 12, "r lib@8")], [], [write("set", 4, 8, "r lib@4")], rules="VMA",
    ),
    scene(
        "maple", "Systems", "maple tree: a store cuts", "The same value is stored inside a range.",
        [(0, 30, "a")], [], [write("set", 10, 20, "a")], rules="MAPLE",
    ),
    scene(
        "extent-state", "Systems", "extent states: flags come one by one",
        "UPTODATE is set over a DIRTY range and a hole; LOCKED ranges do not join.",
        [(0, 8, "DIRTY"), (12, 16, "DIRTY LOCKED")], [], [write("add", 4, 14, "UPTODATE")],
        rules="EXTENT_STATE",
    ),
    scene(
        "extent-map", "Systems", "extent maps: a cut moves the offset",
        "The middle is written elsewhere on disk; what is right of it begins further into its place.",
        [(0, 24, "1000")], [], [write("set", 8, 16, "5000")], rules="EXTENT_MAP",
    ),
    scene(
        "interval-tree", "Systems", "interval tree: overlaps stay", "A bag keeps each one apart.",
        [(0, 12, "a"), (4, 8, "b")], [*begin(kind="walk", steps=1)],
        [write("add", 2, 20, "c"), *forward(steps=2)], {"A": [(2, 20), (4, 8)]},
        rules="INTERVAL_TREE",
    ),
    scene(
        "ledger", "Systems", "ledger: access is narrowed", "`add` keeps what old and new both allow.",
        [(0, 16, "rw")], [], [write("add", 4, 8, "r")], rules="LEDGER",
    ),
    scene(
        "locks", "Systems", "file locks: an upgrade", "R becomes W in the middle, and joins the W lock.",
        [(0, 12, "R"), (12, 16, "W")], [], [write("set", 8, 12, "W")], rules="LOCKS",
    ),
]  # fmt: skip

SCENES: Final = {one.id: one for one in (*CASES, *RULES_OF_WALKS, *SYSTEMS)}
"""All scenes by their name in an address."""
