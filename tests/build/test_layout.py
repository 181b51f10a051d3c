"""The tree shows its rooms: docs/design.md names each module, and the files that one write passes.

Every folder of tests is looked into, and no test stands outside of one.
"""

import ast
import re
import sys
from fnmatch import fnmatch
from pathlib import Path

import rangelist
from rangelist import RangeList

PACKAGE = Path(rangelist.__file__).parent
TESTS = Path(__file__).parents[1]
DESIGN = (TESTS.parent / "docs" / "design.md").read_text(encoding="utf-8")
TABLE = re.findall(r"^\| `(\w+)` \| \S.* \|$", DESIGN, re.MULTILINE)


def imports_of(module: str) -> set[str]:
    """Return the modules of the core that one imports when it is imported itself."""
    found: set[str] = set()
    for node in ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            package, _, name = node.module.partition(".")
            if package == "rangelist":
                found |= {name} if name else {alias.name for alias in node.names}
    return found & set(TABLE)


def test_the_table_has_every_module_of_the_core_once():
    modules = {path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("_")}

    assert sorted(TABLE) == sorted(modules)


def test_a_module_imports_only_modules_above_it():
    """So there is no circle, and the table is an order in which to read them."""
    for at, module in enumerate(TABLE):
        assert imports_of(module) <= set(TABLE[:at]), module


def files_of_a_watched_set() -> set[str]:
    """Return the modules in which code runs while `rl.set(3, 7, "x")` is carried out and told."""
    rl = RangeList([(0, 5, "a"), (5, 10, "b")])
    rl.subscribe(lambda edit: None)
    passed: set[str] = set()

    def look(frame, event, arg):
        file = Path(frame.f_code.co_filename)
        if event == "call" and file.parent == PACKAGE:
            passed.add(file.stem)

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        rl.set(3, 7, "x")
    finally:
        sys.setprofile(before)
    return passed


def test_one_write_passes_through_the_files_that_the_page_names():
    """Five to read, and four that do what their names say."""
    text = DESIGN.partition("### One write")[2]
    five = re.findall(r"^\d\. `(\w+)\.py`", text, re.MULTILINE)
    assert len(five) == 5
    assert {"`policy.join`", "`Directory.lay`", "`Node`", "`Edit`"} <= set(re.findall(r"`[\w.]+`", text))

    if not rangelist.COMPILED:  # compiled code calls no profiler
        assert files_of_a_watched_set() == {*five, "policy", "directory", "node", "record"}


def test_every_folder_of_tests_is_looked_into(request):
    """pytest passes by a folder that is called `build`, unless it is told otherwise."""
    rooms = {path.parent for path in TESTS.rglob("test_*.py")}
    skipped = request.config.getini("norecursedirs")

    assert TESTS / "build" in rooms
    assert not [room for room in rooms for name in skipped if fnmatch(room.name, name)]


def test_no_test_stands_outside_of_a_room():
    """`conftest.py` is all there is at the root."""
    assert {path.name for path in TESTS.glob("*.py")} == {"conftest.py"}
    assert TESTS not in {path.parent for path in TESTS.rglob("test_*.py")}


def test_nothing_strange_lies_at_the_root():
    """Files that a redirection left there were committed twice."""
    ours = {"CHANGELOG.md", "LICENSE", "Makefile", "README.md", "conftest.py", "pyproject.toml", "setup.py"}
    ours |= {"benchmarks", "c", "dist", "docs", "examples", "rangelist", "tests"}
    made = {"__pycache__", "_site", "build", "htmlcov", "oracle.pyz", "benchmarks.csv", "rangelist_py.egg-info"}

    assert {path.name for path in TESTS.parent.iterdir() if path.name[0] != "."} <= ours | made
