"""POSIX byte-range locks: F_SETLK, F_SETLKW, F_GETLK and their OFD forms, on one file.

What is special: locks of different owners may overlap as long as both are shared, those of one
owner never do; an owner's locks are rewritten as `set` and `remove` write (cut, and joined where
they touch and are of one type), but only if no other owner is in the way; and whoever closes any
descriptor of the file loses all his locks.  So each owner has a `RangeList` with values R and W
under the default policy: `set` is lock, upgrade and downgrade, `remove` is unlock, `overlapping` of
the other owners' lists finds the conflict.  No hook is needed.

An owner is a process (its descriptor table), or one open file description for the OFD forms.

Source: Linux fs/locks.c, as of 6.12; its tests in LTP, xfstests and the kernel.
"""

from __future__ import annotations

from collections.abc import Iterator
from errno import EAGAIN, EBADF, EDEADLK, EEXIST, EINVAL, EOVERFLOW
from os import strerror
from typing import Final, Literal, NamedTuple

from rangelist import Node, RangeList

__all__ = ["MAXIMUM", "Description", "Lock", "LockTable", "Request", "Waiter", "extent"]

MAXIMUM: Final = 2**63 - 1  # the last byte that can be locked
CHAIN: Final = 10

Type = Literal["R", "W", "U"]
Owner = object  # the name of a process, or a Description


class Lock(NamedTuple):
    """A lock that is held; `end` is its last byte."""

    owner: Owner
    type: str
    start: int
    end: int


class Request(NamedTuple):
    """What a caller asks for, as `struct flock` has it."""

    type: Type
    start: int = 0
    length: int = 0  # 0 is up to the maximum; below 0 means the bytes before `start`
    whence: Literal["SET", "CUR", "END"] = "SET"


class Description:
    """An open file description: what `open` makes and `dup` shares."""

    def __init__(self, *, readable: bool = True, writable: bool = True) -> None:
        self.readable = readable
        self.writable = writable
        self.position = 0


class Waiter:
    """A call of F_SETLKW that has to wait for another owner.

    In the end it is `granted`; or `refused` with EDEADLK, if the next lock that it finds in its way
    is of an owner that waits for its own owner.
    """

    def __init__(self, owner: Owner, lock: Lock, wanted: tuple[Type, int, int]) -> None:
        self.owner = owner
        self.lock = lock  # that is in the way
        self.wanted = wanted
        self.granted = False
        self.refused = False

    @property
    def blocker(self) -> Owner:
        """Return the owner of the lock in the way."""
        return self.lock.owner

    def is_woken_by(self, owner: Owner, kind: str, start: int, stop: int) -> bool:
        """Tell whether the lock in the way is no longer what it was when that is written."""
        lock = self.lock
        return lock.owner == owner and lock.type != kind and lock.start < stop and start <= lock.end


def failure(number: int, why: str) -> OSError:
    """Return the error that fcntl would report, with the reason."""
    return OSError(number, f"{strerror(number)}: {why}")


def extent(start: int, length: int, base: int = 0) -> tuple[int, int]:
    """Return the span [start, stop) that a start and a length relative to a base mean.

    Raises: OSError: EINVAL below 0, EOVERFLOW behind the maximum.

    Example:
        >>> extent(10, 5), extent(10, -4), extent(-1, 0, base=2**63 - 1)
        ((10, 15), (6, 10), (9223372036854775806, 9223372036854775808))
    """
    start += base
    if start > MAXIMUM or start + length - 1 > MAXIMUM:
        raise failure(EOVERFLOW, f"[{start}, {start + length}), want at most byte {MAXIMUM}")
    if start < 0 or start + length < 0:
        raise failure(EINVAL, f"{length} bytes at {start}, want none below 0")
    if length < 0:
        return start + length, start
    return start, start + length if length else MAXIMUM + 1


class LockTable:
    """All locks on one file, of all owners.

    Example:
        >>> table = LockTable()
        >>> table.open("A", 0)
        >>> table.open("B", 0)
        >>> table.set("A", 0, Request("W", 10, 10))
        >>> table.set("A", 0, Request("R", 12, 2))
        >>> [lock[1:] for lock in table]
        [('W', 10, 11), ('R', 12, 13), ('W', 14, 19)]
        >>> table.test("B", 0, Request("R"))
        Lock(owner='A', type='W', start=10, end=11)
    """

    def __init__(self, *, size: int = 0) -> None:
        self.size = size  # of the file, for requests relative to its end
        # In order of each owner's first lock: in this order conflicts are looked for.
        self.held: dict[Owner, RangeList[int, str]] = {}
        self.files: dict[Owner, dict[int, Description]] = {}
        self.waiting: list[Waiter] = []

    def __iter__(self) -> Iterator[Lock]:
        for owner, locks in self.held.items():
            for node in locks:
                yield lock_of(owner, node)

    # ---- descriptors --------------------------------------------------------------------------

    def open(
        self, owner: Owner, fd: int, *, readable: bool = True, writable: bool = True
    ) -> None:
        """Open the file as a descriptor of a process."""
        description = Description(readable=readable, writable=writable)
        self.files.setdefault(owner, {})[fd] = description

    def dup(self, owner: Owner, fd: int, new: int) -> None:
        """Make another descriptor of the same description."""
        description = self.description(owner, fd)
        if new in self.files[owner] and new != fd:
            self.close(owner, new)
        self.files[owner][new] = description

    def seek(self, owner: Owner, fd: int, position: int) -> None:
        """Set the position that requests may be relative to."""
        self.description(owner, fd).position = position

    def close(self, owner: Owner, fd: int) -> None:
        """Close a descriptor: all locks of the process go, whichever descriptor they came by.

        Those of a description go when its last descriptor is closed.
        """
        description = self.description(owner, fd)
        del self.files[owner][fd]
        self._rewrite(owner, "U", 0, MAXIMUM + 1)
        if not any(other is description for fds in self.files.values() for other in fds.values()):
            self._rewrite(description, "U", 0, MAXIMUM + 1)

    def fork(self, owner: Owner, child: Owner) -> None:
        """Let a process have a child with the same descriptors.

        The descriptions are shared, so the child has their locks too, and they go when both have
        closed them.  The locks of the process stay the parent's own.
        Raises: OSError: EEXIST, if there is such a process.
        """
        if child in self.files:
            raise failure(EEXIST, f"process {child!r} exists")
        self.files[child] = dict(self.files.get(owner, {}))

    def exit(self, owner: Owner) -> None:
        """Let a process end: it closes its descriptors."""
        for fd in list(self.files.get(owner, {})):
            self.close(owner, fd)
        self.files.pop(owner, None)

    def description(self, owner: Owner, fd: int) -> Description:
        """Return what a descriptor stands for.

        Raises: OSError: EBADF.
        """
        found = self.files.get(owner, {}).get(fd)
        if found is None:
            raise failure(EBADF, f"descriptor {fd!r} of {owner!r} is not open")
        return found

    # ---- locks --------------------------------------------------------------------------------

    def set(self, owner: Owner, fd: int, request: Request, *, ofd: bool = False) -> None:
        """Lock or unlock at once: F_SETLK, or F_OFD_SETLK.

            own locks   [---R---]....[-W-]      set W
                              ^^^^^^^^^
            then        [--R-][-----W----]

        What other owners hold stays as it is; on conflict, all does.
        Raises: OSError: EAGAIN, EBADF (not open for that), EINVAL, EOVERFLOW.
        """
        me, start, stop = self._checked(owner, fd, request, ofd)
        conflict = self._conflict(me, request.type, start, stop)
        if conflict is not None:
            raise failure(EAGAIN, f"{request!r} of {owner!r} conflicts with {conflict!r}")
        self._rewrite(me, request.type, start, stop)

    def wait(
        self, owner: Owner, fd: int, request: Request, *, ofd: bool = False
    ) -> Waiter | None:
        """Lock as soon as it can be: F_SETLKW.  `None`: it was at once.

        Otherwise the `Waiter` becomes `granted` by the change that makes it possible, or `refused`.
        Waiters that one change wakes are served in the order in which they began to wait; in the
        kernel they race for it, so this is one of several outcomes.
        Raises: OSError: EDEADLK, if the owner in the way waits, maybe over others, for this one;
            as `set`.
        """
        me, start, stop = self._checked(owner, fd, request, ofd)
        conflict = self._conflict(me, request.type, start, stop)
        if conflict is None:
            self._rewrite(me, request.type, start, stop)
            return None
        if self._is_deadlock(me, conflict.owner):
            raise failure(EDEADLK, f"{conflict.owner!r} waits for {me!r}")
        waiter = Waiter(me, conflict, (request.type, start, stop))
        self.waiting.append(waiter)
        return waiter

    def cancel(self, waiter: Waiter) -> None:
        """Let a waiter wait no longer: a signal came."""
        self.waiting.remove(waiter)

    def test(
        self, owner: Owner, fd: int, request: Request, *, ofd: bool = False
    ) -> Lock | None:
        """Return the first lock in the way, whole: F_GETLK.  `None`: there is none.

        Type U with `ofd` asks for the description's own locks instead.
        Raises: OSError: EBADF, EINVAL, EOVERFLOW.
        """
        description = self.description(owner, fd)
        if not ofd and request.type not in ("R", "W"):  # asked before where the span lies
            raise failure(EINVAL, f"type {request.type}, want R or W")
        start, stop = self._extent(description, request)
        if request.type != "U":
            return self._conflict(description if ofd else owner, request.type, start, stop)
        own = self.held.get(description)
        node = None if own is None else next(own.overlapping(start, stop), None)
        return None if node is None else lock_of(description, node)

    def _checked(
        self, owner: Owner, fd: int, request: Request, ofd: bool
    ) -> tuple[Owner, int, int]:
        """Return the owner of the locks that are meant, and the span."""
        description = self.description(owner, fd)
        start, stop = self._extent(description, request)
        allowed = {"R": description.readable, "W": description.writable}
        if not allowed.get(request.type, True):
            raise failure(EBADF, f"descriptor {fd!r} of {owner!r} is not open for {request.type}")
        return description if ofd else owner, start, stop

    def _extent(self, description: Description, request: Request) -> tuple[int, int]:
        bases = {"SET": 0, "CUR": description.position, "END": self.size}
        if request.whence not in bases:
            raise failure(EINVAL, f"{request!r}, want whence SET, CUR or END")
        span = extent(request.start, request.length, bases[request.whence])
        if request.type not in ("R", "W", "U"):
            raise failure(EINVAL, f"{request!r}, want type R, W or U")
        return span

    def _conflict(self, me: Owner, kind: str, start: int, stop: int) -> Lock | None:
        """Return the first lock of another owner that forbids this."""
        if kind == "U":
            return None
        for owner, locks in self.held.items():
            if owner is not me and owner != me:
                for node in locks.overlapping(start, stop):
                    if "W" in (kind, node.value):
                        return lock_of(owner, node)
        return None

    def _rewrite(self, owner: Owner, kind: str, start: int, stop: int) -> None:
        """Write over an owner's locks; then let those try again whom these kept waiting."""
        locks = self.held.get(owner)
        if kind != "U":
            if locks is None:
                locks = self.held[owner] = RangeList()
            locks.set(start, stop, kind)
        elif locks is not None:
            locks.remove(start, stop)
            if not locks:
                del self.held[owner]
        woken = [one for one in self.waiting if one.is_woken_by(owner, kind, start, stop)]
        for waiter in woken:
            if waiter in self.waiting:  # granting one may have woken the next and served it
                self._retry(waiter)

    def _retry(self, waiter: Waiter) -> None:
        conflict = self._conflict(waiter.owner, *waiter.wanted)
        self.waiting.remove(waiter)
        if conflict is None:
            waiter.granted = True
            self._rewrite(waiter.owner, *waiter.wanted)
        elif self._is_deadlock(waiter.owner, conflict.owner):
            waiter.refused = True
        else:
            waiter.lock = conflict
            self.waiting.append(waiter)  # behind those that wait for that one already

    def _is_deadlock(self, me: Owner, blocker: Owner) -> bool:
        """Tell whether `blocker` waits for somebody who waits ... for `me`.

        Not noticed are a chain that is longer than `CHAIN`, a description that begins to wait, and
        who waits for one: many processes may have it, so who would release it is not known.
        """
        if isinstance(me, Description):
            return False
        for _ in range(CHAIN + 1):
            waiter = next((waiter for waiter in self.waiting if waiter.owner == blocker), None)
            if waiter is None or isinstance(waiter.blocker, Description):
                return False
            blocker = waiter.blocker
            if blocker == me:
                return True
        return False


def lock_of(owner: Owner, node: Node[int, str]) -> Lock:
    """Return a node of an owner's list as a lock."""
    return Lock(owner, node.value, node.start, node.stop - 1)
