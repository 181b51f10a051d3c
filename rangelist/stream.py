"""One stream of intervals: merge it, clip it, tell what it covers and what it leaves free.

A stream is any iterable of intervals (nodes, pieces) in key order that do not overlap: a list, a
walk, a file.  Everything here reads one interval ahead and holds no more, so it works on streams
larger than memory.  Order is the caller's promise; a stream that may break it goes through
`coalesce_sorted` first, which checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rangelist.errors import OverlapError
from rangelist.keys import K, V, check_span, check_window, explain_key
from rangelist.node import Gap, Interval, Node, Piece
from rangelist.policy import EQUAL, Policy, StockPolicy

__all__ = ["clip", "coalesce_sorted", "complement", "cover", "trim"]


def coalesce_sorted(
    items: Iterable[tuple[K, K, V] | Node[K, V]], policy: Policy[K, V] | StockPolicy = EQUAL
) -> Iterator[Piece[K, V]]:
    """Merge a stream of `(start, stop, value)`, sorted by start, left first.

    Touching items are joined where `same` allows it.  An overlapping item that says nothing new,
    because the policy calls it the same, is joined too; one that says something else is refused,
    because its rest might have to come out much later.  Under `ALWAYS` any overlap is joined.

        [-a-)[-a-)  [--a--)    [-a-)[-b-)
                      [--a--)
        [--------)  [-------)  [-a-)[-b-)

    Cost: O(1) an item, in time and memory; asks `same` once a border.  `yields` is not asked:
        what disappears was never in a list.
    Raises: OverlapError names both, for an overlap with another value, and for an item that is out
        of order (its space has already been passed); EmptySpanError; NanKeyError;
        UnorderedKeyError; what the hooks raise.

    Example:
        >>> list(coalesce_sorted([(0, 3, "a"), (3, 5, "a"), (4, 9, "a"), (9, 10, "b")]))
        [Piece(start=0, stop=9, value='a'), Piece(start=9, stop=10, value='b')]
    """
    hooks: Policy[K, V] = policy
    open_: Piece[K, V] | None = None
    newest: Piece[K, V] | None = None
    source: Iterable[Any] = items  # whatever unpacks will do
    for given in source:
        item: Piece[K, V] = _piece(given)
        check_span(item.start, item.stop)
        if open_ is None or newest is None:
            open_ = newest = item
            continue
        _check_order(newest, item)
        newest = item
        joined = _joined(open_, item, hooks)
        if joined is None:
            yield open_
            open_ = item
        else:
            open_ = joined
    if open_ is not None:
        yield open_


def _piece(item: Any) -> Piece[Any, Any]:
    """Read `(start, stop, value)`, a piece or a node, as a piece."""
    start, stop, value = item
    return Piece(start, stop, value)


def _check_order(newest: Piece[K, V], item: Piece[K, V]) -> None:
    try:
        sorted_ = not item.start < newest.start
    except (TypeError, ArithmeticError) as error:
        raise explain_key(error, item.start, newest.start) from error
    if not sorted_:
        raise OverlapError(f"{item!r} comes after {newest!r}, want items sorted by start")


def _joined(left: Piece[K, V], item: Piece[K, V], policy: Policy[K, V]) -> Piece[K, V] | None:
    """Return both as one, `None` if they are to stay apart."""
    #  aaaaaa-----------
    #  ------?---iiiiii-   a hole between them
    if left.stop < item.start:
        return None
    #  aaaaaa-----------
    #  ------iiiiii-----
    if not item.start < left.stop:
        if not policy.same(left, item):
            return None
        return Piece(left.start, item.stop, policy.merge(left, item))
    if left.stop < item.stop:
        #  aaaaaa-------
        #  ---iiiiii----   what sticks out has to continue what is there
        rest = trim(item, left.stop, item.stop, policy)
        if policy.same(left, rest):
            return Piece(left.start, item.stop, policy.merge(left, rest))
    elif _says_nothing_new(left, item, policy):
        return left
    raise OverlapError(f"{item!r} overlaps {left!r}, want an equal value or free space")


def _says_nothing_new(left: Piece[K, V], item: Piece[K, V], policy: Policy[K, V]) -> bool:
    """Ask as a write inside one node does, at the first border that is inside."""
    #  aaaaaaaaa
    #  ---iii---
    if left.start < item.start:
        return policy.same(trim(left, left.start, item.start, policy), item)
    #  aaaaaaaaa
    #  iiii-----
    if item.stop < left.stop:
        return policy.same(item, trim(left, item.stop, left.stop, policy))
    #  aaaaaaaaa
    #  iiiiiiiii
    return policy.same(left, item) and policy.same(item, left)


def cover(stream: Iterable[Interval[K, V]]) -> Iterator[tuple[K, K]]:
    """Yield the maximal covered spans as `(start, stop)`, whatever the values are.

    Here intervals may overlap, as long as they are sorted by start.

        [-a-)[-b-)  [-c-)
        [--------)  [---)

    Cost: two comparisons an interval.

    Example:
        >>> list(cover([Piece(0, 3, "a"), Piece(3, 5, "b"), Piece(7, 9, "c")]))
        [(0, 5), (7, 9)]
    """
    stretch: tuple[K, K] | None = None
    for piece in stream:
        if stretch is None:
            stretch = (piece.start, piece.stop)
        elif stretch[1] < piece.start:
            yield stretch
            stretch = (piece.start, piece.stop)
        elif stretch[1] < piece.stop:
            stretch = (stretch[0], piece.stop)
    if stretch is not None:
        yield stretch


def complement(
    stream: Iterable[Interval[K, V]], start: K | None = None, stop: K | None = None
) -> Iterator[Gap[K]]:
    """Yield the gaps inside a window; without a window, those between the first and the last.

    `NEG_INF` and `POS_INF` are window ends like any other.

        [-a-)[-b-)  [-c-)   |        the window ends behind c
                 [--)   [---)

    Cost: at most three comparisons an interval; reads nothing behind the window but one interval.
    Raises: EmptySpanError, at once, if the window is reversed; NanKeyError; UnorderedKeyError.

    Example:
        >>> list(complement([Piece(2, 3, "a"), Piece(5, 7, "b")], 0, 6))
        [Gap(start=0, stop=2), Gap(start=3, stop=5)]
    """
    check_window(start, stop)
    return _gaps(stream, start, stop)


def _gaps(stream: Iterable[Interval[K, V]], start: K | None, stop: K | None) -> Iterator[Gap[K]]:
    free = start  # all below is told, or covered
    for piece in stream:
        if stop is not None and not piece.start < stop:
            break
        if free is not None and free < piece.start:
            yield Gap(free, piece.start)
        if free is None or free < piece.stop:
            free = piece.stop
    if free is not None and stop is not None and free < stop:
        yield Gap(free, stop)


def clip(
    stream: Iterable[Interval[K, V]],
    start: K | None = None,
    stop: K | None = None,
    *,
    policy: Policy[Any, Any] = EQUAL,
) -> Iterator[Piece[K, V]]:
    """Yield what lies inside a window, cut at its ends; `None` is an open end.

             |  window  |
        [-a-)[-b-)  [-c-|-)
             [-b-)  [-c-)

    Cost: at most four comparisons an interval; reads nothing behind the window but one interval.
    Raises: EmptySpanError, at once, if the window is reversed; NanKeyError; UnorderedKeyError;
        what the `split` hook raises.

    Example:
        >>> list(clip([Piece(0, 3, "a"), Piece(5, 7, "b")], 2, 6))
        [Piece(start=2, stop=3, value='a'), Piece(start=5, stop=6, value='b')]
    """
    check_window(start, stop)
    return _clipped(stream, start, stop, policy)


def _clipped(
    stream: Iterable[Interval[K, V]], start: K | None, stop: K | None, policy: Policy[Any, Any]
) -> Iterator[Piece[K, V]]:
    for piece in stream:
        if stop is not None and not piece.start < stop:
            return
        if start is None or start < piece.stop:
            first = piece.start if start is None or start < piece.start else start
            last = piece.stop if stop is None or piece.stop < stop else stop
            if first < last:  # an empty window may lie inside a piece
                yield trim(piece, first, last, policy)


def trim(piece: Interval[K, V], start: K, stop: K, policy: Policy[Any, Any]) -> Piece[K, V]:
    """Return the part of `piece` from `start` to `stop`, its value cut by the `split` hook."""
    part: Piece[K, V] = Piece(piece.start, piece.stop, piece.value)
    if part.start < start:
        part = Piece(start, part.stop, policy.split(part, start)[1])
    if stop < part.stop:
        part = Piece(part.start, stop, policy.split(part, stop)[0])
    return part
