"""Walks that stay correct while the list is changed: the laws L1 to L20 of docs/walks.md.

    The place of a walk: direction, window, the extent [a, b) that it delivered last.
    The next step is a pure function of that and of the contents *now*.

The element walk (`walk`, rule R-anchor) yields live nodes.  Forward, with the window's clip:

    delivered [a, b)      some node still covers a:   go on with the first start > a
       ^a        ^b       no node covers a:           go on with the first start >= b

Backwards is the mirror image; there the anchor is the last point before b.

The coverage walk (`sweep`) yields pieces.  It keeps a frontier F: all space before it is done, and
the next piece is the first covered span behind it.

A node object is only a fast path.  A node with a border that is still *the very object* that was
delivered, and which has a successor, has not moved: its link is the answer.  Otherwise one search.
Walks are not registered, hold no weak references, and cost a mutation nothing.

Every walk is a generator, so it has `close()`; an empty window gives one that ends at once.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any

from rangelist.chain import Chain
from rangelist.keys import K, V
from rangelist.node import Node, Piece
from rangelist.policy import Policy
from rangelist.stream import part_of

__all__ = [
    "after_extent",
    "before_extent",
    "first_in",
    "items",
    "last_in",
    "sweep_backward",
    "sweep_forward",
    "walk_backward",
    "walk_forward",
]


# ---- the four questions a walk asks: pure functions of coordinates and contents ----------------


def first_in(chain: Chain[K, V], start: K | None) -> Node[K, V] | None:
    """Return the first node that ends behind the key `start`; with `None` the first of all."""
    if start is None:
        return chain.head
    node = chain.floor(start)
    if node is None:
        return chain.head
    # `node` is the answer if it covers start; if not, the next node begins behind start.
    return node if start < node._stop else node._next


def last_in(chain: Chain[K, V], stop: K | None) -> Node[K, V] | None:
    """Return the last node that starts before the key `stop`; with `None` the last of all."""
    return chain.tail if stop is None else chain.below(stop)


def after_extent(chain: Chain[K, V], a: K, b: K) -> Node[K, V] | None:
    """Return the node that follows the delivered extent [a, b): the rule R-anchor.

    anchor covered   ..[==a====]..[next]        a node that starts behind its cover
    anchor bare      ..    a    b [next]        all of [a, b) counts as done
    """
    cover = chain.floor(a)
    if cover is not None and a < cover._stop:
        return cover._next
    node = chain.below(b)
    return chain.head if node is None else node._next


def before_extent(chain: Chain[K, V], a: K, b: K) -> Node[K, V] | None:
    """Return the node that precedes the delivered extent [a, b): the mirror of `after_extent`."""
    cover = chain.below(b)
    if cover is None:
        return None
    if not cover._stop < b:
        return cover._prev
    node = chain.below(a)
    return node._prev if node is not None and a < node._stop else node


# ---- the walks ----------------------------------------------------------------------------------


def walk_forward(
    chain: Chain[K, V], lo: K | None, hi: K | None
) -> Generator[Node[K, V], None, None]:
    """Yield the nodes that meet the window [lo, hi), in order of start."""
    node = first_in(chain, lo)
    if lo is None and hi is None:
        # The same as below without the window's comparisons, for the commonest walk.
        a: Any = None  # both are set before they are used, which type checkers do not see
        b: Any = None
        while node is not None:
            while node is not None:  # as long as nothing moves
                a = node._start
                b = node._stop
                yield node
                if node._start is not a:
                    break
                node = node._next
            node = after_extent(chain, a, b)
        return
    while node is not None and (hi is None or node._start < hi):
        a, b = node._start, node._stop
        yield node
        following = node._next
        if following is None or node._start is not a or (lo is not None and node._stop is not b):
            # Moved, dead, or the tail: search the place by the clipped extent.  In a window the
            # anchor may be lo, and a node that kept its start may no longer cover lo.
            if lo is not None and a < lo:
                a = lo
            if hi is not None and hi < b:
                b = hi
            following = after_extent(chain, a, b)
        node = following


def walk_backward(
    chain: Chain[K, V], lo: K | None, hi: K | None
) -> Generator[Node[K, V], None, None]:
    """Yield the nodes that meet the window [lo, hi), last one first."""
    node = last_in(chain, hi)
    if lo is None and hi is None:
        a: Any = None
        b: Any = None
        while node is not None:
            while node is not None:
                a = node._start
                b = node._stop
                yield node
                if node._stop is not b:
                    break
                node = node._prev
            node = before_extent(chain, a, b)
        return
    while node is not None and (lo is None or lo < node._stop):
        a, b = node._start, node._stop
        yield node
        following = node._prev
        if following is None or node._stop is not b or (hi is not None and node._start is not a):
            if lo is not None and a < lo:
                a = lo
            if hi is not None and hi < b:
                b = hi
            following = before_extent(chain, a, b)
        node = following


def sweep_forward(
    chain: Chain[K, V], lo: K | None, hi: K | None, policy: Policy[K, V]
) -> Generator[Piece[K, V], None, None]:
    """Yield the covered spans of the window [lo, hi), each point at most once, in order.

    Where a node is clipped, the `split` hook cuts its value.
    """
    frontier = lo
    node = first_in(chain, lo)
    while node is not None and (hi is None or node._start < hi):
        start, stop = node._start, node._stop
        if frontier is not None and start < frontier:
            start = frontier
        frontier = stop
        if hi is not None and not stop < hi:
            yield part_of(node, start, hi, policy)
            return
        yield part_of(node, start, stop, policy)
        following = node._next
        node = (
            following
            if following is not None and node._stop is frontier
            else first_in(chain, frontier)
        )


def sweep_backward(
    chain: Chain[K, V], lo: K | None, hi: K | None, policy: Policy[K, V]
) -> Generator[Piece[K, V], None, None]:
    """Yield the same spans as `sweep_forward`, last piece first."""
    frontier = hi
    node = last_in(chain, hi)
    while node is not None and (lo is None or lo < node._stop):
        start, stop = node._start, node._stop
        if frontier is not None and frontier < stop:
            stop = frontier
        frontier = start
        if lo is not None and not lo < start:
            yield part_of(node, lo, stop, policy)
            return
        yield part_of(node, start, stop, policy)
        following = node._prev
        node = (
            following
            if following is not None and node._start is frontier
            else last_in(chain, frontier)
        )


def items(walk: Iterable[Node[K, V]]) -> Generator[tuple[K, K, V], None, None]:
    """Yield `(start, stop, value)` for each node of a walk, read when the node is delivered.

    Each step is one step of the walk, so all its laws hold.

    Cost: O(1) a step, as the walk.
    """
    for node in walk:
        yield node._start, node._stop, node._value
