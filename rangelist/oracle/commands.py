"""What each command of `python -m rangelist.oracle` does.  All take the parsed arguments."""

from __future__ import annotations

import importlib
import sys
import time
from argparse import Namespace
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import chain, islice
from pathlib import Path

from rangelist.errors import BadLineError
from rangelist.oracle import corpus as corpora
from rangelist.oracle import exhaustive as cases
from rangelist.oracle import explain as pictures
from rangelist.oracle import session as sessions
from rangelist.oracle.corpus import random_traces
from rangelist.oracle.dialect import dialect_of
from rangelist.oracle.generate import digest_of, generate, mixed
from rangelist.oracle.real import load
from rangelist.oracle.report import FORMATS, TROUBLES, Report, report_as
from rangelist.oracle.runner import BAD, Verdict, judge
from rangelist.oracle.runner import run as run_all
from rangelist.oracle.session import dense_session, text_of, tuples_session
from rangelist.oracle.shrink import replay_of, smallest
from rangelist.oracle.spec import CAPABILITIES, DIALECTS, Line
from rangelist.oracle.target import Pipe, Target
from rangelist.oracle.trace import Trace, read, write
from rangelist.oracle.trace import complete as completed

EVERY = 5.0  # seconds between two lines of progress
RANDOM = 20  # traces, behind the corpus
SAVED = 20  # failures that --save writes


def targets_of(arguments: Namespace) -> list[Target]:
    """Return the implementations named, or the library's own."""
    targets: list[Target] = [Pipe(command, arguments.timeout) for command in arguments.cmd]
    targets += [load(where) for where in arguments.impl]
    if not arguments.several and len(targets) > 1:
        raise OSError("one --cmd or --impl, please")
    return targets or [load()]


def close(targets: Iterable[Target]) -> None:
    """End them."""
    for target in targets:
        target.close()


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


def chosen(id_: str, patterns: Sequence[str]) -> bool:
    """Tell whether an id begins as one of the patterns says, or matches it if it has a * or ?."""
    return not patterns or any(
        fnmatchcase(id_, pattern) if set(pattern) & set("*?[") else id_.startswith(pattern)
        for pattern in patterns
    )


# ---- commands that judge ----


def run(arguments: Namespace) -> int:
    """Hold one implementation against trace files, or against everything there is."""
    (target,) = targets_of(arguments)
    claims = target.capabilities
    if arguments.traces:
        traces = traces_of(arguments.traces)
    else:
        traces = corpora.corpus(claims)
    wanted = arguments.random
    number = wanted if wanted is not None else 0 if arguments.traces else RANDOM
    traces = chain(traces, random_traces(number, claims))
    return report(arguments, target, traces, whole=not arguments.traces)


def exhaustive(arguments: Namespace) -> int:
    """Hold one implementation against the exhaustive cases."""
    (target,) = targets_of(arguments)
    claims = target.capabilities
    if arguments.coalesce:
        claims = frozenset(word for word in claims if not word.startswith("coalesce="))
        claims |= target.capabilities & {f"coalesce={arguments.coalesce}"}
    traces = cases.exhaustive(arguments.points, arguments.depth, claims)
    if arguments.print:
        target.close()
        for trace in traces:
            if chosen(trace.id, arguments.only):
                sys.stdout.write(write([trace]))
        return 0
    return report(arguments, target, traces, whole=True)


def report(arguments: Namespace, target: Target, traces: Iterable[Trace], whole: bool) -> int:
    """Run traces, print or store the report; 0 only if all that is claimed passes."""
    if arguments.only:
        traces, whole = (trace for trace in traces if chosen(trace.id, arguments.only)), False
    known = known_ids(arguments.known, arguments.only) if arguments.known else set[str]()
    found = report_as(arguments.format, target, whole, known)
    try:
        for verdict in watched(run_all(traces, target)):
            found.add(verdict)
            if found.enough(arguments.max_failures, arguments.max_troubles):
                break
        target.close()
        found.ending = target.ending
        lines = (f"{line}\n" for line in FORMATS[arguments.format](found))
        if arguments.output:
            with Path(arguments.output).open("w", encoding="utf-8") as file:
                file.writelines(lines)
        else:
            sys.stdout.writelines(lines)
        if arguments.save:
            save((kept[0] for _, kept in found.failures), target, Path(arguments.save))
    finally:
        target.close()
    return 0 if found.ok else 1


def watched(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    """Yield verdicts; every few seconds say on stderr how far the run is."""
    began = told = time.monotonic()
    bad = 0
    for done, verdict in enumerate(verdicts, 1):
        bad += verdict.bad
        now = time.monotonic()
        if now - told >= EVERY:
            told = now
            sys.stderr.write(f"{now - began:.0f} s: {done} traces, {bad} failed\n")
        yield verdict


def known_ids(name: str, only: Sequence[str]) -> set[str]:
    """Return the ids of a file, one a line; what follows a # is a comment."""
    lines = Path(name).read_text(encoding="utf-8").splitlines()
    ids = {line.partition("#")[0].strip() for line in lines} - {""}
    return {id_ for id_ in ids if chosen(id_, only)}


def save(bad: Iterable[Verdict], target: Target, folder: Path) -> None:
    """Write failures, made small: as traces, as pictures, as scripts that ask the same again."""
    folder.mkdir(parents=True, exist_ok=True)
    for verdict in islice(bad, SAVED):
        sys.stderr.write(f"making {verdict.trace.id} small\n")
        small, _ = smallest(verdict, target)
        trace = with_got(small)
        path = folder / trace.id.replace("/", "_")
        texts = {
            ".jsonl": write([trace]),
            ".txt": "\n".join([small.sentence(), *pictures.explain(trace)]) + "\n",
            ".sh": replay_of(trace, target),
        }
        for suffix, text in texts.items():
            file = path.with_name(path.name + suffix)
            file.write_text(text, encoding="utf-8", errors="backslashreplace")


def with_got(verdict: Verdict) -> Trace:
    """Return the trace of a failure, with what came instead on the line that went wrong."""
    trace, at = verdict.trace, verdict.at
    if at is None:
        return trace
    got = verdict.got or {verdict.kind: verdict.reason}
    lines = [line | {"got": got} if i == at else line for i, line in enumerate(trace.lines)]
    return trace._replace(lines=lines)


def shrink(arguments: Namespace) -> int:
    """Print the failing traces among the given ones, made small."""
    (target,) = targets_of(arguments)
    failing = 0
    try:
        for trace in traces_of(arguments.traces):
            verdict = judge(trace, target)
            if not verdict.bad:
                sys.stderr.write(f"{trace.id} does not fail: {verdict.sentence()}\n")
                continue
            failing += 1
            small, other = smallest(verdict, target)
            found = with_got(small)
            sys.stdout.write(replay_of(found, target) if arguments.script else write([found]))
            sys.stderr.write(f"{small.sentence()}\n")
            if other is not None:
                sys.stderr.write(f"on the way: {other.sentence()}\n{write([with_got(other)])}")
    finally:
        target.close()
    return 0 if failing else 1


def diff(arguments: Namespace) -> int:
    """Let two implementations answer the same traces; no oracle is asked what is right."""
    pair = targets_of(arguments)
    if len(pair) != 2:
        raise OSError("diff wants two of --cmd and --impl")
    one, two = (target.capabilities for target in pair)
    if apart := sorted((one ^ two) & {"void", "ends=closed"}):
        raise OSError(f"the two cannot be compared: only one claims {', '.join(apart)}")
    claims = (one & two) | ((one | two) & DIALECTS)
    traces = traces_of(arguments.traces) if arguments.traces else corpora.corpus(claims)
    found = Report(pair[0])
    try:
        for verdict in watched(compare(trace, pair, claims) for trace in traces):
            found.add(verdict)
            if verdict.bad:
                say(f"{verdict.trace.id}: {verdict.reason}")
            if found.enough(0, arguments.max_troubles):
                say(found.stopped)
                break
    finally:
        close(pair)
    compared = found.counts["pass"] + found.failed
    say(f"{found.counts.total()} traces, {compared} compared, {found.failed} differ")
    return 1 if found.failed or not compared else 0


def compare(trace: Trace, pair: Sequence[Target], claims: frozenset[str]) -> Verdict:
    """Let two implementations answer a trace; what one of them skips is not compared."""
    dialect = dialect_of(claims)
    fit = dialect.fit(trace, tuples_session())
    if isinstance(fit, str):
        return Verdict(trace, "skip", fit)
    lines = [fit.trace.header, *fit.trace.lines]
    names = [target.name for target in pair]
    if names[0] == names[1]:
        names = [f"{names[0]} (first)", f"{names[0]} (second)"]
    (one, trouble_one), (two, trouble_two) = (dialect.ask(target, lines) for target in pair)
    for line, *replies in zip(lines, one, two, strict=False):
        if any("skip" in reply for reply in replies):
            return Verdict(trace, "skip", "one of them said skip")
        if not any(dialect.right(line, *both) for both in (replies, replies[::-1])):
            told = (f"{name} {text_of(reply)}" for name, reply in zip(names, replies, strict=True))
            return Verdict(trace, "fail", f"{text_of(line)}: {', '.join(told)}")
    for name, trouble in zip(names, (trouble_one, trouble_two), strict=True):
        if trouble is not None:
            return Verdict(trace, trouble.kind, f"{name} {trouble.kind}: {trouble.text}")
    return Verdict(trace, "pass")


def matrix(arguments: Namespace) -> int:
    """Print which case holds which law, and how each implementation does."""
    targets = targets_of(arguments)
    table: dict[str, list[Trace]] = defaultdict(list)
    for trace in corpora.witnesses():
        told = {str(line["law"]) for line in (trace.header, *trace.lines) if "law" in line}
        for law in {law for text in told for law in text.split()} or {"other"}:
            table[law].append(trace)
    in_order = sorted(table, key=lambda word: (not word[1:].isdigit(), word[1:].zfill(3)))
    reports = [Report(target) for target in targets]
    rows = [["law", "cases", *(target.name for target in targets)]]
    try:
        for law in in_order:
            cells = [cell(table[law], *both) for both in zip(targets, reports, strict=True)]
            rows.append([law, str(len(table[law])), *cells])
    finally:
        close(targets)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        say("  ".join(f"{word:{width}}" for word, width in zip(row, widths, strict=True)).rstrip())
    return 0


def cell(traces: Sequence[Trace], target: Target, report: Report) -> str:
    """Return passed/run; a dot says that nothing was run."""
    kinds = Counter[str]()
    for verdict in () if report.stopped else run_all(traces, target):
        report.add(verdict)
        kinds[verdict.kind] += 1
        if report.enough(0, TROUBLES):
            break
    bad = sum(kinds[kind] for kind in BAD)
    return f"{kinds['pass']}/{kinds['pass'] + bad}" if kinds["pass"] + bad else "."


# ---- commands that write ----


def serve(arguments: Namespace) -> int:
    """Be the other side of the protocol."""
    if arguments.impl:
        target = load(arguments.impl)
        sessions.serve(target.session, target.name, target.version, target.capabilities)
        return 0
    session = dense_session() if arguments.dense else tuples_session()
    name = "oracle-dense" if arguments.dense else "oracle"
    sessions.serve(session, name, corpora.CORPUS_VERSION, CAPABILITIES)
    return 0


def gen(arguments: Namespace) -> int:
    """Write random traces, or the hash of one."""
    seed, ops, near = arguments.seed, arguments.ops, arguments.near_cursor
    if arguments.mixed and (near or arguments.coalesce):
        raise OSError(
            "--mixed chooses hooks and places itself, want no --coalesce, no --near-cursor"
        )
    for one in range(seed, seed + arguments.traces):
        if arguments.mixed:
            lines: Iterable[Line] = mixed(one, ops).text_lines()
        else:
            lines = generate(one, ops, near_cursor=near, coalesce=arguments.coalesce or "equal")
        if arguments.hash:
            say(digest_of(lines))
        else:
            sys.stdout.writelines(f"{text_of(line)}\n" for line in lines)
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
    """Copy the corpus, as it is or as an implementation would be asked; or list its ids."""
    traces = corpora.corpus()
    if arguments.cmd or arguments.impl:
        (target,) = targets_of(arguments)
        target.close()
        traces = asked_of(target.capabilities)
    if arguments.action == "list":
        for trace in traces:
            say(trace.id)
    else:
        for path in corpora.copy_to(Path(arguments.folder), traces):
            say(str(path))
    return 0


def asked_of(claims: frozenset[str]) -> Iterator[Trace]:
    """Yield the corpus as an implementation with these capabilities is asked it."""
    dialect, oracle = dialect_of(claims), tuples_session()
    for trace in corpora.corpus(claims):
        fit = dialect.fit(trace, oracle)
        if not isinstance(fit, str):
            yield fit.trace


def vectors(argv: list[str]) -> int:
    """Hold the models of real systems against case files; `rangelist.models.vectors` does it."""
    runner = importlib.import_module("rangelist.models.vectors")
    return int(runner.main(argv))
