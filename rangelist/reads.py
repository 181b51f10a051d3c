"""Everything a list answers without being changed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from os import PathLike
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, cast, overload

from rangelist import algebra, show
from rangelist._compat import mypyc_attr
from rangelist.bounds import NEG_INF, POS_INF, Infinity
from rangelist.cursor import Cursor, resumed
from rangelist.errors import OptionError
from rangelist.gaps import Rooms, find_gap, gaps, tiles
from rangelist.index import Index, expect
from rangelist.keys import K, V, distance, explain_key, explain_nan, is_nan
from rangelist.node import Gap, Interval, Node, Piece
from rangelist.policy import Policy, truth
from rangelist.walk import (
    sweep_backward,
    sweep_forward,
    walk_backward,
    walk_forward,
)

if TYPE_CHECKING:
    from rangelist.draw import Picture

__all__ = ["Horizon", "Reads"]

T = TypeVar("T")
Horizon = Literal["open", "fixed"]


@mypyc_attr(allow_interpreted_subclasses=True)
class Reads(Generic[K, V]):
    """The reading half of `RangeList`: look-ups, neighbours, windows, walks, gap search.

    Windows are `[start, stop)`, bounds are keys; `None` means from the first, to the last node.  An
    empty window is answered with nothing, a reversed one with `EmptySpanError`.
    """

    __slots__ = ("_index", "_policy", "_rooms")

    _index: Index[K, V]
    _policy: Policy[K, V]
    _rooms: Rooms[K, V] | None  # how long the gaps are; made by the first gap search

    @property
    def policy(self) -> Policy[K, V]:
        """The hooks of this list."""
        return self._policy

    # ---- one key ------------------------------------------------------------------------------

    def at(self, key: K) -> Node[K, V] | None:
        """Return the node that covers `key`, `None` if none does.

        Cost: log2(n) + 3 comparisons at most.
        Raises: NanKeyError; UnorderedKeyError.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (10, 18, "b")])
            >>> rl.at(10), rl.at(8)
            (<node [10, 18) = 'b'>, None)
        """
        index = self._index
        try:  # index.floor, without the call: nothing is asked as often
            b = bisect_right(index.firsts, key) - 1
            if b >= 0:
                node = index.nodes[b][bisect_right(index.starts[b], key) - 1]
                if key < node._stop:
                    return node
        except (TypeError, ArithmeticError) as error:
            raise explain_key(error, key, index.firsts[0]) from error
        if is_nan(key):
            raise explain_nan(key)
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

    def __contains__(self, key: K) -> bool:
        return self.at(key) is not None

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
        left = self._index.floor(key)
        right = self._index.head if left is None else left._next
        return Gap(
            NEG_INF if left is None else left._stop, POS_INF if right is None else right._start
        )

    # ---- neighbours ---------------------------------------------------------------------------

    @property
    def first(self) -> Node[K, V] | None:
        """The node with the lowest start, `None` if the list is empty."""
        return self._index.head

    @property
    def last(self) -> Node[K, V] | None:
        """The node with the highest start, `None` if the list is empty."""
        return self._index.tail

    def floor(self, key: K) -> Node[K, V] | None:
        """Return the last node with `start <= key`; whether it covers the key does not matter.

        `floor`, `ceiling`, `lower`, `higher` go by start, as in Java's NavigableMap.

        Cost: log2(n) + 2 comparisons at most.
        Raises: NanKeyError; UnorderedKeyError.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (10, 18, "b")])
            >>> [rl.floor(10).value, rl.lower(10).value, rl.ceiling(10).value, rl.higher(10)]
            ['b', 'a', 'b', None]
        """
        return self._index.floor(self._real(key))

    def lower(self, key: K) -> Node[K, V] | None:
        """Return the last node with `start < key`.  Cost and errors as `floor`."""
        return self._index.below(self._real(key))

    def ceiling(self, key: K) -> Node[K, V] | None:
        """Return the first node with `start >= key`.  Cost and errors as `floor`."""
        left = self._index.below(self._real(key))
        return self._index.head if left is None else left._next

    def higher(self, key: K) -> Node[K, V] | None:
        """Return the first node with `start > key`.  Cost and errors as `floor`."""
        left = self._index.floor(self._real(key))
        return self._index.head if left is None else left._next

    def nearest(self, key: K) -> Node[K, V] | None:
        """Return the node at `key`, else the one whose border is nearest; the left one at a tie.

        The distance to the left is `key - left.stop`, to the right `right.start - key`.

        Cost: log2(n) + 3 comparisons at most, two subtractions and one comparison of lengths.
        Raises: NanKeyError; UnorderedKeyError; where both sides have a node, LengthError if keys
            cannot be subtracted.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (12, 18, "b")])
            >>> rl.nearest(10).value, rl.nearest(11).value
            ('a', 'b')
        """
        left = self._index.floor(self._real(key))
        right = self._index.head if left is None else left._next
        if left is None or right is None or key < left._stop:
            return right if left is None else left
        return right if distance(key, right._start) < distance(left._stop, key) else left

    def _real(self, key: K) -> K:
        if is_nan(key):
            raise explain_nan(key)
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

    def gaps(self, start: K | None = None, stop: K | None = None) -> Iterator[Gap[K]]:
        """Yield the maximal gaps inside the window, clipped to it; never an empty one.

        Cost: log2(n) + 6 comparisons at most, and three a node.
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> list(RangeList([(2, 4, "a"), (4, 6, "b")]).gaps(0, 9))
            [Gap(start=0, stop=2), Gap(start=6, stop=9)]
        """
        return gaps(self._index, start, stop)

    def tiles(
        self, start: K | None = None, stop: K | None = None
    ) -> Iterator[Piece[K, V] | Gap[K]]:
        """Yield pieces and gaps that together cover the window exactly.

        Cost: log2(n) + 6 comparisons at most, and three a node.
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> list(RangeList([(2, 9, "a")]).tiles(0, 5))
            [Gap(start=0, stop=2), Piece(start=2, stop=5, value='a')]
        """
        return tiles(self._index, start, stop, self._policy)

    def covers(self, start: K | None = None, stop: K | None = None) -> bool:
        """Tell whether no point of the window lies in a gap; true of an empty window.

        Cost: log2(n) + 3k + 6 comparisons at most; stops at the first gap.
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> RangeList([(0, 5, "a"), (5, 9, "b")]).covers(2, 7)
            True
        """
        return next(self.gaps(start, stop), None) is None

    def find_gap(
        self,
        size: Any,
        start: K | None = None,
        stop: K | None = None,
        *,
        align: int = 1,
        offset: int = 0,
        fit: Literal["first", "last", "best", "worst", "next"] = "first",
    ) -> Gap[K] | None:
        """Return free space of exactly `size` (a key difference) in the window, `None` if none is.

        `first` is the lowest place, `last` the highest, `best` and `worst` lie in the smallest and
        the largest gap that fits, `next` goes on where the last such search ended and comes round.
        The place found has `place % align == offset % align`.

        Cost: O(log n + block) comparisons; `best` O(blocks log block).
        Raises: EmptySpanError, if the window is reversed; GapSearchError, if size or align is not
            positive or the fit is unknown.

        Example:
            >>> rl = RangeList([(0, 5, "a"), (9, 12, "b")])
            >>> rl.find_gap(2), rl.find_gap(4, stop=99, fit="last")
            (Gap(start=5, stop=7), Gap(start=95, stop=99))
        """
        if self._rooms is None:
            self._rooms = Rooms(self._index)
        return find_gap(self._rooms, size, start, stop, align, offset, fit)

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

        The laws L1 to L18 of docs/walks.md say what is visited.  `horizon="fixed"` lets the window
        end, in the direction of the walk, where the list ends now (law L16).

        Cost: O(1) a step, O(log n) when the place was changed.
        Raises: EmptySpanError, at once, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (10, 18, "b"), (20, 28, "c")])
            >>> for node in rl.walk():
            ...     if node.value == "a":
            ...         rl.delete(node.next)
            ...     print(node.value)
            a
            c
        """
        window = self._window(start, stop, reverse, horizon)
        if window is None:
            return iter(())
        return (walk_backward if reverse else walk_forward)(self._index, window[0], window[1])

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

        Cost: O(1) a step, O(log n) when the place was changed.
        Raises: EmptySpanError, at once, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> list(RangeList([(0, 8, "a"), (10, 18, "b")]).sweep(4, 12))
            [Piece(start=4, stop=8, value='a'), Piece(start=10, stop=12, value='b')]
        """
        window = self._window(start, stop, reverse, horizon)
        if window is None:
            return iter(())
        return (sweep_backward if reverse else sweep_forward)(
            self._index, window[0], window[1], self._policy
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
        self._index.check_window(start, stop)
        return Cursor(self._index, start, stop, reverse)

    def resume(self, text: str) -> Cursor[K, V]:
        """Return the cursor that `Cursor.to_json` wrote, over this list.

        Raises: BadCursorError, if the text is no such cursor.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (10, 18, "b")])
            >>> cursor = rl.cursor()
            >>> text = cursor.next() and cursor.to_json()
            >>> rl.resume(text).next().value
            'b'
        """
        return resumed(self._index, text)

    def _window(
        self, start: K | None, stop: K | None, reverse: bool, horizon: Horizon
    ) -> tuple[K | None, K | None] | None:
        """Check a walk's window and freeze its far end if asked; `None` if nothing can be in it."""
        self._index.check_window(start, stop)
        if horizon == "fixed":
            head, tail = self._index.head, self._index.tail
            if head is None or tail is None:
                return None
            if reverse and (start is None or start < head._start):
                start = head._start
            if not reverse and (stop is None or tail._stop < stop):
                stop = tail._stop
        elif horizon != "open":
            raise OptionError(f"horizon is {horizon!r}, want 'open' or 'fixed'")
        # Asked last: where all lies beyond the window, freezing its far end has emptied it.
        if start is not None and stop is not None and not start < stop:
            return None
        return start, stop

    def __iter__(self) -> Iterator[Node[K, V]]:
        return walk_forward(self._index, None, None)

    def __reversed__(self) -> Iterator[Node[K, V]]:
        return walk_backward(self._index, None, None)

    # ---- the whole list -----------------------------------------------------------------------

    def __len__(self) -> int:
        return self._index.size

    def __bool__(self) -> bool:
        return self._index.size > 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reads):
            return NotImplemented
        theirs = cast("Any", other)  # of keys and values that nobody knows
        if self is other:
            return True
        if len(self) != len(theirs):
            return False
        pairs = zip(self._index, theirs._index, strict=False)
        return all(
            a._start == b._start
            and a._stop == b._stop
            and truth(a._value == b._value, "value == value")
            for a, b in pairs
        )

    def __hash__(self) -> int:
        raise TypeError(f"unhashable type: {type(self).__name__!r}, a list that can change")

    def same_points(self, other: Iterable[Interval[K, Any]]) -> bool:
        """Tell whether both cover the same keys, wherever they are cut and whatever they hold.

        Cost: O(n + m) comparisons; stops at the first difference.
        Raises: UnorderedKeyError, if the keys of the two have no common order.

        Example:
            >>> RangeList([(0, 9, "a")]).same_points(RangeList([(0, 5, "b"), (5, 9, "c")]))
            True
        """
        return algebra.same_points(self, other)

    def isdisjoint(self, other: Iterable[Interval[K, Any]]) -> bool:
        """Tell whether no key is covered by both.

        Cost: O(n + m) comparisons; stops at the first common key.
        Raises: UnorderedKeyError, if the keys of the two have no common order.

        Example:
            >>> RangeList([(0, 5, "a")]).isdisjoint(RangeList([(5, 9, "b")]))
            True
        """
        return algebra.isdisjoint(self, other)

    def issubset(self, other: Iterable[Interval[K, Any]]) -> bool:
        """Tell whether every key covered here is covered by `other`.

        Cost: O(n + m) comparisons; stops at the first that is not.
        Raises: UnorderedKeyError, if the keys of the two have no common order.

        Example:
            >>> RangeList([(2, 7, "a")]).issubset(RangeList([(0, 5, "b"), (5, 9, "c")]))
            True
        """
        return algebra.issubset(self, other)

    def is_canonical(self) -> bool:
        """Tell whether no two touching nodes are the same to the policy, as after `coalesce()`.

        Cost: O(n) comparisons and questions to the hooks `same` and `yields`.
        Raises: what these hooks raise.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> _ = rl.split(4)
            >>> rl.is_canonical()
            False
        """
        for right in self._index:
            left = right._prev
            if left is None or left._stop < right._start:
                continue
            if self._policy.same(left, right) and self._policy.yields(right):
                return False
        return True

    def check(self) -> None:
        """Prove every invariant of the list; for tests.

        Cost: O(n) comparisons.
        Raises: AssertionError, which says what is wrong.
        """
        self._index.check()
        for node in self._index:
            left = node._prev
            expect(left is None or not node._start < left._stop, f"{left!r} and {node!r} overlap")

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
