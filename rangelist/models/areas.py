"""Linux memory areas: what an area is, when two are one, and what the kernel does to single areas.

The rules are those of the kernel's mm/vma.c; vma.py makes system calls out of them.

    same      flags but for the sticky ones, file and page offset, name, memory policy, userfaultfd,
              and the anon_vma: one that only one side has is inherited, unless it came by fork
    merge     sticky flags are or-ed, a missing anon_vma is inherited, the left page offset counts
    split     the upper part's page offset moves up; some mappings refuse
    yields    an area with a close hook grows and shrinks, but is not deleted by a merge

Keys are page numbers.  Areas are nodes of a `RangeList`, so an area's identity is a node's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from errno import EINVAL, ENOMEM
from os import strerror
from typing import Final, Literal, NamedTuple, Protocol

from rangelist import NEVER, Node, Piece, Policy, RangeList
from rangelist.models.refused import known
from rangelist.node import Interval

__all__ = [
    "ACCESS",
    "FLAGS",
    "LOCKED",
    "SPECIAL",
    "STICKY",
    "Area",
    "Areas",
    "File",
    "Vma",
    "extending",
    "failure",
]

STICKY: Final = frozenset({"sticky", "softdirty", "guard"})
SPECIAL: Final = frozenset({"io", "dontexpand", "pfnmap", "mixedmap"})
ACCESS: Final = frozenset("rwx")
LOCKED: Final = frozenset({"locked", "lockonfault"})
PKEYS: Final = frozenset(f"pkey{number}" for number in range(1, 16))
# Every flag an area may have.  "shared" is VM_MAYSHARE: what /proc/PID/maps shows as `s`.
# "readonly" is a missing VM_MAYWRITE: a shared mapping of a file that is not open for writing.
FLAGS: Final = (
    ACCESS
    | STICKY
    | SPECIAL
    | LOCKED
    | PKEYS
    | {"shared", "readonly", "noreserve", "account", "sealed", "droppable"}
    | {"growsdown", "growsup", "shadowstack"}
    | {"sequential", "random", "dontfork", "wipeonfork", "dontdump"}
    | {"mergeable", "hugepage", "nohugepage"}
)


class File(Protocol):
    """What is mapped: one opening of a file.  Compared by identity, as the kernel does."""

    @property
    def path(self) -> str: ...
    @property
    def device(self) -> str: ...
    @property
    def inode(self) -> int: ...
    @property
    def writable(self) -> bool:
        """Tell whether it was opened for writing."""
        ...
    @property
    def size(self) -> int | None:
        """Return how many pages it has; `None`, if not known, is more than are mapped."""
        ...


class Area(NamedTuple):
    """What holds for every page of an area.

    Example:
        >>> sorted(Area(frozenset("rw"), pgoff=7).flags), Area().file
        (['r', 'w'], None)
    """

    flags: frozenset[str] = frozenset()
    pgoff: int = 0  # the page of the file; without a file the page number when it was mapped
    file: File | None = None
    anon: object = None  # which anon_vma: there is one as soon as a private page was written
    forked: bool = False  # the anon_vma came by fork: its chain has more than one entry
    close: bool = False  # the file has a close hook
    uffd: object = None  # the userfaultfd context
    name: str | None = None  # the text of a named anonymous area
    policy: object = None  # the NUMA memory policy
    grain: int = 1  # it may be cut at multiples of this: more for huge pages, 0 is nowhere

    def at(self, pages: int) -> Area:
        """Return the same with the page offset that holds so many pages further on."""
        return self._replace(pgoff=self.pgoff + pages)

    def including(self, *flags: str) -> Area:
        """Return the same with these flags set."""
        return self._replace(flags=self.flags | set(flags))

    def without(self, *flags: str) -> Area:
        """Return the same with these flags cleared."""
        return self._replace(flags=self.flags - set(flags))


Vma = Node[int, Area]
Same = Callable[[Interval[int, Area], Interval[int, Area]], bool]


def failure(number: int, why: str) -> OSError:
    """Return the error that a system call would report, with the reason."""
    return OSError(number, f"{strerror(number)}: {why}")


# ---- the hooks ----------------------------------------------------------------------------------


def mergeable(left: Interval[int, Area], right: Interval[int, Area]) -> bool:
    """Hook `same`: may these touching areas be one?"""
    return alike(left, right) and anons_agree(left.value, right.value)


def extending(left: Interval[int, Area], right: Interval[int, Area]) -> bool:
    """Hook `same` where the area on the left grows: the new part takes no anon_vma from it.

    So it does not matter that the anon_vma came by fork; that of the area on the right does.
    """
    return alike(left, right) and anons_agree(left.value._replace(forked=False), right.value)


def alike(left: Interval[int, Area], right: Interval[int, Area]) -> bool:
    """Tell whether two touching areas differ in their anon_vmas at most."""
    a, b = left.value, right.value
    return (
        a.flags ^ b.flags <= STICKY
        and not a.flags & SPECIAL
        and a.file is b.file
        and a.pgoff + (left.stop - left.start) == b.pgoff
        and a.policy == b.policy
        and a.uffd == b.uffd
        and a.name == b.name
    )


def anons_agree(a: Area, b: Area) -> bool:
    """Tell whether both have one anon_vma, or one can inherit it from the other.

    After `left + new` has inherited one, the right neighbour is compared with that: this is why
    three areas may be pairwise mergeable and still not become one.
    """
    if a.anon is None or b.anon is None:
        return not (a.forked or b.forked)
    return a.anon == b.anon


def merged(left: Interval[int, Area], right: Interval[int, Area]) -> Area:
    """Hook `merge`: what holds for both in one; of the right one's flags only the sticky ones."""
    a, b = left.value, right.value
    donor = b if a.anon is None else a
    return a._replace(
        flags=a.flags | (b.flags & STICKY),
        anon=donor.anon,
        forked=donor.forked,
        close=a.close or b.close,
    )


def halves(whole: Interval[int, Area], at: int) -> tuple[Area, Area]:
    """Hook `split`: the upper part begins later in its file."""
    return whole.value, whole.value.at(at - whole.start)


def cut(whole: Interval[int, Area], at: int) -> tuple[Area, Area]:
    """Hook `split` where an area is really split, which some mappings refuse."""
    grain = whole.value.grain
    if grain == 0 or at % grain:
        raise failure(EINVAL, f"{whole!r} may not be cut at {at}, want a multiple of {grain}")
    return halves(whole, at)


def deletable(area: Vma) -> bool:
    """Hook `yields`: an area of a file with a close hook is not deleted by a merge."""
    return not area.value.close


PLAIN: Final[Policy[int, Area]] = NEVER.replace(merge=merged, split=halves)


class NoMerge(Exception):  # noqa: N818 - it is an answer, not an error
    """Take a merge back that turned out to be none."""


# ---- areas and what is done to single ones -------------------------------------------------------


class Areas:
    """The areas of one process and the kernel's primitives on them.

    `reserve` is called before a merge, a cut or a new area is stored; it may raise ENOMEM, and
    then nothing has changed.

    Example:
        >>> areas = Areas()
        >>> one = areas.create(16, 20, Area(frozenset("r"), pgoff=16))
        >>> areas.merge_new(20, 24, Area(frozenset("r"), pgoff=20)) is one, one.stop
        (True, 24)
    """

    def __init__(self, *, limit: int = 65530, reserve: Callable[[], None] | None = None) -> None:
        self.limit = limit  # vm.max_map_count
        self.reserve = reserve
        self.hooks: Policy[int, Area] = Policy(
            same=mergeable, merge=self._join, split=halves, yields=deletable
        )
        self.cuts: Policy[int, Area] = NEVER.replace(split=self._cut)
        self.list: RangeList[int, Area] = RangeList(policy=self.hooks)

    def _join(self, left: Interval[int, Area], right: Interval[int, Area]) -> Area:
        self._reserve()
        return merged(left, right)

    def _cut(self, whole: Interval[int, Area], at: int) -> tuple[Area, Area]:
        pieces = cut(whole, at)  # a mapping that refuses does so before memory is asked for
        self._reserve()
        return pieces

    def _reserve(self) -> None:
        if self.reserve is not None:
            self.reserve()

    def __iter__(self) -> Iterator[Vma]:
        return iter(self.list)

    def __len__(self) -> int:
        return len(self.list)

    def at(self, page: int) -> Vma | None:
        """Return the area that holds a page."""
        return self.list.at(page)

    def create(self, start: int, stop: int, area: Area) -> Vma:
        """Store an area into free space as it is, however equal its neighbours are.

            [-p-]     [-n-]     create
            [-p-][new][-n-]

        Raises: UnknownWordError, for a flag that is none.
        """
        known(area.flags, FLAGS, "flag")
        self._reserve()
        return self.list.insert(start, stop, area, policy=NEVER)

    def merge_new(
        self,
        start: int,
        stop: int,
        area: Area,
        *,
        just_expand: bool = False,
        same: Same = mergeable,
    ) -> Vma | None:
        """Let neighbours grow over free space; return the survivor, `None` if neither fits.

            [-p-]*****[-n-]     both match    [------p------]
                                left          [---p----][-n-]
                                right         [-p-][---n----]

        With `just_expand` the right neighbour is not looked at.
        Raises: UnknownWordError, for a flag that is none.
        """
        known(area.flags, FLAGS, "flag")
        edges = (start,) if just_expand else (start, stop)
        policy = self._only(edges, same)
        with suppress(NoMerge), self.list.transaction():
            return grown(self.list.insert(start, stop, area, policy=policy), start, stop)
        return None

    def merge_existing(self, middle: Vma, start: int, stop: int, area: Area) -> Vma | None:
        """Give part of an area to neighbours which already are what it is to be.

        Only at the edges of `middle`: what lies inside it has no neighbour to go to.

            [-p-][mmm^^^][-n-]        right part      [-p-][mmm][---n---]
            [-p-][^^^mmm][-n-]        left part       [---p---][mmm][-n-]
            [-p-][^^^^^^][-n-]        full            left, right or both; m is deleted

        Raises: UnknownWordError, for a flag that is none.
        """
        known(area.flags, FLAGS, "flag")
        edges = (middle.start, middle.stop)
        with suppress(NoMerge), self.list.transaction():
            # The part that changes is no object: it has no close hook to lose.
            part = area._replace(close=False)
            self.list.transform(lambda _: part, start, stop, policy=self._only(edges))
            return grown(self.list.at(start), start, stop)
        return None

    def _only(self, edges: tuple[int, ...], same: Same = mergeable) -> Policy[int, Area]:
        """Return the hooks for merging at these borders only."""

        def there(left: Interval[int, Area], right: Interval[int, Area]) -> bool:
            return left.stop in edges and same(left, right)

        return self.hooks.replace(same=there)

    def modify(self, middle: Vma, start: int, stop: int, area: Area) -> Vma:
        """Change a sub-range of one area: merge, or else cut out what changes; return that.

        `area` is what is to hold from `start` on.  The original object becomes the changed part.

            [-----m------]            interior        [new][-m-][new]
                 ^^^^
        """
        survivor = self.merge_existing(middle, start, stop, area)
        if survivor is not None:
            return survivor
        if middle.start < start:
            self.split(start, new="below")
        if stop < middle.stop:
            self.split(stop, new="above")
        return self.list.replace(middle, area, policy=NEVER)

    def split(self, at: int, *, new: Literal["below", "above"], limited: bool = True) -> None:
        """Cut the area around `at`; `new` says which part is a new object."""
        known({new}, {"below", "above"}, "new part")
        if limited and len(self.list) >= self.limit:
            raise failure(ENOMEM, f"{len(self.list)} areas, want fewer than {self.limit} to split")
        self.list.split(at, keep="left" if new == "above" else "right", policy=self.cuts)

    def expand(self, area: Vma, start: int, stop: int) -> Vma:
        """Let an area grow to [start, stop); it may swallow the next one, whole.

            ...[-m-]..[-n-]     expand
            [------m------]
        """
        self._reserve()
        follower = area.next
        with self.list.transaction():
            if start < area.start:
                below = self.list.insert(
                    start, area.start, area.value.at(start - area.start), policy=NEVER
                )
                self.list.merge(below, area, keep="right", policy=PLAIN)
            room = stop if follower is None else min(stop, follower.start)
            if area.stop < room:
                length = area.stop - area.start
                above = self.list.insert(area.stop, room, area.value.at(length), policy=NEVER)
                self.list.merge(area, above, policy=PLAIN)
            if follower is not None and follower.start < stop:
                if follower.stop != stop:
                    raise failure(EINVAL, f"{follower!r} is in the way, want its end or free space")
                self.list.merge(area, follower, policy=PLAIN)
        return area

    def shrink(self, area: Vma, start: int, stop: int) -> Vma:
        """Take pages off the edges of an area; it keeps its identity."""
        self._reserve()
        return self.list.resize(area, start, stop, policy=PLAIN)

    def pieces(self, start: int, stop: int) -> Iterator[Piece[int, Area]]:
        """Yield what is mapped in a window, clipped to it."""
        return self.list.sweep(start, stop)

    def write_page(self, page: int) -> None:
        """Give the area of a private page an anon_vma, as the first write to the page does.

        Shared memory and holes get none.
        """
        area = self.list.at(page)
        if area is not None and "shared" not in area.value.flags:
            self.prepare(area)

    def prepare(self, area: Vma) -> None:
        """Give an area an anon_vma, unless it has one: anon_vma_prepare.

        A neighbour's is shared if the two areas differ in nothing but what may be accessed, and if
        it did not come by fork.  The next area is tried before the previous one.
        """
        if area.value.anon is not None:
            return
        above, below = area.next, area.prev
        anon = anon_to_share(area, above, above) or anon_to_share(below, area, below)
        value = area.value._replace(anon=anon or object())
        self.list.replace(area, value, policy=NEVER)


def grown(area: Vma | None, start: int, stop: int) -> Vma:
    """Return the area that holds [start, stop); raise NoMerge if it is nothing else."""
    if area is None or (area.start == start and area.stop == stop):
        raise NoMerge
    return area


def anon_to_share(left: Vma | None, right: Vma | None, donor: Vma | None) -> object:
    """Return the donor's anon_vma if both might one day be one area, were protection changed."""
    if left is None or right is None or donor is None or donor.value.forked:
        return None
    a, b = left.value, right.value
    alike = (
        left.stop == right.start
        and a.flags ^ b.flags <= ACCESS | STICKY
        and a.file is b.file
        and a.policy == b.policy
        and a.pgoff + (left.stop - left.start) == b.pgoff
    )
    return donor.value.anon if alike else None
