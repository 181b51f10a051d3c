"""The random numbers of `gen`, defined to the bit: SplitMix64.

state = seed mod 2**64
next:  state = state + 0x9E3779B97F4A7C15            (all sums and products mod 2**64)
       z = state
       z = (z xor z >> 30) * 0xBF58476D1CE4E5B9
       z = (z xor z >> 27) * 0x94D049BB133111EB
       z = z xor z >> 31
below(n) = next mod n
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

__all__ = ["SplitMix64"]

T = TypeVar("T")
MASK = (1 << 64) - 1


class SplitMix64:
    """A stream of 64-bit numbers.

    Example:
        >>> SplitMix64(1234567).next()
        6457827717110365317
    """

    def __init__(self, seed: int) -> None:
        self.state = seed & MASK

    def next(self) -> int:
        """Return the next number, 0 <= number < 2**64."""
        self.state = z = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, n: int) -> int:
        """Return `next() mod n`."""
        return self.next() % n

    def choice(self, items: Sequence[T]) -> T:
        """Return `items[below(len(items))]`."""
        return items[self.below(len(items))]
