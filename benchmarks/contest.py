"""What is measured: cells of (case, contender, number of nodes).

    case        one job, "shuffled set"; a file in families/ holds the cases of one family
    contender   who does the job: this library, a peer, or a floor that no library can go below

A contender is a function of n which makes everything ready and returns what is timed:

    run           does the job once
    run, undo     and what makes it possible once more, which is not timed

Where `unit` is no time, `run` returns the number itself.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bars import OWN

Maker = Callable[[int], Any]


@dataclass
class Contender:
    """Who does the job; `package` names whose version is to be reported."""

    name: str
    make: Maker
    package: str | None
    kind: str  # own, python, native, vectorised or floor
    most: int  # nodes; with more it would take minutes


@dataclass(eq=False)
class Case:
    """One job.  `operations(n)` is how many a run does: results are per operation."""

    name: str
    about: str
    operations: Callable[[int], int] = lambda n: 1
    unit: str = "s"
    sizes: tuple[int, int] = (100, 1_000_000)
    contenders: dict[str, Contender] = field(default_factory=dict)

    def by(
        self, name: str, package: str | None = None, kind: str = "python", most: int = 1_000_000
    ) -> Callable[[Maker], Maker]:
        """Register who does the job."""

        def register(make: Maker) -> Maker:
            self.contenders[name] = Contender(name, make, package, kind, most)
            return make

        return register

    def own(self, make: Maker) -> Maker:
        """Register how this library does the job; it is run in both builds."""
        return self.variant(OWN)(make)

    def variant(self, name: str, most: int = 1_000_000) -> Callable[[Maker], Maker]:
        """Register another way to do it with this library, in both builds, too."""
        return self.by(name, "rangelist-py", "own", most)

    def floor(self, name: str) -> Callable[[Maker], Maker]:
        """Register what no library can be faster than."""
        return self.by(name, None, "floor")


def families() -> dict[str, list[Case]]:
    """Return the cases of every file in families/."""
    found = {}
    for path in sorted((Path(__file__).parent / "families").glob("[a-z]*.py")):
        module = importlib.import_module(f"families.{path.stem}")
        found[path.stem] = [case for case in vars(module).values() if isinstance(case, Case)]
    return found


# ---- the same data for everybody -----------------------------------------------------------------


def items(n: int) -> list[tuple[int, int, int]]:
    """Return n items that neither overlap nor touch: [0, 6) = 0, [10, 16) = 1, ..."""
    return [(10 * i, 10 * i + 6, i) for i in range(n)]


def touching(n: int, value: Callable[[int], int] = int) -> list[tuple[int, int, int]]:
    """Return n items that touch: [0, 10), [10, 20), ..."""
    return [(10 * i, 10 * i + 10, value(i)) for i in range(n)]


def some(n: int, most: int) -> list[int]:
    """Return up to `most` different numbers below n, in random order, the same ones every time."""
    return Random(n).sample(range(n), min(n, most))


def draws(n: int, most: int) -> list[int]:
    """Return `most` random numbers below n, the same ones every time."""
    draw = Random(n)
    return [draw.randrange(n) for _ in range(most)]
