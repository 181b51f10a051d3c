"""The folder that `make whiteboard` makes: all that the page asks for, and the same each time."""

import json
import re
from zipfile import ZipFile

import pytest
from whiteboard import build


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Build with a runtime that is not the real one, which is large and comes from npm."""
    runtime = tmp_path / "npm" / "pyodide"
    runtime.mkdir(parents=True)
    for name in build.RUNTIME:
        (runtime / name).write_text(name)
    monkeypatch.setattr(build, "PYODIDE", runtime)
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "old").write_text("left over")
    build.build(folder)
    return folder


def test_the_folder_has_all_that_its_pages_name(built):
    page = (built / "index.html").read_text(encoding="utf-8")
    named = set(re.findall(r'(?:src|href)="([\w.]+\.(?:js|css))"', page))
    code = "".join((built / name).read_text(encoding="utf-8") for name in ("page.js", "worker.js"))
    named |= set(re.findall(r'["/]([\w.]+\.(?:m?js|zip|json))"', code))
    made = {path.name for path in built.rglob("*")}
    assert named <= made
    assert len(named) >= 6
    assert "old" not in made


def test_the_sizes_are_those_of_the_files(built):
    sizes = json.loads((built / "sizes.json").read_text())
    assert sizes == {name: (built / name).stat().st_size for name in sizes}
    assert "python.zip" in sizes


def test_the_zip_has_the_library_and_the_board_and_is_the_same_each_time(built, tmp_path):
    with ZipFile(built / "python.zip") as archive:
        names = archive.namelist()
    assert {"rangelist/__init__.py", "rangelist/oracle/trace.py", "whiteboard/board.py"} <= set(
        names
    )
    assert all(name.endswith((".py", ".json", ".jsonl")) for name in names)
    build.pack(tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (built / "python.zip").read_bytes()


def test_without_pyodide_it_is_said_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "PYODIDE", tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match="make whiteboard"):
        build.build(tmp_path / "made")


def test_nothing_in_the_page_is_from_elsewhere():
    for name in build.PAGE:
        text = (build.HERE / name).read_text(encoding="utf-8")
        assert set(re.findall(r"https?://[\w.]+", text)) <= {"http://www.w3.org"}, name


def test_a_call_without_a_folder_is_told_what_is_wanted():
    with pytest.raises(SystemExit, match="want one: the folder"):
        build.main([])


def test_the_folder_is_the_argument(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "PYODIDE", tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match="no Pyodide"):
        build.main([str(tmp_path / "made")])
