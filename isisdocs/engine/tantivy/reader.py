"""One state of the index, open for reading: pages of results, stored articles, vocabulary."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from tantivy import Order as Direction
from tantivy import Query

from isisdocs import words
from isisdocs.engine import stored
from isisdocs.engine.base import NO_RANKING, Counts, Found, Order, Ranking, Scored
from isisdocs.engine.tantivy.matching import Matching, all_of
from isisdocs.engine.tantivy.schema import EXACT, id_of
from isisdocs.engine.tantivy.scoring import Scoring
from isisdocs.errors import DamagedIndexError
from isisdocs.query import tree
from isisdocs.verified import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from tantivy import DocAddress, Index, Schema, Searcher

    from isisdocs.engine.tantivy.whole import Verification
    from isisdocs.model import Article
    from isisdocs.query.tree import Node


@contextmanager
def making_sense(index: Path) -> Iterator[None]:
    """Have DamagedIndexError where what an index holds cannot be read."""
    try:
        yield
    except (OSError, *UNREADABLE) as error:
        raise DamagedIndexError(index, str(error).partition("\n")[0]) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of Rust, and no Exception
            raise
        raise DamagedIndexError(index, str(error).partition("\n")[0]) from error


MOST_READ = 200
"""Of a page that ends further on, ids are not read from the articles one by one."""


class Lengths(NamedTuple):
    """Words in all articles of a state together."""

    title: int
    body: int


class TantivyReader:
    """One state of the index, open for reading."""

    def __init__(
        self, folder: Path, index: Index, lengths: Lengths, verification: Verification
    ) -> None:
        self._folder = folder
        self._verification = verification
        self._schema: Schema = index.schema
        self._searcher: Searcher = index.searcher()
        self._lengths = lengths
        # Where the last search found its articles.
        self._found: dict[str, DocAddress] = {}

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
        with self._verified():
            matching = self._matching()
            query = matching.query(node)
            total = matching.count_node(node)
            end = total if limit is None else min(offset + limit, total)
            if offset >= end:
                return Found(total=total, page=())
            scoring = Scoring(matching, ranking, self._lengths._asdict())
            if order is Order.RELEVANCE and ranking.weighted:
                best = scoring.best(query, end)[offset:end]
            else:
                named = self._sorted(matching, query, order, end)[offset:end]
                scores = scoring.scores(query, [address for _, address in named])
                best = [
                    (score, id_, address)
                    for score, (id_, address) in zip(scores, named, strict=True)
                ]
            self._found = {id_: address for _, id_, address in best}
            return Found(total=total, page=tuple(Scored(id_, score) for score, id_, _ in best))

    def count(self, node: Node) -> Counts:
        """Return how many articles match, and for a place or NEAR how often."""
        with self._verified():
            matching = self._matching()
            query = matching.query(node)
            if not (tree.is_place(node) or isinstance(node, tree.Near)):
                return Counts(matching.count_node(node), None)
            found = matching.addresses(query)
            hits = sum(
                matching.frequency(node, field, matching.wording(address))
                for _, address in found
                for field in tree.fields_of(node)
            )
            return Counts(len(found), hits)

    def among(self, node: Node, ids: Collection[str]) -> set[str]:
        """Return which of the articles with these ids match."""
        with self._verified():
            matching = self._matching()
            query = all_of([matching.of_articles(ids), matching.query(node)])
            return {id_of(key) for key, _ in matching.addresses(query)}

    def count_all(self) -> int:
        """Return the number of articles."""
        return self._searcher.num_docs

    def articles(self, ids: Sequence[str]) -> list[Article]:
        """Return the stored articles of these ids; KeyError where one is missing."""
        return [self._article(id_) for id_ in ids]

    def ids(self) -> list[str]:
        """Return all ids, sorted."""
        with self._verified():
            return sorted(id_of(key) for key, _ in self._matching().addresses(Query.all_query()))

    def vocabulary(self) -> Iterator[tuple[str, int]]:
        """Yield the folded forms of title and body with their numbers of articles."""
        yield from self._summed(words.fold)

    def spellings(self) -> Iterator[tuple[str, int]]:
        """Yield the exact forms of title and body with their numbers of articles."""
        yield from self._summed(str)

    def close(self) -> None:
        """Let go of files and memory."""
        self._verification.end()
        del self._searcher

    @contextmanager
    def _verified(self) -> Iterator[None]:
        """Have nothing returned of what tantivy finds before its files are known to be whole."""
        with making_sense(self._folder):
            yield
        self._verification.wait()

    def _matching(self) -> Matching:
        return Matching(self._schema, self._searcher)

    def _summed(self, form_of: Callable[[str], str]) -> list[tuple[str, int]]:
        """Return a form of each exact form, sorted, with the sum of their numbers of articles."""
        totals: dict[str, int] = defaultdict(int)
        with self._verified():
            for field in tree.TEXT_FIELDS:
                for exact, count in self._searcher.terms_with_prefix(field + EXACT, ""):
                    totals[form_of(exact)] += count
        return sorted(totals.items())

    def _article(self, id_: str) -> Article:
        address = self._found.get(id_)
        if address is None:
            with self._verified():
                hits = self._searcher.search(self._matching().of_articles([id_]), limit=1).hits
            if not hits:
                raise KeyError(id_)
            address = hits[0][1]
        with self._verified():
            article = stored.unpack(self._searcher.doc(address).get_first("article") or b"")
            if article.id != id_:
                raise ValueError("another article stands where one should be")
            return article

    def _sorted(
        self, matching: Matching, query: Query, order: Order, end: int
    ) -> list[tuple[str, DocAddress]]:
        """Return ids and addresses of at least the first *end* articles in an order; ties by id."""
        if order in (Order.PATH, Order.RELEVANCE):
            return [(id_of(key), at) for key, at in matching.addresses(query, limit=end)]
        name = "title_key" if order is Order.TITLE else "date"
        direction = Direction.Desc if order is Order.NEWEST else Direction.Asc
        if end <= MOST_READ:
            # What has no date comes last, whichever way the others run.
            known = all_of([query, Query.exists_query(name)])
            first = self._searcher.search(
                known, limit=end, count=False, order_by_field=name, order=direction
            ).hits
            if len(first) == end:
                return self._first(matching, query, name, first)
        named = [(id_of(key), address) for key, address in matching.addresses(query)]
        hits = self._searcher.search(
            query,
            limit=max(self._searcher.num_docs, 1),
            count=False,
            order_by_field=name,
            order=Direction.Asc,
        ).hits
        keys = {(address.segment_ord, address.doc): key for key, address in hits}

        def key_of(pair: tuple[str, DocAddress]) -> tuple[bool, str | int]:
            key = keys[pair[1].segment_ord, pair[1].doc]
            if key is None:
                return True, 0
            return False, -key if order is Order.NEWEST else key

        return sorted(named, key=key_of)

    def _first(
        self,
        matching: Matching,
        query: Query,
        name: str,
        hits: Sequence[tuple[str | int, DocAddress]],
    ) -> list[tuple[str, DocAddress]]:
        """Return ids and addresses of the hits that a field puts first, but ties by id.

        Of the articles that have the last one's value others may come before it.
        """
        last = hits[-1][0]
        named: list[tuple[str, DocAddress]] = []
        for value, group in groupby(hits, key=itemgetter(0)):
            if value != last:
                named += sorted(
                    ((matching.wording(at).id, at) for _, at in group), key=itemgetter(0)
                )
        alike = all_of([query, matching.having(name, last)])
        left = matching.addresses(alike, limit=len(hits) - len(named))
        return [*named, *((id_of(key), at) for key, at in left)]
