"""Merge a million unsorted, overlapping BED lines; the result has to be that of `bedtools merge`.

python benchmarks/compare_bedtools.py [LINES] [SEED]

Where bedtools is not installed, a few lines of plain Python are the yardstick.
"""

import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

CHROMOSOMES = [*(f"chr{n}" for n in range(1, 23)), "chrX", "chrY", "chrM"]
ROOT = Path(__file__).parent.parent


def generate(lines: int, seed: int) -> Iterator[str]:
    """Yield reads of 50 to 150 bases, dense enough that about half of them overlap or touch."""
    draw = random.Random(seed)
    size = max(1000, lines * 4)
    for number in range(lines):
        start = draw.randrange(size)
        yield f"{draw.choice(CHROMOSOMES)}\t{start}\t{start + draw.randint(50, 150)}\tread{number}"


def reference(path: Path) -> str:
    """Merge in the plainest way."""
    merged: list[tuple[str, int, int]] = []
    with path.open() as lines:
        records = sorted((c, int(a), int(b)) for c, a, b, _ in map(str.split, lines))
    for chrom, start, stop in records:
        if merged and merged[-1][0] == chrom and start <= merged[-1][2]:
            merged[-1] = (chrom, merged[-1][1], max(stop, merged[-1][2]))
        else:
            merged.append((chrom, start, stop))
    return "".join(f"{chrom}\t{start}\t{stop}\n" for chrom, start, stop in merged)


def shell(command: str) -> str:
    """Run a command and return what it prints."""
    done = subprocess.run(command, shell=True, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def timed(name: str, work: Callable[[], str]) -> str:
    """Run, and tell how long it took."""
    begin = time.perf_counter()
    result = work()
    print(f"{time.perf_counter() - begin:8.2f} s  {name}", flush=True)
    return result


def main(lines: int = 1_000_000, seed: int = 2) -> int:
    """Compare; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        path, ordered = Path(folder, "reads.bed"), Path(folder, "sorted.bed")
        with path.open("w") as file:
            file.writelines(f"{line}\n" for line in generate(lines, seed))
        sort = f"LC_ALL=C sort -k1,1 -k2,2n {path}"
        ours = f"{sys.executable} -m rangelist --output same"

        print(f"{lines:,} lines, seed {seed}")
        results = [
            timed("rangelist", lambda: shell(f"{ours} {path}")),
            timed("plain Python, in memory", lambda: reference(path)),
            timed("sort", lambda: shell(f"{sort} > {ordered}")) or None,
            timed("rangelist --sorted (after sort)", lambda: shell(f"{ours} --sorted {ordered}")),
        ]
        if shutil.which("bedtools"):
            name = "bedtools merge (after sort)"
            results.append(timed(name, lambda: shell(f"bedtools merge -i {ordered}")))
        else:
            print("bedtools is not installed: compared with plain Python only")
    different = {result for result in results if result is not None}
    print("all the same" if len(different) == 1 else "DIFFERENT RESULTS")
    print(f"{next(iter(different)).count(chr(10)):,} merged spans")
    return len(different) - 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
