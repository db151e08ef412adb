"""The query tree against an evaluation that tries every combination."""

import time
from itertools import pairwise, permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isisdocs.model import Span
from isisdocs.query.tree import (
    And,
    DateRange,
    Everything,
    Filter,
    Leaf,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    PathGlob,
    Phrase,
    Term,
    Undated,
    fields_of,
    highlights,
    holds,
    is_place,
    leaves,
    near_spans,
    spans,
)

# An article is, for each field, the words at each position; `ab` stands for a joined form too.
Fields = dict[str, list[str]]


def leaf_spans(fields: Fields):
    def found(leaf: Leaf, field: str) -> list[Span]:
        words = fields.get(field, [])
        singles = [Span(i, i + 1) for i, word in enumerate(words) if word == leaf.text]
        pairs = ["".join(words[i : i + 2]) for i in range(len(words) - 1)]
        joined = [Span(i, i + 2) for i, pair in enumerate(pairs) if pair == leaf.text]
        return sorted(singles + joined)

    return found


def filter_holds(filter_: Filter) -> bool:
    return isinstance(filter_, Undated)


def brute_places(node: Node, field: str, fields: Fields) -> set[Span]:
    """Every range of positions where a place stands, by trying all combinations."""
    if isinstance(node, Term):
        return set(leaf_spans(fields)(node, field)) if node.field in (None, field) else set()
    if isinstance(node, Or):
        return set().union(*(brute_places(part, field, fields) for part in node.parts))
    found = set()
    for choice in product(*(brute_places(part, field, fields) for part in node.parts)):
        if all(a.end == b.start for a, b in pairwise(choice)):
            found.add(Span(choice[0].start, choice[-1].end))
    return found


def brute_near(near: Near, field: str, fields: Fields) -> set[Span]:
    found = set()
    count = len(near.parts)
    orders = [tuple(range(count))] if near.is_ordered else list(permutations(range(count)))
    for choice in product(*(brute_places(part, field, fields) for part in near.parts)):
        for order in orders:
            row = [choice[index] for index in order]
            if all(b.start >= a.end and b.start - a.end < near.distance for a, b in pairwise(row)):
                found |= set(choice)
    return found


def brute_holds(node: Node, fields: Fields) -> bool:
    match node:
        case Everything():
            return True
        case Nothing():
            return False
        case And(parts):
            return all(brute_holds(part, fields) for part in parts)
        case Or(parts):
            return any(brute_holds(part, fields) for part in parts)
        case Not(part):
            return not brute_holds(part, fields)
        case Undated():
            return True
        case DateRange() | PathGlob():
            return False
        case Near():
            return any(brute_near(node, field, fields) for field in fields_of(node))
    return any(brute_places(node, field, fields) for field in fields_of(node))


WORDS = st.sampled_from(["a", "b", "c"])
FIELDS = st.fixed_dictionaries(
    {"title": st.lists(WORDS, max_size=4), "body": st.lists(WORDS, max_size=9)}
)
LEAVES = st.builds(
    lambda text, field: Term(text, field=field),
    st.sampled_from(["a", "b", "c", "ab", "bc"]),
    st.sampled_from([None, None, None, "title", "body"]),
)
PLACES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Phrase(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=4,
)
NEARS = st.builds(
    lambda parts, distance, is_ordered: Near(tuple(parts), distance, is_ordered),
    st.lists(PLACES, min_size=1, max_size=3),
    st.integers(1, 4),
    st.booleans(),
)
FILTERS = st.sampled_from([Everything(), Nothing(), Undated(), PathGlob("x"), DateRange(None, "x")])
NODES = st.recursive(
    st.one_of(PLACES, NEARS, FILTERS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: Or(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=6,
)


@given(PLACES, FIELDS)
def test_a_place_stands_where_all_combinations_say(place, fields):
    for field in fields:
        assert spans(place, field, leaf_spans(fields)) == sorted(brute_places(place, field, fields))


@given(NEARS, FIELDS)
def test_a_near_holds_where_all_combinations_say(near, fields):
    for field in fields:
        assert near_spans(near, field, leaf_spans(fields)) == sorted(
            brute_near(near, field, fields)
        )


@given(NODES, FIELDS)
def test_a_tree_holds_where_all_combinations_say(node, fields):
    assert holds(node, leaf_spans(fields), filter_holds) is brute_holds(node, fields)


@given(NODES, FIELDS)
def test_only_what_holds_is_highlighted(node, fields):
    found = highlights(node, leaf_spans(fields), filter_holds)

    if not brute_holds(node, fields):
        assert found == {}
    for field, ranges in found.items():
        assert ranges == sorted(set(ranges)) != []
        possible = set().union(*(_matches(part, field, fields) for part in _positive(node)))
        assert set(ranges) <= possible


def _positive(node: Node) -> list[Node]:
    """The places and Nears that no Not is above."""
    if isinstance(node, And | Or) and not is_place(node):
        return [found for part in node.parts for found in _positive(part)]
    return [] if isinstance(node, Not | Filter | Everything | Nothing) else [node]


def _matches(node: Node, field: str, fields: Fields) -> set[Span]:
    if isinstance(node, Near):
        return brute_near(node, field, fields)
    return brute_places(node, field, fields)


A, B, C = Term("a"), Term("b"), Term("c")

HIGHLIGHTED = [
    (And((A, B)), {"body": [(0, 1), (1, 2), (3, 4)]}),
    (Phrase((A, B)), {"body": [(0, 2)]}),
    (Or((Phrase((A, C)), B)), {"body": [(1, 2)]}),
    (And((A, Not(Term("x")))), {"body": [(0, 1), (3, 4)]}),
    (And((A, Not(B))), {}),
    (Near((B, A), 1), {"body": [(0, 1), (1, 2)]}),
    (Near((B, A), 2, is_ordered=True), {"body": [(1, 2), (3, 4)]}),
    (Term("a", field="title"), {}),
    (Term("c", field="title"), {"title": [(0, 1)]}),
    (Phrase((Term("c", field="title"), Term("a", field="body"))), {}),
    (And((A, Undated())), {"body": [(0, 1), (3, 4)]}),
    (Everything(), {}),
]


@pytest.mark.parametrize(("node", "expected"), HIGHLIGHTED)
def test_what_is_highlighted(node, expected):
    fields = {"title": ["c"], "body": ["a", "b", "d", "a"]}

    assert highlights(node, leaf_spans(fields), filter_holds) == expected


def test_leaves_come_in_order_those_under_not_included():
    node = And((A, Not(Or((B, C))), Near((A, Phrase((B, C))), 2), Undated()))

    assert list(leaves(node)) == [A, B, C, A, B, C]


def test_only_places_have_ranges():
    assert [is_place(node) for node in (A, Phrase((A, B)), Or((A, B)))] == [True] * 3
    assert [is_place(node) for node in (And((A, B)), Or(()), Or((A, Not(B))), Near((A,), 2))] == [
        False
    ] * 4
    with pytest.raises(TypeError):
        spans(Not(A), "body", leaf_spans({"body": []}))


def test_a_near_of_many_parts_in_a_long_text_takes_no_second():
    words = [*"abcdefgh", *"x" * 92] * 400  # each once in 100 words, 40,000 in all
    near = Near(tuple(Term(word) for word in "hgfedcba"), 9)
    start = time.process_time()

    found = near_spans(near, "body", leaf_spans({"body": words}))

    assert len(found) == 3200
    assert time.process_time() - start < 6


@pytest.mark.parametrize("is_ordered", [False, True])
def test_a_near_of_words_that_are_everywhere_takes_no_minute(is_ordered):
    words = [*"abcdefgh"] * 5000
    near = Near(tuple(Term(word) for word in "abcdefgh"), 9, is_ordered)
    start = time.process_time()

    found = near_spans(near, "body", leaf_spans({"body": words}))

    assert len(found) == 40_000
    assert time.process_time() - start < 6


def test_a_long_phrase_in_a_text_of_one_word_takes_no_minute():
    phrase = Phrase((A,) * 10_000)
    start = time.process_time()

    found = spans(phrase, "body", leaf_spans({"body": ["a"] * 40_000}))

    assert found == [Span(start, start + 10_000) for start in range(30_001)]
    assert time.process_time() - start < 6


@given(PLACES, FIELDS)
def test_a_phrase_stands_in_the_same_places_however_it_is_looked_for(place, fields):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("isisdocs.query.tree.LONG_PHRASE", 0)
        for field in fields:
            found = spans(place, field, leaf_spans(fields))

            assert found == sorted(brute_places(place, field, fields))
