"""The running kernel's memory calls in a window of this process, beside the model's.

`Window` carries out each call on both and compares errno and the lines of /proc/self/maps.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from rangelist.models.areas import Area
from rangelist.models.procmaps import PAGE, Opened, parse_line, show
from rangelist.models.room import TOP
from rangelist.models.vma import ADVICE, GUARDS, POPULATES, AddressSpace

BASE = 0x10000000  # the first page of the window: below all that the kernel places by itself
PAGES = 64

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.mmap.restype = ctypes.c_void_p
LIBC.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
LIBC.mremap.restype = ctypes.c_void_p
LIBC.mremap.argtypes = [ctypes.c_void_p, *[ctypes.c_size_t] * 2, ctypes.c_int, ctypes.c_void_p]
LIBC.read.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
LIBC.syscall.restype = ctypes.c_long
for name in ("munmap", "mprotect", "madvise", "mlock2", "munlock"):
    getattr(LIBC, name).argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]

SHARED, PRIVATE, DROPPABLE, FIXED, ANONYMOUS = 1, 2, 8, 0x10, 0x20
GROWSDOWN, LOCKED, NORESERVE, POPULATE, NOREPLACE = 0x100, 0x2000, 0x4000, 0x8000, 0x100000
PROT_GROWSDOWN = 0x01000000
MAYMOVE, TO_FIXED, DONTUNMAP = 1, 2, 4
CURRENT, FUTURE, ONFAULT = 1, 2, 4
MSEAL, MBIND = 462, 237
SET_MEMORY_MERGE = 67
FAILED = ctypes.c_void_p(-1).value
FLAG_OF = {
    NORESERVE: "noreserve",
    GROWSDOWN: "growsdown",
    LOCKED: "locked",
}
ADVICES = {
    "normal": 0,
    "random": 1,
    "sequential": 2,
    "dontfork": 10,
    "dofork": 11,
    "mergeable": 12,
    "unmergeable": 13,
    "hugepage": 14,
    "nohugepage": 15,
    "dontdump": 16,
    "dodump": 17,
    "wipeonfork": 18,
    "keeponfork": 19,
    "populate_read": 22,
    "populate_write": 23,
    "guard_install": 102,
    "guard_remove": 103,
}
POLICIES = {None: 0, "preferred": 1, "bind": 2, "interleave": 3}  # on the first node
assert set(ADVICES) == {*ADVICE, *POPULATES, *GUARDS}
assert BASE + PAGES < TOP

# What /proc/self/smaps calls a flag; those that the model does not have are passed over.
SMAPS = {
    "rd": "r",
    "wr": "w",
    "ex": "x",
    "ms": "shared",
    "nr": "noreserve",
    "ac": "account",
    "gd": "growsdown",
    "lo": "locked",
    "lf": "lockonfault",
    "sr": "sequential",
    "rr": "random",
    "dc": "dontfork",
    "wf": "wipeonfork",
    "dd": "dontdump",
    "mg": "mergeable",
    "hg": "hugepage",
    "nh": "nohugepage",
    "sl": "sealed",
    "dp": "droppable",
}


def protection(access: str) -> int:
    """Return the PROT_ bits."""
    return sum(1 << "rwx".index(letter) for letter in access)


class MismatchError(Exception):
    """Kernel and model disagree."""


class Window:
    """A window of this process, and the model of it."""

    def __init__(self, pages: int = PAGES) -> None:
        self.pages = pages
        self.maps = os.open("/proc/self/maps", os.O_RDONLY)
        self.zero = os.open("/dev/zero", os.O_RDONLY)
        self.files: list[tuple[int, Opened]] = []
        self.log: deque[str] = deque(maxlen=12)
        self.count = 0  # calls made
        self.advices: list[str] = []  # those that this kernel knows
        self.space = AddressSpace()
        assert self.real() == "", "the window is not free"

    def real(self) -> str:
        """Return the lines of the window that the kernel shows, below it there may be a few."""
        text = b""
        behind = (BASE + self.pages) * PAGE
        while True:
            more = os.pread(self.maps, 16384, len(text))
            text += more
            lines = text[: text.rfind(b"\n") + 1].splitlines()
            if not more or (lines and int(lines[-1].split(b"-")[0], 16) >= behind):
                break
        inside = [line for line in lines if BASE * PAGE <= int(line.split(b"-")[0], 16) < behind]
        return "".join(f"{line.decode()}\n" for line in inside)

    def compare(self) -> None:
        """Raise MismatchError unless the kernel shows what the model shows."""
        real, told = self.real(), show(self.space, BASE, BASE + self.pages)
        if real != told:
            raise MismatchError(f"kernel\n{real}model\n{told}")

    def compare_flags(self) -> None:
        """Raise MismatchError unless the kernel's flags are the model's, for each area."""
        found: dict[int, set[str]] = {}
        start = 0
        for line in Path("/proc/self/smaps").read_text().splitlines():
            if line[0] in "0123456789abcdef":
                start = int(line.split("-")[0], 16) // PAGE
            elif line.startswith("VmFlags:") and BASE <= start < BASE + self.pages:
                words = line.split()[1:]
                found[start] = {SMAPS[word] for word in words if word in SMAPS}
                found[start] |= set() if "mw" in words else {"readonly"}
        told = {area.start: set(area.value.flags) for area in self.space}
        for at in found.keys() | told.keys():
            if found.get(at) != told.get(at):
                names = [sorted(flags.get(at, ())) for flags in (found, told)]
                raise MismatchError(f"page {at - BASE}: kernel {names[0]}, model {names[1]}")

    def both(self, what: str, call: Callable[[], Any], model: Callable[[], Any]) -> bool:
        """Carry a call out on both, which have to end alike; tell if it went well."""
        self.log.append(what)
        self.count += 1
        ctypes.set_errno(0)
        answer = call()
        failed = answer in (-1, FAILED)
        code = ctypes.get_errno() if failed else 0
        told = 0
        try:
            model()
        except OSError as error:
            told = error.errno or -1
        if code != told:
            names = [errno.errorcode.get(number, "0") for number in (code, told)]
            raise MismatchError(f"{what}: kernel {names[0]}, model {names[1]}")
        self.compare()
        return not failed

    def fork(self) -> None:
        """Go on in a child; this process ends as the child does."""
        sys.stdout.flush()
        pid = os.fork()
        if pid:
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            os._exit(code if code >= 0 else 128 - code)
        self.maps = os.open("/proc/self/maps", os.O_RDONLY)
        self.space = self.space.fork()
        self.log.append("fork")
        self.compare()

    # ---- the calls, with page numbers in the window ---------------------------------------------

    def add_file(self, descriptor: int, *, writable: bool = True) -> None:
        """Let mappings of an open file be made."""
        address = BASE * PAGE
        LIBC.mmap(address, PAGE, 1, PRIVATE | FIXED, descriptor, 0)
        line = parse_line(self.real())
        LIBC.munmap(address, PAGE, 0)
        size = -(-os.fstat(descriptor).st_size // PAGE)
        opened = Opened(line.name, line.device, line.inode, size, writable)
        self.files.append((descriptor, opened))

    def map(
        self, at: int, pages: int, access: str, bits: int, *, file: int = -1, offset: int = 0
    ) -> bool:
        at += BASE
        descriptor, opened = self.files[file] if file >= 0 else (-1, None)
        bits |= ANONYMOUS if opened is None else 0
        how: Literal["noreplace", "fixed"] = "noreplace" if bits & NOREPLACE else "fixed"
        flags = {flag for bit, flag in FLAG_OF.items() if bits & bit}
        flags |= {"shared"} if bits & (SHARED | DROPPABLE) == SHARED else set()
        flags |= {"droppable"} if bits & DROPPABLE else set()
        bits |= FIXED if how == "fixed" else 0

        def model() -> None:
            self.space.map(
                pages,
                access,
                at=at,
                how=how,
                file=opened,
                pgoff=None if opened is None else offset,
                flags=flags,
                populate=bool(bits & POPULATE),
            )
            if opened is None and "shared" in flags:
                self.rename_shared(at)

        what = f"map {at - BASE} {pages} {access!r} {bits:#x} {file} {offset}"
        address, length = at * PAGE, pages * PAGE
        return self.both(
            what,
            lambda: LIBC.mmap(
                address, length, protection(access), bits, descriptor, offset * PAGE
            ),
            model,
        )

    def rename_shared(self, at: int) -> None:
        """Give the model the file of new shared memory: only the kernel knows its number."""
        for line in map(parse_line, self.real().splitlines()):
            if line.start <= at * PAGE < line.stop:
                area = self.space.at(at)
                assert area is not None
                size = area.stop - area.start
                opened = Opened(line.name, line.device, line.inode, size)
                self.space.list.replace(area, area.value._replace(file=opened))

    def unmap(self, at: int, pages: int) -> bool:
        return self.both(
            f"unmap {at} {pages}",
            lambda: LIBC.munmap((BASE + at) * PAGE, pages * PAGE, 0),
            lambda: self.space.unmap(BASE + at, BASE + at + pages),
        )

    def protect(self, at: int, pages: int, access: str, *, grows_down: bool = False) -> bool:
        bits = protection(access) | (PROT_GROWSDOWN if grows_down else 0)
        start, stop = BASE + at, BASE + at + pages
        return self.both(
            f"protect {at} {pages} {access!r} grows_down={grows_down}",
            lambda: LIBC.mprotect(start * PAGE, pages * PAGE, bits),
            lambda: self.space.protect(start, stop, access, grows_down=grows_down),
        )

    def advise(self, at: int, pages: int, advice: str) -> bool:
        return self.both(
            f"advise {at} {pages} {advice}",
            lambda: LIBC.madvise((BASE + at) * PAGE, pages * PAGE, ADVICES[advice]),
            lambda: self.space.advise(BASE + at, BASE + at + pages, advice),
        )

    def lock(self, at: int, pages: int, on: bool, *, later: bool = True) -> bool:
        address = (BASE + at) * PAGE
        return self.both(
            f"lock {at} {pages} {on} later={later}",
            lambda: LIBC.mlock2(address, pages * PAGE, int(later))
            if on
            else LIBC.munlock(address, pages * PAGE, 0),
            lambda: self.space.lock(BASE + at, BASE + at + pages, on=on, later=later),
        )

    def lock_all(self, bits: int) -> bool:
        """Lock all of this process; none of `bits` unlocks."""
        current, future, later = (bool(bits & bit) for bit in (CURRENT, FUTURE, ONFAULT))
        return self.both(
            f"lock_all {bits}",
            lambda: LIBC.mlockall(bits) if bits else LIBC.munlockall(),
            lambda: self.space.lock_all(current=current, future=future, later=later)
            if bits
            else self.space.unlock_all(),
        )

    def merge_all(self, on: bool) -> bool:
        return self.both(
            f"merge_all {on}",
            lambda: LIBC.prctl(SET_MEMORY_MERGE, int(on), 0, 0, 0),
            lambda: self.space.merge_all(on=on),
        )

    def bind(self, at: int, pages: int, policy: str | None) -> bool:
        nodes = ctypes.c_ulong(policy is not None)
        words = map(ctypes.c_ulong, (BASE * PAGE + at * PAGE, pages * PAGE, POLICIES[policy]))
        return self.both(
            f"bind {at} {pages} {policy}",
            lambda: LIBC.syscall(MBIND, *words, ctypes.byref(nodes), ctypes.c_ulong(64), 0),
            lambda: self.space.bind(BASE + at, BASE + at + pages, policy),
        )

    def seal(self, at: int, pages: int) -> bool:
        words = map(ctypes.c_ulong, ((BASE + at) * PAGE, pages * PAGE, 0))
        return self.both(
            f"seal {at} {pages}",
            lambda: LIBC.syscall(MSEAL, *words),
            lambda: self.space.seal(BASE + at, BASE + at + pages),
        )

    def remap(
        self, at: int, old: int, new: int, to: int | None = None, *, keep: bool = False
    ) -> bool:
        bits = DONTUNMAP | MAYMOVE if keep else 0
        bits |= 0 if to is None else TO_FIXED | MAYMOVE
        target = 0 if to is None else (BASE + to) * PAGE
        return self.both(
            f"remap {at} {old} {new} {to} keep={keep}",
            lambda: LIBC.mremap((BASE + at) * PAGE, old * PAGE, new * PAGE, bits, target),
            lambda: self.space.remap(
                BASE + at,
                old,
                new,
                to=None if to is None else BASE + to,
                may_move=bool(bits & MAYMOVE),
                keep_source=keep,
            ),
        )

    def touch(self, at: int) -> bool:
        """Write to a page: by the kernel, which answers EFAULT where a program gets a signal."""
        return self.both(
            f"touch {at}",
            lambda: LIBC.read(self.zero, (BASE + at) * PAGE, 1),
            lambda: self.space.touch(BASE + at),
        )

    def clear(self) -> None:
        """Unmap all."""
        self.unmap(0, self.pages)


def prepare(window: Window) -> None:
    """Open five files: two openings of one, another one and it read-only, and a short one."""
    first = os.memfd_create("rangelist")
    again = os.open(f"/proc/self/fd/{first}", os.O_RDWR)
    other = os.memfd_create("other")
    short = os.memfd_create("short")
    for descriptor, pages in ((first, 4 * PAGES), (other, 4 * PAGES), (short, PAGES // 4)):
        os.ftruncate(descriptor, pages * PAGE)
    for descriptor in (first, again, other):
        window.add_file(descriptor)
    window.add_file(os.open(f"/proc/self/fd/{other}", os.O_RDONLY), writable=False)
    window.add_file(short)
    window.advices = [advice for advice in ADVICES if supported(advice)]


def supported(advice: str) -> bool:
    """Tell whether this kernel was built with an advice."""
    address = BASE * PAGE
    LIBC.mmap(address, PAGE, 3, PRIVATE | FIXED | ANONYMOUS, -1, 0)
    done = bool(LIBC.madvise(address, PAGE, ADVICES[advice]) == 0)
    LIBC.munmap(address, PAGE, 0)
    return done


def area_at(window: Window, at: int) -> Area | None:
    """Return what the model has at a page of the window."""
    found = window.space.at(BASE + at)
    return None if found is None else found.value
