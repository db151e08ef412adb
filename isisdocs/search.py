"""Run a query against an open index: read it, filter, sort, page, and cut snippets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from isisdocs import passages, ranking
from isisdocs.engine.base import Found, Order, Ranking
from isisdocs.model import Hit, Passage, Results, Snippet
from isisdocs.query import interpret
from isisdocs.query.parse import Parsed, in_field, parse
from isisdocs.query.tree import And, DateRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from isisdocs.engine.base import Reader
    from isisdocs.model import Article
    from isisdocs.passages import Whole
    from isisdocs.query.tree import Node

SPARE = 40
"""So many near-copies may stand before a page's last hit until more is asked of the engine."""
PAGE = 10
"""Hits on a page where nothing else is asked for."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for, and in which articles."""

    typed: str
    any_word: bool = False
    """Whether one of the words is enough."""
    exact: bool = False
    """Whether words are meant as they are written: case, accents, no stem, no synonyms."""
    expand: bool | None = None
    """Whether words of the best answers help to order the others; None: for questions."""
    since: str | None = None
    until: str | None = None
    author: str | None = None
    source: str | None = None
    loose_dates: bool = False
    """Whether an article known by its month is in a range that has only some of its days."""
    synonyms: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of what was found, in which order, with how much of each article."""

    order: Order = Order.RELEVANCE
    offset: int = 0
    limit: int | None = PAGE
    """None: all."""
    snippets: int | None = 3
    """At most so many for an article; None: one for every match."""
    context: int = 0
    """Sentences around a matched one."""


def read_query(query: Query) -> Parsed:
    """Return the tree of the query with its filters; QueryError where it asks for nothing."""
    parsed = parse(
        query.typed,
        any_word=query.any_word,
        exact=query.exact,
        synonyms=query.synonyms,
        dates=partial(_range, is_loose=query.loose_dates),
    )
    filters = filters_of(query)
    if not filters:
        return parsed
    return Parsed(And((parsed.node, *filters)), parsed.notes)


def filters_of(query: Query) -> list[Node]:
    """Return the trees of what the query's articles must have, whatever its words."""
    filters: list[Node] = []
    for field_name, value in (("author", query.author), ("source", query.source)):
        if value is not None:
            filters.append(in_field(parse(value).node, field_name))
    if query.since is not None or query.until is not None:
        first = _range(query.since).since if query.since is not None else None
        last = _range(query.until).until if query.until is not None else None
        filters.append(DateRange(first, last, query.loose_dates))
    return filters


def _range(text: str, *, is_loose: bool = False) -> DateRange:
    from isisdocs.query.dates import range_of  # most searches name no date

    today = datetime.now(tz=UTC).astimezone().date()
    return range_of(text, today=today, is_loose=is_loose)


def ranked(reader: Reader, query: Query, page: Page) -> Found:
    """Return ids and scores of one page; QueryError where the query asks for nothing."""
    return _found(reader, query, read_query(query), page)


def _found(reader: Reader, query: Query, parsed: Parsed, page: Page) -> Found:
    order = ranking.of(parsed.node)
    wants_more = query.any_word and ranking.is_question(order)
    if page.order is Order.RELEVANCE and (wants_more if query.expand is None else query.expand):
        order = _filled_up(reader, parsed.node, order)
    return reader.search(
        parsed.node, ranking=order, order=page.order, offset=page.offset, limit=page.limit
    )


def _filled_up(reader: Reader, node: Node, order: Ranking) -> Ranking:
    # Here the words of the best articles say what belongs together. That the query's own stand
    # close added nothing to it: nDCG@10 .404 with, .413 without on Cranfield.
    order = Ranking(order.weighted, close=())
    best = reader.search(node, ranking=order, limit=ranking.FEEDBACK_ARTICLES).page
    articles = reader.articles([scored.id for scored in best])
    scores = [scored.score for scored in best]
    return ranking.filled_up(order, list(zip(articles, scores, strict=True)), reader)


def run(
    reader: Reader,
    query: Query,
    page: Page,
    *,
    copies: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> Results:
    """Return one page of what the query finds; QueryError where it asks for nothing.

    *copies* has for each article that has near-copies the ids of all of them: of those that are
    found, the first is a hit and names the others. The page is then one of such hits.
    """
    parsed = read_query(query)
    others: Mapping[str, Sequence[str]] = {}
    collapsed = 0
    if copies:
        found, others, collapsed = _collapsed(reader, query, parsed, page, copies)
    else:
        found = _found(reader, query, parsed, page)
    articles = reader.articles([scored.id for scored in found.page])
    return Results(
        query=query.typed,
        interpreted=interpret.in_words(parsed.node),
        total=found.total,
        offset=page.offset,
        hits=tuple(
            _hit(article, scored.score, parsed.node, page, others.get(scored.id, ()))
            for article, scored in zip(articles, found.page, strict=True)
        ),
        notes=(*parsed.notes, *found.notes),
        collapsed=collapsed,
    )


def _collapsed(
    reader: Reader,
    query: Query,
    parsed: Parsed,
    page: Page,
    copies: Mapping[str, tuple[str, ...]],
) -> tuple[Found, Mapping[str, Sequence[str]], int]:
    """Return a page of first near-copies, the others of each, and how many others there are."""
    among = reader.among(parsed.node, copies.keys())
    groups = Counter(copies[id_] for id_ in among)
    collapsed = groups.total() - len(groups)
    # So much of what is found has the page, were no article on the pages before it a copy.
    last = None if page.limit is None else page.offset + page.limit
    limit = None if last is None else last + min(collapsed, SPARE)
    while True:
        found = _found(reader, query, parsed, replace(page, offset=0, limit=limit))
        others = _collapse([scored.id for scored in found.page], copies)
        hits = [scored for scored in found.page if scored.id in others][page.offset : last]
        if limit is None or limit >= found.total:
            break
        if last is not None and len(others) >= last:
            further = {hit.id: _further(hit.id, others, among, copies) for hit in hits}
            if all(len(some) < 2 for some in further.values()):
                others = {id_: [*others[id_], *some] for id_, some in further.items()}
                break
            limit = None  # which of several comes first is known where all are in order
        else:
            limit *= 4
    return Found(found.total, tuple(hits), found.notes), others, collapsed


def _further(
    first: str,
    others: Mapping[str, Sequence[str]],
    among: AbstractSet[str],
    copies: Mapping[str, tuple[str, ...]],
) -> list[str]:
    """Return the near-copies of a hit that were found further on."""
    listed = {first, *others[first]}
    return [id_ for id_ in copies.get(first, ()) if id_ in among and id_ not in listed]


def _collapse(ids: Iterable[str], copies: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """Return the first id of each group of near-copies with the others, in the order of *ids*."""
    first: dict[tuple[str, ...], str] = {}
    others: dict[str, list[str]] = {}
    for id_ in ids:
        leader = first.setdefault(copies.get(id_, (id_,)), id_)
        if leader == id_:
            others[id_] = []
        else:
            others[leader].append(id_)
    return others


def _hit(article: Article, score: float, node: Node, page: Page, near_copies: Sequence[str]) -> Hit:
    marked = passages.find(node, article)
    return Hit(
        article=article,
        score=score,
        title_ranges=marked.title,
        snippets=passages.snippets(marked, article, limit=page.snippets, context=page.context),
        near_copies=tuple(near_copies),
    )


def occurrences(reader: Reader, parsed: Parsed, page: Page) -> Iterator[tuple[Article, Snippet]]:
    """Yield every single match on a page with its sentence, article by article, best first."""
    for article in _articles(reader, parsed, page):
        for hit in passages.hits(passages.find(parsed.node, article), article):
            yield article, hit


def cited(
    reader: Reader, parsed: Parsed, page: Page, *, whole: Whole = "sentence"
) -> Iterator[tuple[Article, tuple[Passage, ...]]]:
    """Yield each article of a page with its matched passages, best first.

    Where only the title matches, the title is the passage.
    """
    for article in _articles(reader, parsed, page):
        marked = passages.find(parsed.node, article)
        quoted = passages.passages(marked, article, context=page.context, whole=whole)
        if not quoted and marked.title:
            title = article.metadata.title
            quoted = (Passage(title, marked.title, article.title_line, -1, 0, -1, len(title)),)
        yield article, quoted


def _articles(reader: Reader, parsed: Parsed, page: Page) -> Iterator[Article]:
    found = reader.search(
        parsed.node,
        ranking=ranking.of(parsed.node),
        order=page.order,
        offset=page.offset,
        limit=page.limit,
    )
    for scored in found.page:
        yield from reader.articles([scored.id])
