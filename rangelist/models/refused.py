"""How a model refuses: with the system's own error, or by naming a word that no system knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rangelist.errors import RangeListError

__all__ = ["LIMIT", "MAX", "RefusedError", "UnknownWordError", "known"]

MAX = 2**64 - 1  # the largest index of a 64-bit system
LIMIT = 2**64  # the first one behind it


class RefusedError(RangeListError, ValueError):
    """The system refuses the call; `code` is what it answers, such as EEXIST.

    Example:
        >>> RefusedError("EBUSY", "no free run of 9").code
        'EBUSY'
    """

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code


class UnknownWordError(RangeListError, ValueError):
    """A word is in no vocabulary of the model, so the system would not understand it either."""


def known(words: Iterable[str], vocabulary: Collection[str], what: str) -> frozenset[str]:
    """Return the words as a set.

    Raises: UnknownWordError, which names the words that are not in the vocabulary.

    Example:
        >>> known(["r", "q"], "rwx", "access")
        Traceback (most recent call last):
        rangelist.models.refused.UnknownWordError: access 'q', want some of r, w, x
    """
    given = frozenset(words)
    unknown = sorted(given.difference(vocabulary), key=repr)
    if unknown:
        named = ", ".join(map(repr, unknown))
        raise UnknownWordError(f"{what} {named}, want some of {', '.join(sorted(vocabulary))}")
    return given
