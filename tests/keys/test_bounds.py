"""Bounds: keys between the keys, alone and among plain keys of every type."""

from __future__ import annotations

import copy
import ipaddress
import pickle
from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rangelist import bounds
from rangelist.bounds import (
    NEG_INF,
    POS_INF,
    Bound,
    Infinity,
    after,
    at_least,
    at_most,
    before,
    closed,
    closedopen,
    everything,
    greater_than,
    less_than,
    openclosed,
    point,
)
from rangelist.errors import EmptySpanError, NanKeyError, RangeListError, UnorderedKeyError
from rangelist.keys import check_span, distance

ip = ipaddress.ip_address

# Three keys in order, of every type the library names.
KEYS: dict[str, tuple[Any, Any, Any]] = {
    "int": (-1, 0, 10**40),
    "float": (-1.5, 0.0, float("inf")),
    "int and float": (1, 1.5, 2),
    "Fraction": (Fraction(1, 3), Fraction(1, 2), Fraction(7)),
    "Decimal": (Decimal("-1.1"), Decimal(0), Decimal("1e50")),
    "str": ("", "a", "ä"),
    "bytes": (b"", b"a", b"b"),
    "date": (date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)),
    "datetime": (datetime(2024, 1, 1), datetime(2024, 1, 1, 1), datetime(2024, 1, 2)),
    "timedelta": (timedelta(-1), timedelta(0), timedelta(1)),
    "IPv4": (ip("10.0.0.1"), ip("10.0.0.2"), ip("192.168.0.1")),
    "IPv6": (ip("::1"), ip("::2"), ip("fe80::1")),
    "network": tuple(ipaddress.ip_network(f"10.0.{n}.0/24") for n in range(3)),
    "tuple": ((), (1,), (1, 2)),
}
by_type = pytest.mark.parametrize("keys", KEYS.values(), ids=KEYS)


def beside(keys: tuple[Any, ...]) -> list[Any]:
    """Every key with its two neighbours, and both ends, in the right order by construction."""
    return [
        NEG_INF,
        *(part for key in keys for part in (before(key), key, after(key))),
        POS_INF,
    ]


def rank(key: Any) -> tuple[int, Any, int]:
    """The model: a plain tuple that nobody doubts."""
    if isinstance(key, Infinity):
        return (key.value, 0, 0)
    if isinstance(key, Bound):
        return (0, key.value, key.side)
    return (0, key, 0)


# ---- order ----------------------------------------------------------------------------------


@by_type
def test_every_pair_compares_as_its_places_say(keys: tuple[Any, ...]) -> None:
    """All six comparisons, in both directions, of every pair in a mixed list."""
    ordered = beside(keys)
    for i, left in enumerate(ordered):
        for j, right in enumerate(ordered):
            assert (left < right) is (i < j)
            assert (left > right) is (i > j)
            assert (left <= right) is (i <= j)
            assert (left >= right) is (i >= j)
            assert (left == right) is (i == j)
            assert (left != right) is (i != j)


@by_type
def test_bisect_finds_every_key_of_a_mixed_list(keys: tuple[Any, ...]) -> None:
    """The index locates with bisect, so a mixed list has to bisect right."""
    ordered = beside(keys)
    for i, key in enumerate(ordered):
        assert bisect_left(ordered, key) == i
        assert bisect_right(ordered, key) == i + 1
    for i, key in enumerate(keys):
        assert bisect_right([before(k) for k in keys], key) == i + 1
        assert bisect_left([after(k) for k in keys], key) == i


numbers = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([-2.5, 0.5, 2.5, float("inf"), float("-inf")]),
    st.fractions(-3, 3, max_denominator=3),
)
mixed = st.one_of(
    numbers,
    st.builds(before, numbers),
    st.builds(after, numbers),
    st.sampled_from([NEG_INF, POS_INF]),
)


@given(st.lists(mixed))
def test_sorting_a_mixed_list_agrees_with_the_model(keys: list[Any]) -> None:
    """Sorted by `<` alone is sorted as tuples of (end, value, side) are."""
    assert [rank(key) for key in sorted(keys)] == sorted(map(rank, keys))


@given(mixed, mixed)
def test_equal_keys_have_equal_hashes(left: Any, right: Any) -> None:
    """Equality is that of the model, and the hash follows it."""
    assert (left == right) is (rank(left) == rank(right))
    if left == right:
        assert hash(left) == hash(right)


def test_a_bound_of_a_whole_float_equals_that_of_the_int() -> None:
    """As 1 == 1.0, so after(1) == after(1.0), in a set too."""
    assert {after(1), after(1.0), before(1)} == {after(1), before(1)}
    assert after(1) != 1
    assert after(1) != "after(1)"


def test_tuples_of_bounds_compare_as_tuples() -> None:
    """A bound may be part of a key that is a tuple."""
    assert (before(5), "z") < (5, "a") < (after(5), "a") < (POS_INF, "")


# ---- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize("make", [before, after])
@pytest.mark.parametrize("value", [before(1), after(1), NEG_INF, POS_INF, None, 1j, object(), {}])
def test_what_has_no_order_or_is_no_plain_key_has_no_bound(make: Any, value: Any) -> None:
    """Nesting, None and unordered values are refused by a TypeError of the library's own."""
    with pytest.raises(UnorderedKeyError, match="want"):
        make(value)


NANS = [float("nan"), Decimal("nan"), Decimal("snan")]


@pytest.mark.parametrize("nan", NANS, ids=str)
@pytest.mark.parametrize(
    "helper", [before, after, at_least, at_most, greater_than, less_than, point]
)
def test_nan_has_no_bound(helper: Any, nan: Any) -> None:
    """NaN is refused wherever a single key is wanted."""
    with pytest.raises(NanKeyError):
        helper(nan)


@pytest.mark.parametrize("nan", NANS, ids=str)
@pytest.mark.parametrize("key", [before(5), after(5), NEG_INF, POS_INF], ids=str)
def test_nan_is_refused_beside_a_bound(key: Any, nan: Any) -> None:
    """No comparison with NaN is true, so a span with NaN and a bound is refused."""
    with pytest.raises(NanKeyError):
        check_span(key, nan)
    with pytest.raises(NanKeyError):
        check_span(nan, key)


def test_a_float_nan_is_neither_below_nor_above_a_bound() -> None:
    """The negated comparison does not let it through."""
    nan = float("nan")
    for key in (before(5), after(5), NEG_INF, POS_INF):
        assert not any((key < nan, key > nan, key <= nan, key >= nan, key == nan))


@pytest.mark.parametrize("key", [before(5), after(5), NEG_INF, POS_INF], ids=str)
def test_none_is_no_key(key: Any) -> None:
    """An end accepts every key, but a forgotten bound is no key."""
    with pytest.raises(UnorderedKeyError):
        check_span(key, None)
    with pytest.raises(UnorderedKeyError):
        check_span(None, key)


def test_keys_of_two_types_do_not_mix_through_a_bound() -> None:
    """A bound of an int compares with a str as little as the int does."""
    for left, right in ((before(5), "a"), ("a", after(5)), (before(5), after("a"))):
        with pytest.raises(UnorderedKeyError):
            check_span(left, right)


# ---- arithmetic -----------------------------------------------------------------------------


def test_a_length_moves_a_bound_and_leaves_an_end() -> None:
    """`shift` and `find_gap` calculate with whatever is in the list."""
    assert after(5) + 3 == after(8)
    assert 3 + before(5) == before(8)
    assert after(5) - 3 == after(2)
    assert after(date(2024, 2, 28)) + timedelta(1) == after(date(2024, 2, 29))
    assert after(ip("10.0.0.5")) - 3 == after(ip("10.0.0.2"))
    for end in (NEG_INF, POS_INF):
        for length in (3, -3, 2.5, timedelta(1), after(1)):
            assert end + length is end
            assert length + end is end
            assert end - length is end


@by_type
def test_a_key_is_endlessly_far_from_an_end(keys: tuple[Any, ...]) -> None:
    """`stop - start` with one infinite end is infinite, on the right side."""
    for key in (*keys, before(keys[1])):
        assert distance(NEG_INF, key) is POS_INF
        assert distance(key, POS_INF) is POS_INF
        assert distance(POS_INF, key) is NEG_INF
        assert distance(key, NEG_INF) is NEG_INF
    assert distance(NEG_INF, POS_INF) is POS_INF


def test_an_end_minus_itself_is_refused() -> None:
    """It would be NaN, which has no place here."""
    for fn in (
        lambda: POS_INF - POS_INF,
        lambda: NEG_INF - NEG_INF,
        lambda: POS_INF + NEG_INF,
    ):
        with pytest.raises(EmptySpanError, match="want"):
            fn()


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_size_fits_exactly_where_the_distance_says(size: int) -> None:
    """A span is at least as long as a size exactly if start + size is not behind stop."""
    keys = [key for n in range(5) for key in (before(n), n, after(n))]
    for start in keys:
        for stop in keys:
            if start < stop:
                fits = not stop < start + size
                assert (not distance(start, stop) < size) is fits
                assert distance(start, stop) > 0


def test_distances_of_addresses_are_numbers_beside_bounds_too() -> None:
    """IP addresses cannot be subtracted; their distance is one of ints."""
    low, high = ip("10.0.0.1"), ip("10.0.0.4")
    assert distance(low, after(high)) == after(3)
    assert distance(before(low), before(high)) == 3
    assert distance(after(low), high) == before(3)


def test_two_sides_have_no_sum() -> None:
    """A bound plus a bound means nothing."""
    with pytest.raises(TypeError):
        after(1) + after(2)


# ---- helpers --------------------------------------------------------------------------------

# name: the helper's span of (1, 3) or of 2, and which of the keys 1, 2, 3 are in it
SPANS: dict[str, tuple[tuple[Any, Any], set[int]]] = {
    "closed": (closed(1, 3), {1, 2, 3}),
    "open": (bounds.open(1, 3), {2}),
    "closedopen": (closedopen(1, 3), {1, 2}),
    "openclosed": (openclosed(1, 3), {2, 3}),
    "at_least": (at_least(2), {2, 3}),
    "greater_than": (greater_than(2), {3}),
    "less_than": (less_than(2), {1}),
    "at_most": (at_most(2), {1, 2}),
    "everything": (everything(), {1, 2, 3}),
    "point": (point(2), {2}),
}


@pytest.mark.parametrize(("span", "inside"), SPANS.values(), ids=SPANS)
def test_a_helper_gives_the_span_of_its_name(span: tuple[Any, Any], inside: set[int]) -> None:
    """A key x is inside [start, stop) exactly if it is in the mathematical interval."""
    start, stop = span
    assert {x for x in (1, 2, 3) if not x < start and x < stop} == inside


def test_a_closed_span_may_hold_one_key_and_the_others_may_not_be_empty() -> None:
    """Each helper refuses a span that holds no key."""
    assert closed(5, 5) == point(5)
    for helper in (bounds.open, closedopen, openclosed):
        for stop in (5, 4):
            with pytest.raises(EmptySpanError, match="want start < stop"):
                helper(5, stop)
    with pytest.raises(EmptySpanError):
        closed(5, 4)
    with pytest.raises(EmptySpanError):
        at_least(POS_INF)
    with pytest.raises(EmptySpanError):
        less_than(NEG_INF)


@pytest.mark.parametrize("helper", [closed, bounds.open, closedopen, openclosed])
def test_a_helper_refuses_nan_and_keys_that_do_not_compare(helper: Any) -> None:
    """The error is one of the library's, whichever helper it was."""
    with pytest.raises(NanKeyError):
        helper(1.0, float("nan"))
    with pytest.raises(NanKeyError):
        helper(float("nan"), 1.0)
    with pytest.raises(UnorderedKeyError):
        helper(1, "a")
    with pytest.raises(RangeListError):
        helper(1, None)


# ---- python ---------------------------------------------------------------------------------


@by_type
def test_repr_reads_back(keys: tuple[Any, ...]) -> None:
    """A list's repr is code, so that of a bound is too."""
    names = {
        **vars(bounds),
        **vars(ipaddress),
        **{c.__name__: c for c in (Fraction, Decimal)},
        "datetime": __import__("datetime"),
        "inf": float("inf"),
    }
    for key in beside(keys):
        assert eval(repr(key), names) == key


def test_str_is_short_and_can_be_aligned() -> None:
    """In tables and pictures a bound is its value and a sign."""
    assert [str(key) for key in (NEG_INF, before(5), after("b"), POS_INF)] == [
        "-∞",
        "5⁻",
        "b⁺",
        "+∞",
    ]
    assert f"{after(5):>4}|{POS_INF:<4}|" == "  5⁺|+∞  |"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_and_copy_keep_what_a_bound_is(protocol: int) -> None:
    """Ends stay the one object they are; bounds stay equal."""
    for end in (NEG_INF, POS_INF):
        assert pickle.loads(pickle.dumps(end, protocol)) is end
        assert copy.copy(end) is end
        assert copy.deepcopy([end])[0] is end
    for key in (before(5), after((1, "a"))):
        for twin in (
            pickle.loads(pickle.dumps(key, protocol)),
            copy.copy(key),
            copy.deepcopy(key),
        ):
            assert (twin, twin.value, twin.side) == (key, key.value, key.side)


def test_the_parts_of_a_bound_can_be_read_and_not_written() -> None:
    """A bound is a key, and a key does not change."""
    key: Any = after(5)
    assert (key.value, key.side, before(5).side) == (5, 1, -1)
    with pytest.raises(AttributeError):
        key.value = 6
