"""One state of the index, open for reading: pages of results, stored articles, vocabulary."""

from __future__ import annotations

import heapq
from collections import defaultdict
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING

from isisdocs import words
from isisdocs.engine.base import NO_RANKING, Counts, Found, Order, Ranking, Scored
from isisdocs.engine.whoosh.evaluate import Evaluation
from isisdocs.errors import DamagedIndexError
from isisdocs.query import tree
from isisdocs.verified import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from isisdocs.engine.whoosh.documents import Documents
    from isisdocs.engine.whoosh.lexicon import Lexicon
    from isisdocs.model import Article
    from isisdocs.query.tree import Node


class WhooshReader:
    """One state of the index, open for reading."""

    def __init__(self, folder: Path, documents: Documents) -> None:
        self._folder = folder
        self._documents = documents
        # Where the last search found its articles, so that showing them needs no list of all ids.
        self._found: dict[str, int] = {}

    def search(
        self,
        node: Node,
        *,
        ranking: Ranking = NO_RANKING,
        order: Order = Order.RELEVANCE,
        offset: int = 0,
        limit: int | None = 10,
    ) -> Found:
        """Return one page of what matches."""
        with self._making_sense():
            evaluation = Evaluation(self._documents)
            documents = evaluation.matches(node)
            if limit == 0:
                return Found(total=len(documents), page=(), notes=evaluation.notes)
            scores = evaluation.scores(documents, ranking)
            end = len(scores) if limit is None else offset + limit
            is_ranked = order is Order.RELEVANCE
            best = self._best(scores, end) if is_ranked else self._sorted(scores, order)
            self._found = {id_: document for document, id_ in best[offset:end]}
            page = tuple(Scored(id_, scores[document]) for id_, document in self._found.items())
            return Found(total=len(scores), page=page, notes=evaluation.notes)

    def count(self, node: Node) -> Counts:
        """Return how many documents match, and for a place or NEAR how often."""
        with self._making_sense():
            evaluation = Evaluation(self._documents)
            if not (tree.is_place(node) or isinstance(node, tree.Near)):
                return Counts(len(evaluation.matches(node)), None)
            by_field = [evaluation.frequencies(node, field) for field in tree.fields_of(node)]
            articles = set().union(*by_field)
            return Counts(len(articles), sum(sum(found.values()) for found in by_field))

    def among(self, node: Node, ids: Collection[str]) -> set[str]:
        """Return which of the articles with these ids match."""
        wanted = set(ids)
        with self._making_sense():
            found = Evaluation(self._documents).matches(node)
            live = self._documents.live_ids()
            return {id_ for number, id_ in live if id_ in wanted and number in found}

    def count_all(self) -> int:
        """Return the number of articles."""
        return self._documents.live_count

    def articles(self, ids: Sequence[str]) -> list[Article]:
        """Return the stored articles of these ids; KeyError where one is missing."""
        numbers = self._found
        if not numbers.keys() >= set(ids):
            with self._making_sense():
                numbers = {id_: document for document, id_ in self._documents.live_ids()}
        documents = [numbers[id_] for id_ in ids]
        with self._making_sense():
            articles = [self._documents.article(document) for document in documents]
            if [article.id for article in articles] != list(ids):
                raise ValueError("another article stands where one should be")
            return articles

    def ids(self) -> list[str]:
        """Return all ids, sorted."""
        with self._making_sense():
            return sorted(id_ for _, id_ in self._documents.live_ids())

    def vocabulary(self) -> Iterator[tuple[str, int]]:
        """Yield the folded forms of title and body with their numbers of articles."""
        with self._making_sense():
            summed = _summed(lexicon.items() for lexicon in self._lexicons())
        yield from summed

    def spellings(self) -> Iterator[tuple[str, int]]:
        """Yield the exact forms of title and body with their numbers of articles."""
        with self._making_sense():
            summed = _summed(lexicon.spellings() for lexicon in self._lexicons())
        yield from summed

    def close(self) -> None:
        """Close the segments' files."""
        self._documents.close()

    @contextmanager
    def _making_sense(self) -> Iterator[None]:
        """Have DamagedIndexError where what the index holds cannot be read."""
        try:
            yield
        except UNREADABLE as error:
            what = f"{type(error).__name__}: {error}"
            raise DamagedIndexError(self._folder, what) from error

    def _lexicons(self) -> Iterator[Lexicon]:
        for segment in self._documents.segments:
            for field in tree.TEXT_FIELDS:
                yield segment.lexicon(field)

    def _best(self, scores: Mapping[int, float], count: int) -> list[tuple[int, str]]:
        # Ids are read only for those that can be on the page: all with the last one's score.
        if count < len(scores):
            floor = heapq.nlargest(count, scores.values())[-1] if count else float("inf")
            chosen = [document for document, score in scores.items() if score >= floor]
        else:
            chosen = list(scores)
        named = [(document, self._documents.value("id", document)) for document in chosen]
        return sorted(named, key=lambda pair: (-scores[pair[0]], pair[1]))

    def _sorted(self, documents: Iterable[int], order: Order) -> list[tuple[int, str]]:
        named = sorted(
            ((document, self._documents.value("id", document)) for document in documents),
            key=lambda pair: pair[1],
        )
        if order is Order.TITLE:
            named.sort(key=lambda pair: words.fold(self._documents.value("title_text", pair[0])))
        elif order is not Order.PATH:
            newest = order is Order.NEWEST
            dates = {document: self._documents.value("date", document) for document, _ in named}
            named.sort(key=lambda pair: dates[pair[0]], reverse=newest)
            if not newest:
                # What has no date comes last, whichever way the others run.
                named.sort(key=lambda pair: not dates[pair[0]])
        return named


def _summed(counts: Iterable[Iterable[tuple[str, int]]]) -> list[tuple[str, int]]:
    totals: dict[str, int] = defaultdict(int)
    for form, count in chain.from_iterable(counts):
        totals[form] += count
    return sorted(totals.items())
