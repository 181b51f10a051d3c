"""Extent maps against a dense row of bytes that knows where each byte lies on disk."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rangelist.models.extent_map import HOLE, ExtentMap, ExtentMapTree, FreeSpace
from rangelist.models.refused import LIMIT, RefusedError

# A busy machine is no failure.
CALM = settings(max_examples=80)
TOP = 24
BYTE = st.integers(0, TOP - 1)
LENGTH = st.integers(1, 10)
FLAGS = st.sampled_from([(), (), (), ("PINNED",), ("COMPRESSED",), ("PREALLOC",)])
# Disk places that often continue: the same distance from the file offset.
DISK = st.sampled_from([HOLE, 1000, 2000])
CALL = st.tuples(
    st.sampled_from(["add", "insert", "replace", "drop", "skip", "unpin"]),
    BYTE, LENGTH, DISK, FLAGS, BYTE, st.booleans(),
)  # fmt: skip


def byte(disk, flags):
    """Return what the row keeps of a byte."""
    return disk, frozenset(flags) - {"MERGED"}


def row_of(tree):
    """Return the row that the maps of a tree say."""
    row = {}
    for node in tree.maps:
        em = node.value
        for i in range(node.start, node.stop):
            place = HOLE if em.disk < 0 else em.disk + em.offset + i - node.start
            row[i] = byte(place, em.flags)
    return row


def carried_out(tree, row, kind, start, length, disk, flags, wanted, modified):
    """Do a call on the tree and, byte by byte, on the row."""
    place = disk if disk < 0 else disk + start
    em = ExtentMap(place, length, length, 0, frozenset(flags), modified=modified)
    span = range(start, start + length)
    taken = [i for i in span if i in row]
    fresh = {i: byte(disk if disk < 0 else disk + i, flags) for i in span}
    if kind in ("insert", "add"):
        put(tree, row, kind, start, em, fresh, wanted if kind == "add" else None)
    elif kind == "replace":
        tree.replace(start, length, em)
        row |= fresh
    elif kind in ("drop", "skip"):
        tree.drop(start, start + length - 1, skip_pinned=kind == "skip")
        for i in taken:
            if kind == "drop" or "PINNED" not in row[i][1]:
                del row[i]
    else:
        unpinned(tree, row, start, length)


def put(tree, row, kind, start, em, fresh, wanted):
    """Insert a map, or add it because of a byte that is wanted."""
    free = not fresh.keys() & row.keys()
    if kind == "insert" and not free:
        with pytest.raises(RefusedError, match="EEXIST"):
            tree.insert(start, len(fresh), em)
    elif kind == "insert":
        tree.insert(start, len(fresh), em)
        row |= fresh
    elif not free and wanted not in row and wanted not in fresh:
        with pytest.raises(RefusedError, match="EINVAL"):
            tree.add(start, len(fresh), em, wanted)
    else:
        node = tree.add(start, len(fresh), em, wanted)
        assert free or node.start <= wanted < node.stop
        low = max((i + 1 for i in row if i < wanted), default=0)
        high = min((i for i in row if i > wanted), default=LIMIT)
        if free:
            row |= fresh
        elif wanted not in row:
            row |= {i: at for i, at in fresh.items() if low <= i < high}


def unpinned(tree, row, start, length):
    """Unpin the map at `start`, or see why not."""
    found = tree.lookup(start, length)
    if found is None or found.start != start:
        with pytest.raises(RefusedError, match="ENOENT" if found is None else "EUCLEAN"):
            tree.unpin(start, length, 7)
        return
    for i in range(start, found.stop):
        row[i] = byte(row[i][0], row[i][1] - {"PINNED"})
    assert tree.unpin(start, length, 7).value.generation == 7


@CALM
@given(st.lists(CALL, max_size=12))
def test_every_byte_stays_where_it_is_on_disk(calls):
    """Whatever is cut, trimmed, joined, pinned or replaced."""
    tree, row = ExtentMapTree(), {}
    for call in calls:
        carried_out(tree, row, *call)
        assert row_of(tree) == row
        tree.maps.check()


@CALM
@given(st.lists(CALL, max_size=12))
def test_maps_that_continue_on_disk_are_one(calls):
    """No two touching maps are left that the rule would join."""
    tree, row = ExtentMapTree(), {}
    for call in calls:
        carried_out(tree, row, *call)
        assert tree.maps.is_canonical()


def one(disk=0, flags=(), **more):
    """Return a map of eight bytes at a place on disk."""
    return ExtentMap(disk, 8, 8, 0, frozenset(flags), **more)


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        (one(64), one(72), True),
        (one(64), one(80), False),
        (one(64), one(72, ["MERGED"]), True),
        (one(64, ["PREALLOC"]), one(72), False),
        (one(64, ["PINNED"]), one(72, ["PINNED"]), False),
        (one(64, ["LOGGING"]), one(72, ["LOGGING"]), False),
        (one(64, ["COMPRESS_ZSTD"]), one(72, ["COMPRESS_ZSTD"]), False),
        (one(64, modified=True), one(72), False),
        (one(64), one(72, users=1), False),
        (one(HOLE), one(HOLE), True),
        (one(HOLE), one(64), False),
        (one(64), one(HOLE), False),
    ],
)
def test_what_joins_and_what_does_not(left, right, joined):
    """Disk contiguity, flags but for the merged mark, and what keeps a map alone."""
    tree = ExtentMapTree()
    tree.insert(0, 8, left)
    tree.insert(8, 8, right)
    assert len(tree.maps) == (1 if joined else 2)


def test_the_joined_map_covers_both_on_disk_and_is_as_young_as_the_younger():
    """Its offset is where the left one began."""
    tree = ExtentMapTree()
    tree.insert(8, 8, ExtentMap(100, 32, 32, offset=16, generation=5))
    tree.insert(0, 8, ExtentMap(100, 16, 16, offset=8, generation=7))
    assert tree.maps.first.value == (100, 32, 32, 8, {"MERGED"}, 7, False, 0)


def test_what_is_left_of_a_map_being_logged_is_not_and_joins_its_neighbours():
    """Who logs the whole knows nothing of the parts."""
    tree = ExtentMapTree()
    tree.insert(0, 8, one(64))
    tree.insert(8, 24, ExtentMap(72, 24, 24, 0, frozenset({"LOGGING"})))
    tree.insert(32, 8, one(96))
    assert len(tree.maps) == 3
    tree.drop(16, 23)
    assert [(n.start, n.stop, n.value.offset) for n in tree.maps] == [(0, 16, 0), (24, 40, 16)]
    assert {flag for n in tree.maps for flag in n.value.flags} == {"MERGED"}


@pytest.mark.parametrize("order", [(0, 8), (8, 0)])
def test_joined_holes_keep_the_lengths_of_the_one_written_last(order):
    """They say nothing of a hole, so the kernel does not add them up."""
    tree = ExtentMapTree()
    for start in order:
        tree.insert(start, 8, ExtentMap(HOLE, 0, start + 1))
    assert [(n.start, n.stop, n.value.ram_length) for n in tree.maps] == [(0, 16, order[1] + 1)]


def test_search_prefers_what_is_there_then_what_follows_then_what_precedes():
    """Lookup wants an overlap."""
    tree = ExtentMapTree()
    assert tree.search(0, 8) is None
    tree.insert(8, 8, one(64))
    tree.insert(32, 8, one(128))
    assert [tree.search(at, 1).start for at in (8, 0, 20, 99)] == [8, 8, 32, 32]
    assert tree.lookup(20, 4) is None
    assert tree.lookup(20, LIMIT).start == 32


# ---- free space ---------------------------------------------------------------------------------


@CALM
@given(st.lists(st.tuples(st.booleans(), BYTE, LENGTH), max_size=12), BYTE, LENGTH)
def test_free_space_joins_on_all_sides_and_knows_its_sizes(calls, start, length):
    """Against a set of free units."""
    space, free = FreeSpace(), set()
    for adding, low, size in calls:
        units = set(range(low, low + size))
        free = free | units if adding else free - units
        (space.add if adding else space.remove)(low, size)
    assert [i for a, b in space.ranges() for i in range(a, b + 1)] == sorted(free)
    assert all(
        b + 1 < c for (_, b), (c, _) in zip(space.ranges(), space.ranges()[1:], strict=False)
    )
    sizes = [b - a + 1 for a, b in space.ranges()]
    assert space.sizes() == sorted(sizes, reverse=True)
    largest = space.largest()
    assert (largest and largest[1] - largest[0] + 1) == (max(sizes) if sizes else None)
    assert largest is None or largest in space.ranges()
    assert space.exists(start, length) == any(start <= i < start + length for i in free)
