"""The pages of documentation, and the fenced blocks on them."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted(page for page in (ROOT / "docs").rglob("*.md") if "node_modules" not in page.parts),
]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Block:
    """A fenced block of a page: its language, its text, its first line."""

    language: str
    text: str
    line: int


def blocks(page: Path, language: str) -> list[Block]:
    """Return the fenced blocks of one language."""
    text = page.read_text(encoding="utf-8")
    found = (Block(m[1], m[2], text.count("\n", 0, m.start()) + 2) for m in FENCE.finditer(text))
    return [block for block in found if block.language == language]


def name_of(page: Path) -> str:
    """Return the name of a page in the list of tests: its path from the root."""
    return page.relative_to(ROOT).as_posix()
