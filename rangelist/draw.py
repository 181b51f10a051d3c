"""Pictures, as people draw merge cases on a whiteboard: a ruler, and one row a list.

            0        8  10       18 20      28
            |--------|--|--------|--|--------|
    before  [---a---)...[---b---)...[---b---)
    after   [---a---)...[---------b---------)

    [ )   a node: from its first column to the one before its stop, so touching nodes are `)[`
    < >   the node goes on behind the edge of the window
    ^     in place of an end: the anchor of a walk
    |     in a row: a node one column wide; on the ruler: a border
    #     more than one node, or more than one border, shares this column
    .     a gap; one narrower than a column cannot be seen

Columns are proportional to distance where keys have one.  Where some have none (text, tuples,
infinities, bounds beside plain keys) every border is one equal step from the last.  A value stands
in its node if there is room, with `…` for what is cut off; `None` is drawn as no value.

A `Picture` is the layout: which bars are in the window, where their borders are, which labels fit.
Text and SVG (svg.py) are drawn from it; display.py makes pictures of lists, bags, edits and walks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from itertools import chain
from os import PathLike, fspath
from typing import Any, NamedTuple

from rangelist.cells import columns, fit, shown, write
from rangelist.errors import EmptySpanError, OptionError, UnorderedKeyError
from rangelist.keys import K, check_window, distance
from rangelist.stream import row_of

__all__ = ["LIMIT", "MIN_WIDTH", "Bar", "Picture", "check_width", "draw", "draw_pair"]

MIN_WIDTH = 20  # columns of the narrowest picture
WIDTH = 72
STEP = 3  # columns of the narrowest bar in a picture that chooses not to be to scale
LIMIT = 64  # bars of one row in a picture that limits itself; more cannot be told apart

# What a bar can be, beside a plain node: its fate in an edit, or its part in a walk.
KINDS = ("", "new", "changed", "merged", "removed", "right", "left", "next", "window")


class Bar(NamedTuple):
    """One interval of a row.

    who   identity: bars of one identity have one colour, and those of neighbouring rows are linked.
          Without it the value gives the colour, and nothing is linked
    into  the identity in the next row that this bar became a part of
    kind  one of KINDS; `right` and `left` are the extent of a walk, with the anchor at its first or
          last point
    note  one line of explanation, shown when the pointer rests on the bar
    """

    start: Any
    stop: Any
    value: Any = None
    who: Any = None
    into: Any = None
    kind: str = ""
    note: str = ""


class Seen(NamedTuple):
    """What is seen of one bar: its ends in the window, and how they are drawn."""

    start: Any
    stop: Any
    opens: str
    closes: str
    bar: Bar


class Picture:
    """Labelled rows of intervals under one ruler: one layout, to be drawn as text or as SVG.

    Rows are `(label, items)`; an item is a node, a piece, a tuple `(start, stop, value)`, a pair
    `(start, stop)` or a `Bar`.  An interval across an end of the window is cut there.  Intervals of
    one row may overlap; `display.lanes` makes rows in which none does.

    title   a line above; notes are lines below
    more    how many bars the caller left out: a line below says so
    even    every border is one step from the last, whatever the distance; `None`: if a bar would be
            too narrow to be seen else, and a line below says so
    tints   colours from 0 on by identity, to keep them from one picture to the next; SVG gives the
            others the next free ones, in order of appearance

    Cost: O(n log n) for n intervals, because their borders are sorted.
    Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError, if the rows
        have no common order; OptionError, for an unknown kind; ItemError.

    Example:
        >>> print(Picture([("list", [(0, 8, "a"), (8, 12, "b")])], title="Two").text(width=30))
        Two
              0              8      12
              |--------------|-------|
        list  [------a------)[--b---)
    """

    __slots__ = (
        "borders", "even", "labels", "more", "notes", "rows", "start", "stop", "tints", "title",
    )  # fmt: skip

    def __init__(
        self,
        rows: Sequence[tuple[str, Iterable[Any]]],
        *,
        start: Any = None,
        stop: Any = None,
        title: str = "",
        notes: Iterable[str] = (),
        more: int = 0,
        even: bool | None = False,
        tints: dict[Any, int] | None = None,
    ) -> None:
        check_window(start, stop)
        self.start, self.stop = start, stop
        self.labels = [label for label, _ in rows]
        self.title = title
        self.notes = list(notes)
        self.more = more
        lists = [[bar_of(item) for item in items] for _, items in rows]
        try:
            self.rows = [_seen(bars, start, stop) for bars in lists]
            self.borders = _borders(self.rows, start, stop)
        except (TypeError, ArithmeticError) as error:
            raise UnorderedKeyError(
                f"cannot order keys ({error}), want one order in all rows"
            ) from error
        self.even = self._crowded() if even is None else even
        if even is None and self.even:
            self.notes.insert(0, "not to scale")
        self.tints: dict[Any, int] = dict(tints or {})

    def text(self, width: int = WIDTH) -> str:
        """Return the picture as text, no line wider than `width` columns.

        Cost: O(n log n + width) for n intervals.
        Raises: EmptySpanError, if `width` is below 20.
        """
        check_width(width, MIN_WIDTH, "columns")
        labels = [fit(shown(label), width // 4) for label in self.labels]
        margin = max(map(columns, labels), default=0)
        margin += 2 if margin else 0
        scale = self.scale(width - margin - 1)
        size = scale[-1] if scale and scale[-1] else width - margin - 1
        lines = [" " * margin + line for line in _ruler(self.borders, scale, size + 1)]
        for label, row in zip(labels, self.rows, strict=True):
            pad = " " * (margin - columns(label))
            lines.append(label + pad + _row(row, self.borders, scale, size))
        above = [fit(shown(self.title), width)] if self.title else []
        below = [fit(line, width) for line in self.below()]
        return "\n".join(line.rstrip() for line in above + lines + below)

    def svg(self, width: int = 720, *, scheme: str = "auto") -> str:
        """Return the picture as one SVG document, `width` pixels wide and `limited`.

        It is static and self-contained: no script, no link, no font; every text is escaped.
        Scheme `auto` follows the reader's preference for dark or light; `light` and `dark` are
        fixed.

        Cost: O(n log n) for n intervals; the document is small whatever the keys and values are.
        Raises: EmptySpanError, if `width` is below 200; OptionError, for an unknown scheme.
        """
        from rangelist.svg import document  # noqa: PLC0415  loaded when an SVG is made

        return document([self], width, scheme)

    def save(self, file: str | PathLike[str], width: int = WIDTH) -> None:
        """Write the picture to a file: SVG if its name ends in `.svg`, text if in `.txt`.

        A column of the width is 10 pixels in SVG.

        Raises: OptionError, for any other name; OSError, from the file.
        """
        name = fspath(file)
        kind = name.lower()[-4:]
        if kind not in (".svg", ".txt"):
            raise OptionError(f"file is {name!r}, want a name that ends in .svg or .txt")
        text = self.svg(10 * width) if kind == ".svg" else self.text(width) + "\n"
        # Imported here: only a file needs it.
        from pathlib import Path  # noqa: PLC0415  see above

        Path(name).write_text(text, encoding="utf-8", newline="\n")

    def drawn(self, width: int, file: str | PathLike[str] | None) -> str:
        """Return the picture as text; with a file also `save` it there."""
        text = self.text(width)
        if file is not None:
            self.save(file, width)
        return text

    def limited(self, limit: int = LIMIT) -> Picture:
        """Return the part of the picture in which no row has more than `limit` bars.

        The window ends where the first row has more; `more` counts the bars that are left out.

        Cost: O(n log n) for n intervals.
        """
        lists = [sorted((seen.bar for seen in row), key=start_of) for row in self.rows]
        ends = [bars[limit].start for bars in lists if len(bars) > limit]
        if not ends:
            return self
        stop = min(ends)
        kept = [[bar for bar in bars[:limit] if bar.start < stop] for bars in lists]
        if not any(kept):  # more than `limit` bars start at the first border: count alone decides
            stop, kept = self.stop, [bars[:limit] for bars in lists]
        return Picture(
            list(zip(self.labels, kept, strict=True)),
            start=self.start,
            stop=stop,
            title=self.title,
            notes=self.notes,
            more=self.more + sum(map(len, lists)) - sum(map(len, kept)),
            even=self.even,
            tints=self.tints,
        )

    def below(self) -> list[str]:
        """Return the lines below the rows: how many bars were left out, and the notes."""
        return [*([f"… and {self.more:,} more"] if self.more else []), *map(shown, self.notes)]

    def _crowded(self) -> bool:
        """Tell whether a bar is narrower than two columns of many, and would not be in steps."""
        scale = _proportional(self.borders, WIDTH) if len(self.borders) > 2 else None
        if scale is None or STEP * len(self.borders) > WIDTH:
            return False
        spots = chain.from_iterable(places(row, self.borders, scale) for row in self.rows)
        return any(end - begin < 2 for begin, end in spots)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Return what a notebook shows: SVG and text, or of these what it asks for."""
        picture = self.limited()
        forms = {"text/plain": picture.text, "image/svg+xml": picture.svg}
        return {
            kind: form()
            for kind, form in forms.items()
            if (not include or kind in include) and kind not in (exclude or ())
        }

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        """Yield what rich shows: text, as wide as its console, but at least 20 columns."""
        # Only rich calls this, so it is there; nothing else in the library knows of it.
        text = import_module("rich.text").Text
        width = max(MIN_WIDTH, options.max_width)
        yield text(self.limited().text(width), no_wrap=True, overflow="crop")

    def scale(self, room: int) -> list[int]:
        """Return the place of every border, from 0 to at most `room`."""
        if len(self.borders) < 2:
            return [0] * len(self.borders)
        places = None if self.even else _proportional(self.borders, room)
        if places is None:
            steps = len(self.borders) - 1
            # Equal steps, if there is a column for each; else as even as whole columns allow.
            reach = room // steps * steps or room
            places = [i * reach // steps for i in range(steps + 1)]
        return places


def check_width(width: object, least: int, unit: str) -> None:
    """Refuse a width that is too small, or no whole number.

    Raises: EmptySpanError; OptionError.
    """
    if not isinstance(width, int):
        raise OptionError(f"width is {width!r}, want a whole number of {unit}")
    if width < least:
        raise EmptySpanError(f"width is {width!r}, want at least {least} {unit}")


def draw(
    rows: Sequence[tuple[str, Iterable[Any]]],
    *,
    width: int = WIDTH,
    start: K | None = None,
    stop: K | None = None,
    file: str | PathLike[str] | None = None,
) -> str:
    """Draw labelled rows of intervals under one ruler, all on the same scale.

    Whatever the keys and values are, there is a picture, and no line is wider than `width`.  An
    interval across an end of the window is cut there.  Intervals of one row may overlap.  With
    `file` the picture is also written there, as SVG if its name ends in `.svg`.

    Cost: O(n log n) for n intervals, for the borders are sorted; O(n + width) memory.
    Raises: EmptySpanError, if `width` is below 20 or the window is reversed; NanKeyError;
        UnorderedKeyError; OptionError, for a file that ends neither in .svg nor in .txt.

    Example:
        >>> from rangelist.node import Piece
        >>> row = [Piece(0, 8, "a"), Piece(8, 12, "b"), Piece(14, 18, "c")]
        >>> print(draw([("list", row)], width=42))
              0               8      12  14     18
              |---------------|------|---|-------|
        list  [------a-------)[--b--)....[--c---)
    """
    return Picture(rows, start=start, stop=stop).drawn(width, file)


def draw_pair(
    before: Iterable[Any],
    after: Iterable[Any],
    *,
    labels: tuple[str, str] = ("before", "after"),
    width: int = WIDTH,
    start: K | None = None,
    stop: K | None = None,
) -> str:
    """Draw a list before and after a change, one above the other on the same scale.

    Cost: that of `draw`.
    Raises: what `draw` raises.

    Example:
        >>> from rangelist.node import Piece
        >>> cut = [Piece(0, 4, "a"), Piece(6, 10, "a")]
        >>> print(draw_pair([Piece(0, 10, "a")], cut, width=40))
                0           4      6          10
                |-----------|------|-----------|
        before  [--------------a--------------)
        after   [----a-----).......[----a-----)
    """
    return draw([(labels[0], before), (labels[1], after)], width=width, start=start, stop=stop)


# ---- from keys to columns -------------------------------------------------------------------


def bar_of(item: Any) -> Bar:
    """Return what is to be drawn of an item.

    Raises: ItemError, if it is none; OptionError, for an unknown kind.
    """
    if isinstance(item, Bar):
        if item.kind not in KINDS:
            raise OptionError(f"kind is {item.kind!r}, want one of {KINDS}")
        return item
    return Bar(*row_of(item))


def start_of(bar: Bar) -> Any:
    """Return the sort key of a bar."""
    return bar.start


def _seen(bars: Iterable[Bar], start: Any, stop: Any) -> list[Seen]:
    """Cut what lies inside the window at its ends."""
    row: list[Seen] = []
    for bar in bars:
        first, opens = bar.start, "^" if bar.kind == "right" else "["
        last, closes = bar.stop, "^" if bar.kind == "left" else ")"
        if start is not None and first < start:
            first, opens = start, "<"
        if stop is not None and stop < last:
            last, closes = stop, ">"
        if first < last:
            row.append(Seen(first, last, opens, closes, bar))
    return row


def _borders(lists: list[list[Seen]], start: Any, stop: Any) -> list[Any]:
    """Return every place where something begins or ends, once, in order."""
    keys = [key for key in (start, stop) if key is not None]
    for bars in lists:
        for bar in bars:
            keys.append(bar.start)
            keys.append(bar.stop)
    keys.sort()
    return [key for i, key in enumerate(keys) if i == 0 or keys[i - 1] < key]


def _proportional(borders: list[Any], room: int) -> list[int] | None:
    """Return columns in proportion to distance, `None` if these keys have no such thing."""
    first = borders[0]
    # Text that happens to read as a number is no number.
    if not hasattr(first, "__sub__"):
        return None
    try:
        total = distance(first, borders[-1])
        columns = [round(distance(first, key) / total * room) for key in borders]
    except Exception:  # noqa: BLE001  keys may raise anything here, and a picture must not fail
        return None
    sound = columns[0] == 0 and columns[-1] == room and columns == sorted(columns)
    return columns if sound else None


# ---- lines ----------------------------------------------------------------------------------


def ruler_labels(
    borders: list[Any], scale: list[int], size: int, unit: int = 1
) -> list[tuple[int, str]]:
    """Return the labels that have room under a ruler of some size, and where each begins.

    `unit` is the size of a column of text.  The last label always has its place, so that the reader
    knows how far the picture goes.
    """
    if not borders:
        return []
    labels: list[tuple[int, str]] = []
    free = 0  # from here on no label stands yet
    last = fit(shown(borders[-1]), size // unit // 2)
    limit = min(scale[-1], size - unit * columns(last))
    for at, key in zip(scale[:-1], borders[:-1], strict=True):
        if free <= at < limit - unit:
            text = shown(key)
            if at == 0:
                text = fit(text, limit // unit - 1)
            if at + unit * columns(text) < limit:
                labels.append((at, text))
                free = at + unit * (columns(text) + 1)
    labels.append((limit, last))
    return labels


def _ruler(borders: list[Any], scale: list[int], size: int) -> list[str]:
    """Draw a line of labels, where there is room for them, and a line of ticks."""
    texts, ticks = [" "] * size, ["-"] * size
    for at in scale:
        ticks[at] = "|" if ticks[at] == "-" else "#"
    for at, text in ruler_labels(borders, scale, size):
        write(texts, at, text)
    return ["".join(texts), "".join(ticks)]


def places(row: list[Seen], borders: list[Any], scale: list[int]) -> list[tuple[int, int]]:
    """Return where each bar of a row begins and ends on a scale of the borders."""
    return [
        (scale[bisect_left(borders, seen.start)], scale[bisect_left(borders, seen.stop)])
        for seen in row
    ]


def alone(spans: list[tuple[int, int]]) -> list[bool]:
    """Tell of each span whether no other shares a place with it."""
    free = [True] * len(spans)
    reach, furthest = 0, 0  # how far the spans so far reach, and which of them does
    for i in sorted(range(len(spans)), key=spans.__getitem__):
        begin, end = spans[i]
        # All that reach behind `begin` share it, so those but the furthest are known already.
        if begin < reach:
            free[i] = free[furthest] = False
        if reach < end:
            reach, furthest = end, i
    return free


def _row(row: list[Seen], borders: list[Any], scale: list[int], size: int) -> str:
    """Draw the bars of one list, then mark the columns they share."""
    spans: list[tuple[int, int]] = []
    taken = [0] * size
    for begin, end in places(row, borders, scale):
        begin = min(begin, size - 1)
        end = max(end, begin + 1)
        spans.append((begin, end))
        for at in range(begin, end):
            taken[at] += 1
    cells = ["."] * size
    for seen, (begin, end), free in zip(row, spans, alone(spans), strict=True):
        _draw_bar(cells, begin, end, seen, alone=free)
    return "".join("#" if n > 1 else cell for n, cell in zip(taken, cells, strict=True))


def _draw_bar(cells: list[str], begin: int, end: int, seen: Seen, *, alone: bool) -> None:
    """Draw one bar; its value only where no other bar can overwrite half of it."""
    if end - begin == 1:
        cells[begin] = "^" if "^" in (seen.opens, seen.closes) else "|"
        return
    room = end - begin - 2
    value = seen.bar.value
    text = fit(shown(value), room) if alone and value is not None else ""
    left = (room - columns(text)) // 2
    write(cells, begin, seen.opens + "-" * room + seen.closes)
    write(cells, begin + 1 + left, text)
