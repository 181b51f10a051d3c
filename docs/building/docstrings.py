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
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rangelist import errors

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["converted", "setup"]

FIELD: Final = re.compile(r"(Cost|Raises|Returns|Yields):")
QUOTED: Final = re.compile(r"(\w?)(?<![`:])`([^`]+)`(?!`)(?=(\w?))")
NAME: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
MARKUP: Final = re.compile(r"(?<!^)\*|^\*(?! )|\||\\|(?<=\w)_(?!\w)", re.MULTILINE)
COLUMNS: Final = re.compile(r"[^.:!?)\s]  +\S")
INDENTED: Final = ("drawing", "example")
ERROR: Final = re.compile(r"\b([A-Z]\w*(?:Error|Exception|Interrupt))\b")


class Block(NamedTuple):
    """Lines of one kind: text, drawing, table, field or example."""

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
    """Cut a docstring into its blocks, paragraph by paragraph."""
    found: list[Block] = []
    for blank, group in groupby(lines, key=lambda line: not line.strip()):
        paragraph = list(group)
        if blank:
            continue
        if found and found[-1].kind in INDENTED and paragraph[0].startswith("    "):
            found[-1].lines.extend(["", *paragraph])  # an empty line does not end a drawing
        elif is_table(paragraph):
            found.append(Block("table", paragraph))
        else:
            found.extend(parts_of(paragraph))
    return found


def parts_of(paragraph: list[str]) -> list[Block]:
    """Cut a paragraph where a field or an example begins, and where it is indented."""
    parts: list[Block] = []
    for line in paragraph:
        before = parts[-1].kind if parts else "text"
        begins = "field" if FIELD.match(line) else "example" if line.startswith("Example:") else ""
        drawn = line.startswith("    ") and before == "text"
        ended = before == "drawing" and not line.startswith(" ")
        if begins or drawn or ended or not parts:
            parts.append(Block(begins or ("drawing" if drawn else "text"), []))
        parts[-1].lines.append(line)
    return parts


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
    elif block.kind == "table":
        yield from (".. code-block:: text", "", *(f"    {line}" for line in block.lines))
    else:
        yield from quoted("\n".join(block.lines)).split("\n")
    yield ""


def is_table(lines: list[str]) -> bool:
    """Tell whether lines are columns: most are indented, or have gaps where no sentence ends.

    Example:
        >>> is_table(["kind   into", "new    None"]), is_table(["So.  And", "so it is."])
        (True, False)
    """
    columns = [line for line in lines if line.startswith("    ") or COLUMNS.search(line)]
    return len(lines) > 1 and len(columns) * 2 > len(lines) and bool(COLUMNS.search(lines[0]))


def linked(name: re.Match[str]) -> str:
    """Return the name of an error as a link, if it is one of ours."""
    module = "rangelist.errors." if hasattr(errors, name[1]) else ""
    return f":py:exc:`~{module}{name[1]}`"


def quoted(text: str) -> str:
    r"""Write what is quoted and no name as code; part it from letters that touch it.

    All else is plain text to us, so what reStructuredText would read as markup is escaped.

    Example:
        >>> print(quoted("`set` of `a | b`, with `want`s"))
        `set` of ``a | b``, with `want`\ s
        >>> print(quoted("a * b | c_"))
        a \* b \| c\_
    """
    parts = text.split("`")
    parts[::2] = [MARKUP.sub(r"\\\g<0>", part) for part in parts[::2]]
    return QUOTED.sub(as_role, "`".join(parts))


def as_role(found: re.Match[str]) -> str:
    before, name, after = found.groups()
    role = f"`{name}`" if NAME.fullmatch(name) else f"``{name}``"
    return (f"{before}\\ " if before else "") + role + ("\\ " if after else "")


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
