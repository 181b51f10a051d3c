"""The hooks a trace can name.  Values are strings, so that every language can follow.

coalesce   equal: left == right      never: False          always: True
merge      left: left                right: right          join: left + right
split      copy: v, v                mark: v + "<", v + ">"    refuse: raises if v starts with "!"
overlap    new: new                  old: old              join: old + new     refuse: as split
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rangelist.oracle.spec import HEADER, Line, Refusal

__all__ = ["Hooks", "hooks_of", "later"]


class Hooks(NamedTuple):
    """Four functions of values."""

    same: Callable[[str, str], bool]
    merge: Callable[[str, str], str]
    split: Callable[[str], tuple[str, str]]
    overlap: Callable[[str, str], str]


def equal(left: str, right: str) -> bool:
    return left == right


def never(left: str, right: str) -> bool:
    return False


def always(left: str, right: str) -> bool:
    return True


def earlier(left: str, right: str) -> str:
    return left


def later(left: str, right: str) -> str:
    """Hook: the right one of two neighbours, the new one of two values."""
    return right


def join(left: str, right: str) -> str:
    return left + right


def copy(value: str) -> tuple[str, str]:
    return value, value


def mark(value: str) -> tuple[str, str]:
    return value + "<", value + ">"


def refuse_cut(value: str) -> tuple[str, str]:
    if value.startswith("!"):
        raise Refusal("Refused")
    return value, value


def refuse_new(old: str, new: str) -> str:
    if old.startswith("!"):
        raise Refusal("Refused")
    return new


SAME = {"equal": equal, "never": never, "always": always}
MERGE = {"left": earlier, "right": later, "join": join}
SPLIT = {"copy": copy, "mark": mark, "refuse": refuse_cut}
OVERLAP = {"new": later, "old": earlier, "join": join, "refuse": refuse_new}


def hooks_of(header: Line) -> Hooks:
    """Return the hooks that a header names.

    Raises: Refusal `BadLine`, for a name that is not in the list.
    """
    name = {}
    for hook, values in HEADER.items():
        name[hook] = header.get(hook, values[0])
        if name[hook] not in values:
            raise Refusal("BadLine")
    return Hooks(
        SAME[name["coalesce"]], MERGE[name["merge"]], SPLIT[name["split"]], OVERLAP[name["overlap"]]
    )
