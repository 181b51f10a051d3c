"""How fast the oracle is; processor time where others may use the machine too."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from rangelist.oracle.exhaustive import exhaustive
from rangelist.oracle.generate import generate
from rangelist.oracle.runner import run
from rangelist.oracle.session import tuples_session
from rangelist.oracle.target import InProcess, Pipe
from tests.oracle.broken import Modelled
from tests.oracle.foreign import build_c


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


def test_the_exhaustive_cases_are_made_and_judged_at_six_thousand_a_second() -> None:
    """4 points, depth 1, against the oracle's own model: what the oracle itself takes."""
    claims = Modelled.capabilities
    target = InProcess(Modelled, claims, "model")
    count = sum(1 for _ in exhaustive(4, 1, claims))
    taken = best(3, time.process_time, lambda: list(run(exhaustive(4, 1, claims), target)))
    assert count / taken >= 6_000


def test_the_exhaustive_cases_over_a_pipe_take_less_than_a_tenth_of_a_millisecond(
    tmp_path: Path,
) -> None:
    """Our side of it, in processor time."""
    target = Pipe(build_c(tmp_path))
    traces = list(exhaustive(4, 1, target.capabilities))
    taken = best(3, time.process_time, lambda: list(run(traces, target)))
    target.close()
    assert taken / len(traces) < 1e-4
