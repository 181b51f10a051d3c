"""A script as something to take home: a Python test, an oracle trace, a C test (export_c.py).

Each is made from what the library did, so it passes; it is there to be run against another
implementation, or against the next version of this one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from rangelist.oracle.exhaustive import over
from rangelist.oracle.hooks import hooks_of
from rangelist.oracle.trace import complete, read, write
from rangelist.oracle.tuples import Tuples

from .export_c import c_test
from .script import Line, Script, ScriptError
from .world import World, begin_of

__all__ = ["EXPORTS", "call_of"]

# ---- Python --------------------------------------------------------------------------------------


def call_of(line: Line, world: World) -> str:
    """Return a line as a call in Python.

    Example:
        >>> world = World({"rules": "EQUAL", "items": []})
        >>> call_of({"op": "merge", "at": 8, "keep": "right"}, world)
        "rl.merge(rl.at(8).prev, rl.at(8), keep='right')"
    """
    op, fields = line["op"], {name: line[name] for name in line if name != "op"}
    if op == "walk":
        return f"{line['name']} = rl.{fields.get('kind', 'walk')}({walk_arguments(fields)})"
    if op == "drop":
        return f"del {line['name']}"
    if op in ("next", "prev", "seek"):
        walk = world.walks.get(line["name"])
        if op == "next" and walk is not None and walk.kind != "cursor":
            return f"next({line['name']}, None)"
        return f"{line['name']}.{op}({fields.get('at', '')})"
    node = ""
    if op in ("merge", "replace", "resize", "delete"):
        at = fields.pop("at")
        node = f"rl.at({at}).prev, rl.at({at})" if op == "merge" else f"rl.at({at})"
    value = fields.pop("value", None)
    if value is not None:
        value = world.rules.code(world.rules.value(value, begin_of(line)))
    if op == "transform":
        parts = [f"lambda piece: {value}", str(fields.pop("start")), str(fields.pop("stop"))]
    else:
        parts = [node] if node else []
        parts += [str(fields.pop(name)) for name in ("start", "stop", "at", "by", "to")
                  if name in fields and op != "resize"]  # fmt: skip
        parts += [value] if value is not None else []
    parts += [f"{name}={option!r}" for name, option in fields.items()]
    return f"rl.{op}({', '.join(parts)})"


def walk_arguments(fields: dict[str, Any]) -> str:
    parts = [f"{name}={fields[name]}" for name in ("start", "stop") if name in fields]
    parts += ["reverse=True"] if fields.get("reverse") else []
    if fields.get("horizon", "live") != "live" and fields.get("kind") != "cursor":
        parts.append(f"horizon={fields['horizon']!r}")
    return ", ".join(parts)


def python_test(script: Script) -> str:
    """Return a test for pytest: the calls, and after each what is in the list."""
    world = World(script.header)
    kind = type(world.list).__name__
    hooks = script.header.get("hooks", "") if script.header["rules"] == "HOOKS" else ""
    named = [
        name for name in ("same", "merge", "split", "overlap", "yields") if f"def {name}" in hooks
    ]
    policy = world.rules.source.format(hooks=", ".join(f"{name}={name}" for name in named))
    made = f"{kind}()" if kind == "RangeBag" else f"{kind}(policy={policy})"
    body = [f"rl = {made}"]
    for start, stop, text in script.header["items"]:
        extra = "" if kind == "RangeBag" else ", policy=NEVER"
        verb = "add" if kind == "RangeBag" else "insert"
        body.append(
            f"rl.{verb}({start}, {stop}, {world.rules.code(world.rules.value(text, start))}{extra})"
        )
    for line in script.done:
        body += python_lines(line, world)
    head = [f'"""{script.header.get("title") or "A script of the whiteboard"}."""', ""]
    head += ["import pytest", "", "from rangelist import *", *world.rules.imports.splitlines(), ""]
    head += ["", *hooks.rstrip().splitlines(), "", ""] if hooks else [""]
    return "\n".join([*head, "def test_script():", *(f"    {line}" for line in body), ""])


def python_lines(line: Line, world: World) -> Iterator[str]:
    """Yield the statements of one line: the call, and what must be seen."""
    call = call_of(line, world)
    done = world.play(line)
    if done.raised:
        name = "Exception" if done.raised == "ScriptError" else done.raised
        yield f"with pytest.raises({name}):"
        yield f"    {call}"
    elif line["op"] in ("next", "prev"):
        yield f"step = {call}"
        yield (
            "assert step is None"
            if done.delivered is None
            else (
                "assert (step.start, step.stop, step.value) == "
                + row(*world.walk(line).delivered[-1], world)
            )
        )
    else:
        yield call
        if line["op"] not in ("walk", "seek", "drop"):
            rows = ", ".join(row(node.start, node.stop, node.value, world) for node in world.list)
            yield f"assert [(n.start, n.stop, n.value) for n in rl] == [{rows}]"


def row(start: int, stop: int, value: object, world: World) -> str:
    return f"({start}, {stop}, {world.rules.code(value)})"


# ---- the oracle ----------------------------------------------------------------------------------

SAMENESS: Final = {"EQUAL": "equal", "NEVER": "never", "ALWAYS": "always", "MAPLE": "never",
                   "LOCKS": "equal"}  # fmt: skip


def trace(script: Script) -> str:
    """Return a trace for `python -m rangelist.oracle`, with what is wanted filled in by it.

    Raises: ScriptError, if the rules have no name in a trace.
    """
    rules = script.header["rules"]
    if rules not in SAMENESS:
        wanted = ", ".join(SAMENESS)
        raise ScriptError(f"a trace cannot say the rules {rules}, want one of {wanted}")
    header = {"trace": 1, "id": script.header.get("title", "whiteboard"),
              "coalesce": SAMENESS[rules]}  # fmt: skip
    lines = [
        {"op": "insert", "start": str(a), "stop": str(b), "value": text}
        for a, b, text in script.header["items"]
    ]
    # Items stand as they are: where they touch, a trace cannot keep equal ones apart.
    refuse_touching(script)
    lines += [in_trace(line) for line in script.done if line["op"] != "drop"]
    text = [json.dumps(line) for line in (header, *lines)]
    session = over(Tuples(hooks_of(header)))
    return write(complete(made, session) for made in read(text))


NAMES: Final = {"transform": "update", "delete": "discard"}  # what the oracle calls them


def refuse_touching(script: Script) -> None:
    """Refuse items that would merge when they are inserted one by one.

    Raises: ScriptError.
    """
    world = World({**script.header, "items": []})
    rl: Any = world.list
    for start, stop, text in script.header["items"]:
        rl.insert(start, stop, world.rules.value(text, start))
    if len(rl) != len(script.header["items"]):
        raise ScriptError(
            "a trace cannot keep equal items apart that touch, want items that stay as they are"
        )


def in_trace(line: Line) -> dict[str, Any]:
    """Return a line as the oracle says it: keys are texts, a few names are others."""
    said = {name: str(x) if type(x) is int else x for name, x in line.items()}
    name = said.pop("name", None)
    if name is not None:
        said["c"] = name
    if line["op"] == "walk":
        kind, fixed = said.pop("kind", "walk"), said.pop("horizon", "live") == "fixed"
        said |= {"op": "cursor"} | ({"walk": "C"} if kind == "sweep" else {})
        said |= {"sticky": True} if kind == "walk" else {}
        said |= {"horizon": "fixed"} if fixed and kind != "cursor" else {}
        if not said.pop("reverse", False):
            return said
        return said | {"reverse": True}
    if line["op"] == "seek":
        said["key"] = said.pop("at")
    if line["op"] == "merge":
        said["right"] = said.pop("at")
        said["left"] = str(int(said["right"]) - 1)
    if line["op"] == "transform":
        said["fn"] = "put"
    return said | {"op": NAMES.get(line["op"], line["op"])}


EXPORTS: Final[dict[str, Callable[[Script], str]]] = {
    "python": python_test,
    "trace": trace,
    "c": c_test,
}
"""What makes each kind of file."""
