"""Processes that load files: deaf to Ctrl-C, and ended at once when the one that asked stops."""

from __future__ import annotations

import signal
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

P = ParamSpec("P")
T = TypeVar("T")


class Workers(ProcessPoolExecutor):
    """A pool of processes, with the interface of its base class.

    Not forked: a progress bar's thread may hold a lock at that moment. When the `with` block is
    left by an error, Ctrl-C included, what they do is not waited for: whoever asked for it clears
    up what they have left.
    """

    def __init__(
        self,
        jobs: int,
        initializer: Callable[..., object] | None = None,
        arguments: tuple[Any, ...] = (),
    ) -> None:
        """Prepare for so many processes, each of which begins by calling the initializer."""
        super().__init__(jobs, get_context("spawn"), initializer, arguments)
        self._others = frozenset(process.pid for process in active_children())

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a process call the function; one is started where none is idle."""
        with _deaf_children():
            return super().submit(fn, *args, **kwargs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.shutdown(wait=False, cancel_futures=True)
            for process in active_children():
                if process.pid not in self._others:
                    process.terminate()
        super().__exit__(kind, error, traceback)


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Have processes that are started now never hear Ctrl-C, not even while they import.

    A terminal sends it to all of a program's processes; what is blocked here reaches this one
    afterwards.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
