"""Mapping, unmapping and walking over what is mapped: mmap, munmap and brk on areas.

Areas are changed one by one, so a call may fail half-way; and merging is tried only where something
new comes into being, so equal neighbours may stay apart.

Source: Linux mm/vma.c, mmap.c and their tests, as of 6.18.  Keys are page numbers; errors are the
OSErrors of the calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from errno import EACCES, EEXIST, EINVAL, ENOMEM, EPERM
from typing import Final, Literal, NamedTuple

from rangelist import NEVER, Gap
from rangelist.models.areas import ACCESS, FLAGS, LOCKED, SPECIAL, Area, File, Vma, failure
from rangelist.models.faults import Faults
from rangelist.models.refused import known
from rangelist.models.room import GUARD, MINIMUM, TOP, guard_of

__all__ = ["ZERO", "Mappings", "SharedMemory", "can_be_locked", "can_be_merged", "refuse_sealed"]

ZERO: Final = "/dev/zero (deleted)"  # how /proc/PID/maps names shared memory without a file


class SharedMemory(NamedTuple):
    """The file behind one shared anonymous mapping; each has its own, so they never merge."""

    inode: int = 0
    path: str = ZERO
    device: str = "00:01"
    size: int | None = None
    writable: bool = True


class Mappings(Faults):
    """Areas that are mapped and unmapped."""

    def __init__(
        self,
        *,
        limit: int = 65530,
        reserve: Callable[[], None] | None = None,
        low: int = MINIMUM,
        high: int = TOP,
        upward: bool = False,
        accounting: bool = True,
    ) -> None:
        super().__init__(limit=limit, reserve=reserve, low=low, high=high, upward=upward)
        self.accounting = accounting  # a flag marks memory that counts against the commit limit
        self.future: frozenset[str] = frozenset()  # flags of new areas: mlockall(MCL_FUTURE)
        self.merging = False  # new areas are mergeable: prctl(PR_SET_MEMORY_MERGE)
        self.heap = 0  # the page where the heap begins
        self.heap_end = 0
        self.stack = -1  # the page where the stack begins

    # ---- map and unmap ------------------------------------------------------------------------

    def map(
        self,
        pages: int,
        access: str = "",
        *,
        at: int | None = None,
        how: Literal["hint", "fixed", "noreplace"] = "hint",
        file: File | None = None,
        pgoff: int | None = None,
        flags: Iterable[str] = (),
        close: bool = False,
        populate: bool = False,
    ) -> int:
        """Map pages and return where; `file=None` is anonymous memory.

        What a fixed mapping overlaps is unmapped; what touches it grows, if it is the same.

            [----p----]..[-n-]      map(4, at=2, how="fixed")
            [-p-][-new-].[-n-]

        `populate` is MAP_POPULATE; locked memory is populated anyway.

        Raises: OSError: EINVAL, EEXIST (no-replace), ENOMEM (no place, or behind all places; too
            many areas), EPERM (sealed), EACCES (shared, written, and the file is not open for
            that); UnknownWordError, for an access, a flag or a `how` that is none.
        """
        known({how}, {"hint", "fixed", "noreplace"}, "how")
        attributes = known(access, ACCESS, "access") | known(flags, FLAGS, "flag")
        if pages <= 0:
            raise failure(EINVAL, f"{pages} pages, want at least one")
        if at is None and how != "hint":
            raise failure(EINVAL, f"how is {how!r}, which wants a place")
        start = self._place(pages, at, how, attributes, file)
        attributes = self._new_flags(attributes, file)
        if "shared" in attributes and file is None:
            file, pgoff = SharedMemory(size=pages), 0
        if pgoff is None:
            pgoff = start if file is None else 0
        area = self.put(start, start + pages, Area(attributes, pgoff, file, close=close))
        if attributes & LOCKED and not can_be_locked(attributes):
            # The kernel clears these after the merge, so they have kept it from merging.
            self.list.replace(area, area.value.without(*LOCKED), policy=NEVER)
        if populate or attributes & LOCKED:
            self.populate_as_possible(start, start + pages)
        return start

    def _place(
        self, pages: int, at: int | None, how: str, flags: frozenset[str], file: File | None
    ) -> int:
        if at is None and file is None and "shared" not in flags:
            return self.find_huge(pages, start_gap=guard_of(flags))
        if at is None or how == "hint":
            return self.find(pages, hint=at, start_gap=guard_of(flags))
        if at + pages > TOP:
            raise failure(ENOMEM, f"[{at}, {at + pages}), want at most {TOP}")
        if how == "noreplace" and any(self.list.overlapping(at, at + pages)):
            raise failure(EEXIST, f"[{at}, {at + pages}) is not free")
        return at

    def _new_flags(self, flags: frozenset[str], file: File | None) -> frozenset[str]:
        """Return the flags that a new area gets if these are asked for."""
        if "growsdown" in flags and (file is not None or "shared" in flags):
            raise failure(EINVAL, "only private anonymous memory grows down")
        if "droppable" in flags:
            if file is not None or flags & {"shared", "locked", "growsdown", "growsup"}:
                raise failure(EINVAL, f"droppable memory cannot be {sorted(flags)}")
            flags |= {"noreserve", "wipeonfork", "dontdump"}
        if file is not None and "shared" in flags and not file.writable:
            if "w" in flags:
                raise failure(EACCES, f"{file!r} is not open for writing")
            flags |= {"readonly"}
        if self.accounting and "w" in flags and not flags & {"noreserve", "shared"}:
            flags |= {"account"}
        return self._by_process(flags)

    def _by_process(self, flags: frozenset[str]) -> frozenset[str]:
        """Return flags together with those that the process wants for all its new areas."""
        flags |= self.future
        return flags | {"mergeable"} if self.merging and can_be_merged(flags) else flags

    def put(self, start: int, stop: int, area: Area) -> Vma:
        """Map an area over whatever is there: unmap, then merge or create."""
        known(area.flags, FLAGS, "flag")
        if len(self) > self.limit:
            raise failure(ENOMEM, f"{len(self)} areas, want at most {self.limit} to map one")
        self._clear(start, stop)
        self.list.remove(start, stop)
        return self._merge_or_create(start, stop, area)

    def _merge_or_create(self, start: int, stop: int, area: Area) -> Vma:
        survivor = None
        with suppress(OSError):  # a merge that lacks memory is no reason not to map
            survivor = self.merge_new(start, stop, area)
        return self.create(start, stop, area) if survivor is None else survivor

    def unmap(self, start: int, stop: int) -> None:
        """Unmap a window; holes in it are no error.  Nothing merges.

            [---a---][-b-]..[--c--]     unmap
            [-a-]...............[c]

        What remains at the edges are new objects.  A sealed area, or a lack of memory, keeps all
        mapped, though it may have been cut at the edges by then.
        Raises: OSError: EINVAL, EPERM, ENOMEM (also a hole in one area when there are too many).
        """
        if self._clear(start, stop):
            self._reserve()
            self.list.remove(start, stop)

    def _clear(self, start: int, stop: int) -> bool:
        """Cut what reaches into a window that is to be unmapped; tell whether there is anything."""
        if not start < stop <= TOP:
            raise failure(EINVAL, f"[{start}, {stop}), want pages, at most {TOP}")
        inside = list(self.list.overlapping(start, stop))
        if not inside:
            return False
        first, last = inside[0], inside[-1]
        if first.start < start:
            if stop < first.stop and len(self) >= self.limit:
                raise failure(ENOMEM, f"{len(self)} areas, want fewer than {self.limit}")
            refuse_sealed(first.value)
            self.split(start, new="below", limited=False)
        for area in inside:
            refuse_sealed(area.value)
        if stop < last.stop:
            self.split(stop, new="above", limited=False)
        return True

    # ---- change what is mapped ----------------------------------------------------------------

    def change(
        self,
        start: int,
        stop: int,
        what: Callable[[Area], Area],
        *,
        holes: Literal["stop", "skip", "refuse", "ignore"] = "stop",
        then: Callable[[int, int, Area, Area], None] | None = None,
    ) -> None:
        """Change area after area, each with what the map is by then.

        At a hole `stop` ends with ENOMEM, so what lies before it stays changed; `skip` goes on and
        ends with ENOMEM; `refuse` looks for holes first; `ignore` goes on without an error.  An
        area that already is what it is to be is left alone and not merged.  `then` is told of each
        part that was changed: where it is, what it was and what it is.
        """
        known({holes}, {"stop", "skip", "refuse", "ignore"}, "holes")
        if holes == "refuse" and not self.list.covers(start, stop):
            raise failure(ENOMEM, f"[{start}, {stop}) has a hole, want none")
        hole: Gap[int] | None = None
        for tile in self.list.tiles(start, stop):
            if isinstance(tile, Gap):
                hole = tile
                if holes == "stop":
                    break
                continue
            area = self.list.at(tile.start)
            assert area is not None
            before = area.value.at(tile.start - area.start)
            after = what(before)
            if after != before:
                self.modify(area, tile.start, tile.stop, after)
                if then is not None:
                    then(tile.start, tile.stop, before, after)
        if hole is not None and holes != "ignore":
            raise failure(ENOMEM, f"{hole!r} is not mapped")

    # ---- the heap -----------------------------------------------------------------------------

    def brk(self, end: int) -> int:
        """Move the end of the heap; return where it is then, the old one if it cannot be moved.

        The heap grows as an area does, but does not merge with what lies behind it; one page
        stays free between both, and the gap that guards a stack.  Where it shrinks there has to be
        something of it.
        """
        old = self.heap_end
        if end < self.heap:
            return old
        with suppress(OSError):
            if end < old:
                if not any(self.list.overlapping(end, old)):
                    return old
                self.unmap(end, old)
            elif old < end:
                behind = next(self.list.overlapping(old, end + 1 + GUARD), None)
                near = behind is not None and behind.start - guard_of(behind.value.flags) <= end
                if near or len(self) > self.limit:
                    return old
                area = Area(self._by_process(frozenset({"r", "w", "account"})), old)
                if self.merge_new(old, end, area, just_expand=True) is None:
                    self.create(old, end, area)
                if area.flags & LOCKED:
                    self.populate_as_possible(old, end)
            self.heap_end = end
        return self.heap_end


def can_be_locked(flags: frozenset[str]) -> bool:
    """Tell whether memory with these flags can be kept from being swapped out."""
    return not flags & (SPECIAL | {"droppable"})


def can_be_merged(flags: frozenset[str]) -> bool:
    """Tell whether equal pages of memory with these flags may become one page (KSM)."""
    return not flags & (SPECIAL | {"shared", "droppable"})


def refuse_sealed(area: Area) -> None:
    """Raise EPERM for a sealed area."""
    if "sealed" in area.flags:
        raise failure(EPERM, f"{area!r} is sealed")
