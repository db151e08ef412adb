"""For a word that is nowhere in the corpus, words that are and could have been meant."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10
from typing import TYPE_CHECKING

from isisdocs.words import fold, stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MIN_COMPLETED = 3
"""Letters a word needs before words that begin with it are suggested."""

MAX_LETTERS = 64
"""Nothing longer is a slip of a word: to compare 100 KB with every word takes seconds."""

MIN_LONG = 8
"""Letters from which a name may be written with two letters changed."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something else to look up."""

    text: str
    """A folded form, or two where a space was forgotten."""
    count: int
    """How often it occurs, as the vocabulary has it; of two words the rarer one's."""


def suggestions(
    word: str, vocabulary: Mapping[str, int], *, limit: int = 3
) -> tuple[Suggestion, ...]:
    """Return up to *limit* forms of *vocabulary* that *word* may be a slip of, the best first.

    The vocabulary maps folded forms to how often they occur. What is taken into account: edits (a
    swap of neighbours is one, at most two, one in a word of up to four letters), whether the first
    letter is right, words that go on where this one ends, a missing space, and how often the form
    occurs; ten times as often makes up for half an edit. Of forms with one stem the likeliest is
    given. 150,000 forms take about 30 ms.
    """
    folded = fold(word)
    if len(folded) > MAX_LETTERS:
        return ()
    ranked = sorted(_candidates(folded, vocabulary))
    by_stem: dict[str, Suggestion] = {}
    for _, text, count in ranked:
        by_stem.setdefault(" ".join(map(stem, text.split())), Suggestion(text, count))
    return tuple(by_stem.values())[:limit]


def spellings(name: str, counts: Mapping[str, int]) -> tuple[Suggestion, ...]:
    """Return the ways *name* is written, the commonest first.

    The counts are of exact forms. Spellings are those with the same folded form (`al-Maliki`,
    `Al-Maliki`, `almaliki`), and those one edit away from it, two in a name of eight letters or
    more (`al-Malaki`), that begin with the same letter and are written with a capital as *name*
    is; plurals and the like, which a search for the name finds anyway, are not.
    """
    # Imported here: 20 ms that only this costs.
    from rapidfuzz.distance import OSA

    folded = fold(name)
    most = 2 if len(folded) >= MIN_LONG else 1
    near: dict[str, bool] = {}
    for exact in counts:
        form = fold(exact)
        if form not in near:
            near[form] = form == folded or (
                form[:1] == folded[:1]
                and stem(form) != stem(folded)
                and OSA.distance(form, folded, score_cutoff=most) <= most
            )
    found = [
        Suggestion(exact, count)
        for exact, count in counts.items()
        if near[fold(exact)] and (fold(exact) == folded or not exact.islower() or name.islower())
    ]
    return tuple(sorted(found, key=lambda one: (-one.count, one.text)))


def _candidates(word: str, vocabulary: Mapping[str, int]) -> Iterator[tuple[float, str, int]]:
    """Yield cost, form and count of everything near the word."""
    # Imported here: 20 ms that only a word that is not found costs.
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    forms = list(vocabulary)
    most = 1 if len(word) <= 4 else 2
    near = extract(word, forms, scorer=OSA.distance, score_cutoff=most, limit=None)
    for form, edits, _ in near:
        if form != word:
            cost = edits + 0.5 * (form[:1] != word[:1])
            yield cost - _weight(vocabulary[form]), form, vocabulary[form]
    if len(word) >= MIN_COMPLETED:
        for form in forms:
            if form.startswith(word) and form != word:
                cost = 1 + 0.1 * (len(form) - len(word))
                yield cost - _weight(vocabulary[form]), form, vocabulary[form]
    for index in range(2, min(len(word), 60) - 1):
        first, second = word[:index], word[index:]
        if first in vocabulary and second in vocabulary:
            count = min(vocabulary[first], vocabulary[second])
            yield 1.5 - _weight(count), f"{first} {second}", count


def _weight(count: int) -> float:
    return log10(max(count, 1)) / 2
