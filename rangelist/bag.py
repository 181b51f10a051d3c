"""RangeBag: intervals that may overlap and repeat, in order of start, then of insertion.

[--a--]     [--b--]        a list would cut or refuse; a bag keeps all three as they are, and
   [--c--]                 answers who overlaps what (reach.py) and what nobody covers
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from os import PathLike
from typing import TYPE_CHECKING, Any, Generic, Self, TypeGuard, TypeVar, cast

from rangelist import show
from rangelist._compat import mypyc_attr
from rangelist.bounds import NEG_INF
from rangelist.errors import InvalidNodeError, ReentrancyError, StaleNodeError
from rangelist.index import Index, expect
from rangelist.keys import K, Ordered, V, check_span, explain_key
from rangelist.node import Node
from rangelist.policy import EQUAL, Policy, truth
from rangelist.ranges import RangeList
from rangelist.reach import BagNode, Reach, Span, measure, number_of, place_behind

if TYPE_CHECKING:
    from rangelist.draw import Picture

__all__ = ["RangeBag"]

BK = TypeVar("BK", bound=Ordered)
BV = TypeVar("BV")


@mypyc_attr(allow_interpreted_subclasses=True)
class RangeBag(Generic[K, V]):
    """Keep intervals that may overlap, touch and repeat; none is ever cut or merged.

    `items` are `(start, stop, value)`.  The order is that of start; equal starts stay in the order
    in which they came.  Windows are `[start, stop)`; `None` means from the first node, to the
    furthest stop.

        change     add  delete  clear
        ask        covering  in  overlapping  spans  covers  first  last
        walk       iteration  reversed  walk
        all        flatten  copy  check

    Cost: with n nodes, k of them in the answer: changes O(log n), queries O((k + 1) log n) at most,
        however long some intervals are.

    Example:
        >>> bag = RangeBag([(0, 90, "a"), (10, 18, "b"), (10, 12, "c"), (20, 28, "d")])
        >>> [node.value for node in bag.overlapping(11, 20)]
        ['a', 'b', 'c']
    """

    __slots__ = ("_added", "_index", "_reach")

    _index: Index[K, V]
    _reach: Reach[K, V]  # the index again, and all that is asked of it
    _added: int  # the number of the next node

    def __init__(self, items: Iterable[tuple[K, K, V]] = ()) -> None:
        self._setup()
        self._fill(items)

    @classmethod
    def build(cls, items: Iterable[tuple[BK, BK, BV]]) -> RangeBag[BK, BV]:
        """Return a bag of many items at once, as the constructor does.

        Cost: O(n log n), faster than n calls of `add`.
        Raises: EmptySpanError; NanKeyError; UnorderedKeyError.

        Example:
            >>> RangeBag.build([(5, 9, "b"), (0, 6, "a")]).first
            <node [0, 6) = 'a'>
        """
        # Type variables of its own, as `dict.fromkeys` has: on the bare class K and V are unknown.
        made: Any = cls()
        made._fill(items)
        return cast("RangeBag[BK, BV]", made)

    def _setup(self) -> None:
        self._reach = Reach()
        self._index = self._reach.index
        self._added = 0

    def _fill(self, items: Iterable[Any]) -> None:
        """Make a bag that is empty hold the items: tuples, nodes, whatever unpacks into three."""
        nodes: list[Node[K, V]] = []
        source: Iterable[Any] = items  # whatever unpacks will do
        for start, stop, value in source:
            check_span(start, stop)
            nodes.append(BagNode(start, stop, value, len(nodes)))
        self._added = len(nodes)
        try:
            nodes.sort(key=start_of)
        except (TypeError, ArithmeticError) as error:
            raise explain_key(error, nodes[0]._start, nodes[-1]._start) from error
        self._index.fill(nodes)

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
        self._begin()
        try:
            check_span(start, stop)
            b, i = self._index.find(start)
        finally:
            self._reach.busy = False
        node = BagNode(start, stop, value, self._added)
        self._added += 1
        self._reach.edits += 1
        self._index.insert_at(b, i + 1, node)
        return node

    def delete(self, node: Node[K, V]) -> None:
        """Take out one node.

        Cost: about 2 log2(n) comparisons.
        Raises: StaleNodeError, if it is dead; InvalidNodeError, if it is in another bag or list;
            ReentrancyError.

        Example:
            >>> bag = RangeBag([(0, 8, "a"), (0, 8, "a")])
            >>> bag.delete(bag.first)
            >>> bag
            RangeBag([(0, 8, 'a')])
        """
        self._begin()
        try:
            self._own(node)
            b, i = place_behind(self._index, node._start, number_of(node))
        finally:
            self._reach.busy = False
        self._reach.edits += 1
        self._index.delete_at(b, i - 1)

    def clear(self) -> None:
        """Take out everything.

        Cost: O(n), no comparisons.
        Raises: ReentrancyError.
        """
        self._begin()
        self._reach.busy = False
        self._reach.edits += 1
        self._index.clear()

    def _own(self, node: Node[K, V]) -> None:
        """Refuse what is no living node of this bag."""
        try:
            if node._home is self._index:
                return
        except AttributeError:
            raise InvalidNodeError(f"{node!r} is no node, want one of this bag") from None
        if node.alive:
            raise InvalidNodeError(f"{node!r} is not in this bag, want a node that is")
        raise StaleNodeError(f"{node!r} is not in the bag any more, want one that is")

    def _begin(self) -> None:
        if self._reach.busy:
            raise ReentrancyError(
                f"{type(self).__name__} at {id(self):#x} is comparing keys, "
                "want no comparison that changes it"
            )
        self._reach.busy = True

    # ---- ask ----------------------------------------------------------------------------------

    @property
    def first(self) -> Node[K, V] | None:
        """The node with the lowest start, of equals the oldest; `None` if the bag is empty."""
        return self._index.head

    @property
    def last(self) -> Node[K, V] | None:
        """The node with the highest start, of equals the newest; `None` if the bag is empty."""
        return self._index.tail

    def covering(self, key: K) -> Iterator[Node[K, V]]:
        """Yield the nodes that cover `key`, in order.  The bag may change meanwhile, as in `walk`.

        Cost: O((k + 1) log n) comparisons.
        Raises: NanKeyError; UnorderedKeyError.

        Example:
            >>> [node.value for node in RangeBag([(0, 8, "a"), (2, 5, "b"), (5, 6, "c")]).covering(5)]
            ['a', 'c']
        """
        self._reach.check_key(key)
        return self._reach.forward(key, key, True)

    def __contains__(self, key: K) -> bool:
        return next(self.covering(key), None) is not None

    def overlapping(self, start: K | None = None, stop: K | None = None) -> Iterator[Node[K, V]]:
        """Yield the nodes that share a point with the window, whole, in order: a windowed `walk`.

        Cost: O((k + 1) log n) comparisons.
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> [node.value for node in RangeBag([(0, 8, "a"), (2, 5, "b")]).overlapping(5, 9)]
            ['a']
        """
        return self.walk(start, stop)

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
        self._reach.check_window(start, stop)
        return self._reach.spans(start, stop)

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

        Cost: O(n log n), and with hook `overlap` once more for each piece that is met.
        Raises: what the hooks raise.

        Example:
            >>> bag = RangeBag([(0, 8, 1), (4, 12, 2)])
            >>> bag.flatten()
            RangeList([(0, 4, 1), (4, 12, 2)])
            >>> list(map(tuple, bag.flatten(Policy(overlap=int.__add__))))
            [(0, 4, 1), (4, 8, 3), (8, 12, 2)]
        """
        flat: RangeList[K, V] = RangeList(policy=policy)
        for node in self._by_age():
            if policy._overlap is None:
                flat.set(node._start, node._stop, node._value)
            else:
                flat.add(node._start, node._stop, node._value)
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
        reach = self._reach
        if not reach.check_window(start, stop):
            return iter(())
        if start is None and stop is None:
            return reach.chain_backward() if reverse else reach.chain_forward()
        lo: Any = NEG_INF if start is None else start
        return reach.backward(lo, stop) if reverse else reach.forward(lo, stop, False)

    def __iter__(self) -> Iterator[Node[K, V]]:
        return self._reach.chain_forward()

    def __reversed__(self) -> Iterator[Node[K, V]]:
        return self._reach.chain_backward()

    # ---- the whole bag ------------------------------------------------------------------------

    def __len__(self) -> int:
        return self._index.size

    def __bool__(self) -> bool:
        return self._index.size > 0

    def __eq__(self, other: object) -> bool:
        """Compare spans and values in order; age counts only among equal starts."""
        if not is_bag(other):
            return NotImplemented
        if self is other:
            return True
        if len(self) != len(other):
            return False
        for a, b in zip(self._index, other._index, strict=True):
            if a._start < b._start or b._start < a._start:
                return False
            if a._stop < b._stop or b._stop < a._stop:
                return False
            if not truth(a._value == b._value, "value == value"):
                return False
        return True

    def __hash__(self) -> int:
        raise TypeError(f"unhashable type: {type(self).__name__!r}, a bag that can change")

    def __repr__(self) -> str:
        # In the order of insertion, so that what is read back flattens to the same list.
        items = ", ".join(f"({n._start!r}, {n._stop!r}, {n._value!r})" for n in self._by_age())
        return f"{type(self).__name__}([{items}])"

    def check(self) -> None:
        """Prove every invariant: chain, index, order of insertion among equal starts, reach.

        Cost: O(n) comparisons.
        Raises: AssertionError, which says what is wrong.
        """
        index = self._index
        index.check()
        left: Node[K, V] | None = None
        for node in index:
            expect(0 <= number_of(node) < self._added, f"{node!r} has a number of its own making")
            if left is not None and not left._start < node._start:
                expect(number_of(left) < number_of(node), f"{node!r} is older than {left!r}")
            left = node
        for b, peaks in enumerate(self._reach.refreshed().details):
            rows = zip(peaks.levels, measure(index, b)[1].levels, strict=True)
            same = all(x is y for old, new in rows for x, y in zip(old, new, strict=True))
            expect(same, f"the reach of block {b} is not what its nodes say")

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

    # ---- copies -------------------------------------------------------------------------------

    def copy(self) -> Self:
        """Return a bag of its own with the same keys and values.  Nodes are new.

        Cost: O(n), no comparisons.
        """
        return self.__copy__()

    def __copy__(self) -> Self:
        made: Self = restore_bag(*self.__reduce__()[1])
        return made

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        kind = type(self)
        twin = kind.__new__(kind)
        twin._setup()
        memo[id(self)] = twin
        _, items, added, extras = self.__reduce__()[1]
        twin._restore(deepcopy(items, memo), added, deepcopy(extras, memo))
        return twin

    def __reduce__(self) -> tuple[Any, ...]:
        # One flat list: pickling the chain link by link would recurse once a node.
        items = [(n._start, n._stop, n._value, number_of(n)) for n in self._index]
        extras = dict(getattr(self, "__dict__", None) or {})
        return restore_bag, (type(self), items, self._added, extras)

    def _restore(
        self, items: list[tuple[K, K, V, int]], added: int, extras: dict[str, Any]
    ) -> None:
        for name, extra in extras.items():  # compiled, `__dict__` is not to be had by name
            setattr(self, name, extra)
        self._added = added
        self._index.fill([BagNode(*item) for item in items])

    def _by_age(self) -> list[Node[K, V]]:
        return sorted(self._index, key=number_of)


def is_bag(other: object) -> TypeGuard[RangeBag[Any, Any]]:
    """Tell whether something can be compared with a bag."""
    return isinstance(other, RangeBag)


def restore_bag(
    kind: type[RangeBag[K, V]],
    items: list[tuple[K, K, V, int]],
    added: int,
    extras: dict[str, Any],
) -> Any:
    """Make a bag of what `__reduce__` kept."""
    made = kind.__new__(kind)
    made._setup()
    made._restore(items, added, extras)
    return made


def start_of(node: Node[K, V]) -> K:
    """Return by what nodes are sorted."""
    return node._start
