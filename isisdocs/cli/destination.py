"""Where a command writes: stdout, or a file that is whole or not there at all."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, cast

from isisdocs.output.console import is_terminal
from isisdocs.output.files import written_atomically
from isisdocs.output.visible import visible


class _Shown(io.TextIOBase):
    """A terminal, on which what would drive it is shown as symbols."""

    def write(self, text: str) -> int:
        sys.stdout.write(visible(text.replace("\r\n", "\n")))
        return len(text)


@contextmanager
def opened_output(output: Path | None) -> Iterator[TextIO]:
    """Open the file for writing, or stdout for None and `-`."""
    if output is not None and str(output) != "-":
        with written_atomically(output) as stream:
            yield stream
    elif is_terminal():
        yield cast("TextIO", _Shown())
    else:
        yield sys.stdout
