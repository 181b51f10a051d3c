"""transaction: a block of changes, all or nothing.  Atomicity against faults is in test_atomicity."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from core.hostile import photo
from core.rows import given, shown
from rangelist import Edit, RangeBag, RangeList
from rangelist.errors import ReentrancyError


def test_a_block_that_ends_well_stays():
    """It is as if the calls had been made without it."""
    rl = given("Aaaa")
    with rl.transaction():
        rl.set(1, 3, "b")
        assert shown(rl) == "ABbA"
        rl.remove(0, 1)
    assert shown(rl) == ".BbA"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, GeneratorExit, SystemExit])
def test_a_block_that_raises_is_taken_back_down_to_the_nodes(error):
    """Whatever it raises goes on to the caller."""
    rl = given("AaBb..Cc.Dd")
    watched = list(rl)
    before = photo(rl, *watched)

    with pytest.raises(error), rl.transaction():
        rl.set(1, 3, "x")
        rl.shift(2, 5)
        rl.coalesce()
        rl.merge(rl.first, rl.first.next)
        rl.clear()
        rl.set(0, 99, "z")
        raise error

    assert photo(rl, *watched) == before
    rl.check()


def test_a_block_can_be_left_early():
    """return and break are no failures."""

    def leave() -> None:
        with rl.transaction():
            rl.clear()
            return

    rl = given("Aa")
    leave()
    assert shown(rl) == ""


def test_an_inner_failure_takes_back_only_its_own_part():
    """The outer block goes on with what it had."""
    rl = given("Aa")
    with rl.transaction():
        rl.set(2, 4, "b")
        with pytest.raises(LookupError), rl.transaction():
            rl.clear()
            with rl.transaction():
                rl.set(5, 6, "x")
            raise LookupError
        assert shown(rl) == "AaBb"
        rl.set(4, 6, "c")
    assert shown(rl) == "AaBbCc"


def test_an_outer_failure_takes_back_what_an_inner_block_had_finished():
    """Nothing is final before the outermost end."""
    rl = given("Aa")
    with pytest.raises(LookupError), rl.transaction():
        with rl.transaction():
            rl.clear()
        raise LookupError
    assert shown(rl) == "Aa"


def test_subscribers_get_one_edit_at_the_outermost_end():
    """Not one a call, not one an inner block, none for what was taken back."""
    rl = given("Aa")
    edits: list[Edit[int, str]] = []
    rl.subscribe(edits.append)
    with rl.transaction():
        rl.set(2, 4, "b")
        with pytest.raises(LookupError), rl.transaction():
            rl.clear()
            raise LookupError
        with rl.transaction():
            rl.set(6, 8, "c")
        assert edits == []

    (edit,) = edits
    assert (edit.op, edit.case, len(edit.changes)) == ("transaction", "2 changes", 2)
    assert edit.after == [(2, 4, "b"), (6, 8, "c")] and edit.before == []


def test_nobody_is_told_of_a_block_that_failed():
    """For them nothing has happened."""
    rl = given("Aa")
    edits: list[Any] = []
    rl.subscribe(edits.append)
    with pytest.raises(LookupError), rl.transaction():
        rl.clear()
        raise LookupError
    assert edits == []


def test_a_subscriber_that_refuses_takes_the_whole_block_back():
    """At its end; the error comes out of the with statement."""
    rl = given("Aa")
    stop = rl.subscribe(lambda edit: 1 / 0)
    before = photo(rl)
    with pytest.raises(ZeroDivisionError), rl.transaction():
        rl.set(2, 4, "b")
        rl.clear()
    assert photo(rl) == before
    stop()
    rl.set(2, 4, "b")
    assert shown(rl) == "AaBb"


def test_a_transaction_cannot_begin_inside_a_hook():
    """Nor can it be used to get around the lock of a subscriber."""
    rl = given("Aa")
    caught: list[Any] = []

    def begin(edit: Any) -> None:
        with pytest.raises(ReentrancyError) as error:
            rl.transaction().__enter__()
        caught.append(error)

    stop = rl.subscribe(begin)
    with rl.transaction():
        rl.set(2, 4, "b")
    assert len(caught) == 1
    stop()
    with rl.transaction():
        rl.clear()
    assert shown(rl) == ""


def test_the_context_manager_gives_itself():
    """`with ... as t` names the transaction; it can be entered again afterwards."""
    rl = given("Aa")
    block = rl.transaction()
    with block as entered:
        assert entered is block
        rl.set(2, 4, "b")
    with pytest.raises(LookupError), block:
        rl.clear()
        raise LookupError
    assert shown(rl) == "AaBb"


def test_short_cuts_are_not_taken_inside_a_block():
    """What `set` and `remove` do in one search has to be taken back as well."""
    rl = given("Aa")
    with pytest.raises(LookupError), rl.transaction():
        rl.set(10, 12, "b")
        rl.remove(10, 12)
        rl.set(20, 22, "c")
        rl.remove(0, 1)
        raise LookupError
    assert shown(rl) == "Aa"
    rl.check()


def test_a_block_that_was_not_entered_cannot_be_left():
    """Nor one that was left already; nothing has changed then."""
    rl = given("Aaaa")
    block = rl.transaction()

    with pytest.raises(ReentrancyError, match="is not entered"):
        block.__exit__(None, None, None)
    with block:
        rl.set(1, 2, "b")
    with pytest.raises(ReentrancyError, match="is not entered"):
        block.__exit__(None, None, None)

    assert len(rl) == 3


# ---- tasks of one thread ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [RangeList, RangeBag])
@pytest.mark.parametrize("fails", [False, True])
def test_blocks_of_two_tasks_that_interleave_end_as_one(kind, fails):
    """The first to begin is refused its end; all belongs to the other, which keeps or drops it."""
    it = kind([(0, 8, "a")])
    edits, said = [], []
    it.subscribe(edits.append)
    add = it.add if kind is RangeBag else it.set
    entered, first_over = asyncio.Event(), asyncio.Event()

    async def first():
        with pytest.raises(ReentrancyError) as info, it.transaction():
            add(10, 12, "first")
            await entered.wait()
            add(14, 16, "first again")
        said.append(str(info.value))
        first_over.set()

    async def second():
        with it.transaction():
            entered.set()
            add(20, 22, "second")
            await first_over.wait()
            if fails:
                raise KeyError("no")

    async def both():
        return await asyncio.gather(first(), second(), return_exceptions=True)

    results = asyncio.run(both())

    assert "a transaction that began inside this one is still open" in said[0]
    assert "thread" not in said[0]
    assert isinstance(results[1], KeyError) is fails
    values = [node.value for node in it]
    assert values == (["a"] if fails else ["a", "first", "first again", "second"])
    assert len(edits) == (not fails)
    it.check()
    add(30, 32, "later")
    assert edits[-1].op in ("add", "set")
    assert len(edits[-1].changes) == 1


@pytest.mark.parametrize("kind", [RangeList, RangeBag])
def test_what_another_task_writes_in_a_block_is_part_of_it(kind):
    it = kind([(0, 8, "a")])
    add = it.add if kind is RangeBag else it.set

    async def block(wrote):
        with it.transaction():
            await wrote.wait()
            raise KeyError("no")

    async def writer(wrote):
        add(10, 12, "b")
        wrote.set()

    async def both():
        wrote = asyncio.Event()
        return await asyncio.gather(block(wrote), writer(wrote), return_exceptions=True)

    assert isinstance(asyncio.run(both())[0], KeyError)
    assert [node.value for node in it] == ["a"]
