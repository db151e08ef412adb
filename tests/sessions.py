"""Sessions at a terminal as tests: commands with their stdout, stderr and exit codes, in a file.

    $ COLUMNS=60 isisdocs search mosul      a command, with environment variables before it
    $ TTY=1 isisdocs search mosul           the same, with stdout a terminal
    $ printf 'a\\nq\\n' | isisdocs …         the same, with something to read
    $ cat repairs.toml                      what a file holds now
    1  A title                              what it writes to stdout
    2> isisdocs: a message                  what it writes to stderr
    [1]                                     the exit code, where it is not 0

Styles are marked by name: `⟨match⟩Mosul⟨/⟩`. `pytest --update-goldens` writes what commands do now
into the files; read the diff before it is committed.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from isisdocs.cli import run
from isisdocs.output.console import theme

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pytest

STDERR = "2> "
_EXIT_CODE = re.compile(r"\[(\d+)\]")
_SGR = re.compile(r"\x1b\[([\d;]*)m")


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    stdout: str
    stderr: str
    code: int

    def __str__(self) -> str:
        errors = "".join(f"{STDERR}{line}\n" for line in self.stderr.splitlines())
        return self.stdout + errors + (f"[{self.code}]\n" if self.code else "")


@dataclass(frozen=True)
class Step:
    """A command of a session and what the file says that it does."""

    command: str
    expected: str


def steps(text: str) -> Iterator[Step]:
    """Yield the commands of a session with what follows each."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        yield Step(command, expected)


def execute(command: str, monkeypatch: pytest.MonkeyPatch, *, stdin: bytes = b"") -> Outcome:
    """Run one command line in this process, in the current folder."""
    words = shlex.split(command)
    if words[0] == "cat":
        return Outcome(Path(words[1]).read_text(encoding="utf-8"), "", 0)
    if words[0] == "printf":
        stdin = words[1].replace("\\n", "\n").encode()
        words = words[3:]
    with monkeypatch.context() as patched:
        while "=" in words[0]:
            name, _, value = words.pop(0).partition("=")
            patched.setenv(name, value)
        return execute_words(words, monkeypatch, stdin=stdin)


def execute_words(
    words: Sequence[str], monkeypatch: pytest.MonkeyPatch, *, stdin: bytes = b""
) -> Outcome:
    """Run `isisdocs` with its arguments in this process, in the current folder."""
    name, *arguments = words
    assert name == "isisdocs", words
    with monkeypatch.context() as patched:
        is_terminal = os.environ.get("TTY") == "1"
        stdout, stderr = _stream(is_terminal=is_terminal), _stream()
        patched.setattr(sys, "stdout", stdout)
        patched.setattr(sys, "stderr", stderr)
        patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = run(arguments)
        return Outcome(_written(stdout), _written(stderr), code)


def replay(text: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the session with what its commands do now."""
    intro = re.split(r"^\$ ", text, maxsplit=1, flags=re.MULTILINE)[0]
    done = []
    for step in steps(text):
        # The blank lines after a command's output only set it apart from the next command.
        apart = re.search(r"\n*\Z", step.expected)[0][1:] if step.expected.strip() else "\n"
        done.append(f"$ {step.command}\n{execute(step.command, monkeypatch)}{apart}")
    return intro + "".join(done)


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def _stream(*, is_terminal: bool = False) -> io.TextIOWrapper:
    kind = _Terminal if is_terminal else io.TextIOWrapper
    return kind(io.BytesIO(), encoding="utf-8", errors="backslashreplace", newline="")


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    # Session files have one kind of line end; CSV has another.
    text = stream.buffer.getvalue().decode("utf-8").replace("\r\n", "\n")
    return _SGR.sub(_style_name, text)


def _style_name(match: re.Match[str]) -> str:
    codes = match[1]
    return f"⟨{_NAMES.get(codes, codes)}⟩" if codes not in ("", "0") else "⟨/⟩"


def _names() -> dict[str, str]:
    from rich.color import ColorSystem

    names: dict[str, str] = {}
    for name, style in theme().styles.items():
        rendered = style.render("x", color_system=ColorSystem.STANDARD)
        if found := _SGR.match(rendered):
            names[found[1]] = name
    return names


_NAMES = _names()
