"""Replay what strace saw of a program's memory calls, and tell what its map is then.

    strace -f -y -o LOG -e trace=memory,%process PROGRAM
    python -m rangelist.models.strace LOG --start MAPS [--end MAPS]

MAPS are texts of /proc/PID/maps: at the first logged call, since what exec maps is not logged, and
at the end, to compare with.  Without `-y` files have no names.  Calls of another process, which
fork made, are passed over; those of threads are not.

What a log does not tell: which pages were written, so areas count as never written; and how far the
stack grew, so its start is not compared.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from rangelist.errors import RangeListError
from rangelist.models.procmaps import PAGE, Line, Opened, lines_of, load, parse
from rangelist.models.vma import ADVICE, AddressSpace

__all__ = ["Call", "Replayer", "StraceError", "calls", "compare", "main"]

LINE: Final = re.compile(
    r"(?:(?P<pid>\d+) +)?(?P<name>\w+)\((?P<args>.*)\) += (?P<result>\S+)(?:.*)$"
)
UNFINISHED: Final = re.compile(r"(?:(?P<pid>\d+) +)?(?P<head>.*?) *<unfinished \.\.\.>$")
RESUMED: Final = re.compile(r"(?:(?P<pid>\d+) +)?<\.\.\. \w+ resumed>(?P<tail>.*)$")
FILE: Final = re.compile(r"(-?\d+)(?:<(.*)>)?(\(deleted\))?$")
LETTERS: Final = {"PROT_READ": "r", "PROT_WRITE": "w", "PROT_EXEC": "x"}
FLAGS: Final = {
    "MAP_NORESERVE": "noreserve",
    "MAP_GROWSDOWN": "growsdown",
    "MAP_LOCKED": "locked",
    "MAP_STACK": "nohugepage",  # so that no thread's stack is one huge page
}
LOCKS: Final = {"mlock", "mlock2", "munlock"}


class StraceError(RangeListError, ValueError):
    """A log that cannot be replayed."""


class Call(NamedTuple):
    """One finished call."""

    number: int  # of its line
    pid: int  # 0 in a log without
    name: str
    arguments: tuple[str, ...]
    result: int  # below zero: an error


# ---- the log ------------------------------------------------------------------------------------


def calls(lines: Iterable[str]) -> Iterator[Call]:
    """Yield the finished calls of a log, those of threads where they were resumed.

    Example:
        >>> next(calls(["7 munmap(0x7000, 4096) = 0"]))
        Call(number=1, pid=7, name='munmap', arguments=('0x7000', '4096'), result=0)
    """
    begun: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        text = line.rstrip()
        first = UNFINISHED.match(text)
        if first:
            begun[first["pid"] or "0"] = first["head"]
            continue
        rest = RESUMED.match(text)
        if rest:
            text = f"{rest['pid'] or 0} {begun.pop(rest['pid'] or '0', '')}{rest['tail']}"
        found = LINE.match(text)
        if found and found["result"] != "?":
            result = int(found["result"].split("<")[0], 0)
            pid = int(found["pid"] or 0)
            yield Call(number, pid, found["name"], arguments(found["args"]), result)


def arguments(text: str) -> tuple[str, ...]:
    """Split at the commas that are in no brackets.

    Example:
        >>> arguments("{flags=A|B, x=0}, 3</a,b>, NULL")
        ('{flags=A|B, x=0}', '3</a,b>', 'NULL')
    """
    found: list[str] = []
    depth, word = 0, ""
    for letter in text:
        depth += (letter in "{[(<") - (letter in "}])>")
        if letter == "," and depth == 0:
            found.append(word.strip())
            word = ""
        else:
            word += letter
    return (*found, word.strip())


# ---- what the calls do --------------------------------------------------------------------------


class Replayer:
    """An address space that calls are replayed on.

    Example:
        >>> replayer = Replayer(load([]))
        >>> log = ["mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7000"]
        >>> replayer.replay(calls(log))
        >>> str(next(lines_of(replayer.space)))
        '00007000-00008000 r--p 00000000 00:00 0 '
    """

    def __init__(self, space: AddressSpace) -> None:
        self.space = space
        self.count = 0  # calls that were replayed
        self.surprises: list[str] = []  # calls that went otherwise in the log
        self.files: dict[str, Opened] = {}
        self.others: set[int] = set()  # processes with an address space of their own

    def replay(self, log: Iterable[Call]) -> None:
        """Replay all calls.

        Raises: StraceError, for a call that changes the map and is not known.
        """
        for call in log:
            if call.pid in self.others:
                continue
            try:
                self._carry_out(call)
            except (ValueError, IndexError) as error:
                raise StraceError(f"line {call.number}: {call!r}: {error}") from error

    def _carry_out(self, call: Call) -> None:
        if call.name in ("fork", "vfork", "clone", "clone3"):
            text = " ".join(call.arguments)
            if "CLONE_VM" not in text or "CLONE_VFORK" in text:
                self.others.add(call.result)
            return
        if call.name in ("openat", "open"):  # each opening is a file of its own
            self.files = {key: file for key, file in self.files.items() if opened_as(key, call)}
            return
        method = getattr(self, f"do_{call.name.removeprefix('pkey_')}", None)
        if call.name in LOCKS:
            method = self.do_lock
        if method is None:
            if call.name in ("shmat", "shmdt", "remap_file_pages"):
                raise StraceError(f"{call.name} is not known")
            return
        self.count += 1
        try:
            method(call)
            failed = False
        except OSError:
            failed = True
        if failed != (call.result < 0 and call.name != "brk"):
            self.surprises.append(f"line {call.number}: {call.name} went otherwise: {call!r}")

    def do_brk(self, call: Call) -> None:
        """Move the end of the heap; the first call asks where it is."""
        space, end = self.space, pages(call.result)
        if not space.heap:
            space.heap = space.heap_end = end
        if space.brk(end) != end:
            self.surprises.append(f"line {call.number}: the heap ends at {space.heap_end:#x}")

    def do_mmap(self, call: Call) -> None:
        """Map where the log says that it was mapped."""
        _, length, access, flags, file, offset = call.arguments
        if call.result < 0:
            return self._failed()
        names = set(flags.split("|"))
        attributes = {word for name, word in FLAGS.items() if name in names}
        if names & {"MAP_SHARED", "MAP_SHARED_VALIDATE"}:
            attributes.add("shared")
        start = call.result // PAGE
        if not names & {"MAP_FIXED"} and any(
            self.space.list.overlapping(start, start + pages(int(length, 0)))
        ):
            self.surprises.append(f"line {call.number}: what is mapped there is in the way")
        self.space.map(
            pages(int(length, 0)),
            letters(access),
            at=start,
            how="fixed",
            file=None if "MAP_ANONYMOUS" in names else self._file(file),
            pgoff=None if "MAP_ANONYMOUS" in names else int(offset, 0) // PAGE,
            flags=attributes,
        )
        return None

    def do_munmap(self, call: Call) -> None:
        self.space.unmap(*window(call.arguments))

    def do_mprotect(self, call: Call) -> None:
        self.space.protect(*window(call.arguments), letters(call.arguments[2]))

    def do_madvise(self, call: Call) -> None:
        """Replay an advice that sets flags; others change no area."""
        advice = call.arguments[2].removeprefix("MADV_").lower()
        if advice in ADVICE:
            self.space.advise(*window(call.arguments), advice)
        elif call.result < 0:
            self._failed()

    def do_lock(self, call: Call) -> None:
        on = call.name != "munlock"
        self.space.lock(*window(call.arguments), on=on, later=call.arguments[-1] == "MLOCK_ONFAULT")

    def do_mseal(self, call: Call) -> None:
        self.space.seal(*window(call.arguments))

    def do_mremap(self, call: Call) -> None:
        """Move to where the log says, or resize in place."""
        start, old, new = (int(text, 0) for text in call.arguments[:3])
        keep = "MREMAP_DONTUNMAP" in call.arguments[3]
        to = None if call.result in (start, -1) else call.result // PAGE
        self.space.remap(
            start // PAGE,
            pages(old),
            pages(new),
            to=to,
            may_move=to is not None,
            keep_source=keep,
        )

    def _file(self, text: str) -> Opened:
        """Return the file that a descriptor stands for, such as 3</etc/passwd>."""
        found = FILE.match(text)
        if found is None:
            raise StraceError(f"{text!r}, want a descriptor")
        name = (found[2] or f"descriptor {found[1]}") + (" (deleted)" if found[3] else "")
        return self.files.setdefault(text, Opened(name))

    @staticmethod
    def _failed() -> None:
        """Fail as the log says that the call did."""
        raise OSError


def opened_as(key: str, call: Call) -> bool:
    """Tell whether a descriptor is another one than what was just opened."""
    return not key.startswith(f"{call.result}<")


def pages(length: int) -> int:
    """Return how many pages some bytes need."""
    return -(-length // PAGE)


def window(texts: tuple[str, ...]) -> tuple[int, int]:
    """Return the pages that an address and a length mean."""
    start = int(texts[0], 0) // PAGE
    return start, start + pages(int(texts[1], 0))


def letters(access: str) -> str:
    """Return rwx for PROT_READ|PROT_WRITE|PROT_EXEC."""
    return "".join(LETTERS.get(word, "") for word in access.split("|"))


# ---- what came out ------------------------------------------------------------------------------


def compare(space: AddressSpace, end: Iterable[Line]) -> list[str]:
    """Return how a map differs from the one the process had at the end, in lines of a diff."""
    told = [plain(line) for line in lines_of(space)]
    real = [plain(line) for line in end]
    return [f"- {line}" for line in told if line not in real] + [
        f"+ {line}" for line in real if line not in told
    ]


def plain(line: Line) -> str:
    """Return what a log can tell of a line: no device and inode, not where the stack starts."""
    start = "stack" if line.name == "[stack]" else f"{line.start:x}"
    return f"{start}-{line.stop:x} {line.access} {line.offset:08x} {line.name}".rstrip()


def main(words: list[str] | None = None) -> int:
    """Replay a log; print the map, or how it differs.  Return 1 if it does."""
    parser = argparse.ArgumentParser(prog="python -m rangelist.models.strace", description=__doc__)
    parser.add_argument("log", type=Path)
    parser.add_argument("--start", type=Path, required=True, help="the map at the first call")
    parser.add_argument("--end", type=Path, help="the map at the end")
    options = parser.parse_args(words)
    replayer = Replayer(load(parse(options.start.read_text())))
    replayer.replay(calls(options.log.read_text().splitlines()))
    lines = [*replayer.surprises]
    if options.end is None:
        lines += [str(line) for line in lines_of(replayer.space)]
    else:
        different = compare(replayer.space, parse(options.end.read_text()))
        state = f"{len(different)} lines differ" if different else "the map at the end is the same"
        lines += [*different, f"{replayer.count} calls replayed, {state}"]
        replayer.surprises += different
    sys.stdout.write("\n".join(lines) + "\n")
    return int(bool(replayer.surprises))


if __name__ == "__main__":
    sys.exit(main())
