"""What a process leaked: two of its memory maps, and what only the second one has.

A leak is what a job mapped and did not unmap.  The first run of a job also fills caches, so the map
is taken after a first run and after some more: what is only in the second one grew with the runs.

    python examples/what_leaked.py                   a job of this process that leaks
    python examples/what_leaked.py BEFORE AFTER      two copies of /proc/PID/maps
"""

import mmap
import sys
from collections.abc import Callable
from pathlib import Path

from rangelist import RangeList
from rangelist.models.procmaps import Line, parse

Map = RangeList[int, tuple[str, str]]


def areas(text: str) -> Map:
    """Return a map as spans with (access, name); neighbours that are alike become one."""
    return RangeList(
        (line.start, line.stop, (line.access, name(line))) for line in parse(text)
    )


def name(line: Line) -> str:
    """Return what an area is called."""
    return line.name or "anonymous"


def leaked(before: str, after: str) -> Map:
    """Return what is mapped in the second map and was not in the first one.

    A neighbour that grew shows only by what it grew.
    """
    return areas(after) - areas(before)


def report(leak: Map) -> str:
    """Return the spans, and how much of what they are."""
    total: dict[tuple[str, str], int] = {}
    lines = []
    for start, stop, what in leak.sweep():
        total[what] = total.get(what, 0) + stop - start
        lines.append(f"{start:#x}-{stop:#x}  {(stop - start) // 1024:6} KiB  {' '.join(what)}")
    for what, size in sorted(total.items(), key=lambda item: -item[1]):
        lines.append(f"{'in all':>31}  {size // 1024:6} KiB  {' '.join(what)}")
    return "\n".join(lines) or "nothing leaked"


def watched(job: Callable[[], object], runs: int) -> Map:
    """Run a job once, then some more times; return what that mapped and left."""
    maps = Path("/proc/self/maps")
    job()
    before = maps.read_text()
    for _ in range(runs):
        job()
    return leaked(before, maps.read_text())


KEPT: list[mmap.mmap] = []


def job() -> None:
    """Map three times and forget to close one of them."""
    first, second, third = (mmap.mmap(-1, 256 * 1024) for _ in range(3))
    first.close()
    third.close()
    KEPT.append(second)


def main(words: list[str]) -> None:
    """Compare two files, or watch the job above."""
    if words:
        before, after = (Path(word).read_text() for word in words)
        print(report(leaked(before, after)))
    else:
        print(report(watched(job, 4)))


if __name__ == "__main__":
    main(sys.argv[1:])
