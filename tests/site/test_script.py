"""Scripts: what is accepted, what is refused by name, and the links that hold them."""

import base64
import json
import zlib

import pytest
from whiteboard.scenes import SCENES
from whiteboard.script import LARGEST, OPS, Script, ScriptError, check_script, pack, unpack

HEADER = {"rules": "EQUAL", "items": [[0, 8, "a"]]}
SET = {"op": "set", "start": 0, "stop": 4, "value": "b"}


def script(*lines, at=None, **header):
    return {
        "header": {**HEADER, **header},
        "lines": list(lines),
        "at": len(lines) if at is None else at,
    }


@pytest.mark.parametrize("scene", SCENES.values(), ids=lambda scene: scene.id)
def test_a_link_brings_back_the_script_that_it_was_made_of(scene):
    assert unpack(pack(scene.script)) == scene.script


def test_keys_may_be_numbers_or_the_texts_of_numbers():
    line = check_script(script({**SET, "start": "-3"})).lines[0]
    assert line == {**SET, "start": -3}


def test_a_new_line_takes_the_place_of_what_was_undone():
    undone = check_script(script(SET, {"op": "clear"}, at=1))
    assert undone.then({"op": "split", "at": 2}).lines == (SET, {"op": "split", "at": 2})


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ([], "want a script"),
        ({"header": HEADER, "lines": []}, "no 'at'"),
        ({**script(), "more": 1}, "unknown 'more'"),
        (script(at=1), "want a number of lines, 0 to 0"),
        (script(at=True) | {"at": "1"}, "at is '1'"),
        ({**script(), "lines": {}}, "lines: found {}, want a list"),
        ({**script(), "lines": [SET] * 501}, "found 501, want at most 500"),
        (script(rules=3), "rules is 3, want a text"),
        (script(items=[[0, 8]]), "want [start, stop, value]"),
        (script(items=[[0, 8, 1]]), "with a text for a value"),
        (script(items=[[0, "x", "a"]]), "stop is 'x', want a whole number"),
        (script(items=[[0, True, "a"]]), "stop is True, want a whole number"),
        (script(items=[[0, 1.5, "a"]]), "stop is 1.5, want a whole number"),
        (script(items=[[0, 10**16, "a"]]), "want at most 1000000000000000"),
        (script(names=[1]), "names are [1], want texts"),
        (script(colour="red"), "unknown 'colour'"),
        (script("set"), "line 'set', want an op"),
        (script({"op": "update"}), "want an op of set, insert"),
        (script({"op": "set", "start": 1}), "no 'stop', no 'value'"),
        (script({**SET, "at": 1}), "unknown 'at'"),
        (script({**SET, "value": 1}), "value is 1, want a text"),
        (script({"op": "split", "at": 1, "keep": "both"}), "keep is 'both', want one of"),
    ],
)
def test_what_is_no_script_is_refused_with_what_was_found(form, says):
    with pytest.raises(ScriptError) as refused:
        check_script(form)
    assert says in str(refused.value)


def link_of(text):
    return base64.urlsafe_b64encode(zlib.compress(text.encode())).decode()


@pytest.mark.parametrize(
    "link",
    ["", "no link", "!!!!", pack(Script(HEADER, (), 0))[:-6], link_of("[1, 2"), link_of("[" * 9999),
     link_of(json.dumps("x" * (LARGEST + 1)))],
    ids=["empty", "words", "signs", "cut short", "no JSON", "deep", "a bomb"],
)  # fmt: skip
def test_what_is_no_link_is_refused(link):
    with pytest.raises(ScriptError):
        unpack(link)


def test_every_verb_says_what_it_does():
    assert all(op.says and op.gesture for op in OPS.values())
