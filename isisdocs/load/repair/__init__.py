"""Text to text: undoes what encodings, editors and scrapers did, and records every change.

`marks` are certain and local, `lost` reads the context, `damage` decides whether it is asked.
The number of lines never changes here. What joins lines is in `load.paragraphs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.load.ledger import Edit, apply_edits, as_edits, as_repairs, chain, undo
from isisdocs.load.lexicon import Lexicon, common_words
from isisdocs.load.repair.damage import is_damaged
from isisdocs.load.repair.decisions import Decision, obey, place
from isisdocs.load.repair.marks import mend_marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from isisdocs.model import Repair

__all__ = [
    "THRESHOLD",
    "Decision",
    "Lexicon",
    "Repaired",
    "is_damaged",
    "place",
    "repair",
    "restore",
    "undo",
]

THRESHOLD = 0.3
"""How sure a repair of a lost character must be to be made, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text after repair."""

    text: str
    """As many lines as before. The same object where nothing had to change."""
    repairs: tuple[Repair, ...] = ()
    """Every change, in order; `undo(text, repairs)` takes them back."""


def repair(
    text: str,
    *,
    lexicon: Lexicon | None = None,
    threshold: float = THRESHOLD,
    decisions: Iterable[Decision] = (),
    decoding: Sequence[Repair] = (),
) -> Repaired:
    r"""Return *text* with everything mended that can be, and the record of it.

    *text* is as it was decoded; *decoding* are the repairs of it that `decode` found. They are
    made first, and come back in the record, so that all of it is in characters of *text*.

    *lexicon* holds words of undamaged texts of the same corpus. A lost character stays `?` where no
    reading of it reaches *threshold*. *decisions* are a reader's, and stand above any rule.

    >>> repaired = repair("Mosul?s bank lost US\\$466 million. It can?t pay.")
    >>> repaired.text
    'Mosul’s bank lost US$466 million. It can’t pay.'
    >>> repaired.repairs[1].rule
    'markdown-escape'
    """
    edits = as_edits(text, decoding) if decoding else []
    decoded = apply_edits(text, edits)
    edits = chain(text, edits, mend_marks(decoded))
    mended = apply_edits(text, edits)
    while lost := _restoring_edits(mended, lexicon, threshold):
        edits = chain(text, edits, lost)
        mended = apply_edits(text, edits)
        # Without a single U+FFFD beside them, runs of it are the bytes of one character each.
        if "\ufffd\ufffd" not in mended:
            break
        edits = chain(text, edits, mend_marks(mended))
        mended = apply_edits(text, edits)
    if decided := tuple(decisions):
        edits = obey(text, edits, decided)
    if not edits:
        return Repaired(text)
    return Repaired(apply_edits(text, edits), as_repairs(text, edits))


def restore(text: str) -> str:
    """Return *text* with lost characters brought back; only `?` and U+FFFD ever change.

    >>> restore("Iraq?s army didn?t fight. Why?")
    'Iraq’s army didn’t fight. Why?'
    """
    return apply_edits(text, _restoring_edits(text, None, THRESHOLD))


def _restoring_edits(text: str, lexicon: Lexicon | None, threshold: float) -> list[Edit]:
    """Return edits until another round finds nothing: what came back is evidence for the rest."""
    if "?" not in text and "\ufffd" not in text:
        return []
    common = common_words()
    if not is_damaged(text, lexicon=common if lexicon is None else _over(common, lexicon)):
        return []
    # Needed by damaged texts only: 20 ms to import, 70 ms to load the model.
    from isisdocs.load.repair.lost import find_lost

    known = _known_words()
    if lexicon is not None:
        known = _over(known, lexicon)
    edits: list[Edit] = []
    restored = text
    while is_damaged(restored, lexicon=known):
        found = [
            edit
            for edit in find_lost(restored, lexicon=known, threshold=threshold)
            # A sign after a backslash would be an escape, which was no part of the text.
            if not (restored.endswith("\\", 0, edit.start) and edit.after.isascii())
        ]
        if not found:
            break
        edits = chain(text, edits, found)
        restored = apply_edits(restored, found)
    return edits


class _Merged(NamedTuple):
    base: Lexicon
    lexicon: Lexicon
    word_count: int
    """Of the lexicon, when it was merged."""
    merged: Lexicon


_merged: dict[int, _Merged] = {}


def _over(base: Lexicon, lexicon: Lexicon) -> Lexicon:
    """Return the words of the corpus and, where it has none, those of *base*.

    What was last merged with each base is remembered: a corpus has one lexicon, of thousands of
    words, and most articles have a question mark.
    """
    found = _merged.get(id(base))
    is_same = found and found.base is base and found.lexicon is lexicon
    if not (found and is_same and found.word_count == len(lexicon.words)):
        merged = Lexicon({**base.words, **lexicon.words})
        found = _merged[id(base)] = _Merged(base, lexicon, len(lexicon.words), merged)
    return found.merged


@cache
def _known_words() -> Lexicon:
    """Return the words that every corpus may hold; not to be changed."""
    from isisdocs.load.repair.weights import shipped

    lexicon = Lexicon.from_json(shipped().accents)
    lexicon.merge(common_words())
    return lexicon
