"""Text in the columns of a terminal: wide letters take two, combining marks none."""

from __future__ import annotations

import unicodedata

__all__ = ["columns", "fit", "shown", "wrapped", "write"]


def shown(thing: object) -> str:
    """Return the text of a key or a value on one line."""
    try:
        text = str(thing)
    except Exception:  # noqa: BLE001  `str` of a value may raise anything, as that of a huge int does
        text = f"<{type(thing).__name__}>"
    return text if text.isprintable() else repr(text)[1:-1]


def fit(text: str, room: int) -> str:
    """Cut text to a number of columns."""
    if columns(text) <= room:
        return text
    if room < 1:
        return ""
    kept = text[:room]
    while columns(kept) >= room:
        kept = kept[:-1]
    return kept + "…"


def wrapped(text: str, room: int, most: int) -> list[str]:
    """Break text between words into at most `most` lines of that many columns; cut what is over.

    Example:
        >>> wrapped("cut right, updated, merged left", 20, 3)
        ['cut right, updated,', 'merged left']
    """
    lines = [""]
    for word in fit(text, room * most).split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if len(lines) == most or not lines[-1] or columns(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return [fit(line, room) for line in lines]


def columns(text: str) -> int:
    """Return how many columns a terminal needs for the text."""
    if text.isascii():
        return len(text)
    return sum(map(_char_columns, text))


def _char_columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def write(cells: list[str], at: int, text: str) -> None:
    """Put text into cells, one a column: a wide one takes two, a mark joins the one before."""
    for char in text:
        size = columns(char)
        if size == 0:
            cells[max(at - 1, 0)] += char
            continue
        cells[at] = char
        if size == 2:
            cells[at + 1] = ""
        at += size
