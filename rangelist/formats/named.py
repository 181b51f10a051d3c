"""What CSV, TSV, plain columns and JSON have in common: columns with names, keys of any kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rangelist.errors import BadLineError
from rangelist.formats import kinds
from rangelist.formats.addresses import BITS, parted, text_of
from rangelist.formats.base import Format, UsageError, Want, parts_of, plain
from rangelist.formats.kinds import ADDRESS, KINDS, Key, guess_kind, quote

__all__ = ["GROUPS", "STARTS", "STOPS", "Named", "found"]

# What the columns are called where the caller does not say it; the first that is there is taken.
STARTS = ("start", "begin", "from", "chromstart", "start_ip", "ip_start", "ip_from", "startip")
STOPS = ("stop", "end", "to", "chromend", "end_ip", "ip_end", "ip_to", "endip")
GROUPS = ("group", "chrom", "chr", "chromosome", "seqname", "seqnames", "seqid", "contig")
UNKNOWN = "a number, a date, a time or an address; --keys text takes any text"
SHOWN = 6  # unused columns that are named


def found(known: Sequence[str], names: Sequence[str]) -> str:
    """Return which of the known columns has the first of the names that is there; "" if none."""
    bare = [column.lower().strip().lstrip("#").strip().strip('"') for column in known]
    lower = dict(zip(bare[::-1], known[::-1], strict=True))
    return next((lower[name] for name in names if name in lower), "")


class Named(Format):
    """A format with named columns; most of the first keys tell of which kind all are."""

    by = ("value",)
    alone = False
    follows = frozenset(["--start-column", "--stop-column", "--columns", "--keys", "--inclusive"])
    _group = ""  # the column that makes groups, as it was found

    def __init__(self, want: Want) -> None:
        start, stop, *value = want.columns or (want.start, want.stop)
        self._roles: tuple[str | None, str | None] = (start, stop)
        if value and want.by is None:
            want = want._replace(by=tuple(value))
        self.want = want
        self.kind = want.kind or kinds.NUMBER
        self._label = next((name for name, kind in KINDS.items() if kind is want.kind), "")
        self._counted()

    def _counted(self) -> None:
        """Settle whether the last key is given, or the one behind it."""
        self.closed = self.want.inclusive or self.kind.closed
        if self.want.inclusive and self.kind is kinds.NUMBER:
            self.kind = kinds.WHOLE
        if self.closed and not self.kind.discrete:
            what = f"whole numbers and dates, not {self.kind.family}"
            raise UsageError(f"--inclusive is for {what}")

    def settle(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        """Decide by the first keys of what kind all are, if that is not given."""
        if self._label:
            return
        texts = [(_text(first), _text(last)) for first, last in pairs]
        self._label = name = kinds.likely_kind(texts)
        if name:
            self.kind = KINDS[name]
            ours = [text for pair in texts for text in pair if guess_kind(text) == name]
            if name == "number" and all(text.lstrip("-+").isdecimal() for text in ours):
                self._label = "int"
            self._counted()

    def told_with(self, unused: Sequence[str]) -> str:
        """Say which columns mean what."""
        said = {"start": self.names[0], "stop": self.names[1], "group": self._group}
        said["value"] = "" if self.want.by else ",".join(self.chosen)
        said["keys"] = self._label + (" inclusive" if self.kind.closed else "")
        said["unused"] = ",".join(unused[:SHOWN]) + ("..." if unused[SHOWN:] else "")
        return " ".join(f"{name}={plain(text)}" for name, text in said.items() if text)

    @property
    def addressed(self) -> bool:
        """Whether the keys are addresses: then both versions are groups."""
        return self.kind.family == ADDRESS.family

    def span(self, first: Any, last: Any) -> tuple[Key, Key]:
        self.settle([(first, last)])
        if not self._label:
            which = int(bool(guess_kind(_text(first))))
            raw = quote((first, last)[which])
            raise BadLineError(f"{self.names[which]} is {raw}, want {UNKNOWN}")
        start, stop = (self._key(raw, i) for i, raw in enumerate((first, last)))
        if self.addressed and parted(start)[0] != parted(stop)[0]:
            raise BadLineError(f"{first} and {last} are IPv4 and IPv6, want one of them")
        if self.closed and self.kind.length is not None:
            try:
                stop += self.kind.length(1)
            except OverflowError:
                why = f"{self.names[1]} {quote(last)}: there is no key behind it"
                raise BadLineError(why) from None
        return start, stop

    def _key(self, raw: Any, which: int) -> Key:
        """Read a key from text or, in JSON, from a number."""
        try:
            if isinstance(raw, str) or self.kind.family == "number":
                return self.kind.parse(_text(raw))
        except ValueError:
            pass
        raise self.kind.bad(raw.strip() if isinstance(raw, str) else raw, self.names[which])

    def bind(self) -> None:
        super().bind()
        if self.addressed:
            self.grouped = ("version", *self.grouped)

    def _row(self, start: Key, stop: Key, cells: Any, line: str) -> Any:
        group, start, stop, rest, widened = super()._row(start, stop, cells, line)
        if self.addressed:
            version, first = parted(start)
            group = (version, *parts_of(group)) if self._groups else version
            start, stop = first, first + stop - start
        return group, start, stop, rest, widened

    def limits(self, group: Any) -> tuple[Key, Key]:
        return (0, 1 << BITS[parts_of(group)[0]]) if self.addressed else (None, None)

    def ends(self, start: Key, stop: Key) -> tuple[Key, Key]:
        return self.counted(start, stop)

    def show_key(self, group: Any, key: Key) -> str:
        return text_of(parts_of(group)[0], key) if self.addressed else super().show_key(group, key)


def _text(raw: Any) -> str:
    return raw.strip() if isinstance(raw, str) else "" if isinstance(raw, bool) else repr(raw)
