"""The library's own picture of the last change: before above after, or the list alone."""

from __future__ import annotations

from typing import Any

from .world import World

__all__ = ["before_and_after"]


def before_and_after(world: World) -> dict[str, Any]:
    """Return the picture of the last edit as text and as SVG; of the list, if none was made."""
    edit = world.done[-1].edit if world.done else None
    if edit is None:
        return {"text": world.list.draw(), "svg": ""}
    return {"text": edit.draw(), "svg": ""}
