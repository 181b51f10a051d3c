"""The memory ledger of enarx: at most so many records of pages, each with an access.

What is special: a region that bounds everything; a fixed number of records; the access of a range
is the AND over all of it; `unmap` and `protect` tell a callback of each piece, after all that can
fail; equal neighbours are joined after `map` and `protect` (policy `EQUAL`, `coalesce`), never
after `unmap`.  Where the original loses data or answers otherwise than its documentation, the model
does what that promises: `transaction` makes every call complete or without effect, also when the
records run out.

Source: enarx/mmledger 0.4.0 `src/lib.rs`; the defects are listed in docs/systems.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, Literal, Protocol, Self, TypeVar

from rangelist.errors import GapError
from rangelist.models.refused import RefusedError
from rangelist.node import Piece
from rangelist.policy import NEVER
from rangelist.ranges import RangeList

__all__ = ["Access", "Ledger"]


class Access(Protocol):
    """What a record allows: anything with `&`, an int of bits, an enum.Flag, a frozenset."""

    def __and__(self, other: Self, /) -> Self: ...


A = TypeVar("A", bound=Access)


class Ledger(Generic[A]):
    """Records of [start, stop), at most `capacity` of them.  An access has `&` and `==`.

    `RefusedError` carries InvalidRegion or OutOfCapacity; nothing has changed then.

    Example:
        >>> ledger: Ledger[int] = Ledger(0, 16, capacity=3)
        >>> ledger.map(0, 8, 0b11)
        >>> ledger.map(8, 12, 0b01)
        >>> ledger.contains(4, 12), ledger.contains(4, 13), ledger.find_free_back(2)
        (1, None, 14)
        >>> ledger.map(2, 3, 0)
        Traceback (most recent call last):
        rangelist.models.refused.RefusedError: OutOfCapacity: 4 records, want at most 3
        >>> len(ledger.records)
        2
    """

    def __init__(
        self, start: int, stop: int, *, capacity: int, records: Iterable[tuple[int, int, A]] = ()
    ) -> None:
        self.start = start
        self.stop = stop
        self.capacity = capacity
        self.records: RangeList[int, A] = RangeList()
        for low, high, access in records:
            self.records.insert(low, high, access, policy=NEVER)

    # ---- write: an empty range is nothing to do -------------------------------------------------

    def map(self, start: int, stop: int, access: A) -> None:
        """Overwrite a range; equal neighbours become one record."""
        if not self.valid(start, stop):
            raise RefusedError("InvalidRegion", f"[{start}, {stop}) is outside of {self!r}")
        if start == stop:
            return
        with self.records.transaction():
            self.records.set(start, stop, access)
            self.records.coalesce()
            self._refuse_overflow()

    def unmap(
        self, start: int, stop: int, callback: Callable[[Piece[int, A]], object] | None = None
    ) -> None:
        """Remove what is in a range; `callback` is told of each piece that goes.

        It is told when the records are known to suffice, so it may undo what cannot be done again.
        If it raises, the records are as before.
        """
        if start >= stop:
            return
        with self.records.transaction():
            pieces = self.records.remove(start, stop)
            self._refuse_overflow()
            tell(callback, pieces)

    def protect(
        self,
        start: int,
        stop: int,
        access: Callable[[Piece[int, A]], A],
        callback: Callable[[Piece[int, A]], object] | None = None,
    ) -> None:
        """Give each piece in a range the access that `access(piece)` returns; a hole is refused.

        How many records there will be depends on what `access` returns, so it is asked first and
        should do nothing else.  `callback` is told of each piece, with its access before, when
        nothing can fail any more.  If it raises, the records are as before.
        """
        if start >= stop:
            return
        pieces: list[Piece[int, A]] = []

        def asked(piece: Piece[int, A]) -> A:
            pieces.append(piece)
            return access(piece)

        with self.records.transaction():
            try:
                self.records.transform(asked, start, stop, gaps="raise")
            except GapError as error:
                raise RefusedError("InvalidRegion", str(error)) from error
            self.records.coalesce()
            self._refuse_overflow()
            tell(callback, pieces)

    def _refuse_overflow(self) -> None:
        """Raise OutOfCapacity if there are too many records; a transaction takes them back."""
        count = len(self.records)
        if count > self.capacity:
            raise RefusedError("OutOfCapacity", f"{count} records, want at most {self.capacity}")

    # ---- look -----------------------------------------------------------------------------------

    def valid(self, start: int, stop: int) -> bool:
        """Tell whether a range lies inside the region of the ledger."""
        return self.start <= start <= stop <= self.stop

    def contains(self, start: int, stop: int) -> A | None:
        """Return what all of a range allows; `None` if a part of it, or all, is not mapped."""
        if start >= stop or not self.records.covers(start, stop):
            return None
        allowed: A | None = None
        for node in self.records.overlapping(start, stop):
            allowed = node.value if allowed is None else allowed & node.value
        return allowed

    def overlaps(self, start: int, stop: int) -> bool:
        """Tell whether any record shares a page with a range."""
        return start < stop and next(self.records.overlapping(start, stop), None) is not None

    def find_free_front(self, length: int) -> int | None:
        """Return the lowest place of so many free pages."""
        return self._free(length, "first")

    def find_free_back(self, length: int) -> int | None:
        """Return the highest place of so many free pages."""
        return self._free(length, "last")

    def _free(self, length: int, fit: Literal["first", "last"]) -> int | None:
        if length <= 0:
            return None
        gap = self.records.find_gap(length, self.start, self.stop, fit=fit)
        return None if gap is None else gap.start

    def __repr__(self) -> str:
        used = f"{len(self.records)} of {self.capacity} records"
        return f"<ledger [{self.start}, {self.stop}), {used}>"


def tell(callback: Callable[[Piece[int, A]], object] | None, pieces: list[Piece[int, A]]) -> None:
    """Tell a callback of pieces from left to right, if there is one."""
    if callback is not None:
        for piece in pieces:
            callback(piece)
