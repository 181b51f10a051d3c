"""One model behind the lines of a trace: decode a line, call the model, encode the answer.

    {"op": "set", "start": "0", "stop": "8", "value": "a"}  ->  model.set(0, 8, "a")
    (0, 8, "a")                                             ->  {"ok": ["0", "8", "a"]}

A model is any object with a method for each operation it supports, named as the operation (a dot is
an underscore), that takes the fields by name, and raises `Refusal`.  Keys are ints here and decimal
strings on the wire.  What a model has no method for is answered with `skip`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any, Generic, NamedTuple, TypeVar, cast

from rangelist.oracle.dense import Dense
from rangelist.oracle.hooks import hooks_of
from rangelist.oracle.spec import BAG, CHOICES, ERRORS, OPS, TRACE_VERSION, Line, Refusal, Row
from rangelist.oracle.tuples import Tuples

__all__ = ["Memo", "Session", "dense_session", "serve", "tuples", "tuples_session"]

T = TypeVar("T")
Make = Callable[[Line], object]
Names = Sequence[tuple[type[Exception], str]]  # which exception of a model is which error

EXTRAS = ("want", "got", "law", "skip", "note")  # what a line may have beside its operation
KEY_FIELDS = ("start", "stop", "at", "key", "left", "right", "to", "by")
UNKNOWN: Any = object()
MANY = 50_000  # lines, or replies, that are remembered
UNIVERSE = 4  # digits of the largest key of the dense oracle


class Memo(Generic[T]):
    """Remember what a function made of a line: exhaustive cases share their lines.

    A line is known by its id; it is kept, so that its id stays its own, and never changed.
    """

    def __init__(self, fn: Callable[[Line], T]) -> None:
        self.fn = fn
        self.seen: dict[int, T] = {}
        self.lines: list[Line] = []

    def __call__(self, line: Line) -> T:
        seen = self.seen
        if id(line) not in seen:
            if len(seen) > MANY:
                seen.clear()
                self.lines.clear()
            seen[id(line)] = self.fn(line)
            self.lines.append(line)
        return seen[id(line)]

    def of(self, lines: Sequence[Line]) -> list[T]:
        """Return what the function made of each line."""
        found: Iterator[Any] = map(self.seen.get, map(id, lines), repeat(UNKNOWN))
        return [self(line) if it is UNKNOWN else it for line, it in zip(lines, found, strict=True)]


def text_of(line: Line) -> str:
    """Return the line in its one canonical form: no spaces, keys in the order they were made."""
    return json.dumps(line, separators=(",", ":"), ensure_ascii=False)


def bare(line: Line) -> Line:
    """Return the line as it goes over the wire, without what is for us."""
    if line.keys().isdisjoint(EXTRAS):
        return line
    return {name: value for name, value in line.items() if name not in EXTRAS}


# ---- from a line to a call -----------------------------------------------------------------------


class Keys(dict[str, int]):
    """The keys of strings: `KEYS["-12"]` is -12.  Small ones are remembered.

    Raises: ValueError, for a string that is not what `str(int)` writes.
    """

    def __missing__(self, text: str) -> int:
        key = int(text)
        if str(key) != text:
            raise ValueError(text)
        if len(text) <= UNIVERSE:
            self[text] = key
        return key


KEYS = Keys()


class Field(NamedTuple):
    """A form that a field may have: how it is read, how it is told, and its JSON Schema."""

    read: Callable[[Any], Any]  # raises if it has another form
    told: str
    schema: Line

    def fault(self, name: str, given: object) -> str:
        """Say what is wrong with a field, "" if nothing is."""
        try:
            self.read(given)
        except WRONG:
            return f"{name} is {given!r}, want {self.told}"
        return ""


def field_where(right: Callable[[Any], bool], told: str, schema: Line) -> Field:
    """Return the form of a field for which something is true."""

    def read(given: Any) -> Any:
        if not right(given):
            raise ValueError(given)
        return given

    return Field(read, told, schema)


def divisor_of(given: Any) -> int:
    if (number := KEYS[given]) < 1:
        raise ValueError(given)
    return number


def choice_of(values: Sequence[str]) -> Field:
    known = {value: value for value in values}
    return Field(known.__getitem__, " or ".join(values), {"enum": list(values)})


KEY = Field(KEYS.__getitem__, 'a key, a decimal string such as "-12"', {"$ref": "#/$defs/key"})
TEXT = field_where(lambda given: type(given) is str, "a string", {"type": "string"})
FLAG = field_where(lambda given: type(given) is bool, "true or false", {"type": "boolean"})
FIELDS: dict[str, Field] = {
    **dict.fromkeys(("value", "c"), TEXT),
    **dict.fromkeys(("overwrite", "sticky", "reverse"), FLAG),
    "align": Field(divisor_of, 'a decimal string from "1" on', {"$ref": "#/$defs/divisor"}),
    **{name: choice_of(values) for name, values in CHOICES.items()},
}


def fields_of(op: str, names: Sequence[str]) -> dict[str, Field]:
    """Return the forms of some fields of an operation; what is not in the table is a key."""
    special = {"to": TEXT} if op == "fork" else {}
    return {name: (special | FIELDS).get(name, KEY) for name in names}


REQUIRED = {op: list(fields_of(op, shape.required).items()) for op, shape in OPS.items()}
OPTIONAL = {op: list(fields_of(op, shape.optional).items()) for op, shape in OPS.items()}
METHODS = {op: op.replace(".", "_") for op in OPS}
WRONG = (KeyError, TypeError, ValueError)  # what reading a field of another form raises


def decode(line: Line) -> tuple[str, dict[str, Any]]:
    """Return the method that an operation is, and its fields, keys as ints.

    Raises: Refusal `BadLine`.
    """
    try:
        op = line["op"]
        fields = {name: form.read(line[name]) for name, form in REQUIRED[op]}
        for name, form in OPTIONAL[op]:
            if name in line:
                fields[name] = form.read(line[name])
    except WRONG:
        raise Refusal("BadLine") from None
    return METHODS[op], fields


CALLS = Memo(decode)  # the oracle and an implementation in this process are asked the same


def fault(line: Line) -> str:
    """Say what is wrong with a line that `decode` refuses."""
    op = line.get("op")
    if type(op) is not str or op not in OPS:
        return f"no operation {op!r}, want one of {', '.join(OPS)}"
    if missing := [name for name, _ in REQUIRED[op] if name not in line]:
        return f"{op} wants the field {missing[0]!r}"
    forms = [(name, form) for name, form in REQUIRED[op] + OPTIONAL[op] if name in line]
    return next(fault for name, form in forms if (fault := form.fault(name, line[name])))


def line_of(words: str) -> Line:
    """Return the line that a few words say: the fields in the order of the table, or by name.

    Example:
        >>> line_of("split 4 keep=right")
        {'op': 'split', 'at': '4', 'keep': 'right'}
    """
    op, *fields = words.split()
    line: Line = {"op": op}
    names = iter(OPS[op].required + OPS[op].optional)
    for field in fields:
        name, _, text = field.rpartition("=")
        line[name or next(names)] = True if text == "true" else text
    return line


# ---- from an answer to a reply -------------------------------------------------------------------


def encode(answer: Any) -> Any:
    """Write an answer as JSON: the ends of a row or of a gap become decimal strings."""
    if answer is None:
        return None
    if type(answer) is Row:
        return [str(answer[0]), str(answer[1]), answer[2]]
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


DONE: Line = {"ok": None}
REFUSED: dict[str, Line] = {name: {"err": name} for name in ERRORS}
FIXED = {text_of(reply): reply for reply in (DONE, *REFUSED.values())}
BY_TEXT = dict(FIXED)  # every reply that was met
REPLIES: dict[object, Line] = {}  # those of answers


def reply_of(answer: Any) -> Line:
    """Return `{"ok": …}`, the same object for the same answer, so that comparing is fast."""
    if answer is None:
        return DONE
    key: object = answer
    if type(answer) is list:
        key = tuple(cast("list[object]", answer))
    elif not isinstance(answer, tuple):  # true is not 1
        key = (type(answer).__name__, answer)
    try:
        return REPLIES[key]
    except KeyError:
        made = REPLIES[key] = the_one({"ok": encode(answer)})
        return made
    except TypeError:  # of an answer that has no hash
        return the_one({"ok": encode(answer)})


def the_one(reply: Line) -> Line:
    """Return the object that stands for all equal replies: equal means written alike."""
    if len(BY_TEXT) > MANY:
        BY_TEXT.clear()
        BY_TEXT.update(FIXED)
        REPLIES.clear()
    return BY_TEXT.setdefault(text_of(reply), reply)


class Session:
    """Answer line after line.  A header makes a new model."""

    def __init__(self, make: Make, errors: Names = ()) -> None:
        self.make = make
        self.errors = errors
        self.caught: tuple[type[Exception], ...] = (Refusal, *(error for error, _ in errors))
        self.model: object = make({"trace": TRACE_VERSION})

    def reply(self, line: Line) -> Line:
        """Return `{"ok": …}`, `{"err": name}` or `{"skip": reason}`.

        Errors of the model itself are not caught: a crash should look like one.
        """
        try:
            if (known := CALLS.seen.get(id(line))) is None and "trace" in line:
                self.model = self.make(line)
                return DONE
            verb, fields = known or CALLS(line)
            method = getattr(self.model, verb, None)
            if method is None:
                return {"skip": f"no {line['op']}"}
            return reply_of(method(**fields))
        except self.caught as raised:
            name = self.name_of(raised)
            return REFUSED.get(name, {"err": name})

    def name_of(self, raised: Exception) -> str:
        if isinstance(raised, Refusal):
            return raised.name
        return next(name for error, name in self.errors if isinstance(raised, error))


# ---- the oracles ---------------------------------------------------------------------------------


def tuples(header: Line) -> Tuples:
    """Return the first oracle, with the hooks that a header names."""
    return Tuples(hooks_of(header), bag_of(header))


def dense(header: Line) -> Dense:
    """Return the second one."""
    return Dense(hooks_of(header), bag_of(header))


def bag_of(header: Line) -> list[str]:
    """Return the rules of the bag that a header names.

    Raises: Refusal `BadLine`, for a name that is not in the list.
    """
    rules = [header.get(field, values[0]) for field, values in BAG.items()]
    if any(rule not in values for rule, values in zip(rules, BAG.values(), strict=True)):
        raise Refusal("BadLine")
    return rules


def over(model: object) -> Session:
    """Return a session with a model that is there already."""
    return Session(lambda header: model)


def tuples_session() -> Session:
    """Return the oracle."""
    return Session(tuples)


def dense_session() -> Session:
    """Return the second opinion, on a small universe."""
    return SmallSession(dense)


class SmallSession(Session):
    """Skip what lies outside the universe: there is no point in counting 10**18 points."""

    def reply(self, line: Line) -> Line:
        if any(len(str(line.get(field, ""))) > UNIVERSE + 1 for field in KEY_FIELDS):
            return {"skip": "outside the universe"}
        return super().reply(line)


# ---- the protocol from the inside ----------------------------------------------------------------


def serve(
    session: Session,
    name: str,
    version: str,
    capabilities: Iterable[str],
    source: int = 0,
    sink: int = 1,
) -> None:
    """Answer what comes from one file descriptor on the other, until `stop` or the end of input."""
    hello: Line = {"ok": {"name": name, "version": version, "capabilities": sorted(capabilities)}}
    rest = b""
    # Whatever has come is answered at once and together: as prompt as a flush for each line when
    # the other side waits for each reply, and much faster when it does not.
    while chunk := os.read(source, 65536):
        *lines, rest = (rest + chunk).split(b"\n")
        replies: list[str] = []
        last = False
        for raw in lines:
            reply, last = answer(session, hello, raw)
            replies.append(text_of(reply) + "\n")
            if last:
                break
        send(sink, "".join(replies).encode())
        if last:
            return


def answer(session: Session, hello: Line, raw: bytes) -> tuple[Line, bool]:
    """Return the reply to one line, and whether it was the last one."""
    try:
        line = json.loads(raw)
        op = line.get("op")
    except (ValueError, AttributeError, RecursionError):
        return {"err": "BadLine"}, False
    if op == "start":
        return hello, False
    if op == "stop":
        return {"ok": None}, True
    return session.reply(line), False


def send(sink: int, data: bytes) -> None:
    """Write all of it; a pipe may take less at a time."""
    while data:
        data = data[os.write(sink, data) :]
