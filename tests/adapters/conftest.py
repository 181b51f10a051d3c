"""The adapters are scripts in a folder that is no package; tests import them from there."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "adapters"))
