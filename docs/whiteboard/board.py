"""Answers the page: one JSON text in, one JSON text out.

    {"do": "preview", "line": {...}}   ->   {"view": {...}}   or   {"error": "..."}

The state is a script and nothing else.  Every answer runs it from the beginning: undo is running
fewer lines, a preview is running one more, and what a walk will deliver is found by a second run
in which the walks run to their ends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from rangelist.svg import HUES, document, stylesheet

from .export import EXPORTS, call_of
from .gestures import line_of
from .picture import picture_of, pictures_of
from .rules import RULES
from .scenes import SCENES
from .script import OPS, Header, Line, Script, ScriptError, check_script, pack, unpack
from .words import case_of, fates_of, frames_of
from .world import Done, World, run

__all__ = ["Board", "ahead_of", "view_of"]

EMPTY: Final = Script({"rules": "EQUAL", "items": []}, (), 0)
WIDTH: Final = 560
NARROW: Final = 280
WIDE: Final = 1200
ITEM: Final = re.compile(r"\[?\s*([+-]?\d+)\s*(?:-|,|\.\.|\s)\s*([+-]?\d+)\)?\s*[:=,]?\s*(.*)")


class Board:
    """The script on the board, and the answers to what the reader does.

    Example:
        >>> board = Board()
        >>> answer = board.answer('{"do": "new", "items": "0-8 a; 10-18 b"}')
        >>> json.loads(answer)["view"]["nodes"][1]
        [2, 10, 18, 'b']
    """

    def __init__(self) -> None:
        self.script = EMPTY
        self.width = WIDTH  # of pictures, in pixels
        self.does: dict[str, Callable[..., dict[str, Any]]] = {
            "menu": self.menu,
            "scene": self.scene,
            "open": self.open,
            "new": self.new,
            "rules": self.rules,
            "play": self.play,
            "preview": self.preview,
            "point": self.point,
            "go": self.go,
            "peek": self.peek,
            "export": self.export,
        }

    def answer(self, text: str) -> str:
        """Answer one request; what cannot be done is an error in words, and changes nothing."""
        kept = self.script
        try:
            request: dict[str, Any] = json.loads(text)
            do = request.pop("do")
            self.width = min(max(int(request.pop("width", self.width)), NARROW), WIDE)
            if do not in self.does:
                raise ScriptError(f"do is {do!r}, want one of {', '.join(self.does)}")
            answer = self.does[do](**request)
        except ScriptError as error:
            self.script = kept
            answer = {"error": str(error)}
        return json.dumps(answer)

    # ---- what the page may ask -------------------------------------------------------------------

    def menu(self) -> dict[str, Any]:
        """Return what the menus hold."""
        scenes = [{"id": one.id, "group": one.group, "title": one.title} for one in SCENES.values()]
        rules = [
            {"id": name, "label": one.label, "note": one.note, "samples": one.samples}
            for name, one in RULES.items()
        ]
        ops = {name: op._asdict() for name, op in OPS.items()}
        return {"scenes": scenes, "rules": rules, "ops": ops, "style": stylesheet(),
                "colours": len(HUES)}  # fmt: skip

    def scene(self, name: str) -> dict[str, Any]:
        """Load a scene."""
        if name not in SCENES:
            raise ScriptError(f"scene is {name!r}, want one of {', '.join(SCENES)}")
        return self._show(SCENES[name].script)

    def open(self, link: str, trusted: bool = False) -> dict[str, Any]:
        """Open a permalink; hooks in it are code of a stranger, and run only if trusted."""
        script = unpack(link)
        if script.header["rules"] == "HOOKS" and not trusted:
            return {"ask": script.header.get("hooks", "")}
        return self._show(script)

    def new(self, items: str, rules: str = "EQUAL", hooks: str = "") -> dict[str, Any]:
        """Begin anew with the items typed, a line each: `0-8 a`."""
        header = {"rules": rules, "hooks": hooks, "items": list(items_of(items))}
        return self._show(check_script({"header": header, "lines": [], "at": 0}))

    def rules(self, rules: str, hooks: str = "") -> dict[str, Any]:
        """Carry the same script out under another policy."""
        script = self.script
        return self._show(script._replace(header={**script.header, "rules": rules, "hooks": hooks}))

    def play(self, line: Line) -> dict[str, Any]:
        """Carry a line out; if the library refuses it, the script stays as it is."""
        script = self.script.then(line)
        refused = run(script).done[-1].error
        if refused:
            raise ScriptError(refused)
        return self._show(script)

    def preview(self, line: Line) -> dict[str, Any]:
        """Show what a line would do."""
        return {"view": self._view(self.script.then(line))}

    def peek(self) -> dict[str, Any]:
        """Show what the next line would do, as redo would carry it out."""
        return {"view": self._view(self._at(self.script.at + 1))}

    def point(
        self, op: str, begin: float, end: float, more: Line, play: bool = False
    ) -> dict[str, Any]:
        """Preview, or carry out, what was pointed at on the board."""
        line = line_of(op, begin, end, run(self.script).shapes(), more)
        return self.play(line) if play else self.preview(line)

    def go(self, at: int) -> dict[str, Any]:
        """Carry out so many of the lines: undo and redo."""
        return self._show(self._at(at))

    def export(self, kind: str) -> dict[str, Any]:
        """Return the script as a file's text."""
        if kind == "svg":
            world = run(self.script)
            return {"text": document(pictures_of(world, ahead_of(self.script)), self.width)}
        if kind not in EXPORTS:
            raise ScriptError(f"kind is {kind!r}, want svg, {', '.join(EXPORTS)}")
        return {"text": EXPORTS[kind](self.script)}

    def _at(self, at: int) -> Script:
        if not 0 <= at <= len(self.script.lines):
            raise ScriptError(f"at is {at!r}, want 0 to {len(self.script.lines)}")
        return self.script._replace(at=at)

    def _view(self, script: Script) -> dict[str, Any]:
        return view_of(script, self.width)

    def _show(self, script: Script) -> dict[str, Any]:
        view = self._view(script)  # raises before anything is kept
        self.script = script
        return {"view": view}


def items_of(text: str) -> Iterator[list[Any]]:
    """Yield the items of a text: a line each, or apart by semicolons.

    Example:
        >>> list(items_of("0-8 a; [10, 18) b c"))
        [['0', '8', 'a'], ['10', '18', 'b c']]
    """
    for part in re.split(r"[;\n]", text):
        if part.strip():
            found = ITEM.fullmatch(part.strip())
            if found is None:
                raise ScriptError(f"item {part.strip()!r}, want start-stop value, as 0-8 a")
            yield [found[1], found[2], found[3].strip()]


# ---- the view ------------------------------------------------------------------------------------


def view_of(script: Script, width: int = WIDTH) -> dict[str, Any]:
    """Return all that the page shows of a script."""
    world = run(script)
    header = script.header
    return {
        "nodes": world.shapes(),
        "bounds": bounds_of(script, world),
        "rules": header["rules"],
        "hooks": header.get("hooks", ""),
        "title": header.get("title", ""),
        "note": header.get("note", ""),
        "names": names_of(header),
        "bag": not hasattr(world.list, "set"),
        "walks": walks_of(script, world),
        "log": log_of(script),
        "at": script.at,
        "last": done_of(world.done[-1], world, width) if world.done else None,
        "link": pack(script),
    }


def names_of(header: Header) -> dict[int, str]:
    """Return the names that a scene gives to its first nodes."""
    names: list[str] = header.get("names", [])
    return dict(enumerate(names, 1))


def bounds_of(script: Script, world: World) -> tuple[int, int]:
    """Return a window that holds all that the script names, so that undo does not move it."""
    keys = [end for item in script.header["items"] for end in item[:2]]
    keys += [line[name] for line in script.lines for name in ("start", "stop", "at", "to")
             if line.get(name) is not None]  # fmt: skip
    keys += [end for node in world.list for end in (node.start, node.stop)]
    low, high = min(keys, default=0), max(keys, default=32)
    margin = max(2, (high - low) // 12)
    return low - margin, high + margin


def walks_of(script: Script, world: World) -> list[dict[str, Any]]:
    """Return each walk: where it is, what it has delivered, and what it would deliver now."""
    ahead = ahead_of(script)
    return [
        {
            "name": name,
            "kind": walk.kind,
            "reverse": walk.reverse,
            "window": walk.window,
            "extent": walk.extent,
            "status": walk.status,
            "delivered": [(*step[:2], world.rules.text(step[2])) for step in walk.delivered],
            "rest": ahead[name],
        }
        for name, walk in world.walks.items()
    ]


def ahead_of(script: Script) -> dict[str, list[tuple[int, int, str]]]:
    """Return what each walk would deliver now: in a second world, where they run to their ends."""
    ahead = run(script)
    return {name: ahead.rest(name) for name in ahead.walks}


def log_of(script: Script) -> list[dict[str, str]]:
    """Return each line as a call, and what it gave."""
    world = World(script.header)
    log: list[dict[str, str]] = []
    for line in script.lines:
        call = call_of(line, world)
        done = world.play(line)
        log.append({"call": call, "gave": gave(done)})
    return log


def gave(done: Done) -> str:
    """Say what a line gave, for the log.

    Example:
        >>> gave(Done({"op": "next", "name": "A"}, [], []))
        'nothing more'
    """
    if done.error:
        return done.error
    if done.line["op"] in ("next", "prev"):
        if done.delivered is None:
            return "nothing more"
        start, stop, text = done.delivered
        return f"[{start}, {stop}) = {text}"
    if done.edit is not None:
        return done.edit.case
    return "" if done.line["op"] in ("walk", "seek", "drop") else "no change"


def done_of(done: Done, world: World, width: int) -> dict[str, Any]:
    """Return what the last line did: the case, the picture, fates and steps."""
    edit = done.edit
    return {
        "op": done.line["op"],
        "line": done.line,
        "gave": gave(done),
        "error": done.error,
        "case": "" if edit is None else edit.case,
        "name": case_of(done),
        "picture": picture_of(world).svg(width),
        "before": done.before,
        "fates": [] if edit is None else [fate._asdict() for fate in fates_of(edit, world)],
        "frames": []
        if edit is None
        else [f._asdict() for f in frames_of(done.before, edit, world)],
    }
