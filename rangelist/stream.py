"""One stream of items: read it, merge it, clip it, tell what it covers and what it leaves free.

A stream is any iterable of items in key order: a list, a walk, tuples, a file.  Everything here
reads one item ahead and holds no more, so it works on streams larger than memory.

    item       a node, a piece, a tuple (start, stop, value), a pair (start, stop) with value None
    disjoint   the items of a stream that may not overlap; OverlapError if they do
    cover      the spans of a stream that may; OverlapError if it is not sorted by start

Touching pieces of an answer are not joined here: `joined` does that (bulk.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeAlias

from rangelist.chain import Chain
from rangelist.door import PLAIN
from rangelist.errors import ItemError, LengthError, NanKeyError, OptionError, OverlapError
from rangelist.keys import (
    COMPARE_ERRORS,
    K,
    V,
    check_key,
    check_span,
    check_window,
    explain_key,
    is_nan,
)
from rangelist.keys import distance as length_between
from rangelist.node import Gap, Interval, Node, Piece
from rangelist.policy import APART, EQUAL, Policy, StockPolicy, policy_given

__all__ = [
    "Item",
    "Row",
    "check_first",
    "check_reach",
    "clip",
    "coalesce_sorted",
    "comes_after",
    "complement",
    "cover",
    "covered",
    "disjoint",
    "first_of",
    "near",
    "part_of",
    "row_of",
    "trim",
]

# What gives a span and a value, and what it is read as.
Item: TypeAlias = Interval[K, V] | tuple[K, K, V] | tuple[K, K]
Row: TypeAlias = tuple[K, K, V]


# ---- reading items ------------------------------------------------------------------------------


def row_of(item: Any) -> Any:
    """Return an item as a tuple (start, stop, value); the value of a pair is `None`.

    Raises: ItemError, if it is none.
    """
    given: object = item
    if isinstance(given, Node):
        return item._start, item._stop, item._value
    if isinstance(given, (tuple, list)):
        parts: tuple[Any, ...] = tuple(item)  # the same object, if it is a tuple
        if len(parts) == 3:
            return parts
        if len(parts) == 2:
            return parts[0], parts[1], None
    elif hasattr(item, "start") and hasattr(item, "stop"):
        return item.start, item.stop, getattr(item, "value", None)
    raise ItemError(f"{item!r} is no item, want (start, stop, value), (start, stop) or a node")


def trusted(items: object) -> bool:
    """Tell whether this is a list: its nodes are known to be sorted and disjoint."""
    chain = getattr(items, "_chain", None)
    return isinstance(chain, Chain) and not chain.overlapping


def disjoint(items: Iterable[Any], beside: Iterable[Any] = ()) -> Iterator[Node[Any, Any]]:
    """Return the items of a stream as nodes that are sorted and do not overlap.

    Their keys must be able to stand beside those of the intervals `beside`.

    Raises: OverlapError, which names the item that comes too late; EmptySpanError; ItemError.
    """
    if not trusted(items):
        return _disjoint(items, first_of(beside))
    check_first(items, beside)
    return iter(items)


def check_first(items: Any, beside: Iterable[Any]) -> None:
    """Refuse a list of keys of another time zone than those of other items."""
    head = items._chain.head
    if head is not None and type(head._start) not in PLAIN:
        check_key(head._start, first_of(beside))


def first_of(items: Iterable[Any]) -> list[Piece[Any, Any]]:
    """Return the first of some items: its time zone is that of all.

    There is none where reading it would take it away: such a stream compares its own keys with the
    other items, one by one.
    """
    if isinstance(items, Iterator):
        return []
    return [Piece(*row_of(item)) for item in islice(items, 1)]


def _disjoint(items: Iterable[Any], beside: Iterable[Any]) -> Iterator[Node[Any, Any]]:
    reached: Any = None
    node: Node[Any, Any] | None = None
    for item in items:
        start, stop, value = row_of(item)
        try:  # most are fine, which three questions tell without a call
            fine = type(start) in PLAIN and (start < stop) is True
            fine = fine and (node is None or (start < reached) is False)
        except COMPARE_ERRORS as error:
            check_span(start, stop, beside)
            raise explain_key(error, start, stop if node is None else reached) from error
        if not fine:
            check_span(start, stop, beside)
            if node is not None and _less(start, reached):
                raise comes_after(start, stop, node)
        node, reached = Node(start, stop, value), stop
        yield node


def comes_after(start: K, stop: K, before: Iterable[Any]) -> OverlapError:
    """Return the error for an item that is out of order, or overlaps the one before."""
    return OverlapError(f"[{start!r}, {stop!r}) comes after {tuple(before)!r}, want free space")


def covered(items: Iterable[Any]) -> Iterator[Node[Any, Any]]:
    """Return disjoint nodes that cover what a stream covers, whatever the values are.

    Raises: errors as `cover`.
    """
    return iter(items) if trusted(items) else _covered(items)


def _covered(items: Iterable[Any]) -> Iterator[Node[Any, Any]]:
    # No generator expression: compiled, that is a list, and a stream may be endless.
    spans: Iterator[tuple[Any, Any]] = cover(items)
    for start, stop in spans:
        yield Node(start, stop, None)


def _less(key: Any, other: Any) -> bool:
    """Tell whether `key < other`; explain keys that have no order."""
    try:
        return bool(key < other)
    except COMPARE_ERRORS as error:
        raise explain_key(error, key, other) from error


def cover(stream: Iterable[Item[K, V]]) -> Iterator[tuple[K, K]]:
    """Yield the maximal covered spans of a stream as `(start, stop)`, whatever the values are.

    Items may overlap here, as long as they are sorted by start.

        [-a-)[-b-)  [-c-)
        [--------)  [---)

    Cost: at most four comparisons an item.
    Raises: OverlapError, if an item is out of order; EmptySpanError; ItemError.

    Example:
        >>> list(cover([(0, 3, "a"), (3, 5, "b"), (7, 9, "c")]))
        [(0, 5), (7, 9)]
    """
    known = trusted(stream)
    before: Any = None
    low: Any = None
    high: Any = None
    for item in stream:
        start, stop, _ = row_of(item)
        if not known:
            check_span(start, stop)
            if before is not None and _less(start, before[0]):
                raise OverlapError(
                    f"[{start!r}, {stop!r}) comes after {before!r}, want items sorted by start"
                )
            before = start, stop
        if low is None:
            low, high = start, stop
        elif high < start:
            yield low, high
            low, high = start, stop
        elif high < stop:
            high = stop
    if low is not None:
        yield low, high


def near(stop: K, start: K, reach: Any) -> bool:
    """Tell whether neighbours touch, or are no farther apart than `reach`."""
    # The same key object on both sides needs no comparison: it is a cut made just now.
    if stop is start or not stop < start:
        return True
    return reach is not None and not reach < length_between(stop, start)


def check_reach(reach: Any) -> None:
    """Refuse a distance that is negative or no key difference; `None` is none.

    Raises: NanKeyError; LengthError; OptionError.
    """
    if reach is None:
        return
    if is_nan(reach):
        raise NanKeyError(f"distance is {reach!r}, want a key difference from zero on")
    try:
        negative = reach < reach - reach
    except COMPARE_ERRORS as error:
        raise LengthError(f"distance is {reach!r} ({error}), want a key difference") from error
    if negative:
        raise OptionError(f"distance is {reach!r}, want a key difference from zero on")


# ---- one stream ---------------------------------------------------------------------------------


def coalesce_sorted(
    items: Iterable[Item[K, V]],
    policy: Policy[K, V] | StockPolicy = EQUAL,
    *,
    distance: Any = None,
) -> Iterator[Piece[K, V]]:
    """Merge a stream of items, sorted by start, left first.

    Touching items are joined where the policy calls them the same, with a `distance` also those at
    most that far apart.  An overlapping item is joined if it says the same; one that says something
    else is refused, because its rest might have to come out much later.  Under `ALWAYS` any overlap
    is joined.

        [-a-)[-a-)  [--a--)    [-a-)[-b-)
                      [--a--)
        [--------)  [-------)  [-a-)[-b-)

    Cost: O(1) an item, in time and memory; asks `same` once a border.  `yields` is not asked:
        an item that disappears was never in a list.
    Raises: OverlapError names both, for an overlap with another value, and for an item that is out
        of order (its space has already been passed); EmptySpanError; NanKeyError;
        UnorderedKeyError; OptionError, if the distance is negative; what the hooks raise.

    Example:
        >>> list(coalesce_sorted([(0, 3, "a"), (3, 5, "a"), (4, 9, "a"), (9, 10, "b")]))
        [Piece(start=0, stop=9, value='a'), Piece(start=9, stop=10, value='b')]
        >>> list(coalesce_sorted([(0, 3), (5, 8), (20, 30)], distance=2))
        [Piece(start=0, stop=8, value=None), Piece(start=20, stop=30, value=None)]
    """
    hooks: Policy[K, V] = policy_given(policy)
    check_reach(distance)
    return _coalesced(items, hooks, distance)


def _coalesced(items: Iterable[Any], hooks: Policy[K, V], reach: Any) -> Iterator[Piece[K, V]]:
    open_: Piece[K, V] | None = None
    newest: Piece[K, V] | None = None
    for given in items:
        item: Piece[K, V] = Piece(*row_of(given))
        check_span(item.start, item.stop)
        if open_ is None or newest is None:
            open_ = newest = item
            continue
        if _less(item.start, newest.start):
            raise OverlapError(f"{item!r} comes after {newest!r}, want items sorted by start")
        newest = item
        joined = _joined(open_, item, hooks, reach)
        if joined is None:
            yield open_
            open_ = item
        else:
            open_ = joined
    if open_ is not None:
        yield open_


def _joined(
    left: Piece[K, V], item: Piece[K, V], policy: Policy[K, V], reach: Any
) -> Piece[K, V] | None:
    """Return both as one, `None` if they are to stay apart."""
    start, stop, value = item
    #  aaaaaa-----------
    #  ------?---iiiiii-   a hole between them, which `reach` may bridge
    #  aaaaaa-----------
    #  ------iiiiii-----
    if not start < left.stop:
        if not near(left.stop, start, reach):
            return None
        answer = policy.join(*left[:2], left.value, start, stop, value)
        return None if answer is APART else Piece(left.start, stop, answer)
    #  aaaaaa-------
    #  ---iiiiii----   what sticks out has to continue what is there
    if left.stop < stop:
        rest = trim(item, left.stop, stop, policy)
        answer = policy.join(left.start, left.stop, left.value, left.stop, stop, rest.value)
        if answer is not APART:
            return Piece(left.start, stop, answer)
    elif _says_the_same(left, item, policy):
        return left
    raise OverlapError(f"{item!r} overlaps {left!r}, want an equal value or free space")


def _says_the_same(left: Piece[K, V], item: Piece[K, V], policy: Policy[K, V]) -> bool:
    """Ask at the first border of an item inside another one, and both ways if it has none."""
    a, b, mine = left
    c, d, value = item
    #  aaaaaaaaa
    #  ---iii---
    if a < c:
        return policy.join(a, c, trim(left, a, c, policy).value, c, d, value) is not APART
    #  aaaaaaaaa
    #  iiii-----
    if d < b:
        return policy.join(c, d, value, d, b, trim(left, d, b, policy).value) is not APART
    #  aaaaaaaaa
    #  iiiiiiiii
    ahead = policy.join(a, b, mine, c, d, value) is not APART
    return ahead and policy.join(c, d, value, a, b, mine) is not APART


def complement(
    stream: Iterable[Item[K, V]], start: K | None = None, stop: K | None = None
) -> Iterator[Gap[K]]:
    """Yield the gaps inside a window; without a window, those between the first and the last.

    `NEG_INF` and `POS_INF` are window ends like any other.

        [-a-)[-b-)  [-c-)   |        the window ends behind c
                 [--)   [---)

    Cost: at most three comparisons an item; reads one item behind the window.
    Raises: EmptySpanError, at once, if the window is reversed; NanKeyError; UnorderedKeyError.

    Example:
        >>> list(complement([(2, 3, "a"), (5, 7, "b")], 0, 6))
        [Gap(start=0, stop=2), Gap(start=3, stop=5)]
    """
    check_window(start, stop)
    return _gaps(stream, start, stop)


def _gaps(stream: Iterable[Any], start: K | None, stop: K | None) -> Iterator[Gap[K]]:
    free = start  # all below is told, or covered
    for item in stream:
        low, high, _ = row_of(item)
        if stop is not None and not low < stop:
            break
        if free is not None and free < low:
            yield Gap(free, low)
        if free is None or free < high:
            free = high
    if free is not None and stop is not None and free < stop:
        yield Gap(free, stop)


def clip(
    stream: Iterable[Item[K, V]],
    start: K | None = None,
    stop: K | None = None,
    *,
    policy: Policy[Any, Any] = EQUAL,
) -> Iterator[Piece[K, V]]:
    """Yield what lies inside a window, cut at its ends; `None` is an open end.

             |  window  |
        [-a-)[-b-)  [-c-|-)
             [-b-)  [-c-)

    Cost: at most four comparisons an item; reads one item behind the window.
    Raises: EmptySpanError, at once, if the window is reversed; NanKeyError; UnorderedKeyError;
        what the `split` hook raises.

    Example:
        >>> list(clip([(0, 3, "a"), (5, 7, "b")], 2, 6))
        [Piece(start=2, stop=3, value='a'), Piece(start=5, stop=6, value='b')]
    """
    check_window(start, stop)
    return _clipped(stream, start, stop, policy)


def _clipped(
    stream: Iterable[Any], start: K | None, stop: K | None, policy: Policy[Any, Any]
) -> Iterator[Piece[K, V]]:
    for item in stream:
        piece: Piece[K, V] = Piece(*row_of(item))
        if stop is not None and not piece.start < stop:
            return
        if start is None or start < piece.stop:
            first = piece.start if start is None or start < piece.start else start
            last = piece.stop if stop is None or piece.stop < stop else stop
            if first < last:  # an empty window may lie inside a piece
                yield trim(piece, first, last, policy)


def trim(piece: Interval[K, V], start: K, stop: K, policy: Policy[Any, Any]) -> Piece[K, V]:
    """Return the part of `piece` from `start` to `stop`, its value cut by the `split` hook."""
    first, last, value = piece.start, piece.stop, piece.value
    if first < start:
        value = policy.cut(first, start, last, value)[1]
        first = start
    if stop < last:
        value = policy.cut(first, stop, last, value)[0]
        last = stop
    return Piece(first, last, value)


def part_of(node: Node[K, V], start: K, stop: K, policy: Policy[K, V]) -> Piece[K, V]:
    """Return the part of a node from `start` to `stop`, its value cut by the `split` hook.

    The default hook keeps the value, so without a hook no border is compared.
    """
    if policy._split is None or (start is node._start and stop is node._stop):
        return Piece(start, stop, node._value)
    return trim(node, start, stop, policy)
