"""Turns our docstrings into what autodoc expects.

    Cost: O(log n).                          ->   a field  :Cost: O(log n).
    Raises: OverlapError, if it is taken;    ->   a field  :Raises: …
        StaleNodeError.
    Example:                                 ->   a heading, and the code as it stands
        code with prompts
    indented by itself, or in columns: a
        drawing, a list, a table             ->   a literal block, so that it keeps its form

Everything else stays as it is.  A name in single backquotes becomes a link where there is such a
name (the role `py:obj`); what is no name is code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rangelist import errors

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["converted", "setup"]

FIELD: Final = re.compile(r"(Cost|Raises|Returns|Yields):")
QUOTED: Final = re.compile(r"(?<![`:])`([^`]+)`(?!`)")
NAME: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
COLUMNS: Final = re.compile(r"[^.:!?)\s]  +\S")
INDENTED: Final = ("drawing", "example")
ERROR: Final = re.compile(r"\b([A-Z]\w*(?:Error|Exception|Interrupt))\b")


class Block(NamedTuple):
    """Lines of one kind: text, drawing, field or example."""

    kind: str
    lines: list[str]


def converted(lines: list[str]) -> list[str]:
    """Return the lines of a docstring as reStructuredText.

    Example:
        >>> converted(["Write:", "    [--a--)", "", "Cost: O(1),", "    at most."])
        ['Write:', '', '.. code-block:: text', '', '    [--a--)', '', ':Cost: O(1), at most.', '']
    """
    return [line for block in blocks(lines) for line in written(block)]


def blocks(lines: list[str]) -> list[Block]:
    """Cut a docstring into its blocks, by their first words and by what is indented."""
    found: list[Block] = []
    ended = True  # a blank line ends text and fields, but neither a drawing nor an example
    for line in lines:
        kind = found[-1].kind if found else ""
        if not line.strip():
            ended = True
            if kind in INDENTED:
                found[-1].lines.append("")
        elif FIELD.match(line) or line.startswith("Example:"):
            found.append(Block("field" if FIELD.match(line) else "example", [line]))
            ended = False
        elif line.startswith("    "):
            if kind not in INDENTED and (kind != "field" or ended):
                found.append(Block("drawing", []))
            found[-1].lines.append(line)
            ended = False
        else:
            if kind != "text" or ended:
                found.append(Block("text", []))
            found[-1].lines.append(line)
            ended = False
    return found


def written(block: Block) -> Iterator[str]:
    """Yield the lines of one block."""
    if block.kind == "field":
        name, _, text = " ".join(map(str.strip, block.lines)).partition(":")
        text = quoted(text.strip())
        yield f":{name}: {ERROR.sub(linked, text) if name == 'Raises' else text}"
    elif block.kind == "example":
        yield from (".. rubric:: Example", "", ".. code-block:: pycon", "", *block.lines[1:])
    elif block.kind == "drawing":
        yield from (".. code-block:: text", "", *block.lines)
    elif is_table(block.lines):
        yield from (".. code-block:: text", "", *(f"    {line}" for line in block.lines))
    else:
        yield from quoted("\n".join(block.lines)).split("\n")
    if block.lines[-1]:
        yield ""


def is_table(lines: list[str]) -> bool:
    """Tell whether lines are columns: two spaces where no sentence ends, in most of them.

    Example:
        >>> is_table(["kind   into", "new    None"]), is_table(["So.  And", "so it is."])
        (True, False)
    """
    return len(lines) > 1 and sum(map(bool, map(COLUMNS.search, lines))) * 2 > len(lines)


def linked(name: re.Match[str]) -> str:
    """Return the name of an error as a link, if it is one of ours."""
    module = "rangelist.errors." if hasattr(errors, name[1]) else ""
    return f":py:exc:`~{module}{name[1]}`"


def quoted(text: str) -> str:
    """Write what is quoted and no name as code.

    Example:
        >>> quoted("`set` of `a | b`")
        '`set` of ``a | b``'
    """
    return QUOTED.sub(lambda m: m[0] if NAME.fullmatch(m[1]) else f"``{m[1]}``", text)


def convert(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """Convert in place, as the event of autodoc wants it."""
    lines[:] = converted(lines)


def skipped(
    app: Sphinx, what: str, name: str, thing: object, skip: bool, options: object
) -> bool | None:
    """Leave out the fields of a named tuple: they stand in its signature."""
    return True if type(thing).__name__ == "_tuplegetter" else None


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of the conversion."""
    app.connect("autodoc-process-docstring", convert)
    app.connect("autodoc-skip-member", skipped)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
