"""The algebra of two streams, against one dict entry per point."""

from __future__ import annotations

import copy
import pickle
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rangelist import RangeList, algebra
from rangelist.algebra import (
    DROP,
    difference,
    intersection,
    isdisjoint,
    issubset,
    overlay,
    same_points,
    symmetric_difference,
    union,
)
from rangelist.bounds import NEG_INF, POS_INF, after, at_most, point
from rangelist.errors import UnorderedKeyError
from rangelist.node import Piece
from rangelist.policy import NEVER, Policy

Stream = list[Piece[Any, Any]]
Source = tuple[str, int] | None  # which side, and the number of its piece


def all_streams(size: int, values: str) -> list[Stream]:
    """Every list of pieces over the points 0 ... size-1, with every value and every cut."""
    found: list[Stream] = []

    def grow(pieces: Stream, at: int) -> None:
        if at == size:
            found.append(pieces)
            return
        grow(pieces, at + 1)
        for stop in range(at + 1, size + 1):
            for value in values:
                grow([*pieces, Piece(at, stop, value)], stop)

    grow([], 0)
    return found


LEFTS, RIGHTS = all_streams(4, "ab"), all_streams(4, "ac")


def dense(name: str, stream: Stream) -> dict[int, Source]:
    """One entry for each point: which piece of which stream covers it."""
    return {x: (name, i) for i, piece in enumerate(stream) for x in range(piece.start, piece.stop)}


def runs(cells: Iterable[tuple[int, Any]]) -> list[tuple[int, int, Any]]:
    """Group neighbouring points that have the same entry; `None` is a hole."""
    out: list[tuple[int, int, Any]] = []
    for x, cell in cells:
        if cell is None:
            continue
        if out and out[-1][1:] == (x, cell):
            out[-1] = (out[-1][0], x + 1, cell)
        else:
            out.append((x, x + 1, cell))
    return out


CHOICES: dict[Callable[..., Any], Callable[[Source, Source], Source]] = {
    union: lambda left, right: left or right,
    intersection: lambda left, right: left if right else None,
    difference: lambda left, right: None if right else left,
    symmetric_difference: lambda left, right: None if left and right else left or right,
}


OPERATORS = {
    "union": "__or__",
    "intersection": "__and__",
    "difference": "__sub__",
    "symmetric_difference": "__xor__",
}


def expected(verb: Any, left: Stream, right: Stream, size: int) -> list[tuple[int, int, Any]]:
    """The chosen source of every point, and one piece for every run of one source."""
    ours, theirs = dense("left", left), dense("right", right)
    cells = [(x, CHOICES[verb](ours.get(x), theirs.get(x))) for x in range(size)]
    sources = {"left": left, "right": right}
    return [(a, b, sources[side][i].value) for a, b, (side, i) in runs(cells)]


# ---- every pair of a small universe ---------------------------------------------------------


@pytest.mark.parametrize("verb", CHOICES, ids=lambda verb: verb.__name__)
def test_every_small_pair_gives_what_the_points_say_cut_only_where_necessary(verb: Any) -> None:
    """All 153 lists over four points with two values, each with each."""
    for left in LEFTS:
        for right in RIGHTS:
            assert list(verb(left, right)) == expected(verb, left, right, 4), (left, right)


def test_overlay_of_every_small_pair_cuts_at_all_borders() -> None:
    """`fn` sees both trimmed pieces; what it drops is a hole."""
    for left in LEFTS:
        for right in RIGHTS:
            ours, theirs = dense("left", left), dense("right", right)
            both = [(ours.get(x), theirs.get(x)) for x in range(4)]
            want = [
                (
                    start,
                    stop,
                    (
                        mine and (start, stop, left[mine[1]].value),
                        its and (start, stop, right[its[1]].value),
                    ),
                )
                for start, stop, (mine, its) in runs(
                    (x, pair if any(pair) else None) for x, pair in enumerate(both)
                )
            ]
            assert list(overlay(left, right, lambda a, b: (a, b))) == want, (left, right)
            assert list(overlay(left, right, lambda a, b: DROP if a else (a, b))) == [
                piece for piece in want if not piece[2][0]
            ]


def test_questions_about_every_small_pair_are_questions_about_sets() -> None:
    """`same_points`, `isdisjoint` and `issubset` are those of the sets of points."""
    for left in LEFTS:
        ours = set(dense("left", left))
        for right in RIGHTS:
            theirs = set(dense("right", right))
            assert same_points(left, right) is (ours == theirs)
            assert isdisjoint(left, right) is ours.isdisjoint(theirs)
            assert issubset(left, right) is (ours <= theirs)


# ---- larger, at random ----------------------------------------------------------------------


@st.composite
def streams(draw: Any, size: int = 60) -> Stream:
    """A sorted list of disjoint pieces, some touching."""
    borders = sorted(draw(st.sets(st.integers(0, size), max_size=24)))
    spans = zip(borders, borders[1:], strict=False)
    return [Piece(a, b, draw(st.sampled_from("abc"))) for a, b in spans if draw(st.booleans())]


@given(streams(), streams(), st.sampled_from(list(CHOICES)))
def test_larger_pairs_give_what_the_points_say(left: Stream, right: Stream, verb: Any) -> None:
    """As in the small universe, with up to 24 pieces a side."""
    assert list(verb(left, right)) == expected(verb, left, right, 61)


@given(streams(), streams())
def test_laws_of_sets_hold(left: Stream, right: Stream) -> None:
    """The verbs agree with each other, whatever a single one does."""
    assert same_points(union(left, right), union(right, left))
    assert same_points(intersection(left, right), difference(left, difference(left, right)))
    assert same_points(
        symmetric_difference(left, right),
        difference(union(left, right), intersection(right, left)),
    )
    assert isdisjoint(difference(left, right), right)
    assert issubset(intersection(left, right), right)


# ---- what is asked, and when ----------------------------------------------------------------


def offsets(whole: Any, at: Any) -> tuple[int, int]:
    """Split a value that counts from the start of its span, as a file offset does."""
    return whole.value, whole.value + (at - whole.start)


FILE: Policy[Any, Any] = Policy(split=offsets)


def test_a_piece_is_cut_by_the_split_hook() -> None:
    """Every verb asks the hook for the value of a part, and for that of a whole piece never."""
    left, right = [Piece(0, 10, 100)], [Piece(2, 4, 7), Piece(8, 12, 50)]
    assert list(difference(left, right, policy=FILE)) == [(0, 2, 100), (4, 8, 104)]
    assert list(intersection(left, right, policy=FILE)) == [(2, 4, 102), (8, 10, 108)]
    assert list(union(left, right, policy=FILE)) == [(0, 10, 100), (10, 12, 52)]
    assert list(symmetric_difference(left, right, policy=FILE)) == [
        (0, 2, 100),
        (4, 8, 104),
        (10, 12, 52),
    ]
    assert list(overlay(left, right, lambda a, b: b and b.value, policy=FILE)) == [
        (0, 2, None),
        (2, 4, 7),
        (4, 8, None),
        (8, 10, 50),
        (10, 12, 52),
    ]


def test_both_halves_of_a_cut_have_the_value_that_the_hook_gives_them() -> None:
    """Also the one that begins where the whole began."""
    marks: Policy[Any, Any] = Policy(split=lambda whole, at: (f"<{at}", f">{at}"))
    whole = [Piece(0, 10, "a")]
    assert list(difference(whole, [Piece(3, 5, "b")], policy=marks)) == [(0, 3, "<3"), (5, 10, ">5")]
    assert list(intersection(whole, [Piece(0, 5, "b")], policy=marks)) == [(0, 5, "<5")]


@pytest.mark.parametrize("verb", [*CHOICES, isdisjoint, issubset, same_points])
def test_keys_of_two_orders_are_refused(verb: Any) -> None:
    """With both keys in the message."""
    with pytest.raises(UnorderedKeyError, match="cannot order keys 0 and 'a'"):
        answer = verb([Piece(0, 1, "x")], [Piece("a", "b", "y")])
        next(answer)  # some are lazy


def hour(n: int, zone: str = "Europe/Berlin") -> datetime:
    """A time by the clock of a zone whose clock changes."""
    return datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)) + timedelta(hours=n)


@pytest.mark.parametrize("verb", CHOICES, ids=lambda verb: verb.__name__)
@pytest.mark.parametrize("left", [list, iter, RangeList])
@pytest.mark.parametrize("right", [list, iter, RangeList])
def test_times_of_one_zone_are_combined_whatever_they_come_in(
    verb: Any, left: Any, right: Any
) -> None:
    """The zone is that of the first item; a stream that can be read once loses none for that."""
    ours = [(hour(0), hour(2), "a"), (hour(4), hour(6), "b")]
    theirs = [(hour(1), hour(3), "x"), (hour(5), hour(7), "y")]
    want = list(verb([Piece(*row) for row in ours], [Piece(*row) for row in theirs]))
    assert list(verb(left(ours), right(theirs))) == want
    rl: RangeList[Any, Any] = RangeList(ours)
    operator = getattr(rl, OPERATORS[verb.__name__])
    assert list(map(tuple, operator(right(theirs)))) == want


@pytest.mark.parametrize("verb", [union, symmetric_difference])
@pytest.mark.parametrize("right", [list, iter, RangeList])
def test_times_of_two_zones_are_refused(verb: Any, right: Any) -> None:
    """Where the values of both count, so that both would stand in one list."""
    ours = [(hour(0), hour(2), "a")]
    theirs = [(hour(1, "America/New_York"), hour(3, "America/New_York"), "x")]
    for left in (list, RangeList):
        with pytest.raises(UnorderedKeyError, match="two time zones"):
            list(verb(left(ours), right(theirs)))
    rl: RangeList[Any, Any] = RangeList(ours)
    with pytest.raises(UnorderedKeyError, match="two time zones"):
        getattr(rl, OPERATORS[verb.__name__])(right(theirs))


def test_whole_pieces_ask_no_hook() -> None:
    """Where nothing is cut, a hook that refuses every cut is not asked."""

    def refuse(whole: Any, at: Any) -> Any:
        raise AssertionError(f"{whole} cut at {at}")

    policy: Policy[Any, Any] = NEVER.replace(split=refuse)
    left, right = [Piece(0, 9, "a")], [Piece(2, 4, "b"), Piece(9, 12, "c")]
    assert list(union(left, right, policy=policy)) == [(0, 9, "a"), (9, 12, "c")]
    touching = [Piece(0, 5, "x"), Piece(5, 9, "y")]
    assert list(intersection(left, touching, policy=policy)) == [(0, 9, "a")]


def endless() -> Iterator[Piece[int, str]]:
    """Pieces [0, 2), [3, 5), [6, 8), ..."""
    return (Piece(3 * n, 3 * n + 2, "e") for n in count())


@pytest.mark.parametrize("verb", CHOICES, ids=lambda verb: verb.__name__)
def test_endless_streams_can_be_combined(verb: Any) -> None:
    """Nothing is read before it is needed."""
    shifted = (Piece(n * 3 + 1, n * 3 + 3, "s") for n in count())
    assert len(list(islice(verb(endless(), shifted), 5))) == 5


def test_questions_stop_at_the_answer() -> None:
    """An endless stream has an answer if it differs."""
    assert not isdisjoint(endless(), [Piece(100, 110, "x")])
    assert not issubset(endless(), [Piece(0, 50, "x")])
    assert not same_points(endless(), [Piece(0, 2, "x"), Piece(3, 4, "x")])
    assert not same_points([Piece(0, 2, "x"), Piece(4, 5, "x")], endless())


def test_memory_does_not_grow_with_the_stream() -> None:
    """One interval ahead on each side is all that is held."""

    def peak(n: int) -> int:
        left = (Piece(2 * i, 2 * i + 2, 0) for i in range(n))
        right = (Piece(3 * i, 3 * i + 2, 0) for i in range(n))
        tracemalloc.start()
        for _ in union(left, right):
            pass
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    assert peak(10_000) < peak(100) + 10_000


class Only:
    """A key that knows `<` and no other comparison."""

    def __init__(self, n: int) -> None:
        self.n = n

    def __lt__(self, other: Only) -> bool:
        return self.n < other.n

    def __eq__(self, other: object) -> bool:
        raise AssertionError("== was asked")

    __hash__ = None  # type: ignore[assignment]  # such keys have none


def test_keys_are_compared_with_less_than_only() -> None:
    """Nothing else is promised of a key."""
    left = [Piece(Only(a), Only(b), a) for a, b in ((0, 3), (3, 5), (7, 9))]
    right = [Piece(Only(a), Only(b), a) for a, b in ((2, 4), (4, 8))]
    for verb in CHOICES:
        assert list(verb(left, right))
    assert list(overlay(left, right, lambda a, b: 1))
    assert not same_points(left, right)
    assert not isdisjoint(left, right)
    assert not issubset(left, right)


def test_bounds_and_ends_are_keys_like_any_other() -> None:
    """Closed and unbounded spans need nothing of their own."""
    left = [Piece(*at_most(5), "low")]
    right = [Piece(*point(5), "five"), Piece(7, POS_INF, "high")]
    assert list(difference(left, right)) == [(NEG_INF, 5, "low")]
    assert list(intersection(left, right)) == [(5, after(5), "low")]
    assert list(union(left, right)) == [(NEG_INF, after(5), "low"), (7, POS_INF, "high")]


# ---- DROP -----------------------------------------------------------------------------------


def test_drop_is_one_object_that_says_its_name() -> None:
    """`is DROP` has to hold after a journey through pickle and copy."""
    assert repr(DROP) == "DROP"
    for twin in (pickle.loads(pickle.dumps(DROP)), copy.copy(DROP), copy.deepcopy(DROP)):
        assert twin is DROP


def test_what_is_public_is_what_the_module_says() -> None:
    """The verbs on one stream can be had from here too."""
    assert all(hasattr(algebra, name) for name in algebra.__all__)
