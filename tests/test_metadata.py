"""What a page says about itself, in the many ways pages say it."""

from __future__ import annotations

import pytest

from isisdocs.load.clean import clean
from isisdocs.load.names import is_only_names, split_names
from isisdocs.model import Metadata

TITLE = "The island nobody asked"
BODY = [
    "The ferry to the island ran twice a day until the winter of 1931, when the pier was lost.",
    "Old Marta said that nobody had asked the fishermen, who knew the currents better than anyone.",
    "The council promised a new pier within a year, but the money went to the road instead.",
    "By the spring the first families had left, and the school was closed before the harvest.",
]


def found(*above: str, below: tuple[str, ...] = ()) -> Metadata:
    return clean([*above, *BODY, *below]).metadata


@pytest.mark.parametrize(
    "lines",
    [
        ("By Ada Lovelace", "May 14, 2015", TITLE),
        (TITLE, "By Ada Lovelace | May 14, 2015"),
        (TITLE, "Ada Lovelace", "14 May 2015"),
        (TITLE, "by Ada Lovelace", "2015-05-14 21:21:50"),
        ("Ada Lovelace/May 14, 2015", TITLE),
        ("/ Ada Lovelace / 10:08 am Thu May 14, 2015", TITLE),
        (f"# {TITLE}", "Ada Lovelace Thu, 14/05/2015 - 08:48", "Ada Lovelace"),
        (TITLE, "By Ada Lovelace - The Island Courier - Thursday, May 14, 2015"),
        (TITLE, "Ada Lovelace Science editor", "Thu 14 May 2015 06.05 GMT"),
        (TITLE, "byAda Lovelace", "Published May 14th, 2015 - 07:29 GMT"),
        (TITLE, "May 14, 2015 | by Ada Lovelace"),
        (TITLE, "20150514223328", "ADA LOVELACE", "ada@example.org"),
        (TITLE, "Author: Ada Lovelace", "PUBLISHED: May 14, 2015 | UPDATED: May 20, 2015"),
        (TITLE, "Share", "Tweet", "Ada Lovelace", "Political commentator", "May 14, 2015"),
        (TITLE, "Von Ada Lovelace", "14. Mai 2015, 08:15 Uhr"),
        (TITLE, "Par Ada Lovelace", "Publié le 14 mai 2015 - Mis à jour le 20 mai 2015"),
        (TITLE, "Por Ada Lovelace", "14 de mayo de 2015"),
        (TITLE, "di Ada Lovelace", "14 maggio 2015"),
        (TITLE, "Interview by Ada Lovelace", "14 May 2015"),
        (TITLE, "Reviewed by Ada Lovelace", "2015/05/14"),
        ("Hi everyone!", TITLE, "By Ada Lovelace", "14 May 2015"),
        ("May 14, 2015", TITLE, "By Ada Lovelace"),
    ],
    ids=" / ".join,
)
def test_title_author_and_date(lines: tuple[str, ...]) -> None:
    metadata = found(*lines)

    assert (metadata.title, metadata.date) == (TITLE, "2015-05-14")
    assert [author.title() for author in metadata.authors] == ["Ada Lovelace"]


def test_title_in_a_text_without_capitals_and_none_of_one_that_goes_on() -> None:
    small = ["the boundary layer in simple shear flow past a flat plate .", ""]
    small += [line.lower() for line in BODY]

    assert clean(small).metadata.title == small[0]
    assert clean(["which nobody had asked for .", "", *BODY]).metadata.title == ""


@pytest.mark.parametrize(
    ("start", "date"),
    [
        ("HARBOUR (May 5, 2018) — The hospital", "2018-05-05"),
        ("TARN, 3 June 2014 (Agency) - The mine", "2014-06-03"),
        ("Tarn, May 2018: the mine", "2018-05"),
        ("On May 5, 2018 the mine", None),
        ("TARN, June 3 — The mine", None),
    ],
)
def test_a_dateline_dates_the_article(start: str, date: str | None) -> None:
    first = f"{start} was closed, and nobody in the town had been asked before it was."

    assert clean([TITLE, first, *BODY]).metadata.date == date


def test_a_heading_that_is_a_date_stays() -> None:
    lines = [TITLE, "By Ada Lovelace", "14 May 2015", "A mine in years.", "", "1871", ""]
    lines += ["Two brothers find copper.", "", "June 1914", "", "A fire. Eleven dead.", "", *BODY]

    cleaned = clean(lines)

    assert "June 1914" in [paragraph.text for paragraph in cleaned.paragraphs]
    assert cleaned.metadata.date == "2015-05-14"


@pytest.mark.parametrize(
    "lines",
    [
        ("Von der Leyen fährt nach Rom",),
        ("Di Maria trifft zweimal",),
        ("Par trois fois, la mer",),
    ],
    ids=" / ".join,
)
def test_a_title_that_starts_like_a_byline_names_nobody(lines: tuple[str, ...]) -> None:
    metadata = found(*lines)

    assert (metadata.title, metadata.authors) == (lines[0], ())


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        (("– Ada Lovelace",), Metadata(TITLE, ("Ada Lovelace",))),
        (
            ("Contact the author:", "Ada Lovelace", "Mary Somerville"),
            Metadata(TITLE, ("Ada Lovelace", "Mary Somerville")),
        ),
        (
            ("Related", "Ada Lovelace", "Ada Lovelace is a writer on the island."),
            Metadata(TITLE, ("Ada Lovelace",)),
        ),
        (
            ("Posted on 14 May 2015 at 09:11 by Ada Lovelace.",),
            Metadata(TITLE, ("Ada Lovelace",), "2015-05-14"),
        ),
        (("Leave a Reply", "May 2015"), Metadata(TITLE, (), "2015-05")),
        (("Issue 403",), Metadata(TITLE, issue="403")),
        (
            ("Source URL: https://example.org/island",),
            Metadata(TITLE, url="https://example.org/island"),
        ),
        (
            ("© 2015 The Island Courier. All rights reserved.",),
            Metadata(TITLE, outlet="The Island Courier"),
        ),
        (("Make a donation to Island Courier",), Metadata(TITLE, outlet="Island Courier")),
        (
            ("Special appeal to all readers of island-courier.net",),
            Metadata(TITLE, outlet="island-courier.net"),
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_stands_below_the_article(below: tuple[str, ...], expected: Metadata) -> None:
    assert found(TITLE, below=below) == expected


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (("This article is over 7 years, 0 months old",), ()),
        ((), ("Latest stories", "Ferry fares rise", "May 20, 2016", "By Someone Else")),
        ((), ("3 comments", "Peter Smith says:", "May 20, 2016 at 9:35 am", "Well said!")),
        ((), ("https://example.org/picture.jpg",)),
    ],
)
def test_what_a_page_does_not_say_stays_absent(
    above: tuple[str, ...], below: tuple[str, ...]
) -> None:
    metadata = found(*above, TITLE, below=below)

    assert metadata == Metadata(TITLE)


def test_a_page_that_begins_with_its_first_paragraph_has_no_title() -> None:
    assert found() == Metadata()


@pytest.mark.parametrize(
    "lines",
    [
        (f"# {TITLE}", "How a pier was lost and a village with it"),
        (TITLE, "How a pier was lost and a village with it", "By Ada Lovelace"),
        ("Island Courier", "", TITLE, "May 14, 2015"),
        ("* [Home](/)", "Local news", f"# {TITLE}", "5 min read"),
    ],
    ids=" / ".join,
)
def test_title_among_other_lines(lines: tuple[str, ...]) -> None:
    assert found(*lines).title == TITLE


def test_a_title_that_is_a_sentence_is_found_above_a_credit() -> None:
    title = "Perhaps the island was never asked at all."

    assert found("May 14, 2015", title, "Photo: Ada Lovelace").title == title


def test_a_title_that_reads_as_a_date_page_is_not_its_date() -> None:
    assert found("Issue 12", TITLE, "May 14, 2015").date == "2015-05-14"
    assert found("Issue 12", TITLE, "May 14, 2015").issue == "12"


def test_number_of_the_issue_in_the_title_or_as_a_date() -> None:
    assert found("The weekly island, issue #130: piers and boats", "May 14, 2015").issue == "130"
    assert found("May 14, 2015 Issue", TITLE).issue == "May 14, 2015"


def test_two_names_on_two_lines() -> None:
    metadata = found(
        TITLE, "Ada Lovelace, Staff Attorney", "& Mary Somerville, Director", "May 14, 2015"
    )

    assert metadata.authors == ("Ada Lovelace", "Mary Somerville")


def test_lines_of_metadata_are_no_part_of_the_body() -> None:
    lines = [TITLE, "By Ada Lovelace", "May 14, 2015", *BODY, "Issue 7"]

    cleaned = clean(lines)

    assert cleaned.title_line == 1
    assert [paragraph.line for paragraph in cleaned.paragraphs] == [4, 5, 6, 7]
    assert cleaned.cuts == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Lovelace", ["Ada Lovelace"]),
        (
            "Ada Lovelace, Mary Somerville and Émilie du Châtelet",
            ["Ada Lovelace", "Mary Somerville", "Émilie du Châtelet"],
        ),
        ("J.R. Smith Jr. & Bradley M. Kuhn.", ["J.R. Smith Jr.", "Bradley M. Kuhn"]),
        ("Ada Lovelace on Monday, May 18th", ["Ada Lovelace"]),
        ("Ada LovelaceLeave a comment", ["Ada Lovelace"]),
        ("Ada Lovelace @ada", ["Ada Lovelace"]),
        ("Latest News", []),
        ("the island", []),
        ("", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Lovelace", True),
        ("Ada Lovelace, Science editor", True),
        ("Ada Lovelace, Mary Somerville", True),
        ("Ada Lovelace sees the island", False),
        ("Latest News", False),
    ],
)
def test_only_names(text: str, expected: bool) -> None:
    assert is_only_names(text) is expected
