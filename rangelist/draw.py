"""Pictures in text, as people draw merge cases on a whiteboard: a ruler, and one row a list.

            0        8  10       18 20      28
            |--------|--|--------|--|--------|
    before  [---a---)...[---b---)...[---b---)
    after   [---a---)...[---------b---------)

    [ )   a node: from its first column to the one before its stop, so touching nodes are `)[`
    < >   the node goes on behind the edge of the window
    |     in a row: a node one column wide; on the ruler: a border
    #     more than one node, or more than one border, shares this column
    .     a gap; one narrower than a column cannot be seen

Columns are proportional to distance where keys have one.  Where some have none (text, tuples,
infinities, bounds beside plain keys) every border is one equal step from the last.  A value stands
in its node if there is room, with `…` for what is cut off; `None` is drawn as no value.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from rangelist.errors import EmptySpanError, UnorderedKeyError
from rangelist.keys import K, check_window, distance
from rangelist.node import Interval

__all__ = ["MIN_WIDTH", "draw", "draw_pair"]

MIN_WIDTH = 20


class _Bar(NamedTuple):
    """What is seen of one interval: its ends in the window, and whether it goes on behind them."""

    start: Any
    stop: Any
    value: Any
    opens: str
    closes: str


def draw(
    rows: Sequence[tuple[str, Iterable[Interval[K, object]]]],
    *,
    width: int = 72,
    start: K | None = None,
    stop: K | None = None,
) -> str:
    """Draw labelled rows of intervals under one ruler, all on the same scale.

    Whatever the keys and values are, there is a picture, and no line is wider than `width`.  An
    interval across an end of the window is cut there.  Intervals of one row may overlap.

    Cost: O(n log n) for n intervals, for the borders are sorted; O(n + width) memory.
    Raises: EmptySpanError, if `width` is below 20 or the window is reversed; NanKeyError;
        UnorderedKeyError.

    Example:
        >>> from rangelist.node import Piece
        >>> row = [Piece(0, 8, "a"), Piece(8, 12, "b"), Piece(14, 18, "c")]
        >>> print(draw([("list", row)], width=42))
              0               8      12  14     18
              |---------------|------|---|-------|
        list  [------a-------)[--b--)....[--c---)
    """
    check_window(start, stop)
    if width < MIN_WIDTH:
        raise EmptySpanError(f"width is {width!r}, want at least {MIN_WIDTH} columns")
    labels = [_fit(_shown(label), width // 4) for label, _ in rows]
    lists = [list(nodes) for _, nodes in rows]
    try:
        seen = [_seen(nodes, start, stop) for nodes in lists]
        borders = _borders(seen, start, stop)
    except (TypeError, ArithmeticError) as error:
        raise UnorderedKeyError(
            f"cannot order keys ({error}), want one order in all rows"
        ) from error
    margin = max(map(_columns, labels), default=0)
    margin += 2 if margin else 0
    scale = _scale(borders, width - margin - 1)
    size = scale[-1] if scale and scale[-1] else width - margin - 1
    lines = [" " * margin + line for line in _ruler(borders, scale, size + 1)]
    for label, bars in zip(labels, seen, strict=True):
        lines.append(label + " " * (margin - _columns(label)) + _row(bars, borders, scale, size))
    return "\n".join(line.rstrip() for line in lines)


def draw_pair(
    before: Iterable[Interval[K, object]],
    after: Iterable[Interval[K, object]],
    *,
    labels: tuple[str, str] = ("before", "after"),
    width: int = 72,
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


def _seen(nodes: Iterable[Interval[Any, object]], start: Any, stop: Any) -> list[_Bar]:
    """Cut what lies inside the window at its ends."""
    bars: list[_Bar] = []
    for node in nodes:
        first, opens = node.start, "["
        last, closes = node.stop, ")"
        if start is not None and first < start:
            first, opens = start, "<"
        if stop is not None and stop < last:
            last, closes = stop, ">"
        if first < last:
            bars.append(_Bar(first, last, node.value, opens, closes))
    return bars


def _borders(lists: list[list[_Bar]], start: Any, stop: Any) -> list[Any]:
    """Return every place where something begins or ends, once, in order."""
    keys = [key for key in (start, stop) if key is not None]
    for bars in lists:
        for bar in bars:
            keys.append(bar.start)
            keys.append(bar.stop)
    keys.sort()
    return [key for i, key in enumerate(keys) if i == 0 or keys[i - 1] < key]


def _scale(borders: list[Any], room: int) -> list[int]:
    """Return the column of every border, from 0 to at most `room`."""
    if len(borders) < 2:
        return [0] * len(borders)
    columns = _proportional(borders, room)
    if columns is None:
        steps = len(borders) - 1
        # Equal steps, if there is a column for each; else as even as whole columns allow.
        reach = room // steps * steps or room
        columns = [i * reach // steps for i in range(steps + 1)]
    return columns


def _proportional(borders: list[Any], room: int) -> list[int] | None:
    """Return columns in proportion to distance, `None` if these keys have no such thing."""
    first = borders[0]
    # Text that happens to read as a number is no number.
    if not hasattr(first, "__sub__"):
        return None
    try:
        total = distance(first, borders[-1])
        columns = [round(distance(first, key) / total * room) for key in borders]
    except Exception:  # noqa: BLE001  keys are anybody's classes, and a picture must not fail
        return None
    sound = columns[0] == 0 and columns[-1] == room and columns == sorted(columns)
    return columns if sound else None


# ---- lines ----------------------------------------------------------------------------------


def _ruler(borders: list[Any], scale: list[int], size: int) -> list[str]:
    """Draw a line of labels, where there is room for them, and a line of ticks."""
    texts, ticks = [" "] * size, ["-"] * size
    for at in scale:
        ticks[at] = "|" if ticks[at] == "-" else "#"
    free = 0  # from here on no label stands yet
    # The last label always has its place, so the reader knows how far the picture goes.
    last = _fit(_shown(borders[-1]), size // 2) if borders else ""
    limit = min(scale[-1] if scale else 0, size - _columns(last))
    for at, key in zip(scale[:-1], borders[:-1], strict=True):
        if free <= at < limit - 1:
            text = _shown(key)
            if at == 0:
                text = _fit(text, limit - 1)
            if at + _columns(text) < limit:
                _write(texts, at, text)
                free = at + _columns(text) + 1
    _write(texts, limit, last)
    return ["".join(texts), "".join(ticks)]


def _row(bars: list[_Bar], borders: list[Any], scale: list[int], size: int) -> str:
    """Draw the bars of one list, then mark the columns they share."""
    spans: list[tuple[int, int]] = []
    taken = [0] * size
    for bar in bars:
        begin = min(scale[bisect_left(borders, bar.start)], size - 1)
        end = max(scale[bisect_left(borders, bar.stop)], begin + 1)
        spans.append((begin, end))
        for at in range(begin, end):
            taken[at] += 1
    cells = ["."] * size
    for bar, (begin, end) in zip(bars, spans, strict=True):
        _bar(cells, begin, end, bar, alone=all(n == 1 for n in taken[begin:end]))
    return "".join("#" if n > 1 else cell for n, cell in zip(taken, cells, strict=True))


def _bar(cells: list[str], begin: int, end: int, bar: _Bar, *, alone: bool) -> None:
    """Draw one bar; its value only where no other bar can overwrite half of it."""
    if end - begin == 1:
        cells[begin] = "|"
        return
    room = end - begin - 2
    text = _fit(_shown(bar.value), room) if alone and bar.value is not None else ""
    left = (room - _columns(text)) // 2
    _write(cells, begin, bar.opens + "-" * room + bar.closes)
    _write(cells, begin + 1 + left, text)


# ---- text in columns ------------------------------------------------------------------------


def _shown(thing: object) -> str:
    """Return the text of a key or a value on one line."""
    try:
        text = str(thing)
    except Exception:  # noqa: BLE001  values are anybody's classes; ints have a limit of digits
        text = f"<{type(thing).__name__}>"
    return text if text.isprintable() else repr(text)[1:-1]


def _fit(text: str, room: int) -> str:
    """Cut text to a number of columns."""
    if _columns(text) <= room:
        return text
    if room < 1:
        return ""
    kept = text[:room]
    while _columns(kept) >= room:
        kept = kept[:-1]
    return kept + "…"


def _columns(text: str) -> int:
    """Return how many columns a terminal needs for the text."""
    if text.isascii():
        return len(text)
    return sum(map(_char_columns, text))


def _char_columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _write(cells: list[str], at: int, text: str) -> None:
    """Put text into cells, one a column: a wide one takes two, a mark joins the one before."""
    for char in text:
        size = _columns(char)
        if size == 0:
            cells[max(at - 1, 0)] += char
            continue
        cells[at] = char
        if size == 2:
            cells[at + 1] = ""
        at += size
