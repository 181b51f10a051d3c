"""How much the families of random inputs try: `make test-long` asks for fifty times as much."""

import os

from hypothesis import settings

TIMES = int(os.environ.get("RANGELIST_CLI_TIMES", "1"))


def tried(count):
    """Try so many examples, or in a long run many times as many."""
    return settings(max_examples=count * TIMES)
