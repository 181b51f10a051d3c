"""What CSV, TSV and JSON lines have in common: columns with names, keys of any kind."""

from __future__ import annotations

from typing import Any

from rangelist.errors import BadLineError
from rangelist.formats.base import Format, UsageError, Want, check
from rangelist.formats.kinds import NUMBER, WHOLE, Key, Kind, guess_kind, quote

__all__ = ["GROUPS", "STARTS", "STOPS", "NamedFormat"]

# What the columns are called where the caller does not say it; the first that is there is taken.
STARTS = ("start", "begin", "from", "chromstart")
STOPS = ("stop", "end", "to", "chromend")
GROUPS = ("group", "chrom")


class NamedFormat(Format):
    """A format whose columns have names; the first good record tells of which kind the keys are."""

    by = ("value",)
    value = ("value",)
    alone = False

    def __init__(self, want: Want) -> None:
        super().__init__(want)
        self.starts = STARTS if want.start is None else (want.start,)
        self.stops = STOPS if want.stop is None else (want.stop,)
        self.groups = GROUPS if want.group is None else (want.group,)
        self.kind = want.kind or NUMBER
        self._sure = want.kind is not None
        if want.inclusive and self._sure and self.kind.unit is None:
            raise UsageError(f"--inclusive is for whole numbers and dates, not {self.kind.family}")

    def span(self, first: Any, last: Any, names: tuple[str, str]) -> tuple[Key, Key]:
        """Return the keys of two fields.

        Raises: BadLineError.
        """
        kind = self.kind if self._sure else self._guess(first)
        start, stop = _key(kind, first, names[0]), _key(kind, last, names[1])
        shown = f"{names[0]} {quote(first)}, {names[1]} {quote(last)}"
        if self.want.inclusive:
            try:
                stop += kind.unit
            except OverflowError:
                raise BadLineError(f"{shown}: there is no key behind it") from None
        check(start, stop, shown)
        self.kind, self._sure = kind, True
        return start, stop

    def ends(self, start: Key, stop: Key) -> tuple[Key, Key]:
        """Return the last key and not the one behind it, if that is how the stop column is read."""
        return start, stop - self.kind.unit if self.want.inclusive else stop

    def _guess(self, raw: Any) -> Kind:
        kind = guess_kind(raw.strip()) if isinstance(raw, str) else NUMBER
        return WHOLE if self.want.inclusive and kind.unit is None else kind


def _key(kind: Kind, raw: Any, name: str) -> Key:
    """Read a key from text or, in JSON, from a number."""
    if isinstance(raw, str):
        return kind.key(raw.strip(), name)
    try:
        if isinstance(raw, (int, float)) and not isinstance(raw, bool) and kind.family == "number":
            return kind.parse(repr(raw))
    except ValueError:
        pass
    raise kind.bad(raw, name)
