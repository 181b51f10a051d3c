"""One failed allocation, anywhere in any verb, leaves old or new contents and a sound structure.

The promise: a call that raises MemoryError has changed nothing, also if it is an undo, a redo, a
commit or a roll-back that meets the failure.  It is a promise of the plain build, about one failed
allocation: memory that stays exhausted can defeat a roll-back, and compiled code ends the process.
"""

from __future__ import annotations

import sys

import pytest
from core.sizes import by_size

from faults.situations import POLICIES, VERBS, WATCHES, N, Situation
from rangelist import COMPILED

try:
    from _testcapi import remove_mem_hooks, set_nomemory
except ImportError:
    pytest.skip(
        "this Python has no _testcapi, which makes allocations fail", allow_module_level=True
    )
if sys.version_info >= (3, 12):
    pytest.skip(
        "CPython from 3.12 on crashes itself when memory runs out in a comprehension",
        allow_module_level=True,
    )
if COMPILED:
    pytest.skip("mypyc ends the process when memory is out", allow_module_level=True)

# A generator that is dropped while memory is out cannot raise, so Python prints what it met.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

STEP = by_size(13, 5, 1)  # every so many allocations are tried


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


READS = {
    "extent": lambda it: it.extent,
    "overlaps": lambda it: it.overlaps(N + 3, N + 40),
    "gaps": lambda it: list(it.gaps(N, N + 99)),
    "walk": lambda it: [tuple(node) for node in it.walk(N + 3, N + 60)],
    "reverse": lambda it: [tuple(node) for node in it.walk(N + 3, N + 60, reverse=True)],
    "items": lambda it: list(it.items(N + 3, N + 60)),
    "repr": repr,
    "copy": lambda it: it.copy(),
    "count": lambda it: it.count(N + 3, N + 40),
    "flatten": lambda it: it.flatten(),
    "find_gap": lambda it: it.find_gap(5),
    "best": lambda it: it.find_gap(5, fit="best"),
    "sweep": lambda it: list(it.sweep(N + 3, N + 60)),
    "|": lambda it: it | [(N + 3, N + 60, "x")],
}


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize("kind", ["list", "bag"])
def test_a_failed_allocation_in_a_read_leaves_no_trace(kind, name):
    """The same read is right afterwards, after a change too, and the list can be written."""
    verb = f"{kind} clear"
    offered = dir(Situation(verb, "plain").it)
    method = {"|": "__or__", "best": "find_gap", "repr": "__repr__", "reverse": "walk"}.get(
        name, name
    )
    if method not in offered:
        pytest.skip(f"a {kind} has no {method}")
    for k in range(1, 400, STEP):
        situation = Situation(verb, "plain")
        it = situation.it
        it.shift(N + 5, 2)  # the summaries have something to do
        want = READS[name](it.copy())
        rows = situation.rows()
        set_nomemory(k, k + 1)
        try:
            try:
                READS[name](it)
            finally:
                remove_mem_hooks()
        except (MemoryError, RuntimeError):  # (the second says "can't allocate lock")
            pass
        assert situation.rows() == rows
        it.check()
        assert READS[name](it) == want
        it.delete(it.first)
        assert READS[name](it) == READS[name](it.copy())
