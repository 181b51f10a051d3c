"""Traces as text: read, check, write, complete.

A file holds one or more traces.  A header line (`{"trace": 1, …}`) begins one; lines before the
first header belong to a trace with the default header.  Beside the fields of its operation a line
may have

    want   the reply that is right       law    the law it is about, "L11"
    skip   why it should not be run      note   anything, for people
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast

from rangelist.errors import BadLineError
from rangelist.oracle.generate import text_of
from rangelist.oracle.session import EXTRAS, Session, bare, decode, fault
from rangelist.oracle.spec import ERRORS, HEADER, OPS, TRACE_VERSION, Line, Refusal, needs

__all__ = ["DEFAULT_HEADER", "Trace", "bare", "complete", "read", "write"]

HEADER_FIELDS = ("trace", "id", "laws", "law", "note", "partial", "coords", *HEADER)
DEFAULT_HEADER: Line = {"trace": TRACE_VERSION}


class Trace(NamedTuple):
    """A header and its lines."""

    header: Line
    lines: list[Line]

    @property
    def id(self) -> str:
        return str(self.header.get("id", "unnamed"))

    @property
    def needs(self) -> frozenset[str]:
        """What the header and every line need."""
        return needs(self.header).union(*(needs(line) for line in self.lines))


def read(text: Iterable[str], name: str = "trace") -> Iterator[Trace]:
    """Yield the traces of a text, checked.

    Raises: BadLineError, with file, line number and reason.
    """
    trace: Trace | None = None
    for number, raw in enumerate(text, 1):
        if not raw.strip():
            continue
        try:
            line = check(json.loads(raw))
        except (ValueError, RecursionError) as error:
            raise BadLineError(f"{name}:{number}: {error}") from error
        if "trace" in line:
            if trace is not None:
                yield trace
            trace = Trace(line, [])
        else:
            trace = trace or Trace(DEFAULT_HEADER, [])
            trace.lines.append(line)
    if trace is not None:
        yield trace


def check(given: object) -> Line:
    """Return what was given, refuse what is not a line of a trace.

    Raises: ValueError, with the reason.
    """
    if not isinstance(given, dict):
        raise ValueError(f"{given!r} is no JSON object")
    line = cast("Line", given)
    if "trace" in line:
        check_header(line)
    else:
        check_step(line)
    return line


def check_step(line: Line) -> None:
    try:
        op, _ = decode(line)
    except Refusal:
        raise ValueError(f"{text_of(line)}: {fault(line)}") from None
    for name in line.keys() - {"op", *OPS[op].required, *OPS[op].optional, *EXTRAS}:
        raise ValueError(f"{op} has no field {name!r}")
    want = line.get("want", {"ok": None})
    if not is_want(want):
        raise ValueError(f'want is {want!r}, want {{"ok": …}} or {{"err": name}}')


def is_want(want: object) -> bool:
    if not isinstance(want, dict):
        return False
    reply = cast("Line", want)
    return reply.keys() == {"ok"} or (reply.keys() == {"err"} and reply["err"] in ERRORS)


def check_header(line: Line) -> None:
    if line["trace"] != TRACE_VERSION:
        raise ValueError(f"trace format {line['trace']!r}, this one reads {TRACE_VERSION}")
    for name in line.keys() - set(HEADER_FIELDS):
        raise ValueError(f"a header has no field {name!r}")
    if line.get("coords", "int") != "int":
        raise ValueError(f"coords {line['coords']!r}, this version knows int")
    for hook, values in HEADER.items():
        if line.get(hook, values[0]) not in values:
            raise ValueError(f"{hook} is {line[hook]!r}, want one of {', '.join(values)}")


def complete(trace: Trace, session: Session) -> Trace:
    """Return the trace with `want` filled in on every line that is run."""
    session.reply(trace.header)
    return Trace(
        trace.header,
        [
            line if "skip" in line else line | {"want": session.reply(bare(line))}
            for line in trace.lines
        ],
    )


def write(traces: Iterable[Trace]) -> str:
    """Return traces as text, in the form that `read` reads."""
    return "".join(
        f"{text_of(line)}\n" for trace in traces for line in (trace.header, *trace.lines)
    )
