"""Byte-range locks: recorded cases, a table of bytes, and the kernel that runs this test."""

from __future__ import annotations

import json
import os
import random
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
STEPS = int(os.environ.get("RANGELIST_KERNEL_STEPS", "20000")) // 5


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
        ({"kind": "open", "flags": 0}, "EINVAL", "is None, want 'EINVAL'"),
    ],
)
def test_what_a_case_wants_and_is_not_so_becomes_a_line(
    op: dict[str, Any], wanted: str, line: str
) -> None:
    """A runner that finds nothing wrong has looked at nothing."""
    expect = [{"after": 0, "is": wanted}]
    case = {"name": "small", "ops": [{"owner": "A", **op}], "expect": expect}
    assert run_case(case)[0].endswith(line), run_case(case)


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


# ---- against the kernel --------------------------------------------------------------------------


class Kernel:
    """Processes that lock a file, and the model beside them."""

    def __init__(self, path: Path, owners: str) -> None:
        self.path = path
        self.inode = path.stat().st_ino
        self.model = LockTable(size=path.stat().st_size)
        self.processes = {
            owner: subprocess.Popen(
                [sys.executable, str(HERE / "locker.py"), str(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for owner in owners
        }
        self.names = {process.pid: owner for owner, process in self.processes.items()}
        for owner in owners:
            self.ask(owner, kind="open", fd=0, mode=[1, 1])
            self.model.open(owner, 0)

    def send(self, owner: str, **call: Any) -> None:
        stdin = self.processes[owner].stdin
        assert stdin is not None
        stdin.write(json.dumps(call) + "\n")
        stdin.flush()

    def answer(self, owner: str, seconds: float = 20) -> Any:
        """Return what a process answers, `None` if it still waits."""
        stdout = self.processes[owner].stdout
        assert stdout is not None
        ready, _, _ = select.select([stdout], [], [], seconds)
        return json.loads(stdout.readline()) if ready else None

    def ask(self, owner: str, **call: Any) -> Any:
        self.send(owner, **call)
        return self.answer(owner)

    def layout(self) -> list[tuple[str, str, int, int]]:
        """Return what /proc/locks says of the file, twice the same.

        It is read a page at a time: where others lock and unlock meanwhile, a line may come twice
        or not at all.
        """
        found, again = self.lines(), self.lines()
        while found != again:
            found, again = again, self.lines()
        return found

    def lines(self) -> list[tuple[str, str, int, int]]:
        """Return the lines of the file as they are read; a description's locks have no owner."""
        found = []
        for line in Path("/proc/locks").read_text().splitlines():
            fields = line.split()
            if "->" in fields or int(fields[5].split(":")[2]) != self.inode:
                continue
            owner = self.names.get(int(fields[4]), "")
            end = MAXIMUM if fields[7] == "EOF" else int(fields[7])
            found.append((owner, fields[3][0], int(fields[6]), end))
        return sorted(found)

    def told(self) -> list[tuple[str, str, int, int]]:
        """Return what the model says."""
        return sorted(
            ("" if isinstance(owner, Description) else str(owner), kind, start, end)
            for owner, kind, start, end in self.model
        )

    def end(self) -> None:
        for process in self.processes.values():
            process.communicate(timeout=20)


@contextmanager
def kernel(path: Path, owners: str) -> Iterator[Kernel]:
    """Processes for a test."""
    (path / "locked").write_bytes(b"x" * 50)
    made = Kernel(path / "locked", owners)
    try:
        yield made
    finally:
        made.end()


def reason_to_skip() -> str:
    """Return why the kernel here cannot be compared with, or nothing."""
    if sys.platform != "linux" or sys.maxsize < 2**32:
        return "the numbers of the calls are those of a 64-bit Linux"
    if not os.access("/proc/locks", os.R_OK):
        return "there is no /proc/locks to be read"
    return ""


REASON = reason_to_skip()
on_linux = pytest.mark.skipif(bool(REASON), reason=REASON)


def random_call(rng: random.Random, model: LockTable, owner: str) -> dict[str, Any]:
    """Return a call that a process can make."""
    fds = sorted(model.files[owner])
    fd = rng.choice(fds)
    kind = rng.choices(
        ["set", "test", "ofd_set", "ofd_test", "open", "close", "dup", "seek"],
        [60, 15, 8, 8, 2, 2 if len(fds) > 1 else 0, 2, 3],
    )[0]
    call: dict[str, Any] = {"kind": kind, "fd": fd}
    if kind == "open":
        call |= {"fd": max(fds) + 1, "mode": rng.choice([[1, 1], [1, 1], [1, 0], [0, 1]])}
    elif kind == "dup":
        call["new"] = max(fds) + 1
    elif kind == "seek":
        call["position"] = rng.randrange(60)
    elif kind != "close":
        start, length = rng.randrange(40), rng.choice([1, 2, 3, 5, 10, 20, 0, -1, -5])
        start = rng.choice([start] * 8 + [MAXIMUM - start, -start])
        whence = rng.choice(["SET"] * 8 + ["CUR", "END"])
        call["request"] = [rng.choice("RWU"), start, length, whence]
    return call


def on_model(model: LockTable, owner: str, call: dict[str, Any], kernel: Kernel) -> Any:
    """Make the call on the model; return what the process would answer."""
    kind, fd = call["kind"], call["fd"]
    ofd, request = kind.startswith("ofd"), Request(*call.get("request", "U"))
    try:
        if kind == "open":
            readable, writable = map(bool, call["mode"])
            model.open(owner, fd, readable=readable, writable=writable)
        elif kind == "close":
            model.close(owner, fd)
        elif kind == "dup":
            model.dup(owner, fd, call["new"])
        elif kind == "seek":
            model.seek(owner, fd, call["position"])
        elif kind.endswith("set"):
            model.set(owner, fd, request, ofd=ofd)
        else:
            found = model.test(owner, fd, request, ofd=ofd)
            if found is None:
                whence = ["SET", "CUR", "END"].index(request.whence)
                return [2, whence, request.start, request.length, 0]
            pids = {name: pid for pid, name in kernel.names.items()}
            length = 0 if found.end == MAXIMUM else found.end + 1 - found.start
            return ["RW".index(found.type), 0, found.start, length, pids.get(str(found.owner), -1)]
    except OSError as error:
        return -(error.errno or 1)
    return "ok"


@on_linux
@pytest.mark.parametrize("seed", [1, 2])
def test_after_each_of_many_random_calls_the_locks_are_what_the_model_says(
    seed: int, tmp_path: Path
) -> None:
    """Two processes lock one file; each answer and /proc/locks have to agree."""
    rng = random.Random(seed)
    with kernel(tmp_path, "AB") as both:
        for step in range(STEPS // 2):
            owner = rng.choice("AB")
            call = random_call(rng, both.model, owner)
            real = both.ask(owner, **call)
            told = on_model(both.model, owner, call, both)
            assert real == told, (step, owner, call)
            assert both.layout() == both.told(), (step, owner, call)


@on_linux
def test_waiters_in_the_kernel_are_granted_and_refused_like_those_of_the_model(
    tmp_path: Path,
) -> None:
    """B waits for A; A would wait for B and is told of the deadlock; then A makes room."""
    with kernel(tmp_path, "AB") as both:
        for owner, start in (("A", 0), ("B", 10)):
            assert both.ask(owner, kind="set", fd=0, request=["W", start, 10, "SET"]) == "ok"
            both.model.set(owner, 0, Request("W", start, 10))
        both.send("B", kind="wait", fd=0, request=["W", 5, 10, "SET"])
        waiter = both.model.wait("B", 0, Request("W", 5, 10))
        assert both.answer("B", 0.2) is None
        assert both.ask("A", kind="wait", fd=0, request=["R", 12, 1, "SET"]) == -EDEADLK
        with pytest.raises(OSError) as error:
            both.model.wait("A", 0, Request("R", 12, 1))
        assert error.value.errno == EDEADLK
        assert both.ask("A", kind="set", fd=0, request=["U", 5, 1, "SET"]) == "ok"
        both.model.set("A", 0, Request("U", 5, 1))
        assert both.answer("B", 0.2) is None
        assert both.ask("A", kind="set", fd=0, request=["U", 6, 4, "SET"]) == "ok"
        both.model.set("A", 0, Request("U", 6, 4))
        assert both.answer("B") == "ok"
        assert waiter is not None
        assert waiter.granted
        assert both.layout() == both.told()


@on_linux
def test_a_waiter_in_the_kernel_is_refused_when_his_next_obstacle_waits_for_him(
    tmp_path: Path,
) -> None:
    """The deadlock comes about when A makes room, and not by a call of those who are in it."""
    with kernel(tmp_path, "ABC") as three:
        for owner, kind, start in (("A", "R", 5), ("B", "R", 5), ("C", "W", 0)):
            assert three.ask(owner, kind="set", fd=0, request=[kind, start, 1, "SET"]) == "ok"
        three.send("C", kind="wait", fd=0, request=["W", 5, 1, "SET"])
        assert three.answer("C", 0.2) is None
        three.send("B", kind="wait", fd=0, request=["W", 0, 1, "SET"])
        assert three.answer("B", 0.2) is None
        assert three.ask("A", kind="set", fd=0, request=["U", 5, 1, "SET"]) == "ok"
        assert three.answer("C") == -EDEADLK
        assert three.ask("C", kind="set", fd=0, request=["U", 0, 1, "SET"]) == "ok"
        assert three.answer("B") == "ok"
