"""The page's tables: which run measured them, what the library wants of itself, and every cell.

All numbers are ratios within one cell, where all contenders took turns.  A bar is met or missed;
both are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

OWN = "rangelist"
BUILDS = "compiled", "plain"
COMPILED, PLAIN = (f"{OWN}, {build}" for build in BUILDS)
LEAST = 1_000  # nodes, for a bar
Row = dict[str, str]
Cell = tuple[str, int]  # case and number of nodes

LOOKUPS = ["point lookup, hit", "point lookup, miss"]
QUERIES = ["overlap query, short", "overlap query, long"]
BULK = ["bulk build, sorted", "bulk build, shuffled", "bulk build, overlapping"]
SEARCHES = ["gap search, first", "gap search, best", "gap search, aligned"]
FITS = ["allocator, first fit", "allocator, aligned", "allocator, best fit", "allocator, next fit"]
NUMPY = "numpy, searchsorted"


class Bar(NamedTuple):
    """`who`, in this build, takes at most so many times as long as `other`."""

    cases: list[str]
    build: str
    other: str
    most: float
    who: str = OWN


BESIDE = [
    Bar(["walk"], "plain", "a generator over a linked list", 1.6),
    Bar(LOOKUPS, "compiled", "bisect and list access", 1.3),
    Bar(["walk"], "compiled", "a list of the same objects", 2.0),
    Bar(BULK, "compiled", "sorted() of the same tuples", 2.0),
    Bar(QUERIES, "compiled", "superintervals", 3.0),
    Bar(QUERIES, "compiled", "quicksectx", 3.0),
    Bar(["set, once watched"], "plain", "the same, never watched", 1.05),
    Bar(["set, with History"], "plain", "and a log by hand", 1.3),
    Bar(["set, with History"], "compiled", "and a log by hand", 1.3),
    Bar(["set, in a transaction"], "plain", "no hook, not watched", 1.2),
    Bar(["set, in a transaction"], "compiled", "no hook, not watched", 1.2),
    Bar(["undo and redo"], "plain", "the writes alone", 1.0),
    Bar(["undo and redo"], "compiled", "the writes alone", 1.0),
    Bar(["walk and merge"], "plain", "rangelist, coalesce", 2.0),
    Bar(["walk and merge"], "compiled", "rangelist, coalesce", 2.0),
    Bar(["window by time"], "plain", OWN, 1.0, "rangelist, remove(None, key)"),
    Bar(["window by time"], "compiled", OWN, 1.0, "rangelist, remove(None, key)"),
    Bar(FITS, "plain", "a free list of SortedDict", 0.9),
    Bar(["union of 5 nodes"], "plain", "a sweep over tuples, by hand", 3.0),
    Bar(["merge columns"], "plain", "numpy, sort and running maximum", 4.0),
    Bar(["count a column"], "plain", NUMPY, 2.0),
    Bar(["count a column"], "plain", NUMPY, 6.0, "rangelist, from lists"),
    Bar(["depth"], "plain", "numpy, a sweep of sums", 25.0),
]
# (case, who, build, at most so many of a unit)
MOST = [
    ("memory a node", OWN, "compiled", 130.0, "bytes"),
    ("memory a node of a bag", "rangelist, after a query", "compiled", 115.0, "bytes"),
    ("memory of an empty list", OWN, "plain", 250.0, "bytes"),
    ("import", OWN, "plain", 12.0, "ms"),
]


class Results:
    """The rows of results.csv, by what is asked of them."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.sizes = sorted({int(row["n"]) for row in rows})
        self.cases = list(dict.fromkeys(row["case"] for row in rows))
        self.at = {
            (row["case"], int(row["n"]), row["contender"]): float(row["min"]) for row in rows
        }
        cells: dict[str, set[Cell]] = {}
        for row in rows:
            cells.setdefault(run_of(row), set()).add((row["case"], int(row["n"])))
        # Most cells first: those of the first run are not marked.
        self.runs = sorted(cells, key=lambda run: -len(cells[run]))
        self.marks = {cell: at for at, run in enumerate(self.runs) for cell in cells[run]}

    def taken(self, case: str, n: int, name: str, build: str) -> float | None:
        """Return what a contender took; one that runs in both builds, in this build."""
        at = self.at
        return at.get((case, n, f"{name}, {build}"), at.get((case, n, name)))

    def ratio(self, case: str, n: int, build: str, other: str, who: str = OWN) -> float | None:
        """Return how many times as much as another one this library takes."""
        mine = self.at.get((case, n, f"{who}, {build}"))
        its = self.taken(case, n, other, build)
        return mine / its if mine and its else None

    def fastest(self, case: str, n: int, kinds: tuple[str, ...]) -> str | None:
        """Return the fastest contender of these kinds, other than this library's usual way."""
        found = {
            row["contender"]: float(row["min"])
            for row in self.rows
            if (row["case"], row["n"]) == (case, str(n)) and row["kind"] in kinds
        }
        for own in (COMPILED, PLAIN):
            found.pop(own, None)
        return min(found, key=found.__getitem__, default=None)

    def beside(self, case: str) -> str | None:
        """Return what a case is put beside: the fastest at its largest size.

        Another library or code by hand, without one this library in another way, or a floor.
        """
        for kinds in (("python", "native", "vectorised"), ("own", "floor")):
            for n in reversed(self.sizes):
                name = self.fastest(case, n, kinds)
                if name is not None:
                    return name.removesuffix(", compiled").removesuffix(", plain")
        return None

    def shown(self, cell: Cell, ratio: float | None, most: float) -> str:
        """Return a ratio; one that misses its bar stands out, one of another run has its number."""
        if ratio is None:
            return ""
        text = f"{ratio:.2f}" if ratio <= most else f"**{ratio:.2f}**"
        run = self.marks[cell]
        return f"{text} ({run + 1})" if run else text


def run_of(row: Row) -> str:
    """Name the commit and the interpreter that a row was measured with."""
    return f"commit {row['commit']}, {row['python']} ({row['flags']})"


def table(head: list[str], lines: list[list[str]]) -> list[str]:
    """Return Markdown."""
    return [f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *lines)]


def runs(results: Results) -> list[str]:
    """Return the list of runs."""
    return [f"{at}. {run}" for at, run in enumerate(results.runs, 1)]


def bars(results: Results) -> list[str]:
    """Return the table of all bars; a row without a single number is left out."""
    sizes = [n for n in results.sizes if n >= LEAST]
    lines = []
    for case, name, most, ratios in wanted(results, sizes):
        cells = [(case, n) for n in sizes]
        told = [results.shown(*pair, most) for pair in zip(cells, ratios, strict=True)]
        if any(told):
            lines.append([f"{case}: {name}", *told])
    return table(["bar", *(f"{n:,}" for n in sizes)], lines)


def wanted(
    results: Results, sizes: list[int]
) -> Iterator[tuple[str, str, float, list[float | None]]]:
    """Yield case, bar, what a ratio should not pass, and the ratios by size."""
    for bar in BESIDE:
        for case in bar.cases:
            who = bar.build if bar.who == OWN else f"{bar.who}, {bar.build}"
            ratios = [results.ratio(case, n, bar.build, bar.other, bar.who) for n in sizes]
            yield case, f"{who} / {bar.other}, at most {bar.most}", bar.most, ratios
    timed = list(dict.fromkeys(row["case"] for row in results.rows if row["unit"] == "s"))
    writes = ["shuffled set", "sorted set"]
    for build, most, cases in (("plain", 1.0, timed), ("compiled", 0.5, writes)):
        for case in cases:
            fastest = [results.fastest(case, n, ("python",)) or "" for n in sizes]
            pairs = zip(sizes, fastest, strict=True)
            ratios = [results.ratio(case, n, build, other) for n, other in pairs]
            yield case, f"{build} / the fastest in pure Python, at most {most}", most, ratios
    at = results.at
    for case in SEARCHES:
        pairs_of = [(at.get((case, n, COMPILED)), at.get((LOOKUPS[0], n, COMPILED))) for n in sizes]
        ratios = [mine / one if mine and one else None for mine, one in pairs_of]
        yield case, "compiled, in point lookups, at most 20", 20.0, ratios
    for case, who, build, most, unit in MOST:
        label = f"{who}, {build}"
        name = build if who == OWN else label
        ratios = [at.get((case, n, label)) for n in sizes]
        yield case, f"{name}, {unit}, at most {most:.0f}", most, ratios


def every(results: Results) -> list[str]:
    """Return the table of all cells: compiled and plain, beside the fastest other."""
    lines = []
    for case in results.cases:
        other = results.beside(case)
        if other is None:
            continue
        told = []
        for n in results.sizes:
            ratios = {build: results.ratio(case, n, build, other) for build in BUILDS}
            texts = [results.shown((case, n), ratio, 1.0) or "–" for ratio in ratios.values()]
            told.append(" / ".join(texts) if any(ratios.values()) else "")
        if any(told):
            lines.append([case, other, *told])
    return table(["case", "beside", *(f"{n:,}" for n in results.sizes)], lines)


def page(rows: list[Row]) -> dict[str, str]:
    """Return the parts of docs/performance.md that are made from the results, by name."""
    results = Results(rows)
    parts = {"runs": runs, "bars": bars, "cells": every}
    return {name: "\n".join(part(results)) for name, part in parts.items()}
