"""What is cut and what stays, as data: pages of our own making, negatives and known failures."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isisdocs.load.boilerplate import Stripped, cues, strip
from isisdocs.load.boilerplate.page import outline, read, shape_of
from isisdocs.load.boilerplate.scorer import Weights, parse_weights, shipped_weights, states
from isisdocs.load.boilerplate.trim import trim
from isisdocs.model import Cut, Paragraph
from tests.bench import corpus as corpora

BODY = [
    "The ferry to the island ran twice a day until the winter of 1931, when the pier was lost.",
    "Old Marta said that nobody had asked the fishermen, who knew the currents better than anyone.",
    "The council promised a new pier within a year, but the money went to the road instead.",
    "By the spring the first families had left, and the school was closed before the harvest.",
    "What remained was a lighthouse, two farms and a chapel that the bishop visited every summer.",
    "In 1954 the last farmer sold his cows and moved to the mainland with his daughters.",
]


def kept_texts(lines: list[str]) -> list[str]:
    return [paragraph.text for paragraph in strip(lines).kept]


def page_with(*, above: list[str] = [], inside: list[str] = [], below: list[str] = []) -> list[str]:  # noqa: B006 - never changed
    return [*above, "The island nobody asked", *BODY[:3], *inside, *BODY[3:], *below]


@pytest.mark.parametrize(
    "below",
    [
        ["Share this:", "Facebook", "Twitter", "WhatsApp"],
        ["Leave a Reply", "Your email address will not be published. Required fields are marked *"],
        ["Make a donation to the Island Courier", "Help fund our journalism"],
        ["Related articles", "Ferry fares to rise again in spring", "Lighthouse keeper wins prize"],
        ["Sign up for our daily newsletter", "Enter your email address", "Subscribe"],
        ["Tags: islands, ferries, history", "Previous article", "Next article"],
        ["© 2019 Island Courier. All rights reserved.", "Privacy Policy", "Terms of Use"],
        ["3 comments", "Reply", "Log in to leave a comment"],
    ],
    ids=lambda below: below[0],
)
def test_furniture_below_the_article_goes(below: list[str]) -> None:
    assert kept_texts(page_with(below=below)) == page_with()


@pytest.mark.parametrize(
    "above",
    [
        ["Home", "News", "Sport", "Opinion", "Subscribe", "Log in"],
        ["  * [Home](/)", "  * [World](/world)", "  * [Culture](/culture)", "Search"],
        ["Skip to main content", "Menu", "Search", "Sign in"],
    ],
    ids=lambda above: above[0],
)
def test_navigation_above_the_article_goes(above: list[str]) -> None:
    assert kept_texts(page_with(above=above)) == page_with()


@pytest.mark.parametrize(
    "inside",
    [
        ["Advertisement"],
        ["Story continues below advertisement"],
        ["Join our newsletter", "Enter your email address", "Subscribe"],
        ["Ferry fares to rise again in spring", "Read more"],
        ["READ MORE: Ferry fares to rise again in spring"],
        [
            "Most read",
            "Ferry fares to rise again in spring",
            "Lighthouse keeper wins a national prize",
        ],
        ["* * *", "![a picture](pier.jpg)"],
    ],
    ids=lambda inside: inside[0],
)
def test_furniture_inside_the_article_goes(inside: list[str]) -> None:
    assert kept_texts(page_with(inside=inside)) == page_with()


@pytest.mark.parametrize(
    "inside",
    [
        ["The pier"],
        ["A promise"],
        ["‘Nobody asked us’"],
        ["Readers were asked to donate to the pier fund, and the newsletter thanked them."],
        ["“Please subscribe to the pier fund,” the mayor wrote to every household."],
        ["She shared the letter and her neighbours’ comments, and signed up for the boat."],
        [
            "The council offered three things:",
            "• a pier of stone",
            "• a boat on Sundays",
            "• a doctor",
        ],
        ["1. The pier must be of stone.", "2. The boat must run on Sundays."],
        ["We rate the claim Mostly False."],
        [
            "O sea that took the pier away,",
            "O sea that brought the snow,",
            "give back to us the market day",
        ],
    ],
    ids=lambda inside: inside[0][:30],
)
def test_what_only_looks_like_furniture_stays(inside: list[str]) -> None:
    assert kept_texts(page_with(inside=inside)) == page_with(inside=inside)


def test_a_letters_page_keeps_its_signatures() -> None:
    lines = ["The pier must be rebuilt", BODY[0], BODY[2], "Ada Marsh", "Northport"]
    lines += ["Leave the pier alone", BODY[3], BODY[4], "Owen Tully", "Southport"]

    assert kept_texts(lines)[:9] == lines[:9]


def test_a_teaser_that_is_a_sentence_goes() -> None:
    teaser = "The keeper of the lighthouse has won a prize for the best kept lamp in the country."

    assert teaser not in kept_texts(
        page_with(below=["Latest stories", "Keeper wins prize", teaser])
    )


def test_every_character_is_kept_or_cut_in_line_order() -> None:
    lines = ["Home", "", "# The island", BODY[0], "![x](y.png) " + BODY[1], "Share this", *BODY[2:]]

    assert strip(lines) == Stripped(
        kept=(
            Paragraph(3, "The island"),
            Paragraph(4, BODY[0]),
            Paragraph(5, BODY[1]),
            *(Paragraph(number, text) for number, text in enumerate(BODY[2:], 7)),
        ),
        cuts=(
            Cut(1, "Home", "navigation"),
            Cut(5, "![x](y.png)", "image"),
            Cut(6, "Share this", "share"),
        ),
    )


def test_a_caption_is_kept_once() -> None:
    caption = "The pier in 1930"
    lines = page_with(inside=[caption, f"{caption} (Pic: Island Archive)"])

    kept = kept_texts(lines)

    assert sum(text.startswith(caption) for text in kept) <= 1


def test_keep_wins_over_drop_and_an_empty_line_stays_cut() -> None:
    lines = [*page_with(), "Share this", "* * *"]

    stripped = strip(lines, keep=["Share", r"\* \*"], drop=["Share", "Marta"])

    assert Paragraph(8, "Share this") in stripped.kept
    assert stripped.cuts == (Cut(3, BODY[1], "drop"), Cut(9, "* * *", "empty"))


def test_no_text_gives_nothing() -> None:
    assert strip([]) == Stripped((), ())
    assert strip(["", " "]) == Stripped((), ())


def test_a_page_of_furniture_alone_is_read_too() -> None:
    lines = ["Home", "News", "Subscribe", "Log in"]

    stripped = strip(lines)

    assert len(stripped.kept) + len(stripped.cuts) == 4


@pytest.mark.parametrize("unit", ["a", "word ", "photo by ", "[a](", "May 1 ", "…", "by A "])
def test_cost_is_linear_in_one_long_line(unit: str) -> None:
    started = time.process_time()

    strip([unit * (3_000_000 // len(unit))])

    assert time.process_time() - started < 60


def test_many_lines_cost_no_more_each() -> None:
    started = time.process_time()

    strip([*page_with(), "Share this"] * 2000)

    assert time.process_time() - started < 60


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Share this:", "cue:share"),
        ("24 Comments", "cue:comments"),
        ("May 14, 2025", "date"),
        ("20 minutes ago", "date"),
        ("Ada Lovelace", "name"),
        ("Photo: Ada Lovelace/Reuters at the mill", "credit"),
        ("mill", "tiny"),
        ("the old mill", "short"),
        ("What the miller's boy saw that night", "heading"),
        (" ".join(["stone"] * 25), "block"),
        ("The miller’s boy saw the owl on the roof at night.", "prose"),
        (BODY[0] + " " + BODY[1], "long"),
        ("PUBLISHED: May 14, 2025 at 4:56 p.m. | UPDATED: May 15, 2025 at 6:00 p.m.", "date"),
        ("♦", "empty"),
    ],
)
def test_kind_of_a_line(text: str, kind: str) -> None:
    assert shape_of(text).kind == kind


def test_a_line_says_where_cues_stand() -> None:
    words = cues.normalise("Please consider a donation: don’t miss 24 300x250 ads")

    assert words == ("please", "consider", "a", "donation", "dont", "miss", "#", "#x#", "ads")
    assert cues.whole(words) is None
    assert cues.start(words) == "appeal"
    assert cues.within(words) == ("appeal",)
    assert cues.start(()) is None


def test_only_the_ends_of_a_very_long_line_are_looked_at() -> None:
    (line,) = read(["Share " + "owl " * 5000 + "end."])

    assert line.plain.text.startswith("Share owl")
    assert line.shape.words < 200


def test_weights_are_read_as_written() -> None:
    weights = parse_weights("# note\nemission\tbias\t1.00\t2.00\t3.00\nchange\tbias\t1\t2\t3\t4\n")

    assert weights.emission == {"bias": (1.0, 2.0, 3.0)}
    assert weights.change == {"bias": (1.0, 2.0, 3.0, 4.0)}


def test_no_line_has_no_state() -> None:
    assert states([], Weights({}, {})) == []


def test_every_shipped_weight_is_small() -> None:
    weights = shipped_weights()

    assert all(abs(value) < 10 for row in weights.emission.values() for value in row)
    assert all(abs(value) < 10 for row in weights.change.values() for value in row)


@pytest.mark.parametrize(
    ("text", "trimmed", "pieces"),
    [
        ("He said so.Read more", "He said so.", [("Read more", "related")]),
        ("He said so. Share this article »", "He said so.", [("Share this article »", "share")]),
        ("“He said so.” Sign up now", "“He said so.”", [("Sign up now", "newsletter")]),
        ("ADVERTISEMENT The pier was lost.", "The pier was lost.", [("ADVERTISEMENT", "advert")]),
        ("He said so. They share", "He said so. They share", []),
        ("Try it free for a month! Sponsored", "Try it free for a month! Sponsored", []),
        ("The Advertisement of 1931 was lost.", "The Advertisement of 1931 was lost.", []),
        ("He wrote to example.com", "He wrote to example.com", []),
        ("They asked us to donate now", "They asked us to donate now", []),
    ],
)
def test_furniture_glued_to_a_sentence(
    text: str, trimmed: str, pieces: list[tuple[str, str]]
) -> None:
    assert trim(text) == (trimmed, tuple(pieces))


def test_a_trimmed_piece_is_a_cut() -> None:
    glued = "ADVERTISEMENT " + BODY[1] + " Read more"
    lines = [BODY[0], glued, *BODY[2:]]

    stripped = strip(lines)

    assert [paragraph.text for paragraph in stripped.kept] == BODY
    assert [(cut.line, cut.text) for cut in stripped.cuts] == [
        (2, "ADVERTISEMENT"),
        (2, "Read more"),
    ]


WRAPPED = """\
The committee met on a Tuesday in the old town hall and heard
three reports, of which the second was the longest by far and
the least expected, since it said what everybody knew about the
harbour and nobody had so far wished to hear in that room.

Nobody had thought that the harbour could be closed for so long
without a word of protest from the fishermen, whose boats had
been tied up since the spring, and who had families to feed in
the meantime and rents to pay to the very men who sat there.

Related articles"""


def test_hard_wrapped_article_is_kept_line_by_line() -> None:
    stripped = strip(WRAPPED.split("\n"))

    kept = [paragraph.line for paragraph in stripped.kept]
    assert kept == [1, 2, 3, 4, 6, 7, 8, 9]
    assert [cut.line for cut in stripped.cuts] == [11]


PIECES = ["12 May 2014", "Published", "the", "Pier", "lost", "©", "•", "1.", "...", "sun", "**a**"]


@given(
    st.lists(
        st.one_of(
            st.text(max_size=60),
            st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
            st.lists(st.sampled_from(PIECES), max_size=40).map(lambda words: " ".join(words) + "."),
        ),
        max_size=4,
    )
)
def test_outline_is_what_a_whole_reading_of_the_lines_gives(lines: list[str]) -> None:
    assert list(outline(lines)) == [(line.plain.text, line.shape.is_prose) for line in read(lines)]


def test_outline_of_pages_is_what_a_whole_reading_of_them_gives() -> None:
    pages = [data.decode("utf-8", "replace") for _, data in corpora.articles(40)]

    for page in pages:
        lines = page.split("\n")
        whole = [(line.plain.text, line.shape.is_prose) for line in read(lines)]
        assert list(outline(lines)) == whole
