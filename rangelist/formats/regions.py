"""Regions as samtools and genome browsers write them: chr1:1,000-2,000."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from rangelist.errors import BadLineError
from rangelist.formats.base import Format, Row, Want
from rangelist.formats.kinds import POSITION, Key, quote

__all__ = ["Regions"]

REGION = re.compile(r"(?:\{([^{}]+)\}|([^\s{}]+?))(?::([\d,]*)(-?)([\d,]*))?")


class Regions(Format):
    """One-based, with the last base; without an end a region goes on to that of its group."""

    name = "regions"
    about = "chr1:1,000-2,000, as samtools has them, a line each"
    details = """\
One-based, with the last base; printed so by --as same only.  chr1:100, chr1:100- and chr1 go on
to the end, which --within has to give; chr1:-100 begins at 1.  {HLA:01}:1-5 names HLA:01."""
    aliases = ("region",)
    endings = (".regions",)
    columns = ("chrom",)
    own = (0,)
    origin = 1
    closed = True
    genomic = True

    def __init__(self, want: Want) -> None:
        super().__init__(want)
        self.kind = POSITION

    @classmethod
    def looks(cls, line: str) -> bool:
        return re.fullmatch(r"\S+:[\d,]*\d-?[\d,]*|\S+:-[\d,]+", line.strip()) is not None

    def parse(self, line: str) -> Iterable[Row]:
        data = line.partition("#")[0].strip() if line.lstrip()[:1] == "#" else line.strip()
        if not data:
            return ()
        match = REGION.fullmatch(data)
        if match is None:
            raise BadLineError(f"{quote(data)}, want chrom:first-last")
        name, first, last = match[1] or match[2], match[3] or "1", match[5]
        if match[3] == "" and not last:
            raise BadLineError(f"{quote(data)}, want chrom:first-last")
        if not last:
            last = str(self._end(name, data))
        first, last = first.replace(",", ""), last.replace(",", "")
        return ((*self.span(first, last, ("first", "last")), [name]),)

    def _end(self, name: str, data: str) -> int:
        end = self.want.end
        found = end.get(name) if isinstance(end, dict) else end
        if found is None:
            why = f"{quote(data)} has no end, want one or --within with that of {name}"
            raise BadLineError(why)
        return found

    def line(self, start: Key, stop: Key, known: dict[str, Any]) -> str:
        name = known["chrom"]
        return f"{{{name}}}:{start + 1}-{stop}" if ":" in name else f"{name}:{start + 1}-{stop}"
