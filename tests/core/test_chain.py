"""The chain and its chain: every block limit, blocks that split, join and vanish, and `check`."""

from __future__ import annotations

import gc
import weakref
from random import Random
from typing import Any

import pytest

from rangelist import EQUAL, NEVER, Node, RangeList
from rangelist.chain import Chain
from rangelist.checks import check_chain
from rangelist.directory import LIMIT
from rangelist.node import Piece

SMALLEST = 4


def chain_of(*starts: int, limit: int = SMALLEST) -> Chain[int, str]:
    chain: Chain[int, str] = Chain(limit)
    chain.fill([Node(start, start + 1, "x") for start in starts])
    return chain


def list_of(count: int, limit: int = SMALLEST) -> RangeList[int, int]:
    rl: RangeList[int, int] = RangeList()
    rl._chain.limit = limit
    for n in range(count):
        rl.insert(2 * n, 2 * n + 1, n)
    return rl


def splice(chain: Chain[Any, Any], b: int, i: int, old: list[Any], new: list[Any]) -> None:
    """Exchange runs of nodes that keep their borders and values."""
    shapes = [(node, node.start, node.stop, node.value) for node in new]
    left = old[0]._prev if old else chain.around(b, i)[0]
    chain.splice(b, i, left, old, shapes, (), "")


@pytest.mark.parametrize("limit", [4, 5, 7, 16, LIMIT])
@pytest.mark.parametrize("order", ["up", "down", "shuffled", "inside out"])
def test_any_order_of_insertion_gives_a_sound_chain(order, limit):
    """Blocks split at the front, at the back, in the middle; every key is found afterwards."""
    keys = list(range(0, 300, 3))
    if order == "down":
        keys.reverse()
    elif order == "shuffled":
        Random(1).shuffle(keys)
    elif order == "inside out":
        keys.sort(key=lambda key: abs(key - 150))
    rl: RangeList[int, int] = RangeList()
    rl._chain.limit = limit
    for key in keys:
        rl.insert(key, key + 2, key)
        rl.check()

    assert [node.start for node in rl] == list(range(0, 300, 3))
    for key in range(-2, 304):
        node = rl.at(key)
        assert (node is not None) == (0 <= key < 299 and key % 3 < 2)
        assert node is None or node.value == key // 3 * 3
    sizes = [len(block) for block in rl._chain.nodes]
    assert max(sizes) <= limit
    assert limit == LIMIT or len(sizes) > 1


@pytest.mark.parametrize("limit", [4, 5, 7, 16])
@pytest.mark.parametrize("seed", range(4))
def test_blocks_are_joined_again_when_they_run_empty(seed, limit):
    """Removing in any order leaves no block empty, and not many short ones."""
    rl = list_of(120, limit)
    nodes = list(rl)
    Random(seed).shuffle(nodes)
    for node in nodes[:-5]:
        rl.delete(node)
        rl.check()
    assert len(rl._chain.nodes) <= 5
    for node in nodes[-5:]:
        rl.delete(node)
        rl.check()
    assert rl._chain.nodes == rl._chain.starts == rl._chain.firsts == []


def test_two_short_blocks_side_by_side_are_joined():
    """Both together fill half a block: no more than twice the blocks that are needed."""
    rl = list_of(40, 16)
    for node in list(rl)[::2] + list(rl)[1::4]:
        rl.delete(node)
        rl.check()
    sizes = [len(block) for block in rl._chain.nodes]
    assert all(a + b > 8 or max(a, b) > 4 for a, b in zip(sizes, sizes[1:], strict=False)), sizes


@pytest.mark.parametrize("take", range(13))
@pytest.mark.parametrize("put", [0, 1, 2, 9])
@pytest.mark.parametrize("at", range(5))
def test_a_splice_exchanges_any_run_for_any_other(at, take, put):
    """Runs that begin and end in any block, and reach over several of them."""
    chain = chain_of(*range(0, 1200, 100))
    before = list(chain)
    take = min(take, 12 - at)
    b, i = chain.place_of(before[at])
    old = before[at : at + take]
    new = [Node(100 * at + 1 + n, 100 * at + 2 + n, "new") for n in range(put)]
    if not take:
        new = [Node(100 * at - 50 + n, 100 * at - 49 + n, "new") for n in range(put)]

    splice(chain, b, i, old, new)

    check_chain(chain)
    assert list(chain) == before[:at] + new + before[at + take :]
    assert all(node._home is None and node.prev is node.next is None for node in old)
    assert chain.size == 12 - take + put


def test_nothing_can_be_exchanged_for_nothing():
    """Also in an empty chain, which has no block to do it in."""
    for chain in (Chain[int, str](SMALLEST), chain_of(1, 2, 3)):
        before = list(chain)
        splice(chain, 0, 0, [], [])
        check_chain(chain)
        assert list(chain) == before


def test_a_splice_may_keep_nodes_of_the_old_run():
    """What is in both runs stays alive."""
    chain = chain_of(*range(0, 1200, 100))
    nodes = list(chain)

    splice(chain, *chain.place_of(nodes[3]), nodes[3:6], nodes[4:5])

    check_chain(chain)
    assert nodes[4].alive and not nodes[3].alive and not nodes[5].alive


@pytest.mark.parametrize("limit", [SMALLEST, 40, 300])
def test_a_run_ends_before_the_first_start_that_is_not_lower(limit):
    """From every place and up to every key, near and far, also behind the last node."""
    chain = chain_of(*range(0, 200, 2), limit=limit)
    flat = list(chain)
    b = i = 0
    for at in range(len(flat)):
        for stop in range(2 * at - 1, 203):
            assert chain.run(b, i, stop) == flat[at : max(at, (stop + 1) // 2)]
        assert chain.run(b, i, None) == flat[at:]
        i += 1
        if i == len(chain.nodes[b]):
            b, i = b + 1, 0
    assert chain.run(b, i, 500) == []


@pytest.mark.parametrize("by", range(13))
def test_advance_counts_nodes_across_blocks(by):
    """The place it gives is where a splice would begin."""
    chain = chain_of(*range(12))
    b, i = chain.advance(0, 0, by)
    flat = sum(len(block) for block in chain.nodes[:b]) + i
    assert flat == by and 0 <= i < len(chain.nodes[b]) + (by == 12)


def test_advance_by_nothing_needs_no_block():
    """In an empty chain there is none."""
    assert Chain().advance(0, 0, 0) == (0, 0)


def test_a_node_is_found_by_identity_if_comparing_does_not_find_it():
    """Equal starts, a start that was changed, a comparison that raises: it must not fail."""

    class Sulky(int):
        sulk = False

        def __lt__(self, other: Any) -> bool:
            if Sulky.sulk:
                raise RuntimeError
            return int(self) < int(other)

        def __gt__(self, other: Any) -> bool:
            return not self < other

    chain: Chain[Sulky, str] = Chain(SMALLEST)
    chain.fill([Node(Sulky(n), Sulky(n + 1), "x") for n in range(9)])
    nodes = list(chain)
    Sulky.sulk = True
    assert [chain.place_of(node) for node in nodes] == [(n // 2, n % 2) for n in range(9)]

    twins = chain_of(1, 1, 1, 1, 1)
    assert [twins.place_of(node) for node in twins] == [(n // 2, n % 2) for n in range(5)]

    with pytest.raises(LookupError, match="is not in this directory"):
        chain_of(1, 2, 3).place_of(Node(2, 3, "other"))


def test_equal_starts_keep_the_order_of_insertion():
    """As a bag needs it: floor gives the last, below the one before all of them."""
    chain: Chain[int, str] = Chain(SMALLEST)
    for name in "abcdefg":
        b, i = chain.find(5)
        chain.insert_at(b, i + 1, *chain.around(b, i + 1), Node(5, 9, name), "")
    check_chain(chain)

    assert "".join(node.value for node in chain) == "abcdefg"
    assert chain.floor(5).value == "g" and chain.below(5) is None


def test_an_empty_chain_answers():
    """No block, no node, nothing to find."""
    chain: Chain[int, str] = Chain()
    check_chain(chain)
    assert chain.find(3) == (0, -1)
    assert chain.floor(3) is chain.below(3) is chain.head is chain.tail is None
    assert list(chain) == []


# ---- check says what is wrong --------------------------------------------------------------------


def broken(how: str) -> RangeList[int, int]:
    """A list of nine nodes in three blocks, with one thing wrong."""
    rl = list_of(9)
    chain = rl._chain
    second = rl.first.next
    match how:
        case "size":
            chain.size += 1
        case "prev":
            second._prev = None
        case "next":
            second._next = second._next._next
        case "home":
            second._home = Chain()
        case "empty node":
            second._stop = second._start
        case "order":
            second._start, second._stop = 90, 91
        case "overlap":
            second._stop += 5
        case "starts":
            chain.starts[-1][-1] = 10**6
        case "short starts":
            chain.starts[0].clear()
        case "firsts":
            chain.firsts[1] = 10**6
        case "ragged":
            chain.firsts.append(10**6)
        case "empty block":
            chain.nodes.append([])
            chain.starts.append([])
            chain.firsts.append(10**6)
        case "long block":
            chain.limit = 1
        case "other node":
            chain.nodes[-1][-1] = Node(16, 17, 8)
    return rl


FAULTS = {
    "size": "size is 10, the chain has 9 nodes",
    "prev": "prev of <node .* is wrong",
    "next": "size is 9, the chain has 8 nodes",
    "home": "belongs elsewhere",
    "empty node": "is empty",
    "order": "out of order",
    "overlap": "overlap",
    "starts": "other starts than the nodes",
    "short starts": "other starts than the nodes",
    "firsts": "the directory says 1000000 for",
    "ragged": "the directory is ragged",
    "empty block": "a block has 0 nodes",
    "long block": "a block has .* nodes",
    "other node": "the directory holds other nodes than the chain",
}


@pytest.mark.parametrize("how", FAULTS)
def test_check_finds_every_kind_of_damage(how):
    """A checker that has never said no is no checker."""
    with pytest.raises(AssertionError, match=FAULTS[how]):
        broken(how).check()


# ---- memory -------------------------------------------------------------------------------------


class Value:
    """Something that can be watched."""


@pytest.mark.parametrize("how", ["clear", "drop", "remove", "merge"])
def test_nothing_is_kept_alive(how):
    """After clear(), dropping the list, or removing, one garbage collection frees every node."""
    rl: RangeList[int, Value] = RangeList(policy=NEVER)
    for n in range(20):
        rl.insert(n, n + 1, Value())
    watched = [weakref.ref(node.value) for node in rl]  # a node is what keeps its value alive
    keep: list[Any] = [rl]
    match how:
        case "clear":
            rl.clear()
        case "drop":
            keep.clear()
        case "remove":
            rl.remove(0, 20)
        case "merge":
            for _ in range(19):
                rl.merge(rl.first, rl.first.next, Value())
            rl.delete(rl.first)
    del rl
    gc.collect()

    assert [ref() for ref in watched if ref() is not None] == []


def test_a_removed_node_is_freed_without_a_garbage_collection():
    """Its links are cut, so it is part of no cycle."""
    rl = RangeList([(n, n + 1, Value()) for n in range(5)])
    node = rl.first.next
    watched = weakref.ref(node.value)
    gc.disable()
    try:
        rl.delete(node)
        del node
        assert watched() is None
    finally:
        gc.enable()


def test_dropping_a_long_chain_does_not_overflow_the_stack():
    """Each node holds the next one: freeing must not recurse."""
    rl = RangeList.build((n, n + 1, n) for n in range(200_000))
    assert len(rl) == 200_000
    del rl
    gc.collect()


def test_a_node_shows_what_it_is():
    """Unpacks, compares by identity, shows its span."""
    node: Node[int, str] = Node(1, 3, "a")
    start, stop, value = node

    assert (start, stop, value) == (1, 3, "a")
    assert (node.start, node.stop, node.value, node.prev, node.next) == (1, 3, "a", None, None)
    assert node != Node(1, 3, "a") and node == node and len({node, Node(1, 3, "a")}) == 2
    assert repr(node) == "<dead node [1, 3) = 'a'>"
    assert Piece(*node) == (1, 3, "a")


@pytest.mark.parametrize("name", ["start", "stop", "value", "prev", "next", "alive", "other"])
def test_a_node_is_read_only_from_outside(name):
    """The list's verbs change it."""
    rl = RangeList([(0, 3, "a")], policy=EQUAL)
    with pytest.raises(AttributeError):
        setattr(rl.first, name, 1)


def test_a_chain_that_runs_in_a_ring_is_told():
    """The check itself comes to an end."""
    chain: Chain[int, str] = Chain()
    chain.fill([Node(i, i + 1, "a") for i in range(5)])
    assert chain.head is not None and chain.tail is not None
    chain.tail._next = chain.head
    with pytest.raises(AssertionError, match="size is 5, the chain has 6"):
        check_chain(chain)
