"""Random traces are defined to the bit."""

from __future__ import annotations

import pytest

from rangelist.oracle.generate import (
    MIXED,
    PUBLISHED,
    TABLE,
    SplitMix64,
    generate,
    hash_of,
    mixed,
)
from rangelist.oracle.session import text_of
from rangelist.oracle.trace import check


def test_splitmix64_gives_the_numbers_of_its_authors() -> None:
    """The first five for seed 1234567, as other implementations publish them."""
    rnd = SplitMix64(1234567)
    assert [rnd.next() for _ in range(5)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


@pytest.mark.parametrize(("seed", "near"), PUBLISHED)
def test_a_published_trace_has_its_published_hash(seed: int, near: bool) -> None:
    """Ten of them; if one changes, every other language has to change too."""
    assert hash_of(seed, near_cursor=near) == PUBLISHED[seed, near]


def test_the_weights_make_a_hundred() -> None:
    """`below(100)` needs no remainder."""
    assert sum(TABLE.values()) == 100
    assert MIXED.keys() >= TABLE.keys()


def test_every_generated_line_is_a_line_of_a_trace() -> None:
    """No field too many, none missing."""
    for line in generate(3, 2000, near_cursor=True):
        check(line)


def test_a_line_is_written_without_spaces() -> None:
    """The canonical form that the hashes are taken of."""
    assert text_of({"op": "at", "key": "3"}) == '{"op":"at","key":"3"}'


def test_a_mixed_trace_follows_from_its_seed_and_from_what_is_claimed() -> None:
    """Hooks of all kinds, empty spans; only claimed operations and hooks where few are claimed."""
    traces = [mixed(seed, 200) for seed in range(32)]
    assert [mixed(seed, 200) for seed in range(32)] == traces
    assert {trace.header["coalesce"] for trace in traces} == {"equal", "never", "always"}
    assert {trace.header["split"] for trace in traces} == {"copy", "mark", "refuse"}
    spans = [line for trace in traces for line in trace.lines if line["op"] == "set"]
    assert any(line["start"] == line["stop"] for line in spans)
    few = mixed(3, 50, frozenset({"insert", "dump", "coalesce=never"}))
    assert {line["op"] for line in few.lines} == {"insert", "dump", "cursor"}
    assert few.header["coalesce"] == "never"
    assert len(mixed(3, 50, frozenset({"flying"})).lines) == 4
