"""What Python implementations get: a Hypothesis machine and a pytest plugin."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from rangelist import RangeList
from rangelist.oracle.spec import OPS
from rangelist.testing import Disagreement, machine_for
from tests.oracle.broken import Crashing, Forgetful

ROOT = Path(__file__).parents[2]

# A program that starts once, and dies at the first trace.
GONE = """
import json, pathlib, sys
from rangelist.oracle.spec import CAPABILITIES
once = pathlib.Path(sys.argv[1])
if once.exists():
    sys.exit("again")
once.touch()
input()
print(json.dumps({"ok": {"name": "gone", "version": "1", "capabilities": [*CAPABILITIES]}}), flush=True)
"""
QUICK = settings(
    max_examples=25,
    stateful_step_count=20,
    database=None,
    phases=(Phase.generate,),  # what is found here is known; making it small takes most of the time
)
# For what has to be found: the same draws in every run.
SURE = settings(QUICK, max_examples=1000, derandomize=True)


def test_the_library_agrees_with_the_oracle_whatever_hypothesis_says() -> None:
    """Every operation, with all hooks."""
    lists = {word for word in OPS if not word.startswith("bag.")}
    assert lists <= {name for name in vars(machine_for(RangeList)) if not name.startswith("_")}
    run_state_machine_as_test(machine_for(RangeList), settings=QUICK)


def test_a_disagreement_is_told_as_a_trace_and_as_a_script() -> None:
    """Ready to be pasted into a file."""
    claims = {"set", "current", "cursor", "next", "walk=E", "resumable"}
    with pytest.raises(Disagreement) as raised:
        run_state_machine_as_test(machine_for(Forgetful, claims), settings=SURE)
    told = str(raised.value)
    assert '{"op":"current"' in told
    assert "rangelist-oracle serve --impl tests.oracle.broken:Forgetful <<'END'" in told
    assert raised.value.trace.lines[-1]["op"] == "current"


def test_a_crash_is_a_disagreement_too() -> None:
    """The exception is named."""
    with pytest.raises(Disagreement, match="ZeroDivisionError"):
        run_state_machine_as_test(machine_for(Crashing, {"merge"}), settings=SURE)


def test_the_machine_has_the_name_of_what_it_tests() -> None:
    """So that a failing test says whose it is."""
    assert machine_for(RangeList, {"len"}).__name__ == "RangeListMachine"


def plugged(
    folder: Path, *options: str, plugin: str = "rangelist.pytest_plugin"
) -> subprocess.CompletedProcess[str]:
    """Run pytest in a process of its own, in an empty folder, with the plugin."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    off = ["-p", plugin, "-p", "no:cacheprovider", "-q"]
    call = [sys.executable, "-m", "pytest", "-c", os.devnull, *off, str(folder), *options]
    return subprocess.run(call, capture_output=True, text=True, env=env, cwd=folder, check=False)


def test_the_plugin_runs_the_corpus_on_a_class(tmp_path: Path) -> None:
    """A test for each witness, one for each list of the exhaustive cases; a skip has a reason."""
    few = ["--rangelist-only", "*/[aLb][01a][1g-]*"]
    done = plugged(tmp_path, "--rangelist-impl", "tests.oracle.broken:Forgetful", "-rs", "-v", *few)
    assert "law/L11-split-current" in done.stdout
    assert "law/L20-refused-cut" not in done.stdout
    assert "x4/a0-4" in done.stdout
    assert "needs bag.add" in done.stdout
    assert "Traceback" not in done.stdout
    assert done.returncode == 1


def test_the_plugin_runs_the_corpus_on_a_program_and_saves_failures(tmp_path: Path) -> None:
    """The oracle over a pipe has none; a broken one leaves its failures in a folder."""
    serve = f"{sys.executable} -m rangelist.oracle serve"
    law = ["--rangelist-only", "law"]
    assert plugged(tmp_path, "--rangelist-cmd", serve, *law).returncode == 0
    broken = f"{serve} --impl tests.oracle.broken:Forgetful"
    done = plugged(tmp_path, "--rangelist-cmd", broken, "--rangelist-save", "found", "-x", *law)
    assert done.returncode == 1
    assert list((tmp_path / "found").glob("*.jsonl"))


def test_the_plugin_is_silent_when_it_is_not_asked(tmp_path: Path) -> None:
    """No test is added without one of its options; `rangelist.testing` brings it along."""
    assert "no tests ran" in plugged(tmp_path).stdout
    assert "no tests ran" in plugged(tmp_path, plugin="rangelist.testing").stdout
    law = ["--rangelist-impl", "rangelist:RangeList", "--rangelist-only", "plain/L1*"]
    done = plugged(tmp_path, *law, plugin="rangelist.testing")
    assert re.search(r"^\d\d passed", done.stdout, re.MULTILINE)


def test_installing_the_library_registers_no_plugin() -> None:
    """Nobody who has it installed pays for it in every run of pytest."""
    assert [point for point in entry_points(group="pytest11") if "rangelist" in point.value] == []


def test_the_plugin_shows_an_error_of_its_own_as_pytest_does(tmp_path: Path) -> None:
    """A program that is gone when a trace is asked for is no verdict on the trace."""
    (tmp_path / "gone.py").write_text(GONE, encoding="utf-8")
    command = f"{sys.executable} {tmp_path / 'gone.py'} {tmp_path / 'once'}"
    done = plugged(tmp_path, "--rangelist-cmd", command, "--rangelist-only", "law/L01")
    assert "did not start" in done.stdout
    assert done.returncode == 1
