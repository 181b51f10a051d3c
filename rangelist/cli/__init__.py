"""The command line: read intervals, merge them, enumerate the result.

main       exit codes                          options    what may be asked for
task       from options to lines               inputs     from paths to blocks of rows
items      the items of a group, in memory     windows    the part of the axis that counts
answers    from items to what is asked for     spans      sets of points; `valued` has values
collect    fields made of the lines of a span  output     streams to lines; `picture` draws them
crew       processes, with --jobs              parts      a file read by several of them
report     bad lines and notes, on standard error
"""

from __future__ import annotations

import gc
import sys

__all__ = ["run"]


def run() -> None:
    """Be a program."""
    gc.set_threshold(100_000, 20, 100)  # it makes many tuples and few cycles
    try:
        from rangelist.cli.main import main  # noqa: PLC0415  an interrupt may come meanwhile

        code = main()
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
