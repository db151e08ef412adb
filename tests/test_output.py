"""What is written is safe, whole and the same everywhere."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console as RichConsole

from isisdocs.errors import OutputError
from isisdocs.model import (
    Article,
    Hit,
    Metadata,
    Paragraph,
    Passage,
    Repair,
    Results,
    Snippet,
    Span,
)
from isisdocs.output import dates, entries, structured, terminal
from isisdocs.output.console import theme
from isisdocs.output.diff import WordDiff, word_diffs
from isisdocs.output.export import Provenance, markdown
from isisdocs.output.files import written_atomically
from isisdocs.output.location import Location
from isisdocs.output.visible import visible, visible_line


def made_article(**fields: object) -> Article:
    metadata = Metadata(
        title="A *starred* title",
        authors=("Ada Okafor", "Ben Ruiz"),
        date="2014-06-24",
        outlet="The Paper",
    )
    whole = {
        "id": "a.txt",
        "metadata": metadata,
        "title_line": 1,
        "paragraphs": (Paragraph(3, "First."), Paragraph(5, "Second.")),
        "repairs": (),
        "cuts": (),
        "encoding": "utf-8",
        "sha256": "0" * 64,
    }
    return Article(**(whole | fields))  # type: ignore[arg-type]  # a test's own fields


@pytest.mark.parametrize(
    ("unsafe", "shown"),
    [
        ("plain", "plain"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\x1b[31mred\x1b]8;;x\x07", "␛[31mred␛]8;;x␇"),
        ("\x00\x7f\x9b1m", "␀␡�1m"),
        ("abc\u202egnp.exe", "abc�gnp.exe"),
        ("half \ud800 a pair", "half � a pair"),
    ],
)
def test_unsafe_characters_are_shown_as_symbols(unsafe: str, shown: str) -> None:
    assert visible(unsafe) == shown


@given(st.text())
def test_visible_text_has_as_many_characters_and_no_control(text: str) -> None:
    shown = visible_line(text)

    assert len(shown) == len(text)
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in shown)
    assert shown.encode("utf-8").decode("utf-8") == shown


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2014-06-24", "24 June 2014"),
        ("2015-05", "May 2015"),
        ("2015", "2015"),
        (None, ""),
        ("2015-13", "2015-13"),
        ("last week", "last week"),
    ],
)
def test_dates_are_as_precise_as_they_are_known(date: str | None, words: str) -> None:
    assert dates.in_words(date) == words


def test_paths_are_relative_to_here_where_they_lie_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    below, elsewhere = Location(Path("corpus")), Location(tmp_path.parent / "other")

    assert below.of(made_article(), 7) == "corpus/a.txt:7"
    assert below.path(made_article(id="deep/b.jsonl#12")) == "corpus/deep/b.jsonl"
    assert below.path(made_article(id="B.JSONL#3")) == "corpus/B.JSONL"
    assert below.of(made_article(id="two\nlines.txt"), 1) == "corpus/two␊lines.txt:1"
    assert elsewhere.path(made_article()) == f"{tmp_path.parent}/other/a.txt"


def test_file_is_replaced_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.md"
    path.write_text("old")

    with pytest.raises(ZeroDivisionError), written_atomically(path) as stream:
        stream.write("half of the n")
        raise ZeroDivisionError

    kept = path.read_text()
    with written_atomically(path) as stream:
        stream.write("new\n")

    assert kept == "old"
    assert path.read_bytes() == b"new\n"
    assert list(tmp_path.iterdir()) == [path]


def test_file_behind_a_link_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "target.md").write_text("old")
    (tmp_path / "link.md").symlink_to("target.md")

    with written_atomically(tmp_path / "link.md") as stream:
        stream.write("new")

    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "target.md").read_text() == "new"


def test_device_is_written_directly() -> None:
    with written_atomically(Path(os.devnull)) as stream:
        stream.write("gone")

    assert not Path(os.devnull).is_file()


def test_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match="No such file or directory"),
        written_atomically(tmp_path / "missing" / "out.md"),
    ):
        pass


def test_json_survives_half_of_a_surrogate_pair() -> None:
    stream = io.StringIO()

    structured.write(stream, {"text": "half \ud800 a pair\n", "more": ["\udfff", 1, None]})

    assert json.loads(stream.getvalue()) == {"text": "half ? a pair\n", "more": ["?", 1, None]}


def test_whole_article_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = made_article(repairs=(Repair(3, 2, "?", "’", "apostrophe", 0.98765),))

    fields = structured.whole(shown, Location(Path("corpus")))

    assert fields == {
        "format_version": 1,
        "id": "a.txt",
        "path": "corpus/a.txt",
        "title": "A *starred* title",
        "authors": ["Ada Okafor", "Ben Ruiz"],
        "date": "2014-06-24",
        "source": "The Paper",
        "issue": None,
        "url": None,
        "encoding": "utf-8",
        "sha256": "0" * 64,
        "text": "A *starred* title\n\nFirst.\n\nSecond.",
        "paragraphs": [{"line": 3, "text": "First."}, {"line": 5, "text": "Second."}],
        "repairs": [
            {
                "line": 3,
                "column": 2,
                "before": "?",
                "after": "’",
                "rule": "apostrophe",
                "confidence": 0.9877,
            }
        ],
        "cuts": [],
    }


def test_markdown_export_cannot_be_broken_by_what_it_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "# no <b>head</b>, no [link](x)\n1. no `list` & *no* _emphasis_"
    passage = Passage(text, (Span(2, 4), Span(14, 16)), 3, 0, 0, 0, len(text))
    stream = io.StringIO()
    provenance = Provenance("a|b", "2026-01-01T00:00:00Z", Location(Path("corpus")))

    count = markdown.write(stream, [(made_article(), (passage,)), (made_article(), ())], provenance)

    assert count == 1
    assert stream.getvalue() == (
        "# Passages for a\\|b\n\n2026-01-01T00:00:00Z\n\n"
        "## A \\*starred\\* title\n\nAda Okafor, Ben Ruiz, 24 June 2014, The Paper\n\n"
        "> \\# **no** \\<b\\>head\\</**b\\>**, no \\[link\\](x)\n"
        "> 1\u2060. no \\`list\\` \\& \\*no\\* \\_emphasis\\_\n>\n"
        "> — `corpus/a.txt:3`\n"
    )


def test_repairs_are_shown_by_words() -> None:
    lines = ["It?s Tom?? who", "", "left us", "", "and went.", "end"]
    made = [
        Repair(1, 3, "?", "’", "apostrophe", 0.99),
        Repair(1, 9, "?", "á", "accent", 0.9),
        Repair(1, 10, "?", "š", "accent", 0.9),
        Repair(1, 11, " ", "\u00a0", "space", 1.0),
        Repair(3, 8, "\n\n", " ", "broken-paragraph", 0.9),
        Repair(6, 40, "?", "!", "lost", 0.5),
        Repair(99, 1, "?", "!", "lost", 0.5),
    ]

    diffs = list(word_diffs(lines, made))

    assert diffs == [
        WordDiff((made[0],), "", "It?s", "It’s", " Tom?? who"),
        WordDiff((made[1], made[2]), "It?s ", "Tom??", "Tomáš", " who"),
        WordDiff((made[3],), "It?s Tom??", " ", "\u00a0", "who"),
        WordDiff((made[4],), "left us", "\n\n", " ", "and went."),
        WordDiff((made[5],), "", "?", "!", ""),
        WordDiff((made[6],), "", "?", "!", ""),
    ]


texts = st.text(st.characters(exclude_characters="\t", exclude_categories=("Cs",)), max_size=200)
hits = st.builds(
    lambda title, snippets, copies, issue: Hit(
        made_article(metadata=Metadata(title=title, issue=issue)),
        1.0,
        (Span(0, min(2, len(title))),),
        tuple(Snippet(text, (Span(0, min(3, len(text))),), line) for line, text in snippets),
        ("b.txt",) * copies,
    ),
    texts.map(str.strip),
    st.lists(st.tuples(st.integers(1, 9), texts.map(str.strip).filter(bool)), max_size=3),
    st.integers(0, 2),
    st.one_of(st.none(), st.just("12")),
)


@given(st.lists(hits, max_size=3))
def test_page_of_results_reads_the_same_with_rich_and_without(found: list[Hit]) -> None:
    results = Results("x", "x", len(found), 0, tuple(found), ())
    shown = list(entries.lines(results, Location(Path("corpus"))))
    plain, drawn = io.StringIO(), io.StringIO()
    console = RichConsole(
        file=drawn, theme=theme(), width=80, markup=False, highlight=False, emoji=False
    )

    entries.write(plain, shown)
    terminal.lines(console, shown)

    assert plain.getvalue() == drawn.getvalue()
