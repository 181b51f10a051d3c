"""Two lists of n nodes each, shifted by half a node."""

from contest import Case, items

union = Case("union", "left | right", lambda n: 2 * n)
intersection = Case("intersection", "left & right", lambda n: 2 * n)
difference = Case("difference", "left - right", lambda n: 2 * n)


def pair(n):
    return items(n), [(a + 3, b + 3, v) for a, b, v in items(n)]


def operated(case, left, right):
    if case is union:
        return lambda: left | right
    return (lambda: left & right) if case is intersection else (lambda: left - right)


def rangelist(case, n):
    from rangelist import RangeList

    return operated(case, *(RangeList.build(side) for side in pair(n)))


def portion(case, n):
    from portion import Interval, closedopen

    return operated(case, *(Interval(*(closedopen(a, b) for a, b, _ in side)) for side in pair(n)))


def python_ranges(case, n):
    from ranges import Range, RangeSet

    return operated(case, *(RangeSet([Range(a, b) for a, b, _ in side]) for side in pair(n)))


def interval_tree(case, n):
    from intervaltree import IntervalTree

    left, right = pair(n)
    whole = IntervalTree.from_tuples(left)

    def run():
        tree = whole.copy()
        for start, stop, value in right:
            tree.chop(start, stop)
            if case is union:
                tree.addi(start, stop, value)

    return run


for _case in (union, intersection, difference):
    _case.own(lambda n, case=_case: rangelist(case, n))
    _case.by("portion (no values)", "portion", most=10_000)(lambda n, case=_case: portion(case, n))
    _case.by("python-ranges (no values)", "python-ranges", most=1_000)(
        lambda n, case=_case: python_ranges(case, n)
    )
    if _case is not intersection:
        _case.by("intervaltree", "intervaltree", most=10_000)(
            lambda n, case=_case: interval_tree(case, n)
        )
del _case
