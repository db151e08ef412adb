"""What TAB offers, in the program and in the shells themselves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from isisdocs.completion import FILES, FOLDERS, VARIABLE, bash, candidates, script
from tests import sessions

from .terminals import at_terminal
from .test_main import workplace

__all__ = ["workplace"]

PROGRAM = Path(sys.executable).parent / "isisdocs"


@pytest.fixture
def corpus(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a current folder with an index of articles, some of them in folders."""
    story = "A title of it\n\nThe story goes on for a whole sentence here.\n"
    for path in ("1998/may/zebra one.txt", "1998/june.txt"):
        (workplace / "seeds" / path).parent.mkdir(parents=True, exist_ok=True)
        (workplace / "seeds" / path).write_text(story)
    sessions.execute("isisdocs index -q", monkeypatch)
    return workplace


def offered(*words: str) -> list[str]:
    return [one.value for one in candidates(words)]


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize(
    ("words", "values"),
    [
        (["se"], ["search"]),
        (["--ver"], ["--version"]),
        (["repairs", ""], ["review", "list"]),
        (["repairs", "list", "--be"], ["--below"]),
        (["search", "--so"], ["--sort", "--source"]),
        (["search", "--sort", "n"], ["newest"]),
        (["search", "--sort=o"], ["--sort=oldest"]),
        (["search", "--limit", ""], []),
        (["search", "x", "--json", "--js"], []),
        (["search", "--", "--so"], []),
        (["search", "tit"], ["title:"]),
        (["search", "mosul", "da"], ["date:"]),
        (["search", "mosul (so"], ["mosul (source:"]),
        (["search", "-aut"], ["-author:"]),
        (["search", "mosul NE"], ["mosul NEAR/5"]),
        (["show", "x", "--highlight", "bo"], ["body:"]),
        (["export", "x", "--format", "h"], ["html"]),
        (["export", "x", "-o", ""], [FILES]),
        (["index", "--index", ""], [FOLDERS]),
        (["index", ""], [FOLDERS]),
        (["verify", "dr"], [FILES]),
        (["show", "004"], ["004_d865e67523a737b9.txt"]),
        (["open", "1"], ["1998/"]),
        (["similar", "1998/"], ["1998/june.txt", "1998/may/"]),
        (["show", "seeds/1998/m"], ["seeds/1998/may/"]),
        (["show", "zeb"], ["zebra one.txt"]),
        (["show", "004", ""], []),
        (["completion", "f"], ["fish"]),
        (["no-such-command", ""], []),
        ([], None),
    ],
    ids=str,
)
def test_tab_offers_what_can_stand_there(words: list[str], values: list[str] | None) -> None:
    found = offered(*words)

    if values is None:
        assert found[:3] == ["index", "watch", "search"]
    else:
        assert sorted(found) == sorted(values)


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize(
    ("line", "replies"),
    [
        ("isisdocs sea", ["search"]),
        ("isisdocs  search --sort=n", ["newest"]),
        ("isisdocs search title:x sour", ["source:"]),
        ("isisdocs search 'title:x sour", ["title:x source:"]),
        ('isisdocs search "a $b sour', ["a \\$b source:"]),
        ("isisdocs show zeb", ["zebra\\ one.txt"]),
        ("isisdocs show zebra\\ o", ["zebra\\ one.txt"]),
        ("isisdocs show 'zebra o", ["zebra one.txt"]),
        ("isisdocs search (so", ["source:"]),
        ("isisdocs search \"it's aut", ["it's author:"]),
    ],
)
def test_bash_gets_what_it_puts_in_place_of_a_part(line: str, replies: list[str]) -> None:
    assert bash.replies(line, " \t\n\"'><=;|&(:") == replies


def asked(*words: str, shell: str = "zsh") -> tuple[bytes, bytes, int]:
    done = subprocess.run(
        [sys.executable, "-m", "isisdocs", *words],
        env=os.environ | {VARIABLE: shell},
        capture_output=True,
        check=False,
    )
    return done.stdout, done.stderr, done.returncode


@pytest.mark.parametrize("shell", ["zsh", "bash"])
def test_every_error_is_silence(corpus: Path, shell: str) -> None:
    (corpus / "index" / "current.json").write_text("{")

    words = ("show", "0") if shell == "zsh" else ("isisdocs show 0", ":")

    assert asked(*words, shell=shell) == (b"", b"", 0)
    assert asked(shell=shell)[1:] == (b"", 0)


def test_completion_imports_no_command_and_no_engine(corpus: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-X", "importtime", "-m", "isisdocs", "show", "004"),
        ],
        env={k: v for k, v in os.environ.items() if not k.startswith("COV")} | {VARIABLE: "zsh"},
        cwd=corpus,
        capture_output=True,
        text=True,
        check=True,
    )

    imported = set(re.findall(r"\| +([\w.]+)$", done.stderr, re.MULTILINE))
    assert done.stdout == "004_d865e67523a737b9.txt\t\n"
    assert imported & {"typer", "rich", "whoosh", "isisdocs.cli", "isisdocs.query.parse"} == set()
    assert "isisdocs.completion" in imported


SHELLS = {
    "bash": (("--norc", "--noprofile", "-i"), "PS1='> '; source <(isisdocs completion bash)"),
    "zsh": (
        ("-f", "-i"),
        "PS1='> '; autoload -U compinit; compinit -D -u; source <(isisdocs completion zsh)",
    ),
    "fish": (
        ("--no-config", "-i"),
        "function fish_prompt; echo '> '; end; isisdocs completion fish | source",
    ),
}


TYPED = {
    "isisdocs sea\t": "isisdocs search",
    "isisdocs search --sort=n\t": "isisdocs search --sort=newest",
    "isisdocs search title:a sour\tb": "isisdocs search title:a source:b",
    "isisdocs show zeb\t": "isisdocs show zebra one.txt",
    "isisdocs open seeds/199\tj\t": "isisdocs open seeds/1998/june.txt",
    "isisdocs index see\t": "isisdocs index seeds/",
}


@pytest.mark.parametrize("shell", SHELLS)
def test_shell_completes(corpus: Path, shell: str) -> None:
    path = shutil.which(shell)
    if path is None or not PROGRAM.exists():
        pytest.skip(f"{shell} is not installed")
    options, source = SHELLS[shell]
    # What has been completed becomes the argument of an echo, whose own line has another word.
    keys = [("", f"{source}; echo rea''dy\r"), ("ready", "")]
    for typed in TYPED:
        keys += [("", typed), ("", "\x01echo don''e \x05\r"), ("done", "")]

    found = at_terminal(
        *(path, *options),
        folder=corpus,
        keys=(*keys, ("", "exit\r")),
        columns=200,
        PATH=f"{PROGRAM.parent}:{os.environ['PATH']}",
        HOME=str(corpus),
    )

    plain = re.sub(r"\x1b(?:\[[\d;?]*[a-zA-Z]|\].*?\x07|\(B)", "", found.text)
    lines = re.findall(r"done (.*?)[\s/]*$", plain, re.MULTILINE)
    assert lines == [line.rstrip("/") for line in TYPED.values()]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_is_printed_and_installed(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, shell: str
) -> None:
    monkeypatch.setenv("HOME", str(workplace))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "BASH_COMPLETION_USER_DIR"):
        monkeypatch.delenv(name, raising=False)
    places = {
        "bash": ".local/share/bash-completion/completions/isisdocs",
        "zsh": ".zfunc/_isisdocs",
        "fish": ".config/fish/completions/isisdocs.fish",
    }

    printed = sessions.execute(f"SHELL=/usr/bin/{shell} isisdocs completion", monkeypatch)
    installed = sessions.execute(f"isisdocs completion {shell} --install", monkeypatch)

    assert printed.stdout == script(shell)
    assert installed.stderr.startswith(f"isisdocs: {workplace / places[shell]} is read by ")
    assert (workplace / places[shell]).read_text() == script(shell)


@pytest.mark.usefixtures("workplace")
def test_shell_without_completion_is_said(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = sessions.execute("SHELL=/bin/tcsh isisdocs completion", monkeypatch)
    (workplace / "file").write_text("")
    monkeypatch.setenv("BASH_COMPLETION_USER_DIR", str(workplace / "file"))
    blocked = sessions.execute("isisdocs completion bash --install", monkeypatch)

    assert str(unknown) == (
        "2> isisdocs: no completion is known for the shell 'tcsh'\n"
        "2> isisdocs: hint: there is one for bash, zsh, fish\n[2]\n"
    )
    assert blocked.stderr == (
        f"isisdocs: cannot make {workplace}/file/completions: Not a directory\n"
    )
    assert blocked.code == 2
