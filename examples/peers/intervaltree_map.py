"""intervaltree.IntervalTree, twice: as a bag, which it is, and as a list that is kept disjoint."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version as version_of
from itertools import count

from common import BASIC, WALK, Walks, span
from intervaltree import Interval, IntervalTree

from rangelist.oracle.spec import Line, Refusal, Row


class Tree:
    """`chop` and `addi` make an overwrite; nothing is ever joined."""

    capabilities = (
        "coalesce=never",
        "merge=left",
        "split=copy",
        "overlap=new",
        *BASIC,
        "split",
        "overlapping",
    )
    version = version_of("intervaltree")

    def __init__(self, header: Line) -> None:
        self.tree = IntervalTree()

    def rows(self) -> Iterator[Row]:
        for interval in self.tree:
            yield tuple(interval)

    def dump(self) -> list[Row]:
        return sorted(self.rows())

    def set(self, start: int, stop: int, value: str) -> Row | None:
        span(start, stop)
        self.tree.chop(start, stop)
        self.tree.addi(start, stop, value)
        return self.at(start)

    def remove(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        if start is not None and stop is not None:
            span(start, stop)
        low = self.tree.begin() if start is None else start
        high = self.tree.end() if stop is None else stop
        if not low < high:
            return []
        gone = [(max(a, low), min(b, high), value) for a, b, value in self.overlapping(low, high)]
        self.tree.chop(low, high)
        return gone

    def split(self, at: int, keep: str = "left") -> Row | None:
        whole = self.at(at)
        self.tree.slice(at)
        right = self.at(at)
        return right if right != whole else None

    def overlapping(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        if start is not None and stop is not None and stop < start:
            span(start, stop)
        low = self.tree.begin() if start is None else start
        high = self.tree.end() if stop is None else stop
        return sorted(map(tuple, self.tree.overlap(low, high)))

    def clear(self) -> None:
        self.tree.clear()

    def len(self) -> int:
        return len(self.tree)

    def at(self, key: int) -> Row | None:
        return next(map(tuple, self.tree.at(key)), None)


class TreeWalk(Walks, Tree):
    capabilities = (*Tree.capabilities, *WALK)

    def __init__(self, header: Line) -> None:
        Tree.__init__(self, header)
        Walks.__init__(self)

    rows = Tree.rows


class TreeBag:
    """The tree as the bag that it is: a set, in no order.  What it finds is sorted here by age."""

    capabilities = ("bag=set", "bag.add", "bag.discard", "bag.overlapping", "bag.at")
    version = Tree.version

    def __init__(self, header: Line) -> None:
        self.tree = IntervalTree()
        self.ages: dict[Interval, int] = {}
        self.clock = count()

    def sorted(self, found: set[Interval]) -> list[Row]:
        return [tuple(iv) for iv in sorted(found, key=lambda iv: (iv.begin, self.ages[iv]))]

    def bag_add(self, start: int, stop: int, value: str) -> None:
        span(start, stop)
        self.ages.setdefault(Interval(start, stop, value), next(self.clock))
        self.tree.addi(start, stop, value)

    def bag_discard(self, start: int, stop: int, value: str) -> None:
        span(start, stop)
        if Interval(start, stop, value) not in self.tree:
            raise Refusal("Missing")
        self.tree.removei(start, stop, value)
        del self.ages[Interval(start, stop, value)]

    def bag_overlapping(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        if start is not None and stop is not None and stop < start:
            span(start, stop)
        low = self.tree.begin() if start is None else start
        high = self.tree.end() if stop is None else stop
        return self.sorted(self.tree.overlap(low, high))

    def bag_at(self, key: int) -> list[Row]:
        return self.sorted(self.tree.at(key))
