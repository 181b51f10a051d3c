"""How Sphinx builds the documentation: `make docs`.  No page asks for anything from elsewhere."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from whiteboard.build import build  # noqa: E402

import rangelist  # noqa: E402

project = "rangelist"
author = "The rangelist authors"
copyright = author  # noqa: A001  the name Sphinx looks for
release = rangelist.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "building.command",
    "building.docstrings",
    "building.members",
    "building.picture",
    "building.scenes",
]
exclude_patterns = ["whiteboard", "building"]
# A single backquote in a docstring: a link where there is such a name, else code.
default_role = "py:obj"
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_inherit_docstrings = True
python_use_unqualified_type_names = True
add_module_names = False
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = "rangelist"
html_favicon = "style/icon.svg"
html_static_path = ["style"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1f5fbf", "color-brand-content": "#1f5fbf"},
    "dark_css_variables": {"color-brand-primary": "#7fb1ff", "color-brand-content": "#7fb1ff"},
}


ELSEWHERE = re.compile(r"\[([^\]]*)\]\((?:\.\./)+(?!docs/)[^)]*\)")


def prepare(app: Any, name: str, text: list[str]) -> None:
    """Prepare the text of a page.

    Every page of the folder that the front page does not name itself is listed there as How to.
    The empty line at the end of a block with prompts is for doctest, not for a reader.
    Files beside the documentation are no pages: a link to one becomes its name.
    """
    text[0] = ELSEWHERE.sub(r"\1", text[0].replace("\n\n```\n", "\n```\n"))
    if name == "index":
        named = set(re.findall(r"^[\w/]+$", text[0], re.MULTILINE)) | {"index"}
        more = sorted(path.stem for path in HERE.glob("*.md") if path.stem not in named)
        text[0] = text[0].replace("(every other page)", "\n".join(more))


def forget_builtins(app: Any, env: Any) -> None:
    """Take `dict[...]`, which a type alias is, from the list of modules with source."""
    env._viewcode_modules.pop("builtins", None)


def add_whiteboard(app: Any, error: Exception | None) -> None:
    """Build the whiteboard into the site."""
    if error is None and app.builder.name == "html":
        build(Path(app.outdir) / "whiteboard")


def setup(app: Any) -> None:
    """Tell Sphinx what comes after the pages."""
    app.connect("source-read", prepare)
    app.connect("env-updated", forget_builtins)
    app.connect("build-finished", add_whiteboard)
