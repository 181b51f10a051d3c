"""What can go wrong: one root class, and leaves that are also the nearest built-in error.

Every message shows the values with `repr` and then says what would have been right.  When any of
these is raised by a call on a list, that list is exactly as it was before the call.

This module stays uncompiled, because mypyc refuses `KeyError` and `RuntimeError` as bases.
"""

from __future__ import annotations

__all__ = [
    "BadCursorError",
    "BadLineError",
    "EditConflictError",
    "EmptySpanError",
    "GapError",
    "GapSearchError",
    "HookResultError",
    "InvalidNodeError",
    "ItemError",
    "LengthError",
    "MissingKeyError",
    "NanKeyError",
    "NotTouchingError",
    "OptionError",
    "OverlapError",
    "PositionError",
    "RangeListError",
    "ReentrancyError",
    "StaleNodeError",
    "UnorderedKeyError",
]


class RangeListError(Exception):
    """Catch this to catch every error that rangelist itself raises."""


class EmptySpanError(RangeListError, ValueError):
    """A span is not `start < stop` (or a window is reversed)."""


class NanKeyError(EmptySpanError):
    """A bound or a key is NaN, which has no place in any order."""


class UnorderedKeyError(RangeListError, TypeError):
    """Two keys cannot be compared with `<`."""


class OverlapError(RangeListError, ValueError):
    """Space that had to be free is taken; the message names the node in the way."""


class GapError(RangeListError, ValueError):
    """Space that had to be covered has a hole."""


class GapSearchError(RangeListError, ValueError):
    """A gap search was asked for something that cannot be: a size, an alignment, a fit."""


class LengthError(RangeListError, TypeError):
    """A length was needed, and keys of this type have none."""


class NotTouchingError(RangeListError, ValueError):
    """Two nodes that should be merged do not touch."""


class StaleNodeError(RangeListError, ValueError):
    """A node is dead: it was removed, or merged into another."""


class InvalidNodeError(StaleNodeError):
    """A node is alive, but in another list; or it is no node at all."""


class MissingKeyError(RangeListError, KeyError):
    """No node covers the key."""

    def __str__(self) -> str:
        # KeyError shows the repr of its argument; a sentence should be shown as it is.
        return str(self.args[0]) if self.args else ""


class PositionError(RangeListError, IndexError):
    """A list or bag has no node at this position."""


class ReentrancyError(RangeListError, RuntimeError):
    """The list was asked to change while a change of the same list was being decided."""


class ItemError(RangeListError, ValueError, TypeError):
    """Something that should give a span and a value does not."""


class HookResultError(RangeListError, TypeError):
    """A hook, or the `==` of a value, answered with something that cannot be used."""


class OptionError(RangeListError, ValueError):
    """An option has a value that it does not know, or a slice is no span."""


class BadCursorError(RangeListError, ValueError):
    """A text is not a cursor that was saved as JSON."""


class EditConflictError(RangeListError, ValueError):
    """An edit cannot be replayed, because the list is not as it was before that edit."""


class BadLineError(RangeListError, ValueError):
    """A line of input could not be read; the message says file, line number and reason."""
