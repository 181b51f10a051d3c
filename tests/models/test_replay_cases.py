"""The runner of case files: every case passes, wrong ones fail, unknown ones become lines."""

import io
import json
from pathlib import Path

import pytest

from rangelist.models import (
    replay_btrfs,
    replay_itree,
    replay_maple,
    replay_mmledger,
    replay_posix_lock,
)
from rangelist.models.replay import DIFFERS, Replay, covers
from rangelist.models.vectors import SYSTEMS, judged, main, run_file

VECTORS = Path(__file__).parents[1] / "vectors"
RUN = {
    "maple": replay_maple.run_case,
    "itree": replay_itree.run_case,
    "btrfs": replay_btrfs.run_case,
    "mmledger": replay_mmledger.run_case,
}
CASES = [
    pytest.param(system, case, id=f"{system}-{case['name']}")
    for system in RUN
    for case in json.loads((VECTORS / f"{system}.json").read_text())["cases"]
]


@pytest.mark.parametrize(("system", "case"), CASES)
def test_case_is_as_recorded_or_differs_by_a_known_defect_of_mmledger(system, case):
    """All cases of the files pass; only observed ones of mmledger may differ, in a known way."""
    lines = RUN[system](case)
    if system == "mmledger" and case["basis"] == "observed":
        lines = [line for line in lines if not line.startswith(DIFFERS)]
    assert lines == []


def altered(value):
    """Return another value of the same form."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return value + "?"
    if isinstance(value, list):
        return [*value, 1]
    if isinstance(value, dict):
        return {name: altered(inner) for name, inner in value.items()}
    return 1


@pytest.mark.parametrize(("system", "case"), CASES)
def test_case_with_another_expectation_fails(system, case):
    """No word of an expectation is passed over: altered alone, it makes the case fail."""
    if RUN[system](case):
        return  # it differs as it is: altered, it might be right
    words = {word: i for i, expectation in enumerate(case["expect"]) for word in expectation}
    for word, i in words.items():
        if word not in ("after", "rule"):
            wrong = case["expect"][i] | {word: altered(case["expect"][i][word])}
            assert RUN[system](case | {"expect": [*case["expect"][:i], wrong]}), word


# ---- what the runner makes of files --------------------------------------------------------------


def written(tmp_path, form, name="maple.json"):
    """Write a case file; return its path."""
    path = tmp_path / name
    path.write_text(form if isinstance(form, str) else json.dumps(form))
    return str(path)


def lines_of(tmp_path, *ops, expect=()):
    """Return what is said of one maple case."""
    case = {"name": "c", "ops": list(ops), "expect": list(expect)}
    (lines,) = run_file(written(tmp_path, {"cases": [case]}))
    return lines


def test_an_unknown_kind_of_operation_is_a_line(tmp_path):
    """A file may ask for more than this version knows."""
    assert "unknown kind of operation 'melt'" in lines_of(tmp_path, {"kind": "melt"})[0]


def test_an_unknown_or_missing_field_is_a_line(tmp_path):
    """Fields are part of the question: one more or less is another question."""
    more, less = {"kind": "load", "index": 1, "age": 2}, {"kind": "load"}
    assert "other fields" in lines_of(tmp_path, more)[0]
    assert "other fields" in lines_of(tmp_path, less)[0]


def test_a_value_of_a_wrong_type_is_a_line(tmp_path):
    """It is refused before anything is carried out."""
    op = {"kind": "store", "start": "x", "end": 1, "value": 1}
    assert "start of store is 'x', want int" in lines_of(tmp_path, op)[0]


def test_an_unknown_expectation_is_a_line(tmp_path):
    """An expectation that nobody looks at would pass for nothing."""
    op = {"kind": "load", "index": 1}
    lines = lines_of(tmp_path, op, expect=[{"after": 0, "smells": "good"}])
    assert "unknown expectation 'smells'" in lines[0]


def test_an_expectation_after_an_operation_that_does_not_exist_is_compared_too(tmp_path):
    """It is looked at in the end."""
    assert lines_of(tmp_path, expect=[{"after": 7, "is": 1}])


@pytest.mark.parametrize(
    "case", [5, None, {}, {"ops": 1}, {"ops": [1], "expect": []}, {"name": "n"}]
)
def test_what_is_no_case_is_a_line(tmp_path, case):
    """Neither other types nor missing parts raise."""
    assert len(next(run_file(written(tmp_path, {"cases": [case]})))) == 1


@pytest.mark.parametrize(
    ("form", "name", "want"),
    [
        ("{", "maple.json", "cannot be read"),
        ({"system": "tea"}, "tea.json", "no list of cases"),
        ({"system": "tea", "cases": []}, "tea.json", "'tea', want one of"),
        ({"system": "Linux maple tree", "cases": 7}, "a.json", "no list of cases"),
    ],
)
def test_what_is_no_case_file_is_a_line(tmp_path, form, name, want):
    """A file that cannot be run is a failure, not nothing."""
    ((line,),) = run_file(written(tmp_path, form, name))
    assert want in line


def test_a_case_at_which_a_model_fails_unexpectedly_is_a_line():
    """A defect of a model must not end the run."""
    assert "ZeroDivisionError" in judged(lambda case: 1 / 0, {"name": "c"})[0]


def test_a_file_that_is_missing_is_a_line():
    """So that a slip of the pen does not pass."""
    ((line,),) = run_file("no/such/file.json")
    assert "cannot be read" in line


def test_a_system_without_a_replayer_is_a_line(tmp_path, monkeypatch):
    """The names and the modules may drift apart."""
    monkeypatch.setitem(SYSTEMS, "tea", ("tea",))
    ((line,),) = run_file(written(tmp_path, {"cases": []}, "tea.json"))
    assert "nothing to replay tea" in line


def test_the_sums_are_printed_and_failures_make_the_status_1(tmp_path, capsys):
    """One line a failure, one a difference that is expected, then the sums."""
    good = {"name": "good", "ops": [], "expect": [{"final": []}]}
    bad = {"name": "bad", "ops": [], "expect": [{"final": [1]}, {"final": [2]}]}
    known = next(
        c.values[1] for c in CASES if c.values[1]["name"].startswith("observed_protect_le")
    )
    maple = written(tmp_path, [good, bad])
    ledger = written(tmp_path, {"system": "enarx/mmledger", "cases": [known]}, "x.json")
    assert main([maple, ledger]) == 1
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[2][:8] for line in said[:3]] == [
        "bad: fin",
        "bad: fin",
        "expected",
    ]
    assert said[3:] == ["1 expected to differ, see docs/systems.md", "1 passed, 1 failed"]


def test_all_passed_makes_the_status_0_and_system_can_be_said(tmp_path, capsys):
    """--system overrides what the file says of itself."""
    good = {"name": "good", "ops": [{"kind": "load", "index": 1}], "expect": []}
    path = written(tmp_path, {"system": "btrfs", "cases": [good]}, "btrfs.json")
    assert main([path]) == 1
    assert main([path, "--system", "maple"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 0 failed"


def test_a_line_can_be_printed_where_there_are_few_letters(tmp_path, monkeypatch):
    """What cannot be shown is spelled out."""
    paper = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", paper)
    case = {"name": "日", "ops": [], "expect": [{"final": 1}]}
    assert main([written(tmp_path, [case])]) == 1
    paper.seek(0)
    assert "\\u65e5" in paper.read()


# ---- kinds that the files describe and seldom or never use ---------------------------------------

MORE = {
    "maple": [
        ("insert", {"start": 5, "end": 5, "value": None}, "ok"),
        ("alloc_fill", {"min": 0, "max": 99, "size": 5, "count": 4, "value": "start"}, "ok"),
        ("load_all", {"start": 5, "end": 9}, 5),
        ("load_all", {"start": 5, "end": 10}, "not one value: [10, 5]"),
        ("load_all", {"start": 15, "end": 25}, "not one value: [15, None]"),
        ("load_all", {"start": 40, "end": 45}, None),
        ("insert", {"start": 4, "end": 5, "value": None}, "EEXIST"),
        ("erase", {"index": 7}, 5),
        ("alloc_fill", {"min": 0, "max": 99, "size": 5, "count": 2},
         "allocation 1 starts at 20, want 10"),
        ("alloc_fill", {"min": 0, "max": 9, "size": 5, "count": 2}, "EBUSY"),
        ("store", {"start": 30, "end": 30, "value": "reserved"}, "ok"),
        ("load", {"index": 30}, None),
        ("erase", {"index": 30}, "reserved"),
        ("dup", {"target_has": 3}, "EINVAL"),
        ("dup", {}, "equal"),
        ("set_next", {"next": 7}, "ok"),
        ("alloc_cyclic", {"min": 9, "max": 8, "value": 1}, "EINVAL"),
        ("cursor_set", {"index": 24}, "ok"),
        ("cursor_find_range", {"limit": 99}, {"value": 5, "status": "active"}),
        ("cursor_find_range", {"limit": 99}, {"value": None, "start": 25}),
        ("cursor_find_range_rev", {"limit": 0}, {"value": 5, "start": 20, "end": 24}),
        ("cursor_set_range", {"start": 15, "end": 40}, "ok"),
        ("cursor_walk", {}, {"value": 15, "start": 15, "end": 19}),
        ("cursor_next", {}, {"value": 5, "start": 20}),
        ("cursor_next_range", {}, {"value": None, "start": 25, "status": "active"}),
        ("cursor_prev_range", {}, {"value": 5, "start": 20}),
        ("cursor_prev", {}, {"value": 15, "start": 15}),
        ("cursor_pause", {}, "ok"),
        ("cursor_find", {}, {"value": 5, "start": 20}),
        ("cursor_find_rev", {}, {"value": 15, "start": 15}),
        ("cursor_store", {"start": 6, "end": 4, "value": 1}, "EINVAL"),
        ("find_from", {"index": 6}, {"value": 5, "next_index": 10}),
        ("next_of", {"index": 6}, 10),
        ("prev_of", {"index": 22}, 15),
    ],
    "itree": [
        ("span_next", {}, "no iteration"),
        ("insert", {"id": 7, "start": 1, "end": 3}, "ok"),
        ("map_exclusive", {"start": 3, "end": 4}, "EEXIST"),
        ("map_exclusive", {"start": 5, "end": 6, "id": 8}, "ok"),
    ],
    "btrfs": [
        ("set_bits", {"start": 0, "end": 9, "bits": ["DELALLOC"]}, "ok"),
        ("clear_recorded", {"start": 5, "end": 20, "bits": ["DELALLOC"]}, {"bytes": 5}),
        ("find_first_set", {"start": 3, "bits": ["DELALLOC"]}, {"start": 0, "end": 4}),
        ("find_first_set", {"start": 5, "bits": ["DELALLOC"]}, None),
        ("find_dirty_range", {"start": 5, "max_bytes": 9}, None),
        ("find_dirty_range", {"start": 1, "max_bytes": 2}, {"start": 1, "end": 2}),
        ("set_bits", {"start": 5, "end": 5, "bits": ["DELALLOC", "NEW"]}, "ok"),
        ("find_dirty_range", {"start": 1, "max_bytes": 9}, {"start": 1, "end": 4}),
        ("clear_bits", {"start": 5, "end": 5, "bits": ["DELALLOC", "NEW"]}, "ok"),
        ("count_bytes", {"start": 1, "end": 9, "bits": ["DELALLOC"]}, {"total": 4, "start": 1}),
        ("set_exclusive", {"start": 0, "end": 1, "bits": ["LOCKED"]}, "ok"),
        ("set_bits", {"start": 1, "end": 2, "bits": ["LOCKED"]}, {"failed_start": 1}),
        ("all", {"start": 0, "end": 4, "bits": ["DELALLOC"]}, True),
        ("all", {"start": 0, "end": 5, "bits": ["DELALLOC"]}, False),
        ("clear_bits", {"start": 0, "end": 9, "bits": ["CLEAR_ALL_BITS"]}, "ok"),
        ("add_map", {"start": 8, "length": 8, "disk": 8, "flags": ["PINNED"]}, {"start": 8}),
        ("add_map", {"start": 0, "length": 8, "disk": 0}, {"start": 0, "end": 7}),
        ("search_map", {"start": 99, "length": 1}, {"start": 8}),
        ("unpin_map", {"start": 8, "length": 8}, "ok"),
        ("unpin_map", {"start": 4, "length": 8}, "EUCLEAN"),
        ("unpin_map", {"start": 64, "length": 8}, {"error": "ENOENT"}),
        ("lookup_map", {"start": 8, "length": 8}, {"start": 0, "length": 16, "generation": 0}),
        ("init_space", {"start": 0, "length": 4}, "ok"),
        ("add_space", {"start": 8, "length": 8}, "ok"),
        ("sizes_descending", {}, [8, 4]),
    ],
    "mmledger": [
        ("map", {"start": 1, "end": 3, "access": "RX"}, "ok"),
        ("valid", {"start": 1, "end": 16}, True),
        ("valid", {"start": 1, "end": 17}, False),
        ("contains", {"start": 1, "end": 3}, "RX"),
    ],
}  # fmt: skip
END = {
    "itree": [{"id": 7, "start": 1, "end": 3}, {"id": 8, "start": 5, "end": 6}],
    "btrfs": [{"start": 0, "end": 15}, {"start": 0, "end": 3}, {"start": 8, "end": 15}],
}


@pytest.mark.parametrize("system", MORE)
def test_every_kind_does_what_its_file_says_it_does(system):
    """One case over what the recorded cases leave out."""
    ops = [{"kind": kind} | fields for kind, fields, _ in MORE[system]]
    expect = [{"after": i, "is": want} for i, (_, _, want) in enumerate(MORE[system])]
    expect += [{"final": END[system]}] if system in END else []
    form = {"ledger": {"start": 0, "end": 16, "capacity": 5}} if system == "mmledger" else {}
    assert RUN[system]({"name": "c", "ops": ops, "expect": expect, **form}) == []


@pytest.mark.parametrize("system", RUN)
def test_every_kind_that_a_file_describes_is_known(system):
    """The files list their kinds, more than their cases use."""
    kinds = json.loads((VECTORS / f"{system}.json").read_text())["ops"]
    for kind in kinds:
        (line,) = RUN[system]({"name": "c", "ops": [{"kind": kind, "no": 1}], "expect": []})
        assert "other fields" in line


# ---- nothing is passed over ----------------------------------------------------------------------

EVERY = {**RUN, "posix_lock": replay_posix_lock.run_case}
OP = {
    "maple": {"kind": "load", "index": 1},
    "itree": {"kind": "spans", "start": 0, "end": 1},
    "btrfs": {"kind": "try_lock", "start": 0, "end": 1},
    "mmledger": {"kind": "valid", "start": 0, "end": 1},
    "posix_lock": {"kind": "lseek", "owner": "A", "pos": 1},
}


@pytest.mark.parametrize("system", EVERY)
@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"colour": 1}, "unknown field 'colour' of a case"),
        ({"expect": [{"after": 0, "rule": "x"}]}, "expects nothing"),
        ({"expect": [{}]}, "expects nothing"),
        ({"expect": [{"after": 1, "final": []}]}, "there is no operation 1"),
        ({"expect": [{"after": -1, "final": []}]}, "there is no operation -1"),
        ({"expect": [{"after": "0", "final": []}]}, "there is no operation '0'"),
        ({"expect": [{"after": True, "final": []}]}, "there is no operation True"),
        ({"expect": [{"after": None, "final": []}]}, "there is no operation None"),
        ({"expect": [{"after": 0, "colour": 1}]}, "unknown expectation 'colour'"),
    ],
)
def test_what_a_case_holds_that_is_not_known_is_named(system, changes, line):
    """A case that is not understood does not pass."""
    case = {"name": "c", "ops": [OP[system]], "expect": [], **changes}
    (told,) = EVERY[system](case)
    assert line in told


@pytest.mark.parametrize("system", EVERY)
def test_a_field_of_an_operation_that_is_not_known_is_named(system):
    """Whatever the kind."""
    (told,) = EVERY[system]({"name": "c", "ops": [OP[system] | {"colour": 1}], "expect": []})
    assert "other fields" in told
    assert "'colour'" in told


@pytest.mark.parametrize("system", EVERY)
def test_remarks_are_passed_over(system):
    """Those that are known."""
    remarks = dict.fromkeys(("source", "basis", "note", "why", "label", "params", "verified"), "x")
    assert EVERY[system]({"name": "c", "ops": [OP[system]], "expect": [], **remarks}) == []


@pytest.mark.parametrize("system", ["maple", "itree", "btrfs", "mmledger"])
def test_an_answer_is_not_ok_because_nothing_failed(system):
    """A value, an empty answer, false, or a list is what has to be said."""
    case = {"name": "c", "ops": [OP[system]], "expect": [{"after": 0, "is": "ok"}]}
    assert RUN[system](case) != []


@pytest.mark.parametrize(
    ("system", "changes", "line"),
    [
        ("maple", {"gap_tracking": "yes"}, "gap_tracking is 'yes', want true or false"),
        ("btrfs", {"hooks": {"unit": 1, "colour": 2}}, "unknown field 'colour' of hooks"),
        ("btrfs", {"hooks": 3}, "no case that can be run"),
        ("mmledger", {"ledger": {"start": 0, "colour": 1}}, "unknown field 'colour' of a ledger"),
        (
            "mmledger",
            {"ledger": {"records": [{"start": 0, "end": 1, "access": "R", "colour": 1}]}},
            "unknown field 'colour' of a record",
        ),
        ("mmledger", {"ledger": {"records": [{"start": 0}]}}, "KeyError('end')"),
        (
            "mmledger",
            {"ops": [{"kind": "insert_raw", "index": 1, "start": 0, "end": 1, "access": "R"}]},
            "index 1 of the record at 0, want 0",
        ),
        (
            "mmledger",
            {"ops": [{"kind": "map", "start": 0, "end": 1, "access": "Q"}]},
            "access 'Q', want N, or some of R, W and X",
        ),
        (
            "mmledger",
            {"ops": [{"kind": "map", "start": 0, "end": 1, "access": "RR"}]},
            "access 'RR', want N, or some of R, W and X",
        ),
        (
            "mmledger",
            {"ops": [{"kind": "map", "start": 0, "end": 1, "access": ""}]},
            "access '', want N, or some of R, W and X",
        ),
        (
            "btrfs",
            {"ops": [{"kind": "set_bits", "start": 0, "end": 1, "bits": ["DIRTYY"]}]},
            "flag 'DIRTYY'",
        ),
        (
            "btrfs",
            {"ops": [{"kind": "any", "start": 0, "end": 1, "bits": ["DIRTYY"]}]},
            "flag 'DIRTYY'",
        ),
        (
            "btrfs",
            {"ops": [{"kind": "all", "start": 0, "end": 1, "bits": ["DIRTYY"]}]},
            "flag 'DIRTYY'",
        ),
        (
            "btrfs",
            {
                "ops": [
                    {"kind": "add_map", "start": 0, "length": 4, "disk": 8, "flags": ["PINED"]},
                ]
            },
            "flag 'PINED'",
        ),
        ("maple", {"ops": [{**OP["maple"], "kind": "fill"}]}, "other fields"),
    ],
)
def test_what_a_case_begins_with_and_its_words_are_read_as_closely(system, changes, line):
    """An unknown word in any place fails the case by name."""
    (told,) = RUN[system]({"name": "c", "ops": [], "expect": [], **changes})
    assert line in told


# ---- differences that are expected ---------------------------------------------------------------


def ledger_case(ops, expect, basis="observed", **ledger):
    """Return a case of a small ledger."""
    form = {"start": 0, "end": 16, "capacity": 4, "records": []} | ledger
    return {"name": "c", "basis": basis, "ledger": form, "ops": ops, "expect": expect}


def span(start, end, access="R"):
    """Return a record as the cases write it."""
    return {"start": start, "end": end, "access": access}


KNOWN = {
    "searches inner gaps from below": ledger_case(
        [{"kind": "find_free_back", "length": 1}],
        [{"after": 0, "is": 2}],
        records=[span(0, 2), span(3, 6), span(8, 16)],
    ),
    "measures the first gap from 0": ledger_case(
        [{"kind": "find_free_front", "length": 5}],
        [{"after": 0, "is": 4}],
        start=4,
        records=[span(6, 11)],
    ),
    "loses data when it fails": ledger_case(
        [{"kind": "protect", "start": 0, "end": 4, "access": "W"}],
        [{"after": 0, "error": "InvalidRegion", "records": [span(0, 1, "W"), span(2, 4)]}],
        records=[span(0, 1), span(2, 4)],
    ),
    "only in between": ledger_case(
        [{"kind": "map", "start": 1, "end": 2, "access": "R"}],
        [{"after": 0, "error": "OutOfCapacity", "records": []}],
        records=[span(0, 4)],
        capacity=1,
    ),
    "unchanged tail": ledger_case(
        [{"kind": "protect", "start": 2, "end": 4, "access": "R"}],
        [{"after": 0, "error": "InvalidRegion"}],
        records=[span(0, 4), span(4, 6, "W")],
    ),
    "overlooks a hole": ledger_case(
        [{"kind": "protect", "start": 8, "end": 9, "access": "R"}], [{"after": 0, "is": "ok"}]
    ),
    "empty range": ledger_case(
        [{"kind": "map", "start": 3, "end": 3, "access": "R"}],
        [{"after": 0, "records": [span(3, 3)]}],
    ),
    "when it fails": ledger_case(
        [{"kind": "protect", "start": 1, "end": 5, "access": "W"}],
        [{"after": 0, "error": "OutOfCapacity", "records": [span(2, 4)]}],
        records=[span(2, 6)],
        capacity=1,
    ),
    "takes an empty range": ledger_case(
        [{"kind": "map", "start": 3, "end": 4, "access": "R"}], [{"after": 0, "panic": True}]
    ),
}


@pytest.mark.parametrize("words", KNOWN)
def test_each_known_defect_is_recognised_by_rule(words):
    """Not by the name of the case, so that cases nobody has seen are judged alike."""
    lines = replay_mmledger.run_case(KNOWN[words])
    assert lines[0].startswith(DIFFERS)
    assert words in lines[0]


@pytest.mark.parametrize("words", KNOWN)
def test_a_case_of_the_test_suite_has_no_such_excuse(words):
    """Only what was merely observed may differ."""
    lines = replay_mmledger.run_case(KNOWN[words] | {"basis": "test"})
    assert lines
    assert not lines[0].startswith(DIFFERS)


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ({"kind": "find_free_front", "length": 2}, {"is": 5}),
        ({"kind": "find_free_back", "length": 2}, {"is": 5}),
        ({"kind": "map", "start": 1, "end": 2, "access": "R"}, {"is": "ok", "records": []}),
        ({"kind": "protect", "start": 0, "end": 1, "access": "W"}, {"error": "OutOfCapacity?"}),
        ({"kind": "contains", "start": 0, "end": 1}, {"is": "X"}),
    ],
)
def test_an_observed_difference_of_no_known_kind_fails(op, expected):
    """The excuse is as narrow as the list of defects."""
    case = ledger_case([op], [{"after": 0} | expected], records=[span(0, 4)])
    assert not replay_mmledger.run_case(case)[0].startswith(DIFFERS)


LATER = {
    "loses data when it fails": ledger_case(
        [
            {"kind": "map", "start": 1, "end": 2, "access": "W"},
            {"kind": "contains", "start": 0, "end": 4},
        ],
        [{"after": 0, "error": "OutOfCapacity"}, {"final": [span(2, 4)]}],
        records=[span(0, 4)],
        capacity=1,
    ),
    "takes an empty range": ledger_case(
        [
            {"kind": "unmap", "start": 2, "end": 2},
            {"kind": "contains", "start": 0, "end": 4},
        ],
        [{"after": 0, "is": "ok"}, {"final": [span(0, 2), span(2, 4)]}],
        records=[span(0, 4)],
    ),
}


@pytest.mark.parametrize("words", LATER)
def test_what_a_known_defect_left_behind_may_show_later(words):
    """A case need not tell what was there right after each operation."""
    (line,) = replay_mmledger.run_case(LATER[words])
    assert line.startswith(DIFFERS)
    assert words in line
    assert not replay_mmledger.run_case(LATER[words] | {"basis": "test"})[0].startswith(DIFFERS)


def test_the_end_is_judged_by_all_that_is_said_of_the_last_operation():
    """Its error may stand in one expectation and what it left behind in another."""
    case = ledger_case(
        [{"kind": "map", "start": 1, "end": 2, "access": "W"}],
        [{"after": 0, "error": "OutOfCapacity"}, {"final": [span(2, 4)]}],
        records=[span(0, 4)],
        capacity=1,
    )
    assert "loses data" in replay_mmledger.run_case(case)[0]


def test_a_refusal_that_could_cost_nothing_excuses_nothing():
    """Nothing was mapped where it failed, so nothing was lost."""
    case = ledger_case(
        [
            {"kind": "map", "start": 8, "end": 9, "access": "W"},
            {"kind": "contains", "start": 0, "end": 4},
        ],
        [{"after": 0, "error": "OutOfCapacity"}, {"after": 1, "is": "W"}],
        records=[span(0, 4)],
        capacity=1,
    )
    assert not replay_mmledger.run_case(case)[0].startswith(DIFFERS)


def test_a_failure_does_not_hide_behind_a_difference(tmp_path):
    """A case with both is a failure."""
    case = KNOWN["overlooks a hole"]
    both = case | {"expect": [{"after": 0, "smells": 1}, *case["expect"]]}
    lines = next(run_file(written(tmp_path, [both], "mmledger.json")))
    assert len(lines) == 1
    assert "smells" in lines[0]


def test_only_the_keys_that_are_wanted_are_compared():
    """An answer may say more than a case asks."""
    assert covers({"a": 1}, {"a": 1, "b": 2})
    assert not covers({"a": 1, "b": 2}, {"a": 1})
    assert not covers([{"a": 1}], [{"a": 1}, {"a": 1}])
    assert not covers(0, False)


def test_a_replay_without_a_model_knows_no_operation_and_holds_nothing():
    """The common part alone."""
    assert Replay({"name": "c", "ops": [], "expect": [{"final": []}]}).run() == []
    assert Replay({"name": "c", "ops": [{"kind": "x"}], "expect": []}).run() != []


def test_files_of_which_nothing_is_compared_are_no_success(tmp_path, capsys):
    """No case, or only cases that are expected to differ."""
    assert main([written(tmp_path, {"cases": []})]) == 1
    assert "nothing was compared" in capsys.readouterr().out


def test_a_field_that_is_there_twice_is_refused_by_name(tmp_path):
    """JSON keeps the last one without a word."""
    file = tmp_path / "maple.json"
    file.write_text('{"cases": [{"name": "a", "ops": [], "expect": [], "ops": []}]}')

    assert list(run_file(str(file))) == [["cannot be read: field 'ops' is there twice"]]
