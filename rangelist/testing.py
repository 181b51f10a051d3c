"""Test an implementation of your own, in Python, against the oracle.  Needs Hypothesis.

    TestMine = machine_for(MyRangeList).TestCase        a test for unittest and pytest
    pytest -p rangelist.testing --rangelist-impl module:MyRangeList        the corpus as tests

What the machine draws are lines of a trace, so what it finds can be run, shrunk, drawn and kept as
one: the failure message holds the trace and a script that shows the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from rangelist.oracle.real import target_of
from rangelist.oracle.session import tuples_session
from rangelist.oracle.shrink import replay_of
from rangelist.oracle.spec import CHOICES, HOOKS, OPS, TRACE_VERSION, Line, hook_words, needs
from rangelist.oracle.target import Target
from rangelist.oracle.trace import Trace, write

__all__ = ["Disagreement", "lines", "machine_for"]

pytest_plugins = ["rangelist.pytest_plugin"]  # for `pytest -p rangelist.testing`

SPACE = 24  # a small universe, so that borders meet


class Disagreement(AssertionError):  # noqa: N818 - it is a finding
    """An implementation answered something else than the oracle."""

    def __init__(self, trace: Trace, got: object, target: Target) -> None:
        self.trace = trace
        super().__init__(
            f"want {trace.wants[-1]}, got {got}\n\n{write([trace])}\n{replay_of(trace, target)}"
        )


def lines(op: str, capabilities: frozenset[str]) -> st.SearchStrategy[Line]:
    """Return lines of one operation, using only what is claimed; its hooks are the header's."""
    shape = OPS[op]
    wanted = {name: field(op, name, capabilities) for name in shape.required}
    usable = [name for name in shape.optional if claimed(op, name, capabilities)]
    optional = {name: field(op, name, capabilities) for name in usable}
    drawn = st.fixed_dictionaries({"op": st.just(op), **wanted}, optional=optional)
    return drawn.filter(lambda line: needs(line) - ANY_HOOK <= capabilities)


ANY_HOOK = frozenset(hook_words({}))


def claimed(op: str, name: str, capabilities: frozenset[str]) -> bool:
    """Tell whether an optional field can be used at all, so that few lines are drawn in vain."""
    if name in CHOICES:
        return bool(capabilities & {f"{name}={value}" for value in CHOICES[name]})
    if name in ("reverse", "sticky"):
        return name in capabilities
    return op != "cursor" or "window" in capabilities


def field(op: str, name: str, capabilities: frozenset[str]) -> st.SearchStrategy[Any]:
    if name == "value":
        return st.sampled_from(["a", "b", "!c", ""])
    if name == "c" or (name == "to" and op == "fork"):
        return st.sampled_from("AB")
    if name in ("reverse", "sticky", "overwrite"):
        return st.booleans()
    if name in CHOICES:
        return st.sampled_from(CHOICES[name])
    low = -4 if name == "by" else 1 if name in ("align", "size") else 0
    high = SPACE if low == 0 else 4
    return st.integers(low, high).map(str)


def headers(capabilities: frozenset[str]) -> st.SearchStrategy[Line]:
    """Return headers with hooks that are claimed."""
    hooks = {
        hook: st.sampled_from([value for value in values if f"{hook}={value}" in capabilities])
        for hook, values in HOOKS.items()
    }
    return st.fixed_dictionaries({"trace": st.just(TRACE_VERSION), **hooks})


def machine_for(
    factory: Callable[..., Any], capabilities: Iterable[str] | None = None
) -> type[RuleBasedStateMachine]:
    """Return a Hypothesis state machine that compares `factory`'s lists with the oracle.

    `factory` is a class with the interface of `RangeList`, or a model: a class with an attribute
    `capabilities`, made from a header, with a method for each operation (see PROTOCOL.md).
    `capabilities` narrows what is tried; the default is all that is claimed.

    Example:
        >>> from rangelist import RangeList
        >>> machine_for(RangeList, {"set", "dump"}).__name__
        'RangeListMachine'
    """
    target = target_of(factory)
    basic = {f"{hook}={values[0]}" for hook, values in HOOKS.items()}
    claims = target.capabilities if capabilities is None else frozenset(capabilities) | basic

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.oracle = tuples_session()
            self.trace = Trace({"trace": TRACE_VERSION}, [], [])

        @initialize(header=headers(claims))
        def begin(self, header: Line) -> None:
            self.trace = Trace(header | {"id": "found"}, [], [])
            self.oracle.reply(header)
            target.ask([header])

        def said(self, line: Line) -> None:
            want = self.oracle.reply(line)
            self.trace.lines.append(line)
            self.trace.wants.append(want)
            replies, trouble = target.ask([line])
            got: object = trouble if trouble is not None else replies[0]
            if got != want:
                raise Disagreement(self.trace, got, target)

        def teardown(self) -> None:
            if "dump" in claims:
                self.said({"op": "dump"})

    for op in sorted(OPS.keys() & claims):
        name = op.replace(".", "_")
        setattr(Machine, name, step(lines(op, claims), name))
    Machine.__name__ = Machine.__qualname__ = (
        f"{target.name.rpartition(':')[2].rpartition('.')[2]}Machine"
    )
    return Machine


def step(drawn: st.SearchStrategy[Line], name: str) -> Any:
    """Return a rule that says one drawn line."""

    def said(self: Any, line: Line) -> None:
        self.said(line)

    said.__name__ = name
    return rule(line=drawn)(said)
