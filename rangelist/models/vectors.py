"""Hold the models against case files: `python -m rangelist.oracle vectors FILE… [--system NAME]`.

A file is `{"system": …, "cases": [{"name": …, "ops" …, "expect": …}, …]}`.  Its name, or the system
it names, or --system says which model is meant; `replay_NAME.run_case` carries out one case.  One
line is printed for each failure, one for each case that is expected to differ, and the sums.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from rangelist.models.replay import DIFFERS, is_list, is_table

__all__ = ["SYSTEMS", "main", "run_file"]

# What a system is called in a file's "system", and by its files.
SYSTEMS: Final = {
    "maple": ("maple",),
    "itree": ("interval tree", "interval_tree", "itree"),
    "btrfs": ("btrfs", "extent"),
    "mmledger": ("mmledger", "ledger"),
    "vma": ("vma", "virtual memory"),
    "posix_lock": ("posix", "lock"),
}

Case = dict[str, Any]


def main(argv: Sequence[str]) -> int:
    """Run the files; return 1 if anything failed, or nothing was compared."""
    parser = argparse.ArgumentParser(prog="vectors", description="Hold models against case files.")
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--system", choices=sorted(SYSTEMS), help="which model is meant")
    given = parser.parse_args(argv)
    passed = failed = differ = 0
    for name in given.files:
        for lines in run_file(name, given.system):
            if not lines:
                passed += 1
            elif lines[0].startswith(DIFFERS):
                differ += 1
            else:
                failed += 1
            for line in lines:
                say(f"{name}: {line}")
    if differ:
        say(f"{differ} expected to differ, see docs/systems.md")
    say(f"{passed} passed, {failed} failed")
    if not passed + failed:
        say("nothing was compared, so nothing is shown")
    return 1 if failed or not passed else 0


def run_file(name: str, system: str | None = None) -> Iterator[list[str]]:
    """Yield for each case of a file the lines about it; none if it passed."""
    try:
        form: Any = json.loads(Path(name).read_text(encoding="utf-8"), object_pairs_hook=table_of)
    except (OSError, ValueError, RecursionError) as error:
        yield [f"cannot be read: {error}"]
        return
    table = form if is_table(form) else {"cases": form}
    told = table.get("system", "")
    meant = system or system_of(Path(name).stem) or system_of(str(told))
    cases = table.get("cases")
    if not is_list(cases):
        yield ["has no list of cases"]
        return
    if meant is None:
        yield [f"is about {told!r}, want one of {', '.join(SYSTEMS)} (or say --system)"]
        return
    try:
        run: Callable[[Case], list[str]]
        run = importlib.import_module(f"rangelist.models.replay_{meant}").run_case
    except (ImportError, AttributeError) as error:
        yield [f"there is nothing to replay {meant} with: {error}"]
        return
    for case in cases:
        yield judged(run, case)


def table_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the fields of an object.

    Raises: ValueError, for one that is there twice: JSON would keep the last without a word.
    """
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"field {twice!r} is there twice")
    return table


def system_of(text: str) -> str | None:
    """Return the system that a text names."""
    words = text.lower()
    for system, names in SYSTEMS.items():
        if any(name in words for name in names):
            return system
    return None


def judged(run: Callable[[Case], list[str]], case: Case) -> list[str]:
    """Run one case; whatever goes wrong is a line."""
    try:
        lines = run(case)
    except Exception as error:  # noqa: BLE001 - a case from a file may ask for anything
        lines = [f"{str(case)[:80]}: raised {error!r}"]
    lines = [" ".join(line.split()) for line in lines]
    # No failure may hide behind a difference that is expected; of those one line will do.
    return [line for line in lines if not line.startswith(DIFFERS)] or lines[:1]


def say(text: str) -> None:
    """Print a line, also where the terminal has fewer letters."""
    code = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(code, "backslashreplace").decode(code) + "\n")
