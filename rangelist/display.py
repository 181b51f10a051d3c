"""What lists, bags, edits, cursors and walks look like: in a terminal, a notebook, rich, a file.

    picture_of                                      a thing -> a `Picture`, of limited size
    of_list, of_bag, of_edit, of_cursor, of_walk    likewise, for one kind of thing
    drawing_of                                      a thing -> text: all of it, and no words
    pretty                                          a thing inside something else: its repr

        edit                                  cursor
        before  [---a---)...[---b---)         list  [---a---)...[---b---)...[---c---)
        after   [---------a---------)         last  ............^-------)
                                              next  ........................[---c---)

A bag is drawn in lanes, so that no interval hides another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sized
from copy import copy
from itertools import islice
from os import PathLike
from typing import Any, Final

from rangelist import Cursor, Edit, RangeBag, RangeList
from rangelist.cells import shown
from rangelist.draw import LIMIT, Bar, Picture, bar_of
from rangelist.errors import OptionError

__all__ = [
    "LANES",
    "drawing_of",
    "edit_rows",
    "lanes",
    "of_bag",
    "of_cursor",
    "of_edit",
    "of_list",
    "of_walk",
    "picture_of",
    "pretty",
    "walk_rows",
]

LANES: Final = 8
FATES: Final = 6  # sentences below an edit


# ---- anything -------------------------------------------------------------------------------


def picture_of(thing: Any, limit: int | None = LIMIT) -> Picture:
    """Return a picture of a list, a bag, an edit or a cursor; of `limit` nodes, `None` of all.

    Cost: that of `of_list`, `of_bag`, `of_edit` or `of_cursor`.
    Raises: OptionError, if the thing is none of these.
    """
    for kind, of in PICTURES:
        if isinstance(thing, kind):
            picture: Picture = of(thing, limit)
            return picture
    raise OptionError(f"cannot draw {thing!r}, want a list, a bag, an edit or a cursor")


def drawing_of(thing: Any, width: int = 72, file: str | PathLike[str] | None = None) -> str:
    """Return a thing as text: all, to scale, without title and notes; also write it to a file.

    Cost: O(n log n) for n nodes.
    Raises: EmptySpanError, if the width is too small; OptionError, for a file that ends neither in
        .svg nor in .txt.
    """
    picture = picture_of(thing, None)
    picture.title, picture.notes, picture.even = "", [], False
    return picture.drawn(width, file)


# ---- lists and bags -------------------------------------------------------------------------


def of_list(nodes: Any, limit: int | None = LIMIT) -> Picture:
    """Return a picture of the first nodes of a list.

    Cost: O(limit).

    Example:
        >>> from rangelist import RangeList
        >>> print(of_list(RangeList([(0, 8, "a"), (10, 18, "b")])).text(24))
        RangeList, 2 nodes
        0         8  10       18
        |---------|--|---------|
        [---a----)...[---b----)
    """
    first: list[Any] = list(islice(nodes, limit))
    return counted_picture([("", first)], nodes, limit)


def of_bag(nodes: Any, limit: int | None = LIMIT) -> Picture:
    """Return a picture of the first nodes of a bag, in lanes.

    Cost: O(limit).

    Example:
        >>> from rangelist import RangeBag
        >>> print(of_bag(RangeBag([(0, 8, "a"), (4, 12, "b"), (8, 16, "c")])).text(24))
        RangeBag, 3 nodes
        0     4     8    12   16
        |-----|-----|----|-----|
        [----a-----)[----c----)
        ......[----b----)......
    """
    return counted_picture(lanes("", islice(nodes, limit)), nodes, limit)


def counted_picture(rows: Any, nodes: Sized, limit: int | None) -> Picture:
    """Return a picture of rows that hold the first nodes of a list or bag."""
    more = 0 if limit is None else max(len(nodes) - limit, 0)
    return Picture(rows, title=counted(nodes), more=more, even=None)


def counted(nodes: Sized) -> str:
    """Return the type and the size of a list or bag."""
    size = len(nodes)
    return f"{type(nodes).__name__}, {size:,} node{'' if size == 1 else 's'}"


def lanes(label: str, items: Iterable[Any], most: int = LANES) -> list[tuple[str, list[Any]]]:
    """Lay items, in order of start, in rows in which none hides another.

    The last of `most` rows takes all that has found no place.  The first row has the label.

    Cost: O(n) comparisons a row.

    Example:
        >>> lanes("bag", [(0, 8, "a"), (4, 12, "b"), (8, 16, "c")])
        [('bag', [(0, 8, 'a'), (8, 16, 'c')]), ('', [(4, 12, 'b')])]
    """
    rows: list[list[Any]] = []
    ends: list[Any] = []
    for item in items:
        start, stop, *_ = item
        at = next((i for i, end in enumerate(ends) if not start < end), len(rows))
        if at == len(rows) < most:
            rows.append([])
            ends.append(stop)
        at = min(at, most - 1)
        rows[at].append(item)
        ends[at] = max(ends[at], stop)
    return [("" if i else label, row) for i, row in enumerate(rows or [[]])]


# ---- edits ----------------------------------------------------------------------------------


def of_edit(edit: Any, limit: int | None = LIMIT) -> Picture:
    """Return a picture of an edit: before above after, a colour a node, its fate in words.

    Cost: O(k log k), k the nodes that changed; at most `limit` are drawn.

    Example:
        >>> from rangelist import RangeList
        >>> rl = RangeList([(0, 8, "a"), (10, 18, "b")])
        >>> edits: list[Edit[int, str]] = []
        >>> forget = rl.subscribe(edits.append)
        >>> _ = rl.set(8, 14, "a")
        >>> print(of_edit(edits[0]).text(40))
        set: cut right, merged left
                0             8  10     14    18
                |-------------|--|------|------|
        before  [-----a------)...[-----b------)
        after   [----------a-----------)[--b--)
        [0, 8) a is now [0, 14) a
        [10, 18) b is now [14, 18) b
    """
    fates = edit.fates
    words = fate_words(fates)
    notes = words[:FATES]
    if words[FATES:]:
        notes.append(f"… and what became of {len(words) - FATES:,} more nodes")
    picture = Picture(edit_rows(edit), title=f"{edit.op}: {edit.case}", notes=notes, even=None)
    return picture if limit is None else picture.limited(limit)


def edit_rows(edit: Any) -> list[tuple[str, list[Bar]]]:
    """Return what was and what is as two rows, in which a node keeps its identity.

    Cost: O(k log k), k the nodes that changed.
    """
    before: list[Bar] = []
    after: list[Bar] = []
    fates = edit.fates
    for fate, words in zip(fates, fate_words(fates), strict=True):
        if fate.before is not None:
            bar = bar_of(fate.before)
            before.append(bar._replace(who=fate.node, into=fate.into, kind=fate.kind, note=words))
        if fate.after is not None:
            bar = bar_of(fate.after)
            kind = "new" if fate.before is None else ""
            after.append(bar._replace(who=fate.node, kind=kind, note=words))
    return [("before", before), ("after", after)]


def fate_words(fates: list[Any]) -> list[str]:
    """Say what became of each node."""
    now = {fate.node: spelled(fate.after) for fate in fates if fate.after is not None}
    words: list[str] = []
    for fate in fates:
        if fate.kind == "new":
            words.append(f"{now[fate.node]} is new")
        elif fate.kind == "changed":
            words.append(f"{spelled(fate.before)} is now {now[fate.node]}")
        elif fate.kind == "merged":
            survivor = now.get(fate.into, "a node that is gone, too")
            words.append(f"{spelled(fate.before)} was merged into {survivor}")
        else:
            words.append(f"{spelled(fate.before)} was removed")
    return words


def spelled(piece: Any) -> str:
    """Return a span and its value as text."""
    start, stop, value = piece
    return f"[{shown(start)}, {shown(stop)})" + ("" if value is None else f" {shown(value)}")


# ---- walks ----------------------------------------------------------------------------------


def of_walk(
    contents: Iterable[Any],
    delivered: Iterable[Any] = (),
    ahead: Iterable[Any] = (),
    *,
    reverse: bool = False,
    window: tuple[Any, Any] | None = None,
    title: str = "",
    notes: Iterable[str] = (),
    more: int = 0,
) -> Picture:
    """Return a picture of a walk: what is there, what was delivered last, what comes next.

    The last of `delivered` is where the walk is; its anchor is its first point, its last point if
    the walk goes backwards.  A sweep has fragments for both, as `RangeList.sweep` delivers them.

    Cost: O(n log n) for n intervals.

    Example:
        >>> nodes = [(0, 8, "a"), (10, 18, "b"), (20, 28, "c")]
        >>> print(of_walk(nodes, [(10, 18)], [(20, 28, "c")]).text(40))
              0        8  10       18 20      28
              |--------|--|--------|--|--------|
        list  [---a---)...[---b---)...[---c---)
        last  ............^-------)............
        next  ........................[---c---)
    """
    rows = [("list", [bar_of(item) for item in contents])]
    rows += walk_rows(delivered, ahead, reverse=reverse)
    start = stop = None
    bars = [bar for _, row in rows for bar in row]
    if window is not None and bars:
        # What is seen is what there is; the window may reach far beyond it.
        start, stop = min(bar.start for bar in bars), max(bar.stop for bar in bars)
        low, high = window
        whole = Bar(start if low is None else low, stop if high is None else high, kind="window")
        rows.insert(1, ("window", [whole]))
    return Picture(rows, start=start, stop=stop, title=title, notes=notes, more=more, even=None)


def walk_rows(
    delivered: Iterable[Any], ahead: Iterable[Any], *, reverse: bool = False, name: str = ""
) -> list[tuple[str, list[Bar]]]:
    """Return the rows of one walk, to stand below the list; for several walks, each with its name.

    Cost: O(n) for n intervals.

    Example:
        >>> rows = walk_rows([(10, 18)], [(20, 28)], name="A") + walk_rows([(0, 8)], [], name="B")
        >>> print(Picture(rows).text(42))
                0        8  10       18 20      28
                |--------|--|--------|--|--------|
        A last  ............^-------)............
        A next  ........................[-------)
        B last  ^-------)........................
        B next  .................................
    """
    done = [bar_of(item) for item in delivered]
    if done:
        done[-1] = done[-1]._replace(kind="left" if reverse else "right")
    coming = [bar_of(item)._replace(kind="next") for item in ahead]
    return [(f"{name} last".strip(), done), (f"{name} next".strip(), coming)]


def of_cursor(cursor: Any, limit: int | None = LIMIT) -> Picture:
    """Return a picture of a cursor of a list: the nodes around it, its extent, what comes next.

    The cursor does not move.

    Cost: O(log n + limit).
    """
    nodes, window = cursor._chain, (cursor._lo, cursor._hi)
    following = copy(cursor).next()
    if limit is None or nodes.size <= limit:
        near = list(nodes)
    else:
        near = around(following or copy(cursor).prev() or nodes.head, limit)
    extent = cursor.extent
    state = "before the first delivery"
    if extent is not None:
        state = f"at {spelled((*extent, None))}, {named(cursor.status)}"
    return of_walk(
        near,
        [] if extent is None else [extent],
        [] if following is None else [following],
        reverse=not cursor._stand.right,
        window=None if window == (None, None) else window,
        title=f"cursor {state}",
        notes=[] if following is not None else ["nothing comes next"],
        more=nodes.size - len(near),
    )


def around(node: Any, limit: int) -> list[Any]:
    """Return the nodes around one: half of the limit before it, if there are as many."""
    first, steps = node, 0
    while first.prev is not None and steps < limit // 2:
        first, steps = first.prev, steps + 1
    near = [first]
    while near[-1].next is not None and len(near) < limit:
        near.append(near[-1].next)
    return near


def named(status: Any) -> str:
    """Return the flags of a status in words."""
    return (status.name or "same").lower().replace("_", " ").replace("|", ", ")


# ---- as a part of something else ------------------------------------------------------------


def pretty(thing: Any, printer: Any, cycle: bool) -> None:
    """Print a thing as part of another by IPython's pretty printer: its repr.

    A list or bag of more than LIMIT nodes is abbreviated, and so is what contains itself.
    """
    if cycle:
        printer.text(f"{type(thing).__name__}(...)")
    elif isinstance(thing, Sized) and len(thing) > LIMIT:
        printer.text(f"<{counted(thing)}>")
    else:
        printer.text(repr(thing))


# What is drawn how.
PICTURES: Final[Any] = (
    (Cursor, of_cursor),
    (Edit, of_edit),
    (RangeBag, of_bag),
    (RangeList, of_list),
)
