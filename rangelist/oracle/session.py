"""One model behind the lines of a trace: decode a line, call the model, encode the answer.

    {"op": "set", "start": "0", "stop": "8", "value": "a"}  ->  model.set(0, 8, "a")
    (0, 8, "a")                                             ->  {"ok": ["0", "8", "a"]}

A model is any object with a method for each operation it supports, named as the operation (a dot is
an underscore), that takes the fields by name, and raises `Refusal`.  Keys are ints here and decimal
strings on the wire.  What a model has no method for is answered with `skip`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from rangelist.oracle.spec import CHOICES, OPS, TRACE_VERSION, Line, Refusal

__all__ = ["EXTRAS", "Session", "bare", "decode", "encode", "fault", "key_of"]

Make = Callable[[Line], object]
Names = Sequence[tuple[type[Exception], str]]  # which exception of a model is which error

TEXT = frozenset({"value", "c"})
FLAGS = frozenset({"overwrite", "sticky"})
POSITIVE = frozenset({"align"})


EXTRAS = ("want", "law", "skip", "note")  # what a line may have beside the fields of its operation


def bare(line: Line) -> Line:
    """Return the line as it goes over the wire, without what is for us."""
    return {name: value for name, value in line.items() if name not in EXTRAS}


def key_of(text: object) -> int:
    """Read a decimal string, in the one form that `str(int)` writes.

    Raises: Refusal `BadLine`.
    """
    if type(text) is str:
        try:
            key = int(text)
        except ValueError:
            raise Refusal("BadLine") from None
        if str(key) == text:
            return key
    raise Refusal("BadLine")


def text_of(given: object) -> str:
    if type(given) is str:
        return given
    raise Refusal("BadLine")


def flag_of(given: object) -> bool:
    if type(given) is bool:
        return given
    raise Refusal("BadLine")


def divisor_of(given: object) -> int:
    number = key_of(given)
    if number < 1:
        raise Refusal("BadLine")
    return number


def choice_of(values: Sequence[str]) -> Reader:
    def read(given: object) -> str:
        if type(given) is str and given in values:
            return given
        raise Refusal("BadLine")

    return read


Reader = Callable[[object], object]
FIELDS: dict[str, Reader] = {
    "value": text_of,
    "c": text_of,
    "overwrite": flag_of,
    "sticky": flag_of,
    "reverse": flag_of,
    "align": divisor_of,
    **{name: choice_of(values) for name, values in CHOICES.items()},
}


FORMS: dict[Reader, str] = {
    key_of: 'a key, a decimal string such as "-12"',
    divisor_of: 'a decimal string from "1" on',
    text_of: "a string",
    flag_of: "true or false",
}


def readers(op: str, names: Sequence[str]) -> list[tuple[str, Reader]]:
    """Return how each field of an operation is read; what is not in the table is a key."""
    special = {"to": text_of} if op == "fork" else {}
    return [(name, (special | FIELDS).get(name, key_of)) for name in names]


REQUIRED = {op: readers(op, shape.required) for op, shape in OPS.items()}
OPTIONAL = {op: readers(op, shape.optional) for op, shape in OPS.items()}


def decode(line: Line) -> tuple[str, dict[str, Any]]:
    """Return the name of the operation and its fields, keys as ints.

    Raises: Refusal `BadLine`.
    """
    op = line.get("op")
    if type(op) is not str or op not in REQUIRED:
        raise Refusal("BadLine")
    try:
        fields = {name: read(line[name]) for name, read in REQUIRED[op]}
    except KeyError:
        raise Refusal("BadLine") from None
    for name, read in OPTIONAL[op]:
        if name in line:
            fields[name] = read(line[name])
    return op, fields


def fault(line: Line) -> str:
    """Say what is wrong with a line that `decode` refuses."""
    op = line.get("op")
    if type(op) is not str or op not in REQUIRED:
        return f"no operation {op!r}, want one of {', '.join(OPS)}"
    missing = [name for name in OPS[op].required if name not in line]
    if missing:
        return f"{op} wants the field {missing[0]!r}"
    return next(
        f"{name} is {line[name]!r}, want {FORMS.get(read) or ' or '.join(CHOICES[name])}"
        for name, read in (*REQUIRED[op], *OPTIONAL[op])
        if name in line and not reads(read, line[name])
    )


def reads(read: Reader, given: object) -> bool:
    """Tell whether a field has the form it should have."""
    try:
        read(given)
    except Refusal:
        return False
    return True


def encode(answer: Any) -> Any:
    """Write an answer as JSON: the ends of a row or of a gap become decimal strings."""
    if answer is None:
        return None
    if isinstance(answer, tuple):
        row = cast("tuple[object, ...]", answer)
        if len(row) == 3:
            return [str(row[0]), str(row[1]), row[2]]
        if type(row[1]) is list:  # the answer of `current`
            return [encode(row[0]), row[1]]
        return [None if end is None else str(end) for end in row]
    if type(answer) is list:
        return [encode(item) for item in cast("list[object]", answer)]
    return answer


class Session:
    """Answer line after line.  A header makes a new model."""

    def __init__(self, make: Make, errors: Names = ()) -> None:
        self.make = make
        self.errors = errors
        self.caught = tuple(error for error, _ in errors)
        self.model: object = make({"trace": TRACE_VERSION})

    def reply(self, line: Line) -> Line:
        """Return `{"ok": …}`, `{"err": name}` or `{"skip": reason}`.

        Errors of the model itself are not caught: a crash should look like one.
        """
        try:
            if "trace" in line:
                self.model = self.make(line)
                return {"ok": None}
            op, fields = decode(line)
            method = getattr(self.model, METHODS[op], None)
            if method is None:
                return {"skip": f"no {op}"}
            return {"ok": encode(method(**fields))}
        except Refusal as refusal:
            return {"err": refusal.name}
        except self.caught as raised:
            return {"err": next(name for error, name in self.errors if isinstance(raised, error))}


METHODS = {op: op.replace(".", "_") for op in OPS}
