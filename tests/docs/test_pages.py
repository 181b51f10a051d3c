"""Every example in README.md and docs/ is run, and has to show what really comes out.

Fences:
    ```python     run from top to bottom of a page in one namespace; with >>> as a doctest
    ```console    each `$ python -m rangelist …` is run, and its output compared
                  (`...` on a line of its own stands for any number of lines)
"""

import csv
import doctest
import os
import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import rangelist
from tests.docs.pages import PAGES, ROOT, Block, blocks, name_of

OURS = ("python -m rangelist", "cat ", "printf ", "head ")


def run_python(page: Path, namespace: dict[str, object]) -> None:
    """Run the Python blocks of a page; what one defines the next may use."""
    for block in blocks(page, "python"):
        where = f"{page.name}:{block.line}"
        if ">>>" in block.text:
            failures = run_doctest(block, namespace, where)
            assert not failures, "".join(failures)
        else:
            source = "\n" * (block.line - 1) + block.text
            exec(compile(source, str(page), "exec"), namespace)


def run_doctest(block: Block, namespace: dict[str, object], where: str) -> list[str]:
    """Run one block with prompts; return what was reported as wrong."""
    test = doctest.DocTestParser().get_doctest(block.text, {}, where, str(where), block.line - 1)
    test.globs = namespace  # not a copy: names live on in the next block
    report: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(
        test, out=report.append, clear_globs=False
    )
    return report


def sessions(block: Block) -> list[tuple[str, str]]:
    """Split a console block in commands and the output shown below each."""
    parts = re.split(r"^\$ (.*(?:\\\n.*)*)\n", block.text, flags=re.MULTILINE)
    assert not parts[0].strip(), f"output without a command: {parts[0]!r}"
    return list(zip(parts[1::2], parts[2::2], strict=True))


def run_command(command: str) -> str:
    """Run a shell line as a reader would, with this Python for `python`."""
    where = str(Path(rangelist.__file__).parent.parent)  # the tree, or where a wheel is installed
    env = os.environ | {"PYTHONPATH": where, "COLUMNS": "100", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        f'python() {{ {shlex.quote(sys.executable)} "$@"; }}\n{command}',
        shell=True,
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.stdout + done.stderr


def matches(shown: str, got: str) -> bool:
    """Compare, with a line `...` for any lines."""
    pattern = "".join(
        "(?:.*\n)*" if line.strip() == "..." else re.escape(line.rstrip()) + "[ ]*\n"
        for line in shown.rstrip().splitlines()
    )
    return re.fullmatch(pattern, got if got.endswith("\n") or not got else got + "\n") is not None


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_python_on_a_page_runs(page):
    """What a reader copies works."""
    run_python(page, {"__name__": "docs"})


def test_each_recipe_needs_the_imports_of_its_page_and_nothing_else():
    """A reader copies two blocks."""
    imports, *recipes = blocks(ROOT / "docs" / "recipes.md", "python")
    assert len(recipes) >= 12
    for recipe in recipes:
        exec(
            compile(f"{imports.text}\n{recipe.text}", f"recipes.md:{recipe.line}", "exec"),
            {"__name__": "docs"},
        )


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_on_a_page_print_what_is_shown(page):
    """Commands of ours are run; others (make, git, pip) are only shown."""
    for block in blocks(page, "console"):
        for command, shown in sessions(block):
            if command.startswith(OURS):
                got = run_command(command)
                assert matches(shown, got), (
                    f"{page.name}: $ {command}\nshown:\n{shown}\ngot:\n{got}"
                )


def test_the_readme_has_examples_of_both_kinds():
    """The tests above must have something to do."""
    assert blocks(PAGES[0], "python")
    assert blocks(PAGES[0], "console")


def test_no_page_says_to_install_the_project_of_somebody_else():
    """The name `rangelist` on PyPI is not ours; `rangelist-py` is."""
    for page in PAGES:
        assert not re.search(r"pip install +rangelist(?!-py)", page.read_text(encoding="utf-8"))


def test_pictures_and_targets_that_a_page_names_are_there():
    """No link is dead."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for link in re.findall(r"!?\[[^]]*\]\(([^)#:]+)\)", text):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
        for target in re.findall(r"`make ([a-z-]+)", text):
            assert target in targets, f"{page.name}: make {target}"


def test_the_tables_on_the_page_are_those_of_the_measurement():
    """Ratios are computed from the record, not copied by hand."""
    folder = ROOT / "benchmarks"
    made = runpy.run_path(str(folder / "bars.py"))["page"]
    with (folder / "results.csv").open(newline="") as file:
        parts = made(list(csv.DictReader(file)))

    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert set(parts) == {"runs", "bars", "cells"}
    for name, part in parts.items():
        assert f"<!-- {name} -->\n\n{part}\n\n<!-- end of {name} -->" in page


def test_every_number_on_record_names_its_commit_and_its_python():
    """A build with PGO has other ratios, and an old commit other code."""
    with (ROOT / "benchmarks" / "results.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            assert re.fullmatch(r"[0-9a-f]{7}\+?", row["commit"]), row
            assert re.fullmatch(r"\w+ 3\.\d+\.\d+", row["python"]), row
            assert re.search("PGO.*LTO|unknown", row["flags"]), row


def test_a_loss_is_bold_and_a_ratio_of_another_run_has_its_number():
    """Two commits on one page are told apart, and what to take instead is named."""
    found = {  # commit, nodes, (contender, kind): seconds
        ("aaaaaaa", 100): {("rangelist, plain", "own"): 1, ("peer", "python"): 2},
        ("bbbbbbb", 1_000): {("rangelist, plain", "own"): 3, ("peer", "python"): 2},
        ("aaaaaaa", 10_000): {("rangelist, compiled", "own"): 5, ("peer", "python"): 2},
    }
    rows = [
        {"case": "walk", "unit": "s", "n": str(n), "contender": name, "kind": kind, "min": str(took),
         "commit": commit, "python": "CPython 3.11.7", "flags": "-O3, no PGO, no LTO"}
        for (commit, n), told in found.items() for (name, kind), took in told.items()
    ]  # fmt: skip
    parts = runpy.run_path(str(ROOT / "benchmarks" / "bars.py"))["page"](rows)

    assert parts["runs"].splitlines() == [
        "1. commit aaaaaaa, CPython 3.11.7 (-O3, no PGO, no LTO)",
        "2. commit bbbbbbb, CPython 3.11.7 (-O3, no PGO, no LTO)",
    ]
    assert parts["cells"].splitlines()[-1] == (
        "| walk | peer | – / 0.50 | – / **1.50** (2) | **2.50** / – |"
    )
