"""The dense model: one entry per integer point, so that it is right by looking at it.

A point that is covered names its owner, and two neighbouring points are in the same node exactly
if they have the same owner.  So the entries say spans, values, *and* where nodes are cut, and the
owner stands for the identity of the node.  Everything is done point by point; nothing is searched,
nothing is kept sorted, and to take something back is to go back to a copy.

`Model` answers every write of `RangeList` with what the call returns, or raises what it raises.
`Twin` runs a list and a model side by side and compares everything after every step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from rangelist import DROP, Node, Piece, Policy, RangeList
from rangelist.errors import (
    EmptySpanError,
    GapError,
    NotTouchingError,
    OptionError,
    OverlapError,
    StaleNodeError,
)


class Owner:
    """What a node of the model is: an identity with a value, and whom it was merged into."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self.heir: Owner | None = None


class Span(NamedTuple):
    """A node of the model: a run of points that have one owner."""

    start: int
    stop: int
    owner: Owner

    @property
    def piece(self) -> Piece[int, Any]:
        return Piece(self.start, self.stop, self.owner.value)


class Hooks(NamedTuple):
    """The five hooks, with their defaults spelled out."""

    same: Callable[[Any, Any], bool] = lambda left, right: left.value == right.value
    merge: Callable[[Any, Any], Any] = lambda left, right: left.value
    split: Callable[[Any, int], tuple[Any, Any]] = lambda whole, at: (whole.value, whole.value)
    overlap: Callable[[Any, Any], Any] = lambda old, new: new
    yields: Callable[[Any], bool] = lambda node: True

    def policy(self) -> Policy[int, Any]:
        given = self._asdict().items()
        return Policy(**{name: hook for name, hook in given if hook is not DEFAULTS[name]})

    @property
    def by_value(self) -> bool:
        """Whether sameness is equality, and neither a join nor a cut makes other values."""
        return all(getattr(self, name) is DEFAULTS[name] for name in ("same", "merge", "split"))


DEFAULTS: dict[str, Any] = Hooks._field_defaults


MISSING: Any = object()
FRESH, WRITTEN, KEPT = 0, 1, 2


def transactional(op: Callable[..., Any]) -> Callable[..., Any]:
    """Let a call leave everything as it was if it raises."""

    def call(self: Model, *args: Any, **options: Any) -> Any:
        cells = dict(self.cells)
        owners = [(owner, owner.value, owner.heir) for owner in self.owners]
        used = self.hooks
        self.hooks = options.pop("hooks", None) or used
        try:
            return op(self, *args, **options)
        except BaseException:
            self.cells = cells
            self.owners = {owner for owner, _, _ in owners}
            for owner, value, heir in owners:
                owner.value, owner.heir = value, heir
            raise
        finally:
            self.hooks = used

    return call


class Model:
    """A range list over integers, one entry per covered point."""

    def __init__(self, hooks: Hooks = Hooks()) -> None:  # noqa: B008 - it cannot change
        self.hooks = hooks
        self.cells: dict[int, Owner] = {}
        self.owners: set[Owner] = set()  # all that ever were: dead ones may have an heir
        self.rank: dict[Owner, int] = {}  # who is new, or written, in this one change
        self.was: dict[Owner, Piece[int, Any]] = {}  # what the nodes were before it

    def begin(self) -> None:
        self.rank = {}
        self.was = {span.owner: span.piece for span in self.spans()}

    # ---- what is there ------------------------------------------------------------------------

    def spans(self) -> list[Span]:
        found: list[Span] = []
        for point in sorted(self.cells):
            owner = self.cells[point]
            if found and found[-1].owner is owner and found[-1].stop == point:
                found[-1] = Span(found[-1].start, point + 1, owner)
            else:
                found.append(Span(point, point + 1, owner))
        return found

    def pieces(self) -> list[Piece[int, Any]]:
        return [span.piece for span in self.spans()]

    def span_of(self, owner: Owner) -> Span:
        for span in self.spans():
            if span.owner is owner:
                return span
        raise StaleNodeError("dead")

    def inside(self, start: int, stop: int) -> list[Span]:
        return [span for span in self.spans() if span.start < stop and start < span.stop]

    def holes(self, start: int, stop: int) -> list[tuple[int, int]]:
        free = [point for point in range(start, stop) if point not in self.cells]
        return runs(free)

    def ends(self, start: int | None, stop: int | None) -> tuple[int, int] | None:
        if start is not None and stop is not None:
            need_span(start, stop)
            return start, stop
        if not self.cells:
            return None
        low = min(self.cells) if start is None else start
        high = max(self.cells) + 1 if stop is None else stop
        return (low, high) if low < high else None

    # ---- the small steps ----------------------------------------------------------------------

    def paint(self, start: int, stop: int, owner: Owner, rank: int = FRESH) -> None:
        self.owners.add(owner)
        self.rank[owner] = rank
        for point in range(start, stop):
            self.cells[point] = owner

    def erase(self, start: int, stop: int) -> None:
        for point in range(start, stop):
            self.cells.pop(point, None)

    def cut(self, start: int, stop: int) -> None:
        """Cut what lies across a border of the span, first the left one."""
        nodes = self.inside(start, stop)
        if nodes and nodes[0].start < start:
            self.cut_one(nodes[0], start, keep_left=True)
        nodes = self.inside(start, stop)
        if nodes and stop < nodes[-1].stop:
            # The part inside loses the identity, unless it had none: then the outer one is new.
            is_new = self.rank.get(nodes[-1].owner) == FRESH
            self.cut_one(nodes[-1], stop, keep_left=is_new)

    def cut_one(self, span: Span, at: int, keep_left: bool) -> None:
        low, high = self.hooks.split(span.piece, at)
        if keep_left:
            span.owner.value = low
            self.paint(at, span.stop, Owner(high))
        else:
            span.owner.value = high
            self.paint(span.start, at, Owner(low))

    def look(self, borders: Iterable[int]) -> int:
        """Merge at the borders, from left to right, if the hooks say so; return how often."""
        merges = 0
        for border in borders:
            left, right = self.around(border)
            if left is None or right is None or left.owner is right.owner:
                continue
            if not self.hooks.same(left.piece, right.piece):
                continue
            ranks = [self.rank.get(span.owner, KEPT) for span in (left, right)]
            survivor, loser = (right, left) if ranks[0] < ranks[1] else (left, right)
            if min(ranks) != FRESH and not self.hooks.yields(self.was[loser.owner]):
                continue
            value = self.hooks.merge(left.piece, right.piece)
            self.join(left, right, survivor.owner, value)
            merges += 1
        return merges

    def around(self, border: int) -> tuple[Span | None, Span | None]:
        left = right = None
        for span in self.spans():
            left = span if span.stop == border else left
            right = span if span.start == border else right
        return left, right

    def join(self, left: Span, right: Span, survivor: Owner, value: Any) -> None:
        loser = right.owner if survivor is left.owner else left.owner
        loser.heir = survivor
        survivor.value = value
        for point in range(left.start, right.stop):
            self.cells[point] = survivor

    # ---- the verbs ----------------------------------------------------------------------------

    @transactional
    def set(self, start: int, stop: int, value: Any) -> Owner:
        need_span(start, stop)
        self.begin()
        nodes = self.inside(start, stop)
        inside = len(nodes) == 1 and nodes[0].start <= start and stop <= nodes[0].stop
        if self.hooks.by_value and inside and nodes[0].owner.value == value:
            return nodes[0].owner
        self.cut(start, stop)
        self.paint(start, stop, Owner(value))
        self.look((start, stop))
        return self.cells[start]

    @transactional
    def insert(self, start: int, stop: int, value: Any) -> Owner:
        need_span(start, stop)
        self.begin()
        if self.inside(start, stop):
            raise OverlapError
        self.paint(start, stop, Owner(value))
        self.look((start, stop))
        return self.cells[start]

    @transactional
    def fill(self, start: int, stop: int, value: Any) -> int:
        need_span(start, stop)
        self.begin()
        holes = self.holes(start, stop)
        parts = self.parts(Piece(start, stop, value))
        for low, high in holes:
            self.paint(low, high, Owner(parts[low]))
        self.look(borders(holes))
        return len(holes)

    def parts(self, new: Piece[int, Any]) -> dict[int, Any]:
        """Cut a newcomer at the borders of the nodes in its way; return each part's value."""
        parts = {}
        for at in borders([span[:2] for span in self.inside(new.start, new.stop)]):
            if new.start < at < new.stop:
                low, high = self.hooks.split(new, at)
                parts[new.start] = low
                new = Piece(at, new.stop, high)
        return {**parts, new.start: new.value}

    @transactional
    def add(self, start: int, stop: int, value: Any) -> int:
        need_span(start, stop)
        self.begin()
        self.cut(start, stop)
        spans = self.inside(start, stop)
        holes = self.holes(start, stop)
        parts = self.parts(Piece(start, stop, value))
        mixed = [self.hooks.overlap(span.owner.value, parts[span.start]) for span in spans]
        for span, made in zip(spans, mixed, strict=True):
            self.rewrite(span, made)
        for low, high in holes:
            self.paint(low, high, Owner(parts[low]))
        written = [(low, high) for low, high, _ in spans] + holes
        self.look(borders(written))
        return len(written)

    @transactional
    def transform(
        self,
        fn: Callable[[Piece[int, Any]], Any],
        start: int | None = None,
        stop: int | None = None,
        gaps: str = "skip",
    ) -> int:
        if gaps not in ("skip", "raise"):
            raise OptionError
        window = self.ends(start, stop)
        if window is None:
            return 0
        self.begin()
        if gaps == "raise" and self.holes(*window):
            raise GapError
        self.cut(*window)
        spans = self.inside(*window)
        answers = [fn(span.piece) for span in spans]
        written = []
        for span, answer in zip(spans, answers, strict=True):
            if answer is DROP:
                self.erase(span.start, span.stop)
            else:
                self.rewrite(span, answer)
                written.append((span.start, span.stop))
        self.look(borders(written))
        return len(spans)

    def rewrite(self, span: Span, value: Any) -> None:
        span.owner.value = value
        self.rank.setdefault(span.owner, WRITTEN)

    @transactional
    def remove(self, start: int | None, stop: int | None) -> list[Piece[int, Any]]:
        window = self.ends(start, stop)
        if window is None:
            return []
        return [span.piece for span in self.lift(*window)]

    def lift(self, start: int, stop: int) -> list[Span]:
        self.begin()
        self.cut(start, stop)
        taken = self.inside(start, stop)
        self.erase(start, stop)
        return taken

    @transactional
    def move(self, start: int, stop: int, to: int, overwrite: bool = False) -> None:
        need_span(start, stop)
        by, end = to - start, to + stop - start
        taken = self.lift(start, stop)
        ranks = [self.rank.get(span.owner, WRITTEN) for span in taken]
        if overwrite:
            self.lift(to, end)
        elif self.inside(to, end):
            raise OverlapError
        self.begin()
        self.was.update((span.owner, span.piece) for span in taken)
        for (low, high, owner), rank in zip(taken, ranks, strict=True):
            self.paint(low + by, high + by, owner, rank)
        self.look(borders([(low + by, high + by) for low, high, _ in taken]))

    @transactional
    def shift(self, at: int, by: int) -> None:
        if by == 0:
            return
        self.begin()
        if by > 0:
            nodes = self.inside(at, at + 1)
            if nodes and nodes[0].start < at:
                self.cut_one(nodes[0], at, keep_left=True)
        else:
            self.lift(at, at - by)
        self.cells = {p + by if p >= at else p: owner for p, owner in self.cells.items()}
        if by < 0:
            self.look((at,))

    @transactional
    def split(self, at: int, keep: str = "left") -> Owner | None:
        if keep not in ("left", "right"):
            raise OptionError
        self.begin()
        nodes = [span for span in self.spans() if span.start < at < span.stop]
        if not nodes:
            return None
        self.cut_one(nodes[0], at, keep_left=keep == "left")
        return self.cells[at]

    @transactional
    def merge(self, left: Owner, right: Owner, value: Any = MISSING, keep: str = "left") -> Owner:
        if keep not in ("left", "right"):
            raise OptionError
        first, second = self.span_of(left), self.span_of(right)
        if first.stop != second.start:
            raise NotTouchingError
        if value is MISSING:
            value = self.hooks.merge(first.piece, second.piece)
        survivor = left if keep == "left" else right
        self.join(first, second, survivor, value)
        return survivor

    @transactional
    def replace(self, owner: Owner, value: Any) -> Owner:
        span = self.span_of(owner)
        self.begin()
        self.rank[owner] = WRITTEN
        owner.value = value
        self.look((span.start, span.stop))
        return self.cells[span.start]

    @transactional
    def resize(self, owner: Owner, start: int = MISSING, stop: int = MISSING) -> Owner:
        span = self.span_of(owner)
        low = span.start if start is MISSING else start
        high = span.stop if stop is MISSING else stop
        need_span(low, high)
        before = [s.owner for s in self.spans()]
        at = before.index(owner)
        # The neighbours are in the way, and whatever lies behind them is too.
        if any(other.owner is not owner for other in self.inside(low, high)):
            raise OverlapError
        rest = span.piece
        if span.start < low < span.stop:
            rest = Piece(low, rest.stop, self.hooks.split(rest, low)[1])
        if rest.start < high < span.stop:
            rest = Piece(rest.start, high, self.hooks.split(rest, high)[0])
        self.begin()
        self.rank[owner] = WRITTEN
        self.erase(span.start, span.stop)
        owner.value = rest.value
        self.paint(low, high, owner, WRITTEN)
        after = [s.owner for s in self.spans()]
        if after.index(owner) != at:
            raise OverlapError
        self.look((low, high))
        return self.cells[low]

    @transactional
    def delete(self, owner: Owner) -> None:
        span = self.span_of(owner)
        self.erase(span.start, span.stop)

    @transactional
    def coalesce(self, start: int | None = None, stop: int | None = None) -> int:
        if start is not None and stop is not None and stop < start:
            raise EmptySpanError
        self.begin()
        every = [span.start for span in self.spans()]
        low = min(every, default=0) if start is None else start
        high = max(every, default=0) if stop is None else stop
        return self.look(border for border in every if low <= border <= high)

    @transactional
    def clear(self) -> None:
        self.cells = {}

    @transactional
    def update(self, items: Iterable[Piece[int, Any]]) -> None:
        for start, stop, value in list(items):
            self.set(start, stop, value)

    @transactional
    def unite(self, items: Iterable[Piece[int, Any]]) -> None:
        """What `|=` does: every stretch that was free before, of every item, is inserted."""
        for part in self.free_parts(items):
            self.insert(*part)

    @transactional
    def intersect(self, items: Iterable[Piece[int, Any]]) -> None:
        """What `&=` does."""
        theirs = points(items)
        for low, high in runs([point for point in self.cells if point not in theirs]):
            self.remove(low, high)

    @transactional
    def subtract(self, items: Iterable[Piece[int, Any]]) -> None:
        """What `-=` does."""
        theirs = points(items)
        for low, high in runs([point for point in self.cells if point in theirs]):
            self.remove(low, high)

    @transactional
    def exchange(self, items: Iterable[Piece[int, Any]]) -> None:
        """What `^=` does."""
        free = self.free_parts(items)
        self.subtract(items)
        for part in free:
            self.insert(*part)

    def free_parts(self, items: Iterable[Piece[int, Any]]) -> list[Piece[int, Any]]:
        return [self.part(item, *hole) for item in items for hole in self.holes(*item[:2])]

    def part(self, whole: Piece[int, Any], low: int, high: int) -> Piece[int, Any]:
        """Return what a piece is between two keys: first what is left of it is cut off."""
        if whole.start < low:
            whole = Piece(low, whole.stop, self.hooks.split(whole, low)[1])
        if high < whole.stop:
            whole = Piece(low, high, self.hooks.split(whole, high)[0])
        return whole


def need_span(start: int, stop: int) -> None:
    if not start < stop:
        raise EmptySpanError


def borders(spans: Iterable[tuple[int, int]]) -> list[int]:
    return sorted({border for span in spans for border in span})


def runs(them: Iterable[int]) -> list[tuple[int, int]]:
    """Return the maximal runs of consecutive points."""
    found: list[tuple[int, int]] = []
    for point in sorted(them):
        if found and found[-1][1] == point:
            found[-1] = (found[-1][0], point + 1)
        else:
            found.append((point, point + 1))
    return found


def points(items: Iterable[Piece[int, Any]]) -> set[int]:
    return {point for item in items for point in range(item.start, item.stop)}


class Outcome(NamedTuple):
    """What a call gave: a value, or the class of what it raised."""

    value: Any
    error: type[BaseException] | None


def outcome(call: Callable[[], Any]) -> Outcome:
    try:
        return Outcome(call(), None)
    except Exception as error:  # noqa: BLE001 - whatever it is, both have to raise it
        return Outcome(None, type(error))


IN_PLACE = {
    "unite": "__ior__",
    "intersect": "__iand__",
    "subtract": "__isub__",
    "exchange": "__ixor__",
}


class Twin:
    """A list and its model, and which node is which owner."""

    def __init__(
        self,
        items: Iterable[tuple[int, int, Any]] = (),
        hooks: Hooks = Hooks(),  # noqa: B008 - it cannot change
        limit: int | None = None,
    ) -> None:
        self.list: RangeList[int, Any] = RangeList(policy=hooks.policy())
        if limit is not None:
            self.list._chain.limit = limit
        self.model = Model(hooks)
        self.node_of: dict[Owner, Node[int, Any]] = {}
        for item in items:
            self.model.paint(item[0], item[1], Owner(item[2]))
            self.list.insert(*item, policy=Policy(same=lambda left, right: False))
        self.learn()

    def learn(self) -> None:
        """Note the nodes of owners that are new."""
        for span, node in zip(self.model.spans(), self.list, strict=True):
            self.node_of.setdefault(span.owner, node)

    def do(self, verb: str, *args: Any, **options: Any) -> Outcome:
        """Call both with the same arguments; they must agree in everything.

        An argument that is an owner stands for a node.
        """
        model_side = outcome(lambda: getattr(self.model, verb)(*args, **options))
        theirs = [self.node_of[x] if isinstance(x, Owner) else x for x in args]
        hooks = options.pop("hooks", None)
        if hooks is not None:
            options["policy"] = hooks.policy()
        method = getattr(self.list, IN_PLACE.get(verb, verb))
        got = outcome(lambda: method(*theirs, **options))
        self.agree(f"{verb}{args} {options}", got, model_side)
        return got

    def agree(self, what: str, got: Outcome, want: Outcome) -> None:
        self.list.check()
        spans = self.model.spans()
        nodes = list(self.list)
        assert got.error is want.error, f"{what}: {got}, want {want}"
        assert [tuple(node) for node in nodes] == [tuple(span.piece) for span in spans], what
        known = {id(node) for node in self.node_of.values()}
        for span, node in zip(spans, nodes, strict=True):
            assert node.value is span.owner.value or node.value == span.owner.value, what
            if span.owner in self.node_of:
                assert self.node_of[span.owner] is node, f"{what}: {node} is another object"
            else:
                assert id(node) not in known, f"{what}: {node} should be new"
        self.learn()
        if isinstance(want.value, Owner):
            assert got.value is self.node_of[want.value], f"{what}: returned {got.value}"
        elif want.error is None and what.split("(", 1)[0] not in IN_PLACE:
            assert got.value == want.value, f"{what}: returned {got.value}, want {want.value}"
        living = {span.owner for span in spans}
        for owner, node in self.node_of.items():
            assert node.alive == (owner in living), f"{what}: {node}"
            assert node.merged_into is self.heir(owner, living), f"{what}: {node}"

    def heir(self, owner: Owner, living: set[Owner]) -> Node[int, Any] | None:
        heir = None if owner in living else owner.heir
        while heir is not None and heir not in living:
            heir = heir.heir
        return None if heir is None else self.node_of[heir]

    def owners(self) -> list[Owner]:
        return [span.owner for span in self.model.spans()]

    def dead(self) -> Iterator[Owner]:
        living = set(self.owners())
        return (owner for owner in self.node_of if owner not in living)
