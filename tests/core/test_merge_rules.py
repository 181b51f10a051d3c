"""Merging: local, left first, and who survives.  coalesce for the rest."""

from __future__ import annotations

from typing import Any

import pytest

from core.rows import given, shown
from rangelist import ALWAYS, EQUAL, NEVER, Policy, RangeList
from rangelist.errors import EmptySpanError

NEAR = Policy(same=lambda left, right: abs(ord(left.value) - ord(right.value)) <= 1)


def test_sameness_need_not_be_transitive_and_left_comes_first():
    """a and b are near, b and c are near, a and c are not: [a][b][c] becomes [a][c]."""
    rl = given("A.C", NEAR)

    rl.set(1, 2, "b")

    assert shown(rl) == "AaC"


def test_the_right_border_is_looked_at_with_the_value_it_has_by_then():
    """Had b not merged left, it would have merged right."""
    rl = given("Z.C", NEAR)

    rl.set(1, 2, "b")

    assert shown(rl) == "ZBb"


def test_merging_stops_at_the_two_borders_of_what_was_written():
    """Further neighbours of the same value, kept apart before, stay apart."""
    rl = given("AaAa..AaAa", EQUAL)

    rl.set(4, 6, "a")

    assert shown(rl) == "AaAaaaaaAa"


def test_sameness_may_depend_on_the_place():
    """A file offset that continues: value + length == next value."""
    mapped: Policy[int, int] = Policy(
        same=lambda left, right: left.value + left.stop - left.start == right.value,
        split=lambda node, at: (node.value, node.value + at - node.start),
    )
    rl = RangeList([(0, 10, 100), (10, 20, 110), (20, 30, 100)], policy=mapped)
    assert [tuple(node) for node in rl] == [(0, 20, 100), (20, 30, 100)]

    rl.remove(4, 6)
    assert [tuple(node) for node in rl] == [(0, 4, 100), (6, 20, 106), (20, 30, 100)]

    rl.set(4, 6, 104)
    assert [tuple(node) for node in rl] == [(0, 20, 100), (20, 30, 100)]


def test_writing_inside_what_already_says_the_same_changes_nothing():
    """Sameness by place, too: the node is neither cut nor replaced."""
    mapped: Policy[int, int] = Policy(
        same=lambda left, right: left.value + left.stop - left.start == right.value,
        split=lambda whole, at: (whole.value, whole.value + at - whole.start),
    )
    rl = RangeList([(0, 10, 100)], policy=mapped)
    node = rl.first
    edits: list[Any] = []
    rl.subscribe(edits.append)

    assert rl.set(4, 6, 104) is node

    assert [tuple(node) for node in rl] == [(0, 10, 100)] and edits == []


def test_over_the_exact_span_both_orders_are_asked():
    """A lopsided sameness must not be fooled: left <= right alone is not "the same"."""
    upward: Policy[int, int] = Policy(same=lambda left, right: left.value <= right.value)
    rl = RangeList([(0, 4, 5)], policy=upward)

    rl.set(0, 4, 9)

    assert [tuple(node) for node in rl] == [(0, 4, 9)]


def test_what_is_written_inside_may_merge_with_the_part_it_cut_off_on_the_right():
    """Upward sameness: [--5--] holds 3 in its middle; 5 and 3 are apart, 3 and 5 are not."""
    upward: Policy[int, int] = Policy(same=lambda left, right: left.value < right.value)
    for told in (False, True):
        rl = RangeList([(0, 9, 5)], policy=upward)
        if told:
            rl.subscribe(lambda edit: None)
        node = rl.first

        assert rl.set(3, 6, 3) is rl.last
        assert [tuple(node) for node in rl] == [(0, 3, 5), (3, 9, 3)] and rl.first is node


def test_the_merge_hook_makes_the_value():
    """Left and right as they are asked, in that order."""
    joined: Policy[int, str] = ALWAYS.replace(merge=lambda left, right: left.value + right.value)
    rl = RangeList([(0, 2, "a"), (4, 6, "c")], policy=joined)

    rl.set(2, 4, "b")

    assert [tuple(node) for node in rl] == [(0, 6, "abc")]


def test_an_always_merging_list_keeps_the_left_value():
    """The default of `merge`; and what touches nothing stays alone."""
    rl = given("Aa..Bb", ALWAYS)
    assert rl.set(2, 4, "c") is rl.first
    assert shown(rl) == "Aaaaaa"


def test_survivors_are_who_was_there_before_and_was_not_written():
    """replace: the neighbour survives; of two neighbours the left one; two written ones: left."""
    rl = given("AB")
    a, b = rl
    assert rl.replace(b, "a") is a and b.merged_into is a

    rl = given("AB")
    a, b = rl
    assert rl.replace(a, "b") is b and a.merged_into is b

    rl = given("ABA")
    first, middle, last = rl
    assert rl.replace(middle, "a") is first
    assert middle.merged_into is first and last.merged_into is first

    rl = given("AB")
    a, b = rl
    rl.transform(lambda piece: "x")
    assert rl.first is a and b.merged_into is a


def test_merged_into_follows_the_chain_to_the_living_end():
    """a into b, then b into c: a points to c; when c goes, to nobody."""
    rl = given("ABC", NEVER)
    a, b, c = rl
    rl.merge(a, b, "x", keep="right")
    assert a.merged_into is b

    rl.merge(b, c, "y", keep="right")
    assert a.merged_into is c and b.merged_into is c and c.merged_into is None

    rl.delete(c)
    assert [node.merged_into for node in (a, b, c)] == [None, None, None]


COALESCED = {
    "all": ("AaAaBb.BAaAa", (None, None), "AaaaBb.BAaaa", 2),
    "nothing to do": ("AaBb..Bb", (None, None), "AaBb..Bb", 0),
    "three in a row": ("AAA", (None, None), "Aaa", 2),
    "a border at the start of the window": ("AAA", (1, None), "Aaa", 2),
    "a border just before the window": ("AAAA", (2, None), "AAaa", 2),
    "a border at the end of the window": ("AAA", (None, 1), "AaA", 1),
    "one point": ("AAA", (2, 2), "AAa", 1),
    "between borders": ("AaAa", (1, 1), "AaAa", 0),
    "in a gap": ("AA..AA", (3, 3), "AA..AA", 0),
    "behind everything": ("AA", (5, 9), "AA", 0),
    "before everything": (".AA", (-5, 0), ".AA", 0),
    "an empty list": ("", (None, None), "", 0),
}


@pytest.mark.parametrize("name", COALESCED)
def test_coalesce_merges_at_the_borders_inside_the_window(name):
    """Every border b with start <= b <= stop; returns how many merges there were."""
    before, window, after, count = COALESCED[name]
    rl = given(before)

    assert rl.coalesce(*window) == count
    assert shown(rl) == after
    assert rl.coalesce(*window) == 0


def test_coalesce_of_a_reversed_window_is_refused():
    """As every window."""
    with pytest.raises(EmptySpanError, match="reversed"):
        given("AA").coalesce(2, 1)


def test_coalesce_can_be_given_a_policy():
    """A list that never merges, tidied up once."""
    rl = given("AaAaBb", NEVER)
    assert rl.coalesce() == 0

    assert rl.coalesce(policy=EQUAL) == 1
    assert shown(rl) == "AaaaBb"


@pytest.mark.parametrize(
    ("row", "policy", "canonical"),
    [
        ("", EQUAL, True),
        ("AaBb", EQUAL, True),
        ("AaAa", EQUAL, False),
        ("Aa.Aa", EQUAL, True),
        ("AaAa", NEVER, True),
        ("AaBb", ALWAYS, False),
        ("AaBb", ALWAYS.replace(yields=lambda node: node.value == "a"), True),
        ("AaBb", ALWAYS.replace(yields=lambda node: node.value == "b"), False),
    ],
)
def test_canonical_means_that_coalesce_would_find_nothing(row, policy, canonical):
    """Also a pinned node is nothing to merge."""
    rl = given(row, policy)

    assert rl.is_canonical() is canonical
    assert (rl.coalesce() == 0) is canonical
