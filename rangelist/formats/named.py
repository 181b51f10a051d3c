"""What CSV, TSV, plain columns and JSON have in common: columns with names, keys of any kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rangelist.errors import BadLineError
from rangelist.formats.addresses import BITS, parted, text_of
from rangelist.formats.base import Format, UsageError, Want, parts_of
from rangelist.formats.kinds import (
    ADDRESS,
    KINDS,
    NUMBER,
    WHOLE,
    Key,
    Kind,
    guess_kind,
    likely_kind,
    quote,
)

__all__ = ["GROUPS", "STARTS", "STOPS", "Named", "found"]

# What the columns are called where the caller does not say it; the first that is there is taken.
STARTS = ("start", "begin", "from", "chromstart", "start_ip", "ip_start", "ip_from", "startip")
STOPS = ("stop", "end", "to", "chromend", "end_ip", "ip_end", "ip_to", "endip")
GROUPS = ("group", "chrom", "chr", "chromosome", "seqname", "seqnames", "seqid", "contig")
UNKNOWN = "a number, a date, a time or an address; --keys text takes any text"
SHOWN = 6  # unused columns that are named


def found(known: Sequence[str], names: Sequence[str]) -> str:
    """Return which of the known columns has the first of the names that is there; "" if none."""
    lower = {column.strip().lower().lstrip("#").strip('"'): column for column in reversed(known)}
    return next((lower[name] for name in names if name in lower), "")


class Named(Format):
    """A format whose columns have names; most of the first keys tell of which kind all are."""

    by = ("value",)
    alone = False
    follows = frozenset(["--start-column", "--stop-column", "--columns", "--keys", "--inclusive"])

    def __init__(self, want: Want) -> None:
        start, stop, *value = want.columns or (want.start, want.stop)
        self._roles: tuple[str | None, str | None] = (start, stop)
        if value and want.by is None:
            want = want._replace(by=tuple(value))
        self.want = want
        self.kind = want.kind or NUMBER
        self._sure = want.kind is not None
        self._group = ""  # the column that makes groups, as it was found
        self._label = next((name for name, kind in KINDS.items() if kind is want.kind), "")
        self._chosen = want.by is not None
        self._counted()

    def _counted(self) -> None:
        """Settle whether the last key is given, or the one behind it."""
        self.last_given = self.want.inclusive or self.kind.closed
        if self.want.inclusive and self.kind is NUMBER:
            self.kind = WHOLE
        if self.last_given and self.kind.unit is None:
            raise UsageError(
                f"--inclusive is for whole numbers and dates, not {self.kind.family}"
            )

    def settle(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        """Decide by the first keys of what kind all are, if that is not given."""
        if self._sure:
            return
        texts = [(_text(first), _text(last)) for first, last in pairs]
        name = likely_kind(texts)
        if not name:
            return
        self.kind, self._sure, self._label = KINDS[name], True, name
        if name == "number" and all(
            map(_is_whole, (t for pair in texts for t in pair if guess_kind(t) == name))
        ):
            self._label = "int"
        self._counted()

    def told_with(self, unused: Sequence[str]) -> str:
        """Say which columns mean what."""
        said = {"start": self.names[0], "stop": self.names[1], "group": self._group}
        said["value"] = "" if self._chosen else ",".join(self.chosen)
        said["keys"] = self._label + (" inclusive" if self.kind.closed else "")
        said["unused"] = ",".join(unused[:SHOWN]) + ("..." if unused[SHOWN:] else "")
        return " ".join(f"{name}={text}" for name, text in said.items() if text)

    @property
    def addressed(self) -> bool:
        """Whether the keys are addresses: then both versions are groups."""
        return self.kind.family == ADDRESS.family

    def span(self, first: Any, last: Any, names: tuple[str, str] = ("", "")) -> tuple[Key, Key]:
        names = names if names[0] else self.names
        if not self._sure:
            self.settle([(first, last)])
            if not self._sure:
                which = 0 if not guess_kind(_text(first)) else 1
                raw = quote((first, last)[which])
                raise BadLineError(f"{names[which]} is {raw}, want {UNKNOWN}")
        start, stop = _key(self.kind, first, names[0]), _key(self.kind, last, names[1])
        if self.addressed and parted(start)[0] != parted(stop)[0]:
            raise BadLineError(f"{first} and {last} are IPv4 and IPv6, want one of them")
        if self.last_given:
            try:
                stop += self.kind.unit
            except OverflowError:
                raise BadLineError(f"{names[1]} {quote(last)}: there is no key behind it") from None
        return start, stop

    def bind(self) -> None:
        super().bind()
        if self.addressed:
            self.grouped = ("version", *self.grouped)

    def _row(self, start: Key, stop: Key, cells: Any, line: str) -> Any:
        group, start, stop, rest, widened = super()._row(start, stop, cells, line)
        if not self.addressed:
            return group, start, stop, rest, widened
        version, first = parted(start)
        both = (version, *parts_of(group)) if self._groups else version
        return both, first, first + stop - start, rest, widened

    def limits(self, group: Any) -> tuple[Key, Key]:
        return (0, 1 << BITS[parts_of(group)[0]]) if self.addressed else (None, None)

    def ends(self, start: Key, stop: Key) -> tuple[Key, Key]:
        """Return the last key and not the one behind it, if that is how the stop column is read."""
        return start, stop - self.kind.unit if self.last_given else stop

    def show_key(self, group: Any, key: Key) -> str:
        return text_of(parts_of(group)[0], key) if self.addressed else super().show_key(group, key)


def _text(raw: Any) -> str:
    return raw.strip() if isinstance(raw, str) else "" if isinstance(raw, bool) else repr(raw)


def _is_whole(text: str) -> bool:
    return text.lstrip("-").isdecimal()


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
