"""Measure every cell, all contenders of a case turn and turn about, and write a CSV.

python benchmarks/run.py [--compiled PYTHON] [--quick] [--only WORD ...] [--out FILE]

PYTHON is an interpreter for which the compiled build is installed (`make compiled` makes one);
without it only the plain build takes part, which is this tree.  Each contender lives in a process
of its own; one at a time is told to run.  After a warm-up come RUNS rounds; minimum and median are
kept.  Who needs more than PATIENCE for making ready or for one run is out, at this size
and all larger ones.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import selectors
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import monotonic

from bars import COMPILED, PLAIN
from contest import OWN, Case, families

HERE = Path(__file__).parent
SIZES = [100, 1_000, 10_000, 100_000, 1_000_000]
RUNS = 5
PATIENCE = 60.0

FIELDS = [
    "family",
    "case",
    "unit",
    "n",
    "contender",
    "kind",
    "version",
    "python",
    "runs",
    "min",
    "median",
]


class SlowError(Exception):
    """A contender is too slow, or cannot do the job."""


class Worker:
    """The process of one contender."""

    def __init__(self, python: str, case: Case, contender: str, n: int) -> None:
        env = os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": ""}
        command = [python, str(HERE / "worker.py"), case.name, contender, str(n)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env, cwd=HERE
        )

    def line(self) -> str:
        """Return what it says next."""
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as wait:
            wait.register(self.process.stdout, selectors.EVENT_READ)
            if not wait.select(PATIENCE):
                raise SlowError("too slow")
        text = self.process.stdout.readline().strip()
        if not text:
            raise SlowError("failed")
        return text

    def run(self) -> float:
        """Let it run once."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.line())

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


def entrants(case: Case, n: int, out: set[str], compiled: bool) -> list[tuple[str, str]]:
    """Return (label, contender), own builds first."""
    found = []
    for name, contender in case.contenders.items():
        if contender.most >= n:
            labels = [name] if name != OWN else [COMPILED, PLAIN] if compiled else [PLAIN]
            found += [(label, name) for label in labels if label not in out]
    return found


def measure(
    case: Case, n: int, python: str | None, out: set[str]
) -> dict[str, tuple[str, list[float]]]:
    """Return the version and the results of every contender."""
    workers: dict[str, Worker] = {}
    results: dict[str, tuple[str, list[float]]] = {}
    try:
        for label, contender in entrants(case, n, out, python is not None):
            # All but the compiled build run in this interpreter, in which the tree is installed.
            compiled = label == COMPILED or case.contenders[contender].kind == "block"
            which = python if compiled and python is not None else sys.executable
            workers[label] = Worker(which, case, contender, n)
        for label in list(workers):  # they make ready at the same time, and run one by one
            try:
                results[label] = workers[label].line(), []
            except SlowError as why:
                drop(workers, results, out, label, why)
        for _ in range(RUNS + 1):  # the first is a warm-up
            for label in list(workers):
                try:
                    results[label][1].append(workers[label].run())
                except SlowError as why:
                    drop(workers, results, out, label, why)
    finally:
        for worker in workers.values():
            worker.end()
    return results


def drop(
    workers: dict[str, Worker],
    results: dict[str, object],
    out: set[str],
    label: str,
    why: SlowError,
) -> None:
    """Go on without it."""
    print(f"    {label}: {why}")
    workers.pop(label).end()
    results.pop(label, None)
    out.add(label)


def wanted(case: Case, family: str, only: list[str]) -> bool:
    return not only or any(word in (family, case.name) for word in only)


def main() -> None:
    parser = argparse.ArgumentParser()
    # Made absolute, not resolved: the link itself is what makes it the interpreter of a venv.
    parser.add_argument("--compiled", metavar="PYTHON", type=os.path.abspath)
    parser.add_argument("--quick", action="store_true", help="up to 10,000 nodes")
    parser.add_argument("--only", nargs="*", default=[], help="families or cases")
    parser.add_argument("--out", type=Path, default=HERE / "results.csv")
    options = parser.parse_args()
    rows = kept_rows(options.out, options.only)
    for family, cases in families().items():
        for case in cases:
            if not wanted(case, family, options.only):
                continue
            out: set[str] = set()
            for n in SIZES:
                if (
                    not case.sizes[0]
                    <= n
                    <= (min(case.sizes[1], 10_000) if options.quick else case.sizes[1])
                ):
                    continue
                begin = monotonic()
                results = measure(case, n, options.compiled, out)
                print(f"{family}: {case.name}, {n:,}  ({monotonic() - begin:.0f} s)", flush=True)
                rows += table(family, case, n, results)
                write(options.out, rows)


def table(
    family: str, case: Case, n: int, results: dict[str, tuple[str, list[float]]]
) -> list[dict[str, object]]:
    """Return the rows of one case at one size, per operation."""
    rows = []
    for label, (version, taken) in results.items():
        per = [value / case.operations(n) for value in taken[1:]]
        name = OWN if label in (COMPILED, PLAIN) else label
        rows.append(
            {
                "family": family, "case": case.name, "unit": case.unit, "n": n, "contender": label,
                "kind": case.contenders[name].kind, "version": version,
                "python": platform.python_version(), "runs": len(per),
                "min": f"{min(per):.4g}", "median": f"{median(per):.4g}",
            }
        )  # fmt: skip
        print(f"    {label:38} {min(per):10.3g} {median(per):10.3g}")
    return rows


def kept_rows(path: Path, only: list[str]) -> list[dict[str, object]]:
    """Return the rows of an earlier run that this one does not measure again."""
    if not only or not path.exists():
        return []
    with path.open(newline="") as file:
        return [row for row in csv.DictReader(file) if not {row["family"], row["case"]} & set(only)]


def write(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
