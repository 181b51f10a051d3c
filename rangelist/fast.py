"""The commonest writes in one search: only optimisations.

Without this module every result would be the same, and a write three times as slow: the verbs try
these first, and take the long way through plan.py when the answer is "not mine" (`None`).  That is
decided before any hook is asked, so no question is put twice.

That is so while nobody wants a record of the change, and, where something is cut or merged, while
the policy asks nothing but `same`.  As in every plan, all is asked before anything is changed.
"""

from __future__ import annotations

from bisect import bisect_right

from rangelist.index import Index
from rangelist.keys import K, V, explain_key
from rangelist.node import Node, Piece
from rangelist.plan import says_already
from rangelist.policy import Policy
from rangelist.tiles import run_touching

__all__ = ["coalesce_fast", "discard_fast", "remove_fast", "replace_fast", "set_fast", "split_fast"]


def set_fast(
    index: Index[K, V], policy: Policy[K, V], start: K, stop: K, value: V, over: bool
) -> Node[K, V] | None:
    """Write [start, stop), `over` what is there or only into free space; return who holds it."""
    try:  # index.find, without the tuple
        b = bisect_right(index.firsts, start) - 1
        i = bisect_right(index.starts[b], start) if b >= 0 else 0
    except (TypeError, ArithmeticError) as error:
        raise explain_key(error, start, index.firsts[0]) from error
    if b < 0:
        b = 0
        left: Node[K, V] | None = None
        right = index.head
    else:
        left = index.nodes[b][i - 1]
        if start < left._stop:
            if over and policy._plain:
                return set_into(index, policy, b, i - 1, start, stop, value)
            return None
        right = left._next
    if (left is None or left._stop < start) and (right is None or stop < right._start):
        #   [-left-]..[new]..[-right-]
        node = Node(start, stop, value)
        index.insert_at(b, i, node)
        return node
    if not policy._plain:
        return None
    if right is None or not right._start < stop:
        return set_beside(index, policy, b, i, left, right, start, stop, value)
    return set_over(index, policy, b, i, left, False, start, stop, value) if over else None


def set_beside(
    index: Index[K, V],
    policy: Policy[K, V],
    b: int,
    i: int,
    left: Node[K, V] | None,
    right: Node[K, V] | None,
    start: K,
    stop: K,
    value: V,
) -> Node[K, V]:
    """Write [start, stop) at place (b, i), into a gap that it touches an end of, or both."""
    if left is not None and left._stop < start:
        left = None  # only who touches counts
    if right is not None and stop < right._start:
        right = None
    rb, ri = (b, i) if i < len(index.nodes[b]) else (b + 1, 0)  # where right is
    if left is not None and policy.alike(left._start, start, left._value, stop, value):
        if right is not None and policy.alike(
            left._start, stop, left._value, right._stop, right._value
        ):
            #   [-left-][new][right]        [--------left-------]
            index.restop_at(b, i - 1, right._stop)
            index.delete_at(rb, ri)
            right._home = left
            return left
        #   [-left-][new]..             [----left---]..
        index.restop_at(b, i - 1, stop)
        return left
    if right is not None and policy.alike(start, stop, value, right._stop, right._value):
        #   ..[new][right]              ..[---right--]
        right._value = value
        index.restart_at(rb, ri, start)
        return right
    node = Node(start, stop, value)
    index.insert_at(b, i, node)
    return node


def set_into(
    index: Index[K, V], policy: Policy[K, V], b: int, i: int, start: K, stop: K, value: V
) -> Node[K, V]:
    """Overwrite [start, stop), whose first point the node at place (b, i) covers."""
    node = index.nodes[b][i]
    if not node._stop < stop and says_already(node, start, stop, value, policy):
        return node
    if not node._start < start:
        #   [-----node-----]..          nothing of it stays on the left
        return set_over(index, policy, b, i, node._prev, False, start, stop, value)
    if not stop < node._stop:
        #   [-node-]-----]..            nothing of it stays on the right
        return set_over(index, policy, b, i + 1, node, True, start, stop, value)
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
    cut_left: bool,
    start: K,
    stop: K,
    value: V,
) -> Node[K, V]:
    """Overwrite [start, stop) from place (b, i) on; `left` is the node before, to be cut or not.

    [--left--]..[-dead-][-dead-]..[-right-]      right: the first that reaches beyond stop
         ^start                       ^stop
    """
    dead = index.run(b, i, stop)
    cut_right = len(dead) > 0 and stop < dead[-1]._stop
    if cut_right:
        right: Node[K, V] | None = dead[-1]  # goes out and comes back: its place has another start
    else:
        right = dead[-1]._next if dead else index.head if left is None else left._next
        if right is not None and stop < right._start:
            right = None  # from here on only who is touched or cut counts
    if left is not None and not cut_left and left._stop < start:
        left = None
    if left is not None and policy.alike(left._start, start, left._value, stop, value):
        #   [--left--.......................]      it grows, and may absorb right
        return grown_over(index, policy, b, i, left, dead, right, stop)
    if right is not None and policy.alike(start, stop, value, right._stop, right._value):
        #   [--left--][...............right-]
        if not cut_right:
            dead.append(right)
        right._start = start
        right._value = value
        run = [right]
    else:
        run = [Node(start, stop, value)]
        if cut_right and right is not None:
            right._start = stop
            run.append(right)
    if cut_left and left is not None:
        left._stop = start
    index.splice(b, i, dead, run)
    return run[0]


def grown_over(
    index: Index[K, V],
    policy: Policy[K, V],
    b: int,
    i: int,
    left: Node[K, V],
    dead: list[Node[K, V]],
    right: Node[K, V] | None,
    stop: K,
) -> Node[K, V]:
    """Let `left` grow up to `stop` over the nodes from place (b, i) on, the last perhaps cut."""
    cut_right = len(dead) > 0 and dead[-1] is right
    if right is not None and policy.alike(
        left._start, stop, left._value, right._stop, right._value
    ):
        #   [--left---------------------------)
        left._stop = right._stop
        index.splice(b, i, dead if cut_right else [*dead, right], ())
        right._home = left
        return left
    #   [--left--.......................][-right-]
    left._stop = stop
    if cut_right and right is not None:
        right._start = stop
        index.splice(b, i, dead, (right,))
    else:
        index.splice(b, i, dead, ())
    return left


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


def split_fast(index: Index[K, V], policy: Policy[K, V], at: K) -> Node[K, V] | None:
    """Cut the node that strictly contains `at`; return the right one."""
    if policy._split is not None:
        return None
    b, i = index.find(at)
    if i < 0:
        return None
    node = index.nodes[b][i]
    last = node._stop
    if not node._start < at or not at < last:
        return None
    #   [-------node-------]        [---node---][-right]
    right = Node(at, last, node._value)
    index.restop_at(b, i, at)
    index.insert_at(b, i + 1, right)
    return right


def discard_fast(index: Index[K, V], node: Node[K, V]) -> None:
    """Take a node of this index out."""
    b, i = index.find(node._start)
    if (
        i < 0 or index.nodes[b][i] is not node
    ):  # keys that break their order must break nothing else
        b, i = index.place_of(node)
    index.delete_at(b, i)


def replace_fast(node: Node[K, V], value: V) -> Node[K, V] | None:
    """Give a node another value, if it touches nobody: then there is nothing to ask."""
    left, right = node._prev, node._next
    if left is not None and not left._stop < node._start:
        return None
    if right is not None and not node._stop < right._start:
        return None
    node._value = value
    return node


def coalesce_fast(
    index: Index[K, V], policy: Policy[K, V], start: K | None, stop: K | None
) -> int | None:
    """Merge at every border b with start <= b <= stop; return how often.

    [-a-][-a-][-b-]..[-b-]          of each group the left one stays
    [----a---][-b-]..[-b-]
    """
    if not policy._plain:
        return None
    run = run_touching(index, start, stop)
    kept: list[Node[K, V]] = []
    stops: list[K] = []
    dead: list[tuple[Node[K, V], Node[K, V]]] = []  # and who absorbed it
    for node in run.nodes:
        if kept and not stops[-1] < node._start:
            heir = kept[-1]
            if policy.alike(heir._start, node._start, heir._value, node._stop, node._value):
                stops[-1] = node._stop
                dead.append((node, heir))
                continue
        kept.append(node)
        stops.append(node._stop)
    if dead:
        for node, end in zip(kept, stops, strict=True):
            node._stop = end
        index.splice(run.b, run.i, run.nodes, kept)
        for node, heir in dead:
            node._home = heir
    return len(dead)
