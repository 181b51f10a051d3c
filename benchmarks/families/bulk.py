"""A list of n items at once."""

from random import Random

from contest import Case, items

in_order = Case("bulk build, sorted", "sorted items that do not overlap", lambda n: n)
shuffled = Case("bulk build, shuffled", "the same items in random order", lambda n: n)
heavy = Case("bulk build, overlapping", "random items, each point under fifty", lambda n: n)


def data(case, n):
    draw = Random(n)
    if case is heavy:
        starts = [draw.randrange(10 * n) for _ in range(n)]
        return [(a, a + draw.randrange(1, 1_000), i) for i, a in enumerate(starts)]
    found = items(n)
    if case is shuffled:
        draw.shuffle(found)
    return found


def rangelist(case, n):
    from rangelist import RangeList

    given = data(case, n)
    return lambda: RangeList.build(given)


def sort_only(case, n):
    given = data(case, n)
    return lambda: sorted(given)


def range_map(case, n):
    from collections_extended import RangeMap

    given = data(case, n)
    return lambda: RangeMap.from_iterable(given)


def hand_map(case, n):
    from peers import HandMap

    given = data(case, n)
    if case is not heavy:
        return lambda: HandMap(given)

    def run():
        hand = HandMap()
        for start, stop, value in given:
            hand.set(start, stop, value)
        return hand

    return run


def interval_tree(case, n):
    from intervaltree import IntervalTree

    given = data(case, n)
    return lambda: IntervalTree.from_tuples(given)


def portion(case, n):
    from portion import IntervalDict, closedopen

    given = [(closedopen(a, b), v) for a, b, v in data(case, n)]
    return lambda: IntervalDict(given)


for _case in (in_order, shuffled, heavy):
    _case.own(lambda n, case=_case: rangelist(case, n))
    _case.floor("sorted() of the same tuples")(lambda n, case=_case: sort_only(case, n))
    _case.by("collections-extended", "collections-extended")(
        lambda n, case=_case: range_map(case, n)
    )
    _case.by("sortedcontainers, by hand", "sortedcontainers")(
        lambda n, case=_case: hand_map(case, n)
    )
    if _case is not heavy:  # a tree keeps all of them, and answers another question
        _case.by("intervaltree", "intervaltree", most=100_000)(
            lambda n, case=_case: interval_tree(case, n)
        )
    _case.by("portion", "portion", most=1_000)(lambda n, case=_case: portion(case, n))
del _case
