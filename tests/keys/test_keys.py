"""Every kind of key that has an order, and every kind that has none."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from rangelist import NEG_INF, POS_INF, Gap, Piece, RangeList, after, before, closed, point
from rangelist.errors import (
    EmptySpanError,
    MissingKeyError,
    NanKeyError,
    UnorderedKeyError,
)

UTC = dt.UTC
BERLIN = ZoneInfo("Europe/Berlin")


class Verbose:
    """A key whose comparisons answer with a number, as those of numpy answer with its own bool."""

    def __init__(self, n: int) -> None:
        self.n = n

    def __lt__(self, other: Verbose) -> int:
        return 7 if self.n < other.n else 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verbose) and self.n == other.n

    def __hash__(self) -> int:
        return self.n


# Six keys in order, of each kind.
KINDS: dict[str, list[Any]] = {
    "int": [0, 4, 8, 10, 14, 20],
    "negative int": [-20, -14, -10, -8, -4, 0],
    "huge int": [10**30 + n for n in range(6)],
    "huge negative int": [-(10**400) + n for n in range(6)],
    "bool and int": [False, True, 2, 3, 4, 5],
    "float": [-0.5, 0.0, 0.1, 0.2, 0.30000000000000004, 1e300],
    "float with infinities": [float("-inf"), -1.0, -0.0, 5e-324, 1.0, float("inf")],
    "int and float": [0, 0.5, 1, 1.5, 2, 2.5],
    "Fraction": [Fraction(n, 7) for n in range(6)],
    "Decimal": [Decimal(n) / 10 for n in range(6)],
    "Decimal and int": [0, Decimal("0.5"), 1, Decimal("1.5"), 2, Decimal("Infinity")],
    "int, float and Fraction": [0, 0.25, Fraction(1, 2), 1, 1.5, Fraction(7, 2)],
    "str": ["", "a", "ab", "b", "z", "é"],
    "bytes": [b"", b"a", b"ab", b"b", b"z", b"\xff"],
    "date": [dt.date(2024, 2, day) for day in (1, 5, 28, 29)] + [dt.date(2025, 1, 1), dt.date.max],
    "naive datetime": [dt.datetime(2024, 2, 28, hour) for hour in (0, 1, 5, 7, 12, 23)],
    "aware datetime": [dt.datetime(2024, 2, 28, hour, tzinfo=UTC) for hour in (0, 1, 5, 7, 12, 23)],
    "time": [dt.time(hour) for hour in (0, 1, 5, 7, 12, 23)],
    "timedelta": [dt.timedelta(days) for days in (-9, 0, 1, 2, 3, 4)],
    "IPv4": [ip_address(f"10.0.0.{n}") for n in (0, 1, 16, 17, 200, 255)],
    "IPv6": [ip_address(f"2001:db8::{n:x}") for n in (0, 1, 16, 17, 200, 65535)],
    "tuple": [(1,), (1, "a"), (1, "b"), (2,), (2, "a"), (3, "")],
    "version tuple": [(0,), (0, 1), (0, 9), (0, 10), (1,), (1, 0, 0)],
    "bounds": [NEG_INF, before(1), 1, after(1), 2, POS_INF],
    "one zone": [dt.datetime(2026, 10, 25, hour, tzinfo=BERLIN) for hour in (0, 1, 2, 3, 4, 5)],
    "numpy float": [np.float64(n) / 10 for n in range(6)],
    "numpy datetime": [np.datetime64(f"2026-01-0{n}") for n in range(1, 7)],
    "pandas": [pd.Timestamp(f"2026-01-0{n}", tz="Europe/Berlin") for n in range(1, 7)],
    "answers that are no bool": [Verbose(n) for n in range(6)],
}


@pytest.fixture(params=KINDS, ids=lambda kind: kind.replace(" ", "_"))
def keys(request: pytest.FixtureRequest) -> list[Any]:
    found: list[Any] = KINDS[request.param]
    assert found == sorted(found)
    return found


def test_every_write_works_on_every_ordered_key(keys):
    """Only `<` is asked of a key.

    [a---b---c---d---e---f]     set, cut, remove, fill, add, split, merge, coalesce
    """
    a, b, c, d, e, f = keys
    rl: RangeList[Any, Any] = RangeList()
    rl.set(a, f, "x")
    rl.set(c, d, "y")
    assert [tuple(node) for node in rl] == [(a, c, "x"), (c, d, "y"), (d, f, "x")]

    assert rl.remove(b, e) == [(b, c, "x"), (c, d, "y"), (d, e, "x")]
    assert list(rl.gaps(a, f)) == [Gap(b, e)]

    assert rl.fill(a, f, "z") == 1
    assert rl.add(b, c, "w") == 1
    assert [tuple(node) for node in rl] == [(a, b, "x"), (b, c, "w"), (c, e, "z"), (e, f, "x")]

    assert rl.transform(lambda piece: "w", c, e) == 1
    assert rl.split(d) is not None
    assert rl.coalesce() == 1
    assert rl.merge(rl.first, rl.first.next, "x").stop is e
    assert [tuple(node) for node in rl] == [(a, e, "x"), (e, f, "x")]
    rl.check()


def test_every_read_works_on_every_ordered_key(keys):
    """A key is found from its start on, up to but without its stop."""
    a, b, c, d, e, f = keys
    rl = RangeList([(b, c, 1), (d, e, 2)])

    assert [key in rl for key in keys] == [False, True, False, True, False, False]
    assert [rl.get(key) for key in keys] == [None, 1, None, 2, None, None]
    assert rl.locate(a) == (NEG_INF, b)
    assert rl.locate(c) == (c, d)
    assert rl.locate(f) == (e, POS_INF)
    assert [rl.floor(c), rl.lower(b), rl.ceiling(c), rl.higher(b)] == [
        rl.first, None, rl.last, rl.last,
    ]  # fmt: skip
    assert list(rl.tiles(a, f)) == [(a, b), (b, c, 1), (c, d), (d, e, 2), (e, f)]
    assert [tuple(node) for node in rl.overlapping(b, d)] == [(b, c, 1)]
    assert list(rl[a:d]) != [] and list(rl.sweep(b, e)) == [(b, c, 1), (d, e, 2)]
    assert rl[b] == 1
    with pytest.raises(MissingKeyError):
        rl[c]


MOVABLE = [
    "int", "negative int", "huge int", "huge negative int", "Fraction", "Decimal", "date",
    "naive datetime", "aware datetime", "timedelta", "IPv4", "IPv6",
]  # fmt: skip


@pytest.mark.parametrize("kind", MOVABLE)
def test_where_keys_can_be_subtracted_spans_can_be_moved(kind):
    """move, shift, nearest: a length is `key - key`, and `key + length` is a key."""
    a, b, c, d, _, _ = KINDS[kind]
    rl = RangeList([(a, b, 1)])
    by = b - a if kind not in ("IPv4", "IPv6") else int(b) - int(a)

    rl.move(a, b, b)
    assert [tuple(node) for node in rl] == [(b, b + by, 1)]

    rl.shift(b, by)
    assert [tuple(node) for node in rl] == [(b + by, b + by + by, 1)]

    rl.shift(b, -by)
    assert [tuple(node) for node in rl] == [(b, b + by, 1)]
    rl.clear()
    rl.set(a, b, 1)
    rl.set(c, d, 2)
    assert rl.nearest(b).value == 1


def test_keys_without_arithmetic_refuse_only_what_needs_it():
    """A str cannot be moved; the list is as before."""
    rl = RangeList([("a", "c", 1), ("x", "z", 2)])

    with pytest.raises(TypeError):
        rl.shift("b", 1)
    with pytest.raises(TypeError):
        rl.move("a", "b", "m")
    with pytest.raises((TypeError, ValueError)):
        rl.nearest("m")
    assert [tuple(node) for node in rl] == [("a", "c", 1), ("x", "z", 2)]


def test_floats_that_run_out_of_digits_are_refused():
    """[0, 1) moved to 1e300 would be empty: nothing has changed."""
    rl = RangeList([(0.0, 1.0, "a")])

    with pytest.raises(EmptySpanError):
        rl.move(0.0, 1.0, 1e300)
    with pytest.raises(EmptySpanError):
        rl.shift(0.0, 1e300)
    assert [tuple(node) for node in rl] == [(0.0, 1.0, "a")]


TENTHS = [i / 10 for i in range(1, 14)]


@pytest.mark.parametrize("start", TENTHS)
def test_floats_that_round_still_land_where_the_move_says(start):
    """0.2 + (0.9 - 0.2) is less than 0.9: the piece would lie over what ends there."""
    for to in TENTHS:
        rl = RangeList([(start, start + 2, "b")])
        rl.set(to - 0.05, to, "c")
        rl.move(max(start, to), start + 2, to, overwrite=True)
        rl.check()
        assert (rl.at(to).start, rl[to]) == (to, "b")


@pytest.mark.parametrize("at", TENTHS)
def test_floats_that_round_still_meet_where_space_is_deleted(at):
    """(0.1 + 0.4) - 0.4 is less than 0.1, (0.1 + 0.2) - 0.2 is more: both ends meet at 0.1."""
    for by in TENTHS:
        for stop in (at, at + by / 2, at + by, at + by + 5):
            rl = RangeList([(0.0, stop, "a"), (at + by + 5, at + by + 6, "b")])
            if stop <= at + by:
                rl.set(at + by, at + by + 1, "c")
            rl.shift(at, -by)
            rl.check()
            assert rl.at(at).start in (0.0, at)


def test_a_piece_inside_that_would_become_empty_is_refused():
    """The span as a whole survives the trip, a short piece in it does not."""
    rl = RangeList([(0.0, 0.25, "a"), (0.25, 4.0, "b")])

    with pytest.raises(EmptySpanError):
        rl.move(0.0, 4.0, 2.0**53)
    assert [tuple(node) for node in rl] == [(0.0, 0.25, "a"), (0.25, 4.0, "b")]


def test_keys_are_kept_as_the_objects_they_are():
    """A list over 1, 1.0 and True does not exchange one for the other."""
    rl: RangeList[Any, str] = RangeList([(1, 4, "a"), (True, 2.0, "b")])

    assert [type(key) for node in rl for key in (node.start, node.stop)] == [
        bool,
        float,
        float,
        int,
    ]


# ---- what is no key -----------------------------------------------------------------------------

NANS = {"float": float("nan"), "Decimal": Decimal("nan"), "signalling": Decimal("snan")}

WRITES: dict[str, Any] = {
    "set": lambda rl, a, b: rl.set(a, b, "x"),
    "setitem": lambda rl, a, b: rl.__setitem__(slice(a, b), "x"),
    "insert": lambda rl, a, b: rl.insert(a, b, "x"),
    "fill": lambda rl, a, b: rl.fill(a, b, "x"),
    "add": lambda rl, a, b: rl.add(a, b, "x"),
    "update": lambda rl, a, b: rl.transform(lambda piece: "x", a, b),
    "remove": lambda rl, a, b: rl.remove(a, b),
    "move": lambda rl, a, b: rl.move(a, b, a),
    "resize": lambda rl, a, b: rl.resize(rl.first, a, b),
    "constructor": lambda rl, a, b: RangeList([(a, b, "x")]),
    "build": lambda rl, a, b: RangeList.build([(a, b, "x")]),
}
WINDOWS: dict[str, Any] = {
    "walk": lambda rl, a, b: rl.walk(a, b),
    "sweep": lambda rl, a, b: rl.sweep(a, b),
    "cursor": lambda rl, a, b: rl.cursor(a, b),
    "overlapping": lambda rl, a, b: rl.overlapping(a, b),
    "gaps": lambda rl, a, b: rl.gaps(a, b),
    "tiles": lambda rl, a, b: rl.tiles(a, b),
    "covers": lambda rl, a, b: rl.covers(a, b),
    "slice": lambda rl, a, b: rl[a:b],
    "complement": lambda rl, a, b: rl.complement(a, b),
    "coalesce": lambda rl, a, b: rl.coalesce(a, b),
    "find_gap": lambda rl, a, b: rl.find_gap(1, a, b),
}
POINTS: dict[str, Any] = {
    "at": lambda rl, key: rl.at(key),
    "get": lambda rl, key: rl.get(key),
    "getitem": lambda rl, key: rl[key],
    "in": lambda rl, key: key in rl,
    "locate": lambda rl, key: rl.locate(key),
    "floor": lambda rl, key: rl.floor(key),
    "lower": lambda rl, key: rl.lower(key),
    "ceiling": lambda rl, key: rl.ceiling(key),
    "higher": lambda rl, key: rl.higher(key),
    "nearest": lambda rl, key: rl.nearest(key),
    "split": lambda rl, key: rl.split(key),
    "shift": lambda rl, key: rl.shift(key, 1),
}


@pytest.mark.parametrize("nan", NANS.values(), ids=NANS)
@pytest.mark.parametrize("call", [*WRITES, *WINDOWS])
def test_nan_is_refused_as_a_bound_and_the_bound_is_named(call, nan):
    """Whether the list is empty or not, and on either side."""
    for rl in (RangeList([(0, 8, "a")]), RangeList()):
        for start, stop, named in ((nan, 5, "start"), (0, nan, "stop"), (nan, nan, "start")):
            if call == "resize" and not rl:
                continue
            before_call = [tuple(node) for node in rl]
            with pytest.raises(NanKeyError, match=f"(?i){named} is .*nan|key is .*nan"):
                (WRITES | WINDOWS)[call](rl, start, stop)
            assert [tuple(node) for node in rl] == before_call


@pytest.mark.parametrize("nan", NANS.values(), ids=NANS)
@pytest.mark.parametrize("call", ["update", "remove", "walk", "gaps", "covers", "coalesce"])
def test_nan_is_refused_beside_an_open_end(call, nan):
    """`None` on the other side does not let it in."""
    for rl in (RangeList([(0, 8, "a")]), RangeList()):
        with pytest.raises(NanKeyError, match="(?i)start is .*nan"):
            (WRITES | WINDOWS)[call](rl, nan, None)
        with pytest.raises(NanKeyError, match="(?i)stop is .*nan"):
            (WRITES | WINDOWS)[call](rl, None, nan)


@pytest.mark.parametrize("nan", NANS.values(), ids=NANS)
@pytest.mark.parametrize("call", POINTS)
def test_nan_is_refused_as_a_key(call, nan):
    """A NaN in no list must not look like a miss, nor bisect to somewhere."""
    many = RangeList([(n, n + 1, n) for n in range(0, 100, 2)])
    for rl in (RangeList([(0, 8, "a")]), RangeList(), many):
        with pytest.raises(NanKeyError, match="(?i)key is .*nan"):
            POINTS[call](rl, nan)


@pytest.mark.parametrize("call", WRITES)
def test_empty_and_reversed_spans_are_refused_by_every_write(call):
    """The message shows the span and what would have been right."""
    rl = RangeList([(0, 8, "a")])
    for start, stop in ((5, 5), (6, 5), (99, 98)):
        with pytest.raises(EmptySpanError, match=rf"\[{start}, {stop}\) is no span, want start"):
            WRITES[call](rl, start, stop)
    assert [tuple(node) for node in rl] == [(0, 8, "a")]


@pytest.mark.parametrize("call", WINDOWS)
def test_reversed_windows_are_refused_at_once_and_empty_ones_are_not(call):
    """Not only when the answer is iterated."""
    rl = RangeList([(0, 8, "a")])
    with pytest.raises(EmptySpanError, match=r"window \[6, 5\) is reversed, want start <= stop"):
        WINDOWS[call](rl, 6, 5)

    answer = WINDOWS[call](rl, 5, 5)
    assert answer in (0, None, True) or answer is True or list(answer_items(answer)) == []


def answer_items(answer: Any) -> Any:
    return iter(answer.next, None) if hasattr(answer, "to_json") else answer


ODD = [("a", 5), (5, "a"), (None, "b"), (1j, 2j), (object(), object()), ((1,), 2)]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: " ".join(type(key).__name__ for key in odd))
@pytest.mark.parametrize("call", ["set", "insert", "fill", "add", "move", "resize", "constructor"])
def test_keys_that_cannot_be_compared_with_each_other_are_refused(call, odd):
    """UnorderedKeyError, which is a TypeError, shows both."""
    rl = RangeList([(0, 8, "a")])
    with pytest.raises(UnorderedKeyError, match="cannot order keys") as caught:
        WRITES[call](rl, *odd)
    assert repr(odd[0]) in str(caught.value) and repr(odd[1]) in str(caught.value)
    assert isinstance(caught.value, TypeError)
    assert [tuple(node) for node in rl] == [(0, 8, "a")]


# A new list has no other keys; a cursor looks when it steps; to move, keys are subtracted first.
STRICT = sorted({*WRITES, *WINDOWS} - {"constructor", "build", "cursor", "move"})
STRANGERS = [("x", "y"), ((1,), (2,)), (dt.date(2024, 1, 1), dt.date(2024, 1, 2))]


@pytest.mark.parametrize("pair", STRANGERS, ids=repr)
@pytest.mark.parametrize("call", STRICT)
def test_keys_of_another_type_than_those_in_the_list_are_refused(call, pair):
    """They have an order among themselves; the list of ints has another."""
    rl = RangeList([(0, 8, "a"), (10, 12, "b")])
    with pytest.raises(TypeError) as caught:
        answer = (WRITES | WINDOWS)[call](rl, *pair)
        list(answer)
    assert isinstance(caught.value, UnorderedKeyError), caught.value
    assert [tuple(node) for node in rl] == [(0, 8, "a"), (10, 12, "b")]
    rl.check()


@pytest.mark.parametrize("call", POINTS)
def test_a_key_of_another_type_is_refused(call):
    """The error names the key and one of the list."""
    rl = RangeList([(0, 8, "a"), (10, 12, "b")])
    with pytest.raises(UnorderedKeyError, match="cannot order keys 'x' and 0"):
        POINTS[call](rl, "x")


def test_naive_and_aware_datetimes_cannot_be_mixed():
    """Python refuses to compare them; the list says which two."""
    naive, aware = dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 2, tzinfo=UTC)
    rl = RangeList([(naive, naive + dt.timedelta(1), "a")])

    with pytest.raises(UnorderedKeyError, match="offset-naive"):
        rl.set(aware, aware + dt.timedelta(1), "b")
    with pytest.raises(UnorderedKeyError, match="offset-naive"):
        rl.at(aware)


def test_addresses_of_two_families_cannot_be_mixed():
    """IPv4 and IPv6 have no order between them."""
    four, six = IPv4Address("10.0.0.1"), IPv6Address("::1")
    rl = RangeList([(four, four + 1, "a")])

    with pytest.raises(UnorderedKeyError):
        rl.set(six, six + 1, "b")
    assert rl[four] == "a"


def test_an_arithmetic_error_of_a_comparison_that_no_nan_explains_comes_out_as_it_is():
    """It is the caller's own, and not about NaN."""

    class Strange(int):
        def __lt__(self, other: object) -> bool:
            raise ZeroDivisionError("mine")

    rl: RangeList[int, str] = RangeList([(0, 8, "a")])
    with pytest.raises(ZeroDivisionError, match="mine"):
        rl.set(Strange(1), Strange(2), "b")
    with pytest.raises(ZeroDivisionError, match="mine"):
        rl.at(Strange(3))
    with pytest.raises(ZeroDivisionError, match="mine"):
        rl.walk(Strange(3), Strange(5))


def test_a_key_that_is_changed_behind_the_back_of_the_list_is_found_by_check():
    """A list of one is a bad key; `check` says what is out of order."""
    key = [5]
    rl: RangeList[list[int], str] = RangeList([([0], [3], "a"), (key, [9], "b")])
    rl.check()

    key[0] = 1
    with pytest.raises(AssertionError, match="overlap"):
        rl.check()


# ---- bounds in one list with plain keys ---------------------------------------------------------


def test_open_and_closed_ends_mix_with_plain_keys():
    """[0, 5] and (5, 8): the closed one ends just behind 5."""
    rl: RangeList[Any, str] = RangeList()
    rl.set(*closed(0, 5), "a")
    rl.set(after(5), 8, "b")

    assert rl[5] == "a" and rl[5.0001] == "b" and 8 not in rl
    rl.set(*point(5), "c")
    assert [tuple(node) for node in rl] == [(0, 5, "a"), (5, after(5), "c"), (after(5), 8, "b")]


def test_unbounded_ends_cover_everything_and_can_be_cut():
    """-∞ to +∞ as one node."""
    rl: RangeList[Any, str] = RangeList([(NEG_INF, POS_INF, "a")])

    assert rl[-(10**99)] == "a" and rl[10**99] == "a"
    rl.set(0, 1, "b")
    assert [tuple(node) for node in rl] == [(NEG_INF, 0, "a"), (0, 1, "b"), (1, POS_INF, "a")]
    assert rl.remove(None, 0) == [Piece(NEG_INF, 0, "a")]
