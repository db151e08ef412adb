"""A flag beats the environment, which beats the file, which beats the default."""

from __future__ import annotations

from pathlib import Path

import pytest

from isisdocs import settings
from isisdocs.errors import SettingsError
from isisdocs.settings import LoadSettings, Settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ISISDOCS_CORPUS", raising=False)
    monkeypatch.delenv("ISISDOCS_INDEX", raising=False)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_nothing_said_means_the_defaults() -> None:
    assert settings.read() == Settings(corpus=None, index=Path("index"))


def test_each_source_beats_those_below_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "isisdocs.toml").write_text('corpus = "from-file"\nindex = "from-file"\n')
    of_file = settings.read()
    monkeypatch.setenv("ISISDOCS_CORPUS", "from-environment")
    monkeypatch.setenv("ISISDOCS_INDEX", "from-environment")
    of_environment = settings.read()

    of_flags = settings.read(Path("from-flag"), Path("from-flag"))

    assert (of_file.corpus, of_file.index) == (folder / "from-file", folder / "from-file")
    assert of_environment.corpus == of_environment.index == Path("from-environment")
    assert of_flags.corpus == of_flags.index == Path("from-flag")


def test_file_of_a_folder_above_holds_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "isisdocs.toml").write_text('corpus = "articles"\n')
    (folder / "deep" / "down").mkdir(parents=True)
    monkeypatch.chdir(folder / "deep" / "down")

    assert settings.read().corpus == folder / "articles"


def test_every_setting_of_the_file_is_read(folder: Path) -> None:
    (folder / "isisdocs.toml").write_text(
        """
        [load]
        encoding = "cp1252"
        threshold = 1
        keep = ["^By "]
        drop = ["^Share", "subscribe"]
        strip = false
        [encodings]
        "1998/*.txt" = "cp1250"
        "**/*.txt" = "latin-1"
        [synonyms]
        isis = ["isil", "islamic state"]
        """
    )

    found = settings.read()

    assert found.load == LoadSettings(
        "cp1252",
        1.0,
        ("^By ",),
        ("^Share", "subscribe"),
        strip=False,
        encodings=(("1998/*.txt", "cp1250"), ("**/*.txt", "latin-1")),
    )
    assert found.synonyms == {"isis": ("isil", "islamic state")}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("corpus = [", "cannot read HERE: Invalid value (at end of document)"),
        ("corpus = 3", "HERE: `corpus` must be a text"),
        ("load = 3", "HERE: `load` must be a table"),
        ("[load]\nencoding = 3", "HERE: `load.encoding` must be a text"),
        ("[load]\nencoding = ''", "HERE: `load.encoding` must be an encoding"),
        ("encodings = 'cp1250'", "HERE: `encodings` must be a table"),
        ("[encodings]\n'*.txt' = 1250", "HERE: `encodings.*.txt` must be a text"),
        ("[encodings]\n'*.txt' = 'hex'", "HERE: `encodings.*.txt` must be an encoding"),
        ("[load]\nthreshold = 1.5", "HERE: `load.threshold` must be a number from 0 to 1"),
        ("[load]\nthreshold = true", "HERE: `load.threshold` must be a number from 0 to 1"),
        ("[load]\nstrip = 1", "HERE: `load.strip` must be true or false"),
        ("[load]\nkeep = 'x'", "HERE: `load.keep` must be a list of texts"),
        (
            "[load]\ndrop = ['(']",
            (
                "HERE: `load.drop` must be a list of regular expressions"
                " (missing ), unterminated subpattern at position 0)"
            ),
        ),
        ("[synonyms]\nisis = 'isil'", "HERE: `synonyms.isis` must be a list of texts"),
        ("colour = true", "HERE: `colour` is not a setting"),
        ("[load]\nkeeep = []", "HERE: `load.keeep` is not a setting"),
    ],
)
def test_wrong_settings_say_what_they_must_be(folder: Path, content: str, message: str) -> None:
    path = folder / "isisdocs.toml"
    path.write_text(content)

    with pytest.raises(SettingsError) as raised:
        settings.read()

    assert raised.value.message.replace(str(path), "HERE") == message


def test_settings_that_are_no_utf8_are_refused(folder: Path) -> None:
    (folder / "isisdocs.toml").write_bytes(b'corpus = "caf\xe9"')

    with pytest.raises(SettingsError, match="cannot read"):
        settings.read()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("cp12500", "`cp1250` is one"),
        ("klingon", "such as `utf-8`, `cp1252` or `mac-roman`"),
        ("utf-8\\u0000", "`utf-8` is one"),
    ],
)
def test_wrong_encoding_says_which_may_be_meant(folder: Path, name: str, hint: str) -> None:
    (folder / "isisdocs.toml").write_text(f'[encodings]\n"*" = "{name}"')

    with pytest.raises(SettingsError) as raised:
        settings.read()

    assert raised.value.hint == hint
