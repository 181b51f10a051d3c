"""What the operators compare, counted: one loop reads both operands once."""

from __future__ import annotations

from typing import Any

import pytest

from rangelist import RangeList


class Key:
    """A key that counts how often it is compared, and by what else than `<`."""

    asked = 0

    def __init__(self, n: int) -> None:
        self.n = n

    def __lt__(self, other: Key) -> bool:
        Key.asked += 1
        return self.n < other.n


def rows(n: int, at: int) -> list[tuple[Key, Key, int]]:
    """Spans of six keys, ten keys apart."""
    return [(Key(10 * i + at), Key(10 * i + at + 6), i) for i in range(n)]


# Comparisons a node of both sides; where `other` is no list its own order is checked, too.
MOST = {"__or__": 5, "__and__": 4, "__sub__": 4, "__xor__": 5}


@pytest.mark.parametrize("name", MOST)
@pytest.mark.parametrize("shift", [0, 3, 7])
def test_an_operator_compares_few_keys_a_node(name: str, shift: int) -> None:
    """The answer's own borders are compared once, to join what touches."""
    n = 500
    left: Any = RangeList.from_sorted(rows(n, 0))
    right = RangeList.from_sorted(rows(n, shift))
    operator = getattr(left, name)
    Key.asked = 0
    operator(right)
    assert Key.asked <= MOST[name] * 2 * n
    given = rows(n, shift)
    Key.asked = 0
    operator(given)
    assert Key.asked <= (MOST[name] + 2) * 2 * n


def test_a_slice_and_a_copy_compare_no_nodes_one_by_one() -> None:
    """The ends of the window are looked for, and whether a block lies wholly inside."""
    rl: Any = RangeList.from_sorted(rows(4000, 0))
    Key.asked = 0
    assert len(rl.copy()) == 4000
    assert Key.asked == 0
    assert len(rl.slice(Key(3), Key(39_000))) == 3900
    assert Key.asked <= 300  # a few for each block of nodes
