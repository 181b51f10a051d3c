"""Traces as text: what is one, what is not, and what goes wrong with a file and line number."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from importlib.resources import files

import pytest

from rangelist.errors import BadLineError
from rangelist.oracle.__main__ import parser
from rangelist.oracle.corpus import witnesses
from rangelist.oracle.dialect import Dialect, Fit
from rangelist.oracle.hooks import hooks_of
from rangelist.oracle.session import tuples_session
from rangelist.oracle.spec import CAPABILITIES, DIALECTS, ERRORS, OPS, Refusal, hook_words, needs
from rangelist.oracle.trace import DEFAULT_HEADER, Trace, complete, read, schema, write

BAD = [
    ("[1]", "no JSON object"),
    ("{", "Expecting"),
    ('{"trace":2}', "trace format 2"),
    ('{"trace":1,"colour":"red"}', "header has no field 'colour'"),
    ('{"trace":1,"coords":"float"}', "coords 'float'"),
    ('{"trace":1,"merge":"both"}', "merge is 'both'"),
    ('{"op":"fly"}', "no operation"),
    ('{"op":["set"]}', "no operation"),
    ('{"op":"at"}', "at wants the field 'key'"),
    ('{"op":"at","key":3}', "key is 3, want a key, a decimal string"),
    ('{"op":"at","key":"03"}', "key is '03', want a key"),
    ('{"op":"at","key":"x"}', "key is 'x', want a key"),
    ('{"op":"set","start":"0","stop":"1","value":3}', "value is 3, want a string"),
    ('{"op":"cursor","c":"A","sticky":1}', "sticky is 1, want true or false"),
    ('{"op":"cursor","c":"A","walk":"F"}', "walk is 'F', want E or C"),
    ('{"op":"find_gap","size":"1","align":"0"}', "align is '0', want a decimal string from"),
    ('{"op":"len","key":"3"}', "len has no field 'key'"),
    ('{"op":"len","want":3}', "want is 3"),
    ('{"op":"len","want":{"err":"Oops"}}', "want is"),
    ('{"op":"len","want":{"err":["Gap"]}}', "want is"),
    ('{"op":"len","want":{"ok":NaN}}', "NaN is no JSON"),
    ('{"op":"len","got":3}', "got is 3, want an object"),
    ('{"op":"len","skip":3}', "skip is 3, want a string"),
    ('{"op":"at","key":"3","key":"4"}', "the field 'key' is there twice"),
    ('{"trace":true}', "trace is True, want a number"),
    ('{"trace":1,"id":["x"]}', "id is ['x'], want a string"),
    ('{"trace":1,"partial":"no"}', "partial is 'no', want true or false"),
    ('{"trace":1,"needs":[1]}', "needs is [1], want a list of strings"),
    ('{"trace":1,"order":"size"}', "order is 'size', want inserted or stop"),
]


@pytest.mark.parametrize(("line", "reason"), BAD)
def test_a_bad_line_is_named_with_file_number_and_reason(line: str, reason: str) -> None:
    """The second line of the file, in words."""
    with pytest.raises(BadLineError, match=r"mine:2: .*") as raised:
        list(read(['{"trace":1}', line], "mine"))
    assert reason in str(raised.value)


def test_what_is_written_is_read_again() -> None:
    """Every witness, with all its fields."""
    traces = list(witnesses())
    assert list(read(write(traces).splitlines())) == traces


def test_lines_before_the_first_header_have_the_default_one() -> None:
    """So that a short trace can be typed without one; empty lines do not count."""
    one, two = read(['{"op":"len"}', "", '{"trace":1,"id":"b"}', '{"op":"dump"}'])
    assert one == (DEFAULT_HEADER, [{"op": "len"}], [None])
    assert (one.id, two.id) == ("unnamed", "b")
    assert list(read([])) == []


def test_complete_says_what_is_right_except_where_a_line_is_skipped() -> None:
    """`want` is filled in; a skipped line is not run."""
    lines = [{"op": "len"}, {"op": "clear", "skip": "why not"}, {"op": "next", "c": "A"}]
    done = complete(Trace.of(DEFAULT_HEADER, lines), tuples_session())
    assert done.wants == [{"ok": 0}, None, {"err": "NoCursor"}]


def test_the_schema_knows_every_operation_and_every_field() -> None:
    """Made from the table of operations: closed, with the extras of a line."""
    forms = {form["title"]: form for form in schema()["oneOf"]}
    assert forms.keys() == {"header", *OPS}
    assert all(form["additionalProperties"] is False for form in forms.values())
    assert forms["find_gap"]["properties"]["align"] == {"$ref": "#/$defs/divisor"}
    assert forms["fork"]["properties"]["to"] == {"type": "string"}
    assert forms["set"]["required"] == ["op", "start", "stop", "value"]
    assert {"want", "got", "law", "skip", "note"} <= forms["set"]["properties"].keys()
    assert {"bag", "needs", "partial", "coalesce"} <= forms["header"]["properties"].keys()


def test_the_protocol_page_names_every_operation_error_and_word() -> None:
    """What is in the tables of the code is in the tables of the page."""
    page = (files("rangelist.oracle") / "PROTOCOL.md").read_text(encoding="utf-8")
    for op, shape in OPS.items():
        fields = " ".join([*shape.required, *(f"{name}?" for name in shape.optional)])
        assert f"| `{op}` | {fields} | {shape.says} |" in page
    for name, says in ERRORS.items():
        assert f"| `{name}` | {says} |" in page
    words = CAPABILITIES | DIALECTS - {word for word in DIALECTS if word.startswith("key=")}
    assert [word for word in sorted(words - OPS.keys()) if f"`{word}`" not in page] == []


def test_the_protocol_page_names_every_command_and_its_options() -> None:
    """`vectors` too; an option that is no more is not named either."""
    page = (files("rangelist.oracle") / "PROTOCOL.md").read_text(encoding="utf-8")
    table = page.split("## 6. Commands")[1]
    choices: dict[str, argparse.ArgumentParser] = {}
    for action in parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            choices.update(action.choices)
    for name in choices:
        assert f"| `{name}" in table
    options = {option for sub in choices.values() for option in sub._option_string_actions}
    assert set(re.findall(r"--[a-z][a-z-]*", table)) - {"--help"} <= options


def test_an_unknown_hook_is_refused() -> None:
    """By name, from a closed list."""
    with pytest.raises(Refusal, match="BadLine"):
        hooks_of({"split": "thirds"})
    assert tuples_session().reply({"trace": 1, "bag": "sack"}) == {"err": "BadLine"}


def test_a_trace_knows_what_it_needs() -> None:
    """From its header and its lines."""
    line = {"op": "cursor", "c": "A", "walk": "C", "start": "3", "horizon": "fixed"}
    assert needs(line) == {"cursor", "walk=C", "window", "horizon=fixed", "split=copy"}
    words = hook_words({"trace": 1, "coalesce": "never"})
    assert needs({"op": "insert"}, words) == {"insert", "coalesce=never"}
    assert needs({"op": "dump"}, words) == {"dump"}


BASE = frozenset({"coalesce=equal", "merge=left", "split=copy", "overlap=new"})


def fitted(trace: Trace, claims: Iterable[str]) -> Fit | str:
    return Dialect(frozenset(claims)).fit(trace, tuples_session())


def test_a_partial_trace_runs_without_what_only_looks() -> None:
    """Reads and cursors that are not claimed are left out, with the steps of those cursors."""
    lines = [
        {"op": "set", "start": "0", "stop": "4", "value": "a"},
        {"op": "cursor", "c": "A", "reverse": True},
        {"op": "next", "c": "A"},
        {"op": "fork", "c": "A", "to": "B"},
        {"op": "next", "c": "B"},
        {"op": "cursor", "c": "A"},
        {"op": "next", "c": "A"},
        {"op": "len"},
    ]
    claims = BASE | {"set", "len", "next", "cursor", "fork", "walk=E", "resumable"}
    whole = complete(Trace.of({"trace": 1}, lines), tuples_session())
    partial = whole._replace(header={"trace": 1, "partial": True})
    assert fitted(whole, claims) == "needs reverse"
    fit = fitted(partial, claims)
    assert not isinstance(fit, str)
    assert [line["op"] for line in fit.trace.lines] == ["set", "cursor", "next", "len"]
    assert fit.dropped == ("cursor", "next", "fork", "next")
    assert fitted(partial, BASE | {"len"}) == "needs set"
    assert fitted(partial, frozenset({"set"})) == (
        "needs coalesce=equal, merge=left, split=copy"
        " (you claim no coalesce=… and no merge=… and no split=…)"
    )


def test_a_write_may_be_left_out_only_if_no_want_rests_on_it() -> None:
    """With a `want` somebody has said what is right behind it."""
    lines = [
        {"op": "clear", "want": {"ok": None}},
        {"op": "set", "start": "0", "stop": "4", "value": "a"},
        {"op": "len"},
    ]
    claims = BASE | {"set", "len"}
    assert fitted(Trace.of({"trace": 1, "partial": True}, lines), claims) == "needs clear"
    fit = fitted(Trace.of({"trace": 1}, [{"op": "clear"}, *lines[1:]]), claims)
    assert not isinstance(fit, str)
    assert fit.dropped == ("clear",)
    skipped = [lines[0] | {"skip": "not today"}, *lines[1:]]
    assert fitted(Trace.of({"trace": 1}, skipped), claims | {"clear"}) == "not today"


def test_a_trace_with_nothing_to_compare_is_skipped_and_says_why() -> None:
    """A write and a question are the least; what was left out is named."""
    write = {"op": "set", "start": "0", "stop": "4", "value": "a"}
    claims = BASE | {"set", "len", "dump"}
    no_write = Trace.of({"trace": 1}, [{"op": "shift", "at": "0", "by": "1"}, {"op": "dump"}])
    assert fitted(no_write, claims) == "there is no write in it, without shift"
    wanted = Trace.of({"trace": 1}, [write | {"want": {"ok": ["0", "4", "a"]}}])
    assert fitted(wanted, claims) == "there is no question in it"
    fit = fitted(Trace.of({"trace": 1}, [write]), claims)  # nothing rests on it, so one is added
    assert not isinstance(fit, str)
    assert fit.trace.lines[-1] == {"op": "dump"}
    assert fitted(Trace.of({"trace": 1}, []), claims) == "there is no write in it"


def test_what_a_trace_wants_itself_is_not_asked_anew() -> None:
    """Only the other lines are completed."""
    lines = [
        {"op": "set", "start": "0", "stop": "4", "value": "a", "want": {"err": "Gap"}},
        {"op": "len"},
    ]
    fit = fitted(Trace.of({"trace": 1}, lines), BASE | {"set", "len"})
    assert not isinstance(fit, str)
    assert fit.trace.wants == [{"err": "Gap"}, {"ok": 1}]


def test_a_trace_of_which_nothing_is_left_is_skipped_by_any_dialect() -> None:
    """A void one too, which has dumps added."""
    trace = Trace.of({"trace": 1}, [{"op": "clear"}])
    assert fitted(trace, {"void", "dump"}) == "there is no write in it, without clear"


def test_the_last_key_of_a_type_can_be_asked_where_ends_are_closed() -> None:
    """Its stop is none of the type, and the stop of an empty span at zero is none either."""
    claims = BASE | {"set", "dump", "key=uint8"}

    def kept(start: str, stop: str, *more: str) -> bool:
        line = {"op": "set", "start": start, "stop": stop, "value": "a", "want": {"err": "Gap"}}
        return isinstance(
            fitted(Trace.of({"trace": 1}, [line, {"op": "dump"}]), {*claims, *more}), Fit
        )

    assert not kept("250", "256")
    assert kept("250", "256", "ends=closed")
    assert kept("4", "0")
    assert not kept("4", "0", "ends=closed")


def test_iterators_stand_in_for_cursors_where_only_they_are_claimed() -> None:
    """And `want`s are asked anew, because an end is final then."""
    lines = [
        {"op": "cursor", "c": "A", "want": {"ok": None}},
        {"op": "next", "c": "A", "want": {"ok": None}},
        {"op": "insert", "start": "0", "stop": "4", "value": "a", "want": {"ok": ["0", "4", "a"]}},
        {"op": "next", "c": "A", "want": {"ok": ["0", "4", "a"]}},
    ]
    fit = fitted(
        Trace.of({"trace": 1}, lines), BASE | {"insert", "cursor", "next", "walk=E", "sticky"}
    )
    assert not isinstance(fit, str)
    assert fit.trace.lines[0] == {"op": "cursor", "c": "A", "sticky": True}
    assert fit.trace.wants[-1] == {"ok": None}
