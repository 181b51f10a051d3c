"""The cursor of the maple tree (`ma_state`): a range, and a state that says how it came there.

What is special: it stops at a limit that may be lifted later, and nothing is skipped then; it turns
around without losing a range; the `_range` forms stop on holes too; `pause` lets go of the tree and
the walk goes on behind what was delivered, erased or not; a store through the cursor moves it.

    start       it was sent to an index and has not looked yet
    active      it stands on a range or a hole
    overflow    `next` met its limit            underflow   `prev` met its limit
    pause       it let go of the tree
    root        it stands on the only entry, at index 0, of a tree without nodes
    none        such a tree has nothing there

The place is a coordinate, `first` … `last`, looked up anew in each step; so stores behind the
cursor's back need no care, as in the kernel under RCU.  Source: Linux 6.12 `lib/maple_tree.c`, from
`mas_walk` to `mas_erase`.
"""

from __future__ import annotations

from typing import Generic, Literal

from rangelist.keys import V
from rangelist.models.maple import MapleTree, Reserved, Slot
from rangelist.models.refused import MAX

__all__ = ["MapleCursor", "State"]

State = Literal["start", "active", "root", "none", "pause", "overflow", "underflow"]


class MapleCursor(Generic[V]):
    """Walk a maple tree, and change it on the way.  All steps return the entry or `None`.

    Example:
        >>> tree: MapleTree[str] = MapleTree()
        >>> tree.store(10, 19, "a")
        >>> tree.store(30, 39, "b")
        >>> cursor = MapleCursor(tree, 0)
        >>> cursor.find(), cursor.find(), cursor.find(), cursor.first
        ('a', 'b', None, 40)
        >>> cursor.prev(), cursor.prev_range(), cursor.first, cursor.last
        ('b', None, 20, 29)
    """

    def __init__(self, tree: MapleTree[V], index: int = 0) -> None:
        self.tree = tree
        self.set(index)

    # ---- sending it somewhere -------------------------------------------------------------------

    def set(self, index: int) -> None:
        """Send the cursor to an index; it forgets its state."""
        self.set_range(index, index)

    def set_range(self, first: int, last: int) -> None:
        """Send the cursor to a range, for a store there."""
        self.first = first
        self.last = last
        self.state: State = "start"

    def reset(self) -> None:
        """Forget the state, not the range."""
        self.state = "start"

    def pause(self) -> None:
        """Let go of the tree, which may change now; the finds go on beside the range."""
        self.state = "pause"

    # ---- looking and writing --------------------------------------------------------------------

    def walk(self) -> V | Reserved | None:
        """Look at the range or hole that holds the cursor's first index, and stand on it."""
        if self.tree.form == "none":
            self.first, self.last, self.state = 0, MAX, "none"
            return None
        slot = self.tree.slot(self.first)
        bare: State = "none" if slot.entry is None else "root"
        return self._arrive(slot, "active" if self.tree.form == "nodes" else bare)

    def store(self, entry: V | Reserved | None) -> V | Reserved | None:
        """Overwrite the cursor's range; return what its first index held.

        The cursor then stands on what was stored; on the whole hole, if that was nothing.
        """
        was = self.tree.slot(self.first).entry
        bare = entry is None and self._at_bare()
        self.tree.store(self.first, self.last, entry)
        if not bare:
            self._stand()
        return was

    def erase(self) -> V | Reserved | None:
        """Erase the range at the cursor's first index; stand on the hole that this makes."""
        bare = self._at_bare()
        entry = self.tree.erase(self.first)
        if bare:
            self.last = self.last if entry is None else 0
        elif entry is None:
            self.walk()
        else:
            self._stand()
        return entry

    def _at_bare(self) -> bool:
        """Take the state of a tree without nodes, if it is one: clearing it moves no bounds."""
        if self.tree.form == "nodes":
            return False
        self.state = self.tree.form
        return True

    def _stand(self) -> None:
        """Take the bounds of what is at the cursor's first index now."""
        state: State = "active" if self.tree.form == "nodes" else "start"
        self._arrive(self.tree.slot(self.first), state)

    # ---- steps ----------------------------------------------------------------------------------

    def next(self, limit: int = MAX) -> V | Reserved | None:
        """Go to the next entry that starts up to `limit`."""
        answered, entry = self._before_next(limit)
        return entry if answered else self._step_right(limit, holes=False)

    def next_range(self, limit: int = MAX) -> V | Reserved | None:
        """Go to the next range or hole."""
        answered, entry = self._before_next(limit)
        return entry if answered else self._step_right(limit, holes=True)

    def prev(self, limit: int = 0) -> V | Reserved | None:
        """Go to the previous entry that ends from `limit` on."""
        answered, entry = self._before_prev(limit)
        return entry if answered else self._step_left(limit, holes=False)

    def prev_range(self, limit: int = 0) -> V | Reserved | None:
        """Go to the previous range or hole."""
        answered, entry = self._before_prev(limit)
        return entry if answered else self._step_left(limit, holes=True)

    def find(self, limit: int = MAX) -> V | Reserved | None:
        """Deliver the entry at or behind the index, when called again the one after that."""
        answered, entry = self._before_find(limit)
        if answered:
            return entry
        entry = self._step_right(limit, holes=False)
        self.state = "active"  # a search that ends is no overflow
        return entry

    def find_range(self, limit: int = MAX) -> V | Reserved | None:
        """Do as `find`, then stop on holes too."""
        answered, entry = self._before_find(limit)
        return entry if answered else self._step_right(limit, holes=True)

    def find_rev(self, limit: int = 0) -> V | Reserved | None:
        """Deliver the entry at or before the index, when called again the one before that."""
        answered, entry = self._before_find_rev(limit)
        return entry if answered else self._step_left(limit, holes=False)

    def find_range_rev(self, limit: int = 0) -> V | Reserved | None:
        """Do as `find_rev`, then stop on holes too."""
        answered, entry = self._before_find_rev(limit)
        return entry if answered else self._step_left(limit, holes=True)

    def _step_right(self, limit: int, *, holes: bool) -> V | Reserved | None:
        """Move one range on, over a hole too if holes do not count; the limit stops it."""
        here = self.tree.slot(self.last)
        while here.last < limit:
            here = self.tree.slot(here.last + 1)
            if here.entry is not None or holes:
                return self._arrive(here, "active")
        self._arrive(here, "overflow")
        return None

    def _step_left(self, limit: int, *, holes: bool) -> V | Reserved | None:
        """Mirror of `_step_right`."""
        here = self.tree.slot(self.first)
        while here.first > limit:
            here = self.tree.slot(here.first - 1)
            if here.entry is not None or holes:
                return self._arrive(here, "active")
        self._arrive(here, "underflow")
        return None

    def _arrive(self, here: Slot[V], state: State) -> V | Reserved | None:
        """Stand on a range or hole; return its entry."""
        self.first, self.last, self.state = here.first, here.last, state
        return here.entry

    # ---- what each state means for a step: (is that the answer?, the answer) --------------------

    def _before_next(self, limit: int) -> tuple[bool, V | Reserved | None]:
        was = self.state
        if self.last >= limit:
            self.state = "overflow"
            return True, None
        if was in ("start", "pause", "none"):
            self.walk()
        elif was == "underflow":  # it stands before the range it delivered last
            entry = self.walk()
            if entry is not None:
                return True, entry
        elif was == "overflow":
            self.state = "active"
        if self.tree.form == "nodes":
            return False, None
        if self.state == "root":  # nothing comes after index 0
            if was == "none" and self.first == 0:
                self.last = 0
            else:
                self.first, self.last, self.state = 1, MAX, "none"
        return True, None

    def _before_prev(self, limit: int) -> tuple[bool, V | Reserved | None]:
        was = self.state
        if self.first <= limit:
            self.state = "underflow"
            return True, None
        if was in ("start", "pause", "none"):
            self.walk()
        elif was == "overflow":  # it stands behind the range it delivered last
            entry = self.walk()
            if entry is not None:
                return True, entry
        elif was == "underflow":
            self.state = "active"
        if self.tree.form == "nodes":
            return False, None
        return (True, None) if self.first == 0 else self._at_root()

    def _at_root(self) -> tuple[bool, V | Reserved | None]:
        """In a tree without nodes index 0 is all there is before another index."""
        self.first = self.last = 0
        self.state = "root"
        return True, self.tree.slot(0).entry

    def _before_find(self, limit: int) -> tuple[bool, V | Reserved | None]:
        was = self.state
        if was not in ("start", "root") and self._found_limit(was, limit):
            return True, None
        if was == "active":
            return False, None
        if was in ("pause", "none"):
            self.first = self.last = self.last + (was == "pause")
        if was != "root":
            if self.first > limit:
                return True, None
            entry = self.walk()
            if entry is not None:
                return True, entry
        if self.tree.form == "nodes":
            return self.first == limit, None
        if self.state == "root":
            self.first, self.last, self.state = 1, MAX, "none"
        return True, None

    def _found_limit(self, was: State, limit: int) -> bool:
        """Tell whether nothing can be found; after an underflow it stands before its range."""
        if was == "underflow":
            if self.first >= limit:
                self.state = "overflow"
            return self.first >= limit
        return self.last >= limit

    def _before_find_rev(self, limit: int) -> tuple[bool, V | Reserved | None]:
        was = self.state
        if was not in ("active", "start", "root") and self.first <= limit:
            self.state = "none" if was == "none" else "underflow"
            return True, None
        if was in ("active", "overflow", "underflow"):
            self.state = "active"
            return self.first < limit, None
        if was in ("pause", "none"):
            self.first = self.last = self.first - (was == "pause")
        if was != "root":
            if self.first < limit:
                return True, None
            entry = self.walk()
            if entry is not None:
                return True, entry
        if self.state == "root":
            self.state = "none"
            return True, None
        return self._at_root() if self.state == "none" else (self.first < limit, None)
