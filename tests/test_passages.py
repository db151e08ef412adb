"""Query and article, to ranges, snippets, passages and hits."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isisdocs.fields import SEARCHED, paragraphs_of, texts_of
from isisdocs.model import Article, Paragraph, Passage, Snippet, Span
from isisdocs.passages import ArticleText, Marked, find, hits, passages, snippets
from isisdocs.passages.excerpts import HIT_WIDTH
from isisdocs.passages.shorten import shortened
from isisdocs.query.parse import parse
from isisdocs.query.tree import Term
from tests.samples import article, is_found


def marked(query: str, made: Article) -> Marked:
    return find(parse(query).node, made)


def shown(text: str, ranges: tuple[Span, ...]) -> str:
    """The text with its ranges in brackets."""
    for start, end in reversed(ranges):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


def found(query: str, *texts: str, title: str = "") -> list[str]:
    made = article(*texts, title=title)
    result = marked(query, made)
    return [
        *([shown(title, result.title)] if result.title else []),
        *(shown(t, ranges) for t, ranges in zip(texts, result.paragraphs, strict=True) if ranges),
    ]


RANGES = [
    ("isis", "Isis’s men, “ISIS”.", "[Isis]’s men, “[ISIS]”."),
    ("isis", "crisis isisx", None),
    (
        '"islamic state"',
        "State. The Islamic State, an Islamic army",
        "State. The [Islamic State], an Islamic army",
    ),
    ('"a b a"', "a b a b a", "[a b a b a]"),
    ("islamic state", "the Islamic State", "the [Islamic] [State]"),
    ('islamic "islamic state"', "the Islamic State", "the [Islamic State]"),
    (
        "army NEAR/2 fled",
        "the army then fled; no other army",
        "the [army] then [fled]; no other army",
    ),
    ("army -fled", "the army stood", "the [army] stood"),
    ("army -fled", "the army fled", None),
    ("army OR (fled NEAR/2 x)", "the army fled", "the [army] fled"),
    ("maliki", "al-Maliki's", "al-[Maliki]'s"),
    ("al-maliki", "al-Maliki's, Al Maliki", "[al-Maliki]'s, [Al Maliki]"),
    ("cafe", "the cafe\u0301s", "the [cafe\u0301s]"),
    ("fire", "a ﬁre-ﬁght", "a [ﬁre]-ﬁght"),
    ("regulation", "regu\u00adlation!", "[regu\u00adlation]!"),
    ("sect*", "Sectarian sects", "[Sectarian] [sects]"),
    ("格达", "在巴格达", "在巴[格达]"),
    ("巴格达", "在巴格达", "在[巴格达]"),
    ("US", "the U.S. army", "the [U.S.] army"),
    ("👍", "ok 👍🏽", "ok [👍🏽]"),
    ("US$466", "US$466m US$466", "US$466m [US$466]"),
    ("=US", "US us", "[US] us"),
]


@pytest.mark.parametrize(("query", "text", "expected"), RANGES)
def test_a_match_is_whole_words(query, text, expected):
    assert found(query, text) == ([expected] if expected else [])


def test_phrases_stay_in_a_paragraph_and_near_does_too():
    assert found('"islamic state"', "islamic", "state") == []
    assert found("islamic NEAR/50 state", "islamic", "state") == []


def test_title_and_body_are_marked_apart():
    made = article("The army.", "No.", "An army!", title="Army")

    assert marked("army", made) == Marked(
        title=(Span(0, 4),),
        paragraphs=((Span(4, 8),), (), (Span(3, 7),)),
        words=((frozenset({"army"}),), (), (frozenset({"army"}),)),
    )
    assert marked("title:army", made).paragraphs == ((), (), ())


def test_an_article_has_six_text_fields():
    made = article(
        "body",
        title="title",
        authors=("one", "two"),
        outlet="paper",
        cuts=("cut",),
        raw=("TITLE", "b?dy"),
    )

    assert {field: list(texts_of(made, field)) for field in SEARCHED} == {
        "title": ["title"],
        "body": ["body"],
        "author": ["one", "two"],
        "source": ["paper"],
        "cuts": ["cut"],
        "raw": ["TITLE", "b?dy"],
    }
    with pytest.raises(ValueError, match="no field 'date'"):
        texts_of(made, "date")
    with pytest.raises(ValueError, match="the texts of 'title' have no lines"):
        paragraphs_of(made, "title")
    assert ArticleText(made).leaf_spans(Term("two"), "author") == [Span(101, 102)]


LEFT_OUT = article(
    "The army fled. Nobody stayed.",
    cuts=("Please donate to the army fund. It is short of money.", "Share"),
    raw=("THE ARMY", "The army fled. Nobody stayed.", "Please d?nate to the army fund."),
)


LAST = (3, "Please d?nate to [the] [army] fund.")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("in:cuts donate", [(90, "Please [donate] to the army fund.")]),
        ("in:cuts army fund", [(90, "Please donate to the [army] [fund].")]),
        ("in:cuts fund -army", []),
        ("raw:army -raw:fund", []),
        ("raw:army raw:the", [(1, "[THE] [ARMY]"), (2, "[The] [army] fled."), LAST]),
        ("raw:d?nate", [(3, "Please [d?nate] to the army fund.")]),
        ("nobody raw:d?nate", [(3, "[Nobody] stayed."), (3, "Please [d?nate] to the army fund.")]),
        ("cuts:share OR fled", [(3, "The army [fled]."), (91, "[Share]")]),
    ],
)
def test_what_was_left_out_has_snippets_and_hits_of_its_own(query, expected):
    result = marked(query, LEFT_OUT)

    cut = snippets(result, LEFT_OUT)
    single = hits(result, LEFT_OUT)

    assert [(one.line, shown(one.text, one.ranges)) for one in cut if one.ranges] == expected
    assert [(one.line, one.ranges) for one in single] == [
        (one.line, (span,)) for one in cut for span in one.ranges
    ]
    assert result.count == len(single)


def test_what_was_left_out_is_nothing_to_cite():
    assert passages(marked("in:cuts donate", LEFT_OUT), LEFT_OUT) == ()


def test_context_does_not_go_over_from_body_to_what_was_cut():
    result = marked("nobody OR cuts:donate", LEFT_OUT)

    found = snippets(result, LEFT_OUT, context=1)

    assert [one.text for one in found] == [
        "The army fled. Nobody stayed.",
        "Please donate to the army fund. It is short of money.",
    ]
    assert [one.line for one in found] == [3, 90]


THREE = (
    "Mosul fell. The army fled. Nobody stayed.",
    "ISIS took Mosul and the army’s weapons. ISIS won.",
    "ISIS took Mosul and the army’s weapons.",
)


def test_snippets_cover_most_words_in_reading_order_without_repeats():
    made = article(*THREE)

    found = snippets(marked("mosul army isis", made), made, limit=2)

    assert found == (
        Snippet("Mosul fell.", (Span(0, 5),), 3),
        Snippet(
            "ISIS took Mosul and the army’s weapons.", (Span(0, 4), Span(10, 15), Span(24, 28)), 5
        ),
    )


def test_all_snippets_and_context():
    made = article(*THREE)

    every = snippets(marked("army", made), made, limit=None)
    wide = snippets(marked("won", made), made, context=1)
    wider = snippets(marked("fell OR won", made), made, context=9)

    assert [shown(s.text, s.ranges) for s in every] == [
        "The [army] fled.",
        "ISIS took Mosul and the [army]’s weapons.",
    ]
    assert [shown(s.text, s.ranges) for s in wide] == [
        f"ISIS took Mosul and the army’s weapons. ISIS [won].\n\n{THREE[2]}"
    ]
    assert [s.line for s in wide] == [5]
    assert [shown(s.text, s.ranges) for s in wider] == [
        "\n\n".join(THREE).replace("fell", "[fell]").replace("won", "[won]")
    ]


def test_context_that_overlaps_is_one_snippet():
    made = article("One oil. Two gun. Three map. Four sun. Five rain. Six oil.")

    found = snippets(marked("oil OR map OR rain", made), made, limit=2, context=1)

    assert [shown(s.text, s.ranges) for s in found] == [
        "One [oil]. Two gun. Three [map]. Four sun."
    ]


def test_a_phrase_across_sentences_is_shown_whole():
    made = article("It was the U.K. Army. Then it left.")

    found = snippets(marked('"army then"', made), made)

    assert [shown(s.text, s.ranges) for s in found] == ["It was the U.K. [Army. Then] it left."]


@pytest.mark.parametrize("query", ["title:army", "date:2014", "*"])
def test_without_a_match_in_the_body_the_first_sentences_stand_in(query):
    made = article("", "One. Two. Three.", title="Army", date="2014")

    assert snippets(marked(query, made), made, width=9) == (Snippet("One. Two.", (), 5),)


def test_an_article_without_body_has_no_snippets():
    made = article(title="Army")

    assert snippets(marked("army", made), made) == ()
    assert passages(marked("army", made), made, whole="article") == ()


def test_line_is_that_of_the_first_match():
    made = article()
    joined = Paragraph(3, "One two. Three four five.", later_lines=((9, 8), (20, 9)))
    made = Article(made.id, made.metadata, 1, (joined,), (), (), "utf-8", "")

    assert [s.line for s in snippets(marked("two OR five", made), made)] == [3, 9]
    assert [s.line for s in hits(marked("four OR five", made), made)] == [8, 9]
    assert [p.line for p in passages(marked("five", made), made)] == [8]


LONG = "the " * 50 + "army of the " + "old " * 60 + "state fled " + "far " * 40 + "away."


@pytest.mark.parametrize(
    ("query", "width", "expected"),
    [
        ("army", 40, "… the the the the [army] of the old old …"),
        ("the", 20, "[the] [the] [the] [the] …"),
        ("away", 30, "… far far far far far [away]."),
        ("state fled", 30, "… old old [state] [fled] far far …"),
        ("army state fled", 40, "… old old old [state] [fled] far far far …"),
        ('"army of the old"', 5, "… [army of the old] …"),
    ],
)
def test_a_long_sentence_is_cut_around_its_matches(query, width, expected):
    made = article(LONG)

    (found,) = snippets(marked(query, made), made, limit=1, width=width)

    assert shown(found.text, found.ranges) == expected


def test_text_without_spaces_is_cut_between_its_words():
    made = article("在" * 100 + "巴格达" + "人" * 100)

    (found,) = snippets(marked("巴格达", made), made, width=20)

    assert shown(found.text, found.ranges) == "… 在在在在在在[巴格达]人人人人人人人 …"


def test_passages_carry_where_they_stand():
    made = article(*THREE)

    assert passages(marked("fled OR won", made), made) == (
        Passage("The army fled.", (Span(9, 13),), 3, 0, 12, 0, 26),
        Passage("ISIS won.", (Span(5, 8),), 5, 1, 40, 1, 49),
    )


def test_passages_of_paragraphs_and_whole_articles():
    made = article("One a.", "", "Two b.", "Three c.", "Four d.")

    single = passages(marked("b", made), made, whole="paragraph")
    around = passages(marked("a OR c", made), made, whole="paragraph", context=1)
    whole = passages(marked("a OR d", made), made, whole="article")

    assert single == (Passage("Two b.", (Span(4, 5),), 7, 2, 0, 2, 6),)
    assert [shown(p.text, p.ranges) for p in around] == [
        "One [a].\n\nTwo b.\n\nThree [c].\n\nFour d."
    ]
    assert [shown(p.text, p.ranges) for p in whole] == [
        "One [a].\n\nTwo b.\n\nThree c.\n\nFour [d]."
    ]
    assert passages(marked("title:x OR *", made), made) == ()


def test_hits_are_single_matches_title_first():
    made = article(*THREE[:2], title="Isis in Mosul")

    assert [(shown(h.text, h.ranges), h.line) for h in hits(marked("isis", made), made)] == [
        ("[Isis] in Mosul", 1),
        ("[ISIS] took Mosul and the army’s weapons.", 5),
        ("[ISIS] won.", 5),
    ]


def test_a_sentence_of_many_matches_is_cut_around_each():
    made = article("so many times " * 1000 + "ended.", title="Title")

    found = hits(marked("times", made), made)

    assert len(found) == 1000
    assert {h.text[h.ranges[0].start : h.ranges[0].end] for h in found} == {"times"}
    assert max(len(h.text) for h in found) <= HIT_WIDTH
    assert found[0].text.startswith("so many times so")
    assert found[-1].text.endswith("so many times ended.")
    assert (found[500].text[:2], found[500].text[-2:]) == ("… ", " …")


# What follows knows nothing of tokens: queries and what they should find are generated together.

NAMES = ["oil", "gun", "map", "sun"]
PARAGRAPH = st.lists(st.sampled_from(NAMES), max_size=6)
BODIES = st.tuples(PARAGRAPH, st.lists(PARAGRAPH, max_size=3))


def texts(made):
    title, paragraphs = made
    return [title, *paragraphs]


def word_query(word):
    return word, lambda made: any(word in text for text in texts(made))


def phrase_query(words):
    def holds(made):
        size = len(words)
        return any(t[i : i + size] == words for t in texts(made) for i in range(len(t)))

    return f'"{" ".join(words)}"', holds


def near_query(first, second, distance, is_ordered):
    def holds(made):
        return any(
            0 < (j - i if is_ordered else abs(j - i)) <= distance
            for text in texts(made)
            for i, a in enumerate(text)
            for j, b in enumerate(text)
            if (a, b) == (first, second)
        )

    return f"({first} {'ADJ' if is_ordered else 'NEAR'}/{distance} {second})", holds


def prefix_query(letter):
    return f"{letter}*", lambda made: any(w.startswith(letter) for t in texts(made) for w in t)


def joined(parts, operator):
    test = any if operator == " OR " else all
    typed = operator.join(typed for typed, _ in parts)
    return f"({typed})", lambda made: test(holds(made) for _, holds in parts)


NAME = st.sampled_from(NAMES)
QUERIES = st.recursive(
    st.one_of(
        NAME.map(word_query),
        st.lists(NAME, min_size=2, max_size=3).map(phrase_query),
        st.builds(near_query, NAME, NAME, st.integers(1, 4), st.booleans()),
        st.sampled_from("ogms").map(prefix_query),
    ),
    lambda inner: st.one_of(
        st.builds(joined, st.lists(inner, min_size=2, max_size=3), st.sampled_from([" ", " OR "])),
        inner.map(lambda query: (f"-({query[0]})", lambda made: not query[1](made))),
    ),
    max_leaves=5,
)


@given(QUERIES, BODIES)
def test_what_is_typed_finds_what_a_scan_finds(query, body):
    typed, holds = query
    made = article(*(" ".join(words) for words in body[1]), title=" ".join(body[0]))

    assert is_found(typed, made) is holds(body)


SENTENCE = st.lists(
    st.sampled_from(
        "oil gun-map “sun” Oil’s gun... U.S. oil! cafe\u0301 ﬁre 巴格达 👍🏽 a, b. Mr. x".split()
    ),
    max_size=30,
).map(" ".join)


@given(
    st.lists(SENTENCE, max_size=4),
    st.sampled_from(
        ["oil", "gun OR map", '"sun oil"', "oil NEAR/3 sun", "a* fire 巴格", "cafe -x"]
    ),
    st.one_of(st.none(), st.integers(1, 4)),
    st.integers(0, 2),
    st.integers(5, 60),
)
def test_snippets_obey_their_laws(paragraphs, query, limit, context, width):
    made = article(*paragraphs, title="oil")
    result = marked(query, made)

    found = snippets(result, made, limit=limit, context=context, width=width)

    assert limit is None or len(found) <= limit
    whole = "\n\n".join(text for text in paragraphs if text.strip())
    for snippet in found:
        assert list(snippet.ranges) == sorted(snippet.ranges)
        assert all(
            a.end <= b.start for a, b in zip(snippet.ranges, snippet.ranges[1:], strict=False)
        )
        for start, end in snippet.ranges:
            assert 0 <= start < end <= len(snippet.text)
            assert snippet.text[start:end] in whole
        for piece in snippet.text.split("…"):
            assert piece.strip() in whole
        longest = max((end - start for start, end in snippet.ranges), default=0)
        if not context:
            assert len(snippet.text) <= max(width, longest + 4) or not snippet.ranges
    if limit is None and any(result.paragraphs):
        assert len({s.text for s in found}) == len(found)


@given(
    st.lists(SENTENCE, max_size=4), st.sampled_from(["oil", '"sun oil"', "gun NEAR/4 sun", "g*"])
)
def test_hits_and_passages_show_every_match(paragraphs, query):
    made = article(*paragraphs)
    result = marked(query, made)
    matches = [
        text[start:end]
        for text, ranges in zip(paragraphs, result.paragraphs, strict=True)
        for start, end in ranges
    ]

    assert [h.text[h.ranges[0].start : h.ranges[0].end] for h in hits(result, made)] == matches
    for whole in ("sentence", "paragraph"):
        cited = passages(result, made, whole=whole)
        assert [p.text[start:end] for p in cited for start, end in p.ranges] == matches
        for p in cited:
            assert p.paragraph == p.last_paragraph
            assert p.text == paragraphs[p.paragraph][p.start : p.end]


@given(st.text(max_size=80), st.integers(1, 40), st.data())
def test_shortening_keeps_whole_ranges(text, width, data):
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    ranges = [Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=False)]

    kept, left = shortened(text, ranges, [{span} for span in ranges], width=width)

    pieces = [text[start:end] for start, end in ranges]
    assert all(kept[start:end] in pieces for start, end in left)
    assert len(left) > 0 or not ranges
    if len(text) <= width:
        assert (kept, left) == (text, ranges)


def test_a_long_article_is_searched_and_shown_in_time():
    text = ("The army of the Islamic State took Mosul. Nobody stayed. " * 20).strip()
    made = article(*[text] * 100)  # 115 KB
    start = time.process_time()

    result = marked('mosul army "islamic state" nobody NEAR/5 stayed', made)
    snippets(result, made)
    hits(result, made)
    passages(result, made, context=1)

    assert time.process_time() - start < 60
