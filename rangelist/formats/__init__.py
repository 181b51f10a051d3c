"""The formats that the command line reads, and the guess which one a file has.

source     lines of a file or of standard input     kinds      text to keys and back
base       what a format is                         named      columns with names
table (BED, GFF, VCF, ...), delimited (CSV, TSV, columns), jsonlines, addresses, and shapes
(memory maps, code points, regions)

Formats of others are found by the entry points `rangelist.formats`: a name, and a class like these.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

from rangelist.formats.base import Format, UsageError, Want
from rangelist.formats.source import Source, UnreadableError

__all__ = [
    "FORMATS",
    "Format",
    "Source",
    "UnreadableError",
    "UsageError",
    "Want",
    "format_named",
    "formats",
    "guess_format",
]

# Name -> module and class.  They are imported when they are needed, the cheap ones first; where
# several fit the lines as well, the first is taken.
FORMATS = {
    "vcf": "table:Vcf",
    "gff": "table:Gff",
    "interval_list": "table:IntervalList",
    "bedgraph": "table:BedGraph",
    "bed": "table:Bed",
    "maps": "shapes:Maps",
    "iomem": "shapes:IoMem",
    "codepoints": "shapes:CodePoints",
    "jsonl": "jsonlines:JsonLines",
    "tsv": "delimited:Tsv",
    "csv": "delimited:Csv",
    "addresses": "addresses:Addresses",
    "regions": "shapes:Regions",
    "columns": "delimited:Columns",
}
# What other tables look like that could be taken for one of ours, and how they can be read.
FOREIGN = {
    "SAM": (
        r"\S+\s\d+\s\S+\s\d+\s\d+\s(\*|(\d+[MIDNSHP=X])+)\s",
        "samtools view -b and bedtools bamtobed",
    ),
    "PSL": (
        r"psLayout|(\d+\s){8}[+-]{1,2}\s\S+\s(\d+\s){3}\S+\s(\d+\s){3}",
        "--columns 16,17 --group 14",
    ),
    "UCSC's rmsk": (r"(\d+\s){5}\S+\s\d+\s\d+\s-?\d+\s[-+C]\s", "--columns 7,8 --group 6"),
    "BEDPE": (
        r"\S+\t\d+\t\d+\t\S*[^\d\t]\S*\t\d+\t\d+(\t|$)",
        "--columns 2,3 --group 1, or --columns 5,6 --group 4",
    ),
    "wiggle": (r"(fixed|variable)Step\s", "wig2bed"),
    "a chain file": (r"chain \d+ \S+ \d+ [+-] ", "a program for chains"),
}
PACKED = (".gz", ".bgz", ".bz2", ".xz")
COMMENT = ("#", ";", "@", "track", "browser")  # how lines begin that are no data


def _load(name: str) -> type[Format]:
    module, _, attribute = FORMATS[name].partition(":")
    found: type[Format] = getattr(importlib.import_module(f"rangelist.formats.{module}"), attribute)
    return found


def _foreign() -> Iterator[type[Format]]:
    """Yield the formats of other packages."""
    metadata = importlib.import_module("importlib.metadata")
    for entry in metadata.entry_points(group="rangelist.formats"):
        try:
            yield entry.load()
        except Exception as error:  # the code of others may do anything
            what = f"format {entry.name!r} of {entry.value}"
            raise UsageError(f"{what} is broken: {error!r}") from error


def formats() -> Iterator[type[Format]]:
    """Yield all formats, ours first."""
    yield from map(_load, FORMATS)
    yield from _foreign()


def format_named(name: str) -> type[Format]:
    """Return the format of a name.

    Raises: UsageError.
    """
    if name in FORMATS:
        return _load(name)
    for form in formats():
        if name == form.name or name in form.aliases:
            return form
    names = ", ".join(form.name for form in formats())
    raise UsageError(f"no format {name!r}, want one of {names}")


def _refuse_foreign(source: Source, data: Sequence[str]) -> None:
    why = "looks like {}, which is not read: want {}, or --format if it is something else"
    for other, (shape, advice) in FOREIGN.items():
        if data and re.match(shape, data[0]):
            raise source.unreadable(why.format(other, advice))
    rows = [line[:90].split() for line in data[:100]]  # numbers are not that long
    if not data or not all(len(row) > 2 and all(map(str.isdecimal, row[1:])) for row in rows):
        return
    numbers: list[list[Any]] = [[row[0], *map(int, row[1:])] for row in rows]
    if all(len(row) == 5 and 0 < row[4] - row[3] < 3 for row in numbers):
        raise source.unreadable(why.format("a .fai index", "it after --within"))
    if _is_depth([row[:3] for row in numbers]):
        advice = "--columns 2,2 --inclusive --group 1"
        raise source.unreadable(why.format("samtools depth", advice))


def _is_depth(rows: Sequence[Sequence[Any]]) -> bool:
    """Tell whether rows are positions, most in steps of one, and depths that could not be stops.

    One line could be BED, and starts in steps of one are windows if their stops keep step.
    """
    steps = [
        (right[1] - left[1], right[2] - left[2])
        for left, right in zip(rows, rows[1:], strict=False)
        if left[0] == right[0]
    ]
    ragged = len(steps) > 1 and any(step != 1 for _, step in steps)
    reverse = any(depth < position for _, position, depth in rows)
    near = sum(step == 1 for step, _ in steps)
    rising = all(step > 0 for step, _ in steps)
    return bool(steps) and rising and 2 * near >= len(steps) and (ragged or reverse)


def guess_format(source: Source, want: Want) -> tuple[type[Format], bool]:
    """Tell the format of an input from its name, or else from its first lines.

    Also whether that is certain.

    Raises: UnreadableError, if it looks like none.
    """
    lines = source.head()
    name = source.path.rpartition("/")[2].lower()
    for ending in PACKED:
        name = name.removesuffix(ending)
    if want.columns and not name.endswith((".csv", ".tsv")):
        array = any(line.lstrip()[:1] in ("{", "[") for line in lines[:1])
        return _load("jsonl" if array else "columns"), True
    full = [line for line in lines if line.strip()]
    data = [line for line in full if not line.lstrip().startswith(COMMENT)]
    _refuse_foreign(source, data)
    # Formats of others are asked only if none of ours fits: to find them takes a while.
    for known in (map(_load, FORMATS), _foreign()):
        some: list[type[Format]] = []
        for form in known:
            if name.endswith(form.endings):
                return form, True
            some.append(form)
        if not full:
            return _load("jsonl"), True  # nothing to read is nothing in any format
        scores = {form: form.fits(lines, data[:200]) for form in some}
        best = max(scores, key=lambda form: scores[form], default=None)
        if best is not None and scores[best] >= 0.5:
            return best, False
    if not data:
        return _load("addresses"), True  # nor are comments; a list of blocked may be empty
    names = ", ".join(FORMATS)
    raise source.unreadable(f"of no known format, want --format with one of {names}")
