"""What a write meets: the run of nodes in its way, cut at the borders of the write.

Nothing here changes a list.
"""

from __future__ import annotations

from typing import Final, Generic

from rangelist.chain import Chain
from rangelist.keys import K, V
from rangelist.node import Node, Piece
from rangelist.policy import Policy
from rangelist.record import Shape
from rangelist.walk import first_in

__all__ = ["STROLL", "Carved", "join_words", "run_over", "run_touching"]

# So many nodes of a run are found along the links; more by searching.
STROLL: Final = (1, 2, 3, 4, 5, 6)


def run_over(chain: Chain[K, V], start: K, stop: K | None) -> tuple[int, int, list[Node[K, V]]]:
    """Return the place of the first node that overlaps [start, stop), and all that do.

    Without one, the place where it would be put in.  `None` is an open end.

    Cost: about log2(n) + min(k, 2 log2(k)) comparisons.
    """
    b, i = chain.find(start)
    if i >= 0:
        left = chain.nodes[b][i]
        node = left if start < left._stop else left._next
        if node is not left:
            i += 1
    else:
        node, i = chain.head, 0
    run: list[Node[K, V]] = []
    for _ in STROLL:
        if node is None or not (stop is None or node._start < stop):
            break
        run.append(node)
        node = node._next
    else:
        run += chain.run(*chain.advance(b, i, len(run)), stop)
    return (*chain.advance(b, i, 0), run) if run else (b, i, run)


def run_touching(
    chain: Chain[K, V], start: K | None, stop: K | None
) -> tuple[int, int, list[Node[K, V]]]:
    """Return the nodes that overlap or touch [start, stop], and the place of the first."""
    node = chain.head if start is None else first_in(chain, start)
    if start is not None:
        left = chain.tail if node is None else node._prev
        if left is not None and not left._stop < start:
            node = left
    run: list[Node[K, V]] = []
    while node is not None and (stop is None or not stop < node._start):
        run.append(node)
        node = node._next
    if not run:
        return 0, 0, run
    b, i = chain.find(run[0]._start)
    return b, i, run


class Carved(Generic[K, V]):
    """A run cut at the borders of a window: what stays left and right of it, and what is inside.

    run      ..[----first----]..[-mid-]..[----last----]..
    window             ^start                  ^stop
    left       [-first-]                       [-last-]    right
    inside             [piece]..[-mid-]..[piece]

    `owners` has, for each piece inside, the node it keeps: that of a node wholly inside.
    """

    __slots__ = ("inside", "left", "owners", "right", "words")

    def __init__(self, run: list[Node[K, V]], start: K, stop: K, policy: Policy[K, V]) -> None:
        self.left: Shape[K, V] | None = None
        self.right: Shape[K, V] | None = None
        self.inside: list[Piece[K, V]] = []
        self.owners: list[Node[K, V] | None] = [*run]
        self.words = ""
        if not run:
            return
        first, last = run[0], run[-1]
        begin, value = first._start, first._value  # of the first piece
        if begin < start:
            #   [----first----]         [left][-piece-]       the node itself becomes the left part
            #         ^start
            low, value = policy.cut(begin, start, first._stop, value)
            self.left = (first, begin, start, low)
            begin = start
            self.owners[0] = None
            self.words = "cut left"
        for node in run[1:]:
            self.inside.append(Piece(begin, first._stop, value))
            first, begin, value = node, node._start, node._value
        end = last._stop
        if stop < end:
            #   [----last-----]         [-piece-][right]      the node becomes the right part,
            #           ^stop                                 unless it already is the left one
            value, high = policy.cut(begin, stop, end, value)
            owner = self.owners[-1]
            self.owners[-1] = None
            self.words = "cut both" if self.left else "cut right"
            if owner is None:
                owner = Node(stop, end, high)
                self.words = "cut in three"
            self.right = (owner, stop, end, high)
            end = stop
        self.inside.append(Piece(begin, end, value))


def join_words(first: str, then: str) -> str:
    """Join two descriptions, one of which may be empty."""
    return f"{first}, {then}" if first and then else first or then
