"""What Python expects of a container: pickle, copy, deepcopy, repr, hash, sub-classes, constructors."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import tracemalloc
import weakref
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

import rangelist
import rangelist.errors
from core.rows import given, shown
from rangelist import (
    ALWAYS,
    COMPILED,
    EQUAL,
    NEVER,
    History,
    Piece,
    Policy,
    RangeBag,
    RangeList,
)
from rangelist.errors import EmptySpanError, ItemError, OverlapError, UnorderedKeyError

LISTS = [
    RangeList(),
    given("AaBb..Cc"),
    given("AaAa", NEVER),
    RangeList([(0, 2, None), (2, 4, "a b"), (9, 10, ("x",))]),
    RangeList([("a", "b", 1.5)], policy=ALWAYS),
    RangeList([(rangelist.NEG_INF, 0, "a"), (rangelist.after(0), rangelist.POS_INF, "b")]),
]


class Named(RangeList[int, str]):
    """A sub-class with a constructor and a state of its own."""

    def __init__(self, name: str, items: Any = (), *, policy: Any = EQUAL) -> None:
        self.name = name
        self.notes: list[str] = []
        super().__init__(items, policy=policy)

    def total(self) -> int:
        return sum(node.stop - node.start for node in self)


def named() -> Named:
    rl = Named("n", [(0, 4, "a"), (6, 8, "b")], policy=NEVER)
    rl.notes.append("note")
    return rl


def same_list(one: RangeList[Any, Any], other: RangeList[Any, Any]) -> bool:
    one.check()
    return (
        one == other
        and type(one) is type(other)
        and one.policy == other.policy
        and all(x is not y for x, y in zip(one, other, strict=True))
    )


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("rl", LISTS, ids=repr)
def test_pickle_keeps_everything(rl, protocol):
    """Every protocol; cuts and policy included; no node is shared."""
    assert same_list(pickle.loads(pickle.dumps(rl, protocol)), rl)


@pytest.mark.parametrize("rl", LISTS, ids=repr)
def test_copies_are_lists_of_their_own(rl):
    """copy(), copy.copy, copy.deepcopy, the constructor under NEVER."""
    for twin in (rl.copy(), copy.copy(rl), copy.deepcopy(rl)):
        assert same_list(twin, rl)
        twin.clear()
    assert RangeList(rl, policy=NEVER) == rl


@pytest.mark.parametrize("rl", LISTS, ids=repr)
def test_repr_reads_back(rl):
    """With the names of the package at hand."""
    twin = eval(repr(rl), vars(rangelist))
    assert twin == rl and twin.policy == rl.policy


def test_a_copy_shares_values_and_a_deep_copy_does_not():
    """As Python means the words; equal objects stay one object in the deep copy."""
    value = [1]
    rl: RangeList[int, list[int]] = RangeList([(0, 2, value), (4, 6, value)])

    assert rl.copy().first.value is value
    deep = copy.deepcopy(rl)
    assert deep.first.value is deep.last.value is not value


def test_a_deep_copy_of_a_list_that_holds_itself_ends():
    """The memo is asked before anything is copied twice."""
    rl: RangeList[int, Any] = RangeList(policy=NEVER)
    rl.set(0, 2, rl)

    twin = copy.deepcopy(rl)

    assert twin.first.value is twin


def test_a_deep_copy_copies_keys_and_hooks():
    """A callable object as a hook is copied as well; stock policies stay equal to themselves."""

    class Counting:
        def __init__(self) -> None:
            self.asked = 0

        def __call__(self, left: Any, right: Any) -> bool:
            self.asked += 1
            return False

    hook = Counting()
    rl: RangeList[int, str] = RangeList([(0, 2, "a"), (2, 4, "a")], policy=Policy(same=hook))
    twin = copy.deepcopy(rl)
    twin.set(4, 6, "a")
    assert hook.asked == 1


def test_what_listens_to_a_list_does_not_listen_to_its_copy():
    """Subscribers, open transactions and histories stay with the original."""
    rl = given("Aa")
    history = History(rl)
    with rl.transaction():
        rl.set(2, 4, "b")
        twins = [rl.copy(), copy.deepcopy(rl), pickle.loads(pickle.dumps(rl))]
    for twin in twins:
        twin.clear()
        twin.set(0, 1, "x")
    assert len(history.done) == 1 and shown(rl) == "AaBb"


@pytest.mark.parametrize(
    "make",
    [
        lambda rl: rl.copy(),
        copy.copy,
        copy.deepcopy,
        lambda rl: pickle.loads(pickle.dumps(rl)),
        lambda rl: rl[0:9],
        lambda rl: rl | [],
        lambda rl: rl & rl,
        lambda rl: rl - [],
        lambda rl: rl ^ [],
    ],
)
def test_a_sub_class_is_kept_with_its_state(make):
    """Its constructor is not called: nobody knows its arguments."""
    rl = named()
    twin = make(rl)

    assert type(twin) is Named and twin.name == "n" and twin.notes == ["note"]
    assert twin == rl and twin.policy == NEVER and twin.total() == 6
    assert repr(twin) == "Named([(0, 4, 'a'), (6, 8, 'b')], policy=NEVER)"


def test_a_shallow_copy_shares_the_state_of_a_sub_class_and_a_deep_one_does_not():
    """As copy and deepcopy do with any object."""
    rl = named()
    assert copy.copy(rl).notes is rl.notes
    assert copy.deepcopy(rl).notes is not rl.notes


def test_results_of_other_values_keep_the_class_too():
    """combine and complement."""
    rl = named()
    assert type(rl.complement(0, 9)) is type(rl.combine([], lambda mine, _: 1)) is Named


def test_a_sub_class_may_override_a_verb_and_build_uses_the_class():
    """build makes a list of the class it is called on."""

    class Loud(RangeList[int, str]):
        pass

    made = Loud.build([(4, 6, "b"), (0, 4, "a")], policy=NEVER)
    assert type(made) is Loud and shown(made) == "AaaaBb" and made.policy is NEVER


def test_lists_are_unhashable():
    """They change; the error says which type."""
    with pytest.raises(TypeError, match="unhashable type: 'RangeList'"):
        hash(given("Aa"))
    with pytest.raises(TypeError, match="unhashable type: 'Named'"):
        {named()}


def test_sub_classes_can_be_referenced_weakly_but_no_node_can():
    """A registry beside a list is possible; a node would pay 8 bytes for it, in either build."""
    rl = named()
    assert weakref.ref(rl)() is rl
    with pytest.raises(TypeError, match="weak reference"):
        weakref.ref(rl.first)


@pytest.mark.parametrize("make", [RangeList, RangeList.build])
def test_items_may_come_from_anything(make):
    """A list, a generator that is used once, another list, pieces, nothing."""
    rl = given("AaBb")
    items = [(0, 2, "a"), (2, 4, "b")]
    for source in (items, iter(items), (item for item in items), rl, list(rl), rl.sweep(), rl[:]):
        assert make(source) == rl
    assert make(()) == make([]) == RangeList()


@pytest.mark.parametrize("make", [RangeList, RangeList.build])
def test_later_items_win(make):
    """As set would write them, one after the other."""
    assert shown(make([(0, 6, "a"), (2, 4, "b")])) == "AaBbAa"
    assert shown(make([(2, 4, "b"), (0, 6, "a")])) == "Aaaaaa"
    assert shown(make([(4, 6, "a"), (0, 2, "a"), (1, 5, "a")])) == "Aaaaaa"


def test_build_gives_what_the_constructor_gives():
    """Where sameness is equality, for every three items over a few points."""
    spans = [(0, 2), (1, 3), (2, 4), (0, 4), (1, 2)]
    for one in spans:
        for two in spans:
            for three in spans:
                items = [(*one, "a"), (*two, "b"), (*three, "a")]
                assert shown(RangeList.build(items)) == shown(RangeList(items)), items


@hypothesis.given(
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(1, 8)).map(lambda it: (it[0], it[0] + it[1])),
        max_size=12,
    )
)
def test_many_layers_give_what_the_constructor_gives(spans):
    """Deep piles, in which whoever is seen changes often; no two values are equal."""
    items = [(start, stop, number) for number, (start, stop) in enumerate(spans)]
    top = {point: value for start, stop, value in items for point in range(start, stop)}
    for policy in (EQUAL, NEVER):
        built = RangeList.build(items, policy=policy)
        built.check()
        assert {p: value for start, stop, value in built for p in range(start, stop)} == top
        assert list(map(tuple, built)) == list(map(tuple, RangeList(items, policy=policy)))


def test_items_of_any_kind_are_built_from():
    """Lists, named tuples, nodes of another list and tuples with more to them."""

    class Row(tuple):
        """A tuple that is iterated as it likes."""

        __slots__ = ()

        def __iter__(self):
            return iter((0, 2, "row"))

    node = RangeList([(4, 6, "node")]).first
    made = RangeList.build([[8, 9, "list"], Piece(6, 8, "piece"), node, Row()])
    assert [value for _, _, value in made] == ["row", "node", "piece", "list"]


def test_build_asks_the_split_hook_for_what_is_covered():
    """[0, 9) under [3, 5): cut twice."""
    policy: Policy[int, Any] = Policy(split=lambda node, at: (f"<{at}", f">{at}"))
    rl = RangeList.build([(0, 9, "a"), (3, 5, "b")], policy=policy)
    assert [tuple(node) for node in rl] == [(0, 3, "<3"), (3, 5, "b"), (5, 9, ">5")]


def test_build_asks_the_merge_hook_from_left_to_right():
    """It sees what has been joined so far, and the next."""
    seen = []

    def merge(left, right):
        seen.append((*left, *right))
        return left.value + right.value

    policy: Policy[int, Any] = Policy(same=lambda left, right: left.value[0] == "a", merge=merge)
    rl = RangeList.build([(4, 6, "b"), (0, 2, "a"), (2, 4, "a"), (6, 8, "a")], policy=policy)
    assert seen == [(0, 2, "a", 2, 4, "a"), (0, 4, "aa", 4, 6, "b"), (0, 6, "aab", 6, 8, "a")]
    assert [tuple(node) for node in rl] == [(0, 8, "aaba")]


@pytest.mark.parametrize("make", [RangeList, RangeList.build])
def test_bad_items_are_refused(make):
    """An empty span; too few values; keys of two kinds, though each span is fine."""
    with pytest.raises(EmptySpanError):
        make([(0, 2, "a"), (3, 3, "b")])
    for hidden in ((3, 3, "b"), (5, 3, "b")):
        with pytest.raises(EmptySpanError):
            make([(0, 6, "a"), hidden, (1, 9, "c")])
    for item in ((), (0,), (0, 1, 2, 3), 5, None, "ab", "abc", {0: 1, 2: 3}):
        with pytest.raises(ItemError, match="no item, want"):
            make([item])
    with pytest.raises(UnorderedKeyError, match="cannot order keys"):
        make([(0, 2, "a"), ("x", "y", "b")])


def test_a_hundred_thousand_nodes_are_pickled_without_recursion():
    """The chain is not pickled link by link; a million are for `make test-long`."""
    rl = RangeList.build([(2 * n, 2 * n + 1, n) for n in range(100_000)])
    twin = pickle.loads(pickle.dumps(rl))
    assert twin == rl and len(copy.deepcopy(rl[0:20_000])) == 10_000
    twin.check()


def test_the_errors_are_what_their_names_say():
    """One root; each leaf is also the nearest built-in error; what they say is a sentence."""
    names = [name for name in vars(rangelist) if name.endswith("Error")]
    for name in names:
        kind = getattr(rangelist, name)
        assert issubclass(kind, rangelist.RangeListError) and kind.__doc__
    for kind, base in [
        (rangelist.EmptySpanError, ValueError),
        (rangelist.OverlapError, ValueError),
        (rangelist.GapError, ValueError),
        (rangelist.NotTouchingError, ValueError),
        (rangelist.StaleNodeError, ValueError),
        (rangelist.MissingKeyError, KeyError),
        (rangelist.ReentrancyError, RuntimeError),
        (rangelist.UnorderedKeyError, TypeError),
        (rangelist.errors.HookResultError, TypeError),
        (rangelist.LengthError, TypeError),
    ]:
        assert issubclass(kind, base)
    assert issubclass(rangelist.errors.NanKeyError, rangelist.EmptySpanError)
    assert issubclass(rangelist.errors.InvalidNodeError, rangelist.StaleNodeError)
    with pytest.raises(OverlapError) as caught:
        given("Aa").insert(0, 1, "b")
    assert pickle.loads(pickle.dumps(caught.value)).args == caught.value.args


class Owner:
    """Keeps marks, each of which knows its owner."""

    def __init__(self, marks: Any) -> None:
        self.marks = marks


@pytest.mark.parametrize("kind", [RangeList, RangeBag])
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_list_is_pickled_with_values_that_refer_to_it(kind, protocol):
    """As a list of Python is: the state comes after the object."""
    owner = Owner(kind())
    owner.marks.__init__([(0, 4, owner), (6, 8, owner.marks)])

    marks = pickle.loads(pickle.dumps(owner.marks, protocol))

    first, second = marks
    assert first.value.marks is marks
    assert second.value is marks
    marks.check()


@pytest.mark.parametrize("kind", [RangeList, RangeBag])
def test_a_list_that_holds_itself_can_be_shown(kind):
    """As a list of Python is."""
    made = kind()
    made.__init__([(0, 4, made)])
    name = kind.__name__

    assert repr(made) == f"{name}([(0, 4, {name}([...]))])"


# ---- what an import and an empty list cost -------------------------------------------------------


def test_classes_that_few_use_are_loaded_when_first_asked_for():
    """`dir` and a star import see them all the same."""
    script = (
        "import sys, rangelist as r; later = {'rangelist.bag', 'rangelist.history', 'rangelist.shared'};"
        "assert set(r.__all__) <= set(dir(r)); assert not later & set(sys.modules);"
        "from rangelist import *; assert later <= set(sys.modules); assert History is r.History"
    )
    subprocess.run([sys.executable, "-c", script], check=True)

    with pytest.raises(AttributeError, match="'rangelist' has no attribute 'RangeHat'"):
        rangelist.RangeHat


@pytest.mark.skipif(COMPILED, reason="compiled objects have other sizes")
def test_an_empty_list_is_small():
    lists = [None] * 1000
    RangeList()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for n in range(1000):
            lists[n] = RangeList()
        size = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert size / 1000 <= 250
