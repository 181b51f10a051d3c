"""Many items at once: the layers that unsorted, overlapping items make, as one sorted stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import Any

from rangelist.keys import K, V, check_span, explain_key
from rangelist.node import Piece
from rangelist.policy import Policy
from rangelist.stream import trim

__all__ = ["as_items", "layers"]


def as_items(items: Iterable[Any]) -> list[Piece[K, V]]:
    """Return the items as checked pieces.

    Raises: EmptySpanError; NanKeyError; UnorderedKeyError.
    """
    pieces: list[Piece[K, V]] = []
    for item in items:
        start, stop, value = item
        check_span(start, stop)
        pieces.append(Piece(start, stop, value))
    return pieces


def layers(items: list[Piece[K, V]], policy: Policy[K, V]) -> Iterator[Piece[K, V]]:
    """Yield what is seen when items are laid over each other, later ones on top.

        items    [-----a------)             in this order
                     [-b-)   [--c--)
                 [a-)[-b-)[a-)[--c--)       sorted, disjoint

    Touching pieces are not joined.  A piece is cut by the `split` hook, as often as it is covered
    and comes out again.

    Cost: O(n log n) comparisons, O(n) memory.
    """
    try:
        order = sorted(range(len(items)), key=[item.start for item in items].__getitem__)
    except TypeError as error:
        raise explain_key(error, items[0].start, items[-1].start) from error
    yield from lay_over([items[at] for at in order], order, policy)


def lay_over(
    items: list[Piece[K, V]], height: list[int], policy: Policy[K, V]
) -> Iterator[Piece[K, V]]:
    """Yield the seen parts of items in order of start; the higher one hides the lower."""
    begun: list[tuple[int, Piece[K, V]]] = []  # the highest first; who has ended goes late
    at = 0
    if not items:
        return
    reached = items[0].start
    while at < len(items) or begun:
        if not begun:
            reached = items[at].start
        while at < len(items) and not reached < items[at].start:
            heappush(begun, (-height[at], items[at]))
            at += 1
        top = begun[0][1]
        if not reached < top.stop:
            heappop(begun)
            continue
        # It is seen until it ends, or until something higher begins.
        while at < len(items) and items[at].start < top.stop and height[at] < -begun[0][0]:
            heappush(begun, (-height[at], items[at]))
            at += 1
        covered = at < len(items) and items[at].start < top.stop
        until = items[at].start if covered else top.stop
        yield trim(top, reached, until, policy)
        reached = until
