"""What goes to standard error: bad lines, notes, and on a terminal the progress."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import TextIO

from rangelist.errors import BadLineError

__all__ = ["Report", "harmless"]

SHOWN = 20  # bad lines of one input; a file of the wrong format has millions
PATIENCE = 0.5  # seconds that need no explanation
CLEAR = "\r\x1b[K"
CONTROL = {code: ascii(chr(code))[1:-1] for code in (*range(9), *range(11, 32), *range(127, 160))}


def harmless(text: str) -> str:
    """Replace what a terminal would obey, other than tabs and line ends."""
    return text.translate(CONTROL)


class Report:
    """Counts bad lines, and shows the first of each input.

    Raises: BadLineError at the first one, if `strict`.
    """

    def __init__(self, err: TextIO, *, strict: bool, quiet: bool = False) -> None:
        self._err = err
        self._strict = strict
        self._quiet = quiet
        self._bad: Counter[str] = Counter()
        self._notes: set[str] = set()
        self._terminal = err.isatty()
        self._due = time.monotonic() + PATIENCE
        self._dirty = False
        self.before_waiting: Callable[[], None] = lambda: None  # prints what is final

    @property
    def any_bad(self) -> bool:
        """Whether a line was bad."""
        return bool(self._bad)

    def bad_line(self, name: str, number: int, reason: str) -> None:
        """Take notice of a bad line."""
        text = f"{name}:{number}: {reason}"
        if self._strict:
            raise BadLineError(text)
        self._bad[name] += 1
        if self._bad[name] <= SHOWN:
            self.say(text)

    def note(self, text: str) -> None:
        """Say once what was guessed or left out, unless that is not wanted."""
        if not self._quiet and text not in self._notes:
            self._notes.add(text)
            self.say(text)

    def skipped(self, name: str, count: int) -> None:
        """Say that features of length zero are left out."""
        if count:
            self.note(f"{name}: features of length zero are left out")

    def say(self, text: str) -> None:
        """Write a line."""
        self._clear()
        print(harmless(text), file=self._err)

    def progress(self, name: str) -> Callable[[int], None]:
        """Return what tells, from time to time, how much of an input was read."""

        def tell(read: int) -> None:
            if self._terminal and time.monotonic() >= self._due:
                self.working(f"{name}: {read / 1e6:,.0f} MB read")

        return tell

    def working(self, text: str) -> None:
        """Show on a terminal what takes so long; the next message replaces it."""
        if self._terminal and time.monotonic() >= self._due:
            self._err.write(f"{CLEAR}{harmless(text)} ")
            self._err.flush()
            self._due = time.monotonic() + PATIENCE / 2
            self._dirty = True

    def finish(self) -> None:
        """Say how many bad lines were not shown."""
        self._clear()
        for name, count in self._bad.items():
            if count > SHOWN:
                self.say(f"{name}: {count - SHOWN:,} more bad lines")

    def _clear(self) -> None:
        if self._dirty:
            self._err.write(CLEAR)
            self._dirty = False
