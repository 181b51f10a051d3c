"""The corpus: traces with stable ids that every implementation can be held against.

    law/…  plain/…     at least one witness for each law L1 .. L21; `plain` needs only set,
                       insert and remove
    history/…          one for each bug that another system had, or has
    edge/…  word/…     what tests tend to forget; the smallest use of each operation
    x4/…  bag3/…       the exhaustive cases, made when asked for (exhaustive.py)

An id never changes its meaning.  `CORPUS_VERSION` is the month of the last addition: a new version
may add cases, and so failures; what the cases mean is the business of the laws' version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Final

from rangelist.oracle.exhaustive import bags, exhaustive
from rangelist.oracle.generate import mixed
from rangelist.oracle.spec import CAPABILITIES, HOOKS, hook_words, needs
from rangelist.oracle.trace import Trace, read, schema, write

__all__ = ["CORPUS_VERSION", "copy_to", "corpus", "random_traces", "witnesses"]

CORPUS_VERSION: Final = "2026.11.2"

FILES: Final = ("laws.jsonl", "plain.jsonl", "history.jsonl", "edges.jsonl")


def witnesses() -> Iterator[Trace]:
    """Yield the traces that are kept in files."""
    for name in FILES:
        text = (files("rangelist.oracle") / "cases" / name).read_text(encoding="utf-8")
        yield from read(text.splitlines(), name)


def corpus(claims: frozenset[str] = CAPABILITIES) -> Iterator[Trace]:
    """Yield everything: the witnesses, then the exhaustive cases for what is claimed."""
    hooked = claims - {f"{hook}={words[0]}" for hook, words in HOOKS.items() if hook != "coalesce"}
    named = {word.partition("=")[0] for word in hooked}
    hooked |= {word for word in claims if word.partition("=")[0] not in named}
    again = exhaustive(2, 1, hooked) if hooked != claims else ()
    return chain(witnesses(), exhaustive(4, 1, claims), again, bags(claims))


def random_traces(
    count: int, claims: frozenset[str] = CAPABILITIES, ops: int = 120
) -> Iterator[Trace]:
    """Yield mixed random traces."""
    return (mixed(seed, ops, claims) for seed in range(count))


def copy_to(folder: Path, traces: Iterable[Trace]) -> list[Path]:
    """Write traces, one file for each family, with the schema and the protocol; return the files.

    Each header says what its trace needs, so that a reader need not know how that follows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    families: dict[str, list[Trace]] = {}
    for trace in traces:
        words = hook_words(trace.header)
        needed = sorted(frozenset[str]().union(*(needs(line, words) for line in trace.lines)))
        header = trace.header | {"needs": needed}
        family = trace.id.partition("/")[0]
        families.setdefault(family, []).append(Trace(header, trace.lines, trace.wants))
    protocol = (files("rangelist.oracle") / "PROTOCOL.md").read_text(encoding="utf-8")
    texts = {f"{family}.jsonl": write(found) for family, found in families.items()}
    texts["trace.schema.json"] = json.dumps(schema(), indent=1) + "\n"
    texts |= {"PROTOCOL.md": protocol, "VERSION": f"{CORPUS_VERSION}\n"}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]
