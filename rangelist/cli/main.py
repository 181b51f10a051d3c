"""One run of the program, and its exit code."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import TextIO, cast

from rangelist.cli.options import Options, parse
from rangelist.cli.output import Output, standard
from rangelist.cli.report import Report, harmless
from rangelist.errors import BadLineError, RangeListError
from rangelist.formats import UnreadableError

__all__ = ["main"]

OK, BAD_LINES, USAGE, UNREADABLE, INTERRUPTED, NOT_READ = 0, 1, 2, 3, 130, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the arguments say; return the exit code, which `--help` explains."""
    # None, if they were closed before this was started.
    out = standard(cast("TextIO | None", sys.stdout))
    err = standard(cast("TextIO | None", sys.stderr)) or io.StringIO()
    try:
        return _main(parse(argv), out, err)
    except SystemExit as stop:  # argparse has said why
        return int(stop.code or 0)
    except UnreadableError as error:
        return _fail(err, error, UNREADABLE)
    except BadLineError as error:
        return _fail(err, error, BAD_LINES)
    except RangeListError as error:  # UsageError, and what the library says of these keys
        return _fail(err, error, USAGE)
    except BrokenPipeError:
        # Python flushes at exit, and would complain once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return NOT_READ
    except OSError as error:
        return _fail(err, f"cannot write: {error}", UNREADABLE)
    except MemoryError:
        why = "too large for the memory; sorted input can be read with --sorted"
        return _fail(err, why, UNREADABLE)
    except KeyboardInterrupt:
        return INTERRUPTED


def _main(asked: Options | str, out: TextIO | None, err: TextIO) -> int:
    if isinstance(asked, str):
        with Output("-", out) as output:
            output.emit([asked])
        return OK
    from rangelist.cli.task import Task  # noqa: PLC0415  the help needs none

    report = Report(err, strict=asked.strict, quiet=asked.quiet)
    try:
        with Output(asked.output, out) as output:
            report.before_waiting = output.flush
            output.emit(Task(asked, report).lines())
    finally:
        report.finish()
    return BAD_LINES if report.any_bad else OK


def _fail(err: TextIO, why: object, code: int) -> int:
    print(f"rangelist: {harmless(str(why))}", file=err)
    return code
