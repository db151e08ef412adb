"""A bar on stderr while something takes longer than a second and somebody looks."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PATIENCE_SECONDS = 1.0

_T = TypeVar("_T")


def watched(items: Iterable[_T], total: int, label: str) -> Iterator[_T]:
    """Yield the items; show how far it is from the second second on."""
    if not sys.stderr.isatty():
        yield from items
        return
    started = time.monotonic()
    done = 0
    iterator = iter(items)
    for item in iterator:
        done += 1
        yield item
        if time.monotonic() - started > PATIENCE_SECONDS:
            break
    yield from _with_bar(iterator, done, total, label)


def _with_bar(items: Iterator[_T], done: int, total: int, label: str) -> Iterator[_T]:
    first = next(items, None)
    if first is None:
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from isisdocs.output.console import for_progress

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=for_progress(), transient=True) as bar:
        task = bar.add_task(label, total=total, completed=done)
        yield first
        bar.advance(task)
        for item in items:
            yield item
            bar.advance(task)
