"""The explicit cursor: a place in the list that can stop, turn around, and travel as JSON.

Its place is a *coordinate*, the extent it delivered last, never a pointer (see walk.py).  It also
caches the position of that node in the index, which is compared by identity before it is used.
The cursor stands like a text cursor just behind that extent, on the side it was going to:

    next   [10-18] [20-28]|            next again: what follows 20-28
    prev   [10-18]|[20-28]             prev right after next: 20-28 once more (law L19)

Each step reads and compares first and then exchanges the one object that says where the cursor
stands.  So a comparison that raises, or an interrupt, leaves the cursor where it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Flag
from os import PathLike
from typing import TYPE_CHECKING, Any, Final, Generic

from rangelist import show
from rangelist._compat import mypyc_attr
from rangelist.chain import Chain
from rangelist.errors import BadCursorError
from rangelist.keys import K, V, check_key, check_order, check_span, check_window, same_key
from rangelist.node import Node
from rangelist.policy import truth
from rangelist.walk import after_extent, before_extent, first_in, last_in

if TYPE_CHECKING:
    from rangelist.draw import Picture

__all__ = ["Cursor", "Status", "resumed"]


class Status(Flag):
    """How the interval under a cursor differs from what was delivered."""

    SAME = 0
    MOVED_LEFT_EDGE = 1
    MOVED_RIGHT_EDGE = 2
    NEW_VALUE = 4
    GONE = 8


NOTHING: Final[Any] = object()


class Stand(Generic[K]):
    """Where a cursor stands: the extent it delivered last, and on which side of it.  Not changed.

    `a` and `b` are the extent, `None` before the first delivery; `at` is the key a cursor was sent
    to and has not left yet.
    """

    __slots__ = ("a", "at", "b", "block", "i", "right", "value")

    def __init__(
        self,
        a: Any = None,
        b: Any = None,
        right: bool = True,
        at: K | None = None,
        value: Any = NOTHING,
        block: int = 0,
        i: int = 0,
    ) -> None:
        self.a = a
        self.b = b
        self.right = right
        self.at = at
        self.value = value
        # Not the node: a cursor may be kept for long, and must keep no dead one alive (law L17).
        self.block = block
        self.i = i


START: Final[Stand[Any]] = Stand()


@mypyc_attr(allow_interpreted_subclasses=True)
class Cursor(Generic[K, V]):
    """Walk a list in both directions while it changes; made by `RangeList.cursor`.

    `next()` goes in the cursor's own direction, `prev()` against it.  Both give the live node or
    `None`; after `None` the cursor stays where it is, and a node that appears ahead is found.

    Cost: O(1) a step, O(log n) when its place was changed.

    Example:
        >>> from rangelist import RangeList
        >>> rl = RangeList([(0, 8, "a"), (10, 18, "b")])
        >>> cursor = rl.cursor()
        >>> cursor.next(), cursor.next()
        (<node [0, 8) = 'a'>, <node [10, 18) = 'b'>)
        >>> cursor.next(), cursor.prev()
        (None, <node [10, 18) = 'b'>)
    """

    __slots__ = ("_chain", "_empty", "_hi", "_lo", "_reverse", "_stand")

    def __init__(self, index: Chain[K, V], lo: K | None, hi: K | None, reverse: bool) -> None:
        self._chain = index
        self._lo = lo
        self._hi = hi
        self._reverse = reverse
        self._empty = lo is not None and hi is not None and not lo < hi  # nothing can be in it
        self._stand: Stand[K] = START

    def reset(self) -> None:
        """Go back to where the cursor was when it was made.

        Cost: O(1), no comparisons.
        """
        self._stand = START

    def seek(self, key: K) -> None:
        """Stand at a key: nodes that reach beyond it are ahead, nodes that begin before it behind.

        A node that covers the key is both.  The window stays.

        Cost: one comparison; the next step O(log n).
        Raises: NanKeyError; UnorderedKeyError.

        Example:
            >>> from rangelist import RangeList
            >>> cursor = RangeList([(0, 8, "a"), (10, 18, "b")]).cursor()
            >>> cursor.seek(9)
            >>> cursor.next()
            <node [10, 18) = 'b'>
            >>> cursor.seek(9)
            >>> cursor.prev()
            <node [0, 8) = 'a'>
        """
        check_key(key)
        head = self._chain.head
        if head is not None:
            check_order(key, head._start)
        self._stand = Stand(at=key)

    # ---- steps --------------------------------------------------------------------------------

    def next(self) -> Node[K, V] | None:
        """Deliver the following node in the cursor's direction, or `None`.

        At the end the place stays: what is appended later is found by the next call.

        Cost: O(1), O(log n) when its place was changed.
        """
        return self._go_left() if self._reverse else self._go_right()

    def prev(self) -> Node[K, V] | None:
        """Deliver the following node against the cursor's direction, or `None`.  Cost as `next`."""
        return self._go_right() if self._reverse else self._go_left()

    def _go_right(self) -> Node[K, V] | None:
        index, stand = self._chain, self._stand
        if self._empty:
            return None
        if stand.a is None:
            if stand.at is None and self._reverse:
                return None
            if stand.at is not None and self._hi is not None and not stand.at < self._hi:
                return None  # sent behind the window
            node = first_in(index, later(stand.at, self._lo))
        elif stand.right:
            same = self._unmoved()
            node = after_extent(index, stand.a, stand.b) if same is None else same._next
        else:
            # Turned around: the node over the anchor, which is the last point before b; if there
            # is none, the first that reaches beyond a.
            node = index.below(stand.b)
            if node is None or node._stop < stand.b:
                node = first_in(index, stand.a)
        if node is None or (self._hi is not None and not node._start < self._hi):
            return None
        return self._deliver(node, True)

    def _go_left(self) -> Node[K, V] | None:
        index, stand = self._chain, self._stand
        if self._empty:
            return None
        if stand.a is None:
            if stand.at is None and not self._reverse:
                return None
            if stand.at is not None and self._lo is not None and not self._lo < stand.at:
                return None  # sent before the window
            node = last_in(index, earlier(stand.at, self._hi))
        elif not stand.right:
            same = self._unmoved()
            node = before_extent(index, stand.a, stand.b) if same is None else same._prev
        else:
            node = index.floor(stand.a)
            if node is None or not stand.a < node._stop:
                node = last_in(index, stand.b)
        if node is None or (self._lo is not None and not self._lo < node._stop):
            return None
        return self._deliver(node, False)

    def _deliver(self, node: Node[K, V], right: bool) -> Node[K, V]:
        block, i = self._place_of(node, right)
        a, b = later(node._start, self._lo), earlier(node._stop, self._hi)
        self._stand = Stand(a, b, right, None, node._value, block, i)
        return node

    def _place_of(self, node: Node[K, V], right: bool) -> tuple[int, int]:
        """Return the place of the node that is delivered: usually beside the last one."""
        b, i = self._stand.block, self._stand.i
        i += 1 if right else -1
        blocks = self._chain.nodes
        beside = b < len(blocks) and 0 <= i < len(blocks[b]) and blocks[b][i] is node
        return (b, i) if beside else self._chain.find(node._start)

    def _unmoved(self) -> Node[K, V] | None:
        """Return the delivered node if it is in the list with the very borders it had."""
        stand = self._stand
        blocks = self._chain.nodes
        if not (stand.block < len(blocks) and stand.i < len(blocks[stand.block])):
            return None
        node = blocks[stand.block][stand.i]
        return node if node._start is stand.a and node._stop is stand.b else None

    # ---- what is under it ---------------------------------------------------------------------

    @property
    def extent(self) -> tuple[K, K] | None:
        """The span delivered last, clipped to the window; `None` before the first delivery."""
        stand = self._stand
        return None if stand.a is None else (stand.a, stand.b)

    @property
    def current(self) -> Node[K, V] | None:
        """The node that covers the anchor now; `None` if no node does.

        The anchor is the first point of the extent after a step to the right, the last point after
        a step to the left.
        """
        stand = self._stand
        if stand.a is None:
            return None
        if stand.right:
            node = self._chain.floor(stand.a)
            return node if node is not None and stand.a < node._stop else None
        node = self._chain.below(stand.b)
        return node if node is not None and not node._stop < stand.b else None

    @property
    def status(self) -> Status:
        """How the node over the anchor differs from what was delivered.

        A cursor that came from JSON does not know the value it delivered, so it cannot tell
        NEW_VALUE.
        """
        node, stand = self.current, self._stand
        if node is None:
            return Status.GONE
        status = Status.SAME
        if not same_key(later(node._start, self._lo), stand.a):
            status |= Status.MOVED_LEFT_EDGE
        if not same_key(earlier(node._stop, self._hi), stand.b):
            status |= Status.MOVED_RIGHT_EDGE
        was = stand.value
        if was is not NOTHING and was is not node._value:
            same = truth(was == node._value, "value == value")
            status |= Status.SAME if same else Status.NEW_VALUE
        return status

    def draw(self, width: int = 72, *, file: str | PathLike[str] | None = None) -> str:
        """Return a drawing: the list, the extent, and what comes next; also write it to a file.

        A file is SVG if its name ends in `.svg`, text if in `.txt`.

        Cost: O(n log n) for n nodes in the list.
        Raises: EmptySpanError, if the width is too small; OptionError, for another kind of file.
        """
        return show.draw(self, width, file)

    def picture(self) -> Picture:
        """Return a picture, for its text or its SVG; at most 64 nodes are drawn.

        Cost: O(log n).
        """
        return show.picture(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return self.picture()._repr_mimebundle_(include, exclude)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        show.pretty(self, printer, cycle)

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        return self.picture().__rich_console__(console, options)

    def __copy__(self) -> Cursor[K, V]:
        """Return a cursor at the same place; each then goes its own way."""
        twin = Cursor(self._chain, self._lo, self._hi, self._reverse)
        twin._stand = self._stand
        return twin

    # ---- travelling ---------------------------------------------------------------------------

    def to_json(self) -> str:
        """Return the cursor as JSON; `RangeList.resume` makes it a cursor again, anywhere.

        Cost: O(1), no comparisons.
        Raises: UnorderedKeyError, if a key is of a type that has no JSON form.
        """
        # Imported here, because most programs save no cursor, and need neither decimals nor
        # addresses.
        import json  # noqa: PLC0415  see above

        from rangelist.jsonkeys import encode_key  # noqa: PLC0415

        stand = self._stand
        place = {"start": self._lo, "stop": self._hi, "a": stand.a, "b": stand.b, "at": stand.at}
        form: dict[str, Any] = {
            "rangelist-cursor": 1,
            "reverse": self._reverse,
            "right": stand.right,
        }
        form |= {name: encode_key(key) for name, key in place.items() if key is not None}
        return json.dumps(form)

    def __repr__(self) -> str:
        extent = self.extent
        where = f"at [{extent[0]!r}, {extent[1]!r})" if extent else "before the first delivery"
        return f"<{'reverse ' if self._reverse else ''}cursor {where}>"


def later(key: K | None, bound: K | None) -> K | None:
    """Return the larger of two keys, of which one or both may be missing."""
    if bound is None or key is None:
        return bound if key is None else key
    return bound if key < bound else key  # noqa: FURB136 - max would ask `>`


def earlier(key: K | None, bound: K | None) -> K | None:
    """Return the smaller of two keys, of which one or both may be missing."""
    if bound is None or key is None:
        return bound if key is None else key
    return bound if bound < key else key  # noqa: FURB136 - the key, if they are equal


FIELDS: Final = frozenset(("rangelist-cursor", "reverse", "right", "start", "stop", "a", "b", "at"))


def resumed(index: Chain[K, V], text: Any) -> Cursor[K, V]:
    """Return the cursor that `to_json` wrote, over these contents.

    Raises: BadCursorError, if the text is not such a cursor.
    """
    import json  # noqa: PLC0415  see above

    from rangelist.jsonkeys import decode_key  # noqa: PLC0415

    try:
        if not isinstance(text, str):
            raise TypeError(f"it is of type {type(text).__name__}, want str")
        form = json.loads(text)
        if form["rangelist-cursor"] != 1:
            raise ValueError(f"version {form['rangelist-cursor']!r}, want 1")
        reverse, right = form["reverse"], form["right"]
        if not isinstance(reverse, bool) or not isinstance(right, bool):
            raise ValueError("reverse and right are not both true or false")
        if unknown := sorted(form.keys() - FIELDS):
            raise ValueError(f"unknown field {unknown[0]!r}, want only {', '.join(sorted(FIELDS))}")
        lo, hi, a, b, at = (
            decode_key(form[name]) if name in form else None
            for name in ("start", "stop", "a", "b", "at")
        )
        check_window(lo, hi)
        check_key(at)
        if (a is None) != (b is None):
            raise ValueError("half an extent")
        if a is not None and b is not None:
            check_span(a, b)
    except KeyError as error:
        raise BadCursorError(f"{text[:80]!r} is no saved cursor: no field {error}") from error
    except (ValueError, TypeError, RecursionError, ArithmeticError) as error:
        raise BadCursorError(f"{str(text)[:80]!r} is no saved cursor: {error}") from error
    cursor: Cursor[K, V] = Cursor(index, lo, hi, reverse)
    cursor._stand = Stand(a, b, right, at)
    return cursor
