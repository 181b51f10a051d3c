"""Writing into a list of n nodes; what was written is taken back between the runs."""

from contest import Case, draws, items, some

MOST = 500

shuffled = Case("shuffled set", "free spans, in random order", lambda n: min(n, MOST))
in_order = Case("sorted set", "spans behind the last node, in order", lambda n: min(n, MOST))
over = Case("overwrite of 10 nodes", "one span over ten nodes", lambda n: min(n // 10, MOST))
punch = Case(
    "punch and refill", "a hole inside a node, then the same value again", lambda n: min(n, MOST)
)

watched = Case(
    "set, once watched",
    "shuffled set, after a subscriber and a transaction have come and gone",
    lambda n: min(n, MOST),
)


def shuffled_spans(n):
    return [(10 * i + 7, 10 * i + 9) for i in some(n, MOST)]


def later_spans(n):
    return [(10 * i, 10 * i + 6) for i in range(n, n + min(n, MOST))]


def wide_spans(n):
    return [(100 * i, 100 * i + 100) for i in some(n // 10, MOST)]


def holes(n):
    return [(10 * i + 2, 10 * i + 4, i) for i in draws(n, min(n, MOST))]


def tens(spans):
    """Return what lay under wide spans."""
    return [(a + 10 * i, a + 10 * i + 6, (a + 10 * i) // 10) for a, _ in spans for i in range(10)]


def job(target, write, remove, case, n):
    """Return run and undo for somebody who writes and removes spans."""
    if case is punch:
        work = holes(n)

        def run():
            for start, stop, value in work:
                remove(start, stop)
                write(start, stop, value)

        return run
    spans = {shuffled: shuffled_spans, in_order: later_spans, over: wide_spans}[case](n)

    def run():
        for start, stop in spans:
            write(start, stop, -1 - start)

    def undo():
        for start, stop in spans:
            remove(start, stop)
        if case is over:
            for start, stop, value in tens(spans):
                write(start, stop, value)

    return run, undo


def rangelist(case, n):
    from rangelist import RangeList

    rl = RangeList.build(items(n))
    return job(rl, rl.set, rl.remove, case, n)


def range_map(case, n):
    from collections_extended import RangeMap

    rm = RangeMap.from_iterable(items(n))
    return job(rm, lambda a, b, v: rm.set(v, a, b), rm.delete, case, n)


def hand_map(case, n):
    from peers import HandMap

    hand = HandMap(items(n))
    return job(hand, hand.set, hand.remove, case, n)


def interval_tree(case, n):
    from intervaltree import IntervalTree

    tree = IntervalTree.from_tuples(items(n))

    def write(start, stop, value):
        tree.chop(start, stop)
        tree.addi(start, stop, value)

    return job(tree, write, tree.chop, case, n)


def portion(case, n):
    from portion import IntervalDict, closedopen

    d = IntervalDict({closedopen(a, b): v for a, b, v in items(n)})

    def write(start, stop, value):
        d[closedopen(start, stop)] = value

    def remove(start, stop):
        d.pop(closedopen(start, stop), None)

    return job(d, write, remove, case, n)


def python_ranges(case, n):
    from ranges import Range, RangeDict

    d = RangeDict([(Range(a, b), v) for a, b, v in items(n)])

    def write(start, stop, value):
        d[Range(start, stop)] = value

    def remove(start, stop):
        d.remove(Range(start, stop))

    return job(d, write, remove, case, n)


for _case in (shuffled, in_order, over, punch):
    _case.own(lambda n, case=_case: rangelist(case, n))
    _case.by("collections-extended", "collections-extended")(
        lambda n, case=_case: range_map(case, n)
    )
    _case.by("sortedcontainers, by hand", "sortedcontainers")(
        lambda n, case=_case: hand_map(case, n)
    )
    if _case is not punch:  # it does not merge: every hole would stay for ever
        _case.by("intervaltree", "intervaltree", most=100_000)(
            lambda n, case=_case: interval_tree(case, n)
        )
    _case.by("portion", "portion", most=1_000)(lambda n, case=_case: portion(case, n))
    _case.by("python-ranges", "python-ranges", most=100)(
        lambda n, case=_case: python_ranges(case, n)
    )
del _case  # or it would be taken for one more


@watched.own
def _(n):
    from rangelist import RangeList

    rl = RangeList.build(items(n))
    with rl.transaction():
        pass
    rl.subscribe(print)()
    return job(rl, rl.set, rl.remove, shuffled, n)


@watched.variant("the same, never watched")
def _(n):
    return rangelist(shuffled, n)
