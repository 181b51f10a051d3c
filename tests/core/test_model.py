"""Many random operations against the dense model.

Everything is drawn near what is there already (at borders of nodes, one beside them), because that
is where merging and splitting go wrong.  A failure shows the seed and what was done before it.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from core.model import Hooks, Twin
from core.sizes import by_size
from rangelist import DROP, Piece

OPERATIONS = by_size(5_000, 20_000, 200_000)
STEPS = 200  # on one list, before another is begun
KEYS = 120


def grouped(value: Any) -> Any:
    return value // 2 if isinstance(value, int) else value


POLICIES = {
    "EQUAL": Hooks(),
    "NEVER": Hooks(same=lambda left, right: False),
    "GROUPS": Hooks(
        same=lambda left, right: grouped(left.value) == grouped(right.value),
        merge=lambda left, right: max(left.value, right.value),
        overlap=lambda old, new: (old + new) % 6,
    ),
    "NEAR": Hooks(same=lambda left, right: abs(left.value - right.value) <= 1),
    "OFFSETS": Hooks(  # a file offset that continues
        same=lambda left, right: left.value + (left.stop - left.start) == right.value,
        split=lambda whole, at: (whole.value, whole.value + (at - whole.start)),
        yields=lambda node: node.value != 3,
    ),
}


class Run:
    """One list and its model, and a random hand."""

    def __init__(self, seed: int, policy: str, limit: int) -> None:
        self.random = Random(seed)
        begin = [(key, key + 3, key % 6) for key in range(0, KEYS, 4)]
        self.twin = Twin(begin, POLICIES[policy], limit)
        self.said: list[str] = []

    def key(self) -> int:
        spans = self.twin.model.spans()
        if spans and self.random.random() < 0.6:
            span = self.random.choice(spans)
            return self.random.choice((span.start, span.stop)) + self.random.choice((-1, 0, 0, 1))
        return self.random.randrange(KEYS)

    def span(self) -> tuple[int, int]:
        low = self.key()
        high = low + self.random.choice((1, 1, 2, 3, 5, 8))
        if self.random.random() < 0.1:
            low, high = sorted((low, self.key()))
        # A few are reversed: they have to be refused.
        return (high, low) if self.random.random() < 0.02 else (low, high)

    def value(self) -> int:
        return self.random.randrange(6)

    def window(self) -> tuple[int | None, int | None]:
        low, high = self.span()
        open_ends = self.random.random() < 0.02
        return (None, high) if open_ends else (low, None if self.random.random() < 0.02 else high)

    def owner(self) -> Any:
        if self.random.random() < 0.05:
            dead = list(self.twin.dead())
            if dead:
                return self.random.choice(dead)
        owners = self.twin.owners()
        return self.random.choice(owners) if owners else None

    def items(self) -> list[Piece[int, int]]:
        starts = sorted({self.key() for _ in range(self.random.randrange(8))})
        widths = [after - start for start, after in zip(starts, [*starts[1:], 999], strict=False)]
        return [
            Piece(start, start + self.random.randint(1, min(width, 6)), self.value())
            for start, width in zip(starts, widths, strict=True)
        ]

    def step(self) -> None:
        verb = self.random.choice(VERBS)
        args, options = self.arguments(verb)
        if args and args[0] is None and verb in ("replace", "resize", "delete", "merge"):
            return
        self.said.append(f"{verb}{args}{options or ''}")
        self.twin.do(verb, *args, **options)
        if self.random.random() < 0.1:
            self.search()

    def search(self) -> None:
        """A gap search keeps a summary of the index, which every later write has to keep right."""
        size = self.random.randint(1, 9)
        low, high = -20, 3 * KEYS
        holes = self.twin.model.gaps(low, high)
        fits = [start for start, stop in holes if stop - start >= size]
        found = self.twin.list.find_gap(size, low, high)
        want = (fits[0], fits[0] + size) if fits else None
        assert found == want, f"find_gap({size}): {found}, want {want}"

    def arguments(self, verb: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
        choose = self.random.choice
        match verb:
            case "set" | "insert" | "fill" | "add":
                return (*self.span(), self.value()), {}
            case "clear":
                return (), {}
            case "intersect":  # leave all but a few holes
                borders = [-KEYS, *(key for piece in self.items() for key in piece[:2]), 3 * KEYS]
                pairs = zip(borders[::2], borders[1::2], strict=True)
                return ([Piece(low, high, None) for low, high in pairs if low < high],), {}
            case "transform":
                made = {n: choose((0, 1, 2, 3, 4, 5, DROP)) for n in range(6)}
                gaps = choose(("skip", "skip", "raise"))
                return (lambda piece: made.get(piece.value, 1), *self.window()), {"gaps": gaps}
            case "remove" | "coalesce":
                return self.window(), {}
            case "split":
                return (self.key(),), {"keep": choose(("left", "right"))}
            case "move":
                return (*self.span(), self.key()), {"overwrite": choose((True, False))}
            case "shift":
                return (self.key(), self.random.randint(-6, 6)), {}
            case "replace":
                return (self.owner(), self.value()), {}
            case "resize":
                return (self.owner(), *self.span()), {}
            case "delete":
                return (self.owner(),), {}
            case "merge":
                owners = self.twin.owners()
                at = self.random.randrange(len(owners)) if owners else 0
                pair = owners[at : at + 2] if at + 1 < len(owners) else [self.owner()] * 2
                return tuple(pair), {"keep": choose(("left", "right"))}
            case _:
                return (self.items(),), {}


VERBS = [
    *["set", "insert", "add", "fill"] * 8,
    *["split", "merge", "replace", "resize", "move", "shift", "remove", "transform"] * 4,
    *["delete", "coalesce", "unite", "subtract", "exchange", "update"] * 2,
    "intersect",
    "clear",
]


@pytest.mark.parametrize("policy", POLICIES)
def test_random_operations_agree_with_the_dense_model(policy):
    """Spans, values, which node is which, results and errors are the model's after every step."""
    for seed in range(-(-OPERATIONS // len(POLICIES) // STEPS)):
        limit = (4, 5, 512)[seed % 3]
        run = Run(seed, policy, limit)
        try:
            for _ in range(STEPS):
                run.step()
        except AssertionError as error:
            last = "\n".join(run.said[-10:])
            raise AssertionError(
                f"{error}\nseed {seed}, limit {limit}, the last steps:\n{last}"
            ) from error
