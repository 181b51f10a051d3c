"""What the keys of an input are: how text becomes a key, and how a key is shown."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

from rangelist.errors import BadLineError

__all__ = ["KINDS", "Key", "Kind", "guess_kind", "likely_kind", "natural", "quote"]

Key = Any  # int, float, str, date or datetime; within one input one of these


class Kind(NamedTuple):
    """One kind of keys.  Keys of two inputs can be compared if their families are the same."""

    family: str
    want: str
    parse: Callable[[str], Key]  # raises ValueError
    show: Callable[[Key], str] = str
    length: Callable[[float], Any] | None = None  # a number as a distance; None, if there is none
    discrete: bool = False  # whether keys have neighbours, at distance length(1)
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


def _shaped(shape: re.Pattern[str], read: Callable[[str], Key], text: str) -> Key:
    if shape.fullmatch(text) is None:
        raise ValueError
    return read(text)


def _reader(shape: str, read: Callable[[str], Key]) -> Callable[[str], Key]:
    """Return what reads text of a shape; other than a closure it can be sent to a process."""
    return partial(_shaped, re.compile(shape, re.ASCII), read)


def _number(text: str) -> int | float:
    if text.lstrip("+-").isdecimal():
        return int(text)
    value = float(text)
    if not math.isfinite(value):
        raise ValueError
    return value


def _day(text: str) -> Any:
    from datetime import date  # noqa: PLC0415  most runs have no dates

    return date.fromisoformat(text)


def _moment(text: str, *, aware: bool = False) -> Any:
    """Read date and time, with an offset from UTC or without one; hours may have one digit."""
    from datetime import datetime  # noqa: PLC0415  see `_day`

    if re.search(r"[.,]\d{6}\d*[1-9]", text):  # `fromisoformat` would drop nanoseconds
        raise ValueError
    if re.match(r".{10}[ T]\d:", text):
        text = f"{text[:11]}0{text[11:]}"
    value = datetime.fromisoformat(text)
    if (value.utcoffset() is not None) is not aware:
        raise ValueError
    return value


def _clock(text: str) -> int:
    """Read a time of day, in seconds after midnight; 24:00 ends the day."""
    hours, minutes, seconds = map(int, f"{text}:0".split(":")[:3])
    value = hours * 3600 + minutes * 60 + seconds
    if value > 86400:
        raise ValueError
    return value


def _address(text: str) -> int:
    from rangelist.formats.addresses import joined, number_of  # noqa: PLC0415  see `_day`

    return joined(*number_of(text))


# Three hundred digits are noise, and do not fit beside a float.
natural = _reader(r"\d{1,300}", int)
whole = _reader(r"[-+]?\d{1,300}", int)
number = _reader(r"(?=.{1,300}$)[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", _number)
hexadecimal = partial(int, base=16)


# ---- keys and lengths to text -----------------------------------------------------------------


def _duration(count: float, unit: str = "seconds") -> Any:
    from datetime import timedelta  # noqa: PLC0415  see `_day`

    return timedelta(**{unit: count})


def _show_days(length: Any) -> str:
    return "1 day" if length.days == 1 else f"{length.days} days"


def _show_clock(key: int) -> str:
    text = f"{key // 3600:02}:{key // 60 % 60:02}"
    return f"{text}:{key % 60:02}" if key % 60 else text


def _same(count: float) -> float:
    return count


def _show_address(key: int) -> str:
    from rangelist.formats.addresses import parted, text_of  # noqa: PLC0415  see `_day`

    return text_of(*parted(key))


# ---- the kinds --------------------------------------------------------------------------------

_whole = partial(Kind, length=_same, discrete=True)
WHOLE = _whole("number", "a whole number", whole)
POSITION = _whole("number", "a position from 0 on", _reader(r"\d+", int))
MEMORY = _whole(
    "memory address",
    "a hexadecimal address of at most 64 bits",
    _reader(r"0*[\da-fA-F]{1,16}", hexadecimal),
    "{:08x}".format,
)
CODE_POINT = _whole(
    "code point",
    "a code point, hexadecimal, at most 10FFFF",
    _reader(r"0*(10|[\da-fA-F])?[\da-fA-F]{1,4}", hexadecimal),
    "{:04X}".format,
)
ADDRESS = _whole(
    "network address", "an IPv4 or IPv6 address", _address, _show_address, closed=True
)
NUMBER = Kind("number", "a finite number", number, length=_same)

# What --keys may say.  Those of GUESSED exclude each other: a text is read by at most one.
KINDS = {
    "int": WHOLE,
    "number": NUMBER,
    "hex": _whole(
        "number", "a hexadecimal number, 0x1f", _reader(r"0[xX][\da-fA-F]{1,300}", hexadecimal), hex
    ),
    "date": Kind(
        "date",
        "a date, 2024-02-29",
        _day,
        length=partial(_duration, unit="days"),
        discrete=True,
        show_length=_show_days,
    ),
    "time": Kind("time", "date and time, 2024-02-29T12:00:00", _moment, length=_duration),
    "zoned": Kind(
        "time of a zone",
        "date and time, 2024-02-29T12:00+01:00",
        partial(_moment, aware=True),
        length=_duration,
    ),
    "clock": Kind(
        "time of day",
        "a time of day, 9:30 or 09:30:00",
        _reader(r"\d?\d:[0-5]\d(:[0-5]\d)?", _clock),
        _show_clock,
        _same,
    ),
    "address": ADDRESS,
    "text": Kind("text", "some text", _reader(r"(?s).+", str)),
}
# A first key without a fraction says nothing about the others, so "int" is never guessed.
GUESSED = ("number", "date", "time", "zoned", "clock", "hex", "address")


def guess_kind(text: str) -> str:
    """Return the name of the kind that can read a text; "" for what is plain text."""
    for name in GUESSED:
        try:
            KINDS[name].parse(text)
        except ValueError:
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
