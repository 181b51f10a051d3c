"""What a list holds and what a walk owes, on plain sorted tuples.

Knows no node, no index, no hook and no link: rows go in, rows come out.  Keys are ints.
Touching rows of equal value are joined only at the borders that an operation looks at.
"""

from __future__ import annotations

Row = tuple[int, int, str]
Rows = tuple[Row, ...]
Window = tuple[int | None, int | None]
Extent = tuple[int, int]


class Refused(Exception):
    """The operation must raise, and change nothing."""


# ---- what an operation does ---------------------------------------------------------------------


def cut(rows: Rows, lo: int, hi: int) -> tuple[Rows, Rows, Rows]:
    """Return what lies left of lo, in [lo, hi), and right of hi; straddlers are cut."""
    return (
        tuple((s, min(e, lo), v) for s, e, v in rows if s < lo),
        tuple((max(s, lo), min(e, hi), v) for s, e, v in rows if s < hi and lo < e),
        tuple((max(s, hi), e, v) for s, e, v in rows if hi < e),
    )


def join(rows: Rows, borders: set[int]) -> Rows:
    """Join touching rows of equal value at these borders."""
    out: list[Row] = []
    for s, e, v in sorted(rows):
        if out and out[-1][1] == s and s in borders and out[-1][2] == v:
            s = out.pop()[0]
        out.append((s, e, v))
    return tuple(out)


def ends(rows: Rows) -> set[int]:
    """Return every border of these rows."""
    return {border for row in rows for border in row[:2]}


def row_at(rows: Rows, key: int) -> Row:
    """Return the row that covers a key; a node must be there to be handled."""
    for row in rows:
        if row[0] <= key < row[1]:
            return row
    raise Refused


def free(rows: Rows, lo: int, hi: int) -> None:
    """Refuse a span that is not free."""
    if cut(rows, lo, hi)[1]:
        raise Refused


def gaps(rows: Rows, lo: int, hi: int) -> list[Extent]:
    """Return the gaps inside [lo, hi)."""
    borders = [lo, *sorted(border for row in cut(rows, lo, hi)[1] for border in row[:2]), hi]
    return [(s, e) for s, e in zip(borders[::2], borders[1::2], strict=True) if s < e]


def write(rows: Rows, lo: int, hi: int, pieces: Rows) -> Rows:
    """Put pieces in the place of what [lo, hi) holds; each looks at its two borders."""
    left, _, right = cut(rows, lo, hi)
    return join((*left, *pieces, *right), ends(pieces))


def set(rows: Rows, lo: int, hi: int, v: str) -> Rows:  # noqa: A001 - the name of the verb
    if any(s <= lo and hi <= e and w == v for s, e, w in rows):
        return rows
    return write(rows, lo, hi, ((lo, hi, v),))


def set_never(rows: Rows, lo: int, hi: int, v: str) -> Rows:
    left, _, right = cut(rows, lo, hi)
    return (*left, (lo, hi, v), *right)


def insert(rows: Rows, lo: int, hi: int, v: str) -> Rows:
    free(rows, lo, hi)
    return write(rows, lo, hi, ((lo, hi, v),))


def fill(rows: Rows, lo: int, hi: int, v: str) -> Rows:
    new = tuple((s, e, v) for s, e in gaps(rows, lo, hi))
    return join((*rows, *new), ends(new))


def add(rows: Rows, lo: int, hi: int, v: str) -> Rows:
    over = tuple((s, e, max(w, v)) for s, e, w in cut(rows, lo, hi)[1])
    return write(rows, lo, hi, (*over, *((s, e, v) for s, e in gaps(rows, lo, hi))))


def update(rows: Rows, lo: int, hi: int, v: str | None) -> Rows:
    new = () if v is None else tuple((s, e, v) for s, e, _ in cut(rows, lo, hi)[1])
    return write(rows, lo, hi, new)


def remove(rows: Rows, lo: int, hi: int) -> Rows:
    return write(rows, lo, hi, ())


def split(rows: Rows, at: int) -> Rows:
    left, _, right = cut(rows, at, at)
    return (*left, *right)


def merge(rows: Rows, at: int, v: str | None = None) -> Rows:
    """Join the rows that meet at `at`; without a value the left one's."""
    (a, left_stop, w), (right_start, d, _) = row_at(rows, at - 1), row_at(rows, at)
    if left_stop != at or right_start != at:
        raise Refused
    return tuple(sorted((*remove(rows, a, d), (a, d, w if v is None else v))))


def replace(rows: Rows, key: int, v: str) -> Rows:
    s, e, _ = row_at(rows, key)
    return write(rows, s, e, ((s, e, v),))


def resize(rows: Rows, key: int, lo: int, hi: int) -> Rows:
    s, e, v = row_at(rows, key)
    rest = remove(rows, s, e)
    free(rest, min(s, lo), max(e, hi))  # it cannot jump over a neighbour
    return write(rest, lo, hi, ((lo, hi, v),))


def discard(rows: Rows, key: int) -> Rows:
    return remove(rows, *row_at(rows, key)[:2])


def move(rows: Rows, lo: int, hi: int, to: int, overwrite: bool) -> Rows:
    left, inside, right = cut(rows, lo, hi)
    there = to + hi - lo
    if not overwrite:
        free((*left, *right), to, there)
    moved = tuple((s + to - lo, e + to - lo, v) for s, e, v in inside)
    return write(tuple(sorted((*left, *right))), to, there, moved)


def shift(rows: Rows, at: int, by: int) -> Rows:
    left, _, right = cut(rows, at, max(at, at - by))
    return join((*left, *((s + by, e + by, v) for s, e, v in right)), {at} if by < 0 else {*()})


def coalesce(rows: Rows, lo: int, hi: int) -> Rows:
    return join(rows, {*range(lo, hi + 1)})


def clear(rows: Rows) -> Rows:
    return ()


# ---- what a walk owes, forwards; backwards is the mirror image (L14) ----------------------------


def clip(rows: Rows, window: Window) -> list[tuple[int, int, Row]]:
    """Return the rows that meet the window, each with its clipped span (L15)."""
    lo, hi = window
    spans = [(s if lo is None else max(s, lo), e if hi is None else min(e, hi)) for s, e, _ in rows]
    return [(s, e, row) for (s, e), row in zip(spans, rows, strict=True) if s < e]


def element_walk(rows: Rows, window: Window, extent: Extent | None) -> list[Row]:
    """Return the rest of an E walk that delivered `extent` last: rule R-anchor."""
    seen = clip(rows, window)
    if extent is None:
        return [row for _, _, row in seen]
    a, b = extent
    edge = a + 1 if any(s <= a < e for s, e, _ in seen) else b
    return [row for s, _, row in seen if edge <= s]


def coverage_walk(rows: Rows, window: Window, extent: Extent | None) -> list[Row]:
    """Return the rest of a C walk: what the window holds behind the frontier."""
    ahead = (window[0] if extent is None else extent[1], window[1])
    return [(s, e, v) for s, e, (_, _, v) in clip(rows, ahead)]


def turn_back(rows: Rows, window: Window, extent: Extent | None) -> list[Row]:
    """Return what a cursor delivers that turns round: what covers the anchor, then all before."""
    if extent is None:
        return []
    seen = clip(rows, window)
    a, b = extent
    alive = any(s <= a < e for s, e, _ in seen)
    return [row for s, _, row in reversed(seen) if (s <= a if alive else s < b)]


def current(rows: Rows, window: Window, extent: Extent | None) -> list[Row]:
    """Return the row over the anchor, if there is one."""
    return [row for s, e, row in clip(rows, window) if extent is not None and s <= extent[0] < e]


# ---- mirrors ------------------------------------------------------------------------------------


def mirror(rows: Rows | list[Row]) -> Rows:
    return tuple((-e, -s, v) for s, e, v in reversed(rows))


def mirror_span(span: tuple[int | None, int | None] | None):
    return span and tuple(None if key is None else -key for key in reversed(span))


def owed(law, rows: Rows, window: Window, reverse: bool, extent: Extent | None) -> list[Row]:
    """Return what one of the four laws above says, in either direction."""
    if not reverse:
        return law(rows, window, extent)
    there = law(mirror(rows), mirror_span(window), mirror_span(extent))
    return [(-e, -s, v) for s, e, v in there]
