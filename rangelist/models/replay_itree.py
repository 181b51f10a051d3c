"""Carry out interval tree cases: the kinds of operation in the words of `IntervalTree`."""

from __future__ import annotations

from typing import Any

from rangelist.models.interval_tree import Entry, IntervalTree, Span, SpanIterator
from rangelist.models.refused import RefusedError
from rangelist.models.replay import Replay

__all__ = ["run_case"]


def run_case(case: dict[str, Any]) -> list[str]:
    """Return what is not as expected, a line each."""
    return TreeReplay.judge(case)


def told(span: Span | None) -> Any:
    """Return a span as the cases write it."""
    if span is None:
        return "done"
    return {"kind": "used" if span.used else "hole", "start": span.start, "end": span.last}


class TreeReplay(Replay):
    """One tree, its entries by their ids, one span iterator."""

    def __init__(self, case: dict[str, Any]) -> None:
        super().__init__(case)
        self.tree: IntervalTree[Any] = IntervalTree()
        self.entries: dict[Any, Entry[Any]] = {}
        self.iterator: SpanIterator[Any] | None = None

    def op_insert(self, *, id: Any, start: int, end: int) -> str:  # noqa: A002 - the field's name
        self.entries[id] = self.tree.insert(start, end, id)
        return "ok"

    def op_remove(self, *, id: Any) -> str:  # noqa: A002 - the field's name
        self.tree.remove(self.entries.pop(id))
        return "ok"

    def op_overlaps(self, *, start: int, end: int) -> list[Any]:
        return sorted(self.op_overlaps_in_order(start=start, end=end))

    def op_overlaps_in_order(self, *, start: int, end: int) -> list[Any]:
        return [entry.value for entry in self.tree.overlapping(start, end)]

    def op_spans(self, *, start: int, end: int) -> list[Any]:
        return [told(span) for span in self.tree.spans(start, end)]

    def op_span_first(self, *, start: int, end: int) -> Any:
        self.iterator = self.tree.span_iter(start, end)
        return told(self.iterator.span)

    def op_span_next(self) -> Any:
        return told(self._started().next())

    def op_span_advance(self, *, index: int) -> Any:
        return told(self._started().advance(index))

    def _started(self) -> SpanIterator[Any]:
        if self.iterator is None:
            raise RefusedError("no iteration", "want span_first before")
        return self.iterator

    def op_map_exclusive(self, *, start: int, end: int, id: Any = None) -> str:  # noqa: A002
        entry = self.tree.map_exclusive(start, end, id)
        self.entries[id] = entry
        return "ok"

    def op_unmap_contained(self, *, start: int, end: int) -> dict[str, int]:
        return {"freed": self.tree.unmap_contained(start, end)}

    def contents(self) -> list[dict[str, Any]]:
        """Return all intervals in order."""
        nodes = [node.value for node in self.tree.bag]
        return [{"id": e.value, "start": e.start, "end": e.last} for e in nodes]
