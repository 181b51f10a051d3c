"""A program that has very many small lists: they must not pay for the large ones."""

from contest import Case, touching

LISTS = 1_000

small = Case(
    "lists of 5 nodes", "n lists are made by 5 writes each, and asked for 5 keys", lambda n: n,
    sizes=(1_000, 10_000),
)  # fmt: skip
pairs = Case(
    "lists of 2 nodes", "n lists are made of two items", lambda n: n, sizes=(1_000, 10_000)
)
unions = Case(
    "union of 5 nodes", "left | right, n times, five nodes each, as tuples by hand", lambda n: n,
    sizes=(1_000, 10_000),
)  # fmt: skip
GIVEN = touching(5)
KEYS = [5, 15, 25, 35, 45]


def job(make, ask):
    def run_of(n):
        def run():
            for _ in range(n):
                made = make()
                for key in KEYS:
                    ask(made, key)

        return run

    return run_of


@small.own
def _(n):
    from rangelist import RangeList

    return job(lambda: RangeList(GIVEN), RangeList.at)(n)


@small.by("collections-extended", "collections-extended")
def _(n):
    from collections_extended import RangeMap

    def make():
        rm = RangeMap()
        for start, stop, value in GIVEN:
            rm.set(value, start, stop)
        return rm

    return job(make, RangeMap.get)(n)


@small.by("sortedcontainers, by hand", "sortedcontainers")
def _(n):
    from peers import HandMap

    def make():
        hand = HandMap()
        for start, stop, value in GIVEN:
            hand.set(start, stop, value)
        return hand

    return job(make, HandMap.get)(n)


@small.by("intervaltree", "intervaltree", most=10_000)
def _(n):
    from intervaltree import IntervalTree

    def make():
        tree = IntervalTree()
        for start, stop, value in GIVEN:
            tree.chop(start, stop)
            tree.addi(start, stop, value)
        return tree

    return job(make, IntervalTree.at)(n)


@small.by("portion", "portion", most=1_000)
def _(n):
    from portion import IntervalDict, closedopen

    def make():
        d = IntervalDict()
        for start, stop, value in GIVEN:
            d[closedopen(start, stop)] = value
        return d

    return job(make, IntervalDict.get)(n)


# ---- two nodes, five nodes ----------------------------------------------------------------------


def repeated(step, n):
    def run():
        for _ in range(n):
            step()

    return run


@pairs.own
def _(n):
    from rangelist import RangeList

    return repeated(lambda: RangeList(GIVEN[:2]), n)


@pairs.variant("rangelist, by build")
def _(n):
    from rangelist import RangeList

    return repeated(lambda: RangeList.build(GIVEN[:2]), n)


@pairs.variant("rangelist, empty")
def _(n):
    from rangelist import RangeList

    return repeated(RangeList, n)


@pairs.by("collections-extended", "collections-extended")
def _(n):
    from collections_extended import RangeMap

    return repeated(lambda: RangeMap.from_iterable(GIVEN[:2]), n)


@pairs.by("sortedcontainers, by hand", "sortedcontainers")
def _(n):
    from peers import HandMap

    return repeated(lambda: HandMap(GIVEN[:2]), n)


OTHER = [(start + 5, stop + 3, value) for start, stop, value in GIVEN]


@unions.own
def _(n):
    from rangelist import RangeList

    left, right = RangeList(GIVEN), RangeList(OTHER)
    return repeated(lambda: left | right, n)


@unions.by("a sweep over tuples, by hand")
def _(n):
    from peers import union

    return repeated(lambda: union(GIVEN, OTHER), n)


@unions.by("portion (no values)", "portion", most=10_000)
def _(n):
    from portion import Interval, closedopen

    left, right = (Interval(*(closedopen(a, b) for a, b, _ in side)) for side in (GIVEN, OTHER))
    return repeated(lambda: left | right, n)
