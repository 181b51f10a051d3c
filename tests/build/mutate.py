"""Break the core on purpose, one operator at a time, and see whether the tests notice.

    python tests/build/mutate.py                            every mutant of every core module: hours
    python tests/build/mutate.py --sample 100 --seed 1      a hundred of them
    python tests/build/mutate.py write pieces               two modules
    python tests/build/mutate.py write --show 17            what mutant 17 of write is

A mutant is one change of the syntax tree: `<` for `<=`, `and` for `or`, a `not` dropped, a number
one larger, a statement left out, ...  It is killed if a test fails or takes too long, and survives
if none does.  Survivors get a test that kills them, or are explained as equivalent
in MUTANTS.md.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from difflib import unified_diff
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
CORE = [
    "write", "pieces", "runs", "chain", "directory", "walk", "record", "transaction", "bulk",
    "ranges", "history", "policy", "door", "keys", "node", "cursor", "place", "gaps", "summary",
    "overlaps", "bag", "stream", "algebra", "columns",
]  # fmt: skip
# In the order in which they find most in the least time.
TESTS = [
    "walks/test_fresh_keys.py",
    "walks/test_laws.py",
    "core/test_set.py",
    "core/test_exhaustive.py",
    "core/test_reshape.py",
    "core/test_move_shift.py",
    "core/test_merge_rules.py",
    "core/test_update_remove.py",
    "core/test_fill_add.py",
    "core/test_insert.py",
    "core/test_chain.py",
    "core/test_transactions.py",
    "core/test_history.py",
    "core/test_values.py",
    "keys",
    "core/test_reads.py",
    "core/test_python_protocol.py",
    "core/test_peers_edge_cases.py",
    "core/test_costs.py",
    "core/test_policy_hooks.py",
    "core/test_edits.py",
    "core/test_atomicity.py",
    "core/test_machines.py",
    "core/test_model.py",
    "gaps",
    "core/test_summary.py",
    "bag/test_bag.py",
    "streams/test_stream.py",
    "streams/test_algebra.py",
    "walks/test_travel.py",
    "walks/test_scenarios_more.py",
    "walks/test_scale.py",
    "walks/test_universe.py",
]  # fmt: skip
# These find the mutants of a module before all others do.
FIRST = {
    "bulk": ["core/test_python_protocol.py", "core/test_costs.py"],
    "algebra": ["streams/test_algebra.py", "core/test_reads.py"],
    "stream": ["streams/test_stream.py", "streams/test_algebra.py"],
    "gaps": ["gaps"],
    "summary": ["core/test_summary.py", "gaps", "bag/test_bag.py"],
    "bag": ["bag/test_bag.py"],
    "overlaps": ["bag/test_bag.py"],
}
SECONDS = 400  # of processor time, after which a mutant is taken to loop: several times the whole

COMPARE: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}


def changes(tree: ast.Module) -> Iterator[tuple[ast.AST, str, object, object]]:
    """Yield (node, field, the value it has, the value it gets) for every mutant."""
    for node in code(tree):
        match node:
            case ast.Compare():
                for other in COMPARE[type(node.ops[0])]:
                    yield node, "ops", node.ops, [other(), *node.ops[1:]]
            case ast.BoolOp():
                yield node, "op", node.op, ast.Or() if isinstance(node.op, ast.And) else ast.And()
            case ast.BinOp(op=ast.Add()):
                yield node, "op", node.op, ast.Sub()
            case ast.BinOp(op=ast.Sub()):
                yield node, "op", node.op, ast.Add()
            case ast.UnaryOp(op=ast.Not()):
                yield node, "op", node.op, ast.UAdd()  # `+x` would fail: see below
            case ast.Constant(value=bool() as value):
                yield node, "value", value, not value
            case ast.Constant(value=int() as value):
                yield node, "value", value, value + 1
            case ast.If() | ast.While() | ast.IfExp():
                yield node, "test", node.test, ast.Constant(False)
                if not isinstance(node, ast.While):
                    yield node, "test", node.test, ast.Constant(True)
            case ast.FunctionDef():
                yield from left_out(node)


def left_out(function: ast.FunctionDef) -> Iterator[tuple[ast.AST, str, object, object]]:
    """Leave out one statement that does something, anywhere in the function."""
    for node in ast.walk(function):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if not isinstance(block, list):
                continue
            for at, statement in enumerate(block):
                if isinstance(
                    statement, ast.Assign | ast.AugAssign | ast.Expr | ast.Delete
                ) and not (
                    isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
                ):
                    yield node, field, block, [*block[:at], ast.Pass(), *block[at + 1 :]]


def code(tree: ast.Module) -> Iterator[ast.AST]:
    """Walk the functions of a module; not what only type checkers and readers see."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node
            for statement in node.body:
                yield from outside_raise(statement)


def outside_raise(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a statement, but not into messages of errors, annotations and inner functions."""
    if isinstance(node, ast.Raise | ast.FunctionDef | ast.JoinedStr):
        return
    yield node
    for field, child in ast.iter_fields(node):
        if field in ("annotation", "returns", "type_params"):
            continue
        for part in child if isinstance(child, list) else [child]:
            if isinstance(part, ast.AST):
                yield from outside_raise(part)


def mutants(module: str) -> Iterator[tuple[str, str]]:
    """Yield (description, source) of every mutant of a module."""
    path = ROOT / "rangelist" / f"{module}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = ast.unparse(tree)
    for node, field, old, new in list(changes(tree)):
        if isinstance(new, ast.UAdd):  # dropping a `not`: the operand alone, as a bool
            node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)
            source = ast.unparse(tree)
            node.operand = node.operand.operand
        else:
            setattr(node, field, new)
            source = ast.unparse(tree)
            setattr(node, field, old)
        if source != plain:
            lines = list(unified_diff(plain.splitlines(), source.splitlines(), n=0, lineterm=""))[
                3:
            ]
            yield " | ".join(line.strip() for line in lines), source


def survives(module: str, source: str) -> bool:
    """Run the tests over a copy of the package with one module exchanged."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "rangelist", Path(folder) / "rangelist")
        shutil.copytree(ROOT / "tests", Path(folder) / "tests")
        (Path(folder) / "rangelist" / f"{module}.py").write_text(source, encoding="utf-8")
        (Path(folder) / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        env = os.environ | {
            "PYTHONPATH": "",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        tests = [f"tests/{name}" for name in dict.fromkeys([*FIRST.get(module, ()), *TESTS])]
        done = subprocess.run(
            [
                *("sh", "-c", f'ulimit -t {SECONDS}; ulimit -v 4000000; exec "$@"', "sh"),
                *(sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests),
            ],
            cwd=folder,
            env=env,
            capture_output=True,
            check=False,
        )
        return done.returncode == 0


def main() -> int:
    """Say which mutants survive."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", default=CORE)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    every = [
        (module, number, said, source)
        for module in chosen.modules
        for number, (said, source) in enumerate(mutants(module))
    ]
    if chosen.show is not None:
        sys.stdout.write(every[chosen.show][2] + "\n")
        return 0
    total = len(every)
    if chosen.sample and chosen.sample < total:
        every = Random(chosen.seed).sample(every, chosen.sample)
    alive = 0
    with ThreadPoolExecutor(chosen.jobs) as pool:
        results = pool.map(lambda mutant: survives(mutant[0], mutant[3]), every)
        for tried, ((module, number, said, _), lives) in enumerate(
            zip(every, results, strict=True)
        ):
            sys.stderr.write(f"\r{tried + 1} of {len(every)}, {alive} alive ")
            if lives:
                alive += 1
                sys.stdout.write(f"{module} {number}: {said}\n")
                sys.stdout.flush()
    sys.stdout.write(f"{len(every)} of {total} mutants tried, {alive} survived\n")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
