"""What is on file is what the library draws: the tour, and the pictures of the documentation."""

from __future__ import annotations

import ast
import json
import runpy
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
CELLS = json.loads((ROOT / "examples" / "tour.ipynb").read_text(encoding="utf-8"))["cells"]
CODE = [cell for cell in CELLS if cell["cell_type"] == "code"]


def last_of(source: str, namespace: dict[str, Any]) -> Any:
    """Run a cell; return what a notebook would show: the value of its last expression."""
    body = ast.parse(source).body
    end = body.pop() if isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "tour", "exec"), namespace)
    return (
        None if end is None else eval(compile(ast.Expression(end.value), "tour", "eval"), namespace)
    )


def test_the_tour_runs_from_top_to_bottom_and_shows_what_is_on_file(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without Jupyter; `make test-tour` runs it in a kernel."""
    namespace: dict[str, Any] = {}
    for number, cell in enumerate(CODE, 1):
        found = last_of("".join(cell["source"]), namespace)
        kept = {
            kind: "".join(text)
            for out in cell["outputs"]
            for kind, text in out.get("data", {}).items()
        }
        if hasattr(found, "_repr_mimebundle_"):
            assert found._repr_mimebundle_() == kept, number
        elif found is not None:
            assert "".join(repr(found).split()) == "".join(kept["text/plain"].split()), number
        assert capsys.readouterr().out == "".join(
            "".join(out.get("text", "")) for out in cell["outputs"]
        ), number
        assert cell["execution_count"] == number


@pytest.mark.parametrize("name", ["bag", "merge", "readme", "walk"])
def test_the_pictures_of_the_documentation_are_what_the_library_draws(
    name: str, tmp_path: Path
) -> None:
    """`make seen` draws them again."""
    script = runpy.run_path(str(ROOT / "examples" / "pictures.py"))
    script["main"](tmp_path)
    drawn = (tmp_path / f"{name}.svg").read_text(encoding="utf-8")
    assert drawn == (ROOT / "docs" / "pictures" / f"{name}.svg").read_text(encoding="utf-8")
    assert ET.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["bag", "merge", "readme", "walk"]
