"""From paths to blocks of rows: opens, guesses, and checks that the inputs go together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import chain, groupby, repeat
from operator import itemgetter
from typing import Any

from rangelist.cli.crew import Crew
from rangelist.cli.items import Chunk, Gathered, Items, gather, in_groups, natural
from rangelist.cli.options import Options
from rangelist.cli.report import Report
from rangelist.cli.windows import Window
from rangelist.formats import Format, Source, UsageError, Want, format_named, guess_format
from rangelist.formats.base import NOTHING, Block, parts_of

__all__ = ["Inputs"]


class Inputs:
    """All inputs of one run.  `form` is the format of the first that has a record.

    Raises: UnreadableError; UsageError, for inputs that cannot be compared.
    """

    def __init__(self, options: Options, report: Report, crew: Crew) -> None:
        self.form: Format | None = None  # until there is a record
        self.window = Window(options.within, report.bad_line)
        self._options = options
        self._report = report
        self._crew = crew
        self._unread = len(options.paths) + bool(options.other)
        self._followed: set[str] = set()  # the options that some input can follow
        self._given = format_named(options.form) if options.form else None

    def order(self, group: Any) -> Any:
        """Return what orders groups."""
        if self.window.sizes:
            name = parts_of(group)[0]
            places = {name: i for i, name in enumerate(self.window.sizes)}
            return places.get(name, len(places)), group
        return natural(group) if self._options.numeric else group

    def collected(self, paths: Sequence[str], want: Want) -> Gathered:
        """Return the items of all inputs, in memory."""
        from rangelist.cli.parts import read_parts  # noqa: PLC0415  not with --sorted

        groups: Gathered = defaultdict(Items)
        for path in paths:
            with self._open(path) as source:
                form, blocks = self._begin(source, want)
                if blocks is None:
                    continue
                spans = source.parts(self._crew.size) if form.alone and self._crew.size > 1 else []
                if spans:
                    read_parts(self._crew, source, spans, form, self._report, groups)
                else:
                    for block in blocks:
                        gather(block, groups)
        return groups

    def blocks(self, paths: Sequence[str], want: Want) -> Iterator[tuple[Format, Block]]:
        """Give the rows of all inputs as they come."""
        for path in paths:
            with self._open(path) as source:
                form, blocks = self._begin(source, want)
                yield from ((form, block) for block in blocks or ())

    def in_order(
        self, paths: Sequence[str], want: Want, *, by_name: bool
    ) -> Iterator[tuple[Any, Iterator[Chunk]]]:
        """Give the groups of all inputs in chunks by start; each input has to be sorted itself.

        `by_name`: the groups have to be in the order of their names; else in one piece each.
        """
        order = self.order if by_name or len(paths) > 1 else None
        streams = [self._stream(path, want, order) for path in paths]
        chunks = streams[0] if len(streams) == 1 else self._woven(streams)
        for group, run in groupby(chunks, key=itemgetter(0)):
            yield group, (chunk for _, chunk in run)

    def _woven(self, streams: Sequence[Iterator[tuple[Any, Chunk]]]) -> Iterator[tuple[Any, Chunk]]:
        """Merge streams of chunks row by row."""
        rows = [
            (
                (self.order(parts_of(group)[0]), start, group, stop, rest)
                for group, (starts, stops, rests) in stream
                for start, stop, rest in zip(starts, stops, rests or repeat(None), strict=False)
            )
            for stream in streams
        ]
        for group, run in groupby(merge(*rows, key=itemgetter(0, 1)), key=itemgetter(2)):
            some = list(run)
            rests = [row[4] for row in some] if any(row[4] is not None for row in some) else None
            yield group, ([row[1] for row in some], [row[3] for row in some], rests)

    def _stream(self, path: str, want: Want, order: Any) -> Iterator[tuple[Any, Chunk]]:
        with self._open(path) as source:
            _, blocks = self._begin(source, want)
            yield from in_groups(blocks or (), source, order)

    def _open(self, path: str) -> Source:
        report = self._report
        hasty = self._options.ordered
        return Source(path, report.bad_line, report.progress(path), hasty=hasty)

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
            self._skipped(first, source)
            if first.groups:
                break
        told = form.told()
        if told:
            self._report.note(f"reading {source.name} as {form.name}: {told}")
        empty = first is None or not first.groups
        if not (empty and self.form is None):
            self._follow(form, source, want)
        if first is None or empty:
            return form, None
        self._agree(form, source, want)
        return form, self._noticed(chain([first], blocks), source)

    def _noticed(self, blocks: Iterator[Block], source: Source) -> Iterator[Block]:
        first = next(blocks)
        yield first
        for block in blocks:
            self._skipped(block, source)
            yield block

    def _skipped(self, block: Block, source: Source) -> None:
        if block.skipped:
            self._report.note(f"{source.name}: features of length zero are left out")

    def _follow(self, form: Format, source: Source, want: Want) -> None:
        """Refuse options that no input can follow, when the last one has been seen."""
        numeric = ["--numeric"]
        self._followed.update(form.follows, numeric if form.grouped else ())
        asked = want.special.union(numeric if self._options.numeric else ())
        wrong = ", ".join(sorted(asked - self._followed))
        if wrong and not self._unread:
            raise UsageError(f"{wrong}: no effect on {source.name}, which is {form.name}")

    def _agree(self, form: Format, source: Source, want: Want) -> None:
        """Refuse an input whose keys, groups or values mean something else than in the first."""
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
