"""Carry out mmledger cases: the kinds of operation in the words of `Ledger`.

Some recorded cases show a defect of the original (docs/systems.md lists them).  There the model has
to differ, and `defect` says so, by rule: which operation, what it recorded, what the model answers.
Where only a later operation shows what a defect left behind, `parting` has noticed the defect.
A case that is not marked as merely observed, or differs in any other way, fails.
"""

from __future__ import annotations

from typing import Any, Final

from rangelist.models.ledger import Ledger
from rangelist.models.replay import DIFFERS, CaseError, Replay, refuse_unknown
from rangelist.node import Piece

__all__ = ["run_case"]

BITS = {"R": 1, "W": 2, "X": 4}

EMPTY = "mmledger takes an empty range for a record or a cut"
LOSS = "mmledger loses data when it fails"

LEDGER: Final = {"start": int, "end": int, "capacity": int, "records": list}
RECORD: Final = {"start": int, "end": int, "access": str}


def run_case(case: dict[str, Any]) -> list[str]:
    """Return what is not as expected, a line each."""
    return LedgerReplay.judge(case)


def inward(access: str) -> int:
    """Return the access that a case means: N, or some of R, W and X, each once."""
    if access == "N":
        return 0
    if not access or len(set(access)) < len(access) or set(access) - BITS.keys():
        raise CaseError(f"access {access!r}, want N, or some of R, W and X")
    return sum(BITS[letter] for letter in access)


def outward(access: int | None) -> str | None:
    """Return an access as the cases write it."""
    if access is None:
        return None
    return "".join(letter for letter, bit in BITS.items() if access & bit) or "N"


class LedgerReplay(Replay):
    """One ledger, and what its callbacks have been shown."""

    FIELDS = frozenset({"ledger"})

    def __init__(self, case: dict[str, Any]) -> None:
        super().__init__(case)
        form = case.get("ledger", {})
        refuse_unknown(form, LEDGER, "a ledger")
        records: list[tuple[int, int, int]] = []
        for record in form.get("records", []):
            refuse_unknown(record, RECORD, "a record")
            records.append((record["start"], record["end"], inward(record["access"])))
        start, stop, capacity = (form.get(name, 0) for name in ("start", "end", "capacity"))
        self.ledger: Ledger[int] = Ledger(start, stop, capacity=capacity, records=records)
        self.shown: list[Piece[int, int]] = []
        self.calls = 0
        self.gaps: list[tuple[int, int]] = []
        self.parted = ""  # the defect that may have left mmledger with other records

    def before(self, op: dict[str, Any]) -> None:
        """Forget what was shown; note the gaps between records, and what the last call did."""
        if self.done > 0 and not self.parted:
            self.parted = self.parting(self.case["ops"][self.done - 1])
        self.shown = []
        self.gaps = [(gap.start, gap.stop) for gap in self.ledger.records.gaps()]

    def op_map(self, *, start: int, end: int, access: str) -> str:
        self.ledger.map(start, end, inward(access))
        return "ok"

    def op_insert_raw(self, *, index: int, start: int, end: int, access: str) -> str:
        before = sum(node.start < start for node in self.ledger.records)
        if index != before:
            raise CaseError(f"index {index} of the record at {start}, want {before}")
        return self.op_map(start=start, end=end, access=access)

    def op_unmap(self, *, start: int, end: int) -> str:
        self.ledger.unmap(start, end, self._show)
        return "ok"

    def op_protect(self, *, start: int, end: int, access: str) -> str:
        value = inward(access)
        self.ledger.protect(start, end, lambda _: value, self._show)
        return "ok"

    def _show(self, piece: Piece[int, int]) -> None:
        self.shown.append(piece)
        self.calls += 1

    def op_contains(self, *, start: int, end: int) -> str | None:
        return outward(self.ledger.contains(start, end))

    def op_overlaps(self, *, start: int, end: int) -> bool:
        return self.ledger.overlaps(start, end)

    def op_valid(self, *, start: int, end: int) -> bool:
        return self.ledger.valid(start, end)

    def op_find_free_front(self, *, length: int, then_map: str | None = None) -> int | None:
        return self._found(self.ledger.find_free_front(length), length, then_map)

    def op_find_free_back(self, *, length: int, then_map: str | None = None) -> int | None:
        return self._found(self.ledger.find_free_back(length), length, then_map)

    def _found(self, start: int | None, length: int, then_map: str | None) -> int | None:
        if start is not None and then_map is not None:
            self.ledger.map(start, start + length, inward(then_map))
        return start

    # ---- expectations ---------------------------------------------------------------------------

    def see_error(self) -> str | None:
        """Return the error of the operation."""
        return self.answer if self.refused else None

    def see_panic(self) -> bool:
        """Tell that nothing panics here."""
        return False

    def see_records(self) -> list[dict[str, Any]]:
        """Return the records after the operation."""
        return self.contents()

    def see_callbacks(self) -> list[dict[str, Any]]:
        """Return the pieces that the operation has shown."""
        return written(self.shown)

    def see_callback_calls(self) -> int:
        """Return how often anything was shown."""
        return self.calls

    def contents(self) -> list[dict[str, Any]]:
        """Return all records in order."""
        return written([Piece(*node) for node in self.ledger.records])

    # ---- known defects --------------------------------------------------------------------------

    def judged(self, expectation: dict[str, Any], word: str, line: str) -> list[str]:
        """Say which known defect a recorded difference shows, if it does."""
        known = ""
        if self.case.get("basis") == "observed":
            # What is said of the end is about the last operation too, so look at all of it.
            about = [e for e in self.case["expect"] if e.get("after") == self.done]
            recorded = {name: value for e in about for name, value in e.items()}
            known = self.parted or self.defect(self.case["ops"][self.done], recorded)
        return [f"{DIFFERS}{line}; {known}" if known else line]

    def defect(self, op: dict[str, Any], recorded: dict[str, Any]) -> str:
        """Return in words which defect of mmledger was recorded here, "" if none is known."""
        kind, error = op["kind"], recorded.get("error")
        if recorded.get("panic") or is_empty(op):
            return EMPTY
        if kind == "find_free_back" and recorded.get("is", "") == self.lowest_inner(op["length"]):
            return "mmledger searches inner gaps from below"
        if kind.startswith("find_free") and self.ledger.start > 0:
            return "mmledger measures the first gap from 0"
        if kind not in ("map", "unmap", "protect"):
            return ""
        if error is not None and self.refused:
            return LOSS
        if error == "OutOfCapacity" and not self.refused:
            return "mmledger needs a record for what is there only in between"
        if kind == "protect" and error == "InvalidRegion" and not self.refused:
            return "mmledger mistakes an unchanged tail for a hole"
        if kind == "protect" and error is None and self.answer == "InvalidRegion":
            return "mmledger overlooks a hole before, or behind, all records"
        return ""

    def parting(self, op: dict[str, Any]) -> str:
        """Return in words why mmledger may hold other records after an operation, "" if it may not.

        A case need not say what was there right after it, so that the difference shows later.
        """
        if op["kind"] not in ("map", "unmap", "protect"):
            return ""
        if is_empty(op):
            return EMPTY
        return LOSS if self.refused and self.ledger.overlaps(op["start"], op["end"]) else ""

    def lowest_inner(self, length: int) -> int | None:
        """Return where a search that takes the lowest gap between records ends."""
        return next((stop - length for start, stop in self.gaps if stop - start >= length), None)


def is_empty(op: dict[str, Any]) -> bool:
    """Tell whether an operation is about a range without pages."""
    return "end" in op and op["start"] >= op["end"]


def written(pieces: list[Piece[int, int]]) -> list[dict[str, Any]]:
    """Return pieces as the cases write them."""
    return [{"start": p.start, "end": p.stop, "access": outward(p.value)} for p in pieces]
