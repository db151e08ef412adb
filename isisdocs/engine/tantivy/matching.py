"""A query tree as a tantivy query that finds exactly the same articles.

tantivy itself finds words, patterns, filters, and phrases of plain words. Where a phrase or NEAR is
more than it can say (joined forms, exact forms or patterns in a phrase, unordered nearness, a
phrase in the body or in the untouched file only) it finds the articles that have all the words, and
where they stand is looked up in the stored `wording` of each of these: some 20 microseconds an
article.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from tantivy import FieldType, Occur, Order, Query

from isisdocs.engine.tantivy.schema import (
    EXACT,
    FOLDED,
    JOINED,
    LACKING,
    RAW,
    TEXT,
    UNPLACED,
    day_number,
    id_key,
    id_of,
)
from isisdocs.engine.tantivy.wording import Fits, Wording
from isisdocs.query import match as matching
from isisdocs.query import tree
from isisdocs.query.tree import Layer, Leaf, Node, Pattern, PatternKind, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tantivy import DocAddress, Schema, Searcher

    from isisdocs.model import Span

MAX_PHRASES = 64
"""So many phrases are asked of tantivy for one whose words have alternatives."""
MAX_DISTANCE = 2
"""tantivy's automata reach so many edits."""

_META = re.compile(r"[\\.+*?()|\[\]{}^$#&\-~]")


class Counting(NamedTuple):
    """A query by whose score tantivy tells how often a place stands in an article."""

    query: Query
    words: tuple[str, ...]
    """Stems, the rarity of each of which is in the score."""


class Matching:
    """Makes queries of one tree, remembering what it has looked up."""

    def __init__(self, schema: Schema, searcher: Searcher) -> None:
        self.schema = schema
        self.searcher = searcher
        self.fits = Fits()
        self._queries: dict[tuple[Node, Query | None], Query] = {}
        self._counts: dict[Node, int] = {}
        self._wordings: dict[tuple[int, int], Wording] = {}

    def count(self, query: Query) -> int:
        """Return how many articles a query finds."""
        found: int = self.searcher.search(query, limit=1).count  # type: ignore[attr-defined]  # tantivy's stubs lack it
        return found

    def count_node(self, node: Node) -> int:
        """Return how many articles a tree finds."""
        if node not in self._counts:
            self._counts[node] = self.count(self.query(node))
        return self._counts[node]

    def addresses(self, query: Query, *, limit: int | None = None) -> list[tuple[str, DocAddress]]:
        """Return key and address of all articles that a query finds, sorted by key.

        Each of them takes 15 microseconds. *limit* is for the first of them.
        """
        most = max(self.searcher.num_docs, 1) if limit is None else limit
        return self.searcher.search(
            query, limit=most, count=False, order_by_field="id", order=Order.Asc
        ).hits

    def wording(self, address: DocAddress) -> Wording:
        """Return the words of the article at an address."""
        key = (address.segment_ord, address.doc)
        if key not in self._wordings:
            stored = self.searcher.doc(address).get_first("words")
            self._wordings[key] = Wording(stored or b"")
        return self._wordings[key]

    def spans(self, place: Node, field: str, wording: Wording) -> list[Span]:
        """Return where a place or NEAR stands in a field of an article."""

        def spans_in(leaf: Leaf, _: str) -> list[Span]:
            return wording.spans(leaf, field, self.fits)

        if isinstance(place, tree.Near):
            return tree.near_spans(place, field, spans_in)
        return tree.spans(place, field, spans_in)

    def frequency(self, place: Node, field: str, wording: Wording) -> int:
        """Return how often a place or NEAR stands in a field of an article."""
        if isinstance(place, Leaf):
            if place.field not in (None, field):
                return 0
            if isinstance(place, Pattern):
                return wording.count_fitting(place, field, self.fits)
            return wording.count(place, field)
        return len(self.spans(place, field, wording))

    def starts(self, place: Node, field: str, wording: Wording) -> list[int]:
        """Return the positions where a place or NEAR begins in a field of an article."""
        if isinstance(place, Leaf):
            return wording.starts(place, field, self.fits)
        return [span.start for span in self.spans(place, field, wording)]

    def query(self, node: Node) -> Query:
        """Return the query of a tree."""
        return self._within(node, None)

    def _within(self, node: Node, base: Query | None) -> Query:
        """Return the query of a tree whose answer counts only where *base* finds the article."""
        match node:
            case tree.Everything():
                return Query.all_query()
            case tree.Nothing():
                return Query.empty_query()
            case tree.And(parts):
                return self._all(parts, base)
            case tree.Or(parts):
                return any_of([self._within(part, base) for part in parts])
            case tree.Not(part):
                return all_but(self._within(part, base))
            case tree.DateRange() | tree.Undated() | tree.PathGlob():
                return self._filter(node)
            case Term() | Pattern():
                return any_of([self._leaf(node, field) for field in _fields_of(node)])
        if (node, base) not in self._queries:
            self._queries[node, base] = self._place(node, base)
        return self._queries[node, base]

    def _all(self, parts: Sequence[Node], base: Query | None) -> Query:
        # What is looked up article by article comes last, in those that have the rest.
        found: list[Query] = [] if base is None else [base]
        unwanted: list[Query] = []
        for part in sorted(parts, key=_is_slow):
            within = all_of(found) if found else None
            if isinstance(part, tree.Not):
                unwanted.append(self._within(part.part, within))
            else:
                found.append(self._within(part, within))
        return all_of(found, unwanted)

    def _place(self, node: tree.Phrase | tree.Near, base: Query | None) -> Query:
        """Return the query of a phrase or NEAR."""
        fields = tree.fields_of(node)
        exact: list[Query] = []
        perhaps: list[Query] = []
        for field in _fields_of(node):
            if isinstance(node, tree.Near):
                perhaps.append(self._near(node, field))
                continue
            sure, possible = self._phrase(node, field)
            exact += sure
            perhaps += possible
        if not perhaps:
            return any_of(exact)
        wanted = [any_of(perhaps)] if base is None else [base, any_of(perhaps)]
        verified = [
            key
            for key, address in self.addresses(all_of(wanted, exact))
            if self._stands(node, fields, self.wording(address))
        ]
        return any_of([*exact, self._of_ids(verified)])

    def _stands(self, node: Node, fields: Iterable[str], wording: Wording) -> bool:
        return any(self.spans(node, field, wording) for field in fields)

    def _phrase(self, node: tree.Phrase, field: str) -> tuple[list[Query], list[Query]]:
        """Return queries of articles where a phrase stands, and of others where it may."""
        if not node.parts:
            return [], []
        candidates = [self._candidates(part, field) for part in node.parts]
        sequences = None if field in UNPLACED else self._sequences(node, field)
        if sequences is None:
            return [], [all_of(candidates)]
        exact = [self._sequence(words, field, "basic") for words in sequences]
        special = [query for leaf in tree.leaves(node) for query in self._special(leaf, field)]
        return exact, [all_of([*candidates, any_of(special)])] if special else []

    def _near(self, node: tree.Near, field: str) -> Query:
        """Return the query of articles where a NEAR may stand."""
        if sloppy := self._sloppy(node, field):
            return any_of(sloppy)
        return all_of([self._candidates(part, field) for part in node.parts])

    def _sloppy(self, node: tree.Near, field: str) -> list[Query]:
        """Return queries of articles where a NEAR of two plain words may stand; none for others."""
        parts = node.parts
        if len(parts) != 2 or field in UNPLACED:
            return []
        if not all(isinstance(p, Term) and not list(self._special(p, field)) for p in parts):
            return []
        # tantivy's slop counts otherwise, but no NEAR is missing from what it finds.
        words = [part.text for part in parts if isinstance(part, Term)]
        orders = [words] if node.is_ordered else [words, words[::-1]]
        return [
            Query.phrase_query(self.schema, field, [*order], slop=node.distance) for order in orders
        ]

    def counting(self, place: Node) -> Counting | None:
        """Return what tantivy counts where it counts a place in title and body as we do."""
        if isinstance(place, Term):
            sequences: list[tuple[str, ...]] | None = [(place.text,)]
        elif isinstance(place, tree.Phrase) and len(place.parts) > 1:
            sequences = self._sequences(place, TEXT)
        else:
            return None
        if tree.fields_of(place) != tree.TEXT_FIELDS or not sequences or len(sequences) > 1:
            return None
        if any(True for leaf in tree.leaves(place) for _ in self._special(leaf, TEXT)):
            return None
        return Counting(self._sequence(sequences[0], TEXT, "freq"), sequences[0])

    def counting_about(self, place: Node) -> list[Counting]:
        """Return what tantivy counts much as we count a phrase or NEAR in title and body."""
        if tree.fields_of(place) != tree.TEXT_FIELDS:
            return []
        if isinstance(place, tree.Near):
            words = tuple(part.text for part in place.parts if isinstance(part, Term))
            return [Counting(query, words) for query in self._sloppy(place, TEXT)]
        sequences = self._sequences(place, TEXT) or ()
        return [Counting(self._sequence(words, TEXT, "freq"), words) for words in sequences]

    def _candidates(self, place: Node, field: str) -> Query:
        """Return the query of articles that have the words of a place in a field."""
        match place:
            case tree.Or(parts):
                return any_of([self._candidates(part, field) for part in parts])
            case tree.Phrase(parts):
                return all_of([self._candidates(part, field) for part in parts])
            case Term() | Pattern():
                return self._leaf(place, field)
        raise TypeError(f"not a place: {place!r}")

    def _sequences(self, place: Node, field: str) -> list[tuple[str, ...]] | None:
        """Return the sequences of single stems that a place can be; None where they are many."""
        match place:
            case Term(text, Layer.STEM):
                return [(text,)] if self._is_in(place, field) else []
            case Term() | Pattern():
                return []
            case tree.Or(parts):
                found = [self._sequences(part, field) for part in parts]
                merged = [one for each in found for one in each or ()]
                too_many = None in found or len(merged) > MAX_PHRASES
                return None if too_many else list(dict.fromkeys(merged))
            case tree.Phrase(parts):
                whole: list[tuple[str, ...]] = [()]
                for part in parts:
                    found_part = self._sequences(part, field)
                    if found_part is None or len(whole) * len(found_part) > MAX_PHRASES:
                        return None
                    whole = [(*a, *b) for a, b in product(whole, found_part)]
                return whole
        raise TypeError(f"not a place: {place!r}")

    def _sequence(self, words: tuple[str, ...], field: str, kept: str) -> Query:
        if len(words) == 1:
            return Query.term_query(self.schema, field, words[0], kept)
        return Query.phrase_query(self.schema, field, [*words])

    def _special(self, leaf: Leaf, field: str) -> Iterable[Query]:
        """Yield queries of what a leaf can be besides a single stem, where there is any."""
        for one in tree.TEXT_FIELDS if field == TEXT else (field,):
            if not self._is_in(leaf, one):
                continue
            if isinstance(leaf, Term) and leaf.layer is Layer.STEM:
                if self.searcher.doc_freq(one + JOINED, leaf.text):
                    yield Query.term_query(self.schema, one + JOINED, leaf.text, "basic")
            else:
                yield self._leaf(leaf, one)

    def _is_in(self, leaf: Leaf, field: str) -> bool:
        return leaf.field is None or leaf.field == field

    def _leaf(self, leaf: Leaf, field: str) -> Query:
        """Return the query of articles that have a leaf in a field."""
        is_stem = isinstance(leaf, Term) and leaf.layer is Layer.STEM
        if field == TEXT and not is_stem:
            return any_of([self._leaf(leaf, one) for one in tree.TEXT_FIELDS])
        if not self._is_in(leaf, field):
            return Query.empty_query()
        if field == RAW:
            return self._raw(leaf)
        if isinstance(leaf, Pattern):
            return self._pattern(leaf, field)
        if not is_stem:
            return Query.term_query(self.schema, field + EXACT, leaf.text, "basic")
        return any_of(
            [
                Query.term_query(self.schema, field, leaf.text, "basic"),
                *self._special(leaf, field),
            ]
        )

    def _raw(self, leaf: Leaf) -> Query:
        """Return the query of articles that have a leaf in the file as it came."""
        own, lacking = (self._unshared(leaf, field) for field in (RAW, LACKING))
        anywhere = tree.without_field(leaf)
        elsewhere = any_of([self._leaf(anywhere, field) for field in ("body", "cuts")])
        sure = any_of([own, all_of([elsewhere], [lacking])])
        if isinstance(leaf, Term):
            return sure
        # An article may lack one word that a pattern stands for and have another.
        perhaps = self.addresses(all_of([elsewhere, lacking], [own]))
        verified = [key for key, at in perhaps if self._stands(leaf, (RAW,), self.wording(at))]
        return any_of([sure, self._of_ids(verified)])

    def _unshared(self, leaf: Leaf, field: str) -> Query:
        if isinstance(leaf, Pattern):
            return self._pattern(leaf, field)
        layer = "" if leaf.layer is Layer.STEM else EXACT
        return Query.term_query(self.schema, field + layer, leaf.text, "basic")

    def _pattern(self, pattern: Pattern, field: str) -> Query:
        field += FOLDED
        try:
            if pattern.kind is PatternKind.FUZZY and pattern.distance <= MAX_DISTANCE:
                return Query.fuzzy_term_query(
                    self.schema, field, pattern.text, distance=pattern.distance
                )
            if pattern.kind is not PatternKind.FUZZY:
                return Query.regex_query(self.schema, field, _regex(pattern))
        except ValueError:  # an automaton of too many states
            pass
        fits = matching.folded_fits(pattern)
        forms = self.searcher.terms_with_prefix(field, "")
        return Query.term_set_query(self.schema, field, [form for form, _ in forms if fits(form)])

    def _filter(self, node: tree.Filter) -> Query:
        match node:
            case tree.DateRange():
                return self._dated(node)
            case tree.PathGlob():
                return self._paths(node)
        return all_but(Query.exists_query("date"))

    def _dated(self, node: tree.DateRange) -> Query:
        if node.since and node.until and node.since > node.until:
            return Query.empty_query()
        first, last = ("last_day", "first_day") if node.is_loose else ("first_day", "last_day")
        wanted = [Query.exists_query("date")]
        for name, since, until in ((first, node.since, None), (last, None, node.until)):
            if since or until:
                lower, upper = (day and day_number(day) for day in (since, until))
                kind = FieldType.Unsigned
                wanted.append(Query.range_query(self.schema, name, kind, lower, upper))
        return all_of(wanted)

    def _paths(self, node: tree.PathGlob) -> Query:
        # Out of the dictionary, which takes a tenth of the time of `addresses`.
        return self._of_ids(
            key
            for key, _ in self.searcher.terms_with_prefix("id", "")
            if matching.filter_holds(node, article_id=id_of(key), date=None)
        )

    def _of_ids(self, keys: Iterable[str]) -> Query:
        return Query.term_set_query(self.schema, "id", list(keys))

    def having(self, field: str, value: str | int) -> Query:
        """Return the query of the articles with this title key or date."""
        if isinstance(value, str):
            return Query.term_query(self.schema, field, value, "basic")
        return Query.range_query(self.schema, field, FieldType.Unsigned, value, value)

    def of_articles(self, ids: Iterable[str]) -> Query:
        """Return the query of the articles with these ids."""
        return self._of_ids(map(id_key, ids))


def _fields_of(node: Node) -> tuple[str, ...]:
    """Return tantivy's fields in which a place or NEAR can hold."""
    fields = tree.fields_of(node)
    return (TEXT,) if fields == tree.TEXT_FIELDS else fields


def all_of(wanted: Sequence[Query], unwanted: Sequence[Query] = ()) -> Query:
    """Return the query of what all of *wanted* find and none of *unwanted*."""
    if len(wanted) == 1 and not unwanted:
        return wanted[0]
    parts = [(Occur.Must, query) for query in wanted or [Query.all_query()]]
    return Query.boolean_query([*parts, *((Occur.MustNot, query) for query in unwanted)])


def any_of(queries: Sequence[Query]) -> Query:
    """Return the query of what at least one of *queries* finds."""
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def all_but(query: Query) -> Query:
    """Return the query of what *query* does not find."""
    return all_of([], [query])


def _is_slow(node: Node) -> bool:
    """Tell whether articles may have to be looked into."""
    if isinstance(node, tree.And | tree.Or):
        return any(map(_is_slow, node.parts))
    if isinstance(node, tree.Not):
        return _is_slow(node.part)
    return isinstance(node, tree.Near | tree.Phrase)


def _regex(pattern: Pattern) -> str:
    """Return the regular expression of a prefix or wildcard, as tantivy reads them."""

    def escaped(text: str) -> str:
        return _META.sub(r"\\\g<0>", text)

    if pattern.kind is PatternKind.PREFIX:
        return f"{escaped(pattern.text)}.*"
    pieces = re.split(r"(\*+|\?)", pattern.text)
    return "".join(
        ".*" if piece.startswith("*") else "." if piece == "?" else escaped(piece)
        for piece in pieces
    )
