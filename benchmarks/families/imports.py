"""What the import costs: a process that imports, less one that does not."""

import os
import subprocess
import sys
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

from contest import Case

imports = Case(
    "import", "milliseconds, less those of an empty program", unit="ms", sizes=(1_000, 1_000)
)


def spent():
    """Return the seconds of processor time of all processes begun here that have ended."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def process(source, cache):
    # With bytecode, as for everybody who imports a second time.
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    begin = spent()
    command = [sys.executable, "-X", f"pycache_prefix={cache}", "-c", source]
    subprocess.run(command, check=True, env=env)
    return spent() - begin


def importing(name):
    def run():
        with TemporaryDirectory() as cache:
            full, empty = f"import {name}", ""
            process(full, cache)
            least = [min(process(code, cache) for _ in range(3)) for code in (full, empty)]
            return 1_000 * (least[0] - least[1])

    return run


imports.own(lambda n: importing("rangelist"))
for _name, _module in {
    "collections-extended": "collections_extended",
    "sortedcontainers": "sortedcontainers",
    "intervaltree": "intervaltree",
    "portion": "portion",
    "python-ranges": "ranges",
}.items():
    imports.by(_name, _name)(lambda n, module=_module: importing(module))
for _name in ("pandas", "numpy", "ncls"):
    imports.by(_name, _name, "native")(lambda n, module=_name: importing(module))
