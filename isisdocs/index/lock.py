"""One writer at a time; who waits for too long is told who writes."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from isisdocs.errors import IndexStoreError
from isisdocs.index.current import WRITER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK = "write.lock"


class Busy(IndexStoreError):  # noqa: N818  # nothing is wrong with the index
    """Another process is writing the index."""


@contextmanager
def held(index: Path, *, seconds: float) -> Iterator[None]:
    """Hold the lock that only one writer can have, after waiting for it for *seconds* at most.

    The system frees the lock when its process dies, however that happens. Busy where another
    process has it, OSError where the folder cannot be written to.
    """
    _make_way(index / LOCK)
    lock = FileLock(index / LOCK, thread_local=False)
    try:
        lock.acquire(timeout=seconds)
    except Timeout:
        raise Busy(
            f"another process is writing the index in {index}{_writer(index)}",
            hint="wait until it is done",
        ) from None
    writer = index / WRITER
    try:
        # Beside the lock: who tries to get that empties its file.
        since = datetime.now(UTC).isoformat()
        writer.unlink(missing_ok=True)
        with writer.open("x", encoding="ascii") as file:
            file.write(json.dumps({"pid": os.getpid(), "since": since}))
        yield
    finally:
        with suppress(OSError):
            writer.unlink()
        lock.release()


def _make_way(path: Path) -> None:
    """Delete what is no ordinary file: a link there would have another file opened and emptied."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        path.unlink()


def _writer(index: Path) -> str:
    try:
        content = json.loads((index / WRITER).read_bytes())
        since = datetime.fromisoformat(content["since"]).astimezone()
        return f": process {int(content['pid'])}, since {since:%H:%M:%S on %d %B}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
