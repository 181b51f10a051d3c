"""What the keys of an input are: how text becomes a key, and how a key is shown."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from string import hexdigits
from typing import Any

from rangelist.errors import BadLineError

__all__ = [
    "ADDRESS",
    "CODE_POINT",
    "KINDS",
    "MEMORY",
    "NUMBER",
    "POSITION",
    "WHOLE",
    "Key",
    "Kind",
    "guess_kind",
    "quote",
]

Key = Any  # int, float, str, date or datetime; within one input one of these
HEX_DIGITS = frozenset(hexdigits)
DIGITS = 300  # longer numbers are noise, and do not fit beside a float


@dataclass(frozen=True)
class Kind:
    """One kind of keys.  Keys of two inputs can be compared if their families are the same.

    It can be pickled, as all that a format holds.
    """

    family: str
    want: str
    parse: Callable[[str], Key]  # raises ValueError
    show: Callable[[Key], str] = str
    unit: Any = None  # the distance of neighbours; None, if between two keys there are always more
    length: Callable[[float], Any] | None = None  # a number as a distance; None, if there is none
    show_length: Callable[[Any], str] = str

    def key(self, text: str, name: str) -> Key:
        """Read a key.

        Raises: BadLineError, which names the field.
        """
        try:
            return self.parse(text)
        except ValueError:
            raise self.bad(text, name) from None

    def bad(self, raw: object, name: str) -> BadLineError:
        """Make the error for something that is no such key."""
        return BadLineError(f"{name} is {quote(raw)}, want {self.want}")


def quote(raw: object) -> str:
    """Show a piece of input, shortened, with nothing in it that a terminal would obey."""
    shown = repr(raw)
    return shown if len(shown) <= 60 else shown[:57] + "..."


# ---- text to keys: stricter than the constructors, which take blanks, underscores and signs -----


def natural(text: str) -> int:
    """Read a whole number without a sign."""
    if text.isdecimal() and text.isascii() and len(text) <= DIGITS:
        return int(text)
    raise ValueError


def whole(text: str) -> int:
    """Read a whole number."""
    return -natural(text[1:]) if text.startswith("-") else natural(text)


def number(text: str) -> int | float:
    """Read a whole or a finite floating-point number."""
    try:
        return whole(text)
    except ValueError:
        value = float(text)
    if "_" in text or not math.isfinite(value):
        raise ValueError
    return value


def moment(text: str) -> datetime:
    """Read date and time without an offset from UTC."""
    value = datetime.fromisoformat(text)
    if value.utcoffset() is not None:
        raise ValueError
    return value


def zoned(text: str) -> datetime:
    """Read date and time with an offset from UTC."""
    value = datetime.fromisoformat(text)
    if value.utcoffset() is None:
        raise ValueError
    return value


def filled(text: str) -> str:
    """Read any text but none."""
    if not text:
        raise ValueError
    return text


def hexadecimal(largest: int, text: str) -> int:
    """Read a hexadecimal number without sign and prefix."""
    if not text or not HEX_DIGITS.issuperset(text) or int(text, 16) > largest:
        raise ValueError
    return int(text, 16)


# ---- the kinds --------------------------------------------------------------------------------


def _days(count: float) -> timedelta:
    return timedelta(days=count)


def _show_days(length: timedelta) -> str:
    return "1 day" if length.days == 1 else f"{length.days} days"


def _seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def _same(count: float) -> float:
    return count


WHOLE = Kind("number", "a whole number", whole, unit=1, length=_same)
POSITION = Kind("number", "a position from 0 on", natural, unit=1, length=_same)
NUMBER = Kind("number", "a finite number", number, length=_same)
DAY = Kind(
    "date",
    "a date, 2024-02-29",
    date.fromisoformat,
    unit=timedelta(days=1),
    length=_days,
    show_length=_show_days,
)
MOMENT = Kind("time", "date and time, 2024-02-29T12:00:00", moment, length=_seconds)
ZONED = Kind("time of a zone", "date and time, 2024-02-29T12:00+01:00", zoned, length=_seconds)
TEXT = Kind("text", "some text", filled)
MEMORY = Kind(
    "memory address",
    "a hexadecimal address of at most 64 bits",
    partial(hexadecimal, (1 << 64) - 1),
    "{:08x}".format,
    unit=1,
    length=_same,
)
CODE_POINT = Kind(
    "code point",
    "a code point, hexadecimal, at most 10FFFF",
    partial(hexadecimal, 0x10FFFF),
    "{:04X}".format,
    unit=1,
    length=_same,
)
# Its version is known by the group only, so the format itself reads and shows it.
ADDRESS = Kind("network address", "a number", natural, unit=1, length=_same)

# What --keys may say.
KINDS = {
    "int": WHOLE,
    "number": NUMBER,
    "date": DAY,
    "time": MOMENT,
    "zoned": ZONED,
    "text": TEXT,
}


def guess_kind(text: str) -> Kind:
    """Return the first kind that can read `text`; text can be read by the last."""
    # A first key without a fraction says nothing about the others, so "int" is never guessed.
    for kind in (NUMBER, DAY, MOMENT, ZONED):
        try:
            kind.parse(text)
        except ValueError:
            continue
        return kind
    return TEXT
