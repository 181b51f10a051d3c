"""Linux address spaces: mmap, munmap, mprotect, madvise, mseal, mremap, brk and fork on areas.

What is special: sameness depends on position (a file offset has to continue), on who donates (an
anon_vma is inherited, but not across a fork) and on who would have to go (a close hook pins an
area); areas are looked at one by one, so a call may fail half-way; and merging is tried only
where something new comes into being, so equal neighbours may stay apart.  The hooks `same`,
`merge`, `split` and `yields` of areas.py say all of that; what a call does with its window is
`sweep`, `tiles`, `split`, `remove` and `find_gap` of the list.

Source: Linux mm/vma.c, mmap.c, mprotect.c, mremap.c, mseal.c and their tests, as of 6.18.
Keys are page numbers; errors are the OSErrors of the calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from errno import EEXIST, EFAULT, EINVAL, ENOMEM, EPERM
from typing import Final, Literal, NamedTuple

from rangelist import NEVER, Gap
from rangelist.models.areas import ACCESS, SPECIAL, Area, File, Vma, extending, failure
from rangelist.models.room import GUARD, MINIMUM, TOP, Room, guard_of

__all__ = ["ADVICE", "AddressSpace", "SharedMemory"]

# What an advice sets and what it clears.
ADVICE: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
    "normal": (frozenset(), frozenset({"sequential", "random"})),
    "sequential": (frozenset({"sequential"}), frozenset({"random"})),
    "random": (frozenset({"random"}), frozenset({"sequential"})),
    "dontfork": (frozenset({"dontfork"}), frozenset()),
    "dofork": (frozenset(), frozenset({"dontfork"})),
    "wipeonfork": (frozenset({"wipeonfork"}), frozenset()),
    "keeponfork": (frozenset(), frozenset({"wipeonfork"})),
    "dontdump": (frozenset({"dontdump"}), frozenset()),
    "dodump": (frozenset(), frozenset({"dontdump"})),
    "mergeable": (frozenset({"mergeable"}), frozenset()),
    "unmergeable": (frozenset(), frozenset({"mergeable"})),
    "hugepage": (frozenset({"hugepage"}), frozenset({"nohugepage"})),
    "nohugepage": (frozenset({"nohugepage"}), frozenset({"hugepage"})),
}
# What memory refuses an advice: device memory for both, memory of the kernel for the second.
REFUSES: Final = {"dofork": frozenset({"io"}), "dodump": SPECIAL}
# Those that lose what a sealed area holds, there or in a child.
DISCARDS: Final = frozenset({"dontfork", "wipeonfork"})


class SharedMemory(NamedTuple):
    """The file behind one shared anonymous mapping; each has its own, so they never merge."""

    inode: int = 0
    path: str = "/dev/zero (deleted)"
    device: str = "00:01"


class AddressSpace(Room):
    """The memory map of a process.

    Example:
        >>> space = AddressSpace()
        >>> start = space.map(10, "rw")
        >>> space.protect(start + 4, start + 6, "r")
        >>> [(area.stop - area.start, "w" in area.value.flags) for area in space]
        [(4, True), (2, False), (4, True)]
        >>> space.protect(start + 4, start + 6, "rw")
        >>> len(space)
        1
    """

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
    ) -> int:
        """Map pages and return where; `file=None` is anonymous memory.

        What a fixed mapping overlaps is unmapped; what touches it grows, if it is the same.

            [----p----]..[-n-]      map(4, at=2, how="fixed")
            [-p-][-new-].[-n-]

        Raises: OSError: EINVAL, EEXIST (no-replace), ENOMEM (no place, or behind all places; too
            many areas), EPERM (sealed).
        """
        if pages <= 0:
            raise failure(EINVAL, f"{pages} pages, want at least one")
        start = self._place(pages, at, how, flags)
        attributes = frozenset(access) | frozenset(flags)
        if "shared" in attributes and file is None:
            file, pgoff = SharedMemory(), 0
        if self.accounting and "w" in attributes and not attributes & {"noreserve", "shared"}:
            attributes |= {"account"}
        if pgoff is None:
            pgoff = start if file is None else 0
        self.put(start, start + pages, Area(attributes, pgoff, file, close=close))
        return start

    def _place(self, pages: int, at: int | None, how: str, flags: Iterable[str]) -> int:
        if at is None or how == "hint":
            return self.find(pages, hint=at, start_gap=guard_of(flags))
        if at + pages > TOP:
            raise failure(ENOMEM, f"[{at}, {at + pages}), want at most {TOP}")
        if how == "noreplace" and any(self.list.overlapping(at, at + pages)):
            raise failure(EEXIST, f"[{at}, {at + pages}) is not free")
        return at

    def put(self, start: int, stop: int, area: Area) -> Vma:
        """Map an area over whatever is there: unmap, then merge or create."""
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
        holes: Literal["stop", "skip", "refuse"] = "stop",
    ) -> None:
        """Change area after area, each with what the map is by then.

        At a hole `stop` ends with ENOMEM, so what lies before it stays changed; `skip` goes on and
        ends with ENOMEM; `refuse` looks for holes first.  An area that already is what it is to be
        is left alone and not merged.
        """
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
        if hole is not None:
            raise failure(ENOMEM, f"{hole!r} is not mapped")

    def protect(self, start: int, stop: int, access: str) -> None:
        """Set what may be accessed: mprotect.

            [-rw--][----r----]      protect(..., "rw")
               ^^^^^^^^^
            [----rw-----][-r-]

        Raises: OSError: ENOMEM at a hole and EPERM at a sealed area; what lies before is changed.
        """

        def what(area: Area) -> Area:
            refuse_sealed(area)
            flags = area.flags - ACCESS | frozenset(access)
            if flags == area.flags:
                return area
            # Memory that may be written is accounted for; memory that never was, no longer.
            counted = area.flags & {"account", "w", "shared", "noreserve"}
            if self.accounting and "w" in flags and not counted:
                flags |= {"account"}
            if "w" not in flags and area.file is None and area.anon is None:
                flags -= {"account"}
            return area._replace(flags=flags)

        self.change(start, stop, what)

    def advise(self, start: int, stop: int, advice: str) -> None:
        """Set or clear the flags of an advice: madvise.  Holes are skipped and then reported.

        Raises: OSError: EINVAL, ENOMEM; EPERM, if a sealed area that cannot be written would lose
            what it holds.
        """
        if advice not in ADVICE:
            raise failure(EINVAL, f"advice {advice!r}, want one of {', '.join(ADVICE)}")
        sets, clears = ADVICE[advice]

        def what(area: Area) -> Area:
            if advice in DISCARDS and area.file is None and "w" not in area.flags:
                refuse_sealed(area)
            if area.flags & REFUSES.get(advice, frozenset()):
                raise failure(EINVAL, f"{area!r} is special memory")
            if advice == "wipeonfork" and (area.file is not None or "shared" in area.flags):
                raise failure(EINVAL, f"{area!r} is not private anonymous memory")
            if advice == "mergeable" and area.flags & (SPECIAL | {"shared"}):
                return area
            return area._replace(flags=area.flags - clears | sets)

        self.change(start, stop, what, holes="skip")

    def rename(self, start: int, stop: int, name: str | None) -> None:
        """Name anonymous memory: prctl(PR_SET_VMA_ANON_NAME)."""
        self.change(start, stop, lambda area: area._replace(name=name), holes="skip")

    def lock(self, start: int, stop: int, *, on: bool = True, later: bool = True) -> None:
        """Lock pages, only when they are touched if `later`: mlock2; or unlock them.

        Special memory is passed over: it is there always.
        """
        flags = {"locked", "lockonfault"} if later or not on else {"locked"}

        def what(area: Area) -> Area:
            if area.flags & SPECIAL:
                return area
            return area.including(*flags) if on else area.without(*flags)

        self.change(start, stop, what)

    def seal(self, start: int, stop: int) -> None:
        """Refuse every later change of the areas: mseal.  A hole keeps all unsealed."""
        self.change(start, stop, lambda area: area.including("sealed"), holes="refuse")

    # ---- the heap, the stack, children ---------------------------------------------------------

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
                area = Area(frozenset({"r", "w", "account"}), old)
                if self.merge_new(old, end, area, just_expand=True) is None:
                    self.create(old, end, area)
            self.heap_end = end
        return self.heap_end

    def grow_stack(self, page: int) -> Vma:
        """Let the stack above a page grow down to it.

        Raises: OSError: ENOMEM, if something accessible is nearer than the guard gap; EFAULT.
        """
        stack = self.list.ceiling(page)
        if stack is None or "growsdown" not in stack.value.flags:
            raise failure(EFAULT, f"no stack above page {page}")
        below = stack.prev
        if below is not None and refuses_stack(below) and page - below.stop < GUARD:
            raise failure(ENOMEM, f"{below!r} is nearer than {GUARD} pages to page {page}")
        return self.expand(stack, page, stack.stop)

    def fork(self) -> AddressSpace:
        """Return the address space of a child: its anon_vmas are its own, but came by fork."""
        child = AddressSpace(
            limit=self.limit,
            low=self.low,
            high=self.high,
            upward=self.upward,
            accounting=self.accounting,
        )
        child.heap, child.heap_end, child.stack = self.heap, self.heap_end, self.stack
        for start, stop, area in self.list.sweep():
            if "dontfork" in area.flags:
                continue
            area = area.without("locked", "lockonfault")._replace(uffd=None)
            keeps = area.anon is not None and "wipeonfork" not in area.flags
            area = area._replace(anon=object() if keeps else None, forked=keeps)
            child.create(start, stop, area)
        return child

    # ---- mremap -------------------------------------------------------------------------------

    def remap(
        self,
        start: int,
        old: int,
        new: int,
        *,
        to: int | None = None,
        may_move: bool = True,
        keep_source: bool = False,
    ) -> int:
        """Resize or move `old` pages to `new` pages; return where they are.

        In place if they may stay and there is room, else elsewhere, or at `to`, where everything
        is unmapped first.  A fixed move of unchanged size takes many areas and keeps their gaps.
        `keep_source` leaves the source mapped and empty.  `old=0` maps once more, elsewhere, what
        shared memory holds from `start` on.

        Raises: OSError: EINVAL, EFAULT (not one area), EPERM (sealed), ENOMEM.
        """
        fixed = to is not None
        if new <= 0 or ((fixed or keep_source) and not may_move):
            raise failure(EINVAL, f"{new} pages, to {to!r}, may_move={may_move}")
        if keep_source and old != new:
            raise failure(EINVAL, f"source of {old} pages is to be kept, so want {old}, not {new}")
        if to is not None and (to + new > TOP or (start < to + new and to < start + old)):
            raise failure(EINVAL, f"[{start}, {start + old}) cannot be moved to {to}")
        if (fixed or keep_source) and len(self) + 2 >= self.limit - 3:
            raise failure(ENOMEM, f"{len(self)} areas, want 5 fewer than {self.limit}")
        if to is not None and old == new:
            return self._move_many(start, old, to, keep_source)
        area = self._movable(start, old, new, fixed, keep_source)
        if fixed or keep_source:
            return self._move(start, old, new, to, keep_source)
        if new < old:
            self.unmap(start + new, start + old)
        elif old < new:
            return self._grow(area, start, old, new, may_move)
        return start

    def _movable(self, start: int, old: int, new: int, fixed: bool, keep_source: bool) -> Vma:
        area = self.list.at(start)
        if area is None:
            raise failure(EFAULT, f"page {start} is not mapped")
        refuse_sealed(area.value)
        if new <= old and not fixed and not keep_source:
            return area  # nothing new will be mapped, so it does not matter what lies behind
        stays = area.value.flags & {"dontexpand", "pfnmap"}
        if (old == 0 and "shared" not in area.value.flags) or (keep_source and stays):
            raise failure(EINVAL, f"{area!r} may not be mapped twice")
        if area.stop < start + min(old, new):
            raise failure(EFAULT, f"[{start}, {start + old}) is not in one area: {area!r}")
        if old < new and stays:
            raise failure(EFAULT, f"{area!r} may not grow")
        return area

    def _grow(self, area: Vma, start: int, old: int, new: int, may_move: bool) -> int:
        stop = start + new
        ends = start + old == area.stop
        if ends and stop <= TOP and not any(self.list.overlapping(area.stop, stop)):
            self.extend(area, new - old)
            return start
        if not may_move:
            raise failure(ENOMEM, f"no room behind {area!r} for {new - old} pages")
        return self._move(start, old, new, None, False)

    def extend(self, area: Vma, pages: int) -> Vma:
        """Let an area grow upwards as if the extension were mapped anew: it may join the next."""
        proposal = area.value.at(area.stop - area.start)
        survivor = self.merge_new(area.stop, area.stop + pages, proposal, same=extending)
        if survivor is None:
            raise failure(ENOMEM, f"{area!r} cannot be extended")
        return survivor

    def _move_many(self, start: int, pages: int, to: int, keep_source: bool) -> int:
        """Move area after area; the gaps between them stay as they are."""
        stop = start + pages
        moved = False
        for tile in self.list.tiles(start, stop):
            if isinstance(tile, Gap):
                if not moved:
                    raise failure(EFAULT, f"{tile!r} is not mapped, want no hole at the start")
                continue
            alone = not moved and tile.stop == stop
            if tile.value.uffd is not None and not alone:
                raise failure(EFAULT, f"{tile!r} may only be moved by itself")
            length = tile.stop - tile.start
            self._movable(tile.start, length, length, True, keep_source)
            self._move(tile.start, length, length, to + tile.start - start, keep_source)
            moved = True
        return to

    def _move(self, start: int, old: int, new: int, to: int | None, keep_source: bool) -> int:
        if to is not None:
            self.unmap(to, to + new)
        if new < old:
            self.unmap(start + new, start + old)
            old = new
        if to is None:
            to = self.find(new)
        if len(self) >= self.limit - 3:
            raise failure(ENOMEM, f"{len(self)} areas, want 3 fewer than {self.limit}")
        self.copy(start, start + new, to)
        if keep_source:
            self._empty(start, start + old)
        else:
            with suppress(OSError):  # the copy is there; and of no pages there is nothing to unmap
                self.unmap(start, start + old)
        return to

    def copy(self, start: int, stop: int, to: int) -> Vma:
        """Make what is mapped at `start` hold at `to` as well, as a new mapping would.

        Anonymous memory that was never written takes its page offset from where it is now.
        Raises: OSError: EFAULT.
        """
        area = self.list.at(start)
        if area is None:
            raise failure(EFAULT, f"page {start} is not mapped")
        value = area.value.at(start - area.start)
        if value.file is None and value.anon is None:
            value = value._replace(pgoff=to)
        return self._merge_or_create(to, to + stop - start, value)

    def _empty(self, start: int, stop: int) -> None:
        """Leave a source mapped whose pages have gone; a whole area has no anon_vma then."""
        area = self.list.at(start)
        assert area is not None
        kept = area.value.without("locked", "lockonfault")
        if area.start == start and area.stop == stop:
            kept = kept._replace(anon=None, forked=False)
        self.list.replace(area, kept, policy=NEVER)


def refuse_sealed(area: Area) -> None:
    """Raise EPERM for a sealed area."""
    if "sealed" in area.flags:
        raise failure(EPERM, f"{area!r} is sealed")


def refuses_stack(area: Vma) -> bool:
    """Tell whether a stack must not come near: what cannot be accessed does not mind."""
    return bool(area.value.flags & ACCESS) and "growsdown" not in area.value.flags
