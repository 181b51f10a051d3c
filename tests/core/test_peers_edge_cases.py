"""Thirty cases that the tests and the bug trackers of other interval libraries teach.

The number in each name is that of the case; where one has its own module, here is the core of it.
"""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from decimal import Decimal
from itertools import permutations
from random import Random
from typing import Any

import pytest

from core.rows import given, shown
from rangelist import EQUAL, IDENTITY, NEG_INF, NEVER, POS_INF, Gap, Policy, RangeList
from rangelist.bounds import after as just_after
from rangelist.errors import EmptySpanError, OverlapError, ReentrancyError, UnorderedKeyError

ROW = "AaaBb..CcDdd"


def test_01_empty_ranges_and_the_empty_list_for_every_method():
    """Every write refuses an empty span, every read answers an empty window with nothing."""
    for rl in (RangeList[int, Any](), given(ROW)):
        before = [tuple(node) for node in rl]
        for key in (-1, 0, 1, 4, 6, 12, 20):
            for write in (rl.set, rl.insert, rl.fill, rl.add):
                with pytest.raises(EmptySpanError):
                    write(key, key, "x")
                with pytest.raises(EmptySpanError):
                    write(key, key - 1, "x")
            with pytest.raises(EmptySpanError):
                rl.remove(key, key)
            for read in (rl.walk, rl.sweep, rl.gaps, rl.tiles, rl.overlapping):
                assert list(read(key, key)) == []
                with pytest.raises(EmptySpanError):
                    list(read(key, key - 1))
            assert list(rl[key:key]) == [] and rl.covers(key, key)
            assert rl.find_gap(1, key, key) is None
            assert list(rl.complement(key, key)) == []
        assert [tuple(node) for node in rl] == before
    empty: RangeList[int, Any] = RangeList()
    assert (empty.first, empty.last, empty.at(0), empty.floor(0), empty.nearest(0)) == (None,) * 5
    assert empty.locate(0) == Gap(NEG_INF, POS_INF)
    assert empty.remove(0, 9) == [] and empty.coalesce() == 0 and empty.split(3) is None
    assert empty.transform(lambda piece: 1) == 0
    assert list(empty | empty) == list(empty - given(ROW)) == list(empty & given(ROW)) == []
    assert (given(ROW) | empty) == given(ROW) == (given(ROW) - empty) == (empty | given(ROW))
    empty.clear()
    empty.shift(0, 3)
    empty.move(0, 3, 9)
    empty.check()


def test_02_an_empty_window_inside_at_a_border_and_between():
    """Wherever it lies: no node, no gap; and a window with an item straddling it has no gap."""
    rl = given("..Aaaa....Bb")
    for key in range(-1, 14):
        assert list(rl.gaps(key, key)) == list(rl.tiles(key, key)) == list(rl.walk(key, key)) == []
    assert list(rl.gaps(3, 5)) == [] and list(rl.tiles(3, 5)) == [(3, 5, "a")]


def test_03_gaps_are_never_empty():
    """Not between touching nodes of different value, not at the ends of the window."""
    assert list(given("AaBb").gaps(0, 4)) == []
    assert list(given("AaBb").gaps(-1, 5)) == [(-1, 0), (4, 5)]
    assert list(given("..Aa").gaps(2, 4)) == []
    assert list(given(ROW).gaps()) == [(5, 7)]


def test_04_windows_that_cut_equal_or_miss_items():
    """Inside an item, equal to one, equal to a gap, beyond all."""
    rl = given("Aaaa..Bb")
    assert list(rl.tiles(1, 3)) == [(1, 3, "a")]
    assert list(rl.tiles(0, 4)) == [(0, 4, "a")]
    assert list(rl.tiles(4, 6)) == [(4, 6)]
    assert list(rl.tiles(9, 12)) == [(9, 12)]
    assert list(rl.tiles(-9, -7)) == [(-9, -7)]
    assert list(rl.tiles(3, 7)) == [(3, 4, "a"), (4, 6), (6, 7, "b")]


def test_05_the_extremes_of_a_domain():
    """date.max, the last address, ±infinity: no successor is ever computed."""
    last = dt.date.max
    rl: RangeList[Any, str] = RangeList([(dt.date.min, last, "a")])
    rl.set(dt.date(2024, 1, 1), last, "b")
    assert rl.last.stop is last and rl.locate(last) == Gap(last, POS_INF)
    full: RangeList[Any, str] = RangeList([(float("-inf"), float("inf"), "a")])
    assert full[0.0] == full[float("-inf")] == "a" and float("inf") not in full
    assert list(full.gaps(float("-inf"), float("inf"))) == []


@pytest.mark.parametrize(
    ("before", "span", "value", "after"),
    [
        ("Aaaa", (0, 4), "a", "Aaaa"),
        ("Aaaa", (0, 4), "b", "Bbbb"),
        ("Aaaa", (1, 3), "b", "ABbA"),
        (".Aa.", (0, 4), "b", "Bbbb"),
        ("..Aa", (1, 3), "b", ".BbA"),
        ("Aa..", (1, 3), "b", "ABb"),
        ("Aa.Bb", (1, 4), "c", "ACccB"),
        ("A.B.C.D", (0, 7), "e", "Eeeeeee"),
        ("Aa..Aa", (2, 4), "a", "Aaaaaa"),
    ],
)
def test_06_every_relation_of_a_new_range_to_old_ones(before, span, value, after):
    """Identical, other value, inside, around, left, right, bridge of two, of many, triple join."""
    rl = given(before)
    rl.set(*span, value)
    assert shown(rl) == after


def test_07_overwritten_and_restored_it_coalesces_again():
    """[58, 105) = 65, then [65, 105) = 36, then [65, 105) = 65."""
    rl = RangeList([(58, 105, 65), (65, 105, 36)])
    assert len(rl) == 2
    rl.set(65, 105, 65)
    assert [tuple(node) for node in rl] == [(58, 105, 65)]


def test_08_a_value_changed_in_place_may_equal_either_neighbour():
    """replace: left, right, both."""
    for row, value, after in [("ABC", "a", "AaC"), ("ABC", "c", "ACc"), ("ABA", "a", "Aaa")]:
        rl = given(row)
        rl.replace(rl.first.next, value)
        assert shown(rl) == after


def test_09_a_bound_moved_until_it_touches():
    """resize closes the gap to an equal neighbour, to another one; shrinks to one point."""
    for row, stop, after in [("A..A", 3, "Aaaa"), ("A..B", 3, "AaaB"), ("Aaa", 1, "A")]:
        rl = given(row)
        rl.resize(rl.first, stop=stop)
        assert shown(rl) == after


def test_10_coalescing_leaves_those_further_on_alone():
    """Left, right, both, each with followers of another and of the same value behind."""
    for row, span, after in [
        ("CA.BD", (2, 3), "CAaBD"), ("CA.AD", (2, 3), "CAaaD"), ("CB.AD", (2, 3), "CBAaD"),
        ("AA.AA", (2, 3), "AAaaA"),
    ]:  # fmt: skip
        rl = given(row)
        rl.set(*span, "a")
        assert shown(rl) == after
        rl.check()


def test_11_removing_through_a_cursor():
    """First, last, only element; the cursor then stands where it was; a round trip."""
    rl = given("A.B.C")
    cursor = rl.cursor()
    rl.delete(cursor.next())
    assert cursor.next().value == "b" and cursor.next().value == "c"
    rl.delete(cursor.current)
    assert cursor.next() is None and cursor.prev().value == "b"
    rl.delete(cursor.current)
    assert cursor.next() is cursor.prev() is None
    rl = given("A.B")
    cursor = rl.cursor()
    first = cursor.next()
    assert cursor.prev() is first and cursor.next() is first and cursor.next() is rl.last


def test_12_seeking_inside_in_a_gap_past_the_end_and_again():
    """A seek never runs off."""
    rl = given("Aa..Bb")
    cursor = rl.cursor()
    for key, found in [(1, "a"), (3, "b"), (9, None), (9, None), (0, "a"), (-9, "a")]:
        cursor.seek(key)
        node = cursor.next()
        assert (node and node.value) == found


def test_13_unit_ranges_in_any_order_end_as_one():
    """All orders of six, and one shuffle of a thousand."""
    for order in permutations(range(6)):
        rl = RangeList((key, key + 1, "a") for key in order)
        assert [tuple(node) for node in rl] == [(0, 6, "a")]
    order = list(range(1000))
    Random(7).shuffle(order)
    big: RangeList[int, str] = RangeList()
    big._chain.limit = 4
    for key in order:
        big.set(key, key + 1, "a")
        assert len(big) <= 1000
    big.check()
    assert [tuple(node) for node in big] == [(0, 1000, "a")]


def test_14_sizes_that_force_many_blocks():
    """Before the first, behind the last, descending; more than two full blocks of the real size."""
    rl: RangeList[int, int] = RangeList()
    for n in range(1500):
        rl.set(-2 * n, -2 * n + 1, n)
        rl.set(2 * n + 3, 2 * n + 4, n)
    rl.check()
    assert len(rl) == 3000 and len(rl._chain.nodes) > 4
    rl.remove(-2000, 2000)
    rl.check()


def test_15_equality_looks_at_both_ends_and_values():
    """And never at starts only; there is no hash, and point-wise equality has its own name."""
    assert given("Aa") != given("Aaa") and given("Aa") != given("Bb")
    assert given("AaAa") != given("Aaaa") and given("AaAa").same_points(given("Aaaa"))
    with pytest.raises(TypeError):
        hash(given("Aa"))
    with pytest.raises(TypeError):
        given("Aa") < given("Bb")  # type: ignore[operator]  # that is the point


def test_16_odd_values():
    """0, None, False, containers, 1 and True, NaN: see test_values for the hostile ones."""
    for value in (0, None, False, [], "", float("nan")):
        rl: RangeList[int, Any] = RangeList([(0, 4, value)])
        assert rl[1] is value and 1 in rl and rl.covers(0, 4)
    assert len(RangeList([(0, 1, 1), (1, 2, True)], policy=IDENTITY)) == 2
    assert len(RangeList([(0, 1, 1), (1, 2, True)], policy=EQUAL)) == 1
    shared: list[int] = []
    cut: RangeList[int, Any] = RangeList([(0, 4, shared)], policy=Policy(split=apart))
    cut.split(2)
    cut.last.value.append(1)
    assert cut.first.value == []


def apart(node: Any, at: int) -> tuple[Any, Any]:
    return copy.copy(node.value), copy.copy(node.value)


def test_17_queries_do_not_mutate_and_operands_stay():
    """Also aliased: a.update(a), a -= a, a & a."""
    rl, other = given(ROW), given("..Xx")
    before = [(id(node), *node) for node in rl]
    assert (rl | other, rl & other, rl - other, rl ^ other, rl[2:9], rl & rl, rl - rl) != ()
    assert [(id(node), *node) for node in rl] == before
    rl.update(rl)
    rl |= rl
    assert [(id(node), *node) for node in rl] == before
    rl -= rl
    assert not rl


def test_18_a_slice_is_a_list_of_its_own():
    """No view: slices of slices, and writing into one, do not reach the original."""
    rl = given(ROW)
    part = rl[2:9][3:8]
    assert shown(part) == "...Bb..C"
    part.set(0, 99, "x")
    assert shown(rl) == ROW and shown(rl[0:3]) == "Aaa"


def test_19_equal_lower_bounds_one_open_one_closed():
    """[5, 8) and (5, 8) begin one bound apart."""
    rl: RangeList[Any, str] = RangeList([(5, 8, "closed")])
    rl.set(just_after(5), 8, "open")
    assert [tuple(node) for node in rl] == [
        (5, just_after(5), "closed"),
        (just_after(5), 8, "open"),
    ]
    assert rl[5] == "closed" and rl[6] == "open"


def test_20_overlap_and_union_commute_and_empty_is_in_everything():
    """As far as points go."""
    one, other, empty = given("Aa..Aa"), given(".Aaa"), RangeList[int, str]()
    assert (one | other).same_points(other | one) and (one & other).same_points(other & one)
    assert one.isdisjoint(other) == other.isdisjoint(one) is False
    assert empty.issubset(one) and empty.issubset(empty) and empty.isdisjoint(one)
    assert not one.issubset(empty)


def test_21_failing_generators_and_hooks_that_mutate():
    """The k-th item raises: nothing has changed; a hook gets ReentrancyError."""
    rl = given(ROW)

    def items() -> Any:
        yield from given("XxxXxx")
        raise LookupError

    for call in (rl.update, rl.__ior__, rl.__isub__, rl.__ixor__, rl.__iand__):
        with pytest.raises(LookupError):
            call(items())
        assert shown(rl) == ROW
    with pytest.raises(ReentrancyError):
        rl.transform(lambda piece: rl.delete(rl.first), 0, 5)
    assert shown(rl) == ROW


def test_22_changing_while_walking():
    """Delete current, next, previous; insert; clear; split; two walks; backwards."""
    rl = given("A.B.C.D.E")
    for node in rl:
        if node.value in "ac":
            rl.delete(node)
        if node.value == "b":
            rl.delete(node.next)
            rl.set(4, 5, "x")
    assert shown(rl) == "..B.X.D.E"
    assert [n.value for n in rl for _ in rl.walk(reverse=True)] == [
        value for value in "bxde" for _ in range(4)
    ]
    for node in reversed(rl):
        rl.remove(node.stop - 1, node.stop)  # nothing remains of e; d is next
        assert node.value == "e" and rl.last.value == "d"
        break
    rl = given("A.Bbbb")
    seen = []
    for node in reversed(rl):
        seen.append(node.value)
        rl.remove(4, 6)  # what remains of b does not count: its last point, the anchor, is gone
    assert seen == ["b", "a"]
    rl = given("A.B.E")
    for node in reversed(rl):
        rl.clear()
        assert node.value == "e"


def test_23_many_hits_large_and_negative_numbers():
    """More than 1,024 hits, beyond 2**31, below zero."""
    rl = RangeList.build([(2**40 + 2 * n, 2**40 + 2 * n + 1, n) for n in range(5000)])
    assert len(list(rl.overlapping(2**40, 2**40 + 10_000))) == 5000
    low: RangeList[int, str] = RangeList([(-10, -5, "a")])
    assert tuple(low.at(-7)) == (-10, -5, "a") and -5 not in low and -11 not in low


def test_24_copies_and_pickles():
    """Each protocol, with hooks that can be pickled; a long chain does not recurse."""
    rl = RangeList.build([(n, n + 1, n % 2) for n in range(20_000)], policy=Policy(overlap=max))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        twin = pickle.loads(pickle.dumps(rl, protocol))
        assert twin == rl and twin.policy == rl.policy
    assert copy.deepcopy(rl) == copy.copy(rl) == rl


def test_25_the_same_range_and_value_twice():
    """A list holds it once; insert refuses it."""
    rl = RangeList([(0, 4, "a"), (0, 4, "a")])
    assert len(rl) == 1
    with pytest.raises(OverlapError):
        rl.insert(0, 4, "a")


def test_26_nearest_with_ties_touching_and_overlap():
    """At a tie the left one; the key at a stop is at distance 0 from it; nobody is dropped."""
    rl = given("Aa....Bb")
    assert [rl.nearest(key).value for key in (-9, 0, 2, 3, 4, 5, 6, 99)] == list("aaaaabbb")
    assert RangeList().nearest(3) is None
    assert given("Aa").nearest(99).value == "a"


def test_27_len_bool_and_repr():
    """len counts nodes, not points; an unbounded list is true; repr reads back."""
    rl: RangeList[Any, str] = RangeList([(NEG_INF, POS_INF, "a")])
    assert len(rl) == 1 and rl and not RangeList() and len(given("Aaaa..Bbbb")) == 2
    assert eval(repr(rl)) == rl


def test_28_bulk_building():
    """Sorted, unsorted, one, none, from a generator, from itself."""
    assert shown(RangeList.build([])) == "" and shown(RangeList.build([(1, 2, "a")])) == ".A"
    rl = given(ROW)
    assert RangeList.build(rl) == rl == RangeList.build(reversed(rl))
    assert RangeList.build(tuple(node) for node in rl) == rl


def test_29_keys_of_every_kind():
    """Naive and aware times, Decimal with float, strings, tuples, dates: see test_keys."""
    mixed: RangeList[Any, str] = RangeList([(Decimal("0.5"), 1.5, "a"), (1.5, Decimal(2), "a")])
    assert [tuple(node) for node in mixed] == [(Decimal("0.5"), Decimal(2), "a")]
    naive = dt.datetime(2024, 1, 1)
    times: RangeList[Any, str] = RangeList([(naive, naive + dt.timedelta(1), "a")])
    with pytest.raises(UnorderedKeyError):
        times.at(naive.replace(tzinfo=dt.UTC))


def test_30_small_operations_in_a_row_equal_one_big_one():
    """set + set, remove + remove, slice + rest."""
    for cut in range(1, 12):
        rl, other = given(ROW), given(ROW)
        rl.set(0, cut, "x")
        rl.set(cut, 12, "x")
        other.set(0, 12, "x")
        assert rl == other
        rl, other = given(ROW), given(ROW)
        rl.remove(0, cut)
        rl.remove(cut, 12)
        assert rl == RangeList()
        assert (other[0:cut] | other[cut:12]) == other
        never = given(ROW, NEVER)
        assert (never[0:cut] | never[cut:12]).same_points(never)
