"""The running kernel's memory calls in a window of this process, beside the model's.

`Window` carries out each call on both and compares errno and the lines of /proc/self/maps.
Run as a program it takes random steps, forks now and then to go on in the child, and prints what it
found: `python kernel.py SEED STEPS`.
"""

from __future__ import annotations

import ctypes
import errno
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from rangelist.models.procmaps import PAGE, Opened, parse_line, show
from rangelist.models.room import TOP
from rangelist.models.vma import ADVICE, AddressSpace

BASE = 0x10000000  # the first page of the window: below all that the kernel places by itself
PAGES = 64

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.mmap.restype = ctypes.c_void_p
LIBC.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
LIBC.mremap.restype = ctypes.c_void_p
LIBC.mremap.argtypes = [ctypes.c_void_p, *[ctypes.c_size_t] * 2, ctypes.c_int, ctypes.c_void_p]
for name in ("munmap", "mprotect", "madvise", "mlock2", "munlock"):
    getattr(LIBC, name).argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]

SHARED, PRIVATE, FIXED, ANONYMOUS = 1, 2, 0x10, 0x20
GROWSDOWN, NORESERVE, NOREPLACE = 0x100, 0x4000, 0x100000
MAYMOVE, TO_FIXED, DONTUNMAP = 1, 2, 4
MSEAL = 462
FAILED = ctypes.c_void_p(-1).value
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
}
assert set(ADVICES) == set(ADVICE)
assert BASE + PAGES < TOP


# What /proc/self/smaps calls a flag; those that the model does not have are passed over.
SMAPS = {
    "rd": "r",
    "wr": "w",
    "ex": "x",
    "sh": "shared",
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
        self.files: list[tuple[int, Opened]] = []
        self.log: list[str] = []
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
        found, start = {}, 0
        for line in Path("/proc/self/smaps").read_text().splitlines():
            if line[0] in "0123456789abcdef":
                start = int(line.split("-")[0], 16) // PAGE
            elif line.startswith("VmFlags:") and BASE <= start < BASE + self.pages:
                found[start] = {SMAPS[word] for word in line.split()[1:] if word in SMAPS}
        told = {area.start: set(area.value.flags) for area in self.space}
        for at in found.keys() | told.keys():
            if found.get(at) != told.get(at):
                names = [sorted(flags.get(at, ())) for flags in (found, told)]
                raise MismatchError(f"page {at - BASE}: kernel {names[0]}, model {names[1]}")

    def both(self, what: str, call: Callable[[], Any], model: Callable[[], Any]) -> bool:
        """Carry a call out on both, which have to end alike; tell if it went well."""
        self.log.append(what)
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
            os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        self.maps = os.open("/proc/self/maps", os.O_RDONLY)
        self.space = self.space.fork()
        self.log.append("fork")
        self.compare()

    # ---- the calls, with page numbers in the window ---------------------------------------------

    def add_file(self, descriptor: int) -> None:
        """Let mappings of an open file be made."""
        address = BASE * PAGE
        LIBC.mmap(address, PAGE, 1, PRIVATE | FIXED, descriptor, 0)
        line = parse_line(self.real())
        LIBC.munmap(address, PAGE, 0)
        self.files.append((descriptor, Opened(line.name, line.device, line.inode)))

    def map(
        self, at: int, pages: int, access: str, bits: int, *, file: int = -1, offset: int = 0
    ) -> bool:
        at += BASE
        descriptor, opened = self.files[file] if file >= 0 else (-1, None)
        bits |= ANONYMOUS if opened is None else 0
        how: Literal["noreplace", "fixed"] = "noreplace" if bits & NOREPLACE else "fixed"
        flags = {"noreserve"} if bits & NORESERVE else set()
        flags |= {"growsdown"} if bits & GROWSDOWN else set()
        flags |= {"shared"} if bits & SHARED else set()
        bits |= FIXED if how == "fixed" else 0
        pgoff = None if opened is None else offset

        def call() -> Any:
            nonlocal opened
            answer = LIBC.mmap(
                at * PAGE, pages * PAGE, protection(access), bits, descriptor, offset * PAGE
            )
            if opened is None and bits & SHARED and answer != FAILED:
                # Each has a file of its own, whose number only the kernel knows.
                for line in map(parse_line, self.real().splitlines()):
                    if line.start <= at * PAGE < line.stop:
                        opened = Opened(line.name, line.device, line.inode)
            return answer

        def model() -> None:
            self.space.map(
                pages, access, at=at, how=how, file=opened, pgoff=pgoff or 0 if opened else None,
                flags=flags,
            )

        what = f"map {at - BASE} {pages} {access!r} {bits:#x} {file} {offset}"
        return self.both(what, call, model)

    def unmap(self, at: int, pages: int) -> bool:
        return self.both(
            f"unmap {at} {pages}",
            lambda: LIBC.munmap((BASE + at) * PAGE, pages * PAGE, 0),
            lambda: self.space.unmap(BASE + at, BASE + at + pages),
        )

    def protect(self, at: int, pages: int, access: str) -> bool:
        return self.both(
            f"protect {at} {pages} {access!r}",
            lambda: LIBC.mprotect((BASE + at) * PAGE, pages * PAGE, protection(access)),
            lambda: self.space.protect(BASE + at, BASE + at + pages, access),
        )

    def advise(self, at: int, pages: int, advice: str) -> bool:
        return self.both(
            f"advise {at} {pages} {advice}",
            lambda: LIBC.madvise((BASE + at) * PAGE, pages * PAGE, ADVICES[advice]),
            lambda: self.space.advise(BASE + at, BASE + at + pages, advice),
        )

    def lock(self, at: int, pages: int, on: bool) -> bool:
        address = (BASE + at) * PAGE
        return self.both(
            f"lock {at} {pages} {on}",
            lambda: LIBC.mlock2(address, pages * PAGE, 1)
            if on
            else LIBC.munlock(address, pages * PAGE, 0),
            lambda: self.space.lock(BASE + at, BASE + at + pages, on=on),
        )

    def seal(self, at: int, pages: int) -> bool:
        return self.both(
            f"seal {at} {pages}",
            lambda: LIBC.syscall(
                MSEAL,
                ctypes.c_void_p((BASE + at) * PAGE),
                ctypes.c_size_t(pages * PAGE),
                ctypes.c_ulong(0),
            ),
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
        """Write to a page, if it may be written."""
        area = self.space.at(BASE + at)
        if area is None or "w" not in area.value.flags:
            return False

        def call() -> int:
            ctypes.c_char.from_address((BASE + at) * PAGE).value = b"x"
            return 0

        return self.both(f"touch {at}", call, lambda: self.space.write_page(BASE + at))

    def clear(self) -> None:
        """Unmap all."""
        self.unmap(0, self.pages)


# ---- at random -----------------------------------------------------------------------------------

ACCESSES = ["", "r", "rw", "rw", "rw", "rx", "rwx"]


def step(window: Window, rng: random.Random) -> None:
    """Take one random step."""
    kind = rng.choices(
        ["map", "file", "unmap", "protect", "advise", "touch", "remap", "lock"],
        [25, 12, 12, 20, 8, 12, 12, 5],
    )[0]
    at = rng.randrange(window.pages)
    pages = min(rng.choice([1, 1, 2, 3, 4, 6, 8, 16]), window.pages - at)
    area = window.space.at(BASE + at)
    if area is not None and rng.random() < 0.4:  # borders are where it is difficult
        at, pages = area.start - BASE, area.stop - area.start
    STEPS[kind](window, rng, at, pages)


def step_touch(window: Window, rng: random.Random, at: int, pages: int) -> None:
    """Write to a page of some area, if it may be written."""
    areas = list(window.space)
    if areas:
        window.touch(rng.choice(areas).start - BASE)


def step_map(window: Window, rng: random.Random, at: int, pages: int) -> None:
    """Map anonymous memory."""
    bits = PRIVATE | rng.choice([NORESERVE] * 6 + [0, NOREPLACE, GROWSDOWN])
    bits = SHARED if rng.random() < 0.05 else bits
    window.map(at, pages, rng.choice(ACCESSES), bits)


def step_file(window: Window, rng: random.Random, at: int, pages: int) -> None:
    """Map part of a file, often so that its pages follow each other."""
    bits = rng.choice([PRIVATE, PRIVATE, SHARED])
    file = rng.randrange(len(window.files))
    offset = at if rng.random() < 0.7 else rng.randrange(window.pages)
    window.map(at, pages, rng.choice(ACCESSES), bits, file=file, offset=offset)


def step_remap(window: Window, rng: random.Random, at: int, pages: int) -> None:
    """Resize or move."""
    new = min(max(1, pages + rng.choice([-3, -1, 0, 0, 0, 1, 2, 5])), window.pages - at)
    to = rng.choice([None, rng.randrange(window.pages)])
    keep = rng.random() < 0.3
    if to is not None:
        new = min(new, window.pages - to)
        if rng.random() < 0.1:  # map shared memory once more, but nothing behind its end
            area = window.space.at(BASE + at)
            pages, new = 0, new if area is None else min(new, area.stop - BASE - at)
    elif pages == new:
        keep = False  # it would go where the kernel likes
    window.remap(at, pages, new, to, keep=keep)


STEPS: dict[str, Callable[[Window, random.Random, int, int], object]] = {
    "map": step_map,
    "file": step_file,
    "remap": step_remap,
    "unmap": lambda window, rng, at, pages: window.unmap(at, pages),
    "protect": lambda window, rng, at, pages: window.protect(at, pages, rng.choice(ACCESSES)),
    "advise": lambda window, rng, at, pages: window.advise(at, pages, rng.choice(window.advices)),
    "lock": lambda window, rng, at, pages: window.lock(at, pages, rng.random() < 0.5),
    "touch": step_touch,
}


def prepare(window: Window) -> None:
    """Open three files: two openings of one, and another."""
    first = os.memfd_create("rangelist")
    os.ftruncate(first, 4 * PAGES * PAGE)
    again = os.open(f"/proc/self/fd/{first}", os.O_RDWR)
    other = os.memfd_create("other")
    os.ftruncate(other, 4 * PAGES * PAGE)
    for descriptor in (first, again, other):
        window.add_file(descriptor)


def supported(advice: str) -> bool:
    """Tell whether this kernel was built with an advice."""
    address = BASE * PAGE
    LIBC.mmap(address, PAGE, 0, PRIVATE | FIXED | ANONYMOUS, -1, 0)
    done = bool(LIBC.madvise(address, PAGE, ADVICES[advice]) == 0)
    LIBC.munmap(address, PAGE, 0)
    return done


def run(window: Window, rng: random.Random, steps: int, forks: int) -> None:
    """Take random steps, and fork now and then."""
    for count in range(1, steps + 1):
        step(window, rng)
        if count % 100 == 0:
            window.compare_flags()
        if count % (steps // (forks + 1)) == 0 and count < steps:
            window.fork()


def main() -> int:
    """Take random steps; print how many agreed, or what went wrong after which."""
    seed, steps = int(sys.argv[1]), int(sys.argv[2])
    window = Window()
    prepare(window)
    window.advices = [advice for advice in ADVICE if supported(advice)]
    try:
        run(window, random.Random(seed), steps, forks=20)
    except MismatchError as mismatch:
        tail = "\n".join(window.log[-12:])
        sys.stdout.write(f"step {len(window.log)}: {mismatch}\nlast steps\n{tail}\n")
        return 1
    sys.stdout.write(f"{steps} steps agree\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
