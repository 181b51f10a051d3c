"""What a newcomer gets wrong is told in words, and changes nothing."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from rangelist import (
    ALWAYS,
    History,
    LengthError,
    Node,
    RangeBag,
    RangeList,
    SharedRangeList,
    UnorderedKeyError,
    coalesce_sorted,
)
from rangelist.errors import (
    BadCursorError,
    HookResultError,
    InvalidNodeError,
    NanKeyError,
    OptionError,
)

AnyList = RangeList[Any, Any]
Read = Callable[[AnyList], object]


def three() -> AnyList:
    """Two nodes that touch, and one apart."""
    return RangeList([(0, 8, "a"), (10, 18, "b"), (18, 20, "c")])


WINDOWED: dict[str, Callable[[AnyList, Any, Any], object]] = {
    "walk": lambda rl, start, stop: rl.walk(start, stop),
    "sweep": lambda rl, start, stop: rl.sweep(start, stop, reverse=True),
    "cursor": lambda rl, start, stop: rl.cursor(start, stop),
    "overlapping": lambda rl, start, stop: rl.overlapping(start, stop),
    "gaps": lambda rl, start, stop: rl.gaps(start, stop),
    "tiles": lambda rl, start, stop: rl.tiles(start, stop),
    "covers": lambda rl, start, stop: rl.covers(start, stop),
    "slice": lambda rl, start, stop: rl[start:stop],
    "complement": lambda rl, start, stop: rl.complement(start, stop),
    "find_gap": lambda rl, start, stop: rl.find_gap(1, start, stop),
    "coalesce": lambda rl, start, stop: rl.coalesce(start, stop),
    "remove": lambda rl, start, stop: rl.remove(start, stop),
    "update": lambda rl, start, stop: rl.transform(lambda piece: piece.value, start, stop),
}


@pytest.mark.parametrize("call", WINDOWED.values(), ids=WINDOWED.keys())
@pytest.mark.parametrize("window", [("x", None), (None, "x")], ids=["start", "stop"])
def test_a_single_end_of_another_type_is_refused_at_once_and_named(
    call: Callable[[AnyList, Any, Any], object], window: tuple[Any, Any]
) -> None:
    """No raw TypeError, and none that comes only with the first step of a walk."""
    rl = three()

    with pytest.raises(UnorderedKeyError, match="cannot order keys .*'x'"):
        call(rl, *window)

    assert rl == three()


def test_a_gap_is_not_searched_between_keys_of_another_type() -> None:
    """Two ends can be compared with each other and not with what is there."""
    with pytest.raises(UnorderedKeyError, match="cannot order keys 'x' and 0"):
        three().find_gap(1, "x", "y")


COMPARED: dict[str, Callable[[AnyList, AnyList], object]] = {
    "|": lambda a, b: a | b,
    "&": lambda a, b: a & b,
    "-": lambda a, b: a - b,
    "^": lambda a, b: a ^ b,
    "combine": lambda a, b: a.combine(b, lambda left, right: 1),
    "isdisjoint": lambda a, b: a.isdisjoint(b),
    "issubset": lambda a, b: a.issubset(b),
    "same_points": lambda a, b: a.same_points(b),
}


@pytest.mark.parametrize("call", COMPARED.values(), ids=COMPARED.keys())
def test_lists_of_different_keys_have_no_algebra(
    call: Callable[[AnyList, AnyList], object],
) -> None:
    """The error names a key of each."""
    with pytest.raises(UnorderedKeyError, match="'p'"):
        call(three(), RangeList([("p", "q", 1)]))


@pytest.mark.parametrize("by", [math.nan, math.inf, -math.inf])
def test_shifting_by_no_finite_length_is_refused(by: float) -> None:
    """It is not taken for zero."""
    rl = three()

    with pytest.raises(NanKeyError, match="by is .*, want a finite key difference"):
        rl.shift(4, by)

    assert rl == three()


WITHOUT_LENGTH: dict[str, Read] = {
    "move": lambda rl: rl.move("a", "c", "x"),
    "shift": lambda rl: rl.shift("b", "x"),
    "shift by a number": lambda rl: rl.shift("b", 1),
    "nearest": lambda rl: rl.nearest("d"),
    "find_gap": lambda rl: rl.find_gap(1),
}


@pytest.mark.parametrize("call", WITHOUT_LENGTH.values(), ids=WITHOUT_LENGTH.keys())
def test_keys_without_lengths_say_so_wherever_a_length_is_needed(call: Read) -> None:
    """Text has an order and no distances."""
    rl: AnyList = RangeList([("a", "c", 1), ("e", "g", 2)])

    with pytest.raises(LengthError, match="want .*(subtract|key difference)"):
        call(rl)

    assert rl == RangeList([("a", "c", 1), ("e", "g", 2)])


def test_what_adding_to_a_key_raises_by_itself_comes_through() -> None:
    """There is no day behind the last one."""
    rl: AnyList = RangeList([(date(9999, 1, 1), date.max, "a")])

    with pytest.raises(OverflowError):
        rl.shift(date(9999, 1, 1), date(2024, 1, 2) - date(2024, 1, 1))


def test_moving_to_nan_names_the_key() -> None:
    """`to` is neither start nor stop."""
    with pytest.raises(NanKeyError, match="to is nan"):
        three().move(0, 8, math.nan)


@pytest.mark.parametrize(("key", "error"), [(math.nan, NanKeyError), ("x", UnorderedKeyError)])
def test_a_cursor_is_sent_to_keys_only(key: Any, error: type[Exception]) -> None:
    """NaN lies nowhere; the search found a node all the same.  In an empty list any key will do."""
    cursor = three().cursor()
    first = cursor.next()

    with pytest.raises(error):
        cursor.seek(key)

    assert cursor.current is first
    RangeList[Any, Any]().cursor().seek("x")


BY_HANDLE: dict[str, Callable[[AnyList, Any], object]] = {
    "discard": lambda rl, node: rl.delete(node),
    "replace": lambda rl, node: rl.replace(node, "z"),
    "resize": lambda rl, node: rl.resize(node, stop=9),
    "merge left": lambda rl, node: rl.merge(node, rl.last or node),
    "merge right": lambda rl, node: rl.merge(rl.first or node, node),
}


@pytest.mark.parametrize("call", BY_HANDLE.values(), ids=BY_HANDLE.keys())
@pytest.mark.parametrize("given", [None, (0, 8, "a")], ids=["nothing", "a tuple"])
def test_what_is_no_node_is_no_handle(call: Callable[[AnyList, Any], object], given: Any) -> None:
    """`rl.delete(rl.at(key))` where nothing covers the key is the usual way to get there."""
    rl = three()

    with pytest.raises(InvalidNodeError):
        call(rl, given)

    assert rl == three()


def test_a_bag_discards_nodes_only() -> None:
    """As a list does."""
    bag: RangeBag[int, str] = RangeBag([(0, 8, "a")])
    nothing: Any = None

    with pytest.raises(InvalidNodeError):
        bag.delete(nothing)


def test_what_cannot_be_called_does_not_subscribe() -> None:
    """It would break every write that follows."""
    nothing: Any = None

    with pytest.raises(HookResultError, match="subscriber is None, want a callable"):
        three().subscribe(nothing)


@pytest.mark.parametrize("policy", [None, "EQUAL"])
def test_a_policy_is_a_policy_from_the_beginning(policy: Any) -> None:
    """And does not wait for the first merge to be none."""
    with pytest.raises(OptionError):
        RangeList([], policy=policy)


class Vague:
    """As an array, it answers `==` with no bool."""

    def __eq__(self, other: object) -> Any:
        return [True]

    __hash__ = None  # type: ignore[assignment]  # as Python does it for classes with __eq__


def test_lists_of_values_whose_equality_is_no_bool_cannot_be_compared() -> None:
    """As bags cannot, and as a merge cannot."""
    one: AnyList = RangeList([(0, 8, Vague())])
    other: AnyList = RangeList([(0, 8, Vague())])

    with pytest.raises(HookResultError, match="value == value answered"):
        _ = one == other


@pytest.mark.parametrize("text", ["{}", "[]", "5", None])
def test_what_is_no_saved_cursor_is_refused_in_words(text: Any) -> None:
    """Whatever JSON it is, or none."""
    with pytest.raises(BadCursorError):
        three().resume(text)


COPIED: dict[str, Callable[[Node[Any, Any]], object]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": pickle.dumps,
}


@pytest.mark.parametrize("call", COPIED.values(), ids=COPIED.keys())
def test_a_node_is_not_copied_without_its_list(call: Callable[[Node[Any, Any]], object]) -> None:
    """The copy would be in no list, and pull the whole chain along, link by link."""
    node = three().first
    assert node is not None

    with pytest.raises(TypeError, match=r"want its list or tuple\(node\)"):
        call(node)


def twice(piece: Any) -> Any:
    """Change every value."""
    return piece.value * 2


PER_CALL: dict[str, Callable[[AnyList, Any], object]] = {
    "set": lambda rl, policy: rl.set(1, 2, "z", policy=policy),
    "set in free space": lambda rl, policy: rl.set(30, 40, "z", policy=policy),
    "insert": lambda rl, policy: rl.insert(30, 40, "z", policy=policy),
    "fill": lambda rl, policy: rl.fill(0, 40, "z", policy=policy),
    "add": lambda rl, policy: rl.add(30, 40, "z", policy=policy),
    "update": lambda rl, policy: rl.update([(1, 2, "z")], policy=policy),
    "transform": lambda rl, policy: rl.transform(twice, policy=policy),
    "remove": lambda rl, policy: rl.remove(0, 8, policy=policy),
    "move": lambda rl, policy: rl.move(0, 8, 30, policy=policy),
    "shift": lambda rl, policy: rl.shift(9, 5, policy=policy),
    "split": lambda rl, policy: rl.split(4, policy=policy),
    "merge": lambda rl, policy: rl.merge(rl.nth(1), rl.nth(2), "z", policy=policy),
    "replace": lambda rl, policy: rl.replace(rl.nth(0), "z", policy=policy),
    "resize": lambda rl, policy: rl.resize(rl.nth(0), stop=9, policy=policy),
    "coalesce": lambda rl, policy: rl.coalesce(policy=policy),
    "combine": lambda rl, policy: rl.combine([(0, 2)], lambda a, b: 1, policy=policy or 0),
    "complement": lambda rl, policy: rl.complement(0, 9, policy=policy or 0),
    "build": lambda rl, policy: RangeList.build([(0, 2, 1)], policy=policy or 0),
    "from_sorted": lambda rl, policy: RangeList.from_sorted([], policy=policy or 0),
    "from_columns": lambda rl, policy: RangeList.from_columns([1], [2], policy=policy or 0),
    "coalesce_sorted": lambda rl, policy: list(coalesce_sorted(rl, policy or 0)),
    "flatten": lambda rl, policy: RangeBag(rl).flatten(policy or 0),
}


@pytest.mark.parametrize("kind", [RangeList, SharedRangeList])
@pytest.mark.parametrize("call", PER_CALL.values(), ids=PER_CALL.keys())
@pytest.mark.parametrize("policy", ["EQUAL", [ALWAYS], {"same": None}, len, 3])
def test_what_is_no_policy_is_refused_by_every_call(
    kind: type[AnyList], call: Callable[[AnyList, Any], object], policy: Any
) -> None:
    """Whether or not the call would have asked a hook."""
    rl = kind(three())

    with pytest.raises(OptionError, match="policy is .*, want a Policy") as told:
        call(rl, policy)

    assert repr(policy) in str(told.value)
    assert list(rl.items()) == list(three().items())


OPTIONS: dict[str, tuple[Callable[[AnyList, Any], object], type[Exception]]] = {
    "keep of split": (lambda rl, given: rl.split(4, keep=given), OptionError),
    "keep of merge": (lambda rl, given: rl.merge(rl.nth(1), rl.nth(2), keep=given), OptionError),
    "gaps": (lambda rl, given: rl.transform(twice, gaps=given), OptionError),
    "horizon of walk": (lambda rl, given: rl.walk(horizon=given), OptionError),
    "horizon of sweep": (lambda rl, given: rl.sweep(horizon=given), OptionError),
    "position": (lambda rl, given: rl.nth(given), OptionError),
    "position in a bag": (lambda rl, given: RangeBag(rl).nth(given), OptionError),
    "width": (lambda rl, given: rl.draw(given), OptionError),
    "width of a bag": (lambda rl, given: RangeBag(rl).draw(given), OptionError),
    "edit": (lambda rl, given: rl.apply(given), OptionError),
    "edit of a bag": (lambda rl, given: RangeBag(rl).apply(given), OptionError),
    "list of a history": (lambda rl, given: History(given), OptionError),
    "limit": (lambda rl, given: History(rl, given or "none"), OptionError),
    "saved cursor": (lambda rl, given: rl.resume(given), BadCursorError),
    "fn of transform": (lambda rl, given: rl.transform(given), HookResultError),
    "fn of combine": (lambda rl, given: rl.combine([(1, 2)], given), HookResultError),
    "overlap of build": (
        lambda rl, given: RangeList.build([], overlap=given or 0),
        HookResultError,
    ),
    "subscriber": (lambda rl, given: rl.subscribe(given), HookResultError),
    "shift of a bag": (lambda rl, given: RangeBag(rl).shift(given, 3), UnorderedKeyError),
    "shift": (lambda rl, given: rl.shift(given, 3), UnorderedKeyError),
}


@pytest.mark.parametrize(("call", "error"), OPTIONS.values(), ids=OPTIONS.keys())
@pytest.mark.parametrize("given", [None, "left of it", [], 1j])
def test_a_wrong_argument_is_told_by_name_in_both_builds(
    call: Callable[[AnyList, Any], object], error: type[Exception], given: Any
) -> None:
    """By an error of ours that shows the value, and changes nothing."""
    rl = three()

    with pytest.raises(error):
        call(rl, given)

    assert rl == three()


@pytest.mark.parametrize("given", [1, "yes", [0]])
def test_what_is_true_is_as_good_as_true(given: Any) -> None:
    """For each option that is asked for its truth, in both builds."""
    rl = three()

    assert list(rl.walk(reverse=given)) == list(rl)[::-1]
    assert [*rl.items(reverse=given)] == [*rl.items()][::-1]
    assert [*rl.sweep(reverse=given)] == [*rl.sweep()][::-1]
    assert rl.cursor(reverse=given).next() is rl.last
    assert next(RangeBag(rl).walk(reverse=given)).value == "c"
    rl.move(0, 8, 8, overwrite=given)
    assert rl == RangeList([(8, 16, "a"), (16, 18, "b"), (18, 20, "c")])
