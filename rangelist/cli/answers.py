"""What is asked for, made of the items of one group after the other."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, cast

from rangelist.cli.collect import collected, hashable
from rangelist.cli.items import Chunk, Flow, Item, Items
from rangelist.cli.options import DEEP, FREE, SETS, Options
from rangelist.cli.output import LOOKS, Row
from rangelist.cli.spans import Stream, apart, covered, depths, gaps, sets
from rangelist.formats import Format, UsageError
from rangelist.formats.base import as_fields, parts_of
from rangelist.formats.kinds import Key

__all__ = ["Answers", "Group"]

Side = Items | Flow  # in memory, or a stream
Group = tuple[Any, Side, Side]


class Answers:
    """Makes results and lines for one run.

    Raises: UsageError, if the options do not go with the keys; UnreadableError.
    """

    def __init__(
        self,
        options: Options,
        form: Format,
        ends: Callable[[Any], tuple[Key, Key]],
        note: Callable[[str], None],
    ) -> None:
        self.options = options
        self.form = form
        self._ends = ends
        self._note = note
        self._distance = self._length(options.distance, "--distance")
        self._size = self._length(options.slots, "--slots")
        self._growth = [self._length(number, "--expand") for number in options.expand or ()]
        self.apart = apart(self._distance, touching=not options.no_touching)
        if options.look == "same":
            form.admit(self.fields)

    def _length(self, number: float | None, option: str) -> Any:
        """Return a number as a distance between keys."""
        if number is None:
            return None
        kind = self.form.kind
        if kind.length is None:
            raise UsageError(f"{option} needs keys with a distance, not {kind.family}")
        if kind.discrete and number % 1 and option != "--distance":
            raise UsageError(f"{option} {number}: keys have no fractions here, want a whole number")
        try:
            return kind.length(number)
        except OverflowError as error:
            raise UsageError(f"{option} {number!r} is too far ({error})") from error

    # ---- lines --------------------------------------------------------------------------------

    def lines(self, groups: Iterable[Group]) -> Iterator[str]:
        """Give what is to be printed; no title if there is nothing below it."""
        rows = self._rows(groups)
        first = next(rows, None)
        if first is None:
            return iter(())
        return LOOKS[self.options.look](self.form, self.fields, chain([first], rows))

    def _rows(self, groups: Iterable[Group]) -> Iterator[Row]:
        """Give the pieces of the result; of groups that share the first column, by start."""
        for _, some in groupby(groups, key=lambda row: parts_of(row[0])[0]):
            streams = ((group, self.result(group, ours, theirs)) for group, ours, theirs in some)
            group: Any
            group, stream = next(streams)
            if not isinstance(group, tuple):
                first = next(stream, None)
                if first is not None:
                    yield group, chain([first], stream)
                continue
            every = [_tagged(group, stream), *(_tagged(tag, more) for tag, more in streams)]
            for _, tag, piece in heapq.merge(*every, key=itemgetter(0)):
                yield tag, [piece]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of what is in the values of the result."""
        task = self.options.task
        if task in DEEP:
            return (*self.form.chosen, "depth")
        if task in FREE:
            return ()
        return (*self.form.chosen, *(one.name for one in self.options.collect))

    # ---- results ------------------------------------------------------------------------------

    def result(self, group: Any, ours: Side, theirs: Side) -> Stream:
        """Give the pieces of the result."""
        task = self.options.task
        if task in DEEP:
            return self._deep(group, ours)
        if task in SETS:
            return self._set(task, self.merged(ours), self.merged(theirs, by_value=task == "union"))
        stream = self.merged(ours)
        if self._growth:
            window = zip(self._ends(group), self.form.limits(group), strict=True)
            limits = [limit if end is None else end for end, limit in window]
            stream = _valued().expanded(stream, *self._growth, limits)
        if task == "gaps":
            return gaps(stream, *self._ends(group))
        if task == "slots":
            return cast("Stream", _valued().slots(stream, self._size, self._ends(group)))
        if ours.points:
            stream = _lonely(stream, ours)
        if self.options.collect:
            rows = cast("Items", ours).in_order()
            valued = len(self.form.chosen)
            stream = iter(collected(stream, rows, self.options.collect, valued=valued))
        return stream

    def merged(self, side: Side, *, by_value: bool = True) -> Stream:
        """Merge the items of one side."""
        if not (by_value and self.form.chosen):
            return covered(side.chunks(), self.apart)
        touching = not self.options.no_touching
        if isinstance(side, Flow):
            return self._joined(_valued().streamed(side.rows(), touching=touching))
        rows = list(side.rows())
        if self.options.collect:  # the rest has also the cells for it
            rows = [(start, stop, rest[0]) for start, stop, rest in rows]
        if not self.form.nested:
            self._overwritten(rows)
        return self._joined(_valued().built(rows, touching=touching))

    def _overwritten(self, rows: Iterable[Item]) -> None:
        """Make a note where lines of different values overlap: the later one wins."""
        furthest, held = None, None
        for start, stop, value in sorted(rows, key=itemgetter(0)):
            if furthest is not None and start < furthest and value != held:
                names, at = ",".join(self.form.chosen), self.form.kind.show(start)
                why = f"the later line wins; --group {names} keeps both"
                self._note(f"{names}: {held!r} and {value!r} overlap at {at}: {why}")
                return
            if furthest is None or furthest < stop:
                furthest, held = stop, value

    def _set(self, task: str, ours: Stream, theirs: Stream) -> Stream:
        if not self.form.chosen:
            return sets[task](ours, theirs, self.apart)
        touching = not self.options.no_touching
        made = cast("Stream", _valued().operation(task, ours, theirs, touching=touching))
        # A union can bring neighbours near; the other operations must not fill their own holes.
        return self._joined(made) if task == "union" else made

    def _deep(self, group: Any, side: Side) -> Stream:
        """Give depths; with `--by` of each value, with a distance joined across gaps."""
        if not self.form.chosen:
            return self._levels(group, side.chunks())
        values: dict[Any, tuple[Any, Items]] = {}
        for start, stop, value in side.rows():
            values.setdefault(hashable(value), (value, Items()))[1].add([start], [stop], None)
        streams = [
            _beside(self._levels(group, items.chunks()), as_fields(value, self.form.chosen))
            for value, items in values.values()
        ]
        return heapq.merge(*streams, key=itemgetter(0))

    def _levels(self, group: Any, chunks: Iterable[Chunk]) -> Stream:
        least = 2 if self.options.task == "overlaps" else 1
        stream = self._joined(piece for piece in depths(chunks) if piece[2] >= least)
        if self.options.task == "overlaps" or self._ends(group) == (None, None):
            return stream
        return gaps(stream, *self._ends(group), 0, tiled=True)

    def _joined(self, stream: Stream) -> Stream:
        """Join neighbours of equal value that are near."""
        if self._distance is None:
            return stream
        return cast("Stream", _valued().joined(stream, self._distance))


def _valued() -> Any:
    """Return the part that works on the library's lists: most runs do not need it."""
    from rangelist.cli import valued  # noqa: PLC0415  it takes long to import

    return valued


def _tagged(group: Any, stream: Stream) -> Iterator[tuple[Key, Any, Item]]:
    for piece in stream:
        yield piece[0], group, piece


def _beside(stream: Stream, value: Sequence[Any]) -> Stream:
    for start, stop, depth in stream:
        yield start, stop, (*value, depth)


def _lonely(stream: Stream, items: Side) -> Stream:
    """Yield features of length zero that met none as they were, not as they were widened."""
    starts, points = sorted(cast("Items", items).starts), set(items.points)
    for start, stop, value in stream:
        point = stop - 1
        alone = point in points and start >= point - 1
        if alone and bisect_left(starts, stop) - bisect_left(starts, start) == 1:
            start = stop = point
        yield start, stop, value
