"""BED: chromosome, start, stop, and up to nine more columns, 0-based and half-open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rangelist.errors import BadLineError
from rangelist.formats.base import LineFormat, Record, Want, as_fields, as_value, check, plain
from rangelist.formats.kinds import POSITION, Key, quote
from rangelist.formats.source import Source
from rangelist.node import Piece

__all__ = ["Bed"]

COLUMNS = (
    "name",
    "score",
    "strand",
    "thickStart",
    "thickEnd",
    "itemRgb",
    "blockCount",
    "blockSizes",
    "blockStarts",
)
SKIPPED = frozenset(["track", "browser"])  # lines for a genome browser


class Bed(LineFormat):
    """Chromosomes are separate lists.  What is not asked for is not looked at."""

    name = "bed"
    about = "genome features: chrom start stop [name score strand ...], tabs or blanks"
    endings = (".bed",)
    fields = COLUMNS
    value = ("name",)
    grouped = "chrom"

    def __init__(self, want: Want) -> None:
        super().__init__(want)
        self._columns = [3 + COLUMNS.index(name) for name in self.chosen]

    def read(self, source: Source) -> Iterator[Record]:
        """Optimisation only: the usual line is read here, all others by `parse`."""
        if self._columns:
            yield from super().read(source)
            return
        for line in source:
            part = line.split("\t", 3)
            if len(part) > 2 and part[1].isdecimal() and part[2].isdecimal() and line.isascii():
                chrom = part[0]
                if len(line) < 300 and chrom and chrom[0] != "#" and chrom not in SKIPPED:
                    start, stop = int(part[1]), int(part[2])
                    if start < stop:
                        yield chrom, start, stop, None
                        continue
            record = self.attempt(line, source)
            if record is not None:
                yield record

    def parse(self, line: str) -> Record | None:
        """Tabs separate columns; without a tab, blanks do."""
        words = line.split()
        if not words or line[0] == "#" or words[0] in SKIPPED:
            return None
        part = line.split("\t") if "\t" in line else words
        if len(part) < 3:
            raise BadLineError(f"{len(part)} columns in {quote(line)}, want chrom, start, stop")
        chrom = part[0]
        if not chrom.strip():
            raise BadLineError("chrom is empty, want a name")
        start = POSITION.key(part[1].strip(), "start")
        stop = POSITION.key(part[2].strip(), "stop")
        check(start, stop, f"{chrom}:{start}-{stop}")
        value = as_value([part[i].strip() if i < len(part) else "." for i in self._columns])
        return chrom, start, stop, value

    def lines(self, group: str, piece: Piece[Key, Any], fields: Sequence[str]) -> str:
        """Columns that lie before a wanted one are filled with dots."""
        start, stop, value = piece
        head = f"{group or '.'}\t{start}\t{stop}"
        if not fields:
            return head
        known = dict(zip(fields, as_fields(value, fields), strict=True))
        last = max((COLUMNS.index(name) for name in fields if name in COLUMNS), default=-1)
        row = [plain(known.pop(name, None)) or "." for name in COLUMNS[: last + 1]]
        return "\t".join([head, *row, *map(plain, known.values())])
