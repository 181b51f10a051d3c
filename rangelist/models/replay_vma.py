"""Carrying out one case of vectors/vma.json on `vma.AddressSpace`.

    case     {"initial": [areas], "op": {"kind": "map", ...}, "expect": [areas], ...}
    expect   areas that have to be there, with the fields named; `expect_count`, `target`,
             `expect_no_area_starting_at`, `expect_mapped_pages`, `error`, `state` say more;
             `implied` are areas that follow from the rules; `outcome` is a remark

What is not known, be it a field, an operation, a flag or a word, becomes a line that names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from errno import EEXIST, ENOMEM, errorcode
from functools import cache
from typing import Any, Final

from rangelist.models.areas import ACCESS, FLAGS, Area, Vma, failure
from rangelist.models.refused import known
from rangelist.models.replay import DESCRIPTION, CaseError, operation, refuse_unknown
from rangelist.models.vma import AddressSpace, SharedMemory

__all__ = ["run_case"]

FIELDS: Final = DESCRIPTION | {
    *("initial", "op", "expect", "implied", "outcome", "target", "error", "state"),
    *("expect_count", "expect_no_area_starting_at", "expect_mapped_pages"),
}
# What an area has, beside where it is.
VALUES: Final[dict[str, Any]] = {
    "flags": list, "pgoff": int, "file": str | None, "anon": object, "forked": bool,
    "close": bool, "uffd": object, "name": str | None, "policy": object,
}
AREA: Final[dict[str, Any]] = {**VALUES, "start": int, "end": int, "id": str}
WORDS: Final = ("has_flags", "lacks_flags")  # what an expectation may say of flags


def run_case(case: dict[str, Any]) -> list[str]:
    """Carry out a case; return what is not as expected, a line each."""
    name = case.get("name", "a case without a name")
    try:
        refuse_unknown(case, FIELDS, "a case")
        stage = Stage(case.get("initial", []), dict(case["op"]))
        stage.carry_out()
        return [f"{name}: {line}" for line in stage.differences(case)]
    except CaseError as error:
        return [f"{name}: {error}"]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        return [f"{name}: this is no case that can be run: {error!r}"]


class Stage:
    """An address space as the case begins, its areas by their names, and what came out."""

    def __init__(self, initial: list[dict[str, Any]], op: dict[str, Any]) -> None:
        self.space = AddressSpace(accounting=False)  # the cases do not speak of it
        self.named: dict[str, Vma] = {}
        for fields in initial:
            refuse_unknown(fields, AREA, "an area")
            area = self.space.create(fields["start"], fields["end"], area_of(fields))
            if "id" in fields:
                self.named[fields["id"]] = area
        if known({op.pop("inject", "nothing")}, {"alloc_fail", "nothing"}, "inject") != {"nothing"}:
            self.space.reserve = out_of_memory
        self.op = op
        self.target: Vma | None = None  # the area that the operation answers
        self.error: str | None = None
        self.merges = True  # the operation was one that may find no merge, and did not

    def carry_out(self) -> None:
        """Do the operation.  Raises: CaseError, for one that is not known."""
        act: Callable[[], Vma | None] = operation(self, self.op)
        try:
            self.target = act()
        except OSError as error:
            self.error = errorcode.get(error.errno or 0, str(error.errno))

    # ---- operations: the fields of a case are the arguments -------------------------------------

    def op_map(
        self, *, start: int, end: int, fixed: bool = True, noreplace: bool = False, **value: Any
    ) -> Vma:
        """Map over what is there; or only where nothing is."""
        area = new_area(start, value)
        if (noreplace or not fixed) and any(self.space.list.overlapping(start, end)):
            raise failure(EEXIST, f"[{start}, {end}) is not free")
        return self.space.put(start, end, area)

    def op_merge_new(
        self, *, start: int, end: int, just_expand: bool = False, **value: Any
    ) -> Vma | None:
        area = new_area(start, value)
        found = self.space.merge_new(start, end, area, just_expand=just_expand)
        self.merges = found is not None
        return found

    def op_merge_existing(
        self, *, start: int, end: int, middle: str | None = None, **value: Any
    ) -> Vma | None:
        fields = fields_of(value)
        subject = self.subject(middle, start)
        found = self.space.merge_existing(subject, start, end, changed(subject, start, fields))
        self.merges = found is not None
        return found

    def op_modify(
        self,
        *,
        start: int,
        end: int,
        perm: list[str] | None = None,
        add_flags: list[str] | None = None,
        target: str | None = None,
        **value: Any,
    ) -> Vma | None:
        """Change what holds for a window: access, more flags, a policy, or any value."""
        fields = fields_of(value)
        if sum((perm is not None, add_flags is not None, bool(value))) > 1:
            raise CaseError(f"want one of perm, add_flags and values of an area: {self.op!r}")
        if perm is not None:
            self.space.protect(start, end, "".join(known(perm, ACCESS, "access")))
        elif add_flags is not None:
            holes: Any = "refuse" if "sealed" in add_flags else "skip"
            added = known(add_flags, FLAGS, "flag")
            self.space.change(start, end, lambda area: area.including(*added), holes=holes)
        elif value.keys() == {"policy"}:
            self.space.bind(start, end, value["policy"])
        elif start < end:
            subject = self.subject(target, start)
            if end <= subject.stop:  # merged or cut, also if it changes nothing
                return self.space.modify(subject, start, end, changed(subject, start, fields))
            self.space.change(start, end, lambda area: area._replace(**fields))
        return self.space.at(start)

    def op_unmap(self, *, start: int, end: int) -> None:
        self.space.unmap(start, end)

    def op_expand(
        self,
        *,
        start: int,
        end: int,
        target: str | None = None,
        next: str | None = None,  # noqa: A002 - the field's name
        pgoff: int | None = None,
    ) -> Vma:
        """Let an area grow; `next` and `pgoff` say again what it swallows and begins with."""
        subject = self.subject(target, start)
        if next is not None and subject.next is not self.named[next]:
            raise CaseError(f"next is {next!r}, but behind {subject!r} is {subject.next!r}")
        grown = self.space.expand(subject, start, end)
        if pgoff not in (None, grown.value.pgoff):
            raise CaseError(f"pgoff is {pgoff!r}, but that of {grown!r} is {grown.value.pgoff}")
        return grown

    def op_extend(self, *, delta: int, target: str | None = None, start: int | None = None) -> Vma:
        return self.space.extend(self.subject(target, start), delta)

    def op_shrink(self, *, start: int, end: int, target: str | None = None) -> Vma:
        return self.space.shrink(self.subject(target, start), start, end)

    def op_copy(self, *, start: int, end: int, to: int) -> Vma:
        return self.space.copy(start, end, to)

    def op_move(
        self,
        *,
        start: int,
        end: int,
        to: int | None = None,
        new_len: int | None = None,
        keep_source: bool = False,
        multi: bool | None = None,
    ) -> Vma | None:
        """Move a window; `multi` says again whether it is more than one area."""
        pieces = sum(1 for _ in self.space.list.tiles(start, end))
        if multi not in (None, pieces > 1):
            raise CaseError(f"multi is {multi!r}, but {pieces} areas and holes are to be moved")
        pages = end - start
        new = pages if new_len is None else new_len
        return self.space.at(self.space.remap(start, pages, new, to=to, keep_source=keep_source))

    def op_resize(self, *, start: int, old_len: int, new_len: int) -> Vma | None:
        self.space.remap(start, old_len, new_len, may_move=False)
        return self.space.at(start)

    def subject(self, name: str | None, start: int | None) -> Vma:
        """Return the area that an operation is about: the one it names, or the one at its start."""
        if name is not None:
            return self.named[name]
        if start is None:
            raise CaseError(f"{self.op!r} is about no area, want a target or a start")
        area = self.space.at(start)
        if area is None:
            raise failure(ENOMEM, f"page {start} is not mapped")
        return area

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
            if name in WORDS:
                there = known(value, FLAGS, "flag") & area.value.flags
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


def fields_of(value: dict[str, Any]) -> dict[str, Any]:
    """Return what a case says of an area as the fields of one.

    Raises: CaseError, for a field that is none.
    """
    refuse_unknown(value, VALUES, "an area")
    fields = dict(value)
    if "flags" in fields:
        fields["flags"] = known(fields["flags"], FLAGS, "flag")
    if "file" in fields:
        fields["file"] = file_of(fields["file"]) if fields["file"] else None
    return fields


def new_area(start: int, value: dict[str, Any]) -> Area:
    """Return the area that an operation maps; its page offset is its place if none is said."""
    return Area(pgoff=start)._replace(**fields_of(value))


def area_of(fields: dict[str, Any]) -> Area:
    """Return the area that a case begins with."""
    value = {name: fields[name] for name in VALUES.keys() & fields.keys()}
    return new_area(fields["start"], value)


def changed(middle: Vma, start: int, fields: dict[str, Any]) -> Area:
    """Return what an area is to be from `start` on: what it is, and what the operation says."""
    return middle.value.at(start - middle.start)._replace(**fields)


def out_of_memory() -> None:
    """Fail every reservation."""
    raise failure(ENOMEM, "the case wants no memory to be had")
