"""Which node covers a key?"""

from bisect import bisect_right

from contest import Case, draws, items

MOST = 5_000

hit = Case("point lookup, hit", "random keys, each in some node", lambda n: MOST)
miss = Case("point lookup, miss", "random keys, each in some gap", lambda n: MOST)


def keys(case, n):
    return [10 * i + (3 if case is hit else 8) for i in draws(n, MOST)]


def asked(ask, case, n):
    """Return a run that asks for every key."""
    wanted = keys(case, n)

    def run():
        for key in wanted:
            ask(key)

    return run


def rangelist(case, n):
    from rangelist import RangeList

    return asked(RangeList.build(items(n)).at, case, n)


def range_map(case, n):
    from collections_extended import RangeMap

    rm = RangeMap.from_iterable(items(n))
    return asked(rm.get, case, n)


def hand_map(case, n):
    from peers import HandMap

    return asked(HandMap(items(n)).get, case, n)


def interval_tree(case, n):
    from intervaltree import IntervalTree

    return asked(IntervalTree.from_tuples(items(n)).at, case, n)


def portion(case, n):
    from portion import IntervalDict, closedopen

    return asked(IntervalDict({closedopen(a, b): v for a, b, v in items(n)}).get, case, n)


def python_ranges(case, n):
    from ranges import Range, RangeDict

    return asked(RangeDict([(Range(a, b), v) for a, b, v in items(n)]).get, case, n)


def pandas_index(case, n):
    from pandas import IntervalIndex

    starts = [a for a, _, _ in items(n)]
    index = IntervalIndex.from_arrays(starts, [a + 6 for a in starts], closed="left")

    def ask(key):
        try:
            return index.get_loc(key)
        except KeyError:
            return None

    return asked(ask, case, n)


def pandas_all(case, n):
    import numpy
    from pandas import IntervalIndex

    starts = numpy.arange(n) * 10
    index = IntervalIndex.from_arrays(starts, starts + 6, closed="left")
    wanted = numpy.array(keys(case, n))
    return lambda: index.get_indexer(wanted)


def numpy_all(case, n):
    import numpy

    starts = numpy.arange(n) * 10
    stops = starts + 6
    wanted = numpy.array(keys(case, n))

    def run():
        at = numpy.searchsorted(starts, wanted, "right") - 1
        return numpy.where(wanted < stops[at], at, -1)

    return run


def bare_bisect(case, n):
    starts = [a for a, _, _ in items(n)]
    nodes = [object() for _ in range(n)]
    wanted = keys(case, n)

    def run():
        for key in wanted:
            nodes[bisect_right(starts, key) - 1]

    return run


for _case in (hit, miss):
    _case.own(lambda n, case=_case: rangelist(case, n))
    _case.floor("bisect and list access")(lambda n, case=_case: bare_bisect(case, n))
    _case.by("collections-extended", "collections-extended")(
        lambda n, case=_case: range_map(case, n)
    )
    _case.by("sortedcontainers, by hand", "sortedcontainers")(
        lambda n, case=_case: hand_map(case, n)
    )
    _case.by("intervaltree", "intervaltree", most=100_000)(
        lambda n, case=_case: interval_tree(case, n)
    )
    _case.by("portion", "portion", most=1_000)(lambda n, case=_case: portion(case, n))
    _case.by("python-ranges", "python-ranges", most=100)(
        lambda n, case=_case: python_ranges(case, n)
    )
    _case.by("pandas, one by one", "pandas", "native")(lambda n, case=_case: pandas_index(case, n))
    _case.by("pandas, all at once", "pandas", "vectorised")(
        lambda n, case=_case: pandas_all(case, n)
    )
    _case.by("numpy, all at once", "numpy", "vectorised")(lambda n, case=_case: numpy_all(case, n))
del _case
