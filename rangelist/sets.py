"""What makes new lists of old ones: slices, set algebra, copies, pickles.  No operand changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from rangelist import show
from rangelist._compat import mypyc_attr
from rangelist.algebra import Drop, both, clip, either, one, only_left, overlay, parts
from rangelist.bulk import joined
from rangelist.errors import OptionError
from rangelist.index import Index
from rangelist.keys import K, V
from rangelist.node import Interval, Node, Piece
from rangelist.policy import EQUAL, Policy
from rangelist.reads import Reads
from rangelist.stream import complement

if TYPE_CHECKING:  # what `self` is in the end, told to the type checkers only
    from rangelist.ranges import RangeList

__all__ = ["SetLike"]

W = TypeVar("W")
R = TypeVar("R")


@mypyc_attr(allow_interpreted_subclasses=True)
class SetLike(Reads[K, V]):
    """The part of `RangeList` that makes new lists.

    A result has the left operand's class and policy, and is joined under that policy.  An operand
    on the right may be any sorted iterable of disjoint intervals.
    """

    __slots__ = ()

    # ---- slices and algebra -------------------------------------------------------------------

    def slice(self, start: K | None = None, stop: K | None = None) -> Self:
        """Return a list of what lies in the window, cut at its ends by the `split` hook.

        `rl[start:stop]` is the same.

        Cost: O(log n + k).
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> RangeList([(0, 8, "a"), (10, 18, "b")]).slice(4, 12)
            RangeList([(4, 8, 'a'), (10, 12, 'b')])
        """
        whole = self.walk(start, stop)
        return self._like(clip(whole, start, stop, policy=self._policy))

    def __or__(self, other: Iterable[Interval[K, V]]) -> Self:
        return self._joined(parts(self, other, either, self._policy))

    def __and__(self, other: Iterable[Interval[K, Any]]) -> Self:
        return self._joined(parts(self, other, both, self._policy))

    def __sub__(self, other: Iterable[Interval[K, Any]]) -> Self:
        return self._joined(parts(self, other, only_left, self._policy))

    def __xor__(self, other: Iterable[Interval[K, V]]) -> Self:
        return self._joined(parts(self, other, one, self._policy))

    def combine(
        self,
        other: Iterable[Interval[K, W]],
        fn: Callable[[Piece[K, V] | None, Piece[K, W] | None], R | Drop],
    ) -> RangeList[K, R]:
        """Return the list of `fn(mine, theirs)` for each stretch between two borders of either.

        `fn` gets `None` for the side that covers nothing, never for both; `DROP` leaves a hole.

        Cost: O(n + m).
        Raises: what `fn` raises.

        Example:
            >>> stock, sold = RangeList([(0, 8, 5)]), RangeList([(4, 6, 3)])
            >>> stock.combine(sold, lambda a, b: a.value - (b.value if b else 0) if a else DROP)
            RangeList([(0, 4, 5), (4, 6, 2), (6, 8, 5)])
        """
        stretches: Any = overlay(self, other, fn, policy=self._policy)
        made: Any = self._joined(stretches)
        return made  # type: ignore[no-any-return]  # the same class and policy, of other values

    def complement(self, start: K | None = None, stop: K | None = None) -> RangeList[K, None]:
        """Return the gaps of the window as a list of `None` values.

        Cost: O(log n + k).
        Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError.

        Example:
            >>> RangeList([(2, 4, "a")]).complement(0, 9)
            RangeList([(0, 2, None), (4, 9, None)])
        """
        holes = complement(self.walk(start, stop), start, stop)
        empty: Any = [Piece(hole.start, hole.stop, None) for hole in holes]
        made: Any = self._like(empty)
        return made  # type: ignore[no-any-return]  # the same class and policy, of other values

    # ---- copies -------------------------------------------------------------------------------

    def copy(self) -> Self:
        """Return a list of its own with the same keys and values.  Nodes are new.

        Cost: O(n), no comparisons.
        """
        blocks = self._index.nodes
        return self._holding([Node(n._start, n._stop, n._value) for block in blocks for n in block])

    def __copy__(self) -> Self:
        return self.copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        twin = self._blank()
        memo[id(self)] = twin
        state = self._extras()
        put_extras(twin, deepcopy(state, memo))
        twin._policy = deepcopy(self._policy, memo)
        run = [
            Node(deepcopy(n._start, memo), deepcopy(n._stop, memo), deepcopy(n._value, memo))
            for n in self._index
        ]
        twin._index.fill(run)
        return twin

    def __reduce__(self) -> tuple[Any, ...]:
        # Flat columns: pickling the chain link by link would recurse once a node.
        run = list(self._index)
        columns = [n._start for n in run], [n._stop for n in run], [n._value for n in run]
        return restore, (type(self), self._policy, columns, self._extras())

    def __repr__(self) -> str:
        items = ", ".join(f"({n._start!r}, {n._stop!r}, {n._value!r})" for n in self._index)
        policy = "" if self._policy == EQUAL else f", policy={self._policy!r}"
        return f"{type(self).__name__}([{items}]{policy})"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return self.picture()._repr_mimebundle_(include, exclude)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        show.pretty(self, printer, cycle)

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        return self.picture().__rich_console__(console, options)

    # ---- making -------------------------------------------------------------------------------

    def _setup(self, policy: Policy[K, V]) -> None:
        """Give the list its empty state; everything that makes a list begins here."""
        if not isinstance(cast("object", policy), Policy):
            raise OptionError(f"policy is {policy!r}, want a Policy")
        self._index = Index()
        self._policy = policy
        self._rooms = None

    def _extras(self) -> dict[str, Any]:
        """Return what a sub-class has put on the list besides."""
        return dict(getattr(self, "__dict__", None) or {})

    def _blank(self) -> Self:
        """Return an empty list of the same class and policy, without calling its `__init__`."""
        kind = type(self)
        twin = kind.__new__(kind)
        twin._setup(self._policy)
        return twin

    def _like(self, pieces: Iterable[Interval[K, V]]) -> Self:
        """Return a list like this one, of pieces that are sorted and not to be joined."""
        return self._holding([Node(piece.start, piece.stop, piece.value) for piece in pieces])

    def _joined(self, pieces: Iterable[tuple[K, K, V]]) -> Self:
        """Return a list like this one, of sorted pieces, joined where the policy says so."""
        return self._holding(joined(pieces, self._policy))

    def _holding(self, run: list[Node[K, V]]) -> Self:
        """Return a list like this one, of nodes that are in no list yet."""
        twin = self._blank()
        put_extras(twin, self._extras())
        twin._index.fill(run)
        return twin


def put_extras(twin: object, extras: dict[str, Any]) -> None:
    """Give a list what a sub-class put on another.  (Compiled, it has no `__dict__`.)"""
    for name, extra in extras.items():
        setattr(twin, name, extra)


def restore(
    kind: type[SetLike[K, V]],
    policy: Policy[K, V],
    columns: tuple[list[K], list[K], list[V]],
    extras: dict[str, Any],
) -> SetLike[K, V]:
    """Make a list of what `__reduce__` kept."""
    twin = kind.__new__(kind)
    twin._setup(policy)
    put_extras(twin, extras)
    twin._index.fill(list(map(Node, *columns)))
    return twin
