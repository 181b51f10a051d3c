"""A stack that is full at any depth leaves old or new contents, and no journal open."""

from __future__ import annotations

import sys

import pytest

from faults.situations import POLICIES, VERBS, WATCHES, N, Situation, Slow


def limited(room: int, situation: Situation) -> RecursionError | None:
    """Make the call with room for so many more calls."""
    depth, frame = 0, sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + room)
    try:
        situation.run()
    except RecursionError as error:
        return error
    finally:
        sys.setrecursionlimit(usual)
    return None


@pytest.mark.parametrize("keys", ["ints", "Python"])
@pytest.mark.parametrize("watch", WATCHES)
@pytest.mark.parametrize("verb", VERBS)
def test_a_full_stack_changes_nothing(verb, watch, keys):
    """At each depth: from where the call cannot begin to where it succeeds."""
    n = N if keys == "ints" else Slow(N)
    for name in ("EQUAL", "JOINS")[: 1 if verb.startswith("bag") else 2]:
        situation = Situation(verb, watch, POLICIES[name], n)
        situation.run()
        new = situation.rows()
        room, fine = 12, 0  # (pytest and C functions take some, too)
        while fine < 3 and room < 150:
            situation = Situation(verb, watch, POLICIES[name], n)
            error = limited(room, situation)
            fine = 0 if error else fine + 1
            assert situation.verdict(new, error is not None) == ("old" if error else "new"), room
            room += 1
        assert fine == 3
