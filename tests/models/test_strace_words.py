"""Logs of strace: whose call a line is, and that no word is passed over."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rangelist.models.procmaps import MapsError, load, parse, show
from rangelist.models.strace import Replayer, StraceError, arguments, calls, compare, main
from rangelist.models.strace_log import followed
from rangelist.models.strace_words import HARMLESS, NUMBERED, REFUSED

ANON = "MAP_PRIVATE|MAP_ANONYMOUS, -1, 0"
RW = "PROT_READ|PROT_WRITE"
PARENT = "00400000-00410000 rw-p 00000000 00:00 0"


def replayed(*log: str, start: str = "", later: tuple[str, ...] = ()) -> Replayer:
    """Replay the lines of a log."""
    replayer = Replayer(load(parse(start)), *(load(parse(text)) for text in later))
    replayer.replay(calls(log))
    return replayer


def spans(replayer: Replayer) -> list[str]:
    """Return what is mapped."""
    return [f"{line.start:x}-{line.stop:x}" for line in parse(show(replayer.space))]


def told(*log: str, start: str = "") -> list[str]:
    """Return what is mapped after a log that held no surprise."""
    replayer = replayed(*log, start=start)
    assert replayer.surprises == []
    return spans(replayer)


def mapped(at: int, pages: int = 1, flags: str = "MAP_PRIVATE|MAP_ANONYMOUS") -> str:
    """Return the line of an mmap."""
    return f"mmap(NULL, {pages * 4096}, {RW}, {flags}, -1, 0) = {at:#x}"


# ---- whose call it is ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "log",
    [
        ["10 fork() = 11", "11 fork() = 12", "12 munmap(0x400000, 4096) = 0"],
        [
            "10 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>",
            "11 munmap(0x400000, 4096) = 0",
            "10 <... clone resumed>, child_tidptr=0x7f) = 11",
        ],
        [
            "10 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>",
            "11 fork( <unfinished ...>",
            "12 munmap(0x400000, 4096 <unfinished ...>",
            "10 <... clone resumed>) = 11",
            "12 <... munmap resumed>) = 0",
            "11 <... fork resumed>) = 12",
        ],
        [
            "10 clone3({flags=0, exit_signal=SIGCHLD} => {parent_tid=[0]}, 88) = 11",
            "11 clone(child_stack=0x1, flags=CLONE_VM|CLONE_THREAD) = 12",
            "12 munmap(0x400000, 4096) = 0",
        ],
        ["10 vfork() = 11", "11 execve(\"/b\", [], []) = 0", "11 munmap(0x400000, 4096) = 0"],
        [
            "10 fork() = 5 /* 11 in strace's PID NS */",
            "11 munmap(0x400000, 4096) = 0",
            "11 +++ killed by SIGKILL +++",
        ],
        ["10 fork() = 11", "11 exit_group(0) = ?", "10 fork() = 11", "11 munmap(0x400000, 4) = 0"],
    ],
    ids=["grandchild", "early", "early grandchild", "threads", "vfork", "namespace", "reused"],
)
def test_the_calls_of_children_and_their_children_are_passed_over(log: list[str]) -> None:
    """However early they come."""
    assert told(*log, start=PARENT) == ["400000-410000"]


@pytest.mark.parametrize(
    "log",
    [
        ["10 clone(child_stack=0x1, flags=CLONE_VM|CLONE_THREAD) = 11"],
        ["10 clone3({flags=CLONE_VM|CLONE_THREAD} => {parent_tid=[11]}, 88) = 11"],
        ["10 vfork( <unfinished ...>"],
    ],
    ids=["clone", "clone3", "vfork"],
)
def test_the_calls_of_threads_and_of_a_child_of_vfork_count(log: list[str]) -> None:
    """They are in the same address space."""
    end = ["10 <... vfork resumed>) = 11"] if "vfork" in log[0] else []
    assert told(*log, "11 munmap(0x400000, 4096) = 0", *end, start=PARENT) == ["401000-410000"]


def test_a_child_of_vfork_changes_the_map_of_its_parent_in_the_kernel_too() -> None:
    """A function of the C library is run in a child that shares the memory."""
    if sys.platform != "linux":
        pytest.skip("clone is a call of Linux")
    code = """
import ctypes, os, re
libc = ctypes.CDLL(None)
libc.clone.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
def heap():
    found = re.search(r"-([0-9a-f]+) rw-p .*\\[heap\\]", open("/proc/self/maps").read())
    return int(found[1], 16)
stack = ctypes.create_string_buffer(1 << 16)
before = heap()
sbrk = ctypes.cast(libc.sbrk, ctypes.c_void_p)
child = libc.clone(sbrk, ctypes.addressof(stack) + (1 << 15), 0x4100 | 17, 1 << 26)  # VM, VFORK
os.waitpid(child, 0)
print(heap() - before)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 1 << 25  # not exactly: the parent takes and returns some as well


def test_a_call_of_a_process_that_nothing_made_is_refused() -> None:
    """The log would have to tell whether it is a thread."""
    with pytest.raises(StraceError, match="line 2: no fork or clone made process 12"):
        replayed("10 brk(NULL) = 0x5000", "12 munmap(0x400000, 4096) = 0")


def test_calls_of_threads_take_effect_when_another_one_needs_it() -> None:
    """A place that was reused has been unmapped by then; a call that began long ago may wait."""
    thread = "7 clone(child_stack=0x1, flags=CLONE_VM|CLONE_THREAD) = 8"
    assert told(
        thread,
        "8 clone(child_stack=0x1, flags=CLONE_VM|CLONE_THREAD) = 9",
        "7 " + mapped(0x10000),
        "9 munmap(0x10001, 4096 <unfinished ...>",
        "7 munmap(0x10000, 4096 <unfinished ...>",
        "8 " + mapped(0x10000, 2),
        "9 <... munmap resumed>) = -1 EINVAL (Invalid argument)",
        "7 <... munmap resumed>) = 0",
    ) == ["10000-12000"]
    assert told(
        thread,
        "7 " + mapped(0x10000, 2),
        "7 mremap(0x10000, 8192, 8192, MREMAP_MAYMOVE <unfinished ...>",
        "8 " + mapped(0x11000),
        "7 <... mremap resumed>) = 0x50000",
    ) == ["11000-12000", "50000-52000"]
    assert told(
        thread,
        "7 " + mapped(0x10000),
        "8 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0 <unfinished ...>",
        "7 munmap(0x10000, 4096 <unfinished ...>",
        "7 <... munmap resumed>) = 0",
        "8 <... mmap resumed>) = 0x10000",
    ) == ["10000-11000"]


@pytest.mark.parametrize(
    "reuse",
    [
        "8 mremap(0x30000, 4096, 8192, MREMAP_MAYMOVE) = 0x10000",
        "8 mremap(0xf000, 4096, 8192, 0) = 0xf000",
        "8 brk(0x11000) = 0x11000",
    ],
)
def test_growth_into_what_another_thread_unmaps_waits_for_that(reuse: str) -> None:
    """mremap, moved or in place, and brk."""
    replayed_ = replayed(
        "7 brk(NULL) = 0x10000" if "brk" in reuse else "7 getpid() = 7",
        "7 clone(child_stack=0x1, flags=CLONE_VM|CLONE_THREAD) = 8",
        "7 " + mapped(0x10000, 2),
        "7 mmap(0x30000, 4096, PROT_READ, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x30000",
        "7 mmap(0xf000, 4096, PROT_EXEC, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0xf000",
        "7 munmap(0x10000, 8192 <unfinished ...>",
        reuse,
        "7 <... munmap resumed>) = 0",
    )
    assert replayed_.surprises == []


# ---- execve --------------------------------------------------------------------------------------


def test_a_program_that_executes_another_goes_on_with_its_map() -> None:
    """The first execve has made the map to begin with; those of children do not matter."""
    log = [
        '10 execve("/env", [], []) = 0',
        "10 prctl(0x43 /* PR_??? */, 0x1, 0, 0, 0) = 0",
        "10 fork() = 11",
        '11 execve("/c", [], []) = 0',
        '10 execve("/a/python", [], []) = -1 ENOENT (No such file or directory)',
        '10 execve("/b/python", [], []) = 0',
        "10 " + mapped(0x20000),
    ]
    replayer = replayed(*log, start=PARENT, later=("00600000-00601000 r--p 00000000 00:00 0",))
    assert (spans(replayer), replayer.surprises) == (["20000-21000", "600000-601000"], [])
    assert "mergeable" in replayer.space.list[0x20].flags
    with pytest.raises(StraceError, match="line 6: execve replaces the map"):
        replayed(*log, start=PARENT)


def test_a_thread_that_executes_a_program_becomes_the_process() -> None:
    """strace says so in a line of its own."""
    log = [
        "10 clone(child_stack=0x1, flags=CLONE_VM|CLONE_THREAD) = 11",
        '11 execve("/b", [], [] <unfinished ...>',
        "10 +++ superseded by execve in pid 11 +++",
        "10 <... execve resumed>) = 0",
        "10 " + mapped(0x20000),
    ]
    assert spans(replayed(*log, start=PARENT, later=("",))) == ["20000-21000"]


@pytest.mark.parametrize(
    ("log", "start", "line"),
    [
        ("10 brk(NULL) = 0x5000\n", "", "1 maps too many, want one for each execve"),
        ("what is this\n", "", "line 1: 'what is this'"),
        ("10 brk(NULL) = 0x5000\n", "what is this\n", "'what is this', want a line of /proc/PID/maps"),
    ],
)
def test_a_log_that_cannot_be_replayed_ends_the_program_with_a_line(
    log: str, start: str, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And status 2; one map is wanted for each execve that follows."""
    (tmp_path / "log").write_text(log)
    (tmp_path / "start").write_text(start)
    words = ["--start", str(tmp_path / "start")]
    assert main([str(tmp_path / "log"), *words, *words]) == 2
    assert capsys.readouterr().err.startswith(line)


def test_a_map_is_the_same_if_it_is_so_with_all_memory_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A log does not tell that; what is mapped between two written areas joins one only."""
    log = [
        "brk(NULL) = 0x5000",
        mapped(0x20000),
        mapped(0x30000, flags="MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE"),
        mapped(0x22000, 1),
        "mprotect(0x22000, 4096, PROT_READ|PROT_WRITE) = 0",
        mapped(0x21000),
        "mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x40000",
    ]
    (tmp_path / "log").write_text("\n".join(log))
    (tmp_path / "start").write_text("")
    lines = ["00020000-00022000", "00022000-00023000", "00030000-00031000"]
    end = "".join(f"{line} rw-p 00000000 00:00 0\n" for line in lines)
    (tmp_path / "end").write_text(f"{end}00040000-00041000 r--p 00000000 00:00 0\n")
    words = [str(tmp_path / "log"), "--start", str(tmp_path / "start")]
    assert main([*words, "--end", str(tmp_path / "end")]) == 0
    assert capsys.readouterr().out == (
        "7 calls replayed, the map at the end is the same, if all memory was written\n"
    )


# ---- calls ---------------------------------------------------------------------------------------


def test_memory_that_is_locked_with_all_others_does_not_merge_with_what_is_not() -> None:
    """mlockall for what comes, then munlockall: the pages have been touched."""
    log = [mapped(0x20000), "mlockall(MCL_FUTURE) = 0", mapped(0x22000), mapped(0x21000)]
    assert told(*log) == ["20000-21000", "21000-23000"]
    assert told(*log, "munlockall() = 0") == ["20000-23000"]
    now = ["mlockall(MCL_CURRENT|MCL_ONFAULT) = 0", "munlockall() = 0", mapped(0x23000)]
    assert told(*log, *now) == ["20000-24000"]


@pytest.mark.parametrize(
    ("touch", "expected"),
    [
        ("mlock(0x30010, 10) = 0", 2),
        ("mlock2(0x30000, 4096, 0) = 0", 2),
        ("mlock2(0x30000, 4096, MLOCK_ONFAULT) = 0", 1),
        ("madvise(0x30000, 4096, MADV_POPULATE_WRITE) = 0", 2),
        ("madvise(0x30000, 4096, MADV_POPULATE_READ) = 0", 1),
        ("madvise(0x30000, 4096, 0x66 /* MADV_??? */) = 0", 2),
        ("madvise(0x30000, 4096, MADV_DONTNEED) = 0", 1),
        ("madvise(0x30000, 4096, 0x67 /* MADV_??? */) = 0", 1),
    ],
)
def test_calls_that_touch_pages_keep_areas_apart(touch: str, expected: int) -> None:
    """The other one was touched too, so a new area between them can join one only."""
    log = [
        mapped(0x20000, flags="MAP_PRIVATE|MAP_ANONYMOUS|MAP_POPULATE"),
        mapped(0x30000),
        touch,
        "munlock(0x30000, 4096) = 0",
        mapped(0x21000, 15),
    ]
    assert len(told(*log)) == expected


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ([mapped(0x20000, flags="MAP_PRIVATE|MAP_ANONYMOUS|MAP_POPULATE|MAP_NONBLOCK")], 1),
        ([mapped(0x20000, 2, "0x8 /* MAP_??? */|MAP_ANONYMOUS"), mapped(0x22000)], 2),
        ([mapped(0x20000, 2, "MAP_DROPPABLE|MAP_ANONYMOUS"), mapped(0x22000)], 2),
        ([mapped(0x20000, 2), "mbind(0x20000, 4096, MPOL_BIND, [0x1], 65, 0) = 0"], 2),
        (
            [
                mapped(0x20000, 2),
                "mbind(0x20000, 4096, MPOL_BIND, [0x1], 65, 0) = 0",
                "mbind(0x20000, 8192, MPOL_DEFAULT, NULL, 0, 0) = 0",
            ],
            1,
        ),
        ([mapped(0x20000, 2), f"pkey_mprotect(0x20000, 4096, {RW}, 1) = 0"], 2),
        ([mapped(0x20000, 2), f"pkey_mprotect(0x20000, 4096, {RW}, -1) = 0"], 1),
        ([mapped(0x20000, 2), "syscall_0x1ce(0x20000, 0x1000, 0, 0, 0, 0x1) = 0"], 2),
        ([mapped(0x20000, 2), 'prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x20000, 4096, "x") = 0'], 2),
        (
            [
                mapped(0x20000, 2),
                'prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x20000, 4096, "x") = 0',
                "prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x20000, 4096, NULL) = 0",
            ],
            1,
        ),
        ([mapped(0x20000, 2), "prctl(PR_SET_VMA, 0, 0x20000, 1, NULL) = -1 EINVAL (x)"], 1),
        (["prctl(PR_SET_NAME, \"a\") = 0", "prctl(PR_SET_MEMORY_MERGE, 0) = 0", "getpid() = 1"], 0),
        (
            [
                mapped(0x20000, 2, "MAP_PRIVATE|MAP_ANONYMOUS|MAP_GROWSDOWN"),
                "mprotect(0x21000, 4096, PROT_READ|PROT_GROWSDOWN) = 0",
            ],
            1,
        ),
        ([mapped(0x20000, 2), "mremap(0x20000, 8192, 1, MREMAP_MAYMOVE) = -1 EFAULT (x)"], 1),
        ([mapped(0x20000, 2), "munmap(0x20001, 4096) = -1 EINVAL (Invalid argument)"], 1),
        ([mapped(0x20000, 2), "mprotect(0x20000, 4096, 0x99) = -1 EINVAL (Invalid argument)"], 1),
        ([mapped(0x20000, 2), "process_madvise(3, [], 1, MADV_COLD, 0) = 4096"], 1),
        (["personality(ADDR_NO_RANDOMIZE) = 0", "arch_prctl(ARCH_SET_FS, 0x7) = 0"], 0),
        (["io_setup(1, [0]) = -1 EAGAIN (x)", "syscall_0x1ff(0x1) = -1 ENOSYS (x)"], 0),
        (['openat(AT_FDCWD, "/a", O_RDONLY) = -1 ENOENT (No such file or directory)'], 0),
        (["ioctl(3</dev/pts/0>, TCGETS, {c_iflag=ICRNL}) = 0", "fork() = -1 EAGAIN (x)"], 0),
    ],
)
def test_each_call_is_replayed_with_its_words(log: list[str], expected: int) -> None:
    """As many areas as the kernel has then."""
    assert len(told(*log)) == expected


def test_a_descriptor_that_is_duplicated_stands_for_the_same_opening() -> None:
    """Mappings of one opening that go on merge; another opening is another file."""
    log = [
        'openat(AT_FDCWD, "/a", O_RDONLY) = 3</a>',
        "dup(3</a>) = 4</a>",
        "fcntl(4</a>, F_DUPFD_CLOEXEC, 10) = 10</a>",
        "fcntl(4</a>, F_GETFD) = 0",
        "dup2(9</b>, 4</a>) = -1 EBADF (Bad file descriptor)",
        "mmap(NULL, 4096, PROT_READ, MAP_SHARED, 3</a>, 0) = 0x10000",
        "mmap(NULL, 4096, PROT_READ, MAP_SHARED, 4</a>, 0x1000) = 0x11000",
        "mmap(NULL, 4096, PROT_READ, MAP_SHARED, 10</a>, 0x2000) = 0x12000",
        "mprotect(0x10000, 4096, PROT_READ|PROT_WRITE) = -1 EACCES (Permission denied)",
        'openat(AT_FDCWD, "/a", O_RDWR) = 3</a>',
        "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 3</a>, 0x3000) = 0x13000",
    ]
    assert told(*log) == ["10000-13000", "13000-14000"]


# ---- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("frobnicate(1, 2) = 0", "frobnicate"),
        ("syscall_0x1ff(0x1) = 0", "syscall_0x1ff"),
        ("syscall_0x1c5(0x1) = 0", "map_shadow_stack"),
        ("shmat(1, NULL, 0) = 0x10000", "shmat"),
        ("remap_file_pages(0x10000, 4096, 0, 0, 0) = 0", "remap_file_pages"),
        ("io_setup(1, [0x7f]) = 0", "io_setup"),
        (mapped(0x10000, flags="MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB"), "MAP_HUGETLB"),
        (mapped(0x10000, flags="MAP_PRIVATE|MAP_ANONYMOUS|MAP_NOSUCH"), "MAP_NOSUCH"),
        (mapped(0x10000, flags="MAP_PRIVATE|0x10000000"), "0x10000000"),
        (f"mmap(NULL, 4096, PROT_READ|PROT_NOSUCH, {ANON}) = 0x10000", "PROT_NOSUCH"),
        ("mprotect(0x400000, 4096, PROT_MAGIC) = 0", "PROT_MAGIC"),
        ("mprotect(0x400000, 4096, PROT_READ|PROT_GROWSUP) = 0", "PROT_GROWSUP"),
        ("madvise(0x400000, 4096, MADV_NOSUCH) = 0", "nosuch"),
        ("madvise(0x400000, 4096, 0x4d /* MADV_??? */) = 0", "0x4d"),
        ("mlock2(0x400000, 4096, 0x2) = 0", "0x2"),
        ("mlockall(MCL_CURRENT|0x8) = 0", "0x8"),
        ("mremap(0x400000, 4096, 8192, MREMAP_NOSUCH) = 0x500000", "MREMAP_NOSUCH"),
        ("prctl(PR_SET_MM, PR_SET_MM_BRK, 0x1, 0, 0) = 0", "PR_SET_MM"),
        ("prctl(0x99 /* PR_??? */, 0x1) = 0", "0x99"),
        ("personality(READ_IMPLIES_EXEC) = 0", "READ_IMPLIES_EXEC"),
        ("arch_prctl(ARCH_MAP_VDSO_64, 0x7) = 0", "ARCH_MAP_VDSO"),
        ("ioctl(5<userfaultfd>, UFFDIO_REGISTER, {range={}}) = 0", "UFFDIO_REGISTER"),
        ("ioctl(5, _IOC(_IOC_READ|_IOC_WRITE, 0xaa, 0, 0x20), 0x7ffc) = 0", "0xaa"),
        ("userfaultfd(O_CLOEXEC) = 3", "userfaultfd"),
        ("memfd_secret(0) = 3", "memfd_secret"),
        ('memfd_create("x", MFD_CLOEXEC|MFD_HUGETLB) = 3', "MFD_HUGETLB"),
        ("mmap(NULL, 4096, PROT_READ, MAP_SHARED, 3</dev/hugepages/x>, 0) = 0x10000", "hugepages"),
        ("mbind(0x400000, 4096, MPOL_NOSUCH, [0x1], 65, 0) = 0", "MPOL_NOSUCH"),
        ("mbind(0x400000, 4096, MPOL_BIND, [0x1], 65, MPOL_MF_NOSUCH) = 0", "MPOL_MF_NOSUCH"),
        ("mseal(0x400000, 4096, 0x2) = 0", "0x2"),
        ("process_madvise(3, [], 1, MADV_HUGEPAGE, 0) = 4096", "hugepage"),
        ("munmap(here, 1) = 0", "here"),
        ("munmap(0x400000) = 0", "munmap"),
        ("mmap(NULL, 1, PROT_READ, MAP_PRIVATE, ?, 0) = 0x1000", "'?'"),
        ("munmap(0x400000, 4096) = fine", "fine"),
        ("mmap(NULL, 1, A, MAP_PRIVATE, 3, 0) = 0x1000", "'A'"),
        ("12:00:01 munmap(0x400000, 4096) = 0", "12:00:01"),
        ("[pid 3] munmap(0x400000, 4096) = 0", "pid 3"),
        ("what is this", "what is this"),
    ],
)
def test_a_word_that_is_not_known_is_refused_by_name(line: str, word: str) -> None:
    """With the number of the line."""
    with pytest.raises(StraceError, match="line 1: ") as error:
        replayed(line, start=PARENT)
    assert word in str(error.value)


@pytest.mark.parametrize("name", ["/SYSV00000000 (deleted)", "/anon_hugepage (deleted)"])
def test_a_map_with_areas_that_are_not_modelled_is_refused_by_name(name: str) -> None:
    """Their rules are others: they do not merge, or are of larger pages."""
    with pytest.raises(MapsError, match=name.split(maxsplit=1)[0]):
        load(parse(f"00400000-00600000 rw-s 00000000 00:0e 5 {name}"))


def test_a_call_that_is_resumed_without_having_begun_is_refused_if_it_matters() -> None:
    """Its arguments are not known."""
    assert told("7 <... wait4 resumed>NULL, 0, NULL) = 8") == []
    with pytest.raises(StraceError, match="line 1: "):
        replayed("7 <... munmap resumed>) = 0")
    with pytest.raises(StraceError, match="line 1: '7 munmap.what', want a line of strace"):
        replayed("7 <... munmap resumed>what")


def test_lines_that_are_no_calls_and_calls_that_do_not_return_change_nothing() -> None:
    """Signals, ends, and calls in which a process ended."""
    assert told(
        "7 --- SIGCHLD {si_signo=SIGCHLD, si_pid=8} ---",
        "7 munmap(0x400000, 4096) = ?",
        "7 munmap(0x400000, 4096 <unfinished ...>) = ?",
        "7 munmap(0x400000, 4096 <detached ...>",
        "",
        "7 munmap(0x400000, 4096 <unfinished ...>",
        "7 <... munmap resumed>) = ?",
        "7 munmap(0x400000, 4096 <unfinished ...>",
        "7 <... munmap resumed> <unfinished ...>",
        "7 <... munmap resumed>) = ?",
        "7 +++ exited with 0 +++",
        start=PARENT,
    ) == ["400000-410000"]
    assert followed([]) == []


def test_every_call_is_either_replayed_refused_or_harmless() -> None:
    """And no call is two of them."""
    names = {name.split("_", 1)[1] for name in dir(Replayer) if name.startswith(("do_", "note_"))}
    assert not names & HARMLESS
    assert not names & REFUSED.keys()
    assert not HARMLESS & REFUSED.keys()
    assert {*NUMBERED.values()} <= names | HARMLESS | REFUSED.keys()


def test_strings_and_paths_may_hold_what_separates_arguments() -> None:
    """Quotes inside of strings are escaped."""
    assert arguments(r'1</a,b)>, "x, \"(y", [1, 2]') == ("1</a,b)>", r'"x, \"(y"', "[1, 2]")


def test_a_file_that_was_removed_meanwhile_is_no_difference() -> None:
    """Neither if it was before; another name is."""
    log = ["mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</a>, 0) = 0x10000"]
    space = replayed(*log).space
    line = "00010000-00011000 r--p 00000000 fe:00 7    "
    assert compare(space, parse(line + "/a (deleted)\n")) == []
    assert compare(space, parse(line + "/a\n")) == []
    assert len(compare(space, parse(line + "/b (deleted)\n"))) == 2
