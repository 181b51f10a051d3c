"""Processes that work for this one, each told one thing at a time.

`concurrent.futures` would do, but for the end: it waits for results that are not wanted any more,
and its processes outlive one that is killed.

`multiprocessing` is imported where it is used: a run with one process should not wait for it.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from rangelist.formats import UnreadableError

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

__all__ = ["Crew"]

T = TypeVar("T")
Pipe = Any  # one end of it; its class has another name on Windows
Outcome = tuple[Any, Exception | None]  # what a function gives, or what it raises


class Crew:
    """At most `size` processes, begun when there is work for them; leaving the `with` ends them.

    Raises: UnreadableError, if there can be no more, or one has ended from outside.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._processes: dict[Pipe, BaseProcess] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._processes.values():
            process.kill()  # it holds nothing that could be lost
        for pipe, process in self._processes.items():
            process.join()
            pipe.close()

    @property
    def begun(self) -> bool:
        """Whether there was work."""
        return bool(self._processes)

    def map(self, function: Callable[..., T], tasks: Iterable[tuple[Any, ...]]) -> Iterator[T]:
        """Call a function with each tuple of arguments; give the results in the same order.

        Raises: what the function raises, when it is the turn of that result.
        """
        from multiprocessing.connection import wait  # noqa: PLC0415

        todo, idle = enumerate(tasks), list(self._processes)
        busy: dict[Pipe, int] = {}
        done: dict[int, Outcome] = {}
        turn = 0
        while True:
            while len(busy) < self.size and (task := next(todo, None)) is not None:
                pipe = idle.pop() if idle else self._begin()
                busy[pipe], arguments = task
                _alive(pipe.send, (function, arguments))
            if not busy:
                return
            ready: list[Pipe] = wait(list(busy))
            for pipe in ready:
                done[busy.pop(pipe)] = _alive(pipe.recv)
                idle.append(pipe)
            while turn in done:
                result, error = done.pop(turn)
                if error is not None:
                    raise error
                yield result
                turn += 1

    def _begin(self) -> Pipe:
        import multiprocessing  # noqa: PLC0415

        try:
            here, there = multiprocessing.Pipe()
            process = multiprocessing.Process(target=serve, args=(there, here), daemon=True)
            with deaf():
                process.start()
                self._processes[here] = process
        except OSError as error:
            raise UnreadableError(f"cannot begin a process: {error}; want --jobs 1") from error
        there.close()  # held by the process alone: when that ends, the pipe does
        return here


@contextmanager
def deaf() -> Generator[None, None, None]:
    """Put off an interrupt; a process that is begun meanwhile will never hear one.

    An interrupt from a terminal is sent to all: the first process hears it, and ends the others.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _alive(call: Callable[..., Any], *arguments: Any) -> Any:
    """Use a pipe to a process that may be there no more."""
    try:
        return call(*arguments)
    except (EOFError, OSError) as error:
        why = "a process of --jobs was ended from outside; was there too little memory?"
        raise UnreadableError(why) from error


def serve(pipe: Pipe, other_end: Pipe) -> None:
    """Do what comes through a pipe until its other end is closed: the life of a process."""
    other_end.close()  # a copy; open here, it would never be closed
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # see `deaf`, which cannot do it everywhere
    with suppress(EOFError, OSError, MemoryError):
        while True:
            function, arguments = pipe.recv()
            pipe.send(_outcome(function, arguments))


def _outcome(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Outcome:
    try:
        return function(*arguments), None
    except Exception as error:  # noqa: BLE001  raised again where it is waited for
        return None, error
