"""The two builds: that the one under test is the one meant, and where they may differ.

RANGELIST_EXPECT=compiled tells that this run is to test the compiled build.
"""

import os
import subprocess
import sys
import weakref

import pytest

import rangelist
from rangelist import RangeList

EXPECTED = os.environ.get("RANGELIST_EXPECT", "pure")

# What is never compiled of the modules that the test below loads; setup.py says why.
PLAIN = {f"rangelist{name}" for name in ("", "._compat", ".errors", ".history", ".shared")}


def test_the_build_under_test_is_the_one_that_is_meant():
    """A stray .so would silently be tested for the .py beside it, or the tree for a wheel."""
    assert EXPECTED == ("compiled" if rangelist.COMPILED else "pure")


def test_a_build_is_compiled_as_a_whole():
    """A module that is forgotten in setup.py would only be slow."""
    source = """if True:
        import sys, rangelist, rangelist.bag, rangelist.history, rangelist.shared
        for name, module in sys.modules.items():
            if name.split(".")[0] == "rangelist" and module.__file__.endswith(".py"):
                print(name)
    """
    plain = set(subprocess.check_output([sys.executable, "-c", source], text=True).split())

    assert plain == PLAIN if rangelist.COMPILED else plain > PLAIN


def test_instances_have_no_room_for_more_in_either_build():
    """Neither a dict nor weak references, also where the compiler would add both."""
    rl = RangeList([(0, 2, "a")])
    for thing in (rl.first, rl.policy, rl.cursor(), rl.first.value and rl._chain):
        with pytest.raises(TypeError, match="weak reference"):
            weakref.ref(thing)
        with pytest.raises(AttributeError):
            thing.more = 1


def test_classes_can_be_subscripted_and_inherited_from_in_either_build():
    """`RangeList[int, str]` at run time, and a sub-class with a dict."""

    class Named(RangeList[int, str]):
        def __init__(self, name):
            super().__init__([(0, 2, name)])
            self.name = name

    assert RangeList[int, str]([(0, 2, "a")]) == Named("a")
    assert Named("a").name == "a"
