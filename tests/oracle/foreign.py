"""Build and break the foreign implementations of examples/."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
C = ROOT / "c"
JS = ROOT / "examples" / "js"

# What is broken: file, text, the text that takes its place.
C_MUTANTS = {
    "missed-merges": ("if (!left || !range_touch(left, right))", "if (1)"),
    "joins-without-touching": ("if (!left || !range_touch(left, right))", "if (!left)"),
    "missed-right-merge": ("written = range_last_key(node) <= last;", "written = false;"),
    "cut-keeps-old-stop": (
        "range_set_span(right ? node : spare, start, at - 1);",
        "if (!right) range_set_span(spare, start, at - 1);",
    ),
    "touching-is-overlap": (
        "work->node = range_iter_first(rl, node->start, node->RANGE_STOP);",
        "work->node = range_iter_first(rl, node->start, node->RANGE_STOP + 1);",
    ),
    "takes-an-empty-span": (
        "return start < stop || (start == stop && !RANGE_BEYOND);",
        "return true;",
    ),
    "remnant-delivered": (
        "alive == up ? cursor->first : cursor->last, up)",
        "up ? cursor->first : cursor->last, up)",
    ),
    "tail-missed": (
        "alive == up ? cursor->first : cursor->last, up)",
        "up ? cursor->last : cursor->first, up)",
    ),
    "window-unclipped": (
        "cursor->last = range_last_key(node) > high ? high : range_last_key(node);",
        "cursor->last = range_last_key(node);",
    ),
    "sweep-repeats-points": (
        "return range_deliver(cursor, node, low, high, up);",
        "return range_deliver(cursor, node, cursor->low, cursor->high, up);",
    ),
    "gap-forgotten": ("if (gap == node->gap)", "if (gap >= node->gap)"),
    "misaligned": ("by = want >= rest ? want - rest", "by = want > rest ? want - rest"),
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
    for name in ("range_list.h", "adapter.c"):
        text = (C / name).read_text(encoding="utf-8")
        if name == "range_list.h" and mutant:
            text = replaced(text, mutant)
        (folder / name).write_text(text, encoding="utf-8")
    program = folder / "adapter"
    checked = ["-fsanitize=address,undefined", "-Wall", "-Wextra", "-pedantic", "-Werror"]
    flags = ["-std=c11", "-g", "-O0", *(checked if mutant is None else ["-w"])]
    source = str(folder / "adapter.c")
    subprocess.run([compiler(), *flags, "-o", str(program), source], check=True)
    return str(program)


def build_js(folder: Path, mutant: tuple[str, str] | None = None) -> str:
    """Copy the adapter, perhaps with a broken library; return the command."""
    for name in ("rangelist.mjs", "adapter.mjs"):
        text = (JS / name).read_text(encoding="utf-8")
        if name == "rangelist.mjs" and mutant:
            text = replaced(text, mutant)
        (folder / name).write_text(text, encoding="utf-8")
    return f"{node()} {folder / 'adapter.mjs'}"
