"""How fast the oracle is; processor time where others may use the machine too."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from resource import RUSAGE_CHILDREN, getrusage

from rangelist.oracle.__main__ import main
from rangelist.oracle.generate import generate
from rangelist.oracle.session import tuples_session
from rangelist.oracle.target import Pipe


def best(tries: int, clock: Callable[[], float], body: Callable[[], object]) -> float:
    """Return the shortest of a few runs, in seconds."""
    times = []
    for _ in range(tries):
        start = clock()
        body()
        times.append(clock() - start)
    return min(times)


def test_the_oracle_replays_a_hundred_thousand_operations_a_second() -> None:
    """20,000 random operations, in this process."""
    trace = list(generate(5, 20_000))
    session = tuples_session()
    taken = best(5, time.process_time, lambda: [session.reply(line) for line in trace])
    assert len(trace) / taken >= 100_000


def test_the_oracle_replays_thirty_thousand_operations_a_second_over_a_pipe() -> None:
    """Both sides of the pipe, in processor time: the slower one, its start included."""
    trace = list(generate(5, 60_000))
    before = getrusage(RUSAGE_CHILDREN)
    target = Pipe(f"{sys.executable} -m rangelist.oracle serve")
    ours = best(1, time.process_time, lambda: target.ask(trace))
    target.close()
    after = getrusage(RUSAGE_CHILDREN)
    theirs = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert len(trace) / max(ours, theirs) >= 30_000


def test_the_exhaustive_cases_take_less_than_two_seconds() -> None:
    """4 points, depth 1, against the library itself."""
    assert best(3, time.process_time, lambda: main(["exhaustive"])) < 2
