"""`rangelist-oracle`: the reference, for implementations in any language.

    run         hold an implementation against the corpus, or against trace files
    exhaustive  hold it against every case over a few points (or print the cases)
    serve       speak the protocol on stdin and stdout
    gen         write random traces
    complete    fill in what is right
    shrink      make a failing trace small
    diff        let two implementations answer the same traces
    explain     draw a trace, step by step
    corpus      copy the corpus to a folder
    matrix      which law is held by which case, and by which implementation
    vectors     hold the models of real systems against case files

Exit 0: everything claimed is right, and something was compared.  1: something is wrong, or nothing
was compared.  2: the question was wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from rangelist.errors import RangeListError
from rangelist.oracle import commands
from rangelist.oracle.corpus import CORPUS_VERSION
from rangelist.oracle.report import FORMATS, TROUBLES
from rangelist.oracle.spec import HOOKS, LAWS_VERSION, TRACE_VERSION

__all__ = ["main", "run"]

EPILOG = "Formats, protocol and all operations: rangelist/oracle/PROTOCOL.md"
VERSION = f"%(prog)s: corpus {CORPUS_VERSION}, laws {LAWS_VERSION}, trace format {TRACE_VERSION}"


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="rangelist-oracle",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=VERSION)
    subs = top.add_subparsers(dest="command", required=True)

    def command(name: str, *, targets: int = 0, traces: str = "") -> argparse.ArgumentParser:
        sub = subs.add_parser(name)
        sub.set_defaults(run=getattr(commands, name), several=targets > 1)
        if targets:
            option = sub.add_argument
            option("--cmd", action="append", default=[], help="program that speaks the protocol")
            option("--impl", action="append", default=[], help="module:Class in this process")
            option("--timeout", type=float, default=5.0, help="seconds for one reply")
        if traces:
            sub.add_argument("traces", nargs=traces, help="trace files, - for stdin")
        return sub

    run = command("run", targets=1, traces="*")
    reporting(run)
    run.add_argument("--random", type=natural, metavar="N", help="random ones as well; 20")
    exhaustive = command("exhaustive", targets=1)
    reporting(exhaustive)
    exhaustive.add_argument("--points", type=natural, default=4, help="keys 0 to N")
    exhaustive.add_argument("--depth", type=natural, default=1, help="operations in a row")
    exhaustive.add_argument("--coalesce", choices=HOOKS["coalesce"], help="the rule of sameness")
    exhaustive.add_argument("--print", action="store_true", help="print the cases instead")
    serve = command("serve")
    served = serve.add_mutually_exclusive_group()
    served.add_argument("--impl", default="", help="module:Class; default: the oracle itself")
    served.add_argument("--dense", action="store_true", help="the second oracle")
    generating(command("gen"))
    command("complete", traces="+")
    shrink = command("shrink", targets=1, traces="+")
    shrink.add_argument("--script", action="store_true", help="as a shell script")
    troubles(command("diff", targets=2, traces="*"))
    command("explain", traces="+")
    corpus = command("corpus", targets=1)
    corpus.add_argument("action", choices=("copy", "list"), help="the files, or the ids only")
    corpus.add_argument("folder", nargs="?", default="corpus", help="where to; default: corpus")
    command("matrix", targets=2)
    return top


def generating(gen: argparse.ArgumentParser) -> None:
    """Add the options of `gen`."""
    gen.add_argument("--seed", type=int, default=0, help="the same seed, the same trace")
    gen.add_argument("--ops", type=natural, default=1000, help="how many, behind the four cursors")
    gen.add_argument(
        "--traces", type=natural, default=1, metavar="N", help="of N seeds from there on"
    )
    gen.add_argument("--mixed", action="store_true", help="other hooks, and spans that are empty")
    gen.add_argument("--near-cursor", action="store_true", help="most keys near a cursor")
    gen.add_argument("--coalesce", choices=HOOKS["coalesce"], help="of the header; equal")
    gen.add_argument("--hash", action="store_true", help="print only the SHA-256")


def reporting(sub: argparse.ArgumentParser) -> None:
    """Add what `run` and `exhaustive` have in common."""
    option = sub.add_argument
    option("--only", action="append", default=[], metavar="PATTERN", help="ids that begin so")
    option("--format", choices=FORMATS, default="text")
    option("--output", help="file for the report")
    option("--save", metavar="DIR", help="write failures there, shrunk: trace, picture, script")
    option("--known", metavar="FILE", help="ids that are expected to fail, one a line")
    option("--max-failures", type=natural, default=0, metavar="N", help="stop after N; 0: never")
    troubles(sub)


def troubles(sub: argparse.ArgumentParser) -> None:
    help_ = "stop after N crashes or time-outs; 0: never"
    sub.add_argument("--max-troubles", type=natural, default=TROUBLES, metavar="N", help=help_)


def natural(text: str) -> int:
    """Read a number that is not negative.

    Raises: ValueError, which the parser tells as a wrong argument.
    """
    if (number := int(text)) < 0:
        raise ValueError(text)
    return number


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    if reconfigure := getattr(sys.stdout, "reconfigure", None):
        reconfigure(errors="backslashreplace")  # half of a surrogate, as JSON writes it
    if given[:1] == ["vectors"]:
        # Its options are its own.
        return commands.vectors(given[1:])
    arguments = parser().parse_args(given)
    try:
        return int(arguments.run(arguments))
    except (RangeListError, OSError, ImportError, AttributeError) as error:
        if isinstance(error, BrokenPipeError):
            return 0
        sys.stderr.write(f"error: {error}\n")
        return 2


def run() -> None:
    """Run as a program."""
    sys.exit(main())


if __name__ == "__main__":
    run()
