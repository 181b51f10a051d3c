"""Items that meet, in one sweep: the same list as a loop of `add`, with no more questions."""

from itertools import combinations, product
from operator import add
from random import Random

import pytest

from rangelist import ALWAYS, EQUAL, IDENTITY, NEVER, Policy, RangeList, UnorderedKeyError
from rangelist.bag import RangeBag

SPANS = list(combinations(range(5), 2))
STOCK = [EQUAL, IDENTITY, NEVER, ALWAYS]
HOOKS = [add, max, lambda old, new: old, lambda old, new: (old * 7 + new) % 3]


def by_loop(items, policy, overlap):
    """The list that a loop of `add` makes."""
    rl = RangeList(policy=policy.replace(overlap=overlap))
    for item in items:
        rl.add(*item)
    return rl


def contents(rl):
    """Spans and values."""
    return [tuple(node) for node in rl]


def counting(hook):
    """A hook and the list of its questions."""
    asked = []

    def ask(old, new):
        asked.append((old, new))
        return hook(old, new)

    return ask, asked


@pytest.mark.parametrize("policy", STOCK, ids=repr)
def test_every_three_spans_on_five_points_give_what_a_loop_of_add_gives(policy):
    for spans in product(SPANS, repeat=3):
        items = [(a, b, value) for (a, b), value in zip(spans, (1, 2, 4), strict=True)]
        for hook in HOOKS:
            made = RangeList.build(items, policy=policy, overlap=hook)
            made.check()
            assert contents(made) == contents(by_loop(items, policy, hook)), items


@pytest.mark.parametrize("seed", range(30))
def test_random_items_give_what_a_loop_of_add_gives(seed):
    draw = Random(seed)
    items = []
    for value in range(draw.randrange(1, 80)):
        start = draw.randrange(40)
        items.append((start, start + draw.randrange(1, 30), str(value % 7)))
    for policy, hook in product(STOCK, (add, min, lambda old, new: new)):
        made = RangeList.build(items, policy=policy, overlap=hook)
        assert contents(made) == contents(by_loop(items, policy, hook))
        assert made.policy == policy


@pytest.mark.parametrize("seed", range(10))
def test_the_hook_is_asked_no_more_often_than_by_the_loop(seed):
    draw = Random(seed)
    items = [
        (a, a + draw.randrange(1, 50), 1 << i) for i, a in enumerate(draw.choices(range(99), k=60))
    ]
    hook, asked = counting(add)
    RangeList.build(items, policy=NEVER, overlap=hook)
    loop, by_the_loop = counting(add)
    by_loop(items, NEVER, loop)
    assert len(asked) <= len(by_the_loop)


def test_the_hook_only_sees_values_that_meet():
    items = [(0, 10, "c"), (0, 5, "a"), (5, 10, "b"), (0, 10, "d")]
    hook, asked = counting(add)
    RangeList.build(items, overlap=hook)
    assert ("c", "d") not in asked


def test_nested_items_take_one_question_each():
    n = 500
    hook, asked = counting(max)
    RangeList.build([(i, 2 * n - i, i) for i in range(n)], overlap=hook)
    assert len(asked) < n


@pytest.mark.parametrize(
    "policy",
    [
        Policy(same=lambda left, right: left.value == right.value),
        Policy(merge=lambda left, right: left.value + right.value),
        Policy(split=lambda node, at: (node.value, node.value + 10)),
        Policy(yields=lambda node: True),
    ],
)
def test_other_hooks_are_asked_as_by_the_loop(policy):
    items = [(0, 6, 1), (4, 9, 2), (2, 5, 3), (9, 12, 2)]
    made = RangeList.build(items, policy=policy, overlap=add)
    assert contents(made) == contents(by_loop(items, policy, add))


def test_a_bag_is_flattened_by_the_same_sweep():
    bag = RangeBag([(4, 9, 2), (0, 6, 1), (5, 7, 4)])
    policy = Policy(overlap=add)
    assert contents(bag.flatten(policy)) == contents(by_loop(bag._by_age(), EQUAL, add))
    assert contents(bag.flatten()) == contents(RangeList([(4, 9, 2), (0, 6, 1), (5, 7, 4)]))


def test_an_error_of_the_hook_comes_through():
    def refuse(old, new):
        raise TypeError("no sum")

    with pytest.raises(TypeError, match="no sum"):
        RangeList.build([(0, 5, 1), (3, 8, 2)], overlap=refuse)


def test_keys_without_an_order_are_named():
    with pytest.raises(UnorderedKeyError, match="'b'"):
        RangeList.build([(0, 5, 1), ("a", "b", 2)], overlap=add)


def test_no_items_make_an_empty_list():
    assert len(RangeList.build([], overlap=add)) == 0
