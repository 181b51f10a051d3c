"""Whole columns: arrays in, one answer for each row of an array."""

from bisect import bisect_left, bisect_right

from contest import Case

merge = Case("merge columns", "n unsorted spans in two arrays become a list", lambda n: n)
look = Case("look up a column", "n keys at random among n nodes", lambda n: n)
count = Case("count a column", "how many of n intervals meet each of n windows", lambda n: n)
out = Case("nodes to columns", "a list of n nodes becomes three lists", lambda n: n)
depth = Case(
    "depth", "n spans about 10 deep; the hook adds where they meet", lambda n: n,
    sizes=(100, 100_000),
)  # fmt: skip


def spans(n, width, length):
    """Return two arrays of n random spans."""
    import numpy as np

    draw = np.random.default_rng(n)
    starts = draw.integers(0, width * n, n)
    return starts, starts + draw.integers(1, length, n)


def apart(n):
    """Return three arrays of n spans that do not touch."""
    import numpy as np

    return np.arange(n) * 10, np.arange(n) * 10 + 6, np.arange(n)


def keys(n):
    """Return n random keys."""
    return spans(n, 10, 2)[0]


# ---- merge ---------------------------------------------------------------------------------------


@merge.own
def _(n):
    from rangelist import RangeList

    columns = spans(n, 4, 10)
    return lambda: RangeList.from_columns(*columns)


@merge.variant("rangelist, from lists")
def _(n):
    from rangelist import RangeList

    starts, stops = (column.tolist() for column in spans(n, 4, 10))
    return lambda: RangeList.from_columns(starts, stops)


@merge.by("numpy, sort and running maximum", "numpy", "vectorised")
def _(n):
    import numpy as np

    starts, stops = spans(n, 4, 10)

    def run():
        order = starts.argsort(kind="stable")
        lows, reach = starts[order], np.maximum.accumulate(stops[order])
        cut = np.flatnonzero(reach[:-1] < lows[1:])
        return lows[np.r_[0, cut + 1]], reach[np.r_[cut, n - 1]]

    return run


# ---- look up -------------------------------------------------------------------------------------


@look.own
def _(n):
    from rangelist import RangeList

    rl, wanted = RangeList.from_columns(*apart(n)), keys(n)
    return lambda: rl.get_many(wanted)


@look.variant("rangelist, from lists")
def _(n):
    from rangelist import RangeList

    rl, wanted = RangeList.from_columns(*apart(n)), keys(n).tolist()
    return lambda: rl.get_many(wanted)


@look.by("bisect over lists")
def _(n):
    starts, stops, values = (column.tolist() for column in apart(n))
    wanted = keys(n).tolist()

    def run():
        found = []
        for key in wanted:
            i = bisect_right(starts, key) - 1
            found.append(values[i] if i >= 0 and key < stops[i] else None)
        return found

    return run


@look.by("numpy, searchsorted", "numpy", "vectorised")
def _(n):
    import numpy as np

    starts, stops, values = apart(n)
    wanted = keys(n)

    def run():
        at = starts.searchsorted(wanted, "right") - 1
        return np.where(wanted < stops[at], values[at], -1)

    return run


# ---- count ---------------------------------------------------------------------------------------


@count.own
def _(n):
    from rangelist import RangeBag

    bag, lows = RangeBag.from_columns(*spans(n, 4, 40)), keys(n)
    return lambda: bag.count_many(lows, lows + 20)


@count.variant("rangelist, from lists")
def _(n):
    from rangelist import RangeBag

    bag, lows = RangeBag.from_columns(*spans(n, 4, 40)), keys(n)
    columns = lows.tolist(), (lows + 20).tolist()
    return lambda: bag.count_many(*columns)


@count.by("two bisections over lists")
def _(n):
    starts, stops = (sorted(column.tolist()) for column in spans(n, 4, 40))
    lows = keys(n).tolist()
    return lambda: [bisect_left(starts, low + 20) - bisect_right(stops, low) for low in lows]


@count.by("numpy, searchsorted", "numpy", "vectorised")
def _(n):
    import numpy as np

    starts, stops = map(np.sort, spans(n, 4, 40))
    lows = keys(n)
    return lambda: starts.searchsorted(lows + 20) - stops.searchsorted(lows, "right")


# ---- depth ---------------------------------------------------------------------------------------


@depth.own
def _(n):
    from operator import add

    from rangelist import RangeList

    starts, stops = spans(n, 10, 200)
    ones = [1] * n
    return lambda: RangeList.from_columns(starts, stops, ones, overlap=add)


@depth.variant("rangelist, a loop of add", most=20_000)
def _(n):
    from operator import add

    from rangelist import Policy, RangeList

    rows = list(zip(*(column.tolist() for column in spans(n, 10, 200)), strict=True))

    def run():
        rl = RangeList(policy=Policy(overlap=add))
        for start, stop in rows:
            rl.add(start, stop, 1)
        return rl

    return run


@depth.by("numpy, a sweep of sums", "numpy", "vectorised")
def _(n):
    import numpy as np

    starts, stops = spans(n, 10, 200)

    def run():
        at = np.concatenate((starts, stops))
        order = at.argsort(kind="stable")
        deep = np.repeat((1, -1), n)[order].cumsum()
        at = at[order]
        last = np.r_[at[1:] != at[:-1], True]
        return at[last], deep[last]

    return run


# ---- out -----------------------------------------------------------------------------------------


@out.own
def _(n):
    from rangelist import RangeList

    return RangeList.from_columns(*apart(n)).to_columns


@out.variant("rangelist, a loop over nodes")
def _(n):
    from rangelist import RangeList

    rl = RangeList.from_columns(*apart(n))
    return lambda: list(zip(*rl, strict=True))


@out.by("a list of tuples, transposed")
def _(n):
    rows = list(zip(*(column.tolist() for column in apart(n)), strict=True))
    return lambda: list(zip(*rows, strict=True))
