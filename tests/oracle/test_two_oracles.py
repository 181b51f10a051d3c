"""Two models that share no rule agree with each other, with the corpus, and with the library."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from rangelist import DROP, EQUAL, RangeBag, RangeList
from rangelist.oracle.corpus import corpus, random_traces, witnesses
from rangelist.oracle.dense import Dense, Owner
from rangelist.oracle.exhaustive import bags, exhaustive, lists
from rangelist.oracle.hooks import Hooks
from rangelist.oracle.model import DROP as REMOVE
from rangelist.oracle.model import Model
from rangelist.oracle.real import Real, load
from rangelist.oracle.runner import run
from rangelist.oracle.session import Session, bare, dense_session, tuples_session
from rangelist.oracle.spec import CAPABILITIES, LAWS_VERSION, OPS, Line, Refusal, Row
from rangelist.oracle.trace import Trace
from rangelist.oracle.tuples import Tuples

N = 64  # keys are mirrored at this point


def replies(trace: Trace, dense: bool = False) -> list[Line]:
    """Return what an oracle says to each line."""
    session = dense_session() if dense else tuples_session()
    session.reply(trace.header)
    return [session.reply(bare(line)) for line in trace.lines]


def test_both_oracles_say_the_same_to_random_traces() -> None:
    """48 traces, all ways of coalescing, all hooks, contents and cursors compared by every line."""
    for trace in random_traces(48):
        assert replies(trace) == replies(trace, dense=True), trace.id


def test_both_oracles_say_what_the_corpus_wants() -> None:
    """Each `want` of a witness is the answer of both models; huge keys are for the first alone."""
    for trace in witnesses():
        want = trace.wants
        assert replies(trace) == want, trace.id
        small = replies(trace, dense=True)
        if not any("skip" in reply for reply in small):
            assert small == want, trace.id


def test_the_dense_oracle_agrees_in_every_case_over_three_points() -> None:
    """The expected answers of the exhaustive corpus do not rest on one model."""
    for trace in itertools.chain(exhaustive(3), bags()):
        assert replies(trace, dense=True) == trace.wants, trace.id


def test_the_dense_oracle_skips_what_lies_outside_its_universe() -> None:
    """It counts points, so it says that it cannot."""
    assert "skip" in dense_session().reply({"op": "at", "key": "1000000000000"})


def test_the_library_is_right_in_the_whole_corpus_and_in_random_traces() -> None:
    """Exhaustive over 4 points, every witness, 40 random traces; every capability is shown."""
    target = load()
    verdicts = list(run(itertools.chain(corpus(), random_traces(40)), target))
    assert [verdict.sentence() for verdict in verdicts if verdict.bad] == []
    assert {verdict.kind for verdict in verdicts} == {"pass"}
    proved = {needs for verdict in verdicts for needs in verdict.proved}
    assert frozenset().union(*proved) == CAPABILITIES


def test_every_law_has_a_plain_witness() -> None:
    """One that needs no write but set, insert and remove, for libraries that have no others."""
    plain = {"set", "insert", "remove"}
    traces = [trace for trace in witnesses() if trace.id.startswith("plain/")]
    writes = {line["op"] for trace in traces for line in trace.lines if OPS[line["op"]].writes}
    assert writes == plain
    assert {trace.header["law"] for trace in traces} == {f"L{number}" for number in range(1, 22)}


def test_there_are_as_many_lists_over_n_points_as_the_theory_says() -> None:
    """1, 2, 5, 13, 34: every second Fibonacci number."""
    assert [len(list(lists(points))) for points in range(5)] == [1, 2, 5, 13, 34]


def test_every_case_has_an_id_of_its_own() -> None:
    """Ids are stable names, so no two cases may share one."""
    ids = [trace.id for trace in corpus()]
    assert len(ids) == len(set(ids))
    assert "x4/a0-2.b2-3/1/split.1.left" in ids


def test_every_law_has_a_witness_and_every_operation_a_case() -> None:
    """L1 to L21, and the whole table of operations."""
    traces = list(witnesses())
    laws = {law for trace in traces for law in str(trace.header.get("law", "")).split()}
    assert {f"L{number}" for number in range(1, 22)} <= laws
    assert {line["op"] for trace in traces for line in trace.lines} == OPS.keys()
    assert {trace.header["laws"] for trace in traces} == {"1.0", LAWS_VERSION}


# ---- the laws, of the oracle itself --------------------------------------------------------------

LAWS = [
    # contents, steps before, change, what follows
    ("L1", "20-28 30-38", 1, ["remove 20 28", "set 20 28 c"], "30-38"),
    ("L3", "10-18 20-28 30-38", 2, ["insert 18 20 z"], "30-38"),
    ("L4", "20-28 30-38 40-48", 1, ["remove 20 28"], "30-38 40-48"),
    ("L5", "20-28 30-38 40-48", 1, ["remove 30 38"], "40-48"),
    ("L6", "10-18 20-28 40-48", 2, ["insert 28 30 y", "insert 18 20 z"], "28-30 40-48"),
    ("L7", "20-28 30-38", 1, ["remove 20 28", "insert 22 26 z"], "30-38"),
    ("L7", "20-28 30-38", 1, ["remove 20 22"], "30-38"),
    ("L8", "20-28 28-38 40-48", 1, ["merge 20 28"], "40-48"),
    ("L9", "10-20 20-28 30-38", 2, ["merge 10 20"], "30-38"),
    ("L11", "20-28 30-38", 1, ["split 24"], "24-28 30-38"),
    ("L12", "0-8 20-28 28-38", 1, ["merge 20 28"], "20-38"),
    ("L12", "0-8 20-28", 1, ["split 24"], "20-24 24-28"),
]


def said(words: str) -> Line:
    """Read `split 24` and its like."""
    op, *fields = words.split()
    names = OPS[op].required + OPS[op].optional
    return {"op": op} | dict(zip(names, fields, strict=False))


def spans(rows: list[list[str]]) -> str:
    """Write rows as `20-28 30-38`."""
    return " ".join(f"{start}-{stop}" for start, stop, _ in rows)


@pytest.mark.parametrize("dense", [False, True])
@pytest.mark.parametrize(("law", "contents", "steps", "change", "rest"), LAWS)
def test_a_walk_goes_on_as_the_law_says(
    law: str, contents: str, steps: int, change: list[str], rest: str, dense: bool
) -> None:
    """The examples of the laws, typed in here by hand."""
    session = dense_session() if dense else tuples_session()
    for i, span in enumerate(contents.split()):
        start, stop = span.split("-")
        session.reply({"op": "set", "start": start, "stop": stop, "value": f"v{i}"})
    session.reply({"op": "cursor", "c": "A"})
    for _ in range(steps):
        session.reply({"op": "next", "c": "A"})
    for words in change:
        assert "ok" in session.reply(said(words)), law
    assert spans(session.reply({"op": "drain", "c": "A"})["ok"]) == rest, law


def mirrored(lines: list[Line]) -> Iterator[Line]:
    """Reflect keys at N, and turn cursors round."""
    for line in lines:
        turned = dict(line)
        for low, high in (("start", "stop"), ("left", "right")):
            if {low, high} <= line.keys():
                shift = 1 if low == "left" else 0
                turned[low] = str(N - shift - int(line[high]))
                turned[high] = str(N - shift - int(line[low]))
        if "at" in line:
            covered = 0 if line["op"] == "split" else 1
            turned["at"] = str(N - covered - int(line["at"]))
        if line["op"] == "cursor":
            turned["reverse"] = not line.get("reverse", False)
        yield turned


def flipped(answer: object) -> object:
    """Reflect an answer; lists that are not in the order of delivery change their direction."""
    if isinstance(answer, list) and len(answer) == 3 and isinstance(answer[0], str):
        return [str(N - int(answer[1])), str(N - int(answer[0])), answer[2]]
    return answer


def test_a_reverse_walk_is_a_walk_through_the_mirror() -> None:
    """L14: random writes and their mirror image; both walks deliver mirrored rows, step by step."""
    writes = {
        "set",
        "remove",
        "insert",
        "fill",
        "next",
        "prev",
        "cursor",
        "clear",
        "discard",
        "merge",
    }
    for trace in random_traces(16):
        if trace.header["coalesce"] == "always" or trace.header.get("merge", "left") != "left":
            continue  # the left value wins a merge of unequal ones: not a symmetric rule
        lines = [line for line in trace.lines if line["op"] in writes - {"merge"}]
        here = replies(Trace.of(trace.header, lines))
        there = replies(Trace.of(trace.header, mirrored(lines)))
        for line, left, right in zip(lines, here, there, strict=True):
            if line["op"] in ("next", "prev"):
                assert left.get("err") == right.get("err")
                assert flipped(left.get("ok")) == right.get("ok"), (trace.id, line)


def test_a_sweep_delivers_what_was_always_there_and_nothing_that_never_was() -> None:
    """L13: A is covered all the time, V at some time; A <= delivered <= V, no point twice."""
    for trace in random_traces(24):
        if trace.header["split"] == "refuse":
            continue  # a refused cut is an error and no delivery
        session = tuples_session()
        session.reply(trace.header)
        always, ever, seen = set(range(200)), set[int](), list[int]()
        for line in trace.lines:
            reply = session.reply(line)
            if line.get("c") == "C" and line["op"] == "next" and reply["ok"]:
                seen += range(int(reply["ok"][0]), int(reply["ok"][1]))
            now = {
                p for a, b, _ in session.reply({"op": "dump"})["ok"] for p in range(int(a), int(b))
            }
            always &= now
            ever |= now
        seen += [
            p
            for a, b, _ in session.reply({"op": "drain", "c": "C"})["ok"]
            for p in range(int(a), int(b))
        ]
        assert len(seen) == len(set(seen))
        assert always <= set(seen) <= ever


def test_the_shared_base_leaves_the_rules_to_the_oracles() -> None:
    """What is written twice has no default that one of them could forget to replace."""
    rules = {"rows_now", "at", "clip", "set", "add", "transform", "step", "sweep_step", "cover"}
    assert not rules & vars(Model).keys()
    assert rules <= vars(Tuples).keys() & vars(Dense).keys()


@pytest.mark.parametrize(
    ("split", "said"),
    [
        ("copy", {"ok": [["4", "8", "!"]]}),
        ("mark", {"ok": [["4", "8", "!><"]]}),
        ("refuse", {"err": "Refused"}),
    ],
)
def test_a_slice_is_cut_by_the_hook_and_leaves_the_list_whole(split: str, said: Line) -> None:
    """As in the library, whose slice is a list of its own; an empty one cuts nothing."""
    lines: list[Line] = [
        {"op": "set", "start": "0", "stop": "12", "value": "!"},
        {"op": "slice", "start": "4", "stop": "8"},
        {"op": "slice", "start": "4", "stop": "4"},
        {"op": "tiles", "start": "4", "stop": "8"},
        {"op": "dump"},
    ]
    trace = Trace.of({"trace": 1, "split": split}, lines)
    whole = ["0", "12", "!"]
    want = [{"ok": whole}, said, {"ok": []}, said, {"ok": [whole]}]
    assert replies(trace) == want
    assert replies(trace, dense=True) == replies(trace)
    assert [verdict.kind for verdict in run([trace], load())] == ["pass"]


def test_a_bag_has_no_spans_behind_its_end() -> None:
    """The window is open to the right, and begins too late."""
    lines: list[Line] = [
        {"op": "bag.add", "start": "0", "stop": "4", "value": "a"},
        {"op": "bag.spans", "start": "9"},
        {"op": "bag.spans", "start": "4"},
    ]
    trace = Trace.of({"trace": 1}, lines)
    assert replies(trace)[1:] == [{"ok": []}, {"ok": []}]
    assert [verdict.kind for verdict in run([trace], load())] == ["pass"]


def test_a_model_without_an_operation_skips_it() -> None:
    """What it has not got is no failure."""
    assert Session(lambda header: object()).reply({"op": "len"}) == {"skip": "no len"}


def test_the_library_under_the_oracle_has_no_protocols_of_its_list() -> None:
    """Whoever asks for `__array__` or the like must not get the list's."""
    real = Real(RangeList(), RangeBag(), EQUAL, DROP)
    assert not hasattr(real, "__len__")
    assert real.covers(3, 3)


# ---- the models as a test of the library uses them -----------------------------------------------


def test_an_owner_stands_for_an_interval_and_knows_what_it_was_merged_into() -> None:
    """The one that was there already survives, of two of those the left one; or as is said."""
    model = Dense()
    model.set(0, 4, "a")
    old = model.cells[0]
    model.set(4, 8, "a")
    assert model.cells[4] is old
    assert [owner.heir for owner in model.owners if owner is not old] == [old]
    model.split(4, keep="right")
    left, right = model.cells[0], model.cells[4]
    assert right is old
    assert model.merge(left, right, "b", keep="right") == (0, 8, "b")
    assert model.replace(old, "c") == (0, 8, "c")
    assert model.resize(old, stop=6) == (0, 6, "c")
    assert model.discard(old) == (0, 6, "c")
    with pytest.raises(Refusal, match="Missing"):
        model.discard(old)


def test_the_hooks_of_the_models_see_spans_as_well_as_values() -> None:
    """Sameness may depend on the position; a node may refuse to disappear into a neighbour."""
    seen: list[Row] = []

    def same(left: Row, right: Row) -> bool:
        seen.extend((left, right))
        return left.stop != 4

    for model in (Tuples(Hooks(same=same)), Dense(Hooks(same=same))):
        model.set(0, 4, "a")
        model.set(4, 8, "a")
        model.set(8, 9, "a")
        assert model.dump() == [(0, 4, "a"), (4, 9, "a")]
    assert Row(0, 4, "a") in seen
    stubborn = Dense(Hooks(yields=lambda row: row.start != 4))
    for start, stop in ((0, 4), (4, 8)):
        stubborn.paint(start, stop, Owner("a"))
    stubborn.rank = {}
    assert stubborn.coalesce() == 0
    assert stubborn.set(8, 9, "a") == (4, 9, "a")


def test_transform_takes_any_function_and_drops_what_it_is_told_to() -> None:
    """As `RangeList.transform`."""
    for model in (Tuples(), Dense()):
        for start in (0, 4, 8):
            model.set(start, start + 2, start)
        assert model.transform(lambda row: REMOVE if row.start == 4 else row.value + 1, 1, 9) == 3
        assert model.dump() == [(0, 1, 0), (1, 2, 1), (8, 9, 9), (9, 10, 8)]
