"""The board as the page sees it: a JSON text in, a JSON text out."""

import doctest
import importlib
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from whiteboard.board import Board
from whiteboard.export import call_of
from whiteboard.rules import RULES
from whiteboard.script import OPS
from whiteboard.world import World

FOLDER = Path(__file__).parents[2] / "docs" / "whiteboard"


@pytest.fixture
def board():
    return Board()


def ask(board, do, **more):
    return json.loads(board.answer(json.dumps({"do": do, **more})))


def spans(view):
    return [tuple(node[1:]) for node in view["nodes"]]


@pytest.mark.parametrize("name", [p.stem for p in FOLDER.glob("*.py") if p.stem != "__init__"])
def test_the_examples_in_the_board_run(name):
    assert doctest.testmod(importlib.import_module(f"whiteboard.{name}")).failed == 0


def test_the_menu_names_every_verb_and_rule(board):
    menu = ask(board, "menu")
    assert menu["ops"].keys() == OPS.keys()
    assert [rule["id"] for rule in menu["rules"]] == list(RULES)
    assert menu["colours"] > 1
    assert ".rl" in menu["style"]


def test_what_is_typed_is_on_the_board(board):
    view = ask(board, "new", items="0-8 a\n[10, 18) b; 20 .. 24: c\n -5--2 d\n")["view"]
    assert spans(view) == [(-5, -2, "d"), (0, 8, "a"), (10, 18, "b"), (20, 24, "c")]
    assert view["bounds"][0] < -5
    assert view["bounds"][1] > 24


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        ({"do": "dance"}, "do is 'dance'"),
        ({"do": "new", "items": "0:8"}, "item '0:8', want start-stop value"),
        ({"do": "new", "items": "8-0 a"}, "start < stop"),
        ({"do": "new", "items": "0-8 a; 4-9 b"}, "[0, 8)"),
        ({"do": "new", "items": "", "rules": "NICE"}, "rules are 'NICE'"),
        ({"do": "scene", "name": "L22"}, "scene is 'L22'"),
        ({"do": "go", "at": 3}, "at is 3, want 0 to 0"),
        ({"do": "peek"}, "at is 1, want 0 to 0"),
        ({"do": "export", "kind": "png"}, "kind is 'png'"),
        ({"do": "open", "link": "x"}, "no link of the whiteboard"),
        ({"do": "play", "line": {"op": "split"}}, "no 'at'"),
        ({"do": "play", "line": {"op": "delete", "at": 9}}, "no node covers 9"),
        ({"do": "play", "line": {"op": "merge", "at": 0}}, "no node is on the left"),
        ({"do": "play", "line": {"op": "next", "name": "A"}}, "no walk is called 'A'"),
        ({"do": "rules", "rules": "HOOKS", "hooks": "def same(:"}, "hooks: SyntaxError"),
        ({"do": "rules", "rules": "HOOKS", "hooks": "x = 1"}, "hooks define nothing"),
        ({"do": "rules", "rules": "VMA", "hooks": ""}, "access is 'a'"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(board, request_, says):
    before = ask(board, "new", items="0-8 a")["view"]
    answer = json.loads(board.answer(json.dumps(request_)))
    assert says in answer["error"]
    assert ask(board, "go", at=0)["view"] == before


def test_a_preview_shows_the_edit_and_leaves_the_board(board):
    ask(board, "new", items="0-8 p; 8-20 m; 20-28 n")
    line = {"op": "transform", "start": 8, "stop": 12, "value": "p"}
    last = ask(board, "preview", line=line)["view"]["last"]
    assert last["name"] == "7 left part: P takes the head of M"
    assert [fate["says"] for fate in last["fates"]] == ["grows to [0, 12)", "shrinks to [12, 20)"]
    assert last["frames"][-1]["pieces"] == [[0, 12, "p"], [12, 20, "m"], [20, 28, "n"]]
    assert spans(ask(board, "go", at=0)["view"]) == [(0, 8, "p"), (8, 20, "m"), (20, 28, "n")]


def test_a_gesture_is_previewed_and_then_carried_out(board):
    ask(board, "new", items="0-8 a")
    gesture = {"op": "set", "begin": 11.9, "end": 8.2, "more": {"value": "a", "start": "77"}}
    seen = ask(board, "point", **gesture)["view"]
    done = ask(board, "point", play=True, **gesture)["view"]
    assert spans(seen) == spans(done) == [(0, 12, "a")]
    assert done["log"] == [{"call": "rl.set(8, 12, 'a')", "gave": "inserted, merged left"}]


def test_what_the_library_refuses_is_not_written_into_the_script(board):
    ask(board, "new", items="0-8 a")
    refused = ask(board, "play", line={"op": "insert", "start": 4, "stop": 9, "value": "b"})
    assert "[0, 8)" in refused["error"]
    assert ask(board, "go", at=0)["view"]["log"] == []


def test_undo_and_redo_run_fewer_and_more_lines(board):
    ask(board, "new", items="0-8 a")
    ask(board, "play", line={"op": "split", "at": 4})
    end = ask(board, "play", line={"op": "delete", "at": 0})["view"]
    assert spans(ask(board, "go", at=0)["view"]) == [(0, 8, "a")]
    assert spans(ask(board, "peek")["view"]) == [(0, 4, "a"), (4, 8, "a")]
    again = ask(board, "go", at=2)["view"]
    assert again["nodes"] == end["nodes"]
    assert again["link"] == end["link"]


def test_a_link_with_hooks_asks_first(board):
    hooks = "def same(left, right):\n    return True\n"
    link = ask(board, "new", items="0-8 1; 8-9 2", rules="HOOKS", hooks=hooks)["view"]["link"]
    stranger = Board()
    assert ask(stranger, "open", link=link) == {"ask": hooks}
    assert stranger.script.header["rules"] == "EQUAL"
    assert spans(ask(stranger, "open", link=link, trusted=True)["view"]) == [
        (0, 8, "1"),
        (8, 9, "2"),
    ]


def test_the_same_script_runs_under_another_policy(board):
    ask(board, "new", items="0-8 a")
    ask(board, "play", line={"op": "set", "start": 8, "stop": 12, "value": "a"})
    assert spans(ask(board, "rules", rules="NEVER")["view"]) == [(0, 8, "a"), (8, 12, "a")]
    assert spans(ask(board, "rules", rules="EQUAL")["view"]) == [(0, 12, "a")]


def test_walks_tell_where_they_stand_and_what_they_deliver_next(board):
    ask(board, "scene", name="L9")
    walk = ask(board, "go", at=4)["view"]["walks"][0]
    assert walk["extent"] == [20, 28]
    assert walk["status"] == ["moved left edge", "new value"]
    assert walk["rest"] == [[30, 38, "d"]]


def test_a_cursor_can_be_sent_and_turned_and_the_iterators_cannot(board):
    ask(board, "new", items="0-8 a; 10-18 b")
    for kind in ("cursor", "walk", "sweep"):
        ask(board, "play", line={"op": "walk", "name": kind, "kind": kind})
    ask(board, "play", line={"op": "seek", "name": "cursor", "at": 9})
    assert (
        ask(board, "play", line={"op": "prev", "name": "cursor"})["view"]["last"]["gave"]
        == "[0, 8) = a"
    )
    for kind in ("walk", "sweep"):
        for line in ({"op": "prev", "name": kind}, {"op": "seek", "name": kind, "at": 1}):
            assert f"found a {kind}, want a cursor" in ask(board, "play", line=line)["error"]
    view = ask(board, "play", line={"op": "drop", "name": "walk"})["view"]
    assert [walk["name"] for walk in view["walks"]] == ["cursor", "sweep"]


def test_a_bag_takes_what_a_bag_can_do(board):
    ask(board, "new", items="0-8 a; 4-12 b", rules="INTERVAL_TREE")
    view = ask(board, "play", line={"op": "delete", "at": 5})["view"]
    assert view["bag"]
    assert spans(view) == [(0, 8, "a")]
    assert "a bag has no 'set'" in ask(board, "play", line={
        "op": "set", "start": 0, "stop": 4, "value": "c"})["error"]  # fmt: skip
    assert "a bag has no 'sweep'" in ask(board, "play", line={
        "op": "walk", "name": "S", "kind": "sweep"})["error"]  # fmt: skip
    assert ask(board, "export", kind="python")["text"].count("bag") == 0


@pytest.mark.parametrize("name", RULES)
def test_every_sample_value_reads_back_as_it_is_shown(name):
    rules = RULES[name]
    for text in rules.samples:
        shown = rules.text(rules.value(text, 4))
        assert rules.value(shown, 4) == rules.value(text, 4)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("VMA", "rw lib@x", "offset is 'x'"),
        ("VMA", "rw later", "found 'later'"),
        ("EXTENT_MAP", "somewhere", "place is 'somewhere'"),
        ("EXTENT_MAP", "10+x", "place is"),
    ],
)
def test_a_value_that_the_rules_do_not_know_is_refused(board, name, text, says):
    assert says in ask(board, "new", items=f"0-8 {text}", rules=name)["error"]


def test_values_of_the_systems_keep_all_that_was_typed():
    area, extent = RULES["VMA"], RULES["EXTENT_MAP"]
    assert (
        area.text(area.value("rw lib@3 anon:A close forked", 0)) == "rw lib@3 anon:A close forked"
    )
    assert area.text(area.value("", 0)) == "-"
    assert extent.text(extent.value("hole PINNED", 0)) == "hole PINNED"
    assert extent.text(extent.value("8+2", 0)) == "8+2"


def test_a_picture_keeps_the_colours_of_the_board_and_is_well_formed(board):
    ask(board, "scene", name="part-right-full")
    view = ask(board, "go", at=1, width=700)["view"]
    root = ET.fromstring(view["last"]["picture"])
    assert root.get("width") == "700"
    assert "rl-2" in view["last"]["picture"]  # N is the third node
    ask(board, "scene", name="L15")
    text = ask(board, "export", kind="svg", width=1)["text"]
    assert ET.fromstring(text).get("width") == "280"
    assert "cursor A" in text
    ask(board, "scene", name="L13")
    assert {"cursor A", "sweep S"} <= set(
        re.findall(r"(?:cursor|sweep) [AS]", ask(board, "export", kind="svg")["text"])
    )


def test_a_hostile_value_is_only_text(board):
    evil = "<script>alert(1)</script>"
    view = ask(board, "new", items=f"0-8 {evil}")["view"]
    view = ask(board, "play", line={"op": "set", "start": 2, "stop": 4, "value": evil + "]]>"})[
        "view"
    ]
    assert "<script" not in view["last"]["picture"]


def test_every_verb_has_a_call_in_python():
    world = World({"rules": "EQUAL", "items": []})
    line = {"start": 1, "stop": 2, "value": "v", "at": 3, "by": 4, "to": 5, "name": "A"}
    for op, shape in OPS.items():
        wanted = {name: line[name] for name in shape.required}
        compile(call_of({"op": op, **wanted}, world), op, "exec")
