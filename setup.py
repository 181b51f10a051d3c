"""The switch for the compiled build; everything else is in pyproject.toml.

    pip install .                        plain Python, needs no compiler
    RANGELIST_COMPILE=1 pip install .    the same files compiled with mypyc, needs a C compiler

pyproject.toml names this file twice more: as build backend, which is setuptools' own with one
addition, that mypy is fetched when the switch is on; and as plugin of mypy, see `plugin`.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from setuptools import setup
from setuptools.build_meta import *  # noqa: F403  the hooks of a backend

COMPILE = os.environ.get("RANGELIST_COMPILE") == "1"

# Raised on purpose only: a compiler may change what the code means.
COMPILER = "mypy[mypyc]==2.4.1"

# All that `import rangelist` loads is compiled, but for modules that cannot be (`errors` has bases
# that mypyc refuses, `_compat` stands in for its decorator, `shared` puts methods on classes that
# are there) or are called seldom.
CORE = """
    door keys bounds node policy record journal directory chain runs write pieces walk cursor
    summary place lengths gaps stream algebra bulk columns nearby ends transaction checks ranges
    overlaps bag show
""".split()  # noqa: SIM905  a list of literals would be 28 lines

# What users call, and the types of parameters that mypyc would check before our own checks do.
USED = ("ranges", "bag", "stream", "algebra", "show")
CHECKED = {"Policy", "StockPolicy", "Node", "Edit", "Horizon", "Literal", "bool", "int", "str"}


def requirements(config_settings: dict[str, str] | None = None) -> list[str]:
    """Tell pip what to build with besides setuptools, without running this file for that."""
    return [COMPILER] if COMPILE else []


get_requires_for_build_wheel = get_requires_for_build_sdist = requirements


def get_requires_for_build_editable(config_settings: dict[str, str] | None = None) -> list[str]:
    """Refuse what would leave objects beside the sources, to be tested in their place."""
    if COMPILE:
        raise SystemExit("RANGELIST_COMPILE=1 does not go with pip install -e")
    return []


def extensions() -> list:
    """Return what is to be compiled."""
    if not COMPILE:
        return []
    from mypyc.build import mypycify  # noqa: PLC0415  it is there only if asked for

    return mypycify([f"rangelist/{name}.py" for name in CORE], group_name="rangelist")


def leave_unchecked(definitions: list, methods: bool = False) -> None:
    """Let such a parameter be Any, in a syntax tree that is not analysed yet.

    Of all methods, because they pass on what they were given, and of public functions.
    """
    from mypy.nodes import ClassDef, Decorator, FuncDef, OverloadedFuncDef  # noqa: PLC0415
    from mypy.types import AnyType, TypeOfAny, UnboundType, UnionType  # noqa: PLC0415

    def checked(kind: object) -> bool:
        if isinstance(kind, UnionType):
            return any(map(checked, kind.items))
        return isinstance(kind, UnboundType) and kind.name in CHECKED

    for node in definitions:
        if isinstance(node, ClassDef):
            leave_unchecked(node.defs.body, methods=True)
        elif isinstance(node, OverloadedFuncDef):
            leave_unchecked(node.items, methods)
        elif isinstance(node, Decorator):
            leave_unchecked([node.func], methods)
        elif isinstance(node, FuncDef) and (methods or node.name[0] != "_"):
            for call in filter(None, (node.type, node.unanalyzed_type)):
                anything = AnyType(TypeOfAny.explicit)
                call.arg_types = [anything if checked(a) else a for a in call.arg_types]


def plugin(version: str) -> type:
    """Give mypy a plugin that changes nothing for mypy, and two things for mypyc.

    mypyc checks arguments against their annotations, and raises a TypeError that names neither
    parameter nor value.  `leave_unchecked` leaves that to our own checks, as in the plain build.

    mypyc gives each instance of a class with base `Generic` a `__dict__`, and on Python 3.11 a list
    of weak references which it forgets to clear, so that the next use of one crashes.  It does
    neither for `class Node[K, V]`, which Python 3.11 cannot read.  The difference is on which of
    two lists of bases `Generic` stands.
    """
    # Not there in a plain build.
    from mypy.nodes import MypyFile  # noqa: PLC0415
    from mypy.plugin import ClassDefContext, Plugin, ReportConfigContext  # noqa: PLC0415

    def as_plain_base(context: ClassDefContext) -> None:
        context.cls.base_type_exprs += context.cls.removed_base_type_exprs
        context.cls.removed_base_type_exprs.clear()

    class PlainGeneric(Plugin):
        def get_customize_class_mro_hook(
            self, fullname: str
        ) -> Callable[[ClassDefContext], None] | None:
            return as_plain_base if fullname.startswith("rangelist.") else None

        def report_config_data(self, context: ReportConfigContext) -> bool:
            return COMPILE  # what the other build has in the cache is not to be used

        def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
            if COMPILE and file.fullname in {f"rangelist.{name}" for name in USED}:
                leave_unchecked(file.defs)
            return []

    return PlainGeneric


if __name__ == "__main__":
    setup(ext_modules=extensions())
