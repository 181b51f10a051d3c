"""Key arithmetic: distances, moved borders that keep their order, lengths that keys can keep."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction
from ipaddress import ip_address
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rangelist.bounds import NEG_INF, POS_INF, after, before
from rangelist.errors import (
    EmptySpanError,
    LengthError,
    NanKeyError,
    RangeListError,
    UnorderedKeyError,
)
from rangelist.keys import (
    carried,
    check_length,
    direction,
    distance,
    is_endless,
    keeps,
    moved,
    moved_spans,
    same_key,
    touching,
)

DAY = dt.date(2026, 1, 1)
HOUR = dt.timedelta(hours=1)
INF = float("inf")


def test_two_keys_are_at_one_place_if_neither_is_less() -> None:
    """Whatever their `==` says, and the very same object at once."""

    class Only(int):
        def __eq__(self, other: object) -> bool:
            raise AssertionError("asked ==")

        __hash__ = int.__hash__

    assert same_key(Only(5), Only(5)) and not same_key(Only(5), Only(6))
    assert not same_key(Only(6), Only(5)) and same_key(1, 1.0)
    assert touching(Only(5), Only(5)) and not touching(Only(5), Only(6))


# ---- distances ----------------------------------------------------------------------------------


def test_what_has_no_distance_is_refused_by_name() -> None:
    """Text, keys of two types, a whole number that no float can hold."""
    for start, stop in (("a", "b"), (1, "b"), (DAY, dt.datetime(2026, 1, 1)), ((1,), (2,)),
                        (10**400, 0.5), (0.5, 10**400)):  # fmt: skip
        with pytest.raises(LengthError, match="no distance from .* want keys one can subtract"):
            distance(start, stop)
    assert distance(ip_address("::1"), ip_address("::5")) == 4
    with pytest.raises(LengthError, match="cannot move 'a' by 1 .* want a key difference"):
        moved("a", 1)


@pytest.mark.parametrize("key", [NEG_INF, POS_INF, INF, -INF, Decimal("inf"), "text"], ids=repr)
def test_an_infinite_key_has_no_distance_from_itself(key: Any) -> None:
    """Text neither."""
    assert is_endless(key)


@pytest.mark.parametrize("key", [0, 0.5, Decimal(1), DAY, after(5), ip_address("::1")], ids=repr)
def test_a_finite_key_has(key: Any) -> None:
    """It is nothing."""
    assert not is_endless(key)


# ---- which way ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "way"),
    [
        (3, 1),
        (-3, -1),
        (0, 0),
        (0.5, 1),
        (-0.0, 0),
        (Fraction(-1, 3), -1),
        (Decimal(2), 1),
        (HOUR, 1),
        (-HOUR, -1),
    ],
    ids=repr,
)
def test_a_difference_goes_forward_or_back_or_nowhere(by: Any, way: int) -> None:
    """As its own sign says."""
    assert direction(by) == way


@pytest.mark.parametrize(
    "by",
    [POS_INF, NEG_INF, INF, -INF, float("nan"), Decimal("inf"), Decimal("nan"), pd.NaT],
    ids=repr,
)
def test_a_difference_that_is_not_finite_is_refused(by: Any) -> None:
    """Each by the same error."""
    with pytest.raises(NanKeyError, match="by is .*, want"):
        direction(by)


@pytest.mark.parametrize("by", ["x", None, [1], 1j, ...], ids=repr)
def test_what_is_no_difference_is_refused(by: Any) -> None:
    """Text, nothing, what has a difference and no order."""
    with pytest.raises(LengthError, match="by is .*, want a key difference"):
        direction(by)


@pytest.mark.parametrize("by", [np.int64(3), np.float32(3), np.array([3]), pd.NA], ids=repr)
def test_what_cannot_be_a_key_cannot_be_a_difference(by: Any) -> None:
    """It would make such keys."""
    with pytest.raises(UnorderedKeyError):
        direction(by)


# ---- moved borders ------------------------------------------------------------------------------


def test_spans_move_together_and_the_first_lands_where_it_is_to() -> None:
    """Whole numbers, exactly."""
    spans = [(10, 12), (12, 15), (20, 21)]
    assert moved_spans(spans, 5, 10, 15) == [(15, 17), (17, 20), (25, 26)]
    assert moved_spans(spans, -5, 8, 3, 16) == [(5, 7), (7, 10), (15, 16)]
    assert moved_spans([], 5, 0, 5, 5) == []


def test_rounding_carries_no_first_border_before_its_place() -> None:
    """0.2 + (0.9 - 0.2) is less than 0.9; a border behind the origin stays behind it."""
    by = 0.9 - 0.2
    assert 0.2 + by < 0.9
    assert carried(0.2, by, 0.2, 0.9) == 0.9
    assert moved_spans([(0.2, 2.0)], by, 0.2, 0.9) == [(0.9, 2.0 + by)]
    assert moved_spans([(0.8, 2.0)], by, 0.2, 0.9) == [(0.8 + by, 2.0 + by)]


LOST: dict[str, tuple[list[tuple[Any, Any]], Any, Any, Any, Any]] = {
    "float beside int": ([(0, 1.0), (1, 2)], Fraction(3, 5), 0, Fraction(3, 5), None),
    "float beyond its digits": ([(0, 2.0**54), (2**54, 2**54 + 40)], 3, -1, 2, None),
    "behind the end": ([(0, 1.0)], Fraction(3, 5), 0, Fraction(3, 5), Fraction(8, 5)),
}


@pytest.mark.parametrize(("spans", "by", "origin", "to", "end"), LOST.values(), ids=LOST)
def test_borders_that_would_pass_each_other_are_refused(
    spans: Any, by: Any, origin: Any, to: Any, end: Any
) -> None:
    """Keys of two types round in two ways."""
    with pytest.raises(LengthError, match="want keys whose sums keep their order"):
        moved_spans(spans, by, origin, to, end)


def test_a_span_that_would_become_empty_is_refused() -> None:
    """1e300 + 1.0 is 1e300."""
    with pytest.raises(EmptySpanError):
        moved_spans([(0.0, 1.0)], 1e300, 0.0, 1e300)


NUMBERS: list[Any] = [
    0, 1, 2, 3, 0.1, 0.3, 0.5, 0.7, 1.1, 2.2, 1.0, 2.0, 1e16, 2**54, 2.0**54, 2**54 + 1, 2**54 + 2,
    Fraction(1, 3), Fraction(1, 10), Fraction(7, 5), Fraction(2**54 + 1, 2),
]  # fmt: skip
LENGTHS: list[Any] = [1, 3, 0.1, 0.7, 1e16, Fraction(3, 5), Fraction(1, 3), Fraction(7, 10), 2**54]


def test_whatever_is_moved_keeps_its_order_or_is_refused() -> None:
    """Numbers of all types at random, forward and back, exact ones never refused."""
    rnd = random.Random(10)
    refused = 0
    for _ in range(6000):
        cuts: list[Any] = []
        for key in sorted(rnd.sample(NUMBERS, 8)):
            if not cuts or cuts[-1] < key:
                cuts.append(key)
        cuts = cuts[: len(cuts) // 2 * 2]
        # Half of the neighbours touch, by keys of two types where there are such.
        spans = [(a, b) for a, b in pairwise(cuts) if rnd.random() < 0.7]
        if not spans:
            continue
        by = rnd.choice(LENGTHS) * rnd.choice((1, -1))
        origin = spans[0][0] if rnd.random() < 0.5 else spans[0][0] - 1
        try:
            made = moved_spans(spans, by, origin, moved(origin, by))
        except RangeListError:
            refused += 1
            exact = [*cuts, by, origin]
            assert any(isinstance(number, float) for number in exact)
            continue
        assert len(made) == len(spans)
        assert all(start < stop for start, stop in made)
        assert all(not right[0] < left[1] for left, right in pairwise(made))
        assert not made[0][0] < moved(origin, by)
    assert 100 < refused < 3000


# ---- lengths that keys keep ---------------------------------------------------------------------


def test_a_date_keeps_whole_days() -> None:
    """12 hours are nothing to it, 36 hours one day."""
    for hours in range(1, 100):
        length = hours * HOUR
        assert keeps(DAY, length) == (hours % 24 == 0)
        assert keeps(dt.datetime(2026, 1, 1), length)
        assert keeps(after(DAY), length) == (hours % 24 == 0)
    with pytest.raises(
        LengthError, match=r"size .*43200\) is .*\(0\) behind .*, want a length that"
    ):
        check_length(DAY, 12 * HOUR, "size")
    check_length(DAY, 24 * HOUR, "size")


def test_a_float_keeps_a_length_but_for_rounding() -> None:
    """A hundredth of it at most."""
    assert 0.1 + 0.2 - 0.1 != 0.2
    assert (
        keeps(0.1, 0.2)
        and keeps(1, 0.7)
        and keeps(1.7e9, 0.001)
        and keeps(Decimal(7), 1 / Decimal(3))
    )
    assert not keeps(1e17, 1.0) and not keeps(1e16, 3.0) and not keeps(Decimal("1e30"), 1)
    rnd = random.Random(4)
    for _ in range(2000):
        key, length = rnd.uniform(-1, 1) * 10.0 ** rnd.randint(0, 20), rnd.random() + 0.01
        off = abs(Fraction(key + length) - Fraction(key) - Fraction(length)) / Fraction(length)
        if off < Fraction(1, 200) or off > Fraction(1, 50):
            assert keeps(key, length) == (off < Fraction(1, 100))


@pytest.mark.parametrize("key", [NEG_INF, POS_INF, INF, Decimal("inf")], ids=repr)
def test_an_infinite_key_keeps_any_length(key: Any) -> None:
    """It stays where it is."""
    assert keeps(key, 5)


def test_exact_keys_keep_every_length_and_so_do_bounds() -> None:
    """Whole numbers however large, fractions, addresses, keys beside keys."""
    for key in (0, 10**40, Fraction(1, 3), ip_address("10.0.0.1"), after(5), before(5)):
        assert keeps(key, 7)
    assert keeps(5, after(3)) and keeps(Fraction(1, 3), Fraction(1, 7))
