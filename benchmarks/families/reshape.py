"""All nodes cut in two, all nodes joined to one."""

from contest import Case, items, touching

split = Case("split all", "each node is cut in the middle", lambda n: n, sizes=(100, 100_000))
merge = Case("merge all", "n touching nodes with equal values become one", lambda n: n)


def cut(make, at):
    """Return a run that cuts every node of a fresh list, and what makes it fresh."""
    state = [make()]

    def run():
        target = state[0]
        for key in middles:
            at(target, key)

    n = len(state[0])
    middles = [10 * i + 3 for i in range(n)]
    return run, lambda: state.__setitem__(0, make())


@split.own
def _(n):
    from rangelist import RangeList

    return cut(lambda: RangeList.build(items(n)), lambda rl, key: rl.split(key))


@split.by("sortedcontainers, by hand", "sortedcontainers")
def _(n):
    from sortedcontainers import SortedDict

    def at(spans, key):
        first = spans.peekitem(spans.bisect_right(key) - 1)[0]
        stop, value = spans[first]
        spans[first] = key, value
        spans[key] = stop, value

    return cut(lambda: SortedDict((a, (b, v)) for a, b, v in items(n)), at)


@split.by("collections-extended", "collections-extended")
def _(n):
    from collections_extended import RangeMap

    # It cannot hold touching equals, so that the right half gets another value.
    return cut(lambda: RangeMap.from_iterable(items(n)), lambda rm, key: rm.set(-key, key, key + 3))


@split.by("intervaltree", "intervaltree", most=100_000)
def _(n):
    from intervaltree import IntervalTree

    return cut(lambda: IntervalTree.from_tuples(items(n)), lambda tree, key: tree.slice(key))


# ---- merging -----------------------------------------------------------------------------------


@merge.own
def _(n):
    from rangelist import EQUAL, NEVER, RangeList

    def fresh():
        return RangeList.build(touching(n, lambda i: 7), policy=NEVER)

    state = [fresh()]
    return lambda: state[0].coalesce(policy=EQUAL), lambda: state.__setitem__(0, fresh())


@merge.by("intervaltree", "intervaltree", most=100_000)
def _(n):
    from intervaltree import IntervalTree

    def fresh():
        return IntervalTree.from_tuples(touching(n, lambda i: 7))

    state = [fresh()]
    return lambda: state[0].merge_overlaps(strict=False), lambda: state.__setitem__(0, fresh())


@merge.by("portion", "portion", most=100_000)
def _(n):
    from portion import Interval, closedopen

    spans = [closedopen(a, b) for a, b, _ in touching(n)]
    return lambda: Interval(*spans)


@merge.by("python-ranges", "python-ranges", most=1_000)
def _(n):
    from ranges import Range, RangeSet

    spans = [Range(a, b) for a, b, _ in touching(n)]
    return lambda: RangeSet(spans)


@merge.by("numpy, all at once", "numpy", "vectorised")
def _(n):
    import numpy

    starts = numpy.arange(n) * 10
    stops = starts + 10

    def run():
        first = numpy.concatenate(([True], stops[:-1] < starts[1:]))
        return starts[first], stops[numpy.concatenate((first[1:], [True]))]

    return run
