"""Whatever the loader does to a file, all of its words can be found as they came."""

from hypothesis import given, settings
from hypothesis import strategies as st

from isisdocs.load import corpus
from isisdocs.load.untouched import units
from isisdocs.model import Article, Paragraph
from isisdocs.passages import find, snippets
from isisdocs.query.parse import parse
from isisdocs.settings import LoadSettings
from isisdocs.words import tokens

PAGE = """\
Menu | Search

Iraq?s army didn?t fight
By Jo Blo?ggs

The soldiers? families were told on Tuesday that the war in the north of
the country was over, and that nobody there would have to go back to the
front again in this year or in the next; the
[ministry](https://example.org/m) had said so. Nobody in the town
believed a word of it, and the trains that left for the front in the
evening were as full as they had been in the week before. At the station
a sergeant who had lost an arm sold newspapers of the day before
yesterday to those who went.

Share this article
"""


def loaded(text: str) -> Article:
    return corpus.article("page.txt", text.encode(), LoadSettings())


def test_units_are_lines_and_joined_paragraphs():
    text = "\n  One \n\ntwo\nthree  \nfour"
    joined = Paragraph(4, "two three", ((4, 5),))

    found = units(text, [Paragraph(2, "1"), joined])

    assert found == (Paragraph(2, "One"), joined, Paragraph(6, "four"))
    assert found[1] is joined


def test_a_joined_paragraph_keeps_the_lines_between_that_were_cut():
    text = "The army\nAdvert\nfled."
    joined = Paragraph(1, "The army fled.", ((9, 3),))

    assert units(text, [joined]) == (joined, Paragraph(2, "Advert"))


def test_what_was_repaired_and_cut_is_found_as_it_came_with_its_lines():
    article = loaded(PAGE)

    def where(query: str) -> list[tuple[int, str]]:
        found = snippets(find(parse(query).node, article), article, limit=None)
        return [(one.line, one.text[slice(*one.ranges[0])]) for one in found]

    assert where("raw:Iraq?s") == [(3, "Iraq?s")]
    assert where('raw:"soldiers? families"') == [(6, "soldiers? families")]
    assert where("raw:menu") == [(1, "Menu")]
    assert where('raw:"north of the country"') == [(6, "north of the country")]
    assert where("raw:ministry") == [(9, "ministry")]
    assert where("raw:example.org") == [(9, "example.org")]
    assert where('raw:"share this"') == [(15, "Share this")]


WORDS = (
    "Iraq?s D??ish caf\u00c3\u00a9 &amp; **bold** [a](b) Menu Share Donate By Jo Blo\n \n\n "
    "the army of the north fled on Tuesday and nobody stayed. \ufffd co\xadop 24 June 2014\n"
)
PIECES = st.sampled_from(WORDS.split(" "))


@settings(deadline=None)  # the first mojibake costs the import of ftfy
@given(st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=40).map(" ".join))
def test_all_words_of_a_file_are_in_raw_on_their_lines(text: str) -> None:
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    try:
        data = text.encode()
        article = corpus.article("page.txt", data, LoadSettings(encoding="utf-8"))
    except (UnicodeEncodeError, corpus.decode.BinaryData):
        return

    def words(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
        return sorted((number, token.exact) for number, line in lines for token in tokens(line))

    there = [
        (unit.line_at(token.start), token.exact)
        for unit in article.raw
        for token in tokens(unit.text)
    ]
    assert sorted(there) == words(list(enumerate(text.split("\n"), 1)))
