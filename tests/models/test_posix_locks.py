"""Byte-range locks: recorded cases, rules by hand, and a table of bytes."""

from __future__ import annotations

import json
import os
import re
from errno import EAGAIN, EBADF, EDEADLK, EINVAL, EOVERFLOW
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rangelist.models.posix_locks import MAXIMUM, Description, Lock, LockTable, Request
from rangelist.models.replay_posix_lock import run_case

HERE = Path(__file__).parent
CASES = json.loads((HERE.parent / "vectors/posix_lock.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_recorded_case_comes_out_as_the_kernel_says(case: dict[str, Any]) -> None:
    """Answers, and the locks that are held after each call."""
    assert run_case(case) == []


@pytest.mark.parametrize(
    ("op", "wanted", "line"),
    [
        ({"kind": "setlk", "type": "W"}, "EAGAIN", "raised KeyError('l_start')"),
        ({"kind": "dup", "newfd": 1}, "EBADF", "is None, want 'EBADF'"),
        ({"kind": "close", "fd": 9}, "ok", "is 'EBADF', want 'ok'"),
        ({"kind": "open", "flags": 0o102}, "EINVAL", "is None, want 'EINVAL'"),
        ({"kind": "open", "flags": 0o1002}, "ok", "flags 0o1002 of open, want O_RDONLY, O_WRONLY or O_RDWR"),
        ({"kind": "dup", "newfd": 1, "old": 2}, "ok", "dup has other fields: got an unexpected keyword argument 'old'"),
        (
            {"kind": "setlk", "type": "W", "l_start": 0, "l_len": 1, "pid": 7},
            "ok",
            "unknown field 'pid' of a request, want some of l_len, l_start, type, whence",
        ),
        ({"kind": "waited"}, "ok", "'A' has not waited for anything"),
        ({"kind": "interrupt"}, "ok", "'A' does not wait"),
    ],
)
def test_what_a_case_wants_and_is_not_so_becomes_a_line(
    op: dict[str, Any], wanted: str, line: str
) -> None:
    """A runner that finds nothing wrong has looked at nothing."""
    expect = [{"after": 0, "is": wanted}]
    case = {"name": "small", "ops": [{"owner": "A", **op}], "expect": expect}
    assert run_case(case)[0].endswith(line), run_case(case)


W = {"type": "W", "l_start": 0, "l_len": 5}
WAITS = [
    ({"kind": "setlk", "owner": "A", **W}, "ok"),
    ({"kind": "setlkw", "owner": "B", **W}, "waits"),
    ({"kind": "waited", "owner": "B"}, "waits"),
    ({"kind": "setlk", "owner": "A", **W, "type": "U"}, "ok"),
    ({"kind": "waited", "owner": "B"}, "ok"),
    ({"kind": "ofd_setlkw", "owner": "A", **W}, "waits"),
    ({"kind": "interrupt", "owner": "A"}, "ok"),
    ({"kind": "waited", "owner": "A"}, "EINTR"),
    ({"kind": "setlkw", "owner": "A", **W, "l_start": 5}, "ok"),
    ({"kind": "setlkw", "owner": "A", **W}, "waits"),
    ({"kind": "setlkw", "owner": "B", **W, "l_start": 5}, "EDEADLK"),
    ({"kind": "exit", "owner": "B"}, "ok"),
    ({"kind": "waited", "owner": "A"}, "ok"),
]


def test_a_case_may_wait_for_locks() -> None:
    """Each answer counts; to want another one fails."""
    ops = [op for op, _ in WAITS]
    expect = [{"after": i, "is": answer} for i, (_, answer) in enumerate(WAITS)]
    expect += [{"after": 1, "waiting": ["B"]}, {"after": 4, "waiting": []}]
    assert run_case({"ops": ops, "expect": expect}) == []
    for i, (_, answer) in enumerate(WAITS):
        wrong = {"after": i, "is": "ok" if answer != "ok" else "waits"}
        assert run_case({"ops": ops, "expect": [wrong]}) != [], i
    early = [*ops[:2], {"kind": "lseek", "owner": "B", "pos": 1}]
    (line,) = run_case({"ops": early, "expect": []})
    assert line.endswith("'B' waits, so it cannot make another call")


def test_a_waiter_that_a_change_leads_into_a_deadlock_is_told_so_in_a_case_too() -> None:
    """Its next obstacle waits for it."""
    ops = [
        {"kind": "setlk", "owner": "A", "type": "R", "l_start": 5, "l_len": 1},
        {"kind": "setlk", "owner": "B", "type": "R", "l_start": 5, "l_len": 1},
        {"kind": "setlk", "owner": "C", "type": "W", "l_start": 0, "l_len": 1},
        {"kind": "setlkw", "owner": "C", "type": "W", "l_start": 5, "l_len": 1},
        {"kind": "setlkw", "owner": "B", "type": "W", "l_start": 0, "l_len": 1},
        {"kind": "setlk", "owner": "A", "type": "U", "l_start": 5, "l_len": 1},
        {"kind": "waited", "owner": "C"},
    ]
    assert run_case({"ops": ops, "expect": [{"after": 6, "is": "EDEADLK"}]}) == []


def test_a_ring_of_three_that_wait_can_be_written_as_a_case() -> None:
    """The last one to wait is told; when it gives up what it holds, the others get theirs."""
    ops = [
        {"kind": kind, "owner": owner, "type": type_, "l_start": start, "l_len": 1}
        for kind, owner, type_, start in (
            *(("setlk", owner, "W", i) for i, owner in enumerate("ABC")),
            *(("setlkw", owner, "W", (i + 1) % 3) for i, owner in enumerate("ABC")),
            ("setlk", "C", "U", 2),
        )
    ]
    ops += [{"kind": "waited", "owner": "B"}, {"kind": "exit", "owner": "B"}]
    expect: list[dict[str, Any]] = [
        {"after": 4, "waiting": ["A", "B"]},
        {"after": 5, "is": "EDEADLK"},
        {"after": 6, "waiting": ["A"]},
        {"after": 7, "is": "ok"},
        {"after": 8, "waiting": []},
        {"final": [{"owner": "A", "type": "W", "start": 0, "end": 1}]},
    ]
    assert run_case({"ops": ops, "expect": expect}) == []


def test_a_child_shares_descriptions_and_not_the_locks_of_its_parent() -> None:
    """What a description holds goes with its last descriptor, in whichever process."""
    ops = [
        {"kind": "setlk", "owner": "A", "type": "W", "l_start": 0, "l_len": 5},
        {"kind": "ofd_setlk", "owner": "A", "type": "W", "l_start": 10, "l_len": 5},
        {"kind": "fork", "owner": "A", "child": "B"},
        {"kind": "setlk", "owner": "B", "type": "R", "l_start": 0, "l_len": 1},
        {"kind": "ofd_setlk", "owner": "B", "type": "R", "l_start": 10, "l_len": 1},
        {"kind": "exit", "owner": "A"},
        {"kind": "setlk", "owner": "C", "type": "W", "l_start": 12, "l_len": 1},
        {"kind": "setlk", "owner": "B", "type": "R", "l_start": 0, "l_len": 1},
        {"kind": "exit", "owner": "B"},
        {"kind": "setlk", "owner": "C", "type": "W", "l_start": 12, "l_len": 1},
        {"kind": "fork", "owner": "A", "child": "C"},
    ]
    answers = ["ok", "ok", "ok", "EAGAIN", "ok", "ok", "EAGAIN", "ok", "ok", "ok", "EEXIST"]
    expect = [{"after": i, "is": answer} for i, answer in enumerate(answers)]
    assert run_case({"ops": ops, "expect": expect}) == []


def test_the_size_of_a_file_is_a_number() -> None:
    """Anything else is told, and not taken for 0."""
    (line,) = run_case({"name": "small", "file_size": "5", "ops": [], "expect": []})
    assert "file_size is '5', want a number of bytes" in line


def test_every_process_of_a_case_has_the_file_open_from_the_start() -> None:
    """However it is called; and a holder that is null was not looked at."""
    ops = [
        {"kind": "setlk", "owner": "first", "type": "W", "l_start": 0, "l_len": 5},
        {"kind": "getlk", "owner": "second", "type": "R", "l_start": 2, "l_len": 1},
    ]
    found = {"type": "W", "l_start": 0, "l_len": 5}
    for holder, passes in (("first", True), (None, True), ("second", False)):
        expect = [{"after": 1, "is": {**found, "holder": holder}}]
        assert (run_case({"ops": ops, "expect": expect}) == []) == passes
    other = {"ops": ops, "expect": [{"after": 1, "is": {"type": "U", "holder": None}}]}
    assert run_case(other) != []


# ---- rules, by hand ------------------------------------------------------------------------------


def table(*owners: str, size: int = 0) -> LockTable:
    """A table where owners have the file open as descriptor 0."""
    made = LockTable(size=size)
    for owner in owners:
        made.open(owner, 0)
    return made


@pytest.mark.parametrize(
    ("request_", "number"),
    [
        (Request("W", -1, 1), EINVAL),
        (Request("W", 3, -4), EINVAL),
        (Request("W", 2, MAXIMUM), EOVERFLOW),
        (Request("W", MAXIMUM, 1, "END"), EOVERFLOW),
        (Request("X", 0, 1), EINVAL),  # type: ignore[arg-type]  # what a caller may pass
        (Request("W", 0, 1, "MIDDLE"), EINVAL),  # type: ignore[arg-type]  # likewise
    ],
)
def test_a_span_that_is_none_is_refused(request_: Request, number: int) -> None:
    """Nothing is locked then."""
    locks = table("A", size=10)
    with pytest.raises(OSError) as error:
        locks.set("A", 0, request_)
    assert (error.value.errno, list(locks)) == (number, [])


def test_who_asks_for_no_type_of_lock_is_refused_wherever_the_span_lies() -> None:
    """The type is looked at first there, and last where a lock is set."""
    locks = table("A")
    nowhere = Request("U", 2, MAXIMUM)
    for number, call in ((EINVAL, locks.test), (EOVERFLOW, locks.set)):
        with pytest.raises(OSError) as error:
            call("A", 0, nowhere)
        assert error.value.errno == number
    with pytest.raises(OSError) as error:
        locks.test("A", 0, nowhere, ofd=True)
    assert error.value.errno == EOVERFLOW


def test_a_lock_needs_a_descriptor_that_is_open_for_it() -> None:
    """Shared locks need reading, exclusive ones writing, unlocking nothing."""
    locks = LockTable()
    locks.open("A", 0, writable=False)
    locks.open("A", 1, readable=False)
    for fd, kind in ((0, "W"), (1, "R"), (2, "U")):
        with pytest.raises(OSError) as error:
            locks.set("A", fd, Request(kind))  # type: ignore[arg-type]  # kind is R, W or U
        assert error.value.errno == EBADF
    locks.set("A", 0, Request("R", 0, 1))
    locks.set("A", 1, Request("U"))
    assert list(locks) == []


def test_a_duplicate_shares_the_description_and_its_locks() -> None:
    """The description's locks go with its last descriptor, the process's with any."""
    locks = table("A")
    locks.dup("A", 0, 1)
    locks.dup("A", 0, 1)
    locks.set("A", 0, Request("W", 0, 5), ofd=True)
    locks.set("A", 0, Request("W", 10, 5))
    locks.close("A", 1)
    assert [lock.start for lock in locks] == [0]
    assert isinstance(next(iter(locks)).owner, Description)
    locks.close("A", 0)
    assert list(locks) == []


def test_a_waiter_is_granted_by_the_change_that_makes_room() -> None:
    """Unlocking a part that does not help lets it wait on."""
    locks = table("A", "B")
    locks.set("A", 0, Request("W", 0, 10))
    waiter = locks.wait("B", 0, Request("R", 5, 10))
    assert waiter is not None
    locks.set("A", 0, Request("U", 0, 5))
    assert not waiter.granted
    locks.set("A", 0, Request("R", 5, 5))
    assert waiter.granted
    assert list(locks) == [Lock("A", "R", 5, 9), Lock("B", "R", 5, 14)]


def test_a_waiter_goes_on_waiting_for_the_next_in_its_way() -> None:
    """It is told by the owner that is in its way now."""
    locks = table("A", "B", "C")
    locks.set("A", 0, Request("R", 0, 1))
    locks.set("B", 0, Request("R", 0, 1))
    waiter = locks.wait("C", 0, Request("W", 0, 1))
    assert waiter is not None
    locks.close("A", 0)
    assert (waiter.granted, waiter.blocker) == (False, "B")
    locks.close("B", 0)
    assert waiter.granted
    assert locks.wait("C", 0, Request("R", 0, 1)) is None


def test_of_two_waiters_the_first_is_served_first() -> None:
    """The second then waits for the first."""
    locks = table("A", "B", "C")
    locks.set("A", 0, Request("W", 0, 1))
    first, second = (locks.wait(owner, 0, Request("W", 0, 1)) for owner in "BC")
    assert first is not None
    assert second is not None
    locks.set("A", 0, Request("U"))
    assert (first.granted, second.granted, second.blocker) == (True, False, "B")
    locks.cancel(second)
    locks.set("B", 0, Request("U"))
    assert (second.granted, list(locks)) == (False, [])


def test_who_finds_another_lock_in_his_way_waits_behind_those_who_wait_for_it() -> None:
    """However long he has waited for the first one."""
    locks = table("A", "B", "C", "D")
    locks.set("A", 0, Request("W", 0, 5))
    locks.set("B", 0, Request("W", 5, 5))
    first = locks.wait("C", 0, Request("W", 4, 6))
    second = locks.wait("D", 0, Request("W", 9, 1))
    for owner in "AB":
        locks.close(owner, 0)
    assert first is not None
    assert second is not None
    assert (first.granted, first.blocker, second.granted) == (False, "D", True)


def test_serving_one_may_serve_others_who_are_then_not_served_twice() -> None:
    """Two descriptions of A and B; B's downgrade serves A, and that serves C again."""
    locks = table(*"ABC")
    locks.set("A", 0, Request("W", 0, 10), ofd=True)
    locks.set("B", 0, Request("W", 20, 10))
    waiters = [
        locks.wait("B", 0, Request("R", 0, 30)),
        locks.wait("C", 0, Request("R", 2, 1)),
        locks.wait("A", 0, Request("R", 20, 1), ofd=True),
    ]
    locks.set("A", 0, Request("U"), ofd=True)
    assert [waiter.granted for waiter in waiters if waiter] == [True, True, True]
    assert [lock[1:] for lock in locks] == [("R", 0, 29), ("R", 20, 20), ("R", 2, 2)]


def test_who_would_wait_for_himself_over_others_is_told_so() -> None:
    """Descriptions are not noticed, and neither is a chain that is too long."""
    locks = table(*"ABCDEFGHIJKLMNOP")
    for at, owner in enumerate("ABC"):
        locks.set(owner, 0, Request("W", at, 1))
    assert locks.wait("A", 0, Request("W", 1, 1)) is not None
    assert locks.wait("B", 0, Request("W", 2, 1)) is not None
    with pytest.raises(OSError) as error:
        locks.wait("C", 0, Request("W", 0, 1))
    assert error.value.errno == EDEADLK
    assert locks.wait("C", 0, Request("W", 0, 1), ofd=True) is not None


def test_a_waiter_whose_next_obstacle_waits_for_him_is_refused() -> None:
    """When B began to wait, it was A that C waited for; a description would wait on for ever."""
    for ofd in (False, True):
        locks = table("A", "B", "C")
        for owner in "AB":
            locks.set(owner, 0, Request("R", 5, 1))
        locks.set("C", 0, Request("W", 0, 1), ofd=ofd)
        first = locks.wait("C", 0, Request("W", 5, 1), ofd=ofd)
        second = locks.wait("B", 0, Request("W", 0, 1))
        assert first is not None
        assert second is not None
        locks.set("A", 0, Request("R", 5, 1))  # nothing changes for anybody
        locks.set("A", 0, Request("W", 30, 1))
        assert not first.refused
        locks.set("A", 0, Request("U", 5, 1))
        assert (first.granted, first.refused) == (False, not ofd)
        assert (second.granted, second.refused) == (False, False)
        locks.close("C", 0)
        assert second.granted


def test_who_waits_for_a_description_is_not_seen_in_a_deadlock() -> None:
    """Any process that has it might release it; a description that waits itself is seen."""
    locks = table("A", "B", "C")
    locks.set("A", 0, Request("W", 0, 1))
    locks.set("B", 0, Request("W", 2, 1))
    locks.set("C", 0, Request("W", 1, 1), ofd=True)
    assert locks.wait("A", 0, Request("W", 1, 1))
    assert locks.wait("C", 0, Request("W", 2, 1), ofd=True)
    assert locks.wait("B", 0, Request("W", 0, 1))
    with pytest.raises(OSError) as error:
        locks.wait("B", 0, Request("R", 1, 1))
    assert error.value.errno == EDEADLK


def test_a_change_that_serves_one_who_serves_the_next_serves_each_once() -> None:
    """A's own downgrade, granted on the way, wakes who was woken by A's unlock already."""
    locks = table("A", "C", "D")
    locks.set("A", 0, Request("W", 0, 5))
    locks.set("C", 0, Request("W", 5, 1), ofd=True)
    waiters = [
        locks.wait("A", 0, Request("R", 0, 6)),  # another thread
        locks.wait("C", 0, Request("R", 4, 2), ofd=True),
        locks.wait("D", 0, Request("R", 3, 1)),
    ]
    locks.set("A", 0, Request("U", 4, 1))
    assert all(waiter is not None and waiter.granted for waiter in waiters)
    assert not locks.waiting


def test_a_chain_of_waiters_that_is_too_long_is_not_noticed() -> None:
    """The kernel gives up after ten, so that nobody can keep it busy."""
    names = [f"P{i}" for i in range(14)]
    locks = table(*names)
    for at, owner in enumerate(names):
        locks.set(owner, 0, Request("W", at, 1))
    for at, owner in enumerate(names[:-1]):
        assert locks.wait(owner, 0, Request("W", at + 1, 1)) is not None
    assert locks.wait(names[-1], 0, Request("W", 0, 1)) is not None


# ---- against a table of bytes --------------------------------------------------------------------

SIZE = 12
CALLS = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.sampled_from("RWU"),
        st.integers(0, SIZE - 1),
        st.integers(1, SIZE),
    ),
    max_size=30,
)


@given(CALLS)
def test_each_byte_is_locked_as_a_table_of_bytes_says(
    calls: list[tuple[str, Any, int, int]],
) -> None:
    """And no two touching locks of one owner are of one type."""
    locks = table(*"ABC")
    bytes_: dict[tuple[str, int], str] = {}
    for owner, kind, start, length in calls:
        span = range(start, start + length)
        refused = any(
            "W" in (kind, other_kind) and kind != "U"
            for (other, byte), other_kind in bytes_.items()
            if other != owner and byte in span
        )
        if refused:
            with pytest.raises(OSError, match=re.escape(os.strerror(EAGAIN))):
                locks.set(owner, 0, Request(kind, start, length))
            continue
        locks.set(owner, 0, Request(kind, start, length))
        for byte in span:
            bytes_.pop((owner, byte), None)
            if kind != "U":
                bytes_[owner, byte] = kind
    held = {(lock.owner, b): lock.type for lock in locks for b in range(lock.start, lock.end + 1)}
    assert held == bytes_
    assert all(owned.is_canonical() for owned in locks.held.values())
