"""The model of memory areas: rules by hand."""

from __future__ import annotations

from errno import EEXIST, EFAULT, EINVAL, ENOMEM, EPERM

import pytest
from spaces import area, failing, mapped, of, once_more, refused

from rangelist import Node
from rangelist.models.areas import Areas
from rangelist.models.room import GUARD, TOP
from rangelist.models.vma import ADVICE, AddressSpace, SharedMemory

# ---- map and unmap -------------------------------------------------------------------------------


def test_what_remains_of_an_unmapped_area_are_new_objects() -> None:
    """The original goes with the hole."""
    space = of((100, 110, "r"))
    whole = space.at(100)
    space.unmap(104, 106)
    assert mapped(space) == [(100, 104, "r"), (106, 110, "r")]
    assert whole not in list(space)
    assert isinstance(whole, Node) and not whole.alive


@pytest.mark.parametrize("access", ["rw", "r"])
def test_only_private_memory_that_may_be_written_is_accounted_for(access: str) -> None:
    """Unless it is not reserved."""
    space = AddressSpace()
    for at, flags in ((100, ()), (200, ("noreserve",)), (300, ("shared",))):
        space.map(4, access, at=at, how="fixed", flags=flags)
    assert ["account" in a.value.flags for a in space] == [access == "rw", False, False]


def test_each_shared_anonymous_mapping_is_a_file_of_its_own() -> None:
    """So touching ones never merge, but the parts of one do."""
    space = AddressSpace()
    for at in (100, 104):
        space.map(4, "rw", at=at, how="fixed", flags={"shared"})
    space.protect(101, 102, "r")
    space.protect(101, 102, "rw")
    assert len(space) == 2
    assert all(isinstance(a.value.file, SharedMemory) for a in space)


def test_a_call_with_no_pages_or_no_room_is_refused() -> None:
    """And changes nothing."""
    space = of((100, 110, "r"))
    refused(EINVAL, space.map, 0)
    refused(EINVAL, space.map, 1, how="fixed")
    refused(EINVAL, space.unmap, 100, 100)
    refused(EEXIST, space.map, 5, "r", at=109, how="noreplace")
    refused(ENOMEM, space.map, TOP, "r")
    refused(EINVAL, space.advise, 100, 110, "soon")
    space.map(5, "r", at=110, how="noreplace", flags={"noreserve"})
    assert space.at(110) is space.at(100)


def test_a_merge_that_lacks_memory_is_no_reason_not_to_map() -> None:
    """A separate area is made; if that lacks memory too, nothing is."""
    space = of((100, 110, "r"))
    space.reserve = failing(1)
    space.map(5, "r", at=110, how="fixed", flags={"noreserve"})
    assert mapped(space) == [(100, 110, "r"), (110, 115, "r")]
    space.reserve = once_more
    refused(ENOMEM, space.map, 5, "r", at=115, how="fixed")
    assert mapped(space) == [(100, 110, "r"), (110, 115, "r")]


def test_memory_that_runs_out_keeps_an_area_mapped() -> None:
    """Nothing is cut or unmapped; what was cut before it ran out stays cut."""
    space = of((100, 110, "r"))
    space.reserve = once_more
    refused(ENOMEM, space.unmap, 102, 104)
    refused(ENOMEM, space.unmap, 100, 110)
    refused(ENOMEM, space.protect, 102, 104, "rw")
    assert mapped(space) == [(100, 110, "r")]
    space.reserve = failing(2)
    refused(ENOMEM, space.unmap, 102, 104)
    assert mapped(space) == [(100, 102, "r"), (102, 110, "r")]


def test_a_move_that_lacks_memory_may_do_less_than_it_could() -> None:
    """First it does not merge, then its source stays mapped; that it moved is true all the same."""
    space = of((100, 104, "r"), (198, 200, "r"))
    space.reserve = failing(1)
    assert space.remap(100, 2, 2, to=200) == 200
    assert mapped(space) == [(102, 104, "r"), (198, 200, "r"), (200, 202, "r")]
    space.reserve = failing(2)
    assert space.remap(102, 1, 1, to=300) == 300
    assert mapped(space) == [
        (102, 104, "r"),
        (198, 200, "r"),
        (200, 202, "r"),
        (300, 301, "r"),
    ]


def test_the_limit_of_areas_is_looked_at_before_anything_changes() -> None:
    """Mapping may go one over it; cutting, punching and moving may not reach it."""
    space = AddressSpace(limit=5)
    for at in range(100, 160, 10):
        space.map(4, "r", at=at, how="fixed")
    assert len(space) == 6
    before = mapped(space)
    refused(ENOMEM, space.map, 4, "r", at=200, how="fixed")
    refused(ENOMEM, space.protect, 101, 102, "rw")
    refused(ENOMEM, space.unmap, 101, 102)
    refused(ENOMEM, space.remap, 100, 4, 4, to=300)
    refused(ENOMEM, space.remap, 100, 4, 8_000, may_move=True)
    assert mapped(space) == before
    space.unmap(102, 132)
    assert mapped(space) == [(100, 102, "r"), (132, 134, "r"), (140, 144, "r"), (150, 154, "r")]


# ---- change what is mapped -----------------------------------------------------------------------


def test_a_hole_ends_a_change_of_access_and_not_an_advice() -> None:
    """Both tell of it."""
    space = of((100, 104, "r"), (106, 110, "r"))
    refused(ENOMEM, space.protect, 102, 110, "rw")
    refused(ENOMEM, space.advise, 102, 110, "dontfork")
    assert mapped(space) == [(100, 102, "r"), (102, 104, "rw"), (106, 110, "r")]
    assert ["dontfork" in a.value.flags for a in space] == [False, True, True]


def test_an_advice_about_what_a_child_gets_is_for_private_anonymous_memory() -> None:
    """A shared area is not scanned for equal pages either, and nobody is told."""
    space = AddressSpace()
    space.map(4, "rw", at=100, how="fixed", flags={"shared"})
    refused(EINVAL, space.advise, 100, 104, "wipeonfork")
    space.advise(100, 104, "mergeable")
    assert all("mergeable" not in a.value.flags for a in space)


@pytest.mark.parametrize("advice", ADVICE)
def test_an_advice_sets_and_clears_what_its_row_says(advice: str) -> None:
    """And nothing else."""
    space = of((100, 104, "r"))
    every = frozenset().union(*(sets | clears for sets, clears in ADVICE.values()))
    space.change(100, 104, lambda a: a.including(*every))
    space.advise(100, 104, advice)
    sets, clears = ADVICE[advice]
    assert [a.value.flags for a in space] == [every - clears | sets | {"r", "noreserve"}]


def test_special_memory_takes_no_lock_and_not_every_advice() -> None:
    """Locks and sameness of pages mean nothing to it; it stays out of dumps, devices out of forks."""
    space = AddressSpace()
    for at, special in ((100, "io"), (104, "dontexpand")):
        space.create(at, at + 4, area(f"r {special}", at))
    space.lock(100, 108, later=False)
    space.advise(100, 108, "mergeable")
    assert [sorted(a.value.flags) for a in space] == [["io", "r"], ["dontexpand", "r"]]
    for at, advice in ((100, "dofork"), (100, "dodump"), (104, "dodump")):
        refused(EINVAL, space.advise, at, at + 4, advice)
    space.advise(104, 108, "dofork")


def test_a_locked_area_is_told_from_one_that_is_not() -> None:
    """Only those that are locked when they are touched have both flags; the last call counts."""
    space = of((100, 108, "r"))
    space.lock(100, 104)
    space.lock(102, 106, later=False)
    assert [(a.start, a.stop, sorted(a.value.flags - {"r", "noreserve"})) for a in space] == [
        (100, 102, ["locked", "lockonfault"]),
        (102, 106, ["locked"]),
        (106, 108, []),
    ]
    space.lock(100, 108, on=False)
    assert mapped(space) == [(100, 108, "r")]


def test_a_sealed_area_refuses_every_change() -> None:
    """What was cut on the way there stays cut."""
    space = of((100, 104, "r"), (104, 108, "rw"))
    refused(ENOMEM, space.seal, 100, 120)
    space.seal(104, 108)
    refused(EPERM, space.unmap, 102, 106)
    refused(EPERM, space.protect, 104, 106, "r")
    refused(EPERM, space.remap, 104, 4, 2)
    refused(EPERM, space.put, 106, 108, area())
    assert [(a.start, a.stop) for a in space] == [(100, 102), (102, 104), (104, 108)]


@pytest.mark.parametrize("advice", ["dontfork", "wipeonfork"])
def test_a_sealed_area_that_cannot_be_written_does_not_lose_what_it_holds(advice: str) -> None:
    """Who can write to it could empty it anyway; other advice loses nothing."""
    space = of((100, 104, "r"), (104, 108, "rw"))
    space.seal(100, 108)
    space.advise(100, 104, "random")
    space.advise(104, 108, advice)
    refused(EPERM, space.advise, 100, 104, advice)


def test_nothing_is_mapped_or_unmapped_behind_the_last_page() -> None:
    """Nor does an area grow over it, or move there."""
    space = of((TOP - 4, TOP, "r"), (100, 104, "r"))
    refused(ENOMEM, space.map, 2, at=TOP - 1, how="fixed")
    refused(ENOMEM, space.map, 2, at=TOP - 1, how="noreplace")
    refused(EINVAL, space.unmap, TOP - 1, TOP + 1)
    refused(EINVAL, space.remap, 100, 2, 2, to=TOP - 1)
    refused(ENOMEM, space.remap, TOP - 4, 4, 5, may_move=False)
    assert mapped(space) == [(100, 104, "r"), (TOP - 4, TOP, "r")]


def test_sticky_flags_spread_and_do_not_tell_areas_apart() -> None:
    """A later split does not clear them."""
    space = of((100, 104, "r"))
    space.create(104, 108, area("r noreserve sticky", 104))
    space.put(108, 110, area("r noreserve", 108))
    space.protect(106, 107, "rw")
    assert [("sticky" in a.value.flags, a.start) for a in space] == [
        (False, 100),
        (True, 104),
        (True, 106),
        (True, 107),
    ]


def test_a_mapping_of_the_kernel_may_not_be_cut() -> None:
    """And one of huge pages only between them."""
    space = AddressSpace()
    space.create(100, 104, area(grain=0))
    space.create(512, 1536, area(grain=512))
    refused(EINVAL, space.unmap, 102, 104)
    refused(EINVAL, space.protect, 600, 1536, "rw")
    space.protect(1024, 1536, "rw")
    assert mapped(space) == [(100, 104, "r"), (512, 1024, "r"), (1024, 1536, "rw")]


def test_the_original_object_is_the_part_that_changes() -> None:
    """So that whoever holds it holds what he asked for."""
    space = of((100, 110, "r"))
    original = space.at(100)
    assert original is not None
    space.protect(103, 105, "rw")
    assert (original.start, original.stop) == (103, 105)


# ---- anon_vma ------------------------------------------------------------------------------------


def test_a_page_that_is_written_gives_its_area_an_anon_vma_once() -> None:
    """Shared memory and holes get none."""
    space = of((100, 104, "rw"))
    space.map(4, "rw", at=200, how="fixed", flags={"shared"})
    space.write_page(100)
    first = next(iter(space)).value.anon
    for page in (101, 150, 200):
        space.write_page(page)
    assert [a.value.anon for a in space] == [first, None]
    assert first is not None


def test_an_anon_vma_is_shared_with_a_neighbour_that_differs_in_access_only() -> None:
    """The next is asked before the previous; one that came by fork is never shared."""
    space = of((100, 104, "rw"), (104, 108, "r"), (108, 112, "rw"))
    space.write_page(100)
    space.write_page(104)
    assert space.list[100].anon is space.list[104].anon
    child = space.fork()
    child.write_page(108)
    assert child.list[108].anon is not child.list[104].anon
    assert not child.list[108].forked


def test_what_came_by_fork_inherits_from_nobody() -> None:
    """A child's new memory stays beside what it got, while the parent's merges."""
    space = of((100, 104, "rw"))
    space.write_page(100)
    child = space.fork()
    for process in (space, child):
        process.map(4, "rw", at=104, how="fixed", flags={"noreserve"})
    assert (len(space), len(child)) == (1, 2)


def test_what_came_by_fork_grows_over_new_memory_as_any_area_does() -> None:
    """Nothing is inherited from its own extension; but not over what came by fork from elsewhere."""
    space = of((100, 104, "rw"), (208, 210, "rw"))
    space.write_page(100)
    space.write_page(208)
    child = space.fork()
    child.map(4, "rw", at=106, how="fixed", flags={"noreserve"})
    child.remap(100, 4, 6)
    assert mapped(child) == [(100, 110, "rw"), (208, 210, "rw")]
    assert child.list[109].forked
    child.map(4, "rw", at=200, how="fixed", flags={"noreserve"})
    child.remap(200, 4, 8)
    assert mapped(child) == [(100, 110, "rw"), (200, 208, "rw"), (208, 210, "rw")]


def test_a_child_gets_what_it_is_meant_to_get() -> None:
    """Locks are not inherited, and memory that is to be wiped has no pages."""
    space = of((100, 104, "rw"), (200, 204, "rw"), (300, 304, "r"))
    space.write_page(200)
    space.advise(100, 104, "dontfork")
    space.advise(200, 204, "wipeonfork")
    space.lock(300, 304)
    child = space.fork()
    assert mapped(child) == [(200, 204, "rw"), (300, 304, "r")]
    assert (child.list[200].anon, "locked" in child.list[300].flags) == (None, False)


# ---- the heap and the stack ----------------------------------------------------------------------


def test_the_heap_grows_and_shrinks_but_never_joins_what_is_behind_it() -> None:
    """One page stays free between both."""
    space = AddressSpace()
    space.heap = space.heap_end = 100
    assert [space.brk(110), space.brk(50), space.brk(105), space.brk(105)] == [110, 110, 105, 105]
    space.map(4, "rw", at=120, how="fixed")
    assert [space.brk(120), space.brk(119)] == [105, 119]
    assert mapped(space) == [(100, 119, "rw"), (120, 124, "rw")]


def test_the_heap_stays_away_from_a_stack_and_where_it_has_a_hole() -> None:
    """The gap that guards the stack is not the heap's; and a hole cannot be given back."""
    space = AddressSpace()
    space.heap = space.heap_end = 100
    space.map(4, "rw", at=200 + GUARD, how="fixed", flags={"growsdown"})
    assert [space.brk(200), space.brk(199)] == [100, 199]
    space.unmap(150, 199)
    assert [space.brk(150), space.brk(149)] == [199, 149]


def test_a_new_area_that_only_expands_ignores_what_is_behind_it() -> None:
    """The right neighbour would match."""
    areas = Areas()
    left = areas.create(100, 104, area(pgoff=100))
    areas.create(106, 110, area(pgoff=106))
    assert areas.merge_new(104, 106, area(pgoff=104), just_expand=True) is left
    assert [(a.start, a.stop) for a in areas] == [(100, 106), (106, 110)]


def test_an_area_grows_over_the_next_one_only_as_a_whole() -> None:
    """Then nothing has changed."""
    areas = Areas()
    first = areas.create(100, 104, area(pgoff=100))
    areas.create(106, 110, area(pgoff=106))
    refused(EINVAL, areas.expand, first, 98, 108)
    assert [(a.start, a.stop) for a in areas] == [(100, 104), (106, 110)]
    areas.expand(first, 98, 110)
    assert [(a.start, a.stop, a.value.pgoff) for a in areas] == [(98, 110, 98)]


def test_an_area_that_grows_over_another_stays_what_it_is() -> None:
    """Only sticky flags come over, and an anon_vma if there was none."""
    areas = Areas()
    first = areas.create(100, 104, area(pgoff=100, anon="mine"))
    areas.create(104, 108, area("r w sticky", pgoff=104, anon="yours", forked=True))
    areas.expand(first, 100, 108)
    assert first.value == area("r sticky", pgoff=100, anon="mine")


def test_the_stack_grows_down_until_something_that_may_be_accessed_is_near() -> None:
    """What may not be accessed does not count."""
    space = of((1000, 1004, "r"), (3000, 3004, ""))
    for at in (2000, 4000):
        space.map(4, "rw", at=at, how="fixed", flags={"growsdown"})
    space.grow_stack(1004 + GUARD)
    refused(ENOMEM, space.grow_stack, 1003 + GUARD)
    space.grow_stack(3004)
    refused(EFAULT, space.grow_stack, 9000)
    refused(EFAULT, space.grow_stack, 900)
    assert [(a.start, a.stop) for a in space if "growsdown" in a.value.flags] == [
        (1004 + GUARD, 2004),
        (3004, 4004),
    ]
