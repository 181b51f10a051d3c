"""Undo and redo, over the committed edits of a list or bag."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any, Generic, cast

from rangelist.bag import RangeBag
from rangelist.errors import OptionError
from rangelist.journal import Timeline
from rangelist.keys import K, V
from rangelist.ranges import RangeList
from rangelist.record import Edit
from rangelist.transaction import commit, replay_changes, unwatch, watch

__all__ = ["History"]


class History(Generic[K, V]):
    """Remember the edits of one list or bag from now on; at most `limit` of them.

    It holds what happened: an edit that a subscriber refused, or that was rolled back, leaves it as
    it was.  Undone edits can be redone until something else is changed.  Nodes come back as the
    very objects they were.  A block that does nothing but undo and redo counts as that; any other
    block is one new edit.

    Cost: a record for each edit, kept until `forget` or `close`.
    Raises: OptionError, if this is neither list nor bag, or the limit no whole number from zero on.

    Example:
        >>> rl = RangeList([(0, 8, "a")])
        >>> history = History(rl)
        >>> _ = rl.set(2, 4, "b")
        >>> history.undo(), rl
        (True, RangeList([(0, 8, 'a')]))
        >>> history.redo(), rl
        (True, RangeList([(0, 2, 'a'), (2, 4, 'b'), (4, 8, 'a')]))
    """

    __slots__ = ("_chain", "_timeline", "_turn")

    def __init__(self, of: RangeList[K, V] | RangeBag[K, V], limit: int | None = None) -> None:
        if not isinstance(of, (RangeList, RangeBag)):
            raise OptionError(f"of is {of!r}, want a RangeList or a RangeBag")
        given: object = limit
        if limit is not None and (not isinstance(given, int) or limit < 0):
            raise OptionError(f"limit is {limit!r}, want None or a whole number from zero on")
        self._chain: Any = cast("Any", of)._chain
        self._turn: Any = getattr(of, "turn", None) or nullcontext()  # of a shared list
        self._timeline: Timeline[K, V] = Timeline(limit)
        with self._turn:
            watch(self._chain).timelines.append(self._timeline)

    @property
    def done(self) -> list[Edit[K, V]]:
        """The edits that `undo` would take back, oldest first."""
        return self._timeline.edits[: self._timeline.at]

    @property
    def undone(self) -> list[Edit[K, V]]:
        """The edits that `redo` would make again, the next one last."""
        return self._timeline.edits[self._timeline.at :][::-1]

    def undo(self) -> bool:
        """Take back the last edit; return whether there was one.

        Cost: that of `RangeList.apply`.
        Raises: EditConflictError, if the list was changed unseen, after `close`, or in an open
            transaction; what a subscriber raises.  The list and this history are as before then.
        """
        with self._turn:
            timeline = self._timeline
            if timeline.at == 0:
                return False
            self._replay(timeline.edits[timeline.at - 1].inverse(), -1)
            return True

    def redo(self) -> bool:
        """Make the last undone edit again; return whether there was one.

        Cost and errors as `undo`.
        """
        with self._turn:
            timeline = self._timeline
            if timeline.at == len(timeline.edits):
                return False
            self._replay(timeline.edits[timeline.at], 1)
            return True

    def _replay(self, edit: Edit[K, V], step: int) -> None:
        """Carry out an edit as a move of this timeline."""
        chain, timeline = self._chain, self._timeline
        with chain:
            journal = chain.record()
            length = len(journal.log)
            replay_changes(chain, edit)
            before, now = timeline.at, timeline.at + step
            journal.moves.append((timeline, len(journal.log) - length, before))
            timeline.at = now
            try:
                commit(chain, edit.op, edit.case)
            except BaseException:
                timeline.stand(before)
                del journal.moves[-1]
                raise

    def forget(self) -> None:
        """Drop all that is remembered."""
        self._timeline.edits.clear()
        self._timeline.at = 0

    def close(self) -> None:
        """Remember nothing from now on; what is remembered stays.  Closing again does nothing."""
        with self._turn:
            journal = self._chain.journal
            if journal is not None and self._timeline in journal.timelines:
                journal.timelines.remove(self._timeline)
                if not self._chain.holder:
                    unwatch(self._chain)
