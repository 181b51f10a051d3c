"""JSON lines: an object with `start` and `stop`, or an array [start, stop, value], a line each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NoReturn, cast

from rangelist.errors import BadLineError
from rangelist.formats.base import NOTHING, LineFormat, Record, Want, as_json, as_text, as_value
from rangelist.formats.kinds import Key, quote
from rangelist.formats.named import NamedFormat
from rangelist.node import Piece

__all__ = ["JsonLines"]


class JsonLines(NamedFormat, LineFormat):
    """Objects may have more fields; `--by` can name any of them."""

    name = "jsonl"
    about = 'JSON lines: {"start": 1, "stop": 5, "value": "x"} or [1, 5, "x"]'
    endings = (".jsonl", ".ndjson", ".json")

    def __init__(self, want: Want) -> None:
        super().__init__(want)
        # Any name is good: another line may have other fields.
        self.chosen = () if want.by == NOTHING else want.by or self.by

    @classmethod
    def fits(cls, lines: Sequence[str]) -> bool:
        """The first line begins like an object or an array."""
        top = next(filter(str.strip, lines), "")
        return top.lstrip()[:1] in ("{", "[")

    def parse(self, line: str) -> Record | None:
        if not line.strip():
            return None
        try:
            data = json.loads(line, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise BadLineError(f"no JSON: {error}") from None
        if isinstance(data, list):
            return self._from_array(cast("Sequence[Any]", data))
        if isinstance(data, dict):
            return self._from_object(cast("dict[str, Any]", data))
        raise BadLineError(f"{quote(data)}, want an object or [start, stop, value]")

    def _from_array(self, row: Sequence[Any]) -> Record:
        if not 2 <= len(row) <= 3:
            raise BadLineError(f"{len(row)} items, want [start, stop] or [start, stop, value]")
        start, stop = self.span(row[0], row[1], ("start", "stop"))
        value = {"value": row[2] if len(row) == 3 else None}
        return "", start, stop, as_value([value.get(name) for name in self.chosen])

    def _from_object(self, row: dict[str, Any]) -> Record:
        names = _there(row, self.starts, "start"), _there(row, self.stops, "stop")
        start, stop = self.span(row[names[0]], row[names[1]], names)
        group = ""
        for name in self.groups:
            if name in row:
                self.grouped, group = name, as_text(row[name])
                break
        return group, start, stop, as_value([row.get(name) for name in self.chosen])

    def lines(self, group: str, piece: Piece[Key, Any], fields: Sequence[str]) -> str:
        return as_json(self, group, piece, fields)


def _there(row: dict[str, Any], names: Sequence[str], role: str) -> str:
    """Return the first of the names that the object has."""
    for name in names:
        if name in row:
            return name
    raise BadLineError(f"no {role} in {quote(row)}, want a field {names[0]!r}")


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
