"""Our docstrings as Sphinx gets them, and whether the reference names all that is public."""

import doctest
import inspect
import re
from pathlib import Path

import pytest
from building import docstrings
from building.docstrings import converted

import rangelist
from rangelist import RangeBag, RangeList

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def text(docstring):
    return "\n".join(converted(inspect.cleandoc(docstring).splitlines()))


def test_the_examples_run():
    assert doctest.testmod(docstrings).failed == 0


def test_a_docstring_with_everything_keeps_its_order_and_its_drawing():
    assert text(
        """Write it, `set` as `rl[a:b] = v`.

        What it overlaps is cut:

            [---a---]
            [-a-][b-]

        Cost: O(log n), if
            there is room.
        Raises: OverlapError, if not; TypeError.

        Example:
            >>> 1 + 1

            2
        """
    ).splitlines() == [
        "Write it, `set` as ``rl[a:b] = v``.",
        "",
        "What it overlaps is cut:",
        "",
        ".. code-block:: text",
        "",
        "    [---a---]",
        "    [-a-][b-]",
        "",
        ":Cost: O(log n), if there is room.",
        "",
        ":Raises: :py:exc:`~rangelist.errors.OverlapError`, if not; :py:exc:`~TypeError`.",
        "",
        ".. rubric:: Example",
        "",
        ".. code-block:: pycon",
        "",
        "    >>> 1 + 1",
        "",
        "    2",
    ]


def test_a_drawing_right_below_its_sentence_and_one_with_an_empty_line_in_it():
    assert converted(["So:", "    [a]"]) == ["So:", "", ".. code-block:: text", "", "    [a]", ""]
    assert converted(["So.", "", "    [a]", "", "    [b]", "", "Then."]) == [
        "So.", "", ".. code-block:: text", "", "    [a]", "", "    [b]", "", "Then.", "",
    ]  # fmt: skip


def test_what_needs_no_change_gets_none():
    assert text("One line.\nAnd one.") == "One line.\nAnd one.\n"
    assert converted([]) == []


class App:
    """What a Sphinx extension sees of Sphinx."""

    def __init__(self):
        self.connected = {}

    def connect(self, event, handler):
        self.connected[event] = handler


def test_sphinx_gets_the_converted_docstring_and_no_fields_of_named_tuples():
    app, lines = App(), ["Cost: O(1)."]
    docstrings.setup(app)
    app.connected["autodoc-process-docstring"](app, "method", "name", None, None, lines)
    assert lines == [":Cost: O(1).", ""]
    skipped = app.connected["autodoc-skip-member"]
    assert skipped(app, "class", "start", rangelist.Piece.start, False, None) is True
    assert skipped(app, "class", "at", RangeList.at, False, None) is None


def named(owner):
    """The names that a page lists below `.. members:: owner`."""
    pages = "".join(page.read_text(encoding="utf-8") for page in REFERENCE.glob("*.md"))
    lists = re.findall(
        rf"^\.\. members:: {re.escape(owner)}\n\n((?:   .+\n)+)", pages, re.MULTILINE
    )
    return [name for names in lists for name in names.split()]


def public(owner):
    return {name for name in dir(owner) if not name.startswith("_")}


@pytest.mark.parametrize("cls", [RangeList, RangeBag], ids=lambda cls: cls.__name__)
def test_every_public_member_is_in_the_reference_once(cls):
    names = named(f"rangelist.{cls.__name__}")
    assert sorted(names) == sorted(set(names))
    assert set(names) == public(cls)


def test_every_name_of_the_package_is_in_the_reference_once():
    names = [*named("rangelist"), "RangeList", "RangeBag", "SharedRangeList"]
    assert sorted(names) == sorted(set(names))
    errors = {name for name in rangelist.__all__ if name.endswith("Error")}
    assert set(names) | errors == set(rangelist.__all__) | {"open"}


def test_columns_keep_their_form_though_they_are_not_indented():
    table = ["kind   into", "new    None"]
    assert converted(table) == [
        ".. code-block:: text",
        "",
        "    kind   into",
        "    new    None",
        "",
    ]
    assert converted(["One.  Two,", "and three."]) == ["One.  Two,", "and three.", ""]
