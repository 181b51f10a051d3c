"""A list that several threads may use at once: each call, and each step of a walk, is one turn.

    thread 1   set(...)          next(walk)           with rl.turn: ... several ...
    thread 2            next(walk)         set(...)                                remove(...)

What a plain `RangeList` promises to threads is less: no corrupted structure (law L21).  It pays
nothing for more than that, so the lock is a class of its own.

No method is written twice here: the loops at the end wrap those that are there.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from functools import wraps
from threading import RLock
from types import TracebackType
from typing import Any, Final, Generic, TypeVar

from rangelist.bag import RangeBag
from rangelist.cursor import Cursor
from rangelist.keys import K, V
from rangelist.policy import EQUAL, Policy
from rangelist.ranges import RangeList
from rangelist.transaction import Transaction

__all__ = ["SharedCursor", "SharedRangeList", "Turns"]

T = TypeVar("T")


class SharedRangeList(RangeList[K, V]):
    """A `RangeList` with calls, and steps of walks and cursors, that are atomic between threads.

    Hooks, subscribers and comparisons run while the lock is held, and so must not wait for another
    thread that uses the list.  An operand is read before the lock is taken: a shared list in one
    turn of its own, a lazy iterable step by step, so that `a | b.walk()` beside `b | a.walk()`
    cannot dead-lock.

    A walk yields live nodes: read `start`, `stop` and `value` together under `with rl.turn`, or use
    `sweep`: its pieces never change.

    Cost: a lock for each call and each step.

    Example:
        >>> rl = SharedRangeList([(0, 8, 1), (8, 12, 2)])
        >>> with rl.turn:                      # read and write as one
        ...     _ = rl.set(0, 8, rl[0] + 10)
        >>> list(rl.sweep())
        [Piece(start=0, stop=8, value=11), Piece(start=8, stop=12, value=2)]
    """

    __slots__ = ("turn",)

    turn: RLock  # hold it to make several calls one

    def _setup(self, policy: Policy[K, V] = EQUAL) -> None:
        super()._setup(policy)
        self.turn = RLock()

    def cursor(
        self, start: K | None = None, stop: K | None = None, *, reverse: bool = False
    ) -> SharedCursor[K, V]:
        """Return a cursor that takes one turn a step; see `RangeList.cursor`."""
        return SharedCursor(self.turn, super().cursor(start, stop, reverse=reverse))

    def resume(self, text: str) -> SharedCursor[K, V]:
        """Return a saved cursor that takes one turn a step; see `RangeList.resume`."""
        return SharedCursor(self.turn, super().resume(text))

    def transaction(self) -> SharedTransaction[K, V]:
        """Return a context manager that makes all changes of a block one, in one turn."""
        return SharedTransaction(self)


class SharedTransaction(Transaction[K, V]):
    """A transaction in one turn: no other thread sees it half-done or writes into it."""

    __slots__ = ("turn",)

    def __init__(self, owner: SharedRangeList[K, V]) -> None:
        super().__init__(owner._chain)
        self.turn = owner.turn

    def __enter__(self) -> SharedTransaction[K, V]:
        self.turn.acquire()
        try:
            super().__enter__()
        except BaseException:
            self.turn.release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            super().__exit__(kind, error, trace)
        finally:
            self.turn.release()


class SharedCursor(Cursor[K, V]):
    """A `Cursor` of a shared list.  It belongs to one thread at a time, as any cursor does."""

    __slots__ = ("turn",)

    def __init__(self, turn: RLock, of: Cursor[K, V]) -> None:
        self.turn = turn
        super().__init__(of._chain, of._lo, of._hi, of._reverse)
        self._stand = of._stand

    def __copy__(self) -> SharedCursor[K, V]:
        return SharedCursor(self.turn, super().__copy__())


class Turns(Generic[T]):
    """An iterator that takes one turn a step."""

    __slots__ = ("_steps", "turn")

    def __init__(self, turn: RLock, steps: Generator[T, None, None]) -> None:
        self.turn = turn
        self._steps = steps

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        with self.turn:
            return next(self._steps)

    def close(self) -> None:
        """End the iterator, as `close()` of any walk does."""
        with self.turn:
            self._steps.close()


# ---- each public call, in a turn ----------------------------------------------------------------

OPERANDS: Final = {  # what reads other items; they are read before the turn begins
    "__or__", "__and__", "__sub__", "__xor__", "__ior__", "__iand__", "__isub__", "__ixor__",
    "__eq__", "combine", "update", "same_points", "isdisjoint", "issubset",
}  # fmt: skip
OPERAND: Final = {"other", "items"}  # its name
OPEN: Final = {  # need no turn, or take it themselves
    "policy", "transaction", "build", "from_columns", "from_sorted", "turn",
}  # fmt: skip
LAZY: Final = {
    "walk", "items", "sweep", "overlapping", "gaps", "tiles", "slots", "__iter__", "__reversed__",
}  # fmt: skip
SPECIAL: Final = {
    "__contains__", "__len__", "__bool__", "__eq__", "__repr__", "__getitem__", "__setitem__",
    "__delitem__", "__or__", "__and__", "__sub__", "__xor__", "__ior__", "__iand__", "__isub__",
    "__ixor__", "__copy__", "__deepcopy__", "__reduce__", "_repr_pretty_",
}  # fmt: skip


def settled(argument: Any) -> Any:
    """Return what a call may read while it holds the turn: no lock is taken by reading it.

    A list or bag is read in one turn; any other iterable may read a shared list step by step.
    """
    operand: Any = argument
    if isinstance(argument, SharedRangeList):
        return operand.copy()
    if isinstance(argument, (RangeList, RangeBag)) or not isinstance(argument, Iterable):
        return operand
    return list(operand)


def in_turn(method: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a method to hold the lock, and an iterator that it returns to hold it for each step."""
    lazy = method.__name__ in LAZY
    reads_other = method.__name__ in OPERANDS

    @wraps(method)
    def call(self: Any, *args: Any, **options: Any) -> Any:
        if reads_other:  # the operand comes first; the others are hooks
            args = (*map(settled, args[:1]), *args[1:])
            options = {
                name: settled(option) if name in OPERAND else option
                for name, option in options.items()
            }
        with self.turn:
            answer = method(self, *args, **options)
            return Turns(self.turn, answer) if lazy else answer

    return call


def take_turns(kind: type, names: set[str]) -> None:
    """Make the named methods and properties of a class take turns."""
    for name in names:
        found = getattr(kind, name)
        if callable(found):
            setattr(kind, name, in_turn(found))
        else:  # a property, or what stands for one in the compiled build
            setattr(kind, name, property(in_turn(found.__get__), doc=found.__doc__))


def public(kind: type) -> set[str]:
    """Return the names of what a class offers."""
    return {name for name in dir(kind) if not name.startswith("_")}


take_turns(SharedRangeList, (public(RangeList) - OPEN) | LAZY | SPECIAL)
take_turns(SharedCursor, public(Cursor) - {"resume"})
