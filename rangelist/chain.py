"""The chain: nodes linked in order, their directory, and the only code that changes either.

    chain      head <-> node <-> node <-> ... <-> tail            neighbours in O(1)

Four mutators change nodes and directory; a write calls one of them, once, as its last step:

    insert_at   one node comes, perhaps cut off its left neighbour
    amend_at    one node gets other borders or another value
    delete_at   one node goes
    splice      any run of neighbours for any other

A mutator compares no keys and asks no hook.  It first allocates what it needs, then changes the
lists of the directory, which it can take back, then stores fields, which cannot fail: so a failed
allocation or a full stack leaves everything as it was.  While the chain is watched, a mutator also
notes in the journal what it is about to change (journal.py).

`with chain:` is the guard around every write of a list or bag: one write at a time, in one thread.
`chain.record()` in it makes several writes one: they are noted, and an error takes all back.
"""

from __future__ import annotations

from _thread import allocate_lock, get_ident
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, ClassVar, Final, Self

from rangelist._compat import mypyc_attr
from rangelist.directory import LIMIT, Directory
from rangelist.errors import ReentrancyError
from rangelist.journal import Journal
from rangelist.keys import K, V, check_order, check_window
from rangelist.node import Node, forget_trails
from rangelist.record import Change, Merge, Shape, change_at_end

__all__ = ["Chain", "get_ident", "stack_has_room_for_a_block"]

# Stands in the log for the count of a change that is taken back already.
TAKEN_BACK: Final = None


@mypyc_attr(allow_interpreted_subclasses=True)
class Chain(Directory[K, V]):
    """Hold the nodes of one list in order of start; equal starts keep the order of insertion."""

    __slots__ = ("holder", "journal", "lock")

    # Whether nodes may overlap, as in a bag.
    overlapping: ClassVar[bool] = False

    def __init__(self, limit: int = LIMIT) -> None:
        super().__init__(limit)
        self.journal: Journal[K, V] | None = None  # `None`: nothing watches
        self.lock: Any = allocate_lock()
        self.holder = 0  # the thread that holds the lock

    # ---- the guard ----------------------------------------------------------------------------

    def __enter__(self) -> Self:
        """Begin a write.

        Raises: ReentrancyError, if a write is being decided, or if another thread has opened a
            transaction.
        """
        me = get_ident()  # allocates, so before the lock is held
        if not self.lock.acquire(False):
            raise self.refusal()
        self.holder = me
        if self.journal is not None:
            try:
                self.prepare(self.journal)
            except BaseException:
                self.holder = 0
                self.lock.release()
                raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End a write; if it failed, take back what it noted."""
        try:
            if kind is not None:
                self.give_up()
        finally:
            self.holder = 0
            self.lock.release()

    def refusal(self) -> ReentrancyError:
        """Return the error for a write while another one is going on."""
        return ReentrancyError(
            "a change of this list is being decided, want no hook, comparison or subscriber "
            "that changes it"
            if self.holder == get_ident()
            else "another thread is changing this list, want one thread at a time "
            "(SharedRangeList takes turns)"
        )

    def prepare(self, journal: Journal[K, V]) -> None:
        """Begin a write that is recorded."""
        journal.mark = len(journal.log)  # first: what raises below has noted nothing
        journal.disturbed = False
        if not journal.blocks:
            stack_has_room()  # a block has asked for it
        elif journal.thread != self.holder:
            raise ReentrancyError(
                "another thread has a transaction of this list open, want one thread at a time"
            )

    def record(self) -> Journal[K, V]:
        """Note the rest of this write, which makes several changes: an error takes back all."""
        journal = self.journal
        if journal is None:
            journal = self.journal = Journal()
            self.prepare(journal)
        elif journal.blocks:
            stack_has_room()
        return journal

    def give_up(self) -> None:
        """Take back what a write noted that failed."""
        if self.journal is not None:
            self.take_back(self.journal.mark)
            if not self.journal.wanted():
                self.journal = None

    def take_back(self, mark: int) -> None:
        """Take back all changes noted from log[mark] on, newest first.

        A failed allocation makes it begin once more, with what is left.
        """
        journal = self.journal
        if journal is None:
            return
        self.journal = None  # what is taken back is not noted
        try:
            try:
                self._take_back(journal.log, mark)
            except MemoryError:
                self._take_back(journal.log, mark)
        finally:
            self.journal = journal

    def _take_back(self, log: list[Any], mark: int) -> None:
        """Take back changes down to log[mark]; after an error call it again."""
        while len(log) > mark:
            at = log[-1]
            if log[-2] is not TAKEN_BACK:
                entry = tuple(log[at:])
                change = change_at_end(self, entry, len(entry), at).inverse()
                b, i, left = 0, 0, change.left
                if change.old:
                    b, i = self._found(change.old[0][0])
                    left = change.old[0][0]._prev
                elif left is not None:
                    b, i = self._found(left)
                    i += 1
                self.replay(change, b, i, left, [shape[0] for shape in change.old])
                log[-2] = TAKEN_BACK  # cannot fail, as `del` can: none is taken back twice
            del log[at:]

    def replay(
        self,
        change: Change[K, V],
        b: int,
        i: int,
        left: Node[K, V] | None,
        old: list[Node[K, V]],
    ) -> None:
        """Carry out a change whose old run is at place (b, i), node by node the same objects."""
        self.splice(
            b, i, left, old, change.new, change.absorbed, "replayed", None, change.released
        )

    def _found(self, node: Node[K, V]) -> tuple[int, int]:
        """Return the place of a node, even if comparisons of keys raise."""
        try:
            return self.place(node)
        except Exception:  # noqa: BLE001
            return self.place_of(node)

    # ---- look at it ---------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Node[K, V]]:
        node = self.head
        while node is not None:
            yield node
            node = node._next

    def check_window(self, start: K | None, stop: K | None) -> None:
        """Refuse a window that is reversed, or has an end that is no key of these.

        With two ends, `find` detects an incompatible key; a single end must be compared with the
        head here.

        Cost: at most two comparisons.
        Raises: EmptySpanError; NanKeyError; UnorderedKeyError.
        """
        check_window(start, stop, self)
        head = self.head
        if head is not None and (start is None or stop is None):
            for end in (start, stop):
                if end is not None:
                    check_order(end, head._start)

    def around(self, b: int, i: int) -> tuple[Node[K, V] | None, Node[K, V] | None]:
        """Return the nodes left and right of a place, where an empty run would be."""
        if i > 0:
            left: Node[K, V] | None = self.nodes[b][i - 1]
        elif b > 0:
            left = self.nodes[b - 1][-1]
        else:
            left = None
        return left, self.head if left is None else left._next

    def met(self, change: Change[K, V]) -> tuple[int, int, list[Node[K, V]]]:
        """Return the nodes that overlap the span that a change is about, and where they begin."""
        old, new = change.old, change.new
        shapes = old or new
        start, end = shapes[0][1], shapes[-1][2]
        if old and new:
            start = min(start, new[0][1])
            if end < new[-1][2]:  # noqa: PLR1730  max would ask `>`
                end = new[-1][2]
        b, i = self.find(start)
        node = self.nodes[b][i] if i >= 0 else None
        if node is None or not start < node._stop:
            i += 1
            node = self.head if node is None else node._next
        run: list[Node[K, V]] = []
        while node is not None and node._start < end:
            run.append(node)
            node = node._next
        return (*self.advance(b, i, 0), run)

    def made(self, shape: Shape[K, V]) -> Node[K, V]:
        """Return a new node of this chain that is what a node of another chain was."""
        return Node(shape[1], shape[2], shape[3])

    # ---- change it ----------------------------------------------------------------------------

    def insert_at(
        self,
        b: int,
        i: int,
        left: Node[K, V] | None,
        right: Node[K, V] | None,
        node: Node[K, V],
        case: str,
        edge: Shape[K, V] | None = None,
    ) -> None:
        """Put one node in between two, at place (b, i), where i may be the end of the block.

        `edge` is what becomes of the node on the left, if it gets another stop or value.
        """
        if left is right:  # None: it is the first of all
            self._begin_with(node, case)
            return
        nodes = self.nodes[b]
        if len(nodes) >= self.limit:
            b, i = self.made_room(b, i)
            nodes = self.nodes[b]
        starts = self.starts[b]
        size = self.size + 1
        if self.stale is not None:
            self.touched(b, i, 1)
        if self.journal is not None:
            shape = (node, node._start, node._stop, node._value)
            if edge is None or left is None:
                self.journal.note(left, (), (shape,), (), (), case)
            else:
                self.journal.note(left._prev, (left,), (edge, shape), (), (), case)
        try:
            starts.insert(i, node._start)
            nodes.insert(i, node)
        except BaseException:
            if len(starts) > len(nodes):
                del starts[i]
            if self.journal is not None:
                del self.journal.log[self.journal.last :]  # no call: that could fail, too
            raise
        if i == 0:
            self.firsts[b] = starts[0]
        node._home = self
        node._prev = left
        node._next = right
        if left is not None:
            left._next = node
            if edge is not None:
                left._stop = edge[2]
                left._value = edge[3]
        if right is not None:
            right._prev = node
        self.size = size

    def _begin_with(self, node: Node[K, V], case: str) -> None:
        """Make an empty chain hold one node, in a block of its own."""
        start = node._start
        nodes, starts, firsts = [[node]], [[start]], [start]
        if self.stale is not None:
            self.reshaped()
        if self.journal is not None:
            shape = (node, start, node._stop, node._value)
            self.journal.note(None, (), (shape,), (), (), case)
        self.nodes, self.starts, self.firsts = nodes, starts, firsts
        node._home = self
        self.size = 1

    def delete_at(self, b: int, i: int, case: str) -> None:
        """Take the node at place (b, i) out."""
        nodes, starts = self.nodes[b], self.starts[b]
        node = nodes[i]
        if len(nodes) == 1 or (len(nodes) * 4 <= self.limit and len(self.nodes) > 1):
            # The block may vanish, or be joined.
            self.splice(b, i, node._prev, (node,), (), (), case)
            return
        left, right = node._prev, node._next
        size = self.size - 1
        if self.stale is not None:
            self.touched(b, i, -1)
        if self.journal is not None:
            self.journal.note(left, (node,), (), (), (), case)
        try:
            del starts[i]
            del nodes[i]
        except BaseException:
            if len(starts) < len(nodes):
                starts.insert(i, node._start)
            if self.journal is not None:
                del self.journal.log[self.journal.last :]  # no call: that could fail, too
            raise
        if i == 0:
            self.firsts[b] = starts[0]
        if left is not None:
            left._next = right
        if right is not None:
            right._prev = left
        node._home = node._prev = node._next = None
        self.size = size

    def amend_at(self, b: int, i: int, start: K, stop: K, value: V, case: str) -> None:
        """Give the node at place (b, i) these borders and this value; it keeps its neighbours."""
        nodes = self.nodes[b]
        node = nodes[i]
        if self.stale is not None:
            self.touched(b, i, 0)
        if self.journal is not None:
            shape = (node, start, stop, value)
            self.journal.note(node._prev, (node,), (shape,), (), (), case)
        node._start = start
        node._stop = stop
        node._value = value
        self.starts[b][i] = start
        if i == 0:
            self.firsts[b] = start

    def splice(
        self,
        b: int,
        i: int,
        left: Node[K, V] | None,
        old: Sequence[Node[K, V]],
        new: Sequence[Shape[K, V]],
        absorbed: Sequence[Merge[K, V]],
        case: str,
        edge: Shape[K, V] | None = None,
        released: Sequence[Merge[K, V]] = (),
    ) -> None:
        """Exchange the run `old`, which begins at place (b, i) behind `left`, for those of `new`.

                  left   old ...   right                left   new ...   right
            ..... [--]   [-][---]  [---] .....   ->  ... [--]   [--][-]   [---] ...

        `edge` is what becomes of the node on the left, if it gets another stop or value.  Nodes of
        `old` that are not in `new` are dead afterwards; those of `absorbed` know their survivor
        then, those of `released` are alive again.

        Cost: O(len(old) + len(new) + block).
        """
        before = old[-1] if old else left
        right = self.head if before is None else before._next
        nodes: Sequence[Node[K, V]]
        starts: Sequence[K]
        if new:
            nodes, starts, _, _ = zip(*new)  # noqa: B905  shapes are of one length
        else:
            nodes = starts = ()
        # Even a loop allocates, an iterator, so it is made before.
        leaving = iter(old)
        coming = iter(new)
        merging = iter(absorbed) if absorbed else None
        if released:
            forget_trails()
        journal = self.journal
        if journal is not None:
            if edge is None or left is None:
                journal.note(left, old, new, absorbed, released, case)
            else:
                whole, made = [left, *old], [edge, *new]
                journal.note(left._prev, whole, made, absorbed, released, case)
        try:
            self.lay(b, i, old, nodes, starts)
        except BaseException:
            if self.journal is not None:
                del self.journal.log[self.journal.last :]  # no call: that could fail, too
            raise
        if edge is not None and left is not None:
            left._stop = edge[2]
            left._value = edge[3]
        for node in leaving:
            node._home = node._prev = node._next = None
        for node, start, stop, value in coming:
            node._start = start
            node._stop = stop
            node._value = value
            node._home = self
            node._prev = left
            if left is not None:
                left._next = node
            left = node
        if left is not None:
            left._next = right
        if right is not None:
            right._prev = left
        if merging is not None:
            for dead, survivor in merging:
                dead._home = survivor

    def fill(self, run: list[Node[K, V]]) -> None:
        """Make an empty chain hold this sorted run, a list that it keeps."""
        if not run:
            return
        left: Node[K, V] | None = None
        for node in run:
            node._home = self
            node._prev = left
            if left is not None:
                left._next = node
            left = node
        starts = [node._start for node in run]
        half = self.limit // 2
        self.firsts = starts[::half]
        if len(run) <= half:
            self.nodes, self.starts = [run], [starts]
        else:
            cuts = range(0, len(run), half)
            self.nodes = [run[low : low + half] for low in cuts]
            self.starts = [starts[low : low + half] for low in cuts]
        self.size = len(run)
        self.stale = None


def tower(depth: int) -> Callable[[], None]:
    """Return a function that nests so many calls, each as cheap as can be, and does nothing.

    It raises RecursionError here rather than while a change is made or taken back.
    """
    if not depth:
        return no_call
    below = tower(depth - 1)
    return lambda: below()  # noqa: PLW0108  the call is what it is for


def no_call() -> None:
    """Do nothing."""


# Calls that a roll-back nests below the start of a write, down to the notes for the summary; a
# transaction nests four more before it rolls back.
stack_has_room: Final = tower(8)
stack_has_room_for_a_block: Final = tower(12)
