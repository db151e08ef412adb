"""A query says what its parts find, and what would find more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from isisdocs.engine.base import Reader
from isisdocs.engine.whoosh import WhooshEngine
from isisdocs.explain import Explained, Unknown, Wider, explained, unknown_words, wider
from isisdocs.query.parse import parse
from isisdocs.query.suggest import Suggestion
from tests.samples import article


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    made = [
        article("The harbour closed. The harbour opened.", path="a.txt"),
        article("A harbour and its bakery.", path="b.txt"),
        article("The Bakery burnt.", path="c.txt"),
    ]
    engine = WhooshEngine(tmp_path)
    opened = engine.open(engine.commit(None, engine.prepare(made), removed=(), generation=1))
    yield opened
    opened.close()


def test_parts_say_what_they_find_and_what_would_be_found_without(reader: Reader) -> None:
    lines = list(explained(reader, parse("harbour bakery").node))

    assert lines == [
        Explained(0, "all of these", 1, None, None),
        Explained(1, "the word harbour in all its forms", 2, 3, 1),
        Explained(1, "the word bakery in all its forms", 2, 2, 1),
    ]


def test_one_word_cannot_be_left_out(reader: Reader) -> None:
    (line,) = explained(reader, parse('"the harbour"').node)

    assert (line.articles, line.hits, line.more_without) == (1, 2, None)


def test_words_that_are_nowhere_bring_up_words_that_are(reader: Reader) -> None:
    found = unknown_words(reader, parse("harbor bakery qqqqqq -zeppelin").node)

    assert found == [
        Unknown("harbor", (Suggestion("harbour", 2),)),
        Unknown("qqqqqq", ()),
        Unknown("zeppelin", ()),
    ]
    assert unknown_words(reader, parse("harbour").node) == []


@pytest.mark.parametrize(
    ("typed", "steps"),
    [
        (
            "harbour zeppelin",
            [Wider("without zeppelin", "harbour", 2)],
        ),
        ("=bakerY", [Wider("=bakerY in all forms", "bakerY", 2)]),
        (
            '"bakery harbour" zeppelin',
            [
                Wider(
                    'the words of "bakery harbour" near each other, without zeppelin',
                    "bakery NEAR/10 harbour",
                    1,
                )
            ],
        ),
        ("zeppelin qqqqqq", []),
        ("zeppelin", []),
    ],
)
def test_smallest_steps_back_that_find_something(
    reader: Reader, typed: str, steps: list[Wider]
) -> None:
    assert wider(reader, parse(typed).node) == steps


def test_endless_query_is_not_taken_apart(reader: Reader) -> None:
    node = parse(" ".join(f"word{number}" for number in range(3000))).node

    assert wider(reader, node) == []
    assert [unknown.word for unknown in unknown_words(reader, node)] == [
        f"word{number}" for number in range(5)
    ]
