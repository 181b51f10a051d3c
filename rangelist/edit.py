"""Edits: one change as a record, and the one way in which anything is changed.

    Change    the run of nodes that was there, the run that is there now      (internal)
    Step      one primitive of it in words: insert, remove, replace, resize, split, merge
    Edit      the changes of one call or one transaction, as subscribers get them

A `Change` holds for each run the nodes *and* their borders and values.  To apply it is to splice
one run for the other, to invert it is to swap the two; nodes come back as the very objects that
they were.
Taken back in reverse order, changes need no comparison and no hook, so taking back cannot fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple

from rangelist import show
from rangelist.index import Index
from rangelist.keys import K, V
from rangelist.node import Node, Piece

if TYPE_CHECKING:
    from rangelist.draw import Picture

__all__ = ["Change", "Edit", "Shape", "Step"]


class Shape(NamedTuple, Generic[K, V]):
    """What a node was at one moment."""

    node: Node[K, V]
    start: K
    stop: K
    value: V

    def piece(self) -> Piece[K, V]:
        """The span and value alone."""
        return Piece(self.start, self.stop, self.value)


class Step(NamedTuple, Generic[K, V]):
    """One primitive of an edit: `before` became `after`, both in order of start.

    kind is one of insert (0 -> 1 pieces), remove (1 -> 0), replace (the value), resize (a border),
    split (1 -> 2), merge (2 -> 1).

    Example:
        >>> Step("split", (Piece(0, 9, "a"),), (Piece(0, 4, "a"), Piece(4, 9, "a"))).inverse().kind
        'merge'
    """

    kind: str
    before: tuple[Piece[K, V], ...]
    after: tuple[Piece[K, V], ...]

    def inverse(self) -> Step[K, V]:
        """Return the step that takes this one back."""
        return Step(OPPOSITE[self.kind], self.after, self.before)


OPPOSITE: Final = {
    "insert": "remove",
    "remove": "insert",
    "replace": "replace",
    "resize": "resize",
    "split": "merge",
    "merge": "split",
}


class Change(Generic[K, V]):
    """Exchange one run of neighbouring nodes for another; `left` is the node before both.

    `absorbed` are the merges in it, as (node that dies, survivor); `released` those it takes back.
    """

    __slots__ = ("absorbed", "home", "left", "new", "old", "released")

    def __init__(
        self,
        home: Index[K, V],
        left: Node[K, V] | None,
        old: list[Shape[K, V]],
        new: list[Shape[K, V]],
        absorbed: list[tuple[Node[K, V], Node[K, V]]],
        released: list[tuple[Node[K, V], Node[K, V]]],
    ) -> None:
        self.home = home  # the index of the list it was made for
        self.left = left
        self.old = old
        self.new = new
        self.absorbed = absorbed
        self.released = released

    def inverse(self) -> Change[K, V]:
        """Return the change that takes this one back."""
        return Change(self.home, self.left, self.new, self.old, self.released, self.absorbed)

    def apply(self, index: Index[K, V], b: int, i: int) -> None:
        """Carry the change out at place (b, i), where the old run begins.  Compares no keys."""
        for node, start, stop, value in self.new:
            node._start = start
            node._stop = stop
            node._value = value
        index.splice(b, i, [shape.node for shape in self.old], [shape.node for shape in self.new])
        for dead, survivor in self.absorbed:
            dead._home = survivor

    def revert(self, index: Index[K, V]) -> None:
        """Take the change back; it must be the last one not taken back."""
        b, i = self.place(index, self.new)
        self.inverse().apply(index, b, i)

    def place(self, index: Index[K, V], run: list[Shape[K, V]]) -> tuple[int, int]:
        """Find the place of a run that is in the list now, or where an empty one would begin."""
        if run:
            return index.place_of(run[0].node)
        if self.left is None:
            return 0, 0
        b, i = index.place_of(self.left)
        return b, i + 1


class Edit(Generic[K, V]):
    """One change of a list, as a record: `op` is the call, `case` says in words what happened.

    Example:
        >>> from rangelist import RangeList
        >>> rl = RangeList([(0, 9, "a")])
        >>> seen = []
        >>> forget = rl.subscribe(seen.append)
        >>> _ = rl.set(3, 5, "b")
        >>> seen[0].op, seen[0].case, [step.kind for step in seen[0].steps]
        ('set', 'cut in three', ['split', 'split', 'replace'])
    """

    __slots__ = ("case", "changes", "op")

    def __init__(self, op: str, case: str, changes: Sequence[Change[K, V]]) -> None:
        self.op = op
        self.case = case
        self.changes = tuple(changes)

    @property
    def before(self) -> list[Piece[K, V]]:
        """The nodes that are gone or not as they were, as they were, in order."""
        return in_order(self._net()[0])

    @property
    def after(self) -> list[Piece[K, V]]:
        """The nodes that are new or not as they were, as they are, in order."""
        return in_order(self._net()[1])

    def _net(self) -> tuple[list[Shape[K, V]], list[Shape[K, V]]]:
        """Return what all changes together took out and put in, without what came and went."""
        taken: dict[int, Shape[K, V]] = {}
        put: dict[int, Shape[K, V]] = {}
        for change in self.changes:
            for shape in change.old:
                if put.pop(id(shape.node), None) is None:
                    taken[id(shape.node)] = shape
            for shape in change.new:
                put[id(shape.node)] = shape
        # A node that is again just as it was has come and gone, too.
        same = {key for key, shape in put.items() if same_shape(shape, taken.get(key))}
        old = [shape for key, shape in taken.items() if key not in same]
        return old, [shape for key, shape in put.items() if key not in same]

    @property
    def steps(self) -> list[Step[K, V]]:
        """The same as primitives; applied one after the other they never overlap."""
        return [step for change in self.changes for step in steps_of(change)]

    def inverse(self) -> Edit[K, V]:
        """Return the edit that takes this one back, for `RangeList.apply`.

        Cost: O(1) a change.
        """
        changes = [change.inverse() for change in reversed(self.changes)]
        return Edit(f"undo {self.op}", self.case, changes)

    def draw(self, width: int = 72, *, file: str | PathLike[str] | None = None) -> str:
        """Return a drawing: before above after, as on a whiteboard; also write it to a file.

        A file is SVG if its name ends in `.svg`, text if in `.txt`.

        Cost: O(k log k), k the nodes that changed.
        Raises: EmptySpanError, if the width is too small; OptionError, for another kind of file.
        """
        return show.draw(self, width, file)

    def picture(self) -> Picture:
        """Return a picture, for its text or its SVG; at most 64 nodes are drawn.

        Cost: O(k log k), k the nodes that changed.
        """
        return show.picture(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return self.picture()._repr_mimebundle_(include, exclude)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        show.pretty(self, printer, cycle)

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        return self.picture().__rich_console__(console, options)

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __repr__(self) -> str:
        return f"<Edit {self.op}: {self.case}, {len(self.before)} -> {len(self.after)} nodes>"


def same_shape(shape: Shape[K, V], other: Shape[K, V] | None) -> bool:
    """Tell whether two shapes of one node are made of the same objects; no key is compared."""
    return other is not None and all(x is y for x, y in zip(shape, other, strict=True))


def in_order(shapes: list[Shape[K, V]]) -> list[Piece[K, V]]:
    """Return the pieces of shapes that do not overlap, in key order."""
    return [shape.piece() for shape in sorted(shapes, key=starts_at)]


def starts_at(shape: Shape[K, V]) -> K:
    """Return the sort key of a shape."""
    return shape.start


# ---- a change in words --------------------------------------------------------------------------


def steps_of(change: Change[K, V]) -> Iterator[Step[K, V]]:
    """Yield the primitives of a change, in an order in which no list on the way overlaps.

    old     [-----a-----][-b-]          split at the new borders
            [-a-][--a---][-b-]          what no new piece covers goes; what changes value, changes
            [-a-][--c---][-b-]          what no old piece covered comes
    new     [-a-][---c-------]          what is one now is merged
    """
    old, new = change.old, change.new
    if len(old) == len(new) and all(x.node is y.node for x, y in zip(old, new, strict=True)):
        pairs = list(zip(old, new, strict=True))
        if not any(x.start < y.start or x.stop < y.stop for x, y in pairs):
            yield from resizes(pairs)
            return
        if not any(y.start < x.start or y.stop < x.stop for x, y in pairs):
            yield from resizes(reversed(pairs))
            return
    atoms: list[tuple[Piece[K, V], bool]] = []
    yield from cuts(old, new, atoms)
    at = 0
    for target in new:
        while at < len(atoms) and not target.start < atoms[at][0].stop:
            yield Step("remove", (atoms[at][0],), ())
            at += 1
        first = at
        while at < len(atoms) and atoms[at][0].start < target.stop:
            at += 1
        yield from fusions(atoms[first:at], target)
    for piece, _ in atoms[at:]:
        yield Step("remove", (piece,), ())


def resizes(pairs: Iterable[tuple[Shape[K, V], Shape[K, V]]]) -> Iterator[Step[K, V]]:
    """Yield the steps that move borders of nodes which all stay, all in one direction.

    What moves left makes room from the left end, what moves right from the right end.
    """
    for before, after in pairs:
        moved = Piece(after.start, after.stop, before.value)
        if before.start is not after.start or before.stop is not after.stop:
            yield Step("resize", (before.piece(),), (moved,))
        if before.value is not after.value:
            yield Step("replace", (moved,), (after.piece(),))


def cuts(
    old: list[Shape[K, V]], new: list[Shape[K, V]], atoms: list[tuple[Piece[K, V], bool]]
) -> Iterator[Step[K, V]]:
    """Yield the splits of old pieces at new borders; fill `atoms` with (part, is it whole?)."""
    borders = [border for shape in new for border in (shape.start, shape.stop)]
    at = 0
    for shape in old:
        rest, whole = shape.piece(), True
        while at < len(borders) and borders[at] < rest.stop:
            if rest.start < borders[at]:
                left = Piece(rest.start, borders[at], rest.value)
                right = Piece(borders[at], rest.stop, rest.value)
                yield Step("split", (rest,), (left, right))
                atoms.append((left, False))
                rest, whole = right, False
            at += 1
        atoms.append((rest, whole))


def fusions(atoms: list[tuple[Piece[K, V], bool]], target: Shape[K, V]) -> Iterator[Step[K, V]]:
    """Yield the steps that make one new piece out of the parts that lie in it."""
    value = target.value
    parts: list[Piece[K, V]] = []
    reached = target.start
    for piece, whole in atoms:
        if reached < piece.start:
            parts.append(Piece(reached, piece.start, value))
            yield Step("insert", (), (parts[-1],))
        # A whole piece that is about to be merged gets its new value by that.
        alone = piece.start is target.start and piece.stop is target.stop
        if piece.value is not value and (alone or not whole):
            changed = Piece(piece.start, piece.stop, value)
            yield Step("replace", (piece,), (changed,))
            piece = changed
        parts.append(piece)
        reached = piece.stop
    if reached < target.stop:
        parts.append(Piece(reached, target.stop, value))
        yield Step("insert", (), (parts[-1],))
    whole_piece = parts[0]
    for part in parts[1:]:
        joined = Piece(whole_piece.start, part.stop, value)
        yield Step("merge", (whole_piece, part), (joined,))
        whole_piece = joined
