"""A pytest plugin that runs the corpus as tests: `pytest -p rangelist.testing` (with Hypothesis) or
`pytest -p rangelist.pytest_plugin`.  Nothing registers it by itself.

    --rangelist-impl module:Class      an implementation in this process
    --rangelist-cmd PROGRAM            one that speaks the protocol of the oracle
    --rangelist-only PATTERN           only traces with an id that begins so, such as law or x4
    --rangelist-save DIR               where failures go, shrunk: as a trace, a picture, a script
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, cast

import pytest

from rangelist.oracle.commands import chosen, save
from rangelist.oracle.corpus import corpus
from rangelist.oracle.real import load
from rangelist.oracle.runner import Verdict, judge
from rangelist.oracle.target import Pipe, Target
from rangelist.oracle.trace import Trace

__all__ = ["pytest_addoption", "pytest_collection_modifyitems"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("rangelist")
    group.addoption("--rangelist-impl", metavar="MODULE:CLASS", help="run the corpus on this class")
    group.addoption("--rangelist-cmd", metavar="PROGRAM", help="run the corpus on this program")
    group.addoption(
        "--rangelist-only", metavar="PATTERN", default="", help="only ids that begin so"
    )
    group.addoption("--rangelist-save", metavar="DIR", help="write failures there, shrunk")


def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add one test for each witness, and one for each list of the exhaustive cases."""
    impl, command = config.getoption("--rangelist-impl"), config.getoption("--rangelist-cmd")
    if impl is None and command is None:
        return
    target: Target = load(impl) if impl is not None else Pipe(str(command))
    config.add_cleanup(target.close)
    only = str(config.getoption("--rangelist-only"))
    make = cast("Any", TraceItem).from_parent  # its keywords have no types in pytest
    for name, traces in groups(target.capabilities):
        if chosen(name, [only] if only else []):
            item: TraceItem = make(session, name=name)
            item.target, item.traces = target, traces
            item.folder = config.getoption("--rangelist-save")
            items.append(item)


def groups(claims: frozenset[str]) -> Iterator[tuple[str, list[Trace]]]:
    """Yield the corpus in parts, each with a name."""
    in_order = groupby(corpus(claims), key=lambda trace: "/".join(trace.id.split("/")[:2]))
    for name, traces in in_order:
        yield name, list(traces)


class Wrong(Exception):  # noqa: N818 - it is a verdict, shown by repr_failure
    """Traces that went wrong."""

    def __init__(self, bad: list[Verdict]) -> None:
        self.bad = bad
        super().__init__(len(bad))


class TraceItem(pytest.Item):
    """A few traces that belong together, as one test."""

    target: Target
    traces: list[Trace]
    folder: str | None

    def runtest(self) -> None:
        verdicts = [judge(trace, self.target) for trace in self.traces]
        bad = [verdict for verdict in verdicts if verdict.bad]
        if bad and self.folder is not None:
            save(bad, self.target, Path(self.folder))
        if bad:
            raise Wrong(bad)
        if all(verdict.kind == "skip" for verdict in verdicts):
            pytest.skip(verdicts[0].reason)

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> str:
        if isinstance(excinfo.value, Wrong):
            return "\n".join(verdict.sentence() for verdict in excinfo.value.bad[:10])
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, self.name
