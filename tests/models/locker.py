"""A process that locks a file as it is told: a line of JSON a call, another its answer.

A fork answers the pid of the child, which is told its calls through two named pipes.
"""

from __future__ import annotations

import fcntl
import json
import os
import struct
import sys
from typing import Any

FLOCK = "hhqqi4x"  # struct flock of a 64-bit Linux
TYPES = {"R": fcntl.F_RDLCK, "W": fcntl.F_WRLCK, "U": fcntl.F_UNLCK}
WHENCE = {"SET": os.SEEK_SET, "CUR": os.SEEK_CUR, "END": os.SEEK_END}
COMMANDS = {
    "set": fcntl.F_SETLK,
    "wait": fcntl.F_SETLKW,
    "test": fcntl.F_GETLK,
    "ofd_set": 37,
    "ofd_wait": 38,
    "ofd_test": 36,
}


def carry_out(path: str, fds: dict[int, int], call: dict[str, Any]) -> Any:
    """Make one call; `fds` are the real descriptors by the names they have here."""
    kind, fd = call["kind"], call["fd"]
    if kind == "open":
        flags = {(1, 0): os.O_RDONLY, (0, 1): os.O_WRONLY}.get(tuple(call["mode"]), os.O_RDWR)
        fds[fd] = os.open(path, flags)
    elif kind == "close":
        os.close(fds.pop(fd))
    elif kind == "dup":
        fds[call["new"]] = os.dup(fds[fd])
    elif kind == "fork":
        pid = os.fork()
        if pid:
            return pid
        # Over the parent's own pipes, which would not end with the parent otherwise.
        for mine, (end, flags) in enumerate(((".in", os.O_RDONLY), (".out", os.O_WRONLY))):
            pipe = os.open(call["pipe"] + end, flags)
            os.dup2(pipe, mine)
            os.close(pipe)
        sys.stdin = os.fdopen(0)
        serve(path, fds)
        os._exit(0)
    elif kind == "seek":
        os.lseek(fds[fd], call["position"], os.SEEK_SET)
    else:
        kind_, start, length, whence = call["request"]
        flock = struct.pack(FLOCK, TYPES[kind_], WHENCE[whence], start, length, 0)
        answer = fcntl.fcntl(fds[fd], COMMANDS[kind], flock)
        if kind.endswith("test"):
            return struct.unpack(FLOCK, answer)
    return "ok"


def serve(path: str, fds: dict[int, int]) -> None:
    """Answer until the input ends."""
    for line in sys.stdin:
        try:
            answer = carry_out(path, fds, json.loads(line))
        except OSError as error:
            answer = -(error.errno or 1)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(sys.argv[1], {})
