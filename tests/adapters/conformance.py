"""Every library in another language that is installed, against the oracle: `make test-adapters`.

Not collected by name: compilers, a JVM and node are started for it, which takes a minute.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from table import ask, failed

from tests.adapters.shelf import ROOT, RUNS, library

FOUND = (ROOT / "docs" / "found_in_others.md").read_text(encoding="utf-8")
TRACES = re.findall(r"<!-- ([\w-]+) -->\n```json\n(.*?)^```$", FOUND, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("name", [name for name, run in RUNS.items() if run.command])
def test_a_library_is_right_in_what_its_adapter_claims(name: str) -> None:
    """No wrong reply in the whole corpus and in a few random traces, and something was compared."""
    report = ask(library(name), ["--random", "16"])
    assert report["failures"] == []
    assert report["problems"] == []
    assert report["counts"]["pass"] > 0
    assert failed(report) == 0


@pytest.mark.parametrize(("name", "text"), TRACES, ids=[name for name, _ in TRACES])
def test_a_trace_that_shows_a_bug_still_fails(name: str, text: str, tmp_path: Path) -> None:
    """The page has the trace beside the program in the library alone."""
    trace = tmp_path / "trace.jsonl"
    trace.write_text(text, encoding="utf-8")
    assert json.loads(text.splitlines()[0])["trace"] == 1
    assert ask(library(name), [str(trace)])["counts"]["fail"] == 1
