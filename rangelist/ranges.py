"""RangeList: disjoint nodes in key order.  The verbs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal, Self, TypeVar, cast, overload

from rangelist import algebra
from rangelist._compat import mypyc_attr
from rangelist.algebra import Drop, cover
from rangelist.bulk import nodes_of
from rangelist.editor import Transaction
from rangelist.errors import MissingKeyError, OptionError
from rangelist.fast import remove_fast, set_fast
from rangelist.index import Index
from rangelist.keys import K, Ordered, V, carried, check_span, distance, moved
from rangelist.node import Interval, Node, Piece
from rangelist.plan import (
    plan_add,
    plan_clear,
    plan_fill,
    plan_insert,
    plan_put,
    plan_remove,
    plan_set,
    plan_shift,
    plan_update,
)
from rangelist.policy import EQUAL, Policy, StockPolicy
from rangelist.reshape import Reshape, result
from rangelist.tiles import Plan

__all__ = ["RangeList"]

BK = TypeVar("BK", bound=Ordered)
BV = TypeVar("BV")


@mypyc_attr(allow_interpreted_subclasses=True)
class RangeList(Reshape[K, V]):
    """A list of disjoint, valued spans that merge and split by themselves.

    `items` are `(start, stop, value)`, written one after the other as `set` would, later ones win.
    `policy` holds the hooks; any write can be given another one for that one call.

        write      set  insert  fill  add  update  transform  remove  move  shift
        reshape    split  merge  replace  resize  delete  coalesce  clear
        look up    at  get  []  in  locate  floor  ceiling  lower  higher  nearest  first  last
        windows    overlapping  gaps  tiles  covers  slice  find_gap
        walk       iteration  reversed  walk  sweep  cursor
        algebra    |  &  -  ^  combine  complement  isdisjoint  issubset  same_points
        edits      subscribe  transaction  apply

    A write merges at the borders of what it wrote, first left, then right, where the policy calls
    the neighbours the same.  Every call finishes or leaves the list exactly as it was.

    Cost: with n nodes, k of them touched: look-ups O(log n), writes O(log n + k).

    Example:
        >>> rl = RangeList([(0, 10, "a")])
        >>> rl[4:6] = "b"
        >>> rl
        RangeList([(0, 4, 'a'), (4, 6, 'b'), (6, 10, 'a')])
        >>> rl[4:6] = "a"
        >>> rl
        RangeList([(0, 10, 'a')])
    """

    __slots__ = ()

    def __init__(
        self, items: Iterable[tuple[K, K, V]] = (), *, policy: Policy[K, V] | StockPolicy = EQUAL
    ) -> None:
        self._setup(policy)
        source: Iterable[Any] = items  # whatever unpacks will do
        for start, stop, value in source:
            self.set(start, stop, value)

    @classmethod
    def build(
        cls, items: Iterable[tuple[BK, BK, BV]], *, policy: Policy[BK, BV] | StockPolicy = EQUAL
    ) -> RangeList[BK, BV]:
        """Return a list of unsorted, overlapping items at once; later ones win.

        Touching pieces are joined from left to right.

        Cost: O(n log n) comparisons, faster than n calls of `set`.
        Raises: EmptySpanError; NanKeyError; UnorderedKeyError; what the hooks raise.

        Example:
            >>> RangeList.build([(5, 9, "b"), (0, 6, "a"), (9, 12, "b")])
            RangeList([(0, 6, 'a'), (6, 12, 'b')])
        """
        # Type variables of its own, as `dict.fromkeys` has: on the bare class K and V are unknown.
        made: Any = cls(policy=cast("Any", policy))
        hooks: Policy[BK, BV] = policy
        made._index.fill(nodes_of(items, hooks))
        return cast("RangeList[BK, BV]", made)

    # ---- write --------------------------------------------------------------------------------

    def set(self, start: K, stop: K, value: V, *, policy: Policy[K, V] | None = None) -> Node[K, V]:
        """Overwrite [start, stop); return the node that now holds it.  `rl[start:stop] = value`.

        What it overlaps partly is cut by the `split` hook.  Merges at both borders.  A value that
        is written inside a node that already says the same changes nothing.

            [---a---]....[-b-]          set(4, 12, "c")
            [-a-][---c---][b-]

        Cost: log2(n) + k + 12 comparisons at most; one search more if the policy has hooks
            besides `same` and `overlap` that are to be asked.
        Raises: EmptySpanError; NanKeyError; UnorderedKeyError; what the hooks raise.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> rl.set(8, 12, "a")
            <node [0, 12) = 'a'>
        """
        node = self._put(start, stop, value, policy, True)
        if node is not None:
            return node
        return result(self._span_write("set", plan_set, start, stop, value, policy))

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
        node = self._put(start, stop, value, policy, False)
        if node is not None:
            return node
        return result(self._span_write("insert", plan_insert, start, stop, value, policy))

    def fill(self, start: K, stop: K, value: V, *, policy: Policy[K, V] | None = None) -> int:
        """Write only the gaps inside [start, stop); return how many there were.

        Nodes stay as they are, unless a filled gap merges with them.

            ..[-a-]...[-b-]..           fill(0, 16, "c")
            [c][-a-][c][-b-][c]

        Cost: log2(n) + 2k + 8 comparisons at most.
        Raises: as `set`.

        Example:
            >>> rl = RangeList([(2, 4, "a")])
            >>> rl.fill(0, 6, "c"), rl
            (2, RangeList([(0, 2, 'c'), (2, 4, 'a'), (4, 6, 'c')]))
        """
        return self._span_write("fill", plan_fill, start, stop, value, policy).count

    def add(self, start: K, stop: K, value: V, *, policy: Policy[K, V] | None = None) -> int:
        """Write the gaps, and `policy.overlap(old, value)` where something is; return the pieces.

        What it overlaps partly is cut by the `split` hook.  Every piece merges at both borders.

            [---a---]..                 add(4, 10, "c")
            [-a-][ac][c]

        Cost: log2(n) + 2k + 10 comparisons at most.
        Raises: as `set`.

        Example:
            >>> count = Policy(overlap=lambda old, new: old + new)
            >>> rl = RangeList([(0, 8, 1)], policy=count)
            >>> rl.add(4, 12, 1), rl
            (2, RangeList([(0, 4, 1), (4, 8, 2), (8, 12, 1)], policy=...))
        """
        return self._span_write("add", plan_add, start, stop, value, policy).count

    def transform(
        self,
        fn: Callable[[Piece[K, V]], V | Drop],
        start: K | None = None,
        stop: K | None = None,
        *,
        gaps: Literal["skip", "raise"] = "skip",
        policy: Policy[K, V] | None = None,
    ) -> int:
        """Write `fn(piece)` over each piece inside the window; return how many there were.

        `DROP` removes the piece.  `gaps="raise"` refuses a window with a hole, before anything is
        asked.  What it overlaps partly is cut by the `split` hook.  Every piece merges at both
        borders.  `fn` is asked for all pieces, from left to right, before anything changes.

            [---a---]..[-b-]            transform(upper, 4)
            [-a-][A-]..[-B-]

        Cost: log2(n) + 2k + 8 comparisons at most.
        Raises: GapError; EmptySpanError; NanKeyError; UnorderedKeyError; what `fn` and hooks raise.

        Example:
            >>> rl = RangeList([(0, 8, 1), (8, 12, 2)])
            >>> rl.transform(lambda piece: piece.value * 10, 4), rl
            (2, RangeList([(0, 4, 1), (4, 8, 10), (8, 12, 20)]))
        """
        if gaps not in ("skip", "raise"):
            raise OptionError(f"gaps is {gaps!r}, want 'skip' or 'raise'")
        hooks = self._policy if policy is None else policy
        whole = gaps == "raise"

        def plan() -> Plan[K, V]:
            window = self._ends(start, stop)
            if window is None:
                return Plan()
            return plan_update(self._index, hooks, window[0], window[1], fn, whole)

        return self._write("transform", plan).count

    def remove(
        self, start: K | None, stop: K | None, *, policy: Policy[K, V] | None = None
    ) -> list[Piece[K, V]]:
        """Punch a hole; return what was there as pieces.  `del rl[start:stop]`.

        What it overlaps partly is cut by the `split` hook.  Never merges.

            [---a---]..[-b-]            remove(4, 13)
            [-a-].......[b-]

        Cost: log2(n) + k + 8 comparisons at most; one search more where a `split` hook is
            asked, or more than one node is met.
        Raises: EmptySpanError; NanKeyError; UnorderedKeyError; what the `split` hook raises.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> rl.remove(2, 4), rl
            ([Piece(start=2, stop=4, value='a')], RangeList([(0, 2, 'a'), (4, 8, 'a')]))
        """
        if start is not None and stop is not None:
            piece = self._take(start, stop, policy)
            if piece is not None:
                return [piece]
        hooks = self._policy if policy is None else policy

        def plan() -> Plan[K, V]:
            window = self._ends(start, stop)
            if window is None:
                return Plan()
            return plan_remove(self._index, hooks, window[0], window[1])

        return self._write("remove", plan).taken

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
        Raises: OverlapError; LengthError, if keys cannot be subtracted; errors as `set`; what else
            adding to keys raises.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> rl.move(4, 8, 12)
            >>> rl
            RangeList([(0, 4, 'a'), (12, 16, 'a')])
        """
        check_span(start, stop)
        by = distance(start, self._real(to))
        end = moved(stop, by)
        check_span(to, end)
        hooks = self._policy if policy is None else policy
        index = self._index
        with Transaction(self, "move", "moved"):
            cut = self._write("move", lambda: plan_remove(index, hooks, start, stop))
            there = [Piece(moved(a, by), moved(b, by), value) for a, b, value in cut.taken]
            if there:
                there[0] = there[0]._replace(start=carried(cut.taken[0].start, by, start, to))
            for piece in there:
                check_span(piece.start, piece.stop)
            if overwrite:
                self._write("move", lambda: plan_remove(index, hooks, to, end))
            self._write("move", lambda: plan_put(index, hooks, to, end, there, cut.owners))

    def shift(self, at: K, by: Any, *, policy: Policy[K, V] | None = None) -> None:
        """Insert key space at `at` (`by > 0`), or delete [at, at - by) (`by < 0`); the rest moves.

        `by` is a key difference.  What lies across a border is cut by the `split` hook.  Deleting
        merges at the border where both ends meet.

            [---a---]..[-b-]            shift(4, 3)
            [-a-]...[a-]..[-b-]

        Cost: O(log n + k), k the nodes behind `at`.
        Raises: NanKeyError, also if `by` is not finite; UnorderedKeyError; LengthError, if `by` is
            no key difference; what else adding to keys and the hooks raise.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (10, 12, "b")])
            >>> rl.shift(4, 3)
            >>> rl.shift(5, -2)
            >>> rl
            RangeList([(0, 4, 'a'), (5, 9, 'a'), (11, 13, 'b')])
        """
        hooks = self._policy if policy is None else policy
        self._real(at)
        self._write("shift", lambda: plan_shift(self._index, hooks, at, by))

    def clear(self) -> None:
        """Remove every node.

        Cost: O(n).

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> rl.clear()
            >>> rl
            RangeList([])
        """
        self._write("clear", lambda: plan_clear(self._index))

    def update(self, other: Iterable[Interval[K, V]]) -> None:
        """Write every interval of `other` over this list, in order; all of them or none.

        `a.update(a)` changes nothing.

        Cost: m calls of `set`.
        Raises: as `set`; what iterating `other` raises.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> rl.update(RangeList([(4, 12, "b")]))
            >>> rl
            RangeList([(0, 4, 'a'), (4, 12, 'b')])
        """
        pieces = [Piece(item.start, item.stop, item.value) for item in other]
        with Transaction(self, "update", "written"):
            for start, stop, value in pieces:
                self.set(start, stop, value)

    def _span_write(
        self,
        op: str,
        plan: Callable[[Index[K, V], Policy[K, V], K, K, V], Plan[K, V]],
        start: K,
        stop: K,
        value: V,
        policy: Policy[K, V] | None,
    ) -> Plan[K, V]:
        check_span(start, stop)
        hooks = self._policy if policy is None else policy
        return self._write(op, lambda: plan(self._index, hooks, start, stop, value))

    # ---- in one search: see fast.py -------------------------------------------------------------

    def _put(
        self, start: K, stop: K, value: V, policy: Policy[K, V] | None, over: bool
    ) -> Node[K, V] | None:
        if not self._unwatched():
            return None
        try:
            if start < stop:
                hooks = self._policy if policy is None else policy
                return set_fast(self._index, hooks, start, stop, value, over)
        except (TypeError, ArithmeticError):
            check_span(start, stop)  # says so, if it is these two that cannot be compared
            raise
        finally:
            self._idle.append(None)
        return None

    def _take(self, start: K, stop: K, policy: Policy[K, V] | None) -> Piece[K, V] | None:
        if not self._unwatched():
            return None
        try:
            if start < stop:
                hooks = self._policy if policy is None else policy
                return remove_fast(self._index, hooks, start, stop)
        except (TypeError, ArithmeticError):
            check_span(start, stop)
            raise
        finally:
            self._idle.append(None)
        return None

    def _ends(self, start: K | None, stop: K | None) -> tuple[K, K] | None:
        """Return the span that `None` ends stand for; `None` if there is nothing to do."""
        if start is not None and stop is not None:
            check_span(start, stop)
            return start, stop
        self._index.check_window(start, stop)
        head, tail = self._index.head, self._index.tail
        if head is None or tail is None:
            return None
        low = head._start if start is None else start
        high = tail._stop if stop is None else stop
        return (low, high) if low < high else None

    # ---- in Python's own words ----------------------------------------------------------------

    @overload
    def __getitem__(self, key: slice) -> Self: ...
    @overload
    def __getitem__(self, key: K) -> V: ...
    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            start, stop = plain(cast("object", key))
            return self.slice(start, stop)
        node = self.at(key)
        if node is None:
            raise MissingKeyError(f"no node covers {key!r}, it lies in {self.locate(key)!r}")
        return node._value

    def __setitem__(self, span: slice, value: V) -> None:
        start, stop = plain(span)
        if start is None or stop is None:
            raise OptionError(f"{span!r} has an open end, want rl[start:stop] = value")
        self.set(start, stop, value)

    def __delitem__(self, span: slice) -> None:
        start, stop = plain(span)
        self.remove(start, stop)

    def __ior__(self, other: Iterable[Interval[K, V]]) -> Self:
        pieces = list(algebra.difference(other, self, policy=self._policy))
        with Transaction(self, "union", "filled"):
            for start, stop, value in pieces:
                self.insert(start, stop, value)
        return self

    def __iand__(self, other: Iterable[Interval[K, Any]]) -> Self:
        return self._without(algebra.difference(self, list(other)), "intersection")

    def __isub__(self, other: Iterable[Interval[K, Any]]) -> Self:
        return self._without(algebra.intersection(self, list(other)), "difference")

    def __ixor__(self, other: Iterable[Interval[K, V]]) -> Self:
        theirs = [Piece(item.start, item.stop, item.value) for item in other]
        extra = list(algebra.difference(theirs, self, policy=self._policy))
        with Transaction(self, "symmetric difference", "exchanged"):
            self._without(algebra.intersection(self, theirs), "symmetric difference")
            for start, stop, value in extra:
                self.insert(start, stop, value)
        return self

    def _without(self, pieces: Iterable[Interval[K, Any]], op: str) -> Self:
        """Remove all that these pieces cover; they are read before anything changes."""
        spans = list(cover(pieces))
        with Transaction(self, op, "removed"):
            for start, stop in spans:
                self.remove(start, stop)
        return self


def plain(span: object) -> tuple[Any, Any]:
    """Return the ends of a slice that has no step."""
    part = cast("slice[Any, Any, Any]", span)
    if not isinstance(span, slice) or part.step is not None:
        raise OptionError(f"{span!r} is no span, want start:stop")
    return part.start, part.stop
