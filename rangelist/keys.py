"""What a key is: anything totally ordered by `<`; the checks of a call's keys; key arithmetic.

The library compares keys with `<` and asks nothing else of them.  Arithmetic is needed only where
a length is (`find_gap`, `slots`, `shift`, `move`, `nearest`).

door.py says which keys are refused although they can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Number, Rational
from typing import Any, Final, Protocol, TypeVar

from rangelist.door import check_zones, fault_of, is_simple, learn, one_clock, refuse
from rangelist.errors import EmptySpanError, LengthError, NanKeyError, UnorderedKeyError

__all__ = [
    "COMPARE_ERRORS",
    "K",
    "Ordered",
    "V",
    "carried",
    "check_key",
    "check_length",
    "check_order",
    "check_span",
    "check_window",
    "direction",
    "distance",
    "explain_key",
    "explain_nan",
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
    """A type of values that can be compared with `<`."""

    # Any, and not bool: compiled code would refuse the answer of numpy's `<`, which is no bool.
    def __lt__(self, other: Any, /) -> Any: ...


K = TypeVar("K", bound=Ordered)
V = TypeVar("V")


# What a comparison of two keys may raise because they have no order: `explain_key` tells.
COMPARE_ERRORS: Final = (TypeError, ValueError, ArithmeticError)

# ---- checks -------------------------------------------------------------------------------------


def check_span(start: K, stop: K, beside: Iterable[Any] = ()) -> None:
    """Refuse a span that is not `start < stop`, or whose ends cannot be keys beside the others.

    `beside` holds the intervals of the list; it is read only for keys that have a time zone, and
    only up to the first key that has one too.  A hot path calls only if this holds (door.py):

        type(start) not in PLAIN or (start < stop) is not True

    Cost: one comparison.
    Raises: EmptySpanError; NanKeyError, which names the bound; UnorderedKeyError.
    """
    try:
        ordered = bool(start < stop)
    except COMPARE_ERRORS as error:
        raise explain_key(error, start, stop) from error
    if ordered and ((is_simple(start) and is_simple(stop)) or one_clock(start, stop, beside)):
        return
    refuse("start", start)
    refuse("stop", stop)
    check_zones(start, stop, beside)
    if not ordered:
        raise EmptySpanError(f"[{start!r}, {stop!r}) is no span, want start < stop")
    learn(type(start))
    learn(type(stop))


def check_key(key: Any, beside: Iterable[Any] = (), name: str = "key") -> None:
    """Refuse what cannot be a key beside those of a list: a border, an end, a length.

    Cost: no comparison of keys; a number is asked whether it is equal to itself.
    Raises: NanKeyError; UnorderedKeyError.
    """
    refuse(name, key)
    check_zones(key, None, beside)


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
        if ordered and is_simple(start) and is_simple(stop):
            return
    refuse("start", start)
    refuse("stop", stop)
    if reverse:
        raise EmptySpanError(f"window [{start!r}, {stop!r}) is reversed, want start <= stop")
    check_zones(start, stop, beside)


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


def explain_nan(key: object) -> Exception:
    """Return the error for a key that is, or holds, a NaN."""
    return fault_of("key", key) or NanKeyError(f"key is {key!r}, want one equal to itself")


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

    Floats round: 0.2 + (0.9 - 0.2) is less than 0.9.
    """
    there = moved(key, by)
    return there if origin < key and not there < to else to


def is_endless(key: Any) -> bool:
    """Tell whether a key is infinite: it has no distance from itself, or one that is NaN."""
    try:
        return is_nan(distance(key, key))
    except (EmptySpanError, LengthError, ArithmeticError):
        return True


def direction(by: Any) -> int:
    """Return 1 for a key difference that goes forward, -1 for back, 0 for neither.

    Raises: LengthError, if it is none; NanKeyError, for NaN and infinities; UnorderedKeyError.
    """
    if not is_nan(by):
        check_key(by, name="by")
    try:
        still = by - by
        if not is_nan(still):
            return 1 if still < by else -1 if by < still else 0
    except TypeError as error:
        raise LengthError(f"by is {by!r} ({error}), want a key difference") from error
    except (EmptySpanError, ArithmeticError):  # an infinite end, and the infinity of Decimal
        pass
    raise NanKeyError(f"by is {by!r}, want a finite key difference")


def keeps(key: Any, length: Any) -> bool:
    """Tell whether `key + length` is that length behind `key`; an infinite key keeps any.

    A date does not keep 12 hours, 1e17 does not keep 1.0.  Numbers that round by nature (float,
    Decimal) keep a length if the error is less than a hundredth of it.

        key ....length....            0.1 + 0.2 - 0.1 is 0.20000000000000004: kept
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
        if made and low < reached:
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
