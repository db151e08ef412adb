"""One analyser: what is a word, in which forms, and where."""

import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isisdocs.model import Span
from isisdocs.words import (
    MAX_FORM,
    MAX_PARTS,
    PARAGRAPH_GAP,
    Token,
    field_tokens,
    fold,
    folded,
    has_accents,
    occurrences,
    pattern_tokens,
    stem,
    tokens,
    word_ranges,
)

FORMS = [
    # written, exact, folded, stem
    ("Iraq’s", "Iraq", "iraq", "iraq"),
    ("IRAQ’S", "IRAQ", "iraq", "iraq"),
    ("soldiers’", "soldiers", "soldiers", "soldier"),
    ("don’t", "don't", "dont", "dont"),
    ("Qa`im", "Qa'im", "qaim", "qaim"),
    ("1990’s", "1990", "1990", "1990"),
    ("U.S.", "US", "us", "us"),
    ("U.S.’s", "US", "us", "us"),
    ("e.g.", "eg", "eg", "eg"),
    ("1,700", "1700", "1700", "1700"),
    ("1,234,567.89", "1234567.89", "1234567.89", "1234567.89"),
    ("41.6bn", "41.6bn", "41.6bn", "41.6bn"),
    ("٢٠١٤", "٢٠١٤", "2014", "2014"),
    ("10³", "10³", "10³", "10³"),
    ("½", "½", "½", "½"),
    ("ＩＳＩＳ", "ＩＳＩＳ", "isis", "isis"),
    ("ﬁghters", "ﬁghters", "fighters", "fighter"),
    ("regu\u00adlation", "regulation", "regulation", "regul"),
    ("Tomáš", "Tomáš", "tomas", "toma"),
    (unicodedata.normalize("NFD", "Tomáš"), "Tomáš", "tomas", "toma"),
    ("Straße", "Straße", "strasse", "strass"),
    ("Łódź", "Łódź", "lodz", "lodz"),
    ("Ærø", "Ærø", "aero", "aero"),
    ("İstanbul", "İstanbul", "istanbul", "istanbul"),
    ("Shiʿa", "Shiʿa", "shia", "shia"),
    ("ʿ", "ʿ", "ʿ", "ʿ"),
    ("أحمد", "أحمد", "احمد", "احمد"),
    ("مـوصل", "مـوصل", "موصل", "موصل"),
    ("Мосул", "Мосул", "мосул", "мосул"),
    ("бой", "бой", "бой", "бой"),
    ("ёлка", "ёлка", "елка", "елка"),
    ("किताब", "किताब", "किताब", "किताब"),
    ("ガ", "ガ", "ガ", "ガ"),
    ("か\u3099", "が", "が", "が"),
    ("한", "한", "한", "한"),
    (unicodedata.normalize("NFD", "한"), "한", "한", "한"),
    ("❤\ufe0f", "❤", "❤", "❤"),
    ("👍🏽", "👍🏽", "👍", "👍"),
    ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ("🇮🇶", "🇮🇶", "🇮🇶", "🇮🇶"),
    ("ISIS", "ISIS", "isis", "isis"),
    ("ISI", "ISI", "isi", "isi"),
    ("Iraqis", "Iraqis", "iraqis", "iraqi"),
]


@pytest.mark.parametrize(("written", "exact", "folded", "stemmed"), FORMS)
def test_a_word_has_three_forms(written, exact, folded, stemmed):
    assert [token[4:] for token in tokens(written)] == [(exact, folded, stemmed)]


PLACES = [
    ("al-Maliki's men", ["al@0", "al-Maliki@0+2", "Maliki@1", "men@2"]),
    ("U.S.-led", ["US@0", "US-led@0+2", "led@1"]),
    ("11‑year‐old", ["11@0", "11-year-old@0+3", "year@1", "old@2"]),
    ("1,700-strong", ["1700@0", "1700-strong@0+2", "strong@1"]),
    ("war--peace -x- 2013–14", ["war@0", "peace@1", "x@2", "2013@3", "14@4"]),
    ("1-2-3-4-5-6-7-8-9", [f"{n}@{n - 1}" for n in range(1, 10)]),
    ("US$466 foo_bar AT&T", ["US@0", "466@1", "foo@2", "bar@3", "AT@4", "T@5"]),
    ("J.Smith e.g.this", ["J@0", "Smith@1", "eg@2", "this@3"]),
    ("2013,2014 1,70 a.b.cd", ["2013@0", "2014@1", "1@2", "70@3", "ab@4", "cd@5"]),
    ("www.bbc.co.uk", ["www@0", "bbc@1", "co@2", "uk@3"]),
    ("press@swp.org.uk", ["press@0", "swp@1", "org@2", "uk@3"]),
    ("ISIS巴格达", ["ISIS@0", "巴@1", "巴格@1+2", "格@2", "格达@2+2", "达@3"]),
    ("กรุง๒", ["ก@0", "กรุ@0+2", "รุ@1", "รุง@1+2", "ง@2", "๒@3"]),
    ("‘tis 'n' rock", ["tis@0", "n@1", "rock@2"]),
    ("👍👍 🇮🇶🇸🇾 🇮", ["👍@0", "👍@1", "🇮🇶@2", "🇸🇾@3", "🇮@4"]),
    (" – … ’ - _ ", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), PLACES)
def test_words_have_places(text, expected):
    found = [
        f"{token.exact}@{token.position}" + (f"+{token.width}" if token.width > 1 else "")
        for token in tokens(text)
    ]

    assert found == expected


def test_offsets_are_characters_of_the_text():
    text = "“Iraq’s” al-Qa'im's\u00ad U.S. cafe\u0301s"

    found = [text[token.start : token.end] for token in tokens(text)]

    assert found == ["Iraq", "al", "al-Qa'im", "Qa'im", "U.S.", "cafe\u0301s"]


def test_a_token_says_everything_about_a_word():
    assert tokens("the Soldiers", position=7)[1] == Token(
        start=4, end=12, position=8, width=1, exact="Soldiers", folded="soldiers", stem="soldier"
    )


def test_positions_run_on_over_a_gap_between_texts():
    found = field_tokens(["one two", "", "three"])

    positions = [[token.position for token in part] for part in found]
    assert positions == [[0, 1], [], [2 + 2 * PARAGRAPH_GAP]]


def test_joined_forms_are_occurrences_but_not_counted():
    read = occurrences(["al-Maliki and al", "巴格"])

    assert (read.forms, read.total) == (
        {
            "al": [Span(0, 1), Span(3, 4)],
            "al-Maliki": [Span(0, 2)],
            "Maliki": [Span(1, 2)],
            "and": [Span(2, 3)],
            "巴": [Span(104, 105)],
            "巴格": [Span(104, 106)],
            "格": [Span(105, 106)],
        },
        6,
    )


def test_pattern_signs_are_letters_only_in_patterns():
    assert [token.exact for token in pattern_tokens("al-mal* t?r")][:3] == ["al", "al-mal*", "mal*"]
    assert [token.exact for token in tokens("mal* t?r")] == ["mal", "t", "r"]


@pytest.mark.parametrize(
    ("exact", "has_them"),
    [("Tomáš", True), ("Tomas", False), ("Qa'im", False), ("Мосул", False), ("巴", False)],
)
def test_accents_are_noticed(exact, has_them):
    assert has_accents(exact) is has_them


WRITTEN = st.text(
    st.one_of(
        st.sampled_from(
            "abcXYZ019 .,'’-‐_*?\u00ad\u200b\u200d\u0301\u0302é巴格가ガ👍🏽🇮\ufe0fсмлى \n"
        ),
        st.characters(),
    ),
    max_size=60,
)


@given(st.lists(WRITTEN, max_size=4))
def test_occurrences_are_the_tokens_of_the_field(texts):
    found: dict[str, list[Span]] = {}
    analysed = field_tokens(texts)
    for token in (token for part in analysed for token in part):
        span = Span(token.position, token.position + token.width)
        found.setdefault(token.exact, []).append(span)

    read = occurrences(texts)
    assert (read.forms, read.total) == (
        {exact: sorted(spans) for exact, spans in found.items()},
        sum(token.width == 1 for part in analysed for token in part),
    )
    assert len(read.starts) == len(texts) + 1
    starts = [part[0].position for part in analysed if part]
    assert [
        first for first, part in zip(read.starts, [*analysed, []], strict=True) if part
    ] == starts


@given(st.lists(st.tuples(WRITTEN, st.booleans()), max_size=5))
def test_a_text_given_by_its_length_only_takes_up_its_positions(texts):
    whole = occurrences([text for text, _ in texts])
    lengths = [occurrences([text]).total for text, _ in texts]

    read = occurrences(
        [
            text if is_read else length
            for (text, is_read), length in zip(texts, lengths, strict=True)
        ]
    )

    bounds = list(zip(whole.starts, whole.starts[1:], texts, strict=False))
    expected = {
        exact: places
        for exact, spans in whole.forms.items()
        if (
            places := [
                span
                for span in spans
                if any(start <= span.start < end and one[1] for start, end, one in bounds)
            ]
        )
    }
    assert (read.forms, read.total, read.starts) == (expected, whole.total, whole.starts)


def continuing(text: str) -> set[int]:
    """Letters that only go on with a syllable, and are nothing alone."""
    names = [unicodedata.name(letter, "") for letter in text]
    signs = (
        "HANGUL JUNGSEONG",
        "HANGUL JONGSEONG",
        "HALFWIDTH KATAKANA VOICED",
        "HALFWIDTH KATAKANA SEMI",
    )
    return {index for index, name in enumerate(names) if name.startswith(signs)}


@given(WRITTEN)
def test_tokens_cover_the_text_in_order(text):
    found = tokens(text)

    plain = [token for token in found if token.width == 1]
    assert [token.position for token in plain] == list(range(len(plain)))
    assert all(a.end <= b.start for a, b in pairwise(plain))
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert found == sorted(found, key=lambda token: (token.position, token.width))
    covered = {index for token in plain for index in range(token.start, token.end)}
    letters = {index for index, letter in enumerate(text) if letter.isalnum()} - continuing(text)
    assert {text[index] for index in letters - covered} <= set("sSʼ")  # possessives, an apostrophe


@given(WRITTEN)
def test_folded_and_stem_are_functions_of_the_exact_form(text):
    for token in tokens(text):
        assert token.folded == fold(token.exact)
        assert token.stem == stem(token.folded)
        assert token.exact
        assert token.folded
        assert len(token.exact) <= MAX_FORM


@given(WRITTEN)
def test_exact_forms_are_folded_together_as_they_are_one_by_one(text):
    exacts = [token.exact for token in tokens(text)]

    assert sorted(folded(" ".join(exacts)).split()) == sorted(map(fold, exacts))


@given(WRITTEN)
def test_folding_twice_changes_nothing(text):
    for token in tokens(text):
        assert fold(token.folded) == token.folded


@given(WRITTEN)
def test_composed_and_decomposed_text_have_the_same_words(text):
    composed = tokens(unicodedata.normalize("NFC", text))
    decomposed = tokens(unicodedata.normalize("NFD", text))

    assert [token[2:] for token in decomposed] == [token[2:] for token in composed]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "e" + "\u0301\u0327" * 500_000,
        "a" + "\u0301\u0327" * 15,
        "巴" * 20_000,
        "a." * 50_000,
        "1,000" + ",000" * 50_000 + "0",
        "a-" * 50_000,
        "'" * 300_000,
        "a'" * 100_000,
        "👨\u200d" * 50_000,
        "\u200d" * 300_000,
        "-" * 300_000,
        "1." * 50_000,
    ],
    ids=lambda text: f"{text[:6]!a}",
)
def test_hostile_words_take_linear_time(text):
    start = time.process_time()

    occurrences([text])

    assert time.process_time() - start < 60


def test_a_form_is_cut_and_too_many_marks_are_dropped():
    assert tokens("a" * 1000)[0].exact == "a" * MAX_FORM
    marks = "\u0327" * 16 + "\u0301" * 1000
    assert len(tokens("q" + marks)[0].exact) == 31
    assert tokens("x" + "-y" * MAX_PARTS)[1].width == 1


def test_long_texts_have_positions_to_the_end():
    read = occurrences(["a " * 3000 + "b", "c"])
    found, total = read.forms, read.total

    assert found["a"] == [Span(index, index + 1) for index in range(3000)]
    assert (found["b"], found["c"], total) == ([Span(3000, 3001)], [Span(3101, 3102)], 3002)


@given(st.text(), st.data())
def test_ranges_of_some_words_are_those_of_their_tokens(text: str, data: st.DataObject) -> None:
    words = [token for token in tokens(text) if token.width == 1]
    places = data.draw(st.sets(st.sampled_from(range(len(words))))) if words else set()

    ranges = word_ranges(text, places)

    assert {place: ranges[place] for place in places} == {
        place: Span(words[place].start, words[place].end) for place in places
    }


@given(st.text(min_size=1))
def test_stem_begins_as_its_word(text: str) -> None:
    # Highlighting stems only the words that begin as the stem does.
    assert all(token.stem[0] == token.folded[0] for token in tokens(text))
