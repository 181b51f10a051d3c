"""Address spaces for the tests of memory areas, and what is asked of them again and again."""

from __future__ import annotations

from collections.abc import Callable
from errno import ENOMEM, errorcode
from itertools import count
from typing import Any

import pytest

from rangelist.models.areas import Area, Areas, failure
from rangelist.models.vma import AddressSpace

LOW = 100  # a first page that is easy to read


def area(flags: str = "r", pgoff: int = 0, **fields: Any) -> Area:
    """An area whose flags are words or letters."""
    words = flags.split() if " " in flags else list(flags)
    return Area(frozenset(words), pgoff, **fields)


def mapped(space: Areas) -> list[tuple[int, int, str]]:
    """Spans and access."""
    return [(a.start, a.stop, "".join(c for c in "rwx" if c in a.value.flags)) for a in space]


def of(*spans: tuple[int, int, str]) -> AddressSpace:
    """An address space with fixed mappings."""
    space = AddressSpace()
    for start, stop, access in spans:
        space.map(stop - start, access, at=start, how="fixed", flags={"noreserve"})
    return space


def refused(number: int, call: Any, *arguments: Any, **options: Any) -> None:
    """Check that a call fails with an error."""
    with pytest.raises(OSError) as error:
        call(*arguments, **options)
    assert errorcode[error.value.errno or 0] == errorcode[number]


def failing(number: int) -> Callable[[], None]:
    """A reservation of which only this one fails."""
    times = count(1)

    def reserve() -> None:
        if next(times) == number:
            raise failure(ENOMEM, "just now")

    return reserve


def once_more() -> None:
    """Fail every time."""
    raise failure(ENOMEM, "never")
