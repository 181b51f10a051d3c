"""Lists as rows of letters, one letter a point: what tests show above and below each step.

    "AaaaBb..Aa"      [0, 4) = "a", [4, 6) = "b", a gap, [8, 10) = "a"

A capital letter begins a node; its value is the small letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rangelist import EQUAL, NEVER, Policy, RangeList


def given(row: str, policy: Policy[int, str] = EQUAL) -> RangeList[int, str]:
    """Make the list that a row shows, cut exactly as shown."""
    rl: RangeList[int, str] = RangeList(policy=policy)
    for start, letter in enumerate(row):
        if letter.isupper():
            stop = start + 1
            while stop < len(row) and row[stop] == letter.lower():
                stop += 1
            rl.insert(start, stop, letter.lower(), policy=NEVER)
    return rl


def shown(nodes: Iterable[Any]) -> str:
    """Return the row of a list, or of pieces, up to the last stop."""
    row = ""
    for start, stop, value in nodes:
        row = row.ljust(start, ".") + value.upper() + value * (stop - start - 1)
    return row
