"""A large file is read in parts, each by a process of its own.

A part counts its lines from where it begins; the lines before it are added when its complaints are
passed on, part after part, so that nobody can tell how many processes there were.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat

from rangelist.cli.columns import Collected, Columns, collect
from rangelist.cli.crew import Crew
from rangelist.cli.report import SHOWN, Report
from rangelist.formats import Format, Source, UnreadableError

__all__ = ["read_parts"]

Span = tuple[int, int]  # bytes of a file


@dataclass
class Part:
    """What one process has read."""

    groups: Collected = field(default_factory=lambda: defaultdict(Columns))
    lines: int = 0
    bad: array[int] = field(default_factory=lambda: array("q"))  # their numbers
    reasons: list[str] = field(default_factory=list[str])  # of the first of them
    failure: str = ""  # why the rest could not be read


def read_parts(
    crew: Crew,
    source: Source,
    spans: Sequence[Span],
    form: Format,
    report: Report,
    groups: Collected,
) -> None:
    """Append what is in a file to the columns of its groups; report the bad lines.

    Those up to the line that `source` gave last have been reported.

    Raises: UnreadableError; BadLineError, if the report is strict.
    """
    told, before, progress = source.number, 0, report.progress(source.path)
    tasks = [(source.path, form, span) for span in spans]
    for part, (start, _) in zip(crew.map(read_part, tasks), spans, strict=True):
        progress(start)
        for number, reason in zip(part.bad, chain(part.reasons, repeat("")), strict=False):
            if before + number > told:
                report.bad_line(source.name, before + number, reason)
        if part.failure:
            raise UnreadableError(part.failure)
        for group, columns in part.groups.items():
            groups[group].extend(columns)
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
            collect(form.read(source), part.groups)
            part.lines = source.number
    except UnreadableError as error:
        part.failure = str(error)
    return part
