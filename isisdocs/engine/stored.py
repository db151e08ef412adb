"""An article as the bytes that an engine keeps, and back.

Compressed JSON rather than a pickle: reading it can run nobody's code. What was not made by `pack`
is a ValueError or a zlib.error, and never more than `MAX_BYTES` in memory.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from isisdocs.fields import Shared
from isisdocs.model import Article, Cut, Metadata, Paragraph, Repair

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BYTES = 1 << 30
"""No article is as large as this; a few bytes made to look like one are not inflated further."""


def pack(article: Article, in_raw: Sequence[str | Shared]) -> bytes:
    """Return the article as bytes for `unpack`; *in_raw* is what `fields.raw_texts` says of it."""
    m = article.metadata
    fields = [
        article.id,
        [m.title, m.authors, m.date, m.issue, m.url, m.outlet],
        article.title_line,
        [[p.line, p.text, p.later_lines] for p in article.paragraphs],
        [[r.line, r.column, r.before, r.after, r.rule, r.confidence] for r in article.repairs],
        [[c.line, c.text, c.rule] for c in article.cuts],
        article.encoding,
        article.sha256,
        [
            [_SOURCES.index(text.field), text.number]
            if isinstance(text, Shared)
            else [unit.line, unit.text, unit.later_lines]
            for unit, text in zip(article.raw, in_raw, strict=True)
        ],
    ]
    # A lone surrogate can come out of a damaged file; JSON's escapes carry it.
    return zlib.compress(json.dumps(fields, separators=(",", ":")).encode("ascii"), 3)


def unpack(stored: bytes) -> Article:
    """Return the article that `pack` made bytes of."""
    inflate = zlib.decompressobj()
    content = inflate.decompress(stored, MAX_BYTES)
    if not inflate.eof:
        raise ValueError("no stored article")
    id_, metadata, title_line, body, repairs, cut, encoding, sha256, raw = json.loads(content)
    title, authors, date, issue, url, outlet = metadata
    paragraphs = tuple(_paragraph(*one) for one in body)
    cuts = tuple(Cut(*one) for one in cut)
    article = Article(
        id=id_,
        metadata=Metadata(title, tuple(authors), date, issue, url, outlet),
        title_line=title_line,
        paragraphs=paragraphs,
        repairs=tuple(Repair(*repair) for repair in repairs),
        cuts=cuts,
        encoding=encoding,
        sha256=sha256,
        raw=tuple(_unit(one, paragraphs, cuts) for one in raw),
    )
    if not _is_sound(article):
        raise ValueError("no stored article")
    return article


def _is_sound(article: Article) -> bool:
    """Whether everything in an article is of the type that others rely on."""
    m = article.metadata
    texts = [article.id, m.title, *m.authors, article.encoding, article.sha256]
    texts += [text for text in (m.date, m.issue, m.url, m.outlet) if text is not None]
    numbers: list[float] = [article.title_line]
    for part in (article.paragraphs, article.raw):
        texts += [one.text for one in part]
        numbers += [number for one in part for number in (one.line, *sum(one.later_lines, ()))]
    for cut in article.cuts:
        texts += [cut.text, cut.rule]
        numbers.append(cut.line)
    for repair in article.repairs:
        texts += [repair.before, repair.after, repair.rule]
        numbers += [repair.line, repair.column, repair.confidence]
    return all(isinstance(text, str) for text in texts) and all(
        isinstance(number, int | float) for number in numbers
    )


_SOURCES = ("body", "cuts")


def _paragraph(line: int, text: str, later: list[tuple[int, int]]) -> Paragraph:
    return Paragraph(line, text, tuple((offset, further) for offset, further in later))


def _unit(stored: list[Any], paragraphs: Sequence[Paragraph], cuts: Sequence[Cut]) -> Paragraph:
    if len(stored) > 2:
        return _paragraph(*stored)
    source, number = map(int, stored)
    if _SOURCES[source] == "body":
        return paragraphs[number]
    return Paragraph(cuts[number].line, cuts[number].text)
