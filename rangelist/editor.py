"""The one way in: every change of a list goes through `Editor._write`.

    plan     ask, compare, decide; the list is still as it was, and may not be changed meanwhile
    apply    splice one run for another; nothing can fail any more
    tell     keep the change for the transaction that is open, or give the subscribers an `Edit`

So an error leaves nothing half-done: before `apply` nothing has happened, and what a subscriber or
the body of a transaction breaks is taken back, change by change, without asking anybody.
"""

from __future__ import annotations

from collections.abc import Callable
from time import sleep
from types import TracebackType
from typing import Generic

from rangelist._compat import mypyc_attr
from rangelist.edit import Change, Edit, Shape
from rangelist.errors import (
    EditConflictError,
    HookResultError,
    InvalidNodeError,
    ReentrancyError,
    StaleNodeError,
)
from rangelist.keys import K, V
from rangelist.node import Node
from rangelist.policy import Policy
from rangelist.sets import SetLike
from rangelist.tiles import Plan, run_over

__all__ = ["Editor", "Transaction"]


@mypyc_attr(allow_interpreted_subclasses=True)
class Editor(SetLike[K, V]):
    """The part of `RangeList` that carries out plans: subscribers, transactions, replay."""

    __slots__ = ("_idle", "_journal", "_subscribers")

    # Holds one token, but while a change is being decided: who finds it empty is a hook, or another
    # thread.  A list, because `pop` tests and takes in one step, also without a GIL.
    _idle: list[None]
    _journal: list[Change[K, V]] | None  # what the open transaction has done so far
    _subscribers: list[Callable[[Edit[K, V]], object]] | None

    def _setup(self, policy: Policy[K, V]) -> None:
        super()._setup(policy)
        self._idle = [None]
        self._journal = None
        self._subscribers = None

    def _write(self, op: str, plan: Callable[[], Plan[K, V]]) -> Plan[K, V]:
        """Decide a change, carry it out, and tell of it."""
        self._claim()
        try:
            decided = plan()
            change = decided.change
            if change is not None:
                change.apply(self._index, decided.b, decided.i)
                if self._journal is not None:
                    self._journal.append(change)
                elif self._subscribers is not None:
                    self._tell(Edit(op, decided.case, [change]))
        finally:
            self._idle.append(None)
        return decided

    @property
    def _busy(self) -> bool:
        return not self._idle

    def _claim(self) -> None:
        """Take the token; who claims it gives it back by `_idle.append(None)`."""
        try:
            self._idle.pop()
        except IndexError:
            raise self._reentered() from None

    def _unwatched(self) -> bool:
        """Claim the list if nobody wants a record of what changes; tell whether it is so."""
        try:  # `_claim`, without the call
            self._idle.pop()
        except IndexError:
            raise self._reentered() from None
        # Asked with the token in hand: another thread may begin a transaction until then.
        if self._journal is None and self._subscribers is None:
            return True
        self._idle.append(None)
        return False

    def _reentered(self) -> ReentrancyError:
        return ReentrancyError(
            f"{type(self).__name__} at {id(self):#x} is deciding a change, "
            "want no hook, comparison or subscriber that changes it, and no other thread"
        )

    def _own(self, node: Node[K, V]) -> Node[K, V]:
        """Return the node if it is alive and of this list."""
        try:
            if node._home is self._index:
                return node
        except AttributeError:
            raise InvalidNodeError(f"{node!r} is no node, want one of this list") from None
        if node.alive:
            raise InvalidNodeError(f"{node!r} is in another list, want one of this list")
        heir = node.merged_into
        told = "" if heir is None else f"; it was merged into {heir!r}"
        raise StaleNodeError(f"{node!r} is not in the list any more, want one that is{told}")

    # ---- subscribers --------------------------------------------------------------------------

    def subscribe(self, fn: Callable[[Edit[K, V]], object]) -> Callable[[], None]:
        """Call `fn` with one `Edit` after each change, or transaction; return how to end that.

        If `fn` raises, the change is taken back, those who were told of it are told the inverse,
        and the error goes to the caller.  `fn` may read the list, not change it.

        Cost: nothing while nobody subscribes.
        Raises: HookResultError, if `fn` cannot be called.

        Example:
            >>> rl = RangeList()
            >>> stop = rl.subscribe(lambda edit: print(edit.op, edit.case))
            >>> _ = rl.set(0, 8, "a")
            set inserted
            >>> stop()
        """
        if not callable(fn):
            raise HookResultError(f"subscriber is {fn!r}, want a callable")
        if self._subscribers is None:
            self._subscribers = []
        self._subscribers.append(fn)
        return lambda: self._unsubscribe(fn)

    def _unsubscribe(self, fn: Callable[[Edit[K, V]], object]) -> None:
        if self._subscribers is not None and fn in self._subscribers:
            self._subscribers.remove(fn)
            if not self._subscribers:
                self._subscribers = None

    def _tell(self, edit: Edit[K, V]) -> None:
        """Give an edit to every subscriber; take it back if one of them raises."""
        told: list[Callable[[Edit[K, V]], object]] = []
        try:
            for fn in list(self._subscribers or ()):
                fn(edit)
                told.append(fn)
        except BaseException:
            self._take_back(edit.changes)
            inverse = edit.inverse()
            for fn in told:
                fn(inverse)
            raise

    def _wait(self) -> None:
        """Take the token as soon as another thread is done: a roll-back cannot be refused."""
        while True:
            try:
                self._idle.pop()
            except IndexError:
                sleep(0.001)
            else:
                return

    def _take_back(self, changes: tuple[Change[K, V], ...]) -> None:
        for change in reversed(changes):
            change.revert(self._index)

    # ---- transactions -------------------------------------------------------------------------

    def transaction(self) -> Transaction[K, V]:
        """Return a context manager that makes all changes of a block one.

        If the block raises, the list is as it was before: spans, values, and the nodes themselves.
        Subscribers get one `Edit` at the end.  Transactions nest; an inner one that fails takes
        back only its own part.

        Cost: a record for each change; taking back compares no keys.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> with rl.transaction():
            ...     _ = rl.set(2, 4, "b")
            ...     raise KeyError("no")
            Traceback (most recent call last):
            KeyError: 'no'
            >>> rl
            RangeList([(0, 8, 'a')])
        """
        return Transaction(self, "transaction", "")

    def apply(self, edit: Edit[K, V]) -> None:
        """Carry out an edit that this list, or an equal one, has had before.

        With `edit.inverse()` that is undo; over a copy it is replay.

        Cost: O(log n + k) a change.
        Raises: EditConflictError, if the list is not as it was before the edit; nothing has changed
            then.

        Example:
            >>> rl, seen = RangeList([(0, 8, "a")]), []
            >>> stop = rl.subscribe(seen.append)
            >>> _ = rl.set(2, 4, "b")
            >>> rl.apply(seen[0].inverse())
            >>> rl
            RangeList([(0, 8, 'a')])
        """
        with Transaction(self, edit.op, edit.case):
            for change in edit.changes:
                self._write(edit.op, lambda: self._replan(change))  # noqa: B023 - called at once

    def _replan(self, change: Change[K, V]) -> Plan[K, V]:
        """Return the plan of a recorded change, for the list as it is now."""
        borders = [shape.start for shape in (*change.old, *change.new)]
        ends = [shape.stop for shape in (*change.old, *change.new)]
        run = run_over(self._index, min(borders), max(ends))
        known = len(run.nodes) == len(change.old) and all(
            node._start == shape.start and node._stop == shape.stop and node._value == shape.value
            for node, shape in zip(run.nodes, change.old, strict=True)
        )
        if not known:
            want = [tuple(shape.piece()) for shape in change.old]
            raise EditConflictError(f"found {run.nodes!r}, want {want!r}")
        plan: Plan[K, V] = Plan("replayed")
        plan.b, plan.i = run.b, run.i
        # The nodes of the record stand for nodes of this list: those found; for those that come,
        # in this list's own undo the very objects that went, in a copy new ones.
        mine = {id(shape.node): node for shape, node in zip(change.old, run.nodes, strict=True)}
        own = change.home is self._index
        new: list[Shape[K, V]] = []
        for shape in change.new:
            node = mine.get(id(shape.node))
            if node is None:
                revive = own and not shape.node.alive
                node = shape.node if revive else Node(shape.start, shape.stop, shape.value)
                mine[id(shape.node)] = node
            new.append(Shape(node, shape.start, shape.stop, shape.value))
        old = [Shape(n, n._start, n._stop, n._value) for n in run.nodes]
        # (A node that `move` carried here may have been taken out by an earlier change.)
        absorbed = [
            (mine.get(id(dead), dead), mine[id(heir)])
            for dead, heir in change.absorbed
            if own or id(dead) in mine
        ]
        plan.change = Change(self._index, run.left, old, new, absorbed, [])
        return plan


@mypyc_attr(allow_interpreted_subclasses=True)
class Transaction(Generic[K, V]):
    """A block of changes that are made together or not at all."""

    __slots__ = ("_case", "_list", "_mark", "_op")

    def __init__(self, owner: Editor[K, V], op: str, case: str) -> None:
        self._list = owner
        self._op = op
        self._case = case
        self._mark = -1

    def __enter__(self) -> Transaction[K, V]:
        owner = self._list
        owner._claim()
        if owner._journal is None:
            owner._journal = []
            self._mark = -1
        else:
            self._mark = len(owner._journal)
        owner._idle.append(None)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        owner = self._list
        owner._wait()
        try:
            self._close(owner, error)
        finally:
            owner._idle.append(None)

    def _close(self, owner: Editor[K, V], error: BaseException | None) -> None:
        journal = owner._journal
        if journal is None:
            raise ReentrancyError(
                f"another thread has closed the transaction of {type(owner).__name__} at "
                f"{id(owner):#x}, want one thread at a time; what this one changed stays"
            ) from error
        start = max(self._mark, 0)
        if self._mark < 0:
            owner._journal = None
        if error is not None:
            owner._take_back(tuple(journal[start:]))
            del journal[start:]
        elif self._mark < 0 and journal and owner._subscribers is not None:
            owner._tell(Edit(self._op, self._case or f"{len(journal)} changes", journal))
