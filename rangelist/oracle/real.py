"""A list with the interface of `RangeList` as a model: one method for each operation.

Values are interned, so that "the very same value" and "an equal value" are one question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from sys import intern
from typing import Any, cast

from rangelist.oracle.place import Row
from rangelist.oracle.spec import Refusal

__all__ = ["Real", "row_of"]


def row_of(node: Any) -> Row | None:
    """Return a node, or no node, as a tuple."""
    return None if node is None else (node.start, node.stop, node.value)


class Real:
    """A list with the interface of `RangeList`, and its cursors."""

    def __init__(self, made: Any, bag: Any, policy: Any, drop: object) -> None:
        self.list = made
        self.bag = bag
        self.policy = policy
        self.drop = drop
        self.steps: dict[str, Any] = {}

    def node(self, key: int) -> Any:
        node = self.list.at(key)
        if node is None:
            raise Refusal("Missing")
        return node

    # ---- writes

    def set(self, start: int, stop: int, value: str) -> Row | None:
        return row_of(self.list.set(start, stop, intern(value)))

    def insert(self, start: int, stop: int, value: str) -> Row | None:
        return row_of(self.list.insert(start, stop, intern(value)))

    def fill(self, start: int, stop: int, value: str) -> Any:
        return self.list.fill(start, stop, intern(value))

    def add(self, start: int, stop: int, value: str) -> Any:
        return self.list.add(start, stop, intern(value))

    def update(
        self,
        fn: str,
        start: int | None = None,
        stop: int | None = None,
        value: str = "",
        gaps: str = "skip",
    ) -> Any:
        made: dict[str, Callable[[Any], object]] = {
            "put": lambda piece: intern(value),
            "join": lambda piece: intern(piece.value + value),
            "drop": lambda piece: self.drop,
        }
        return self.list.transform(made[fn], start, stop, gaps=gaps)

    def remove(self, start: int | None = None, stop: int | None = None) -> Any:
        return self.list.remove(start, stop)

    def split(self, at: int, keep: str = "left") -> Row | None:
        return row_of(self.list.split(at, keep=keep))

    def merge(
        self, left: int, right: int, value: str | None = None, keep: str = "left"
    ) -> Row | None:
        given = () if value is None else (intern(value),)
        return row_of(self.list.merge(self.node(left), self.node(right), *given, keep=keep))

    def replace(self, at: int, value: str) -> Row | None:
        return row_of(self.list.replace(self.node(at), intern(value)))

    def resize(self, at: int, **ends: int) -> Row | None:
        return row_of(self.list.resize(self.node(at), **ends))

    def discard(self, at: int) -> Row | None:
        row = row_of(self.node(at))
        self.list.delete(self.node(at))
        return row

    def __getattr__(self, name: str) -> Any:
        """Everything that needs no translation: move, shift, coalesce, clear, covers, …"""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.list, name)

    # ---- reads

    def dump(self) -> list[Row | None]:
        return [row_of(node) for node in self.list]

    def len(self) -> int:
        return len(self.list)

    def at(self, key: int) -> Row | None:
        return row_of(self.list.at(key))

    def locate(self, key: int) -> Any:
        found = self.list.locate(key)
        if hasattr(found, "value"):
            return row_of(found)
        return tuple(end if isinstance(end, int) else None for end in found)

    def overlapping(self, start: int | None = None, stop: int | None = None) -> list[Row | None]:
        return [row_of(node) for node in self.list.overlapping(start, stop)]

    def gaps(self, start: int | None = None, stop: int | None = None) -> list[Any]:
        return list(self.list.gaps(start, stop))

    def tiles(self, start: int | None = None, stop: int | None = None) -> list[Any]:
        return list(self.list.tiles(start, stop))

    def slice(self, start: int | None = None, stop: int | None = None) -> list[Row | None]:
        return [row_of(node) for node in self.list[start:stop]]

    def first(self) -> Row | None:
        return row_of(self.list.first)

    def last(self) -> Row | None:
        return row_of(self.list.last)

    def floor(self, key: int) -> Row | None:
        return row_of(self.list.floor(key))

    def ceiling(self, key: int) -> Row | None:
        return row_of(self.list.ceiling(key))

    def lower(self, key: int) -> Row | None:
        return row_of(self.list.lower(key))

    def higher(self, key: int) -> Row | None:
        return row_of(self.list.higher(key))

    # ---- walks: an iterator, or a cursor

    def cursor(
        self,
        c: str,
        reverse: bool = False,
        walk: str = "E",
        start: int | None = None,
        stop: int | None = None,
        sticky: bool = False,
        horizon: str = "open",
    ) -> None:
        if walk == "C":
            self.steps[c] = self.list.sweep(start, stop, reverse=reverse, horizon=horizon)
        elif sticky or horizon == "fixed":
            self.steps[c] = self.list.walk(start, stop, reverse=reverse, horizon=horizon)
        else:
            self.steps[c] = self.list.cursor(start, stop, reverse=reverse)

    def step(self, c: str) -> Any:
        if c not in self.steps:
            raise Refusal("NoCursor")
        return self.steps[c]

    def two_way(self, c: str) -> Any:
        step = self.step(c)
        if isinstance(step, Iterator):
            raise Refusal("OneWay")
        return step

    def next(self, c: str) -> Row | None:
        step = self.step(c)
        if isinstance(step, Iterator):
            return row_of(next(cast("Iterator[object]", step), None))
        return row_of(step.next())

    def prev(self, c: str) -> Row | None:
        return row_of(self.two_way(c).prev())

    def drain(self, c: str) -> list[Row | None]:
        return list(iter(partial(self.next, c), None))

    def current(self, c: str) -> tuple[Row | None, list[str]]:
        cursor = self.two_way(c)
        words = [flag.name.lower().replace("_", "-") for flag in cursor.status]
        return row_of(cursor.current), words

    def seek(self, c: str, key: int) -> None:
        self.two_way(c).seek(key)

    def reset(self, c: str) -> None:
        self.two_way(c).reset()

    def fork(self, c: str, to: str) -> None:
        self.steps[to] = self.list.resume(self.two_way(c).to_json())

    # ---- the bag

    def bag_add(self, start: int, stop: int, value: str) -> None:
        self.bag.add(start, stop, intern(value))

    def bag_discard(self, start: int, stop: int, value: str) -> None:
        if not start < stop:
            raise Refusal("EmptySpan")
        for node in self.bag.overlapping(start, stop):
            if row_of(node) == (start, stop, value):
                self.bag.delete(node)
                return
        raise Refusal("Missing")

    def bag_overlapping(self, start: int | None = None, stop: int | None = None) -> list[Any]:
        return [row_of(node) for node in self.bag.overlapping(start, stop)]

    def bag_at(self, key: int) -> list[Any]:
        return [row_of(node) for node in self.bag.covering(key)]

    def bag_spans(self, start: int | None = None, stop: int | None = None) -> list[Any]:
        return [tuple(span) for span in self.bag.spans(start, stop)]

    def bag_flatten(self) -> list[Any]:
        return [row_of(node) for node in self.bag.flatten(self.policy)]
