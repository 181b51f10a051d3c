"""Threads: reading leaves no trace, writers are refused and harm nothing, locks end."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from rangelist import History, RangeBag, RangeList, SharedRangeList
from rangelist.errors import EditConflictError, ReentrancyError

KINDS = [RangeList, RangeBag]


@pytest.fixture(autouse=True)
def _switch_often():
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


def together(*jobs: Callable[[], Any]) -> list[BaseException]:
    """Run each job in a thread of its own to its end; return what they raised."""
    errors: list[BaseException] = []

    def run(job: Callable[[], Any]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=run, args=(job,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


class Waiting(int):
    """A key that lets another thread go on whenever it is compared."""

    meet: Callable[[], None] = staticmethod(lambda: None)

    def __lt__(self, other: int) -> bool:
        Waiting.meet()
        return int(self) < int(other)

    __hash__ = int.__hash__


READS = {
    "in": lambda it, k: k in it,
    "covering": lambda it, k: list(it.covering(k) if isinstance(it, RangeBag) else [it.at(k)]),
    "overlapping": lambda it, k: list(it.overlapping(k, k + 9)),
    "overlaps": lambda it, k: it.overlaps(k, k + 9),
    "extent": lambda it, k: it.extent,
    "rank": lambda it, k: it.rank(k),
    "gaps": lambda it, k: list(it.gaps(k, k + 40)),
    "covers": lambda it, k: it.covers(k, k + 3),
    "walk": lambda it, k: list(it.walk(k, k + 40)),
    "reverse": lambda it, k: list(it.walk(k, k + 40, reverse=True)),
    "count or find_gap": lambda it, k: (
        it.count(k, k + 40) if isinstance(it, RangeBag) else it.find_gap(5)
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", READS)
def test_threads_that_only_read_leave_the_list_writable(kind, name):
    """Also the first reads, which make summaries, and reads that interleave with each other."""
    it = kind((i, i + 5, i) for i in range(0, 3000, 7))

    def read():
        for i in range(60):
            READS[name](it, i * 37 % 3000)

    assert together(read, read) == []
    it.add(1, 2, "x")
    it.clear()
    it.check()


@pytest.mark.parametrize("kind", KINDS)
def test_reads_whose_comparisons_interleave_leave_the_list_writable(kind):
    """Deterministic: each of two readers is stopped inside of a comparison while the other ends."""
    it = kind((Waiting(i), Waiting(i + 5), i) for i in range(0, 70, 7))
    inside, go_on = threading.Event(), threading.Event()

    def first():
        def meet():
            if threading.current_thread() is reader and not go_on.is_set():
                inside.set()
                go_on.wait()

        Waiting.meet = staticmethod(meet)
        list(it.walk(Waiting(3), Waiting(60)))

    reader = threading.Thread(target=first)
    try:
        reader.start()
        inside.wait()
        assert list(it.walk(Waiting(0), Waiting(9)))
        go_on.set()
        reader.join()
    finally:
        Waiting.meet = staticmethod(lambda: None)
    it.add(Waiting(1), Waiting(2), "x")
    it.check()


@pytest.mark.parametrize("watched", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_writers_get_an_error_and_the_structure_stays_sound(kind, watched):
    """Four threads that write without a lock; a write is done, or refused as a whole."""
    it = kind()
    it._chain.limit = 4
    told: list[Any] = []
    if watched:
        it.subscribe(told.append)
    refused = [0] * 4

    def write(me: int) -> None:
        for i in range(150):
            key = (i * 13 + me * 5) % 97
            try:
                it.add(key, key + 6, me)
                if i % 3 == 0:
                    it.shift(key, 2 if i % 2 else -2)
            except ReentrancyError:
                refused[me] += 1

    assert together(*[lambda me=me: write(me) for me in range(4)]) == []
    it.check()
    if watched:
        assert told
    it.add(1000, 1001, "later")
    it.check()


@pytest.mark.parametrize("kind", KINDS)
def test_a_write_beside_an_open_transaction_of_another_thread_is_refused(kind):
    """It is an error for the other thread; what the transaction did stays or goes as a whole."""
    it = kind([(0, 8, "a")])
    errors: list[BaseException] = []
    with pytest.raises(KeyError), it.transaction():
        it.add(20, 22, "b")
        errors += together(
            lambda: it.add(30, 31, "c"), it.clear, lambda: it.transaction().__enter__()
        )
        raise KeyError
    assert [type(error) for error in errors] == [ReentrancyError] * 3
    assert [tuple(node) for node in it] == [(0, 8, "a")]


LAZY = {
    "walk": lambda rl: rl.walk(),
    "items": lambda rl: rl.items(),
    "sweep": lambda rl: rl.sweep(),
    "overlapping": lambda rl: rl.overlapping(0, 9000),
    "gaps": lambda rl: (Waiting and (gap.start, gap.stop, 0) for gap in rl.gaps(0, 9000)),
    "iter": iter,
    "a generator": lambda rl: (tuple(node) for node in rl),
    "itself": lambda rl: rl,
}
OPERATIONS = {
    "|": lambda a, b: a | b,
    "&": lambda a, b: a & b,
    "-": lambda a, b: a - b,
    "^": lambda a, b: a ^ b,
    "|=": lambda a, b: a.__ior__(b),
    "combine": lambda a, b: a.combine(b, lambda x, y: 0),
    "update": lambda a, b: a.update(b),
    "isdisjoint": lambda a, b: a.isdisjoint(b),
    "issubset": lambda a, b: a.issubset(b),
    "same_points": lambda a, b: a.same_points(b),
}


class Watchful(SharedRangeList[int, Any]):
    """A shared list; `others` are those whose turn its reader must not hold."""


@pytest.mark.parametrize("lazy", LAZY)
@pytest.mark.parametrize("name", OPERATIONS)
def test_no_operand_is_read_while_the_own_turn_is_held(name, lazy):
    """So `a | b.walk()` beside `b | a.walk()` cannot dead-lock, and this needs no clock to prove."""
    a = SharedRangeList([(i * 4, i * 4 + 2, 1) for i in range(5)])
    b = a.copy()
    held: list[bool] = []

    class Turn:
        """The turn of b, which notes whether this thread has the turn of a as well."""

        def __init__(self, real: Any) -> None:
            self.real = real

        def acquire(self) -> bool:
            held.append(a.turn._is_owned())
            return self.real.acquire()

        def release(self) -> None:
            self.real.release()

        def __enter__(self) -> bool:
            return self.acquire()

        def __exit__(self, *error: object) -> None:
            self.release()

    b.turn = Turn(b.turn)
    OPERATIONS[name](a, LAZY[lazy](b))
    assert held
    assert not any(held)


@pytest.mark.parametrize("lazy", ["walk", "sweep", "gaps"])
def test_crosswise_lazy_operands_end(lazy):
    """The reproduction itself."""
    a = SharedRangeList([(i * 4, i * 4 + 2, 1) for i in range(300)])
    b = a.copy()

    def run(x: Any, y: Any) -> None:
        for _ in range(5):
            _ = x | LAZY[lazy](y)
            x.update(LAZY["sweep"](y))

    assert together(lambda: run(a, b), lambda: run(b, a)) == []


@pytest.mark.parametrize(
    "name", ["walk", "items", "sweep", "overlapping", "gaps", "tiles", "iter", "slots"]
)
@pytest.mark.parametrize("window", ["whole", "empty"])
@pytest.mark.parametrize("kind", [RangeList, SharedRangeList, RangeBag])
def test_every_walk_can_be_closed(kind, window, name):
    """Shared or not, of an empty window or not; closing twice is fine."""
    if name in ("sweep", "tiles", "slots") and kind is RangeBag:
        pytest.skip("a bag has no such walk")
    it = kind([(0, 8, "a"), (10, 12, "b")])
    ends = (4, 4) if window == "empty" else (0, 20)
    if name == "iter":
        steps = iter(it)
    else:
        steps = getattr(it, name)(*((2,) if name == "slots" else ()), *ends)
    if window == "whole":
        next(steps)
    steps.close()
    steps.close()
    assert list(steps) == []


@pytest.mark.parametrize("name", ["slots", "items"])
def test_lazy_calls_of_a_shared_list_hold_the_turn_for_one_step_only(name):
    """Another thread can write between two steps."""
    rl = SharedRangeList([(0, 8, "a"), (10, 12, "b"), (30, 33, "c")])
    steps = rl.slots(2, 0, 60) if name == "slots" else rl.items()
    next(steps)
    assert together(lambda: rl.set(40, 50, "d")) == []
    if name == "items":
        assert (40, 50, "d") in list(steps)
    else:
        assert not any(gap.stop > 40 and gap.start < 50 for gap in steps)


def test_a_history_of_a_shared_list_takes_turns():
    """A thread that writes, one that undoes and redoes: no conflict, and undo leads back to the start."""
    rl = SharedRangeList([(0, 1000, "a")])
    history = History(rl)

    def write() -> None:
        for i in range(150):
            rl.set(i * 3, i * 3 + 2, i)

    def undo() -> None:
        for _ in range(150):
            history.undo()
            history.redo()
            history.undo()

    assert together(write, undo) == []
    rl.check()
    while history.undo():
        pass
    assert [tuple(node) for node in rl] == [(0, 1000, "a")]


def test_a_history_of_a_plain_list_in_two_threads_is_refused_or_right():
    """Errors, but never a wrong state."""
    rl = RangeList([(0, 1000, "a")])
    history = History(rl)

    def write() -> None:
        for i in range(100):
            try:
                rl.set(i * 3, i * 3 + 2, i)
            except ReentrancyError:
                continue

    def undo() -> None:
        for _ in range(100):
            try:
                history.undo()
            except (ReentrancyError, EditConflictError):
                continue

    assert together(write, undo) == []
    rl.check()
    while history.undo():
        pass
    assert [tuple(node) for node in rl] == [(0, 1000, "a")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_lock_that_an_interrupt_left_behind_does_not_hang_a_transaction(kind):
    """It struck between the lock and the note of its holder, inside of a block."""
    it = kind([(0, 8, "a")])
    with pytest.raises(KeyboardInterrupt), it.transaction():
        it.add(20, 22, "b")
        it._chain.lock.acquire()
        raise KeyboardInterrupt
    assert [tuple(node) for node in it] == [(0, 8, "a")]
    it.add(30, 33, "c")
    it.check()
