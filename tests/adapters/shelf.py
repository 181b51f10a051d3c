"""The libraries of examples/adapters for tests: built, or a skip with the reason."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from libraries import Run, libraries

ROOT = Path(__file__).parents[2]
RUNS = {run.name: run for run in libraries()}


@cache
def state_of(name: str) -> tuple[str, str]:
    """Return what a library still needs, and why it could not be built."""
    run = RUNS[name]
    return run.missing, "" if run.missing else run.make()


def library(name: str) -> Run:
    """Return a library that is there and built; what is not there is a skip, what fails a failure."""
    missing, broken = state_of(name)
    if missing:
        pytest.skip(missing)
    assert broken == ""
    return RUNS[name]
