"""The directive `command`: runs a module of ours, shows what it prints.

```{command} rangelist --help
```
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

__all__ = ["CommandDirective", "printed", "setup"]


def printed(command: str) -> str:
    """Return what `python -m COMMAND` prints, in 88 columns and without colours.

    Example:
        >>> printed("rangelist --help").split()[0]
        'usage:'
    """
    env = os.environ | {"COLUMNS": "88", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
    line = [sys.executable, "-m", *command.split()]
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=True)  # noqa: S603  ours
    return done.stdout


class CommandDirective(SphinxDirective):
    """Show a command and its output."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return a block of text."""
        command = self.arguments[0]
        text = f"$ python -m {command}\n{printed(command)}"
        return [nodes.literal_block(text, text, language="text")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of the directive."""
    app.add_directive("command", CommandDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
