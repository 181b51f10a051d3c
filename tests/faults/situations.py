"""Every verb of list and bag in every situation, and what must hold after one that failed.

    Situation   a list or bag with something in it, watched or not, in a transaction or not
    verbs       one call each, on fresh contents
    verdict     "old" or "new", and everything that has to be true of either
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rangelist import ALWAYS, DROP, EQUAL, NEVER, History, Node, Policy, RangeBag, RangeList

JOINS = Policy(
    same=lambda left, right: left.value[:1] == right.value[:1],
    merge=lambda left, right: (left.value + right.value)[:6],
    split=lambda whole, at: (whole.value, f"{whole.value[:1]}{at}"),
    overlap=lambda old, new: new[:1] + old[:2],
    yields=lambda node: len(node.value) != 3,
)
POLICIES = {"EQUAL": EQUAL, "ALWAYS": ALWAYS, "NEVER": NEVER, "JOINS": JOINS}

# Keys that CPython keeps no single copy of, so that equal keys are not the same object.
N = 1000
ITEMS = [
    (N + 0, N + 4, "a"), (N + 4, N + 6, "b"), (N + 6, N + 7, "a"), (N + 10, N + 12, "a"),
    (N + 12, N + 20, "b"), (N + 20, N + 24, "c"), (N + 30, N + 31, "a"), (N + 31, N + 32, "b"),
    (N + 32, N + 33, "c"), (N + 40, N + 50, "a"), (N + 50, N + 60, "c"), (N + 70, N + 80, "b"),
]  # fmt: skip
OTHER = [(N + 2, N + 5, "b"), (N + 26, N + 41, "c"), (N + 75, N + 90, "a")]
BAG = [*ITEMS, *OTHER, (N + 2, N + 5, "b"), (N + 2, N + 99, "c")]

LIST_VERBS: dict[str, Callable[[Any], Any]] = {
    "set inside a node": lambda rl: rl.set(N + 14, N + 16, "x"),
    "set over three": lambda rl: rl.set(N + 5, N + 14, "x"),
    "set over ten": lambda rl: rl.set(N + 1, N + 72, "x"),
    "set into free space": lambda rl: rl.set(N + 26, N + 28, "x"),
    "set at the head": lambda rl: rl.set(N - 9, N - 5, "x"),
    "set at the tail": lambda rl: rl.set(N + 90, N + 99, "x"),
    "set that merges left": lambda rl: rl.set(N + 24, N + 26, "c"),
    "set that merges right": lambda rl: rl.set(N + 68, N + 70, "b"),
    "set that merges both": lambda rl: rl.set(N + 4, N + 6, "a"),
    "set that cuts left": lambda rl: rl.set(N + 18, N + 20, "x"),
    "set that cuts right": lambda rl: rl.set(N + 12, N + 14, "x"),
    "insert": lambda rl: rl.insert(N + 7, N + 10, "a"),
    "insert apart": lambda rl: rl.insert(N + 8, N + 9, "x"),
    "fill": lambda rl: rl.fill(N + 2, N + 75, "b"),
    "add": lambda rl: rl.add(N + 2, N + 75, "b"),
    "update": lambda rl: rl.update(OTHER),
    "transform": lambda rl: rl.transform(
        lambda p: DROP if p.value is None or p.value[0] == "a" else "a", N + 3, N + 55
    ),
    "remove inside": lambda rl: rl.remove(N + 14, N + 16),
    "remove many": lambda rl: rl.remove(N + 2, N + 72),
    "remove one": lambda rl: rl.remove(N + 30, N + 31),
    "move": lambda rl: rl.move(N + 2, N + 14, N + 84),
    "move over": lambda rl: rl.move(N + 2, N + 14, N + 30, overwrite=True),
    "shift up": lambda rl: rl.shift(N + 14, 7),
    "shift down": lambda rl: rl.shift(N + 3, -11),
    "clear": lambda rl: rl.clear(),
    "split": lambda rl: rl.split(N + 14),
    "split right": lambda rl: rl.split(N + 14, keep="right"),
    "merge": lambda rl: rl.merge(rl.first, rl.first.next),
    "merge right": lambda rl: rl.merge(rl.first, rl.first.next, "x", keep="right"),
    "replace": lambda rl: rl.replace(rl.first.next, "a"),
    "replace apart": lambda rl: rl.replace(rl.first.next, "x"),
    "resize": lambda rl: rl.resize(rl.nth(3), N + 7, N + 11),
    "delete": lambda rl: rl.delete(rl.nth(4)),
    "delete first": lambda rl: rl.delete(rl.first),
    "coalesce": lambda rl: rl.coalesce(policy=ALWAYS),
    "coalesce far": lambda rl: rl.coalesce(distance=6, policy=ALWAYS),
    "|=": lambda rl: rl.__ior__(OTHER),
    "&=": lambda rl: rl.__iand__(OTHER),
    "-=": lambda rl: rl.__isub__(OTHER),
    "^=": lambda rl: rl.__ixor__(OTHER),
}
BAG_VERBS: dict[str, Callable[[Any], Any]] = {
    "add": lambda bag: bag.add(N + 2, N + 5, "x"),
    "add first": lambda bag: bag.add(N - 2, N + 5, "x"),
    "add last": lambda bag: bag.add(N + 102, N + 105, "x"),
    "delete": lambda bag: bag.delete(bag.nth(4)),
    "delete first": lambda bag: bag.delete(bag.first),
    "discard": lambda bag: bag.discard(N + 2, N + 5, "b"),
    "shift up": lambda bag: bag.shift(N + 14, 7),
    "shift down": lambda bag: bag.shift(N + 3, -11),
    "clear": lambda bag: bag.clear(),
}
VERBS = {
    **{f"list {name}": verb for name, verb in LIST_VERBS.items()},
    **{f"bag {name}": verb for name, verb in BAG_VERBS.items()},
    "list undo": lambda rl: rl.undo_last(),
    "list redo": lambda rl: rl.redo_last(),
    "bag undo": lambda bag: bag.undo_last(),
    "bag redo": lambda bag: bag.redo_last(),
}
WATCHES = ["plain", "watched", "in a transaction", "a transaction"]


class Situation:
    """A list or bag as it is before a call, and the judge of what it is afterwards."""

    def __init__(self, verb: str, watch: str, policy: Policy[Any, Any] = EQUAL, limit: int = 4):
        kind, _, name = verb.partition(" ")
        self.watch = watch
        self.it: Any = RangeBag() if kind == "bag" else RangeList(policy=policy)
        chain = self.it._chain
        chain.limit = limit
        if kind == "bag":
            self.it._fill(BAG)
        else:
            chain.fill([Node(*item) for item in ITEMS])
        self.probe()  # makes the summary of gaps or stops, so that it must be kept up to date
        self.history: History[Any, Any] | None = None
        self.edits: list[Any] = []
        replays = name in ("undo", "redo")
        if watch == "watched" or replays:
            self.it.subscribe(self.edits.append)
            self.history = History(self.it)
        if replays:
            self.write()
        if name == "redo":
            self.history.undo()
        self.call = getattr(self.history, name) if replays else lambda: VERBS[verb](self.it)
        self.block = self.it.transaction() if watch == "in a transaction" else None
        if self.block:
            self.block.__enter__()
            if not replays:
                self.it.delete(self.it.last)
        self.old = self.rows()
        self.nodes = [(node, *node) for node in self.it]
        self.been = len(self.history.done) if self.history else 0

    def write(self) -> None:
        """Make a change of many nodes."""
        self.it.shift(N + 5, -9)

    def run(self) -> Any:
        """Make the call; "a transaction" makes it in one, behind another write."""
        if self.watch == "a transaction":
            with self.it.transaction():
                if self.history is None:
                    self.it.delete(self.it.last)
                return self.call()
        return self.call()

    def rows(self) -> list[Any]:
        return [tuple(node) for node in self.it]

    def probe(self) -> Any:
        """Return what the summaries say."""
        if isinstance(self.it, RangeBag):
            return self.it.extent, self.it.count(N + 3, N + 40), self.it.overlaps(N + 85, N + 86)
        return [self.it.find_gap(size) for size in (1, 3, 9)]

    def verdict(self, new: list[Any], raised: bool) -> str:
        """Return "old" or "new"; complain of anything else."""
        it = self.it
        it.check()
        rows = self.rows()
        assert it._chain.holder == 0
        assert not it._chain.lock.locked()
        assert rows in (self.old, new), f"mixed: {rows}"
        said = "new" if rows == new and (rows != self.old or not raised) else "old"
        if said == "old":
            for node, start, stop, value in self.nodes:
                assert node.alive
                assert node.start is start
                assert node.stop is stop
                assert node.value is value
        journal = it._chain.journal
        assert (journal is not None) == bool(self.block or self.history), "the journal stays"
        if journal is not None:
            assert len(journal.blocks) == bool(self.block)
        assert self.probe() == Probe(it)
        if self.history is not None and said == "old":
            assert len(self.history.done) == self.been, "the history is not as the list is"
        if self.block:
            self.block.__exit__(KeyError, KeyError(), None)
            it.check()
            assert it._chain.journal is None or self.history
            self.block = None
        # It can go on.
        before = self.rows()
        seen = len(self.edits)
        it.add(N + 200, N + 201, "later")
        assert len(self.rows()) == len(before) + 1
        if self.history is not None:
            assert len(self.edits) == seen + 1
            assert self.history.undo()
            assert self.rows() == before
        it.check()
        return said


class Probe:
    """What the summaries of a copy say; equal to what those of the original say."""

    def __init__(self, it: Any) -> None:
        twin = Situation.__new__(Situation)
        twin.it = it.copy()
        self.said = twin.probe()

    def __eq__(self, other: object) -> bool:
        return self.said == other

    __hash__ = None  # type: ignore[assignment]
