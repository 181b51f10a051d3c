"""Tiles: what nodes will be.  The tools with which every write is planned.

    Run      the neighbouring nodes that a write meets
    Carved   a run cut at the borders of the write: what stays beside it, what is inside
    Tile     a node as it will be, or a new one; rank decides who survives a merge
    Plan     the finished answer: which change, where, and what the caller is told

Nothing here changes a list, so everything may fail: comparisons, hooks, values.
"""

from __future__ import annotations

from typing import Final, Generic

from rangelist.edit import Change, Shape
from rangelist.index import Index
from rangelist.keys import K, V
from rangelist.node import Node, Piece
from rangelist.policy import Policy
from rangelist.walk import first_in

__all__ = [
    "FRESH",
    "KEPT",
    "Carved",
    "Plan",
    "Run",
    "Tile",
    "join_words",
    "kept",
    "lay",
    "merge_pass",
    "run_of",
    "run_over",
    "run_touching",
    "settle",
    "written",
]

# Who survives a merge: a node of the list that is not being written, before one that is, before a
# tile that has no node yet; among equals the left one.
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

    def piece(self) -> Piece[K, V]:
        """Return what a hook is shown: nobody can change it afterwards."""
        return Piece(self.start, self.stop, self.value)


def kept(node: Node[K, V]) -> Tile[K, V]:
    """Return the tile of a node that stays as it is."""
    return Tile(node._start, node._stop, node._value, node, KEPT, False)


def written(start: K, stop: K, value: V, node: Node[K, V] | None = None) -> Tile[K, V]:
    """Return the tile of something written, over `node` if it keeps that node's identity."""
    return Tile(start, stop, value, node, FRESH if node is None else WRITTEN, True)


# ---- the nodes in the way -----------------------------------------------------------------------


class Run(Generic[K, V]):
    """Neighbouring nodes, the place (b, i) where the first of them is, and who is beside them."""

    __slots__ = ("b", "i", "left", "nodes", "right")

    def __init__(
        self,
        b: int,
        i: int,
        left: Node[K, V] | None,
        nodes: list[Node[K, V]],
        right: Node[K, V] | None,
    ) -> None:
        self.b = b
        self.i = i
        self.left = left
        self.nodes = nodes
        self.right = right

    def grow_left(self, index: Index[K, V]) -> None:
        """Take the left neighbour in; there is one."""
        assert self.left is not None
        self.nodes = [self.left, *self.nodes]
        self.left = self.left._prev
        if self.i == 0:
            self.b -= 1
            self.i = len(index.nodes[self.b])
        self.i -= 1

    def grow_right(self) -> None:
        """Take the right neighbour in; there is one."""
        assert self.right is not None
        self.nodes = [*self.nodes, self.right]
        self.right = self.right._next


def run_over(index: Index[K, V], start: K, stop: K | None) -> Run[K, V]:
    """Return the nodes that overlap [start, stop); `None` is an open end.

    Cost: about log2(n) + min(k, 2 log2(k)) comparisons.
    """
    b, i = index.find(start)
    left = index.nodes[b][i] if i >= 0 else None
    nodes: list[Node[K, V]] = []
    if left is not None and start < left._stop:
        nodes.append(left)
        left = left._prev
    else:
        i += 1
    nodes += index.run(b, i + len(nodes), stop)
    if nodes:
        right = nodes[-1]._next
    else:
        right = index.head if left is None else left._next
    return Run(b, i, left, nodes, right)


def run_of(index: Index[K, V], node: Node[K, V]) -> Run[K, V]:
    """Return the run of one node."""
    b, i = index.find(node._start)
    return Run(b, i, node._prev, [node], node._next)


def run_touching(index: Index[K, V], start: K | None, stop: K | None) -> Run[K, V]:
    """Return the nodes that overlap or touch [start, stop]; `None` is an open end."""
    node = index.head if start is None else first_in(index, start)
    if start is not None:
        left = index.tail if node is None else node._prev
        if left is not None and not left._stop < start:
            node = left
    nodes: list[Node[K, V]] = []
    while node is not None and (stop is None or not stop < node._start):
        nodes.append(node)
        node = node._next
    if not nodes:
        return Run(0, 0, None, nodes, None)
    b, i = index.find(nodes[0]._start)
    return Run(b, i, nodes[0]._prev, nodes, node)


class Carved(Generic[K, V]):
    """A run cut at the borders of a window: what stays left and right of it, and what is inside."""

    __slots__ = ("inside", "left", "owners", "right", "words")

    def __init__(self, run: Run[K, V], start: K, stop: K, policy: Policy[K, V]) -> None:
        self.left: Tile[K, V] | None = None
        self.right: Tile[K, V] | None = None
        self.inside: list[Piece[K, V]] = []
        # For each piece inside, the node it keeps: that of a node that lies wholly inside.
        self.owners: list[Node[K, V] | None] = []
        self.words = ""
        if not run.nodes:
            return
        first, last = run.nodes[0], run.nodes[-1]
        pieces = [Piece(node._start, node._stop, node._value) for node in run.nodes]
        owners: list[Node[K, V] | None] = list(run.nodes)
        if first._start < start:
            #   [----first----]         [left][-piece-]       the node itself becomes the left part
            #         ^start
            whole = pieces[0]
            low, high = policy.split(whole, start)
            self.left = Tile(whole.start, start, low, first, KEPT, False)
            pieces[0] = Piece(start, whole.stop, high)
            owners[0] = None
        if stop < last._stop:
            #   [----last-----]         [-piece-][right]      the node becomes the right part,
            #           ^stop                                 unless it already is a left one
            whole = pieces[-1]
            low, high = policy.split(whole, stop)
            heir = owners[-1]
            rank = FRESH if heir is None else KEPT
            self.right = Tile(stop, whole.stop, high, heir, rank, False)
            pieces[-1] = Piece(whole.start, stop, low)
            owners[-1] = None
        self.inside = pieces
        self.owners = owners
        self.words = cut_words(self.left, self.right)

    def around(self, tiles: list[Tile[K, V]]) -> list[Tile[K, V]]:
        """Return tiles with what the cuts left on both sides of them."""
        left = [] if self.left is None else [self.left]
        return [*left, *tiles] if self.right is None else [*left, *tiles, self.right]


def cut_words(left: Tile[K, V] | None, right: Tile[K, V] | None) -> str:
    """Say which borders were cut."""
    if left is None:
        return "" if right is None else "cut right"
    if right is None:
        return "cut left"
    return "cut in three" if right.node is None else "cut both"


# ---- merging ------------------------------------------------------------------------------------


def merge_pass(tiles: list[Tile[K, V]], policy: Policy[K, V]) -> list[Tile[K, V]]:
    """Merge at every border of what was written, left first, with the value it has by then.

    tiles   [left][written][right]      ask same(left, written)
            [left.........][right]      then same(left + written, right)
            [left................]
    """
    out: list[Tile[K, V]] = []
    written_before = False  # the tile on the left, as it was before it was merged with others
    for tile in tiles:
        left = out[-1] if out else None
        look = written_before or tile.look
        written_before = tile.look
        if left is not None and look:
            # The same key object on both sides needs no comparison: it is a cut made just now.
            touches = left.stop is tile.start or not left.stop < tile.start
            if touches and may_merge(left, tile, policy):
                out[-1] = merged(left, tile, policy.merge(left.piece(), tile.piece()))
                continue
        out.append(tile)
    return out


def may_merge(left: Tile[K, V], right: Tile[K, V], policy: Policy[K, V]) -> bool:
    """Ask whether two touching tiles are the same, and whether the one that goes may go."""
    if not policy.same(left.piece(), right.piece()):
        return False
    loser = left if left.rank < right.rank else right
    return loser.node is None or policy.yields(loser.node)


def merged(left: Tile[K, V], right: Tile[K, V], value: V) -> Tile[K, V]:
    """Return both tiles in one, carried by the survivor's node."""
    survivor, loser = (right, left) if left.rank < right.rank else (left, right)
    tile = Tile(left.start, right.stop, value, survivor.node, survivor.rank, True)
    tile.absorbed = survivor.absorbed
    if loser.node is not None:
        # The survivor's own list grows: a copy for each of n merges would be n² steps.
        if tile.absorbed is None:
            tile.absorbed = []
        tile.absorbed += loser.absorbed or ()
        tile.absorbed.append(loser.node)
    return tile


# ---- the plan -----------------------------------------------------------------------------------


class Plan(Generic[K, V]):
    """What to do, and what the caller is told: `node`, the pieces `taken` out, and a `count`."""

    __slots__ = ("b", "case", "change", "count", "i", "node", "owners", "taken")

    def __init__(self, case: str = "unchanged", node: Node[K, V] | None = None) -> None:
        self.change: Change[K, V] | None = None  # None: the list is already as it should be
        self.b = 0
        self.i = 0
        self.case = case
        self.node = node
        self.taken: list[Piece[K, V]] = []
        self.owners: list[Node[K, V] | None] = []
        self.count = 0


def lay(
    index: Index[K, V], run: Run[K, V], tiles: list[Tile[K, V]], policy: Policy[K, V], words: str
) -> Plan[K, V]:
    """Merge the tiles that take the place of a run, with its neighbours, and settle the result.

    neighbours   [left]                  [right]      count only where they touch something
    run                [-a-]..[---b----]              that was written
    tiles              [---w---][--b---]
    """
    left, right = run.left, run.right
    if tiles and left is not None and tiles[0].look and not left._stop < tiles[0].start:
        tiles = [kept(left), *tiles]
        run.grow_left(index)
    if tiles and right is not None and tiles[-1].look and not tiles[-1].stop < right._start:
        tiles = [*tiles, kept(right)]
        run.grow_right()
    out = merge_pass(tiles, policy)
    return settle(index, run, out, join_words(words, merge_words(tiles, out)))


def settle(index: Index[K, V], run: Run[K, V], out: list[Tile[K, V]], case: str) -> Plan[K, V]:
    """Make the plan that exchanges a run for tiles; what is equal at both ends is left alone."""
    old = run.nodes
    plan: Plan[K, V] = Plan()
    after: list[Shape[K, V]] = []
    absorbed: list[tuple[Node[K, V], Node[K, V]]] = []
    for tile in out:
        node = tile.node
        if node is None:
            node = Node(tile.start, tile.stop, tile.value)
        if tile.look:
            plan.node = node
        if tile.absorbed is not None:
            absorbed += [(dead, node) for dead in tile.absorbed]
        after.append(Shape(node, tile.start, tile.stop, tile.value))
    low = 0
    most = min(len(old), len(after))
    while low < most and unchanged(old[low], out[low]):
        low += 1
    high = 0
    while high < most - low and unchanged(old[-1 - high], out[-1 - high]):
        high += 1
    before = [shape_of(node) for node in old[low : len(old) - high]]
    after = after[low : len(after) - high]
    if before or after:
        plan.case = case
        left = old[low - 1] if low else run.left
        plan.change = Change(index, left, before, after, absorbed, [])
        plan.b, plan.i = index.advance(run.b, run.i, low)
    return plan


def unchanged(node: Node[K, V], tile: Tile[K, V]) -> bool:
    """Tell whether a node is to be what it is: the same objects, so that no key is compared."""
    return (
        tile.node is node
        and tile.start is node._start
        and tile.stop is node._stop
        and tile.value is node._value
        and tile.absorbed is None
    )


def shape_of(node: Node[K, V]) -> Shape[K, V]:
    """Return what a node is now."""
    return Shape(node, node._start, node._stop, node._value)


def merge_words(tiles: list[Tile[K, V]], out: list[Tile[K, V]]) -> str:
    """Say where something written was merged."""
    merges = len(tiles) - len(out)
    if merges == 0:
        return ""
    if sum(tile.look for tile in tiles) > 1:
        return f"merged {merges} times" if merges > 1 else "merged once"
    at_left = tiles[0].look is False and out[0].look
    at_right = tiles[-1].look is False and out[-1].look
    return "merged both" if at_left and at_right else "merged left" if at_left else "merged right"


def join_words(*words: str) -> str:
    """Join what is not empty; a change without a word of its own was plainly written."""
    return ", ".join(word for word in words if word) or "written"
