"""The node, and the two plain tuples that describe parts of the key axis.

    Piece   a span and a value, on its own: what was removed, what a sweep delivers
    Gap     a span that no node covers
    Node    a span and a value in a list: a stable handle with neighbours

A node is in a list exactly as long as `alive` is true.  Its fields are written by the mutators of
the chain only (chain.py); from outside they are read-only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar, cast

from rangelist.keys import K, Ordered, V

__all__ = ["Gap", "Interval", "Node", "Piece", "Trail", "forget_trails"]

K_co = TypeVar("K_co", bound=Ordered, covariant=True)
V_co = TypeVar("V_co", covariant=True)


class Interval(Protocol[K_co, V_co]):
    """What hooks are given: anything with `start`, `stop` and `value`, a `Node` or a `Piece`."""

    @property
    def start(self) -> K_co: ...
    @property
    def stop(self) -> K_co: ...
    @property
    def value(self) -> V_co: ...


class Piece(NamedTuple, Generic[K, V]):
    """A span `[start, stop)` and a value that belong to no list.

    Example:
        >>> start, stop, value = Piece(20, 28, "c")
        >>> Piece(20, 28, "c") == (20, 28, "c")
        True
    """

    start: K
    stop: K
    value: V


class Gap(NamedTuple, Generic[K]):
    """A span `[start, stop)` without a node.

    Example:
        >>> Gap(8, 10)
        Gap(start=8, stop=10)
    """

    start: K
    stop: K


class Node(Generic[K, V]):
    """A span `[start, stop)` and a value in a list: a stable handle.

    `start` and `stop` are keys.  A node unpacks into its three parts.  It is equal only to itself.

    There are no weak references to a node: each would be paid for with 8 bytes.  A node cannot be
    copied or pickled, only its list, or `tuple(node)`.

    Size: 80 bytes in plain CPython beside keys and value, and 18 in the index.

    Example:
        >>> from rangelist import RangeList
        >>> rl = RangeList([(0, 8, "a"), (10, 18, "b")])
        >>> start, stop, value = rl.nth(0)
        >>> start, stop, value, rl.nth(0).next
        (0, 8, 'a', <node [10, 18) = 'b'>)
    """

    __slots__ = ("_home", "_next", "_prev", "_start", "_stop", "_value")

    # Where the node is: its chain while it is alive, the survivor or a trail to it after a merge,
    # None after a removal.  One field for all of that, because it is paid a million times.
    _home: Any
    _start: K
    _stop: K
    _value: V
    _prev: Node[K, V] | None
    _next: Node[K, V] | None

    def __init__(self, start: K, stop: K, value: V) -> None:
        self._start = start
        self._stop = stop
        self._value = value
        self._home = None
        self._prev = None
        self._next = None

    @property
    def start(self) -> K:
        """The first key of the span."""
        return self._start

    @property
    def stop(self) -> K:
        """The first key behind the span."""
        return self._stop

    @property
    def value(self) -> V:
        """What the caller stored."""
        return self._value

    @property
    def prev(self) -> Node[K, V] | None:
        """The node before this one, `None` at the head and for a dead node."""
        return self._prev

    @property
    def next(self) -> Node[K, V] | None:
        """The node behind this one, `None` at the tail and for a dead node."""
        return self._next

    @property
    def alive(self) -> bool:
        """Whether the node is in a list."""
        return self._home is not None and not isinstance(self._home, (Node, Trail))

    @property
    def merged_into(self) -> Node[K, V] | None:
        """The living node that absorbed this one, `None` if it is alive or was removed.

        A survivor may itself be absorbed later: the path of survivors is followed to its end, and
        what was found is kept, so that a long path is walked once.

        Cost: amortised O(1).
        """
        path: list[Node[K, V]] = []
        node: Node[K, V] = self
        while True:
            home = node._home
            if isinstance(home, Trail):
                path.append(node)
                node = home.end if home.count == TRAILS[0] else home.survivor
            elif isinstance(home, Node):
                path.append(node)
                node = cast("Node[K, V]", home)
            else:
                break
        for passed in path[:-1]:  # the last one points to the end already
            home = passed._home
            survivor: Any = home.survivor if isinstance(home, Trail) else home
            passed._home = Trail(survivor, node, TRAILS[0])
        return None if node is self or node._home is None else node

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy would be in no list and have neighbours; it would drag the whole chain along.
        raise TypeError(f"{self!r} cannot be copied or pickled alone, want its list or tuple(node)")

    def __iter__(self) -> Iterator[K | V]:
        return iter((self._start, self._stop, self._value))

    def __repr__(self) -> str:
        state = "" if self.alive else "dead "
        return f"<{state}node [{self._start!r}, {self._stop!r}) = {self._value!r}>"


# How often an absorbed node has come back to life.
TRAILS: Final = [0]


class Trail:
    """Where a path of survivors ended; it holds until an undo brings an absorbed node back."""

    __slots__ = ("count", "end", "survivor")

    def __init__(self, survivor: Node[Any, Any], end: Node[Any, Any], count: int) -> None:
        self.survivor = survivor  # the first step of the path
        self.end = end
        self.count = count


def forget_trails() -> None:
    """Let all kept paths be walked anew, because an absorbed node is alive again."""
    TRAILS[0] += 1
