"""How a result is shown, and where it goes."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from types import TracebackType
from typing import Any, Self, TextIO

from rangelist.cli.report import harmless
from rangelist.formats import Format, UsageError
from rangelist.formats.base import as_fields, as_json, parts_of, plain, unbroken

__all__ = ["LOOKS", "Output", "Row"]

Row = tuple[Any, Iterable[Any]]  # a group and some of its pieces
Look = Callable[[Format, Sequence[str], Iterable[Row]], Iterator[str]]

BATCH = 1000  # rows that are written at once, or looked at to find the widths of columns


def as_table(form: Format, fields: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Show columns below titles; numbers on the right.  Widths are those of the first rows."""
    titles = [plain(title) for title in (*form.grouped, *form.titles, "length", *fields)]
    cells = chain([titles], (_cells(form, *row, fields) for row in _flat(rows)))
    first = list(islice(cells, 2 if form.slow else BATCH))
    widths = [max(map(len, column)) for column in zip(*first, strict=True)]
    left = len(form.grouped)
    for row in chain(first, cells):
        padded = (
            text.rjust(width) if left <= i < left + 3 else text.ljust(width)
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(padded).rstrip()


def _flat(rows: Iterable[Row]) -> Iterator[tuple[Any, Any]]:
    for group, pieces in rows:
        for piece in pieces:
            yield group, piece


def _cells(form: Format, group: Any, piece: Any, fields: Sequence[str]) -> list[str]:
    start, stop, value = piece
    head = map(plain, parts_of(group)) if form.grouped else ()
    ends = map(plain, form.show(group, start, stop))
    return [*head, *ends, form.length(start, stop), *map(plain, as_fields(value, fields))]


def as_input(form: Format, fields: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Show lines that the format reads again."""
    top = form.begin(fields)
    lines = chain.from_iterable(form.lines(group, pieces, fields) for group, pieces in rows)
    return chain([top] if top else (), _array(lines) if getattr(form, "array", False) else lines)


def _array(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines as the elements of an array."""
    yield "["
    last = None
    for line in lines:
        if last is not None:
            yield f"{last},"
        last = line
    yield from (last or "", "]")


def as_jsonl(form: Format, fields: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Show an object a line."""
    for group, (start, stop, value) in _flat(rows):
        yield as_json(form, group, start, stop, value, fields)


def as_bed(form: Format, fields: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Show group, start, stop; behind them other groups and fields, in this order."""
    for group, (start, stop, value) in _flat(rows):
        if not (isinstance(start, int) and isinstance(stop, int)):
            found = f"{form.show_key(group, start)}, {form.show_key(group, stop)}"
            raise UsageError(f"--as bed needs whole numbers, not {found}")
        name, *more = parts_of(group)
        cells = [name or ".", str(start), str(stop), *more, *as_fields(value, fields)]
        yield "\t".join(unbroken(cell, "\t\n") or "." for cell in cells)


def _as_addresses(*, ranges: bool) -> Look:
    def show(form: Format, fields: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
        """Show ranges, or the fewest blocks that are them; other groups and fields behind them."""
        from rangelist.formats.addresses import blocks  # noqa: PLC0415  others do not need it

        if form.kind.family != "network address":
            look = "ranges" if ranges else "blocks"
            raise UsageError(f"--as {look} is for addresses, not for a {form.kind.family}")
        for group, pieces in rows:
            version, *more = parts_of(group)
            for start, stop, value in pieces:
                cells = [*more, *as_fields(value, fields)]
                tail = "".join(f" {unbroken(cell)}" for cell in cells).rstrip() if cells else ""
                if ranges:
                    first, last = form.show_key(group, start), form.show_key(group, stop - 1)
                    yield f"{first}-{last}{tail}"
                    continue
                for block in blocks(version, start, stop):
                    yield block + tail

    return show


LOOKS: dict[str, Look] = {
    "table": as_table,
    "same": as_input,
    "jsonl": as_jsonl,
    "bed": as_bed,
    "blocks": _as_addresses(ranges=False),
    "ranges": _as_addresses(ranges=True),
}


class Output:
    """Where lines go: a stream, or a file that is replaced when all is written.

    Raises: OSError, also if standard output is closed and something is to be written.
    """

    def __init__(self, path: str, stream: TextIO | None) -> None:
        self._path = path if path != "-" else ""
        self._stream = stream
        self._draft = ""
        self._terminal = False
        self._page: list[str] = []

    def __enter__(self) -> Self:
        if self._path:
            self._stream = self._opened()
        self._terminal = self._stream is not None and self._stream.isatty()
        return self

    def _opened(self) -> TextIO:
        """Open a draft beside the file; a device or a pipe itself."""
        mode = None
        with suppress(FileNotFoundError):
            mode = os.stat(self._path).st_mode  # noqa: PTH116
        target = self._path
        if mode is None or stat.S_ISREG(mode):
            self._path = os.path.realpath(self._path)  # a link stays a link
            target = self._draft = f"{self._path}.{os.getpid()}.part"
        try:  # closed in __exit__; pathlib takes long to import
            stream = open(target, "w", encoding="utf-8", errors="surrogateescape", newline="\n")  # noqa: PTH123, SIM115
        except OSError as error:
            raise OSError(f"{self._path}: {error.strerror}") from error
        if self._draft and mode is not None:
            os.chmod(self._draft, stat.S_IMODE(mode))  # noqa: PTH101
        return stream

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._path or self._stream is None:
            return
        try:
            self._stream.close()
            if self._draft and error is None:
                os.replace(self._draft, self._path)  # noqa: PTH105
                self._draft = ""
        finally:
            if self._draft:
                os.unlink(self._draft)  # noqa: PTH108

    def emit(self, lines: Iterable[str]) -> None:
        """Write lines, many at once."""
        for line in lines:
            self._page.append(line)
            if len(self._page) == BATCH:
                self.flush()
        self.flush()

    def flush(self) -> None:
        """Write what was given so far: the next line may take long."""
        if self._page and self._stream is None:
            raise OSError("standard output is closed")
        if self._page and self._stream is not None:
            text = "\n".join(self._page) + "\n"
            self._page.clear()
            if self._terminal:
                text = harmless(text)
            try:
                self._stream.write(text)
            except UnicodeEncodeError:  # half of a surrogate pair, which JSON can spell
                self._stream.write(text.encode("utf-8", "backslashreplace").decode())
            self._stream.flush()


def standard(stream: TextIO | None) -> TextIO | None:
    """Return a stream that takes bytes which were not UTF-8 as they came."""
    if stream is not None and (reconfigure := getattr(stream, "reconfigure", None)) is not None:
        reconfigure(encoding="utf-8", errors="surrogateescape")
    return stream
