"""What a format is: how its lines become records, and how a span is shown in it.

    record   (group, start, stop, value)     groups are separate lists: chromosomes, IPv4 and IPv6

The value holds the fields that `--by` names: `None` for no field, the field itself for one, a tuple
for several.  Two records may be joined when their values are equal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rangelist.errors import BadLineError, RangeListError
from rangelist.formats.kinds import WHOLE, Key, Kind
from rangelist.formats.source import Source
from rangelist.node import Piece

__all__ = [
    "NOTHING",
    "Format",
    "LineFormat",
    "Record",
    "UsageError",
    "Want",
    "as_fields",
    "as_json",
    "as_text",
    "as_value",
    "check",
    "plain",
]

NOTHING = ("nothing",)  # what `--by` says to ignore all fields
Record = tuple[str, Key, Key, Any]


class UsageError(RangeListError, ValueError):
    """The options ask for something that this input cannot give."""


@dataclass(frozen=True)
class Want:
    """What the caller says about an input; `None` stands for the default of the format."""

    by: tuple[str, ...] | None = None
    start: str | None = None
    stop: str | None = None
    group: str | None = None
    kind: Kind | None = None
    inclusive: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The options given that only inputs with named columns can follow."""
        given = {
            "--start-column": self.start is not None,
            "--stop-column": self.stop is not None,
            "--group-column": self.group is not None,
            "--keys": self.kind is not None,
            "--inclusive": self.inclusive,
        }
        return tuple(option for option, there in given.items() if there)


class Format:
    """Reads one kind of file, and writes its own kind of line.  One object for one input."""

    name: ClassVar[str]
    about: ClassVar[str]
    endings: ClassVar[tuple[str, ...]] = ()
    fields: ClassVar[tuple[str, ...]] = ()
    by: ClassVar[tuple[str, ...]] = ()
    value: ClassVar[tuple[str, ...]] = ()
    names: tuple[str, str] = ("start", "stop")  # the columns of the input
    inclusive: ClassVar[bool] = False  # whether ends are shown as first and last key
    grouped: str = ""  # what a group is called, if there are any
    alone: ClassVar[bool] = False  # whether no line, read or written, depends on another

    @property
    def titles(self) -> tuple[str, str]:
        """What stands above the two ends in a table."""
        return ("first", "last") if self.inclusive else self.names

    def __init__(self, want: Want) -> None:
        self.want = want
        self.kind = WHOLE
        self.chosen = self.choose(self.fields) if self.fields else ()

    @classmethod
    def fits(cls, lines: Sequence[str]) -> bool:
        """Tell whether the first lines of a file look like this format."""
        raise NotImplementedError  # each format has its own

    def read(self, source: Source) -> Iterator[Record]:
        """Give the records of an input; complain about each line that is bad, and go on."""
        raise NotImplementedError  # each format has its own

    def choose(self, known: Sequence[str]) -> tuple[str, ...]:
        """Return the fields that make the value.

        Raises: UsageError, if there is no such field.
        """
        want = self.want.by
        if want is None:
            return tuple(name for name in self.by if name in known)
        if want == NOTHING:
            return ()
        if want == ("value",):
            want = self.value
        for name in want:
            if name not in known:
                raise UsageError(f"no field {name!r} in {self.name}, want one of {list(known)}")
        return want

    # ---- showing ----------------------------------------------------------------------------

    def show_key(self, group: str, key: Key) -> str:
        """Return a key as this format writes it."""
        return self.kind.show(key)

    def ends(self, start: Key, stop: Key) -> tuple[Key, Key]:
        """Return both ends as the columns of the input count them."""
        return start, stop

    def show(self, group: str, start: Key, stop: Key) -> tuple[str, str]:
        """Return both ends as this format writes them."""
        first, last = (start, stop - 1) if self.inclusive else self.ends(start, stop)
        return self.show_key(group, first), self.show_key(group, last)

    def length(self, start: Key, stop: Key) -> str:
        """Return how long a span is, for people; nothing, if keys have no differences."""
        return "" if self.kind.length is None else self.kind.show_length(stop - start)

    def brief(self, field: Any) -> str:
        """Return a field as short as it can be understood, for pictures."""
        return plain(field)

    def begin(self, fields: Sequence[str]) -> str:
        """Return the line that stands above all others, if there is one."""
        return ""

    def lines(self, group: str, piece: Piece[Key, Any], fields: Sequence[str]) -> str:
        """Return a span in the form in which it is read: one line, or several."""
        raise NotImplementedError  # each format has its own


class LineFormat(Format):
    """A format in which every line stands on its own."""

    alone = True

    def read(self, source: Source) -> Iterator[Record]:
        for line in source:
            record = self.attempt(line, source)
            if record is not None:
                yield record

    def attempt(self, line: str, source: Source) -> Record | None:
        """Parse a line; a bad one is reported and gives nothing."""
        try:
            return self.parse(line)
        except BadLineError as error:
            source.complain(str(error))
            return None

    def parse(self, line: str) -> Record | None:
        """Return the record of a line, `None` for a comment or an empty line.

        Raises: BadLineError, with the reason.
        """
        raise NotImplementedError  # each format has its own

    @classmethod
    def fits(cls, lines: Sequence[str]) -> bool:
        """Decide by the first line that is no comment."""
        reader = cls(Want())
        for line in lines:
            try:
                if reader.parse(line) is not None:
                    return True
            except BadLineError:
                return False
        return False


def check(start: Key, stop: Key, shown: str) -> None:
    """Refuse a span that holds no key.

    Raises: BadLineError.
    """
    if start < stop:
        return
    if stop < start:
        raise BadLineError(f"{shown} is reversed, want start before stop")
    raise BadLineError(f"{shown} has length zero and covers nothing")


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
    if field is None:
        return ""
    return field if isinstance(field, str) else json.dumps(field)


def plain(field: Any) -> str:
    """Show a field on one line, with nothing in it that a terminal would obey."""
    text = as_text(field)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in UNDECODED else ascii(c)[1:-1] for c in text)


def as_json(form: Format, group: str, piece: Piece[Key, Any], fields: Sequence[str]) -> str:
    """Return a span as one line of JSON, which the format `jsonl` reads again.

    Numbers stay numbers; where they are written otherwise, `text` shows that.
    """
    start, stop, value = piece
    first, last = form.show(group, start, stop)
    row: dict[str, Any] = {form.grouped or "group": group} if group or form.grouped else {}
    if isinstance(start, (int, float)):
        row |= zip(form.names, form.ends(start, stop), strict=True)
        if first != str(start):
            row["text"] = f"{first}..{last}" if form.inclusive else f"{first}-{last}"
    else:
        row |= zip(form.names, (first, last), strict=True)
    row |= zip(fields, as_fields(value, fields), strict=True)
    return json.dumps(row)


UNDECODED = frozenset(map(chr, range(0xDC80, 0xDD00)))  # bytes that were no UTF-8
