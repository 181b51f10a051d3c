"""Pictures: as a person would draw them, and there always is one."""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from core.hostile import Only
from hypothesis import given
from hypothesis import strategies as st

from rangelist.bounds import NEG_INF, POS_INF, after, before, point
from rangelist.draw import MIN_WIDTH, draw, draw_pair
from rangelist.errors import EmptySpanError, NanKeyError, UnorderedKeyError
from rangelist.node import Node, Piece

ip = ipaddress.ip_address


def columns(line: str) -> int:
    """How wide a terminal shows a line, by the Unicode tables."""
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me") else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in line
    )


def pieces(*items: tuple[Any, Any, Any]) -> list[Piece[Any, Any]]:
    """Pieces from plain tuples."""
    return [Piece(*item) for item in items]


# ---- golden pictures ------------------------------------------------------------------------


def test_a_merge_is_drawn_with_before_above_after() -> None:
    """Touching nodes are apart in the picture, gaps are dots, all on one scale."""
    old = pieces((0, 8, "a"), (8, 18, "b"), (20, 28, "b"))
    new = pieces((0, 8, "a"), (8, 28, "b"))
    assert draw_pair(old, new, width=42).splitlines() == [
        "        0        8           18 20      28",
        "        |--------|-----------|--|--------|",
        "before  [---a---)[----b-----)...[---b---)",
        "after   [---a---)[----------b-----------)",
    ]
    assert draw_pair(old, new, labels=("is", "was"), width=42).splitlines()[2:] == [
        "is   [---a----)[-----b-----)...[---b----)",
        "was  [---a----)[-----------b------------)",
    ]


def test_text_keys_stand_at_equal_steps() -> None:
    """Words have no distance: every border is one step from the last."""
    rows = [("fruit", pieces(("apple", "kiwi", "x"), ("pear", "zebra", None))), ("none", [])]
    assert draw(rows, width=40).splitlines() == [
        "       apple     kiwi      pear  zebra",
        "       |---------|---------|---------|",
        "fruit  [---x----)..........[--------)",
        "none   ..............................",
    ]


def test_bounds_and_ends_stand_at_equal_steps_too() -> None:
    """A point is as wide as everything else, so it can be seen."""
    row = pieces((NEG_INF, 5, "low"), (*point(5), "five"), (after(5), POS_INF, "high"))
    assert draw([("", row)], width=40).splitlines() == [
        "-∞           5            5⁺          +∞",
        "|------------|------------|------------|",
        "[----low----)[---five----)[---high----)",
    ]


def test_a_node_that_goes_on_behind_the_window_says_so() -> None:
    """Its end there is no end; what is not in the window is not drawn."""
    row = pieces((-9, 0, "u"), (0, 10, "v"), (10, 20, "w"))
    assert draw([("x", row)], width=20, start=3, stop=9).splitlines() == [
        "   3               9",
        "   |---------------|",
        "x  <------v------->",
    ]


def test_more_nodes_than_columns_share_them() -> None:
    """Shared columns are marked, on the ruler too; nodes with room of their own keep it."""
    row = pieces((0, 1, "a"), (1, 2, "b"), (2, 3, "c"), (500, 1000, "wide"))
    assert draw([("", row)], width=31).splitlines() == [
        "0              500         1000",
        "#--------------|--------------|",
        "#..............[----wide-----)",
    ]
    crowd = pieces(*((str(i).zfill(3), str(i + 1).zfill(3), i) for i in range(99)))
    assert draw([("", crowd)], width=31).splitlines()[2] == "#" * 30


def test_a_node_of_one_column_is_a_bar() -> None:
    """It has no room for two ends."""
    row = pieces((0, 1, "a"), (1, 3, "b"), (3, 5, "c"), (5, 19, "d"))
    assert draw([("", row)], width=20).splitlines()[2] == "|[)[)[-----d------)"


def test_intervals_of_one_row_may_overlap() -> None:
    """A bag is drawn too: what is covered twice is marked, and no value is written over."""
    row = pieces((0, 10, "a"), (3, 5, "b"), (7, 12, "c"))
    assert draw([("", row)], width=25).splitlines() == [
        "0     3   5   7     10 12",
        "|-----|---|---|-----|---|",
        "[-----####----######---)",
    ]


def test_values_are_cut_to_the_room_and_labels_to_a_quarter() -> None:
    """What is cut off is said by one sign."""
    row = pieces((0, 1, "one"), (1, 16, "a" * 99), (16, 17, "x"))
    assert draw([("a very long label", row)], width=40).splitlines() == [
        "            0 1                       17",
        "            |-|----------------------|-|",
        "a very lo…  [)[aaaaaaaaaaaaaaaaaaaa…)[)",
    ]


def test_wide_letters_take_two_columns_and_marks_none() -> None:
    """Text that does not print on one line is escaped."""
    row = pieces((0, 10, "日本語日本語日本語"), (10, 12, "日本"), (12, 20, "te\u0301\nx"))
    assert draw([("", row)], width=31).splitlines() == [
        "0              10 12         20",
        "|--------------|--|-----------|",
        "[日本語日本語…)[…)[--te\u0301\\nx---)",
    ]


def test_an_empty_picture_has_its_rows() -> None:
    """No node, no row, a window without width: nothing to see, and no error."""
    assert draw([("x", [])], width=20).splitlines() == [
        "",
        "   -----------------",
        "x  ................",
    ]
    assert draw([("x", [])], width=20, start=3, stop=9).splitlines() == [
        "   3               9",
        "   |---------------|",
        "x  ................",
    ]
    assert draw([("x", pieces((0, 9, "a")))], width=20, start=3, stop=3).splitlines() == [
        "   3",
        "   |----------------",
        "x  ................",
    ]
    assert draw([], width=20).splitlines() == ["", "-" * 20]


# ---- scales ---------------------------------------------------------------------------------

PROPORTIONAL: dict[str, Callable[[int], Any]] = {
    "int": int,
    "huge int": lambda n: n * 10**400,
    "float": float,
    "tiny float": lambda n: n * 1e-300,
    "Fraction": lambda n: Fraction(n, 7),
    "Decimal": lambda n: Decimal(n) / 8,
    "date": lambda n: date.fromordinal(700_000 + n),
    "datetime": lambda n: datetime.fromordinal(700_000 + n),
    "all dates there are": lambda n: date.fromordinal(1 + (date.max.toordinal() - 1) * n // 20),
    "bounds of one side": before,
    "IPv4": lambda n: ip("10.0.0.0") + n,
    "IPv6": lambda n: ip("fe80::") + n * 2**64,
}


@pytest.mark.parametrize("key", PROPORTIONAL.values(), ids=PROPORTIONAL)
def test_keys_with_a_distance_are_drawn_to_scale(key: Callable[[int], Any]) -> None:
    """A tenth of the keys is a tenth of the picture."""
    row = [Piece(key(0), key(2), "a"), Piece(key(10), key(20), "b")]
    assert draw([("", row)], width=41).splitlines()[1:] == [
        "|---|---------------|-------------------|",
        "[a-)................[--------b---------)",
    ]


class Odd(int):
    """Ordered like an int, with a distance that makes no sense."""

    def __sub__(self, other: Any) -> Any:
        return 100 - int(self)


BY_RANK: dict[str, Callable[[int], Any]] = {
    "str": lambda n: f"{n:02}",
    "bytes": lambda n: f"{n:02}".encode(),
    "tuple": lambda n: (n, "x"),
    "some bounds": lambda n: after(n) if n else 0,
    "endless": lambda n: n if n < 20 else POS_INF,
    "float inf": lambda n: n if n < 20 else float("inf"),
    "floats too far apart": lambda n: -1.7e308 + n * 1.7e307,
    "odd": Odd,
}


@pytest.mark.parametrize("key", BY_RANK.values(), ids=BY_RANK)
def test_keys_without_a_usable_distance_are_drawn_by_rank(key: Callable[[int], Any]) -> None:
    """Every border is one step behind the last, wherever the arithmetic gives up."""
    row = [Piece(key(0), key(2), "a"), Piece(key(10), key(20), "b")]
    assert draw([("", row)], width=40).splitlines()[1:] == [
        "|------------|------------|------------|",
        "[-----a-----).............[-----b-----)",
    ]


def test_only_less_than_is_asked_of_keys_without_arithmetic() -> None:
    """No hash and no equality is needed."""
    row = [Piece(Only(1), Only(2), "a"), Piece(Only(2), Only(3), "b")]
    assert draw([("", row)], width=21).splitlines() == [
        "k1        k2       k3",
        "|---------|---------|",
        "[---a----)[---b----)",
    ]


# ---- never fails ----------------------------------------------------------------------------


def test_what_cannot_be_shown_is_named_by_its_type() -> None:
    """A number of too many digits, a value whose str raises."""

    class Mute:
        def __str__(self) -> str:
            raise RuntimeError("no")

    text = draw([("", [Piece(-(10**5000), 10**5000, Mute())])], width=41)
    assert text.splitlines() == [
        "<int>                               <int>",
        "|---------------------------------------|",
        "[----------------<Mute>----------------)",
    ]


keys = st.one_of(
    st.integers(),
    st.floats(allow_nan=False),
    st.fractions(),
    st.sampled_from([NEG_INF, POS_INF]),
    st.builds(after, st.integers(-5, 5)),
)
names = st.text(max_size=12)
anything = st.one_of(st.none(), names, st.integers(), st.lists(st.text(max_size=2)))


@st.composite
def rows(draw_: Any, key: Any) -> list[tuple[str, list[Any]]]:
    """Labelled rows of disjoint intervals, as pieces or as nodes."""
    out: list[tuple[str, list[Any]]] = []
    for label in draw_(st.lists(names, max_size=4)):
        borders = sorted(draw_(st.sets(key, max_size=30)))
        kind = draw_(st.sampled_from([Piece, Node]))
        out.append(
            (
                label,
                [
                    kind(a, b, draw_(anything))
                    for a, b in zip(borders, borders[1:], strict=False)
                    if a < b and draw_(st.booleans())
                ],
            )
        )
    return out


any_rows = st.one_of(rows(keys), rows(st.text(max_size=3)), rows(st.integers(-20, 20)))


@given(any_rows, st.integers(MIN_WIDTH, 100))
def test_there_is_always_a_picture_and_it_is_never_too_wide(given_: Any, width: int) -> None:
    """Two lines of ruler, one line a row, none wider than asked; the same every time."""
    text = draw(given_, width=width)
    lines = text.split("\n")
    assert len(lines) == 2 + len(given_)
    assert max(map(columns, lines)) <= width
    assert text.isprintable() or {c for c in text if not c.isprintable()} == {"\n"}
    assert draw(given_, width=width) == text


@given(
    st.lists(st.integers(0, 40), min_size=2, unique=True).map(sorted),
    st.integers(45, 100),
    st.tuples(st.integers(-5, 45), st.integers(-5, 45)).map(sorted),
)
def test_all_rows_are_on_one_scale(borders: list[int], width: int, window: list[int]) -> None:
    """Each node begins in the column of the tick of its start, whatever else the row holds."""
    row = [Piece(a, b, None) for a, b in zip(borders, borders[1:], strict=False)]
    start, stop = window
    both = draw([("", row), ("", row[::2]), ("", row[1::2])], width=width, start=start, stop=stop)
    _, ticks, whole, even, odd = both.split("\n")
    for line in (whole, even, odd):
        for at, cell in enumerate(line):
            if cell in "[<":
                assert ticks[at] in "|#"
    for at, cell in enumerate(whole):
        if cell in "[)<>|-":
            shown = {line[at : at + 1] for line in (even, odd)}
            assert cell in shown
    if borders[0] <= start < stop <= borders[-1]:
        assert "." not in whole


# ---- refused --------------------------------------------------------------------------------


def test_a_width_below_the_least_is_refused() -> None:
    """There is no room for a picture."""
    with pytest.raises(EmptySpanError, match="width is 19, want at least 20"):
        draw([("x", [])], width=MIN_WIDTH - 1)
    assert draw([("x" * 99, pieces((0, 1, "a")))], width=MIN_WIDTH)


def test_a_bad_window_is_refused() -> None:
    """As in every read."""
    with pytest.raises(EmptySpanError, match="reversed"):
        draw([], start=5, stop=3)
    with pytest.raises(NanKeyError):
        draw([], start=float("nan"))


def test_rows_whose_keys_do_not_compare_are_refused() -> None:
    """They have no common scale."""
    with pytest.raises(UnorderedKeyError, match="want one order"):
        draw([("a", pieces((0, 1, "x"))), ("b", pieces(("p", "q", "x")))])
    with pytest.raises(UnorderedKeyError, match="want one order"):
        draw([("a", pieces((0, 1, "x")))], start="p")
