"""SVG: the layout of the text in pixels, safe to put anywhere, and readable on both grounds."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from ipaddress import ip_address
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rangelist import NEG_INF, POS_INF, Edit, RangeBag, RangeList, after
from rangelist.draw import LIMIT, Bar, Picture, alone, draw
from rangelist.errors import EmptySpanError, OptionError
from rangelist.svg import DARK, HUES, LIGHT, MIN_PIXELS, PLAIN, document, stylesheet

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "title", "desc", "style", "rect", "g", "path", "text"}
ATTRIBUTES = {
    "class", "role", "width", "height", "viewBox", "style", "x", "y", "rx", "d", "transform", "text-anchor",
    "data-row", "data-bar", "data-left", "data-right", "{http://www.w3.org/XML/1998/namespace}space",
}  # fmt: skip
HOSTILE = [
    "<script>alert(1)</script>", "]]></style><style>", "'\"&<>", "&amp;", "</title></svg>", "\x00\x1b[31m\ufffe",
    "\ud800", "a\nb", "\u202eright to left", "{}%s", "é日本e\u0301", "x" * 10_000, "", "  ",
]  # fmt: skip


def read(text: str) -> ET.Element:
    """Parse a document."""
    assert text.endswith("</svg>\n")
    return ET.fromstring(text)


def bars(root: ET.Element) -> list[ET.Element]:
    """Return the groups that are bars."""
    return [g for g in root.iter(f"{SVG}g") if "rl-bar" in g.get("class", "")]


def texts(root: ET.Element) -> list[str]:
    """Return all that can be read in the picture."""
    return [node.text or "" for node in root.iter(f"{SVG}text")]


def extent(bar: ET.Element) -> tuple[int, int]:
    """Return the least and the greatest x of the outline of a bar."""
    outline = bar.find(f"{SVG}path")
    assert outline is not None
    parts = re.findall(r"([MLHVQz])([-\d ]*)", outline.get("d", ""))
    xs: list[int] = []
    for letter, numbers in parts:
        values = [int(n) for n in numbers.split()]
        xs += {"H": values, "V": [], "z": []}.get(letter, values[::2])
    return min(xs), max(xs)


def edit_of(items: list[Any], change: Any) -> Edit[Any, Any]:
    """Return the edit that a change of a list makes."""
    rl = RangeList(items)
    edits: list[Edit[Any, Any]] = []
    rl.subscribe(edits.append)
    change(rl)
    return edits[-1]


# ---- safe everywhere ------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_every_text_is_escaped_wherever_it_stands(text: str) -> None:
    """Labels, titles, notes, values, keys and explanations; the document stays well-formed and plain."""
    picture = Picture(
        [
            (text, [Bar(text + "a", text + "b", text, note=text)]),
            ("", [(text + "a", text + "c", text)]),
        ],
        title=text,
        notes=[text],
    )
    picture.notes.append(text)  # they can be changed, and so can the title
    root = read(picture.svg())
    assert {node.tag.removeprefix(SVG) for node in root.iter()} <= ALLOWED
    assert {name for node in root.iter() for name in node.attrib} <= ATTRIBUTES
    assert len(picture.svg()) < 10_000


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 20), st.text(max_size=5)), max_size=20),
    st.text(),
)
def test_any_values_make_a_well_formed_document(
    spans: list[tuple[int, int, str]], label: str
) -> None:
    """Also where rows overlap and values are of any text."""
    root = read(Picture([(label, [(a, a + n, value) for a, n, value in spans])]).svg())
    assert len(bars(root)) == len(spans)


def test_nothing_is_loaded_and_nothing_runs() -> None:
    """The only address in a document is the name of its format."""
    text = edit_of([(0, 8, "a"), (8, 16, "b")], lambda rl: rl.set(8, 16, "a")).picture().svg()
    assert re.findall(r"\w+://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    for word in (
        "script",
        "href",
        "url(",
        "@import",
        "@font-face",
        "onload",
        "foreignObject",
        "id=",
    ):
        assert word not in text


def test_a_document_has_a_text_alternative() -> None:
    """It is an image to a screen reader, with a name and with its contents in words."""
    root = read(edit_of([(0, 8, "a"), (8, 16, "b")], lambda rl: rl.set(8, 16, "a")).picture().svg())
    assert root.get("role") == "img"
    assert [node.tag.removeprefix(SVG) for node in root][:2] == ["title", "desc"]
    name, contents = root[0].text or "", root[1].text or ""
    assert name.startswith("set: ")
    assert "before: [0, 8) a" in contents
    assert "after: [0, 16) a" in contents
    bare = read(Picture([("x", []), ("", [(1, 2, None)])]).svg())
    assert (bare[0].text, bare[1].text) == ("Intervals", "x: nothing\n[1, 2)")


# ---- one layout -----------------------------------------------------------------------------

KEYS: dict[str, Any] = {
    "int": int,
    "huge int": lambda n: n * 10**400,
    "float": float,
    "Fraction": lambda n: Fraction(n, 7),
    "Decimal": Decimal,
    "date": lambda n: date.fromordinal(700_000 + n),
    "datetime": lambda n: datetime.fromordinal(700_000 + n),
    "IPv4": lambda n: ip_address("10.0.0.0") + n,
    "IPv6": lambda n: ip_address("fe80::") + n * 2**64,
}
STEPS: dict[str, Any] = {
    "text": lambda n: f"{n:02}",
    "tuple": lambda n: (n, "x"),
    "endless": lambda n: n if n < 40 else POS_INF,
    "both ends": lambda n: {0: NEG_INF, 40: POS_INF}.get(n, n),
    "bounds": lambda n: after(n) if n else 0,
    "inf": lambda n: n if n < 40 else float("inf"),
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_bar_is_as_long_as_its_distance(key: Any) -> None:
    """A tenth of the keys is a tenth of the picture, to the pixel."""
    row = [(key(0), key(4), "a"), (key(20), key(40), "b")]
    root = read(Picture([("", row)]).svg(width=28 + 400))
    assert [extent(bar) for bar in bars(root)] == [(14, 54), (214, 414)]


@pytest.mark.parametrize("key", STEPS.values(), ids=STEPS)
def test_keys_without_a_distance_stand_in_equal_steps(key: Any) -> None:
    """As in text."""
    row = [(key(0), key(4), "a"), (key(20), key(40), "b")]
    root = read(Picture([("", row)]).svg(width=28 + 300))
    assert [extent(bar) for bar in bars(root)] == [(14, 114), (214, 314)]


@given(st.sets(st.integers(0, 60), min_size=2, max_size=20), st.integers(0, 1))
def test_text_and_svg_agree_on_what_is_where(borders: set[int], window: int) -> None:
    """A picture a pixel a column has every bar where the text has it."""
    keys = sorted(borders)
    row = list(pairwise(keys))[::2]
    start, stop = (
        (keys[0] + 1, keys[-1] - 1) if window and keys[0] + 1 < keys[-1] - 1 else (None, None)
    )
    picture = Picture([("", row)], start=start, stop=stop)
    room = 600
    text = picture.text(width=room + 1).split("\n")[2]
    root = read(picture.svg(width=room + 28))
    found = [(at - 14, end - 14) for at, end in map(extent, bars(root))]
    drawn = [match.span() for match in re.finditer(r"[\[<][^)>]*[)>]|\|", text)]
    assert found == drawn


def test_rows_have_their_labels_and_the_ruler_its_borders() -> None:
    """What a reader reads, from top to bottom."""
    root = read(
        Picture([("old", [(0, 8, "a")]), ("", [(8, 16, None)])], title="T", notes=["n"]).svg()
    )
    assert texts(root) == ["T", "0", "8", "16", "old", "a", "n"]


def test_an_interval_that_goes_on_has_an_arrow() -> None:
    """Its border is beyond the window, so it is drawn as no border."""
    root = read(Picture([("", [(0, 10, None)])], start=2, stop=8).svg(width=428))
    outline = bars(root)[0].find(f"{SVG}path")
    assert outline is not None
    assert outline.get("d") == "M23 79L14 66L23 53H405L414 66L405 79z"


def test_a_value_is_cut_to_its_bar_and_told_in_full_beside() -> None:
    """No text leaves its bar; the pointer tells the rest."""
    root = read(
        Picture([("", [(0, 10, "a long value"), (10, 100, "b"), (100, 101, "c")])]).svg(width=428)
    )
    assert texts(root)[-2:] == ["a l…", "b"]  # the third has no room at all
    assert [bar[0].text for bar in bars(root)] == [
        "[0, 10) a long value",
        "[10, 100) b",
        "[100, 101) c",
    ]


def test_a_long_title_and_a_long_note_go_on_in_the_next_line() -> None:
    """Nothing is cut off that has room in three lines; what is over is."""
    long = "cut right, updated, merged left, and so on"
    picture = Picture([("", [(0, 8, "a")])], title=long, notes=[long, "w " * 200, "x" * 200])
    lines = texts(read(picture.svg(width=MIN_PIXELS)))
    room = len(lines[-1])
    assert lines[:3] == ["cut right, updated,", "merged left, and so", "on"]
    assert lines[-7:-4] == lines[:3]
    assert [line[-1] for line in lines[-4:]] == ["w", "w", "…", "…"]
    assert all(len(line) <= room for line in lines)
    assert len(texts(read(picture.svg(width=720)))) < len(lines)


def test_an_empty_picture_is_a_picture() -> None:
    """Without rows, without bars, with an empty window."""
    for picture in (
        Picture([]),
        Picture([("x", [])]),
        Picture([("x", [(0, 9, "a")])], start=3, stop=3),
    ):
        assert bars(read(picture.svg())) == []
    assert texts(read(Picture([("x", [])], start=3, stop=3).svg())) == ["3", "x"]


def test_many_borders_are_not_drawn_through_the_rows() -> None:
    """They would hide what is there."""
    few = Picture([("", [(i, i + 1) for i in range(20)])]).svg()
    many = Picture([("", [(i, i + 1) for i in range(60)])]).svg()
    assert 'class="rl-grid"' in few
    assert 'class="rl-grid"' not in many


# ---- identity -------------------------------------------------------------------------------


def hue(bar: ET.Element) -> str:
    """Return the class that gives a bar its colour."""
    return bar.get("class", "").split()[1]


def test_a_survivor_keeps_its_colour_and_is_linked_to_what_it_was() -> None:
    """Each node that is there afterwards has a band from what it was, and so has what it absorbed."""
    edit = edit_of([(0, 8, "a"), (8, 20, "m"), (20, 28, "a")], lambda rl: rl.set(8, 20, "a"))
    root = read(edit.picture().svg())
    left, middle, right, after_ = bars(root)
    assert hue(after_) == hue(left)
    assert len({hue(left), hue(middle), hue(right)}) == 3
    bands = [p.get("class") for p in root.iter(f"{SVG}path") if "rl-band" in p.get("class", "")]
    assert f"rl-band {hue(left)}" in bands
    assert f"rl-band {hue(right)}" in bands
    assert "rl-merged" in right.get("class", "")


def test_a_node_that_moves_is_linked_to_where_it_is_now() -> None:
    """Where the two share no pixel the band goes to the whole of it."""
    root = read(edit_of([(0, 10, "a")], lambda rl: rl.move(0, 10, 30)).picture().svg())
    before, after_ = map(extent, bars(root))
    (band,) = [p.get("d", "") for p in root.iter(f"{SVG}path") if "rl-band" in p.get("class", "")]
    low, high, far_high, far_low = (int(n) for n in re.findall(r"[MHL](\d+)", band))
    assert (low, high, far_low, far_high) == (*before, *after_)


def test_equal_values_have_one_colour_where_there_is_no_identity() -> None:
    """In a list the colour is the value; no value is grey."""
    root = read(Picture([("", [(0, 1, "a"), (1, 2, "b"), (2, 3, "a"), (3, 4, None)])]).svg())
    a, b, a2, none = map(hue, bars(root))
    assert a == a2 != b
    assert none == "rl-p"


def test_tints_can_be_kept_from_one_picture_to_the_next() -> None:
    """A film keeps the colour of each node; new ones get the next."""
    root = read(Picture([("", [Bar(0, 1, who="n"), Bar(1, 2, who="m")])], tints={"m": 0}).svg())
    assert [hue(bar) for bar in bars(root)] == ["rl-1", "rl-0"]


def test_more_identities_than_colours_begin_again() -> None:
    """There is always one."""
    root = read(Picture([("", [(i, i + 1, i) for i in range(len(HUES) + 1)])]).svg())
    hues = [hue(bar) for bar in bars(root)]
    assert hues[0] == hues[-1]
    assert len(set(hues)) == len(HUES)


def test_an_anchor_stands_at_the_side_to_which_the_walk_went() -> None:
    """The first point of the extent, or the last."""
    for kind, x in (("right", 14), ("left", 414)):
        root = read(Picture([("", [Bar(0, 9, kind=kind)])]).svg(width=428))
        anchors = [p.get("d", "") for p in root.iter(f"{SVG}path") if p.get("class") == "rl-anchor"]
        assert [int(d[1:].split()[0]) for d in anchors] == [x]
    clipped = read(Picture([("", [Bar(0, 9, kind="right")])], start=1).svg())
    assert not [p for p in clipped.iter(f"{SVG}path") if p.get("class") == "rl-anchor"]


# ---- size -----------------------------------------------------------------------------------


def test_a_document_has_a_limit_and_says_what_it_leaves_out() -> None:
    """Here in the first row; the other row ends at the same key."""
    rows = [
        ("many", [(i, i + 1, i) for i in range(1000)]),
        ("one", [(0, 2000, "x"), (3000, 4000, "y")]),
    ]
    picture = Picture(rows)
    root = read(picture.svg())
    assert len(bars(root)) == LIMIT + 1
    assert texts(root)[-1] == f"… and {1000 - LIMIT + 1:,} more"
    assert extent(bars(root)[-1])[1] == extent(bars(root)[LIMIT - 1])[1]
    assert len(picture.svg()) < 400 * LIMIT + 4000
    assert picture.text(72).count("\n") == 3  # text needs no limit


def test_bars_that_all_begin_at_one_key_are_limited_by_number() -> None:
    """No window could do it."""
    picture = Picture([("", [(0, i + 1, i) for i in range(LIMIT + 40)])])
    assert len(bars(read(picture.svg()))) == LIMIT
    assert picture.limited().below() == ["… and 40 more"]


def test_a_picture_within_the_limit_is_itself() -> None:
    """Nothing is left out of it."""
    picture = Picture([("", [(i, i + 1) for i in range(LIMIT)])])
    assert picture.limited() is picture


def test_pictures_stand_one_below_the_other_in_a_document() -> None:
    """Each on its own scale, none on top of another."""
    one = Picture([("", [(0, 1, "a")])], title="one", notes=["x"])
    root = read(document([one, one, one]))
    tops = [int(g.get("transform", "").split()[1][:-1]) for g in root if g.get("transform")]
    assert len(tops) == 3
    assert tops == sorted(set(tops))
    alone = int(read(document([one])).get("height", ""))
    assert int(root.get("height", "")) - 3 * tops[1] == alone - tops[1]
    assert root[0].text == "one; one; one"


def test_a_document_is_the_same_every_time() -> None:
    """Nothing of the process is in it."""
    edit = edit_of([(0, 8, "a"), (8, 16, "b")], lambda rl: rl.set(8, 16, "a"))
    assert edit.picture().svg() == edit.picture().svg()


def test_what_is_too_narrow_or_unknown_is_refused() -> None:
    """By name."""
    picture = Picture([("a label of many letters", [(0, 1, "a")])])
    with pytest.raises(EmptySpanError, match="width is 199, want at least 200 pixels"):
        picture.svg(width=MIN_PIXELS - 1)
    with pytest.raises(OptionError, match="scheme is 'blue', want one of"):
        picture.svg(scheme="blue")
    root = read(picture.svg(width=MIN_PIXELS))
    low, high = extent(bars(root)[0])
    assert 0 < low < high < MIN_PIXELS


# ---- on light and dark ----------------------------------------------------------------------


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as accessibility guidelines define it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("scheme", "at"), [(LIGHT, 0), (DARK, 2)], ids=["light", "dark"])
def test_all_can_be_read_on_the_ground_and_on_every_colour(
    scheme: tuple[str, ...], at: int
) -> None:
    """4.5 for text and 3 for what has a form, as accessibility guidelines ask."""
    ground, _, ink, faint, _ = scheme
    assert contrast(ink, ground) >= 7
    assert contrast(faint, ground) >= 4.5
    for colour in (*HUES, PLAIN):
        assert contrast(ink, colour[at]) >= 4.5
        assert contrast(colour[at + 1], ground) >= 3


def test_a_scheme_is_chosen_by_the_reader_unless_it_is_fixed() -> None:
    """A document paints its own ground, so that a wrong choice can still be read."""
    assert "prefers-color-scheme:dark" in stylesheet()
    assert "prefers-color-scheme" not in stylesheet("light") + stylesheet("dark")
    assert LIGHT[0] in stylesheet("light")
    assert LIGHT[0] not in stylesheet("dark")
    picture = Picture([("", [(0, 1, "a")])])
    assert 'class="rl-ground"' in picture.svg()
    for selector in re.findall(r"^([^{@]+)\{", stylesheet("light"), re.MULTILINE):
        assert all(part.strip().startswith(".rl ") for part in selector.split(","))


# ---- files ----------------------------------------------------------------------------------


def test_a_picture_is_written_to_a_file(tmp_path: Any) -> None:
    """SVG or text, by the name; what is drawn is returned all the same."""
    rl = RangeList([(0, 8, "é")])
    text = rl.draw(30, file=tmp_path / "x.svg")
    assert text == rl.draw(30)
    assert 'width="300"' in (tmp_path / "x.svg").read_text(encoding="utf-8")
    RangeBag([(0, 8, "é")]).draw(30, file=str(tmp_path / "x.TXT"))
    assert (tmp_path / "x.TXT").read_text(encoding="utf-8") == text + "\n"
    draw([("", rl)], file=tmp_path / "y.svg")
    assert read((tmp_path / "y.svg").read_text(encoding="utf-8")) is not None


def test_other_files_are_refused(tmp_path: Any) -> None:
    """Nothing is written."""
    with pytest.raises(OptionError, match=r"want a name that ends in .svg or .txt"):
        RangeList([(0, 8, "a")]).draw(file=tmp_path / "x.png")
    with pytest.raises(OptionError, match="file is 'svg'"):
        RangeList([(0, 8, "a")]).draw(file="svg")
    assert list(tmp_path.iterdir()) == []


# ---- bars that share a row ------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=12))
def test_a_bar_is_alone_if_no_other_has_a_place_of_its(spans: list[tuple[int, int]]) -> None:
    """Against comparing each with each."""
    whole = [(begin, begin + size) for begin, size in spans]
    expected = [
        not any(i != j and begin < other[1] and other[0] < end for j, other in enumerate(whole))
        for i, (begin, end) in enumerate(whole)
    ]
    assert alone(whole) == expected


def test_bars_that_overlap_in_a_row_show_each_other_and_no_values() -> None:
    """No value is written over another."""
    root = read(Picture([("", [(0, 10, "a"), (5, 15, "b"), (15, 20, "c")])]).svg())
    assert [("rl-shared" in bar.get("class", "")) for bar in bars(root)] == [True, True, False]
    assert texts(root)[-1] == "c"
    assert "b" not in texts(root)
