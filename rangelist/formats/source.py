"""Where the lines come from: a file, standard input, plain or gzipped, in constant memory.

Nothing that a file may hold can stop the reading: lines that are too long or hold a NUL byte are
reported with their number, bytes that are no UTF-8 are kept and come out again as they went in.
"""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from rangelist.errors import RangeListError

__all__ = ["Source", "UnreadableError"]

CHUNK = 1 << 18
LONGEST = 1 << 20  # a file without line ends must not fill the memory
PEEK = 1 << 12  # enough to guess a format from
PART = 1 << 19  # less is read sooner than a process has begun

FAILURES = (OSError, EOFError, zlib.error)


class UnreadableError(RangeListError, OSError):
    """An input is missing, a directory, not text, cut off, or not what it was said to be."""

    def __str__(self) -> str:
        # OSError would show its arguments as a tuple; a sentence should be shown as it is.
        return str(self.args[0])


def ignore(read: int) -> None:
    """Show no progress."""


class Source:
    """The lines of one input, without line ends; `number` is that of the line just given.

    `span` is where to begin and to stop, in bytes, one of those that `parts` gave for this file.

    Raises: UnreadableError, on opening and while reading.
    """

    def __init__(
        self,
        path: str,
        report: Callable[[str, int, str], None],
        progress: Callable[[int], None] = ignore,
        span: tuple[int, int] = (0, sys.maxsize),
    ) -> None:
        self.path = path
        self.name = "<stdin>" if path == "-" else path
        self.number = 0
        self._report = report
        self._progress = progress
        self._peeked = b""
        self._begin, self._left = span[0], span[1] - span[0]
        try:
            self._raw = _standard_input() if path == "-" else _open(path)
            # Two magic bytes and not the name tell gzip.
            self._zipped = self._raw.peek(2)[:2] == b"\x1f\x8b"
            if self._begin:
                self._raw.seek(self._begin)
        except FAILURES as error:
            raise self.unreadable(error) from error
        self._file = gzip.GzipFile(fileobj=self._raw) if self._zipped else self._raw

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.path != "-":
            self._raw.close()

    def complain(self, reason: str) -> None:
        """Report that the line just given is bad."""
        self._report(self.name, self.number, reason)

    def unreadable(self, why: object) -> UnreadableError:
        """Make the error that says which input cannot be read, and why."""
        return UnreadableError(f"{self.name}: {getattr(why, 'strerror', None) or why}")

    def head(self) -> list[str]:
        """Return the first lines, to guess the format from; the iteration gives them again.

        Raises: UnreadableError, if they are no text.
        """
        while len(self._peeked) < PEEK and (chunk := self._read()):
            self._peeked += chunk
        if b"\0" in self._peeked:
            raise self.unreadable("not text (there is a NUL byte near the start)")
        lines = _decode(self._peeked.removeprefix(BOM)).split("\n")
        return lines[:-1] or lines  # the last one may be cut

    @property
    def short(self) -> bool:
        """Whether `head` gave all lines there are."""
        return len(self._peeked) < PEEK

    def parts(self, count: int) -> list[tuple[int, int]]:
        """Cut the file at line ends into at most `count` spans; then nothing can be read here.

        Returns nothing for an input that is small, zipped, or no regular file.
        """
        if self._zipped or self.path == "-":
            return []
        try:
            status = os.fstat(self._raw.fileno())
            count = min(count, status.st_size // PART)
            if count < 2 or not stat.S_ISREG(status.st_mode):
                return []
            cuts = {self._line_end(status.st_size * i // count) for i in range(1, count)}
        except OSError as error:
            raise self.unreadable(error) from error
        borders = sorted({0, *cuts})
        # To the end of the file, not to where it was just now: somebody may be writing it.
        return list(zip(borders, [*borders[1:], sys.maxsize], strict=True))

    def _line_end(self, at: int) -> int:
        """Return where the first line begins that begins behind a byte."""
        self._raw.seek(at)
        while (piece := self._raw.readline(CHUNK)) and not piece.endswith(b"\n"):
            pass  # a line without an end must not fill the memory
        return self._raw.tell()

    def __iter__(self) -> Iterator[str]:
        """Give the lines, one after the other.

        Cost: constant memory, about 0.1 µs a line.
        """
        for text in self._texts():
            suspect = "\0" in text or len(text) > LONGEST
            for line in text.split("\n"):
                self.number += 1
                if suspect and (reason := _unfit(line)):
                    self.complain(reason)
                else:
                    yield line

    def _texts(self) -> Iterator[str]:
        """Give the text in parts that end where a line ends, without that line end."""
        rest = b""
        for chunk in self._chunks():
            head, end, tail = chunk.rpartition(b"\n")
            if end:
                yield _decode(rest + head)
                rest = tail
            elif len(rest) <= 4 * LONGEST:  # bytes; no character takes more than four
                rest += chunk  # else the line is bad, and its middle is not kept
        if rest:
            yield _decode(rest)

    def _chunks(self) -> Iterator[bytes]:
        chunk = self._peeked or self._read()
        if not self._begin:
            chunk = chunk.removeprefix(BOM)
        self._peeked = b""
        read = 0
        while chunk:
            read += len(chunk)
            self._progress(read)
            yield chunk
            chunk = self._read()

    def _read(self) -> bytes:
        try:
            chunk = self._file.read1(min(CHUNK, self._left))
        except FAILURES as error:
            raise self.unreadable(error) from error
        self._left -= len(chunk)
        return chunk


BOM = b"\xef\xbb\xbf"


def _open(path: str) -> io.BufferedReader:
    if "\0" in path:
        raise FileNotFoundError("no such file (a NUL byte in its name)")
    return Path(path).open("rb")


def _standard_input() -> io.BufferedReader:
    # None when the process was started with standard input closed.
    if cast("object", sys.stdin) is None:
        raise FileNotFoundError("standard input is closed")
    return cast("io.BufferedReader", sys.stdin.buffer)


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape").replace("\r\n", "\n").removesuffix("\r")


def _unfit(line: str) -> str:
    """Say why no format can read this line, or nothing."""
    if len(line) > LONGEST:
        return f"line of more than {LONGEST} characters"
    return "binary data (a NUL byte)" if "\0" in line else ""
