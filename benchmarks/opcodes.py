"""Count the bytecode instructions of one `set`, beside those of the core before its redesign.

    python benchmarks/opcodes.py

The counts are exact and repeatable on one version of CPython, whatever else the machine does.
BEFORE holds those of commit cd31859 on CPython 3.11, for the same list and the same spans.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from rangelist import EQUAL, Policy, RangeList

NODES = 2_000  # each [10 n, 10 n + 6) = n

# name: (start, stop) of the write
WRITES = {
    "small overwrite": (5_002, 5_008),
    "into a touching gap": (5_006, 5_008),
    "free space": (5_007, 5_009),
    "over three nodes": (5_003, 5_023),
    "inside one node": (5_002, 5_004),
    "exactly one node": (5_000, 5_006),
    "over five nodes": (5_003, 5_043),
}
HOOKED = Policy[int, int](
    same=lambda left, right: left.value == right.value,
    merge=lambda left, right: left.value,
    split=lambda node, at: (node.value, node.value),
    yields=lambda node: True,
)
# name: (policy, is it watched?)
WAYS: dict[str, tuple[Any, bool]] = {
    "plain": (EQUAL, False),
    "merge hook": (Policy[int, int](merge=lambda left, right: left.value), False),
    "watched": (EQUAL, True),
    "4 hooks, watched": (HOOKED, True),
}
BEFORE = {
    "small overwrite": (556, 1619, 1606, 1651),
    "into a touching gap": (342, 1476, 1455, 1460),
    "free space": (248, 248, 1142, 1142),
    "over three nodes": (652, 2053, 2040, 2130),
    "inside one node": (532, 1998, 1985, 2116),
    "exactly one node": (624, 1420, 1407, 1412),
    "over five nodes": (686, 2201, 2188, 2278),
}


def opcodes(call: Callable[[], object]) -> int:
    """Return how many bytecode instructions a call runs."""
    count = 0

    def step(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return step

    sys.settrace(step)
    try:
        call()
    finally:
        sys.settrace(None)
    return count


def counted(span: tuple[int, int], policy: Any, watched: bool) -> int:
    """Return the count of one write."""
    rl = RangeList.from_sorted(((10 * n, 10 * n + 6, n) for n in range(NODES)), policy=policy)
    if watched:
        rl.subscribe(lambda edit: None)
    return opcodes(lambda: rl.set(*span, -1))


def main() -> None:
    """Print the table."""
    print("opcodes, x before".ljust(24), *(name.rjust(18) for name in WAYS))
    for name, span in WRITES.items():
        cells = []
        for (policy, watched), before in zip(WAYS.values(), BEFORE[name], strict=True):
            now = counted(span, policy, watched)
            cells.append(f"{now:6} x {now / before:4.2f}".rjust(18))
        print(name.ljust(24), *cells)


if __name__ == "__main__":
    main()
