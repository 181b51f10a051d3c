"""History: undo and redo by edits."""

from __future__ import annotations

import pytest

from core.rows import given, shown
from rangelist import History, RangeList

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


def vetoed(history: History[int, str], rl: RangeList[int, str]) -> None:
    """Undo, while a subscriber refuses whatever comes."""

    def veto(edit: object) -> None:
        raise KeyError(edit)

    stop = rl.subscribe(veto)
    with pytest.raises(KeyError):
        history.undo()
    stop()


def rolled_back(history: History[int, str], rl: RangeList[int, str]) -> None:
    """Undo and write in a block that fails."""
    with pytest.raises(KeyError), rl.transaction():
        history.undo()
        rl.set(90, 91, "z")
        raise KeyError


TAKEN_BACK = {"vetoed": vetoed, "rolled back": rolled_back}


@pytest.mark.parametrize("fail", TAKEN_BACK.values(), ids=TAKEN_BACK.keys())
@pytest.mark.parametrize("closed", [False, True])
def test_an_undo_that_is_taken_back_is_still_to_be_undone(fail, closed):
    """Also of a history that is closed and hears of nothing."""
    rl = RangeList([(0, 8, "a")])
    history = History(rl)
    rl.set(2, 4, "b")
    if closed:
        history.close()

    fail(history, rl)

    assert len(history.done) == 1
    assert history.undo()
    assert rl == RangeList([(0, 8, "a")])


FORGETTING = {
    "before a roll-back": lambda history, rl: history.forget(),
    "after an undo": lambda history, rl: (history.undo(), history.forget()),
    "after an undo and before a write": lambda history, rl: (
        history.undo(),
        history.forget(),
        rl.set(20, 24, "c"),
    ),
}


@pytest.mark.parametrize("do", FORGETTING.values(), ids=FORGETTING.keys())
@pytest.mark.parametrize("fails", [False, True])
def test_what_is_forgotten_in_a_block_stays_forgotten(do, fails):
    """However the block ends; what comes later is remembered."""
    rl = RangeList([(0, 8, "a")])
    history = History(rl)
    rl.set(2, 4, "b")
    rl.set(6, 7, "c")

    try:
        with rl.transaction():
            do(history, rl)
            if fails:
                raise KeyError
    except KeyError:
        pass

    before = rl.copy()
    while history.undo():
        pass
    while history.redo():
        pass
    assert rl == before
    rl.set(30, 31, "z")
    assert history.undo()
    assert rl == before


def test_a_subscriber_may_forget_what_is_then_refused():
    """The position never lies behind the last edit."""
    rl = RangeList([(0, 8, "a")])
    history = History(rl)
    rl.set(2, 4, "b")
    rl.subscribe(lambda edit: history.forget())

    vetoed(history, rl)

    assert not history.done
    assert not history.undo()
