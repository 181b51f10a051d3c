"""The nodes of a long list that meet a much shorter one: all that an operator has to look at.

short      [-a-)                         [-b-)
long    [-)[--)[-)[-)[-)[-)[-)[-)[-)[-)[-)[-)[-)[-)
near       [--)[-)                       [)[-)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, Generic, cast

from rangelist.chain import Chain
from rangelist.keys import K, V
from rangelist.node import Node
from rangelist.stream import covered, disjoint, trusted
from rangelist.walk import first_in

__all__ = ["Near", "near", "operand"]

# One search costs about as much as this many steps of a walk.
SEARCH: Final = 16


class Near(Generic[K, V]):
    """The nodes of a long list that meet those of a short one, in order; a list to other streams.

    Cost: O(log n) a node of the short one.
    """

    __slots__ = ("_chain", "_short")

    def __init__(self, chain: Chain[K, V], short: Chain[K, Any]) -> None:
        self._chain = chain
        self._short = short

    def __iter__(self) -> Iterator[Node[K, V]]:
        reached: Node[K, V] | None = None
        for span in self._short:
            node = first_in(self._chain, span._start)
            if node is reached and node is not None:  # it reaches over two of the short one
                node = node._next
            while node is not None and node._start < span._stop:
                yield node
                reached = node
                node = node._next


def near(items: Iterable[Any], other: Iterable[Any]) -> Iterable[Any]:
    """Return the nodes of one list that meet a much shorter one; if it is not, the list itself.

    What is no list is returned as it is.
    """
    if trusted(items) and trusted(other):
        long, short = cast("Any", items)._chain, cast("Any", other)._chain
        if short.size * SEARCH <= long.size:
            return Near(long, short)
    return items


def operand(items: Iterable[Any], other: Iterable[Any], whole: bool) -> Iterator[Node[Any, Any]]:
    """Return the nodes of one of two operands; if not `whole` those that cover what it covers.

    The nodes of a list are those it has now, in a list of their own: that is read in half the time
    of a walk.
    """
    if not trusted(items):
        return disjoint(items, other) if whole else covered(items)
    found = items if whole else near(items, other)
    if found is not items:
        return iter(found)
    return iter([node for block in cast("Any", items)._chain.nodes for node in block])
