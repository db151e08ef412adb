"""What a user types, to a query tree: the whole language, and every slip."""

import time
from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isisdocs.errors import QueryError
from isisdocs.query.dates import range_of
from isisdocs.query.interpret import Line, explain, in_words
from isisdocs.query.parse import MAX_DEPTH, Parsed, in_field, parse
from isisdocs.query.tree import (
    And,
    DateRange,
    Everything,
    Layer,
    Near,
    Not,
    Nothing,
    Or,
    PathGlob,
    Pattern,
    PatternKind,
    Phrase,
    Term,
    Undated,
    leaves,
)

TODAY = date(2026, 11, 21)
read = partial(parse, dates=partial(range_of, today=TODAY))


def word(typed: str, text: str | None = None, field: str | None = None) -> Term:
    return Term(text or typed, Layer.STEM, field, typed)


def exact(typed: str, text: str | None = None, field: str | None = None) -> Term:
    return Term(text or typed, Layer.EXACT, field, typed)


MALIKI = Or((word("al-Maliki", "almaliki"), Phrase((word("al"), word("Maliki", "maliki")))))
TOMAS = Or((word("Tomáš", "toma"), exact("Tomáš")))

TREES = [
    ("Soldiers", word("Soldiers", "soldier")),
    ("mosul raqqa", And((word("mosul"), word("raqqa")))),
    ("mosul AND raqqa", And((word("mosul"), word("raqqa")))),
    ("mosul OR raqqa", Or((word("mosul"), word("raqqa")))),
    ("-mosul", Not(word("mosul"))),
    ("NOT mosul", Not(word("mosul"))),
    ("NOT NOT mosul", word("mosul")),
    ("mosul mosul", word("mosul")),
    ('"to be"', Phrase((word("to"), word("be")))),
    ("“to be”", Phrase((word("to"), word("be")))),
    ('"to be"~3', Near((word("to"), word("be")), 3)),
    ('"mosul"~3', word("mosul")),
    ("a NEAR/5 b", Near((word("a"), word("b")), 5)),
    ("a near/5 b", Near((word("a"), word("b")), 5)),
    ("a NEAR b", Near((word("a"), word("b")), 10)),
    ("a ADJ/2 b", Near((word("a"), word("b")), 2, is_ordered=True)),
    ("a ADJ b", Near((word("a"), word("b")), 1, is_ordered=True)),
    (
        "a NEAR/3 b NEAR/5 c",
        And((Near((word("a"), word("b")), 3), Near((word("b"), word("c")), 5))),
    ),
    ("near miss", And((word("near"), word("miss")))),
    ("isis*", Pattern("isis", PatternKind.PREFIX, typed="isis*")),
    ("*ism", Pattern("*ism", PatternKind.WILDCARD, typed="*ism")),
    ("Dá**?ish", Pattern("da*?ish", PatternKind.WILDCARD, typed="Dá**?ish")),
    ("teror~1", Pattern("teror", PatternKind.FUZZY, 1, typed="teror~1")),
    ("teror~", Pattern("teror", PatternKind.FUZZY, 1, typed="teror~1")),
    ("teror~0", word("teror")),
    ("=Word", exact("Word")),
    ('="The US"', Phrase((exact("The"), exact("US")))),
    ("=U.S.", exact("U.S.", "US")),
    ("=al-Maliki", exact("al-Maliki")),
    ("al-Maliki", MALIKI),
    ("Tomáš", TOMAS),
    ('"Tomáš al-Maliki"', Phrase((TOMAS, MALIKI))),
    (
        "al-mal*",
        Or(
            (
                Pattern("almal", PatternKind.PREFIX, typed="al-mal*"),
                Phrase((word("al"), Pattern("mal", PatternKind.PREFIX, typed="mal*"))),
            )
        ),
    ),
    (
        "al-malki~1",
        Or(
            (
                Pattern("almalki", PatternKind.FUZZY, 1, typed="al-malki~1"),
                Phrase((word("al"), Pattern("malki", PatternKind.FUZZY, 1, typed="malki~1"))),
            )
        ),
    ),
    ("US$466", Phrase((word("US", "us"), word("466")))),
    ("巴", word("巴")),
    ("巴格", word("巴格")),
    ("巴格达", Phrase((word("巴格"), word("达")))),
    ("title:mosul", word("mosul", field="title")),
    ("TITLE:mosul", word("mosul", field="title")),
    ("title:=Mosul", exact("Mosul", field="title")),
    ("-title:mosul", Not(word("mosul", field="title"))),
    ("title:-mosul", Not(word("mosul", field="title"))),
    ("body:title:mosul", word("mosul", field="title")),
    (
        'author:"Dave Stockton"',
        Phrase((word("Dave", "dave", "author"), word("Stockton", "stockton", "author"))),
    ),
    (
        "title:(mosul OR body:raqqa)",
        Or((word("mosul", field="title"), word("raqqa", field="body"))),
    ),
    ("in:cuts donate", word("donate", "donat", "cuts")),
    ("raw:donate", word("donate", "donat", "raw")),
    ("raw:Iraq?s", Phrase((word("Iraq", "iraq", "raw"), word("s", "s", "raw")))),
    ("Iraq?s in:raw", Phrase((word("Iraq", "iraq", "raw"), word("s", "s", "raw")))),
    ("raw:Iraq*", Pattern("iraq", PatternKind.PREFIX, field="raw", typed="Iraq*")),
    ("in:title (in:raw mosul)", word("mosul", field="raw")),
    ("(mosul in:raw) in:title", word("mosul", field="raw")),
    ("in:raw ISIS?", word("ISIS", "isis", "raw")),
    ("in:cuts *", Pattern("", PatternKind.PREFIX, field="cuts", typed="*")),
    ("mosul (in:title raqqa)", And((word("mosul"), word("raqqa", field="title")))),
    ("author:*", Pattern("", PatternKind.PREFIX, field="author", typed="*")),
    ("date:2014", DateRange("2014-01-01", "2014-12-31")),
    ("date:2014-06..2015-05", DateRange("2014-06-01", "2015-05-31")),
    ("date:..2015", DateRange(None, "2015-12-31")),
    ('date:"last year"', DateRange("2025-01-01", "2025-12-31")),
    (
        "date:(2014 OR June 2015)",
        Or((DateRange("2014-01-01", "2014-12-31"), DateRange("2015-06-01", "2015-06-30"))),
    ),
    ("date:none", Undated()),
    ("date:June 2014", DateRange("2014-06-01", "2014-06-30")),
    ("date:24 June 2014 b", And((DateRange("2014-06-24", "2014-06-24"), word("b")))),
    ("-date:last year b", And((Not(DateRange("2025-01-01", "2025-12-31")), word("b")))),
    ("date:2014 june", And((DateRange("2014-01-01", "2014-12-31"), word("june")))),
    ("date:yesterday a", And((DateRange("2026-11-20", "2026-11-20"), word("a")))),
    (
        "date:(June 2014 (last year))",
        And((DateRange("2014-06-01", "2014-06-30"), DateRange("2025-01-01", "2025-12-31"))),
    ),
    ("date:*", Not(Undated())),
    ("path:2014/*.txt", PathGlob("2014/*.txt")),
    ('path:"my articles"', PathGlob("my articles")),
    ("*", Everything()),
    ("path:*", Everything()),
    ("mosul (raqqa OR aleppo)", And((word("mosul"), Or((word("raqqa"), word("aleppo")))))),
    ("a b OR c d", Or((And((word("a"), word("b"))), And((word("c"), word("d")))))),
    ("a | b", Or((word("a"), word("b")))),
    ("a && b", And((word("a"), word("b")))),
    ("a -b", And((word("a"), Not(word("b"))))),
    ("a -(b c)", And((word("a"), Not(And((word("b"), word("c"))))))),
    ("+a -- b – c", And((word("a"), word("b"), word("c")))),
    ('"OR" "NOT"', And((word("OR", "or"), word("NOT", "not")))),
    (
        '"the (isis OR islamic state) army"',
        Phrase(
            (
                word("the"),
                Or((word("isis"), Phrase((word("islamic", "islam"), word("state"))))),
                word("army", "armi"),
            )
        ),
    ),
    ('"the (islamic) state"', Phrase((word("the"), word("islamic", "islam"), word("state")))),
    ("what is this?", And((word("what"), word("is"), word("this")))),
]


@pytest.mark.parametrize(("typed", "node"), TREES, ids=[typed for typed, _ in TREES])
def test_the_language(typed, node):
    assert read(typed).node == node


DATES = "a date is `2014`, `2014-06`, `2014-06-24`, `2014-06..2015-05` or words like `last year`"

NOT_DROPPED = "nothing stands after NOT; left out"

SLIPS = [
    (
        '"islamic state',
        '"islamic state"',
        ['no closing quotation mark; read as "islamic state"'],
    ),
    ("((mosul", "mosul", ["a parenthesis is not closed; read as closed at the end"]),
    ("mosul) raqqa)", "mosul raqqa", ["`)` closes nothing; left out"]),
    ("mosul AND", "mosul", ["nothing stands after AND; left out"]),
    ("OR mosul", "mosul", ["nothing stands before OR; left out"]),
    ("a OR OR b", "a OR b", ["nothing stands after OR; left out"]),
    ("a NEAR/3", "a", ["nothing stands after NEAR; left out"]),
    ("ADJ a", "a", ["nothing stands before ADJ; left out"]),
    ("a NOT", "a", ["nothing stands after NOT; left out"]),
    ("a NOT OR b", "a OR b", ["nothing stands after NOT; left out"]),
    ("a NEAR/0 b", "a NEAR/1 b", ["NEAR/0 is read as NEAR/1"]),
    ("a ADJ/99999 b", "a ADJ/10000 b", ["ADJ/99999 is read as ADJ/10000"]),
    (
        "a NEAR/3 (b c)",
        "a (b c)",
        ["NEAR and ADJ join words, phrases and their alternatives; read as AND"],
    ),
    ("title:", "title", ["nothing stands after `title:`; read as the word title"]),
    ("title: OR b", "title OR b", ["nothing stands after `title:`; read as the word title"]),
    ("title: mosul", "title:mosul", []),
    ('mosul ""', "mosul", ["a phrase without words is left out"]),
    ("teror~7", "teror~2", ["`teror~7` is read as ~2, the most"]),
    ("te*r~1", "te*r", ["`~` does not go with `*` and `?`; left out at `te*r`"]),
    ("=teror~1", "=teror", ["`~` does not go with an exact word; left out at `=teror`"]),
    ("=isis*", "isis*", ["`=` does not go with `*` and `?`; left out at `=isis*`"]),
    (
        '"a b c d e f g h i"~3',
        "a b c d e f g h i",
        ["`~` takes a phrase of up to 8 words; read as AND"],
    ),
    (
        "a b OR c",
        "(a b) OR c",
        ["OR binds looser than words side by side; parentheses say it otherwise"],
    ),
    (
        "mosul date:soon",
        "mosul",
        [f"`date:soon` is left out: {DATES}"],
    ),
    (
        "auther:smith https://a.org 8:30",
        '"auther smith" "https a org" "8 30"',
        ["there is no field `auther:`; read as words of the text"],
    ),
    ("date:soon mosul", "mosul", [f"`date:soon` is left out: {DATES}"]),
    ("-date:soon mosul", "mosul", [NOT_DROPPED, f"`date:soon` is left out: {DATES}"][::-1]),
    (
        "b date:(soon mosul (a))",
        "b",
        [f"`date:{w}` is left out: {DATES}" for w in ("soon", "mosul", "a")],
    ),
    ('-"" mosul', "mosul", ["a phrase without words is left out", NOT_DROPPED]),
    ("mosul () - ... \U0001f1ee", "mosul \U0001f1ee", []),
]


@pytest.mark.parametrize(("typed", "reading", "notes"), SLIPS, ids=[slip[0] for slip in SLIPS])
def test_a_slip_is_read_as_the_nearest_query(typed, reading, notes):
    parsed = read(typed)

    assert parsed == Parsed(read(reading).node, tuple(notes))


@pytest.mark.parametrize(
    "typed",
    ["", "  ", '""', "---", "()", "AND OR NOT", "date:soon", "in:cuts", "“”", "…?!", "=", "+"],
)
def test_asking_for_nothing_is_an_error_with_a_hint(typed):
    with pytest.raises(QueryError) as caught:
        read(typed)

    assert caught.value.message == f"nothing to look up in {typed!r}"
    assert caught.value.hint == 'type words, a "phrase" or a filter such as `date:2014`'


def test_any_word_makes_alternatives_and_keeps_limits():
    parsed = read("a b AND c -d date:2014 OR e", any_word=True)

    assert parsed.node == Or(
        (
            And(
                (
                    Or((word("a"), And((word("b"), word("c"))))),
                    Not(word("d")),
                    DateRange("2014-01-01", "2014-12-31"),
                )
            ),
            word("e"),
        )
    )


def test_a_chain_of_nears_is_one_alternative():
    assert in_words(read("x a NEAR/3 b NEAR/5 c", any_word=True).node) == (
        "x OR ((a NEAR/3 b) (b NEAR/5 c))"
    )


def test_exact_takes_every_word_as_written():
    parsed = read('Tomáš al-Maliki "US army" isis*', exact=True, synonyms={"Tomáš": ["Tom"]})

    assert parsed == Parsed(
        And(
            (
                exact("Tomáš"),
                exact("al-Maliki"),
                Phrase((exact("US"), exact("army"))),
                Pattern("isis", PatternKind.PREFIX, typed="isis*"),
            )
        ),
        (),
    )


SYNONYMS = {"isis": ["isil", "islamic state"], "islamic state": ["daesh"], "al-Maliki": ["Maliki"]}

WIDENED = [
    ("ISIS fighters", '(ISIS OR isil OR "islamic state") fighters'),
    ("title:isis", 'title:isis OR title:isil OR title:"islamic state"'),
    ('"isis fighters"', '"(isis OR isil OR islamic state) fighters"'),
    ('"islamic state"', '"islamic state" OR daesh'),
    ('"the islamic state fled"', '"the (islamic state OR daesh) fled"'),
    ('"the (islamic state OR x) fled"', '"the ((islamic state OR daesh) OR x) fled"'),
    ("islamic state", "islamic state"),
    ("al-maliki", "al-maliki OR Maliki"),
    ("=isis isis* -isis", '=isis isis* -(isis OR isil OR "islamic state")'),
    ("isis NEAR/3 x", '(isis OR isil OR "islamic state") NEAR/3 x'),
]


@pytest.mark.parametrize(("typed", "widened"), WIDENED, ids=[typed for typed, _ in WIDENED])
def test_synonyms_widen_words_and_phrases(typed, widened):
    node = read(typed, synonyms=SYNONYMS).node

    assert in_words(node) == widened
    assert read(widened).node == node


def test_synonyms_that_are_no_words_are_ignored():
    assert read("isis", synonyms={"-": ["x"], "isis": ["isis", "…"], "a*": ["y"]}).node == word(
        "isis"
    )


@pytest.mark.parametrize(
    "typed",
    ['"date (or|or OR)"', '"date:(or|or OR', '"date (OR or or OR)"', '"date (or or OR or or)"'],
)
def test_a_single_alternative_in_a_phrase_is_a_part_of_it(typed):
    assert read(typed).node == read('"date or or"').node


PIECES = st.one_of(
    st.sampled_from('OR AND NOT NEAR ADJ NEAR/3 ADJ/2 near/4 ( ( ) ) " " “ ” | & - --'.split()),
    st.sampled_from("a b isis Tomáš al-Maliki US$466 U.S. 巴格达 👍 : , . … ' ’ _ ? * = ~".split()),
    st.sampled_from('~1 ~9 isis* t?r x~1 =Word =" "~3 date:2014 date:none date:( +'.split()),
    st.sampled_from("title: author: date: source: path: in:cuts in:title raw: in:raw".split()),
    st.sampled_from("Iraq?s D??ish al-Qa?im".split()),
    st.text(max_size=6),
)
TYPED = st.builds(
    "".join, st.lists(st.builds(str.__add__, PIECES, st.sampled_from(["", " ", " "])), max_size=25)
)


@given(TYPED, st.booleans(), st.booleans(), st.booleans())
def test_nothing_raises_and_the_reading_can_be_typed(typed, any_word, is_exact, is_widened):
    synonyms = SYNONYMS if is_widened else None
    try:
        node = read(typed, any_word=any_word, exact=is_exact, synonyms=synonyms).node
    except QueryError:
        return

    assert read(in_words(node)).node == node
    assert explain(node)[0].depth == 0


def test_a_question_mark_in_raw_stands_for_itself_beside_a_star_too():
    assert read("raw:t?r/3*").node == read('raw:"t r 3*"').node != read("raw:ter/3*").node


HOSTILE = [
    "(" * 50_000 + "a",
    "(a " * 30_000,
    "(a OR " * 20_000,
    "-(a " * 20_000,
    ")" * 100_000,
    "a " * 50_000,
    " ".join(f"word{number}" for number in range(10_000)),
    " OR ".join(f"word{number}" for number in range(10_000)),
    '"' * 99_999,
    '"' + "a " * 50_000,
    '"(' * 20_000,
    '"' + "(a OR " * 20_000,
    "title:" * 15_000 + "a",
    "NOT " * 25_000 + "a",
    "-" * 100_000 + "a",
    "~" * 100_000,
    "a~" * 50_000,
    "*" * 100_000,
    "*a" * 50_000,
    "?" * 100_000 + "a",
    "a NEAR/2 " * 10_000,
    " NEAR/2 ".join(f"word{number}" for number in range(5_000)),
    " AND ".join(f"word{number}" for number in range(5_000)),
    " ".join(f"-word{number}" for number in range(5_000)),
    " ".join(f'"word{number} a"~3' for number in range(5_000)),
    "a OR " + " ".join(f"b{number} OR (c{number}" for number in range(5_000)),
    "=" * 100_000 + "a",
    "a-" * 50_000,
    "巴" * 30_000,
    "\u0301" * 100_000,
    "date:(" + "2014 OR " * 10_000,
    "date:" + "9" * 100_000,
    "date:" + " date:".join(f"x{number} y" for number in range(8_000)),
    "a NEAR/" + "9" * 100_000 + " b",
    "a~" + "9" * 100_000,
    "\x00\ud800 a",
]


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda typed: f"{typed[:12]!a} {len(typed)}")
def test_hostile_queries_are_read_in_linear_time(typed):
    start = time.process_time()

    try:
        parsed = read(typed)
        assert read(in_words(parsed.node)).node
        explain(parsed.node)
        list(leaves(parsed.node))
        assert sum(map(len, parsed.notes)) < 1000
    except QueryError as error:
        assert len(error.message) < 200

    assert time.process_time() - start < 60


def test_many_notes_are_counted():
    parsed = read(" ".join(f"x{number}~9" for number in range(20)))

    assert parsed.notes[6:] == ("`x6~9` is read as ~2, the most", "and 13 more slips")


def test_dates_in_words_are_limited():
    parsed = read("a " + " ".join(f"date:x{number}" for number in range(40)))

    assert parsed.notes[-1] == "and 33 more slips"
    assert read("a date:soon").notes == (f"`date:soon` is left out: {DATES}",)


def test_parentheses_too_deep_are_left_out():
    depth = MAX_DEPTH + 5
    parsed = read("(a -" * depth + "b" + ")" * depth)

    assert parsed.notes == (f"parentheses more than {MAX_DEPTH} deep are left out",)
    assert in_words(parsed.node).count("(") == MAX_DEPTH - 1


def test_in_field_changes_leaves_without_one():
    node = read('a title:b "c d" e* f NEAR/2 g -h date:none').node

    assert in_words(in_field(node, "cuts")) == (
        'cuts:a title:b cuts:"c d" cuts:e* (cuts:f NEAR/2 cuts:g) -cuts:h date:none'
    )


DESCRIBED = [
    (Nothing(), "-*"),
    (Everything(), "*"),
    (Term("mosul"), "mosul"),
    (DateRange("2014-02-01", "2014-02-28"), "date:2014-02"),
    (DateRange("2014-02-01", "2014-02-01"), "date:2014-02-01"),
    (DateRange("2014-02-01", "2014-02-27"), "date:2014-02-01..2014-02-27"),
    (DateRange(None, "2014-02-27"), "date:..2014-02-27"),
    (DateRange("2014-02-27", None), "date:2014-02-27.."),
    (PathGlob("-x"), 'path:"-x"'),
    (Phrase((Term("a", Layer.EXACT, typed="a"), Term("b", typed="b"))), '"=a b"'),
    (Or((Term("a"), Term("b"))), "a OR b"),
]


@pytest.mark.parametrize(("node", "text"), DESCRIBED)
def test_trees_of_no_parser_are_described_too(node, text):
    assert in_words(node) == text


def test_a_query_is_explained_line_by_line():
    node = read(
        'isis al-Maliki =US sect* t*r teror~1 teror~2 -"islamic state" (a OR b) c NEAR/5 d x ADJ y '
        "date:2014 date:none path:x"
    ).node

    assert [f"{'  ' * line.depth}{line.text}" for line in explain(node)] == [
        "all of these",
        "  the word isis in all its forms",
        "  the word al-Maliki in its spellings",
        "  the word US exactly as written",
        "  words that begin like sect*",
        "  words that fit t*r",
        "  words up to 1 edit from teror",
        "  words up to 2 edits from teror",
        "  not",
        '    the phrase "islamic state"',
        "  at least one of these",
        "    the word a in all its forms",
        "    the word b in all its forms",
        "  within 5 words of each other, in any order",
        "    the word c in all its forms",
        "    the word d in all its forms",
        "  side by side, in this order",
        "    the word x in all its forms",
        "    the word y in all its forms",
        "  articles of 2014",
        "  articles without a date",
        "  articles whose path fits x",
    ]
    assert [line.text for line in explain(read("date:2014.. OR date:..2014-06").node)[1:]] == [
        "articles from 2014-01-01",
        "articles until 2014-06-30",
    ]
    assert explain(Everything()) == [Line(0, "every article", Everything())]
    assert explain(Nothing()) == [Line(0, "no article", Nothing())]
