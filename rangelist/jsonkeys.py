"""Keys as JSON and back, exactly: `{"type": text}`, so that a saved cursor means the same anywhere.

5 -> {"int": "5"}      0.1 -> {"float": "0x1.999999999999ap-4"}      a tuple -> {"tuple": [...]}

A datetime of a zone keeps the zone by its name, and which of two equal clock times it is:

    {"zoned": ["2026-10-25T02:30:00", "Europe/Berlin", 1]}
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import date, datetime, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, cast

from rangelist.bounds import NEG_INF, POS_INF, Bound, after, before
from rangelist.errors import UnorderedKeyError

__all__ = ["decode_key", "encode_key"]

# Type, its name in JSON, to text, from text.  Exact types only: a bool is not an int here.
CODECS: Final[list[tuple[type, str, Callable[[Any], str], Callable[[str], Any]]]] = [
    (int, "int", str, int),
    (float, "float", float.hex, float.fromhex),
    (str, "str", str, str),
    (datetime, "datetime", datetime.isoformat, datetime.fromisoformat),  # no zone or an offset
    (date, "date", date.isoformat, date.fromisoformat),
    (Fraction, "fraction", str, Fraction),
    (Decimal, "decimal", str, Decimal),
    (ipaddress.IPv4Address, "ipv4", str, ipaddress.IPv4Address),
    (ipaddress.IPv6Address, "ipv6", str, ipaddress.IPv6Address),
]


def encode_key(key: object) -> dict[str, Any]:
    """Return the JSON form of a key.

    Raises: UnorderedKeyError, if keys of this type have none.

    Example:
        >>> encode_key(10**30)
        {'int': '1000000000000000000000000000000'}
    """
    if type(key) is datetime and key.tzinfo is not None and type(key.tzinfo) is not timezone:
        return {"zoned": encode_zoned(key)}
    for kind, name, dump, _ in CODECS:
        if type(key) is kind:
            return {name: dump(key)}
    if isinstance(key, tuple):
        return {"tuple": [encode_key(part) for part in cast("tuple[object, ...]", key)]}
    if isinstance(key, Bound):
        bound = cast("Any", key)
        return {"before" if bound.side < 0 else "after": encode_key(bound.value)}
    if key is NEG_INF or key is POS_INF:
        return {"infinity": "-" if key is NEG_INF else "+"}
    known = ", ".join(name for _, name, _, _ in CODECS)
    raise UnorderedKeyError(f"key {key!r} has no JSON form, want one of {known}, tuple, a bound")


def encode_zoned(key: datetime) -> list[Any]:
    """Return the clock time, the zone's name and the fold of a datetime.

    Raises: UnorderedKeyError, if the zone is none of `zoneinfo`, or has no name.
    """
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    zone = key.tzinfo
    if type(zone) is not ZoneInfo or zone.key is None:
        raise UnorderedKeyError(
            f"key {key!r} has a zone without JSON form, want a ZoneInfo with a name or an offset"
        )
    return [key.replace(tzinfo=None, fold=0).isoformat(), zone.key, key.fold]


def decode_zoned(body: Any) -> datetime:
    """Return the datetime that `encode_zoned` took apart."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    try:
        text, name, fold = body
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(name), fold=fold)
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise UnorderedKeyError(
            f"{body!r} is no datetime of a zone ({error}), want a list of its clock time, the name "
            "of a zone that is known here, and 0 or 1"
        ) from error


def decode_key(form: object) -> Any:
    """Return the key of a JSON form.

    Raises: UnorderedKeyError, if it is none.

    Example:
        >>> decode_key({"tuple": [{"int": "1"}, {"str": "a"}]})
        (1, 'a')
    """
    parts: Any = form
    if isinstance(form, dict) and len(parts) == 1:
        ((name, body),) = parts.items()
        for _, known, _, load in CODECS:
            if name == known and isinstance(body, str):
                return load(body)
        if name == "zoned":
            return decode_zoned(body)
        if name == "tuple" and isinstance(body, list):
            return tuple([decode_key(part) for part in cast("Any", body)])
        if name in ("before", "after"):
            return (before if name == "before" else after)(decode_key(body))
        if name == "infinity" and body in ("-", "+"):
            return NEG_INF if body == "-" else POS_INF
    raise UnorderedKeyError(f"{form!r} is no key in JSON, want a form such as {{'int': '5'}}")
