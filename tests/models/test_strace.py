"""Logs of real programs replayed: the map at the end has to be the one the program had."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from record import record

from rangelist.models.procmaps import PAGE, Line, MapsError, load, parse, show
from rangelist.models.room import HUGE
from rangelist.models.strace import (
    Replayer,
    StraceError,
    arguments,
    calls,
    compare,
    main,
    pages,
    report,
)
from rangelist.models.strace_log import followed, is_exec

sys.path.insert(0, str(Path(__file__).parent))

DATA = Path(__file__).parents[1] / "data/strace"
THREADS = """
from threading import Thread
for _ in range(5):  # one after the other: no race decides where their memory is
    thread = Thread(target=bytes, args=(9**7,))
    thread.start()
    thread.join()
"""
LOGS = sorted(DATA.glob("*.strace"))


def starts(log: Path) -> list[Path]:
    """Return the maps at the beginning and after each later execve of a recorded program."""
    return sorted(log.parent.glob(f"{log.stem}.start*"), key=lambda path: (len(path.name), path))


def replayed(start: str, *log: str) -> Replayer:
    """Replay the lines of a log."""
    replayer = Replayer(load(parse(start)))
    replayer.replay(calls(log))
    return replayer


@pytest.mark.parametrize("log", LOGS, ids=[log.stem for log in LOGS])
def test_a_recorded_program_ends_with_the_map_it_had(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Recorded once: threads, children of children, env, mlockall, a large sort, mremap."""
    words = [word for path in starts(log) for word in ("--start", str(path))]
    assert main([str(log), *words, "--end", str(log.with_suffix(".end"))]) == 0
    assert "the map at the end is the same" in capsys.readouterr().out


def test_there_are_recorded_programs() -> None:
    """The test above must not be empty."""
    assert len(LOGS) >= 11
    assert max(len(starts(log)) for log in LOGS) == 2


@pytest.mark.parametrize(
    "program",
    [
        ["ls", "-l", "/etc"],
        ["sort", "/etc/services"],
        [sys.executable, "-c", THREADS],
        ["env", "sh", "-c", "echo $(cat /dev/null); true"],
    ],
    ids=["ls", "sort", "threads", "children"],
)
def test_a_program_run_now_ends_with_the_map_it_has(program: list[str], tmp_path: Path) -> None:
    """The same with the kernel, the libraries and the programs of this machine."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: apt-get install strace")
    try:
        record(tmp_path / "now", program, delay=200_000)
    except OSError as error:
        pytest.skip(f"strace cannot trace here: {error}")
    log = tmp_path / "now.strace"
    lines, agrees = report(log, starts(log), tmp_path / "now.end")
    assert agrees, lines


# ---- the log -------------------------------------------------------------------------------------


def test_a_call_of_a_thread_counts_where_it_was_resumed() -> None:
    """Another may come between."""
    found = calls(
        [
            "7 munmap(0x1000, 4096 <unfinished ...>",
            "8 brk(NULL) = 0x5000 (DELAYED)",
            "7 <... munmap resumed>) = 0",
            "7 +++ exited with 0 +++",
            "7 exit_group(0) = ?",
        ]
    )
    assert [call[:3] for call in found] == [(2, 8, "brk"), (3, 7, "munmap")]


def test_arguments_are_split_outside_of_brackets_only() -> None:
    """Structures and paths may have commas."""
    assert arguments("{a=1, b=[2, 3]}, 4") == ("{a=1, b=[2, 3]}", "4")


# ---- the calls -----------------------------------------------------------------------------------

ANON = "MAP_PRIVATE|MAP_ANONYMOUS, -1, 0"


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ([f"mmap(NULL, 8192, PROT_READ, {ANON}) = 0x10000"], ["10000-12000 r--p"]),
        (["mmap(NULL, 5, PROT_NONE, MAP_SHARED, 3</a>, 0x1000) = 0x10000"], ["10000-11000 ---s"]),
        (["mmap(NULL, 5, PROT_NONE, MAP_PRIVATE, 3, 0) = -1 EBADF (Bad file)"], []),
        (["munmap(0x10000, 4096) = 0", "madvise(0x10000, 9, MADV_DONTNEED) = -1 ENOMEM (x)"], []),
        (
            [
                f"mmap(NULL, 12288, PROT_READ|PROT_WRITE, {ANON}) = 0x10000",
                "mprotect(0x11000, 4096, PROT_READ) = 0",
                "pkey_mprotect(0x12000, 4096, PROT_READ, -1) = 0",
                "madvise(0x10000, 4096, MADV_DONTFORK) = 0",
                "mlock(0x11000, 4096) = 0",
                "munlock(0x11000, 4096) = 0",
                "mseal(0x10000, 4096, 0) = 0",
                "munmap(0x10000, 4096) = -1 EPERM (Operation not permitted)",
                "mincore(0x10000, 4096, [1]) = 0",
            ],
            ["10000-11000 rw-p", "11000-13000 r--p"],
        ),
        (
            [
                f"mmap(NULL, 8192, PROT_READ, {ANON}) = 0x10000",
                "mremap(0x10000, 8192, 12288, MREMAP_MAYMOVE) = 0x10000",
                "mremap(0x10000, 12288, 4096, MREMAP_MAYMOVE) = 0x10000",
                "mremap(0x10000, 4096, 8192, MREMAP_MAYMOVE) = 0x30000",
                "mremap(0x30000, 8192, 8192, MREMAP_MAYMOVE|MREMAP_DONTUNMAP) = 0x50000",
            ],
            ["30000-32000 r--p", "50000-52000 r--p"],
        ),
        (
            ["brk(NULL) = 0x20000", "brk(0x23000) = 0x23000", "brk(0x22000) = 0x22000"],
            ["20000-22000 rw-p 00000000 [heap]"],
        ),
        (
            [
                "1 fork() = 2",
                f"2 mmap(NULL, 8192, PROT_READ, {ANON}) = 0x10000",
                "1 clone(child_stack=0x1, flags=CLONE_VM|CLONE_THREAD) = 3",
                f"3 mmap(NULL, 8192, PROT_READ, {ANON}) = 0x70000",
            ],
            ["70000-72000 r--p"],
        ),
        (
            [
                "mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</a>, 0) = 0x10000",
                "mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</a>, 0x1000) = 0x11000",
                'openat(AT_FDCWD, "/a", O_RDONLY) = 3</a>',
                "mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</a>, 0x2000) = 0x12000",
            ],
            ["10000-12000 r--p 00000000 /a", "12000-13000 r--p 00002000 /a"],
        ),
        (
            ["mmap(NULL, 1, PROT_READ, MAP_PRIVATE, 4</m>(deleted), 0) = 0x10000"],
            ["10000-11000 r--p 00000000 /m (deleted)"],
        ),
    ],
)
def test_each_call_does_what_the_kernel_does(log: list[str], expected: list[str]) -> None:
    """What the log says that the call answered is what the model has to do."""
    replayer = replayed("", *log)
    found = [f"{line.start:x}-{line.stop:x} {line.access}" for line in parse(show(replayer.space))]
    assert replayer.surprises == []
    assert found == [line[: line.index("p" if "p" in line else "s") + 1] for line in expected]
    assert all(line in "\n".join(compare(replayer.space, [])) for line in expected)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("munmap(0x10000, 0) = 0", "line 1: munmap went otherwise"),
        ("munmap(0x10000, 4096) = -1 EINVAL (Invalid argument)", "line 1: munmap went otherwise"),
        (f"mmap(NULL, 9, PROT_READ, {ANON}) = 0x90000", "line 1: what is mapped there is in the"),
        ("brk(0x90000) = 0x90000", ""),
    ],
)
def test_a_call_that_went_otherwise_is_told(line: str, told: str) -> None:
    """Then the log does not fit the map it was replayed on."""
    surprises = replayed("00090000-00091000 r--p 00000000 00:00 0", line).surprises
    assert [text[: len(told)] for text in surprises] == ([told] if told else [])


def test_a_heap_that_cannot_grow_as_it_did_is_told() -> None:
    """Something is in the way here that was not there."""
    start = "00090000-00091000 r--p 00000000 00:00 0"
    replayer = replayed(start, "brk(NULL) = 0x80000", "brk(0x90000) = 0x90000")
    assert replayer.surprises == ["line 2: the heap ends at 0x80"]


@pytest.mark.parametrize(
    "line",
    ["shmat(1, NULL, 0) = 0x10000", "munmap(here, 1) = 0", "mmap(NULL, 1, A, B, ?, 0) = 0x1000"],
)
def test_a_log_that_cannot_be_replayed_is_refused(line: str) -> None:
    """With the number of the line."""
    with pytest.raises(StraceError, match="line 1"):
        replayed("", line)


def test_the_program_prints_the_map_or_how_it_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says so by its exit code."""
    log, start, end = tmp_path / "log", tmp_path / "start", tmp_path / "end"
    log.write_text("munmap(0x10000, 4096) = 0\n")
    start.write_text("00010000-00012000 r--p 00000000 00:00 0 \n")
    end.write_text("00010000-00011000 r--p 00000000 00:00 0 \n")
    assert main([str(log), "--start", str(start)]) == 0
    assert capsys.readouterr().out == "00011000-00012000 r--p 00000000 00:00 0 \n"
    assert main([str(log), "--start", str(start), "--end", str(end)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "- 11000-12000 r--p 00000000",
        "+ 10000-11000 r--p 00000000",
        "1 calls replayed, 2 lines differ",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "rangelist.models.strace", str(log), "--start", str(start)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout == "00011000-00012000 r--p 00000000 00:00 0 \n"


# ---- maps ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("log", LOGS, ids=[log.stem for log in LOGS])
def test_a_map_is_printed_as_it_was_read(log: Path) -> None:
    """Files, the heap, the stack, what the kernel maps."""
    text = log.with_suffix(".end").read_text()
    assert show(load(parse(text))) == text


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "1000-2000 r--p",
        "1-2-3 r--p 0 0 0",
        "1000-2000 r--p 0 00:00 x",
        "1000-2000 rwzp 0 00:00 0",
        "1000-2000 r--P 0 00:00 0",
        "1000-2000 rw-px 0 00:00 0",
        "1000-2001 r--p 0 00:00 0",
        "1001-2000 r--p 0 00:00 0",
        "2000-2000 r--p 0 00:00 0",
    ],
)
def test_a_line_that_is_none_of_a_map_is_refused(text: str) -> None:
    """With the line."""
    with pytest.raises(MapsError, match="want a line of /proc/PID/maps"):
        parse(text)


def test_named_memory_keeps_its_name() -> None:
    """And merges only with memory of the same name."""
    text = "00010000-00011000 rw-p 00000000 00:00 0                                  [anon:x]\n"
    space = load(parse(text))
    assert show(space) == text
    space.map(1, "rw", at=17, how="fixed")
    assert len(space) == 2
    space.rename(17, 18, "[anon:x]")
    assert show(space).split()[0] == "00010000-00012000"


def high_of(start: list[Line]) -> int:
    """Return the page below which the kernel searches."""
    stack = next(line.start for line in start if line.name == "[stack]")
    return max(line.stop for line in start if line.stop < stack) // PAGE


@pytest.mark.parametrize("log", LOGS, ids=[log.stem for log in LOGS])
def test_the_search_finds_the_places_that_the_kernel_found(log: Path) -> None:
    """Only where the file system may align large files does it know better."""
    maps = [parse(path.read_text()) for path in starts(log)]
    replayer = Replayer(*map(load, maps))
    replayer.space.high = high_of(maps.pop(0))
    found = 0
    for call in followed(calls(log.read_text().splitlines())):
        if call.name == "mmap" and call.arguments[0] == "NULL" and call.result > 0:
            size = pages(int(call.arguments[1], 0))
            if "MAP_ANONYMOUS" in call.arguments[3]:
                assert replayer.space.find_huge(size) * PAGE == call.result, call
                found += 1
            elif size < HUGE:
                assert replayer.space.find(size) * PAGE == call.result, call
                found += 1
        first = not replayer.begun
        replayer.replay([call])
        if is_exec(call) and not first:
            replayer.space.high = high_of(maps.pop(0))
    assert found > 3
