"""What the command line understands."""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

from rangelist.cli.collect import MEASURES, OPS, Collect
from rangelist.cli.report import harmless
from rangelist.formats import UsageError, Want, format_named, formats
from rangelist.formats.base import NOTHING
from rangelist.formats.kinds import KINDS

__all__ = ["LINES", "SETS", "Options", "parse"]

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
LINES = ("overlapping", "not_overlapping", "cluster")  # tasks that print lines of the input
LOOKS = ("table", "same", "jsonl", "bed", "blocks", "ranges", "svg")
MOST_JOBS = 256  # a slip of a finger must not begin a million processes
MIN_WIDTH = 20


class Options(NamedTuple):
    """The command line, checked."""

    paths: tuple[str, ...]
    form: str | None
    want: Want
    ordered: bool
    jobs: int
    strict: bool
    quiet: bool
    touching: bool
    distance: float | None
    task: str
    other: str
    collect: tuple[Collect, ...]
    expand: tuple[float, float] | None
    slots: float | None
    within: str
    numeric: bool
    look: str
    out: str
    picture: bool
    width: int


def parse(argv: Sequence[str] | None) -> Options:
    """Return what is asked for.

    Raises: UsageError; SystemExit, for --help and for what argparse finds wrong.
    """
    argv = sys.argv[1:] if argv is None else list(argv)
    if argv[:1] == ["help"]:
        _help(argv[1:])
    given = parser().parse_args(argv)
    two = next((name for name in (*SETS, *LINES[:2]) if getattr(given, name) is not None), "")
    task = two or ("slots" if given.slots is not None else given.task)
    collect: tuple[Collect, ...] = tuple(given.collect or ())
    # Depths are those of all values, unless it is asked for them.
    usual = NOTHING if task in ("overlaps", "depth") else None
    options = Options(
        paths=tuple(given.files or ["-"]),
        form=given.format,
        want=Want(
            by=usual if given.by is None else _names(given.by),
            groups=_names(given.group or ""),
            start=given.start_column,
            stop=given.stop_column,
            columns=_names(given.columns or ""),
            kind=None if given.keys is None else KINDS[given.keys],
            inclusive=given.inclusive,
            host_bits=given.host_bits,
            empty=given.empty,
            collect=tuple((one.column, one.op in MEASURES) for one in collect if one.column)
            if collect
            else None,
            lines=task in LINES,
        ),
        ordered=given.sorted,
        jobs=given.jobs,
        strict=given.strict,
        quiet=given.quiet,
        touching=given.touching,
        distance=given.distance,
        task=task,
        other=getattr(given, two) if two else "",
        collect=collect,
        expand=given.expand,
        slots=given.slots,
        within=given.within or "",
        numeric=given.numeric,
        look=given.look or "table",
        out=given.output or "-",
        picture=given.picture,
        width=given.width or max(60, min(120, _columns())),
    )
    _check(options, given)
    return options


# The tasks on which an option has an effect; others may stand beside any.
ONLY = {
    "by": ("merged", "gaps", "overlaps", "depth", "slots", *SETS),
    "within": ("merged", "gaps", "overlaps", "depth", "slots", *SETS),
    "picture": ("merged", "gaps", "overlaps", "depth", "slots", *SETS),
    "distance": ("merged", "gaps", "overlaps", "depth", "cluster", "slots", *SETS),
    "no-touching": ("merged", "gaps", "cluster", "slots", *SETS),
    "expand": ("merged", "gaps", "slots"),
    "collect": ("merged",),
}


def _check(options: Options, given: Any) -> None:
    """Refuse options that have no effect beside the others.

    Raises: UsageError.
    """
    task, want = options.task, options.want
    asked: dict[str, Any] = {**vars(given), "no-touching": not options.touching}
    wrong = {
        f"--{option} has no effect on --{task.replace('_', '-')}": (
            task not in tasks and asked[option] not in (None, False)
        )
        for option, tasks in ONLY.items()
    }
    wrong |= {
        "--distance joins what does not even touch: not with --no-touching": (
            options.distance is not None and not options.touching
        ),
        "standard input can be read only once": [*options.paths, options.other].count("-") > 1,
        "--width is for --picture": given.width is not None and not options.picture,
        "--as svg is for --picture, which has no other --as": (
            (options.look == "svg") is not (options.picture and given.look is not None)
        ),
        "whole lines are printed as they are: not with --as": (
            task in LINES and given.look not in (None, "same")
        ),
        "--columns gives start and stop: not with --start-column or --stop-column": (
            bool(want.columns) and (want.start or want.stop) is not None
        ),
        "--columns wants START,STOP or START,STOP,VALUE": len(want.columns) not in (0, 2, 3),
        "--collect does not go with --expand": bool(options.collect and options.expand),
        "--collect: two fields have the same name": (
            len({one.name for one in options.collect}) < len(options.collect)
        ),
    }
    for why, is_wrong in wrong.items():
        if is_wrong:
            raise UsageError(why)


def _help(names: Sequence[str]) -> None:
    """Print what a format is, or how the program is used; and exit."""
    if not names:
        parser().parse_args(["--help"])
    for name in names:
        form = format_named(name)
        also = [*form.aliases, *(f"files that end in {end}" for end in form.endings)]
        print(f"{form.name}: {form.about}")  # noqa: T201
        print(f"also: {', '.join(also)}" if also else "")  # noqa: T201
        print(form.details or (form.__doc__ or "").strip())  # noqa: T201
        if form.columns:
            print(f"fields for --by, --group, --collect: {', '.join(form.columns)}")  # noqa: T201
    raise SystemExit(0)


class _Parser(argparse.ArgumentParser):
    def _print_message(self, message: str, file: Any = None) -> None:
        super()._print_message(harmless(message), file)


class _Version(argparse.Action):
    """Looks the version up when it is asked for: that takes a while."""

    def __call__(self, parser: argparse.ArgumentParser, *args: object) -> None:
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

        try:
            found = version("rangelist-py")
        except PackageNotFoundError:  # run from a checkout
            found = "(not installed)"
        print(f"rangelist {found}")  # noqa: T201
        parser.exit()


class _Help(argparse.Action):
    """Looks at all formats when help is asked for: that takes a while."""

    def __call__(self, parser: argparse.ArgumentParser, *args: object) -> None:
        text = "\n".join(f"  {form.name:<14}{form.about}" for form in formats())
        parser.epilog = MORE.format(formats=text, prog=parser.prog)
        parser.print_help()
        parser.exit()


def program() -> str:
    """Return how this program was called."""
    name = os.path.basename(sys.argv[0] or "")  # noqa: PTH119  pathlib takes long to import
    return "python -m rangelist" if name in ("__main__.py", "-c", "-m", "") else "rangelist"


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    prog = program()
    top = _Parser(
        prog=prog,
        usage=f"{prog} [OPTION...] [FILE...]\n       {prog} help [FORMAT...]",
        description=ABOUT,
        formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(
            prog, max_help_position=24, width=max(100, _columns())
        ),
        allow_abbrev=False,
        add_help=False,
    )
    top.add_argument("-h", "--help", action=_Help, nargs=0, help=argparse.SUPPRESS)
    top.add_argument("--version", action=_Version, nargs=0, help=argparse.SUPPRESS)
    _input(top.add_argument_group("input"))
    _merging(top.add_argument_group("merging"))
    _results(top)
    _output(top.add_argument_group("output"))
    return top


def _input(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("files", nargs="*", metavar="FILE", help="plain or gzip, bzip2, xz; - or none: stdin")
    add("-f", "--format", metavar="FORMAT", help="else guessed")
    add("--columns", metavar="A,B[,C]", help="numbers or names of start, stop [and value]")
    add("--start-column", metavar="NAME", help=argparse.SUPPRESS)
    add("--stop-column", metavar="NAME", help=argparse.SUPPRESS)
    add("--keys", choices=KINDS, metavar="KIND", help=f"of csv, tsv, jsonl: {', '.join(KINDS)}")
    add("--inclusive", action="store_true", help="their stop column holds the last key itself")
    add("--host-bits", choices=("error", "mask"), help="of 10.0.0.5/8: a bad line, or masked")
    add(
        "--empty",
        choices=("error", "skip", "widen"),
        default="error",
        help="features of length zero: bad, left out, or widened as by bedtools",
    )
    add("--sorted", action="store_true", help="sorted by start: needs no memory")
    add("--jobs", type=_jobs, default=1, metavar="N", help="use N processes for large files")
    add("--strict", action="store_true", help="stop at the first bad line")
    add("--quiet", action="store_true", help="do not say what was guessed")


def _merging(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--group", "--group-column", metavar="COLUMNS", help="keep these apart, too: strand")
    add(
        "--by",
        metavar="COLUMNS",
        help="merge only where these are equal, the later line wins; or: value, nothing",
    )
    add(
        "--touching",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="merge spans that only touch",
    )
    add("--distance", type=_distance, metavar="N", help="merge across gaps of up to N")
    add(
        "--collect",
        type=Collect.parse,
        action="append",
        metavar="NAME=OP[:COLUMN]",
        help=f"of the lines of a span: {', '.join(OPS)}",
    )
    add("--expand", type=_expand, metavar="N[,M]", help="then grow by N before, M or N behind")
    add("--within", metavar="WINDOW", help="only there: START:STOP, or a file of sizes (.fai)")
    add("--numeric", action="store_true", help="groups in natural order: chr2 before chr10")


TASKS = {
    "gaps": "what lies free between the merged spans, and within the window",
    "overlaps": "what several lines cover, and how many",
    "depth": "how many lines cover each stretch, 0 within the window",
    "cluster": "the lines, each with the number of its merged span",
}
OTHERS = {
    "union": "what is in either",
    "intersection": "what is in both",
    "difference": "what is not in FILE",
    "overlapping": "whole lines that overlap FILE",
    "not-overlapping": "whole lines that do not",
}


def _results(top: argparse.ArgumentParser) -> None:
    task = top.add_argument_group("what is printed").add_mutually_exclusive_group()
    for name, about in TASKS.items():
        task.add_argument(f"--{name}", dest="task", action="store_const", const=name, help=about)
    top.set_defaults(task="merged")
    for name, about in OTHERS.items():
        task.add_argument(f"--{name}", metavar="FILE", help=about)
    task.add_argument("--slots", type=_size, metavar="SIZE", help="free places of that size")


def _output(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("-o", "--output", metavar="FILE", help="write a file, all or nothing; it may be an input")
    looks = ", ".join(LOOKS)
    add("--as", dest="look", choices=LOOKS, metavar="LOOK", help=f"{looks}; same: as the input")
    add("--picture", action="store_true", help="draw it, --as svg as a graphic")
    add("--width", type=_width, metavar="COLUMNS", help="of a picture; default: the terminal's")


def _columns() -> int:
    try:
        return int(os.environ.get("COLUMNS", "")) or 80
    except ValueError:
        pass
    try:
        return os.get_terminal_size().columns
    except (OSError, ValueError):
        return 80


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def _number(text: str, least: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= least):
        want = "a number" if least < 0 else f"a number from {least:g} on"
        raise argparse.ArgumentTypeError(f"{text!r}, want {want}")
    return int(number) if number == int(number) else number


def _distance(text: str) -> float:
    return _number(text, 0)


def _size(text: str) -> float:
    size = _number(text, 0)
    if not size:
        raise argparse.ArgumentTypeError(f"{text!r}, want a number above 0")
    return size


def _expand(text: str) -> tuple[float, float]:
    before, comma, after = text.partition(",")
    first = _number(before, -math.inf)
    return first, _number(after, -math.inf) if comma else first


def _jobs(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and 1 <= int(text) <= MOST_JOBS):
        raise argparse.ArgumentTypeError(f"{text!r}, want a number from 1 to {MOST_JOBS}")
    return int(text)


def _width(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and MIN_WIDTH <= int(text) <= 1000):
        raise argparse.ArgumentTypeError(f"{text!r}, want a number from {MIN_WIDTH} to 1000")
    return int(text)


