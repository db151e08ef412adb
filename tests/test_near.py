"""Near copies of a text are found, and different texts are not."""

from __future__ import annotations

import random
from array import array
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isisdocs.load import near
from isisdocs.load.near import (
    Sketch,
    containment,
    near_copies,
    pack,
    regrouped,
    sketch,
    unpack,
)


def article(seed: int, words: int = 400) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    return [f"w{chance.randrange(5000)}" for _ in range(words)]


def text(words: list[str]) -> str:
    return " ".join(words)


def test_case_punctuation_and_lines_make_no_difference() -> None:
    one = "The owl, the mill and the miller's boy."

    assert sketch(one) == sketch(one.upper().replace(" ", "\n"))


def test_a_text_of_less_than_a_shingle_has_an_empty_sketch() -> None:
    assert sketch("four words are few") == Sketch(array("I"), 0)
    assert containment(sketch(""), sketch(text(article(1)))) == 0.0


def test_a_copy_contains_and_is_contained() -> None:
    whole = sketch(text(article(1)))

    assert containment(whole, whole) == 1.0
    assert containment(whole, sketch(text(article(2)))) == 0.0


@pytest.mark.parametrize("share", [0.9, 0.6, 0.35])
def test_a_text_cut_short_is_contained_in_the_whole(share: float) -> None:
    words = article(3, 1000)

    assert containment(sketch(text(words)), sketch(text(words[: int(1000 * share)]))) > 0.8


def test_two_sentences_are_never_near_copies() -> None:
    short = text(article(4, 30))

    assert containment(sketch(short), sketch(short)) == 0.0


def test_groups_are_sorted_transitive_and_independent_of_order() -> None:
    one, other = article(5, 600), article(6, 600)
    texts = {
        "c": text(one),
        "a": text(one[:420]),
        "b": text(one[180:]),
        "e": text(other),
        "d": "A new headline " + text(other[10:]),
        "f": text(article(7, 600)),
    }
    sketches = {name: sketch(value) for name, value in texts.items()}

    assert near_copies(sketches) == [("a", "b", "c"), ("d", "e")]
    assert near_copies(dict(reversed(sketches.items()))) == [("a", "b", "c"), ("d", "e")]


def test_a_shared_quotation_makes_no_copy() -> None:
    quotation = article(8, 120)
    texts = [text(article(n, 500) + quotation) for n in (9, 10)]

    assert near_copies({str(n): sketch(value) for n, value in enumerate(texts)}) == []


def test_sketches_survive_as_bytes() -> None:
    sketches = {"é.txt": sketch(text(article(1))), "a": sketch("too short"), "b\udcff": sketch("")}

    assert unpack(pack(sketches)) == sketches
    for damaged in (b"", b"[]\n1234", b'[["a",1]]\n', b"\xff"):
        with pytest.raises((ValueError, TypeError)):
            assert unpack(damaged)


# Few shingles, of which some are in many texts: the law is about which are stock phrases, and
# about values that are looked at a range at a time.
SKETCHES = st.dictionaries(
    st.sampled_from("abcdefghij"),
    st.frozensets(st.integers(0, 11), max_size=8).map(
        lambda values: Sketch(array("I", sorted(values)), len(values))
    ),
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SKETCHES, min_size=2, max_size=5), st.integers(2, 5), st.integers(1, 50))
def test_groups_after_updates_are_those_of_a_fresh_look(
    states: list[dict[str, Sketch]], stock: int, at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near, "_STOCK", stock)
        patch.setattr(near, "_AT_ONCE", at_once)
        patch.setattr(near, "_LEAST", 2)
        patch.setattr(near, "_LEAST_COMMON", 2)
        groups = near_copies(states[0])
        for before, after in pairwise(states):
            removed = {name: one for name, one in before.items() if after.get(name) != one}
            added = {name for name, one in after.items() if before.get(name) != one}

            groups = regrouped(after, groups, added=added, removed=removed)

            assert groups == near_copies(after)
