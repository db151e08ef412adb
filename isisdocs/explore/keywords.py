"""Words of the articles a query finds that are rarer in the rest of the corpus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isisdocs.explore.association import Table, log_likelihood, log_ratio

if TYPE_CHECKING:
    from isisdocs.explore.corpus import Frequencies


@dataclass(frozen=True, slots=True)
class Keyword:
    """One word with its frequencies here and in the rest."""

    word: str
    """As it is written most often here."""
    here: int
    elsewhere: int
    log_likelihood: float
    log_ratio: float


def keywords(here: Frequencies, rest: Frequencies, *, at_least: int = 2) -> list[Keyword]:
    """Return words that stand *at_least* so often here and relatively more often than in the rest.

    By log-likelihood (Dunning 1993; for keywords Rayson & Garside 2000), the highest first. Where
    either side has no words there is nothing to compare, and none are returned.
    """
    counts, others, spellings = here.by_word(), rest.by_word(), here.spellings()
    size, all_words = here.total, here.total + rest.total
    if not size or size == all_words:
        return []
    found = []
    for word, count in counts.items():
        table = Table(count, size, count + others[word], all_words)
        if count >= at_least and count > table.expected:
            found.append(
                Keyword(
                    spellings[word], count, others[word], log_likelihood(table), log_ratio(table)
                )
            )
    return sorted(found, key=lambda one: (-one.log_likelihood, one.word))
