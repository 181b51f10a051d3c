"""What a type checker knows of pictures."""

from typing import assert_type

from rangelist import Edit, RangeBag, RangeList
from rangelist.display import lanes, of_walk, picture_of
from rangelist.draw import Bar, Picture, draw

rl: RangeList[int, str] = RangeList([(0, 8, "a")])
bag: RangeBag[int, str] = RangeBag([(0, 8, "a")])
edits: list[Edit[int, str]] = []

assert_type(rl.draw(40, file="x.svg"), str)
assert_type(bag.draw(), str)
assert_type(rl.cursor().draw(), str)
assert_type(edits[0].draw(file="x.txt"), str)
assert_type(rl.picture(), Picture)
assert_type(bag.picture(), Picture)
assert_type(rl.cursor().picture(), Picture)
assert_type(edits[0].picture().svg(width=300, scheme="dark"), str)
assert_type(picture_of(rl).limited(10).text(40), str)
assert_type(of_walk(rl, [(0, 4)], rl.sweep(4)).save("x.svg"), None)
assert_type(draw([("list", rl), ("bars", [Bar(0, 1, "a", who=rl.first)])]), str)
assert_type(draw(lanes("bag", bag)), str)
