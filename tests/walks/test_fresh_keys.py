"""Walks over keys that are equal and never the same object: identity is only a fast path.

The universe has small ints, of which Python keeps one object each: there, `is` and `==` agree.
Here every key is made anew, as an int, a float or a fraction, near where a walk stands.
"""

import random
from contextlib import suppress
from fractions import Fraction

import pytest

from rangelist.errors import RangeListError
from rangelist.history import History
from rangelist.policy import EQUAL, NEVER
from rangelist.ranges import RangeList
from walks.model import clip, coverage_walk, element_walk, owed, turn_back

POINTS = 20


def rows_of(rl):
    return tuple((int(node.start), int(node.stop), node.value) for node in rl)


class Walker:
    """One walk, and the extent it delivered last."""

    def __init__(self, rl, kind, window, reverse, key):
        self.rl, self.kind, self.window, self.reverse = rl, kind, window, reverse
        ends = [None if end is None else key(end) for end in window]
        self.walk = getattr(rl, kind)(*ends, reverse=reverse)
        self.extent, self.rightward, self.over = None, not reverse, False

    def step(self, rng):
        """Make a step, backwards now and then if it can, and compare it with the law."""
        law = coverage_walk if self.kind == "sweep" else element_walk
        reverse, rightward = self.reverse, not self.reverse
        if self.kind == "cursor":
            forward = self.extent is None or rng.random() < 0.7
            rightward = forward != self.reverse
            turned = self.extent is not None and rightward != self.rightward
            # The law of a turn is told by the direction before it.
            law, reverse = (turn_back, rightward) if turned else (element_walk, not rightward)
        due = [] if self.over else owed(law, rows_of(self.rl), self.window, reverse, self.extent)
        if self.kind == "cursor":
            got = self.walk.next() if forward else self.walk.prev()
        else:
            got = next(self.walk, None)
        if got is None:
            assert due[:1] == []
            self.over = self.kind != "cursor"
            return
        row = (int(got.start), int(got.stop), got.value)
        assert row == due[0], f"{self.kind} {self.window} {self.reverse=} {self.extent=}"
        self.extent = clip((row,), self.window)[0][:2]
        self.rightward = rightward


def change(rl, history, rng, near, key):
    """Do one thing near a place; what is refused changes nothing."""
    lo = max(0, near + rng.randrange(-2, 3))
    hi = lo + rng.randrange(1, 5)
    value, node, keep = rng.choice("abc"), rl.at(near), rng.choice(["left", "right"])
    own = rng.choice([EQUAL, NEVER])
    kind = rng.randrange(12)
    with suppress(RangeListError):
        if kind < 3:
            rl.set(key(lo), key(hi), value, policy=own)
        elif kind == 3:
            rl.remove(key(lo), key(hi))
        elif kind == 4:
            rl.split(key(lo), keep=keep)
        elif kind == 5 and node is not None and node.next is not None:
            rl.merge(node, node.next, keep=keep)
        elif kind == 6 and node is not None:
            rl.resize(node, start=key(lo), stop=key(hi))
        elif kind == 7:
            rl.move(key(lo), key(hi), key(rng.randrange(POINTS)), overwrite=True)
        elif kind == 8:
            rl.shift(key(lo), key(rng.choice([-2, -1, 1, 2])))
        elif kind == 9:  # the same contents, all made of other objects
            rows = rows_of(rl)
            rl.clear()
            for start, stop, old in rows:
                rl.set(key(start), key(stop), old, policy=NEVER)
        elif kind == 10:
            rng.choice([history.undo, history.redo])()
        else:
            with suppress(KeyError), rl.transaction():
                rl.remove(key(lo), key(hi))
                rl.set(key(lo), key(lo + 1), value)
                raise KeyError


@pytest.mark.parametrize("limit", [4, 512])
@pytest.mark.parametrize("seed", range(4))
def test_every_step_is_what_its_law_says_of_keys_that_are_only_equal(seed, limit):
    """Six walks of all kinds in one list, a change near one of them, a step of any."""
    rng = random.Random(seed)

    def key(i):
        return rng.choice([int, float, Fraction])(i)

    for _ in range(100):
        rl = RangeList()
        rl._chain.limit = limit
        for lo in range(0, POINTS, 3):
            rl.set(key(lo), key(lo + rng.randrange(1, 4)), rng.choice("abc"), policy=NEVER)
        history = History(rl)
        windows = [(None, None), (None, None), (4, 15), (rng.randrange(9), None), (None, 12)]
        walkers = [
            Walker(rl, kind, rng.choice(windows), rng.random() < 0.5, key)
            for kind in ("walk", "walk", "sweep", "sweep", "cursor", "cursor")
        ]
        for _ in range(30):
            walker = rng.choice(walkers)
            if walker.extent is not None:
                change(rl, history, rng, rng.choice(walker.extent), key)
                rl.check()
            walker.step(rng)
