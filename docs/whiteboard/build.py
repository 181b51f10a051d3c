"""Build the whiteboard into one folder that any static server serves.

    python docs/whiteboard/build.py FOLDER

The folder gets the page, Pyodide (from _site/npm, where `make` has npm put it) and the library with
the board's Python as one zip.  The page asks for nothing else.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent.parent
PYODIDE: Final = ROOT / "_site" / "npm" / "node_modules" / "pyodide"
PAGE: Final = ("index.html", "board.css", "page.js", "worker.js")
RUNTIME: Final = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)
DATA: Final = (".py", ".json", ".jsonl")  # what the library reads of its own files
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # so that the same files make the same zip


def build(folder: Path) -> None:
    """Write the whiteboard into a folder, which is emptied first."""
    if not PYODIDE.is_dir():
        raise FileNotFoundError(f"no Pyodide in {PYODIDE}, want it there: make whiteboard")
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "pyodide").mkdir(parents=True)
    for name in PAGE:
        shutil.copyfile(HERE / name, folder / name)
    for name in RUNTIME:
        shutil.copyfile(PYODIDE / name, folder / "pyodide" / name)
    pack(folder / "python.zip")
    # The runtime and the zip, by size: servers that compress do not tell how much is to come.
    fetched = [folder / "python.zip", *(folder / "pyodide" / name for name in RUNTIME[2:])]
    sizes = {str(path.relative_to(folder)): path.stat().st_size for path in fetched}
    (folder / "sizes.json").write_text(json.dumps(sizes))


def pack(target: Path) -> None:
    """Write the library and the board as a zip."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for root in (ROOT / "rangelist", HERE):
            for path in sorted(path for path in root.rglob("*") if is_needed(path)):
                name = (Path(root.name) / path.relative_to(root)).as_posix()
                archive.writestr(ZipInfo(name, LONG_AGO), path.read_bytes(), ZIP_DEFLATED)


def is_needed(path: Path) -> bool:
    """Tell whether Python reads a file; npm's own are not."""
    return path.suffix in DATA and not path.name.startswith("package")


def main(arguments: list[str]) -> None:
    """Build into the folder that is given."""
    if len(arguments) != 1:
        raise SystemExit(f"found {len(arguments)} arguments, want one: the folder to build")
    build(Path(arguments[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
