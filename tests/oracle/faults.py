"""Put single faults into an implementation and see which cases of the oracle find them.

    python tests/oracle/faults.py c/range_list.h examples/js/rangelist.mjs --page PAGE

A fault is one small change of the source: a border moved by one, a condition turned round, a field
or direction exchanged, a statement left out.  60 of them are drawn from all places in function
bodies, always the same ones.  Beside the library stands its adapter: adapter.c or adapter.mjs.
A fault that changes nothing that can be seen is no fault; `EQUIVALENT` says which and why.
"""

from __future__ import annotations

import argparse
import itertools
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rangelist.oracle.corpus import corpus, random_traces
from rangelist.oracle.dialect import dialect_of
from rangelist.oracle.generate import SplitMix64
from rangelist.oracle.runner import run
from rangelist.oracle.session import tuples_session
from rangelist.oracle.target import Pipe
from rangelist.oracle.trace import Trace

COUNT = 60
RANDOM = 40  # random traces, of 200 operations
ENOUGH = 10  # kills after which no other case is asked
PATIENCE = 2  # time-outs after which a fault is given up

# What is no code: what is compiled in a kernel only, comments, strings, lines of the preprocessor.
MASKED = re.compile(
    r"""^\#ifdef\ __KERNEL__\n.*?^\#(?=else|endif)|/\*.*?\*/|//[^\n]*|^[ \t]*\#(?:[^\n]*\\\n)*[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`""",
    re.DOTALL | re.MULTILINE,
)
# A pattern and what takes its place; a statement is a line of its own.
CHANGES = [
    (r"(?<![<>=!-])<(?![<=])", "<="),
    (r"<=", "<"),
    (r"(?<![<>=-])>(?![>=])", ">="),
    (r">=", ">"),
    (r"(?<![=!<>])==(?!=)", "!="),
    (r"!=(?!=)", "=="),
    (r"===", "!=="),
    (r"!==", "==="),
    (r"&&", "||"),
    (r"\|\|", "&&"),
    (r" \+ 1\b", ""),
    (r" - 1\b", ""),
    (r"(?<=\bif \()(?=\S)", "!"),
    (r"\bstart\b", "stop"),
    (r"\bstop\b", "start"),
    (r"\bprev\b", "next"),
    (r"\bnext\b", "prev"),
    (r"\blow\b", "high"),
    (r"\bhigh\b", "low"),
    (r"\bleft\b", "right"),
    (r"\bright\b", "left"),
    (r"\btrue\b", "false"),
    (r"\bfalse\b", "true"),
    (
        r"(?<=\n)[ \t]*(?!return|break|continue|const|let|var)[\w.*>()\[\]-]+ ?[-+]?= ?[^=;\n][^;\n]*;",
        ";",
    ),
    (r"(?<=\n)[ \t]*(?:[\w.]|->)+\([^;\n]*\);", ";"),
]

# Faults that no caller can see, by the line and what it became; and why.
SURVIVOR = "only which of two nodes survives, which no reply tells"
SPARES = "only how many spares are wanted, and the adapter has enough"
EQUIVALENT: dict[tuple[str, str], str] = {
    (
        "cursor->last = range_last_key(node) > high ? high : range_last_key(node);",
        "cursor->last = range_last_key(node) >= high ? high : range_last_key(node);",
    ): "both are the same there",
    (
        "piece = range_halve(rl, node, start, false, work);",
        "piece = range_halve(rl, node, stop, false, work);",
    ): "the piece is given away, and the node gets its span behind that",
    ("high = stop - RANGE_BEYOND;", ";"): "it is that already",
    (
        "if (!range_span_ok(start, stop))",
        "if (!range_span_ok(stop, stop))",
    ): "range_add() asks that again",
    ("range_begin(rl, work);", ";"): SURVIVOR,
    (
        "return node->start >= start && range_last_key(node) <= last ? 1 : 2;",
        "return node->start > start && range_last_key(node) <= last ? 1 : 2;",
    ): SURVIVOR,
    (
        "if (cursor->last == U64_MAX)",
        "if (!cursor->last == U64_MAX)",
    ): "only at the highest of all keys, which the adapter does not use",
    (
        "if ((u64)low + (u64)high > work->nr_spares)",
        "if ((u64)high + (u64)high > work->nr_spares)",
    ): SPARES,
    ("if (range_last_key(node) >= last)", "if (range_last_key(node) > last)"): SPARES,
    (
        "const middle = (low + high) >> 1;",
        "const middle = (low + low) >> 1;",
    ): "the search is slower, its answer the same",
}


class Fault(NamedTuple):
    """One change of a source."""

    start: int
    stop: int
    text: str

    def applied(self, source: str) -> str:
        return source[: self.start] + self.text + source[self.stop :]

    def told(self, source: str) -> tuple[int, str, str]:
        """Return the number of the line, the line, and what became of it."""
        first = source.rfind("\n", 0, self.start + 1) + 1
        last = source.index("\n", self.stop)
        line = source[first:last]
        changed = source[first : self.start] + self.text + source[self.stop : last]
        return source.count("\n", 0, first) + 1, line.strip(), changed.strip()


def bodies(source: str) -> str:
    """Return the source with blanks where no fault may be: outside of function bodies."""
    shown = MASKED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), source)
    kept = [" "] * len(shown)
    stack: list[bool] = []
    for i, c in enumerate(shown):
        if c == "{":
            before = shown[:i].rstrip()
            stack.append(before.endswith((")", "=>", "else", "do")) or (bool(stack) and stack[-1]))
        elif c == "}":
            stack.pop()
        if (stack and stack[-1]) or c == "\n":
            kept[i] = c
    return "".join(kept)


def faults(source: str) -> list[Fault]:
    """Return every fault there is, in an order that is always the same and looks random."""
    shown = bodies(source)
    found = [
        Fault(match.start(), match.end(), text)
        for pattern, text in CHANGES
        for match in re.finditer(pattern, shown)
    ]
    rnd = SplitMix64(60)
    return sorted(found, key=lambda fault: rnd.next())


def build(library: Path, source: str, folder: Path) -> str | None:
    """Build the adapter over a changed library; return the command, `None` if it is no program."""
    adapter = next(library.parent.glob("adapter.*"))
    for path in library.parent.iterdir():
        if path.is_file():
            shutil.copy(path, folder / path.name)
    (folder / library.name).write_text(source, encoding="utf-8")
    if adapter.suffix == ".mjs":
        call = ["node", "--check", str(folder / library.name)]
    else:
        flags = ["-w", "-O1", "-fwrapv", "-o", str(folder / "adapter")]
        call = ["cc", *flags, str(folder / adapter.name)]
    if subprocess.run(call, capture_output=True, check=False).returncode != 0:
        return None
    return f"node {folder / adapter.name}" if adapter.suffix == ".mjs" else str(folder / "adapter")


def kills(traces: list[Trace], command: str, enough: int) -> list[str]:
    """Return the ids of traces that fail, not more than enough of them."""
    found: list[str] = []
    hung = 0
    try:
        target = Pipe(command, timeout=5.0)
    except (ChildProcessError, OSError):
        return ["it does not start"]
    for verdict in run(traces, target):
        if verdict.bad:
            found.append(verdict.trace.id)
            hung += verdict.kind == "timeout"
        if len(found) >= enough or hung >= PATIENCE:
            break
    target.close()
    return found


class Result(NamedTuple):
    """What found a fault."""

    number: int
    line: str
    changed: str
    fixed: list[str]
    drawn: list[str]
    reason: str  # why it is no fault, "" if it is one


def measured(library: Path, count: int) -> Iterator[Result]:
    """Yield what finds each of the faults."""
    source = library.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        command = build(library, source, Path(name))
        assert command is not None, f"{library} cannot be built as it is"
        target = Pipe(command, timeout=60.0)
        claims = target.capabilities
        target.close()
        fixed = list(fitted(corpus(claims), claims))
        drawn = list(fitted(random_traces(RANDOM, claims, 200), claims))
        assert kills([*fixed, *drawn], command, 1) == [], "it is wrong as it is"
    done = 0
    for fault in faults(source):
        if done == count:
            return
        with tempfile.TemporaryDirectory() as name:
            command = build(library, fault.applied(source), Path(name))
            if command is None:
                continue
            done += 1
            number, line, changed = fault.told(source)
            by_fixed, by_drawn = (kills(traces, command, ENOUGH) for traces in (fixed, drawn))
            found = by_fixed or by_drawn
            reason = "" if found else EQUIVALENT.get((line, changed), "")
            yield Result(number, line, changed, by_fixed, by_drawn, reason)


def fitted(traces: Iterator[Trace], claims: frozenset[str]) -> Iterator[Trace]:
    """Yield the traces as they are asked, so that this is found out only once."""
    oracle = tuples_session()
    for trace in traces:
        fit = dialect_of(claims).fit(trace, oracle)
        if not isinstance(fit, str):
            yield fit.trace


def page_of(library: Path, results: list[Result]) -> Iterator[str]:
    """Yield a table: each fault, and what finds it."""
    real = [result for result in results if not result.reason]
    yield f"## {library.as_posix()}: {len(results)} faults, {len(results) - len(real)} of them none"
    yield ""
    by_fixed = sum(bool(result.fixed) for result in real)
    by_drawn = sum(bool(result.drawn) for result in real)
    either = sum(bool(result.fixed or result.drawn) for result in real)
    for told, found in (
        ("default run", either),
        ("fixed corpus alone", by_fixed),
        (f"{RANDOM} random traces alone", by_drawn),
    ):
        yield f"- {told}: {found} of {len(real)} ({100 * found / len(real):.0f} %)"
    lonely = [result for result in real if len(result.fixed) == 1]
    yield f"- found by one fixed case alone: {len(lonely)}"
    yield ""
    yield "| line | was | became | fixed cases | random |"
    yield "|---|---|---|---|---|"
    for result in sorted(results):
        many = "10 or more, " if len(result.fixed) == ENOUGH else f"{len(result.fixed)}: "
        fixed = many + ", ".join(result.fixed[:2]) if result.fixed else "–"
        if result.reason:
            fixed = f"no fault: {result.reason}"
        drawn = f"{len(result.drawn)}" if len(result.drawn) < ENOUGH else f"{ENOUGH} or more"
        cells = (f"`{result.line}`", f"`{result.changed}`", fixed, drawn)
        told = " | ".join(cell.replace("||", "\\|\\|") for cell in cells)
        yield f"| {result.number} | {told} |"
    yield ""


HEAD = """# Which case finds which fault

Made by `make faults` (tests/oracle/faults.py): 60 single faults in each port, drawn from all places
in its functions.  "Fixed" are the cases of `corpus copy`; "random" are the first 40 of
`gen --mixed --ops 200`, of what the port claims.  Of each fault at most ten finders are counted.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--page", type=Path)
    given = parser.parse_args()
    lines = [HEAD]
    survived = 0
    for library in given.library:
        results = []
        for result in measured(library, given.count):
            results.append(result)
            found = f"{len(result.fixed):3} {len(result.drawn):3}"
            print(f"{found}  {result.number}: {result.line}  ->  {result.changed}", flush=True)
        survived += sum(not (r.fixed or r.drawn or r.reason) for r in results)
        lines += page_of(library, results)
    if given.page:
        given.page.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(itertools.chain(*([line] for line in lines if line.startswith(("##", "-"))))))
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
