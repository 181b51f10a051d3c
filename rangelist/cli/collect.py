"""`--collect NAME=OP[:COLUMN]`: one field for a merged span, made of its lines."""

from __future__ import annotations

import argparse
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import Any, NamedTuple, Self

from rangelist.cli.items import Item
from rangelist.formats.base import as_text

__all__ = ["MEASURES", "OPS", "Collect", "collected", "hashable"]


def _rounded(number: float) -> float:
    """Return a number as bedtools prints it: ten digits, and no fraction where there is none."""
    short = float(f"{number:.10g}")
    return int(short) if short == int(short) else short


def _sum(numbers: Sequence[float]) -> float:
    whole = all(isinstance(number, int) for number in numbers)
    return sum(numbers) if whole else _rounded(math.fsum(numbers))


OPS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "count": len,
    "distinct": lambda cells: ",".join(sorted(set(map(as_text, cells)))),
    "collapse": lambda cells: ",".join(map(as_text, cells)),
    "first": lambda cells: cells[0],
    "last": lambda cells: cells[-1],
    "sum": _sum,
    "min": min,
    "max": max,
    "mean": lambda numbers: _rounded(math.fsum(numbers) / len(numbers)),
}
MEASURES = frozenset(["sum", "min", "max", "mean"])  # they need numbers


class Collect(NamedTuple):
    """One field that is asked for."""

    name: str
    op: str
    column: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read NAME=OP[:COLUMN].

        Raises: ArgumentTypeError.
        """
        name, equals, rest = text.partition("=")
        op, colon, column = rest.partition(":")
        if not (name and equals and op in OPS and (column or not colon)):
            want = f"NAME=OP[:COLUMN], OP of {', '.join(OPS)}"
            raise argparse.ArgumentTypeError(f"{text!r}, want {want}")
        if (op != "count") is not bool(column):
            want = "no column" if column else f"a column, as in {name}={op}:score"
            raise argparse.ArgumentTypeError(f"{text!r}, want {op} with {want}")
        return cls(name, op, column)


def collected(
    pieces: Iterable[Item], rows: Sequence[Item], wanted: Sequence[Collect], *, valued: int
) -> Iterable[Item]:
    """Add the collected fields to the values of merged spans.

    The lines of a span are those it overlaps; with `--by`, of those the ones with its value.
    `rows` are in order; their rest is (value, cells).
    """
    lines: dict[Any, list[Item]] = defaultdict(list)
    for row in rows:
        lines[hashable(row[2][0])].append(row)
    starts = {value: [row[0] for row in some] for value, some in lines.items()}
    ends = {value: list(accumulate((row[1] for row in some), max)) for value, some in lines.items()}
    for start, stop, value in pieces:
        key = hashable(value)
        first = bisect_right(ends[key], start)
        last = bisect_left(starts[key], stop)
        if start == stop:  # a feature of length zero that was widened, printed as it was
            first, last = bisect_left(ends[key], start), bisect_right(starts[key], stop)
        cells = [row[2][1] for row in lines[key][first:last] if start < row[1] or start == stop]
        fields: list[Any] = []
        column = 0
        for one in wanted:
            picked = [row[column] for row in cells] if one.column else cells
            column += bool(one.column)
            fields.append(OPS[one.op](picked))
        before: list[Any] = [] if not valued else [value] if valued == 1 else [*value]
        every = [*before, *fields]
        yield start, stop, every[0] if len(every) == 1 else tuple(every)


def hashable(value: Any) -> Any:
    """Return what can stand for a value in a dictionary."""
    try:
        hash(value)
    except TypeError:  # a list or an object of JSON
        return as_text(value)
    return value
