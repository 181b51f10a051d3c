"""Bytes a node, of lists and bags, beside keys and values; bytes of a small list."""

import gc
import tracemalloc

from contest import Case, items
from families import overlaps

node = Case(
    "memory a node", "traced, keys and values excluded", lambda n: n, "B", (1_000, 1_000_000)
)
bag = Case(
    "memory a node of a bag", "likewise, n short intervals that overlap", lambda n: n, "B",
    (1_000, 1_000_000),
)  # fmt: skip
ONE = (1_000, 1_000)
empty = Case("memory of an empty list", "traced", unit="B", sizes=ONE)
single = Case("memory of a list of one node", "traced, key and value excluded", unit="B", sizes=ONE)


def traced(build, n, given=None):
    """Return a run that answers how many bytes what is built takes."""
    given = items(n) if given is None else given

    def run():
        gc.collect()
        tracemalloc.start()
        kept = build(given)
        gc.collect()
        size = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        del kept
        return size

    return run


@node.own
def _(n):
    from rangelist import RangeList

    return traced(RangeList.build, n)


@node.variant("rangelist, after find_gap")
def _(n):
    from rangelist import RangeList

    def build(given):
        rl = RangeList.build(given)
        rl.find_gap(1)
        return rl

    return traced(build, n)


@node.by("collections-extended", "collections-extended")
def _(n):
    from collections_extended import RangeMap

    return traced(RangeMap.from_iterable, n)


@node.by("sortedcontainers, by hand", "sortedcontainers")
def _(n):
    from peers import HandMap

    return traced(HandMap, n)


@node.by("intervaltree", "intervaltree", most=100_000)
def _(n):
    from intervaltree import IntervalTree

    return traced(IntervalTree.from_tuples, n)


@node.by("llist", "llist", "native")
def _(n):
    from llist import dllist

    return traced(lambda given: dllist([(a, b, v) for a, b, v in given]), n)


@node.floor("a list of tuples")
def _(n):
    return traced(lambda given: [(a, b, v) for a, b, v in given], n)


@bag.own
def _(n):
    from rangelist import RangeBag

    return traced(RangeBag.build, n, overlaps.data(overlaps.few, n))


@bag.variant("rangelist, after a query")
def _(n):
    from rangelist import RangeBag

    def build(given):
        made = RangeBag.build(given)
        list(made.overlapping(0, 1))
        return made

    return traced(build, n, overlaps.data(overlaps.few, n))


@bag.by("intervaltree", "intervaltree", most=100_000)
def _(n):
    from intervaltree import IntervalTree

    return traced(IntervalTree.from_tuples, n, overlaps.data(overlaps.few, n))


@bag.floor("a list of tuples")
def _(n):
    return traced(lambda given: [(a, b, v) for a, b, v in given], n, overlaps.data(overlaps.few, n))


# ---- small lists ---------------------------------------------------------------------------------


def rangelist(given):
    from rangelist import RangeList

    return RangeList(given)


def range_map(given):
    from collections_extended import RangeMap

    return RangeMap.from_iterable(given)


def interval_tree(given):
    from intervaltree import IntervalTree

    return IntervalTree.from_tuples(given)


def hand_map(given):
    from peers import HandMap

    return HandMap(given)


for _case, _nodes in ((empty, 0), (single, 1)):
    _case.own(lambda n, few=_nodes: traced(rangelist, n, items(few)))
    for _name, _package, _make in (
        ("collections-extended", "collections-extended", range_map),
        ("intervaltree", "intervaltree", interval_tree),
        ("sortedcontainers, by hand", "sortedcontainers", hand_map),
    ):
        _case.by(_name, _package)(lambda n, few=_nodes, make=_make: traced(make, n, items(few)))
del _case  # or it would be taken for one more
