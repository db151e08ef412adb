"""Write a file so that it is whole or not there at all."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from isisdocs.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def written_atomically(path: Path) -> Iterator[TextIO]:
    """Open a UTF-8 file for writing that takes the place of *path* when the block ends well.

    What is no ordinary file, such as `/dev/stdout` or a pipe, is written directly. OutputError
    where it cannot be written; *path* is then as it was.
    """
    target = Path(os.path.realpath(path))
    is_special = target.exists() and not target.is_file()
    temporary = target if is_special else target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            yield file
            if not is_special:
                file.flush()
                os.fsync(file.fileno())
        if not is_special:
            temporary.replace(target)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from error
    finally:
        if not is_special:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
