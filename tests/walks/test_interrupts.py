"""A6.14: an interrupt, which Python may raise between any two lines, while a write is decided.

Before `apply` nothing has changed, so wherever it strikes in there list and walks are as they were.
What docs/walks.md says of `apply` itself is less; compiled, Python cannot interrupt it at all.
"""

import sys
from pathlib import Path

import pytest

from rangelist import COMPILED
from rangelist.cursor import Status
from rangelist.policy import Policy
from rangelist.ranges import RangeList

pytestmark = pytest.mark.skipif(COMPILED, reason="compiled code has no lines to stop at")

DECIDING = {"door.py", "keys.py", "pieces.py", "policy.py", "write.py"}
ASKS = Policy(split=lambda piece, at: (piece.value, piece.value))


class Interrupt(BaseException):
    """As KeyboardInterrupt: no Exception."""


class Interrupting:
    """Raises at the n-th line that is run in the modules which decide."""

    def __init__(self, at):
        self.left = at
        self.usual = sys.gettrace()  # that of the coverage measurement, perhaps

    def __enter__(self):
        sys.settrace(self.enter)
        return self

    def __exit__(self, *_):
        sys.settrace(self.usual)

    def enter(self, frame, event, arg):
        return self.line if Path(frame.f_code.co_filename).name in DECIDING else None

    def line(self, frame, event, arg):
        if event == "line":
            self.left -= 1
            if self.left == 0:
                raise Interrupt
        return self.line


WRITES = {
    "set": lambda rl: rl.set(15, 45, "c", policy=ASKS),
    "set inside": lambda rl: rl.set(22, 24, "c", policy=ASKS),
    "insert": lambda rl: rl.insert(60, 70, "b"),
    "add": lambda rl: rl.add(15, 45, "c"),
    "fill": lambda rl: rl.fill(-5, 75, "c"),
    "remove": lambda rl: rl.remove(15, 45),
    "update": lambda rl: rl.transform(lambda piece: "c", 15, 45),
    "split": lambda rl: rl.split(25),
    "merge": lambda rl: rl.merge(rl.at(20), rl.at(30)),
    "replace": lambda rl: rl.replace(rl.at(20), "b"),
    "resize": lambda rl: rl.resize(rl.last, stop=70),
    "discard": lambda rl: rl.delete(rl.at(20)),
    "move": lambda rl: rl.move(20, 40, 45, overwrite=True),
    "shift": lambda rl: rl.shift(25, -10),
    "coalesce": lambda rl: rl.coalesce(policy=Policy(same=lambda left, right: True)),
    "clear": lambda rl: rl.clear(),
}


@pytest.mark.parametrize("name", WRITES)
def test_an_interrupt_at_any_line_of_a_decision_leaves_list_and_walks_as_they_were(name):
    """The 1st line raises, then the 2nd, until the write gets through; then it does its work."""
    for at in range(1, 2000):
        rl = RangeList((i * 10, i * 10 + 10, "ab"[i % 2]) for i in range(6))
        rl.subscribe(lambda edit: None)  # what a watched write noted is taken back
        nodes, before = list(rl), list(rl.sweep())
        walk, sweep, cursor = rl.walk(), rl.sweep(), rl.cursor()
        for _ in range(3):
            next(walk), next(sweep), cursor.next()
        try:
            with Interrupting(at):
                WRITES[name](rl)
        except Interrupt:
            assert (list(rl), list(rl.sweep())) == (nodes, before)
            rl.check()
            assert cursor.status == Status.SAME
            assert [node.start for node in walk] == [piece.start for piece in sweep] == [30, 40, 50]
            WRITES[name](rl)
            rl.check()
        else:
            assert at > 2  # `delete` decides in two lines
            return
    raise AssertionError("the write never gets through")
