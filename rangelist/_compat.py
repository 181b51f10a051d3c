"""Stand-in for mypyc's class decorator, so that nothing is needed at run time.

mypy reads `_compat.pyi` beside this file and sees the real one.  This module stays uncompiled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


def mypyc_attr(*attrs: str, **kwattrs: Any) -> Callable[[T], T]:
    """Return a decorator that does nothing."""
    return lambda decorated: decorated
