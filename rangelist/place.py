"""A place in free space: how long it has to be, where it may begin, and which keys can keep that.

gap          lo|...............................|hi
aligned           |     |     |     |     |
lowest            [size)
highest                             [size)
"""

from __future__ import annotations

from typing import Any, TypeGuard

from rangelist.bounds import Bound
from rangelist.errors import GapSearchError
from rangelist.keys import K, check_key, check_length, distance, is_endless, moved, rounds
from rangelist.node import Gap

__all__ = ["Want", "check_positive"]


class Want:
    """How long a place has to be and where it may begin; finds it within one gap.

    `start % align == offset % align` is tested only for an alignment other than 1, so that by
    default keys need no remainders.  Lengths are compared before keys are moved, so that no key is
    moved out of its range (behind the last date, the last address).  `whole`: all are plain ints,
    which plain ints keep exactly.
    """

    __slots__ = ("align", "aligned", "offset", "size", "whole")

    def __init__(self, size: Any, align: Any, offset: Any) -> None:
        self.whole = type(size) is type(align) is type(offset) is int
        if not self.whole or size < 1 or align < 1:
            check_positive("size", size)
            check_positive("align", align)
            check_key(offset, name="offset")
        self.size = size
        self.align = align
        self.offset = offset
        self.aligned = not (isinstance(align, int) and isinstance(offset, int) and align == 1)

    def lowest(self, lo: Any, hi: Any) -> Gap[Any] | None:
        """Return the lowest place in the gap [lo, hi), long enough; `None` if unaligned."""
        size = self.size
        at = lo
        if self.aligned and lo < lo + size:
            base = plain(lo)
            pad = remainder(distance(base, self.offset), self.align)
            if base < lo and not is_positive(pad):  # lo lies just behind a place
                pad = self.align
            if distance(base, hi) < pad + size:
                return None
            at = base + pad
        stop = at + size
        # Rounding may carry a float over an end that is exactly one size away.
        return Gap(at, min(stop, hi))

    def highest(self, lo: Any, hi: Any) -> Gap[Any] | None:
        """Return the highest place in the gap [lo, hi), long enough: the mirror of `lowest`."""
        size = self.size
        at = hi - size
        if not self.aligned or not at < hi:
            return Gap(lo if at < lo else at, hi)  # noqa: FURB136 - max would ask `>`
        base = plain(at)
        back = remainder(distance(base, self.offset), self.align)
        if is_positive(back):  # so far it is to the next place
            back = self.align - back
        elif at < base:
            back = self.align
        if distance(lo, base) < back:
            return None
        at = base - back
        return Gap(at, at + size)

    def check_keys(self, lo: Any, hi: Any, step: Any) -> None:
        """Refuse lengths that the keys of this window cannot keep: dates keep no hours.

        Numbers that round keep a length near zero and lose it far away, so for them only the place
        that was found is checked.
        """
        if self.whole and type(lo) is type(hi) is type(step) is int:
            return
        key = hi if is_endless(lo) else lo
        if is_endless(key):
            return
        lengths = [("size", self.size), ("step", step)]
        if self.aligned:
            lengths.append(("align", self.align))
        for name, length in lengths:
            try:
                if not rounds(distance(key, moved(key, length))):
                    check_length(key, length, name)
            except (OverflowError, ValueError):  # behind the last date, the last address
                continue

    def settle(self, place: Gap[K] | None, fit: str) -> Gap[K] | None:
        """Return a place that was found; refuse one at an infinite end, or of another length."""
        if place is None or (self.whole and type(place.start) is int):
            return place
        if is_endless(place.start):
            which = "highest" if fit == "last" else "lowest"
            raise GapSearchError(
                f"the gap at {place.start!r} has no {which} place of size {self.size!r}, "
                "want a window that is finite there"
            )
        check_length(place.start, self.size, "size")
        return place


def check_positive(name: str, length: Any) -> None:
    """Refuse a length that is not above zero, or cannot be added to keys."""
    if not is_positive(length):
        raise GapSearchError(f"{name} is {length!r}, want a key difference above zero")
    check_key(length, name=name)


def is_positive(length: Any) -> bool:
    """Tell whether a length is above zero, which is its difference from itself."""
    try:
        return bool(length - length < length)
    except (TypeError, ValueError, ArithmeticError):
        return False


def plain(key: Any) -> Any:
    """Return the key beside which a bound lies; only such a key can be aligned."""
    return key.value if is_bound(key) else key


def is_bound(key: object) -> TypeGuard[Bound[Any]]:
    """Tell whether a key lies beside another."""
    return isinstance(key, Bound)


def remainder(length: Any, align: Any) -> Any:
    """Return `length % align`, not negative for any type (that of Decimal can be)."""
    rest = length % align
    return rest + align if rest < align - align else rest
