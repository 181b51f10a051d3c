"""The largest of something per block of the index, in a tree over the blocks.

    Peaks     a tree over a row of values        7
                                             7       5
                                           3   7   5   1       each the larger of the two below it
    Summary   the peaks of an index: one value a block, measured again only where something changed

A search asks the tree for the first block that can hold what it wants, and so passes by all others.
Nothing is kept until somebody searches for the first time; afterwards an index notes in `stale`
what changed, and the next search brings that up to date.  A change itself pays for one note.

Only `<` is used between measured values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from rangelist.index import Index
from rangelist.keys import K, V

__all__ = ["Peaks", "Summary"]

D = TypeVar("D")


class Peaks(Generic[D]):
    """A row of values, and above it rows that hold the larger of each two.

    `None` in the row is smaller than everything.  `levels[0]` is the row itself; the last level is
    one value, the largest of all.

    Example:
        >>> peaks = Peaks([3, 7, 5, 1])
        >>> peaks.levels
        [[3, 7, 5, 1], [7, 5], [7]]
        >>> peaks.first(0, 5), peaks.first(2, 5), peaks.first(3, 5)
        (1, 2, -1)
        >>> peaks.first(0, 5, strictly=True), peaks.last(3, 5), peaks.largest(2, 4)
        (1, 2, 5)
    """

    __slots__ = ("levels",)

    # Any, because a caller decides what is measured; only `<` is asked of it.
    levels: list[list[Any]]

    def __init__(self, row: list[Any]) -> None:
        levels = [row]
        while len(row) > 1:
            above = [
                right if left is None or (right is not None and left < right) else left
                for left, right in zip(row[::2], row[1::2], strict=False)
            ]
            if len(row) % 2:
                above.append(row[-1])
            levels.append(above)
            row = above
        self.levels = levels

    def exchange(self, changed: dict[int, Any]) -> None:
        """Put new values into the row and everything above them in order.

        Cost: O(k log n) comparisons.
        """
        row = self.levels[0]
        for at, value in changed.items():
            row[at] = value
        places = set(changed)
        for above in self.levels[1:]:
            places = {at >> 1 for at in places}
            for at in places:
                low = at << 1
                above[at] = larger(row[low], row[low + 1]) if low + 1 < len(row) else row[low]
            row = above

    def first(self, at: int, wanted: Any, strictly: bool = False) -> int:
        """Return the first place from `at` on whose value is not `< wanted`, -1 if there is none.

        `strictly` wants a value that is greater.

        Cost: O(log d) comparisons, d places further on.
        """
        levels = self.levels
        level = 0
        while at < len(levels[level]):
            # Even: this place begins a pair, so one question answers for both.
            while not at & 1 and level + 1 < len(levels):
                at >>= 1
                level += 1
            if reaches(levels[level][at], wanted, strictly):
                while level:
                    level -= 1
                    at <<= 1
                    if not reaches(levels[level][at], wanted, strictly):
                        at += 1
                return at
            at += 1
        return -1

    def last(self, at: int, wanted: Any, strictly: bool = False) -> int:
        """Return the last place up to `at` whose value is not `< wanted`, -1 if there is none.

        Cost: O(log d) comparisons, d places further back.
        """
        levels = self.levels
        level = 0
        while at >= 0:
            while at & 1 and level + 1 < len(levels):
                at >>= 1
                level += 1
            if reaches(levels[level][at], wanted, strictly):
                while level:
                    level -= 1
                    at = (at << 1) + 1
                    row = levels[level]
                    if at == len(row) or not reaches(row[at], wanted, strictly):
                        at -= 1
                return at
            at -= 1
        return -1

    def largest(self, low: int, high: int) -> Any:
        """Return the largest value of the places low <= at < high, `None` if there is none.

        Cost: O(log n) comparisons.
        """
        best: Any = None
        level = 0
        while low < high:
            row = self.levels[level]
            if low & 1:
                best = larger(best, row[low])
                low += 1
            if high & 1:
                high -= 1
                best = larger(best, row[high])
            low >>= 1
            high >>= 1
            level += 1
        return best


def larger(left: Any, right: Any) -> Any:
    """Return the larger of two, the left one if neither is."""
    return right if left is None or (right is not None and left < right) else left


def reaches(value: Any, wanted: Any, strictly: bool) -> bool:
    """Tell whether a value is as large as wanted, or larger."""
    if value is None:
        return False
    return bool(wanted < value) if strictly else not value < wanted


class Summary(Generic[K, V, D]):
    """Keep of every block of an index its peak, and what the peak was taken from.

    `measure(index, b)` returns both for block b; the peak is `None` if the block has nothing to
    measure.  It is asked again when the block, or the node before it, changed.

        peaks      the tree of peaks, one a block
        details    what `measure` returned beside it, one a block

    An index has one summary at a time.
    """

    __slots__ = ("_blocks", "_measure", "_numbers", "details", "index", "peaks")

    def __init__(
        self, index: Index[K, V], measure: Callable[[Index[K, V], int], tuple[Any, D]]
    ) -> None:
        self.index = index
        self.peaks: Peaks[Any] = Peaks([])
        self.details: list[D] = []
        self._measure = measure
        # The blocks as they were seen, so that no new block can have the id of an old one.
        self._blocks: list[object] = []
        self._numbers: dict[int, int] = {}
        index.stale = None

    def refresh(self) -> None:
        """Bring everything up to date.  If a comparison raises, the next call tries again.

        Cost: O(1) if nothing changed; for each block that did O(block + log blocks), where blocks
            came or went also O(blocks) without a look into those that stayed.
        """
        stale = self.index.stale
        if stale is not None and not stale:
            return
        if stale is None or id(self.index.nodes) in stale:
            self._rebuild(stale)
        else:
            self._update(stale)
        self.index.stale = set()

    def _rebuild(self, stale: set[int] | None) -> None:
        """Lay the tree over the blocks there are now; keep what is known of those that stayed."""
        index, known, row = self.index, self._numbers, self.peaks.levels[0]
        peaks: list[Any] = []
        details: list[D] = []
        for b, block in enumerate(index.nodes):
            at = -1 if stale is None or id(block) in stale else known.get(id(block), -1)
            peak, detail = self._measure(index, b) if at < 0 else (row[at], self.details[at])
            peaks.append(peak)
            details.append(detail)
        self.peaks = Peaks(peaks)
        self.details = details
        self._blocks = list(index.nodes)
        self._numbers = {id(block): b for b, block in enumerate(index.nodes)}

    def _update(self, stale: set[int]) -> None:
        """Measure what changed; the blocks are the same as before."""
        changed: dict[int, Any] = {}
        for block in stale:
            b = self._numbers[block]
            changed[b], self.details[b] = self._measure(self.index, b)
        self.peaks.exchange(changed)
