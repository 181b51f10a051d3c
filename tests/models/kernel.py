"""Random memory calls on the running kernel and on the model; both have to agree after each one.

    python kernel.py SEED STEPS [ROUND]

The steps are taken in rounds, each in a process of its own which forks now and then and goes on in
the child.  What is printed is how many steps agreed, or what went wrong in which round; to see that
round alone, name it.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable

from window import (
    BASE,
    CURRENT,
    DROPPABLE,
    FUTURE,
    GROWSDOWN,
    LOCKED,
    NOREPLACE,
    NORESERVE,
    ONFAULT,
    POLICIES,
    POPULATE,
    PRIVATE,
    SHARED,
    MismatchError,
    Window,
    prepare,
)

ROUND = 20_000  # steps
FORKS = 20  # in a round
ACCESSES = ["", "r", "rw", "rw", "rw", "rx", "rwx", "w", "x"]
SPECIALS = [0, NOREPLACE, GROWSDOWN, NORESERVE | POPULATE, NORESERVE | LOCKED, DROPPABLE]
LOCK_ALL = [0, 0, 0, CURRENT, FUTURE, CURRENT | FUTURE, FUTURE | ONFAULT, CURRENT | ONFAULT]


def step(window: Window, rng: random.Random) -> None:
    """Take one random step."""
    kind = rng.choices(list(STEPS), [weight for _, weight in STEPS.values()])[0]
    at = rng.randrange(window.pages)
    pages = min(rng.choice([1, 1, 2, 3, 4, 6, 8, 16]), window.pages - at)
    area = window.space.at(BASE + at)
    if area is not None and rng.random() < 0.4:  # borders are where it is difficult
        at, pages = area.start - BASE, area.stop - area.start
    STEPS[kind][0](window, rng, at, pages)


def step_touch(window: Window, rng: random.Random, at: int, pages: int) -> None:
    """Write to a page of some area, or to any page."""
    areas = list(window.space)
    if areas and rng.random() < 0.8:
        at = rng.choice(areas).start - BASE
    window.touch(at)


def step_map(window: Window, rng: random.Random, at: int, pages: int) -> None:
    """Map anonymous memory."""
    bits = PRIVATE | rng.choice([NORESERVE] * 12 + SPECIALS)
    if bits & DROPPABLE:
        bits = DROPPABLE | rng.choice([0, 0, NORESERVE, LOCKED, GROWSDOWN])
    elif rng.random() < 0.05:
        bits = SHARED | rng.choice([0, 0, POPULATE, LOCKED, GROWSDOWN])
    window.map(at, pages, rng.choice(ACCESSES), bits)


def step_file(window: Window, rng: random.Random, at: int, pages: int) -> None:
    """Map part of a file, often so that its pages follow each other."""
    bits = rng.choice([PRIVATE, PRIVATE, SHARED]) | rng.choice([0] * 6 + [POPULATE, LOCKED])
    file = rng.randrange(len(window.files))
    offset = at if rng.random() < 0.7 else rng.randrange(window.pages)
    window.map(at, pages, rng.choice(ACCESSES), bits, file=file, offset=offset)


def step_remap(window: Window, rng: random.Random, at: int, pages: int) -> None:
    """Resize or move."""
    new = min(max(1, pages + rng.choice([-3, -1, 0, 0, 0, 1, 2, 5])), window.pages - at)
    to = rng.choice([None, rng.randrange(window.pages)])
    keep = rng.random() < 0.3
    if to is not None:
        new = min(new, window.pages - to)
        if rng.random() < 0.1:  # map shared memory once more, but nothing behind its end
            area = window.space.at(BASE + at)
            pages, new = 0, new if area is None else min(new, area.stop - BASE - at)
    elif pages == new:
        keep = False  # it would go where the kernel likes
    window.remap(at, pages, new, to, keep=keep)


def step_protect(window: Window, rng: random.Random, at: int, pages: int) -> None:
    """Set what may be accessed; sometimes of a stack as a whole."""
    window.protect(at, pages, rng.choice(ACCESSES), grows_down=rng.random() < 0.05)


def step_advise(window: Window, rng: random.Random, at: int, pages: int) -> None:
    """Give an advice; guard markers, which are no part of the model, are taken off at once."""
    advice = rng.choice(window.advices)
    window.advise(at, pages, advice)
    if advice == "guard_install":
        window.advise(at, pages, "guard_remove")


def step_process(window: Window, rng: random.Random, at: int, pages: int) -> None:
    """Change what holds for all of the process, and mostly change it back soon."""
    if rng.random() < 0.3:
        window.merge_all(rng.random() < 0.4)
    else:
        window.lock_all(rng.choice(LOCK_ALL))


Step = Callable[[Window, random.Random, int, int], object]
STEPS: dict[str, tuple[Step, float]] = {
    "map": (step_map, 25),
    "file": (step_file, 12),
    "remap": (step_remap, 12),
    "unmap": (lambda window, rng, at, pages: window.unmap(at, pages), 12),
    "protect": (step_protect, 20),
    "advise": (step_advise, 8),
    "lock": (
        lambda window, rng, at, pages: window.lock(
            at, pages, rng.random() < 0.5, later=rng.random() < 0.5
        ),
        5,
    ),
    "bind": (lambda window, rng, at, pages: window.bind(at, pages, rng.choice([*POLICIES])), 3),
    "touch": (step_touch, 12),
    "process": (step_process, 0.2 if os.geteuid() == 0 else 0),  # others may not lock all
}


def walk(window: Window, rng: random.Random, steps: int) -> None:
    """Take random steps, and fork now and then."""
    for count in range(1, steps + 1):
        step(window, rng)
        if count % 100 == 0:
            window.compare_flags()
        if count % max(1, steps // (FORKS + 1)) == 0 and count < steps:
            window.fork()


def one_round(name: str, steps: int) -> int:
    """Take the steps of a round; print what went wrong, return 1 if anything did."""
    window = Window()
    prepare(window)
    try:
        walk(window, random.Random(name), steps)
    except MismatchError as mismatch:
        tail = "\n".join(window.log)
        areas = "\n".join(f"{a.start - BASE} {a.stop - BASE} {a.value}" for a in window.space)
        told = f"call {window.count}: {mismatch}\nlast calls\n{tail}\nmodel\n{areas}\n"
        sys.stdout.write(told)
        return 1
    return 0


def main(words: list[str]) -> int:
    """Take all rounds, or the one that is named."""
    seed, steps = words[0], int(words[1])
    rounds = range(-(-steps // ROUND))
    for number in rounds if len(words) < 3 else [int(words[2])]:
        sys.stdout.flush()
        pid = os.fork()
        if not pid:
            code = one_round(f"{seed}/{number}", min(ROUND, steps - number * ROUND))
            sys.stdout.flush()
            os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if code:
            sys.stdout.write(f"round {number} of seed {seed} ended with {code}\n")
            return 1
    sys.stdout.write(f"{steps} steps agree\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
