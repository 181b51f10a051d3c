"""`python -m rangelist`: see `rangelist.cli`."""

from __future__ import annotations

import sys

try:
    from rangelist.cli import run
except KeyboardInterrupt:  # `run` itself knows what to do
    sys.exit(130)

if __name__ == "__main__":
    run()
