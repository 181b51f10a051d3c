"""Who overlaps a window?  n intervals that overlap each other, in a bag or a tree."""

from random import Random

from contest import Case

MOST = 1_000

few = Case("overlap query, short", "answers of about 5 of n short intervals", lambda n: MOST)
long = Case(
    "overlap query, long", "the same, and one interval in 100 is a tenth of all", lambda n: MOST,
    sizes=(100, 100_000),
)  # fmt: skip


def data(case, n):
    draw = Random(n)
    length = 10 * n // 10
    starts = sorted(draw.randrange(10 * n) for _ in range(n))
    if case is few:
        return [(a, a + draw.randrange(1, 40), i) for i, a in enumerate(starts)]
    return [
        (a, a + (length if i % 100 == 0 else draw.randrange(1, 40)), i)
        for i, a in enumerate(starts)
    ]


def windows(n):
    draw = Random(n + 1)
    return [(a, a + 30) for a in (draw.randrange(10 * n) for _ in range(MOST))]


def asked(ask, n):
    """Return a run that takes all answers to every question."""
    wanted = windows(n)

    def run():
        for start, stop in wanted:
            for _ in ask(start, stop):
                pass

    return run


def rangelist(case, n):
    from rangelist import RangeBag

    return asked(RangeBag.build(data(case, n)).overlapping, n)


def interval_tree(case, n):
    from intervaltree import IntervalTree

    return asked(IntervalTree.from_tuples(data(case, n)).overlap, n)


def quicksect(case, n):
    from quicksectx import IntervalTree

    tree = IntervalTree()
    for start, stop, value in data(case, n):
        tree.add(start, stop, value)
    return asked(tree.search, n)


def superintervals(case, n):
    from superintervals import IntervalMap

    tree = IntervalMap()
    for start, stop, value in data(case, n):
        tree.add(start, stop - 1, value)  # its ends are included
    tree.build()
    return asked(lambda start, stop: tree.search_values(start, stop - 1), n)


def nested_list(case, n):
    import numpy
    from ncls import NCLS

    starts, stops, values = (numpy.array(row) for row in zip(*data(case, n), strict=True))
    return asked(NCLS(starts, stops, values).find_overlap, n)


def pandas_index(case, n):
    from pandas import Interval, IntervalIndex

    starts, stops, _ = zip(*data(case, n), strict=True)
    index = IntervalIndex.from_arrays(starts, stops, closed="left")

    def ask(start, stop):
        return index.overlaps(Interval(start, stop, closed="left")).nonzero()[0]

    return asked(ask, n)


def numpy_scan(case, n):
    import numpy

    starts, stops, _ = (numpy.array(row) for row in zip(*data(case, n), strict=True))
    return asked(lambda start, stop: ((starts < stop) & (start < stops)).nonzero()[0], n)


for _case in (few, long):
    _case.own(lambda n, case=_case: rangelist(case, n))
    _case.by("intervaltree", "intervaltree", most=100_000)(
        lambda n, case=_case: interval_tree(case, n)
    )
    _case.by("quicksectx", "quicksectx", "native")(lambda n, case=_case: quicksect(case, n))
    _case.by("superintervals", "superintervals", "native")(
        lambda n, case=_case: superintervals(case, n)
    )
    _case.by("ncls", "ncls", "native")(lambda n, case=_case: nested_list(case, n))
    _case.by("pandas", "pandas", "native", most=100_000)(
        lambda n, case=_case: pandas_index(case, n)
    )
    _case.by("numpy", "numpy", "vectorised")(lambda n, case=_case: numpy_scan(case, n))
del _case
