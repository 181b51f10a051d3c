"""The chain and the skip index over it: where nodes are, and nothing about why.

    chain     head <-> node <-> node <-> ... <-> tail          neighbours in O(1)
    index     firsts   [ 0            |  64          | 128 ]    one key a block
              starts   [ 0, 3, 9, ... | 64, 70, ... | 128, ... ]  one key a node
              nodes    [ n, n, n, ... | n,  n,  ... | n,   ... ]

A key is found by two calls of `bisect`, one for the block and one inside it.  A classical skip list
does the same with towers of pointers and, in Python, about ten times slower.

Invariants, as `check` proves them: the blocks laid end to end are exactly the chain; no block is
empty or longer than `limit`; `starts[b][i] is nodes[b][i].start`; `firsts[b] is starts[b][0]`;
starts never decrease from node to node.

A *place* `(b, i)` is a position in this directory.  `splice` is the only operation that changes it.
It compares no keys, so it cannot fail half-way; all comparing is done before, by `find`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final, Generic

from rangelist.keys import K, V, check_order, check_window, explain_key
from rangelist.node import Node

__all__ = ["Index"]

# Longest block.  A block is split in two when it outgrows this, and joined with its neighbour when
# both together would fill less than half of it, so that sizes do not flap at the border.  Shorter
# ones are no faster, longer ones slower: benchmarks/families/blocks.py.
LIMIT: Final = 256

# What all indexes without nodes share, and nobody appends to: an empty list should cost little.
EMPTY: Final[list[Any]] = []


class Index(Generic[K, V]):
    """Hold the nodes of one list in order of start; equal starts keep the order of insertion."""

    __slots__ = ("firsts", "head", "limit", "nodes", "size", "stale", "starts", "tail")

    def __init__(self, limit: int = LIMIT) -> None:  # tests take smaller blocks, of 4 at least
        self.limit = limit
        self.firsts: list[K] = EMPTY
        self.starts: list[list[K]] = EMPTY
        self.nodes: list[list[Node[K, V]]] = EMPTY
        self.head: Node[K, V] | None = None
        self.tail: Node[K, V] | None = None
        self.size = 0
        # What has changed since the summary was last brought up to date (see summary.py), each by
        # its `id`, because numbers of blocks shift: blocks, and `nodes` itself when blocks came or
        # went.  `None`: nobody keeps a summary, or all of it must be redone.
        self.stale: set[int] | None = None

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
        except (TypeError, ArithmeticError) as error:
            raise explain_key(error, key, self.firsts[0]) from error

    def check_window(self, start: K | None, stop: K | None) -> None:
        """Refuse a window that is reversed, or has an end that is no key of these.

        Of two ends the search for the first finds that out; an end alone may meet nobody.

        Cost: at most two comparisons.
        Raises: EmptySpanError; NanKeyError; UnorderedKeyError.
        """
        check_window(start, stop)
        head = self.head
        if head is not None and (start is None or stop is None):
            for end in (start, stop):
                if end is not None:
                    check_order(end, head._start)

    def floor(self, key: K) -> Node[K, V] | None:
        """Return the last node with `start <= key`."""
        # The same search as `find`, without the tuple: this is every look-up's first step.
        try:
            b = bisect_right(self.firsts, key) - 1
            if b < 0:
                return None
            return self.nodes[b][bisect_right(self.starts[b], key) - 1]
        except (TypeError, ArithmeticError) as error:
            raise explain_key(error, key, self.firsts[0]) from error

    def below(self, key: K) -> Node[K, V] | None:
        """Return the last node with `start < key`."""
        try:
            b = bisect_left(self.firsts, key) - 1
            if b < 0:
                return None
            return self.nodes[b][bisect_left(self.starts[b], key) - 1]
        except (TypeError, ArithmeticError) as error:
            raise explain_key(error, key, self.firsts[0]) from error

    def place_of(self, node: Node[K, V]) -> tuple[int, int]:
        """Return the place of a node of this list, without fail.

        Taking back a half-done edit must not stumble over the comparison that broke it: should a
        comparison raise, or equal starts hide the node, it is looked for by identity.

        Cost: about log2(n) comparisons; O(n) identity checks in the exceptional case.
        """
        try:
            b, i = self.find(node._start)
            if i >= 0 and self.nodes[b][i] is node:
                return b, i
        except Exception:  # noqa: BLE001, S110  whatever it was, identity does not need it
            pass
        for b, block in enumerate(self.nodes):
            for i, other in enumerate(block):
                if other is node:
                    return b, i
        raise LookupError(f"{node!r} is not in this index")

    def run(self, b: int, i: int, stop: K | None) -> list[Node[K, V]]:
        """Return the nodes from place (b, i) on that start before `stop`; `None` is an open end.

        It gallops: the steps grow, and between the last two it searches.  So few nodes cost few
        comparisons, and so do many.

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
        """Return the place `by` nodes further on."""
        if by == 0:  # there need be no block
            return b, i
        i += by
        while i > len(self.nodes[b]):
            i -= len(self.nodes[b])
            b += 1
        return b, i

    def __iter__(self) -> Iterator[Node[K, V]]:
        node = self.head
        while node is not None:
            yield node
            node = node._next

    # ---- change it ----------------------------------------------------------------------------

    def splice(self, b: int, i: int, old: Sequence[Node[K, V]], new: Sequence[Node[K, V]]) -> None:
        """Exchange the run `old`, which begins at place (b, i), for the run `new`.

                  left   old ...   right                left   new ...   right
            ..... [--]   [-][---]  [---] .....   ->  ... [--]   [--][-]   [---] ...

        Nodes in `old` that are not in `new` are dead afterwards.  Compares no keys.

        Cost: O(len(old) + len(new) + block).
        """
        if old:
            left, right = old[0]._prev, old[-1]._next
        else:
            left, right = self._neighbours(b, i)
        for node in old:
            node._home = node._prev = node._next = None
        self._link(left, new, right)
        self.size += len(new) - len(old)
        if not self.nodes:
            if not new:
                return
            self.firsts, self.starts, self.nodes = [new[0]._start], [[]], [[]]
            self._reshaped()
        self._exchange(b, i, len(old), new)

    def _neighbours(self, b: int, i: int) -> tuple[Node[K, V] | None, Node[K, V] | None]:
        """Return who is left and right of a place, which may be the end of a block."""
        if i > 0:
            left: Node[K, V] | None = self.nodes[b][i - 1]
        elif b > 0:
            left = self.nodes[b - 1][-1]
        else:
            left = None
        return left, self.head if left is None else left._next

    def _link(
        self, left: Node[K, V] | None, run: Sequence[Node[K, V]], right: Node[K, V] | None
    ) -> None:
        """Hang a run between two neighbours."""
        for node in run:
            node._home = self
            node._prev = left
            if left is None:
                self.head = node
            else:
                left._next = node
            left = node
        if left is None:
            self.head = right
        else:
            left._next = right
        if right is None:
            self.tail = left
        else:
            right._prev = left

    def _exchange(self, b: int, i: int, take: int, new: Sequence[Node[K, V]]) -> None:
        """Do for the directory what `_link` did for the chain."""
        nodes = self.nodes[b]
        here = len(nodes) - i
        if take > here:
            self._drop_onward(b + 1, take - here)
            take = here
        nodes[i : i + take] = new
        self.starts[b][i : i + take] = [node._start for node in new]
        if self.stale is not None:
            self._touched(b, i + len(new) == len(nodes))
        if not nodes:
            del self.firsts[b], self.starts[b], self.nodes[b]
            self._reshaped()
            return
        if i == 0:
            self.firsts[b] = nodes[0]._start
        if len(nodes) > self.limit:
            self._split(b)
        elif take > len(new) and len(nodes) * 4 <= self.limit and len(self.nodes) > 1:
            self._join(b)

    def _drop_onward(self, b: int, take: int) -> None:
        """Take the first `take` entries out of the blocks from `b` on."""
        stop = b
        while stop < len(self.nodes) and take >= len(self.nodes[stop]):
            take -= len(self.nodes[stop])
            stop += 1
        if take:
            del self.nodes[stop][:take], self.starts[stop][:take]
            self.firsts[stop] = self.starts[stop][0]
        if stop > b:
            del self.firsts[b:stop], self.starts[b:stop], self.nodes[b:stop]
            self._reshaped()

    def _touched(self, b: int, to_its_end: bool) -> None:
        """Note for the summary that block `b` has changed, perhaps its last node too."""
        self._note(self.nodes[b])
        # The gap before the first node of the next block belongs to that block.
        if to_its_end and b + 1 < len(self.nodes):
            self._note(self.nodes[b + 1])

    def _reshaped(self) -> None:
        """Note for the summary that blocks have come or gone."""
        self._note(self.nodes)

    def _note(self, changed: object) -> None:
        """Note for the summary what has changed."""
        while (stale := self.stale) is not None:
            stale.add(id(changed))
            if self.stale is stale:
                return
            # A search in another thread has taken the notes away, perhaps without this one.

    def _split(self, b: int) -> None:
        """Cut a block that is too long into even parts, each with room to grow."""
        starts, nodes = self.starts[b], self.nodes[b]
        parts = -(-2 * len(nodes) // self.limit)
        cuts = [len(nodes) * part // parts for part in range(parts + 1)]
        spans = list(zip(cuts, cuts[1:], strict=False))
        self.starts[b : b + 1] = [starts[low:high] for low, high in spans]
        self.nodes[b : b + 1] = [nodes[low:high] for low, high in spans]
        self.firsts[b : b + 1] = [starts[low] for low, _ in spans]
        self._reshaped()

    def _join(self, b: int) -> None:
        """Append a short block to its left neighbour, or its right one to it."""
        if b > 0:
            b -= 1
        if (len(self.nodes[b]) + len(self.nodes[b + 1])) * 2 <= self.limit:
            self.starts[b] += self.starts.pop(b + 1)
            self.nodes[b] += self.nodes.pop(b + 1)
            del self.firsts[b + 1]
            self._touched(b, False)
            self._reshaped()

    # ---- change it a little: the same as `splice` for one node, for a third of the time ----------

    def insert_at(self, b: int, i: int, node: Node[K, V]) -> None:
        """Put one node in at place (b, i), where i may be the end of the block."""
        if not self.nodes:
            self.firsts, self.starts, self.nodes = [node._start], [[node._start]], [[node]]
            self.head = self.tail = node
            self.size = 1
            node._home = self
            self._reshaped()
            return
        nodes = self.nodes[b]
        left: Node[K, V] | None
        if i > 0:
            left = nodes[i - 1]
            right = left._next
        else:
            right = nodes[0]
            left = right._prev
            self.firsts[b] = node._start
        node._home = self
        node._prev = left
        node._next = right
        if left is None:
            self.head = node
        else:
            left._next = node
        if right is None:
            self.tail = node
        else:
            right._prev = node
        nodes.insert(i, node)
        self.starts[b].insert(i, node._start)
        self.size += 1
        if self.stale is not None:
            self._touched(b, i + 1 == len(nodes))
        if len(nodes) > self.limit:
            self._split(b)

    def delete_at(self, b: int, i: int) -> None:
        """Take the node at place (b, i) out."""
        nodes = self.nodes[b]
        if len(nodes) == 1 or (len(nodes) * 4 <= self.limit and len(self.nodes) > 1):
            self.splice(b, i, (nodes[i],), ())  # the block may vanish, or be joined with another
            return
        node = nodes[i]
        left, right = node._prev, node._next
        if left is None:
            self.head = right
        else:
            left._next = right
        if right is None:
            self.tail = left
        else:
            right._prev = left
        node._home = node._prev = node._next = None
        self.size -= 1
        del nodes[i], self.starts[b][i]
        if i == 0:
            self.firsts[b] = nodes[0]._start
        if self.stale is not None:
            self._touched(b, i == len(nodes))

    def restart_at(self, b: int, i: int, start: K) -> None:
        """Move the start of the node at place (b, i); it stays between its neighbours."""
        self.nodes[b][i]._start = start
        self.starts[b][i] = start
        if i == 0:
            self.firsts[b] = start
        if self.stale is not None:
            self._touched(b, False)

    def restop_at(self, b: int, i: int, stop: K) -> None:
        """Move the stop of the node at place (b, i); it stays between its neighbours."""
        nodes = self.nodes[b]
        nodes[i]._stop = stop
        if self.stale is not None:
            self._touched(b, i + 1 == len(nodes))

    def clear(self) -> None:
        """Let every node die.  No cycle of links is left behind."""
        node = self.head
        while node is not None:
            following = node._next
            node._home = None
            node._prev = node._next = None
            node = following
        self.fill([])

    def fill(self, run: list[Node[K, V]]) -> None:
        """Make an index without nodes hold this sorted run."""
        half = max(1, self.limit // 2)
        self.nodes = [run[low : low + half] for low in range(0, len(run), half)]
        self.starts = [[node._start for node in block] for block in self.nodes]
        self.firsts = [starts[0] for starts in self.starts]
        self.head = self.tail = None
        self._link(None, run, None)
        self.size = len(run)
        self.stale = None

    # ---- is it right? -------------------------------------------------------------------------

    def check(self) -> None:
        """Prove every invariant of chain and directory.

        Cost: O(n) comparisons.
        Raises: AssertionError, which says what is wrong.
        """
        chain = list(islice(self, self.size + 1))  # a chain in a ring has no end
        flat = [node for block in self.nodes for node in block]
        expect(len(chain) == self.size, f"size is {self.size}, the chain has {len(chain)} nodes")
        expect(
            len(chain) == len(flat) and all(x is y for x, y in zip(chain, flat, strict=True)),
            "the index holds other nodes than the chain",
        )
        expect(self.tail is (chain[-1] if chain else None), "tail is not the last node")
        left: Node[K, V] | None = None
        for node in chain:
            expect(node._home is self, f"{node!r} belongs elsewhere")
            expect(node._prev is left, f"prev of {node!r} is wrong")
            expect(node._start < node._stop, f"{node!r} is empty")
            if left is not None:
                expect(not node._start < left._start, f"{left!r} and {node!r} are out of order")
            left = node
        expect(not EMPTY, "what empty indexes share is not empty")
        expect(len(self.nodes) == len(self.starts) == len(self.firsts), "the directory is ragged")
        for first, starts, block in zip(self.firsts, self.starts, self.nodes, strict=True):
            expect(0 < len(block) <= self.limit, f"a block has {len(block)} nodes")
            same = [node._start for node in block]
            expect(
                len(starts) == len(same) and all(x is y for x, y in zip(starts, same, strict=True)),
                "the index holds other starts than the nodes",
            )
            expect(first is starts[0], f"the directory says {first!r} for {starts[0]!r}")


def expect(holds: bool, otherwise: str) -> None:
    """Assert, also under `python -O`: a structure check that can be switched off is none."""
    if not holds:
        raise AssertionError(otherwise)
