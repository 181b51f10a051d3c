"""Keys as JSON: what comes back is the same key, or the key is refused by name."""

from __future__ import annotations

import io
import ipaddress
import json
import struct
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from rangelist import NEG_INF, POS_INF, RangeList, after, before
from rangelist.errors import BadCursorError, UnorderedKeyError
from rangelist.jsonkeys import decode_key, encode_key

BERLIN = ZoneInfo("Europe/Berlin")
TWICE = datetime(2026, 10, 25, 2, 30)  # in the hour that comes twice

KEYS = [
    5, -(10**40), 0.1, -0.0, "é", date(2026, 1, 2), TWICE, TWICE.replace(tzinfo=UTC),
    TWICE.replace(tzinfo=timezone(timedelta(hours=-3, minutes=30))),
    TWICE.replace(tzinfo=BERLIN), TWICE.replace(tzinfo=BERLIN, fold=1),
    datetime(2026, 3, 29, 2, 30, 0, 123, BERLIN), datetime(2026, 7, 1, tzinfo=ZoneInfo("UTC")),
    Fraction(1, 3), Decimal("1.10"), ipaddress.ip_address("10.0.0.1"),
    ipaddress.ip_address("fe80::1%eth0"), (1, ("a", TWICE.replace(tzinfo=BERLIN, fold=1))),
    before(5), after(TWICE.replace(tzinfo=BERLIN, fold=1)), NEG_INF, POS_INF,
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS, ids=repr)
def test_a_key_comes_back_as_the_same_key(key):
    found = decode_key(json.loads(json.dumps(encode_key(key))))

    assert repr(found) == repr(key)
    assert type(found) is type(key)
    if isinstance(key, datetime) and isinstance(key.tzinfo, ZoneInfo):
        assert found.tzinfo is key.tzinfo
        assert found.fold == key.fold


class Odd(tzinfo):
    """A zone of one's own."""

    def utcoffset(self, when):
        return timedelta(hours=1)

    def __repr__(self):
        return "Odd()"


class Number(int):
    """An int of one's own."""


@pytest.mark.parametrize(
    "key", [datetime(2026, 1, 1, tzinfo=Odd()), Number(5), True, None, b"x", [1]], ids=repr
)
def test_a_key_that_json_would_change_is_refused_by_name(key):
    with pytest.raises(UnorderedKeyError, match="JSON form"):
        encode_key(key)


def test_a_zone_without_a_name_is_refused():
    utc = b"TZif" + bytes(16) + struct.pack(">6l", 0, 0, 0, 0, 1, 4) + bytes(6) + b"UTC\0"
    zone = ZoneInfo.from_file(io.BytesIO(utc))

    with pytest.raises(UnorderedKeyError, match="a zone without JSON form"):
        encode_key(datetime(2026, 1, 1, tzinfo=zone))


@pytest.mark.parametrize(
    "body",
    [["2026-10-25T02:30:00", "Nowhere/Town", 0], ["noon", "Europe/Berlin", 0],
     ["2026-10-25T02:30:00", "Europe/Berlin", 2], ["2026-10-25T02:30:00", 5, 0],
     [None, "Europe/Berlin", 0]],
)  # fmt: skip
def test_a_form_of_no_zone_is_refused(body):
    with pytest.raises(UnorderedKeyError, match="no datetime of a zone"):
        decode_key({"zoned": body})


def test_a_cursor_goes_on_in_the_hour_that_comes_twice():
    hour = [TWICE.replace(minute=m, tzinfo=BERLIN) for m in (0, 20, 40)]
    rl = RangeList([(a, a + timedelta(minutes=5), n) for n, a in enumerate(hour)])
    cursor = rl.cursor()
    assert cursor.next().value == 0

    assert rl.resume(cursor.to_json()).next().value == 1

    with pytest.raises(BadCursorError, match="no datetime of a zone"):
        rl.resume(cursor.to_json().replace("Europe/Berlin", "Europe/Bern"))
