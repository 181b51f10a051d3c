"""Whatever raises, and at whichever call: the list is as it was, down to the objects.

For every mutator and every kind of thing that can raise, it is made to raise at its first call, its
second, and so on until the mutator succeeds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.hostile import Bomb, Boom, Key, Word, photo, ticking_items, ticking_policy
from rangelist import DROP, EQUAL, NEVER, History, Piece, RangeList

ITEMS = [
    (0, 8, "a"), (8, 12, "b"), (14, 20, "a"), (20, 26, "a"), (30, 36, "c"), (36, 40, "d"),
    (44, 50, "d"), (52, 60, "e"), (60, 61, "f"), (62, 63, "g"), (64, 65, "h"), (66, 67, "i"),
]  # fmt: skip
OTHER = [(6, 10, "b"), (12, 14, "a"), (18, 32, "a"), (40, 44, "d"), (70, 72, "x")]


class Case:
    """A list over ticking keys or values; how one thing of it is made to raise."""

    def __init__(self, kind: str, bomb: Bomb, limit: int) -> None:
        self.kind = kind
        self.bomb = bomb
        policy = ticking_policy(bomb) if kind == "hook" else EQUAL
        self.list: RangeList[Any, Any] = RangeList(policy=policy)
        self.list._chain.limit = limit
        for item in ITEMS:
            self.list.insert(*self.item(*item), policy=NEVER)
        self.told: list[Any] = []
        if kind == "subscriber":
            self.list.subscribe(self.told.append)
            self.list.subscribe(lambda edit: bomb.tick())
            self.list.subscribe(self.told.append)
        if kind == "transaction":
            # A list in the middle of one: its own failure must take back only what it did.
            self.list.transaction().__enter__()

    def key(self, n: int) -> Any:
        return Key(n, self.bomb) if self.kind in ("comparison", "transaction") else n

    def value(self, text: str) -> Any:
        return Word(text, self.bomb) if self.kind == "value" else text

    def item(self, start: int, stop: int, text: str) -> tuple[Any, Any, Any]:
        return self.key(start), self.key(stop), self.value(text)

    def other(self) -> Any:
        pieces = [Piece(*self.item(*item)) for item in OTHER]
        return ticking_items(pieces, self.bomb) if self.kind == "iterable" else pieces

    def fn(self, piece: Piece[Any, Any]) -> Any:
        if self.kind in ("hook", "iterable"):
            self.bomb.tick()
        if piece.start is self.list.first.start:
            return self.value("z")
        text = piece.value.text if isinstance(piece.value, Word) else piece.value
        return DROP if text == "c" else self.value("a")

    def node(self, at: int) -> Any:
        return list(self.list)[at]


def put(verb: str, start: int, stop: int, text: str) -> Callable[[Case], Any]:
    return lambda case: getattr(case.list, verb)(*case.item(start, stop, text))


def in_place(case: Case, symbol: str) -> None:
    rl, other = case.list, case.other()
    match symbol:
        case "|":
            rl |= other
        case "&":
            rl &= other
        case "-":
            rl -= other
        case _:
            rl ^= other


def block(case: Case) -> None:
    """A transaction of many changes that splits and joins blocks of a small index."""
    rl, key, value = case.list, case.key, case.value
    with rl.transaction():
        rl.set(key(2), key(4), value("x"))
        rl.remove(key(14), key(40))
        with rl.transaction():
            rl.fill(key(0), key(66), value("y"))
            rl.move(key(0), key(3), key(80))
        rl.coalesce(policy=None)
        rl.clear()
        rl.set(key(1), key(2), value("z"))


def block_that_fails_inside(case: Case) -> None:
    """An inner transaction fails and is forgiven; then the outer one goes on."""
    rl, key, value = case.list, case.key, case.value
    with rl.transaction():
        rl.set(key(2), key(4), value("x"))
        try:
            with rl.transaction():
                rl.clear()
                raise LookupError
        except LookupError:
            pass
        rl.remove(key(50), key(62))


MUTATORS: dict[str, Callable[[Case], Any]] = {
    "set in a gap": put("set", 27, 28, "x"),
    "set into an exact hole between two of one value": put("set", 40, 44, "d"),
    "set touching left": put("set", 12, 13, "b"),
    "set touching right": put("set", 13, 14, "a"),
    "set inside": put("set", 2, 4, "x"),
    "set inside, at the left end": put("set", 0, 4, "x"),
    "set inside, at the right end": put("set", 4, 8, "b"),
    "set inside, the same": put("set", 2, 4, "a"),
    "set exactly a node": put("set", 30, 36, "d"),
    "set exactly a node, the same": put("set", 36, 40, "d"),
    "set over many": put("set", 4, 46, "x"),
    "set over everything": put("set", -5, 99, "x"),
    "rl[a:b] = value": lambda c: c.list.__setitem__(slice(c.key(4), c.key(10)), c.value("x")),
    "insert": put("insert", 40, 44, "d"),
    "insert alone": put("insert", 27, 28, "x"),
    "fill": put("fill", -2, 70, "d"),
    "add": put("add", 4, 55, "d"),
    "transform": lambda c: c.list.transform(c.fn, c.key(4), c.key(55)),
    "transform everything": lambda c: c.list.transform(c.fn),
    "transform without holes": lambda c: c.list.transform(c.fn, c.key(2), c.key(11), gaps="raise"),
    "remove exactly a node": lambda c: c.list.remove(c.key(30), c.key(36)),
    "remove inside": lambda c: c.list.remove(c.key(2), c.key(4)),
    "remove the left end": lambda c: c.list.remove(c.key(0), c.key(4)),
    "remove the right end": lambda c: c.list.remove(c.key(4), c.key(8)),
    "remove over many": lambda c: c.list.remove(c.key(4), c.key(46)),
    "remove the rest": lambda c: c.list.remove(c.key(4), None),
    "del rl[a:b]": lambda c: c.list.__delitem__(slice(c.key(4), c.key(10))),
    "split": lambda c: c.list.split(c.key(4)),
    "split, keeping the right": lambda c: c.list.split(c.key(4), keep="right"),
    "merge": lambda c: c.list.merge(c.node(0), c.node(1)),
    "merge to a value": lambda c: c.list.merge(c.node(2), c.node(3), c.value("x"), keep="right"),
    "replace, which merges both": lambda c: c.list.replace(c.node(5), c.value("c")),
    "resize larger": lambda c: c.list.resize(c.node(5), stop=c.key(44)),
    "resize smaller": lambda c: c.list.resize(c.node(7), c.key(53), c.key(55)),
    "discard": lambda c: c.list.delete(c.node(3)),
    "move": lambda c: c.list.move(c.key(4), c.key(18), c.key(70)),
    "move over itself": lambda c: c.list.move(c.key(30), c.key(40), c.key(27)),
    "move, overwriting": lambda c: c.list.move(c.key(4), c.key(18), c.key(34), overwrite=True),
    "shift up": lambda c: c.list.shift(c.key(4), 3),
    "shift down": lambda c: c.list.shift(c.key(10), -16),
    "coalesce": lambda c: c.list.coalesce(),
    "coalesce a window": lambda c: c.list.coalesce(c.key(3), c.key(20)),
    "clear": lambda c: c.list.clear(),
    "update": lambda c: c.list.update(c.other()),
    "|=": lambda c: in_place(c, "|"),
    "&=": lambda c: in_place(c, "&"),
    "-=": lambda c: in_place(c, "-"),
    "^=": lambda c: in_place(c, "^"),
    "a transaction": block,
    "a transaction with a failure in it": block_that_fails_inside,
}


def blow_up(mutate: Callable[[Case], Any], kind: str, limit: int, **options: Any) -> int:
    """Let it raise at every call in turn; return how many calls there were to spoil."""
    for fuse in range(1, 5000):
        bomb = Bomb(**options)
        case = Case(kind, bomb, limit)
        rl = case.list
        watched = list(rl)
        before = photo(rl, *watched)
        bomb.arm(fuse)
        try:
            mutate(case)
        except BaseException as error:  # noqa: BLE001 - KeyboardInterrupt is among them
            assert bomb.exploded, f"raised {error!r} by itself"
        else:
            assert not bomb.exploded, f"call {fuse} raised, and nobody heard of it"
            return fuse - 1
        finally:
            bomb.disarm()
        assert photo(rl, *watched) == before, f"changed by a failure at call {fuse}"
        rl.check()
        assert not rl._chain.holder
        journal = rl._chain.journal
        assert kind == "transaction" or journal is None or not (journal.blocks or journal.log)
        assert told_in_pairs(case.told), "somebody was told of a change and not of its end"
        if kind == "transaction":
            continue
        # And it still works: the same call, now without a fault, does what it would have done.
        mutate(case)
        rl.check()
        assert clean(case, mutate, limit) == [tuple(map(str, node)) for node in rl]
    raise AssertionError("never succeeded")


def told_in_pairs(told: list[Any]) -> bool:
    """Each edit that was told before the failure was followed by its inverse."""
    pairs = list(zip(told[::2], told[1::2], strict=False))
    return len(told) % 2 == 0 and all(
        edit.before == back.after and edit.after == back.before for edit, back in pairs
    )


RESULTS: dict[Any, list[tuple[str, ...]]] = {}


def clean(case: Case, mutate: Callable[[Case], Any], limit: int) -> list[tuple[str, ...]]:
    """What the mutator does when nothing fails."""
    if (case.kind, mutate, limit) not in RESULTS:
        other = Case(case.kind, Bomb(), limit)
        mutate(other)
        RESULTS[case.kind, mutate, limit] = [tuple(map(str, node)) for node in other.list]
    return RESULTS[case.kind, mutate, limit]


KINDS = ["comparison", "value", "hook", "iterable", "subscriber"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", MUTATORS)
def test_a_failure_at_any_call_leaves_everything_as_it_was(name, kind):
    """Comparisons, `==` of values, hooks, input iterables and subscribers, in a small index."""
    calls = blow_up(MUTATORS[name], kind, limit=4)

    no_key_is_compared = name == "clear"
    assert calls > 0 or kind != "comparison" or no_key_is_compared
    assert calls > 0 or kind != "subscriber" or ", the same" in name


@pytest.mark.parametrize("name", MUTATORS)
def test_a_failure_inside_an_open_transaction_takes_back_one_call(name):
    """The transaction goes on, with what it had; comparisons raise at every call in turn."""
    blow_up(MUTATORS[name], "transaction", limit=4)


@pytest.mark.parametrize("name", MUTATORS)
def test_taking_back_does_not_need_comparisons(name):
    """From the k-th on every comparison raises, also those made while the change is taken back."""
    blow_up(MUTATORS[name], "comparison", limit=4, lasting=True)


@pytest.mark.parametrize("error", [TypeError, ArithmeticError, KeyboardInterrupt, RecursionError])
@pytest.mark.parametrize("name", ["set over many", "move, overwriting", "^=", "a transaction"])
def test_the_kind_of_error_does_not_matter(name, error):
    """Also errors that the library explains, and those that are no `Exception`."""
    blow_up(MUTATORS[name], "comparison", limit=512, error=error)
    blow_up(MUTATORS[name], "hook", limit=512, error=error)


def replayed(kind: str, fuse: int) -> tuple[Bomb, RangeList[Any, Any], Any, Any]:
    """A list whose last edit can be undone, and a bomb in its keys, values, or a subscriber."""
    bomb = Bomb()
    case = Case(kind, bomb, 4)
    history = History(case.list)
    block(case)
    return bomb, case.list, history, case


@pytest.mark.parametrize("kind", ["comparison", "subscriber"])  # values are not compared
@pytest.mark.parametrize("verb", ["undo", "redo"])
def test_a_failure_while_undoing_or_redoing_leaves_list_and_history(kind, verb):
    """What could be undone can still be undone, into the very same nodes."""
    for fuse in range(1, 2000):
        bomb, rl, history, _case = replayed(kind, fuse)
        if verb == "redo":
            history.undo()
        before = photo(rl)
        steps = len(history.done), len(history.undone)
        bomb.arm(fuse)
        try:
            getattr(history, verb)()
        except Boom:
            bomb.disarm()
            assert photo(rl) == before
            rl.check()
            assert (len(history.done), len(history.undone)) == steps
            continue
        break
    assert fuse > 1


@pytest.mark.parametrize("kind", ["comparison", "value", "iterable", "hook"])
def test_a_constructor_that_fails_makes_nothing(kind):
    """There is no half-built list to be found, and the items that were read are not changed."""
    bomb = Bomb()
    case = Case(kind, bomb, 4)
    for make in (RangeList, RangeList.build):
        for fuse in range(1, 2000):
            bomb.arm(fuse)
            policy = ticking_policy(bomb) if kind == "hook" else EQUAL
            try:
                made = make(case.other(), policy=policy)
            except Boom:
                continue
            bomb.disarm()
            break
        assert len(made) == len(OTHER)
