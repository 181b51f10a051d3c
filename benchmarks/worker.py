"""One contender at one size, in a process of its own; says the seconds of each run when asked.

python worker.py CASE CONTENDER N      then a line on stdin for each run
"""

import gc
import sys
from importlib.metadata import PackageNotFoundError, version
from time import perf_counter

from contest import families


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
        begin = perf_counter()
        result = run()
        taken = perf_counter() - begin
        gc.enable()
        if undo is not None:
            undo()
        print(repr(taken if case.unit == "s" else result), flush=True)
        del result


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
