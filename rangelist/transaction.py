"""From a change that was made to an edit that is told: commit, transactions, replay.

    write       the guard is held; a mutator notes the change in the journal
    commit      outside of transactions: the noted changes become one Edit; subscribers get it, in
                order; if one raises, all is taken back, and those that had it get the inverse
    timelines   get the edit when every subscriber has accepted it: a History holds what happened

A list that nothing watches has no journal, and pays for nothing of this.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Generic, cast

from rangelist._compat import mypyc_attr
from rangelist.chain import Chain, get_ident, stack_has_room_for_a_block
from rangelist.errors import EditConflictError, OptionError, ReentrancyError
from rangelist.journal import Block, Journal, Snapshot
from rangelist.keys import K, V, same_key
from rangelist.node import Node
from rangelist.policy import check_hook, same_value
from rangelist.record import Change, Edit, Log, Shape

__all__ = [
    "Transaction",
    "commit",
    "replay_changes",
    "replay_edit",
    "subscribe",
    "unwatch",
    "watch",
]


# ---- telling ------------------------------------------------------------------------------------


def watch(chain: Chain[K, V]) -> Journal[K, V]:
    """Return the journal of a chain; from now on it has one."""
    if chain.journal is None:
        chain.journal = Journal()
    return chain.journal


def unwatch(chain: Chain[K, V]) -> None:
    """Drop the journal if nothing needs it any more."""
    if chain.journal is not None and not chain.journal.wanted():
        chain.journal = None


def subscribe(chain: Chain[K, V], fn: Callable[[Edit[K, V]], object]) -> Callable[[], None]:
    """Let `fn` be told of every edit; return how to end that, which is idempotent."""
    check_hook("subscriber", fn)

    def tell(edit: Edit[K, V]) -> object:  # one of its own, although `fn` may subscribe twice
        return fn(edit)

    watch(chain).subscribers.append(tell)

    def stop() -> None:
        journal = chain.journal
        if journal is not None and tell in journal.subscribers:
            journal.subscribers.remove(tell)
            if not chain.holder:  # else the journal is in use, and dropped at the end of the write
                unwatch(chain)

    return stop


def commit(chain: Chain[K, V], op: str, case: str = "") -> None:
    """Outside of transactions: make what was noted one edit, and tell of it.

    The guard is held.

    Raises: what a subscriber raises; nothing has changed then.
    """
    journal = chain.journal
    if journal is not None and not journal.blocks:
        if journal.log:
            publish(chain, journal, op, case)
        if not journal.subscribers and not journal.timelines:
            chain.journal = None


def publish(chain: Chain[K, V], journal: Journal[K, V], op: str, case: str) -> None:
    """Make all that was noted one edit; give it to subscribers, then to timelines.

    If one of them fails, the edit is taken back, and those that had it get the inverse.
    """
    log = journal.log
    edit: Edit[K, V] = Edit(op, case or said(log), tuple(log), chain)
    subscribers = list(journal.subscribers)
    told = 0
    try:
        for fn in subscribers:
            fn(edit)
            told += 1
        if journal.timelines:
            remember(journal, edit)
    except BaseException as refusal:
        inverse = edit.inverse()
        chain.take_back(0)
        for fn in subscribers[:told]:
            try:
                fn(inverse)
            except Exception as error:  # noqa: BLE001  the others are told all the same
                refusal.add_note(f"while the edit was taken back, a subscriber raised {error!r}")
        raise
    log.clear()  # nothing can fail from here on
    journal.moves.clear()
    journal.mark = 0


def said(log: Log) -> str:
    """Say what happened: in the words of the only change, or how many there were."""
    count, at = 1, log[-1]
    while at:
        at = log[at - 1]
        count += 1
    words: str = log[-3]
    return words if count == 1 else f"{count} changes"


def remember(journal: Journal[K, V], edit: Edit[K, V]) -> None:
    """Give an edit that is accepted to the timelines; finish or leave them as they were.

    An edit that is nothing but undo and redo of one timeline has moved that timeline already; for
    all others it is a new edit.
    """
    moves = journal.moves
    moved = bool(moves) and sum([length for _, length, _ in moves]) == len(journal.log)
    before: list[Snapshot[K, V]] = []
    try:
        for timeline in journal.timelines:
            own = [place for mover, _, place in moves if mover is timeline] if moves else []
            if not (moved and len(own) == len(moves)):
                at = min(own[0] if own else timeline.at, len(timeline.edits))
                before.append(timeline.snapshot(at))
                timeline.append(edit, at)
    except BaseException:
        for timeline, edits, place, at, tail in before:
            edits[at:] = tail
            timeline.edits, timeline.at = edits, place
        raise


# ---- transactions -------------------------------------------------------------------------------


@mypyc_attr(allow_interpreted_subclasses=True)
class Transaction(Generic[K, V]):
    """A block of changes that are made together or not at all; made by `transaction()`.

    It belongs to the thread that enters it: until it ends, other threads cannot write.  Tasks of
    one event loop share a thread, so do not `await` in the block: what another task writes then is
    part of it, and of two blocks the one begun last has to end first.
    """

    __slots__ = ("_block", "_chain")

    def __init__(self, chain: Chain[K, V]) -> None:
        self._chain = chain
        self._block: Block[K, V] | None = None

    def __enter__(self) -> Transaction[K, V]:
        if self._block is not None:
            raise ReentrancyError(
                f"{self!r} is entered already, want a transaction() of its own for each block"
            )
        stack_has_room_for_a_block()
        with self._chain:
            journal = watch(self._chain)
            block: Block[K, V] = Block(journal)
            journal.thread = get_ident()
            journal.blocks.append(block)
            self._block = block
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        block = self._block
        if block is None:
            raise ReentrancyError(f"{self!r} is not entered, want `with` around what it is for")
        self._block = None
        try:
            self._leave(block, error)
        except BaseException as failure:
            if block.open:  # an allocation failed, or an interrupt came: take back what is left
                self._leave(block, failure)
            raise

    def _leave(self, block: Block[K, V], error: BaseException | None) -> None:
        """End the block under the guard, with an error by taking it back."""
        chain = self._chain
        # A hook may end a transaction (a generator that is closed) while a write of this thread is
        # being decided.  The write must not go on then: its places are stale.
        me = get_ident()
        deciding = chain.holder == me
        if not deciding:
            # Not `with`: a roll-back cannot be refused.  A lock without a holder was left behind by
            # an interrupt that struck while it was taken.
            while not chain.lock.acquire(timeout=1):
                if not chain.holder:
                    break
            chain.holder = me
        journal = chain.journal
        try:
            assert journal is not None
            self._close(journal, block, error, deciding)
        finally:
            if not deciding:
                journal = chain.journal
                if journal is not None and not journal.wanted():
                    chain.journal = None
                chain.holder = 0
                chain.lock.release()

    def _close(
        self,
        journal: Journal[K, V],
        block: Block[K, V],
        error: BaseException | None,
        deciding: bool,
    ) -> None:
        blocks = journal.blocks
        outer = [other for other in blocks if other is not block]
        if blocks[-1] is not block:
            heir = blocks[blocks.index(block) + 1]
            heir.mark, heir.moves = block.mark, block.moves
            journal.blocks, block.open = outer, False
            raise ReentrancyError(
                "a transaction that began inside this one is still open, want the last one begun "
                "to end first; what this one changed belongs to the other now"
            ) from error
        if error is None and not outer:
            if journal.log:
                try:
                    publish(self._chain, journal, "transaction", "")
                except BaseException:
                    self._undo(journal, block)
                    journal.blocks, block.open = outer, False
                    raise
        elif error is not None:
            journal.disturbed = deciding
            self._undo(journal, block)
        journal.blocks, block.open = outer, False

    def _undo(self, journal: Journal[K, V], block: Block[K, V]) -> None:
        """Take back what was changed since the block began; put timelines where they were."""
        self._chain.take_back(block.mark)
        for timeline, _, at in reversed(journal.moves[block.moves :]):
            timeline.stand(at)
        del journal.moves[block.moves :]
        journal.mark = min(journal.mark, block.mark)


# ---- replay -------------------------------------------------------------------------------------


def replay_edit(chain: Chain[K, V], edit: Any) -> None:
    """Carry out an edit that this chain, or an equal one, has had before.

    Raises: EditConflictError, if the chain is not as it was before the edit; nothing has changed
        then.
    """
    if not isinstance(cast("object", edit), Edit):
        raise OptionError(f"edit is {edit!r}, want an Edit")
    if edit and edit._home.overlapping is not chain.overlapping:
        here, there = ("bag", "list") if chain.overlapping else ("list", "bag")
        raise EditConflictError(f"found {edit!r} of a {there}, want one of a {here}")
    with chain:
        chain.record()
        replay_changes(chain, edit)
        commit(chain, edit.op, edit.case)


def replay_changes(chain: Chain[K, V], edit: Edit[K, V]) -> None:
    """Carry out the changes of an edit, while they are recorded.

    In the chain where it happened the nodes must be the very ones; in another chain equal nodes
    stand for them.

    Raises: EditConflictError
    """
    for change in edit.changes:
        own = change.home is chain
        same = same_node if own else equal_node
        b, i, run = chain.met(change)
        if len(run) != len(change.old) or not all(map(same, run, change.old)):
            want = [tuple(shape[1:]) for shape in change.old]
            raise EditConflictError(f"found {run!r}, want {want!r}")
        left = run[0]._prev if run else chain.around(b, i)[0]
        if not own or any(shape[0] not in run and shape[0].alive for shape in change.new):
            change = adopted(chain, change, run, own)
        chain.replay(change, b, i, left, run)


def adopted(
    chain: Chain[K, V], change: Change[K, V], run: list[Node[K, V]], own: bool
) -> Change[K, V]:
    """Return a change with `run` in the place of its old nodes, and new ones for those that come.

    In the chain where it happened the old nodes are the same, and dead ones come back.
    """
    mine = {id(shape[0]): node for shape, node in zip(change.old, run, strict=True)}
    new: list[Shape[K, V]] = []
    for shape in change.new:
        node = mine.get(id(shape[0]))
        if node is None:
            node = shape[0] if own and not shape[0].alive else chain.made(shape)
            mine[id(shape[0])] = node
        new.append((node, *shape[1:]))
    old = [(node, node._start, node._stop, node._value) for node in run]
    # (A node that `move` carried here may have been taken out by an earlier change.)
    absorbed = [
        (mine.get(id(dead), dead), mine[id(heir)])
        for dead, heir in change.absorbed
        if own or id(dead) in mine
    ]
    released = change.released if own else ()
    return Change(chain, None, old, new, absorbed, released, "")


def same_node(node: Node[K, V], shape: Shape[K, V]) -> bool:
    """Tell whether a node is the recorded one, as it was then."""
    return (
        node is shape[0]
        and node._start is shape[1]
        and node._stop is shape[2]
        and node._value is shape[3]
    )


def equal_node(node: Node[K, V], shape: Shape[K, V]) -> bool:
    """Tell whether a node equals a recorded one: keys by `<`, values by `is` before `==`."""
    return (
        same_key(node._start, shape[1])
        and same_key(node._stop, shape[2])
        and same_value(node._value, shape[3])
    )
