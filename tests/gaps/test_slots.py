"""Every free place from left to right: against a model, and while the list changes."""

import datetime as dt
import random
from itertools import islice

import pytest

from rangelist.bounds import NEG_INF, POS_INF, after
from rangelist.chain import Chain
from rangelist.errors import EmptySpanError, GapSearchError, LengthError, NanKeyError
from rangelist.gaps import Rooms, find_gap, slots
from rangelist.node import Node
from rangelist.ranges import RangeList

POINTS = 6
UNIVERSE = [
    [(x, x + 1) for x in range(POINTS) if covered >> x & 1] for covered in range(1 << POINTS)
]


def made(spans, limit=4):
    index = Chain(limit)
    index.fill([Node(start, stop, "x") for start, stop in spans])
    return Rooms(index)


def ask(spans, size, start=None, stop=None, *, align=1, offset=0, step=None):
    return list(slots(made(spans), size, start, stop, align, offset, step))


def model(spans, size, lo, hi, align, offset, step):
    """Look at each point: a place is free, aligned, and far enough behind the last."""
    found = []
    for at in range(lo, hi - size + 1):
        free = not any(a < at + size and at < b for a, b in spans)
        if free and (at - offset) % align == 0 and (not found or at >= found[-1][0] + step):
            found.append((at, at + size))
    return found


def test_every_stream_in_a_small_universe_is_that_of_the_model():
    """All sets of six points, windows, sizes, alignments, steps shorter and longer than a size."""
    for spans in UNIVERSE:
        rooms = made(spans)
        for start, stop in ((-2, 9), (0, 6), (1, 5), (3, 3), (None, None), (None, 8), (2, None)):
            lo = spans[0][0] if start is None and spans else start
            hi = spans[-1][1] if stop is None and spans else stop
            for size in (1, 2, 3):
                for align, offset in ((1, 0), (2, 0), (3, 2)):
                    for step in (None, 1, 2, 5):
                        got = list(slots(rooms, size, start, stop, align, offset, step))
                        empty = lo is None or hi is None
                        assert got == (
                            [] if empty else model(spans, size, lo, hi, align, offset, step or size)
                        )


def test_the_first_is_what_a_search_finds_and_each_other_what_a_search_behind_it_finds():
    """The same places by `find_gap`, one after the other, over many blocks."""
    rnd = random.Random(8)
    for _ in range(100):
        cuts = sorted(rnd.sample(range(300), 2 * rnd.randint(5, 60)))
        rooms = made(list(zip(cuts[::2], cuts[1::2], strict=True)))
        size, align, step = rnd.randint(1, 6), rnd.choice([1, 2, 5]), rnd.choice([None, 1, 3, 11])
        at, found = cuts[0], []
        while place := find_gap(rooms, size, at, 330, align, 0, "first"):
            found.append(place)
            at = place.start + (step or size)
            if at > 330:
                break
        assert list(slots(rooms, size, None, 330, align, 0, step)) == found


def test_each_place_can_be_taken_as_it_comes():
    """The usual loop: book it; or book all that is left, and only what stays free is delivered."""
    rl = RangeList([(0, 4, "a"), (9, 12, "a"), (20, 21, "a")])
    taken = []
    for place in slots(Rooms(rl._chain), 2, None, None, 1, 0, None):
        rl.insert(place.start, place.stop, "new")
        taken.append(place.start)
    assert taken == [4, 6, 12, 14, 16, 18]
    assert len(rl.remove(4, 6)) == 1

    stream = slots(Rooms(rl._chain), 1, 0, 99, 1, 0, None)
    assert next(stream) == (4, 5)
    rl.set(4, 30, "b")
    assert next(stream) == (30, 31)
    rl.remove(0, 35)
    assert next(stream) == (31, 32)


def test_every_step_is_a_search_of_the_list_as_it_is_then():
    """Random changes between the steps, `None` as an end being the last node there is then."""
    rnd = random.Random(9)
    for _ in range(300):
        rl = RangeList([(x, x + 1, "a") for x in rnd.sample(range(40), 9)])
        index = rl._chain
        stop = rnd.choice([None, 45])
        size, align, step = rnd.randint(1, 3), rnd.choice([1, 2]), rnd.choice([1, 2, 4])
        stream = slots(Rooms(index), size, 0, stop, align, 0, step)
        at = 0
        while True:
            hi = stop if stop is not None else (rl.last.stop if rl else 0)
            want = model([(n.start, n.stop) for n in rl], size, at, hi, align, 0, step)[:1]
            got = list(islice(stream, 1))
            assert got == want
            if not got:
                assert next(stream, None) is None
                break
            at = got[0].start + step
            key = rnd.randrange(45)
            if rnd.random() < 0.5:
                rl.set(key, key + rnd.randint(1, 5), rnd.choice("ab"))
            else:
                rl.remove(key, key + rnd.randint(1, 5))


def test_days_and_hours_make_a_calendar():
    """Half an hour, every quarter of an hour, in the free time of a day."""
    nine = dt.datetime(2026, 1, 5, 9)
    minute = dt.timedelta(minutes=1)
    spans = [
        (nine - 60 * minute, nine),
        (nine + 40 * minute, nine + 110 * minute),
        (nine + 150 * minute, nine + 160 * minute),
    ]
    whole = {"align": 15 * minute, "offset": dt.datetime(2026, 1, 1)}
    got = ask(spans, 30 * minute, **whole, step=15 * minute)
    assert [(place.start - nine) // minute for place in got] == [0, 120]
    assert ask(spans, 30 * minute)[1].start == nine + 110 * minute
    day = dt.date.max - dt.timedelta(5)
    assert [place.start.day for place in ask([], dt.timedelta(2), day, dt.date.max)] == [26, 28]


def test_a_window_without_end_gives_places_without_end():
    """As many as are wanted; where it has no begin there is no first place."""
    stream = slots(made([(0, 4), (6, 9)]), 3, 0, POS_INF, 1, 0, None)
    assert [place.start for place in islice(stream, 3)] == [9, 12, 15]
    stream = slots(made([]), 1.0, 0.0, float("inf"), 1, 0, 0.5)
    assert [place.start for place in islice(stream, 3)] == [0.0, 0.5, 1.0]
    with pytest.raises(GapSearchError, match="no lowest place"):
        next(slots(made([(0, 4)]), 3, NEG_INF, None, 1, 0, None))
    assert ask([(0, after(4)), (9, 10)], 2) == [(after(4), after(6)), (after(6), after(8))]


def test_a_step_that_keys_lose_is_refused_instead_of_a_place_for_ever():
    """1e17 + 0.5 is 1e17: the same place would come again and again."""
    stream = slots(made([]), 1000.0, 1e17, 2e17, 1, 0, 0.5)
    assert next(stream) == (1e17, 1e17 + 1000)
    with pytest.raises(LengthError, match=r"step 0.5 is 0.0 behind 1e\+17, want a length"):
        next(stream)
    with pytest.raises(LengthError, match="step .* want a length that such keys keep"):
        ask(
            [],
            dt.timedelta(1),
            dt.date(2026, 1, 1),
            dt.date(2026, 2, 1),
            step=dt.timedelta(hours=36),
        )


@pytest.mark.parametrize("step", [0, -1, "x", float("nan"), POS_INF])
def test_a_step_that_is_nothing_is_refused_at_once(step):
    """As a size is."""
    with pytest.raises(GapSearchError, match=r"step is .*, want a key difference above zero"):
        slots(made([]), 1, 0, 9, 1, 0, step)


def test_bad_windows_and_lengths_are_refused_at_once():
    """Not only when the first place is asked for."""
    with pytest.raises(EmptySpanError, match="reversed"):
        slots(made([]), 1, 5, 4, 1, 0, None)
    with pytest.raises(NanKeyError):
        slots(made([]), 1, float("nan"), 4, 1, 0, None)
    for lengths in ((0, 1), (1, 0)):
        with pytest.raises(GapSearchError):
            slots(made([]), lengths[0], 0, 9, lengths[1], 0, None)


class Counted:
    """A key that counts its comparisons."""

    used = 0

    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        Counted.used += 1
        return self.n < other.n

    def __add__(self, other):
        return Counted(self.n + other.n)

    def __sub__(self, other):
        return Counted(self.n - other.n)


def test_a_step_costs_no_more_in_a_long_list():
    """The places lie at both ends of a full list; what is between is passed by through the tree."""
    costs = []
    for n in (10**3, 3 * 10**4):
        index = Chain()
        index.fill(
            [
                Node(Counted(10 * i), Counted(10 * i + (5 if i in (0, n - 2) else 10)), i)
                for i in range(n)
            ]
        )
        stream = slots(Rooms(index), Counted(5), None, None, 1, 0, None)
        assert next(stream).start.n == 5
        Counted.used = 0
        assert next(stream).start.n == 10 * (n - 2) + 5
        costs.append(Counted.used)
        assert next(stream, None) is None
    assert max(costs) < 120 and costs[1] < costs[0] + 40
