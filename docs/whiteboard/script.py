"""What was done on the board: a header, and a line for each call.

    {"rules": "EQUAL", "items": [[0, 8, "a"]]}           the header
    {"op": "set", "start": 4, "stop": 12, "value": "b"}  a line

A script is all there is to save: the board runs it from the beginning to undo, to preview and to
open a permalink.  Keys are whole numbers.  Values are texts; the rules say what they mean.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, cast

__all__ = [
    "KEYS",
    "OPS",
    "WALKS",
    "Header",
    "Line",
    "Op",
    "Script",
    "ScriptError",
    "pack",
    "unpack",
]

Header = dict[str, Any]
Line = dict[str, Any]

FURTHEST: Final = 10**15  # JavaScript's numbers are exact up to 2**53
LONGEST: Final = 500  # lines, and items; each answer runs all of them
LARGEST: Final = 200_000  # characters of a permalink when unpacked


class ScriptError(ValueError):
    """Refuse a script: the message says what was found and what would have been right."""


class Op(NamedTuple):
    """A call: which fields it needs and may have, and how it is pointed at on the board.

    The gestures are those of gestures.py.
    """

    gesture: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    says: str


OPS: Final[Mapping[str, Op]] = {
    "set": Op("span", ("start", "stop", "value"), (), "overwrite, then merge at both borders"),
    "insert": Op("span", ("start", "stop", "value"), (), "write into free space only"),
    "fill": Op("span", ("start", "stop", "value"), (), "write into the gaps only"),
    "add": Op(
        "span", ("start", "stop", "value"), (), "gaps get the value, the rest overlap(old, value)"
    ),
    "transform": Op(
        "span", ("start", "stop", "value"), ("gaps",), "give each piece inside this value"
    ),
    "remove": Op("span", ("start", "stop"), (), "punch a hole"),
    "coalesce": Op("span", ("start", "stop"), (), "merge whatever the policy allows"),
    "move": Op(
        "carry", ("start", "stop", "to"), ("overwrite",), "cut the span out, put it at `to`"
    ),
    "split": Op("point", ("at",), ("keep",), "cut the node that contains the key"),
    "shift": Op("push", ("at", "by"), (), "insert (by > 0) or delete (by < 0) key space"),
    "merge": Op("border", ("at",), ("keep",), "join two touching nodes, whatever the policy says"),
    "replace": Op("node", ("at", "value"), (), "give one node another value"),
    "resize": Op("edge", ("at",), ("start", "stop"), "move a border of one node"),
    "delete": Op("node", ("at",), (), "remove one node"),
    "clear": Op("none", (), (), "remove everything"),
    "walk": Op("none", ("name",), ("kind", "reverse", "start", "stop", "horizon"), "begin a walk"),
    "next": Op("none", ("name",), (), "deliver the next one"),
    "prev": Op("none", ("name",), (), "deliver the one before (cursors only)"),
    "seek": Op("none", ("name", "at"), (), "stand at a key (cursors only)"),
    "drop": Op("none", ("name",), (), "forget a walk"),
}
WALKS: Final = ("walk", "sweep", "cursor")

CHOICES: Final[Mapping[str, tuple[object, ...]]] = {
    "gaps": ("skip", "raise", "include"),
    "keep": ("left", "right"),
    "kind": WALKS,
    "horizon": ("live", "fixed"),
    "reverse": (False, True),
    "overwrite": (False, True),
}
KEYS: Final = frozenset({"start", "stop", "at", "to", "by"})
HEADER: Final = frozenset({"rules", "hooks", "items", "names", "title", "note"})


class Script(NamedTuple):
    """A header, lines, and how many of the lines are carried out."""

    header: Header
    lines: tuple[Line, ...]
    at: int

    def then(self, line: Line) -> Script:
        """Return the script with one more line after those carried out; what was undone goes."""
        return Script(self.header, (*self.lines[: self.at], check_line(line)), self.at + 1)

    @property
    def done(self) -> tuple[Line, ...]:
        """The lines that are carried out."""
        return self.lines[: self.at]


# ---- checking ------------------------------------------------------------------------------------


def check_script(given: object) -> Script:
    """Return what was given as a script.

    Raises: ScriptError.
    """
    form = fields(given, "a script", {"header", "lines", "at"}, frozenset())
    lines = sequence(form["lines"], "lines")
    at = form["at"]
    if not isinstance(at, int) or not 0 <= at <= len(lines):
        raise ScriptError(f"at is {at!r}, want a number of lines, 0 to {len(lines)}")
    return Script(check_header(form["header"]), tuple(map(check_line, lines)), int(at))


def check_header(given: object) -> Header:
    """Return what was given as a header."""
    header = fields(given, "a header", {"rules", "items"}, HEADER)
    for name in ("rules", "hooks", "title", "note"):
        if not isinstance(header.get(name, ""), str):
            raise ScriptError(f"{name} is {header[name]!r}, want a text")
    items = [check_item(item) for item in sequence(header["items"], "items")]
    names = sequence(header.get("names", []), "names")
    if not all(isinstance(name, str) for name in names):
        raise ScriptError(f"names are {names!r}, want texts")
    return {**header, "items": items}


def check_item(given: object) -> list[Any]:
    """Return what was given as [start, stop, value]."""
    item = sequence(given, "an item")
    if len(item) != 3 or not isinstance(item[2], str):
        raise ScriptError(f"item {given!r}, want [start, stop, value] with a text for a value")
    return [key(item[0], "start"), key(item[1], "stop"), item[2]]


def check_line(given: object) -> Line:
    """Return what was given as a line."""
    name = cast("Line", given).get("op") if isinstance(given, dict) else None
    if not isinstance(name, str) or name not in OPS:
        raise ScriptError(f"line {given!r}, want an op of {', '.join(OPS)}")
    op = OPS[name]
    line = fields(cast("Line", given), "a line", {"op", *op.required}, frozenset(op.optional))
    for name, value in line.items():
        if name in KEYS:
            line[name] = key(value, name)
        elif name in CHOICES:
            if value not in CHOICES[name]:
                raise ScriptError(f"{name} is {value!r}, want one of {CHOICES[name]!r}")
        elif not isinstance(value, str):
            raise ScriptError(f"{name} is {value!r}, want a text")
    return line


def key(given: object, name: str) -> int:
    """Return what was given as a key: a whole number, or the text of one."""
    try:
        number = int(given) if isinstance(given, str) else given
    except ValueError:
        number = None
    if not isinstance(number, int) or isinstance(number, bool):
        raise ScriptError(f"{name} is {given!r}, want a whole number")
    if abs(number) > FURTHEST:
        raise ScriptError(f"{name} is {given!r}, want at most {FURTHEST}")
    return number


def fields(
    given: object, what: str, required: set[str], optional: frozenset[str]
) -> dict[str, Any]:
    """Return a copy of an object that has all that is required, and nothing unknown."""
    if not isinstance(given, dict):
        raise ScriptError(f"found {given!r}, want {what}")
    form = cast("dict[str, Any]", given)
    missing, unknown = required - form.keys(), form.keys() - required - optional
    if missing or unknown:
        found = [f"no {name!r}" for name in sorted(missing)]
        found += [f"unknown {name!r}" for name in sorted(unknown)]
        wanted = ", ".join(sorted(required | optional))
        raise ScriptError(f"{what} {given!r} has {', '.join(found)}, want {wanted}")
    return dict(form)


def sequence(given: object, what: str) -> list[Any]:
    """Return what was given as a list of a length the board can run."""
    if not isinstance(given, list | tuple):
        raise ScriptError(f"{what}: found {given!r}, want a list")
    found = list(cast("list[Any]", given))
    if len(found) > LONGEST:
        raise ScriptError(f"{what}: found {len(found)}, want at most {LONGEST}")
    return found


# ---- permalinks ----------------------------------------------------------------------------------


def pack(script: Script) -> str:
    """Return a script as text that an address can hold: JSON, deflated, in base 64.

    Example:
        >>> unpack(pack(Script({"rules": "EQUAL", "items": []}, (), 0))).header["rules"]
        'EQUAL'
    """
    text = json.dumps(script._asdict(), separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpack(link: str) -> Script:
    """Return the script that `pack` wrote.

    Raises: ScriptError.
    """
    try:
        packed = base64.b64decode(link + "=" * (-len(link) % 4), altchars=b"-_", validate=True)
        inflate = zlib.decompressobj()
        text = inflate.decompress(packed, LARGEST)
        if inflate.unconsumed_tail or not inflate.eof:
            raise ScriptError(f"the link is cut short, or holds more than {LARGEST} characters")
        form = json.loads(text)
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        raise ScriptError(f"this is no link of the whiteboard ({error})") from error
    return check_script(form)
