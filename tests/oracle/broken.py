"""Models that are broken on purpose, and models of libraries of other kinds."""

from __future__ import annotations

from rangelist.oracle.hooks import hooks_of
from rangelist.oracle.model import Place
from rangelist.oracle.session import bag_of
from rangelist.oracle.spec import LISTS, Line, Refusal, Row
from rangelist.oracle.tuples import Tuples

BASE = ("coalesce=equal", "merge=left", "split=copy", "overlap=new")
WALK = ("cursor", "next", "drain", "walk=E")


class Modelled(Tuples):
    """The oracle as an implementation: what is made from a header, and claims something."""

    capabilities: frozenset[str] = LISTS

    def __init__(self, header: Line) -> None:
        super().__init__(hooks_of(header), bag_of(header))


class Forgetful(Modelled):
    """Forgets that the anchor may still be covered: the tail of a split is missed (R-stop)."""

    def cover(self, place: Place) -> Row | None:
        return None


class Crashing(Modelled):
    """Raises when it is asked to merge, and knows few walks."""

    capabilities = frozenset(
        word for word in LISTS if word != "prev" and not word.startswith("walk=")
    ) | {"walk=E"}

    def merge(self, left: int, right: int, value: str | None = None, keep: str = "left") -> Row:
        raise ZeroDivisionError("merge")


class Boasting(Modelled):
    """Claims what nothing can show."""

    capabilities = frozenset({*BASE, "set", "dump", "flying"})


class Modest(Modelled):
    """Claims what is right, and what no case can show without a cursor."""

    capabilities = frozenset({*BASE, "set", "dump", "drain"})


class Inserting(Modelled):
    """Only `insert`, and nothing is ever joined: a map with a unique key, or LLVM's IntervalMap."""

    capabilities = frozenset({"coalesce=never", "insert", "dump", "len", "first", "last", "at"})


class Adding(Modelled):
    """Only an aggregating `add`."""

    capabilities = frozenset({*BASE, "add", "dump", "overlap=join"}) - {"overlap=new"}


class Points(Modelled):
    """A set of small numbers, with closed spans, whose writes say nothing."""

    capabilities = frozenset(
        {*BASE, *WALK, "set", "remove", "dump", "at", "gaps", "current", "shift"}
        | {"sticky", "values=one", "ends=closed", "void", "key=uint8"}
    )

    def set(self, start: int, stop: int, value: str) -> None:
        assert start >= 0
        assert stop <= 255
        assert value == "a"
        super().set(start, stop + 1, value)

    def remove(self, start: int | None = None, stop: int | None = None) -> None:
        super().remove(start, None if stop is None else stop + 1)

    def shift(self, at: int, by: int) -> None:
        super().shift(at, by)
        rows = self.rows
        assert not rows or (rows[0].start >= 0 and rows[-1].stop <= 256), "out of range"

    def dump(self) -> list[Row]:
        return [closed(row) for row in super().dump()]

    def at(self, key: int) -> Row | None:
        return closed(super().at(key))

    def gaps(self, start: int | None = None, stop: int | None = None) -> list[tuple[int, int]]:
        found = super().gaps(start, None if stop is None else stop + 1)
        return [(low, high - 1) for low, high in found]

    def next(self, c: str) -> Row | None:
        return closed(super().next(c))

    def drain(self, c: str) -> list[Row]:
        return [closed(row) for row in super().drain(c)]


def closed(row):
    return row and row._replace(stop=row.stop - 1)


class Unique(Modelled):
    """A bag that takes no interval twice."""

    capabilities = frozenset({"bag.add", "bag.discard", "bag.overlapping", "bag.at", "bag=set"})

    def __init__(self, header: Line) -> None:
        super().__init__({"bag": "set"})


class Lenient(Modelled):
    """Takes an empty span for a span."""

    capabilities = frozenset({*BASE, "set", "remove", "dump"})

    def set(self, start: int, stop: int, value: str) -> Row | None:
        try:
            return super().set(start, stop, value)
        except Refusal:
            return self.at(start)


class Skipping(Modelled):
    """Claims `set`, and always says that it cannot."""

    capabilities = frozenset({*BASE, "set", "remove", "dump"})
    set = None  # type: ignore[assignment]


class Empty(Modelled):
    """Can only be made emptier."""

    capabilities = frozenset({*BASE, "clear", "remove", "dump", "gaps", "locate"})


class Truthful(Modelled):
    """Counts with true and false."""

    capabilities = frozenset({*BASE, "set", "len", "dump"})

    def len(self) -> bool:  # type: ignore[override]
        return bool(super().len())


class ByStop(Modelled):
    """A bag that a tree of (start, stop) keeps in order."""

    capabilities = frozenset({"bag.add", "bag.discard", "bag.overlapping", "bag.at", "order=stop"})

    def __init__(self, header: Line) -> None:
        super().__init__({"order": "stop"})


class Unordered(Modelled):
    """A bag that answers in an order of its own."""

    capabilities = ByStop.capabilities - {"order=stop"} | {"order=any"}

    def bag_overlapping(self, start: int | None = None, stop: int | None = None) -> list[Row]:
        return sorted(super().bag_overlapping(start, stop), reverse=True)


class Dead(Modelled):
    """Raises whatever it is told."""

    def __getattribute__(self, name: str) -> object:
        raise ZeroDivisionError(name)


class Twofold(Crashing):
    """Crashes in `merge`, and dumps nothing."""

    def dump(self) -> list[Row]:
        return []
