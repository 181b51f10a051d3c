"""The commonest writes in one search: only optimisations.

Without this module every result would be the same, and a write three times as slow: `set` and
`remove` try these first, and take the long way through plan.py when the answer is "not mine"
(`None`).  That is decided before any hook is asked, so no question is put twice.

That is so while nobody wants a record of the change, and, where something is cut or merged, while
the policy asks nothing but `same`.  As in every plan, all is asked before anything is changed.
"""

from __future__ import annotations

from bisect import bisect_right

from rangelist.index import Index
from rangelist.keys import K, V, explain_key
from rangelist.node import Node, Piece
from rangelist.plan import holds_already
from rangelist.policy import Policy

__all__ = ["remove_fast", "set_fast"]


def set_fast(
    index: Index[K, V], policy: Policy[K, V], start: K, stop: K, value: V
) -> Node[K, V] | None:
    """Overwrite [start, stop); return the node that holds it then."""
    try:  # index.find, without the tuple
        b = bisect_right(index.firsts, start) - 1
        i = bisect_right(index.starts[b], start) - 1 if b >= 0 else -1
    except (TypeError, ArithmeticError) as error:
        raise explain_key(error, start, index.firsts[0]) from error
    if b < 0:
        b = 0
        left: Node[K, V] | None = None
        right = index.head
    else:
        left = index.nodes[b][i]
        if start < left._stop:
            return set_into(index, policy, b, i, start, stop, value) if policy._plain else None
        right = left._next
    if (left is None or left._stop < start) and (right is None or stop < right._start):
        node = Node(start, stop, value)
        index.insert_at(b, i + 1, node)
        return node
    return set_over(index, policy, b, i + 1, left, start, stop, value) if policy._plain else None


def set_into(
    index: Index[K, V], policy: Policy[K, V], b: int, i: int, start: K, stop: K, value: V
) -> Node[K, V]:
    """Overwrite [start, stop), whose first point the node at place (b, i) covers."""
    node = index.nodes[b][i]
    if holds_already(node, start, stop, value, policy):
        return node
    if not node._start < start:
        #   [-----node-----]..          nothing of it stays on the left
        return set_over(index, policy, b, i, node._prev, start, stop, value)
    if not stop < node._stop:
        #   [-node-]-----]..            nothing of it stays on the right
        return set_over(index, policy, b, i + 1, node, start, stop, value)
    #   [-------node-------]            [-node-][new][-node'-]
    last = node._stop
    if policy.alike(start, stop, value, last, node._value):
        new = Node(start, last, value)
        run = [new]
    else:
        new = Node(start, stop, value)
        run = [new, Node(stop, last, node._value)]
    node._stop = start
    index.splice(b, i + 1, (), run)
    return new


def set_over(
    index: Index[K, V],
    policy: Policy[K, V],
    b: int,
    i: int,
    left: Node[K, V] | None,
    start: K,
    stop: K,
    value: V,
) -> Node[K, V]:
    """Overwrite [start, stop) from place (b, i) on; `left` is the node before, perhaps to be cut.

    [--left--]..[-dead-][-dead-]..[-right-]      right: the first that reaches beyond stop
         ^start                       ^stop
    """
    dead: list[Node[K, V]] = []
    back: list[Node[K, V]] = []  # right, where its place in the index has another start
    right = index.head if left is None else left._next
    while right is not None and not stop < right._stop:
        dead.append(right)
        right = right._next
    at_left = left is not None and not left._stop < start
    at_right = right is not None and not stop < right._start
    cut_left = left is not None and start < left._stop
    cut_right = right is not None and right._start < stop
    if left is not None and at_left and policy.alike(left._start, start, left._value, stop, value):
        #   [--left--.......................]      it grows, and may absorb right
        if right is not None and at_right:
            if policy.alike(left._start, stop, left._value, right._stop, right._value):
                left._stop = right._stop
                index.splice(b, i, [*dead, right], ())
                right._home = left
                return left
            if cut_right:
                right._start = stop
                dead.append(right)
                back.append(right)
        left._stop = stop
        index.splice(b, i, dead, back)
        return left
    node = Node(start, stop, value)
    run = [node]
    if right is not None and at_right:
        if policy.alike(start, stop, value, right._stop, right._value):
            #   [--left--][...............right-]
            right._start = start
            right._value = value
            node = right
            run = [right]
            dead.append(right)
        elif cut_right:
            right._start = stop
            run.append(right)
            dead.append(right)
    if left is not None and cut_left:
        left._stop = start
    index.splice(b, i, dead, run)
    return node


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
