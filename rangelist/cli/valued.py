"""Spans with values: here the library does the work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rangelist.algebra import coalesce_sorted, difference, intersection, union
from rangelist.cli.items import Item
from rangelist.cli.spans import Stream
from rangelist.errors import OverlapError
from rangelist.formats import UnreadableError
from rangelist.node import Piece
from rangelist.policy import EQUAL, NEVER, Policy
from rangelist.ranges import RangeList

__all__ = ["built", "of", "operation", "streamed"]

OPERATIONS = {"union": union, "intersection": intersection, "difference": difference}


def _policy(*, touching: bool) -> Policy[Any, Any]:
    return EQUAL if touching else NEVER


def of(rows: Sequence[Item], *, bare: bool) -> Sequence[Item]:
    """Return items with their values alone, without the cells for `--collect`."""
    return rows if bare else [(start, stop, rest[0]) for start, stop, rest in rows]


def built(rows: Iterable[Item], *, touching: bool) -> Stream:
    """Merge items of any order; where different values overlap, the later one wins."""
    built = RangeList[Any, Any].build(rows, policy=_policy(touching=touching))
    return ((node.start, node.stop, node.value) for node in built)


def streamed(rows: Iterable[Item], *, touching: bool) -> Stream:
    """Merge equal values in constant memory; which of two different ones wins is not known then.

    Raises: UnreadableError, where different values overlap.
    """
    try:
        yield from map(tuple, coalesce_sorted(rows, _policy(touching=touching)))
    except OverlapError as error:
        why = "with --sorted only equal values may overlap (without it the later line wins)"
        raise UnreadableError(f"{error}; {why}") from error


def operation(name: str, ours: Stream, theirs: Stream, *, touching: bool) -> Stream:
    """Yield what is in either, in both, in the first only; the first one's values win."""
    made = OPERATIONS[name](_pieces(ours), _pieces(theirs))
    return map(tuple, coalesce_sorted(made, _policy(touching=touching)))


def _pieces(stream: Stream) -> Iterable[Piece[Any, Any]]:
    return (Piece(*item) for item in stream)
