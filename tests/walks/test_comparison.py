"""The comparison in docs/walks.md is run, so that it cannot rot."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from walks import comparison

PAGE = Path(__file__).parents[2] / "docs" / "walks.md"


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", comparison.SYSTEMS)
def test_the_page_says_what_really_comes_out(name, page):
    """The Python systems, each in its own loop."""
    for module in ("sortedcontainers", "intervaltree"):
        if module in name:
            pytest.importorskip(module, reason=f"{module} is only compared with, not needed")
    assert comparison.row(name) in page.splitlines()


def test_the_page_says_what_java_does(page, tmp_path):
    """Compiled and run, where there is a Java."""
    if shutil.which("javac") is None or shutil.which("java") is None:
        pytest.skip("no javac here: Java is only compared with")
    (tmp_path / "Comparison.java").write_text(comparison.JAVA, encoding="utf-8")
    subprocess.run(["javac", "Comparison.java"], cwd=tmp_path, check=True)
    done = subprocess.run(
        ["java", "-cp", str(tmp_path), "Comparison"],
        input=comparison.java_input(),
        capture_output=True,
        text=True,
        check=True,
    )
    for line in comparison.java_rows(done.stdout):
        assert line in page.splitlines()


def test_the_walk_is_right_in_every_column():
    """Otherwise the table would compare with nothing."""
    for change in comparison.CHANGES:
        assert comparison.rest(comparison.AWalk, change) == comparison.DUE[change]


def test_every_law_on_the_page_names_tests_that_exist(page):
    """The number of a law, and the function that holds it."""
    tests = "".join(
        path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")
    )
    named = re.findall(r"`(test_\w+)`", page)
    assert {f"l{n:02}" for n in range(1, 21)} <= {name.split("_")[1] for name in named}
    for name in named:
        assert f"def {name}(" in tests, name


if __name__ == "__main__":
    print(comparison.head(), *map(comparison.row, comparison.SYSTEMS), sep="\n")  # noqa: T201
