"""Fill the window until the kernel's limit of areas is reached, and compare what it refuses."""

from __future__ import annotations

import sys
from pathlib import Path

from window import ANONYMOUS, BASE, FIXED, LIBC, NORESERVE, PAGE, PRIVATE, Window

from rangelist.models.areas import Area


def outside(window: Window) -> int:
    """Return how many areas of this process are not in the model."""
    low, high = BASE * PAGE, (BASE + window.pages + 2 * window.space.limit) * PAGE
    count = 0
    for line in Path("/proc/self/maps").read_text().splitlines():
        start = int(line.split("-")[0], 16)
        count += not low <= start < high and "[vsyscall]" not in line
    return count


def main() -> None:
    """Fill it all but a few, then step over the edge call by call."""
    limit = int(Path("/proc/sys/vm/max_map_count").read_text())
    window = Window(100)  # what lies behind it is mapped, but not compared each time
    room = limit - outside(window) - 20
    area = Area(frozenset({"r", "noreserve"}))
    for at in range(100, 100 + 2 * room, 2):  # every other page, so that nothing touches
        bits = PRIVATE | FIXED | ANONYMOUS | NORESERVE
        LIBC.mmap((BASE + at) * PAGE, PAGE, 1, bits, -1, 0)
        window.space.create(BASE + at, BASE + at + 1, area._replace(pgoff=BASE + at))
    window.space.limit = limit - outside(window)
    window.map(0, 50, "r", PRIVATE | NORESERVE)
    refused: set[str] = set()
    for at in range(0, 48, 2):  # holes, then changes, moves and new areas, until each is refused
        refused |= refusals(window, at)
    told = [*sorted(refused), "refused;", str(len(window.space) - window.space.limit), "over"]
    sys.stdout.write(" ".join(told) + "\n")


def refusals(window: Window, at: int) -> set[str]:
    """Make all kinds of calls; return the names of those that were refused."""
    calls = {
        "move": lambda: window.remap(at, 1, 1, 98),
        "punch": lambda: window.unmap(at + 1, 1),
        "change": lambda: window.protect(at + 2, 1, "rw"),
        "map": lambda: window.map(at + 50, 1, "r", PRIVATE | NORESERVE),
    }
    if at >= 40:
        calls["cut"] = lambda: window.unmap(at + 2, 1)
    return {name for name, call in calls.items() if not call()}


main()
