"""Everything a list answers without being changed, against the points of the dense model."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from core.rows import given, shown
from core.test_exhaustive import all_lists
from rangelist import DROP, EQUAL, NEG_INF, NEVER, POS_INF, Cursor, Gap, Piece, RangeList
from rangelist.cursor import Status
from rangelist.errors import (
    BadCursorError,
    EmptySpanError,
    GapSearchError,
    MissingKeyError,
    OptionError,
    OverlapError,
    RangeListError,
)

LISTS = list(all_lists(4))
KEYS = range(-1, 6)
WINDOWS = [
    (low, high)
    for low in [None, *KEYS]
    for high in [None, *KEYS]
    if low is None or high is None or low <= high
]


def listed(items: list[Any]) -> RangeList[int, str]:
    return RangeList.from_sorted(items, policy=NEVER)


@pytest.mark.parametrize("reverse", [False, True], ids=["forward", "reverse"])
def test_walks_and_windows_of_every_small_list(reverse):
    """walk, sweep, cursor, overlapping: what shares a point with the window, whole or clipped."""
    for items in LISTS:
        rl = listed(items)
        assert [tuple(node) for node in rl] == items
        assert [tuple(node) for node in reversed(rl)] == items[::-1]
        for low, high in WINDOWS:
            begin = -99 if low is None else low
            end = 99 if high is None else high
            want = [x for x in items if x[0] < end and begin < x[1] and begin < end]
            clipped = [(max(x[0], begin), min(x[1], end), x[2]) for x in want]
            if reverse:
                want.reverse()
                clipped.reverse()
            walked = rl.walk(low, high, reverse=reverse)
            fixed = rl.walk(low, high, reverse=reverse, horizon="fixed")
            assert [tuple(node) for node in walked] == want
            assert [tuple(node) for node in fixed] == want
            assert list(rl.sweep(low, high, reverse=reverse)) == clipped
            assert list(rl.sweep(low, high, reverse=reverse, horizon="fixed")) == clipped
            cursor = rl.cursor(low, high, reverse=reverse)
            assert [tuple(node) for node in iter(cursor.next, None)] == want
            back = [tuple(node) for node in iter(cursor.prev, None)]
            assert back == want[::-1]
            if not reverse:
                assert [tuple(node) for node in rl.overlapping(low, high)] == want
                assert list(rl.slice(low, high).sweep()) == clipped
                assert list(rl[low:high].sweep()) == clipped


def test_gaps_and_tiles_of_every_small_list():
    """They cover the window exactly, alternate with the nodes, and are never empty."""
    for items in LISTS:
        rl = listed(items)
        for low, high in WINDOWS:
            begin = (items[0][0] if items else None) if low is None else low
            end = (items[-1][1] if items else None) if high is None else high
            tiles = list(rl.tiles(low, high))
            gaps = list(rl.gaps(low, high))
            assert gaps == [tile for tile in tiles if isinstance(tile, Gap)]
            assert rl.covers(low, high) == (not gaps)
            assert [tuple(node) for node in rl.complement(low, high)] == [(*g, None) for g in gaps]
            assert all(tile[0] < tile[1] for tile in tiles)
            assert all(x[1] == y[0] for x, y in zip(tiles, tiles[1:], strict=False))
            assert not any(
                isinstance(x, Gap) and isinstance(y, Gap)
                for x, y in zip(tiles, tiles[1:], strict=False)
            )
            if begin is None or end is None or begin >= end:
                assert tiles == []
                continue
            assert (tiles[0][0], tiles[-1][1]) == (begin, end)
            points = {p: x[2] for x in items for p in range(x[0], x[1])}
            for tile in tiles:
                value = tile.value if isinstance(tile, Piece) else None
                assert {points.get(p) for p in range(tile[0], tile[1])} == {value}


def test_points_and_neighbours_of_every_small_list():
    """at, get, in, [], locate, floor, lower, ceiling, higher, nearest at every key."""
    for items in LISTS:
        rl = listed(items)
        assert len(rl) == len(items) and bool(rl) == bool(items)
        assert (rl.first and tuple(rl.first)) == (items[0] if items else None)
        assert (rl.last and tuple(rl.last)) == (items[-1] if items else None)
        for key in KEYS:
            over = [x for x in items if x[0] <= key < x[1]]
            assert [tuple(node) for node in [rl.at(key)] if node] == over
            assert (key in rl) == bool(over)
            assert rl.get(key, "none") == (over[0][2] if over else "none")
            low = max((x[1] for x in items if x[1] <= key), default=NEG_INF)
            high = min((x[0] for x in items if x[0] > key), default=POS_INF)
            assert tuple(rl.locate(key)) == (over[0] if over else (low, high))
            if over:
                assert rl[key] == over[0][2]
            else:
                with pytest.raises(MissingKeyError):
                    rl[key]
            for name, fits in [
                ("floor", [x for x in items if x[0] <= key][-1:]),
                ("lower", [x for x in items if x[0] < key][-1:]),
                ("ceiling", [x for x in items if x[0] >= key][:1]),
                ("higher", [x for x in items if x[0] > key][:1]),
                ("nearest", nearest(items, key)),
            ]:
                node = getattr(rl, name)(key)
                assert [tuple(n) for n in [node] if n] == fits, (items, key, name)


def nearest(items: list[Any], key: int) -> list[Any]:
    def distance(item: Any) -> int:
        if item[0] <= key < item[1]:
            return -1
        return item[0] - key if key < item[0] else key - item[1]

    return sorted(items, key=lambda item: (distance(item), item[0]))[:1]


def test_operators_between_every_two_small_lists():
    """|, &, -, ^, isdisjoint, issubset, same_points, combine: point by point; operands unchanged."""
    lists = [listed(items) for items in all_lists(3)]
    others = [
        RangeList([(start + 1, stop + 1, value.upper()) for start, stop, value in items])
        for items in all_lists(3)
    ]
    for one in lists:
        for other in others:
            before = [tuple(node) for node in one], [tuple(node) for node in other]
            mine, theirs = points(one), points(other)
            both = mine.keys() & theirs.keys()
            assert points(one | other) == theirs | mine
            assert points(one & other) == {p: mine[p] for p in both}
            assert points(one - other) == {p: v for p, v in mine.items() if p not in both}
            either = (mine | theirs).items()
            assert points(one ^ other) == {p: v for p, v in either if p not in both}
            assert one.isdisjoint(other) == (not both)
            assert one.issubset(other) == (mine.keys() <= theirs.keys())
            assert one.same_points(other) == (mine.keys() == theirs.keys())
            mixed = one.combine(other, pair)
            assert points(mixed) == {
                p: (mine.get(p, ""), theirs.get(p, "")) for p in mine.keys() | theirs.keys()
                if not (p in mine and p not in theirs)
            }  # fmt: skip
            for made in (one | other, one & other, one - other, one ^ other):
                made.check()
                assert made.policy is one.policy
            mixed.check()
            assert mixed.policy is EQUAL
            assert ([tuple(node) for node in one], [tuple(node) for node in other]) == before


def pair(mine: Any, theirs: Any) -> Any:
    if theirs is None:
        return DROP
    return (mine.value if mine else "", theirs.value)


def points(rl: Any) -> dict[int, Any]:
    return {p: value for start, stop, value in rl for p in range(start, stop)}


def test_results_are_joined_under_the_left_operands_policy():
    """AA | AA has the cut under NEVER, not under EQUAL."""
    assert shown(given("AA", EQUAL) | given("AA")) == "Aa"
    assert shown(given("AA", NEVER) | given("AA")) == "AA"
    assert shown(given("AaBb", EQUAL).combine([], lambda mine, _: "x")) == "Xxxx"


@pytest.mark.parametrize(
    ("other", "error", "said"),
    [
        ([Piece(5, 5, 1)], EmptySpanError, "[5, 5) is no span"),
        ([Piece(5, 3, 1)], EmptySpanError, "[5, 3) is no span"),
        ([Piece(5, 9, 1), Piece(0, 6, 2)], OverlapError, "[0, 6) comes after (5, 9, 1)"),
        ([Piece(0, 9, 1), Piece(3, 12, 2)], OverlapError, "[3, 12) comes after (0, 9, 1)"),
    ],
)
def test_a_right_operand_that_is_not_sorted_or_not_disjoint_is_refused(other, error, said):
    """It says which interval it was."""
    with pytest.raises(error, match=re.escape(said)):
        RangeList([(20, 30, 0)]) | other


def test_a_right_operand_may_be_any_sorted_intervals():
    """Pieces, a walk, another list, a generator that is used once."""
    rl = given("Aaaa")
    assert shown(rl | iter([Piece(6, 8, "b")])) == "Aaaa..Bb"
    assert shown(rl - given("..B").walk()) == "Aa.A"
    assert shown(rl & [Piece(1, 2, None)]) == ".A"


def test_aliasing_is_safe():
    """a | a, a & a, a - a, a ^ a, and the same in place, and update(a)."""
    for row in ("", "Aa", "AaBb.AA"):
        rl = given(row, NEVER)
        assert shown(rl | rl) == shown(rl & rl) == row
        assert shown(rl - rl) == shown(rl ^ rl) == ""
        rl.update(rl)
        rl |= rl
        rl &= rl
        assert shown(rl) == row
        other = given(row, NEVER)
        other -= other
        rl ^= rl
        assert shown(rl) == shown(other) == ""


def test_in_place_operators_keep_the_list_and_its_nodes():
    """`rl |= x` is a change of rl, not another list."""
    rl = same = given("Aa..Bb")
    a, b = rl

    rl |= [Piece(2, 4, "c")]
    rl -= [Piece(3, 4, None)]
    rl ^= [Piece(3, 5, "d")]
    rl &= [Piece(0, 4, None), Piece(5, 9, None)]

    assert rl is same and shown(rl) == "AaCD.B"
    assert rl.first is a and rl.last is b


def test_equal_lists_have_the_same_spans_and_values():
    """How they are cut counts; same_points ignores that; policy and identity do not count."""
    assert given("AaBb") == given("AaBb", NEVER)
    assert given("AaBb") == RangeList(given("AaBb"))
    assert given("Aaaa") != given("AaAa") and given("Aaaa").same_points(given("AaBb"))
    assert given("Aa") != given("A") and given("Aa") != given("Bb") and given("A") != given(".A")
    assert given("Aa") != given("AaB") and given("Aa") != [(0, 2, "a")] and given("") == given("")
    assert (given("Aa") == 3) is False and given("Aa").__eq__(3) is NotImplemented


def test_lists_of_one_length_that_differ_in_one_stop_are_different():
    """Starts and values alone do not make them equal."""
    assert given("Aa.B") != given("A..B")
    assert given("Aa.B") != given("Aa..B")


def test_a_missing_key_is_a_key_error_that_names_the_gap():
    """The message is a sentence, not the repr of one."""
    with pytest.raises(MissingKeyError, match=r"no node covers 3, it lies in Gap.start=2, stop=4."):
        given("Aa..Bb")[3]
    with pytest.raises(KeyError) as caught:
        given("")[3]
    assert str(caught.value) == "no node covers 3, it lies in Gap(start=NEG_INF, stop=POS_INF)"
    assert str(MissingKeyError()) == ""
    assert isinstance(caught.value, RangeListError)


def test_get_has_a_default():
    """As dict.get; a stored None is not missing."""
    rl: RangeList[int, Any] = RangeList([(0, 2, None)])
    assert (rl.get(0, 5), rl.get(2), rl.get(2, 5)) == (None, None, 5)


@pytest.mark.parametrize("horizon", ["closed", "", "Open"])
def test_the_horizon_is_open_or_fixed(horizon):
    """Said at once, not at the first step."""
    for walk in (given("Aa").walk, given("Aa").sweep):
        with pytest.raises(OptionError, match="horizon is .*, want 'open' or 'fixed'"):
            walk(horizon=horizon)


def test_a_fixed_horizon_ends_where_the_list_ends_now():
    """A body that appends for ever comes to its end, in both directions."""
    rl = given("AaBb")
    seen = 0
    for node in rl.walk(horizon="fixed"):
        rl.set(rl.last.stop, rl.last.stop + 2, node.value + "!")
        seen += 1
    assert seen == 2
    for node in rl.walk(reverse=True, horizon="fixed"):
        rl.set(rl.first.start - 2, rl.first.start, node.value + "?")
        seen += 1
    assert seen == 6
    assert list(RangeList().walk(horizon="fixed")) == []


def test_reads_do_not_change_the_list():
    """Every read, over a list with gaps, and the very same objects afterwards."""
    rl = given("Aa..BbB..C")
    before = [(id(node), *node) for node in rl]
    blocks = [list(block) for block in rl._chain.nodes]
    for call in (
        lambda: [f(key) for key in KEYS for f in (rl.at, rl.get, rl.locate, rl.floor, rl.nearest)],
        lambda: [f(key) for key in KEYS for f in (rl.ceiling, rl.lower, rl.higher)],
        lambda: [list(f(1, 9)) for f in (rl.walk, rl.sweep, rl.gaps, rl.tiles, rl.overlapping)],
        lambda: (rl | rl, rl & rl, rl - rl, rl ^ rl, rl[2:5], rl.copy(), rl.complement(0, 9)),
        lambda: (repr(rl), rl.draw(), rl.check(), rl.is_canonical(), len(rl), bool(rl)),
        lambda: [rl.find_gap(1, fit=fit) for fit in ("first", "last", "best", "worst", "next")],
    ):
        call()
        assert [(id(node), *node) for node in rl] == before
        assert [list(block) for block in rl._chain.nodes] == blocks


def test_find_gap_is_the_gap_search():
    """Its own tests are elsewhere; here that the list hands everything on."""
    rl = given("Aa...Bb..C")
    assert rl.find_gap(2) == (2, 4)
    assert rl.find_gap(2, 3, 99) == (3, 5)
    assert rl.find_gap(2, fit="best") == (7, 9)
    assert rl.find_gap(2, align=4, offset=1, stop=20) == (13, 15)
    assert rl.find_gap(7) is None
    with pytest.raises(GapSearchError):
        rl.find_gap(0)


def test_a_picture_shows_the_row():
    """And takes a width."""
    assert "a" in given("AaaaaaaaBbbbbbbb").draw()
    assert max(map(len, given("AaaaaaaaBbbbbbbb").draw(width=24).splitlines())) <= 24


# ---- the cursor ---------------------------------------------------------------------------------


def test_a_cursor_tells_what_has_happened_to_what_it_delivered():
    """SAME, an edge moved, another value, gone."""
    rl = given("..AaaaBb")
    cursor: Cursor[int, str] = rl.cursor()
    assert cursor.current is None and cursor.extent is None and cursor.status is Status.GONE
    node = cursor.next()
    assert cursor.current is node and cursor.extent == (2, 6) and cursor.status is Status.SAME

    rl.resize(node, 1, 5)
    assert cursor.status == Status.MOVED_LEFT_EDGE | Status.MOVED_RIGHT_EDGE
    rl.resize(node, 2, 6)
    rl.replace(node, "x")
    assert cursor.status is Status.NEW_VALUE
    rl.delete(node)
    assert cursor.status is Status.GONE and cursor.current is None
    assert cursor.extent == (2, 6)
    assert cursor.next() is rl.first


def test_a_cursor_can_be_sent_to_a_key_and_back_to_the_start():
    """Ahead is what reaches beyond it, behind is what begins before it."""
    rl = given("Aa..Bbbb.C")
    cursor = rl.cursor()
    for key, ahead, behind in [(5, "b", "b"), (4, "b", "a"), (3, "b", "a"), (8, "c", "b")]:
        cursor.seek(key)
        assert cursor.next().value == ahead
        cursor.seek(key)
        assert cursor.prev().value == behind
    cursor.seek(99)
    assert cursor.next() is None and cursor.prev().value == "c"
    cursor.reset()
    assert cursor.prev() is None and cursor.next().value == "a"


def test_a_cursor_sent_outside_its_window_finds_the_window_again_only_inwards():
    """Behind it there is nothing ahead, before it nothing behind."""
    rl = given("AaBbCcDd")
    cursor = rl.cursor(2, 6)
    cursor.seek(7)
    assert cursor.next() is None and cursor.prev().value == "c"
    cursor.seek(6)
    assert cursor.next() is None
    cursor.seek(1)
    assert cursor.prev() is None and cursor.next().value == "b"
    cursor.seek(2)
    assert cursor.prev() is None


def test_a_cursor_with_half_an_extent_is_no_cursor():
    """Somebody has edited the text."""
    rl = given("AaBb")
    cursor = rl.cursor()
    cursor.next()
    for end in "ab":
        form = json.loads(cursor.to_json())
        del form[end]
        with pytest.raises(BadCursorError, match="half an extent"):
            rl.resume(json.dumps(form))


BAD_CURSORS = [
    "",
    "[]",
    "null",
    "{}",
    '{"rangelist-cursor": 2, "reverse": false, "right": true}',
    '{"rangelist-cursor": 1}',
    '{"rangelist-cursor": 1, "reverse": 0, "right": true}',
    '{"rangelist-cursor": 1, "reverse": false, "right": "yes"}',
    '{"rangelist-cursor": 1, "reverse": false, "right": true, "a": 3}',
    '{"rangelist-cursor": 1, "reverse": false, "right": true, "start": 5, "stop": 3}',
    '{"rangelist-cursor": 1, "reverse": false, "right": true, "start": {"what": 1}}',
    "[" * 100_000,
]


@pytest.mark.parametrize("text", BAD_CURSORS, ids=lambda text: text[:30])
def test_a_text_that_is_no_saved_cursor_is_refused(text):
    """Whatever is wrong with it, one kind of error that shows it."""
    with pytest.raises(BadCursorError, match="is no saved cursor"):
        given("Aa").resume(text)


@pytest.mark.parametrize("reverse", [False, True])
def test_a_cursor_travels_as_json(reverse):
    """Before the first step, in the middle, at the end, after it was sent somewhere."""
    rl = given("Aa..Bb.Cc")
    for steps in range(5):
        cursor = rl.cursor(1, 99, reverse=reverse)
        for _ in range(steps):
            cursor.next()
        twin = rl.resume(cursor.to_json())
        assert repr(twin) == repr(cursor) and twin.extent == cursor.extent
        assert twin.status is cursor.status
        assert [twin.next(), twin.next()] == [cursor.next(), cursor.next()]
    cursor.seek(4)
    assert rl.resume(cursor.to_json()).next() is cursor.next()
