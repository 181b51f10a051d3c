"""Copies, and pickles there and back."""

import pickle
from copy import copy

from contest import Case, items

copied = Case("copy", "copy.copy", lambda n: n)
pickled = Case("pickle and back", "loads(dumps(list, -1))", lambda n: n)


def job(case, target):
    if case is copied:
        return lambda: copy(target)
    return lambda: pickle.loads(pickle.dumps(target, -1))


def rangelist(n):
    from rangelist import RangeList

    return RangeList.build(items(n))


def range_map(n):
    from collections_extended import RangeMap

    return RangeMap.from_iterable(items(n))


def hand_map(n):
    from peers import HandMap

    return HandMap(items(n)).spans


def interval_tree(n):
    from intervaltree import IntervalTree

    return IntervalTree.from_tuples(items(n))


for _case in (copied, pickled):
    _case.own(lambda n, case=_case: job(case, rangelist(n)))
    _case.floor("a list of tuples")(lambda n, case=_case: job(case, items(n)))
    if _case is pickled:  # copy.copy of a RangeMap shares its lists
        _case.by("collections-extended", "collections-extended")(
            lambda n, case=_case: job(case, range_map(n))
        )
    _case.by("sortedcontainers, by hand", "sortedcontainers")(
        lambda n, case=_case: job(case, hand_map(n))
    )
    _case.by("intervaltree", "intervaltree", most=100_000)(
        lambda n, case=_case: job(case, interval_tree(n))
    )
del _case
