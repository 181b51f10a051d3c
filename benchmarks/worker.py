"""One contender at one size, in a process of its own; says what each run took when asked.

python worker.py CASE CONTENDER N      then a line on stdin for each run
"""

import gc
import json
import platform
import sys
import sysconfig
from importlib.metadata import PackageNotFoundError, version
from time import process_time

from contest import families

ENOUGH = 0.01  # seconds: a shorter job is done again, or its first steps would be all of it


def main(case_name: str, contender_name: str, n: int) -> None:
    case = next(c for cases in families().values() for c in cases if c.name == case_name)
    contender = case.contenders[contender_name]
    made = contender.make(n)
    run, undo = made if isinstance(made, tuple) else (made, None)
    print(json.dumps({"version": packed(contender.package), **interpreter()}), flush=True)
    for _ in sys.stdin:
        gc.collect()
        gc.disable()  # as timeit does: others' garbage is not this job
        result = timed(run, undo) if case.unit == "s" else run()
        gc.enable()
        print(repr(result), flush=True)


def packed(package: str | None) -> str:
    """Return the version of what is measured."""
    try:
        return version(package) if package else "-"
    except PackageNotFoundError:
        return "-"  # the tree itself


def interpreter() -> dict[str, str]:
    """Return which Python this is, and how it was built: that changes ratios."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    options = sysconfig.get_config_var("CONFIG_ARGS")
    if options is None:  # Windows
        return {"python": python, "flags": "flags unknown"}
    given = str(sysconfig.get_config_var("PY_CFLAGS")).split()
    flags = [flag for flag in given if flag.startswith("-O")][-1:]  # the last one counts
    flags.append("PGO" if "--enable-optimizations" in options else "no PGO")
    flags.append("LTO" if "--with-lto" in options else "no LTO")
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        flags.append("no GIL")
    if sysconfig.get_config_var("Py_DEBUG"):
        flags.append("debug")
    return {"python": python, "flags": ", ".join(flags)}


def timed(run, undo):
    """Return the seconds of processor time of one run, the mean of as many as there is time for."""
    taken, rounds = 0.0, 0
    while taken < ENOUGH:
        begin = process_time()  # what other programs do at the same time does not count
        result = run()
        taken += process_time() - begin
        rounds += 1
        del result  # outside of what is timed, as for everybody
        if undo is not None:
            undo()
    return taken / rounds


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
