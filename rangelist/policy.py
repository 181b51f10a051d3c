"""The hooks: what "the same" means, and what a value becomes when nodes are joined or cut.

A `Policy` is one frozen object of callables.  A hook that is `None` has the default of the table;
the default costs no call.

    same(left, right) -> bool      may these touching nodes be one?     left.value == right.value
    merge(left, right) -> V        the value of the result              left.value
    split(node, at) -> (V, V)      the values of both parts             the value, twice
    overlap(old, new) -> V         the value where `add` meets one      new
    yields(node) -> bool           may this node disappear?             True

The library asks them in two methods only: `join` asks `same`, `yields`, `merge` at a border, `cut`
asks `split` wherever a span is cut.  `same` says that either value may stand for both spans; which
one stays is for `merge` to say, by default the left.

Hooks are asked before anything has changed: in one write first `split` for each cut from left to
right, then the function that makes the values (`overlap`, or that of `transform`) from left to
right, then for each border, left first, `same`, `yields`, `merge`.  They see the pieces as the edit
has planned them so far.  A hook that raises refuses the edit; one that changes the list it is asked
for gets `ReentrancyError`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, Final, Generic, cast

from rangelist.errors import HookResultError, OptionError
from rangelist.keys import K, V
from rangelist.node import Interval, Node, Piece

__all__ = [
    "ALWAYS",
    "APART",
    "EQUAL",
    "IDENTITY",
    "NEVER",
    "Apart",
    "Policy",
    "StockPolicy",
    "same_value",
    "truth",
]


class Apart(Enum):
    """The type of `APART`, the answer of `join` for two spans that stay two."""

    APART = "APART"


APART: Final = Apart.APART


def truth(answer: object, asked: str) -> bool:
    """Insist on a bool; numpy's own bool is one too, an array of them is not."""
    if answer is True:
        return True
    if answer is False:
        return False
    if type(answer).__name__ in ("bool", "bool_"):
        return bool(answer)
    raise HookResultError(f"{asked} answered {answer!r}, want True or False")


def check_hook(name: str, hook: object, instead: str = "") -> None:
    """Refuse what cannot be called.

    Raises: HookResultError
    """
    if not callable(hook):
        raise HookResultError(f"{name} is {hook!r}, want a callable{instead}")


def same_value(left: object, right: object) -> bool:
    """Tell whether two values are the same object, or equal."""
    mine: Any = left
    return left is right or truth(mine == right, "value == value")


def identical(left: Interval[Any, Any], right: Interval[Any, Any]) -> bool:
    """Hook: the same object."""
    return left.value is right.value


def never(left: object, right: object) -> bool:
    """Hook: no two nodes are the same."""
    return False


def always(left: object, right: object) -> bool:
    """Hook: any two nodes are the same."""
    return True


class Policy(Generic[K, V]):
    """Hold the five hooks.  Frozen; compares equal to a policy of the same hooks.

    Raises: HookResultError, if what is given for a hook cannot be called.

    Example:
        >>> from rangelist import RangeList
        >>> close: Policy[int, int] = Policy(
        ...     same=lambda left, right: abs(left.value - right.value) <= 1
        ... )
        >>> RangeList([(0, 5, 10), (5, 9, 11)], policy=close).first
        <node [0, 9) = 10>
    """

    __slots__ = (
        "_by_value", "_layered", "_merge", "_overlap", "_same", "_simple", "_split", "_yields",
    )  # fmt: skip

    _simple: bool  # a join asks nothing but `same`
    _by_value: bool  # sameness is `==`, and neither a join nor a cut makes other values
    _layered: bool  # of many writes only those that are seen in the end matter

    def __init__(
        self,
        *,
        same: Callable[[Interval[K, V], Interval[K, V]], bool] | None = None,
        merge: Callable[[Interval[K, V], Interval[K, V]], V] | None = None,
        split: Callable[[Interval[K, V], K], tuple[V, V]] | None = None,
        overlap: Callable[[V, V], V] | None = None,
        yields: Callable[[Node[K, V]], bool] | None = None,
    ) -> None:
        for name, hook in (
            ("same", same),
            ("merge", merge),
            ("split", split),
            ("overlap", overlap),
            ("yields", yields),
        ):
            if hook is not None:
                check_hook(f"hook {name}", hook, " or None")
        self._same = same
        self._merge = merge
        self._split = split
        self._overlap = overlap
        self._yields = yields
        self._simple = merge is None and yields is None
        self._by_value = same is None and merge is None and split is None
        stock = same is None or same is identical or same is never or same is always
        self._layered = self._simple and split is None and stock

    def __init_subclass__(cls, **options: Any) -> None:
        # A method that overrides a hook would never be asked; mypyc refuses sub-classes as well.
        kind: Any = cls
        if kind.__module__ != __name__:
            raise TypeError("type 'Policy' is not an acceptable base type, want Policy(same=...)")
        super().__init_subclass__(**options)

    def join(
        self, a: K, b: K, left: V, c: K, d: K, right: V, loser: Node[K, V] | None = None
    ) -> V | Apart:
        """Return the value of [a, b) = left and [c, d) = right in one, `APART` if they stay two.

        `loser` is the node that would disappear, if there is one.

            [--left--)[--right--)       same(left, right), yields(loser), merge(left, right)
            a        b c         d
        """
        same: Any = self._same
        if same is None:
            mine: Any = left  # Any, or the compiled build takes every answer for a bool
            equal = mine == right
            if equal is False or (equal is not True and not truth(equal, "value == value")):
                return APART
            if self._simple:
                return left
        before, behind = Piece(a, b, left), Piece(c, d, right)
        if same is not None and not truth(same(before, behind), "hook same"):
            return APART
        yields: Any = self._yields
        if loser is not None and yields is not None and not truth(yields(loser), "hook yields"):
            return APART
        merge = self._merge
        return left if merge is None else merge(before, behind)

    def cut(self, start: K, at: K, stop: K, value: V) -> tuple[V, V]:
        """Return the values left and right of `at`, where [start, stop) = value is cut."""
        split: Any = self._split
        if split is None:
            return value, value
        answer: Any = split(Piece(start, stop, value), at)
        if isinstance(answer, tuple) and len(cast("Any", answer)) == 2:
            left, right = cast("Any", answer)
            return left, right
        raise HookResultError(f"hook split answered {answer!r}, want a tuple (left, right)")

    def merge(self, left: Interval[K, V], right: Interval[K, V]) -> V:
        """Return the value of both in one, whether or not they are the same."""
        merge = self._merge
        return left.value if merge is None else merge(left, right)

    def overlap(self, old: V, new: V) -> V:
        """Ask `overlap` for the value where `add` writes `new` over `old`."""
        overlap = self._overlap
        return new if overlap is None else overlap(old, new)

    def replace(self, **hooks: Any) -> Policy[K, V]:
        """Return a copy with the named hooks exchanged.

        Example:
            >>> NEVER.replace(overlap=lambda old, new: old + new) == NEVER
            False
        """
        given: dict[str, Any] = dict(zip(HOOKS, self._hooks(), strict=True))
        exchanged: Policy[K, V] = Policy(**(given | hooks))
        return exchanged

    def _hooks(self) -> tuple[object, ...]:
        return (self._same, self._merge, self._split, self._overlap, self._yields)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Policy):
            return NotImplemented
        return self._hooks() == other._hooks()

    def __hash__(self) -> int:
        return hash(self._hooks())

    def __repr__(self) -> str:
        for name, stock in STOCK.items():
            if self == stock:
                return name
        given = zip(HOOKS, self._hooks(), strict=True)
        return (
            f"Policy({', '.join(f'{name}={hook!r}' for name, hook in given if hook is not None)})"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, self._hooks()


class StockPolicy(Policy[Any, Any]):
    """A policy that fits keys and values of any type.

    It is a type of its own so that a checker takes those types from the items of a list, and not
    `Any` from the policy.
    """

    __slots__ = ()


def policy_given(policy: Any) -> Policy[Any, Any]:
    """Insist on a policy.

    Raises: OptionError
    """
    if not isinstance(cast("object", policy), Policy):
        raise OptionError(f"policy is {policy!r}, want a Policy")
    given: Policy[Any, Any] = policy
    return given


HOOKS = ("same", "merge", "split", "overlap", "yields")


def _restore(*hooks: Any) -> Policy[Any, Any]:
    return Policy(**dict(zip(HOOKS, hooks, strict=True)))


EQUAL: StockPolicy = StockPolicy()  # the same: equal values
IDENTITY: StockPolicy = StockPolicy(same=identical)  # the same: one object as value
NEVER: StockPolicy = StockPolicy(same=never)  # no two nodes are the same
ALWAYS: StockPolicy = StockPolicy(same=always)  # any two touching nodes are the same

STOCK = {"EQUAL": EQUAL, "IDENTITY": IDENTITY, "NEVER": NEVER, "ALWAYS": ALWAYS}
