"""update: a function over the pieces inside.  remove: punch a hole."""

from __future__ import annotations

import pytest

from core.rows import given, shown
from rangelist import DROP, Edit, Piece, Policy, RangeList
from rangelist.algebra import Drop
from rangelist.errors import EmptySpanError, GapError, OptionError

ROW = "AaaBb..CcDdd"


def upper(piece: Piece[int, str]) -> str:
    return "x"


UPDATES = {
    "everything": (None, None, "Xxxxx..Xxxxx", 4),
    "from a key on": (4, None, "AaaBX..Xxxxx", 3),
    "up to a key": (None, 4, "XxxxB..CcDdd", 2),
    "inside one node": (1, 2, "AXABb..CcDdd", 1),
    "over a gap": (4, 8, "AaaBX..XCDdd", 2),
    "only a gap": (5, 7, ROW, 0),
    "behind everything": (12, 99, ROW, 0),
    "behind everything, open": (50, None, ROW, 0),
    "before everything, open": (None, -5, ROW, 0),
    "a border": (2, 4, "AaXxB..CcDdd", 2),
}


@pytest.mark.parametrize("name", UPDATES)
def test_update_writes_over_each_piece_inside(name):
    """Pieces that come to be the same, merge."""
    start, stop, after, count = UPDATES[name]
    rl = given(ROW)

    assert rl.transform(upper, start, stop) == count
    assert shown(rl) == after


def test_update_of_an_empty_list_does_nothing():
    """With open ends there is no window at all."""
    rl: RangeList[int, str] = RangeList()

    assert [rl.transform(upper), rl.transform(upper, 1), rl.transform(upper, 1, 5)] == [
        0
    ] * 3


def test_drop_removes_the_piece():
    """AaaBb..CcDdd, dropping b and d in [1, 10)."""
    rl = given(ROW)

    assert rl.transform(lambda piece: DROP if piece.value in "bd" else piece.value, 1, 10) == 4
    assert shown(rl) == "Aaa....Cc.Dd"


def test_drop_is_one_object_that_says_its_name():
    """So that it can be told from every value."""
    assert isinstance(DROP, Drop) and repr(DROP) == "DROP"


def test_the_function_gets_pieces_clipped_to_the_window():
    """In order, as plain tuples."""
    seen: list[Piece[int, str]] = []
    given(ROW).transform(lambda piece: seen.append(piece) or piece.value, 1, 8)

    assert seen == [(1, 3, "a"), (3, 5, "b"), (7, 8, "c")]
    assert {type(piece) for piece in seen} == {Piece}


def test_a_window_with_a_hole_can_be_refused_before_anything_is_asked():
    """gaps="raise" names the hole: at the left end, inside, at the right end, everywhere."""

    def nobody(piece: Piece[int, str]) -> str:
        raise AssertionError

    rl = given(ROW)
    for window, hole in [
        ((-2, 2), r"\[-2, 0\)"),
        ((1, 8), r"\[5, 7\)"),
        ((8, 15), r"\[12, 15\)"),
        ((20, 25), r"\[20, 25\)"),
        ((None, None), r"\[5, 7\)"),
    ]:
        with pytest.raises(GapError, match=f"nothing covers {hole}, want no gap"):
            rl.transform(nobody, *window, gaps="raise")
    assert rl.transform(upper, 0, 5, gaps="raise") == 2
    assert rl.transform(upper, 7, 12, gaps="raise") == 2


def test_gaps_is_skip_or_raise():
    """A typing mistake is no third way."""
    with pytest.raises(OptionError, match="gaps is 'fail', want 'skip', 'raise' or 'include'"):
        given(ROW).transform(upper, 0, 1, gaps="fail")  # type: ignore[arg-type]  # no such mode


def test_update_keeps_the_nodes_that_are_wholly_inside():
    """Their handles stay valid, only the value is another."""
    rl = given("AaBb..Cc")
    a, b, c = rl

    rl.transform(lambda piece: piece.value + "!", 1)

    assert [node.value for node in (a, b, c)] == ["a", "b!", "c!"]
    assert len(rl) == 4 and a.stop == 1


def test_a_value_changed_in_place_merges_left_right_or_with_both():
    """A|B|C: b becomes a, or c, or in ABA a."""
    for row, value, after in [("ABC", "a", "AaC"), ("ABC", "c", "ACc"), ("ABA", "a", "Aaa")]:
        rl = given(row)
        rl.transform(lambda piece, value=value: value, 1, 2)
        assert shown(rl) == after


REMOVES = {
    "everything": (None, None, "", "AaaBb..CcDdd"),
    "inside": (1, 2, "A.ABb..CcDdd", ".A"),
    "one node exactly": (3, 5, "Aaa....CcDdd", "...Bb"),
    "the left end of a node": (0, 2, "..ABb..CcDdd", "Aa"),
    "the right end of a node": (1, 3, "A..Bb..CcDdd", ".Aa"),
    "over a border": (2, 4, "Aa..B..CcDdd", "..AB"),
    "over a gap": (4, 8, "AaaB....CDdd", "....B..C"),
    "a gap": (5, 7, ROW, ""),
    "more than there is": (-5, 99, "", ROW),
    "from a key on": (8, None, "AaaBb..C", "........CDdd"),
    "up to a key": (None, 1, ".AaBb..CcDdd", "A"),
    "behind everything": (12, 20, ROW, ""),
    "behind everything, open": (40, None, ROW, ""),
}


@pytest.mark.parametrize("told", [False, True], ids=["alone", "subscribed"])
@pytest.mark.parametrize("name", REMOVES)
def test_remove_punches_a_hole_and_returns_what_was_there(name, told):
    """As pieces, clipped; nothing merges."""
    start, stop, after, taken = REMOVES[name]
    rl, other = given(ROW), given(ROW)
    if told:
        rl.subscribe(lambda edit: None)

    assert shown(rl.remove(start, stop)) == taken
    del other[start:stop]

    assert shown(rl) == shown(other) == after
    rl.check()


def test_remove_never_merges_what_comes_to_touch():
    """It cannot: what it leaves on both sides is apart."""
    rl = given("AaBbAa")
    rl.remove(2, 4)
    assert shown(rl) == "Aa..Aa"


def test_removing_a_union_is_removing_one_after_the_other():
    """remove(0, 9) is remove(0, 4), then remove(4, 9)."""
    for middle in range(1, 12):
        one, other = given(ROW), given(ROW)
        whole = one.remove(0, 12)
        parts = [*other.remove(0, middle), *other.remove(middle, 12)]
        assert shown(one) == shown(other) == ""
        assert {p for piece in whole for p in range(*piece[:2])} == {
            p for piece in parts for p in range(*piece[:2])
        }


def test_remove_returns_the_values_after_the_split_hook():
    """What is taken out is what the cut made of it."""
    rl = given("Aaaa", Policy(split=lambda node, at: ("l", "r")))

    assert rl.remove(2, 4) == [(2, 4, "r")]
    assert rl.remove(0, 1) == [(0, 1, "l")]
    assert shown(rl) == ".R"


def test_words_for_update_and_remove():
    """What the edit says of them; nothing changed, nothing said."""
    edits: list[Edit[int, str]] = []
    rl = given("AaaaBbbb")
    rl.subscribe(edits.append)
    rl.transform(upper, 1, 3)
    rl.transform(upper)
    rl.remove(1, 3)
    rl.remove(5, 9)
    rl.remove(5, 9)
    rl.remove(0, 1)

    assert [(edit.op, edit.case) for edit in edits] == [
        ("transform", "cut in three, updated"),
        ("transform", "updated, merged 3 times"),
        ("remove", "cut in three, removed"),
        ("remove", "cut left, removed"),
        ("remove", "removed"),
    ]


def test_delete_takes_no_single_key_and_no_step():
    """del rl[3] would have to guess a length."""
    rl = given(ROW)
    for span in (3, slice(0, 9, 2)):
        with pytest.raises(OptionError, match="want start:stop"):
            del rl[span]  # type: ignore[arg-type]  # a slice that is refused
    with pytest.raises(EmptySpanError):
        del rl[3:3]
    assert shown(rl) == ROW
