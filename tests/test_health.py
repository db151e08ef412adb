"""`isisdocs doctor` says what is wrong, of the index as a whole and article by article."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from isisdocs.index.health import RecurringLine, examine
from isisdocs.index.update import update
from isisdocs.model import Skipped
from isisdocs.settings import LoadSettings, Settings
from tests import sessions

from .test_evidence import FURNITURE, folder, page, prose
from .test_main import workplace

__all__ = ["folder", "workplace"]


@pytest.fixture
def settings(folder: Path, tmp_path: Path) -> Settings:
    made = Settings(folder, tmp_path / "index")
    update(made)
    return made


def test_sound_index_has_no_problem_and_all_findings(settings: Settings) -> None:
    health = examine(settings)
    found = health.findings

    assert (health.problem, health.hint, health.corpus) == ("", "", settings.corpus)
    assert health.changes is not None
    assert health.changes.are_none
    assert health.skipped == (
        Skipped("f.pdf", ".pdf is not a kind it reads"),
        Skipped("g.txt", "binary, not text"),
    )
    assert found.recurring == (RecurringLine(FURNITURE, 3, 4, 0),)
    assert found.copies == (("a.txt", "b.txt"),)
    assert found.untitled == ()
    assert [article.id for article in found.undated] == [f"{name}.txt" for name in "abcde"]
    assert [(one.article.id, one.repaired, one.left) for one in found.damaged] == [("e.txt", 4, 0)]
    assert found.undecoded == ()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param(
            lambda s: (s.corpus / "new.txt").write_text("New\n\nA new story.\n"),
            "the index is stale: the folder has changed",
            id="stale",
        ),
        pytest.param(
            lambda s: (s.index / "current.json").unlink(), "there is no index in", id="missing"
        ),
        pytest.param(
            lambda s: (s.index / "current.json").write_text("{"), "is damaged", id="damaged"
        ),
        pytest.param(
            lambda s: (s.index / "evidence-1.json").unlink(), "is damaged", id="no-evidence"
        ),
        pytest.param(
            lambda s: (s.index / "copies-1.json").write_text("{"), "is damaged", id="bad-copies"
        ),
        pytest.param(
            lambda s: s.corpus.rename(s.corpus.with_name("away")),
            "there is no folder",
            id="no-corpus",
        ),
    ],
)
def test_what_is_wrong_with_the_whole_is_said(
    change: Any, problem: str, settings: Settings
) -> None:
    change(settings)

    health = examine(settings)

    assert problem in health.problem
    assert health.hint


def test_other_settings_and_another_corpus_are_said(settings: Settings, tmp_path: Path) -> None:
    other = Settings(settings.corpus, settings.index, LoadSettings(drop=("x",)))
    elsewhere = Settings(tmp_path / "elsewhere", settings.index)

    assert examine(other).problem == "the index is stale: the loader or its settings have changed"
    assert examine(elsewhere).problem == (
        f"the index in {settings.index} is of {settings.corpus}, not of {tmp_path / 'elsewhere'}"
    )
    assert examine(Settings(None, settings.index)).problem == ""


def test_unsure_undecoded_untitled_and_unmended_articles_are_found(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    # Nothing is sure enough to be mended.
    wary = LoadSettings(encoding="ascii", threshold=1.0)
    (corpus / "a.txt").write_text(
        "An owl in the mill\n\nIt didn?t stop and it can?t stop, he said in Zem?nov.\n"
    )
    (corpus / "b.txt").write_bytes(
        b"An owl in the tower\n\nA caf\xe9 stood beside it for many long years.\n"
    )
    (corpus / "c.txt").write_text("A sentence stands here alone, and it is not a title at all.\n")
    careful = Settings(corpus, tmp_path / "careful", wary)
    bold = Settings(corpus, tmp_path / "bold", LoadSettings(threshold=0.0))
    update(careful)
    update(bold)

    left = examine(careful).findings
    mended = examine(bold).findings

    assert [(d.article.id, d.repaired, d.left) for d in left.damaged] == [
        ("a.txt", 0, 3),
        ("b.txt", 0, 1),
    ]
    assert [article.id for article in left.undecoded] == ["b.txt"]
    assert [article.id for article in left.untitled] == ["c.txt"]
    assert left.unsure == ()
    assert [(d.article.id, d.repaired, d.left) for d in mended.damaged] == [("a.txt", 3, 0)]
    assert [(a.id, r.line, r.after, r.rule) for a, r in mended.unsure] == [
        ("a.txt", 3, "á", "accent")
    ]


def test_uncertain_repairs_and_undecoded_articles_are_shown(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = workplace / "few"
    folder.mkdir()
    (folder / "a.txt").write_text("An owl in the mill\n\nIt didn?t stop and sat in Zem?nov.\n")
    (folder / "b.txt").write_text(
        "An owl in the tower\n\nThey said b\ufffdb\ufffdb\ufffdk at noon.\n"
    )
    (workplace / "isisdocs.toml").write_text('corpus = "few"\n[load]\nthreshold = 0.4\n')
    sessions.execute("isisdocs index -q", monkeypatch)

    shown = sessions.execute("isisdocs doctor", monkeypatch).stdout

    assert re.sub(r"accent \d+%", "accent N%", shown).splitlines()[3:9] == [
        "not all decoded: 1",
        "    few/b.txt: read as utf-8, which has not all of its bytes",
        "damaged articles: 2",
        "    few/a.txt: 2 lost characters brought back, 0 left",
        "    few/b.txt: 0 lost characters brought back, 3 left",
        "uncertain repairs: 1",
    ]
    assert "    few/a.txt:3:30: accent N%, `?` to `á`" in re.sub(r"\d+%", "N%", shown)


def test_findings_are_shown_up_to_a_limit(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = workplace / "many"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.txt").write_text(page(f"The harbour in winter {number}", prose(1)))
    (folder / "note.doc").write_text("x")
    monkeypatch.setenv("ISISDOCS_CORPUS", "many")
    sessions.execute("isisdocs index -q", monkeypatch)
    (folder / "00.txt").unlink()
    (folder / "12.txt").write_text("The last\n\nHe said that it can?t and won?t go on.\n")
    (folder / "01.txt").write_text("The first\n\nIt was changed.\n")

    shown = sessions.execute("isisdocs doctor", monkeypatch)
    data = json.loads(sessions.execute("isisdocs doctor --json", monkeypatch).stdout)

    assert shown.code == 1
    assert shown.stdout == (
        "many: 12 articles; whoosh, state 1\n"
        "the index is stale: the folder has changed\n"
        "hint: the next search or `isisdocs index` brings it up to date\n"
        "files added since: 1\n    many/12.txt\n"
        "files changed since: 1\n    many/01.txt\n"
        "files removed since: 1\n    many/00.txt\n"
        "skipped: 1\n    many/note.doc: .doc is not a kind it reads\n"
        "not all decoded: none\n"
        "damaged articles: none\n"
        "uncertain repairs: none\n"
        "groups of near-copies: 1\n    "
        + ", ".join(f"{number:02}.txt" for number in range(12))
        + "\n"
        "lines that recur: none\n"
        "articles without a title: none\n"
        "articles without a date: 12\n"
        + "".join(f"    many/{number:02}.txt\n" for number in range(10))
        + "    … and 2 more; --json lists them\n"
    )
    assert data["changes"] == {"added": ["12.txt"], "changed": ["01.txt"], "removed": ["00.txt"]}
    assert len(data["undated"]) == 12
