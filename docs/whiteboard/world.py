"""Carries a script out with the library, and remembers what each line did.

A `World` is made from a header and plays lines one by one.  It numbers nodes when they are first
seen, so that running a script again gives every node the same number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from rangelist import NEVER, Cursor, Edit, Node, Piece, RangeBag, RangeListError
from rangelist.cursor import Status

from .rules import rules_of
from .script import Header, Line, Script, ScriptError

__all__ = ["Done", "Shape", "Walk", "World", "begin_of", "run"]

BAG_OPS: Final = frozenset(["add", "delete", "shift", "clear", "walk", "next", "drop"])


class Shape(NamedTuple):
    """What a node was at one moment: its number, its span, its value as text."""

    id: int
    start: int
    stop: int
    text: str


class Done(NamedTuple):
    """What a line did: an edit, a delivery, or an error; `before` and `after` are all nodes."""

    line: Line
    before: list[Shape]
    after: list[Shape]
    edit: Edit[int, Any] | None = None
    delivered: tuple[int, int, str] | None = None
    error: str = ""
    raised: str = ""  # the name of the error's class


class Walk:
    """A walk, a sweep or a cursor of the board, and what it has delivered."""

    def __init__(self, line: Line, steps: Iterator[Any] | Cursor[int, Any]) -> None:
        self.kind: str = line.get("kind", "walk")
        self.reverse: bool = line.get("reverse", False)
        self.window = line.get("start"), line.get("stop")
        self.steps = steps
        self.delivered: list[tuple[int, int, Any]] = []

    def next(self) -> tuple[int, int, Any] | None:
        """Deliver one step as a tuple."""
        if isinstance(self.steps, Cursor):
            return self._note(self.steps.next())
        return self._note(next(self.steps, None))

    def prev(self) -> tuple[int, int, Any] | None:
        """Turn round; cursors only."""
        return self._note(self.cursor("prev").prev())

    def cursor(self, op: str) -> Cursor[int, Any]:
        """Return the cursor that this is; the iterators have no way back."""
        if not isinstance(self.steps, Cursor):
            raise ScriptError(f"{op}: found a {self.kind}, want a cursor")
        return self.steps

    def _note(self, step: Any) -> tuple[int, int, Any] | None:
        if step is None:
            return None
        self.delivered.append((step.start, step.stop, step.value))
        return self.delivered[-1]

    @property
    def extent(self) -> tuple[int, int] | None:
        """The extent delivered last, as the walk remembers it."""
        if isinstance(self.steps, Cursor):
            return self.steps.extent
        return self.delivered[-1][:2] if self.delivered else None

    @property
    def status(self) -> list[str]:
        """What became of the interval under a cursor, in words."""
        if not isinstance(self.steps, Cursor) or self.steps.extent is None:
            return []
        status = self.steps.status
        return [str(flag.name).lower().replace("_", " ") for flag in Status if flag in status]


class World:
    """The list, its walks, and the lines that made them what they are.

    Example:
        >>> world = World({"rules": "EQUAL", "items": [[0, 8, "a"]]})
        >>> world.play({"op": "set", "start": 4, "stop": 12, "value": "a"}).edit.case
        'cut left, merged left'
        >>> world.shapes()
        [Shape(id=1, start=0, stop=12, text='a')]
    """

    def __init__(self, header: Header) -> None:
        self.rules = rules_of(header["rules"])
        self.list = self.rules.new_list(header.get("hooks", ""))
        self.walks: dict[str, Walk] = {}
        self.done: list[Done] = []
        self.ids: dict[Node[int, Any], int] = {}
        self._edits: list[Edit[int, Any]] = []
        for start, stop, text in header["items"]:
            self._put(start, stop, self.rules.value(text, start))
        self.shapes()
        self.list.subscribe(self._edits.append)

    def _put(self, start: int, stop: int, value: object) -> None:
        """Put an item in exactly as it is, whatever touches it."""
        if isinstance(self.list, RangeBag):
            self.list.add(start, stop, value)
        else:
            self.list.insert(start, stop, value, policy=NEVER)

    # ---- what is seen ----------------------------------------------------------------------------

    def shapes(self) -> list[Shape]:
        """Return all nodes as they are now."""
        return [Shape(self.id(node), *self.told(node)) for node in self.list]

    def id(self, node: Node[int, Any]) -> int:
        """Return the number of a node, a new one if it was not seen before."""
        return self.ids.setdefault(node, len(self.ids) + 1)

    def told(self, piece: Node[int, Any] | Piece[int, Any]) -> tuple[int, int, str]:
        """Return a node or a piece with its value as text."""
        return piece.start, piece.stop, self.rules.text(piece.value)

    # ---- what is done ----------------------------------------------------------------------------

    def play(self, line: Line) -> Done:
        """Carry a line out; an error of the library or of a hook is what it did."""
        before = self.shapes()
        self._edits.clear()
        delivered, error, raised = None, "", ""
        try:
            delivered = self._call(line)
        except (RangeListError, ScriptError) as problem:
            error, raised = str(problem), type(problem).__name__
        except Exception as problem:  # noqa: BLE001  hooks are the reader's own code
            error, raised = f"a hook raised {problem!r}", type(problem).__name__
        edit = self._edits[0] if self._edits else None
        self.done.append(Done(line, before, self.shapes(), edit, delivered, error, raised))
        return self.done[-1]

    def _call(self, line: Line) -> tuple[int, int, str] | None:
        op = line["op"]
        if isinstance(self.list, RangeBag) and op not in BAG_OPS:
            raise ScriptError(f"a bag has no {op!r}, want one of {', '.join(sorted(BAG_OPS))}")
        if op == "walk":
            self._walk(line)
        elif op in ("next", "prev"):
            walk = self.walk(line)
            step = walk.next() if op == "next" else walk.prev()
            return None if step is None else (*step[:2], self.rules.text(step[2]))
        elif op == "seek":
            self.walk(line).cursor("seek").seek(line["at"])
        elif op == "drop":
            self.walk(line)
            del self.walks[line["name"]]
        else:
            self._write(line)
        return None

    def _walk(self, line: Line) -> None:
        kind, window = line.get("kind", "walk"), (line.get("start"), line.get("stop"))
        options: dict[str, Any] = {"reverse": line.get("reverse", False)}
        if "horizon" in line and kind != "cursor":
            options["horizon"] = line["horizon"]
        if not hasattr(self.list, kind):
            raise ScriptError(f"a bag has no {kind!r}, want a walk")
        self.walks[line["name"]] = Walk(line, getattr(self.list, kind)(*window, **options))

    def walk(self, line: Line) -> Walk:
        """Return the walk that a line names."""
        if line["name"] not in self.walks:
            names = ", ".join(self.walks) or "none yet"
            raise ScriptError(f"no walk is called {line['name']!r}, there are: {names}")
        return self.walks[line["name"]]

    def _write(self, line: Line) -> None:
        """Make the call that a line names; nodes are named by a key that they cover."""
        rl: Any = self.list
        op, fields = line["op"], {name: line[name] for name in line if name != "op"}
        if "value" in fields:
            text = fields["value"]
            fields["value"] = self.rules.value(text, begin_of(line))
        if op == "transform":
            gaps = fields.get("gaps", "skip")
            value = fields["value"]

            def same_for_all(piece: object) -> object:
                return value

            rl.transform(same_for_all, fields["start"], fields["stop"], gaps=gaps)
        elif op == "merge":
            right = self._node(fields.pop("at"))
            if right.prev is None:
                raise ScriptError(f"no node is on the left of {right!r}, want two that touch")
            rl.merge(right.prev, right, **fields)
        elif op in ("replace", "resize", "delete"):
            getattr(rl, op)(self._node(fields.pop("at")), *plain_value(fields), **fields)
        else:
            getattr(rl, op)(**fields)

    def _node(self, at: int) -> Node[int, Any]:
        """Return the node that covers a key; in a bag the last one, which is drawn on top."""
        if isinstance(self.list, RangeBag):
            node = next(reversed(list(self.list.covering(at))), None)
        else:
            node = self.list.at(at)
        if node is None:
            raise ScriptError(f"no node covers {at}, want one that does")
        return node

    def rest(self, name: str) -> list[tuple[int, int, str]]:
        """Let a walk run to its end; return what it delivers."""
        found: list[tuple[int, int, str]] = []
        while (step := self.walks[name].next()) is not None:
            found.append((*step[:2], self.rules.text(step[2])))
        return found


def begin_of(line: Line) -> int:
    """Return the key where a line's value begins to count."""
    return int(line["start"] if "start" in line else line["at"])


def plain_value(fields: dict[str, Any]) -> tuple[Any, ...]:
    """Take the value out of the fields, to be given by position."""
    return (fields.pop("value"),) if "value" in fields else ()


def run(script: Script) -> World:
    """Return the world after all lines that are carried out.

    Raises: ScriptError, if the header's rules or items cannot be used.
    """
    try:
        world = World(script.header)
    except RangeListError as error:
        raise ScriptError(str(error)) from error
    for line in script.done:
        world.play(line)
    return world
