"""The model of memory areas: faults, locks, policies, and the words that its calls understand."""

from __future__ import annotations

from errno import EACCES, EBADF, EFAULT, EINVAL, ENOMEM, EPERM
from typing import Any

import pytest
from spaces import area, mapped, of, refused

from rangelist.errors import RangeListError
from rangelist.models.areas import SPECIAL, Area
from rangelist.models.procmaps import Opened, show
from rangelist.models.refused import UnknownWordError
from rangelist.models.room import HUGE, MINIMUM, TOP
from rangelist.models.vma import AddressSpace, SharedMemory


def touched(space: AddressSpace) -> list[bool]:
    """Tell for each area whether it has an anon_vma."""
    return [a.value.anon is not None for a in space]


# ---- faults --------------------------------------------------------------------------------------


def test_a_touch_writes_where_that_is_possible_and_is_a_fault_elsewhere() -> None:
    """Private memory gets an anon_vma, shared memory none."""
    space = of((100, 104, "rw"), (200, 204, "r"))
    space.map(4, "rw", at=300, how="fixed", flags={"shared"})
    space.touch(101)
    space.touch(300)
    refused(EFAULT, space.touch, 200)
    refused(EFAULT, space.touch, 50)
    assert touched(space) == [True, False, False]


def test_a_page_behind_the_end_of_its_file_cannot_be_touched() -> None:
    """Shared memory that grew, and a short file; a private area gets its anon_vma first."""
    space = AddressSpace()
    space.map(2, "rw", at=100, how="fixed", flags={"shared"})
    space.remap(100, 2, 4)
    space.unmap(100, 102)
    refused(EFAULT, space.touch, 102)
    space.map(4, "rw", at=200, how="fixed", file=Opened("/short", size=2), pgoff=0)
    refused(EFAULT, space.touch, 202)
    assert touched(space) == [False, True]
    space.touch(201)


def test_a_stack_that_grows_has_an_anon_vma_and_stays_where_pages_may_be() -> None:
    """A page that is mapped needs nothing; a touch below the stack lets it grow."""
    space = AddressSpace()
    space.map(4, "rw", at=2000, how="fixed", flags={"growsdown"})
    assert space.grow_stack(2001).start == 2000
    assert touched(space) == [False]
    space.touch(1990)
    assert mapped(space) == [(1990, 2004, "rw")]
    assert touched(space) == [True]
    refused(EPERM, space.grow_stack, MINIMUM - 1)
    moved = AddressSpace()
    moved.create(2000, 2004, area("r w growsdown", pgoff=3))
    refused(ENOMEM, moved.grow_stack, 1990)
    refused(EFAULT, moved.touch, 1990)


def test_populating_touches_as_much_as_it_can() -> None:
    """Memory that may only be read is read, and what may not be accessed is no error."""
    space = AddressSpace()
    for at, access in ((100, "rw"), (200, "r"), (300, "")):
        space.map(4, access, at=at, how="fixed", flags={"noreserve"}, populate=True)
    assert touched(space) == [True, False, False]


@pytest.mark.parametrize("flag", ["io", "pfnmap"])
def test_device_memory_is_not_touched_by_locks(flag: str) -> None:
    """Its pages are there always."""
    space = AddressSpace()
    space.create(100, 104, area(f"r w {flag}", 100))
    space.populate(100, 104)
    assert touched(space) == [False]
    refused(EINVAL, space.advise, 100, 104, "populate_write")


def test_advice_populates_until_it_meets_what_it_cannot() -> None:
    """A hole, an access that is not there, the end of a file."""
    space = of((100, 104, "rw"), (106, 110, "rw"), (110, 112, "r"))
    space.map(4, "rw", at=200, how="fixed", file=Opened("/short", size=2), pgoff=0)
    space.map(4, "rw", at=300, how="fixed", flags={"shared"})
    refused(ENOMEM, space.advise, 100, 110, "populate_write")
    refused(EINVAL, space.advise, 106, 112, "populate_write")
    refused(EFAULT, space.advise, 200, 204, "populate_write")
    space.advise(300, 304, "populate_write")
    space.advise(106, 112, "populate_read")
    refused(EFAULT, space.advise, 200, 204, "populate_read")
    assert touched(space) == [True, True, False, True, False]


def test_guard_markers_need_an_anon_vma_in_anonymous_memory() -> None:
    """None are set in locked memory, nor where a sealed area would lose what it holds."""
    space = of((100, 104, "rw"), (110, 114, "r"))
    space.map(4, "rw", at=200, how="fixed", flags={"shared"})
    space.advise(200, 204, "guard_install")
    refused(ENOMEM, space.advise, 100, 112, "guard_install")
    assert touched(space) == [True, True, False]
    space.lock(100, 104)
    refused(EINVAL, space.advise, 100, 104, "guard_install")
    space.advise(100, 104, "guard_remove")
    space.seal(110, 114)
    refused(EPERM, space.advise, 110, 114, "guard_install")
    space.advise(110, 114, "guard_remove")


# ---- locks ---------------------------------------------------------------------------------------


def test_locking_touches_pages_so_later_merges_differ() -> None:
    """The kernel keeps two areas apart whose anon_vmas differ; mlock gives one to both."""
    space = AddressSpace()
    for at in (100, 110):
        space.map(2, "rw", at=at, how="fixed", flags={"noreserve"})
    space.lock(110, 112, later=False)
    space.touch(100)
    space.lock(110, 112, on=False)
    space.map(8, "rw", at=102, how="fixed", flags={"noreserve"})
    assert mapped(space) == [(100, 110, "rw"), (110, 112, "rw")]


def test_locking_what_cannot_be_touched_is_an_error_with_all_locked() -> None:
    """Memory without access, and behind the end of a file; on fault there is nothing to touch."""
    space = of((100, 104, ""), (104, 108, "rw"))
    refused(ENOMEM, space.lock, 100, 108, later=False)
    assert all("locked" in a.value.flags for a in space)
    assert touched(space) == [False, False]
    space.lock(100, 108)
    space.map(4, "r", at=200, how="fixed", file=Opened("/short", size=2), pgoff=0)
    refused(ENOMEM, space.lock, 200, 204, later=False)
    space.lock(200, 202, later=False)


def test_locked_memory_that_becomes_writable_or_grows_is_touched() -> None:
    """mprotect, mmap, mremap in place and elsewhere, brk."""
    space = of((100, 104, "r"))
    space.lock(100, 104, later=False)
    space.protect(100, 104, "rw")
    space.map(4, "rw", at=200, how="fixed", flags={"locked"})
    assert touched(space) == [True, True]
    space.lock_all(current=False, future=True, later=True)
    space.map(4, "rw", at=300, how="fixed", flags={"noreserve"})
    assert touched(space) == [True, True, False]
    space.lock_all(current=False, future=True)
    space.heap = space.heap_end = 500
    space.brk(504)
    assert touched(space) == [True, True, False, True]


def test_locked_memory_is_touched_where_it_grew() -> None:
    """Only the pages that came are."""
    space = AddressSpace()
    space.create(100, 104, area("r w locked", 100))
    space.create(200, 204, area("r w locked", 200))
    space.create(204, 205, area("r", 204))
    space.remap(100, 4, 6)
    to = space.remap(200, 4, 6)
    assert [(a.start, a.value.anon is not None) for a in space] == [
        (100, True),
        (204, False),
        (to, True),
    ]


def test_all_is_locked_now_and_later() -> None:
    """Without a wish for later, new memory is not locked; unlocking all ends both."""
    space = of((100, 104, "rw"), (110, 114, ""))
    space.create(120, 124, area("r io", 120))
    space.lock_all()
    space.map(4, "r", at=200, how="fixed", flags={"noreserve"})
    locked = ["locked" in a.value.flags for a in space]
    assert locked == [True, True, False, False]
    assert touched(space) == [True, False, False, False]
    space.lock_all(current=False, future=True, later=True)
    space.map(4, "r", at=300, how="fixed", flags={"noreserve"})
    assert {"locked", "lockonfault"} <= space.list[300].flags
    assert space.fork().future == frozenset()
    space.unlock_all()
    space.map(4, "r", at=400, how="fixed")
    assert not any("locked" in a.value.flags for a in space)
    refused(EINVAL, space.lock_all, current=False)


def test_droppable_memory_takes_no_lock_and_is_never_copied() -> None:
    """What locks all new memory keeps it from merging, as it does in the kernel."""
    space = AddressSpace()
    for options in ({"flags": {"droppable", "locked"}}, {"file": Opened("/x"), "pgoff": 0}):
        refused(EINVAL, space.map, 4, "rw", **{"flags": {"droppable"}, **options})
    space.map(4, "rw", at=100, how="fixed", flags={"droppable"})
    assert space.list[100].flags == {"r", "w", "droppable", "noreserve", "wipeonfork", "dontdump"}
    space.lock(100, 104)
    space.lock_all(current=False, future=True)
    space.map(4, "rw", at=104, how="fixed", flags={"droppable"})
    assert mapped(space) == [(100, 104, "rw"), (104, 108, "rw")]
    assert not any("locked" in a.value.flags for a in space)
    for advice in ("keeponfork", "dodump"):
        refused(EINVAL, space.advise, 100, 104, advice)


# ---- flags of the process, policies, names -------------------------------------------------------


def test_all_memory_is_mergeable_if_the_process_wants_it() -> None:
    """Areas get and lose the flag where they are; shared memory never has it."""
    space = of((100, 104, "rw"))
    space.map(4, "rw", at=200, how="fixed", flags={"shared"})
    space.merge_all()
    space.merge_all()
    space.map(4, "rw", at=104, how="fixed", flags={"noreserve"})
    assert ["mergeable" in a.value.flags for a in space] == [True, False]
    assert space.fork().merging
    space.merge_all(on=False)
    assert ["mergeable" in a.value.flags for a in space] == [False, False]
    space.map(4, "rw", at=108, how="fixed", flags={"noreserve"})
    assert mapped(space)[0] == (100, 112, "rw")


def test_a_policy_tells_areas_apart_and_a_hole_is_refused_first() -> None:
    """The default policy skips holes, but not one that is everything."""
    space = of((100, 104, "rw"), (106, 110, "rw"))
    refused(EFAULT, space.bind, 100, 110, "bind")
    space.bind(102, 104, "bind")
    space.bind(100, 100, "bind")
    assert [(a.start, a.value.policy) for a in space] == [(100, None), (102, "bind"), (106, None)]
    space.bind(100, 110, None)
    assert mapped(space) == [(100, 104, "rw"), (106, 110, "rw")]
    refused(EFAULT, space.bind, 104, 106, None)


def test_the_access_of_a_stack_changes_from_where_it_begins() -> None:
    """PROT_GROWSDOWN: only a stack, and one has to be there."""
    space = of((100, 104, "rw"))
    space.map(4, "rw", at=200, how="fixed", flags={"growsdown"})
    space.protect(202, 203, "r", grows_down=True)
    assert mapped(space) == [(100, 104, "rw"), (200, 203, "r"), (203, 204, "rw")]
    refused(EINVAL, space.protect, 102, 104, "r", grows_down=True)
    refused(ENOMEM, space.protect, 104, 106, "r", grows_down=True)


def test_a_protection_key_tells_areas_apart() -> None:
    """Without one, areas keep theirs; key 0 is none."""
    space = of((100, 104, "rw"))
    space.protect(100, 102, "rw", key=3)
    space.protect(100, 104, "r")
    assert [sorted(a.value.flags) for a in space] == [["noreserve", "pkey3", "r"], ["noreserve", "r"]]
    space.protect(100, 102, "r", key=0)
    assert mapped(space) == [(100, 104, "r")]
    refused(EINVAL, space.protect, 100, 102, "r", key=16)


def test_a_shared_mapping_of_a_file_opened_for_reading_is_never_writable() -> None:
    """Its own memory may be written: a private mapping is a copy."""
    space = AddressSpace()
    file = Opened("/read", writable=False)
    refused(EACCES, space.map, 4, "rw", file=file, pgoff=0, flags={"shared"})
    space.map(4, "rw", at=100, how="fixed", file=file, pgoff=0)
    space.map(4, "r", at=200, how="fixed", file=file, pgoff=0, flags={"shared"})
    refused(EACCES, space.protect, 200, 204, "rw")
    assert "readonly" in space.list[200].flags


def test_only_private_anonymous_memory_grows_down() -> None:
    """A file and shared memory are refused."""
    space = AddressSpace()
    refused(EINVAL, space.map, 4, "rw", flags={"growsdown", "shared"})
    refused(EINVAL, space.map, 4, "rw", flags={"growsdown"}, file=Opened("/x"), pgoff=0)


def test_only_anonymous_memory_has_a_name() -> None:
    """Shared memory too; a file refuses, and what lies before it is named."""
    space = of((100, 104, "rw"))
    space.map(4, "rw", at=104, how="fixed", flags={"shared"})
    space.map(4, "r", at=108, how="fixed", file=Opened("/x"), pgoff=0)
    refused(EBADF, space.rename, 100, 112, "[anon:x]")
    assert [a.value.name for a in space] == ["[anon:x]", "[anon:x]", None]
    assert [line.split()[-1] for line in show(space).splitlines()] == [
        "[anon:x]",
        "[anon_shmem:x]",
        "/x",
    ]
    refused(ENOMEM, space.rename, 90, 104, None)


# ---- where memory goes ---------------------------------------------------------------------------


def test_anonymous_memory_of_whole_huge_pages_is_aligned() -> None:
    """Other lengths, shared memory, files and hints are not."""
    high = 100 * HUGE + 7
    for options, start in (
        ({}, 99 * HUGE),
        ({"flags": {"shared"}}, high - HUGE),
        ({"file": Opened("/x"), "pgoff": 0}, high - HUGE),
        ({"at": 50}, 50),
    ):
        space = AddressSpace(high=high)
        assert space.map(HUGE, "rw", **options) == start
    assert AddressSpace(high=high).map(HUGE + 1, "rw") == high - HUGE - 1


def test_a_search_for_aligned_memory_wants_a_hole_that_is_longer() -> None:
    """An aligned hole at the top is passed over; without a longer one the plain search decides."""
    space = AddressSpace(high=100 * HUGE)
    assert space.find_huge(HUGE) == 99 * HUGE
    space.create(97 * HUGE + 1, 98 * HUGE + 1, area("r"))
    assert space.find_huge(HUGE) == 96 * HUGE
    space = AddressSpace()
    space.create(MINIMUM + HUGE + 3, TOP, area("r"))
    assert space.find_huge(HUGE) == MINIMUM + 3
    assert AddressSpace(low=HUGE, upward=True).find_huge(HUGE) == HUGE
    assert AddressSpace(low=HUGE + 1, upward=True).find_huge(HUGE) == 2 * HUGE


def test_memory_that_moves_is_aligned_by_its_page_offset() -> None:
    """If no huge page fits between its offsets, the plain search decides; a file is not aligned."""
    space = AddressSpace(high=100 * HUGE)
    assert space.find_huge(2 * HUGE, pgoff=3) % HUGE == 3
    assert space.find_huge(HUGE, pgoff=3) == 99 * HUGE
    for file in (None, Opened("/x")):
        space = AddressSpace(high=100 * HUGE + 5)
        space.map(HUGE // 2, "rw", at=HUGE, how="fixed", file=file, pgoff=HUGE)
        space.map(1, "r", at=HUGE + HUGE // 2, how="fixed")
        to = space.remap(HUGE, HUGE // 2, HUGE)
        assert to == (99 * HUGE if file is None else 99 * HUGE + 5)


# ---- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda space: space.map(4, "rW"), "'W'"),
        (lambda space: space.map(4, flags={"nosuch"}), "'nosuch'"),
        (lambda space: space.map(4, at=200, how="Fixed"), "'Fixed'"),
        (lambda space: space.protect(100, 104, "q"), "'q'"),
        (lambda space: space.change(100, 104, lambda a: a, holes="none"), "'none'"),
        (lambda space: space.split(102, new="left"), "'left'"),
        (lambda space: space.create(200, 204, Area(frozenset({"R"}))), "'R'"),
        (lambda space: space.put(200, 204, Area(frozenset({"rw"}))), "'rw'"),
        (lambda space: space.merge_new(104, 108, Area(frozenset({"rw"}))), "'rw'"),
        (lambda space: space.change(100, 102, lambda _: Area(frozenset({"rw"}))), "'rw'"),
    ],
)
def test_a_word_that_is_none_is_refused_by_name(call: Any, word: str) -> None:
    """Nothing has changed then."""
    space = of((100, 104, "r"))
    with pytest.raises(UnknownWordError, match=word) as error:
        call(space)
    assert isinstance(error.value, RangeListError)
    assert mapped(space) == [(100, 104, "r")]


def test_every_flag_there_is_is_known() -> None:
    """Those of special memory too, which no call sets."""
    space = AddressSpace()
    for at, flag in enumerate(sorted(SPECIAL)):
        space.create(100 + at, 101 + at, Area(frozenset({flag})))
    assert len(space) == len(SPECIAL)
    assert SharedMemory().size is None
    assert space.map(1, at=TOP - 1, how="fixed") == TOP - 1
