"""What takes longer than a test should: run by `make test-long`, not by `make test`."""

from __future__ import annotations

import copy
import pickle
from time import process_time

from core.test_unicode import build_shuffled, runs
from rangelist import RangeList


def test_all_of_unicode_set_in_shuffled_order_gives_the_runs_of_unicodedata():
    """1,114,112 writes, in under 20 s of processor time in plain CPython."""
    begin = process_time()
    rl = build_shuffled(0x110000, seed=2)
    took = process_time() - begin

    rl.check()
    assert [tuple(node) for node in rl] == runs(0x110000)
    assert took < 20, f"{took:.1f} s"


def test_a_million_nodes_are_pickled_and_copied_without_recursion():
    """The chain is long; neither pickle, copy, deepcopy, repr nor clear goes down it."""
    rl = RangeList.build([(2 * n, 2 * n + 1, n) for n in range(1_000_000)])

    twin = pickle.loads(pickle.dumps(rl))

    twin.check()
    assert twin == rl == copy.copy(rl) == copy.deepcopy(rl)
    assert repr(rl).count("(") == 1_000_001
    twin.clear()
    rl.remove(None, None)
    assert not twin and not rl
