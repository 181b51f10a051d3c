"""The libraries of libraries.toml: what is missing for each, how it is built, how it is started.

python examples/adapters/libraries.py       the commands that install what is missing
"""

from __future__ import annotations

import importlib.util
import shlex
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
BUILD = HERE / "build"
PEERS = HERE.parent / "peers"


@dataclass(frozen=True, eq=False)
class Run:
    """One library, written in one way."""

    name: str
    library: str
    way: str
    file: str
    needs: tuple[str, ...]
    install: str
    build: tuple[str, ...] = ()
    command: str = ""
    arguments: str = ""
    impl: str = ""
    version: str = ""
    promised: bool = True
    says: tuple[tuple[str, str, str], ...] = ()

    @property
    def folder(self) -> Path:
        """Where its commands are run."""
        return HERE

    @property
    def lines(self) -> int:
        """How long the adapter is, without blank lines."""
        return sum(1 for line in self.source.read_text("utf-8").splitlines() if line.strip())

    @property
    def source(self) -> Path:
        return (HERE / self.file).resolve()

    @property
    def missing(self) -> str:
        """Say what has to be installed first, if something has."""
        absent = [need for need in self.needs if not present(need)]
        return f"needs {', '.join(absent)} ({self.install})" if absent else ""

    @property
    def target(self) -> list[str]:
        """The options of `rangelist.oracle run` that name it; it is started in this folder."""
        if self.impl:
            return ["--impl", self.impl]
        return ["--cmd", f"{filled(self.command)} {self.arguments}".strip()]

    def make(self) -> str:
        """Build it; return why that failed, if it did."""
        BUILD.mkdir(exist_ok=True)
        return next(filter(None, map(made, self.build)), "")

    def version_told(self, version: str) -> str:
        """Return the version that the adapter told, or what the command for it prints."""
        return version or (shell(self.version).stdout.strip() if self.version else "")


@cache
def made(command: str) -> str:
    """Run a command that builds, once in a process; return why it failed, if it did."""
    done = shell(filled(command))
    return f"{command}: {done.stderr.strip()[-1000:]}" if done.returncode else ""


def shell(command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the file in this folder."""
    return subprocess.run(
        command, shell=True, cwd=HERE, capture_output=True, text=True, check=False
    )


def filled(command: str) -> str:
    return command.replace("{build}", shlex.quote(str(BUILD)))


def present(need: str) -> bool:
    """Tell whether a program, a file or a Python module is there."""
    kind, _, name = need.partition(":")
    if kind == "python":
        return importlib.util.find_spec(name) is not None
    if need.startswith("/"):
        return any(Path("/").glob(need[1:]))
    return shutil.which(need) is not None


def libraries() -> list[Run]:
    """Return every run of libraries.toml."""
    tables = tomllib.loads((HERE / "libraries.toml").read_text("utf-8"))["adapter"]
    return [run_of(table, run) for table in tables for run in table["run"]]


def run_of(table: dict[str, Any], run: dict[str, Any]) -> Run:
    """Return a run with what its adapter says; a field that does not exist is a TypeError."""
    both = {name: value for name, value in table.items() if name != "run"} | run
    says = tuple((ours, theirs, where) for ours, theirs, where in both.pop("says", []))
    lists = {name: tuple(both.pop(name, ())) for name in ("needs", "build")}
    return Run(**both, **lists, says=says)


if __name__ == "__main__":
    for command in sorted({run.install for run in libraries() if run.missing}):
        print(command)
