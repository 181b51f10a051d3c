"""Carrying out one case of vectors/posix_lock.json on `posix_locks.LockTable`."""

from __future__ import annotations

from collections.abc import Callable
from errno import EDEADLK, errorcode
from typing import Any, TypeVar

from rangelist.models.posix_locks import MAXIMUM, Description, LockTable, Request
from rangelist.models.refused import RefusedError
from rangelist.models.replay import Replay, covers, is_table

__all__ = ["ReplayLocks", "run_case"]

Answer = TypeVar("Answer")

ACCESS = {0: (True, False), 1: (False, True), 2: (True, True)}  # O_RDONLY, O_WRONLY, O_RDWR


def run_case(case: dict[str, Any]) -> list[str]:
    """Carry out a case; return what is not as expected, a line each."""
    return ReplayLocks.judge(case)


class ReplayLocks(Replay):
    """A lock table and who asks it."""

    def __init__(self, case: dict[str, Any]) -> None:
        super().__init__(case)
        size = case.get("file_size", 0)
        self.table = LockTable(size=size if isinstance(size, int) else 0)
        self.owners: set[object] = set()

    def before(self, op: dict[str, Any]) -> None:
        """Let a process that was not seen yet have the file open as descriptor 0."""
        if op["owner"] not in self.owners:
            self.owners.add(op["owner"])
            self.table.open(op["owner"], 0)

    def judged(self, expectation: dict[str, Any], word: str, line: str) -> list[str]:
        """Pass over a holder that the recorder did not look at: it is null."""
        want = expectation[word]
        if word == "is" and is_table(want) and want.get("holder", "") is None:
            rest = {name: value for name, value in want.items() if name != "holder"}
            return [] if covers(rest, self.answer) else [line]
        return [line]

    def op_setlk(self, owner: str, **fields: Any) -> None:
        self._set(owner, fields, ofd=False)

    def op_ofd_setlk(self, owner: str, **fields: Any) -> None:
        self._set(owner, fields, ofd=True)

    def op_getlk(self, owner: str, **fields: Any) -> object:
        return self._test(owner, fields, ofd=False)

    def op_ofd_getlk(self, owner: str, **fields: Any) -> object:
        return self._test(owner, fields, ofd=True)

    def op_open(self, owner: str, fd: int = 0, flags: int = 2) -> None:
        readable, writable = ACCESS[flags & 3]
        self.table.open(owner, fd, readable=readable, writable=writable)

    def op_close(self, owner: str, fd: int = 0) -> None:
        done(lambda: self.table.close(owner, fd))

    def op_dup(self, owner: str, newfd: int, fd: int = 0) -> None:
        done(lambda: self.table.dup(owner, fd, newfd))

    def op_lseek(self, owner: str, pos: int, fd: int = 0) -> None:
        done(lambda: self.table.seek(owner, fd, pos))

    def _set(self, owner: str, fields: dict[str, Any], *, ofd: bool) -> None:
        fd, request = request_of(fields)
        done(lambda: self.table.set(owner, fd, request, ofd=ofd))

    def _test(self, owner: str, fields: dict[str, Any], *, ofd: bool) -> object:
        """Answer what `struct flock` would hold; without a lock in the way, the request itself."""
        fd, request = request_of(fields)
        lock = done(lambda: self.table.test(owner, fd, request, ofd=ofd))
        if lock is None:
            start, length = request.start, request.length
            return {"type": "U", "l_start": start, "l_len": length, "holder": None}
        length = 0 if lock.end == MAXIMUM else lock.end + 1 - lock.start
        holder = None if isinstance(lock.owner, Description) else lock.owner
        return {"type": lock.type, "l_start": lock.start, "l_len": length, "holder": holder}

    def see_layout(self) -> list[dict[str, Any]]:
        """Return the locks of processes, by owner and start."""
        locks = [lock for lock in self.table if not isinstance(lock.owner, Description)]
        return [
            {"owner": lock.owner, "type": lock.type, "start": lock.start, "end": lock.end}
            for lock in sorted(locks, key=lambda lock: (str(lock.owner), lock.start))
        ]

    def contents(self) -> list[dict[str, Any]]:
        return self.see_layout()


def request_of(fields: dict[str, Any]) -> tuple[int, Request]:
    """Return the descriptor and the request that an operation names."""
    whence = fields.get("whence", "SET")
    request = Request(fields["type"], fields["l_start"], fields["l_len"], whence)
    return fields.get("fd", 0), request


def done(call: Callable[[], Answer]) -> Answer:
    """Call; an error of the system becomes a refusal with its name."""
    try:
        return call()
    except OSError as error:
        number = error.errno or 0
        name = "EDEADLK" if number == EDEADLK else errorcode.get(number, str(number))
        raise RefusedError(name, str(error)) from error
