"""How costs grow from a thousand nodes to a hundred thousand, or a million: comparisons, fitted as a·log2(n) + c."""

from __future__ import annotations

from collections.abc import Callable
from math import log2
from random import Random
from typing import Any

import pytest

from core.sizes import by_size
from core.test_costs import Counted, counted
from rangelist import RangeList

SIZES = [10**3, 10**4, 10**5, *by_size([], [10**6], [10**6])]
PLACES = 40


def k(n: float) -> Counted:
    return Counted(n)


# Each at [x, x + 6), a node among others of its kind.
CALLS: dict[str, Callable[[RangeList[Counted, int], int], Any]] = {
    "at": lambda rl, x: rl.at(k(x + 3)),
    "set, free": lambda rl, x: rl.set(k(x + 7), k(x + 9), -1),
    "set, inside": lambda rl, x: rl.set(k(x + 2), k(x + 4), -1),
    "insert": lambda rl, x: rl.insert(k(x + 6), k(x + 8), -1),
    "fill": lambda rl, x: rl.fill(k(x + 3), k(x + 8), -1),
    "add": lambda rl, x: rl.add(k(x + 3), k(x + 8), -1),
    "remove": lambda rl, x: rl.remove(k(x), k(x + 6)),
    "split": lambda rl, x: rl.split(k(x + 3)),
    "step of a walk": lambda rl, x: next(rl.walk(k(x))),
}


@pytest.fixture(scope="module")
def lists():
    """One list a size; what a test writes into it is too little to matter to the next."""
    return {size: counted(size) for size in SIZES}


def mean(rl: RangeList[Counted, int], name: str, size: int) -> float:
    """Return how many comparisons a call needs, over places all over the list.

    Each call has nodes of its own, so that no test meets what another one has written.
    """
    mine = range(list(CALLS).index(name), size - 1, len(CALLS))
    before = Counted.asked
    for n in Random(size).sample(mine, PLACES):
        CALLS[name](rl, 10 * n)
    return (Counted.asked - before) / PLACES


def fitted(xs: list[float], ys: list[float]) -> tuple[float, float]:
    """Return slope and intercept of the line through points, by least squares."""
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    slope = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum(
        (a - x) ** 2 for a in xs
    )
    return slope, y - slope * x


@pytest.mark.parametrize("name", CALLS)
def test_a_call_grows_with_the_logarithm_of_the_list_and_with_nothing_else(name, lists):
    """One comparison more where the list is twice as long, and no size stands out."""
    xs = [log2(size) for size in SIZES]
    ys = [mean(lists[size], name, size) for size in SIZES]
    slope, intercept = fitted(xs, ys)

    assert 0.9 <= slope <= 1.1
    assert 0 <= intercept <= 10
    assert all(abs(slope * x + intercept - y) <= 1 for x, y in zip(xs, ys, strict=True))


def test_a_write_over_many_nodes_grows_slower_than_they_are_many(lists):
    """It gallops: over k nodes in one place about 2·log2(k), a block each few more."""
    rl = lists[10**5]
    widths = [1, 10, 100, 1_000]
    found = []
    for place, width in enumerate(widths):
        x = 10 * 20_000 * (place + 1)
        before = Counted.asked
        rl.set(k(x + 3), k(x + 3 + 10 * width), -2)
        found.append(Counted.asked - before)

    assert found[-1] - found[0] <= 8 * widths[-1] / 100
    assert all(cost <= log2(10**5) + width + 14 for cost, width in zip(found, widths, strict=True))
