"""The extent states of btrfs: a set of flags on each range of a file.

What is special: flags are added and taken away, and a range without any vanishes; touching ranges
with the same flags are one unless they are locked or a boundary (`same`); a lock flag is exclusive
and names the first byte in its way; everything is done piece by piece, so what an exclusive set did
before it failed stays; four callbacks are told before anything changes: a cut (`split`), a join
(`merge`), flags that come and flags that go (the function given to `update`).  The searches answer
what the kernel's do, oddities included.  A flag that is none is refused by name.

Source: Linux 6.12 `fs/btrfs/extent-io-tree.c`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from rangelist.algebra import DROP, Drop
from rangelist.models.refused import LIMIT, MAX, RefusedError, known
from rangelist.node import Interval, Node, Piece
from rangelist.policy import Policy
from rangelist.ranges import RangeList

__all__ = ["FLAGS", "LOCKS", "Changes", "ExistsError", "ExtentStateTree", "Flags", "Hooks", "State"]

Flags = frozenset[str]
State = Interval[int, Flags]

LOCKS: Final = frozenset({"LOCKED", "DIO_LOCKED"})
# Ranges with one of these are never joined.
ALONE: Final = LOCKS | {"BOUNDARY"}
# These ask for something and are not stored.
CONTROL: Final = frozenset(
    {"CLEAR_ALL_BITS", "CLEAR_META_RESV", "CLEAR_DATA_RESV", "ADD_INODE_BYTES", "NOWAIT"}
)
# All flags there are.
FLAGS: Final = (
    ALONE
    | CONTROL
    | {"DIRTY", "DIRTY_LOG1", "DIRTY_LOG2", "UPTODATE", "NEW", "DAMAGED", "NODATASUM", "NEED_WAIT"}
    | {"DELALLOC", "DELALLOC_NEW", "DEFRAG", "NORESERVE", "QGROUP_RESERVED", "FINISHING_ORDERED"}
)
# This one asks how to get memory; set and clear take it off before they look at the flags.
MEMORY: Final = frozenset({"NOWAIT"})


class ExistsError(RefusedError):
    """EEXIST: an exclusive flag is already set at `start`."""

    def __init__(self, start: int) -> None:
        super().__init__("EEXIST", f"a lock is held at {start}")
        self.start = start


class Changes(NamedTuple):
    """What a recorded call really changed: how many bytes, and the pieces."""

    bytes: int
    ranges: list[tuple[int, int]]


class Hooks:
    """What is told of a change before it is made; all states have their old borders and flags.

    The kernel keeps running counts with these.  This one does nothing.
    """

    def set(self, state: State, flags: Flags) -> None:
        """Flags are about to be added to a state."""

    def clear(self, state: State, flags: Flags) -> None:
        """Flags are about to be taken from a state."""

    def split(self, state: State, at: int) -> None:
        """A state is about to be cut."""

    def merge(self, new: State, other: State) -> None:
        """Two states are about to become one; `new` is the one being written."""


class ExtentStateTree:
    """Flags on the bytes 0 … 2⁶⁴-1; ends are inclusive.

    Example:
        >>> tree = ExtentStateTree()
        >>> tree.set(0, 29, {"DIRTY"})
        >>> tree.try_lock(10, 19), tree.try_lock(0, 12)
        (True, False)
        >>> [(s.start, s.stop - 1, sorted(s.value)) for s in tree.states]
        [(0, 9, ['DIRTY']), (10, 19, ['DIRTY', 'LOCKED']), (20, 29, ['DIRTY'])]
        >>> tree.clear(10, 19, {"LOCKED"})
        >>> len(tree.states)
        1
    """

    def __init__(self, hooks: Hooks | None = None) -> None:
        self.hooks = Hooks() if hooks is None else hooks
        self.states: RangeList[int, Flags] = RangeList(
            policy=Policy(same=self._same, merge=self._merge, split=self._split)
        )
        # A range with its ends the wrong way round is stored by the kernel without a look.
        self.reversed: list[Piece[int, Flags]] = []
        self._at = 0  # where the piece being written begins

    # ---- hooks of the list ----------------------------------------------------------------------

    def _same(self, left: State, right: State) -> bool:
        return left.value == right.value and not left.value & ALONE

    def _merge(self, left: State, right: State) -> Flags:
        if right.start == self._at:
            self.hooks.merge(right, left)
        else:
            self.hooks.merge(left, right)
        return left.value

    def _split(self, state: State, at: int) -> tuple[Flags, Flags]:
        self.hooks.split(state, at)
        return state.value, state.value

    # ---- write ----------------------------------------------------------------------------------

    def set(self, start: int, last: int, flags: Iterable[str]) -> None:
        """Add flags, also where nothing was; `ExistsError` where a lock among them is held."""
        self._set(start, last, these(flags), None)

    def set_record(self, start: int, last: int, flags: Iterable[str]) -> Changes:
        """Add flags, none of them a lock; return what really changed."""
        return self._recorded(self._set, start, last, these(flags))

    def clear(self, start: int, last: int, flags: Iterable[str]) -> None:
        """Take flags away; what has none left vanishes."""
        self._clear(start, last, these(flags), None)

    def clear_record(self, start: int, last: int, flags: Iterable[str]) -> Changes:
        """Take flags away, none of them a lock; return what really changed."""
        return self._recorded(self._clear, start, last, these(flags))

    def convert(self, start: int, last: int, flags: Iterable[str], gone: Iterable[str]) -> None:
        """Add flags, also where nothing was, and take others away where something was."""
        come, go = these(flags), these(gone)

        def added(state: State) -> Flags:
            self.hooks.set(state, come)
            return state.value | come - CONTROL

        def changed(state: State) -> Flags | Drop:
            both = Piece(state.start, state.stop, added(state))
            self.hooks.clear(both, go)
            return both.value - go or DROP

        for at, stop, node in self._steps(start, last):
            if node is None:
                self._fill(at, stop, added)
            else:
                self._write(at, stop, changed)

    def try_lock(self, start: int, last: int, flags: Iterable[str] = ("LOCKED",)) -> bool:
        """Set lock flags on all of a range, or on nothing."""
        try:
            self.set(start, last, flags)
        except ExistsError as conflict:
            if conflict.start > start:
                self.clear(start, conflict.start - 1, flags)
            return False
        return True

    def release(self) -> None:
        """Drop everything; EBUSY if something is locked."""
        held = next((state for state in self.states if state.value & LOCKS), None)
        if held is not None:
            raise RefusedError("EBUSY", f"{held!r} is locked")
        self.states.clear()

    def _set(
        self, start: int, last: int, flags: Flags, record: list[Piece[int, Flags]] | None
    ) -> None:
        flags -= MEMORY
        if last < start and start not in self.states:
            self.hooks.set(Piece(start, last + 1, frozenset()), flags)
            self.reversed.append(Piece(start, last + 1, flags - CONTROL))

        def changed(state: State) -> Flags:
            self.hooks.set(state, flags)
            if record is not None and not flags - CONTROL <= state.value:
                record.append(Piece(state.start, state.stop, state.value))
            return state.value | flags - CONTROL

        for at, stop, node in self._steps(start, last):
            if node is None:
                self._fill(at, stop, changed)
                continue
            if node.value & flags & LOCKS:
                raise ExistsError(at)
            # What began before and has the flags already is not even cut.
            if not (node.start < at and flags <= node.value):
                self._write(at, stop, changed)

    def _clear(
        self, start: int, last: int, flags: Flags, record: list[Piece[int, Flags]] | None
    ) -> None:
        flags -= MEMORY
        everything = "CLEAR_ALL_BITS" in flags
        flags |= {"NORESERVE"} if "DELALLOC" in flags else frozenset()

        def changed(state: State) -> Flags | Drop:
            go = flags | state.value if everything else flags
            self.hooks.clear(state, go)
            if record is not None:
                record.append(Piece(state.start, state.stop, state.value))
            return state.value - go or DROP

        for at, stop, node in self._steps(start, last):
            if node is not None and (everything or node.value & flags):
                self._write(at, stop, changed)

    def _recorded(
        self,
        change: Callable[[int, int, Flags, list[Piece[int, Flags]]], None],
        start: int,
        last: int,
        flags: Flags,
    ) -> Changes:
        record: list[Piece[int, Flags]] = []
        change(start, last, flags, record)
        ranges = [(piece.start, piece.stop - 1) for piece in record]
        return Changes(sum(stop - start + 1 for start, stop in ranges), ranges)

    def _steps(self, start: int, last: int) -> Iterator[tuple[int, int, Node[int, Flags] | None]]:
        """Yield the pieces of a range from left to right, as they are when it is their turn."""
        while start <= last:
            found = self.states.locate(start)
            stop = min(found.stop, last + 1)
            assert isinstance(stop, int)
            yield start, stop, found if isinstance(found, Node) else None
            start = stop

    def _fill(self, start: int, stop: int, added: Callable[[State], Flags]) -> None:
        """Write flags into a hole."""
        self._at = start
        self.states.insert(start, stop, added(Piece(start, stop, frozenset())))

    def _write(self, start: int, stop: int, changed: Callable[[State], Flags | Drop]) -> None:
        """Change the flags of what lies, as one state or a part of it, at a piece."""
        self._at = start
        self.states.transform(changed, start, stop)

    # ---- look -----------------------------------------------------------------------------------

    def find_first(self, start: int, flags: Iterable[str]) -> Node[int, Flags] | None:
        """Return the first state with any of the flags that ends at `start` or behind it."""
        wanted = these(flags)
        states = self.states.overlapping(start, LIMIT)
        return next((state for state in states if state.value & wanted), None)

    def find_first_clear(self, start: int, flags: Iterable[str]) -> tuple[int, int] | None:
        """Return the stretch without any of the flags that holds or follows `start`.

        It may begin before `start`.  As in the kernel it ends with the last state if that one lacks
        the flags, though nothing beyond has them either; and where all is set up to the end of the
        domain, the search begins again at 0.
        """
        unwanted = these(flags)
        return self._clear_stretch(start, unwanted) or self._clear_stretch(0, unwanted)

    def _clear_stretch(self, start: int, unwanted: Flags) -> tuple[int, int] | None:
        end = None if self.states.last is None else self.states.last.stop
        first: int | None = None
        last = MAX
        for tile in self._tiles_around(start):
            clear = not tile.value & unwanted
            if first is None and clear:
                first = tile.start
            elif first is not None and not clear:
                return first, tile.start - 1
            if first is not None:
                last = tile.stop - 1
                if tile.stop == end:
                    break
        return None if first is None else (first, last)

    def _tiles_around(self, start: int) -> Iterator[Piece[int, Flags]]:
        """Yield states, and holes as states without flags, from the one at `start` on, whole."""
        while start < LIMIT:
            found = self.states.locate(start)
            if isinstance(found, Node):
                yield Piece(found.start, found.stop, found.value)
                start = found.stop
                continue
            low = found.start if isinstance(found.start, int) else 0
            start = found.stop if isinstance(found.stop, int) else LIMIT
            yield Piece(low, start, frozenset())

    def find_contiguous(self, start: int, flags: Iterable[str]) -> tuple[int, int] | None:
        """Return the run of touching states that begins with the first match.

        Only that first one is checked for the flags, as in the kernel.
        """
        node = self.find_first(start, flags)
        if node is None:
            return None
        first, stop = node.start, node.stop
        while node.next is not None and node.next.start == stop:
            node = node.next
            stop = node.stop
        return first, stop - 1

    def find_delalloc_range(self, start: int, most: int) -> tuple[int, int] | None:
        """Return the run of touching DELALLOC states at or behind `start`.

        It is whole states: it may begin before `start`, and it is complete with the one that makes
        it `most` bytes or more.  A boundary begins a new run.  What comes first must have the flag.
        """
        node = next(self.states.overlapping(start, LIMIT), None)
        if node is None or "DELALLOC" not in node.value:
            return None
        first = node.start
        while node.stop - first < most:
            following = node.next
            if following is None or following.start != node.stop or "BOUNDARY" in following.value:
                break
            if "DELALLOC" not in following.value:
                break
            node = following
        return first, node.stop - 1

    def count_range(
        self, start: int, last: int, most: int, flags: Iterable[str], *, contiguous: bool = False
    ) -> tuple[int, int]:
        """Return how many bytes of a range have all flags, and the first of them.

        It stops when it has `most`, without cutting the count; if the first state already reaches
        that, the first byte is left at `start`.  `contiguous` stops behind the first run.
        """
        wanted = these(flags)
        total, begin, reached = 0, start, -1
        for state in self._inside(start, last):
            if reached >= 0 and contiguous and state.start > reached:
                break
            if wanted <= state.value:
                total += min(last + 1, state.stop) - max(start, state.start)
                if total >= most:
                    break
                if reached < 0:
                    begin = max(start, state.start)
                reached = state.stop
            elif contiguous and reached >= 0:
                break
        return total, begin

    def has_any(self, start: int, last: int, flag: str) -> bool:
        """Tell whether some byte of a range has a flag."""
        these([flag])
        return any(flag in state.value for state in self._inside(start, last))

    def has_all(self, start: int, last: int, flag: str) -> bool:
        """Tell whether every byte of a range has a flag."""
        these([flag])
        if last < start or not self.states.covers(start, last + 1):
            return False
        return all(flag in state.value for state in self._inside(start, last))

    def _inside(self, start: int, last: int) -> Iterator[Node[int, Flags]]:
        """Yield the states that share a byte with a range; none if it is the wrong way round."""
        return self.states.overlapping(start, max(start, last + 1))


def these(flags: Iterable[str]) -> Flags:
    """Return flags as a set.  Raises: UnknownWordError, for one that is none."""
    return known(flags, FLAGS, "flag")
