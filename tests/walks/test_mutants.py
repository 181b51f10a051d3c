"""The universe kills wrong walks and wrong lists; `KILLS.md` says which case kills which.

PYTHONPATH=.:tests python tests/walks/test_mutants.py      writes the table anew
"""

from functools import cache
from pathlib import Path

import pytest
from core.sizes import by_size

from walks import mutants
from walks.test_universe import OPS, cases
from walks.universe import Broken, open_walk, plain, show, stations, try_walks

TABLE = Path(__file__).with_name("KILLS.md")
POINTS = 3  # enough to kill all of them, and to say so in seconds
NAMES = [kind.__name__ for kind in (*mutants.WALKS, *mutants.SWEEPS, *mutants.LISTS)]
HEAD = """# Which case kills which mutant

Made by `PYTHONPATH=.:tests python tests/walks/test_mutants.py`, checked by that test.  A case is `list ¦ change ¦ walk
after so many steps`.  Pairs: how many of the {total} pairs of a list over {points} points and a
change expose the mutant at some place of some walk.  `mutants.py` says what each mutant is.

| mutant | shortest case that kills it | how | pairs | changes that expose it |
|---|---|---|---|---|
"""


@cache
def places(rows, kind):
    """Return every place of a walk in an open window and in a narrow one, both ways."""
    return [
        at
        for window in ((None, None), (1, POINTS), (0, POINTS - 1))
        for reverse in (False, True)
        for at in stations(rows, window, reverse, kind)
    ]


def attempt(mutant, rows, op):
    """Try one case with a mutant in the place of what it imitates."""
    if mutant in mutants.WALKS:
        try_walks(rows, op, places(rows, "walk"), mutant)
    elif mutant in mutants.SWEEPS:
        try_walks(rows, op, places(rows, "sweep"), mutant)
    else:
        try_walks(rows, op, places(rows, "walk"), open_walk, mutants.maker(mutant))


def verdict(mutant, rows, op):
    """Return how a case fails, or nothing."""
    try:
        attempt(mutant, rows, op)
    except Broken as broken:
        told, case = str(broken), f"{show(rows)} | {op}"
        # A walk that does not even begin as it should knows no case.
        return told if told.startswith(case) else f"{case} | {told}"
    except Exception as error:  # noqa: BLE001 - a crash is exposed as well
        return f"{show(rows)} | {op}: {type(error).__name__}"
    return ""


@cache
def row(name):
    """Try one mutant in every case; return its row of the table, and the number of kills."""
    first, kills, exposing = "", 0, []
    for op_name in OPS:
        before = kills
        for rows, op in cases(op_name, POINTS):
            told = verdict(getattr(mutants, name), rows, op)
            kills += bool(told)
            first = first if first and len(first) <= len(told) else told or first
        exposing += [op_name] if kills > before else []
    what, _, why = first.partition(": ")
    where = "all" if exposing == OPS else ", ".join(exposing)
    case = what.replace("|", "¦")  # a bar would end the cell
    return f"| `{name}` | `{case}` | {why} | {kills} | {where} |", kills


@cache
def named():
    """Return all cases by their names."""
    return {f"{show(rows)} | {op}": (rows, op) for name in OPS for rows, op in cases(name, POINTS)}


@pytest.mark.parametrize("name", NAMES)
def test_the_universe_kills(name):
    """A proof that cannot fail proves nothing: the case on file exposes the mutant."""
    rows = TABLE.read_text(encoding="utf-8").splitlines()
    (told,) = [line.split(" | ")[1].strip("`") for line in rows if line.startswith(f"| `{name}` ")]
    case, why = told.replace("¦", "|"), verdict(getattr(mutants, name), *named()[change_of(told)])

    assert why.startswith(f"{case}: ")


def change_of(told):
    """Return the name of a case on file without the walk."""
    return " | ".join(told.split(" ¦ ")[:2])


def test_what_the_mutants_are_made_of_is_right():
    """The rule that the mutants borrow survives: what kills them is what is wrong in them."""

    def right(rl, window, reverse):
        node = next(iter(mutants.seen(rl, window, reverse)), None)
        while node is not None:
            a, b = mutants.clipped(node, window)
            yield node
            node = next(iter(mutants.r_anchor(rl, window, reverse, a, b)), None)

    for op_name in OPS:
        for rows, op in cases(op_name, POINTS):
            try_walks(rows, op, places(rows, "walk"), right, plain)


def head_of_table():
    """Return the text of KILLS.md above its rows."""
    return HEAD.format(total=sum(1 for name in OPS for _ in cases(name, POINTS)), points=POINTS)


@pytest.mark.parametrize("name", by_size(NAMES[::10], NAMES, NAMES))
def test_the_table_says_what_kills_which(name):
    """The rows in the tree are those that come out."""
    text, kills = row(name)

    assert kills > 0
    assert text in TABLE.read_text(encoding="utf-8").splitlines()


def test_the_table_has_a_row_for_each_mutant():
    """And says over how many cases."""
    head, _, rows = TABLE.read_text(encoding="utf-8").partition("|---|---|---|---|---|\n")
    assert head == head_of_table().partition("|---|---|---|---|---|\n")[0]
    assert [line.split("`")[1] for line in rows.splitlines()] == NAMES


if __name__ == "__main__":
    rows = "".join(row(name)[0] + "\n" for name in NAMES)
    TABLE.write_text(head_of_table() + rows, encoding="utf-8")
