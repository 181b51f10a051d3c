"""mremap: areas that are resized and moved.

A move copies the area as a new mapping would be made, then unmaps the source.  Memory that was
never written takes the page offset of where it goes, so it merges there; written memory keeps its
offset, and merges again when it comes home.

Source: Linux mm/mremap.c, as of 6.18.
"""

from __future__ import annotations

from contextlib import suppress
from errno import EFAULT, EINVAL, ENOMEM

from rangelist import NEVER, Gap
from rangelist.models.areas import LOCKED, Vma, extending, failure
from rangelist.models.mapping import Mappings, refuse_sealed
from rangelist.models.room import TOP

__all__ = ["Remaps"]


class Remaps(Mappings):
    """Areas that can be resized and moved."""

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
            self._populate_growth(start, old, new)
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
            to = self._elsewhere(start, new)
        if len(self) >= self.limit - 3:
            raise failure(ENOMEM, f"{len(self)} areas, want 3 fewer than {self.limit}")
        self.copy(start, start + new, to)
        if keep_source:
            self._empty(start, start + old)
        else:
            with suppress(OSError):  # the copy is there; and of no pages there is nothing to unmap
                self.unmap(start, start + old)
        self._populate_growth(to, old, new)
        return to

    def _elsewhere(self, start: int, pages: int) -> int:
        """Return where the area at `start` goes if the kernel may choose."""
        area = self.list.at(start)
        if area is None or area.value.file is not None:
            return self.find(pages)
        return self.find_huge(pages, pgoff=area.value.pgoff + start - area.start)

    def _populate_growth(self, start: int, old: int, new: int) -> None:
        """Populate the pages by which locked memory grew."""
        area = self.list.at(start)
        if old < new and area is not None and area.value.flags & LOCKED:
            self.populate_as_possible(start + old, start + new)

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
        """Leave a source mapped though its pages have gone; a whole area has no anon_vma then."""
        area = self.list.at(start)
        assert area is not None
        kept = area.value.without(*LOCKED)
        if area.start == start and area.stop == stop:
            kept = kept._replace(anon=None, forked=False)
        self.list.replace(area, kept, policy=NEVER)
