"""Carrying out one case of a vector file: what all systems have in common.

    case      {"name": ..., "ops": [{"kind": "store", "start": 0, ...}, ...], "expect": [...]}
    expect    {"after": 3, "is": "EEXIST"}     the answer of ops[3], or what it left behind
              {"final": [...]}                 what is there at the end

A subclass has a method `op_KIND` for each kind of operation, with the operation's fields as keyword
arguments, and a method `see_WORD` for each word of an expectation.  What is not known, be it a
field of the case, an operation, a field of it, or an expectation, becomes a line that names it,
never a traceback and never a pass.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from types import NoneType, UnionType
from typing import (
    Any,
    ClassVar,
    Literal,
    TypeGuard,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from rangelist.models.refused import RefusedError

__all__ = ["DESCRIPTION", "DIFFERS", "CaseError", "Replay", "covers", "operation", "refuse_unknown"]

# A line that begins like this tells of a difference that docs/systems.md explains.
DIFFERS = "expected to differ: "

# What a case may say of itself; nothing of it is carried out.
DESCRIPTION = frozenset(
    {"name", "source", "basis", "note", "notes", "why", "label", "params", "verified"}
)

# What an expectation may say beside what it expects.
REMARKS = frozenset({"after", "rule", "note", "why"})


class CaseError(ValueError):
    """A case that cannot be carried out, because a part of it is not understood."""


def refuse_unknown(form: Mapping[str, object], known: Collection[str], what: str) -> None:
    """Raise CaseError for fields that are not known; by a table of types, for values of others."""
    unknown = sorted(set(form) - set(known))
    if unknown:
        named = ", ".join(map(repr, unknown))
        raise CaseError(f"unknown field {named} of {what}, want some of {', '.join(sorted(known))}")
    if isinstance(known, Mapping):
        for name, value in form.items():
            if not fits(value, known[name]):
                want = getattr(known[name], "__name__", known[name])
                raise CaseError(f"{name} of {what} is {show(value)}, want {want}")


def operation(stage: object, op: Mapping[str, Any]) -> Callable[[], Any]:
    """Return the method of a stage that carries out an operation, with its fields.

    Raises: CaseError, if there is none, or the operation has other fields.
    """
    fields = {name: value for name, value in op.items() if name != "kind"}
    method: Callable[..., Any] | None = getattr(stage, f"op_{op.get('kind')}", None)
    if method is None:
        raise CaseError(f"unknown kind of operation {op.get('kind')!r}")
    try:
        inspect.signature(method).bind(**fields)
    except TypeError as error:
        raise CaseError(f"{op['kind']} has other fields: {error}") from error
    hints = get_type_hints(method)
    refuse_unknown(fields, {name: hints.get(name, Any) for name in fields}, op["kind"])
    return partial(method, **fields)


def fits(value: object, kind: Any) -> bool:
    """Tell whether a value of a case is of a type; `true` is no number.

    Example:
        >>> fits(1, int), fits(True, int), fits(None, int | None), fits(["a"], list[str])
        (True, False, True, True)
    """
    if get_origin(kind) in (Union, UnionType):
        return any(fits(value, each) for each in get_args(kind))
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    plain = get_origin(kind) or kind
    return plain not in (int, bool, str, list, dict, NoneType) or type(value) is plain


class Replay:
    """Replay one case on a model; `run` returns what is not as expected, a line each."""

    FIELDS: ClassVar[frozenset[str]] = frozenset()  # of a case, beside those that all have

    def __init__(self, case: dict[str, Any]) -> None:
        self.case = case
        self.answer: Any = None  # of the operation carried out last
        self.refused = False
        self.done = -1  # its number

    @classmethod
    def judge(cls, case: dict[str, Any]) -> list[str]:
        """Return what is not as expected in a case, a line each; also for what is no case."""
        try:
            return cls(case).run()
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            return [f"{show(case)}: this is no case that can be run: {error!r}"]

    def run(self) -> list[str]:
        """Carry out all operations, look at each expectation in its place; return the lines."""
        try:
            refuse_unknown(self.case, DESCRIPTION | {"ops", "expect"} | self.FIELDS, "a case")
            waiting = self._by_place(self.case["expect"])
            actions = list(self._actions())  # all are understood before any is carried out
            lines: list[str] = []
            for number, (op, action) in enumerate(zip(self.case["ops"], actions, strict=True)):
                self.done = number
                self.before(op)
                failure = self._carry_out(op, action)
                if failure:
                    return [*lines, self._line(failure)]
                lines += self._compare(waiting.pop(number, []))
                if lines and lines[-1].startswith(DIFFERS):
                    return lines  # from here on model and record go different ways
            return lines + self._compare([e for rest in waiting.values() for e in rest])
        except CaseError as error:
            return [self._line(str(error))]
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            return [self._line(f"this is no case that can be run: {error!r}")]

    def _by_place(self, expectations: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
        waiting: dict[int, list[dict[str, Any]]] = {}
        for expectation in expectations:
            end = len(self.case["ops"])
            place = expectation.get("after", end)
            if type(place) is not int or not 0 <= place < end + ("after" not in expectation):
                raise CaseError(f"there is no operation {place!r}: {show(expectation)}")
            words = expectation.keys() - REMARKS
            if not words:
                raise CaseError(f"{show(expectation)} expects nothing")
            for word in words:
                if not hasattr(self, f"see_{word}"):
                    raise CaseError(f"unknown expectation {word!r}")
            waiting.setdefault(place, []).append(expectation)
        return waiting

    def _actions(self) -> Iterator[Callable[[], Any]]:
        for number, op in enumerate(self.case["ops"]):
            self.done = number  # a line about an operation that is refused names it
            yield operation(self, op)
        self.done = -1

    def _carry_out(self, op: dict[str, Any], action: Callable[[], Any]) -> str:
        """Do one operation; return why it cannot be done, or nothing."""
        try:
            self.answer = action()
            self.refused = False
        except CaseError as error:
            return str(error)
        except RefusedError as refusal:
            self.answer, self.refused = self.refusal(refusal), True
        except Exception as error:  # noqa: BLE001 - a case from a file may ask for anything
            return f"{op['kind']} raised {error!r}"
        return ""

    def tells_nothing(self) -> bool:
        """Tell whether the answer only adds to "ok", as a table does; for subclasses."""
        return is_table(self.answer)

    def refusal(self, error: RefusedError) -> Any:
        """Return the answer that a refusal is: its code; for subclasses that say more."""
        return error.code

    def before(self, op: dict[str, Any]) -> None:
        """Look at the state before an operation; for subclasses."""

    def _compare(self, expectations: list[dict[str, Any]]) -> list[str]:
        return [line for expectation in expectations for line in self._differences(expectation)]

    def _differences(self, expectation: dict[str, Any]) -> Iterator[str]:
        for word, want in expectation.items():
            if word in REMARKS:
                continue
            got = getattr(self, f"see_{word}")()
            if word == "is" and want == "ok" and not self.refused and self.tells_nothing():
                continue
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
