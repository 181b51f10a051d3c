"""Directives that bring docstrings into a page, so that a page is a list of names.

.. members:: rangelist.RangeList        these members of the class, or names of the module

   set insert fill

.. everything:: rangelist.draw          all of the module's `__all__`, after its own docstring
"""

from __future__ import annotations

import inspect
import re
import sys
from importlib import import_module
from pkgutil import iter_modules
from types import GenericAlias
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.docutils import SphinxDirective

from .docstrings import converted

__all__ = ["Everything", "Members", "Package", "setup"]


def found(path: str) -> Any:
    """Return the module or class of a dotted name."""
    try:
        return import_module(path)
    except ModuleNotFoundError:
        module, _, name = path.rpartition(".")
        return getattr(import_module(module), name)


def kind_of(owner: Any, name: str) -> str:
    """Return which of autodoc's directives describes a member.

    Example:
        >>> from rangelist import RangeList
        >>> kind_of(RangeList, "set"), kind_of(RangeList, "first"), kind_of(RangeList, "__or__")
        ('method', 'property', 'method')
    """
    thing = inspect.getattr_static(owner, name)
    if inspect.isclass(owner):
        if isinstance(thing, property):
            return "property"
        return "method" if callable(getattr(owner, name)) else "attribute"
    if inspect.isclass(thing) and not isinstance(thing, GenericAlias):
        return "exception" if issubclass(thing, BaseException) else "class"
    return "function" if inspect.isroutine(thing) else "data"


def about(module: Any, name: str) -> list[str]:
    """Return what is said of a name where it is made: the docstring below it, or a comment."""
    package = module.__name__.partition(".")[0]
    thing = getattr(module, name)
    for where, other in sorted(sys.modules.items()):
        if where.partition(".")[0] == package and getattr(other, name, None) is thing:
            docs = ModuleAnalyzer.for_module(where).find_attr_docs()
            text = docs.get(("", name)) or comment_on(inspect.getsource(other), name)
            if text:
                return [f"   {line}" for line in converted(list(text))]
    return []


def comment_on(source: str, name: str) -> list[str]:
    r"""Return the comment beside the assignment of a name, or the lines above it.

    Example:
        >>> comment_on("# The size\n# of a page.\nPAGE = 4096\nTOP = 8", "PAGE")
        ['The size', 'of a page.']
        >>> comment_on("TOP: Final = 8  # the last", "TOP")
        ['The last.']
    """
    lines = source.splitlines()
    assigned = re.compile(rf"{name}(: [^=]+)? = ")
    at = next((i for i, line in enumerate(lines) if assigned.match(line)), 0)
    beside = lines[at].partition("  # ")[2]
    if beside:
        return [beside[0].upper() + beside[1:] + "."]
    first = at
    while first and lines[first - 1].startswith("# "):
        first -= 1
    return [line.removeprefix("# ") for line in lines[first:at]]


class Members(SphinxDirective):
    """Describe the members that are named."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return what autodoc says of each."""
        path = self.arguments[0]
        return self.described(path, " ".join(self.content).split())

    def described(
        self, path: str, names: list[str], head: tuple[str, ...] = ()
    ) -> list[nodes.Node]:
        """Return the nodes of autodoc's directives."""
        owner = found(path)
        lines = list(head)
        for name in names:
            kind = kind_of(owner, name)
            if kind == "data":
                lines += [
                    "",
                    f".. py:data:: {name}",
                    f"   :module: {path}",
                    "",
                    *about(owner, name),
                ]
            else:
                lines += ["", f".. auto{kind}:: {path}.{name}"]
                lines += ["   :members:"] if kind == "class" else []
        box = nodes.container()
        self.state.nested_parse(StringList([*lines, ""], self.get_source_info()[0]), 0, box)
        return box.children


class Everything(Members):
    """Describe all public names of a module."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the module's own docstring, and what autodoc says of each name."""
        return self.everything(self.arguments[0])

    def everything(self, path: str) -> list[nodes.Node]:
        """Return what autodoc says of a module and its names."""
        head = (f".. automodule:: {path}", "   :no-members:")
        return self.described(path, list(found(path).__all__), head)


class Package(Everything):
    """Describe all public names of all modules of a package."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each module that says what is public in it."""
        path = self.arguments[0]
        names = sorted(module.name for module in iter_modules(found(path).__path__))
        public = [name for name in names if hasattr(found(f"{path}.{name}"), "__all__")]
        return [self.section(path, name) for name in public]

    def section(self, path: str, name: str) -> nodes.section:
        """Return a module as a section."""
        section = nodes.section(ids=[f"module-{name}"], names=[name])
        section += nodes.title("", name)
        section += self.everything(f"{path}.{name}")
        return section


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of the directives."""
    app.add_directive("members", Members)
    app.add_directive("everything", Everything)
    app.add_directive("package", Package)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
