"""Traces as text: read, check, write, complete; and the JSON Schema of a line.

A file holds one or more traces.  A header line (`{"trace": 1, …}`) begins one; lines before the
first header belong to a trace with the default header.  Beside the fields of its operation a line
may have

    want   the reply that is right       law    the law it is about, "L11"
    got    what came instead             skip   why it should not be run
    note   anything, for people
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, cast

from rangelist.errors import BadLineError
from rangelist.oracle.session import (
    CALLS,
    FLAG,
    TEXT,
    Field,
    Session,
    bare,
    choice_of,
    fault,
    field_where,
    fields_of,
    text_of,
)
from rangelist.oracle.spec import ERRORS, HEADER, OPS, TRACE_VERSION, Line, Refusal

__all__ = ["DEFAULT_HEADER", "Trace", "bare", "complete", "read", "schema", "write"]

DEFAULT_HEADER: Line = {"trace": TRACE_VERSION}


class Trace(NamedTuple):
    """A header, its lines, and the reply that is right for each line, where that is known."""

    header: Line
    lines: list[Line]
    wants: list[Line | None]

    @classmethod
    def of(cls, header: Line, lines: Iterable[Line]) -> Trace:
        """Return a trace of lines, some of which may have a `want`."""
        lines = list(lines)
        wants = [line.get("want") for line in lines]
        return cls(header, [without_want(line) for line in lines], wants)

    @property
    def id(self) -> str:
        return str(self.header.get("id", "unnamed"))

    @property
    def partial(self) -> bool:
        """Whether lines may be left out.

        Where nothing is wanted they always may: what is right for the others is asked anew.
        """
        return bool(self.header.get("partial")) or not any(self.wants)

    def text_lines(self) -> list[Line]:
        """Return header and lines as they stand in a file."""
        told = [
            line if want is None else line | {"want": want}
            for line, want in zip(self.lines, self.wants, strict=True)
        ]
        return [self.header, *told]


def without_want(line: Line) -> Line:
    return (
        {name: value for name, value in line.items() if name != "want"} if "want" in line else line
    )


def read(text: Iterable[str], name: str = "trace") -> Iterator[Trace]:
    """Yield the traces of a text, checked.

    Raises: BadLineError, with file, line number and reason.
    """
    header: Line | None = None
    lines: list[Line] = []
    for number, raw in enumerate(text, 1):
        if not raw.strip():
            continue
        try:
            line = check(DECODER.decode(raw))
        except (ValueError, RecursionError) as error:
            raise BadLineError(f"{name}:{number}: {error}") from error
        if "trace" in line:
            if header is not None or lines:
                yield Trace.of(header or DEFAULT_HEADER, lines)
            header, lines = line, []
        else:
            lines.append(line)
    if header is not None or lines:
        yield Trace.of(header or DEFAULT_HEADER, lines)


def object_of(pairs: list[tuple[str, object]]) -> Line:
    """Return a JSON object; no field may be there twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the field {max(names, key=names.count)!r} is there twice")
    return made


def no_number(word: str) -> object:
    raise ValueError(f"{word} is no JSON")


DECODER = json.JSONDecoder(object_pairs_hook=object_of, parse_constant=no_number)


def check(given: object) -> Line:
    """Return what was given, refuse what is not a line of a trace.

    Raises: ValueError, with the reason.
    """
    if not isinstance(given, dict):
        raise ValueError(f"{given!r} is no JSON object")
    line = cast("Line", given)
    if "trace" in line:
        check_header(line)
    else:
        check_step(line)
    return line


def check_step(line: Line) -> None:
    try:
        CALLS(line)
    except Refusal:
        raise ValueError(f"{text_of(line)}: {fault(line)}") from None
    op = line["op"]
    shape = OPS[op]
    if rest := line.keys() - {"op", *shape.required, *shape.optional}:
        check_fields(op, {name: line[name] for name in rest}, BESIDE)


def check_header(line: Line) -> None:
    if line["trace"] != TRACE_VERSION:
        raise ValueError(f"trace format {line['trace']!r}, this one reads {TRACE_VERSION}")
    if line.get("coords", "int") != "int":
        raise ValueError(f"coords {line['coords']!r}, this version knows int")
    check_fields("a header", line, IN_HEADER)


def check_fields(owner: str, fields: Line, forms: dict[str, Field]) -> None:
    for name, given in fields.items():
        if name not in forms:
            raise ValueError(f"{owner} has no field {name!r}")
        if fault_of := forms[name].fault(name, given):
            raise ValueError(fault_of)


def complete(trace: Trace, session: Session) -> Trace:
    """Return the trace with what is right on every line that is run; what it wants itself stays."""
    if None not in trace.wants:
        return trace
    reply = session.reply
    reply(trace.header)
    right = [None if "skip" in line else reply(line) for line in trace.lines]
    wants = [own or known for own, known in zip(trace.wants, right, strict=True)]
    return Trace(trace.header, trace.lines, wants)


def write(traces: Iterable[Trace]) -> str:
    """Return traces as text, in the form that `read` reads."""
    return "".join(f"{text_of(line)}\n" for trace in traces for line in trace.text_lines())


# ---- the forms of fields, and the schema that is made of them ------------------------------------


def is_want(given: Any) -> bool:
    return type(given) is dict and (
        given.keys() == {"ok"} or (given.keys() == {"err"} and given["err"] in tuple(ERRORS))
    )


BESIDE = {  # what a line may have beside its operation
    **dict.fromkeys(("law", "skip", "note"), TEXT),
    "want": field_where(is_want, '{"ok": …} or {"err": name}', {"$ref": "#/$defs/reply"}),
    "got": field_where(lambda given: type(given) is dict, "an object", {"type": "object"}),
}
IN_HEADER = {
    **dict.fromkeys(("id", "laws", "law", "note"), TEXT),
    **{name: choice_of(values) for name, values in HEADER.items()},
    "trace": field_where(lambda given: type(given) is int, "a number", {"const": TRACE_VERSION}),
    "coords": choice_of(("int",)),
    "partial": FLAG,
    "needs": field_where(
        lambda given: type(given) is list and set(map(type, cast("list[object]", given))) <= {str},
        "a list of strings",
        {"type": "array", "items": TEXT.schema},
    ),
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of one line: a header, or an operation."""
    ok: dict[str, Any] = {"required": ["ok"], "properties": {"ok": {}}}
    err = {"required": ["err"], "properties": {"err": {"enum": list(ERRORS)}}}
    closed = {"type": "object", "additionalProperties": False}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"rangelist trace, format {TRACE_VERSION}: one line",
        "$defs": {
            "key": {"type": "string", "pattern": "^(0|-?[1-9][0-9]*)$"},
            "divisor": {"type": "string", "pattern": "^[1-9][0-9]*$"},
            "reply": {"oneOf": [closed | ok, closed | err]},
        },
        "oneOf": [object_schema("header", ["trace"], IN_HEADER), *map(operation_schema, OPS)],
    }


def object_schema(title: str, required: list[str], forms: dict[str, Field]) -> dict[str, Any]:
    fields = {name: form.schema for name, form in forms.items()}
    form = {"title": title, "type": "object", "required": required}
    return {**form, "additionalProperties": False, "properties": fields}


def operation_schema(op: str) -> dict[str, Any]:
    shape = OPS[op]
    forms = fields_of(op, (*shape.required, *shape.optional)) | BESIDE
    made = object_schema(op, ["op", *shape.required], forms)
    made["properties"]["op"] = {"const": op}
    return made | {"description": shape.says}
