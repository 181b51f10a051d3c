"""The model of memory areas against the kernel that runs this test.

The calls are made in processes of their own, in a window of addresses that is otherwise free;
after each one the kernel's /proc/self/maps has to be what the model prints.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from core.sizes import by_size

STEPS = by_size(5_000, 20_000, 100_000)


def reason_to_skip() -> str:
    """Return why the kernel here cannot be compared with, or nothing."""
    if sys.platform != "linux" or not Path("/proc/self/maps").exists():
        return "there is no /proc/self/maps"
    release = tuple(int(part) for part in re.findall(r"\d+", os.uname().release)[:2])
    if release < (6, 17):
        return f"the rules are those of Linux 6.17 and later, this is {os.uname().release}"
    if os.uname().machine != "x86_64":
        return f"the numbers of the calls are those of x86_64, this is {os.uname().machine}"
    return ""


REASON = reason_to_skip()
pytestmark = pytest.mark.skipif(bool(REASON), reason=REASON)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program with the library in its path."""
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'tests/models'}"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_after_each_of_many_random_calls_the_map_is_what_the_model_says(seed: int) -> None:
    """mmap, munmap, mprotect, madvise, mremap, mlock, writing, fork; files and anonymous memory."""
    done = run(str(Path(__file__).parent / "kernel.py"), str(seed), str(STEPS // 2))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{STEPS // 2} steps agree" in done.stdout


SCRIPT = """
from window import *
w = Window()
prepare(w)
{body}
w.compare()
print(len(w.space), "areas")
"""


def areas(body: str) -> str:
    """Make calls on kernel and model; return how many areas there are then."""
    done = run("-c", SCRIPT.format(body=dedent(body)))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


# P, N beside a new range.  All without reserve, so that accounting does not tell areas apart.
NEW = {
    "none": ("w.map(0,2,'r',P); w.map(8,2,'r',P); w.map(4,2,'r',P)", 3),
    "left": ("w.map(0,2,'r',P); w.map(8,2,'r',P); w.map(2,2,'r',P)", 2),
    "right": ("w.map(0,2,'r',P); w.map(8,2,'r',P); w.map(6,2,'r',P)", 2),
    "both": ("w.map(0,2,'r',P); w.map(4,2,'r',P); w.map(2,2,'r',P)", 1),
    "both, but each was written": (
        "w.map(0,2,'rw',P); w.map(4,2,'rw',P); w.touch(0); w.touch(4); w.map(2,2,'rw',P)",
        2,
    ),
}

# P at 0..3, M at 3..8, N at 8..11, of which a part changes.
THREE = "w.map(0,3,'{}',P); w.map(3,5,'rw',P); w.map(8,3,'{}',P); w.protect({},{},'r')"
EXISTING = {
    "interior": (THREE.format("r", "r", 5, 2), 5),
    "in place": (THREE.format("rx", "rx", 3, 5), 3),
    "low": (THREE.format("rx", "rx", 3, 2), 4),
    "high": (THREE.format("rx", "rx", 6, 2), 4),
    "left part": (THREE.format("r", "rx", 3, 2), 3),
    "left full": (THREE.format("r", "rx", 3, 5), 2),
    "right part": (THREE.format("rx", "r", 6, 2), 3),
    "right full": (THREE.format("rx", "r", 3, 5), 2),
    "both, full": (THREE.format("r", "r", 3, 5), 1),
}


@pytest.fixture(scope="module")
def counts() -> dict[str, int]:
    """How many areas there are after each of the cases; one process makes all the calls."""
    calls = {name: text for name, (text, _) in {**NEW, **EXISTING}.items()}
    body = f"""
P = PRIVATE | NORESERVE
counts = {{}}
for name, text in {calls!r}.items():
    exec(text)
    counts[name] = len(w.space)
    w.clear()
print(counts)
"""
    done = run("-c", SCRIPT.format(body=body))
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, int] = ast.literal_eval(done.stdout.splitlines()[0])
    return found


@pytest.mark.parametrize("case", [*NEW, *EXISTING])
def test_each_way_in_which_areas_merge_happens_in_the_kernel(
    case: str, counts: dict[str, int]
) -> None:
    """The whiteboard's cases; the window compares the spans."""
    assert counts[case] == {**NEW, **EXISTING}[case][1]


def test_a_sealed_area_refuses_and_its_neighbours_may_have_been_cut() -> None:
    """An unmap that fails at a sealed area leaves the cut at its start."""
    assert areas(
        """
        w.map(0, 4, 'r', PRIVATE | NORESERVE)
        w.map(4, 4, 'rw', PRIVATE | NORESERVE)
        assert w.seal(4, 2)
        assert not w.unmap(2, 4)
        assert not w.protect(3, 2, 'rw')
        assert not w.map(4, 1, 'r', PRIVATE)
        assert not w.remap(4, 2, 3)
        assert not w.remap(4, 2, 2, 20)
        assert not w.seal(0, 20)
        """
    ) == "5 areas"


def test_a_move_of_many_areas_keeps_their_gaps() -> None:
    """A fixed move whose size does not change takes all areas of its window."""
    assert areas(
        """
        for at in (0, 3, 6): w.map(at, 2, 'rw', PRIVATE)
        assert w.remap(0, 8, 8, 20)
        assert not w.remap(18, 10, 10, 40)
        """
    ) == "3 areas"


def test_a_written_area_merges_again_when_it_comes_home() -> None:
    """It keeps its page offset while it is away; one that was never written takes a new one."""
    assert areas(
        """
        w.map(0, 6, 'rw', PRIVATE); w.touch(0)
        w.remap(2, 2, 2, 20); assert len(w.space) == 3
        w.remap(20, 2, 2, 2); assert len(w.space) == 1
        w.map(30, 2, 'rw', PRIVATE); w.remap(30, 2, 2, 6); assert len(w.space) == 1
        w.map(30, 2, 'rw', PRIVATE); w.touch(30); w.remap(30, 2, 2, 8)
        """
    ) == "2 areas"


def test_what_a_child_has_got_by_fork_inherits_from_nobody() -> None:
    """Its new memory stays beside it; the parent's would merge."""
    assert areas(
        """
        w.map(0, 2, 'rw', PRIVATE | NORESERVE); w.touch(0)
        w.map(10, 2, 'rw', PRIVATE | NORESERVE)
        w.fork()
        w.map(2, 2, 'rw', PRIVATE | NORESERVE)
        w.map(12, 2, 'rw', PRIVATE | NORESERVE)
        w.touch(2)
        """
    ) == "3 areas"


def test_a_source_that_is_kept_has_lost_its_pages() -> None:
    """A whole area whose pages moved away may merge as if it was never written."""
    assert areas(
        """
        w.map(0, 2, 'rw', PRIVATE | NORESERVE); w.touch(0)
        w.map(4, 2, 'rw', PRIVATE | NORESERVE); w.touch(4)
        w.remap(4, 2, 2, 20, keep=True)
        w.map(2, 2, 'rw', PRIVATE | NORESERVE)
        """
    ) == "2 areas"


def test_what_came_by_fork_grows_over_new_memory_in_the_kernel_too() -> None:
    """Its own extension inherits nothing, so the fork does not matter."""
    assert areas(
        """
        w.map(0, 2, 'rw', PRIVATE | NORESERVE); w.touch(0)
        w.map(8, 2, 'rw', PRIVATE | NORESERVE); w.touch(8)
        w.fork()
        w.map(4, 2, 'rw', PRIVATE | NORESERVE)
        w.remap(0, 2, 4)
        w.remap(0, 6, 8)
        """
    ) == "2 areas"


def test_a_remap_of_no_pages_maps_shared_memory_once_more_in_the_kernel_too() -> None:
    """A file, memory without one, private memory, and a destination that is the source."""
    assert areas(
        """
        w.map(0, 4, 'rw', SHARED, file=0, offset=5)
        assert w.remap(1, 0, 2, 20) and w.remap(1, 0, 2, 4) and w.remap(1, 0, 2, 2)
        assert not w.remap(1, 0, 2, 1) and not w.remap(0, 0, 2) and not w.remap(50, 0, 2, 1)
        w.map(30, 4, 'rw', SHARED)
        assert w.remap(30, 0, 6, 40)
        w.map(10, 2, 'rw', PRIVATE)
        assert not w.remap(10, 0, 2, 20) and not w.remap(10, 0, 2, 20, keep=True)
        """
    ) == "7 areas"


def test_a_sealed_area_that_cannot_be_written_keeps_what_it_holds_in_the_kernel_too() -> None:
    """Advice that loses nothing is taken."""
    assert areas(
        """
        w.map(0, 2, 'r', PRIVATE)
        w.map(4, 2, 'rw', PRIVATE)
        w.map(8, 2, 'r', PRIVATE, file=0)
        assert w.seal(0, 2) and w.seal(4, 2) and w.seal(8, 2)
        assert not w.advise(0, 2, 'dontfork') and not w.advise(0, 2, 'wipeonfork')
        assert w.advise(4, 2, 'dontfork') and w.advise(8, 2, 'dontfork')
        assert w.advise(0, 2, 'random')
        """
    ) == "3 areas"


def test_locking_touches_pages_in_the_kernel_too() -> None:
    """What mlock, populating and guarding give an anon_vma stays beside what was written before."""
    assert areas(
        """
        P = PRIVATE | NORESERVE
        def beside(first):
            w.map(0, 2, 'rw', P); w.map(10, 2, 'rw', P)
            first(); w.touch(0)
            w.map(2, 8, 'rw', P)
            count = len(w.space); w.clear()
            return count
        assert beside(lambda: w.lock(10, 2, True, later=False) and w.lock(10, 2, False)) == 2
        assert beside(lambda: w.lock(10, 2, True) and w.lock(10, 2, False)) == 1
        assert beside(lambda: w.map(10, 2, 'rw', P | POPULATE)) == 2
        assert beside(lambda: w.advise(10, 2, 'populate_write')) == 2
        assert beside(lambda: w.advise(10, 2, 'populate_read')) == 1
        assert beside(lambda: w.advise(10, 2, 'guard_install')) == 2
        w.map(0, 2, '', P); w.map(2, 2, 'r', PRIVATE, file=4, offset=15)
        assert not w.lock(0, 2, True, later=False) and not w.lock(2, 2, True, later=False)
        assert w.lock(2, 1, True, later=False) and w.lock(0, 2, True)
        w.compare_flags()
        """
    ) == "2 areas"


def test_a_touch_behind_the_end_of_memory_is_an_error_in_the_kernel_too() -> None:
    """Shared memory that grew, whose front was unmapped; a short file; a stack that grows."""
    assert areas(
        """
        w.map(0, 2, 'rw', SHARED); w.remap(0, 2, 4); w.unmap(0, 2); assert not w.touch(2)
        w.map(10, 4, 'rw', PRIVATE, file=4, offset=14); assert w.touch(10) and not w.touch(12)
        w.map(30, 2, 'rw', PRIVATE | GROWSDOWN); assert not w.touch(20)
        w.unmap(0, 14); assert w.touch(20) and w.touch(21) and not w.touch(40)
        """
    ) == "1 areas"


def test_a_file_that_is_open_for_reading_is_never_written_in_the_kernel_either() -> None:
    """A shared mapping of it; a private one is a copy."""
    assert areas(
        """
        assert not w.map(0, 2, 'rw', SHARED, file=3) and w.map(0, 2, 'r', SHARED, file=3)
        assert not w.protect(0, 2, 'rw') and w.map(4, 2, 'rw', PRIVATE, file=3)
        w.compare_flags()
        """
    ) == "2 areas"


def test_stacks_policies_and_droppable_memory_are_those_of_the_kernel() -> None:
    """PROT_GROWSDOWN, mbind and MAP_DROPPABLE."""
    assert areas(
        """
        w.map(0, 4, 'rw', PRIVATE | GROWSDOWN)
        assert w.protect(2, 1, 'r', grows_down=True) and not w.protect(5, 1, 'r', grows_down=True)
        w.map(10, 4, 'rw', PRIVATE); w.map(16, 2, 'rw', PRIVATE)
        assert not w.protect(11, 1, 'r', grows_down=True)
        assert w.bind(10, 2, 'bind') and not w.bind(10, 8, 'bind') and w.bind(10, 8, None)
        assert not w.bind(14, 2, None) and w.bind(16, 1, 'interleave') and w.bind(17, 0, 'bind')
        assert w.map(20, 2, 'rw', DROPPABLE) and not w.map(20, 2, 'rw', DROPPABLE | LOCKED)
        assert not w.advise(20, 2, 'keeponfork') and w.lock(20, 2, True)
        assert not w.map(30, 2, 'rw', SHARED | GROWSDOWN)
        assert not w.map(30, 2, 'rw', PRIVATE | GROWSDOWN, file=0)
        w.compare_flags()
        """
    ) == "6 areas"


def test_what_a_process_wants_for_all_its_memory_is_so_in_the_kernel_too() -> None:
    """mlockall and PR_SET_MEMORY_MERGE; both change areas where they are, or merge them."""
    if os.geteuid() != 0:
        pytest.skip("only root may lock all of a process")
    assert areas(
        """
        w.map(0, 4, 'rw', PRIVATE); w.map(6, 2, 'r', PRIVATE)
        for bits in (FUTURE | ONFAULT, CURRENT, FUTURE, 0, CURRENT | FUTURE):
            w.lock_all(bits); w.compare_flags()
            w.map(4, 2, 'rw', PRIVATE); w.map(20, 1, 'rw', DROPPABLE); w.compare_flags()
            w.remap(6, 2, 3); w.remap(6, 3, 2)
        assert not w.both('none', lambda: LIBC.mlockall(4),
            lambda: w.space.lock_all(current=False, later=True))
        w.lock_all(0)
        w.merge_all(True); w.map(8, 2, 'rw', SHARED); w.map(10, 2, 'rw', PRIVATE, file=0)
        w.map(21, 1, 'rw', DROPPABLE); w.compare_flags(); w.fork(); w.map(30, 1, 'r', PRIVATE)
        w.compare_flags(); w.merge_all(False); w.map(31, 1, 'r', PRIVATE); w.compare_flags()
        """
    ) == "6 areas"


PLACES = """
import random
from window import *
from rangelist.models.procmaps import load, parse

def mapped():
    return parse(Path('/proc/self/maps').read_text())

top = max(line.stop for line in mapped() if line.stop < ctypes.addressof(ctypes.c_char()) + 2**46)
below = [line for line in mapped() if line.name not in ('[stack]', '[vsyscall]')]
high = max(line.stop for line in below) // PAGE
rng, compared = random.Random(5), 0
for turn in range(60):
    pages = rng.choice([1, 7, 512, 512, 1024, 1536, 513, 2048])
    shared, moved = rng.random() < 0.2, rng.random() < 0.3
    before = mapped()
    space = load(before)
    space.high = high
    flags = {'shared'} if shared else {'noreserve'}
    bits = (SHARED if shared else PRIVATE | NORESERVE) | ANONYMOUS
    if moved:
        source = rng.choice([1, 512])
        LIBC.mmap(BASE * PAGE, source * PAGE, 3, bits | FIXED, -1, 0)
        space.map(source, 'rw', at=BASE, how='fixed', flags=flags)
        space.map(1, '', at=BASE + source, how='fixed')
        LIBC.mmap((BASE + source) * PAGE, PAGE, 0, PRIVATE | ANONYMOUS | FIXED, -1, 0)
        real = LIBC.mremap(BASE * PAGE, source * PAGE, (source + pages) * PAGE, MAYMOVE, 0)
        told = space.remap(BASE, source, source + pages)
        LIBC.munmap(BASE * PAGE, 600 * PAGE, 0)
    else:
        real = LIBC.mmap(0, pages * PAGE, 3, bits, -1, 0)
        told = space.map(pages, 'rw', flags=flags)
    # Only if the interpreter mapped nothing meanwhile does the model know what the kernel knew.
    size = (source + pages if moved else pages) * PAGE
    others = [n for n in mapped() if not (real <= n.start and n.stop <= real + size)]
    if {(n.start, n.stop) for n in before} == {(n.start, n.stop) for n in others}:
        compared += 1
        assert real == told * PAGE, (turn, pages, shared, moved, hex(real), hex(told * PAGE))
    if rng.random() < 0.5 or moved:
        LIBC.munmap(real, size, 0)
print(compared, 'of 60 compared')
"""


def test_new_memory_goes_where_the_kernel_puts_it() -> None:
    """Whole huge pages are aligned; what is shared, or has another length, is not."""
    done = run("-c", PLACES)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[0]) >= 20, done.stdout


def test_nothing_is_mapped_behind_the_last_page_by_the_kernel_either() -> None:
    """The page behind the last one is that of the model."""
    assert areas(
        """
        end = TOP - BASE
        w.map(0, 2, 'rw', PRIVATE)
        assert not w.map(end - 1, 2, 'r', PRIVATE) and not w.map(end, 1, 'r', PRIVATE | NOREPLACE)
        assert not w.unmap(end - 1, 2) and not w.remap(0, 2, 2, end - 1)
        """
    ) == "1 areas"


def test_too_many_areas_are_refused_as_the_model_refuses_them() -> None:
    """The limit of vm.max_map_count, for mapping, splitting, punching a hole and moving."""
    limit = int(Path("/proc/sys/vm/max_map_count").read_text())
    if limit > 70000:
        pytest.skip(f"vm.max_map_count is {limit}, which would take too long to reach")
    done = run(str(Path(__file__).parent / "limit.py"))
    assert done.stdout == "change cut map move punch refused; 1 over\n", done.stdout + done.stderr


def test_all_of_this_process_can_be_read_and_printed_again() -> None:
    """Every kind of line that a real program has."""
    code = (
        "from rangelist.models.procmaps import *\n"
        "text = open('/proc/self/maps').read()\n"
        "assert show(load(parse(text))) == text, show(load(parse(text)))"
    )
    done = run("-c", code)
    assert done.returncode == 0, done.stdout + done.stderr
