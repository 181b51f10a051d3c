"""Puts the whiteboard's Python where tests can import it; it is no part of the library."""

import sys
from pathlib import Path

DOCS = str(Path(__file__).parents[2] / "docs")

if DOCS not in sys.path:
    sys.path.append(DOCS)
