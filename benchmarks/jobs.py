"""Whole jobs, as processes: a million BED lines, a hundred thousand CIDRs; all results the same.

python benchmarks/jobs.py [--compiled PYTHON] [--lines N] [--rounds N]

Who takes part takes turns; the shortest of the rounds is told, and the ratio to this library in
plain Python.  Where bedtools is not installed, a few lines of plain Python are the only yardstick.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from ipaddress import IPv4Address
from pathlib import Path

CHROMOSOMES = [*(f"chr{n}" for n in range(1, 23)), "chrX", "chrY", "chrM"]
ROOT = Path(__file__).parent.parent

MERGE_BED = """
import sys
merged = []
with open(sys.argv[1]) as lines:
    records = sorted((c, int(a), int(b)) for c, a, b, _ in map(str.split, lines))
for chrom, start, stop in records:
    if merged and merged[-1][0] == chrom and start <= merged[-1][2]:
        merged[-1][2] = max(stop, merged[-1][2])
    else:
        merged.append([chrom, start, stop])
for row in merged:
    print(*row, sep="\\t")
"""
COLLAPSE = """
import sys
from ipaddress import collapse_addresses, ip_network
with open(sys.argv[1]) as lines:
    print(*collapse_addresses(ip_network(line.strip()) for line in lines), sep="\\n")
"""
NETADDR = """
import sys
from netaddr import cidr_merge
with open(sys.argv[1]) as lines:
    print(*cidr_merge(line.strip() for line in lines), sep="\\n")
"""


def reads(lines: int, draw: random.Random) -> Iterator[str]:
    """Yield reads of 50 to 150 bases, dense enough that about half of them overlap or touch."""
    size = max(1000, lines * 4)
    for number in range(lines):
        start = draw.randrange(size)
        stop = start + draw.randint(50, 150)
        yield f"{draw.choice(CHROMOSOMES)}\t{start}\t{stop}\tread{number}\n"


def blocks(lines: int, draw: random.Random) -> Iterator[str]:
    """Yield networks of 1 to 256 addresses, in a corner where some of them meet."""
    for _ in range(lines):
        length = draw.randint(24, 32)
        base = draw.randrange(1 << 26) >> (32 - length) << (32 - length)
        yield f"{IPv4Address((10 << 24) + base)}/{length}\n"


def output(command: str) -> tuple[float, str]:
    """Run a command in a shell; return its seconds and what it printed."""
    begin = time.perf_counter()
    done = subprocess.run(command, shell=True, stdout=subprocess.PIPE, check=True)
    return time.perf_counter() - begin, done.stdout.decode()


def contest(name: str, who: dict[str, str], rounds: int) -> bool:
    """Let all take turns, and print their best; tell whether all printed the same."""
    best = dict.fromkeys(who, float("inf"))
    printed: dict[str, str] = {}
    for _ in range(rounds):
        for label, command in who.items():
            seconds, printed[label] = output(command)
            best[label] = min(best[label], seconds)
    base = next(iter(best.values()))
    print(f"{name}; {printed[next(iter(who))].count(chr(10)):,} lines come out")
    for label, seconds in best.items():
        print(f"{seconds:8.2f} s {seconds / base:6.2f}  {label}", flush=True)
    same = len(set(printed.values())) == 1
    print("all the same" if same else "DIFFERENT RESULTS")
    return same


def main() -> int:
    """Compare; return the exit code."""
    parser = argparse.ArgumentParser()
    # Made absolute, not resolved: the link itself is what makes it the interpreter of a venv.
    parser.add_argument("--compiled", metavar="PYTHON", type=os.path.abspath)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    python, draw = sys.executable, random.Random(2)
    pythons = {"rangelist, plain": python}
    if options.compiled:
        pythons["rangelist, compiled"] = options.compiled
    with tempfile.TemporaryDirectory() as folder:
        bed, nets = Path(folder, "reads.bed"), Path(folder, "nets.txt")
        with bed.open("w") as file:
            file.writelines(reads(options.lines, draw))
        with nets.open("w") as file:
            file.writelines(blocks(options.lines // 10, draw))
        ours = {name: f"{which} -P -m rangelist --as same " for name, which in pythons.items()}
        merging = {name: f"{start}{bed}" for name, start in ours.items()}
        merging |= {f"{name}, --jobs 2": f"{start}--jobs 2 {bed}" for name, start in ours.items()}
        if shutil.which("bedtools"):
            sort = f"LC_ALL=C sort -k1,1 -k2,2n {bed}"
            merging["sort | bedtools merge"] = f"{sort} | bedtools merge -i -"
        merging["plain Python, in memory"] = f"{python} -c '{MERGE_BED}' {bed}"
        collapsing = {name: f"{start}{nets}" for name, start in ours.items()}
        collapsing["ipaddress.collapse_addresses"] = f"{python} -c '{COLLAPSE}' {nets}"
        if find_spec("netaddr"):
            collapsing["netaddr.cidr_merge"] = f"{python} -c '{NETADDR}' {nets}"
        same = contest(f"{options.lines:,} BED lines", merging, options.rounds)
        same &= contest(f"{options.lines // 10:,} CIDRs", collapsing, options.rounds)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
