"""The commonest writes in one search: only optimisations.

Without this module every result would be the same, and a write three times as slow: `set` and
`remove` try these first, and take the long way through plan.py when the answer is "not mine"
(`None`).  That is decided before any hook is asked, so no question is put twice.

They are theirs only while nobody wants a record of the change, and, where something is cut or
merged, while the policy asks nothing but `same`.
"""

from __future__ import annotations

from bisect import bisect_right

from rangelist.index import Index
from rangelist.keys import K, V
from rangelist.node import Node, Piece
from rangelist.plan import holds_already
from rangelist.policy import Policy, truth

__all__ = ["remove_fast", "set_fast"]


def set_fast(
    index: Index[K, V], policy: Policy[K, V], start: K, stop: K, value: V
) -> Node[K, V] | None:
    """Write [start, stop) if it is free, or lies in one node; return the node that holds it."""
    b = bisect_right(index.firsts, start) - 1
    if b < 0:
        b, i = 0, -1
        left: Node[K, V] | None = None
        right = index.head
    else:
        i = bisect_right(index.starts[b], start) - 1
        left = index.nodes[b][i]
        if start < left._stop:
            return set_inside(index, policy, b, i, start, stop, value)
        right = left._next
    at_left = left is not None and not left._stop < start
    at_right = right is not None and not stop < right._start
    if not at_left and not at_right:
        node = Node(start, stop, value)
        index.insert_at(b, i + 1, node)
        return node
    if not policy.plain or (right is not None and right._start < stop):
        return None
    #   [left][new][right]      each border, left first
    if left is not None and at_left and same(policy, left._start, start, left._value, stop, value):
        joins = at_right and right is not None and same(
            policy, left._start, stop, left._value, right._stop, right._value
        )  # fmt: skip
        index.restop_at(b, i, right._stop if joins and right is not None else stop)
        if joins and right is not None:
            index.delete_at(*following(index, b, i))
            right._home = left
        return left
    if (
        right is not None
        and at_right
        and same(policy, start, stop, value, right._stop, right._value)
    ):
        right._value = value
        index.restart_at(*following(index, b, i), start)
        return right
    node = Node(start, stop, value)
    index.insert_at(b, i + 1, node)
    return node


def same(policy: Policy[K, V], start: K, at: K, left: V, stop: K, right: V) -> bool:
    """Ask whether [start, at) = left and [at, stop) = right are the same."""
    if policy._same is None:
        return truth(left == right, "value == value")
    return policy.is_same(Piece(start, at, left), Piece(at, stop, right))


def following(index: Index[K, V], b: int, i: int) -> tuple[int, int]:
    """Return the place of the node after the one at (b, i); -1 is before the first."""
    return (b, i + 1) if i + 1 < len(index.nodes[b]) else (b + 1, 0)


def set_inside(
    index: Index[K, V], policy: Policy[K, V], b: int, i: int, start: K, stop: K, value: V
) -> Node[K, V] | None:
    """Write [start, stop) into the node at place (b, i), which covers `start`."""
    node = index.nodes[b][i]
    first, last = node._start, node._stop
    if not policy.plain or last < stop:
        return None
    cut_left, cut_right = first < start, stop < last
    if not cut_left and node._prev is not None and not node._prev._stop < start:
        return None
    if not cut_right and node._next is not None and not stop < node._next._start:
        return None
    if holds_already(node, start, stop, value, policy):
        return node
    if not cut_left and not cut_right:
        new = Node(start, stop, value)
        index.splice(b, i, (node,), (new,))
        return new
    return cut_in(index, policy, b, i, start, stop, value)


def cut_in(
    index: Index[K, V], policy: Policy[K, V], b: int, i: int, start: K, stop: K, value: V
) -> Node[K, V]:
    """Write [start, stop) into a part of the node at place (b, i)."""
    node = index.nodes[b][i]
    last, old = node._stop, node._value
    new = Node(start, stop, value)
    if not node._start < start:
        #   [-------node-------]      [-new-][----node----]
        index.restart_at(b, i, stop)
        index.insert_at(b, i, new)
        return new
    three = stop < last
    if three and same(policy, start, stop, value, last, old):
        new._stop = last
        three = False
    #   [-------node-------]          [-node-][new][-node'-]      or, at its end,
    index.restop_at(b, i, start)  #   [----node----][-new-]
    if three:
        index.splice(b, i + 1, (), (new, Node(stop, last, old)))
    else:
        index.insert_at(b, i + 1, new)
    return new


def remove_fast(index: Index[K, V], policy: Policy[K, V], start: K, stop: K) -> Piece[K, V] | None:
    """Punch [start, stop) out of the one node it lies in; return what was there."""
    b, i = index.find(start)
    if i < 0:
        return None
    node = index.nodes[b][i]
    first, last = node._start, node._stop
    if last < stop or not start < last:
        return None
    cut_left, cut_right = first < start, stop < last
    taken = Piece(start, stop, node._value)
    if not cut_left and not cut_right:
        index.delete_at(b, i)
        return taken
    if policy._split is not None:
        return None
    if cut_left:
        index.restop_at(b, i, start)
        if cut_right:
            #   [-------node-------]      [-node-]     [-node'-]
            index.insert_at(b, i + 1, Node(stop, last, taken.value))
    else:
        #   [-------node-------]                [----node----]
        index.restart_at(b, i, stop)
    return taken
