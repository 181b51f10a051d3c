"""The corpus as pytest items; `rangelist.pytest_plugin` asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, cast

import pytest

from rangelist.oracle.adapter import load
from rangelist.oracle.commands import save
from rangelist.oracle.corpus import corpus
from rangelist.oracle.runner import Verdict, judge
from rangelist.oracle.target import Pipe, Target
from rangelist.oracle.trace import Trace

__all__ = ["corpus_items"]


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


def corpus_items(
    session: pytest.Session, impl: str | None, command: str | None, only: str, folder: str | None
) -> list[TraceItem]:
    """Return one test for each witness, and one for each list of the exhaustive cases."""
    target: Target = load(impl) if impl is not None else Pipe(command or "")
    session.config.add_cleanup(target.close)
    made: list[TraceItem] = []
    make = cast("Any", TraceItem).from_parent  # its keywords have no types in pytest
    for name, traces in groups():
        if name.startswith(only):
            item: TraceItem = make(session, name=name)
            item.target, item.traces, item.folder = target, traces, folder
            made.append(item)
    return made


def groups() -> Iterator[tuple[str, list[Trace]]]:
    """Yield the corpus in parts, each with a name."""
    for name, traces in groupby(corpus(), key=lambda trace: "/".join(trace.id.split("/")[:2])):
        yield name, list(traces)
