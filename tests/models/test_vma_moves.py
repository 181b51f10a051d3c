"""The model of memory areas: moves, searches, pages against a plain table, failures half-way."""

from __future__ import annotations

from errno import EFAULT, EINVAL, ENOMEM
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spaces import LOW, area, mapped, of, refused

from rangelist.models.areas import failure
from rangelist.models.room import GUARD, MINIMUM, TOP
from rangelist.models.vma import AddressSpace, SharedMemory

# ---- mremap --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "arguments", "options"),
    [
        (EINVAL, (100, 4, 0), {}),
        (EINVAL, (100, 4, 4), {"to": 200, "may_move": False}),
        (EINVAL, (100, 4, 5), {"keep_source": True}),
        (EINVAL, (100, 4, 4), {"to": 103}),
        (EFAULT, (90, 4, 4), {}),
        (EFAULT, (90, 4, 4), {"to": 300}),
        (EFAULT, (90, 20, 20), {"to": 300}),
        (EFAULT, (102, 8, 9), {}),
        (ENOMEM, (100, 4, 8), {"may_move": False}),
        (EFAULT, (500, 4, 8), {}),
        (EINVAL, (500, 4, 4), {"keep_source": True}),
        (EINVAL, (100, 0, 4), {"to": 300}),
        (EFAULT, (90, 0, 4), {"to": 300}),
    ],
)
def test_a_remap_that_cannot_be_is_refused(
    number: int, arguments: tuple[int, int, int], options: dict[str, Any]
) -> None:
    """And nothing has moved."""
    space = of((100, 104, "r"), (104, 108, "rw"))
    space.create(500, 504, area("r pfnmap"))
    before = mapped(space)
    refused(number, space.remap, *arguments, **options)
    assert mapped(space) == before


def test_an_area_that_has_no_room_to_grow_is_moved() -> None:
    """Where the search finds room; written pages keep their page offset."""
    space = of((100, 104, "r"), (104, 108, "rw"))
    space.write_page(104)
    space.high = 1000
    assert space.remap(104, 4, 4) == 104
    assert space.remap(100, 4, 6) == 994
    space.map(1, "r", at=108, how="fixed")
    assert space.remap(104, 4, 8) == 986
    assert [(a.start, a.value.pgoff) for a in space] == [(108, 108), (986, 104), (994, 994)]


def test_an_area_that_may_not_merge_cannot_grow_in_place() -> None:
    """Special areas do not."""
    space = AddressSpace()
    special = space.create(100, 104, area("r io"))
    refused(ENOMEM, space.extend, special, 2)


def test_a_shrinking_move_unmaps_the_surplus_of_its_source() -> None:
    """Also what lies behind its area."""
    space = of((100, 104, "r"), (106, 110, "r"))
    assert space.remap(102, 8, 2, to=200) == 200
    assert mapped(space) == [(100, 102, "r"), (200, 202, "r")]


def test_a_remap_of_no_pages_maps_shared_memory_once_more() -> None:
    """Elsewhere, and as much of it as is asked for; the old mapping stays, unless it is in the way."""
    space = of()
    space.high = 1000
    space.map(4, "rw", at=100, how="fixed", flags={"shared"})
    assert space.remap(101, 0, 6) == 994
    assert space.remap(101, 0, 2, to=200) == 200
    assert [(a.start, a.stop, a.value.pgoff) for a in space] == [
        (100, 104, 0),
        (200, 202, 1),
        (994, 1000, 1),
    ]
    assert space.list[100].file is space.list[200].file
    refused(ENOMEM, space.remap, 101, 0, 2, may_move=False)
    refused(EFAULT, space.remap, 101, 0, 2, to=101)
    assert [(a.start, a.stop) for a in space][:2] == [(100, 101), (103, 104)]


def test_a_source_that_is_kept_is_empty_and_unlocked() -> None:
    """A part of an area keeps its anon_vma, since the rest still needs it."""
    space = of((100, 104, "rw"))
    space.write_page(100)
    space.lock(100, 104)
    space.high = 1000
    assert space.remap(100, 2, 2, keep_source=True) == 998
    assert [(a.start, a.value.anon is None, "locked" in a.value.flags) for a in space] == [
        (100, False, False),
        (998, False, True),
    ]
    space.remap(100, 4, 4, to=200, keep_source=True)
    assert space.list[100].anon is None


def test_a_move_of_many_stops_at_one_that_may_only_move_alone() -> None:
    """Those before it have moved."""
    space = of((100, 104, "r"))
    space.create(106, 108, area(uffd="someone"))
    refused(EFAULT, space.remap, 100, 8, 8, to=200)
    assert [a.start for a in space] == [106, 200]
    space.remap(106, 2, 2, to=300)
    assert [a.start for a in space] == [200, 300]


# ---- where there is room -------------------------------------------------------------------------


def test_a_hint_is_taken_if_it_fits_between_the_guard_gaps() -> None:
    """Else there is a search, downwards."""
    space = AddressSpace(high=10_000)
    space.map(10, "rw", at=5000, how="fixed", flags={"growsdown"})
    space.map(10, "rw", at=3000, how="fixed", flags={"growsup"})
    assert space.find(4, hint=6000) == 6000
    assert space.find(4, hint=5000 - GUARD - 4) == 5000 - GUARD - 4
    for hint in (5000 - GUARD - 3, 3010 + GUARD - 1, 5009, MINIMUM - 1, TOP - 3):
        assert space.find(4, hint=hint) == 9996
    assert space.map(4, "r", at=6000) == 6000


def test_a_search_leaves_guard_gaps_free() -> None:
    """Downwards past a stack, upwards past what grows up."""
    space = AddressSpace(low=3000, high=5000)
    space.map(10, "rw", at=5000, how="fixed", flags={"growsdown"})
    assert space.find(4) == 5000 - GUARD - 4
    up = AddressSpace(low=3000, upward=True)
    up.map(10, "rw", at=2990, how="fixed", flags={"growsup"})
    assert up.find(4) == 3000 + GUARD
    up.map(10, "rw", at=4000, how="fixed", flags={"growsdown"})
    assert up.find(900) == 4010
    # Only one side is looked at: behind the hole there is a stack now.
    assert up.find(4) == 3000
    assert AddressSpace(low=3000, high=5000, upward=True).find(4, start_gap=7) == 3007


def test_a_search_downwards_minds_what_grows_up_below_the_hole() -> None:
    """The hole is too small for both, so it goes on below."""
    space = AddressSpace(high=3100)
    space.map(10, "rw", at=3000, how="fixed", flags={"growsup"})
    assert space.find(4) == 2996


def test_a_stack_near_the_bottom_leaves_no_room_below_it() -> None:
    """So the search goes on above."""
    space = AddressSpace(high=116)
    space.map(10, "rw", at=116, how="fixed", flags={"growsdown"})
    assert space.find(4) == 126


def test_a_search_that_finds_nothing_below_looks_above() -> None:
    """And gives up when there is nothing either."""
    space = AddressSpace(low=3000, high=MINIMUM + 3)
    assert space.find(4) == 3000
    refused(ENOMEM, space.find, TOP)


@given(
    st.sets(st.integers(0, 60)),
    st.integers(1, 8),
    st.sampled_from([1, 2, 4, 8]),
    st.integers(0, 7),
    st.booleans(),
)
def test_a_search_finds_the_hole_that_is_long_enough_in_any_case(
    used: set[int], pages: int, align: int, offset: int, upward: bool
) -> None:
    """A hole that is just right may be passed over, as the kernel does."""
    space = AddressSpace(low=LOW, high=LOW + 61, upward=upward)
    space.create(MINIMUM, LOW, area("x"))
    space.create(LOW + 61, TOP, area("x"))
    for page in used:
        space.create(LOW + page, LOW + page + 1, area())
    want = pages + align - 1
    starts = [
        at
        for at in range(LOW, LOW + 61 - want + 1)
        if not any(at - LOW + i in used for i in range(want))
    ]
    if not starts:
        refused(ENOMEM, space.find, pages, align=align, offset=offset)
        return
    found = space.find(pages, align=align, offset=offset)
    hole = min(starts) if upward else max(starts)
    assert hole <= found <= hole + align - 1
    assert (found - offset) % align == 0


# ---- pages against a plain table -----------------------------------------------------------------

SIZE = 24
CALLS = st.lists(
    st.tuples(
        st.sampled_from(["map", "unmap", "protect", "move", "write", "fork"]),
        st.integers(0, SIZE - 1),
        st.integers(1, 8),
        st.sampled_from(["r", "rw", "x"]),
        st.integers(0, SIZE - 1),
        st.booleans(),
    ),
    max_size=25,
)


@given(CALLS)
def test_each_page_is_what_a_table_of_pages_says(
    calls: list[tuple[str, int, int, str, int, bool]],
) -> None:
    """Whatever is merged and cut, a page keeps its access and its place in its file."""
    space = AddressSpace()
    file = SharedMemory(7)
    table: dict[int, tuple[str, int | None]] = {}
    for kind, at, length, access, to, backed in calls:
        start, stop, target = LOW + at, LOW + at + length, LOW + to
        window = range(start, stop)
        try:
            if kind == "map":
                source = file if backed else None
                space.map(length, access, at=start, how="fixed", file=source, pgoff=to)
                table |= {page: (access, page - start + to if backed else None) for page in window}
            elif kind == "unmap":
                space.unmap(start, stop)
                table = {page: what for page, what in table.items() if page not in window}
            elif kind == "protect":
                reached = next((page for page in window if page not in table), stop)
                table |= {page: (access, table[page][1]) for page in range(start, reached)}
                space.protect(start, stop, access)
            elif kind == "move":
                there = {page: table.pop(page) for page in window if page in table}
                if (stop > target and target + length > start) or start not in there:
                    table |= there
                else:  # where the source has a hole, the destination keeps what it has
                    table |= {page - start + target: what for page, what in there.items()}
                space.remap(start, length, length, to=target)
            elif kind == "write":
                space.write_page(start)
            else:
                space = space.fork()
        except OSError:
            assert kind in ("protect", "move")
        space.list.check()
        found = {
            page: (access, piece.value.pgoff + page - piece.start if piece.value.file else None)
            for piece in space.pieces(0, TOP)
            for access in ["".join(c for c in "rwx" if c in piece.value.flags)]
            for page in range(piece.start, piece.stop)
        }
        assert found == table


@given(CALLS, st.integers(1, 6))
def test_memory_that_runs_out_leaves_every_page_as_it_was_or_as_it_should_be(
    calls: list[tuple[str, int, int, str, int, bool]], good: int
) -> None:
    """Each reservation after some good ones fails once, wherever that is."""
    space = AddressSpace()
    left = [good]

    def reserve() -> None:
        left[0] -= 1
        if left[0] == 0:
            left[0] = good
            raise failure(ENOMEM, "for once")

    space.reserve = reserve
    for kind, at, length, access, _, _ in calls:
        start, stop = LOW + at, LOW + at + length
        before = dict(flags(space))
        try:
            if kind == "map":
                space.map(length, access, at=start, how="fixed")
            elif kind == "unmap":
                space.unmap(start, stop)
            else:
                space.protect(start, stop, access)
        except OSError:
            pass
        space.list.check()
        for page, value in flags(space):
            assert value & set("rwx") == set(access) or value == before[page]
        assert {p for p, _ in flags(space)} >= set(before) - set(range(start, stop))


def flags(space: AddressSpace) -> list[tuple[int, frozenset[str]]]:
    """Every page and its flags."""
    return [(p, a.value.flags) for a in space for p in range(a.start, a.stop)]
