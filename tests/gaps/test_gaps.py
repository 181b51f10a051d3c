"""Gaps and tiles as streams, and the search for a place: against a model of every point."""

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction
from ipaddress import ip_address

import pytest
from core.sizes import by_size
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rangelist.bounds import NEG_INF, POS_INF, after, before
from rangelist.chain import Chain
from rangelist.errors import (
    EmptySpanError,
    GapSearchError,
    LengthError,
    NanKeyError,
    UnorderedKeyError,
)
from rangelist.gaps import FITS, Rooms, find_gap, gaps, slots, tiles
from rangelist.node import Gap, Node, Piece
from rangelist.policy import EQUAL, Policy
from rangelist.ranges import RangeList


def made(spans, limit=4):
    """Return an index of spans; small blocks, so that few nodes make many."""
    index = Chain(limit)
    index.fill([Node(start, stop, "x") for start, stop in spans])
    return index


def ask(spans, size, start=None, stop=None, *, align=1, offset=0, fit="first", limit=4):
    """Search once, in an index of its own."""
    return find_gap(Rooms(made(spans, limit)), size, start, stop, align, offset, fit)


# ---- the model -----------------------------------------------------------------------------------


def window_of(spans, start, stop):
    """`None` is the first, the last node."""
    lo = start if start is not None or not spans else spans[0][0]
    hi = stop if stop is not None or not spans else spans[-1][1]
    return (0, 0) if lo is None or hi is None else (lo, hi)


def model_gaps(spans, start, stop):
    """Look at each point of the window."""
    lo, hi = window_of(spans, start, stop)
    found = []
    for x in range(lo, hi):
        if not any(a <= x < b for a, b in spans):
            if found and found[-1][1] == x:
                found[-1] = (found[-1][0], x + 1)
            else:
                found.append((x, x + 1))
    return found


def model_find(spans, size, start, stop, align, offset, fit, reached=None):
    """Look at each place of each gap."""
    lo, hi = window_of(spans, start, stop)
    rooms = [
        (b - a, [x for x in range(a, b - size + 1) if (x - offset) % align == 0])
        for a, b in model_gaps(spans, start, stop)
    ]
    rooms = [(length, places) for length, places in rooms if places]
    if not rooms:
        return None
    everywhere = [x for _, places in rooms for x in places]
    if fit == "last":
        at = everywhere[-1]
    elif fit == "best":
        at = min(rooms, key=lambda room: room[0])[1][0]
    elif fit == "worst":
        at = max(rooms, key=lambda room: room[0])[1][0]
    else:
        on = [x for x in everywhere if fit == "next" and reached is not None and x >= reached]
        at = on[0] if on and lo < reached < hi else everywhere[0]
    return (at, at + size)


POINTS = 6
UNIVERSE = [
    [(x, x + 1) for x in range(POINTS) if covered >> x & 1] for covered in range(1 << POINTS)
]
WINDOWS = [
    (a, b)
    for a in (None, *range(-1, POINTS + 2))
    for b in (None, *range(-1, POINTS + 2))
    if a is None or b is None or a <= b
]


@pytest.mark.parametrize("fit", FITS)
def test_every_search_in_a_small_universe_answers_as_the_model(fit):
    """All sets of six points, all windows, all sizes, four alignments."""
    for spans in UNIVERSE:
        rooms = Rooms(made(spans))
        for start, stop in WINDOWS:
            for size in (1, 2, 3):
                for align, offset in ((1, 0), (2, 0), (2, -1), (3, 2)):
                    rooms.reached = None
                    got = find_gap(rooms, size, start, stop, align, offset, fit)
                    assert got == model_find(spans, size, start, stop, align, offset, fit)


def test_searches_over_many_blocks_answer_as_the_model():
    """Longer lists, so that blocks lie wholly inside a window."""
    rnd = random.Random(6)
    for _ in range(400):
        cuts = sorted(rnd.sample(range(120), 2 * rnd.randint(10, 40)))
        spans = list(zip(cuts[::2], cuts[1::2], strict=True))
        rooms = Rooms(made(spans))
        for fit in FITS:
            start, stop = rnd.choice([None, rnd.randint(-5, 50)]), rnd.choice([None, 90, 130])
            size, align, offset = rnd.randint(1, 6), rnd.choice([1, 1, 2, 5]), rnd.randint(-3, 3)
            reached = rooms.reached = rnd.choice([None, rnd.randint(0, 99)])
            got = find_gap(rooms, size, start, stop, align, offset, fit)
            assert got == model_find(spans, size, start, stop, align, offset, fit, reached)


def test_the_next_search_goes_on_from_every_place_where_one_ended():
    """And comes round to the start of the window."""
    for spans in UNIVERSE:
        rooms = Rooms(made(spans))
        for start, stop in WINDOWS[::3]:
            for reached in range(-1, POINTS + 1):
                rooms.reached = reached
                got = find_gap(rooms, 2, start, stop, 1, 0, "next")
                assert got == model_find(spans, 2, start, stop, 1, 0, "next", reached)
                assert rooms.reached == (reached if got is None else got.stop)


def test_every_stream_of_a_small_universe_is_what_the_model_sees():
    """Gaps are maximal and never empty; tiles leave nothing out."""
    for spans in UNIVERSE:
        index = made(spans)
        for start, stop in WINDOWS:
            found = model_gaps(spans, start, stop)
            assert list(gaps(index, start, stop)) == found
            lo, hi = window_of(spans, start, stop)
            used = [(max(a, lo), min(b, hi)) for a, b in spans if a < hi and lo < b and lo < hi]
            got = list(tiles(index, start, stop, EQUAL))
            assert got == sorted(found + [(a, b, "x") for a, b in used])
            assert all(isinstance(tile, (Gap, Piece)) for tile in got)


class Searches(RuleBasedStateMachine):
    """One list and one summary through many changes: what is kept must never be out of date."""

    def __init__(self):
        super().__init__()
        self.list = RangeList()
        self.list._chain = Chain(4)
        self.rooms = Rooms(self.list._chain)

    def spans(self):
        return [(node.start, node.stop) for node in self.list]

    @rule(start=st.integers(0, 60), length=st.integers(1, 9), value=st.integers(0, 3))
    def set(self, start, length, value):
        self.list.set(start, start + length, value)

    @rule(start=st.integers(0, 60), length=st.integers(1, 20))
    def remove(self, start, length):
        self.list.remove(start, start + length)

    @rule()
    def clear(self):
        self.list.clear()

    @rule(
        size=st.integers(1, 6),
        start=st.none() | st.integers(-2, 30),
        stop=st.none() | st.integers(30, 72),
        align=st.sampled_from([1, 1, 2, 3]),
        offset=st.integers(-1, 2),
        fit=st.sampled_from(FITS),
    )
    def search(self, size, start, stop, align, offset, fit):
        reached = self.rooms.reached
        got = find_gap(self.rooms, size, start, stop, align, offset, fit)
        assert got == model_find(self.spans(), size, start, stop, align, offset, fit, reached)

    @invariant()
    def streams_agree(self):
        assert list(gaps(self.list._chain, -1, 72)) == model_gaps(self.spans(), -1, 72)


TestSearches = Searches.TestCase
TestSearches.settings = settings(max_examples=60, stateful_step_count=40)


# ---- kinds of keys -------------------------------------------------------------------------------


def test_days_and_hours_can_be_searched():
    """A key and a length need not be of one type."""
    day = [dt.date(2024, 2, n) for n in range(1, 30)]
    spans = [(day[0], day[4]), (day[6], day[9]), (day[12], day[20])]
    assert ask(spans, dt.timedelta(2)) == (day[4], day[6])
    assert ask(spans, dt.timedelta(3), fit="last") == (day[9], day[12])
    assert ask(spans, dt.timedelta(9), stop=dt.date.max) == (day[20], dt.date(2024, 3, 1))
    hour = [dt.datetime(2024, 2, 1, n, 10) for n in range(9)]
    whole = {"align": dt.timedelta(hours=1), "offset": dt.datetime(2000, 1, 1)}
    got = ask([(hour[0], hour[1]), (hour[4], hour[5])], dt.timedelta(minutes=30), **whole)
    assert got == (dt.datetime(2024, 2, 1, 2), dt.datetime(2024, 2, 1, 2, 30))


def test_the_last_date_is_no_obstacle():
    """No key is moved further than the gap goes."""
    end = dt.date.max
    spans = [(end - dt.timedelta(20), end - dt.timedelta(2))]
    for fit in FITS:
        found = ask(spans, dt.timedelta(2), stop=end, fit=fit)
        assert found == (end - dt.timedelta(2), end)
        assert ask(spans, dt.timedelta(3), stop=end, fit=fit) is None


def test_addresses_are_aligned_as_networks_are():
    """Which is what a search for a free network asks."""
    at = ip_address
    spans = [(at("10.0.0.0"), at("10.0.0.3")), (at("10.0.0.9"), at("10.0.0.12"))]
    assert ask(spans, 4, align=4) == (at("10.0.0.4"), at("10.0.0.8"))
    assert ask(spans, 4, align=4, fit="last", stop=at("10.0.0.255")) == (
        at("10.0.0.248"),
        at("10.0.0.252"),
    )
    top = at("255.255.255.255")
    assert ask([(top - 9, top - 2)], 2, stop=top, align=16) is None
    assert ask([(top - 9, top - 2)], 2, stop=top, fit="last") == (top - 2, top)
    assert ask([(at("::1"), at("::3"))], 2, at("::"), at("::9"), align=2) == (at("::4"), at("::6"))


@pytest.mark.parametrize("number", [float, Fraction, Decimal])
def test_numbers_that_are_not_whole_are_aligned_too(number):
    """Also below zero, where the remainder of a Decimal is negative."""
    half = number(1) / number(2)
    spans = [(-4 * half, -3 * half), (5 * half, 6 * half)]
    aligned = {"align": half * 4, "offset": half}
    assert ask(spans, half, **aligned) == (-3 * half, -2 * half)
    assert ask(spans, half, -20 * half, -16 * half, **aligned) == (-19 * half, -18 * half)
    assert ask(spans, half, -20 * half, **aligned, fit="last") == (half, 2 * half)
    assert ask(spans, half, fit="last") == (4 * half, 5 * half)


def test_by_default_a_key_need_not_be_whole():
    """Alignment 1 asks nothing: 0.25 is as good as 1."""
    assert ask([(0.0, 0.25), (3.0, 4.0)], 1) == (0.25, 1.25)
    assert ask([(0.0, 0.25), (3.0, 4.0)], 1, offset=0.0) == (1.0, 2.0)


def test_rounding_never_carries_a_place_over_the_end_of_its_gap():
    """A gap of floats that is exactly as long as the size holds it, from end to end."""
    rnd = random.Random(11)
    for _ in range(1000):
        a, b = sorted((rnd.uniform(-1, 1), rnd.uniform(-1, 1)))
        spans = [(a - 1, a), (b, b + 1)]
        for fit in FITS:
            assert ask(spans, b - a, fit=fit) == (a, b)
            place = ask(spans, (b - a) / 3, align=(b - a) / 7, fit=fit)
            assert place is None or a <= place.start < place.stop <= b


def test_a_gap_beside_a_key_has_the_length_that_fits_into_it():
    """Bounds just beside a key: aligned places are plain keys."""
    spans = [(0, after(5)), (9, 12)]
    assert ask(spans, 3) == (after(5), after(8))
    assert ask(spans, 4) is None
    assert ask(spans, 3, align=2) == (6, 9)
    assert ask(spans, 2, align=5, stop=99) == (15, 17)
    assert ask(spans, 2, fit="last", align=5, start=before(-9), stop=99) == (95, 97)
    spans = [(0, before(5)), (before(9), 12)]
    assert ask(spans, 4) == (before(5), before(9))
    assert ask(spans, 4, align=5) is None
    assert ask(spans, 3, align=5) == (5, 8)
    assert ask(spans, 4, fit="last") == (before(5), before(9))
    assert ask(spans, 3, fit="last", align=2) is None
    assert ask(spans, 2, fit="last", align=2) == (6, 8)
    assert ask([(0, 4), (before(9), 12)], 4, fit="last", align=5) is None
    assert ask([(0, 4), (before(9), 12)], 4, fit="last", align=4) == (4, 8)
    assert ask([(0, after(4)), (after(9), 12)], 1, fit="last", align=4) == (8, 9)
    assert ask([(0, after(4)), (5, 12)], 1, align=4) is None
    assert ask([(0, after(4)), (after(4) + 1, 12)], 1, align=4, fit="last") is None


def test_a_window_without_end_is_searched_from_where_it_begins():
    """Only where counting would have to begin at infinity there is no place."""
    spans = [(0, 4), (6, 9)]
    assert ask(spans, 3, stop=POS_INF) == (9, 12)
    assert ask(spans, 3, stop=POS_INF, fit="worst") == (9, 12)
    assert ask(spans, 2, NEG_INF, POS_INF, fit="best") == (4, 6)
    assert ask(spans, 3, NEG_INF, fit="last") == (-3, 0)
    assert ask(spans, 3, NEG_INF, fit="last", align=2) == (-4, -1)
    assert ask(spans, 3, stop=POS_INF, align=4, offset=1) == (9, 12)
    assert ask([(0, 4), (6, POS_INF)], 2, stop=POS_INF, fit="last") == (4, 6)
    assert ask([(0.0, 1.0)], 2, stop=float("inf")) == (1.0, 3.0)
    for fit in ("first", "best", "worst", "next"):
        with pytest.raises(GapSearchError, match="no lowest place of size 3"):
            ask(spans, 3, NEG_INF, fit=fit)
    for align in (1, 2):
        with pytest.raises(GapSearchError, match="NEG_INF has no lowest place"):
            ask([], 3, NEG_INF, POS_INF, align=align)
        with pytest.raises(GapSearchError, match="POS_INF has no highest place"):
            ask([], 3, NEG_INF, POS_INF, align=align, fit="last")
    with pytest.raises(GapSearchError, match="no highest place of size 2"):
        ask([(0.0, 1.0)], 2, stop=float("inf"), fit="last")


# ---- sizes that keys cannot keep -----------------------------------------------------------------


@pytest.mark.parametrize("fit", FITS)
def test_dates_are_searched_in_whole_days_and_no_other_size(fit):
    """Every size in hours, also where no gap is long enough, none is there, or the years end."""
    day = [dt.date(2024, 1, n) for n in range(1, 32)]
    last = dt.date.max - dt.timedelta(3)
    lists = [
        ([(day[0], day[4]), (day[6], day[9]), (day[14], day[15])], None),
        ([(day[0], day[4])], None),
        ([], (day[0], day[9])),
        ([(day[0], day[9]), (last, last + dt.timedelta(1))], (last, dt.date.max)),
    ]
    for spans, window in lists:
        start, stop = window or (None, None)
        whole = [(a.toordinal(), b.toordinal()) for a, b in spans]
        for hours in range(1, 150):
            size = dt.timedelta(hours=hours)
            if window and size.days > (dt.date.max - start).days:
                assert ask(spans, size, start, stop, fit=fit) is None  # longer than there are days
                continue
            if hours % 24:
                with pytest.raises(LengthError, match="want a length that such keys keep"):
                    ask(spans, size, start, stop, fit=fit)
                continue
            ends = (None, None) if window is None else (start.toordinal(), stop.toordinal())
            want = model_find(whole, hours // 24, *ends, 1, 0, fit)
            got = ask(spans, size, start, stop, fit=fit)
            assert (got and tuple(key.toordinal() for key in got)) == want


def test_an_alignment_that_dates_cannot_keep_is_refused():
    """Every 36 hours there is no date; every 48 there is."""
    spans = [(dt.date(2024, 1, 1), dt.date(2024, 1, 2)), (dt.date(2024, 2, 1), dt.date(2024, 2, 2))]
    day, offset = dt.timedelta(1), dt.date(2024, 1, 1)
    with pytest.raises(LengthError, match="align .* want a length that such keys keep"):
        ask(spans, day, align=day * 1.5, offset=offset)
    assert ask(spans, day, align=2 * day, offset=offset).start == dt.date(2024, 1, 3)


def kept(*args, **options):
    """Search; `None` if the length is refused by name."""
    try:
        return ask(*args, **options)
    except LengthError:
        return None


@pytest.mark.parametrize("fit", FITS)
def test_a_place_of_floats_has_its_size_or_is_refused(fit):
    """Wherever the gap lies; near zero a place is found although the window reaches far."""
    refused = 0
    for digits in range(22):
        for size in (0.001, 0.7, 1.0, 3.0, 1000.0):
            low, high = 10.0**digits, 2 * 10.0**digits + 2000
            place = kept([(low - 1, low), (high, high + 10.0**digits)], size, fit=fit)
            if place is None:
                refused += 1
                continue
            assert abs(place.stop - place.start - size) < size / 100
            assert low <= place.start < place.stop <= high
    assert 20 < refused < 60
    far = [(-1e300, 0.0), (2.0, 1e300)]
    assert ask(far, 1.0, fit=fit) in ((0.0, 1.0), (1.0, 2.0))


def test_a_whole_number_that_no_float_can_hold_has_no_distance_from_one():
    """By name, and not by an OverflowError."""
    huge = 10**400
    for spans in ([(0.5, 1.5), (huge, huge + 1)], [(0, 1), (5, huge)]):
        for size in (1, 0.5):
            for window in ((None, None), (0.5, huge)):
                found = kept(spans, size, *window)
                assert found in (None, (1.5, 2.5), (1.5, 2.0), (1, 2), (1, 1.5))
    with pytest.raises(
        LengthError, match="cannot search .*too large to convert to float.* want keys"
    ):
        ask([(0, 1), (huge, huge + 1), (huge + 9, huge + 10)], 0.5, huge)


@pytest.mark.parametrize("name", ["size", "align", "offset"])
def test_a_length_of_numpy_is_refused(name):
    """It would make keys that are refused when they are written."""
    np = pytest.importorskip("numpy")
    lengths = {"size": 1, "align": 2, "offset": 0} | {name: np.int64(2)}
    size = lengths.pop("size")
    with pytest.raises(UnorderedKeyError, match=rf"{name} is np.int64\(2\), .*want int"):
        ask([(0, 4), (9, 12)], size, **lengths)


def test_the_next_search_forgets_a_place_among_keys_of_another_type():
    """The list was emptied, in whatever way, and filled with others."""
    rl = RangeList([(0, 4, "a"), (6, 9, "a")])
    assert rl.find_gap(1, fit="next") == (4, 5)
    for keys in ([(1, 1), (1, 5), (3, 0), (4, 0)], [dt.date(2024, 1, n) for n in (1, 2, 5, 6)]):
        rl.remove(None, None)
        a, b, c, d = keys
        rl.set(a, b, "a")
        rl.set(c, d, "a")
        size = dt.timedelta(1)
        if isinstance(a, tuple):
            with pytest.raises(LengthError, match="want keys one can subtract"):
                rl.find_gap(1, fit="next")
        else:
            assert rl.find_gap(size, fit="next") == (b, b + size)
            assert rl.find_gap(size, fit="next") == (b + size, b + 2 * size)


# ---- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, -1, 0.0, float("nan"), "x", None, POS_INF, Decimal("sNaN")])
def test_a_size_that_is_nothing_is_refused(size):
    """Also one that is no length at all."""
    with pytest.raises(GapSearchError, match=r"size is .*, want a key difference above zero"):
        ask([(0, 4), (9, 12)], size)


@pytest.mark.parametrize("align", [0, -2, "x", None])
def test_an_alignment_that_is_nothing_is_refused(align):
    """A multiple of nothing is nowhere."""
    with pytest.raises(GapSearchError, match=r"align is .*, want a key difference above zero"):
        ask([(0, 4), (9, 12)], 1, align=align)


def test_an_unknown_fit_is_refused():
    """The message names those there are."""
    with pytest.raises(GapSearchError, match="'tight', want one of first, last, best, worst, next"):
        ask([], 1, fit="tight")


def test_bad_windows_are_refused():
    """As everywhere."""
    spans = [(0, 4), (9, 12)]
    for search in (ask, lambda spans, _, *window: gaps(made(spans), *window)):
        with pytest.raises(EmptySpanError, match="reversed"):
            search(spans, 1, 5, 4)
        with pytest.raises(NanKeyError):
            search(spans, 1, float("nan"), 4)
    with pytest.raises(EmptySpanError, match="reversed"):
        tiles(made(spans), 5, 4, EQUAL)
    with pytest.raises(UnorderedKeyError):
        ask(spans, 1, "a", "b")


def test_keys_without_lengths_are_refused_by_name():
    """Words have no distance, and dates none in numbers."""
    words = [("a", "b"), ("c", "d")]
    with pytest.raises(LengthError, match="want keys one can subtract"):
        ask(words, 1)
    day = dt.date(2024, 1, 1)
    for align in (1, 2):
        with pytest.raises(LengthError):
            ask([(day, dt.date(2024, 1, 2)), (dt.date(2024, 1, 9), dt.date.max)], 3, align=align)
    assert list(gaps(made(words), None, None)) == [("b", "c")]


def test_an_error_changes_nothing_that_is_kept():
    """The next search is right, and `next` has not moved."""
    rooms = Rooms(made([(0, 4), (6, 9)]))
    rooms.reached = 5
    with pytest.raises(GapSearchError):
        find_gap(rooms, 3, NEG_INF, None, 1, 0, "next")
    with pytest.raises(LengthError):
        find_gap(rooms, dt.timedelta(1), None, None, 1, 0, "next")
    assert rooms.reached == 5
    assert find_gap(rooms, 2, None, None, 1, 0, "first") == (4, 6)


def test_tiles_are_cut_by_the_split_hook_where_a_window_or_a_change_clips_them():
    """Bytes: the part that lies inside; a hook that refuses ends the stream, not the list."""
    cut = Policy(
        split=lambda piece, at: (piece.value[: at - piece.start], piece.value[at - piece.start :])
    )
    rl = RangeList([(0, 4, "abcd"), (4, 10, "efghij")], policy=cut)
    for start in range(-1, 11):
        for stop in range(start, 12):
            text = "".join(
                "." * (tile.stop - tile.start) if isinstance(tile, Gap) else tile.value
                for tile in tiles(rl._chain, start, stop, cut)
            )
            assert text == ".abcdefghij.."[start + 1 : stop + 1]
    stream = tiles(rl._chain, None, None, cut)
    assert next(stream).value == "abcd"
    rl.set(2, 6, "WXYZ")
    assert [tile.value for tile in stream] == ["YZ", "ghij"]

    def never(piece, at):
        raise OSError("whole or not at all")

    stream = tiles(rl._chain, 1, None, Policy(split=never))
    with pytest.raises(OSError, match="whole"):
        next(stream)
    rl.check()


def test_every_stream_can_be_closed():
    """An empty one, too."""
    for window in ((None, None), (0, 9), (5, 5)):
        rl = RangeList([(2, 4, "a"), (6, 8, "b")])
        rooms = Rooms(rl._chain)
        for stream in (
            gaps(rl._chain, *window),
            tiles(rl._chain, *window, EQUAL),
            slots(rooms, 1, *window, 1, 0, None),
        ):
            next(stream, None)
            stream.close()
            assert list(stream) == []


# ---- streams while the list changes --------------------------------------------------------------


def test_a_gap_that_is_filled_while_it_is_looked_at_is_passed():
    """The usual loop: fill each gap as it comes."""
    rl = RangeList([(2, 4, "a"), (6, 8, "a"), (9, 12, "a")])
    seen = []
    for gap in gaps(rl._chain, 0, 15):
        seen.append(gap)
        rl.set(gap.start, gap.stop, "b")
    assert seen == [(0, 2), (4, 6), (8, 9), (12, 15)]
    assert rl.covers(0, 15)


def test_tiles_go_on_behind_the_last_tile_whatever_happens():
    """The node behind the gap goes, shrinks, or is absorbed; what is behind the tile is fresh."""
    rl = RangeList([(2, 4, "a"), (6, 8, "b"), (9, 12, "c")])
    stream = tiles(rl._chain, 0, 20, EQUAL)
    assert next(stream) == (0, 2)
    rl.remove(2, 3)
    assert next(stream) == (2, 3)
    assert next(stream) == (3, 4, "a")
    rl.set(4, 8, "z")
    assert next(stream) == (4, 8, "z")
    rl.clear()
    assert list(stream) == [(8, 20)]


def test_tiles_deliver_no_point_twice_under_random_changes():
    """And none that stays covered, or stays free, is lost."""
    rnd = random.Random(2)
    for _ in range(300):
        rl = RangeList([(x, x + 1, rnd.choice("ab")) for x in range(0, 30, 2)])
        reached, always, never = 0, set(range(0, 30, 2)), set(range(1, 30, 2))
        seen_used, seen_free = set(), set()
        for tile in tiles(rl._chain, 0, 30, EQUAL):
            assert tile.start == reached < tile.stop
            reached = tile.stop
            seen = seen_used if isinstance(tile, Piece) else seen_free
            seen |= set(range(tile.start, tile.stop))
            at = rnd.randrange(30)
            span = range(at, at + rnd.randint(1, 4))
            if rnd.random() < 0.5:
                rl.set(span.start, span.stop, rnd.choice("ab"))
                never -= set(span)
            else:
                rl.remove(span.start, span.stop)
                always -= set(span)
        assert reached == 30
        assert always <= seen_used
        assert never <= seen_free


# ---- cost ----------------------------------------------------------------------------------------


class Counted:
    """A key or a length that counts every question and every sum."""

    used = 0

    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        Counted.used += 1
        return self.n < other.n

    def __add__(self, other):
        Counted.used += 1
        return Counted(self.n + other.n)

    def __sub__(self, other):
        Counted.used += 1
        return Counted(self.n - other.n)

    def __mod__(self, other):
        Counted.used += 1
        return Counted(self.n % other.n)


def cost(call):
    """Count what one call asks."""
    Counted.used = 0
    call()
    return Counted.used


SIZES = by_size((10**3, 2 * 10**3, 10**4), (10**3, 4 * 10**3, 3 * 10**4), (10**3, 10**4, 10**5))
# The blocks at the ends of a window and one between: 256 nodes, five questions a gap.
BLOCKS = 3 * 256 * 5


def counted_list(n, length_of):
    """A list of n nodes of length one; `length_of(i)` is the gap behind node i."""
    index: Chain[Counted, None] = Chain()
    run, at = [], 0
    for i in range(n):
        run.append(Node(Counted(at), Counted(at + 1), None))
        at += 1 + length_of(i)
    index.fill(run)
    rooms = Rooms(index)
    find_gap(rooms, Counted(1), None, None, 1, 0, "first")
    return rooms


def searched(rooms, size, fit, **more):
    """Count a search over the whole list, and one in a window inside it."""
    tail = rooms.chain.tail
    inside = (Counted(tail.start.n // 5), Counted(tail.start.n * 4 // 5))
    align, offset = more.get("align", 1), more.get("offset", 0)

    def search(window):
        find_gap(rooms, Counted(size), *window, align, offset, fit)

    return max(cost(lambda: search((None, None))), cost(lambda: search(inside)))


@pytest.mark.parametrize("fit", FITS)
def test_the_cost_of_a_search_does_not_grow_with_the_list(fit):
    """One large gap in a full list, found through the tree and in its block."""
    costs = []
    for n in SIZES:
        rooms = counted_list(n, lambda i, n=n: 9 if i == n * 2 // 3 else 0)
        costs.append(searched(rooms, 5, fit))
    assert max(costs) <= 256 * 3 + 150
    assert costs[2] <= costs[0] + 100


@pytest.mark.parametrize("fit", ["first", "last", "next", "worst"])
def test_many_gaps_cost_no_more_than_one(fit):
    """Every gap fits, or each is longer than the one before: the tree knows."""
    for length_of in (lambda i: 5, lambda i: i % 97, lambda i: i // 64, lambda i: 2000 - i // 64):
        for n in SIZES:
            assert searched(counted_list(n, length_of), 5, fit) <= BLOCKS + 150


def test_the_best_fit_costs_a_bisection_a_block():
    """Also if each block has a better one than the block before it."""
    for n in SIZES:
        for length_of in (lambda i, n=n: 7 + (n - i) // 200, lambda i: 7 + i // 200):
            rooms = counted_list(n, length_of)
            searched(rooms, 5, "best")  # what changed since the last such search is sorted by it
            assert searched(rooms, 5, "best") <= BLOCKS + len(rooms.chain.nodes) * 30


def test_no_gap_that_is_long_enough_is_known_at_once():
    """The top of the tree says so."""
    rooms = counted_list(10**4, lambda i: 3)
    for fit in FITS:
        assert searched(rooms, 4, fit) <= 100


def test_an_aligned_search_looks_on_only_where_alignment_leaves_no_place():
    """The third gap has the place; nothing behind it is looked at."""
    align = {"align": Counted(24), "offset": Counted(17)}
    for n in SIZES:
        rooms = counted_list(n, lambda i: 7)
        assert searched(rooms, 7, "first", **align) <= BLOCKS
        assert searched(rooms, 3, "worst", **align) <= BLOCKS + len(rooms.chain.nodes) * 30


def test_a_search_after_a_change_looks_at_the_changed_block_alone():
    """Alternating search and set, also across cuts of blocks."""
    index: Chain[Counted, int] = Chain()
    index.fill([Node(Counted(10 * i), Counted(10 * i + 1), i) for i in range(10**4)])
    rl: RangeList[Counted, int] = RangeList()
    rl._chain = index
    rooms = Rooms(index)
    find_gap(rooms, Counted(3), None, None, 1, 0, "first")
    most = 0
    for step in range(1500):
        Counted.used = 0
        place = find_gap(rooms, Counted(3), None, None, 1, 0, "next")
        most = max(most, Counted.used)
        rl.set(place.start, place.stop, -step)
    assert len(index.nodes) > 45
    # At most two blocks, cut or grown, each measured and laid under a tree: three comparisons a node.
    assert most <= 2 * 256 * 3
