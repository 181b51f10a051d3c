"""Linux address spaces: the memory calls of a process, and fork, on areas.

What is special: sameness depends on position (a file offset has to continue), on which side has an
anon_vma (it is inherited, but not across a fork) and on which area would have to go (a close hook
pins it).  The hooks `same`, `merge`, `split` and `yields` of areas.py say all of that.  What a call
does with its window is `sweep`, `tiles`, `split`, `remove` and `find_gap` of the list.

    areas     what an area is, when two are one, what is done to a single one
    room      where a new area goes
    faults    what touching a page does
    mapping   mmap, munmap, brk
    remap     mremap
    vma       calls that change what holds for mapped memory, and fork

Source: Linux mm/vma.c, mprotect.c, madvise.c, mlock.c, mseal.c, mempolicy.c, ksm.c, as of 6.18.
Keys are page numbers; errors are the OSErrors of the calls.
"""

from __future__ import annotations

from contextlib import suppress
from errno import EACCES, EBADF, EFAULT, EINVAL, ENOMEM
from typing import Final

from rangelist import NEVER
from rangelist.models.areas import ACCESS, LOCKED, PKEYS, SPECIAL, Area, failure
from rangelist.models.mapping import ZERO, SharedMemory, can_be_locked, can_be_merged, refuse_sealed
from rangelist.models.refused import known
from rangelist.models.remap import Remaps
from rangelist.models.room import TOP

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
# What memory refuses an advice: device memory, memory of the kernel, memory that may be dropped.
REFUSES: Final = {
    "dofork": frozenset({"io"}),
    "dodump": SPECIAL | {"droppable"},
    "keeponfork": frozenset({"droppable"}),
}
# Those that lose what a sealed area holds, there or in a child.
DISCARDS: Final = frozenset({"dontfork", "wipeonfork", "guard_install"})


# Those that touch pages, and those that guard them.
POPULATES: Final = {"populate_read": False, "populate_write": True}
GUARDS: Final = {"guard_install": SPECIAL | LOCKED, "guard_remove": SPECIAL}


class AddressSpace(Remaps):
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

    # ---- what may be accessed -----------------------------------------------------------------

    def protect(
        self,
        start: int,
        stop: int,
        access: str,
        *,
        grows_down: bool = False,
        key: int | None = None,
    ) -> None:
        """Set what may be accessed: mprotect.

            [-rw--][----r----]      protect(..., "rw")
               ^^^^^^^^^
            [----rw-----][-r-]

        With `grows_down` (PROT_GROWSDOWN) it begins where the stack at `start` begins.  `key` is
        the protection key of pkey_mprotect; without one, areas keep theirs.

        Raises: OSError: ENOMEM at a hole, EACCES where a file is not open for writing, EPERM at a
            sealed area: what lies before is changed then; EINVAL, if no stack is there;
            UnknownWordError, for an access that is none.
        """
        wanted = known(access, ACCESS, "access")
        keyed = frozenset({f"pkey{key}"} if key else ())
        if key is not None and key not in range(16):
            raise failure(EINVAL, f"protection key {key}, want 0 to 15")
        if grows_down and start < stop:
            start = self._stack_start(start, stop)

        def what(area: Area) -> Area:
            if "w" in wanted and "readonly" in area.flags:
                raise failure(EACCES, f"the file of {area!r} is not open for writing")
            refuse_sealed(area)
            flags = area.flags - ACCESS | wanted
            if key is not None:
                flags = flags - PKEYS | keyed
            if flags == area.flags:
                return area
            # Memory that may be written is accounted for; memory that never was, no longer.
            counted = area.flags & {"account", "w", "shared", "noreserve"}
            if self.accounting and "w" in flags and not counted:
                flags |= {"account"}
            if "w" not in flags and area.file is None and area.anon is None:
                flags -= {"account"}
            return area._replace(flags=flags)

        self.change(start, stop, what, then=self._populate_if_locked)

    def _stack_start(self, start: int, stop: int) -> int:
        """Return where the area at or behind `start` begins; it has to be a stack."""
        stack = next(self.list.overlapping(start, stop), None)
        if stack is None:
            raise failure(ENOMEM, f"[{start}, {stop}) is not mapped")
        if "growsdown" not in stack.value.flags:
            raise failure(EINVAL, f"{stack!r} is no stack")
        return stack.start

    def _populate_if_locked(self, start: int, stop: int, before: Area, after: Area) -> None:
        """Populate private memory that is locked and becomes writable."""
        if before.flags & {"w", "shared", "locked"} == {"locked"} and "w" in after.flags:
            self.populate_as_possible(start, stop)

    # ---- advice -------------------------------------------------------------------------------

    def advise(self, start: int, stop: int, advice: str) -> None:
        """Set or clear the flags of an advice, populate or guard pages: madvise.

        Holes are skipped and then reported.  An advice about pages only, such as `dontneed`,
        changes no area and is not known.

        Raises: OSError: EINVAL, ENOMEM; EPERM, if a sealed area that cannot be written would lose
            what it holds; EFAULT, if pages behind the end of a file are to be populated.
        """
        if advice in POPULATES:
            self.populate_for(start, stop, write=POPULATES[advice])
        elif advice in GUARDS:
            self._guard(start, stop, advice)
        elif advice in ADVICE:
            self.change(start, stop, lambda area: advised(area, advice), holes="skip")
        else:
            names = ", ".join([*ADVICE, *POPULATES, *GUARDS])
            raise failure(EINVAL, f"advice {advice!r}, want one of {names}")

    def _guard(self, start: int, stop: int, advice: str) -> None:
        """Install or remove guard markers.  Anonymous memory needs an anon_vma to hold them."""

        def what(area: Area) -> Area:
            refuse_loss(area, advice)
            if area.flags & GUARDS[advice]:
                raise failure(EINVAL, f"{area!r} cannot be guarded")
            return area

        for area in list(self.list.overlapping(start, stop)):
            what(area.value)
            if advice == "guard_install" and area.value.file is None:
                self.prepare(area)
        self.change(start, stop, what, holes="skip")  # reports the holes

    # ---- names, locks, seals, policies ---------------------------------------------------------

    def rename(self, start: int, stop: int, name: str | None) -> None:
        """Name anonymous memory: prctl(PR_SET_VMA_ANON_NAME).  Holes are skipped and reported.

        Raises: OSError: EBADF at the mapping of a file; ENOMEM.
        """

        def what(area: Area) -> Area:
            if area.file is not None and area.file.path != ZERO:
                raise failure(EBADF, f"{area!r} is not anonymous")
            return area._replace(name=name)

        self.change(start, stop, what, holes="skip")

    def lock(self, start: int, stop: int, *, on: bool = True, later: bool = True) -> None:
        """Lock pages: mlock, or mlock2 with `later`, which waits for each page's first touch.

        `on=False` unlocks.  Special memory is passed over: it always stays in memory.  Without
        `later` the pages are touched now, so writable private areas get an anon_vma.

        Raises: OSError: ENOMEM, at a hole (what lies before is locked); or, with all locked, where
            a page cannot be touched: it may not be accessed, or lies behind the end of its file.
        """
        flags = locking(on=on, later=later)
        self.change(start, stop, lambda area: locked(area, flags))
        if on:
            try:
                self.populate(start, stop)
            except OSError as error:
                raise failure(ENOMEM, str(error)) from error

    def lock_all(
        self, *, current: bool = True, future: bool = False, later: bool = False
    ) -> None:
        """Lock all areas (`current`), and all that will be mapped (`future`): mlockall.

        Without `future` new areas are not locked any more.  Pages that cannot be touched are no
        error.

        Raises: OSError: EINVAL, if neither is wanted.
        """
        if not (current or future):
            raise failure(EINVAL, "want current, future or both")
        flags = locking(on=True, later=later)
        self.future = flags if future else frozenset()
        if current:
            self._relock(flags)
            self.populate_as_possible(0, TOP)

    def unlock_all(self) -> None:
        """Unlock all areas, and lock no new ones: munlockall."""
        self.future = frozenset()
        self._relock(frozenset())

    def _relock(self, flags: frozenset[str]) -> None:
        """Give all areas these locks and no others; one that cannot be changed is left."""
        for start, stop, _ in list(self.list.sweep()):
            with suppress(OSError):
                self.change(start, stop, lambda area: locked(area, flags))

    def seal(self, start: int, stop: int) -> None:
        """Refuse every later change of the areas: mseal.  A hole keeps all unsealed."""
        self.change(start, stop, lambda area: area.including("sealed"), holes="refuse")

    def bind(self, start: int, stop: int, policy: object) -> None:
        """Set the NUMA memory policy, `None` is the default one: mbind.

        Raises: OSError: EFAULT at a hole, with nothing changed.  The default policy skips holes,
            unless there is nothing else.
        """
        if start == stop:
            return
        mapped = any(self.list.overlapping(start, stop))
        if not mapped or (policy is not None and not self.list.covers(start, stop)):
            raise failure(EFAULT, f"[{start}, {stop}) has a hole, want none")
        self.change(start, stop, lambda area: area._replace(policy=policy), holes="ignore")

    def merge_all(self, *, on: bool = True) -> None:
        """Make all areas and all new ones mergeable, or none: prctl(PR_SET_MEMORY_MERGE).

        Areas get and lose the flag where they are; equal neighbours stay apart.
        """
        if on == self.merging:
            return
        self.merging = on
        for area in list(self.list):
            value = area.value
            if on and can_be_merged(value.flags):
                self.list.replace(area, value.including("mergeable"), policy=NEVER)
            elif not on:
                self.list.replace(area, value.without("mergeable"), policy=NEVER)

    # ---- children -----------------------------------------------------------------------------

    def fork(self) -> AddressSpace:
        """Return the address space of a child: its anon_vmas are its own, but came by fork.

        Locks are not inherited, nor the wish to lock what will be mapped.
        """
        child = AddressSpace(
            limit=self.limit,
            low=self.low,
            high=self.high,
            upward=self.upward,
            accounting=self.accounting,
        )
        child.heap, child.heap_end, child.stack = self.heap, self.heap_end, self.stack
        child.merging = self.merging
        for start, stop, area in self.list.sweep():
            if "dontfork" in area.flags:
                continue
            area = area.without(*LOCKED)._replace(uffd=None)
            keeps = area.anon is not None and "wipeonfork" not in area.flags
            area = area._replace(anon=object() if keeps else None, forked=keeps)
            child.create(start, stop, area)
        return child


def advised(area: Area, advice: str) -> Area:
    """Return what an area is after an advice that sets or clears flags."""
    sets, clears = ADVICE[advice]
    refuse_loss(area, advice)
    if area.flags & REFUSES.get(advice, frozenset()):
        raise failure(EINVAL, f"{area!r} does not take the advice {advice!r}")
    if advice == "wipeonfork" and (area.file is not None or "shared" in area.flags):
        raise failure(EINVAL, f"{area!r} is not private anonymous memory")
    if advice == "mergeable" and not can_be_merged(area.flags):
        return area
    return area._replace(flags=area.flags - clears | sets)


def refuse_loss(area: Area, advice: str) -> None:
    """Raise EPERM if an advice would lose what a sealed area holds that cannot be written."""
    if advice in DISCARDS and area.file is None and "w" not in area.flags:
        refuse_sealed(area)


def locking(*, on: bool, later: bool) -> frozenset[str]:
    """Return the flags of locked memory."""
    if not on:
        return frozenset()
    return LOCKED if later else frozenset({"locked"})


def locked(area: Area, flags: frozenset[str]) -> Area:
    """Return an area with these locks; some memory takes none."""
    if not can_be_locked(area.flags):
        return area
    return area._replace(flags=area.flags - LOCKED | flags)
