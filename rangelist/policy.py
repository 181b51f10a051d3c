"""The hooks: what "the same" means, and what a value becomes when nodes are joined or cut.

A `Policy` is one frozen object of callables.  A hook that is `None` has the default of the table;
the default costs no call.

    same(left, right) -> bool      may these touching nodes be one?     left.value == right.value
    merge(left, right) -> V        the value of the result              left.value
    split(node, at) -> (V, V)      the values of both parts             the value, twice
    overlap(old, new) -> V         the value where `add` meets one      new
    yields(node) -> bool           may this node disappear?             True

Hooks are asked before anything has changed: in one write first `split` for each cut from left to
right, then the function that makes the values (`overlap`, or that of `update`) from left to right,
then for each border, left first, `same`, `yields`, `merge`.  They see the pieces as the edit has
planned them so far.  A hook that raises refuses the edit; one that changes the list it is asked for
gets `ReentrancyError`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, cast

from rangelist.errors import HookResultError
from rangelist.keys import K, V
from rangelist.node import Interval, Node, Piece

__all__ = ["ALWAYS", "EQUAL", "IDENTITY", "NEVER", "Policy", "StockPolicy"]


class Policy(Generic[K, V]):
    """Hold the five hooks.  Frozen; compares equal to a policy of the same hooks.

    Raises: HookResultError, if what is given for a hook cannot be called.

    Example:
        >>> from rangelist import RangeList
        >>> close = Policy(same=lambda left, right: abs(left.value - right.value) <= 1)
        >>> RangeList([(0, 5, 10), (5, 9, 11)], policy=close).first
        <node [0, 9) = 10>
    """

    __slots__ = ("_merge", "_overlap", "_plain", "_same", "_split", "_yields")

    _plain: bool  # whether cutting and merging ask nothing but `same`

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
            if hook is not None and not callable(hook):
                raise HookResultError(f"hook {name} is {hook!r}, want a callable or None")
        self._same = same
        self._merge = merge
        self._split = split
        self._overlap = overlap
        self._yields = yields
        self._plain = merge is None and split is None and yields is None

    def same(self, left: Interval[K, V], right: Interval[K, V]) -> bool:
        """Ask `same`: may these touching intervals be one?"""
        same: Any = self._same  # Any, or the compiled build takes every answer for a bool
        if same is None:
            mine: Any = left.value
            return truth(mine == right.value, "value == value")
        return truth(same(left, right), "hook same")

    def alike(self, start: K, at: K, left: V, stop: K, right: V) -> bool:
        """Ask `same` of [start, at) = left and [at, stop) = right, which touch."""
        if self._same is None:  # no piece is made for nobody to look at
            mine: Any = left
            equal = mine == right
            return True if equal is True else truth(equal, "value == value")
        return self.same(Piece(start, at, left), Piece(at, stop, right))

    def merge(self, left: Interval[K, V], right: Interval[K, V]) -> V:
        """Ask `merge` for the value of both in one."""
        merge = self._merge
        return left.value if merge is None else merge(left, right)

    def split(self, whole: Interval[K, V], at: K) -> tuple[V, V]:
        """Ask `split` for the values left and right of `at`."""
        split: Any = self._split
        if split is None:
            return whole.value, whole.value
        answer: Any = split(whole, at)
        if isinstance(answer, tuple) and len(cast("Any", answer)) == 2:
            left, right = cast("Any", answer)
            return left, right
        raise HookResultError(f"hook split answered {answer!r}, want a tuple (left, right)")

    def overlap(self, old: V, new: V) -> V:
        """Ask `overlap` for the value where `add` writes `new` over `old`."""
        overlap = self._overlap
        return new if overlap is None else overlap(old, new)

    def yields(self, node: Node[K, V]) -> bool:
        """Ask `yields`: may this node disappear into a neighbour?"""
        yields: Any = self._yields
        return True if yields is None else truth(yields(node), "hook yields")

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


HOOKS = ("same", "merge", "split", "overlap", "yields")


def _restore(*hooks: Any) -> Policy[Any, Any]:
    return Policy(**dict(zip(HOOKS, hooks, strict=True)))


def truth(answer: object, who: str) -> bool:
    """Insist on a bool; numpy's own bool is one too, an array of them is not."""
    if answer is True:
        return True
    if answer is False:
        return False
    if type(answer).__name__ in ("bool", "bool_"):
        return bool(answer)
    raise HookResultError(f"{who} answered {answer!r}, want True or False")


def identical(left: Interval[Any, Any], right: Interval[Any, Any]) -> bool:
    """Hook: the same object."""
    return left.value is right.value


def never(left: object, right: object) -> bool:
    """Hook: no two nodes are the same."""
    return False


def always(left: object, right: object) -> bool:
    """Hook: any two nodes are the same."""
    return True


EQUAL: StockPolicy = StockPolicy()
IDENTITY: StockPolicy = StockPolicy(same=identical)
NEVER: StockPolicy = StockPolicy(same=never)
ALWAYS: StockPolicy = StockPolicy(same=always)

STOCK = {"EQUAL": EQUAL, "IDENTITY": IDENTITY, "NEVER": NEVER, "ALWAYS": ALWAYS}
