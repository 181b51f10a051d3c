"""Code-point tables, as the Unicode Character Database has them: `0041..005A ; Latin # comment`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rangelist.errors import BadLineError
from rangelist.formats.base import LineFormat, Record, Want, as_fields, as_value, plain
from rangelist.formats.kinds import CODE_POINT, Key, quote
from rangelist.node import Piece

__all__ = ["CodePoints"]


class CodePoints(LineFormat):
    """Ends are inclusive in the file, and shown so; what stands behind the `;` is the value."""

    name = "codepoints"
    about = "code points, as in the Unicode tables: 0041..005A ; Latin # comment"
    endings = (".ucd",)
    fields = ("property",)
    by = ("property",)
    value = ("property",)
    inclusive = True

    def __init__(self, want: Want) -> None:
        super().__init__(want)
        self.kind = CODE_POINT

    @classmethod
    def fits(cls, lines: Sequence[str]) -> bool:
        """Without a semicolon any word of the letters A to F would do."""
        data = [line for line in lines if line.partition("#")[0].strip()]
        return bool(data) and ";" in data[0] and super().fits(data[:1])

    def parse(self, line: str) -> Record | None:
        data = line.partition("#")[0]
        if not data.strip():
            return None
        span, _, text = data.partition(";")
        first, dots, last = span.strip().partition("..")
        start = CODE_POINT.key(first, "first")
        stop = (CODE_POINT.key(last, "last") if dots else start) + 1
        if not start < stop:
            raise BadLineError(f"{quote(span.strip())} is reversed, want first..last")
        return "", start, stop, as_value([text.strip()] if self.chosen else [])

    def lines(self, group: str, piece: Piece[Key, Any], fields: Sequence[str]) -> str:
        first, last = self.show(group, piece.start, piece.stop)
        span = first if first == last else f"{first}..{last}"
        return " ; ".join([span.ljust(14), *map(plain, as_fields(piece.value, fields))]).rstrip()
