"""Edits: one change as a record; its steps, its inverse, its picture; replay on another list."""

from __future__ import annotations

from typing import Any

import pytest

from core.model import Twin
from core.rows import given, shown
from core.sizes import by_size
from core.test_exhaustive import POLICIES, Nth, all_lists, all_spans
from core.test_machines import replayed
from rangelist import EQUAL, NEVER, Edit, Node, Piece, RangeBag, RangeList
from rangelist.errors import EditConflictError, ReentrancyError
from rangelist.record import Step, same_shape


def calls(items: list[Any]) -> Any:
    """Each kind of write once or more, for a list over three or four points."""
    for span in all_spans(0, 4):
        for verb in ("set", "insert", "fill", "add"):
            yield verb, (*span, "b"), {}
        yield "transform", (lambda piece: "b", *span), {}
        yield "remove", span, {}
        yield "coalesce", span, {}
        yield "move", (*span, 1), {"overwrite": True}
        yield "move", (*span, 5), {}
        yield "shift", (span[0], span[0] - span[1]), {}
        yield "shift", (span[0], 2), {}
        for n in range(len(items)):
            yield "resize", (Nth(n), *span), {}
    for n in range(len(items)):
        yield "replace", (Nth(n), "b"), {}
        yield "delete", (Nth(n),), {}
        yield "merge", (Nth(n), Nth(min(n + 1, len(items) - 1)), "c"), {"keep": "right"}
    yield "split", (2,), {"keep": "right"}
    yield "clear", (), {}


def facts(rl: RangeList[int, str]) -> list[Any]:
    """All that can be told of the nodes; a value that is equal but another object is another."""
    return [(*node, id(node), id(node.value), node.alive, node.merged_into) for node in rl]


@pytest.mark.parametrize("policy", ["EQUAL", "ALWAYS", "LOPSIDED"])
def test_every_edit_of_every_small_list_tells_the_whole_truth(policy):
    """One edit a change and none without; its steps lead from before to after and never overlap;
    before and after are what differs; its inverse restores the very nodes; replayed on a copy it
    gives the same list, and its inverse the copy as it was."""
    for items in all_lists(by_size(3, 4, 4)):
        for verb, args, options in calls(items):
            twin = Twin(items, POLICIES[policy])
            rl = twin.list
            copy = rl.copy()
            edits: list[Edit[int, str]] = []
            rl.subscribe(edits.append)
            nodes, before = list(rl), facts(rl)
            handles = [nodes[arg.number] if isinstance(arg, Nth) else arg for arg in args]
            try:
                getattr(rl, verb)(*handles, **options)
            except ValueError:
                assert edits == [] and facts(rl) == before
                continue
            if facts(rl) == before:
                # A span that is cut out and put back is told of: there is nothing in it.
                assert verb == "move" or edits == []
                assert [(edit.before, edit.after) for edit in edits] in ([], [([], [])])
                continue
            (edit,) = edits
            after, now = facts(rl), [tuple(node) for node in rl]
            # `move` and `shift` too are the name that was called.
            assert edit.op == verb and edit and edit.case
            assert replayed(items, edit) == now
            assert all(nothing_superfluous(change) for change in edit.changes)
            assert edit.before == [x[:3] for x in before if x not in after]
            assert edit.after == [x[:3] for x in after if x not in before]
            copy.apply(edit)
            assert [tuple(node) for node in copy] == now
            copy.check()
            rl.apply(edit.inverse())
            rl.check()
            assert facts(rl) == before, (items, verb, args)
            rl.apply(edit)
            assert facts(rl) == after, (items, verb, args)
            copy.apply(edit.inverse())
            assert [tuple(node) for node in copy] == items
            copy.check()


def nothing_superfluous(change: Any) -> bool:
    """A change begins and ends with what differs, or with a node that has taken one in."""
    heirs = [id(heir) for _, heir in change.absorbed]
    ends = [(change.old[:1], change.new[:1]), (change.old[-1:], change.new[-1:])]
    return not any(
        old and new and same_shape(old[0], new[0]) and id(new[0][0]) not in heirs
        for old, new in ends
    )


def step(kind: str, before: list[Any], after: list[Any]) -> Step[int, str]:
    return Step(kind, tuple(Piece(*x) for x in before), tuple(Piece(*x) for x in after))


def only_edit(rl: RangeList[int, str], change: Any) -> Edit[int, str]:
    edits: list[Edit[int, str]] = []
    stop = rl.subscribe(edits.append)
    change()
    stop()
    (edit,) = edits
    return edit


def test_steps_are_the_six_primitives():
    """Each has its inverse, and that one's inverse is the step itself."""
    a, b, whole = (0, 2, "a"), (2, 4, "a"), (0, 4, "a")
    steps = [
        step("insert", [], [a]),
        step("remove", [a], []),
        step("replace", [a], [(0, 2, "b")]),
        step("resize", [a], [(0, 3, "a")]),
        step("split", [whole], [a, b]),
        step("merge", [a, b], [whole]),
    ]
    assert [s.inverse().kind for s in steps] == [
        "remove", "insert", "replace", "resize", "merge", "split",
    ]  # fmt: skip
    assert [s.inverse().inverse() for s in steps] == steps


def test_the_steps_of_a_write_in_the_middle():
    """Aaaaaa --set(2, 4, b)--> AaBbAa: two cuts, then another value."""
    edit = only_edit(rl := given("Aaaaaa"), lambda: rl.set(2, 4, "b"))

    assert edit.steps == [
        step("split", [(0, 6, "a")], [(0, 2, "a"), (2, 6, "a")]),
        step("split", [(2, 6, "a")], [(2, 4, "a"), (4, 6, "a")]),
        step("replace", [(2, 4, "a")], [(2, 4, "b")]),
    ]


def test_the_steps_of_a_triple_join():
    """Aa..Aa --set(2, 4, a)--> Aaaaaa: what is new comes, then two merges."""
    edit = only_edit(rl := given("Aa..Aa"), lambda: rl.set(2, 4, "a"))

    assert edit.steps == [
        step("insert", [], [(2, 4, "a")]),
        step("merge", [(0, 2, "a"), (2, 4, "a")], [(0, 4, "a")]),
        step("merge", [(0, 4, "a"), (4, 6, "a")], [(0, 6, "a")]),
    ]


def test_the_steps_of_a_shift_make_room_before_they_move():
    """AABB moves up from the right end, down from the left one."""
    rl = given("AB.C", NEVER)
    up = only_edit(rl, lambda: rl.shift(0, 1))
    down = only_edit(rl, lambda: rl.shift(0, -1))

    assert [s.before[0].value for s in up.steps] == ["c", "b", "a"]
    assert [s.before[0].value for s in down.steps] == ["a", "b", "c"]
    assert {s.kind for s in (*up.steps, *down.steps)} == {"resize"}


def test_before_and_after_leave_out_what_came_and_went():
    """In a transaction only the difference counts."""
    rl = given("AaBb..Cc")

    def block() -> None:
        with rl.transaction():
            rl.set(10, 12, "x")
            rl.set(0, 2, "y")
            rl.remove(10, 12)

    edit = only_edit(rl, block)

    assert edit.before == [(0, 2, "a")] and edit.after == [(0, 2, "y")]
    assert (edit.op, edit.case) == ("transaction", "3 changes")
    assert [s.kind for s in edit.steps] == ["insert", "replace", "remove"]


def test_an_edit_shows_itself():
    """repr counts, draw shows before above after on one scale, bool says whether it does anything."""
    edit = only_edit(rl := given("Aaaaaaaaaaaa"), lambda: rl.set(4, 8, "b"))

    assert repr(edit) == "<Edit set: cut in three, 1 -> 3 nodes>"
    rows = edit.draw(width=40).splitlines()
    assert len(rows) == 4 and "-b-" in rows[-1] and "-b-" not in rows[-2]
    assert max(map(len, rows)) <= 40
    assert edit and not Edit("nothing", "unchanged", [])
    assert edit.inverse().op == "undo set" and edit.inverse().case == edit.case


# ---- subscribers --------------------------------------------------------------------------------


def test_subscribers_are_told_in_order_after_the_change():
    """They may read the list; it is already as it will be."""
    rl = given("Aa")
    said: list[Any] = []
    rl.subscribe(lambda edit: said.append(("one", edit.op, shown(rl))))
    rl.subscribe(lambda edit: said.append(("two", edit.op, shown(rl))))

    rl.set(2, 4, "b")

    assert said == [("one", "set", "AaBb"), ("two", "set", "AaBb")]


def test_nobody_is_told_of_nothing():
    """A write that changes nothing is no edit."""
    rl = given("AaBb..Cc")
    edits: list[Any] = []
    rl.subscribe(edits.append)

    rl.set(0, 1, "a")
    rl.fill(0, 4, "x")
    rl.remove(4, 6)
    rl.transform(lambda piece: piece.value)
    rl.coalesce()
    rl.split(2)
    rl.shift(9, 3)
    rl.shift(0, 0)
    rl.move(4, 5, 20)
    rl.resize(rl.first, 0, 2)
    rl.replace(rl.first, rl.first.value)
    with rl.transaction():
        pass
    rl.apply(Edit("nothing", "unchanged", []))

    assert edits == []


def test_a_subscriber_can_leave_also_while_it_is_told():
    """The others of that round are still told; leaving twice does no harm."""
    rl = given("")
    said: list[str] = []
    stops: list[Any] = []

    def once(edit: Any) -> None:
        said.append("once")
        stops[0]()

    stops.append(rl.subscribe(once))
    stop = rl.subscribe(lambda edit: said.append("always"))
    rl.set(0, 1, "a")
    rl.set(1, 2, "b")
    stop()
    rl.set(2, 3, "c")
    stop()
    stops[0]()

    assert said == ["once", "always", "always"]
    assert rl._chain.journal is None  # nothing is paid any more


def test_a_subscriber_must_not_change_the_list():
    """ReentrancyError; and because it raises, the change is taken back."""
    rl = given("Aa")
    told: list[Any] = []
    rl.subscribe(told.append)
    rl.subscribe(lambda edit: rl.set(50, 60, "z"))

    with pytest.raises(ReentrancyError):
        rl.set(4, 6, "b")

    assert shown(rl) == "Aa"
    assert [edit.op for edit in told] == ["set", "undo set"]


def test_a_subscriber_that_is_told_of_a_taking_back_sees_the_list_as_it_was():
    """First everything is as before, then they are told."""
    rl = given("Aa")
    seen: list[str] = []
    rl.subscribe(lambda edit: seen.append(shown(rl)))
    rl.subscribe(lambda edit: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        rl.clear()

    assert seen == ["", "Aa"]


def test_a_bound_method_can_be_subscribed_twice():
    """It is told twice, and leaves once each time."""
    rl = given("")
    said: list[Any] = []
    first, second = rl.subscribe(said.append), rl.subscribe(said.append)
    rl.set(0, 1, "a")
    first()
    rl.set(1, 2, "b")
    second()
    rl.set(2, 3, "c")

    assert len(said) == 3


# ---- replay -------------------------------------------------------------------------------------


def journal(rl: RangeList[int, str]) -> list[Edit[int, str]]:
    edits: list[Edit[int, str]] = []
    rl.subscribe(edits.append)
    rl.set(2, 6, "b")
    with rl.transaction():
        rl.move(0, 3, 20)
        rl.fill(0, 9, "c")
    rl.shift(4, 3)
    rl.split(21)
    rl.coalesce()
    rl.clear()
    return edits


def test_a_journal_replayed_on_a_copy_gives_every_state():
    """And played backwards, the copy as it was."""
    rl = given("AaaaBbbb..Cc")
    copy = rl.copy()
    states: list[Any] = []
    rl.subscribe(lambda edit: states.append([tuple(node) for node in rl]))
    before = [tuple(node) for node in rl]
    edits = journal(rl)
    assert len(edits) == len(states)

    for edit, state in zip(edits, states, strict=True):
        copy.apply(edit)
        assert [tuple(node) for node in copy] == state
        copy.check()
    for edit, state in zip(reversed(edits), [before, *states][-2::-1], strict=True):
        copy.apply(edit.inverse())
        assert [tuple(node) for node in copy] == state
        copy.check()


def test_an_edit_is_refused_where_the_list_is_not_as_it_was():
    """Another value, another border, a node too many, none at all: nothing has changed."""
    edit = only_edit(rl := given("..AaaaBb"), lambda: rl.remove(3, 7))
    for row in ["..XxxxBb", "..AaaBbb", "..AaAaBb", "", "AaaaaaBb", "..Aaaa"]:
        other = given(row)
        with pytest.raises(EditConflictError, match="found .*, want "):
            other.apply(edit)
        assert shown(other) == row
        other.check()


def test_an_edit_cannot_be_applied_twice():
    """What it inserts would meet itself."""
    rl = given("Aa")
    edit = only_edit(rl, lambda: rl.set(2, 4, "b"))
    with pytest.raises(EditConflictError):
        rl.apply(edit)
    rl.apply(edit.inverse())
    with pytest.raises(EditConflictError):
        rl.apply(edit.inverse())
    assert shown(rl) == "Aa"


def test_an_edit_of_many_changes_that_fails_half_way_changes_nothing():
    """The second change does not fit: the first is taken back."""
    rl = given("Aa..Bb")

    def block() -> None:
        with rl.transaction():
            rl.remove(0, 2)
            rl.remove(4, 6)

    edit = only_edit(rl, block)
    other = given("Aa..Xx")
    node = other.first

    with pytest.raises(EditConflictError):
        other.apply(edit)
    assert shown(other) == "Aa..Xx" and other.first is node


def test_a_node_that_is_alive_elsewhere_is_not_revived():
    """A copy gets nodes of its own, never those of the other list."""
    rl = given("AaBb")
    copy = rl.copy()
    edit = only_edit(rl, lambda: rl.remove(0, 2))
    rl.apply(edit.inverse())
    copy.apply(edit)
    copy.apply(edit.inverse())

    assert copy.first is not rl.first and shown(copy) == shown(rl) == "AaBb"
    rl.check()
    copy.check()


def test_a_dead_node_is_revived_with_all_its_merges_taken_back():
    """merged_into is forgotten when the merge is undone, and known again when it is redone."""
    rl = given("AaBb")
    a, b = rl
    edit = only_edit(rl, lambda: rl.merge(a, b))
    assert b.merged_into is a

    rl.apply(edit.inverse())
    assert b.alive and b.merged_into is None and list(rl) == [a, b]

    rl.apply(edit)
    assert b.merged_into is a and list(rl) == [a]


def test_replay_compares_values_with_equality():
    """A journal read from elsewhere has equal values, not the same objects."""
    rl: RangeList[int, list[int]] = RangeList([(0, 4, [1])], policy=EQUAL)
    edits: list[Any] = []
    rl.subscribe(edits.append)
    rl.split(2)
    other: RangeList[int, list[int]] = RangeList([(0, 4, [1])])

    other.apply(edits[0])

    assert len(other) == 2


def test_steps_and_replay_know_a_node_whose_value_alone_has_changed():
    """replace: the border objects are the same."""
    rl = given("AaBb")
    edit = only_edit(rl, lambda: rl.replace(rl.last, "x"))
    assert edit.steps == [step("replace", [(2, 4, "b")], [(2, 4, "x")])]
    assert (edit.before, edit.after) == ([(2, 4, "b")], [(2, 4, "x")])


def test_nodes_made_by_hand_never_get_into_a_list():
    """There is no verb that takes one in."""
    node: Node[int, str] = Node(0, 2, "a")
    rl = RangeList([node])
    assert rl.first is not node and not node.alive


def test_a_list_refuses_the_edits_of_a_bag_and_a_bag_those_of_a_list():
    """The nodes of a bag overlap, and those of a list have no age."""
    rl, bag = RangeList([(0, 4, "a")]), RangeBag([(0, 4, "a"), (2, 6, "b")])
    of_list: list[Any] = []
    of_bag: list[Any] = []
    rl.subscribe(of_list.append)
    bag.subscribe(of_bag.append)
    rl.clear()
    bag.clear()

    with pytest.raises(EditConflictError, match="of a bag, want one of a list"):
        rl.apply(of_bag[0].inverse())
    with pytest.raises(EditConflictError, match="of a list, want one of a bag"):
        bag.apply(of_list[0].inverse())

    assert not rl
    assert not bag
