"""Where a query matches in an article."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

from isisdocs.fields import LEFT_OUT, paragraphs_of, texts_of
from isisdocs.frozen import frozen
from isisdocs.model import Span
from isisdocs.query import match, tree
from isisdocs.query.tree import Layer, Term
from isisdocs.words import fold, occurrences, spans_of, stem, word_ranges

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from isisdocs.model import Article, Paragraph
    from isisdocs.query.tree import Filter, Leaf, Node


class ArticleText:
    """The words of one article, each field analysed once, when first asked for.

    Its two methods are what `query.tree` asks for, so that `tree.holds(node, text.leaf_spans,
    text.filter_holds)` tells whether an article matches without any index.
    """

    def __init__(self, article: Article) -> None:
        self.article = article
        self._fields: dict[str, _Field] = {}
        self._spans: dict[tuple[Leaf, str], Sequence[Span]] = {}

    def leaf_spans(self, leaf: Leaf, field: str) -> Sequence[Span]:
        """Return the position ranges of a leaf in a field, sorted, each once."""
        found = self._spans.get((leaf, field))
        if found is None:
            found = self._spans[leaf, field] = self._field(field).spans(leaf)
        return found

    def filter_holds(self, filter_: Filter) -> bool:
        """Tell whether the article passes a filter."""
        article = self.article
        return match.filter_holds(filter_, article_id=article.id, date=article.metadata.date)

    def first_positions(self, field: str) -> Sequence[int]:
        """Return the position where each text of a field begins, and where another one would."""
        return self._field(field).first_positions

    def _field(self, name: str) -> _Field:
        if name not in self._fields:
            self._fields[name] = _Field(texts_of(self.article, name))
        return self._fields[name]


class _Field:
    """The exact forms of a field with their positions, and the same by stem."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._exact, _, self.first_positions = occurrences(texts)
        self._stems: dict[str, dict[str, list[str]]] = {}
        self._spans: dict[tuple[str, ...], list[Span]] = {}

    def spans(self, leaf: Leaf) -> Sequence[Span]:
        forms: Sequence[str]
        if isinstance(leaf, Term):
            forms = [leaf.text] if leaf.layer is Layer.EXACT else self._forms_of(leaf.text)
        else:
            forms = match.forms_of(leaf, self._exact)
        key = tuple(forms)  # many patterns may stand for the same words
        if key not in self._spans:
            codes = {code for form in forms for code in self._exact.get(form, ())}
            self._spans[key] = spans_of(codes)
        return self._spans[key]

    def _forms_of(self, wanted: str) -> Sequence[str]:
        """Return the exact forms of a stem; only words that begin as it does are stemmed."""
        first = wanted[:1]
        if first not in self._stems:
            by_stem = self._stems[first] = {}
            # Most begin with another letter, and need not be folded to be seen to.
            begun = {first, first.upper(), "'", "-"}
            for exact in self._exact:
                if exact[:1] not in begun and exact.isascii():
                    continue
                folded = fold(exact)
                if folded.startswith(first):
                    by_stem.setdefault(stem(folded), []).append(exact)
        return self._stems[first].get(wanted, ())


@frozen
class Marked:
    """Where a query matches in one article."""

    title: tuple[Span, ...]
    """Character ranges of the title, sorted, not overlapping, each of whole words."""
    paragraphs: tuple[tuple[Span, ...], ...]
    """The same for each paragraph of the body."""
    words: tuple[tuple[frozenset[str], ...], ...]
    """For each range of `paragraphs`, the words of the query that stand in it, as typed."""
    left_out: tuple[MarkedField, ...] = ()
    """The same for the fields LEFT_OUT where the query asks for them and matches in them."""

    @property
    def count(self) -> int:
        """How many matches there are."""
        in_others = (ranges for field in self.left_out for ranges in field.ranges)
        return len(self.title) + sum(map(len, self.paragraphs)) + sum(map(len, in_others))


@frozen
class MarkedField:
    """Where a query matches in the texts of a field that has lines of the file."""

    texts: tuple[Paragraph, ...]
    ranges: tuple[tuple[Span, ...], ...]
    """For each text, character ranges of it, sorted, not overlapping, each of whole words."""
    words: tuple[tuple[frozenset[str], ...], ...]
    """For each range the words of the query that stand in it, as typed."""


def find(node: Node, article: Article) -> Marked:
    """Return where the query matches in the article; nowhere if it does not.

    A phrase is one range, from its first word to its last; ranges that overlap are one.
    """
    text = ArticleText(article)
    found = tree.highlights(node, text.leaf_spans, text.filter_holds)
    title = texts_of(article, "title")
    body = _marked(node, "body", found.get("body", ()), text)
    return Marked(
        title=tuple(_characters(title, "title", _merged(found.get("title", ())), text)[0]),
        paragraphs=body.ranges,
        words=body.words,
        left_out=tuple(
            _marked(node, field, found[field], text) for field in LEFT_OUT if field in found
        ),
    )


def _marked(node: Node, field: str, spans: Sequence[Span], text: ArticleText) -> MarkedField:
    paragraphs = tuple(paragraphs_of(text.article, field))
    merged = _merged(spans)
    ranges = _characters([paragraph.text for paragraph in paragraphs], field, merged, text)
    words = iter(_words_in(node, field, merged, text))
    return MarkedField(
        texts=paragraphs,
        ranges=tuple(map(tuple, ranges)),
        words=tuple(tuple(frozenset(next(words)) for _ in some) for some in ranges),
    )


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Return sorted *spans* with those that overlap made one."""
    found: list[Span] = []
    for start, end in spans:
        if found and start < found[-1].end:
            found[-1] = Span(found[-1].start, max(end, found[-1].end))
        else:
            found.append(Span(start, end))
    return found


def _characters(
    texts: Sequence[str], field: str, spans: Sequence[Span], text: ArticleText
) -> list[list[Span]]:
    """Return for each text of a field the characters of position ranges, each in one of them."""
    found: list[list[Span]] = [[] for _ in texts]
    if not spans:
        return found
    bases = text.first_positions(field)
    by_text: defaultdict[int, list[Span]] = defaultdict(list)
    for start, end in spans:
        index = bisect_right(bases, start) - 1
        by_text[index].append(Span(start - bases[index], end - bases[index]))
    for index, places in by_text.items():
        ranges = word_ranges(texts[index], {place for s, e in places for place in (s, e - 1)})
        found[index] += [Span(ranges[start].start, ranges[end - 1].end) for start, end in places]
    return found


def _words_in(node: Node, field: str, spans: Sequence[Span], text: ArticleText) -> list[set[str]]:
    """Return for each of a field's matches the words of the query that stand in it."""
    found: list[set[str]] = [set() for _ in spans]
    if not spans:
        return found
    starts = [span.start for span in spans]
    # Patterns that stand for the same words have the same list, which is gone through once.
    alike: dict[int, tuple[Sequence[Span], set[str]]] = {}
    for leaf in tree.leaves(node):
        if leaf.field == field or (leaf.field is None and field == "body"):
            places = text.leaf_spans(leaf, field)
            alike.setdefault(id(places), (places, set()))[1].add(leaf.typed or leaf.text)
    for places, words in alike.values():
        for start, end in places:
            index = bisect_right(starts, start) - 1
            if index >= 0 and end <= spans[index].end:
                found[index] |= words
    return found
