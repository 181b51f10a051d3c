"""move: cut a span out, put it elsewhere.  shift: insert or delete key space."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from core.rows import given, shown
from rangelist import NEVER, Edit, Policy, RangeList
from rangelist.errors import EmptySpanError, OverlapError

MOVES = {
    "one node to free space": ("AaBb", (0, 2), 6, False, "..Bb..Aa"),
    "down": ("....AaBb", (4, 6), 0, False, "Aa....Bb"),
    "a part of a node": ("Aaaa", (1, 3), 6, False, "A..A..Aa"),
    "with its holes": ("A.B.C", (0, 4), 6, False, "....C.A.B"),
    "an empty span": ("A....B", (2, 4), 8, False, "A....B"),
    "over itself, up": ("AaBb", (0, 4), 2, False, "..AaBb"),
    "over itself, down": ("..AaBb", (2, 6), 1, False, ".AaBb"),
    "nowhere": ("AaBb", (1, 3), 1, False, "AaBb"),
    "touching the same value": ("AaB...A", (0, 2), 4, False, "..B.Aaa"),
    "between two the same": ("A..BA", (0, 1), 2, False, "..ABA"),
    "clearing what is in the way": ("AaBbCc", (0, 2), 2, True, "..AaCc"),
    "clearing parts": ("AaBbbbCc", (0, 2), 3, True, "..BAaBCc"),
    "holes clear as well": ("A.A.BbbbC", (0, 4), 4, True, "....A.A.C"),
    "overwriting itself": ("AaBb", (0, 3), 1, True, ".AaB"),
}


@pytest.mark.parametrize("name", MOVES)
def test_move_cuts_out_and_puts_elsewhere(name):
    """What arrives merges at its borders; what it leaves does not close up."""
    before, span, to, overwrite, after = MOVES[name]
    rl = given(before)

    assert rl.move(*span, to, overwrite=overwrite) is None
    assert shown(rl) == after
    rl.check()


def test_a_taken_destination_is_refused_and_nothing_has_moved():
    """Also when the holes of what moves would lie there."""
    rl = given("A.AaBb")
    for span, to in [((0, 2), 3), ((2, 4), 4), ((0, 3), 4), ((0, 1), 5)]:
        with pytest.raises(OverlapError, match="want free space .or overwrite=True."):
            rl.move(*span, to)
        assert shown(rl) == "A.AaBb"
        rl.check()


def test_moved_nodes_stay_themselves_and_cut_ones_do_not():
    """A whole node takes its handle along."""
    rl = given("AaaBbCcc")
    a, b, c = rl

    rl.move(1, 7, 20)

    assert b.alive and (b.start, b.stop) == (22, 24)
    assert a.alive and (a.start, a.stop) == (0, 1)
    assert c.alive and (c.start, c.stop) == (7, 8)
    assert len(rl) == 5


def test_a_moved_node_merges_into_the_one_that_stood_there():
    """It was written, the other was not."""
    rl = given("A.B.A")
    first, _, last = rl

    rl.move(0, 1, 3)

    assert shown(rl) == "..BAa" and first.merged_into is last


def test_the_inner_borders_of_what_moves_are_looked_at_too():
    """Kept apart before, two pieces of one value join when they are written again."""
    rl = given("AA", NEVER)
    rl.move(0, 2, 4, policy=Policy())
    assert shown(rl) == "....Aa"


def test_a_move_is_one_edit_and_can_be_undone():
    """Three changes inside, one for those who are told."""
    edits: list[Edit[int, str]] = []
    rl = given("AaBb")
    nodes = list(rl)
    rl.subscribe(edits.append)

    rl.move(0, 3, 1, overwrite=True)
    assert [(edit.op, edit.case) for edit in edits] == [("move", "moved")]

    rl.apply(edits[0].inverse())
    assert shown(rl) == "AaBb"
    assert all(now is then for now, then in zip(rl, nodes, strict=True))


@pytest.mark.parametrize("span", [(2, 2), (3, 2)])
def test_an_empty_or_reversed_span_cannot_be_moved(span):
    """As every write."""
    with pytest.raises(EmptySpanError):
        given("Aaaa").move(*span, 9)


SHIFTS = {
    "open space in a gap": ("A.B", 1, 2, "A...B"),
    "open space inside a node": ("Aaaa", 2, 2, "Aa..Aa"),
    "open space at a start": ("AaBb", 2, 1, "Aa.Bb"),
    "open space at a stop": ("Aa..B", 2, 1, "Aa...B"),
    "open space before everything": (".A", 0, 2, "...A"),
    "open space behind everything": ("A", 5, 2, "A"),
    "nothing": ("AaB", 1, 0, "AaB"),
    "delete a gap": ("A..B", 1, -2, "AB"),
    "delete a gap between the same": ("A..Aa", 1, -2, "Aaa"),
    "delete inside a node": ("Aaaa", 1, -2, "Aa"),
    "delete the start of a node": (".Aaa", 0, -2, "Aa"),
    "delete the end of a node": ("Aaa.B", 2, -2, "AaB"),
    "delete whole nodes": ("ABCD", 1, -2, "AD"),
    "delete whole nodes between the same": ("ABCA", 1, -2, "Aa"),
    "delete across two": ("AaaBbb", 2, -2, "AaBb"),
    "delete across two of the same value": ("Aaa.Aaa", 2, -3, "Aaaa"),
    "delete behind everything": ("A", 3, -2, "A"),
    "delete before everything": ("....A", 0, -2, "..A"),
    "delete more than there is": ("AaBb", 1, -9, "A"),
}


@pytest.mark.parametrize("name", SHIFTS)
def test_shift_inserts_or_deletes_key_space(name):
    """All that lies behind moves; deleting looks at the border where both ends meet."""
    before, at, by, after = SHIFTS[name]
    rl = given(before)

    assert rl.shift(at, by) is None
    assert shown(rl) == after
    rl.check()


def test_opening_space_and_deleting_it_again_gives_the_same_list():
    """For every key of a crowded row."""
    for at in range(-1, 13):
        rl = given("..A.BB..AaB.", Policy())
        before = shown(rl)
        rl.shift(at, 3)
        rl.shift(at, -3)
        assert rl.same_points(given("..A.BB..AaB."))
        assert shown(rl) == before or at == 5  # B|B was cut there by hand, and has been joined


def test_only_the_border_where_both_ends_meet_is_looked_at():
    """Borders further behind are as they were."""
    rl = given("A.AA", Policy())
    rl.shift(1, -1)
    assert shown(rl) == "AaA"


def test_nodes_behind_stay_themselves():
    """Their handles show the new place; of a cut node the left part is the node."""
    rl = given("AaaB")
    a, b = rl

    rl.shift(1, 10)

    assert (a.start, a.stop) == (0, 1) and (b.start, b.stop) == (13, 14)


def test_keys_may_be_dates_and_the_length_a_difference():
    """The sign is asked of the difference itself."""
    day, week = dt.timedelta(1), dt.timedelta(7)
    begin = dt.date(2024, 2, 26)
    rl: RangeList[Any, str] = RangeList([(begin, begin + week, "a")])

    rl.shift(begin + day, week)
    assert [tuple(node) for node in rl] == [
        (begin, begin + day, "a"),
        (begin + day + week, begin + week + week, "a"),
    ]

    rl.shift(begin + day, -week)
    assert [tuple(node) for node in rl] == [(begin, begin + week, "a")]


def test_a_shift_past_the_last_possible_key_changes_nothing():
    """date.max cannot be passed: the error is Python's, the list is as before."""
    begin = dt.date(2024, 1, 1)
    rl: RangeList[Any, str] = RangeList([(begin, dt.date.max, "a")])

    with pytest.raises(OverflowError):
        rl.shift(begin, dt.timedelta(1))
    assert [tuple(node) for node in rl] == [(begin, dt.date.max, "a")]
    rl.check()
