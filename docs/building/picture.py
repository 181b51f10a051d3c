"""The directive `picture`: runs its Python, shows the picture of its last expression.

    ```{picture} What the picture shows, in words
    rl = RangeList([(0, 8, "a")])
    rl
    ```

All public names are there without an import.  The last expression is anything with `picture()`, a
`Picture`, or a list of these.  The SVG is put into the page, drawn once for a wide and once for a
narrow screen; its colours are in one style sheet for the site, which follows the switch between
light and dark.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any, Final

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import rangelist
from rangelist.draw import Picture
from rangelist.svg import document, stylesheet

__all__ = ["PictureDirective", "figure_of", "pictures_of", "setup"]

WIDTHS: Final = {"rl-wide": 680, "rl-narrow": 350}
STYLE: Final = re.compile(r"<style>.*?</style>\n?", re.DOTALL)


def pictures_of(code: str) -> list[Picture]:
    """Run Python, return the pictures of its last expression.

    Example:
        >>> len(pictures_of("[RangeList(), RangeBag()]"))
        2
    """
    names: dict[str, Any] = {name: getattr(rangelist, name) for name in rangelist.__all__}
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body else None
    if not isinstance(last, ast.Expr):
        raise ValueError(f"found {code!r}, want Python that ends in an expression")
    exec(compile(tree, "<picture>", "exec"), names)  # noqa: S102  it is our own page
    thing = eval(compile(ast.Expression(last.value), "<picture>", "eval"), names)  # noqa: S307
    things = thing if isinstance(thing, list) else [thing]
    return [one if isinstance(one, Picture) else one.picture() for one in things]


def figure_of(pictures: list[Picture]) -> nodes.container:
    """Return pictures, one below the other, as a node of a page."""
    figure = nodes.container(classes=["rl-figure"])
    for name, width in WIDTHS.items():
        svg = STYLE.sub("", document(pictures, width))
        figure += nodes.container("", nodes.raw("", svg, format="html"), classes=[name])
    return figure


class PictureDirective(SphinxDirective):
    """Put a picture into the page; the argument says what it shows."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return a figure."""
        figure = figure_of(pictures_of("\n".join(self.content)))
        if self.arguments:
            figure += nodes.caption("", *self.parse_inline(self.arguments[0])[0])
        return [figure]


def write_style(app: Sphinx) -> None:
    """Write the colours of all pictures: light, and dark where the theme is dark."""
    dark = stylesheet("dark")
    text = (
        f"{stylesheet('light')}\n"
        f'body[data-theme="dark"] {{\n{dark}}}\n'
        f'@media (prefers-color-scheme: dark) {{ body[data-theme="auto"] {{\n{dark}}} }}\n'
    )
    folder = Path(app.outdir) / "_static"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rangelist.css").write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of the directive and the style sheet."""
    app.add_directive("picture", PictureDirective)
    app.connect("builder-inited", write_style)
    app.add_css_file("rangelist.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
