"""What is asked for, made of the items of one group after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from rangelist.cli.columns import Columns, Item
from rangelist.cli.job import OPERATIONS, Merge, Stream, bridged, in_order, overlaps
from rangelist.cli.options import Options
from rangelist.cli.output import LOOKS, Row
from rangelist.formats import Format, UsageError
from rangelist.node import Piece
from rangelist.policy import EQUAL, NEVER
from rangelist.stream import coalesce_sorted, complement

__all__ = ["Answers", "batches"]

Group = tuple[str, Iterable[Item], Iterable[Item]]

MANY = 20_000  # items for which it is worth to ask another process


@dataclass(frozen=True)
class Answers:
    """Makes results and lines for one run; it can be pickled.

    Raises: UsageError, if the options do not go with the keys; UnreadableError.
    """

    options: Options
    form: Format

    @property
    def apart(self) -> bool:
        """Whether the lines of some groups do not depend on those of others.

        The columns of a table are as wide as what is in them; named columns have a line of names.
        """
        return self.form.alone and self.options.look != "table"

    def text(self, groups: Iterable[Group]) -> str:
        """Return all lines that are to be printed for some groups."""
        return "\n".join(self.lines(groups))

    def lines(self, groups: Iterable[Group]) -> Iterator[str]:
        """Give what is to be printed, nothing above nothing."""
        rows = self._rows(groups)
        first = next(rows, None)
        if first is not None:
            yield from LOOKS[self.options.look](self.form, self.fields, chain([first], rows))

    def _rows(self, groups: Iterable[Group]) -> Iterator[Row]:
        for group, items, others in groups:
            for piece in self.result(items, others):
                yield group, piece

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of what is in the values of the result."""
        if self.options.task == "overlaps":
            return ("depth",)
        return () if self.options.task == "gaps" else self.form.chosen

    def result(self, items: Iterable[Item], others: Iterable[Item]) -> Stream:
        """Give the pieces of the result."""
        task, merge = self.options.task, self._merge()
        if task == "overlaps":
            return overlaps(items if self.options.ordered else in_order(items))
        if task == "gaps":
            return (Piece(start, stop, None) for start, stop in complement(merge(items)))
        if task not in OPERATIONS:
            return merge(items)
        made = OPERATIONS[task](merge(items), self.others(others))
        joined = coalesce_sorted(made, EQUAL if self.options.touching else NEVER)
        # A union can bring neighbours near; the other operations must not fill their own holes.
        near = merge.distance if task == "union" else None
        return joined if near is None else bridged(joined, near)

    def merged(self, items: Iterable[Item]) -> Stream:
        """Merge the items of the input."""
        return self._merge()(items)

    def others(self, others: Iterable[Item]) -> Stream:
        """Merge the items of the file to which the input is compared."""
        merge = self._merge()
        return (merge if self.options.task == "union" else replace(merge, by_value=False))(others)

    def _merge(self) -> Merge:
        options = self.options
        distance, length = options.distance, self.form.kind.length
        if distance is not None:
            if length is None:
                raise UsageError(
                    f"--distance needs keys with a distance, not {self.form.kind.family}"
                )
            try:
                distance = length(distance)
            except OverflowError as error:
                raise UsageError(f"--distance {distance!r} is too far ({error})") from error
        return Merge(bool(self.form.chosen), options.touching, distance, options.ordered)


def batches(groups: Iterable[Group]) -> Iterator[tuple[list[Group]]]:
    """Put small groups together, as arguments of `Answers.text`."""
    batch: list[Group] = []
    size = 0
    for row in groups:
        batch.append(row)
        size += sum(len(items) for items in row[1:] if isinstance(items, Columns))
        if size >= MANY:
            yield (batch,)
            batch, size = [], 0
    if batch:
        yield (batch,)
