"""The corpus: traces with stable ids that every implementation can be held against.

    law/…       at least one witness for each law L1 .. L21
    history/…   one for each bug that another system had, or has
    edge/…      what tests tend to forget
    x4/…        the exhaustive cases over 4 points, made when asked for (exhaustive.py)

An id never changes its meaning.  `CORPUS_VERSION` is the month of the last addition: a new version
may add cases, and so failures; what the cases mean is the business of the laws' version.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from rangelist.oracle.exhaustive import exhaustive
from rangelist.oracle.trace import Trace, read, write

__all__ = ["CORPUS_VERSION", "copy_to", "corpus", "witnesses"]

CORPUS_VERSION: Final = "2026.11"

FILES: Final = ("laws.jsonl", "history.jsonl", "edges.jsonl")
DOCUMENTS: Final = ("trace.schema.json", "PROTOCOL.md")


def witnesses() -> Iterator[Trace]:
    """Yield the traces that are kept in files."""
    for name in FILES:
        text = (files("rangelist.oracle") / "cases" / name).read_text(encoding="utf-8")
        yield from read(text.splitlines(), name)


def corpus() -> Iterator[Trace]:
    """Yield everything: the witnesses, then the exhaustive cases."""
    yield from witnesses()
    yield from exhaustive()


def copy_to(folder: Path) -> list[Path]:
    """Write the corpus, the schema and the protocol into a folder; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    here = files("rangelist.oracle")
    texts = {name: (here / "cases" / name).read_text(encoding="utf-8") for name in FILES}
    texts |= {name: (here / name).read_text(encoding="utf-8") for name in DOCUMENTS}
    texts["exhaustive.jsonl"] = write(exhaustive())
    texts["VERSION"] = f"{CORPUS_VERSION}\n"
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]
