"""RangeBag: intervals that may overlap and repeat, in order of start, then of insertion.

[--a--]     [--b--]        a list would cut or refuse; a bag keeps all three as they are, and
   [--c--]                 tells which of them overlap a span (overlaps.py), and what none covers
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from os import PathLike
from typing import TYPE_CHECKING, Any, Generic, Self, TypeGuard, TypeVar, cast

from rangelist import pieces, show
from rangelist._compat import mypyc_attr
from rangelist.bounds import NEG_INF
from rangelist.bulk import checked
from rangelist.checks import check_chain, expect
from rangelist.columns import columns_of, counts, hits, zipped
from rangelist.errors import InvalidNodeError, LengthError, StaleNodeError
from rangelist.keys import (
    COMPARE_ERRORS,
    K,
    Ordered,
    V,
    check_key,
    check_order,
    check_span,
    direction,
    explain_key,
    moved,
    same_key,
)
from rangelist.node import Gap, Node
from rangelist.overlaps import BagChain, BagNode, Span, measure, number_of
from rangelist.policy import EQUAL, Policy, same_value
from rangelist.ranges import (
    RangeList,
    blank,
    extras_of,
    nothing,
    position,
    put_extras,
    same_rows,
)
from rangelist.record import Edit, Shape
from rangelist.stream import Item, Row
from rangelist.transaction import Transaction, commit, replay_edit, subscribe
from rangelist.walk import items

if TYPE_CHECKING:
    from rangelist.draw import Picture

__all__ = ["RangeBag", "Span"]

BK = TypeVar("BK", bound=Ordered)
BV = TypeVar("BV")


@mypyc_attr(allow_interpreted_subclasses=True)
class RangeBag(Generic[K, V]):
    """Keep intervals that may overlap, touch and repeat; none is ever cut or merged.

    `items` are `(start, stop, value)`, pairs, nodes or pieces.  The order is that of start; equal
    starts stay in the order in which they came.  Windows are `[start, stop)`; `None` means from the
    first node, to the furthest stop.

        change     add  delete  discard  shift  clear
        ask        covering  in  overlapping  overlaps  count  spans  gaps  covers
                   first  last  extent  nth  rank
        walk       iteration  reversed  walk  items
        edits      subscribe  transaction  apply
        all        flatten  copy  draw  check

    Cost: with n nodes, k of them in the answer: changes O(log n), queries O((k + 1) log n) at most,
        however long some intervals are.

    Example:
        >>> bag = RangeBag([(0, 90, "a"), (10, 18, "b"), (10, 12, "c"), (20, 28, "d")])
        >>> [node.value for node in bag.overlapping(11, 20)]
        ['a', 'b', 'c']
    """

    __slots__ = ("_chain",)

    _chain: BagChain[K, V]

    def __init__(self, items: Iterable[Item[K, V]] = ()) -> None:
        self._setup()
        self._fill(items)

    @classmethod
    def build(cls, items: Iterable[Item[BK, BV]]) -> RangeBag[BK, BV]:
        """Return a bag of many items at once, as the constructor does.

        Cost: O(n log n), faster than n calls of `add`.
        Raises: EmptySpanError; NanKeyError; UnorderedKeyError; ItemError.

        Example:
            >>> RangeBag.build([(5, 9, "b"), (0, 6, "a")]).first
            <node [0, 6) = 'a'>
        """
        # Type variables of its own, as `dict.fromkeys` has: on the bare class K and V are unknown.
        made: Any = cls()
        made._fill(items)
        return cast("RangeBag[BK, BV]", made)

    @classmethod
    def from_columns(cls, starts: Any, stops: Any, values: Any = None) -> RangeBag[Any, Any]:
        """Return the bag of the rows of three columns; see `RangeList.from_columns`.

        Cost: as `build`.
        Raises: ItemError, if a column is none, or not as long as the others; errors as `build`.

        Example:
            >>> RangeBag.from_columns([5, 0], [9, 6], ["b", "a"]).first
            <node [0, 6) = 'a'>
        """
        made: Any = cls()
        made._lay(zipped(starts, stops, values))
        return cast("RangeBag[Any, Any]", made)

    def to_columns(self) -> tuple[list[K], list[K], list[V]]:
        """Return the starts, the stops and the values as three lists, in order of start, then age.

        Cost: O(n), no comparisons.

        Example:
            >>> RangeBag([(5, 9, "b"), (0, 6, "a")]).to_columns()
            ([0, 5], [6, 9], ['a', 'b'])
        """
        return columns_of(self._chain)

    def _setup(self) -> None:
        self._chain = BagChain()

    def _fill(self, items: Iterable[Any]) -> None:
        """Make an empty bag hold the items."""
        self._lay(checked(items))

    def _lay(self, rows: list[Row[K, V]]) -> None:
        """Make an empty bag hold rows, in order of insertion."""
        nodes: list[Node[K, V]] = [BagNode(a, b, v, age) for age, (a, b, v) in enumerate(rows)]
        try:
            nodes.sort(key=start_of)
        except COMPARE_ERRORS as error:
            raise explain_key(error, nodes[0]._start, nodes[-1]._start) from error
        self._chain.added = len(nodes)
        self._chain.fill(nodes)

    # ---- change -------------------------------------------------------------------------------

    def add(self, start: K, stop: K, value: V) -> Node[K, V]:
        """Put in an interval, behind those with an equal start; return its node.

        Nothing is cut or merged, whatever it overlaps or touches.

            [--a--]                     add(4, 12, "b")
            [--a--]
               [--b--]

        Cost: about log2(n) comparisons.
        Raises: EmptySpanError; NanKeyError; UnorderedKeyError; ReentrancyError.

        Example:
            >>> bag = RangeBag([(0, 8, "a")])
            >>> bag.add(0, 8, "a"), len(bag)
            (<node [0, 8) = 'a'>, 2)
        """
        with self._chain as chain:
            check_span(start, stop, chain)
            b, i = chain.find(start)
            node = BagNode(start, stop, value, chain.added)
            chain.added += 1  # first, because it can fail; numbers may have gaps
            chain.insert_at(b, i + 1, *chain.around(b, i + 1), node, "added")
            if chain.journal is not None:
                commit(chain, "add")
            return node

    def delete(self, node: Node[K, V]) -> None:
        """Take out one node.

        Cost: about 2 log2(n) comparisons.
        Raises: StaleNodeError, if it is dead; InvalidNodeError, if it is in another bag or list;
            ReentrancyError.

        Example:
            >>> bag = RangeBag([(0, 8, "a"), (0, 8, "a")])
            >>> bag.delete(bag.nth(0))
            >>> bag
            RangeBag([(0, 8, 'a')])
        """
        with self._chain as chain:
            self._own(node)
            b, i = chain.place(node)
            chain.delete_at(b, i, "removed")
            if chain.journal is not None:
                commit(chain, "delete")

    def discard(self, start: K, stop: K, value: V) -> bool:
        """Take out the oldest interval that equals this one; tell whether there was one.

        Keys are compared by `<`, values by `is` before `==`.

        Cost: about 3 log2(n) comparisons, and two for each interval with that start.
        Raises: EmptySpanError; NanKeyError; UnorderedKeyError; ReentrancyError.

        Example:
            >>> bag = RangeBag([(0, 8, "a"), (0, 8, "b")])
            >>> bag.discard(0, 8, "b"), bag.discard(0, 8, "b"), bag
            (True, False, RangeBag([(0, 8, 'a')]))
        """
        with self._chain as chain:
            check_span(start, stop, chain)
            node = chain.below(start)
            node = chain.head if node is None else node._next
            while node is not None and not start < node._start:
                if same_key(node._stop, stop) and same_value(node._value, value):
                    b, i = chain.place(node)
                    chain.delete_at(b, i, "removed")
                    commit(chain, "discard")
                    return True
                node = node._next
            return False

    def shift(self, at: K, by: Any) -> None:
        """Insert key space at `at` (`by > 0`), or delete [at, at - by) (`by < 0`); the rest moves.

        As when text is inserted or deleted under marks.  Insertion: what starts at or behind `at`
        moves, what contains it strictly stretches.  Deletion: borders inside the deleted span fall
        on `at`, borders behind it move, what becomes empty goes.

            [---a---]..[-b-]            shift(4, 3)
            [----a-----]..[-b-]

        Cost: O(n).
        Raises: NanKeyError, also if `by` is not finite; UnorderedKeyError; LengthError, if `by` is
            no key difference, or moved borders lose their order; what else adding to keys raises.

        Example:
            >>> marks = RangeBag([(0, 8, "a"), (10, 12, "b")])
            >>> marks.shift(4, 3)
            >>> marks
            RangeBag([(0, 11, 'a'), (13, 15, 'b')])
            >>> marks.shift(9, -5)
            >>> marks
            RangeBag([(0, 9, 'a'), (9, 10, 'b')])
        """
        towards = direction(by)
        with self._chain as chain:
            check_key(at, chain, "at")
            if towards == 0 or chain.head is None:
                return
            check_order(at, chain.head._start)
            far = at if towards > 0 else moved(at, -by)
            old: list[Node[K, V]] = []
            new: list[Shape[K, V]] = []
            for node in chain:
                start = shifted(node._start, at, far, by, towards > 0)
                stop = shifted(node._stop, at, far, by, False)
                if start is node._start and stop is node._stop and not old:
                    continue  # the run begins at the first node that changes
                old.append(node)
                if start < stop:
                    new.append((node, start, stop, node._value))
                elif towards > 0:
                    raise LengthError(f"moved by {by!r}, {node!r} is empty, want keys that keep it")
            in_order(new, at, by)
            if old:
                b, i = chain.place(old[0])
                chain.splice(b, i, old[0]._prev, old, new, (), "shifted")
                commit(chain, "shift")

    def clear(self) -> None:
        """Take out everything.

        Cost: O(n), no comparisons.
        Raises: ReentrancyError.
        """
        with self._chain as chain:
            pieces.clear(chain)
            commit(chain, "clear")

    def _own(self, node: Node[K, V]) -> None:
        """Refuse what is no living node of this bag."""
        given: object = node
        if not isinstance(given, Node):
            raise InvalidNodeError(f"{node!r} is no node, want one of this bag")
        if node._home is self._chain:
            return
        if node.alive:
            raise InvalidNodeError(f"{node!r} is not in this bag, want a node that is")
        raise StaleNodeError(f"{node!r} is not in the bag any more, want one that is")

    # ---- ask ----------------------------------------------------------------------------------

    @property
    def first(self) -> Node[K, V] | None:
        """The node with the lowest start, of equals the oldest; `None` if the bag is empty."""
        return self._chain.head

    @property
    def last(self) -> Node[K, V] | None:
        """The node with the highest start, of equals the newest; `None` if the bag is empty."""
        return self._chain.tail

    @property
    def extent(self) -> tuple[K, K] | None:
        """The first start and the furthest stop, `None` if the bag is empty.

        Cost: O(1); after a change, that of a query.
        """
        head, stop = self._chain.head, self._chain.furthest()
        return None if head is None or stop is None else (head._start, stop)

    def nth(self, i: int) -> Node[K, V]:
        """Return the node at position `i`; negative positions count from the end.

        Cost: O(blocks), no comparisons.
        Raises: PositionError, if there is no such position.
        """
        return self._chain.nth(position(i))

    def rank(self, key: K) -> int:
        """Return the number of nodes that start before `key`.

        Cost: log2(n) comparisons, and O(blocks) additions.
        Raises: NanKeyError; UnorderedKeyError.

        Example:
            >>> RangeBag([(0, 8, "a"), (0, 3, "b"), (4, 5, "c")]).rank(4)
            2
        """
        self._chain.check_one(key)
        return self._chain.rank(key)

    def covering(self, key: K) -> Iterator[Node[K, V]]:
        """Yield the nodes that cover `key`, in order.  The bag may change meanwhile, as in `walk`.

        Cost: O((k + 1) log n) comparisons.
        Raises: NanKeyError; UnorderedKeyError.

        Example:
            >>> bag = RangeBag([(0, 8, "a"), (2, 5, "b"), (5, 6, "c")])
            >>> [node.value for node in bag.covering(5)]
            ['a', 'c']
        """
        self._chain.check_one(key)
        return self._chain.forward(key, key, True)

    def __contains__(self, key: object) -> bool:
        """Tell whether an interval covers the key; of a node, whether it is in this bag."""
        if isinstance(key, Node):
            return key._home is self._chain
        return next(self.covering(cast("Any", key)), None) is not None

    def overlapping(self, start: K | None = None, stop: K | None = None) -> Iterator[Node[K, V]]:
        """Yield the nodes that share a point with the window, whole, in order: a windowed `walk`.

        Cost: O((k + 1) log n) comparisons.
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> [node.value for node in RangeBag([(0, 8, "a"), (2, 5, "b")]).overlapping(5, 9)]
            ['a']
        """
        return self.walk(start, stop)

    def overlaps(self, start: K | None = None, stop: K | None = None) -> bool:
        """Tell whether an interval shares a point with the window.

        Cost: O(log n) comparisons.
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.
        """
        return next(self.walk(start, stop), None) is not None

    def count(self, start: K | None = None, stop: K | None = None) -> int:
        """Return the number of intervals that share a point with the window.

        Cost: O(log n), and O(log n) for each interval that came or went since the last count; the
            first count sorts all stops.
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> RangeBag([(0, 8, "a"), (2, 5, "b"), (6, 7, "c")]).count(4, 6)
            2
        """
        if not self._chain.check_ends(start, stop):
            return 0
        head = self._chain.head
        if head is None:
            return 0
        return self._chain.count(head._start if start is None else start, stop)

    def count_many(self, starts: Any, stops: Any) -> list[int]:
        """Return `count(start, stop)` for each row of two columns; see `RangeList.from_columns`.

        Cost: O(log n) a window, and O(n) once.
        Raises: ItemError; errors as `count`.

        Example:
            >>> RangeBag([(0, 8, "a"), (2, 5, "b")]).count_many([0, 5], [3, 9])
            [2, 1]
        """
        return counts(self._chain, starts, stops)

    def overlapping_many(self, starts: Any, stops: Any) -> list[list[Node[K, V]]]:
        """Return the nodes of `overlapping(start, stop)` for each row of two columns.

        Cost: O((k + 1) log n) a window, and O(n) once.
        Raises: ItemError; errors as `overlapping`.

        Example:
            >>> bag = RangeBag([(0, 8, "a"), (2, 5, "b")])
            >>> [[node.value for node in found] for found in bag.overlapping_many([0, 5], [3, 9])]
            [['a', 'b'], ['a']]
        """
        return hits(self._chain, starts, stops)

    def gaps(self, start: K | None = None, stop: K | None = None) -> Iterator[Gap[K]]:
        """Yield the holes of the window, which no interval covers; never an empty one.

        Cost: as `spans`.
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> list(RangeBag([(0, 5, "a"), (3, 8, "b"), (10, 12, "c")]).gaps(4, 20))
            [Gap(start=8, stop=10), Gap(start=12, stop=20)]
        """
        return holes(self.spans(start, stop))

    def spans(self, start: K | None = None, stop: K | None = None) -> Iterator[Span[K]]:
        """Yield what is used and what is a hole; together they cover the window exactly.

        Used and hole alternate: touching intervals are joined in one used span.

            [--a--)       [--b--)
               [-c-)[d)             [e)
            uuuuuuuuuuu...uuuuuuu...uuu       . is a hole

        While the bag changes, each step looks at what is there then, behind the last span.

        Cost: O(log n) comparisons a span, and for each interval that carries a used span further.
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> for span in RangeBag([(0, 5, "a"), (3, 8, "b"), (10, 12, "c")]).spans(4, 12):
            ...     print(*span)
            4 8 True
            8 10 False
            10 12 True
        """
        self._chain.check_ends(start, stop)
        return self._chain.spans(start, stop)

    def covers(self, start: K | None = None, stop: K | None = None) -> bool:
        """Tell whether no point of the window lies in a hole; true of an empty window.

        Cost: as `spans`; stops at the first hole.
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> RangeBag([(0, 5, "a"), (3, 8, "b")]).covers(2, 8)
            True
        """
        return all(span.used for span in self.spans(start, stop))

    def flatten(self, policy: Policy[K, V] = EQUAL) -> RangeList[K, V]:
        """Return a list of all intervals, laid over each other in the order of insertion.

        Without hook `overlap` each is written as `RangeList.set` would, so later ones win; with it
        as `add` would, so that the hook decides the value wherever two meet.

        Cost: O(n log n), and one call of hook `overlap` for each piece that is met, from left to
            right; as a loop of `set` or `add`, if the policy has other hooks (see `build`).
        Raises: what the hooks raise.

        Example:
            >>> bag = RangeBag([(0, 8, 1), (4, 12, 2)])
            >>> bag.flatten()
            RangeList([(0, 4, 1), (4, 12, 2)])
            >>> list(map(tuple, bag.flatten(Policy(overlap=int.__add__))))
            [(0, 4, 1), (4, 8, 3), (8, 12, 2)]
        """
        flat: RangeList[K, V] = RangeList(policy=policy)
        rows = [(node._start, node._stop, node._value) for node in self._by_age()]
        flat._write_all(rows, policy._overlap)
        return flat

    # ---- walks --------------------------------------------------------------------------------

    def walk(
        self, start: K | None = None, stop: K | None = None, *, reverse: bool = False
    ) -> Iterator[Node[K, V]]:
        """Yield the nodes that meet the window, whole, while the bag may change in any way.

        The next node is the first behind the last delivered one, in the order of start and then
        insertion, of those that are there by then.  `reverse` goes backwards.

        Cost: O(1) a step without a window, else, and when the bag has changed, O(log n).
        Raises: EmptySpanError, at once, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> bag = RangeBag([(0, 90, "a"), (10, 18, "b"), (20, 28, "c")])
            >>> for node in bag.walk():
            ...     bag.delete(node)
            ...     if node.value == "a":
            ...         _ = bag.add(5, 6, "new")
            ...     print(node.value)
            a
            new
            b
            c
        """
        chain = self._chain
        if not chain.check_ends(start, stop):
            return nothing()
        if start is None and stop is None:
            return chain.chain_backward() if reverse else chain.chain_forward()
        lo: Any = NEG_INF if start is None else start
        return chain.backward(lo, stop) if reverse else chain.forward(lo, stop, False)

    def items(
        self, start: K | None = None, stop: K | None = None, *, reverse: bool = False
    ) -> Iterator[tuple[K, K, V]]:
        """Yield `(start, stop, value)` of what `walk` yields: tuples, of exact types.

        Cost: as `walk`.
        Raises: as `walk`.

        Example:
            >>> list(RangeBag([(0, 8, "a"), (2, 5, "b")]).items(6))
            [(0, 8, 'a')]
        """
        return items(self.walk(start, stop, reverse=reverse))

    def __iter__(self) -> Iterator[Node[K, V]]:
        return self._chain.chain_forward()

    def __reversed__(self) -> Iterator[Node[K, V]]:
        return self._chain.chain_backward()

    # ---- edits --------------------------------------------------------------------------------

    def subscribe(self, fn: Callable[[Edit[K, V]], object]) -> Callable[[], None]:
        """Call `fn` with one `Edit` after each change, or transaction; see `RangeList.subscribe`.

        Example:
            >>> bag: RangeBag[int, str] = RangeBag()
            >>> stop = bag.subscribe(lambda edit: print(edit.op, edit.case))
            >>> _ = bag.add(0, 8, "a")
            add added
            >>> stop()
        """
        return subscribe(self._chain, fn)

    def transaction(self) -> Transaction[K, V]:
        """Return a context manager that makes all changes of a block one, or takes them back.

        See `RangeList.transaction`.
        """
        return Transaction(self._chain)

    def apply(self, edit: Edit[K, V]) -> None:
        """Carry out an edit that this bag, or an equal one, has had before; ages are kept.

        Raises: EditConflictError, if the bag is not as it was before the edit; nothing has changed
            then.
        """
        replay_edit(self._chain, edit)

    # ---- the whole bag ------------------------------------------------------------------------

    def __len__(self) -> int:
        return self._chain.size

    def __bool__(self) -> bool:
        return self._chain.size > 0

    def __eq__(self, other: object) -> bool:
        """Compare spans and values in order; age counts only among equal starts.

        Keys are compared by `<`, values by `is` before `==`.
        """
        if not is_bag(other):
            return NotImplemented
        if self is other:
            return True
        if len(self) != len(other):
            return False
        return same_rows(self._chain, other._chain)

    def __hash__(self) -> int:
        raise TypeError(f"unhashable type: {type(self).__name__!r}, a bag that can change")

    def __repr__(self) -> str:
        # In the order of insertion, so that what is read back flattens to the same list.
        return f"{type(self).__name__}({show.rows(self, self._by_age())})"

    def draw(self, width: int = 72, *, file: str | PathLike[str] | None = None) -> str:
        """Return a drawing: lanes in which none hides another; also write it to a file.

        A file is SVG if its name ends in `.svg`, text if in `.txt`.

        Cost: O(n log n).
        Raises: EmptySpanError, if the width is too small; OptionError, for another kind of file.

        Example:
            >>> print(RangeBag([(0, 8, "a"), (4, 12, "b")]).draw(width=24))
            0       4      8      12
            |-------|------|-------|
            [------a------)........
            ........[------b------)
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

    def check(self) -> None:
        """Prove every invariant: chain, directory, order of insertion among equal starts, reach.

        Cost: O(n) comparisons.
        Raises: AssertionError, which says what is wrong.
        """
        chain = self._chain
        check_chain(chain)
        left: Node[K, V] | None = None
        for node in chain:
            expect(0 <= number_of(node) < chain.added, f"{node!r} has a number of its own making")
            if left is not None and not left._start < node._start:
                expect(number_of(left) < number_of(node), f"{node!r} is older than {left!r}")
            left = node
        for b, peaks in enumerate(chain.refreshed().details):
            rows = zip(peaks.levels, measure(chain, b)[1].levels, strict=True)
            same = all(x is y for old, new in rows for x, y in zip(old, new, strict=True))
            expect(same, f"the reach of block {b} is not what its nodes say")

    # ---- copies -------------------------------------------------------------------------------

    def copy(self) -> Self:
        """Return a bag of its own with the same keys, values and ages.  Nodes are new.

        Cost: O(n), no comparisons.
        """
        twin = blank(type(self))
        put_extras(twin, extras_of(self))
        twin._restore([(n._start, n._stop, n._value, number_of(n)) for n in self._chain])
        return twin

    def __copy__(self) -> Self:
        return self.copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        twin = blank(type(self))
        memo[id(self)] = twin
        put_extras(twin, deepcopy(extras_of(self), memo))
        rows = [(n._start, n._stop, n._value, number_of(n)) for n in self._chain]
        twin._restore(deepcopy(rows, memo))
        return twin

    def __reduce__(self) -> tuple[Any, ...]:
        # One flat list, as the state: see `RangeList.__reduce__`.
        rows = [(n._start, n._stop, n._value, number_of(n)) for n in self._chain]
        return blank, (type(self),), (rows, extras_of(self))

    def __setstate__(self, state: tuple[list[tuple[K, K, V, int]], dict[str, Any]]) -> None:
        rows, extras = state
        put_extras(self, extras)
        self._restore(rows)

    def _restore(self, rows: list[tuple[K, K, V, int]]) -> None:
        nodes: list[Node[K, V]] = [BagNode(*row) for row in rows]
        self._chain.added = 1 + max((row[3] for row in rows), default=-1)
        self._chain.fill(nodes)

    def _by_age(self) -> list[Node[K, V]]:
        return sorted(self._chain, key=number_of)


def is_bag(other: object) -> TypeGuard[RangeBag[Any, Any]]:
    """Tell whether something can be compared with a bag."""
    return isinstance(other, RangeBag)


def start_of(node: Node[K, V]) -> Any:
    """Return the sort key of a node."""
    return node._start


def holes(spans: Iterator[Span[K]]) -> Iterator[Gap[K]]:
    """Yield the spans that are not used."""
    for span in spans:
        if not span.used:
            yield Gap(span.start, span.stop)


def shifted(key: K, at: K, far: K, by: Any, at_moves: bool) -> K:
    """Return where a border goes if [at, far) is deleted, or `by` inserted at `at`, which is `far`.

    `at_moves` says whether a border exactly at `at` makes room for what is inserted.
    """
    if key < at or not (at_moves or at < key):
        return key
    if key < far:
        return at
    there = moved(key, by)
    return at if there < at else there  # noqa: FURB136 - max would ask `>`


def in_order(shapes: list[Shape[K, V]], at: K, by: Any) -> None:
    """Sort shapes whose starts fell together by age; refuse starts that lost their order.

    Raises: LengthError
    """
    for left, right in zip(shapes, shapes[1:], strict=False):
        if right[1] < left[1]:
            raise LengthError(
                f"moved by {by!r}, {right[0]!r} comes before {left[0]!r}, "
                "want keys whose sums keep their order"
            )
    first = 0
    while first < len(shapes):
        last = first + 1
        while last < len(shapes) and not shapes[first][1] < shapes[last][1]:
            last += 1
        if last > first + 1:
            shapes[first:last] = sorted(shapes[first:last], key=age_of)
        first = last


def age_of(shape: Shape[K, V]) -> int:
    """Return the number of a shape's node."""
    return number_of(shape[0])
