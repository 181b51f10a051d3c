"""Many items at once: the nodes that unsorted, overlapping items make, later ones on top.

items    [-----a------)             in this order
             [-b-)   [--c--)
         [a-)[-b-)[a-)[--c--)       1 the layers that are seen: sorted, disjoint
                                    2 joined where they touch and are the same
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
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
    try:
        if side_by_side(given):  # sorted already: nothing to sort, nothing to lay over another
            order = []
        else:
            order = sorted(range(len(given)), key=[item[0] for item in given].__getitem__)
    except TypeError as error:
        raise explain_key(error, given[0][0], given[-1][0]) from error
    in_order = [given[at] for at in order]
    if not order:
        seen: Iterable[Item[K, V]] = given
    elif side_by_side(in_order):
        seen = in_order
    else:
        seen = layers(in_order, order, policy)
    return joined(seen, policy)


def checked(items: Iterable[Any]) -> list[Item[K, V]]:
    """Return the items as tuples, each `start < stop`."""
    given: list[Item[K, V]] = []
    for start, stop, value in items:
        try:
            good = start < stop
        except (TypeError, ArithmeticError):
            good = False
        if not good:
            check_span(start, stop)
        given.append((start, stop, value))
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
    """
    begun: list[tuple[int, Item[K, V]]] = []  # the highest first; who has ended goes late
    at, count = 0, len(items)
    reached = items[0][0]
    while at < count or begun:
        if not begun:
            reached = items[at][0]
        while at < count and not reached < items[at][0]:
            heappush(begun, (-height[at], items[at]))
            at += 1
        top, whole = begun[0]
        until = whole[1]
        if not reached < until:
            heappop(begun)
            continue
        # It is seen until it ends, or until something higher begins.
        while at < count and items[at][0] < until:
            if -height[at] < top:
                until = items[at][0]
                break
            if whole[1] < items[at][1]:  # else nobody will ever see it
                heappush(begun, (-height[at], items[at]))
            at += 1
        if policy._split is None:
            yield reached, until, whole[2]
        else:
            piece = trim(Piece(whole[0], whole[1], whole[2]), reached, until, policy)
            yield piece.start, piece.stop, piece.value
        reached = until


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
