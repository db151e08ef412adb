"""A terminal for tests: a program runs at a pseudo-terminal of a given size; keys are typed."""

from __future__ import annotations

import os
import select
import struct
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

fcntl = pytest.importorskip("fcntl", reason="there are no pseudo-terminals here")
import termios  # noqa: E402  # beside fcntl or not at all

_CLEARED = (
    *("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLORTERM", "COLUMNS", "LINES"),
    *("ISISDOCS_CORPUS", "ISISDOCS_INDEX", "ISISDOCS_PAGER", "ISISDOCS_LINKS", "PAGER", "LESS"),
    *("TERM_PROGRAM", "TERM_PROGRAM_VERSION", "VTE_VERSION", "TMUX", "STY", "WT_SESSION"),
    *("KITTY_WINDOW_ID", "DOMTERM", "VISUAL", "EDITOR"),
)
IDLE = 5
"""Tenths of a second."""
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Shown:
    """What a program wrote to its terminal, with plain line ends, and how it ended."""

    text: str
    code: int


def environment(**variables: str) -> dict[str, str]:
    """Return this process's environment, but of terminals only what is given."""
    kept = {name: value for name, value in os.environ.items() if name not in _CLEARED}
    return kept | {"TERM": "xterm-256color"} | variables


def at_terminal(
    *command: str,
    folder: Path,
    keys: tuple[tuple[str, str], ...] = (),
    rows: int = 24,
    columns: int = 80,
    **variables: str,
) -> Shown:
    """Run a command at a terminal, and type keys, each when a text has been shown since the last.

    After an empty text they wait until nothing more is shown. A command that is no path is one of
    isisdocs'.
    """
    if "/" not in command[0]:
        command = (sys.executable, "-m", "isisdocs", *command)
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment(**variables),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    try:
        shown = _typed(ours, list(keys), time.monotonic() + PATIENCE_SECONDS)
        return Shown(shown.decode("utf-8").replace("\r\n", "\n"), process.wait(PATIENCE_SECONDS))
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _typed(terminal: int, keys: list[tuple[str, str]], deadline: float) -> bytes:
    shown, since, idle = b"", 0, 0
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 0.1)
        idle = 0 if ready else idle + 1
        if ready:
            try:
                chunk = os.read(terminal, 1 << 16)
            except OSError:  # Linux's way of saying that all who wrote there are gone
                return shown
            if not chunk:
                return shown
            shown += chunk
        awaited = keys[0][0].encode() if keys else b""
        if keys and (awaited in shown[since:] if awaited else idle > IDLE):
            os.write(terminal, keys.pop(0)[1].encode())
            since, idle = len(shown), 0
    raise TimeoutError(shown.decode("utf-8", "replace"))
