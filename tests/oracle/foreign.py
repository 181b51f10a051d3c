"""Build and break the foreign implementations of examples/."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
C = ROOT / "examples" / "c"
JS = ROOT / "examples" / "js"

# What is broken: file, text, the text that takes its place.
C_MUTANTS = {
    "missed-left-merge": ("if (rl_joins(list, left, node)) {", "if (0) {"),
    "missed-right-merge": ("if (rl_joins(list, node, right)) {", "if (0) {"),
    "joins-without-touching": (
        "left && right && left->stop == right->start &&",
        "left && right &&",
    ),
    "cut-keeps-old-stop": ("    whole->stop = spare->start;\n", ""),
    "touching-is-overlap": (
        "if (next && next->start < stop) return RL_OVERLAP;",
        "if (next && next->start <= stop) return RL_OVERLAP;",
    ),
    "takes-an-empty-span": (
        "*holder, *low, *high, *fresh;\n    rl_result result;\n    if (!(start < stop))",
        "*holder, *low, *high, *fresh;\n    rl_result result;\n    if (!(start <= stop))",
    ),
    "remnant-delivered": ("cover ? cursor->a + 1 : cursor->b)", "cursor->a + 1)"),
    "tail-missed": ("cover ? cursor->a + 1 : cursor->b)", "cursor->b)"),
    "reverse-window-unclipped": (
        "*stop = cursor->has_hi && cursor->hi < node->stop ? cursor->hi : node->stop;",
        "*stop = node->stop;",
    ),
    "sweep-repeats-points": ("if (!fresh && up && *start < cursor->b) *start = cursor->b;", ""),
    "unlink-forgets-tail": (
        "*(node->next ? &node->next->prev : &list->tail) = node->prev;",
        "if (node->next) node->next->prev = node->prev;",
    ),
}
JS_MUTANTS = {
    "missed-left-merge": ("if (this.join(i - 1)) i--;", ""),
    "missed-right-merge": ("    this.join(i);\n    return", "    return"),
    "joins-without-touching": ("left.stop < right.start || !this.same", "!this.same"),
    "value-of-the-wrong-survivor": (
        "left.stop = right.stop;\n    this.nodes.splice(i + 1, 1);\n    return left;",
        "left.stop = right.stop;\n    left.value = right.value;\n    return left;",
    ),
    "search-off-by-one": (
        "if (key < this.nodes[middle].stop)",
        "if (key <= this.nodes[middle].stop)",
    ),
    "saved-start": ("(cover ? place.a < a : place.b <= a)", "place.a < a"),
    "saved-stop": ("(cover ? place.a < a : place.b <= a)", "place.b <= a"),
    "reverse-saved-start": ("(cover ? b < place.b : b <= place.a)", "b <= place.a"),
    "turn-forgets": ("found = cover ?? (up", "found = (up"),
    "partial-write": (
        "if (next && next.start < stop) throw",
        "if (next && next.start < stop && this.nodes.splice(i, 0, { start, stop, value })) throw",
    ),
}


def compiler() -> str:
    """Return a C compiler, or skip with the reason."""
    for name in ("cc", "gcc", "clang"):
        if path := shutil.which(name):
            return path
    pytest.skip("no C compiler (cc, gcc or clang) on this machine")


def node() -> str:
    """Return Node.js 18 or later, or skip with the reason."""
    path = shutil.which("node")
    if path is None:
        pytest.skip("no Node.js on this machine")
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    if int(said.strip().lstrip("v").split(".")[0]) < 18:
        pytest.skip(f"Node.js {said.strip()} is older than 18, which findLast needs")
    return path


def replaced(text: str, mutant: tuple[str, str]) -> str:
    """Return the text with the one place broken."""
    right, wrong = mutant
    assert text.count(right) == 1, f"{right!r} is there {text.count(right)} times, want once"
    return text.replace(right, wrong)


def build_c(folder: Path, mutant: tuple[str, str] | None = None) -> str:
    """Compile the adapter, perhaps with a broken header; return the command."""
    for name in ("rangelist.h", "adapter.c"):
        text = (C / name).read_text(encoding="utf-8")
        if name == "rangelist.h" and mutant:
            text = replaced(text, mutant)
        (folder / name).write_text(text, encoding="utf-8")
    program = folder / "adapter"
    strict = ["-std=c99", "-Wall", "-Wextra", "-pedantic", *(["-Werror"] if mutant is None else [])]
    source = str(folder / "adapter.c")
    subprocess.run([compiler(), *strict, "-O1", "-o", str(program), source], check=True)
    return str(program)


def build_js(folder: Path, mutant: tuple[str, str] | None = None) -> str:
    """Copy the adapter, perhaps with a broken library; return the command."""
    for name in ("rangelist.mjs", "adapter.mjs"):
        text = (JS / name).read_text(encoding="utf-8")
        if name == "rangelist.mjs" and mutant:
            text = replaced(text, mutant)
        (folder / name).write_text(text, encoding="utf-8")
    return f"{node()} {folder / 'adapter.mjs'}"
