"""From options to lines: which inputs are read, and how the answers are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import PurePath

from rangelist.cli.answers import Answers, batches
from rangelist.cli.columns import Item
from rangelist.cli.crew import Crew
from rangelist.cli.inputs import Inputs
from rangelist.cli.job import OPERATIONS, Groups, Pairs, gathered, grouped, in_order, paired
from rangelist.cli.options import Options
from rangelist.cli.picture import Rows, layers, pictures
from rangelist.cli.report import Report
from rangelist.formats import FORMATS, Want
from rangelist.formats.base import NOTHING, as_fields

__all__ = ["Task"]


class Task:
    """One run.

    Raises: UsageError; UnreadableError; BadLineError, if the report is strict.
    """

    def __init__(self, options: Options, report: Report, crew: Crew) -> None:
        self._options = options
        self._report = report
        self._crew = crew
        count = len(options.paths) + bool(options.other)
        self._inputs = Inputs(report, crew, FORMATS.get(options.form or ""), count)

    def lines(self) -> Iterator[str]:
        """Give what is to be printed."""
        options, groups = self._options, self._both()
        first = next(groups, None)
        if first is None:
            return
        answers = Answers(options, self._inputs.form)  # from here on the format is known
        groups = self._watched(chain([first], groups))
        if options.picture:
            for group, items, others in groups:
                rows = self._rows(answers, list(items), list(others))
                yield from pictures(answers.form, group, rows, options.width)
        elif self._crew.begun and answers.apart:
            for text in filter(None, self._crew.map(answers.text, batches(groups))):
                yield from text.split("\n")
        else:
            yield from answers.lines(groups)

    def _watched(self, groups: Pairs) -> Pairs:
        for row in groups:
            self._report.working(f"merging {row[0]}")
            yield row

    # ---- reading ----------------------------------------------------------------------------

    def _both(self) -> Pairs:
        """Give, group by group, the items of the input and those of the file it is compared to."""
        options = self._options
        ours = self._groups(options.paths, options.want)
        if not options.other:
            return ((group, items, ()) for group, items in ours)
        want = options.want if options.task == "union" else replace(options.want, by=NOTHING)
        return paired(ours, self._groups((options.other,), want))

    def _groups(self, paths: tuple[str, ...], want: Want) -> Groups:
        if self._options.ordered:
            by_name = bool(self._options.other)
            return grouped(self._inputs.in_order(paths, want, by_name=by_name))
        return gathered(self._inputs.collected(paths, want))

    # ---- pictures ---------------------------------------------------------------------------

    def _rows(self, answers: Answers, items: list[Item], others: list[Item]) -> Rows:
        """Give the rows of a picture: what there was, and below it the result."""
        task, fields = self._options.task, answers.form.chosen
        result = self._described(answers.result(items, others), answers.fields)
        if task in OPERATIONS:
            theirs = fields if task == "union" else ()
            return [
                (_label(self._options.paths), self._described(answers.merged(items), fields)),
                (
                    _label((self._options.other,)),
                    self._described(answers.others(others), theirs),
                ),
                (task, result),
            ]
        if task == "gaps":
            return [("merged", self._described(answers.merged(items), fields)), (task, result)]
        above = layers("input", self._described(in_order(items), fields))
        if len(above) == 1 and above[0][1] == result:
            return [(task, result)]
        return [*above, (task, result)]

    def _described(self, stream: Iterable[Item], fields: Sequence[str]) -> list[Item]:
        """Give pieces or items with short texts for values."""
        brief = self._inputs.form.brief
        return [
            (start, stop, " ".join(filter(None, map(brief, as_fields(value, fields)))) or None)
            for start, stop, value in stream
        ]


def _label(paths: tuple[str, ...]) -> str:
    return PurePath(paths[0]).name if len(paths) == 1 else "input"
