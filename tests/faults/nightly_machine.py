"""A hundred thousand steps of the machine, on list and bag."""

from __future__ import annotations

import pytest

from faults.machine import play
from rangelist import RangeBag, RangeList


@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("kind", [RangeList, RangeBag])
def test_a_hundred_thousand_steps(kind, part):
    """Twenty families of fifty games of a hundred steps each."""
    for seed in range(50):
        play(kind, 1000 + 50 * part + seed, 100)
