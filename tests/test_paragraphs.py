"""Lines become paragraphs: what belongs together is joined, what does not stays apart."""

from __future__ import annotations

import pytest

from isisdocs.load.paragraphs import Joined, join
from isisdocs.model import Paragraph, Repair


def lines_of(text: str) -> list[Paragraph]:
    return [
        Paragraph(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()
    ]


def texts_of(text: str, **options: set[str]) -> list[str]:
    return [paragraph.text for paragraph in join(lines_of(text), **options).paragraphs]


WRAPPED = """\
The committee met on a Tuesday in the old town hall and heard
three reports, of which the second was the longest by far and
the least expected.

Nobody had thought that the harbour could be closed for so long
without a word of protest from the fishermen, whose boats had
been tied up since the spring."""


def test_hard_wrapped_file_becomes_paragraphs() -> None:
    joined = join(lines_of(WRAPPED))

    assert joined.paragraphs == (
        Paragraph(1, WRAPPED.split("\n\n")[0].replace("\n", " "), ((62, 2), (124, 3))),
        Paragraph(5, WRAPPED.split("\n\n")[1].replace("\n", " "), ((64, 6), (126, 7))),
    )
    assert joined.repairs[0] == Repair(1, 62, "\n", " ", "hard-wrap", 0.97)
    assert {repair.rule for repair in joined.repairs} == {"hard-wrap"}


def test_characters_of_a_joined_paragraph_know_their_line() -> None:
    paragraph = join(lines_of(WRAPPED)).paragraphs[0]

    lines = [paragraph.line_at(paragraph.text.index(word)) for word in ("town", "three", "least")]

    assert lines == [1, 2, 3]


def test_sentence_broken_by_a_blank_line_is_one_paragraph() -> None:
    joined = join(
        [
            Paragraph(
                3, "The strike has spread to both sides of the river and now seeks to win over"
            ),
            Paragraph(5, "the dockers, who have so far stayed at work while talks went on."),
            Paragraph(7, "Talks go on."),
        ]
    )

    assert joined == Joined(
        paragraphs=(
            Paragraph(
                3,
                "The strike has spread to both sides of the river and now seeks to win over "
                "the dockers, who have so far stayed at work while talks went on.",
                ((75, 5),),
            ),
            Paragraph(7, "Talks go on."),
        ),
        repairs=(Repair(3, 75, "\n\n", " ", "broken-paragraph", 0.9),),
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("One line alone", id="one-line"),
        pytest.param(
            "Tyger tyger, burning bright,\nIn the forests of the night;\n"
            "What immortal hand or eye,\nCould frame thy fearful symmetry?",
            id="verse",
        ),
        pytest.param("- a pound of flour and\n- two eggs\n- butter", id="list"),
        pytest.param("1. go to the station and\n2. take the train", id="numbered-list"),
        pytest.param(
            "# A heading that goes on and on until the\n\nend of it all is near", id="heading"
        ),
        pytest.param("name | age\nAda | 36\nAlan | 41", id="table"),
        pytest.param("bread and cheese\n\nwine and olives\n\nsalt and oil", id="lower-case-items"),
        pytest.param("The first paragraph ends here.\n\nthe second starts small.", id="full-stop"),
        pytest.param("What is to be done\n\nThe workers must decide for themselves.", id="subhead"),
    ],
)
def test_what_stands_apart_stays_apart(text: str) -> None:
    lines = lines_of(text)

    assert join(lines) == Joined(tuple(lines), ())


def test_word_known_to_the_text_loses_its_hyphen() -> None:
    text = (
        "All summer long the people of the town looked at the har-\n"
        "bour and at the ships in it, until at last in the autumn\n"
        "the harbour was opened and the semi-\n"
        "circle of boats went out."
    )

    joined = (
        "All summer long the people of the town looked at the harbour and at the ships in it, "
        "until at last in the autumn the harbour was opened and the semi-circle of boats went out."
    )
    assert texts_of(text) == [joined]


def test_word_of_a_lexicon_loses_its_hyphen() -> None:
    text = "All summer long the people of the town looked at the har-\nbour and at the ships."

    assert texts_of(text, known_words={"harbour"}) == [
        "All summer long the people of the town looked at the harbour and at the ships."
    ]


def test_soft_hyphen_at_a_line_end_always_goes() -> None:
    text = "All summer long the people of the town looked at the har\xad\nbour and at the ships."

    joined = join(lines_of(text))

    assert joined.paragraphs[0].text == text.replace("\xad\n", "")
    assert joined.repairs == (Repair(1, 57, "\xad\n", "", "line-hyphen", 1.0),)


def test_compound_known_to_the_text_keeps_its_hyphen() -> None:
    text = (
        "A long-term plan was what the council had asked for, but long-\n"
        "term plans were not what the council was given in the end, so\n"
        "the plan was dropped."
    )

    assert texts_of(text) == [
        text.replace("long-\nterm", "long-term").replace("\n", " "),
    ]


def test_verse_in_a_wrapped_file_keeps_its_lines() -> None:
    verse = "O rose, thou art sick!\nThe invisible worm\nThat flies in the night"

    assert texts_of(f"{WRAPPED}\n\n{verse}")[2:] == verse.split("\n")


def test_both_broken_paragraphs_of_the_seed_are_joined(seed_004: str) -> None:
    joined = join(lines_of(seed_004))

    assert [(repair.line, repair.rule) for repair in joined.repairs] == [
        (63, "broken-paragraph"),
        (109, "broken-paragraph"),
    ]
