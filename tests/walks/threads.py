"""Eight threads at one list, and the proof that what each walk saw has a serial order.

A subscriber is told of each change while the lock is held, so it writes the versions of the
contents down in the order in which they really came.  A step of a walk began when version i was the
newest and ended at version j: there must be a version between the two whose contents, by law L1,
give what the step delivered.
"""

from __future__ import annotations

import random
import threading
import time
from contextlib import suppress

from rangelist.errors import RangeListError
from rangelist.node import Piece
from rangelist.ranges import RangeList
from rangelist.shared import SharedRangeList
from walks.model import Extent, Rows, clip, coverage_walk, element_walk, owed, turn_back

POINTS = 40


def change(rl: RangeList[int, str], rng: random.Random) -> None:
    """Do one thing of a kind to a list, somewhere."""
    lo = rng.randrange(POINTS)
    hi = rng.randrange(lo + 1, min(lo + 9, POINTS + 1))
    value = rng.choice("abcd")
    kind = rng.randrange(18)
    with suppress(RangeListError):  # no room, no such node: refused
        if kind < 4:
            rl.set(lo, hi, value)
        elif kind == 4:
            rl.remove(lo, hi)
        elif kind == 5:
            rl.split(lo)
        elif kind == 6:
            rl.move(lo, hi, rng.randrange(POINTS))
        elif kind == 7:
            node = rl.last if lo % 2 else rl.first  # reads that no writer can disturb
            if node is not None:
                rl.replace(node, value)
        elif kind == 8:
            rl.fill(lo, hi, value)
        elif kind == 9:
            rl.transform(lambda _: value, lo, hi)
        elif kind == 10:
            rl.insert(lo, hi, value)
        elif kind == 11:
            rl.add(lo, hi, value)
        elif kind == 12:
            rl.coalesce(lo, hi)
        elif kind == 13:
            rl.update([Piece(lo, hi, value), Piece(lo + 1, hi + 2, "e")])
        elif kind < 16:
            by_handle(rl, lo, value)
        elif kind == 16 and rng.random() < 0.2:
            rl.clear()
        else:
            undone(rl, lo, hi, value)


def by_handle(rl: RangeList[int, str], at: int, value: str) -> None:
    """Change a node and its neighbour, which another thread may have taken out by then."""
    node = rl.first
    while node is not None and not at < node.stop:
        node = node.next
    if node is None:
        return
    right = node.next
    if right is None:
        rl.delete(node)
    elif node.stop == right.start:
        rl.merge(node, right, value, keep="left" if at % 2 else "right")
    else:
        rl.resize(node, stop=right.start)


def undone(rl: RangeList[int, str], lo: int, hi: int, value: str) -> None:
    """Change much, and take it back."""
    with suppress(KeyError), rl.transaction():
        rl.remove(0, POINTS)
        rl.set(lo, hi, value)
        raise KeyError


class Run:
    """One run: writers change, walkers walk, versions are written down."""

    def __init__(self, seconds: float, writers: int, walkers: int) -> None:
        self.rl: SharedRangeList[int, str] = SharedRangeList()
        for lo in range(0, POINTS, 4):
            self.rl.set(lo, lo + 3, "abcd"[lo % 3])
        self.versions: list[Rows] = [self.rows()]
        self.rl.subscribe(lambda _: self.versions.append(self.rows()))
        self.until = time.monotonic() + seconds
        self.steps = 0
        self.errors: list[BaseException] = []
        jobs = [(self.write, i) for i in range(writers)] + [(self.walk, i) for i in range(walkers)]
        self.threads = [threading.Thread(target=self.guard, args=job) for job in jobs]

    def rows(self) -> Rows:
        return tuple((n.start, n.stop, n.value) for n in self.rl)

    def guard(self, job, seed: int) -> None:
        try:
            job(random.Random(seed))
        except BaseException as error:  # noqa: BLE001 - shown by the main thread
            self.errors.append(error)

    def go(self) -> None:
        """Run all threads to their end; raise what any of them raised."""
        for thread in self.threads:
            thread.start()
        for thread in self.threads:
            thread.join()
        if self.errors:
            raise self.errors[0]
        assert self.versions[-1] == self.rows()
        self.rl.check()

    def write(self, rng: random.Random) -> None:
        while time.monotonic() < self.until:
            change(self.rl, rng)
            # Long enough to let go of the processor, too: a lock is not fair, and where there is no
            # GIL seven writers that come back at once keep a walker out for seconds.
            time.sleep(1e-4)

    def walk(self, rng: random.Random) -> None:
        while time.monotonic() < self.until:
            lo = rng.randrange(POINTS)
            window = rng.choice([(None, None), (lo, lo + 15)])
            rng.choice([self.walk_pieces, self.walk_nodes, self.walk_cursor])(
                window, rng.random() < 0.5, rng
            )

    def walk_pieces(self, window, reverse: bool, rng: random.Random) -> None:
        """Sweep: pieces never change, so nothing but the step itself holds the lock."""
        sweep = self.rl.sweep(*window, reverse=reverse)
        extent = None
        while True:
            oldest = len(self.versions) - 1
            piece = next(sweep, None)
            self.justify(coverage_walk, window, reverse, extent, oldest, piece)
            if piece is None:
                return
            extent = (piece.start, piece.stop)
            time.sleep(0)

    def walk_nodes(self, window, reverse: bool, rng: random.Random) -> None:
        """Walk: the parts of a live node are read in the same turn as the step."""
        walk = self.rl.walk(*window, reverse=reverse)
        extent = None
        while True:
            oldest = len(self.versions) - 1
            with self.rl.turn:
                node = next(walk, None)
                row = None if node is None else tuple(node)
            self.justify(element_walk, window, reverse, extent, oldest, row)
            if row is None:
                return
            extent = clip((row,), window)[0][:2]
            time.sleep(0)

    def walk_cursor(self, window, reverse: bool, rng: random.Random) -> None:
        """Cursor, turning back at random; its extent is its own, so no lock is held to read it."""
        cursor = self.rl.cursor(*window, reverse=reverse)
        extent, forward = None, True
        for _ in range(20):
            turn = extent is not None and rng.random() < 0.3
            forward ^= turn
            oldest = len(self.versions) - 1
            node = cursor.next() if forward else cursor.prev()
            row = None if node is None else (*cursor.extent, None)
            rightward = forward != reverse
            if turn:  # the law of a turn is told by the direction before it
                self.justify(turn_back, window, rightward, extent, oldest, row)
            else:
                self.justify(element_walk, window, not rightward, extent, oldest, row)
            if row is None:
                return
            extent = row[:2]

    def justify(self, law, window, reverse, extent: Extent | None, oldest: int, got) -> None:
        """Find the version at which this step was taken."""
        newest = len(self.versions)
        for version in range(oldest, newest):
            due = owed(law, self.versions[version], window, reverse, extent)[:1]
            if matches(due[0] if due else None, got, window):
                self.steps += 1
                return
        told = self.versions[oldest:newest]
        raise AssertionError(f"{law.__name__} {window} {reverse=} {extent=} {got=} not by {told}")


def matches(due, got, window) -> bool:
    """Compare a row with what was delivered, of which only the clipped extent may be known."""
    if due is None or got is None:
        return due is None and got is None
    if got[2] is None:
        return clip((due,), window)[0][:2] == got[:2]
    return due == tuple(got)
