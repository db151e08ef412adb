"""What once took quadratic time, seconds to hours for one long line, takes linear time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from isisdocs.explore.quotations import quotations
from isisdocs.load.charsets import choose
from isisdocs.load.clean import clean
from isisdocs.load.lexicon import Lexicon
from isisdocs.load.paragraphs import join
from isisdocs.model import Paragraph
from isisdocs.sentences import sentences
from tests.linear import PROSE, STAGES, UNITS, cpu_seconds, measure

SIZE = 40_000
PAGE = ["A title", "", "{}", "", PROSE * 3, PROSE, PROSE]

# Each took 12 seconds or more.
ONCE_QUADRATIC: dict[str, tuple[Callable[[str], object], str]] = {
    "a long word, then an apostrophe, in the lexicon": (
        lambda text: Lexicon.collect([text + "’"]),
        "a" * SIZE,
    ),
    "a long word after a cp1252 apostrophe": (
        lambda text: choose(b"\x92" + text.encode()),
        "a" * SIZE,
    ),
    "a long word that the next line goes on from": (
        lambda text: join([Paragraph(1, text), Paragraph(2, PROSE.lower())]),
        "a" * SIZE,
    ),
    "lines of which each may be the title": (
        lambda text: clean(text.split("\n")),
        "".join(f"The ship no. {number} sailed\n" for number in range(8000)),
    ),
    "a long word where the issue may stand": (
        lambda text: clean([line.format(text) for line in PAGE]),
        "a" * 2 * SIZE,
    ),
    "backticks that nothing closes": (sentences, "`" * 6 * SIZE),
    "quotation marks that nothing closes": (sentences, "“" * 6 * SIZE),
    "blank lines in a block quote": (
        lambda text: quotations(f"> A word\n{text}> said so\n"),
        ">\n" * SIZE,
    ),
    "single quotes that nothing closes": (quotations, "'a " * (SIZE // 2)),
    "curly single quotes that nothing closes": (quotations, "‘a’b " * (SIZE // 2)),
}


@pytest.mark.parametrize("name", ONCE_QUADRATIC)
def test_a_long_line_takes_linear_time(name: str) -> None:
    stage, text = ONCE_QUADRATIC[name]

    assert cpu_seconds(stage, text) < 8


def test_the_command_measures_every_stage_and_flags_what_is_steep() -> None:
    growths = list(measure(400, [*STAGES], ["mixed", "one word"]))

    assert [growth.stage for growth in growths[::4]] == [*STAGES]
    assert all(len(growth.seconds) == 3 and min(growth.seconds) >= 0 for growth in growths)
    assert growths[0]._replace(seconds=(0.1, 0.2, 0.7)).is_steep
    assert not growths[0]._replace(seconds=(0.1, 0.2, 0.5)).is_steep
    assert growths[0]._replace(seconds=(9.0, float("inf"), float("inf"))).is_steep
    assert len({*UNITS.values()}) == len(UNITS)


def test_a_sentence_is_where_it_was_however_long_the_paragraph() -> None:
    prose = " ".join(f"Dr. Smith of no. {number} said so." for number in range(2000))

    found = [prose[start:end] for start, end in sentences(prose)]

    assert found == [f"Dr. Smith of no. {number} said so." for number in range(2000)]
