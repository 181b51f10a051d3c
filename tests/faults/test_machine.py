"""A few thousand steps of the machine; `make test-nightly` plays a hundred thousand."""

from __future__ import annotations

import pytest

from faults.machine import play
from rangelist import RangeBag, RangeList


@pytest.mark.parametrize("kind", [RangeList, RangeBag])
def test_everything_at_once_on_one_list_or_bag(kind):
    """Fifteen games of a hundred steps each."""
    for seed in range(15):
        play(kind, seed, 100)
