"""The matrix law x implementation: how many witnesses there are, and how many each one passes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rangelist.oracle.runner import judge
from rangelist.oracle.target import Target
from rangelist.oracle.trace import Trace

__all__ = ["laws_of", "matrix_text"]


def laws_of(trace: Trace) -> list[str]:
    """Return the laws that a trace is a witness of, in its header or on its lines."""
    named = {str(line["law"]) for line in (trace.header, *trace.lines) if "law" in line}
    return sorted({law for text in named for law in text.split()})


def matrix_text(traces: Iterable[Trace], targets: Sequence[Target]) -> str:
    """Return a table; a cell is passed/run, a dot says that nothing could be run."""
    table: dict[str, list[Trace]] = defaultdict(list)
    for trace in traces:
        for law in laws_of(trace) or ["other"]:
            table[law].append(trace)
    names = [target.name for target in targets]
    rows = [["law", "cases", *names]]
    in_order = sorted(table, key=lambda word: (not word[1:].isdigit(), word[1:].zfill(3)))
    rows += [
        [law, str(len(table[law])), *(cell(table[law], target) for target in targets)]
        for law in in_order
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "".join(
        "  ".join(f"{word:{width}}" for word, width in zip(row, widths, strict=True)).rstrip()
        + "\n"
        for row in rows
    )


def cell(traces: Sequence[Trace], target: Target) -> str:
    kinds = [judge(trace, target).kind for trace in traces]
    run = [kind for kind in kinds if kind != "skip"]
    return f"{run.count('pass')}/{len(run)}" if run else "."
