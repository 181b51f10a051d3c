"""What an implementation is asked: what it claims of a trace, said as it says things.

A trace that may be left out of in part (`Trace.partial`) is run without what is not claimed: reads
and cursors in any case, because leaving them out does not change what is right for the other lines;
writes if no `want` depends on them.  Every other trace is run whole or skipped.  Nothing is left
out in silence: the operations of the lines that were are counted and shown.

The words of `DIALECTS` change what is said:

    sticky without resumable   all cursors are iterators
    values=one                 every value is "a": a set of points
    bag=set                    an interval that is there already is not added again
    order=stop, order=any      a bag is read by start, then stop; or in any order
    key=int32 …                no key beyond the ends of that type, neither asked nor made
    void                       a write may answer null; a dump behind it shows what it did
    ends=closed                "stop" is the last key of a span, in lines and in replies

Where that changes what is right, the oracle is asked anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

from rangelist.oracle.session import DONE, KEY_FIELDS, Memo, Session, text_of
from rangelist.oracle.spec import (
    HOOKS,
    KEY_TYPES,
    OPS,
    QUESTIONS,
    SHOWN_BY,
    WALKS,
    WRITES,
    Line,
    Words,
    hook_words,
    needs,
    one_way,
)
from rangelist.oracle.target import Target, Trouble
from rangelist.oracle.trace import Trace, complete
from rangelist.oracle.tuples import Tuples

__all__ = ["Dialect", "Fit", "dialect_of", "with_last"]


class Fit(NamedTuple):
    """A trace as an implementation can run it, what that shows, and what was left out."""

    trace: Trace
    shows: frozenset[frozenset[str]]  # the needs of its lines
    dropped: tuple[str, ...]  # operations


class Dialect:
    """How an implementation with these capabilities is spoken to."""

    def __init__(self, claims: frozenset[str]) -> None:
        self.claims = claims
        self.iterators = "sticky" in claims and "resumable" not in claims
        self.one_value = "values=one" in claims
        self.any_order = "order=any" in claims
        self.void = "void" in claims
        self.closed = "ends=closed" in claims
        # What a header says of the bag.
        said = {"bag": "set", "order": "stop"}
        self.bag = {name: word for name, word in said.items() if f"{name}={word}" in claims}
        ends = [ends for name, ends in KEY_TYPES.items() if f"key={name}" in claims]
        self.ends = ends[0] if ends else None
        self.as_it_stands: dict[Words, Memo[frozenset[str] | None]] = {}

    def fit(self, trace: Trace, oracle: Session) -> Fit | str:
        """Return the trace as it is to be sent, with what is right, or why it is not."""
        picked = self.picked(trace)
        if isinstance(picked, str):
            return picked
        trace, shows, dropped = picked
        ops = ops_in(shows)
        if ops <= WRITES and not any(trace.wants):  # a random trace may hold no question
            asked = {SHOWN_BY[op] for op in ops} & self.claims
            trace = Trace.of(trace.header, [*trace.lines, *map(READS.__getitem__, sorted(asked))])
            ops |= asked
        trace, left = self.retold(trace, ops, oracle)
        dropped += left
        if self.void:
            trace = with_dumps(trace, oracle)
        if why := vacuous(trace, ops, dropped):
            return why
        return Fit(trace, shows, dropped)

    # ---- only what is claimed

    def picked(self, trace: Trace) -> Fit | str:
        """Return the lines that are claimed, as they are said, or why the trace cannot be run."""
        words = hook_words(trace.header)
        if words not in self.as_it_stands:
            self.as_it_stands[words] = Memo(lambda line: self.needed(line, words))
        needed = set(self.as_it_stands[words].of(trace.lines))
        if None not in needed:
            return Fit(trace, cast("frozenset[frozenset[str]]", frozenset(needed)), ())
        return self.picked_by_line(trace, words)

    def needed(self, line: Line, words: Words) -> frozenset[str] | None:
        """Return the needs of a line, if it can be said as it stands."""
        asked = needs(line, words)
        return asked if self.said(line) is line and not self.hindrance(line, asked) else None

    def picked_by_line(self, trace: Trace, words: Words) -> Fit | str:
        lines: list[Line] = []
        wants: list[Line | None] = []
        shows, dropped, lost, changed = set[frozenset[str]](), list[str](), set[str](), False
        for line, want in zip(trace.lines, trace.wants, strict=True):
            told = self.said(line)
            asked = needs(told, words)
            why = self.hindrance(line, asked)
            if line["op"] == "cursor":
                (lost.add if why else lost.discard)(line["c"])
            if not why and line.get("c") not in lost:
                lines.append(told)
                wants.append(want)
                shows.add(asked)
                changed |= told is not line
                continue
            if why and not trace.partial and "skip" not in line:
                return why
            if why and line["op"] in WRITES and want is not None:
                return why  # what is right for the lines behind it was said with it in mind
            dropped.append(line["op"])
            if line["op"] == "fork":
                lost.add(line["to"])
        if changed:
            wants = [None] * len(lines)  # they were right for other words
        return Fit(Trace(trace.header, lines, wants), frozenset(shows), tuple(dropped))

    def hindrance(self, line: Line, asked: frozenset[str]) -> str:
        """Say why a line is not run, "" if it is."""
        lacking = "" if asked <= self.claims else self.lacking(asked)
        return str(line.get("skip") or lacking or ("" if self.ends is None else self.beyond(line)))

    def lacking(self, asked: frozenset[str]) -> str:
        """Say what is asked for and not claimed."""
        missing = sorted(asked - self.claims)
        hooks = {word.partition("=")[0] for word in missing}
        said = {word.partition("=")[0] for word in self.claims}
        none = " and no ".join(f"{hook}=…" for hook in sorted(hooks - said))
        hint = f" (you claim no {none})" if none and hooks <= HOOKS.keys() else ""
        return f"needs {', '.join(missing)}{hint}"

    def beyond(self, line: Line) -> str:
        """Say which key of a line is none of the type."""
        assert self.ends is not None
        sent = with_last(line) if self.closed else line
        other = {"shift": "by", "fork": "to"}.get(line["op"])  # a difference, a name
        for name in KEY_FIELDS:
            key = int(sent[name]) if name in sent and name != other else self.ends[0]
            if not self.ends[0] <= key <= self.ends[1]:
                return f"{name} {key} is beyond the keys that are claimed"
        return ""

    # ---- said otherwise

    def retold(
        self, trace: Trace, ops: frozenset[str], oracle: Session
    ) -> tuple[Trace, tuple[str, ...]]:
        """Return the trace with what is right for this implementation, and what was left out."""
        header, lines, wants = trace
        if not self.bag.items() <= header.items():
            header, _, wants = Trace.of(header | self.bag, lines)
        if self.ends is not None and not ops.isdisjoint(("move", "shift")):
            low, high = self.ends[0], self.ends[1] + self.closed
            lines = list(within(header, lines, low, high, oracle))
        left = tuple(line["op"] for line in trace.lines[len(lines) :])
        return complete(Trace(header, lines, wants[: len(lines)]), oracle), left

    def said(self, line: Line) -> Line:
        if self.one_value and line.get("value", "a") != "a":
            line = line | {"value": "a"}
        if self.iterators and line["op"] == "cursor" and not one_way(line):
            line = line | {"sticky": True}
        return line

    # ---- asked and heard

    def ask(self, target: Target, lines: Sequence[Line]) -> tuple[list[Line], Trouble | None]:
        """Send lines in the words of the target; return its replies in ours."""
        if not self.closed:
            return target.ask(lines)
        replies, trouble = target.ask([with_last(line) for line in lines])
        return [with_stop(*both) for both in zip(lines, replies, strict=False)], trouble

    def right(self, line: Line, want: Line, reply: Line) -> bool:
        """Tell whether a reply is the one that is wanted, or as good."""
        if text_of(want) == text_of(reply):  # as JSON, in which true is not 1
            return True
        op = line.get("op")
        if self.void and op in WRITES and reply == DONE:
            return "ok" in want
        got: object = reply.get("ok")
        if self.any_order and op in ("bag.at", "bag.overlapping") and isinstance(got, list):
            return "ok" in want and sorted(want["ok"]) == sorted(
                cast("list[object]", got), key=repr
            )
        return False


@lru_cache(maxsize=64)
def dialect_of(claims: frozenset[str]) -> Dialect:
    """Return the dialect of an implementation."""
    return Dialect(claims)


@lru_cache(maxsize=10_000)
def ops_in(shows: frozenset[frozenset[str]]) -> frozenset[str]:
    """Return the operations among the needs of some lines."""
    return frozenset(OPS.keys() & frozenset[str]().union(*shows))


def vacuous(trace: Trace, ops: frozenset[str], dropped: tuple[str, ...]) -> str:
    """Say why a trace would show nothing; a write and a question about it are the least."""
    asked = ops & QUESTIONS
    if asked <= WALKS:  # a step of a cursor that is not there tells nothing
        both = zip(trace.lines, trace.wants, strict=True)
        asked &= {line["op"] for line, want in both if want not in NO_WALK}
    if is_about_a_write(asked, ops & WRITES):
        return ""
    missing = "question" if ops & WRITES else "write"
    left_out = f", without {', '.join(sorted(set(dropped)))}" if dropped else ""
    return f"there is no {missing} in it{left_out}"


@lru_cache(maxsize=10_000)
def is_about_a_write(asked: frozenset[str], writes: frozenset[str]) -> bool:
    """Tell whether a list, or a bag, is written as well as asked."""
    return not {op[:4] == "bag." for op in asked}.isdisjoint({op[:4] == "bag." for op in writes})


def within(header: Line, lines: list[Line], low: int, high: int, oracle: Session) -> Iterator[Line]:
    """Yield the lines up to the one that would carry the list beyond the ends of the keys."""
    oracle.reply(header)
    for line in lines:
        oracle.reply(line)
        rows = cast("Tuples", oracle.model).dump()
        if rows and not (low <= rows[0].start and rows[-1].stop <= high):
            return
        yield line


def with_dumps(trace: Trace, oracle: Session) -> Trace:
    """Return the trace with a dump behind each write that has none."""
    lines: list[Line] = []
    for line, behind in zip(trace.lines, [*trace.lines[1:], {}], strict=False):
        lines.append(line)
        if SHOWN_BY.get(line["op"]) == "dump" and behind != READS["dump"]:
            lines.append(READS["dump"])
    if len(lines) == len(trace.lines):
        return trace
    return complete(Trace.of(trace.header, lines), oracle)


NO_WALK: tuple[Line, ...] = ({"err": "NoCursor"}, {"err": "OneWay"})
READS: dict[str, Line] = {op: {"op": op} for op in set(SHOWN_BY.values())}


# ---- closed ends ---------------------------------------------------------------------------------


def with_last(line: Line) -> Line:
    """Return a line with the last key of a span in the place of its stop."""
    # The window of `coalesce` is closed as it is: a border is one key.
    if "stop" not in line or line.get("op") == "coalesce":
        return line
    return line | {"stop": str(int(line["stop"]) - 1)}


def with_stop(line: Line, reply: Line) -> Line:
    """Return a reply with the stop of each span in the place of its last key."""
    return reply | {"ok": stops(line.get("op", ""), reply["ok"])} if "ok" in reply else reply


def stops(op: str, answer: Any) -> Any:
    if type(answer) is not list:
        return answer
    items = cast("Sequence[Any]", answer)
    if op == "current":
        return [*stops("", items[:1]), *items[1:]]
    if len(items) > 1 and isinstance(items[1], str) and KEY.match(items[1]):
        return [items[0], str(int(items[1]) + 1), *items[2:]]
    return [stops("", item) for item in items]


KEY = re.compile(r"-?[0-9]{1,999}$")
