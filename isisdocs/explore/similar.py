"""Articles that share the words by which one stands out."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from isisdocs.engine.base import Ranking, Weighted
from isisdocs.explore.corpus import frequencies
from isisdocs.query.tree import Everything, Term
from isisdocs.words import fold, stem

if TYPE_CHECKING:
    from collections.abc import Container

    from isisdocs.engine.base import Reader
    from isisdocs.model import Article

TELLING = 25
"""Words an article is told by, as in Lucene's MoreLikeThis."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A word that both articles have."""

    word: str
    """As the first article writes it most often."""
    weight: float
    """What it adds to the likeness."""


@dataclass(frozen=True, slots=True)
class Similar:
    """An article like another."""

    id: str
    likeness: float
    """The sum of the weights of all that is shared."""
    shared: tuple[Shared, ...]
    """The heaviest first."""


def similar(
    reader: Reader, article: Article, *, limit: int, allowed: Container[str] | None = None
) -> list[Similar]:
    """Return the articles most like one, itself left out, the likest first.

    The article is told by its words with the highest (1 + ln tf) ln(N / df) (Salton & Buckley
    1988); a word shared adds (1 + ln tf) times the engine's own score of the other article for
    it. With *allowed* only these ids are considered.
    """
    words = frequencies([article])
    counts: Counter[str] = Counter()
    spellings: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for exact, count in words.by_spelling.items():
        if any(map(str.isalpha, exact)):
            term = stem(fold(exact))
            counts[term] += count
            spellings[term].append((-count, exact))
    shared: defaultdict[str, list[Shared]] = defaultdict(list)
    for term in _telling(reader, counts):
        spelling = min(spellings[term])[1]
        of_term = Ranking((Weighted(Term(term), 1.0),))
        for scored in reader.search(Term(term), ranking=of_term, limit=None).page:
            if scored.id != article.id and (allowed is None or scored.id in allowed):
                weight = (1 + log(counts[term])) * scored.score
                shared[scored.id].append(Shared(spelling, weight))
    found = [
        Similar(
            id_,
            sum(one.weight for one in terms),
            tuple(sorted(terms, key=lambda one: (-one.weight, one.word))),
        )
        for id_, terms in shared.items()
    ]
    return sorted(found, key=lambda one: (-one.likeness, one.id))[:limit]


def _telling(reader: Reader, counts: Counter[str]) -> list[str]:
    """Return the terms with the highest tf-idf that are in another article too."""
    size = reader.search(Everything(), limit=0).total
    # A form may be counted for several spellings, so that this is an upper bound.
    spread: Counter[str] = Counter()
    for folded, count in reader.vocabulary():
        term = stem(folded)
        if term in counts:
            spread[term] += count
    weights = {
        term: (1 + log(count)) * log(size / min(spread[term], size))
        for term, count in counts.items()
        if spread[term] > 1
    }
    return sorted(weights, key=lambda term: (-weights[term], term))[:TELLING]
