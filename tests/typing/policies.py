"""Policies: the hooks get typed pieces and have to answer in kind."""

from typing import assert_type

from rangelist.node import Interval
from rangelist.policy import EQUAL, NEVER, Policy


def continues(left: Interval[int, int], right: Interval[int, int]) -> bool:
    """File offsets that go on."""
    return left.value + (left.stop - left.start) == right.value


def cut(whole: Interval[int, int], at: int) -> tuple[int, int]:
    """The right part begins further into the file."""
    return whole.value, whole.value + (at - whole.start)


mapped = Policy(same=continues, split=cut)
assert_type(mapped, Policy[int, int])

loose: Policy[int, int] = Policy(same=lambda left, right: left.value < right.value)
summed: Policy[float, int] = Policy(overlap=lambda old, new: old + new)
stock: Policy[str, list[str]] = EQUAL
other: Policy[int, None] = NEVER.replace(same=None)

Policy(split=lambda whole, at: whole)  # type: ignore[arg-type, return-value]  # wants two values
Policy(same="yes")  # type: ignore[arg-type]  # wants a callable
Policy(sames=continues)  # type: ignore[call-arg]  # no such hook
