"""Script runs: which parts of a text are Latin, Greek, Cyrillic, ... as a text shaper needs them.

Letters know their script from their Unicode name.  Spaces and punctuation have none: they belong to
what they touch.  That is one hook each for "may these be one?" and "what are they together?".

    python examples/unicode_scripts.py
"""

import unicodedata

from rangelist import Policy, RangeList
from rangelist.node import Interval

COMMON = ""


def script_of(character: str) -> str:
    """Return the script of a letter, `COMMON` for what belongs to none."""
    if not unicodedata.category(character).startswith("L"):
        return COMMON
    word = unicodedata.name(character, "?").split()[0]
    return "HAN" if word.startswith("CJK") else word


def belongs(left: Interval[int, str], right: Interval[int, str]) -> bool:
    """Hook `same`: the same script, or one side has none."""
    return left.value == right.value or COMMON in (left.value, right.value)


def script_of_both(left: Interval[int, str], right: Interval[int, str]) -> str:
    """Hook `merge`: the script of the side that has one."""
    return left.value or right.value


RUNS: Policy[int, str] = Policy(same=belongs, merge=script_of_both)


def script_runs(text: str) -> RangeList[int, str]:
    """Return the runs of a text: positions, and the script."""
    letters = ((i, i + 1, script_of(character)) for i, character in enumerate(text))
    return RangeList.build(letters, policy=RUNS)


def script_table(stop: int = 0x3000) -> RangeList[int, str]:
    """Return the scripts of all code points up to `stop`, as few ranges as there can be."""
    points = ((p, p + 1, script_of(chr(p))) for p in range(stop))
    return RangeList.build(p for p in points if p[2])


def main() -> None:
    """Print the runs of a text and the size of a table of scripts."""
    text = "Ωμέγα, omega - омега! (東京)"
    for start, stop, script in script_runs(text).sweep():
        print(f"{start:2}-{stop:2}  {script:9}  {text[start:stop]!r}")
    table = script_table()
    print(f"{sum(stop - start for start, stop, _ in table.sweep())} letters in {len(table)} ranges")
    print("U+03A9 is", table[0x3A9], "and U+0416 is", table[0x416])


if __name__ == "__main__":
    main()
