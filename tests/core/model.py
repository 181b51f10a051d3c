"""The dense model of the oracle beside a list: what each call answers, and which node is which.

`Model` is that model, called as a list is: it returns owners, which stand for nodes, and raises the
errors of the library.  `Twin` runs a list and a model side by side and compares everything after
every step.
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
from rangelist.oracle import hooks as named
from rangelist.oracle.dense import Dense, Owner, whole_or_nothing
from rangelist.oracle.model import DROP as REMOVE
from rangelist.oracle.spec import Refusal, Row

ERRORS = {
    "EmptySpan": EmptySpanError,
    "Overlap": OverlapError,
    "Gap": GapError,
    "NotTouching": NotTouchingError,
    "Missing": StaleNodeError,
}
OPTIONS = {"keep": ("left", "right"), "gaps": ("skip", "raise")}


class Hooks(named.Hooks):
    """The hooks of the model, which make a policy of the library as well."""

    __slots__ = ()

    def policy(self) -> Policy[int, Any]:
        """Return the policy with these hooks; a default is left to the library."""
        given = zip(self._fields, self, named.DEFAULTS, strict=True)
        return Policy(**{name: hook for name, hook, default in given if hook is not default})


class Span(NamedTuple):
    """An interval of the model and its owner."""

    start: int
    stop: int
    owner: Owner

    @property
    def piece(self) -> Piece[int, Any]:
        return Piece(self.start, self.stop, self.owner.value)


class Model(Dense):
    """The dense model, called as `RangeList` is."""

    def spans(self) -> list[Span]:
        return [Span(start, stop, self.cells[start]) for start, stop, _ in self.rows_now()]

    def pieces(self) -> list[Piece[int, Any]]:
        return [span.piece for span in self.spans()]

    @whole_or_nothing
    def update(self, items: Iterable[Piece[int, Any]]) -> None:
        for start, stop, value in list(items):
            self.set(start, stop, value)

    @whole_or_nothing
    def unite(self, items: Iterable[Piece[int, Any]]) -> None:
        """What `|=` does: every stretch that was free before, of every item, is inserted."""
        for part in self.free_parts(items):
            self.insert(*part)

    @whole_or_nothing
    def intersect(self, items: Iterable[Piece[int, Any]]) -> None:
        """What `&=` does."""
        theirs = points(items)
        self.take_out([point for point in self.cells if point not in theirs])

    @whole_or_nothing
    def subtract(self, items: Iterable[Piece[int, Any]]) -> None:
        """What `-=` does."""
        self.take_out(points(items) & self.cells.keys())

    @whole_or_nothing
    def exchange(self, items: Iterable[Piece[int, Any]]) -> None:
        """What `^=` does."""
        free = self.free_parts(items)
        self.subtract(items)
        for part in free:
            self.insert(*part)

    def take_out(self, gone: Iterable[int]) -> None:
        """Remove each maximal run of points."""
        where = Dense()
        where.cells = dict.fromkeys(gone, Owner(None))
        for start, stop, _ in where.rows_now():
            self.remove(start, stop)

    def free_parts(self, items: Iterable[Piece[int, Any]]) -> list[Row]:
        return [self.clip(Row(*item), *hole) for item in items for hole in self.gaps(*item[:2])]


def points(items: Iterable[Piece[int, Any]]) -> set[int]:
    return {point for item in items for point in range(item.start, item.stop)}


def as_of_a_list(verb: str, write: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method of the model that takes, returns and raises what the list's does."""

    def call(self: Model, *args: Any, hooks: Hooks | None = None, **options: Any) -> Any:
        if any(options.get(name, words[0]) not in words for name, words in OPTIONS.items()):
            raise OptionError
        if verb == "transform":
            fn, *args = args
            args = [lambda row: REMOVE if (made := fn(row)) is DROP else made, *args]
        used, self.hooks = self.hooks, hooks or self.hooks
        try:
            answer = write(self, *args, **options)
        except Refusal as refusal:
            raise ERRORS[refusal.name] from None
        finally:
            self.hooks = used
        if verb == "delete":
            return None
        return self.cells[answer.start] if isinstance(answer, Row) else answer

    return call


for VERB in (
    *("set", "insert", "fill", "add", "transform", "remove", "move", "shift", "coalesce", "clear"),
    *("split", "merge", "replace", "resize", "delete"),
):
    setattr(Model, VERB, as_of_a_list(VERB, getattr(Dense, VERB.replace("delete", "discard"))))


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
