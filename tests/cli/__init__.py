"""How much the families of random inputs try: `make test-long` asks for fifty times as much."""

from core.sizes import by_size
from hypothesis import settings

TIMES = by_size(1, 2, 50)


def tried(count):
    """Try so many examples, or in a long run many times as many."""
    return settings(max_examples=count * TIMES)
