"""Carry out maple tree cases: the kinds of operation in the words of `MapleTree`."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from rangelist.models.maple import RESERVED, MapleTree, Reserved
from rangelist.models.maple_cursor import MapleCursor
from rangelist.models.refused import MAX
from rangelist.models.replay import CaseError, Replay

__all__ = ["run_case"]

Entry = int | str | Reserved | None


def run_case(case: dict[str, Any]) -> list[str]:
    """Return what is not as expected, a line each."""
    return MapleReplay.judge(case)


def inward(value: Any) -> Any:
    """Return the entry that a case means."""
    return RESERVED if value == "reserved" else value


def outward(entry: Any) -> Any:
    """Return an entry as the cases write it."""
    return "reserved" if isinstance(entry, Reserved) else entry


class MapleReplay(Replay):
    """One tree, one cursor, one pointer for cyclic allocation."""

    FIELDS = frozenset({"gap_tracking"})

    def __init__(self, case: dict[str, Any]) -> None:
        super().__init__(case)
        tracking = case.get("gap_tracking", True)
        if not isinstance(tracking, bool):
            raise CaseError(f"gap_tracking is {tracking!r}, want true or false")
        self.tree: MapleTree[Any] = MapleTree(gap_tracking=tracking)
        self.cursor = MapleCursor(self.tree)
        self.following = 0

    # ---- simple operations ----------------------------------------------------------------------

    def op_store(self, *, start: int, end: int, value: Any) -> str:
        self.tree.store(start, end, inward(value))
        return "ok"

    def op_insert(self, *, start: int, end: int, value: Any) -> str:
        self.tree.insert(start, end, inward(value))
        return "ok"

    def op_fill(
        self, *, first: int, step: int, span: int, count: int, value: Any, how: str = "store"
    ) -> str:
        write = {"store": self.tree.store, "insert": self.tree.insert}[how]
        for i in range(count):
            start = first + i * step
            named = {"index": i, "index1": i + 1, "start": start}
            write(start, start + span - 1, named.get(value, inward(value)))
        return "ok"

    def op_erase(self, *, index: int) -> Any:
        return outward(self.tree.erase(index))

    def op_load(self, *, index: int) -> Any:
        return self.tree.load(index)

    def op_load_all(self, *, start: int, end: int) -> Any:
        found = {outward(tile.value) for tile in self.tree.ranges.overlapping(start, end + 1)}
        if found and not self.tree.ranges.covers(start, end + 1):
            found.add(None)
        if len(found) > 1:
            return f"not one value: {sorted(found, key=repr)}"
        value = found.pop() if found else None
        return None if value == "reserved" else value

    def op_find_from(self, *, index: int, max: int = MAX) -> dict[str, Any]:  # noqa: A002
        value, following = self.tree.find(index, max)
        return {"value": value, "next_index": following}

    def op_next_of(self, *, index: int, max: int = MAX) -> Any:  # noqa: A002 - the field's name
        return outward(self.tree.next(index, max))

    def op_prev_of(self, *, index: int, min: int = 0) -> Any:  # noqa: A002 - the field's name
        return outward(self.tree.prev(index, min))

    def op_dup(self, *, same_kind: bool = True, target_has: int | None = None) -> str:
        tracking = self.tree.gap_tracking
        target: MapleTree[Any] = MapleTree(gap_tracking=tracking if same_kind else not tracking)
        if target_has is not None:
            target.store(target_has, target_has, 0)
        copy = self.tree.dup(target)
        return "equal" if copy.ranges == self.tree.ranges else "different"

    # ---- gaps -----------------------------------------------------------------------------------

    def op_gap_low(self, *, min: int, max: int, size: int) -> dict[str, int]:  # noqa: A002
        start = self.tree.empty_area(size, min, max)
        return {"start": start, "end": start + size - 1}

    def op_gap_high(self, *, min: int, max: int, size: int) -> dict[str, int]:  # noqa: A002
        start = self.tree.empty_area_rev(size, min, max)
        return {"start": start, "end": start + size - 1}

    def op_alloc_low(self, *, min: int, max: int, size: int, value: Any) -> int:  # noqa: A002
        return self.tree.alloc_range(size, min, max, inward(value))

    def op_alloc_high(self, *, min: int, max: int, size: int, value: Any) -> int:  # noqa: A002
        return self.tree.alloc_rrange(size, min, max, inward(value))

    def op_alloc_fill(
        self,
        *,
        min: int,  # noqa: A002 - the field's name
        max: int,  # noqa: A002
        size: int,
        count: int,
        value: Any = None,
    ) -> str:
        expected = None
        value = size if value is None else value
        for i in range(count):
            start = self.tree.empty_area(size, min, max)
            named = {"index": i, "index1": i + 1, "start": start}
            self.tree.alloc_range(size, min, max, named.get(value, inward(value)))
            if expected is not None and start != expected:
                return f"allocation {i} starts at {start}, want {expected}"
            expected = start + size
        return "ok"

    def op_set_next(self, *, next: int) -> str:  # noqa: A002 - the field's name
        self.following = next
        return "ok"

    def op_alloc_cyclic(self, *, min: int, max: int, value: Any) -> dict[str, int]:  # noqa: A002
        index, self.following, wrapped = self.tree.alloc_cyclic(
            min, max, self.following, inward(value)
        )
        return {"index": index, "next": self.following, "wrapped": int(wrapped)}

    # ---- the cursor -----------------------------------------------------------------------------

    def _state(self, entry: Any) -> dict[str, Any]:
        cursor = self.cursor
        return {
            "value": outward(entry),
            "start": cursor.first,
            "end": cursor.last,
            "status": cursor.state,
        }

    def op_cursor_set(self, *, index: int) -> str:
        self.cursor.set(index)
        return "ok"

    def op_cursor_set_range(self, *, start: int, end: int) -> str:
        self.cursor.set_range(start, end)
        return "ok"

    def op_cursor_walk(self) -> dict[str, Any]:
        return self._state(self.cursor.walk())

    def op_cursor_next(self, *, limit: int = MAX) -> dict[str, Any]:
        return self._state(self.cursor.next(limit))

    def op_cursor_prev(self, *, limit: int = 0) -> dict[str, Any]:
        return self._state(self.cursor.prev(limit))

    def op_cursor_find(self, *, limit: int = MAX) -> dict[str, Any]:
        return self._state(self.cursor.find(limit))

    def op_cursor_find_rev(self, *, limit: int = 0) -> dict[str, Any]:
        return self._state(self.cursor.find_rev(limit))

    def op_cursor_next_range(self, *, limit: int = MAX) -> dict[str, Any]:
        return self._state(self.cursor.next_range(limit))

    def op_cursor_prev_range(self, *, limit: int = 0) -> dict[str, Any]:
        return self._state(self.cursor.prev_range(limit))

    def op_cursor_find_range(self, *, limit: int = MAX) -> dict[str, Any]:
        return self._state(self.cursor.find_range(limit))

    def op_cursor_find_range_rev(self, *, limit: int = 0) -> dict[str, Any]:
        return self._state(self.cursor.find_range_rev(limit))

    def op_cursor_pause(self) -> str:
        self.cursor.pause()
        return "ok"

    def op_cursor_store(self, *, start: int, end: int, value: Any) -> dict[str, Any]:
        self.cursor.set_range(start, end)
        return self._state(self.cursor.store(inward(value)))

    def op_cursor_erase(self) -> dict[str, Any]:
        return self._state(self.cursor.erase())

    # ---- what is there --------------------------------------------------------------------------

    def contents(self) -> list[dict[str, Any]]:
        """Return all ranges in order."""
        return [
            {"start": node.start, "end": node.stop - 1, "value": outward(node.value)}
            for node in self.tree.ranges
        ]

    def see_final_count(self) -> int:
        """Return how many ranges there are."""
        return len(self.tree.ranges)

    def see_final_sha256(self) -> str:
        """Return the hash of the lines START-END:VALUE."""
        lines = [f"{x['start']}-{x['end']}:{x['value']}" for x in self.contents()]
        return sha256("\n".join(lines).encode()).hexdigest()
