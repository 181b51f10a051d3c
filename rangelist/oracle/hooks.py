"""The hooks: five functions of rows, for the models; and those of them that a header can name.

coalesce   equal: left == right      never: False          always: True
merge      left: left                right: right          join: left + right
split      copy: v, v                mark: v + "<", v + ">"    refuse: raises if v starts with "!"
overlap    new: new                  old: old              join: old + new     refuse: as split
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from rangelist.oracle.spec import HOOKS, Line, Refusal, Row

__all__ = ["Hooks", "hooks_of", "newer"]


def newer(old: Any, new: Any) -> Any:
    """Return the new value: what `overlap` does if it is not told otherwise."""
    return new


class Hooks(NamedTuple):
    """The five hooks of a policy, with their defaults spelled out."""

    same: Callable[[Row, Row], bool] = lambda left, right: left.value == right.value
    merge: Callable[[Row, Row], Any] = lambda left, right: left.value
    split: Callable[[Row, int], tuple[Any, Any]] = lambda row, at: (row.value, row.value)
    overlap: Callable[[Any, Any], Any] = newer
    yields: Callable[[Row], bool] = lambda row: True


def allowed(value: Any) -> Any:
    """Return the value, unless it says that it must not be changed."""
    if value.startswith("!"):
        raise Refusal("Refused")
    return value


DEFAULTS = Hooks()
SAME: Final[dict[str, Callable[[Row, Row], bool]]] = {
    "equal": DEFAULTS.same,
    "never": lambda left, right: False,
    "always": lambda left, right: True,
}
MERGE: Final[dict[str, Callable[[Row, Row], Any]]] = {
    "left": DEFAULTS.merge,
    "right": lambda left, right: right.value,
    "join": lambda left, right: left.value + right.value,
}
SPLIT: Final[dict[str, Callable[[Row, int], tuple[Any, Any]]]] = {
    "copy": DEFAULTS.split,
    "mark": lambda row, at: (row.value + "<", row.value + ">"),
    "refuse": lambda row, at: (allowed(row.value), row.value),
}
OVERLAP: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "new": newer,
    "old": lambda old, new: old,
    "join": lambda old, new: old + new,
    "refuse": lambda old, new: (allowed(old), new)[1],
}


def hooks_of(header: Line) -> Hooks:
    """Return the hooks that a header names.

    Raises: Refusal `BadLine`, for a name that is not in the list.
    """
    name = {hook: header.get(hook, values[0]) for hook, values in HOOKS.items()}
    try:
        same, merge = SAME[name["coalesce"]], MERGE[name["merge"]]
        return Hooks(same, merge, SPLIT[name["split"]], OVERLAP[name["overlap"]])
    except (KeyError, TypeError):
        raise Refusal("BadLine") from None
