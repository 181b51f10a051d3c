"""Memory as Linux shows it: /proc/PID/maps, smaps, /proc/iomem, /proc/ioports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from rangelist.errors import BadLineError
from rangelist.formats.base import Format, Row, Want, plain, unbroken
from rangelist.formats.kinds import MEMORY, Key, quote

__all__ = ["IoMem", "Maps"]

# What a field is where nothing is mapped.
EMPTY = {"perms": "---p", "offset": "00000000", "device": "00:00", "inode": "0", "path": ""}
LINE = re.compile(r"([^\s-]+)-(\S+) +(\S{4}) +(\S+) +(\S+) +(\S+)(?: +(.*))?")
SHAPE = re.compile(r"[0-9a-f]+-[0-9a-f]+ +[-r][-w][-x][-ps] ")
DETAIL = re.compile(r"[A-Z]\w*:\s")  # what smaps says below each mapping
RESOURCE = re.compile(r"\s*([^\s-]+)-(\S+) : (.*)")


class Maps(Format):
    """Touching mappings of one file are joined, whatever their permissions are."""

    name = "maps"
    about = "the memory of a process: /proc/PID/maps, smaps"
    details = "Mappings are merged by path.  The sizes in smaps are skipped."
    aliases = ("smaps",)
    endings = ("maps",)
    columns = tuple(EMPTY)
    by = ("path",)
    value = ("path",)

    def __init__(self, want: Want) -> None:
        super().__init__(want)
        self.kind = MEMORY

    @classmethod
    def looks(cls, line: str) -> bool:
        return SHAPE.match(line) is not None or DETAIL.match(line) is not None

    @classmethod
    def fits(cls, lines: Sequence[str], data: Sequence[str]) -> float:
        return super().fits(lines, data) if any(map(SHAPE.match, data)) else 0.0

    def parse(self, line: str) -> Iterable[Row]:
        match = LINE.fullmatch(line)
        if match is None:
            if not line.strip() or DETAIL.match(line):
                return ()
            raise BadLineError(f"{quote(line)}, want start-stop perms offset device inode path")
        cells = [cell or "" for cell in match.groups()[2:]]
        return ((*self.span(match[1], match[2]), cells),)

    def length(self, start: Key, stop: Key) -> str:
        """Return kibibytes: pages have four of them."""
        size = stop - start
        return f"{size} B" if size % 1024 else f"{size // 1024} KiB"

    def brief(self, field: Any) -> str:
        """Return the file of a path without its folders."""
        return plain(field).rpartition("/")[2]

    def line(self, start: Key, stop: Key, known: dict[str, Any]) -> str:
        """Fields that did not matter are those of an empty mapping."""
        row = EMPTY | {name: unbroken(field) for name, field in known.items()}
        path = row.pop("path")
        span = f"{self.kind.show(start)}-{self.kind.show(stop)}"
        return f"{span} {' '.join(row.values())}".ljust(73 if path else 0) + path


class IoMem(Format):
    """A resource that is indented is a part of the one above it, and wins where both are."""

    name = "iomem"
    about = "resources of a machine: /proc/iomem, ioports"
    details = "The last address belongs to a resource.  Parts win over the whole they lie in."
    aliases = ("ioports",)
    endings = ("iomem", "ioports")
    columns = ("name",)
    by = ("name",)
    value = ("name",)
    inclusive = True
    closed = True
    nested = True

    def __init__(self, want: Want) -> None:
        super().__init__(want)
        self.kind = MEMORY

    @classmethod
    def looks(cls, line: str) -> bool:
        return re.match(r"\s*[0-9a-f]+-[0-9a-f]+ : ", line) is not None

    def parse(self, line: str) -> Iterable[Row]:
        if not line.strip():
            return ()
        match = RESOURCE.fullmatch(line)
        if match is None:
            raise BadLineError(f"{quote(line)}, want first-last : name")
        return ((*self.span(match[1], match[2], ("first", "last")), [match[3]]),)

    def line(self, start: Key, stop: Key, known: dict[str, Any]) -> str:
        span = f"{self.kind.show(start)}-{self.kind.show(stop - 1)}"
        return f"{span} : {unbroken(known.get('name', ''))}"
