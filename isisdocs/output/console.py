"""The only maker of consoles: what stdout and stderr can show is decided here, once."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Literal

from isisdocs.output.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """Return the console on stdout. Piped, it does not wrap, nor colour where nothing forces it."""
    # Here, not above: 17 ms that results in a pipe need not cost.
    from rich.console import Console

    class Ours(Console):
        def on_broken_pipe(self) -> None:
            """Let the caller see that nobody reads any more, where Rich would exit with 1."""
            raise BrokenPipeError

    has_reader = is_terminal()
    colours = wants_colours(os.environ, is_terminal=has_reader)
    return Ours(
        theme=theme(),
        force_terminal=has_reader,
        color_system=_colour_system(is_terminal=has_reader, colours=colours),
        no_color=not colours,
        markup=False,
        highlight=False,
        emoji=False,
        soft_wrap=not has_reader,
    )


def for_progress() -> Console:
    """Return a console on stderr for progress bars, which bring styles of their own."""
    from rich.console import Console

    return Console(stderr=True, no_color=not wants_colours(os.environ, is_terminal=True))


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


def wants_colours(environment: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Tell whether to write colours: NO_COLOR, what forces them, then CLICOLOR and the terminal.

    Without colours a terminal still shows what is bold; a pipe with colours still is not wrapped.
    See no-color.org, force-color.org and bixense.com/clicolors.
    """
    if environment.get("NO_COLOR"):
        return False
    if any(environment.get(name, "0") not in ("", "0") for name in _FORCING):
        return True
    return is_terminal and environment.get("CLICOLOR") != "0" and not _is_dumb(environment)


def is_plain() -> bool:
    """Tell whether results are written to stdout as they are: not wrapped, without colours."""
    return not (is_terminal() or wants_colours(os.environ, is_terminal=False))


def links_for_results(setting: str) -> str:
    """Return the template of links on stdout; empty where there are to be none."""
    colours = wants_colours(os.environ, is_terminal=is_terminal())
    if not (is_terminal() and colours) or _is_dumb(os.environ):
        return ""
    from isisdocs.output.links import template  # for a terminal only

    return template(setting, os.environ)


_FORCING = ("CLICOLOR_FORCE", "FORCE_COLOR")


def _is_dumb(environment: Mapping[str, str]) -> bool:
    return environment.get("TERM", "").lower() in ("dumb", "unknown")


def _colour_system(*, is_terminal: bool, colours: bool) -> Literal["auto", "standard"] | None:
    if is_terminal and not _is_dumb(os.environ):
        return "auto"  # on Windows it may be one of its own
    return "standard" if colours else None
