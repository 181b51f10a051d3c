"""CSV, TSV and plain columns: a record a line, perhaps below a line of names."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar

from rangelist.errors import BadLineError
from rangelist.formats.base import Block, Row, UsageError, Want, as_text, number_in, unbroken
from rangelist.formats.kinds import Key, guess_kind, quote
from rangelist.formats.named import GROUPS, STARTS, STOPS, Named, found
from rangelist.formats.source import Source

__all__ = ["Columns", "Csv", "Tsv"]

AHEAD = 200  # lines over which a quoted field may go
BATCH = 500


class Csv(Named):
    """The columns for start, stop and group are given, or found by their usual names."""

    name = "csv"
    about = "names in the first line; comma, semicolon, bar or tab between columns"
    details = """\
Columns for start (begin, from, chromStart), stop (end, to, chromEnd), group (chrom, chr,
chromosome, seqname, seqnames, seqid, contig) and value are found by their names, in any case, or
given by --start-column, --stop-column, --columns START,STOP[,VALUE], --group.  Keys are numbers,
dates, times, addresses; text only with --keys text.  What was guessed is said on stderr.
A quoted field may go over several lines.  With --columns and numbers no names are needed."""
    endings = (".csv",)
    delimiters: ClassVar[str] = ",;|\t"
    quoted: ClassVar[bool] = True
    invents: ClassVar[bool] = False  # whether columns without names are start, stop and value

    def __init__(self, want: Want) -> None:
        super().__init__(want)
        self._delimiter: str | None = self.delimiters[0]
        self._header: str | None = None  # the line of names
        self._wide = 0  # how many columns a line may have; 0: any
        self._at = (0, 1)

    @classmethod
    def fits(cls, lines: Sequence[str], data: Sequence[str]) -> float:
        """Decide by the header: it has columns for start and stop."""
        return 2.0 if cls._top(lines)[0] else 0.0

    @classmethod
    def _top(cls, lines: Sequence[str]) -> tuple[str, str]:
        """Return the line that names start and stop, if there is one, and the first line of data.

        It may be the last of the comments: `#chrom start end`.
        """
        top = ""
        for line in filter(str.strip, lines):
            comment = line.lstrip()[:1] == "#"
            names = cls.split_names(line)
            if found(names, STARTS) and found(names, STOPS):
                top = line
            if not comment:
                return top, line
        return top, ""

    @classmethod
    def split_names(cls, line: str) -> list[str]:
        """Cut a line of names at the delimiter that is there most often."""
        delimiter = cls._dividing(line)
        return [name.strip().strip('"') for name in line.split(delimiter)]

    @classmethod
    def _dividing(cls, line: str) -> str | None:
        best = max(cls.delimiters, key=line.count)
        return best if line.count(best) else None if " " in cls.delimiters else best

    # ---- the first lines ----------------------------------------------------------------------

    def begin_reading(self, source: Source) -> None:
        lines = source.head()
        top, first = self._top(lines)
        numbers = [number_in(name) - 1 for name in self._roles if number_in(name)]
        line = top or first
        if not line:
            return
        self._delimiter = self._dividing(top or next(filter(self.looks, lines), first))
        names = self._names(line, source)
        numbered = len(numbers) == 2
        if numbered and not self._is_header(names, numbers):
            self.columns = [str(i + 1) for i in range(len(names))]
        elif top or numbered or self._roles[0] is not None or not self.invents:
            self._header, self.columns, self._wide = line, names, len(names)
        else:
            self._roles, self._wide = ("1", "2"), 3
            self.columns = ["start", "stop", "value"][: 3 if len(names) > 2 else 2]
        self._at = (self._role(0, STARTS, source), self._role(1, STOPS, source))
        self.names = self.columns[self._at[0]], self.columns[self._at[1]]
        self._group = found(self.columns, GROUPS) if self._header is not None else ""
        if self._group and self._group not in self.names:
            self.own = (list(self.columns).index(self._group),)  # type: ignore[misc]
        self.settle(self._sample(lines))
        self.bind()

    def _is_header(self, names: list[str], at: Sequence[int]) -> bool:
        """Tell whether a line holds no keys where keys should be."""
        cells = [names[i] for i in at if i < len(names)]
        return not any(guess_kind(cell.strip()) for cell in cells)

    def _names(self, line: str, source: Source) -> list[str]:
        try:
            names = self._cells(line)
        except BadLineError as error:
            raise source.unreadable(f"bad header: {error}") from None
        return names

    def _role(self, which: int, usual: Sequence[str], source: Source) -> int:
        """Return the column of start or stop."""
        given, role = self._roles[which], ("start", "stop")[which]
        name = found(self.columns, usual if given is None else (given.lower(),))
        if not name and 0 < number_in(given) <= len(self.columns):
            return number_in(given) - 1
        if not name:
            header = f"the header {quote(list(self.columns))}"
            if given is None:
                raise source.unreadable(f"no {role} column in {header}, want --{role}-column NAME")
            raise UsageError(f"no column {given!r} in {source.name}, its header is {header[11:]}")
        return list(self.columns).index(name)

    def _sample(self, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
        begin = lines.index(self._header) + 1 if self._header is not None else 0
        for line in lines[begin : begin + 2000]:
            try:
                cells = self._cells(line)
            except BadLineError:
                continue
            if max(self._at) < len(cells):
                yield cells[self._at[0]], cells[self._at[1]]

    def told(self) -> str:
        if None not in self._roles and self.want.kind is not None and not self._group:
            return ""
        used = {*self._at, *self._groups, *self._by, *(one for one, _ in self._collect)}
        names = enumerate(self.columns) if self._header is not None else ()
        return self.told_with([name for i, name in names if i not in used])

    # ---- records ------------------------------------------------------------------------------

    def read(self, source: Source) -> Iterator[Block]:
        """A record is known by its first line."""
        block, size = self.block(source), 1 if source.hasty else BATCH
        for number, line in self._records(source):
            now, source.number = source.number, number
            self.take(block, line, source)
            source.number = now
            if len(block.starts) >= size:
                yield block
                block = self.block(source)
        yield block

    def _records(self, source: Source) -> Iterator[tuple[int, str]]:
        """Yield records with the numbers of their first lines.

        Where a quote is not closed within a few lines, its line is bad and the others are read.
        """
        lines = enumerate(source, 1)
        ahead: deque[tuple[int, str]] = deque()
        header = self._header
        while (row := ahead.popleft() if ahead else next(lines, None)) is not None:
            number, line = row
            if header is not None:  # what stands above it are comments
                header = None if line == header else header
            elif self.quoted and '"' in line and self._unclosed(line):
                whole = self._closed(line, ahead, lines)
                if whole:
                    yield number, whole
                    continue
                now, source.number = source.number, number
                source.complain(f"a quote in {quote(line)} is not closed within {AHEAD} lines")
                source.number = now
            else:
                yield number, line

    def _closed(
        self, line: str, ahead: deque[tuple[int, str]], lines: Iterator[tuple[int, str]]
    ) -> str:
        """Return a record of several lines, or nothing; then all lines behind it are kept."""
        ahead.extend(islice(lines, AHEAD - len(ahead)))
        whole = line
        for count, (_, more) in enumerate(ahead, 1):
            whole = f"{whole}\n{more}"
            if '"' in more and not self._unclosed(whole):
                try:
                    cells = self._cells(whole)
                except BadLineError:
                    return ""
                if self._wide and len(cells) > self._wide:
                    return ""
                for _ in range(count):
                    ahead.popleft()
                return whole
        return ""

    def _unclosed(self, text: str) -> bool:
        try:
            self._reader(text)
        except csv.Error as error:
            return "unexpected end" in str(error)
        return False

    def _reader(self, text: str) -> list[str]:
        lines = [f"{line}\n" for line in text.split("\n")]  # a quoted field keeps its line ends
        return next(csv.reader(lines, delimiter=self._delimiter or " ", strict=True))

    def _cells(self, line: str) -> list[str]:
        """Cut a record.

        Raises: BadLineError.
        """
        if not self.quoted or '"' not in line:
            return line.split(self._delimiter)
        try:
            return self._reader(line)
        except csv.Error as error:
            raise BadLineError(str(error)) from None

    def parse(self, line: str) -> Iterable[Row]:
        if not line.strip() or (self._header is None and line[:1] == "#"):
            return ()
        cells = self._cells(line)
        while self._wide and len(cells) > self._wide and not cells[-1].strip():
            cells.pop()
        need = max(*self._at, *self._groups, *self._by, *(one for one, _ in self._collect)) + 1
        if len(cells) < need or (self._wide and len(cells) > self._wide):
            want = self._wide or need
            raise BadLineError(f"{len(cells)} columns in {quote(cells)}, want {want}")
        return ((*self.span(cells[self._at[0]], cells[self._at[1]]), cells),)

    # ---- writing ------------------------------------------------------------------------------

    room = True

    def begin(self, fields: Sequence[str]) -> str:
        if self._header is None:
            return ""
        if self.want.lines:
            return self.clustered(self._header, fields[0]) if fields else self._header
        groups = [name for name in self.grouped if name != "version" or not self.addressed]
        names = [*groups, *self.names, *fields]
        if self._header[:1] == "#":
            names = ["#" * (i == 0) + name.lstrip("#") for i, name in enumerate(names)]
        return self._joined(names)

    def clustered(self, line: str, number: str) -> str:
        return line + (self._delimiter or " ") + self.escape(number)

    def line(self, start: Key, stop: Key, known: dict[str, Any]) -> str:
        version = known.pop("version", None) if self.addressed else None
        groups = self.grouped[1:] if self.addressed else self.grouped
        first, last = self.show(version, start, stop)
        if self._header is None:
            return self._placed(first, last, known)
        return self._joined([*(known.pop(name) for name in groups), first, last, *known.values()])

    def _placed(self, first: str, last: str, known: dict[str, Any]) -> str:
        """Return a line without names above it: each cell in its own column, dots between."""
        cells = {self._at[0]: first, self._at[1]: last}
        more: list[Any] = []
        for name, field in known.items():
            if name in self.columns:
                cells[list(self.columns).index(name)] = field
            else:
                more.append(field)
        return self._joined([*(cells.get(i, ".") for i in range(max(cells) + 1)), *more])

    def _joined(self, fields: Iterable[Any]) -> str:
        return (self._delimiter or " ").join(map(self.escape, map(as_text, fields)))

    def escape(self, text: str) -> str:
        """Quote a field in which something would end it."""
        if '"' in text or "\n" in text or "\r" in text or (self._delimiter or " ") in text:
            return '"' + text.replace('"', '""') + '"'
        return text


class Tsv(Csv):
    """Tabs between the columns; quotes mean nothing, so there is no tab or line end in a field."""

    name = "tsv"
    about = "names in the first line; tabs between columns, no quotes"
    details = Csv.details.replace("A quoted field may go over several lines.", "Quotes are text.")
    endings = (".tsv",)
    delimiters = "\t"
    quoted = False

    @classmethod
    def split_names(cls, line: str) -> list[str]:
        # R writes TSV with quotes around names and text.
        return [name.strip().strip('"') for name in line.split("\t")]

    def escape(self, text: str) -> str:
        return unbroken(text, "\t\n")


class Columns(Csv):
    """Plain columns; blanks, tabs, commas, semicolons or bars between them."""

    name = "columns"
    about = "start stop [value] in plain columns, with --columns in any others"
    details = """\
Without --columns: start, stop and perhaps a value.  --columns START,STOP[,VALUE] takes numbers
from 1; --group N makes groups of any other column.  Quotes are text; comments begin with #."""
    aliases = ("plain",)
    delimiters = "\t,;| "
    quoted = False
    invents = True

    @classmethod
    def fits(cls, lines: Sequence[str], data: Sequence[str]) -> float:
        top, _ = cls._top(lines)
        looks = bool(data) and cls.looks(data[0])  # else it may be a line of unknown names
        return 1.5 if top else super(Csv, cls).fits(lines, data) * looks

    @classmethod
    def looks(cls, line: str) -> bool:
        cells = [cell.strip() for cell in line.split(cls._dividing(line))]
        kinds = [guess_kind(cell) for cell in cells[:2]]
        return 2 <= len(cells) <= 3 and kinds[0] == kinds[1] != ""

    @classmethod
    def _dividing(cls, line: str) -> str | None:
        """Return what leaves two keys in front, or else is there most often; None for blanks."""
        tried: tuple[str | None, ...] = (*cls.delimiters[:-1], None)
        for delimiter in tried:
            kinds = [guess_kind(cell.strip()) for cell in line.split(delimiter)[:2]]
            if len(kinds) == 2 and kinds[0] == kinds[1] != "":
                return delimiter
        best = max(cls.delimiters[:-1], key=line.count)
        return best if line.count(best) else None

    def escape(self, text: str) -> str:
        return unbroken(text)
