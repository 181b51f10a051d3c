"""The largest of something per block of the chain, in a tree over the blocks.

    Peaks     a tree over a row of values             9
                                              7       9       2        each the largest of the
                                           3 . 7 5  1 9 . 4  2 .       FAN values below it
    Summary   the peaks of a chain: one value a block, measured again only where something changed

A search asks the tree for the first block that can hold what it wants, and so passes by all others.
Before the first search nothing is kept.  Afterwards the chain notes in `stale` what changed, and
the next search brings the tree up to date.  A change itself pays for one note.

Only `<` is used between measured values.  NEG_INF stands for none, and is never on the right of it:
a value need not know how to be compared with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from rangelist.bounds import NEG_INF
from rangelist.chain import Chain
from rangelist.directory import RESHAPED, Notes
from rangelist.keys import K, V

__all__ = ["Peaks", "Summary"]

D = TypeVar("D")

# Values below one.  A tree of two is asked least often, but in Python a step costs more than a
# question: eight in a row take half of the time, and a seventh of the memory.
SHIFT: Final = 3
FAN: Final = 1 << SHIFT
MASK: Final = FAN - 1


class Peaks(Generic[D]):
    """A row of values, and above it rows that hold the largest of each FAN.

    `levels[0]` is the row itself; the last level is one value, the largest of all.

    Example:
        >>> peaks: Peaks[int] = Peaks([3, 7, 5, 1, 4, 4, 2, 0, 6])
        >>> peaks.levels[1:]
        [[7, 6], [7]]
        >>> peaks.first(0, 5), peaks.first(3, 5), peaks.first(0, 8)
        (1, 8, -1)
        >>> peaks.first(0, 5, strictly=True), peaks.last(7, 5), peaks.largest(2, 8)
        (1, 2, 5)
    """

    __slots__ = ("levels",)

    # Any, because a caller decides what is measured; only `<` is asked of it.
    levels: list[list[Any]]

    def __init__(self, row: list[Any]) -> None:
        levels = [row]
        while len(row) > 1:
            row = [largest_of(row[low : low + FAN]) for low in range(0, len(row), FAN)]
            levels.append(row)
        self.levels = levels

    def exchange(self, at: int, value: Any) -> None:
        """Put a new value into the row, and everything above it in order.

        Cost: O(log n) comparisons; two, if neither the old value is the largest of its FAN values,
            nor the new one.
        """
        row = self.levels[0]
        old = row[at]
        row[at] = value
        for above in self.levels[1:]:
            up = at >> SHIFT
            most = above[up]
            if value is NEG_INF or not most < value:
                if old < most:
                    return  # the largest one stayed
                value = largest_of(row[up << SHIFT : (up + 1) << SHIFT])
            above[up] = value
            old, row, at = most, above, up

    def first(self, at: int, wanted: Any, strictly: bool = False) -> int:
        """Return the first place from `at` on with a value not `< wanted`, -1 if there is none.

        `strictly` wants a value that is greater.

        Cost: O(log d) comparisons, d places further on.
        """
        levels = self.levels
        level = 0
        row = levels[0]
        while at < len(row):
            # `at` is aligned to a group of FAN values, so the value above answers for all of them.
            while not at & MASK and level + 1 < len(levels):
                at >>= SHIFT
                level += 1
            row = levels[level]
            if wanted < row[at] if strictly else not row[at] < wanted:
                while level:
                    level -= 1
                    row = levels[level]
                    at <<= SHIFT
                    while not wanted < row[at] if strictly else row[at] < wanted:
                        at += 1
                return at
            at += 1
        return -1

    def last(self, at: int, wanted: Any, strictly: bool = False) -> int:
        """Return the last place up to `at` with a value not `< wanted`, -1 if there is none.

        Cost: O(log d) comparisons, d places further back.
        """
        levels = self.levels
        level = 0
        while at >= 0:
            while at & MASK == MASK and level + 1 < len(levels):
                at >>= SHIFT
                level += 1
            row = levels[level]
            if wanted < row[at] if strictly else not row[at] < wanted:
                while level:
                    level -= 1
                    row = levels[level]
                    at = min((at << SHIFT) + MASK, len(row) - 1)
                    while not wanted < row[at] if strictly else row[at] < wanted:
                        at -= 1
                return at
            at -= 1
        return -1

    def largest(self, low: int, high: int) -> Any:
        """Return the largest value of the places low <= at < high; there is one.

        Cost: O(log n) comparisons.
        """
        best = self.levels[0][low]
        level = 0
        while low < high:
            row = self.levels[level]
            while low < high and low & MASK:
                best = larger(best, row[low])
                low += 1
            while low < high and high & MASK:
                high -= 1
                best = larger(best, row[high])
            low >>= SHIFT
            high >>= SHIFT
            level += 1
        return best


def larger(left: Any, right: Any) -> Any:
    """Return the larger of two, the left one if neither is."""
    return right if left < right else left  # noqa: FURB136 - max would ask `>`


def largest_of(values: list[Any]) -> Any:
    """Return the largest of some values, of equal ones the first."""
    best = values[0]
    for value in values:
        if value is not NEG_INF and best < value:
            best = value
    return best


class Summary(Generic[K, V, D]):
    """Keep of every block of a chain its peak, and what the peak was taken from.

    `measure(chain, b)` returns both for block b.  It is asked again when the block, or the node
    before it, changed; `repair(chain, b, detail, changes)` is asked first, where there is one, and
    returns the peak of a detail that it has brought up to date, or `None`.

        peaks      the tree of peaks, one a block
        details    what `measure` returned beside it, one a block

    A chain has one summary at a time.  A second one, made by two threads that both search for the
    first time, or two searches at once, cost a new beginning and do no harm: notes that this
    summary did not lay out itself tell it nothing.
    """

    __slots__ = (
        "_blocks",
        "_measure",
        "_noted",
        "_numbers",
        "_repair",
        "chain",
        "details",
        "peaks",
    )  # fmt: skip

    def __init__(
        self,
        chain: Chain[K, V],
        measure: Callable[[Chain[K, V], int], tuple[Any, D]],
        repair: Callable[[Chain[K, V], int, D, list[tuple[int, int]]], Any] | None = None,
    ) -> None:
        self.chain = chain
        self.peaks: Peaks[Any] = Peaks([])
        self.details: list[D] = []
        self._measure = measure
        self._repair = repair
        # The blocks as they were seen, so that no new block can have the id of an old one.
        self._blocks: list[object] = []
        self._numbers: dict[int, int] = {}
        self._noted: Notes | None = None  # the notes since the last refresh
        chain.stale = None

    def refresh(self) -> None:
        """Bring everything up to date.

        If a comparison raises, or even changes the chain, the next call begins anew.

        Cost: O(1) if nothing changed; for each block that did O(block + log blocks), where blocks
            came or went also O(blocks) without a look into those that stayed.
        """
        chain = self.chain
        stale = chain.stale
        if stale is not self._noted:
            stale = None
        if stale is not None and not stale.blocks:
            return
        meanwhile = Notes()
        chain.stale = meanwhile
        done = False
        try:
            if stale is None or RESHAPED in stale.blocks:
                self._rebuild(stale)
            else:
                self._update(stale)
            self._noted = meanwhile
            done = True
        finally:
            if meanwhile.blocks or not done:
                chain.stale = None

    def _rebuild(self, stale: Notes | None) -> None:
        """Lay the tree over the blocks there are now; keep what is known of those that stayed."""
        chain, known, row = self.chain, self._numbers, self.peaks.levels[0]
        peaks: list[Any] = []
        details: list[D] = []
        for b, block in enumerate(chain.nodes):
            at = -1 if stale is None or id(block) in stale.blocks else known.get(id(block), -1)
            peak, detail = self._measure(chain, b) if at < 0 else (row[at], self.details[at])
            peaks.append(peak)
            details.append(detail)
        self.peaks = Peaks(peaks)
        self.details = details
        self._blocks = list(chain.nodes)
        self._numbers = {id(block): b for b, block in enumerate(chain.nodes)}

    def _update(self, stale: Notes) -> None:
        """Repair or measure what changed; the blocks are the same as before."""
        repair = self._repair
        for block, changes in list(stale.blocks.items()):
            b = self._numbers[block]
            peak = None
            if repair is not None and changes is not None:
                peak = repair(self.chain, b, self.details[b], changes)
            if peak is None:
                peak, self.details[b] = self._measure(self.chain, b)
            self.peaks.exchange(b, peak)
