"""What the adapters to other libraries share.

Each adapter says `capabilities`, is made from a header, and has a method for each operation it
claims (rangelist/oracle/PROTOCOL.md).  It translates and does nothing for the library: where the
library has no verb, the operation is not claimed.

    PYTHONPATH=examples/peers python -m rangelist.oracle run --impl portion_map:Portion

A class whose name ends in `Walk` also claims iteration while the container is changed.  None of
these libraries promises anything about that; it is there to see what happens.
"""

from __future__ import annotations

from typing import Any

from rangelist.oracle.spec import Refusal, Row

HOOKS = ("coalesce=equal", "merge=left", "split=copy", "overlap=new")
BASIC = ("set", "remove", "clear", "dump", "len", "at")
WALK = ("cursor", "next", "drain", "walk=E", "sticky")


def span(start: int, stop: int) -> None:
    """Refuse an empty span: that it is an error is our rule, not theirs."""
    if not start < stop:
        raise Refusal("EmptySpan")


class Walks:
    """Iteration: `rows()` is what the library's own iterator gives."""

    def __init__(self) -> None:
        self.iterators: dict[str, Any] = {}

    def rows(self) -> Any:
        raise NotImplementedError  # each peer has its own

    def cursor(self, c: str, walk: str = "E", sticky: bool = False) -> None:
        self.iterators[c] = iter(self.rows())

    def next(self, c: str) -> Row | None:
        if c not in self.iterators:
            raise Refusal("NoCursor")
        return next(self.iterators[c], None)

    def drain(self, c: str) -> list[Row]:
        if c not in self.iterators:
            raise Refusal("NoCursor")
        return list(self.iterators[c])
