"""How a model says no: the system's own word for it."""

from __future__ import annotations

from rangelist.errors import RangeListError

__all__ = ["LIMIT", "MAX", "RefusedError"]

# The largest index of a 64-bit system, and the first one behind it.
MAX = 2**64 - 1
LIMIT = 2**64


class RefusedError(RangeListError, ValueError):
    """The system refuses the call; `code` is what it answers, such as EEXIST.

    Example:
        >>> RefusedError("EBUSY", "no free run of 9").code
        'EBUSY'
    """

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code
