"""The C header: warnings, the edges of its keys, errors, memory that runs out, and a model."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from core.sizes import by_size

from rangelist.oracle.corpus import witnesses
from rangelist.oracle.runner import judge
from rangelist.oracle.target import Pipe
from tests.c.programs import (
    COMPILERS,
    HALF_OPEN,
    HEADER,
    PROGRAM,
    ROOT,
    SANITIZED,
    STRICT,
    C,
    compiler,
    output,
    program,
)
from tests.c.whiteboard import CASES, carried_out, table

LANGUAGES = (("c", "c11"), ("c", "gnu11"), ("c++", "c++17"))
CPLUSPLUS = {"gcc": "g++", "clang": "clang++"}
SPANS = ((), (HALF_OPEN,))


@pytest.mark.parametrize("spans", SPANS, ids=["last", "end"])
@pytest.mark.parametrize(("language", "standard"), LANGUAGES, ids=[s for _, s in LANGUAGES])
@pytest.mark.parametrize("name", COMPILERS)
def test_the_header_compiles_without_a_warning(
    name: str, language: str, standard: str, spans: tuple[str, ...], tmp_path: Path
) -> None:
    """Included alone, in each language, with both kinds of spans."""
    source = tmp_path / "alone.c"
    source.write_text('#include "range_list.h"\n', encoding="utf-8")
    flags = [f"-std={standard}", *STRICT, *spans, f"-I{C}", "-fsyntax-only", "-x", language]
    path = compiler(CPLUSPLUS[name] if language == "c++" else name)
    subprocess.run([path, *flags, str(source)], check=True)


@pytest.mark.parametrize("name", COMPILERS)
def test_all_programs_are_c_plus_plus_too(name: str) -> None:
    """Hooks, initialisers and casts as they would be written there."""
    sources = [
        C / "adapter.c",
        *(C / "examples").glob("*.c"),
        C / "test" / "user.c",
        C / "test" / "fuzz.c",
    ]
    flags = ["-std=c++17", *PROGRAM, "-Wno-unused-parameter", "-fsyntax-only", "-x", "c++"]
    subprocess.run([compiler(CPLUSPLUS[name]), *flags, *map(str, sources)], check=True)


@pytest.mark.parametrize("spans", SPANS, ids=["last", "end"])
@pytest.mark.parametrize("name", COMPILERS)
def test_edges_errors_and_lack_of_memory(name: str, spans: tuple[str, ...]) -> None:
    """Each allocation of ten random scripts fails once: nothing has changed, and the end is the same."""
    output([program("test/user.c", *SANITIZED, *spans, by=name)])


@pytest.mark.parametrize("spans", SPANS, ids=["last", "end"])
def test_random_writes_searches_and_walks_agree_with_a_dense_array(spans: tuple[str, ...]) -> None:
    """Survivors, data, spares, errors; a tenth of the inputs under sanitizers."""
    last = by_size(500, 3_000, 300_000)
    output([program("test/fuzz.c", *SANITIZED, *spans), "0", str(last // 10)])
    output([program("test/fuzz.c", "-O2", *spans), str(last // 10 + 1), str(last)])


def test_the_half_open_list_passes_the_corpus() -> None:
    """The other kind of span is run by tests/oracle/test_foreign.py, random traces included."""
    target = Pipe(program("adapter.c", *SANITIZED, HALF_OPEN), timeout=60)
    try:
        verdicts = [judge(trace, target) for trace in witnesses()]
    finally:
        target.close()
    assert [verdict.sentence() for verdict in verdicts if verdict.bad] == []
    assert sum(verdict.kind == "pass" for verdict in verdicts) > 100


def test_what_things_cost_is_counted_and_logarithmic() -> None:
    """Calls of the header's functions among 1,000 and 64,000 nodes; a step costs the same."""
    output([program("test/cost.c", "-O0", "-finstrument-functions")])


def test_a_walk_over_many_nodes_sees_each_once() -> None:
    """Built in random order, walked, merged and split while walking; the numbers are printed."""
    said = output([program("test/numbers.c", "-O2"), "20000"])
    assert [line.split(":")[0] for line in said.splitlines()][:3] == ["build", "look up", "walk"]


# ---- the whiteboard ------------------------------------------------------------------------------


def test_the_table_of_the_whiteboard_is_what_the_library_does() -> None:
    """Otherwise: python -m tests.c.whiteboard > c/test/whiteboard_cases.h."""
    assert (C / "test" / "whiteboard_cases.h").read_text(encoding="utf-8") == table()


def test_the_table_of_the_whiteboard_is_what_the_documentation_draws() -> None:
    """Title by title, and what became of P, M and N."""
    text = (ROOT / "docs" / "systems.md").read_text(encoding="utf-8")
    drawn = dict(re.findall(r"^([^:\n]+): [^;\n]+; (P is .*)$", text, flags=re.MULTILINE))
    made = {
        case.title: ", ".join(f"{name} is {fate}" for name, fate in carried_out(case)[1].items())
        for case in CASES
    }
    assert made == drawn


# ---- what a reader sees -----------------------------------------------------------------------------


def test_every_function_with_documentation_documents_each_parameter() -> None:
    """In kernel-doc: a line for each, and no line for one that is not there."""
    text = HEADER.read_text(encoding="utf-8")
    documented = re.findall(
        r"/\*\*\n \* (range_\w+)\(\) - (.*?)\*/\nstatic inline [^(]*?\1\((.*?)\)\n\{",
        text,
        re.DOTALL,
    )
    assert len(documented) > 25
    for name, comment, parameters in documented:
        wanted = [
            re.findall(r"\(\*(\w+)\)|(\w+)$", parameter.strip())
            for parameter in re.split(r",(?![^(]*\))", " ".join(parameters.split()))
        ]
        names = ["".join(found[0]) for found in wanted]
        assert re.findall(r"^ \* @(\w+):", comment, flags=re.MULTILINE) == names, name


def test_no_allocation_and_no_input_or_output_in_the_header() -> None:
    """It includes nothing but definitions."""
    text = HEADER.read_text(encoding="utf-8")
    assert not re.search(r"\b(malloc|calloc|free|kmalloc|kfree|printf|abort)\(", text)
    assert text.startswith("/* SPDX-License-Identifier: GPL-2.0 OR MIT */\n")
