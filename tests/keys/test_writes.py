"""No write lets a key in that the door refuses, and none leaves a list whose keys have no order."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from rangelist import NEG_INF, POS_INF, Policy, RangeBag, RangeList
from rangelist.bounds import after, before
from rangelist.errors import (
    InvalidNodeError,
    LengthError,
    NanKeyError,
    OptionError,
    RangeListError,
    UnorderedKeyError,
)

BERLIN, UTC = ZoneInfo("Europe/Berlin"), dt.UTC
NAN = float("nan")


def hour(zone: Any, n: int) -> dt.datetime:
    return dt.datetime(2026, 10, 25, n, tzinfo=zone)


Write = Callable[[Any, Any, Any], object]
SPANS: dict[str, Write] = {
    "set": lambda rl, a, b: rl.set(a, b, "x"),
    "setitem": lambda rl, a, b: rl.__setitem__(slice(a, b), "x"),
    "insert": lambda rl, a, b: rl.insert(a, b, "x"),
    "fill": lambda rl, a, b: rl.fill(a, b, "x"),
    "add": lambda rl, a, b: rl.add(a, b, "x"),
    "update": lambda rl, a, b: rl.update([(a, b, "x")]),
    "transform": lambda rl, a, b: rl.transform(lambda piece: "x", a, b),
    "remove": lambda rl, a, b: rl.remove(a, b),
    "delitem": lambda rl, a, b: rl.__delitem__(slice(a, b)),
    "move": lambda rl, a, b: rl.move(a, b, rl.first.start, overwrite=True),
    "resize": lambda rl, a, b: rl.resize(rl.first, a, b),
    "union": lambda rl, a, b: rl.__ior__([(a, b, "x")]),
    "difference": lambda rl, a, b: rl.__isub__([(a, b, "x")]),
}
BORDERS: dict[str, Callable[[Any, Any], object]] = {
    "split": lambda rl, key: rl.split(key),
    "move to": lambda rl, key: rl.move(rl.first.start, rl.first.stop, key, overwrite=True),
    "resize start": lambda rl, key: rl.resize(rl.first, start=key),
    "resize stop": lambda rl, key: rl.resize(rl.first, stop=key),
    "shift at": lambda rl, key: rl.shift(key, rl.first.stop - rl.first.start),
    "remove from": lambda rl, key: rl.remove(key, None),
    "remove up to": lambda rl, key: rl.remove(None, key),
    "transform from": lambda rl, key: rl.transform(lambda piece: "x", key, None),
}
MAKERS: dict[str, Callable[[list[tuple[Any, Any, str]]], object]] = {
    "constructor": RangeList,
    "build": RangeList.build,
    "from_sorted": RangeList.from_sorted,
    "bag": RangeBag,
    "union": lambda items: RangeList(items[:1]) | items[1:],
    "combine": lambda items: RangeList(items[:1]).combine(items[1:], lambda a, b: "x"),
}

# Four keys in order that are in a list, and one that must not come in.
INTRUDERS: dict[str, tuple[list[Any], Any]] = {
    "float NaN": ([0.0, 4.0, 8.0, 12.0], NAN),
    "Decimal NaN": ([Decimal(n) for n in (0, 4, 8, 12)], Decimal("nan")),
    "signalling NaN": ([Decimal(n) for n in (0, 4, 8, 12)], Decimal("snan")),
    "NaN in a tuple": ([(n, 0.5) for n in (0, 4, 8, 12)], (2, NAN)),
    "NaT": ([pd.Timestamp(n) for n in (0, 4, 8, 12)], pd.NaT),
    "pd.NA": ([0, 4, 8, 12], pd.NA),
    "numpy int": ([0, 4, 8, 12], np.int64(2)),
    "numpy unsigned": ([0, 4, 8, 12], np.uint8(2)),
    "numpy float32": ([0, 4, 8, 12], np.float32(2)),
    "array": ([0, 4, 8, 12], np.array([2])),
    "array of two": ([0, 4, 8, 12], np.array([2, 3])),
    "UTC in a zone": ([hour(BERLIN, n) for n in (0, 4, 8, 12)], hour(UTC, 1)),
    "a zone in UTC": ([hour(UTC, n) for n in (0, 4, 8, 12)], hour(BERLIN, 3)),
    "a zone in a bound": ([hour(UTC, n) for n in (0, 4, 8, 12)], after(hour(BERLIN, 3))),
    "a zone in a tuple": ([(1, hour(UTC, n)) for n in (0, 4, 8, 12)], (1, hour(BERLIN, 3))),
}  # fmt: skip
ADDABLE = {name for name in INTRUDERS if "tuple" not in name}


def made(keys: list[Any]) -> Any:
    a, b, c, d = keys
    return RangeList([(a, b, "a"), (c, d, "b")])


@pytest.mark.parametrize("watched", [False, True])
@pytest.mark.parametrize("name", INTRUDERS)
@pytest.mark.parametrize("call", SPANS)
def test_no_span_of_such_a_key_is_written(call: str, name: str, watched: bool) -> None:
    """As its start, as its stop, beside an infinite end; the list is as before."""
    keys, odd = INTRUDERS[name]
    for start, stop in ((odd, keys[-1]), (keys[0], odd), (NEG_INF, odd), (odd, POS_INF)):
        rl = made(keys)
        if watched:
            rl.subscribe(lambda edit: None)
        with pytest.raises((NanKeyError, UnorderedKeyError)):
            SPANS[call](rl, start, stop)
        assert [tuple(node) for node in rl] == [(*keys[:2], "a"), (*keys[2:], "b")]
        rl.check()


@pytest.mark.parametrize("name", INTRUDERS)
@pytest.mark.parametrize("call", BORDERS)
def test_no_border_becomes_such_a_key(call: str, name: str) -> None:
    """Where one key alone is given."""
    keys, odd = INTRUDERS[name]
    if call == "shift at" and name not in ADDABLE:
        return
    rl = made(keys)
    with pytest.raises((NanKeyError, UnorderedKeyError)):
        BORDERS[call](rl, odd)
    assert [tuple(node) for node in rl] == [(*keys[:2], "a"), (*keys[2:], "b")]
    rl.check()


@pytest.mark.parametrize("name", INTRUDERS)
@pytest.mark.parametrize("maker", MAKERS)
def test_nothing_is_made_of_such_keys(maker: str, name: str) -> None:
    """By a constructor, in bulk, by the algebra; list and bag."""
    keys, odd = INTRUDERS[name]
    for start, stop in ((odd, POS_INF), (keys[2], odd)):
        with pytest.raises((NanKeyError, UnorderedKeyError)):
            MAKERS[maker]([(*keys[:2], "a"), (start, stop, "b")])


@pytest.mark.parametrize("name", INTRUDERS)
def test_a_bag_refuses_them_too(name: str) -> None:
    """Also where no node of it has a finite key."""
    keys, odd = INTRUDERS[name]
    bag: Any = RangeBag([(NEG_INF, POS_INF, 0), (keys[0], keys[3], 1)])
    for start, stop in ((odd, POS_INF), (keys[0], odd)):
        with pytest.raises((NanKeyError, UnorderedKeyError)):
            bag.add(start, stop, "x")
    assert len(bag) == 2
    bag.check()


def test_an_emptied_list_takes_keys_of_another_zone() -> None:
    """Only keys that are there count."""
    rl = made([hour(BERLIN, n) for n in (0, 4, 8, 12)])
    rl.remove(None, None)
    rl.set(hour(UTC, 1), hour(UTC, 2), "x")
    assert len(rl) == 1


def test_in_the_night_of_a_clock_change_a_list_stays_one() -> None:
    """Random writes of all zones: each is done or refused, a loop ends, every key is found."""
    rnd = random.Random(25)
    zones = [UTC, dt.timezone(dt.timedelta(hours=2)), BERLIN, ZoneInfo("Europe/Paris")]
    refused = 0
    for _ in range(150):
        rl: Any = RangeList()
        for _ in range(12):
            zone, other = (
                (rnd.choice(zones), rnd.choice(zones))
                if rnd.random() < 0.3
                else [rnd.choice(zones)] * 2
            )
            first = dt.datetime(2026, 10, 25, rnd.randrange(4), rnd.choice((0, 30)), tzinfo=zone)
            first = first.replace(fold=rnd.randrange(2))
            last = dt.datetime(2026, 10, 25, rnd.randrange(2, 6), rnd.choice((0, 30)), tzinfo=other)
            write = rnd.choice(("set", "remove", "fill", "add", "update", "transform"))
            try:
                SPANS[write](rl, first, last)
            except (UnorderedKeyError, ValueError):
                refused += 1
            rl.check()
            nodes = list(islice(rl, 100))
            assert len(nodes) == len(rl)
            assert all(rl.at(node.start) is node for node in nodes)
            keys = [key for node in nodes for key in (node.start, node.stop)]
            assert not any(b < a for i, a in enumerate(keys) for b in keys[i + 1 :])
    assert refused > 300


# ---- moved borders ------------------------------------------------------------------------------

TORN: dict[str, tuple[list[tuple[Any, Any, str]], Any, Any]] = {
    "float beside int": ([(0, 1.0, "a"), (1, 2, "b")], 0, Fraction(3, 5)),
    "float beyond its digits": ([(0, 2.0**54, "a"), (2**54, 2**54 + 40, "b")], -1, 3),
}


@pytest.mark.parametrize(("items", "at", "by"), TORN.values(), ids=TORN)
def test_borders_that_would_pass_each_other_stop_shift_and_move(
    items: Any, at: Any, by: Any
) -> None:
    """An error, and the list as it was."""
    for write in (
        lambda rl: rl.shift(at, by),
        lambda rl: rl.move(items[0][0], items[-1][1], items[0][0] + by, overwrite=True),
    ):
        rl = RangeList(items)
        with pytest.raises(LengthError, match="want keys whose sums keep their order"):
            write(rl)
        assert [tuple(node) for node in rl] == items
        rl.check()


NUMBERS: list[Any] = [
    0,
    1,
    2,
    0.1,
    0.7,
    1.0,
    2.0,
    2**54,
    2.0**54,
    2**54 + 1,
    Fraction(1, 10),
    Fraction(7, 5),
]


def test_whatever_is_moved_and_shifted_the_list_is_sound() -> None:
    """Numbers of all types at random, both ways, with and without a policy of one's own."""
    rnd = random.Random(6)
    done = 0
    for _ in range(3000):
        cuts = sorted(rnd.sample(NUMBERS, 6))
        hooks = rnd.choice((Policy(), Policy(same=lambda left, right: False)))
        rl: Any = RangeList(policy=hooks)
        for a, b in zip(cuts, cuts[1:], strict=False):
            if a < b and rnd.random() < 0.8:
                rl.set(a, b, rnd.choice("ab"))
        before_call = [tuple(node) for node in rl]
        by = rnd.choice([1, 0.1, 0.7, Fraction(3, 5), 2**54, 1e16]) * rnd.choice((1, -1))
        try:
            if rnd.random() < 0.5:
                rl.shift(rnd.choice(NUMBERS), by)
            else:
                rl.move(cuts[0], cuts[4], rnd.choice(NUMBERS), overwrite=rnd.random() < 0.7)
            done += 1
        except RangeListError:
            assert [tuple(node) for node in rl] == before_call
        rl.check()
    assert done > 500


def test_dates_are_shifted_by_whole_days() -> None:
    """Also back; what no date can keep is a LengthError, and the list as before."""
    day = [dt.date(2026, 1, n) for n in range(1, 20)]
    for hours in (12, 36, 24 * 30 + 1):
        for way in (1, -1):
            rl: Any = RangeList([(day[0], day[9], "a")])
            with pytest.raises(LengthError, match="by .* want a length that such keys keep"):
                rl.shift(day[4], way * dt.timedelta(hours=hours))
            assert [tuple(node) for node in rl] == [(day[0], day[9], "a")]


@pytest.mark.parametrize(
    "by", [POS_INF, NEG_INF, float("inf"), NAN, Decimal("inf"), Decimal("nan")], ids=repr
)
def test_a_shift_that_is_not_finite_is_refused_by_name(by: Any) -> None:
    """Each by the same error."""
    rl = RangeList([(0, 8, "a")])
    with pytest.raises(NanKeyError, match="by is .*, want"):
        rl.shift(0, by)
    with pytest.raises(UnorderedKeyError, match="by is .*, want int"):
        rl.shift(0, np.int64(3))


# ---- arguments of any type, in both builds -----------------------------------------------------


def test_alignments_of_every_number_type_work_through_the_public_call() -> None:
    """Compiled, too: Fraction, float, Decimal, timedelta, an offset that is a key."""
    half = {float: 0.5, Fraction: Fraction(1, 2), Decimal: Decimal("0.5")}
    for number, align in half.items():
        rl: Any = RangeList([(number(0), number(1), "a"), (number(5), number(6), "b")])
        found = rl.find_gap(number(1), align=align, offset=align / 2)
        assert found == (number(1) + align / 2, number(2) + align / 2)
        assert next(rl.slots(number(1), None, None, align=align, offset=align / 2)) == found
    nine = dt.datetime(2026, 1, 5, 9, 10)
    rl = RangeList([(nine, nine + dt.timedelta(hours=1), "a")])
    whole = {"align": dt.timedelta(hours=1), "offset": dt.datetime(2026, 1, 1)}
    found = rl.find_gap(dt.timedelta(minutes=30), nine, nine + dt.timedelta(hours=9), **whole)
    assert found is not None and found.start == dt.datetime(2026, 1, 5, 11)


def test_what_a_call_cannot_use_is_refused_by_the_same_error_in_both_builds() -> None:
    """Also arguments of a wrong type, which a compiled function would refuse by itself."""
    rl: Any = RangeList([(0, 4, "a"), (9, 12, "b")])
    for fit in (1, None, ("first",), "tight"):
        with pytest.raises(RangeListError, match="want one of first"):
            rl.find_gap(1, fit=fit)
    for odd in (1, None, ("left",), b"left", "tight"):
        for call in (
            lambda odd=odd: rl.split(2, keep=odd),
            lambda odd=odd: rl.merge(rl.first, rl.last, keep=odd),
            lambda odd=odd: rl.transform(str, gaps=odd),
            lambda odd=odd: rl.walk(horizon=odd),
            lambda odd=odd: rl.sweep(horizon=odd),
        ):
            with pytest.raises(OptionError, match=r"is .*, want '"):
                call()
    bag: Any = RangeBag([(0, 4, "a")])
    for odd in (1, None, "node", (0, 4, "a")):
        for call in (
            lambda odd=odd: rl.delete(odd), lambda odd=odd: rl.replace(odd, "b"),
            lambda odd=odd: rl.resize(odd, stop=5), lambda odd=odd: rl.merge(odd, rl.last),
            lambda odd=odd: rl.merge(rl.first, odd), lambda odd=odd: bag.delete(odd),
        ):  # fmt: skip
            with pytest.raises(InvalidNodeError, match="is no node, want one of this"):
                call()
    for text in (b"", 5, None, [], ""):
        with pytest.raises(RangeListError, match="no saved cursor"):
            rl.resume(text)
    for window in ((5, 5), (None, None), (0, 99)):
        for walk in (rl.walk(*window), rl.sweep(*window), rl.items(*window), rl.gaps(*window),
                     rl.tiles(*window), rl.overlapping(*window), rl.slots(1, *window)):  # fmt: skip
            walk.close()
            assert list(walk) == []
    assert before(0) < 0
