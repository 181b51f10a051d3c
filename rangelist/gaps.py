"""Free space: the gaps of a window as a stream, and the search for one that is large enough.

    window        |.............................|
    nodes     [---a---]   [-b-][--c--]     [-d-]
    gaps              ....            .....     .       clipped to the window, never empty
    tiles         aaaa....bbbbbcccccccc.....ddddd.      pieces and gaps: the whole window

A gap belongs to the node behind it, and so to that node's block.  `Rooms` keeps the lengths of the
gaps of each block, under a tree, and a tree over the longest of each block (summary.py), so a
search compares few of them.  The gaps before the first and behind the last node of a window are
compared separately.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any, Final, Generic, cast

from rangelist.chain import Chain
from rangelist.errors import GapSearchError, LengthError, UnorderedKeyError
from rangelist.keys import COMPARE_ERRORS, K, V, check_length, check_order, distance, moved
from rangelist.lengths import Lengths, measure, repair
from rangelist.node import Gap, Piece
from rangelist.place import Want, check_positive
from rangelist.policy import Policy
from rangelist.stream import part_of
from rangelist.summary import Summary
from rangelist.walk import first_in

__all__ = ["Rooms", "find_gap", "gaps", "slots", "tiles"]

FITS: Final = ("first", "last", "best", "worst", "next")


# ---- as a stream ---------------------------------------------------------------------------------


def gaps(chain: Chain[K, V], start: K | None, stop: K | None) -> Generator[Gap[K], None, None]:
    """Return the gaps inside a window, clipped to it, in order; `None` ends at the last node.

    The list may change meanwhile: each step searches the list as it is then, behind the last gap
    delivered.

    Cost: O(log n) at first, then three comparisons a node.
    Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.
    """
    chain.check_window(start, stop)
    return cast("Generator[Gap[K], None, None]", tiles_between(chain, start, stop, None))


def tiles(
    chain: Chain[K, V], start: K | None, stop: K | None, policy: Policy[K, V]
) -> Generator[Piece[K, V] | Gap[K], None, None]:
    """Return the pieces and gaps that cover a window exactly; otherwise as `gaps`.

    A node that is clipped is cut by the `split` hook.
    """
    chain.check_window(start, stop)
    return tiles_between(chain, start, stop, policy)


def tiles_between(
    chain: Chain[K, V], lo: K | None, hi: K | None, policy: Policy[K, V] | None
) -> Generator[Piece[K, V] | Gap[K], None, None]:
    """Yield the gaps of a window and, if there is a policy to cut them by, the pieces between.

    Like the coverage walk it keeps a frontier: space before it is done, whatever happens there.
    """
    if lo is not None and hi is not None and not lo < hi:
        return
    frontier = lo
    node = first_in(chain, lo)
    while node is not None and (hi is None or node._start < hi):
        start = node._start
        if frontier is None:
            frontier = start
        elif frontier < start:
            yield Gap(frontier, start)
            frontier = start
            if node._start is not start or node._home is not chain:  # moved, or dead
                node = first_in(chain, frontier)
                continue
        stop = node._stop
        end = stop if hi is None or stop < hi else hi
        if policy is not None:
            yield part_of(node, frontier, end, policy)
        if end is not stop:
            return
        frontier = stop
        following = node._next
        same = following is not None and node._stop is stop
        node = following if same else first_in(chain, frontier)
    if hi is not None and frontier is not None and frontier < hi:
        yield Gap(frontier, hi)


# ---- the gaps of a chain -------------------------------------------------------------------------


class Rooms(Generic[K, V]):
    """The gap lengths of each block of a list, and the place where a `next` search goes on.

    Size: 8 bytes a node, and the lengths themselves; 8 more after a search for the best.
    """

    __slots__ = ("chain", "reached", "summary")

    def __init__(self, chain: Chain[K, V]) -> None:
        self.chain = chain
        self.summary: Summary[K, V, Lengths] = Summary(chain, measure, repair)
        self.reached: K | None = None  # where the last `next` search ended


class Window(Generic[K, V]):
    """The gaps between lo and hi: one at each end, clipped, and those before whole nodes.

       lo                                           hi
    [--|-] lead [first]  ...   ...  ...  [--] trail |  [---]
                       gaps of nodes in places
                       (b, low) up to (last, high)
    """

    __slots__ = ("b", "high", "last", "lead", "low", "rooms", "size", "trail")

    def __init__(self, rooms: Rooms[K, V], lo: K, hi: K, size: Any) -> None:
        chain = rooms.chain
        self.rooms = rooms
        self.size = size
        b, i = chain.find(lo)
        last, high = chain.find(hi)
        if i >= 0 and lo < chain.nodes[b][i]._stop:
            lo = chain.nodes[b][i]._stop
        self.trail: tuple[K, K] | None = None
        if (b, i) == (last, high):
            self.lead: tuple[K, K] | None = long_enough(lo, hi, size)
            self.b, self.low, self.last, self.high = 0, 0, -1, -1
            return
        b, i = (b, i + 1) if i + 1 < len(chain.nodes[b]) else (b + 1, 0)
        self.lead = long_enough(lo, chain.nodes[b][i]._start, size)
        self.b, self.low, self.last, self.high = b, i + 1, last, high
        self.trail = long_enough(chain.nodes[last][high]._stop, hi, size)

    def between(self, b: int, last: int) -> Iterator[int]:
        """Yield the blocks from b up to last, included, that have a gap which is long enough."""
        peaks = self.rooms.summary.peaks
        b = peaks.first(b, self.size)
        while 0 <= b <= last:
            yield b
            b = peaks.first(b + 1, self.size)

    def between_downward(self, b: int, last: int) -> Iterator[int]:
        """Yield the same from the other end."""
        peaks = self.rooms.summary.peaks
        last = peaks.last(last, self.size)
        while last >= b:
            yield last
            last = peaks.last(last - 1, self.size)

    def inside(self, b: int) -> Iterator[tuple[K, K]]:
        """Yield the gaps of one block, inside the window, that are long enough."""
        nodes = self.rooms.chain.nodes[b]
        lengths = self.rooms.summary.details[b]
        high = self.high if b == self.last else len(nodes) - 1
        i = lengths.first(self.low if b == self.b else 0, self.size)
        while 0 <= i <= high:
            left: Any = nodes[i]._prev
            yield left._stop, nodes[i]._start
            i = lengths.first(i + 1, self.size)

    def inside_downward(self, b: int) -> Iterator[tuple[K, K]]:
        """Yield the same from the other end."""
        nodes = self.rooms.chain.nodes[b]
        lengths = self.rooms.summary.details[b]
        low = self.low if b == self.b else 0
        i = lengths.last(self.high if b == self.last else len(nodes) - 1, self.size)
        while i >= low:
            left: Any = nodes[i]._prev
            yield left._stop, nodes[i]._start
            i = lengths.last(i - 1, self.size)


def long_enough(lo: K, hi: K, size: Any) -> tuple[K, K] | None:
    """Return the gap [lo, hi) if it has the size."""
    return (lo, hi) if lo < hi and not distance(lo, hi) < size else None


# ---- the search ----------------------------------------------------------------------------------


def find_gap(
    rooms: Rooms[K, V],
    size: Any,
    start: K | None,
    stop: K | None,
    align: Any,
    offset: Any,
    fit: Any,
) -> Gap[K] | None:
    """Return a free place of exactly `size` in a window, `None` if there is none.

        |..[---]....[--]......[-]...|   size 2
         1              4  3    2       1 first  2 last  3 best  (4 worst)

    A gap counts with its part inside the window; `None` as an end means the first, the last node.

    Cost: with B blocks O(log n); `best` O(B log block) until a gap fits exactly.  A block that has
        changed is measured first, for `best` also sorted: O(block), O(block log block).  Where
        `align` leaves no place in a gap that is long enough, the search goes on to the next one.
    Raises: GapSearchError, if size or align is not positive, the fit is unknown, or the place
        would be at an infinite end; LengthError, if keys cannot be subtracted, or cannot keep the
        size; EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.
    """
    want = Want(size, align, offset)
    if not isinstance(fit, str) or fit not in FITS:
        raise GapSearchError(f"fit is {fit!r}, want one of {', '.join(FITS)}")
    rooms.chain.check_window(start, stop)
    return found_between(rooms, start, stop, want, size, fit)


def slots(
    rooms: Rooms[K, V],
    size: Any,
    start: K | None,
    stop: K | None,
    align: Any,
    offset: Any,
    step: Any,
) -> Generator[Gap[K], None, None]:
    """Return every free place of exactly `size` in a window, from left to right.

        |..[---].......[-]....|         size 2: each at least `step` behind the last
         __      __ __    __ __         step None: as `size`, so that no two overlap

    The first place is that of `find_gap`; the next begins at the first aligned key at least `step`
    behind the start of the last.  The list may change meanwhile: each step searches the list as it
    is then.  `None` as a stop means the last node there is then.

    Cost: O(log n) a place; the first measures all blocks, each other those that have changed.
    Raises: as `find_gap`, the window and the lengths at once; GapSearchError, if step is not
        positive.
    """
    want = Want(size, align, offset)
    by = size if step is None else step
    check_positive("step", by)
    rooms.chain.check_window(start, stop)
    return places(rooms, start, stop, want, by)


def places(
    rooms: Rooms[K, V], start: K | None, stop: K | None, want: Want, step: Any
) -> Generator[Gap[K], None, None]:
    """Yield the places of `slots`."""
    place = found_between(rooms, start, stop, want, step, "first")
    while place is not None:
        yield place
        window = ends_of(rooms.chain, place.start, stop)
        if window is None or distance(place.start, window[1]) < step:
            return
        check_length(place.start, step, "step")
        place = found_between(rooms, moved(place.start, step), stop, want, step, "first")


def ends_of(chain: Chain[K, V], start: K | None, stop: K | None) -> tuple[K, K] | None:
    """Return the window with the first and the last node for open ends; `None` if it is empty."""
    head, tail = chain.head, chain.tail
    lo = head._start if start is None and head is not None else start
    hi = tail._stop if stop is None and tail is not None else stop
    return None if lo is None or hi is None or not lo < hi else (lo, hi)


def found_between(
    rooms: Rooms[K, V], start: K | None, stop: K | None, want: Want, step: Any, fit: str
) -> Gap[K] | None:
    """Search a window; explain an error of the arithmetic."""
    window = ends_of(rooms.chain, start, stop)
    if window is None:
        return None
    lo, hi = window
    head = rooms.chain.head
    if head is not None:
        check_order(lo, head._start)
    try:
        want.check_keys(lo, hi, step)
        rooms.summary.refresh()
        return search(rooms, lo, hi, want, fit)
    except (UnorderedKeyError, LengthError):
        raise
    except (TypeError, OverflowError) as error:
        raise LengthError(
            f"cannot search [{lo!r}, {hi!r}) for size {want.size!r}, align {want.align!r}, offset "
            f"{want.offset!r} ({error}), want keys that can be subtracted, and differences of such"
        ) from error


def search(rooms: Rooms[K, V], lo: K, hi: K, want: Want, fit: str) -> Gap[K] | None:
    """Do the search in a window that is not empty."""
    if fit == "next":
        place: Gap[K] | None = None
        reached: Any = rooms.reached
        if goes_on(reached, lo, hi):
            place = lowest(Window(rooms, reached, hi, want.size), want)
        if place is None:
            place = lowest(Window(rooms, lo, hi, want.size), want)
        if want.settle(place, fit) is not None and place is not None:
            rooms.reached = place.stop
        return place
    window = Window(rooms, lo, hi, want.size)
    if fit == "first":
        place = lowest(window, want)
    elif fit == "last":
        place = highest(window, want)
    else:
        place = chosen(window, want, fit == "worst")
    return want.settle(place, fit)


def goes_on(reached: Any, lo: Any, hi: Any) -> bool:
    """Tell whether the last `next` search ended inside this window.

    It may have ended at a key of another type: the list was emptied and filled anew.
    """
    try:
        return reached is not None and bool(lo < reached) and bool(reached < hi)
    except COMPARE_ERRORS:
        return False


def lowest(window: Window[K, V], want: Want) -> Gap[K] | None:
    """Return the lowest place."""
    place: Gap[K] | None = None
    if window.lead is not None:
        place = want.lowest(*window.lead)
    if place is None:
        for b in window.between(window.b, window.last):
            for gap in window.inside(b):
                place = want.lowest(*gap)
                if place is not None:
                    return place
        if window.trail is not None:
            place = want.lowest(*window.trail)
    return place


def highest(window: Window[K, V], want: Want) -> Gap[K] | None:
    """Return the highest place: the mirror of `lowest`."""
    place: Gap[K] | None = None
    if window.trail is not None:
        place = want.highest(*window.trail)
    if place is None:
        for b in window.between_downward(window.b, window.last):
            for gap in window.inside_downward(b):
                place = want.highest(*gap)
                if place is not None:
                    return place
        if window.lead is not None:
            place = want.highest(*window.lead)
    return place


class Choice(Generic[K]):
    """The best gap so far: the longest, or the shortest; the first of those that are equal."""

    __slots__ = ("length", "longest", "place", "want")

    def __init__(self, want: Want, longest: bool) -> None:
        self.want = want
        self.longest = longest
        self.length: Any = None
        self.place: Gap[K] | None = None

    def is_beaten(self, length: Any) -> bool:
        """Tell whether a gap of this length would be better."""
        if self.place is None:
            return True
        return bool(self.length < length if self.longest else length < self.length)

    def is_perfect(self) -> bool:
        """Tell whether no gap can be better: it fits exactly."""
        return self.place is not None and not self.longest and not self.want.size < self.length

    def offer(self, lo: K, hi: K) -> None:
        """Take a gap that is long enough, if it is better and has an aligned place."""
        length = distance(lo, hi)
        if self.is_beaten(length):
            place = self.want.lowest(lo, hi)
            if place is not None:
                self.length, self.place = length, place


def chosen(window: Window[K, V], want: Want, longest: bool) -> Gap[K] | None:
    """Return the lowest place in the longest, or in the shortest, gap that has one."""
    choice: Choice[K] = Choice(want, longest)
    if window.lead is not None:
        choice.offer(*window.lead)
    for b in hopeful(window, want, longest):
        lengths = window.rooms.summary.details[b]
        if choice.is_beaten(lengths.longest() if longest else lengths.tightest(want.size)):
            for gap in window.inside(b):
                choice.offer(*gap)
            if choice.is_perfect():
                return choice.place
    if window.trail is not None:
        choice.offer(*window.trail)
    return choice.place


def hopeful(window: Window[K, V], want: Want, longest: bool) -> Iterator[int]:
    """Yield blocks from left to right, among them the one with the gap that is chosen.

    Of those that lie wholly inside the window one is enough, unless alignment may refuse its gap.
    """
    first, last = window.b, window.last
    yield from window.between(first, min(first, last))
    if want.aligned:
        yield from window.between(first + 1, last - 1)
    elif longest:
        if first + 1 < last:
            peaks = window.rooms.summary.peaks
            at = peaks.first(first + 1, peaks.largest(first + 1, last))
            yield from window.between(at, at)
    else:
        best, at = None, -1
        for b in window.between(first + 1, last - 1):
            length = window.rooms.summary.details[b].tightest(want.size)
            if best is None or length < best:
                best, at = length, b
                if not want.size < length:  # nothing fits better
                    break
        if at >= 0:
            yield at
    if first < last:
        yield from window.between(last, last)
