"""Look whether the corpus has changed while the program still starts, on another core.

The look itself is that of `freshness`. It is made in a fork of this process, before this one has
imported most of what it needs, and what it finds is taken only for the very state and settings
that it was made with: a guess at them that was wrong costs nothing but the look.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from isisdocs import settings as settings_
from isisdocs.errors import IsisdocsError
from isisdocs.index import current as current_state
from isisdocs.index import folders, freshness
from isisdocs.index.freshness import Freshness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from isisdocs.index.current import Current
    from isisdocs.settings import Settings

SEARCHES = frozenset(
    {
        *("search", "export", "kwic", "timeline", "facets", "similar", "collocates", "keywords"),
        *("show", "list", "names", "batch", "verify", "replay"),
    }
)
"""Commands that look before they search."""
LEAST_BYTES = 40_000
"""The listing of some 1,000 files: to look through fewer takes no longer than a fork."""


class _Look(NamedTuple):
    """A look that another process takes."""

    settings: Settings
    current: Current
    pid: int
    answer: int
    """Where it writes what it finds."""


_look: _Look | None = None


def start(arguments: Sequence[str]) -> None:
    """Start to look, where the command will ask and another core is free to do it."""
    global _look  # one process looks once
    if _can_fork() and arguments and arguments[0] in SEARCHES and "--no-refresh" not in arguments:
        with suppress(IsisdocsError, OSError):  # the command will run into it too, and say so
            corpus, index = _named(arguments, "--corpus"), _named(arguments, "--index")
            settings = settings_.read(corpus, index)
            current = current_state.read(settings.index)
            if current and _is_large(settings, current):
                _look = _forked(settings, current)


def answer(current: Current, settings: Settings) -> Freshness | None:
    """Return what was found; None where nothing was, or of another index."""
    if _look is None or (_look.current, _look.settings) != (current, settings):
        return None
    with suppress(OSError, ValueError):
        return Freshness(os.read(_look.answer, 100).decode())
    return None


def end() -> None:
    """Leave no process behind."""
    global _look
    if _look:
        with suppress(OSError):
            os.kill(_look.pid, signal.SIGKILL)
        with suppress(OSError):
            os.waitpid(_look.pid, 0)
        os.close(_look.answer)
        _look = None


def _can_fork() -> bool:
    # Not on macOS, whose libraries do not all outlive a fork.
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def _is_large(settings: Settings, current: Current) -> bool:
    listing = settings.index / folders.listing_name(current.generation)
    return listing.stat().st_size >= LEAST_BYTES


def _named(arguments: Sequence[str], option: str) -> Path | None:
    """Return the folder that an option names, as far as can be told without reading them all."""
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        name, equals, value = argument.partition("=")
        if name == option:
            return Path(value if equals else following)
    return None


def _forked(settings: Settings, current: Current) -> _Look:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return _Look(settings, current, pid, reading)
    try:
        # Ctrl-C ends it without a word, and it keeps nobody waiting who reads our output.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        for stream in range(3):
            os.close(stream)
        found = freshness.look(current, settings, seconds=freshness.LOOK_SECONDS)
        os.write(writing, found.value.encode())
    finally:
        os._exit(0)
