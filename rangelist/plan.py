"""One function for each kind of write: each looks, asks the hooks, and returns a plan.

Nothing here changes a list.  All of them have the same three acts, with the tools of tiles.py:

    list         ..[---a---][-b-]....[--c--]..        write w over  ^......^
    1 carve      ..[-a-]^...         ^[-c--]          cut at both borders (hook split)
    2 write      ..[-a-][----w------][-c--]           (the maker of the values)
    3 merge      ..[-a-----w--------][-c--]           each border, left first (hooks same, yields,
                                                      merge): here a and w were the same
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rangelist.algebra import Drop
from rangelist.errors import GapError, LengthError, NanKeyError, OverlapError
from rangelist.index import Index
from rangelist.keys import K, V, carried, check_span, explain_key, is_nan, moved
from rangelist.node import Node, Piece
from rangelist.policy import Policy
from rangelist.tiles import (
    FRESH,
    KEPT,
    Carved,
    Plan,
    Run,
    Tile,
    join_words,
    kept,
    lay,
    merge_pass,
    run_of,
    run_over,
    run_touching,
    settle,
    written,
)

__all__ = [
    "plan_add",
    "plan_clear",
    "plan_coalesce",
    "plan_discard",
    "plan_fill",
    "plan_insert",
    "plan_merge",
    "plan_put",
    "plan_remove",
    "plan_replace",
    "plan_resize",
    "plan_set",
    "plan_shift",
    "plan_split",
    "plan_update",
]


def plan_set(index: Index[K, V], policy: Policy[K, V], start: K, stop: K, value: V) -> Plan[K, V]:
    """Overwrite [start, stop)."""
    run = run_over(index, start, stop)
    if len(run.nodes) == 1 and holds_already(run.nodes[0], start, stop, value, policy):
        return Plan(node=run.nodes[0])
    carved = Carved(run, start, stop, policy)
    words = carved.words or ("overwritten" if run.nodes else "inserted")
    return lay(index, run, carved.around([written(start, stop, value)]), policy, words)


def holds_already(node: Node[K, V], start: K, stop: K, value: V, policy: Policy[K, V]) -> bool:
    """Tell whether [start, stop) lies in a node that says the same already."""
    if start < node._start or node._stop < stop:
        return False
    return says_already(node, start, stop, value, policy)


def says_already(node: Node[K, V], start: K, stop: K, value: V, policy: Policy[K, V]) -> bool:
    """Tell whether writing `value` inside one node would write what the policy calls the same.

    Sameness is about touching pieces, and may depend on where they are; so the question is put as
    a cut would put it:

        [-- node --|-- new --]...      same(what is left of the cut, new)?
        [-- new --|-- node --]         same(new, what is right of it)?
        [------- new --------]         no cut: same both ways, so that no order can fool it
    """
    old = node._value
    if node._start < start:
        return policy.alike(node._start, start, old, stop, value)
    if stop < node._stop:
        return policy.alike(start, stop, value, node._stop, old)
    was, new = Piece(node._start, node._stop, old), Piece(start, stop, value)
    return policy.same(was, new) and policy.same(new, was)


def plan_insert(
    index: Index[K, V], policy: Policy[K, V], start: K, stop: K, value: V
) -> Plan[K, V]:
    """Write [start, stop) only into free space."""
    run = run_over(index, start, stop)
    if run.nodes:
        raise OverlapError(
            f"[{start!r}, {stop!r}) overlaps {run.nodes[0]!r}, want free space (or use set)"
        )
    return lay(index, run, [written(start, stop, value)], policy, "inserted")


def plan_fill(index: Index[K, V], policy: Policy[K, V], start: K, stop: K, value: V) -> Plan[K, V]:
    """Write only into the gaps of [start, stop)."""
    run = run_over(index, start, stop)
    tiles: list[Tile[K, V]] = []
    reached = start
    count = 0
    for node in run.nodes:
        if reached < node._start:
            tiles.append(written(reached, node._start, value))
            count += 1
        tiles.append(kept(node))
        reached = node._stop
    if reached < stop:
        tiles.append(written(reached, stop, value))
        count += 1
    plan = lay(index, run, tiles, policy, "filled")
    plan.count = count
    return plan


def plan_add(index: Index[K, V], policy: Policy[K, V], start: K, stop: K, value: V) -> Plan[K, V]:
    """Write into the gaps, and what `overlap` says where something is."""
    run = run_over(index, start, stop)
    carved = Carved(run, start, stop, policy)
    tiles: list[Tile[K, V]] = []
    reached = start
    for piece, owner in zip(carved.inside, carved.owners, strict=True):
        if reached < piece.start:
            tiles.append(written(reached, piece.start, value))
        mixed = policy.overlap(piece.value, value)
        tiles.append(written(piece.start, piece.stop, mixed, owner))
        reached = piece.stop
    if reached < stop:
        tiles.append(written(reached, stop, value))
    plan = lay(index, run, carved.around(tiles), policy, join_words(carved.words, "added"))
    plan.count = len(tiles)
    return plan


def plan_update(
    index: Index[K, V],
    policy: Policy[K, V],
    start: K,
    stop: K,
    fn: Callable[[Piece[K, V]], V | Drop],
    want_whole: bool,
) -> Plan[K, V]:
    """Write what `fn` makes of each piece inside; `want_whole` refuses a hole."""
    run = run_over(index, start, stop)
    if want_whole:
        refuse_gap(run, start, stop)
    carved = Carved(run, start, stop, policy)
    tiles: list[Tile[K, V]] = []
    for piece, owner in zip(carved.inside, carved.owners, strict=True):
        answer = fn(piece)
        if not isinstance(answer, Drop):
            tiles.append(written(piece.start, piece.stop, answer, owner))
    words = join_words(carved.words, "updated")
    plan = lay(index, run, carved.around(tiles), policy, words)
    plan.count = len(carved.inside)
    return plan


def refuse_gap(run: Run[K, V], start: K, stop: K) -> None:
    """Raise GapError if the run does not cover the window."""
    reached = start
    for node in run.nodes:
        if reached < node._start:
            raise GapError(f"nothing covers [{reached!r}, {node._start!r}), want no gap")
        reached = node._stop
    if reached < stop:
        raise GapError(f"nothing covers [{reached!r}, {stop!r}), want no gap")


def plan_remove(index: Index[K, V], policy: Policy[K, V], start: K, stop: K) -> Plan[K, V]:
    """Punch a hole."""
    run = run_over(index, start, stop)
    carved = Carved(run, start, stop, policy)
    plan = settle(index, run, carved.around([]), join_words(carved.words, "removed"))
    plan.taken = carved.inside
    plan.owners = carved.owners
    return plan


def plan_put(
    index: Index[K, V],
    policy: Policy[K, V],
    start: K,
    stop: K,
    pieces: list[Piece[K, V]],
    owners: list[Node[K, V] | None],
) -> Plan[K, V]:
    """Write pieces into free space, carried by the nodes that `plan_remove` took out elsewhere."""
    run = run_over(index, start, stop)
    if run.nodes:
        raise OverlapError(
            f"[{start!r}, {stop!r}) overlaps {run.nodes[0]!r}, want free space (or overwrite=True)"
        )
    pairs = zip(pieces, owners, strict=True)
    tiles = [written(piece.start, piece.stop, piece.value, owner) for piece, owner in pairs]
    return lay(index, run, tiles, policy, "moved")


def plan_shift(index: Index[K, V], policy: Policy[K, V], at: K, by: Any) -> Plan[K, V]:
    """Insert key space at `at` (by > 0), or delete it (by < 0); all behind moves.

    by > 0   [-a-][---b-|--]..[c]          by < 0   [-a-][--b|xxx|--]..[c]
             [-a-][---b-|    [--]..[c]              [-a-][--b|--]..[c]       looks at that border
    """
    try:
        still = by - by
    except TypeError as error:
        raise LengthError(f"by is {by!r} ({error}), want a key difference") from error
    if is_nan(still):  # of NaN and of infinities
        raise NanKeyError(f"by is {by!r}, want a finite key difference")
    forward = still < by
    if not forward and not by < still:
        return Plan()
    run = run_over(index, at, None)
    far = at if forward else moved(at, -by)
    inside = [node for node in run.nodes if node._start < far]
    behind = [kept(node) for node in run.nodes[len(inside) :]]
    left: Tile[K, V] | None = None
    if forward:
        if inside:  # it contains `at`, strictly
            left, right = halved(inside[0], at, policy)
            behind.insert(0, right)
    else:
        carved = Carved(Run(run.b, run.i, run.left, inside, None), at, far, policy)
        left = carved.left
        if carved.right is not None:
            behind.insert(0, carved.right)
    for tile in behind:
        first = tile is behind[0] and not forward  # only it can come to lie before `at`
        tile.start = carried(tile.start, by, far, at) if first else moved(tile.start, by)
        tile.stop = moved(tile.stop, by)
        check_span(tile.start, tile.stop)  # floats may have run out of digits
    if not forward and behind:
        if left is None and run.left is not None and not run.left._stop < behind[0].start:
            left = kept(run.left)
            run.grow_left(index)
        behind[0].look = True
    tiles = behind if left is None else [*merge_pass([left, *behind[:1]], policy), *behind[1:]]
    return settle(index, run, tiles, "shifted")


def halved(node: Node[K, V], at: K, policy: Policy[K, V]) -> tuple[Tile[K, V], Tile[K, V]]:
    """Cut a node; the left tile keeps it."""
    low, high = policy.split(Piece(node._start, node._stop, node._value), at)
    return (
        Tile(node._start, at, low, node, KEPT, False),
        Tile(at, node._stop, high, None, FRESH, False),
    )


def plan_split(
    index: Index[K, V], policy: Policy[K, V], node: Node[K, V], at: K, keep_left: bool
) -> Plan[K, V]:
    """Cut one node in two.

    [------node------]
    [-left-][-right--]      the node itself becomes the one that `keep` names
            ^at
    """
    left, right = halved(node, at, policy)
    fresh = Node(at, node._stop, right.value)
    right.node, right.rank = fresh, KEPT
    if not keep_left:
        left.node, right.node = fresh, node
    tiles = [left, right]
    plan = settle(index, run_of(index, node), tiles, "split")
    plan.node = right.node
    return plan


def plan_merge(
    index: Index[K, V], left: Node[K, V], right: Node[K, V], value: V, keep_left: bool
) -> Plan[K, V]:
    """Join two touching nodes.

    [-left-][-right-]
    [------value----]       carried by the one that `keep` names
    """
    survivor, loser = (left, right) if keep_left else (right, left)
    tile = Tile(left._start, right._stop, value, survivor, KEPT, True)
    tile.absorbed = [loser]
    run = run_of(index, left)
    run.grow_right()
    return settle(index, run, [tile], "merged")


def plan_replace(
    index: Index[K, V], policy: Policy[K, V], node: Node[K, V], value: V
) -> Plan[K, V]:
    """Write a value over one node, which stays itself unless it is merged away."""
    tile = written(node._start, node._stop, value, node)
    return lay(index, run_of(index, node), [tile], policy, "replaced")


def plan_discard(index: Index[K, V], node: Node[K, V]) -> Plan[K, V]:
    """Take one node out."""
    return settle(index, run_of(index, node), [], "removed")


def plan_resize(
    index: Index[K, V], policy: Policy[K, V], node: Node[K, V], start: K, stop: K
) -> Plan[K, V]:
    """Move the borders of one node; a part that is cut off asks `split` for what remains.

    ....[--node--]....
    .[----node-----]..      may grow until it touches, and then looks at that border
    """
    refuse_to_pass(node, start, stop)
    rest = Piece(node._start, node._stop, node._value)
    if rest.start < start < rest.stop:
        rest = Piece(start, rest.stop, policy.split(rest, start)[1])
    if stop < rest.stop and rest.start < stop:
        rest = Piece(rest.start, stop, policy.split(rest, stop)[0])
    run = run_of(index, node)
    return lay(index, run, [written(start, stop, rest.value, node)], policy, "resized")


def refuse_to_pass(node: Node[K, V], start: K, stop: K) -> None:
    """Raise OverlapError if [start, stop) does not lie between the neighbours of a node.

    To be free is not enough: a node whose two borders jumped over a neighbour would be free too.
    """
    left, right = node._prev, node._next
    try:
        past_left = left is not None and start < left._stop
        past_right = right is not None and right._start < stop
    except (TypeError, ArithmeticError) as error:
        raise explain_key(error, start, node._start) from error
    if past_left:
        raise OverlapError(f"[{start!r}, {stop!r}) is not all behind {left!r}, want free space")
    if past_right:
        raise OverlapError(f"[{start!r}, {stop!r}) is not all before {right!r}, want free space")


def plan_coalesce(
    index: Index[K, V], policy: Policy[K, V], start: K | None, stop: K | None
) -> Plan[K, V]:
    """Merge at every border b with start <= b <= stop: those that a write there would look at."""
    run = run_touching(index, start, stop)
    tiles = [kept(node) for node in run.nodes]
    for tile in tiles:
        tile.look = True
    out = merge_pass(tiles, policy)
    count = len(tiles) - len(out)
    plan = settle(index, run, out, f"merged {count} times" if count != 1 else "merged once")
    plan.count = count
    return plan


def plan_clear(index: Index[K, V]) -> Plan[K, V]:
    """Take everything out."""
    return settle(index, run_touching(index, None, None), [], "cleared")
