"""Read lines from a file or standard input, plain or compressed, in constant memory.

Every file can be read to its end: lines that are too long or contain a NUL byte are reported with
their number.  Bytes that are not UTF-8 are kept (as surrogates) and written as they were read.
"""

from __future__ import annotations

import importlib
import io
import os
import select
import stat
import sys
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self, cast

from rangelist.errors import RangeListError

__all__ = ["Source", "UnreadableError"]

CHUNK = 1 << 14  # so that the cells of a chunk stay in the cache
LONGEST = 1 << 20  # a file without line ends must not fill the memory
PEEK = 1 << 16  # enough to guess a format from
PATIENCE = 0.2  # seconds
PART = 1 << 19  # reading less takes less time than starting a process
BOM = b"\xef\xbb\xbf"

# Leading bytes -> the module that decompresses.
PACKED = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bz2",
    b"\xfd7zXZ\0": "lzma",
}
# Leading bytes -> what to say.
REFUSED = {
    b"\x28\xb5\x2f\xfd": "compressed by zstd, want zstdcat in front",
    b"PK\3\4": "a zip archive, want unzip -p in front",
    b"\xff\xfe": "UTF-16, want iconv -f UTF-16 -t UTF-8 in front",
    b"\xfe\xff": "UTF-16, want iconv -f UTF-16 -t UTF-8 in front",
    b"BAM\1": "BAM, want bedtools bamtobed in front",
    b"CRAM": "CRAM, want samtools view -b and bedtools bamtobed in front",
    b"BCF\2": "BCF, want bcftools view in front",
    b"\x04\x22\x4d\x18": "compressed by lz4, want lz4cat in front",
    b"\x1f\x9d": "compressed by compress, want zcat in front",
    b"]\0\0": "compressed by an old lzma, want lzcat in front",
    b"\x1f\x8b": "compressed twice, want zcat in front",
}


class UnreadableError(RangeListError, OSError):
    """An input is missing, a directory, not text, cut off, or not what it was said to be."""

    def __str__(self) -> str:
        # OSError would show its arguments as a tuple.
        return str(self.args[0])


def ignore(read: int) -> None:
    """Show no progress."""


class Source:
    """The lines of one input, without line ends.

    `number` is the number of the line that `__iter__` gave last; inside `texts` it is the number
    of lines before the current text.  `span` is where to begin and to stop, in bytes, one of those
    that `parts` returned for this file.  `wait` is called before waiting for a slow writer; a
    source that has it is hasty: it waits for no more than one line of data to guess from.

    Raises: UnreadableError, on opening and while reading.
    """

    def __init__(
        self,
        path: str,
        report: Callable[[str, int, str], None],
        progress: Callable[[int], None] = ignore,
        span: tuple[int, int] = (0, sys.maxsize),
        *,
        wait: Callable[[], None] | None = None,
    ) -> None:
        self.path = path
        self.name = "<stdin>" if path == "-" else path
        self.number = 0
        self._report = report
        self._progress = progress
        self.hasty = wait is not None
        self._wait = wait
        self.slow = False  # whether its writer lets us wait, known after `head`
        self._peeked = bytearray()
        self._begin, self._left = span[0], span[1] - span[0]
        self._failures: tuple[type[Exception], ...] = (OSError, EOFError)
        try:
            self._raw = _standard_input() if path == "-" else _open(path)
            self._file = self._unpacked(self._raw.peek(8)[:8])
            if self._begin:
                self._raw.seek(self._begin)
        except self._failures as error:
            raise self.unreadable(error) from error

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

    def _unpacked(self, magic: bytes) -> Any:
        """Return the stream of plain bytes; magic bytes and not the name tell the compression."""
        name = next((PACKED[start] for start in PACKED if magic.startswith(start)), "")
        if not name:
            return self._raw
        codec, zlib = importlib.import_module(name), importlib.import_module("zlib")
        self._failures += (zlib.error, getattr(codec, "LZMAError", OSError))
        return codec.open(self._raw)

    def complain(self, reason: str, number: int = 0) -> None:
        """Report that a line is bad; without a number, the current one."""
        self._report(self.name, number or self.number, reason)

    def unreadable(self, why: object) -> UnreadableError:
        """Make the error that says which input cannot be read, and why."""
        return UnreadableError(f"{self.name}: {getattr(why, 'strerror', None) or why}")

    def head(self) -> list[str]:
        """Return the first lines, to guess from; the iteration gives them again.

        There is at least one that is neither blank nor a comment, unless the input has none.

        Raises: UnreadableError, if they are not text.
        """
        need = 1 if self.hasty else PEEK
        data = _has_data(self._peeked)
        while not (data and len(self._peeked) >= need) and (chunk := self._read()):
            data = data or _has_data(self._peeked[self._peeked.rfind(b"\n") + 1 :] + chunk)
            self._peeked += chunk
        self.slow = self.hasty and self._lets_wait(PATIENCE)
        self._refuse()
        if b"\0" in self._peeked[:4096]:
            raise self.unreadable("not text (there is a NUL byte near the start)")
        lines = _decode(self._peeked.removeprefix(BOM)).split("\n")
        return lines[:-1] or lines  # the last line may be incomplete

    def _refuse(self) -> None:
        for start, why in REFUSED.items():
            if self._peeked.startswith(start):
                raise self.unreadable(why)

    def _lets_wait(self, patience: float) -> bool:
        """Tell whether nothing more comes for a while, not even an end: a slow writer."""
        try:
            return not select.select([self._raw], [], [], patience)[0]
        except (OSError, ValueError):  # not a file of the system, or not on Windows
            return False

    def parts(self, count: int) -> list[tuple[int, int]]:
        """Cut the file at line ends into at most `count` spans; then nothing can be read here.

        Returns nothing for an input that is small, compressed, or no regular file.
        """
        if self._file is not self._raw or self.path == "-":
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
        # To the end of the file, not to its present size: it may still be growing.
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
        for text in self.texts():
            for self.number, line in enumerate(text.split("\n"), self.number + 1):  # noqa: B020
                yield line

    def texts(self) -> Iterator[str]:
        """Give the text in parts that end where a line ends, without that line end.

        Unfit lines are reported and empty, so that the others keep their numbers.
        """
        before = 0
        for text in self._pieces():
            self.number = before
            if "\0" in text or len(text) > LONGEST:
                text = "\n".join(map(self._fit, text.split("\n")))
                self.number = before
            before += text.count("\n") + 1
            yield text
            self.number = before

    def _fit(self, line: str) -> str:
        """Return a line that a format can read; an empty one for a line that none can."""
        self.number += 1
        if len(line) > LONGEST:
            self.complain(f"line of more than {LONGEST} characters")
        elif "\0" in line:
            self.complain("binary data (a NUL byte)")
        else:
            return line
        return ""

    def _pieces(self) -> Iterator[str]:
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
        self._peeked = self._peeked or bytearray(self._read())
        chunk = bytes(self._peeked)
        if not self._begin:
            self._refuse()
            chunk = chunk.removeprefix(BOM)
        self._peeked.clear()
        read = 0
        while chunk:
            read += len(chunk)
            self._progress(read)
            yield chunk
            chunk = self._read()

    def _read(self) -> bytes:
        if self._wait is not None and self._lets_wait(0):
            self._wait()
        try:
            chunk: bytes = self._file.read1(min(CHUNK, self._left))
        except self._failures as error:
            raise self.unreadable(error) from error
        self._left -= len(chunk)
        return chunk


def _open(path: str) -> io.BufferedReader:
    if "\0" in path:
        raise FileNotFoundError("no such file (a NUL byte in its name)")
    return open(path, "rb")  # noqa: PTH123  pathlib takes long to import; see __exit__


def _standard_input() -> io.BufferedReader:
    # None when the process was started with standard input closed.
    if cast("object", sys.stdin) is None:
        raise FileNotFoundError("standard input is closed")
    return cast("io.BufferedReader", sys.stdin.buffer)


def _decode(data: bytes | bytearray) -> str:
    text = data.decode("utf-8", "surrogateescape")
    while "\r\n" in text:
        text = text.replace("\r\n", "\n")
    return text.rstrip("\r")


def _has_data(data: bytes | bytearray) -> bool:
    """Tell whether there is a complete line that is neither blank nor a comment."""
    lines = data.split(b"\n")[:-1]
    return any(line.strip() and line.lstrip()[:1] not in (b"#", b";", b"@") for line in lines)
