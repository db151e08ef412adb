"""The whole program, from the command line to what is printed, over the real articles."""

from __future__ import annotations

import gc
import re
import shutil
import sys
from pathlib import Path

import pytest

from isisdocs.__main__ import main
from isisdocs.index.current import DEFAULT_ENGINE
from isisdocs.settings import ENGINES
from tests import sessions

from .conftest import SEEDS

SESSIONS = sorted((Path(__file__).parent / "sessions").glob("*.session"))


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an otherwise empty current folder with the seeds in it."""
    shutil.copytree(SEEDS, tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    for name in (
        *("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLORTERM", "COLUMNS"),
        *("ISISDOCS_CORPUS", "ISISDOCS_INDEX", "ISISDOCS_ENGINE"),
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("ISISDOCS_LINKS", "never")
    monkeypatch.setenv("ISISDOCS_PAGER", "")
    return tmp_path


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_session(
    path: Path, workplace: Path, monkeypatch: pytest.MonkeyPatch, update_goldens: bool
) -> None:
    expected = path.read_text(encoding="utf-8")

    done = sessions.replay(expected, monkeypatch).replace(str(workplace), "HERE")
    done = re.sub(r'"seconds": [\d.]+', '"seconds": 0', done)

    if update_goldens:
        path.write_text(done, encoding="utf-8")
    assert done == expected


@pytest.mark.parametrize("engine", [name for name in ENGINES if name != DEFAULT_ENGINE])
@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_session_is_the_same_with_another_engine(
    path: Path, engine: str, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = path.read_text(encoding="utf-8")
    monkeypatch.setenv("ISISDOCS_ENGINE", engine)

    done = sessions.replay(expected, monkeypatch).replace(str(workplace), "HERE")

    done = re.sub(r'"seconds": [\d.]+', '"seconds": 0', done)
    assert done.replace(engine, DEFAULT_ENGINE) == expected


@pytest.mark.usefixtures("workplace")
def test_program_exits_with_the_commands_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["isisdocs", "search", "zeppelin"])
    before = gc.get_threshold()

    try:
        with pytest.raises(SystemExit) as left:
            main()
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)

    assert left.value.code == 1
    assert capsys.readouterr().out == ""
