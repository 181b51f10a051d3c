"""An adapter of 30 lines: a set of whole numbers, put under the oracle.

    rangelist-oracle run --cmd "python3 examples/oracle/points.py"

The library under test is Python's own `set` of numbers.  It knows no spans, so the adapter makes
spans of it; it has no values (`values=one`), and its writes return nothing (`void`).  With the
argument `broken` it forgets the last number of every span that is removed.
"""

import json
import sys

CLAIMS = ["set", "remove", "dump", "coalesce=equal", "merge=left", "split=copy"]
CLAIMS += ["values=one", "void"]
BROKEN = "broken" in sys.argv
numbers: set[int] = set()


def spans() -> list[list[str]]:
    """Return the numbers as spans, each from a number without a left neighbour."""
    starts = sorted(n for n in numbers if n - 1 not in numbers)
    stops = sorted(n + 1 for n in numbers if n + 1 not in numbers)
    return [[str(a), str(b), "a"] for a, b in zip(starts, stops, strict=True)]


def answer(line: dict[str, str]) -> dict[str, object]:
    """Return the reply to one line."""
    op = line.get("op")
    if op == "start":
        return {"ok": {"name": "set", "version": sys.version.split()[0], "capabilities": CLAIMS}}
    if op is None:  # a header: begin again
        numbers.clear()
    elif op == "dump":
        return {"ok": spans()}
    elif op in ("set", "remove"):
        start = int(line.get("start", min(numbers, default=0)))
        stop = int(line.get("stop", max(numbers, default=-1) + 1))
        if "start" in line and "stop" in line and start >= stop:
            return {"err": "EmptySpan"}
        if stop - start > 10_000:
            return {"skip": "too many numbers"}
        if op == "set":
            numbers.update(range(start, stop))
        else:
            numbers.difference_update(range(start, stop - BROKEN))
    return {"ok": None}


for raw in sys.stdin:
    print(json.dumps(answer(json.loads(raw))), flush=True)
