"""Every search notices changed articles, and nothing of that keeps it from searching."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from isisdocs.cli import session
from isisdocs.index import freshness, lock
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
    for record in Path("index").glob("folders-*"):
        record.unlink()
    put(corpus, "new.txt")

    assert execute(QUERY, monkeypatch) == Outcome(
        FOUND, said("too many files to look for changes: `isisdocs index` does"), 0
    )


@pytest.fixture
def large(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the corpus, which counts as one of too many files to look at each."""
    # What has changed just before an index was made is looked at again.
    for folder in (corpus, *corpus.iterdir()):
        os.utime(folder, (1_000_000_000, 1_000_000_000.5))
    assert execute("isisdocs index -q --rebuild", monkeypatch).code == 0
    monkeypatch.setattr(freshness, "MOST_LOOKED_AT", 3)
    return corpus


@pytest.mark.usefixtures("large")
def test_of_a_large_corpus_only_folders_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness.folder, "scan", None)

    assert execute(QUERY, monkeypatch) == Outcome(FOUND, "", 0)


@pytest.mark.parametrize("where", ["new.txt", "inner/new.txt"])
def test_a_new_file_of_a_large_corpus_is_noticed(
    large: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (large / where).parent.mkdir(exist_ok=True)
    put(large, where)

    assert execute(f"{QUERY} --sort path", monkeypatch).stdout == f"{FOUND}seeds/{where}\n"
    assert execute(f"{QUERY} --sort path", monkeypatch).stderr == ""


def test_a_removed_file_of_a_large_corpus_is_noticed(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (large / Path(FOUND.strip()).name).unlink()

    assert execute(QUERY, monkeypatch).code == 1


def test_what_is_no_article_does_not_outdate_a_large_corpus(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (large / ".004.txt.swp").write_text("an editor's")
    monkeypatch.setattr(session, "_apply_changes", None)

    assert execute(QUERY, monkeypatch) == Outcome(FOUND, "", 0)


@pytest.mark.usefixtures("large")
def test_a_file_shown_that_was_written_into_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path(FOUND.strip()).open("a") as file:
        file.write("Another line.\n")

    shown = execute("isisdocs search aljazeera", monkeypatch)
    others = execute("isisdocs search caliphate", monkeypatch)

    assert shown.stderr == said(
        "1 of the files shown has changed since the index was made: "
        "`isisdocs index` brings it up to date"
    )
    assert others.stderr == ""


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
