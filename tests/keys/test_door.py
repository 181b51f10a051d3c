"""The door: which keys are refused, by which name, and that what it lets in is an order."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import sys
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from ipaddress import ip_address
from subprocess import run
from typing import Any
from zoneinfo import ZoneInfo

import dateutil.tz
import numpy as np
import pandas as pd
import pytest

from rangelist.bounds import NEG_INF, POS_INF, after, before
from rangelist.door import MEMO, PLAIN, learn
from rangelist.errors import EmptySpanError, NanKeyError, UnorderedKeyError
from rangelist.keys import check_key, check_order, check_span, check_window, is_nan
from rangelist.node import Piece

BERLIN, PARIS = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/Paris")
UTC = dt.UTC
INDIA = dt.timezone(dt.timedelta(hours=5, minutes=30))
NAN = float("nan")


def noon(zone: Any, day: int = 1) -> dt.datetime:
    return dt.datetime(2026, 1, day, 12, tzinfo=zone)


# ---- one key ------------------------------------------------------------------------------------

# Each key with a sound one of its kind, so that only itself can be the reason.
NANS: dict[str, tuple[Any, Any]] = {
    "float": (NAN, 5.0),
    "Decimal": (Decimal("nan"), Decimal(5)),
    "signalling Decimal": (Decimal("snan"), Decimal(5)),
    "numpy float": (np.float64("nan"), 5.0),
    "NaT of pandas": (pd.NaT, pd.Timestamp(2026, 1, 1)),
    "NaT of numpy": (np.datetime64("NaT", "D"), np.datetime64("2026-01-01")),
    "length NaT of numpy": (np.timedelta64("NaT", "D"), np.timedelta64(5, "D")),
    "in a tuple": ((0, NAN), (0, 5.0)),
    "deep in a tuple": ((0, (1, Decimal("nan"))), (0, (1, 5))),
    "in a list": ([NAN], [5.0]),
}
UNORDERED: dict[str, tuple[Any, Any]] = {
    **{f"numpy {kind.__name__}": (kind(1), 5) for kind in (
        np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64, np.bool_,
        np.float16, np.float32, np.longdouble)},
    "numpy int in a tuple": ((0, np.int64(1)), (0, 5)),
    "pd.NA": (pd.NA, 5),
    "array": (np.array([1, 2]), 5),
    "array of one": (np.array([1]), 5),
    "array without dimension": (np.array(1), 5),
    "Series": (pd.Series([1]), 5),
    "Chain": (pd.Index([1, 2]), 5),
}  # fmt: skip
REFUSED = NANS | UNORDERED


@pytest.mark.parametrize(("key", "other"), REFUSED.values(), ids=REFUSED)
def test_every_check_refuses_such_a_key_on_either_side(key: Any, other: Any) -> None:
    """By an error of the library's own, alone, as a span's end, beside an infinite end."""
    spans = [(key, other), (other, key), (key, key), (NEG_INF, key), (key, POS_INF)]
    error = NanKeyError if any(key is nan for nan, _ in NANS.values()) else UnorderedKeyError
    for start, stop in spans:
        with pytest.raises(error):
            check_span(start, stop)
        with pytest.raises(error):
            check_window(start, stop)
    for start, stop in ((key, None), (None, key)):
        with pytest.raises(error):
            check_window(start, stop)
    with pytest.raises(error, match="border is "):
        check_key(key, name="border")
    with pytest.raises(error):
        before(key)
    assert is_nan(key) == (error is NanKeyError)


def test_the_message_says_what_to_write_instead() -> None:
    """numpy's integers by name, and which of the two ends it was."""
    with pytest.raises(UnorderedKeyError, match=r"stop is np.int64\(5\), .*want int\(x\)"):
        check_span(1, np.int64(5))
    with pytest.raises(UnorderedKeyError, match=r"start is np.float32\(1.0\), .*want float\(x\)"):
        check_span(np.float32(1), 5)
    with pytest.raises(UnorderedKeyError, match=r"array \(ndarray\) of several keys, want one"):
        check_span(1, np.array([5]))
    with pytest.raises(NanKeyError, match="start is NaT, want a key that is equal to itself"):
        check_span(pd.NaT, pd.Timestamp(0))


SOUND: list[tuple[Any, Any]] = [
    (1, 2), (False, 2), (-(10**400), 10**400), (0.5, float("inf")), (1, 2.5), ("", "a"), (b"", b"a"),
    (Fraction(1, 3), Decimal(1)), (dt.date(2026, 1, 1), dt.date.max), (dt.timedelta(0), dt.timedelta(1)),
    (noon(None), noon(None, 2)), (noon(UTC), noon(INDIA, 2)), (noon(BERLIN), noon(BERLIN, 2)),
    (dt.time(1, tzinfo=BERLIN), dt.time(2, tzinfo=PARIS)), (dt.time(1), dt.time(2)),
    (ip_address("10.0.0.1"), ip_address("10.0.0.2")), (ip_address("::1"), ip_address("::2")),
    ((), (1,)), ((1, "a"), (1, "b", 0.5)), ([1], [1, 2]), ((1, noon(BERLIN)), (1, noon(BERLIN, 2))),
    (NEG_INF, POS_INF), (NEG_INF, "a"), (1, after(1)), (before((1, 2)), after((1, 2))),
    (pd.Timestamp(0), pd.Timestamp(1)), (pd.Timestamp(0, tz=BERLIN), pd.Timestamp(1, tz=UTC)),
    (pd.Timestamp(0, tz=UTC), noon(INDIA)), (pd.Timedelta(0), pd.Timedelta(1)),
    (pd.Period("2026-01"), pd.Period("2026-02")), (np.float64(1), 2.5), (np.str_("a"), "b"),
    (np.datetime64("2026"), np.datetime64("2027")), (np.timedelta64(1, "s"), np.timedelta64(2, "s")),
]  # fmt: skip


@pytest.mark.parametrize(("start", "stop"), SOUND, ids=repr)
def test_what_is_sound_is_let_in(start: Any, stop: Any) -> None:
    """Also the second time, by the short way, and as a window, a border, an empty window."""
    for _ in "ab":
        check_span(start, stop)
        check_window(start, stop)
    check_window(start, start)
    check_window(start, None)
    check_key(stop)
    with pytest.raises(EmptySpanError, match="is no span, want start < stop"):
        check_span(stop, start)
    with pytest.raises(EmptySpanError, match="is reversed, want start <= stop"):
        check_window(stop, start)


class Shy:
    """A key that has `<`; every other question is an error."""

    def __init__(self, n: int) -> None:
        self.n = n

    def __lt__(self, other: Any) -> Any:
        return self.n < other.n if isinstance(other, Shy) else NotImplemented

    def __eq__(self, other: object) -> bool:
        raise AssertionError("asked ==")

    __hash__ = None

    def __ne__(self, other: object) -> bool:
        raise AssertionError("asked !=")

    def __gt__(self, other: object) -> bool:
        raise AssertionError("asked >")

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"asked for .{name}")


def test_a_key_that_is_no_number_is_asked_nothing_but_its_order() -> None:
    """Not even for an attribute."""
    small, large = Shy(1), Shy(2)
    for _ in "ab":
        check_span(small, large, [Piece(small, large, 0)])
    check_window(small, large)
    check_window(None, large)
    check_key(small, [Piece(small, large, 0)])
    check_order(large, small)
    assert not is_nan(small)
    assert NEG_INF < before(small) < small < after(large) < POS_INF
    with pytest.raises(EmptySpanError):
        check_span(large, small)


def test_an_error_of_a_comparison_that_no_key_explains_comes_out_as_it_is() -> None:
    """A ValueError too: it may be an array's, or the caller's own."""

    class Strange(int):
        def __lt__(self, other: object) -> bool:
            raise ValueError("mine")

    for check in (check_span, check_window, check_order):
        with pytest.raises(ValueError, match="^mine$"):
            check(Strange(1), Strange(2))


def test_classes_without_end_do_not_fill_the_memory() -> None:
    """The short way is for the first so many; the others take the long way."""
    known = set(PLAIN)
    try:
        for n in range(MEMO + 9):
            learn(type(f"Kind{n}", (), {}))
        assert len(PLAIN) == MEMO
        kind = type("One", (int,), {})
        check_span(kind(1), kind(2))
        assert kind not in PLAIN
    finally:
        PLAIN.clear()
        PLAIN.update(known)


def test_the_library_does_not_import_what_it_recognises() -> None:
    """numpy and pandas are known by the names of their classes."""
    code = (
        "import sys, rangelist; from fractions import Fraction\n"
        "rangelist.RangeList([(1, 2.5, 0)]).set(Fraction(3), 4, 0)\n"
        "print([name for name in ('numpy', 'pandas', 'datetime', 'zoneinfo') if name in sys.modules])"
    )
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("[]", "['datetime']")  # what `fractions` imports is not ours


# ---- zones --------------------------------------------------------------------------------------

OTHERS: dict[str, Any] = {
    "UTC": UTC,
    "fixed": INDIA,
    "UTC of zoneinfo": ZoneInfo("UTC"),
    "another zone": PARIS,
    "another object of one zone": ZoneInfo.no_cache("Europe/Berlin"),
    "dateutil": dateutil.tz.gettz("Europe/Berlin"),
}


def beside(key: Any) -> list[tuple[Any, Any]]:
    """Return spans with this key in every form."""
    return [
        (key, POS_INF), (NEG_INF, key), (after(key), POS_INF), (NEG_INF, before(key)),
        ((1, key), (2,)), ((0,), (1, key)), (((key,),), ((key, 1),)),
    ]  # fmt: skip


@pytest.mark.parametrize("zone", OTHERS.values(), ids=OTHERS)
def test_a_zone_whose_clock_changes_is_refused_beside_any_other(zone: Any) -> None:
    """In one span, and beside a list of the other, whatever form the keys have."""
    for one, two in ((noon(BERLIN), noon(zone, 2)), (noon(zone), noon(BERLIN, 2))):
        with pytest.raises(UnorderedKeyError, match="two time zones, .*want one zone"):
            check_span(one, two)
        with pytest.raises(UnorderedKeyError, match="two time zones"):
            check_window(one, two)
        for mine, theirs in zip(beside(one), beside(two), strict=True):
            check_span(*mine, [Piece(*mine, 0)])
            for check in (check_span, check_window):
                with pytest.raises(UnorderedKeyError, match="two time zones"):
                    check(*mine, [Piece(*theirs, 0)])
            borders = [key for key in mine if key not in (NEG_INF, POS_INF, (0,), (2,))]
            for key in borders:
                with pytest.raises(UnorderedKeyError, match="two time zones"):
                    check_key(key, [Piece(*theirs, 0)])


def test_the_first_key_that_has_a_zone_speaks_for_all() -> None:
    """Infinite ends and shorter tuples say nothing; the list is read up to the first that does."""
    read = []

    def several(*spans: tuple[Any, Any]) -> Iterator[Piece[Any, int]]:
        for start, stop in spans:
            read.append(start)
            yield Piece(start, stop, 0)

    with pytest.raises(UnorderedKeyError):
        check_span(noon(UTC), POS_INF, several((NEG_INF, POS_INF), (NEG_INF, noon(BERLIN))))
    with pytest.raises(UnorderedKeyError):
        check_span((3,), (3, noon(UTC)), several(((1,), (2,)), ((2, noon(BERLIN)), (3,))))
    read.clear()
    check_span(noon(UTC), POS_INF, several((NEG_INF, noon(UTC)), (noon(UTC), POS_INF)))
    assert read == [NEG_INF]
    check_span(noon(UTC), noon(INDIA, 2), several((NEG_INF, POS_INF)))  # no key says anything


def test_a_list_of_keys_without_zone_is_not_read() -> None:
    """So that a write of whole numbers, text, naive datetimes costs nothing for it."""

    def unread() -> Iterator[Piece[Any, int]]:
        raise AssertionError("read")
        yield

    for start, stop in ((1, 2), ("a", "b"), (noon(None), noon(None, 2)), ((1, 2), (1, 3)),
                        (NEG_INF, 5), (Fraction(1), after(2))):  # fmt: skip
        check_span(start, stop, unread())


def test_zones_of_tuples_are_compared_item_by_item() -> None:
    """A column for each zone is sound: keys are compared column by column."""
    row = (noon(BERLIN), noon(UTC))
    check_span(row, (noon(BERLIN, 2), noon(INDIA)), [Piece(row, (noon(BERLIN), noon(UTC), 1), 0)])
    with pytest.raises(UnorderedKeyError):
        check_span(row, (noon(BERLIN, 2), noon(PARIS)))
    with pytest.raises(UnorderedKeyError):
        check_span((1, noon(BERLIN)), (2,), [Piece((0,), (1, noon(PARIS)), 0)])


def test_zones_that_never_change_are_fine_among_themselves() -> None:
    """However they are made: an offset of datetime, of zoneinfo, of dateutil, of pytz's kind."""

    class Localised(dt.tzinfo):
        """As pytz: an object for each offset, which does not answer for no datetime."""

        def utcoffset(self, when: dt.datetime | None) -> dt.timedelta | None:
            return None if when is None else dt.timedelta(hours=1)

        def dst(self, when: dt.datetime | None) -> None:
            return None

        def normalize(self, when: dt.datetime) -> dt.datetime:
            return when

    zones = [
        UTC,
        INDIA,
        ZoneInfo("UTC"),
        dateutil.tz.UTC,
        dateutil.tz.tzoffset("X", 3600),
        Localised(),
    ]
    for one, two in itertools.product(zones, repeat=2):
        check_span(noon(one), noon(two, 2), [Piece(noon(UTC), noon(INDIA, 9), 0)])


def test_a_zone_that_cannot_say_whether_it_changes_may_change() -> None:
    """Its offset for no datetime is an error."""

    class Careless(dt.tzinfo):
        def utcoffset(self, when: dt.datetime | None) -> dt.timedelta:
            return dt.timedelta(hours=when.month)

        def dst(self, when: dt.datetime | None) -> None:
            return None

    zone = Careless()
    check_span(noon(zone), noon(zone, 2))
    with pytest.raises(UnorderedKeyError):
        check_span(noon(zone), noon(UTC, 2))


# ---- the law: what is let in has an order -------------------------------------------------------


def night(zone: Any) -> list[Any]:
    """Return the half hours of the night in which Berlin sets its clocks back, both times."""
    first = dt.datetime(2026, 10, 25, 1, 0, tzinfo=zone)
    hours = [first + dt.timedelta(minutes=30 * n) for n in range(6)]
    return [*hours, *(hour.replace(fold=1) for hour in hours)]


POOLS: dict[str, list[Any]] = {
    "the night of a clock change": [
        *(hour for zone in (UTC, INDIA, BERLIN, PARIS) for hour in night(zone)),
        *(pd.Timestamp(hour) for hour in night(BERLIN)[:6]),
    ],
    "numbers": [
        0, 1, 0.1, 0.1 + 2**-40, Fraction(1, 10), Decimal("0.1"), NAN, Decimal("nan"), True,
        float("inf"), np.float32(0.1), np.float16(0.1), np.float64(0.1), np.int8(1), np.bool_(1),
        2**53, 2**53 + 1, 2.0**53, np.float32(2.0**53), NEG_INF, POS_INF, before(0.1), after(0.1),
    ],
    "tuples": [
        (), (0,), (0, NAN), (0, 5), (0, 7), (1, NAN), (NAN, 0), (NAN, 1), (0.5, 0), (1, 0),
    ],
    "instants": [
        pd.NaT, pd.Timestamp(0), pd.Timestamp(5), dt.datetime(1970, 1, 1), dt.datetime(1971, 1, 1),
    ],
}  # fmt: skip


def is_less(left: Any, right: Any) -> bool:
    try:
        return bool(left < right)
    except (TypeError, ArithmeticError):  # Decimal signals for its NaN, and knows no numpy
        return False


def first_disorder(keys: list[Any]) -> tuple[Any, Any, Any] | None:
    """Return three keys that have no order, `None` if all have one."""
    less = {(i, j): is_less(a, b) for i, a in enumerate(keys) for j, b in enumerate(keys)}
    for i, j, k in itertools.product(range(len(keys)), repeat=3):
        lost = less[i, j] and less[j, k] and not less[i, k]
        # Neither before nor behind j, neither before nor behind k: then j and k are at one place.
        level = not any((less[i, j], less[j, i], less[i, k], less[k, i]))
        if lost or less[i, i] or (level and less[j, k]):
            return keys[i], keys[j], keys[k]
    return None


@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")  # numpy's small floats
@pytest.mark.parametrize("pool", POOLS.values(), ids=POOLS)
def test_the_keys_that_are_let_in_one_after_the_other_have_an_order(pool: list[Any]) -> None:
    """Transitive, also where neither of two keys is less; in whatever sequence they come."""
    assert first_disorder(pool) is not None  # without the door
    rnd = random.Random(3)
    most = 0
    for _ in range(40):
        rnd.shuffle(pool)
        inside: list[Piece[Any, int]] = []
        for key in pool:
            try:
                check_key(key, inside)
            except (UnorderedKeyError, NanKeyError):
                continue
            inside.append(Piece(key, key, 0))
        keys = [piece.start for piece in inside]
        assert first_disorder(keys) is None
        most = max(most, len(keys))
    assert most >= 4
