"""What `isisdocs.toml` says about the encodings of files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from isisdocs.index.freshness import fingerprint
from isisdocs.load import corpus
from isisdocs.load.overrides import encoding_of
from isisdocs.model import Article
from isisdocs.settings import LoadSettings
from tests import sessions

from .test_main import workplace

__all__ = ["workplace"]

LINE = "Žižek’s lecture in Łódź was the only one that anybody in the whole city remembered."


@pytest.mark.parametrize(
    ("glob", "matched"),
    [
        ("a.txt", ["a.txt"]),
        ("*.txt", ["a.txt"]),
        ("**/*.txt", ["a.txt", "1998/b.txt", "1998/may/c.txt"]),
        ("1998/*", ["1998/b.txt"]),
        ("1998/**", ["1998/b.txt", "1998/may/c.txt"]),
        ("1998/**/c.txt", ["1998/may/c.txt"]),
        ("199?/?.txt", ["1998/b.txt"]),
        ("[a].md", ["[a].md"]),
        ("txt", []),
    ],
)
def test_glob_matches_paths_inside_the_corpus(glob: str, matched: list[str]) -> None:
    settings = LoadSettings(encodings=((glob, "cp1250"),))
    paths = ["a.txt", "1998/b.txt", "1998/may/c.txt", "[a].md"]

    found = [path for path in paths if encoding_of(path, settings)]

    assert found == matched


def test_first_glob_holds() -> None:
    settings = LoadSettings(encodings=(("b*", "cp1250"), ("*", "cp1251")))

    assert [encoding_of(path, settings) for path in ("a", "b", "c/b")] == ["cp1251", "cp1250", None]


def test_encodings_are_part_of_the_fingerprint() -> None:
    given = LoadSettings(encodings=(("*", "cp1250"),))

    assert fingerprint(given) != fingerprint(LoadSettings())


def test_file_is_read_as_its_glob_says(tmp_path: Path) -> None:
    (tmp_path / "1998").mkdir()
    (tmp_path / "1998" / "a.txt").write_bytes(LINE.encode("cp1250"))
    (tmp_path / "b.txt").write_bytes(LINE.encode("utf-8"))
    settings = LoadSettings(encodings=(("1998/*", "cp1250"),))

    articles = [corpus.load(tmp_path, path, settings)[0] for path in ("1998/a.txt", "b.txt")]

    assert [
        (article.encoding, article.paragraphs[0].text)
        for article in articles
        if isinstance(article, Article)
    ] == [("cp1250", LINE), ("utf-8", LINE)]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (LINE.encode("cp1250"), "cp1250"),
        (LINE.encode(), "utf-8"),
        (LINE.encode("utf-8-sig"), "utf-8"),
        (LINE.encode("utf-16"), "utf-16-le"),
        (f'<meta charset="iso-8859-2"> {LINE}'.replace("’", "").encode("iso8859-2"), "iso8859-2"),
    ],
    ids=["cp1250", "utf-8", "utf-8-sig", "utf-16", "declared"],
)
def test_encoding_of_the_corpus_is_for_what_does_not_say(data: bytes, encoding: str) -> None:
    assert corpus.article("a.txt", data, LoadSettings(encoding="cp1250")).encoding == encoding


def test_clean_knows_the_encodings_of_the_corpus(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workplace / "isisdocs.toml").write_text('[encodings]\n"old/*" = "cp1250"\n')
    (workplace / "seeds" / "old").mkdir()
    (workplace / "seeds" / "old" / "a.txt").write_bytes(LINE.encode("cp1250"))
    (workplace / "elsewhere.txt").write_text(LINE)

    outcome = sessions.execute("isisdocs clean --json seeds/old/a.txt elsewhere.txt", monkeypatch)

    assert [
        (fields["id"], fields["encoding"], fields["text"])
        for fields in map(json.loads, outcome.stdout.splitlines())
    ] == [("seeds/old/a.txt", "cp1250", LINE), ("elsewhere.txt", "utf-8", LINE)]


@pytest.mark.usefixtures("workplace")
def test_wrong_encoding_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("isisdocs.toml").write_text('[encodings]\n"*" = "cp12500"\n')

    outcome = sessions.execute("isisdocs search mosul", monkeypatch)

    assert (outcome.code, outcome.stderr.splitlines()) == (
        2,
        [
            f"isisdocs: {Path.cwd()}/isisdocs.toml: `encodings.*` must be an encoding",
            "isisdocs: hint: `cp1250` is one",
        ],
    )
