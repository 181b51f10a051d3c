"""Compile the C header, its tests and its examples, once for each way in which they are asked for."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

ROOT = Path(__file__).parents[2]
C = ROOT / "c"
HEADER = C / "range_list.h"
COMPILERS = ("gcc", "clang")
HALF_OPEN = "-DRANGE_HALF_OPEN"
STRICT = (
    "-Wall",
    "-Wextra",
    "-Wconversion",
    "-Wsign-conversion",
    "-Wshadow",
    "-pedantic",
    "-Werror",
)

PROGRAM = (*STRICT, f"-I{C}")
SANITIZED = ("-g", "-O0", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def compiler(*names: str) -> str:
    """Return the first compiler of these that there is, or skip with the reason."""
    for name in names:
        if path := shutil.which(name):
            return path
    pytest.skip(f"no {' or '.join(names)} on this machine")


@cache
def folder() -> Path:
    """Return a folder for what is compiled in this run."""
    return Path(mkdtemp(prefix="rangelist-c-"))


@cache
def sanitizes(path: str) -> bool:
    """Tell whether a compiler has the sanitizers, whose library may be a package of its own."""
    source = folder() / "empty.c"
    source.write_text("int main(void) { return 0; }\n", encoding="utf-8")
    command = [path, *SANITIZED, str(source), "-o", str(folder() / "empty")]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@cache
def program(source: str, *flags: str, by: str = "") -> str:
    """Compile a file of c/ with strict warnings, as C11 unless the flags say else; return its path."""
    path = compiler(by) if by else compiler("gcc", "clang", "cc")
    if SANITIZED[-1] in flags and not sanitizes(path):
        pytest.skip(f"{path} has no address sanitizer on this machine")
    out = folder() / f"program{len(list(folder().iterdir()))}"
    standard = () if any(flag.startswith("-std=") for flag in flags) else ("-std=c11",)
    # The hooks of tests do not use all they are given.
    lenient = ("-Wno-unused-parameter",) if source.startswith("test/") else ()
    command = [path, *standard, *PROGRAM, *lenient, *flags, str(C / source), "-o", str(out)]
    subprocess.run(command, check=True)
    return str(out)


def output(command: list[str], given: str = "") -> str:
    """Return what a program prints; it has to succeed."""
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
