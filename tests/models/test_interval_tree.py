"""The interval tree against a plain list of intervals and a dense row of indices."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rangelist.models.interval_tree import IntervalTree, Span, double_spans
from rangelist.models.refused import MAX, RefusedError

# A busy machine is no failure.
CALM = settings(max_examples=80)
TOP = 30
PAIR = st.tuples(st.integers(0, TOP), st.integers(0, TOP))
SPAN = PAIR.map(sorted)
SPANS = st.lists(SPAN, max_size=8)


def tree_of(pairs):
    """Return a tree of intervals, each with its number as value."""
    tree = IntervalTree()
    return tree, [tree.insert(start, last, i) for i, (start, last) in enumerate(pairs)]


def dense_spans(cells, start, last):
    """Return the stretches of equal cells of a row that cover start … last."""
    spans = []
    for index in range(start, last + 1):
        if spans and spans[-1].used == cells[index]:
            spans[-1] = spans[-1]._replace(last=index)
        else:
            spans.append(Span(index, index, cells[index]))
    return spans


def cells_of(pairs, label=1):
    """Return for each index whether something covers it."""
    return [label * any(a <= i <= b for a, b in pairs) for i in range(TOP + 1)]


@CALM
@given(st.lists(PAIR, max_size=10), st.sets(st.integers(0, 9)), PAIR)
def test_queries_find_what_meets_them_by_start_then_insertion(pairs, removed, query):
    """Also reversed intervals and reversed queries, by the one comparison that the kernel makes."""
    tree, entries = tree_of(pairs)
    for i in removed:
        if i < len(entries):
            tree.remove(entries[i])
    start, last = query
    want = sorted(
        (a, i) for i, (a, b) in enumerate(pairs) if i not in removed and a <= last and start <= b
    )
    assert [(e.start, e.value) for e in tree.overlapping(start, last)] == want
    entry, got = tree.iter_first(start, last), []
    while entry is not None:
        got.append((entry.start, entry.value))
        entry = tree.iter_next(entry, start, last)
    assert got == want


@CALM
@given(SPANS, SPAN)
def test_spans_alternate_and_cover_the_window_exactly(pairs, window):
    """Touching and overlapping intervals are one used stretch."""
    tree, _ = tree_of(pairs)
    assert list(tree.spans(*window)) == dense_spans(cells_of(pairs), *window)


@CALM
@given(SPANS, SPAN, st.lists(st.integers(-1, TOP + 3), max_size=8))
def test_a_span_iterator_goes_on_and_ahead(pairs, window, jumps):
    """-1 is next; any other number goes there; beyond the end it is done for good."""
    tree, _ = tree_of(pairs)
    iterator = tree.span_iter(*window)
    cells = cells_of(pairs)
    want = dense_spans(cells, *window)[0]
    assert iterator.span == want
    for jump in jumps:
        got = iterator.next() if jump < 0 else iterator.advance(jump)
        if want is not None:
            index = want.last + 1 if jump < 0 else jump
            want = None if index > window[1] else dense_spans(cells, index, window[1])[0]
        assert got == want


@CALM
@given(SPANS, SPANS, SPAN)
def test_spans_of_two_trees_are_labelled_and_the_first_tree_counts(one, two, window):
    """0 is a hole in both, 1 the first tree, 2 only the second."""
    above, below = cells_of(one), cells_of(two, 2)
    both = [a or b for a, b in zip(above, below, strict=True)]
    got = list(double_spans(tree_of(one)[0], tree_of(two)[0], *window))
    assert got == dense_spans(both, *window)


@CALM
@given(st.lists(st.tuples(st.booleans(), SPAN), max_size=14))
def test_areas_never_overlap_and_are_only_removed_whole(calls):
    """EEXIST for what overlaps; ENOENT for nothing, or for a part: then nothing is removed."""
    tree, areas = IntervalTree(), []
    for adding, (start, last) in calls:
        met = [(a, b) for a, b in areas if a <= last and start <= b]
        whole = bool(met) and all(start <= a and b <= last for a, b in met)
        if adding and met:
            with pytest.raises(RefusedError, match="EEXIST"):
                tree.map_exclusive(start, last, None)
        elif adding:
            tree.map_exclusive(start, last, None)
            areas.append((start, last))
        elif whole:
            assert tree.unmap_contained(start, last) == sum(b - a + 1 for a, b in met)
            areas = [area for area in areas if area not in met]
        else:
            with pytest.raises(RefusedError, match="ENOENT"):
                tree.unmap_contained(start, last)
        assert sorted(areas) == [(e.start, e.last) for e in tree.overlapping(0, MAX)]


def test_unmapping_everything_of_an_empty_set_is_fine():
    """iommufd's unmap-all has nothing to complain of."""
    assert IntervalTree().unmap_contained(0, MAX) == 0


def test_the_ends_of_the_domain_are_ordinary():
    """0 and 2**64-1 can be covered, asked for and left."""
    tree, (low, high, _) = tree_of([(0, 0), (MAX, MAX), (5, 5)])
    assert [e.value for e in tree.overlapping(MAX, MAX)] == [1]
    assert [e.value for e in tree.overlapping(0, 0)] == [0]
    assert list(tree.spans(MAX - 1, MAX)) == [(MAX - 1, MAX - 1, 0), (MAX, MAX, 1)]
    tree.remove(high)
    tree.remove(low)
    assert tree.iter_first(6, MAX) is None
    assert repr(tree.iter_first(0, MAX)) == "<entry 5 … 5 = 2>"
