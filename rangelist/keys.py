"""What a key is: anything totally ordered by `<`.  The door that refuses the rest; key arithmetic.

The library compares keys with `<` and asks nothing else of them.  Arithmetic is needed only where
a length is (`find_gap`, `slots`, `shift`, `move`, `nearest`).

The door: each write calls `check_span` (or `check_key`, for a single border) before it changes
anything.  Refused are keys whose `<` is no order or whose `+` is no arithmetic:

    NaN, NaT, pd.NA        neither before nor behind another key
    arrays                 compare element by element
    numpy's numbers        sums of integers wrap, small floats round in comparisons with Python's
    datetimes of a zone    beside any other zone: within one zone Python compares the wall clock,
    that changes           between two the instant, and both together are not transitive
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import zip_longest
from numbers import Number, Rational
from typing import Any, Final, Protocol, TypeAlias, TypeVar, cast

from rangelist._compat import mypyc_attr
from rangelist.errors import EmptySpanError, LengthError, NanKeyError, UnorderedKeyError

__all__ = [
    "COMPARE_ERRORS",
    "PLAIN",
    "K",
    "Ordered",
    "Relative",
    "V",
    "carried",
    "check_finite",
    "check_key",
    "check_length",
    "check_order",
    "check_span",
    "check_window",
    "direction",
    "distance",
    "explain_key",
    "explain_nan",
    "fault_of",
    "is_endless",
    "is_nan",
    "keeps",
    "moved",
    "moved_spans",
    "rounds",
    "same_key",
    "touching",
]


class Ordered(Protocol):
    """A type whose values can be compared with `<`."""

    def __lt__(self, other: Any, /) -> bool: ...


K = TypeVar("K", bound=Ordered)
V = TypeVar("V")


@mypyc_attr(native_class=False)  # as its subclasses: see Bound
class Relative:
    """Base of the keys that lie beside other keys, whatever the type of those (bounds.py).

    One that lies beside a single key keeps it as `_value`.
    """

    __slots__ = ()


# What a comparison of two keys may raise because they have no order: `explain_key` tells.
COMPARE_ERRORS: Final = (TypeError, ValueError, ArithmeticError)

# Types of which a key needs no second look once `start < stop` was true.  `check_span` adds the
# types it finds harmless, so that dates and addresses take the short way too.  Not more than MEMO,
# so that a program that makes classes without end does not fill the memory.
PLAIN: Final[set[type]] = {int, bool, float, str, bytes}
MEMO: Final = 256


# ---- the door -----------------------------------------------------------------------------------


def check_span(start: K, stop: K, beside: Iterable[Any] = ()) -> None:
    """Refuse a span that is not `start < stop`, or whose ends cannot be keys beside the others.

    `beside` holds the intervals of the list; it is read only for keys that have a time zone, and
    only up to the first key that has one too.  A hot path asks first, and calls only if this holds:

        type(start) not in PLAIN or (start < stop) is not True

    Cost: one comparison.
    Raises: EmptySpanError; NanKeyError, which names the bound; UnorderedKeyError.
    """
    try:
        ordered = bool(start < stop)
    except COMPARE_ERRORS as error:
        raise explain_key(error, start, stop) from error
    if ordered and type(start) in PLAIN and type(stop) in PLAIN:
        return
    _refuse("start", start)
    _refuse("stop", stop)
    if not ordered:
        raise EmptySpanError(f"[{start!r}, {stop!r}) is no span, want start < stop")
    _check_zones(start, stop, beside)
    _remember(type(start))
    _remember(type(stop))


def check_key(key: Any, beside: Iterable[Any] = (), name: str = "key") -> None:
    """Refuse what cannot be a key beside those of a list: a border, an end, a length.

    Cost: no comparison of keys; a number is asked whether it is equal to itself.
    Raises: NanKeyError; UnorderedKeyError.
    """
    _refuse(name, key)
    _check_zones(key, None, beside)


def check_window(start: K | None, stop: K | None, beside: Iterable[Any] = ()) -> None:
    """Refuse a window that is reversed, or has an end that cannot be a key; `None` is an open end.

    An empty window is fine.

    Cost: at most two comparisons.
    Raises: EmptySpanError; NanKeyError; UnorderedKeyError.
    """
    ordered = reverse = False
    if start is not None and stop is not None:
        try:
            ordered = bool(start < stop)
            reverse = not ordered and bool(stop < start)
        except COMPARE_ERRORS as error:
            raise explain_key(error, start, stop) from error
        if ordered and type(start) in PLAIN and type(stop) in PLAIN:
            return
    _refuse("start", start)
    _refuse("stop", stop)
    if reverse:
        raise EmptySpanError(f"window [{start!r}, {stop!r}) is reversed, want start <= stop")
    _check_zones(start, stop, beside)


def check_order(key: Ordered, other: Ordered) -> None:
    """Refuse two keys that cannot be compared.

    Cost: one comparison.
    Raises: NanKeyError; UnorderedKeyError.
    """
    try:
        _ = bool(key < other)
    except COMPARE_ERRORS as error:
        raise explain_key(error, key, other) from error


def explain_key(error: Exception, key: object, other: object) -> Exception:
    """Turn an error that comparing `key` with `other` raised into one that says what was wrong.

    An error that neither key explains, and that is no TypeError, comes back as it is.
    """
    for which in (key, other):
        fault = fault_of("key", which)
        if fault is not None:
            return fault
    if isinstance(error, TypeError):
        return UnorderedKeyError(
            f"cannot order keys {key!r} and {other!r} ({error}), want keys of one type ordered by <"
        )
    return error


def is_nan(key: object) -> bool:
    """Tell whether `key` is, or holds, a number that is not equal to itself."""
    return isinstance(fault_of("key", key), NanKeyError)


def fault_of(name: str, key: object) -> Exception | None:
    """Return the error that says why `key` can be in no list, `None` if nothing speaks against it.

    `name` is what the message calls it.
    """
    ask = _question(cast("Any", type(key)))
    return None if ask is None else ask(name, key)


def explain_nan(key: object) -> Exception:
    """Return the error for a key that is, or holds, a NaN."""
    return fault_of("key", key) or NanKeyError(f"key is {key!r}, want one equal to itself")


def _refuse(name: str, key: object) -> None:
    fault = fault_of(name, key)
    if fault is not None:
        raise fault


def _remember(kind: type) -> None:
    """Let keys of this type take the short way if no other key of it can be refused.

    A NaN cannot pass `start < stop`, so numbers are harmless here.
    """
    if _question(kind) in (None, _number) and not hasattr(kind, "tzinfo") and len(PLAIN) < MEMO:
        PLAIN.add(kind)


# ---- one key: a question for each sort of type --------------------------------------------------

Question: TypeAlias = Callable[[str, Any], Exception | None]


def _choose_question(kind: type) -> Question | None:
    """Return what to ask of keys of this type, `None` for nothing.

    numpy and pandas are recognised by the names of their classes, so that nothing is imported.
    """
    names = {f"{base.__module__}.{base.__name__}" for base in kind.__mro__}
    if "numpy.generic" in names:
        exact = "numpy.timedelta64" in names or issubclass(kind, float)
        odd = {"numpy.number", "numpy.bool", "numpy.bool_"} & names and not exact
        return _numpy_number if odd else _number
    if hasattr(kind, "__array__"):
        return _array
    if issubclass(kind, (tuple, list)):
        return _parts
    if issubclass(kind, Relative):
        return _nothing
    of_pandas = any(name.startswith("pandas.") for name in names)
    inexact = issubclass(kind, Number) and not issubclass(kind, Rational)
    return _number if of_pandas or inexact else None


_question: Final[Callable[[Any], Question | None]] = lru_cache(maxsize=MEMO)(_choose_question)


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
    for part in key:
        ask = _question(cast("Any", type(part)))
        fault = None if ask is None else ask("an item of the key", part)
        if fault is not None:
            return fault
    return None


def _nothing(name: str, key: Any) -> Exception | None:
    """Find no fault: the value of a bound was asked when the bound was made."""
    return None


# ---- two keys: the time zone --------------------------------------------------------------------

FIXED: Final = "a fixed offset"  # stands for every zone whose clock never changes


def _check_zones(start: Any, stop: Any, beside: Iterable[Any]) -> None:
    """Refuse a key whose zone is not that of the other key, or of a list's keys.

    All keys of a list have one zone, so the first key that has one speaks for all.
    """
    _check_zone(stop, start)
    for key in (start, stop):
        if not _check_zone(key, None):  # it has a zone
            for interval in beside:
                if _check_zone(key, interval.start) or _check_zone(key, interval.stop):
                    break


def _check_zone(key: Any, other: Any) -> bool:
    """Refuse two keys of different zones, one of which changes.

    Return whether nothing is left to ask: `other` has a zone wherever `key` has one.
    """
    key, other = _plain(key), _plain(other)
    if isinstance(key, (tuple, list)):
        parts = cast("list[Any]", key)
        others = cast("list[Any]", other)[: len(parts)] if isinstance(other, (tuple, list)) else ()
        # A list, so that each pair is compared.
        return all([_check_zone(part, that) for part, that in zip_longest(parts, others)])  # noqa: C419
    zone = _zone_of(key)
    if zone is None:
        return True
    that = _zone_of(other)
    if that is None:
        return False
    if zone is not that:
        raise UnorderedKeyError(
            f"cannot order keys {key!r} and {other!r} of two time zones, one of which changes its "
            "clock, want one zone for all keys (best UTC)"
        )
    return True


def _plain(key: Any) -> Any:
    """Return the key beside which a bound lies, otherwise the key itself."""
    return getattr(key, "_value", key) if isinstance(key, Relative) else key


def _zone_of(key: Any) -> Any:
    """Return the zone by whose wall clock a key is compared, FIXED, or `None` if it has no zone."""
    kind = cast("Any", type(key))
    zone: Any = getattr(key, "tzinfo", None) if hasattr(kind, "tzinfo") else None
    if zone is None or key.utcoffset() is None:  # naive, or a time of day
        return None
    from datetime import datetime  # noqa: PLC0415  loaded already, by what made the key

    if issubclass(kind, datetime) and kind.__lt__ is not datetime.__lt__:
        return FIXED  # pandas compares instants, also within one zone
    try:
        changes = zone.utcoffset(None) is None and not hasattr(zone, "normalize")
    except Exception:  # noqa: BLE001  a tzinfo that cannot say so may change
        changes = True
    return zone if changes else FIXED  # pytz makes one object for each offset of a zone


# ---- two keys: the same, touching ---------------------------------------------------------------


def same_key(left: K, right: K) -> bool:
    """Tell whether two keys are at one place, by `<` alone.

    Cost: at most two comparisons.
    """
    return left is right or not (left < right or right < left)


def touching(left_stop: K, right_start: K) -> bool:
    """Tell whether two neighbours touch, knowing that they do not overlap.

    Cost: one comparison.
    """
    return not left_stop < right_start


# ---- arithmetic ---------------------------------------------------------------------------------


def distance(start: Any, stop: Any) -> Any:
    """Return `stop - start`, as a difference of two keys.

    IP addresses can be moved by an int but not subtracted, although both are numbers.

    Raises: LengthError, if there is no such difference.
    """
    try:
        return stop - start
    except (TypeError, OverflowError) as error:
        # Text can be read as a number, but is none.  A huge int minus a float overflows.
        numbers = hasattr(start, "__int__") and hasattr(stop, "__int__")
        if isinstance(error, OverflowError) or not numbers:
            raise LengthError(
                f"no distance from {start!r} to {stop!r} ({error}), want keys one can subtract"
            ) from error
        return int(stop) - int(start)


def moved(key: K, by: Any) -> K:
    """Return `key + by`, where `by` is a key difference.

    Raises: LengthError, if it is none; what else adding raises (no day is after the last).
    """
    key_plus: Any = key
    try:
        there: K = key_plus + by
    except TypeError as error:
        raise LengthError(
            f"cannot move {key!r} by {by!r} ({error}), want a key difference"
        ) from error
    return there


def carried(key: K, by: Any, origin: K, to: K) -> K:
    """Return `key + by`, where `origin + by` is to be `to`, and no key lands before it.

    Floats round: 0.7 + (0.9 - 0.7) is less than 0.9.
    """
    there = moved(key, by)
    return there if origin < key and not there < to else to


def is_endless(key: Any) -> bool:
    """Tell whether a key is infinite: it has no distance from itself, or one that is NaN."""
    try:
        return is_nan(distance(key, key))
    except (EmptySpanError, LengthError, ArithmeticError):
        return True


def check_finite(by: Any, name: str = "by") -> None:
    """Refuse what is no finite key difference.

    Raises: LengthError; NanKeyError, for NaN and infinities; UnorderedKeyError.
    """
    check_key(by, name=name)
    try:
        finite = not is_nan(by - by)
    except TypeError as error:
        raise LengthError(f"{name} is {by!r} ({error}), want a key difference") from error
    except (EmptySpanError, ArithmeticError):  # an infinite end, and Decimal's infinity
        finite = False
    if not finite:
        raise NanKeyError(f"{name} is {by!r}, want a finite key difference")


def direction(by: Any) -> int:
    """Return 1 for a key difference that goes forward, -1 for back, 0 for neither.

    Raises: LengthError; NanKeyError, for NaN and infinities; UnorderedKeyError.
    """
    check_finite(by)
    try:
        return 1 if by - by < by else -1 if by < by - by else 0
    except TypeError as error:
        raise LengthError(f"by is {by!r} ({error}), want a key difference") from error


def keeps(key: Any, length: Any) -> bool:
    """Tell whether `key + length` is that length behind `key`; an infinite key keeps any.

    A date does not keep 12 hours, 1e17 does not keep 1.0.  Numbers that round by nature (float,
    Decimal) keep a length if the error is less than a hundredth of it.

        key ....length....            0.1 + 0.7 - 0.1 is 0.7000000000000001: kept
    """
    if is_endless(key):
        return True
    found = distance(key, moved(key, length))
    if same_key(found, length):
        return True
    off = found - length if length < found else length - found
    return rounds(found) and bool(off * 100 < length)


def rounds(length: Any) -> bool:
    """Tell whether a length is a number that rounds by nature."""
    return isinstance(length, Number) and not isinstance(length, Rational)


def check_length(key: Any, length: Any, name: str) -> None:
    """Refuse a positive length that keys such as `key` cannot keep.

    Raises: LengthError, which shows what became of it.
    """
    if not keeps(key, length):
        found = distance(key, moved(key, length))
        raise LengthError(
            f"{name} {length!r} is {found!r} behind {key!r}, want a length that such keys keep"
        )


def moved_spans(
    spans: Iterable[tuple[K, K]], by: Any, origin: K, to: K, end: K | None = None
) -> list[tuple[K, K]]:
    """Return neighbouring spans moved by `by`, in order, all of them between `to` and `end`.

    `origin + by` is to be `to`: a first span that began at `origin` begins exactly there, and no
    rounding carries it before `to`.

          origin                        to            end
            |[-a-][-b-]                 |[-a-][-b-]....|

    Cost: two comparisons a span, and three.
    Raises: LengthError, if `by` is no key difference, or moved borders lose their order;
        EmptySpanError, if a span becomes empty; what else adding to a key raises.
    """
    made: list[tuple[K, K]] = []
    reached = to
    for start, stop in spans:
        low = moved(start, by) if made else carried(start, by, origin, to)
        high = moved(stop, by)
        if low < reached:
            raise LengthError(
                f"moved by {by!r}, {start!r} is {low!r} and before {reached!r}, "
                "want keys whose sums keep their order"
            )
        check_span(low, high)
        made.append((low, high))
        reached = high
    if end is not None and end < reached:
        raise LengthError(
            f"moved by {by!r}, a border is {reached!r} and behind {end!r}, "
            "want keys whose sums keep their order"
        )
    return made
