"""Where new areas go: the kernel's search for free pages, with guard gaps around stacks.

A hole has to be long enough whatever the alignment needs, so one that would just fit may be passed
over.  Guard gaps belong to the neighbours and are not in the index: they are looked at afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from errno import ENOMEM
from typing import Final, Literal

from rangelist.models.areas import Areas, Vma, failure

__all__ = ["GUARD", "HUGE", "MINIMUM", "TOP", "Room", "guard_of"]

MINIMUM: Final = 16  # the lowest page that may be mapped: vm.mmap_min_addr
TOP: Final = 0x7FFFFFFFF  # the page behind the last one of a process on x86-64
GUARD: Final = 256  # pages that are to stay free below a stack
HUGE: Final = 512  # pages of a huge page, 2 MiB


class Room(Areas):
    """Areas in a window of addresses that is searched downwards, or only upwards.

    Example:
        >>> room = Room(high=1000)
        >>> room.find(10), room.find(10, hint=500), room.find(10, align=64)
        (990, 500, 960)
    """

    def __init__(
        self,
        *,
        limit: int = 65530,
        reserve: Callable[[], None] | None = None,
        low: int = MINIMUM,
        high: int = TOP,
        upward: bool = False,
    ) -> None:
        super().__init__(limit=limit, reserve=reserve)
        self.low = low  # where a search upwards begins
        self.high = high  # mmap_base, where a search downwards begins
        self.upward = upward

    def find(
        self,
        pages: int,
        *,
        hint: int | None = None,
        align: int = 1,
        offset: int = 0,
        start_gap: int = 0,
    ) -> int:
        """Return the first of so many free pages: at the hint if it fits, else by a search.

        Downwards from `high`, and upwards from `low` if that fails; or only upwards.
        Raises: OSError: ENOMEM.
        """
        if hint is not None and self._fits(hint, hint + pages):
            return hint
        found = None
        if not self.upward:
            found = self._search("last", MINIMUM, self.high, pages, align, offset, start_gap)
        if found is None:
            found = self._search("first", self.low, TOP, pages, align, offset, start_gap)
        if found is None:
            raise failure(ENOMEM, f"no {pages} free pages")
        return found

    def find_huge(self, pages: int, *, pgoff: int = 0, start_gap: int = 0) -> int:
        """Return where anonymous memory goes: aligned so that huge pages fit, if that can be.

        The kernel aligns lengths that are multiples of 2 MiB.  It searches a hole that is 2 MiB
        longer, and takes the plain search if there is none, or if the page offsets hold no whole
        huge page.
        Raises: OSError: ENOMEM.
        """
        whole = pages - (-pgoff % HUGE) >= HUGE
        if pages % HUGE == 0 and whole:
            with suppress(OSError):
                low = self.find(pages + HUGE, start_gap=start_gap)
                up = (pgoff - low) % HUGE
                return low + (up if up or self.upward else HUGE)
        return self.find(pages, start_gap=start_gap)

    def _fits(self, start: int, stop: int) -> bool:
        """Tell whether a window is free, guard gaps of neighbours included."""
        if start < MINIMUM or stop > TOP or any(self.list.overlapping(start, stop)):
            return False
        above, below = self.list.ceiling(start), self.list.lower(start)
        return (above is None or stop <= above.start - guard_of(above.value.flags)) and (
            below is None or below.stop + gap_above(below) <= start
        )

    def _search(
        self,
        fit: Literal["first", "last"],
        low: int,
        high: int,
        pages: int,
        align: int,
        offset: int,
        start_gap: int,
    ) -> int | None:
        """Search a hole that is long enough whatever its alignment; then mind the neighbours.

        Guard gaps are not in the index: where one is in the way, the search goes on past it.
        """
        while low < high:
            hole = self.list.find_gap(pages + align - 1 + start_gap, low, high, fit=fit)
            if hole is None:
                return None
            if fit == "first":
                start = hole.start + start_gap
                start += (offset - start) % align
            else:
                start = hole.stop - pages
                start -= (start - offset) % align
            above, below = self.list.ceiling(start), self.list.lower(start)
            if above is not None and guard_of(above.value.flags):
                limit = above.start - guard_of(above.value.flags)
                if limit < start + pages:
                    low, high = (above.stop, high) if fit == "first" else (low, limit)
                    continue
            elif below is not None and start < below.stop + gap_above(below):
                limit = below.stop + gap_above(below)
                low, high = (limit, high) if fit == "first" else (low, below.start)
                continue
            return start
        return None


def guard_of(flags: Iterable[str]) -> int:
    """Return how many pages are to stay free below an area with these flags."""
    names = frozenset(flags)
    return GUARD if "growsdown" in names else int("shadowstack" in names)


def gap_above(area: Vma) -> int:
    """Return how many pages are to stay free above an area."""
    return GUARD if "growsup" in area.value.flags else 0
