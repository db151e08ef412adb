"""Who chooses the engine of an index, what changes with it, and what does not."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import copytree

import pytest

from isisdocs.cli import run
from isisdocs.engine.tantivy.store import TantivyEngine
from isisdocs.errors import IndexStoreError
from isisdocs.index import current
from isisdocs.index.update import update
from isisdocs.settings import Settings
from tests import crash

from .conftest import SEEDS


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return those of the seeds with an index made with Whoosh."""
    copytree(SEEDS, tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ISISDOCS_ENGINE", raising=False)
    made = Settings(corpus=Path("seeds"), index=Path("index"))
    update(made)
    return made


@pytest.fixture
def without_tantivy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the library one that cannot be imported."""
    for name in list(sys.modules):
        if name.startswith("isisdocs.engine.tantivy."):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tantivy", None)


def engine_of(settings: Settings) -> str:
    found = current.read(settings.index)
    assert found is not None
    return found.engine


def test_index_keeps_its_engine_whatever_is_done_to_it(settings: Settings) -> None:
    assert run(["index", "-q", "--engine", "tantivy"]) == 0
    (settings.corpus or Path()).joinpath("new.txt").write_text("Harbour\n\nShips in the harbour.\n")
    assert run(["index", "-q"]) == 0
    assert run(["index", "-q", "--rebuild"]) == 0

    assert engine_of(settings) == "tantivy"
    assert crash.ids(settings.index)[-1] == "new.txt"


def test_change_of_engine_says_why_and_leaves_nothing_behind(settings: Settings) -> None:
    before = crash.shape(settings.index)

    report = update(Settings(corpus=settings.corpus, index=settings.index, engine="tantivy"))
    with_tantivy = crash.ids(settings.index)
    back = update(Settings(corpus=settings.corpus, index=settings.index, engine="whoosh"))

    assert report.rebuilt_because == "the engine was whoosh"
    assert back.rebuilt_because == "the engine was tantivy"
    assert with_tantivy == crash.ids(settings.index)
    assert not (settings.index / "tantivy").exists()
    assert crash.shape(settings.index) == before


def test_old_engine_serves_until_the_new_index_is_whole(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> str:
        assert crash.ids(settings.index) == before
        raise OSError(28, "No space left on device")

    before = crash.ids(settings.index)
    monkeypatch.setattr(TantivyEngine, "commit", fail)

    with pytest.raises(IndexStoreError, match="No space left"):
        update(Settings(corpus=settings.corpus, index=settings.index, engine="tantivy"))

    assert engine_of(settings) == "whoosh"
    assert crash.ids(settings.index) == before
    assert not (settings.index / "tantivy").exists()


def test_settings_file_and_environment_name_the_engine(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("isisdocs.toml").write_text('engine = "tantivy"\n')
    assert run(["index", "-q"]) == 0
    assert engine_of(settings) == "tantivy"
    monkeypatch.setenv("ISISDOCS_ENGINE", "whoosh")
    assert run(["index", "-q"]) == 0
    assert engine_of(settings) == "whoosh"

    monkeypatch.setenv("ISISDOCS_ENGINE", "lucene")
    assert run(["search", "mosul"]) == 2
    monkeypatch.delenv("ISISDOCS_ENGINE")
    Path("isisdocs.toml").write_text('engine = "lucene"\n')
    assert run(["search", "mosul"]) == 2

    said = capsys.readouterr().err
    assert "ISISDOCS_ENGINE is 'lucene'\n" in said
    assert "isisdocs.toml: `engine` must be `whoosh` or `tantivy`\n" in said


def test_large_corpus_on_whoosh_is_told_of_tantivy_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = (
        "isisdocs: 5 articles are many for Whoosh; tantivy is faster:"
        " `pip install 'isisdocs[fast]'`, then `isisdocs index --engine tantivy`\n"
    )
    assert run(["index"]) == 0
    small = capsys.readouterr().err
    monkeypatch.setattr("isisdocs.index.outgrown.SERVED_WELL", 4)
    for silent in ("--quiet", "--json", "--dry-run"):
        assert run(["index", silent]) == 0
    kept_silent = capsys.readouterr().err
    for options in ([], ["--rebuild"], ["--engine", "tantivy"]):
        assert run(["index", *options]) == 0

    told = capsys.readouterr().err

    assert said not in small
    assert said not in kept_silent
    assert told.count(said) == 1
    assert told.index(said) < told.index("5 added")
    assert crash.ids(settings.index)


@pytest.mark.usefixtures("without_tantivy")
def test_without_the_extra_it_is_said_what_to_install(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["index", "-q", "--engine", "tantivy"]) == 2

    assert capsys.readouterr().err == (
        "isisdocs: the index in index needs the engine tantivy, which is not installed\n"
        "isisdocs: hint: install it: `pip install 'isisdocs[fast]'`\n"
    )
    assert engine_of(settings) == "whoosh"
    assert run(["search", "mosul", "-c"]) == 0


def test_index_made_with_tantivy_without_the_extra(
    settings: Settings, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    assert run(["index", "-q", "--engine", "tantivy"]) == 0
    request.getfixturevalue("without_tantivy")
    capsys.readouterr()

    assert run(["search", "mosul"]) == 2
    said = capsys.readouterr().err
    assert run(["doctor"]) == 1
    examined = capsys.readouterr().out
    assert run(["index", "-q", "--engine", "whoosh"]) == 0

    assert said == (
        "isisdocs: the index in index needs the engine tantivy, which is not installed\n"
        "isisdocs: hint: install it: `pip install 'isisdocs[fast]'`\n"
    )
    assert "needs the engine tantivy" in examined
    assert engine_of(settings) == "whoosh"
    assert not (settings.index / "tantivy").exists()


def test_error_of_the_library_is_told_as_the_systems_own(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Settings(corpus=settings.corpus, index=settings.index, engine="tantivy")

    def raising(message: str) -> object:
        def fail(*_: object, **__: object) -> str:
            raise ValueError(message)

        return fail

    monkeypatch.setattr("isisdocs.engine.tantivy.store.document", raising("(os error 28)"))
    with pytest.raises(IndexStoreError, match="No space left on device"):
        update(asked)
    monkeypatch.setattr("isisdocs.engine.tantivy.store.document", raising("what?\nthat"))
    with pytest.raises(IndexStoreError, match=r"^tantivy cannot write: what\?$"):
        update(asked)

    assert engine_of(settings) == "whoosh"
