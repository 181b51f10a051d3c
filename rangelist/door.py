"""The door: which keys are refused, and why, although they can be compared with `<`.

    NaN, NaT, pd.NA        are neither before nor behind another key
    arrays                 compare element by element
    numpy's numbers        sums of integers wrap, small floats round when compared with Python's
    datetimes of a zone    beside any other zone: within one zone Python compares the wall clock,
    whose clock changes    between two the instant, and both together are not transitive

Each write goes through the door (`check_span`, `check_key` in keys.py) before it changes anything.
Almost every key is recognised by its type alone, with one look into the set PLAIN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import zip_longest
from numbers import Number, Rational
from typing import Any, Final, TypeAlias, cast

from rangelist._compat import mypyc_attr
from rangelist.errors import NanKeyError, UnorderedKeyError

__all__ = [
    "EXACT",
    "PLAIN",
    "Relative",
    "check_zones",
    "fault_of",
    "is_simple",
    "learn",
    "one_clock",
    "refuse",
]

# Types of which a key needs no second look once `start < stop` was true.  `check_span` adds the
# types it finds harmless, so that dates and addresses take the short way too.  Not more than MEMO,
# so that a program that makes classes without end does not fill the memory.
PLAIN: Final[set[type]] = {int, bool, float, str, bytes}
MEMO: Final = 256
EXACT: Final[frozenset[type]] = frozenset((int, bool, str, bytes))  # and of these not even a NaN


@mypyc_attr(native_class=False)  # as its subclasses: see Bound
class Relative:
    """Base of the keys that lie beside other keys, whatever the type of those (bounds.py).

    One that lies beside a single key keeps it as `_value`.
    """

    __slots__ = ()


# ---- quick answers -------------------------------------------------------------------------------


def is_simple(key: object) -> bool:
    """Tell quickly that nothing speaks against a key that took part in a comparison."""
    if isinstance(key, tuple):
        for part in cast("tuple[object, ...]", key):  # noqa: SIM110  a generator costs twice that
            if type(part) not in EXACT:
                return False
        return True
    return type(key) in PLAIN


def learn(kind: type) -> None:
    """Note a type of harmless keys, so that `is_simple` knows it."""
    if _sort(kind).harmless and len(PLAIN) < MEMO:
        PLAIN.add(kind)


def one_clock(start: Any, stop: Any, beside: Iterable[Any]) -> bool:
    """Tell quickly that two datetimes have the zone of the first key beside them, or none."""
    kind = cast("Any", type(start))
    if type(stop) is not kind or _sort(kind).zone is not _zone_of_clock:
        return False
    zone = start.tzinfo
    if zone is not stop.tzinfo:
        return False
    for interval in () if zone is None else beside:
        other = interval.start
        return type(other) is kind and other.tzinfo is zone
    return True


# ---- one key: a question for each sort of type --------------------------------------------------


def fault_of(name: str, key: object) -> Exception | None:
    """Return the error that says why `key` can be in no list, `None` if nothing speaks against it.

    `name` is what the message calls it.
    """
    ask = _sort(type(key)).ask
    return None if ask is None else ask(name, key)


def refuse(name: str, key: object) -> None:
    """Raise the error that `fault_of` returns, if there is one."""
    fault = fault_of(name, key)
    if fault is not None:
        raise fault


Question: TypeAlias = Callable[[str, Any], Exception | None]


class Sort:
    """What is known of all keys of one type.

    `ask`       finds the fault of a key, `None` if no key of this type can have one
    `zone`      returns the zone of a key, `None` if no key of this type has one
    `harmless`  whether `start < stop` alone shows that a key is one: a NaN is never less
    """

    __slots__ = ("ask", "harmless", "zone")

    def __init__(self, ask: Question | None, zone: Callable[[Any], Any] | None = None) -> None:
        self.ask = ask
        self.zone = zone
        self.harmless = zone is None and (ask is None or ask is _number)


def _make_sort(kind: type[Any]) -> Sort:
    """Return what is known of keys of this type.

    numpy and pandas are recognised by the names of their classes, so that nothing is imported.
    """
    names = {f"{base.__module__}.{base.__name__}" for base in kind.__mro__}
    if "numpy.generic" in names:
        exact = "numpy.timedelta64" in names or issubclass(kind, float)
        odd = {"numpy.number", "numpy.bool", "numpy.bool_"} & names and not exact
        return Sort(_numpy_number if odd else _number)
    if hasattr(kind, "__array__"):
        return Sort(_array)
    if issubclass(kind, (tuple, list)):
        return Sort(_parts, _zones_of_parts)
    if issubclass(kind, Relative):  # the value of a bound was asked when the bound was made
        return Sort(None, _zone_beside)
    of_pandas = any(name.startswith("pandas.") for name in names)
    inexact = issubclass(kind, Number) and not issubclass(kind, Rational)
    return Sort(_number if of_pandas or inexact else None, _zone_question(kind))


# Asked with `Any`, because type checkers know too little of `type(key)`.
_sort: Final[Callable[[Any], Sort]] = lru_cache(maxsize=MEMO)(_make_sort)


def _number(name: str, key: Any) -> Exception | None:
    """Ask a number, or a scalar of numpy or pandas, whether it is equal to itself."""
    try:
        odd = bool(key != key)
    except ArithmeticError:  # a signalling Decimal NaN
        odd = True
    except (TypeError, ValueError) as error:  # pd.NA
        return UnorderedKeyError(f"{name} is {key!r} ({error}), want a key ordered by <")
    return NanKeyError(f"{name} is {key!r}, want a key that is equal to itself") if odd else None


def _numpy_number(name: str, key: Any) -> Exception | None:
    want = "float" if key.dtype.kind == "f" else "int"
    return UnorderedKeyError(
        f"{name} is {key!r}, a number that wraps or rounds as Python's do not, want {want}(x)"
    )


def _array(name: str, key: Any) -> Exception | None:
    return UnorderedKeyError(
        f"{name} is an array ({type(key).__name__}) of several keys, want one key"
    )


def _parts(name: str, key: Any) -> Exception | None:
    """Ask each item of a tuple: its own `<` may never come to a NaN in it."""
    for part in cast("Iterable[object]", key):
        ask = _sort(type(part)).ask
        fault = None if ask is None else ask(f"an item of {name}", part)
        if fault is not None:
            return fault
    return None


# ---- two keys: the time zone --------------------------------------------------------------------

FIXED: Final = "a fixed offset"  # stands for every zone with a clock that never changes


class Parts:
    """The zones of a tuple's items, at least one of which has one."""

    __slots__ = ("zones",)

    def __init__(self, zones: list[Any]) -> None:
        self.zones = zones


def _zone_question(kind: type[Any]) -> Callable[[Any], Any] | None:
    """Return what tells the zone of a key of this type."""
    if not hasattr(kind, "tzinfo"):
        return None
    from datetime import datetime, time  # noqa: PLC0415  loaded already, by what made the key

    if issubclass(kind, time):  # has no offset in a zone that changes
        return None
    by_instant = issubclass(kind, datetime) and kind.__lt__ is not datetime.__lt__
    return _zone_of_instant if by_instant else _zone_of_clock


def _zone_of_clock(key: Any) -> Any:
    """Return the zone with the clock by which a key is compared in that zone, or FIXED."""
    return None if key.tzinfo is None else _clock(key.tzinfo)


def _zone_of_instant(key: Any) -> Any:
    """Return FIXED: keys of pandas are compared by the instant, also within one zone."""
    return None if key.tzinfo is None else FIXED


def _zone_beside(key: Any) -> Any:
    """Return the zone of the key beside which a bound lies; an infinite end has none."""
    return _zone(getattr(key, "_value", None))


def _zones_of_parts(key: Any) -> Any:
    """Return the zones of a tuple's items, `None` if no item has one."""
    zones = [_zone(part) for part in cast("Iterable[object]", key)]
    return Parts(zones) if any(zone is not None for zone in zones) else None


def _zone(key: object) -> Any:
    zone = _sort(type(key)).zone
    return None if zone is None else zone(key)


def _clock(zone: Any) -> Any:
    """Return the zone if its clock changes, otherwise FIXED."""
    try:  # pytz makes an object for each offset of a zone, and such an object never changes
        changes = zone.utcoffset(None) is None and not hasattr(zone, "normalize")
    except Exception:  # noqa: BLE001  a tzinfo that cannot say so may change
        changes = True
    return zone if changes else FIXED


def check_zones(start: Any, stop: Any, beside: Iterable[Any]) -> None:
    """Refuse a key of another zone than the other key, or than a list's keys.

    All keys of a list have one zone, so the first key that has one speaks for all.
    """
    first, last = _zone(start), _zone(stop)
    if last is not None and _same_zones(last, first, stop, start):
        last = None
    for zone, key in ((first, start), (last, stop)):
        if zone is not None:
            for interval in beside:
                low, high = interval.start, interval.stop
                if _same_zones(zone, _zone(low), key, low):
                    break
                if _same_zones(zone, _zone(high), key, high):
                    break


def _same_zones(zone: Any, that: Any, key: Any, other: Any) -> bool:
    """Refuse two keys of different zones, one of which changes; False if `other` has no zone.

    The zones of tuples are compared item by item.
    """
    if zone is None:
        return True
    if that is None or isinstance(zone, Parts) is not isinstance(that, Parts):
        return False
    if isinstance(zone, Parts):
        pairs = zip_longest(zone.zones, that.zones[: len(zone.zones)])
        return all([_same_zones(mine, yours, key, other) for mine, yours in pairs])  # noqa: C419
    if zone is not that:
        raise UnorderedKeyError(
            f"cannot order keys {key!r} and {other!r} of two time zones, one of which changes its "
            "clock, want one zone for all keys (best UTC)"
        )
    return True
