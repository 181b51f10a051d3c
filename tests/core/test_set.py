"""set: overwrite a span.  Every relation to what is there already, as rows."""

from __future__ import annotations

import pytest

from core.rows import given, shown
from rangelist import EQUAL, NEVER, Edit, RangeList
from rangelist.errors import OptionError

# name of the case: (before, span, value, after, words)
CASES = {
    "into an empty list": ("", (2, 5), "a", "..Aaa", "inserted"),
    "before everything": ("....Aa", (0, 2), "b", "Bb..Aa", "inserted"),
    "behind everything": ("Aa", (4, 6), "b", "Aa..Bb", "inserted"),
    "into a gap, touching nobody": ("Aa......Bb", (4, 6), "c", "Aa..Cc..Bb", "inserted"),
    "touching another value on the left": ("Aa", (2, 4), "b", "AaBb", "inserted"),
    "touching the same value on the left": ("Aa", (2, 4), "a", "Aaaa", "inserted, merged left"),
    "touching another value on the right": ("..Aa", (0, 2), "b", "BbAa", "inserted"),
    "touching the same on the right": ("..Aa", (0, 2), "a", "Aaaa", "inserted, merged right"),
    "filling a gap between two others": ("Aa..Bb", (2, 4), "c", "AaCcBb", "inserted"),
    "filling a gap exactly, same left": ("Aa..Bb", (2, 4), "a", "AaaaBb", "inserted, merged left"),
    "filling a gap exactly, same right": (
        "Aa..Bb",
        (2, 4),
        "b",
        "AaBbbb",
        "inserted, merged right",
    ),
    "filling a gap between two the same": (
        "Aa..Aa",
        (2, 4),
        "a",
        "Aaaaaa",
        "inserted, merged both",
    ),
    "over one node exactly": ("Aaaa", (0, 4), "b", "Bbbb", "overwritten"),
    "over one node exactly, same value": ("Aaaa", (0, 4), "a", "Aaaa", None),
    "over more than one node": ("..Aa..", (0, 6), "b", "Bbbbbb", "overwritten"),
    "over more than one node, same value": ("..Aa..", (0, 6), "a", "Aaaaaa", "overwritten"),
    "inside": ("Aaaaaa", (2, 4), "b", "AaBbAa", "cut in three"),
    "inside, same value": ("Aaaaaa", (2, 4), "a", "Aaaaaa", None),
    "at the left end inside": ("Aaaa", (0, 2), "b", "BbAa", "cut right"),
    "at the left end inside, same value": ("Aaaa", (0, 2), "a", "Aaaa", None),
    "at the right end inside": ("Aaaa", (2, 4), "b", "AaBb", "cut left"),
    "at the right end inside, same value": ("Aaaa", (2, 4), "a", "Aaaa", None),
    "overlapping the left part": ("..Aaaa", (0, 4), "b", "BbbbAa", "cut right"),
    "overlapping the left part, same": ("..Aaaa", (0, 4), "a", "Aaaaaa", "cut right, merged right"),
    "overlapping the right part": ("Aaaa", (2, 6), "b", "AaBbbb", "cut left"),
    "overlapping the right part, same": ("Aaaa", (2, 6), "a", "Aaaaaa", "cut left, merged left"),
    "bridging two": ("Aaa..Bbb", (1, 7), "c", "ACcccccB", "cut both"),
    "bridging two, same as the left": (
        "Aaa..Bbb",
        (1, 7),
        "a",
        "AaaaaaaB",
        "cut both, merged left",
    ),
    "bridging two, same as both": ("Aaa..Aaa", (1, 7), "a", "Aaaaaaaa", "cut both, merged both"),
    "over many": ("AaB.CcDd.Ee", (1, 10), "f", "AFffffffffE", "cut both"),
    "the part between two neighbours": ("AaBbCc", (2, 4), "d", "AaDdCc", "overwritten"),
    "and so closes the ring": ("AaBbAa", (2, 4), "a", "Aaaaaa", "overwritten, merged both"),
    "and merges with the part it cut off": ("AaBb", (1, 3), "b", "ABbb", "cut both, merged right"),
}


@pytest.mark.parametrize("told", [False, True], ids=["alone", "subscribed"])
@pytest.mark.parametrize("name", CASES)
def test_set_writes(name, told):
    """Spans, values, the node that is returned, and the case in words; short cuts do not show."""
    before, (start, stop), value, after, words = CASES[name]
    rl = given(before)
    edits: list[Edit[int, str]] = []
    if told:
        rl.subscribe(edits.append)

    held = rl.set(start, stop, value)

    assert shown(rl) == after
    assert held.start <= start and stop <= held.stop and held.value == value
    assert held is rl.at(start)
    rl.check()
    assert not told or [edit.case for edit in edits] == ([] if words is None else [words])


@pytest.mark.parametrize("name", CASES)
def test_square_brackets_are_set(name):
    """rl[start:stop] = value is the same call."""
    before, (start, stop), value, after, _ = CASES[name]
    rl = given(before)

    rl[start:stop] = value

    assert shown(rl) == after


def test_an_assignment_needs_a_plain_slice_with_both_ends():
    """No step, no open end, no single key: nothing is guessed."""
    rl = given("Aaaa")
    for span in (slice(0, 4, 2), slice(None, 4), slice(0, None), slice(None, None), 3):
        with pytest.raises(OptionError, match="want"):
            rl[span] = "b"  # type: ignore[index]  # a slice that is refused
    assert shown(rl) == "Aaaa"


def test_never_cuts_also_for_the_same_value():
    """AaaaAa --set(1, 3, a), NEVER--> as the maple tree stores it."""
    rl = given("Aaaa", NEVER)

    rl.set(1, 3, "a")

    assert shown(rl) == "AAaA"


def test_overwriting_and_restoring_coalesces_again():
    """A value that comes back joins its old neighbours."""
    rl = given("Aaaaaaaa")
    rl.set(2, 6, "b")
    rl.set(3, 5, "c")
    assert shown(rl) == "AaBCcBAa"

    rl.set(3, 5, "b")
    assert shown(rl) == "AaBbbbAa"

    rl.set(2, 6, "a")
    assert shown(rl) == "Aaaaaaaa"


def test_what_is_cut_keeps_its_node_on_the_left():
    """[----a----] cut in three: the left part is the node that was there, the right one is new."""
    rl = given("Aaaaaa")
    node = rl.first

    new = rl.set(2, 4, "b")

    left, middle, right = rl
    assert left is node and middle is new and right is not node


def test_what_is_cut_at_its_start_keeps_its_node_on_the_right():
    """[--a--] overwritten at the left end: what remains is the node that was there."""
    rl = given("Aaaa")
    node = rl.first

    rl.set(0, 2, "b")

    assert rl.last is node and node.start == 2


def test_merging_keeps_the_node_that_was_there():
    """The new one disappears; with neighbours on both sides the left one stays."""
    rl = given("Aa..Aa")
    left, right = rl

    assert rl.set(2, 4, "a") is left
    assert not right.alive and right.merged_into is left


def test_the_old_node_dies_when_it_is_overwritten():
    """Its handle says so; it was not merged, so there is no heir."""
    rl = given("Aaaa")
    node = rl.first

    rl.set(0, 4, "b")

    assert not node.alive and node.merged_into is None
    assert repr(node) == "<dead node [0, 4) = 'a'>"


def test_chained_writes_equal_one_big_write():
    """set(a, b) then set(b, c) is set(a, c)."""
    for middle in range(1, 6):
        rl = given(".Aa.B.")
        rl.set(0, middle, "x")
        rl.set(middle, 6, "x")
        assert shown(rl) == "Xxxxxx"


def test_unit_spans_in_any_order_end_as_one_node():
    """Descending, ascending, shuffled, inside out."""
    orders = [range(9), range(8, -1, -1), [4, 0, 8, 2, 6, 1, 3, 5, 7], [0, 8, 1, 7, 2, 6, 3, 5, 4]]
    for order in orders:
        rl: RangeList[int, str] = RangeList(policy=EQUAL)
        for key in order:
            rl.set(key, key + 1, "a")
        assert shown(rl) == "Aaaaaaaaa"
