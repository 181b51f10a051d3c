"""Code-point tables, as the Unicode Character Database has them: `0041..005A ; Latin # comment`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rangelist.errors import BadLineError
from rangelist.formats.base import Block, Format, Row, Want, number_in, unbroken
from rangelist.formats.kinds import CODE_POINT, Key, quote
from rangelist.formats.source import Source

__all__ = ["CodePoints"]

# UnicodeData.txt writes a large range as its first and its last code point.
PAIR = re.compile(r"<(.*), (First|Last)>(.*)")
SHAPE = re.compile(r"\s*[0-9A-F]{4,6}(\.\.[0-9A-F]{4,6})?\s*;")


class CodePoints(Format):
    """Ends are inclusive in the file, and shown so; what stands behind the `;` is the value."""

    name = "codepoints"
    about = "code points, as in the Unicode tables: 0041..005A ; Latin # comment"
    details = """\
Merged by property.  --group property keeps properties that overlap apart (PropList.txt);
--group 2 and so on are the fields between semicolons.  First and Last are a range."""
    aliases = ("ucd",)
    endings = (".ucd",)
    columns = ("property",)
    by = ("property",)
    value = ("property",)
    inclusive = True
    closed = True
    room = True
    alone = False  # because of the pairs

    def __init__(self, want: Want) -> None:
        super().__init__(want)
        self.kind = CODE_POINT
        self._first: tuple[Key, str, int] | None = None  # the first half of a pair, and its line
        self._number = 0

    @classmethod
    def looks(cls, line: str) -> bool:
        return SHAPE.match(line) is not None

    def refer(self, name: str) -> Any:
        """Number 1 is the code point, number 2 the first field behind it."""
        if number_in(name) > 1:
            return number_in(name) - 1
        return super().refer("property" if name == "1" else name)

    def cell(self, cells: Sequence[Any], column: Any) -> Any:
        fields = cells[0].split(";")
        if not column:
            return cells[0]
        return fields[column - 1].strip() if column <= len(fields) else ""

    def read(self, source: Source) -> Iterator[Block]:
        """A first half that is never followed by the last one is a bad line."""
        yield from super().read(source)
        if self._first is not None:
            source.number, text = self._first[2], self._first[1]
            self._first = None
            source.complain(f"{quote(text)} has no Last behind it")

    def take(self, block: Block, line: str, source: Source) -> None:
        pending = self._first
        self._number = source.number
        super().take(block, line, source)
        if pending is not None and self._first is pending:
            now, source.number = source.number, pending[2]
            self._first = None
            source.complain(f"{quote(pending[1])} has no Last behind it")
            source.number = now
            super().take(block, line, source)

    def parse(self, line: str) -> Iterable[Row]:
        data = line.partition("#")[0]
        if not data.strip():
            return ()
        span, _, text = data.partition(";")
        text = text.strip()
        first, dots, last = span.strip().partition("..")
        start, stop = self.span(first, last if dots else first, ("first", "last"))
        pair, name = PAIR.match(text), text
        if pair is not None and not dots:
            name = f"<{pair[1]}>{pair[3]}"
            if pair[2] == "First":
                if self._first is None:
                    self._first = (start, name, self._number)
                return ()
            if self._first is None or self._first[1] != name:
                if self._first is None:
                    raise BadLineError(f"{quote(text)} has no First before it")
                return ()
            start, self._first = self._first[0], None
        if stop <= start:
            raise BadLineError(f"{quote(span.strip())} is reversed, want first..last")
        return ((start, stop, [name]),)

    def line(self, start: Key, stop: Key, known: dict[str, Any]) -> str:
        first, last = self.kind.show(start), self.kind.show(stop - 1)
        span = first if first == last else f"{first}..{last}"
        return " ; ".join([span.ljust(14), *map(unbroken, known.values())]).rstrip()
