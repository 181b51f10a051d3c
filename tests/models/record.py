"""Record a program's memory calls with strace, and its maps.

`python record.py NAME PROGRAM ARGUMENT...` writes NAME.strace, NAME.start (the map at the first
call), NAME.start2 and so on (after each execve that follows), and NAME.end (at the last call).

strace lets the first brk, each execve and each exit_group wait a while.  Which of them a process
stands in is read from /proc before and after its map, so a map that is kept is the right one; where
the machine was too busy to read one in time, that is an error.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

DELAY = 400_000  # µs for which the calls wait, so that the map can be read
FIRST = "12 0x0 "  # brk(NULL), as /proc/PID/syscall shows it
EXEC = "59 0x0 0x0 0x0 "  # the new program has begun
EXIT = "231 "


def record(name: Path, program: list[str], delay: int = DELAY) -> None:
    """Run a program to its end; raise OSError if it cannot be traced, or a map was missed."""
    log = name.with_suffix(".strace")
    command = ["strace", "-f", "-y", "-o", str(log), "-e", "trace=memory,%process"]
    for where in ("brk:when=1:delay_enter", "execve:delay_exit", "exit_group:delay_enter"):
        command += ["-e", f"inject={where}={delay}"]
    tracer = subprocess.Popen(
        [*command, *program],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        maps = watched(tracer, delay)
    finally:
        tracer.kill()
        _, told = tracer.communicate()
    if b"strace: " in told:
        raise OSError(told.decode())
    starts = [text for where, text in maps if where != EXIT]
    ends = [text for where, text in maps if where == EXIT]
    executed = executions(log.read_text())
    if not ends or len(starts) != executed:
        raise OSError(f"{len(starts)} maps for {executed} programs: the machine was too busy")
    for number, text in enumerate(starts, 1):
        name.with_suffix(f".start{number if number > 1 else ''}").write_text(text)
    name.with_suffix(".end").write_text(ends[-1])


def watched(tracer: subprocess.Popen[bytes], delay: int) -> list[tuple[str, str]]:
    """Return where the traced process stood and what its map was, each time it waited."""
    found: list[tuple[str, str]] = []
    last = ""
    pid = child_of(tracer)
    while tracer.poll() is None:
        where, text = waiting(pid)
        if where and where + text != last:
            if where == FIRST and found:
                where = ""  # a later program's; its map was read after execve
            elif where == EXIT and found and found[-1][0] == EXIT:
                found.pop()
            last = where + text
            found += [(where, text)] if where else []
        time.sleep(delay / 2e7)
    return found


def waiting(pid: int) -> tuple[str, str]:
    """Return in which call a process waits, and its map; nothing if it runs."""
    with suppress(OSError):
        before = place(pid)
        text = Path(f"/proc/{pid}/maps").read_text()
        if before and before == place(pid):
            return before, text
    return "", ""


def place(pid: int) -> str:
    """Return which of the calls a process, or one of its threads, stands in."""
    for call in calls(pid):
        for known in (EXIT, EXEC, FIRST):
            if call.startswith(known):
                return known
    return ""


def calls(pid: int) -> Iterator[str]:
    """Yield what each thread of a process does."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            yield (task / "syscall").read_text()


def executions(log: str) -> int:
    """Return how often the first process of a log began a program."""
    pid = log.split(None, 1)[0]
    return sum(
        line.startswith(f"{pid} ") and "execve" in line and ") = 0" in line
        for line in log.splitlines()
    )


def child_of(tracer: subprocess.Popen[bytes]) -> int:
    """Return the process that is traced, as soon as it is one."""
    children = Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children")
    while tracer.poll() is None:
        for child in children.read_text().split():
            with suppress(OSError):  # strace tries a child of its own first
                if Path(f"/proc/{child}/exe").readlink().name != "strace":
                    return int(child)
        time.sleep(0.005)
    raise OSError((tracer.stderr.read() if tracer.stderr else b"").decode())


if __name__ == "__main__":
    record(Path(sys.argv[1]), sys.argv[2:])
