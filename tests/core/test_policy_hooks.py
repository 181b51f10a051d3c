"""The five hooks: who is asked what, in which order, what answers are allowed, and the policy object."""

from __future__ import annotations

import copy
import pickle
from contextlib import suppress
from typing import Any

import pytest

from core.model import Hooks, Model, Twin
from core.sizes import by_size
from core.test_exhaustive import Nth, all_lists, all_spans
from rangelist import ALWAYS, DROP, EQUAL, IDENTITY, NEVER, Node, Piece, Policy, RangeList
from rangelist.errors import HookResultError, OverlapError, ReentrancyError, StaleNodeError

# ---- order --------------------------------------------------------------------------------------

BASES = {
    "all five": Hooks(
        same=lambda left, right: left.value[-1] <= right.value[-1] or left.start == 0,
        merge=lambda left, right: f"{left.value}+{right.value}",
        split=lambda whole, at: (f"{whole.value}<{at}", f"{whole.value}>{at}"),
        overlap=lambda old, new: f"{old}*{new}",
        yields=lambda node: node.stop % 3 != 0,
    ),
    "only same": Hooks(same=lambda left, right: left.value == right.value or left.start == 1),
}


class Minutes:
    """Hooks that write down what they are asked."""

    def __init__(self, base: Hooks, only: tuple[str, ...]) -> None:
        self.asked: list[Any] = []
        self.hooks = base._replace(**{name: self.noted(name, base) for name in only})

    def noted(self, name: str, base: Hooks) -> Any:
        hook = getattr(base, name)

        def asked(*args: Any) -> Any:
            said = (name, *(x if isinstance(x, int | str) else tuple(x) for x in args))
            # `set` asks whether it would change anything, and may put the same question again.
            if self.asked[-1:] != [said]:
                self.asked.append(said)
            return hook(*args)

        return asked


def questions(items: list[Any], base: Hooks, verb: str, args: Any, told: bool, options: Any) -> Any:
    """Return what the model asks and what the list asks."""
    only = Hooks._fields if base is BASES["all five"] else ("same",)
    theirs, ours = Minutes(base, only), Minutes(base, only)
    twin = Twin(items, base)
    if told:
        twin.list.subscribe(lambda edit: None)
    owners = twin.owners()
    want = [owners[arg.number] if isinstance(arg, Nth) else arg for arg in args]
    nodes = [twin.node_of[arg] if arg in owners else arg for arg in want]
    policy = Policy(**{name: getattr(ours.hooks, name) for name in only})
    for ask in (
        lambda: getattr(twin.model, verb)(*want, hooks=theirs.hooks, **options),
        lambda: getattr(twin.list, verb)(*nodes, policy=policy, **options),
    ):
        with suppress(OverlapError, StaleNodeError):
            ask()
    return theirs.asked, ours.asked


def calls(items: list[Any]) -> Any:
    for span in all_spans(0, 4):
        for verb in ("set", "insert", "fill", "add"):
            yield verb, (*span, "b"), {}
        yield "transform", (lambda piece: DROP if piece.start == 1 else "a", *span), {}
        yield "remove", span, {}
        yield "coalesce", span, {}
        yield "move", (*span, 2), {"overwrite": True}
        yield "shift", (span[0], span[0] - span[1]), {}
        for n in range(len(items)):
            yield "resize", (Nth(n), *span), {}
    for n in range(len(items)):
        yield "replace", (Nth(n), "b"), {}
    yield "split", (2,), {}


@pytest.mark.parametrize("told", [False, True], ids=["alone", "subscribed"])
@pytest.mark.parametrize("base", BASES)
def test_hooks_are_asked_in_the_documented_order(base, told):
    """Cuts from left to right, then the maker of values, then each border: same, yields, merge.

    Every list over three points, or four, and every write; with a subscriber and without.
    """
    for items in all_lists(by_size(3, 4, 4)):
        for verb, args, options in calls(items):
            want, got = questions(items, BASES[base], verb, args, told, options)
            assert got == want, (items, verb, args)


def test_the_function_of_update_is_asked_for_all_pieces_before_any_border():
    """[--a--][--b--]..[c]   transform(fn, 2, 12): cut, cut, fn, fn, fn, then the borders."""
    said: list[Any] = []

    def note(name: str, answer: Any) -> Any:
        def asked(*args: Any) -> Any:
            said.append(name)
            return answer(*args) if callable(answer) else answer

        return asked

    policy = Policy(same=note("same", False), split=note("split", lambda node, at: (1, 2)))
    rl = RangeList([(0, 5, "a"), (5, 10, "b"), (11, 13, "c")], policy=NEVER)
    rl.transform(note("fn", "x"), 2, 12, policy=policy)

    assert said == ["split", "split", "fn", "fn", "fn", "same", "same", "same"]


def test_hooks_see_the_borders_as_they_were_before_the_edit():
    """The list itself is unchanged while any hook is asked."""
    rl: RangeList[int, str] = RangeList([(0, 8, "a"), (8, 12, "b")])
    seen: list[list[Any]] = []

    def look(*args: Any) -> bool:
        seen.append([tuple(node) for node in rl])
        return True

    rl.set(4, 8, "b", policy=Policy(same=look, yields=look))

    assert seen == [[(0, 8, "a"), (8, 12, "b")]] * 3
    assert [tuple(node) for node in rl] == [(0, 12, "a")]


def test_yields_is_asked_of_a_living_node_and_only_of_the_one_that_would_go():
    """[a][w][c]: the written one is new, so it may go unasked; then c would go into a."""
    asked: list[Node[int, str]] = []
    policy = ALWAYS.replace(yields=lambda node: asked.append(node) or True)
    rl = RangeList([(0, 4, "a"), (8, 12, "c")])
    first, last = rl.first, rl.last

    held = rl.set(4, 8, "w", policy=policy)

    assert asked == [last]
    assert held is first and first.value == "a" and last.merged_into is first


def test_a_pinned_node_lets_the_merge_degrade_to_the_side_that_remains():
    """[a][w][c] with c pinned: left merges, right does not."""
    pin = ALWAYS.replace(yields=lambda node: node.value != "c")
    rl = RangeList([(0, 4, "a"), (8, 12, "c")])

    rl.set(4, 8, "w", policy=pin)

    assert [tuple(node) for node in rl] == [(0, 8, "a"), (8, 12, "c")]


def test_a_pinned_node_that_is_replaced_merges_with_nobody():
    """replace(b, "a") would let b disappear into its left neighbour; it may not."""
    rl = RangeList([(0, 4, "a"), (4, 8, "b")])
    b = rl.last

    assert rl.replace(b, "a", policy=EQUAL.replace(yields=lambda node: False)) is b
    assert len(rl) == 2 and b.alive


def test_a_policy_can_be_given_to_one_call_only():
    """The list's own policy is back in the next call."""
    rl = RangeList([(0, 4, "a")])

    rl.set(4, 8, "a", policy=NEVER)
    assert len(rl) == 2

    rl.set(8, 12, "a")
    assert [tuple(node) for node in rl] == [(0, 4, "a"), (4, 12, "a")]
    assert rl.policy is EQUAL


# ---- answers ------------------------------------------------------------------------------------


class NumpyLike:
    """numpy.bool_ by name: what comparing numpy numbers gives."""

    def __init__(self, truth: bool) -> None:
        self.truth = truth

    def __bool__(self) -> bool:
        return self.truth


NumpyLike.__name__ = "bool_"


@pytest.mark.parametrize("answer", ["yes", 1, 0, None, [True], NotImplemented])
@pytest.mark.parametrize("hook", ["same", "yields"])
def test_a_yes_or_no_hook_has_to_answer_with_a_bool(hook, answer):
    """Truthiness is not enough: an array, a 1, a forgotten return would be a silent decision."""
    rl = RangeList([(0, 4, "a"), (8, 12, "a")])
    base = ALWAYS if hook == "yields" else EQUAL
    policy = base.replace(**{hook: lambda *args: answer})

    with pytest.raises(HookResultError, match=f"hook {hook} answered .*, want True or False"):
        rl.set(4, 8, "a", policy=policy)
    assert [tuple(node) for node in rl] == [(0, 4, "a"), (8, 12, "a")]


@pytest.mark.parametrize("answer", [True, False])
def test_the_bool_of_numpy_counts_as_a_bool(answer):
    """Comparing numpy numbers gives numpy's own bool, not Python's."""
    rl = RangeList([(0, 4, "a")])

    rl.set(4, 8, "b", policy=Policy(same=lambda left, right: NumpyLike(answer)))

    assert len(rl) == (1 if answer else 2)


@pytest.mark.parametrize("answer", ["ab", ["a", "b"], ("a",), ("a", "b", "c"), None])
def test_split_has_to_answer_with_two_values(answer):
    """A string of two letters would unpack as well, and be wrong."""
    rl = RangeList([(0, 8, "a")])

    with pytest.raises(HookResultError, match="hook split answered .*, want a tuple"):
        rl.remove(2, 4, policy=Policy(split=lambda node, at: answer))
    assert [tuple(node) for node in rl] == [(0, 8, "a")]


def test_split_sees_what_the_first_cut_has_left():
    """Cut at 2, then at 6: the second question is about [2, 8) and the value made by the first."""
    asked: list[Any] = []

    def split(node: Any, at: int) -> tuple[str, str]:
        asked.append((tuple(node), at))
        return f"{node.value}l", f"{node.value}r"

    rl = RangeList([(0, 8, "a")])
    taken = rl.remove(2, 6, policy=Policy(split=split))

    assert asked == [((0, 8, "a"), 2), ((2, 8, "ar"), 6)]
    assert taken == [Piece(2, 6, "arl")]
    assert [tuple(node) for node in rl] == [(0, 2, "al"), (6, 8, "arr")]


@pytest.mark.parametrize("verb", ["set", "fill", "add", "remove", "clear", "shift", "transaction"])
@pytest.mark.parametrize("hook", ["same", "merge", "split", "overlap", "yields"])
def test_a_hook_must_not_change_the_list_it_is_asked_for(hook, verb):
    """ReentrancyError comes out of the inner call, and, not caught, out of the outer one."""
    rl: RangeList[int, str] = RangeList([(0, 8, "a"), (8, 12, "b")])
    answers: dict[str, Any] = {
        "same": True, "merge": "m", "split": ("l", "r"), "overlap": "o", "yields": True,
    }  # fmt: skip
    mutate = {
        "set": lambda: rl.set(0, 1, "z"),
        "fill": lambda: rl.fill(0, 99, "z"),
        "add": lambda: rl.add(0, 99, "z"),
        "remove": lambda: rl.remove(0, 1),
        "clear": rl.clear,
        "shift": lambda: rl.shift(0, 1),
        "transaction": lambda: rl.transaction().__enter__(),
    }[verb]
    caught: list[Exception] = []

    def hooked(swallow: bool) -> Any:
        def asked(*args: Any) -> Any:
            try:
                mutate()
            except ReentrancyError as error:
                caught.append(error)
                if not swallow:
                    raise
            return answers[hook]

        return asked

    base = ALWAYS if hook in ("merge", "yields") else EQUAL
    with pytest.raises(ReentrancyError, match="is being decided"):
        rl.add(4, 8, "w", policy=base.replace(**{hook: hooked(False)}))
    assert [tuple(node) for node in rl] == [(0, 8, "a"), (8, 12, "b")]

    rl.add(4, 8, "w", policy=base.replace(**{hook: hooked(True)}))
    assert len(caught) >= 2
    rl.check()


def test_a_hook_may_change_another_list():
    """Only the list that is being decided is closed."""
    log: RangeList[int, str] = RangeList()
    rl = RangeList([(0, 4, "a")])

    def same(left: Any, right: Any) -> bool:
        log.set(right.start, right.stop, right.value)
        return False

    rl.set(4, 8, "a", policy=Policy(same=same))

    assert [tuple(node) for node in log] == [(4, 8, "a")]


# ---- the policy object --------------------------------------------------------------------------


def test_stock_policies_say_who_they_are():
    """Their repr reads back; others show the hooks that were given."""
    assert [repr(p) for p in (EQUAL, IDENTITY, NEVER, ALWAYS)] == [
        "EQUAL", "IDENTITY", "NEVER", "ALWAYS",
    ]  # fmt: skip
    assert repr(Policy()) == "EQUAL"
    assert repr(Policy(overlap=max)) == "Policy(overlap=<built-in function max>)"


def test_identity_merges_only_the_very_same_object():
    """Two equal lists are two."""
    one: list[int] = []
    rl: RangeList[int, list[int]] = RangeList([(0, 4, one)], policy=IDENTITY)

    rl.set(4, 8, one)
    assert len(rl) == 1

    rl.set(8, 12, [])
    assert len(rl) == 2


def test_policies_are_equal_if_their_hooks_are():
    """And hash alike; another type is just different."""
    assert Policy(overlap=max) == Policy(overlap=max)
    assert hash(Policy(overlap=max)) == hash(Policy(overlap=max))
    assert Policy(overlap=max) != Policy(overlap=min)
    assert EQUAL != "EQUAL"
    assert EQUAL.replace() == EQUAL
    assert EQUAL.replace(overlap=max).replace(overlap=None) == EQUAL


def test_policies_travel():
    """pickle, copy and deepcopy give an equal policy."""
    policy = Policy(overlap=max, same=NEVER._same)

    assert pickle.loads(pickle.dumps(policy)) == policy
    assert copy.copy(policy) == policy
    assert copy.deepcopy(policy) == policy


@pytest.mark.parametrize("name", Hooks._fields)
def test_what_cannot_be_called_is_no_hook(name):
    """The error names the hook."""
    with pytest.raises(HookResultError, match=f"hook {name} is 3, want a callable or None"):
        Policy(**{name: 3})


def test_the_model_itself_takes_back_what_fails():
    """A check of the checker: the dense model is as before if a hook raises."""
    model = Model()
    model.set(0, 8, "a")
    before = model.pieces()

    def refuse(whole: Any, at: int) -> Any:
        raise ValueError

    with pytest.raises(ValueError):
        model.set(2, 4, "b", hooks=Hooks(split=refuse))
    assert model.pieces() == before
