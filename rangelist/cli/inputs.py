"""From paths to records: opens, guesses, and checks that the inputs go together."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import itemgetter

from rangelist.cli.columns import Collected, Columns, collect
from rangelist.cli.crew import Crew
from rangelist.cli.parts import read_parts
from rangelist.cli.report import Report
from rangelist.formats import (
    Format,
    JsonLines,
    Record,
    Source,
    UnreadableError,
    UsageError,
    Want,
    guess_format,
)
from rangelist.formats.base import NOTHING
from rangelist.formats.named import NamedFormat

__all__ = ["Inputs"]


class Inputs:
    """All inputs of one run.  `form` is the format of the first that has a record.

    Raises: UnreadableError; UsageError, for inputs that cannot be compared.
    """

    def __init__(self, report: Report, crew: Crew, form: type[Format] | None, count: int) -> None:
        self.form: Format = JsonLines(Want())  # until there is a record
        self._known = False
        self._report = report
        self._crew = crew
        self._given = form
        self._unread = count
        self._named = False  # whether any input has columns with names

    def collected(self, paths: Sequence[str], want: Want) -> Collected:
        """Return the items of all inputs, in memory."""
        groups: Collected = defaultdict(Columns)
        for path in paths:
            with self._open(path) as source:
                form, records = self._begin(source, want)
                if records is None:
                    continue
                spans = source.parts(self._crew.size) if form.alone else []
                if spans:
                    read_parts(self._crew, source, spans, form, self._report, groups)
                else:
                    collect(records, groups)
        return groups

    def in_order(self, paths: Sequence[str], want: Want, *, by_name: bool) -> Iterator[Record]:
        """Give the records of all inputs by group and start; each has to be sorted itself.

        `by_name`: the groups have to be in the order of their names; else in one piece each.
        """
        by_name = by_name or len(paths) > 1
        streams = [self._stream(path, want, by_name=by_name) for path in paths]
        return heapq.merge(*streams, key=itemgetter(0, 1)) if len(streams) > 1 else streams[0]

    def _stream(self, path: str, want: Want, *, by_name: bool) -> Iterator[Record]:
        with self._open(path) as source:
            _, records = self._begin(source, want)
            yield from in_order(records or iter(()), source, by_name=by_name)

    def _open(self, path: str) -> Source:
        return Source(path, self._report.bad_line, self._report.progress(path))

    def _begin(self, source: Source, want: Want) -> tuple[Format, Iterator[Record] | None]:
        """Read until the first record, if any: it shows whether the input goes with the others."""
        form = (self._given or guess_format(source))(want)
        self._unread -= 1
        self._named = self._named or isinstance(form, NamedFormat)
        records = form.read(source)
        first = next(records, None)
        if first is None:
            return form, None
        self._follow(form, source, want)
        self._agree(form, source, want)
        return form, chain([first], records)

    def _follow(self, form: Format, source: Source, want: Want) -> None:
        """Refuse options about columns when the last input shows that none of them has any."""
        if want.columns and not self._named and not self._unread:
            raise UsageError(
                f"{', '.join(want.columns)}: only csv, tsv and jsonl have columns with names, "
                f"{source.name} is {form.name}"
            )

    def _agree(self, form: Format, source: Source, want: Want) -> None:
        """Refuse an input whose keys or values mean something else than those of the first."""
        if not self._known:
            self.form, self._known = form, True
            return
        ours, theirs = self.form.kind.family, form.kind.family
        if ours != theirs:
            raise UsageError(f"{source.name} has keys of kind {theirs}, the first input {ours}")
        if want.by != NOTHING and self.form.chosen != form.chosen:
            theirs, ours = (", ".join(it.chosen) or "nothing" for it in (form, self.form))
            raise UsageError(
                f"{source.name} is merged by {theirs}, the first input by {ours}: "
                "want the same --by for both, such as --by nothing"
            )


def in_order(
    records: Iterator[Record], source: Source, *, by_name: bool = False
) -> Iterator[Record]:
    """Pass records on that are sorted by start within each group, and groups in one piece.

    Raises: UnreadableError at the first that is not.
    """
    group, start = "", None
    done: set[str] = set()
    for record in records:
        if record[0] != group or start is None:
            if record[0] in done or (by_name and record[0] < group):
                how = "in the order of their names" if by_name else "in one piece each"
                raise _unsorted(source, f"group {record[0]!r} after {group!r}, want groups {how}")
            group = record[0]
            done.add(group)
        elif record[1] < start:
            raise _unsorted(source, f"start {record[1]!r} after {start!r}")
        start = record[1]
        yield record


def _unsorted(source: Source, what: str) -> UnreadableError:
    return UnreadableError(f"{source.name}:{source.number}: not sorted: {what}")
