"""What each command of `python -m rangelist.oracle` does.  All take the parsed arguments."""

from __future__ import annotations

import importlib
import itertools
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rangelist.errors import BadLineError
from rangelist.oracle import corpus as corpora
from rangelist.oracle import exhaustive as cases
from rangelist.oracle import explain as pictures
from rangelist.oracle import serve as server
from rangelist.oracle import shrink as shrinking
from rangelist.oracle.adapter import ALL, load
from rangelist.oracle.generate import generate, hash_of, text_of
from rangelist.oracle.matrix import matrix_text
from rangelist.oracle.models import dense_session, tuples_session
from rangelist.oracle.report import Report, as_json, as_junit, as_text
from rangelist.oracle.runner import Verdict, fitted, judge
from rangelist.oracle.runner import run as run_all
from rangelist.oracle.script import script_of
from rangelist.oracle.spec import HEADER
from rangelist.oracle.target import Pipe, Target
from rangelist.oracle.trace import Trace, read, write
from rangelist.oracle.trace import complete as completed

FORMATS = {"text": as_text, "json": as_json, "junit": as_junit}


def targets_of(arguments: Namespace) -> list[Target]:
    """Return the implementations named, or the library's own."""
    targets: list[Target] = [Pipe(command, arguments.timeout) for command in arguments.cmd]
    targets += [load(where) for where in arguments.impl]
    if not arguments.several and len(targets) > 1:
        raise OSError("one --cmd or --impl, please")
    return targets or [load()]


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


def traces_of(names: Iterable[str]) -> Iterator[Trace]:
    """Yield the traces of files; - is stdin."""
    for name in names:
        try:
            if name == "-":
                yield from read(sys.stdin, "stdin")
            else:
                with Path(name).open(encoding="utf-8") as lines:
                    yield from read(lines, name)
        except UnicodeDecodeError as error:
            raise BadLineError(f"{name}: not text ({error})") from error


def random_traces(count: int) -> Iterator[Trace]:
    """Yield random traces, half of them near the cursors, half of them with hooks of all kinds."""
    for seed in range(count):
        way = ("equal", "equal", "never", "always")[seed % 4]
        header, *lines = generate(seed, 120, near_cursor=seed % 2 == 0, coalesce=way)
        if seed % 8 > 3:
            others = {hook: values for hook, values in HEADER.items() if hook != "coalesce"}
            header |= {hook: values[seed // 8 % len(values)] for hook, values in others.items()}
        yield Trace(header | {"id": f"gen/{way}-{seed}", "partial": True}, lines)


# ---- commands that judge ----


def run(arguments: Namespace) -> int:
    """Hold one implementation against trace files, or against everything there is."""
    if arguments.traces:
        traces: Iterator[Trace] = traces_of(arguments.traces)
    else:
        traces = itertools.chain(corpora.corpus(), random_traces(arguments.random))
    if arguments.only:
        traces = (trace for trace in traces if trace.id.startswith(arguments.only))
    return report(arguments, traces, whole=not arguments.traces and not arguments.only)


def exhaustive(arguments: Namespace) -> int:
    """Hold one implementation against the exhaustive cases."""
    traces = cases.exhaustive(arguments.points, arguments.depth)
    if arguments.print:
        for trace in traces:
            sys.stdout.write(write([trace]))
        return 0
    return report(arguments, traces, whole=False)


def report(arguments: Namespace, traces: Iterable[Trace], whole: bool) -> int:
    """Run traces, print or store the report; 0 only if all that is claimed passes."""
    target = targets_of(arguments)[0]
    try:
        found = Report(target, run_all(traces, target), whole)
        if arguments.known:
            found.expect(Path(arguments.known).read_text(encoding="utf-8").split())
        text = FORMATS[arguments.format](found)
        if arguments.output:
            Path(arguments.output).write_text(text, encoding="utf-8")
        else:
            sys.stdout.write(text)
        if arguments.save:
            save(found.bad, target, Path(arguments.save))
    finally:
        target.close()
    return 0 if found.ok else 1


def save(bad: Sequence[Verdict], target: Target, folder: Path) -> None:
    """Write failures, made small: as traces, and as scripts that need only the library."""
    folder.mkdir(parents=True, exist_ok=True)
    for verdict in bad[:20]:
        small = smallest(verdict.trace, target)
        name = small.id.replace("/", "_")
        (folder / f"{name}.jsonl").write_text(write([small]), encoding="utf-8")
        (folder / f"{name}.py").write_text(script_of(small, target.name), encoding="utf-8")
        (folder / f"{name}.txt").write_text(
            "\n".join(pictures.explain(small)) + "\n", encoding="utf-8"
        )


def smallest(trace: Trace, target: Target) -> Trace:
    """Shrink a failing trace; say what is right on each line that is left."""
    small = shrinking.shrink(trace, lambda smaller: judge(smaller, target).bad)
    header = small.header | {"id": trace.id}
    return completed(Trace(header, small.lines), tuples_session())


def shrink(arguments: Namespace) -> int:
    """Print the failing traces among the given ones, made small."""
    target = targets_of(arguments)[0]
    failing = 0
    try:
        for trace in traces_of(arguments.traces):
            if not judge(trace, target).bad:
                sys.stderr.write(f"{trace.id} does not fail\n")
                continue
            failing += 1
            small = smallest(trace, target)
            sys.stdout.write(script_of(small, target.name) if arguments.script else write([small]))
            sys.stderr.write(judge(small, target).sentence() + "\n")
    finally:
        target.close()
    return 0 if failing else 1


def diff(arguments: Namespace) -> int:
    """Let two implementations answer the same traces; no oracle is asked."""
    pair = targets_of(arguments)
    if len(pair) != 2:
        raise OSError("diff wants two of --cmd and --impl")
    traces = traces_of(arguments.traces) if arguments.traces else corpora.corpus()
    differing = total = 0
    try:
        for trace in traces:
            total += 1
            if found := difference(trace, pair):
                differing += 1
                say(f"{trace.id}: {found}")
    finally:
        for target in pair:
            target.close()
    say(f"{total} traces, {differing} differ")
    return 1 if differing else 0


def difference(trace: Trace, pair: Sequence[Target]) -> str:
    """Return the first difference in words; a trace that one of them cannot run makes none."""
    fit = fitted(trace, pair[0].capabilities & pair[1].capabilities)
    if isinstance(fit, str):
        return ""
    lines = [fit.trace.header, *fit.trace.lines]
    name, other = (target.name for target in pair)
    if name == other:
        name, other = f"{name} (first)", f"{other} (second)"
    (one, trouble_one), (two, trouble_two) = (target.ask(lines) for target in pair)
    for line, left, right in zip(lines, one, two, strict=False):
        if left != right:
            return f"{text_of(line)}: {name} {text_of(left)}, {other} {text_of(right)}"
    troubled = [
        f"{who} {t.kind}: {t.text}"
        for who, t in ((name, trouble_one), (other, trouble_two))
        if t
    ]
    return ", ".join(troubled)


def matrix(arguments: Namespace) -> int:
    """Print which case holds which law, and how each implementation does."""
    targets = targets_of(arguments)
    try:
        sys.stdout.write(matrix_text(corpora.witnesses(), targets))
    finally:
        for target in targets:
            target.close()
    return 0


# ---- commands that write ----


def serve(arguments: Namespace) -> int:
    """Be the other side of the protocol."""
    if arguments.impl:
        target = load(arguments.impl)
        server.serve(target.session, target.name, target.version, target.capabilities)
        return 0
    session = dense_session() if arguments.dense else tuples_session()
    name = "oracle-dense" if arguments.dense else "oracle"
    server.serve(session, name, corpora.CORPUS_VERSION, ALL)
    return 0


def gen(arguments: Namespace) -> int:
    """Write a random trace, or its hash."""
    if arguments.hash:
        say(hash_of(arguments.seed, arguments.ops, near_cursor=arguments.near_cursor))
        return 0
    made = generate(
        arguments.seed,
        arguments.ops,
        near_cursor=arguments.near_cursor,
        coalesce=arguments.coalesce,
    )
    sys.stdout.writelines(f"{text_of(line)}\n" for line in made)
    return 0


def complete(arguments: Namespace) -> int:
    """Write the traces with `want` filled in."""
    for trace in traces_of(arguments.traces):
        sys.stdout.write(write([completed(trace, tuples_session())]))
    return 0


def explain(arguments: Namespace) -> int:
    """Draw the traces."""
    for trace in traces_of(arguments.traces):
        say("\n".join(pictures.explain(trace)))
    return 0


def corpus(arguments: Namespace) -> int:
    """Copy the corpus, or list its ids."""
    if arguments.action == "list":
        for trace in corpora.corpus():
            say(trace.id)
        return 0
    for path in corpora.copy_to(Path(arguments.folder)):
        say(str(path))
    return 0


def vectors(argv: list[str]) -> int:
    """Hold the models of real systems against case files; `rangelist.models.vectors` does it."""
    runner = importlib.import_module("rangelist.models.vectors")
    return int(runner.main(argv))
