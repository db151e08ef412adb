"""For a query that finds nothing, the queries that ask for a little less."""

import pytest
from hypothesis import given

from isisdocs.query.interpret import in_words
from isisdocs.query.parse import parse
from isisdocs.query.relax import relaxations
from isisdocs.query.tree import Near, Phrase
from tests.test_query_tree import FIELDS, NODES, brute_holds


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("mosul", []),
        ("mosul -isis", [("-isis", "without mosul"), ("mosul", "without -isis")]),
        (
            '"islamic state" raqqa',
            [
                ("(islamic NEAR/10 state) raqqa", 'the words of "islamic state" near each other'),
                ("raqqa", 'without "islamic state"'),
                ('"islamic state"', "without raqqa"),
            ],
        ),
        ("a NEAR/3 b", [("a b", "the words of a NEAR/3 b anywhere")]),
        ("=Us", [("Us", "=Us in all forms")]),
        ('="The Us"', [('"The Us"', '="The Us" in all forms')]),
        ("=a NEAR/2 b", [("a NEAR/2 b", "=a NEAR/2 b in all forms")]),
        ("Tomáš", []),
        ("=a OR b", [("a OR b", "=a OR b in all forms")]),
        ("-(=a b)", []),
        (
            '"a b c d e f g h i"',
            [("a b c d e f g h i", 'the words of "a b c d e f g h i" anywhere')],
        ),
    ],
)
def test_a_query_is_relaxed_step_by_step(typed, expected):
    found = [(in_words(one.node), one.change) for one in relaxations(parse(typed).node)]

    assert found == expected


@given(NODES, FIELDS)
def test_a_relaxed_query_finds_all_the_query_finds(node, fields):
    if brute_holds(node, fields):
        for one in relaxations(node):
            assert brute_holds(one.node, fields)


def test_a_relaxed_phrase_is_near():
    assert isinstance(relaxations(Phrase(parse('"a b"').node.parts))[0].node, Near)
