"""`python -m rangelist.oracle …`: what each command prints, and its exit code."""

from __future__ import annotations

import io
import json
import os
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
from rangelist.oracle.adapter import ALL
from rangelist.oracle.generate import hash_of
from rangelist.oracle.hooks import hooks_of
from rangelist.oracle.report import Report
from rangelist.oracle.runner import Verdict
from rangelist.oracle.script import script_of
from rangelist.oracle.shrink import shrink
from rangelist.oracle.spec import Line
from rangelist.oracle.target import InProcess, Trouble
from rangelist.oracle.trace import Trace, read
from rangelist.oracle.tuples import Tuples
from tests.oracle import broken

SERVE = f"{sys.executable} -m rangelist.oracle serve"
ROOT = Path(__file__).parents[2]
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


@pytest.fixture
def trace(tmp_path: Path) -> str:
    """A file with one trace."""
    path = tmp_path / "mine.jsonl"
    path.write_text(SPLIT, encoding="utf-8")
    return str(path)


def test_run_passes_the_library_and_the_oracle_over_a_pipe(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The witnesses, in this process and in another."""
    assert main(["run", "--only", "law"]) == 0
    assert main(["run", "--only", "law", "--cmd", SERVE]) == 0
    assert "0 failed, 0 skipped" in capsys.readouterr().out


def test_run_fails_a_broken_list_and_says_where(
    trace: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line for each failure, then the sums."""
    assert main(["run", "--impl", f"{BROKEN}:Forgetful", trace]) == 1
    out = capsys.readouterr().out
    assert out.startswith('fail mine/split at line 6, {"op":"drain","c":"A"}: want')
    assert "0 passed, 1 failed" in out


def test_run_reports_as_json_and_as_junit(trace: str, tmp_path: Path) -> None:
    """The same verdicts, for machines."""
    report = tmp_path / "report"
    call = ["run", "--impl", f"{BROKEN}:Forgetful", trace, "--output", str(report), "--format"]
    assert main([*call, "json"]) == 1
    form = json.loads(report.read_text(encoding="utf-8"))
    assert (form["ok"], form["counts"]["fail"], form["failures"][0]["id"]) == (
        False,
        1,
        "mine/split",
    )
    assert main([*call, "junit"]) == 1
    suite = ET.fromstring(report.read_text(encoding="utf-8"))
    assert (suite.get("failures"), suite[0][0].tag) == ("1", "failure")


def test_junit_tells_passes_skips_and_crashes_apart(tmp_path: Path) -> None:
    """Three kinds of cases in one suite."""
    report = tmp_path / "report.xml"
    call = ["run", "--only", "edge", "--format", "junit", "--output", str(report)]
    assert main([*call, "--impl", f"{BROKEN}:Crashing"]) == 1
    suite = ET.fromstring(report.read_text(encoding="utf-8"))
    tags = {case[0].tag if len(case) else "pass" for case in suite}
    assert tags == {"pass", "skipped", "error"}


def test_a_long_list_of_failures_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    """Fifty are enough to read."""
    assert main(["exhaustive", "--points", "3", "--impl", f"{BROKEN}:Forgetful"]) == 1
    assert "\n... and " in capsys.readouterr().out


def test_failures_are_saved_as_trace_picture_and_script(trace: str, tmp_path: Path) -> None:
    """Shrunk; the script runs, and shows what the library says."""
    folder = tmp_path / "failures"
    assert main(["run", "--impl", f"{BROKEN}:Forgetful", trace, "--save", str(folder)]) == 1
    saved = (folder / "mine_split.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(saved) <= 6
    assert "want" in json.loads(saved[-1])
    assert "|" in (folder / "mine_split.txt").read_text(encoding="utf-8")
    script = folder / "mine_split.py"
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    call = [sys.executable, str(script)]
    done = subprocess.run(call, capture_output=True, text=True, check=True, env=env)
    assert done.stdout


def test_known_failures_are_expected_and_the_list_has_to_shrink(
    trace: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A known failure is no failure; one that passes is."""
    known = tmp_path / "known"
    known.write_text("mine/split\n", encoding="utf-8")
    good = tmp_path / "good.jsonl"
    good.write_text('{"trace":1,"id":"good"}\n{"op":"len"}\n', encoding="utf-8")
    broken_run = ["run", "--impl", f"{BROKEN}:Forgetful", str(good), trace, "--known", str(known)]
    assert main(broken_run) == 0
    assert main(["run", trace, "--known", str(known)]) == 1
    assert "said to fail, and passes" in capsys.readouterr().out


def test_a_claim_that_nothing_shows_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    """After the whole corpus."""
    assert main(["run", "--random", "0", "--impl", f"{BROKEN}:Boasting"]) == 1
    assert "claimed, but nothing has shown it: flying" in capsys.readouterr().out


def test_exhaustive_prints_its_cases(capsys: pytest.CaptureFixture[str]) -> None:
    """With an id and what is right."""
    assert main(["exhaustive", "--points", "1", "--print"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert json.loads(out[0])["id"] == "x1/empty/0/set.0.1.a"
    assert main(["exhaustive", "--points", "1", "--depth", "2"]) == 0


def test_shrink_makes_a_trace_small(trace: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As a trace or as a script; a trace that does not fail is told."""
    assert main(["shrink", "--impl", f"{BROKEN}:Forgetful", trace]) == 0
    assert len(capsys.readouterr().out.splitlines()) <= 6
    assert main(["shrink", "--impl", f"{BROKEN}:Forgetful", trace, "--script"]) == 0
    assert "A = rl.cursor(None, None, reverse=False)" in capsys.readouterr().out
    assert main(["shrink", trace]) == 1
    assert "does not fail" in capsys.readouterr().err


def test_diff_compares_two_without_an_oracle(
    trace: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Equal ones, different ones, one that crashes, one that claims less."""
    assert main(["diff", "--cmd", SERVE, "--impl", "rangelist:RangeList", trace]) == 0
    pair = ["--impl", "rangelist:RangeList", "--impl"]
    assert main(["diff", *pair, f"{BROKEN}:Forgetful", trace]) == 1
    assert "mine/split: {" in capsys.readouterr().out
    assert main(["diff", *pair, f"{BROKEN}:Crashing", trace]) == 1
    assert "Crashing crash" in capsys.readouterr().out
    assert main(["diff", *pair, f"{BROKEN}:Boasting", trace]) == 0
    assert main(["diff", trace]) == 2


def test_diff_without_traces_takes_the_corpus(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A small one here."""
    monkeypatch.setattr(commands.corpora, "corpus", lambda: iter(list(commands.random_traces(1))))
    assert main(["diff", "--impl", "rangelist:RangeList", "--impl", "rangelist:RangeList"]) == 0
    assert capsys.readouterr().out == "1 traces, 0 differ\n"


def test_explain_draws_list_and_cursors(trace: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One row for a line, one for a cursor; equal neighbours are told apart."""
    assert main(["explain", trace]) == 0
    out = capsys.readouterr().out
    assert "|bb|bb...........cccccccc|" in out
    assert "-> 28-inf" in out
    assert "-> Missing" in out
    assert "<" in out
    assert "L4" in out


def test_complete_reads_stdin(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`-` is stdin, as elsewhere."""
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"op":"len"}\n'))
    assert main(["complete", "-"]) == 0
    assert capsys.readouterr().out == '{"trace":1}\n{"op":"len","want":{"ok":0}}\n'


def test_gen_writes_a_trace_or_its_hash(capsys: pytest.CaptureFixture[str]) -> None:
    """The hash is the one of the lines."""
    assert main(["gen", "--seed", "1", "--hash"]) == 0
    assert capsys.readouterr().out == hash_of(1) + "\n"
    assert main(["gen", "--seed", "1", "--ops", "7", "--near-cursor"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 4 + 7


def test_corpus_is_listed_and_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything that somebody without Python needs."""
    assert main(["corpus", "list"]) == 0
    assert "law/L11-split-current\n" in capsys.readouterr().out
    assert main(["corpus", "copy", str(tmp_path / "new" / "folder")]) == 0
    names = {path.name for path in (tmp_path / "new" / "folder").iterdir()}
    assert {
        "laws.jsonl",
        "exhaustive.jsonl",
        "trace.schema.json",
        "PROTOCOL.md",
        "VERSION",
    } <= names


def test_matrix_says_who_holds_which_law(capsys: pytest.CaptureFixture[str]) -> None:
    """A row for a law, a column for an implementation, a dot where nothing can be run."""
    names = ["--impl", "rangelist:RangeList", "--impl", f"{BROKEN}:Boasting"]
    assert main(["matrix", *names]) == 0
    rows = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert rows["L11"] == ["4", "4/4", "."] or rows["L11"][0] == rows["L11"][1].split("/")[1]
    assert list(rows)[1:22] == [f"L{number}" for number in range(1, 22)]


def test_vectors_hands_over_to_the_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """All arguments behind the word, and the exit code back."""
    runner = types.ModuleType("rangelist.models.vectors")
    seen: list[list[str]] = []
    runner.main = lambda argv: seen.append(argv) or 1  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rangelist.models.vectors", runner)
    assert main(["vectors", "a.json", "--system", "vma"]) == 1
    assert seen == [["a.json", "--system", "vma"]]


@pytest.mark.parametrize(
    "wrong",
    [
        ["run", "/no/such/file"],
        ["run", "--impl", "no.such.module:X"],
        ["run", "--impl", "rangelist:NoSuchName"],
        ["run", "--impl", "a:b", "--impl", "c:d"],
        ["run", "--cmd", "/no/such/program"],
    ],
)
def test_a_wrong_question_is_answered_with_two(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """And with one line that says what was wrong."""
    assert main(wrong) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_a_closed_pipe_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """`… | head` ends quietly."""

    def closed(text: str) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(commands, "say", closed)
    assert main(["corpus", "list"]) == 0


def test_the_broken_lists_are_broken_in_one_way_each() -> None:
    """So that a test that catches them catches what it says."""
    assert issubclass(broken.Forgetful, Tuples)
    assert Trouble("crash", "x").kind == "crash"


def test_a_file_that_is_no_text_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a traceback."""
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(b"\xff\xfe")
    assert main(["run", str(bad)]) == 2
    assert "bad.jsonl: not text" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "why"), [("", "--cmd is empty"), ("'a", "No closing quotation")]
)
def test_a_command_that_is_none_is_refused(
    command: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a traceback."""
    assert main(["run", "--cmd", command]) == 2
    assert why in capsys.readouterr().err


def test_a_failure_is_told_in_the_lines_of_the_protocol(
    trace: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not in Python's own form: who reads it writes another language."""
    assert main(["run", "--impl", f"{BROKEN}:Forgetful", trace]) == 1
    failure = capsys.readouterr().out.splitlines()[0]
    assert '{"op":"' in failure
    assert re.search(r'want \{"ok":.*\}, got \{"', failure)


def test_a_run_in_which_nothing_ran_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 1 alone would be a riddle."""
    empty = tmp_path / "empty.jsonl"
    empty.write_text("", encoding="utf-8")
    assert main(["run", str(empty)]) == 1
    assert "no trace was run, so nothing is shown" in capsys.readouterr().out


def test_a_word_that_is_no_capability_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the pen looks like a claim."""
    assert main(["run", "--random", "0", "--impl", f"{BROKEN}:Boasting"]) == 1
    assert "flying (there is no such capability)" in capsys.readouterr().out


CONTROLS = r"""
import sys
for line in sys.stdin:
    if '"start"' in line and '"trace"' in line:
        print('{"ok":{"name":"e\\u001b[1m\\ud800","version":"1","capabilities":'
              '["coalesce=equal","merge=left","split=copy","overlap=new","len"]}}', flush=True)
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
    traces.write_text('{"trace":1,"id":"odd\\u0001"}\n{"op":"len"}\n', encoding="utf-8")
    report = tmp_path / "junit.xml"
    call = ["run", "--cmd", f"{sys.executable} {program}", str(traces)]
    assert main([*call, "--format", "junit", "--output", str(report)]) == 1
    suite = ET.parse(report).getroot()
    assert suite.attrib["name"] == r"e\x1b[1m\ud800"
    assert main(call) == 1
    said = capsys.readouterr().out
    assert r"bad \x1b[31m\x01" in said
    assert all(line.isprintable() for line in said.splitlines())


def test_two_implementations_of_one_name_are_told_apart() -> None:
    """By the order in which they were named; trouble is told with its reason."""
    traces = list(read(SPLIT.splitlines()))

    def same(make: Callable[[Line], Tuples]) -> InProcess:
        return InProcess(make, ALL, "mine")

    good = same(lambda header: Tuples(hooks_of(header)))
    told = commands.difference(traces[0], [good, same(broken.Forgetful)])
    assert re.search(r'\}: mine \(first\) \{"ok":.*, mine \(second\) \{"', told)
    told = commands.difference(traces[0], [good, same(broken.Crashing)])
    assert told.startswith("mine (second) crash: ")


def test_a_single_implementation_is_asked_for_where_one_is_judged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Two are for `diff`."""
    both = ["--impl", f"{BROKEN}:Forgetful", "--impl", f"{BROKEN}:Crashing"]
    assert main(["run", *both]) == 2
    assert "one --cmd or --impl, please" in capsys.readouterr().err


def test_a_known_failure_that_is_skipped_stays_skipped(trace: str) -> None:
    """Nothing was shown by it."""
    skipped = Verdict(next(read(SPLIT.splitlines())), "skip", "no walks")
    report = Report(InProcess(lambda header: Tuples(hooks_of(header)), ALL, "mine"), [skipped], False)
    report.expect(["mine/split"])
    assert (skipped.kind, skipped.reason) == ("skip", "no walks")


def test_shrinking_ends_after_its_limit_with_the_best_so_far() -> None:
    """Fewer tries than it would need."""
    whole = next(read(SPLIT.splitlines()))
    asked = []

    def fails(smaller: Trace) -> bool:
        asked.append(smaller)
        return len(smaller.lines) > 3

    best = shrink(whole, fails, limit=2)
    assert len(asked) == 3  # two, and once whether it needs its header
    assert len(whole.lines) > len(best.lines) > 3


def test_a_script_says_every_kind_of_line() -> None:
    """A sticky walk, one end of a node, a class of the caller's and a model that is none."""
    lines = [
        '{"trace":1,"id":"said"}',
        '{"op":"set","start":"0","stop":"8","value":"a"}',
        '{"op":"cursor","c":"A","sticky":true}',
        '{"op":"next","c":"A"}',
        '{"op":"drain","c":"A"}',
        '{"op":"resize","at":"3","stop":"6"}',
    ]
    trace = next(read(lines))
    script = script_of(trace)
    assert "print(next(A, None))" in script
    assert "print(list(A))" in script
    assert "print(rl.resize(rl.at(3), stop=6))" in script
    assert "from rangelist import RangeList" in script_of(trace, f"{BROKEN}:Forgetful")
    assert "from rangelist.ranges import RangeList" in script_of(trace, "rangelist.ranges:RangeList")
