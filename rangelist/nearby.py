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
from rangelist.walk import first_in

__all__ = ["Near", "near"]

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
    long, short = getattr(items, "_chain", None), getattr(other, "_chain", None)
    if (
        not isinstance(long, Chain)
        or not isinstance(short, Chain)
        or long.overlapping
        or short.overlapping
        or short.size * SEARCH > long.size
    ):
        return items
    return Near(cast("Any", long), cast("Any", short))
