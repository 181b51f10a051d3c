"""The examples about memory and files do what they say."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest

from rangelist import Gap

ROOT = Path(__file__).parents[2]


def example(name: str) -> ModuleType:
    """Load an example as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "examples" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LEAK = """\
0x12000-0x14000       8 KiB  rw-p [heap]
0x30000-0x31000       4 KiB  rw-s /dev/zero (deleted)
                         in all       8 KiB  rw-p [heap]
                         in all       4 KiB  rw-s /dev/zero (deleted)
"""


def test_what_leaked_is_what_only_the_second_map_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A heap that grew counts by what it grew; what was unmapped does not count."""
    before, after = tmp_path / "before", tmp_path / "after"
    heap, gone = "00010000-{:08x} rw-p 0 00:00 0 [heap]\n", "00020000-00021000 r--p 0 00:00 0\n"
    before.write_text(heap.format(0x12000) + gone)
    shared = "00030000-00031000 rw-s 0 00:01 7 /dev/zero (deleted)\n"
    after.write_text(heap.format(0x14000) + shared)
    leaks = example("what_leaked")
    leaks.main([str(before), str(after)])
    assert capsys.readouterr().out == LEAK
    leaks.main([str(before), str(before)])
    assert capsys.readouterr().out == "nothing leaked\n"


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="there is no /proc/self/maps")
def test_a_job_that_leaks_is_found_out(capsys: pytest.CaptureFixture[str]) -> None:
    """The example's own job keeps a mapping of 256 KiB each time."""
    example("what_leaked").main([])
    last = [line for line in capsys.readouterr().out.splitlines() if "/dev/zero" in line][-1]
    assert last.split()[:3] == ["in", "all", str(4 * 256)]


def test_only_whole_free_blocks_that_are_no_holes_are_punched() -> None:
    """Records at 0..10 and 35..60 of a hundred bytes, blocks of ten, a hole at 70..80."""
    punching = example("punch_holes")
    live: punching.Live = punching.RangeList([(0, 10, "a"), (35, 60, "b")])
    planned = punching.plan(live, 100, 10, [Gap(70, 80)])
    assert planned == [(10, 30), (60, 70), (80, 100)]
    assert punching.plan(live, 38, 10, [Gap(0, 100)]) == []


def test_the_file_system_says_that_the_planned_holes_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The records that live read as they were written, which the example asserts."""
    if not sys.platform.startswith("linux"):
        pytest.skip("fallocate is a call of Linux")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    try:
        example("punch_holes").main()
    except OSError as error:
        pytest.skip(f"the file system of {tmp_path} punches no holes: {error}")
    assert capsys.readouterr().out == (
        "punched  12288 to  36864\npunched  73728 to  77824\n"
        "the file system says the same: True\n6 records are whole; punched again: []\n"
    )


def test_a_file_that_ends_in_a_hole_has_one(tmp_path: Path) -> None:
    """There is no data behind it to be found."""
    holes_of = example("punch_holes").holes_of
    with (tmp_path / "sparse").open("w+b") as file:
        file.truncate(1 << 20)
        assert holes_of(file.fileno()) in ([Gap(0, 1 << 20)], [])


def test_the_allocator_says_how_well_it_packs(capsys: pytest.CaptureFixture[str]) -> None:
    """What was free in pieces is one piece after compaction."""
    example("first_fit").main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("pieces")[0].endswith("no 1000 free bytes in one piece, 4408 in all")
    assert lines[-1] == "after moving 140 blocks it has 4408"


def test_blocks_of_the_allocator_never_overlap_and_never_lose_their_bytes() -> None:
    """Against one mark a byte; a block that is moved keeps its handle."""
    rng, arena = random.Random(2), example("first_fit").Arena(500)
    blocks = {}
    for number in range(3000):
        kind = rng.choice(["allocate", "allocate", "release", "resize", "compact"])
        try:
            if kind == "allocate":
                size = rng.randrange(1, 60)
                block = arena.allocate(size, str(number), align=rng.choice([1, 8]))
                blocks[block] = (str(number), size)
            elif kind == "compact":
                arena.compact() if rng.random() < 0.05 else None
                assert arena.largest() <= arena.free()
            elif blocks:
                block = rng.choice(list(blocks))
                if kind == "release":
                    arena.release(block)
                    del blocks[block]
                else:
                    size = rng.randrange(1, 60)
                    arena.resize(block, size)
                    blocks[block] = (block.value, size)
        except MemoryError:
            assert arena.largest() < 60 + 7
        assert {(b.value, b.stop - b.start) for b in blocks} == set(blocks.values())
        assert arena.free() == 500 - sum(size for _, size in blocks.values())
        arena.blocks.check()
