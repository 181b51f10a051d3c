"""What is asked for, made of the items of one group after the other."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, cast

from rangelist.cli.collect import collected, hashable
from rangelist.cli.items import Chunk, Item, Items
from rangelist.cli.options import SETS, Options
from rangelist.cli.output import LOOKS, Row
from rangelist.cli.spans import Stream, apart, covered, depths, gaps, sets
from rangelist.formats import Format, UsageError
from rangelist.formats.base import parts_of
from rangelist.formats.kinds import Key

__all__ = ["Answers", "Group", "batches"]

Side = Items | Iterable[Chunk]  # in memory, or a stream of chunks
Group = tuple[Any, Side, Side]

MANY = 20_000  # items for which it is worth to ask another process


class Answers:
    """Makes results and lines for one run; it can be pickled.

    Raises: UsageError, if the options do not go with the keys; UnreadableError.
    """

    def __init__(
        self,
        options: Options,
        form: Format,
        ends: Callable[[Any], tuple[Key, Key]],
        note: Callable[[str], None] | None = None,
    ) -> None:
        self.options = options
        self.form = form
        self._notes: list[str] = []
        self.note = note or self._notes.append  # in another process they are collected
        self._ends = ends
        self._distance = self._length(options.distance, "--distance")
        self._size = self._length(options.slots, "--slots")
        grown = [self._length(number, "--expand") for number in options.expand or ()]
        self._growth = grown or None
        self._apart = apart(self._distance, touching=options.touching)
        self.by_value = bool(form.chosen)
        if options.look == "same":
            form.admit(self.fields)

    def __getstate__(self) -> tuple[Any, ...]:
        return self.options, self.form, self._ends

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.__init__(*state)  # type: ignore[misc]

    def _length(self, number: float | None, option: str) -> Any:
        """Return a number as a distance between keys."""
        if number is None:
            return None
        kind = self.form.kind
        if kind.length is None:
            raise UsageError(f"{option} needs keys with a distance, not {kind.family}")
        try:
            return kind.length(number)
        except OverflowError as error:
            raise UsageError(f"{option} {number!r} is too far ({error})") from error

    # ---- lines --------------------------------------------------------------------------------

    @property
    def alone(self) -> bool:
        """Whether the lines of some groups do not depend on those of others.

        The columns of a table are as wide as what is in them; named columns have a line of names.
        """
        together = self.options.look == "table" or (
            self.options.look == "same" and self.form.begin(self.fields)
        )
        return self.form.alone and not together

    def text(self, groups: Sequence[Group]) -> tuple[str, list[str]]:
        """Return all lines that are to be printed for some groups, and the notes."""
        self._notes.clear()
        return "\n".join(self.lines(groups)), self._notes

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
        if task in ("overlaps", "depth"):
            return (*self.form.chosen, "depth")
        if task in ("gaps", "slots"):
            return ()
        return (*self.form.chosen, *(one.name for one in self.options.collect))

    # ---- results ------------------------------------------------------------------------------

    def result(self, group: Any, ours: Side, theirs: Side) -> Stream:
        """Give the pieces of the result."""
        task = self.options.task
        if task in ("overlaps", "depth"):
            return self._deep(group, ours)
        if task in SETS:
            return self._set(task, self.merged(ours), self.merged(theirs, by_value=task == "union"))
        if task == "gaps":
            return gaps(self._expanded(group, self.merged(ours)), *self._ends(group))
        if task == "slots":
            busy = self._expanded(group, self.merged(ours))
            return cast("Stream", _valued().slots(busy, self._size, self._ends(group)))
        stream = self._expanded(group, self.merged(ours))
        if isinstance(ours, Items) and ours.points:
            stream = _lonely(stream, ours)
        if self.options.collect:
            rows = ours.in_order() if isinstance(ours, Items) else []
            stream = iter(
                collected(stream, rows, self.options.collect, valued=len(self.form.chosen))
            )
        return stream

    def merged(self, side: Side, *, by_value: bool = True) -> Stream:
        """Merge the items of one side."""
        if not (by_value and self.by_value):
            return covered(side.chunks() if isinstance(side, Items) else side, self._apart)
        touching = self.options.touching
        if isinstance(side, Items):
            rows = _valued().of(side.rows(), bare=not self.options.collect)
            if not self.form.nested:
                self._overwritten(rows)
            stream = _valued().built(rows, touching=touching)
        else:
            stream = _valued().streamed(_rows_of(side), touching=touching)
        return self._joined(stream, self._distance)

    def _overwritten(self, rows: Sequence[Item]) -> None:
        """Make a note where lines of different values overlap: the later one wins."""
        furthest, held = None, None
        for start, stop, value in sorted(rows, key=itemgetter(0)):
            if furthest is not None and start < furthest and value != held:
                names, at = ",".join(self.form.chosen), self.form.kind.show(start)
                why = f"the later line wins; --group {names} keeps both"
                self.note(f"{names}: {held!r} and {value!r} overlap at {at}: {why}")
                return
            if furthest is None or furthest < stop:
                furthest, held = stop, value

    def _set(self, task: str, ours: Stream, theirs: Stream) -> Stream:
        if not self.by_value:
            return sets[task](ours, theirs, self._apart)
        made = _valued().operation(task, ours, theirs, touching=self.options.touching)
        # A union can bring neighbours near; the other operations must not fill their own holes.
        near = self._distance if task == "union" else None
        return self._joined(made, near)

    def _deep(self, group: Any, side: Side) -> Stream:
        """Give depths; with `--by` of each value, with a distance joined across gaps."""
        if not self.by_value:
            return self._levels(group, side.chunks() if isinstance(side, Items) else side, ())
        assert isinstance(side, Items)
        values: dict[Any, tuple[Any, Items]] = {}
        for start, stop, value in side.rows():
            values.setdefault(hashable(value), (value, Items()))[1].add([start], [stop], None)
        count = len(self.form.chosen)
        streams = [
            self._levels(group, items.chunks(), (value,) if count == 1 else value)
            for value, items in values.values()
        ]
        return heapq.merge(*streams, key=itemgetter(0))

    def _levels(self, group: Any, chunks: Iterable[Chunk], value: tuple[Any, ...]) -> Stream:
        least = 2 if self.options.task == "overlaps" else 1
        stream: Stream = (piece for piece in depths(chunks) if piece[2] >= least)
        stream = self._joined(stream, self._distance)
        if self.options.task == "depth":
            stream = _filled(stream, *self._ends(group))
        if value:
            return ((start, stop, (*value, depth)) for start, stop, depth in stream)
        return stream

    @staticmethod
    def _joined(stream: Stream, distance: Any) -> Stream:
        return stream if distance is None else cast("Stream", _valued().joined(stream, distance))

    def _expanded(self, group: Any, stream: Stream) -> Stream:
        if self._growth is None:
            return stream
        low, high = self.form.limits(group)
        start, stop = self._ends(group)
        low, high = low if start is None else start, high if stop is None else stop
        return cast("Stream", _valued().expanded(stream, *self._growth, (low, high)))


def _valued() -> Any:
    """Return the part that works on the library's lists: most runs do not need it."""
    from rangelist.cli import valued  # noqa: PLC0415  it takes long to import

    return valued


def _tagged(group: Any, stream: Stream) -> Iterator[tuple[Key, Any, Item]]:
    for piece in stream:
        yield piece[0], group, piece


def _filled(stream: Stream, start: Key, stop: Key) -> Stream:
    """Yield also what lies between, and up to the ends of a window, with depth zero."""
    if start is None and stop is None:
        yield from stream
        return
    at = start
    for piece in stream:
        if at is not None and at < piece[0]:
            yield at, piece[0], 0
        yield piece
        at = piece[1]
    if stop is not None and at is not None and at < stop:
        yield at, stop, 0


def _lonely(stream: Stream, items: Items) -> Stream:
    """Yield features of length zero that nothing met as they were, not as they were widened."""
    starts, points = sorted(items.starts), set(items.points)
    for start, stop, value in stream:
        point = stop - 1
        alone = point in points and start >= point - 1
        if alone and bisect_left(starts, stop) - bisect_left(starts, start) == 1:
            start = stop = point
        yield start, stop, value


def _rows_of(chunks: Iterable[Chunk]) -> Iterator[Item]:
    for starts, stops, rests in chunks:
        yield from zip(starts, stops, rests, strict=True)


def batches(groups: Iterable[Group]) -> Iterator[tuple[list[Group]]]:
    """Put small groups together, as arguments of `Answers.text`; never cut a first column."""
    batch: list[Group] = []
    size = 0
    for row in groups:
        if size >= MANY and parts_of(row[0])[0] != parts_of(batch[-1][0])[0]:
            yield (batch,)
            batch, size = [], 0
        batch.append(row)
        size += sum(len(items) for items in row[1:] if isinstance(items, Items))
    yield (batch,)  # there is at least one group
