"""A6, groups 9 to 19: loops that feed themselves, many cursors, ends, turns, errors, types.

Groups 1 to 8 are the grid of test_scenarios.py; 15 is test_threads.py; 16 is `check()` after every
step of universe and grid; 17 and 18 are test_scale.py; 20 is test_universe.py.
"""

from datetime import datetime, timedelta
from fractions import Fraction
from ipaddress import ip_address
from itertools import islice

import pytest

from rangelist.bounds import NEG_INF, POS_INF, after
from rangelist.cursor import Status
from rangelist.errors import EmptySpanError, ReentrancyError
from rangelist.node import Node
from rangelist.policy import Policy
from rangelist.ranges import RangeList


def tens(n=5):
    """Return 0-8 a, 10-18 b, 20-28 c, ..."""
    return RangeList((i * 10, i * 10 + 8, "abcdefghij"[i]) for i in range(n))


def starts(nodes):
    return [node.start for node in nodes]


# ---- 9 growth, 8 Halloween ----------------------------------------------------------------------


def test_8_a_current_that_moves_ahead_at_each_step_stops_at_the_window():
    """Halloween: each delivery moves what was delivered ahead again."""
    rl = RangeList([(0, 2, "a")])
    seen = 0
    for node in rl.walk(0, 100):
        seen += 1
        rl.move(node.start, node.stop, node.stop)
    assert seen == 50


def test_9_insert_just_ahead_ends_with_ints_and_not_with_fractions():
    """Zeno: between two ints there is an end of room, between two fractions there is none."""
    rl = RangeList([(0, 1, 0)])
    assert sum(1 for node in rl.walk(0, 30) if rl.set(node.stop, node.stop + 1, node.stop)) == 30
    rl = RangeList([(Fraction(0), Fraction(1, 2), 0)])
    seen = 0
    for node in islice(rl.walk(Fraction(0), Fraction(1)), 200):
        seen += 1
        rl.set(node.stop, (node.stop + 1) / 2, seen)
    assert seen == 200


@pytest.mark.parametrize("verb", ["walk", "sweep"])
def test_9_append_at_each_step_ends_at_a_window_and_without_one_never(verb):
    """What is open has no end by contract (L16); `horizon` is in test_laws.py."""
    rl, seen = tens(1), 0
    for item in islice(getattr(rl, verb)(), 300):
        seen += 1
        rl.set(item.stop + 2, item.stop + 4, "z")
    assert seen == 300
    rl, seen = tens(1), 0
    for item in getattr(rl, verb)(None, 100):
        seen += 1
        rl.set(item.stop + 2, item.stop + 4, "z")
    assert seen == 1 + 23  # at 10, 14, ... 98


# ---- 3 a chain of ten ---------------------------------------------------------------------------


@pytest.mark.parametrize("keep", ["left", "right"])
@pytest.mark.parametrize("reverse", [False, True])
def test_3_a_chain_of_ten_that_merges_into_the_current_one_is_not_delivered(keep, reverse):
    """Each survivor dies into the next; what lies behind the chain follows, a sweep has it all."""
    rl = RangeList((i * 10, i * 10 + 10, str(i)) for i in range(11))
    rl.insert(120, 125, "behind") if not reverse else rl.insert(-15, -10, "behind")
    walk, sweep = rl.walk(reverse=reverse), rl.sweep(reverse=reverse)
    node = next(walk)
    assert next(sweep).start == node.start
    for _ in range(10):
        pair = (node.prev, node) if reverse else (node, node.next)
        node = rl.merge(*pair, keep=keep)
    assert (node.start, node.stop) == (0, 110)
    assert [node.value for node in walk] == ["behind"]
    rest = [(0, 100), (-15, -10)] if reverse else [(10, 110), (120, 125)]
    assert [piece[:2] for piece in sweep] == rest


# ---- 10 several cursors -------------------------------------------------------------------------


def test_10_two_forward_walks_do_not_disturb_each_other():
    """One deletes what the other is about to deliver, and what it has delivered."""
    rl = tens()
    one, two = iter(rl), iter(rl)
    next(one), next(one), next(two)
    rl.delete(rl.at(10))
    assert starts(two) == starts(one) == [20, 30, 40]


def test_10_a_forward_and_a_reverse_walk_meet_on_one_interval():
    """Both stand on it when it is split."""
    rl = tens()
    there, back = iter(rl), reversed(rl)
    for _ in range(3):
        assert next(there).start + next(back).start == 40
    rl.split(24)
    assert starts(there) == [24, 30, 40]
    assert [(node.start, node.stop) for node in back] == [(20, 24), (10, 18), (0, 8)]


@pytest.mark.parametrize(
    ("victim", "rest"), [(10, [20, 30, 40]), (20, [30, 40]), (0, [20, 30, 40])]
)
def test_10_one_deletes_the_current_next_or_previous_of_the_other(victim, rest):
    """The other stands on 10."""
    rl = tens()
    other = iter(rl)
    next(other), next(other)
    for node in rl:
        if node.start == victim:
            rl.delete(node)
    assert starts(other) == rest


def test_10_a_cursor_made_in_the_body_sees_the_list_of_that_moment():
    """It begins at the first node that is there then."""
    rl = tens()
    walk = iter(rl)
    next(walk), next(walk)
    rl.remove(0, 18)
    assert rl.cursor().next().start == 20
    assert next(walk).start == 20


def test_10_a_thousand_cursors_dropped_in_the_middle_cost_nothing_afterwards():
    """No registration: nothing of them is left in the list."""
    rl = tens()
    walks = [iter(rl) for _ in range(1000)]
    for i, walk in enumerate(walks):
        for _ in range(i % 5):
            next(walk)
    rl.remove(15, 35)
    rest = [[0, 10, 35, 40], [10, 35, 40], [35, 40], [35, 40], [40]]
    assert [starts(walk) for walk in walks] == rest * 200
    del walks
    rl.check()


def test_10_nested_walks_of_one_list():
    """The inner loop deletes what is equal to the outer one's value further on."""
    rl = RangeList((i * 10, i * 10 + 8, "abcabc"[i]) for i in range(6))
    for outer in rl:
        for inner in rl.walk(outer.stop):
            if inner.value == outer.value:
                rl.delete(inner)
    assert [node.value for node in rl] == ["a", "b", "c"]


def test_10_a_walk_inside_a_hook_reads_and_may_not_write():
    """The tamper check: reading is fine, a write is refused, and nothing has changed."""
    rl = RangeList([(0, 8, "a"), (8, 16, "b")])
    seen = []

    def join(left, right):
        seen.extend(starts(rl))
        rl.delete(rl.first)

    with pytest.raises(ReentrancyError):
        rl.merge(rl.first, rl.last, policy=Policy(merge=join))
    assert seen == [0, 8] == starts(rl)


# ---- 11 exhaustion ------------------------------------------------------------------------------


def exhausted():
    rl = tens(3)
    cursor = rl.cursor()
    while cursor.next() is not None:
        pass
    return rl, cursor


def test_11_after_the_end_an_append_is_found_and_a_prepend_is_not():
    """The cursor has not moved from the last."""
    rl, cursor = exhausted()
    rl.set(-5, -1, "z")
    assert cursor.next() is None
    rl.set(50, 58, "z")
    assert cursor.next().start == 50


def test_11_after_the_end_clear_and_ten_more_steps():
    """Nothing is delivered, nothing raises, nothing wraps."""
    rl, cursor = exhausted()
    rl.clear()
    assert [cursor.next() for _ in range(10)] == [None] * 10
    assert cursor.status == Status.GONE
    walk = iter(rl)
    assert [next(walk, None) for _ in range(10)] == [None] * 10


def test_11_a_cursor_is_used_again_by_seek_and_reset():
    """`reset` begins anew, `seek` stands at a key: the node that covers it is ahead and behind."""
    _, cursor = exhausted()
    cursor.reset()
    assert (cursor.extent, cursor.current, cursor.next().start) == (None, None, 0)
    cursor.seek(12)
    assert cursor.next().start == 10
    cursor.seek(12)
    assert cursor.prev().start == 10
    cursor.seek(9)
    assert cursor.prev().start == 0
    cursor.seek(99)
    assert cursor.next() is None
    assert cursor.prev().start == 20


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("key", range(-2, 50))
def test_11_a_cursor_is_sent_to_a_key_and_keeps_its_window(key, reverse):
    """To the right what reaches beyond the key, to the left what begins before it, both clipped."""
    rl = tens()
    window = (13, 35)
    for right in (True, False):
        cursor = rl.cursor(*window, reverse=reverse)
        cursor.seek(key)
        node = cursor.next() if right != reverse else cursor.prev()
        seen = [(max(n.start, 13), min(n.stop, 35), n) for n in rl.walk(*window)]
        if right:
            want = [n for start, stop, n in seen if key < stop]
        else:
            want = [n for start, stop, n in reversed(seen) if start < key]
        assert node is (want[0] if want else None)


def test_11_a_saved_cursor_resumes_on_the_list_as_it_is_then():
    """Serialise, change, resume: the same as not having been away."""
    rl = tens()
    cursor = rl.cursor()
    cursor.next(), cursor.next()
    text = cursor.to_json()
    rl.set(5, 25, "z")
    again = rl.resume(text)
    assert again.extent == cursor.extent
    assert starts(iter(again.next, None)) == starts(iter(cursor.next, None)) == [25, 30, 40]


# ---- 12 turn-around -----------------------------------------------------------------------------

TURNS = {
    "nothing": (lambda rl: None, (20, 28), (20, 28)),
    "insert touching": (lambda rl: (rl.set(18, 20, "y"), rl.set(28, 30, "z")), (20, 28), (20, 28)),
    "remove": (lambda rl: rl.remove(20, 28), (10, 18), (10, 18)),
    "remove and put back": (
        lambda rl: (rl.remove(20, 28), rl.set(20, 28, "z")),
        (20, 28),
        (20, 28),
    ),
    "split": (lambda rl: rl.split(24), (20, 24), (20, 24)),
    "grow left": (lambda rl: rl.resize(rl.at(20), start=19), (19, 28), (19, 28)),
    "grow right": (lambda rl: rl.resize(rl.at(20), stop=30), (20, 30), (20, 30)),
    "erase the head": (lambda rl: rl.remove(20, 22), (22, 28), (22, 28)),
    "erase the tail": (lambda rl: rl.remove(24, 28), (20, 24), (20, 24)),
    "absorbed by what is before": (lambda rl: rl.set(12, 25, "c"), (12, 28), (12, 28)),
    "new value": (lambda rl: rl.replace(rl.at(20), "z"), (20, 28), (20, 28)),
    "clear": (lambda rl: rl.clear(), None, None),
}


@pytest.mark.parametrize("change", TURNS)
def test_12_next_then_prev_with_a_change_between(change):
    """What covers the anchor now; if nothing does, what was before (LMDB's trap)."""
    make, back, again = TURNS[change]
    rl = tens()
    cursor = rl.cursor()
    for _ in range(3):
        cursor.next()
    make(rl)
    node = cursor.prev()
    assert (node and (node.start, node.stop)) == back
    node = cursor.next()
    assert (node and (node.start, node.stop)) == again


def test_12_a_reverse_cursor_is_not_fooled_by_what_is_inserted_behind_it():
    """std::map's reverse_iterator denotes another element then, and delivers twice."""
    rl = tens()
    cursor = rl.cursor(reverse=True)
    cursor.next(), cursor.next()
    rl.insert(38, 40, "z")
    assert cursor.current.start == 30
    assert cursor.next().start == 20
    assert cursor.prev().start == 20
    assert cursor.prev().start == 30


# ---- 13 windows ---------------------------------------------------------------------------------

WINDOWS = {
    "empty": ((12, 12), [], []),
    "in a gap": ((18, 20), [], []),
    "one point in a node": ((12, 13), [10], [(12, 13)]),
    "one point at a start": ((20, 21), [20], [(20, 21)]),
    "one point behind a stop": ((18, 19), [], []),
    "both edges inside one node": ((22, 26), [20], [(22, 26)]),
    "straddled on both sides": ((15, 33), [10, 20, 30], [(15, 18), (20, 28), (30, 33)]),
    "beyond the end": ((60, 70), [], []),
    "before the beginning": ((-9, 0), [], []),
    "over everything": ((-9, 99), [0, 10, 20, 30, 40], [(i, i + 8) for i in range(0, 50, 10)]),
    "exactly one node": ((10, 18), [10], [(10, 18)]),
}


@pytest.mark.parametrize("name", WINDOWS)
def test_13_a_window(name):
    """A walk yields whole nodes, a sweep what is inside; backwards the same."""
    window, whole, clipped = WINDOWS[name]
    rl = tens()
    assert starts(rl.walk(*window)) == whole
    assert starts(rl.walk(*window, reverse=True)) == whole[::-1]
    assert starts(iter(rl.cursor(*window).next, None)) == whole
    assert [piece[:2] for piece in rl.sweep(*window)] == clipped
    assert [piece[:2] for piece in rl.sweep(*window, reverse=True)] == clipped[::-1]


@pytest.mark.parametrize("verb", ["walk", "sweep"])
@pytest.mark.parametrize(
    ("window", "reverse"),
    [((None, 10), True), ((None, 5), True), ((18, None), False), ((30, None), False)],
)
def test_13_a_horizon_that_is_frozen_outside_the_window_leaves_nothing(verb, window, reverse):
    """All there is lies beyond: no empty nor reversed piece, whatever covers the place later."""
    rl = RangeList([(10, 18, "a")])
    walk = getattr(rl, verb)(*window, reverse=reverse, horizon="fixed")
    rl.set(0, 40, "b")
    assert list(walk) == []


@pytest.mark.parametrize("verb", ["walk", "sweep", "cursor"])
def test_13_a_reversed_window_is_refused_at_once(verb):
    """Not only when the first step is made."""
    with pytest.raises(EmptySpanError):
        getattr(tens(), verb)(9, 3)


# ---- 14 errors ----------------------------------------------------------------------------------


class Boom(BaseException):
    """As KeyboardInterrupt: no Exception."""


class Fused(int):
    """A key whose comparisons raise when the fuse is burnt down."""

    fuse = -1

    def __lt__(self, other):
        Fused.fuse -= 1
        if Fused.fuse == 0:
            raise Boom
        return int.__lt__(self, other)


def fused(fuse):
    """Return a list and three walks standing in it, with a fuse of that many comparisons."""
    Fused.fuse = -1
    rl = RangeList((Fused(i * 10), Fused(i * 10 + 10), "ab"[i % 2]) for i in range(6))
    walk, sweep, cursor = rl.walk(), rl.sweep(), rl.cursor()
    for _ in range(3):
        next(walk), next(sweep), cursor.next()
    Fused.fuse = fuse
    return rl, walk, sweep, cursor


WRITES = {
    "set": lambda rl: rl.set(Fused(15), Fused(45), "c"),
    "add": lambda rl: rl.add(Fused(15), Fused(45), "c"),
    "fill": lambda rl: rl.fill(Fused(-5), Fused(75), "c"),
    "remove": lambda rl: rl.remove(Fused(15), Fused(45)),
    "update": lambda rl: rl.transform(lambda piece: "c", Fused(15), Fused(45)),
    "split": lambda rl: rl.split(Fused(25)),
    "move": lambda rl: rl.move(Fused(20), Fused(40), Fused(90), overwrite=True),
    "coalesce": lambda rl: rl.coalesce(policy=Policy(same=lambda left, right: True)),
    "resize": lambda rl: rl.resize(rl.last, stop=Fused(70)),
}


@pytest.mark.parametrize("name", WRITES)
def test_14_a_fault_after_each_comparison_leaves_list_and_walks_as_they_were(name):
    """SQLite's fault sweep: the 1st comparison raises, then the 2nd, until it gets through."""
    whole = starts(fused(-1)[0])
    for fuse in range(1, 200):
        rl, walk, sweep, cursor = fused(fuse)
        try:
            WRITES[name](rl)
        except Boom:
            Fused.fuse = -1
            assert starts(rl) == whole
            rl.check()
            assert cursor.status == Status.SAME
            assert starts(walk) == starts(sweep) == starts(iter(cursor.next, None)) == whole[3:]
        else:
            Fused.fuse = -1
            assert fuse > 1
            return
    raise AssertionError("the write never gets through")


def test_14_a_walk_whose_own_comparison_raises_has_not_moved():
    """A cursor makes the step again; a generator is over, as every Python generator is."""
    rl, walk, _, cursor = fused(-1)
    rl.delete(rl.at(20))
    Fused.fuse = 1
    with pytest.raises(Boom):
        cursor.next()
    assert cursor.next().start == 30
    rl.delete(rl.at(30))
    Fused.fuse = 1
    with pytest.raises(Boom):
        next(walk)
    assert next(walk, None) is None


def test_14_an_equality_that_raises_changes_nothing():
    """The `==` of values is asked before anything is changed."""

    class Touchy:
        def __eq__(self, other):
            raise Boom

        __hash__ = None

    rl = RangeList([(0, 8, Touchy())])
    walk = iter(rl)
    next(walk)
    with pytest.raises(Boom):
        rl.set(8, 12, Touchy())
    rl.insert(20, 28, "z")
    assert starts(walk) == [20]


INVALID = {
    "an empty span": lambda rl: rl.set(22, 22, "z"),
    "a reversed span": lambda rl: rl.remove(28, 20),
    "a key of another type": lambda rl: rl.set("20", "28", "z"),
    "NaN": lambda rl: rl.set(20, float("nan"), "z"),
    "a taken span": lambda rl: rl.insert(20, 28, "z"),
    "a dead node": lambda rl: rl.replace(Node(20, 28, "c"), "z"),
    "nodes that do not touch": lambda rl: rl.merge(rl.at(20), rl.at(30)),
    "a jump over a neighbour": lambda rl: rl.resize(rl.at(20), start=35, stop=39),
    "a hole where none is wanted": lambda rl: rl.transform(str, 5, 25, gaps="raise"),
    "an unknown survivor": lambda rl: rl.split(24, keep="both"),
}


@pytest.mark.parametrize("name", INVALID)
def test_14_what_is_refused_disturbs_no_walk(name):
    """Invalid arguments: an error, and list and walks as they were."""
    rl = tens()
    walk, sweep, cursor = rl.walk(), rl.sweep(), rl.cursor()
    for _ in range(3):
        next(walk), next(sweep), cursor.next()
    with pytest.raises((ValueError, TypeError)):
        INVALID[name](rl)
    rl.check()
    assert cursor.status == Status.SAME
    assert starts(walk) == starts(sweep) == starts(iter(cursor.next, None)) == [30, 40]


def test_14_a_generator_closed_early_is_over():
    """Nothing is left to clean up."""
    walk = tens().walk()
    next(walk)
    walk.close()
    assert next(walk, None) is None


# ---- 19 types -----------------------------------------------------------------------------------

UNITS = {
    "negative ints": lambda i: i - 1000,
    "huge ints": lambda i: i + 10**30,
    "floats": lambda i: i / 7,
    "fractions": lambda i: Fraction(i, 7),
    "datetimes": lambda i: datetime(2026, 1, 1) + timedelta(hours=i),
    "addresses": lambda i: ip_address("10.0.0.0") + i,
    "text": lambda i: f"{i:06}",
    "tuples": lambda i: (0, f"{i:06}"),
    "bounds": after,
}


@pytest.mark.parametrize("name", UNITS)
@pytest.mark.parametrize("reverse", [False, True])
def test_19_a_walk_over(name, reverse):
    """Equal keys that are not the same object: identity is only a fast path."""
    key = UNITS[name]
    rl = RangeList((key(i * 10), key(i * 10 + 10), i) for i in range(6))
    walk = rl.walk(key(5), key(55), reverse=reverse)
    sweep = rl.sweep(key(5), key(55), reverse=reverse)
    assert [next(walk).value for _ in range(3)] == ([5, 4, 3] if reverse else [0, 1, 2])
    assert [next(sweep).value for _ in range(3)] == ([5, 4, 3] if reverse else [0, 1, 2])
    rl.remove(key(20), key(30))
    rl.set(key(20), key(30), "same place, other objects")
    rl.set(key(33), key(35), "hole")
    want = ["same place, other objects", 1, 0] if reverse else [3, "hole", 3, 4, 5]
    # Backwards it stands on 30-40, whose head from 30 on is cut: the anchor is the point before 40.
    assert [node.value for node in walk] == (["hole", 3, *want] if reverse else want)
    assert [piece.value for piece in sweep] == want


def test_19_walks_reach_the_infinite_ends():
    """The first and the last node may have no end."""
    rl = RangeList([(NEG_INF, 0, "low"), (0, 5, "middle"), (5, POS_INF, "high")])
    walk = rl.walk()
    assert next(walk).value == "low"
    rl.split(-100)
    rl.split(100)
    assert [(node.start, node.stop) for node in walk] == [
        (-100, 0),
        (0, 5),
        (5, 100),
        (100, POS_INF),
    ]
