"""Models that are broken on purpose."""

from __future__ import annotations

from rangelist.oracle.adapter import LISTS
from rangelist.oracle.hooks import hooks_of
from rangelist.oracle.place import Place, Row
from rangelist.oracle.spec import Line
from rangelist.oracle.tuples import Tuples

BASE = ("coalesce=equal", "merge=left", "split=copy", "overlap=new")


class Forgetful(Tuples):
    """Forgets that the anchor may still be covered: the tail of a split is missed (R-stop)."""

    capabilities = LISTS

    def __init__(self, header: Line) -> None:
        super().__init__(hooks_of(header))

    def cover(self, place: Place) -> Row | None:
        return None


class Crashing(Tuples):
    """Raises when it is asked to merge, and knows no walks."""

    capabilities = frozenset(
        word
        for word in LISTS
        if word not in ("cursor", "prev", "next") and not word.startswith("walk")
    ) | {"cursor", "next", "walk=E", "resumable"}

    def __init__(self, header: Line) -> None:
        super().__init__(hooks_of(header))

    def merge(
        self, left: int, right: int, value: str | None = None, keep: str = "left"
    ) -> Row | None:
        raise ZeroDivisionError("merge")


class Boasting(Tuples):
    """Claims what nobody can show."""

    capabilities = (*BASE, "len", "flying")

    def __init__(self, header: Line) -> None:
        super().__init__(hooks_of(header))
