"""The score of a word in an article, for every engine that can compute it itself.

BM25F: Robertson & Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009, section
3.6, with one length normalisation over the fields taken together. Closeness: Büttcher, Clarke &
Lushman, SIGIR 2006, formula 4. The idf is that of Lucene, which is never negative.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

K1 = 1.2
B = 0.75
FIELD_WEIGHTS: Mapping[str, float] = {"title": 5.0, "body": 1.0}
"""An occurrence in the title is worth so many in the body."""
CLOSE_WINDOW = 200
"""Closeness is looked at in so many of the best articles."""
MAX_GAP = 100
"""Words further apart than this are not close, and never are those of two paragraphs."""

MAX_CLOSE = 1_000
"""Of a word that an article has more often than this, closeness looks at the first occurrences."""

TITLE_ROOM = 1 << 20
"""Positions between title and body, so that no word of the one is close to a word of the other."""


def idf(article_count: int, found_count: int) -> float:
    """Return how telling it is to find a word that *found_count* of the articles have."""
    return log(1 + (article_count - found_count + 0.5) / (found_count + 0.5))


def saturated(frequency: float, length_norm: float) -> float:
    """Return the part of a score that grows with a weighted frequency, below K1 + 1."""
    return (K1 + 1) * frequency / (K1 * length_norm + frequency)


def length_norm(length: float, mean_length: float) -> float:
    """Return what a frequency is worth less in a long article; 1 for one of mean length."""
    return 1 - B + B * length / mean_length if mean_length else 1.0


def length_norms(lengths: Sequence[float], mean_length: float) -> list[float]:
    """Return `length_norm` of each length."""
    # A straight line, so that thousands of articles cost no call each.
    base = length_norm(0, mean_length)
    slope = length_norm(1, mean_length) - base
    return [base + slope * length for length in lengths]


def closeness(
    occurrences: Sequence[tuple[int, int]], weights: Sequence[float], norm: float
) -> float:
    """Return what words standing close together add to an article's score.

    *occurrences* are positions with the number of the word, sorted; *weights* the idf of each word.
    """
    accumulated = [0.0] * len(weights)
    before, last = -1, -1
    for position, word in occurrences:
        gap = position - before
        if last not in (-1, word) and 0 < gap < MAX_GAP:
            accumulated[word] += weights[last] / gap**2
            accumulated[last] += weights[word] / gap**2
        before, last = position, word
    return sum(
        min(1.0, weight) * saturated(found, norm)
        for found, weight in zip(accumulated, weights, strict=True)
    )
