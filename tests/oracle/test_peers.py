"""Other libraries under the oracle: docs/peers_under_test.md says what is so."""

from __future__ import annotations

import importlib.util
import itertools
import re
from pathlib import Path

import pytest

from rangelist.oracle.corpus import random_traces, witnesses
from rangelist.oracle.exhaustive import exhaustive
from rangelist.oracle.real import load
from rangelist.oracle.runner import run
from rangelist.oracle.target import InProcess
from rangelist.oracle.trace import read

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "peers_under_test.md"

RIGHT = {
    "portion_map:Portion": "portion",
    "collections_extended_map:Extended": "collections_extended",
    "intervaltree_map:Tree": "intervaltree",
    "python_ranges_map:Ranges": "ranges",
    "sorteddict_map:Sorted": "sortedcontainers",
    "pandas_index:Index": "pandas",
}
TOLD = re.compile(r"<!-- (\w+:\w+) -->\n *```json\n(.*?)```", re.DOTALL)


def peer(where: str, monkeypatch: pytest.MonkeyPatch) -> InProcess:
    """Return an adapter of examples/peers, or skip with the reason."""
    modules = {
        "portion_map": "portion",
        "collections_extended_map": "collections_extended",
        "intervaltree_map": "intervaltree",
        "python_ranges_map": "ranges",
        "sorteddict_map": "sortedcontainers",
        "pandas_index": "pandas",
    }
    needed = modules[where.partition(":")[0]]
    if importlib.util.find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed")
    monkeypatch.syspath_prepend(str(ROOT / "examples" / "peers"))
    return load(where)


@pytest.mark.parametrize("where", RIGHT)
def test_a_peer_is_right_in_what_it_documents(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No wrong reply in the witnesses, in all cases over 3 points, in random traces."""
    target = peer(where, monkeypatch)
    traces = itertools.chain(witnesses(), exhaustive(3), random_traces(16))
    verdicts = list(run(traces, target))
    assert [verdict.sentence() for verdict in verdicts if verdict.bad] == []
    assert any(verdict.kind == "pass" for verdict in verdicts)


@pytest.mark.parametrize(("where", "text"), TOLD.findall(PAGE.read_text(encoding="utf-8")))
def test_a_disagreement_that_the_page_tells_of_is_there(
    where: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run the trace of the page; the peer answers otherwise than the laws."""
    target = peer(where, monkeypatch)
    (trace,) = read(text.splitlines(), "page")
    (verdict,) = run([trace], target)
    assert verdict.bad, verdict


def test_the_page_tells_of_every_adapter_with_disagreements() -> None:
    """No adapter whose name ends in Walk or Bag is left out."""
    classes = re.findall(
        r"^class (\w+(?:Walk|Bag))\b",
        "".join(
            path.read_text(encoding="utf-8") for path in (ROOT / "examples/peers").glob("*.py")
        ),
        re.MULTILINE,
    )
    told = {where.partition(":")[2] for where, _ in TOLD.findall(PAGE.read_text(encoding="utf-8"))}
    assert told == set(classes)
