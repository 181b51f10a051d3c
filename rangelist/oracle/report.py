"""What came of a run, while it runs: as text, as JSON, as JUnit XML, as a badge.

Verdicts are counted and not kept: of the failures of one cause only the smallest few are, so that
millions of traces need no memory.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import IO, Any, Final
from xml.sax.saxutils import escape, quoteattr

from rangelist.oracle.corpus import CORPUS_VERSION
from rangelist.oracle.runner import BAD, TROUBLE, Verdict
from rangelist.oracle.session import over, tuples
from rangelist.oracle.spec import (
    CAPABILITIES,
    DIALECTS,
    FREE,
    LAWS_VERSION,
    SHOWN_BY,
    TRACE_VERSION,
    WRITES,
)
from rangelist.oracle.target import Target
from rangelist.oracle.trace import Trace

__all__ = ["FORMATS", "Report", "printable"]

KEPT: Final = 3  # failures of one cause that are shown
TROUBLES: Final = 10  # crashes of one kind after which to stop
REASONS: Final = 12  # reasons for skipping that are shown
KINDS: Final = ("pass", "fail", "skip", *TROUBLE)


class Report:
    """The sums of one run, and whether the target may say that it conforms."""

    def __init__(self, target: Target, whole: bool = False, known: set[str] | None = None) -> None:
        self.name, self.version, self.claims = target.name, target.version, target.capabilities
        self.whole = whole  # after the whole corpus, a claim that no line has shown is told
        self.known = known or set()
        self.met: set[str] = set()  # known ids that came
        self.counts: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()  # operations of lines that were left out
        self.causes: Counter[tuple[str, str, str]] = Counter()
        self.smallest: dict[tuple[str, str, str], list[Verdict]] = defaultdict(list)
        self.proofs: set[frozenset[frozenset[str]]] = set()
        self.declined: Counter[str] = Counter()  # operations that it said skip to
        self.empty = whole  # while all that passed is right of a list that is always empty
        self.stopped = ""
        self.ending = ""  # what was odd about its end
        self.cases: IO[str] | None = None  # of JUnit, where they are wanted

    def add(self, verdict: Verdict) -> None:
        """Count a verdict.  A known failure is none; one that passes is, so the list shrinks."""
        if verdict.trace.id in self.known:
            self.met.add(verdict.trace.id)
            if verdict.bad:
                verdict.kind, verdict.reason = "skip", "known to fail"
            elif verdict.kind == "pass":
                verdict.kind, verdict.reason = "fail", "it is said to fail, and passes"
        elif verdict.kind == "skip":
            self.declined[verdict.op] += 1
        self.counts[verdict.kind] += 1
        self.dropped.update(verdict.dropped)
        if verdict.kind == "skip":
            self.skipped[verdict.reason] += 1
        elif verdict.kind == "pass":
            self.proofs.add(verdict.proved)
            self.empty = self.empty and right_of_nothing(verdict.trace)
        else:
            self.causes[verdict.group] += 1
            kept = self.smallest[verdict.group]
            kept.append(verdict)
            kept.sort(key=lambda one: one.size)
            del kept[KEPT:]
        if self.cases is not None:
            self.cases.write(junit_case(verdict) + "\n")

    def enough(self, failures: int, troubles: int) -> bool:
        """Tell whether to stop: after so many failures, or crashes of one kind (0: never)."""
        kind = max(TROUBLE, key=self.counts.__getitem__)
        if 0 < troubles <= self.counts[kind]:
            self.stopped = f"stopped after {self.counts[kind]} of kind {kind} (--max-troubles)"
        elif 0 < failures <= self.failed:
            self.stopped = f"stopped after {self.failed} failures (--max-failures)"
        return bool(self.stopped)

    @property
    def failed(self) -> int:
        return sum(self.counts[kind] for kind in BAD)

    @property
    def unproved(self) -> list[str]:
        """What is claimed, and no passing trace has shown: a note, if no case could."""
        if not self.whole or self.stopped:
            return []
        shown = frozenset[str]().union(*(needs for proof in self.proofs for needs in proof))
        return sorted((self.claims & CAPABILITIES) - shown)

    @property
    def problems(self) -> list[str]:
        """What is wrong about the claims, or the list of known failures."""
        words = sorted(self.claims - CAPABILITIES - DIALECTS - FREE)
        found = [f"claimed: {word} (there is no such capability)" for word in words]
        on_lists = {op for op in self.claims & WRITES if SHOWN_BY[op] == "dump"}
        if on_lists and "void" in self.claims and "dump" not in self.claims:
            found.append("void is claimed without dump, which has to show what was done")
        if len(keys := sorted(word for word in self.claims & DIALECTS if word[:4] == "key=")) > 1:
            found.append(f"more than one type of keys is claimed: {', '.join(keys)}")
        if not self.stopped:
            found += [
                f"known to fail, but there is no {id_}" for id_ in sorted(self.known - self.met)
            ]
        found += [
            f"claimed: {op} (asked {self.declined[op]} times, and it always said skip)"
            for op in self.unproved
            if op in self.declined
        ]
        if self.empty and self.counts["pass"] and not self.failed:
            found.append("nothing is shown: of a list that is always empty the same is right")
        return found

    @property
    def ok(self) -> bool:
        return not (self.failed or self.problems) and self.counts["pass"] > 0

    @property
    def failures(self) -> list[tuple[tuple[str, str, str], list[Verdict]]]:
        """The causes, that of the smallest failure first, each with its smallest failures."""
        return sorted(self.smallest.items(), key=lambda item: item[1][0].size)


def right_of_nothing(trace: Trace) -> bool:
    """Tell whether a trace is right of a list and a bag that hold nothing, whatever is written."""
    model = tuples(trace.header)
    session = over(model)
    for line, want in zip(trace.lines, trace.wants, strict=True):
        if session.reply(line) != want:
            return False
        if line["op"] in WRITES:
            model.rows, model.bag = [], []
    return True


def as_text(report: Report) -> Iterator[str]:
    """Yield the failures by cause, what was skipped and left out, notes, and the sums."""
    for cause, kept in report.failures:
        kind, write, op = cause
        seen = f", seen by {op}" if op != write else ""
        yield f"{kind}: {write or op or 'as a whole'}{seen}, {report.causes[cause]} traces"
        yield from (f"  {printable(verdict.sentence(), keep=chr(10))}" for verdict in kept)
    for why, count in report.skipped.most_common(REASONS):
        yield f"skipped {count}: {printable(why)}"
    if rest := sum(count for _, count in report.skipped.most_common()[REASONS:]):
        yield f"skipped {rest}: for other reasons"
    if report.dropped:
        told = ", ".join(f"{count} {op}" for op, count in report.dropped.most_common())
        yield f"lines left out, because not claimed: {told}"
    if report.unproved:
        yield f"note: claimed, and no case has shown it: {', '.join(report.unproved)}"
    if report.ending:
        yield f"note: after `stop`: {printable(report.ending, keep=chr(10))}"
    yield from map(printable, report.problems)
    if report.stopped:
        yield report.stopped
    if not report.counts["pass"] and not report.failed:
        yield "nothing was compared, so nothing is shown"
    counts = report.counts
    yield (
        f"{printable(f'{report.name} {report.version}')}: "
        f"{counts['pass']} passed, {counts['fail']} failed, {counts['skip']} skipped, "
        f"{counts['crash'] + counts['garbage']} crashed, {counts['timeout']} timed out"
    )


def as_json(report: Report) -> Iterator[str]:
    """Yield one object: the sums, and the smallest failures of each cause."""
    form: dict[str, Any] = {
        "name": report.name,
        "version": report.version,
        "ok": report.ok,
        "trace": TRACE_VERSION,
        "laws": LAWS_VERSION,
        "corpus": CORPUS_VERSION,
        "counts": {kind: report.counts[kind] for kind in KINDS},
        "claims": sorted(report.claims),
        "unproved": report.unproved,
        "problems": report.problems,
        "stopped": report.stopped,
        "ending": report.ending,
        "skipped": report.skipped,
        "left_out": report.dropped,
        "failures": [
            {"kind": cause[0], "write": cause[1], "op": cause[2], "count": report.causes[cause]}
            | {"smallest": [told(verdict) for verdict in kept]}
            for cause, kept in report.failures
        ],
    }
    yield json.dumps(form, indent=1)


def told(verdict: Verdict) -> dict[str, Any]:
    form = {
        "id": verdict.trace.id,
        "reason": verdict.reason,
        "line": verdict.at,
        "got": verdict.got,
    }
    return form | {"trace": verdict.trace.text_lines()}


def as_junit(report: Report) -> Iterator[str]:
    """Yield the run as JUnit XML, one case per trace; the cases were written while it ran."""
    counts = report.counts
    errors = sum(counts[kind] for kind in TROUBLE)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<testsuite name={attribute(report.name)} tests="{counts.total()}" '
        f'failures="{counts["fail"]}" errors="{errors}" skipped="{counts["skip"]}">'
    )
    assert report.cases is not None
    with report.cases:
        report.cases.seek(0)
        yield from (line.rstrip("\n") for line in report.cases)
    yield "</testsuite>"


def junit_case(verdict: Verdict) -> str:
    group, _, name = verdict.trace.id.rpartition("/")
    case = f"<testcase classname={attribute(group or 'trace')} name={attribute(name)}"
    if verdict.kind == "pass":
        return case + "/>"
    if verdict.kind == "skip":
        return f"{case}><skipped message={attribute(verdict.reason)}/></testcase>"
    tag = "failure" if verdict.kind == "fail" else "error"
    return (
        f"{case}><{tag} type={attribute(verdict.kind)} message={attribute(verdict.reason)}>"
        f"{escape(printable(verdict.sentence()))}</{tag}></testcase>"
    )


def as_badge(report: Report) -> Iterator[str]:
    """Yield what shields.io draws a badge of ("endpoint")."""
    message = f"{report.counts['pass']} passed" if report.ok else f"{report.failed} failed"
    form = {"schemaVersion": 1, "label": f"interval oracle {CORPUS_VERSION}", "message": message}
    yield json.dumps(form | {"color": "brightgreen" if report.ok else "red"})


FORMATS: dict[str, Callable[[Report], Iterator[str]]] = {
    "text": as_text,
    "json": as_json,
    "junit": as_junit,
    "badge": as_badge,
}


def report_as(form: str, target: Target, whole: bool, known: set[str]) -> Report:
    """Return an empty report, with a place for the cases if its form wants them."""
    report = Report(target, whole, known)
    if form == "junit":
        report.cases = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - see as_junit
    return report


def attribute(text: str) -> str:
    """Quote what a foreign program may have said."""
    return quoteattr(printable(text))


def printable(text: str, keep: str = "") -> str:
    r"""Spell out what no XML may hold and no terminal should obey: controls, halves of surrogates.

    Example:
        >>> printable("\x1b[31mred\ud800")
        '\\x1b[31mred\\ud800'
    """
    return "".join(c if c.isprintable() or c in keep else ascii(c)[1:-1] for c in text)
