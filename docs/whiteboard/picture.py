"""The library's own pictures of what is on the board, with the board's colours and texts.

The last edit is drawn before above after; without one, the list as it is.  Each walk is drawn with
what it delivered last and what it would deliver next.
"""

from __future__ import annotations

from collections.abc import Iterable

from rangelist.display import lanes
from rangelist.draw import Bar, Picture

from .words import Fate, fates_of
from .world import Done, Shape, World

__all__ = ["picture_of", "pictures_of", "walk_picture"]

Row = tuple[int, int, str]


def picture_of(world: World) -> Picture:
    """Return the picture of the last line: all nodes before and after, or as they are."""
    done = world.done[-1] if world.done else None
    if done is None or done.edit is None:
        rows = lanes("", map(bar_of, world.shapes()))
        return Picture(rows, tints=tints(world))
    rows = [*lanes("before", bars_before(done, world)), *lanes("after", bars_after(done, world))]
    return Picture(rows, title=f"{done.edit.op}: {done.edit.case}", tints=tints(world))


def bars_before(done: Done, world: World) -> list[Bar]:
    """Return what was there; a band leads from each node to what became of it."""
    fates = fates_by_id(done, world)
    return [
        bar_of(shape)._replace(kind=fate.kind, into=fate.into, note=fate.says)
        if (fate := fates.get(shape.id)) is not None
        else bar_of(shape)
        for shape in done.before
    ]


def bars_after(done: Done, world: World) -> list[Bar]:
    """Return what is there now; what is new has a thick edge."""
    fates = fates_by_id(done, world)
    new = {number for number, fate in fates.items() if fate.before is None}
    return [bar_of(shape)._replace(kind="new" * (shape.id in new)) for shape in done.after]


def fates_by_id(done: Done, world: World) -> dict[int, Fate]:
    return {} if done.edit is None else {fate.id: fate for fate in fates_of(done.edit, world)}


def bar_of(shape: Shape) -> Bar:
    return Bar(*shape[1:], who=shape.id)


def tints(world: World) -> dict[int, int]:
    """Return the colour of each node, which is that of the board."""
    return {number: number - 1 for number in world.ids.values()}


def pictures_of(world: World, ahead: dict[str, list[Row]]) -> list[Picture]:
    """Return the picture of the last change, and one of each walk."""
    walks = [walk_picture(name, world, ahead[name]) for name in world.walks]
    return [picture_of(world), *walks]


def walk_picture(name: str, world: World, ahead: Iterable[Row]) -> Picture:
    """Return the picture of one walk over the list, with what it would deliver."""
    walk, shapes = world.walks[name], world.shapes()
    last = [Bar(*walk.extent, kind="left" if walk.reverse else "right")] if walk.extent else []
    coming = [
        Bar(start, stop, text, who=owner(shapes, start, stop), kind="next")
        for start, stop, text in ahead
    ]
    rows = [*lanes("list", map(bar_of, shapes)), ("last", last), *lanes("next", coming)]
    if walk.window != (None, None):
        ends = [end for shape in shapes for end in shape[1:3]]
        low, high = (bound if bound is not None else pick(ends, default=0)
                     for bound, pick in zip(walk.window, (min, max), strict=True))  # fmt: skip
        rows.insert(0, ("window", [Bar(low, high, kind="window")]))
    return Picture(rows, title=f"{walk.kind} {name}", tints=tints(world))


def owner(shapes: list[Shape], start: int, stop: int) -> int:
    """Return the number of the node that a delivery is, or is a part of."""
    exact = [x.id for x in shapes if (x.start, x.stop) == (start, stop)]
    return (exact or [x.id for x in shapes if x.start <= start < x.stop])[0]
