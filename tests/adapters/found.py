"""docs/found_in_others.md: each bug is still there, shown by a program in that library alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.adapters.programs import LANGUAGES, run_program
from tests.adapters.shelf import ROOT, library

PAGE = (ROOT / "docs" / "found_in_others.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(
    r"<!-- run: ([\w-]+) -->\n```(\w+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE
)
HEADINGS = re.findall(r"^### (\d+)\. (.*)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "language", "text"), PROGRAMS, ids=[number for number, _ in HEADINGS]
)
def test_a_bug_that_the_page_tells_of_is_there(
    name: str, language: str, text: str, tmp_path: Path
) -> None:
    """The program ends well as long as the library is wrong; when it fails, the page is out of date."""
    run = library(name)
    assert run_program(language, text, tmp_path, run.folder) == ""


def test_every_entry_of_the_page_has_a_program_and_a_place_in_its_table() -> None:
    """Numbers rise by one, each entry is linked once, and every program can be run."""
    assert [int(number) for number, _ in HEADINGS] == list(range(1, len(PROGRAMS) + 1))
    linked = re.findall(r"\[(\d+)\]\(#(.*?)\)", PAGE)
    assert linked == [(number, anchor_of(f"{number}. {title}")) for number, title in HEADINGS]
    assert {language for _, language, _ in PROGRAMS} <= LANGUAGES.keys()


def anchor_of(heading: str) -> str:
    """Return the anchor that a heading has on a page: small letters, hyphens, no punctuation."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
