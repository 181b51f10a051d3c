"""The exhaustive universe: every list over 3 points, every place, every operation, every window.

`.ci/run` does 4 points, `make test-nightly` 5, and every pair of operations.
"""

import pytest
from core.sizes import by_size

from walks.universe import (
    lists,
    open_sweep,
    open_walk,
    operations,
    stations,
    try_cursors,
    try_walks,
    windows,
)

POINTS = by_size(3, 4, 4)
CASES = by_size(40, 1000, 1000)  # of each operation at least
CURSORS = ("cursor", "turned cursor")
OPS = sorted({op.name for op in operations(POINTS)})


def places(rows, kind, points=POINTS, over=None):
    """Return every place of one kind of walk over these rows, in every window, both ways.

    Where values repeat, two windows: what merges by itself does not depend on who looks through.
    """
    alone = len({v for _, _, v in rows}) == len(rows)
    two = [(None, None), (1, points - 1)]
    return [
        at
        for window in ((over or windows(points)) if alone else two)
        for reverse in (False, True)
        for at in stations(rows, window, reverse, kind)
    ]


def cases(name, points=POINTS):
    """Yield every list over the points with every operation of that name."""
    ops = [op for op in operations(points) if op.name == name]
    for rows in lists(points):
        for op in ops:
            yield rows, op


@pytest.mark.parametrize("name", OPS)
def test_an_element_walk_delivers_what_its_law_says_after(name):
    """L1 to L12, L14, L15 for `walk`: every place in every window, both directions."""
    assert CASES < sum(
        try_walks(rows, op, places(rows, "walk"), open_walk) for rows, op in cases(name)
    )


@pytest.mark.parametrize("name", OPS)
def test_a_coverage_walk_delivers_what_its_law_says_after(name):
    """L13 for `sweep`: every place in every window, both directions."""
    assert CASES < sum(
        try_walks(rows, op, places(rows, "sweep"), open_sweep) for rows, op in cases(name)
    )


@pytest.mark.parametrize("name", OPS)
def test_a_cursor_says_what_happened_and_goes_on_either_way_after(name):
    """L1 to L12, L14, L15, L18, L19 for `cursor`: current, status, extent, next and prev.

    Five windows: open, half open, and one at each side.  `make test-nightly` takes all of them.
    """
    over = [(None, None), (1, None), (None, POINTS - 1), (0, 2), (POINTS - 2, POINTS)]
    assert CASES < sum(
        try_cursors(rows, op, [at for kind in CURSORS for at in places(rows, kind, over=over)])
        for rows, op in cases(name)
    )
