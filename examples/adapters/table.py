"""`make table`: hold every library that is installed against the oracle, write the results page.

Only what stands between the marks of docs/peers_under_test.md is written; the rest is prose.

    python examples/adapters/table.py [--random N] [NAME…]     NAME of libraries.toml; without: all
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from libraries import HERE, PEERS, Run, libraries

ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "peers_under_test.md"
BAD = ("fail", "crash", "timeout", "garbage")

Report = dict[str, Any]


def ask(run: Run, traces: list[str]) -> Report:
    """Return the oracle's report on one library; `traces` are files or options of its `run`.

    Raises: RuntimeError, if there is none.
    """
    command = [sys.executable, "-m", "rangelist.oracle", "run", *run.target]
    path = [str(ROOT), str(PEERS), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [*command, "--format", "json", "--max-troubles", "0", *traces],
        cwd=HERE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return dict(json.loads(done.stdout))
    except ValueError:
        raise RuntimeError(f"{run.name}: {done.stderr.strip()[-1000:]}") from None


def failed(report: Report) -> int:
    return sum(report["counts"][kind] for kind in BAD)


# ---- the page


def page_of(page: str, reports: dict[Run, Report], skipped: dict[Run, str]) -> str:
    """Return the page with what stands between its marks written anew."""
    kept = {run: report for run, report in reports.items() if run.promised}
    walks = {run: report for run, report in reports.items() if not run.promised}
    results = (
        table(kept),
        not_for_them(kept),
        in_their_words([*kept, *skipped]),
        not_installed(skipped),
    )
    page = between(page, "results", "\n\n".join(map("\n".join, results)))
    return between(page, "walks", "\n".join(table_of_walks(walks)))


def between(page: str, name: str, text: str) -> str:
    """Return the page with a text between two marks.

    Raises: ValueError, if it has no such marks.
    """
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    head, found, rest = page.partition(begin)
    _, closed, tail = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"the page has no {begin.strip()} … {end}")
    return f"{head}{begin}{text}\n{end}{tail}"


def table(reports: dict[Run, Report]) -> Iterator[str]:
    """Yield a row for each library that was run."""
    yield "| library | version | written with | adapter | passed | failed | not for it |"
    yield "|---|---|---|---|---|---|---|"
    for run, report in reports.items():
        source = f"[{run.source.relative_to(ROOT / 'examples')}](../{run.source.relative_to(ROOT)})"
        counts = f"{report['counts']['pass']} | {failed(report)} | {report['counts']['skip']}"
        about = f"{run.library} | {run.version_told(report['version'])} | {run.way}"
        yield f"| {about} | {source}, {run.lines} lines | {counts} |"


def table_of_walks(reports: dict[Run, Report]) -> Iterator[str]:
    """Yield a row for each loop over a container that is changed in it."""
    yield "| library | version | loop | as the laws say | otherwise | raised |"
    yield "|---|---|---|---|---|---|"
    for run, report in reports.items():
        counts = report["counts"]
        told = f"{counts['pass']} | {counts['fail']} | {failed(report) - counts['fail']}"
        yield f"| {run.library} | {run.version_told(report['version'])} | {run.way} | {told} |"


def not_for_them(reports: dict[Run, Report]) -> Iterator[str]:
    """Yield what the traces need that were not run; libraries with the same needs come together."""
    yield "**Not for it**: traces that need what the library has no verb for. Most need:"
    yield ""
    alike: dict[str, list[str]] = {}
    for run, report in reports.items():
        most = Counter(report["skipped"]).most_common(3)
        told = "; ".join(f"{count} {why.removeprefix('needs ')}" for why, count in most)
        alike.setdefault(told, []).append(run.name)
    for told, names in alike.items():
        yield f"* {', '.join(names)}: {told}"


def in_their_words(runs: list[Run]) -> Iterator[str]:
    """Yield where libraries differ by choice, and how they say so."""
    yield "**Different by choice**, in the libraries' own words:"
    yield ""
    for run in runs:
        for ours, theirs, where in run.says:
            yield f"* {run.library}, {run.way}: {ours} “{theirs}” ({where})"


def not_installed(skipped: dict[Run, str]) -> Iterator[str]:
    """Yield what was skipped, and what each library would have needed."""
    yield "**Skipped**, because it is not installed where this page was written:"
    yield ""
    yield from [f"* {run.library}: {why}" for run, why in skipped.items()] or ["* none"]


# ---- the command


def chosen(argv: list[str]) -> tuple[list[Run], int, bool]:
    """Return which libraries to run, how many random traces, and whether these are all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--random", type=int, default=200, help="random traces for each")
    parser.add_argument("names", nargs="*", help="of libraries.toml; no page is written then")
    arguments = parser.parse_args(argv)
    known = {run.name: run for run in libraries()}
    if unknown := sorted(set(arguments.names) - known.keys()):
        parser.error(f"no library {', '.join(unknown)}, want one of {', '.join(known)}")
    runs = [known[name] for name in arguments.names or known]
    return runs, arguments.random, not arguments.names


def main(argv: list[str]) -> int:
    runs, random, everything = chosen(argv)
    reports, skipped = dict[Run, Report](), dict[Run, str]()
    for run in runs:
        if why := run.missing:
            skipped[run] = why
            print(f"{run.name}: {why}", flush=True)
            continue
        if why := run.make():
            raise RuntimeError(f"{run.name} cannot be built: {why}")
        report = reports[run] = ask(run, ["--random", str(random)])
        print(f"{run.name}: {report['counts']['pass']} passed, {failed(report)} failed", flush=True)
    if everything:
        PAGE.write_text(page_of(PAGE.read_text("utf-8"), reports, skipped), "utf-8")
    return 1 if any(failed(report) for run, report in reports.items() if run.promised) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
