"""The formats that the command line reads, and the guess which one a file has.

source     lines of a file or of standard input     kinds      text to keys and back
base       what a format is                         named      columns with names
table (BED, GFF, VCF, ...), addresses, codepoints, delimited (CSV, TSV, columns), jsonlines, linux,
regions

Formats of others are found by the entry points `rangelist.formats`: a name, and a class like these.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator

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
    "sam": "table:Sam",
    "psl": "table:Psl",
    "rmsk": "table:Rmsk",
    "gff": "table:Gff",
    "interval_list": "table:IntervalList",
    "maps": "linux:Maps",
    "iomem": "linux:IoMem",
    "codepoints": "codepoints:CodePoints",
    "tsv": "delimited:Tsv",
    "csv": "delimited:Csv",
    "bedgraph": "table:BedGraph",
    "depth": "table:Depth",
    "bed": "table:Bed",
    "addresses": "addresses:Addresses",
    "regions": "regions:Regions",
    "columns": "delimited:Columns",
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
            raise UsageError(f"format {entry.name!r} of {entry.value} is broken: {error!r}") from error


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
    raise UsageError(f"no format {name!r}, want one of {', '.join(form.name for form in formats())}")


def guess_format(source: Source, want: Want) -> tuple[type[Format], bool]:
    """Tell the format of an input from its name, or else from its first lines.

    Also whether that is certain.

    Raises: UnreadableError, if it looks like none.
    """
    lines = source.head()
    if want.columns:
        array = any(line.lstrip()[:1] in ("{", "[") for line in lines[:1])
        return _load("jsonl" if array else "columns"), True
    full = [line for line in lines if line.strip()]
    data = [line for line in full if line.lstrip()[0] not in "#;@" and not line.startswith("track")]
    # Formats of others are asked only if none of ours fits: to find them takes a while.
    for known in (map(_load, FORMATS), _foreign()):
        some = list(known)
        name = source.path.rpartition("/")[2].lower()
        for ending in PACKED:
            name = name.removesuffix(ending)
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
