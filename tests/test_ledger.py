"""The ledger of a whole article leads back to its file, character by character."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from isisdocs.load import corpus, decode
from isisdocs.load.ledger import apply_edits, as_edits, undo
from isisdocs.model import Article, Repair
from isisdocs.settings import LoadSettings
from tests import sessions

from .conftest import SEEDS
from .test_main import workplace

__all__ = ["workplace"]

SETTINGS = LoadSettings()

PIECES = st.sampled_from(
    [
        *("Iraq?s", "didn?t", "?quoted?", "caf?", "Why?", "word?word", "D??ish", "2004?06"),
        *("Iraqâ€™s", "TomÃ¡Å¡", "fanâ€™s?", "â€œSo?", "Ã©tÃ©?s", "naÃ¯ve", "\ufffd", "don\ufffdt"),
        *("&amp;", "&rsquo;s", r"\$8", "a\xa0b", "soft\xadhyphen", "ﬁnd", "\x1b", "don’t", "“so”"),
        *("the", "army", "of", "said", "it was", "they had been", "in the town of", "Tomáš", "é"),
        *("—", "-", "the har-", "bour", "*it*", "Read more", "Share", "(so)", "end."),
    ]
)
LINES = st.lists(PIECES, max_size=14).map(" ".join)
FRAMED = st.tuples(
    st.sampled_from(["", "", " ", "\xa0", "    "]), LINES, st.sampled_from(["", "", " ", "\xa0"])
)
PAGES = st.lists(FRAMED.map("".join) | st.sampled_from(["", "", " "]), min_size=1, max_size=12)
ENCODED = st.tuples(
    PAGES.map("\n".join), st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"])
).map(lambda made: f"A page of text\n\n{made[0]}".encode(made[1], "replace"))


def in_lines(article: Article) -> list[Repair]:
    """Return the repairs but those that join lines."""
    return [repair for repair in article.repairs if "\n" not in repair.before]


def misplaced(article: Article, lines: list[str]) -> list[Repair]:
    """Return the repairs whose `before` does not stand in the file where they say.

    Where lines between the joined ones were left out, only their line feeds are the join's.
    """
    wrong = []
    for repair in article.repairs:
        last = repair.line + repair.before.count("\n")
        between = lines[repair.line : last - 1]
        if any(line.strip() for line in between):
            between = [""] * len(between)
        text = "\n".join((*lines[repair.line - 1 : repair.line], *between, lines[last - 1]))
        if not repair.before or not text.startswith(repair.before, repair.column - 1):
            wrong.append(repair)
    return wrong


@profile(max_examples=200, deadline=None)
@given(ENCODED)
def test_every_repair_is_where_it_says(data: bytes) -> None:
    article = corpus.article("a.txt", data, SETTINGS)
    lines = corpus.decoded_lines("a.txt", data, SETTINGS)

    assert misplaced(article, lines) == []


@profile(max_examples=200, deadline=None)
@given(ENCODED)
def test_ledger_applied_backwards_gives_the_decoded_text(data: bytes) -> None:
    article = corpus.article("a.txt", data, LoadSettings(strip=False))
    text = "\n".join(corpus.decoded_lines("a.txt", data, SETTINGS))
    repairs = in_lines(article)

    repaired = apply_edits(text, as_edits(text, repairs))

    assert undo(repaired, repairs) == text


@profile(max_examples=100, deadline=None)
@given(ENCODED)
def test_repairs_never_overlap(data: bytes) -> None:
    article = corpus.article("a.txt", data, SETTINGS)
    text = "\n".join(corpus.decoded_lines("a.txt", data, SETTINGS))

    edits = as_edits(text, article.repairs)

    assert [one for one, next_ in pairwise(edits) if one.end > next_.start] == []


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.name[:3])
def test_repairs_of_the_seeds_are_where_they_say(path: Path) -> None:
    data = path.read_bytes()

    article = corpus.article(path.name, data, SETTINGS)

    assert misplaced(article, decode.decode(data).original.split("\n")) == []


def test_repairs_beside_mojibake_count_in_the_decoded_line() -> None:
    line = "TomÃ¡Å¡ saw that Iraqâ€™s army didn?t fight, and that Mosul?s bank couldn?t pay."
    article = corpus.article("a.txt", line.encode(), SETTINGS)

    assert [(one.column - 1, one.before, one.after) for one in article.repairs] == [
        (line.index("Ã¡Å¡"), "Ã¡Å¡", "áš"),
        (line.index("â€™"), "â€™", "’"),
        (line.index("?t fight"), "?", "’"),
        (line.index("?s bank"), "?", "’"),
        (line.index("?t pay"), "?", "’"),
    ]


def test_repair_of_what_mojibake_was_is_one_repair() -> None:
    line = "He said â€œ&amp;Ã©â€\x9d and left the town, as they all did in the end, or so it seems."
    article = corpus.article("a.txt", line.encode(), SETTINGS)

    assert article.paragraphs[0].text.startswith("He said “&é” and left the town")
    assert misplaced(article, [line]) == []


def test_joins_take_what_stands_between_the_lines() -> None:
    first = "After the storm the whole town went down on that long day to the old har-"
    lines = [
        "The harbour is shut",
        "",
        "Nobody in the town could remember such a storm, and many said so on the next morning.",
        "",
        first + "  ",
        "  ",
        "   bour, and they saw that the harbour was shut, as it had been for years. It was cold.",
    ]
    article = corpus.article("a.txt", "\n".join(lines).encode(), SETTINGS)

    (join,) = article.repairs
    assert (join.line, join.column, join.before) == (5, len(first), "-  \n  \n   ")
    assert article.paragraphs[1].text.startswith(first[:-1] + "bour, and")


@pytest.mark.usefixtures("workplace")
def test_clean_says_where_in_the_file_its_repairs_are(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["A title", "", "The fanâ€™s club at Mosul?s bank didn?t help the people there at all."]
    Path("a.txt").write_bytes("\r\n".join(lines).encode())

    (line,) = sessions.execute("isisdocs clean --json a.txt", monkeypatch).stdout.splitlines()

    repairs = json.loads(line)["repairs"]
    assert len(repairs) == 3
    for repair in repairs:
        column = repair["column"] - 1
        shown = lines[repair["line"] - 1][column : column + len(repair["before"])]
        assert shown == repair["before"]
