"""Record a program's memory calls with strace, and its map at the first and at the last of them.

`python record.py NAME PROGRAM ARGUMENT...` writes NAME.strace, NAME.start and NAME.end.
"""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

DELAY = 400_000  # µs for which the first and the last call wait, so that the map can be read


def record(name: Path, program: list[str]) -> None:
    """Run a program to its end; raise OSError if it cannot be traced."""
    log = name.with_suffix(".strace")
    command = ["strace", "-f", "-y", "-o", str(log), "-e", "trace=memory,%process"]
    for call in ("brk:when=1", "exit_group"):
        command += ["-e", f"inject={call}:delay_enter={DELAY}"]
    tracer = subprocess.Popen(
        [*command, *program], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        pid = child_of(tracer)
        wait_for(log, " execve(")
        time.sleep(DELAY / 2e6)
        name.with_suffix(".start").write_text(Path(f"/proc/{pid}/maps").read_text())
        last = ""
        while tracer.poll() is None:
            last = maps(pid) or last
            time.sleep(DELAY / 8e6)
        name.with_suffix(".end").write_text(last)
    finally:
        tracer.kill()
        _, told = tracer.communicate()
    if tracer.returncode:
        raise OSError(told.decode())


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


def wait_for(log: Path, text: str) -> None:
    """Wait until the log says something."""
    for _ in range(1000):
        if log.exists() and text in log.read_text():
            return
        time.sleep(0.005)
    raise OSError(f"{log} does not say {text!r}")


def maps(pid: int) -> str:
    """Return the map of a process, nothing if it has none any more."""
    try:
        return Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return ""


if __name__ == "__main__":
    record(Path(sys.argv[1]), sys.argv[2:])
