"""libraries.toml and the pages that tell of it, without starting anything."""

from __future__ import annotations

import re

import pytest
from libraries import HERE, libraries, present

from tests.adapters.found import PROGRAMS
from tests.adapters.shelf import ROOT, RUNS

PAGE = (ROOT / "docs" / "peers_under_test.md").read_text(encoding="utf-8")


def test_every_library_has_a_name_of_its_own_and_a_source() -> None:
    """A name is an option of table.py, and the key of a test."""
    assert len(RUNS) == len(libraries())
    assert [run.name for run in libraries() if not (HERE / run.file).is_file()] == []
    assert [run.name for run in libraries() if bool(run.command) == bool(run.impl)] == []


def test_the_page_has_a_row_or_a_reason_for_every_library() -> None:
    """`make table` was run after libraries.toml was changed."""
    rows = [
        f"| {run.library} |" in PAGE or f"* {run.library}: needs" in PAGE for run in libraries()
    ]
    assert all(rows)


def test_every_program_of_a_bug_names_a_library_that_can_be_run() -> None:
    """What a program needs is what the library needs."""
    assert {name for name, _, _ in PROGRAMS} <= RUNS.keys()


def test_what_is_missing_is_told_with_what_brings_it() -> None:
    """The reason of a skip is of use."""
    assert not present("no-such-program")
    assert not present("/no/such/*/file")
    assert not present("python:no_such_module")
    assert present("python:json")
    assert all(re.match(r"(apt-get|pip) install ", run.install) for run in libraries())


def test_a_field_that_does_not_exist_is_an_error() -> None:
    """A misspelt field of libraries.toml does nothing in silence nowhere."""
    from libraries import run_of  # noqa: PLC0415 - beside its only use

    with pytest.raises(TypeError, match="arguements"):
        run_of(
            {"file": "a", "needs": [], "install": ""},
            {"name": "a", "library": "a", "way": "", "arguements": ""},
        )
