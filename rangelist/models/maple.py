"""The maple tree of Linux: one value for each range of 0 … 2⁶⁴-1, and holes.

What is special: ranges include their last index; nothing is ever joined, two touching ranges with
the same value stay two and a store of the same value inside a range cuts it in three (policy
`NEVER`); a store of nothing makes a hole; a *reserved* entry takes space and reads as nothing; gap
searches clip to a window; a cyclic allocation remembers that it came round; and a cursor with
states (`maple_cursor`).  Hooks used: `same` only.  Source: Linux 6.12 `lib/maple_tree.c`,
`include/linux/maple_tree.h`, `Documentation/core-api/maple_tree.rst`.
"""

from __future__ import annotations

from typing import Final, Generic, Literal, NamedTuple

from rangelist.errors import OverlapError
from rangelist.keys import V
from rangelist.models.refused import LIMIT, MAX, RefusedError
from rangelist.node import Node
from rangelist.policy import NEVER
from rangelist.ranges import RangeList

__all__ = ["RESERVED", "MapleTree", "Reserved", "Slot"]


class Reserved:
    """The type of `RESERVED`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "RESERVED"


RESERVED: Final = Reserved()
"""A placeholder: the space is taken, simple reads see nothing, cursors show it."""


class Slot(NamedTuple, Generic[V]):
    """A range or a hole: `first` … `last` inclusive; the entry of a hole is `None`."""

    first: int
    last: int
    entry: V | Reserved | None


class MapleTree(Generic[V]):
    """Ranges of 0 … 2⁶⁴-1, each with an entry; `None` means nothing, so it cannot be stored.

    `RefusedError` carries the kernel's word: EEXIST, EBUSY, EINVAL.

    Example:
        >>> tree: MapleTree[str] = MapleTree()
        >>> tree.store(0, 29, "a")
        >>> tree.store(10, 19, None)
        >>> [tuple(node) for node in tree.ranges]
        [(0, 10, 'a'), (20, 30, 'a')]
        >>> tree.load(29), tree.load(30), tree.empty_area(5)
        ('a', None, 10)
    """

    def __init__(self, *, gap_tracking: bool = True) -> None:
        self.ranges: RangeList[int, V | Reserved] = RangeList(policy=NEVER)
        self.gap_tracking = gap_tracking
        self.wrapped = False  # the last cyclic allocation took the highest index
        # How the kernel holds it: nothing, a bare pointer at index 0, or nodes.  Cursors can tell.
        self.form: Literal["none", "root", "nodes"] = "none"

    def slot(self, index: int) -> Slot[V]:
        """Return the range or the hole that an index lies in."""
        found = self.ranges.locate(index)
        if isinstance(found, Node):
            return Slot(found.start, found.stop - 1, found.value)
        first = found.start if isinstance(found.start, int) else 0
        return Slot(first, found.stop - 1 if isinstance(found.stop, int) else MAX, None)

    def load(self, index: int) -> V | None:
        """Return the entry at an index; a reserved one reads as nothing."""
        return seen(self.ranges.get(index))

    # ---- write ----------------------------------------------------------------------------------

    def store(self, first: int, last: int, entry: V | Reserved | None) -> None:
        """Overwrite first … last; `None` makes a hole.  What is under it is cut."""
        refuse_reversed(first, last)
        if entry is None:
            self._clear(first, last + 1)
        else:
            self.ranges.set(first, last + 1, entry)
            self._formed()

    def insert(self, first: int, last: int, entry: V | Reserved | None) -> None:
        """Store only if all of first … last is a hole, else EEXIST."""
        refuse_reversed(first, last)
        try:
            if entry is not None:
                self.ranges.insert(first, last + 1, entry)
                self._formed()
            elif any(self.ranges.overlapping(first, last + 1)):
                raise RefusedError("EEXIST", f"{first} … {last} is taken")
        except OverlapError as error:
            raise RefusedError("EEXIST", str(error)) from error

    def erase(self, index: int) -> V | Reserved | None:
        """Remove the whole range that holds an index; return its entry."""
        node = self.ranges.at(index)
        if node is None:
            return None
        self._clear(node.start, node.stop)
        return node.value

    def _clear(self, start: int, stop: int) -> None:
        """Make a hole.  Nodes go when it swallows several slots, not when it fills the only one."""
        undivided = self.slot(0).last == MAX
        self.ranges.remove(start, stop)
        if not self.ranges and not undivided:
            self.form = "none"

    def _formed(self) -> None:
        """Note how the kernel would hold what was stored: once there are nodes, they stay."""
        first = self.ranges.first
        if self.form != "nodes" and first is not None:
            bare = len(self.ranges) == 1 and first.stop == 1 and first.value is not RESERVED
            self.form = "root" if bare else "nodes"

    # ---- gaps -----------------------------------------------------------------------------------

    def empty_area(self, size: int, low: int = 0, high: int = MAX) -> int:
        """Return the start of the lowest free run of `size` in low … high; EBUSY, EINVAL."""
        return self._area(size, low, high, "first")

    def empty_area_rev(self, size: int, low: int = 0, high: int = MAX) -> int:
        """Return the start of the highest free run of `size` in low … high; EBUSY, EINVAL."""
        return self._area(size, low, high, "last")

    def _area(self, size: int, low: int, high: int, fit: Literal["first", "last"]) -> int:
        if low > high or not 0 < size <= high - low + 1:
            raise RefusedError(
                "EINVAL", f"{size} indices in {low} … {high}, want 0 < size <= window"
            )
        gap = self.ranges.find_gap(size, low, high + 1, fit=fit)
        if gap is None:
            raise RefusedError("EBUSY", f"no free run of {size} in {low} … {high}")
        return gap.start

    def alloc_range(self, size: int, low: int, high: int, entry: V) -> int:
        """Store an entry in the lowest free run of `size`; return its start."""
        self._may_allocate(entry)
        return self._allocate(self.empty_area(size, low, high), size, entry)

    def alloc_rrange(self, size: int, low: int, high: int, entry: V) -> int:
        """Store an entry in the highest free run of `size`; return its start."""
        self._may_allocate(entry)
        return self._allocate(self.empty_area_rev(size, low, high), size, entry)

    def alloc_cyclic(self, low: int, high: int, following: int, entry: V) -> tuple[int, int, bool]:
        """Store an entry at one free index from `following` on, then from `low` on.

        Return (index, what to pass next, whether the search came round).  Behind the highest index
        the next one is 0, and the allocation after that counts as round.
        """
        self._may_allocate(entry)
        begin = max(low, following)
        try:
            index = self.empty_area(1, begin, high)
            wrapped, self.wrapped = self.wrapped, False
        except RefusedError:
            if begin <= low:
                raise
            index = self.empty_area(1, low, high)
            wrapped = True
        self._allocate(index, 1, entry)
        if index == MAX:
            self.wrapped = True
        return index, (index + 1) % LIMIT, wrapped

    def _may_allocate(self, entry: V) -> None:
        if not self.gap_tracking:
            raise RefusedError("EINVAL", "this tree does not track gaps")
        if isinstance(entry, Reserved):
            raise RefusedError("EINVAL", "a reserved entry cannot be allocated")

    def _allocate(self, start: int, size: int, entry: V) -> int:
        self.insert(start, start + size - 1, entry)
        return start

    # ---- look -----------------------------------------------------------------------------------

    def find(self, index: int, limit: int = MAX) -> tuple[V | None, int]:
        """Return the first entry at or behind an index, up to `limit`, and where to go on.

        That is its end + 1, which is 0 behind the highest index; unchanged if there is none.
        """
        if index <= limit:
            for node in self.ranges.overlapping(index, limit + 1):
                entry = seen(node.value)
                if entry is not None:
                    return entry, node.stop % LIMIT
        return None, index

    def find_after(self, index: int, limit: int = MAX) -> tuple[V | None, int]:
        """Do as `find`, but nothing at index 0: there a loop has come round."""
        return self.find(index, limit) if index else (None, index)

    def next(self, index: int, limit: int = MAX) -> V | Reserved | None:
        """Return the entry of the first range that starts behind the one at `index`."""
        node = self.ranges.higher(self.slot(index).last)
        return None if node is None or node.start > limit or index >= limit else node.value

    def prev(self, index: int, limit: int = 0) -> V | Reserved | None:
        """Return the entry of the last range that ends before the one at `index`."""
        node = self.ranges.lower(self.slot(index).first)
        if node is None or index <= limit:
            return None
        # Without nodes there is no step: what is before an index is the entry, whatever the limit.
        return None if self.form == "nodes" and node.stop <= limit else node.value

    def dup(self, into: MapleTree[V] | None = None) -> MapleTree[V]:
        """Return an exact copy, in a tree that must be empty and of the same kind, else EINVAL."""
        if into is None:
            into = MapleTree(gap_tracking=self.gap_tracking)
            into.wrapped = self.wrapped
        # What a cyclic allocation notes about coming round belongs to the kind, in the kernel too.
        if into.ranges or (into.gap_tracking, into.wrapped) != (self.gap_tracking, self.wrapped):
            raise RefusedError("EINVAL", "want an empty tree of the same kind")
        into.ranges = self.ranges.copy()
        into.form = self.form
        return into


def seen(entry: V | Reserved | None) -> V | None:
    """Return what a simple read sees of an entry."""
    return None if isinstance(entry, Reserved) else entry


def refuse_reversed(first: int, last: int) -> None:
    """Refuse a range that ends before it starts."""
    if first > last:
        raise RefusedError("EINVAL", f"{first} … {last} is reversed, want first <= last")
