"""Bytes a node, beside keys and values; bytes of a small list."""

import gc
import tracemalloc

from contest import Case, items

node = Case(
    "memory a node", "traced, keys and values excluded", lambda n: n, "B", (1_000, 1_000_000)
)
small = Case("memory of a list", "an empty list (n = 100), with one node (n = 1000)", unit="B",
             sizes=(100, 1_000))  # fmt: skip


def traced(build, n):
    """Return a run that answers how many bytes what is built takes."""
    given = items(n)

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


@small.own
def _(n):
    from rangelist import RangeList

    return traced(lambda given: RangeList(given[: 0 if n == 100 else 1]), n)


@small.by("collections-extended", "collections-extended")
def _(n):
    from collections_extended import RangeMap

    return traced(lambda given: RangeMap.from_iterable(given[: 0 if n == 100 else 1]), n)


@small.by("intervaltree", "intervaltree", most=100_000)
def _(n):
    from intervaltree import IntervalTree

    return traced(lambda given: IntervalTree.from_tuples(given[: 0 if n == 100 else 1]), n)


@small.by("sortedcontainers, by hand", "sortedcontainers")
def _(n):
    from peers import HandMap

    return traced(lambda given: HandMap(given[: 0 if n == 100 else 1]), n)
