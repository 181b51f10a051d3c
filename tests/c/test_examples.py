"""The three programs and the README beside the C header: they are short, and say what they should."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.c.programs import COMPILERS, SANITIZED, C, compiler, output, program

SCAN = """\
0 4096 65536 7 -
4096 4096 69632 7 -
16384 8192 200704 8 C
2048 4096 300000 9 -
0 8192 1000000 3 -
8192 4096 73728 7 -
"""
SAID = {
    "extents": """\
0..2047 on disk at 65536, generation 7, -
2048..6143 on disk at 300000, generation 9, -
6144..12287 on disk at 71680, generation 7, -
12288..16383 hole
16384..24575 on disk at 200704, generation 8, C
""",
    "areas": """\
1 left         P=[0,12)p N=[20,28)n
2 right        P=[0,8)p N=[16,28)n
3 both         P=[0,28)a
4 interior     P=[0,8)p +=[8,12)m M=[12,16)x +=[16,20)m N=[20,28)n
5 in place     P=[0,8)p M=[8,20)x N=[20,28)n
6 edge         P=[0,8)p M=[8,12)x +=[12,20)m N=[20,28)n
7 left part    P=[0,12)p M=[12,20)m N=[20,28)n
8 left full    P=[0,20)p N=[20,28)n
9 right part   P=[0,8)p M=[8,16)m N=[16,28)n
10 right full  P=[0,8)p N=[8,28)n
11 both        P=[0,28)a
3, N closes    P=[0,20)a N=[20,28)a
11, N closes   P=[0,20)a N=[20,28)a
11, M closes   P=[0,8)a M=[8,20)a N=[20,28)a
7, M closes    P=[0,12)p M=[12,20)m N=[20,28)n
""",
    "enclave": """\
map: [4,12)6
outside: refused, [4,12)6
join: [4,16)6
protect: [4,6)6 [6,8)4 [8,16)6
  removed [7,8)
  removed [8,10)
unmap: [4,6)6 [6,7)4 [10,16)6
apart: [4,6)6 [6,7)4 [10,16)6 [20,22)5
  removed [11,12)
cut: [4,6)6 [6,7)4 [10,11)6 [12,16)6 [20,22)5
again: full, [4,6)6 [6,7)4 [10,11)6 [12,16)6 [20,22)5
  removed [20,22)
edge: [4,6)6 [6,7)4 [10,11)6 [12,16)6
lowest 3 pages: 7
highest 3 pages: 29
""",
}


@pytest.mark.parametrize("name", SAID)
def test_an_example_says_what_it_should(name: str) -> None:
    """Under both sanitizers."""
    assert output([program(f"examples/{name}.c", *SANITIZED)], SCAN) == SAID[name]


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize("by", COMPILERS)
def test_an_example_compiles_by_both_compilers(by: str, name: str) -> None:
    """As C11 and as GNU11."""
    program(f"examples/{name}.c", "-std=c11", by=by)
    program(f"examples/{name}.c", "-std=gnu11", by=by)


@pytest.mark.parametrize("name", SAID)
def test_an_example_is_short(name: str) -> None:
    """Under 150 lines."""
    assert len((C / "examples" / f"{name}.c").read_text(encoding="utf-8").splitlines()) < 150


def test_the_commands_of_the_readme_do_what_it_says(tmp_path: Path) -> None:
    """What is fenced as `sh` is run as it stands, in a copy of the folder; `$` begins a command."""
    compiler("cc")
    shutil.copytree(C, tmp_path, dirs_exist_ok=True)
    text = (C / "README.md").read_text(encoding="utf-8")
    for file, body in re.findall(r"<!-- file (\S+) -->\n```\w+\n(.*?)```", text, re.DOTALL):
        (tmp_path / file).write_text(body, encoding="utf-8")
    sessions = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    assert sessions
    for session in sessions:
        for command, said in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", session, re.MULTILINE):
            done = subprocess.run(
                command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False
            )
            assert (done.returncode, done.stdout) == (0, said), command + done.stderr
