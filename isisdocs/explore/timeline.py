"""Matches by month or year, against how much was written then."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isisdocs import passages
from isisdocs.explore.corpus import Frequencies
from isisdocs.explore.periods import Scale, filled, period_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from isisdocs.model import Article
    from isisdocs.query.tree import Node


@dataclass(frozen=True, slots=True)
class Count:
    """What one query finds in one period."""

    matches: int
    articles: int

    def per_million(self, words: int) -> float:
        """Return matches per million of so many words, 0 for none."""
        return self.matches * 1_000_000 / words if words else 0.0


@dataclass(frozen=True, slots=True)
class Bucket:
    """One period of the corpus."""

    period: str | None
    """None for the articles without a date."""
    articles: int
    """Articles of that time, whatever they say; 0 where the archive is silent."""
    words: int
    counts: tuple[Count, ...]
    """One for each query."""


def timeline(
    queries: Sequence[tuple[Node, frozenset[str]]], articles: Iterable[Article], scale: Scale
) -> list[Bucket]:
    """Return what queries find in the articles by period, undated last where there are any.

    A query is its tree and the ids of the articles that it finds. Periods between the first and
    the last are there also when no article is of them. An article of which only the year is known
    is in the bucket of that year, before its months.
    """
    sizes: Counter[str | None] = Counter()
    words: Counter[str | None] = Counter()
    matches: list[Counter[str | None]] = [Counter() for _ in queries]
    found: list[Counter[str | None]] = [Counter() for _ in queries]
    for article in articles:
        period = period_of(article.metadata.date, scale)
        sizes[period] += 1
        words[period] += Frequencies().add(article)
        for number, (node, ids) in enumerate(queries):
            if article.id in ids:
                found[number][period] += 1
                matches[number][period] += _matches(node, article)
    periods: list[str | None] = list(filled(filter(None, sizes), scale))
    if None in sizes:
        periods.append(None)
    return [
        Bucket(
            period,
            sizes[period],
            words[period],
            tuple(
                Count(matches[number][period], found[number][period])
                for number in range(len(queries))
            ),
        )
        for period in periods
    ]


def _matches(node: Node, article: Article) -> int:
    return passages.find(node, article).count
