"""Run traces against a target and judge each one.

pass       every reply was right, and at least one write and one question were answered
fail       a reply was wrong
crash, timeout, garbage    the target did not reply
skip       the trace needs what the target does not claim, or the target said skip
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from rangelist.oracle.dialect import dialect_of
from rangelist.oracle.session import Session, text_of, tuples_session
from rangelist.oracle.spec import WRITES, Line
from rangelist.oracle.target import Target
from rangelist.oracle.trace import Trace, bare

__all__ = ["BAD", "Verdict", "judge", "run"]

TROUBLE = ("crash", "timeout", "garbage")
BAD = ("fail", *TROUBLE)
NONE: frozenset[frozenset[str]] = frozenset()
FINE: Line = {"ok": None}


@dataclass(slots=True)
class Verdict:
    """What came of one trace."""

    trace: Trace  # as it was sent, in the words of the target
    kind: str
    reason: str = ""
    at: int | None = None  # index of the line that went wrong
    got: Line | None = None
    proved: frozenset[frozenset[str]] = NONE  # the needs of its lines, if it passed
    dropped: tuple[str, ...] = ()  # operations that were left out

    @property
    def bad(self) -> bool:
        return self.kind in BAD

    @property
    def op(self) -> str:
        """The operation that went wrong."""
        return "" if self.at is None else str(self.trace.lines[self.at]["op"])

    @property
    def group(self) -> tuple[str, str, str]:
        """What failures of one cause have in common: the kind, the last write, what showed it."""
        done = [] if self.at is None else self.trace.lines[: self.at + 1]
        writes = [line["op"] for line in done if line["op"] in WRITES]
        return self.kind, writes[-1] if writes else "", self.op

    @property
    def size(self) -> int:
        """How many lines it took."""
        return len(self.trace.lines) if self.at is None else self.at

    def sentence(self) -> str:
        """Return one line for a report."""
        where = (
            ""
            if self.at is None
            else f" at line {self.at + 1}, {text_of(bare(self.trace.lines[self.at]))}"
        )
        return f"{self.kind} {self.trace.id}{where}" + (f": {self.reason}" if self.reason else "")


def judge(trace: Trace, target: Target, oracle: Session | None = None) -> Verdict:
    """Run one trace; what is right is its `want`, or else what the oracle says."""
    dialect = dialect_of(target.capabilities)
    fit = dialect.fit(trace, oracle or tuples_session())
    if isinstance(fit, str):
        return Verdict(trace, "skip", fit)
    trace = fit.trace
    lines, wants = [trace.header, *trace.lines], [FINE, *trace.wants]
    replies, trouble = dialect.ask(target, lines)
    if trouble is None and replies == wants:
        # A run shows its verdicts one by one; the lines of what passed are of no use any more.
        passed = Trace(trace.header, [], [])
        return Verdict(passed, "pass", proved=fit.shows, dropped=fit.dropped)
    for at, (line, want, reply) in enumerate(zip(lines, wants, replies, strict=False), -1):
        if reply == want or dialect.right(line, want, reply):
            continue
        if "skip" in reply:
            return Verdict(trace, "skip", f"it said {reply['skip']}")
        why = difference(want or FINE, reply)
        if at < 0:
            return Verdict(trace, "fail", f"at the header: {why}", got=reply)
        return Verdict(trace, "fail", why, at, reply)
    if trouble is not None:
        if not replies:
            return Verdict(trace, trouble.kind, f"at the header: {trouble.text}")
        at = min(len(replies), len(trace.lines)) - 1
        return Verdict(trace, trouble.kind, trouble.text, at)
    return Verdict(trace, "pass", proved=fit.shows, dropped=fit.dropped)


def difference(want: Line, got: Line) -> str:
    hint = " (keys are strings)" if as_strings(got) == want else ""
    return f"want {text_of(want)}, got {text_of(got)}{hint}"


def as_strings(reply: Any) -> Any:
    """Return a reply with strings where it has numbers inside of lists."""
    if type(reply) is dict:
        return {name: as_strings(item) for name, item in cast("Line", reply).items()}
    if type(reply) is list:
        items = cast("list[object]", reply)
        return [str(item) if type(item) is int else as_strings(item) for item in items]
    return reply


def run(traces: Iterable[Trace], target: Target) -> Iterator[Verdict]:
    """Judge one trace after the other."""
    oracle = tuples_session()
    for trace in traces:
        yield judge(trace, target, oracle)
