"""What programs do all day: hot spots, questions between writes, windows that slide, segments."""

from random import Random

from contest import Case, touching

MOST = 500

hot = Case(
    "Zipf writes", "spans across borders, most of them near a few keys", lambda n: min(n, MOST)
)
mix = Case(
    "reads and writes, 50/50", "a random key, then a random span, in turn", lambda n: min(n, MOST)
)
window = Case(
    "window by time", "a span comes behind the last, and the first of n goes", lambda n: n,
    sizes=(100, 100_000),
)  # fmt: skip
segments = Case(
    "TCP reassembly", "n segments, out of order by up to 64; what is complete is taken",
    lambda n: n, sizes=(100, 100_000),
)  # fmt: skip


# ---- random writes, taken back between the runs -------------------------------------------------


def script(case, n):
    """Return (key, start, stop) for each step."""
    draw = Random(n)
    found = []
    for _ in range(min(n, MOST)):
        # Zipf's law: rank r with a probability of about 1 / r.
        rank = int(n ** draw.random()) - 1 if case is hot else draw.randrange(n)
        tile = rank * 7_919 % n  # hot ones are not neighbours
        start = 10 * tile + draw.randrange(10)
        found.append((10 * draw.randrange(n) + 3, start, start + draw.randrange(1, 20)))
    return found


def job(case, n, write, ask):
    """Return run and undo."""
    steps = script(case, n)
    tiles = [i for _, start, _ in steps for i in range(start // 10, min(start // 10 + 3, n))]

    def run():
        for key, start, stop in steps:
            if case is mix:
                ask(key)
            write(start, stop, -key)

    def undo():
        for i in tiles:
            write(10 * i, 10 * i + 10, i)
        write(10 * n, 10 * n + 20, n)

    undo()
    return run, undo


def rangelist(case, n):
    from rangelist import RangeList

    rl = RangeList.build(touching(n))
    return job(case, n, rl.set, rl.get)


def range_map(case, n):
    from collections_extended import RangeMap

    rm = RangeMap.from_iterable(touching(n))
    return job(case, n, lambda start, stop, value: rm.set(value, start, stop), rm.get)


def hand_map(case, n):
    from peers import HandMap

    hand = HandMap(touching(n))
    return job(case, n, hand.set, hand.get)


for _case in (hot, mix):
    _case.own(lambda n, case=_case: rangelist(case, n))
    _case.by("collections-extended", "collections-extended")(
        lambda n, case=_case: range_map(case, n)
    )
    _case.by("sortedcontainers, by hand", "sortedcontainers")(
        lambda n, case=_case: hand_map(case, n)
    )
del _case


# ---- a window that slides -----------------------------------------------------------------------


def sliding(n, come, go):
    """Return a run that moves a window of n entries by n."""
    for i in range(n):
        come(i)
    last = [n]

    def run():
        for i in range(last[0], last[0] + n):
            come(i)
            go(i - n)
        last[0] += n

    return run


@window.own
def _(n):
    from rangelist import RangeList

    rl = RangeList()
    return sliding(n, lambda i: rl.set(10 * i, 10 * i + 6, i), lambda i: rl.delete(rl.first))


@window.variant("remove(None, key)")
def _(n):
    from rangelist import RangeList

    rl = RangeList()
    return sliding(
        n, lambda i: rl.set(10 * i, 10 * i + 6, i), lambda i: rl.remove(None, 10 * i + 6)
    )


@window.by("sortedcontainers, by hand", "sortedcontainers")
def _(n):
    from sortedcontainers import SortedDict

    spans = SortedDict()
    return sliding(
        n, lambda i: spans.__setitem__(10 * i, (10 * i + 6, i)), lambda i: spans.popitem(0)
    )


@window.by("collections-extended", "collections-extended")
def _(n):
    from collections_extended import RangeMap

    rm = RangeMap()
    return sliding(
        n, lambda i: rm.set(i, 10 * i, 10 * i + 6), lambda i: rm.delete(10 * i, 10 * i + 6)
    )


@window.floor("a deque: no keys, no overlaps")
def _(n):
    from collections import deque

    spans = deque()
    return sliding(n, lambda i: spans.append((10 * i, 10 * i + 6, i)), lambda i: spans.popleft())


# ---- segments that come out of order ------------------------------------------------------------


def arrivals(n):
    """Return the numbers of n segments in the order in which they come."""
    draw = Random(n)
    return sorted(range(n), key=lambda i: i + draw.randrange(64))


@segments.own
def _(n):
    from rangelist import RangeList

    order = arrivals(n)

    def run():
        rl, base = RangeList(), 0
        for i in order:
            rl.set(10 * i, 10 * i + 10, True)
            first = rl.first
            if first.start == base:
                base = first.stop
                rl.delete(first)
        return base

    return run


@segments.by("sortedcontainers, by hand", "sortedcontainers")
def _(n):
    from peers import HandMap

    order = arrivals(n)

    def run():
        hand, base = HandMap(), 0
        for i in order:
            hand.set(10 * i, 10 * i + 10, True)
            first, (stop, _) = hand.spans.peekitem(0)
            if first == base:
                base = stop
                hand.spans.popitem(0)
        return base

    return run


@segments.by("collections-extended", "collections-extended")
def _(n):
    from collections_extended import RangeMap

    order = arrivals(n)

    def run():
        rm, base = RangeMap(), 0
        for i in order:
            rm.set(True, 10 * i, 10 * i + 10)
            if base == 10 * i:
                first = next(rm.ranges())
                base = first.stop
                rm.delete(first.start, first.stop)
        return base

    return run
