"""Pictures of a result below what it was made from, cut into windows that a terminal can show.

To scale where that leaves room for every piece; where it does not, as on a whiteboard: every border
is one step from the last.  A long stretch of nothing is cut out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import partial, reduce
from itertools import chain
from operator import add, gt, itemgetter
from typing import Any

from rangelist.cli.answers import Answers, Group, Side
from rangelist.cli.items import Item, Items
from rangelist.cli.options import SETS
from rangelist.cli.spans import covered
from rangelist.display import lanes
from rangelist.draw import Picture
from rangelist.formats import Format
from rangelist.formats.base import as_fields, as_text, parts_of, plain
from rangelist.formats.kinds import Key

__all__ = ["Rows", "pictures"]

Rows = Sequence[tuple[str, Sequence[Item]]]  # labels, and what is drawn beside each

BORDERS = 16  # in one picture; more cannot be told apart
LAYERS = 8
PICTURES = 10


class Shown(int):
    """A whole number that a ruler shows as its format does."""

    text: str

    def __str__(self) -> str:
        return self.text


def pictures(answers: Answers, groups: Iterable[Group]) -> Iterator[str]:
    """Yield a picture for each of the first windows of each group; as SVG all are one document."""
    width = answers.options.width
    if answers.options.look == "svg":
        from rangelist.svg import document  # noqa: PLC0415  only SVG pays for it

        every = [picture for group in groups for picture in _pictures(answers, *group)]
        yield document(every, 10 * width).removesuffix("\n")
        return
    for group in groups:
        for picture in _pictures(answers, *group):
            yield picture.text(width) + "\n"


def _pictures(answers: Answers, group: Any, ours: Side, theirs: Side) -> Iterator[Picture]:
    """Yield the pictures of a group; the last of many says how many are left out."""
    assert isinstance(ours, Items)
    assert isinstance(theirs, Items)
    form = answers.form
    rows = _rows(answers, group, ours, theirs)
    if not any(row for _, row in rows):
        return
    found = list(windows(rows, measured=form.kind.length is not None))
    title = plain(" ".join(map(as_text, parts_of(group))))
    for number, (start, stop) in enumerate(found[:PICTURES]):
        seen = [
            (label, [piece for piece in row if piece[0] < stop and start < piece[1]])
            for label, row in rows
        ]
        ruled = partial(_ruled, form, group)
        drawn = [
            (label, [(ruled(a), ruled(b), text) for a, b, text in row])
            for label, row in seen
            if label or row
        ]
        notes = []
        if number == PICTURES - 1 and found[PICTURES:]:
            where = plain(form.show_key(group, found[PICTURES][0]))
            notes = [f"... and {len(found) - PICTURES:,} more pictures, from {where} on"]
        head = f"{title}:" if title and not number else ""
        yield Picture(
            drawn, start=ruled(start), stop=ruled(stop), title=head, notes=notes, even=None
        )


def _rows(answers: Answers, group: Any, ours: Items, theirs: Items) -> Rows:
    """Give the rows of a picture: what there was, and below it the result."""
    task, form = answers.options.task, answers.form
    result = _described(form, answers.result(group, ours, theirs), answers.fields)
    if task in SETS:
        left, right = answers.merged(ours), answers.merged(theirs, by_value=task == "union")
        values = form.chosen if task == "union" else ()
        return [
            (_label(answers.options.files), _described(form, left, form.chosen)),
            (_label((answers.options.other,)), _described(form, right, values)),
            (task, result),
        ]
    if task in ("gaps", "slots"):
        return [("merged", _described(form, answers.merged(ours), form.chosen)), (task, result)]
    items = [(a, b, rest[0] if form.want.collect else rest) for a, b, rest in ours.in_order()]
    above = lanes("input", _described(form, items, form.chosen), LAYERS)
    if len(above) == 1 and above[0][1] == result:
        return [(task, result)]
    return [*above, (task, result)]


def _described(form: Format, stream: Iterable[Item], fields: Sequence[str]) -> list[Item]:
    """Give pieces or items with short texts for values."""
    return [
        (start, stop, " ".join(filter(None, map(form.brief, as_fields(value, fields)))) or None)
        for start, stop, value in stream
        if start < stop
    ]


def _label(paths: Sequence[str]) -> str:
    return paths[0].rpartition("/")[2] if len(paths) == 1 else "input"


def windows(rows: Rows, *, measured: bool) -> Iterator[tuple[Key, Key]]:
    """Cut the axis where nothing is for longer than all there is, and where it gets too full."""
    pieces = sorted(chain.from_iterable(row for _, row in rows), key=itemgetter(0))
    borders = sorted({key for piece in pieces for key in piece[:2]})
    columns = [piece[0] for piece in pieces], [piece[1] for piece in pieces], None
    islands = [(start, stop) for start, stop, _ in covered([columns], gt)]
    lengths = (stop - start for start, stop in islands)
    far = reduce(add, lengths) if measured else None  # `sum` begins with a number
    begin, end, count = None, None, 0
    for start, stop, size in crowds(islands, borders):
        if begin is not None and (
            count + size > BORDERS or (far is not None and far < start - end)
        ):
            yield begin, end
            begin, count = None, 0
        begin = start if begin is None else begin
        end, count = stop, count + size
    yield begin, end  # there is one: some row has a piece


def crowds(
    islands: Iterable[tuple[Key, Key]], borders: Sequence[Key]
) -> Iterator[tuple[Key, Key, int]]:
    """Yield the islands and how many borders are in each, cut where there are too many."""
    for start, stop in islands:
        inside = borders[bisect_left(borders, start) : bisect_right(borders, stop)]
        for at in range(0, len(inside) - 1, BORDERS - 1):
            part = inside[at : at + BORDERS]
            yield part[0], part[-1], len(part)


def _ruled(form: Format, group: Any, key: Key) -> Key:
    """Return a key that a ruler shows as its format does."""
    if not isinstance(key, int):
        return key
    number = Shown(key)
    number.text = form.show_key(group, key)
    return number
