"""A pytest plugin: `pytest --rangelist-impl module:Class` runs the corpus as tests.

    --rangelist-impl module:Class      an implementation in this process
    --rangelist-cmd PROGRAM            one that speaks the protocol of the oracle
    --rangelist-only PREFIX            only traces whose id begins so, such as law or x4
    --rangelist-save DIR               where failures go, shrunk: as a trace, a picture, a script

It adds tests only when one of the first two is given, and reads the oracle only then: whoever has
rangelist installed loads this file with every run of pytest.
"""

from __future__ import annotations

import pytest

__all__ = ["pytest_addoption", "pytest_collection_modifyitems"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("rangelist")
    group.addoption("--rangelist-impl", metavar="MODULE:CLASS", help="run the corpus on this class")
    group.addoption("--rangelist-cmd", metavar="PROGRAM", help="run the corpus on this program")
    group.addoption("--rangelist-only", metavar="PREFIX", default="", help="only ids that begin so")
    group.addoption("--rangelist-save", metavar="DIR", help="write failures there, shrunk")


def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add one test for each witness, and one for each list of the exhaustive cases."""
    impl = config.getoption("--rangelist-impl")
    command = config.getoption("--rangelist-cmd")
    if impl is None and command is None:
        return
    from rangelist.oracle.pytest_items import corpus_items  # noqa: PLC0415  see above

    only = str(config.getoption("--rangelist-only"))
    folder = config.getoption("--rangelist-save")
    items += corpus_items(session, impl, command, only, folder)
