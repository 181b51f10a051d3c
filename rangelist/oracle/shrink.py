"""Make a failing trace small: leave lines out, then make keys and values plain.

Every sub-sequence of a trace is a trace, so no knowledge of the operations is needed.  What counts
as failing is a function the caller gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rangelist.oracle.spec import Line
from rangelist.oracle.trace import DEFAULT_HEADER, Trace, bare

__all__ = ["shrink"]

Fails = Callable[[Trace], bool]

KEYS = ("start", "stop", "at", "key", "left", "right", "to", "by")


def shrink(trace: Trace, fails: Fails, limit: int = 5000) -> Trace:
    """Return a smaller trace that still fails; after `limit` tries, the best so far.

    `want` is dropped: what is right after a line is left out, the oracle knows.
    """
    tries = 0

    def still(smaller: Trace) -> bool:
        nonlocal tries
        tries += 1
        return tries <= limit and fails(smaller)

    best = Trace(trace.header, [bare(line) for line in trace.lines])
    while tries <= limit:
        before = best
        for step in (shorter, fewer_fields, plainer):
            best = step(best, still)
        if best == before:
            break
    plain = Trace(DEFAULT_HEADER, best.lines)
    return plain if best.header != DEFAULT_HEADER and fails(plain) else best


def shorter(trace: Trace, fails: Fails) -> Trace:
    """Leave out runs of lines, long runs first, the end of the trace first."""
    lines = trace.lines
    size = len(lines)
    while size:
        at = len(lines) - size
        while at >= 0:
            fewer = lines[:at] + lines[at + size :]
            if fails(Trace(trace.header, fewer)):
                lines = fewer
            at -= size
        size //= 2
    return Trace(trace.header, lines)


def fewer_fields(trace: Trace, fails: Fails) -> Trace:
    """Leave out what a line can do without (an invalid line would answer BadLine, rightly)."""
    return rewritten(trace, fails, without)


def plainer(trace: Trace, fails: Fails) -> Trace:
    """Try smaller keys, the value "a", a single step instead of all."""
    return rewritten(trace, fails, simpler)


def rewritten(trace: Trace, fails: Fails, options: Callable[[Line], Iterator[Line]]) -> Trace:
    lines = list(trace.lines)
    for i in range(len(lines)):
        for line in options(lines[i]):
            if fails(Trace(trace.header, [*lines[:i], line, *lines[i + 1 :]])):
                lines[i] = line
                break
    return Trace(trace.header, lines)


def without(line: Line) -> Iterator[Line]:
    for name in (
        "keep",
        "reverse",
        "sticky",
        "horizon",
        "overwrite",
        "gaps",
        "align",
        "offset",
        "fit",
    ):
        if name in line:
            yield {field: value for field, value in line.items() if field != name}
    if line["op"] == "cursor" and ("start" in line or "stop" in line):
        yield {field: value for field, value in line.items() if field not in ("start", "stop")}


def simpler(line: Line) -> Iterator[Line]:
    if line["op"] == "drain":
        yield line | {"op": "next"}
    if (
        line["op"] in ("add", "fill", "insert", "update")
        and {"start", "stop", "value"} <= line.keys()
    ):
        yield {"op": "set"} | {name: line[name] for name in ("start", "stop", "value")}
    numbers = {name: int(line[name]) for name in KEYS if name in line}
    for by in (min(numbers.values(), default=0), 8, 4, 2, 1):
        for names in (list(numbers), *([name] for name in numbers)):
            moved = {name: str(closer(numbers[name], by)) for name in names}
            if any(line[name] != key for name, key in moved.items()):
                yield line | moved
    for name in ("value", "c"):
        if line.get(name, "a") not in ("a", "A"):
            yield line | {name: "a" if name == "value" else "A"}


def closer(number: int, by: int) -> int:
    """Bring a number nearer to zero, not beyond it."""
    return max(0, number - by) if number > 0 else min(0, number + abs(by))
