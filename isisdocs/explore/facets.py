"""Found articles counted by what is known about them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from isisdocs.explore.periods import Scale, period_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isisdocs.model import Article


class By(Enum):
    """What articles are counted by."""

    AUTHOR = "author"
    """The byline as a whole: two authors together are a value of their own."""
    SOURCE = "source"
    YEAR = "year"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Facet:
    """One value and how many articles have it."""

    by: By
    value: str | None
    """None for the articles of which it is not known."""
    count: int


def facets(articles: Iterable[Article], by: Iterable[By]) -> list[Facet]:
    """Return for each of *by* its values, the most frequent first, what is not known last.

    Every article counts once for each of *by*, so that the counts of one sum to the total.
    """
    counts: dict[By, Counter[str | None]] = {one: Counter() for one in by}
    for article in articles:
        for one, counter in counts.items():
            counter[_value(article, one)] += 1
    return [
        Facet(one, value, count)
        for one, counter in counts.items()
        for value, count in sorted(
            counter.items(), key=lambda item: (item[0] is None, -item[1], item[0] or "")
        )
    ]


def _value(article: Article, by: By) -> str | None:
    metadata = article.metadata
    match by:
        case By.AUTHOR:
            return ", ".join(metadata.authors) or None
        case By.SOURCE:
            return metadata.source
        case By.YEAR:
            return period_of(metadata.date, Scale.YEAR)
    return period_of(metadata.date, Scale.MONTH)
