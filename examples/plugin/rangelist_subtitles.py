"""A format for `rangelist` that is not in it: subtitles, `00:00:01,000 --> 00:00:04,500`.

What a plugin has to say is what a line is.  Its `pyproject.toml` names the class:

    [project.entry-points."rangelist.formats"]
    subtitles = "rangelist_subtitles:Subtitles"
"""

import re

from rangelist.errors import BadLineError
from rangelist.formats.base import Format

TIMES = re.compile(r"(\d+):(\d\d):(\d\d),(\d{3}) --> (\d+):(\d\d):(\d\d),(\d{3})")


def clock(key):
    """Return milliseconds as a subtitle file writes them."""
    seconds, rest = divmod(key, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{rest:03}"


def milliseconds(parts):
    """Return hours, minutes, seconds, milliseconds as one number."""
    hours, minutes, seconds, rest = map(int, parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


class Subtitles(Format):
    """Only times count: numbers and texts of the titles are no spans."""

    name = "subtitles"
    about = "when something is said: 00:00:01,000 --> 00:00:04,500"
    endings = (".srt",)

    @classmethod
    def looks(cls, line):
        """Subtitles have other lines, too; one with times is enough for `fits`."""
        return TIMES.fullmatch(line.strip()) is not None

    @classmethod
    def fits(cls, lines, data):
        """Return how sure it is that these are subtitles."""
        return float(any(map(cls.looks, data)))

    def parse(self, line):
        """Return the span of a line, or nothing for a number or a text."""
        match = TIMES.fullmatch(line.strip())
        if match is None:
            if "-->" in line:
                raise BadLineError(f"{line!r}, want 00:00:01,000 --> 00:00:04,500")
            return ()
        return ((milliseconds(match.groups()[:4]), milliseconds(match.groups()[4:]), ()),)

    def show_key(self, group, key):
        """Return a key as people see it."""
        return clock(key)

    def line(self, start, stop, known):
        """Return a span as a line of the input."""
        return f"{clock(start)} --> {clock(stop)}"
