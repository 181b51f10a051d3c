"""Extent states against a dense row of bytes, their hooks against a list kept by hooks alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rangelist.models.extent_state import ALONE, ExistsError, ExtentStateTree, Hooks
from rangelist.models.refused import LIMIT, MAX, RefusedError

# A busy machine is no failure.
CALM = settings(max_examples=80)
TOP = 20
BYTE = st.integers(0, TOP)
SPAN = st.tuples(BYTE, BYTE).map(sorted)
PLAIN = st.frozensets(st.sampled_from(["DIRTY", "NEW", "BOUNDARY", "DELALLOC"]), min_size=1)
CALL = st.tuples(st.sampled_from(["set", "clear", "convert", "lock", "unlock"]), SPAN, PLAIN, PLAIN)


class Shadow(Hooks):
    """Keep the states from what the hooks are told; whatever does not fit fails."""

    def __init__(self):
        self.states = {}

    def told(self, state):
        assert self.states[state.start] == (state.stop, state.value)
        return self.states.pop(state.start)

    def set(self, state, flags):
        if state.value:
            self.told(state)
        assert not any(a < state.stop and state.start < b for a, (b, _) in self.states.items())
        self.states[state.start] = (state.stop, state.value | flags)

    def clear(self, state, flags):
        _, held = self.told(state)
        if held - flags:
            self.states[state.start] = (state.stop, held - flags)

    def split(self, state, at):
        _, held = self.told(state)
        assert state.start < at < state.stop
        self.states |= {state.start: (at, held), at: (state.stop, held)}

    def merge(self, new, other):
        assert self.told(new)[1] == self.told(other)[1]
        assert new.stop == other.start or other.stop == new.start
        start, stop = min(new.start, other.start), max(new.stop, other.stop)
        self.states[start] = (stop, new.value)


def carried_out(tree, cells, kind, span, flags, gone):
    """Do a call on the tree and, byte by byte, on the row."""
    start, last = span
    row = range(start, last + 1)
    if kind == "lock":
        held = [i for i in row if "LOCKED" in cells[i]]
        if held:
            with pytest.raises(ExistsError) as refusal:
                tree.set(start, last, {"LOCKED"})
            assert refusal.value.start == held[0]
        else:
            tree.set(start, last, {"LOCKED"})
        for i in range(start, held[0] if held else last + 1):
            cells[i] |= {"LOCKED"}
        return
    changed = {
        "set": lambda old: old | flags,
        "clear": lambda old: old - flags,
        "unlock": lambda old: old - {"LOCKED"},
        "convert": lambda old: (old | flags) - gone if old else flags,
    }[kind]
    if kind == "convert":
        tree.convert(start, last, flags, gone)
    elif kind == "set":
        moved = [i for i in row if not flags <= cells[i]]
        changes = tree.set_record(start, last, flags)
        assert sorted(i for a, b in changes.ranges for i in range(a, b + 1)) == moved
        assert changes.bytes == len(moved)
    else:
        lost = frozenset({"LOCKED"}) if kind == "unlock" else flags
        moved = [i for i in row if lost & cells[i]]
        changes = tree.clear_record(start, last, lost)
        assert sorted(i for a, b in changes.ranges for i in range(a, b + 1)) == moved
    for i in row:
        cells[i] = changed(cells[i])


def tree_and_row(calls):
    """Return a tree and the row after some calls."""
    tree, cells = ExtentStateTree(Shadow()), [frozenset() for _ in range(TOP + 1)]
    for call in calls:
        carried_out(tree, cells, *call)
        for i, flags in enumerate(cells):
            assert tree.states.get(i, frozenset()) == flags
        assert tree.states.is_canonical()
        tree.states.check()
        kept = {n.start: (n.stop, n.value) for n in tree.states}
        assert tree.hooks.states == kept
    return tree, cells


@CALM
@given(st.lists(CALL, max_size=10))
def test_writes_change_byte_by_byte_and_the_hooks_know_it_all(calls):
    """Flags, joins, locks, records; who only listens to the hooks has the same states."""
    tree, _ = tree_and_row(calls)
    for state in tree.states:
        following = state.next
        if following is not None and following.start == state.stop:
            assert following.value != state.value or state.value & ALONE


@CALM
@given(st.lists(CALL, max_size=6), SPAN, st.sampled_from([("DIRTY",), ("DIRTY", "NEW")]))
def test_questions_are_answered_byte_by_byte(calls, span, flags):
    """count, any and all over a range, the first match, the first clear stretch."""
    tree, cells = tree_and_row(calls)
    (start, last), wanted = span, frozenset(flags)
    full = [i for i in range(start, last + 1) if wanted <= cells[i]]
    assert tree.count_range(start, last, MAX, flags) == (len(full), full[0] if full else start)
    run = [i for n, i in enumerate(full) if i == full[0] + n]
    assert tree.count_range(start, last, MAX, flags, contiguous=True)[0] == len(run)
    held = ["DIRTY" in cells[i] for i in range(start, last + 1)]
    assert tree.has_any(start, last, "DIRTY") == any(held)
    assert tree.has_all(start, last, "DIRTY") == all(held)
    found = tree.find_first(start, flags)
    first = next((i for i in range(start, TOP + 1) if wanted & cells[i]), None)
    assert (found and max(found.start, start)) == first
    stretch = tree.find_first_clear(start, flags)
    assert stretch is not None
    assert all(not wanted & c for c in cells[stretch[0] : stretch[1] + 1])
    assert all(wanted & c for c in cells[start : stretch[0]])
    end = tree.states.last.stop - 1 if tree.states else MAX
    assert stretch[1] in (end, MAX) or wanted & cells[stretch[1] + 1]


@CALM
@given(st.lists(CALL, max_size=6), SPAN)
def test_try_lock_locks_all_or_undoes_its_own_part(calls, span):
    """What others hold is left alone."""
    tree, cells = tree_and_row(calls)
    free = all("LOCKED" not in cells[i] for i in range(span[0], span[1] + 1))
    before = {i: tree.states.get(i) for i in range(TOP + 1)}
    assert tree.try_lock(*span) is free
    if free:
        assert tree.has_all(*span, "LOCKED")
    else:
        assert {i: tree.states.get(i) for i in range(TOP + 1)} == before


def spans(tree):
    """Return the ends of all states."""
    return [(state.start, state.stop - 1) for state in tree.states]


def test_flags_that_begin_before_are_not_cut_when_they_are_all_there():
    """A lock keeps cuts apart, so one would show."""
    tree = ExtentStateTree()
    tree.set(0, 9, {"DIRTY", "LOCKED"})
    tree.set(5, 9, {"DIRTY"})
    assert spans(tree) == [(0, 9)]


def test_clearing_delalloc_clears_noreserve_and_the_special_flag_clears_all():
    """As the kernel does."""
    tree = ExtentStateTree()
    tree.set(0, 9, {"DELALLOC", "NORESERVE", "NEW"})
    tree.clear(0, 4, {"DELALLOC"})
    tree.clear(5, 9, {"CLEAR_ALL_BITS"})
    assert [tuple(state) for state in tree.states] == [(0, 5, {"NEW"})]


def test_find_contiguous_checks_only_the_first_state():
    """What touches it is taken along."""
    tree = ExtentStateTree()
    tree.set(10, 19, {"DIRTY"})
    tree.set(20, 29, {"NEW"})
    assert tree.find_contiguous(0, {"DIRTY"}) == (10, 29)
    assert tree.find_contiguous(20, {"DIRTY"}) is None


def test_a_contiguous_count_ends_where_the_flags_end():
    """At other flags as at a hole."""
    tree = ExtentStateTree()
    tree.set(0, 9, {"DIRTY"})
    tree.set(10, 19, {"NEW"})
    tree.set(20, 29, {"DIRTY"})
    assert tree.count_range(5, 29, MAX, {"DIRTY"}, contiguous=True) == (5, 5)
    assert tree.count_range(5, 29, MAX, {"DIRTY"}) == (15, 5)
    assert tree.count_range(5, 29, 3, {"DIRTY"}) == (5, 5)


def test_find_first_clear_ends_with_the_last_state_and_may_find_nothing():
    """An oddity of the kernel; beyond the last state it is the rest of the domain."""
    tree = ExtentStateTree()
    tree.set(10, 19, {"NEW"})
    assert tree.find_first_clear(0, {"DIRTY"}) == (0, 19)
    assert tree.find_first_clear(20, {"DIRTY"}) == (20, MAX)
    tree.set(0, MAX, {"DIRTY"})
    assert tree.find_first_clear(5, {"DIRTY"}) is None
    tree.clear(MAX, MAX, {"DIRTY"})
    assert tree.find_first_clear(5, {"DIRTY"}) == (MAX, MAX)


def test_a_search_for_a_clear_stretch_begins_again_at_0_where_all_is_set_to_the_end():
    """Positions wrap around in the kernel."""
    tree = ExtentStateTree()
    tree.set(0, MAX, {"DIRTY"})
    tree.clear(100, 100, {"DIRTY"})
    for start in (0, 100, 101, MAX):
        assert tree.find_first_clear(start, {"DIRTY"}) == (100, 100)


def test_a_question_about_a_range_the_wrong_way_round_finds_nothing_in_it():
    """The kernel does not look at a single state."""
    tree = ExtentStateTree()
    tree.set(0, 9, {"DIRTY"})
    assert tree.count_range(9, 3, MAX, {"DIRTY"}) == (0, 9)
    assert not tree.has_any(9, 3, "DIRTY")
    assert not tree.has_all(9, 3, "DIRTY")


def test_the_flag_that_asks_for_memory_is_taken_off_before_flags_are_compared():
    """What has all the other flags is not cut: a lock would keep the cut."""
    tree = ExtentStateTree()
    tree.set(0, 9, {"DIRTY", "LOCKED"})
    tree.set(5, 9, {"DIRTY", "NOWAIT"})
    assert spans(tree) == [(0, 9)]


def test_a_flag_that_is_not_stored_is_no_change_to_record():
    """Neither in a hole nor where something is."""
    tree = ExtentStateTree()
    tree.set(0, 9, {"DIRTY"})
    assert tree.set_record(0, 19, {"CLEAR_META_RESV"}) == (0, [])


def test_a_delalloc_range_is_whole_states_until_there_are_enough():
    """It stops at a hole, at a boundary, at other flags; and begins with what comes first."""
    tree = ExtentStateTree()
    tree.set(0, 9, {"DELALLOC"})
    tree.set(10, 19, {"DELALLOC", "NEW"})
    tree.set(20, 29, {"DELALLOC", "BOUNDARY"})
    tree.set(30, 39, {"NEW"})
    assert tree.find_delalloc_range(5, 10) == (0, 9)
    assert tree.find_delalloc_range(5, 11) == (0, 19)
    assert tree.find_delalloc_range(5, 99) == (0, 19)
    assert tree.find_delalloc_range(20, 99) == (20, 29)
    assert tree.find_delalloc_range(30, 99) is None
    assert tree.find_delalloc_range(40, 99) is None
    tree.set(60, 69, {"DELALLOC"})
    assert tree.find_delalloc_range(50, 99) == (60, 69)


def test_release_refuses_locks():
    """EBUSY while somebody holds one."""
    tree = ExtentStateTree()
    tree.set(0, 9, {"LOCKED"})
    with pytest.raises(RefusedError, match="EBUSY"):
        tree.release()
    tree.clear(0, 9, {"LOCKED"})
    tree.set(5, LIMIT - 1, {"DIRTY"})
    tree.release()
    assert spans(tree) == []
