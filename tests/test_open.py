"""An article's file in the user's editor, at the line that is meant."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from isisdocs.cli import editor
from isisdocs.errors import SettingsError
from tests import sessions

from .terminals import at_terminal
from .test_main import workplace

__all__ = ["workplace"]

FILE = Path("/articles/a b.txt")


@pytest.fixture
def anything_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: name)


@pytest.mark.usefixtures("anything_is_there")
@pytest.mark.parametrize(
    ("variables", "command"),
    [
        ({"EDITOR": "vim"}, ["vim", "+7", str(FILE)]),
        ({"EDITOR": "/usr/bin/nano -w"}, ["/usr/bin/nano", "-w", "+7", str(FILE)]),
        ({"EDITOR": "emacsclient -nw"}, ["emacsclient", "-nw", "+7", str(FILE)]),
        ({"EDITOR": "kak"}, ["kak", "+7", str(FILE)]),
        ({"EDITOR": "less"}, ["less", "+7", str(FILE)]),
        ({"EDITOR": "hx"}, ["hx", f"{FILE}:7"]),
        ({"EDITOR": "code --wait"}, ["code", "--wait", "-g", f"{FILE}:7"]),
        ({"EDITOR": "'/opt/My Editor/cursor'"}, ["/opt/My Editor/cursor", "-g", f"{FILE}:7"]),
        ({"EDITOR": "kate"}, ["kate", "--line", "7", str(FILE)]),
        ({"EDITOR": "notepad++.exe"}, ["notepad++.exe", "-n7", str(FILE)]),
        ({"EDITOR": "ed"}, ["ed", str(FILE)]),
        ({"EDITOR": "vim", "VISUAL": "gedit"}, ["gedit", "+7", str(FILE)]),
        ({"EDITOR": "vim", "VISUAL": " "}, ["vim", "+7", str(FILE)]),
    ],
    ids=str,
)
def test_editor_is_told_the_line_its_own_way(variables: dict[str, str], command: list[str]) -> None:
    assert editor.command_line(FILE, 7, variables) == command


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "no editor is set"),
        ({"EDITOR": ""}, "no editor is set"),
        ({"EDITOR": "no-such-editor -x"}, "there is no program 'no-such-editor', which EDITOR"),
        ({"VISUAL": "vim '"}, 'VISUAL is "vim \'": No closing quotation'),
    ],
    ids=str,
)
def test_without_an_editor_one_line_says_so(variables: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        editor.command_line(FILE, 7, variables)

    assert raised.value.message.startswith(message)
    assert "EDITOR=nano" in raised.value.hint


@pytest.fixture
def fake_editor(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file in which an editor called vim writes how it was called."""
    script = workplace / "bin" / "vim"
    script.parent.mkdir()
    script.write_text(
        f"#!{sys.executable}\nimport sys\nopen('called', 'w').write(repr(sys.argv[1:]))"
    )
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(script))
    monkeypatch.delenv("VISUAL", raising=False)
    return workplace / "called"


@pytest.mark.parametrize(
    ("named", "file", "line"),
    [
        ("004", "004_d865e67523a737b9.txt", 3),
        ("004:61", "004_d865e67523a737b9.txt", 61),
        ("seeds/004_d865e67523a737b9.txt:61", "004_d865e67523a737b9.txt", 61),
        ("seeds/004_d865e67523a737b9.txt:61:17:", "004_d865e67523a737b9.txt", 61),
        ("two.jsonl#2", "two.jsonl", 2),
        ("odd:7", "odd:7.txt", 1),
        ("odd:7.txt:3", "odd:7.txt", 3),
    ],
)
def test_open_goes_to_the_line_that_is_meant(
    fake_editor: Path, monkeypatch: pytest.MonkeyPatch, named: str, file: str, line: int
) -> None:
    corpus = fake_editor.parent / "seeds"
    (corpus / "two.jsonl").write_text('{"text": "One story."}\n{"text": "Another story."}\n')
    (corpus / "odd:7.txt").write_text("An odd name\n\nIt has a colon in it, which paths may.\n")

    outcome = sessions.execute(f"isisdocs open {named}", monkeypatch)

    assert (outcome.stdout, outcome.code) == ("", 0)
    assert fake_editor.read_text() == repr([f"+{line}", str(corpus / file)])


@pytest.mark.usefixtures("fake_editor")
def test_open_says_what_went_wrong(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions.execute("isisdocs index -q", monkeypatch)
    (gone,) = workplace.glob("seeds/000*")
    gone.unlink()

    vanished = sessions.execute("isisdocs open 000 --no-refresh", monkeypatch)
    nowhere = sessions.execute("isisdocs open 999:3", monkeypatch)
    failing = sessions.execute("EDITOR=false isisdocs open 004", monkeypatch)

    assert nowhere.stderr.splitlines()[-2].startswith("isisdocs: there is no article '999' in ")
    assert vanished.stderr.startswith(f"isisdocs: there is no file {gone} any more\n")
    assert failing.stderr.splitlines()[-1] == "isisdocs: false ended with exit code 1"
    assert [one.code for one in (nowhere, vanished, failing)] == [2, 2, 2]


@pytest.mark.skipif(not shutil.which("vi"), reason="vi is not installed")
def test_real_editor_has_the_terminal_and_its_ctrl_c(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions.execute("isisdocs index -q", monkeypatch)
    there = {"folder": workplace, "EDITOR": "vi"}
    command = ":exe '!echo line-'.line('.')\r"
    keys = (("al-Dawlah", "\x03"), ("", command), ("line-61", "\r"), ("", ":q!\r"))

    found = at_terminal("open", "004:61", keys=keys, **there)  # type: ignore[arg-type]

    assert "line-61" in found.text
    assert found.code == 0


def test_ctrl_c_is_the_editors(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions.execute("isisdocs index -q", monkeypatch)
    script = workplace / "patient"
    script.write_text(
        f"#!{sys.executable}\nimport signal, sys, time\n"
        "signal.signal(signal.SIGINT, lambda *_: sys.exit('heard it'))\n"
        "print('waiting', flush=True)\ntime.sleep(60)\n"
    )
    script.chmod(0o755)

    found = at_terminal(
        "open", "004", folder=workplace, EDITOR=str(script), keys=(("waiting", "\x03"),)
    )

    *_, heard, last = found.text.splitlines()
    assert heard.endswith("heard it")
    assert (last, found.code) == ("isisdocs: patient ended with exit code 1", 2)
