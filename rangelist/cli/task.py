"""From options to lines: which inputs are read, and how the answers are shown."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, groupby, takewhile
from operator import gt, itemgetter
from typing import Any

from rangelist.cli.answers import Answers, Group
from rangelist.cli.inputs import Inputs
from rangelist.cli.items import Flow, Gathered, Items
from rangelist.cli.options import DEEP, FREE, LINES, Options
from rangelist.cli.report import Report
from rangelist.cli.spans import covered
from rangelist.formats import Want
from rangelist.formats.base import NOTHING

__all__ = ["Task"]

FILLING = (*FREE, "depth")  # they go to the ends of the window
Streams = Iterator[tuple[Any, Flow]]  # groups in order


class Task:
    """One run.

    Raises: UsageError; UnreadableError; BadLineError, if the report is strict.
    """

    def __init__(self, options: Options, report: Report) -> None:
        self._options = options
        self._report = report
        self._inputs = Inputs(options, report)
        self._want = options.want
        self._window = self._inputs.window

    def lines(self) -> Iterator[str]:
        """Give what is to be printed."""
        if self._options.task in LINES:
            return self._clusters() if self._options.task == "cluster" else self._whole_lines()
        groups = self._groups()
        first = next(groups, None)
        if first is None or self._inputs.form is None:
            return iter(())
        answers = self._answers()
        groups = self._watched(chain([first], groups))
        if self._options.picture:
            from rangelist.cli.picture import pictures  # noqa: PLC0415  it imports the drawing

            return pictures(answers, groups)
        return answers.lines(groups)

    def _answers(self) -> Answers:
        """Return what makes the result; from here on the format is known."""
        assert self._inputs.form is not None
        return Answers(self._options, self._inputs.form, self._window.of, self._report.note)

    def _watched(self, groups: Iterable[Group]) -> Iterator[Group]:
        for row in groups:
            self._report.working(f"merging {row[0]}")
            yield row

    # ---- spans --------------------------------------------------------------------------------

    def _groups(self) -> Iterator[Group]:
        """Give the items of the input, and those of the file it is compared to, group by group."""
        options = self._options
        streams = options.sorted and options.empty != "widen" and not self._needs_memory()
        groups = self._streamed() if streams else self._held()
        if options.within and options.task in FILLING:
            groups = self._filled(groups)
        for group, *sides in groups:
            ends = self._window.of(group)
            ours, theirs = sides if ends == (None, None) else (s.clipped(*ends) for s in sides)
            yield group, ours, theirs

    def _needs_memory(self) -> bool:
        """Tell whether all items of a group are needed at once, also if they are sorted."""
        options = self._options
        return bool(
            options.group
            or options.collect
            or options.picture
            or options.expand
            or options.task == "slots"
            or (options.task in DEEP and self._want.by != NOTHING)
        )

    def _streamed(self) -> Iterator[Group]:
        options = self._options
        theirs: Streams = iter(())
        ours = self._inputs.in_order(options.files, self._want, by_name=self._named)
        if options.other:
            theirs = self._inputs.in_order((options.other,), self._other_want, by_name=True)
        return paired(ours, theirs, self._inputs.order)

    def _held(self) -> Iterator[Group]:
        other = self._options.other
        for ours in self._batches():
            theirs: Gathered = defaultdict(Items)
            if other:
                theirs = self._inputs.collected((other,), self._other_want)
            for group in sorted({**ours, **theirs}, key=self._inputs.order):
                yield group, ours.pop(group, Items()), theirs.pop(group, Items())

    def _batches(self) -> Iterator[Gathered]:
        """Give all items; of sorted input those of one section at once."""
        options = self._options
        if not options.sorted or options.other or options.empty == "widen":
            yield self._inputs.collected(options.files, self._want)
            return
        for chunks in self._inputs.sections(options.files, self._want, by_name=self._named):
            groups: Gathered = defaultdict(Items)
            for group, chunk in chunks:
                groups[group].add(*chunk)
            yield groups

    @property
    def _named(self) -> bool:
        """Whether sorted groups have to be in the order of their names."""
        options = self._options
        sized = bool(self._window.sizes) and options.task in FILLING
        return bool(options.other) or options.numeric or sized

    @property
    def _other_want(self) -> Want:
        want = self._want._replace(collect=None, lines=False)
        return want if self._options.task == "union" else want._replace(by=NOTHING)

    def _filled(self, groups: Iterable[Group]) -> Iterator[Group]:
        """Add the groups of the window of which the input has none."""
        place = self._window.place
        todo: dict[Any, None] | None = None
        for row in groups:
            if todo is None:
                todo = dict.fromkeys(() if isinstance(row[0], tuple) else self._window.names)
            here = place(row[0])
            for name in [*takewhile(lambda name: place(name) < here, todo)]:  # noqa: B023  used at once
                yield name, Items(), Items()
                del todo[name]
            todo.pop(row[0], None)
            yield row
        if todo is None:  # there is no line at all
            self._inputs.settle_empty()
            todo = dict.fromkeys(self._window.names)
        yield from ((name, Items(), Items()) for name in todo)

    # ---- whole lines --------------------------------------------------------------------------

    def _whole_lines(self) -> Iterator[str]:
        options = self._options
        theirs = {
            group: [*zip(*covered(items.chunks(), gt), strict=True)]
            for group, items in self._inputs.collected((options.other,), self._other_want).items()
        }
        keep, titled = options.task == "overlapping", False
        for form, block in self._inputs.blocks(options.files, self._want):
            top = "" if titled else form.begin(())
            titled = True
            if top:
                yield top
            rows = zip(block.rests or (), block.groups, block.starts, block.stops, strict=True)
            for (_, _, line), some in groupby(rows, key=itemgetter(0)):
                if any(_hits(theirs.get(group), *span) for _, group, *span in some) is keep:
                    yield line

    def _clusters(self) -> Iterator[str]:
        """Give the lines in the order in which they were read, with the numbers of their spans."""
        number, titled = 0, False
        for groups in self._batches():
            numbers: dict[Any, dict[int, None]] = {}
            answers = self._answers() if groups else None
            for group in sorted(groups, key=self._inputs.order):
                assert answers is not None
                end = None
                for start, stop, line in groups.pop(group).in_order():
                    if end is None or answers.apart(start, end):
                        number += 1
                    end = stop if end is None or end < stop else end
                    numbers.setdefault(line, {})[number] = None
            for (_, _, line), some in sorted(numbers.items()):
                assert answers is not None
                top = "" if titled else answers.form.begin(("cluster",))
                titled = True
                if top:
                    yield top
                yield answers.form.clustered(line, ",".join(map(str, some)))


def _hits(spans: Any, start: Any, stop: Any) -> bool:
    """Tell whether an item overlaps one of some spans."""
    if not spans:
        return False
    starts, stops, _ = spans
    last = bisect_left(starts, stop) - 1
    return last >= 0 and bool(start < stops[last])


def paired(left: Streams, right: Streams, order: Callable[[Any], Any]) -> Iterator[Group]:
    """Yield the groups of both, in order; nothing for one that is missing."""
    ours, theirs = next(left, None), next(right, None)
    while ours is not None or theirs is not None:
        if theirs is None or (ours is not None and order(ours[0]) < order(theirs[0])):
            assert ours is not None
            yield *ours, Flow()
            ours = next(left, None)
        elif ours is None or order(theirs[0]) < order(ours[0]):
            yield theirs[0], Flow(), theirs[1]
            theirs = next(right, None)
        else:
            yield *ours, theirs[1]
            ours, theirs = next(left, None), next(right, None)
