"""A6.17, A6.18: long walks cost O(n log n) comparisons, keep nothing alive, and never recurse."""

import gc
import sys
from weakref import ref

import pytest
from core.sizes import by_size

from rangelist.ranges import RangeList
from walks import scale

N = by_size(20_000, 100_000, 100_000)


@pytest.mark.parametrize("scenario", scale.SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_many_nodes(scenario):
    """Two searches a step at most: 2.5 n log n, whatever the body does."""
    length, _, _ = scale.SCENARIOS[scenario]
    scale.run(scenario, N // length, factor=2.5)


def test_a_walk_that_nobody_disturbs_compares_nothing():
    """Identity is the fast path: a step is O(1)."""
    rl = scale.long_list(N)
    assert sum(1 for _ in rl) == sum(1 for _ in rl.walk(reverse=True)) == N
    assert sum(1 for _ in rl.sweep()) == sum(1 for _ in rl.sweep(reverse=True)) == N
    # A sweep compares each start with its frontier.  At its end a walk looks once more for what
    # may have been appended.
    assert scale.Key.count <= 2 * N + 4 * 40


@pytest.mark.parametrize("window", [(10, None), (None, N - 10), (10, N - 10)])
def test_a_windowed_walk_that_nobody_disturbs_compares_one_key_a_step(window):
    """With the far end of the window; a sweep also with its frontier, a cursor clips both ends."""
    rl = scale.long_list(N)
    for reverse in (False, True):
        for walk, most in [(rl.walk, 1), (rl.sweep, 3)]:
            scale.Key.count = 0
            seen = sum(1 for _ in walk(*window, reverse=reverse))
            assert seen == N - 10 * sum(end is not None for end in window)
            assert scale.Key.count <= most * N + 100
        cursor = rl.cursor(*window, reverse=reverse)
        scale.Key.count = 0
        while cursor.next() is not None:
            pass
        assert scale.Key.count <= 3 * N + 100


def test_the_fast_path_is_taken_while_other_places_change():
    """A change far behind costs the walk no comparison of its own."""
    rl = scale.long_list(N)
    walk = iter(rl)
    for _ in range(1000):
        next(walk)
    for _ in range(500):
        rl.delete(rl.first)
    scale.Key.count = 0
    for _ in range(1000):
        next(walk)
    assert scale.Key.count == 0


def test_no_walk_recurses():
    """Many nodes with room for 60 frames: walk, chunk, absorb, let go of it all."""
    usual = sys.getrecursionlimit()
    depth = 1
    frame = sys._getframe()
    while frame.f_back is not None:
        frame, depth = frame.f_back, depth + 1
    sys.setrecursionlimit(depth + 60)
    try:
        rl = scale.long_list(N)
        scale.merge_all_into_one(rl)
        scale.chunk_into_ten(scale.long_list(1000, 10))
        del rl
        gc.collect()
    finally:
        sys.setrecursionlimit(usual)


# ---- liveness -----------------------------------------------------------------------------------


class Value:
    """Lives as long as the node that holds it: a compiled node itself cannot be watched."""


@pytest.fixture
def watched():
    """Return a list of ten, and weak references to what its nodes hold."""
    rl = RangeList((i, i + 1, Value()) for i in range(10))
    return rl, [ref(node.value) for node in rl]


def alive(refs):
    """Return how many of the values are in memory."""
    gc.collect()
    return sum(value() is not None for value in refs)


WALKS = {
    "walk": lambda rl: rl.walk(),
    "reverse walk": lambda rl: rl.walk(reverse=True),
    "sweep": lambda rl: rl.sweep(),
    "reverse sweep": lambda rl: rl.sweep(reverse=True),
}


@pytest.mark.parametrize("name", WALKS)
def test_a_finished_walk_keeps_no_node(watched, name):
    """L18: neither what it has delivered, nor the list."""
    rl, refs = watched
    walk = WALKS[name](rl)
    for _ in walk:
        pass
    del _
    rl.clear()
    assert alive(refs) == 0
    assert next(walk, None) is None


@pytest.mark.parametrize("name", WALKS)
def test_a_walk_that_stands_still_keeps_the_one_node_that_it_stands_on(watched, name):
    """L17: as the loop variable does; the node is let go with the next step, or with the walk."""
    rl, refs = watched
    walk = WALKS[name](rl)
    for _ in range(3):
        next(walk)
    rl.clear()
    assert alive(refs) <= 1
    assert next(walk, None) is None
    assert alive(refs) == 0


@pytest.mark.parametrize("name", WALKS)
def test_a_walk_that_is_dropped_keeps_nothing(watched, name):
    """L17: abandoning a walk leaks nothing; closing one neither (A6.14)."""
    rl, refs = watched
    walks = [WALKS[name](rl) for _ in range(1000)]
    for walk in walks:
        next(walk)
    walks[0].close()
    assert next(walks[0], None) is None
    rl.clear()
    del walks, walk
    assert alive(refs) == 0


def test_a_cursor_keeps_the_value_that_it_delivered_last_and_no_other(watched):
    """L17: it holds a coordinate, and the value only to tell NEW_VALUE."""
    rl, refs = watched
    cursors = [rl.cursor() for _ in range(1000)]
    for cursor in cursors:
        cursor.next()
    rl.clear()
    assert alive(refs) == 1
    assert all(cursor.next() is None for cursor in cursors)
    for cursor in cursors:
        cursor.reset()
    assert alive(refs) == 0


def test_a_removed_node_dies_although_walks_go_on(watched):
    """A6.18: what is removed behind or ahead of a walk is kept by nobody."""
    rl, refs = watched
    walk, sweep, cursor = rl.walk(), rl.sweep(), rl.cursor()
    for _ in range(3):
        next(walk), next(sweep), cursor.next()
    rl.remove(0, 2)
    rl.remove(5, 9)
    assert alive(refs) == 4
    assert [node.start for node in walk] == [3, 4, 9]
