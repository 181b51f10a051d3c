"""Many items at once: the nodes that unsorted, overlapping items make, later ones on top.

items    [-----a------)             in this order
             [-b-)   [--c--)
         [a-)[-b-)[a-)[--c--)       1 the layers that are seen: sorted, disjoint
                                    2 joined where they touch and are the same
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any, TypeAlias

from rangelist.errors import OverlapError
from rangelist.keys import K, V, check_span, explain_key
from rangelist.node import Node, Piece
from rangelist.policy import Policy
from rangelist.stream import trim

__all__ = ["joined", "nodes_of"]

# (start, stop, value): half as dear to make as a `Piece`, and made once or twice an item.
Item: TypeAlias = tuple[K, K, V]


def nodes_of(items: Iterable[Any], policy: Policy[K, V]) -> list[Node[K, V]]:
    """Return the nodes, in order and in no list yet, that hold what is seen of the items.

    Touching pieces are joined from left to right.

    Cost: O(n log n) comparisons, O(n) memory.
    Raises: EmptySpanError; NanKeyError; UnorderedKeyError; what the hooks raise.
    """
    given: list[Item[K, V]] = checked(items)
    seen: Iterable[Item[K, V]] = given
    try:
        if not side_by_side(given):  # else there is nothing to sort
            starts = list(map(itemgetter(0), given))
            order = sorted(range(len(given)), key=starts.__getitem__)
            seen = in_order = list(map(given.__getitem__, order))
            if not side_by_side(in_order):
                seen = layers(in_order, order, policy)
    except TypeError as error:
        raise explain_key(error, given[0][0], given[-1][0]) from error
    return joined(seen, policy)


def checked(items: Iterable[Any]) -> list[Item[K, V]]:
    """Return the items as tuples, each `start < stop`."""
    given: list[Any] = []  # Any, or the compiled build makes each tuple anew
    for item in items:
        start, stop, value = item
        try:
            good = start < stop
        except (TypeError, ArithmeticError):
            good = False
        if not good:
            check_span(start, stop)
        given.append(item if item.__class__ is tuple else (start, stop, value))
    return given


def side_by_side(items: list[Item[K, V]]) -> bool:
    """Tell whether each item begins where the one before has ended, or later."""
    reached = items[0][1] if items else None
    for start, stop, _ in items[1:]:
        if start < reached:
            return False
        reached = stop
    return True


def layers(
    items: list[Item[K, V]], height: list[int], policy: Policy[K, V]
) -> Iterator[Item[K, V]]:
    """Yield the seen parts of items in order of start; the higher one hides the lower.

    Touching parts are not joined.  An item is cut by the `split` hook, as often as it is covered
    and comes out again.

    Who lies under a higher one that ends later is never seen.  The others over a key form stairs,
    and the last of them is seen.  There are few, where heights are as random as spans are; at the
    worst each item moves all of them, which no comparison tells:

        heights rise   [---------------------------2----)
                         [-----------------5-----)          stops fall
                           [----------7---)
                                  ^reached
    """
    heights: list[int] = []
    stairs: list[Item[K, V]] = []
    reached = items[0][0]
    for h, item in zip(height, items, strict=True):
        start, stop, _ = item
        while stairs and not start < stairs[-1][1]:  # the top ends first, and then the next ...
            top = stairs.pop()
            heights.pop()
            yield seen_of(top, reached, top[1], policy)
            reached = top[1]
        above = bisect_left(heights, h)
        if above == len(stairs):  # it is the new top
            if stairs and reached < start:
                yield seen_of(stairs[-1], reached, start, policy)
            reached = start
        elif not stairs[above][1] < stop:
            continue  # the one above it hides it to its end
        below = above
        while below and not stop < stairs[below - 1][1]:
            below -= 1  # and it hides this one
        heights[below:above] = [h]
        stairs[below:above] = [item]
    while stairs:
        top = stairs.pop()
        yield seen_of(top, reached, top[1], policy)
        reached = top[1]


def seen_of(item: Item[K, V], start: K, stop: K, policy: Policy[K, V]) -> Item[K, V]:
    """Return the part [start, stop) of an item."""
    if policy._split is None:
        return start, stop, item[2]
    return trim(Piece(*item), start, stop, policy)


def joined(
    items: Iterable[Item[K, V]] | Iterable[Piece[K, V]], policy: Policy[K, V]
) -> list[Node[K, V]]:
    """Return sorted, disjoint items as nodes; where they touch and are the same, as one.

    [-a-)[-a-)[-b-)  [-b-)
    [----a---)[-b-)  [-b-)

    Raises: OverlapError, if they are not sorted or not disjoint; errors as `nodes_of`.
    """
    nodes: list[Node[K, V]] = []
    node: Node[K, V] | None = None
    for start, stop, value in items:
        if not start < stop:
            check_span(start, stop)
        if node is not None and not node._stop < start:
            if start < node._stop:
                raise OverlapError(
                    f"[{start!r}, {stop!r}) comes after {tuple(node)!r}, want free space"
                )
            if policy.alike(node._start, start, node._value, stop, value):
                if policy._merge is not None:
                    left = Piece(node._start, node._stop, node._value)
                    node._value = policy.merge(left, Piece(start, stop, value))
                node._stop = stop
                continue
        node = Node(start, stop, value)
        nodes.append(node)
    return nodes
