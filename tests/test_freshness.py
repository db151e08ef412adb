"""Every search notices changed articles, and nothing of that keeps it from searching."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from isisdocs.cli import session
from isisdocs.index import lock
from tests.conftest import SEEDS
from tests.sessions import Outcome, execute

FOUND = "seeds/000_a66ceeb20ebdc4ec.txt\n"
QUERY = "isisdocs search aljazeera -l"


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a corpus whose index is built, in the current folder."""
    shutil.copytree(SEEDS, tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    for name in ("ISISDOCS_CORPUS", "ISISDOCS_INDEX"):
        monkeypatch.delenv(name, raising=False)
    assert execute("isisdocs index -q", monkeypatch) == Outcome("", "", 0)
    return tmp_path / "seeds"


def said(message: str) -> str:
    return f"isisdocs: {message}\n"


def put(corpus: Path, name: str) -> None:
    (corpus / name).write_text("Report\n\nAljazeera writes about the harbour again.\n")


def test_small_change_is_indexed_before_the_search(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(corpus, "new.txt")

    first = execute(f"{QUERY} --sort path", monkeypatch)
    second = execute(f"{QUERY} --sort path", monkeypatch)

    assert first.stdout == f"{FOUND}seeds/new.txt\n"
    assert first.stderr.startswith(said("the articles have changed: bringing the index up to date"))
    assert second == Outcome(first.stdout, "", 0)


def test_no_refresh_does_not_look(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(corpus, "new.txt")

    assert execute(f"{QUERY} --no-refresh", monkeypatch) == Outcome(FOUND, "", 0)


def test_large_change_is_only_said(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "SMALL_BYTES", 10)
    put(corpus, "new.txt")
    (corpus / "001_4f3644e8517436fa.txt").unlink()

    assert execute(QUERY, monkeypatch) == Outcome(
        FOUND,
        said("2 changed files, too much to index first: `isisdocs index` does"),
        0,
    )


def test_folder_too_large_to_look_through_is_said(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "LOOK_SECONDS", -1)
    put(corpus, "new.txt")

    assert execute(QUERY, monkeypatch) == Outcome(
        FOUND, said("too many files to look for changes: `isisdocs index` does"), 0
    )


def test_touched_files_are_not_worth_a_word(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in corpus.iterdir():
        path.touch()

    done = execute(QUERY, monkeypatch)

    assert done.stdout == FOUND
    assert "changed" not in done.stderr


def test_corpus_that_is_away_leaves_the_index_searchable(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.rename(corpus.with_name("elsewhere"))

    assert execute(QUERY, monkeypatch) == Outcome(
        FOUND, said(f"there is no folder {corpus}: the index is searched as it was"), 0
    )


def test_index_that_another_process_writes_is_searched_as_it_was(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "LOCK_SECONDS", 0.0)
    put(corpus, "new.txt")

    with lock.held(Path("index"), seconds=0):
        done = execute(QUERY, monkeypatch)

    assert done.stdout == FOUND
    assert "another process is writing the index in index: process" in done.stderr
    assert "the index is searched as it was" in done.stderr


@pytest.mark.usefixtures("corpus")
def test_other_settings_build_anew_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("isisdocs.toml").write_text('[load]\ndrop = [".*Aljazeera"]\n')

    done = execute(QUERY, monkeypatch)

    assert (done.stdout, done.code) == ("", 1)
    assert done.stderr.startswith(
        said("the loader or its settings have changed: building the index anew")
    )
