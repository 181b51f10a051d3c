"""How the classes of the core show themselves: the door to the pictures.

Drawing is loaded when something is first drawn, so that `import rangelist` does not pay for it.
"""

from __future__ import annotations

from _thread import get_ident
from collections.abc import Iterable
from os import PathLike
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from rangelist.draw import Picture

__all__ = ["draw", "picture", "pretty", "rows"]


def picture(thing: Any) -> Picture:
    """Return a picture of a list, a bag, an edit or a cursor, see `display.picture_of`."""
    from rangelist.display import picture_of  # noqa: PLC0415  see above

    return picture_of(thing)


INSIDE: Final[set[tuple[int, int]]] = set()  # what is being shown, and in which thread


def rows(thing: object, nodes: Iterable[Any]) -> str:
    """Return the nodes of a list or bag as a list of tuples; inside of itself it is `[...]`."""
    key = id(thing), get_ident()
    if key in INSIDE:
        return "[...]"
    INSIDE.add(key)
    try:
        return f"[{', '.join(f'({n._start!r}, {n._stop!r}, {n._value!r})' for n in nodes)}]"
    finally:
        INSIDE.discard(key)


def draw(thing: Any, width: int, file: str | PathLike[str] | None) -> str:
    """Return the bare drawing of such a thing, see `display.drawing_of`."""
    from rangelist.display import drawing_of  # noqa: PLC0415  see above

    return drawing_of(thing, width, file)


def pretty(thing: Any, printer: Any, cycle: bool) -> None:
    """Print such a thing as a part of another, see `display.pretty`."""
    from rangelist.display import pretty as print_part  # noqa: PLC0415  see above

    print_part(thing, printer, cycle)
