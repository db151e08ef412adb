"""Answer a query tree from the postings: which documents match, and with what score."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import Counter
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from isisdocs import words
from isisdocs.engine import bm25f
from isisdocs.engine.whoosh import raw_runs
from isisdocs.engine.whoosh.postings import (
    documents_of,
    form_key,
    to_bytes,
)
from isisdocs.query import match as matching
from isisdocs.query import tree
from isisdocs.query.tree import Filter, Layer, Leaf, Node, Pattern, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from isisdocs.engine.base import Ranking
    from isisdocs.engine.whoosh.documents import Documents
    from isisdocs.engine.whoosh.postings import PostingList
    from isisdocs.engine.whoosh.segment import SegmentReader
    from isisdocs.model import Span

MAX_PATTERN_FORMS = 1_000
"""A pattern stands for at most this many spellings in one segment, those in most articles."""

MAX_POSTINGS = 2_000_000
"""Articles of all these spellings in one field of a segment, each counted as often as a pattern has
it; a pattern that comes after so many stands for `LEAST_FORMS`."""

LEAST_FORMS = 10
MAX_NOTED = 3
"""Patterns of which it is noted by name that they stand for more words than are looked up."""

TITLE_ROOM = 1 << 20
"""Positions between title and body, so that no word of the one is close to a word of the other."""

_Codes = dict[Leaf, dict[int, list[int]]]
"""The encoded positions of leaves in one field of some documents."""


class Evaluation:
    """Answers one query tree, remembering the postings it has read."""

    def __init__(self, documents: Documents) -> None:
        self._by_term: dict[tuple[int, str, bytes], PostingList | None] = {}
        self._cut_short: dict[str, int] = {}
        self._postings_left: dict[tuple[int, str], int] = {}
        self._documents = documents
        self._read: dict[tuple[Leaf, str], list[tuple[SegmentReader, list[PostingList]]]] = {}
        self._frequencies: dict[tuple[Node, str], dict[int, int]] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What was not looked up, and why."""
        found = [
            f"`{typed}` stands for more than {most:,} word{'s' * (most > 1)}: "
            "only the most common ones were looked up"
            for typed, most in self._cut_short.items()
        ]
        if len(found) > MAX_NOTED:
            left = len(found) - MAX_NOTED
            found[MAX_NOTED:] = [f"and so on: {left} more of the patterns"]
        return tuple(found)

    def matches(self, node: Node) -> set[int]:
        """Return the documents in which the tree holds."""
        match node:
            case tree.Everything():
                return set(self._documents.live_documents())
            case tree.Nothing():
                return set()
            case tree.And(parts):
                return self._matching_all(parts)
            case tree.Or(parts):
                return set().union(*map(self.matches, parts))
            case tree.Not(part):
                return set(self._documents.live_documents()) - self.matches(part)
            case tree.DateRange() | tree.Undated() | tree.PathGlob():
                return self._filtered(node)
            case Term() | Pattern():
                return set().union(*(self._counts(node, f) for f in tree.fields_of(node)))
        return set().union(*(self.frequencies(node, f) for f in tree.fields_of(node)))

    def scores(self, documents: AbstractSet[int], ranking: Ranking) -> dict[int, float]:
        """Return the score of each of the documents."""
        scores = dict.fromkeys(documents, 0.0)
        for weighted in ranking.weighted:
            for document, score in self._bm25f(weighted.place).items():
                if document in scores:
                    scores[document] += weighted.weight * score
        places = ranking.close
        if places is None:
            places = tuple(weighted.place for weighted in ranking.weighted)
        places = tuple(place for place in places if tree.is_place(place))
        if len(places) > 1:
            self._add_closeness(scores, places)
        return scores

    def _matching_all(self, parts: Sequence[Node]) -> set[int]:
        wanted = [part for part in parts if not isinstance(part, tree.Not)]
        found = self.matches(wanted[0] if wanted else tree.Everything())
        for part in wanted[1:]:
            if found:
                found &= self.matches(part)
        for unwanted in parts:
            if isinstance(unwanted, tree.Not) and found:
                found -= self.matches(unwanted.part)
        return found

    def _filtered(self, node: Filter) -> set[int]:
        value = self._documents.value
        return {
            document
            for document in self._documents.live_documents()
            if matching.filter_holds(
                node, article_id=value("id", document), date=value("date", document) or None
            )
        }

    def _bm25f(self, place: Node) -> dict[int, float]:
        """Return the scores of a place or NEAR, as of one word, in the documents that have it."""
        fields = tree.fields_of(place)
        weighted: dict[int, float] = {}
        for field in fields:
            weight = bm25f.FIELD_WEIGHTS.get(field, 1.0)
            for document, frequency in self.frequencies(place, field).items():
                weighted[document] = weighted.get(document, 0.0) + weight * frequency
        idf = bm25f.idf(self._documents.live_count, len(weighted))
        if not bm25f.FIELD_WEIGHTS.keys() & set(fields):
            return {d: idf * bm25f.saturated(tf, 1.0) for d, tf in weighted.items()}
        norms = self._documents.length_norms()
        most = idf * (bm25f.K1 + 1)
        # `bm25f.saturated`, written out: common words are in thousands of documents.
        return {d: most * tf / (bm25f.K1 * norms[d] + tf) for d, tf in weighted.items()}

    def _add_closeness(self, scores: dict[int, float], places: Sequence[Node]) -> None:
        """Add to the best scores what their words' closeness is worth."""
        best = heapq.nsmallest(
            bm25f.CLOSE_WINDOW, scores, key=lambda document: (-scores[document], document)
        )
        idfs = [bm25f.idf(self._documents.live_count, len(self.matches(place))) for place in places]
        norms = self._documents.length_norms()
        wanted = set(best)
        found: dict[int, list[tuple[int, int]]] = {document: [] for document in best}
        for number, place in enumerate(places):
            for field in tree.fields_of(place):
                room = TITLE_ROOM * (field == "body")
                codes = self._codes(place, field, wanted)
                for document, met in found.items():
                    starts = self._starts(place, field, document, codes)
                    met += [(start + room, number) for start in starts[: bm25f.MAX_CLOSE]]
        for document, occurrences in found.items():
            occurrences.sort()
            scores[document] += bm25f.closeness(occurrences, idfs, norms[document])

    def _starts(self, place: Node, field: str, document: int, codes: _Codes) -> list[int]:
        if isinstance(place, Leaf):
            return [code >> words.WIDTH_BITS for code in sorted(codes[place].get(document, ()))]
        return [span.start for span in self._spans(place, field, document, codes)]

    def _spans(self, place: Node, field: str, document: int, codes: _Codes) -> list[Span]:
        def spans_in(leaf: Leaf, _: str) -> list[Span]:
            return words.spans_of(codes[leaf].get(document, ()))

        if isinstance(place, tree.Near):
            return tree.near_spans(place, field, spans_in)
        return tree.spans(place, field, spans_in)

    def frequencies(self, node: Node, field: str) -> dict[int, int]:
        """Return how often a place or NEAR stands in a field of each document."""
        if isinstance(node, Leaf):
            return self._counts(node, field)
        key = (node, field)
        if key not in self._frequencies:
            found = self._phrase(node, field) if isinstance(node, tree.Phrase) else None
            self._frequencies[key] = self._one_by_one(node, field) if found is None else found
        return self._frequencies[key]

    def _phrase(self, phrase: tree.Phrase, field: str) -> dict[int, int] | None:
        """Return how often a phrase of plain words stands in each document; None for another."""
        if field == "raw":  # its postings are not all in its own lists
            return None
        if len(phrase.parts) > tree.LONG_PHRASE:  # each part would be gone through again
            return None
        parts = [
            self._lists(part, field) if isinstance(part, Leaf) else None for part in phrase.parts
        ]
        if not parts or None in parts:
            return None
        lists = [
            [(segment.base, found) for segment, all_found in part for found in all_found]
            for part in parts
            if part is not None
        ]
        if not all(found.are_single for part in lists for _, found in part):
            return None
        # The rarest word first: what it leaves is all that the others are asked for.
        order = sorted(range(len(lists)), key=lambda n: sum(len(f.codes) for _, f in lists[n]))
        met: set[int] | None = None
        for number in order:
            keys = (found.keys(base=base, back=number) for base, found in lists[number])
            places = chain.from_iterable(keys)
            met = set(places) if met is None else met.intersection(places)
        found_in = Counter(documents_of(met or ()))
        for document in self._deleted():
            found_in.pop(document, None)
        return found_in

    def _one_by_one(self, node: Node, field: str) -> dict[int, int]:
        candidates = self._candidates(node, field)
        codes = self._codes(node, field, set(candidates))
        return {
            document: len(spans)
            for document in candidates
            if (spans := self._spans(node, field, document, codes))
        }

    def _deleted(self) -> Iterator[int]:
        for segment in self._documents.segments:
            for document in segment.deleted:
                yield document + segment.base

    def _candidates(self, node: Node, field: str) -> list[int]:
        """Return documents in which a place or NEAR may stand, ascending."""
        match node:
            case Term() | Pattern():
                return sorted(self._counts(node, field))
            case tree.Or(parts):
                return sorted(set().union(*(self._candidates(part, field) for part in parts)))
            case tree.Phrase(parts) | tree.Near(parts):
                first, *rest = dict.fromkeys(parts)
                found = set(self._candidates(first, field))
                for part in rest:
                    if not found:
                        break
                    found &= set(self._candidates(part, field))
                return sorted(found)
        raise TypeError(f"neither a place nor a NEAR: {node!r}")

    def _counts(self, leaf: Leaf, field: str) -> dict[int, int]:
        """Return how often a leaf stands in a field of each document."""
        key = (leaf, field)
        if key in self._frequencies:
            return self._frequencies[key]
        if field == "raw":
            codes = self._positions(leaf, field, set(self._documents.live_documents()))
            self._frequencies[key] = {document: len(found) for document, found in codes.items()}
            return self._frequencies[key]
        merged: dict[int, int] = {}
        for segment, lists in self._lists(leaf, field):
            base = segment.base
            in_segment: dict[int, int] = {}
            # The longest list is taken as it is, the others are added to it.
            for found in sorted(lists, key=lambda found: -len(found.documents)):
                documents: Iterable[int] = found.documents
                if base:
                    documents = [document + base for document in documents]
                pairs = zip(documents, found.counts, strict=True)
                if not in_segment:
                    in_segment = dict(pairs)
                    continue
                for document, count in pairs:
                    in_segment[document] = in_segment.get(document, 0) + count
            for document in segment.deleted:
                in_segment.pop(document + base, None)
            merged = {**merged, **in_segment} if merged else in_segment
        self._frequencies[key] = merged
        return merged

    def _codes(self, node: Node, field: str, wanted: AbstractSet[int]) -> _Codes:
        """Return the encoded positions of each leaf in a field of the documents wanted."""
        leaves = dict.fromkeys(tree.leaves(node))
        return {leaf: self._positions(leaf, field, wanted) for leaf in leaves}

    def _positions(self, leaf: Leaf, field: str, wanted: AbstractSet[int]) -> dict[int, list[int]]:
        merged: dict[int, list[int]] = {}
        for segment, lists in self._lists(leaf, field):
            base = segment.base
            here = {document - base for document in wanted} if base else wanted
            for found in lists:
                for document, codes in found.positions(here):
                    number = document + base
                    merged[number] = merged[number] + codes if number in merged else codes
        if field == "raw" and leaf.field in (None, field):
            self._add_shared(leaf, wanted, merged)
        return merged

    def _add_shared(
        self, leaf: Leaf, wanted: AbstractSet[int], positions: dict[int, list[int]]
    ) -> None:
        """Add to the positions in `raw` those in texts that are in body or cuts as well."""
        anywhere = tree.without_field(leaf)
        for number, source in enumerate(raw_runs.SOURCES):
            for document, codes in self._positions(anywhere, source, wanted).items():
                found = [
                    code + (run.shift << words.WIDTH_BITS)
                    for run in self._documents.raw_runs(document)
                    if run.source == number
                    for code in codes
                    if run.start <= code >> words.WIDTH_BITS < run.end
                ]
                if found:
                    positions[document] = [*positions.get(document, ()), *found]

    def _lists(self, leaf: Leaf, field: str) -> list[tuple[SegmentReader, list[PostingList]]]:
        """Return the posting lists of a leaf's spellings in each segment, read once."""
        key = (tree.untyped(leaf), field)
        if key not in self._read:
            self._read[key] = [
                (segment, [f for term in terms if (f := self._postings(segment, field, term))])
                for segment in self._documents.segments
                if leaf.field in (None, field)
                for terms in (self._terms(leaf, field, segment),)
            ]
        return self._read[key]

    def _postings(self, segment: SegmentReader, field: str, term: bytes) -> PostingList | None:
        key = (segment.base, field, term)
        if key not in self._by_term:  # many patterns may stand for the same words
            self._by_term[key] = segment.postings(field, term)
        return self._by_term[key]

    def _terms(self, leaf: Leaf, field: str, segment: SegmentReader) -> list[bytes]:
        if isinstance(leaf, Pattern):
            return self._expand(leaf, field, segment)
        if leaf.layer is Layer.STEM:
            return segment.spellings(field, leaf.text)
        return [to_bytes(form_key(words.fold(leaf.text), leaf.text))]

    def _expand(self, pattern: Pattern, field: str, segment: SegmentReader) -> list[bytes]:
        found = segment.lexicon(field).matching(pattern)
        key = (segment.base, field)
        left = self._postings_left.get(key, MAX_POSTINGS)
        taken = heapq.nlargest(MAX_PATTERN_FORMS, found)
        read = list(accumulate(count for count, _ in taken))
        taken = taken[: max(LEAST_FORMS, bisect_right(read, left))]
        if len(taken) < len(found):
            self._cut_short.setdefault(pattern.typed, len(taken))
            found = taken
        self._postings_left[key] = left - sum(count for count, _ in found)
        return [term for _, term in found]
