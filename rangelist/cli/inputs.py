"""From paths to blocks of rows: opens, guesses, and checks that the inputs go together."""

from __future__ import annotations

import os
import stat
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import chain, groupby, repeat
from operator import itemgetter
from typing import Any

from rangelist.cli.items import (
    Chunk,
    Flow,
    Gathered,
    Items,
    Sorted,
    gather,
    in_groups,
    natural,
    rows_of,
)
from rangelist.cli.options import LINES, Options
from rangelist.cli.report import Report
from rangelist.cli.windows import Window
from rangelist.formats import Format, Source, UsageError, Want, format_named, guess_format
from rangelist.formats.base import NOTHING, Block, parts_of

__all__ = ["Inputs"]


class Inputs:
    """All inputs of one run.  `form` is the format of the first that has a record.

    Raises: UnreadableError; UsageError, for inputs that cannot be compared.
    """

    def __init__(self, options: Options, report: Report) -> None:
        self.form: Format | None = None  # until there is a record
        self.window = Window(options.within, report.bad_line)
        self._options = options
        self._report = report
        once(options)
        self._unread = len(options.files) + bool(options.other)
        self._followed: set[str] = set()  # the options that some input can follow
        self._given = format_named(options.format) if options.format else None

    def order(self, group: Any) -> Any:
        """Return what orders groups."""
        if self.window.sizes:
            return self.window.place(group), group
        return natural(group) if self._options.numeric else group

    def collected(self, paths: Sequence[str], want: Want) -> Gathered:
        """Return the items of all inputs, in memory."""
        groups: Gathered = defaultdict(Items)
        for path in paths:
            with self._open(path) as source:
                form, blocks = self._begin(source, want)
                alone = blocks is not None and form.alone and not want.lines
                spans = source.parts(self._options.jobs) if alone else []
                if spans:
                    from rangelist.cli.parts import read_parts  # noqa: PLC0415  most runs need none

                    read_parts(source, spans, form, self._report, groups)
                else:
                    for block in blocks or ():
                        gather(block, groups)
        return groups

    def blocks(self, paths: Sequence[str], want: Want) -> Iterator[tuple[Format, Block]]:
        """Give the rows of all inputs as they come."""
        for path in paths:
            with self._open(path) as source:
                form, blocks = self._begin(source, want)
                yield from ((form, block) for block in blocks or ())

    def sections(
        self, paths: Sequence[str], want: Want, *, by_name: bool
    ) -> Iterator[Iterator[tuple[Any, Chunk]]]:
        """Give the chunks of each section, input after input; each has to be sorted itself.

        `by_name`: the sections have to be in the order of their names; else in one piece each.
        """
        order = self.order if by_name or len(paths) > 1 else None
        streams = [groupby(self._stream(path, want, order), key=itemgetter(0)) for path in paths]
        for _, runs in groupby(merge(*streams, key=self._place), key=itemgetter(0)):
            yield ((group, chunk) for _, run in runs for _, group, chunk in run)

    def _place(self, run: tuple[Any, Any]) -> Any:
        return self.order(run[0]) if len(self._options.files) > 1 else 0

    def in_order(
        self, paths: Sequence[str], want: Want, *, by_name: bool
    ) -> Iterator[tuple[Any, Flow]]:
        """Give the groups of all inputs in chunks by start, as `sections` does."""
        order = self.order if by_name or len(paths) > 1 else None
        streams = [self._stream(path, want, order) for path in paths]
        chunks = streams[0] if len(streams) == 1 else self._woven(streams)
        for group, run in groupby(chunks, key=itemgetter(1)):
            yield group, Flow(chunk for _, _, chunk in run)

    def _woven(self, streams: Sequence[Iterator[Sorted]]) -> Iterator[Sorted]:
        """Merge streams of chunks row by row."""
        rows = [
            (
                (self.order(section), start, group, stop, rest)
                for section, group, chunk in stream
                for start, stop, rest in rows_of(*chunk)
            )
            for stream in streams
        ]
        for group, run in groupby(merge(*rows, key=itemgetter(0, 1)), key=itemgetter(2)):
            _, starts, _, stops, rests = zip(*run, strict=True)
            yield None, group, (starts, stops, rests)

    def _stream(self, path: str, want: Want, order: Any) -> Iterator[Sorted]:
        with self._open(path) as source:
            form, blocks = self._begin(source, want)
            if blocks is not None:
                yield from in_groups(blocks, source, order, leading=form.leading)

    def _open(self, path: str) -> Source:
        report = self._report
        wait = report.before_waiting if self._options.sorted else None
        return Source(path, report.bad_line, report.progress(path), wait=wait)

    def _begin(self, source: Source, want: Want) -> tuple[Format, Iterator[Block] | None]:
        """Read until the first record, if any: it shows whether the input goes with the others."""
        kind, certain = (self._given, True) if self._given else guess_format(source, want)
        form = kind(want._replace(end=self.window.end))
        form.certain = certain
        if source.hasty:
            source.head()
        form.slow = source.slow
        self._unread -= 1
        form.begin_reading(source)
        blocks, first = form.read(source), None
        for first in blocks:
            self._report.skipped(source.name, first.skipped)
            if first.groups:
                break
        if told := form.told():
            self._report.note(f"reading {source.name} as {form.name}: {told}")
        empty = first is None or not first.groups
        if not (empty and self.form is None):
            self._follow(form, source, want)
        if first is None or empty:
            return form, None
        self._agree(form, source, want)
        asked = {cell for group in first.groups for cell in parts_of(group)[-len(want.groups) :]}
        if want.groups and asked == {form.absent}:
            names = ", ".join(want.groups)
            self._report.note(f"{source.name}: no {names} in the first lines, they are one group")
        return form, self._noticed(chain([first], blocks), source, -self._unread)

    def _noticed(self, blocks: Iterator[Block], source: Source, place: int) -> Iterator[Block]:
        """Say what is left out; number whole lines: two may be equal."""
        for block in blocks:
            self._report.skipped(source.name, block.skipped)
            if self._options.task in LINES and block.rests:
                numbers = map(block.line_of, range(len(block.groups)))
                block.rests = [*zip(repeat(place), numbers, block.rests, strict=False)]
            yield block

    def _follow(self, form: Format, source: Source, want: Want) -> None:
        """Refuse options that no input can follow, when the last one has been seen."""
        numeric = ["--numeric"]
        self._followed.update(form.follows, numeric if form.grouped else ())
        asked = want.special.union(numeric if self._options.numeric else ())
        wrong = ", ".join(sorted(asked - self._followed))
        if wrong and not self._unread:
            raise UsageError(f"{wrong}: no effect on {source.name}, which is {form.name}")

    def settle_empty(self) -> None:
        """Look at the window as the format of inputs without a record, if that is known."""
        if self.form is None and (self._given or self.window.sizes):
            self.form = (self._given or format_named("bed"))(self._options.want)
            self.window.settle(self.form)

    def _agree(self, form: Format, source: Source, want: Want) -> None:
        """Refuse an input if keys, groups or values mean something else than in the first."""
        if self.form is None:
            self.form = form
            self.window.settle(form)
            return
        ours, theirs = self.form.kind.family, form.kind.family
        if ours != theirs:
            raise UsageError(f"{source.name} has keys of kind {theirs}, the first input {ours}")
        if len(self.form.grouped) != len(form.grouped):
            theirs, ours = (", ".join(it.grouped) or "nothing" for it in (form, self.form))
            raise UsageError(f"{source.name} is grouped by {theirs}, the first input by {ours}")
        if want.by != NOTHING and self.form.chosen != form.chosen:
            theirs, ours = (", ".join(it.chosen) or "nothing" for it in (form, self.form))
            raise UsageError(
                f"{source.name} is merged by {theirs}, the first input by {ours}: "
                "want the same --by for both, such as --by nothing"
            )


def once(options: Options) -> None:
    """Refuse a pipe that is named twice, as `-` and `/dev/stdin` or by itself.

    Raises: UsageError.
    """
    seen: set[tuple[int, int]] = set()
    for path in (*options.files, options.other, options.within):
        try:
            status = os.fstat(sys.stdin.fileno()) if path == "-" else os.stat(path)  # noqa: PTH116
        except (OSError, ValueError, AttributeError):  # no file; what reads it will say so
            continue
        pipe = stat.S_ISFIFO(status.st_mode) or stat.S_ISSOCK(status.st_mode)
        if pipe and (status.st_dev, status.st_ino) in seen:
            raise UsageError(f"{path} can be read only once")
        seen.add((status.st_dev, status.st_ino))
