"""`python -m rangelist`: see `rangelist.cli`."""

from __future__ import annotations

from rangelist.cli import run

if __name__ == "__main__":
    run()
