"""The README is true: its sessions are what commands print, and its commands run."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests import sessions

from .conftest import REPOSITORY
from .test_main import workplace

__all__ = ["workplace"]

README = REPOSITORY / "README.md"
_SESSION = re.compile(r"(?<=```console\n)(.*?)(?=```\n)", re.DOTALL)


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```\n", README.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.usefixtures("workplace")
def test_sessions_are_what_commands_print(
    monkeypatch: pytest.MonkeyPatch, update_goldens: bool
) -> None:
    sessions.execute("isisdocs index -q", monkeypatch)
    text = README.read_text(encoding="utf-8")

    done = _SESSION.sub(
        lambda found: sessions.replay(found[1], monkeypatch).rstrip("\n") + "\n", text
    )

    if update_goldens:
        README.write_text(done, encoding="utf-8")
    assert done == text


def test_commands_of_the_table_run(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (workplace / "page.txt").write_text("A page\n\nIts only sentence stands here, whole.\n")
    (workplace / "draft.md").write_text("They gave ‘a blank cheque, backing any future attacks’.\n")
    (workplace / "queries.csv").write_text("mosul\nraqqa\n")
    monkeypatch.setenv("VISUAL", "true")  # a program that does nothing
    table = re.findall(r"^\|[^|\n]*\| (`isisdocs.*)\|$", README.read_text(), re.MULTILINE)
    commands = [
        command.split(r" \| ")[0]
        for row in table
        for command in re.findall(r"`(isisdocs [^`]*)`", row)
    ]

    codes = {command: sessions.execute(command, monkeypatch).code for command in commands}

    found_nothing = {"isisdocs search '\"to be or not\"'"}
    assert len(codes) >= 18
    assert codes == {command: int(command in found_nothing) for command in commands}


def test_settings_example_is_read(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = blocks("toml")
    (workplace / "isisdocs.toml").write_text(example.replace('"articles"', '"seeds"'))

    outcome = sessions.execute("isisdocs search isis -c", monkeypatch)

    assert outcome.code == 0
    assert (workplace / ".index" / "current.json").is_file()


def test_the_test_line_is_what_ci_runs() -> None:
    test_line = blocks("sh")[1].strip()

    assert test_line.endswith(".venv/bin/pytest")
    assert test_line in (REPOSITORY / ".ci" / "run").read_text().splitlines()


def test_the_search_line_is_one_line_that_ends_in_a_search() -> None:
    search_line = blocks("sh")[0].strip()

    steps = [shlex.split(step) for step in search_line.split("&&")]

    assert [step[0] for step in steps] == ["python3", ".venv/bin/pip", ".venv/bin/isisdocs"]


def test_every_dependency_has_an_exact_version() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    pinned = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (REPOSITORY / "constraints.txt").read_text().splitlines()
    }

    wanted = {
        re.split(r"[\[>=<]", line)[0].lower()
        for line in project["dependencies"] + project["optional-dependencies"]["test"]
    }

    assert wanted <= pinned


def test_seeds_are_byte_for_byte_as_they_came(shared_data: Path) -> None:
    originals = shared_data.parent / "seeds"

    done = subprocess.run(
        ["/usr/bin/diff", "-r", str(originals), str(REPOSITORY / "seeds")],
        capture_output=True,
        check=False,
    )

    assert done.stdout == b""
