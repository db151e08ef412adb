"""The whole of cleaning: a page's lines in, metadata, body and cuts out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isisdocs.load.boilerplate import strip
from isisdocs.load.clean import Cleaned, clean
from isisdocs.model import Metadata, Paragraph

SEEDS = Path(__file__).parent.parent / "seeds"


def seed(number: int) -> list[str]:
    (path,) = SEEDS.glob(f"{number:03}_*.txt")
    return path.read_text(encoding="utf-8", errors="replace").split("\n")


@dataclass(frozen=True)
class Expected:
    metadata: Metadata
    title_line: int
    metadata_lines: frozenset[int]
    cut_lines: tuple[int, ...]
    neutral_lines: frozenset[int] = frozenset()
    """Captions, which may stay or go."""


# Line numbers only: the texts belong to their authors.
EXPECTED = {
    0: Expected(
        Metadata("War on ISIS backfires", ("Simon Assaf",), None, "403", None, "Socialist Worker"),
        4,
        frozenset({1, 4, 7}),
        (2, 6, 29, 31, 33, 35),
    ),
    1: Expected(
        Metadata("Iraq/Syria: ISIS rout national armies at Ramadi and Palmyra", (), "2015-05"),
        1,
        frozenset({1, 55}),
        (38, 40, 41, 43, 45, 46, 48, 50, 52),
    ),
    2: Expected(
        Metadata(
            "Middle East: ISIS under pressure on several fronts",
            (),
            "2016-06",
            None,
            None,
            "socialistworld.net",
        ),
        1,
        frozenset({1, 62}),
        (43, 45, 47, 48, 50, 52, 53, 55, 57, 59),
    ),
    3: Expected(
        Metadata(
            "Mission accomplished? Iraq’s heard that before",
            ("Tomáš Tengely-Evans",),
            None,
            "2561",
            None,
            "Socialist Worker",
        ),
        4,
        frozenset({1, 4, 7}),
        (2, 6, 36, 37, 38, 115, 117, 119, 121),
        frozenset({8, 9, 64, 65}),
    ),
    4: Expected(
        Metadata(
            "ISIS advance reveals more than a crumbling regime",
            ("Dave Stockton", "Marcus Halaby"),
            "2014-06-24",
            None,
            "https://fifthinternational.org/content/isis-advance-reveals-more-crumbing-regime",
            None,
        ),
        3,
        frozenset({3, 5, 7, 133}),
        (131,),
    ),
}


@pytest.mark.parametrize("number", EXPECTED)
def test_seed_is_cleaned_to_the_line(number: int) -> None:
    lines = seed(number)
    expected = EXPECTED[number]

    cleaned = clean(lines)

    assert cleaned.metadata == expected.metadata
    assert cleaned.title_line == expected.title_line
    neutral = expected.neutral_lines
    assert tuple(c.line for c in cleaned.cuts if c.line not in neutral) == expected.cut_lines
    body = [p.line for p in cleaned.paragraphs]
    elsewhere = neutral | expected.metadata_lines | set(expected.cut_lines)
    assert [n for n in body if n not in neutral] == [
        n for n, line in enumerate(lines, 1) if line.strip() and n not in elsewhere
    ]
    assert not {8, 9} <= set(body)  # no caption twice
    assert not {64, 65} <= set(body)


def test_no_lines_give_nothing() -> None:
    assert clean([]) == Cleaned(Metadata(), 1, (), ())
    assert clean(["", "  ", "\t"]) == Cleaned(Metadata(), 1, (), ())


def test_without_strip_nothing_is_cut_and_the_title_is_still_found() -> None:
    lines = seed(0)

    cleaned = clean(lines, strip=False)

    assert cleaned.metadata == EXPECTED[0].metadata
    assert cleaned.cuts == ()
    assert Paragraph(33, "Make a donation to Socialist Worker") in cleaned.paragraphs


def test_user_patterns_have_the_last_word() -> None:
    lines = seed(0)

    cleaned = clean(lines, keep=[r"^Make a donation"], drop=[r"^Instead it "])

    assert 33 in {paragraph.line for paragraph in cleaned.paragraphs}
    assert [(cut.line, cut.rule) for cut in cleaned.cuts if cut.line in {25, 33}] == [(25, "drop")]


PIECES = st.sampled_from(
    [
        "Home",
        "Share this:",
        "Related",
        "Read more",
        "By Ada Lovelace",
        "May 14, 2015",
        "# The island nobody asked",
        "  * [World](/world)",
        "![a pier](pier.jpg)",
        "* * *",
        "",
        "The council promised a new pier within a year, but the money went to the road instead.",
        "He said that nobody had asked the fishermen. Read more",
    ]
)


@settings(deadline=None)  # the first page loads the tables
@given(st.lists(PIECES | st.text(max_size=60), max_size=40))
def test_every_line_is_kept_or_cut_in_order_and_cleaning_never_fails(lines: list[str]) -> None:
    stripped = strip(lines)
    cleaned = clean(lines)

    kept = [paragraph.line for paragraph in stripped.kept]
    cut = [one.line for one in stripped.cuts]
    assert kept == sorted(set(kept))
    assert cut == sorted(cut)
    assert {*kept, *cut} == {n for n, line in enumerate(lines, 1) if line and not line.isspace()}
    assert set(cleaned.paragraphs) <= set(stripped.kept)
    assert set(cleaned.cuts) <= set(stripped.cuts)
