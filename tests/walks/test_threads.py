"""L21: with the lock every call and step is atomic; without it nothing is corrupted."""

import operator
import random
import sys
import threading
import time

import pytest

from rangelist.cursor import Cursor
from rangelist.errors import ReentrancyError
from rangelist.ranges import RangeList
from rangelist.shared import OPEN, OPERANDS, SharedCursor, SharedRangeList, Turns, public
from walks.model import element_walk
from walks.threads import POINTS, Run, change, undone

SECONDS = 1.5


@pytest.fixture(autouse=True)
def _switch_often():
    """Let threads alternate a thousand times more often than usual."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.parametrize(("writers", "walkers"), [(4, 4), (1, 7), (7, 1)])
def test_every_walk_of_eight_threads_has_a_serial_order(writers, walkers):
    """Each step is what law L1 says of some version between its beginning and its end."""
    run = Run(SECONDS, writers, walkers)
    run.go()
    assert run.steps > 100
    assert len(run.versions) > 50


def test_a_step_that_no_version_explains_is_found():
    """The proof can fail: a step that delivers what never was, and one that comes too late."""
    run = Run(0, 0, 0)
    run.rl.clear()
    with pytest.raises(AssertionError, match="not by"):
        run.justify(element_walk, (None, None), False, None, 0, (1, 2, "z"))
    run.justify(element_walk, (None, None), False, None, 0, (0, 3, "a"))
    with pytest.raises(AssertionError, match="not by"):
        run.justify(element_walk, (None, None), False, None, 1, (0, 3, "a"))


def test_an_iterator_handed_to_another_thread_goes_on_there():
    """A6.15: steps of one iterator taken by turns deliver each node once."""
    rl = SharedRangeList((i, i + 1, str(i)) for i in range(2000))
    walk, seen = iter(rl), []

    def drain():
        seen.extend(node.start for node in walk)

    threads = [threading.Thread(target=drain) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(2000))


def test_operands_on_both_sides_do_not_dead_lock():
    """`a | b` beside `b | a`, in many threads."""
    a = SharedRangeList([(i, i + 1, "a") for i in range(0, 60, 2)])
    b = SharedRangeList([(i, i + 1, "b") for i in range(0, 60, 3)])

    def mix(left, right):
        for _ in range(30):
            assert len(left | right) == 40
            assert left != right
            left.update(left)

    threads = [threading.Thread(target=mix, args=p, daemon=True) for p in ((a, b), (b, a)) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)


def test_a_transaction_of_a_shared_list_is_seen_whole():
    """Nobody sees its middle, and nobody else writes into it."""
    rl = SharedRangeList([(0, 8, "a")])
    inside, seen = threading.Event(), []

    def look():
        inside.wait()
        seen.append(list(rl.sweep()))

    thread = threading.Thread(target=look)
    thread.start()
    with rl.transaction():
        rl.clear()
        inside.set()
        time.sleep(0.02)
        rl.set(0, 4, "b")
    thread.join()
    assert seen == [[(0, 4, "b")]]


def test_every_public_call_of_a_shared_list_takes_a_turn():
    """A verb that is added later cannot be forgotten: the names are not written down twice."""
    operators = {name for name in dir(RangeList) if hasattr(operator, name)} - {*dir(object)}
    wanted = [(SharedRangeList, name) for name in (public(RangeList) - OPEN) | operators]
    wanted += [(SharedCursor, name) for name in public(Cursor) - {"resume"}]
    for kind, name in wanted:
        member = getattr(kind, name)
        member = member.fget if isinstance(member, property) else member
        assert hasattr(member, "__wrapped__") or name in vars(kind), name


def test_a_shared_list_is_a_range_list_in_all_else():
    """Walks, cursors, copies and results keep the class; a saved cursor comes back shared."""
    rl = SharedRangeList([(0, 8, "a"), (10, 18, "b")])
    assert isinstance(rl.walk(), Turns)
    assert isinstance(rl | rl, SharedRangeList)
    assert rl.copy() == rl[:] == rl
    cursor = rl.cursor()
    assert cursor.next() is rl.first
    again = rl.resume(cursor.to_json())
    assert isinstance(again, SharedCursor)
    assert again.next() is rl.last
    with pytest.raises(KeyError), rl.transaction():
        rl.clear()
        raise KeyError
    assert len(rl) == 2


def test_a_transaction_that_cannot_begin_lets_the_lock_go():
    """A hook may not begin one; another thread can go on afterwards."""
    rl = SharedRangeList([(0, 8, "a")])

    def hook(piece):
        rl.transaction().__enter__()

    with pytest.raises(ReentrancyError):
        rl.transform(hook)
    thread = threading.Thread(target=rl.set, args=(0, 2, "b"))
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
    assert len(rl) == 2


OTHERS = {
    "update": lambda a, b: a.update(items=b),
    "same_points": lambda a, b: a.same_points(other=b),
    "isdisjoint": lambda a, b: a.isdisjoint(other=b),
    "issubset": lambda a, b: a.issubset(other=b),
    "combine": lambda a, b: a.combine(other=b, fn=lambda mine, theirs: mine),
    "&=": operator.iand,
}


class Watched(SharedRangeList):
    """Finds out, when it is copied, whether the turn of another list is free."""

    def copy(self):
        thread = threading.Thread(target=self.look)
        thread.start()
        thread.join()
        return super().copy()

    def look(self):
        self.free = self.other.turn.acquire(timeout=5)
        if self.free:
            self.other.turn.release()


@pytest.mark.parametrize("name", OTHERS)
def test_an_operand_is_read_in_a_turn_of_its_own_before_this_list_takes_one(name):
    """However it is passed: two turns are never held at once."""
    a, b = SharedRangeList([(0, 8, 1)]), Watched([(4, 12, 2)])
    b.other = a
    OTHERS[name](a, b)
    assert b.free


def test_every_call_that_reads_another_list_is_known_as_one():
    """By the name of what it takes."""
    names = {
        name
        for name in public(RangeList) | {"__eq__", "__or__", "__iand__"}
        if "other"
        in getattr(getattr(getattr(RangeList, name), "__code__", None), "co_varnames", ())
    }
    assert names <= OPERANDS


def test_a_shared_list_that_is_stored_as_a_value_stays_itself():
    """A value is no operand: nothing of it is read, nothing is copied."""
    inner = SharedRangeList([(0, 1, "a")])
    rl = SharedRangeList()
    assert rl.set(0, 8, inner).value is inner
    assert rl.get(99, inner) is inner


# ---- without the lock ---------------------------------------------------------------------------


def storm(rl, seconds, writers=5, readers=3):
    """Write and walk without any lock; count what was refused; raise nothing."""
    until = time.monotonic() + seconds
    refused, changed, failed = [], [], []

    def write(seed):
        rng = random.Random(seed)
        while time.monotonic() < until:
            try:
                change(rl, rng)
                changed.append(1)
            except ReentrancyError:  # also: transactions of two threads closed across each other
                refused.append(1)
            except BaseException as error:  # noqa: BLE001
                failed.append(error)

    def read(seed):
        rng = random.Random(seed)
        while time.monotonic() < until:
            try:
                rl.find_gap(rng.randrange(1, 5), fit=rng.choice(["first", "best", "next"]))
                for _, _ in zip(rl.walk(reverse=rng.random() < 0.5), range(100), strict=False):
                    pass
            except Exception:  # noqa: BLE001 - no promise but for the structure
                pass

    threads = [threading.Thread(target=write, args=(i,)) for i in range(writers)]
    threads += [threading.Thread(target=read, args=(i,)) for i in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused, changed, failed


def test_without_the_lock_no_structure_is_corrupted():
    """Writers exclude each other: who comes in between is refused, and nothing is half-done."""
    rl = RangeList([(lo, lo + 3, "abcd"[lo % 3]) for lo in range(0, POINTS, 4)])
    _, changed, failed = storm(rl, SECONDS)
    assert failed == []
    assert len(changed) > 100
    whole(rl)


def whole(rl):
    """Prove the structure, the table that gaps are searched with, and that it can still be used."""
    rl.check()
    for fit in ("first", "last", "best", "worst"):
        for size in (1, 2, 5):
            assert rl.find_gap(size, fit=fit) == rl.copy().find_gap(size, fit=fit)
    nodes = list(rl)
    assert nodes[::-1] == list(reversed(rl))
    assert all(rl.at(node.start) is node for node in nodes)
    rl.set(0, POINTS, "z")
    rl.clear()
    rl.check()


WRITES = {
    "set into free space": lambda rl: rl.set(30, 38, "z"),
    "set over a node": lambda rl: rl.set(12, 16, "z"),
    "remove a node": lambda rl: rl.remove(20, 28),
    "remove a part": lambda rl: rl.remove(12, 16),
    "a transaction": lambda rl: rl.transaction().__enter__(),
}


@pytest.mark.parametrize("name", WRITES)
def test_while_a_thread_has_a_transaction_open_no_other_thread_writes(name):
    """Else the roll-back of the one would take back what the other wrote."""
    rl = RangeList([(0, 8, "a"), (10, 18, "b"), (20, 28, "c")])
    before, nodes, refused = list(rl.sweep()), list(rl), []

    def write():
        try:
            WRITES[name](rl)
        except ReentrancyError as error:
            refused.append(str(error))

    with pytest.raises(KeyError), rl.transaction():
        rl.remove(0, 12)
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
        raise KeyError
    assert len(refused) == 1 and "another thread has a transaction" in refused[0]
    assert (list(rl.sweep()), list(rl)) == (before, nodes)
    rl.check()
    WRITES[name](rl)


def test_transactions_closed_across_each_other_are_told_apart():
    """The first that began was closed first: what the second one did was recorded nowhere."""
    rl = RangeList([(0, 8, "a")])
    one, two = rl.transaction(), rl.transaction()
    one.__enter__(), two.__enter__()
    rl.set(0, 1, "x")
    with pytest.raises(ReentrancyError, match="began inside this one is still open"):
        one.__exit__(None, None, None)
    rl.set(2, 4, "b")
    two.__exit__(KeyError, KeyError(), None)  # takes back its own part: all since it began
    assert list(rl.sweep()) == [(0, 8, "a")]
    rl.check()
    undone(rl, 0, 5, "z")


def test_a_roll_back_from_another_thread_waits_for_the_write_that_is_decided():
    """As when the collector closes a generator: the roll-back cannot be refused."""
    rl = RangeList([(i, i + 1, str(i)) for i in range(20)])
    deciding, done = threading.Event(), threading.Event()

    def slow(piece):
        deciding.set()
        time.sleep(0.05)
        return piece.value.upper() + "!"

    transaction = rl.transaction()

    def begin():
        transaction.__enter__()
        rl.remove(3, 9)
        rl.transform(slow)
        done.set()

    thread = threading.Thread(target=begin)
    thread.start()
    deciding.wait()
    transaction.__exit__(KeyError, KeyError(), None)
    assert done.is_set()
    thread.join()
    assert [node.value for node in rl] == [str(i) for i in range(20)]
    rl.check()
    undone(rl, 0, 5, "z")
    rl.check()
