"""The bag: intervals that may overlap and repeat, kept in the order in which they came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from rangelist.oracle.hooks import Hooks, later
from rangelist.oracle.place import Row
from rangelist.oracle.spec import Refusal

__all__ = ["Bag"]


class Flat(Protocol):
    hooks: Hooks

    def set(self, start: int, stop: int, value: str) -> object: ...
    def add(self, start: int, stop: int, value: str) -> int: ...
    def dump(self) -> list[Row]: ...


class Bag:
    """The operations `bag.…` of a trace; a dot is written as an underscore."""

    def __init__(self, fresh: Callable[[], Flat]) -> None:
        self.fresh = fresh
        self.bag: list[Row] = []

    def bag_add(self, start: int, stop: int, value: str) -> None:
        if not start < stop:
            raise Refusal("EmptySpan")
        self.bag.append((start, stop, value))

    def bag_discard(self, start: int, stop: int, value: str) -> None:
        if not start < stop:
            raise Refusal("EmptySpan")
        if (start, stop, value) not in self.bag:
            raise Refusal("Missing")
        self.bag.remove((start, stop, value))  # the first of equal ones

    def bag_window(self, start: int | None, stop: int | None) -> tuple[int, int]:
        if start is not None and stop is not None and stop < start:
            raise Refusal("EmptySpan")
        if not self.bag and (start is None or stop is None):
            return 0, 0
        low = min((row[0] for row in self.bag), default=0) if start is None else start
        high = max((row[1] for row in self.bag), default=0) if stop is None else stop
        return low, high

    def bag_overlapping(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        low, high = self.bag_window(start, stop)
        # sorted() is stable, so of the same start the one inserted first comes first.
        in_order = sorted(self.bag, key=lambda row: row[0])
        return [row for row in in_order if low < high and row[0] < high and low < row[1]]

    def bag_at(self, key: int) -> list[Row]:
        return self.bag_overlapping(key, key + 1)

    def bag_spans(
        self, start: int | None = None, stop: int | None = None
    ) -> list[tuple[int, int, bool]]:
        low, high = self.bag_window(start, stop)
        out: list[tuple[int, int, bool]] = []
        edges = {low, high, *(end for row in self.bag for end in row[:2] if low < end < high)}
        for a, b in zip(sorted(edges), sorted(edges)[1:], strict=False):
            used = bool(self.bag_overlapping(a, b))
            if out and out[-1][2] == used:
                out[-1] = (out[-1][0], b, used)
            elif low < high:
                out.append((a, b, used))
        return out

    def bag_flatten(self) -> list[Row]:
        flat = self.fresh()
        for row in self.bag:
            # Without a hook for what meets, the later one is laid over the earlier one.
            if flat.hooks.overlap is later:
                flat.set(*row)
            else:
                flat.add(*row)
        return flat.dump()
