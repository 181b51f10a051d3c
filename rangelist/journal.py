"""What a chain keeps while it is watched.

    Journal    the changes noted so far, the open transactions, subscribers and timelines
    Block      what an open transaction must know to be taken back
    Timeline   the committed edits of a History, and the position that undo and redo move
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeAlias

from rangelist.errors import ReentrancyError
from rangelist.keys import K, V
from rangelist.node import Node
from rangelist.record import Edit, Merge, Shape

__all__ = ["Block", "Journal", "Snapshot", "Timeline"]


class Timeline(Generic[K, V]):
    """Committed edits, oldest first; those before `at` are done, those from `at` on are undone."""

    __slots__ = ("at", "edits", "limit")

    def __init__(self, limit: int | None) -> None:
        self.edits: list[Edit[K, V]] = []
        self.at = 0
        self.limit = limit

    def append(self, edit: Edit[K, V], at: int) -> None:
        """Add an edit behind the first `at`; what was undone cannot be redone any more."""
        now = at + 1
        if self.limit is None:
            self.edits[at:] = [edit]
        else:
            edits = [*self.edits[:at], edit]
            now = min(now, self.limit)
            self.edits = edits[len(edits) - now :]
        self.at = now

    def stand(self, at: int) -> None:
        """Move the position to `at`; where the edits have been forgotten since, it stays."""
        self.at = min(at, len(self.edits))

    def snapshot(self, at: int) -> Snapshot[K, V]:
        """Return what takes an `append` behind the first `at` back."""
        return self, self.edits, self.at, at, self.edits[at:]


# A timeline, its list of edits, its position, and what is in the list from some place on.
Snapshot: TypeAlias = tuple[Timeline[K, V], list[Edit[K, V]], int, int, list[Edit[K, V]]]


class Block(Generic[K, V]):
    """What an open transaction must know to be taken back."""

    __slots__ = ("mark", "moves", "open")

    def __init__(self, journal: Journal[K, V]) -> None:
        self.open = True
        self.mark = len(journal.log)
        self.moves = len(journal.moves)


class Journal(Generic[K, V]):
    """What a chain keeps while it is watched.

    log           changes noted and not yet told, see Log; `last` is where the last one begins
    blocks        the open transactions, outermost first, all of one thread
    moves         of each undo and redo: the timeline, the length of its log, where the timeline was
    mark          where the changes of the call that is running begin
    disturbed     a transaction was rolled back while a call was deciding: the call must not go on
    """

    __slots__ = (
        "blocks", "disturbed", "last", "log", "mark", "moves", "subscribers", "thread", "timelines",
    )  # fmt: skip

    def __init__(self) -> None:
        self.log: list[Any] = []
        self.last = 0
        self.blocks: list[Block[K, V]] = []
        self.moves: list[tuple[Timeline[K, V], int, int]] = []
        self.subscribers: list[Callable[[Edit[K, V]], object]] = []
        self.timelines: list[Timeline[K, V]] = []
        self.thread = 0
        self.mark = 0
        self.disturbed = False

    def wanted(self) -> bool:
        """Tell whether anything still needs this journal."""
        return bool(self.blocks or self.subscribers or self.timelines)

    def note(
        self,
        left: Node[K, V] | None,
        old: Sequence[Node[K, V]],
        new: Sequence[Shape[K, V]],
        absorbed: Sequence[Merge[K, V]],
        released: Sequence[Merge[K, V]],
        case: str,
    ) -> None:
        """Note a change that is about to be made.

        Raises: ReentrancyError, if a transaction was rolled back since the call began.
        """
        if self.disturbed:
            raise ReentrancyError(
                "a transaction was rolled back while this change was decided, "
                "want no hook or comparison that ends a transaction"
            )
        log = self.log
        self.last = at = len(log)
        try:
            for node in old:
                log += (node, node._start, node._stop, node._value)
            for shape in new:
                log += shape
            log += (left, absorbed or (), released, case, len(old), at)
        except BaseException:
            del log[at:]
            raise
