"""Undo and redo: a subscriber that remembers edits and knows how to apply their inverse."""

from __future__ import annotations

from typing import Generic

from rangelist.edit import Edit
from rangelist.keys import K, V
from rangelist.ranges import RangeList

__all__ = ["History"]


class History(Generic[K, V]):
    """Remember the edits of one list from now on.

    Undone edits can be redone until something else is changed.  Nodes come back as the very
    objects they were.

    Cost: a record for each edit, kept until `forget` or `close`.

    Example:
        >>> rl = RangeList([(0, 8, "a")])
        >>> history = History(rl)
        >>> _ = rl.set(2, 4, "b")
        >>> history.undo(), rl
        (True, RangeList([(0, 8, 'a')]))
        >>> history.redo(), rl
        (True, RangeList([(0, 2, 'a'), (2, 4, 'b'), (4, 8, 'a')]))
    """

    __slots__ = ("_list", "_replaying", "close", "done", "undone")

    def __init__(self, of: RangeList[K, V]) -> None:
        self._list = of
        self._replaying = False
        self.done: list[Edit[K, V]] = []
        self.undone: list[Edit[K, V]] = []
        self.close = of.subscribe(self._remember)

    def _remember(self, edit: Edit[K, V]) -> None:
        if not self._replaying:
            self.done.append(edit)
            self.undone.clear()

    def undo(self) -> bool:
        """Take back the last edit; return whether there was one.

        Cost: that of `RangeList.apply`.
        Raises: EditConflictError, if the list was changed unseen, after `close`; what a
            subscriber raises.  The list and this history are as before then.
        """
        return self._move(self.done, self.undone, back=True)

    def redo(self) -> bool:
        """Make the last undone edit again; return whether there was one.

        Cost: that of `RangeList.apply`.
        Raises: EditConflictError, if the list was changed unseen, after `close`; what a
            subscriber raises.  The list and this history are as before then.
        """
        return self._move(self.undone, self.done, back=False)

    def _move(self, source: list[Edit[K, V]], target: list[Edit[K, V]], *, back: bool) -> bool:
        if not source:
            return False
        edit = source[-1]
        self._replaying = True
        try:
            self._list.apply(edit.inverse() if back else edit)
        finally:
            self._replaying = False
        target.append(source.pop())
        return True

    def forget(self) -> None:
        """Drop all that is remembered."""
        self.done.clear()
        self.undone.clear()
