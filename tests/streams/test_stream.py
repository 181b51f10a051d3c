"""One stream: merged, clipped, covered, complemented."""

from __future__ import annotations

from itertools import count, islice, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rangelist.bounds import NEG_INF, POS_INF, after, closed
from rangelist.errors import (
    EmptySpanError,
    HookResultError,
    NanKeyError,
    OverlapError,
    UnorderedKeyError,
)
from rangelist.node import Node, Piece
from rangelist.policy import ALWAYS, EQUAL, IDENTITY, NEVER, Policy
from rangelist.stream import clip, coalesce_sorted, complement, cover

nan = float("nan")


def all_streams(size: int) -> list[list[tuple[int, int, str]]]:
    """Every list of disjoint items over the points 0 ... size-1, with every cut."""
    found: list[list[tuple[int, int, str]]] = [[]]
    for items in found:
        begin = items[-1][1] if items else 0
        found.extend(
            [*items, (start, stop, value)]
            for start in range(begin, size)
            for stop in range(start + 1, size + 1)
            for value in "ab"
        )
    return found


STREAMS = [[Piece(*item) for item in items] for items in all_streams(4)]
WINDOWS = [
    (start, stop)
    for start in (None, *range(5))
    for stop in (None, *range(5))
    if start is None or stop is None or start <= stop
]


def points(spans: Any) -> set[int]:
    """The points of spans, with or without values."""
    return {x for span in spans for x in range(span[0], span[1])}


# ---- cover, complement, clip ----------------------------------------------------------------


def test_cover_of_every_small_stream_is_its_points_in_maximal_spans() -> None:
    """Touching pieces are one span, whatever their values."""
    for stream in STREAMS:
        spans = list(cover(stream))
        assert points(spans) == points(stream)
        assert all(left[1] < right[0] for left, right in zip(spans, spans[1:], strict=False))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9))))
def test_cover_accepts_overlapping_intervals(items: list[tuple[int, int]]) -> None:
    """A bag is sorted by start too, and may overlap."""
    stream = [Piece(start, start + size, None) for start, size in sorted(items)]
    spans = list(cover(stream))
    assert points(spans) == points(stream)
    assert all(left[1] < right[0] for left, right in zip(spans, spans[1:], strict=False))
    gaps = list(complement(stream, -1, 50))
    assert points(gaps) == set(range(-1, 50)) - points(stream)


def test_complement_of_every_small_stream_in_every_window_is_what_is_free() -> None:
    """The gaps are maximal, never empty, and reach no further than the window or the nodes."""
    for stream in STREAMS:
        for start, stop in WINDOWS:
            gaps = list(complement(stream, start, stop))
            low = start if start is not None else (stream[0].start if stream else 9)
            high = stop if stop is not None else (stream[-1].stop if stream else 0)
            assert points(gaps) == set(range(low, high)) - points(stream), (stream, start, stop)
            assert all(gap.start < gap.stop for gap in gaps)
            ends = [key for gap in gaps for key in gap]
            assert ends == sorted(set(ends))


def test_complement_reaches_to_the_ends_of_the_order_if_told_so() -> None:
    """Infinite window ends are keys like any other."""
    stream = [Piece(*closed(1, 5), "a")]
    assert list(complement(stream, NEG_INF, POS_INF)) == [(NEG_INF, 1), (after(5), POS_INF)]


def test_clip_of_every_small_stream_to_every_window_keeps_what_is_inside() -> None:
    """Pieces keep their values and order; only those across an end are cut."""
    for stream in STREAMS:
        for start, stop in WINDOWS:
            low, high = (0 if start is None else start), (4 if stop is None else stop)
            want = [
                (max(a, low), min(b, high), value)
                for a, b, value in stream
                if max(a, low) < min(b, high)
            ]
            assert list(clip(stream, start, stop)) == want, (stream, start, stop)


def test_clip_asks_the_split_hook() -> None:
    """A file offset goes on where the window begins."""
    policy: Policy[Any, Any] = Policy(
        split=lambda whole, at: (whole.value, whole.value + at - whole.start)
    )
    assert list(clip([Piece(0, 10, 100)], 3, 5, policy=policy)) == [(3, 5, 103)]


@pytest.mark.parametrize("verb", [clip, complement])
def test_a_bad_window_is_refused_at_once(verb: Any) -> None:
    """Not when the first answer is asked for."""
    with pytest.raises(EmptySpanError, match="reversed"):
        verb([], 5, 3)
    with pytest.raises(NanKeyError):
        verb([], None, nan)
    with pytest.raises(UnorderedKeyError):
        verb([], 1, "a")


@pytest.mark.parametrize("verb", [clip, complement])
def test_nothing_is_read_behind_the_window_but_one(verb: Any) -> None:
    """An endless stream can be looked at through a window, even one that touches throughout."""
    for size in (2, 3):
        source = (Piece(3 * n, 3 * n + size, "e") for n in count())
        list(verb(source, 1, 10))
        assert next(source).start == 15


# ---- coalesce_sorted: disjoint input --------------------------------------------------------


def test_every_small_stream_is_merged_where_values_are_equal_and_touch() -> None:
    """The points and their values stay, and no two that may be merged are left."""
    for stream in STREAMS:
        merged = list(coalesce_sorted(stream))
        want = {x: piece.value for piece in stream for x in range(piece.start, piece.stop)}
        assert {x: v for a, b, v in merged for x in range(a, b)} == want
        pairs = zip(merged, merged[1:], strict=False)
        assert all(a.stop < b.start or a.value != b.value for a, b in pairs)


def test_the_policy_decides_what_is_the_same() -> None:
    """`NEVER` leaves everything, `ALWAYS` joins all that touches, `IDENTITY` looks at objects."""
    one, other = [1], [1]
    items = [(0, 1, one), (1, 2, other), (2, 3, other), (4, 5, other)]
    assert list(coalesce_sorted(items, NEVER)) == items
    assert list(coalesce_sorted(items, ALWAYS)) == [(0, 3, one), (4, 5, other)]
    assert list(coalesce_sorted(items, IDENTITY)) == [(0, 1, one), (1, 3, other), (4, 5, other)]
    assert list(coalesce_sorted(items)) == [(0, 3, one), (4, 5, other)]


def test_merging_is_left_first_with_the_value_so_far() -> None:
    """Sameness need not be transitive: what decides is the merged value."""
    close: Policy[Any, Any] = Policy(
        same=lambda left, right: abs(left.value - right.value) <= 1,
        merge=lambda left, right: right.value,
    )
    keep = close.replace(merge=None)
    items = [(0, 1, 0), (1, 2, 1), (2, 3, 2), (3, 4, 4)]
    assert list(coalesce_sorted(items, close)) == [(0, 3, 2), (3, 4, 4)]
    assert list(coalesce_sorted(items, keep)) == [(0, 2, 0), (2, 3, 2), (3, 4, 4)]


def test_nodes_pieces_and_tuples_are_items() -> None:
    """Whatever unpacks into start, stop and value."""
    items: list[Any] = [Node(0, 1, "a"), Piece(1, 2, "a"), (2, 3, "a"), [3, 4, "a"]]
    assert list(coalesce_sorted(items)) == [(0, 4, "a")]
    assert list(coalesce_sorted([])) == []


def test_an_item_comes_out_as_soon_as_the_next_is_apart() -> None:
    """Constant memory: an endless stream can be merged."""
    source = ((n, n + 1, n // 3) for n in count())
    assert list(islice(coalesce_sorted(source), 3)) == [(0, 3, 0), (3, 6, 1), (6, 9, 2)]


# ---- coalesce_sorted: overlapping input -----------------------------------------------------

# The second item against [0, 8), and the joined span if it says the same.
OVERLAPS = {
    "sticks out": ((4, 12), (0, 12)),
    "same start, longer": ((0, 12), (0, 12)),
    "inside": ((2, 5), (0, 8)),
    "same start, shorter": ((0, 5), (0, 8)),
    "same stop": ((5, 8), (0, 8)),
    "exact": ((0, 8), (0, 8)),
}
overlaps = pytest.mark.parametrize(("span", "joined"), OVERLAPS.values(), ids=OVERLAPS)


@overlaps
def test_an_overlap_of_equal_values_is_joined(
    span: tuple[int, int], joined: tuple[int, int]
) -> None:
    """It says nothing new."""
    assert list(coalesce_sorted([(0, 8, "a"), (*span, "a")])) == [(*joined, "a")]


@overlaps
def test_an_overlap_of_different_values_is_refused_and_both_are_named(
    span: tuple[int, int], joined: tuple[int, int]
) -> None:
    """Which of the two would win could not be decided in constant memory."""
    with pytest.raises(OverlapError, match=r"value='b'.*overlaps.*value='a'.*want"):
        list(coalesce_sorted([(0, 8, "a"), (*span, "b")]))
    assert list(coalesce_sorted([(0, 8, "a"), (*span, "b")], ALWAYS)) == [(*joined, "a")]


@pytest.mark.parametrize("case", [name for name in OVERLAPS if name != "exact"])
def test_an_overlap_that_continues_a_file_is_joined(case: str) -> None:
    """Where sameness depends on position, the parts that meet at a border are compared."""

    def split(whole: Any, at: Any) -> tuple[int, int]:
        return whole.value, whole.value + at - whole.start

    def continues(left: Any, right: Any) -> bool:
        assert left.stop == right.start, "hooks are asked about touching pieces only"
        return left.value + left.stop - left.start == right.value

    policy: Policy[Any, Any] = Policy(same=continues, split=split)
    (start, stop), joined = OVERLAPS[case]
    assert list(coalesce_sorted([(0, 8, 100), (start, stop, 100 + start)], policy)) == [
        (*joined, 100)
    ]
    with pytest.raises(OverlapError):
        list(coalesce_sorted([(0, 8, 100), (start, stop, 101 + start)], policy))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9))))
def test_overlapping_items_without_values_merge_to_their_cover(items: list[Any]) -> None:
    """What a genome tool's merge does."""
    stream = sorted((start, start + size, None) for start, size in items)
    assert [piece[:2] for piece in coalesce_sorted(stream)] == list(
        cover([Piece(*item) for item in stream])
    )


def test_order_decides_what_is_accepted() -> None:
    """Of all orders of three touching items only the sorted one is merged."""
    items = [(0, 2, "a"), (2, 4, "a"), (4, 6, "a")]
    for shuffled in permutations(items):
        if list(shuffled) == items:
            assert list(coalesce_sorted(shuffled)) == [(0, 6, "a")]
        else:
            with pytest.raises(OverlapError, match=r"comes after .* want items sorted by start"):
                list(coalesce_sorted(shuffled))


def test_order_is_checked_against_the_last_item_not_the_merged_one() -> None:
    """A step back inside the merged span is a step back."""
    with pytest.raises(OverlapError, match="sorted"):
        list(coalesce_sorted([(0, 5, "a"), (5, 9, "a"), (3, 4, "a")]))


# ---- coalesce_sorted: bad input -------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "error"),
    [
        ((7, 7, "b"), EmptySpanError),
        ((9, 7, "b"), EmptySpanError),
        ((7, nan, "b"), NanKeyError),
        ((nan, 7, "b"), NanKeyError),
        (("x", 7, "b"), UnorderedKeyError),
        (("x", "y", "b"), UnorderedKeyError),
    ],
    ids=str,
)
def test_a_bad_item_is_refused_when_it_is_read(item: Any, error: type[Exception]) -> None:
    """What came out before it stays right."""
    out = coalesce_sorted([(0, 2, "a"), (4, 6, "a"), item])
    assert next(out) == (0, 2, "a")
    with pytest.raises(error, match=r"want|cannot order"):
        next(out)


def test_a_value_whose_equality_is_no_bool_is_refused() -> None:
    """As in every write."""

    class Vague:
        def __eq__(self, other: object) -> Any:
            return "perhaps"

        __hash__ = None  # type: ignore[assignment]  # vague values have none

    with pytest.raises(HookResultError):
        list(coalesce_sorted([(0, 1, Vague()), (1, 2, Vague())], EQUAL))
