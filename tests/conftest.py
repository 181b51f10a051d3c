"""What pytest has to know about this folder."""

import gc
from pathlib import Path

import pytest
from hypothesis import settings

# No clock in a test: a busy machine is no bug.  (What `CI` means to Hypothesis stays as it is.)
settings.register_profile("rangelist", parent=settings(), deadline=None)
settings.load_profile("rangelist")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Look for tests in `test_*.py` only.

    `--doctest-modules` would import all other files too: scripts that are made to be run, files
    that are made to be type-checked.
    """
    helper = collection_path.suffix == ".py" and not collection_path.name.startswith("test_")
    return True if helper else None


@pytest.fixture(scope="module", autouse=True)
def collected_before() -> None:
    """Let the collector pass by what is there already: thousands of tests, and caches of others."""
    gc.collect()
    gc.freeze()
