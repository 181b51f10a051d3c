"""The switch for the compiled build; everything else is in pyproject.toml.

    pip install .                        plain Python, needs no compiler
    RANGELIST_COMPILE=1 pip install .    the same files compiled with mypyc, needs a C compiler

pyproject.toml names this file as its build backend too, which is setuptools' own with one addition:
that mypy is fetched, and only then, when the switch is on.
"""

import os
from pathlib import Path

from setuptools import setup
from setuptools.build_meta import *  # noqa: F403  the hooks of a backend

COMPILE = os.environ.get("RANGELIST_COMPILE") == "1"

# Raised on purpose only: a compiler may change what the code means.
COMPILER = "mypy[mypyc]==2.4.1"

# The core is compiled, all but:
PLAIN = {
    "__init__",  # names only
    "__main__",  # mypyc has no `python -m`
    "_compat",  # stands in for the decorator of mypyc
    "errors",  # has bases that mypyc refuses
    "history",  # a few lines that nobody calls a million times
    "jsonkeys",  # likewise; it is imported late, and brings decimals and addresses
}


def requirements(config_settings: dict[str, str] | None = None) -> list[str]:
    """Tell pip what to build with besides setuptools, without running this file for that."""
    return [COMPILER] if COMPILE else []


get_requires_for_build_wheel = get_requires_for_build_sdist = requirements


def get_requires_for_build_editable(config_settings: dict[str, str] | None = None) -> list[str]:
    """Refuse what would leave objects beside the sources, to be tested in their place."""
    if COMPILE:
        raise SystemExit("RANGELIST_COMPILE=1 does not go with an editable install (pip install -e)")
    return []


def extensions() -> list:
    """Return what is to be compiled."""
    if not COMPILE:
        return []
    from mypyc.build import mypycify  # noqa: PLC0415  it is there only if asked for

    core = sorted(path for path in Path("rangelist").glob("*.py") if path.stem not in PLAIN)
    return mypycify([str(path) for path in core], group_name="rangelist")


if __name__ == "__main__":
    setup(ext_modules=extensions())
