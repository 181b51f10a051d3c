"""The JSON Schema of a trace line, made from the table of operations.

The file trace.schema.json is what this module returns; a test holds them together, so the schema
cannot say something else than the code.
"""

from __future__ import annotations

from typing import Any

from rangelist.oracle.spec import CHOICES, ERRORS, HEADER, OPS, TRACE_VERSION

__all__ = ["schema"]

TEXT = {"type": "string"}
KEY = {"type": "string", "pattern": "^(0|-?[1-9][0-9]*)$"}
FLAG = {"type": "boolean"}

FIELDS: dict[str, dict[str, Any]] = {
    "value": TEXT,
    "c": TEXT,
    "overwrite": FLAG,
    "sticky": FLAG,
    "reverse": FLAG,
    "align": {"type": "string", "pattern": "^[1-9][0-9]*$"},
    **{name: {"enum": list(values)} for name, values in CHOICES.items()},
}

EXTRAS: dict[str, dict[str, Any]] = {
    "want": {
        "oneOf": [
            {
                "type": "object",
                "required": ["ok"],
                "additionalProperties": False,
                "properties": {"ok": {}},
            },
            {
                "type": "object",
                "required": ["err"],
                "additionalProperties": False,
                "properties": {"err": {"enum": list(ERRORS)}},
            },
        ]
    },
    "law": TEXT,
    "skip": TEXT,
    "note": TEXT,
}


def schema() -> dict[str, Any]:
    """Return the schema of one line: a header, or an operation."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"rangelist trace, format {TRACE_VERSION}: one line",
        "oneOf": [header(), *(operation(op) for op in OPS)],
    }


def header() -> dict[str, Any]:
    return {
        "title": "header",
        "type": "object",
        "required": ["trace"],
        "additionalProperties": False,
        "properties": {
            "trace": {"const": TRACE_VERSION},
            "id": TEXT,
            "laws": TEXT,
            "law": TEXT,
            "note": TEXT,
            "partial": FLAG,
            "coords": {"const": "int"},
            **{hook: {"enum": list(values)} for hook, values in HEADER.items()},
        },
    }


def operation(op: str) -> dict[str, Any]:
    shape = OPS[op]
    names = (*shape.required, *shape.optional)
    special = {"to": TEXT} if op == "fork" else {}
    fields = {name: special.get(name) or FIELDS.get(name, KEY) for name in names}
    return {
        "title": op,
        "description": shape.says,
        "type": "object",
        "required": ["op", *shape.required],
        "additionalProperties": False,
        "properties": {"op": {"const": op}, **fields, **EXTRAS},
    }
