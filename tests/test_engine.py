"""An engine finds exactly the articles in which the query tree holds, whatever the tree.

The suite takes any engine: add its constructor to ENGINES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isisdocs import ranking
from isisdocs.engine import stored
from isisdocs.engine.base import Engine, Order, Reader
from isisdocs.engine.tantivy.store import TantivyEngine
from isisdocs.engine.whoosh import WhooshEngine
from isisdocs.errors import IndexStoreError
from isisdocs.fields import raw_texts
from isisdocs.index.current import DEFAULT_ENGINE
from isisdocs.model import Article, Cut, Metadata, Paragraph, Repair
from isisdocs.passages import ArticleText
from isisdocs.query.tree import (
    And,
    DateRange,
    Everything,
    Layer,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    PathGlob,
    Pattern,
    PatternKind,
    Phrase,
    Term,
    Undated,
    holds,
)

ENGINES: dict[str, Callable[[Path], Engine]] = {
    "whoosh": WhooshEngine,
    "tantivy": TantivyEngine,
}

WORDS = ("Isis", "ISIS", "isis", "attack", "Attacks", "attacked", "Tomáš", "Tomas", "al-Maliki")
DATES = (None, "2014", "2014-06", "2014-06-24", "2015-01-02")


def made_article(id_: str, title: str, *paragraphs: str, **metadata: object) -> Article:
    return Article(
        id=id_,
        metadata=Metadata(title=title, **metadata),  # type: ignore[arg-type]  # a test's own fields
        title_line=1,
        paragraphs=tuple(Paragraph(3 + number, text) for number, text in enumerate(paragraphs)),
        repairs=(),
        cuts=(),
        encoding="utf-8",
        sha256="",
    )


texts = st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)
articles = st.builds(
    lambda title, paragraphs, date, author, source: made_article(
        "x", title, *paragraphs, date=date, authors=(author,) if author else (), outlet=source
    ),
    texts,
    st.lists(texts, max_size=3),
    st.sampled_from(DATES),
    texts,
    texts,
)


def raws_of(article: Article) -> st.SearchStrategy[tuple[Paragraph, ...]]:
    """Files as they came: some lines are those of body and cuts, others are not or are missing."""
    known = [*article.paragraphs, Paragraph(9, article.metadata.title)]
    return st.tuples(
        *(
            st.sampled_from([(one,), (one,), (), (Paragraph(one.line, f"{one.text} Isis attack"),)])
            for one in known
        ),
        st.lists(texts.map(lambda text: Paragraph(11, text)), max_size=2).map(tuple),
    ).map(lambda parts: tuple(unit for part in parts for unit in part))


corpora = st.lists(
    articles.flatmap(lambda made: st.tuples(st.just(made), raws_of(made))), min_size=1, max_size=6
).map(
    lambda made: [
        Article(
            id=f"{'deep/' if number % 2 else ''}{number}.txt",
            metadata=article.metadata,
            title_line=1,
            paragraphs=article.paragraphs,
            repairs=(),
            cuts=(Cut(9, article.metadata.title, "test"),),
            encoding="utf-8",
            sha256="",
            raw=raw,
        )
        for number, (article, raw) in enumerate(made)
    ]
)

fields = st.sampled_from([None, None, None, "title", "body", "author", "source", "cuts", "raw"])


def leaves(field: str | None) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.sampled_from(["isis", "attack", "toma", "al", "maliki", "almaliki"]).map(
            lambda stem: Term(stem, field=field)
        ),
        st.sampled_from(WORDS).map(lambda word: Term(word, Layer.EXACT, field)),
        st.sampled_from(["", "is", "att", "tomas", "zz"]).map(
            lambda text: Pattern(text, PatternKind.PREFIX, field=field)
        ),
        st.sampled_from(["*s", "?sis", "att*ed", "*"]).map(
            lambda text: Pattern(text, PatternKind.WILDCARD, field=field)
        ),
        st.sampled_from([("isys", 1), ("atack", 1), ("tamos", 2)]).map(
            lambda pair: Pattern(pair[0], PatternKind.FUZZY, pair[1], field=field)
        ),
    )


def places(field: str | None) -> st.SearchStrategy[Node]:
    return st.recursive(
        leaves(field),
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: Phrase(tuple(parts))),
            st.lists(inner, min_size=1, max_size=2).map(lambda parts: Or(tuple(parts))),
        ),
        max_leaves=4,
    )


def nears(field: str | None) -> st.SearchStrategy[Node]:
    return st.builds(
        lambda parts, distance, is_ordered: Near(tuple(parts), distance, is_ordered=is_ordered),
        st.lists(places(field), min_size=2, max_size=3),
        st.integers(1, 4),
        st.booleans(),
    )


filters = st.one_of(
    st.builds(
        DateRange,
        st.sampled_from([None, "2014-06-01", "2014-06-24"]),
        st.sampled_from([None, "2014-06-30", "2014-12-31"]),
        st.booleans(),
    ),
    st.just(Undated()),
    st.sampled_from(["deep/*", "1.txt", "*.md"]).map(PathGlob),
    st.sampled_from([Everything(), Nothing()]),
)
trees = st.recursive(
    st.one_of(fields.flatmap(places), fields.flatmap(nears), filters),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Or(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=6,
)


@pytest.fixture(params=ENGINES, scope="module")
def make_engine(request: pytest.FixtureRequest) -> Callable[[Path], Engine]:
    return ENGINES[request.param]


@pytest.fixture
def engine(make_engine: Callable[[Path], Engine], tmp_path: Path) -> Engine:
    return make_engine(tmp_path)


@pytest.fixture
def reader(engine: Engine) -> Iterator[Reader]:
    made = [
        made_article("b.txt", "Rivers", "The river rose in June.", date="2014-06"),
        made_article("a.txt", "rivers", "The river rose in June.", date="2014-06-24"),
        made_article("c.txt", "Ábaco", "A river of sand, a river of time.", date="2012"),
        made_article("d.txt", "Undated", "One river among many others in this long valley."),
    ]
    opened = engine.open(engine.commit(None, engine.prepare(made), removed=(), generation=1))
    yield opened
    opened.close()


def found(reader: Reader, node: Node, **options: object) -> list[str]:
    options = {"limit": None, "ranking": ranking.of(node)} | options
    page = reader.search(node, **options)  # type: ignore[arg-type]  # a test's own options
    return [scored.id for scored in page.page]


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(corpus=corpora, queries=st.lists(trees, min_size=1, max_size=8), split=st.integers(0, 6))
def test_finds_what_the_tree_says_and_nothing_else(
    make_engine: Callable[[Path], Engine],
    tmp_path_factory: pytest.TempPathFactory,
    corpus: Sequence[Article],
    queries: Sequence[Node],
    split: int,
) -> None:
    engine = make_engine(tmp_path_factory.mktemp("index"))
    first = engine.prepare(corpus[:split])
    second = engine.prepare(corpus[split:])
    reader = engine.open(engine.commit(None, (*first, *second), removed=(), generation=1))

    for node in queries:
        texts = {article.id: ArticleText(article) for article in corpus}
        expected = sorted(
            id_ for id_, text in texts.items() if holds(node, text.leaf_spans, text.filter_holds)
        )
        result = reader.search(node, limit=None)
        assert sorted(scored.id for scored in result.page) == expected, node
        assert result.total == len(expected)
    reader.close()


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(corpus=corpora, queries=st.lists(trees, min_size=1, max_size=8), split=st.integers(0, 6))
@pytest.mark.parametrize("name", [name for name in ENGINES if name != DEFAULT_ENGINE])
def test_engines_agree_on_counts_order_and_scores(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    corpus: Sequence[Article],
    queries: Sequence[Node],
    split: int,
) -> None:
    readers = []
    for make in (ENGINES[DEFAULT_ENGINE], ENGINES[name]):
        engine = make(tmp_path_factory.mktemp("index"))
        prepared = (*engine.prepare(corpus[:split]), *engine.prepare(corpus[split:]))
        readers.append(engine.open(engine.commit(None, prepared, removed=(), generation=1)))
    usual, other = readers

    for node in queries:
        assert usual.count(node) == other.count(node), node
        for order in Order:
            pages = [
                reader.search(node, ranking=ranking.of(node), order=order, limit=None).page
                for reader in readers
            ]
            ids = [[scored.id for scored in page] for page in pages]
            assert ids[0] == ids[1], (node, order)
            scores = [[scored.score for scored in page] for page in pages]
            assert scores[0] == pytest.approx(scores[1]), (node, order)
    assert list(usual.vocabulary()) == list(other.vocabulary())
    assert list(usual.spellings()) == list(other.spellings())
    assert usual.ids() == other.ids()
    assert usual.count_all() == other.count_all()
    for reader in readers:
        reader.close()


def test_deleted_articles_are_gone_and_others_stay(engine: Engine) -> None:
    made = [made_article(f"{number}.txt", "Rivers", "One river.") for number in range(5)]
    state = engine.commit(None, engine.prepare(made), removed=(), generation=1)
    later = engine.commit(state, (), removed=["1.txt", "3.txt"], generation=2)
    again = engine.commit(later, engine.prepare([made[3]]), removed=["0.txt"], generation=3)

    readers = [engine.open(state), engine.open(later), engine.open(again)]

    assert [found(reader, Term("river")) for reader in readers] == [
        ["0.txt", "1.txt", "2.txt", "3.txt", "4.txt"],
        ["0.txt", "2.txt", "4.txt"],
        ["2.txt", "3.txt", "4.txt"],
    ]
    assert found(readers[1], Not(Term("nothing"))) == ["0.txt", "2.txt", "4.txt"]
    assert readers[2].ids() == ["2.txt", "3.txt", "4.txt"]
    for reader in readers:
        reader.close()


def test_changed_article_takes_the_place_of_the_old_one(engine: Engine) -> None:
    made = [made_article("a.txt", "Rivers", "One river."), made_article("b.txt", "", "A lake.")]
    state = engine.commit(None, engine.prepare(made), removed=(), generation=1)
    changed = made_article("a.txt", "Rivers", "One sea.")

    state = engine.commit(state, engine.prepare([changed]), removed=["a.txt"], generation=2)

    reader = engine.open(state)
    assert found(reader, Everything()) == ["a.txt", "b.txt"]
    assert (found(reader, Term("sea")), found(reader, Term("one"))) == (["a.txt"], ["a.txt"])
    assert found(reader, Term("river")) == ["a.txt"]
    assert found(reader, Term("river", field="body")) == []
    assert reader.articles(["a.txt"]) == [changed]
    reader.close()


def test_many_small_states_stay_few_segments(engine: Engine, tmp_path: Path) -> None:
    state = None
    for number in range(40):
        made = [made_article(f"{number:02}.txt", "Rivers", f"River number{number}.")]
        gone = [f"{number - 3:02}.txt"] if number % 4 == 3 else []
        state = engine.commit(state, engine.prepare(made), removed=gone, generation=number + 1)
        engine.forget_all_but(state)

    reader = engine.open(state or "")
    assert reader.count_all() == 30
    assert len(found(reader, Term("river"))) == 30
    assert found(reader, Term("number0")) == []
    assert found(reader, Term("number39")) == ["39.txt"]
    assert len(list(tmp_path.rglob("*"))) < 150
    reader.close()


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        # The same score for a and b; c has the word twice, d is longer.
        (Order.RELEVANCE, ["c.txt", "a.txt", "b.txt", "d.txt"]),
        (Order.NEWEST, ["a.txt", "b.txt", "c.txt", "d.txt"]),
        (Order.OLDEST, ["c.txt", "b.txt", "a.txt", "d.txt"]),
        (Order.TITLE, ["c.txt", "a.txt", "b.txt", "d.txt"]),
        (Order.PATH, ["a.txt", "b.txt", "c.txt", "d.txt"]),
    ],
)
def test_orders_with_ties_by_id(reader: Reader, order: Order, expected: list[str]) -> None:
    assert found(reader, Term("river", field="body"), order=order) == expected


@pytest.mark.parametrize("order", Order)
def test_pages_have_no_gaps_or_repeats(reader: Reader, order: Order) -> None:
    node = Term("river", field="body")
    whole = found(reader, node, order=order)

    pages = [found(reader, node, order=order, offset=start, limit=1) for start in range(5)]

    assert pages == [[id_] for id_ in whole] + [[]]
    assert reader.search(node, order=order, offset=9, limit=2).total == 4
    assert found(reader, node, order=order, limit=0) == []


@pytest.mark.parametrize("order", Order)
def test_pages_are_parts_of_the_whole_where_many_tie(engine: Engine, order: Order) -> None:
    made = [
        made_article(
            f"{number * 7 % 30:02}.txt",
            f"Rivers {number % 3}",
            f"The river rose{' and rose' * (number % 4)} in June.",
            date=DATES[number % len(DATES)],
        )
        for number in range(30)
    ]
    state = engine.commit(None, engine.prepare(made), removed=(), generation=1)
    with closing(engine.open(state)) as reader:
        whole = found(reader, Term("rose"), order=order)

        parts = {
            (offset, limit): found(reader, Term("rose"), order=order, offset=offset, limit=limit)
            for offset in range(0, 32, 4)
            for limit in (1, 3, 10)
        }

    assert len(whole) == 30
    assert parts == {(first, most): whole[first : first + most] for first, most in parts}


def test_scores_after_a_change_are_those_of_the_formula(engine: Engine) -> None:
    # tantivy counts deleted articles among those that it takes a word's rarity from.
    made = [
        made_article(f"{n}.txt", "River" if n % 2 else "", "The river rose. " * n) for n in range(9)
    ]
    state = engine.commit(None, engine.prepare(made), removed=(), generation=1)
    state = engine.commit(state, (), removed=("3.txt", "4.txt"), generation=2)
    left = [article for article in made if article.id not in ("3.txt", "4.txt")]
    anew = engine.commit(None, engine.prepare(left), removed=(), generation=3)

    def scored(state: str) -> list[tuple[str, float]]:
        with closing(engine.open(state)) as reader:
            return [
                (one.id, pytest.approx(one.score))
                for typed in (Term("river"), Phrase((Term("river"), Term("rose"))))
                for one in reader.search(typed, ranking=ranking.of(typed), limit=None).page
            ]

    assert scored(state) == scored(anew)


def test_title_counts_more_than_body(reader: Reader) -> None:
    assert found(reader, Term("river"))[:2] == ["a.txt", "b.txt"]


def test_rarer_words_count_more(engine: Engine) -> None:
    made = [made_article(f"{n}.txt", "", "common words and others here") for n in range(9)]
    made.append(made_article("rare.txt", "", "rare words and others here"))
    reader = engine.open(engine.commit(None, engine.prepare(made), removed=(), generation=1))

    best = found(reader, Or((Term("common"), Term("rare"))), limit=1)

    assert best == ["rare.txt"]
    reader.close()


def test_vocabulary_counts_articles(reader: Reader) -> None:
    counts = dict(reader.vocabulary())

    assert list(counts) == sorted(counts)
    # Twice in a and b, in title and body.
    assert (counts["river"], counts["rivers"], counts["valley"]) == (4, 2, 1)
    assert counts["abaco"] == 1


def test_articles_come_back_as_they_went_in(engine: Engine) -> None:
    article = Article(
        id="odd \udcff.txt",
        metadata=Metadata("Tïtle \ud800", ("A", "B"), "2014", "7", "https://x.org/1", "X"),
        title_line=2,
        paragraphs=(Paragraph(3, "One.\x00"), Paragraph(5, "Two lines", ((4, 6),))),
        repairs=(Repair(3, 1, "?", "’", "apostrophe", 0.9),),
        cuts=(Cut(9, "Share", "share"),),
        encoding="cp1252",
        sha256="ab",
        raw=(
            Paragraph(1, "tïtle"),
            Paragraph(3, "One.\x00"),
            Paragraph(5, "Two lines", ((4, 7),)),
            Paragraph(9, "Share"),
        ),
    )
    state = engine.commit(None, engine.prepare([article]), removed=(), generation=1)
    reader = engine.open(state)

    assert reader.articles(["odd \udcff.txt"]) == [article]
    assert stored.unpack(stored.pack(article, raw_texts(article))) == article
    with pytest.raises(KeyError):
        reader.articles(["another"])
    reader.close()


def test_what_a_file_lacks_of_the_text_made_of_it_is_not_found_in_it(engine: Engine) -> None:
    def made(id_: str, raw: Sequence[str], text: Sequence[str]) -> Article:
        return Article(
            id=id_,
            metadata=Metadata("", (), None, None, None, None),
            title_line=1,
            paragraphs=tuple(Paragraph(line, one) for line, one in enumerate(text, 1)),
            repairs=(),
            cuts=(),
            encoding="utf-8",
            sha256="",
            raw=tuple(Paragraph(line, one) for line, one in enumerate(raw, 1)),
        )

    articles = [
        made("as it was", ["the river", "rose"], ["the river", "rose"]),
        made("changed", ["the rver", "rose"], ["the river", "rose"]),
        made("elsewhere", ["the rver", "rivers rose"], ["the river", "rivers rose"]),
        made("one of two", ["the rver", "riverside"], ["the river", "riverside"]),
    ]
    reader = engine.open(engine.commit(None, engine.prepare(articles), removed=(), generation=1))

    def found(node: Node) -> list[str]:
        return [one.id for one in reader.search(node).page]

    stem = Term("river", Layer.STEM, "raw")
    exact = Term("river", Layer.EXACT, "raw")
    assert found(stem) == ["as it was", "elsewhere"]
    assert found(exact) == ["as it was"]
    assert found(Pattern("river", PatternKind.PREFIX, 0, "raw")) == [
        "as it was",
        "elsewhere",
        "one of two",
    ]
    assert found(Phrase((Term("the", Layer.STEM, "raw"), stem))) == ["as it was"]
    assert found(Term("rver", Layer.STEM, "raw")) == ["changed", "elsewhere", "one of two"]
    reader.close()


def test_pattern_for_too_many_words_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = WhooshEngine(tmp_path)
    monkeypatch.setattr("isisdocs.engine.whoosh.evaluate.MAX_PATTERN_FORMS", 2)
    made = [made_article("a.txt", "", "tea tea"), made_article("b.txt", "", "tea tee ten toe")]
    reader = engine.open(engine.commit(None, engine.prepare(made), removed=(), generation=1))

    result = reader.search(Pattern("t", PatternKind.PREFIX, typed="t*"))

    assert result.total == 2
    assert result.notes == (
        "`t*` stands for more than 2 words: only the most common ones were looked up",
    )
    reader.close()


def test_many_patterns_together_stand_for_a_bounded_number_of_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = WhooshEngine(tmp_path)
    monkeypatch.setattr("isisdocs.engine.whoosh.evaluate.MAX_POSTINGS", 3)
    monkeypatch.setattr("isisdocs.engine.whoosh.evaluate.LEAST_FORMS", 1)
    made = [made_article("a.txt", "", "tea tee"), made_article("b.txt", "", "tea ten toe")]
    reader = engine.open(engine.commit(None, engine.prepare(made), removed=(), generation=1))
    patterns = [Pattern(text, PatternKind.WILDCARD, typed=text) for text in ("te?", "t?e", "t*")]

    found = reader.search(Or((*patterns, Pattern("?e*", PatternKind.WILDCARD, typed="?e*"))))
    reader.close()

    tail = "only the most common ones were looked up"
    assert found.total == 2
    assert found.notes == (
        f"`te?` stands for more than 2 words: {tail}",
        f"`t?e` stands for more than 1 word: {tail}",
        f"`t*` stands for more than 1 word: {tail}",
        "and so on: 1 more of the patterns",
    )


def test_segments_are_written_when_memory_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = WhooshEngine(tmp_path)
    monkeypatch.setattr("isisdocs.engine.whoosh.MAX_SEGMENT_POSTINGS", 3)
    made = [made_article(f"{number}.txt", "Rivers", "One river.") for number in range(5)]

    prepared = engine.prepare(made)
    reader = engine.open(engine.commit(None, prepared, removed=(), generation=1))

    assert len(prepared) == 5
    assert len(found(reader, Term("river"))) == 5
    reader.close()


def test_long_articles_keep_their_positions(engine: Engine) -> None:
    filler = " ".join(f"w{number}" for number in range(9_000))
    made = [
        made_article("short.txt", "", "harbour master"),
        made_article("long.txt", "", f"Harbours. {filler} harbour master {'again ' * 300}"),
        made_article("last.txt", "", "the master of the harbour, Harbour again"),
    ]
    reader = engine.open(engine.commit(None, engine.prepare(made), removed=(), generation=1))

    phrase = Phrase((Term("harbour"), Term("master")))

    assert sorted(found(reader, phrase)) == ["long.txt", "short.txt"]
    assert found(reader, Term("again")) == ["long.txt", "last.txt"]
    assert found(reader, Phrase((Term("w8998"), Term("w8999"), Term("harbour")))) == ["long.txt"]
    assert found(reader, Phrase((Term("harbour"), Term("again")))) == ["last.txt"]
    reader.close()


def test_missing_files_of_a_state_are_an_error_with_a_hint(engine: Engine, tmp_path: Path) -> None:
    made = [made_article("a.txt", "Rivers", "One river.")]
    state = engine.commit(None, engine.prepare(made), removed=(), generation=1)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            path.unlink()

    with pytest.raises(IndexStoreError, match=r"the index in .* is damaged: .* missing") as raised:
        engine.open(state)

    assert raised.value.hint == "build it anew: `isisdocs index --rebuild`"


def test_whooshs_own_codec_reads_the_terms_of_a_segment(tmp_path: Path) -> None:
    from whoosh.codec.whoosh3 import W3Segment, W3TermsReader
    from whoosh.filedb.filestore import FileStorage

    from isisdocs.engine.whoosh.codec import CODEC

    articles = [made_article(f"{n}.txt", "Isis", "attack " * n, "al-Maliki") for n in range(3)]
    WhooshEngine(tmp_path).prepare(articles)

    (path,) = tmp_path.glob("*.trm")
    name, _, id_ = path.stem.partition("_")
    segment = W3Segment(CODEC, name, doccount=3, segid=id_)
    terms: W3TermsReader = CODEC.terms_reader(FileStorage(str(tmp_path)), segment)
    found = {
        term: terms.doc_frequency(field, term)
        for field, term in terms.terms()
        if field == "body_forms"
    }
    beyond = [term for _, term in terms.terms_from("body_stems", b"b")][:2]
    terms.close()

    assert found == {b"al\0": 3, b"almaliki\0al-Maliki": 3, b"attack\0": 2, b"maliki\0Maliki": 3}
    assert beyond == [b"maliki", b"all"]
