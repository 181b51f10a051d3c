"""The library's own pictures of what is on the board, with the board's colours and texts.

The last edit is drawn before above after; without one, the list as it is.  Each walk is drawn with
what it delivered last and what it would deliver next.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rangelist import Edit
from rangelist.display import lanes, of_walk
from rangelist.draw import Bar, Picture

from .words import Fate, fates_of
from .world import Shape, World

__all__ = ["picture_of", "pictures_of", "walk_picture"]

Row = tuple[int, int, str]


def picture_of(world: World) -> Picture:
    """Return the picture of the last edit, or of the list if there was none."""
    edit = world.done[-1].edit if world.done else None
    if edit is None:
        rows = lanes("", (bar_of(shape) for shape in world.shapes()))
        return Picture(rows, tints=tints(world))
    return picture_of_edit(edit, world)


def picture_of_edit(edit: Edit[int, Any], world: World) -> Picture:
    """Return what was above what is; bands lead from a node to what became of it."""
    fates = fates_of(edit, world)
    before = [bar_of(fate.before, fate) for fate in fates if fate.before]
    after = [bar_of(fate.after, fate) for fate in fates if fate.after]
    both = [*lanes("before", before), *lanes("after", after)]
    return Picture(both, title=f"{edit.op}: {edit.case}", tints=tints(world))


def bar_of(shape: Shape, fate: Fate | None = None) -> Bar:
    """Return a node as a bar of the colour that it has on the board."""
    if fate is None:
        return Bar(*shape[1:], who=shape.id)
    was = shape is fate.before
    kind = fate.kind if was or fate.kind == "new" else ""
    return Bar(*shape[1:], who=shape.id, into=fate.into if was else None, kind=kind, note=fate.says)


def tints(world: World) -> dict[int, int]:
    return {number: number - 1 for number in world.ids.values()}


def pictures_of(world: World, ahead: dict[str, list[Row]]) -> list[Picture]:
    """Return the picture of the last change, and one of each walk."""
    walks = [walk_picture(name, world, ahead[name]) for name in world.walks]
    return [picture_of(world), *walks]


def walk_picture(name: str, world: World, ahead: Iterable[Row]) -> Picture:
    """Return the picture of one walk over the list, with what it would deliver."""
    walk, shapes = world.walks[name], world.shapes()
    coming = [
        Bar(start, stop, text, who=next(x.id for x in shapes if x.start <= start < x.stop))
        for start, stop, text in ahead
    ]
    picture = of_walk(
        [bar_of(shape) for shape in shapes],
        [(*walk.extent, None)] if walk.extent else [],
        coming,
        reverse=walk.reverse,
        window=None if walk.window == (None, None) else walk.window,
        title=f"{walk.kind} {name}",
    )
    picture.tints |= tints(world)
    return picture
