"""Each row of the tables in docs/cli.md: their command and ours print the same bytes."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import rangelist
from rangelist.cli.options import parser

ROOT = Path(__file__).parent.parent.parent
ROW = re.compile(r"^\| `(.*)` \| `(rangelist .*|.*\| rangelist .*)` \|$", re.MULTILINE)
ROWS = [
    tuple(command.replace("\\|", "|") for command in row)
    for row in ROW.findall((ROOT / "docs" / "cli.md").read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the sample files, and those that the page makes of them."""
    there = tmp_path_factory.mktemp("page")
    shutil.copytree(ROOT / "examples" / "data", there, dirs_exist_ok=True)
    reads = sorted(
        (there / "reads.bed").read_text().splitlines(),
        key=lambda line: (line.split("\t")[0], int(line.split("\t")[1])),
    )
    (there / "sorted.bed").write_text("\n".join(reads) + "\n")
    # iprange knows no IPv6, and takes a word behind an address for an error.
    for name, to in (("allowed.txt", "v4.txt"), ("blocked.txt", "deny.txt")):
        lines = (there / name).read_text().splitlines()
        spans = [re.sub(r"\s+[a-z].*| (?=-)|(?<=-) ", "", line) for line in lines if ":" not in line]
        (there / to).write_text("\n".join(span for span in spans if span[:1] != "#") + "\n")
    return there


def shell(command, folder):
    """Run a shell line; `rangelist` is ours."""
    where = str(Path(rangelist.__file__).parent.parent)
    ours = f'export PYTHONPATH={where}; rangelist() {{ {shlex.quote(sys.executable)} -m rangelist "$@"; }}'
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {ours}\n{command}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("theirs", "ours"), ROWS)
def test_both_commands_print_the_same(folder, theirs, ours):
    """Their programs are not needed for anything else."""
    tool = next(word for word in re.findall(r"\w+", theirs) if word in ("bedtools", "bedops", "iprange"))
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not installed: apt-get install {tool}")

    assert shell(ours, folder) == shell(theirs, folder)


def test_the_page_has_rows():
    """The test above must have something to do."""
    assert len(ROWS) > 25


def test_the_page_names_every_option():
    """By its long name."""
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    names = [one.option_strings for one in parser()._actions if one.option_strings]
    assert [some for some in names if not any(re.search(rf"`[^`]*{name}\b", page) for name in some)] == []


def test_no_option_is_documented_that_is_not_there():
    """Those of the page are those of the program."""
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    known = {text for one in parser()._actions for text in one.option_strings}
    ours = "\n".join([*(row[1] for row in ROWS), *(line for line in page.splitlines() if line[:1] != "|")])
    ours = re.sub(r"`bed(ops|tools) [^`]*`", "", ours)
    used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", ours))
    assert "--union" in used
    assert used - known == set()
