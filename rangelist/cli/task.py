"""From options to lines: which streams are made, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import PurePath

from rangelist.algebra import coalesce_sorted, complement
from rangelist.cli.inputs import Inputs
from rangelist.cli.job import (
    OPERATIONS,
    Groups,
    Item,
    Merge,
    Stream,
    bridged,
    gathered,
    grouped,
    in_order,
    overlaps,
    paired,
)
from rangelist.cli.options import Options
from rangelist.cli.output import LOOKS, Row
from rangelist.cli.picture import Rows, layers, pictures
from rangelist.cli.report import Report
from rangelist.formats import FORMATS, UsageError, Want
from rangelist.formats.base import NOTHING, as_fields
from rangelist.node import Piece
from rangelist.policy import EQUAL, NEVER

__all__ = ["Task"]

Both = Iterator[tuple[str, Iterable[Item], Iterable[Item]]]


class Task:
    """One run.

    Raises: UsageError; UnreadableError; BadLineError, if the report is strict.
    """

    def __init__(self, options: Options, report: Report) -> None:
        self._options = options
        self._report = report
        count = len(options.paths) + bool(options.other)
        self._inputs = Inputs(report, FORMATS.get(options.form or ""), count)

    def lines(self) -> Iterator[str]:
        """Give what is to be printed."""
        options = self._options
        if options.picture:
            for group, items, others in self._both():
                rows = self._rows(list(items), list(others))
                yield from pictures(self._inputs.form, group, rows, options.width)
            return
        results = self._results()
        first = next(results, None)
        if first is not None:  # from here on the format is known
            yield from LOOKS[options.look](self._inputs.form, self._fields, chain([first], results))

    def _results(self) -> Iterator[Row]:
        for group, items, others in self._both():
            self._report.working(f"merging {group}")
            for piece in self._result(items, others):
                yield group, piece

    # ---- reading ----------------------------------------------------------------------------

    def _both(self) -> Both:
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
        return gathered(self._inputs.records(paths, want))

    # ---- what is asked for ------------------------------------------------------------------

    def _result(self, items: Iterable[Item], others: Iterable[Item]) -> Stream:
        task, merge = self._options.task, self._merge()
        if task == "overlaps":
            return overlaps(items if self._options.ordered else in_order(items))
        if task == "gaps":
            return (Piece(start, stop, None) for start, stop in complement(merge(items)))
        if task not in OPERATIONS:
            return merge(items)
        made = OPERATIONS[task](merge(items), self._merge_others(others))
        joined = coalesce_sorted(made, EQUAL if self._options.touching else NEVER)
        # A union can bring neighbours near; the other operations must not fill their own holes.
        near = merge.distance if task == "union" else None
        return joined if near is None else bridged(joined, near)

    def _merge(self) -> Merge:
        options = self._options
        distance, length = options.distance, self._inputs.form.kind.length
        if distance is not None:
            if length is None:
                raise UsageError(
                    f"--distance needs keys with a distance, not {self._inputs.form.kind.family}"
                )
            try:
                distance = length(distance)
            except OverflowError as error:
                raise UsageError(f"--distance {distance!r} is too far ({error})") from error
        return Merge(bool(self._inputs.form.chosen), options.touching, distance, options.ordered)

    def _merge_others(self, others: Iterable[Item]) -> Stream:
        merge = self._merge()
        return (merge if self._options.task == "union" else replace(merge, by_value=False))(others)

    @property
    def _fields(self) -> tuple[str, ...]:
        """The names of what is in the values of the result."""
        if self._options.task == "overlaps":
            return ("depth",)
        return () if self._options.task == "gaps" else self._inputs.form.chosen

    # ---- pictures ---------------------------------------------------------------------------

    def _rows(self, items: list[Item], others: list[Item]) -> Rows:
        """Give the rows of a picture: what there was, and below it the result."""
        task, fields = self._options.task, self._inputs.form.chosen
        result = self._described(self._result(items, others), self._fields)
        if task in OPERATIONS:
            theirs = fields if task == "union" else ()
            return [
                (_label(self._options.paths), self._described(self._merge()(items), fields)),
                (
                    _label((self._options.other,)),
                    self._described(self._merge_others(others), theirs),
                ),
                (task, result),
            ]
        if task == "gaps":
            return [("merged", self._described(self._merge()(items), fields)), (task, result)]
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
