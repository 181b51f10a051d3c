"""Make a failing trace small: leave lines out, then make keys and values plain.

Every sub-sequence of a trace is a trace, so no knowledge of the operations is needed.  What counts
as failing is a function the caller gives; `smallest` asks for the same kind of failure at the same
operation, so that a crash stays a crash.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Iterator

from rangelist.oracle.dialect import dialect_of, with_last
from rangelist.oracle.runner import Verdict, judge
from rangelist.oracle.session import KEY_FIELDS, text_of, tuples_session
from rangelist.oracle.spec import Line
from rangelist.oracle.target import Target, wire_of
from rangelist.oracle.trace import DEFAULT_HEADER, Trace, bare

__all__ = ["replay_of", "shrink", "smallest"]

Fails = Callable[[Trace], bool]
PATIENCE = 60.0


def smallest(
    verdict: Verdict, target: Target, seconds: float = PATIENCE
) -> tuple[Verdict, Verdict | None]:
    """Return a failure made small, and the smallest one of another kind that was met on the way.

    After so many seconds it is the best so far: each time-out is waited for.
    """
    oracle = tuples_session()
    until = time.monotonic() + seconds
    best, others = verdict, list[Verdict]()

    def same(smaller: Trace) -> bool:
        nonlocal best
        if time.monotonic() > until:
            return False
        found = judge(smaller, target, oracle)
        if (found.kind, walked(found.op)) == (verdict.kind, walked(verdict.op)):
            best = found
            return True
        if found.bad:
            others.append(found)
        return False

    shrink(verdict.trace, same)
    header = best.trace.header | {"id": verdict.trace.id}
    best.trace = best.trace._replace(header=header)
    return best, min(others, key=lambda other: len(other.trace.lines), default=None)


def walked(op: str) -> str:
    """Return what a step and many steps have in common."""
    return "next" if op == "drain" else op


def shrink(trace: Trace, fails: Fails, limit: int = 5000) -> Trace:
    """Return a smaller trace that still fails; after `limit` tries, the best so far.

    `want` is dropped: what is right after a line is left out, the oracle knows.
    """
    tries = 0

    def still(smaller: Trace) -> bool:
        nonlocal tries
        tries += 1
        return tries <= limit and fails(smaller)

    best = Trace.of(trace.header, [bare(line) for line in trace.lines])
    while tries <= limit:
        before = best
        best = shorter(best, still)
        for options in (without, simpler):
            best = rewritten(best, still, options)
        if best == before:
            break
    plain = Trace.of(DEFAULT_HEADER, best.lines)
    return plain if best.header != DEFAULT_HEADER and still(plain) else best


def shorter(trace: Trace, fails: Fails) -> Trace:
    """Leave out runs of lines, long runs first, the end of the trace first."""
    lines = trace.lines
    size = len(lines)
    while size:
        at = len(lines) - size
        while at >= 0:
            fewer = lines[:at] + lines[at + size :]
            if fails(Trace.of(trace.header, fewer)):
                lines = fewer
            at -= size
        size //= 2
    return Trace.of(trace.header, lines)


def rewritten(trace: Trace, fails: Fails, options: Callable[[Line], Iterator[Line]]) -> Trace:
    """Put the first of the options that still fails in the place of each line."""
    lines = list(trace.lines)
    for i in range(len(lines)):
        for line in options(lines[i]):
            if fails(Trace.of(trace.header, [*lines[:i], line, *lines[i + 1 :]])):
                lines[i] = line
                break
    return Trace.of(trace.header, lines)


PLAIN = ("keep", "reverse", "sticky", "horizon", "overwrite", "gaps", "align", "offset", "fit")


def without(line: Line) -> Iterator[Line]:
    """Leave out what a line can do without (an invalid line would answer BadLine, rightly)."""
    lists = [(name,) for name in PLAIN] + [("start", "stop")] * (line["op"] == "cursor")
    for names in lists:
        if any(name in line for name in names):
            yield {field: value for field, value in line.items() if field not in names}


def simpler(line: Line) -> Iterator[Line]:
    """Try smaller keys, the value "a", a single step instead of all."""
    if line["op"] == "drain":
        yield line | {"op": "next"}
    if (
        line["op"] in ("add", "fill", "insert", "update")
        and {"start", "stop", "value"} <= line.keys()
    ):
        yield {"op": "set"} | {name: line[name] for name in ("start", "stop", "value")}
    names_one = {"to"} if line["op"] == "fork" else set[str]()  # of a cursor
    numbers = {name: int(line[name]) for name in KEY_FIELDS if name in line.keys() - names_one}
    for by in (min(numbers.values(), default=0), 8, 4, 2, 1):
        for names in (list(numbers), *([name] for name in numbers)):
            # Nearer to zero, not beyond it.
            moved = {
                name: max(0, key - by) if (key := numbers[name]) > 0 else min(0, key + abs(by))
                for name in names
            }
            if any(numbers[name] != key for name, key in moved.items()):
                yield line | {name: str(key) for name, key in moved.items()}
    for name in ("value", "c"):
        if line.get(name, "a") not in ("a", "A"):
            yield line | {name: "a" if name == "value" else "A"}


def replay_of(trace: Trace, target: Target) -> str:
    """Return a shell script that sends the trace to the implementation; it needs no Python.

    An implementation in this process is served as a program.
    """
    lines: list[Line] = [{"op": "start", "trace": 1}, trace.header, *trace.lines, {"op": "stop"}]
    if dialect_of(target.capabilities).closed:
        lines = [with_last(line) for line in lines]
    told = [f"# {trace.id}: what is wanted, line by line"]
    for line, want in zip(trace.lines, trace.wants, strict=True):
        got = f"   got {text_of(line['got'])}" if "got" in line else ""
        told.append(f"#   {text_of(bare(line))}  {text_of(want or {})}{got}")
    sent = "".join(wire_of(line).decode() for line in lines)
    return "\n".join(["#!/bin/sh", *told, f"{shlex.join(target.command)} <<'END'\n{sent}END\n"])
