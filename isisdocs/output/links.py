"""Does the terminal have links (OSC 8), and where does one to a line of a file lead?

A link is written only where a terminal is known to show it, or the user says so; never in a pipe,
on a terminal without colours, or where NO_COLOR is set. As a URL a link can have anything in it
that a path can: what is not plain is percent-encoded.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from isisdocs.settings import LINKS_ALWAYS, LINKS_AUTO, LINKS_NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TERMS = re.compile(r"(?:xterm-)?(?:kitty|ghostty)|alacritty|foot|wezterm|contour|rio|iTerm")
_PROGRAMS = {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby", "zed", "mintty"}
_VTE_FIRST = 5001
"""VTE 0.50 was the first to know links, and 0.50.0 crashed of them."""
_TMUX_FIRST = (3, 4)
"""It asks the terminal around it; earlier ones drop links."""


def template(setting: str, environment: Mapping[str, str]) -> str:
    """Return the URL of links with `{path}`, `{line}` and `{host}` in it; empty for no links.

    *setting* is `auto`, `never`, `always` or such a URL. Whether a terminal is there at all, and
    one with colours, is for the caller to know.
    """
    if setting == LINKS_NEVER or (setting == LINKS_AUTO and not are_known(environment)):
        return ""
    return "file://{host}{path}" if setting in (LINKS_AUTO, LINKS_ALWAYS) else setting


def are_known(environment: Mapping[str, str]) -> bool:
    """Tell whether the terminal is one that shows links, by what it says of itself.

    As the Rust crate supports-hyperlinks does, but that a tmux within is asked first.
    """
    if "TMUX" in environment:
        return _version(environment.get("TERM_PROGRAM_VERSION", "")) >= _TMUX_FIRST
    if "STY" in environment:  # screen
        return False
    vte = environment.get("VTE_VERSION", "")
    return bool(
        _TERMS.match(environment.get("TERM", ""))
        or environment.get("TERM_PROGRAM") in _PROGRAMS
        or {"WT_SESSION", "DOMTERM", "KITTY_WINDOW_ID"} & environment.keys()
        or (vte.isdecimal() and int(vte) >= _VTE_FIRST)
    )


def url(form: str, path: Path, line: int) -> str:
    """Return the address of a line of a file after a template.

    >>> from pathlib import Path
    >>> url("vscode://file{path}:{line}", Path("/a b/c%;.txt"), 7)
    'vscode://file/a%20b/c%25%3B.txt:7'
    """
    from urllib.parse import quote  # 2 ms, where there are links

    encoded = quote(os.fsencode(path.absolute().as_posix()))
    if not encoded.startswith("/"):  # C:/…
        encoded = f"/{encoded}"
    values = {"path": encoded, "line": str(line), "host": quote(_host())}
    return re.sub(r"\{(path|line|host)\}", lambda found: values[found[1]], form)


def _host() -> str:
    # A terminal at the other end of ssh must not look for the file on its own machine.
    return "" if sys.platform == "win32" else os.uname().nodename


def _version(text: str) -> tuple[int, int]:
    found = re.match(r"(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)
