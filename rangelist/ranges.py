"""RangeList: disjoint nodes in key order.

One class, read in the order of the table in its docstring.  It checks arguments, holds the guard
around a write and commits it; what the verbs do is in write.py and pieces.py, how streams are
read and combined in stream.py, algebra.py and bulk.py, what walks do in walk.py and cursor.py.
"""

from __future__ import annotations

import builtins
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from operator import index
from os import PathLike
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    Generic,
    Literal,
    Self,
    SupportsIndex,
    TypeVar,
    cast,
    overload,
)

from rangelist import algebra, pieces, show, write
from rangelist._compat import mypyc_attr
from rangelist.algebra import Drop
from rangelist.bounds import NEG_INF, POS_INF, Infinity
from rangelist.bulk import checked, folded, joined, part, seen, sorted_nodes
from rangelist.chain import Chain, get_ident
from rangelist.checks import check_chain, check_disjoint
from rangelist.columns import columns_of, united, values_at, zipped
from rangelist.cursor import Cursor, resumed
from rangelist.door import PLAIN, is_simple
from rangelist.errors import (
    InvalidNodeError,
    MissingKeyError,
    OptionError,
    StaleNodeError,
)
from rangelist.gaps import Rooms, find_gap, gaps, slots, tiles
from rangelist.keys import (
    COMPARE_ERRORS,
    K,
    Ordered,
    V,
    check_key,
    check_span,
    direction,
    distance,
    explain_key,
    is_nan,
    moved,
    moved_spans,
    same_key,
)
from rangelist.nearby import near, operand
from rangelist.node import Gap, Node, Piece
from rangelist.policy import (
    APART,
    EQUAL,
    NEVER,
    Policy,
    StockPolicy,
    check_hook,
    policy_given,
    same_value,
)
from rangelist.record import Edit
from rangelist.stream import Item, Row, check_first, check_reach, cover, disjoint, row_of, trusted
from rangelist.transaction import Transaction, commit, replay_edit, subscribe
from rangelist.walk import items, sweep_backward, sweep_forward, walk_backward, walk_forward
from rangelist.write import MISSING, put

if TYPE_CHECKING:
    from rangelist.draw import Picture

__all__ = ["Horizon", "RangeList"]

T = TypeVar("T")
W = TypeVar("W")
R = TypeVar("R")
BK = TypeVar("BK", bound=Ordered)
BV = TypeVar("BV")
Horizon = Literal["open", "fixed"]

# Types of which `deepcopy` returns the same object, after a call for each.
ATOMS: Final = frozenset((bool, bytes, complex, float, int, str, type(None)))


@mypyc_attr(allow_interpreted_subclasses=True)
class RangeList(Generic[K, V]):
    """A list of disjoint, valued spans that merge and split by themselves.

    `items` are `(start, stop, value)`, pairs `(start, stop)`, nodes or pieces, written one after
    the other as `set` would, later ones win.  `policy` holds the hooks; any write can be given
    another one for that one call.

        write      set  insert  fill  add  update  transform  remove  move  shift  clear
        by handle  split  merge  replace  resize  delete  coalesce
        look up    at  get  []  in  locate  floor  ceiling  lower  higher  nearest  first  last
                   nth  rank  extent
        windows    overlapping  overlaps  gaps  tiles  covers  slice  find_gap  slots
        walk       iteration  reversed  walk  items  sweep  cursor  resume
        algebra    |  &  -  ^  combine  complement  expand  isdisjoint  issubset  same_points
        edits      subscribe  transaction  apply

    Windows are `[start, stop)`, bounds are keys; `None` means from the first, to the last node.  An
    empty window is answered with nothing, a reversed one with `EmptySpanError`.

    A write merges at the borders of what it wrote, first left, then right, where the policy calls
    the neighbours the same.  Every call finishes or leaves the list exactly as it was.

    Cost: with n nodes, k of them touched: look-ups O(log n), writes O(log n + k).  Comparisons are
        counted; a write also moves up to a block of pointers.

    Example:
        >>> rl = RangeList([(0, 10, "a")])
        >>> rl[4:6] = "b"
        >>> rl
        RangeList([(0, 4, 'a'), (4, 6, 'b'), (6, 10, 'a')])
        >>> rl[4:6] = "a"
        >>> rl
        RangeList([(0, 10, 'a')])
    """

    __slots__ = ("_chain", "_policy", "_rooms")

    _chain: Chain[K, V]
    _policy: Policy[K, V]
    _rooms: Rooms[K, V] | None  # the lengths of the gaps; made by the first gap search

    def __init__(
        self, items: Iterable[Item[K, V]] = (), *, policy: Policy[K, V] | StockPolicy = EQUAL
    ) -> None:
        self._setup(policy)
        for item in items:
            start, stop, value = row_of(item)
            self.set(start, stop, value)

    @classmethod
    def build(
        cls,
        items: Iterable[Item[BK, BV]],
        *,
        policy: Policy[BK, BV] | StockPolicy = EQUAL,
        overlap: Callable[[BV, BV], BV] | None = None,
    ) -> RangeList[BK, BV]:
        """Return a list of unsorted, overlapping items at once; later ones win.

        The result is that of a loop of `set`.

        With `overlap` it is that of a loop of `add` with this hook: it decides the value wherever
        items meet.

        Cost: O(n log n) comparisons, faster than n calls of `set`; as that loop, if the policy has
            a hook `merge`, `split` or `yields`, or a `same` of its own.
        Raises: EmptySpanError; NanKeyError; UnorderedKeyError; ItemError; what the hooks raise.

        Example:
            >>> RangeList.build([(5, 9, "b"), (0, 6, "a"), (9, 12, "b")])
            RangeList([(0, 6, 'a'), (6, 12, 'b')])
            >>> RangeList.build([(0, 8, 1), (4, 12, 2)], overlap=int.__add__)
            RangeList([(0, 4, 1), (4, 8, 3), (8, 12, 2)])
        """
        # Type variables of its own, as `dict.fromkeys` has: on the bare class K and V are unknown.
        made: Any = cls(policy=cast("Any", policy))
        made._write_all(checked(items), overlap)
        return cast("RangeList[BK, BV]", made)

    @classmethod
    def from_columns(
        cls,
        starts: Any,
        stops: Any,
        values: Any = None,
        *,
        policy: Policy[Any, Any] | StockPolicy = EQUAL,
        overlap: Callable[[Any, Any], Any] | None = None,
    ) -> RangeList[Any, Any]:
        """Return the list that `build` makes of the rows of three columns; see columns.py.

        A column is any sequence or buffer: a list, an array.array, an array of numpy.  Numbers of
        numpy become Python's.  Without `values` each value is `None`.

        Cost: as `build`; about half of it where no row touches another, or without values.
        Raises: ItemError, if a column is none, or not as long as the others; errors as `build`.

        Example:
            >>> from array import array
            >>> RangeList.from_columns(array("q", [5, 0]), array("q", [9, 6]), ["b", "a"])
            RangeList([(0, 6, 'a'), (6, 9, 'b')])
        """
        made: Any = cls(policy=cast("Any", policy))
        hooks: Policy[Any, Any] = policy
        if values is None and overlap is None and hooks._layered and hooks._same is not NEVER._same:
            made._chain.fill(united(starts, stops))
        else:
            made._write_all(zipped(starts, stops, values), overlap)
        return cast("RangeList[Any, Any]", made)

    def to_columns(self) -> tuple[list[K], list[K], list[V]]:
        """Return the starts, the stops and the values as three lists, in order.

        Cost: O(n), no comparisons.

        Example:
            >>> RangeList([(0, 8, "a"), (10, 18, "b")]).to_columns()
            ([0, 10], [8, 18], ['a', 'b'])
        """
        return columns_of(self._chain)

    @classmethod
    def from_sorted(
        cls, items: Iterable[Item[BK, BV]], *, policy: Policy[BK, BV] | StockPolicy = EQUAL
    ) -> RangeList[BK, BV]:
        """Return a list of exactly these items as nodes: nothing is cut, nothing merges.

        Cost: O(n), two comparisons an item.
        Raises: OverlapError, if they are not sorted and disjoint; EmptySpanError; NanKeyError;
            UnorderedKeyError; ItemError.

        Example:
            >>> len(RangeList.from_sorted([(0, 4, "a"), (4, 8, "a")]))
            2
        """
        made: Any = cls(policy=cast("Any", policy))
        made._chain.fill(sorted_nodes(items))
        return cast("RangeList[BK, BV]", made)

    @property
    def policy(self) -> Policy[K, V]:
        """The hooks of this list."""
        return self._policy

    # ---- write --------------------------------------------------------------------------------

    def set(self, start: K, stop: K, value: V, *, policy: Policy[K, V] | None = None) -> Node[K, V]:
        """Overwrite [start, stop); return the node that now holds it.  `rl[start:stop] = value`.

        What it overlaps partly is cut by the `split` hook.  Merges at both borders.  Where
        sameness is equality of values, writing an equal value inside a node changes nothing.

            [---a---]....[-b-]          set(4, 12, "c")
            [-a-][---c---][b-]

        Cost: log2(n) + k + 12 comparisons at most.
        Raises: EmptySpanError; NanKeyError; UnorderedKeyError; what the hooks raise.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> rl.set(8, 12, "a")
            <node [0, 12) = 'a'>
        """
        chain = self._chain
        # `with chain`, without its two calls, which would cost a sixth of a small write.
        me = get_ident()
        if not chain.lock.acquire(False):
            raise chain.refusal()
        chain.holder = me
        try:
            if chain.journal is not None:
                chain.prepare(chain.journal)
            hooks = self._policy if policy is None else policy_given(policy)
            node = put(chain, hooks, start, stop, value, True)
            if chain.journal is not None:
                commit(chain, "set")
            return node
        except BaseException:
            chain.give_up()
            raise
        finally:
            chain.holder = 0
            chain.lock.release()

    def insert(
        self, start: K, stop: K, value: V, *, policy: Policy[K, V] | None = None
    ) -> Node[K, V]:
        """Write [start, stop) only into free space; return the node that now holds it.

        Never cuts.  Merges at both borders.

            [-a-].......[-b-]           insert(4, 8, "c")
            [-a-].[-c-].[-b-]

        Cost: log2(n) + 8 comparisons at most.
        Raises: OverlapError, which names the node in the way; errors as `set`.

        Example:
            >>> RangeList([(0, 8, "a")]).insert(7, 9, "b")
            Traceback (most recent call last):
            rangelist.errors.OverlapError: [7, 9) overlaps <node [0, 8) = 'a'>, want free space ...
        """
        with self._chain as chain:
            node = put(chain, self._hooks(policy), start, stop, value, False)
            commit(chain, "insert")
            return node

    def fill(self, start: K, stop: K, value: V, *, policy: Policy[K, V] | None = None) -> int:
        """Write only the gaps inside [start, stop); return how many there were.

        Nodes stay as they are, unless a filled gap merges with them.  The value is cut by the
        `split` hook at each border of a node.

            ..[-a-]...[-b-]..           fill(0, 16, "c")
            [c][-a-][c][-b-][c]

        Cost: log2(n) + 2k + 8 comparisons at most.
        Raises: as `set`.

        Example:
            >>> rl = RangeList([(2, 4, "a")])
            >>> rl.fill(0, 6, "c"), rl
            (2, RangeList([(0, 2, 'c'), (2, 4, 'a'), (4, 6, 'c')]))
        """
        check_span(start, stop, self._chain)
        with self._chain as chain:
            count = pieces.fill(chain, self._hooks(policy), start, stop, value)
            commit(chain, "fill")
            return count

    def add(self, start: K, stop: K, value: V, *, policy: Policy[K, V] | None = None) -> int:
        """Write the gaps, and `policy.overlap(old, value)` where something is; return the pieces.

        What it overlaps partly, and the value itself, are cut by the `split` hook.  Every piece
        merges at both borders.

            [---a---]..                 add(4, 10, "c")
            [-a-][ac][c]

        Cost: log2(n) + 2k + 10 comparisons at most.
        Raises: as `set`.

        Example:
            >>> count: Policy[int, int] = Policy(overlap=lambda old, new: old + new)
            >>> rl = RangeList([(0, 8, 1)], policy=count)
            >>> rl.add(4, 12, 1), rl
            (2, RangeList([(0, 4, 1), (4, 8, 2), (8, 12, 1)], policy=...))
        """
        check_span(start, stop, self._chain)
        with self._chain as chain:
            count = pieces.add(chain, self._hooks(policy), start, stop, value)
            commit(chain, "add")
            return count

    def update(self, items: Iterable[Item[K, V]], *, policy: Policy[K, V] | None = None) -> None:
        """Write every item over this list as `set` would, in order; all of them or none.

        `a.update(a)` changes nothing, as far as the policy calls equal values the same.

            [---a---]....                update([(4, 12, "b")])
            [-a-][---b---]

        Cost: m calls of `set`.
        Raises: as `set`; ItemError; what iterating `items` raises.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> rl.update([(4, 12, "b"), (20, 24, "c")])
            >>> rl
            RangeList([(0, 4, 'a'), (4, 12, 'b'), (20, 24, 'c')])
        """
        rows = [row_of(item) for item in items]
        hooks = self._hooks(policy)
        with self._chain as chain:
            chain.record()
            for start, stop, value in rows:
                put(chain, hooks, start, stop, value, True)
            commit(chain, "update", "written")

    def transform(
        self,
        fn: Callable[[Any], V | Drop],
        start: K | None = None,
        stop: K | None = None,
        *,
        gaps: Literal["skip", "raise", "include"] = "skip",
        policy: Policy[K, V] | None = None,
    ) -> int:
        """Write `fn(piece)` over each piece inside the window; return how many there were.

        `DROP` removes the piece.  `gaps="raise"` refuses a window with a hole, before anything is
        asked; `gaps="include"` asks `fn(gap)` too, and counts the gaps.  What it overlaps partly is
        cut by the `split` hook.  Every piece merges at both borders.  `fn` is asked for all pieces,
        from left to right, before anything changes.

            [---a---]..[-b-]            transform(upper, 4)
            [-a-][A-]..[-B-]

        Cost: log2(n) + 2k + 8 comparisons at most.
        Raises: GapError; EmptySpanError; NanKeyError; UnorderedKeyError; OptionError; what `fn` and
            the hooks raise.

        Example:
            >>> rl = RangeList([(0, 8, 1), (8, 12, 2)])
            >>> rl.transform(lambda piece: piece.value * 10, 4), rl
            (2, RangeList([(0, 4, 1), (4, 8, 10), (8, 12, 20)]))
        """
        if gaps not in ("skip", "raise", "include"):
            raise OptionError(f"gaps is {gaps!r}, want 'skip', 'raise' or 'include'")
        check_hook("fn", fn)
        with self._chain as chain:
            window = self._ends(start, stop)
            if window is None:
                return 0
            hooks = self._hooks(policy)
            count = pieces.transform(chain, hooks, window[0], window[1], fn, gaps)
            commit(chain, "transform")
            return count

    def remove(
        self, start: K | None, stop: K | None, *, policy: Policy[K, V] | None = None
    ) -> list[Piece[K, V]]:
        """Punch a hole; return what was there as pieces.  `del rl[start:stop]`.

        What it overlaps partly is cut by the `split` hook.  Never merges.

            [---a---]..[-b-]            remove(4, 13)
            [-a-].......[b-]

        Cost: log2(n) + k + 8 comparisons at most.
        Raises: EmptySpanError; NanKeyError; UnorderedKeyError; what the `split` hook raises.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> rl.remove(2, 4), rl
            ([Piece(start=2, stop=4, value='a')], RangeList([(0, 2, 'a'), (4, 8, 'a')]))
        """
        with self._chain as chain:
            window = self._ends(start, stop)
            if window is None:
                return []
            taken, _ = write.remove(chain, self._hooks(policy), window[0], window[1])
            if chain.journal is not None:
                commit(chain, "remove")
            return taken

    def move(
        self,
        start: K,
        stop: K,
        to: K,
        *,
        overwrite: bool = False,
        policy: Policy[K, V] | None = None,
    ) -> None:
        """Cut the span out and put it at `to`, holes included; the nodes inside stay themselves.

        The destination must be free after the cut, so a span can slide over itself;
        `overwrite=True` clears it.  What is overlapped partly is cut by the `split` hook.  What
        arrives merges at its borders.

            [---a---]............       move(4, 8, 12)
            [-a-]........[-a]....

        Cost: O(log n + k).
        Raises: OverlapError; LengthError, if keys cannot be subtracted, or moved borders lose
            their order; errors as `set`; what else adding to keys raises.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> rl.move(4, 8, 12)
            >>> rl
            RangeList([(0, 4, 'a'), (12, 16, 'a')])
        """
        check_span(start, stop, self._chain)
        check_key(to, self._chain, "to")
        by = distance(start, to)
        end = moved(stop, by)
        hooks = self._hooks(policy)
        with self._chain as chain:
            chain.record()
            cut, owners = write.remove(chain, hooks, start, stop)
            spans = moved_spans([piece[:2] for piece in cut], by, start, to, end)
            there = [Piece(a, b, p.value) for (a, b), p in zip(spans, cut, strict=True)]
            if overwrite:
                write.remove(chain, hooks, to, end)
            pieces.place(chain, hooks, to, end, there, owners)
            commit(chain, "move", "moved")

    def shift(self, at: K, by: Any, *, policy: Policy[K, V] | None = None) -> None:
        """Insert key space at `at` (`by > 0`), or delete [at, at - by) (`by < 0`); the rest moves.

        `by` is a key difference.  What lies across a border is cut by the `split` hook.  Deleting
        merges at the border where both ends meet.

            [---a---]..[-b-]            shift(4, 3)
            [-a-]...[a-]..[-b-]

        Cost: O(log n + k), k the nodes behind `at`.
        Raises: NanKeyError, also if `by` is not finite; UnorderedKeyError; LengthError, if `by` is
            no key difference such keys keep, or moved borders lose their order; what else adding to
            keys and the hooks raise.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (10, 12, "b")])
            >>> rl.shift(4, 3)
            >>> rl.shift(5, -2)
            >>> rl
            RangeList([(0, 4, 'a'), (5, 9, 'a'), (11, 13, 'b')])
        """
        with self._chain as chain:
            pieces.shift(chain, self._hooks(policy), at, by)
            commit(chain, "shift")

    def clear(self) -> None:
        """Remove every node.

        Cost: O(n).

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> rl.clear()
            >>> rl
            RangeList([])
        """
        with self._chain as chain:
            pieces.clear(chain)
            commit(chain, "clear")

    # ---- by handle ----------------------------------------------------------------------------

    def split(
        self,
        at: K,
        *,
        keep: Literal["left", "right"] = "left",
        policy: Policy[K, V] | None = None,
    ) -> Node[K, V] | None:
        """Cut the node that strictly contains `at`; return the right node, `None` if no node does.

        The cut is never rejoined by itself.  `keep` says which part stays the node it was.

            [------a------]             split(6)
            [--a--][--a---]

        Cost: 2 log2(n) + 6 comparisons at most.
        Raises: NanKeyError; UnorderedKeyError; what the `split` hook raises, which refuses the cut.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> rl.split(6), rl.split(6)
            (<node [6, 8) = 'a'>, None)
        """
        check_keep(keep)
        check_key(at, self._chain)
        with self._chain as chain:
            right = write.split(chain, self._hooks(policy), at, keep == "left")
            if chain.journal is not None:
                commit(chain, "split")
            return right

    @overload
    def merge(
        self,
        left: Node[K, V],
        right: Node[K, V],
        *,
        keep: Literal["left", "right"] = "left",
        policy: Policy[K, V] | None = None,
    ) -> Node[K, V]: ...
    @overload
    def merge(
        self,
        left: Node[K, V],
        right: Node[K, V],
        value: V,
        *,
        keep: Literal["left", "right"] = "left",
        policy: Policy[K, V] | None = None,
    ) -> Node[K, V]: ...
    def merge(
        self,
        left: Node[K, V],
        right: Node[K, V],
        value: Any = MISSING,
        *,
        keep: Literal["left", "right"] = "left",
        policy: Policy[K, V] | None = None,
    ) -> Node[K, V]:
        """Join two touching nodes, whatever the policy says about sameness; return the result.

        Without a `value` the `merge` hook gives one.  `keep` says which node stays alive.

            [-a-][-b-]                  merge(a, b, "c")
            [---c----]

        Cost: log2(n) + 4 comparisons at most.
        Raises: NotTouchingError; StaleNodeError; what the `merge` hook raises.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (8, 12, "b")])
            >>> rl.merge(rl.nth(0), rl.nth(1), "c")
            <node [0, 12) = 'c'>
        """
        check_keep(keep)
        with self._chain as chain:
            self._own(left)
            self._own(right)
            hooks = self._hooks(policy)
            node = write.merge(chain, hooks, left, right, value, keep == "left")
            if chain.journal is not None:
                commit(chain, "merge")
            return node

    def replace(
        self, node: Node[K, V], value: V, *, policy: Policy[K, V] | None = None
    ) -> Node[K, V]:
        """Give a node another value; return the node that now holds its span.

        Merges at both borders; the neighbour survives then.

        Cost: log2(n) + 5 comparisons at most.
        Raises: StaleNodeError; what the hooks raise.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (8, 12, "b")])
            >>> rl.replace(rl.nth(1), "a")
            <node [0, 12) = 'a'>
        """
        with self._chain as chain:
            held = write.replace(chain, self._hooks(policy), self._own(node), value)
            if chain.journal is not None:
                commit(chain, "replace")
            return held

    def resize(
        self,
        node: Node[K, V],
        start: K = MISSING,
        stop: K = MISSING,
        *,
        policy: Policy[K, V] | None = None,
    ) -> Node[K, V]:
        """Move one or both borders of a node; return the node that now holds the span.

        It may grow into free space only, and never past a neighbour.  Where a part falls off, the
        `split` hook gives the value of what remains.  Merges where it comes to touch; the
        neighbour survives then.

        Cost: log2(n) + 8 comparisons at most.
        Raises: OverlapError; EmptySpanError; StaleNodeError; what the hooks raise.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> rl.resize(rl.nth(0), stop=12)
            <node [0, 12) = 'a'>
        """
        with self._chain as chain:
            mine = self._own(node)
            low = mine._start if start is MISSING else start
            high = mine._stop if stop is MISSING else stop
            check_span(low, high, chain)
            held = write.resize(chain, self._hooks(policy), mine, low, high)
            commit(chain, "resize")
            return held

    def delete(self, node: Node[K, V]) -> None:
        """Take one node out.  Nothing is cut, nothing merges.

        Cost: log2(n) + 2 comparisons at most.
        Raises: StaleNodeError.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (8, 12, "b")])
            >>> rl.delete(rl.nth(0))
            >>> rl
            RangeList([(8, 12, 'b')])
        """
        with self._chain as chain:
            write.delete(chain, self._own(node))
            if chain.journal is not None:
                commit(chain, "delete")

    def coalesce(
        self,
        start: K | None = None,
        stop: K | None = None,
        *,
        distance: Any = None,
        policy: Policy[K, V] | None = None,
    ) -> int:
        """Merge whatever the policy allows, from left to right; return how many merges there were.

        It looks at every border b with `start <= b <= stop`, as a write of that span would.  With
        a `distance` also at every gap inside [start, stop] that is at most that long; where both
        sides are the same, the gap becomes covered.

            [-a-][-a-][-b-]..[-b-]      coalesce()
            [---a----][-b-]..[-b-]
            [---a----][----b-----]      coalesce(distance=2)

        Cost: 2 log2(n) + 2k + 8 comparisons at most; with a distance k subtractions more.
        Raises: EmptySpanError; NanKeyError; UnorderedKeyError; OptionError, if the distance is
            negative; LengthError; what the hooks raise.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (8, 12, "a"), (14, 20, "a")], policy=NEVER)
            >>> rl.coalesce(policy=EQUAL), len(rl), rl.coalesce(distance=2, policy=EQUAL), len(rl)
            (1, 2, 1, 1)
        """
        check_reach(distance)
        with self._chain as chain:
            chain.check_window(start, stop)
            merges = pieces.coalesce(chain, self._hooks(policy), start, stop, distance)
            if chain.journal is not None:
                commit(chain, "coalesce")
            return merges

    # ---- look up ------------------------------------------------------------------------------

    def at(self, key: K) -> Node[K, V] | None:
        """Return the node that covers `key`, `None` if none does.

        Cost: log2(n) + 3 comparisons at most.
        Raises: NanKeyError; UnorderedKeyError.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (10, 18, "b")])
            >>> rl.at(10), rl.at(8)
            (<node [10, 18) = 'b'>, None)
        """
        chain = self._chain
        try:  # chain.floor, without the call: the most frequent look-up
            b = bisect_right(chain.firsts, key) - 1
            if b >= 0:
                node = chain.nodes[b][bisect_right(chain.starts[b], key) - 1]
                if key < node._stop:
                    return node
        except COMPARE_ERRORS as error:
            raise explain_key(error, key, chain.firsts[0]) from error
        if type(key) not in PLAIN or is_nan(key):
            check_key(key, chain)
        return None

    @overload
    def get(self, key: K) -> V | None: ...
    @overload
    def get(self, key: K, default: T) -> V | T: ...
    def get(self, key: K, default: Any = None) -> Any:
        """Return the value at `key`, `default` if no node covers it.

        Cost: log2(n) + 3 comparisons at most.
        Raises: NanKeyError; UnorderedKeyError.

        Example:
            >>> RangeList([(0, 8, None)]).get(8, "nothing")
            'nothing'
        """
        node = self.at(key)
        return default if node is None else node._value

    def get_many(self, keys: Any, default: Any = None) -> list[Any]:
        """Return `get(key, default)` for each key of a column, in its order; see `from_columns`.

        Cost: O(m log m + m log n) for m keys, a half to a tenth of the calls of `get`.
        Raises: NanKeyError; UnorderedKeyError; ItemError.

        Example:
            >>> RangeList([(0, 8, "a"), (10, 18, "b")]).get_many([12, 9, 0], "none")
            ['b', 'none', 'a']
        """
        return values_at(self._chain, keys, default)

    def __contains__(self, key: object) -> bool:
        """Tell whether a node covers the key; of a node, whether it is in this list."""
        if isinstance(key, Node):
            return key._home is self._chain
        return self.at(cast("Any", key)) is not None

    def locate(self, key: K) -> Node[K, V] | Gap[K | Infinity]:
        """Return the node that covers `key`, or the gap in which it lies.

        Before the first and behind the last node the gap ends in -∞ and +∞.

        Cost: log2(n) + 3 comparisons at most, twice that where no node covers the key.
        Raises: NanKeyError; UnorderedKeyError.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (10, 18, "b")])
            >>> rl.locate(9), rl.locate(99)
            (Gap(start=8, stop=10), Gap(start=18, stop=POS_INF))
        """
        node = self.at(key)
        if node is not None:
            return node
        left = self._chain.floor(key)
        right = self._chain.head if left is None else left._next
        return Gap(
            NEG_INF if left is None else left._stop, POS_INF if right is None else right._start
        )

    @property
    def first(self) -> Node[K, V] | None:
        """The node with the lowest start, `None` if the list is empty."""
        return self._chain.head

    @property
    def last(self) -> Node[K, V] | None:
        """The node with the highest start, `None` if the list is empty."""
        return self._chain.tail

    @property
    def extent(self) -> tuple[K, K] | None:
        """The first start and the last stop, `None` if the list is empty."""
        head, tail = self._chain.head, self._chain.tail
        return None if head is None or tail is None else (head._start, tail._stop)

    def floor(self, key: K) -> Node[K, V] | None:
        """Return the last node with `start <= key`; whether it covers the key does not matter.

        `floor`, `ceiling`, `lower`, `higher` go by start, as in Java's NavigableMap.

        Cost: log2(n) + 2 comparisons at most.
        Raises: NanKeyError; UnorderedKeyError.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (10, 18, "b")])
            >>> rl.floor(10), rl.lower(10)
            (<node [10, 18) = 'b'>, <node [0, 8) = 'a'>)
            >>> rl.ceiling(10), rl.higher(10)
            (<node [10, 18) = 'b'>, None)
        """
        return self._chain.floor(self._real(key))

    def lower(self, key: K) -> Node[K, V] | None:
        """Return the last node with `start < key`.  Cost and errors as `floor`."""
        return self._chain.below(self._real(key))

    def ceiling(self, key: K) -> Node[K, V] | None:
        """Return the first node with `start >= key`.  Cost and errors as `floor`."""
        left = self._chain.below(self._real(key))
        return self._chain.head if left is None else left._next

    def higher(self, key: K) -> Node[K, V] | None:
        """Return the first node with `start > key`.  Cost and errors as `floor`."""
        left = self._chain.floor(self._real(key))
        return self._chain.head if left is None else left._next

    def nearest(self, key: K) -> Node[K, V] | None:
        """Return the node at `key`, else the one with the nearest border; the left one at a tie.

        The distance to the left is `key - left.stop`, to the right `right.start - key`.

        Cost: log2(n) + 3 comparisons at most, two subtractions and one comparison of lengths.
        Raises: NanKeyError; UnorderedKeyError; where both sides have a node, LengthError if keys
            cannot be subtracted.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (12, 18, "b")])
            >>> rl.nearest(10), rl.nearest(11)
            (<node [0, 8) = 'a'>, <node [12, 18) = 'b'>)
        """
        left = self._chain.floor(self._real(key))
        right = self._chain.head if left is None else left._next
        if left is None or right is None or key < left._stop:
            return right if left is None else left
        return right if distance(key, right._start) < distance(left._stop, key) else left

    def nth(self, i: int) -> Node[K, V]:
        """Return the node at position `i`; negative positions count from the end.

        Cost: O(blocks), no comparisons.
        Raises: PositionError, if there is no such position.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (10, 18, "b")])
            >>> rl.nth(1), rl.nth(-2)
            (<node [10, 18) = 'b'>, <node [0, 8) = 'a'>)
        """
        return self._chain.nth(position(i))

    def rank(self, key: K) -> int:
        """Return the number of nodes that start before `key`.

        Cost: log2(n) comparisons, and O(blocks) additions.
        Raises: NanKeyError; UnorderedKeyError.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (10, 18, "b")])
            >>> rl.rank(0), rl.rank(5), rl.rank(99)
            (0, 1, 2)
        """
        return self._chain.rank(self._real(key))

    def _real(self, key: K) -> K:
        if type(key) not in PLAIN or is_nan(key):
            check_key(key, self._chain)
        return key

    # ---- windows ------------------------------------------------------------------------------

    def overlapping(self, start: K | None = None, stop: K | None = None) -> Iterator[Node[K, V]]:
        """Yield the nodes that share a point with the window, whole, in order: a windowed `walk`.

        Cost: log2(n) + 5 comparisons at most, and one a node.
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> [node.value for node in RangeList([(0, 8, "a"), (8, 18, "b")]).overlapping(8, 9)]
            ['b']
        """
        return self.walk(start, stop)

    def overlaps(self, start: K | None = None, stop: K | None = None) -> bool:
        """Tell whether a node shares a point with the window.

        Cost: log2(n) + 5 comparisons at most.
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> rl.overlaps(7, 9), rl.overlaps(8, 9)
            (True, False)
        """
        return next(self.walk(start, stop), None) is not None

    def gaps(self, start: K | None = None, stop: K | None = None) -> Iterator[Gap[K]]:
        """Yield the maximal gaps inside the window, clipped to it; never an empty one.

        Cost: log2(n) + 6 comparisons at most, and three a node.
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> list(RangeList([(2, 4, "a"), (4, 6, "b")]).gaps(0, 9))
            [Gap(start=0, stop=2), Gap(start=6, stop=9)]
        """
        return gaps(self._chain, start, stop)

    def tiles(
        self, start: K | None = None, stop: K | None = None
    ) -> Iterator[Piece[K, V] | Gap[K]]:
        """Yield pieces and gaps that together cover the window exactly.

        What is clipped is cut by the `split` hook.

        Cost: log2(n) + 6 comparisons at most, and three a node.
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError;
            what the `split` hook raises.

        Example:
            >>> list(RangeList([(2, 9, "a")]).tiles(0, 5))
            [Gap(start=0, stop=2), Piece(start=2, stop=5, value='a')]
        """
        return tiles(self._chain, start, stop, self._policy)

    def covers(self, start: K | None = None, stop: K | None = None) -> bool:
        """Tell whether no point of the window lies in a gap; true of an empty window.

        Cost: log2(n) + 3k + 6 comparisons at most; stops at the first gap.
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> RangeList([(0, 5, "a"), (5, 9, "b")]).covers(2, 7)
            True
        """
        return next(self.gaps(start, stop), None) is None

    def slice(self, start: K | None = None, stop: K | None = None) -> Self:
        """Return a list of what lies in the window, cut at its ends by the `split` hook.

        `rl[start:stop]` is the same.

        Cost: O(log n + k).
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> RangeList([(0, 8, "a"), (10, 18, "b")]).slice(4, 12)
            RangeList([(4, 8, 'a'), (10, 12, 'b')])
        """
        return self._holding(part(self._chain, start, stop, self._policy))

    def find_gap(
        self,
        size: Any,
        start: K | None = None,
        stop: K | None = None,
        *,
        align: Any = 1,
        offset: Any = 0,
        fit: Literal["first", "last", "best", "worst", "next"] = "first",
    ) -> Gap[K] | None:
        """Return a free span of exactly `size`, a key difference, in the window; `None` if none is.

        `first` is the lowest place, `last` the highest, `best` and `worst` lie in the smallest and
        the largest gap that fits, `next` goes on where the last such search ended and comes round.
        The place found has `place % align == offset % align`.

        Cost: O(log n + block) comparisons; `best` O(blocks log block).
        Raises: EmptySpanError, if the window is reversed; GapSearchError, if size or align is not
            positive or the fit is unknown; LengthError, if such keys do not keep such a size.

        Example:
            >>> rl = RangeList([(0, 5, "a"), (9, 12, "b")])
            >>> rl.find_gap(2), rl.find_gap(4, stop=99, fit="last")
            (Gap(start=5, stop=7), Gap(start=95, stop=99))
        """
        return find_gap(self._gap_lengths(), size, start, stop, align, offset, fit)

    def slots(
        self,
        size: Any,
        start: K | None = None,
        stop: K | None = None,
        *,
        align: Any = 1,
        offset: Any = 0,
        step: Any = None,
    ) -> Iterator[Gap[K]]:
        """Yield every free place of exactly `size` in the window, from left to right.

        The next one begins at the first aligned key at least `step` (default: `size`) behind the
        start of the last.  The list may change meanwhile.

            |..[---].......[-]....|     size 2
             __     __ __ __  __ __

        Cost: O(log n + block) comparisons a place.
        Raises: as `find_gap`, at once where the arguments are wrong.

        Example:
            >>> rl = RangeList([(3, 5, "a")])
            >>> [gap.start for gap in rl.slots(2, 0, 10)]
            [0, 5, 7]
        """
        return slots(self._gap_lengths(), size, start, stop, align, offset, step)

    def _gap_lengths(self) -> Rooms[K, V]:
        if self._rooms is None:
            self._rooms = Rooms(self._chain)
        return self._rooms

    # ---- walks --------------------------------------------------------------------------------

    def walk(
        self,
        start: K | None = None,
        stop: K | None = None,
        *,
        reverse: bool = False,
        horizon: Horizon = "open",
    ) -> Iterator[Node[K, V]]:
        """Yield the live nodes that meet the window, while the list may change in any way.

        The laws of docs/walks.md say what is visited.  `horizon="fixed"` lets the window
        end, in the direction of the walk, where the list ends now (law L16).

        Cost: O(1) a step, O(log n) when the place was changed.
        Raises: EmptySpanError, at once, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (10, 18, "b"), (20, 28, "c")])
            >>> for node in rl.walk():
            ...     if node.value == "a" and node.next:
            ...         rl.delete(node.next)
            ...     print(node.value)
            a
            c
        """
        window = self._window(start, stop, reverse, horizon)
        if window is None:
            return nothing()
        return (walk_backward if reverse else walk_forward)(self._chain, window[0], window[1])

    def items(
        self, start: K | None = None, stop: K | None = None, *, reverse: bool = False
    ) -> Iterator[tuple[K, K, V]]:
        """Yield `(start, stop, value)` of what `walk` yields: tuples, of exact types.

        Cost: as `walk`.
        Raises: as `walk`.

        Example:
            >>> for start, stop, value in RangeList([(0, 8, "a")]).items():
            ...     print(start, stop, value)
            0 8 a
        """
        return items(self.walk(start, stop, reverse=reverse))

    def sweep(
        self,
        start: K | None = None,
        stop: K | None = None,
        *,
        reverse: bool = False,
        horizon: Horizon = "open",
    ) -> Iterator[Piece[K, V]]:
        """Yield what the window holds as pieces, no point twice, whatever happens meanwhile.

        Law L13: what is covered during the whole walk is delivered, what is never covered is not.
        What is clipped is cut by the `split` hook.

        Cost: O(1) a step, O(log n) when the place was changed.
        Raises: EmptySpanError, at once, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> list(RangeList([(0, 8, "a"), (10, 18, "b")]).sweep(4, 12))
            [Piece(start=4, stop=8, value='a'), Piece(start=10, stop=12, value='b')]
        """
        window = self._window(start, stop, reverse, horizon)
        if window is None:
            return nothing()
        return (sweep_backward if reverse else sweep_forward)(
            self._chain, window[0], window[1], self._policy
        )

    def cursor(
        self, start: K | None = None, stop: K | None = None, *, reverse: bool = False
    ) -> Cursor[K, V]:
        """Return a cursor: a walk in steps, in both directions, that can be saved and resumed.

        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> cursor = RangeList([(0, 8, "a")]).cursor()
            >>> cursor.next(), cursor.next()
            (<node [0, 8) = 'a'>, None)
        """
        self._chain.check_window(start, stop)
        return Cursor(self._chain, start, stop, bool(reverse))

    def resume(self, text: str) -> Cursor[K, V]:
        """Return the cursor that `Cursor.to_json` wrote, over this list.

        Raises: BadCursorError, if the text is no such cursor.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (10, 18, "b")])
            >>> cursor = rl.cursor()
            >>> cursor.next()
            <node [0, 8) = 'a'>
            >>> rl.resume(cursor.to_json()).next()
            <node [10, 18) = 'b'>
        """
        return resumed(self._chain, text)

    def _window(
        self, start: K | None, stop: K | None, reverse: bool, horizon: Horizon
    ) -> tuple[K | None, K | None] | None:
        """Check a walk's window and freeze its far end if asked; `None` if nothing can be in it."""
        self._chain.check_window(start, stop)
        if horizon == "fixed":
            head, tail = self._chain.head, self._chain.tail
            if head is None or tail is None:
                return None
            if reverse and (start is None or start < head._start):
                start = head._start
            if not reverse and (stop is None or tail._stop < stop):
                stop = tail._stop
        elif horizon != "open":
            raise OptionError(f"horizon is {horizon!r}, want 'open' or 'fixed'")
        # Checked last: freezing the far end may have emptied the window.
        if start is not None and stop is not None and not start < stop:
            return None
        return start, stop

    def __iter__(self) -> Iterator[Node[K, V]]:
        return walk_forward(self._chain, None, None)

    def __reversed__(self) -> Iterator[Node[K, V]]:
        return walk_backward(self._chain, None, None)

    # ---- algebra ------------------------------------------------------------------------------

    # A result has the left operand's class and policy, and is joined under that policy.  Operands
    # on the right may be any items; operands are never changed.

    def __or__(self, other: Iterable[Item[K, V]]) -> Self:
        return self._operated(other, algebra.EITHER)

    def __and__(self, other: Iterable[Item[K, Any]]) -> Self:
        return self._operated(other, algebra.BOTH)

    def __sub__(self, other: Iterable[Item[K, Any]]) -> Self:
        return self._operated(other, algebra.ONLY_LEFT)

    def __xor__(self, other: Iterable[Item[K, V]]) -> Self:
        return self._operated(other, algebra.ONE)

    def _operated(self, other: Iterable[Item[K, V]], pick: algebra.Pick) -> Self:
        """Return the list of what an operator keeps."""
        if pick.extra and trusted(other):
            check_first(other, self)
        mine, theirs = operand(self, other, pick.alone), operand(other, self, pick.extra)
        return self._joined(algebra.parts(mine, theirs, pick, self._policy))

    # In place: what is read of the operand is written piece by piece, so the cost is that of what
    # is touched, not of this list.

    def __ior__(self, other: Iterable[Item[K, V]]) -> Self:
        free = self._free_parts([row_of(item) for item in disjoint(other, self._chain)])
        with self._chain as chain:
            chain.record()
            for piece in free:
                put(chain, self._policy, piece.start, piece.stop, piece.value, False)
            commit(chain, "union", "filled")
        return self

    def __iand__(self, other: Iterable[Item[K, Any]]) -> Self:
        kept = list(cover(other))
        with self._chain as chain:
            chain.record()
            reached: K | None = None
            for start, stop in kept:
                if reached is None or reached < start:
                    self._remove_upto(reached, start)
                reached = stop
            self._remove_upto(reached, None)
            commit(chain, "intersection", "removed")
        return self

    def _remove_upto(self, start: K | None, stop: K | None) -> None:
        """Remove what lies in a window that may lie outside of the list."""
        extent = self.extent
        if extent is None:
            return
        low = extent[0] if start is None else start
        high = extent[1] if stop is None else stop
        if low < high:
            check_span(low, high, self._chain)
            write.remove(self._chain, self._policy, low, high)

    def __isub__(self, other: Iterable[Item[K, Any]]) -> Self:
        spans = list(cover(other))
        with self._chain as chain:
            chain.record()
            for start, stop in spans:
                check_span(start, stop, chain)
                write.remove(chain, self._policy, start, stop)
            commit(chain, "difference", "removed")
        return self

    def __ixor__(self, other: Iterable[Item[K, V]]) -> Self:
        rows = [row_of(item) for item in disjoint(other, self._chain)]
        free = self._free_parts(rows)
        with self._chain as chain:
            chain.record()
            spans: list[tuple[K, K]] = list(cover(rows))
            for start, stop in spans:
                check_span(start, stop, chain)
                write.remove(chain, self._policy, start, stop)
            for piece in free:
                put(chain, self._policy, piece.start, piece.stop, piece.value, False)
            commit(chain, "symmetric difference", "exchanged")
        return self

    def _free_parts(self, rows: list[Row[K, V]]) -> list[Piece[K, V]]:
        """Return the parts of rows that lie in gaps of this list."""
        return [
            part
            for row in rows
            for part in algebra.difference([row], self.walk(*row[:2]), policy=self._policy)
        ]

    def combine(
        self,
        other: Iterable[Item[K, W]],
        fn: Callable[[Piece[K, V] | None, Piece[K, W] | None], R | Drop],
        *,
        policy: Policy[K, R] | StockPolicy = EQUAL,
    ) -> RangeList[K, R]:
        """Return the list of `fn(mine, theirs)` for each stretch between two borders of either.

        `fn` gets `None` for the side that covers nothing, never for both; `DROP` leaves a hole.
        The values are new, so the result has the policy that is given here.

        Cost: O(n + m).
        Raises: OverlapError, if `other` is not sorted and disjoint; what `fn` raises.

        Example:
            >>> stock, sold = RangeList([(0, 8, 5)]), RangeList([(4, 6, 3)])
            >>> stock.combine(sold, lambda a, b: a.value - (b.value if b else 0) if a else DROP)
            RangeList([(0, 4, 5), (4, 6, 2), (6, 8, 5)])
        """
        hooks: Policy[K, R] = policy_given(policy)
        stretches = algebra.overlay(self, other, fn, policy=self._policy)
        return self._other(joined(stretches, hooks), hooks)

    def complement(
        self,
        start: K | None = None,
        stop: K | None = None,
        *,
        policy: Policy[K, None] | StockPolicy = EQUAL,
    ) -> RangeList[K, None]:
        """Return the gaps of the window as a list of `None` values, with the policy given here.

        Cost: O(log n + k).
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> RangeList([(2, 4, "a")]).complement(0, 9)
            RangeList([(0, 2, None), (4, 9, None)])
        """
        hooks: Policy[K, None] = policy_given(policy)
        run: list[Node[K, None]] = [Node(a, b, None) for a, b in gaps(self._chain, start, stop)]
        return self._other(run, hooks)

    def expand(self, before: Any, after: Any = None) -> Self:
        """Return a list of the same policy with nodes that grew by key differences on both sides.

        `after` defaults to `before`; negative ones shrink, and a node that shrinks to nothing
        vanishes.  A node grows forward up to the original start of the next one, and back to the
        new stop of the one before; what touches then merges as after any write.

            ...[-a-]....[b]..[-c-]...   expand(1)
            ..[--a--]..[-b-][--c--]..

        Cost: O(n), four comparisons a node.
        Raises: LengthError, if keys cannot be moved by this; NanKeyError, if it is not finite; what
            the hooks raise.

        Example:
            >>> RangeList([(2, 4, "a"), (8, 9, "b")]).expand(1)
            RangeList([(1, 5, 'a'), (7, 10, 'b')])
        """
        return self._joined(grown(self, before, before if after is None else after))

    def isdisjoint(self, other: Iterable[Item[K, Any]]) -> bool:
        """Tell whether no key is covered by both.

        Cost: O(n + m) comparisons, O(m log n) if one is much shorter; stops at the first common
            key.
        Raises: UnorderedKeyError, if the keys of the two have no common order.

        Example:
            >>> RangeList([(0, 5, "a")]).isdisjoint(RangeList([(5, 9, "b")]))
            True
        """
        return algebra.isdisjoint(near(self, other), near(other, self))

    def issubset(self, other: Iterable[Item[K, Any]]) -> bool:
        """Tell whether every key covered here is covered by `other`.

        Cost: O(n + m) comparisons, O(n log m) if this is much shorter; stops at the first that is
            not.
        Raises: UnorderedKeyError, if the keys of the two have no common order.

        Example:
            >>> RangeList([(2, 7, "a")]).issubset(RangeList([(0, 5, "b"), (5, 9, "c")]))
            True
        """
        return algebra.issubset(self, near(other, self))

    def same_points(self, other: Iterable[Item[K, Any]]) -> bool:
        """Tell whether both cover the same keys, wherever they are cut and whatever they hold.

        Cost: O(n + m) comparisons; stops at the first difference.
        Raises: UnorderedKeyError, if the keys of the two have no common order.

        Example:
            >>> RangeList([(0, 9, "a")]).same_points(RangeList([(0, 5, "b"), (5, 9, "c")]))
            True
        """
        return algebra.same_points(self, other)

    # ---- edits --------------------------------------------------------------------------------

    def subscribe(self, fn: Callable[[Edit[K, V]], object]) -> Callable[[], None]:
        """Call `fn` with one `Edit` after each change, or transaction; return how to end that.

        If `fn` raises, the change is taken back, subscribers that had it get the inverse, and the
        error goes to the caller.  `fn` may read the list, not change it.

        Cost: nothing without a subscriber.
        Raises: HookResultError, if `fn` cannot be called.

        Example:
            >>> rl: RangeList[int, str] = RangeList()
            >>> stop = rl.subscribe(lambda edit: print(edit.op, edit.case))
            >>> _ = rl.set(0, 8, "a")
            set inserted
            >>> stop()
        """
        return subscribe(self._chain, fn)

    def transaction(self) -> Transaction[K, V]:
        """Return a context manager that makes all changes of a block one.

        If the block raises, the list is as it was before: spans, values, and the nodes themselves.
        Subscribers get one `Edit` at the end.  Transactions nest; an inner one that fails takes
        back only its own part.

        Cost: a record for each change; taking back compares no keys.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> with rl.transaction():
            ...     _ = rl.set(2, 4, "b")
            ...     raise KeyError("no")
            Traceback (most recent call last):
            KeyError: 'no'
            >>> rl
            RangeList([(0, 8, 'a')])
        """
        return Transaction(self._chain)

    def apply(self, edit: Edit[K, V]) -> None:
        """Carry out an edit that this list, or an equal one, has had before.

        With `edit.inverse()` that is undo; over a copy it is replay.

        Cost: O(log n + k) a change.
        Raises: EditConflictError, if the list is not as it was before the edit; nothing has changed
            then.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> seen: list[Edit[int, str]] = []
            >>> stop = rl.subscribe(seen.append)
            >>> _ = rl.set(2, 4, "b")
            >>> rl.apply(seen[0].inverse())
            >>> rl
            RangeList([(0, 8, 'a')])
        """
        replay_edit(self._chain, edit)

    # ---- in Python's own words ----------------------------------------------------------------

    @overload
    def __getitem__(self, key: builtins.slice[Any, Any, Any]) -> Self: ...
    @overload
    def __getitem__(self, key: K) -> V: ...
    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, builtins.slice):
            start, stop = plain(cast("object", key))
            return self.slice(start, stop)
        node = self.at(key)
        if node is None:
            raise MissingKeyError(f"no node covers {key!r}, it lies in {self.locate(key)!r}")
        return node._value

    def __setitem__(self, span: builtins.slice[Any, Any, Any], value: V) -> None:
        start, stop = plain(span)
        if start is None or stop is None:
            raise OptionError(f"{span!r} has an open end, want rl[start:stop] = value")
        self.set(start, stop, value)

    def __delitem__(self, span: builtins.slice[Any, Any, Any]) -> None:
        start, stop = plain(span)
        self.remove(start, stop)

    def __len__(self) -> int:
        return self._chain.size

    def __bool__(self) -> bool:
        return self._chain.size > 0

    def __eq__(self, other: object) -> bool:
        """Compare spans and values in order: keys by `<`, values by `is` before `==`."""
        if not isinstance(other, RangeList):
            return NotImplemented
        theirs: Chain[Any, Any] = cast("Any", other)._chain
        if self._chain is theirs:
            return True
        if self._chain.size != theirs.size:
            return False
        return same_rows(self._chain, theirs)

    def __hash__(self) -> int:
        raise TypeError(f"unhashable type: {type(self).__name__!r}, a list that can change")

    def is_canonical(self) -> bool:
        """Tell whether no two touching nodes are the same to the policy, as after `coalesce()`.

        Cost: O(n) comparisons, and questions to the hooks of a join.
        Raises: what these hooks raise.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> _ = rl.split(4)
            >>> rl.is_canonical()
            False
        """
        for right in self._chain:
            left = right._prev
            if left is None or left._stop < right._start:
                continue
            at, value = right._start, right._value
            joined_value = self._policy.join(
                left._start, at, left._value, at, right._stop, value, right
            )
            if joined_value is not APART:
                return False
        return True

    def check(self) -> None:
        """Prove every invariant of the list; for tests.

        Cost: O(n) comparisons.
        Raises: AssertionError, which says what is wrong.
        """
        check_chain(self._chain)
        check_disjoint(self._chain)

    def draw(self, width: int = 72, *, file: str | PathLike[str] | None = None) -> str:
        """Return a drawing: a ruler and one row; also write it to a file.

        A file is SVG if its name ends in `.svg`, text if in `.txt`.

        Cost: O(n log n).
        Raises: EmptySpanError, if the width is too small; OptionError, for another kind of file.

        Example:
            >>> print(RangeList([(0, 8, "a"), (10, 18, "b")]).draw(width=24))
            0         8  10       18
            |---------|--|---------|
            [---a----)...[---b----)
        """
        return show.draw(self, width, file)

    def picture(self) -> Picture:
        """Return a picture, for its text or its SVG; at most 64 nodes are drawn.

        Cost: O(1).
        """
        return show.picture(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return self.picture()._repr_mimebundle_(include, exclude)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        show.pretty(self, printer, cycle)

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        return self.picture().__rich_console__(console, options)

    # ---- copies -------------------------------------------------------------------------------

    def copy(self) -> Self:
        """Return a list of its own with the same keys and values.  Nodes are new.

        Cost: O(n), no comparisons.
        """
        blocks = self._chain.nodes
        return self._holding([Node(n._start, n._stop, n._value) for block in blocks for n in block])

    def __copy__(self) -> Self:
        return self.copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        twin = self._blank()
        memo[id(self)] = twin
        put_extras(twin, deepcopy(extras_of(self), memo))
        twin._policy = deepcopy(self._policy, memo)
        copies = [deeply(column, memo) for column in columns_of(self._chain)]
        twin._chain.fill(list(map(Node, *copies)))
        return twin

    def __reduce__(self) -> tuple[Any, ...]:
        # Flat columns: pickling the chain link by link would recurse once a node.  They are the
        # state, not arguments, because a value may refer to the list.
        return blank, (type(self),), (self._policy, columns_of(self._chain), extras_of(self))

    def __setstate__(
        self, state: tuple[Policy[K, V], tuple[list[K], list[K], list[V]], dict[str, Any]]
    ) -> None:
        self._policy, columns, extras = state
        put_extras(self, extras)
        self._chain.fill(list(map(Node, *columns)))

    def __repr__(self) -> str:
        # A list that `set` would merge or cut is read back by `from_sorted`.
        name = type(self).__name__
        if any(not left._stop < left._next._start for left in self._chain if left._next):
            name += "" if self._reads_back() else ".from_sorted"
        policy = "" if self._policy == EQUAL else f", policy={self._policy!r}"
        return f"{name}({show.rows(self, self._chain)}{policy})"

    def _reads_back(self) -> bool:
        """Tell whether writing the nodes one after the other would leave them as they are."""
        try:
            return self.is_canonical()
        except Exception:  # noqa: BLE001  a hook that raises must not hide the list
            return False

    # ---- making -------------------------------------------------------------------------------

    def _setup(self, policy: Policy[K, V] = EQUAL) -> None:
        """Give the list its empty state; everything that makes a list begins here."""
        self._chain = Chain()
        self._policy = policy_given(policy)
        self._rooms = None

    def _blank(self) -> Self:
        """Return an empty list of the same class, policy and extras, without its `__init__`."""
        twin = blank(type(self))
        twin._policy = self._policy
        if type(self) is not RangeList:
            put_extras(twin, extras_of(self))
        return twin

    def _joined(self, rows: Iterable[Row[K, V]]) -> Self:
        """Return a list like this one, of sorted rows, joined where the policy says so."""
        return self._holding(joined(rows, self._policy))

    def _other(self, run: list[Node[K, R]], policy: Policy[K, R]) -> RangeList[K, R]:
        """Return a list of this class, of nodes with other values, under a policy of their own."""
        made: Any = self._blank()
        made._policy = policy
        made._chain.fill(run)
        return cast("RangeList[K, R]", made)

    def _write_all(self, rows: list[Row[K, V]], overlap: Callable[[V, V], V] | None) -> None:
        """Write rows over an empty list, as a loop of `set`, or of `add` with this hook."""
        if overlap is not None:
            check_hook("overlap", overlap)
        hooks = self._policy
        if hooks._layered:
            parts = seen(rows) if overlap is None else folded(rows, overlap)
            self._chain.fill(joined(parts, hooks))
            return
        adding = None if overlap is None else hooks.replace(overlap=overlap)
        for start, stop, value in rows:
            if adding is None:
                self.set(start, stop, value)
            else:
                self.add(start, stop, value, policy=adding)

    def _holding(self, run: list[Node[K, V]]) -> Self:
        """Return a list like this one, of nodes that are in no list yet."""
        twin = self._blank()
        twin._chain.fill(run)
        return twin

    def _hooks(self, policy: Policy[K, V] | None) -> Policy[K, V]:
        return self._policy if policy is None else policy_given(policy)

    def _own(self, node: Node[K, V]) -> Node[K, V]:
        """Return the node if it is alive and of this list."""
        given: object = node
        if not isinstance(given, Node):
            raise InvalidNodeError(f"{node!r} is no node, want one of this list")
        mine: Node[K, V] = node
        if mine._home is self._chain:
            return mine
        if mine.alive:
            raise InvalidNodeError(f"{node!r} is in another list, want one of this list")
        heir = mine.merged_into
        told = "" if heir is None else f"; it was merged into {heir!r}"
        raise StaleNodeError(f"{node!r} is not in the list any more, want one that is{told}")

    def _ends(self, start: K | None, stop: K | None) -> tuple[K, K] | None:
        """Return the span that `None` ends stand for; `None` if there is nothing to do."""
        chain = self._chain
        if start is not None and stop is not None:
            check_span(start, stop, chain)
            return start, stop
        head, tail = chain.head, chain.tail
        if head is None or tail is None:
            chain.check_window(start, stop)
            return None
        low = head._start if start is None else start
        high = tail._stop if stop is None else stop
        try:
            if (low < high) is True and is_simple(low) and is_simple(high):
                return low, high
        except COMPARE_ERRORS:
            pass  # what follows says why
        chain.check_window(start, stop)
        return (low, high) if low < high else None


def plain(span: object) -> tuple[Any, Any]:
    """Return the ends of a slice that has no step."""
    part = cast("slice[Any, Any, Any]", span)
    if not isinstance(span, slice) or part.step is not None:
        raise OptionError(f"{span!r} is no span, want start:stop")
    return part.start, part.stop


def position(i: object) -> int:
    """Return a position as an int.

    Raises: OptionError, if it is none.
    """
    if isinstance(i, SupportsIndex):
        return index(i)
    raise OptionError(f"position is {i!r}, want a whole number")


def check_keep(keep: object) -> None:
    """Refuse a survivor that is neither left nor right."""
    if keep not in ("left", "right"):
        raise OptionError(f"keep is {keep!r}, want 'left' or 'right'")


def nothing() -> Iterator[Any]:
    """Yield nothing, and be closed as other walks are."""
    yield from ()


def same_rows(mine: Chain[K, V], theirs: Chain[Any, Any]) -> bool:
    """Tell whether equally many nodes have the same keys, by `<`, and values, `is` before `==`."""
    try:
        return all(
            same_key(a._start, b._start)
            and same_key(a._stop, b._stop)
            and same_value(a._value, b._value)
            for a, b in zip(mine, theirs, strict=False)
        )
    except COMPARE_ERRORS:
        head, other = mine.head, theirs.head
        if head is None or other is None:
            return False
        try:
            same_key(head._start, other._start)
        except COMPARE_ERRORS:
            return False  # keys without a common order are not equal
        raise


def grown(chain: Iterable[Node[K, V]], before: Any, after: Any) -> Iterator[Row[K, V]]:
    """Yield nodes as rows with borders moved apart, or together; see `RangeList.expand`."""
    direction(before)
    direction(after)
    reached: Any = None
    for node in list(chain):
        start, stop = moved(node._start, -before), moved(node._stop, after)
        following = node._next
        if following is not None and following._start < stop:
            stop = following._start
        if reached is not None and start < reached:
            start = reached
        if start < stop:
            check_span(start, stop)
            reached = stop
            yield start, stop, node._value


def extras_of(thing: object) -> dict[str, Any]:
    """Return what a sub-class has put on a list besides, in `__dict__` or in slots of its own."""
    extras = dict(getattr(thing, "__dict__", None) or {})
    for kind in type(thing).__mro__:
        if kind.__module__.startswith("rangelist."):
            break
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and hasattr(thing, name):
                extras[name] = getattr(thing, name)
    return extras


def put_extras(twin: object, extras: dict[str, Any]) -> None:
    """Give a list what a sub-class put on another.  (Compiled, it has no `__dict__`.)"""
    for name, extra in extras.items():
        setattr(twin, name, extra)


def blank(kind: type[T]) -> T:
    """Return an empty list or bag of a class, without calling its `__init__`."""
    twin: Any = kind.__new__(kind)
    twin._setup()
    return cast("T", twin)


def deeply(column: list[Any], memo: dict[int, Any]) -> list[Any]:
    """Return a deep copy of a list; that of plain numbers and text is the same again."""
    return column if set(map(type, column)) <= ATOMS else deepcopy(column, memo)
