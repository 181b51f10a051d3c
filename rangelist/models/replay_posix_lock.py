"""Carrying out one case of vectors/posix_lock.json on `posix_locks.LockTable`.

    {"kind": "fork", "owner": "A", "child": "B"}      B shares A's descriptions
    {"kind": "exit", "owner": "B"}                    B closes all it has open
    {"kind": "setlkw", "owner": "B", "type": "W", "l_start": 0, "l_len": 5}
                                                      "ok", "waits" or EDEADLK; ofd_setlkw likewise
    {"kind": "waited", "owner": "B"}                  what that call has answered by now: "waits",
                                                      "ok", EDEADLK or EINTR
    {"kind": "interrupt", "owner": "B"}               a signal ends that call
    {"after": 3, "waiting": ["B"]}                    the owners that wait after ops[3]

A process that waits makes no other call.  Waiters are served in the order in which they began.
"""

from __future__ import annotations

from collections.abc import Callable
from errno import EDEADLK, errorcode
from typing import Any, TypeVar

from rangelist.models.posix_locks import MAXIMUM, Description, LockTable, Request, Waiter
from rangelist.models.refused import RefusedError
from rangelist.models.replay import CaseError, Replay, covers, is_table, refuse_unknown

__all__ = ["ReplayLocks", "run_case"]

Answer = TypeVar("Answer")

ACCESS = {0: (True, False), 1: (False, True), 2: (True, True)}  # O_RDONLY, O_WRONLY, O_RDWR
REQUEST = {"type": str, "l_start": int, "l_len": int, "whence": str}
# Flags that mean nothing to locks: O_CREAT, O_EXCL, O_NOCTTY, O_APPEND, O_NONBLOCK, O_CLOEXEC.
IDLE = 0o100 | 0o200 | 0o400 | 0o2000 | 0o4000 | 0o2000000


def run_case(case: dict[str, Any]) -> list[str]:
    """Carry out a case; return what is not as expected, a line each."""
    return ReplayLocks.judge(case)


class ReplayLocks(Replay):
    """A lock table and the processes that use it."""

    FIELDS = frozenset({"file_size"})

    def __init__(self, case: dict[str, Any]) -> None:
        super().__init__(case)
        size = case.get("file_size", 0)
        if type(size) is not int:
            raise CaseError(f"file_size is {size!r}, want a number of bytes")
        self.table = LockTable(size=size)
        self.owners: set[object] = set()
        self.waiters: dict[str, Waiter] = {}  # the last call of each process that had to wait

    def before(self, op: dict[str, Any]) -> None:
        """Let a process that was not seen yet have the file open as descriptor 0.

        Raises: CaseError, for a call of a process that waits.
        """
        owner = op["owner"]
        if owner not in self.owners:
            self.owners.add(owner)
            self.table.open(owner, 0)
        if owner in self.see_waiting() and op["kind"] not in ("waited", "interrupt"):
            raise CaseError(f"{owner!r} waits, so it cannot make another call")

    def tells_nothing(self) -> bool:
        """Tell whether a call was done and has nothing to answer."""
        return self.answer is None

    def judged(self, expectation: dict[str, Any], word: str, line: str) -> list[str]:
        """Pass over a holder that the recorder did not look at: it is null."""
        want = expectation[word]
        if word == "is" and is_table(want) and want.get("holder", "") is None:
            rest = {name: value for name, value in want.items() if name != "holder"}
            return [] if covers(rest, self.answer) else [line]
        return [line]

    def op_setlk(self, *, owner: str, fd: int = 0, **request: Any) -> None:
        done(lambda: self.table.set(owner, fd, request_of(request)))

    def op_ofd_setlk(self, *, owner: str, fd: int = 0, **request: Any) -> None:
        done(lambda: self.table.set(owner, fd, request_of(request), ofd=True))

    def op_setlkw(self, *, owner: str, fd: int = 0, **request: Any) -> str | None:
        return self._wait(owner, fd, request_of(request), ofd=False)

    def op_ofd_setlkw(self, *, owner: str, fd: int = 0, **request: Any) -> str | None:
        return self._wait(owner, fd, request_of(request), ofd=True)

    def _wait(self, owner: str, fd: int, request: Request, *, ofd: bool) -> str | None:
        waiter = done(lambda: self.table.wait(owner, fd, request, ofd=ofd))
        if waiter is None:
            return None
        self.waiters[owner] = waiter
        return "waits"

    def op_waited(self, *, owner: str) -> str | None:
        """Answer what a call that had to wait has answered by now."""
        if owner not in self.waiters:
            raise CaseError(f"{owner!r} has not waited for anything")
        waiter = self.waiters[owner]
        if waiter in self.table.waiting:
            return "waits"
        if not waiter.granted:
            code = "EDEADLK" if waiter.refused else "EINTR"
            raise RefusedError(code, f"{owner!r} has waited for {waiter.lock!r}")
        return None

    def op_interrupt(self, *, owner: str) -> None:
        if owner not in self.see_waiting():
            raise CaseError(f"{owner!r} does not wait")
        self.table.cancel(self.waiters[owner])

    def op_getlk(self, *, owner: str, fd: int = 0, **request: Any) -> object:
        return self._test(owner, fd, request_of(request), ofd=False)

    def op_ofd_getlk(self, *, owner: str, fd: int = 0, **request: Any) -> object:
        return self._test(owner, fd, request_of(request), ofd=True)

    def op_fork(self, *, owner: str, child: str) -> None:
        done(lambda: self.table.fork(owner, child))
        self.owners.add(child)

    def op_exit(self, *, owner: str) -> None:
        self.table.exit(owner)

    def op_open(self, *, owner: str, fd: int = 0, flags: int = 2) -> None:
        access = flags & ~IDLE
        if access not in ACCESS:
            raise CaseError(f"flags {flags:#o} of open, want O_RDONLY, O_WRONLY or O_RDWR")
        readable, writable = ACCESS[access]
        self.table.open(owner, fd, readable=readable, writable=writable)

    def op_close(self, *, owner: str, fd: int = 0) -> None:
        done(lambda: self.table.close(owner, fd))

    def op_dup(self, *, owner: str, newfd: int, fd: int = 0) -> None:
        done(lambda: self.table.dup(owner, fd, newfd))

    def op_lseek(self, *, owner: str, pos: int, fd: int = 0) -> None:
        done(lambda: self.table.seek(owner, fd, pos))

    def _test(self, owner: str, fd: int, request: Request, *, ofd: bool) -> object:
        """Answer what `struct flock` would hold; without a lock in the way, the request itself."""
        lock = done(lambda: self.table.test(owner, fd, request, ofd=ofd))
        if lock is None:
            start, length = request.start, request.length
            return {"type": "U", "l_start": start, "l_len": length, "holder": None}
        length = 0 if lock.end == MAXIMUM else lock.end + 1 - lock.start
        holder = None if isinstance(lock.owner, Description) else lock.owner
        return {"type": lock.type, "l_start": lock.start, "l_len": length, "holder": holder}

    def see_waiting(self) -> list[str]:
        """Return the processes that wait."""
        waiting = self.table.waiting
        return sorted(owner for owner, waiter in self.waiters.items() if waiter in waiting)

    def see_layout(self) -> list[dict[str, Any]]:
        """Return the locks of processes, by owner and start."""
        locks = [lock for lock in self.table if not isinstance(lock.owner, Description)]
        return [
            {"owner": lock.owner, "type": lock.type, "start": lock.start, "end": lock.end}
            for lock in sorted(locks, key=lambda lock: (str(lock.owner), lock.start))
        ]

    def contents(self) -> list[dict[str, Any]]:
        return self.see_layout()


def request_of(fields: dict[str, Any]) -> Request:
    """Return the request that the fields of an operation are."""
    refuse_unknown(fields, REQUEST, "a request")
    whence = fields.get("whence", "SET")
    return Request(fields["type"], fields["l_start"], fields["l_len"], whence)


def done(call: Callable[[], Answer]) -> Answer:
    """Call; an error of the system becomes a refusal with its name."""
    try:
        return call()
    except OSError as error:
        number = error.errno or 0
        name = "EDEADLK" if number == EDEADLK else errorcode.get(number, str(number))
        raise RefusedError(name, str(error)) from error
