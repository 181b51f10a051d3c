"""A comparison that raises, an interrupt: a step of a cursor is done or it is not (laws L2 to L4)."""

import sys

import pytest

from rangelist import COMPILED
from rangelist.ranges import RangeList


class Burst(Exception):
    """What the k-th comparison raises."""


class Fuse(int):
    """A whole number whose comparisons burn down a common fuse."""

    left = -1

    def __lt__(self, other):
        Fuse.left -= 1
        if Fuse.left == 0:
            raise Burst
        return int(self) < int(other)


F = Fuse
SPANS = [(0, 5, "a"), (5, 8, "b"), (10, 15, "c"), (20, 25, "d")]
WINDOWS = [(None, None), (0, 15), (3, 12), (None, 22), (7, None), (9, 9), (30, 40)]
MOVES = ["n", "p", "nn", "np", "npn", "nnpp", "nnnnnp", "pnn"]
CHANGES = {
    "nothing": lambda rl: None,
    "split": lambda rl: rl.split(F(12)),
    "remove": lambda rl: rl.remove(F(4), F(11)),
    "grow": lambda rl: rl.set(F(3), F(22), "z"),
    "clear": lambda rl: rl.clear(),
}


def made(window, reverse, moves, change):
    """Return a cursor after these steps, over a list that was changed then."""
    rl = RangeList((F(a), F(b), v) for a, b, v in SPANS)
    lo, hi = (None if key is None else F(key) for key in window)
    cursor = rl.cursor(lo, hi, reverse=reverse)
    for move in moves:
        cursor.next() if move == "n" else cursor.prev()
    change(rl)
    return rl, cursor


def rest(cursor, step):
    """Return the step, and what both directions give from there."""
    told = [step(cursor)]
    told += [cursor.extent, cursor.status, repr(cursor)]
    told += [tuple(node) for node in iter(cursor.next, None)]
    told += [tuple(node) for node in iter(cursor.prev, None)]
    return [tuple(told[0]) if told[0] is not None else None, *told[1:]]


STEPS = {
    "next": lambda cursor: cursor.next(),
    "prev": lambda cursor: cursor.prev(),
    "seek": lambda cursor: cursor.seek(F(11)),
}


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("name", CHANGES)
def test_a_step_whose_comparison_raises_has_not_been_taken(name, window, reverse):
    """Every comparison of every step raises once; taken again, the step and all after it are right."""
    bursts = 0
    for moves in ["", *MOVES]:
        for step in STEPS.values():
            want = rest(made(window, reverse, moves, CHANGES[name])[1], step)
            k = 0
            while True:
                k += 1
                rl, cursor = made(window, reverse, moves, CHANGES[name])
                before = cursor.extent, repr(cursor)
                Fuse.left = k
                try:
                    step(cursor)
                except Burst:
                    Fuse.left = -1
                    bursts += 1
                else:
                    Fuse.left = -1
                    break
                assert (cursor.extent, repr(cursor)) == before
                assert rest(cursor, step) == want
                rl.check()
    assert bursts or name == "clear" or window in ((9, 9), (30, 40))


@pytest.mark.skipif(COMPILED, reason="compiled code has no lines to stop at")
def test_an_interrupt_at_any_line_of_a_step_leaves_it_untaken_or_done():
    """As L20 says of a write: before or after."""
    nothing = CHANGES["nothing"]
    for moves in ("", "n", "nnp"):
        before = rest(made((3, 22), False, moves, nothing)[1], lambda cursor: None)
        after = rest(made((3, 22), False, moves + "n", nothing)[1], lambda cursor: None)
        for at in range(1, 300):
            _, cursor = made((3, 22), False, moves, nothing)
            left = at
            usual = sys.gettrace()

            def trace(frame, event, arg):
                nonlocal left
                if event == "line" and frame.f_code.co_filename.endswith(("cursor.py", "walk.py")):
                    left -= 1
                    if left == 0:
                        raise Burst
                return trace

            try:
                sys.settrace(trace)
                cursor.next()
            except Burst:
                pass
            finally:
                sys.settrace(usual)
            if left > 0:
                break
            assert rest(cursor, lambda cursor: None) in (before, after)
        assert 10 < at < 299
