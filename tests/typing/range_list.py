"""RangeList: every public call keeps the types of keys and values; nothing turns into Any."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import assert_type

from rangelist import (
    DROP,
    EQUAL,
    NEVER,
    Cursor,
    Edit,
    Gap,
    History,
    Node,
    Piece,
    Policy,
    RangeList,
    SharedRangeList,
)
from rangelist.algebra import Drop
from rangelist.bounds import Infinity
from rangelist.cursor import Status
from rangelist.record import Step

rl: RangeList[int, str] = RangeList([(0, 8, "a"), (8, 12, "b")])
empty: RangeList[date, list[int]] = RangeList()
words: list[tuple[int, int, str]] = [(0, 8, "a")]
assert_type(RangeList(words), RangeList[int, str])
assert_type(RangeList.build(words), RangeList[int, str])
# A stock policy fits all types, and says nothing about those of the list.
assert_type(RangeList(words, policy=NEVER), RangeList[int, str])
assert_type(RangeList.build(words, policy=NEVER), RangeList[int, str])
assert_type(SharedRangeList(words, policy=EQUAL), SharedRangeList[int, str])
joined: Policy[int, str] = Policy(merge=lambda left, right: left.value + right.value)
assert_type(RangeList(words, policy=joined), RangeList[int, str])
RangeList(words, policy=Policy[str, str]())  # type: ignore[misc]  # hooks for other keys
assert_type(RangeList([Piece(1, 2, "a")]), RangeList[int, str])

# ---- write

assert_type(rl.set(0, 8, "a"), Node[int, str])
assert_type(rl.insert(20, 28, "a"), Node[int, str])
assert_type(rl.fill(0, 8, "a"), int)
assert_type(rl.add(0, 8, "a", policy=Policy(overlap=lambda old, new: old + new)), int)
assert_type(rl.transform(lambda piece: piece.value.upper(), 0), int)
assert_type(rl.transform(lambda piece: DROP), int)
assert_type(rl.remove(0, 8), list[Piece[int, str]])
assert_type(rl.remove(None, None), list[Piece[int, str]])
rl[0:8] = "a"
del rl[0:4]
rl.move(0, 8, 20)
rl.shift(4, 3)
empty.shift(date(2024, 1, 1), timedelta(3))
rl.clear()
rl.update(RangeList([(4, 12, "b")]))

# ---- reshape

node = rl.set(0, 8, "a")
assert_type(rl.split(4), Node[int, str] | None)
assert_type(rl.merge(node, node, "c", keep="right"), Node[int, str])
assert_type(rl.replace(node, "b"), Node[int, str])
assert_type(rl.resize(node, stop=9), Node[int, str])
assert_type(rl.coalesce(), int)
rl.delete(node)

# ---- read

assert_type(rl.at(3), Node[int, str] | None)
assert_type(rl[3], str)
assert_type(rl[0:3], RangeList[int, str])
assert_type(rl.slice(0, 3), RangeList[int, str])
assert_type(rl.get(3), str | None)
assert_type(rl.get(3, 0), str | int)
assert_type(3 in rl, bool)
assert_type(rl.locate(3), Node[int, str] | Gap[int | Infinity])
assert_type(rl.first, Node[int, str] | None)
assert_type(rl.last, Node[int, str] | None)
assert_type(rl.floor(3), Node[int, str] | None)
assert_type(rl.ceiling(3), Node[int, str] | None)
assert_type(rl.lower(3), Node[int, str] | None)
assert_type(rl.higher(3), Node[int, str] | None)
assert_type(rl.nearest(3), Node[int, str] | None)
assert_type(rl.overlapping(0, 3), Iterator[Node[int, str]])
assert_type(rl.gaps(0, 3), Iterator[Gap[int]])
assert_type(rl.tiles(0, 3), Iterator[Piece[int, str] | Gap[int]])
assert_type(rl.covers(0, 3), bool)
assert_type(rl.find_gap(3, fit="best"), Gap[int] | None)
assert_type(rl.walk(reverse=True, horizon="fixed"), Iterator[Node[int, str]])
assert_type(rl.sweep(), Iterator[Piece[int, str]])
assert_type(iter(rl), Iterator[Node[int, str]])
assert_type(next(reversed(rl)), Node[int, str])
assert_type(len(rl), int)
assert_type(rl.is_canonical(), bool)
assert_type(rl.policy, Policy[int, str])
assert_type(rl.draw(40), str)

# ---- cursor

cursor = rl.cursor()
assert_type(cursor, Cursor[int, str])
assert_type(cursor.next(), Node[int, str] | None)
assert_type(cursor.prev(), Node[int, str] | None)
assert_type(cursor.current, Node[int, str] | None)
assert_type(cursor.extent, tuple[int, int] | None)
assert_type(cursor.status, Status)
assert_type(rl.resume(cursor.to_json()), Cursor[int, str])

# ---- algebra

assert_type(rl | rl, RangeList[int, str])
assert_type(rl & [Piece(0, 3, None)], RangeList[int, str])
assert_type(rl - iter([Piece(0, 3, 1.5)]), RangeList[int, str])
assert_type(rl ^ rl, RangeList[int, str])
rl |= rl
rl &= rl
rl -= rl
rl ^= rl
assert_type(rl, RangeList[int, str])
assert_type(rl.copy(), RangeList[int, str])
assert_type(rl.complement(0, 9), RangeList[int, None])
assert_type(rl.same_points(rl), bool)
assert_type(rl.isdisjoint(rl), bool)
assert_type(rl.issubset(rl), bool)


def shorter(mine: Piece[int, str] | None, theirs: Piece[int, float] | None) -> int | Drop:
    """Both sides may be missing; the result has values of a third type."""
    return DROP if mine is None or theirs is None else len(mine.value)


numbers: RangeList[int, float] = RangeList([(0, 3, 1.5)])
assert_type(rl.combine(numbers, shorter), RangeList[int, int])

# ---- edits


def told(edit: Edit[int, str]) -> None:
    """What a subscriber gets."""
    assert_type(edit.before, list[Piece[int, str]])
    assert_type(edit.after, list[Piece[int, str]])
    assert_type(edit.steps, list[Step[int, str]])
    assert_type(edit.inverse(), Edit[int, str])
    assert_type(edit.op, str)


assert_type(rl.subscribe(told), Callable[[], None])
history = History(rl)
assert_type(history, History[int, str])
assert_type(history.undo(), bool)
assert_type(history.done, list[Edit[int, str]])
with rl.transaction():
    rl.clear()


# ---- sub-classes


class Mapped(RangeList[int, str]):
    """Results keep the class."""

    def size(self) -> int:
        return sum(node.stop - node.start for node in self)


mapped = Mapped()
assert_type(mapped[0:3], Mapped)
assert_type(mapped | rl, Mapped)
assert_type(mapped.copy(), Mapped)

# ---- what is refused

rl.set("a", "b", "c")  # type: ignore[arg-type]  # keys of another type
rl.set(0, 8, 5)  # type: ignore[arg-type]  # a value of another type
rl.transform(lambda piece: 5, 0, 8)  # type: ignore[arg-type, return-value]  # likewise
rl.transform(lambda piece: "x", 0, 8, gaps="fail")  # type: ignore[arg-type]  # no such option
rl.split(4, keep="both")  # type: ignore[arg-type]  # no such side
rl.find_gap(3, fit="tight")  # type: ignore[arg-type]  # no such fit
rl[3] = "a"  # type: ignore[index]  # a single key is no span
del rl[3]  # type: ignore[arg-type]  # likewise
wrong: RangeList[complex, str] = RangeList()  # type: ignore[type-var]  # no order
