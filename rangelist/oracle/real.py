"""The library itself, as one more implementation: the one module of the oracle that knows it.

`--impl module:Class` names either a class with the interface of `RangeList`, or a model of its own:
a class with an attribute `capabilities`, made from a header, with a method for each operation.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from rangelist import errors
from rangelist.oracle.hooks import hooks_of
from rangelist.oracle.spec import CAPABILITIES, HOOKS, LISTS, Line, Refusal, Row
from rangelist.oracle.target import InProcess

__all__ = ["Real", "load", "policy_of", "target_of"]

ERRORS = (
    (errors.EmptySpanError, "EmptySpan"),
    (errors.GapSearchError, "EmptySpan"),
    (errors.OverlapError, "Overlap"),
    (errors.GapError, "Gap"),
    (errors.NotTouchingError, "NotTouching"),
)


def row_of(node: Any) -> Row | None:
    """Return a node, or no node, as a row."""
    return None if node is None else Row(node.start, node.stop, node.value)


def rows_of(nodes: Iterable[Any]) -> list[Row | None]:
    return [row_of(node) for node in nodes]


def tuples_of(parts: Iterable[Any]) -> list[tuple[Any, ...]]:
    return [tuple(part) for part in parts]


class Sweep:
    """A step of a coverage walk that goes on if a hook refuses: a generator that raises is over."""

    def __init__(self, sweep: Callable[..., Iterator[Any]], how: dict[str, Any]) -> None:
        self.sweep, self.how = sweep, how
        self.pieces = sweep(**how)

    def __call__(self) -> Any:
        try:
            piece = next(self.pieces, None)
        except Refusal:
            self.pieces = self.sweep(**self.how)
            raise
        if piece is not None:
            self.how["stop" if self.how.get("reverse") else "start"] = (
                piece.start if self.how.get("reverse") else piece.stop
            )
        return piece


class Real:
    """A list with the interface of `RangeList`, its cursors, and a bag."""

    def __init__(self, made: Any, bag: Any, policy: Any, drop: object) -> None:
        self.list, self.bag, self.policy, self.drop = made, bag, policy, drop
        self.steps: dict[str, Callable[[], Any]] = {}  # each walk's next step
        self.cursors: dict[str, Any] = {}  # those that are no iterators

    def __getattr__(self, name: str) -> Any:
        """Return what needs no translation: fill, add, move, shift, coalesce, clear, covers, …"""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.list, name)

    def node(self, key: int) -> Any:
        node = self.list.at(key)
        if node is None:
            raise Refusal("Missing")
        return node

    # ---- the list; where only the form of the answer differs, see below

    def update(self, fn: str, value: str = "", **window: Any) -> Any:
        made: dict[str, Callable[[Any], object]] = {
            "put": lambda piece: value,
            "join": lambda piece: piece.value + value,
            "drop": lambda piece: self.drop,
        }
        return self.list.transform(made[fn], **window)

    def remove(self, start: int | None = None, stop: int | None = None) -> Any:
        return rows_of(self.list.remove(start, stop))

    def merge(self, left: int, right: int, **options: Any) -> Row | None:
        return row_of(self.list.merge(self.node(left), self.node(right), **options))

    def replace(self, at: int, value: str) -> Row | None:
        return row_of(self.list.replace(self.node(at), value))

    def resize(self, at: int, **ends: int) -> Row | None:
        return row_of(self.list.resize(self.node(at), **ends))

    def discard(self, at: int) -> Row | None:
        node = self.node(at)
        row = row_of(node)
        self.list.delete(node)
        return row

    def dump(self) -> list[Row | None]:
        return rows_of(self.list)

    def len(self) -> int:
        return len(self.list)

    def first(self) -> Row | None:
        return row_of(self.list.first)

    def last(self) -> Row | None:
        return row_of(self.list.last)

    def locate(self, key: int) -> Any:
        found = self.list.locate(key)
        if hasattr(found, "value"):
            return row_of(found)
        return tuple(end if isinstance(end, int) else None for end in found)

    def slice(self, start: int | None = None, stop: int | None = None) -> list[Row | None]:
        return rows_of(self.list[start:stop])

    # ---- walks: an iterator, or a cursor

    def cursor(self, c: str, walk: str = "E", sticky: bool = False, **how: Any) -> None:
        open_end = how.get("horizon", "open") == "open"
        self.cursors.pop(c, None)
        if walk == "C":
            self.steps[c] = Sweep(self.list.sweep, how)
        elif sticky or not open_end:
            self.steps[c] = partial(next, self.list.walk(**how), None)
        else:
            how.pop("horizon", None)
            self.keep(c, self.list.cursor(**how))

    def keep(self, c: str, cursor: Any) -> None:
        self.cursors[c], self.steps[c] = cursor, cursor.next

    def step(self, c: str) -> Callable[[], Any]:
        if c not in self.steps:
            raise Refusal("NoCursor")
        return self.steps[c]

    def two_way(self, c: str) -> Any:
        self.step(c)
        if c not in self.cursors:
            raise Refusal("OneWay")
        return self.cursors[c]

    def next(self, c: str) -> Row | None:
        return row_of(self.step(c)())

    def prev(self, c: str) -> Row | None:
        return row_of(self.two_way(c).prev())

    def drain(self, c: str) -> list[Row | None]:
        return rows_of(iter(self.step(c), None))

    def current(self, c: str) -> tuple[Row | None, list[str]]:
        cursor = self.two_way(c)
        words = [flag.name.lower().replace("_", "-") for flag in cursor.status]
        return row_of(cursor.current), words

    def seek(self, c: str, key: int) -> None:
        self.two_way(c).seek(key)

    def reset(self, c: str) -> None:
        self.two_way(c).reset()

    def fork(self, c: str, to: str) -> None:
        self.keep(to, self.list.resume(self.two_way(c).to_json()))

    # ---- the bag

    def bag_add(self, start: int, stop: int, value: str) -> None:
        self.bag.add(start, stop, value)

    def bag_discard(self, start: int, stop: int, value: str) -> None:
        if not start < stop:
            raise Refusal("EmptySpan")
        for node in self.bag.overlapping(start, stop):
            if row_of(node) == (start, stop, value):
                self.bag.delete(node)
                return
        raise Refusal("Missing")

    def bag_overlapping(self, **window: int) -> list[Any]:
        return rows_of(self.bag.overlapping(**window))

    def bag_at(self, key: int) -> list[Any]:
        return rows_of(self.bag.covering(key))

    def bag_spans(self, **window: int) -> list[Any]:
        return tuples_of(self.bag.spans(**window))

    def bag_flatten(self) -> list[Any]:
        return rows_of(self.bag.flatten(self.policy))


def answering(name: str, form: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return a method that calls the list's, and gives another form to what comes."""

    def method(self: Real, **fields: Any) -> Any:
        return form(getattr(self.list, name)(**fields))

    return method


for FORM, NAMES in (
    (row_of, ("set", "insert", "split", "at", "floor", "ceiling", "lower", "higher")),
    (rows_of, ("overlapping",)),
    (tuples_of, ("gaps", "tiles")),
):
    for NAME in NAMES:
        setattr(Real, NAME, answering(NAME, FORM))


def policy_of(policy: Callable[..., Any], header: Line) -> Any:
    """Return the policy that a header names; a default is left to the library."""
    hooks = hooks_of(header)
    made = {
        "coalesce": hooks.same,
        "merge": hooks.merge,
        "split": hooks.split,
        "overlap": hooks.overlap,
    }
    named = {hook for hook, values in HOOKS.items() if header.get(hook, values[0]) != values[0]}
    return policy(**{"same" if hook == "coalesce" else hook: made[hook] for hook in named})


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
    name = name or f"{cls.__module__}:{cls.__qualname__}"
    own = getattr(cls, "capabilities", None)
    if own is not None:
        return InProcess(cls, capabilities or own, name, str(getattr(cls, "version", "")))
    library = importlib.import_module("rangelist")
    bag = importlib.import_module("rangelist.bag").RangeBag

    def make(header: Line) -> object:
        policy = policy_of(library.Policy, header)
        return Real(cls(policy=policy), bag(), policy, library.DROP)

    claims = CAPABILITIES if cls is library.RangeList else LISTS
    version = str(getattr(library, "__version__", ""))
    return InProcess(make, capabilities or claims, name, version, ERRORS)
