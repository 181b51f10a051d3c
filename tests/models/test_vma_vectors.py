"""The recorded cases of the kernel's own tests, on the model of its memory areas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rangelist.models.replay_vma import run_case

CASES = json.loads((Path(__file__).parents[1] / "vectors/vma.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_recorded_case_comes_out_as_the_kernel_says(case: dict[str, Any]) -> None:
    """Ranges, attributes, identity of the survivor, errors."""
    assert run_case(case) == []


def a_case(**changes: Any) -> dict[str, Any]:
    """A small case that passes, with some fields changed."""
    return {
        "name": "small",
        "initial": [{"id": "a", "start": 0, "end": 4, "flags": ["r"]}],
        "op": {"kind": "unmap", "start": 2, "end": 4},
        "expect": [{"start": 0, "end": 2}],
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"expect": [{"start": 0, "end": 3}]}, "small: end 2 of"),
        ({"expect": [{"start": 2}]}, "small: no area is {'start': 2}"),
        ({"expect": [{"start": 0, "has_flags": ["w"]}]}, "small: flags ['r'], want has_flags"),
        ({"expect": [{"start": 0, "lacks_flags": ["r"]}]}, "small: flags ['r'], want lacks_flags"),
        ({"expect": [{"start": 0, "colour": 1}]}, "small: unknown field 'colour' of an area"),
        ({"expect_count": 2}, "small: 1 areas, want 2"),
        ({"expect_mapped_pages": [3]}, "small: page 3 is not mapped"),
        ({"expect_no_area_starting_at": [0]}, "small: <node [0, 2)"),
        ({"error": "any"}, "small: error None, want any"),
        ({"target": "a"}, "small: the area that came out is None, want a"),
        ({"state": "NOMERGE"}, "small: state SUCCESS, want NOMERGE"),
        ({"op": {"kind": "fold"}}, "small: unknown kind of operation 'fold'"),
        ({"op": {"kind": "unmap"}}, "small: unmap has other fields: missing a required"),
        ({"op": {"kind": "unmap", "start": 2, "end": 4, "now": 1}}, "small: unmap has other fields"),
        ({"op": {"kind": "map", "start": 4, "end": 6, "colour": 1}}, "small: unknown field 'colour'"),
        ({"op": {"kind": "map", "start": 4, "end": 6, "flags": ["q"]}}, "small: this is no case th"),
        ({"op": {"kind": "unmap", "start": 2, "end": 4, "inject": "x"}}, "small: this is no case"),
        ({"op": {"kind": "modify", "start": 0, "end": 4, "add_flags": ["q"]}}, "small: this is no"),
        (
            {"op": {"kind": "modify", "start": 0, "end": 4, "perm": ["r"], "flags": []}},
            "small: want one of perm, add_flags and values",
        ),
        ({"op": {"kind": "extend", "delta": 1}}, "small: {'kind': 'extend', 'delta': 1} is about no"),
        (
            {"op": {"kind": "expand", "start": 0, "end": 6, "next": "a"}},
            "small: next is 'a', but behind",
        ),
        ({"op": {"kind": "expand", "start": 0, "end": 6, "pgoff": 1}}, "small: pgoff is 1, but"),
        (
            {"op": {"kind": "move", "start": 0, "end": 4, "to": 9, "multi": True}},
            "small: multi is True, but 1 areas",
        ),
        ({"initial": [{"start": 0, "end": 4, "age": 1}]}, "small: unknown field 'age' of an area"),
        ({"initial": [{"start": 0, "end": 4, "flags": ["rw"]}]}, "small: this is no case that can"),
        ({"expect": [{"start": 0, "lacks_flags": ["q"]}]}, "small: this is no case that can be run"),
        ({"tags": ["x"]}, "small: unknown field 'tags' of a case"),
        (
            {"op": {"kind": "modify", "start": 2, "end": 9, "flags": []}},
            "small: error ENOMEM, want None",
        ),
    ],
)
def test_what_a_case_wants_and_is_not_so_becomes_a_line(changes: dict[str, Any], line: str) -> None:
    """A runner that finds nothing wrong has looked at nothing."""
    lines = run_case(a_case(**changes))
    assert lines[0].startswith(line), lines


def test_remarks_of_a_case_are_passed_over() -> None:
    """Those that are known."""
    assert run_case(a_case(notes="", outcome="unmap", source="x", target=None)) == []


def test_a_policy_is_set_as_mbind_sets_it() -> None:
    """A window of one area is cut out of it; equal neighbours take it; a hole is refused."""
    initial = [{"start": 0, "end": 4}, {"start": 4, "end": 8, "pgoff": 4, "policy": "bind"}]
    op = {"kind": "modify", "start": 2, "end": 4, "policy": "bind"}
    expect = [{"start": 0, "end": 2, "policy": None}, {"start": 2, "end": 8, "policy": "bind"}]
    assert run_case(a_case(initial=initial, op=op, expect=expect, expect_count=2)) == []
    assert run_case(a_case(op=op | {"end": 5}, error="EFAULT", expect=[])) == []


@pytest.mark.parametrize(
    ("op", "expect"),
    [
        ({"kind": "modify", "start": 2, "end": 2, "flags": []}, [(0, 4, "r"), (4, 6, "w")]),
        ({"kind": "modify", "start": 2, "end": 6, "flags": []}, [(0, 2, "r"), (2, 6, "")]),
        ({"kind": "map", "start": 6, "end": 8}, [(0, 4, "r"), (4, 6, "w"), (6, 8, "")]),
        ({"kind": "merge_existing", "start": 0, "end": 4, "flags": ["w"]}, [(0, 6, "w")]),
        ({"kind": "expand", "start": 4, "end": 9}, [(0, 4, "r"), (4, 9, "w")]),
        ({"kind": "extend", "start": 4, "delta": 2}, [(0, 4, "r"), (4, 8, "w")]),
        ({"kind": "shrink", "start": 0, "end": 3}, [(0, 3, "r"), (4, 6, "w")]),
        ({"kind": "move", "start": 4, "end": 6, "to": 8, "new_len": 1}, [(0, 4, "r"), (8, 9, "w")]),
        ({"kind": "move", "start": 4, "end": 6, "keep_source": True}, [(0, 4, "r"), (4, 6, "w")]),
    ],
    ids=["zero", "many", "map", "merge", "expand", "extend", "shrink", "move shorter", "move"],
)
def test_what_an_operation_does_not_name_is_as_usual(
    op: dict[str, Any], expect: list[tuple[int, int, str]]
) -> None:
    """The area at its start, no flags, the page offset of where it is, anywhere."""
    initial = [
        {"start": 0, "end": 4, "flags": ["r"]},
        {"start": 4, "end": 6, "flags": ["w"], "pgoff": 4},
    ]
    wanted = [{"start": start, "end": end, "flags": list(flags)} for start, end, flags in expect]
    assert run_case({"initial": initial, "op": op, "expect": wanted}) == []


def test_an_operation_on_what_is_not_mapped_is_refused() -> None:
    """As the system call would be."""
    for op, error in (
        ({"kind": "shrink", "start": 9, "end": 10}, "ENOMEM"),
        ({"kind": "copy", "start": 9, "end": 10, "to": 20}, "EFAULT"),
        ({"kind": "map", "start": 3, "end": 5, "noreplace": True}, "EEXIST"),
    ):
        assert run_case(a_case(op=op, error=error, expect=[{"start": 0, "end": 4}])) == []


def test_mappings_of_one_file_are_those_with_one_label() -> None:
    """The same page offset of another file is something else."""
    initial = [{"start": 0, "end": 4, "file": "one"}]
    for label, count in (("one", 1), ("two", 2)):
        op = {"kind": "merge_new", "start": 4, "end": 6, "file": label}
        state = "VMA_MERGE_SUCCESS" if count == 1 else "VMA_MERGE_NOMERGE"
        case = {"initial": initial, "op": op, "expect": [{"start": 0, "file": "one"}]}
        assert run_case({**case, "state": state}) == []


def test_a_case_that_only_names_the_state_wants_the_error_that_belongs_to_it() -> None:
    """Accounting is not spoken of: what becomes writable joins what is."""
    merge = {"kind": "merge_new", "start": 4, "end": 6, "pgoff": 4, "flags": ["r"]}
    assert run_case(a_case(op=merge | {"inject": "alloc_fail"}, state="ERROR_NOMEM", expect=[])) == []
    initial = [{"start": 0, "end": 4, "flags": ["r"]}, {"start": 4, "end": 6, "flags": ["r", "w"]}]
    modify = {"kind": "modify", "start": 0, "end": 4, "perm": ["r", "w"]}
    expect = [{"start": 0, "end": 6, "flags": ["r", "w"]}]
    assert run_case(a_case(initial=initial, op=modify, expect=expect)) == []
