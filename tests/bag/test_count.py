"""`count` and the stops that it keeps in order: right after any change, at few comparisons."""

from __future__ import annotations

from math import ceil, log2
from random import Random
from typing import Any

import pytest

from rangelist import RangeBag, ReentrancyError, ends
from rangelist.ends import Ends


def counted(bag: Any, start: Any, stop: Any) -> int:
    """Count one by one."""
    return sum(node.start < stop and start < node.stop for node in bag) if start < stop else 0


def change(draw: Random, bag: Any) -> None:
    """Do one random change."""
    what, at = draw.randrange(12), draw.randrange(60)
    if what < 6 or not len(bag):
        bag.add(at, at + draw.randrange(1, 30), at)
    elif what < 10:
        bag.delete(bag.nth(draw.randrange(len(bag))))
    elif what == 10:
        bag.shift(at, draw.choice((-3, 2)))
    elif draw.random() < 0.1:
        bag.clear()
    else:
        with pytest.raises(KeyError), bag.transaction():
            bag.add(at, at + 5, "taken back")
            bag.delete(bag.first)
            raise KeyError


@pytest.mark.parametrize("half", [1, 2, 512])
@pytest.mark.parametrize("seed", range(8))
def test_counts_are_right_after_any_changes(half: int, seed: int, monkeypatch: Any) -> None:
    """One to five changes between two counts, with short blocks too; equal stops are common."""
    monkeypatch.setattr(ends, "HALF", half)
    draw = Random(seed)
    bag: Any = RangeBag((a, a + draw.randrange(1, 9), a) for a in range(0, 60, 2))
    for _ in range(200):
        for _ in range(draw.randrange(1, 6)):
            change(draw, bag)
        start = draw.randrange(70)
        stop = start + draw.randrange(20)
        assert bag.count(start, stop) == counted(bag, start, stop)
        assert bag.count_many([start], [stop]) == [counted(bag, start, stop)]
    bag.check()


def test_equal_stops_in_many_blocks_come_and_go(monkeypatch: Any) -> None:
    """Whichever of them is taken out."""
    monkeypatch.setattr(ends, "HALF", 1)
    bag: Any = RangeBag((n % 3, 5 + n // 9, n) for n in range(27))
    for left in range(27, 0, -1):
        assert bag.count(4, 6) == left
        assert bag.count(6, 9) == counted(bag, 6, 9)
        bag.delete(bag.nth(left // 2))
    assert bag.count(0, 9) == 0


class Key:
    """A key that counts how often it is compared."""

    asked = 0
    meanwhile: Any = None

    def __init__(self, n: int) -> None:
        self.n = n

    def __lt__(self, other: Key) -> bool:
        Key.asked += 1
        if Key.meanwhile is not None:
            call, Key.meanwhile = Key.meanwhile, None
            call()
        return self.n < other.n


@pytest.mark.parametrize("size", [2_000, 32_000])
def test_a_count_after_a_change_asks_logarithmically_many_comparisons(size: int) -> None:
    """It was a sort of all stops."""
    bag: Any = RangeBag((Key(n), Key(n + 50), n) for n in range(size))
    window = Key(size // 2), Key(size // 2 + 3)
    assert bag.count(*window) == 52
    for changed in (
        lambda: bag.add(Key(7), Key(size // 2 + 1), "new"),
        lambda: bag.delete(bag.nth(size // 3)),
        lambda: bag.discard(Key(7), Key(size // 2 + 1), "new"),
    ):
        changed()
        Key.asked = 0
        assert bag.count(*window) in (52, 53)
        assert Key.asked <= 4 * ceil(log2(size)) + 8


def test_changes_that_nobody_counts_are_not_kept_for_ever() -> None:
    """Sorting anew costs less than many of them."""
    bag: Any = RangeBag([(0, 5, "a")])
    assert bag.count(0, 9) == 1
    for n in range(600):
        bag.add(n, n + 3, n)
    assert bag._chain.ends == []
    assert bag.count(100, 200) == counted(bag, 100, 200)


def test_a_comparison_of_a_count_cannot_change_the_bag() -> None:
    """And the next count is right."""
    bag: Any = RangeBag((Key(n), Key(n + 5), n) for n in range(100))
    bag.count(Key(3), Key(9))
    bag.add(Key(4), Key(8), "new")
    Key.meanwhile = lambda: bag.add(Key(1), Key(2), "refused")
    window = Key(3), Key(9)
    try:
        with pytest.raises(ReentrancyError):
            bag._chain.count(*window)
    finally:
        Key.meanwhile = None
    assert bag.count(*window) == counted(bag, *window)


def test_a_write_during_a_count_in_another_thread_leaves_no_old_stops() -> None:
    """The ends that a count holds are those of the writes it knows of."""
    bag: Any = RangeBag([(0, 5, "a"), (2, 9, "b")])
    chain = bag._chain
    held: Ends[int] = chain.settled_ends()
    bag.add(3, 4, "c")
    chain.ends = [held]
    assert bag.count(3, 4) == 3
    chain.ends = [held]
    bag.add(3, 5, "d")
    assert bag.count(3, 4) == 4
