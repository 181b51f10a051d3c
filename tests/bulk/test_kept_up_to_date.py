"""What is kept beside the directory, node counts and gap lengths, agrees with it after any change."""

from random import Random

import numpy as np
import pytest

from rangelist import NEVER, RangeList
from rangelist.bag import RangeBag
from rangelist.chain import Chain
from rangelist.errors import PositionError
from rangelist.lengths import lengths_in


def made(limit, nodes):
    """A list with short blocks."""
    rl = RangeList(policy=NEVER)
    rl._chain = Chain(limit)
    for i in range(nodes):
        rl.set(10 * i, 10 * i + 4, i)
    return rl


def change(draw, rl):
    """Do one random change."""
    what, at = draw.randrange(7), draw.randrange(600)
    node = rl.nth(draw.randrange(len(rl))) if len(rl) else None
    if what == 0 or node is None:
        rl.set(at, at + draw.randrange(1, 30), at)
    elif what == 1:
        rl.delete(node)
    elif what == 2:
        place = rl.find_gap(
            draw.randrange(1, 9), 0, 10**4, fit=draw.choice(["first", "best", "last"])
        )
        rl.insert(place.start, place.stop, at)
    elif what == 3:
        rl.remove(at, at + draw.randrange(1, 80))
    elif what == 4 and node.stop - node.start > 1:
        rl.resize(node, stop=node.stop - 1)
    elif what == 5:
        rl.fill(at, at + 9, at)
    else:
        rl.split(node.start + 1) if node.stop - node.start > 1 else None


def counts_agree(some):
    """Positions count the nodes from both ends, and ranks those before a key."""
    nodes = list(some)
    assert [some.nth(i) for i in range(len(nodes))] == nodes
    assert [some.nth(-1 - i) for i in range(len(nodes))] == nodes[::-1]
    assert [some.rank(node.start) for node in nodes] == [
        sum(other.start < node.start for other in nodes) for node in nodes
    ]
    for i in (len(nodes), -1 - len(nodes)):
        with pytest.raises(PositionError, match=f"from {-len(nodes)} to {len(nodes) - 1}"):
            some.nth(i)


def lengths_agree(rl):
    """Lengths, the longest, the order and the tree are those of a fresh measure."""
    summary = rl._gap_lengths().summary
    summary.refresh()
    for b in range(len(rl._chain.nodes)):
        lengths = summary.details[b]
        fresh = lengths_in(rl._chain, b)
        assert lengths.row == fresh
        assert lengths.longest() == summary.peaks.levels[0][b] == max(fresh)
        assert lengths.ordered == sorted(fresh)[rl._chain.nodes[b][0]._prev is None :]


@pytest.mark.parametrize("limit", [4, 8, 32])
@pytest.mark.parametrize("seed", range(6))
def test_counts_and_lengths_agree_after_every_change(limit, seed):
    draw = Random(seed)
    rl = made(limit, 40)
    for step in range(250):
        change(draw, rl)
        if step % 3 == 0:
            lengths_agree(rl)
        if step % 10 == 0:
            counts_agree(rl)
    rl.check()


def test_counts_agree_without_any_search():
    rl = made(4, 20)
    counts_agree(rl)
    for i in range(200):  # blocks come and go, and nothing else reads the notes
        rl.set(1000 + 10 * i, 1004 + 10 * i, i)
        rl.delete(rl.first)
        rl.nth(0)
    counts_agree(rl)
    assert len(rl._chain.stale.blocks) < 30


def test_counts_of_a_bag_agree_after_every_change():
    draw = Random(7)
    bag = RangeBag((a, a + 9, a) for a in range(0, 900, 2))
    for _ in range(300):
        bag.add(draw.randrange(900), 1000, "new")
        bag.delete(bag.nth(draw.randrange(len(bag))))
        bag.count(3, 8)
    counts_agree(bag)


def test_an_empty_list_has_no_positions():
    counts_agree(RangeList())
    counts_agree(RangeBag())


def test_searches_in_an_unchanged_block_lay_its_tree_again():
    rl = made(256, 200)
    assert rl.find_gap(6).start == 4
    rl.delete(rl.nth(100))
    lengths = rl._gap_lengths().summary.details[0]
    for _ in range(5):
        assert rl.find_gap(7) == (994, 1001)
        assert rl.find_gap(7, fit="last") == (1003, 1010)
    assert lengths._peaks is not None


@pytest.mark.parametrize("kind", [RangeList, RangeBag])
def test_columns_are_searched_in_the_list_of_now(kind):
    """What is kept for a column of questions ends with any change, of a value too."""
    some = kind((10 * i, 10 * i + 6, i) for i in range(300))
    keys = np.arange(0, 3000, 7)
    for step in range(4):
        if kind is RangeList:
            assert some.get_many(keys) == [some.get(key) for key in keys.tolist()]
            some.replace(some.nth(50), "changed")
            assert some.get_many(keys) == [some.get(key) for key in keys.tolist()]
            some.set(15 + step, 500, step)
        else:
            some.add(15 + step, 500, step)
        if kind is RangeBag:
            ends = keys + 5
            windows = zip(keys.tolist(), ends.tolist(), strict=True)
            assert some.count_many(keys, ends) == [some.count(a, b) for a, b in windows]
        some.delete(some.nth(3))


def test_lengths_that_do_not_fit_their_block_are_measured_anew():
    """As when a search in another thread has taken a note away."""
    rl = made(32, 20)
    assert rl.find_gap(6).start == 4
    rl._chain.noted().add(id(rl._chain.nodes[0]), 0, 1)
    assert rl.find_gap(6).start == 4
    lengths_agree(rl)


def test_a_column_is_counted_twice_in_the_same_arrays():
    bag = RangeBag((10 * i, 10 * i + 16, i) for i in range(300))
    keys = np.arange(0, 3000, 7)
    assert bag.count_many(keys, keys + 5) == bag.count_many(keys, keys + 5)
