"""The switch for the compiled build; everything else is in pyproject.toml.

With mypy (it brings mypyc) and a C compiler installed:
    RANGELIST_COMPILE=1 pip install --no-build-isolation .
"""

import os

from setuptools import setup

# Hot modules only.  errors.py has bases that mypyc refuses; the command line is not hot.
CORE = "keys bounds policy node index walk algebra edit plan ranges bag".split()

extensions = []
if os.environ.get("RANGELIST_COMPILE") == "1":
    from mypyc.build import mypycify

    extensions = mypycify([f"rangelist/{name}.py" for name in CORE], group_name="rangelist")

setup(ext_modules=extensions)
