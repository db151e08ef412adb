"""The articles of matched passages as references: BibTeX, RIS, CSL-JSON.

One entry for each article; its passages stand in it as notes, each with the place it is from. What
is not known is left out. Keys are the names of the files.
"""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TextIO

from isisdocs.output.visible import escaped_json, visible_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isisdocs.model import Article, Passage
    from isisdocs.output.export import Cited, Provenance


def write_bibtex(stream: TextIO, cited: Iterable[Cited], provenance: Provenance) -> int:
    """Write BibTeX, in UTF-8, each passage in the entry's `annote`; return how many passages."""
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.model import Entry, Field

    library = Library()
    count = 0
    for key, article, passages in _keyed(cited):
        metadata = article.metadata
        year, month, _ = _date_parts(article)
        fields = {
            "title": f"{{{_tex(metadata.title)}}}" if metadata.title else "",
            "author": " and ".join(f"{{{_tex(author)}}}" for author in metadata.authors),
            "journal": _tex(metadata.source or ""),
            "number": _tex(metadata.issue or ""),
            "year": year,
            "month": month,
            "url": _url(article),
            "note": _tex(_note(provenance)),
            "annote": "\n\n".join(_tex(text) for text in _quotes(article, passages, provenance)),
        }
        kind = "article" if metadata.source else "misc"
        filled = [Field(name, value) for name, value in fields.items() if value]
        library.add(Entry(kind, key, filled))
        count += len(passages)
    stream.write(write_string(library))
    return count


def write_ris(stream: TextIO, cited: Iterable[Cited], provenance: Provenance) -> int:
    """Write RIS, each passage in an `N1` note of its own; return how many passages."""
    import rispy

    class Writer(rispy.RisWriter):  # type: ignore[misc]  # rispy ships no types
        def set_header(self, count: int) -> str:  # noqa: ARG002  # no number before an entry
            return ""

    entries: list[dict[str, Any]] = []
    count = 0
    for key, article, passages in _keyed(cited):
        metadata = article.metadata
        year, month, day = _date_parts(article)
        fields = {
            "type_of_reference": "MGZN" if metadata.source else "GEN",
            "id": key,
            "title": visible_line(metadata.title),
            "authors": [visible_line(author) for author in metadata.authors],
            "journal_name": visible_line(metadata.source or ""),
            "number": visible_line(metadata.issue or ""),
            "year": year,
            "date": "/".join((year, month, day, "")) if year else "",
            "urls": [_url(article)] if _url(article) else [],
            "notes": [
                # A note is one line; a paragraph's end becomes a space.
                visible_line(re.sub(r"\s*\n\s*", " ", text))
                for text in (*_quotes(article, passages, provenance), _note(provenance))
            ],
        }
        entries.append({name: value for name, value in fields.items() if value})
        count += len(passages)
    stream.write(rispy.dumps(entries, implementation=Writer))
    return count


def write_csl(stream: TextIO, cited: Iterable[Cited], provenance: Provenance) -> int:
    """Write CSL-JSON (schema 1.0), the passages in `note`; return how many passages."""
    items: list[dict[str, Any]] = []
    count = 0
    for key, article, passages in _keyed(cited):
        metadata = article.metadata
        date = [int(part) for part in _date_parts(article) if part]
        fields = {
            "id": key,
            "type": "article-magazine" if metadata.source else "article",
            "title": metadata.title,
            "author": [{"literal": author} for author in metadata.authors],
            "container-title": metadata.source,
            "issue": metadata.issue,
            "issued": {"date-parts": [date]} if date else None,
            "URL": _url(article),
            "note": "\n\n".join((*_quotes(article, passages, provenance), _note(provenance))),
        }
        items.append({name: value for name, value in fields.items() if value})
        count += len(passages)
    text = json.dumps(items, ensure_ascii=False, indent=2)
    stream.write(escaped_json(text.encode("utf-8", "replace").decode()) + "\n")
    return count


def _keyed(cited: Iterable[Cited]) -> Iterable[tuple[str, Article, tuple[Passage, ...]]]:
    """Yield the articles that have passages, each with a key of its own."""
    used: set[str] = set()
    for article, passages in cited:
        if not passages:
            continue
        name = PurePosixPath(article.id).name.removesuffix(".txt")
        key = base = re.sub(r"[^A-Za-z0-9_.:-]+", "-", name).strip("-") or "article"
        number = 1
        while key.lower() in used:  # BibTeX's keys do not differ by case
            number += 1
            key = f"{base}-{number}"
        used.add(key.lower())
        yield key, article, passages


def _quotes(article: Article, passages: Iterable[Passage], provenance: Provenance) -> Iterable[str]:
    return [
        f"“{passage.text}” ({provenance.location.of(article, passage.line)})"
        for passage in passages
    ]


def _note(provenance: Provenance) -> str:
    return f"Found with {provenance.query} on {provenance.run_at}"


def _date_parts(article: Article) -> tuple[str, str, str]:
    """Return year, month and day as numbers, empty where they are not known."""
    year, month, day = (*(article.metadata.date or "").split("-"), "", "")[:3]
    return year, month, day


def _url(article: Article) -> str:
    """Return the article's address, percent-encoded where it would break a field."""
    address = article.metadata.url or ""
    return re.sub(r"[\s{}\\\"<>\x00-\x1f]", _percent, address)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))


# Braces must balance in a BibTeX value even when escaped, so they are named.
_TEX = str.maketrans(
    {character: f"\\{character}" for character in "#$%&_"}
    | {
        "\\": "\\textbackslash{}",
        "{": "\\textbraceleft{}",
        "}": "\\textbraceright{}",
        "~": "\\textasciitilde{}",
        "^": "\\textasciicircum{}",
    }
)


def _tex(text: str) -> str:
    safe = "\n".join(visible_line(line) for line in text.split("\n"))
    return safe.translate(_TEX)
