"""The command line: read intervals, merge them, enumerate the result.

options    what may be asked for               inputs    from paths to records
task       from options to lines               columns   the items of a group, in memory
answers    from items to what is asked for     job       from items to merged streams
output     streams to lines                    picture   streams to drawings
crew       processes, with --jobs              parts     a file read by several of them
report     bad lines and progress, on standard error
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from rangelist.cli.crew import Crew
from rangelist.cli.options import parse
from rangelist.cli.output import emit
from rangelist.cli.report import Report
from rangelist.cli.task import Task
from rangelist.errors import BadLineError
from rangelist.formats import UnreadableError, UsageError

__all__ = ["main", "run"]

OK, BAD_LINES, USAGE, UNREADABLE, INTERRUPTED, NOBODY_READS = 0, 1, 2, 3, 130, 141


def run() -> None:
    """Be a program."""
    sys.exit(main())


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the arguments say; return the exit code, which `--help` explains."""
    out, err = _stream(sys.stdout), _stream(sys.stderr)
    try:
        return _main(argv, out, err)
    except SystemExit as stop:  # argparse has said why
        return int(stop.code or 0)
    except UsageError as error:
        return _fail(err, error, USAGE)
    except UnreadableError as error:
        return _fail(err, error, UNREADABLE)
    except BadLineError as error:
        return _fail(err, error, BAD_LINES)
    except BrokenPipeError:
        # Python flushes at exit, and would complain once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        return NOBODY_READS
    except OSError as error:
        return _fail(err, f"cannot write: {error}", UNREADABLE)
    except MemoryError:
        return _fail(
            err, "too large for the memory; sorted input can be read with --sorted", UNREADABLE
        )
    except KeyboardInterrupt:
        return INTERRUPTED


def _main(argv: Sequence[str] | None, out: TextIO, err: TextIO) -> int:
    options = parse(argv)
    report = Report(err, strict=options.strict)
    try:
        with Crew(options.jobs) as crew:
            emit(Task(options, report, crew).lines(), out)
        out.flush()
    finally:
        report.finish()
    return BAD_LINES if report.any_bad else OK


def _stream(stream: TextIO | None) -> TextIO:
    """Return a stream that takes bytes which were no UTF-8 as they came; none takes all."""
    if stream is None:  # closed by whoever started this
        return io.StringIO()
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="surrogateescape")
    return stream


def _fail(err: TextIO, why: object, code: int) -> int:
    print(f"rangelist: {why}", file=err)
    return code
