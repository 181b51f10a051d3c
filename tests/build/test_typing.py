"""What type checkers see: `tests/typing/` is checked, never run."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_public_types_are_what_the_files_in_tests_typing_assert():
    """Each `assert_type` there holds under `mypy --strict`, and no expected error is missing."""
    files = sorted((ROOT / "tests" / "typing").glob("*.py"))
    assert files

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--warn-unused-ignores", *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
