"""What a key is: anything totally ordered by `<`, and the checks that say so in words.

The library compares keys with `<` and nothing else.  Arithmetic is needed only where a length is
(`find_gap`, `shift`, `move`).
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from rangelist.errors import EmptySpanError, LengthError, NanKeyError, UnorderedKeyError

__all__ = [
    "K",
    "Ordered",
    "V",
    "carried",
    "check_order",
    "check_span",
    "check_window",
    "distance",
    "explain_key",
    "explain_nan",
    "moved",
    "touching",
]


class Ordered(Protocol):
    """A type whose values can be compared with `<`."""

    def __lt__(self, other: Any, /) -> bool: ...


K = TypeVar("K", bound=Ordered)
V = TypeVar("V")


def check_span(start: K, stop: K) -> None:
    """Refuse a span that is not `start < stop`.

    NaN needs no check of its own on the way in: every comparison with it is false.

    Cost: one comparison.
    Raises: EmptySpanError; NanKeyError, which names the bound; UnorderedKeyError.
    """
    try:
        if start < stop:
            return
    except (TypeError, ArithmeticError) as error:  # Decimal signals for a NaN
        raise explain_key(error, start, stop) from error
    refuse_nan(start, stop)
    raise EmptySpanError(f"[{start!r}, {stop!r}) is no span, want start < stop")


def check_window(start: K | None, stop: K | None) -> None:
    """Refuse a window that is reversed; an empty one and open ends are fine.

    Cost: at most two comparisons.
    Raises: EmptySpanError; NanKeyError; UnorderedKeyError.
    """
    if start is None or stop is None:
        refuse_nan(start, stop)
        return
    try:
        if start < stop:
            return
        reverse = stop < start
    except (TypeError, ArithmeticError) as error:
        raise explain_key(error, start, stop) from error
    refuse_nan(start, stop)
    if reverse:
        raise EmptySpanError(f"window [{start!r}, {stop!r}) is reversed, want start <= stop")


def check_order(key: Ordered, other: Ordered) -> None:
    """Refuse two keys that cannot be compared.

    Cost: one comparison.
    Raises: NanKeyError; UnorderedKeyError.
    """
    try:
        _ = key < other
    except (TypeError, ArithmeticError) as error:
        raise explain_key(error, key, other) from error


def refuse_nan(start: object, stop: object) -> None:
    """Raise NanKeyError, naming the bound, if one of the two is NaN."""
    for name, key in (("start", start), ("stop", stop)):
        if is_nan(key):
            raise NanKeyError(f"{name} is {key!r}, want a key that is equal to itself")


def explain_nan(key: object) -> NanKeyError:
    """Return the error for a key that is not equal to itself."""
    return NanKeyError(f"key is {key!r}, want a key that is equal to itself")


def is_nan(key: object) -> bool:
    """Tell whether `key` is not equal to itself."""
    try:
        return bool(key != key)
    except ArithmeticError:  # a signalling Decimal NaN
        return True


def explain_key(error: Exception, key: object, other: object) -> Exception:
    """Turn an error that comparing `key` with `other` raised into one that says what was wrong.

    An arithmetic error that no NaN explains is the caller's own and comes back as it is.
    """
    for which in (key, other):
        if is_nan(which):
            return explain_nan(which)
    if isinstance(error, TypeError):
        return UnorderedKeyError(
            f"cannot order keys {key!r} and {other!r} ({error}), want keys of one type ordered by <"
        )
    return error


def touching(left_stop: K, right_start: K) -> bool:
    """Tell whether two neighbours touch, knowing that they do not overlap.

    Cost: one comparison.
    """
    return not left_stop < right_start


def distance(start: Any, stop: Any) -> Any:
    """Return `stop - start`, as a difference of two keys.

    IP addresses can be moved by an int but not subtracted, although both are numbers.

    Raises: LengthError, if there is no such difference.
    """
    try:
        return stop - start
    except TypeError as error:
        if not hasattr(start, "__int__") or not hasattr(stop, "__int__"):
            raise LengthError(  # text can be read as a number, but is none
                f"no distance from {start!r} to {stop!r} ({error}), want keys one can subtract"
            ) from error
        return int(stop) - int(start)


def moved(key: K, by: Any) -> K:
    """Return `key + by`, where `by` is a key difference.

    Raises: LengthError, if it is none.
    """
    key_plus: Any = key
    try:
        there: K = key_plus + by
    except TypeError as error:
        raise LengthError(
            f"cannot move {key!r} by {by!r} ({error}), want a key difference"
        ) from error
    return there


def carried(key: K, by: Any, start: K, to: K) -> K:
    """Return `key + by`, where `start + by` is to be `to`, and nothing lands before it.

    Floats round: 0.7 + (0.9 - 0.7) is less than 0.9.
    """
    there = moved(key, by)
    return there if start < key and not there < to else to
