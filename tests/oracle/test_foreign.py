"""Real foreign implementations: what they claim is right, and what is broken in them is found."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from rangelist.oracle.__main__ import main
from rangelist.oracle.corpus import random_traces, witnesses
from rangelist.oracle.exhaustive import exhaustive
from rangelist.oracle.runner import judge
from rangelist.oracle.shrink import smallest
from rangelist.oracle.target import Pipe
from tests.oracle.faults import COUNT, faults
from tests.oracle.foreign import C_MUTANTS, JS, JS_MUTANTS, C, build_c, build_js


def test_the_c_list_passes_all_it_claims(tmp_path: Path) -> None:
    """The whole corpus, and every claim shown by it."""
    assert main(["run", "--cmd", build_c(tmp_path)]) == 0


def test_the_javascript_list_passes_all_it_claims(tmp_path: Path) -> None:
    """The whole corpus, and every claim shown by it."""
    assert main(["run", "--cmd", build_js(tmp_path)]) == 0


def shrunk(command: str) -> int:
    """Return how many lines the first failure has when it is made small."""
    target = Pipe(command, timeout=60)
    try:
        traces = itertools.chain(witnesses(), exhaustive(3), random_traces(8))
        bad = next(verdict for trace in traces if (verdict := judge(trace, target)).bad)
        small, _ = smallest(bad, target)
        assert small.bad
        return len(small.trace.lines)
    finally:
        target.close()


@pytest.mark.parametrize("name", C_MUTANTS)
def test_a_broken_c_list_is_caught_in_five_lines(name: str, tmp_path: Path) -> None:
    """Found by the corpus, and shrunk to five lines or fewer."""
    assert shrunk(build_c(tmp_path, C_MUTANTS[name])) <= 5


@pytest.mark.parametrize("name", JS_MUTANTS)
def test_a_broken_javascript_list_is_caught_in_five_lines(name: str, tmp_path: Path) -> None:
    """Found by the corpus, and shrunk to five lines or fewer."""
    assert shrunk(build_js(tmp_path, JS_MUTANTS[name])) <= 5


@pytest.mark.parametrize("library", [C / "range_list.h", JS / "rangelist.mjs"])
def test_the_faults_of_a_port_are_always_the_same(library: Path) -> None:
    """More than are drawn, all inside of functions; FAULTS.md tells what finds them."""
    source = library.read_text(encoding="utf-8")
    found = faults(source)
    assert found == faults(source)
    assert len(found) > COUNT
    assert all(fault.applied(source) != source for fault in found)
    page = (Path(__file__).parent / "FAULTS.md").read_text(encoding="utf-8")
    assert f"{library.name}: {COUNT} faults" in page
