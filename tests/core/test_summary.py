"""The tree of the largest, and the summary that is brought up to date lazily."""

import random
from itertools import product
from math import log

import pytest

from rangelist.chain import Chain
from rangelist.directory import Notes
from rangelist.node import Node
from rangelist.summary import FAN, Peaks, Summary


def left_of(chain, b, i):
    """The node before a place."""
    if i > 0:
        return chain.nodes[b][i - 1]
    return chain.nodes[b - 1][-1] if b > 0 else None


def splice(chain, b, i, old, new):
    """Exchange runs of nodes that keep their borders and values."""
    shapes = [(node, node.start, node.stop, node.value) for node in new]
    left = old[0]._prev if old else left_of(chain, b, i)
    chain.splice(b, i, left, old, shapes, (), "")


def amend(chain, b, i, start=None, stop=None):
    """Move a border of one node."""
    node = chain.nodes[b][i]
    start = node._start if start is None else start
    stop = node._stop if stop is None else stop
    chain.amend_at(b, i, start, stop, node._value, "")


class Counted:
    """A value that counts how often it is asked `<`, and can answer nothing else."""

    asked = 0
    fails_at = -1

    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        Counted.asked += 1
        if Counted.asked == Counted.fails_at:
            raise ZeroDivisionError("the k-th comparison")
        return self.value < other.value

    def __sub__(self, other):
        raise AssertionError("no arithmetic is wanted here")


@pytest.fixture(autouse=True)
def _fresh_count():
    Counted.asked, Counted.fails_at = 0, -1


def agree_with_a_scan(row, values):
    """Compare every question about a row with looking at each of its values."""
    peaks = Peaks(list(row))
    n = len(row)
    for wanted in values:
        reached = [at for at in range(n) if row[at] >= wanted]
        above = [at for at in range(n) if row[at] > wanted]
        for at in range(n + 1):
            assert peaks.first(at, wanted) == min((x for x in reached if x >= at), default=-1)
            assert peaks.first(at, wanted, True) == min((x for x in above if x >= at), default=-1)
        for at in range(-1, n):
            assert peaks.last(at, wanted) == max((x for x in reached if x <= at), default=-1)
            assert peaks.last(at, wanted, True) == max((x for x in above if x <= at), default=-1)
    for low in range(n):
        for high in range(low + 1, n + 1):
            assert peaks.largest(low, high) == max(row[low:high])


def test_every_short_row_answers_as_a_scan_does():
    """All rows of up to five values out of three."""
    for n in range(6):
        for row in product(range(3), repeat=n):
            agree_with_a_scan(row, range(-1, 4))


@pytest.mark.parametrize("n", [FAN - 1, FAN, FAN + 1, FAN * FAN - 1, FAN * FAN, FAN * FAN + 1])
def test_rows_at_the_edges_of_families_answer_as_a_scan_does(n):
    """Where a level has just one value more or less than a full one."""
    rnd = random.Random(n)
    for top in (1, 3, n):
        agree_with_a_scan([rnd.randint(0, top) for _ in range(n)], range(-1, min(top, 5) + 2))


def test_an_exchange_gives_the_tree_of_the_new_row():
    """Nothing above is left as it was before."""
    rnd = random.Random(4)
    for n in (1, 2, FAN, 70, 600):
        row = [rnd.randint(0, 9) for _ in range(n)]
        peaks = Peaks(list(row))
        for _ in range(30):
            at, value = rnd.randrange(n), rnd.randint(0, 9)
            row[at] = value
            peaks.exchange(at, value)
            assert peaks.levels == Peaks(list(row)).levels


def test_of_equal_values_the_left_one_is_the_largest():
    """The object itself counts, for whoever measures more than a number."""
    row = [Counted(3), Counted(5), Counted(5)]
    assert Peaks(row).levels[-1][0] is row[1]


@pytest.mark.parametrize("n", [10**2, 10**3, 10**4, 10**5])
def test_a_question_asks_for_log_n_values(n):
    """At most a family up and a family down at each level, also where nothing is found."""
    peaks = Peaks([Counted(0) for _ in range(n - 1)] + [Counted(1)])
    bound = 2 * FAN * (log(n, FAN) + 1)
    for ask in (
        lambda: peaks.first(1, Counted(1)),
        lambda: peaks.first(n // 3, Counted(2)),
        lambda: peaks.last(n - 2, Counted(1)),
        lambda: peaks.largest(1, n - 1),
        lambda: peaks.exchange(n // 2, Counted(7)),
    ):
        Counted.asked = 0
        ask()
        assert Counted.asked <= bound


# ---- the summary of an chain ---------------------------------------------------------------------


def stops_of(chain, b):
    """Measure the furthest stop of a block, and note that it was asked."""
    measured.append(b)
    best = chain.nodes[b][0]._stop
    for node in chain.nodes[b][1:]:
        best = max(best, node._stop)
    return best, [node._stop for node in chain.nodes[b]]


measured: list[int] = []


def made(n, limit):
    """Return an chain of n nodes, and its summary."""
    measured.clear()
    chain = Chain(limit)
    chain.fill([Node(2 * at, 2 * at + 1, None) for at in range(n)])
    return chain, Summary(chain, stops_of)


def agrees(chain, summary):
    """Compare a refreshed summary with one that is made anew."""
    summary.refresh()
    fresh = [stops_of(chain, b) for b in range(len(chain.nodes))]
    assert summary.peaks.levels == Peaks([peak for peak, _ in fresh]).levels
    assert summary.details == [detail for _, detail in fresh]


@pytest.mark.parametrize("limit", [2, 3, 8])
def test_after_any_splices_a_summary_is_what_a_new_one_would_be(limit):
    """Random runs come and go; blocks are cut, joined, emptied."""
    rnd = random.Random(limit)
    for _ in range(60):
        chain, summary = made(rnd.randint(0, 30), limit)
        keys = 10**6
        for _ in range(25):
            flat = [(b, i) for b, block in enumerate(chain.nodes) for i in range(len(block))]
            at = rnd.randint(0, len(flat))
            take = min(len(flat) - at, rnd.choice([0, 0, 1, 2, 9]))
            b, i = flat[at] if at < len(flat) else (0, 0)
            if at == len(flat) and flat:
                b, i = flat[-1][0], flat[-1][1] + 1
            old = list(chain)[at : at + take]
            start = old[0]._start if old else keys
            new = [Node(start, rnd.randint(0, 99), None) for _ in range(rnd.choice([0, 1, 1, 7]))]
            splice(chain, b, i, old, new)
            if rnd.random() < 0.6:
                agrees(chain, summary)
        agrees(chain, summary)
        chain.splice(0, 0, None, list(chain), (), (), "")
        agrees(chain, summary)


def test_nothing_is_measured_again_where_nothing_changed():
    """One change, one block; at the end of a block also the next, whose first gap it is."""
    chain, summary = made(100, 10)
    summary.refresh()
    assert measured == list(range(20))
    measured.clear()
    summary.refresh()
    assert measured == []
    node = chain.nodes[7][2]
    splice(chain, 7, 2, [node], [Node(node._start, node._stop + 1, None)])
    summary.refresh()
    assert measured == [7]
    measured.clear()
    node = chain.nodes[7][4]
    splice(chain, 7, 4, [node], [Node(node._start, node._stop + 1, None)])
    summary.refresh()
    assert sorted(measured) == [7, 8]


def test_blocks_that_come_and_go_do_not_make_the_others_be_measured_again():
    """Ids tell which blocks stayed, whatever numbers they have now."""
    chain, summary = made(100, 10)
    summary.refresh()
    measured.clear()
    new = [Node(30, 31, None) for _ in range(10)]
    splice(chain, 3, 0, [], new)
    summary.refresh()
    assert sorted(measured) == [3, 4, 5]
    measured.clear()
    old = list(chain)[40:60]
    b, i = chain.place_of(old[0])
    splice(chain, b, i, old, [])
    summary.refresh()
    assert len(measured) <= 2
    agrees(chain, summary)


@pytest.mark.parametrize("limit", [4, 8])
def test_changes_of_one_node_are_noted_too(limit):
    """What is done without a splice, at both ends of a block and inside."""
    rnd = random.Random(limit)
    for _ in range(60):
        chain, summary = made(rnd.randint(1, 30), limit)
        summary.refresh()
        while chain.nodes:
            b = rnd.randrange(len(chain.nodes))
            i = rnd.randrange(len(chain.nodes[b]))
            node = chain.nodes[b][i]
            what = rnd.randrange(5)
            if what == 0:
                chain.insert_at(b, i + 1, *chain.around(b, i + 1), Node(node._start, node._stop + 50, None), "")
            elif what == 1:
                amend(chain, b, i, stop=node._stop + rnd.choice([-1, 100]))
            elif what == 2:
                amend(chain, b, i, start=node._start)
            else:
                chain.delete_at(b, i, "")
            agrees(chain, summary)


class Taken(Notes):
    """Notes that a search in another thread takes away just before one more is written down."""

    search = None

    def add(self, block, i, by):
        if self.search is not None:
            self.search, search = None, self.search
            search()
        super().add(block, i, by)


def test_a_note_that_comes_while_another_thread_takes_the_notes_is_not_lost():
    """The notes that are taken do not hold it yet, so its block is not measured."""
    chain, summary = made(100, 10)
    summary.refresh()
    chain.stale = summary._noted = Taken()
    chain.stale.lose(id(chain.nodes[1]))
    chain.stale.search = summary.refresh
    amend(chain, 7, 2, stop=999)
    agrees(chain, summary)


def test_two_summaries_of_one_chain_do_not_read_each_others_notes():
    """Two threads that search for the first time at once make one each."""
    chain, one = made(30, 4)
    two = Summary(chain, stops_of)
    for at in range(5):
        amend(chain, at, 0, stop=100 + at)
        agrees(chain, one)
        chain.insert_at(at, 1, *chain.around(at, 1), Node(chain.starts[at][0], 200 + at, None), "")
        agrees(chain, two)
        agrees(chain, one)


def test_a_comparison_that_raises_spoils_nothing():
    """Whichever comparison of a refresh fails, the next one is right."""
    for k in range(1, 60):
        Counted.fails_at = -1
        chain = Chain(4)
        chain.fill([Node(at, Counted((at * 7) % 11), None) for at in range(24)])
        summary = Summary(chain, stops_of)
        for step in range(2):
            Counted.asked, Counted.fails_at = 0, k
            try:
                summary.refresh()
            except ZeroDivisionError:
                Counted.fails_at = -1
                summary.refresh()
            Counted.fails_at = -1
            b = step + 2
            node = chain.nodes[b][0]
            splice(chain, b, 0, [node], [Node(node._start, Counted(50 + step), None)])
        agrees(chain, summary)


def test_a_comparison_that_changes_the_chain_is_noticed():
    """What was measured before the change is not trusted."""
    for change in ("insert", "clear"):
        chain, summary = made(24, 4)
        late = Node(-9, 500, None)

        class Meddler(int):
            def __lt__(self, other, chain=chain, late=late, change=change):
                if change == "clear" and chain.nodes:
                    chain.splice(0, 0, None, list(chain), (), (), "")
                elif not late.alive and chain.nodes:
                    chain.insert_at(0, 0, *chain.around(0, 0), late, "")
                return int(self) < int(other)

        chain.nodes[3][0]._stop = Meddler(7)
        try:
            summary.refresh()
        except IndexError:
            assert change == "clear"
        agrees(chain, summary)
