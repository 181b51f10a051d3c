"""Every list over a few points, every single operation, every span: spans, values, which node is
which, and what the call returns or raises, against the dense model.

The lists need not be canonical: touching nodes of one value are among them.  Lists that differ only
by exchanging the two values are tried once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core.model import Hooks, Twin
from core.sizes import by_size
from rangelist import DROP, Piece

POINTS = by_size(3, 4, 5)

POLICIES = {
    "EQUAL": Hooks(),
    "NEVER": Hooks(same=lambda left, right: False),
    "ALWAYS": Hooks(same=lambda left, right: True, merge=lambda left, right: left.value),
    # Sameness that is neither symmetric nor transitive, values that tell who asked.
    "LOPSIDED": Hooks(
        same=lambda left, right: left.value < right.value or left.start % 2 == 0,
        merge=lambda left, right: f"{left.value}+{right.value}",
        split=lambda whole, at: (f"{whole.value}<{at}", f"{whole.value}>{at}"),
        overlap=lambda old, new: f"{old}*{new}",
    ),
    # Everything would merge, but no node of the list may disappear.
    "PINNED": Hooks(same=lambda left, right: True, yields=lambda node: False),
}


def all_lists(size: int) -> Iterator[list[tuple[int, int, str]]]:
    """Every list of disjoint items over [0, size), with every cut; the first value is "a"."""
    found: list[list[tuple[int, int, str]]] = [[]]
    for items in found:
        yield items
        begin = items[-1][1] if items else 0
        found.extend(
            [*items, (start, stop, value)]
            for start in range(begin, size)
            for stop in range(start + 1, size + 1)
            for value in ("ab" if items else "a")
        )


def all_spans(low: int, high: int) -> list[tuple[int, int]]:
    return [(start, stop) for start in range(low, high) for stop in range(start + 1, high + 1)]


SPANS = all_spans(0, POINTS)


def tried(policy: str, calls: Any, size: int = POINTS) -> None:
    """Make each call on a fresh pair of list and model, for every list."""
    hooks = POLICIES[policy]
    for items in all_lists(size - 1 if policy == "PINNED" else size):
        for verb, args, options in calls(items):
            twin = Twin(items, hooks)
            owners = twin.owners()
            args = [owners[arg.number] if isinstance(arg, Nth) else arg for arg in args]
            twin.do(verb, *args, **options)


class Nth:
    """Stands for the n-th node of whichever list it is used with."""

    def __init__(self, number: int) -> None:
        self.number = number


every_policy = pytest.mark.parametrize("policy", POLICIES)


@every_policy
@pytest.mark.parametrize("verb", ["set", "insert", "fill", "add"])
def test_writing_a_span(policy, verb):
    """set, insert, fill, add: every list, over a point more with stock policies; two values."""
    size = min(POINTS + 1, 5) if policy in ("EQUAL", "NEVER", "ALWAYS") else POINTS
    calls = [(verb, (*span, value), {}) for span in all_spans(0, size) for value in "ab"]

    tried(policy, lambda items: calls, size)


@every_policy
def test_updating_a_span(policy):
    """update: each piece gets its neighbour's value, or goes; open ends; holes refused."""

    def swapped(piece):
        return "b" if piece.value == "a" else "a"

    def only_even(piece):
        return "a" if piece.start % 2 == 0 else DROP

    def calls(items):
        for span in [*SPANS, (None, None), (1, None), (None, 2), (9, None), (None, -9)]:
            yield "transform", (swapped, *span), {}
            yield "transform", (only_even, *span), {}
            yield "transform", (swapped, *span), {"gaps": "raise"}

    tried(policy, calls)


@every_policy
def test_removing_a_span(policy):
    """remove: every span, and open ends."""
    spans = [*SPANS, (None, None), (1, None), (None, 2), (9, None), (None, -9)]
    tried(policy, lambda items: [("remove", span, {}) for span in spans])


@every_policy
def test_splitting_and_coalescing(policy):
    """split at every key, both survivors; coalesce every window; clear."""

    def calls(items):
        for at in range(-1, POINTS + 2):
            yield "split", (at,), {"keep": "left"}
            yield "split", (at,), {"keep": "right"}
        for low in [None, *range(-1, POINTS + 2)]:
            for high in [None, *range(-1, POINTS + 2)]:
                yield "coalesce", (low, high), {}
        yield "clear", (), {}

    tried(policy, calls)


@every_policy
def test_handling_nodes(policy):
    """replace, discard, resize and merge: every node, every span, every pair."""

    def calls(items):
        for n in range(len(items)):
            node = Nth(n)
            yield "replace", (node, "a"), {}
            yield "replace", (node, "b"), {}
            yield "delete", (node,), {}
            for start, stop in all_spans(-1, POINTS + 1):
                yield "resize", (node, start, stop), {}
            yield "resize", (node,), {"start": 1}
            yield "resize", (node,), {"stop": 2}
            for m in range(len(items)):
                yield "merge", (node, Nth(m)), {"keep": "right"}
                yield "merge", (node, Nth(m), "c"), {}

    tried(policy, calls)


@every_policy
def test_moving_spans_and_shifting_space(policy):
    """move: every span to every place, with and without overwriting; shift: at every key."""

    def calls(items):
        for start, stop in SPANS:
            for to in range(-2, POINTS + 1):
                yield "move", (start, stop, to), {}
                yield "move", (start, stop, to), {"overwrite": True}
        for at in range(-1, POINTS + 1):
            for by in range(-3, 3):
                yield "shift", (at, by), {}

    tried(policy, calls)


@every_policy
@pytest.mark.parametrize("verb", ["unite", "intersect", "subtract", "exchange", "update"])
def test_operators_that_assign(policy, verb):
    """`|=`, `&=`, `-=`, `^=` and update, with every list of two more values over 3 points."""
    others = [[Piece(*item) for item in items] for items in all_lists(min(3, POINTS - 1))]
    tried(policy, lambda items: [(verb, (other,), {}) for other in others])
