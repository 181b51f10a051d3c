"""JSON: an object with `start` and `stop`, or an array [start, stop, value], a line each.

Also one array of all of them, however its lines are broken.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NoReturn, cast

from rangelist.errors import BadLineError
from rangelist.formats.base import Block, Row, UsageError, Want, as_fields, as_text, parts_of
from rangelist.formats.kinds import NUMBER, WHOLE, quote
from rangelist.formats.named import GROUPS, STARTS, STOPS, Named, found
from rangelist.formats.source import LONGEST, Source

__all__ = ["JsonLines"]

ARRAY = re.compile(r"\s*\[(?=\s*(?:[\[{]|\]?\s*$))")  # of records, or empty
OPENING = re.compile(r"\s*(?:\{|\[(?!\s*[0-9A-Fa-f]*:))")  # no address in brackets
BEGINNING = re.compile(r"(?<=\n)\s*[\[{]")  # where the next element may be
PLAIN = ("", "group", "chrom")  # group fields that need no mention


class JsonLines(Named):
    """Objects may have more fields; `--by` and `--group` can name any of them."""

    name = "jsonl"
    about = 'JSON lines or an array: {"start": 1, "stop": 5, "value": "x"} or [1, 5, "x"]'
    details = """\
Fields for start, stop and group are found by the names that csv.columns may have, or given.
Keys are numbers, or text that is a date, a time or an address."""
    aliases = ("json", "ndjson")
    endings = (".jsonl", ".ndjson", ".json")
    value = ("value",)
    absent = None
    room = True
    _value: Any = None  # an element that was read already; `parse` takes it for the line
    _unused: Sequence[str] = ()
    _texts = False  # whether keys are quoted

    def __init__(self, want: Want) -> None:
        super().__init__(want)
        self._usual = [
            usual if given is None else (given.lower(),)
            for given, usual in zip(self._roles, (STARTS, STOPS), strict=True)
        ]
        self.names = self._roles[0] or "start", self._roles[1] or "stop"
        self._spelled: dict[str, Any] = {}  # groups that were no text

    @classmethod
    def fits(cls, lines: Sequence[str], data: Sequence[str]) -> float:
        """Lines begin like objects or arrays; or the first one does and nothing else fits."""
        if ARRAY.match("\n".join(data[:2])):
            return 2.0
        opening = [OPENING.match(line) is not None for line in data]
        return max(sum(opening) / len(data), 0.5 * opening[0]) if data else 0.0

    def refer(self, name: str) -> Any:
        """Any name is good: another line may have other fields."""
        return name

    def title(self, column: Any) -> str:
        return str(column)

    def _choose(self) -> tuple[str, ...]:
        return self.by if self.want.by is None and not self.want.lines else super()._choose()

    def cell(self, cells: Any, column: Any) -> Any:
        return cells.get(column)

    def group_of(self, cells: Any) -> Any:
        for raw in map(cells.get, self._groups):
            if not isinstance(raw, str):
                self._spelled.setdefault(as_text(raw), raw)
        group = super().group_of(cells)
        return tuple(map(as_text, group)) if len(self._groups) > 1 else as_text(group)

    def begin_reading(self, source: Source) -> None:
        """Find the names of the fields; raise UsageError where lines are wanted and are none."""
        lines = source.head()[:2000]
        text = "\n".join(lines)
        self.array = ARRAY.match(text) is not None
        if self.array and self.want.lines:
            raise UsageError(f"{source.name} is one array: it has no lines to print as they are")
        values = self._elements(iter([text])) if self.array else enumerate(map(_loaded, lines))
        rows = [row for _, value in values if (row := self._object(value))]
        keys = list(dict.fromkeys(key for row in rows for key in row))
        names = [found(keys, usual) for usual in self._usual]
        self.names = names[0] or self.names[0], names[1] or self.names[1]
        known = {name.lower() for name in self.want.groups}
        self._group = found([key for key in keys if key.lower() not in known], GROUPS)
        self.own = (self._group,) if self._group else ()
        pairs = [(row.get(self.names[0]), row.get(self.names[1])) for row in rows]
        self._texts = any(isinstance(key, str) for pair in pairs for key in pair)
        self.settle(pairs)
        self.bind()
        collected = [name for name, _ in self._collect]
        used = {*self.names, *self._groups, *self._by, *collected, "value", "text"}
        self._unused = [key for key in keys if key not in used]

    def told(self) -> str:
        usual = self.names == ("start", "stop") and self._group in PLAIN and not self._unused
        certain = usual and (not self._texts or self.want.kind is not None)
        return "" if certain else self.told_with(self._unused)

    # ---- reading ------------------------------------------------------------------------------

    def read(self, source: Source) -> Iterator[Block]:
        if not self.array:
            yield from super().read(source)
            return
        block = self.block(source)
        for source.number, self._value in self._elements(source.texts()):  # noqa: B020
            self.take(block, "", source)
            if len(block.starts) >= 500:
                yield block
                block = self.block(source)
        yield block

    def parse(self, line: str) -> Iterable[Row]:
        if not (self.array or line.strip()):
            return ()
        value = self._value if self.array else _loaded(line)
        if isinstance(value, BadLineError):
            raise value
        row = self._object(value)
        if not row:
            raise self._wrong(value)
        first, last = self._end(row, 0), self._end(row, 1)
        name = "" if self._group in row else found(list(row), GROUPS)
        if name and name not in (*self._groups, *self.chosen):
            ours = repr(self._group) if self._group else "none"
            why = f"{name!r} makes groups, the first lines have {ours}: --group {name}"
            raise BadLineError(why)
        return ((*self.span(first, last), cast("Any", row)),)

    def _object(self, value: Any) -> dict[str, Any]:
        """Return an object for an object or an array; an empty one for anything else."""
        if isinstance(value, list):
            items = cast("Sequence[Any]", value)
            fits = 2 <= len(items) <= 3
            return dict(zip((*self.names, "value"), items, strict=False)) if fits else {}
        return cast("dict[str, Any]", value) if isinstance(value, dict) else {}

    def _wrong(self, value: Any) -> BadLineError:
        if isinstance(value, list):
            count = len(cast("Sequence[Any]", value))
            return BadLineError(f"{count} items, want [start, stop] or [start, stop, value]")
        if isinstance(value, dict):
            return BadLineError(f"no start in {{}}, want a field {self._usual[0][0]!r}")
        return BadLineError(f"{quote(value)}, want an object or [start, stop, value]")

    def _end(self, row: dict[str, Any], which: int) -> Any:
        """Return the start or the stop of an object: its name may not be that of the first."""
        usual = self._usual[which]
        name = self.names[which] if self.names[which] in row else found(list(row), usual)
        if not name:
            role = ("start", "stop")[which]
            raise BadLineError(f"no {role} in {quote(row)}, want a field {usual[0]!r}")
        return row[name]

    def _elements(self, texts: Iterator[str]) -> Iterator[tuple[int, Any]]:
        """Yield the elements of an array, with the numbers of the lines in which they begin.

        An element that cannot be read is an error as value; the next one begins a later line.
        What stands behind the array is read as if it was in it.
        """
        rest, number, opened = next(texts, ""), 1, False
        while True:
            trimmed = rest.lstrip(" \t\r\n," if opened else " \t\r\n")
            number += rest.count("\n", 0, len(rest) - len(trimmed))
            rest = trimmed
            if rest[:1] == "]" if opened else ARRAY.match(rest):
                opened, rest = not opened, rest[1:]
                continue
            value, end = _decoded(rest) if rest else (None, 0)
            if (rest and end) or (more := next(texts, None)) is None:
                if not rest:
                    break
                end = end or len(rest)
                yield number, value
                number += rest.count("\n", 0, end)
                rest = rest[end:]
            else:
                rest = f"{rest}\n{more}"
        if opened:
            yield number, BadLineError("the array has no end, want ]")

    # ---- writing ------------------------------------------------------------------------------

    def lines(self, group: Any, pieces: Iterable[Any], fields: Sequence[str]) -> Iterator[str]:
        """Keys are numbers or text, as they were; what is null by default was not there."""
        parts = zip(self.grouped, parts_of(group), strict=False)
        groups = {name: self._spelled.get(part, part) for name, part in parts if name != "version"}
        asked = self.want.by or ()
        counted = self.kind in (NUMBER, WHOLE)
        for start, stop, value in pieces:
            ends = self.ends(start, stop) if counted else self.show(group, start, stop)
            row = groups | dict(zip(self.names, ends, strict=True))
            row |= zip(fields, as_fields(value, fields), strict=True)
            there = {k: v for k, v in row.items() if v is not None or k in asked}
            yield json.dumps(there)

    def clustered(self, line: str, number: str) -> str:
        row = self._object(_loaded(line))
        return json.dumps(row | {"cluster": int(number) if number.isdecimal() else number})


def _decoded(text: str) -> tuple[Any, int]:
    """Return the value at the beginning of a text, and where it ends.

    An error is a value, too; its end is 0 if more text may help, or where another line begins.
    """
    try:
        return DECODER.raw_decode(text)
    except (ValueError, RecursionError) as error:
        cut = getattr(error, "pos", 0) >= len(text.rstrip()) or "Unterminated" in str(error)
        begin = BEGINNING.search(text, 1)
        end = 0 if cut and len(text) <= LONGEST else begin.start() if begin else len(text)
        return BadLineError(f"no JSON: {error}"), end


def _loaded(line: str) -> Any:
    """Return the value of a line; an error as value, if there is none."""
    text = line.strip()
    value, end = _decoded(text)
    if not isinstance(value, BadLineError) and end < len(text):
        return BadLineError(f"no JSON: extra data behind column {end}")
    return value


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is too large for a number")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise ValueError("a field stands in an object twice")
    return row


DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_once)
