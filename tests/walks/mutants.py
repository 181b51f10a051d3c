"""Wrong walks and wrong lists, as people write them.  The universe must kill each one.

Every walk here is right as long as nothing changes.  `KILLS.md` says which case exposes which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from rangelist.algebra import DROP
from rangelist.node import Node
from rangelist.ranges import RangeList
from walks.model import Window
from walks.universe import WIDEST, Opener

List = RangeList[int, str]
Nodes = Iterator[Node[int, str]]


def seen(rl: List, window: Window, reverse: bool) -> list[Node[int, str]]:
    """Return what a fresh walk would deliver now."""
    return list(rl.walk(*window, reverse=reverse))


def inside(node: Node[int, str] | None, window: Window) -> bool:
    """Tell whether a node is there, and in the window."""
    lo, hi = window
    return node is not None and (lo is None or lo < node.stop) and (hi is None or node.start < hi)


# ---- wrong element walks ------------------------------------------------------------------------


def index(rl: List, window: Window, reverse: bool) -> Nodes:
    """Count: CPython's list, sortedcontainers, JavaScript arrays."""
    at = len(seen(rl, window, False)) - 1 if reverse else 0
    while 0 <= at < len(nodes := seen(rl, window, False)):
        yield nodes[at]
        at += -1 if reverse else 1


def stale_pointer(rl: List, window: Window, reverse: bool) -> Nodes:
    """Follow the link that a dead node had: C, after free."""
    node = next(iter(seen(rl, window, reverse)), None)
    while node is not None and inside(node, window):
        dangling = node.prev if reverse else node.next
        yield node
        node = (node.prev if reverse else node.next) if node.alive else dangling


def look_ahead(rl: List, window: Window, reverse: bool) -> Nodes:
    """Take the successor before the body runs: the `_safe` macros, Java's ConcurrentSkipListMap."""
    node = next(iter(seen(rl, window, reverse)), None)
    while node is not None and inside(node, window):
        following = node.prev if reverse else node.next
        yield node
        node = following


def stop_when_dead(rl: List, window: Window, reverse: bool) -> Nodes:
    """Follow the links of a node, which end where it died: llist."""
    node = next(iter(seen(rl, window, reverse)), None)
    while node is not None and inside(node, window):
        yield node
        node = node.prev if reverse else node.next


def snapshot(rl: List, window: Window, reverse: bool) -> Nodes:
    """Iterate a copy: Smalltalk's advice, CopyOnWriteArrayList."""
    yield from seen(rl, window, reverse)


def identity_only(rl: List, window: Window, reverse: bool) -> Nodes:
    """Trust a node that is alive, wherever it has moved; else look up the place."""
    node = next(iter(seen(rl, window, reverse)), None)
    while node is not None and inside(node, window):
        a, b = clipped(node, window)
        yield node
        if node.alive:
            node = node.prev if reverse else node.next
        else:
            node = next(iter(r_anchor(rl, window, reverse, a, b)), None)


def same_border(rl: List, window: Window, reverse: bool) -> Nodes:
    """Trust a node whose clipped leading border is the same, though it may not cover it any more.

    This was a real bug once, in the windowed reverse walk.
    """
    node = next(iter(seen(rl, window, reverse)), None)
    while node is not None and inside(node, window):
        a, b = clipped(node, window)
        yield node
        if node.alive and clipped(node, window)[reverse] == (a, b)[reverse]:
            node = node.prev if reverse else node.next
        else:
            node = next(iter(r_anchor(rl, window, reverse, a, b)), None)


def saved_start(rl: List, window: Window, reverse: bool) -> Nodes:
    """Go on at the first start behind the one delivered: a database cursor on a key."""
    yield from by_key(rl, window, reverse, lambda s, e, a, b: e < b if reverse else a < s)


def saved_stop(rl: List, window: Window, reverse: bool) -> Nodes:
    """Go on where the delivered extent ended: mprotect.  The tail of a split is lost."""
    yield from by_key(rl, window, reverse, lambda s, e, a, b: e <= a if reverse else b <= s)


def saved_stop_covering(rl: List, window: Window, reverse: bool) -> Nodes:
    """Go on with whatever reaches beyond the delivered extent: a maple tree walk after a pause."""
    yield from by_key(rl, window, reverse, lambda s, e, a, b: s < a if reverse else b < e)


def fail_fast(rl: List, window: Window, reverse: bool) -> Nodes:
    """Give up when anything has changed: dict, TreeSet."""
    before = [tuple(node) for node in rl]
    for node in seen(rl, window, reverse):
        if before != [tuple(node) for node in rl]:
            raise RuntimeError("changed during iteration")
        yield node
    if before != [tuple(node) for node in rl]:
        raise RuntimeError("changed during iteration")


def clipped(node: Node[int, str], window: Window) -> tuple[int, int]:
    """Return the span of a node as the window shows it."""
    lo, hi = window
    return (
        node.start if lo is None else max(lo, node.start),
        node.stop if hi is None else min(hi, node.stop),
    )


def r_anchor(rl: List, window: Window, reverse: bool, a: int, b: int) -> list[Node[int, str]]:
    """Return what the right rule leaves to deliver."""
    nodes = seen(rl, window, reverse)
    spans = [clipped(node, window) for node in nodes]
    if reverse:
        edge = b - 1 if any(s < b <= e for s, e in spans) else a
        return [node for node, (_, e) in zip(nodes, spans, strict=True) if e <= edge]
    edge = a + 1 if any(s <= a < e for s, e in spans) else b
    return [node for node, (s, _) in zip(nodes, spans, strict=True) if edge <= s]


def by_key(
    rl: List, window: Window, reverse: bool, ahead: Callable[[int, int, int, int], bool]
) -> Nodes:
    """Walk by coordinates alone, with a rule of what is ahead of the extent [a, b)."""
    nodes = seen(rl, window, reverse)
    while nodes:
        a, b = clipped(nodes[0], window)
        yield nodes[0]
        now = seen(rl, window, reverse)
        nodes = [node for node in now if ahead(*clipped(node, window), a, b)]


# ---- wrong coverage walks -----------------------------------------------------------------------


def sweep_of_nodes(rl: List, window: Window, reverse: bool) -> Iterator[Any]:
    """Deliver what the element walk delivers: fragments that grew ahead are lost."""
    lo, hi = window
    for node in rl.walk(lo, hi, reverse=reverse):
        yield Part(*clipped(node, window), node.value)


def sweep_with_a_moving_frontier(rl: List, window: Window, reverse: bool) -> Iterator[Any]:
    """Keep the node, and go on where it ends now, not where it ended."""
    lo, hi = window
    walk = rl.sweep(lo, hi, reverse=reverse)
    for piece in walk:
        node = rl.at(piece.start)
        yield piece
        if node is not None and node.alive:
            if reverse:
                walk = rl.sweep(lo, max(node.start, lo or node.start), reverse=True)
            else:
                walk = rl.sweep(min(node.stop, hi or node.stop), hi)
            yield from walk
            return


class Part:
    """What a wrong sweep delivers."""

    def __init__(self, start: int, stop: int, value: str) -> None:
        self.start, self.stop, self.value = start, stop, value


# ---- wrong lists --------------------------------------------------------------------------------


class MissedCoalescing(List):
    """`set` merges on its left only."""

    def set(self, start, stop, value, *, policy=None):
        super().set(start, stop, value, policy=policy)
        self.split(stop)


class EqualByStart(List):
    """Two lists are the same if their starts are."""

    def __eq__(self, other):
        return [node.start for node in self] == [node.start for node in other]

    __hash__ = None


class WindowOffByOne(List):
    """A reverse walk begins with a node that starts where the window stops."""

    def walk(self, start=None, stop=None, *, reverse=False, horizon="open"):
        node = self.at(stop) if reverse and stop is not None and start != stop else None
        if node is not None and node.start == stop:
            yield node
        yield from super().walk(start, stop, reverse=reverse, horizon=horizon)


class StaleIndex(List):
    """The index is not told when a start moves."""

    def resize(self, node, start, stop, *, policy=None):
        left, right = node.prev, node.next
        alone = (left is None or left.stop < start) and (right is None or stop < right.start)
        if alone and node in [self.first, self.last, *self]:
            node._start, node._stop = start, stop
        else:
            super().resize(node, start, stop, policy=policy)


class WrongSurvivor(List):
    """A merge keeps the value of the right node."""

    def merge(self, left, right, *value, keep="left", policy=None):
        return super().merge(left, right, *(value or (right.value,)), keep=keep, policy=policy)


class ForgetsTheRight(List):
    """`remove` drops what was right of the hole."""

    def remove(self, start, stop, *, policy=None):
        node = self.at(start)
        if node is not None and node.start < start and stop < node.stop:
            stop = node.stop
        return super().remove(start, stop, policy=policy)


class UpdatesTwice(List):
    """`update` asks again for what it has merged."""

    def transform(self, fn, start=None, stop=None, *, gaps="skip", policy=None):
        for node in self.walk(start, stop):
            piece = fn(node)
            if piece is DROP:
                super().remove(max(start, node.start), node.stop)
            else:
                super().set(max(start, node.start), min(stop, node.stop), piece)


WALKS: list[Opener] = [
    index,
    stale_pointer,
    look_ahead,
    stop_when_dead,
    snapshot,
    identity_only,
    same_border,
    saved_start,
    saved_stop,
    saved_stop_covering,
    fail_fast,
]
SWEEPS: list[Opener] = [sweep_of_nodes, sweep_with_a_moving_frontier]
LISTS: list[type[List]] = [
    MissedCoalescing,
    EqualByStart,
    WindowOffByOne,
    StaleIndex,
    WrongSurvivor,
    ForgetsTheRight,
    UpdatesTwice,
]


def maker(kind: type[List]) -> Callable[[], List]:
    """Return what makes an empty list of that class."""
    return lambda: kind(policy=WIDEST)
