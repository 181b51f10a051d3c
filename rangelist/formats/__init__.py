"""The formats that the command line reads, and the guess which one a file has.

source     lines of a file or of standard input     kinds      text to keys and back
base       what a format is                         named      columns with names
table (BED, GFF, VCF, ...), addresses, codepoints, delimited (CSV, TSV, columns), jsonlines, linux,
regions

Formats of others are found by the entry points `rangelist.formats`: a name, and a class like these.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence

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

# Name -> module and class, the most particular first.  They are imported when they are needed.
FORMATS = {
    "jsonl": "jsonlines:JsonLines",
    "vcf": "table:Vcf",
    "gff": "table:Gff",
    "interval_list": "table:IntervalList",
    "maps": "shapes:Maps",
    "iomem": "shapes:IoMem",
    "codepoints": "shapes:CodePoints",
    "tsv": "delimited:Tsv",
    "csv": "delimited:Csv",
    "bedgraph": "table:BedGraph",
    "bed": "table:Bed",
    "addresses": "addresses:Addresses",
    "regions": "shapes:Regions",
    "columns": "delimited:Columns",
}
# What other tables look like that could be taken for one of ours, and what to say then.
FOREIGN = {
    "SAM": (
        r"\S+\s\d+\s\S+\s\d+\s\d+\s(\*|(\d+[MIDNSHP=X])+)\s",
        "bedtools bamtobed makes BED of it",
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
}
PACKED = (".gz", ".bgz", ".bz2", ".xz")


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
    if _is_depth(data[:100]):
        raise source.unreadable(
            why.format("samtools depth", "--columns 2,2 --inclusive --group 1")
        )


def _is_depth(data: Sequence[str]) -> bool:
    """Tell whether lines are positions in steps of one, and depths that could not be stops.

    One line could be BED, and starts in steps of one are windows if their stops keep step.
    """
    rows = [line[:60].split() for line in data]  # numbers are not that long
    if not all(len(row) == 3 and all(map(str.isdecimal, row[1:])) for row in rows):
        return False
    numbers = [(chrom, int(position), int(depth)) for chrom, position, depth in rows]
    steps = [
        (right[1] - left[1], right[2] - left[2])
        for left, right in zip(numbers, numbers[1:], strict=False)
        if left[0] == right[0]
    ]
    ragged = len(steps) > 1 and any(step != 1 for _, step in steps)
    reverse = any(depth < position for _, position, depth in numbers)
    return bool(steps) and all(step == 1 for step, _ in steps) and (ragged or reverse)


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
    data = [line for line in full if line.lstrip()[0] not in "#;@" and not line.startswith("track")]
    _refuse_foreign(source, data)
    # Formats of others are asked only if none of ours fits: to find them takes a while.
    for known in (map(_load, FORMATS), _foreign()):
        some = list(known)
        for form in some:
            if name.endswith(form.endings):
                return form, True
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
