"""The library itself, as one more implementation: the one module of the oracle that knows it.

`--impl module:Class` names either a class with the interface of `RangeList`, or a model of its own:
a class with an attribute `capabilities`, made from a header, with a method for each operation.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from sys import intern
from typing import Any

from rangelist.errors import (
    EmptySpanError,
    GapError,
    GapSearchError,
    NotTouchingError,
    OverlapError,
)
from rangelist.oracle.hooks import hooks_of
from rangelist.oracle.real import Real
from rangelist.oracle.spec import CHOICES, DEFAULTS, HEADER, OPS, Line
from rangelist.oracle.target import InProcess

__all__ = ["ALL", "LISTS", "load", "policy_of", "target_of"]

# Every capability there is.
ALL = (
    frozenset(
        {*OPS, "walk=E", "walk=C", "window", "sticky", "resumable", "reverse"}
        | {
            f"{field}={value}"
            for field, values in {**HEADER, **CHOICES}.items()
            for value in values
        }
    )
    - DEFAULTS
)
LISTS = frozenset(word for word in ALL if not word.startswith("bag."))

NAMES = (
    (EmptySpanError, "EmptySpan"),
    (GapSearchError, "EmptySpan"),
    (OverlapError, "Overlap"),
    (GapError, "Gap"),
    (NotTouchingError, "NotTouching"),
)


def policy_of(policy: Callable[..., Any], header: Line) -> Any:
    """Return the policy that a header names; a default is left to the library."""
    hooks = hooks_of(header)

    def same(left: Any, right: Any) -> bool:
        return hooks.same(left.value, right.value)

    def merge(left: Any, right: Any) -> str:
        return intern(hooks.merge(left.value, right.value))

    def split(whole: Any, at: int) -> tuple[str, str]:
        low, high = hooks.split(whole.value)
        return intern(low), intern(high)

    def overlap(old: str, new: str) -> str:
        return intern(hooks.overlap(old, new))

    made: dict[str, tuple[str, Callable[..., Any]]] = {
        "coalesce": ("same", same),
        "merge": ("merge", merge),
        "split": ("split", split),
        "overlap": ("overlap", overlap),
    }
    return policy(
        **dict(
            made[name]
            for name, values in HEADER.items()
            if header.get(name, values[0]) != values[0]
        )
    )


def load(where: str = "rangelist:RangeList") -> InProcess:
    """Return the implementation that `module:Class` names.

    Raises: ImportError, AttributeError.
    """
    module, _, name = where.partition(":")
    return target_of(getattr(importlib.import_module(module), name or "RangeList"), where)


def target_of(
    cls: Callable[..., Any], name: str = "", capabilities: Iterable[str] | None = None
) -> InProcess:
    """Return a class as something that replies; see the head of this module for which classes."""
    name = name or getattr(cls, "__name__", "implementation")
    own = getattr(cls, "capabilities", None)
    if own is not None:
        return InProcess(cls, capabilities or own, name, str(getattr(cls, "version", "")))
    library = importlib.import_module("rangelist")
    bag = importlib.import_module("rangelist.bag").RangeBag

    def make(header: Line) -> object:
        policy = policy_of(library.Policy, header)
        return Real(cls(policy=policy), bag(), policy, library.DROP)

    claims = ALL if cls is library.RangeList else LISTS
    version = str(getattr(library, "__version__", ""))
    return InProcess(make, capabilities or claims, name, version, NAMES)
