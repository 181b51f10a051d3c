"""Every list over three points and every write on it: fates, steps and words agree with the list."""

from itertools import product

import pytest
from whiteboard.board import view_of
from whiteboard.script import Script
from whiteboard.words import case_of, fates_of, frames_of
from whiteboard.world import run

SPANS = [(a, b) for a in range(4) for b in range(a + 1, 4)]


def items():
    """Every way to fill three cells with a, b or nothing, equal neighbours joined."""
    for cells in product("ab.", repeat=3):
        made = []
        for at, value in enumerate(cells):
            if value == ".":
                continue
            if made and made[-1][1] == at and made[-1][2] == value:
                made[-1][1] = at + 1
            else:
                made.append([at, at + 1, value])
        yield made


def lines():
    for start, stop in SPANS:
        span = {"start": start, "stop": stop}
        for value in "ac":
            for op in ("set", "insert", "fill", "add", "transform"):
                yield {"op": op, **span, "value": value}
        yield {"op": "remove", **span}
        yield {"op": "coalesce", **span}
        yield {"op": "move", **span, "to": 5}
    for at in range(4):
        yield from ({"op": op, "at": at} for op in ("split", "merge", "delete"))
        yield {"op": "replace", "at": at, "value": "a"}
        yield {"op": "resize", "at": at, "stop": at + 1}
        yield {"op": "shift", "at": at, "by": 2}
        yield {"op": "shift", "at": at, "by": -1}
    yield {"op": "clear"}


@pytest.mark.parametrize("rules", ["EQUAL", "NEVER"])
def test_each_write_is_told_as_it_is(rules):
    for rows in items():
        script = Script({"rules": rules, "items": rows}, (), 0)
        for line in lines():
            world = run(script.then(line))
            done = world.done[-1]
            assert case_of(done) is not None
            if done.edit is None:
                assert done.after == done.before or done.error
                continue
            fates = fates_of(done.edit, world)
            gone = [fate.before for fate in fates if fate.before]
            made = [fate.after for fate in fates if fate.after]
            stayed = [shape for shape in done.before if shape not in gone]
            assert sorted(stayed + made, key=lambda shape: shape.start) == done.after, line
            merged = [fate for fate in fates if fate.kind == "merged"]
            assert {fate.into for fate in merged} <= {shape.id for shape in done.after}
            frames = frames_of(done.before, done.edit, world)
            assert frames[0].pieces == [shape[1:] for shape in done.before]
            assert frames[-1].pieces == [shape[1:] for shape in done.after], line


def test_a_view_tells_all_of_a_script_and_running_it_again_tells_the_same():
    script = Script({"rules": "EQUAL", "items": [[0, 2, "a"], [2, 3, "b"]]}, (), 0)
    for line in lines():
        longer = script.then({"op": "walk", "name": "A", "kind": "sweep"}).then(line)
        assert view_of(longer) == view_of(longer)
