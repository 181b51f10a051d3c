"""Formats of the genome that are tables: a description each of what the columns are.

    name      columns                       counts from, to         groups
    bed       chrom start stop name ...     0, behind the last      chrom
    gff       ... start end ...             1, the last             seqid
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from operator import lt
from typing import Any, ClassVar

from rangelist.errors import BadLineError
from rangelist.formats.base import Block, Format, Row, as_fields, parts_of, unbroken
from rangelist.formats.kinds import POSITION, quote
from rangelist.formats.source import Source

__all__ = ["Bed", "BedGraph", "Gff", "IntervalList", "Table", "Vcf"]

SKIPPED = frozenset(["track", "browser"])  # lines for a genome browser
USUAL_CHROM = frozenset(["chrom", "chr", "chromosome", "seqname", "seqnames", "seqid", "contig"])
STRANDS = frozenset("+-.")
# ASCII that is no digit and that `int` accepts all the same.
ODD = "_+- \r\v\f\x1c\x1d\x1e\x1f"


class Table(Format):
    """Lines of columns that tabs divide; without a tab, blanks do.  The first column is a group."""

    at: ClassVar[tuple[int, int]] = (1, 2)  # the columns of start and stop
    widths: ClassVar[tuple[int, int]] = (3, 1000)  # how many columns there may be
    own = (0,)
    kind = POSITION
    absent = "."
    blanks: ClassVar[bool] = True  # whether blanks may divide columns
    comment: ClassVar[str] = "#"
    claim: str = ""  # what is said where only the shape of lines has told the format
    headed: ClassVar[str] = ""  # how lines begin that a reader needs above the others
    genomic = True
    _header: Sequence[str] = ()

    def begin_reading(self, source: Source) -> None:
        if self.headed:
            lines = source.head()
            self._header = list(takewhile(lambda line: line.startswith(self.headed), lines))

    def begin(self, fields: Sequence[str]) -> str:
        return "\n".join(self._header)

    def told(self) -> str:
        return "" if self.certain or self._header else self.claim

    @classmethod
    def cells(cls, line: str) -> list[str]:
        """Cut a line."""
        return line.split() if cls.blanks and "\t" not in line else line.split("\t")

    @classmethod
    def looks(cls, line: str) -> bool:
        part = cls.cells(line)
        return cls.widths[0] <= len(part) <= cls.widths[1] and cls.shaped(part)

    @classmethod
    def shaped(cls, part: Sequence[str]) -> bool:
        """Tell whether the cells of a line look like this format."""
        return all(part[i].strip().isdecimal() for i in cls.at)

    def skips(self, line: str) -> bool:
        """Tell whether a line is a comment, a header, or meant for other programs."""
        words = line.split(None, 1)
        return not words or line[0] in self.comment or words[0] in SKIPPED

    def parse(self, line: str) -> Iterable[Row]:
        if self.skips(line):
            return ()
        part = self.cells(line)
        few, many = self.widths
        while len(part) > many and not part[-1]:
            part.pop()
        if not few <= len(part) <= many:
            want = ", ".join(self.columns[:few])
            raise BadLineError(f"{len(part)} columns in {quote(line)}, want {want}")
        if not part[0].strip():
            raise BadLineError(f"{self.columns[0]} is empty, want a name")
        return self.rows(part)

    def rows(self, part: list[str]) -> Iterable[Row]:
        """Return the rows of the cells of a line."""
        first, last = (part[i].strip() for i in self.at)
        return ((*self.span(first, last), part),)

    def quick(self, text: str, before: int) -> Block | None:  # noqa: C901
        """Optimisation only: return the rows of many lines, if all are whole and none is odd.

        c 1 5       A line end is made a cell.  All lines have as many columns as the first
        c 3 9   ->  if each line end is found behind as many:  c 1 5 $ c 3 9
        """
        lines, width = text.count("\n") + 1, text.partition("\n")[0].count("\t") + 1
        wanted = (*self._groups, *self._by)
        if not self.widths[0] <= width <= self.widths[1] or max(wanted) >= width:
            return None
        if self.want.collect is not None or self.want.lines or not text.isascii():
            return None
        cells = text.replace("\n", "\t\n\t").split("\t")
        step = width + 1
        if len(cells) != step * lines - 1 or cells[width::step].count("\n") != lines - 1:
            return None
        heads = cells[::step]
        uniform = heads.count(heads[0]) == lines
        if any(map(self.skips, heads[:1] if uniform else set(heads))):
            return None
        first, last = (cells[i::step] for i in self.at)
        if any(map(text.__contains__, ODD)) and not "".join(first + last).isdecimal():
            return None
        block = Block(before)
        try:
            block.starts, block.stops = list(map(int, first)), list(map(int, last))
        except ValueError:  # an empty cell, or too many digits
            return None
        if self.origin:
            block.starts = [start - 1 for start in block.starts]
        if not all(map(lt, block.starts, block.stops)):
            return None
        if self.origin and min(block.starts) < 0:
            return None
        block.uniform = uniform and len(self._groups) == 1
        block.groups = _columns(cells, step, self._groups)
        if self.chosen:
            block.rests = _columns(cells, step, self._by)
        return block

    def lines(self, group: Any, pieces: Iterable[Any], fields: Sequence[str]) -> Iterator[str]:
        """Columns that are not known are dots, up to the last one that is; others come behind."""
        places = self.places((*self.grouped, *fields))
        first, last = self.at
        row = self.filled(max(*places, last, self.widths[0] - 1) + 1)
        for place, cell in zip(places, parts_of(group), strict=False):
            row[place] = unbroken(cell, "\t\n")
        if not fields:
            left = "\t".join([*row[:first], ""])
            right = "\t".join(["", *row[last + 1 :]])
            for start, stop, _ in pieces:
                yield f"{left}{start + self.origin}\t{stop}{right}"
            return
        behind = places[len(self.grouped) :]
        for start, stop, value in pieces:
            row[first], row[last] = str(start + self.origin), str(stop)
            for place, field in zip(behind, as_fields(value, fields), strict=True):
                row[place] = unbroken(field, "\t\n")
            yield "\t".join(row)

    def clustered(self, line: str, number: str) -> str:
        return line + ("\t" if "\t" in line or not self.blanks else " ") + number

    def filled(self, count: int) -> list[str]:
        """Return a row of which nothing is known."""
        return [self.absent] * count

    def places(self, names: Sequence[str]) -> list[int]:
        """Return in which columns groups and fields are written: their own, or behind all."""
        known = {name.lower(): i for i, name in enumerate(self.columns)}
        places = [known.get(name.lower(), -1) for name in names]
        behind = max(*places, self.at[1], self.widths[0] - 1) + 1
        for i, place in enumerate(places):
            if place < 0:
                places[i], behind = behind, behind + 1
        return places


def _columns(cells: list[str], step: int, which: Sequence[int]) -> list[Any]:
    """Return one column, or the rows of several."""
    columns = [cells[i::step] for i in which]
    return columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))


class Bed(Table):
    """Chromosomes are separate lists.  More columns than twelve have numbers and no names."""

    name = "bed"
    about = "genome features: chrom start stop [name score strand ...], tabs or blanks"
    details = "Zero-based, half-open.  Lines of track, browser and # are no features."
    endings = (".bed", ".narrowpeak", ".broadpeak", ".gappedpeak", ".bed6", ".bed12", ".bed3")
    columns = (
        *("chrom", "start", "stop", "name", "score", "strand", "thickStart", "thickEnd"),
        *("itemRgb", "blockCount", "blockSizes", "blockStarts"),
    )
    value = ("name",)
    room = True
    mark = r"track\s(?!.*type=\"?bedGraph)"

    @classmethod
    def shaped(cls, part: Sequence[str]) -> bool:
        strand = part[5].strip() if len(part) > 5 else "."
        return super().shaped(part) and bool(part[0].strip()) and strand in STRANDS

    def begin_reading(self, source: Source) -> None:
        super().begin_reading(source)
        if not self.certain:
            rows = [self.cells(line) for line in source.head()[:100] if self.looks(line)]
            starts = [int(row[1][:18]) for row in rows]
            # Chromosomes that are numbers, or starts that could be positions one by one.
            odd = all(row[0].isdecimal() for row in rows) or (
                len(starts) > 1 and starts == list(range(starts[0], starts[0] + len(starts)))
            )
            self.claim = "chrom=1 start=2 stop=3" if odd else ""

    def skips(self, line: str) -> bool:
        """A header may stand above all, without a `#`."""
        return super().skips(line) or (
            line[:1] in "csCS" and self.cells(line)[0].lower() in USUAL_CHROM and heading(line)
        )


def heading(line: str) -> bool:
    """Tell whether a line names columns for start and stop."""
    part = Table.cells(line)[1:3]
    usual = len(part) == 2 and part[1].lower().endswith(("end", "stop"))
    return usual and "start" in part[0].lower()


class BedGraph(Table):
    """Spans of one value; `--by nothing` merges those of different values, too."""

    name = "bedgraph"
    about = "a value along the genome: chrom start stop value"
    details = "Zero-based, half-open.  Touching spans are merged if they have the same value."
    aliases = ("bdg", "bg")
    endings = (".bedgraph", ".bdg", ".bg")
    columns = ("chrom", "start", "stop", "value")
    by = ("value",)
    value = ("value",)
    widths = (4, 4)
    mark = r"track\s.*type=\"?bedGraph"

    @classmethod
    def fits(cls, lines: Sequence[str], data: Sequence[str]) -> float:
        """Four columns alone could be a name in BED."""
        found = super().fits(lines, data)
        return found if found >= 2 else 0.0

    def admit(self, fields: Sequence[str]) -> None:
        super().admit([name for name in fields if name != "depth"])

    def places(self, names: Sequence[str]) -> list[int]:
        """A depth is a value, too."""
        return super().places(["value" if name == "depth" else name for name in names])


class Gff(Table):
    """GFF3, GFF2 and GTF.  Attributes are columns, too: `--group gene_id`."""

    name = "gff"
    about = "GFF3 and GTF: seqid source type start end score strand phase attributes"
    details = """\
One-based, with the last base; printed so by --as same only.
--by and --group may also name attributes: gene_id, ID."""
    aliases = ("gff3", "gtf", "gff2")
    endings = (".gff", ".gff3", ".gtf", ".gff2")
    columns = ("seqid", "source", "type", "start", "end", "score", "strand", "phase", "attributes")
    value = ("type",)
    at = (3, 4)
    widths = (9, 9)
    blanks = False
    origin = 1
    closed = True
    alone = False  # behind ##FASTA are sequences
    mark = "##gff-version"

    _ended = False

    @classmethod
    def shaped(cls, part: Sequence[str]) -> bool:
        return super().shaped(part) and part[6] in STRANDS | {"?"}

    def skips(self, line: str) -> bool:
        name = line.startswith(">")
        self._ended = self._ended or name or line.startswith("##FASTA")
        sequence = self._ended and re.fullmatch(r"[A-Za-z*.-]*", line) is not None
        return name or sequence or super().skips(line)

    def refer(self, name: str) -> Any:
        """Any name is good: it may be that of an attribute."""
        known = name.isdecimal() or name.lower() in self.columns
        return super().refer(name) if known else name

    def title(self, column: Any) -> str:
        return column if isinstance(column, str) else super().title(column)

    def cell(self, cells: Sequence[Any], column: Any) -> Any:
        if not isinstance(column, str):
            return super().cell(cells, column)
        name = re.escape(column)
        match = re.search(rf'(?:^|;)\s*{name}(?:=([^;]*)| "([^"]*)"| ([^;"]+))', cells[8])
        return next(filter(None, match.groups()), "") if match else ""

    def quick(self, text: str, before: int) -> Block | None:
        named = any(isinstance(column, str) for column in (*self._groups, *self._by))
        if named or self._ended or "\n>" in text or "##FASTA" in text:
            return None
        return super().quick(text, before)


class IntervalList(Table):
    """Picard's interval lists; the header is written again."""

    name = "interval_list"
    about = "Picard interval_list: chrom start end strand name, below @ lines"
    details = "One-based, with the last base; printed so by --as same only."
    aliases = ("intervals",)
    endings = (".interval_list",)
    columns = ("chrom", "start", "stop", "strand", "name")
    value = ("name",)
    widths = (5, 5)
    blanks = False
    origin = 1
    closed = True
    comment = "@#"

    headed = "@"
    mark = r"@[A-Z]{2}\t"
    claim = "chrom=1 start=2 stop=3 strand=4, one-based"

    @classmethod
    def shaped(cls, part: Sequence[str]) -> bool:
        return super().shaped(part) and part[3] in ("+", "-")

    def filled(self, count: int) -> list[str]:
        return [*super().filled(3), "+", *super().filled(count - 4)]


class Vcf(Table):
    """Variants: a position, and as many bases as REF has, or up to END."""

    name = "vcf"
    about = "variants: CHROM POS ID REF ALT QUAL FILTER INFO ..., read only"
    details = "From POS on as many bases as REF has, or up to END= in INFO."
    endings = (".vcf",)
    columns = ("CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT")
    value = ("ID",)
    at = (1, 1)
    widths = (5, 100_000)
    claim = "CHROM=1 POS=2 REF=4 ALT=5, one-based"
    headed = "#"
    origin = 1
    closed = True
    mark = r"##fileformat=VCF|#CHROM\tPOS"
    readonly = "a merged span is no variant and cannot be written as VCF"

    @classmethod
    def shaped(cls, part: Sequence[str]) -> bool:
        bases = re.compile(r"[ACGTNacgtn]+")
        alt = re.compile(r"[ACGTNacgtn,.*]+|.*[<>\[\]].*")
        return super().shaped(part) and bool(bases.fullmatch(part[3]) and alt.fullmatch(part[4]))

    def quick(self, text: str, before: int) -> Block | None:
        return None  # a stop is more than the number in a column

    def rows(self, part: list[str]) -> Iterable[Row]:
        start, stop = self.span(part[1], part[1])
        if not re.fullmatch(r"[A-Za-z*.]+", part[3]):
            raise BadLineError(f"REF is {quote(part[3])}, want bases")
        end = re.search(r"(?:^|;)END=([^;]*)", part[7]) if len(part) > 7 else None
        if end is not None:
            return ((start, POSITION.key(end[1], "END"), part),)
        return ((start, stop + len(part[3]) - 1, part),)
