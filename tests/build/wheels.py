"""Install each wheel of dist/ into an empty environment, and use it there: `make test-wheel`."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

DIST = Path(__file__).parents[2] / "dist"
WHEELS = sorted(DIST.glob("*.whl"))

# What lies on a caller's PYTHONPATH would be taken for what is installed.
ALONE = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

USE = """
import importlib.metadata, rangelist
from rangelist import RangeList
rl = RangeList([(0, 8, "a")])
rl[8:12] = "a"
assert repr(rl) == "RangeList([(0, 12, 'a')])"
others = {package.name for package in importlib.metadata.distributions()}
assert others <= {"rangelist-py", "pip", "setuptools"}, others
print(rangelist.COMPILED)
"""


@pytest.fixture(scope="module", params=WHEELS, ids=lambda wheel: wheel.name)
def installed(request, tmp_path_factory):
    """Return a wheel, and the folder of an environment with nothing but that wheel in it."""
    place = tmp_path_factory.mktemp("empty")
    subprocess.check_call([sys.executable, "-m", "venv", place])
    pip = [place / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-index"]
    subprocess.check_call([*pip, request.param], env=ALONE)
    return request.param, place


def output(place, *command):
    """Run a command of the environment, away from the tree."""
    path = place / "bin" / command[0]
    return subprocess.check_output([path, *command[1:]], cwd=place, env=ALONE, text=True)


def test_there_is_a_plain_wheel_and_a_compiled_one():
    """One for every machine, one for this."""
    assert [wheel.name.endswith("-py3-none-any.whl") for wheel in WHEELS].count(True) == 1
    assert len(WHEELS) == 2


def test_the_library_works_alone(installed):
    """It needs no other package, and is of the build that the name of the wheel says."""
    wheel, place = installed
    assert output(place, "python", "-c", USE).split() == [str("-cp" in wheel.name)]


def test_the_command_line_works(installed):
    """As a module, and as a command."""
    _, place = installed
    (place / "in.bed").write_text("chr1\t0\t8\nchr1\t4\t12\n")
    for command in (("python", "-m", "rangelist"), ("rangelist",)):
        assert output(place, *command, "--as", "same", "in.bed") == "chr1\t0\t12\n"


def test_types_and_sources_are_in_it(installed):
    """`.py` files lie beside the compiled ones, for readers and type checkers."""
    wheel, _ = installed
    names = zipfile.ZipFile(wheel).namelist()
    assert {"rangelist/py.typed", "rangelist/chain.py", "rangelist/_compat.pyi"} <= set(names)
    assert any(name.startswith("rangelist/oracle/cases/") for name in names)
    assert not any(name.startswith("tests/") for name in names)
