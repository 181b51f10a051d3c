"""History: undo and redo by edits."""

from __future__ import annotations

import pytest

from core.rows import given, shown
from rangelist import History

STEPS = [
    lambda rl: rl.set(2, 4, "b"),
    lambda rl: rl.shift(3, 2),
    lambda rl: rl.move(0, 2, 20),
    lambda rl: rl.fill(0, 22, "c"),
    lambda rl: rl.transform(lambda piece: "x", 3, 9),
    lambda rl: rl.split(5),
    lambda rl: rl.coalesce(),
    lambda rl: rl.delete(rl.first),
    lambda rl: rl.resize(rl.last, stop=40),
    lambda rl: rl.merge(rl.first, rl.first.next),
    lambda rl: rl.clear(),
    lambda rl: rl.set(5, 6, "z"),
]


def test_all_the_way_back_and_forth_again():
    """Every state is met again, with the very nodes it had."""
    rl = given("AaaaBb.C")
    history = History(rl)
    states = [[(id(node), *node) for node in rl]]
    keep = list(rl)
    for do in STEPS:
        do(rl)
        states.append([(id(node), *node) for node in rl])
        keep += list(rl)  # so that no id is used twice

    for state in states[-2::-1]:
        assert history.undo() is True
        assert [(id(node), *node) for node in rl] == state
        rl.check()
    assert history.undo() is False
    for state in states[1:]:
        assert history.redo() is True
        assert [(id(node), *node) for node in rl] == state
        rl.check()
    assert history.redo() is False
    assert len(keep) > len(STEPS)


def test_a_new_change_ends_what_could_be_redone():
    """There is one past and no other future."""
    rl = given("Aa")
    history = History(rl)
    rl.set(2, 4, "b")
    history.undo()
    rl.set(4, 6, "c")

    assert history.redo() is False and shown(rl) == "Aa..Cc"
    assert history.undo() is True and shown(rl) == "Aa"


def test_a_transaction_is_undone_as_one():
    """It is one edit."""
    rl = given("Aa")
    history = History(rl)
    with rl.transaction():
        rl.set(2, 4, "b")
        rl.set(4, 6, "c")

    assert history.undo() and shown(rl) == "Aa"
    assert history.redo() and shown(rl) == "AaBbCc"


def test_forget_and_close():
    """forget drops what is remembered, close ends the remembering."""
    rl = given("")
    history = History(rl)
    rl.set(0, 2, "a")
    history.forget()
    assert history.undo() is False and history.redo() is False

    rl.set(2, 4, "b")
    history.close()
    rl.set(4, 6, "c")
    assert [edit.after for edit in history.done] == [[(2, 4, "b")]]
    assert shown(rl) == "AaBbCc"


def test_other_subscribers_are_told_of_undo_and_redo():
    """They see edits as any others; two histories do not fight."""
    rl = given("Aa")
    history, witness = History(rl), History(rl)
    rl.clear()
    history.undo()
    history.redo()
    assert [edit.op for edit in witness.done] == ["clear", "undo clear", "clear"]

    witness.undo()
    assert shown(rl) == "Aa"


def test_a_change_that_the_history_has_not_seen_makes_the_undo_fail():
    """It was made after close: EditConflictError, and the history still has the edit."""
    rl = given("Aa")
    history = History(rl)
    rl.set(2, 4, "b")
    history.close()
    rl.set(2, 4, "x")

    with pytest.raises(ValueError, match="found"):
        history.undo()
    assert shown(rl) == "AaXx" and len(history.done) == 1
