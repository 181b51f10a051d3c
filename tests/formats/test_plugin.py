"""Formats of other packages, found by their entry points."""

import tomllib
from pathlib import Path

import pytest

from tests.cli.test_cli import OK, USAGE, run

PLUGIN = Path(__file__).parent.parent.parent / "examples" / "plugin"
TEXT = "1\n00:00:01,000 --> 00:00:04,500\nHello\n\n2\n00:00:04,000 --> 00:00:06,000\nWorld\n"


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install the example, as pip would: its module, and the folder that names its entry points."""

    def install(target=""):
        entries = tomllib.loads((PLUGIN / "pyproject.toml").read_text())["project"]["entry-points"]
        folder = tmp_path / "rangelist_subtitles-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: rangelist-subtitles\nVersion: 1.0\n")
        ((group, names),) = entries.items()
        lines = [f"{name} = {target or value}" for name, value in names.items()]
        (folder / "entry_points.txt").write_text(f"[{group}]\n" + "\n".join(lines) + "\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.syspath_prepend(str(PLUGIN))

    return install


def test_a_format_of_another_package_is_guessed_merged_and_written(installed):
    """As one of ours; it is asked only where none of ours fits."""
    installed()

    result = run("--as", "same", stdin=TEXT)

    assert (result.code, result.out) == (OK, "00:00:01,000 --> 00:00:06,000\n")
    assert run("-f", "subtitles", "--as", "jsonl", stdin=TEXT).objects == [
        {"start": 1000, "stop": 6000, "text": "00:00:01,000-00:00:06,000"}
    ]


def test_it_is_in_the_help(installed):
    """Of the program, and with a page of its own."""
    installed()

    assert "subtitles" in run("--help").out
    assert "files that end in .srt" in run("help", "subtitles").out


def test_a_broken_package_is_named(installed):
    """It is not our fault."""
    installed("nowhere:Nothing")

    result = run("-f", "subtitles", stdin=TEXT)

    assert result.code == USAGE
    assert "format 'subtitles' of nowhere:Nothing is broken: ModuleNotFoundError" in result.err
