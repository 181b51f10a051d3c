"""Page faults: what touching a page does to its area.

A first write to private memory gives its area an anon_vma, which decides later merges.  A touch
below a stack lets the stack grow.  Locking and populating memory are such touches too, page after
page, and so they meet the same errors.

Only areas are modelled, not pages: guard markers (MADV_GUARD_INSTALL) stop no fault here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from errno import EFAULT, EINVAL, ENOMEM, EPERM

from rangelist.models.areas import ACCESS, Vma, failure
from rangelist.models.room import GUARD, MINIMUM, Room

__all__ = ["Faults"]


class Faults(Room):
    """Areas with pages that can be touched.

    Example:
        >>> from rangelist.models.areas import Area
        >>> faults = Faults()
        >>> area = faults.create(20, 24, Area(frozenset("rw"), pgoff=20))
        >>> faults.touch(21)
        >>> area.value.anon is None
        False
    """

    def touch(self, page: int) -> None:
        """Write to a page as a program does.

        Raises: OSError: EFAULT, if there is no area (nor a stack that can grow down to the page),
            the area may not be written, or the page lies behind the end of its file.
        """
        area = self.list.at(page)
        if area is None:
            try:
                area = self.grow_stack(page)
            except OSError as error:
                raise failure(EFAULT, f"page {page} is not mapped: {error}") from error
        if "w" not in area.value.flags:
            raise failure(EFAULT, f"{area!r} may not be written")
        self._fault_in(area, page, page + 1)

    def grow_stack(self, page: int) -> Vma:
        """Let the stack above a page grow down to it; return the area that holds the page then.

        A page that is mapped already needs nothing.  The stack has an anon_vma from then on.

        Raises: OSError: EFAULT, without a stack above; EPERM, below all pages that may be mapped;
            ENOMEM, if something accessible is nearer than the guard gap, or the page offset of
            the stack would be below zero.
        """
        area = self.list.at(page)
        if area is not None:
            return area
        stack = self.list.ceiling(page)
        if stack is None or "growsdown" not in stack.value.flags:
            raise failure(EFAULT, f"no stack above page {page}")
        if page < MINIMUM:
            raise failure(EPERM, f"page {page}, want at least {MINIMUM}")
        below = stack.prev
        if below is not None and keeps_away(below) and page - below.stop < GUARD:
            raise failure(ENOMEM, f"{below!r} is nearer than {GUARD} pages to page {page}")
        self.prepare(stack)
        if stack.start - page > stack.value.pgoff:
            raise failure(ENOMEM, f"{stack!r} cannot grow to page {page}: its offset would be < 0")
        return self.expand(stack, page, stack.stop)

    def populate(self, start: int, stop: int) -> None:
        """Touch all pages of a window, as mlock does: writable private memory is written.

        Memory that may not be accessed at all, or lies behind the end of its file, ends it; areas
        that are locked on fault, and device memory, are passed over.
        Raises: OSError: EFAULT; the areas before have been touched.
        """
        for area in self._faultable(start, stop):
            self._fault_in(area, max(start, area.start), min(stop, area.stop))

    def populate_as_possible(self, start: int, stop: int) -> None:
        """Touch what can be touched of a window, as MAP_POPULATE and mlockall do; never fail."""
        for area in self._faultable(start, stop):
            with suppress(OSError):
                self._fault_in(area, max(start, area.start), min(stop, area.stop))

    def _faultable(self, start: int, stop: int) -> Iterator[Vma]:
        for area in list(self.list.overlapping(start, stop)):
            if not area.value.flags & {"io", "pfnmap", "lockonfault"}:
                yield area

    def _fault_in(self, area: Vma, start: int, stop: int) -> None:
        """Touch pages of one area, with a write where that breaks copy-on-write."""
        flags = area.value.flags
        if not flags & ACCESS:
            raise failure(EFAULT, f"{area!r} may not be accessed")
        if "w" in flags and "shared" not in flags:
            self.prepare(area)  # comes before the file is looked at
        refuse_behind_end(area, stop)

    def populate_for(self, start: int, stop: int, *, write: bool) -> None:
        """Touch all pages of a window as a program would: MADV_POPULATE_READ or _WRITE.

        Raises: OSError: ENOMEM at a hole, EINVAL at what may not be read or written so, EFAULT
            behind the end of a file; the areas before have been touched.
        """
        while start < stop:
            area = self.list.at(start)
            if area is None:
                raise failure(ENOMEM, f"page {start} is not mapped")
            flags, need = area.value.flags, "w" if write else "r"
            if need not in flags or flags & {"io", "pfnmap"}:
                raise failure(EINVAL, f"{area!r}, want memory with access {need!r}")
            if write and "shared" not in flags:
                self.prepare(area)
            refuse_behind_end(area, min(stop, area.stop))
            start = area.stop


def refuse_behind_end(area: Vma, stop: int) -> None:
    """Raise EFAULT if pages of an area up to `stop` lie behind the end of its file."""
    file = area.value.file
    size = None if file is None else file.size
    if size is not None and area.value.pgoff + stop - area.start > size:
        raise failure(EFAULT, f"{area!r} up to {stop} lies behind the {size} pages of its file")


def keeps_away(area: Vma) -> bool:
    """Tell whether a stack must not come near: what cannot be accessed does not matter."""
    return bool(area.value.flags & ACCESS) and "growsdown" not in area.value.flags
