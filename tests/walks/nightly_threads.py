"""A minute of eight threads, with the lock and without.  Run by `make test-nightly`."""

import sys

import pytest

from rangelist.ranges import RangeList
from walks.test_threads import storm, whole
from walks.threads import POINTS, Run


@pytest.fixture(autouse=True)
def _switch_often():
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


def test_a_minute_of_walks_has_a_serial_order():
    """Four writers, four walkers."""
    run = Run(60, 4, 4)
    run.go()
    assert run.steps > 10_000


def test_a_minute_without_the_lock_corrupts_nothing():
    """Five writers, three readers."""
    rl = RangeList([(lo, lo + 3, "abcd"[lo % 3]) for lo in range(0, POINTS, 4)])
    _, changed, failed = storm(rl, 60)
    assert failed == []
    assert len(changed) > 10_000
    whole(rl)
