"""CSV and TSV: names in the first line, then a record a line."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Literal

from rangelist.errors import BadLineError
from rangelist.formats.base import Record, UsageError, Want, as_fields, as_text, as_value, plain
from rangelist.formats.kinds import Key, quote
from rangelist.formats.named import STARTS, STOPS, NamedFormat
from rangelist.formats.source import Source
from rangelist.node import Piece

__all__ = ["Csv", "Tsv"]


class Csv(NamedFormat):
    """The columns for start, stop and group are given, or found by their usual names."""

    name = "csv"
    about = "columns with names in the first line; comma, semicolon or bar between them"
    endings = (".csv",)
    delimiters: ClassVar[str] = ",;|"
    quoting: ClassVar[Literal[0, 3]] = csv.QUOTE_MINIMAL

    def __init__(self, want: Want) -> None:
        super().__init__(want)
        self._delimiter = self.delimiters[0]

    @classmethod
    def fits(cls, lines: Sequence[str]) -> bool:
        """Decide by the header: it has columns for start and stop."""
        top = next(filter(str.strip, lines), "")
        header = top.replace('"', "").split(cls._dividing(top))
        return _position(header, STARTS) >= 0 and _position(header, STOPS) >= 0

    @classmethod
    def _dividing(cls, header: str) -> str:
        """Return the delimiter that is there most often."""
        return max(cls.delimiters, key=header.count)

    def read(self, source: Source) -> Iterator[Record]:
        """A quoted field may go over several lines; it is known by its last one."""
        lines = iter(source)
        top = next(filter(str.strip, lines), None)
        if top is None:
            return
        self._delimiter = self._dividing(top)
        rows = self._rows(lines, source)
        nothing: list[str] = []
        columns = self._settle(next(self._rows(iter([top]), source), nothing), source)
        for row in rows:
            if row:
                try:
                    yield self._record(row, columns)
                except BadLineError as error:
                    source.complain(str(error))

    def _rows(self, lines: Iterator[str], source: Source) -> Iterator[list[str]]:
        ended = (f"{line}\n" for line in lines)  # a quoted field keeps its line ends
        rows = csv.reader(ended, delimiter=self._delimiter, quoting=self.quoting, strict=True)
        while True:
            try:
                yield next(rows)
            except csv.Error as error:
                source.complain(str(error))
            except StopIteration:
                return

    def _settle(self, header: list[str], source: Source) -> list[int]:
        """Find the columns: start, stop, group (-1: there is none), then those of the value."""
        columns = [_position(header, names) for names in (self.starts, self.stops, self.groups)]
        given = {"start": self.want.start, "stop": self.want.stop, "group": self.want.group}
        for (role, name), column in zip(given.items(), columns, strict=True):
            if column < 0 and name is not None:
                why = f"no column {name!r} in {source.name}, its header is {quote(header)}"
                raise UsageError(why)
            if column < 0 and role != "group":
                why = f"no {role} column in the header {quote(header)}, want --{role}-column NAME"
                raise source.unreadable(why)
        self.names = header[columns[0]], header[columns[1]]
        self.grouped = header[columns[2]] if columns[2] >= 0 else ""
        self.chosen = self.choose(header)
        return columns + [header.index(name) for name in self.chosen]

    def _record(self, row: list[str], columns: list[int]) -> Record:
        if len(row) <= max(columns):
            raise BadLineError(f"{len(row)} columns in {quote(row)}, want {max(columns) + 1}")
        start, stop = self.span(row[columns[0]], row[columns[1]], self.names)
        group = row[columns[2]] if self.grouped else ""
        return group, start, stop, as_value([row[column] for column in columns[3:]])

    def begin(self, fields: Sequence[str]) -> str:
        names = [self.grouped] if self.grouped else []
        return self._delimiter.join(map(self.escape, [*names, *self.names, *fields]))

    def lines(self, group: str, piece: Piece[Key, Any], fields: Sequence[str]) -> str:
        row = [group] if self.grouped else []
        row.extend(self.show(group, piece.start, piece.stop))
        row.extend(as_text(field) for field in as_fields(piece.value, fields))
        return self._delimiter.join(map(self.escape, row))

    def escape(self, text: str) -> str:
        """Quote a field in which something would end it."""
        if self._delimiter in text or not text.isprintable() or '"' in text:
            return '"' + text.replace('"', '""') + '"'
        return text


class Tsv(Csv):
    """Tabs between the columns; quotes mean nothing, so there is no tab or line end in a field."""

    name = "tsv"
    about = "columns with names in the first line; tabs between them, no quotes"
    endings = (".tsv",)
    delimiters = "\t"
    quoting = csv.QUOTE_NONE

    def escape(self, text: str) -> str:
        return plain(text)


def _position(header: Sequence[str], names: Sequence[str]) -> int:
    """Return where the first of the names is that is there, -1 if none is; case does not matter."""
    known = [name.strip().lower() for name in header]
    return next((known.index(name.lower()) for name in names if name.lower() in known), -1)
