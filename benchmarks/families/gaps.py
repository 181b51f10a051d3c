"""Free space of a size, in a list that is nearly full."""

from random import Random

from contest import Case

MOST = 200

first = Case(
    "gap search, first", "a gap of 6 among 1 in 1000; the others are 1 to 3", lambda n: MOST
)
best = Case("gap search, best", "the smallest gap of at least 5", lambda n: MOST)
aligned = Case("gap search, aligned", "a gap of 4 at a multiple of 64", lambda n: MOST)
taken = Case("allocate", "the first gap of 6 is found and written into", lambda n: MOST)
SIZES = {first: 6, best: 5, aligned: 4, taken: 6}


def data(n):
    """Return n items, each followed by a gap of 1 to 3, and every 1000th by one of 5 to 9."""
    draw = Random(n)
    at = 0
    found = []
    for i in range(n):
        found.append((at, at + 10, i))
        # Not one in 1000 by chance: luck would decide how soon a loop comes to the first.
        at += 10 + (draw.randrange(5, 10) if i % 1_000 == 999 else draw.randrange(1, 4))
    return [*found, (at + 64, at + 70, -1), (at + 1_700, at + 1_710, -1)]


def rangelist(case, n):
    from rangelist import RangeList

    rl = RangeList.build(data(n))
    size = SIZES[case]
    options = {first: {}, best: {"fit": "best"}, aligned: {"align": 64}}[case]

    def run():
        for _ in range(MOST):
            rl.find_gap(size, **options)

    return run


def rangelist_taken(n):
    from rangelist import RangeList

    rl = RangeList.build(data(n))
    nodes = []

    def run():
        for i in range(MOST):
            place = rl.find_gap(6)
            nodes.append(rl.insert(place.start, place.stop, -2 - i))

    def undo():
        while nodes:
            rl.delete(nodes.pop())

    return run, undo


def scan_taken(n):
    found = data(n)
    kept = list(found)

    def run():
        for i in range(MOST):
            left = 0
            for at, (start, stop, _value) in enumerate(found):
                if start - left >= 6:
                    found.insert(at, (left, left + 6, -2 - i))
                    break
                left = stop

    return run, lambda: found.__setitem__(slice(None), kept)


def arrays(case, n):
    import numpy

    found = data(n)
    starts = numpy.array([a for a, _, _ in found])
    stops = numpy.array([b for _, b, _ in found])
    size = SIZES[case]

    def run():
        for _ in range(MOST):
            room = starts[1:] - stops[:-1]
            if case is first:
                stops[int((room >= size).argmax())]
            elif case is best:
                stops[int(numpy.where(room >= size, room, 1 << 60).argmin())]
            else:
                at = -(-stops[:-1] // 64) * 64
                at[int((at + size <= starts[1:]).argmax())]

    return run


def scan(case, n):
    found = data(n)
    size = SIZES[case]

    def run():
        for _ in range(MOST):
            if case is best:
                min(
                    (
                        b[0] - a[1]
                        for a, b in zip(found, found[1:], strict=False)
                        if b[0] - a[1] >= size
                    ),
                    default=None,
                )
                continue
            left = 0
            for start, stop, _value in found:
                at = -(-left // 64) * 64 if case is aligned else left
                if start - at >= size:
                    break
                left = stop

    return run


for _case in (first, best, aligned):
    _case.own(lambda n, case=_case: rangelist(case, n))
    _case.by("a loop over a list")(lambda n, case=_case: scan(case, n))
    _case.by("numpy, all gaps", "numpy", "vectorised")(lambda n, case=_case: arrays(case, n))
del _case
taken.own(rangelist_taken)
taken.by("a loop over a list")(scan_taken)
