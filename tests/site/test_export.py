"""What is taken home: each file is run by what it is made for."""

import json
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from whiteboard.export import EXPORTS
from whiteboard.scenes import SCENES
from whiteboard.script import Script, ScriptError, check_script

ROOT = Path(__file__).parents[2]
every_scene = pytest.mark.parametrize("scene", SCENES.values(), ids=lambda scene: scene.id)


def whole(scene):
    return scene.script._replace(at=len(scene.script.lines))


def script(*lines, rules="EQUAL", items=((0, 8, "a"), (10, 18, "b"))):
    header = {"rules": rules, "items": [list(item) for item in items]}
    return check_script({"header": header, "lines": list(lines), "at": len(lines)})


@every_scene
def test_the_python_test_of_a_scene_passes(scene):
    names = {"__name__": "taken_home"}
    exec(compile(EXPORTS["python"](whole(scene)), scene.id, "exec"), names)
    names["test_script"]()


def test_a_python_test_fails_where_the_library_does_something_else():
    text = EXPORTS["python"](script({"op": "set", "start": 8, "stop": 10, "value": "a"}))
    names = {}
    exec(text.replace("rl.set(8, 10, 'a')", "rl.set(8, 9, 'a')"), names)
    with pytest.raises(AssertionError):
        names["test_script"]()


def test_the_traces_of_all_scenes_are_right_by_the_oracle(tmp_path):
    """As a user would run them, in one file."""
    file, traces = tmp_path / "scenes.jsonl", []
    for scene in SCENES.values():
        with suppress(ScriptError):  # rules that have no name in a trace
            traces.append(EXPORTS["trace"](whole(scene)))
    file.write_text("".join(traces), encoding="utf-8")
    command = [sys.executable, "-m", "rangelist.oracle", "run", "--impl", "rangelist:RangeList"]
    done = subprocess.run([*command, file], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(traces) > 30


def test_a_trace_says_every_verb_that_the_oracle_knows():
    lines = [
        {"op": "set", "start": 0, "stop": 30, "value": "a"},
        {"op": "split", "at": 10, "keep": "right"},
        {"op": "merge", "at": 10},
        {"op": "transform", "start": 4, "stop": 8, "value": "b", "gaps": "raise"},
        {"op": "walk", "name": "A", "kind": "sweep", "reverse": True, "start": 2, "stop": 40},
        {"op": "walk", "name": "B", "horizon": "fixed"},
        {"op": "walk", "name": "C", "kind": "cursor", "horizon": "fixed"},
        {"op": "walk", "name": "D", "kind": "cursor"},
        {"op": "drop", "name": "D"},
        {"op": "seek", "name": "C", "at": 6},
        {"op": "next", "name": "C"},
        {"op": "resize", "at": 0, "stop": 3},
        {"op": "shift", "at": 3, "by": 2},
        {"op": "coalesce", "start": 0, "stop": 50},
        {"op": "move", "start": 0, "stop": 2, "to": 90, "overwrite": True},
        {"op": "clear"},
    ]
    text = EXPORTS["trace"](script(*lines))
    wants = [json.loads(line).get("want", {"ok": None}) for line in text.splitlines()]
    assert all("ok" in want for want in wants), text


@pytest.mark.parametrize("kind", ["trace", "c"])
def test_what_has_no_name_elsewhere_is_refused(kind):
    with pytest.raises(ScriptError, match="rules IDENTITY"):
        EXPORTS[kind](script(rules="IDENTITY"))


def test_a_trace_cannot_keep_equal_items_apart_and_c_can():
    touching = script(items=[(0, 8, "a"), (8, 9, "a")])
    with pytest.raises(ScriptError, match="equal items apart that touch"):
        EXPORTS["trace"](touching)
    assert "[0, 8)=a [8, 9)=a" not in EXPORTS["c"](touching)  # nothing is done, nothing is shown


# ---- C -------------------------------------------------------------------------------------------

CC = shutil.which("cc")
needs_cc = pytest.mark.skipif(CC is None, reason="no C compiler on this machine")


def compiled(text, folder):
    """Compile a C test with the header of the examples, run it, return what it prints."""
    (folder / "test.c").write_text(text, encoding="utf-8")
    flags = [
        "-Wall",
        "-Wextra",
        "-Werror",
        "-Wno-unused-function",
        "-Wno-unused-parameter",
        "-I",
        ROOT / "c",
    ]
    subprocess.check_call([CC, *flags, "-o", folder / "test", folder / "test.c"])
    return subprocess.run([folder / "test"], capture_output=True, text=True, check=False)


def in_c(scene):
    with suppress(ScriptError):
        return bool(EXPORTS["c"](whole(scene)))
    return False


def test_most_scenes_that_the_c_header_knows_the_rules_of_can_be_said_in_c():
    assert sum(map(in_c, SCENES.values())) >= 30


@needs_cc
@pytest.mark.parametrize("scene", [*filter(in_c, SCENES.values())], ids=lambda scene: scene.id)
def test_the_c_test_of_a_scene_passes(scene, tmp_path):
    done = compiled(EXPORTS["c"](whole(scene)), tmp_path)
    assert (done.returncode, done.stdout) == (0, "ok\n"), done.stdout + done.stderr


@needs_cc
def test_a_c_test_says_the_other_verbs_and_what_they_refuse(tmp_path):
    lines = [
        {"op": "insert", "start": 4, "stop": 12, "value": "x"},
        {"op": "fill", "start": 0, "stop": 20, "value": 'q"\\é'},
        {"op": "resize", "at": 0, "stop": 9},
        {"op": "resize", "at": 18, "stop": 19},
        {"op": "replace", "at": 9, "value": "a"},
        {"op": "delete", "at": 12},
        {"op": "add", "start": 2, "stop": 30, "value": "n"},
        {"op": "split", "at": 4, "keep": "right"},
        {"op": "merge", "at": 4, "keep": "right"},
        {"op": "set", "start": 5, "stop": 5, "value": "n"},
        {"op": "transform", "start": 1, "stop": 9, "value": "t"},
        {"op": "coalesce", "start": 0, "stop": 50},
        {"op": "walk", "name": "A", "kind": "cursor", "reverse": True, "start": 0, "stop": 40},
        {"op": "next", "name": "A"},
        {"op": "prev", "name": "A"},
        {"op": "seek", "name": "A", "at": 6},
        {"op": "next", "name": "A"},
        {"op": "walk", "name": "S", "kind": "sweep"},
        {"op": "next", "name": "S"},
        {"op": "drop", "name": "S"},
        {"op": "clear"},
        {"op": "next", "name": "A"},
    ]
    touching = [(0, 8, "a"), (8, 9, "a"), (10, 18, "b")]
    done = compiled(EXPORTS["c"](script(*lines, items=touching)), tmp_path)
    assert (done.returncode, done.stdout) == (0, "ok\n"), done.stdout + done.stderr


@needs_cc
def test_a_c_test_fails_where_the_header_does_something_else(tmp_path):
    text = EXPORTS["c"](script({"op": "set", "start": 8, "stop": 10, "value": "a"}))
    done = compiled(text.replace("range(8, 10", "range(8, 9"), tmp_path)
    assert done.returncode != 0


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"op": "shift", "at": 3, "by": 2}, "has no 'shift'"),
        ({"op": "walk", "name": "A"}, "no iterators that end for good"),
        ({"op": "seek", "name": "A", "at": 4}, "a call that fails"),
        ({"op": "transform", "start": 4, "stop": 12, "value": "x", "gaps": "raise"}, "a call that"),
        ({"op": "transform", "start": 4, "stop": 6, "value": "x", "gaps": "raise"}, "of that kind"),
        ({"op": "delete", "at": 9}, "a call that fails"),
        ({"op": "resize", "at": 9, "stop": 12}, "a call that fails"),
        ({"op": "set", "start": -4, "stop": 6, "value": "x"}, "no key -4"),
    ],
)
def test_what_c_cannot_say_is_refused(line, says):
    with pytest.raises(ScriptError, match=says):
        EXPORTS["c"](script(line))


def test_an_empty_script_is_a_file_too():
    for make in EXPORTS.values():
        assert make(Script({"rules": "EQUAL", "items": []}, (), 0))
