"""What the articles that a query finds are worth, as `engine.bm25f` says.

tantivy orders them by its own BM25 over a field in which the title stands several times, which is
the same formula; it differs in that tantivy keeps lengths with three binary digits, adds up the
alternatives of a word instead of counting them together, and knows no frequency of a NEAR. So the
best 200 of its order are scored anew from the positions kept with each article, by the formula to
the letter, with closeness. Articles after these come as tantivy has them. A NEAR, and a pattern for
more than a few words, are worth the same in every article to tantivy: of more than 200 the best may
not be among those that are scored anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tantivy import Occur, Query

from isisdocs.engine import bm25f
from isisdocs.engine.tantivy.schema import EXACT, FOLDED, JOINED, RAW, TEXT, id_of
from isisdocs.query import tree
from isisdocs.query.match import folded_fits
from isisdocs.query.tree import Layer, Leaf, Node, Pattern, PatternKind, Term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tantivy import DocAddress

    from isisdocs.engine.base import Ranking
    from isisdocs.engine.tantivy.matching import Matching
    from isisdocs.engine.tantivy.wording import Wording

WINDOW = bm25f.CLOSE_WINDOW
"""So many of the best articles are scored anew."""
MAX_FORMS = 64
"""A pattern is worth, for tantivy's order, so many of its words in most articles."""

Best = tuple[float, str, "DocAddress"]
"""Score, id and address."""


class Scoring:
    """Scores what one query finds."""

    def __init__(
        self, matching: Matching, ranking: Ranking, word_counts: Mapping[str, int]
    ) -> None:
        """Take the number of words of title and body in all articles together."""
        self._matching = matching
        self._ranking = ranking
        self._article_count = matching.searcher.num_docs
        total = sum(w * word_counts[f] for f, w in bm25f.FIELD_WEIGHTS.items())
        self._mean_length = total / max(self._article_count, 1)
        self._weighted = [
            (w.place, tree.fields_of(w.place), w.weight, self._idf(w.place))
            for w in ranking.weighted
        ]

    def best(self, query: Query, count: int) -> list[Best]:
        """Return at least the *count* best articles that a query finds, best first; ties by id."""
        ranked = self._ranked(query)
        window = self._window(ranked)
        if count <= len(window) or len(window) < WINDOW:
            return window
        rest = self._rest(query, ranked, window)
        return [*window, *sorted(rest, key=lambda one: (-one[0], one[1]))]

    def scores(self, query: Query, addresses: Sequence[DocAddress]) -> list[float]:
        """Return the scores of some of the articles that a query finds."""
        if not self._ranking.weighted:
            return [0.0] * len(addresses)
        ranked = self._ranked(query)
        window = self._window(ranked)
        known = {_key(address): score for score, _, address in window}
        if len(addresses) > WINDOW and len(window) == WINDOW:
            known |= {_key(a): score for score, _, a in self._rest(query, ranked, window)}
        missing = [address for address in addresses if _key(address) not in known]
        for address in missing:
            known[_key(address)] = self._score(self._matching.wording(address))
        return [known[_key(address)] for address in addresses]

    def _window(self, ranked: Query) -> list[Best]:
        hits = self._matching.searcher.search(ranked, limit=WINDOW, count=False).hits
        wordings = [(self._matching.wording(address), address) for _, address in hits]
        scores = [self._score(wording) for wording, _ in wordings]
        self._add_closeness(scores, [wording for wording, _ in wordings])
        window = [(s, w.id, a) for s, (w, a) in zip(scores, wordings, strict=True)]
        return sorted(window, key=lambda one: (-one[0], one[1]))

    def _rest(self, query: Query, ranked: Query, window: Sequence[Best]) -> Iterator[Best]:
        """Yield what comes after the window, none better than the last in it."""
        ids = {_key(address): key for key, address in self._matching.addresses(query)}
        most = window[-1][0]
        hits = self._matching.searcher.search(ranked, limit=len(ids), count=False).hits
        known = {_key(address) for _, _, address in window}
        for score, address in hits:
            if _key(address) not in known:
                yield min(float(score), most), id_of(ids[_key(address)]), address

    def _score(self, wording: Wording) -> float:
        """Return an article's score without closeness."""
        norm = self._length_norm(wording)
        score = 0.0
        frequency_in = self._matching.frequency
        for place, fields, weight, idf in self._weighted:
            frequency = 0.0
            for field in fields:
                if found := frequency_in(place, field, wording):
                    frequency += bm25f.FIELD_WEIGHTS.get(field, 1.0) * found
            if frequency:
                has_length = bool(bm25f.FIELD_WEIGHTS.keys() & set(fields))
                saturated = bm25f.saturated(frequency, norm if has_length else 1.0)
                score += weight * (idf * saturated)
        return score

    def _add_closeness(self, scores: list[float], wordings: Sequence[Wording]) -> None:
        places = self._ranking.close
        if places is None:
            places = tuple(weighted.place for weighted in self._ranking.weighted)
        places = tuple(place for place in places if tree.is_place(place))
        if len(places) < 2:
            return
        idfs = [self._idf(place) for place in places]
        for index, wording in enumerate(wordings):
            found = sorted(
                (span.start + bm25f.TITLE_ROOM * (field == "body"), number)
                for number, place in enumerate(places)
                for field in tree.fields_of(place)
                for span in self._matching.spans(place, field, wording)[: bm25f.MAX_CLOSE]
            )
            scores[index] += bm25f.closeness(found, idfs, self._length_norm(wording))

    def _length_norm(self, wording: Wording) -> float:
        length = sum(w * wording.length(field) for field, w in bm25f.FIELD_WEIGHTS.items())
        return bm25f.length_norm(length, self._mean_length)

    def _idf(self, place: Node) -> float:
        return bm25f.idf(self._article_count, self._matching.count_node(place))

    def _ranked(self, query: Query) -> Query:
        """Return the query with which tantivy finds the same and orders it about as we do."""
        parts = [(Occur.Must, Query.const_score_query(query, 0.0))]
        for weighted in self._ranking.weighted:
            for scored, worth in self._scored(weighted.place):
                if worth > 0:
                    boosted = Query.boost_query(scored, weighted.weight * worth)
                    parts.append((Occur.Should, boosted))
        return Query.boolean_query(parts)

    def _scored(self, place: Node) -> Iterator[tuple[Query, float]]:
        """Yield queries whose scores add up to that of a place, each with its factor."""
        schema = self._matching.schema
        fields = tree.fields_of(place)
        in_text = fields == tree.TEXT_FIELDS
        if isinstance(place, Leaf) and fields == (RAW,):
            yield self._in_raw(place)
            return
        match place:
            case Term(text, Layer.STEM):
                for field in (TEXT,) if in_text else fields:
                    yield Query.term_query(schema, field, text, "freq"), 1.0
                for field in fields:
                    if self._matching.searcher.doc_freq(field + JOINED, text):
                        yield self._constant(place, field + JOINED, text)
                return
            case Term() | Pattern():
                for field in fields:
                    yield from self._forms(place, field)
                return
            case tree.Or(parts):
                for part in parts:
                    yield from self._scored(part)
                return
        yield Query.const_score_query(self._matching.query(place), 1.0), self._idf(place)

    def _in_raw(self, leaf: Leaf) -> tuple[Query, float]:
        """Return what a leaf in the untouched file is worth: about as much as in the text."""
        idf = self._idf(leaf)
        kinds = [Query.const_score_query(self._matching.query(leaf), idf)]
        for query, worth in self._scored(tree.without_field(leaf)):
            if worth > 0:
                kinds.append(Query.boost_query(query, worth))
        return Query.disjunction_max_query(kinds), 1.0

    def _constant(self, place: Node, field: str, text: str) -> tuple[Query, float]:
        query = Query.term_query(self._matching.schema, field, text, "basic")
        return Query.const_score_query(query, 1.0), self._idf(place)

    def _forms(self, leaf: Leaf, field: str) -> Iterator[tuple[Query, float]]:
        """Yield the forms of a leaf in a field, each worth as much as any other of them."""
        matching = self._matching
        if isinstance(leaf, Pattern):
            name = field + FOLDED
            forms = _fitting(matching, leaf, name)
        else:
            name = field + EXACT
            forms = [leaf.text]
        if leaf.field not in (None, field):
            return
        worth = self._idf(leaf) * bm25f.FIELD_WEIGHTS.get(field, 1.0)
        for form in forms:
            own = bm25f.idf(self._article_count, matching.searcher.doc_freq(name, form))
            yield Query.term_query(matching.schema, name, form, "freq"), worth / own


def _fitting(matching: Matching, pattern: Pattern, field: str) -> list[str]:
    """Return the forms in most articles that fit, of those that begin as the pattern does."""
    text = pattern.text
    if pattern.kind is PatternKind.FUZZY:
        start = text[: len(text) // (pattern.distance + 1)]
    else:
        start = text.partition("*")[0].partition("?")[0]
    fits = folded_fits(pattern)
    forms = matching.searcher.terms_with_prefix(field, start)
    found = []
    for form, _ in forms:
        if fits(form):
            found.append(form)
            if len(found) == MAX_FORMS:
                break
    return found


def _key(address: DocAddress) -> tuple[int, int]:
    return address.segment_ord, address.doc
