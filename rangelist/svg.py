r"""A picture as SVG: static, self-contained, readable on a light and on a dark ground.

    [a      )  ...  [b      )      a node: square where it begins, round before its stop
    <a      )                      an arrow where it goes on behind the window
       |  \                         a band from a node to what became of it in the row below
    [a         )
     ^                             the anchor of a walk

Places come from `Picture.scale`, as in text, with pixels for columns.  Nothing in a document can
run or load anything: there is no script, no link, no font and no foreign object, and every text is
escaped.  Class names begin with `rl-`, because the style sheet of an SVG that is put into a page
holds for the whole page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, Final, NamedTuple

from rangelist.cells import columns, fit, shown, wrapped
from rangelist.draw import Bar, Picture, Seen, alone, check_width, places, ruler_labels
from rangelist.errors import OptionError

__all__ = ["MIN_PIXELS", "SCHEMES", "document", "stylesheet"]

NAMESPACE: Final = "http://www.w3.org/2000/svg"
MIN_PIXELS: Final = 200  # width of the narrowest picture
UNIT: Final = 8  # pixels of a column of text at font size 13
PAD: Final = 14  # between the edge and all else
LINE: Final = 20  # height of a line of text
LINES: Final = 3  # at most so many for a title or a note
RULER: Final = 30  # height of labels and ticks
BAR: Final = 28
SPACE: Final = 8  # between two rows, or
LINKED: Final = 26  # between two rows with bands
WORDS: Final = 120  # columns of any one text that is told and not drawn
GRID: Final = 40  # more borders than this are not drawn through the rows

# Hues that stay apart for the colour-blind: for each the fill and the edge on light, and on dark.
HUES: Final = (
    ("#cfe2ff", "#2f6fd0", "#16396b", "#6ea8ff"),
    ("#ffdfbd", "#b9640a", "#65390a", "#f0a04b"),
    ("#c9eed5", "#1d8148", "#12502f", "#57c785"),
    ("#e5d9fc", "#7a4fd0", "#42297f", "#b394ff"),
    ("#f6eaa6", "#857200", "#544809", "#d9c34a"),
    ("#fbd4e4", "#bf3676", "#6c1d43", "#f27fb2"),
    ("#c2edf0", "#0b7a82", "#07474d", "#4fc6cf"),
    ("#e9ddd2", "#85603c", "#4b3623", "#c49a72"),
)
PLAIN: Final = ("#e7eaee", "#656e79", "#2f353d", "#8b949e")
# ground, edge of the ground, text, faint text and lines, faintest lines
LIGHT: Final = ("#ffffff", "#d5d9de", "#1b1f24", "#59636e", "#d5d9de")
DARK: Final = ("#0f141a", "#313842", "#e8edf3", "#a3adb8", "#2c333c")
SCHEMES: Final = ("auto", "light", "dark")  # colours: as the reader prefers, or fixed

SHARED: Final = """\
.rl text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.rl .rl-title{font-weight:bold}
.rl .rl-bar path{stroke-width:1.5}
.rl .rl-band{stroke:none;opacity:.45}
.rl .rl-gone path{stroke-dasharray:4 3}
.rl .rl-new path{stroke-width:3}
.rl .rl-shared path{fill-opacity:.5}
.rl .rl-next path,.rl .rl-window path{stroke-dasharray:2 3}
.rl .rl-removed text{text-decoration:line-through}
.rl .rl-axis,.rl .rl-tick,.rl .rl-grid{fill:none;stroke-width:1}
.rl .rl-gap{fill:none;stroke-width:1.5;stroke-dasharray:1.5 5}
"""


class Frame(NamedTuple):
    """Where the rows of one picture lie, in pixels: the scale begins at `left`."""

    picture: Picture
    title: list[str]  # in lines
    notes: list[str]
    labels: list[str]
    left: int
    right: int
    scale: list[int]
    spots: list[list[tuple[int, int]]]  # for each row, where each bar begins and ends
    tints: list[list[str]]  # and its colour
    tops: list[int]  # where each row begins
    bands: list[list[Band]]  # for each row, the bands from it to the next
    height: int


class Band(NamedTuple):
    """From a bar, what became of it in the next row: two spans in pixels, and the colour."""

    above: tuple[int, int]
    below: tuple[int, int]
    hue: str


def document(pictures: Sequence[Picture], width: int = 720, scheme: str = "auto") -> str:
    """Return pictures, one below the other, as one SVG document.

    Cost: O(n log n) for n bars.
    Raises: EmptySpanError, if `width` is below 200; OptionError, for an unknown scheme.

    Example:
        >>> text = document([Picture([("list", [(0, 8, "<a>")])])])
        >>> text.startswith("<svg"), "&lt;a&gt;" in text
        (True, True)
    """
    check_width(width, MIN_PIXELS, "pixels")
    frames = [frame(picture.limited(), width) for picture in pictures]
    height = sum(each.height for each in frames) + PAD
    title = fit("; ".join(shown(each.picture.title) or "Intervals" for each in frames), WORDS)
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    style = 'style="max-width:100%;height:auto" xml:space="preserve"'
    lines = [
        f'<svg xmlns="{NAMESPACE}" class="rl" role="img" {size} {style}>',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(chr(10).join(described(each.picture) for each in frames))}</desc>",
        f"<style>{stylesheet(scheme)}</style>",
        f'<rect class="rl-ground" x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="6"/>',
    ]
    top = 0
    for each in frames:
        lines += [f'<g transform="translate(0 {top})">', *drawn(each), "</g>"]
        top += each.height
    return "\n".join([*lines, "</svg>"]) + "\n"


def described(picture: Picture) -> str:
    """Return a picture in words, for readers who cannot see it."""
    lines: list[str] = []
    for label, row in zip(picture.labels, picture.rows, strict=True):
        bars = ", ".join(words(seen) for seen in row) or "nothing"
        lines.append(f"{fit(shown(label), WORDS)}: {bars}" if label else bars)
    return "\n".join(lines + [fit(line, WORDS) for line in picture.below()])


def words(seen: Seen) -> str:
    """Return a bar in words."""
    bar = seen.bar
    start, stop = fit(shown(bar.start), WORDS), fit(shown(bar.stop), WORDS)
    value = "" if bar.value is None else " " + fit(shown(bar.value), WORDS)
    note = f" ({fit(shown(bar.note), WORDS)})" if bar.note else ""
    return f"[{start}, {stop}){value}{note}"


# ---- colours --------------------------------------------------------------------------------


def stylesheet(scheme: str = "auto") -> str:
    """Return the style sheet of every picture.

    Raises: OptionError, for an unknown scheme.
    """
    if scheme not in SCHEMES:
        raise OptionError(f"scheme is {scheme!r}, want one of {SCHEMES}")
    light, dark = "".join(rules(LIGHT, 0)), "".join(rules(DARK, 2))
    if scheme == "auto":
        return f"{light}@media (prefers-color-scheme:dark){{\n{dark}}}\n{SHARED}"
    return (light if scheme == "light" else dark) + SHARED


def rules(scheme: tuple[str, str, str, str, str], at: int) -> Iterator[str]:
    """Yield the colours of one scheme; `at` is where a hue keeps its own."""
    ground, edge, ink, faint, faintest = scheme
    yield f".rl .rl-ground{{fill:{ground};stroke:{edge}}}\n"
    yield f".rl text,.rl .rl-anchor{{fill:{ink};stroke:none}}\n.rl .rl-faint{{fill:{faint}}}\n"
    yield f".rl .rl-axis,.rl .rl-tick,.rl .rl-gap{{stroke:{faint}}}\n"
    yield f".rl .rl-grid{{stroke:{faintest}}}\n"
    for name, hue in [("p", PLAIN), *enumerate(HUES)]:
        yield f".rl .rl-{name}{{fill:{hue[at]};stroke:{hue[at + 1]}}}\n"
    yield f".rl .rl-next,.rl .rl-window{{fill:{ground}}}\n"


def tints_of(picture: Picture) -> list[list[str]]:
    """Return for each row the classes that give the bars their colours."""
    known = dict(picture.tints)
    rows: list[list[str]] = []
    for row in picture.rows:
        keys = [tint(seen.bar) for seen in row]
        for key in keys:
            if key is not None:
                known.setdefault(key, len(known))
        rows.append(["rl-p" if key is None else f"rl-{known[key] % len(HUES)}" for key in keys])
    return rows


def tint(bar: Bar) -> Any:
    """Return what gives a bar its colour: its identity, else the text of its value, if any."""
    return shown(bar.value) if bar.who is None and bar.value is not None else bar.who


# ---- places ---------------------------------------------------------------------------------


def frame(picture: Picture, width: int) -> Frame:
    """Lay the rows of a picture out."""
    room = (width - 2 * PAD) // UNIT
    title = wrapped(shown(picture.title), room, LINES) if picture.title else []
    notes = [part for line in picture.below() for part in wrapped(line, room, LINES)]
    labels = [fit(shown(label), width // UNIT // 4) for label in picture.labels]
    margin = max(map(columns, labels), default=0)
    left = PAD + (UNIT * margin + PAD if margin else 0)
    scale = picture.scale(width - PAD - left)
    right = left + scale[-1] if any(scale) else width - PAD
    spots = [places(row, picture.borders, scale) for row in picture.rows]
    tints = tints_of(picture)
    top = PAD + LINE * len(title) + RULER + SPACE
    tops: list[int] = []
    bands: list[list[Band]] = []
    for i in range(len(picture.rows)):
        tops.append(top)
        bands.append(links(picture, spots, tints[i], i) if i + 1 < len(spots) else [])
        top += BAR + (LINKED if bands[i] else SPACE)
    height = top + LINE * len(notes) + (SPACE if notes else 0)
    return Frame(
        picture, title, notes, labels, left, right, scale, spots, tints, tops, bands, height
    )


def links(
    picture: Picture, spots: list[list[tuple[int, int]]], tints: list[str], i: int
) -> list[Band]:
    """Return the bands from row i to the next: from each bar to the bar of its identity.

    A band ends where the two share pixels; if they share none (a move) on the whole of the other.
    """
    below = zip(picture.rows[i + 1], spots[i + 1], strict=True)
    target = {seen.bar.who: spot for seen, spot in below if seen.bar.who is not None}
    bands: list[Band] = []
    for seen, (begin, end), hue in zip(picture.rows[i], spots[i], tints, strict=True):
        there = target.get(seen.bar.who if seen.bar.into is None else seen.bar.into)
        if there is not None:
            low, high = max(begin, there[0]), min(end, there[1])
            bands.append(Band((begin, end), (low, high) if low < high else there, hue))
    return bands


# ---- shapes ---------------------------------------------------------------------------------


def drawn(at: Frame) -> Iterator[str]:
    """Yield the elements of one picture."""
    left = at.left
    for i, line in enumerate(at.title):
        yield label(PAD, PAD + LINE * i + 13, line, "rl-title")
    yield from ruler(at, PAD + LINE * len(at.title))
    for i, row in enumerate(at.picture.rows):
        y = at.tops[i]
        middle = y + BAR // 2
        if at.labels[i]:
            yield label(PAD, middle + 5, at.labels[i], "rl-faint")
        yield f'<path class="rl-gap" d="M{left} {middle}H{at.right}"/>'
        for band in at.bands[i]:
            yield shape_of(band, left, y + BAR)
        spots = [(left + begin, left + max(end, begin + 1)) for begin, end in at.spots[i]]
        bars = zip(row, spots, at.tints[i], alone(spots), strict=True)
        for j, (seen, spot, hue, free) in enumerate(bars):
            kind = classes(seen.bar.kind, free)
            yield f'<g class="rl-bar {hue}{kind}" data-row="{i}" data-bar="{j}">'
            yield from bar(seen, spot, y, free)
            yield "</g>"
    y = at.height - LINE * len(at.notes)
    for i, line in enumerate(at.notes):
        yield label(PAD, y + LINE * i + 9, line, "rl-faint")


def classes(kind: str, free: bool) -> str:
    """Return the classes of what a bar is beside a plain node that overlaps nothing in its row."""
    names = ([kind] if kind else []) + (["gone"] if kind in ("merged", "removed") else [])
    return "".join(f" rl-{name}" for name in (names if free else [*names, "shared"]))


def label(x: int, y: int, text: str, kind: str = "") -> str:
    """Return a text that begins at x on the base line y."""
    chosen = f' class="{kind}"' if kind else ""
    return f'<text{chosen} x="{x}" y="{y}">{escape(text)}</text>'


def ruler(at: Frame, top: int) -> Iterator[str]:
    """Yield labels, ticks, and a line through all rows at each border, if they are few."""
    picture, left = at.picture, at.left
    size = at.right - left
    axis = top + RULER - 6
    yield (
        f'<path class="rl-axis" data-left="{left}" data-right="{at.right}" '
        f'd="M{left} {axis}H{at.right}"/>'
    )
    ticks = "".join(f"M{left + x} {axis}v5" for x in sorted(set(at.scale)))
    yield f'<path class="rl-tick" d="{ticks}"/>'
    if len(at.scale) <= GRID and at.tops:
        bottom = at.tops[-1] + BAR + 2
        lines = "".join(f"M{left + x} {axis + 5}V{bottom}" for x in at.scale)
        yield f'<path class="rl-grid" d="{lines}"/>'
    for x, text in ruler_labels(picture.borders, at.scale, size, UNIT):
        yield label(left + x, axis - 6, text)


def bar(seen: Seen, spot: tuple[int, int], y: int, free: bool) -> Iterator[str]:
    """Yield a bar: its explanation, its shape, its value where there is room for it alone."""
    begin, end = spot
    yield f"<title>{escape(words(seen))}</title>"
    yield f'<path d="{outline(seen, begin, end, y + 1, y + BAR - 1)}"/>'
    middle = y + BAR // 2
    if "^" in (seen.opens, seen.closes):
        x = begin if seen.opens == "^" else end
        yield f'<path class="rl-anchor" d="M{x} {y + BAR - 11}l6 11h-12z"/>'
    if seen.bar.value is None or not free:
        return
    text = fit(shown(seen.bar.value), (end - begin - 8) // UNIT)
    if text:
        yield (
            f'<text text-anchor="middle" x="{(begin + end) // 2}" y="{middle + 5}">'
            f"{escape(text)}</text>"
        )


def outline(seen: Seen, begin: int, end: int, top: int, bottom: int) -> str:
    """Return the path of a bar: square at its start, round at its stop, pointed at a window."""
    middle = (top + bottom) // 2
    curve = min(9, (end - begin) // 2)
    if seen.opens == "<":
        path = f"M{begin + curve} {bottom}L{begin} {middle}L{begin + curve} {top}"
    else:
        path = f"M{begin} {bottom}V{top}"
    if seen.closes == ">":
        return f"{path}H{end - curve}L{end} {middle}L{end - curve} {bottom}z"
    path += f"H{end - curve}Q{end} {top} {end} {top + curve}"
    return f"{path}V{bottom - curve}Q{end} {bottom} {end - curve} {bottom}z"


def shape_of(band: Band, left: int, top: int) -> str:
    """Return a band between two rows."""
    (a, b), (c, d) = band.above, band.below
    bottom = top + LINKED
    return (
        f'<path class="rl-band {band.hue}" '
        f'd="M{left + a} {top}H{left + b}L{left + d} {bottom}H{left + c}z"/>'
    )
