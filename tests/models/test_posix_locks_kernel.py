"""The model of byte-range locks against the kernel that runs this test."""

from __future__ import annotations

import json
import os
import random
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EDEADLK
from pathlib import Path
from typing import Any

import pytest
from core.sizes import by_size

from rangelist.models.posix_locks import MAXIMUM, Description, LockTable, Request

HERE = Path(__file__).parent
STEPS = by_size(2_000, 4_000, 20_000)


class Child:
    """A process that another one forked, told its calls through named pipes."""

    def __init__(self, pid: int, pipe: Path) -> None:
        self.pid = pid
        self.stdin = Path(f"{pipe}.in").open("w")  # noqa: SIM115 - closed in communicate
        self.stdout = Path(f"{pipe}.out").open()  # noqa: SIM115

    def communicate(self, timeout: float) -> None:
        """Let it end; its files are closed when it is a zombie, or gone."""
        self.stdin.close()
        self.stdout.read()
        self.stdout.close()
        with suppress(OSError):
            while Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                time.sleep(0.001)


class Kernel:
    """Processes that lock a file, and the model beside them."""

    def __init__(self, path: Path, owners: str) -> None:
        self.path = path
        self.inode = path.stat().st_ino
        self.model = LockTable(size=path.stat().st_size)
        self.processes: dict[str, Any] = {
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
        stdin.write(json.dumps(call) + "\n")
        stdin.flush()

    def answer(self, owner: str, seconds: float = 20) -> Any:
        """Return what a process answers, `None` if it still waits."""
        stdout = self.processes[owner].stdout
        ready, _, _ = select.select([stdout], [], [], seconds)
        return json.loads(stdout.readline()) if ready else None

    def ask(self, owner: str, **call: Any) -> Any:
        self.send(owner, **call)
        return self.answer(owner)

    def fork(self, owner: str, child: str) -> None:
        """Let a process have a child, here and in the model."""
        pipe = self.path.with_name(f"{child}-{len(self.names)}")
        for end in (".in", ".out"):
            os.mkfifo(f"{pipe}{end}")
        pid = self.ask(owner, kind="fork", fd=0, pipe=str(pipe))
        self.processes[child] = Child(pid, pipe)
        self.names[pid] = child
        self.model.fork(owner, child)

    def exit(self, owner: str) -> None:
        """Let a process end, here and in the model."""
        self.processes.pop(owner).communicate(timeout=300)
        self.model.exit(owner)

    def check(self, *where: object) -> None:
        """Raise AssertionError unless /proc/locks says of the file what the model says.

        It is read a page at a time: where others lock and unlock meanwhile, a line may come twice
        or not at all.  So it is read again; locks that really differ differ each time.
        """
        told = self.told()
        assert any(self.lines() == told for _ in range(100)), (*where, self.lines(), told)

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
            process.communicate(timeout=300)


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
            pids = {name: process.pid for name, process in kernel.processes.items()}
            length = 0 if found.end == MAXIMUM else found.end + 1 - found.start
            return ["RW".index(found.type), 0, found.start, length, pids.get(str(found.owner), -1)]
    except OSError as error:
        return -(error.errno or 1)
    return "ok"


def change_family(rng: random.Random, both: Kernel) -> None:
    """Let a process have a child, or a child end."""
    children = sorted(set(both.processes) - set("AB"))
    if len(children) == 3 or (children and rng.random() < 0.4):
        both.exit(rng.choice(children))
    else:
        child = next(name for name in "CDE" if name not in both.processes)
        both.fork(rng.choice(sorted(both.processes)), child)


@on_linux
@pytest.mark.parametrize("seed", [1, 2])
def test_after_each_of_many_random_calls_the_locks_are_what_the_model_says(
    seed: int, tmp_path: Path
) -> None:
    """Two processes and their children lock one file; each answer and /proc/locks have to agree."""
    rng = random.Random(seed)
    with kernel(tmp_path, "AB") as both:
        for step in range(STEPS // 2):
            if step % 50 == 49:
                change_family(rng, both)
                both.check(step)
            owner = rng.choice(sorted(both.processes))
            call = random_call(rng, both.model, owner)
            real = both.ask(owner, **call)
            told = on_model(both.model, owner, call, both)
            assert real == told, (step, owner, call)
            both.check(step, owner, call)


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
        both.check()


@on_linux
def test_who_waits_for_a_description_is_not_seen_in_a_deadlock_by_the_kernel_either(
    tmp_path: Path,
) -> None:
    """A waits for the description of C, that for B, and B is let wait for A."""
    with kernel(tmp_path, "ABC") as three:
        for owner, kind, start in (("A", "set", 0), ("B", "set", 2), ("C", "ofd_set", 1)):
            assert three.ask(owner, kind=kind, fd=0, request=["W", start, 1, "SET"]) == "ok"
        for owner, kind, start in (("A", "wait", 1), ("C", "ofd_wait", 2), ("B", "wait", 0)):
            three.send(owner, kind=kind, fd=0, request=["W", start, 1, "SET"])
            assert three.answer(owner, 0.2) is None
        for process in three.processes.values():
            process.kill()


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
