"""Every recorded case, with a word put in that nothing knows: it fails, and the line names the word."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from rangelist.models.replay import DIFFERS

VECTORS = Path(__file__).parents[1] / "vectors"
SYSTEMS = ["btrfs", "itree", "maple", "mmledger", "posix_lock", "vma"]
WORD = "zzz"
LISTS = ["flags", "bits", "perm", "add_flags", "has_flags", "lacks_flags", "set", "clear"]
TEXTS = ["access", "inject", "kind"]

Case = dict[str, Any]


def with_the_word(form: Case) -> Iterator[Case]:
    """Yield a form with one more field, and with the word in each place where words are."""
    yield {**form, WORD: 1}
    for name in LISTS:
        if isinstance(form.get(name), list):
            yield {**form, name: [*form[name], WORD]}
    for name in TEXTS:
        if name in form:
            yield {**form, name: WORD}


def spoilt(case: Case) -> Iterator[Case]:
    """Yield a case with the word in each place."""
    yield {**case, WORD: 1}
    if "op" in case:
        yield from ({**case, "op": op} for op in with_the_word(case["op"]))
    for part in ("ops", "expect", "initial", "implied"):
        forms = case.get(part, [])
        for i, form in enumerate(forms):
            for wrong in with_the_word(form):
                yield {**case, part: [*forms[:i], wrong, *forms[i + 1 :]]}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_word_that_is_not_known_fails_any_case_by_name(system: str) -> None:
    """Wherever it is; a difference that is expected is no excuse."""
    run: Callable[[Case], list[str]] = import_module(f"rangelist.models.replay_{system}").run_case
    cases = json.loads((VECTORS / f"{system}.json").read_text())["cases"]
    for case in cases:
        for wrong in spoilt(case):
            lines = run(wrong)
            assert any("zz" in line and not line.startswith(DIFFERS) for line in lines), wrong


NUMBERS = ["start", "end", "l_start", "l_len", "pgoff", "capacity", "limit", "size", "generation"]
TRUTHS = ["fixed", "noreplace", "keep_source", "close", "skip_pinned", "contiguous", "just_expand"]


def of_another_type(form: Case) -> Iterator[tuple[str, Case]]:
    """Yield a form with one value of another type, and the field's name."""
    for name in NUMBERS:
        if type(form.get(name)) is int:
            yield name, {**form, name: str(form[name])}
            yield name, {**form, name: float(form[name])}
    for name in TRUTHS:
        if type(form.get(name)) is bool:
            yield name, {**form, name: WORD}


def mistyped(case: Case) -> Iterator[tuple[str, Case]]:
    """Yield a case in which one value of what is done, or done to, has another type."""
    for part in ("op", "ledger"):
        for name, form in of_another_type(case.get(part, {})):
            yield name, {**case, part: form}
    for part in ("ops", "initial"):
        forms = case.get(part, [])
        for i, whole in enumerate(forms):
            for name, form in of_another_type(whole):
                yield name, {**case, part: [*forms[:i], form, *forms[i + 1 :]]}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_value_of_another_type_fails_any_case_by_name(system: str) -> None:
    """A number that is a text or a float, a truth that is a word: none is read as what it may mean."""
    run: Callable[[Case], list[str]] = import_module(f"rangelist.models.replay_{system}").run_case
    cases = json.loads((VECTORS / f"{system}.json").read_text())["cases"]
    for case in cases[::3]:
        for name, wrong in mistyped(case):
            lines = run(wrong)
            assert any(name in line and not line.startswith(DIFFERS) for line in lines), wrong
