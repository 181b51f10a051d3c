"""Names that examples in docstrings use without importing them, as a reader does who knows them.

To test an installed build instead of this tree: python -P -m pytest tests --confcutdir=tests
(this file would put the tree in front of it).
"""

from __future__ import annotations

import pytest

import rangelist

NAMES = ("ALWAYS", "DROP", "EQUAL", "IDENTITY", "NEVER", "Piece", "Policy", "RangeList")


@pytest.fixture(autouse=True)
def names_of_examples(doctest_namespace: dict[str, object]) -> None:
    """Give each docstring the public names in `NAMES`; a module's own come first."""
    for name in NAMES:
        doctest_namespace[name] = getattr(rangelist, name)
