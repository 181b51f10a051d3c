"""Many items at once: the nodes that unsorted, overlapping items make, later ones on top.

items    [-----a------)             in this order
             [-b-)   [--c--)
         [a-)[-b-)[a-)[--c--)       1 the layers that are seen: sorted, disjoint
                                    2 joined where they touch and are the same
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise, starmap
from operator import itemgetter, lt
from typing import Any, Final

from rangelist.chain import Chain
from rangelist.door import PLAIN
from rangelist.keys import COMPARE_ERRORS, K, V, check_span, explain_key
from rangelist.node import Node
from rangelist.policy import APART, Policy
from rangelist.stream import Row, comes_after, first_of, row_of

__all__ = ["checked", "folded", "joined", "part", "seen", "sorted_nodes"]

START: Final = itemgetter(0)
STOP: Final = itemgetter(1)


def checked(items: Iterable[Any]) -> list[Row[K, V]]:
    """Return items as rows, each `start < stop`."""
    rows: list[Any] = []  # Any, or the compiled build makes each tuple anew
    for item in items:
        given: object = item
        row = item if type(given) is tuple and len(item) == 3 else row_of(item)
        start, stop, _ = row
        try:
            if type(start) not in PLAIN or (start < stop) is not True:
                check_span(start, stop, first_of(rows))
        except COMPARE_ERRORS:
            check_span(start, stop)
            raise
        rows.append(row)
    return rows


def seen(given: list[Row[K, V]]) -> Iterable[Row[K, V]]:
    """Return, in order and disjoint, what is seen of rows of which later ones hide earlier ones.

    Cost: O(n log n) comparisons, O(n) memory.
    Raises: UnorderedKeyError.
    """
    try:
        if side_by_side(given):  # nothing to sort
            return given
        starts = list(map(START, given))
        order = sorted(range(len(given)), key=starts.__getitem__)
        in_order = list(map(given.__getitem__, order))
        return in_order if side_by_side(in_order) else layers(in_order, order)
    except COMPARE_ERRORS as error:
        raise explain_key(error, given[0][0], given[-1][0]) from error


def sorted_nodes(items: Iterable[Any]) -> list[Node[K, V]]:
    """Return exactly these items as nodes.

    Raises: OverlapError, if they are not sorted or not disjoint; EmptySpanError; NanKeyError;
        UnorderedKeyError; ItemError.
    """
    rows: list[Row[K, V]] = checked(items)
    if not side_by_side(rows):
        for before, (start, stop, _) in pairwise(rows):
            if start < before[1]:
                raise comes_after(start, stop, before)
    return list(starmap(Node, rows))


def part(
    chain: Chain[K, V], start: K | None, stop: K | None, policy: Policy[K, V]
) -> list[Node[K, V]]:
    """Return what lies in a window as new nodes, the first and the last one cut at its ends.

    Raises: EmptySpanError, if the window is reversed; NanKeyError; UnorderedKeyError; what the
        `split` hook raises.
    """
    chain.check_window(start, stop)
    if start is not None and stop is not None and not start < stop:
        return []
    b, i = (0, 0) if start is None else chain.find(start)
    if i < 0:
        b, i = 0, 0
    elif start is not None and not start < chain.nodes[b][i]._stop:
        i += 1
    run = chain.run(b, i, stop)
    made: list[Node[K, V]] = [Node(node._start, node._stop, node._value) for node in run]
    if made:
        first, last = made[0], made[-1]
        if start is not None and first._start < start:
            first._value = policy.cut(first._start, start, first._stop, first._value)[1]
            first._start = start
        if stop is not None and stop < last._stop:
            last._value = policy.cut(last._start, stop, last._stop, last._value)[0]
            last._stop = stop
    return made


def side_by_side(items: list[Row[K, V]]) -> bool:
    """Tell whether each item begins where the one before has ended, or later."""
    return not any(map(lt, map(START, items[1:]), map(STOP, items)))


def layers(items: list[Row[K, V]], height: list[int]) -> Iterator[Row[K, V]]:
    """Yield the seen parts of items in order of start; the higher one hides the lower.

    Touching parts are not joined.

    An item under a higher one that ends later is never seen.  The other items over a key form a
    stack of increasing height and decreasing stop; its top is seen.  The stack is short for random
    input; in the worst case each item moves all of it, which costs list moves but no comparisons.

        heights rise   [---------------------------2----)
                         [-----------------5-----)          stops fall
                           [----------7---)
                                  ^reached
    """
    heights: list[int] = []
    stairs: list[Row[K, V]] = []
    reached = items[0][0]
    for h, item in zip(height, items, strict=True):
        start, stop, _ = item
        while stairs and not start < stairs[-1][1]:  # the top ends first, and then the next ...
            top = stairs.pop()
            heights.pop()
            yield reached, top[1], top[2]
            reached = top[1]
        above = bisect_left(heights, h)
        if above == len(stairs):  # it is the new top
            if stairs and reached < start:
                yield reached, start, stairs[-1][2]
            reached = start
        elif not stairs[above][1] < stop:
            continue  # the one above it hides it to its end
        below = above
        while below and not stop < stairs[below - 1][1]:
            below -= 1  # and it hides this one
        heights[below:above] = [h]
        stairs[below:above] = [item]
    while stairs:
        top = stairs.pop()
        yield reached, top[1], top[2]
        reached = top[1]


def folded(given: list[Row[K, V]], overlap: Callable[[V, V], V]) -> Iterator[Row[K, V]]:
    """Yield what a loop of `add` makes of rows: one sweep over all borders, in order of keys.

        rows    [----1----)             in order of insertion
                   [----2----)
                [1-)[3----)[2-)         overlap(1, 2) where both are

    Between two borders the rows that are there form a stack in order of insertion, with the value
    folded up to each.  A border changes the stack at one height, and only what lies above it is
    folded again, up to the first value that comes out the same.  So `overlap` is asked at most as
    often as by the loop, unless that loop has merged equal values.

        ages       2   5   9          which row
        values     a   b   c
        folds      a  ab  abc         those from `low` on are to be folded again; from `high` on the
                                      values are those that the old folds were made of

    Touching parts are not joined.

    Cost: O(n log n) comparisons; moves of a stack as high as rows lie over each other.
    Raises: UnorderedKeyError; what the hook raises.
    """
    keys: list[K] = [row[0] for row in given]
    keys += [row[1] for row in given]
    try:
        order = sorted(range(len(keys)), key=keys.__getitem__)
    except COMPARE_ERRORS as error:
        raise explain_key(error, keys[0], keys[-1]) from error
    ages: list[int] = []
    values: list[V] = []
    folds: list[Any] = []
    low = high = 0
    reached: Any = None
    for border in order:
        key = keys[border]
        if ages and reached < key:
            fold_again(folds, values, overlap, low, high)
            low, high = len(values), 0
            yield reached, key, folds[-1]
        reached = key
        age = border if border < len(given) else border - len(given)
        at = bisect_left(ages, age)
        by = 1 if age == border else -1
        if by > 0:
            ages.insert(at, age)
            values.insert(at, given[age][2])
            folds.insert(at, APART)
        else:
            del ages[at], values[at], folds[at]
        high = high + by if at < high else at
        if at < low:  # noqa: PLR1730  half the time of `min`
            low = at


def fold_again(
    folds: list[Any], values: list[V], overlap: Callable[[V, V], V], low: int, high: int
) -> None:
    """Bring the folds from a height on up to date; see `folded`."""
    fold: Any = folds[low - 1] if low else APART
    for at in range(low, len(values)):
        fold = overlap(fold, values[at]) if at else values[0]
        if at >= high and fold is folds[at]:
            return
        folds[at] = fold


def joined(rows: Iterable[Row[K, V]], policy: Policy[K, V]) -> list[Node[K, V]]:
    """Return sorted, disjoint rows as nodes; where they touch and are the same, as one.

    [-a-)[-a-)[-b-)  [-b-)
    [----a---)[-b-)  [-b-)

    Raises: OverlapError, if they are not sorted or not disjoint; what the hooks raise.
    """
    nodes: list[Node[K, V]] = []
    node: Node[K, V] | None = None
    end: Any = None  # of that node
    for start, stop, value in rows:
        if node is not None and not end < start:
            if start < end:
                raise comes_after(start, stop, node)
            answer = policy.join(node._start, start, node._value, start, stop, value)
            if answer is not APART:
                node._value = answer
                node._stop = end = stop
                continue
        node = Node(start, stop, value)
        end = stop
        nodes.append(node)
    return nodes
