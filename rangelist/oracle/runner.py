"""Run traces against a target and judge each one.

pass       every reply was right, and at least one write and one question were answered
fail       a reply was wrong
crash, timeout, garbage    the target did not reply
skip       the trace needs what the target does not claim, or the target said skip
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import is_
from typing import Any, cast

from rangelist.oracle.dialect import Dialect, Fit, dialect_of
from rangelist.oracle.session import DONE, Session, text_of, tuples_session
from rangelist.oracle.spec import WRITES, Line
from rangelist.oracle.target import Target, Trouble
from rangelist.oracle.trace import Trace, bare

__all__ = ["BAD", "Verdict", "judge", "run"]

TROUBLE = ("crash", "timeout", "garbage")
BAD = ("fail", *TROUBLE)
NONE: frozenset[frozenset[str]] = frozenset()


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
    return together([trace], target, oracle or tuples_session())[0]


def run(traces: Iterable[Trace], target: Target) -> Iterator[Verdict]:
    """Judge one trace after the other."""
    oracle = tuples_session()
    rest = iter(traces)
    while some := list(islice(rest, target.ahead)):
        verdicts = together(some, target, oracle)
        at = next((i for i, verdict in enumerate(verdicts) if verdict.bad), None)
        if at is None or len(some) == 1:
            yield from verdicts
        else:  # what comes too much behind a trace is seen at the next one
            again = max(0, at - 1)
            yield from verdicts[:again]
            yield from alone(some[again:], verdicts[at], target, oracle)


def alone(
    traces: Sequence[Trace], held: Verdict, target: Target, oracle: Session
) -> Iterator[Verdict]:
    """Ask one trace at a time, because of several at once the first one that went wrong is unsure.

    What came of them together is told as well if alone none of them goes wrong.
    """
    target.one_by_one()
    good = True
    for trace in traces:
        verdict = judge(trace, target, oracle)
        good = good and not verdict.bad
        yield verdict
    if good:
        held.reason += " (sent behind other traces; sent once more, it passed)"
        yield held


def together(traces: Sequence[Trace], target: Target, oracle: Session) -> list[Verdict]:
    """Send traces at once, and judge each."""
    dialect = dialect_of(target.capabilities)
    fits = [dialect.fit(trace, oracle) for trace in traces]
    lines = [[fit.trace.header, *fit.trace.lines] for fit in fits if isinstance(fit, Fit)]
    replies, trouble = dialect.ask(target, list(chain.from_iterable(lines)))
    verdicts: list[Verdict] = []
    sent = 0
    for trace, fit in zip(traces, fits, strict=True):
        if isinstance(fit, str):
            verdicts.append(Verdict(trace, "skip", fit))
            continue
        mine = replies[sent : sent + len(fit.trace.lines) + 1]
        sent += len(fit.trace.lines) + 1
        # Trouble is that of the trace that is not answered to its end, or of the last one.
        verdicts.append(verdict_of(fit, mine, trouble if sent >= len(replies) else None, dialect))
    return verdicts


def verdict_of(
    fit: Fit, replies: Sequence[Line], trouble: Trouble | None, dialect: Dialect
) -> Verdict:
    """Compare what was replied with what is right."""
    trace = fit.trace
    if trouble is None and all(map(is_, replies, chain((DONE,), trace.wants))):
        return Verdict(trace, "pass", proved=fit.shows, dropped=fit.dropped)
    both = zip([trace.header, *trace.lines], [DONE, *trace.wants], replies, strict=False)
    for at, (line, want, reply) in enumerate(both, -1):
        if want is not None and dialect.right(line, want, reply):
            continue
        where = None if at < 0 else at
        if "skip" in reply:
            return Verdict(trace, "skip", f"it said {reply['skip']}", where)
        header = "at the header: " if at < 0 else ""
        return Verdict(trace, "fail", header + difference(want or DONE, reply), where, reply)
    if trouble is None:
        return Verdict(trace, "pass", proved=fit.shows, dropped=fit.dropped)
    if not replies:
        return Verdict(trace, trouble.kind, f"at the header: {trouble.text}")
    return Verdict(trace, trouble.kind, trouble.text, min(len(replies), len(trace.lines)) - 1)


def difference(want: Line, got: Line) -> str:
    hint = " (keys are strings)" if got != as_strings(got) == want else ""
    return f"want {text_of(want)}, got {text_of(got)}{hint}"


def as_strings(reply: Any) -> Any:
    """Return a reply with strings where it has numbers inside of lists."""
    if type(reply) is dict:
        return {name: as_strings(item) for name, item in cast("Line", reply).items()}
    if type(reply) is list:
        items = cast("list[object]", reply)
        return [str(item) if type(item) is int else as_strings(item) for item in items]
    return reply
