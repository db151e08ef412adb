"""Words that stand near the matches of a query more often than by chance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from isisdocs.explore.association import Table, log_dice, log_likelihood, mutual_information
from isisdocs.explore.corpus import commonest
from isisdocs.fields import texts_of
from isisdocs.passages import ArticleText
from isisdocs.query import tree
from isisdocs.words import field_tokens, fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isisdocs.explore.corpus import Frequencies
    from isisdocs.model import Article
    from isisdocs.query.tree import Node

MAX_WINDOW = 50
"""Words on either side at most: fewer than the gap between two paragraphs."""


class Measure(Enum):
    """What collocates are ranked by."""

    LOG_DICE = "logdice"
    LOG_LIKELIHOOD = "ll"
    MUTUAL_INFORMATION = "mi"


@dataclass(frozen=True, slots=True)
class Collocate:
    """One word near the node."""

    word: str
    """As it is written most often near it."""
    together: int
    """How often it stands in a window; a place in two windows counts once."""
    left: int
    """Of these, before the node that is nearest; as often before as after counts as before."""
    total: int
    """How often it stands in all the articles, outside the nodes."""
    log_dice: float
    log_likelihood: float
    mutual_information: float

    def score(self, measure: Measure) -> float:
        """Return the value of a measure."""
        return {
            Measure.LOG_DICE: self.log_dice,
            Measure.LOG_LIKELIHOOD: self.log_likelihood,
            Measure.MUTUAL_INFORMATION: self.mutual_information,
        }[measure]


class Windows:
    """The words near a node, article by article."""

    def __init__(self, node: Node, window: int) -> None:
        self._node = node
        self._window = min(window, MAX_WINDOW)
        self.nodes = 0
        """How often the node is met."""
        self._near: Counter[str] = Counter()
        self._left: Counter[str] = Counter()
        self._inside: Counter[str] = Counter()

    def add(self, article: Article) -> None:
        """Count the words near the node in an article; where it does not match there are none."""
        text = ArticleText(article)
        found = tree.highlights(self._node, text.leaf_spans, text.filter_holds)
        for field in tree.TEXT_FIELDS:
            if spans := found.get(field):
                self._add_field(article, field, spans)

    def _add_field(self, article: Article, field: str, spans: Iterable[tuple[int, int]]) -> None:
        inside: set[int] = set()
        nearest: dict[int, tuple[int, bool]] = {}
        for start, end in spans:
            self.nodes += 1
            inside.update(range(start, end))
            for distance in range(1, self._window + 1):
                for position, is_right in ((start - distance, False), (end - 1 + distance, True)):
                    met = nearest.get(position)
                    nearest[position] = min((distance, is_right), met or (distance, is_right))
        for words in field_tokens(texts_of(article, field)):
            for token in words:
                if token.width > 1:
                    continue
                if token.position in inside:
                    self._inside[token.exact] += 1
                elif met := nearest.get(token.position):
                    self._near[token.exact] += 1
                    self._left[token.exact] += not met[1]

    def collocates(self, corpus: Frequencies, *, at_least: int = 1) -> list[Collocate]:
        """Return the words near the node, by word, that are met there *at_least* so often.

        *corpus* has the words of all articles, those without the node included.
        """
        near, left, inside = (_folded(c) for c in (self._near, self._left, self._inside))
        totals = corpus.by_word()
        spellings = commonest(self._near)
        window_size = near.total()
        size = corpus.total - inside.total()
        found = []
        for word, together in sorted(near.items()):
            if together < at_least:
                continue
            table = Table(together, window_size, totals[word] - inside[word], size)
            found.append(
                Collocate(
                    word=spellings[word],
                    together=together,
                    left=left[word],
                    total=table.c1,
                    log_dice=log_dice(together, self.nodes, table.c1),
                    log_likelihood=log_likelihood(table),
                    mutual_information=mutual_information(table),
                )
            )
        return found


def ranked(found: Iterable[Collocate], measure: Measure) -> list[Collocate]:
    """Return the collocates by a measure, the highest first; ties by how often, then by word."""
    return sorted(found, key=lambda one: (-one.score(measure), -one.together, one.word))


def _folded(by_spelling: Counter[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for exact, count in by_spelling.items():
        counts[fold(exact)] += count
    return counts
