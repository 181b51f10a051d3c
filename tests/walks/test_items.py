"""`items`: the element walk as plain tuples, with all its laws; and that every walk can be closed."""

import random

import pytest

from rangelist.policy import EQUAL, Policy
from rangelist.ranges import RangeList
from rangelist.walk import (
    items,
    sweep_backward,
    sweep_forward,
    walk_backward,
    walk_forward,
)

WALKS = {False: walk_forward, True: walk_backward}
CHANGES = [
    lambda rl, a, b, v: rl.set(a, b, v),
    lambda rl, a, b, v: rl.remove(a, b),
    lambda rl, a, b, v: rl.split((a + b) // 2),
    lambda rl, a, b, v: rl.add(a, b, v),
    lambda rl, a, b, v: rl.coalesce(a, b),
    lambda rl, a, b, v: rl.shift(a, 2),
    lambda rl, a, b, v: rl.clear() if a == 7 else None,
]


@pytest.mark.parametrize("reverse", [False, True])
def test_every_step_gives_what_the_walk_gives_whatever_happens_between(reverse):
    """Two walks of one list, step by step, one of them as tuples."""
    rnd = random.Random(12)
    for _ in range(400):
        rl = RangeList((x, x + rnd.randint(1, 4), rnd.choice("abc")) for x in range(0, 60, 4))
        lo, hi = rnd.choice([(None, None), (9, 44), (None, 30), (14, None), (5, 5)])
        walk = WALKS[reverse](rl._chain, lo, hi)
        plain = items(WALKS[reverse](rl._chain, lo, hi))
        while True:
            node, item = next(walk, None), next(plain, None)
            assert item == (None if node is None else (node.start, node.stop, node.value))
            assert item is None or type(item) is tuple
            if node is None:
                break
            for _ in range(rnd.randint(0, 2)):
                at = rnd.randrange(60)
                rnd.choice(CHANGES)(rl, at, at + rnd.randint(1, 9), rnd.choice("abc"))
        rl.check()


def test_an_item_is_read_when_it_is_delivered():
    """As a node's value would be; afterwards it does not change."""
    rl = RangeList([(0, 4, "a"), (6, 9, "b")])
    plain = items(walk_forward(rl._chain, None, None))
    first = next(plain)
    rl.replace(rl.first, "z")
    rl.replace(rl.last, "y")
    assert first == (0, 4, "a") and next(plain) == (6, 9, "y")


WINDOWS = [(None, None), (1, 8), (5, 5), (20, 30)]


@pytest.mark.parametrize("window", WINDOWS, ids=str)
def test_every_walk_can_be_closed_and_is_exhausted_then(window):
    """Before its first step, after it, twice, and over an empty window."""
    index = RangeList([(0, 4, "a"), (6, 9, "b")])._chain
    for steps in range(3):
        for walk in (
            walk_forward(index, *window),
            walk_backward(index, *window),
            sweep_forward(index, *window, EQUAL),
            sweep_backward(index, *window, EQUAL),
            items(walk_forward(index, *window)),
        ):
            for _ in range(steps):
                next(walk, None)
            walk.close()
            walk.close()
            assert next(walk, None) is None


def test_a_sweep_cuts_what_a_window_or_a_change_clips():
    """By the split hook, in both directions; every part fits its span."""
    cut = Policy(
        split=lambda piece, at: (piece.value[: at - piece.start], piece.value[at - piece.start :])
    )
    text = "abcdefghij"
    rl = RangeList([(0, 4, "abcd"), (4, 10, "efghij")], policy=cut)
    for start in range(11):
        for stop in range(start, 11):
            forward = (
                [p.value for p in sweep_forward(rl._chain, start, stop, cut)]
                if start < stop
                else []
            )
            backward = (
                [p.value for p in sweep_backward(rl._chain, start, stop, cut)]
                if start < stop
                else []
            )
            assert "".join(forward) == text[start:stop]
            assert backward == forward[::-1]
    ahead, back = (
        sweep_forward(rl._chain, None, None, cut),
        sweep_backward(rl._chain, None, None, cut),
    )
    assert next(ahead).value == "abcd" and next(back).value == "efghij"
    rl.set(2, 6, "WXYZ")
    assert [p.value for p in ahead] == ["YZ", "ghij"]
    assert [p.value for p in back] == ["WX", "ab"]
