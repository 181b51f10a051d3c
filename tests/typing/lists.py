"""Lists and bags: keys and values keep their types through every call."""

from collections.abc import Iterator
from typing import assert_type

from rangelist import DROP, NEVER, Cursor, Gap, Node, Piece, Policy, RangeList, coalesce_sorted
from rangelist.algebra import Drop, difference, intersection, symmetric_difference, union
from rangelist.bag import RangeBag
from rangelist.bounds import Infinity, Key, closed
from rangelist.overlaps import Span
from rangelist.stream import clip, complement, cover

items = [(1, 5, "a")]
rl = RangeList(items)
assert_type(rl, RangeList[int, str])
assert_type(RangeList[int, str].build(items), RangeList[int, str])

# ---- reads ----
assert_type(rl.at(3), Node[int, str] | None)
assert_type(rl[3], str)
assert_type(rl[1:3], RangeList[int, str])
assert_type(rl.get(3, 0), str | int)
assert_type(rl.locate(3), Node[int, str] | Gap[int | Infinity])
assert_type(rl.first, Node[int, str] | None)
assert_type(list(rl), list[Node[int, str]])
assert_type(rl.gaps(0, 9), Iterator[Gap[int]])
assert_type(rl.find_gap(2), Gap[int] | None)
assert_type(list(rl.walk()), list[Node[int, str]])
assert_type(list(rl.sweep()), list[Piece[int, str]])
assert_type(rl.cursor(), Cursor[int, str])

# ---- writes ----
assert_type(rl.set(1, 2, "b"), Node[int, str])
assert_type(rl.remove(1, 2), list[Piece[int, str]])
rl[1:2] = "c"
rl.set("x", "y", "b")  # type: ignore[arg-type]  # keys of another type
rl.set(1, 2, 3)  # type: ignore[arg-type]  # a value of another type
joined: Policy[int, str] = Policy(overlap=lambda old, new: old + new)
rl.set(1, 2, "b", policy=joined)


def shout(piece: Piece[int, str]) -> str | Drop:
    """A function for `update` may drop a piece."""
    return piece.value.upper() if piece.value else DROP


assert_type(rl.transform(shout), int)

# ---- algebra ----
assert_type(rl | rl, RangeList[int, str])
others: RangeList[int, float] = RangeList([(1, 2, 0.5)])
assert_type(rl - others, RangeList[int, str])

# ---- bounds mix with plain keys ----
dense: RangeList[Key[float], str] = RangeList()
dense.set(*closed(0.5, 1.5), "a")
dense.set(2.0, 3.0, "b")

# ---- bags ----
bag: RangeBag[int, str] = RangeBag()
assert_type(bag.add(1, 5, "x"), Node[int, str])
assert_type(bag.flatten(), RangeList[int, str])
assert_type(bag.flatten(NEVER), RangeList[int, str])
assert_type(RangeBag(items), RangeBag[int, str])
assert_type(RangeBag.build(items), RangeBag[int, str])
assert_type(list(bag.overlapping(1, 5)), list[Node[int, str]])
assert_type(list(bag.covering(3)), list[Node[int, str]])
assert_type(list(bag.spans(0, 9)), list[Span[int]])
assert_type(bag.copy(), RangeBag[int, str])

# ---- streams ----
assert_type(coalesce_sorted(items), Iterator[Piece[int, str]])
assert_type(coalesce_sorted(items, NEVER), Iterator[Piece[int, str]])
assert_type(coalesce_sorted(rl), Iterator[Piece[int, str]])
assert_type(union(rl, others), Iterator[Piece[int, str | float]])
assert_type(intersection(rl, others), Iterator[Piece[int, str]])
assert_type(difference(rl, others), Iterator[Piece[int, str]])
assert_type(symmetric_difference(rl, others), Iterator[Piece[int, str | float]])
assert_type(clip(rl, 0, 3), Iterator[Piece[int, str]])
assert_type(complement(rl), Iterator[Gap[int]])
assert_type(cover(rl), Iterator[tuple[int, int]])
