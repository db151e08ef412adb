"""`isisdocs completion`: what a shell is to read so that TAB completes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from isisdocs.completion import script
from isisdocs.errors import SettingsError
from isisdocs.output.console import say
from isisdocs.output.files import written_atomically

EXAMPLE = "Example: isisdocs completion --install"


class Shell(Enum):
    """Shells that can complete."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def command(
    shell: Annotated[
        Shell | None,
        typer.Argument(help="Which; without it, the one of $SHELL.", show_default=False),
    ] = None,
    install: Annotated[
        bool, typer.Option("--install", help="Write it where the shell finds it.")
    ] = False,
) -> None:
    """Print the script that makes TAB complete commands, options, fields and articles.

    In this shell alone: source <(isisdocs completion bash), the same for zsh, and for fish
    isisdocs completion fish | source.
    """
    named = shell or _own(os.environ)
    text = script(named.value)
    if not install:
        sys.stdout.write(text)
        return
    path = place(named, os.environ)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"cannot make {path.parent}: {error.strerror}") from error
    with written_atomically(path) as file:
        file.write(text)
    say(f"{path} is read by {_WHEN[named]}")


def place(shell: Shell, environment: Mapping[str, str]) -> Path:
    """Return the file in the user's own folders where a shell looks for such scripts."""
    home = Path.home()
    data = Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share")
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    own = environment.get("BASH_COMPLETION_USER_DIR", "").partition(":")[0]
    match shell:
        case Shell.BASH:
            return Path(own or data / "bash-completion") / "completions" / "isisdocs"
        case Shell.ZSH:
            return home / ".zfunc" / "_isisdocs"
    return config / "fish" / "completions" / "isisdocs.fish"


_WHEN = {
    Shell.BASH: "new shells that have the package bash-completion",
    Shell.ZSH: "new shells with `fpath+=~/.zfunc; autoload -U compinit; compinit` in ~/.zshrc",
    Shell.FISH: "fish from now on",
}


def _own(environment: Mapping[str, str]) -> Shell:
    name = Path(environment.get("SHELL", "")).stem
    try:
        return Shell(name)
    except ValueError:
        known = ", ".join(shell.value for shell in Shell)
        raise SettingsError(
            f"no completion is known for the shell {name!r}", hint=f"there is one for {known}"
        ) from None
