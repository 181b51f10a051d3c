"""The explicit cursor: a place in the list that can stop, turn around, and travel as JSON.

Its place is a *coordinate*, the extent it delivered last, never a pointer (see walk.py).  Beside it
goes a guess where in the index that was; one look tells whether it still is.  The cursor stands
like a text cursor just behind that extent, on the side it was going to:

    next   [10-18] [20-28]|            next again: what follows 20-28
    prev   [10-18]|[20-28]             prev right after next: 20-28 once more (law L19)
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Flag
from os import PathLike
from typing import TYPE_CHECKING, Any, Final, Generic

from rangelist import show
from rangelist._compat import mypyc_attr
from rangelist.errors import BadCursorError
from rangelist.index import Index
from rangelist.keys import K, V, check_order, check_span, check_window, explain_nan, is_nan
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
        >>> cursor.next().value, cursor.next().value, cursor.next(), cursor.prev().value
        ('a', 'b', None, 'b')
    """

    __slots__ = (
        "_a", "_at", "_b", "_empty", "_hi", "_index", "_lo", "_place", "_reverse", "_right",
        "_started", "_value",
    )  # fmt: skip

    def __init__(self, index: Index[K, V], lo: K | None, hi: K | None, reverse: bool) -> None:
        self._index = index
        self._lo = lo
        self._hi = hi
        self._reverse = reverse
        self._empty = lo is not None and hi is not None and not lo < hi  # nothing can be in it
        self.reset()

    def reset(self) -> None:
        """Go back to where the cursor was when it was made.

        Cost: O(1), no comparisons.
        """
        self._started = False
        self._right = True  # which side of the extent it stands on
        self._a: Any = None
        self._b: Any = None
        self._at: K | None = None  # where it was sent, before anything was delivered there
        self._value: Any = NOTHING
        # Not the node: a cursor may be kept for long, and must keep no dead one alive (law L17).
        self._place = 0, 0

    def seek(self, key: K) -> None:
        """Stand at a key: ahead is what reaches beyond it, behind is what begins before it.

        A node that covers the key is both.  The window stays.

        Cost: one comparison; the next step O(log n).
        Raises: NanKeyError; UnorderedKeyError.

        Example:
            >>> from rangelist import RangeList
            >>> cursor = RangeList([(0, 8, "a"), (10, 18, "b")]).cursor()
            >>> cursor.seek(9)
            >>> cursor.next().value
            'b'
            >>> cursor.seek(9)
            >>> cursor.prev().value
            'a'
        """
        if is_nan(key):
            raise explain_nan(key)
        head = self._index.head
        if head is not None:
            check_order(key, head._start)
        self.reset()
        self._at = key

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
        index = self._index
        if self._empty:
            return None
        if not self._started:
            if self._at is None and self._reverse:
                return None
            if self._at is not None and self._hi is not None and not self._at < self._hi:
                return None  # sent behind the window
            node = first_in(index, self._later(self._at, self._lo))
        elif self._right:
            same = self._unmoved()
            node = after_extent(index, self._a, self._b) if same is None else same._next
        else:
            # Turned around: the interval over the anchor, which is the last point before b; if
            # there is none, the first that reaches beyond a.
            node = index.below(self._b)
            if node is None or node._stop < self._b:
                node = first_in(index, self._a)
        if node is None or (self._hi is not None and not node._start < self._hi):
            return None
        return self._deliver(node, right=True)

    def _go_left(self) -> Node[K, V] | None:
        index = self._index
        if self._empty:
            return None
        if not self._started:
            if self._at is None and not self._reverse:
                return None
            if self._at is not None and self._lo is not None and not self._lo < self._at:
                return None  # sent before the window
            node = last_in(index, self._earlier(self._at, self._hi))
        elif not self._right:
            same = self._unmoved()
            node = before_extent(index, self._a, self._b) if same is None else same._prev
        else:
            node = index.floor(self._a)
            if node is None or not self._a < node._stop:
                node = last_in(index, self._b)
        if node is None or (self._lo is not None and not self._lo < node._stop):
            return None
        return self._deliver(node, right=False)

    def _deliver(self, node: Node[K, V], *, right: bool) -> Node[K, V]:
        self._place = self._place_of(node, right)
        self._started = True
        self._right = right
        self._a = self._later(node._start, self._lo)
        self._b = self._earlier(node._stop, self._hi)
        self._value = node._value
        return node

    def _place_of(self, node: Node[K, V], right: bool) -> tuple[int, int]:
        """Return the place of the node that is delivered: as a rule beside the last one."""
        b, i = self._place
        i += 1 if right else -1
        blocks = self._index.nodes
        beside = b < len(blocks) and 0 <= i < len(blocks[b]) and blocks[b][i] is node
        return (b, i) if beside else self._index.find(node._start)

    def _unmoved(self) -> Node[K, V] | None:
        """Return the delivered node if it is in the list with the very borders it had."""
        b, i = self._place
        blocks = self._index.nodes
        if not (b < len(blocks) and i < len(blocks[b])):
            return None
        node = blocks[b][i]
        return node if node._start is self._a and node._stop is self._b else None

    def _later(self, key: K | None, bound: K | None) -> K | None:
        if bound is None or key is None:
            return bound if key is None else key
        return max(key, bound)

    def _earlier(self, key: K | None, bound: K | None) -> K | None:
        if bound is None or key is None:
            return bound if key is None else key
        return min(key, bound)

    # ---- what is under it ---------------------------------------------------------------------

    @property
    def extent(self) -> tuple[K, K] | None:
        """The span delivered last, clipped to the window; `None` before the first delivery."""
        return (self._a, self._b) if self._started else None

    @property
    def current(self) -> Node[K, V] | None:
        """The node that covers the anchor now; `None` if nothing does.

        The anchor is the first point of the extent after a step to the right, the last point after
        a step to the left.
        """
        if not self._started:
            return None
        if self._right:
            node = self._index.floor(self._a)
            return node if node is not None and self._a < node._stop else None
        node = self._index.below(self._b)
        return node if node is not None and not node._stop < self._b else None

    @property
    def status(self) -> Status:
        """What has happened to the interval that was delivered.

        A cursor that came from JSON does not know the value it delivered, so it cannot tell
        NEW_VALUE.
        """
        node = self.current
        if node is None:
            return Status.GONE
        status = Status.SAME
        start, stop = self._later(node._start, self._lo), self._earlier(node._stop, self._hi)
        if start < self._a or self._a < start:
            status |= Status.MOVED_LEFT_EDGE
        if stop < self._b or self._b < stop:
            status |= Status.MOVED_RIGHT_EDGE
        was = self._value
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
        twin = Cursor(self._index, self._lo, self._hi, self._reverse)
        twin._started, twin._right, twin._at = self._started, self._right, self._at
        twin._a, twin._b, twin._value, twin._place = self._a, self._b, self._value, self._place
        return twin

    # ---- travelling ---------------------------------------------------------------------------

    def to_json(self) -> str:
        """Return the cursor as JSON; `RangeList.resume` makes it a cursor again, anywhere.

        Cost: O(1), no comparisons.
        Raises: UnorderedKeyError, if a key is of a type that has no JSON form.
        """
        # Imported here, because most programs save no cursor, and need no decimals nor addresses.
        import json  # noqa: PLC0415  see above

        from rangelist.jsonkeys import encode_key  # noqa: PLC0415

        place = {
            "start": self._lo,
            "stop": self._hi,
            "a": self._a,
            "b": self._b,
            "at": self._at,
        }
        form: dict[str, Any] = {
            "rangelist-cursor": 1,
            "reverse": self._reverse,
            "right": self._right,
        }
        form |= {name: encode_key(key) for name, key in place.items() if key is not None}
        return json.dumps(form)

    def __repr__(self) -> str:
        where = f"at [{self._a!r}, {self._b!r})" if self._started else "before the first delivery"
        return f"<{'reverse ' if self._reverse else ''}cursor {where}>"


def resumed(index: Index[K, V], text: str) -> Cursor[K, V]:
    """Return the cursor that `to_json` wrote, over these contents.

    Raises: BadCursorError, if the text is not such a cursor.
    """
    import json  # noqa: PLC0415  see above

    from rangelist.jsonkeys import decode_key  # noqa: PLC0415

    try:
        form = json.loads(text)
        if form["rangelist-cursor"] != 1:
            raise ValueError(f"version {form['rangelist-cursor']!r}, want 1")
        reverse, right = form["reverse"], form["right"]
        if not isinstance(reverse, bool) or not isinstance(right, bool):
            raise ValueError("reverse and right are not both true or false")
        lo, hi, a, b, at = (
            decode_key(form[name]) if name in form else None
            for name in ("start", "stop", "a", "b", "at")
        )
        check_window(lo, hi)
        if (a is None) != (b is None):
            raise ValueError("half an extent")
        if a is not None and b is not None:
            check_span(a, b)
    except KeyError as error:
        raise BadCursorError(f"{text[:80]!r} is no saved cursor: no field {error}") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise BadCursorError(f"{str(text)[:80]!r} is no saved cursor: {error}") from error
    cursor: Cursor[K, V] = Cursor(index, lo, hi, reverse)
    cursor._right, cursor._at = right, at
    cursor._a, cursor._b = a, b
    cursor._started = a is not None
    return cursor
