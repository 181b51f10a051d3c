"""Count the machine instructions of twenty operations; compare them with what is on record.

python benchmarks/instructions.py [--record] [PYTHON ...]      needs valgrind

Clocks on a shared machine are off by a tenth or more; a count is the same each time.  What a PYTHON
of another version, or another build of this library, needs, is kept apart in instructions.json.
A program that only makes ready is counted, too, and taken off.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
RECORD = HERE / "instructions.json"
TIMES = 4_000  # where the program lies in memory makes half a million more or less of all
NODES = 20_000
MOST = 1.05  # a twentieth more is a regression

READY = f"""
import gc, sys, random
gc.disable()  # a collection more or less would be most of the difference
from rangelist import History, Policy, RangeBag, RangeList
n, times = {NODES}, int(sys.argv[1])
draw = random.Random(1)
rl = RangeList.build([(10 * i, 10 * i + 6, i) for i in range(n)])
keys = [10 * draw.randrange(n) for _ in range(times)]
bag = RangeBag.build([(k, k + draw.randrange(1, 40), k) for k in range(0, 10 * n, 10)])
hook = Policy(merge=lambda left, right: -1)
rl.find_gap(1), list(bag.overlapping(0, 1))
"""

# And how often a loop does it for each of `times`.
OPERATIONS = {
    "at": ("for k in keys * 10: rl.at(k + 3)", 10),
    "get_many, a key": ("for i in range(10): rl.get_many(keys)", 10),
    "set, free": ("for k in keys: rl.set(k + 7, k + 9, -k)", 1),
    "set, inside": ("for k in keys: rl.set(k + 2, k + 4, -k)", 1),
    "set, touching": ("for k in keys: rl.set(k + 6, k + 8, k // 10)", 1),
    "set, over ten": ("for k in keys: rl.set(k + 3, k + 93, -k)", 1),
    "set, watched": ("rl.subscribe(id)\nfor k in keys: rl.set(k + 7, k + 9, -k)", 1),
    "set, merge hook": ("for k in keys: rl.set(k + 6, k + 8, k // 10, policy=hook)", 1),
    "set and undo": ("log = History(rl)\nfor k in keys: rl.set(k + 7, k + 9, -k); log.undo()", 1),
    "insert and delete": ("for k in keys: rl.delete(rl.insert(k + 7, k + 9, -k))", 1),
    "remove": ("for k in keys: rl.remove(k, k + 6)", 1),
    "split": ("for k in keys: rl.split(k + 3)", 1),
    "update": ("for k in keys: rl.transform(lambda piece: piece.value + 1, k, k + 30)", 1),
    "walk": ("for k in keys: all(node for node in rl.walk(k, k + 500))", 1),
    "build, a node": ("for i in range(10): RangeList.build(rl)", 10 * NODES / TIMES),
    "union, a node": ("for i in range(10): rl | rl", 10 * NODES / TIMES),
    "find_gap": ("for k in keys: rl.find_gap(4, k)", 1),
    "bag, overlapping": ("for k in keys: list(bag.overlapping(k, k + 30))", 1),
    "bag, count": ("for k in keys: bag.count(k, k + 30)", 1),
    "bag, add": ("for k in keys: bag.add(k, k + 30, k)", 1),
}


def total(python: str, source: str, times: int) -> int:
    """Return how many instructions a program runs."""
    env = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    with TemporaryDirectory() as folder:
        tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        command = [*tool, python, "-P", "-c", source, str(times)]
        done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or found is None:
        raise SystemExit(done.stderr)
    return int(found[1])


def counted(python: str) -> dict[str, int]:
    """Return the instructions of each operation."""
    found = {}
    ready = total(python, READY, TIMES)
    for name, (loop, times) in OPERATIONS.items():
        found[name] = round((total(python, READY + loop, TIMES) - ready) / (TIMES * times))
        print(f"    {name:20} {found[name]:>9,}", flush=True)
    return found


def kind(python: str) -> str:
    """Name the build: what counts are comparable with."""
    source = """if True:
        import platform, rangelist
        build = "compiled" if rangelist.COMPILED else "plain"
        print(build, platform.python_version(), platform.machine())
    """
    return subprocess.check_output([python, "-P", "-c", source], text=True).strip()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--record", action="store_true", help="keep these counts")
    # Made absolute, not resolved: the link itself is what makes it the interpreter of a venv.
    parser.add_argument("python", nargs="*", default=[sys.executable], type=os.path.abspath)
    options = parser.parse_args()
    record = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    worse = 0
    for python in options.python:
        build = kind(python)
        print(build)
        found = counted(python)
        known = record.get(build, {})
        for name in known:
            if name in found and found[name] > known[name] * MOST:
                print(f"    {name}: {found[name] / known[name] - 1:+.0%}, more than on record")
                worse += 1
        if not known:
            print("    nothing on record for this build: --record keeps it")
        if options.record:
            record[build] = found
    if options.record:
        RECORD.write_text(json.dumps(record, indent=1) + "\n")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
