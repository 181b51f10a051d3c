"""The directory: where in the order of starts a node is, found by two calls of `bisect`.

    firsts   [ 0            |  64          | 128 ]     one key a block
    starts   [ 0, 3, 9, ... | 64, 70, ... | 128, ... ] one key a node
    nodes    [ n, n, n, ... | n,  n,  ... | n,   ... ]

(Skip index in the documentation; a blocked sorted directory in the literature.  Towers of pointers
take about ten times as long in Python.)

Invariants, as `check` proves them: no block is empty or longer than `limit`;
`starts[b][i] is nodes[b][i].start`; `firsts[b] is starts[b][0]`; starts never decrease.

A *place* `(b, i)` is a position in the directory.  Changes here compare no keys, and finish or
leave everything as it was.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final, Generic

from rangelist._compat import mypyc_attr
from rangelist.errors import PositionError
from rangelist.keys import COMPARE_ERRORS, K, V, explain_key
from rangelist.node import Node

__all__ = ["EMPTY", "LIMIT", "RESHAPED", "Directory", "Notes"]

# Longest block.  A full block is split in two before something is put in, and a short one is joined
# with its neighbour when both together fill less than half of one, so that sizes do not flap at the
# border.  Shorter ones are no faster, longer ones slower: benchmarks/families/blocks.py.
LIMIT: Final = 256

# Shared by all empty directories and never mutated: keeps an empty list small.
EMPTY: Final[list[Any]] = []

# Noted for the summary when blocks came or went.  (No block has this id.)
RESHAPED: Final = 0

# Changes of one block that are kept; a block with more of them is measured anew.
KEPT_CHANGES: Final = 8


@mypyc_attr(allow_interpreted_subclasses=True)  # tests take notes of their own
class Notes:
    """What changed in a directory since these notes were begun.

    blocks   by the id of a block, because numbers shift, its changes in order: at place i an entry
             came (i, 1), went (i, -1) or changed (i, 0); `None`: measure it anew.  Also RESHAPED
    changes  how many; moves, how many of them let entries come or go
    counts   how many nodes lie before each block, and the number of moves it was counted at
    kept     what whole columns are searched in (columns.py), and the number of changes
    """

    __slots__ = ("blocks", "changes", "counts", "kept", "moves")

    def __init__(self) -> None:
        self.blocks: dict[int, list[tuple[int, int]] | None] = {}
        self.changes = 0
        self.moves = 0
        self.counts: tuple[int, list[int]] = -1, EMPTY
        self.kept: tuple[int, Any] = -1, None

    def add(self, block: int, i: int, by: int) -> None:
        """Note a change of one entry."""
        self.changes += 1
        if by:
            self.moves += 1
        changes = self.blocks.get(block)
        if changes is not None and len(changes) < KEPT_CHANGES:
            changes.append((i, by))
        else:
            self.blocks[block] = [(i, by)] if block not in self.blocks else None

    def lose(self, block: int) -> None:
        """Note that a block is to be measured anew."""
        self.changes += 1
        self.moves += 1
        self.blocks[block] = None


@mypyc_attr(allow_interpreted_subclasses=True)
class Directory(Generic[K, V]):
    """Hold the starts of sorted nodes in blocks; equal starts keep the order of insertion."""

    __slots__ = ("firsts", "limit", "nodes", "size", "stale", "starts")

    def __init__(self, limit: int = LIMIT) -> None:  # tests take smaller blocks, of 4 at least
        self.limit = limit
        self.size = 0
        self.firsts: list[K] = EMPTY
        self.starts: list[list[K]] = EMPTY
        self.nodes: list[list[Node[K, V]]] = EMPTY
        # What changed since the summary was last brought up to date (summary.py), or since nodes
        # were counted.  `None`: neither is kept, or all of it must be computed anew.
        self.stale: Notes | None = None

    @property
    def head(self) -> Node[K, V] | None:
        """The first node, `None` if there is none."""
        nodes = self.nodes
        return nodes[0][0] if nodes else None

    @property
    def tail(self) -> Node[K, V] | None:
        """The last node, `None` if there is none."""
        nodes = self.nodes
        return nodes[-1][-1] if nodes else None

    # ---- where is it? -------------------------------------------------------------------------

    def find(self, key: K) -> tuple[int, int]:
        """Return the place of the last node with `start <= key`, (0, -1) if there is none.

        Cost: about log2(n) comparisons.
        """
        try:
            b = bisect_right(self.firsts, key) - 1
            if b < 0:
                return 0, -1
            return b, bisect_right(self.starts[b], key) - 1
        except COMPARE_ERRORS as error:
            raise explain_key(error, key, self.firsts[0]) from error

    def floor(self, key: K) -> Node[K, V] | None:
        """Return the last node with `start <= key`."""
        # The same search as `find`, without the tuple: every look-up begins with it.
        try:
            b = bisect_right(self.firsts, key) - 1
            if b < 0:
                return None
            return self.nodes[b][bisect_right(self.starts[b], key) - 1]
        except COMPARE_ERRORS as error:
            raise explain_key(error, key, self.firsts[0]) from error

    def below(self, key: K) -> Node[K, V] | None:
        """Return the last node with `start < key`."""
        try:
            b = bisect_left(self.firsts, key) - 1
            if b < 0:
                return None
            return self.nodes[b][bisect_left(self.starts[b], key) - 1]
        except COMPARE_ERRORS as error:
            raise explain_key(error, key, self.firsts[0]) from error

    def place(self, node: Node[K, V]) -> tuple[int, int]:
        """Return the place of a node of this directory.

        Cost: about log2(n) comparisons; O(n) identity checks if equal starts hide the node.
        """
        b, i = self.find(node._start)
        return (b, i) if i >= 0 and self.nodes[b][i] is node else self.place_of(node)

    def place_of(self, node: Node[K, V]) -> tuple[int, int]:
        """Return the place of a node by its identity alone: a roll-back compares nothing.

        Cost: O(n) identity checks.
        """
        for b, block in enumerate(self.nodes):
            if node in block:  # nodes are equal only to themselves
                return b, block.index(node)
        raise LookupError(f"{node!r} is not in this directory")

    def run(self, b: int, i: int, stop: K | None) -> list[Node[K, V]]:
        """Return the nodes from place (b, i) on that start before `stop`; `None` is an open end.

        It gallops: the steps grow, and the end lies between the last two.  So few nodes cost few
        comparisons, and many cost few more.

        Cost: O(log k) comparisons a block.
        """
        found: list[Node[K, V]] = []
        while b < len(self.starts):
            starts = self.starts[b]
            high = len(starts)
            if stop is not None:
                low = probe = i
                step = 8
                while probe < high and starts[probe] < stop:
                    low = probe + 1
                    probe += step
                    step *= 8
                high = bisect_left(starts, stop, low, min(probe, high))
            found += self.nodes[b][i:high]
            if high < len(starts):
                break
            b, i = b + 1, 0
        return found

    def advance(self, b: int, i: int, by: int) -> tuple[int, int]:
        """Return the place `by` nodes further on, never the end of a block before another one."""
        i += by
        while b + 1 < len(self.nodes) and i >= len(self.nodes[b]):
            i -= len(self.nodes[b])
            b += 1
        return b, i

    def nth(self, i: int) -> Node[K, V]:
        """Return the node at position `i`; negative positions count from the end.

        Raises: PositionError, if there is no such position.
        """
        counts = self.counts()
        size = self.size
        at = i if i >= 0 else i + size
        if not 0 <= at < size:
            raise PositionError(f"position is {i!r}, want one from {-size} to {size - 1}")
        b = bisect_right(counts, at) - 1
        return self.nodes[b][at - counts[b]]

    def rank(self, key: K) -> int:
        """Return the number of nodes with `start < key`."""
        try:
            b = bisect_left(self.firsts, key) - 1
            return 0 if b < 0 else self.counts()[b] + bisect_left(self.starts[b], key)
        except COMPARE_ERRORS as error:
            raise explain_key(error, key, self.firsts[0]) from error

    def noted(self) -> Notes:
        """Return the notes of changes; begin them, if there are none."""
        notes = self.stale
        if notes is None:
            notes = self.stale = Notes()
        return notes

    def counts(self) -> list[int]:
        """Return how many nodes lie before each block.

        Cost: O(1); O(blocks) after a node has come or gone.
        """
        notes = self.noted()
        at, counts = notes.counts
        moves = notes.moves
        if at != moves:
            counts = list(accumulate(map(len, self.nodes[:-1]), initial=0)) if self.nodes else EMPTY
            notes.counts = moves, counts
        return counts

    # ---- change it ----------------------------------------------------------------------------

    def lay(
        self,
        b: int,
        i: int,
        old: Sequence[Node[K, V]],
        nodes: Sequence[Node[K, V]],
        starts: Sequence[K],
    ) -> None:
        """Exchange the entries of `old`, which begin at place (b, i); finish or change nothing."""
        blocks = self.nodes
        take, put = len(old), len(nodes)
        size = self.size - take + put
        if blocks:
            block = blocks[b]
            end, had = i + take, len(block)
            length = had - take + put
            if (
                end <= had
                and 0 < length <= self.limit
                and (take <= put or length * 4 > self.limit or len(blocks) == 1)
            ):
                if self.stale is not None:
                    self.lost(b, end == had)
                here = self.starts[b]
                here[i:end] = starts
                try:
                    block[i:end] = nodes
                except BaseException:
                    here[i : i + put] = [node._start for node in old]
                    raise
                if i == 0:
                    self.firsts[b] = here[0]
                self.size = size
                return
        self._relay(b, i, take, list(nodes), list(starts))
        self.size = size

    def _relay(self, b: int, i: int, take: int, nodes: list[Node[K, V]], starts: list[K]) -> None:
        """Lay blocks anew, from `b` to the one where the taken entries end.

        All lists of the directory are made anew, so that a failure leaves the old ones.
        """
        end, rest = b, i + take  # the entries that stay are those behind nodes[end][rest]
        while end < len(self.nodes) and rest >= len(self.nodes[end]):
            rest -= len(self.nodes[end])
            end += 1
        run, keys = nodes, starts
        if self.nodes and b < len(self.nodes):
            run, keys = self.nodes[b][:i] + nodes, self.starts[b][:i] + starts
        if end < len(self.nodes) and (rest or end == b):
            run, keys = run + self.nodes[end][rest:], keys + self.starts[end][rest:]
            end += 1
        elif end < len(self.nodes) and self.stale is not None:
            self.lost(end, False)  # the gap before its first node belongs to that block
        if len(run) * 4 <= self.limit:  # few: join them with a neighbour, if there is room
            if b > 0 and (len(self.nodes[b - 1]) + len(run)) * 2 <= self.limit:
                b -= 1
                run, keys = self.nodes[b] + run, self.starts[b] + keys
            elif end < len(self.nodes) and (len(run) + len(self.nodes[end])) * 2 <= self.limit:
                run, keys = run + self.nodes[end], keys + self.starts[end]
                end += 1
        parts = 1 if len(run) <= self.limit else -(-2 * len(run) // self.limit)
        self._put_blocks(b, end, run, keys, parts)

    def _put_blocks(
        self, b: int, end: int, run: list[Node[K, V]], keys: list[K], parts: int
    ) -> None:
        """Put one run, cut into even parts with room to grow, in the place of blocks [b, end)."""
        cuts = [len(run) * part // parts for part in range(parts + 1)] if run else []
        spans = list(zip(cuts, cuts[1:], strict=False))
        nodes = self.nodes[:b] + [run[low:high] for low, high in spans] + self.nodes[end:]
        starts = self.starts[:b] + [keys[low:high] for low, high in spans] + self.starts[end:]
        firsts = self.firsts[:b] + [keys[low] for low, _ in spans] + self.firsts[end:]
        if self.stale is not None:
            self.reshaped()
        self.nodes, self.starts, self.firsts = nodes, starts, firsts

    def made_room(self, b: int, i: int) -> tuple[int, int]:
        """Split a full block in two; return the place again."""
        half = len(self.nodes[b]) // 2
        self._put_blocks(b, b + 1, self.nodes[b], self.starts[b], 2)
        return (b, i) if i <= half else (b + 1, i - half)

    def touched(self, b: int, i: int, by: int) -> None:
        """Note that in block `b` entry i comes (by is 1), goes (-1) or changes (0).

        The gap before the next entry changes too, which may be the first one of the next block.
        """
        notes = self.stale
        if notes is not None:
            block = self.nodes[b]
            notes.add(id(block), i, by)
            if i + (by < 1) == len(block) and b + 1 < len(self.nodes):
                notes.add(id(self.nodes[b + 1]), 0, 0)
            if self.stale is not notes:
                # A search in another thread has taken the notes away, perhaps without this one.
                self.lost(b, True)

    def lost(self, b: int, to_its_end: bool) -> None:
        """Note that block `b` has changed anywhere, perhaps its last entry too."""
        while (notes := self.stale) is not None:
            notes.lose(id(self.nodes[b]))
            if to_its_end and b + 1 < len(self.nodes):
                notes.lose(id(self.nodes[b + 1]))
            if self.stale is notes:
                return

    def reshaped(self) -> None:
        """Note that blocks come or go."""
        while (notes := self.stale) is not None:
            notes.lose(RESHAPED)
            if len(notes.blocks) > 2 * len(self.nodes) + KEPT_CHANGES:
                self.stale = None  # no search for long: begin anew
            elif self.stale is notes:
                return
