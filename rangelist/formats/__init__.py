"""The formats that the command line reads: one module each, and the guess which one a file has.

source    lines of a file or of standard input        kinds    text to keys and back
base      what a format is                            named    columns with names
maps, bed, addresses, codepoints, columns (CSV, TSV), jsonlines
"""

from __future__ import annotations

from pathlib import PurePath

from rangelist.formats.addresses import Addresses
from rangelist.formats.base import Format, Record, UsageError, Want
from rangelist.formats.bed import Bed
from rangelist.formats.codepoints import CodePoints
from rangelist.formats.columns import Csv, Tsv
from rangelist.formats.jsonlines import JsonLines
from rangelist.formats.maps import Maps
from rangelist.formats.source import Source, UnreadableError

__all__ = [
    "FORMATS",
    "Format",
    "JsonLines",
    "Record",
    "Source",
    "UnreadableError",
    "UsageError",
    "Want",
    "guess_format",
]

# In the order in which their looks are compared: the most particular first.
FORMATS: dict[str, type[Format]] = {
    form.name: form for form in (JsonLines, Maps, CodePoints, Addresses, Bed, Tsv, Csv)
}


def guess_format(source: Source) -> type[Format]:
    """Tell the format of an input from its name, or else from its first lines.

    Raises: UnreadableError, if it looks like none.
    """
    lines = source.head()
    name = PurePath(source.path).name.lower().removesuffix(".gz")
    for form in FORMATS.values():
        if name.endswith(form.endings):
            return form
    if not any(map(str.strip, lines)):
        return JsonLines  # nothing to read is nothing in any format
    for form in FORMATS.values():
        if form.fits(lines):
            return form
    if source.short and all(line.lstrip()[:1] in ("", "#") for line in lines):
        return Addresses  # nor are comments anything; a list of blocked addresses may be empty
    raise source.unreadable(f"of no known format, want --format with one of {', '.join(FORMATS)}")
