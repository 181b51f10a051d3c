"""Write the whiteboard's cases as a table in C: c/test/whiteboard_cases.h.

The library carries out each case, as examples/whiteboard.py draws them; the table holds what came
of it, and both tests of the C header, in user space and in a kernel, are held against that.

    python -m tests.c.whiteboard > c/test/whiteboard_cases.h
"""

from __future__ import annotations

from typing import NamedTuple

from rangelist import Policy, RangeList


class Case(NamedTuple):
    """Nodes before, pinned ones by name, and one write: a new range, or a change of what is there."""

    title: str
    before: str  # values of P, N or of P, M, N
    verb: str
    start: int
    stop: int
    value: str
    pinned: str = ""


class Outcome(NamedTuple):
    """A node: its name, or + if it is none of those there were before."""

    name: str
    start: int
    stop: int
    value: str


SPANS = {2: [(0, 8), (16, 24)], 3: [(0, 8), (8, 20), (20, 28)]}
NAMES = {2: "PN", 3: "PMN"}
CASES = (
    Case("none", "pn", "set", 10, 14, "x"),
    Case("1 left", "pn", "set", 8, 12, "p"),
    Case("2 right", "pn", "set", 12, 16, "n"),
    Case("3 both", "aa", "set", 8, 16, "a"),
    Case("4 interior", "pmn", "update", 12, 16, "x"),
    Case("5 in place", "pmn", "update", 8, 20, "x"),
    Case("6 low edge", "pmn", "update", 8, 12, "x"),
    Case("6 high edge", "pmn", "update", 16, 20, "x"),
    Case("7 left part", "pmn", "update", 8, 12, "p"),
    Case("8 left full", "pmn", "update", 8, 20, "p"),
    Case("9 right part", "pmn", "update", 16, 20, "n"),
    Case("10 right full", "pmn", "update", 8, 20, "n"),
    Case("11 both", "ama", "update", 8, 20, "a"),
    Case("both, N pinned", "ama", "update", 8, 20, "a", "N"),
    Case("both, M pinned", "ama", "update", 8, 20, "a", "M"),
)


def carried_out(case: Case) -> tuple[list[Outcome], dict[str, str]]:
    """Return the nodes afterwards, and what became of each node that was there before."""
    names = NAMES[len(case.before)]
    spans = zip(SPANS[len(case.before)], case.before, strict=True)
    areas = RangeList[int, str]((start, stop, value) for (start, stop), value in spans)
    old = dict(zip(names, list(areas), strict=True))
    pinned = [old[name] for name in case.pinned]
    policy = Policy[int, str](yields=lambda node: all(node is not other for other in pinned))
    if case.verb == "set":
        areas.set(case.start, case.stop, case.value, policy=policy)
    else:
        areas.transform(lambda _: case.value, case.start, case.stop, policy=policy)
    after = [
        Outcome(
            next((name for name, other in old.items() if other is node), "+"),
            node.start,
            node.stop,
            node.value,
        )
        for node in areas
    ]
    fates = {
        name: f"[{node.start}, {node.stop})" if node.alive else "gone" for name, node in old.items()
    }
    return after, fates


def row(name: str, start: int, stop: int, value: str, pinned: bool) -> str:
    """Return a node as C; its last key is one below its stop."""
    return f"{{ '{name}', {start}, {stop - 1}, '{value}', {'true' if pinned else 'false'} }}"


def table() -> str:
    """Return the header file."""
    lines = [
        "/* SPDX-License-Identifier: GPL-2.0 OR MIT */",
        "/* Made by tests/c/whiteboard.py: what the Python library does in each case. */",
        "",
        "static const struct whiteboard_case whiteboard_cases[] = {",
    ]
    for case in CASES:
        names = NAMES[len(case.before)]
        spans = zip(names, SPANS[len(case.before)], case.before, strict=True)
        before = [row(name, *span, value, name in case.pinned) for name, span, value in spans]
        after = [row(*outcome, outcome.name in case.pinned) for outcome in carried_out(case)[0]]
        verb = f"WHITEBOARD_{case.verb.upper()}"
        lines += [
            "\t{",
            f"\t\t\"{case.title}\", {verb}, {case.start}, {case.stop - 1}, '{case.value}',",
            f"\t\t{len(before)}, {{",
            *(f"\t\t\t{line}," for line in before),
            f"\t\t}},\n\t\t{len(after)}, {{",
            *(f"\t\t\t{line}," for line in after),
            "\t\t},",
            "\t},",
        ]
    return "\n".join([*lines, "};", ""])


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201 - it is a program
