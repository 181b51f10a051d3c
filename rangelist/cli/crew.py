"""Processes that work for this one, each on one thing.

`concurrent.futures` would do, but for the end: it waits for what is no longer wanted, and its
processes outlive one that is killed.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from rangelist.formats import UnreadableError

__all__ = ["each"]

T = TypeVar("T")
Pipe = Any  # one end of it; its class has another name on Windows


def each(function: Callable[..., T], tasks: Sequence[tuple[Any, ...]]) -> Iterator[T]:
    """Call a function with each tuple of arguments, in a process of its own; in this order.

    Leaving the iteration ends them all.

    Raises: what the function raises; UnreadableError, if there can be no more processes, or one
        has ended from outside.
    """
    begun: list[tuple[Any, Pipe]] = []
    try:
        for task in tasks:
            here, there = multiprocessing.Pipe(duplex=False)
            process = multiprocessing.Process(
                target=serve, args=(there, here, function, task), daemon=True
            )
            try:
                _start(process)
            except OSError as error:
                raise UnreadableError(f"cannot begin a process: {error}; want --jobs 1") from error
            begun.append((process, here))
            there.close()  # held by the process alone: when that ends, the pipe does
        for _, pipe in begun:
            try:
                result, failure = pipe.recv()
            except (EOFError, OSError) as broken:
                why = "a process of --jobs was ended from outside; was there too little memory?"
                raise UnreadableError(why) from broken
            if failure is not None:
                raise failure
            yield result
    finally:
        for process, pipe in begun:
            process.kill()  # it holds nothing that could be lost
            process.join()
            pipe.close()


def _start(process: Any) -> None:
    """Begin a process that will never hear an interrupt.

    One from a terminal is sent to all: the first process hears it, and ends the others.
    """
    masked = hasattr(signal, "pthread_sigmask")  # not on Windows
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if masked else None
    try:
        process.start()
    finally:
        if before is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def serve(pipe: Pipe, other_end: Pipe, function: Callable[..., Any], task: tuple[Any, ...]) -> None:
    """Be a process: send what a function gives, or what it raises."""
    other_end.close()  # a copy; open here, nothing would tell that the reader has ended
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # see `_start`, which cannot do it everywhere
    found: tuple[Any, Exception | None]
    try:
        found = function(*task), None
    except Exception as error:  # noqa: BLE001  raised again where it is waited for
        found = None, error
    with suppress(OSError, MemoryError):
        pipe.send(found)
