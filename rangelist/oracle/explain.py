"""Pictures of a trace, step by step: the list as a row of characters, the cursors below it.

1 set 0 8 a -> 0-8=a        |aaaaaaaa........|
3 next A -> 0-8=a           |aaaaaaaa........|
                        A   |------->........|
4 dump -> 0-8=a             |aaaaaaaa........|
  want {"ok":[["0","8","a"]]}
                       want |aaaaaaaa........|
  got  {"ok":[["0","4","a"]]}
                        got |aaaa............|     what an implementation answered instead
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from rangelist.oracle.model import Place
from rangelist.oracle.session import over, text_of, tuples
from rangelist.oracle.spec import Line, Row
from rangelist.oracle.trace import Trace, bare

__all__ = ["explain"]

WIDTH = 64
LEAD = 40

Stand = tuple[int, int, bool]  # an extent, and whether a cursor stands at its right side


def explain(trace: Trace) -> Iterator[str]:
    """Yield the lines of the picture."""
    model = tuples(trace.header)
    session = over(model)
    frames: list[tuple[Line, Line, list[Row], dict[str, Stand | None]]] = []
    for line in trace.lines:
        reply = session.reply(bare(line))
        frames.append((line, reply, model.dump(), {c: stand(p) for c, p in model.places.items()}))
    got = [row for line in trace.lines for row in rows_in(line.get("got", {}))]
    scale = Scale([row for _, _, rows, _ in frames for row in rows] + got)
    yield f"{trace.id}   one column is {scale.unit}, from {scale.low}"
    for number, (line, reply, rows, places) in enumerate(frames, 1):
        yield f"{number:3} {told(line, reply):{LEAD}}|{scale.list(rows)}|"
        for c, extent in places.items():
            if extent is not None:
                yield f"{c:>{LEAD + 3}} |{scale.extent(*extent)}|"
        if "got" in line:
            for word, said in (("want", reply), ("got", line["got"])):
                yield f"    {word:4} {text_of(said)}"
                if rows := rows_in(said):
                    yield f"{word:>{LEAD + 3}} |{scale.list(rows)}|"
        if "law" in line or "note" in line:
            yield f"    {line.get('law', '')} {line.get('note', '')}".rstrip()


def stand(place: Place) -> Stand | None:
    """Return the extent a cursor stands at and whether it stands at its right side."""
    if place.a is None or place.b is None:
        return None
    return place.a, place.b, place.up


def told(line: Line, reply: Line) -> str:
    """Return the line and its reply in few words."""
    fields = {name: line[name] for name in bare(line) if name != "op"}
    words = [name if field is True else str(field) for name, field in fields.items()]
    answer = reply.get("err", brief(reply.get("ok")))
    return f"{line['op']} {' '.join(words)} -> {answer}"[: LEAD - 1]


def rows_in(reply: Line) -> list[Row]:
    """Return the pieces that a reply holds, if that is what it holds."""
    answer = reply.get("ok")
    rows = cast("Sequence[Any]", answer) if type(answer) is list else ()
    try:
        return [Row(int(a), int(b), str(value)) for a, b, value in rows]
    except (TypeError, ValueError):
        return rows_in({"ok": [rows]}) if len(rows) == 3 and type(rows[0]) is str else []


def brief(answer: object) -> str:
    if not isinstance(answer, list):
        return "none" if answer is None else str(answer)
    items = cast("list[object]", answer)
    if items and not isinstance(items[0], list):
        return "-".join("inf" if end is None else str(end) for end in items[:2]) + "".join(
            f"={value}" for value in items[2:]
        )
    return " ".join(map(brief, items)) or "nothing"


class Scale:
    """Which key stands in which column."""

    def __init__(self, rows: list[Row]) -> None:
        self.low = min((row[0] for row in rows), default=0)
        high = max((row[1] for row in rows), default=1)
        self.unit = -(-(high - self.low) // WIDTH)
        self.width = -(-(high - self.low) // self.unit)

    def columns(self, start: int, stop: int) -> range:
        """Return at least one column."""
        first = min(max(0, (start - self.low) // self.unit), self.width - 1)
        return range(first, max(first + 1, min(self.width, -(-(stop - self.low) // self.unit))))

    def list(self, rows: list[Row]) -> str:
        cells = ["."] * self.width
        for i, (start, stop, value) in enumerate(rows):
            columns = self.columns(start, stop)
            for column in columns:
                cells[column] = value[:1] or "_"
            # Two touching pieces of one value have to be told apart.
            if i and rows[i - 1][1] == start and rows[i - 1][2] == value:
                cells[columns[0]] = "|" if len(columns) > 1 else cells[columns[0]].upper()
        return "".join(cells)

    def extent(self, a: int, b: int, up: bool) -> str:
        cells = [" "] * self.width
        columns = self.columns(a, b)
        for column in columns:
            cells[column] = "-"
        cells[columns[-1] if up else columns[0]] = ">" if up else "<"
        return "".join(cells)
