"""What makes an article the better answer: which words count, how much, how close they are."""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from pathlib import Path

import pytest

from isisdocs import ranking
from isisdocs.engine import bm25f
from isisdocs.engine.base import Order, Ranking, Reader, Weighted
from isisdocs.engine.whoosh import WhooshEngine
from isisdocs.query.parse import parse
from isisdocs.query.tree import And, Near, Not, Or, Phrase, Term
from isisdocs.search import Page, Query, ranked
from tests.samples import article


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    made = [
        article("The wing flutters in a heavy storm.", path="near.txt"),
        article("A wing, and much later on, in any weather, it flutters.", path="far.txt"),
        article("Storms bend the wing.", "Aileron and rudder flutter.", path="apart.txt"),
        article("An aileron is a part of it, and so is a rudder.", path="related.txt"),
        article("Nothing of all this is here at all, any more.", path="other.txt"),
    ]
    engine = WhooshEngine(tmp_path)
    opened = engine.open(engine.commit(None, engine.prepare(made), removed=(), generation=1))
    yield opened
    opened.close()


def test_saturation_and_length_follow_the_formula() -> None:
    # Robertson & Zaragoza 2009, section 3.4: tf' = tf (k1 + 1) / (k1 ((1 - b) + b dl/avdl) + tf)
    norm = bm25f.length_norm(200, 100)

    assert norm == pytest.approx(1 - 0.75 + 0.75 * 2)
    assert bm25f.saturated(3, norm) == pytest.approx(3 * 2.2 / (1.2 * 1.75 + 3))
    assert bm25f.length_norm(0, 0) == 1.0


def test_idf_is_never_negative() -> None:
    assert bm25f.idf(10, 10) > 0
    assert bm25f.idf(1000, 1) == pytest.approx(log(1 + 999.5 / 1.5))


def test_closeness_follows_the_formula() -> None:
    # Büttcher, Clarke & Lushman 2006: acc(a) += w(b) / distance², and the other way round.
    weights = [0.5, 2.0]

    found = bm25f.closeness([(1, 0), (3, 1), (4, 1), (500, 0)], weights, 1.0)

    first, second = 2.0 / 4, 0.5 / 4
    assert found == pytest.approx(
        0.5 * 2.2 * first / (1.2 + first) + 1.0 * 2.2 * second / (1.2 + second)
    )


def test_function_words_count_only_where_nothing_else_does() -> None:
    question = ranking.of(parse("what is the flow of heat", any_word=True).node)
    nothing_else = ranking.of(parse("to be").node)

    assert question == Ranking((Weighted(Term("flow"), 1.0), Weighted(Term("heat"), 1.0)))
    assert nothing_else == Ranking((Weighted(Term("to"), 1.0), Weighted(Term("be"), 1.0)))


def test_words_count_as_often_as_they_are_asked_for_and_not_where_they_must_not_be() -> None:
    flow, heat = Term("flow", typed="flow"), Term("heat", typed="heat")
    phrase = Phrase((flow, heat))
    near = Near((flow, heat), 3)
    flows = Term("flow", typed="flows")

    found = ranking.of(And((flow, Or((flows, phrase)), near, Not(heat))))

    assert found == Ranking(
        (Weighted(Term("flow"), 2.0), Weighted(phrase, 1.0), Weighted(near, 1.0))
    )


def test_one_word_in_several_forms_counts_once() -> None:
    (weighted,) = ranking.of(parse("al-Maliki").node).weighted

    assert weighted == Weighted(parse("al-Maliki").node, 1.0)


def test_words_close_together_come_first(reader: Reader) -> None:
    found = ranked(reader, Query("wing flutter"), Page())

    assert [scored.id for scored in found.page] == ["near.txt", "apart.txt", "far.txt"]
    without = reader.search(
        parse("wing flutter").node,
        ranking=Ranking(ranking.of(parse("wing flutter").node).weighted, close=()),
    )
    assert {scored.id for scored in without.page} == {scored.id for scored in found.page}
    best, bare = found.page[0].score, next(s.score for s in without.page if s.id == "near.txt")
    assert best > bare


def test_question_is_filled_up_and_still_finds_the_same(reader: Reader) -> None:
    question = "why does a wing flutter in storms"

    plain = ranked(reader, Query(question, any_word=True, expand=False), Page(limit=None))
    filled = ranked(reader, Query(question, any_word=True), Page(limit=None))
    by_path = ranked(reader, Query(question, any_word=True), Page(order=Order.PATH, limit=None))

    assert filled.total == plain.total == by_path.total
    assert {s.id for s in filled.page} == {s.id for s in plain.page}
    assert {s.id: s.score for s in filled.page} != {s.id: s.score for s in plain.page}


def test_filling_up_takes_telling_words_of_the_best_articles(reader: Reader) -> None:
    own = Ranking((Weighted(Term("aileron"), 1.0),))
    best = [(reader.articles(["related.txt"])[0], 2.0)]

    filled = ranking.filled_up(own, best, reader)

    assert filled.close == ()
    assert filled.weighted[0] == Weighted(Term("aileron"), 0.5)
    assert [weighted.place for weighted in filled.weighted[1:]] == [Term("part")]
    assert filled.weighted[1].weight == pytest.approx(0.5)


def test_short_queries_are_no_questions() -> None:
    assert not ranking.is_question(ranking.of(parse("wing flutter", any_word=True).node))
    assert ranking.is_question(ranking.of(parse("wing flutter storm", any_word=True).node))


def test_filling_up_from_nothing_leaves_the_query(reader: Reader) -> None:
    own = Ranking((Weighted(Term("zeppelin"), 1.0),))

    assert ranking.filled_up(own, [], reader).weighted == (Weighted(Term("zeppelin"), 0.5),)
