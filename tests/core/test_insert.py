"""insert: write only into free space."""

from __future__ import annotations

import pytest

from core.rows import given, shown
from rangelist.errors import OverlapError

FREE = {
    "into an empty list": ("", (0, 2), "a", "Aa"),
    "into a gap": ("Aa....Bb", (3, 5), "c", "Aa.Cc.Bb"),
    "touching another value": ("Aa..Bb", (2, 4), "c", "AaCcBb"),
    "merging left": ("Aa..Bb", (2, 4), "a", "AaaaBb"),
    "merging right": ("Aa..Bb", (2, 4), "b", "AaBbbb"),
    "merging both": ("Aa..Aa", (2, 4), "a", "Aaaaaa"),
}


@pytest.mark.parametrize("name", FREE)
def test_insert_writes_into_free_space(name):
    """And merges at both borders, as set does."""
    before, span, value, after = FREE[name]
    rl = given(before)

    assert rl.insert(*span, value) is rl.at(span[0])
    assert shown(rl) == after


@pytest.mark.parametrize("span", [(0, 4), (1, 3), (0, 1), (3, 9), (-5, 1), (-5, 9), (3, 4)])
def test_insert_refuses_space_that_is_taken_by_a_single_point(span):
    """The error names the first node in the way; the same value is no excuse."""
    rl = given("AaaaBb")
    for value in "ab":
        with pytest.raises(OverlapError, match=r"overlaps <node \[0, 4\) = 'a'>, want free space"):
            rl.insert(*span, value)
    assert shown(rl) == "AaaaBb"


def test_the_first_node_in_the_way_is_named():
    """..Aa.Bb, insert [0, 9)."""
    with pytest.raises(OverlapError, match=r"<node \[2, 4\) = 'a'>"):
        given("..Aa.Bb").insert(0, 9, "c")
    with pytest.raises(OverlapError, match=r"<node \[5, 7\) = 'b'>"):
        given("..Aa.Bb").insert(4, 6, "c")
