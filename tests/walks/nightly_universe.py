"""The larger universe, minutes long: 5 points, and every pair of operations with a step between.

Run by `make test-nightly`; not collected by default.
"""

import pytest

from walks.model import clip
from walks.test_universe import OPS, cases, places
from walks.universe import (
    Broken,
    Op,
    begun,
    build,
    changed,
    lists,
    open_sweep,
    open_walk,
    operations,
    plain,
    rest,
    show,
    stations,
    triple,
    try_cursors,
    try_walks,
)

OPENERS = {"walk": open_walk, "sweep": open_sweep}


@pytest.mark.parametrize("name", OPS)
def test_five_points_with(name):
    """Depth 1 over 5 points, all walks and cursors, all windows."""
    tried = 0
    for rows, op in cases(name, 5):
        for kind, opener in OPENERS.items():
            tried += try_walks(rows, op, places(rows, kind, 5), opener)
        both = [*places(rows, "cursor", 5), *places(rows, "turned cursor", 5)]
        tried += try_cursors(rows, op, both)
        rest.cache_clear()
    assert tried > 10_000


def few(op: Op) -> bool:
    """Choose the operations of depth 2 over 4 points: one new value, nothing written elsewhere."""
    return "a" not in op.args and "b" not in op.args and op.args[-1:] != (True,)


@pytest.mark.parametrize(("points", "name"), [(p, name) for p in (3, 4) for name in OPS])
def test_two_operations_with_a_step_between_or_none(points, name):
    """Depth 2: over 3 points every pair of operations; over 4 every pair of the fewer ones."""
    ops = [op for op in operations(points) if points == 3 or few(op)]
    tried = 0
    for rows in lists(points):
        for first in ops:
            if first.name == name:
                tried += sum(try_two(rows, first, second) for second in ops)
    assert tried > 10_000


def try_two(rows, first, second):
    """Walk, change, walk one step or none, change, walk to the end."""
    rl = build(rows, plain)
    walks = []
    for kind, opener in OPENERS.items():
        for reverse in (False, True):
            for at in stations(rows, (None, None), reverse, kind):
                if not at.over:
                    walks += [(at, step, begun(opener, rl, at)) for step in (False, True)]
    middle = changed(rl, rows, first)
    extents = []
    for at, step, walk in walks:
        extent = at.extent
        due = rest(at.kind, middle, at.window, at.reverse, extent)
        if step:
            got = [triple(item) for item in (next(walk, None),) if item is not None]
            if got != due[:1]:
                raise Broken(f"{show(rows)} | {first} | {at}: delivers {got}, owes {due[:1]}")
            extent = clip(tuple(got), at.window)[0][:2] if got else "over"
        extents.append(extent)
    after = changed(rl, middle, second)
    for (at, step, walk), extent in zip(walks, extents, strict=True):
        want = [] if extent == "over" else rest(at.kind, after, at.window, at.reverse, extent)
        got = list(map(triple, walk))
        if got != want:
            where = f"{show(rows)} | {first} | step {step} | {second} | {at}"
            raise Broken(f"{where}: delivers {got}, owes {want}")
    return len(walks)
