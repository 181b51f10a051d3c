"""Operators with one short operand: the same answers as for plain rows, in a few steps."""

from itertools import combinations
from random import Random

import pytest

from rangelist import EmptySpanError, Policy, RangeList, UnorderedKeyError
from rangelist.nearby import Near, near

LONG = [(3 * i, 3 * i + (2 if i % 3 else 3), i % 2) for i in range(60)]
POLICY = Policy(split=lambda node, at: (f"<{node.value}", f"{node.value}>"))


def contents(rl):
    """Spans and values."""
    return [tuple(node) for node in rl]


def agree(left, right):
    """Every operator gives what it gives for rows of which nothing is known."""
    rows = contents(right)
    assert contents(left & right) == contents(left & rows)
    assert contents(left - right) == contents(left - rows)
    assert contents(left | right) == contents(left | rows)
    assert contents(left ^ right) == contents(left ^ rows)
    assert left.isdisjoint(right) == left.isdisjoint(rows)
    assert left.issubset(right) == left.issubset(rows)


@pytest.mark.parametrize("policy", [Policy(), POLICY])
def test_one_or_two_spans_beside_a_long_list(policy):
    long = RangeList.from_sorted(LONG, policy=policy)
    for a, b in combinations(range(-2, 20), 2):
        short = RangeList.from_sorted([(a, b, "s")], policy=policy)
        agree(short, long)
        agree(long, short)
    for a, b, c, d in combinations(range(170, 183), 4):
        short = RangeList.from_sorted([(a, b, "s"), (c, d, "s")], policy=policy)
        agree(short, long)
        agree(long, short)


@pytest.mark.parametrize("seed", range(20))
def test_random_short_lists_beside_a_long_one(seed):
    draw = Random(seed)
    long = RangeList.build(
        (a, a + draw.randrange(1, 9), draw.randrange(3)) for a in draw.choices(range(900), k=300)
    )
    borders = sorted(draw.sample(range(920), 8))
    short = RangeList.from_sorted(zip(borders[::2], borders[1::2], "abcd", strict=True))
    agree(short, long)
    agree(long, short)


def test_only_what_lies_over_the_short_one_is_looked_at():
    long, short = RangeList.from_sorted(LONG), RangeList([(4, 10, "s"), (11, 12, "s")])
    assert isinstance(near(long, short), Near)
    assert [node.start for node in near(long, short)] == [3, 6, 9]
    assert near(short, long) is short
    assert near(LONG, short) is LONG and near(long, LONG) is long


def test_an_empty_operand_looks_at_nothing():
    long, empty = RangeList.from_sorted(LONG), RangeList()
    agree(empty, long)
    agree(long, empty)


def test_keys_of_two_sorts_are_refused_as_before():
    long, short = RangeList.from_sorted(LONG), RangeList([("a", "b", 1)])
    for ask in (short.isdisjoint, short.__and__, short.__sub__, short.issubset):
        with pytest.raises(UnorderedKeyError):
            ask(long)


# ---- a slice -------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", [Policy(), POLICY])
def test_every_slice_is_what_the_window_clips(policy):
    rl = RangeList.from_sorted(LONG[:8], policy=policy)
    ends = [None, *range(-2, 28)]
    for start in ends:
        for stop in ends:
            if start is not None and stop is not None and stop < start:
                with pytest.raises(EmptySpanError):
                    rl.slice(start, stop)
                continue
            made = rl.slice(start, stop)
            made.check()
            assert contents(made) == [tuple(piece) for piece in rl.sweep(start, stop)]
    assert contents(RangeList().slice(1, 5)) == []
