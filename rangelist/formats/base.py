"""What a format is: how its lines become rows of named cells, and how a span is written in it.

    line  ->  parse  ->  rows: start, stop, cells     one cell for each of `columns`
    rows  ->  Block: groups, starts, stops, rests     the columns that the caller asked for

Lines of different groups are merged separately: chromosomes, strands, IPv4 and IPv6.  The group is
one cell, or a tuple of several.  `rest` is what else a row keeps:

    None                     nothing
    value                    the cells that `--by` names: one cell, or a tuple of several
    (value, cells)           also those that `--collect` needs
    line                     the whole line, for `--overlapping` and `--cluster`
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple

from rangelist.errors import BadLineError, RangeListError
from rangelist.formats.kinds import NUMBER, WHOLE, Key, Kind
from rangelist.formats.source import Source

__all__ = [
    "NOTHING",
    "Block",
    "Format",
    "Row",
    "UsageError",
    "Want",
    "as_fields",
    "as_json",
    "as_text",
    "as_value",
    "number_in",
    "parts_of",
    "plain",
    "unbroken",
]

NOTHING = ("nothing",)  # what `--by` says to ignore all fields
Row = tuple[Key, Key, Sequence[Any]]


class UsageError(RangeListError, ValueError):
    """The options ask for something that this input cannot give."""


class Want(NamedTuple):
    """What the caller says about an input; `None` stands for the default of the format."""

    by: tuple[str, ...] | None = None
    groups: tuple[str, ...] = ()
    start: str | None = None
    stop: str | None = None
    columns: tuple[str, ...] = ()
    kind: Kind | None = None
    inclusive: bool = False
    host_bits: str | None = None
    empty: str = "error"
    collect: tuple[tuple[str, bool], ...] | None = None  # columns, and whether of numbers
    lines: bool = False
    end: dict[str, int] | int | None = None  # where regions without end stop

    @property
    def special(self) -> set[str]:
        """The options given that have no effect on all formats."""
        given = {
            "--start-column": self.start is not None,
            "--stop-column": self.stop is not None,
            "--columns": bool(self.columns),
            "--keys": self.kind is not None,
            "--inclusive": self.inclusive,
            "--host-bits": self.host_bits is not None,
        }
        return {option for option, there in given.items() if there}


class Block:
    """The rows of some lines, in columns of equal length."""

    __slots__ = (
        *("before", "groups", "numbers", "points", "rests"),
        *("skipped", "starts", "stops", "uniform"),
    )

    def __init__(self, before: int = 0) -> None:
        self.before = before  # the number of lines before the block
        self.groups: list[Any] = []
        self.uniform = False  # whether all groups are known to be the same
        self.starts: list[Key] = []
        self.stops: list[Key] = []
        self.rests: list[Any] | None = None
        self.numbers: list[int] | None = None  # None: each line has given one row
        self.points: list[tuple[Any, Key]] = []  # features of length zero that were widened
        self.skipped = 0  # features of length zero that were left out

    def line_of(self, row: int) -> int:
        """Return the number of the line that has given a row."""
        return self.before + row + 1 if self.numbers is None else self.numbers[row]


class Format:
    """Reads one kind of file, and writes its own kind of line.  One object for one input.

    What a format is stands in its attributes; most need only a `parse` and a `line` of their own.
    """

    name: ClassVar[str]
    about: ClassVar[str]
    details: ClassVar[str] = ""  # more for `rangelist help FORMAT`
    aliases: ClassVar[tuple[str, ...]] = ()
    endings: ClassVar[tuple[str, ...]] = ()
    columns: Sequence[str] = ()  # the names of the cells of a row
    own: tuple[Any, ...] = ()  # the columns that always make groups
    by: ClassVar[tuple[str, ...]] = ()  # what makes the value, by default
    value: ClassVar[tuple[str, ...]] = ()  # what `--by value` stands for
    absent: ClassVar[Any] = ""  # the cell of a line that ends before it
    kind: Kind = WHOLE
    names: tuple[str, str] = ("start", "stop")  # of the columns of both ends
    grouped: tuple[str, ...] = ()  # the names of the cells of a group
    chosen: tuple[str, ...] = ()  # the names of the cells of a value
    slow: bool = False  # whether lines come one by one, and results are wanted so
    certain: bool = True  # whether the format was given, or told by the name of the file
    inclusive: bool = False  # whether people see the last key and not the one after it
    origin: ClassVar[int] = 0  # the first position, as the file counts
    closed: bool = False  # whether the file gives the last key
    mark: ClassVar[str] = ""  # how a line begins that only this format has, a header
    alone: ClassVar[bool] = True  # whether each line can be understood without the others
    array: bool = False  # whether the file is one array of JSON
    room: ClassVar[bool] = False  # whether a line can take fields that are no columns
    readonly: ClassVar[str] = ""  # why a span cannot be written as a line of the input
    nested: ClassVar[bool] = False  # whether later lines are parts of earlier ones
    genomic: ClassVar[bool] = False
    follows: ClassVar[frozenset[str]] = frozenset()  # options that have an effect here

    def __init__(self, want: Want) -> None:
        self.want = want
        self.bind()

    @property
    def titles(self) -> tuple[str, str]:
        """What stands above the two ends in a table."""
        return ("first", "last") if self.inclusive else self.names

    @property
    def leading(self) -> bool:
        """Whether the first cell of a group is the format's own: a chromosome."""
        return len(self.grouped) > len(self._groups) - len(self.own)

    # ---- options to columns -------------------------------------------------------------------

    def bind(self) -> None:
        """Look up the columns that the options name.

        Raises: UsageError, if there is no such column.
        """
        groups = dict.fromkeys([*self.own, *map(self.refer, self.want.groups)])
        self._groups = tuple(groups)
        self.grouped = tuple(map(self.title, groups))
        self.chosen = tuple(name for name in self._choose() if name not in self.grouped)
        self._by = tuple(map(self.refer, self.chosen))
        wanted = self.want.collect or ()
        self._collect = tuple((self.refer(name), measured) for name, measured in wanted)

    def refer(self, name: str) -> Any:
        """Return where in a row the cell of a column is, given by name or by number from 1.

        Raises: UsageError.
        """
        columns = list(self.columns)
        for known, wanted in ((columns, name), ([c.lower() for c in columns], name.lower())):
            if wanted in known:
                return known.index(wanted)
        if (number := number_in(name)) > 0:
            return number - 1
        raise UsageError(f"no field {name!r} in {self.name}, want one of {columns}")

    def title(self, column: Any) -> str:
        """Return the name of a column."""
        at: int = column
        return self.columns[at] if at < len(self.columns) else str(at + 1)

    def _choose(self) -> tuple[str, ...]:
        want = self.want.by
        if self.want.lines or want == NOTHING:
            return ()
        if want is None:
            known = {name.lower() for name in self.columns}
            return tuple(name for name in self.by if name in known)
        return self.value if want == ("value",) and self.value else want

    # ---- reading ------------------------------------------------------------------------------

    @classmethod
    def looks(cls, line: str) -> bool:
        """Tell whether a line of data looks like this format; it may be bad."""
        return False

    @classmethod
    def fits(cls, lines: Sequence[str], data: Sequence[str]) -> float:
        """Return how much of the first lines looks like this format; `data` are no comments.

        More than 1 is certain: something that only this format has.
        """
        marked = cls.mark and any(re.match(cls.mark, line) for line in lines)
        return 2.0 * bool(marked) + (sum(map(cls.looks, data)) / len(data) if data else 0)

    def told(self) -> str:
        """Return how an input is read as far as that was guessed, or nothing."""
        return ""

    def begin_reading(self, source: Source) -> None:
        """Look at the first lines."""

    def read(self, source: Source) -> Iterator[Block]:
        """Give the rows of an input; report each line that is bad, and go on."""
        for text in source.texts():
            block = self.quick(text, source.number)
            if block is None:
                block = self.block(source)
                for line in text.split("\n"):
                    source.number += 1
                    self.take(block, line, source)
            yield block

    def quick(self, text: str, before: int) -> Block | None:
        """Optimisation only: return the rows of many lines if all of them are plain."""
        return None

    def block(self, source: Source) -> Block:
        """Return an empty block for rows that `take` appends."""
        block = Block(source.number)
        block.numbers = []
        if self.chosen or self.want.collect is not None or self.want.lines:
            block.rests = []
        return block

    def take(self, block: Block, line: str, source: Source) -> None:
        """Append the rows of a line; all of them, or none and a report."""
        try:
            rows = [self._row(*row, line) for row in self.parse(line)]
        except BadLineError as error:
            source.complain(str(error))
            return
        for group, start, stop, rest, widened in rows:
            if widened is not None:
                if self.want.empty == "skip":
                    block.skipped += 1
                    continue
                block.points.append((group, widened))
            block.groups.append(group)
            block.starts.append(start)
            block.stops.append(stop)
            if block.rests is not None:
                block.rests.append(rest)
            assert block.numbers is not None
            block.numbers.append(source.number)

    def parse(self, line: str) -> Iterable[Row]:
        """Return the rows of a line; none for a comment or an empty line.

        Raises: BadLineError, with the reason.
        """
        raise NotImplementedError  # each format has its own

    def span(self, first: str, last: str) -> tuple[Key, Key]:
        """Return the keys of two texts as the file counts them.

        Raises: BadLineError.
        """
        names = self.titles
        start = self.kind.key(first, names[0]) - self.origin
        stop = self.kind.key(last, names[1]) - self.origin + self.closed
        if start < 0 and self.origin:
            raise BadLineError(f"{names[0]} is {first!r}, want {self.origin} or more")
        return start, stop

    def _row(self, start: Key, stop: Key, cells: Sequence[Any], line: str) -> Any:
        """Return group, start, stop, rest, and where a widened feature was."""
        group, widened = self.group_of(cells), None
        if not start < stop:
            start, stop, widened = self._empty(start, stop, group)
        return group, start, stop, line if self.want.lines else self._rest(cells), widened

    def _empty(self, start: Key, stop: Key, group: Any) -> tuple[Key, Key, Key]:
        first, last = map(self.kind.show, self.counted(start, stop))
        shown = f"{first}-{last}"
        if not self.kind.discrete:
            shown = f"{self.names[0]} {first}, {self.names[1]} {last}"
        if group:
            shown = f"{' '.join(map(plain, parts_of(group)))}:{shown}"
        if stop < start:
            raise BadLineError(f"{shown} is reversed, want {' before '.join(self.titles)}")
        if self.want.empty == "error":
            raise BadLineError(f"{shown} has length zero and covers nothing")
        if self.want.empty == "skip":
            return start, stop, start
        if not isinstance(start, int):
            raise UsageError(f"--empty widen needs whole numbers, not {self.kind.family}")
        return max(start - 1, min(start, 0)), stop + 1, start

    def cell(self, cells: Any, column: Any) -> Any:
        """Return a cell; a line may end before it."""
        return cells[column] if column < len(cells) else self.absent

    def group_of(self, cells: Any) -> Any:
        """Return the group of a row: no cell, one, or several."""
        parts = tuple([self.cell(cells, column) for column in self._groups])
        return parts if len(parts) > 1 else parts[0] if parts else ""

    def _rest(self, cells: Sequence[Any]) -> Any:
        value = as_value([self.cell(cells, column) for column in self._by])
        if self.want.collect is None:
            return value
        return value, [self._collected(cells, *one) for one in self._collect]

    def _collected(self, cells: Sequence[Any], column: Any, measured: bool) -> Any:
        cell = self.cell(cells, column)
        if not measured or (isinstance(cell, (int, float)) and not isinstance(cell, bool)):
            return cell
        return NUMBER.key(as_text(cell), self.title(column))

    # ---- showing ------------------------------------------------------------------------------

    def show_key(self, group: Any, key: Key) -> str:
        """Return a key as this format shows it."""
        return self.kind.show(key)

    def counted(self, start: Key, stop: Key) -> tuple[Key, Key]:
        """Return both ends as the file counts them."""
        if self.closed and self.kind.length is not None:
            stop -= self.kind.length(1)
        return (start + self.origin, stop + self.origin) if self.origin else (start, stop)

    def ends(self, start: Key, stop: Key) -> tuple[Key, Key]:
        """Return both ends as they are printed in JSON: most count as the library does."""
        return start, stop

    def show(self, group: Any, start: Key, stop: Key) -> tuple[str, str]:
        """Return both ends as people see them."""
        first, last = (start, stop - 1) if self.inclusive else self.ends(start, stop)
        return self.show_key(group, first), self.show_key(group, last)

    def length(self, start: Key, stop: Key) -> str:
        """Return how long a span is, for people; nothing, if keys have no differences."""
        return "" if self.kind.length is None else self.kind.show_length(stop - start)

    def brief(self, field: Any) -> str:
        """Return a field as short as it can be understood, for pictures."""
        return plain(field)

    # ---- writing in the form of the input -------------------------------------------------------

    def admit(self, fields: Sequence[str]) -> None:
        """Refuse fields for which a line of this format has no place.

        Raises: UsageError.
        """
        if self.readonly:
            raise UsageError(f"--as same: {self.readonly}; want --as bed, jsonl or table")
        known = {name.lower() for name in self.columns}
        for name in fields:
            if not self.room and name.lower() not in known:
                what = f"--as same: {self.name} has no place for {name!r}"
                raise UsageError(f"{what}, want --as bed or jsonl")

    def clustered(self, line: str, number: str) -> str:
        """Return a line of the input with the number of its span behind it.

        Raises: UsageError, if there is no place for it.
        """
        raise UsageError(f"--cluster: a line of {self.name} has no place for a number")

    def limits(self, group: Any) -> tuple[Key, Key]:
        """Return the first key and the one behind the last; None, if there is none."""
        return 0, None

    def begin(self, fields: Sequence[str]) -> str:
        """Return what stands above all lines, if there is anything."""
        return ""

    def lines(self, group: Any, pieces: Iterable[Any], fields: Sequence[str]) -> Iterator[str]:
        """Return spans in the form in which they are read."""
        groups = dict(zip(self.grouped, parts_of(group), strict=False))
        for start, stop, value in pieces:
            known = groups | dict(zip(fields, as_fields(value, fields), strict=True))
            yield self.line(start, stop, known)

    def line(self, start: Key, stop: Key, known: dict[str, Any]) -> str:
        """Return a span, and what is known of its columns, as a line or several."""
        raise NotImplementedError  # each format has its own


def number_in(name: str | None) -> int:
    """Return the number of a column that is given by its number; 0, if it is not."""
    return int(name) if name and name.isdecimal() and name.isascii() and len(name) < 6 else 0


def parts_of(group: str | tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the cells of a group."""
    return group if isinstance(group, tuple) else (group,)


def as_value(fields: Sequence[Any]) -> Any:
    """Make a value of the chosen fields."""
    if not fields:
        return None
    return fields[0] if len(fields) == 1 else tuple(fields)


def as_fields(value: Any, fields: Sequence[str]) -> list[Any]:
    """Take a value apart again."""
    if not fields:
        return []
    return [value] if len(fields) == 1 else list(value)


def as_text(field: Any) -> str:
    """Show a field: text as it is, nothing as nothing, what came from JSON as JSON."""
    if isinstance(field, str):
        return field
    if field is None:
        return ""
    return str(field) if type(field) is int else _dumped(field)


def _dumped(field: Any) -> str:
    import json  # noqa: PLC0415  most runs need none

    return json.dumps(field)


def plain(field: Any) -> str:
    """Show a field on one line, without control characters."""
    text = as_text(field)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in UNDECODED else ascii(c)[1:-1] for c in text)


def unbroken(field: Any, breaks: str = "\n") -> str:
    """Show a field as it is, but for characters that would end it."""
    text = as_text(field)
    for character in breaks:
        text = text.replace(character, ascii(character)[1:-1])
    return f"{text[:-1]}\\r" if text[-1:] == "\r" else text


def as_json(
    form: Format, group: Any, start: Key, stop: Key, value: Any, fields: Sequence[str]
) -> str:
    """Return a span as one line of JSON, which the format `jsonl` reads again.

    Numbers stay numbers; where they are written otherwise, `text` shows that.
    """
    first, last = form.show(group, start, stop)
    row: dict[str, Any] = dict(zip(form.grouped, parts_of(group), strict=False))
    if isinstance(start, (int, float)) and not form.kind.closed:
        row |= zip(form.names, form.ends(start, stop), strict=True)
        if first != str(start):
            row["text"] = f"{first}..{last}" if form.inclusive else f"{first}-{last}"
    else:
        row |= zip(form.names, (first, last), strict=True)
    row |= zip(fields, as_fields(value, fields), strict=True)
    return _dumped(row)


UNDECODED = frozenset(map(chr, range(0xDC80, 0xDD00)))  # bytes that were not UTF-8
