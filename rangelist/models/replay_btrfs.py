"""Carry out btrfs cases: extent states, extent maps and free space, in the words of the models."""

from __future__ import annotations

from typing import Any

from rangelist.models.extent_map import ExtentMap, ExtentMapTree, FreeSpace
from rangelist.models.extent_state import (
    FLAGS,
    Changes,
    ExistsError,
    ExtentStateTree,
    Flags,
    Hooks,
    State,
)
from rangelist.models.refused import MAX, RefusedError, known
from rangelist.models.replay import Replay, refuse_unknown
from rangelist.node import Node

__all__ = ["run_case"]

Answer = dict[str, Any]


def run_case(case: dict[str, Any]) -> list[str]:
    """Return what is not as expected, a line each."""
    return BtrfsReplay.judge(case)


def ends(found: tuple[int, int] | None) -> Answer | None:
    """Return a stretch as the cases write it."""
    return None if found is None else {"start": found[0], "end": found[1]}


def span(state: State) -> Answer:
    """Return the ends of a state as the cases write them."""
    return {"start": state.start, "end": state.stop - 1}


def mapped(node: Node[int, ExtentMap] | None) -> Answer | None:
    """Return an extent map as the cases write it."""
    if node is None:
        return None
    em = node.value
    return {
        "start": node.start,
        "length": node.stop - node.start,
        "end": node.stop - 1,
        "disk": em.disk,
        "disk_length": em.disk_length,
        "ram_length": em.ram_length,
        "offset": em.offset,
        "flags": sorted(em.flags),
        "generation": em.generation,
    }


def changed(changes: Changes) -> Answer:
    """Return what was recorded as the cases write it."""
    return {"bytes": changes.bytes, "ranges": [ends(pair) for pair in changes.ranges]}


class Watch(Hooks):
    """Write down every call of a hook, and keep the count of outstanding extents."""

    def __init__(self, unit: int) -> None:
        self.unit = unit
        self.count = 0
        self.events: list[Answer] = []

    def parts(self, length: int) -> int:
        """Return how many extents of the largest size a length needs."""
        return -(-length // self.unit)

    def set(self, state: State, flags: Flags) -> None:
        self.events.append({"event": "set", "range": span(state)})
        if "DELALLOC" in flags - state.value:
            self.count += self.parts(state.stop - state.start)

    def clear(self, state: State, flags: Flags) -> None:
        self.events.append({"event": "clear", "range": span(state)})
        if "DELALLOC" in flags & state.value:
            self.count -= self.parts(state.stop - state.start)

    def split(self, state: State, at: int) -> None:
        self.events.append({"event": "split", "range": span(state), "at": at})
        apart = self.parts(at - state.start) + self.parts(state.stop - at)
        self.count += self.more(state.value, state.stop - state.start, apart)

    def merge(self, new: State, other: State) -> None:
        self.events.append({"event": "merge", "new": span(new), "other": span(other)})
        lengths = (new.stop - new.start, other.stop - other.start)
        self.count -= self.more(other.value, sum(lengths), sum(map(self.parts, lengths)))

    def more(self, flags: Flags, whole: int, apart: int) -> int:
        """Return whether two parts need an extent more than the whole."""
        if "DELALLOC" not in flags:
            return 0
        return int(whole <= self.unit or self.parts(whole) < apart)


class BtrfsReplay(Replay):
    """The three structures; a case uses one of them."""

    FIELDS = frozenset({"hooks"})

    def __init__(self, case: dict[str, Any]) -> None:
        super().__init__(case)
        hooks = case.get("hooks", {})
        refuse_unknown(hooks, {"unit", "rule"}, "hooks")  # the rule is a remark
        self.watch = Watch(hooks.get("unit", 1))
        self.tree = ExtentStateTree(self.watch)
        self.maps = ExtentMapTree()
        self.space = FreeSpace()

    def refusal(self, error: RefusedError) -> Any:
        """Return the answer that a refusal is; a conflict says where it is."""
        if isinstance(error, ExistsError):
            return {"error": error.code, "failed_start": error.start}
        return error.code

    def before(self, op: dict[str, Any]) -> None:
        """Forget the events of the operation before."""
        self.watch.events = []

    # ---- extent states --------------------------------------------------------------------------

    def op_set_bits(self, *, start: int, end: int, bits: list[str]) -> Any:
        self.tree.set(start, end, bits)
        return "ok"

    def op_set_exclusive(self, *, start: int, end: int, bits: list[str]) -> Any:
        return self.op_set_bits(start=start, end=end, bits=bits)

    def op_clear_bits(self, *, start: int, end: int, bits: list[str]) -> str:
        self.tree.clear(start, end, bits)
        return "ok"

    def op_convert_bits(
        self,
        *,
        start: int,
        end: int,
        set: list[str],  # noqa: A002 - the field's name
        clear: list[str],
    ) -> str:
        self.tree.convert(start, end, set, clear)
        return "ok"

    def op_try_lock(self, *, start: int, end: int) -> bool:
        return self.tree.try_lock(start, end)

    def op_unlock(self, *, start: int, end: int) -> str:
        self.tree.clear(start, end, {"LOCKED"})
        return "ok"

    def op_set_recorded(self, *, start: int, end: int, bits: list[str]) -> Answer:
        return changed(self.tree.set_record(start, end, bits))

    def op_clear_recorded(self, *, start: int, end: int, bits: list[str]) -> Answer:
        return changed(self.tree.clear_record(start, end, bits))

    def op_find_first_set(self, *, start: int, bits: list[str]) -> Answer | None:
        state = self.tree.find_first(start, bits)
        return None if state is None else span(state)

    def op_find_first_clear(self, *, start: int, bits: list[str]) -> Answer | None:
        return ends(self.tree.find_first_clear(start, bits))

    def op_find_contiguous(self, *, start: int, bits: list[str]) -> Answer | None:
        return ends(self.tree.find_contiguous(start, bits))

    def op_find_dirty_range(self, *, start: int, max_bytes: int) -> Answer | None:
        state = self.tree.find_first(start, {"DELALLOC"})
        if state is None:
            return None
        first = max(state.start, start)
        return {"start": first, "end": min(state.stop, first + max_bytes) - 1}

    def op_count_bytes(
        self, *, start: int, end: int, bits: list[str], max_bytes: int = MAX,
        contiguous: bool = False,
    ) -> Answer:  # fmt: skip
        total, first = self.tree.count_range(start, end, max_bytes, bits, contiguous=contiguous)
        return {"total": total, "start": first}

    def op_any(self, *, start: int, end: int, bits: list[str]) -> bool:
        wanted = known(bits, FLAGS, "flag")
        return any(self.tree.has_any(start, end, bit) for bit in wanted)

    def op_all(self, *, start: int, end: int, bits: list[str]) -> bool:
        wanted = known(bits, FLAGS, "flag")
        return all(self.tree.has_all(start, end, bit) for bit in wanted)

    def op_hook_count(self) -> int:
        return self.watch.count

    def see_events(self) -> list[Answer]:
        """Return the calls of hooks by the operation."""
        return self.watch.events

    # ---- extent maps ----------------------------------------------------------------------------

    def op_add_map(
        self, *, start: int, length: int, disk: int, disk_length: int = 0, ram_length: int = 0,
        offset: int = 0, flags: tuple[str, ...] = (), generation: int = 0,
        query_start: int | None = None, query_length: int = 0,
    ) -> Answer | None:  # fmt: skip
        em = ExtentMap(disk, disk_length, ram_length, offset, frozenset(flags), generation)
        wanted = start if query_start is None else query_start
        return mapped(self.maps.add(start, length, em, wanted))

    def op_replace_map(
        self, *, start: int, length: int, disk: int, disk_length: int = 0, ram_length: int = 0,
        offset: int = 0, flags: tuple[str, ...] = (), generation: int = 0,
    ) -> Answer | None:  # fmt: skip
        em = ExtentMap(disk, disk_length, ram_length, offset, frozenset(flags), generation)
        return mapped(self.maps.replace(start, length, em))

    def op_drop_maps(self, *, start: int, end: int, skip_pinned: bool = False) -> str:
        self.maps.drop(start, end, skip_pinned=skip_pinned)
        return "ok"

    def op_unpin_map(self, *, start: int, length: int, generation: int | None = None) -> str:
        self.maps.unpin(start, length, generation)
        return "ok"

    def op_lookup_map(self, *, start: int, length: int) -> Answer | None:
        return mapped(self.maps.lookup(start, length))

    def op_search_map(self, *, start: int, length: int) -> Answer | None:
        return mapped(self.maps.search(start, length))

    def see_final_generation(self) -> list[int]:
        """Return the generation of each map."""
        return [node.value.generation for node in self.maps.maps]

    # ---- free space -----------------------------------------------------------------------------

    def op_init_space(self, *, start: int, length: int) -> str:
        self.space = FreeSpace()
        return self.op_add_space(start=start, length=length)

    def op_add_space(self, *, start: int, length: int) -> str:
        self.space.add(start, length)
        return "ok"

    def op_remove_space(self, *, start: int, length: int) -> str:
        self.space.remove(start, length)
        return "ok"

    def op_space_exists(self, *, start: int, length: int) -> bool:
        return self.space.exists(start, length)

    def op_sizes_descending(self) -> list[int]:
        return self.space.sizes()

    def contents(self) -> list[Answer]:
        """Return all ranges in order, of whichever structure the case uses."""
        states = sorted([*self.tree.states, *self.tree.reversed], key=lambda state: state.start)
        answer: list[Answer] = [span(state) | {"bits": sorted(state.value)} for state in states]
        answer += [form for node in self.maps.maps if (form := mapped(node)) is not None]
        return answer + [{"start": start, "end": last} for start, last in self.space.ranges()]
