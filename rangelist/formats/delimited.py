"""CSV, TSV and plain columns: a record a line, perhaps below a line of names."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar

from rangelist.errors import BadLineError
from rangelist.formats.base import Block, Row, UsageError, as_text, number_in, unbroken
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
    endings: ClassVar[tuple[str, ...]] = (".csv",)
    room = True
    delimiters: ClassVar[str] = ",;|\t"
    quoted: ClassVar[bool] = True
    invents: ClassVar[bool] = False  # whether columns without names are start, stop and value
    _delimiter: str | None = None  # None: blanks
    _header: str | None = None  # the line of names
    _wide = 0  # how many columns a line may have; 0: any
    _at = (0, 1)  # the columns of start and stop
    _used: frozenset[int] = frozenset()  # and all others that are
    _least = 2  # how many columns a line has to have

    @classmethod
    def fits(cls, lines: Sequence[str], data: Sequence[str]) -> float:
        """Decide by the header: it has columns for start and stop, and most lines have as many."""
        top, _ = cls._top(lines)
        if not top:
            return 0.0
        divider = cls._dividing(top)
        count = len(cls._cut(top, divider))
        rest = [cls._cut(line, divider) for line in data if line != top]
        # A quoted field that goes on in another line cannot be cut, and is no cell here.
        fit = [not row or (len(row) >= count and not any(row[count:])) for row in rest]
        return 2.0 if 2 * sum(fit) >= len(fit) else 0.0

    @classmethod
    def _top(cls, lines: Sequence[str]) -> tuple[str, str]:
        """Return the line that names start and stop, if there is one, and the first line of data.

        It may be the last of the comments: `#chrom start end`.
        """
        top = ""
        for line in filter(str.strip, lines):
            names = [name.strip().strip('"') for name in line.split(cls._dividing(line))]
            if found(names, STARTS) and found(names, STOPS):
                top = line
            if line.lstrip()[:1] != "#":
                return top, line
        return top, ""

    @classmethod
    def _dividing(cls, line: str) -> str | None:
        return max(cls.delimiters, key=line.count)

    @classmethod
    def _usual(cls, lines: Sequence[str]) -> str | None:
        """Return what divides the columns: that shows where their names are."""
        top, first = cls._top(lines)
        return cls._dividing(top or first)

    # ---- the first lines ----------------------------------------------------------------------

    def begin_reading(self, source: Source) -> None:
        lines = source.head()
        top, first = self._top(lines)
        if not (line := top or first):
            return
        self._delimiter = self._usual(lines)
        try:
            names = self._cells(line)
        except BadLineError as error:
            raise source.unreadable(f"bad header: {error}") from None
        places = [number_in(role) - 1 for role in self._roles if number_in(role)]
        numbered = len(places) == 2
        if numbered and any(guess_kind(names[i].strip()) for i in places if i < len(names)):
            self.columns = [str(i + 1) for i in range(len(names))]
        elif top or numbered or self._roles[0] is not None or not self.invents:
            self._header, self.columns, self._wide = line, names, len(names)
        else:
            self._roles = ("1", "2")
            self._wide = 2 + any(len(cells) > 2 for cells in self._sample(lines))
            self.columns = ["start", "stop", "value"][: self._wide]
        self._at = (self._role(0, STARTS, source), self._role(1, STOPS, source))
        self.names = self.columns[self._at[0]], self.columns[self._at[1]]
        self._group = found(self.columns, GROUPS) if self._header is not None else ""
        if self._group and self._group not in self.names:
            self.own = (list(self.columns).index(self._group),)
        a, b = self._at
        self.settle((cells[a], cells[b]) for cells in self._sample(lines))
        self.bind()
        used = (*self._at, *self._groups, *self._by, *(one for one, _ in self._collect))
        self._used = frozenset(used)
        invented = self._header is None and self._wide  # then the value may be missing
        self._least = max(self._at if invented else used) + 1

    def _role(self, which: int, usual: Sequence[str], source: Source) -> int:
        """Return the column of start or stop."""
        given, role = self._roles[which], ("start", "stop")[which]
        name = found(self.columns, usual if given is None else (given.lower(),))
        if name:
            return list(self.columns).index(name)
        if 0 < number_in(given) <= len(self.columns):
            return number_in(given) - 1
        header = quote(list(self.columns))
        if given is None:
            why = f"no {role} column in the header {header}, want --{role}-column NAME"
            raise source.unreadable(why)
        raise UsageError(f"no column {given!r} in {source.name}, its header is {header}")

    def _sample(self, lines: Sequence[str]) -> Iterator[list[str]]:
        """Yield the cells of the first lines that have a start and a stop."""
        begin = lines.index(self._header) + 1 if self._header is not None else 0
        data = (line for line in lines[begin:] if line.strip() and line[:1] != "#")
        for line in islice(data, 2000):
            if max(self._at) < len(cells := self._cut(line, self._delimiter)):
                yield cells

    def told(self) -> str:
        given = None not in self._roles and self.want.kind is not None and not self._group
        if given and not (self._header and any(map(number_in, self._roles))):
            return ""  # else it is a guess that the first line holds names
        names = enumerate(self.columns) if self._header is not None else ()
        return self.told_with([name for i, name in names if i not in self._used])

    # ---- records ------------------------------------------------------------------------------

    def read(self, source: Source) -> Iterator[Block]:
        """A record is known by its first line."""
        block, size = self.block(source), 1 if source.hasty else BATCH
        for source.number, line in self._records(source):  # noqa: B020
            self.take(block, line, source)
            if len(block.starts) >= size:
                yield block
                block = self.block(source)
        yield block

    def _records(self, source: Source) -> Iterator[tuple[int, str]]:
        """Yield records with the numbers of their first lines.

        Where a quote is not closed within a few lines, its line is bad and the others are read.
        """
        rows = enumerate(source, 1)
        if self._header is not None:  # what stands above it are comments
            next((line for _, line in rows if line == self._header), None)
        ahead: list[tuple[int, str]] = []  # lines that turned out not to go on with a field
        while (row := ahead.pop() if ahead else next(rows, None)) is not None:
            taken = [row]
            if self.quoted and '"' in row[1] and self._unclosed(taken, ahead, rows):
                what = f"a quote in {quote(row[1])} is not closed within {AHEAD} lines"
                source.complain(what, row[0])
                ahead += taken[:0:-1]
            else:
                yield row[0], "\n".join([line for _, line in taken])

    def _unclosed(
        self,
        taken: list[tuple[int, str]],
        ahead: list[tuple[int, str]],
        rows: Iterator[tuple[int, str]],
    ) -> bool:
        """Take the lines of a quoted field; tell whether it never ends, or not as it should."""

        def lines() -> Iterator[str]:
            yield f"{taken[0][1]}\n"
            while len(taken) <= AHEAD and (row := ahead.pop() if ahead else next(rows, None)):
                taken.append(row)
                yield f"{row[1]}\n"

        try:
            cells = next(csv.reader(lines(), delimiter=self._delimiter or " ", strict=True))
        except csv.Error as error:
            return len(taken) > 1 or "unexpected end" in str(error)
        return len(taken) > 1 and 0 < self._wide < len(cells)

    def _cells(self, text: str) -> list[str]:
        """Cut a record.

        Raises: BadLineError.
        """
        try:
            return self._split(text, self._delimiter)
        except csv.Error as error:
            raise BadLineError(str(error)) from None

    @classmethod
    def _cut(cls, line: str, divider: str | None) -> list[str]:
        """Cut one of the first lines; one that goes on in the next gives nothing."""
        try:
            return cls._split(line, divider)
        except csv.Error:
            return []

    @classmethod
    def _split(cls, text: str, divider: str | None) -> list[str]:
        if not cls.quoted or '"' not in text:
            return text.split(divider)
        lines = [f"{line}\n" for line in text.split("\n")]  # a quoted field keeps its line ends
        return next(csv.reader(lines, delimiter=divider or " ", strict=True))

    def parse(self, line: str) -> Iterable[Row]:
        if not line.strip() or (self._header is None and line[:1] == "#"):
            return ()
        cells = self._cells(line)
        while self._wide and len(cells) > self._wide and not cells[-1].strip():
            cells.pop()
        if len(cells) < self._least or (self._wide and len(cells) > self._wide):
            want = self._wide or self._least
            raise BadLineError(f"{len(cells)} columns in {quote(cells)}, want {want}")
        return ((*self.span(cells[self._at[0]], cells[self._at[1]]), cells),)

    # ---- writing ------------------------------------------------------------------------------

    def admit(self, fields: Sequence[str]) -> None:
        super().admit(fields)
        names = [*self.grouped[self.addressed :], *fields]
        if self._header is None and self._wide and len(names) > 1:
            what = f"--as same: {self.name} without names has no place for {names[-1]!r}"
            raise UsageError(f"{what}, want --as bed or jsonl")

    def begin(self, fields: Sequence[str]) -> str:
        if self._header is None:
            return ""
        if self.want.lines:
            return self.clustered(self._header, fields[0]) if fields else self._header
        names = [*self.grouped[self.addressed :], *self.names, *fields]
        if self._header[:1] == "#":
            names = ["#" * (i == 0) + name.lstrip("#") for i, name in enumerate(names)]
        return self._joined(names)

    def clustered(self, line: str, number: str) -> str:
        return line + (self._delimiter or " ") + self.escape(number)

    def line(self, start: Key, stop: Key, known: dict[str, Any]) -> str:
        """Below names the groups come first; without names each cell is in its own column."""
        version = known.pop("version") if self.addressed else None
        ends = self.show(version, start, stop)
        if self._header is not None:
            groups = [known.pop(name) for name in self.grouped[self.addressed :]]
            return self._joined([*groups, *ends, *known.values()])
        places = {name: i for i, name in enumerate(self.columns)}
        more = [field for name, field in known.items() if name not in places]
        cells = {places[name]: field for name, field in known.items() if name in places}
        cells |= zip(self._at, ends, strict=True)
        row = [*(cells.get(i, ".") for i in range(max(cells) + 1)), *more]
        while row[-1] == "" and self._least < len(row):
            row.pop()  # the value of a line that ends before it
        return self._joined(row)

    def _joined(self, fields: Iterable[Any]) -> str:
        return (self._delimiter or " ").join(map(self.escape, map(as_text, fields)))

    def escape(self, text: str) -> str:
        """Quote a field in which something would end it."""
        if any(c in text for c in ('"', "\n", "\r", self._delimiter or " ")):
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

    def escape(self, text: str) -> str:
        return unbroken(text, "\t\n")


class Columns(Csv):
    """Plain columns; blanks, tabs, commas, semicolons or bars between them."""

    name = "columns"
    about = "start stop [value] in plain columns, with --columns in any others"
    details = """\
Without --columns: start, stop and perhaps a value.  --columns START,STOP[,VALUE] takes numbers
from 1; --group N makes groups of any other column.  Quotes are text; comments begin with #."""
    endings = ()
    aliases = ("plain",)
    delimiters = "\t,;|"
    quoted = False
    invents = True

    @classmethod
    def fits(cls, lines: Sequence[str], data: Sequence[str]) -> float:
        """Without a header, the first line of data must not look like unknown names."""
        if headed := super().fits(lines, data):
            return min(headed, 1.5)
        first = data[0].split(cls._usual(data)) if data else ()
        names = len(first) > 1 and not any(guess_kind(cell.strip()) for cell in first)
        return 0.0 if names else super(Csv, cls).fits(lines, data)

    @classmethod
    def _top(cls, lines: Sequence[str]) -> tuple[str, str]:
        top, first = super()._top(lines)
        return (top if top and cls._dividing(top) == cls._usual(lines) else ""), first

    @classmethod
    def _usual(cls, lines: Sequence[str]) -> str | None:
        """Return what divides the columns of most lines."""
        rows = [line for line in lines if line.strip() and line[:1] != "#"]
        found = [cls._dividing(row) for row in (list(filter(cls.looks, rows)) or rows)]
        return max(dict.fromkeys(found), key=found.count, default=None)

    @classmethod
    def looks(cls, line: str) -> bool:
        cells = line.split(cls._dividing(line))
        return 2 <= len(cells) <= 3 and _keys(cells)

    @classmethod
    def _dividing(cls, line: str) -> str | None:
        """Return what leaves two keys in front, or else is there most often; None for blanks."""
        every = (*cls.delimiters, None)
        best = max(cls.delimiters, key=line.count)
        usual = best if best in line else None
        return next((one for one in every if _keys(line.split(one))), usual)

    def escape(self, text: str) -> str:
        return unbroken(text)


def _keys(cells: Sequence[str]) -> bool:
    """Tell whether the first two cells are keys of one kind."""
    kinds = [guess_kind(cell.strip()) for cell in cells[:2]]
    return len(kinds) == 2 and kinds[0] == kinds[1] != ""
