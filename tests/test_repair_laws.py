"""Laws of repair that hold for any text."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from isisdocs.load.ledger import Edit, apply_edits, as_repairs, chain
from isisdocs.load.repair import is_damaged, repair, restore, undo

PIECES = st.sampled_from(
    [
        *("Iraq?s", "didn?t", "?quoted?", "Tom??", "caf?", "Why?", "well??", "word?word", "? item"),
        *(
            "said",
            "the",
            "army",
            "of",
            "Who",
            "is",
            "it",
            "it’s",
            '"so"',
            "“So”",
            "2004?06",
            "?90s",
        ),
        *(
            "&amp;",
            "&rsquo;s",
            r"\$8",
            "\xa0",
            "soft\xadhyphen",
            "\ufffd",
            "http://a.org/?q=a?b",
            "x",
        ),
        *(" ", ", ", ". ", "\n", "\n\n", "—", "?", "??", "?!", "(", ")", "'", '"'),
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map(" ".join) | st.text(
    alphabet=st.sampled_from("abS ?\ufffd\n.,'’“”\"&;\\$é-1"), max_size=120
)
RELAXED = settings(max_examples=150, deadline=None)


@RELAXED
@given(TEXTS)
def test_repairing_twice_changes_nothing_more(text: str) -> None:
    once = repair(text).text

    assert repair(once).text is once


@RELAXED
@given(TEXTS)
def test_restoring_twice_changes_nothing_more(text: str) -> None:
    once = restore(text)

    assert restore(once) is once


@RELAXED
@given(TEXTS)
def test_text_with_nothing_to_repair_is_the_same_object(text: str) -> None:
    repaired = repair(text)

    assert (repaired.text is text) == (not repaired.repairs) == (repaired.text == text)
    if not is_damaged(text):
        assert restore(text) is text


@RELAXED
@given(TEXTS)
def test_restore_changes_only_lost_characters(text: str) -> None:
    pattern = "".join(
        "[^\n]?" if character in "?\ufffd" else re.escape(character) for character in text
    )

    assert re.fullmatch(pattern, restore(text), re.DOTALL)


@RELAXED
@given(TEXTS)
def test_ledger_applied_backwards_gives_the_input(text: str) -> None:
    repaired = repair(text)

    assert undo(repaired.text, repaired.repairs) == text
    assert repaired.text.count("\n") == text.count("\n")
    assert all(0 < change.confidence <= 1 for change in repaired.repairs)


@st.composite
def edits_of(draw: st.DrawFn, text: str) -> list[Edit]:
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    after = st.text(alphabet="xyz", max_size=3)
    return [Edit(start, end, draw(after), "rule", 0.5) for start, end in pairs]


@given(st.data(), st.text(alphabet="abc", max_size=12))
def test_chained_edits_do_what_one_after_the_other_does(data: st.DataObject, text: str) -> None:
    first = data.draw(edits_of(text))
    middle = apply_edits(text, first)
    second = data.draw(edits_of(middle))

    chained = chain(text, first, second)

    assert apply_edits(text, chained) == apply_edits(middle, second)
    assert undo(apply_edits(text, chained), as_repairs(text, chained)) == text
