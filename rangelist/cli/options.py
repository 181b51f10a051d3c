"""What the command line understands."""

from __future__ import annotations

import argparse
import math
import shutil
from collections.abc import Sequence
from dataclasses import dataclass

from rangelist.cli.job import OPERATIONS
from rangelist.cli.output import LOOKS
from rangelist.draw import MIN_WIDTH
from rangelist.formats import FORMATS, UsageError, Want
from rangelist.formats.kinds import KINDS, Kind

__all__ = ["Options", "parse"]

ABOUT = """\
Read intervals, merge those that overlap or touch, and enumerate the result.
Spans are half-open: start is inside, stop is not."""

MORE = """\
formats:
{formats}

exit codes:
  0    all is well
  1    some lines were bad: they are reported, the result is made from the others;
       with --strict nothing is read after the first
  2    the options are wrong, or do not go together with this input
  3    an input cannot be read, has an unknown format, or is not sorted as --sorted says
  130  interrupted
  141  whoever reads the output has stopped

examples:
  python -m rangelist /proc/self/maps
  python -m rangelist --by nothing --gaps /proc/self/maps
  python -m rangelist --output same reads.bed.gz > merged.bed
  python -m rangelist --difference blocked.txt allowed.txt
  python -m rangelist --start-column from --stop-column to --by owner --picture plan.csv
"""


MOST_JOBS = 256  # a slip of a finger must not begin a million processes


@dataclass(frozen=True)
class Options:
    """The command line, checked."""

    paths: tuple[str, ...]
    form: str | None
    want: Want
    ordered: bool
    jobs: int
    strict: bool
    touching: bool
    distance: float | None
    task: str
    other: str
    look: str
    picture: bool
    width: int


def parse(argv: Sequence[str] | None) -> Options:
    """Return what is asked for.

    Raises: UsageError; SystemExit, for --help and for what argparse finds wrong.
    """
    given = parser().parse_args(argv)
    operation = next((name for name in OPERATIONS if getattr(given, name) is not None), "")
    kind: Kind | None = None if given.keys is None else KINDS[given.keys]
    options = Options(
        paths=tuple(given.files or ["-"]),
        form=given.format,
        want=Want(
            by=None if given.by is None else tuple(given.by.split(",")),
            start=given.start_column,
            stop=given.stop_column,
            group=given.group_column,
            kind=kind,
            inclusive=given.inclusive,
        ),
        ordered=given.sorted,
        jobs=given.jobs,
        strict=given.strict,
        touching=given.touching,
        distance=given.distance,
        task=operation or given.task,
        other=getattr(given, operation) if operation else "",
        look=given.output,
        picture=given.picture,
        width=given.width or max(60, min(120, shutil.get_terminal_size().columns)),
    )
    if options.distance is not None and not options.touching:
        raise UsageError("--distance joins what does not even touch: not with --no-touching")
    if [*options.paths, options.other].count("-") > 1:
        raise UsageError("standard input can be read only once")
    return options


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    formats = "\n".join(f"  {name:<11}{form.about}" for name, form in FORMATS.items())
    top = argparse.ArgumentParser(
        prog="python -m rangelist",
        description=ABOUT,
        epilog=MORE.format(formats=formats),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _input(top.add_argument_group("input"))
    _merging(top.add_argument_group("merging"))
    _output(top)
    return top


def _input(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "files", nargs="*", metavar="FILE", help="files to read, plain or gzipped; - or none: stdin"
    )
    add("-f", "--format", choices=FORMATS, help="what the files are; else guessed")
    add("--start-column", metavar="NAME", help="column or field of the first key (csv, tsv, jsonl)")
    add("--stop-column", metavar="NAME", help="column or field of the key behind the last one")
    add("--group-column", metavar="NAME", help="column or field whose values are separate lists")
    add("--keys", choices=KINDS, help="what the keys of csv, tsv, jsonl are; else guessed")
    add("--inclusive", action="store_true", help="their stop column holds the last key itself")
    add(
        "--sorted",
        action="store_true",
        help="the input is sorted by start: read it in constant memory, however large",
    )
    add(
        "--jobs",
        type=_jobs,
        default=1,
        metavar="N",
        help="use N processes for large files; what is small, gzipped, csv, tsv, jsonl, standard "
        "input or --sorted is read by one",
    )
    add("--strict", action="store_true", help="stop at the first bad line")


def _merging(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--by",
        metavar="FIELDS",
        help="merge only where these fields (a,b,...) are equal; where others overlap, the later "
        "line wins. 'value': what the format calls so; 'nothing': merge all",
    )
    add(
        "--touching",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="merge spans that only touch",
    )
    add(
        "--distance",
        type=_distance,
        metavar="N",
        help="merge also across gaps of at most N (keys; days for dates, seconds for times)",
    )


TASKS = {
    "gaps": "show what lies free between the merged spans",
    "overlaps": "show what several lines cover, and how many",
}


def _output(top: argparse.ArgumentParser) -> None:
    group = top.add_argument_group("output")
    task = group.add_mutually_exclusive_group()
    add = task.add_argument
    for name, about in TASKS.items():
        add(f"--{name}", dest="task", action="store_const", const=name, help=about)
    top.set_defaults(task="merged")
    add("--union", metavar="FILE", help="add the spans of another file where there are none")
    add("--intersection", metavar="FILE", help="keep what is in another file, too")
    add("--difference", metavar="FILE", help="keep what is not in another file")
    add = group.add_argument
    add("-o", "--output", choices=LOOKS, default="table", help="default: table; same: as the input")
    add("--picture", action="store_true", help="draw it instead")
    add("--width", type=_width, metavar="COLUMNS", help="of a picture; default: the terminal's")


def _distance(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= 0):
        raise argparse.ArgumentTypeError(f"{text!r}, want a number from 0 on")
    return int(number) if number == int(number) else number


def _jobs(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and 1 <= int(text) <= MOST_JOBS):
        raise argparse.ArgumentTypeError(f"{text!r}, want a number from 1 to {MOST_JOBS}")
    return int(text)


def _width(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and MIN_WIDTH <= int(text) <= 1000):
        raise argparse.ArgumentTypeError(f"{text!r}, want a number from {MIN_WIDTH} to 1000")
    return int(text)
