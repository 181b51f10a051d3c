"""Every Python block of a page passes `mypy --strict` as it stands.

A block is copied by a reader together with the names that it takes from the blocks above it.  So each
becomes a module that imports just these names, each from the block that bound it last:

    page.md:10  from rangelist import RangeList         page_10.py
                rl = RangeList([(0, 8, "a")])
    page.md:20  print(rl)                               page_20.py   from page_10 import rl
                rl = RangeList([(0, 8, 1)])             an error: another type for one name

One run of mypy checks all modules.  Blank lines above the code make its line numbers those of the page.
"""

import ast
import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, Block, blocks, name_of


def source_of(block: Block) -> str:
    """Return the code of a block, without prompts and output, on the lines where it stands."""
    if ">>>" not in block.text:
        return block.text
    lines: list[str] = []
    for example in doctest.DocTestParser().get_examples(block.text):
        lines += [""] * (example.lineno - len(lines))
        lines += example.source.splitlines()
    return "\n".join(lines) + "\n"


def bound_in(tree: ast.Module) -> set[str]:
    """Return the names that the top level of a block binds."""
    bound: set[str] = set()
    inner: set[ast.AST] = set()
    for node in ast.walk(tree):
        if node in inner or isinstance(node, ast.Lambda | ast.GeneratorExp | ast.ListComp):
            inner.update(ast.iter_child_nodes(node))
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
            inner.update(ast.iter_child_nodes(node))
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
    return bound


def modules_of(page: Path) -> dict[str, str]:
    """Return a module for each Python block of a page, by name."""
    stem = re.sub(r"\W", "_", name_of(page).removesuffix(".md"))
    home: dict[str, str] = {}
    modules: dict[str, str] = {}
    for block in blocks(page, "python"):
        name, source = f"{stem}_{block.line}", source_of(block)
        tree = ast.parse(source)
        bound = bound_in(tree)
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - bound
        head = "; ".join(f"from {home[word]} import {word}" for word in sorted(used & home.keys()))
        modules[name] = head + "\n" * (block.line - 1) + source
        home |= dict.fromkeys(bound, name)
    return modules


def complaints(modules: dict[str, str], folder: Path) -> str:
    """Return what one run of `mypy --strict` says of all modules; nothing if they are right."""
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    # mypy does not follow an editable installation; what is installed whole it finds by itself.
    tree = {"MYPYPATH": str(ROOT)} if (ROOT / "rangelist").exists() else {}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--implicit-reexport"),
            *("--no-error-summary", "--cache-dir", str(ROOT / ".mypy_cache" / "docs")),
            *("--config-file", "", "--python-version", "3.11"),
            "--disable-error-code=import-untyped",  # of other libraries
            *(f"{name}.py" for name in modules),
        ],
        cwd=folder,
        env=os.environ | tree,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_every_python_block_passes_mypy_strict(tmp_path):
    """A message names the block's first line in the file's name, and the line on the page."""
    modules = {name: text for page in PAGES for name, text in modules_of(page).items()}
    assert len(modules) > 20

    assert complaints(modules, tmp_path) == ""


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("```python\nn = 1\n```\n\n```python\nn.x\n```\n", 6, 'has no attribute "x"'),
        ("```python\n>>> n = 1\n>>> n\n1\n>>> n + 'a'\n\n```\n", 5, "Unsupported operand"),
        ("```python\ndef f(x):\n    return x\n```\n", 2, "missing a type annotation"),
        ("text\n\n```python\nn = 1\nn = 'a'\n```\n", 5, "Incompatible types in assignment"),
    ],
)
def test_a_block_that_does_not_type_check_is_reported_at_its_line(
    text, line, complaint, tmp_path, monkeypatch
):
    """The test above can fail: for names of other blocks, prompts, definitions, second values."""
    page = tmp_path / "page.md"
    page.write_text(text)
    monkeypatch.setattr("tests.docs.pages.ROOT", tmp_path)

    said = complaints(modules_of(page), tmp_path)

    assert f":{line}: error:" in said and complaint in said


def test_a_name_that_a_block_binds_anew_may_have_another_type(tmp_path, monkeypatch):
    """Examples of one page use the same short names."""
    page = tmp_path / "page.md"
    page.write_text("```python\nn = 1\n```\n\n```python\nn = 'a'\nn.upper()\n```\n")
    monkeypatch.setattr("tests.docs.pages.ROOT", tmp_path)

    assert complaints(modules_of(page), tmp_path) == ""
