"""The bars: what the library wants of itself, each cell as a ratio within one run.

A bar is met or missed; both are told.
"""

from __future__ import annotations

from collections.abc import Iterator

COMPILED, PLAIN = "rangelist, compiled", "rangelist, plain"
Row = dict[str, str]
LOOKUPS = ["point lookup, hit", "point lookup, miss"]
QUERIES = ["overlap query, short", "overlap query, long"]
BUILDS = ["bulk build, sorted", "bulk build, shuffled", "bulk build, overlapping"]
SEARCHES = ["gap search, first", "gap search, best", "gap search, aligned"]
LEAST = 1_000  # nodes

# (cases, who, beside whom, at most this many times as much)
BESIDE = [
    (["walk"], PLAIN, "a generator over a linked list", 1.6),
    (LOOKUPS, COMPILED, "bisect and list access", 1.3),
    (["walk"], COMPILED, "a list of the same objects", 2.0),
    (BUILDS, COMPILED, "sorted() of the same tuples", 2.0),
    (QUERIES, COMPILED, "superintervals", 3.0),
    (QUERIES, COMPILED, "quicksectx", 3.0),
    (["set, once watched"], PLAIN, "the same, never watched", 1.05),
]


def bars(rows: list[Row]) -> list[str]:
    """Return the table of all bars, as lines of Markdown."""
    at = {(row["case"], int(row["n"]), row["contender"]): float(row["min"]) for row in rows}
    sizes = sorted({int(row["n"]) for row in rows if int(row["n"]) >= LEAST})
    head = ["bar", *(f"{size:,}" for size in sizes)]
    lines = [head, ["---"] * len(head)]
    for case, name, most, found in cells(rows, at, sizes):
        told = ["" if ratio is None else shown(ratio, most) for ratio in found]
        if any(told):
            lines.append([f"{case}: {name}", *told])
    return [f"| {' | '.join(line)} |" for line in lines]


def shown(ratio: float, most: float) -> str:
    """Return a ratio; one that misses its bar stands out."""
    return f"{ratio:.2f}" if ratio <= most else f"**{ratio:.2f}**"


def cells(
    rows: list[Row], at: dict[tuple[str, int, str], float], sizes: list[int]
) -> Iterator[tuple[str, str, float, list[float | None]]]:
    """Yield case, bar, what the ratio should not pass, and the ratios by size."""

    def ratios(case: str, who: str, other: str) -> list[float | None]:
        pairs = [(at.get((case, n, who)), at.get((case, n, other))) for n in sizes]
        return [mine / its if mine and its else None for mine, its in pairs]

    def fastest(case: str, n: int) -> float | None:
        times = [
            float(row["min"])
            for row in rows
            if row["case"] == case and int(row["n"]) == n and row["kind"] == "python"
        ]
        return min(times, default=None)

    for cases, who, other, most in BESIDE:
        for case in cases:
            yield (
                case,
                f"{who.split(', ')[1]} / {other}, at most {most}",
                most,
                ratios(case, who, other),
            )
    writes = ["shuffled set", "sorted set"]
    for who, most, cases in (
        (PLAIN, 1.0, list(dict.fromkeys(r["case"] for r in rows if r["unit"] == "s"))),
        (COMPILED, 0.5, writes),
    ):
        for case in cases:
            found: list[float | None] = []
            for n in sizes:
                mine, best = at.get((case, n, who)), fastest(case, n)
                found.append(mine / best if mine and best else None)
            yield (
                case,
                f"{who.split(', ')[1]} / the fastest in pure Python, at most {most}",
                most,
                found,
            )
    for case in SEARCHES:
        found = []
        for n in sizes:
            mine, one = at.get((case, n, COMPILED)), at.get((LOOKUPS[0], n, COMPILED))
            found.append(mine / one if mine and one else None)
        yield case, "compiled, in point lookups, at most 20", 20.0, found
    memory = [at.get(("memory a node", n, COMPILED)) for n in sizes]
    yield "memory a node", "compiled, bytes, at most 130", 130.0, memory
