"""Lines that recur across documents."""

from __future__ import annotations

import pytest

from isisdocs.load.boilerplate import strip
from isisdocs.load.clean import clean
from isisdocs.load.recurring import Recurring, count_lines, line_digests


def counted(*documents: list[str]) -> Recurring:
    return count_lines([line_digests(lines) for lines in documents])


def test_a_line_counts_once_per_document_whatever_its_case_and_numbers() -> None:
    recurring = counted(["Page 1 of 9", "page 2 of 9", "only here"], ["PAGE 7 of 9", ""], ["else"])

    assert recurring.documents == 3
    assert recurring.count("Page 3 of 4") == 2
    assert recurring.count("only here") == 0


def test_order_of_documents_makes_no_difference_and_json_round_trips() -> None:
    one = counted(["a b", "c"], ["c", "a b"], ["d"])
    other = counted(["d"], ["a b", "c"], ["c", "a b"])

    assert one.to_json() == other.to_json()
    assert Recurring.from_json(one.to_json()) == one


def test_a_large_corpus_is_counted_in_parts_with_the_same_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    documents = [[f"line {name}" for name in "abcdefghij"[number:]] for number in range(10)]
    whole = counted(*documents)

    monkeypatch.setattr("isisdocs.load.recurring._AT_ONCE", 7)

    assert counted(*documents) == whole
    assert sorted(whole.counts.values()) == list(range(2, 11))


def test_near_copies_count_as_one_document() -> None:
    line = line_digests(["the same line"])

    assert count_lines([[line, line, line]]).count("the same line") == 0
    assert count_lines([[line, line], line]).count("the same line") == 2


def test_a_line_of_many_words_is_never_counted() -> None:
    line = "word " * 100

    assert counted([line], [line], [line]).count(line) == 0


def test_strip_takes_recurring_lines_as_evidence() -> None:
    furniture = "Bulletin of the reading circle"
    lines = [furniture, "Owls of the old mill"]
    lines += [f"The owl number {n} sat on the roof and said nothing to anyone." for n in "abcdef"]
    recurring = counted([furniture], [furniture], [furniture])

    kept = {paragraph.text for paragraph in strip(lines, recurring=recurring).kept}

    assert furniture not in kept
    assert set(lines[1:]) <= kept


def test_an_article_keeps_its_title_that_other_articles_link_to() -> None:
    titles = ["Owls of the old mill", "The miller who sang at night", "A bridge of seven arches"]
    titles += ["What the flood left behind", "Bells for a drowned village"]
    pages = [
        [
            "Island Courier",
            title,
            *(
                f"It was {what} that the people of {title.split()[-1]} spoke of."
                for what in "abcdef"
            ),
            "Read more",
            *titles,
        ]
        for title in titles
    ]
    recurring = counted(*pages)

    cleaned = [clean(page, recurring=recurring) for page in pages]

    assert [one.metadata.title for one in cleaned] == titles
    assert [[p.line for p in one.paragraphs] for one in cleaned] == [[3, 4, 5, 6, 7, 8]] * 5
