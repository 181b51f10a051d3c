"""Spans with values: here the library does the work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rangelist.algebra import difference, intersection, union
from rangelist.cli.items import Item
from rangelist.cli.spans import Stream
from rangelist.errors import OverlapError
from rangelist.formats import UnreadableError
from rangelist.node import Piece
from rangelist.policy import EQUAL, NEVER, Policy
from rangelist.ranges import RangeList
from rangelist.stream import coalesce_sorted

__all__ = ["built", "expanded", "joined", "operation", "slots", "streamed"]

OPERATIONS = {"union": union, "intersection": intersection, "difference": difference}


def _policy(*, touching: bool) -> Policy[Any, Any]:
    return EQUAL if touching else NEVER


def built(rows: Iterable[Item], *, touching: bool) -> Stream:
    """Merge items of any order; where different values overlap, the later one wins."""
    return RangeList[Any, Any].build(rows, policy=_policy(touching=touching)).items()


def streamed(rows: Iterable[Item], *, touching: bool) -> Stream:
    """Merge equal values in constant memory; which of two different ones wins is not known then.

    Raises: UnreadableError, where different values overlap.
    """
    try:
        yield from map(tuple, coalesce_sorted(rows, _policy(touching=touching)))
    except OverlapError as error:
        why = "with --sorted only equal values may overlap (without it the later line wins)"
        raise UnreadableError(f"{error}; {why}") from error


def joined(stream: Iterable[Item], distance: Any) -> Stream:
    """Join neighbours of equal value that are at most `distance` apart; the gap is swallowed."""
    return map(tuple, coalesce_sorted(stream, distance=distance))


def expanded(stream: Iterable[Item], before: Any, after: Any, limits: Iterable[Any]) -> Stream:
    """Grow spans on both sides, as far as there are keys; what touches then is merged."""
    low, high = limits
    for start, stop, value in RangeList[Any, Any].from_sorted(stream).expand(before, after).items():
        start = low if low is not None and start < low else start
        stop = high if high is not None and high < stop else stop
        if start < stop:
            yield start, stop, value


def slots(stream: Iterable[Item], size: Any, window: tuple[Any, Any]) -> Stream:
    """Yield the free places of a size, from left to right."""
    busy = RangeList[Any, Any].from_sorted(stream)
    return ((gap.start, gap.stop, None) for gap in busy.slots(size, *window))


def operation(name: str, ours: Stream, theirs: Stream, *, touching: bool) -> Stream:
    """Yield what is in either, in both, in the first only; the first one's values win."""
    left, right = ((Piece(*item) for item in side) for side in (ours, theirs))
    made = OPERATIONS[name](left, right)
    return map(tuple, coalesce_sorted(made, _policy(touching=touching)))
