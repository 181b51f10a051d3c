"""The protocol from the inside: answer lines from stdin on stdout.

> {"op":"start","trace":1}
< {"ok":{"name":"…","version":"…","capabilities":["set",…]}}
> {"trace":1,"coalesce":"equal"}                       a header: forget everything, begin again
< {"ok":null}
> {"op":"set","start":"0","stop":"8","value":"a"}
< {"ok":["0","8","a"]}
> {"op":"stop"}
< {"ok":null}                                          and exit 0
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable

from rangelist.oracle.session import Session
from rangelist.oracle.spec import Line

__all__ = ["serve"]

DUMPS = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def serve(
    session: Session,
    name: str,
    version: str,
    capabilities: Iterable[str],
    source: int = 0,
    sink: int = 1,
) -> None:
    """Answer what comes from one file descriptor on the other, until `stop` or the end of input."""
    hello: Line = {"ok": {"name": name, "version": version, "capabilities": sorted(capabilities)}}
    rest = b""
    # Whatever has come is answered at once and together: as prompt as a flush for each line when
    # the other side waits for each reply, and much faster when it does not.
    while chunk := os.read(source, 65536):
        *lines, rest = (rest + chunk).split(b"\n")
        replies: list[str] = []
        last = False
        for raw in lines:
            reply, last = answer(session, hello, raw)
            replies.append(DUMPS(reply) + "\n")
            if last:
                break
        send(sink, "".join(replies).encode())
        if last:
            return


def answer(session: Session, hello: Line, raw: bytes) -> tuple[Line, bool]:
    """Return the reply to one line, and whether it was the last one."""
    try:
        line = json.loads(raw)
        op = line.get("op")
    except (ValueError, AttributeError, RecursionError):
        return {"err": "BadLine"}, False
    if op == "start":
        return hello, False
    if op == "stop":
        return {"ok": None}, True
    return session.reply(line), False


def send(sink: int, data: bytes) -> None:
    """Write all of it; a pipe may take less at a time."""
    while data:
        data = data[os.write(sink, data) :]
