"""The articles that a query finds, one at a time, and how often each word stands in them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from isisdocs.engine.base import Order
from isisdocs.fields import texts_of
from isisdocs.query.tree import TEXT_FIELDS
from isisdocs.words import fold, is_word, occurrences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from isisdocs.engine.base import Reader
    from isisdocs.model import Article
    from isisdocs.query.tree import Node


class Found:
    """The articles that a query finds, by path; read from the index one at a time."""

    def __init__(self, reader: Reader, node: Node) -> None:
        self._reader = reader
        found = reader.search(node, order=Order.PATH, limit=None)
        self.ids = [scored.id for scored in found.page]
        self.notes = found.notes

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Article]:
        for start in range(0, len(self.ids), _AT_ONCE):
            yield from self._reader.articles(self.ids[start : start + _AT_ONCE])


_AT_ONCE = 500
"""Articles in memory: finding them by id may cost a pass over all ids."""


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How often words stand in some articles, title and body; a joined form is no word here."""

    by_spelling: Counter[str] = field(default_factory=Counter)
    """Of each exact form."""

    def add(self, article: Article) -> int:
        """Count the words of an article too; return how many it has."""
        total = 0
        for name in TEXT_FIELDS:
            places, word_count, _ = occurrences(texts_of(article, name))
            total += word_count
            for exact, codes in places.items():
                if count := sum(map(is_word, codes)):
                    self.by_spelling[exact] += count
        return total

    @property
    def total(self) -> int:
        """Return the number of words."""
        return self.by_spelling.total()

    def by_word(self) -> Counter[str]:
        """Return how often each folded form stands there."""
        counts: Counter[str] = Counter()
        for exact, count in self.by_spelling.items():
            counts[fold(exact)] += count
        return counts

    def spellings(self) -> dict[str, str]:
        """Return for each folded form how it is written most often."""
        return commonest(self.by_spelling)


def frequencies(articles: Iterable[Article]) -> Frequencies:
    """Return how often each word stands in the articles."""
    found = Frequencies()
    for article in articles:
        found.add(article)
    return found


def commonest(by_spelling: Counter[str]) -> dict[str, str]:
    """Return for each folded form its most frequent spelling; of equals the first by code."""
    spellings: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for exact, count in by_spelling.items():
        spellings[fold(exact)].append((-count, exact))
    return {word: min(found)[1] for word, found in spellings.items()}
