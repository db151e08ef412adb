"""The user's editor, at a line of a file."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from isisdocs.errors import SettingsError

_HINT = "`export EDITOR=nano` sets one; VISUAL comes before EDITOR"

# How editors are told the line, as their manuals say.
_PLUS = (  # +7 FILE
    *("vi", "vim", "nvim", "view", "gvim", "vis", "ex", "nano", "pico", "micro", "emacs"),
    *("emacsclient", "mg", "jmacs", "joe", "jed", "ne", "kak", "less", "more", "most", "gedit"),
    *("pluma", "xed", "mcedit", "bbedit"),
)
_COLON = ("hx", "helix", "subl", "sublime_text", "zed", "zeditor", "lapce")  # FILE:7
_GOTO = ("code", "code-insiders", "codium", "vscodium", "cursor", "windsurf")  # -g FILE:7
_LINE = (  # --line 7 FILE
    *("kate", "kwrite", "mate", "idea", "pycharm", "webstorm", "goland", "clion", "rubymine"),
)


def command_line(path: Path, line: int, environment: Mapping[str, str]) -> list[str]:
    """Return the words of the command that opens the file at a line, counted from 1.

    An editor that is not known gets the file alone. SettingsError where none is set, or it is not
    there.
    """
    name = next((name for name in ("VISUAL", "EDITOR") if environment.get(name, "").strip()), "")
    if not name:
        raise SettingsError("no editor is set", hint=_HINT)
    try:
        words = shlex.split(environment[name], posix=os.name == "posix")
    except ValueError as error:
        raise SettingsError(f"{name} is {environment[name]!r}: {error}", hint=_HINT) from error
    program = shutil.which(os.path.expanduser(words[0]))  # noqa: PTH111  # of a word, not a path
    if program is None:
        raise SettingsError(f"there is no program {words[0]!r}, which {name} names", hint=_HINT)
    return [program, *words[1:], *_at_line(Path(words[0]).stem.lower(), str(path), line)]


def _at_line(editor: str, file: str, line: int) -> list[str]:
    if editor in _PLUS:
        return [f"+{line}", file]
    if editor in _COLON:
        return [f"{file}:{line}"]
    if editor in _GOTO:
        return ["-g", f"{file}:{line}"]
    if editor in _LINE:
        return ["--line", str(line), file]
    if editor == "notepad++":
        return [f"-n{line}", file]
    return [file]


def run(command: list[str]) -> int:
    """Run an editor until it ends; return its exit code. Ctrl-C is the editor's meanwhile."""
    with subprocess.Popen(command) as process:  # noqa: S603  # the user's own command
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
