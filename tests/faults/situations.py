"""Every verb of list and bag in every situation, and what must hold after one that failed.

Situation   a list or bag with something in it, watched or not, in a transaction or not
verbs       one call each, on fresh contents
verdict     "old" or "new", and everything that has to be true of either
"""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import itemgetter
from typing import Any, TypeAlias

from rangelist import ALWAYS, DROP, EQUAL, NEVER, History, Node, Policy, RangeBag, RangeList

JOINS = Policy(
    same=lambda left, right: left.value[:1] == right.value[:1],
    merge=lambda left, right: (left.value + right.value)[:6],
    split=lambda whole, at: (whole.value, f"{whole.value[:1]}{at}"),
    overlap=lambda old, new: new[:1] + old[:2],
    yields=lambda node: len(node.value) != 3,
)
POLICIES = {"EQUAL": EQUAL, "ALWAYS": ALWAYS, "NEVER": NEVER, "JOINS": JOINS}

# Keys begin here: CPython keeps no single copy of them, so that equal keys are two objects.
N = 1000


class Slow(int):
    """A key whose comparisons and sums are calls of Python functions."""

    def __lt__(self, other: int) -> bool:
        return int(self) < int(other)

    def __add__(self, by: int) -> Slow:
        return Slow(int(self) + by)

    def __sub__(self, by: int) -> Slow:
        return Slow(int(self) - by)

    __hash__ = int.__hash__


def spans(n: Any, text: str) -> list[Any]:
    """Return items written as "0-4a 4-6b", with keys counted from n on."""
    rows = [re.fullmatch(r"(\d+)-(\d+)(\w)", word).groups() for word in text.split()]
    return [(n + int(start), n + int(stop), value) for start, stop, value in rows]


def some(n: Any) -> list[Any]:
    return spans(n, "0-4a 4-6b 6-7a 10-12a 12-20b 20-24c 30-31a 31-32b 32-33c 40-50a 50-60c 70-80b")


def other(n: Any) -> list[Any]:
    return spans(n, "2-5b 26-41c 75-90a")


def overlapping(n: Any) -> list[Any]:
    return sorted(some(n) + other(n) + spans(n, "2-5b 2-99c"), key=itemgetter(0))


Verb: TypeAlias = Callable[[Any, Any], Any]
LIST_VERBS: dict[str, Verb] = {
    "set inside a node": lambda rl, n: rl.set(n + 14, n + 16, "x"),
    "set over three": lambda rl, n: rl.set(n + 5, n + 14, "x"),
    "set over ten": lambda rl, n: rl.set(n + 1, n + 72, "x"),
    "set into free space": lambda rl, n: rl.set(n + 26, n + 28, "x"),
    "set at the head": lambda rl, n: rl.set(n - 9, n - 5, "x"),
    "set at the tail": lambda rl, n: rl.set(n + 90, n + 99, "x"),
    "set that merges left": lambda rl, n: rl.set(n + 24, n + 26, "c"),
    "set that merges right": lambda rl, n: rl.set(n + 68, n + 70, "b"),
    "set that merges both": lambda rl, n: rl.set(n + 4, n + 6, "a"),
    "set that cuts left": lambda rl, n: rl.set(n + 18, n + 20, "x"),
    "set that cuts right": lambda rl, n: rl.set(n + 12, n + 14, "x"),
    "insert": lambda rl, n: rl.insert(n + 7, n + 10, "a"),
    "insert apart": lambda rl, n: rl.insert(n + 8, n + 9, "x"),
    "fill": lambda rl, n: rl.fill(n + 2, n + 75, "b"),
    "add": lambda rl, n: rl.add(n + 2, n + 75, "b"),
    "update": lambda rl, n: rl.update(other(n)),
    "transform": lambda rl, n: rl.transform(
        lambda p: DROP if p.value is None or p.value[0] == "a" else "a", n + 3, n + 55
    ),
    "remove inside": lambda rl, n: rl.remove(n + 14, n + 16),
    "remove many": lambda rl, n: rl.remove(n + 2, n + 72),
    "remove one": lambda rl, n: rl.remove(n + 30, n + 31),
    "move": lambda rl, n: rl.move(n + 2, n + 14, n + 84),
    "move over": lambda rl, n: rl.move(n + 2, n + 14, n + 30, overwrite=True),
    "shift up": lambda rl, n: rl.shift(n + 14, 7),
    "shift down": lambda rl, n: rl.shift(n + 3, -11),
    "clear": lambda rl, n: rl.clear(),
    "split": lambda rl, n: rl.split(n + 14),
    "split right": lambda rl, n: rl.split(n + 14, keep="right"),
    "merge": lambda rl, n: rl.merge(rl.first, rl.first.next),
    "merge right": lambda rl, n: rl.merge(rl.first, rl.first.next, "x", keep="right"),
    "replace": lambda rl, n: rl.replace(rl.first.next, "a"),
    "replace apart": lambda rl, n: rl.replace(rl.first.next, "x"),
    "resize": lambda rl, n: rl.resize(rl.nth(3), n + 7, n + 11),
    "delete": lambda rl, n: rl.delete(rl.nth(4)),
    "delete first": lambda rl, n: rl.delete(rl.first),
    "coalesce": lambda rl, n: rl.coalesce(policy=ALWAYS),
    "coalesce far": lambda rl, n: rl.coalesce(distance=6, policy=ALWAYS),
    "|=": lambda rl, n: rl.__ior__(other(n)),
    "&=": lambda rl, n: rl.__iand__(other(n)),
    "-=": lambda rl, n: rl.__isub__(other(n)),
    "^=": lambda rl, n: rl.__ixor__(other(n)),
}
BAG_VERBS: dict[str, Verb] = {
    "add": lambda bag, n: bag.add(n + 2, n + 5, "x"),
    "add first": lambda bag, n: bag.add(n - 2, n + 5, "x"),
    "add last": lambda bag, n: bag.add(n + 102, n + 105, "x"),
    "delete": lambda bag, n: bag.delete(bag.nth(4)),
    "delete first": lambda bag, n: bag.delete(bag.first),
    "discard": lambda bag, n: bag.discard(n + 2, n + 5, "b"),
    "shift up": lambda bag, n: bag.shift(n + 14, 7),
    "shift down": lambda bag, n: bag.shift(n + 3, -11),
    "clear": lambda bag, n: bag.clear(),
}
VERBS: dict[str, Verb | None] = {
    **{f"list {name}": verb for name, verb in LIST_VERBS.items()},
    **{f"bag {name}": verb for name, verb in BAG_VERBS.items()},
    "list undo": lambda rl, n: rl.undo_last(),
    "list redo": lambda rl, n: rl.redo_last(),
    "bag undo": lambda bag, n: bag.undo_last(),
    "bag redo": lambda bag, n: bag.redo_last(),
}
WATCHES = ["plain", "watched", "in a transaction", "a transaction"]


class Situation:
    """A list or bag as it is before a call, and the judge of what it is afterwards."""

    def __init__(self, verb: str, watch: str, policy: Policy[Any, Any] = EQUAL, n: Any = N):
        kind, _, name = verb.partition(" ")
        self.watch, self.n = watch, n
        self.it: Any = RangeBag() if kind == "bag" else RangeList(policy=policy)
        chain = self.it._chain
        chain.limit = 4
        if kind == "bag":
            self.it._fill(overlapping(n))
        else:
            chain.fill([Node(*item) for item in some(n)])
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
        self.call = getattr(self.history, name) if replays else lambda: VERBS[verb](self.it, n)
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
        self.it.shift(self.n + 5, -9)

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
        n = self.n
        if isinstance(self.it, RangeBag):
            return self.it.extent, self.it.count(n + 3, n + 40), self.it.overlaps(n + 85, n + 86)
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
        assert self.probe() == Probe(it, self.n)
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
        it.add(self.n + 200, self.n + 201, "later")
        assert len(self.rows()) == len(before) + 1
        if self.history is not None:
            assert len(self.edits) == seen + 1
            assert self.history.undo()
            assert self.rows() == before
        it.check()
        return said


class Probe:
    """What the summaries of a copy say; equal to what those of the original say."""

    def __init__(self, it: Any, n: Any) -> None:
        twin = Situation.__new__(Situation)
        twin.it, twin.n = it.copy(), n
        self.said = twin.probe()

    def __eq__(self, other: object) -> bool:
        return self.said == other

    __hash__ = None  # type: ignore[assignment]  # as Python does it for classes with __eq__
