"""What is being tested: a model in this process, or a program at the other end of a pipe.

A target is given lines and gives back replies, until it is in trouble.  Trouble is a crash, a
time-out or garbage; it is never an error reply, and an error reply is never trouble.
"""

from __future__ import annotations

import json
import os
import re
import select
import shlex
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, cast

from rangelist.oracle.session import Make, Memo, Names, Session, bare
from rangelist.oracle.spec import TRACE_VERSION, Line

__all__ = ["InProcess", "Pipe", "Target", "Trouble", "wire_of"]

# So many bytes of lines may be under way unanswered: less than any pipe holds, so that neither side
# can block on writing while the other one does.
IN_FLIGHT = 4096

HELLO = '{"ok": {"name": …, "version": …, "capabilities": […]}}'
LAST_WORDS = 10  # lines of stderr that are shown
WIRE = json.JSONEncoder(separators=(",", ":")).encode


class Trouble(NamedTuple):
    """How a target failed to reply."""

    kind: str  # crash, timeout, garbage
    text: str


class Target(Protocol):
    """Something that replies."""

    name: str
    version: str
    capabilities: frozenset[str]
    command: list[str]

    def ask(self, lines: Sequence[Line]) -> tuple[list[Line], Trouble | None]:
        """Return the replies, as many as there were, and why there were no more."""
        ...

    def close(self) -> None: ...


class InProcess:
    """A model in this process; an exception is its way to crash."""

    def __init__(
        self,
        make: Make,
        capabilities: Iterable[str],
        name: str,
        version: str = "",
        errors: Names = (),
    ) -> None:
        self.session = Session(make, errors)
        self.capabilities = words_in(capabilities)
        self.name = name
        self.version = version
        self.command = ["rangelist-oracle", "serve", "--impl", name]  # the same, as a program

    def ask(self, lines: Sequence[Line]) -> tuple[list[Line], Trouble | None]:
        replies: list[Line] = []
        reply = self.session.reply
        try:
            for line in lines:
                replies.append(reply(line))  # noqa: PERF401 - what was answered before a crash counts
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the model's crash
            return replies, Trouble("crash", f"{type(error).__name__}: {error}")
        return replies, None

    def close(self) -> None:
        pass


class Pipe:
    """A program that speaks the protocol on stdin and stdout; started again after trouble."""

    def __init__(self, command: str | Sequence[str], timeout: float = 5.0) -> None:
        self.command = command_of(command) if isinstance(command, str) else list(command)
        self.timeout = timeout
        self.process: subprocess.Popen[bytes] | None = None
        self.buffer = b""
        self.errors: Any = None
        self.wire = Memo(wire_of)
        self.name, self.version, self.capabilities = "", "", frozenset[str]()
        self.start()

    def start(self) -> None:
        """Start the program and learn what it claims.

        Raises: ChildProcessError, if it does not answer `start` as the protocol says.
        """
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        pipe = subprocess.PIPE
        try:
            self.process = subprocess.Popen(  # noqa: S603 - running what the user names is the job
                self.command, stdin=pipe, stdout=pipe, stderr=self.errors, bufsize=0
            )
        except OSError:
            self.errors.close()
            raise
        self.buffer = b""
        replies, trouble = self.talk([{"op": "start", "trace": TRACE_VERSION}])
        try:
            me = replies[0]["ok"]
            self.name, self.version = str(me["name"]), str(me["version"])
            self.capabilities = words_in(me["capabilities"])
        except (IndexError, KeyError, TypeError) as error:
            said = trouble.text if trouble else f"it answered {WIRE(replies[0])}, want {HELLO}"
            if isinstance(error, TypeError) and str(error).startswith("capabilities"):
                said = str(error)
            self.kill()
            raise ChildProcessError(f"{shlex.join(self.command)} did not start: {said}") from error

    def ask(self, lines: Sequence[Line]) -> tuple[list[Line], Trouble | None]:
        if self.process is None:
            self.start()
        replies, trouble = self.talk(lines)
        if trouble is not None:
            self.kill()
        return replies, trouble

    def talk(self, lines: Sequence[Line]) -> tuple[list[Line], Trouble | None]:
        """Send lines and read replies, some lines ahead of the replies."""
        assert self.process is not None
        assert self.process.stdin is not None
        texts = list(map(self.wire, lines))
        replies: list[Line] = []
        sent = under_way = 0
        while len(replies) < len(texts):
            first = sent
            while sent < len(texts) and (
                under_way == 0 or under_way + len(texts[sent]) <= IN_FLIGHT
            ):
                under_way += len(texts[sent])
                sent += 1
            try:
                if first < sent:
                    self.process.stdin.write(b"".join(texts[first:sent]))
            except OSError:
                return replies, self.dead()
            for raw in self.receive():
                if isinstance(raw, Trouble):
                    return replies, raw
                reply = reply_in(raw)
                if reply is None or len(replies) == sent:
                    return replies, Trouble("garbage", f"it wrote {raw[:200]!r}")
                under_way -= len(texts[len(replies)])
                replies.append(reply)
        if self.buffer:
            return replies, Trouble("garbage", f"it wrote {self.buffer[:200]!r} unasked")
        return replies, None

    def receive(self) -> list[bytes | Trouble]:
        """Wait for at least one whole line of output."""
        assert self.process is not None
        assert self.process.stdout is not None
        handle = self.process.stdout.fileno()
        until = time.monotonic() + self.timeout
        while b"\n" not in self.buffer:
            left = until - time.monotonic()
            # A line without an end may come as long as there is memory.
            if left <= 0 or not select.select([handle], [], [], left)[0]:
                why = f"no reply in {self.timeout:g} s (is stdout flushed?)"
                return [Trouble("timeout", why)]
            chunk = os.read(handle, 65536)
            if not chunk:
                return [self.dead()]
            self.buffer += chunk
        *whole, self.buffer = self.buffer.split(b"\n")
        return list(whole)

    def dead(self) -> Trouble:
        assert self.process is not None
        try:
            code: object = self.process.wait(self.timeout)
        except subprocess.TimeoutExpired:
            code = "none, although it closed its output"
        self.errors.seek(0)
        said = self.errors.read().decode(errors="replace").strip().splitlines()[-LAST_WORDS:]
        last = said[0] if len(said) == 1 else "".join(f"\n    {line}" for line in said)
        return Trouble("crash", f"exit code {code}" + (f": {last}" if said else ""))

    def kill(self) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            stream.close()
        self.process = None

    def close(self) -> None:
        """Say `stop`, wait for the end."""
        if self.process is not None:
            self.talk([{"op": "stop"}])
            self.kill()


def words_in(capabilities: object) -> frozenset[str]:
    """Return the words of a claim.

    Raises: TypeError, if it is no list of strings; a string would be a list of letters.
    """
    words = () if isinstance(capabilities, str) else cast("Iterable[object]", capabilities)
    if isinstance(capabilities, str) or not all(isinstance(word, str) for word in words):
        raise TypeError(f"capabilities is {capabilities!r}, want a list of strings")
    return frozenset(cast("Iterable[str]", words))


def command_of(command: str) -> list[str]:
    """Return the words of a command, read as a shell would, although none is started.

    Raises: OSError, if it is none, or wants a shell.
    """
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        found = list(lexer)
    except ValueError as error:
        raise OSError(f"--cmd {command!r}: {error}") from error
    if not found:
        raise OSError("--cmd is empty, want a program")
    shell = [word for word in found if set(word) <= set("();<>|&")]
    if re.match(r"\w+=", found[0]):
        shell.append(found[0])
    if shell:
        wanted = shlex.quote(command)
        raise OSError(f'--cmd has no shell, found {shell[0]!r}, want --cmd "sh -c {wanted}"')
    return found


def wire_of(line: Line) -> bytes:
    """Return a line as it goes over the wire."""
    return (WIRE(bare(line)) + "\n").encode()


@lru_cache(maxsize=20_000)
def reply_in(raw: bytes) -> Line | None:
    """Return the reply that a line of output is, if it is one; most come again and again."""
    try:
        reply: Any = json.loads(raw)
    except ValueError:
        return None
    if not isinstance(reply, dict):
        return None
    fields = cast("Line", reply)
    return fields if len(fields.keys() & {"ok", "err", "skip"}) == 1 else None
