"""Proofs that the invariants hold; for tests, and for `check()` of a list or bag."""

from __future__ import annotations

from itertools import islice

from rangelist.chain import Chain
from rangelist.directory import EMPTY
from rangelist.keys import K, V
from rangelist.node import Node

__all__ = ["check_chain", "check_disjoint", "expect"]


def check_chain(chain: Chain[K, V]) -> None:
    """Prove every invariant of links and directory.

    Cost: O(n) comparisons.
    Raises: AssertionError, which says what is wrong.
    """
    links = list(islice(chain, chain.size + 1))  # a ring of links has no end
    flat = [node for block in chain.nodes for node in block]
    expect(len(links) == chain.size, f"size is {chain.size}, the chain has {len(links)} nodes")
    expect(
        len(links) == len(flat) and all(x is y for x, y in zip(links, flat, strict=True)),
        "the directory holds other nodes than the chain",
    )
    left: Node[K, V] | None = None
    for node in links:
        expect(node._home is chain, f"{node!r} belongs elsewhere")
        expect(node._prev is left, f"prev of {node!r} is wrong")
        expect(node._start < node._stop, f"{node!r} is empty")
        if left is not None:
            expect(not node._start < left._start, f"{left!r} and {node!r} are out of order")
        left = node
    expect(not EMPTY, "what empty chains share is not empty")
    expect(len(chain.nodes) == len(chain.starts) == len(chain.firsts), "the directory is ragged")
    for first, starts, block in zip(chain.firsts, chain.starts, chain.nodes, strict=True):
        expect(0 < len(block) <= chain.limit, f"a block has {len(block)} nodes")
        same = [node._start for node in block]
        expect(
            len(starts) == len(same) and all(x is y for x, y in zip(starts, same, strict=True)),
            "the directory holds other starts than the nodes",
        )
        expect(first is starts[0], f"the directory says {first!r} for {starts[0]!r}")


def check_disjoint(chain: Chain[K, V]) -> None:
    """Prove that no two neighbours overlap.

    Cost: O(n) comparisons.
    Raises: AssertionError, which says what is wrong.
    """
    for node in chain:
        left = node._prev
        expect(left is None or not node._start < left._stop, f"{left!r} and {node!r} overlap")


def expect(holds: object, otherwise: str) -> None:
    """Assert, also under `python -O`: a structure check that can be switched off is none."""
    if not holds:
        raise AssertionError(otherwise)
