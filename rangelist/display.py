"""What lists, bags, edits, cursors and walks look like: in a terminal, a notebook, rich, a file.

    of_list, of_bag, of_edit, of_cursor, of_walk    a thing -> a `Picture`, of limited size
    pretty                                          a thing inside something else: its repr

        edit                                  cursor
        before  [---a---)...[---b---)         list  [---a---)...[---b---)...[---c---)
        after   [---------a---------)         last  ............^-------)
                                              next  ........................[---c---)

A bag is drawn in lanes, so that no interval hides another.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from itertools import islice
from typing import Any, Final, NamedTuple

from rangelist.cells import shown
from rangelist.draw import LIMIT, Bar, Picture, bar_of
from rangelist.node import Piece

__all__ = [
    "LANES",
    "edit_rows",
    "lanes",
    "of_bag",
    "of_cursor",
    "of_edit",
    "of_list",
    "of_walk",
    "pretty",
]

LANES: Final = 8
FATES: Final = 6  # sentences below an edit


# ---- lists and bags -------------------------------------------------------------------------


def of_list(nodes: Any, title: str = "") -> Picture:
    """Return a picture of the first nodes of a list.

    Cost: O(1), for at most LIMIT nodes are drawn.

    Example:
        >>> from rangelist import RangeList
        >>> print(of_list(RangeList([(0, 8, "a"), (10, 18, "b")])).text(24))
        RangeList, 2 nodes
        0         8  10       18
        |---------|--|---------|
        [---a----)...[---b----)
    """
    return _of(nodes, [("", list(islice(nodes, LIMIT)))], title)


def of_bag(nodes: Any, title: str = "") -> Picture:
    """Return a picture of the first nodes of a bag, in lanes.

    Cost: O(1), for at most LIMIT nodes are drawn.

    Example:
        >>> from rangelist import RangeBag
        >>> print(of_bag(RangeBag([(0, 8, "a"), (4, 12, "b"), (8, 16, "c")])).text(24))
        RangeBag, 3 nodes
        0     4     8    12   16
        |-----|-----|----|-----|
        [----a-----)[----c----)
        ......[----b----)......
    """
    return _of(nodes, lanes("", islice(nodes, LIMIT)), title)


def _of(nodes: Any, rows: list[tuple[str, list[Any]]], title: str) -> Picture:
    """Return a picture of rows that hold the first nodes of a list or bag."""
    size = len(nodes)
    title = title or f"{type(nodes).__name__}, {size:,} node{'' if size == 1 else 's'}"
    return Picture(rows, title=title, more=max(size - LIMIT, 0), even=None)


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


def of_edit(edit: Any) -> Picture:
    """Return a picture of an edit: before above after, a colour a node, its fate in words.

    Cost: O(k log k), k the nodes that changed; at most LIMIT are drawn.

    Example:
        >>> from rangelist import RangeList
        >>> rl = RangeList([(0, 8, "a"), (10, 18, "b")])
        >>> edits = []
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
    fates = fates_of(edit)
    words = fate_words(fates)
    notes = words[:FATES]
    if words[FATES:]:
        notes.append(f"… and {len(words) - FATES:,} more nodes")
    return Picture(
        edit_rows(edit), title=f"{edit.op}: {edit.case}", notes=notes, even=None
    ).limited()


def edit_rows(edit: Any) -> list[tuple[str, list[Bar]]]:
    """Return what was and what is as two rows, in which a node keeps its identity.

    Cost: O(k log k), k the nodes that changed.
    """
    before: list[Bar] = []
    after: list[Bar] = []
    fates = fates_of(edit)
    for fate, words in zip(fates, fate_words(fates), strict=True):
        if fate.before is not None:
            bar = bar_of(fate.before)
            before.append(bar._replace(who=fate.node, into=fate.into, kind=fate.kind, note=words))
        if fate.after is not None:
            bar = bar_of(fate.after)
            kind = "new" if fate.before is None else ""
            after.append(bar._replace(who=fate.node, kind=kind, note=words))
    return [("before", before), ("after", after)]


class _Fate(NamedTuple):
    """What became of one node in an edit."""

    node: Any
    kind: str
    before: Piece[Any, Any] | None
    after: Piece[Any, Any] | None
    into: Any


def fates_of(edit: Any) -> list[Any]:
    """Return what became of each node of an edit, in key order.

    Until edits have `fates` they are found here.
    """
    if hasattr(edit, "fates"):
        return list(edit.fates)
    old, new = edit._net()
    now = {shape.node: shape.piece() for shape in new}
    absorbed = {dead: survivor for change in edit.changes for dead, survivor in change.absorbed}
    fates: list[_Fate] = []
    for shape in old:
        after = now.pop(shape.node, None)
        into = absorbed.get(shape.node) if after is None else None
        while into in absorbed:
            into = absorbed[into]
        kind = "changed" if after is not None else "merged" if into is not None else "removed"
        fates.append(_Fate(shape.node, kind, shape.piece(), after, into))
    fates += [_Fate(node, "new", None, piece, None) for node, piece in now.items()]
    return sorted(fates, key=lambda fate: (fate.before or fate.after).start)


def fate_words(fates: list[Any]) -> list[str]:
    """Say what became of each node."""
    now = {fate.node: fate.after for fate in fates if fate.after is not None}
    words: list[str] = []
    for fate in fates:
        if fate.kind == "new":
            words.append(f"{spelled(fate.after)} is new")
        elif fate.kind == "changed":
            words.append(f"{spelled(fate.before)} is now {spelled(fate.after)}")
        elif fate.kind == "merged":
            words.append(f"{spelled(fate.before)} was merged into {spelled(now[fate.into])}")
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
    done = [bar_of(item) for item in delivered]
    if done:
        done[-1] = done[-1]._replace(kind="left" if reverse else "right")
    coming = [bar_of(item)._replace(kind="next") for item in ahead]
    rows = [("list", [bar_of(item) for item in contents]), ("last", done), ("next", coming)]
    start = stop = None
    bars = [bar for _, row in rows for bar in row]
    if window is not None and bars:
        # What is seen is what there is; the window may reach far beyond it.
        start, stop = min(bar.start for bar in bars), max(bar.stop for bar in bars)
        low, high = window
        whole = Bar(start if low is None else low, stop if high is None else high, kind="window")
        rows.insert(1, ("window", [whole]))
    return Picture(rows, start=start, stop=stop, title=title, notes=notes, more=more, even=None)


def of_cursor(
    cursor: Any, nodes: Iterable[Any], count: int, window: tuple[Any, Any], right: bool
) -> Picture:
    """Return a picture of a cursor of a list: the nodes around it, its extent, what comes next.

    `nodes` are all nodes of the list, and `count` how many; `right` says whether the last step went
    to the right.  The cursor does not move.

    Cost: O(log n), for at most LIMIT nodes are drawn.
    """
    following = copy(cursor).next()
    near = around(following or copy(cursor).prev() or next(iter(nodes), None))
    extent = cursor.extent
    state = "before the first delivery"
    if extent is not None:
        state = f"at {spelled((*extent, None))}, {named(cursor.status)}"
    return of_walk(
        near,
        [] if extent is None else [extent],
        [] if following is None else [following],
        reverse=not right,
        window=None if window == (None, None) else window,
        title=f"cursor {state}",
        notes=[] if following is not None else ["nothing comes next"],
        more=count - len(near),
    )


def around(node: Any) -> list[Any]:
    """Return the nodes around one, half of LIMIT on each side where there are as many."""
    if node is None:
        return []
    near = [node]
    while len(near) <= LIMIT // 2 and node.prev is not None:
        node = node.prev
        near.append(node)
    near.reverse()
    while len(near) < LIMIT and near[-1].next is not None:
        near.append(near[-1].next)
    return near


def named(status: Any) -> str:
    """Return the flags of a status in words."""
    return (status.name or "same").lower().replace("_", " ").replace("|", ", ")


# ---- as a part of something else ------------------------------------------------------------


def pretty(thing: Any, printer: Any, cycle: bool) -> None:
    """Print a thing as part of another by IPython's pretty printer: its repr, on several lines.

    A list or bag that contains itself is abbreviated, and so is a long one.
    """
    name = type(thing).__name__
    if cycle:
        printer.text(f"{name}(...)")
    elif not hasattr(thing, "__len__"):
        printer.text(repr(thing))
    else:
        with printer.group(len(name) + 2, f"{name}([", "])"):
            for i, node in enumerate(islice(thing, LIMIT)):
                if i:
                    printer.text(",")
                    printer.breakable()
                printer.pretty(tuple(node))
            if len(thing) > LIMIT:
                printer.text(f", … and {len(thing) - LIMIT:,} more")
