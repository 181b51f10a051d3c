"""Formats of which each line has one shape: memory maps, code points, regions of a genome."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from rangelist.errors import BadLineError
from rangelist.formats.base import Block, Format, Row, number_in, plain, unbroken
from rangelist.formats.kinds import CODE_POINT, MEMORY, POSITION, Key, quote
from rangelist.formats.source import Source

__all__ = ["CodePoints", "IoMem", "Maps", "Regions", "Shaped"]


class Shaped(Format):
    """A line is the text of both ends, and cells."""

    shape: ClassVar[re.Pattern[str]]  # two groups for the ends, one for each cell
    likely: ClassVar[re.Pattern[str]]  # how a line begins that is no other format
    other: ClassVar[re.Pattern[str]] = re.compile(r"\s*")  # a line without a span
    like: ClassVar[str]  # what a line should be

    @classmethod
    def looks(cls, line: str) -> bool:
        return cls.likely.match(line) is not None

    def parse(self, line: str) -> Iterable[Row]:
        if self.other.fullmatch(line):
            return ()
        match = self.shape.fullmatch(line)
        if match is None:
            raise BadLineError(f"{quote(line)}, want {self.like}")
        return self.rows(match)

    def rows(self, match: re.Match[str]) -> Iterable[Row]:
        """Return the rows of a line that has the shape."""
        first, last, *cells = match.groups("")
        return ((*self.span(first, last), cells),)


class Maps(Shaped):
    """Touching mappings of one file are joined, whatever their permissions are."""

    name = "maps"
    about = "the memory of a process: /proc/PID/maps, smaps"
    details = "Mappings are merged by path.  The sizes in smaps are skipped."
    aliases = ("smaps",)
    endings = ("maps",)
    columns = ("perms", "offset", "device", "inode", "path")
    by = ("path",)
    value = ("path",)
    kind = MEMORY
    like = "start-stop perms offset device inode path"
    shape = re.compile(r"([^\s-]+)-(\S+) +(\S{4}) +(\S+) +(\S+) +(\S+)(?: +(.*))?")
    likely = re.compile(r"[0-9a-f]+-[0-9a-f]+ +[-r][-w][-x][-ps] |[A-Z]\w*:\s")
    other = re.compile(r"\s*|[A-Z]\w*:\s.*", re.DOTALL)  # what smaps says below each mapping

    @classmethod
    def fits(cls, lines: Sequence[str], data: Sequence[str]) -> float:
        return super().fits(lines, data) if any(map(cls.shape.match, data)) else 0.0

    def length(self, start: Key, stop: Key) -> str:
        """Return kibibytes: pages have four of them."""
        size = stop - start
        return f"{size} B" if size % 1024 else f"{size // 1024} KiB"

    def brief(self, field: Any) -> str:
        """Return the file of a path without its folders."""
        return plain(field).rpartition("/")[2]

    def line(self, start: Key, stop: Key, known: dict[str, Any]) -> str:
        """Fields that did not matter are those of an empty mapping."""
        empty = zip(self.columns, ("---p", "00000000", "00:00", "0", ""), strict=True)
        row = dict(empty) | {name: unbroken(field) for name, field in known.items()}
        path = row.pop("path")
        span = "-".join(map(self.kind.show, (start, stop)))
        return f"{span} {' '.join(row.values())}".ljust(73 if path else 0) + path


class IoMem(Shaped):
    """A resource that is indented is a part of the one above it, and wins where both are."""

    name = "iomem"
    about = "resources of a machine: /proc/iomem, ioports"
    details = "The last address belongs to a resource.  Parts win over the whole they lie in."
    aliases = ("ioports",)
    endings = ("iomem", "ioports")
    columns = ("name",)
    by = ("name",)
    value = ("name",)
    kind = MEMORY
    inclusive = True
    closed = True
    nested = True
    like = "first-last : name"
    shape = re.compile(r"\s*([^\s-]+)-(\S+) : (.*)", re.DOTALL)
    likely = re.compile(r"\s*[0-9a-f]+-[0-9a-f]+ : ")

    def begin_reading(self, source: Source) -> None:
        lines = source.head()
        if len(lines) > 1 and all(re.match(r"\s*0+-0+ : ", line) for line in lines):
            raise source.unreadable("zeros in place of all addresses, want it read by root")

    def line(self, start: Key, stop: Key, known: dict[str, Any]) -> str:
        span = "-".join(map(self.kind.show, self.counted(start, stop)))
        return f"{span} : {unbroken(known.get('name', ''))}"


class CodePoints(Shaped):
    """Ends are inclusive in the file, and shown so; what stands behind the `;` is the value.

    UnicodeData.txt writes a large range as two lines, its first and its last code point.
    """

    name = "codepoints"
    about = "code points, as in the Unicode tables: 0041..005A ; Latin # comment"
    details = """\
Merged by property.  --group property keeps properties that overlap apart (PropList.txt);
--group 2 and so on are the fields between semicolons.  First and Last are a range."""
    aliases = ("ucd",)
    endings = (".ucd",)
    columns = ("property",)
    by = ("property",)
    value = ("property",)
    kind = CODE_POINT
    inclusive = True
    closed = True
    room = True
    alone = False  # because of the pairs
    shape = re.compile(r"\s*([^;#]*?)(?:\.\.([^;#]*?))?\s*(?:;([^#]*))?(?:#.*)?", re.DOTALL)
    likely = re.compile(r"\s*[0-9A-F]{4,6}(\.\.[0-9A-F]{4,6})?\s*;")
    other = re.compile(r"\s*(#.*)?", re.DOTALL)
    pair = re.compile(r"\s*([^;#]*?)\s*;\s*<([^;#]*), *(First|Last)>([^#]*)", re.IGNORECASE)
    _first: tuple[int, re.Match[str]] | None = None  # the first line of a pair, and its number
    _above = ""  # the first line, where a pair is one record
    _doubtful = False

    def begin_reading(self, source: Source) -> None:
        """Numbers between semicolons could be anything, if all of them are decimal."""
        data = [line for line in source.head() if not self.other.fullmatch(line)]
        decimal = all(re.match(r"\s*\d+\s*;\s*\d+\s*(;|$)", line) for line in data)
        self._doubtful = decimal and not self.certain

    def told(self) -> str:
        return "hexadecimal code points, and behind the ; properties" if self._doubtful else ""

    def refer(self, name: str) -> Any:
        """Number 1 is the code point, number 2 the first field behind it."""
        if number_in(name) > 1:
            return number_in(name) - 1
        return super().refer("property" if name == "1" else name)

    def cell(self, cells: Sequence[Any], column: Any) -> Any:
        fields = [cells[0], *map(str.strip, cells[0].split(";"))]
        return fields[column] if column < len(fields) else ""

    def read(self, source: Source) -> Iterator[Block]:
        yield from super().read(source)
        self._forget(source)

    def take(self, block: Block, line: str, source: Source) -> None:
        """Wait for the second line of a pair; only comments may stand between them."""
        pair = self.pair.match(line)
        if pair is not None and pair[3].lower() == "first":
            self._forget(source)
            self._first = source.number, pair
            return
        if self._first is not None and not self.other.fullmatch(line):
            before = self._first[1]
            if pair is None or (pair[2], pair[4].strip()) != (before[2], before[4].strip()):
                self._forget(source)
        super().take(block, line, source)

    def _forget(self, source: Source) -> None:
        """A first line that is never followed by the last one is bad."""
        if self._first is not None:
            number, pair = self._first
            source.complain(f"{quote(pair[0].strip())} has no Last behind it", number)
            self._first = None

    def rows(self, match: re.Match[str]) -> Iterable[Row]:
        first, last, name = match[1], match[2], (match[3] or "").strip()
        self._above, pair = "", self.pair.match(match[0])
        if pair is not None:
            if self._first is None:
                raise BadLineError(f"{quote(match[0].strip())} has no First before it")
            (_, before), self._first = self._first, None
            first, last, name = before[1], first, f"<{pair[2]}>{pair[4].rstrip()}"
            self._above = f"{before.string}\n"
        return ((*self.span(first, first if last is None else last), [name]),)

    def _row(self, start: Key, stop: Key, cells: Sequence[Any], line: str) -> Any:
        return super()._row(start, stop, cells, self._above + line)

    def line(self, start: Key, stop: Key, known: dict[str, Any]) -> str:
        ends = dict.fromkeys(map(self.kind.show, self.counted(start, stop)))
        return " ; ".join(["..".join(ends).ljust(14), *map(unbroken, known.values())]).rstrip()


class Regions(Shaped):
    """One-based, with the last base; without an end a region goes on to that of its group."""

    name = "regions"
    about = "chr1:1,000-2,000, as samtools has them, a line each"
    details = """\
One-based, with the last base; printed so by --as same only.  chr1:100, chr1:100- and chr1 go on
to the end, which --within has to give; chr1:-100 begins at 1.  {HLA:01}:1-5 names HLA:01."""
    aliases = ("region",)
    endings = (".regions",)
    columns = ("chrom",)
    own = (0,)
    kind = POSITION
    origin = 1
    closed = True
    genomic = True
    like = "one chrom:first-last"
    shape = re.compile(
        r"\s*(?!\S*:[\d,]*-[\d,]*\d[,;][^:\s]*:)"  # several on a line
        r"(?:\{([^{}]+)\}|([^\s{}]+?))(?::([\d,]*)(?:-([\d,]*))?)?\s*"
    )
    likely = re.compile(r"\s*(\S+:[\d,]*\d-?[\d,]*|\S+:-[\d,]+)\s*$")
    other = re.compile(r"\s*(#.*)?", re.DOTALL)

    def rows(self, match: re.Match[str]) -> Iterable[Row]:
        name, first, last = match[1] or match[2], match[3], match[4]
        if first == "" and not last:
            raise BadLineError(f"{quote(match[0])}, want {self.like}")
        if not last:
            last = str(self._end(name, match[0].strip()))
        first, last = (end.replace(",", "") for end in (first or "1", last))
        return ((*self.span(first, last), [name]),)

    def _end(self, name: str, data: str) -> int:
        end = self.want.end
        found = end.get(name) if isinstance(end, dict) else end
        if found is None:
            why = f"{quote(data)} has no end, want one or --within with that of {name}"
            raise BadLineError(why)
        return found

    def line(self, start: Key, stop: Key, known: dict[str, Any]) -> str:
        name = known["chrom"]
        first, last = self.counted(start, stop)
        return f"{{{name}}}:{first}-{last}" if ":" in name else f"{name}:{first}-{last}"
