"""Keys, values, hooks and iterables that blow up at their k-th use, and a record of a list.

`Bomb` counts; everything made from it ticks it.  `photo` says all there is to say about a list: its
nodes as objects, their borders and values as objects, links, index, and who was merged into whom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rangelist import Node, Policy, RangeList


class Boom(Exception):
    """What a bomb raises by default."""


class Bomb:
    """Counts what it is asked; at the fuse's end it raises, once or from then on."""

    def __init__(self, error: type[BaseException] = Boom, lasting: bool = False) -> None:
        self.error = error
        self.lasting = lasting
        self.left = -1
        self.exploded = False

    def arm(self, fuse: int) -> None:
        self.left = fuse
        self.exploded = False

    def disarm(self) -> None:
        self.left = -1

    def tick(self) -> None:
        if self.left == 0 and self.lasting:
            raise self.error("still burning")
        if self.left > 0:
            self.left -= 1
            if self.left == 0:
                self.exploded = True
                if not self.lasting:
                    self.left = -1
                raise self.error("boom")


class Key:
    """A number that ticks whenever it is compared or moved."""

    __slots__ = ("bomb", "n")

    def __init__(self, n: int, bomb: Bomb) -> None:
        self.n = n
        self.bomb = bomb

    def __lt__(self, other: Key) -> bool:
        self.bomb.tick()
        return self.n < other.n

    def __add__(self, by: int) -> Key:
        self.bomb.tick()
        return Key(self.n + by, self.bomb)

    def __sub__(self, other: Key) -> int:
        self.bomb.tick()
        return self.n - other.n

    def __repr__(self) -> str:
        return f"k{self.n}"


class Word:
    """A value that ticks whenever it is asked whether it is equal."""

    __slots__ = ("bomb", "text")

    def __init__(self, text: str, bomb: Bomb) -> None:
        self.text = text
        self.bomb = bomb

    def __eq__(self, other: object) -> bool:
        self.bomb.tick()
        return isinstance(other, Word) and self.text == other.text

    __hash__ = None  # type: ignore[assignment]  # as Python does it for classes with __eq__

    def __repr__(self) -> str:
        return self.text


def ticking_policy(bomb: Bomb) -> Policy[Any, Any]:
    """All five hooks, each doing what the default does, and ticking."""

    def ticking(hook: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*args: Any) -> Any:
            bomb.tick()
            return hook(*args)

        return asked

    return Policy(
        same=ticking(lambda left, right: left.value == right.value),
        merge=ticking(lambda left, right: left.value),
        split=ticking(lambda whole, at: (whole.value, whole.value)),
        overlap=ticking(lambda old, new: new),
        yields=ticking(lambda node: True),
    )


def ticking_items(items: Iterable[Any], bomb: Bomb) -> Iterator[Any]:
    for item in items:
        bomb.tick()
        yield item
    bomb.tick()


def photo(rl: RangeList[Any, Any], *others: Node[Any, Any]) -> list[Any]:
    """Return everything that must be as before, by identity; others are nodes to keep an eye on."""
    rl_nodes = []
    node = rl.first
    while node is not None:
        rl_nodes.append(node)
        node = node.next
    index = rl._chain
    return [
        [facts(node) for node in rl_nodes],
        [id(node) for block in index.nodes for node in block],
        [id(start) for starts in index.starts for start in starts],
        [id(first) for first in index.firsts] == [id(starts[0]) for starts in index.starts],
        [len(block) for block in index.nodes] == [len(starts) for starts in index.starts],
        id(rl.first),
        id(rl.last),
        len(rl),
        [facts(node) for node in others],
    ]


def facts(node: Node[Any, Any]) -> tuple[Any, ...]:
    parts = (node, node.start, node.stop, node.value, node.prev, node.next, node.merged_into)
    return (*map(id, parts), node.alive)


class Hostile:
    """A value whose `==` gives the answer it was made with: an error, or something that is no bool."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __eq__(self, other: object) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    __hash__ = None  # type: ignore[assignment]  # as Python does it for classes with __eq__


class Only:
    """A key with `<` and nothing else; not even `==`."""

    def __init__(self, n: int) -> None:
        self.n = n

    def __lt__(self, other: Only) -> bool:
        return self.n < other.n

    def __eq__(self, other: object) -> bool:
        raise AssertionError("keys were compared by ==")

    def __str__(self) -> str:
        return f"k{self.n}"

    __hash__ = None  # type: ignore[assignment]  # as Python does it for classes with __eq__
