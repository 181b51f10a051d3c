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

from rangelist.oracle.session import DONE, Make, Memo, Names, Session, bare, the_one
from rangelist.oracle.spec import TRACE_VERSION, Line

__all__ = ["InProcess", "Pipe", "Target", "Trouble", "wire_of"]

AHEAD = 32  # traces that a program is sent at a time, while it answers as it should
CHUNK = 65536
LONGEST = 1 << 26  # bytes of one reply, at most
HELLO = '{"ok": {"name": …, "version": …, "capabilities": […]}}'
AGAIN: Line = {"trace": TRACE_VERSION}
FLUSHED = "(is stdout flushed?)"
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
    ahead: int  # traces to send at a time
    ending: str  # what was odd about its end

    def ask(self, lines: Sequence[Line]) -> tuple[list[Line], Trouble | None]:
        """Return the replies, as many as there were, and why there were no more."""
        ...

    def one_by_one(self) -> None:
        """Begin anew, and be sent one trace at a time from now on."""
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
        self.ahead = 1
        self.ending = ""

    def ask(self, lines: Sequence[Line]) -> tuple[list[Line], Trouble | None]:
        replies: list[Line] = []
        reply = self.session.reply
        try:
            for line in lines:
                replies.append(reply(line))  # noqa: PERF401 - what was answered before a crash counts
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the model's crash
            return replies, Trouble("crash", f"{type(error).__name__}: {error}")
        return replies, None

    def one_by_one(self) -> None:
        """It is sent one at a time anyway."""

    def close(self) -> None:
        """There is nothing to end."""


class Pipe:
    """A program that speaks the protocol on stdin and stdout; started again after trouble."""

    def __init__(self, command: str | Sequence[str], timeout: float = 5.0) -> None:
        self.command = command_of(command) if isinstance(command, str) else list(command)
        self.timeout = timeout
        self.ahead = AHEAD
        self.ending = ""
        self.process: subprocess.Popen[bytes] | None = None
        self.errors: Any = None
        self.unsent, self.rest = memoryview(b""), bytearray()  # lines to send, a reply without end
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
        os.set_blocking(self.ends()[0], False)
        self.rest = bytearray()
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
            try:
                self.start()
            except OSError as error:  # it started once, so this is one more way to crash
                return [], Trouble("crash", str(error))
        # A header behind them: what it writes unasked comes before the reply to that.
        replies, trouble = self.talk([*lines, AGAIN])
        if trouble is None and replies[-1] is not DONE:
            trouble = Trouble("garbage", f"it wrote {WIRE(replies[-1])} unasked")
        if trouble is not None:
            self.kill()
        return replies[: len(lines)], trouble

    def talk(self, lines: Sequence[Line]) -> tuple[list[Line], Trouble | None]:
        """Send lines and read replies, both as fast as the other side takes and gives them."""
        self.unsent = memoryview(b"".join(self.wire.of(lines)))
        replies: list[Line] = []
        until = time.monotonic() + self.timeout
        while len(replies) < len(lines):
            try:
                whole = self.exchange(until)
            except OSError:
                return replies, self.dead()
            for raw in whole:
                reply = reply_in(raw)
                if reply is None or len(replies) == len(lines):
                    why = "it wrote" if reply is None else "more replies than lines, the last is"
                    return replies, Trouble("garbage", f"{why} {raw[:200]!r}")
                replies.append(reply)
            if len(self.rest) > LONGEST:
                return replies, Trouble("garbage", f"a line of more than {LONGEST} bytes")
            if whole:
                until = time.monotonic() + self.timeout
            elif time.monotonic() >= until:
                return replies, Trouble("timeout", f"no reply in {self.timeout:g} s {FLUSHED}")
        return replies, None

    def exchange(self, until: float) -> list[bytes]:
        """Write what is taken, read what has come; return the lines that are whole by now.

        Raises: OSError, if the other side is gone.
        """
        sink, source = self.ends()
        left = max(0.0, until - time.monotonic())
        ready, taking, _ = select.select([source], [sink] if self.unsent else [], [], left)
        if taking:
            self.unsent = self.unsent[os.write(sink, self.unsent[:CHUNK]) :]
        chunk = os.read(source, CHUNK) if ready else b""
        if ready and not chunk:
            raise BrokenPipeError
        self.rest += chunk
        if b"\n" not in chunk:
            return []
        *whole, rest = bytes(self.rest).split(b"\n")
        self.rest = bytearray(rest)
        return whole

    def ends(self) -> tuple[int, int]:
        """Return the descriptors to write lines to and to read replies from."""
        assert self.process is not None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        return self.process.stdin.fileno(), self.process.stdout.fileno()

    def dead(self) -> Trouble:
        return Trouble("crash", self.last_words())

    def last_words(self) -> str:
        """Return how it ended: the exit code, and the end of stderr."""
        assert self.process is not None
        try:
            code: object = self.process.wait(self.timeout)
        except subprocess.TimeoutExpired:
            code = "none, although it closed its output"
        size = self.errors.seek(0, os.SEEK_END)
        self.errors.seek(max(0, size - CHUNK))
        said = self.errors.read().decode(errors="replace").strip().splitlines()[-LAST_WORDS:]
        last = said[0] if len(said) == 1 else "".join(f"\n    {line}" for line in said)
        return f"exit code {code}" + (f": {last}" if said else "")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        with self.process, self.errors:  # closes them
            self.process = None

    def one_by_one(self) -> None:
        self.ahead = 1
        if self.process is not None:  # what it wrote unasked would be taken for replies
            self.kill()

    def close(self) -> None:
        """Say `stop`, wait for the end; note how it ended, if that is not with 0."""
        if self.process is None:
            return
        assert self.process.stdin is not None
        _, trouble = self.talk([{"op": "stop"}])
        self.process.stdin.close()
        try:
            code = self.process.wait(self.timeout) if trouble is None else 0
        except subprocess.TimeoutExpired:
            trouble = Trouble("timeout", f"it did not end in {self.timeout:g} s")
        else:
            trouble = self.dead() if code else trouble
        self.ending = trouble.text if trouble else ""
        self.kill()


def words_in(capabilities: object) -> frozenset[str]:
    """Return the words of a claim.

    Raises: TypeError, if it is no list of strings; a string would be a list of letters.
    """
    no_list = isinstance(capabilities, (str, dict))
    words = () if no_list else cast("Iterable[object]", capabilities)
    if no_list or not all(isinstance(word, str) for word in words):
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


def number_of(text: str) -> float:
    """Return a number with a point, which may be a whole one."""
    return int(float(text)) if float(text).is_integer() else float(text)


@lru_cache(maxsize=20_000)
def reply_in(raw: bytes) -> Line | None:
    """Return the reply that a line of output is, if it is one; most come again and again."""
    try:
        reply: Any = json.loads(raw, parse_float=number_of)
        if not isinstance(reply, dict):
            return None
        fields = cast("Line", reply)
        return the_one(fields) if len(fields.keys() & {"ok", "err", "skip"}) == 1 else None
    except (ValueError, RecursionError):
        return None
