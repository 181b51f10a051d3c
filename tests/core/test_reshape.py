"""split, merge, replace, resize, discard, clear: what is done to nodes one holds."""

from __future__ import annotations

from typing import Any

import pytest

from core.rows import given, shown
from rangelist import EQUAL, NEVER, Edit, Node, Policy, RangeList
from rangelist.errors import (
    EmptySpanError,
    InvalidNodeError,
    NotTouchingError,
    OptionError,
    OverlapError,
    StaleNodeError,
)


@pytest.mark.parametrize("at", [-1, 0, 4, 5, 6, 7, 8])
def test_split_does_nothing_where_no_node_strictly_contains_the_key(at):
    """At a border, in a gap, outside: None, and no edit."""
    rl = given("Aaaa..B")
    edits: list[Any] = []
    rl.subscribe(edits.append)

    assert rl.split(at) is None
    assert shown(rl) == "Aaaa..B" and edits == []


def test_split_cuts_and_nothing_rejoins_it_by_itself():
    """Aaaa --split(2)--> AaAa; a write elsewhere leaves the cut alone."""
    rl = given("Aaaa")

    right = rl.split(2)

    assert shown(rl) == "AaAa" and right is rl.last
    rl.set(6, 8, "a")
    assert shown(rl) == "AaAa..Aa"


@pytest.mark.parametrize("keep", ["left", "right"])
def test_split_keeps_the_node_on_the_side_that_is_named(keep):
    """The other part is new; the right one is returned."""
    rl = given("Aaaa")
    node = rl.first

    right = rl.split(1, keep=keep)

    left = rl.first
    assert (left if keep == "left" else right) is node
    assert right is rl.last and (left.stop, right.start) == (1, 1)


def test_the_split_hook_gives_both_values():
    """split(node, at) -> (left, right)."""
    rl = given("Aaaa", Policy(split=lambda node, at: ("l", "r")))
    rl.split(2)
    assert shown(rl) == "LlRr"


@pytest.mark.parametrize("keep", ["both", "", " left", "Left"])
def test_keep_is_left_or_right(keep):
    """For split and merge; refused before anything else."""
    rl = given("AaBb")
    with pytest.raises(OptionError, match="keep is .*, want 'left' or 'right'"):
        rl.split(1, keep=keep)
    with pytest.raises(OptionError, match="keep is .*, want 'left' or 'right'"):
        rl.merge(rl.first, rl.last, keep=keep)
    assert shown(rl) == "AaBb"


def test_merge_joins_two_touching_nodes_whatever_the_policy_says():
    """AaBb --merge--> Aaaa: the merge hook of the policy gives the value."""
    rl = given("AaBb", NEVER)

    assert rl.merge(rl.first, rl.last) is rl.first
    assert shown(rl) == "Aaaa"


def test_merge_with_a_value_asks_no_hook():
    """None is a value like any other."""
    refuse: Policy[int, Any] = NEVER.replace(merge=lambda left, right: 1 / 0)
    rl: RangeList[int, Any] = RangeList([(0, 2, "a"), (2, 4, "b")], policy=refuse)

    assert rl.merge(rl.first, rl.last, None).value is None
    assert [tuple(node) for node in rl] == [(0, 4, None)]


def test_merge_looks_at_no_further_border():
    """AaBbCc: merging a and b to c does not swallow the c behind."""
    rl = given("AaBbCc")

    rl.merge(rl.first, rl.first.next, "c")

    assert shown(rl) == "CcccCc"


def test_merge_keeps_the_node_that_is_named():
    """keep="right": the right handle stays, the left one says where it went."""
    rl = given("AaBb")
    a, b = rl

    assert rl.merge(a, b, "c", keep="right") is b
    assert a.merged_into is b and (b.start, b.stop) == (0, 4)


def test_merge_refuses_what_does_not_touch():
    """A gap between, the wrong order, not neighbours, twice the same."""
    rl = given("AaBb..Cc")
    a, b, c = rl
    for left, right in [(b, c), (b, a), (a, c), (a, a), (c, b)]:
        with pytest.raises(NotTouchingError, match="do not touch, want left.stop == right.start"):
            rl.merge(left, right)
    assert shown(rl) == "AaBb..Cc"


def handles(rl: RangeList[int, str], node: Node[int, str]) -> list[Any]:
    return [
        lambda: rl.replace(node, "x"),
        lambda: rl.resize(node, 0, 1),
        lambda: rl.delete(node),
        lambda: rl.merge(node, node),
        lambda: rl.merge(rl.first, node),
    ]


def test_a_node_of_another_list_is_refused():
    """InvalidNodeError; both lists are as before."""
    rl, other = given("AaBb"), given("AaBb")
    for call in handles(rl, other.first):
        with pytest.raises(InvalidNodeError, match="is in another list, want one of this list"):
            call()
    assert shown(rl) == shown(other) == "AaBb"


def test_a_removed_node_is_refused():
    """StaleNodeError shows the dead node."""
    rl = given("AaBb")
    node = rl.last
    rl.remove(2, 4)
    for call in handles(rl, node):
        with pytest.raises(StaleNodeError, match="<dead node .* is not in the list any more"):
            call()
    assert shown(rl) == "Aa"


def test_a_merged_node_is_refused_and_the_error_names_its_heir():
    """So that one can go on with that."""
    rl = given("AaBb")
    node = rl.last
    rl.replace(node, "a")
    with pytest.raises(StaleNodeError, match=r"it was merged into <node \[0, 4\) = 'a'>"):
        rl.replace(node, "x")


def test_a_node_that_never_was_in_a_list_is_refused():
    """Somebody made one by hand."""
    with pytest.raises(StaleNodeError):
        given("Aa").delete(Node(0, 2, "a"))


def test_replace_gives_a_node_another_value():
    """It stays itself where it does not merge."""
    rl = given("AaBbCc")
    node = rl.first.next

    assert rl.replace(node, "x") is node
    assert shown(rl) == "AaXxCc"


def test_replace_merges_at_both_borders():
    """AaBbAa --replace(b, a)--> Aaaaaa."""
    rl = given("AaBbAa")
    assert rl.replace(rl.first.next, "a") is rl.first
    assert shown(rl) == "Aaaaaa"


RESIZES = {
    "grow right into the gap": ("..Aa....B", (None, 5), "..Aaa...B"),
    "grow right until it touches": ("..Aa..Bb", (None, 6), "..AaaaBb"),
    "grow right until it merges": ("..Aa..Aa", (None, 6), "..Aaaaaa"),
    "grow left": ("..Aa", (0, None), "Aaaa"),
    "grow left until it touches": ("B...Aa", (1, None), "BAaaaa"),
    "grow left until it merges": ("A...Aa", (1, None), "Aaaaaa"),
    "grow both": ("B..Aa..B", (1, 7), "BAaaaaaB"),
    "shrink right": ("..Aaaa", (None, 3), "..A"),
    "shrink left": ("..Aaaa", (5, None), ".....A"),
    "shrink both to one point": ("Aaaa", (1, 2), ".A"),
    "slide into free space": ("Aa......B", (4, 6), "....Aa..B"),
    "stay": ("AaBb", (None, None), "AaBb"),
}


@pytest.mark.parametrize("name", RESIZES)
def test_resize_moves_borders(name):
    """The node that is "a" and has room; returned is the node that holds the span."""
    before, (start, stop), after = RESIZES[name]
    rl = given(before)
    node = [node for node in rl if node.value == "a"][-1]
    options = {"start": start, "stop": stop}
    ends = {name: key for name, key in options.items() if key is not None}
    if name == "grow right until it merges":
        node = rl.first

    held = rl.resize(node, **ends)

    assert shown(rl) == after
    assert held.value == "a" and held.alive
    rl.check()


@pytest.mark.parametrize(
    ("start", "stop"), [(2, 9), (0, 6), (1, 3), (5, 9), (0, 2), (9, 12), (-9, -5), (7, 8)]
)
def test_resize_refuses_to_take_space_from_a_neighbour_or_to_pass_it(start, stop):
    """Bb..Aa..Cc: the error shows who is in the way; a jump into free space is refused as well."""
    rl = given("Bb..Aa..Cc")
    node = rl.first.next
    passes = start < 2 or stop > 8
    if not passes:
        rl.resize(node, start, stop)
        return
    with pytest.raises(OverlapError, match="want free space"):
        rl.resize(node, start, stop)
    assert shown(rl) == "Bb..Aa..Cc"
    rl.check()


def test_resize_refuses_an_empty_span():
    """Also one that comes of moving one border past the other."""
    rl = given("..Aa")
    for ends in ({"start": 4}, {"stop": 2}, {"start": 9}, {"start": 3, "stop": 3}):
        with pytest.raises(EmptySpanError):
            rl.resize(rl.first, **ends)
    assert shown(rl) == "..Aa"


def test_resize_asks_the_split_hook_for_what_remains():
    """Left first, then right, of what is left by then; sliding off entirely cuts nothing."""
    asked: list[Any] = []

    def split(node: Any, at: int) -> tuple[str, str]:
        asked.append((tuple(node), at))
        return node.value + "l", node.value + "r"

    rl = RangeList([(0, 9, "a")], policy=Policy(split=split))
    rl.resize(rl.first, 2, 5)
    assert asked == [((0, 9, "a"), 2), ((2, 9, "ar"), 5)]
    assert [tuple(node) for node in rl] == [(2, 5, "arl")]

    rl.resize(rl.first, 20, 30)
    rl.resize(rl.first, 10, 40)
    assert len(asked) == 2 and rl.first.value == "arl"


def test_discard_takes_one_node_out():
    """Nothing is cut, nothing merges."""
    rl = given("AaBbAa")
    node = rl.first.next

    rl.delete(node)

    assert shown(rl) == "Aa..Aa" and not node.alive
    assert (node.prev, node.next) == (None, None)


def test_clear_lets_every_node_die():
    """And the list can be used again."""
    rl = given("AaBb")
    nodes = list(rl)

    rl.clear()

    assert shown(rl) == "" and rl.first is rl.last is None and not rl
    assert not any(node.alive or node.prev or node.next for node in nodes)
    rl.set(1, 3, "c")
    assert shown(rl) == ".Cc"
    rl.check()


def test_words_for_reshaping():
    """What the edits say."""
    edits: list[Edit[int, str]] = []
    rl = given("AaaBb..")
    rl.subscribe(edits.append)
    rl.split(1)
    rl.merge(rl.first, rl.first.next, "a")
    rl.replace(rl.first, "b")
    rl.resize(rl.first, stop=7)
    rl.split(2, policy=EQUAL)
    rl.split(4)
    rl.coalesce()
    rl.split(2)
    rl.coalesce()
    rl.delete(rl.first)
    rl.set(0, 1, "a")
    rl.clear()
    rl.clear()
    rl.coalesce()

    assert [(edit.op, edit.case) for edit in edits] == [
        ("split", "split"),
        ("merge", "merged"),
        ("replace", "replaced, merged right"),
        ("resize", "resized"),
        ("split", "split"),
        ("split", "split"),
        ("coalesce", "merged 2 times"),
        ("split", "split"),
        ("coalesce", "merged once"),
        ("delete", "removed"),
        ("set", "inserted"),
        ("clear", "cleared"),
    ]
