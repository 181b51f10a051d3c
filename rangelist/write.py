"""Writes of one span or one node: search, ask the hooks, allocate, change.

Each function here is the only implementation of its verb, whatever the policy says and whether or
not the list is watched.  All have the same order, so that an error leaves the list as it was:

    search     which nodes are met, and at which place
    ask        `split` for each cut from left to right, then `join` at each border, left first
    change     one call of one mutator of the chain

    list         ..[---a---][-b-]....[--c--]..        write w over  ^......^
    cut          ..[-a-]^...         ^[-c--]
    put          ..[-a-][----w------][-c--]
    join         ..[-a-----w--------][-c--]           here a and w were the same

Verbs of many pieces are in pieces.py.

(`put`, `overwrite` and `settle` are long: a call between their branches would cost as much as the
branch, and every write passes here.  benchmarks/opcodes.py counts.)
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from enum import Enum
from typing import Any, Final

from rangelist.chain import Chain
from rangelist.door import PLAIN
from rangelist.errors import NotTouchingError, OverlapError
from rangelist.keys import COMPARE_ERRORS, K, V, check_span, explain_key
from rangelist.node import Node, Piece
from rangelist.policy import APART, Policy, truth
from rangelist.record import Merge, Shape
from rangelist.runs import STROLL, Carved, join_words, run_over

__all__ = ["MISSING", "delete", "lay", "merge", "put", "remove", "replace", "resize", "split"]


class Missing(Enum):
    """The type of `MISSING`, which stands for an argument or a value that is not there."""

    MISSING = "MISSING"

    def __repr__(self) -> str:
        return self.name


MISSING: Final[Any] = Missing.MISSING


# ---- spans --------------------------------------------------------------------------------------


def put(
    chain: Chain[K, V], policy: Policy[K, V], start: K, stop: K, value: V, over: bool
) -> Node[K, V]:
    """Write [start, stop), `over` what is there or only into free space; return its node."""
    try:
        if type(start) not in PLAIN or (start < stop) is not True:
            check_span(start, stop, chain)
        b = bisect_right(chain.firsts, start) - 1  # chain.find, without the call
        if b >= 0:
            i = bisect_right(chain.starts[b], start)
            left: Node[K, V] | None = chain.nodes[b][i - 1]
        else:
            b, i, left = 0, 0, None
    except COMPARE_ERRORS as error:
        check_span(start, stop, chain)
        other = chain.firsts[0] if chain.firsts else stop
        raise explain_key(error, start, other) from error
    right = chain.head if left is None else left._next
    if left is not None and start < left._stop:
        #   [---left---]
        #        [new...
        return overwrite(chain, policy, b, i - 1, left, start, stop, value, over)
    if right is not None and right._start < stop:
        #   [-left-]..[---right---]
        #           [---new...
        if i == len(chain.nodes[b]):
            b, i = b + 1, 0
        return overwrite(chain, policy, b, i, right, start, stop, value, over)
    if (left is None or left._stop < start) and (right is None or stop < right._start):
        #   [-left-]..[new]..[-right-]
        node = Node(start, stop, value)
        chain.insert_at(b, i, left, right, node, "inserted")
        return node
    #   [-left-][new][-right-]      one of the two may be missing
    low: Any = MISSING if left is None or left._stop < start else left._value
    end: Any = MISSING if right is None or stop < right._start else right._stop
    high = value if right is None else right._value
    return settle(
        chain, policy, b, i, (), left, low, None, right, end, high, start, stop, value, None,
        "inserted",
    )  # fmt: skip


def overwrite(
    chain: Chain[K, V],
    policy: Policy[K, V],
    b: int,
    i: int,
    first: Node[K, V],
    start: K,
    stop: K,
    value: V,
    over: bool,
) -> Node[K, V]:
    """Write [start, stop) over nodes, of which `first`, at place (b, i), is the first met."""
    if not over:
        raise OverlapError(
            f"[{start!r}, {stop!r}) overlaps {first!r}, want free space (or use set)"
        )
    low: Any = first._value  # MISSING, if nothing on the left can be joined
    apart = False
    begin, right = first._start, first._next
    cut_left = begin < start
    if policy._by_value and (cut_left or not (start < begin or first._stop < stop)):
        # Where sameness is equality, one comparison tells of both parts of a node that is cut, and
        # an equal value written inside a node says nothing new.
        equal = low == value
        if equal is False or (equal is not True and not truth(equal, "value == value")):
            apart = True
        elif not first._stop < stop:
            return first
    run: list[Node[K, V]] = []
    left: Node[K, V] | None = first
    rest: Any = low  # of the last node, behind `start`
    edge: Shape[K, V] | None = None
    if cut_left:
        #   [----first----]         [left][new..       the node itself stays on the left
        #         ^start
        if policy._split is not None:
            low, rest = policy.cut(begin, start, first._stop, low)
        edge = (first, begin, start, low)
        if apart:
            low = MISSING
        i += 1
        words = "cut left"
    else:
        #   [-left-][-first-]       [-left-][new..     a neighbour counts only if it touches
        run.append(first)
        left = first._prev
        low = MISSING if left is None or left._stop < start else left._value
        words = "overwritten"
    for _ in STROLL:
        if right is None or not right._start < stop:
            break
        run.append(right)
        right = right._next
    else:
        run += chain.run(*chain.advance(b, i, len(run)), stop)
        right = run[-1]._next
    last = first
    if run:
        last = run[-1]
        rest = last._value
    end: Any = MISSING
    if stop < last._stop:
        #   [----last-----]         ..new][right]      the node stays on the right, unless it
        #           ^stop                              stays on the left already
        end = last._stop
        if policy._split is not None:
            rest = policy.cut(last._start if run else start, stop, end, rest)[1]
        if last is left:
            right, words = None, "cut in three"
            if apart:
                new = Node(start, stop, value)
                shapes = [(new, start, stop, value), (Node(stop, end, rest), stop, end, rest)]
                chain.splice(b, i, first, (), shapes, (), words, edge)
                return new
        else:
            right, words = last, "cut both" if cut_left else "cut right"
    elif right is not None and not stop < right._start:
        #   [-last-][-right-]       ..new][-right-]
        end, rest = right._stop, right._value
    return settle(
        chain, policy, b, i, run, left, low, edge, right, end, rest, start, stop, value, None,
        words,
    )  # fmt: skip


def settle(
    chain: Chain[K, V],
    policy: Policy[K, V],
    b: int,
    i: int,
    run: Sequence[Node[K, V]],
    left: Node[K, V] | None,
    low: V,
    edge: Shape[K, V] | None,
    right: Node[K, V] | None,
    end: K,
    high: V,
    start: K,
    stop: K,
    value: V,
    own: Node[K, V] | None,
    words: str,
) -> Node[K, V]:
    """Join [start, stop) = value with what touches it, and put the result in the place of `run`.

    left    the node before `run`; `low` is the value of what remains of it, MISSING if that is
            not to be joined; `edge` what it becomes if it is cut and not joined
    right   the node that begins at `stop` then, up to `end`, with the value `high`; None if that
            is a new one, and `end` MISSING if nothing touches
    own     the node that is written and keeps its identity; None for a new one

    `right` is in `run` if it was cut.
    The survivor is a node that was there and is not written; then the written one; then the left.
    """
    first, upto, mine, carrier = start, stop, value, own
    absorbed: Sequence[Merge[K, V]] = ()
    grows = joined = False  # on the left, on the right
    if left is not None and low is not MISSING:
        answer = policy.join(left._start, start, low, start, stop, value, own)
        if answer is not APART:
            #   [-left-][new]               [----left---]
            grows, first, mine, carrier = True, left._start, answer, left
            if own is not None:
                absorbed = ((own, left),)
    tail: Shape[K, V] | None = None
    if end is not MISSING:
        answer = policy.join(first, stop, mine, stop, end, high, right if grows else own)
        if answer is not APART:
            joined, upto, mine = True, end, answer
            if right is not None:
                if not (run and run[-1] is right):
                    run = [*run, right]
                if grows and carrier is not None:
                    #   [----left---][right]        [--------left-------]
                    absorbed = (*absorbed, (right, carrier))
                else:
                    #   [new][right]                [---right--]
                    carrier = right
                    if own is not None:
                        absorbed = ((own, right),)
        elif right is None:
            tail = (Node(stop, end, high), stop, end, high)
        elif run and run[-1] is right:
            tail = (right, stop, end, high)
    if chain.journal is not None:
        words = said(words, grows, joined)
    if carrier is None:
        carrier = Node(first, upto, mine)
        if not run and edge is None:
            chain.insert_at(b, i, left, right, carrier, words)
            return carrier
    if grows and not run and tail is None:
        if upto is not carrier._stop or mine is not carrier._value:
            chain.amend_at(b, i - 1, first, upto, mine, words)
        return carrier
    shape = (carrier, first, upto, mine)
    if grows:
        chain.splice(b, i, left, run, () if tail is None else (tail,), absorbed, words, shape)
        return carrier
    new = (shape,) if tail is None else (shape, tail)
    if edge is None:
        lay(chain, b, i, run, new, absorbed, words)
    else:
        chain.splice(b, i, left, run, new, absorbed, words, edge)
    return carrier


def lay(
    chain: Chain[K, V],
    b: int,
    i: int,
    run: Sequence[Node[K, V]],
    new: Sequence[Shape[K, V]],
    absorbed: Sequence[Merge[K, V]],
    case: str,
) -> None:
    """Put new shapes in the place of a run, which is not empty, by the cheapest mutator."""
    if i == len(chain.nodes[b]):  # the run begins in the next block
        b, i = b + 1, 0
    if len(run) == 1 and len(new) == 1 and run[0] is new[0][0] and not absorbed:
        node, start, stop, value = new[0]
        if start is node._start and stop is node._stop and value is node._value:
            return  # all that was cut has come together again
        chain.amend_at(b, i, start, stop, value, case)
    elif len(run) == 1 and not new and not absorbed:
        chain.delete_at(b, i, case)
    else:
        chain.splice(b, i, run[0]._prev, run, new, absorbed, case)


def said(words: str, joined_left: bool, joined_right: bool) -> str:
    """Say where something written was merged."""
    if not joined_left and not joined_right:
        return words
    where = "both" if joined_left and joined_right else "left" if joined_left else "right"
    return f"{words}, merged {where}"


# ---- holes and nodes ----------------------------------------------------------------------------


def remove(
    chain: Chain[K, V], policy: Policy[K, V], start: K, stop: K
) -> tuple[list[Piece[K, V]], list[Node[K, V] | None]]:
    """Punch a hole; return the pieces that were there, and which node each of them was.

    [----first----]..[-dead-]..[---last---]
    [first]                          [last]
           ^start                    ^stop
    """
    b, i, run = run_over(chain, start, stop)
    carved = Carved(run, start, stop, policy)
    words = join_words(carved.words, "removed")
    left, right = carved.left, carved.right
    if left is not None and right is not None and len(run) == 1:
        #   [----first----]          [first]..[right]
        chain.insert_at(b, i + 1, run[0], run[0]._next, right[0], words, left)
    elif run:
        lay(chain, b, i, run, [shape for shape in (left, right) if shape is not None], (), words)
    return carved.inside, carved.owners


def split(chain: Chain[K, V], policy: Policy[K, V], at: K, keep_left: bool) -> Node[K, V] | None:
    """Cut the node that strictly contains `at`; return the right part.

    [------node------]
    [-left-][-right--]      the node itself becomes the one that `keep_left` names
            ^at
    """
    b, i = chain.find(at)
    if i < 0:
        return None
    node = chain.nodes[b][i]
    start, stop = node._start, node._stop
    if not start < at or not at < stop:
        return None
    low, high = policy.cut(start, at, stop, node._value)
    if keep_left:
        right = Node(at, stop, high)
        chain.insert_at(b, i + 1, node, node._next, right, "split", (node, start, at, low))
        return right
    parts = ((Node(start, at, low), start, at, low), (node, at, stop, high))
    chain.splice(b, i, node._prev, (node,), parts, (), "split")
    return node


def merge(
    chain: Chain[K, V],
    policy: Policy[K, V],
    left: Node[K, V],
    right: Node[K, V],
    value: V,
    keep_left: bool,
) -> Node[K, V]:
    """Join two touching nodes; without a value `merge` gives one.

    [-left-][-right-]
    [------value----]       carried by the node that `keep_left` names
    """
    if left._next is not right or left._stop < right._start:
        raise NotTouchingError(
            f"{left!r} and {right!r} do not touch, want left.stop == right.start"
        )
    made = policy.merge(left, right) if value is MISSING else value
    b, i = chain.place(left)
    survivor, loser = (left, right) if keep_left else (right, left)
    shape = (survivor, left._start, right._stop, made)
    chain.splice(b, i, left._prev, (left, right), (shape,), ((loser, survivor),), "merged")
    return survivor


def replace(chain: Chain[K, V], policy: Policy[K, V], node: Node[K, V], value: V) -> Node[K, V]:
    """Write a value over one node, which stays itself unless it is merged away."""
    return rewrite(chain, policy, node, node._start, node._stop, value, "replaced")


def resize(
    chain: Chain[K, V], policy: Policy[K, V], node: Node[K, V], start: K, stop: K
) -> Node[K, V]:
    """Move the borders of one node; a part that is cut off asks `split` for what remains.

    ....[--node--]....
    .[----node-----]..      may grow until it touches, and then joins there
    """
    refuse_to_pass(node, start, stop)
    first, last, value = node._start, node._stop, node._value
    if start is not first:
        if first < start:
            if start < last:
                value = policy.cut(first, start, last, value)[1]
                first = start
        elif not start < first:
            start = first  # an equal key moves nothing
    if stop is not last:
        if stop < last:
            if first < stop:
                value = policy.cut(first, stop, last, value)[0]
        elif not last < stop:
            stop = last
    return rewrite(chain, policy, node, start, stop, value, "resized")


def refuse_to_pass(node: Node[K, V], start: K, stop: K) -> None:
    """Raise OverlapError if [start, stop) does not lie between the neighbours of a node.

    It must lie between them, not only in free space: both borders may have passed a neighbour.
    """
    left, right = node._prev, node._next
    try:
        past_left = left is not None and start < left._stop
        past_right = right is not None and right._start < stop
    except COMPARE_ERRORS as error:
        raise explain_key(error, start, node._start) from error
    if past_left:
        raise OverlapError(f"[{start!r}, {stop!r}) is not all behind {left!r}, want free space")
    if past_right:
        raise OverlapError(f"[{start!r}, {stop!r}) is not all before {right!r}, want free space")


def rewrite(
    chain: Chain[K, V],
    policy: Policy[K, V],
    node: Node[K, V],
    start: K,
    stop: K,
    value: V,
    words: str,
) -> Node[K, V]:
    """Give a node other borders between its neighbours and a value; join where it touches them."""
    b, i = chain.place(node)
    left, right = node._prev, node._next
    low: Any = MISSING if left is None or left._stop < start else left._value
    end: Any = MISSING if right is None or stop < right._start else right._stop
    high = value if right is None else right._value
    return settle(
        chain, policy, b, i, (node,), left, low, None, right, end, high, start, stop, value, node,
        words,
    )  # fmt: skip


def delete(chain: Chain[K, V], node: Node[K, V]) -> None:
    """Take one node out."""
    b, i = chain.place(node)
    chain.delete_at(b, i, "removed")
