"""Carrying out one case of vectors/vma.json on `vma.AddressSpace`.

    case     {"initial": [areas], "op": {"kind": "map", ...}, "expect": [areas], ...}
    expect   areas that have to be there, with the fields named; `expect_count`, `target`,
             `expect_no_area_starting_at`, `expect_mapped_pages`, `error`, `state` say more;
             `implied` are areas that follow from the rules

What it does not know becomes a line and never a traceback.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from errno import EEXIST, ENOMEM, errorcode
from functools import cache
from typing import Any

from rangelist.models.areas import Area, Vma, failure
from rangelist.models.vma import AddressSpace, SharedMemory

__all__ = ["run_case"]

FLAGS = ("has_flags", "lacks_flags")


def run_case(case: dict[str, Any]) -> list[str]:
    """Carry out a case; return what is not as expected, a line each."""
    name = case.get("name", "a case without a name")
    try:
        stage = Stage(case.get("initial", []), case["op"])
        problem = stage.carry_out(case["op"])
        if problem:
            return [f"{name}: {problem}"]
        return [f"{name}: {line}" for line in stage.differences(case)]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        return [f"{name}: this is no case that can be run: {error!r}"]


class Stage:
    """An address space as the case begins, who is who in it, and what came out."""

    def __init__(self, initial: list[dict[str, Any]], op: dict[str, Any]) -> None:
        self.space = AddressSpace(accounting=False)  # the cases do not speak of it
        self.named: dict[str, Vma] = {}
        for fields in initial:
            area = self.space.create(fields["start"], fields["end"], area_of(fields))
            if "id" in fields:
                self.named[fields["id"]] = area
        if op.get("inject") == "alloc_fail":
            self.space.reserve = out_of_memory
        self.target: Vma | None = None  # the area that the operation answers
        self.error: str | None = None
        self.merges = True  # the operation was one that may find no merge, and did not

    def carry_out(self, op: dict[str, Any]) -> str:
        """Do the operation; return why it cannot be done, or nothing."""
        method: Callable[[dict[str, Any]], Vma | None] | None
        method = getattr(self, f"op_{op.get('kind')}", None)
        if method is None:
            return f"unknown kind of operation {op.get('kind')!r}"
        try:
            self.target = method(op)
        except OSError as error:
            self.error = errorcode.get(error.errno or 0, str(error.errno))
        return ""

    # ---- operations ---------------------------------------------------------------------------

    def op_map(self, op: dict[str, Any]) -> Vma | None:
        start, stop = op["start"], op["end"]
        if op.get("noreplace") and any(self.space.list.overlapping(start, stop)):
            raise failure(EEXIST, f"[{start}, {stop}) is not free")
        return self.space.put(start, stop, area_of(op))

    def op_merge_new(self, op: dict[str, Any]) -> Vma | None:
        only = bool(op.get("just_expand"))
        found = self.space.merge_new(op["start"], op["end"], area_of(op), just_expand=only)
        self.merges = found is not None
        return found

    def op_merge_existing(self, op: dict[str, Any]) -> Vma | None:
        middle = self.subject(op, "middle")
        found = self.space.merge_existing(middle, op["start"], op["end"], self.changed(middle, op))
        self.merges = found is not None
        return found

    def subject(self, op: dict[str, Any], role: str) -> Vma:
        """Return the area that an operation is about: the one it names, or the one at its start."""
        if role in op:
            return self.named[op[role]]
        area = self.space.at(op["start"])
        if area is None:
            raise failure(ENOMEM, f"page {op['start']} is not mapped")
        return area

    def changed(self, middle: Vma, op: dict[str, Any]) -> Area:
        """Return what part of an area is to be: what it is, and what the operation says."""
        area = middle.value.at(op["start"] - middle.start)
        if "pgoff" in op:
            area = area._replace(pgoff=op["pgoff"])
        return area._replace(flags=frozenset(op["flags"])) if "flags" in op else area

    def op_modify(self, op: dict[str, Any]) -> Vma | None:
        start, stop = op["start"], op["end"]
        if "perm" in op:
            self.space.protect(start, stop, "".join(op["perm"]))
        elif "add_flags" in op:
            refuse_holes = "sealed" in op["add_flags"]
            self.space.change(
                start,
                stop,
                lambda area: area.including(*op["add_flags"]),
                holes="refuse" if refuse_holes else "skip",
            )
        elif start < stop:
            middle = self.subject(op, "target")
            if stop <= middle.stop:  # merged or cut, also if it changes nothing
                return self.space.modify(middle, start, stop, self.changed(middle, op))
            flags = frozenset(op["flags"])
            self.space.change(start, stop, lambda area: area._replace(flags=flags))
        return self.space.at(start)

    def op_unmap(self, op: dict[str, Any]) -> None:
        self.space.unmap(op["start"], op["end"])

    def op_expand(self, op: dict[str, Any]) -> Vma | None:
        return self.space.expand(self.subject(op, "target"), op["start"], op["end"])

    def op_extend(self, op: dict[str, Any]) -> Vma | None:
        return self.space.extend(self.subject(op, "target"), op["delta"])

    def op_shrink(self, op: dict[str, Any]) -> Vma | None:
        return self.space.shrink(self.subject(op, "target"), op["start"], op["end"])

    def op_copy(self, op: dict[str, Any]) -> Vma | None:
        return self.space.copy(op["start"], op["end"], op["to"])

    def op_move(self, op: dict[str, Any]) -> Vma | None:
        pages = op["end"] - op["start"]
        keep = bool(op.get("keep_source"))
        new = op.get("new_len", pages)
        to = self.space.remap(op["start"], pages, new, to=op.get("to"), keep_source=keep)
        return self.space.at(to)

    def op_resize(self, op: dict[str, Any]) -> Vma | None:
        self.space.remap(op["start"], op["old_len"], op["new_len"], may_move=False)
        return self.space.at(op["start"])

    # ---- what came out ------------------------------------------------------------------------

    def differences(self, case: dict[str, Any]) -> Iterator[str]:
        """Yield what is not as the case says."""
        want = case.get("error", "ENOMEM" if case.get("state") == "ERROR_NOMEM" else None)
        if (self.error is None) != (want is None) or want not in (None, "any", self.error):
            yield f"error {self.error}, want {want}"
        state = "ERROR_NOMEM" if self.error else "SUCCESS" if self.merges else "NOMERGE"
        if "state" in case and case["state"] not in (state, f"MERGE_{state}", f"VMA_MERGE_{state}"):
            yield f"state {state}, want {case['state']}"
        if case.get("target") is not None and self.target is not self.named[case["target"]]:
            yield f"the area that came out is {self.target!r}, want {case['target']}"
        for fields in [*case.get("expect", []), *case.get("implied", [])]:
            yield from self.missing(fields)
        if case.get("expect_count", len(self.space)) != len(self.space):
            yield f"{len(self.space)} areas, want {case['expect_count']}: {list(self.space)!r}"
        for start in case.get("expect_no_area_starting_at", []):
            found = self.space.at(start)
            if found is not None and found.start == start:
                yield f"{found!r}, want no area that starts at {start}"
        for page in case.get("expect_mapped_pages", []):
            if self.space.at(page) is None:
                yield f"page {page} is not mapped"

    def missing(self, fields: dict[str, Any]) -> Iterator[str]:
        """Yield how the area that some fields describe differs from them."""
        area = self.named[fields["id"]] if "id" in fields else self.space.at(fields["start"])
        if area is None or not area.alive:
            yield f"no area is {fields!r}"
            return
        got = described(area)
        for name, value in fields.items():
            if name in FLAGS:
                there = frozenset(value) & area.value.flags
                if there != (frozenset(value) if name == "has_flags" else frozenset()):
                    yield f"flags {sorted(area.value.flags)}, want {name} {value}"
            elif name != "id" and name not in got:
                yield f"unknown field {name!r} of an area"
            elif name != "id" and got[name] != (sorted(value) if name == "flags" else value):
                yield f"{name} {got[name]!r} of {area!r}, want {value!r}"


def described(area: Vma) -> dict[str, Any]:
    """Return an area as the case files write it."""
    value = area.value
    return {
        "start": area.start,
        "end": area.stop,
        "pgoff": value.pgoff,
        "flags": sorted(value.flags),
        "anon": value.anon,
        "forked": value.forked,
        "close": value.close,
        "uffd": value.uffd,
        "name": value.name,
        "policy": value.policy,
        "file": None if value.file is None else value.file.path,
    }


@cache
def file_of(label: str) -> SharedMemory:
    """Return the file that a label stands for: the same one for the same label."""
    return SharedMemory(path=label)


def area_of(fields: dict[str, Any]) -> Area:
    """Return the area that a case, or an operation that maps one, describes."""
    return Area(
        frozenset(fields.get("flags", ())),
        fields.get("pgoff", fields["start"]),
        file_of(fields["file"]) if fields.get("file") else None,
        anon=fields.get("anon"),
        forked=bool(fields.get("forked")),
        close=bool(fields.get("close")),
        uffd=fields.get("uffd"),
        name=fields.get("name"),
        policy=fields.get("policy"),
    )


def out_of_memory() -> None:
    """Fail every reservation."""
    raise failure(ENOMEM, "the case wants no memory to be had")

