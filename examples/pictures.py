"""The pictures of README.md and the documentation, made by the library.

python examples/pictures.py [folder]      writes them there; without one, into docs/pictures/
"""

import sys
from pathlib import Path

from rangelist import Edit, RangeBag, RangeList
from rangelist.draw import Picture
from rangelist.svg import document

ROOT = Path(__file__).parent.parent


def merge() -> Picture:
    """Draw the whiteboard's best known case: a change in the middle makes three areas one."""
    areas = RangeList([(0, 8, "read"), (8, 20, "write"), (20, 28, "read")])
    edits: list[Edit[int, str]] = []
    areas.subscribe(edits.append)
    areas.set(8, 20, "read")
    picture = edits[0].picture()
    picture.title = 'areas.set(8, 20, "read") merges with both neighbours'
    return picture


def walk() -> Picture:
    """Draw a walk whose node is merged with the next one: nothing is lost, nothing comes twice."""
    areas = RangeList([(0, 8, "a"), (10, 20, "b"), (20, 28, "c"), (30, 38, "d"), (38, 44, "e")])
    cursor = areas.cursor()
    cursor.next()
    cursor.next()
    areas.set(10, 28, "b + c")
    picture = cursor.picture()
    picture.title = "A walk that delivered [10, 20), which then was merged with what came next"
    return picture


def bag() -> Picture:
    """Draw intervals that overlap, as they are kept in a bag."""
    reads = [(0, 9, "a"), (2, 12, "b"), (4, 8, "c"), (10, 18, "d"), (14, 24, "e"), (16, 20, "f")]
    picture = RangeBag(reads).picture()
    picture.title = "A bag keeps what overlaps"
    return picture


def main(folder: Path) -> None:
    """Write all pictures."""
    pictures = {"merge": [merge()], "walk": [walk()], "bag": [bag()], "readme": [merge(), walk()]}
    for name, parts in pictures.items():
        path = folder / f"{name}.svg"
        path.write_text(document(parts), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
