"""What the command line understands."""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Sequence
from typing import Any

from rangelist import __version__
from rangelist.cli.collect import MEASURES, OPS, Collect
from rangelist.cli.report import harmless
from rangelist.formats import UsageError, Want, format_named, formats
from rangelist.formats.base import NOTHING
from rangelist.formats.kinds import KINDS

__all__ = ["DEEP", "FREE", "LINES", "SETS", "Options", "parse"]

ABOUT = """\
Read intervals, merge those that overlap or touch, and print the result.
Spans are half-open: start is inside, stop is not."""

MORE = """\
formats: guessed, or given by -f; "{prog} help FORMAT" tells more
{formats}

exit codes:
  0    all is well
  1    some lines were bad: they are reported, the result is made from the others;
       with --strict nothing is read after the first, and nothing is written
  2    the options are wrong, or do not go together with this input
  3    an input cannot be read, has an unknown format or is not sorted as --sorted
       says; or the result cannot be written
  130  interrupted
  141  the program that reads the output has stopped

examples:
  {prog} /proc/self/maps                             merge a memory map by file
  {prog} --as same reads.bed.gz -o merged.bed        bedtools merge
  {prog} --group strand --collect n=count reads.bed  bedtools merge -s -c 1 -o count
  {prog} --gaps --within genome.sizes reads.bed      bedtools complement
  {prog} --overlapping exons.bed reads.bed           bedtools intersect -u
  {prog} --difference blocked.txt --as blocks allowed.txt
  {prog} --columns from,to --group owner --picture plan.csv
"""

SETS = ("union", "intersection", "difference")
LINES = ("overlapping", "not_overlapping", "cluster")  # they print lines of the input
FREE = ("gaps", "slots")
DEEP = ("overlaps", "depth")
MADE = ("merged", *FREE, *DEEP, *SETS)  # they make spans
TASKS = (*MADE, *LINES)
LOOKS = ("table", "same", "jsonl", "bed", "blocks", "ranges", "svg")

# The tasks on which an option has an effect; the others have one on all.
EFFECTS = {
    "by": ("merged", *DEEP, *SETS),
    "within": MADE,
    "picture": MADE,
    "distance": (*MADE, "cluster"),
    "no_touching": ("merged", *FREE, *SETS, "cluster"),
    "expand": ("merged", *FREE),
    "collect": ("merged",),
    "sorted": (*MADE, "cluster"),
    "numeric": (*MADE, "cluster"),
}


# ---- text to values ---------------------------------------------------------------------------


def _text(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("'' is empty")
    return text


def _names(text: str) -> tuple[str, ...]:
    return tuple(map(_text, text.split(",")))


def _number(text: str, least: float = 0, want: str = "a number from 0 on") -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= least):
        raise argparse.ArgumentTypeError(f"{text!r}, want {want}")
    return int(number) if number == int(number) else number


def _size(text: str) -> float:
    return _number(text, 5e-324, "a number above 0")


def _expand(text: str) -> tuple[float, float]:
    before, comma, after = text.partition(",")
    first = _number(before, -math.inf, "a number")
    return first, _number(after, -math.inf, "a number") if comma else first


def _jobs(text: str) -> int:
    return _count(text, 1, 256)  # a slip of a finger must not begin a million processes


def _width(text: str) -> int:
    return _count(text, 20, 1000)


def _count(text: str, least: int, most: int) -> int:
    if not (text.isdecimal() and text.isascii() and least <= int(text) <= most):
        raise argparse.ArgumentTypeError(f"{text!r}, want a number from {least} to {most}")
    return int(text)


# ---- the options ------------------------------------------------------------------------------


class Options(argparse.Namespace):
    """The command line, checked.  What is not given is as it is here."""

    files: Sequence[str] = ("-",)
    format: str | None = None
    columns: tuple[str, ...] = ()
    start_column: str | None = None
    stop_column: str | None = None
    keys: str | None = None
    inclusive = False
    host_bits: str | None = None
    empty = "error"
    sorted = False
    jobs = 1
    strict = False
    quiet = False
    group: tuple[str, ...] = ()
    by: tuple[str, ...] | None = None
    no_touching = False
    distance: float | None = None
    collect: tuple[Collect, ...] = ()
    expand: tuple[float, float] | None = None
    within = ""
    numeric = False
    slots: float | None = None
    output = "-"
    look = "table"
    picture = False
    width = 0
    task = "merged"
    other = ""  # the file that the task compares with

    @property
    def want(self) -> Want:
        """What the formats have to know."""
        # Free space and depths are those of all values, unless values are asked for.
        usual = NOTHING if self.task in (*FREE, *DEEP) else None
        cells = tuple((one.column, one.op in MEASURES) for one in self.collect if one.column)
        return Want(
            by=usual if self.by is None else self.by,
            groups=self.group,
            start=self.start_column,
            stop=self.stop_column,
            columns=self.columns,
            kind=None if self.keys is None else KINDS[self.keys],
            inclusive=self.inclusive,
            host_bits=self.host_bits,
            empty=self.empty,
            collect=cells if self.collect else None,
            lines=self.task in LINES,
        )


def parse(argv: Sequence[str] | None) -> Options | str:
    """Return what is asked for; a text, if that is one.

    Raises: UsageError; SystemExit, for what argparse finds wrong.
    """
    argv = sys.argv[1:] if argv is None else list(argv)
    if argv[:1] == ["help"]:
        return _page(argv[1:])
    try:
        options = parser().parse_args(argv, Options())
    except _Asked as asked:
        return str(asked)
    options.task = next((task for task in TASKS if vars(options).get(task)), "merged")
    value = vars(options).get(options.task)
    options.other = value if isinstance(value, str) else ""
    _check(options)
    options.width = options.width or max(60, min(120, _columns()))
    return options


def _check(options: Options) -> None:
    """Refuse options that have no effect beside the others.

    Raises: UsageError.
    """
    task, given = options.task, vars(options)
    shrunk = options.expand is not None and min(options.expand) < 0
    wrong = {
        f"--{name.replace('_', '-')} has no effect on --{task.replace('_', '-')}": (
            name in given and task not in tasks and given[name] != NOTHING
        )
        for name, tasks in EFFECTS.items()
    }
    wrong |= {
        "--no-touching has no effect on --gaps and --slots": (
            options.no_touching and task in FREE and not shrunk
        ),
        "--no-touching has no effect beside --expand: what touches then is merged": (
            options.no_touching and options.expand is not None and not shrunk
        ),
        "--distance joins what does not even touch: not with --no-touching": (
            options.distance is not None and options.no_touching
        ),
        "standard input can be read only once": [*options.files, options.other].count("-") > 1,
        "--width is for --picture": "width" in given and not options.picture,
        "--as svg is for --picture, which has no other --as": (
            (options.look == "svg") is not (options.picture and "look" in given)
        ),
        "whole lines are printed as they are: not with --as": (
            task in LINES and given.get("look", "same") != "same"
        ),
        "--columns gives start and stop: not with --start-column or --stop-column": (
            bool(options.columns) and (options.start_column or options.stop_column) is not None
        ),
        "--columns wants START,STOP or START,STOP,VALUE": len(options.columns) not in (0, 2, 3),
        "--collect does not go with --expand": bool(options.collect) and options.expand is not None,
        "--collect: two fields have the same name": (
            len({one.name for one in options.collect}) < len(options.collect)
        ),
    }
    for why, is_wrong in wrong.items():
        if is_wrong:
            raise UsageError(why)


# ---- argparse ---------------------------------------------------------------------------------


class _Asked(Exception):  # noqa: N818  no error
    """A text is asked for: the help, the version."""


class _Store(argparse.Action):
    """Stores one value: of two, one would have no effect.  `--collect` stores all."""

    def __call__(
        self, parser: object, options: argparse.Namespace, value: Any, name: object = None
    ) -> None:
        given = vars(options)
        value = True if self.nargs == 0 else value
        if self.dest == "collect":
            value = (*options.collect, value)
        elif given.get(self.dest, value) != value:
            raise argparse.ArgumentError(self, "given twice")
        setattr(options, self.dest, value)


class _Tell(argparse.Action):
    """Makes a text when it is asked for: that takes a while."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        if self.dest == "help":
            text = "\n".join(f"  {form.name:<14}{form.about}" for form in formats())
            parser.epilog = MORE.format(formats=text, prog=parser.prog)
            raise _Asked(parser.format_help().removesuffix("\n"))
        raise _Asked(f"rangelist {__version__}")


class _Parser(argparse.ArgumentParser):
    def _print_message(self, message: str, file: Any = None) -> None:
        super()._print_message(harmless(message), file)


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    name = os.path.basename(sys.argv[0] or "")  # noqa: PTH119  pathlib takes long to import
    prog = "python -m rangelist" if name in ("__main__.py", "-c", "-m", "") else "rangelist"
    top = _Parser(
        prog=prog,
        usage=f"{prog} [OPTION...] [FILE...]\n       {prog} help [FORMAT...]",
        description=ABOUT,
        formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(
            prog, max_help_position=24, width=max(100, _columns())
        ),
        argument_default=argparse.SUPPRESS,  # those of `Options`
        allow_abbrev=False,
        add_help=False,
    )
    for flags in (("-h", "--help"), ("--version",)):
        top.add_argument(*flags, action=_Tell, nargs=0, help=argparse.SUPPRESS)
    top.register("action", None, _Store)
    top.register("type", None, _text)
    _describe(top)
    return top


def _describe(top: argparse.ArgumentParser) -> None:
    """Add the options; `nargs=0` are flags."""
    add = top.add_argument_group("input").add_argument
    files = "plain or gzip, bzip2, xz; - or none: stdin"
    add("files", nargs="*", metavar="FILE", default=["-"], help=files)
    add("-f", "--format", metavar="FORMAT", help="else guessed")
    columns = "numbers or names of start, stop [and value]"
    add("--columns", type=_names, metavar="A,B[,C]", help=columns)
    add("--start-column", help=argparse.SUPPRESS)
    add("--stop-column", help=argparse.SUPPRESS)
    add("--keys", choices=KINDS, metavar="KIND", help=f"of csv, tsv, jsonl: {', '.join(KINDS)}")
    add("--inclusive", nargs=0, help="their stop column holds the last key itself")
    add("--host-bits", choices=("error", "mask"), help="of 10.0.0.5/8: a bad line, or masked")
    empty = "of length zero: bad, left out or as bedtools"
    add("--empty", choices=("error", "skip", "widen"), help=empty)
    add("--sorted", nargs=0, help="sorted by start: needs no memory")
    add("--jobs", type=_jobs, metavar="N", help="use up to N processes for large files")
    add("--strict", nargs=0, help="stop at the first bad line")
    add("--quiet", nargs=0, help="do not say what was guessed")

    add = top.add_argument_group("merging").add_argument
    group = "keep these apart, too: strand"
    add("--group", "--group-column", type=_names, metavar="COLUMNS", help=group)
    by = "merge only where these are equal, the later line wins; or: value, nothing"
    add("--by", type=_names, metavar="COLUMNS", help=by)
    add("--no-touching", nargs=0, help="keep spans apart that only touch")
    add("--distance", type=_number, metavar="N", help="merge across gaps of up to N")
    ops = f"of its lines: {', '.join(OPS)}"
    add("--collect", type=Collect.parse, metavar="NAME=OP[:COLUMN]", help=ops)
    add("--expand", type=_expand, metavar="N[,M]", help="then grow by N before, M or N behind")
    add("--within", metavar="WINDOW", help="only there: START:STOP, or a file of sizes (.fai)")
    add("--numeric", nargs=0, help="groups in natural order: chr2 before chr10")

    task = top.add_argument_group("what is printed").add_mutually_exclusive_group()
    add = task.add_argument
    add("--gaps", nargs=0, help="what lies free between the merged spans, and within the window")
    add("--overlaps", nargs=0, help="what several lines cover, and how many")
    add("--depth", nargs=0, help="how many lines cover each stretch, 0 within the window")
    add("--cluster", nargs=0, help="the lines, each with the number of its merged span")
    add("--union", metavar="FILE", help="what is in either")
    add("--intersection", metavar="FILE", help="what is in both")
    add("--difference", metavar="FILE", help="what is not in FILE")
    add("--overlapping", metavar="FILE", help="whole lines that overlap FILE")
    add("--not-overlapping", metavar="FILE", help="whole lines that do not")
    add("--slots", type=_size, metavar="SIZE", help="free places of that size")

    add = top.add_argument_group("output").add_argument
    output = "write a file, all or nothing; it may be an input"
    add("-o", "--output", metavar="FILE", help=output)
    looks = f"{', '.join(LOOKS)}; same: as the input"
    add("--as", dest="look", choices=LOOKS, metavar="LOOK", help=looks)
    add("--picture", nargs=0, help="draw it, --as svg as a graphic")
    add("--width", type=_width, metavar="N", help="of a picture; default: the terminal's")


def _page(names: Sequence[str]) -> str:
    """Return what a format is, or how the program is used."""
    if not names:
        return str(parse(["--help"]))
    text: list[str] = []
    for name in names:
        form = format_named(name)
        also = ", ".join([*form.aliases, *(f"files that end in {end}" for end in form.endings)])
        fields = ", ".join(form.columns)
        text += (
            f"{form.name}: {form.about}",
            also and f"also: {also}",
            form.details or (form.__doc__ or "").strip(),
            fields and f"fields for --by, --group, --collect: {fields}",
        )
    return "\n".join(filter(None, text))


def _columns() -> int:
    try:
        return int(os.environ.get("COLUMNS", "")) or 80
    except ValueError:
        pass
    try:
        return os.get_terminal_size().columns
    except (OSError, ValueError):
        return 80
