"""The directive `scenes`: the whiteboard's scenes of one group, drawn, each with a link to try it.

```{scenes} Walks: the 21 laws
```
"""

from __future__ import annotations

from typing import Any, Final

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from whiteboard.board import ahead_of
from whiteboard.export import call_of
from whiteboard.picture import picture_of, walk_picture
from whiteboard.scenes import SCENES, Scene
from whiteboard.script import Script
from whiteboard.world import World, run

from rangelist.draw import Picture

from .picture import figure_of

__all__ = ["ScenesDirective", "pictures_of", "setup"]

WALKING: Final = ("walk", "next", "prev", "seek", "drop")


def pictures_of(scene: Scene) -> list[Picture]:
    """Return the pictures of a scene: the edit; or each walk, before and after what is done."""
    script = scene.script
    if not scene.delivers:
        return [picture_of(run(script._replace(at=len(script.lines))))]
    steps = script.lines[script.at :]
    writes = next((i for i, line in enumerate(steps) if line["op"] in WALKING), 0) or len(steps)
    return [
        *walks_of(script, "before"),
        *walks_of(script._replace(at=script.at + writes), f"after {calls_of(script, writes)}"),
    ]


def calls_of(script: Script, count: int) -> str:
    world = World(script.header)
    for line in script.done:
        world.play(line)
    return ", ".join(call_of(line, world) for line in script.lines[script.at : script.at + count])


def walks_of(script: Script, when: str) -> list[Picture]:
    """Return the picture of each walk."""
    world, ahead = run(script), ahead_of(script)
    found = [walk_picture(name, world, ahead[name]) for name in world.walks]
    for picture in found:
        picture.title = f"{picture.title}, {when}"
    return found


class ScenesDirective(SphinxDirective):
    """Draw all scenes of a group, a section each."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        return [self.drawn(one) for one in SCENES.values() if one.group == self.arguments[0]]

    def drawn(self, scene: Scene) -> nodes.section:
        """Return a scene as a section: its note, its pictures, a link to try it."""
        section = nodes.section(ids=[f"scene-{scene.id.lower()}"], names=[scene.id])
        section += nodes.title("", scene.title)
        section += nodes.paragraph("", "", *self.parse_inline(scene.note)[0])
        section += figure_of(pictures_of(scene))
        link = f"whiteboard/index.html#scene={scene.id}"
        section += nodes.raw("", f'<p><a href="{link}">Try it</a></p>', format="html")
        return section


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of the directive."""
    app.add_directive("scenes", ScenesDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
