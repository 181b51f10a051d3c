"""/proc/PID/maps: read into an address space, and printed as the kernel prints it.

    7f7e64d45000-7f7e64d47000 r--p 00026000 fe:00 260386                     /usr/lib/x.so
    start        stop         access offset device inode                     path or [name]

Such a text does not tell all: not which mappings share one opening of a file (taken to be so if
path and inode are equal), not what was written (taken to be nothing), not the flags that only
smaps shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from rangelist.errors import RangeListError
from rangelist.models.areas import Area, Vma
from rangelist.models.vma import AddressSpace

__all__ = ["PAGE", "Line", "MapsError", "Opened", "load", "parse", "refuse_special", "show"]

PAGE: Final = 4096
COLUMN: Final = 73  # where the path begins
ACCESS: Final = re.compile("[r-][w-][x-][ps]")
KERNEL: Final = frozenset({"[vdso]", "[vvar]", "[vvar_vclock]", "[vsyscall]", "[uprobes]"})


# Files with areas that follow rules of their own: System V memory, huge pages, secret pages.
SPECIAL: Final = ("/SYSV", "/anon_hugepage", "/dev/hugepages/", "/secretmem")


class MapsError(RangeListError, ValueError):
    """A line that is none of /proc/PID/maps, or is about an area that is not modelled."""


class Opened(NamedTuple):
    """A file that is mapped, as the maps name it."""

    path: str
    device: str = "00:00"
    inode: int = 0
    size: int | None = None  # in pages
    writable: bool = True


def refuse_special(path: str) -> None:
    """Raise MapsError for a file if its areas are not modelled."""
    if path.startswith(SPECIAL):
        raise MapsError(f"{path} cannot be replayed: it is not modelled")


class Line(NamedTuple):
    """One line, in bytes."""

    start: int
    stop: int
    access: str  # such as rw-p
    offset: int
    device: str
    inode: int
    name: str

    def __str__(self) -> str:
        start, stop, access, offset, device, inode, name = self
        text = f"{start:08x}-{stop:08x} {access} {offset:08x} {device} {inode} "
        return text.ljust(COLUMN) + name if name else text


def parse(text: str) -> list[Line]:
    """Return the lines of a map.

    Raises: MapsError.

    Example:
        >>> parse("00400000-00401000 r-xp 00002000 fe:00 77                 /bin/x")[0].name
        '/bin/x'
    """
    return [parse_line(line) for line in text.splitlines() if line.strip()]


def parse_line(text: str) -> Line:
    """Return one line."""
    fields = text.split(None, 5)
    try:
        span, access, offset, device, inode = fields[:5]
        start, stop = (int(end, 16) for end in span.split("-"))
        name = fields[5].rstrip("\n") if len(fields) > 5 else ""
        if not ACCESS.fullmatch(access) or start % PAGE or stop % PAGE or not start < stop:
            raise ValueError
        return Line(start, stop, access, int(offset, 16), device, int(inode), name)
    except ValueError as error:
        raise MapsError(f"{text!r}, want a line of /proc/PID/maps") from error


def load(lines: Iterable[Line]) -> AddressSpace:
    """Return the address space that the lines describe; equal neighbours stay apart.

    Raises: MapsError, for an area that is not modelled.

    Example:
        >>> space = load(parse("00400000-00402000 rw-p 00000000 00:00 0         [heap]"))
        >>> space.heap, space.heap_end
        (1024, 1026)
    """
    space = AddressSpace()
    files: dict[Opened, Opened] = {}
    for line in lines:
        start, stop = line.start // PAGE, line.stop // PAGE
        space.create(start, stop, area_of(line, files))
        if line.name == "[heap]":
            space.heap = space.heap or start
            space.heap_end = stop
        elif line.name == "[stack]":
            space.stack = stop - 1
    return space


def area_of(line: Line, files: dict[Opened, Opened]) -> Area:
    """Return what a line says of an area; openings of one file become one object."""
    flags = set(line.access[:3]) - {"-"}
    if line.access.endswith("s"):
        flags.add("shared")
    elif "w" in flags:
        flags.add("account")
    if line.inode or line.name.startswith("/"):
        refuse_special(line.name)
        opened = Opened(line.name, line.device, line.inode)
        file = files.setdefault(opened, opened)
        return Area(frozenset(flags), line.offset // PAGE, file)
    if line.name == "[stack]":
        flags.add("growsdown")
    if line.name in KERNEL:
        return Area(frozenset(flags | {"dontexpand"}), name=line.name, grain=0)
    name = line.name if line.name.startswith("[anon") else None
    return Area(frozenset(flags), line.start // PAGE, name=name)


def lines_of(space: AddressSpace, start: int = 0, stop: int | None = None) -> Iterator[Line]:
    """Yield the lines of the areas that meet a window of pages."""
    for area in space.list.overlapping(start, stop):
        yield line_of(space, area)


def line_of(space: AddressSpace, area: Vma) -> Line:
    """Return the line of one area."""
    value = area.value
    flags, file = value.flags, value.file
    access = "".join(letter if letter in flags else "-" for letter in "rwx")
    access += "s" if "shared" in flags else "p"
    start, stop = area.start * PAGE, area.stop * PAGE
    if file is not None:
        name = file.path if value.name is None else value.name.replace("[anon:", "[anon_shmem:")
        return Line(start, stop, access, value.pgoff * PAGE, file.device, file.inode, name)
    name = value.name or ""
    if not name and area.start < space.heap_end and space.heap < area.stop:
        name = "[heap]"
    elif not name and area.start <= space.stack < area.stop:
        name = "[stack]"
    return Line(start, stop, access, 0, "00:00", 0, name)


def show(space: AddressSpace, start: int = 0, stop: int | None = None) -> str:
    """Return the text that /proc/PID/maps would be, of the areas that meet a window of pages.

    Example:
        >>> show(load(parse("00400000-00402000 r--p 00000000 00:00 0"))).strip()
        '00400000-00402000 r--p 00000000 00:00 0'
    """
    return "".join(f"{line}\n" for line in lines_of(space, start, stop))
