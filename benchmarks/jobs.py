"""Whole jobs, as processes: a million BED lines, a million CIDRs; all results the same.

python benchmarks/jobs.py [--compiled PYTHON] [--lines N] [--rounds N]

All programs take turns; the least CPU time of the rounds is shown, and the ratio to this library in
plain Python.  `floor` is what plain Python needs at least: blocks of lines, `split`, `map(int)`,
one loop.  Programs that are not installed are left out.
"""

import argparse
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path

CHROMOSOMES = [*(f"chr{n}" for n in range(1, 23)), "chrX", "chrY", "chrM"]
ROOT = Path(__file__).parent.parent

FLOOR = """
import sys
rest, chrom, begin, end = b"", None, 0, -1
with open(sys.argv[1], "rb") as file:
    while data := file.read(1 << 18):
        head, _, tail = data.rpartition(b"\\n")
        cells, rest, lines = (rest + head).decode().split(), tail, []
        columns = cells[0::3], list(map(int, cells[1::3])), list(map(int, cells[2::3]))
        for name, start, stop in zip(*columns):
            if name != chrom or start > end:
                if chrom is not None:
                    lines.append(f"{chrom}\\t{begin}\\t{end}\\n")
                chrom, begin, end = name, start, stop
            elif stop > end:
                end = stop
        sys.stdout.write("".join(lines))
print(chrom, begin, end, sep="\\t")
"""
COLLAPSE = """
import sys
from ipaddress import collapse_addresses, ip_network
with open(sys.argv[1]) as lines:
    print(*collapse_addresses(ip_network(line.strip()) for line in lines), sep="\\n")
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
    """Run a command in a shell; return its seconds of CPU and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, done.stdout.decode()


def contest(name: str, programs: dict[str, str], rounds: int) -> bool:
    """Let all take turns, and print their best; tell whether all printed the same."""
    best = dict.fromkeys(programs, float("inf"))
    printed: dict[str, str] = {}
    for _ in range(rounds):
        for label, command in programs.items():
            seconds, printed[label] = output(command)
            best[label] = min(best[label], seconds)
    base = next(iter(best.values()))
    print(f"{name}; {printed[next(iter(programs))].count(chr(10)):,} lines come out")
    for label, seconds in best.items():
        print(f"{seconds:8.2f} s {seconds / base:6.2f}  {label}", flush=True)
    same = len(set(printed.values())) == 1
    print("all the same" if same else "DIFFERENT RESULTS")
    return same


def jobs(folder: Path, lines: int, pythons: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield a name and the programs of each job."""
    draw = random.Random(2)
    bed, nets = folder / "reads.bed", folder / "nets.txt"
    one, two = folder / "one.bed", folder / "two.bed"
    bed.write_text("".join(reads(lines, draw)))
    nets.write_text("".join(blocks(lines, draw)))
    for path in (one, two):
        rows = [row.split("\t")[:3] for row in reads(lines, draw)]
        rows.sort(key=lambda row: (row[0], int(row[1])))
        path.write_text("".join("\t".join(row) + "\n" for row in rows))

    def ours(options: str) -> dict[str, str]:
        return {name: f"{python} -P -m rangelist {options}" for name, python in pythons.items()}

    def theirs(tool: str, command: str) -> dict[str, str]:
        return {command.replace(f"{folder}/", ""): command} if shutil.which(tool) else {}

    sort = f"LC_ALL=C sort -k1,1 -k2,2n {bed}"
    merged = [f"<(bedtools merge -i {path})" for path in (one, two)]
    both = ours(f"--as same --jobs 2 {bed}").items()
    yield f"{lines:,} unsorted BED lines, merged", {
        **ours(f"--as same {bed}"),
        **{f"{name}, --jobs 2": command for name, command in both},
        **theirs("bedtools", f"{sort} | bedtools merge -i -"),
    }
    yield f"{lines:,} sorted BED lines, merged", {
        **ours(f"--sorted --as same {one}"),
        "floor": f"{sys.executable} -c '{FLOOR}' {one}",
        **theirs("bedtools", f"bedtools merge -i {one}"),
        **theirs("bedops", f"bedops --merge {one}"),
    }
    yield "two sorted files, what is in both", {
        **ours(f"--sorted --as same --intersection {two} {one}"),
        **theirs("bedops", f"bedops --intersect {one} {two}"),
    }
    yield "two sorted files, what is in the first only", {
        **ours(f"--sorted --as same --difference {two} {one}"),
        **theirs("bedtools", f"bedtools subtract -a {merged[0]} -b {merged[1]}"),
        **theirs("bedops", f"bedops --difference {one} {two}"),
    }
    yield "gaps", {
        **ours(f"--sorted --as same --gaps {one}"),
        **theirs("bedops", f"bedops --complement {one}"),
    }
    yield "overlaps", ours(f"--sorted --as same --overlaps {one}")
    yield f"{lines:,} CIDRs", {
        **ours(f"--as same {nets}"),
        **theirs("iprange", f"iprange {nets} | sed '/\\//!s/$/\\/32/'"),
        "ipaddress.collapse_addresses": f"{sys.executable} -c '{COLLAPSE}' {nets}",
    }


def main() -> int:
    """Compare; return the exit code."""
    parser = argparse.ArgumentParser()
    # Made absolute, not resolved: the link itself is what makes it the interpreter of a venv.
    parser.add_argument("--compiled", metavar="PYTHON", type=os.path.abspath)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    pythons = {"rangelist, plain": sys.executable}
    if options.compiled:
        pythons["rangelist, compiled"] = options.compiled
    with tempfile.TemporaryDirectory() as folder:
        every = jobs(Path(folder), options.lines, pythons)
        same = [contest(*job, options.rounds) for job in every]
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
