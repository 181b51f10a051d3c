"""What came of a run: as text, as JSON, as JUnit XML."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from rangelist.oracle.adapter import ALL
from rangelist.oracle.corpus import CORPUS_VERSION
from rangelist.oracle.runner import Verdict
from rangelist.oracle.spec import LAWS_VERSION, TRACE_VERSION
from rangelist.oracle.target import Target

__all__ = ["Report", "as_json", "as_junit", "as_text"]

FORMATS = ("text", "json", "junit")


class Report:
    """The verdicts of one run, and whether the target may say that it conforms."""

    def __init__(self, target: Target, verdicts: Iterable[Verdict], whole: bool) -> None:
        self.verdicts = list(verdicts)
        self.name, self.version, self.claims = target.name, target.version, target.capabilities
        self.proved = frozenset[str]().union(*(verdict.proved for verdict in self.verdicts))
        # After the whole corpus, a claim that no line has shown is an empty one.
        self.unproved = sorted(self.claims - self.proved) if whole else []

    @property
    def bad(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.bad]

    def expect(self, ids: Iterable[str]) -> None:
        """Take known failures out; one that passes is a failure, so that the list must shrink."""
        known = set(ids)
        for verdict in self.verdicts:
            if verdict.trace.id not in known:
                continue
            if verdict.bad:
                verdict.kind, verdict.reason = "skip", "known to fail"
            elif verdict.kind == "pass":
                verdict.kind, verdict.reason = "fail", "it is said to fail, and passes"

    @property
    def ok(self) -> bool:
        return not self.bad and not self.unproved and any(v.kind == "pass" for v in self.verdicts)

    def counts(self) -> dict[str, int]:
        found = Counter(verdict.kind for verdict in self.verdicts)
        return {
            kind: found[kind] for kind in ("pass", "fail", "skip", "crash", "timeout", "garbage")
        }


def as_text(report: Report) -> str:
    """Return one line per failure, why traces were skipped, and the sums."""
    lines = [printable(verdict.sentence()) for verdict in report.bad[:50]]
    if len(report.bad) > 50:
        lines.append(f"... and {len(report.bad) - 50} more")
    skipped = Counter(verdict.reason for verdict in report.verdicts if verdict.kind == "skip")
    lines += [f"skipped {count}: {printable(why)}" for why, count in skipped.most_common(12)]
    lines += [
        f"claimed, but nothing has shown it: {printable(word)}"
        + ("" if word in ALL else " (there is no such capability)")
        for word in report.unproved
    ]
    if not (report.ok or report.bad or report.unproved):
        lines.append("no trace was run, so nothing is shown")
    sums = report.counts()
    who = printable(f"{report.name} {report.version}")
    lines.append(
        f"{who}: {sums['pass']} passed, {sums['fail']} failed, {sums['skip']} skipped, "
        f"{sums['crash'] + sums['garbage']} crashed, {sums['timeout']} timed out"
    )
    return "\n".join(lines) + "\n"


def as_json(report: Report) -> str:
    """Return everything but the passes one by one."""
    form: dict[str, Any] = {
        "name": report.name,
        "version": report.version,
        "ok": report.ok,
        "trace": TRACE_VERSION,
        "laws": LAWS_VERSION,
        "corpus": CORPUS_VERSION,
        "counts": report.counts(),
        "claims": sorted(report.claims),
        "unproved": report.unproved,
        "failures": [
            {
                "id": v.trace.id,
                "kind": v.kind,
                "reason": v.reason,
                "line": v.at,
                "trace": [v.trace.header, *v.trace.lines],
            }
            for v in report.bad
        ],
        "skipped": dict(Counter(v.reason for v in report.verdicts if v.kind == "skip")),
    }
    return json.dumps(form, indent=1) + "\n"


def as_junit(report: Report) -> str:
    """Return the run as JUnit XML, one case per trace."""
    sums = report.counts()
    errors = sums["crash"] + sums["timeout"] + sums["garbage"]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            (
                f'<testsuite name={attribute(report.name)} tests="{len(report.verdicts)}" '
                f'failures="{sums["fail"]}" errors="{errors}" skipped="{sums["skip"]}">'
            ),
            *junit_cases(report.verdicts),
            "</testsuite>\n",
        ]
    )


def junit_cases(verdicts: Sequence[Verdict]) -> Iterable[str]:
    for verdict in verdicts:
        group, _, name = verdict.trace.id.rpartition("/")
        case = f"<testcase classname={attribute(group or 'trace')} name={attribute(name)}"
        if verdict.kind == "pass":
            yield case + "/>"
        elif verdict.kind == "skip":
            yield f"{case}><skipped message={attribute(verdict.reason)}/></testcase>"
        else:
            tag = "failure" if verdict.kind == "fail" else "error"
            yield (
                f"{case}><{tag} type={attribute(verdict.kind)} message={attribute(verdict.reason)}>"
                f"{escape(printable(verdict.sentence()))}</{tag}></testcase>"
            )


def attribute(text: str) -> str:
    """Quote what a foreign program may have said."""
    return quoteattr(printable(text))


def printable(text: str) -> str:
    r"""Spell out what no XML may hold and no terminal should obey: controls, halves of surrogates.

    Example:
        >>> printable("\x1b[31mred\ud800")
        '\\x1b[31mred\\ud800'
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
