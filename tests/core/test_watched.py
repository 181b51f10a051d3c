"""A watched list does exactly what an unwatched one does: every case of a small universe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, product

import pytest

from core.sizes import by_size
from rangelist import ALWAYS, EQUAL, IDENTITY, NEVER, Node, OverlapError, Piece, Policy, RangeList

POINTS = by_size(4, 5, 5)
SPANS = list(combinations(range(POINTS + 1), 2))


# What is done at a place.
VERBS: dict[str, Callable[[RangeList[int, str], int, int], object]] = {
    "set": lambda rl, start, stop: rl.set(start, stop, "a"),
    "insert": lambda rl, start, stop: rl.insert(start, stop, "a"),
    "remove": lambda rl, start, stop: rl.remove(start, stop),
    "split": lambda rl, start, stop: rl.split(start),
    "coalesce": lambda rl, start, stop: rl.coalesce(start, stop),
    "coalesce, to the end": lambda rl, start, stop: rl.coalesce(start),
    "delete": lambda rl, start, stop: [rl.delete(node) for node in [rl.at(start)] if node],
    "replace": lambda rl, start, stop: [
        tuple(rl.replace(node, "a")) for node in [rl.at(start)] if node
    ],
}


def lists() -> Iterator[list[tuple[int, int, str]]]:
    """Every way to lay disjoint nodes of two values over the points."""
    for cells in product((None, "a", "b"), repeat=POINTS):
        for cuts in product((False, True), repeat=POINTS - 1):
            if any(
                cut and (cells[at] is None or cells[at] != cells[at + 1])
                for at, cut in enumerate(cuts)
            ):
                continue  # a cut counts only inside a run of one value
            items: list[tuple[int, int, str]] = []
            for at, value in enumerate(cells):
                if value is None:
                    continue
                if items and items[-1][1] == at and items[-1][2] == value and not cuts[at - 1]:
                    items[-1] = (items[-1][0], at + 1, value)
                else:
                    items.append((at, at + 1, value))
            yield items


def shape(
    rl: RangeList[int, str], nodes: list[Node[int, str]]
) -> tuple[list[tuple[int, int, str, int]], list[int]]:
    """What is there and which of the old nodes carries it; and who absorbed the dead ones."""
    number = {id(node): at for at, node in enumerate(nodes)}
    now = [(node.start, node.stop, node.value, number.get(id(node), -1)) for node in rl]
    heirs = [
        number.get(id(node.merged_into), -2) if node.merged_into is not None else -1
        for node in nodes
        if not node.alive
    ]
    return now, heirs


def both_ways(
    items: list[tuple[int, int, str]],
    policy: Policy[int, str],
    verb: str,
    start: int,
    stop: int,
) -> list[object]:
    """Run one write on a list that may take the fast way and on one that may not."""
    results: list[object] = []
    for watched in (False, True):
        rl: RangeList[int, str] = RangeList(items, policy=NEVER)
        rl._policy = policy
        if watched:
            rl.subscribe(lambda edit: None)
        nodes = list(rl)
        try:
            answer = VERBS[verb](rl, start, stop)
        except OverlapError as error:
            answer = type(error)
        rl.check()
        told = tuple(answer) if isinstance(answer, Node) else answer
        results.append((told, shape(rl, nodes)))
    return results


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("policy", [EQUAL, IDENTITY, NEVER, ALWAYS], ids=repr)
def test_a_write_anywhere_gives_the_same_nodes_both_ways(
    policy: Policy[int, str], verb: str
) -> None:
    """Contents, identities, survivors and answers agree."""
    for items in lists():
        for start, stop in SPANS:
            fast, slow = both_ways(items, policy, verb, start, stop)
            assert fast == slow, (items, start, stop)


def test_a_hook_of_position_is_asked_the_same_questions_both_ways() -> None:
    """`same` sees the same pairs, but for a question that the long way asks twice."""
    for items in lists():
        for start, stop in SPANS:
            asked: list[list[object]] = []
            for watched in (False, True):
                seen: list[object] = []

                def ask(
                    left: Piece[int, str], right: Piece[int, str], seen: list[object] = seen
                ) -> bool:
                    pair = (tuple(left), tuple(right))
                    if pair not in seen:
                        seen.append(pair)
                    return left.stop % 2 == 0 and left.value == right.value

                rl: RangeList[int, str] = RangeList(items, policy=NEVER)
                rl._policy = Policy(same=ask)  # type: ignore[arg-type]  # it is only given pieces
                if watched:
                    rl.subscribe(lambda edit: None)
                rl.set(start, stop, "a")
                rl.check()
                asked.append([repr(list(map(tuple, rl))), seen])
            assert asked[0] == asked[1], (items, start, stop)


def test_what_comes_before_the_first_node_goes_into_the_first_block():
    """Also where there are many: not at the front of the last one."""
    rl: RangeList[int, str] = RangeList()
    rl._chain.limit = 4
    for at in range(60, 0, -3):
        rl.set(at, at + 1, "a")
        rl.set(at - 1, at + 1, "b")
        rl.check()
    assert len(rl._chain.nodes) > 3


class Loose:
    """A key that can be changed behind the back of the list it is in."""

    def __init__(self, n: int) -> None:
        self.n = n

    def __lt__(self, other: Loose) -> bool:
        return self.n < other.n


def test_a_node_is_discarded_though_its_key_has_lost_its_order():
    """A handle is a handle: the wrong neighbour must not go in its place."""
    rl: RangeList[Loose, str] = RangeList()
    for at in range(0, 60, 10):
        rl.set(Loose(at), Loose(at + 5), str(at))
    node = rl.at(Loose(20))
    assert node is not None
    node.start.n = 999

    rl.delete(node)

    assert [other.value for other in rl] == ["0", "10", "30", "40", "50"]
    rl.check()
