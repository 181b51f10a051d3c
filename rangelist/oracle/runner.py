"""Run traces against a target and judge each one.

    pass       every reply was right
    fail       a reply was wrong
    crash, timeout, garbage    the target did not reply
    skip       the trace needs what the target does not claim, or the target said skip

A trace whose header says `partial` may be run without what the target does not claim: reads and
cursors in any case, because leaving them out does not change what is right for the other lines;
writes if no `want` depends on them.  Every other trace is run whole or skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from rangelist.oracle.generate import text_of
from rangelist.oracle.models import tuples_session
from rangelist.oracle.session import Session
from rangelist.oracle.spec import OPS, Line, needs, one_way
from rangelist.oracle.target import Target
from rangelist.oracle.trace import Trace, bare, complete

__all__ = ["Fit", "Verdict", "fitted", "judge", "run"]

BAD = ("fail", "crash", "timeout", "garbage")


@dataclass
class Verdict:
    """What came of one trace."""

    trace: Trace
    kind: str
    reason: str = ""
    at: int | None = None  # index of the line that went wrong
    got: Line | None = None
    proved: frozenset[str] = field(default_factory=frozenset)  # capabilities it has shown

    @property
    def bad(self) -> bool:
        return self.kind in BAD

    def sentence(self) -> str:
        """Return one line for a report."""
        where = (
            ""
            if self.at is None
            else f" at line {self.at + 1}, {text_of(bare(self.trace.lines[self.at]))}"
        )
        return (
            f"{self.kind} {self.trace.id}{where}: {self.reason}"
            if self.reason
            else f"{self.kind} {self.trace.id}"
        )


class Fit(NamedTuple):
    """A trace as a target can run it, and what it shows if it passes."""

    trace: Trace
    shows: frozenset[str]


def fitted(trace: Trace, capabilities: frozenset[str]) -> Fit | str:
    """Return the trace as a target with these capabilities can run it, or why it cannot."""
    if "resumable" not in capabilities and "sticky" in capabilities:
        trace = with_iterators(trace)
    shows = set(needs(trace.header))
    if lacking := shows - capabilities:
        return f"needs {', '.join(sorted(lacking))}"
    lines: list[Line] = []
    lost: set[str] = set()
    partial = bool(trace.header.get("partial"))
    for line in trace.lines:
        asked = needs(line)
        if asked <= capabilities and "skip" not in line:
            # Without its cursor a step has nothing to say.
            if line.get("c") not in lost:
                lines.append(line)
                shows |= asked
        elif not partial and "skip" not in line:
            return f"needs {', '.join(sorted(asked - capabilities))}"
        elif OPS[line["op"]].writes and "want" in line:
            # What is right for the lines behind it was said with it in mind.
            return line.get("skip") or f"needs {', '.join(sorted(asked - capabilities))}"
        elif line["op"] == "cursor":
            lost.add(line["c"])
    if not lines:
        return "nothing of it is claimed"
    return Fit(Trace(trace.header, lines), frozenset(shows))


def with_iterators(trace: Trace) -> Trace:
    """Return the trace with iterators in place of cursors; what is right then, the oracle knows."""
    lines = [bare(line) for line in trace.lines]
    both = [
        (line, not one_way(line)) if line["op"] == "cursor" else (line, False) for line in lines
    ]
    return Trace(trace.header, [line | {"sticky": True} if turn else line for line, turn in both])


def judge(trace: Trace, target: Target, oracle: Session | None = None) -> Verdict:
    """Run one trace; what is right is its `want`, or else what the oracle says."""
    fit = fitted(trace, target.capabilities)
    if isinstance(fit, str):
        return Verdict(trace, "skip", fit)
    trace = fit.trace
    if any("want" not in line for line in trace.lines):
        known = complete(trace, oracle or tuples_session())
        wanted = [want | line for want, line in zip(known.lines, trace.lines, strict=True)]
        trace = Trace(trace.header, wanted)
    replies, trouble = target.ask([trace.header, *trace.lines])
    for at, (line, reply) in enumerate(
        zip([trace.header, *trace.lines], replies, strict=False), -1
    ):
        want = line.get("want", FINE)
        if reply != want:
            if "skip" in reply:
                return Verdict(trace, "skip", f"it said {reply['skip']}", max(at, 0))
            why = f"want {text_of(want)}, got {text_of(reply)}"
            return Verdict(trace, "fail", why, max(at, 0), reply)
    if trouble is not None:
        return Verdict(
            trace, trouble.kind, trouble.text, min(max(0, len(replies) - 1), len(trace.lines) - 1)
        )
    # A run keeps all its verdicts; the lines of what passed are of no use any more.
    return Verdict(Trace(trace.header, []), "pass", proved=fit.shows)


FINE: Line = {"ok": None}


def run(traces: Iterable[Trace], target: Target) -> Iterator[Verdict]:
    """Judge one trace after the other."""
    oracle = tuples_session()
    for trace in traces:
        yield judge(trace, target, oracle)
