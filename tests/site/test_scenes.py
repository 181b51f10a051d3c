"""Scenes: each law and each merge case is in the menu, and the library does what they tell."""

import re
from pathlib import Path

import pytest
from whiteboard.scenes import CASES, RULES_OF_WALKS, SCENES
from whiteboard.words import case_of
from whiteboard.world import run

from rangelist import History, RangeList

DOCS = Path(__file__).parents[2] / "docs"
every_scene = pytest.mark.parametrize("scene", SCENES.values(), ids=lambda scene: scene.id)


def played(scene):
    return run(scene.script._replace(at=len(scene.script.lines)))


@every_scene
def test_a_scene_delivers_what_it_tells(scene):
    world = played(scene)
    delivered = {name: [] for name in scene.delivers}
    for done in world.done[scene.script.at :]:
        if done.line["op"] in ("next", "prev"):
            delivered[done.line["name"]].append(done.delivered and done.delivered[:2])
    assert delivered == dict(scene.delivers)


@every_scene
def test_a_scene_has_something_to_come_and_only_one_is_about_an_error(scene):
    assert scene.script.at < len(scene.script.lines)
    errors = [done.error for done in played(scene).done if done.error]
    assert bool(errors) == (scene.id == "L20")


@every_scene
def test_undo_by_history_leads_back_to_where_a_replay_leads(scene):
    """The board undoes by running fewer lines; the library's own undo must agree."""
    world = run(scene.script)
    history = History(world.list)
    played = [world.play(line) for line in scene.script.lines[scene.script.at :]]
    was = [run(scene.script).shapes(), *(done.after for done in played if done.edit is not None)]
    for shapes in reversed(was[:-1]):
        assert history.undo()
        assert world.shapes() == shapes
    assert not history.undo()
    for shapes in was[1:]:
        assert history.redo()
        assert world.shapes() == shapes


def test_every_law_has_a_scene():
    laws = set(re.findall(r"\*\*(L\d+)\*\*", (DOCS / "walks.md").read_text(encoding="utf-8")))
    assert len(laws) == 21
    assert laws == {scene.id.partition("-")[0] for scene in RULES_OF_WALKS}


def test_every_merge_case_of_the_page_has_a_scene_that_does_just_that():
    """Title, the words of the library and the picture are those of docs/systems.md."""
    page = (DOCS / "systems.md").read_text(encoding="utf-8").partition("## The whiteboard")[2]
    drawn = re.findall(r"^([\w ,]+): ([\w ,]+);.*\n((?:.+\n)+)", page, re.MULTILINE)
    shown = {title: (case, text.rstrip()) for title, case, text in drawn}
    made = {}
    for scene in CASES:
        edit = played(scene).done[-1].edit
        made[scene.title] = (
            edit.case,
            "\n".join(line.rstrip() for line in edit.draw(58).splitlines()),
        )
    assert made == shown


@pytest.mark.parametrize("scene", CASES, ids=lambda scene: scene.id)
def test_the_words_for_a_case_are_its_title(scene):
    """But for pinned areas, which are the case that is left of theirs."""
    named = case_of(played(scene).done[-1])
    title = {"both, N pinned": "8 left full", "both, M pinned": "5 in place"}.get(
        scene.title, scene.title
    )
    assert named.startswith(title + ":")


@every_scene
def test_a_bag_is_a_bag_and_all_others_are_lists(scene):
    assert isinstance(run(scene.script).list, RangeList) == (scene.id != "interval-tree")
