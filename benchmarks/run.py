"""Measure every cell, all contenders of a case turn and turn about, and write a CSV.

python benchmarks/run.py [--compiled PYTHON] [--minutes M] [--sizes N ...] [--only WORD ...]
                         [--out FILE]

PYTHON is an interpreter for which the compiled build is installed (`make compiled` makes one);
without it only the plain build takes part, which is this tree.  Each contender lives in a process
of its own; one at a time is told to run.  After a warm-up come some rounds; minimum and median are
kept.  A contender that needs more time for one run than there is patience is out, at this size and
all larger ones; for this library there is ten times as much.

All cases are measured at the smallest size, then all at the next one.  With `--minutes` no cell is
begun later than that, those that are left out are named, and there are fewer rounds and less
patience.  A cell that is measured takes the place of that cell in FILE; all others stay.  Each row
names the commit and the Python that it was measured with.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import selectors
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import monotonic
from typing import NamedTuple

from bars import BUILDS, Row
from contest import Case, families

HERE = Path(__file__).parent
ROOT = HERE.parent
SIZES = [100, 1_000, 10_000, 100_000, 1_000_000]

FIELDS = [
    "family",
    "case",
    "unit",
    "n",
    "contender",
    "kind",
    "version",
    "commit",
    "python",
    "flags",
    "runs",
    "min",
    "median",
]


class Effort(NamedTuple):
    """How often each contender runs, and how many seconds it may take."""

    rounds: int
    patience: float  # for one run; ten times that to make ready, beside all others


WHOLE, SHORT = Effort(5, 60.0), Effort(3, 2.0)


class SlowError(Exception):
    """A contender is too slow."""


class FailedError(Exception):
    """A contender cannot do the job."""


class Worker:
    """The process of one contender, what it says of itself, and its results."""

    def __init__(self, python: str, case: Case, contender: str, n: int, patience: float) -> None:
        env = os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": ""}
        command = [python, str(HERE / "worker.py"), case.name, contender, str(n)]
        self.kind = case.contenders[contender].kind
        self.patience = patience if self.kind != "own" else 10 * patience
        self.about: dict[str, str] = {}
        self.results: list[float] = []
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env, cwd=HERE
        )

    def step(self) -> None:
        """Wait until it is ready; at each later call let it run once."""
        if not self.about:
            self.about = json.loads(self.line(10 * self.patience))
            return
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.results.append(float(self.line(self.patience)))

    def line(self, patience: float) -> str:
        """Return what it says next."""
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as wait:
            wait.register(self.process.stdout, selectors.EVENT_READ)
            if not wait.select(patience):
                raise SlowError("too slow")
        text = self.process.stdout.readline().strip()
        if not text:
            raise FailedError("failed")
        return text

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


class Contest:
    """All cells of one call of this script.

    out      labels that are too slow for a case, by its name
    failed   where this library could not do its job
    """

    def __init__(self, compiled: str | None, effort: Effort) -> None:
        self.compiled = compiled
        self.effort = effort
        self.commit = commit()
        self.out: dict[str, set[str]] = {}
        self.failed: list[str] = []

    def entrants(self, case: Case, n: int) -> dict[str, tuple[str, str]]:
        """Return (contender, interpreter) by label, in turn.

        All but the compiled build run in this interpreter, in which the tree is installed.
        """
        found: dict[str, tuple[str, str]] = {}
        for name, contender in case.contenders.items():
            if contender.most < n:
                continue
            pythons = dict(zip(BUILDS, (self.compiled, sys.executable), strict=True))
            if contender.kind == "own":
                turns = [(f"{name}, {build}", python) for build, python in pythons.items()]
            else:
                of_own = contender.kind == "block"
                turns = [(name, (of_own and self.compiled) or sys.executable)]
            for label, python in turns:
                if python is not None and label not in self.out.get(case.name, ()):
                    found[label] = name, python
        return found

    def measure(self, case: Case, n: int) -> list[Row]:
        """Return the rows of one cell.  All make ready at the same time, and run one by one."""
        workers = {
            label: Worker(python, case, name, n, self.effort.patience)
            for label, (name, python) in self.entrants(case, n).items()
        }
        try:
            for _ in range(2 + self.effort.rounds):  # make ready, warm up
                for label, worker in list(workers.items()):
                    try:
                        worker.step()
                    except (SlowError, FailedError) as why:
                        workers.pop(label).end()
                        self.drop(case, n, label, worker.kind, why)
        finally:
            for worker in workers.values():
                worker.end()
        return [self.row(case, n, label, worker) for label, worker in workers.items()]

    def drop(self, case: Case, n: int, label: str, kind: str, why: Exception) -> None:
        """Go on without a contender."""
        print(f"    {label}: {why}")
        self.out.setdefault(case.name, set()).add(label)
        if kind == "own" and isinstance(why, FailedError):
            self.failed.append(f"{case.name}, {n:,}: {label}")

    def row(self, case: Case, n: int, label: str, worker: Worker) -> Row:
        """Return one row, per operation."""
        per = [value / case.operations(n) for value in worker.results[1:]]
        print(f"    {label:42} {min(per):10.3g} {median(per):10.3g}")
        return {
            "case": case.name, "unit": case.unit, "n": str(n), "contender": label,
            "kind": worker.kind, **worker.about, "commit": self.commit,
            "runs": str(len(per)), "min": f"{min(per):.4g}", "median": f"{median(per):.4g}",
        }  # fmt: skip


def commit() -> str:
    """Return the commit that is measured; a plus says that the sources were changed since."""

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        changed = git("status", "--porcelain", "--", "rangelist", "setup.py", "benchmarks/families")
        return git("rev-parse", "--short=7", "HEAD") + ("+" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"  # not a checkout


def check_sources(python: str) -> None:
    """Refuse a compiled build of other sources than this tree's: its numbers would be misnamed."""
    ask = "import rangelist; print(rangelist.COMPILED, rangelist.__path__[0])"
    told = subprocess.run(
        [python, "-P", "-c", ask], capture_output=True, text=True, check=True
    ).stdout.split(maxsplit=1)
    if told[0] != "True":
        raise SystemExit(f"{python} runs the plain build, want a compiled one: make compiled")
    for path in (ROOT / "rangelist").rglob("*.py"):
        twin = Path(told[1].strip(), path.relative_to(ROOT / "rangelist"))
        if not twin.exists() or twin.read_bytes() != path.read_bytes():
            raise SystemExit(f"{python} was compiled from another {path.name}: make compiled")


def main() -> int:
    parser = argparse.ArgumentParser()
    # Made absolute, not resolved: the link itself is what makes it the interpreter of a venv.
    parser.add_argument("--compiled", metavar="PYTHON", type=os.path.abspath)
    parser.add_argument("--minutes", type=float, help="begin no cell later than that")
    parser.add_argument("--sizes", nargs="*", type=int, choices=SIZES, default=SIZES)
    parser.add_argument("--only", nargs="*", default=[], help="families or cases")
    parser.add_argument("--out", type=Path, default=HERE / "results.csv")
    options = parser.parse_args()
    if options.compiled:
        check_sources(options.compiled)
    cases = [(family, case) for family, cases in families().items() for case in cases]
    unknown = set(options.only) - {word for family, case in cases for word in (family, case.name)}
    if unknown:
        parser.error(f"found {sorted(unknown)} in --only, want families or cases")
    contest = Contest(options.compiled, WHOLE if options.minutes is None else SHORT)
    end = monotonic() + 60 * (options.minutes or float("inf"))
    rows = kept_rows(options.out)
    late: list[str] = []
    for n in options.sizes:
        for family, case in cases:
            if options.only and not {family, case.name} & set(options.only):
                continue
            if not case.sizes[0] <= n <= case.sizes[1]:
                continue
            begin = monotonic()
            if begin > end:
                late.append(f"{case.name}, {n:,}")
                continue
            print(f"{family}: {case.name}, {n:,}", flush=True)
            rows[case.name, n] = [{"family": family, **row} for row in contest.measure(case, n)]
            print(f"    ({monotonic() - begin:.0f} s)", flush=True)
            write(options.out, rows, [case for _, case in cases])
    for title, names in (("not measured, no time", late), ("failed", contest.failed)):
        if names:
            print(f"{title}: {'; '.join(names)}")
    return 1 if contest.failed else 0


def kept_rows(path: Path) -> dict[tuple[str, int], list[Row]]:
    """Return the rows of earlier runs by cell."""
    found: dict[tuple[str, int], list[Row]] = {}
    if path.exists():
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                found.setdefault((row["case"], int(row["n"])), []).append(row)
    return found


def write(path: Path, rows: dict[tuple[str, int], list[Row]], cases: list[Case]) -> None:
    """Write all rows, in the order of the families; cells that are no longer there go."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        for case in cases:
            for n in SIZES:
                if case.sizes[0] <= n <= case.sizes[1]:
                    writer.writerows(rows.get((case.name, n), ()))


if __name__ == "__main__":
    sys.exit(main())
