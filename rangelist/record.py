"""Records of what changed: a chain notes them while it is watched.

    Change     one run of neighbouring nodes exchanged for another
    Edit       the changes of one call or one transaction, as subscribers get them
    Step       one primitive of an edit in words: insert, remove, replace, resize, split, merge
    Fate       what an edit did to one node

A change holds the nodes of both runs *and* their borders and values at that time.  Its inverse is
the change with both runs swapped; nodes come back as the very objects that they were.  Taken back
in reverse order, changes need no hook.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeAlias

from rangelist import show
from rangelist.keys import K, V, same_key
from rangelist.node import Node, Piece

if TYPE_CHECKING:
    from rangelist.draw import Picture

__all__ = [
    "Change",
    "Edit",
    "Fate",
    "Log",
    "Shape",
    "Step",
    "change_at_end",
]

# What a node was at one moment: (node, start, stop, value).
Shape: TypeAlias = tuple[Node[K, V], K, K, V]
# A node that was merged away, and the survivor.
Merge: TypeAlias = tuple[Node[K, V], Node[K, V]]


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


class Fate(NamedTuple, Generic[K, V]):
    """What an edit did to one node.

    kind       before   after    into
    new        None     a piece  None
    changed    a piece  a piece  None
    merged     a piece  None     the node that survived
    removed    a piece  None     None
    """

    node: Node[K, V]
    kind: str
    before: Piece[K, V] | None
    after: Piece[K, V] | None
    into: Node[K, V] | None


class Change(NamedTuple, Generic[K, V]):
    """Exchange one run of neighbouring nodes for another; `left` is the node before both.

    `absorbed` are the merges in it, as (node that dies, survivor); `released` those it takes back.
    """

    home: Any  # the chain it happened in
    left: Node[K, V] | None
    old: Sequence[Shape[K, V]]
    new: Sequence[Shape[K, V]]
    absorbed: Sequence[Merge[K, V]]
    released: Sequence[Merge[K, V]]
    case: str  # in words

    def inverse(self) -> Change[K, V]:
        """Return the change that takes this one back."""
        return Change(
            self.home, self.left, self.new, self.old, self.released, self.absorbed, self.case
        )


# Changes one after the other, as a journal notes them and an edit keeps them; each is
#
#     node start stop value ... | node start stop value ... | left absorbed released case count at
#     the `count` old shapes    | the new shapes            | it begins at log[at]
#
# All in one flat sequence: an object for each shape and change would double the time of a write
# that is recorded, and keep the cyclic collector busy.
Log: TypeAlias = Sequence[Any]


def change_at_end(home: Any, log: Log, end: int, base: int = 0) -> Change[Any, Any]:
    """Return the change that ends before log[end], if the log begins with entry `base`."""
    left, absorbed, released, case, count, at = log[end - 6 : end]
    shapes: list[Any] = [log[n : n + 4] for n in range(at - base, end - 6, 4)]
    return Change(home, left, shapes[:count], shapes[count:], absorbed, released, case)


class Edit(Generic[K, V]):
    """One change of a list, as a record: `op` is the call, `case` says in words what happened.

    Example:
        >>> from rangelist import RangeList
        >>> rl = RangeList([(0, 9, "a")])
        >>> seen: list[Edit[int, str]] = []
        >>> forget = rl.subscribe(seen.append)
        >>> _ = rl.set(3, 5, "b")
        >>> seen[0].op, seen[0].case, [step.kind for step in seen[0].steps]
        ('set', 'cut in three', ['split', 'split', 'replace'])
        >>> [(fate.kind, fate.after) for fate in seen[0].fates][:2]
        [('changed', Piece(start=0, stop=3, value='a')), ('new', Piece(start=3, stop=5, value='b'))]
    """

    __slots__ = ("_backward", "_home", "_log", "case", "op")

    def __init__(
        self, op: str, case: str, log: Log, home: Any = None, backward: bool = False
    ) -> None:
        self.op = op
        self.case = case
        self._home = home
        self._log = log
        self._backward = backward  # it takes back what the log says

    @property
    def changes(self) -> tuple[Change[K, V], ...]:
        """What happened, one change of neighbouring nodes after the other."""
        found: list[Change[K, V]] = []
        end = len(self._log)
        while end:
            found.append(change_at_end(self._home, self._log, end))
            end = self._log[end - 1]
        if self._backward:
            return tuple([change.inverse() for change in found])
        return tuple(found[::-1])

    @property
    def before(self) -> list[Piece[K, V]]:
        """The old state of every node that was removed or changed, in key order."""
        return in_order(self._net()[0])

    @property
    def after(self) -> list[Piece[K, V]]:
        """The new state of every node that was added or changed, in key order."""
        return in_order(self._net()[1])

    @property
    def fates(self) -> list[Fate[K, V]]:
        """What became of each node that was or is there, in key order.

        Cost: O(k log k), k the nodes of the edit.
        """
        old, new = self._net()
        now = {id(shape[0]): shape for shape in new}
        heirs = {id(dead): heir for change in self.changes for dead, heir in change.absorbed}
        fates: list[tuple[Any, Fate[K, V]]] = []
        for shape in old:
            node, before = shape[0], piece_of(shape)
            after = now.pop(id(node), None)
            if after is not None:
                fate = Fate(node, "changed", before, piece_of(after), None)
            else:
                heir = heirs.get(id(node))
                while heir is not None and id(heir) in heirs:  # the survivor was merged in turn
                    heir = heirs[id(heir)]
                fate = Fate(node, "removed" if heir is None else "merged", before, None, heir)
            fates.append((before.start, fate))
        fates += [
            (shape[1], Fate(shape[0], "new", None, piece_of(shape), None)) for shape in now.values()
        ]
        fates.sort(key=first_of)
        return [fate for _, fate in fates]

    def _net(self) -> tuple[list[Shape[K, V]], list[Shape[K, V]]]:
        """Return the net effect: old and new shapes, without nodes that were added and removed."""
        taken: dict[int, Shape[K, V]] = {}
        put: dict[int, Shape[K, V]] = {}
        for change in self.changes:
            for shape in change.old:
                if put.pop(id(shape[0]), None) is None:
                    taken[id(shape[0])] = shape
            for shape in change.new:
                put[id(shape[0])] = shape
        # A node that is again as it was has no part in the effect, either.
        same = {key for key, shape in put.items() if key in taken and same_shape(shape, taken[key])}
        old = [shape for key, shape in taken.items() if key not in same]
        return old, [shape for key, shape in put.items() if key not in same]

    @property
    def steps(self) -> list[Step[K, V]]:
        """The same as primitives; applied one after the other they never overlap."""
        return [step for change in self.changes for step in steps_of(change)]

    def inverse(self) -> Edit[K, V]:
        """Return the edit that takes this one back, for `apply`.

        Cost: O(1) a change.
        """
        op = f"undo {self.op}"
        return Edit(op, self.case, self._log, self._home, not self._backward)

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
        return bool(self._log)

    def __repr__(self) -> str:
        return f"<Edit {self.op}: {self.case}, {len(self.before)} -> {len(self.after)} nodes>"


def piece_of(shape: Shape[K, V]) -> Piece[K, V]:
    """Return the span and value of a shape."""
    return Piece(shape[1], shape[2], shape[3])


def first_of(pair: tuple[Any, Any]) -> Any:
    """Return the sort key of a pair."""
    return pair[0]


def same_shape(shape: Shape[K, V], other: Shape[K, V]) -> bool:
    """Tell whether a node is as it was: equal keys, the same value object."""
    return (
        shape[0] is other[0]
        and shape[3] is other[3]
        and same_key(shape[1], other[1])
        and same_key(shape[2], other[2])
    )


def in_order(shapes: Iterable[Shape[K, V]]) -> list[Piece[K, V]]:
    """Return the pieces of shapes in key order."""
    return [piece_of(shape) for shape in sorted(shapes, key=starts_at)]


def starts_at(shape: Shape[K, V]) -> Any:
    """Return the sort key of a shape."""
    return shape[1]


# ---- a change in words --------------------------------------------------------------------------


def steps_of(change: Change[K, V]) -> Iterator[Step[K, V]]:
    """Yield the primitives of a change, in an order in which no list on the way overlaps.

    old     [-----a-----][-b-]          split at the new borders
            [-a-][--a---][-b-]          what no new piece covers goes; what changes value, changes
            [-a-][--c---][-b-]          what no old piece covered comes
    new     [-a-][---c-------]          what is one now is merged
    """
    old, new = change.old, change.new
    if change.home.overlapping:
        yield from steps_in_bag(old, new)
        return
    if len(old) == len(new) and all(x[0] is y[0] for x, y in zip(old, new, strict=True)):
        pairs = list(zip(old, new, strict=True))
        if not any(x[1] < y[1] or x[2] < y[2] for x, y in pairs):
            yield from resizes(pairs)
            return
        if not any(y[1] < x[1] or y[2] < x[2] for x, y in pairs):
            yield from resizes(reversed(pairs))
            return
    atoms: list[tuple[Piece[K, V], bool]] = []
    yield from cuts(old, new, atoms)
    at = 0
    for shape in new:
        target = piece_of(shape)
        while at < len(atoms) and not target.start < atoms[at][0].stop:
            yield Step("remove", (atoms[at][0],), ())
            at += 1
        first = at
        while at < len(atoms) and atoms[at][0].start < target.stop:
            at += 1
        yield from fusions(atoms[first:at], target)
    for piece, _ in atoms[at:]:
        yield Step("remove", (piece,), ())


def steps_in_bag(old: Sequence[Shape[K, V]], new: Sequence[Shape[K, V]]) -> Iterator[Step[K, V]]:
    """Yield the primitives of a change of a bag, where intervals may overlap on the way."""
    now = {id(shape[0]): shape for shape in new}
    stays = [(shape, now.pop(id(shape[0]), None)) for shape in old]
    for before, after in stays:
        if after is None:
            yield Step("remove", (piece_of(before),), ())
        else:
            yield from resizes([(before, after)])
    for shape in new:
        if id(shape[0]) in now:
            yield Step("insert", (), (piece_of(shape),))


def resizes(pairs: Iterable[tuple[Shape[K, V], Shape[K, V]]]) -> Iterator[Step[K, V]]:
    """Yield the steps that move borders of nodes that all stay, all in one direction.

    What moves left makes room from the left end, what moves right from the right end.
    """
    for before, after in pairs:
        moved = Piece(after[1], after[2], before[3])
        if not (same_key(before[1], after[1]) and same_key(before[2], after[2])):
            yield Step("resize", (piece_of(before),), (moved,))
        if before[3] is not after[3]:
            yield Step("replace", (moved,), (piece_of(after),))


def cuts(
    old: Sequence[Shape[K, V]], new: Sequence[Shape[K, V]], atoms: list[tuple[Piece[K, V], bool]]
) -> Iterator[Step[K, V]]:
    """Yield the splits of old pieces at new borders; fill `atoms` with (part, is it whole?)."""
    borders = [border for shape in new for border in (shape[1], shape[2])]
    at = 0
    for shape in old:
        rest, whole = piece_of(shape), True
        while at < len(borders) and borders[at] < rest.stop:
            if rest.start < borders[at]:
                left = Piece(rest.start, borders[at], rest.value)
                right = Piece(borders[at], rest.stop, rest.value)
                yield Step("split", (rest,), (left, right))
                atoms.append((left, False))
                rest, whole = right, False
            at += 1
        atoms.append((rest, whole))


def fusions(atoms: list[tuple[Piece[K, V], bool]], target: Piece[K, V]) -> Iterator[Step[K, V]]:
    """Yield the steps that make one new piece out of the parts that lie in it."""
    value = target.value
    parts: list[Piece[K, V]] = []
    reached = target.start
    for piece, whole in atoms:
        if reached < piece.start:
            parts.append(Piece(reached, piece.start, value))
            yield Step("insert", (), (parts[-1],))
        # A whole piece that is about to be merged gets its new value by that.
        alone = not (target.start < piece.start or piece.stop < target.stop)
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
