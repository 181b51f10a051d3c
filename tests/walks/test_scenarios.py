"""The grid of A6, groups 1 to 9: what is done × where the walk stands, each cell by name.

In each cell every kind of walk stands there (`walk`, `sweep`, `cursor`, and a cursor that turns
round; forwards and backwards; through four windows; over a list with gaps and one without), the
change is made with each survivor, and what follows is what the laws say of the contents then.
"""

from contextlib import suppress

import pytest

from rangelist.errors import RangeListError
from rangelist.policy import NEVER
from rangelist.ranges import RangeList
from walks import model
from walks.model import clip, owed

GAPPED = ((0, 8, "a"), (10, 18, "b"), (20, 28, "c"), (30, 38, "d"), (40, 48, "e"))
TOUCHING = ((0, 10, "a"), (10, 20, "b"), (20, 30, "c"), (30, 40, "d"), (40, 50, "e"))
WINDOWS = [(None, None), (5, 45), (15, None), (10, 40)]


def near(rl, a, b):
    """Return the node before, at and after the extent."""
    here = rl.at(a)
    before = rl.lower(a) if here is None else here.prev
    return before, here, rl.ceiling(b) if here is None else here.next


def merge(rl, left, right, keep):
    """Join two nodes, if both are there; grow the left one up to the other first."""
    if left.stop != right.start:
        left = rl.resize(left, stop=right.start, policy=NEVER)
    return rl.merge(left, right, keep=keep)


def chain(rl, a, b, keep):
    """Join everything from the current one on, one after the other."""
    node = near(rl, a, b)[1]
    while node.next is not None:
        node = merge(rl, node, node.next, keep)


def three(rl, a, b, keep):
    left, here, right = near(rl, a, b)
    merge(rl, merge(rl, left, here, keep), right, keep)


def refill(rl, rows):
    """Clear, and put the same back."""
    rl.clear()
    for row in rows:
        rl.set(*row, policy=NEVER)


def many(rl, a, b, keep):
    """Split one unit off, as often as there is room."""
    for at in range(a + 1, b):
        rl.split(at, keep=keep)


def rows_of(rl):
    return tuple((node.start, node.stop, node.value) for node in rl)


# Each change gets the list, the extent [a, b) that the walk delivered last, and who survives.
CHANGES = {
    "1 insert far behind": lambda rl, a, b, k: rl.insert(-20, -18, "z"),
    "1 insert touching left of current": lambda rl, a, b, k: rl.insert(a - 2, a, "z"),
    "1 insert touching right of current": lambda rl, a, b, k: rl.insert(b, b + 2, "z"),
    "1 insert in the next gap": lambda rl, a, b, k: rl.insert(b, b + 1, "z"),
    "1 insert before the first": lambda rl, a, b, k: rl.insert(-5, -1, "z"),
    "1 insert after the last": lambda rl, a, b, k: rl.insert(60, 65, "z"),
    "2 remove current": lambda rl, a, b, k: rl.remove(a, b),
    "2 remove next": lambda rl, a, b, k: rl.delete(near(rl, a, b)[2]),
    "2 remove previous": lambda rl, a, b, k: rl.delete(near(rl, a, b)[0]),
    "2 remove two ahead": lambda rl, a, b, k: rl.delete(near(rl, a, b)[2].next),
    "2 remove current and next": lambda rl, a, b, k: rl.remove(a, b + 11),
    "2 remove current and previous": lambda rl, a, b, k: rl.remove(a - 11, b),
    "2 remove all ahead": lambda rl, a, b, k: rl.remove(b, 99),
    "2 remove all behind": lambda rl, a, b, k: rl.remove(-99, a),
    "2 clear": lambda rl, a, b, k: rl.clear(),
    "2 remove the last": lambda rl, a, b, k: rl.delete(rl.last),
    "2 remove the first": lambda rl, a, b, k: rl.delete(rl.first),
    "2 remove and add the same extent": lambda rl, a, b, k: (rl.remove(a, b), rl.set(a, b, "c")),
    "2 remove and add another value": lambda rl, a, b, k: (rl.remove(a, b), rl.set(a, b, "z")),
    "2 remove and add inside": lambda rl, a, b, k: (rl.remove(a, b), rl.set(a + 2, b - 2, "z")),
    "2 clear and refill": lambda rl, a, b, k: refill(rl, rows_of(rl)),
    "3 merge current and next": lambda rl, a, b, k: merge(rl, *near(rl, a, b)[1:], k),
    "3 merge previous and current": lambda rl, a, b, k: merge(rl, *near(rl, a, b)[:2], k),
    "3 merge three": three,
    "3 merge a chain to the end": chain,
    "3 merge a pair ahead": lambda rl, a, b, k: merge(
        rl, near(rl, a, b)[2], near(rl, a, b)[2].next, k
    ),
    "3 merge a pair behind": lambda rl, a, b, k: merge(
        rl, near(rl, a, b)[0].prev, near(rl, a, b)[0], k
    ),
    "3 merge the pairs that meet at the edges of a window": lambda rl, a, b, k: (
        merge(rl, rl.at(1), rl.at(11), k),
        merge(rl, rl.at(31), rl.at(41), k),
    ),
    "4 split current": lambda rl, a, b, k: rl.split((a + b) // 2, keep=k),
    "4 split current many times": many,
    "4 split at a + 1": lambda rl, a, b, k: rl.split(a + 1, keep=k),
    "4 split at b - 1": lambda rl, a, b, k: rl.split(b - 1, keep=k),
    "4 split ahead": lambda rl, a, b, k: rl.split(near(rl, a, b)[2].start + 4, keep=k),
    "4 split behind": lambda rl, a, b, k: rl.split(near(rl, a, b)[0].start + 4, keep=k),
    "4 split at both edges of the window": lambda rl, a, b, k: (
        rl.split(5, keep=k),
        rl.split(45, keep=k),
    ),
    "4 split a straddler outside the window": lambda rl, a, b, k: (
        rl.split(3, keep=k),
        rl.split(47, keep=k),
    ),
    "5 grow right into the gap": lambda rl, a, b, k: rl.resize(rl.at(a), stop=b + 1),
    "5 grow right until it touches": lambda rl, a, b, k: rl.resize(rl.at(a), stop=b + 2),
    "5 grow left": lambda rl, a, b, k: rl.resize(rl.at(a), start=a - 1),
    "5 shrink right": lambda rl, a, b, k: rl.resize(rl.at(a), stop=b - 3),
    "5 shrink left": lambda rl, a, b, k: rl.resize(rl.at(a), start=a + 3),
    "5 shrink out of the window": lambda rl, a, b, k: (
        rl.resize(rl.first, stop=4),
        rl.resize(rl.last, start=46),
    ),
    "6 punch a hole in the middle": lambda rl, a, b, k: rl.remove(a + 2, b - 2),
    "6 erase the head": lambda rl, a, b, k: rl.remove(a, a + 2),
    "6 erase the tail": lambda rl, a, b, k: rl.remove(b - 2, b),
    "6 erase across current and next": lambda rl, a, b, k: rl.remove(b - 2, b + 4),
    "6 erase across previous and current": lambda rl, a, b, k: rl.remove(a - 4, a + 2),
    "6 assign over the head": lambda rl, a, b, k: rl.set(a, a + 2, "z"),
    "6 assign over the middle": lambda rl, a, b, k: rl.set(a + 2, b - 2, "z"),
    "6 assign over the tail": lambda rl, a, b, k: rl.set(b - 2, b, "z"),
    "6 assign over all of it": lambda rl, a, b, k: rl.set(a, b, "z"),
    "6 assign across several": lambda rl, a, b, k: rl.set(a - 4, b + 4, "z"),
    "7 change the value ahead": lambda rl, a, b, k: rl.replace(near(rl, a, b)[2], "z"),
    "7 change the value of current": lambda rl, a, b, k: rl.replace(rl.at(a), "z"),
    "7 change the value behind": lambda rl, a, b, k: rl.replace(near(rl, a, b)[0], "z"),
    "7 change it so that it joins left": lambda rl, a, b, k: rl.replace(
        rl.at(a), near(rl, a, b)[0].value
    ),
    "7 change it so that it joins right": lambda rl, a, b, k: rl.replace(
        rl.at(a), near(rl, a, b)[2].value
    ),
    "7 change it so that it joins left and right": lambda rl, a, b, k: (
        rl.set(a - 5, a, "z"),
        rl.set(b, b + 5, "z"),
        rl.replace(rl.at(a), "z"),
    ),
    "7 change it so that both join": lambda rl, a, b, k: rl.set(a - 5, b + 5, "z"),
    "8 move what is behind ahead": lambda rl, a, b, k: rl.move(0, 8, 60),
    "8 move what is ahead behind": lambda rl, a, b, k: rl.move(40, 48, -20),
    "8 move current ahead": lambda rl, a, b, k: rl.move(a, b, 70),
    "8 move current behind": lambda rl, a, b, k: rl.move(a, b, -30),
    "8 insert key space before it": lambda rl, a, b, k: rl.shift(a, 3),
    "8 delete key space in it": lambda rl, a, b, k: rl.shift(a + 2, -3),
    "9 append": lambda rl, a, b, k: rl.set(90, 95, "z"),
    "9 insert just ahead": lambda rl, a, b, k: rl.set(b, b + 1, "z"),
}

ONE = ((20, 28, "c"),)
# Where the walk stands: the lists, how many steps it has made (of n), is it told that it is over,
# and is its current one gone when the change comes.
POSITIONS = {
    "before the first delivery": ((GAPPED, TOUCHING), lambda n: 0, False, False),
    "on the first": ((GAPPED, TOUCHING), lambda n: 1, False, False),
    "in the middle": ((GAPPED, TOUCHING), lambda n: n // 2 + 1, False, False),
    "on the last but one": ((GAPPED, TOUCHING), lambda n: n - 1, False, False),
    "on the last": ((GAPPED, TOUCHING), lambda n: n, False, False),
    "exhausted": ((GAPPED, TOUCHING), lambda n: n, True, False),
    "in a list of one": ((ONE,), lambda n: 1, False, False),
    "in an empty list": (((),), lambda n: 0, True, False),
    "current is gone": ((GAPPED, TOUCHING), lambda n: n // 2 + 1, False, True),
}
KINDS = {
    "walk": (model.element_walk, lambda rl, w, r: rl.walk(*w, reverse=r)),
    "sweep": (model.coverage_walk, lambda rl, w, r: rl.sweep(*w, reverse=r)),
    "cursor": (model.element_walk, lambda rl, w, r: Stepper(rl.cursor(*w, reverse=r), "next")),
    "turn": (model.turn_back, lambda rl, w, r: Stepper(rl.cursor(*w, reverse=r), "prev")),
}


class Stepper:
    """A cursor as an iterator, which goes the other way once `turned` is set."""

    def __init__(self, cursor, after):
        self.cursor, self.after, self.turned = cursor, after, False

    def __iter__(self):
        return self

    def __next__(self):
        step = getattr(self.cursor, self.after) if self.turned else self.cursor.next
        node = step()
        if node is None:
            raise StopIteration
        return node


def stand(rows, kind, window, reverse, position):
    """Return a list, a walk that stands in it, and the extent it delivered last."""
    _, steps, over, _ = POSITIONS[position]
    rl = RangeList()
    refill(rl, rows)
    walk = KINDS[kind][1](rl, window, reverse)
    extent = None
    for _ in range(max(0, steps(len(clip(rows, window))))):
        extent = clip((tuple_of(next(walk)),), window)[0][:2]
    if over:
        assert next(walk, None) is None
    return rl, walk, extent


def tuple_of(item):
    return (item.start, item.stop, item.value)


def try_cell(change, rows, kind, window, reverse, position, keep):
    """Make a change under a walk; compare the rest; return whether anything has changed."""
    rl, walk, extent = stand(rows, kind, window, reverse, position)
    _, _, over, gone = POSITIONS[position]
    if gone:
        rl.remove(*extent)
    node = rl.at(extent[0]) if extent else None
    a, b = (20, 28) if extent is None else extent
    if node is not None:
        a, b = node.start, node.stop  # the change means the node, not what the window shows
    before = list(rl), rows_of(rl)
    # Refused, or no such neighbour: the compiled build says TypeError to None.
    with suppress(RangeListError, AttributeError, TypeError):
        CHANGES[change](rl, a, b, keep)
    rl.check()
    after = rows_of(rl)
    law = KINDS[kind][0]
    want = owed(law, after, window, reverse, extent)
    if over and kind in ("walk", "sweep"):
        want = []  # L18: an iterator is sticky
    if kind == "turn":
        walk.turned = True
    got = [tuple_of(item) for _, item in zip(range(99), walk, strict=False)]
    assert got == want, f"{rows=} {kind} {window=} {reverse=} {extent=} {after=}"
    return before != (list(rl), after)  # other nodes, or other rows


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("change", CHANGES)
def test_cell(change, position):
    """One cell: every kind of walk, both directions, windows, survivors (of merges and splits)."""
    keeps = ("left", "right") if change[0] in "34" else ("left",)
    for rows in POSITIONS[position][0]:
        for kind in KINDS:
            for window in WINDOWS:
                for reverse in (False, True):
                    for keep in keeps:
                        try_cell(change, rows, kind, window, reverse, position, keep)


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_of_the_grid_changes_something(change):
    """A cell whose change is always refused would prove nothing."""
    assert any(
        try_cell(change, rows, "walk", (None, None), False, "in the middle", "left")
        for rows in (GAPPED, TOUCHING)
    )
