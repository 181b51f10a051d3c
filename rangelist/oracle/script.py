"""A trace as a Python script: what somebody needs who has the library and not the oracle."""

from __future__ import annotations

import sys
from typing import Any

from rangelist.oracle.session import decode
from rangelist.oracle.spec import HEADER, Line, one_way
from rangelist.oracle.trace import Trace, bare

__all__ = ["script_of"]

# How a line is said with the library, by operation; what is not here is a call of the same name.
SAID = {
    "update": "rl.transform(lambda piece: {made}, {start}, {stop}, gaps={gaps!r})",
    "remove": "rl.remove({start}, {stop})",
    "merge": "rl.merge(rl.at({left}), rl.at({right}), keep={keep!r})",
    "replace": "rl.replace(rl.at({at}), {value!r})",
    "discard": "rl.delete(rl.at({at}))",
    "dump": "list(map(tuple, rl))",
    "len": "len(rl)",
    "first": "rl.first",
    "last": "rl.last",
    "slice": "rl[{start}:{stop}]",
    "next": "{c}.next()",
    "prev": "{c}.prev()",
    "drain": "list(iter({c}.next, None))",
    "current": "({c}.current, {c}.status)",
    "seek": "{c}.seek({key})",
    "reset": "{c}.reset()",
    "bag.discard": "bag.delete([n for n in bag if tuple(n) == ({start}, {stop}, {value!r})][0])",
    "fork": "{to} = rl.resume({c}.to_json())",
}
MADE = {"put": "{value!r}", "join": "piece.value + {value!r}", "drop": "DROP"}
EMPTY = {"start": None, "stop": None, "value": "", "gaps": "skip", "keep": "left"}


def script_of(trace: Trace, where: str = "rangelist:RangeList") -> str:
    """Return a script that makes every call of the trace; what is wanted stands beside it.

    A program, or a model of its own, cannot be called from a script: the library stands in for it.
    """
    module, _, name = where.partition(":")
    if not has_policy(module, name):
        module, name = "rangelist", "RangeList"
    hooks = {hook: trace.header[hook] for hook in HEADER if hook in trace.header}
    head = [
        f'"""{trace.id}"""',
        "",
        "from rangelist import DROP, Policy",
        "from rangelist.oracle.adapter import policy_of",
        "from rangelist.bag import RangeBag",
        f"from {module} import {name}",
        "",
        "bag = RangeBag()",
        f"rl = {name}(policy=policy_of(Policy, {hooks!r}))",
    ]
    sticky = {line["c"] for line in trace.lines if line["op"] == "cursor" and one_way(line)}
    return "\n".join([*head, *(said(line, sticky) for line in trace.lines)]) + "\n"


def has_policy(module: str, name: str) -> bool:
    """Tell whether `module:name` is a class that is made as `RangeList` is."""
    cls = getattr(sys.modules.get(module), name, None) if name else None
    return cls is not None and not hasattr(cls, "capabilities")


def said(line: Line, sticky: set[str]) -> str:
    """Return one statement; what it should give stands beside it."""
    op, fields = decode(bare(line))
    want = f"  # want {line['want']}" if "want" in line else ""
    if op == "cursor":
        return cursor(fields, line) + want
    if op in ("next", "drain") and fields["c"] in sticky:
        call = f"next({fields['c']}, None)" if op == "next" else f"list({fields['c']})"
    elif op in SAID:
        full: dict[str, Any] = {**EMPTY, **fields}
        full["made"] = MADE[full.get("fn", "put")].format(**full)
        call = SAID[op].format(**full)
    elif op == "resize":
        ends = ", ".join(f"{name}={fields[name]}" for name in ("start", "stop") if name in fields)
        call = f"rl.resize(rl.at({fields['at']}), {ends})"
    else:
        whose = "" if op.startswith("bag.") else "rl."
        call = f"{whose}{op}({', '.join(f'{name}={value!r}' for name, value in fields.items())})"
    return (call if op == "fork" else f"print({call})") + want


def cursor(fields: dict[str, object], line: Line) -> str:
    call = "sweep" if fields.get("walk") == "C" else "walk" if one_way(line) else "cursor"
    extra = f", horizon={fields['horizon']!r}" if "horizon" in fields and call != "cursor" else ""
    reverse = fields.get("reverse", False)
    window = f"{fields.get('start')}, {fields.get('stop')}"
    return f"{fields['c']} = rl.{call}({window}, reverse={reverse}{extra})"
