"""fill: only the gaps.  add: the gaps, and `overlap` where something is."""

from __future__ import annotations

import pytest

from core.rows import given, shown
from rangelist import EQUAL, Edit, Policy, RangeList

FILLS = {
    "an empty list": ("", (0, 3), "a", "Aaa", 1),
    "nothing free": ("AaBb", (0, 4), "c", "AaBb", 0),
    "inside a node": ("Aaaa", (1, 3), "b", "Aaaa", 0),
    "one gap": ("Aa..Bb", (0, 6), "c", "AaCcBb", 1),
    "the part of a gap": ("Aa....Bb", (3, 5), "c", "Aa.Cc.Bb", 1),
    "all gaps": ("..Aa..Bb..", (0, 10), "c", "CcAaCcBbCc", 3),
    "two gaps, joining what it fills": ("Aa..Bb..Aa", (0, 10), "b", "AaBbbbbbAa", 2),
    "everything becomes one": (".A.A.", (0, 5), "a", "Aaaaa", 3),
    "over a border that was not written": ("..AaAa", (0, 6), "a", "AaaaAa", 1),
}


@pytest.mark.parametrize("name", FILLS)
def test_fill_writes_the_gaps_inside(name):
    """Nodes stay as they are, unless what was filled merges with them."""
    before, span, value, after, count = FILLS[name]
    rl = given(before)

    assert rl.fill(*span, value) == count
    assert shown(rl) == after


def test_fill_is_inserting_into_each_gap_from_left_to_right():
    """Two ways to the same list, for every window of a crowded one."""
    for start in range(12):
        for stop in range(start + 1, 13):
            one, other = given("..A.BB..AaB."), given("..A.BB..AaB.")
            one.fill(start, stop, "b")
            for gap in list(other.gaps(start, stop)):
                other.insert(*gap, "b")
            assert shown(one) == shown(other)


ADDS = {
    "to nothing": ("", (0, 3), "c", "Ccc", 1),
    "over a node": ("Aa", (0, 2), "c", "Xx", 1),
    "over a part on the right": ("Aaaa..", (2, 6), "c", "AaXxCc", 2),
    "over a part on the left": ("..Aaaa", (0, 4), "c", "CcXxAa", 2),
    "inside": ("Aaaaaa", (2, 4), "c", "AaXxAa", 1),
    "over a border": ("AaBb", (1, 3), "c", "AXxB", 2),
    "over gaps and nodes": (".A.B.", (0, 5), "c", "CXCXC", 5),
}


@pytest.mark.parametrize("name", ADDS)
def test_add_writes_gaps_and_asks_overlap_for_the_rest(name):
    """Here everything that meets something becomes x; touching x pieces merge."""
    before, span, value, after, count = ADDS[name]
    rl = given(before, Policy(overlap=lambda old, new: "x"))

    assert rl.add(*span, value) == count
    assert shown(rl) == after


def test_add_without_an_overlap_hook_writes_the_new_value():
    """As set, piece by piece."""
    rl = given(".A.B.", EQUAL)

    assert rl.add(0, 5, "c") == 5
    assert shown(rl) == "Ccccc"


def test_adding_ones_counts_how_often_each_point_is_covered():
    """The classical use: depth of coverage."""
    depth: RangeList[int, int] = RangeList(policy=Policy(overlap=lambda old, new: old + new))
    for start, stop in [(0, 10), (5, 15), (5, 8), (20, 30), (8, 20)]:
        depth.add(start, stop, 1)

    assert [tuple(node) for node in depth] == [
        (0, 5, 1),
        (5, 10, 3),
        (10, 15, 2),
        (15, 30, 1),
    ]


def test_nodes_wholly_inside_stay_themselves_under_add():
    """Only what is cut gives its inner part to a new node."""
    rl = given("AaBbCc", Policy(overlap=lambda old, new: old + "!"))
    a, b, c = rl

    rl.add(1, 5, "x")

    assert [node is old for node, old in zip(list(rl)[::2], (a, b, c), strict=True)] == [True] * 3
    assert [tuple(node) for node in rl] == [
        (0, 1, "a"), (1, 2, "a!"), (2, 4, "b!"), (4, 5, "c!"), (5, 6, "c"),
    ]  # fmt: skip


def test_words_for_fill_and_add():
    """What the edit says of them."""
    edits: list[Edit[int, str]] = []
    rl = given("Aa..Bb")
    rl.subscribe(edits.append)
    rl.fill(0, 9, "c")
    rl.add(1, 3, "b")
    rl.add(0, 10, "c")

    assert [(edit.op, edit.case) for edit in edits] == [
        ("fill", "filled"),
        ("add", "cut both, added, merged once"),
        ("add", "added, merged 5 times"),
    ]
    assert shown(rl) == "Cccccccccc"
