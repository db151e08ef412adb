"""Results and articles as JSON: one documented form, `format_version` 1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

from isisdocs.output.visible import escaped_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isisdocs.explain import Explained
    from isisdocs.model import Article, Hit, Repair, Results, Snippet
    from isisdocs.output.location import Location

FORMAT_VERSION = 1

Fields = dict[str, Any]


def results(found: Results, location: Location) -> Fields:
    """Return a page of results as what JSON can hold."""
    return {
        "format_version": FORMAT_VERSION,
        "query": found.query,
        "interpreted": found.interpreted,
        "total": found.total,
        "offset": found.offset,
        "notes": list(found.notes),
        "hits": [hit(one, location) for one in found.hits],
    }


def hit(found: Hit, location: Location) -> Fields:
    """Return one hit: the article's fields, its score and its snippets."""
    return {
        **summary(found.article, location),
        "score": round(found.score, 6),
        "title_ranges": [list(span) for span in found.title_ranges],
        "snippets": [_snippet(snippet) for snippet in found.snippets],
        "near_copies": list(found.near_copies),
    }


def explained(line: Explained) -> Fields:
    """Return one part of an explained query."""
    return {
        "depth": line.depth,
        "text": line.text,
        "articles": line.articles,
        "hits": line.hits,
        "more_without": line.more_without,
    }


def summary(article: Article, location: Location) -> Fields:
    """Return what is known about an article, without its text."""
    metadata = article.metadata
    return {
        "id": article.id,
        "path": location.path(article),
        "title": metadata.title,
        "authors": list(metadata.authors),
        "date": metadata.date,
        "source": metadata.source,
    }


def whole(article: Article, location: Location) -> Fields:
    """Return everything about an article: text, paragraphs, repairs and cuts."""
    return {
        "format_version": FORMAT_VERSION,
        **summary(article, location),
        "issue": article.metadata.issue,
        "url": article.metadata.url,
        "encoding": article.encoding,
        "sha256": article.sha256,
        "text": clean_text(article),
        "paragraphs": [{"line": p.line, "text": p.text} for p in article.paragraphs],
        "repairs": [_repair(repair) for repair in article.repairs],
        "cuts": [{"line": c.line, "text": c.text, "rule": c.rule} for c in article.cuts],
    }


def repair(article: Article, made: Repair, location: Location) -> Fields:
    """Return one repair and where it is."""
    return {"id": article.id, "path": location.path(article), **_repair(made)}


def clean_text(article: Article) -> str:
    """Return the cleaned article as plain text: title and paragraphs, blank lines between."""
    title = [article.metadata.title] if article.metadata.title else []
    return "\n\n".join([*title, *(paragraph.text for paragraph in article.paragraphs)])


def write(stream: TextIO, content: Fields) -> None:
    """Write one JSON document, indented, with a newline after it."""
    stream.write(_dumped(content, indent=2) + "\n")


def write_lines(stream: TextIO, contents: Iterable[Fields]) -> None:
    """Write JSON documents, each on a line."""
    for content in contents:
        stream.write(_dumped(content) + "\n")


def _dumped(content: Any, *, indent: int | None = None) -> str:
    return escaped_json(json.dumps(_writable(content), ensure_ascii=False, indent=indent))


def _writable(value: Any) -> Any:
    """Replace halves of surrogate pairs, which UTF-8 cannot hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode() if not value.isprintable() else value
    if isinstance(value, list):
        return [_writable(item) for item in value]
    if isinstance(value, dict):
        return {key: _writable(item) for key, item in value.items()}
    return value


def _repair(repair: Repair) -> Fields:
    return {
        "line": repair.line,
        "column": repair.column,
        "before": repair.before,
        "after": repair.after,
        "rule": repair.rule,
        "confidence": round(repair.confidence, 4),
    }


def _snippet(snippet: Snippet) -> Fields:
    return {
        "text": snippet.text,
        "ranges": [list(span) for span in snippet.ranges],
        "line": snippet.line,
    }
