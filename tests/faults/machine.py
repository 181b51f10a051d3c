"""A machine of many hands: one list or bag, everything that may watch it, and a plain model.

Each step does one thing: a verb (with another policy now and then), a block that nests, is rolled
back, or is refused by a veto; undo and redo of one of two histories; a step of a walk or cursor; a
new watcher, or the end of one.  The model is the contents alone, taken from what the edits say and
from `copy`, so nothing is modelled twice:

    mirror      a copy that applies every edit that is told: equal after every step
    snapshots   the contents at every point of a history: undo and redo must lead there
    fates       nodes that an edit names are alive, merged or gone as it says
    walks       what a step delivers is there now, and lies behind what was delivered before

It plays from a seed alone, so a failure is repeated by its seed.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from faults.situations import POLICIES
from rangelist import History, RangeBag, RangeList
from rangelist.errors import EditConflictError, OverlapError, RangeListError, ReentrancyError

Rows = list[tuple[Any, ...]]
FAR = 60


class Veto(Exception):
    """What a subscriber raises that refuses an edit."""


class Stop(Exception):
    """What ends a block that is to be rolled back."""


class Past:
    """A history, and the contents it must lead back to and forth to."""

    def __init__(self, it: Any, limit: int | None) -> None:
        self.history: History[Any, Any] = History(it, limit)
        self.limit = limit
        self.behind: list[Rows] = []  # contents before each edit that is done, oldest first
        self.ahead: list[Rows] = []  # contents after each edit that is undone, next one last

    def write(self, before: Rows) -> None:
        """Follow an edit that was accepted."""
        self.behind.append(before)
        self.ahead.clear()
        if self.limit is not None:
            del self.behind[: max(0, len(self.behind) - self.limit)]

    def agree(self) -> None:
        assert len(self.history.done) == len(self.behind)
        assert len(self.history.undone) == len(self.ahead)


class Machine:
    """Plays `steps` random steps with a list or bag."""

    def __init__(self, kind: type, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.name = self.random.choice(sorted(POLICIES))
        self.bag = kind is RangeBag
        self.it: Any = RangeBag() if self.bag else RangeList(policy=POLICIES[self.name])
        self.it._chain.limit = self.random.choice([4, 5, 8])
        self.stops: list[Callable[[], None]] = []
        self.pasts: list[Past] = []
        self.walks: list[list[Any]] = []  # iterator, window, reverse, what came last
        self.cursors: list[Any] = []
        self.mirror: Any = None
        for _ in range(5):
            self.write()

    def rows(self) -> Rows:
        return [tuple(node) for node in self.it]

    # ---- one write ----------------------------------------------------------------------------

    def write(self) -> None:
        """Call one verb; an error must be one that says so."""
        random, it = self.random, self.it
        a = random.randrange(FAR)
        b = a + random.choice([1, 1, 2, 3, 5, 8, 20])
        value = random.choice(["a", "b", "c", "abc"])
        node = it.nth(random.randrange(len(it))) if len(it) else None
        verbs: list[Callable[[], Any]]
        if self.bag:
            verbs = [
                lambda: it.add(a, b, value), lambda: it.add(a, b, value),
                lambda: it.discard(a, b, value),
                lambda: it.shift(a, random.choice([3, -3, 8, -8])),
                lambda: node and it.delete(node),
                lambda: node and it.discard(*node),
                lambda: random.random() < 0.05 and it.clear(),
            ]  # fmt: skip
        else:
            other = random.choice([None, None, POLICIES[random.choice(sorted(POLICIES))]])
            o: Any = {"policy": other} if other else {}
            verbs = [
                lambda: it.set(a, b, value, **o), lambda: it.set(a, b, value, **o),
                lambda: it.insert(a, b, value, **o), lambda: it.fill(a, b, value, **o),
                lambda: it.add(a, b, value, **o), lambda: it.remove(a, b, **o),
                lambda: it.update([(a, b, value), (b - 1, b + 4, "c")], **o),
                lambda: it.transform(lambda p: value, a, b, gaps="include", **o),
                lambda: it.split(a, keep=random.choice(["left", "right"]), **o),
                lambda: it.move(a, b, random.randrange(FAR), overwrite=True, **o),
                lambda: it.shift(a, random.choice([3, -3, 8, -8]), **o),
                lambda: it.coalesce(a, b, distance=random.choice([None, 2]), **o),
                lambda: node and it.replace(node, value, **o),
                lambda: node and it.resize(node, a, b, **o),
                lambda: node and it.delete(node),
                lambda: node and node.next and it.merge(node, node.next, **o),
                lambda: it.__ior__([(a, b, value)]), lambda: it.__isub__([(a, b)]),
                lambda: it.__ixor__([(a, b, value)]),
                lambda: random.random() < 0.03 and it.clear(),
            ]  # fmt: skip
        try:
            random.choice(verbs)()
        except (OverlapError, RangeListError) as error:
            assert not isinstance(error, (ReentrancyError, EditConflictError)), error

    # ---- steps --------------------------------------------------------------------------------

    def step(self) -> None:
        before = self.rows()
        nodes = list(self.it)
        moves = [self.plain] * 6 + [self.block] * 3 + [self.vetoed] * 2 + [self.travel] * 4
        moves += [self.walk] * 4 + [self.cursor] * 2 + [self.watch]
        refused = self.random.choice(moves)(before) is False
        now = self.rows()
        self.it.check()
        if refused:
            assert now == before, "what was refused has changed something"
            assert all(x is y for x, y in zip(nodes, self.it, strict=True)), "other nodes"
        if self.mirror is not None:
            assert [tuple(node) for node in self.mirror] == now, "the mirror differs"
            self.mirror.check()
        for past in self.pasts:
            past.agree()
        journal = self.it._chain.journal
        assert (journal is None) == (not self.stops and not self.pasts), "the journal stays"
        assert journal is None or not (journal.log or journal.blocks or journal.moves)

    def watched(self, do: Callable[[], Any], before: Rows) -> Any:
        """Do something that is at most one edit."""
        edits: list[Any] = []
        stop = self.it.subscribe(edits.append)  # last, so that it hears what all have accepted
        try:
            return do()
        finally:
            stop()
            for edit in edits:
                self.fates(edit)
            kept = [edit for edit in edits if not edit.op.startswith("undo ")]
            undone = len(edits) - len(kept)
            if len(kept) > undone:
                for past in self.pasts:
                    past.write(before)
            assert len(kept) - undone in (0, 1)

    def fates(self, edit: Any) -> None:
        """What an edit says of nodes is so, if it is still the last one."""
        if edit.op.startswith("undo "):
            return
        for _node, kind, old, new, heir in edit.fates:
            assert (old is None) == (kind == "new")
            assert (new is None) == (kind in ("merged", "removed"))
            assert (heir is not None) == (kind == "merged")

    def plain(self, before: Rows) -> None:
        if self.pasts:
            self.watched(self.write, before)
        else:  # watched by the mirror, or by nothing
            self.write()

    def nest(self, depth: int) -> None:
        """Write in blocks in blocks; some are rolled back."""
        for _ in range(self.random.randrange(1, 4)):
            if depth and self.random.random() < 0.4:
                inside = self.rows()
                try:
                    with self.it.transaction():
                        self.nest(depth - 1)
                        if self.random.random() < 0.5:
                            raise Stop
                except Stop:
                    assert self.rows() == inside
            elif self.pasts and self.random.random() < 0.2:
                past = self.random.choice(self.pasts).history
                done = len(past.done), len(past.undone), self.rows()
                try:
                    with self.it.transaction():
                        try:
                            past.undo()
                            past.redo()
                        except EditConflictError:  # this block has changed what it would take back
                            pass
                        raise Stop
                except Stop:
                    assert (len(past.done), len(past.undone), self.rows()) == done
            else:
                self.write()

    def block(self, before: Rows) -> bool | None:
        """A block that commits, or is rolled back."""
        fails = self.random.random() < 0.5

        def do() -> None:
            with self.it.transaction():
                self.nest(3)
                if fails:
                    raise Stop

        try:
            self.watched(do, before)
        except Stop:
            return False
        return None

    def vetoed(self, before: Rows) -> bool | None:
        """A write, a block, an undo or a redo that a subscriber refuses, if there is an edit."""

        def veto(edit: Any) -> None:
            raise Veto

        stop = self.it.subscribe(veto)
        try:
            kind = self.random.randrange(4)
            if kind == 0 and self.pasts:
                self.random.choice(self.pasts).history.undo()
            elif kind == 1 and self.pasts:
                self.random.choice(self.pasts).history.redo()
            elif kind == 2:
                with self.it.transaction():
                    self.nest(2)
            else:
                self.write()
        except Veto:
            return False
        finally:
            stop()
        return False  # nothing was changed, or it would have been refused

    def travel(self, before: Rows) -> None:
        """Undo and redo of one history; for the others that is a new edit."""
        if not self.pasts:
            return
        past = self.random.choice(self.pasts)
        undo = self.random.random() < 0.6
        source, goal = (past.behind, past.ahead) if undo else (past.ahead, past.behind)
        moved = past.history.undo() if undo else past.history.redo()
        assert moved is bool(source)
        if moved:
            assert self.rows() == source.pop(), "another state than it was"
            goal.append(before)
            for other in self.pasts:
                if other is not past:
                    other.write(before)

    def walk(self, before: Rows) -> None:
        """Begin a walk, or make a step of one."""
        random = self.random
        if len(self.walks) < 3:
            low, high = sorted(random.sample(range(FAR), 2))
            window = random.choice([(None, None), (low, high)])
            reverse = random.random() < 0.5
            self.walks.append([self.it.walk(*window, reverse=reverse), window, reverse, None])
            return
        walk = random.choice(self.walks)
        steps, (low, high), reverse, last = walk
        node = next(steps, None)
        if node is None:
            assert next(steps, None) is None
            self.walks.remove(walk)
            return
        assert node in self.it
        assert low is None or low < node.stop
        assert high is None or node.start < high
        if last is not None and not self.bag:
            assert (node.stop < last[1]) if reverse else (last[0] < node.start)
        walk[3] = tuple(node)

    def cursor(self, before: Rows) -> None:
        """A step of a cursor, there or back, or its way through JSON."""
        if self.bag:
            return
        if len(self.cursors) < 2:
            self.cursors.append(self.it.cursor(5, 50))
        cursor = self.random.choice(self.cursors)
        node = self.random.choice([cursor.next, cursor.prev])()
        if node is not None:
            assert node in self.it
            assert node.start < 50
            assert 5 < node.stop
        if self.random.random() < 0.1:
            self.cursors.remove(cursor)
            self.cursors.append(self.it.resume(cursor.to_json()))

    def watch(self, before: Rows) -> None:
        """Let something begin or end to watch."""
        kind = self.random.randrange(5)
        if kind == 0 and self.mirror is None:
            self.mirror = self.it.copy()
            self.stops.append(self.it.subscribe(self.mirror.apply))
        elif kind == 1 and len(self.pasts) < 2:
            self.pasts.append(Past(self.it, self.random.choice([None, 3, 10])))
        elif kind == 2 and self.pasts:
            past = self.pasts.pop(self.random.randrange(len(self.pasts)))
            past.history.close()
            past.history.close()
        elif kind == 3 and self.stops:
            stop = self.stops.pop()
            stop()
            stop()
            self.mirror = None


def play(kind: type, seed: int, steps: int) -> None:
    """Play one game."""
    machine = Machine(kind, seed)
    for number in range(steps):
        try:
            machine.step()
        except BaseException as error:
            error.add_note(f"{kind.__name__}, seed {seed}, step {number}, policy {machine.name}")
            raise
