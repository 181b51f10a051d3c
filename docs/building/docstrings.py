"""Turns our docstrings into what autodoc expects.

    Cost: O(log n).                          ->   a field  :Cost: O(log n).
    Raises: OverlapError, if it is taken;    ->   a field  :Raises: …
        StaleNodeError.
    Example:                                 ->   a heading, and the code as it stands
        >>> rl.at(3)
    indented by itself: a drawing, a list    ->   a literal block, so that it keeps its form

Everything else stays as it is.  A name in single backquotes becomes a link where there is such a
name (the role `py:obj`); what is no name is code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from sphinx.application import Sphinx

__all__ = ["converted", "setup"]

FIELD: Final = re.compile(r"(Cost|Raises|Returns|Yields): *(.*)")
QUOTED: Final = re.compile(r"(?<!`)`([^`]+)`(?!`)")
NAME: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
DRAWING: Final = (".. code-block:: text", "")
ERROR: Final = re.compile(r"\b([A-Z]\w*(?:Error|Exception|Interrupt))\b")


def converted(lines: list[str]) -> list[str]:
    """Return the lines of a docstring as reStructuredText.

    Example:
        >>> converted(["Write.", "", "Cost: O(1),", "    at most.", "", "    [--a--)"])
        ['Write.', '', ':Cost: O(1), at most.', '', '.. code-block:: text', '', '    [--a--)', '']
    """
    return [line for block in blocks(lines) for line in written(block)]


def quoted(text: str) -> str:
    """Write what is quoted and no name as code.

    Example:
        >>> quoted("`set` of `a | b`")
        '`set` of ``a | b``'
    """
    return QUOTED.sub(lambda m: m[0] if NAME.fullmatch(m[1]) else f"``{m[1]}``", text)


def blocks(lines: list[str]) -> Iterator[list[str]]:
    """Yield paragraphs: what lies between empty lines, or follows `Example:`, or is a field."""
    block: list[str] = []
    for line in lines:
        begins = FIELD.match(line) or line.startswith("Example:")
        # An indented line after a blank one goes on with an indented block.
        if not line.strip():
            if block and not indented(block[-1]):
                yield block
                block = []
            elif block:
                block.append("")
        elif block and (begins or (block[-1] == "" and not indented(line))):
            yield trimmed(block)
            block = [line]
        else:
            block.append(line)
    if block:
        yield trimmed(block)


def trimmed(block: list[str]) -> list[str]:
    while block and not block[-1].strip():
        block.pop()
    return block


def indented(line: str) -> bool:
    return line.startswith("    ")


def written(block: list[str]) -> Iterator[str]:
    """Yield the lines of one paragraph."""
    field = FIELD.match(block[0])
    if field:
        text = " ".join([field[2], *(line.strip() for line in block[1:])]).strip()
        if field[1] == "Raises":
            text = ERROR.sub(r"`\1`", text)
        yield from (f":{field[1]}: {quoted(text)}", "")
    elif block[0].startswith("Example:"):
        yield from (".. rubric:: Example", "", ".. code-block:: pycon", "", *block[1:], "")
    elif indented(block[0]):
        yield from (*DRAWING, *block, "")
    else:
        # Text, and what is indented below it without a blank line between.
        text = [line for line in block if not indented(line)]
        at = next((i for i, line in enumerate(block) if indented(line)), len(block))
        if at == len(block) or any(not indented(line) and line for line in block[at:]):
            yield from (*quoted("\n".join(line.strip() for line in block)).split("\n"), "")
        else:
            yield from (*quoted("\n".join(text)).split("\n"), "", *DRAWING, *block[at:], "")


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
