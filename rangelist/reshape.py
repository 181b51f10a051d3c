"""Reshaping: what is done to nodes one holds, and to borders, rather than to spans."""

from __future__ import annotations

from typing import Any, Final, Literal

from rangelist._compat import mypyc_attr
from rangelist.editor import Editor
from rangelist.errors import NotTouchingError, OptionError
from rangelist.fast import coalesce_fast, discard_fast, replace_fast, split_fast
from rangelist.keys import K, V, check_span
from rangelist.node import Node
from rangelist.plan import (
    plan_coalesce,
    plan_discard,
    plan_merge,
    plan_replace,
    plan_resize,
    plan_split,
)
from rangelist.policy import Policy
from rangelist.tiles import Plan

__all__ = ["Reshape"]

MISSING: Final[Any] = object()


@mypyc_attr(allow_interpreted_subclasses=True)
class Reshape(Editor[K, V]):
    """The part of `RangeList` that splits, merges, resizes and discards nodes."""

    __slots__ = ()

    def split(
        self,
        at: K,
        *,
        keep: Literal["left", "right"] = "left",
        policy: Policy[K, V] | None = None,
    ) -> Node[K, V] | None:
        """Cut the node that strictly contains `at`; return the right node, `None` if no node does.

        The cut is never rejoined by itself.  `keep` says which part stays the node it was.

            [------a------]             split(6)
            [--a--][--a---]

        Cost: 2 log2(n) + 6 comparisons at most.
        Raises: NanKeyError; UnorderedKeyError; what the `split` hook raises, which refuses the cut.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> rl.split(6), rl.split(6)
            (<node [6, 8) = 'a'>, None)
        """
        hooks = self._policy if policy is None else policy
        if keep != "left":
            check_keep(keep)
        elif self._unwatched():
            try:
                right = split_fast(self._index, hooks, at)
            finally:
                self._idle.append(None)
            if right is not None:
                return right

        def plan() -> Plan[K, V]:
            node = self.at(at)
            if node is None or not node._start < at:
                return Plan()
            return plan_split(self._index, hooks, node, at, keep == "left")

        return self._write("split", plan).node

    def merge(
        self,
        left: Node[K, V],
        right: Node[K, V],
        value: V = MISSING,
        *,
        keep: Literal["left", "right"] = "left",
        policy: Policy[K, V] | None = None,
    ) -> Node[K, V]:
        """Join two touching nodes, whatever the policy says about sameness; return the result.

        Without a `value` the `merge` hook gives one.  `keep` says which node stays alive.

            [-a-][-b-]                  merge(a, b, "c")
            [---c----]

        Cost: log2(n) + 4 comparisons at most.
        Raises: NotTouchingError; StaleNodeError; what the `merge` hook raises.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (8, 12, "b")])
            >>> rl.merge(rl.first, rl.last, "c")
            <node [0, 12) = 'c'>
        """
        check_keep(keep)
        hooks = self._policy if policy is None else policy

        def plan() -> Plan[K, V]:
            self._own(left)
            self._own(right)
            if left._next is not right or left._stop < right._start:
                raise NotTouchingError(
                    f"{left!r} and {right!r} do not touch, want left.stop == right.start"
                )
            made = hooks.merge(left, right) if value is MISSING else value
            return plan_merge(self._index, left, right, made, keep == "left")

        return result(self._write("merge", plan))

    def replace(
        self, node: Node[K, V], value: V, *, policy: Policy[K, V] | None = None
    ) -> Node[K, V]:
        """Give a node another value; return the node that now holds its span.

        Merges at both borders; the neighbour survives then.

        Cost: log2(n) + 5 comparisons at most.
        Raises: StaleNodeError; what the hooks raise.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (8, 12, "b")])
            >>> rl.replace(rl.last, "a")
            <node [0, 12) = 'a'>
        """
        hooks = self._policy if policy is None else policy
        if self._unwatched():
            try:
                same = replace_fast(self._own(node), value)
            finally:
                self._idle.append(None)
            if same is not None:
                return same
        return result(
            self._write("replace", lambda: plan_replace(self._index, hooks, self._own(node), value))
        )

    def resize(
        self,
        node: Node[K, V],
        start: K = MISSING,
        stop: K = MISSING,
        *,
        policy: Policy[K, V] | None = None,
    ) -> Node[K, V]:
        """Move one or both borders of a node; return the node that now holds the span.

        It may grow into free space only, and never past a neighbour.  Where a part falls off, the
        `split` hook gives the value of what remains.  Merges where it comes to touch; the
        neighbour survives then.

        Cost: log2(n) + 8 comparisons at most.
        Raises: OverlapError; EmptySpanError; StaleNodeError; what the hooks raise.

        Example:
            >>> rl = RangeList([(0, 8, "a")])
            >>> rl.resize(rl.first, stop=12)
            <node [0, 12) = 'a'>
        """
        hooks = self._policy if policy is None else policy

        def plan() -> Plan[K, V]:
            self._own(node)
            low = node._start if start is MISSING else start
            high = node._stop if stop is MISSING else stop
            check_span(low, high)
            return plan_resize(self._index, hooks, node, low, high)

        return result(self._write("resize", plan))

    def delete(self, node: Node[K, V]) -> None:
        """Take one node out.  Nothing is cut, nothing merges.

        Cost: log2(n) + 2 comparisons at most.
        Raises: StaleNodeError.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (8, 12, "b")])
            >>> rl.delete(rl.first)
            >>> rl
            RangeList([(8, 12, 'b')])
        """
        if self._unwatched():
            try:
                return discard_fast(self._index, self._own(node))
            finally:
                self._idle.append(None)
        self._write("delete", lambda: plan_discard(self._index, self._own(node)))
        return None

    def coalesce(
        self,
        start: K | None = None,
        stop: K | None = None,
        *,
        policy: Policy[K, V] | None = None,
    ) -> int:
        """Merge whatever the policy allows, from left to right; return how many merges there were.

        It looks at every border b with `start <= b <= stop`, as a write of that span would.

            [-a-][-a-][-b-]..[-b-]      coalesce()
            [---a----][-b-]..[-b-]

        Cost: 2 log2(n) + 2k + 8 comparisons at most.
        Raises: EmptySpanError; NanKeyError; UnorderedKeyError; what the hooks raise.

        Example:
            >>> rl = RangeList([(0, 8, "a"), (8, 12, "a")], policy=NEVER)
            >>> rl.coalesce(policy=EQUAL), len(rl)
            (1, 1)
        """
        hooks = self._policy if policy is None else policy
        if self._unwatched():
            try:
                self._index.check_window(start, stop)
                merges = coalesce_fast(self._index, hooks, start, stop)
            finally:
                self._idle.append(None)
            if merges is not None:
                return merges

        def plan() -> Plan[K, V]:
            self._index.check_window(start, stop)
            return plan_coalesce(self._index, hooks, start, stop)

        return self._write("coalesce", plan).count


def result(plan: Plan[K, V]) -> Node[K, V]:
    """Return the node that a plan leaves where it wrote."""
    assert plan.node is not None
    return plan.node


def check_keep(keep: str) -> None:
    """Refuse a survivor that is neither left nor right."""
    if keep not in ("left", "right"):
        raise OptionError(f"keep is {keep!r}, want 'left' or 'right'")
