"""`make table`: run every library that is installed against the oracle, write docs/peers_under_test.md.

Only what stands between the two marks of that page is written; the rest of it is prose.

    python examples/adapters/table.py [--random N] [NAME…]     NAME of libraries.toml; without: all
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections import Counter
from typing import Any

from libraries import HERE, PEERS, Run, libraries

ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "peers_under_test.md"
MARKED = re.compile(r"(<!-- table: begin -->\n).*(<!-- table: end -->)", re.DOTALL)
BAD = ("fail", "crash", "timeout", "garbage")

Report = dict[str, Any]


def ask(run: Run, traces: list[str]) -> Report:
    """Return the oracle's report on one library; `traces` are files or options of its `run`.

    Raises: RuntimeError, if there is none.
    """
    path = os.pathsep.join(filter(None, [str(ROOT), str(PEERS), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-m", "rangelist.oracle", "run", *run.target]
        + ["--format", "json", "--max-troubles", "0", *traces],
        cwd=HERE,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return dict(json.loads(done.stdout))
    except ValueError:
        raise RuntimeError(f"{run.name}: {done.stderr.strip()[-1000:]}") from None


def page_of(reports: dict[Run, Report], skipped: dict[Run, str]) -> str:
    """Return what stands between the marks."""
    return "\n".join(
        [*table(reports), "", *not_for_them(reports), "", *in_their_words([*reports, *skipped])]
        + (["", *not_run(skipped)] if skipped else [])
    )


def table(reports: dict[Run, Report]) -> list[str]:
    """Return a row for each library that was run."""
    head = "| library | version | written with | adapter | passed | failed | not for it |"
    rows = [
        f"| {run.library} | {run.version_told(report['version'])} | {run.way} "
        f"| [{run.file.removeprefix('../')}](../examples/{place(run)}), {run.lines} lines "
        f"| {report['counts']['pass']} | {failed(report)} | {report['counts']['skip']} |"
        for run, report in reports.items()
    ]
    return [head, "|---|---|---|---|---|---|---|", *rows]


def place(run: Run) -> str:
    return run.file.removeprefix("../") if run.file.startswith("../") else f"adapters/{run.file}"


def failed(report: Report) -> int:
    return sum(report["counts"][kind] for kind in BAD)


def not_for_them(reports: dict[Run, Report]) -> list[str]:
    """Return what most of the traces that were not run need, libraries of the same needs together."""
    alike: dict[str, list[str]] = {}
    for run, report in reports.items():
        most = Counter(report["skipped"]).most_common(3)
        alike.setdefault("; ".join(f"{count} {why}" for why, count in most), []).append(f"`{run.name}`")
    lines = [f"* {told} ({', '.join(names)})" for told, names in alike.items()]
    return ["**Not for it**: traces that need what the library has no verb for. The most frequent needs:", "", *lines]


def in_their_words(runs: list[Run]) -> list[str]:
    """Return where libraries differ by choice, and how they say so."""
    lines = ["**Different, by choice**, in the libraries' own words:", ""]
    for run in runs:
        for ours, theirs, where in run.says:
            lines.append(f"* {run.library}, {run.way}: {ours} “{theirs}” ({where})")
    return lines


def not_run(skipped: dict[Run, str]) -> list[str]:
    """Return the libraries that are not installed here, and what each needs."""
    return ["**Skipped here**:", ""] + [f"* {run.library}: {why}" for run, why in skipped.items()]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--random", type=int, default=200, help="random traces for each")
    parser.add_argument("names", nargs="*", help="of libraries.toml; the page is written only without")
    arguments = parser.parse_args(argv)
    runs = [run for run in libraries() if not arguments.names or run.name in arguments.names]
    if unknown := set(arguments.names) - {run.name for run in runs}:
        parser.error(f"no library {', '.join(sorted(unknown))} in libraries.toml")
    reports, skipped = dict[Run, Report](), dict[Run, str]()
    for run in runs:
        if why := run.missing:
            skipped[run] = why
        elif why := run.make():
            raise RuntimeError(f"{run.name} cannot be built: {why}")
        else:
            reports[run] = ask(run, ["--random", str(arguments.random)])
        told = why or f"{reports[run]['counts']['pass']} passed, {failed(reports[run])} failed"
        print(f"{run.name}: {told}", flush=True)
    if not arguments.names:
        text = page_of(reports, skipped)
        page = PAGE.read_text("utf-8")
        if not MARKED.search(page):
            raise RuntimeError(f"{PAGE} has no marks to write between")
        PAGE.write_text(MARKED.sub(lambda marks: f"{marks[1]}{text}\n{marks[2]}", page), "utf-8")
    return 1 if any(failed(report) for report in reports.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
