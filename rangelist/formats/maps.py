"""A process's memory map, as Linux shows it in /proc/PID/maps and /proc/PID/smaps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rangelist.errors import BadLineError
from rangelist.formats.base import LineFormat, Record, Want, as_fields, as_value, check, plain
from rangelist.formats.kinds import MEMORY, Key, quote
from rangelist.node import Piece

__all__ = ["Maps"]

# What a field is where nothing is mapped.
EMPTY = {"perms": "---p", "offset": "00000000", "device": "00:00", "inode": "0", "path": ""}
LINE = re.compile(r"([^\s-]+)-(\S+) +(\S{4}) +(\S+) +(\S+) +(\S+)(?: +(.*))?")
DETAIL = re.compile(r"[A-Z]\w*:\s")  # what smaps says below each mapping


class Maps(LineFormat):
    """Touching mappings of one file are joined, whatever their permissions are."""

    name = "maps"
    about = "the memory of a process: /proc/PID/maps, smaps"
    endings = ("maps",)
    fields = tuple(EMPTY)
    by = ("path",)
    value = ("path",)

    def __init__(self, want: Want) -> None:
        super().__init__(want)
        self.kind = MEMORY
        self._columns = [2 + self.fields.index(name) for name in self.chosen]

    def parse(self, line: str) -> Record | None:
        match = LINE.fullmatch(line)
        if match is None:
            if not line.strip() or DETAIL.match(line):
                return None
            raise BadLineError(f"{quote(line)}, want start-stop perms offset device inode path")
        start, stop = MEMORY.key(match[1], "start"), MEMORY.key(match[2], "stop")
        check(start, stop, f"{match[1]}-{match[2]}")
        return "", start, stop, as_value([match[i + 1] or "" for i in self._columns])

    def length(self, start: Key, stop: Key) -> str:
        """Return kibibytes: pages have four of them."""
        size = stop - start
        return f"{size} B" if size % 1024 else f"{size // 1024} KiB"

    def brief(self, field: Any) -> str:
        """Return the file of a path without its folders."""
        return plain(field).rpartition("/")[2]

    def lines(self, group: str, piece: Piece[Key, Any], fields: Sequence[str]) -> str:
        """Fields that did not matter are those of an empty mapping."""
        start, stop = self.show(group, piece.start, piece.stop)
        row = EMPTY | dict(zip(fields, map(plain, as_fields(piece.value, fields)), strict=True))
        path = row.pop("path")
        return f"{start}-{stop} {' '.join(row.values())}".ljust(73 if path else 0) + path
