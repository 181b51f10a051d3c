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
from rangelist.formats.base import Block, Row, UsageError, Want, as_json, as_text, parts_of
from rangelist.formats.kinds import quote
from rangelist.formats.named import GROUPS, STARTS, STOPS, Named, found
from rangelist.formats.source import LONGEST, Source

__all__ = ["JsonLines"]

ARRAY = re.compile(r"\s*\[\s*(?:[\[{]|$)")  # an array of records
OPENING = re.compile(r"\s*(?:\{|\[(?!\s*[0-9A-Fa-f]*:))")  # no address in brackets
PLAIN = ("group", "chrom")  # group fields that need no mention


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

    def __init__(self, want: Want) -> None:
        super().__init__(want)
        start, stop = self._roles
        self._starts = STARTS if start is None else (start.lower(),)
        self._stops = STOPS if stop is None else (stop.lower(),)
        self.names = start or "start", stop or "stop"
        self.array = False
        self._spelled: dict[str, Any] = {}  # groups that were numbers
        self._texts = False  # whether keys are quoted

    @classmethod
    def fits(cls, lines: Sequence[str], data: Sequence[str]) -> float:
        """The first line begins like an object or an array."""
        return 2.0 if data and OPENING.match(data[0]) else 0.0

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
        parts: list[str] = []
        for column in self._groups:
            raw = cells.get(column)
            parts.append(text := as_text(raw))
            if not isinstance(raw, str):
                self._spelled.setdefault(text, raw)
        return "" if not parts else parts[0] if len(parts) == 1 else tuple(parts)

    def begin_reading(self, source: Source) -> None:
        """Find the names of the fields; raise UsageError where lines are wanted and are none."""
        lines = source.head()
        text = "\n".join(lines[:2000])
        self.array = ARRAY.match(text) is not None
        if self.array and self.want.lines:
            raise UsageError(f"{source.name} is one array: it has no lines to print as they are")
        values = self._elements(iter([text])) if self.array else map(_loaded, lines[:2000])
        rows = [row for _, value in values for row in [self._object(value)] if row]
        keys = list(dict.fromkeys(key for row in rows for key in row))
        start, stop = found(keys, self._starts), found(keys, self._stops)
        self.names = start or self.names[0], stop or self.names[1]
        known = {name.lower() for name in self.want.groups}
        self._group = found([key for key in keys if key.lower() not in known], GROUPS)
        self.own = (self._group,) if self._group else ()  # type: ignore[misc, assignment]
        pairs = [(row.get(self.names[0]), row.get(self.names[1])) for row in rows]
        self._texts = any(isinstance(key, str) for pair in pairs for key in pair)
        self.settle(pairs)
        self.bind()

    def told(self) -> str:
        usual = self.names == ("start", "stop") and self._group in ("", *PLAIN)
        certain = usual and (not self._texts or self.want.kind is not None)
        return "" if certain else self.told_with(())

    # ---- reading ------------------------------------------------------------------------------

    def read(self, source: Source) -> Iterator[Block]:
        if not self.array:
            yield from super().read(source)
            return
        block = self.block(source)
        for number, value in self._elements(source.texts()):
            source.number = number
            self._values = [value]
            self.take(block, "", source)
            if len(block.starts) >= 500:
                yield block
                block = self.block(source)
        yield block

    _values: Sequence[Any] = ()  # a value that was read already; `parse` takes it for the line

    def parse(self, line: str) -> Iterable[Row]:
        if self.array:
            (value,) = self._values
        elif not line.strip():
            return ()
        else:
            _, value = _loaded(line)
        if isinstance(value, BadLineError):
            raise value
        row = self._object(value)
        if not row:
            raise self._wrong(value)
        first, last = self._there(row, 0), self._there(row, 1)
        if not self._groups and (name := found(list(row), GROUPS)) and name not in self.chosen:
            raise BadLineError(f"{name!r} makes groups, the first lines have none: --group {name}")
        return ((*self.span(row[first], row[last], (first, last)), cast("Any", row)),)

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
            return BadLineError(f"no start in {{}}, want a field {self._starts[0]!r}")
        return BadLineError(f"{quote(value)}, want an object or [start, stop, value]")

    def _there(self, row: dict[str, Any], which: int) -> str:
        """Return the name of an end, in this object."""
        if self.names[which] in row:
            return self.names[which]
        usual = (self._starts, self._stops)[which]
        name = found(list(row), usual)
        if not name:
            role = ("start", "stop")[which]
            raise BadLineError(f"no {role} in {quote(row)}, want a field {usual[0]!r}")
        return name

    def _elements(self, texts: Iterable[str]) -> Iterator[tuple[int, Any]]:
        """Yield the elements of one array, with the numbers of the lines in which they begin.

        An element that cannot be read is an error as value; the next one begins a later line.
        """
        todo = iter(texts)
        rest, number, opened, closed = next(todo, ""), 1, False, False
        while True:
            trimmed = rest.lstrip(" \t\r\n" if closed or not opened else " \t\r\n,")
            number += rest.count("\n", 0, len(rest) - len(trimmed))
            rest = trimmed
            if rest and not closed and rest[0] == "[" and not opened:
                opened, rest = True, rest[1:]
                continue
            if rest and opened and rest[0] == "]":
                closed, rest = True, rest[1:]
                continue
            try:
                value, end = DECODER.raw_decode(rest) if rest else (None, 0)
                if closed and end:
                    value = BadLineError("text behind the end of the array")
            except (ValueError, RecursionError) as error:
                whole = getattr(error, "pos", 0) < len(rest.rstrip()) and not str(
                    error
                ).startswith("Unterminated")
                more = None if whole or len(rest) > LONGEST else next(todo, None)
                if more is not None:
                    rest = f"{rest}\n{more}"
                    continue
                begin = BEGINNING.search(rest, 1)
                value = BadLineError(f"no JSON: {error}")
                end = begin.start() if begin else len(rest)
            if end:
                yield number, value
                number += rest.count("\n", 0, end)
                rest = rest[end:]
            else:
                more = next(todo, None)
                if more is None:
                    break
                rest = f"{rest}\n{more}"
        if opened and not closed:
            yield number, BadLineError("the array has no end, want ]")

    # ---- writing ------------------------------------------------------------------------------

    def lines(self, group: Any, pieces: Iterable[Any], fields: Sequence[str]) -> Iterator[str]:
        for start, stop, value in pieces:
            text = as_json(self, group, start, stop, value, fields)
            row: dict[str, Any] = json.loads(text) if "null" in text or self._spelled else {}
            for name, part in zip(self.grouped, parts_of(group), strict=False):
                if row and part in self._spelled:
                    row[name] = self._spelled[part]
            # What is null by default was not there.
            asked = self.want.by or ()
            row = {k: v for k, v in row.items() if v is not None or k in asked}
            yield json.dumps(row) if row else text

    def clustered(self, line: str, number: str) -> str:
        row = self._object(_loaded(line)[1])
        return json.dumps(row | {"cluster": int(number) if number.isdecimal() else number})


def _loaded(line: str) -> tuple[int, Any]:
    """Return 0 and the value of a line; an error as value, if there is none."""
    try:
        value, end = DECODER.raw_decode(line.strip()) if line.strip() else (None, 0)
        if line.strip()[end:].strip():
            raise ValueError(f"extra data behind column {end}")
    except (ValueError, RecursionError) as error:
        return 0, BadLineError(f"no JSON: {error}")
    return 0, value


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is too large for a number")
    return value


DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)
BEGINNING = re.compile(r"(?<=\n)\s*[\[{]")  # where the next element may be
