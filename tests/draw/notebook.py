"""The tour, run by a real Jupyter kernel; what IPython and rich themselves make of our things.

make tour       executes examples/tour.ipynb and keeps what it shows
make test-tour  runs this file: every cell runs, and shows what the notebook on file shows
"""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.formatters import DisplayFormatter
from IPython.lib.pretty import pretty
from nbclient import NotebookClient
from rich.console import Console

from rangelist import RangeBag, RangeList

ROOT = Path(__file__).parent.parent.parent
TOUR = ROOT / "examples" / "tour.ipynb"


def executed() -> Any:
    """Return the tour, executed in a kernel of its own."""
    book = nbformat.read(TOUR, as_version=4)
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    kernel = {"metadata": {"path": str(ROOT)}}
    NotebookClient(book, kernel_name="python3", resources=kernel, record_timing=False).execute()
    del book.metadata.language_info["version"]  # the rest is the same for every Python
    return book


def test_the_tour_shows_what_is_on_file() -> None:
    """Cell by cell; an error in a cell fails at once.  RANGELIST_TOUR=keep puts it on file."""
    book = executed()
    if os.environ.get("RANGELIST_TOUR") == "keep":
        nbformat.write(book, TOUR)
    kept = nbformat.read(TOUR, as_version=4)
    nbformat.validate(kept)
    for cell, on_file in zip(book.cells, kept.cells, strict=True):
        assert cell == on_file, cell.source
    shown = [
        out.data
        for cell in book.cells
        if cell.cell_type == "code"
        for out in cell.outputs
        if "data" in out
    ]
    assert sum("image/svg+xml" in data for data in shown) >= 8


def test_ipython_shows_pictures_and_prints_parts() -> None:
    """In a notebook both forms; inside a list the repr."""
    for thing in (
        RangeList([(0, 8, "a")]),
        RangeBag([(0, 8, "a")]),
        RangeList([(0, 8, "a")]).cursor(),
    ):
        formatter = DisplayFormatter()
        formatter.active_types = ["text/plain", "image/svg+xml"]
        assert set(formatter.format(thing)[0]) == {"text/plain", "image/svg+xml"}
        assert pretty([thing, 1]) == f"[{thing!r}, 1]"
    assert pretty([RangeBag((i, i + 1, i) for i in range(99))]) == "[<RangeBag, 99 nodes>]"


def test_rich_prints_pictures_as_wide_as_its_console() -> None:
    """Values that look like its markup are values."""
    out = StringIO()
    Console(file=out, width=40, color_system=None).print(RangeList([(0, 8, "[red]a[/red]")]))
    assert out.getvalue().split("\n") == [
        "RangeList, 1 node",
        "0                                      8",
        "|--------------------------------------|",
        "[------------[red]a[/red]-------------)",
        "",
    ]
