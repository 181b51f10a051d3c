"""Whole columns: what goes in and out, and questions by the column, with and without numpy."""

import pickle
import sys
from array import array
from datetime import date
from fractions import Fraction
from itertools import combinations, product
from random import Random

import numpy as np
import pandas as pd
import pytest

from rangelist import (
    ALWAYS,
    EQUAL,
    IDENTITY,
    NEVER,
    EmptySpanError,
    Policy,
    RangeList,
    UnorderedKeyError,
)
from rangelist.bag import RangeBag
from rangelist.errors import ItemError, NanKeyError
from rangelist.shared import SharedRangeList

POLICIES = [EQUAL, IDENTITY, NEVER, ALWAYS, Policy(merge=lambda left, right: left.value)]
WAYS = {
    "lists": list,
    "tuples": tuple,
    "array.array": lambda keys: array("q", keys),
    "memoryview": lambda keys: memoryview(array("q", keys)),
    "numpy": np.array,
    "pandas": pd.Series,
    "numpy objects": lambda keys: np.array(keys, dtype=object),
    "numpy scalars": lambda keys: list(np.array(keys)),
    "an iterator": iter,
}


def contents(some):
    """Spans and values."""
    return [tuple(node) for node in some]


def drawn(seed, rows=60, width=100):
    """Random columns."""
    draw = Random(seed)
    starts = [draw.randrange(width) for _ in range(rows)]
    return starts, [a + draw.randrange(1, 20) for a in starts], draw.choices("abc", k=rows)


# ---- in ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("policy", POLICIES, ids=range(len(POLICIES)))
def test_columns_of_any_sort_make_what_build_makes(way, policy):
    for seed in range(8):
        starts, stops, values = drawn(seed)
        made = RangeList.from_columns(WAYS[way](starts), WAYS[way](stops), values, policy=policy)
        made.check()
        assert contents(made) == contents(
            RangeList.build(zip(starts, stops, values, strict=True), policy=policy)
        )
        assert all(type(key) is int for key in made.to_columns()[0] + made.to_columns()[1])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("policy", POLICIES, ids=range(len(POLICIES)))
def test_columns_without_values_make_what_build_makes_of_pairs(way, policy):
    for seed in range(8):
        starts, stops, _ = drawn(seed, 12)
        made = RangeList.from_columns(WAYS[way](starts), WAYS[way](stops), policy=policy)
        made.check()
        assert contents(made) == contents(
            RangeList.build(zip(starts, stops, strict=True), policy=policy)
        )
        assert all(type(key) is int for key in made.to_columns()[0] + made.to_columns()[1])


def test_every_three_spans_without_values_are_united():
    spans = list(combinations(range(5), 2))
    for rows in product(spans, repeat=3):
        starts, stops = zip(*rows, strict=True)
        expected = contents(RangeList.build(rows))
        assert contents(RangeList.from_columns(starts, stops)) == expected
        columns = np.array(starts, "u1"), np.array(stops, "u1")
        assert contents(RangeList.from_columns(*columns)) == expected


@pytest.mark.parametrize("values", [None, ["a", "b"]])
def test_small_numbers_of_numpy_do_not_wrap(values):
    starts, stops = np.array([250, 3], "u1"), np.array([255, 9], "u1")
    rl = RangeList.from_columns(starts, stops, values)
    rl.move(250, 255, 300)
    assert rl.extent == (3, 305)


def test_an_overlap_hook_is_honoured():
    made = RangeList.from_columns([0, 4], [8, 12], [1, 2], overlap=int.__add__)
    assert contents(made) == [(0, 4, 1), (4, 8, 3), (8, 12, 2)]


def test_keys_that_are_no_numbers_are_columns_too():
    days = [date(2026, 1, day) for day in (5, 1)]
    rl = RangeList.from_columns(days, [date(2026, 2, 1)] * 2, ["b", "a"])
    assert contents(rl) == [(days[1], date(2026, 2, 1), "a")]
    times = np.array(["2026-01-01", "2026-01-05"], "M8[D]")
    assert RangeList.from_columns(times[:1], times[1:]).extent == (
        date(2026, 1, 1),
        date(2026, 1, 5),
    )
    assert RangeList.from_columns(b"\x01\x05", bytearray(b"\x02\x09")).extent == (1, 9)
    assert contents(RangeList.from_columns([Fraction(1, 3)], [0.5])) == [
        (Fraction(1, 3), 0.5, None)
    ]


def test_a_subclass_and_a_shared_list_take_columns():
    made = SharedRangeList.from_columns([0], [5], ["a"])
    assert type(made) is SharedRangeList and contents(made) == [(0, 5, "a")]
    assert made.to_columns() == ([0], [5], ["a"])
    assert contents(SharedRangeList.from_sorted([(0, 5, "a")])) == [(0, 5, "a")]


@pytest.mark.parametrize(
    ("columns", "error", "words"),
    [
        (([1, 2], [3]), ItemError, "2, 1 and 2 rows"),
        (([1], [3], ["a", "b"]), ItemError, "1, 1 and 2 rows"),
        (("ab", "bc"), ItemError, "column starts is 'ab'"),
        ((5, [6]), ItemError, "column starts is 5"),
        ((np.zeros((2, 2)), [1, 2]), ItemError, "2 dimensions"),
        ((np.array([1], "M8[ns]"), [2]), ItemError, "nanoseconds"),
        (([1, 5], [3, 5]), EmptySpanError, r"\[5, 5\)"),
        ((np.array([1, 5]), np.array([3, 4])), EmptySpanError, r"\[5, 4\)"),
        (([0.0], [float("nan")]), NanKeyError, "nan"),
        ((np.array([0.0]), np.array([float("nan")])), NanKeyError, "nan"),
        (([1, "a"], [2, "b"]), UnorderedKeyError, "cannot order"),
        (([1], ["b"]), UnorderedKeyError, "cannot order"),
    ],
)
def test_wrong_columns_are_refused_by_name(columns, error, words):
    with pytest.raises(error, match=words):
        RangeList.from_columns(*columns)
    if error is not UnorderedKeyError or len(columns[0]) == 1:
        with pytest.raises(error, match=words):
            RangeBag.from_columns(*columns)


# ---- out -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [RangeList, RangeBag])
def test_columns_come_back(kind):
    starts, stops, values = drawn(3, 700, 10**6)
    made = kind.from_columns(starts, stops, values)
    columns = made.to_columns()
    assert list(zip(*columns, strict=True)) == contents(made)
    assert contents(kind.from_columns(*columns)) == contents(made)
    assert kind().to_columns() == ([], [], [])
    assert kind.from_columns([], []).to_columns() == ([], [], [])
    assert pickle.loads(pickle.dumps(columns)) == columns


def test_a_bag_of_columns_keeps_the_order_of_the_rows():
    bag = RangeBag.from_columns([5, 0, 5], [9, 3, 6], ["x", "y", "z"])
    assert repr(bag) == "RangeBag([(5, 9, 'x'), (0, 3, 'y'), (5, 6, 'z')])"


# ---- questions -----------------------------------------------------------------------------------


@pytest.fixture(params=["with numpy", "without numpy"])
def loaded(request, monkeypatch):
    """Whether numpy is loaded."""
    if request.param == "without numpy":
        monkeypatch.setitem(sys.modules, "numpy", None)


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("way", ["lists", "array.array", "memoryview"])
def test_many_keys_are_looked_up_as_one_by_one(way):
    for rows, kinds in product((1, 5, 700), ("q", "d")):
        starts, stops, values = drawn(rows, rows, rows * 15)
        rl = (
            RangeList.build(zip(map(float, starts), map(float, stops), values, strict=True))
            if kinds == "d"
            else RangeList.build(zip(starts, stops, values, strict=True))
        )
        keys = Random(1).choices(range(-5, rows * 15 + 40), k=300)
        given = array(kinds, keys) if way != "lists" else keys
        assert rl.get_many(memoryview(given) if way == "memoryview" else given, "none") == [
            rl.get(key, "none") for key in keys
        ]
    assert RangeList().get_many([1, 2]) == [None, None]
    assert rl.get_many([]) == []


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("way", [list, lambda keys: array("q", keys)])
@pytest.mark.parametrize("width", [30, 4000])
def test_many_windows_are_counted_and_found_as_one_by_one(way, width):
    for rows in (0, 1, 40, 700):
        starts, stops, values = drawn(rows, rows, width)
        starts, stops, values = [*starts, 2, 3], [*stops, width, width - 1], [*values, "L", "M"]
        bag = RangeBag(zip(starts, stops, values, strict=True))
        draw = Random(2)
        lows = draw.choices(range(-5, width + 40), k=200)
        highs = [low + draw.choice((0, 1, 7, 90)) for low in lows]
        for _ in range(2):
            windows = list(zip(lows, highs, strict=True))
            assert bag.count_many(way(lows), way(highs)) == [bag.count(a, b) for a, b in windows]
            found = bag.overlapping_many(way(lows), way(highs))
            assert found == [list(bag.overlapping(a, b)) for a, b in windows]
            bag.add(7, width * 2, "new")  # the stops have to be sorted anew
            bag.delete(bag.first)
    empty = RangeBag()
    assert empty.count_many([1], [2]) == [0]
    assert empty.overlapping_many([1], [2]) == [[]]
    assert bag.overlapping_many([], []) == []


def test_numbers_of_two_types_are_compared_exactly():
    big = 2**53
    rl = RangeList([(0, big + 1, "a"), (big + 1, big + 5, "b")])
    assert rl.get_many(np.array([big, big + 2], float)) == ["a", "b"]
    assert rl.get_many(np.array([big + 1, 3], "u8")) == ["b", "a"]
    assert rl.get_many(np.array([200, 3], "u1")) == ["a", "a"]
    huge = RangeList([(0, 2**70, "a")])
    assert huge.get_many(np.array([5, -1])) == ["a", None]


@pytest.mark.parametrize("way", [list, np.array])
def test_keys_that_are_none_are_refused(way):
    rl, bag = RangeList([(0.0, 5.0, "a")]), RangeBag([(0.0, 5.0, "a")])
    with pytest.raises(NanKeyError):
        rl.get_many(way([1.0, float("nan")]))
    with pytest.raises(NanKeyError):
        bag.count_many(way([1.0]), way([float("nan")]))
    with pytest.raises(EmptySpanError, match="reversed"):
        bag.count_many(way([3]), way([2]))
    with pytest.raises(EmptySpanError, match="reversed"):
        bag.count_many(way([3.0]), way([2.0]))
    with pytest.raises(UnorderedKeyError):
        rl.get_many(["a"])
    with pytest.raises(UnorderedKeyError):
        rl.get_many([1.0, "a"])
    for ask in (bag.count_many, bag.overlapping_many):
        with pytest.raises(UnorderedKeyError):
            ask(["a"], ["b"])
        with pytest.raises(ItemError, match="1 and 2 rows"):
            ask(way([1]), way([2, 3]))


def test_a_comparison_that_changes_the_bag_is_refused():
    class Key:
        def __init__(self, at):
            self.at = at

        def __lt__(self, other):
            if armed:
                bag.add(Key(0), Key(1), "new")
            return self.at < other.at

    armed = []
    bag = RangeBag([(Key(0), Key(5), "a"), (Key(1), Key(3), "b")])
    low, high = [Key(0), Key(2)], [Key(1), Key(4)]
    assert bag.count_many(low, high) == [1, 2]
    armed.append(True)
    for ask in (bag.count_many, bag.overlapping_many):
        with pytest.raises(Exception, match="want no"):
            ask(low, high)


def test_a_search_passes_by_many_nodes_that_end_too_early():
    rows = [(0, 10**6, "long")] + [(i, i + 1, i) for i in range(1, 5000)]
    bag = RangeBag(rows)
    assert [n.value for n in bag.overlapping_many([9000], [9001])[0]] == ["long"]


class Ordered:
    """A key that has an order, and no answer to `==`."""

    def __init__(self, place):
        self.place = place

    def __lt__(self, other):
        return self.place < other.place

    def __eq__(self, other):
        raise RuntimeError("asked for ==")

    __hash__ = None


def test_keys_of_columns_are_asked_for_nothing_but_their_order():
    """Also when the door has met their type before."""
    rows = [(Ordered(0), Ordered(4), "a"), (Ordered(6), Ordered(8), "b")]
    starts, stops, values = map(list, zip(*rows, strict=True))
    asked = [Ordered(7), Ordered(4), Ordered(0)]

    rl = RangeList.from_columns(starts, stops, values)
    bag = RangeBag.from_columns(starts, stops, values)

    assert rl.get_many(asked) == ["b", None, "a"]
    assert bag.count_many(asked, [Ordered(9)] * 3) == [1, 1, 2]
    assert [len(found) for found in bag.overlapping_many(asked, [Ordered(9)] * 3)] == [1, 1, 2]
