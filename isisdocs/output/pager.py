"""Results that are more than the screen holds go through a pager; what fits is just printed.

Which pager is said by ISISDOCS_PAGER, else PAGER, else it is less; `cat` or an empty one is none.
Messages that come after the first result are shown below the last one.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO, cast

from rich.cells import cell_len

from isisdocs.output.console import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_STYLE = re.compile(r"\x1b\[[\d;]*m")
_LINK = re.compile(r"\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07)")
_LESS = "less"
_DEFAULTS = {"LESS": "FRX", "LESSCHARSET": "utf-8", "LV": "-c"}
"""Pagers nobody has set up show colours; less ends where all fits, and leaves what it showed."""
_LESS_WITH_LINKS = 566
_ASSIGNMENT = re.compile(r"(\w+)=")
_FOR_THE_SHELL = re.compile(r"[|&;<>()$`*?\[#\n]")


def command_of(environment: Mapping[str, str]) -> str:
    """Return the command line of the pager, for the shell; empty where there is to be none."""
    for name in ("ISISDOCS_PAGER", "PAGER"):
        if (command := environment.get(name)) is not None:
            return "" if command.strip() in ("", "cat") else command
    return _LESS if shutil.which(_LESS) else ""


@contextmanager
def paged() -> Iterator[None]:
    """Within the block, page what is written to stdout, which is a terminal.

    A reader who leaves the pager early ends the block there, in silence.
    """
    command = command_of(os.environ)
    if command and not _is_there(command):
        say(f"there is no pager {command!r}: shown without one")
        command = ""
    if not command:
        yield
        return
    stdout, stderr = sys.stdout, sys.stderr
    screen = _Screen(stdout, command, shutil.get_terminal_size())
    sys.stdout = cast("TextIO", screen)
    try:
        with suppress(_HasLeft):
            yield
    finally:
        sys.stdout = stdout
        try:
            screen.finish()
        finally:
            held, sys.stderr = sys.stderr, stderr
            if isinstance(held, _Held):
                stderr.write(held.getvalue())


class _HasLeft(Exception):  # noqa: N818  # no error: the reader has had enough
    """The pager has ended before all was written."""


class _Held(io.StringIO):
    """What is to be said on the terminal below the results."""


class _Screen(io.TextIOBase):
    """A terminal that holds what is written until it is too much for it, then starts a pager."""

    def __init__(self, terminal: TextIO, command: str, size: os.terminal_size) -> None:
        self._terminal = terminal
        self._command = command
        self._size = size
        self._written: list[str] = []
        self._line = ""
        """The last one, as far as it has come."""
        self._rows = 0
        """Of the lines before."""
        self._pager: subprocess.Popen[str] | None = None

    @property
    def encoding(self) -> str:  # type: ignore[override]  # of the terminal, not to be set
        return self._terminal.encoding

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._terminal.fileno()

    def write(self, text: str) -> int:
        if self._pager is not None:
            self._hand_on(text)
            return len(text)
        if not self._written and sys.stderr.isatty():
            sys.stderr = _Held()
        self._written.append(text)
        *whole, last = text.split("\n")
        for line in whole:
            self._rows += self._rows_of(self._line + line)
            self._line = ""
        self._line += last
        # The prompt takes a row too.
        if self._rows + bool(self._line) > self._size.lines - 1:
            self._start()
        return len(text)

    def finish(self) -> None:
        """Print what the screen holds, or wait until the reader leaves the pager."""
        pager = self._pager
        if pager is None:
            self._terminal.write("".join(self._written))
            self._terminal.flush()
            return
        while True:
            try:
                with suppress(OSError):  # it may have ended
                    if pager.stdin is not None:
                        pager.stdin.close()
                pager.wait()
            except KeyboardInterrupt:  # meant for the pager, which has the keyboard
                continue
            return

    def _rows_of(self, line: str) -> int:
        width = cell_len(_LINK.sub("", _STYLE.sub("", line)))
        return max(1, -(-width // self._size.columns))

    def _start(self) -> None:
        words, environment = _words(self._command)
        environment = {**_DEFAULTS, **os.environ, **environment}
        if _program(words) == _LESS:
            words.append("-R")  # whatever LESS says
        # POSIX has PAGER be a command for the shell. Where it needs none, the pager is run without
        # one, which Ctrl-C would end before the pager.
        needs_shell = bool(_FOR_THE_SHELL.search(self._command))
        self._pager = subprocess.Popen(  # noqa: S603  # the user's own command
            self._command if needs_shell else words,
            shell=needs_shell,
            stdin=subprocess.PIPE,
            encoding="utf-8",
            errors="backslashreplace",
            env=environment,
        )
        self._keeps_links = not needs_shell and _knows_links(words)
        self._hand_on("".join(self._written))
        self._written.clear()

    def _hand_on(self, text: str) -> None:
        if self._pager is None or self._pager.stdin is None:
            return
        try:
            self._pager.stdin.write(text if self._keeps_links else _LINK.sub("", text))
        except OSError:  # a closed pipe, which Windows calls otherwise
            raise _HasLeft from None


def _words(command: str) -> tuple[list[str], dict[str, str]]:
    """Return the words of a command line, and the variables that are set before them.

    No words where its quotation marks are broken.
    """
    try:
        words = shlex.split(command, posix=os.name == "posix")
    except ValueError:
        return [], {}
    variables: dict[str, str] = {}
    while words and (found := _ASSIGNMENT.match(words[0])):
        variables[found[1]] = words.pop(0)[found.end() :]
    if words:
        words[0] = os.path.expanduser(words[0])  # noqa: PTH111
    return words, variables


def _is_there(command: str) -> bool:
    words, _ = _words(command)
    return bool(words) and shutil.which(words[0]) is not None


def _program(words: list[str]) -> str:
    return os.path.basename(words[0])  # noqa: PTH119


def _knows_links(words: list[str]) -> bool:
    """Tell whether the pager lets links through: less since version 566, and no other for sure."""
    if _program(words) != _LESS:
        return False
    try:
        done = subprocess.run(  # noqa: S603  # the user's own command
            [words[0], "--version"], capture_output=True, text=True, timeout=1, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    found = re.match(r"less (\d+)", done.stdout)
    return found is not None and int(found[1]) >= _LESS_WITH_LINKS
