"""What has to be written by hand to let a peer do the job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sortedcontainers import SortedDict


class HandMap:
    """The map that people write themselves: a SortedDict from start to (stop, value)."""

    def __init__(self, items: Iterable[tuple[int, int, Any]] = ()) -> None:
        self.spans = SortedDict((start, (stop, value)) for start, stop, value in items)

    def get(self, key: int) -> Any:
        """Return the value at a key."""
        at = self.spans.bisect_right(key) - 1
        if at < 0:
            return None
        stop, value = self.spans.peekitem(at)[1]
        return value if key < stop else None

    def remove(self, start: int, stop: int) -> None:
        """Punch a hole."""
        spans = self.spans
        at = spans.bisect_left(start) - 1
        if at >= 0:
            first, (last, value) = spans.peekitem(at)
            if start < last:
                spans[first] = start, value
                if stop < last:
                    spans[stop] = last, value
                    return
        for first in list(spans.irange(start, stop, (True, False))):
            last, value = spans.pop(first)
            if stop < last:
                spans[stop] = last, value

    def set(self, start: int, stop: int, value: Any) -> None:
        """Overwrite, and merge with equal neighbours."""
        self.remove(start, stop)
        spans = self.spans
        right = spans.get(stop)
        if right is not None and right[1] == value:
            del spans[stop]
            stop = right[0]
        at = spans.bisect_left(start) - 1
        if at >= 0:
            first, (last, left) = spans.peekitem(at)
            if last == start and left == value:
                spans[first] = stop, value
                return
        spans[start] = stop, value


Row = tuple[int, int, Any]


def union(left: list[Row], right: list[Row]) -> list[Row]:
    """Return both lists as one, the left one's values where both are; equal neighbours merge."""
    found = list(left)
    for start, stop, value in right:
        for begin, end, _ in left:
            if stop <= begin:
                break
            if start < begin:
                found.append((start, begin, value))
            start = max(start, end)
        if start < stop:
            found.append((start, stop, value))
    found.sort()
    merged: list[Row] = []
    for start, stop, value in found:
        if merged and merged[-1][1:] == (start, value):
            merged[-1] = merged[-1][0], stop, value
        else:
            merged.append((start, stop, value))
    return merged


class Link:
    """A node of the plainest linked list."""

    __slots__ = ("next", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        self.next: Link | None = None


def linked(values: Iterable[Any]) -> Link | None:
    """Return the head of a plain linked list."""
    head: Link | None = None
    for value in reversed(list(values)):
        link = Link(value)
        link.next = head
        head = link
    return head


def walk(link: Link | None) -> Iterator[Link]:
    """Walk it by a generator."""
    while link is not None:
        yield link
        link = link.next
