"""The maple tree against a list of ranges kept the plain way, and its cursor against that list."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rangelist.models.maple import RESERVED, MapleTree
from rangelist.models.maple_cursor import MapleCursor
from rangelist.models.refused import MAX, RefusedError

# A busy machine is no failure.
CALM = settings(max_examples=80)
TOP = 24
INDEX = st.integers(0, TOP)
VALUE = st.sampled_from(["a", "b", RESERVED, None])


class Plain:
    """Ranges as (first, last, value) in a list; every rule is written out."""

    def __init__(self):
        self.ranges = []

    def store(self, first, last, value):
        kept = []
        for a, b, old in self.ranges:
            if a < first:
                kept.append((a, min(b, first - 1), old))
            if last < b:
                kept.append((max(a, last + 1), b, old))
            # What lies inside is gone; both parts of one that is cut in three are kept.
        if value is not None:
            kept.append((first, last, value))
        self.ranges = sorted(set(kept), key=lambda r: r[0])

    def taken(self, first, last):
        return any(a <= last and first <= b for a, b, _ in self.ranges)

    def at(self, index):
        return next((r for r in self.ranges if r[0] <= index <= r[1]), None)

    def tiles(self):
        """All ranges and holes."""
        tiles, low = [], 0
        for a, b, value in self.ranges:
            if low < a:
                tiles.append((low, a - 1, None))
            tiles.append((a, b, value))
            low = b + 1
        return tiles if low > MAX else [*tiles, (low, MAX, None)]

    def free(self, size, low, high):
        starts = range(low, high - size + 2)
        return [s for s in starts if not self.taken(s, s + size - 1)]


def ranges_of(tree):
    """Return what is in a tree."""
    return [(node.start, node.stop - 1, node.value) for node in tree.ranges]


SPAN = st.tuples(INDEX, INDEX).map(sorted)
STEP = st.one_of(
    st.tuples(st.just("store"), SPAN, VALUE),
    st.tuples(st.just("insert"), SPAN, VALUE),
    st.tuples(st.just("erase"), SPAN, VALUE),
)


def both(steps):
    """Carry out steps on a tree and on the plain list, comparing what they answer."""
    tree, plain = MapleTree(), Plain()
    for kind, (first, last), value in steps:
        if kind == "store":
            tree.store(first, last, value)
            plain.store(first, last, value)
        elif kind == "insert" and plain.taken(first, last):
            with pytest.raises(RefusedError, match="EEXIST"):
                tree.insert(first, last, value)
        elif kind == "insert":
            tree.insert(first, last, value)
            plain.store(first, last, value)
        else:
            found = plain.at(first)
            assert tree.erase(first) is (found and found[2])
            plain.ranges = [r for r in plain.ranges if r is not found]
        assert ranges_of(tree) == plain.ranges
    return tree, plain


@CALM
@given(st.lists(STEP, max_size=12))
def test_writes_leave_what_the_plain_list_has(steps):
    """Store cuts, insert refuses, erase takes a whole range; nothing is ever joined."""
    tree, plain = both(steps)
    tree.ranges.check()
    for index in range(TOP + 2):
        found = plain.at(index)
        value = found[2] if found else None
        assert tree.load(index) == (None if value is RESERVED else value)
        assert next(t for t in plain.tiles() if t[0] <= index <= t[1]) == tree.slot(index)


@CALM
@given(st.lists(STEP, max_size=8), st.integers(-1, TOP + 2), INDEX, INDEX)
def test_gap_search_is_the_lowest_and_the_highest_free_run(steps, size, low, high):
    """Clipped to the window; EINVAL for what cannot be, EBUSY for what is not there."""
    tree, plain = both(steps)
    if low > high or not 0 < size <= high - low + 1:
        with pytest.raises(RefusedError, match="EINVAL"):
            tree.empty_area(size, low, high)
        return
    free = plain.free(size, low, high)
    if not free:
        for search in (tree.empty_area, tree.empty_area_rev):
            with pytest.raises(RefusedError, match="EBUSY"):
                search(size, low, high)
        return
    assert tree.empty_area(size, low, high) == free[0]
    assert tree.empty_area_rev(size, low, high) == free[-1]
    copy = tree.dup()
    assert tree.alloc_range(size, low, high, "new") == free[0]
    assert copy.alloc_rrange(size, low, high, "new") == free[-1]


@CALM
@given(st.lists(STEP, max_size=8), INDEX, INDEX)
def test_simple_reads_go_from_range_to_range(steps, index, limit):
    """find hides what is reserved; next and prev do not; none of them passes its limit."""
    tree, plain = both(steps)
    seen = [r for r in plain.ranges if r[1] >= index and r[0] <= limit and r[2] is not RESERVED]
    assert tree.find(index, limit) == (
        (seen[0][2], seen[0][1] + 1) if seen and index <= limit else (None, index)
    )
    assert tree.find_after(index, limit) == (tree.find(index, limit) if index else (None, 0))
    here = next(t for t in plain.tiles() if t[0] <= index <= t[1])
    later = [r[2] for r in plain.ranges if r[0] > here[1] and r[0] <= limit]
    low = limit if tree.form == "nodes" else 0
    earlier = [r[2] for r in plain.ranges if r[1] < here[0] and r[1] >= low]
    assert tree.next(index, limit) == (later[0] if later and index < limit else None)
    assert tree.prev(index, limit) == (earlier[-1] if earlier and index > limit else None)


# ---- the cursor ---------------------------------------------------------------------------------


@CALM
@given(st.lists(STEP, max_size=10), INDEX, st.booleans())
def test_finds_deliver_all_ranges_once_also_with_a_pause_after_each(steps, index, pause):
    """Forward from an index, and backward to it."""
    tree, plain = both(steps)
    cursor = MapleCursor(tree, index)
    got = []
    while (entry := cursor.find()) is not None:
        got.append((cursor.first, cursor.last, entry))
        if pause:
            cursor.pause()
    assert got == [r for r in plain.ranges if r[1] >= index]
    cursor.set(index)
    got = []
    while (entry := cursor.find_rev()) is not None:
        got.append((cursor.first, cursor.last, entry))
        if pause:
            cursor.pause()
    assert got == [r for r in reversed(plain.ranges) if r[0] <= index]


@CALM
@given(st.lists(STEP, max_size=10), st.lists(st.sampled_from(["next", "prev"]), max_size=12), INDEX)
def test_range_steps_stop_on_every_range_and_hole(steps, turns, index):
    """next_range and prev_range move by one tile; in a tree of nodes they turn without loss."""
    tree, plain = both(steps)
    tree.store(TOP + 2, TOP + 3, "end")  # so that it has nodes
    plain.store(TOP + 2, TOP + 3, "end")
    tiles = plain.tiles()
    at = next(i for i, tile in enumerate(tiles) if tile[0] <= index <= tile[1])
    cursor = MapleCursor(tree, index)
    cursor.walk()
    over = 0  # it has run over an end, and the next turn brings it back to where it stands
    for turn in turns:
        to = at + (1 if turn == "next" else -1)
        entry = cursor.next_range() if turn == "next" else cursor.prev_range()
        if not 0 <= to < len(tiles):
            over = 1 if turn == "next" else -1
            assert (entry, cursor.first, cursor.last) == (None, *tiles[at][:2])
            continue
        if over and tiles[at][2] is not None:
            to = at
        over = 0
        at = to
        assert (cursor.first, cursor.last, entry) == tiles[at]


@CALM
@given(st.lists(STEP, max_size=10), INDEX, INDEX, INDEX)
def test_a_limit_that_is_lifted_skips_nothing(steps, index, limit, later):
    """After overflow and underflow the walk goes on where it was stopped."""
    tree, plain = both(steps)
    tree.store(TOP + 2, TOP + 2, "end")
    plain.store(TOP + 2, TOP + 2, "end")
    ahead = [r[0] for r in plain.ranges if r[1] >= index]
    cursor = MapleCursor(tree, index)
    got = []
    for bound in (*sorted((limit, later)), MAX, MAX, MAX):
        while cursor.find(bound) is not None:
            got.append(cursor.first)
    assert got == ahead
    behind = [r[0] for r in reversed(plain.ranges) if r[0] <= index]
    cursor.set(index)
    got = []
    for bound in (*sorted((limit, later), reverse=True), 0, 0, 0):
        while cursor.find_rev(bound) is not None:
            got.append(cursor.first)
    assert got == behind


def three():
    """Return a tree of three ranges with holes around them."""
    tree = MapleTree()
    for first, value in ((10, "a"), (30, "b"), (50, "c")):
        tree.store(first, first + 9, value)
    return tree


def place(cursor):
    """Return where a cursor stands and in which state."""
    return cursor.first, cursor.last, cursor.state


def test_next_at_its_limit_stays_and_prev_then_delivers_where_it_stands():
    """No range is lost at the turning point."""
    cursor = MapleCursor(three(), 10)
    assert cursor.find() == "a"
    assert cursor.next(19) is None
    assert place(cursor) == (10, 19, "overflow")
    assert cursor.prev() == "a"
    assert cursor.next(19) is None
    assert cursor.next(25) is None
    assert place(cursor) == (20, 29, "overflow")
    assert cursor.next(35) == "b"
    assert cursor.next(45) is None
    assert place(cursor) == (40, 49, "overflow")
    assert cursor.prev() == "b"
    assert cursor.prev(30) is None
    assert cursor.state == "underflow"
    assert cursor.next(39) is None
    assert cursor.prev(30) is None
    assert cursor.next(40) == "b"
    assert cursor.next() == "c"
    assert cursor.next() is None
    assert cursor.prev() == "c"
    assert cursor.prev(10) == "b"


def test_prev_at_its_limit_and_a_lower_limit_later():
    """An underflow ends when the limit is lowered."""
    cursor = MapleCursor(three(), 55)
    assert cursor.prev(45) is None
    assert place(cursor) == (40, 49, "underflow")
    assert cursor.prev(25) == "b"
    assert cursor.prev_range(25) is None
    assert place(cursor) == (20, 29, "active")


def test_next_and_prev_after_a_pause_step_from_what_is_there_now():
    """They look the index up again, then step."""
    tree = three()
    cursor = MapleCursor(tree, 30)
    cursor.walk()
    cursor.pause()
    assert cursor.next() == "c"
    cursor.pause()
    assert cursor.prev() == "b"


def test_find_after_running_over_an_end_delivers_where_it_stands():
    """So does find_rev after a search that ran over its end."""
    cursor = MapleCursor(three(), 30)
    assert cursor.walk() == "b"
    assert cursor.next(35) is None
    assert cursor.find(36) is None
    assert cursor.find(99) == "b"
    assert cursor.prev(30) is None
    assert cursor.find(30) is None
    assert cursor.state == "overflow"
    assert cursor.prev(30) is None
    assert cursor.find(99) == "b"
    assert cursor.next(39) is None
    assert cursor.find_rev(30) is None
    assert cursor.state == "underflow"
    assert cursor.find_rev(10) == "a"


def test_the_range_forms_of_find_stop_on_holes_after_the_first_look():
    """In both directions."""
    cursor = MapleCursor(three(), 10)
    assert [cursor.find_range(), cursor.find_range(), cursor.find_range()] == ["a", None, "b"]
    assert [cursor.find_range_rev(), cursor.find_range_rev()] == [None, "a"]


def test_a_store_through_the_cursor_moves_the_walk_behind_it():
    """Storing 60-65 inside 60-69 makes 66-69 come next."""
    tree = MapleTree()
    tree.store(60, 69, "a")
    cursor = MapleCursor(tree, 60)
    assert cursor.find() == "a"
    cursor.set_range(60, 65)
    assert cursor.store("b") == "a"
    assert place(cursor) == (60, 65, "active")
    assert cursor.find() == "a"
    assert (cursor.first, cursor.last) == (66, 69)


def test_erasing_through_the_cursor_stands_on_the_whole_hole():
    """Its neighbouring holes included; nothing to erase is a look."""
    cursor = MapleCursor(three(), 35)
    assert cursor.erase() == "b"
    assert place(cursor) == (20, 49, "active")
    assert cursor.erase() is None
    assert place(cursor) == (20, 49, "active")
    cursor.reset()
    assert cursor.state == "start"


def single():
    """Return a tree that the kernel holds as a bare pointer."""
    tree = MapleTree()
    tree.store(0, 0, "only")
    return tree


@pytest.mark.parametrize("pause", [False, True])
def test_a_single_entry_at_0_has_states_of_its_own(pause):
    """Behind it is nothing, before anything is it."""
    cursor = MapleCursor(single())

    def at(index):
        cursor.set(index)
        if pause:
            cursor.pause()

    at(0)
    assert cursor.prev() is None
    assert cursor.state == "underflow"
    at(10)
    assert cursor.prev() == "only"
    assert place(cursor) == (0, 0, "root")
    for index in (0, 10):
        at(index)
        assert cursor.next() is None
        assert place(cursor) == (1, MAX, "none")
    assert cursor.prev() == "only"
    at(10)
    assert cursor.find() is None
    assert place(cursor) == (1, MAX, "none")
    assert cursor.find_rev() == "only"
    assert place(cursor) == (0, 0, "root")
    assert cursor.find_rev() is None
    assert cursor.state == "none"
    assert cursor.next() is None
    assert place(cursor) == (0, 0, "root")


def test_find_delivers_a_single_entry_once():
    """Then there is nothing, however often one asks."""
    cursor = MapleCursor(single())
    assert cursor.find() == "only"
    assert cursor.state == "root"
    assert cursor.find() is None
    assert place(cursor) == (1, MAX, "none")
    assert cursor.find() is None
    assert MapleCursor(single(), 9).find(5) is None


def test_an_empty_tree_is_one_hole():
    """All steps say nothing and stand on it."""
    tree = MapleTree()
    cursor = MapleCursor(tree, 5)
    assert cursor.walk() is None
    assert place(cursor) == (0, MAX, "none")
    for step in (cursor.next, cursor.prev, cursor.find):
        cursor.set(5)
        assert step() is None
    cursor.set(5)
    assert cursor.find_rev() is None
    cursor.set(5)
    assert cursor.find_rev(9) is None


def test_a_tree_that_had_nodes_keeps_them_until_it_is_empty():
    """Then the states of a bare pointer do not apply."""
    tree = single()
    tree.store(5, 5, "b")
    tree.erase(5)
    cursor = MapleCursor(tree)
    assert cursor.find() == "only"
    assert cursor.state == "active"
    tree.erase(0)
    tree.store(0, 0, RESERVED)
    assert tree.form == "nodes"
    tree.erase(0)
    tree.store(0, 0, "x")
    assert tree.form == "root"


def test_nodes_stay_when_nothing_fills_the_only_slot():
    """One range over the whole domain leaves an empty node; several slots leave nothing."""
    tree = MapleTree()
    tree.store(0, MAX, "all")
    tree.erase(7)
    assert (len(tree.ranges), tree.form) == (0, "nodes")
    tree.store(3, 4, None)
    assert tree.form == "nodes"
    tree.store(3, 4, "a")
    tree.store(0, MAX, None)
    assert tree.form == "none"


def test_clearing_a_tree_without_nodes_through_the_cursor_moves_no_bounds():
    """There is no slot to take them from: only the state tells what the tree was."""
    cursor = MapleCursor(MapleTree())
    cursor.set_range(2, 9)
    assert cursor.erase() is None
    assert place(cursor) == (2, 9, "none")
    assert cursor.store(None) is None
    assert place(cursor) == (2, 9, "none")
    cursor = MapleCursor(single())
    cursor.set_range(2, 9)
    assert cursor.erase() is None
    assert place(cursor) == (2, 9, "root")
    cursor.set_range(0, 9)
    assert cursor.store(None) == "only"
    assert place(cursor) == (0, 9, "root")


def test_erasing_a_single_entry_through_the_cursor_stands_on_index_0():
    """That is all there was, whatever range the cursor was sent to."""
    cursor = MapleCursor(single())
    cursor.set_range(0, 9)
    assert cursor.erase() == "only"
    assert place(cursor) == (0, 0, "root")


def test_next_after_a_search_backward_in_an_empty_tree_stands_behind_index_0():
    """The search stands on index 0 as if there were an entry."""
    cursor = MapleCursor(MapleTree())
    assert cursor.find_rev() is None
    assert place(cursor) == (0, 0, "root")
    assert cursor.next() is None
    assert place(cursor) == (1, MAX, "none")


def test_a_cursor_on_a_single_entry_goes_on_when_the_tree_has_grown():
    """What was stored behind its back is delivered."""
    tree = single()
    cursor = MapleCursor(tree)
    assert cursor.find() == "only"
    tree.store(5, 6, "b")
    assert cursor.next() == "b"
    assert place(cursor) == (5, 6, "active")


def test_a_cursor_that_its_limit_stops_takes_the_bounds_of_what_is_there_now():
    """What was stored behind its back is seen in both directions, delivered or not."""
    tree = three()
    cursor = MapleCursor(tree, 30)
    cursor.walk()
    tree.store(25, 45, "x")
    assert cursor.prev(28) is None
    assert place(cursor) == (25, 45, "underflow")
    cursor.walk()
    tree.store(40, 55, "y")
    tree.store(44, 48, "z")
    assert cursor.next(47) is None
    assert place(cursor) == (44, 48, "overflow")


def test_a_store_through_the_cursor_returns_what_its_first_index_held():
    """Not what it met further on."""
    cursor = MapleCursor(three())
    cursor.set_range(5, 35)
    assert cursor.store("x") is None
    cursor.set_range(36, 59)
    assert cursor.store(None) == "b"
    assert place(cursor) == (36, MAX, "active")


def test_a_single_entry_is_before_every_index_whatever_the_limit():
    """Without nodes there is no step that the limit could stop; with them there is."""
    tree = single()
    assert tree.prev(20, 10) == "only"
    assert tree.prev(10, 10) is None
    assert MapleCursor(tree, 20).prev(10) == "only"
    tree.store(50, 50, "b")
    assert tree.prev(20, 10) is None
    assert MapleCursor(tree, 20).prev(10) is None


# ---- the rest -----------------------------------------------------------------------------------


@CALM
@given(st.lists(st.integers(0, 7), max_size=6), st.integers(0, 12), st.integers(1, 12))
def test_cyclic_allocation_goes_round(taken, following, count):
    """Each index is the first free one from the pointer on, then from the low end."""
    tree, free = MapleTree(), set(range(8)) - set(taken)
    for index in set(taken):
        tree.store(index, index, "old")
    for _ in range(count):
        ahead = sorted(i for i in free if i >= following)
        if not free:
            with pytest.raises(RefusedError, match="EBUSY"):
                tree.alloc_cyclic(0, 7, following, "new")
            return
        want = ahead[0] if ahead else min(free)
        got = tree.alloc_cyclic(0, 7, following, "new")
        assert got == (want, want + 1, not ahead)
        free.remove(want)
        following = want + 1


def test_cyclic_allocation_remembers_that_it_passed_the_highest_index():
    """The next one says that it came round, though nothing was searched twice."""
    tree = MapleTree()
    assert tree.alloc_cyclic(2, MAX, MAX - 1, "a") == (MAX - 1, MAX, False)
    assert tree.alloc_cyclic(2, MAX, MAX, "a") == (MAX, 0, False)
    assert tree.alloc_cyclic(2, MAX, 0, "a") == (2, 3, True)
    assert tree.alloc_cyclic(2, MAX, 3, "a") == (3, 4, False)


def test_allocation_needs_gap_tracking_and_a_real_entry():
    """EINVAL otherwise."""
    with pytest.raises(RefusedError, match="EINVAL"):
        MapleTree(gap_tracking=False).alloc_range(1, 0, 9, "a")
    with pytest.raises(RefusedError, match="EINVAL"):
        MapleTree().alloc_rrange(1, 0, 9, RESERVED)


def test_reversed_ranges_and_unlike_copies_are_refused():
    """EINVAL, and nothing has changed."""
    tree = three()
    for write in (tree.store, tree.insert):
        with pytest.raises(RefusedError, match="EINVAL"):
            write(5, 4, "x")
    with pytest.raises(RefusedError, match="EINVAL"):
        tree.dup(MapleTree(gap_tracking=False))
    with pytest.raises(RefusedError, match="EINVAL"):
        tree.dup(three())
    assert ranges_of(tree.dup(MapleTree())) == ranges_of(tree)


def test_a_tree_that_came_round_is_of_another_kind_than_a_fresh_one():
    """Its note of that is copied into a tree that `dup` makes, and refused by one that is given."""
    tree = MapleTree()
    tree.alloc_cyclic(0, MAX, MAX, "a")
    with pytest.raises(RefusedError, match="EINVAL"):
        tree.dup(MapleTree())
    assert tree.dup().alloc_cyclic(0, MAX, 0, "b") == (0, 1, True)
    assert tree.alloc_cyclic(0, MAX, 0, "b") == (0, 1, True)
    assert ranges_of(tree.dup(MapleTree())) == ranges_of(tree)


def test_the_whole_space_is_one_range():
    """0 … 2**64-1 inclusive, and one index out of its middle."""
    tree = MapleTree()
    tree.store(0, MAX, "all")
    tree.store(7, 7, None)
    assert ranges_of(tree) == [(0, 6, "all"), (8, MAX, "all")]
    assert tree.find(MAX) == ("all", 0)
    assert repr(RESERVED) == "RESERVED"
