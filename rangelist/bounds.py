"""Keys between the keys: open and closed bounds, and ends without end.

    NEG_INF < ... < before(5) < 5 < after(5) < ... < POS_INF

Spans are half-open everywhere: a plain key `x` as start means "from x on", as stop "up to x and
without it".  The other two meanings are spans between keys that sort just beside `x`, so no second
implementation is needed, and all mix with plain keys in one list:

    closed(1, 5)      1 <= x <= 5    [1, after(5))             at_least(1)       [1, POS_INF)
    open(1, 5)        1 <  x <  5    [after(1), 5)             greater_than(1)   [after(1), POS_INF)
    closedopen(1, 5)  1 <= x <  5    [1, 5)                    less_than(5)      [NEG_INF, 5)
    openclosed(1, 5)  1 <  x <= 5    [after(1), after(5))      at_most(5)        [NEG_INF, after(5))
    point(5)               x == 5    [5, after(5))             everything()      [NEG_INF, POS_INF)

Each helper returns `(start, stop)`, to write or to query: `rl.set(*closed(1, 5), "a")`.  It refuses
a span that holds no key; `open(1, 2)` holds some, even if a caller stores whole numbers only.

A list of floats with such keys is a `RangeList[Key[float], str]`.
"""

from __future__ import annotations

from enum import Enum
from types import GenericAlias
from typing import Any, Final, Generic, Literal, TypeAlias, TypeGuard, TypeVar, overload

from rangelist._compat import mypyc_attr
from rangelist.door import Relative, fault_of
from rangelist.errors import EmptySpanError, UnorderedKeyError
from rangelist.keys import K, Ordered, check_key, check_order, check_span, distance, is_nan

__all__ = [
    "NEG_INF",
    "POS_INF",
    "Bound",
    "Infinity",
    "Key",
    "after",
    "at_least",
    "at_most",
    "before",
    "closed",
    "closedopen",
    "everything",
    "greater_than",
    "less_than",
    "open",
    "openclosed",
    "point",
]

# Covariant, so that a Bound of an int is good enough where one of a float is wanted.
K_co = TypeVar("K_co", bound=Ordered, covariant=True)
Side: TypeAlias = Literal[-1, 1]


class Infinity(Relative, Enum):
    """The two ends of every key order: below, or above, all keys, a float's own `inf` included.

    A length added to an end, or taken from it, leaves the end; a finite key minus `NEG_INF` is
    `POS_INF`.  Pickle and copy keep the identity.

    Raises: EmptySpanError, for the difference of an end and itself.

    Example:
        >>> NEG_INF < float("-inf"), "zebra" < POS_INF, POS_INF - 5
        (True, True, POS_INF)
        >>> print(NEG_INF, POS_INF)
        -∞ +∞
    """

    NEG_INF = -1
    POS_INF = 1

    # None is no key: an end that let it pass would hide a forgotten bound.
    def __lt__(self, other: Any) -> bool:
        return NotImplemented if other is None else self._beyond(other, NEG_INF)

    def __gt__(self, other: Any) -> bool:
        return NotImplemented if other is None else self._beyond(other, POS_INF)

    def __le__(self, other: Any) -> bool:
        return self is other or self < other

    def __ge__(self, other: Any) -> bool:
        return self is other or self > other

    def _beyond(self, other: object, end: Infinity) -> bool:
        """Tell whether this is `end`, and `other` a key on the inner side of it."""
        return self is end and other is not end and fault_of("key", other) is None

    def __add__(self, length: Any) -> Infinity:
        if isinstance(length, Infinity) and length is not self:
            raise EmptySpanError(f"{self!r} + {length!r} is no key, want a finite length")
        return self

    def __radd__(self, length: Any) -> Infinity:
        return self

    def __sub__(self, other: Any) -> Infinity:
        if self is other:
            raise EmptySpanError(f"{self!r} - {other!r} is no length, want two different ends")
        return self

    def __rsub__(self, key: Any) -> Infinity:
        return POS_INF if self is NEG_INF else NEG_INF

    def __repr__(self) -> str:
        return self.name

    def __str__(self) -> str:
        return "-∞" if self is NEG_INF else "+∞"


NEG_INF: Final = Infinity.NEG_INF  # before every key of every type
POS_INF: Final = Infinity.POS_INF  # behind every key of every type


# Not native: mypyc gives a generic native class a slot for weak references and forgets to clear it
# (mypyc issue 1102).  A key is put into caches that the library knows nothing of.
@mypyc_attr(native_class=False)
class Bound(Relative, Generic[K_co]):
    """A key just beside `value`: side -1 sorts before it, +1 after it, no other key in between.

    Made by `before` and `after`.  Never equal to a plain key.  A length moves the value and keeps
    the side; a difference of keys may itself lie beside a number, so that a span is as long as a
    size exactly when the size fits into it.

    Cost: a comparison of two bounds, or of a bound and a key, is one comparison of values.
    Raises: UnorderedKeyError, for a value that has no order or is a bound itself; NanKeyError.

    Example:
        >>> before(5) < 5 < after(5) < before(6)
        True
        >>> after(5) + 3, after(5) - before(5), 5 - after(2)
        (after(8), after(0), before(3))
    """

    __slots__ = ("_side", "_value")

    _value: K_co
    _side: Side

    def __init__(self, value: K_co, side: Side) -> None:
        if isinstance(value, (Bound, Infinity)):
            raise UnorderedKeyError(f"{value!r} has no side of its own, want a plain key")
        check_order(value, value)  # a key that has no order with itself has none at all
        check_key(value, name="value")
        self._value = value
        self._side = side

    # A compiled class that is not native has lost the one it would inherit.
    def __class_getitem__(cls, key_type: Any) -> GenericAlias:
        return GenericAlias(cls, key_type)

    @property
    def value(self) -> K_co:
        """The plain key beside which this one lies."""
        return self._value

    @property
    def side(self) -> Side:
        """-1 for `before`, +1 for `after`."""
        return self._side

    # The `<` of a plain key does not know bounds and gives up, so Python calls the reflected method
    # here.  A negated comparison is true of NaN, so NaN is asked for.
    def __lt__(self, other: Any) -> bool:
        if isinstance(other, Infinity):
            return NotImplemented
        if _is_bound(other):
            #  before(v) < after(w)  as long as  v <= w;  in all other pairs the values decide
            if self._side < other._side:
                return not other._value < self._value
            return bool(self._value < other._value)
        if self._side > 0:
            return bool(self._value < other)
        return not other < self._value and not is_nan(other)

    def __gt__(self, other: Any) -> bool:
        if isinstance(other, Infinity):
            return NotImplemented
        if _is_bound(other):
            return other < self
        if self._side < 0:
            return bool(other < self._value)
        return not self._value < other and not is_nan(other)

    def __le__(self, other: Any) -> bool:
        return bool(self < other) or bool(self == other)

    def __ge__(self, other: Any) -> bool:
        return bool(self > other) or bool(self == other)

    def __eq__(self, other: object) -> bool:
        if not _is_bound(other):
            return NotImplemented
        return self._side == other._side and bool(self._value == other._value)

    def __hash__(self) -> int:
        return hash((self._value, self._side))

    @overload
    def __add__(  # pyright: ignore[reportOverlappingOverload]  an infinite length is no other
        self, length: Infinity
    ) -> Infinity: ...
    @overload
    def __add__(self, length: Any) -> Bound[K_co]: ...
    def __add__(self, length: Any) -> Any:
        if isinstance(length, (Bound, Infinity)):
            return NotImplemented  # an infinity answers for itself; two sides have no sum
        return Bound(self._value + length, self._side)

    def __radd__(self, length: Any) -> Bound[K_co]:
        return Bound(length + self._value, self._side)

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, Infinity):
            return NotImplemented
        if _is_bound(other):
            return _beside(distance(other._value, self._value), self._side - other._side)
        return _beside(distance(other, self._value), self._side)

    def __rsub__(self, key: Any) -> Any:
        return _beside(distance(self._value, key), -self._side)

    def __reduce__(self) -> tuple[Any, ...]:
        return _beside, (self._value, self._side)

    def __repr__(self) -> str:
        return f"{'before' if self._side < 0 else 'after'}({self._value!r})"

    def __str__(self) -> str:
        return f"{self._value}{'⁻' if self._side < 0 else '⁺'}"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


Key: TypeAlias = K | Bound[K] | Infinity


def _is_bound(key: object) -> TypeGuard[Bound[Any]]:
    return isinstance(key, Bound)


def _beside(value: Any, side: int) -> Any:
    """Return the key on that side of `value`; in the middle that is the value."""
    return value if side == 0 else Bound(value, 1 if side > 0 else -1)


def before(value: K) -> Bound[K]:
    """Return the key that sorts just before `value`, and behind every key below it.

    Raises: NanKeyError; UnorderedKeyError, for what has no order, a bound or an infinity.

    Example:
        >>> 4.999 < before(5) < 5
        True
    """
    return Bound(value, -1)


def after(value: K) -> Bound[K]:
    """Return the key that sorts just after `value`, and in front of every key above it.

    Raises: NanKeyError; UnorderedKeyError, for what has no order, a bound or an infinity.

    Example:
        >>> 5 < after(5) < 5.001
        True
    """
    return Bound(value, 1)


def closed(start: K, stop: K) -> tuple[K, Bound[K]]:
    """Return the span of `start <= x <= stop`.

    Raises: EmptySpanError, if stop < start; NanKeyError; UnorderedKeyError.

    Example:
        >>> closed(1, 5)
        (1, after(5))
    """
    end = after(stop)
    check_span(start, end)
    return start, end


def open(start: K, stop: K) -> tuple[Bound[K], K]:  # noqa: A001  the name of the interval
    """Return the span of `start < x < stop`.

    Raises: EmptySpanError, if not start < stop; NanKeyError; UnorderedKeyError.

    Example:
        >>> open(1, 5)
        (after(1), 5)
    """
    begin = after(start)
    check_span(begin, stop)
    return begin, stop


def closedopen(start: K, stop: K) -> tuple[K, K]:
    """Return the span of `start <= x < stop`, as every plain span is.

    Raises: EmptySpanError, if not start < stop; NanKeyError; UnorderedKeyError.

    Example:
        >>> closedopen(1, 5)
        (1, 5)
    """
    check_span(start, stop)
    return start, stop


def openclosed(start: K, stop: K) -> tuple[Bound[K], Bound[K]]:
    """Return the span of `start < x <= stop`.

    Raises: EmptySpanError, if not start < stop; NanKeyError; UnorderedKeyError.

    Example:
        >>> openclosed(1, 5)
        (after(1), after(5))
    """
    begin, end = after(start), after(stop)
    check_span(begin, end)
    return begin, end


def at_least(start: K) -> tuple[K, Infinity]:
    """Return the span of `start <= x`.

    Raises: NanKeyError; EmptySpanError, if start is POS_INF.

    Example:
        >>> at_least(1)
        (1, POS_INF)
    """
    check_span(start, POS_INF)
    return start, POS_INF


def greater_than(start: K) -> tuple[Bound[K], Infinity]:
    """Return the span of `start < x`.

    Raises: NanKeyError; UnorderedKeyError.

    Example:
        >>> greater_than(1)
        (after(1), POS_INF)
    """
    return after(start), POS_INF


def less_than(stop: K) -> tuple[Infinity, K]:
    """Return the span of `x < stop`.

    Raises: NanKeyError; EmptySpanError, if stop is NEG_INF.

    Example:
        >>> less_than(5)
        (NEG_INF, 5)
    """
    check_span(NEG_INF, stop)
    return NEG_INF, stop


def at_most(stop: K) -> tuple[Infinity, Bound[K]]:
    """Return the span of `x <= stop`.

    Raises: NanKeyError; UnorderedKeyError.

    Example:
        >>> at_most(5)
        (NEG_INF, after(5))
    """
    return NEG_INF, after(stop)


def everything() -> tuple[Infinity, Infinity]:
    """Return the span of all keys.

    Example:
        >>> everything()
        (NEG_INF, POS_INF)
    """
    return NEG_INF, POS_INF


def point(key: K) -> tuple[K, Bound[K]]:
    """Return the span of the one key `key`.

    Raises: NanKeyError; UnorderedKeyError.

    Example:
        >>> point("b")
        ('b', after('b'))
    """
    return key, after(key)
