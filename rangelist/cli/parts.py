"""A large file is read in parts, each by a process of its own.

A part counts its lines from where it begins; the lines before it are added when its complaints are
passed on, part after part, so that the result does not show how many processes there were.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, repeat

from rangelist.cli.crew import each
from rangelist.cli.items import Gathered, Items, gather
from rangelist.cli.report import SHOWN, Report
from rangelist.formats import Format, Source, UnreadableError

__all__ = ["read_parts"]

Span = tuple[int, int]  # bytes of a file


class Part:
    """What one process has read."""

    def __init__(self) -> None:
        self.groups: Gathered = defaultdict(Items)
        self.lines = 0
        self.bad = array("q")  # their numbers
        self.reasons: list[str] = []  # of the first of them
        self.skipped = 0
        self.failure = ""  # why the rest could not be read


def read_parts(
    source: Source, spans: Sequence[Span], form: Format, report: Report, groups: Gathered
) -> None:
    """Append what is in a file to the items of its groups; report the bad lines.

    Those up to the line that `source` gave last have been reported.

    Raises: UnreadableError; BadLineError, if the report is strict.
    """
    told, before, progress = source.number, 0, report.progress(source.path)
    tasks = [(source.path, form, span) for span in spans]
    for part, (start, _) in zip(each(read_part, tasks), spans, strict=True):
        progress(start)
        for number, reason in zip(part.bad, chain(part.reasons, repeat("")), strict=False):
            if before + number > told:
                report.bad_line(source.name, before + number, reason)
        report.skipped(source.name, part.skipped)
        if part.failure:
            raise UnreadableError(part.failure)
        for group, items in part.groups.items():
            groups[group].extend(items)
        before += part.lines


def read_part(path: str, form: Format, span: Span) -> Part:
    """Read a part of a file."""
    part = Part()

    def complain(_: str, number: int, reason: str) -> None:
        part.bad.append(number)
        if len(part.reasons) < SHOWN:
            part.reasons.append(reason)

    try:
        with Source(path, complain, span=span) as source:
            for block in form.read(source):
                gather(block, part.groups)
                part.skipped += block.skipped
            part.lines = source.number
    except UnreadableError as error:
        part.failure = str(error)
    return part
