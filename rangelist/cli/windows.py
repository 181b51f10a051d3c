"""`--within`: the part of the axis that counts, for all groups or for each by a file of sizes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from rangelist.errors import BadLineError
from rangelist.formats import Format, Source, UsageError
from rangelist.formats.base import parts_of
from rangelist.formats.kinds import Key, quote
from rangelist.formats.kinds import natural as position

__all__ = ["Window"]

Ends = tuple[Key, Key]  # None: no limit


class Window:
    """Knows the window of each group.

    Raises: UsageError; UnreadableError.
    """

    def __init__(self, text: str, report: Callable[[str, int, str], None]) -> None:
        self.text = text
        self.sizes: dict[str, int] = {}
        self.names: Iterable[Any] = ()  # the groups that it names
        self._places: dict[str, int] = {}
        self._ends: Ends | dict[str, Ends] = (None, None)
        if text and os.path.exists(text):  # noqa: PTH110  pathlib takes long to import
            self._read(text, report)

    def _read(self, path: str, report: Callable[[str, int, str], None]) -> None:
        with Source(path, report) as source:
            for line in source:
                words = line.split()
                if not words or line[:1] == "#":
                    continue
                try:
                    size = position(words[1])
                except (IndexError, ValueError):
                    source.complain(f"{quote(line)}, want a name and a size")
                    continue
                if self.sizes.setdefault(words[0], size) != size:
                    source.complain(f"{words[0]!r} has size {self.sizes[words[0]]} above")
        self._places = {name: i for i, name in enumerate(self.sizes)}

    def place(self, group: Any) -> int:
        """Return which of the groups in the file of sizes this is; the others are behind."""
        return self._places.get(parts_of(group)[0], len(self._places))

    @property
    def end(self) -> dict[str, int] | int | None:
        """Where regions without an end stop."""
        last = self.text.rpartition(":")[2].replace(",", "")
        known = last.isdecimal() and ":" in self.text and len(last) < 300
        return self.sizes or (int(last) if known else None)

    def settle(self, form: Format) -> None:
        """Read the text as the format of the input counts."""
        if self.sizes and not form.grouped:
            raise UsageError(f"--within {self.text} has sizes of groups, {form.name} has none here")
        self.names = self.sizes or () if form.grouped else ("",)
        if not self.text or self.sizes:
            return
        try:
            if form.kind.family == "network address":
                from rangelist.formats.addresses import window  # noqa: PLC0415  few need it

                self._ends = self.names = window(self.text)
            else:
                self._ends = _parsed(self.text, form)
        except BadLineError as error:
            raise UsageError(f"--within {error}") from error

    def of(self, group: Any) -> Ends:
        """Return the window of a group.

        Raises: UsageError, if it has none.
        """
        name = parts_of(group)[0]
        if self.sizes:
            if name not in self.sizes:
                raise UsageError(f"{name!r} is not in {self.text}")
            return 0, self.sizes[name]
        if isinstance(self._ends, dict):
            return self._ends.get(name, (0, 0))
        return self._ends


def _parsed(text: str, form: Format) -> Ends:
    """Return START:STOP as keys; keys may have colons themselves."""
    found: list[Ends] = []
    why = BadLineError(f"{quote(text)}, want a file of sizes or START:STOP")
    for at in (i for i, character in enumerate(text) if character == ":"):
        first, last = text[:at], text[at + 1 :]
        if form.genomic:
            first, last = first.replace(",", ""), last.replace(",", "")
        try:
            start, stop = form.span(first or last, last or first)
        except BadLineError as error:
            why = error
            continue
        found.append((start if first else None, stop if last else None))
    if len(found) != 1:
        raise why
    start, stop = found[0]
    if start is not None and stop is not None and not start < stop:
        raise BadLineError(f"{text} is empty, want START before STOP")
    return found[0]
