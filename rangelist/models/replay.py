"""Carrying out one case of a vector file: what all systems have in common.

    case      {"name": ..., "ops": [{"kind": "store", "start": 0, ...}, ...], "expect": [...]}
    expect    {"after": 3, "is": "EEXIST"}     the answer of ops[3], or what it left behind
              {"final": [...]}                 what is there at the end

A subclass has a method `op_KIND` for each kind of operation, with the operation's fields as keyword
arguments, and a method `see_WORD` for each word of an expectation.  Whatever it does not know, or
cannot do, becomes a line and never a traceback, so that files with new kinds can be run.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeGuard

from rangelist.models.refused import RefusedError

__all__ = ["DIFFERS", "Replay", "covers"]

# A line that begins like this tells of a difference that docs/systems.md explains.
DIFFERS = "expected to differ: "

# What an expectation may say beside what it expects.
REMARKS = frozenset({"after", "rule", "note", "why"})


class Replay:
    """Replay one case on a model; `run` returns what is not as expected, a line each."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.case = case
        self.answer: Any = None  # of the operation carried out last
        self.refused = False
        self.done = -1  # its number

    def run(self) -> list[str]:
        """Carry out all operations, look at each expectation in its place; return the lines."""
        try:
            waiting = self._by_place(self.case["expect"])
            lines: list[str] = []
            for number, op in enumerate(self.case["ops"]):
                self.done = number
                failure = self._carry_out(op)
                if failure:
                    return [*lines, self._line(failure)]
                lines += self._compare(waiting.pop(number, []))
                if lines and lines[-1].startswith(DIFFERS):
                    return lines  # from here on model and record go different ways
            return lines + self._compare([e for rest in waiting.values() for e in rest])
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            return [self._line(f"this is no case that can be run: {error!r}")]

    def _by_place(self, expectations: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
        waiting: dict[int, list[dict[str, Any]]] = {}
        for expectation in expectations:
            place = expectation.get("after", len(self.case["ops"]))
            waiting.setdefault(place, []).append(expectation)
        return waiting

    def _carry_out(self, op: dict[str, Any]) -> str:
        """Do one operation; return why it cannot be done, or nothing."""
        fields = {name: value for name, value in op.items() if name != "kind"}
        method: Callable[..., Any] | None = getattr(self, f"op_{op.get('kind')}", None)
        if method is None:
            return f"unknown kind of operation {op.get('kind')!r}"
        try:
            inspect.signature(method).bind(**fields)
        except TypeError as error:
            return f"{op['kind']} has other fields: {error}"
        self.before(op)
        try:
            self.answer = method(**fields)
            self.refused = False
        except RefusedError as refusal:
            self.answer, self.refused = refusal.code, True
        except Exception as error:  # noqa: BLE001 - a case from a file may ask for anything
            return f"{op['kind']} raised {error!r}"
        return ""

    def before(self, op: dict[str, Any]) -> None:
        """Look at the state before an operation; for subclasses."""

    def _compare(self, expectations: list[dict[str, Any]]) -> list[str]:
        return [line for expectation in expectations for line in self._differences(expectation)]

    def _differences(self, expectation: dict[str, Any]) -> Iterator[str]:
        for word, want in expectation.items():
            if word in REMARKS:
                continue
            look: Callable[[], Any] | None = getattr(self, f"see_{word}", None)
            if look is None:
                yield self._line(f"unknown expectation {word!r}")
                continue
            got = look()
            if word == "is" and want == "ok" and not self.refused:
                continue  # it was done, whatever it answered
            # A refusal is its code, or a table that names it.
            if not covers(want, got) and not (self.refused and covers(want, {"error": got})):
                text = f"{word} {show(got)}, want {show(want)}"
                yield from self.judged(expectation, word, self._line(text))

    def judged(self, expectation: dict[str, Any], word: str, line: str) -> list[str]:
        """Say what a difference is; for subclasses that know some to be right."""
        return [line]

    def _line(self, text: str) -> str:
        ops: Sequence[object] = self.case.get("ops") or ()
        where = f"op {self.done} {show(ops[self.done])}: " if 0 <= self.done < len(ops) else ""
        return f"{self.case.get('name', 'a case without a name')}: {where}{text}"

    # ---- what every system's cases may ask ------------------------------------------------------

    def see_is(self) -> Any:
        """Return the answer."""
        return self.answer

    def see_final(self) -> Any:
        """Return what is there."""
        return self.contents()

    def contents(self) -> list[dict[str, Any]]:
        """Return all ranges in order, as the case files write them; for subclasses."""
        return []


def covers(want: Any, got: Any) -> bool:
    """Tell whether an answer is as wanted: of a mapping, only the keys that are wanted count.

    Example:
        >>> covers([{"start": 0}], [{"start": 0, "end": 9}]), covers([], [1]), covers(1, True)
        (True, False, False)
    """
    if is_table(want) and is_table(got):
        return all(name in got and covers(value, got[name]) for name, value in want.items())
    if is_list(want) and is_list(got):
        return len(want) == len(got) and all(map(covers, want, got))
    return type(want) is type(got) and bool(want == got)


def is_table(value: Any) -> TypeGuard[dict[str, Any]]:
    """Tell whether JSON holds an object here."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Tell whether JSON holds an array here."""
    return isinstance(value, list)


def show(value: Any) -> str:
    """Return a value as text that fits in a line."""
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:160]} … ({len(text)} characters)"
