"""How large the families of cases are: RANGELIST_SIZE=small, middle or large.

    small     `make test`: each universe whole, over as few points as show every branch
    middle    `.ci/run`: a point more, longer lists, more random steps
    large     `make test-long`: as much as runs in minutes
"""

import os
from typing import TypeVar

T = TypeVar("T")
SIZES = ("small", "middle", "large")
SIZE = SIZES.index(os.environ.get("RANGELIST_SIZE", "small"))


def by_size(small: T, middle: T, large: T) -> T:
    """Return what is meant for the size of this run."""
    return (small, middle, large)[SIZE]
