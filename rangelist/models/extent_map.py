"""Extent maps and free space of btrfs: where ranges of a file lie on disk, and what is free.

What is special: two maps are one only if their places on disk continue, so sameness depends on
position (`same`), and a cut moves the offset of its right part (`split`); compressed, pinned and
just modified maps stay alone; a new map that collides gives way: the old one is the answer, or the
new one is trimmed to the free space around the byte that was asked for.  Free space is the gaps of
a list of what is taken, so `find_gap` is its index by size.
Source: Linux 6.12 `fs/btrfs/extent_map.c`, `fs/btrfs/free-space-cache.c`, `fs/btrfs/tests/`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from rangelist.errors import OverlapError
from rangelist.models.refused import LIMIT, MAX, RefusedError, known
from rangelist.node import Interval, Node
from rangelist.policy import Policy
from rangelist.ranges import RangeList

__all__ = ["FLAGS", "HOLE", "INLINE", "ExtentMap", "ExtentMapTree", "FreeSpace"]

# All flags a map may have; before 6.8 the kind of compression was no part of the flag.
FLAGS: Final = frozenset(
    {"PINNED", "PREALLOC", "LOGGING", "MERGED", "FILLING", "VACANCY"}
    | {"COMPRESSED", "COMPRESS_ZLIB", "COMPRESS_LZO", "COMPRESS_ZSTD"}
)
HOLE: Final = -3
INLINE: Final = -2


class ExtentMap(NamedTuple):
    """What a range of a file is: `offset` bytes into `disk_length` bytes at `disk`.

    `modified`: it waits to be logged.  `users`: so many others hold it now.
    """

    disk: int
    disk_length: int = 0
    ram_length: int = 0
    offset: int = 0
    flags: frozenset[str] = frozenset()
    generation: int = 0
    modified: bool = False
    users: int = 0

    @property
    def compressed(self) -> bool:
        """Whether the bytes on disk are not those of the file."""
        return any(flag.startswith("COMPRESS") for flag in self.flags)

    @property
    def mergeable(self) -> bool:
        """Whether it may become one with a neighbour at all."""
        busy = self.modified or self.users or self.flags & {"PINNED", "LOGGING"}
        return not busy and not self.compressed


Map = Interval[int, ExtentMap]


def continues(left: Map, right: Map) -> bool:
    """Hook `same`: tell whether the right map goes on where the left one ends, on disk too."""
    a, b = left.value, right.value
    if not (a.mergeable and b.mergeable) or (a.flags ^ b.flags) - {"MERGED"}:
        return False
    if b.disk < 0:
        return a.disk == b.disk
    return a.disk >= 0 and a.disk + a.offset + left.stop - left.start == b.disk + b.offset


def joined(left: Map, right: Map, written: Map) -> ExtentMap:
    """Return the smallest stretch of disk that holds both, and the younger generation.

    The lengths of a hole, which say nothing, stay those of the one being written.
    """
    a, b = left.value, right.value
    made = written.value._replace(
        generation=max(a.generation, b.generation), flags=a.flags | b.flags | {"MERGED"}
    )
    if a.disk < 0:
        return made
    disk = min(a.disk, b.disk)
    length = max(a.disk + a.disk_length, b.disk + b.disk_length) - disk
    return made._replace(
        disk=disk, disk_length=length, ram_length=length, offset=a.disk + a.offset - disk
    )


def halves(whole: Map, at: int) -> tuple[ExtentMap, ExtentMap]:
    """Hook `split`: the right part begins further into the same bytes on disk.

    Neither part is being logged: the logging of the whole does not know of them.
    """
    em = whole.value._replace(flags=whole.value.flags - {"LOGGING"})
    if em.disk < 0:
        left = em._replace(disk_length=0, offset=0, ram_length=at - whole.start)
        return left, left._replace(ram_length=whole.stop - at)
    return em, em._replace(offset=em.offset + at - whole.start)


class ExtentMapTree:
    """The maps of one file; ranges are given by start and length.

    Example:
        >>> tree = ExtentMapTree()
        >>> tree.insert(0, 4096, ExtentMap(65536, 4096, 4096))
        <node [0, 4096) = ExtentMap(disk=65536, ...)>
        >>> tree.insert(4096, 4096, ExtentMap(69632, 4096, 4096)).stop
        8192
        >>> tree.drop(1024, 2047)
        >>> [(n.start, n.stop, n.value.offset) for n in tree.maps]
        [(0, 1024, 0), (2048, 8192, 2048)]
    """

    def __init__(self) -> None:
        policy = Policy(same=continues, merge=self._merge, split=halves)
        self.maps: RangeList[int, ExtentMap] = RangeList(policy=policy)
        self._at = 0  # where the map being written begins

    def _merge(self, left: Map, right: Map) -> ExtentMap:
        return joined(left, right, right if right.start == self._at else left)

    def insert(self, start: int, length: int, em: ExtentMap) -> Node[int, ExtentMap]:
        """Add a map where nothing is, else EEXIST; return the map that has it now."""
        known(em.flags, FLAGS, "flag")
        self._at = start
        try:
            return self.maps.insert(start, min(start + length, MAX), em)
        except OverlapError as error:
            raise RefusedError("EEXIST", str(error)) from error

    def add(self, start: int, length: int, em: ExtentMap, wanted: int) -> Node[int, ExtentMap]:
        """Add a map because the byte `wanted` was asked for; return the map that answers.

        old    [---a---]........[--b--]
        new       [------------------------]       wanted in a: a
        added           [--new--]                  wanted between: what fits around it
        """
        known(em.flags, FLAGS, "flag")
        stop = min(start + length, MAX)
        self._at = start
        try:
            return self.maps.insert(start, stop, em)
        except OverlapError:
            found = self.maps.locate(wanted)
        if isinstance(found, Node):
            return found
        if not start <= wanted < stop:
            raise RefusedError("EINVAL", f"{wanted} is not in [{start}, {stop})")
        low = max(start, found.start) if isinstance(found.start, int) else start
        high = min(stop, found.stop) if isinstance(found.stop, int) else stop
        self._at = low
        moved = em if em.disk < 0 else em._replace(offset=em.offset + low - start)
        return self.maps.insert(low, high, moved)

    def replace(self, start: int, length: int, em: ExtentMap) -> Node[int, ExtentMap]:
        """Drop all that is in the way, then add; both or neither."""
        with self.maps.transaction():
            self.drop(start, start + length - 1)
            return self.insert(start, length, em)

    def drop(self, start: int, last: int, *, skip_pinned: bool = False) -> None:
        """Remove what is in start … last, cutting at both ends; pinned maps may be left whole.

        What is left of a map looks for its neighbours: one that was being logged may join them now.
        """
        with self.maps.transaction():
            for node in self.maps.walk(start, last + 1):
                if skip_pinned and "PINNED" in node.value.flags:
                    continue
                low, high = node.start, node.stop
                self._at = low
                self.maps.remove(max(start, low), min(last + 1, high))
                self.maps.coalesce(low, high)

    def unpin(self, start: int, length: int, generation: int | None = None) -> Node[int, ExtentMap]:
        """Take the mark off the map that begins at `start`, and merge; ENOENT, EUCLEAN."""
        node = self.lookup(start, length)
        if node is None:
            raise RefusedError("ENOENT", f"no map in [{start}, {start + length})")
        if node.start != start:
            raise RefusedError("EUCLEAN", f"{node!r} does not begin at {start}")
        self._at = start
        em = node.value._replace(flags=node.value.flags - {"PINNED"})
        return self.maps.replace(
            node, em if generation is None else em._replace(generation=generation)
        )

    def lookup(self, start: int, length: int) -> Node[int, ExtentMap] | None:
        """Return the first map that overlaps a range."""
        return next(self.maps.overlapping(start, min(start + length, MAX)), None)

    def search(self, start: int, length: int) -> Node[int, ExtentMap] | None:
        """Return the map at `start`, else the one behind it, else the one before it."""
        return next(self.maps.overlapping(start, LIMIT), self.maps.last)


class FreeSpace:
    """Free space of a block group: what is not taken.  All of it is taken at first.

    Example:
        >>> space = FreeSpace()
        >>> space.add(0, 8)
        >>> space.add(16, 4)
        >>> space.remove(2, 3)
        >>> space.ranges(), space.sizes(), space.largest()
        ([(0, 1), (5, 7), (16, 19)], [4, 3, 2], (16, 19))
    """

    def __init__(self) -> None:
        self.taken: RangeList[int, None] = RangeList([(0, LIMIT, None)])

    def add(self, start: int, length: int) -> None:
        """Make a range free; it joins what is free beside it."""
        self.taken.remove(start, start + length)

    def remove(self, start: int, length: int) -> None:
        """Take a range."""
        self.taken.set(start, start + length, None)

    def exists(self, start: int, length: int) -> bool:
        """Tell whether any of a range is free."""
        return not self.taken.covers(start, start + length)

    def ranges(self) -> list[tuple[int, int]]:
        """Return the free ranges in order, ends inclusive."""
        return [(start, stop - 1) for start, stop in self.taken.gaps(0, LIMIT)]

    def sizes(self) -> list[int]:
        """Return the lengths of the free ranges, largest first."""
        return sorted((last - start + 1 for start, last in self.ranges()), reverse=True)

    def largest(self) -> tuple[int, int] | None:
        """Return the largest free range, by the gap search: it is what is handed out first."""
        found = self.taken.find_gap(1, 0, LIMIT, fit="worst")
        if found is None:
            return None
        start, stop = next(self.taken.gaps(found.start, LIMIT))
        return start, stop - 1
