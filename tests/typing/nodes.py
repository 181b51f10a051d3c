"""Nodes, pieces and gaps keep the types of their keys and values."""

from collections.abc import Iterator
from datetime import date
from typing import assert_type

from rangelist.node import Gap, Interval, Node, Piece

piece = Piece(1, 5, "a")
assert_type(piece, Piece[int, str])
assert_type(piece.start, int)
assert_type(piece.value, str)
first, last, word = piece
assert_type(first, int)
assert_type(word, str)

gap = Gap(date(2020, 1, 1), date(2020, 2, 1))
assert_type(gap.start, date)

node: Node[float, bytes] = Node(0.5, 1.5, b"x")
assert_type(node.start, float)
assert_type(node.value, bytes)
assert_type(node.next, Node[float, bytes] | None)
assert_type(node.merged_into, Node[float, bytes] | None)
assert_type(iter(node), Iterator[float | bytes])


def length(span: Interval[int, object]) -> int:
    """Hooks and helpers take anything with a span and a value."""
    return span.stop - span.start


length(piece)
length(Node(1, 2, "b"))
length(Node("a", "b", None))  # type: ignore[arg-type]  # keys of another type are refused

node.start = 0.0  # type: ignore[misc]  # nodes are read-only from outside
piece.value = "b"  # type: ignore[misc]  # so are pieces
Node(1j, 2j, None)  # type: ignore[type-var]  # complex numbers have no order
