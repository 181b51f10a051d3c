"""One failed allocation, anywhere in any verb, leaves old or new contents and a sound structure.

The promise: a call that raises MemoryError has changed nothing, also if it is an undo, a redo, a
commit or a roll-back that meets the failure.  It is a promise of the plain build, about one failed
allocation: memory that stays exhausted can defeat a roll-back, and compiled code ends the process.
"""

from __future__ import annotations

import os

import pytest

import rangelist.chain
from faults.situations import POLICIES, VERBS, WATCHES, Situation

try:
    from _testcapi import remove_mem_hooks, set_nomemory
except ImportError:
    pytest.skip("this Python has no _testcapi, which makes allocations fail", allow_module_level=True)
if not rangelist.chain.__file__.endswith(".py"):
    pytest.skip("mypyc ends the process when memory is out", allow_module_level=True)

# Try every so many allocations; 1 is every one of them (make test-long).
STEP = int(os.environ.get("RANGELIST_ALLOCATIONS", "13"))


def failing(situation: Situation, k: int) -> BaseException | None:
    """Make the call while allocation number k fails."""
    set_nomemory(k, k + 1)
    try:
        try:
            situation.run()
        finally:
            remove_mem_hooks()
    except MemoryError as error:
        return error
    return None


@pytest.mark.parametrize("watch", WATCHES)
@pytest.mark.parametrize("verb", VERBS)
def test_a_failed_allocation_changes_nothing(verb, watch):
    """Every k-th; the first k differs from verb to verb."""
    for name in ("EQUAL", "JOINS")[: 1 if verb.startswith("bag") else 2]:
        situation = Situation(verb, watch, POLICIES[name])
        situation.run()
        new = situation.rows()
        k, quiet, failed = 1 + len(verb + watch) % STEP, 0, 0
        while quiet < 6:  # (now and then CPython goes on without the memory)
            situation = Situation(verb, watch, POLICIES[name])
            error = failing(situation, k)
            quiet = 0 if error else quiet + 1
            failed += error is not None
            assert situation.verdict(new, error is not None) == ("old" if error else "new"), k
            k += STEP
        assert failed or STEP > 1
