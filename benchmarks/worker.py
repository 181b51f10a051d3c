"""One contender at one size, in a process of its own; says the seconds of each run when asked.

python worker.py CASE CONTENDER N      then a line on stdin for each run
"""

import gc
import sys
from importlib.metadata import PackageNotFoundError, version
from time import perf_counter

from contest import families

ENOUGH = 0.01  # seconds: a shorter job is done again, or its first steps would be all of it


def main(case_name: str, contender_name: str, n: int) -> None:
    case = next(c for cases in families().values() for c in cases if c.name == case_name)
    contender = case.contenders[contender_name]
    made = contender.make(n)
    run, undo = made if isinstance(made, tuple) else (made, None)
    try:
        print(version(contender.package) if contender.package else "-", flush=True)
    except PackageNotFoundError:
        print("-", flush=True)  # the tree itself
    for _ in sys.stdin:
        gc.collect()
        gc.disable()  # as timeit does: others' garbage is not this job
        result = timed(run, undo) if case.unit == "s" else run()
        gc.enable()
        print(repr(result), flush=True)


def timed(run, undo):
    """Return the seconds of one run, the mean of as many as there is time for."""
    taken, rounds = 0.0, 0
    while taken < ENOUGH:
        begin = perf_counter()
        result = run()
        taken += perf_counter() - begin
        rounds += 1
        del result  # outside of what is timed, as for everybody
        if undo is not None:
            undo()
    return taken / rounds


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
