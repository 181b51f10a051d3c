"""What the import costs: a process that imports, less one that does not."""

import subprocess
import sys
from time import perf_counter

from contest import Case

imports = Case(
    "import", "seconds, less those of an empty program", unit="seconds", sizes=(100, 100)
)


def process(source):
    begin = perf_counter()
    subprocess.run([sys.executable, "-c", source], check=True)
    return perf_counter() - begin


def importing(name):
    def run():
        return min(process(f"import {name}") for _ in range(5)) - min(process("") for _ in range(5))

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
