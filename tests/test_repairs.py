"""Decisions about repairs: stored where a reader can read them, found again, and obeyed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isisdocs import settings, sidecar
from isisdocs.errors import SettingsError
from isisdocs.index.freshness import fingerprint
from isisdocs.load import corpus
from isisdocs.load.repair import Decision, place, repair
from isisdocs.model import Repair
from isisdocs.settings import LoadSettings
from isisdocs.sidecar import Decided
from tests import sessions

from .test_main import workplace

__all__ = ["workplace"]

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
LINE = "Everyone in the whole town knew that Iraq?s army had fled the night before, and why it had."


def around(text: str, word: str, reading: str, *, is_accepted: bool = True) -> Decided:
    """Return a decision about the first place of a word in a line."""
    start = text.index(word)
    end = start + len(word)
    left, right = text[max(0, start - sidecar.AROUND) : start], text[end : end + sidecar.AROUND]
    return Decided(left, word, right, reading, is_accepted)


@given(path=TEXTS, texts=st.tuples(TEXTS, TEXTS, TEXTS, TEXTS), is_accepted=st.booleans())
def test_decision_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    path: str,
    texts: tuple[str, str, str, str],
    is_accepted: bool,
) -> None:
    left, before, right, reading = texts
    decided = Decided(left, before or "?", right, reading, is_accepted)
    file = tmp_path_factory.mktemp("sidecar") / "repairs.toml"

    file.write_text(sidecar.HEADER + sidecar.as_toml(path, decided), encoding="utf-8", newline="")

    assert sidecar.can_be_written((path, *decided.texts))
    assert sidecar.read(file) == {path: (decided,)}


def test_last_decision_about_a_place_holds(tmp_path: Path) -> None:
    first = around(LINE, "Iraq?s", "Iraq’s")
    last = around(LINE, "Iraq?s", "Iraq’s", is_accepted=False)
    other = around(LINE, "fled", "fled")
    file = tmp_path / "repairs.toml"
    written = (("b.txt", first), ("b.txt", other), ("a.txt", first), ("b.txt", last))
    file.write_text("".join(sidecar.as_toml(*one) for one in written), encoding="utf-8")

    assert list(sidecar.read(file).items()) == [("a.txt", (first,)), ("b.txt", (last, other))]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("decision = ", "cannot read HERE: Invalid value (at end of document)"),
        ("decision = 3", "HERE must hold nothing but [[decision]] tables"),
        ("[other]", "HERE must hold nothing but [[decision]] tables"),
        ("decision = [3]", "HERE: decision 1 must be a table of texts"),
        ("[[decision]]\npath = 3", "HERE: decision 1 must be a table of texts"),
        ("[[decision]]\npath = 'a'", "HERE: decision 1 lacks `before`"),
        (
            "[[decision]]\npath = 'a'\nleft = ''\nbefore = ''\nright = ''\naccept = ''",
            "HERE: decision 1 lacks `before`",
        ),
        (
            "[[decision]]\npath = 'a'\nleft = ''\nbefore = '?'\nright = ''",
            "HERE: decision 1 must have either `accept` or `reject`",
        ),
        (
            "[[decision]]\npath = 'a'\nleft = ''\nbefore = '?'\nright = ''\naccpt = ''",
            "HERE: decision 1 must have either `accept` or `reject`",
        ),
    ],
)
def test_wrong_file_says_what_it_must_be(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "repairs.toml"
    path.write_text(content)

    with pytest.raises(SettingsError) as raised:
        sidecar.read(path)

    assert raised.value.message.replace(str(path), "HERE") == message
    assert raised.value.hint


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (LINE, [(1, 38)]),
        (f"A new title\n\n{LINE}\n\nand more.", [(3, 38)]),
        (f"It is said that: {LINE} So it is.", [(1, 55)]),
        (f"{LINE}\n{LINE}", [(1, 38), (2, 38)]),
        (LINE.replace("Iraq?s", "Iraq’s"), []),
        (LINE.replace("army", "troops"), []),
        ("", []),
    ],
    ids=["as-it-was", "lines-around", "same-line", "twice", "mended", "edited-beside", "gone"],
)
def test_decision_outlives_edits_elsewhere(text: str, found: list[tuple[int, int]]) -> None:
    decided = around(LINE, "Iraq?s", "Iraq’s")

    placed = place(text, [decided])

    assert placed == [Decision(line, column, "Iraq?s", "Iraq’s") for line, column in found]


def test_short_context_holds_at_the_borders_of_a_line_only() -> None:
    decided = [Decided("", "?", "", "–", is_accepted=True)]

    assert place("? ?\n?\nWhy?", decided) == [Decision(2, 1, "?", "–")]


def test_overlapping_decisions_are_obeyed_by_the_later_one() -> None:
    decisions = [Decision(1, 1, "a?b", "1"), Decision(1, 3, "b c", "2"), Decision(1, 7, "d", "3")]

    assert repair("a?b c d", decisions=decisions).text == "a?2 3"


def test_article_is_built_by_its_decisions() -> None:
    text = f"{LINE}\n\nIt didn?t help the caf? that the town?s mayor had gone as well, they say."
    second = text.split("\n")[-1]
    decisions = (
        around(LINE, "Iraq?s", "Iraq’s", is_accepted=False),
        around(second, "caf?", "café"),
    )

    built = corpus.article("a.txt", text.encode(), LoadSettings(decisions={"a.txt": decisions}))
    other = corpus.article("b.txt", text.encode(), LoadSettings(decisions={"a.txt": decisions}))

    assert [paragraph.text for paragraph in built.paragraphs] == [
        LINE,
        "It didn’t help the café that the town’s mayor had gone as well, they say.",
    ]
    assert Repair(3, 20, "caf?", "café", "decision", 1.0) in built.repairs
    assert built.repairs != other.repairs


def test_mojibake_can_be_rejected() -> None:
    line = "The band is called TomÃ¡Å¡ and the fanâ€™s club is what it is called on the street."
    decided = around(line, "TomÃ¡Å¡", "Tomáš", is_accepted=False)

    built = corpus.article("a.txt", line.encode(), LoadSettings(decisions={"a.txt": (decided,)}))

    assert built.paragraphs[0].text == line.replace("â€™", "’")
    assert [(one.column, one.rule) for one in built.repairs] == [(39, "mojibake")]


def test_decisions_are_part_of_the_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = fingerprint(settings.read().load)
    decided = around(LINE, "Iraq?s", "Iraq’s")
    Path("repairs.toml").write_text(sidecar.as_toml("a.txt", decided), encoding="utf-8")

    read = settings.read().load

    assert read == LoadSettings(decisions={"a.txt": (decided,)})
    assert fingerprint(read) != before


def test_decisions_are_beside_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "isisdocs.toml").write_text("")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")

    assert settings.read().decisions_path == tmp_path / "repairs.toml"


@pytest.mark.usefixtures("workplace")
def test_interrupted_review_keeps_what_was_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(io.StringIO):
        def readline(self, *_: object) -> str:
            if line := super().readline():
                return line
            raise KeyboardInterrupt

    real = sessions.io.TextIOWrapper
    monkeypatch.setattr(
        sessions.io,
        "TextIOWrapper",
        lambda raw, **options: (
            Interrupted(raw.getvalue().decode()) if raw.getvalue() else real(raw, **options)
        ),
    )
    outcome = sessions.execute("printf 'a\\nr\\n' | isisdocs repairs review", monkeypatch)

    (decisions,) = sidecar.read(Path("repairs.toml")).values()
    assert outcome.code == 130
    assert [decided.is_accepted for decided in decisions] == [True, False]
    assert outcome.stderr.endswith(
        "isisdocs: 2 decisions added to repairs.toml; the next search builds by them\n"
    )


def test_review_adds_to_what_a_reader_wrote(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = "# mine\n" + sidecar.as_toml("gone.txt", around(LINE, "Iraq?s", "Iraq’s"))
    (workplace / "repairs.toml").write_text(own, encoding="utf-8")

    sessions.execute("printf 'a\\n' | isisdocs repairs review", monkeypatch)

    content = (workplace / "repairs.toml").read_text(encoding="utf-8")
    assert content.startswith(own)
    assert content.count("[[decision]]") == 2


def test_decisions_never_go_into_the_corpus(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workplace / "seeds")
    command = "isisdocs repairs review --corpus . --index ../index"

    outcome = sessions.execute(f"printf 'a\\n' | {command}", monkeypatch)

    assert (outcome.code, outcome.stderr.splitlines()[-2:]) == (
        2,
        [
            "isisdocs: repairs.toml would be in the corpus, which is never written to",
            "isisdocs: hint: put an `isisdocs.toml` into the folder above, and run it from there",
        ],
    )
    assert not Path("repairs.toml").exists()


def test_same_damage_in_the_same_words_is_asked_about_once(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workplace / "articles").mkdir()
    line = "It didn?t help the people of the town that the fa?ade of the hall had fallen."
    (workplace / "articles" / "a.txt").write_text(f"{line}\n\n{line}\n")

    outcome = sessions.execute(
        "printf 'a\\na\\na\\na\\n' | isisdocs repairs review --corpus articles", monkeypatch
    )

    assert [line.split()[0] for line in outcome.stdout.splitlines()] == ["articles/a.txt:1:50"]


def test_repairs_of_a_record_are_those_of_its_line(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workplace / "articles").mkdir()
    text = f"A title\n\n{LINE}\n\nIt didn?t help the people of the town at all, they say."
    records = [{"text": "Nothing is wrong here, and nothing ever was."}, {"text": text}]
    (workplace / "articles" / "a.jsonl").write_text("\n".join(map(json.dumps, records)))

    shown = sessions.execute("isisdocs show a.jsonl#2 --repairs --corpus articles", monkeypatch)
    raw = sessions.execute("isisdocs show a.jsonl#2 --raw --corpus articles", monkeypatch)
    sessions.execute("printf 'r\\nr\\n' | isisdocs repairs review --below 1", monkeypatch)
    left = sessions.execute("isisdocs repairs list", monkeypatch)

    at = "articles/a.jsonl:2:"
    iraq = (
        f"{at}{text.index('?s') + 1}  apostrophe 100%  one in the whole town knew that "
        "[-Iraq?s-]{+Iraq’s+} army had fled the night before,"
    )
    didnt = (
        f"{at}{text.index('?t') + 1}  apostrophe 100%  ght before, and why it had.␊␊It "
        "[-didn?t-]{+didn’t+} help the people of the town at "
    )
    assert shown.stdout.splitlines() == [iraq, didnt]
    assert json.loads(raw.stdout.splitlines()[1]) == records[1]
    assert (left.code, left.stdout) == (1, "")


def test_what_no_file_can_hold_is_not_asked_about() -> None:
    assert not sidecar.can_be_written(["fine", "half \ud83d"])
