"""The only maker of consoles: what stdout and stderr can show is decided here, once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from isisdocs.output.visible import visible_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.theme import Theme

# The sixteen colours that a terminal's own theme fits to its background; emphasis never rests on
# colour alone.
STYLES = {
    "match": "bold red",
    "title": "bold",
    "path": "magenta",
    "rank": "green",
    "meta": "none",
    "cut": "dim",
    "added": "green",
    "removed": "red strike",
    "bar": "blue",
}


def for_results() -> Console:
    """Return the console on stdout. Piped, it neither wraps nor colours."""
    return _console(stderr=False)


def for_messages() -> Console:
    """Return the console on stderr."""
    return _console(stderr=True)


def for_progress() -> Console:
    """Return a console on stderr for progress bars, which bring styles of their own."""
    from rich.console import Console

    return Console(stderr=True)


def is_terminal() -> bool:
    """Tell whether a person reads stdout."""
    return sys.stdout.isatty()


def say(message: str, hint: str = "") -> None:
    """Write one line to stderr, and the hint on a line of its own."""
    for line in (message, hint and f"hint: {hint}"):
        if line:
            print(f"isisdocs: {visible_line(line)}", file=sys.stderr)  # noqa: T201  # to stderr


def use_utf8() -> None:
    """Have both streams write UTF-8 whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def theme() -> Theme:
    """Return the styles of everything that is shown."""
    from rich.theme import Theme

    return Theme(STYLES)


def _console(*, stderr: bool) -> Console:
    # Here, not above: 17 ms that results in a pipe need not cost.
    from rich.console import Console

    class Ours(Console):
        def on_broken_pipe(self) -> None:
            """Let the caller see that nobody reads any more, where Rich would exit with 1."""
            raise BrokenPipeError

    console = Ours(
        stderr=stderr,
        theme=theme(),
        markup=False,
        highlight=False,
        emoji=False,
        soft_wrap=False,
    )
    console.soft_wrap = not console.is_terminal
    return console
