"""What the keys of an input are: how text becomes a key, and how a key is shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

from rangelist.errors import BadLineError

__all__ = [
    "CODE_POINT",
    "KINDS",
    "MEMORY",
    "NUMBER",
    "POSITION",
    "WHOLE",
    "Key",
    "Kind",
    "guess_kind",
    "likely_kind",
    "quote",
]

Key = Any  # int, float, str, date or datetime; within one input one of these
HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
DIGITS = 300  # longer numbers are noise, and do not fit beside a float


class Kind(NamedTuple):
    """One kind of keys.  Keys of two inputs can be compared if their families are the same."""

    family: str
    want: str
    parse: Callable[[str], Key]  # raises ValueError
    show: Callable[[Key], str] = str
    unit: Any = None  # the distance of neighbours; None, if between two keys there are always more
    length: Callable[[float], Any] | None = None  # a number as a distance; None, if there is none
    show_length: Callable[[Any], str] = str
    closed: bool = False  # whether an input always names the last key, not the one after it

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
    """Show a piece of input, shortened, without control characters."""
    shown = repr(raw)
    return shown if len(shown) <= 60 else shown[:57] + "..."


# ---- text to keys: stricter than the constructors, which take blanks, underscores and signs -----


def natural(text: str) -> int:
    """Read a whole number without a sign."""
    if text.isdecimal() and text.isascii():
        return int(text)
    raise ValueError


def whole(text: str) -> int:
    """Read a whole number."""
    if len(text) > DIGITS:
        raise ValueError
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


def day(text: str) -> Any:
    """Read a date."""
    from datetime import date  # noqa: PLC0415  most runs have no dates

    return date.fromisoformat(text)


def moment(text: str, *, aware: bool = False) -> Any:
    """Read date and time, with an offset from UTC or without one; hours may have one digit."""
    from datetime import datetime  # noqa: PLC0415  see `day`

    if len(text) > 12 and text[10] in " T" and text[12] == ":":
        text = f"{text[:11]}0{text[11:]}"
    value = datetime.fromisoformat(text)
    if (value.utcoffset() is not None) is not aware:
        raise ValueError
    return value


def clock(text: str) -> int:
    """Read a time of day, in seconds after midnight; 24:00 ends the day."""
    parts = text.split(":")
    if not 2 <= len(parts) <= 3 or not 1 <= len(parts[0]) <= 2:
        raise ValueError
    if any(len(part) != 2 for part in parts[1:]):
        raise ValueError
    hours, minutes, seconds = *map(natural, parts), *([0] * (3 - len(parts)))
    value = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or value > 86400:
        raise ValueError
    return value


def filled(text: str) -> str:
    """Read text that is not empty."""
    if not text:
        raise ValueError
    return text


def hexadecimal(largest: int, text: str) -> int:
    """Read hexadecimal digits without a prefix."""
    if not text or not HEX_DIGITS.issuperset(text) or int(text, 16) > largest:
        raise ValueError
    return int(text, 16)


def prefixed(text: str) -> int:
    """Read a hexadecimal number with the prefix 0x."""
    if text[:2] not in ("0x", "0X"):
        raise ValueError
    return hexadecimal(1 << 1200, text[2:])


# ---- keys and lengths to text -----------------------------------------------------------------


def _duration(count: float, unit: str = "seconds") -> Any:
    from datetime import timedelta  # noqa: PLC0415  see `day`

    return timedelta(**{unit: count})


def _show_days(length: Any) -> str:
    return "1 day" if length.days == 1 else f"{length.days} days"


def _show_clock(key: int) -> str:
    text = f"{key // 3600:02}:{key // 60 % 60:02}"
    return f"{text}:{key % 60:02}" if key % 60 else text


def _same(count: float) -> float:
    return count


def _address(text: str) -> int:
    from rangelist.formats.addresses import joined, number_of  # noqa: PLC0415  see `day`

    return joined(*number_of(text))


def _show_address(key: int) -> str:
    from rangelist.formats.addresses import parted, text_of  # noqa: PLC0415  see `day`

    return text_of(*parted(key))


class _Day:
    """The distance of two days, made when it is needed: most runs have no dates."""

    def __radd__(self, key: Any) -> Any:
        return key + _duration(1, "days")

    def __rsub__(self, key: Any) -> Any:
        return key - _duration(1, "days")


# ---- the kinds --------------------------------------------------------------------------------

WHOLE = Kind("number", "a whole number", whole, unit=1, length=_same)
POSITION = Kind("number", "a position from 0 on", natural, unit=1, length=_same)
NUMBER = Kind("number", "a finite number", number, length=_same)
HEX = Kind("number", "a hexadecimal number, 0x1f", prefixed, hex, unit=1, length=_same)
DAY = Kind(
    "date",
    "a date, 2024-02-29",
    day,
    unit=_Day(),
    length=partial(_duration, unit="days"),
    show_length=_show_days,
)
MOMENT = Kind("time", "date and time, 2024-02-29T12:00:00", moment, length=_duration)
ZONED = Kind(
    "time of a zone",
    "date and time, 2024-02-29T12:00+01:00",
    partial(moment, aware=True),
    length=_duration,
)
CLOCK = Kind("time of day", "a time of day, 9:30 or 09:30:00", clock, _show_clock, length=_same)
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
ADDRESS = Kind(
    "network address",
    "an IPv4 or IPv6 address",
    _address,
    _show_address,
    unit=1,
    length=_same,
    closed=True,
)

# What --keys may say.  Those of GUESSED exclude each other: a text is read by at most one.
KINDS = {
    "int": WHOLE,
    "number": NUMBER,
    "hex": HEX,
    "date": DAY,
    "time": MOMENT,
    "zoned": ZONED,
    "clock": CLOCK,
    "address": ADDRESS,
    "text": TEXT,
}
GUESSED = ("number", "date", "time", "zoned", "clock", "hex", "address")


def guess_kind(text: str) -> str:
    """Return the name of the kind that can read a text; "" for what is plain text."""
    # A first key without a fraction says nothing about the others, so "int" is never guessed.
    for name in GUESSED:
        try:
            KINDS[name].parse(text)
        except (ValueError, BadLineError):
            continue
        return name
    return ""


def likely_kind(pairs: Iterable[tuple[str, str]]) -> str:
    """Return the kind of most pairs of keys, the first of equals; "" if none has any."""
    found: dict[str, int] = {}
    for pair in pairs:
        first, last = map(guess_kind, pair)
        if first and first == last:
            found[first] = found.get(first, 0) + 1
    return max(found, key=found.__getitem__, default="")
