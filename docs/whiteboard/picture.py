"""The library's own pictures of what is on the board, with the board's colours.

The last edit is drawn before above after; without one, the list as it is.  Each walk is drawn with
what it delivered last and what it would deliver next.
"""

from __future__ import annotations

from rangelist.display import of_walk
from rangelist.draw import Picture

from .world import World

__all__ = ["picture_of", "pictures_of"]


def picture_of(world: World) -> Picture:
    """Return the picture of the last edit, or of the list if there was none."""
    edit = world.done[-1].edit if world.done else None
    picture = world.list.picture() if edit is None else edit.picture()
    # A node keeps the colour that it has on the board.
    picture.tints |= {node: number - 1 for node, number in world.ids.items()}
    return picture


def pictures_of(world: World, ahead: dict[str, list[tuple[int, int, str]]]) -> list[Picture]:
    """Return the picture of the last change, and one of each walk."""
    rows = [world.told(node) for node in world.list]
    walks = [
        of_walk(
            rows,
            [(*walk.extent, None)] if walk.extent else [],
            ahead[name],
            reverse=walk.reverse,
            window=None if walk.window == (None, None) else walk.window,
            title=f"{walk.kind} {name}",
        )
        for name, walk in world.walks.items()
    ]
    return [picture_of(world), *walks]
