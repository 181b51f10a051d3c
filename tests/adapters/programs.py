"""How a program of a page is run: each in its own language, with one library and nothing of ours."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

LLVM_FLAGS = "$(llvm-config --cppflags) -UNDEBUG"  # with assertions
LLVM_LIBRARIES = "$(llvm-config --ldflags --libs support)"

# The name of a program's file, and what runs it: {file} is that file, {made} a program made of it.
LANGUAGES = {
    "cpp": (
        "program.cpp",
        f"g++ -std=c++17 -w {LLVM_FLAGS} -o {{made}} {{file}} {LLVM_LIBRARIES} && {{made}}",
    ),
    "java": ("Program.java", "java -cp /usr/share/java/guava.jar {file}"),
    "js": ("program.cjs", "NODE_PATH=js/node_modules node {file}"),
    "ocaml": (
        "program.ml",
        "ocamlfind ocamlopt -package batteries -linkpkg {file} -o {made} && {made}",
    ),
    "perl": ("program.pl", "perl {file}"),
}


def run_program(language: str, text: str, folder: Path, where: Path) -> str:
    """Run a program in `where`; return what it complained of, nothing if it ended well."""
    name, command = LANGUAGES[language]
    file, made = folder / name, folder / "made"
    file.write_text(text, encoding="utf-8")
    for field, path in (("{file}", file), ("{made}", made)):
        command = command.replace(field, shlex.quote(str(path)))
    done = subprocess.run(
        command, shell=True, cwd=where, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else f"exit code {done.returncode}: {done.stderr.strip()}"
