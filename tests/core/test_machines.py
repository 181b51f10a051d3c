"""Hypothesis plays with a list and its model: any verb, any policy, hooks that misbehave.

Every rule compares what came back, or what was raised, and then everything there is; `check` runs
after each step.  A hook's mischief depends on what it is asked, so list and model meet the same.
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from core.model import Hooks, Outcome, Twin, outcome
from rangelist import DROP, Edit, History, Piece, RangeList
from rangelist.errors import HookResultError, ReentrancyError

keys = st.integers(0, 30)
lengths = st.sampled_from([1, 1, 2, 3, 5, 8, 20, 0, -1])
values = st.sampled_from(["a", "b", "c"])
salts = st.one_of(st.none(), st.none(), st.integers(0, 50))
flags = st.booleans()


class Refusal(Exception):
    """What a hook raises when it does not want something."""


class Mischief:
    """Hooks that, for some questions, raise, change the list, or answer nonsense."""

    def __init__(self, of: str, base: Hooks, rl: RangeList[int, Any] | None) -> None:
        self.of = of
        self.list = rl  # None: it is the model that asks
        self.base = base

    def hooks(self, salt: int | None) -> Hooks:
        def spoiled(name: str, nonsense: Any) -> Any:
            hook = getattr(self.base, name)

            def asked(*args: Any) -> Any:
                self.play(salt, name, nonsense, args)
                if salt is not None and self.kind(salt, name, args) == 4 and nonsense is not None:
                    return nonsense
                return hook(*args)

            return asked

        return Hooks(
            same=spoiled("same", "yes"),
            merge=spoiled("merge", None),
            split=spoiled("split", ("only one",)),
            overlap=spoiled("overlap", None),
            yields=spoiled("yields", 1),
        )

    def kind(self, salt: int, name: str, args: tuple[Any, ...]) -> int:
        said = [arg if isinstance(arg, int | str) else tuple(arg) for arg in args]
        return crc32(f"{salt} {name} {said}".encode()) % 16

    def play(self, salt: int | None, name: str, nonsense: Any, args: tuple[Any, ...]) -> None:
        if salt is None:
            return
        kind = self.kind(salt, name, args)
        if kind == 1:
            raise Refusal
        if kind == 2:  # change the list one is asked for
            if self.list is None:
                raise ReentrancyError
            self.list.set(0, 99, "mischief")
        if kind == 3 and self.list is not None:  # a read is allowed
            assert len(list(self.list.walk())) == len(self.list)
        if kind == 4 and self.list is None and nonsense is not None:
            raise HookResultError


BASES = {
    "equal": Hooks(),
    "always": Hooks(same=lambda left, right: True),
    "join": Hooks(
        same=lambda left, right: left.value[:1] == right.value[:1],
        merge=lambda left, right: (left.value + right.value)[:4],
        split=lambda whole, at: (whole.value, f"{whole.value[:1]}{at}"),
        overlap=lambda old, new: new + old[:2],
        yields=lambda node: len(node.value) != 3,
    ),
}


class ListMachine(RuleBasedStateMachine):
    """One list, one model, and an undo history that is tried now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.edits: list[Edit[int, Any]] = []

    @initialize(base=st.sampled_from(sorted(BASES)), limit=st.sampled_from([4, 5, 512]), told=flags)
    def begin(self, base: str, limit: int, told: bool) -> None:
        hooks = BASES[base]
        begin = [(0, 4, "a"), (4, 6, "b"), (10, 12, "a"), (12, 20, "a")]
        self.twin = Twin(begin, hooks, limit)
        self.mischief = Mischief("list", hooks, self.twin.list)
        self.imitation = Mischief("model", hooks, None)
        if told:  # without subscribers short cuts are taken, which must not show
            self.twin.list.subscribe(self.edits.append)

    def do(self, verb: str, *args: Any, salt: int | None = None, **options: Any) -> Outcome:
        """As `Twin.do`, with hooks that misbehave alike on both sides."""
        twin = self.twin
        before = [tuple(node) for node in twin.list]
        seen = len(self.edits)
        want = outcome(
            lambda: getattr(twin.model, verb)(*args, hooks=self.imitation.hooks(salt), **options)
        )
        theirs = [twin.node_of.get(arg, arg) if arg.__hash__ else arg for arg in args]
        policy = self.mischief.hooks(salt).policy()
        method = getattr(twin.list, verb)
        got = outcome(lambda: method(*theirs, policy=policy, **options))
        twin.agree(f"{verb}{args} {options} salt={salt}", got, want)
        if twin.list._chain.journal is not None:
            self.told(before, seen, got)
        return got

    def told(self, before: list[Any], seen: int, got: Outcome) -> None:
        """One edit for a change, none for none; its steps lead from what was to what is."""
        now = [tuple(node) for node in self.twin.list]
        assert len(self.edits) - seen <= 1
        assert len(self.edits) > seen or now == before
        assert got.error is None or len(self.edits) == seen
        for edit in self.edits[seen:]:
            assert replayed(before, edit) == now

    @rule(key=keys, length=lengths, value=values, salt=salts)
    def set(self, key, length, value, salt):
        self.do("set", key, key + length, value, salt=salt)

    @rule(key=keys, length=lengths, value=values, salt=salts)
    def insert(self, key, length, value, salt):
        self.do("insert", key, key + length, value, salt=salt)

    @rule(key=keys, length=lengths, value=values, salt=salts)
    def fill(self, key, length, value, salt):
        self.do("fill", key, key + length, value, salt=salt)

    @rule(key=keys, length=lengths, value=values, salt=salts)
    def add(self, key, length, value, salt):
        self.do("add", key, key + length, value, salt=salt)

    @rule(key=st.none() | keys, stop=st.none() | keys, salt=salts, refuse=flags, drop=values)
    def update(self, key, stop, salt, refuse, drop):
        def fn(piece):
            if piece.value == drop:
                return DROP
            return "abc"[(len(piece.value) + piece.start) % 3]

        self.do("transform", fn, key, stop, salt=salt, gaps="raise" if refuse else "skip")

    @rule(key=st.none() | keys, stop=st.none() | keys, salt=salts)
    def remove(self, key, stop, salt):
        self.do("remove", key, stop, salt=salt)

    @rule(key=keys, keep=st.sampled_from(["left", "right", "both"]), salt=salts)
    def split(self, key, keep, salt):
        self.do("split", key, keep=keep, salt=salt)

    @rule(start=st.none() | keys, stop=st.none() | keys, salt=salts)
    def coalesce(self, start, stop, salt):
        self.do("coalesce", start, stop, salt=salt)

    @rule(start=keys, length=lengths, to=keys, overwrite=flags, salt=salts)
    def move(self, start, length, to, overwrite, salt):
        self.do("move", start, start + length, to, overwrite=overwrite, salt=salt)

    @rule(at=keys, by=st.integers(-5, 4), salt=salts)
    def shift(self, at, by, salt):
        self.do("shift", at, by, salt=salt)

    @precondition(lambda self: self.twin.node_of)
    @rule(data=st.data(), value=values, salt=salts)
    def replace(self, data, value, salt):
        self.do("replace", self.some_owner(data), value, salt=salt)

    @precondition(lambda self: self.twin.node_of)
    @rule(data=st.data(), start=keys, length=lengths, salt=salts)
    def resize(self, data, start, length, salt):
        self.do("resize", self.some_owner(data), start, start + length, salt=salt)

    @precondition(lambda self: len(self.twin.list) > 1)
    @rule(data=st.data(), keep=st.sampled_from(["left", "right"]), salt=salts)
    def merge(self, data, keep, salt):
        owners = self.twin.owners()
        at = data.draw(st.integers(0, len(owners) - 2))
        self.do("merge", owners[at], owners[at + 1], keep=keep, salt=salt)

    @precondition(lambda self: self.twin.node_of)
    @rule(data=st.data())
    def discard(self, data):
        owner = self.some_owner(data)
        self.twin.do("delete", owner)
        self.edits.clear()

    def some_owner(self, data: Any) -> Any:
        return data.draw(st.sampled_from(list(self.twin.node_of)))

    @rule(start=keys, length=lengths, value=values)
    def a_transaction_that_fails(self, start, length, value):
        rl, seen = self.twin.list, len(self.edits)

        def block():
            with rl.transaction():
                rl.add(start, start + abs(length) + 1, value)
                rl.shift(start, 2)
                rl.split(start + 3)
                rl.coalesce()
                raise Refusal

        assert outcome(block).error is Refusal
        assert len(self.edits) == seen
        self.twin.agree("transaction", Outcome(None, None), Outcome(None, None))

    @rule(start=keys, length=lengths, value=values, again=flags)
    def something_is_done_and_undone(self, start, length, value, again):
        rl = self.twin.list
        history = History(rl)
        before = [*map(id, rl)]
        with rl.transaction():
            rl.set(start, start + abs(length) + 1, value)
            rl.shift(start, -1)
            rl.transform(lambda piece: value)
        after = [tuple(node) for node in rl]
        nodes = [*map(id, rl)]
        undone = history.undo()
        assert [*map(id, rl)] == before
        if again and undone:
            assert history.redo()
            assert [tuple(node) for node in rl] == after
            assert [*map(id, rl)] == nodes
            assert history.undo()
        history.close()
        self.edits.clear()
        self.twin.agree("undone", Outcome(None, None), Outcome(None, None))

    @invariant()
    def the_list_is_sound(self):
        if hasattr(self, "twin"):
            self.twin.list.check()


def replayed(pieces: list[Any], edit: Edit[int, Any]) -> list[tuple[Any, ...]]:
    """Apply the steps of an edit to plain pieces, one after the other."""
    held = [Piece(*piece) for piece in pieces]
    for step in edit.steps:
        for piece in step.before:
            held.remove(piece)
        held = sorted([*held, *step.after])
        assert all(x.stop <= y.start for x, y in zip(held, held[1:], strict=False)), step
    return [tuple(piece) for piece in held]


TestListMachine = ListMachine.TestCase
TestListMachine.settings = settings(max_examples=150, stateful_step_count=40)
