"""What an implementation is asked: what it claims of a trace, said as it says things.

A trace that may be left out of in part (`Trace.partial`) is run without what is not claimed: reads
and cursors in any case, because leaving them out does not change what is right for the other lines;
writes if no `want` depends on them.  Every other trace is run whole or skipped.  Nothing is left
out in silence: the operations of the lines that were are counted and shown.

The words of `DIALECTS` change what is said:

    sticky without resumable   all cursors are iterators
    values=one                 every value is "a": a set of points
    bag=set                    an interval that is there already is not added again
    key=int32 …                no key beyond the ends of that type, neither asked nor made
    void                       a write may answer null; a dump behind it shows what it did
    ends=closed                "stop" is the last key of a span, in lines and in replies

The first four change what is right; then the oracle is asked anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

from rangelist.oracle.session import KEY_FIELDS, Memo, Session
from rangelist.oracle.spec import HOOKS, KEY_TYPES, WRITES, Line, Words, hook_words, needs, one_way
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
        self.retells = self.iterators or self.one_value
        self.bag_is_set = "bag=set" in claims
        self.void = "void" in claims
        self.closed = "ends=closed" in claims
        ends = [ends for name, ends in KEY_TYPES.items() if f"key={name}" in claims]
        self.ends = ends[0] if ends else None

    def fit(self, trace: Trace, oracle: Session) -> Fit | str:
        """Return the trace as it is to be sent, with what is right, or why it is not."""
        picked = self.picked(trace)
        if isinstance(picked, str):
            return picked
        trace, shows, dropped = picked
        only_writes = {line["op"] for line in trace.lines} <= WRITES
        if only_writes and not any(trace.wants) and "dump" in self.claims:
            # A random trace may hold no question.
            trace = Trace.of(trace.header, [*trace.lines, DUMP])
        trace, left = self.retold(trace, oracle)
        dropped += left
        if self.void:
            trace = with_dumps(trace, oracle)
        if why := vacuous(trace, dropped):
            return why
        return Fit(trace, shows, dropped)

    # ---- only what is claimed

    def picked(self, trace: Trace) -> Fit | str:
        """Return the lines that are claimed, as they are said, or why the trace cannot be run."""
        needed = needed_below(hook_words(trace.header))
        lines: list[Line] = []
        wants: list[Line | None] = []
        shows, dropped, lost, changed = set[frozenset[str]](), list[str](), set[str](), False
        for line, want in zip(trace.lines, trace.wants, strict=True):
            told = self.said(line) if self.retells else line
            asked = needed(told)
            why = "" if asked <= self.claims else self.lacking(asked)
            why = line.get("skip") or why or ("" if self.ends is None else self.beyond(line))
            if line["op"] == "cursor":
                (lost.add if why else lost.discard)(line["c"])
            if not why and line.get("c") not in lost:
                lines.append(told)
                wants.append(want)
                shows.add(asked)
                changed |= told is not line
                continue
            if why and not trace.partial and "skip" not in line:
                return str(why)
            if why and line["op"] in WRITES and want is not None:
                return str(why)  # what is right for the lines behind it was said with it in mind
            dropped.append(line["op"])
            if line["op"] == "fork":
                lost.add(line["to"])
        if changed:
            wants = [None] * len(lines)  # they were right for other words
        return Fit(Trace(trace.header, lines, wants), frozenset(shows), tuple(dropped))

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
        other = {"shift": "by", "fork": "to"}.get(line["op"])  # a difference, a name
        for name in KEY_FIELDS:
            if (
                name in line
                and name != other
                and not self.ends[0] <= int(line[name]) <= self.ends[1]
            ):
                return f"{name} {line[name]} is beyond the keys that are claimed"
        return ""

    # ---- said otherwise

    def retold(self, trace: Trace, oracle: Session) -> tuple[Trace, tuple[str, ...]]:
        """Return the trace with what is right for this implementation, and what was left out."""
        header, lines, wants = trace
        if self.bag_is_set and header.get("bag") != "set":
            header, _, wants = Trace.of(header | {"bag": "set"}, lines)
        if self.ends is not None:
            lines = list(within(header, lines, self.ends, oracle))
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

    def right(self, line: Line, want: Line | None, reply: Line) -> bool:
        """Tell whether a reply is right although it is not the one that was wanted."""
        write = line.get("op") in WRITES
        return self.void and write and reply == {"ok": None} and want is not None and "ok" in want


@lru_cache(maxsize=64)
def needed_below(words: Words) -> Memo[frozenset[str]]:
    """Return what tells the needs of a line below a header with these hooks."""
    return Memo(lambda line: needs(line, words))


@lru_cache(maxsize=64)
def dialect_of(claims: frozenset[str]) -> Dialect:
    """Return the dialect of an implementation."""
    return Dialect(claims)


def vacuous(trace: Trace, dropped: tuple[str, ...]) -> str:
    """Say why nothing would be shown by a trace; one write and one question are the least."""
    ops = {line["op"] for line in trace.lines}
    missing = "write" if not ops & WRITES else "question" if ops <= WRITES else ""
    if not missing:
        return ""
    left_out = f", without {', '.join(sorted(set(dropped)))}" if dropped else ""
    return f"there is no {missing} in it{left_out}"


def within(
    header: Line, lines: list[Line], ends: tuple[int, int], oracle: Session
) -> Iterator[Line]:
    """Yield the lines up to the one that would carry the list beyond the ends of the keys."""
    oracle.reply(header)
    for line in lines:
        oracle.reply(line)
        rows = cast("Tuples", oracle.model).dump()
        if rows and not (ends[0] <= rows[0].start and rows[-1].stop <= ends[1]):
            return
        yield line


def with_dumps(trace: Trace, oracle: Session) -> Trace:
    """Return the trace with a dump behind each write that has none."""
    lines: list[Line] = []
    for line, behind in zip(trace.lines, [*trace.lines[1:], None], strict=True):
        lines.append(line)
        of_list = line["op"] in WRITES and not line["op"].startswith("bag.")
        if of_list and behind != DUMP:
            lines.append(DUMP)
    if len(lines) == len(trace.lines):
        return trace
    return complete(Trace.of(trace.header, lines), oracle)


DUMP: Line = {"op": "dump"}


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
        return [stops("", items[0]), *items[1:]]
    if len(items) > 1 and isinstance(items[1], str) and KEY.match(items[1]):
        return [items[0], str(int(items[1]) + 1), *items[2:]]
    return [stops("", item) for item in items]


KEY = re.compile(r"-?[0-9]+$")
