"""The laws L1 to L20 by number, as docs/walks.md draws them; L21, threads, is in test_threads.py.

`begin(rows, at)` makes a list and the three walks (walk, sweep, cursor), which have all delivered
the row that starts (reverse: stops) at `at`.  `rest()` is what they deliver after that.
"""

import pytest

from rangelist.cursor import Status
from rangelist.errors import ReentrancyError
from rangelist.policy import NEVER, Policy
from rangelist.ranges import RangeList

TENS = ((0, 8, "a"), (10, 18, "b"), (20, 28, "c"), (30, 38, "d"), (40, 48, "e"))


class Standing:
    """A list, and one walk of each kind that stand at the same place in it."""

    def __init__(self, rows, at, *, window=(None, None), reverse=False):
        self.rl = RangeList()
        for row in rows:
            self.rl.set(*row, policy=NEVER)
        self.walk = self.rl.walk(*window, reverse=reverse)
        self.sweep = self.rl.sweep(*window, reverse=reverse)
        self.cursor = self.rl.cursor(*window, reverse=reverse)
        for node in self.walk:
            next(self.sweep)
            self.cursor.next()
            if at == (node.stop if reverse else node.start):
                return
        raise AssertionError(f"nothing at {at}")

    def rest(self):
        """Return what the element walk still delivers; the cursor must agree."""
        spans = [(node.start, node.stop) for node in self.walk]
        steps = iter(self.cursor.next, None)
        assert [(node.start, node.stop) for node in steps] == spans
        return spans

    def swept(self):
        """Return what the coverage walk still delivers."""
        return [(piece.start, piece.stop) for piece in self.sweep]


def test_l01_a_step_depends_on_nothing_but_the_contents_and_the_place():
    """Two histories, one result."""
    one, two = Standing(TENS[:4], 20), Standing(TENS[:4], 20)
    two.rl.remove(20, 28)
    two.rl.insert(20, 28, "c")
    assert one.rest() == two.rest() == [(30, 38)]
    assert one.swept() == two.swept() == [(30, 38)]


def test_l02_nothing_about_the_successor_is_fixed_before_the_step():
    """The value is that at the moment of delivery."""
    at = Standing(TENS[:4], 20)
    at.rl.set(30, 38, "y")
    assert [node.value for node in at.walk] == ["y"]
    assert [piece.value for piece in at.sweep] == ["y"]


def test_l03_starts_only_grow():
    """What is inserted behind does not push the current one before the walk again."""
    at = Standing(TENS[:4], 20)
    at.rl.insert(18, 20, "z")
    assert at.rest() == [(30, 38)]


def test_l04_what_lies_ahead_is_not_lost():
    """Not even when the current one goes."""
    at = Standing(TENS, 20)
    at.rl.remove(20, 28)
    assert at.rest() == at.swept() == [(30, 38), (40, 48)]


def test_l05_what_is_removed_ahead_is_not_delivered():
    """Not the next, nor after clear."""
    at = Standing(TENS, 20)
    at.rl.remove(30, 38)
    assert at.rest() == at.swept() == [(40, 48)]
    at = Standing(TENS, 20)
    at.rl.clear()
    assert at.rest() == at.swept() == []


def test_l06_inserted_ahead_is_delivered_and_inserted_behind_is_not():
    """Also where it touches the current one."""
    at = Standing((TENS[1], TENS[2], TENS[4]), 20)
    at.rl.insert(28, 30, "z")
    at.rl.insert(18, 20, "z")
    assert at.rest() == at.swept() == [(28, 30), (40, 48)]


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        (lambda rl: (rl.remove(20, 28), rl.insert(22, 26, "z")), True),
        (lambda rl: rl.remove(20, 22), True),
        (lambda rl: rl.resize(rl.at(20), stop=23), False),
    ],
    ids=["replaced inside", "head erased", "shrunk on the right"],
)
def test_l07_when_the_current_one_dies_all_that_was_delivered_counts_as_done(change, gone):
    """The walk goes on at the first start behind the delivered extent."""
    at = Standing(TENS[:4], 20)
    change(at.rl)
    assert bool(at.cursor.status & Status.GONE) == gone
    assert at.rest() == at.swept() == [(30, 38)]


def test_l08_what_the_current_one_absorbs_is_not_delivered():
    """Growing to the right, for a chain of merges too."""
    at = Standing(((20, 28, "c"), (28, 38, "d"), (40, 48, "e")), 20)
    at.rl.merge(at.rl.at(20), at.rl.at(28), keep="right")
    assert (at.cursor.current.start, at.cursor.current.stop) == (20, 38)
    assert at.cursor.status == Status.MOVED_RIGHT_EDGE
    assert at.rest() == [(40, 48)]
    assert at.swept() == [(28, 38), (40, 48)]


def test_l09_absorbed_from_the_left_nothing_is_delivered_again():
    """The survivor is current."""
    at = Standing(((10, 20, "b"), (20, 28, "c"), (30, 38, "d")), 20)
    at.rl.merge(at.rl.at(10), at.rl.at(20), keep="left")
    assert (at.cursor.current.start, at.cursor.current.stop) == (10, 28)
    assert Status.MOVED_LEFT_EDGE in at.cursor.status
    assert at.rest() == at.swept() == [(30, 38)]


@pytest.mark.parametrize("keep", ["left", "right"])
def test_l10_it_does_not_matter_which_object_survives(keep):
    """A merge and a split, each with both choices."""
    at = Standing(((20, 28, "c"), (28, 38, "d"), (40, 48, "e")), 20)
    at.rl.merge(at.rl.at(20), at.rl.at(28), keep=keep)
    at.rl.split(24, keep=keep)
    assert at.rest() == [(24, 38), (40, 48)]


def test_l11_the_tail_of_a_split_is_delivered_again_and_again():
    """Forwards the tail, backwards the head; the coverage walk neither."""
    at = Standing(TENS[2:4], 20)
    at.rl.split(24)
    assert next(at.walk).start == 24
    at.rl.split(26)
    assert [node.start for node in at.walk] == [26, 30]
    assert at.swept() == [(30, 38)]
    at = Standing(TENS[1:3], 28, reverse=True)
    at.rl.split(24)
    assert at.cursor.current.start == 24
    assert at.rest() == [(20, 24), (10, 18)]
    assert at.swept() == [(10, 18)]


def test_l12_the_shape_at_arrival_counts():
    """A pair merged ahead comes once, a node split ahead comes in pieces."""
    at = Standing(((0, 8, "a"), (20, 28, "c"), (28, 38, "d")), 0)
    at.rl.merge(at.rl.at(20), at.rl.at(28))
    assert at.rest() == at.swept() == [(20, 38)]
    at = Standing(((0, 8, "a"), (20, 28, "c")), 0)
    at.rl.split(24)
    assert at.rest() == at.swept() == [(20, 24), (24, 28)]


def test_l13_the_sweep_delivers_every_covered_point_once():
    """Also when an interval behind swallows the current one and what is ahead."""
    at = Standing(TENS[1:4], 20)
    at.rl.remove(20, 28)
    at.rl.set(10, 38, "b")
    assert at.rest() == []
    assert at.swept() == [(28, 38)]


def test_l14_backwards_is_the_mirror_image():
    """Walking one list backwards, and its mirror image forwards."""
    there = Standing(TENS[:3], 28, reverse=True)
    there.rl.insert(18, 20, "z")
    back = Standing([(30 - e, 30 - s, v) for s, e, v in reversed(TENS[:3])], 2)
    back.rl.insert(10, 12, "z")
    assert (
        there.rest() == [(30 - e, 30 - s) for s, e in back.rest()] == [(18, 20), (10, 18), (0, 8)]
    )


def test_l15_a_window_is_a_clip():
    """Cutting a straddler outside the window changes nothing; a sweep clips what it delivers."""
    at = Standing(((5, 12, "a"), (14, 16, "b")), 5, window=(9, 20))
    at.rl.split(7)
    at.rl.split(9)
    assert at.rest() == at.swept() == [(14, 16)]
    rl = RangeList([(5, 12, "a"), (14, 30, "b")])
    assert list(rl.sweep(9, 20)) == [(9, 12, "a"), (14, 20, "b")]


def test_l16_a_fixed_horizon_ends_where_the_list_ended():
    """Although the body appends at every step."""
    for walk in ("walk", "sweep"):
        rl = RangeList([(0, 8, "a"), (10, 18, "b")])
        seen = 0
        for _ in getattr(rl, walk)(horizon="fixed"):
            seen += 1
            rl.set(rl.last.stop + 2, rl.last.stop + 4, "z")
        assert seen == 2
        seen = 0
        for _ in getattr(rl, walk)(reverse=True, horizon="fixed"):
            seen += 1
            rl.set(rl.first.start - 4, rl.first.start - 2, "z")
        assert seen == 4


def test_l17_cursors_know_nothing_of_each_other():
    """One merges what the other is about to deliver."""
    rl = RangeList([(20, 28, "c"), (28, 38, "d"), (40, 48, "e")])
    there, back = rl.walk(), rl.walk(reverse=True)
    current = next(there)
    assert next(back).start == 40
    rl.merge(current, current.next)
    assert [node.start for node in there] == [40]
    assert [(node.start, node.stop) for node in back] == [(20, 38)]


def test_l18_an_iterator_stays_exhausted_and_a_cursor_goes_on():
    """Neither begins anew."""
    rl = RangeList([(40, 48, "e")])
    walk, sweep, cursor = rl.walk(), rl.sweep(), rl.cursor()
    assert len(list(walk)) == len(list(sweep)) == len(list(iter(cursor.next, None))) == 1
    rl.set(50, 58, "f")
    assert [next(walk, None), next(sweep, None)] == [None, None]
    assert cursor.next().start == 50
    assert cursor.next() is None


def test_l19_turning_round_gives_what_covers_the_anchor_now():
    """The same interval, or its present shape, or what was before it if it is gone."""
    rl = RangeList(TENS)
    cursor = rl.cursor()
    for _ in range(3):
        node = cursor.next()
    assert cursor.prev() is node
    assert cursor.next() is node
    rl.split(24)
    assert cursor.prev().stop == 24
    assert cursor.prev().start == 10
    cursor.seek(20)
    cursor.next()
    rl.remove(20, 28)
    assert cursor.prev().start == 10


def test_l20_what_raises_changes_neither_the_list_nor_a_walk():
    """A hook that raises, a hook that changes the list, and several steps seen as one."""
    at = Standing(TENS[:4], 20)
    boom = Policy(split=lambda piece, cut: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        at.rl.set(22, 24, "z", policy=boom)
    with pytest.raises(ReentrancyError):
        at.rl.transform(lambda piece: at.rl.clear(), 20, 28)
    with pytest.raises(KeyError), at.rl.transaction():
        at.rl.clear()
        raise KeyError
    assert at.cursor.status == Status.SAME
    assert at.rest() == at.swept() == [(30, 38)]


def test_l20_other_cursors_see_a_write_only_before_or_after():
    """While a write is being decided, a hook that walks sees all as it was."""
    rl, seen = RangeList(TENS), []
    other = rl.cursor()
    other.next()

    def look(piece):
        seen.append([other.current.value, *(node.value for node in rl)])
        return piece.value.upper()

    rl.transform(look)
    assert seen == [["a", *"abcde"]] * 5
    assert [node.value for node in rl] == list("ABCDE")
