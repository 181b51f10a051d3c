"""The algebra of points: two streams of items in, one out.

Everything here is lazy, reads one item ahead on each side and holds no more.  An item stays whole
wherever the answer allows it, and is cut by the `split` hook of the policy where not.  Touching
pieces of an answer are not joined: `coalesce_sorted` does that.

If the values of an operand are used, it must be sorted and disjoint.  If only its cover is used, it
may overlap itself, as a bag does.  An operand that is not sorted gets `OverlapError` in both cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from itertools import starmap
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

from rangelist.keys import K, V, check_order, same_key
from rangelist.node import Node, Piece
from rangelist.policy import EQUAL, Policy, check_hook, policy_given
from rangelist.stream import Item, Row, cover, covered, disjoint, part_of

__all__ = [
    "DROP",
    "Drop",
    "Pick",
    "difference",
    "intersection",
    "isdisjoint",
    "issubset",
    "overlay",
    "parts",
    "same_points",
    "symmetric_difference",
    "union",
]

W = TypeVar("W")
R = TypeVar("R")


class Drop(Enum):
    """The type of `DROP`: an enum, so that `is DROP` narrows and pickle keeps the identity."""

    DROP = "DROP"

    def __repr__(self) -> str:
        return self.name


DROP: Final = Drop.DROP  # in place of a value: leave a hole here


class Pick(NamedTuple):
    """What an operator keeps: of the left operand, of its parts under the right one, of the right.

    left      [-----a-----)
    right           [-----b-----)
              alone  both  extra          where both are it is always the left one
    """

    alone: bool
    both: bool
    extra: bool


EITHER: Final = Pick(True, True, True)
BOTH: Final = Pick(False, True, False)
ONLY_LEFT: Final = Pick(True, False, False)
ONE: Final = Pick(True, False, True)

# A stretch of keys without a border inside, and the nodes that cover it left and right.
Stretch: TypeAlias = tuple[K, K, Node[K, V] | None, Node[K, W] | None]


def union(
    left: Iterable[Item[K, V]],
    right: Iterable[Item[K, W]],
    *,
    policy: Policy[Any, Any] = EQUAL,
) -> Iterator[Piece[K, V | W]]:
    """Yield all of `left`, and of `right` what `left` leaves free.

        left    [--a--)   [--b--)
        right     [-----c-----)  [-d-)
                [--a--)[-c)[--b--)[-d-)

    Cost: O(1) a piece, in time and memory.
    Raises: what the `split` hook raises.

    Example:
        >>> list(union([Piece(0, 5, "a")], [Piece(3, 9, "b")]))
        [Piece(start=0, stop=5, value='a'), Piece(start=5, stop=9, value='b')]
    """
    return starmap(Piece, parts(disjoint(left), disjoint(right, left), EITHER, policy))


def intersection(
    left: Iterable[Item[K, V]],
    right: Iterable[Item[K, W]],
    *,
    policy: Policy[Any, Any] = EQUAL,
) -> Iterator[Piece[K, V]]:
    """Yield what is in both, with the values of `left`, cut only where `right` has holes.

        left    [------a------)[--b--)
        right      [-c-)[-d-)    [-e-)
                   [---a----)    [-b-)      no border where c touches d

    Cost: O(1) a piece, in time and memory.
    Raises: what the `split` hook raises.

    Example:
        >>> list(intersection([Piece(0, 9, "a")], [Piece(1, 3, "x"), Piece(3, 5, "y")]))
        [Piece(start=1, stop=5, value='a')]
    """
    return starmap(Piece, parts(disjoint(left), covered(right), BOTH, policy))


def difference(
    left: Iterable[Item[K, V]],
    right: Iterable[Item[K, W]],
    *,
    policy: Policy[Any, Any] = EQUAL,
) -> Iterator[Piece[K, V]]:
    """Yield of `left` what `right` leaves free.

        left    [-----a-----)  [-b-)
        right      [-c-)         [-d-)
                [-a)   [-a--)  [b)

    Cost: O(1) a piece, in time and memory.
    Raises: what the `split` hook raises.

    Example:
        >>> list(difference([Piece(0, 9, "a")], [Piece(3, 5, "x")]))
        [Piece(start=0, stop=3, value='a'), Piece(start=5, stop=9, value='a')]
    """
    return starmap(Piece, parts(disjoint(left), covered(right), ONLY_LEFT, policy))


def symmetric_difference(
    left: Iterable[Item[K, V]],
    right: Iterable[Item[K, W]],
    *,
    policy: Policy[Any, Any] = EQUAL,
) -> Iterator[Piece[K, V | W]]:
    """Yield what is in one of the two and not in the other, with the value that was there.

        left    [--a--)
        right      [--b--)
                [-a)   [b)

    Cost: O(1) a piece, in time and memory.
    Raises: what the `split` hook raises.

    Example:
        >>> list(symmetric_difference([Piece(0, 5, "a")], [Piece(3, 9, "b")]))
        [Piece(start=0, stop=3, value='a'), Piece(start=5, stop=9, value='b')]
    """
    return starmap(Piece, parts(disjoint(left), disjoint(right, left), ONE, policy))


def overlay(
    left: Iterable[Item[K, V]],
    right: Iterable[Item[K, W]],
    fn: Callable[[Piece[K, V] | None, Piece[K, W] | None], R | Drop],
    *,
    policy: Policy[Any, Any] = EQUAL,
) -> Iterator[Piece[K, R]]:
    """Yield `fn(left piece, right piece)` for every stretch between two borders of either.

    `fn` gets `None` for a side that covers nothing there, never for both; `DROP` leaves a hole.

        left    [--a--)
        right      [--b--)
                [a)[ab)[b)

    Cost: O(1) a stretch, in time and memory.
    Raises: what `fn` and the `split` hook raise.

    Example:
        >>> left, right = [Piece(0, 5, "a")], [Piece(3, 9, "b")]
        >>> list(overlay(left, right, lambda a, b: a.value + b.value if a and b else DROP))
        [Piece(start=3, stop=5, value='ab')]
    """
    check_hook("fn", fn)
    policy = policy_given(policy)
    for start, stop, ours, theirs in _stretches(disjoint(left), disjoint(right, left)):
        value = fn(
            None if ours is None else part_of(ours, start, stop, policy),
            None if theirs is None else part_of(theirs, start, stop, policy),
        )
        if value is not DROP:
            yield Piece(start, stop, value)


def same_points(left: Iterable[Item[K, V]], right: Iterable[Item[K, W]]) -> bool:
    """Tell whether both cover the same keys, wherever they are cut and whatever the values are.

    Cost: O(1) an interval; stops at the first difference.

    Example:
        >>> same_points([Piece(0, 9, "a")], [Piece(0, 5, "b"), Piece(5, 9, "c")])
        True
    """
    ours, theirs = cover(left), cover(right)
    while True:
        mine, other = next(ours, None), next(theirs, None)
        if mine is None or other is None:
            return mine is None and other is None
        check_order(mine[0], other[0])
        if not (same_key(mine[0], other[0]) and same_key(mine[1], other[1])):
            return False


def isdisjoint(left: Iterable[Item[K, V]], right: Iterable[Item[K, W]]) -> bool:
    """Tell whether no key is in both.

    Cost: O(1) an interval; stops at the first such key.

    Example:
        >>> isdisjoint([Piece(0, 5, "a")], [Piece(5, 9, "b")])
        True
    """
    return next(parts(covered(left), covered(right), BOTH, EQUAL), None) is None


def issubset(left: Iterable[Item[K, V]], right: Iterable[Item[K, W]]) -> bool:
    """Tell whether every key of `left` is in `right`.

    Cost: O(1) an interval; stops at the first key that is not.

    Example:
        >>> issubset([Piece(2, 7, "a")], [Piece(0, 5, "b"), Piece(5, 9, "c")])
        True
    """
    return next(parts(covered(left), covered(right), ONLY_LEFT, EQUAL), None) is None


def _stretches(
    left: Iterator[Node[K, V]], right: Iterator[Node[K, W]]
) -> Iterator[Stretch[K, V, W]]:
    """Cut the axis at every border of both streams; yield what is covered.

    [a, b) and [c, d) are what is still to be told of the two nodes that are read.  A stretch begins
    at the first key of both and ends at the next border.
    """
    ours, a, b = _step(left)
    theirs, c, d = _step(right)
    if ours is not None and theirs is not None:
        check_order(a, c)
    while ours is not None or theirs is not None:
        #  [--a---      [--a---            [--a---
        #     [--c---   [--c---      [--c---
        mine = None if ours is None or (theirs is not None and c < a) else ours
        other = None if theirs is None or (ours is not None and a < c) else theirs
        start = c if mine is None else a
        if mine is None:
            stop = d if ours is None or not a < d else a
        elif other is None:
            stop = b if theirs is None or not c < b else c
        else:
            stop = b if b < d else d  # noqa: FURB136 - min would ask `>`
        yield start, stop, mine, other
        if mine is not None:
            a = stop
            if not a < b:
                ours, a, b = _step(left)
        if other is not None:
            c = stop
            if not c < d:
                theirs, c, d = _step(right)


def _step(stream: Iterator[Node[K, V]]) -> tuple[Node[K, V] | None, Any, Any]:
    """Return the next node and its ends; at the end there is none."""
    node = next(stream, None)
    return (None, None, None) if node is None else (node, node._start, node._stop)


def parts(  # noqa: C901, PLR0912  a call for each row would cost as much as all the rest
    left: Iterator[Node[K, Any]],
    right: Iterator[Node[K, Any]],
    pick: Pick,
    policy: Policy[Any, Any],
) -> Iterator[Row[K, Any]]:
    """Yield what an operator keeps of two streams of nodes, in order, as rows.

    [a, b) and [c, d) are what is still to be told of the two nodes that are read.  Parts of one
    node that touch are one row.  Rows are plain tuples, at half the cost of a `Piece`.
    """
    alone, both, extra = pick
    plain = policy_given(policy)._split is None  # then a part has the value of its node
    mine = next(left, None)
    other, c, d = _step(right)
    if mine is not None and other is not None:
        check_order(mine._start, c)
    while mine is not None:
        a: Any = mine._start
        b: Any = mine._stop
        low: Any = None  # if only parts under the right operand are told: where such a part began
        while other is not None and c < b:
            #            [--a--)
            #  [--c--)
            if not a < d:
                if extra:
                    yield (c, d, other._value) if plain else part_of(other, c, d, policy)
            else:
                begin = a
                #  [--a------
                #       [--c--
                if a < c:
                    begin = c
                    if low is not None:
                        yield (low, a, mine._value) if plain else part_of(mine, low, a, policy)
                        low = None
                    elif not both:
                        yield (a, c, mine._value) if plain else part_of(mine, a, c, policy)
                #       [--a--
                #  [--c------
                elif extra and c < a:
                    yield (c, a, other._value) if plain else part_of(other, c, a, policy)
                if not (alone and both):  # else it stays whole
                    a = d
                    if both and low is None:
                        low = begin
                if b < d:
                    c = b
                    break
            other = next(right, None)
            if other is not None:
                c, d = other._start, other._stop
        if not alone:
            a, b = low, a if a < b else b  # noqa: FURB136 - min would ask `>`
        if low is not None or (alone and a < b):
            yield (a, b, mine._value) if plain else part_of(mine, a, b, policy)
        mine = next(left, None)
    while other is not None:
        if extra:
            yield (c, d, other._value) if plain else part_of(other, c, d, policy)
        other, c, d = _step(right)
