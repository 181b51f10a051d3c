"""How a result is shown: a table, the form of the input, JSON lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TextIO

from rangelist.formats import Format
from rangelist.formats.base import as_fields, as_json, plain
from rangelist.formats.kinds import Key
from rangelist.node import Piece

__all__ = ["LOOKS", "Row", "emit"]

Row = tuple[str, Piece[Key, Any]]
Look = Callable[[Format, Sequence[str], Iterable[Row]], Iterator[str]]

BATCH = 1000  # rows that are written at once, or looked at to find the widths of columns


def as_table(form: Format, fields: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Show columns below titles; numbers on the right.  Widths are those of the first rows."""
    cells = chain([_titles(form, fields)], (_cells(form, row, fields) for row in rows))
    first = list(islice(cells, BATCH))
    widths = [max(map(len, column)) for column in zip(*first, strict=True)]
    left = 1 if form.grouped else 0
    for row in chain(first, cells):
        padded = (
            text.rjust(width) if left <= i < left + 3 else text.ljust(width)
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(padded).rstrip()


def _titles(form: Format, fields: Sequence[str]) -> list[str]:
    group = [form.grouped] if form.grouped else []
    return [plain(title) for title in (*group, *form.titles, "length", *fields)]


def _cells(form: Format, row: Row, fields: Sequence[str]) -> list[str]:
    group, (start, stop, value) = row
    head = [plain(group)] if form.grouped else []
    ends = map(plain, form.show(group, start, stop))
    return [*head, *ends, form.length(start, stop), *map(plain, as_fields(value, fields))]


def as_input(form: Format, fields: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Show lines that the format reads again."""
    top = form.begin(fields)
    if top:
        yield top
    for group, piece in rows:
        yield form.lines(group, piece, fields)


def as_jsonl(form: Format, fields: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Show an object a line."""
    for group, piece in rows:
        yield as_json(form, group, piece, fields)


LOOKS: dict[str, Look] = {"table": as_table, "same": as_input, "jsonl": as_jsonl}


def emit(lines: Iterable[str], out: TextIO) -> None:
    """Write lines, many at once."""
    todo = iter(lines)
    while batch := list(islice(todo, BATCH)):
        text = "\n".join(batch) + "\n"
        try:
            out.write(text)
        except UnicodeEncodeError:  # half of a surrogate pair, which JSON can spell
            out.write(text.encode("utf-8", "backslashreplace").decode())
