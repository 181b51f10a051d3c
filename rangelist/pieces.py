"""Writes of many pieces: everything is asked before one splice exchanges the run for the result.

    list         ..[---a---]....[-b-]..[--c--]..        over  ^.....................^
    tiles        ..[-a-][-a-]...[-b-]..[-c][c]          the run, cut at both borders
    tiles        ..[-a-][-x-][x][-x-][x][x-][c]         what the verb writes
    tiles        ..[-a-][--------x---------][c]         joined at each written border, left first

A tile is a node as it will be, or a new one.  Its rank decides which node survives a merge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, Generic

from rangelist.algebra import Drop
from rangelist.chain import Chain
from rangelist.errors import GapError, OverlapError
from rangelist.keys import (
    K,
    V,
    check_key,
    check_length,
    check_order,
    direction,
    moved,
    moved_spans,
    rounds,
)
from rangelist.node import Gap, Node, Piece
from rangelist.policy import APART, Policy
from rangelist.record import Merge, Shape
from rangelist.runs import Carved, join_words, run_over, run_touching
from rangelist.stream import near
from rangelist.write import lay

__all__ = ["add", "clear", "coalesce", "fill", "place", "shift", "transform"]

# A node of the list that is not written survives one that is, and that a new one; else the left.
FRESH: Final = 0
WRITTEN: Final = 1
KEPT: Final = 2


class Tile(Generic[K, V]):
    """What will be there: a span, a value, and the node that will carry them, if there is one."""

    __slots__ = ("absorbed", "look", "node", "rank", "start", "stop", "value")

    def __init__(
        self, start: K, stop: K, value: V, node: Node[K, V] | None, rank: int, look: bool
    ) -> None:
        self.start = start
        self.stop = stop
        self.value = value
        self.node = node
        self.rank = rank
        self.look = look  # it was written: its borders are to be looked at
        self.absorbed: list[Node[K, V]] | None = None


def kept(node: Node[K, V]) -> Tile[K, V]:
    """Return the tile of a node that stays as it is."""
    return Tile(node._start, node._stop, node._value, node, KEPT, False)


def left_over(shape: Shape[K, V]) -> Tile[K, V]:
    """Return the tile of what a cut left of a node; a new node has no rank of its own."""
    node, start, stop, value = shape
    if node.alive:
        return Tile(start, stop, value, node, KEPT, False)
    return Tile(start, stop, value, None, FRESH, False)


def written(start: K, stop: K, value: V, node: Node[K, V] | None = None) -> Tile[K, V]:
    """Return the tile of something written, over `node` if it keeps that node's identity."""
    return Tile(start, stop, value, node, FRESH if node is None else WRITTEN, True)


# ---- joining and laying -------------------------------------------------------------------------


def join_tiles(tiles: list[Tile[K, V]], policy: Policy[K, V]) -> list[Tile[K, V]]:
    """Join at every border of what was written, left first, with the value it has by then.

    tiles   [left][written][right]      join(left, written)
            [left.........][right]      then join(left + written, right)
            [left................]
    """
    out: list[Tile[K, V]] = []
    written_before = False  # the tile on the left, as it was before it was joined with others
    for tile in tiles:
        left = out[-1] if out else None
        look = written_before or tile.look
        written_before = tile.look
        if left is not None and look and near(left.stop, tile.start, None):
            survivor, loser = (tile, left) if left.rank < tile.rank else (left, tile)
            value: Any = policy.join(
                left.start, left.stop, left.value, tile.start, tile.stop, tile.value, loser.node
            )
            if value is not APART:
                joined: Tile[K, V] = Tile(
                    left.start, tile.stop, value, survivor.node, survivor.rank, True
                )
                joined.absorbed = survivor.absorbed
                if loser.node is not None:
                    # The survivor's own list grows: a copy for each of n merges would be n² steps.
                    dead: list[Node[K, V]] = survivor.absorbed or []
                    dead += loser.absorbed or ()
                    dead.append(loser.node)
                    joined.absorbed = dead
                out[-1] = joined
                continue
        out.append(tile)
    return out


def put_tiles(
    chain: Chain[K, V],
    b: int,
    i: int,
    run: list[Node[K, V]],
    tiles: list[Tile[K, V]],
    policy: Policy[K, V],
    words: str,
) -> None:
    """Join tiles with each other and with the neighbours they touch, and put them in for a run.

    neighbours   [left]                  [right]      count only where they touch something
    run                [-a-]..[---b----]              that was written
    tiles              [---w---][--b---]
    """
    left, right = (run[0]._prev, run[-1]._next) if run else chain.around(b, i)
    if tiles and left is not None and tiles[0].look and not left._stop < tiles[0].start:
        tiles = [kept(left), *tiles]
        run = [left, *run]
        b, i = step_back(chain, b, i)
    if tiles and right is not None and tiles[-1].look and not tiles[-1].stop < right._start:
        tiles = [*tiles, kept(right)]
        run = [*run, right]
    out = join_tiles(tiles, policy)
    exchange(chain, b, i, run, out, join_words(words, merges_said(tiles, out)))


def neighbour_before(
    chain: Chain[K, V], b: int, i: int, run: list[Node[K, V]]
) -> Node[K, V] | None:
    """Return the node left of a place, where `run` begins."""
    return run[0]._prev if run else chain.around(b, i)[0]


def step_back(chain: Chain[K, V], b: int, i: int) -> tuple[int, int]:
    """Return the place of the node before a place."""
    return (b, i - 1) if i else (b - 1, len(chain.nodes[b - 1]) - 1)


def exchange(
    chain: Chain[K, V],
    b: int,
    i: int,
    run: list[Node[K, V]],
    tiles: list[Tile[K, V]],
    case: str,
) -> None:
    """Put tiles in the place of a run; what is equal at both ends is left alone."""
    low = 0
    most = min(len(run), len(tiles))
    while low < most and unchanged(run[low], tiles[low]):
        low += 1
    high = 0
    while high < most - low and unchanged(run[-1 - high], tiles[-1 - high]):
        high += 1
    old = run[low : len(run) - high]
    new: list[Shape[K, V]] = []
    absorbed: list[Merge[K, V]] = []
    for tile in tiles[low : len(tiles) - high]:
        node = tile.node
        if node is None:
            node = Node(tile.start, tile.stop, tile.value)
        new.append((node, tile.start, tile.stop, tile.value))
        if tile.absorbed is not None:
            absorbed += [(dead, node) for dead in tile.absorbed]
    if not old and not new:
        return
    b, i = chain.advance(b, i, low)
    if old:
        lay(chain, b, i, old, new, absorbed, case)
    else:  # (a node that was moved here still has the borders it had elsewhere)
        before = run[low - 1] if low else neighbour_before(chain, b, i, run)
        chain.splice(b, i, before, old, new, absorbed, case)


def unchanged(node: Node[K, V], tile: Tile[K, V]) -> bool:
    """Tell whether a node is to be what it is: the same objects, so that no key is compared."""
    return (
        tile.node is node
        and tile.start is node._start
        and tile.stop is node._stop
        and tile.value is node._value
        and tile.absorbed is None
    )


def merges_said(tiles: list[Tile[K, V]], out: list[Tile[K, V]]) -> str:
    """Say where something written was merged."""
    merges = len(tiles) - len(out)
    if merges == 0:
        return ""
    if sum(tile.look for tile in tiles) > 1:
        return f"merged {merges} times" if merges > 1 else "merged once"
    at_left = tiles[0].look is False and out[0].look
    at_right = tiles[-1].look is False and out[-1].look
    return "merged both" if at_left and at_right else "merged left" if at_left else "merged right"


def around(carved: Carved[K, V], tiles: list[Tile[K, V]]) -> list[Tile[K, V]]:
    """Return tiles with what the cuts left on both sides of them."""
    left = [] if carved.left is None else [left_over(carved.left)]
    right = [] if carved.right is None else [left_over(carved.right)]
    return [*left, *tiles, *right]


class Newcomer(Generic[K, V]):
    """A span that is written piece by piece, from left to right; `split` cuts its value."""

    __slots__ = ("_policy", "start", "stop", "value")

    def __init__(self, start: K, stop: K, value: V, policy: Policy[K, V]) -> None:
        self.start = start  # of the rest that is still to be written
        self.stop = stop
        self.value = value
        self._policy = policy

    def part(self, at: K) -> Piece[K, V] | None:
        """Cut off the part before `at`; `None` if there is none."""
        start = self.start
        return Piece(start, at, self.cut(at)) if start < at else None

    def cut(self, at: K) -> V:
        """Let the rest begin at `at`, or end there; return the value of what is cut off."""
        start, value = self.start, self.value
        self.start = at
        if self._policy._split is not None and at is not self.stop and at < self.stop:
            value, self.value = self._policy.cut(start, at, self.stop, value)
        return value


# ---- the verbs ----------------------------------------------------------------------------------


def fill(chain: Chain[K, V], policy: Policy[K, V], start: K, stop: K, value: V) -> int:
    """Write only into the gaps of [start, stop); return how many there were.

    ..[-a-]...[-b-]..
    [c][-a-][c][-b-][c]         the newcomer is cut, the nodes stay whole
    """
    b, i, run = run_over(chain, start, stop)
    new = Newcomer(start, stop, value, policy)
    tiles: list[Tile[K, V]] = []
    for node in run:
        part = new.part(node._start)
        if part is not None:
            tiles.append(written(*part))
        tiles.append(kept(node))
        new.cut(node._stop)
    part = new.part(stop)
    if part is not None:
        tiles.append(written(*part))
    count = sum(tile.look for tile in tiles)
    put_tiles(chain, b, i, run, tiles, policy, "filled")
    return count


def add(chain: Chain[K, V], policy: Policy[K, V], start: K, stop: K, value: V) -> int:
    """Write into the gaps, and what `overlap` says where something is; return the pieces.

    [---a---]..[-b-]..
    [-a-][ac][c][bc-][c]        residents and newcomer are both cut
    """
    b, i, run = run_over(chain, start, stop)
    carved = Carved(run, start, stop, policy)
    new = Newcomer(start, stop, value, policy)
    parts: list[tuple[K, K, V, Piece[K, V] | None, Node[K, V] | None]] = []
    for piece, owner in zip(carved.inside, carved.owners, strict=True):
        part = new.part(piece.start)
        if part is not None:
            parts.append((part.start, part.stop, part.value, None, None))
        parts.append((piece.start, piece.stop, new.cut(piece.stop), piece, owner))
    part = new.part(stop)
    if part is not None:
        parts.append((part.start, part.stop, part.value, None, None))
    tiles = [
        written(a, c, mine if old is None else policy.overlap(old.value, mine), owner)
        for a, c, mine, old, owner in parts
    ]
    words = join_words(carved.words, "added")
    put_tiles(chain, b, i, run, around(carved, tiles), policy, words)
    return len(tiles)


def transform(
    chain: Chain[K, V],
    policy: Policy[K, V],
    start: K,
    stop: K,
    fn: Callable[[Any], V | Drop],
    gaps: str,
) -> int:
    """Write what `fn` makes of each piece inside, with gaps="include" of each gap too.

    [---a---]..[-b-]
    [-a-][A-]..[-B-]
    """
    b, i, run = run_over(chain, start, stop)
    if gaps == "raise":
        refuse_gap(run, start, stop)
    carved = Carved(run, start, stop, policy)
    tiles: list[Tile[K, V]] = []
    count = 0
    for part, owner in parts_of(carved, start, stop, gaps == "include"):
        answer = fn(part)
        count += 1
        if not isinstance(answer, Drop):
            tiles.append(written(part[0], part[1], answer, owner))
    words = join_words(carved.words, "updated")
    put_tiles(chain, b, i, run, around(carved, tiles), policy, words)
    return count


def parts_of(
    carved: Carved[K, V], start: K, stop: K, gaps: bool
) -> Iterator[tuple[Piece[K, V] | Gap[K], Node[K, V] | None]]:
    """Yield the pieces inside, with the nodes they keep, and if asked the gaps between them."""
    reached = start
    for piece, owner in zip(carved.inside, carved.owners, strict=True):
        if gaps and reached < piece.start:
            yield Gap(reached, piece.start), None
        yield piece, owner
        reached = piece.stop
    if gaps and reached < stop:
        yield Gap(reached, stop), None


def refuse_gap(run: list[Node[K, V]], start: K, stop: K) -> None:
    """Raise GapError if the run does not cover the window."""
    reached = start
    for node in run:
        if reached < node._start:
            raise GapError(f"nothing covers [{reached!r}, {node._start!r}), want no gap")
        reached = node._stop
    if reached < stop:
        raise GapError(f"nothing covers [{reached!r}, {stop!r}), want no gap")


def place(
    chain: Chain[K, V],
    policy: Policy[K, V],
    start: K,
    stop: K,
    pieces: list[Piece[K, V]],
    owners: list[Node[K, V] | None],
) -> None:
    """Write pieces into [start, stop), which is free, carried by the nodes they were elsewhere."""
    b, i, run = run_over(chain, start, stop)
    if run:
        raise OverlapError(
            f"[{start!r}, {stop!r}) overlaps {run[0]!r}, want free space (or overwrite=True)"
        )
    pairs = zip(pieces, owners, strict=True)
    tiles = [written(piece.start, piece.stop, piece.value, owner) for piece, owner in pairs]
    put_tiles(chain, b, i, run, tiles, policy, "moved")


def shift(chain: Chain[K, V], policy: Policy[K, V], at: K, by: Any) -> None:
    """Insert key space at `at` (by > 0), or delete it (by < 0); all behind moves.

    by > 0   [-a-][---b-|--]..[c]          by < 0   [-a-][--b|xxx|--]..[c]
             [-a-][---b-|    [--]..[c]              [-a-][--b|--]..[c]       looks at that border
    """
    towards = direction(by)
    if towards == 0:
        return
    check_key(at, chain)
    if chain.head is not None:
        check_order(at, chain.head._start)
    forward = towards > 0
    if not rounds(by):
        check_length(at, by if forward else -by, "by")
    far = at if forward else moved(at, -by)
    b, i, run = run_over(chain, at, None)
    met = [node for node in run if node._start < far]
    if forward and met:  # it contains `at`, strictly
        node = met[0]
        low, high = policy.cut(node._start, at, node._stop, node._value)
        behind = [Tile(at, node._stop, high, None, FRESH, False)]
        left: Tile[K, V] | None = Tile(node._start, at, low, node, KEPT, False)
    else:
        carved = Carved(met, at, far, policy)
        left = None if carved.left is None else left_over(carved.left)
        behind = [] if carved.right is None else [left_over(carved.right)]
    behind += [kept(node) for node in run[len(met) :]]
    to = moved(at, by) if forward else at
    spans = moved_spans([(tile.start, tile.stop) for tile in behind], by, far, to)
    for tile, (start, stop) in zip(behind, spans, strict=True):
        tile.start, tile.stop = start, stop
    if not forward and behind:
        before = neighbour_before(chain, b, i, run)
        if left is None and before is not None and not before._stop < behind[0].start:
            left = kept(before)
            run = [before, *run]
            b, i = step_back(chain, b, i)
        behind[0].look = True
    if left is not None:
        behind = [*join_tiles([left, *behind[:1]], policy), *behind[1:]]
    exchange(chain, b, i, run, behind, "shifted")


def coalesce(
    chain: Chain[K, V], policy: Policy[K, V], start: K | None, stop: K | None, reach: Any
) -> int:
    """Join at every border in [start, stop], with a `reach` also across gaps inside; count merges.

    [-a-][-a-][-b-]..[-b-]
    [----a---][-b-]..[-b-]
    """
    b, i, run = run_touching(chain, start, stop)
    new: list[Shape[K, V]] = []
    absorbed: list[Merge[K, V]] = []
    low = last = 0  # what lies before `low` in both lists, and behind `last` in the run, stays
    for n, node in enumerate(run):
        if new:
            heir, first, end, value = new[-1]
            if near(end, node._start, reach):
                answer = policy.join(first, end, value, node._start, node._stop, node._value, node)
                if answer is not APART:
                    low = low if absorbed else len(new) - 1
                    last = n + 1
                    new[-1] = (heir, first, node._stop, answer)
                    absorbed.append((node, heir))
                    continue
        new.append((node, node._start, node._stop, node._value))
    if absorbed:
        b, i = chain.advance(b, i, low)
        case = f"merged {len(absorbed)} times" if len(absorbed) != 1 else "merged once"
        new = new[low : last - len(absorbed)]
        chain.splice(b, i, run[low]._prev, run[low:last], new, absorbed, case)
    return len(absorbed)


def clear(chain: Chain[K, V]) -> None:
    """Take everything out; no cycle of links is left behind."""
    if chain.size:
        chain.splice(0, 0, None, list(chain), (), (), "cleared")
