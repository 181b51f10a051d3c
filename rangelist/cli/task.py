"""From options to lines: which inputs are read, and how the answers are shown."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from typing import Any

from rangelist.cli.answers import Answers, Group, batches
from rangelist.cli.crew import Crew
from rangelist.cli.inputs import Inputs
from rangelist.cli.items import Gathered, Items, gather
from rangelist.cli.options import LINES, Options
from rangelist.cli.report import Report
from rangelist.cli.spans import covered
from rangelist.formats import Format, Want
from rangelist.formats.base import NOTHING, Block, parts_of

__all__ = ["Task"]


FILLING = ("gaps", "depth", "slots")  # they go to the ends of the window


class Task:
    """One run.

    Raises: UsageError; UnreadableError; BadLineError, if the report is strict.
    """

    def __init__(self, options: Options, report: Report, crew: Crew) -> None:
        self._options = options
        self._report = report
        self._crew = crew
        self._inputs = Inputs(options, report, crew)

    def lines(self) -> Iterator[str]:
        """Give what is to be printed."""
        if self._options.task in LINES:
            return self._whole_lines()
        groups = self._groups()
        first = next(groups, None)
        if first is None or self._inputs.form is None:
            return iter(())
        answers = self._answers()
        groups = self._watched(chain([first], groups))
        if self._options.picture:
            from rangelist.cli.picture import pictures  # noqa: PLC0415  it imports the drawing

            return pictures(answers, groups)
        if self._crew.begun and answers.alone:
            return self._shared(answers, groups)
        return answers.lines(groups)

    @property
    def slow(self) -> bool:
        """Whether each line is wanted as soon as it is there; known after `lines`."""
        return self._inputs.form is not None and self._inputs.form.slow

    def _shared(self, answers: Answers, groups: Iterable[Group]) -> Iterator[str]:
        """Give the lines that other processes make."""
        for text, notes in self._crew.map(answers.text, batches(groups)):
            for note in notes:
                answers.note(note)
            if text:
                yield from text.split("\n")

    def _answers(self) -> Answers:
        """Return what makes the result; from here on the format is known."""
        assert self._inputs.form is not None
        form, window = self._inputs.form, self._inputs.window
        return Answers(self._options, form, window.of, self._report.note)

    def _watched(self, groups: Iterable[Group]) -> Iterator[Group]:
        for row in groups:
            self._report.working(f"merging {row[0]}")
            yield row

    # ---- reading ------------------------------------------------------------------------------

    def _groups(self) -> Iterator[Group]:
        """Give, group by group, the items of the input and those of the file it is compared to."""
        options = self._options
        if options.ordered and options.want.empty != "widen":
            if not self._needs_memory():
                yield from self._streamed()
                return
            if not options.other:
                yield from self._held()
                return
        ours = self._inputs.collected(options.paths, options.want)
        theirs: Gathered = defaultdict(Items)
        if options.other:
            theirs = self._inputs.collected((options.other,), self._other_want())
        names: dict[Any, None] = dict.fromkeys([*ours, *theirs])
        form = self._inputs.form
        if form is not None and len(form.grouped) == 1 and options.task in FILLING:
            names |= dict.fromkeys(self._inputs.window.sizes)
        for group in sorted(names, key=self._inputs.order):
            yield group, self._clipped(group, ours), self._clipped(group, theirs)

    def _clipped(self, group: Any, groups: Gathered) -> Items:
        items = groups.pop(group, None) or Items()
        if self._options.within:
            items.clip(*self._inputs.window.of(group))
        return items

    def _other_want(self) -> Want:
        options = self._options
        want = options.want._replace(collect=None)
        return want if options.task == "union" else want._replace(by=NOTHING)

    def _needs_memory(self) -> bool:
        """Tell whether all items of a group are needed at once, also if they are sorted."""
        options = self._options
        return bool(
            options.want.groups
            or options.collect
            or options.picture
            or options.expand
            or options.task == "slots"
            or (options.task in ("overlaps", "depth") and options.want.by != NOTHING)
        )

    def _held(self) -> Iterator[Group]:
        """Give the groups of sorted input; those that share the first column are in memory."""
        runs = self._inputs.in_order(self._options.paths, self._options.want, by_name=False)
        for _, some in groupby(runs, key=lambda row: parts_of(row[0])[0]):
            groups: Gathered = defaultdict(Items)
            for group, chunks in some:
                for chunk in chunks:
                    groups[group].add(*chunk)
            for group in sorted(groups, key=self._inputs.order):
                yield group, self._clipped(group, groups), Items()

    def _streamed(self) -> Iterator[Group]:
        options, window = self._options, self._inputs.window
        sized = bool(window.sizes) and options.task in FILLING
        by_name = bool(options.other) or sized
        ours = self._inputs.in_order(options.paths, options.want, by_name=by_name)
        theirs: Iterator[tuple[Any, Any]] = iter([(name, ()) for name in window.sizes if sized])
        if options.other:
            theirs = self._inputs.in_order((options.other,), self._other_want(), by_name=True)
        both = paired(ours, theirs, self._inputs.order) if by_name else _alone(ours)
        for group, left, right in both:
            if options.within:
                ends = window.of(group)
                left, right = clipped(left, *ends), clipped(right, *ends)
            yield group, left, right

    # ---- whole lines --------------------------------------------------------------------------

    def _whole_lines(self) -> Iterator[str]:
        options = self._options
        if options.task == "cluster":
            yield from self._clustered()
            return
        want = options.want._replace(lines=False, by=NOTHING)
        theirs = {
            group: [[span[i] for span in covered(items.chunks(), self._touch)] for i in (0, 1)]
            for group, items in self._inputs.collected((options.other,), want).items()
        }
        keep, titled = options.task == "overlapping", False
        for form, block in self._inputs.blocks(options.paths, options.want):
            top = "" if titled else form.begin(())
            titled = True
            if top:
                yield top
            for line, hits in _by_line(block, theirs):
                if hits is keep:
                    yield line

    @staticmethod
    def _touch(start: Any, stop: Any) -> bool:
        return bool(stop < start)

    def _clustered(self) -> Iterator[str]:
        options = self._options
        rows: list[tuple[Any, int]] = []  # a line, and how many rows it has given
        groups: Gathered = defaultdict(Items)
        order: dict[Any, int] = {}
        form: Format | None = None
        for found, block in self._inputs.blocks(options.paths, options.want):
            form = form or found
            lines = block.rests or []
            block.rests = [*range(len(rows), len(rows) + len(lines))]
            rows += [(line, number) for line, number in zip(lines, _numbers(block), strict=True)]
            for group in block.groups:
                order.setdefault(group, len(order))
            gather(block, groups)
        if form is None:
            return
        answers, numbers, number = self._answers(), [0] * len(rows), 0
        key = order.__getitem__ if options.ordered else self._inputs.order
        for group in sorted(groups, key=key):
            items = groups.pop(group).in_order()
            columns = [row[0] for row in items], [row[1] for row in items], None
            spans = list(answers.merged([columns], by_value=False))
            at = -1
            for start, _, row in items:
                while at + 1 < len(spans) and not start < spans[at + 1][0]:
                    at += 1
                    number += 1
                numbers[row] = number
        top = form.begin(("cluster",))
        if top:
            yield top
        yield from _numbered(form, rows, numbers)


def _numbers(block: Block) -> list[int]:
    return [block.line_of(row) for row in range(len(block.groups))]


def _numbered(form: Format, rows: list[tuple[Any, int]], found: list[int]) -> Iterator[str]:
    for _, run in groupby(zip(rows, found, strict=True), key=lambda row: row[0][1]):
        some = list(run)
        numbers = dict.fromkeys(str(number) for _, number in some)
        yield form.clustered(some[0][0][0], ",".join(numbers))


def _by_line(block: Block, theirs: dict[Any, list[list[Any]]]) -> Iterator[tuple[str, bool]]:
    """Yield the lines of a block, and whether one of their spans overlaps the other file."""
    none: list[list[Any]] = [[], []]
    rows = zip(block.groups, block.starts, block.stops, _numbers(block), strict=True)
    both = zip(block.rests or (), rows, strict=True)
    for _, run in groupby(both, key=lambda row: row[1][3]):
        lines, some = zip(*run, strict=True)
        hits = False
        for group, start, stop, _number in some:
            starts, stops = theirs.get(group, none)
            last = bisect_left(starts, stop) - 1
            hits = hits or (last >= 0 and bool(start < stops[last]))
        yield lines[0], hits


def _alone(groups: Iterable[tuple[Any, Any]]) -> Iterator[Group]:
    for group, chunks in groups:
        yield group, chunks, ()


def clipped(chunks: Any, start: Any, stop: Any) -> Iterator[Any]:
    """Yield what lies in a window."""
    for chunk in chunks:
        items = Items()
        items.add(*chunk)
        items.clip(start, stop)
        if len(items):
            yield items.starts, items.stops, items.rests


def paired(left: Any, right: Any, order: Any) -> Iterator[Group]:
    """Yield the groups of both, in order; nothing for one that is missing."""
    ours, theirs = next(left, None), next(right, None)
    while ours is not None or theirs is not None:
        if theirs is None or (ours is not None and order(ours[0]) < order(theirs[0])):
            yield *ours, ()  # type: ignore[misc]
            ours = next(left, None)
        elif ours is None or order(theirs[0]) < order(ours[0]):
            yield theirs[0], (), theirs[1]
            theirs = next(right, None)
        else:
            yield *ours, theirs[1]
            ours, theirs = next(left, None), next(right, None)

