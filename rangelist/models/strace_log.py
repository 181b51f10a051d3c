"""Reading a log of strace: its calls, and which of them belong to the process that is followed.

    10 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>      10 has a child ...
    11 munmap(0x7f0000000000, 4096) = 0                            ... whose calls come early
    10 <... clone resumed>) = 11

The whole log is read before anything is replayed, because a call may come before the line that
tells which process made the call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from rangelist.errors import RangeListError

__all__ = ["FORKS", "Call", "StraceError", "arguments", "calls", "followed", "is_exec"]

PID: Final = r"(?:(?P<pid>\d+) +)?"
LINE: Final = re.compile(PID + r"(?P<name>\w+)\((?P<args>.*)\) += (?P<result>\S+)(?P<rest>.*)$")
UNFINISHED: Final = re.compile(PID + r"(?P<head>\w+\(.*?),? *<unfinished \.\.\.>$")
RESUMED: Final = re.compile(PID + r"<\.\.\. (?P<name>\w+) resumed>(?P<tail>.*)$")
SUPERSEDED: Final = re.compile(PID + r"\+\+\+ superseded by execve in pid (?P<thread>\d+) \+\+\+$")
# Signals, ends of processes, and calls in which a process ended.
OTHER: Final = re.compile(
    PID + r"(\+\+\+ .* \+\+\+|--- .* ---|.*<(unfinished|detached) \.\.\.>.*)$"
)
OUTSIDE: Final = re.compile(r"/\* (\d+) in strace's PID NS \*/")
PART: Final = re.compile(r'"(?:[^"\\]|\\.)*"|(?<=\d)<[^>]*>|.')
FORKS: Final = frozenset({"fork", "vfork", "clone", "clone3"})


class StraceError(RangeListError, ValueError):
    """A log that cannot be replayed."""


class Call(NamedTuple):
    """One finished call."""

    number: int  # of the line where it ended
    pid: int  # 0 in a log without
    name: str
    arguments: tuple[str, ...]
    result: int  # below zero: an error
    begun: int = 0  # the line where it began

    @property
    def creates(self) -> bool:
        """Tell whether it made a process or a thread."""
        return self.name in FORKS and self.result > 0


def calls(lines: Iterable[str]) -> Iterator[Call]:
    """Yield the finished calls of a log, those of threads where they were resumed.

    Raises: StraceError, for a line that is none of a log.

    Example:
        >>> next(calls(["7 munmap(0x7000, 4096) = 0"]))[:5]
        (1, 7, 'munmap', ('0x7000', '4096'), 0)
    """
    begun: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines, 1):
        text, start = line.rstrip(), number
        if rest := RESUMED.match(text):
            pid = rest["pid"] or "0"
            start, head = begun.pop(pid, (number, f"{rest['name']}("))
            text = f"{pid} {head}{rest['tail']}"
        if thread := SUPERSEDED.match(text):  # the thread goes on as the process
            begun[thread["pid"] or "0"] = begun.pop(thread["thread"], (number, ""))
            continue
        if first := UNFINISHED.match(text):
            begun[first["pid"] or "0"] = start, first["head"]
            continue
        found = LINE.match(text)
        if found is None and text and not OTHER.match(text):
            raise StraceError(f"line {number}: {text!r}, want a line of strace -f -y -o LOG")
        if found and found["result"] != "?":
            yield call_of(number, start, found)


def call_of(number: int, start: int, found: re.Match[str]) -> Call:
    """Return the call of a line."""
    outside = OUTSIDE.search(found["rest"])  # a child's pid as strace writes it before its calls
    try:
        result = int(outside[1] if outside else found["result"].split("<")[0], 0)
    except ValueError as error:
        raise StraceError(f"line {number}: {found[0]!r}, want a number as result") from error
    pid, args = int(found["pid"] or 0), arguments(found["args"])
    return Call(number, pid, found["name"], args, result, start)


def arguments(text: str) -> tuple[str, ...]:
    """Split at the commas that are in no brackets, no string and no path.

    Example:
        >>> arguments("{flags=A|B, x=0}, 3</a,b>, NULL")
        ('{flags=A|B, x=0}', '3</a,b>', 'NULL')
    """
    found: list[str] = []
    depth, word = 0, ""
    for part in PART.findall(text):
        depth += (part in "{[(") - (part in "}])")
        if part == "," and depth == 0:
            found.append(word.strip())
            word = ""
        else:
            word += part
    return (*found, word.strip())


class Family:
    """Which process and which address space each pid of a log belongs to, as the log goes on."""

    def __init__(self, first: int) -> None:
        self.leader = first  # of the process that is followed
        self.leaders = {first: first}  # pid -> pid of its process
        self.spaces: dict[int, object] = {first: object()}  # pid -> its address space

    def refuse_stranger(self, call: Call) -> None:
        """Raise StraceError for a call of a pid that no call has made."""
        if call.pid not in self.leaders:
            raise StraceError(
                f"line {call.number}: no fork or clone made process {call.pid},"
                " want a log of strace -f -e trace=memory,%process"
            )

    def create(self, call: Call) -> None:
        """Let a call make a process or a thread."""
        words = set(re.findall(r"CLONE_\w+", " ".join(call.arguments)))
        shares = call.name == "vfork" or "CLONE_VM" in words
        thread = "CLONE_THREAD" in words
        self.spaces[call.result] = self.spaces[call.pid] if shares else object()
        self.leaders[call.result] = self.leaders[call.pid] if thread else call.result

    def execute(self, pid: int) -> None:
        """Let a process have a new address space."""
        self.spaces[self.leaders[pid]] = object()

    def follows(self, call: Call) -> bool:
        """Tell whether a call is about the address space of the process that is followed."""
        return self.spaces[call.pid] is self.spaces[self.leader]

    def executes(self, call: Call) -> bool:
        """Tell whether a call replaces the program of the process that is followed."""
        return self.leaders[call.pid] == self.leader and is_exec(call)


def is_exec(call: Call) -> bool:
    """Tell whether a call has replaced a program."""
    return call.name in ("execve", "execveat") and call.result == 0


def followed(log: Iterable[Call]) -> list[Call]:
    """Return the calls on the address space of the first process of a log, in order of their ends.

    Those of its threads are among them, and those of a child of vfork, until it executes a program.

    Raises: StraceError, for a call of a process that the log does not introduce.
    """
    all_calls = list(log)
    if not all_calls:
        return []
    family = Family(min(all_calls, key=lambda call: call.begun).pid)
    kept: list[Call] = []
    # A child may call before the call that makes it ends, so that counts where it began.
    for call in sorted(all_calls, key=lambda call: call.begun if call.creates else call.number):
        family.refuse_stranger(call)
        if call.creates:
            family.create(call)
        elif is_exec(call):
            if family.executes(call):
                kept.append(call)
            family.execute(call.pid)
        elif family.follows(call):
            kept.append(call)
    return kept
