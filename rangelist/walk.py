"""Walks that stay correct while the list is changed: laws L1 to L18 of docs/walks.md.

    A cursor is (direction, window, last delivered extent [a, b)).
    The next step is a pure function of that and of the contents *now*.

The element walk (`walk`, rule R-anchor) yields live nodes.  Forward, with the window's clip:

    delivered [a, b)      some node still covers a:   go on with the first start > a
       ^a        ^b       nothing covers a:           go on with the first start >= b

Backwards is the mirror image; there the anchor is the last point before b.

The coverage walk (`sweep`) yields pieces.  It keeps a frontier F: everything before it was
delivered or passed, and the next piece is the first covered span behind it.

Identity is only a fast path.  A node whose border is still *the very object* that was delivered,
and which has a successor, has not moved: its link is the answer.  Otherwise one search.
No registration, no weak reference, no cost to a mutation, any number of walks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rangelist.index import Index
from rangelist.keys import K, V
from rangelist.node import Node, Piece

__all__ = [
    "after_extent",
    "before_extent",
    "first_in",
    "last_in",
    "sweep_backward",
    "sweep_forward",
    "walk_backward",
    "walk_forward",
]


# ---- the four questions a walk asks: pure functions of coordinates and contents ----------------


def first_in(index: Index[K, V], start: K | None) -> Node[K, V] | None:
    """Return the first node that ends behind `start` (a key; `None`: the first of all)."""
    if start is None:
        return index.head
    node = index.floor(start)
    if node is None:
        return index.head
    # start inside the node: it is the one.  Behind it: the next one begins behind start.
    return node if start < node._stop else node._next


def last_in(index: Index[K, V], stop: K | None) -> Node[K, V] | None:
    """Return the last node that starts before `stop` (a key; `None`: the last of all)."""
    return index.tail if stop is None else index.below(stop)


def after_extent(index: Index[K, V], a: K, b: K) -> Node[K, V] | None:
    """Return the node that follows the delivered extent [a, b): the rule R-anchor.

    anchor covered   ..[==a====]..[next]        a node that starts behind its cover
    anchor bare      ..    a    b [next]        whatever is left of [a, b) counts as done
    """
    cover = index.floor(a)
    if cover is not None and a < cover._stop:
        return cover._next
    node = index.below(b)
    return index.head if node is None else node._next


def before_extent(index: Index[K, V], a: K, b: K) -> Node[K, V] | None:
    """Return the node that precedes the delivered extent [a, b): the mirror of `after_extent`."""
    cover = index.below(b)
    if cover is None:
        return None
    if not cover._stop < b:
        return cover._prev
    node = index.below(a)
    return node._prev if node is not None and a < node._stop else node


# ---- the walks ----------------------------------------------------------------------------------


def walk_forward(index: Index[K, V], lo: K | None, hi: K | None) -> Iterator[Node[K, V]]:
    """Yield the nodes that meet the window [lo, hi), in order of start."""
    node = first_in(index, lo)
    if lo is None and hi is None:
        # Only an optimisation of what follows, for the walk that everybody writes.
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
            node = after_extent(index, a, b)
        return
    while node is not None and (hi is None or node._start < hi):
        a, b = node._start, node._stop
        yield node
        following = node._next
        if following is None or node._start is not a or (lo is not None and node._stop is not b):
            # Moved, dead, or the tail: find the place again, by the clipped extent.  In a window
            # the anchor may be lo, which a node that kept its start need not cover any more.
            if lo is not None and a < lo:
                a = lo
            if hi is not None and hi < b:
                b = hi
            following = after_extent(index, a, b)
        node = following


def walk_backward(index: Index[K, V], lo: K | None, hi: K | None) -> Iterator[Node[K, V]]:
    """Yield the nodes that meet the window [lo, hi), last one first."""
    node = last_in(index, hi)
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
            node = before_extent(index, a, b)
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
            following = before_extent(index, a, b)
        node = following


def sweep_forward(index: Index[K, V], lo: K | None, hi: K | None) -> Iterator[Piece[K, V]]:
    """Yield what the window [lo, hi) holds, each point at most once, in order."""
    frontier = lo
    node = first_in(index, lo)
    while node is not None and (hi is None or node._start < hi):
        start, stop = node._start, node._stop
        if frontier is not None and start < frontier:
            start = frontier
        frontier = stop
        if hi is not None and not stop < hi:
            yield Piece(start, hi, node._value)
            return
        yield Piece(start, stop, node._value)
        following = node._next
        node = (
            following
            if following is not None and node._stop is frontier
            else first_in(index, frontier)
        )


def sweep_backward(index: Index[K, V], lo: K | None, hi: K | None) -> Iterator[Piece[K, V]]:
    """Yield what the window [lo, hi) holds, each point at most once, last piece first."""
    frontier = hi
    node = last_in(index, hi)
    while node is not None and (lo is None or lo < node._stop):
        start, stop = node._start, node._stop
        if frontier is not None and frontier < stop:
            stop = frontier
        frontier = start
        if lo is not None and not lo < start:
            yield Piece(lo, stop, node._value)
            return
        yield Piece(start, stop, node._value)
        following = node._prev
        node = (
            following
            if following is not None and node._start is frontier
            else last_in(index, frontier)
        )
