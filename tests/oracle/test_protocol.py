"""The dialogue over a pipe: reply, error and skip are not crash, time-out and garbage."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rangelist.oracle import session
from rangelist.oracle.dialect import with_last, with_stop
from rangelist.oracle.runner import judge, run
from rangelist.oracle.session import serve, tuples_session
from rangelist.oracle.spec import Line
from rangelist.oracle.target import InProcess, Pipe
from rangelist.oracle.trace import DEFAULT_HEADER, Trace
from tests.oracle import broken

SERVE = f"{sys.executable} -m rangelist.oracle serve"
CLAIMS = ["set", "len", "coalesce=equal", "merge=left", "split=copy", "overlap=new"]

ASKED = [{"op": "set", "start": "0", "stop": "1", "value": "a"}, {"op": "len"}]

# A program that answers `start` and headers, and then does something else at `len`.
ODD = """
import json, sys, time
for raw in sys.stdin:
    line = json.loads(raw)
    if line.get("op") == "start":
        me = {"name": "odd", "version": "1", "capabilities": CLAIMS}
        print(json.dumps({"ok": me}), flush=True)
    elif line.get("op") == "len":
        BODY
    elif line.get("op") == "set":
        print('{"ok":["0","1","a"]}', flush=True)
    else:
        print('{"ok":null}', flush=True)
"""


def odd(folder: Path, body: str) -> str:
    """Write the odd program; return its command."""
    path = folder / "odd.py"
    path.write_text(ODD.replace("CLAIMS", repr(CLAIMS)).replace("BODY", body), encoding="utf-8")
    return f"{sys.executable} {path}"


def dialogue(*lines: object) -> list[dict[str, object]]:
    """Let `serve` answer lines through two pipes of this process."""
    source, ours = os.pipe()
    theirs, sink = os.pipe()
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    os.write(ours, "".join(f"{text}\n" for text in texts).encode())
    os.close(ours)
    serve(tuples_session(), "me", "1", ["set"], source, sink)
    os.close(sink)
    os.close(source)
    with os.fdopen(theirs) as answers:
        return [json.loads(answer) for answer in answers]


def started(command: str, timeout: float) -> Pipe:
    """Start a program, however busy the machine is; from then on it has little time."""
    target = Pipe(command, timeout=60.0)
    target.timeout = timeout
    return target


def reason(command: str, timeout: float = 60.0) -> str:
    """Return why a program fails."""
    target = started(command, timeout)
    try:
        return judge(Trace.of(DEFAULT_HEADER, ASKED), target).reason
    finally:
        target.close()


def test_serve_answers_each_line_with_one_line() -> None:
    """start, a header, operations, errors, nonsense, stop; nothing after stop."""
    assert dialogue(
        {"op": "start", "trace": 1},
        {"trace": 1},
        {"op": "set", "start": "0", "stop": "8", "value": "ä"},
        {"op": "at", "key": "9"},
        {"op": "merge", "left": "0", "right": "9"},
        {"trace": 1, "merge": "odd"},
        "no json",
        "[]",
        {"op": "stop"},
        {"op": "len"},
    ) == [
        {"ok": {"name": "me", "version": "1", "capabilities": ["set"]}},
        {"ok": None},
        {"ok": ["0", "8", "ä"]},
        {"ok": None},
        {"err": "Missing"},
        {"err": "BadLine"},
        {"err": "BadLine"},
        {"err": "BadLine"},
        {"ok": None},
    ]


def test_serve_ends_with_its_input() -> None:
    """Without `stop` too."""
    assert dialogue({"op": "len"}) == [{"ok": 0}]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("sys.exit(3)", "crash"),
        ("raise ValueError('boom')", "crash"),
        ("time.sleep(9)", "timeout"),
        ("while True: print('[', end='', flush=True)", "timeout"),
        ("print('hello', flush=True)", "garbage"),
        ("print('[]', flush=True)", "garbage"),
        ('print(\'{"ok":1,"err":2}\', flush=True)', "garbage"),
        ("while True: print('[' * 1000000, end='')", "garbage"),
        ("print('{\"ok\":' + '[' * 100000 + ']' * 100000 + '}', flush=True)", "garbage"),
        ('print(\'{"ok":1}\\n{"ok":1}\\n\', end="", flush=True)', "garbage"),
        ('print(\'{"ok":1}\\nand\', end="", flush=True)', "garbage"),
        ("print('{\"ok\":7}', flush=True)", "fail"),
        ('print(\'{"err":"Gap"}\', flush=True)', "fail"),
        ('print(\'{"skip":"cannot"}\', flush=True)', "skip"),
        ("print('{\"ok\":1}', flush=True)", "pass"),
    ],
)
def test_a_verdict_tells_a_wrong_reply_from_no_reply(body: str, kind: str, tmp_path: Path) -> None:
    """A reply, an error reply and a skip are answers; the other three are troubles."""
    kinds = []
    for _ in range(2):
        target = started(odd(tmp_path, body), 0.5 if kind == "timeout" else 60.0)
        kinds.append(judge(Trace.of(DEFAULT_HEADER, ASKED), target).kind)
        target.close()
    assert kinds == [kind, kind]


def test_a_program_that_closes_its_output_but_lives_has_crashed(tmp_path: Path) -> None:
    """It is not waited for longer than for a reply."""
    target = started(odd(tmp_path, "import os; os.close(1); time.sleep(30)"), timeout=3)
    verdict = judge(Trace.of(DEFAULT_HEADER, ASKED), target)
    target.close()
    assert verdict.kind == "crash"
    assert "closed its output" in verdict.reason


def test_a_crash_tells_the_exit_code_and_the_last_words(tmp_path: Path) -> None:
    """The last ten lines of stderr: what is told last is not always the cause."""
    assert reason(odd(tmp_path, "sys.exit('boom')")) == "exit code 1: boom"
    words = reason(odd(tmp_path, "sys.stderr.write('\\n'.join(map(str, range(20)))); sys.exit(3)"))
    assert words == "exit code 3: " + "".join(f"\n    {line}" for line in range(10, 20))


def test_a_timeout_asks_whether_stdout_is_flushed(tmp_path: Path) -> None:
    """The most frequent slip in a new adapter, at the start and later."""
    assert "(is stdout flushed?)" in reason(odd(tmp_path, "time.sleep(9)"), timeout=0.5)
    with pytest.raises(ChildProcessError, match="is stdout flushed"):
        Pipe("sleep 60", timeout=0.2)


def test_numbers_in_the_place_of_keys_are_named(tmp_path: Path) -> None:
    """A reply that is right but for that says so."""
    body = 'print(\'{"ok":[0,1,"a"]}\', flush=True)'
    program = odd(tmp_path, body).split()
    text = Path(program[1]).read_text(encoding="utf-8")
    Path(program[1]).write_text(text.replace('["0","1","a"]', '[0,1,"a"]'), encoding="utf-8")
    assert reason(" ".join(program)).endswith('got {"ok":[0,1,"a"]} (keys are strings)')


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            "print('{\"ok\":1}'); sys.stdout.flush(); sys.exit()",
            'fail unnamed: at the header: want {"ok":null}, got {"ok":1}',
        ),
        ("sys.exit(3)", "crash unnamed: at the header: exit code 3"),
    ],
)
def test_a_header_that_goes_wrong_is_no_fault_of_the_first_line(
    body: str, reason: str, tmp_path: Path
) -> None:
    """It is told as what it is."""
    program = odd(tmp_path, "pass").split()
    text = Path(program[1]).read_text(encoding="utf-8")
    header = "    elif 'trace' in line:\n        " + body + "; sys.stdout.flush()\n"
    text = text.replace(
        '    elif line.get("op") == "len"', header + '    elif line.get("op") == "len"'
    )
    Path(program[1]).write_text(text, encoding="utf-8")
    target = started(" ".join(program), 60.0)
    verdict = judge(Trace.of(DEFAULT_HEADER, ASKED), target)
    target.close()
    assert (verdict.sentence(), verdict.group[1:]) == (reason, ("", ""))


@pytest.mark.parametrize("claims", ['"set"', "[1]", "3", "null", '{"set":true}'])
def test_capabilities_that_are_no_list_of_words_are_refused(claims: str) -> None:
    """A string would be a list of letters."""
    hello = f'{{"ok":{{"name":"x","version":"1","capabilities":{claims}}}}}'
    with pytest.raises(ChildProcessError, match="did not start"):
        Pipe(["sh", "-c", f"read line; echo '{hello}'; read line"])


@pytest.mark.parametrize("command", ["FOO=1 ./a", "a | b", "a|b", "a && b", "a 2>b", "(a)"])
def test_a_command_that_wants_a_shell_is_refused(command: str) -> None:
    """None is started, so its signs would be arguments, silently."""
    with pytest.raises(OSError, match="has no shell, found"):
        Pipe(command)


@pytest.mark.parametrize("program", ["true", "cat", "echo nonsense"])
def test_a_program_that_does_not_speak_the_protocol_is_refused(program: str) -> None:
    """At `start`, with what it said instead."""
    with pytest.raises(ChildProcessError, match="did not start"):
        Pipe(program, timeout=2)


def test_a_program_that_dies_between_traces_is_a_crash_and_comes_back() -> None:
    """Writing to it fails, which is no error of ours."""
    target = Pipe(SERVE)
    assert target.process is not None
    target.process.kill()
    target.process.wait()
    trace = Trace.of(DEFAULT_HEADER, ASKED)
    assert [judge(trace, target).kind for _ in range(2)] == ["crash", "pass"]
    target.close()
    target.close()


def test_the_command_serves() -> None:
    """From the shell, both oracles and the library."""
    for extra in ("", " --dense", " --impl rangelist:RangeList"):
        done = subprocess.run(
            (SERVE + extra).split(),
            input='{"op":"start"}\n{"op":"len"}\n{"op":"stop"}\n',
            capture_output=True,
            text=True,
            check=True,
        )
        assert [json.loads(line) for line in done.stdout.splitlines()][1:] == [
            {"ok": 0},
            {"ok": None},
        ]


def test_closed_ends_are_opened_in_every_form_of_an_answer() -> None:
    """A piece, a gap with an infinite end, a list of them, the answer of `current`; no count."""
    said = {
        "at": (["0", "7", "a"], ["0", "8", "a"]),
        "locate": (["8", None], ["8", None]),
        "gaps": ([["0", "-3"]], [["0", "-2"]]),
        "bag.spans": ([["0", "7", True]], [["0", "8", True]]),
        "current": ([["0", "7", "a"], ["gone", "x"]], [["0", "8", "a"], ["gone", "x"]]),
        "drain": ([], []),
        "next": (["0", "9" * 5000, "a"], ["0", "9" * 5000, "a"]),
        "len": (3, 3),
    }
    for op, (closed, opened) in said.items():
        assert with_stop({"op": op}, {"ok": closed}) == {"ok": opened}
    assert with_stop({"op": "current"}, {"ok": []}) == {"ok": []}
    assert with_stop({"op": "set"}, {"err": "EmptySpan"}) == {"err": "EmptySpan"}
    assert with_last({"op": "coalesce", "start": "3", "stop": "3"})["stop"] == "3"


def test_an_end_that_is_not_zero_is_told(tmp_path: Path) -> None:
    """A leak that a sanitizer found, say; and a program that goes on."""
    for body, told in (
        ("sys.exit('a leak')", "exit code 1: a leak"),
        ("os.closerange(0, 1); time.sleep(60)", "it did not end in 0.5 s"),
    ):
        program = tmp_path / "program.py"
        text = ODD.replace("CLAIMS", repr(CLAIMS)).replace(
            "BODY", "print('{\"ok\":1}', flush=True)"
        )
        program.write_text(f"import os\n{text}\n{body}\n", encoding="utf-8")
        target = started(f"{sys.executable} {program}", 60.0)
        assert judge(Trace.of(DEFAULT_HEADER, ASKED), target).kind == "pass"
        target.timeout = 0.5 if "sleep" in body else 60.0
        target.close()
        assert target.ending == told


def test_true_is_not_one_and_a_whole_number_may_have_a_point(tmp_path: Path) -> None:
    """As JSON has it."""
    said = {"true": "fail", "1.0": "pass", "1.5": "fail", "1e0": "pass"}
    for number, kind in said.items():
        body = f"print('{{\"ok\":{number}}}', flush=True)"
        target = started(odd(tmp_path, body), 60.0)
        assert judge(Trace.of(DEFAULT_HEADER, ASKED), target).kind == kind
        target.close()
    target = InProcess(broken.Truthful, broken.Truthful.capabilities, "truthful")
    assert judge(Trace.of(DEFAULT_HEADER, ASKED), target).reason == 'want {"ok":1}, got {"ok":true}'


def traces_named(*names: str) -> list[Trace]:
    return [Trace.of({"trace": 1, "id": name}, ASKED) for name in names]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("'{\"ok\":1}\\n' * (2 if last == 'b' else 1)", "garbage"),
        ("'{\"ok\":%d}\\n' % (2 if last == 'b' else 1)", "fail"),
    ],
)
def test_traces_are_sent_together_until_one_goes_wrong(
    body: str, kind: str, tmp_path: Path
) -> None:
    """Those before it count; it and those behind it are asked alone, of a new process."""
    program = odd(tmp_path, f"print({body}, end='', flush=True)")
    path = Path(program.split()[1])
    text = path.read_text(encoding="utf-8").replace(
        "    line = json.loads(raw)\n",
        "    line = json.loads(raw)\n    last = line.get('id', globals().get('last'))\n",
    )
    path.write_text(text, encoding="utf-8")
    target = started(program, 60.0)
    kinds = [verdict.kind for verdict in run(traces_named("a", "b", "c", "d"), target)]
    target.close()
    assert kinds == ["pass", kind, "pass", "pass"]
    assert target.ahead == 1


def test_what_goes_wrong_only_together_is_told(tmp_path: Path) -> None:
    """A crash that does not come again is one all the same."""
    flag = tmp_path / "flag"
    body = f"open({str(flag)!r}, 'x'); sys.exit(3)"
    program = odd(
        tmp_path, f"print('{{\"ok\":1}}', flush=True)\n        if len(raw) and n == 2: {body}"
    )
    path = Path(program.split()[1])
    text = path.read_text(encoding="utf-8")
    text = text.replace(
        "for raw in", f"n = -9 if __import__('os').path.exists({str(flag)!r}) else 0\nfor raw in"
    )
    text = text.replace("    else:\n", "    else:\n        n += 1\n")
    path.write_text(text, encoding="utf-8")
    target = started(program, 60.0)
    verdicts = list(run(traces_named("a", "b", "c"), target))
    target.close()
    assert [verdict.kind for verdict in verdicts] == ["pass", "pass", "pass", "crash"]
    assert verdicts[-1].reason.endswith("(sent behind other traces; sent once more, it passed)")


def test_what_is_remembered_is_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines and replies of millions of traces need no memory."""
    monkeypatch.setattr(session, "MANY", 0)
    memo = session.Memo(len)
    lines: list[Line] = [{"op": "len"}, {"op": "at", "key": "0"}]
    assert memo.of(lines) == memo.of(lines) == [1, 2]
    assert len(memo.seen) == len(memo.lines) == 1
    assert session.the_one({"ok": "new"}) == {"ok": "new"}
    assert session.BY_TEXT.keys() - session.FIXED.keys() == {'{"ok":"new"}'}
    assert session.the_one({"ok": None}) is session.DONE


def test_a_program_that_cannot_be_started_again_has_crashed(tmp_path: Path) -> None:
    """A run tells what it has found so far, and stops after ten of them."""
    program = odd(tmp_path, "__import__('os').remove(sys.argv[0]); sys.exit(3)")
    target = started(program, 60.0)
    one, two, three = run(traces_named("a", "b", "c"), target)
    assert [one.kind, two.kind, three.kind] == ["crash"] * 3
    assert "did not start: " in three.reason


def test_a_program_that_does_not_read_has_crashed_when_it_ends(tmp_path: Path) -> None:
    """More is written than a pipe holds."""
    program = odd(tmp_path, "time.sleep(0.2); __import__('os')._exit(3)")
    target = started(program, 60.0)
    trace = Trace.of({"trace": 1}, ASKED * 20_000)
    assert judge(trace, target).reason == "exit code 3"
