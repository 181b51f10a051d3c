"""Cursors travel: written to JSON here, resumed in another process on an equal list."""

import base64
import json
import pickle
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from ipaddress import ip_address
from pathlib import Path

import pytest

from rangelist.bounds import NEG_INF, POS_INF, after, before
from rangelist.chain import Chain
from rangelist.cursor import resumed
from rangelist.errors import BadCursorError, UnorderedKeyError
from rangelist.ranges import RangeList

ROOT = Path(__file__).parents[2]

# Runs in the other process: for each (list, cursor) what is still delivered, both ways.
CHILD = """
import base64, json, pickle, sys
out = []
for rl, text in pickle.loads(base64.b64decode(sys.stdin.read())):
    ahead = [node.value for node in iter(rl.resume(text).next, None)]
    back = [node.value for node in iter(rl.resume(text).prev, None)]
    out.append([ahead, back, rl.resume(text).to_json()])
print(json.dumps(out))
"""

IST = timezone(timedelta(hours=5, minutes=30))
KEYS = {
    "int": [-(10**30), -1, 0, 7, 10**30],
    "float": [float("-inf"), -0.1, 0.1, 0.1 + 0.2, 1e308],
    "str": ["", "a\n", "é", "\u2028", "\U0001f600"],
    "datetime": [datetime(2026, 1, d, 12, 0, 0, d, tzinfo=IST) for d in range(1, 6)],
    "datetime in UTC": [datetime(2026, 1, d, tzinfo=UTC) for d in range(1, 6)],
    "date": [date(2026, 1, d) for d in range(1, 6)],
    "IPv4": [ip_address(f"10.0.0.{i}") for i in range(1, 6)],
    "IPv6": [ip_address(f"2001:db8::{i:x}") for i in range(1, 6)],
    "Fraction": [Fraction(i, 7) for i in range(5)],
    "Decimal": [Decimal(i) / 10 for i in range(5)],
    "tuple": [(1, "a"), (1, "b"), (2, ""), (2, "x"), (3, "z")],
    "bounds": [NEG_INF, before(1), after(1), 2, POS_INF],
}


def saved():
    """Return lists, and cursors that stand in them in every way, with what is left for each."""
    for kind, keys in KEYS.items():
        rl = RangeList(
            (a, b, f"{kind} {i}") for i, (a, b) in enumerate(zip(keys, keys[1:], strict=False))
        )
        for window in ((None, None), (keys[1], keys[3])):
            for reverse in (False, True):
                for steps in range(4):
                    cursor = rl.cursor(*window, reverse=reverse)
                    for _ in range(steps):
                        cursor.next()
                    yield rl, cursor
        cursor = rl.cursor()
        cursor.seek(keys[2])
        yield rl, cursor


def test_a_cursor_goes_on_identically_in_another_process():
    """Exactly the same key, whatever its type: no rounding, no time zone lost."""
    cases = [(rl, cursor, cursor.to_json()) for rl, cursor in saved()]
    parcel = base64.b64encode(pickle.dumps([(rl, text) for rl, _, text in cases])).decode()
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=parcel,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    for (rl, cursor, text), (ahead, back, again) in zip(
        cases, json.loads(done.stdout), strict=True
    ):
        assert again == text
        other = rl.resume(text)
        assert [node.value for node in iter(other.prev, None)] == back
        assert [node.value for node in iter(cursor.next, None)] == ahead


def test_a_cursor_that_has_turned_round_remembers_which_side_it_stands_on():
    """The next step from there is L19's, not that of a fresh cursor."""
    rl = RangeList((i * 10, i * 10 + 8, i) for i in range(4))
    cursor = rl.cursor()
    cursor.next(), cursor.next(), cursor.prev()
    again = rl.resume(cursor.to_json())
    assert again.next() is cursor.next() is rl.at(10)


def test_a_resumed_cursor_reports_moved_edges_and_no_new_value():
    """It does not know what value was delivered: to_json writes none."""
    rl = RangeList([(0, 8, "a")])
    cursor = rl.cursor()
    cursor.next()
    again = rl.resume(cursor.to_json())
    rl.replace(rl.first, "b")
    assert cursor.status.name == "NEW_VALUE"
    assert again.status.value == 0
    rl.resize(rl.first, stop=9)
    assert again.status.name == "MOVED_RIGHT_EDGE"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"rangelist-cursor": 2, "reverse": false, "right": true}',
        '{"rangelist-cursor": 1, "reverse": 0, "right": true}',
        '{"rangelist-cursor": 1, "reverse": false, "right": true, "a": {"int": "1"}}',
        '{"rangelist-cursor": 1, "reverse": false, "right": true, "start": {"colour": "red"}}',
        '{"rangelist-cursor": 1, "reverse": false, "right": true, "start": {"int": "x"}}',
        '{"rangelist-cursor": 1, "reverse": false, "right": true, "a": null, "at": 9}',
        '{"rangelist-cursor": 1, "reverse": false, "right": true, "start": {"int": "9"}, "stop": {"int": "3"}}',
        '{"rangelist-cursor": 1, "reverse": false, "right": true, "a": {"int": "9"}, "b": {"int": "3"}}',
        '{"rangelist-cursor": 1, "reverse": false, "right": true, "a": {"int": "3"}, "b": {"int": "3"}}',
        '{"rangelist-cursor": 1, "reverse": false, "right": true, "a": {"int": "3"}, "b": {"str": "x"}}',
        '{"rangelist-cursor": 1, "reverse": false, "right": true, "speed": 9}',
        '{"rangelist-cursor": 1, "reverse": false, "right": true, "at": {"float": "nan"}}',
        '{"rangelist-cursor": 1, "reverse": false, "right": true, "a": {"int": "3"}, "b": {"float": "nan"}}',
        '{"rangelist-cursor": 1, "reverse": false, "right": true, "start": {"decimal": "sNaN"}}',
        "[" * 100_000,
        b"",
        b'{"rangelist-cursor": 1, "reverse": false, "right": true}',
        None,
        5,
    ],
)
def test_a_text_that_is_no_cursor_is_refused(text):
    """With an error of ours that says so, and shows the text, not all of it."""
    with pytest.raises(BadCursorError, match="no saved cursor") as caught:
        resumed(Chain(), text)
    assert len(str(caught.value)) < 400


def test_a_key_without_a_json_form_is_refused_when_saving():
    """Not guessed at with repr."""
    rl = RangeList([(frozenset("a"), frozenset("ab"), 1)])
    cursor = rl.cursor()
    cursor.next()
    with pytest.raises(UnorderedKeyError, match="no JSON form"):
        cursor.to_json()
