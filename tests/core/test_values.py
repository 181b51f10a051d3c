"""Values: anything at all, also what compares badly."""

from __future__ import annotations

from typing import Any

import pytest

from core.hostile import Hostile
from core.rows import given
from rangelist import EQUAL, IDENTITY, NEVER, Piece, RangeList
from rangelist.errors import HookResultError


class Falsy:
    """A value that is false."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "Falsy()"


ANYTHING = [
    0,
    0.0,
    False,
    None,
    "",
    (),
    [],
    {},
    set(),
    b"",
    Ellipsis,
    NotImplemented,
    Falsy(),
    object,
]


@pytest.mark.parametrize("value", ANYTHING, ids=repr)
def test_falsy_and_odd_values_are_values(value):
    """None is no hole, and an empty list is something."""
    rl: RangeList[int, Any] = RangeList([(0, 4, value)])

    assert 2 in rl and rl[2] is value and rl.get(2, "default") is value
    assert rl.covers(0, 4) and rl.first.value is value
    assert rl.remove(1, 2) == [Piece(1, 2, value)]
    assert rl.transform(lambda piece: piece.value) == 2
    assert list(rl[0:1]) != [] and rl.at(9) is None
    rl.check()


def test_values_need_not_be_hashable_nor_ordered():
    """Only `==` is asked, and with IDENTITY not even that."""
    rl: RangeList[int, Any] = RangeList([(0, 2, [1]), (2, 4, [1]), (4, 6, {1: 2}), (6, 8, 1j)])

    assert len(rl) == 3
    rl.add(0, 8, {3})
    assert [node.value for node in rl] == [{3}]


def test_equal_values_of_different_types_merge_and_the_left_one_stays():
    """1 == 1.0 == True: EQUAL says what `==` says; IDENTITY is there for who wants more."""
    rl: RangeList[int, Any] = RangeList([(0, 2, 1), (2, 4, 1.0), (4, 6, True)])
    assert [(node.start, node.stop, type(node.value)) for node in rl] == [(0, 6, int)]

    rl = RangeList([(0, 2, 1), (2, 4, 1.0), (4, 6, True)], policy=IDENTITY)
    assert [type(node.value) for node in rl] == [int, float, bool]


def test_nan_values_never_merge_by_equality_and_do_by_identity():
    """NaN is a fine value; it is only no key."""
    nan = float("nan")
    assert len(RangeList([(0, 2, nan), (2, 4, nan)])) == 2
    assert len(RangeList([(0, 2, nan), (2, 4, nan)], policy=IDENTITY)) == 1


def test_a_value_shared_by_two_pieces_after_a_cut_is_one_object():
    """A split hook is there for who wants two."""
    rl: RangeList[int, list[int]] = RangeList([(0, 4, [1])])
    rl.split(2)

    assert rl.first.value is rl.last.value
    assert len(RangeList(rl, policy=NEVER)) == 2


@pytest.mark.parametrize(
    "error", [ValueError("mine"), TypeError("mine"), ZeroDivisionError("mine")]
)
@pytest.mark.parametrize("verb", ["set", "insert", "fill", "add"])
def test_an_equality_that_raises_comes_out_as_it_is(verb, error):
    """It is not about keys, whatever its type; nothing has changed."""
    rl: RangeList[int, Any] = RangeList([(0, 4, Hostile(error)), (8, 12, "b")])
    before = [tuple(node)[:2] for node in rl]

    with pytest.raises(type(error), match="^mine$"):
        getattr(rl, verb)(4, 6, "a")

    assert [tuple(node)[:2] for node in rl] == before
    rl.check()


@pytest.mark.parametrize("answer", ["yes", 1, [True, False], None, NotImplemented], ids=repr)
def test_an_equality_that_answers_no_bool_is_refused(answer):
    """An array compared with an array gives an array: is that "the same"?"""
    rl: RangeList[int, Any] = RangeList([(0, 4, Hostile(answer))])
    if answer is NotImplemented:  # Python itself then says: not the same object, not equal
        rl.set(4, 8, "a")
        assert len(rl) == 2
        return
    with pytest.raises(HookResultError, match="value == value answered .*, want True or False"):
        rl.set(4, 8, "a")
    assert len(rl) == 1


def test_hostile_values_can_be_stored_where_nobody_asks():
    """Free space that touches nothing, and every policy that does not compare."""
    bad = Hostile(ValueError())
    rl: RangeList[int, Any] = RangeList(policy=NEVER)
    for n in range(5):
        rl.set(n, n + 1, bad)
    rl.remove(1, 2)
    rl.split(3)
    rl.shift(2, 5)
    rl.move(0, 1, 50)

    assert len(rl) == 4 and rl.first.value is bad

    rl = RangeList([(0, 4, bad)])
    rl.set(10, 12, bad)
    assert rl.remove(2, 3)[0].value is bad


def test_a_lopsided_equality_is_asked_left_first():
    """left.value == right.value, in this order."""
    asked: list[str] = []

    class Named:
        def __init__(self, name: str) -> None:
            self.name = name

        def __eq__(self, other: object) -> bool:
            asked.append(f"{self.name} == {getattr(other, 'name', other)}")
            return False

        __hash__ = None  # type: ignore[assignment]  # as Python does it for classes with __eq__

    rl: RangeList[int, Any] = RangeList([(0, 2, Named("left")), (4, 6, Named("right"))])
    rl.set(2, 4, Named("new"))

    assert asked == ["left == new", "new == right"]


def test_two_lists_with_hostile_values_cannot_be_compared_and_say_so():
    """`==` of lists asks the values."""
    one: RangeList[int, Any] = RangeList([(0, 2, Hostile(ValueError("mine")))])
    other: RangeList[int, Any] = RangeList([(0, 2, "a")])

    with pytest.raises(ValueError, match="mine"):
        assert one == other
    assert one == one


def test_values_are_not_touched_by_reads():
    """No read asks a value anything."""
    bad = Hostile(ValueError())
    rl: RangeList[int, Any] = RangeList([(0, 4, bad), (6, 8, bad)])

    assert rl.at(1) and rl.floor(3) and rl.locate(5) and rl.nearest(5)
    assert len(list(rl)) == len(list(rl.tiles())) - 1 == len(list(rl.sweep())) == 2
    assert rl.same_points(rl) and rl.issubset(rl) and not rl.isdisjoint(rl)
    assert len(rl[1:7]) == len(rl.copy()) == 2
    assert given("Aa", EQUAL).get(0) == "a"
