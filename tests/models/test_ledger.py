"""The ledger against a dense row of pages."""

from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rangelist.models.ledger import Ledger
from rangelist.models.refused import RefusedError

# A busy machine is no failure.
CALM = settings(max_examples=80)
LOW, HIGH = 4, 20
PAGE = st.integers(LOW - 1, HIGH + 1)
CALL = st.tuples(st.sampled_from(["map", "unmap", "protect"]), PAGE, PAGE, st.integers(0, 3))


def runs(cells):
    """Return the records of a row: equal pages beside each other are one."""
    spans = []
    for access, pages in groupby(sorted(cells), key=cells.get):
        for page in pages:
            if spans and spans[-1][1] == page and spans[-1][2] == access:
                spans[-1] = (spans[-1][0], page + 1, access)
            else:
                spans.append((page, page + 1, access))
    return spans


def after(cells, kind, start, stop, access):
    """Return what the row is after a call, or the error."""
    pages = range(start, stop)
    if kind == "map" and not LOW <= start <= stop <= HIGH:
        return "InvalidRegion"
    if kind == "protect" and any(page not in cells for page in pages):
        return "InvalidRegion"
    if kind == "unmap":
        return {page: old for page, old in cells.items() if page not in pages}
    return cells | dict.fromkeys(pages, access)


def carried_out(ledger, kind, start, stop, access, shown):
    """Do a call on the ledger; return the error."""
    try:
        if kind == "map":
            ledger.map(start, stop, access)
        elif kind == "unmap":
            ledger.unmap(start, stop, shown.append)
        else:
            ledger.protect(start, stop, lambda piece: shown.append(piece) or access)
    except RefusedError as error:
        return error.code
    return None


@CALM
@given(st.lists(CALL, max_size=14), st.integers(1, 6))
def test_every_call_is_complete_or_has_no_effect(calls, capacity):
    """Against the row: contents, errors, capacity counted at the end, callbacks piece by piece."""
    ledger, cells = Ledger(LOW, HIGH, capacity=capacity), {}
    for kind, start, stop, access in calls:
        shown = []
        got = carried_out(ledger, kind, start, stop, access, shown)
        want = after(cells, kind, start, stop, access)
        if want == "InvalidRegion":
            assert got == want
            assert shown == []
        elif len(runs(want)) > capacity:
            assert got == "OutOfCapacity"
        else:
            assert got is None
            if kind != "map" and start < stop:
                before = {page: old for page, old in cells.items() if start <= page < stop}
                assert {p: x.value for x in shown for p in range(x.start, x.stop)} == before
            cells = want
        assert [tuple(node) for node in ledger.records] == runs(cells)
        ledger.records.check()


@CALM
@given(st.lists(CALL, max_size=8), PAGE, PAGE, st.integers(-1, 20))
def test_questions_are_answered_page_by_page(calls, start, stop, length):
    """contains is the AND over all pages, the searches find the lowest and the highest place."""
    ledger, cells = Ledger(LOW, HIGH, capacity=99), {}
    for kind, low, high, access in calls:
        carried_out(ledger, kind, low, high, access, [])
        want = after(cells, kind, low, high, access)
        cells = cells if want == "InvalidRegion" else want
    pages = range(start, stop)
    allowed = 3
    for page in pages:
        allowed &= cells.get(page, 0)
    mapped = len(pages) > 0 and all(page in cells for page in pages)
    assert ledger.contains(start, stop) == (allowed if mapped else None)
    assert ledger.overlaps(start, stop) == any(page in cells for page in pages)
    assert ledger.valid(start, stop) == (LOW <= start <= stop <= HIGH)
    places = [
        place
        for place in range(LOW, HIGH - length + 1)
        if length > 0 and not any(page in cells for page in range(place, place + length))
    ]
    assert ledger.find_free_front(length) == (places[0] if places else None)
    assert ledger.find_free_back(length) == (places[-1] if places else None)


def test_a_callback_that_raises_takes_the_call_back():
    """What it was shown is still there."""
    ledger = Ledger(0, 16, capacity=4, records=[(0, 8, 1)])
    with pytest.raises(ZeroDivisionError):
        ledger.unmap(2, 4, lambda piece: 1 / 0)
    assert [tuple(node) for node in ledger.records] == [(0, 8, 1)]


def test_a_call_that_fails_has_told_its_callback_nothing():
    """In an enclave a callback removes pages, and that cannot be taken back."""
    ledger = Ledger(0, 16, capacity=2, records=[(0, 8, 1), (8, 12, 3)])
    told = []
    calls = [
        (lambda: ledger.unmap(2, 4, told.append), "OutOfCapacity"),
        (lambda: ledger.protect(2, 4, lambda piece: 2, told.append), "OutOfCapacity"),
        (lambda: ledger.protect(8, 13, lambda piece: 2, told.append), "InvalidRegion"),
    ]
    for call, code in calls:
        with pytest.raises(RefusedError, match=code):
            call()
    assert told == []
    assert [tuple(node) for node in ledger.records] == [(0, 8, 1), (8, 12, 3)]


def test_a_callback_is_told_each_piece_as_it_was_when_the_records_are_new():
    """From left to right; where it raises, the records are as before."""
    ledger = Ledger(0, 16, capacity=4, records=[(0, 4, 1), (4, 8, 2)])
    told = []

    def callback(piece):
        told.append((*piece, [tuple(node) for node in ledger.records]))

    ledger.protect(2, 6, lambda piece: 3, callback)
    new = [(0, 2, 1), (2, 6, 3), (6, 8, 2)]
    assert told == [(2, 4, 1, new), (4, 6, 2, new)]
    with pytest.raises(ZeroDivisionError):
        ledger.protect(0, 8, lambda piece: 0, lambda piece: 1 / 0)
    assert [tuple(node) for node in ledger.records] == new


def test_unmapping_never_joins_and_mapping_joins_all_there_is():
    """Records that were given touching stay apart until the next map or protect."""
    ledger = Ledger(0, 16, capacity=4, records=[(0, 4, 1), (4, 8, 1), (10, 12, 2)])
    ledger.unmap(10, 11)
    assert len(ledger.records) == 3
    ledger.protect(11, 12, lambda piece: 3)
    assert [tuple(node) for node in ledger.records] == [(0, 8, 1), (11, 12, 3)]
    assert repr(ledger) == "<ledger [0, 16), 2 of 4 records>"
