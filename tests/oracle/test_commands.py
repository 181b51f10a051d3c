"""`rangelist-oracle …`: what each command prints, and its exit code."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from rangelist.oracle import commands
from rangelist.oracle.__main__ import main
from rangelist.oracle.corpus import CORPUS_VERSION
from rangelist.oracle.generate import hash_of
from rangelist.oracle.report import Report
from rangelist.oracle.runner import Verdict, run
from rangelist.oracle.shrink import replay_of, shrink, smallest
from rangelist.oracle.spec import CAPABILITIES, Line
from rangelist.oracle.target import InProcess
from rangelist.oracle.trace import Trace, read
from tests.oracle import broken

SERVE = f"{sys.executable} -m rangelist.oracle serve"
BROKEN = "tests.oracle.broken"
SPLIT = """{"trace":1,"id":"mine/split"}
{"op":"set","start":"4","stop":"9","value":"b"}
{"op":"set","start":"20","stop":"28","value":"c","note":"far away"}
{"op":"cursor","c":"A"}
{"op":"next","c":"A","law":"L4"}
{"op":"split","at":"6"}
{"op":"drain","c":"A"}
{"op":"locate","key":"40"}
{"op":"cursor","c":"B","reverse":true}
{"op":"next","c":"B"}
{"op":"at","key":"-1000"}
{"op":"merge","left":"0","right":"40"}
"""
GOOD = '{"trace":1,"id":"good"}\n{"op":"set","start":"0","stop":"4","value":"a"}\n{"op":"dump"}\n'


@pytest.fixture
def trace(tmp_path: Path) -> str:
    """A file with one trace."""
    path = tmp_path / "mine.jsonl"
    path.write_text(SPLIT, encoding="utf-8")
    return str(path)


@pytest.fixture
def good(tmp_path: Path) -> str:
    """A file with a trace that nothing fails."""
    path = tmp_path / "good.jsonl"
    path.write_text(GOOD, encoding="utf-8")
    return str(path)


def said(capsys: pytest.CaptureFixture[str], *argv: str, code: int = 0) -> str:
    """Run a command, check its exit code, return what it printed."""
    assert main(list(argv)) == code
    return capsys.readouterr().out


# ---- run -----------------------------------------------------------------------------------------


def test_run_passes_the_library_and_the_oracle_over_a_pipe(
    trace: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The witnesses, in this process and in another."""
    assert "0 failed, 0 skipped" in said(capsys, "run", "--only", "law")
    assert ": 1 passed, " in said(capsys, "run", trace)
    assert ": 3 passed, " in said(capsys, "run", trace, "--random", "2")
    out = said(capsys, "run", "--only", "law", "--cmd", SERVE, "--timeout", "60")
    assert "0 failed, 0 skipped" in out


def test_run_fails_a_broken_list_and_says_where(
    trace: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The cause, its smallest failures in the words of the protocol, then the sums."""
    out = said(capsys, "run", "--impl", f"{BROKEN}:Forgetful", trace, code=1)
    first, second, *_ = out.splitlines()
    assert first == "fail: split, seen by drain, 1 traces"
    assert second.startswith('  fail mine/split at line 6, {"op":"drain","c":"A"}: want {"ok":')
    assert "0 passed, 1 failed" in out


def test_failures_are_grouped_by_cause_and_the_smallest_is_told_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Hundreds of one cause are three lines."""
    out = said(capsys, "exhaustive", "--points", "3", "--impl", f"{BROKEN}:Forgetful", code=1)
    causes = [line for line in out.splitlines() if line.startswith("fail: ")]
    shown = [line for line in out.splitlines() if line.startswith("  fail ")]
    assert len(causes) < len(shown) <= 3 * len(causes)
    sizes = [int(re.search(r"at line (\d+)", line)[1]) for line in shown]  # type: ignore[index]
    assert sizes[0] == min(sizes)


def test_a_broken_adapter_is_stopped_early(capsys: pytest.CaptureFixture[str]) -> None:
    """After ten crashes of one kind, or as many failures as are said; 0 is never."""
    crashing = ["exhaustive", "--points", "3", "--impl", f"{BROKEN}:Crashing"]
    out = said(capsys, *crashing, code=1)
    assert "stopped after 10 of kind crash (--max-troubles)" in out
    assert "10 crashed" in out
    assert "stopped" not in said(capsys, *crashing, "--max-troubles", "0", code=1)
    forgetful = ["exhaustive", "--impl", f"{BROKEN}:Forgetful", "--max-failures", "2"]
    assert "stopped after 2 failures (--max-failures)" in said(capsys, *forgetful, code=1)


def test_progress_is_told_on_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every few seconds; here after each trace."""
    monkeypatch.setattr(commands, "EVERY", 0.0)
    assert main(["run", "--only", "law/L01"]) == 0
    assert "s: 1 traces, 0 failed\n" in capsys.readouterr().err


def test_run_reports_as_json_as_junit_and_as_a_badge(trace: str, tmp_path: Path) -> None:
    """The same verdicts, for machines; a failure with its trace, and what came instead."""
    report = tmp_path / "report"
    call = ["run", "--impl", f"{BROKEN}:Forgetful", trace, "--output", str(report), "--format"]
    assert main([*call, "json"]) == 1
    form = json.loads(report.read_text(encoding="utf-8"))
    assert (form["ok"], form["counts"]["fail"], form["failures"][0]["count"]) == (False, 1, 1)
    (failure,) = form["failures"][0]["smallest"]
    assert failure["id"] == "mine/split"
    assert failure["got"] != failure["trace"][failure["line"] + 1]["want"]
    assert main([*call, "junit"]) == 1
    suite = ET.fromstring(report.read_text(encoding="utf-8"))
    assert (suite.get("failures"), suite[0][0].tag) == ("1", "failure")
    assert main([*call, "badge"]) == 1
    badge = json.loads(report.read_text(encoding="utf-8"))
    assert (badge["message"], badge["color"]) == ("1 failed", "red")


def test_junit_tells_passes_skips_and_crashes_apart(tmp_path: Path) -> None:
    """Three kinds of cases in one suite, which was written while it ran."""
    report = tmp_path / "report.xml"
    call = ["run", "--only", "edge", "--format", "junit", "--output", str(report)]
    assert main([*call, "--impl", f"{BROKEN}:Crashing"]) == 1
    suite = ET.fromstring(report.read_text(encoding="utf-8"))
    tags = {case[0].tag if len(case) else "pass" for case in suite}
    assert tags == {"pass", "skipped", "error"}
    assert suite.get("tests") == str(len(suite))


def test_only_takes_beginnings_and_patterns(capsys: pytest.CaptureFixture[str]) -> None:
    """Several of them; a * or ? makes a pattern of the whole id."""
    only = ["run", "--only", "law/L01", "--only", "*/L02-late-b*"]
    assert ": 3 passed, " in said(capsys, *only)


def test_version_tells_the_three_versions(capsys: pytest.CaptureFixture[str]) -> None:
    """Of the corpus, of the laws, of the form of a trace."""
    with pytest.raises(SystemExit):
        main(["--version"])
    assert f"corpus {CORPUS_VERSION}, laws 1.1, trace format 1" in capsys.readouterr().out


# ---- no vacuous answer ---------------------------------------------------------------------------


def test_lines_that_are_left_out_are_counted_by_operation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A trace of which no write is left is no pass, and an empty run is none either."""
    path = tmp_path / "t.jsonl"
    path.write_text('{"trace":1}\n{"op":"shift","at":"0","by":"1"}\n{"op":"dump"}\n')
    out = said(capsys, "run", str(path), "--impl", f"{BROKEN}:Lenient", code=1)
    assert "skipped 1: there is no write in it, without shift" in out
    assert "nothing was compared, so nothing is shown" in out
    path.write_text(GOOD + '{"op":"len"}\n{"op":"len"}\n{"op":"shift","at":"0","by":"1"}\n')
    out = said(capsys, "run", str(path), "--impl", f"{BROKEN}:Lenient")
    assert "lines left out, because not claimed: 2 len, 1 shift" in out


def test_a_run_in_which_nothing_ran_is_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 1, and a sentence."""
    empty = tmp_path / "empty.jsonl"
    empty.write_text("", encoding="utf-8")
    assert "nothing was compared" in said(capsys, "run", str(empty), code=1)
    out = said(capsys, "exhaustive", "--points", "2", "--impl", f"{BROKEN}:Unique", code=1)
    assert "nothing was compared" in out


def test_generated_traces_run_as_they_stand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`gen | run -`, although the implementation does not claim all of it."""
    out = said(capsys, "gen", "--traces", "5", "--ops", "50")
    monkeypatch.setattr(sys, "stdin", io.StringIO(out))
    assert ": 5 passed, 0 failed" in said(capsys, "run", "-", "--impl", f"{BROKEN}:Modest")


def test_diff_of_two_that_have_nothing_in_common_is_no_success(
    good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A list and a bag: 0 compared."""
    pair = ["--impl", f"{BROKEN}:Unique", "--impl", f"{BROKEN}:Modest"]
    assert said(capsys, "diff", *pair, good, code=1) == "1 traces, 0 compared, 0 differ\n"


def test_a_list_that_is_always_empty_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """What it answers is right, and so it would be of one that does nothing at all."""
    out = said(capsys, "run", "--impl", f"{BROKEN}:Empty", code=1)
    assert "nothing is shown: of a list that is always empty the same is right" in out
    said(capsys, "exhaustive", "--points", "2", "--impl", f"{BROKEN}:Empty", code=1)


def test_what_is_claimed_and_always_skipped_is_a_failure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It was asked, so this is no claim that no case can show."""
    out = said(capsys, "run", "--impl", f"{BROKEN}:Skipping", code=1)
    assert re.search(r"claimed: set \(asked \d+ times, and it always said skip\)", out)
    assert "claimed: dump" not in out


def test_a_question_has_to_be_about_what_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bag tells nothing about a list, and neither does a cursor that is not there."""
    path = tmp_path / "t.jsonl"
    one = '{"op":"set","start":"0","stop":"4","value":"a","want":{"ok":["0","4","a"]}}\n'
    path.write_text(
        f'{{"trace":1}}\n{one}{{"op":"bag.at","key":"0"}}\n'
        f'{{"trace":1}}\n{one}{{"op":"next","c":"A"}}\n'
        f'{{"trace":1}}\n{one}{{"op":"cursor","c":"A"}}\n'
    )
    assert "skipped 3: there is no question in it" in said(capsys, "run", str(path), code=1)
    path.write_text('{"op":"bag.add","start":"0","stop":"4","value":"a"}\n')
    assert "1 passed" in said(capsys, "run", str(path))  # what is in the bag is asked


def test_only_chooses_exhaustive_cases_too(capsys: pytest.CaptureFixture[str]) -> None:
    """When they are run, and when they are printed."""
    call = ["exhaustive", "--points", "2", "--only", "x2/empty/reads"]
    assert ": 1 passed, " in said(capsys, *call)
    assert said(capsys, *call, "--print").count('"trace"') == 1


# ---- claims --------------------------------------------------------------------------------------


def test_a_word_that_is_no_capability_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the pen looks like a claim."""
    out = said(capsys, "run", "--only", "x4/a0-4", "--impl", f"{BROKEN}:Boasting", code=1)
    assert "claimed: flying (there is no such capability)" in out


def test_a_claim_that_no_case_can_show_is_a_note(capsys: pytest.CaptureFixture[str]) -> None:
    """After the whole corpus; it is no failure."""
    out = said(capsys, "run", "--impl", f"{BROKEN}:Modest")
    assert "note: claimed, and no case has shown it: drain, overlap=new\n" in out


@pytest.mark.parametrize("name", ["Inserting", "Adding", "Points", "Unique", "ByStop", "Unordered"])
def test_a_library_of_another_kind_runs_hundreds_of_cases(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only insert, only add, a set of uint8 with closed spans and void writes, bags of three kinds."""
    out = said(capsys, "run", "--impl", f"{BROKEN}:{name}")
    assert int(re.search(r"(\d+) passed, 0 failed", out)[1]) > 250  # type: ignore[index]


def test_an_empty_span_is_asked_of_every_write_that_is_claimed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Of an implementation that has no other write, too."""
    out = said(capsys, "run", "--random", "0", "--impl", f"{BROKEN}:Lenient", code=1)
    assert '{"op":"set","start":"1","stop":"1","value":"a"}: want {"err":"EmptySpan"}' in out


def test_a_void_write_needs_dump_and_types_of_keys_exclude_each_other(
    capsys: pytest.CaptureFixture[str], good: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was done has to be shown by something."""
    claims = frozenset({*broken.BASE, "set", "at", "void", "key=int8", "key=int16"})
    monkeypatch.setattr(broken.Modest, "capabilities", claims)
    out = said(capsys, "run", good, "--impl", f"{BROKEN}:Modest", code=1)
    assert "void is claimed without dump" in out
    assert "more than one type of keys is claimed: key=int16, key=int8" in out


def test_a_void_write_may_still_be_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Null is taken for the answer of a write, and for nothing else; the dump behind it tells."""

    class Idle(broken.Modelled):
        capabilities = frozenset({*broken.BASE, "set", "dump", "at", "void"})

        def set(self, start: int, stop: int, value: str) -> None:
            """Do nothing."""

        def at(self, key: int) -> None:
            """Say nothing."""

    target = InProcess(Idle, Idle.capabilities, "idle")
    lines: list[Line] = [{"op": "set", "start": "0", "stop": "4", "value": "a"}]
    (verdict,) = run([Trace.of({"trace": 1}, [*lines, {"op": "at", "key": "0"}])], target)
    assert (verdict.kind, verdict.op) == ("fail", "dump")


def test_keys_beyond_the_type_are_neither_sent_nor_made() -> None:
    """A trace ends where a shift would carry the list out of it."""

    class Small(broken.Modelled):
        capabilities = frozenset({*broken.BASE, "set", "shift", "dump", "key=uint8"})

    target = InProcess(Small, Small.capabilities, "small")
    lines: list[Line] = [
        {"op": "set", "start": "0", "stop": "4", "value": "a"},
        {"op": "set", "start": "250", "stop": "256", "value": "a"},
        {"op": "dump"},
        {"op": "shift", "at": "0", "by": "-1"},
        {"op": "shift", "at": "300", "by": "1"},
        {"op": "shift", "at": "0", "by": "300"},
        {"op": "dump"},
    ]
    (verdict,) = run([Trace.of({"trace": 1}, lines)], target)
    assert verdict.kind == "pass"
    assert verdict.dropped == ("set", "shift", "shift", "dump")
    wanted = Trace.of({"trace": 1}, [line | {"want": {"ok": None}} for line in lines])
    (verdict,) = run([wanted], target)
    assert verdict.reason == "stop 256 is beyond the keys that are claimed"


def test_a_trace_of_a_bag_is_told_anew_to_a_bag_that_is_a_set() -> None:
    """What was wanted of a bag that keeps all is not wanted of it."""
    add = {"op": "bag.add", "start": "0", "stop": "4", "value": "a", "want": {"ok": None}}
    both = {"ok": [["0", "4", "a"], ["0", "4", "a"]]}
    trace = Trace.of({"trace": 1}, [add, add, {"op": "bag.overlapping", "want": both}])
    target = InProcess(broken.Unique, broken.Unique.capabilities, "unique")
    assert [verdict.kind for verdict in run([trace], target)] == ["pass"]


# ---- known failures ------------------------------------------------------------------------------


def test_known_failures_are_expected_and_the_list_has_to_shrink(
    trace: str, good: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A known failure is no failure; one that passes is, and so is one that is nowhere."""
    known = tmp_path / "known"
    known.write_text("# what we know\nmine/split  # since long\n\n", encoding="utf-8")
    call = ["run", "--impl", f"{BROKEN}:Forgetful", good, trace, "--known", str(known)]
    assert "1 passed, 0 failed, 1 skipped" in said(capsys, *call)
    folder = tmp_path / "saved"
    out = said(capsys, "run", trace, "--known", str(known), "--save", str(folder), code=1)
    assert "said to fail, and passes" in out
    assert (folder / "mine_split.jsonl").exists()
    known.write_text("mine/split\nmine/nowhere\n", encoding="utf-8")
    assert "known to fail, but there is no mine/nowhere" in said(capsys, *call, code=1)
    assert "no mine/nowhere" not in said(capsys, *call, "--only", "mine/s", "--only", "good")


def test_a_known_failure_that_is_skipped_stays_skipped() -> None:
    """Nothing was shown by it."""
    skipped = Verdict(next(read(SPLIT.splitlines())), "skip", "no walks")
    report = Report(InProcess(broken.Modelled, CAPABILITIES, "mine"), known={"mine/split"})
    report.add(skipped)
    assert (skipped.kind, skipped.reason) == ("skip", "no walks")


# ---- failures that teach -------------------------------------------------------------------------


def test_failures_are_saved_as_trace_picture_and_script(trace: str, tmp_path: Path) -> None:
    """Shrunk: want beside got, drawn; the script asks the implementation that failed."""
    folder = tmp_path / "failures"
    assert main(["run", "--impl", f"{BROKEN}:Forgetful", trace, "--save", str(folder)]) == 1
    saved = (folder / "mine_split.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(saved) <= 6
    last = json.loads(saved[-1])
    assert last["want"] != last["got"]
    picture = (folder / "mine_split.txt").read_text(encoding="utf-8")
    assert re.search(r"    want \{.*\n +want \|.*\|\n    got  \{", picture)
    script = (folder / "mine_split.sh").read_text(encoding="utf-8")
    assert "\nrangelist-oracle serve --impl tests.oracle.broken:Forgetful <<'END'\n" in script
    assert main(["run", str(folder / "mine_split.jsonl")]) == 0


def test_a_script_sends_the_lines_in_the_words_of_the_program() -> None:
    """Nothing but a shell is needed; closed ends are sent closed."""
    lines: list[Line] = [{"op": "set", "start": "0", "stop": "4", "value": "a"}, {"op": "dump"}]
    script = replay_of(Trace.of({"trace": 1}, lines), InProcess(dict, ["ends=closed"], "m:C"))
    assert (
        '\n{"op":"set","start":"0","stop":"3","value":"a"}\n{"op":"dump"}\n{"op":"stop"}\nEND\n'
        in script
    )


def test_shrink_makes_a_trace_small(trace: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As a trace or as a script; a trace that does not fail is told."""
    assert len(said(capsys, "shrink", "--impl", f"{BROKEN}:Forgetful", trace).splitlines()) <= 6
    out = said(capsys, "shrink", "--impl", f"{BROKEN}:Forgetful", trace, "--script")
    assert out.startswith("#!/bin/sh\n")
    assert main(["shrink", trace]) == 1
    assert "mine/split does not fail: pass mine/split" in capsys.readouterr().err


def test_shrink_keeps_the_kind_of_a_failure_and_tells_of_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A crash stays a crash, although a wrong answer can be had with less."""

    path = tmp_path / "crash.jsonl"
    path.write_text(
        '{"trace":1,"id":"crash"}\n{"op":"set","start":"0","stop":"4","value":"a"}\n'
        '{"op":"set","start":"4","stop":"8","value":"b"}\n'
        '{"op":"merge","left":"0","right":"4"}\n{"op":"dump"}\n'
    )
    assert main(["shrink", "--impl", f"{BROKEN}:Twofold", str(path)]) == 0
    captured = capsys.readouterr()
    assert captured.err.startswith("crash crash at line")
    assert '"got":{"crash":"ZeroDivisionError: merge"}' in captured.out
    assert "on the way: fail" in captured.err


def test_shrinking_ends_after_its_limit_with_the_best_so_far() -> None:
    """Fewer tries than it would need."""
    whole = next(read(SPLIT.splitlines()))
    asked = []

    def fails(smaller: Trace) -> bool:
        asked.append(smaller)
        return len(smaller.lines) > 3

    best = shrink(whole, fails, limit=2)
    assert len(asked) == 2
    assert len(whole.lines) > len(best.lines) > 3


def test_making_a_failure_small_ends_after_some_time(trace: str) -> None:
    """Here at once: what there is by then is the answer."""
    target = InProcess(broken.Forgetful, CAPABILITIES, "mine")
    (verdict,) = run(read(SPLIT.splitlines()), target)
    small, other = smallest(verdict, target, seconds=-1.0)
    assert (len(small.trace.lines), other) == (len(verdict.trace.lines), None)


def test_shrinking_says_it_more_simply() -> None:
    """Without the fields that do not matter, with small keys, and with `set` where that does."""
    lines: list[Line] = [
        {"op": "insert", "start": "12", "stop": "20", "value": "b"},
        {"op": "split", "at": "14", "keep": "right"},
        {"op": "cursor", "c": "C", "start": "3", "stop": "9", "reverse": True},
        {"op": "fork", "c": "C", "to": "8"},
        {"op": "shift", "at": "-7", "by": "-2"},
        {"op": "drain", "c": "C"},
    ]
    small = shrink(Trace.of({"trace": 1}, lines), lambda smaller: len(smaller.lines) == 6)
    assert small.lines == [
        {"op": "set", "start": "0", "stop": "0", "value": "a"},
        {"op": "split", "at": "0"},
        {"op": "cursor", "c": "A"},
        {"op": "fork", "c": "A", "to": "8"},
        {"op": "shift", "at": "0", "by": "0"},
        {"op": "next", "c": "A"},
    ]


def test_shrinking_drops_a_header_that_does_not_matter() -> None:
    """The default one says less."""
    trace = Trace.of({"trace": 1, "id": "x", "split": "mark"}, [{"op": "len"}])
    assert shrink(trace, lambda smaller: len(smaller.lines) == 1).header == {"trace": 1}


# ---- the other commands --------------------------------------------------------------------------


def test_exhaustive_prints_its_cases(capsys: pytest.CaptureFixture[str]) -> None:
    """With an id and what is right; for another rule of sameness, too."""
    out = said(capsys, "exhaustive", "--points", "1", "--print").splitlines()
    ids = [json.loads(line)["id"] for line in out if '"trace"' in line]
    assert {"x1/empty/reads", "x1/empty/0/set.0.1.a", "x1/a0-1/0/set.1.1.a"} <= set(ids)
    out = said(capsys, "exhaustive", "--points", "1", "--coalesce", "never", "--print")
    assert '"coalesce":"never","id":"x1-never/empty/reads"' in out
    assert main(["exhaustive", "--points", "1", "--depth", "2"]) == 0


def test_diff_compares_two_without_an_oracle(
    trace: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Equal ones, different ones, one that crashes, one of another dialect."""
    assert (
        main(["diff", "--cmd", SERVE, "--timeout", "60", "--impl", "rangelist:RangeList", trace])
        == 0
    )
    pair = ["--impl", "rangelist:RangeList", "--impl"]
    capsys.readouterr()
    out = said(capsys, "diff", *pair, f"{BROKEN}:Forgetful", trace, code=1)
    assert 'mine/split: {"op":' in out
    assert "Crashing crash" in said(capsys, "diff", *pair, f"{BROKEN}:Crashing", trace, code=1)
    assert main(["diff", *pair, f"{BROKEN}:Points", trace]) == 2
    assert "only one claims ends=closed, void" in capsys.readouterr().err
    assert main(["diff", trace]) == 2


def test_diff_without_traces_takes_the_corpus(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A small one here."""
    monkeypatch.setattr(
        commands.corpora, "corpus", lambda claims: commands.random_traces(1, claims)
    )
    pair = ["--impl", "rangelist:RangeList", "--impl", "rangelist:RangeList"]
    assert said(capsys, "diff", *pair) == "1 traces, 1 compared, 0 differ\n"


def test_two_implementations_of_one_name_are_told_apart() -> None:
    """By the order in which they were named; trouble is told with its reason."""
    (trace,) = read(SPLIT.splitlines())

    def same(make: Callable[[Line], object]) -> InProcess:
        return InProcess(make, CAPABILITIES, "mine")

    def told(make: Callable[[Line], object]) -> Verdict:
        return commands.compare(trace, [same(broken.Modelled), same(make)], CAPABILITIES)

    verdict = told(broken.Forgetful)
    assert re.search(r'\}: mine \(first\) \{"ok":.*, mine \(second\) \{"', verdict.reason)
    verdict = told(broken.Crashing)
    assert (verdict.kind, verdict.reason.split(":")[0]) == ("crash", "mine (second) crash")


def test_what_one_of_two_skips_is_not_compared(
    good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is neither the same nor a difference."""
    pair = ["--impl", "rangelist:RangeList", "--impl", f"{BROKEN}:Skipping"]
    assert said(capsys, "diff", *pair, good, code=1) == "1 traces, 0 compared, 0 differ\n"


def test_diff_and_matrix_stop_at_a_program_that_always_crashes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """After ten crashes, as `run` does."""
    pair = ["--impl", "rangelist:RangeList", "--impl", f"{BROKEN}:Dead"]
    out = said(capsys, "diff", *pair, code=1)
    assert "stopped after 10 of kind crash (--max-troubles)\n10 traces, 10 compared" in out
    rows = said(capsys, "matrix", "--impl", f"{BROKEN}:Dead").splitlines()
    assert "0/5" in rows[2].split()
    assert rows[-1].split()[-1] == "."


def test_explain_draws_list_and_cursors(trace: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One row for a line, one for a cursor; equal neighbours are told apart."""
    out = said(capsys, "explain", trace)
    assert "|bb|bb...........cccccccc|" in out
    assert "-> 28-inf" in out
    assert "-> Missing" in out
    assert "<" in out
    assert "L4" in out


def test_explain_draws_what_came_instead_if_it_can_be_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pieces, one piece; a number and a gap are only told."""
    path = tmp_path / "got.jsonl"
    path.write_text(
        '{"op":"set","start":"0","stop":"8","value":"a","got":{"ok":["0","4","a"]}}\n'
        '{"op":"len","got":{"ok":3}}\n{"op":"gaps","got":{"ok":[["0","4"]]}}\n'
        '{"op":"dump","got":{"crash":"exit code 1"}}\n'
    )
    out = said(capsys, "explain", str(path))
    assert "got |aaaa....|" in out
    assert 'got  {"ok":[["0","4"]]}\n' in out
    assert 'got  {"crash":"exit code 1"}' in out


def test_complete_reads_stdin(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`-` is stdin, as elsewhere."""
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"op":"len"}\n'))
    assert said(capsys, "complete", "-") == '{"trace":1}\n{"op":"len","want":{"ok":0}}\n'


def test_gen_writes_traces_or_a_hash(capsys: pytest.CaptureFixture[str]) -> None:
    """The hash is the one of the lines; mixed ones have hooks."""
    assert said(capsys, "gen", "--seed", "1", "--hash") == hash_of(1) + "\n"
    out = said(capsys, "gen", "--seed", "1", "--ops", "7", "--near-cursor", "--traces", "2")
    assert len(out.splitlines()) == 2 * (1 + 4 + 7)
    mixed_one = said(capsys, "gen", "--mixed", "--ops", "3")
    assert '"id":"mixed/0"' in mixed_one
    digest = hashlib.sha256(mixed_one.encode()).hexdigest()
    assert said(capsys, "gen", "--mixed", "--ops", "3", "--hash") == digest + "\n"
    assert main(["gen", "--mixed", "--coalesce", "never"]) == 2  # it would be left out


def test_corpus_is_listed_and_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All that somebody without Python needs; a header says what its trace needs."""
    assert "law/L11-split-current\n" in said(capsys, "corpus", "list")
    folder = tmp_path / "new" / "folder"
    assert main(["corpus", "copy", str(folder)]) == 0
    names = {path.name for path in folder.iterdir()}
    files = {"law", "plain", "history", "edge", "word", "x4", "x2-right-mark-old", "bag3"}
    documents = {"trace.schema.json", "PROTOCOL.md", "VERSION"}
    assert names == {f"{name}.jsonl" for name in files} | documents
    header = json.loads((folder / "law.jsonl").read_text(encoding="utf-8").splitlines()[0])
    needed = {"set", "remove", "cursor", "next", "walk=E", "resumable"}
    needed |= {"coalesce=equal", "merge=left", "split=copy"}
    assert header["needs"] == sorted(needed)


def test_corpus_is_copied_as_an_implementation_is_asked_it(tmp_path: Path) -> None:
    """So that its own test can send it line by line: what is not claimed is not there."""
    folder = tmp_path / "mine"
    assert main(["corpus", "list", "--impl", f"{BROKEN}:Inserting"]) == 0
    assert main(["corpus", "copy", str(folder), "--impl", f"{BROKEN}:Inserting"]) == 0
    assert {path.name for path in folder.glob("*.jsonl")} == {"x4-never.jsonl"}
    for path in folder.glob("*.jsonl"):
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert {line.get("op", "insert") for line in lines} <= broken.Inserting.capabilities
        assert all("want" in line for line in lines if "op" in line)


def test_matrix_says_what_holds_which_law(capsys: pytest.CaptureFixture[str]) -> None:
    """A row for a law, a column for an implementation, a dot where nothing can be run."""
    names = ["--impl", "rangelist:RangeList", "--impl", f"{BROKEN}:Boasting"]
    out = said(capsys, "matrix", *names)
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines()}
    assert rows["L11"][0] == rows["L11"][1].split("/")[1]
    assert rows["L11"][2] == "."
    assert list(rows)[1:22] == [f"L{number}" for number in range(1, 22)]


def test_vectors_hands_over_to_the_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """All arguments behind the word, and the exit code back."""
    runner = types.ModuleType("rangelist.models.vectors")
    seen: list[list[str]] = []
    runner.main = lambda argv: seen.append(argv) or 1  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rangelist.models.vectors", runner)
    assert main(["vectors", "a.json", "--system", "vma"]) == 1
    assert seen == [["a.json", "--system", "vma"]]


def test_half_of_a_surrogate_is_written_as_json_writes_it(tmp_path: Path) -> None:
    """UTF-8 has no letter for it."""
    path = tmp_path / "odd.jsonl"
    path.write_text('{"op":"set","start":"0","stop":"4","value":"\\ud800"}\n')
    call = [*SERVE.split()[:-1], "complete", str(path)]
    out = subprocess.run(call, capture_output=True, check=True).stdout.decode()
    assert out.splitlines()[1].count("\\ud800") == 2
    assert list(read(out.splitlines()))


def test_stdout_may_be_anything_that_is_written_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """It need not have an encoding."""
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    assert main(["gen", "--ops", "0"]) == 0
    assert out.getvalue().startswith('{"trace":1,')


def test_an_end_that_is_not_zero_is_a_note(
    tmp_path: Path, good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such as a leak that is found at the end."""
    program = tmp_path / "program.py"
    serve = "from rangelist.oracle.__main__ import main\nmain(['serve'])\n"
    program.write_text(serve + "raise SystemExit('a leak')\n", encoding="utf-8")
    call = ["run", "--cmd", f"{sys.executable} {program}", "--timeout", "60", good]
    assert "note: after `stop`: exit code 1: a leak\n" in said(capsys, *call)


# ---- wrong questions -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        ["run", "/no/such/file"],
        ["run", "--impl", "no.such.module:X"],
        ["run", "--impl", "rangelist:NoSuchName"],
        ["run", "--impl", f"{BROKEN}:Forgetful", "--impl", f"{BROKEN}:Crashing"],
        ["run", "--cmd", "/no/such/program"],
        ["run", "--cmd", ""],
        ["run", "--cmd", "'a"],
    ],
)
def test_a_wrong_question_is_answered_with_two(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """And with one line that says what was wrong."""
    assert main(wrong) == 2
    assert capsys.readouterr().err.startswith("error: ")


@pytest.mark.parametrize(
    "wrong", [["exhaustive", "--points", "-1"], ["run", "--random", "x"], ["gen", "--ops", "-3"]]
)
def test_a_number_that_is_none_is_refused(wrong: list[str]) -> None:
    """By the parser, which also exits with 2."""
    with pytest.raises(SystemExit) as raised:
        main(wrong)
    assert raised.value.code == 2


def test_a_file_that_is_no_text_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a traceback."""
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(b"\xff\xfe")
    assert main(["run", str(bad)]) == 2
    assert "bad.jsonl: not text" in capsys.readouterr().err


def test_a_closed_pipe_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """`… | head` ends quietly."""

    def closed(text: str) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(commands, "say", closed)
    assert main(["corpus", "list"]) == 0


CONTROLS = r"""
import sys
for line in sys.stdin:
    if '"start"' in line and '"trace"' in line:
        print('{"ok":{"name":"e\\u001b[1m\\ud800","version":"1","capabilities":'
              '["coalesce=equal","merge=left","split=copy","set","len"]}}', flush=True)
    else:
        sys.exit("bad \x1b[31m\x01")
"""


def test_controls_in_what_a_program_says_leave_the_report_valid(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """XML has no place for them, and a terminal should not obey them."""
    program = tmp_path / "program.py"
    program.write_text(CONTROLS, encoding="utf-8")
    traces = tmp_path / "traces.jsonl"
    text = GOOD.replace("good", "odd\\u0001").replace("dump", "len")
    traces.write_text(text, encoding="utf-8")
    report = tmp_path / "junit.xml"
    call = ["run", "--cmd", f"{sys.executable} {program}", "--timeout", "60", str(traces)]
    assert main([*call, "--format", "junit", "--output", str(report)]) == 1
    suite = ET.parse(report).getroot()
    assert suite.attrib["name"] == r"e\x1b[1m\ud800"
    out = said(capsys, *call, code=1)
    assert r"bad \x1b[31m\x01" in out
    assert all(line.isprintable() for line in out.splitlines())
