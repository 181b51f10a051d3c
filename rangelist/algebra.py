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
from typing import Any, Final, TypeAlias, TypeVar

from rangelist.keys import K, V, check_order, same_key, touching
from rangelist.node import Interval, Piece
from rangelist.policy import EQUAL, Policy
from rangelist.stream import Item, Row, cover, disjoint, trim

__all__ = [
    "DROP",
    "Drop",
    "both",
    "difference",
    "either",
    "intersection",
    "isdisjoint",
    "issubset",
    "one",
    "only_left",
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


# A stretch of keys without a border inside, and the intervals that cover it left and right.
Stretch: TypeAlias = tuple[K, K, Interval[K, V] | None, Interval[K, W] | None]


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
    return starmap(Piece, parts(left, right, either, policy))


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
    return starmap(Piece, parts(left, right, both, policy))


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
    return starmap(Piece, parts(left, right, only_left, policy))


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
    return starmap(Piece, parts(left, right, one, policy))


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
    for start, stop, ours, theirs in _stretches(disjoint(left), disjoint(right, left)):
        value = fn(
            None if ours is None else trim(ours, start, stop, policy),
            None if theirs is None else trim(theirs, start, stop, policy),
        )
        if not isinstance(value, Drop):
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
    for _start, _stop, ours, theirs in _stretches(covered(left), covered(right)):
        if ours is not None and theirs is not None:
            return False
    return True


def issubset(left: Iterable[Item[K, V]], right: Iterable[Item[K, W]]) -> bool:
    """Tell whether every key of `left` is in `right`.

    Cost: O(1) an interval; stops at the first key that is not.

    Example:
        >>> issubset([Piece(2, 7, "a")], [Piece(0, 5, "b"), Piece(5, 9, "c")])
        True
    """
    for _start, _stop, ours, theirs in _stretches(covered(left), covered(right)):
        if ours is not None and theirs is None:
            return False
    return True


def covered(stream: Iterable[Item[K, Any]]) -> Iterator[Piece[K, None]]:
    """Yield what a stream covers as pieces without a value."""
    for start, stop in cover(stream):
        yield Piece(start, stop, None)


def _stretches(
    left: Iterator[Interval[K, V]], right: Iterator[Interval[K, W]]
) -> Iterator[Stretch[K, V, W]]:
    """Cut the axis at every border of both streams; yield what is covered.

    [a, b) and [c, d) are what is still to be told of the two intervals that are read.
    """
    ours, a, b = _step(left)
    theirs, c, d = _step(right)
    if ours is not None and theirs is not None:
        check_order(a, c)
    while ours is not None and theirs is not None:
        #  [--a--)
        #          [--c--)
        if not c < b:
            yield a, b, ours, None
            ours, a, b = _step(left)
        #          [--a--)
        #  [--c--)
        elif not a < d:
            yield c, d, None, theirs
            theirs, c, d = _step(right)
        #  [--a------
        #       [--c--
        elif a < c:
            yield a, c, ours, None
            a = c
        #       [--a--
        #  [--c------
        elif c < a:
            yield c, a, None, theirs
            c = a
        #  [--a--)
        #  [--c-----
        elif b < d:
            yield a, b, ours, theirs
            c = b
            ours, a, b = _step(left)
        #  [--a-----
        #  [--c--)
        elif d < b:
            yield a, d, ours, theirs
            a = d
            theirs, c, d = _step(right)
        #  [--a--)
        #  [--c--)
        else:
            yield a, b, ours, theirs
            ours, a, b = _step(left)
            theirs, c, d = _step(right)
    # One of the two is at its end.
    yield from _rest(left, ours, a, b, True)
    yield from _rest(right, theirs, c, d, False)


def _step(stream: Iterator[Interval[K, V]]) -> tuple[Interval[K, V] | None, Any, Any]:
    """Return the next interval and its ends; at the end there is none."""
    piece = next(stream, None)
    return (None, None, None) if piece is None else (piece, piece.start, piece.stop)


def _rest(
    stream: Iterator[Interval[K, Any]],
    piece: Interval[K, Any] | None,
    start: Any,
    stop: Any,
    ours: bool,
) -> Iterator[Stretch[K, Any, Any]]:
    """Yield an interval, of which [start, stop) is left, and all that come after it."""
    while piece is not None:
        yield (start, stop, piece, None) if ours else (start, stop, None, piece)
        piece, start, stop = _step(stream)


def parts(
    left: Iterable[Item[K, Any]],
    right: Iterable[Item[K, Any]],
    choose: Callable[[Any, Any], Interval[K, Any] | None],
    policy: Policy[Any, Any],
) -> Iterator[Row[K, Any]]:
    """Yield the chosen side of every stretch; stretches of one interval that touch stay one.

    Rows are plain tuples, at half the cost of a `Piece`.
    """
    source: Interval[K, Any] | None = None
    begin: Any = None
    end: Any = None
    counts = choose is either or choose is one  # the values on the right do, not only its cover
    theirs_read = disjoint(right, left) if counts else covered(right)
    for start, stop, ours, theirs in _stretches(disjoint(left), theirs_read):
        chosen = choose(ours, theirs)
        if source is not None:
            if chosen is source and touching(end, start):
                end = stop
                continue
            yield _part(source, begin, end, policy)
        source, begin, end = chosen, start, stop
    if source is not None:
        yield _part(source, begin, end, policy)


def _part(
    source: Interval[K, Any], start: K, stop: K, policy: Policy[Any, Any]
) -> tuple[K, K, Any]:
    """Return a part of an interval; what is whole, to the very key objects, needs no comparison."""
    if policy._split is None or (start is source.start and stop is source.stop):
        return start, stop, source.value
    return trim(source, start, stop, policy)


def either(left: Any, right: Any) -> Any:
    """Choose what is there, the left one of two."""
    return right if left is None else left


def both(left: Any, right: Any) -> Any:
    """Choose the left one where there are two."""
    return None if right is None else left


def only_left(left: Any, right: Any) -> Any:
    """Choose the left one where it is alone."""
    return left if right is None else None


def one(left: Any, right: Any) -> Any:
    """Choose what is there alone."""
    if left is None:
        return right
    return left if right is None else None
