"""Gestures: what a drag or a press on the board means for each verb."""

import pytest
from whiteboard.gestures import line_of
from whiteboard.script import ScriptError
from whiteboard.world import Shape

BOARD = [Shape(1, 0, 8, "a"), Shape(2, 8, 20, "b"), Shape(3, 24, 30, "c")]


@pytest.mark.parametrize(
    ("op", "begin", "end", "line"),
    [
        ("set", 3.6, 11.7, {"start": 4, "stop": 12, "value": "v"}),
        ("set", 11.7, 3.6, {"start": 4, "stop": 12, "value": "v"}),
        ("remove", 1, 2, {"start": 1, "stop": 2}),
        ("split", 4, 5.2, {"at": 5}),
        ("replace", 0, 7.9, {"at": 7, "value": "v"}),
        ("delete", 0, 8, {"at": 8}),
        ("merge", 0, 3, {"at": 8}),
        ("merge", 0, 29, {"at": 8}),
        ("resize", 20.4, 22.6, {"at": 8, "stop": 23}),
        ("resize", 24.2, 22, {"at": 24, "start": 22}),
        ("resize", 8, 5, {"at": 0, "stop": 5}),
        ("resize", 8, 11, {"at": 8, "start": 11}),
        ("move", 25, 33, {"start": 24, "stop": 30, "to": 32}),
        ("shift", 10, 14, {"at": 10, "by": 4}),
        ("shift", 14, 10, {"at": 10, "by": -4}),
        ("clear", 3, 4, {}),
    ],
)
def test_a_gesture_is_a_line(op, begin, end, line):
    assert line_of(op, begin, end, BOARD, {"value": "v"}) == {"op": op, **line}


def test_options_of_the_form_go_along_and_its_keys_do_not():
    line = line_of("resize", 20, 22, BOARD, {"op": "set", "start": 3, "stop": 4, "value": "v"})
    assert line == {"op": "resize", "at": 8, "stop": 22}
    assert line_of("split", 3, 3, BOARD, {"keep": "right"})["keep"] == "right"


@pytest.mark.parametrize(
    ("op", "shapes", "says"),
    [
        ("paint", BOARD, "op is 'paint'"),
        ("delete", BOARD, "no node covers 22"),
        ("move", BOARD, "no node covers 22"),
        ("merge", BOARD[1:], "no two nodes touch"),
        ("resize", [], "no node is here"),
    ],
)
def test_a_gesture_that_meets_nothing_is_refused(op, shapes, says):
    with pytest.raises(ScriptError, match=says):
        line_of(op, 22, 22, shapes, {})
