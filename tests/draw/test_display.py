"""What lists, bags, edits, cursors and walks look like, in a terminal, in a notebook and in rich."""

from __future__ import annotations

from copy import copy
from types import SimpleNamespace
from typing import Any

import pytest

from rangelist import NEG_INF, POS_INF, Edit, History, Piece, RangeBag, RangeList, SharedRangeList
from rangelist.cursor import Status
from rangelist.display import (
    LANES,
    edit_rows,
    lanes,
    of_bag,
    of_cursor,
    of_edit,
    of_list,
    of_walk,
    picture_of,
)
from rangelist.draw import LIMIT, Bar, Picture, draw
from rangelist.errors import ItemError, OptionError


def edits_of(rl: Any, change: Any) -> list[Edit[Any, Any]]:
    """Return the edits that a change of a list makes."""
    edits: list[Edit[Any, Any]] = []
    forget = rl.subscribe(edits.append)
    change(rl)
    forget()
    return edits


def rows_of(text: str) -> list[str]:
    """Return the lines of a picture that have a label."""
    return [line for line in text.split("\n") if line[:1] not in ("", " ")]


# ---- lists and bags -------------------------------------------------------------------------


def test_a_list_is_its_first_nodes() -> None:
    """And how many there are beside them."""
    rl = RangeList((i, i + 1, i) for i in range(0, 2000, 2))
    picture = of_list(rl)
    assert picture.title == "RangeList, 1,000 nodes"
    assert len(picture.rows[0]) == LIMIT
    assert picture.below() == [f"… and {1000 - LIMIT} more"]
    assert rl.picture().text() == picture.text()
    assert of_list(RangeList([(0, 1, "a")])).title == "RangeList, 1 node"
    assert of_list(RangeList()).text().startswith("RangeList, 0 nodes\n")
    assert of_list(rl, None).below() == []
    assert picture_of(rl, 10).below() == ["… and 990 more"]


def test_a_long_list_is_not_read_to_its_end() -> None:
    """A notebook shows a list of a million nodes as fast as one of a hundred."""

    class Long:
        read = 0

        def __len__(self) -> int:
            return 10**9

        def __iter__(self) -> Any:
            while True:
                self.read += 1
                yield (self.read, self.read + 1, None)

    for show in (of_list, of_bag):
        nodes = Long()
        assert show(nodes).below()[-1] == f"… and {10**9 - LIMIT:,} more"
        assert nodes.read == LIMIT


def test_no_interval_of_a_bag_hides_another() -> None:
    """Lanes are filled from the first on."""
    bag = RangeBag([(0, 8, "a"), (4, 12, "b"), (4, 6, "c"), (8, 16, "d"), (12, 16, "e")])
    assert bag.draw(34).split("\n")[2:] == [
        "[------a-------)[-------d-------)",
        "........[-------b-------)[--e---)",
        "........[c-).....................",
    ]
    assert bag.picture().title == "RangeBag, 5 nodes"
    assert RangeBag().draw(20).split("\n")[-1] == "." * 19


def test_the_last_lane_takes_what_finds_no_place() -> None:
    """Nothing is left out; it says that its columns are shared."""
    items = [(0, i + 1, i) for i in range(LANES + 2)]
    rows = lanes("all", items)
    assert [label for label, _ in rows] == ["all"] + [""] * (LANES - 1)
    assert [len(row) for _, row in rows] == [1] * (LANES - 1) + [3]
    assert "#" in draw(rows)
    late = lanes("", [(0, 9), (1, 8), (2, 3), (8, 12), (9, 10)], most=2)
    assert [row for _, row in late] == [[(0, 9), (9, 10)], [(1, 8), (2, 3), (8, 12)]]


def test_a_lane_is_free_again_only_behind_all_that_it_holds() -> None:
    """A short interval that found no place does not make its lane look free."""
    rows = lanes("", [(0, 20), (1, 15), (2, 3), (4, 5), (16, 17)], most=2)
    assert [row for _, row in rows] == [[(0, 20)], [(1, 15), (2, 3), (4, 5), (16, 17)]]


# ---- scale ----------------------------------------------------------------------------------


def test_a_picture_in_which_nothing_could_be_seen_is_drawn_in_steps() -> None:
    """As on a whiteboard, and it says so; `draw` stays to scale."""
    rl = RangeList([(0, 1, "a"), (1, 2, "b"), (10**9, 10**9 + 1, "c")])
    assert rl.picture().text(32).split("\n") == [
        "RangeList, 3 nodes",
        "0      1      2    1000000001",
        "|------|------|------|------|",
        "[--a--)[--b--).......[--c--)",
        "not to scale",
    ]
    assert "not to scale" in rl.picture().svg()
    assert "#" in rl.draw(32)
    assert RangeList([("a", "b", 1), ("c", "d", 1)]).picture().below() == []


def test_steps_are_not_chosen_where_they_would_not_help() -> None:
    """Too many borders for steps of their own, or all wide enough."""
    crowd = [(i * i * i, i * i * i + 1, None) for i in range(40)]
    assert Picture([("", crowd)], even=None).even is False
    assert Picture([("", [(0, 8), (10, 18)])], even=None).even is False
    assert Picture([("", [(0, 1000)])], even=None).even is False


# ---- edits ----------------------------------------------------------------------------------


def test_an_edit_is_before_above_after_and_fates_in_words() -> None:
    """One of each fate: changed, merged, removed and new."""
    rl = RangeList([(0, 8, "a"), (8, 12, "b"), (12, 20, "a"), (30, 38, "c")])

    def change(rl: Any) -> None:
        with rl.transaction():
            rl.set(8, 12, "a")
            rl.remove(30, 38)
            rl.set(40, 48, None)

    (edit,) = edits_of(rl, change)
    lines = edit.picture().text(60).split("\n")
    assert rows_of("\n".join(lines))[1].startswith("before  [")
    said = "\n".join(lines)
    assert "[0, 8) a is now [0, 20) a" in said
    assert "[12, 20) a was merged into [0, 20) a" in said
    assert "[30, 38) c was removed" in said
    assert "[40, 48) is new" in said


def test_an_edit_draws_as_before() -> None:
    """Text without words: two rows."""
    (edit,) = edits_of(RangeList([(0, 9, "a")]), lambda rl: rl.set(3, 6, "b"))
    assert edit.draw(40) == draw([("before", edit.before), ("after", edit.after)], width=40)


def test_a_survivor_has_one_identity_in_both_rows() -> None:
    """And what was merged says into which."""
    rl = RangeList([(0, 8, "a"), (8, 12, "b"), (12, 20, "a")])
    nodes = list(rl)
    (edit,) = edits_of(rl, lambda rl: rl.set(8, 12, "a"))
    (_, before), (_, after) = edit_rows(edit)
    assert [bar.who for bar in after] == [nodes[0]]
    assert before[0].who is nodes[0]
    assert before[-1].who is nodes[2]
    assert before[-1].into is nodes[0]
    assert before[-1].kind == "merged"


def test_a_survivor_that_was_removed_in_the_same_edit_has_no_place() -> None:
    """What was merged into it is told, and has no band."""
    rl = RangeList([(0, 8, "a"), (8, 12, "b")])

    def change(rl: Any) -> None:
        with rl.transaction():
            rl.set(8, 12, "a")
            rl.clear()

    (edit,) = edits_of(rl, change)
    assert "now" not in edit.picture().text()
    assert "rl-band rl-" not in edit.picture().svg()


def test_an_undo_has_a_picture_too() -> None:
    """Nodes that come back are what they were."""
    rl = RangeList([(0, 8, "a"), (8, 12, "b")])
    history = History(rl)
    rl.set(8, 12, "a")
    (edit,) = edits_of(rl, lambda _: history.undo())
    (_, before), (_, after) = edit_rows(edit)
    assert [tuple(bar)[:3] for bar in before] == [(0, 12, "a")]
    assert [tuple(bar)[:3] for bar in after] == [(0, 8, "a"), (8, 12, "b")]


def test_many_fates_are_counted() -> None:
    """The words have a limit, the picture has its own."""
    rl = RangeList((i, i + 1, None) for i in range(0, 400, 2))
    (edit,) = edits_of(rl, lambda rl: rl.clear())
    picture = of_edit(edit)
    assert len(picture.rows[0]) == LIMIT
    assert picture.below() == [
        f"… and {200 - LIMIT} more",
        *(f"[{i}, {i + 1}) was removed" for i in range(0, 12, 2)),
        "… and what became of 194 more nodes",
    ]


# ---- walks ----------------------------------------------------------------------------------


def test_a_cursor_shows_its_extent_its_anchor_and_what_comes_next() -> None:
    """From before the first delivery to behind the last; it does not move."""
    rl = RangeList([(0, 8, "a"), (10, 18, "b"), (20, 28, "c")])
    cursor = rl.cursor()
    assert cursor.picture().title == "cursor before the first delivery"
    assert cursor.draw(36).split("\n") == [
        "      0       8 10       18       28",
        "      |-------|-|--------|-|-------|",
        "list  [--a---)..[---b---)..[--c---)",
        "last  .............................",
        "next  [--a---).....................",
    ]
    cursor.next()
    cursor.next()
    assert cursor.picture().title == "cursor at [10, 18), same"
    assert rows_of(cursor.draw(40)) == [
        "list  [---a---)...[---b---)...[---c---)",
        "last  ............^-------)............",
        "next  ........................[---c---)",
    ]
    assert cursor.extent == (10, 18)
    cursor.next()
    assert cursor.picture().text(40).split("\n")[-1] == "nothing comes next"
    assert rows_of(cursor.draw(40))[2] == "next  " + "." * 33
    assert cursor.prev() is not None


def test_a_reverse_cursor_has_its_anchor_on_the_right() -> None:
    """After a step to the left it is the last point of the extent."""
    rl = RangeList([(0, 8, "a"), (10, 18, "b"), (20, 28, "c")])
    cursor = rl.cursor(reverse=True)
    cursor.next()
    assert rows_of(cursor.draw(40))[1:] == [
        "last  ........................[-------^",
        "next  ............[---b---)............",
    ]


def test_the_status_of_a_cursor_is_said() -> None:
    """What has happened to the interval under it."""
    rl = RangeList([(0, 8, "a"), (10, 18, "b")])
    cursor = rl.cursor()
    cursor.next()
    rl.set(0, 4, "c")
    assert cursor.picture().title == "cursor at [0, 8), moved right edge, new value"
    rl.remove(0, 8)
    assert cursor.picture().title == "cursor at [0, 8), gone"
    rl.clear()
    assert rows_of(cursor.draw(40)) == [
        "list  " + "." * 33,
        "last  ^" + "-" * 31 + ")",
        "next  " + "." * 33,
    ]


def test_a_window_is_a_row_of_its_own() -> None:
    """Cut where there is nothing more to see."""
    rl = RangeList([(0, 8, "a"), (10, 18, "b"), (20, 28, "c")])
    assert rows_of(rl.cursor(4, 14).draw(42)) == [
        "list    [---a---)...[---b---)...[---c---)",
        "window  .....[---------).................",
        "last    .................................",
        "next    [---a---)........................",
    ]
    assert rows_of(rl.cursor(-100, None).draw(42))[1] == "window  <" + "-" * 31 + ")"
    assert rows_of(rl.cursor(None, 99).draw(42))[1] == "window  [" + "-" * 31 + ">"
    assert rows_of(rl.cursor(50, 99).draw(42))[1] == "window  " + "." * 33
    assert "window" not in RangeList().cursor(0, 5).draw(42)


def test_a_cursor_in_a_long_list_shows_what_is_around_it() -> None:
    """At both ends, in the middle, and where its window holds nothing."""
    rl = RangeList((i, i + 1, i) for i in range(0, 2000, 2))

    def shown(cursor: Any) -> tuple[int, int, int]:
        (nodes, *_) = cursor.picture().rows
        assert cursor.picture().below()[0] == f"… and {1000 - len(nodes)} more"
        return nodes[0].start, nodes[-1].start, len(nodes)

    cursor = rl.cursor()
    assert shown(cursor) == (0, 2 * LIMIT - 2, LIMIT)
    cursor.seek(1000)
    assert shown(cursor) == (1000 - LIMIT, 998 + LIMIT, LIMIT)
    while cursor.next():
        pass
    assert shown(cursor) == (1998 - LIMIT, 1998, LIMIT // 2 + 1)
    assert shown(rl.cursor(5000, 6000)) == (0, 2 * LIMIT - 2, LIMIT)
    assert len(of_cursor(cursor, None).rows[0]) == 1000


def test_a_copy_of_a_cursor_goes_its_own_way() -> None:
    """From the same place, to the same nodes; a shared one stays shared."""
    for kind in (RangeList, SharedRangeList):
        rl: RangeList[int, str] = kind([(0, 8, "a"), (10, 18, "b"), (20, 28, "c")])
        cursor = rl.cursor()
        cursor.next()
        twin = copy(cursor)
        assert type(twin) is type(cursor)
        assert (twin.extent, twin.status) == (cursor.extent, cursor.status)
        node = twin.next()
        assert node is not None
        assert node is rl.at(10)
        assert cursor.next() is node
        rl.replace(node, "x")
        assert copy(cursor).status == cursor.status == Status.NEW_VALUE


def test_a_sweep_is_drawn_from_its_pieces() -> None:
    """Any walk can be: by what it delivered and what it would deliver."""
    rl = RangeList([(0, 8, "a"), (10, 18, "b")])
    sweep = rl.sweep(4)
    done = [next(sweep)]
    picture = of_walk(rl, done, list(rl.sweep(done[-1].stop)), window=(4, None), title="sweep")
    assert rows_of(picture.text(46)) == [
        "sweep",
        "list    [------a-------).....[------b-------)",
        "window  ........[---------------------------)",
        "last    ........^--a---).....................",
        "next    .....................[------b-------)",
    ]


# ---- notebooks, pretty printers, rich -------------------------------------------------------

THINGS: dict[str, Any] = {
    "list": lambda: RangeList([(0, 8, "a<b")]),
    "shared list": lambda: SharedRangeList([(0, 8, "a<b")]),
    "bag": lambda: RangeBag([(0, 8, "a<b"), (4, 9, "c")]),
    "edit": lambda: edits_of(RangeList([(0, 8, "a<b")]), lambda rl: rl.remove(2, 4))[0],
    "cursor": lambda: RangeList([(0, 8, "a<b")]).cursor(),
    "shared cursor": lambda: SharedRangeList([(0, 8, "a<b")]).cursor(),
    "picture": lambda: RangeList([(0, 8, "a<b")]).picture(),
}


@pytest.mark.parametrize("make", THINGS.values(), ids=THINGS)
def test_a_notebook_is_given_svg_and_text(make: Any) -> None:
    """Both of one picture; only what is asked for."""
    thing = make()
    both = thing._repr_mimebundle_()
    assert set(both) == {"text/plain", "image/svg+xml"}
    assert "a<b" in both["text/plain"]
    assert "a&lt;b" in both["image/svg+xml"]
    assert set(thing._repr_mimebundle_(include=["text/plain"])) == {"text/plain"}
    assert set(thing._repr_mimebundle_(exclude={"text/plain"})) == {"image/svg+xml"}


@pytest.mark.parametrize("make", THINGS.values(), ids=THINGS)
def test_rich_is_given_text_that_it_does_not_read_as_markup(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As wide as the console; rich is asked for only here."""

    def import_module(name: str) -> Any:
        assert name == "rich.text"
        return SimpleNamespace(Text=lambda text, **options: (text, options))

    monkeypatch.setattr("rangelist.draw.import_module", import_module)
    for width, room in ((50, 50), (5, 20)):
        ((text, options),) = make().__rich_console__(None, SimpleNamespace(max_width=width))
        assert max(map(len, text.split("\n"))) <= room
        assert "[" in text
        assert options == {"no_wrap": True, "overflow": "crop"}


def printed(thing: Any, *, cycle: bool = False) -> str:
    """Return what a thing prints as a part of another."""
    out: list[str] = []
    thing._repr_pretty_(SimpleNamespace(text=out.append), cycle)
    return "".join(out)


@pytest.mark.parametrize("name", sorted(set(THINGS) - {"picture"}))
def test_what_stands_inside_something_else_prints_its_repr(name: str) -> None:
    """Unless it contains itself.  IPython asks the first class that has one of the two methods."""
    thing = THINGS[name]()
    assert printed(thing) == repr(thing)
    assert printed(thing, cycle=True) == type(thing).__name__ + "(...)"
    first = next(kind for kind in type(thing).__mro__ if "__repr__" in vars(kind))
    assert "_repr_pretty_" in vars(first)


def test_a_long_list_inside_something_else_is_abbreviated() -> None:
    """Longer than its picture would be."""
    for kind in (RangeList, RangeBag):
        items = [(i, i + 1, None) for i in range(0, 2 * LIMIT + 2, 2)]
        assert printed(kind(items)) == f"<{kind.__name__}, {LIMIT + 1} nodes>"
        assert printed(kind(items[1:])) == repr(kind(items[1:]))


# ---- what rows are made of ------------------------------------------------------------------


def test_any_item_can_be_a_bar() -> None:
    """Nodes, pieces, gaps, tuples with a value and without, bars."""
    rl = RangeList([(0, 1, "a")])
    row = [rl.first, Piece(1, 2, "a"), (2, 3, "a"), (3, 4), Bar(4, 5, "a"), next(rl.gaps(5, 6))]
    (seen,) = Picture([("", row)]).rows
    assert [(each.bar.start, each.bar.value) for each in seen] == [
        (0, "a"), (1, "a"), (2, "a"), (3, None), (4, "a"), (5, None)
    ]  # fmt: skip


@pytest.mark.parametrize("item", [5, (1,), (1, 2, 3, 4), "ab", None])
def test_what_is_no_item_is_refused(item: Any) -> None:
    """By name."""
    with pytest.raises(
        ItemError, match=r"is no item, want \(start, stop, value\), \(start, stop\) or a node"
    ):
        draw([("", [item])])


def test_what_has_no_picture_is_refused() -> None:
    """By name, with what has one."""
    with pytest.raises(OptionError, match="cannot draw 5, want a list, a bag, an edit or a cursor"):
        picture_of(5)


def test_an_unknown_kind_is_refused() -> None:
    """With those that are known."""
    with pytest.raises(OptionError, match="kind is 'old', want one of"):
        Picture([("", [Bar(0, 1, kind="old")])])


def test_title_and_notes_stand_above_and_below() -> None:
    """On one line each, never wider than the picture."""
    lines = (
        Picture([("", [(0, 1)])], title="a\n" * 20, notes=["n", "b" * 99], more=1234)
        .text(20)
        .split("\n")
    )
    assert [lines[0], *lines[-3:]] == [
        "a\\na\\na\\na\\na\\na\\na…",
        "… and 1,234 more",
        "n",
        "b" * 19 + "…",
    ]


def test_one_column_is_enough_for_an_anchor() -> None:
    """It can be seen in the narrowest bar."""
    text = Picture([("", [Bar(0, 1, kind="right"), Bar(1, 40), Bar(40, 41, kind="left")])]).text(42)
    assert text.split("\n")[2] == "^[" + "-" * 37 + ")^"


def test_ends_without_end_have_pictures_too() -> None:
    """Also of a cursor and of an edit."""
    rl = RangeList([(NEG_INF, 5, "low"), (5, POS_INF, "high")])
    cursor = rl.cursor()
    cursor.next()
    assert "^" in cursor.draw(40)
    (edit,) = edits_of(rl, lambda rl: rl.remove(0, 9))
    assert "[-∞, 5) low is now [-∞, 0) low" in edit.picture().text()
