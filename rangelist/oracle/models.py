"""The oracles by name, as sessions."""

from __future__ import annotations

from typing import Final

from rangelist.oracle.dense import Dense
from rangelist.oracle.hooks import hooks_of
from rangelist.oracle.session import Session
from rangelist.oracle.spec import Line
from rangelist.oracle.tuples import Tuples

__all__ = ["dense_session", "tuples", "tuples_session"]

KEY_FIELDS: Final = ("start", "stop", "at", "key", "by", "left", "right")
UNIVERSE: Final = 4  # digits of the largest key of the dense oracle


def tuples(header: Line) -> Tuples:
    """Return the first oracle, with the hooks that a header names."""
    return Tuples(hooks_of(header))


def dense(header: Line) -> Dense:
    return Dense(hooks_of(header))


def tuples_session() -> Session:
    """Return the oracle."""
    return Session(tuples)


def dense_session() -> Session:
    """Return the second opinion, on a small universe."""
    return SmallSession(dense)


class SmallSession(Session):
    """Skip what lies outside the universe: there is no point in counting 10**18 points."""

    def reply(self, line: Line) -> Line:
        if any(len(str(line.get(field, ""))) > UNIVERSE + 1 for field in KEY_FIELDS):
            return {"skip": "outside the universe"}
        return super().reply(line)
