"""What the import costs: a process that imports, less one that does not."""

import os
import subprocess
import sys
from tempfile import TemporaryDirectory
from time import perf_counter

from contest import Case

imports = Case(
    "import", "seconds, less those of an empty program", unit="seconds", sizes=(100, 100)
)


def process(source, cache):
    # With bytecode, as for everybody who imports a second time.
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    begin = perf_counter()
    command = [sys.executable, "-X", f"pycache_prefix={cache}", "-c", source]
    subprocess.run(command, check=True, env=env)
    return perf_counter() - begin


def importing(name):
    def run():
        with TemporaryDirectory() as cache:
            full, empty = f"import {name}", ""
            process(full, cache)
            return min(process(full, cache) for _ in range(5)) - min(
                process(empty, cache) for _ in range(5)
            )

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
