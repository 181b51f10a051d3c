"""Draw every case of results.csv, log-log, and put its tables into docs/performance.md.

python benchmarks/pictures.py [--csv FILE] [--docs FOLDER]

One picture a family, one plot a case: nodes to the right, time an operation upwards.  The two
builds of this library are drawn thick, on top; floors dashed; what is not Python dotted.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from bars import COMPILED, PLAIN, page
from matplotlib import pyplot as plt
from run import HERE, ROOT

STYLE = {"floor": "--", "native": ":", "vectorised": ":", "python": "-", "block": "-"}
OWN = {COMPILED: "black", PLAIN: "tab:red"}
COLUMNS = 3

# Black and red are this library's own.
mpl.rcParams["axes.prop_cycle"] = mpl.cycler(
    color=[
        "tab:blue",
        "tab:orange",
        "tab:green",
        "tab:purple",
        "tab:brown",
        "tab:olive",
        "tab:cyan",
    ]
)


def cells(path: Path) -> list[dict[str, str]]:
    """Return the rows of the results."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def curves(rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Return the rows of each contender, this library's last, so that it lies on top."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["kind"] == "own"):
        found[row["contender"]].append(row)
    return found


def plot(axes: plt.Axes, case: str, rows: list[dict[str, str]]) -> None:
    """Draw one case."""
    for name, points in curves(rows).items():
        own = OWN.get(name)
        axes.plot(
            [int(point["n"]) for point in points],
            [float(point["min"]) for point in points],
            STYLE.get(points[0]["kind"], "-"),
            label=name,
            color=own,
            linewidth=2.5 if own else 1.2,
            marker="o",
            markersize=4 if own else 2.5,
        )
    unit = rows[0]["unit"]
    axes.set(xscale="log", yscale="log", title=case, xlabel="nodes")
    axes.set_ylabel("seconds an operation" if unit == "s" else unit)
    axes.grid(which="major", alpha=0.3)
    axes.legend(fontsize=7)


def draw(family: str, rows: list[dict[str, str]], folder: Path) -> None:
    """Draw one family into one file."""
    cases: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        cases[row["case"]].append(row)
    wide = min(COLUMNS, len(cases))
    high = -(-len(cases) // wide)
    figure, grid = plt.subplots(high, wide, figsize=(5 * wide, 4.2 * high), squeeze=False)
    for axes in grid.flat[len(cases) :]:
        axes.set_axis_off()
    for axes, (case, points) in zip(grid.flat, cases.items(), strict=False):
        plot(axes, case, points)
    figure.tight_layout()
    figure.savefig(folder / f"{family}.png", dpi=80, metadata={"Software": None})
    plt.close(figure)


def put(text: str, name: str, made: str) -> str:
    """Put what was made between the two marks of a part of the page."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, found, rest = text.partition(begin)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise SystemExit(f"found no part {name!r} on the page, want {begin!r} and later {end!r}")
    return f"{before}{begin}\n{made}\n\n{end}{after}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--csv", type=Path, default=HERE / "results.csv")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="page and pictures")
    options = parser.parse_args()
    rows = cells(options.csv)
    for family in dict.fromkeys(row["family"] for row in rows):
        if family != "imports":  # one number each: nothing to draw
            of_family = [row for row in rows if row["family"] == family]
            draw(family, of_family, options.docs / "pictures")
    path = options.docs / "performance.md"
    text = path.read_text(encoding="utf-8")
    for name, made in page(rows).items():
        text = put(text, name, made)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
