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

import heapq
import json
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

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
    from isisdocs.engine.tantivy.matching import Counting, Matching
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
        if count <= len(window):
            return self._sorted(window, count)
        if len(window) < WINDOW:
            return self._sorted(window, len(window))
        rest = self._rest(query, ranked, window)
        listed = self._sorted(window, len(window))
        return [*listed, *sorted(rest, key=lambda one: (-one[0], one[1]))]

    def scores(self, query: Query, addresses: Sequence[DocAddress]) -> list[float]:
        """Return the scores of some of the articles that a query finds."""
        if not self._ranking.weighted:
            return [0.0] * len(addresses)
        ranked = self._ranked(query)
        window = self._window(ranked)
        known = {_key(address): score for score, address in window}
        if len(addresses) > WINDOW and len(window) == WINDOW:
            known |= {_key(a): score for score, _, a in self._rest(query, ranked, window)}
        missing = [address for address in addresses if _key(address) not in known]
        for address, norm in zip(missing, self._length_norms(missing), strict=True):
            known[_key(address)] = self._score(self._matching.wording(address), norm)
        return [known[_key(address)] for address in addresses]

    def _window(self, ranked: Query) -> list[tuple[float, DocAddress]]:
        """Return the best articles in tantivy's order with their scores by the formula."""
        hits = self._matching.searcher.search(ranked, limit=WINDOW, count=False).hits
        addresses = [address for _, address in hits]
        places = self._close_places()
        if hits and len(places) < 2:
            scores = self._of_one_place([score for score, _ in hits], addresses)
            if scores:
                return list(zip(scores, addresses, strict=True))
        idfs = [self._idf(place) for place in places]
        window = []
        for address, norm in zip(addresses, self._length_norms(addresses), strict=True):
            wording = self._matching.wording(address)
            if len(places) > 1:
                score = self._score_with_closeness(wording, norm, places, idfs)
            else:
                score = self._score(wording, norm)
            window.append((score, address))
        return window

    def _sorted(self, window: Sequence[tuple[float, DocAddress]], count: int) -> list[Best]:
        """Return the *count* best of a window, best first; ties by id."""
        # An id is read with the words of its article, so only of those that can be among them.
        floor = heapq.nlargest(count, (score for score, _ in window))[-1] if count else float("inf")
        named = [
            (score, self._matching.wording(address).id, address)
            for score, address in window
            if score >= floor
        ]
        return sorted(named, key=lambda one: (-one[0], one[1]))

    def _rest(
        self, query: Query, ranked: Query, window: Sequence[tuple[float, DocAddress]]
    ) -> Iterator[Best]:
        """Yield what comes after the window, none better than the last in it."""
        ids = {_key(address): key for key, address in self._matching.addresses(query)}
        most = min(score for score, _ in window)
        hits = self._matching.searcher.search(ranked, limit=len(ids), count=False).hits
        known = {_key(address) for _, address in window}
        for score, address in hits:
            if _key(address) not in known:
                yield min(float(score), most), id_of(ids[_key(address)]), address

    def _of_one_place(
        self, ranked: Sequence[float], addresses: Sequence[DocAddress]
    ) -> list[float]:
        """Return the scores of articles out of tantivy's where one place is all that is weighed.

        Its frequency can be told from a score, given the length that tantivy took, so that no
        article's words are read. Nothing where any of the frequencies is no whole number: then
        something else is in the score.
        """
        if len(self._weighted) != 1 or not all(ranked):
            return []
        place, fields, weight, idf = self._weighted[0]
        counting = self._matching.counting(place)
        if counting is None:
            return []
        searcher = self._matching.searcher
        explanation = counting.query.explain(searcher, addresses[0])
        own = _Constants.of(json.loads(explanation.to_json()))
        if own is None:
            return []
        # As in `_scored`.
        boost = weight if isinstance(place, Term) else weight * self._worth(place, counting)
        at = list(addresses)
        lengths = [searcher.fast_field_values(f"{field}_words", at) for field in fields]
        scores = []
        for score, words in zip(ranked, zip(*lengths, strict=True), strict=True):
            length = sum(bm25f.FIELD_WEIGHTS[f] * n for f, n in zip(fields, words, strict=True))
            frequency = own.frequency(score / boost, round(length)) if boost > 0 else 0
            if not frequency:
                return []
            norm = bm25f.length_norm(length, self._mean_length)
            scores.append(weight * (idf * bm25f.saturated(frequency, norm)))
        return scores

    def _worth(self, place: Node, counting: Counting) -> float:
        """Return by what tantivy's score is multiplied to weigh a place as one word."""
        doc_freq = self._matching.searcher.doc_freq
        own = sum(bm25f.idf(self._article_count, doc_freq(TEXT, one)) for one in counting.words)
        return self._idf(place) / own if own > 0 else 0.0

    def _score(
        self,
        wording: Wording,
        norm: float,
        known: Mapping[tuple[Node, str], int] = MappingProxyType({}),
    ) -> float:
        """Return an article's score without closeness.

        *known* are frequencies that were counted already.
        """
        score = 0.0
        frequency_in = self._matching.frequency
        for place, fields, weight, idf in self._weighted:
            frequency = 0.0
            for field in fields:
                found = known.get((place, field))
                if found is None:
                    found = frequency_in(place, field, wording)
                frequency += bm25f.FIELD_WEIGHTS.get(field, 1.0) * found
            if frequency:
                has_length = bool(bm25f.FIELD_WEIGHTS.keys() & set(fields))
                saturated = bm25f.saturated(frequency, norm if has_length else 1.0)
                score += weight * (idf * saturated)
        return score

    def _score_with_closeness(
        self, wording: Wording, norm: float, places: Sequence[Node], idfs: Sequence[float]
    ) -> float:
        """Return an article's score, with what *places* of these idfs are worth together."""
        known: dict[tuple[Node, str], int] = {}
        found: list[tuple[int, int]] = []
        for number, place in enumerate(places):
            for field in tree.fields_of(place):
                starts = self._matching.starts(place, field, wording)
                known[place, field] = len(starts)
                room = bm25f.TITLE_ROOM * (field == "body")
                found += [(start + room, number) for start in starts[: bm25f.MAX_CLOSE]]
        found.sort()
        return self._score(wording, norm, known) + bm25f.closeness(found, idfs, norm)

    def _close_places(self) -> tuple[Node, ...]:
        """Return the places that count more where they stand close together."""
        places = self._ranking.close
        if places is None:
            places = tuple(weighted.place for weighted in self._ranking.weighted)
        return tuple(place for place in places if tree.is_place(place))

    def _length_norms(self, addresses: Sequence[DocAddress]) -> list[float]:
        values = self._matching.searcher.fast_field_values
        at = list(addresses)
        lengths = [values(f"{field}_words", at) for field in bm25f.FIELD_WEIGHTS]
        weights = bm25f.FIELD_WEIGHTS.values()
        weighted = [
            sum(weight * (count or 0) for weight, count in zip(weights, counts, strict=True))
            for counts in zip(*lengths, strict=True)
        ]
        return bm25f.length_norms(weighted, self._mean_length)

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
        fields = tree.fields_of(place)
        if isinstance(place, Leaf) and fields == (RAW,):
            yield self._in_raw(place)
            return
        match place:
            case Term(_, Layer.STEM):
                yield from self._stem(place)
            case Term() | Pattern():
                for field in fields:
                    yield from self._forms(place, field)
            case tree.Or(parts):
                for part in parts:
                    yield from self._scored(part)
            case _:
                yield self._phrase_or_near(place), 1.0

    def _stem(self, term: Term) -> Iterator[tuple[Query, float]]:
        fields = tree.fields_of(term)
        for field in (TEXT,) if fields == tree.TEXT_FIELDS else fields:
            yield Query.term_query(self._matching.schema, field, term.text, "freq"), 1.0
        for field in fields:
            if self._matching.searcher.doc_freq(field + JOINED, term.text):
                yield self._constant(term, field + JOINED, term.text)

    def _phrase_or_near(self, place: Node) -> Query:
        kinds = [
            Query.boost_query(counting.query, worth)
            for counting in self._matching.counting_about(place)
            if (worth := self._worth(place, counting)) > 0
        ]
        if not kinds or not self._matching.counting(place):  # not all that have it are in these
            found = self._matching.query(place)
            kinds.append(Query.const_score_query(found, self._idf(place)))
        return Query.disjunction_max_query(kinds)

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
        if leaf.field not in (None, field):
            return
        if isinstance(leaf, Pattern):
            name = field + FOLDED
            forms = _fitting(matching, leaf, name)
        else:
            name = field + EXACT
            forms = [(leaf.text, matching.searcher.doc_freq(name, leaf.text))]
        worth = self._idf(leaf) * bm25f.FIELD_WEIGHTS.get(field, 1.0)
        for form, count in forms:
            own = bm25f.idf(self._article_count, count)
            yield Query.term_query(matching.schema, name, form, "freq"), worth / own


def _fitting(matching: Matching, pattern: Pattern, field: str) -> list[tuple[str, int]]:
    """Return the forms in most articles that fit, of those that begin as the pattern does.

    Each comes with its number of articles.
    """
    text = pattern.text
    if pattern.kind is PatternKind.PREFIX:
        return matching.searcher.terms_with_prefix(field, text, limit=MAX_FORMS)
    if pattern.kind is PatternKind.FUZZY:
        start = text[: len(text) // (pattern.distance + 1)]
    else:
        start = text.partition("*")[0].partition("?")[0]
    fits = folded_fits(pattern)
    found = ((f, n) for f, n in matching.searcher.terms_with_prefix(field, start) if fits(f))
    return list(islice(found, MAX_FORMS))


class _Constants(NamedTuple):
    """What tantivy's BM25 takes for all articles that have a word."""

    most: float
    """The score of a word that stands in an article endlessly often."""
    mean_length: float

    @classmethod
    def of(cls, explanation: Any) -> Self | None:
        """Return them from tantivy's explanation of a score; None where it says something else."""
        try:
            while len(explanation["details"]) == 1:
                (explanation,) = explanation["details"]
            k1_plus_1, idf, share = explanation["details"]
            _, k1, b, _, mean = (part["value"] for part in share["details"])
            most = k1_plus_1["value"] * idf["value"]
        except (KeyError, TypeError, ValueError):
            return None
        is_ours = abs(k1 - bm25f.K1) < _TINY and abs(b - bm25f.B) < _TINY
        return cls(most, mean) if is_ours and most > 0 and mean > 0 else None

    def frequency(self, score: float, length: int) -> int:
        """Return how often the word stands in an article; 0 where that is not plain."""
        norm = bm25f.K1 * bm25f.length_norm(_rounded(length), self.mean_length)
        left = self.most - score
        found = norm * score / left if left > 0 else 0.0
        # A score has seven digits, and a frequency fewer the higher it is.
        nearest = round(found)
        is_plain = 0 < found < _MOST_TOLD and abs(found - nearest) < _WHOLE
        return nearest if is_plain else 0


_TINY = 1e-6
_MOST_TOLD = 500
_WHOLE = 0.1
_EXACT_LENGTHS = 24


def _rounded(length: int) -> int:
    """Return a length as tantivy keeps it in a byte: four binary digits of what is above 24."""
    above = length - _EXACT_LENGTHS
    shift = max(0, above.bit_length() - 4)
    return _EXACT_LENGTHS + (above >> shift << shift) if above > 0 else length


def _key(address: DocAddress) -> tuple[int, int]:
    return address.segment_ord, address.doc
