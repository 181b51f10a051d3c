"""`make demo`: a minute worth watching, on a screen of a hundred columns."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import rangelist
from tests.docs.pages import ROOT


def test_the_demo_runs_and_fits_a_screen():
    """Samples first; no traceback, no line that is too long, and the end is reached."""
    for tool in ("sh", "awk", "fold", "sed"):
        if shutil.which(tool) is None:
            pytest.skip(f"no {tool} on this machine")
    where = str(Path(rangelist.__file__).parent.parent)
    env = os.environ | {"PYTHON": sys.executable, "PYTHONPATH": where, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["sh", str(ROOT / "examples" / "demo.sh")],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    told = re.sub("\033\\[[0-9]*m", "", done.stdout)
    lines = [line for line in told.splitlines() if sys.executable not in line]

    assert done.returncode == 0, done.stderr
    # What is guessed, and four lines that are meant to be bad; nothing else is complained of.
    said = [line.partition(":")[0] for line in done.stderr.splitlines()]
    assert said == ["reading examples/data/shifts.csv as csv", "who", *["examples/data/broken.bed"] * 4]
    assert told.rstrip().endswith("docs/cli.md")
    assert [line for line in lines if len(line.expandtabs()) > 100] == []
    assert 100 < len(lines) < 180
