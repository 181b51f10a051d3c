"""pandas.IntervalIndex beside an array of values: it cannot be changed, each write makes a new one.

What is pandas' own here are the questions: `overlaps` and `contains`.
"""

from __future__ import annotations

from importlib.metadata import version as version_of

import pandas as pd
from common import span

from rangelist.oracle.spec import Line, Row


class Index:
    capabilities = ("bag.add", "bag.overlapping", "bag.at")
    version = version_of("pandas")

    def __init__(self, header: Line) -> None:
        self.kept: list[Row] = []

    def index(self) -> pd.IntervalIndex:
        pairs = [(start, stop) for start, stop, _ in self.kept]
        return pd.IntervalIndex.from_tuples(pairs, closed="left", dtype="interval[int64, left]")

    def chosen(self, mask: object) -> list[Row]:
        return sorted(
            (row for row, yes in zip(self.kept, mask, strict=True) if yes), key=lambda row: row[0]
        )

    def bag_add(self, start: int, stop: int, value: str) -> None:
        span(start, stop)
        self.kept.append((start, stop, value))

    def bag_overlapping(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        if start is not None and stop is not None and stop < start:
            span(start, stop)
        if not self.kept:
            return []
        low = int(self.index().left.min()) if start is None else start
        high = int(self.index().right.max()) if stop is None else stop
        if not low < high:
            return []
        return self.chosen(self.index().overlaps(pd.Interval(low, high, closed="left")))

    def bag_at(self, key: int) -> list[Row]:
        return self.chosen(self.index().contains(key)) if self.kept else []
