"""Replay what strace saw of a program's memory calls, and tell what its map is then.

    strace -f -y -o LOG -e trace=memory,%process PROGRAM
    python -m rangelist.models.strace LOG --start MAPS [--start MAPS ...] [--end MAPS]

MAPS are texts of /proc/PID/maps: at the first logged call, since what exec maps is not logged;
after each execve that the process makes later; and at the end, to compare with.  Without `-y` files
have no names.  What is followed is the first process of the log with its threads; the calls of its
children are passed over.

What a log does not tell: which pages were written, so two answers are tried, none and all that may
be; how far the stack grew, so its start is not compared; which files were removed meanwhile, so
"(deleted)" is not compared.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NoReturn

from rangelist.models.procmaps import (
    PAGE,
    Line,
    MapsError,
    Opened,
    lines_of,
    load,
    parse,
    refuse_special,
)
from rangelist.models.refused import UnknownWordError, known
from rangelist.models.strace_log import (
    FORKS,
    Call,
    StraceError,
    arguments,
    calls,
    followed,
    is_exec,
)
from rangelist.models.strace_words import (
    ALL_LOCKS,
    BINDS,
    COMMENT,
    FLAGS,
    HARMLESS,
    IDLE,
    LOCKS,
    MERGE_ALL,
    MODES,
    MOVES,
    NUMBERED,
    PAGES_ONLY,
    PLACES,
    REFUSED,
    USERFAULT,
    advice_of,
    frees,
    letters,
    pages,
    window,
    words,
)
from rangelist.models.vma import ADVICE, GUARDS, POPULATES, AddressSpace

__all__ = [
    "Call",
    "Replayer",
    "StraceError",
    "arguments",
    "calls",
    "compare",
    "main",
    "pages",
    "report",
]

FILE: Final = re.compile(r"(-?\d+)(?:<(.*)>)?(\(deleted\))?$")
DELETED: Final = " (deleted)"


class Replayer:
    """An address space that calls are replayed on.

    `later` are the address spaces that the process has after each execve but the first, which
    comes before all logged calls.  With `written` private memory counts as written as soon as it
    may be, otherwise as never written.

    Example:
        >>> replayer = Replayer(load([]))
        >>> log = ["mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7000"]
        >>> replayer.replay(calls(log))
        >>> str(next(lines_of(replayer.space)))
        '00007000-00008000 r--p 00000000 00:00 0 '
    """

    def __init__(
        self, space: AddressSpace, *later: AddressSpace, written: bool = False
    ) -> None:
        self.space = space
        self.later = list(later)
        self.written = written
        self.count = 0  # calls that were replayed
        self.surprises: list[str] = []  # calls that went otherwise in the log
        self.files: dict[tuple[str, str], Opened] = {}  # by descriptor and path
        self.readonly: set[str] = set()  # descriptors of files that are not open for writing
        self.begun = False  # whether a call was replayed
        self.pending: deque[Call] = deque()  # calls still to be carried out, in order of their ends

    def replay(self, log: Iterable[Call]) -> None:
        """Replay all calls of the first process of a log.

        Raises: StraceError, for a call or a word that is not known, and for an execve without a
            map to go on from.
        """
        told = list(log)
        self.pending = deque(followed(told))
        if not self.begun and self.pending and is_exec(told[0]):
            self.pending.popleft()  # this execve has made the map to begin with
        self.begun = True
        while self.pending:
            self._carry_out(self.pending.popleft())

    def _carry_out(self, call: Call) -> None:
        try:
            self._dispatch(call)
        except StraceError:
            raise
        except (ValueError, IndexError) as error:
            raise StraceError(f"line {call.number}: {call!r}: {error}") from error

    def _dispatch(self, call: Call) -> None:
        name = NUMBERED.get(call.name, call.name)
        note: Callable[[Call], None] | None = getattr(self, f"note_{name}", None)
        do: Callable[[Call], None] | None = getattr(self, f"do_{name}", None)
        if note is not None:
            note(call)
        elif do is not None:
            self._compare_outcome(call, do)
        elif call.result >= 0 and name not in HARMLESS | FORKS:  # one that failed changed nothing
            why = REFUSED.get(name, "it is not known")
            raise StraceError(f"line {call.number}: {name} cannot be replayed: {why}")

    def _compare_outcome(self, call: Call, do: Callable[[Call], None]) -> None:
        """Carry a call out; note whether it failed here and not in the log, or the reverse."""
        self.count += 1
        failed_there = call.result < 0 and call.name != "brk"
        try:
            do(call)
            failed = False
        except OSError:
            failed = True
        except UnknownWordError:  # which the kernel may not have known either
            if not failed_there:
                raise
            failed = True
        if failed != failed_there:
            self.surprises.append(f"line {call.number}: {call.name} went otherwise: {call!r}")

    def _make_room(self, call: Call, start: int, stop: int) -> bool:
        """Tell whether a place is free, after calls of other threads that freed it if need be.

        Such a call had begun when this one ended, but its own end comes later in the log.
        """
        while any(self.space.list.overlapping(start, stop)):
            begun = (other for other in self.pending if other.begun < call.number)
            early = next((other for other in begun if frees(other, start, stop)), None)
            if early is None:
                return False
            self.pending.remove(early)
            self._carry_out(early)
        return True

    def _write(self, start: int, stop: int) -> None:
        """Let private memory be written, if all of it counts as written."""
        if self.written:
            for area in list(self.space.list.overlapping(start, stop)):
                if "w" in area.value.flags:
                    self.space.write_page(area.start)

    # ---- calls that tell something about later ones --------------------------------------------

    def note_execve(self, call: Call) -> None:
        """Go on with the map after it."""
        if call.result < 0:
            return
        if not self.later:
            raise StraceError(
                f"line {call.number}: {call.name} replaces the map, and the log does not tell by"
                " what: want the map after it (one more --start)"
            )
        merging = self.space.merging
        self.space = self.later.pop(0)
        self.space.merging = merging
        self.files.clear()

    note_execveat = note_execve

    def note_open(self, call: Call) -> None:
        """Let a descriptor stand for a new opening: each is a file of its own."""
        if call.result < 0:
            return
        number = str(call.result)
        self.files = {key: file for key, file in self.files.items() if key[0] != number}
        self.readonly.discard(number)
        if any("O_RDONLY" in text for text in call.arguments):
            self.readonly.add(number)

    note_openat = note_openat2 = note_creat = note_open

    def note_dup(self, call: Call) -> None:
        """Let a descriptor stand for what another one does."""
        if call.result >= 0:
            file = self._file(call.arguments[0])
            self.files[str(call.result), file.path.removesuffix(DELETED)] = file

    note_dup2 = note_dup3 = note_dup

    def note_fcntl(self, call: Call) -> None:
        if "F_DUPFD" in call.arguments[1]:
            self.note_dup(call)

    def note_personality(self, call: Call) -> None:
        self._refuse_if("READ_IMPLIES_EXEC", call)

    def note_arch_prctl(self, call: Call) -> None:
        self._refuse_if("ARCH_MAP_VDSO", call)

    def note_ioctl(self, call: Call) -> None:
        for word in USERFAULT:
            self._refuse_if(word, call)

    def note_memfd_create(self, call: Call) -> None:
        self._refuse_if("MFD_HUGETLB", call)

    def note_process_madvise(self, call: Call) -> None:
        known({advice_of(call.arguments[3])}, PAGES_ONLY, "advice of process_madvise")

    @staticmethod
    def _refuse_if(word: str, call: Call) -> None:
        """Refuse a call that did something that is not modelled."""
        if call.result >= 0 and any(word in text for text in call.arguments):
            raise StraceError(f"line {call.number}: {word} is not modelled")

    # ---- calls that change the map -------------------------------------------------------------

    def do_brk(self, call: Call) -> None:
        """Move the end of the heap; the first call asks where it is."""
        space, end = self.space, pages(call.result)
        if not space.heap:
            space.heap = space.heap_end = end
        if space.heap_end < end:
            self._make_room(call, space.heap_end, end)
        if space.brk(end) != end:
            self.surprises.append(f"line {call.number}: the heap ends at {space.heap_end:#x}")
        self._write(space.heap, space.heap_end)

    def do_mmap(self, call: Call) -> None:
        """Map where the log says that it was mapped."""
        _, length, access, flags, file, offset = call.arguments
        if call.result < 0:
            self._fail()
        names = known(words(flags), {*FLAGS, *PLACES, *IDLE}, "flag of mmap")
        start, size = call.result // PAGE, pages(int(length, 0))
        if "MAP_FIXED" not in names and not self._make_room(call, start, start + size):
            self.surprises.append(f"line {call.number}: what is mapped there is in the way")
        anonymous = "MAP_ANONYMOUS" in names
        self.space.map(
            size,
            letters(access),
            at=start,
            how="fixed",
            file=None if anonymous else self._file(file),
            pgoff=None if anonymous else int(offset, 0) // PAGE,
            flags={FLAGS[name] for name in names if name in FLAGS},
            populate="MAP_POPULATE" in names and "MAP_NONBLOCK" not in names,
        )
        self._write(start, start + size)

    def do_munmap(self, call: Call) -> None:
        self.space.unmap(*window(call))

    def do_mprotect(self, call: Call) -> None:
        """Set what may be accessed; a protection key of -1 is none."""
        access = words(call.arguments[2])
        grows_down = "PROT_GROWSDOWN" in access
        key = int(call.arguments[3]) if len(call.arguments) > 3 else -1
        start, stop = window(call)
        self.space.protect(
            start,
            stop,
            letters("|".join(access - {"PROT_GROWSDOWN"})),
            grows_down=grows_down,
            key=None if key == -1 else key,
        )
        self._write(start, stop)

    do_pkey_mprotect = do_mprotect

    def do_madvise(self, call: Call) -> None:
        """Give an advice; if it is about pages only, it goes as it went."""
        advice = advice_of(call.arguments[2])
        known({advice}, {*ADVICE, *POPULATES, *GUARDS, *PAGES_ONLY}, "advice")
        if advice not in PAGES_ONLY:
            self.space.advise(*window(call), advice)
        elif call.result < 0:
            self._fail()

    def do_mlock(self, call: Call) -> None:
        """Lock pages: mlock, or mlock2 with its flags."""
        flags = known(words(call.arguments[2]) if len(call.arguments) > 2 else (), LOCKS, "flag")
        start, stop = window(call, aligned=False)
        self.space.lock(start, stop, later="MLOCK_ONFAULT" in flags)

    do_mlock2 = do_mlock

    def do_munlock(self, call: Call) -> None:
        self.space.lock(*window(call, aligned=False), on=False)

    def do_mlockall(self, call: Call) -> None:
        flags = known(words(call.arguments[0]), ALL_LOCKS, "flag of mlockall")
        self.space.lock_all(
            current="MCL_CURRENT" in flags,
            future="MCL_FUTURE" in flags,
            later="MCL_ONFAULT" in flags,
        )

    def do_munlockall(self, call: Call) -> None:
        self.space.unlock_all()

    def do_mbind(self, call: Call) -> None:
        """Set a memory policy: two are the same if mode and nodes are."""
        mode, nodes = call.arguments[2:4]
        known(words(mode), MODES, "mode of mbind")
        known(words(call.arguments[5]), BINDS, "flag of mbind")
        self.space.bind(*window(call), None if mode == "MPOL_DEFAULT" else (mode, nodes))

    def do_mseal(self, call: Call) -> None:
        known(words(call.arguments[2]), (), "flag of mseal")
        self.space.seal(*window(call))

    def do_prctl(self, call: Call) -> None:
        """Name memory, or make all mergeable; others that are known change no area."""
        option = COMMENT.sub("", call.arguments[0])
        if call.result < 0:
            self._fail()
        elif option in MERGE_ALL:
            self.space.merge_all(on=int(call.arguments[1], 0) != 0)
        elif option == "PR_SET_VMA":
            text = call.arguments[4]
            start, stop = window(call, first=2)
            self.space.rename(start, stop, None if text == "NULL" else f"[anon:{text[1:-1]}]")
        elif option in ("PR_SET_MM", "PR_SET_MDWE") or not option.startswith("PR_"):
            raise StraceError(f"line {call.number}: prctl({option}) is not modelled")

    def do_mremap(self, call: Call) -> None:
        """Move to where the log says, or resize in place."""
        if call.result < 0:
            self._fail()
        start, old, new = (int(text, 0) for text in call.arguments[:3])
        flags = known(words(call.arguments[3]), MOVES, "flag of mremap")
        start, old, new = start // PAGE, pages(old), pages(new)
        to = call.result // PAGE
        if to == start and old < new:
            self._make_room(call, start + old, start + new)
        elif to != start and "MREMAP_FIXED" not in flags:
            self._make_room(call, to, to + new)
        self.space.remap(
            start,
            old,
            new,
            to=None if to == start else to,
            may_move=to != start,
            keep_source="MREMAP_DONTUNMAP" in flags,
        )

    def _file(self, text: str) -> Opened:
        """Return the file that a descriptor stands for, such as 3</etc/passwd>."""
        found = FILE.match(text)
        if found is None:
            raise UnknownWordError(f"{text!r}, want a descriptor")
        name = found[2] or f"descriptor {found[1]}"
        refuse_special(name)
        opened = Opened(
            name + (DELETED if found[3] else ""), writable=found[1] not in self.readonly
        )
        return self.files.setdefault((found[1], name), opened)

    @staticmethod
    def _fail() -> NoReturn:
        """Fail as the log says that the call did."""
        raise OSError


# ---- what came out ------------------------------------------------------------------------------


def compare(space: AddressSpace, end: Iterable[Line]) -> list[str]:
    """Return how a map differs from the one the process had at the end, in lines of a diff.

    Whether a file was removed meanwhile is no difference.
    """
    told, real = [plain(line) for line in lines_of(space)], [plain(line) for line in end]
    there, here = ({text.removesuffix(DELETED) for text in texts} for texts in (real, told))
    return [f"- {text}" for text in told if text.removesuffix(DELETED) not in there] + [
        f"+ {text}" for text in real if text.removesuffix(DELETED) not in here
    ]


def plain(line: Line) -> str:
    """Return what a log can tell of a line: no device and inode, not where the stack starts."""
    start = "stack" if line.name == "[stack]" else f"{line.start:x}"
    return f"{start}-{line.stop:x} {line.access} {line.offset:08x} {line.name}".rstrip()


def main(argv: list[str] | None = None) -> int:
    """Replay a log; print the map, or how it differs.

    Return 1 if it differs or a call went otherwise, 2 if the log cannot be replayed.
    """
    parser = argparse.ArgumentParser(prog="python -m rangelist.models.strace", description=__doc__)
    parser.add_argument("log", type=Path)
    parser.add_argument(
        "--start",
        type=Path,
        required=True,
        action="append",
        help="the map at the first call; once more for each later execve",
    )
    parser.add_argument("--end", type=Path, help="the map at the end")
    options = parser.parse_args(argv)
    try:
        lines, agrees = report(options.log, options.start, options.end)
    except (StraceError, MapsError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if agrees else 1


def report(log: Path, starts: list[Path], end: Path | None) -> tuple[list[str], bool]:
    """Return what there is to say of a log, and whether it went as it should.

    Raises: StraceError, MapsError, OSError.
    """
    told = list(calls(log.read_text().splitlines()))
    maps = [parse(path.read_text()) for path in starts]
    real = None if end is None else parse(end.read_text())
    replayer, different = outcome(told, maps, real, written=False)
    how = ""
    if different:
        other, still = outcome(told, maps, real, written=True)
        if not still:
            replayer, different, how = other, still, ", if all memory was written"
    lines = [*replayer.surprises, *different]
    if real is None:
        lines += [str(line) for line in lines_of(replayer.space)]
    else:
        state = f"{len(different)} lines differ" if different else "the map at the end is the same"
        lines.append(f"{replayer.count} calls replayed, {state}{how}")
    return lines, not (replayer.surprises or different)


def outcome(
    told: list[Call], maps: list[list[Line]], real: list[Line] | None, *, written: bool
) -> tuple[Replayer, list[str]]:
    """Return a replayed log, and how the map differs from the real one."""
    replayer = Replayer(*map(load, maps), written=written)
    replayer.replay(told)
    if replayer.later:
        raise StraceError(f"{len(replayer.later)} maps too many, want one for each execve")
    return replayer, [] if real is None else compare(replayer.space, real)


if __name__ == "__main__":
    sys.exit(main())
