"""The Python libraries under the oracle, in this process: docs/peers_under_test.md tells of them."""

from __future__ import annotations

import itertools
import re

import pytest
from libraries import PEERS

from rangelist.oracle.corpus import random_traces, witnesses
from rangelist.oracle.exhaustive import exhaustive
from rangelist.oracle.real import load
from rangelist.oracle.runner import run
from rangelist.oracle.target import InProcess
from rangelist.oracle.trace import read
from tests.adapters.shelf import ROOT, RUNS, library

PAGE = (ROOT / "docs" / "peers_under_test.md").read_text(encoding="utf-8")
TOLD = re.findall(r"<!-- (\w+:\w+) -->\n *```json\n(.*?)```", PAGE, re.DOTALL)
NAMES = {run.impl: run.name for run in RUNS.values() if run.impl}


def peer(where: str, monkeypatch: pytest.MonkeyPatch) -> InProcess:
    """Return an adapter of examples/peers, or skip with the reason."""
    library(NAMES[where])
    monkeypatch.syspath_prepend(str(PEERS))
    return load(where)


@pytest.mark.parametrize("where", [where for where in NAMES if RUNS[NAMES[where]].promised])
def test_a_peer_is_right_in_what_it_documents(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No wrong reply in the witnesses, in all cases over 3 points, in random traces."""
    target = peer(where, monkeypatch)
    traces = itertools.chain(witnesses(), exhaustive(3), random_traces(16))
    verdicts = list(run(traces, target))
    assert [verdict.sentence() for verdict in verdicts if verdict.bad] == []
    assert any(verdict.kind == "pass" for verdict in verdicts)


@pytest.mark.parametrize(("where", "text"), TOLD)
def test_a_disagreement_that_the_page_tells_of_is_there(
    where: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run the trace of the page; the peer answers otherwise than the laws."""
    target = peer(where, monkeypatch)
    (trace,) = read(text.splitlines(), "page")
    (verdict,) = run([trace], target)
    assert verdict.bad, verdict


def test_the_page_tells_of_every_loop_that_disagrees() -> None:
    """Every library whose loops are in the table has a trace on the page."""
    loops = {where for where, name in NAMES.items() if not RUNS[name].promised}
    assert {where for where, _ in TOLD} == loops
